//! Function values: closures, library and host functions, transformations of functions.

use std::sync::Arc;

use super::library::Builtin;
use super::value::{Items, Value};
use crate::lang::{Result, Symbol};
use crate::sct::kind::{Code, Literal};
use crate::sct::world::Signature;

/// A function value.
#[derive(Debug)]
pub enum Function {
    /// A closure of a script: a definition with what it captured and its defaults' values.
    Closure(Closure),
    /// A function of the library.
    Builtin(&'static Builtin),
    /// A function of the host.
    Host(HostFunction),
    /// A transformation applied to a function, written when it is called: `grad(f)`.
    Derived(Derived),
    /// A function with its first arguments given: a pullback, a bound method.
    Partial(Value, Items),
}

/// A closure.
#[derive(Debug, Clone)]
pub struct Closure {
    /// The definition.
    pub code: Arc<Code>,
    /// The captured values, in the order of [`Code::captures`].
    pub captures: Items,
    /// The values of the defaults, one for each parameter that has one, in order.
    pub defaults: Items,
}

/// A transformation applied to a function.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Its name: `grad`, `value_and_grad` …
    pub transform: Symbol,
    /// Its options in the order of its signature (`argnums`, `has_aux`).
    pub options: Vec<Literal>,
    /// The function.
    pub function: Value,
}

/// A function registered by the host.
pub struct HostFunction {
    /// Its name in messages.
    pub name: Symbol,
    /// Its definition, without a body, by which its rules are found.
    pub code: Arc<Code>,
    /// Its parameters.
    pub signature: Signature,
    /// What it does, for arguments in the order of the signature.
    pub run: HostBody,
}

/// The body of a host function.
pub type HostBody = Box<dyn Fn(&mut [Value]) -> Result<Value> + Send + Sync>;

impl std::fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostFunction({})", self.name)
    }
}
