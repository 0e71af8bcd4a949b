//! Calls of derivatives: the one place where running a program asks for a transformation.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::engine::Engine;
use super::function::Derived;
use super::vm::{Arguments, Prepared};
use crate::lang::{Error, Result, Symbol};

/// Derivatives that have been written, by what they were written for.
#[derive(Debug, Default)]
pub struct Derivations {
    entries: FxHashMap<Symbol, Arc<()>>,
}

impl Engine {
    /// Calls a derivative: binds the arguments, has the derivative written for their kinds, and runs it.
    pub(crate) fn call_derived(&mut self, derived: &Derived, _arguments: Arguments) -> Result<Prepared> {
        let _ = &self.derivations.entries;
        Err(Error::derivative(format!("`{}` is not available yet", derived.transform)))
    }
}

/// The part of a library module that is said in the language.
pub fn library_source(module: Symbol) -> Option<&'static str> {
    Some(match module.as_str() {
        "np" => include_str!("library/np.cot"),
        "np.linalg" => include_str!("library/np.linalg.cot"),
        "linalg" => include_str!("library/linalg.cot"),
        "special" => include_str!("library/special.cot"),
        _ => return None,
    })
}
