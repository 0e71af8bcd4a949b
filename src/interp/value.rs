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
pub use super::nested::{Dict, Items};
use super::random::Generator;
use crate::lang::{Error, Result, Symbol};

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
    Tuple(Arc<Items>),
    /// A list.
    List(Arc<List>),
    /// A dict.
    Dict(Arc<Dict>),
    /// `d.keys()`, `d.values()`, `d.items()`
    View(Arc<View>),
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

/// The storage of a dict, in insertion order.
pub type Table = IndexMap<Key, Value, FxBuildHasher>;

/// A list. Lists of numbers have number storage: pushing a float stores eight bytes.
#[derive(Clone, Debug)]
pub enum List {
    /// Floats only.
    Floats(Vec<f64>),
    /// Integers only.
    Ints(Vec<i64>),
    /// Anything; also the empty list.
    Values(Items),
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

/// What a dict shows of itself: its keys, its items or pairs of both, as they were when it was asked.
#[derive(Clone, Debug)]
pub struct View {
    /// Which of them.
    pub part: ViewPart,
    /// The dict.
    pub dict: Arc<Dict>,
}

/// What a view shows of a dict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewPart {
    /// `d.keys()`
    Keys,
    /// `d.values()`
    Values,
    /// `d.items()`
    Items,
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

impl Value {
    /// A string.
    pub fn str(text: impl Into<String>) -> Value {
        Value::Str(Arc::new(text.into()))
    }

    /// A tuple.
    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(Arc::new(items.into()))
    }

    /// A list, with number storage where all items are floats or all are integers.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Arc::new(List::from(items)))
    }

    /// Python's name of the type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Array(_) => "array",
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::View(view) => view.part.type_name(),
            Value::Function(_) => "function",
            Value::Module(_) => "module",
            Value::Range(_) => "range",
            Value::Slice(_) => "slice",
            Value::Ellipsis => "ellipsis",
            Value::DType(_) => "dtype",
            Value::Generator(_) => "Generator",
            Value::Factor(_) => "factor",
        }
    }
}

impl Default for List {
    fn default() -> List {
        List::Values(Items::default())
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> List {
        if items.is_empty() {
            return List::Values(items.into());
        }
        if items.iter().all(|v| matches!(v, Value::Float(_))) {
            return List::Floats(
                items.iter().filter_map(|v| if let Value::Float(x) = v { Some(*x) } else { None }).collect(),
            );
        }
        if items.iter().all(|v| matches!(v, Value::Int(_))) {
            return List::Ints(
                items.iter().filter_map(|v| if let Value::Int(i) = v { Some(*i) } else { None }).collect(),
            );
        }
        List::Values(items.into())
    }
}

impl List {
    /// The number of items.
    pub fn len(&self) -> usize {
        match self {
            List::Floats(v) => v.len(),
            List::Ints(v) => v.len(),
            List::Values(v) => v.len(),
        }
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at an index.
    pub fn get(&self, index: usize) -> Option<Value> {
        match self {
            List::Floats(v) => v.get(index).map(|&x| Value::Float(x)),
            List::Ints(v) => v.get(index).map(|&i| Value::Int(i)),
            List::Values(v) => v.get(index).cloned(),
        }
    }

    /// The items in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + '_ {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// All items as values.
    pub fn to_values(&self) -> Vec<Value> {
        self.iter().collect()
    }

    /// The storage that takes any item.
    pub fn values_mut(&mut self) -> &mut Vec<Value> {
        if !matches!(self, List::Values(_)) {
            *self = List::Values(self.to_values().into());
        }
        match self {
            List::Values(v) => v,
            _ => unreachable!("just made"),
        }
    }

    /// Appends an item.
    pub fn push(&mut self, item: Value) {
        match (&mut *self, item) {
            (List::Floats(v), Value::Float(x)) => v.push(x),
            (List::Ints(v), Value::Int(i)) => v.push(i),
            (List::Values(v), Value::Float(x)) if v.is_empty() => *self = List::Floats(vec![x]),
            (List::Values(v), Value::Int(i)) if v.is_empty() => *self = List::Ints(vec![i]),
            (_, item) => self.values_mut().push(item),
        }
    }

    /// Removes and returns the last item.
    pub fn pop(&mut self) -> Option<Value> {
        match self {
            List::Floats(v) => v.pop().map(Value::Float),
            List::Ints(v) => v.pop().map(Value::Int),
            List::Values(v) => v.pop(),
        }
    }

    /// Replaces the item at an index that exists.
    pub fn set(&mut self, index: usize, item: Value) {
        match (&mut *self, item) {
            (List::Floats(v), Value::Float(x)) => v[index] = x,
            (List::Ints(v), Value::Int(i)) => v[index] = i,
            (_, item) => self.values_mut()[index] = item,
        }
    }

    /// Inserts an item before an index, which is at most the length.
    pub fn insert(&mut self, index: usize, item: Value) {
        match (&mut *self, item) {
            (List::Floats(v), Value::Float(x)) => v.insert(index, x),
            (List::Ints(v), Value::Int(i)) => v.insert(index, i),
            (_, item) => self.values_mut().insert(index, item),
        }
    }

    /// Removes and returns the item at an index that exists.
    pub fn remove(&mut self, index: usize) -> Value {
        match self {
            List::Floats(v) => Value::Float(v.remove(index)),
            List::Ints(v) => Value::Int(v.remove(index)),
            List::Values(v) => v.remove(index),
        }
    }
}

/// Tuples in one another that a key may have: keys are compared and let go of without looking at the stack.
const KEY_DEPTH: usize = 100;

impl Key {
    /// A value as a key; an error where it is none that a dict can hold.
    pub fn new(value: &Value) -> Result<Key> {
        Key::within(value, KEY_DEPTH)
    }

