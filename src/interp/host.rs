//! Conversions between the host's types and values, and native functions from closures.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use indexmap::IndexMap;
use ndarray::{ArrayBase, Dimension, IxDyn, OwnedArcRepr, OwnedRepr, ViewRepr};

use super::array::{Array, Storage};
use super::function::{Function, HostFunction};
use super::value::{Dict, Key, List, Value};
use crate::lang::tree::ParamForm;
use crate::lang::{Error, Result, Span, Symbol};
use crate::sct::kind::Code;
use crate::sct::world::{Signature, SignatureParam};

/// What a value can be turned into.
pub trait FromValue: Sized {
    /// The conversion; a type error where the value is of another type.
    fn from_value(value: Value) -> Result<Self>;
}

/// What can be turned into a value.
pub trait IntoValue {
    /// The conversion.
    fn into_value(self) -> Result<Value>;
}

/// The arguments of a call: a tuple of what can be turned into values, or a vector of values.
pub trait IntoArguments {
    /// The conversion.
    fn into_arguments(self) -> Result<Vec<Value>>;
}

fn mismatch(expected: &str, value: &Value) -> Error {
    Error::type_(format!("expected {expected}, found {}", value.type_name()))
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Value> {
        Ok(value)
    }
}
impl IntoValue for Value {
    fn into_value(self) -> Result<Value> {
        Ok(self)
    }
}
impl IntoValue for &Value {
    fn into_value(self) -> Result<Value> {
        Ok(self.clone())
    }
}

