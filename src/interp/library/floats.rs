//! What kernels that compute with floats read their arguments as, and give back.

use std::sync::Arc;

use ndarray::ArrayD;

use super::creation::array_of;
use crate::interp::array::{Array, Element, Storage, from_elements, shape_len};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// A float; `what` names the argument in the error.
pub(super) fn float(value: &Value, what: &str) -> Result<f64> {
    match value {
        Value::Float(x) => Ok(*x),
        Value::Int(i) => Ok(*i as f64),
        Value::Bool(b) => Ok(f64::from(u8::from(*b))),
        _ => Err(Error::type_(format!("{what} must be a number"))),
    }
}

/// An integer; `what` names the argument in the error.
pub(super) fn int(value: &Value, what: &str) -> Result<i64> {
    match value {
        Value::Int(i) => Ok(*i),
        Value::Bool(b) => Ok(i64::from(*b)),
        _ => Err(Error::type_(format!("{what} must be an integer"))),
    }
}

/// A number of things: an integer that is not negative.
pub(super) fn count(value: &Value, what: &str) -> Result<usize> {
    usize::try_from(int(value, what)?).map_err(|_| Error::value(format!("{what} must not be negative")))
}

/// A flag.
pub(super) fn flag(value: &Value, what: &str) -> Result<bool> {
    match value {
        Value::Bool(b) => Ok(*b),
        Value::Int(i) => Ok(*i != 0),
        Value::None => Ok(false),
        _ => Err(Error::type_(format!("{what} must be True or False"))),
    }
}

/// The items of a list or tuple.
pub(super) fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Tuple(items) => Some(items.to_vec()),
        Value::List(list) => Some(list.to_values()),
        _ => None,
    }
}

/// A `size=` argument: none for one number, an integer, or a tuple of integers. The product fits a memory.
pub(super) fn size(value: &Value) -> Result<Option<Vec<usize>>> {
    let shape = match value {
        Value::None => return Ok(None),
        Value::Int(_) | Value::Bool(_) => vec![count(value, "size")?],
        _ => items(value)
            .ok_or_else(|| Error::type_("size must be an integer or a tuple of integers"))?
            .iter()
            .map(|n| count(n, "size"))
            .collect::<Result<_>>()?,
    };
    shape_len(&shape)?;
    Ok(Some(shape))
}

/// The number of axes of the result of a `size=` argument, where it is known.
pub(super) fn size_rank(size: &Operand) -> Option<usize> {
    match (&size.kind, &size.literal) {
        (Kind::None, _) | (_, Some(Literal::None)) => Some(0),
        (Kind::Int | Kind::Bool, _) => Some(1),
        (Kind::Tuple(lengths), _) => Some(lengths.len()),
        _ => None,
    }
}

/// The kind of floats of a rank, where it is known.
pub(super) fn floats_of_rank(rank: Option<usize>) -> Kind {
    // Where the rank is not known, zero axes would be a number.
    rank.map_or(Kind::Any, |rank| Kind::array(DType::Float, Some(rank)))
}

/// Floats from a number, an array, or nested lists; `what` names the argument in errors. A number has no axes.
pub(super) fn floats(value: Value, what: &str) -> Result<Storage<f64>> {
    match value {
        Value::Array(array) => f64::storage(Arc::unwrap_or_clone(array)),
        Value::Float(_) | Value::Int(_) | Value::Bool(_) => array(&[], vec![float(&value, what)?]),
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => match array_of(value)? {
            Value::Array(array) => f64::storage(Arc::unwrap_or_clone(array)),
            _ => Err(Error::type_(format!("{what} must be an array of numbers"))),
        },
        _ => Err(Error::type_(format!("{what} must be an array of numbers, not {}", value.type_name()))),
    }
}

/// An array from its elements in row-major order.
pub(super) fn array<T: Element>(shape: &[usize], elements: Vec<T>) -> Result<Storage<T>> {
    from_elements(shape, elements).map(ArrayD::into_shared)
}

/// Elements of a shape as a value; no axes make a number.
pub(super) fn value_of<T: Element>(shape: &[usize], elements: Vec<T>) -> Result<Value>
where
    Array: From<ArrayD<T>>,
{
    from_elements(shape, elements).map(Value::from)
}
