//! Arrays: `ndarray` storage with a shared buffer, so that clones, slices, transposes and broadcasts are views.
//!
//! The element type is one enum with one dispatch point, the macro [`each_dtype!`](crate::interp::array::each_dtype).

use ndarray::ArcArray;
use ndarray::IxDyn;

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