impl FromValue for () {
    fn from_value(_: Value) -> Result<()> {
        Ok(())
    }
}
impl IntoValue for () {
    fn into_value(self) -> Result<Value> {
        Ok(Value::None)
    }
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<f64> {
        match value {
            Value::Float(x) => Ok(x),
            Value::Int(i) => Ok(i as f64),
            Value::Bool(b) => Ok(f64::from(u8::from(b))),
            other => Err(mismatch("a number", &other)),
        }
    }
}
/// The nearest `f32`.
impl FromValue for f32 {
    fn from_value(value: Value) -> Result<f32> {
        f64::from_value(value).map(|x| x as f32)
    }
}
impl FromValue for i64 {
    fn from_value(value: Value) -> Result<i64> {
        match value {
            Value::Int(i) => Ok(i),
            Value::Bool(b) => Ok(i64::from(b)),
            other => Err(mismatch("an int", &other)),
        }
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Result<bool> {
        match value {
            Value::Bool(b) => Ok(b),
            other => Err(mismatch("a bool", &other)),
        }
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Result<String> {
        match value {
            Value::Str(text) => Ok(Arc::unwrap_or_clone(text)),
            other => Err(mismatch("a str", &other)),
        }
    }
}

macro_rules! integers {
    ($($t:ty),*) => { $(
        impl FromValue for $t {
            fn from_value(value: Value) -> Result<$t> {
                let i = i64::from_value(value)?;
                <$t>::try_from(i).map_err(|_| Error::value(format!("{i} does not fit in {}", stringify!($t))))
            }
        }
        impl IntoValue for $t {
            fn into_value(self) -> Result<Value> {
                i64::try_from(self).map(Value::Int).map_err(|_| Error::value(format!("{self} does not fit in 64 bits")))
            }
        }
    )* };
}
integers!(i8, u8, i16, u16, i32, u32, usize, u64);

macro_rules! plain {
    ($($t:ty => $variant:ident),*) => { $(
        impl IntoValue for $t {
            fn into_value(self) -> Result<Value> {
                Ok(Value::$variant(self.into()))
            }
        }
    )* };
}
plain!(f64 => Float, f32 => Float, i64 => Int, bool => Bool);

impl IntoValue for &str {
    fn into_value(self) -> Result<Value> {
        Ok(Value::str(self))
    }
}
impl IntoValue for String {
    fn into_value(self) -> Result<Value> {
        Ok(Value::str(self))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Option<T>> {
        match value {
            Value::None => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}
impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Result<Value> {
        self.map_or(Ok(Value::None), T::into_value)
    }
}

/// From a list, a tuple, a range, a view of a dict or an array's first axis.
impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Vec<T>> {
        match &value {
            Value::List(_) | Value::Tuple(_) | Value::Array(_) | Value::Range(_) | Value::View(_) => {
                super::iteration::elements(&value)?.into_iter().map(T::from_value).collect()
            }
            other => Err(mismatch("a list", other)),
        }
    }
}
/// A list.
impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self) -> Result<Value> {
        let items: Result<Vec<Value>> = self.into_iter().map(T::into_value).collect();
        Ok(Value::List(Arc::new(List::from(items?))))
    }
}
/// A list.
impl<T: IntoValue + Clone> IntoValue for &[T] {
    fn into_value(self) -> Result<Value> {
        self.to_vec().into_value()
    }
}

/// A list.
impl<T: IntoValue, const N: usize> IntoValue for [T; N] {
    fn into_value(self) -> Result<Value> {
        Vec::from(self).into_value()
    }
}
impl<T: FromValue, const N: usize> FromValue for [T; N] {
    fn from_value(value: Value) -> Result<[T; N]> {
        let items = Vec::<T>::from_value(value)?;
        <[T; N]>::try_from(items).map_err(|found| Error::value(format!("expected {N} elements, found {}", found.len())))
    }
}

fn key<K: IntoValue>(key: K) -> Result<Key> {
    Key::new(&key.into_value()?)
}

macro_rules! maps {
    ($($map:ident: $($key:ident)+),*) => { $(
        impl<K: FromValue $(+ $key)+, V: FromValue> FromValue for $map<K, V> {
            fn from_value(value: Value) -> Result<$map<K, V>> {
                match value {
                    Value::Dict(dict) => Arc::unwrap_or_clone(dict)
                        .into_iter()
                        .map(|(k, v)| Ok((K::from_value(k.value())?, V::from_value(v)?)))
                        .collect(),
                    other => Err(mismatch("a dict", &other)),
                }
            }
        }
        impl<K: IntoValue, V: IntoValue> IntoValue for $map<K, V> {
            fn into_value(self) -> Result<Value> {
                let mut dict = Dict::default();
                for (k, v) in self {
                    dict.insert(key(k)?, v.into_value()?);
                }
                Ok(Value::Dict(Arc::new(dict)))
            }
        }
    )* };
}
maps!(HashMap: Eq Hash, IndexMap: Eq Hash, BTreeMap: Ord);

macro_rules! arrays {
    ($($t:ty => $variant:ident $name:literal),*) => { $(
        /// An array of no axis is a number. A uniquely held array gives its buffer away.
        impl<D: Dimension> FromValue for ArrayBase<OwnedRepr<$t>, D> {
            fn from_value(value: Value) -> Result<Self> {
                let wanted = crate::sct::kind::DType::$variant;
                let storage: Storage<$t> = match value {
                    // What does not fit exactly is no such array.
                    Value::Array(array) if array.dtype() > wanted => {
                        return Err(Error::type_(format!("expected an array of {}, found one of {}", $name, array.dtype().name())));
                    }
                    Value::Array(array) => match Arc::unwrap_or_clone(array).cast(wanted)? {
                        Array::$variant(storage) => storage,
                        other => return Err(Error::type_(format!("expected an array of {}, found one of {}", $name, other.dtype().name()))),
                    },
                    number @ (Value::Float(_) | Value::Int(_) | Value::Bool(_)) => {
                        ndarray::arr0(<$t>::from_value(number)?).into_dyn().into_shared()
                    }
                    other => return Err(mismatch("an array", &other)),
                };
                let axes = storage.ndim();
                storage.into_owned().into_dimensionality::<D>().map_err(|_| {
                    Error::shape(format!("expected an array of {} axes, found {axes}", D::NDIM.unwrap_or_default()))
                })
            }
        }
        /// The buffer moves.
        impl<D: Dimension> IntoValue for ArrayBase<OwnedRepr<$t>, D> {
            fn into_value(self) -> Result<Value> {
                let array: ArrayBase<OwnedRepr<$t>, IxDyn> = self.into_dyn();
                if array.ndim() == 0 {
                    return match array.first() {
                        Some(x) => (*x).into_value(),
                        None => Ok(Value::None),
                    };
                }
                Ok(Value::Array(Arc::new(Array::$variant(array.into_shared()))))
            }
        }
        /// A copy.
        impl<D: Dimension> IntoValue for ArrayBase<ViewRepr<&$t>, D> {
            fn into_value(self) -> Result<Value> {
                self.to_owned().into_value()
            }
        }
        /// A copy.
        impl<D: Dimension> IntoValue for &ArrayBase<OwnedRepr<$t>, D> {
            fn into_value(self) -> Result<Value> {
                self.to_owned().into_value()
            }
        }
        /// The buffer is shared until one of the two is changed.
        impl<D: Dimension> IntoValue for ArrayBase<OwnedArcRepr<$t>, D> {
            fn into_value(self) -> Result<Value> {
                let array = self.into_dyn();
                if array.ndim() == 0 {
                    return array.into_owned().into_value();
                }
                Ok(Value::Array(Arc::new(Array::$variant(array))))
            }
        }
    )* };
}
arrays!(f64 => Float "float64", i64 => Int "int64", bool => Bool "bool");

macro_rules! tuples {
    ($(($($t:ident $i:tt),+))*) => { $(
        impl<$($t: FromValue),+> FromValue for ($($t,)+) {
            fn from_value(value: Value) -> Result<Self> {
                let items = match &value {
                    Value::Tuple(_) | Value::List(_) => super::iteration::elements(&value)?,
                    other => return Err(mismatch("a tuple", other)),
                };
                let expected = [$($i),+].len();
                if items.len() != expected {
                    return Err(Error::value(format!("expected {expected} elements, found {}", items.len())));
                }
                let mut items = items.into_iter();
                Ok(($($t::from_value(items.next().unwrap_or_default())?,)+))
            }
        }
        impl<$($t: IntoValue),+> IntoValue for ($($t,)+) {
            fn into_value(self) -> Result<Value> {
                self.into_arguments().map(Value::tuple)
            }
        }
        impl<$($t: IntoValue),+> IntoArguments for ($($t,)+) {
            fn into_arguments(self) -> Result<Vec<Value>> {
                Ok(vec![$(self.$i.into_value()?),+])
            }
        }
    )* };
}
tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

impl IntoArguments for () {
    fn into_arguments(self) -> Result<Vec<Value>> {
        Ok(Vec::new())
    }
}
impl IntoArguments for Vec<Value> {
    fn into_arguments(self) -> Result<Vec<Value>> {
        Ok(self)
    }
}

/// The fields of a struct, see [`record!`](crate::record).
impl Value {
    /// A dict with these strings for keys.
    pub fn from_fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
        let mut dict = Dict::default();
        for (name, value) in fields {
            dict.insert(Key::Str(Arc::new(name.to_owned())), value);
        }
        Value::Dict(Arc::new(dict))
    }

