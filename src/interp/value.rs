//! Values: sixteen bytes, numbers unboxed, everything else reference counted.
//!
//! Values behave like mathematics: a clone is a copy for all a program can see. A holder that changes a list, dict or
//! array goes through `Arc::make_mut`, which copies only when somebody else holds it too.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::array::Array;
use super::function::Function;
use super::library::linalg::Factor;
use super::random::Generator;
use crate::lang::Symbol;

/// A value of the language.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`
    #[default]
    None,
    /// A truth value.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// A string.
    Str(Arc<String>),
    /// An array of at least one axis.
    Array(Arc<Array>),
    /// A tuple.
    Tuple(Arc<Vec<Value>>),
    /// A list.
    List(Arc<List>),
    /// A dict.
    Dict(Arc<Dict>),
    /// A function of any sort.
    Function(Arc<Function>),
    /// A module of the library or of a script, by its qualified name.
    Module(Symbol),
    /// `range(start, stop, step)`
    Range(Arc<Range>),
    /// `start:stop:step` inside a subscript.
    Slice(Arc<Slice>),
    /// `...`
    Ellipsis,
    /// An element type: `np.float64`, `float` as a dtype argument.
    DType(crate::sct::kind::DType),
    /// A seeded random generator.
    Generator(Arc<Generator>),
    /// A factorised matrix, opaque to programs.
    Factor(Arc<Factor>),
}

/// A dict, in insertion order.
pub type Dict = IndexMap<Key, Value, FxBuildHasher>;

/// A list. Lists of numbers have number storage: pushing a float stores eight bytes.
#[derive(Clone, Debug)]
pub enum List {
    /// Floats only.
    Floats(Vec<f64>),
    /// Integers only.
    Ints(Vec<i64>),
    /// Anything; also the empty list.
    Values(Vec<Value>),
}

/// A dict's key. Numbers that are equal are the same key, as in Python: `1`, `1.0` and `True`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A string.
    Str(Arc<String>),
    /// An integer, a bool or a float with an integral value; `shown` is not part of the identity.
    Int(i64, Shown),
    /// A float with another value, by its bits.
    Float(u64),
    /// A tuple of keys.
    Tuple(Vec<Key>),
    /// `None`
    None,
}

/// As what an integral key was written; does not take part in equality or hashing.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// `1`
    Int,
    /// `True`
    Bool,
    /// `1.0`
    Float,
}

impl PartialEq for Shown {
    fn eq(&self, _: &Shown) -> bool {
        true
    }
}
impl Eq for Shown {}
impl std::hash::Hash for Shown {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// `range(start, stop, step)`; the step is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The bound, not reached.
    pub stop: i64,
    /// The step.
    pub step: i64,
}

/// `start:stop:step`, each an integer or `None`.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The first index.
    pub start: Value,
    /// The bound.
    pub stop: Value,
    /// The step.
    pub step: Value,
}

const _: () = assert!(size_of::<Value>() == 16);
