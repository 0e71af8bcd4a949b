//! Arrays: `ndarray` storage with a shared buffer, so that clones, slices, transposes and broadcasts are views.
//!
//! The element type is one enum with one dispatch point, the macro `each_dtype!`.

use std::sync::Arc;

use ndarray::{ArcArray, Array1, Array2, ArrayD, IxDyn};

use super::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// The storage of one element type.
pub type Storage<T> = ArcArray<T, IxDyn>;

/// An array of at least one axis.
#[derive(Clone, Debug)]
pub enum Array {
    /// `float64`
    Float(Storage<f64>),
    /// `int64`
    Int(Storage<i64>),
    /// `bool`
    Bool(Storage<bool>),
}

/// Runs the same expression for the storage of any element type.
macro_rules! each_dtype {
    ($array:expr, $storage:ident => $body:expr) => {
        match $array {
            $crate::interp::array::Array::Float($storage) => $body,
            $crate::interp::array::Array::Int($storage) => $body,
            $crate::interp::array::Array::Bool($storage) => $body,
        }
    };
}
pub(crate) use each_dtype;

impl Array {
    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        each_dtype!(self, a => a.shape())
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        match self {
            Array::Float(_) => DType::Float,
            Array::Int(_) => DType::Int,
            Array::Bool(_) => DType::Bool,
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        each_dtype!(self, a => a.len())
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

macro_rules! from_storage {
    ($($t:ty => $variant:ident),*) => { $(
        impl From<Storage<$t>> for Array {
            fn from(storage: Storage<$t>) -> Array {
                Array::$variant(storage)
            }
        }
        impl From<ndarray::ArrayD<$t>> for Array {
            fn from(owned: ndarray::ArrayD<$t>) -> Array {
                Array::$variant(owned.into_shared())
            }
        }
    )* };
}
from_storage!(f64 => Float, i64 => Int, bool => Bool);

/// A type that arrays can hold.
pub trait Element: Copy + PartialEq + PartialOrd + Default + Send + Sync + std::fmt::Debug + 'static {
    /// Its name among the element types.
    const DTYPE: DType;
    /// The element as a value.
    fn value(self) -> Value;
    /// The element as a float.
    fn float(self) -> f64;
    /// The element as an integer, fractions cut off; none where it has no integer.
    fn int(self) -> Option<i64>;
    /// Whether the element is not zero.
    fn bool(self) -> bool;
    /// The elements of an array of this type, where they are in order.
    fn elements(array: &Array) -> Option<&[Self]>;
    /// The storage of an array, cast to this type; an error where an element has no such value.
    fn storage(array: Array) -> Result<Storage<Self>>;
    /// A number, cast to this type; an error where it has no such value or is no number.
    fn scalar(value: &Value) -> Result<Self>;
}

impl Element for f64 {
    const DTYPE: DType = DType::Float;
    fn value(self) -> Value {
        Value::Float(self)
    }
    fn float(self) -> f64 {
        self
    }
    fn int(self) -> Option<i64> {
        // Both bounds are exact floats.
        (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&self).then_some(self as i64)
    }
    fn bool(self) -> bool {
        self != 0.0
    }
    fn elements(array: &Array) -> Option<&[f64]> {
        if let Array::Float(a) = array { a.as_slice() } else { None }
    }
    fn storage(array: Array) -> Result<Storage<f64>> {
        Ok(match array {
            Array::Float(a) => a,
            Array::Int(a) => a.map(|&x| x as f64).into_shared(),
            Array::Bool(a) => a.map(|&x| f64::from(u8::from(x))).into_shared(),
        })
    }
    fn scalar(value: &Value) -> Result<f64> {
        match value {
            Value::Float(x) => Ok(*x),
            Value::Int(i) => Ok(*i as f64),
            Value::Bool(b) => Ok(f64::from(u8::from(*b))),
            other => Err(Error::type_(format!("a number is needed, not {}", other.type_name()))),
        }
    }
}

impl Element for i64 {
    const DTYPE: DType = DType::Int;
    fn value(self) -> Value {
        Value::Int(self)
    }
    fn float(self) -> f64 {
        self as f64
    }
    fn int(self) -> Option<i64> {
        Some(self)
    }
    fn bool(self) -> bool {
        self != 0
    }
    fn elements(array: &Array) -> Option<&[i64]> {
        if let Array::Int(a) = array { a.as_slice() } else { None }
    }
    fn storage(array: Array) -> Result<Storage<i64>> {
        match array {
            Array::Float(a) => {
                let mut fits = true;
                let cast = a.map(|x| {
                    x.int().unwrap_or_else(|| {
                        fits = false;
                        0
                    })
                });
                if fits {
                    Ok(cast.into_shared())
                } else {
                    Err(Error::numeric("cannot convert an array with inf, nan or numbers too large to int"))
                }
            }
            Array::Int(a) => Ok(a),
            Array::Bool(a) => Ok(a.map(|&x| i64::from(x)).into_shared()),
        }
    }
    fn scalar(value: &Value) -> Result<i64> {
        match value {
            Value::Float(x) => x.int().ok_or_else(|| no_integer(*x)),
            Value::Int(i) => Ok(*i),
            Value::Bool(b) => Ok(i64::from(*b)),
            other => Err(Error::type_(format!("a number is needed, not {}", other.type_name()))),
        }
    }
}

impl Element for bool {
    const DTYPE: DType = DType::Bool;
    fn value(self) -> Value {
        Value::Bool(self)
    }
    fn float(self) -> f64 {
        f64::from(u8::from(self))
    }
    fn int(self) -> Option<i64> {
        Some(i64::from(self))
    }
    fn bool(self) -> bool {
        self
    }
    fn elements(array: &Array) -> Option<&[bool]> {
        if let Array::Bool(a) = array { a.as_slice() } else { None }
    }
    fn storage(array: Array) -> Result<Storage<bool>> {
        Ok(match array {
            Array::Float(a) => a.map(|&x| x != 0.0).into_shared(),
            Array::Int(a) => a.map(|&x| x != 0).into_shared(),
            Array::Bool(a) => a,
        })
    }
    fn scalar(value: &Value) -> Result<bool> {
        match value {
            Value::Float(x) => Ok(*x != 0.0),
            Value::Int(i) => Ok(*i != 0),
            Value::Bool(b) => Ok(*b),
            other => Err(Error::type_(format!("a number is needed, not {}", other.type_name()))),
        }
    }
}

impl Array {
    /// The number of axes.
    pub fn ndim(&self) -> usize {
        each_dtype!(self, a => a.ndim())
    }

