//! What of the library is said in the language itself: the text of each module.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::outline;

/// Modules that have such a part, and its text.
pub const SOURCES: &[(&str, &str)] = &[
    (
        "np",
        concat!(
            include_str!("np/statistics.cot"),
            include_str!("np/missing_values.cot"),
            include_str!("np/histograms.cot"),
            include_str!("np/differences.cot"),
            include_str!("np/polynomials.cot"),
            include_str!("np/sets.cot"),
            include_str!("np/indices.cot"),
            include_str!("np/creation.cot"),
            include_str!("np/shapes.cot"),
            include_str!("np/padding.cot"),
            include_str!("np/selection.cot"),
            include_str!("np/products.cot"),
            include_str!("np/names.cot"),
        ),
    ),
    ("cotangent", include_str!("cotangent.cot")),
    ("np.linalg", include_str!("np.linalg.cot")),
    (
        "linalg",
        concat!(include_str!("linalg.cot"), include_str!("linalg/equations.cot"), include_str!("linalg/matrices.cot"),),
    ),
    ("special", include_str!("special.cot")),
];

/// The part of a module that is said in the language, of which a program uses little: each statement is run when its name is asked for.
pub struct Written {
    /// What comes before all: imports.
    pub prelude: String,
    /// The other statements, by the names that they define.
    statements: FxHashMap<&'static str, &'static str>,
    /// The rules of derivatives, `def _` under `@adjoint(f)` and its like, by the names of the functions.
    rules: FxHashMap<&'static str, Vec<&'static str>>,
}

impl Written {
    fn of(text: &'static str) -> Written {
        let mut written =
            Written { prelude: String::new(), statements: FxHashMap::default(), rules: FxHashMap::default() };
        for statement in outline::statements(text) {
            match outline::name(statement) {
                Some("_") => {
                    let of =
                        statement.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(f, _)| f);
                    written.rules.entry(of).or_default().push(statement);
                }
                Some(name) => {
                    written.statements.insert(name, statement);
                }
                None => written.prelude.push_str(statement),
            }
        }
        written
    }

    /// The names that are defined.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.statements.keys().copied()
    }

    /// The statement that defines a name and the rules of its derivatives, with all that these name in turn but what `known` has:
    /// what is named first.
    pub fn needed(&self, name: &str, known: &mut FxHashSet<&'static str>) -> Vec<&'static str> {
        let mut needed = Vec::new();
        self.gather(name, known, &mut needed);
        needed
    }

    fn gather(&self, name: &str, known: &mut FxHashSet<&'static str>, needed: &mut Vec<&'static str>) {
        let Some((name, statement)) = self.statements.get_key_value(name) else { return };
        if known.insert(name) {
            let rules = self.rules.get(name).into_iter().flatten();
            for statement in std::iter::once(statement).chain(rules) {
                outline::names(statement).for_each(|named| self.gather(named, known, needed));
                needed.push(statement);
            }
        }
    }
}

/// The part of a module that is said in the language.
pub fn written(module: &str) -> Option<&'static Written> {
    static WRITTEN: LazyLock<FxHashMap<&'static str, (&'static str, OnceLock<Written>)>> =
        LazyLock::new(|| SOURCES.iter().map(|(name, text)| (*name, (*text, OnceLock::new()))).collect());
    let (text, written) = WRITTEN.get(module)?;
    Some(written.get_or_init(|| Written::of(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interp;

    #[test]
    fn all_statements_belong_to_names() {
        for (module, text) in SOURCES {
            let written = written(module).unwrap();
            let mut known = FxHashSet::default();
            let mut found: Vec<&str> = written.names().flat_map(|name| written.needed(name, &mut known)).collect();
            let mut all: Vec<&str> = outline::statements(text).filter(|s| outline::name(s).is_some()).collect();
            found.sort_unstable();
            all.sort_unstable();
            assert_eq!(found, all, "{module}");
        }
    }

    #[test]
    fn every_name_is_there_alone() {
        for (module, _) in SOURCES {
            let written = written(module).unwrap();
            assert!(written.names().count() > 10, "{module}");
            for name in written.names() {
                let mut interp = Interp::new();
                let import = match module.split_once('.') {
                    None if *module == "np" => "import numpy as np",
                    None if *module == "cotangent" => "import cotangent",
                    None => &format!("from cotangent import {module}"),
                    Some(_) => "import numpy as np",
                };
                interp.run(import).unwrap();
                interp.eval(&format!("{module}.{name}")).unwrap_or_else(|error| panic!("{module}.{name}: {error}"));
            }
        }
    }
}