    /// The values of a dict whose keys are strings, to be taken one by one for a struct of this name.
    pub fn into_fields(self, name: &'static str) -> Result<Fields> {
        match self {
            Value::Dict(dict) => Ok(Fields { name, dict: Arc::unwrap_or_clone(dict) }),
            other => Err(mismatch(&format!("a dict with the fields of {name}"), &other)),
        }
    }
}

/// What is left of the fields of a struct.
pub struct Fields {
    name: &'static str,
    dict: Dict,
}

impl Fields {
    /// Takes a field; its value moves.
    pub fn take<T: FromValue>(&mut self, field: &str) -> Result<T> {
        let value = self.dict.swap_remove(&Key::Str(Arc::new(field.to_owned())));
        let value = value.ok_or_else(|| Error::value(format!("{} has no field '{field}'", self.name)))?;
        T::from_value(value).map_err(|e| Error::new(e.kind(), format!("{}.{field}: {}", self.name, e.message())))
    }
}

/// What a native function may return.
pub trait IntoResult {
    /// The conversion.
    fn into_result(self) -> Result<Value>;
}
impl<T: IntoValue> IntoResult for T {
    fn into_result(self) -> Result<Value> {
        self.into_value()
    }
}
/// A native function that can fail; any error becomes one of the host.
impl<T: IntoValue, E: std::fmt::Display> IntoResult for std::result::Result<T, E> {
    fn into_result(self) -> Result<Value> {
        self.map_err(|e| Error::host(e.to_string()))?.into_value()
    }
}

/// A closure with typed arguments that can be called from a program.
pub trait HostClosure<Marker>: Send + Sync + 'static {
    /// The function value.
    fn into_function(self, name: Symbol) -> Value;
}

fn host_function(name: Symbol, count: usize, run: super::function::HostBody) -> Value {
    let params = (0..count)
        .map(|at| SignatureParam {
            name: Symbol::new(&format!("x{at}")),
            form: ParamForm::PositionalOnly,
            default: None,
        })
        .collect();
    let params: Vec<SignatureParam> = params;
    let plain = |at: usize| crate::lang::tree::Param {
        name: Symbol::new(&format!("x{at}")),
        form: ParamForm::PositionalOnly,
        default: None,
        annotation: None,
        span: Span::NONE,
    };
    let tree = crate::lang::tree::Function {
        name,
        params: (0..count).map(plain).collect(),
        body: vec![],
        decorators: vec![],
        returns: None,
        span: Span::NONE,
        source: None,
    };
    // A host registers functions in the module of its scripts, the first there is.
    let module = crate::sct::kind::ModuleId(0);
    let code = Arc::new(Code { tree: Arc::new(tree), captures: vec![], recursive: false, module });
    // What the host's function does is not known: it is neither removed nor moved.
    let signature = Signature { params, mutates: false, effect: true };
    Value::Function(Arc::new(Function::Host(HostFunction { name, code, signature, run })))
}

macro_rules! closures {
    ($(($($t:ident $i:tt),*))*) => { $(
        impl<Call, R, $($t),*> HostClosure<fn($($t),*) -> R> for Call
        where
            Call: Fn($($t),*) -> R + Send + Sync + 'static,
            R: IntoResult,
            $($t: FromValue + 'static),*
        {
            fn into_function(self, name: Symbol) -> Value {
                let count = <[usize]>::len(&[$($i),*]);
                host_function(name, count, Box::new(move |_args: &mut [Value]| {
                    self($($t::from_value(std::mem::take(&mut _args[$i]))
                        .map_err(|e| Error::new(e.kind(), format!("{name}() argument {}: {}", $i + 1, e.message())))?),*)
                    .into_result()
                }))
            }
        }
    )* };
}
closures! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}