    /// The same elements as another type.
    pub fn cast(self, dtype: DType) -> Result<Array> {
        Ok(match dtype {
            DType::Float => Array::Float(f64::storage(self)?),
            DType::Int => Array::Int(i64::storage(self)?),
            DType::Bool => Array::Bool(bool::storage(self)?),
        })
    }

    /// An array without elements, of the same shape, that is no view: ndarray does not copy empty views of arrays.
    fn emptied(self) -> Array {
        match self {
            Array::Float(a) => ArrayD::<f64>::default(a.raw_dim()).into(),
            Array::Int(a) => ArrayD::<i64>::default(a.raw_dim()).into(),
            Array::Bool(a) => ArrayD::<bool>::default(a.raw_dim()).into(),
        }
    }

    /// The only element of an array of size one.
    pub fn only(&self) -> Option<Value> {
        each_dtype!(self, a => (a.len() == 1).then(|| a.first().map(|x| x.value())).flatten())
    }
}

/// A shape as Python writes it: `(3,)`, `(2, 3)`.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The number of elements of a shape; an error where no memory could hold them.
pub fn shape_len(shape: &[usize]) -> Result<usize> {
    // As ndarray counts: a shape is refused by the product of its non-zero lengths.
    let mut len = 1usize;
    for &n in shape {
        len = len.checked_mul(n.max(1)).filter(|&n| n <= isize::MAX as usize / 8).ok_or_else(|| too_large(shape))?;
    }
    if shape.contains(&0) {
        return Ok(0);
    }
    super::memory::fits(len * 8).map_err(|_| too_large(shape))?;
    Ok(len)
}

fn too_large(shape: &[usize]) -> Error {
    Error::limit(format!("an array of shape {} is too large", shape_text(shape)))
}

/// An array of a shape from its elements in row-major order.
pub fn from_elements<T: Element>(shape: &[usize], elements: Vec<T>) -> Result<ArrayD<T>> {
    shape_len(shape)?;
    // The strides of a known number of axes are computed without a loop over them.
    let array = match *shape {
        [n] if n == elements.len() => Ok(Array1::from_vec(elements).into_dyn()),
        [m, n] => Array2::from_shape_vec((m, n), elements).map(Array2::into_dyn),
        _ => ArrayD::from_shape_vec(IxDyn(shape), elements),
    };
    array.map_err(|_| Error::shape(format!("the elements do not fill an array of shape {}", shape_text(shape))))
}

/// Whether two shapes are one; without a call for their few numbers.
pub fn same_shape(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(m, n)| m == n)
}