    fn within(value: &Value, depth: usize) -> Result<Key> {
        Ok(match value {
            Value::None => Key::None,
            Value::Str(s) => Key::Str(s.clone()),
            Value::Int(i) => Key::Int(*i, Shown::Int),
            Value::Bool(b) => Key::Int(i64::from(*b), Shown::Bool),
            // Integral floats below 2^63 are the same key as the integer.
            Value::Float(x) if x.fract() == 0.0 && x.abs() < 9.2e18 => Key::Int(*x as i64, Shown::Float),
            Value::Float(x) => Key::Float(x.to_bits()),
            Value::Tuple(items) => {
                let below =
                    depth.checked_sub(1).ok_or_else(|| Error::limit("the tuples of a key are nested too deeply"))?;
                Key::Tuple(items.iter().map(|item| Key::within(item, below)).collect::<Result<_>>()?)
            }
            other => return Err(Error::type_(format!("unhashable type: {}", other.type_name()))),
        })
    }

    /// The key as it was written.
    pub fn value(&self) -> Value {
        match self {
            Key::None => Value::None,
            Key::Str(s) => Value::Str(s.clone()),
            Key::Int(i, Shown::Int) => Value::Int(*i),
            Key::Int(i, Shown::Bool) => Value::Bool(*i != 0),
            Key::Int(i, Shown::Float) => Value::Float(*i as f64),
            Key::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Key::Tuple(items) => Value::tuple(items.iter().map(Key::value).collect()),
        }
    }
}

impl View {
    /// The element at an index.
    pub fn get(&self, index: usize) -> Option<Value> {
        let (key, item) = self.dict.get_index(index)?;
        Some(match self.part {
            ViewPart::Keys => key.value(),
            ViewPart::Values => item.clone(),
            ViewPart::Items => Value::tuple(vec![key.value(), item.clone()]),
        })
    }

    /// The elements in the order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.dict.len()).filter_map(|index| self.get(index))
    }
}

impl ViewPart {
    /// Python's name of the type.
    pub fn type_name(self) -> &'static str {
        match self {
            ViewPart::Keys => "dict_keys",
            ViewPart::Values => "dict_values",
            ViewPart::Items => "dict_items",
        }
    }
}

impl Range {
    /// The number of integers.
    pub fn len(&self) -> usize {
        if self.step == 1
            && let Some(len) = self.stop.checked_sub(self.start)
        {
            return usize::try_from(len).unwrap_or(0);
        }
        let (start, stop, step) = (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let len = if step > 0 { (stop - start + step - 1) / step } else { (start - stop - step - 1) / -step };
        usize::try_from(len.max(0)).unwrap_or(usize::MAX)
    }

    /// Whether there is no integer.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integer at an index below the length.
    pub fn at(&self, index: usize) -> i64 {
        self.start.wrapping_add(self.step.wrapping_mul(index as i64))
    }
}
