//! The rule files: which templates there are, and of what. A file is gone through by its lines; a function is parsed when it
//! is asked for, so that a derivative costs the parsing of those rules that it uses.

use std::sync::{Arc, OnceLock};

use crate::lang::tree::{self, StmtKind};
use crate::lang::{Source, Symbol};

/// A function of a rule file: its text, and its tree once that was asked for.
pub struct Definition {
    text: &'static str,
    tree: OnceLock<Arc<tree::Function>>,
}

/// What stands in a rule file, from its first line to its last.
pub enum Item {
    /// `form(name, …)`
    Line(Words),
    /// A function, and what its decorators say of it.
    Function(Symbol, Arc<Definition>, Vec<Words>),
}

/// `form(name, …)`: the form, and the names.
pub struct Words(pub &'static str, pub Vec<Symbol>);

impl Definition {
    /// A function that is parsed.
    pub fn parsed(function: Arc<tree::Function>) -> Definition {
        Definition { text: "", tree: OnceLock::from(function) }
    }

    /// The function.
    pub fn tree(&self) -> &Arc<tree::Function> {
        self.tree.get_or_init(|| {
            let module = crate::lang::parse(&Source::new("<rules>", self.text));
            match module.map(|module| module.body.into_iter().next().map(|stmt| stmt.kind)) {
                Ok(Some(StmtKind::Def(function))) => function,
                other => unreachable!("a test parses all rules: {other:?}"),
            }
        })
    }
}

/// The items of a rule file.
pub fn items(text: &'static str) -> Vec<Item> {
    parts(text).into_iter().filter_map(item).collect()
}

/// The text from each line that begins something to the next: decorators belong to what follows them.
fn parts(text: &'static str) -> Vec<&'static str> {
    let mut starts = Vec::new();
    let (mut at, mut decorated) = (0, false);
    for line in text.split_inclusive('\n') {
        let begins = line.starts_with(|c: char| c == '@' || c.is_ascii_alphabetic());
        if begins && !decorated {
            starts.push(at);
        }
        if begins {
            decorated = line.starts_with('@');
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

fn item(mut text: &'static str) -> Option<Item> {
    let mut decorators = Vec::new();
    while let Some(decorator) = text.strip_prefix('@') {
        let (words, behind) = words(decorator)?;
        decorators.push(words);
        text = behind.split_once('\n')?.1;
    }
    match text.strip_prefix("def ") {
        Some(name) => {
            let name = Symbol::new(name.split_once('(')?.0);
            Some(Item::Function(name, Arc::new(Definition { text, tree: OnceLock::new() }), decorators))
        }
        None => Some(Item::Line(words(text)?.0)),
    }
}

/// A form with its names, and the text behind it.
fn words(text: &'static str) -> Option<(Words, &'static str)> {
    let (form, rest) = text.split_once('(')?;
    let (names, behind) = rest.split_once(')')?;
    let uncommented = names.lines().map(|line| line.split('#').next().unwrap_or_default());
    let names = uncommented.flat_map(|line| line.split(',')).map(str::trim).filter(|name| !name.is_empty());
    Some((Words(form, names.map(Symbol::new).collect()), behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::tree::{Expr, ExprKind};

    fn dotted(e: &Expr) -> String {
        match &e.kind {
            ExprKind::Name(name) => name.as_str().into(),
            ExprKind::Attribute(object, name) => format!("{}.{name}", dotted(object)),
            other => panic!("not a name: {other:?}"),
        }
    }

    fn called(e: &Expr) -> (String, Vec<Symbol>) {
        let ExprKind::Call(form, names) = &e.kind else { panic!("not a call: {e:?}") };
        (dotted(form), names.iter().map(|name| Symbol::new(&dotted(name.value()))).collect())
    }

    #[test]
    fn files_hold_what_the_parser_finds_in_them() {
        for (name, text) in crate::rules::SOURCES {
            let module = crate::lang::parse(&Source::new(*name, *text)).expect("a rule file parses");
            let found = items(text);
            assert_eq!(found.len(), module.body.len(), "{name}");
            for (item, stmt) in found.iter().zip(&module.body) {
                match (item, &stmt.kind) {
                    (Item::Line(Words(form, names)), StmtKind::Expr(e)) => {
                        assert_eq!(((*form).to_owned(), names.clone()), called(e), "{name}");
                    }
                    (Item::Function(of, definition, decorators), StmtKind::Def(function)) => {
                        assert_eq!(*of, function.name, "{name}");
                        assert_eq!(definition.tree().params.len(), function.params.len(), "{name}: {of}");
                        assert_eq!(definition.tree().body.len(), function.body.len(), "{name}: {of}");
                        let said: Vec<_> =
                            decorators.iter().map(|Words(form, names)| ((*form).to_owned(), names.clone())).collect();
                        assert_eq!(said, function.decorators.iter().map(called).collect::<Vec<_>>(), "{name}: {of}");
                    }
                    _ => panic!("{name}: {:?}", stmt.kind),
                }
            }
        }
    }
}
