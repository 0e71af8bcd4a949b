//! What was called last, by function: a call like the one before finds its code without a table of kinds.
//!
//! Each function has one place of a small table. What stands there is only a suggestion: it is compared with the call, so that
//! another function, other kinds of arguments or a derivative that no longer holds are looked up as if nothing were known.

use std::sync::Arc;

use super::compile::SpecKey;
use super::derive::Written;
use super::function::{Closure, Function};
use super::kinds::{Sizes, coarse, kind_of};
use super::value::{List, Value};
use crate::sct::extents::Extents;
use crate::sct::kind::{Code, FunctionKind, Kind};

/// Functions that are remembered at once at most.
const PLACES: usize = 64;

/// The table.
#[derive(Debug, Default)]
pub struct Recent {
    versions: Vec<u32>,
    derivatives: Vec<Option<DerivativeCall>>,
}

/// A call of a derivative as it was last made.
#[derive(Clone, Debug)]
pub struct DerivativeCall {
    /// The function that was called.
    pub function: Arc<Function>,
    /// The kinds of its arguments, which hold no functions.
    pub args: Vec<Kind>,
    /// What was called in its place, with the same arguments.
    pub written: Arc<Written>,
    /// The generation of derivatives it is of.
    pub generation: u64,
}

fn place<T>(of: &Arc<T>) -> usize {
    // Functions are some tens of bytes apart.
    (Arc::as_ptr(of) as usize >> 5) % PLACES
}

impl Recent {
    /// The version that was last called of a definition.
    pub fn version(&self, code: &Arc<Code>) -> Option<u32> {
        self.versions.get(place(code)).copied()
    }

    /// Remembers a version.
    pub fn called(&mut self, code: &Arc<Code>, version: u32) {
        self.versions.resize(PLACES, 0);
        self.versions[place(code)] = version;
    }

    /// The call that was last made of a derivative.
    pub fn derivative(&self, function: &Arc<Function>) -> Option<&DerivativeCall> {
        let call = self.derivatives.get(place(function))?.as_ref()?;
        Arc::ptr_eq(&call.function, function).then_some(call)
    }

    /// Remembers a call of a derivative.
    pub fn derived(&mut self, call: DerivativeCall) {
        self.derivatives.resize(PLACES, None);
        let at = place(&call.function);
        self.derivatives[at] = Some(call);
    }
}

/// Whether a definition takes so many arguments by position, no more and no fewer.
pub fn takes_exactly(code: &Code, count: usize) -> bool {
    code.tree.params.len() == count && code.tree.params.iter().all(|param| param.form.takes_position())
}

/// Whether a version is that of a closure without defaults for these arguments.
pub fn is_version(key: &SpecKey, closure: &Closure, args: &[Value]) -> bool {
    let FunctionKind::Script { code, captures, defaults } = &*key.function else { return false };
    Arc::ptr_eq(&code.0, &closure.code)
        && defaults.is_empty()
        && closure.defaults.is_empty()
        && are(&closure.captures, captures)
        && are(args, &key.params)
}

fn are(values: &[Value], kinds: &[Kind]) -> bool {
    values.len() == kinds.len() && values.iter().zip(kinds).all(|(value, kind)| is(value, kind))
}

/// Whether a value without parts is of a kind; none of a value that has parts.
fn plain_is(value: &Value, kind: &Kind) -> Option<bool> {
    match value {
        Value::Float(_) => Some(*kind == Kind::Float),
        Value::Int(_) => Some(*kind == Kind::Int),
        Value::Bool(_) => Some(*kind == Kind::Bool),
        Value::None => Some(*kind == Kind::None),
        _ => None,
    }
}

/// Whether a value is of a kind that code is compiled for.
fn is(value: &Value, kind: &Kind) -> bool {
    if let Some(is) = plain_is(value, kind) {
        return is;
    }
    match (value, kind) {
        (Value::Array(array), Kind::Array(dtype, Some(rank), extents)) => {
            array.dtype() == *dtype && array.ndim() == usize::from(*rank) && *extents == Extents::UNKNOWN
        }
        (Value::Array(_), _) => false,
        (Value::Tuple(items), Kind::Tuple(kinds)) if !nested(items) => are(items, kinds),
        (Value::List(list), Kind::ListOf(element)) if is_list_of(list, element) => true,
        (value, kind) => coarse(&kind_of(value)) == *kind,
    }
}

/// Whether the items of a sequence have parts themselves, of which no more is known than to some depth.
fn nested(items: &[Value]) -> bool {
    let plain =
        |item: &Value| matches!(item, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Array(_));
    !items.iter().all(plain)
}

/// Whether a list holds arrays and numbers of one kind; of others nothing is said.
fn is_list_of(list: &List, element: &Kind) -> bool {
    match list {
        List::Values(items) => !items.is_empty() && !nested(items) && items.iter().all(|item| is(item, element)),
        List::Floats(items) => !items.is_empty() && *element == Kind::Float,
        List::Ints(items) => !items.is_empty() && *element == Kind::Int,
    }
}

impl Sizes {
    /// Whether values have kinds, with labels in place of the lengths of axes as [`Sizes::kind_of`] gives them out.
    pub fn are(&mut self, values: &[Value], kinds: &[Kind]) -> bool {
        values.len() == kinds.len() && values.iter().zip(kinds).all(|(value, kind)| self.is(value, kind))
    }

    fn is(&mut self, value: &Value, kind: &Kind) -> bool {
        if let Some(is) = plain_is(value, kind) {
            return is;
        }
        match (value, kind) {
            (Value::Array(array), Kind::Array(dtype, Some(rank), extents)) => {
                array.dtype() == *dtype && array.ndim() == usize::from(*rank) && self.extents(array.shape()) == *extents
            }
            (Value::Tuple(items), Kind::Tuple(kinds)) => self.are(items, kinds),
            (Value::List(list), Kind::List(kinds)) => match &**list {
                List::Values(items) => self.are(items, kinds),
                List::Floats(items) => items.len() == kinds.len() && kinds.iter().all(|kind| *kind == Kind::Float),
                List::Ints(items) => items.len() == kinds.len() && kinds.iter().all(|kind| *kind == Kind::Int),
            },
            _ => false,
        }
    }
}