/// Whether an array of so many elements may be made.
pub fn allowed_len(len: usize) -> bool {
    len.checked_mul(8).is_some_and(|bytes| super::memory::fits(bytes).is_ok())
}

/// A float array of the shape of one that is there, from its elements in order; none where its size is not allowed.
pub fn floats(shape: &[usize], elements: Vec<f64>) -> Option<Value> {
    if elements.is_empty() || !allowed_len(elements.len()) {
        return None;
    }
    let array: Storage<f64> = match *shape {
        [n] if n == elements.len() => Array1::from_vec(elements).into_shared().into_dyn(),
        [m, n] => Array2::from_shape_vec((m, n), elements).ok()?.into_shared().into_dyn(),
        _ => ArrayD::from_shape_vec(IxDyn(shape), elements).ok()?.into_shared(),
    };
    Some(Value::Array(Arc::new(Array::Float(array))))
}

/// An array of a shape with the same element everywhere.
pub fn filled<T: Element>(shape: &[usize], element: T) -> Result<ArrayD<T>> {
    let len = shape_len(shape)?;
    reserve_check(len)?;
    from_elements(shape, vec![element; len])
}

/// The elements of a view in an array of their own.
pub fn owned<T: Element>(view: &ndarray::ArrayViewD<'_, T>) -> ArrayD<T> {
    if view.is_empty() { ArrayD::default(view.raw_dim()) } else { view.to_owned() }
}

/// Refuses a length that the allocator would abort on.
fn reserve_check(len: usize) -> Result<()> {
    if len < 1 << 24 {
        return Ok(());
    }
    let mut probe: Vec<f64> = Vec::new();
    probe.try_reserve_exact(len).map_err(|_| Error::limit(format!("not enough memory for {len} elements")))
}

impl From<Array> for Value {
    /// An array without axes is its only element.
    fn from(array: Array) -> Value {
        match array.shape() {
            [] => array.only().unwrap_or_default(),
            shape if shape.contains(&0) => Value::Array(Arc::new(array.emptied())),
            _ => Value::Array(Arc::new(array)),
        }
    }
}

impl<T> From<Storage<T>> for Value
where
    Array: From<Storage<T>>,
{
    fn from(storage: Storage<T>) -> Value {
        Array::from(storage).into()
    }
}

impl<T> From<ArrayD<T>> for Value
where
    Array: From<ArrayD<T>>,
{
    fn from(array: ArrayD<T>) -> Value {
        Array::from(array).into()
    }
}

/// The error of a float that no integer stands for.
pub(super) fn no_integer(x: f64) -> Error {
    let message = format!("cannot convert float {} to an integer", super::display::float_repr(x));
    if x.is_nan() { Error::value(message) } else { Error::numeric(message) }
}
