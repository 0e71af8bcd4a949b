//! The text of a file of rules, read as far as it is needed: what a rule is for is seen from its first lines, its function is
//! parsed when it is asked for.

use std::sync::{Arc, OnceLock};

use crate::lang::tree::{self, StmtKind};
use crate::lang::{Source, Symbol, outline};

use super::program::empty_tree;

/// A statement of a file of rules.
pub struct Section {
    /// What it says of which functions: `zero(f, g)`, and the same as decorators.
    pub forms: Vec<(&'static str, Vec<Symbol>)>,
    /// The function that it defines.
    pub function: Option<Definition>,
}

/// A function of a file of rules.
pub struct Definition {
    /// What it is called; templates are called `_`.
    pub name: Symbol,
    file: &'static str,
    text: &'static str,
    tree: OnceLock<Arc<tree::Function>>,
}

impl Definition {
    /// A function that is there as a tree already.
    pub fn of(tree: Arc<tree::Function>) -> Definition {
        Definition { name: tree.name, file: "", text: "", tree: tree.into() }
    }

    /// The tree of the function.
    pub fn tree(&self) -> &Arc<tree::Function> {
        self.tree.get_or_init(|| {
            let module = crate::lang::parse(&Source::new(self.file, self.text));
            let parsed = module.ok().and_then(|module| match module.body.into_iter().next()?.kind {
                StmtKind::Def(function) => Some(function),
                _ => None,
            });
            debug_assert!(parsed.is_some(), "{}: no function in {}", self.file, self.text);
            parsed.unwrap_or_else(|| Arc::new(empty_tree(self.name)))
        })
    }
}

/// The statements of a file of rules, in order.
pub fn sections(file: &'static str, text: &'static str) -> Vec<Section> {
    outline::statements(text).map(|statement| section(file, statement)).collect()
}

fn section(file: &'static str, text: &'static str) -> Section {
    let mut rest = text;
    let mut forms = Vec::new();
    while !rest.starts_with("def ") {
        let Some((form, after)) = rest.split_once('(') else { break };
        let Some((functions, after)) = after.split_once(')') else { break };
        let functions = functions.split(',').map(str::trim).filter(|name| !name.is_empty());
        forms.push((form.trim_start_matches('@'), functions.map(Symbol::new).collect()));
        rest = after.trim_start_matches('\n');
    }
    let function = rest.starts_with("def ").then(|| outline::name(rest)).flatten();
    let function = function.map(|name| Definition { name: Symbol::new(name), file, text, tree: OnceLock::new() });
    Section { forms, function }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_is_parsed() {
        for (file, text) in crate::rules::SOURCES {
            let module = crate::lang::parse(&Source::new(*file, *text)).unwrap();
            let sections = sections(file, text);
            assert_eq!(sections.len(), module.body.len(), "{file}");
            for (section, stmt) in sections.iter().zip(&module.body) {
                match (&stmt.kind, &section.function) {
                    (StmtKind::Def(parsed), Some(function)) => {
                        assert_eq!(parsed.to_string(), function.tree().to_string());
                        assert_eq!(parsed.decorators.len(), section.forms.len());
                        for (decorator, (form, functions)) in parsed.decorators.iter().zip(&section.forms) {
                            let names: Vec<&str> = functions.iter().map(|name| name.as_str()).collect();
                            assert_eq!(decorator.to_string(), format!("{form}({})", names.join(", ")));
                        }
                    }
                    (StmtKind::Expr(parsed), None) => {
                        let [(form, functions)] = section.forms.as_slice() else { panic!("{file}: {parsed}") };
                        let names: Vec<&str> = functions.iter().map(|name| name.as_str()).collect();
                        assert_eq!(parsed.to_string(), format!("{form}({})", names.join(", ")));
                    }
                    _ => panic!("{file}: {:?}", section.forms),
                }
            }
        }
    }
}
