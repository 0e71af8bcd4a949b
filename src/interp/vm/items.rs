//! Elements by position, without a detour through values where the storage is known.

use std::sync::Arc;

use crate::interp::array::Array;
use crate::interp::indexing;
use crate::interp::iteration;
use crate::interp::value::{Key, List, Value};
use crate::lang::{Error, Result};

/// The place of an index in a length, negative ones from the end.
#[inline]
pub fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    usize::try_from(at).ok().filter(|at| *at < len)
}

fn out_of_bounds(index: i64, axis: usize, len: usize) -> Error {
    Error::index(format!("index {index} is out of bounds for axis {axis} with size {len}"))
}

#[inline]
pub fn float1(x: &Value, i: i64) -> Result<f64> {
    if let Value::Array(array) = x
        && let Array::Float(a) = &**array
        && a.ndim() == 1
    {
        if let Some(slice) = a.as_slice() {
            return match position(i, slice.len()) {
                Some(at) => Ok(slice[at]),
                None => Err(out_of_bounds(i, 0, slice.len())),
            };
        }
        return match position(i, a.len()) {
            Some(at) => Ok(a[[at]]),
            None => Err(out_of_bounds(i, 0, a.len())),
        };
    }
    as_float(indexing::get(x, &Value::Int(i))?)
}

#[inline]
pub fn int1(x: &Value, i: i64) -> Result<i64> {
    if let Value::Array(array) = x
        && let Array::Int(a) = &**array
        && a.ndim() == 1
    {
        return match position(i, a.len()) {
            Some(at) => Ok(a[[at]]),
            None => Err(out_of_bounds(i, 0, a.len())),
        };
    }
    as_int(indexing::get(x, &Value::Int(i))?)
}

#[inline]
pub fn float2(x: &Value, i: i64, j: i64) -> Result<f64> {
    if let Value::Array(array) = x
        && let Array::Float(a) = &**array
        && let [rows, columns] = *a.shape()
    {
        let row = position(i, rows).ok_or_else(|| out_of_bounds(i, 0, rows))?;
        let column = position(j, columns).ok_or_else(|| out_of_bounds(j, 1, columns))?;
        return Ok(a[[row, column]]);
    }
    as_float(indexing::get(x, &Value::tuple(vec![Value::Int(i), Value::Int(j)]))?)
}

#[inline]
pub fn list_float(x: &Value, i: i64) -> Result<f64> {
    if let Value::List(list) = x
        && let List::Floats(items) = &**list
        && let Some(at) = position(i, items.len())
    {
        return Ok(items[at]);
    }
    as_float(indexing::get(x, &Value::Int(i))?)
}

#[inline]
pub fn list_int(x: &Value, i: i64) -> Result<i64> {
    if let Value::List(list) = x
        && let List::Ints(items) = &**list
        && let Some(at) = position(i, items.len())
    {
        return Ok(items[at]);
    }
    as_int(indexing::get(x, &Value::Int(i))?)
}

#[inline]
pub fn at(x: &Value, i: i64) -> Result<Value> {
    match x {
        Value::Tuple(items) => {
            if let Some(at) = position(i, items.len()) {
                return Ok(items[at].clone());
            }
        }
        Value::List(list) => {
            if let List::Values(items) = &**list
                && let Some(at) = position(i, items.len())
            {
                return Ok(items[at].clone());
            }
        }
        _ => {}
    }
    indexing::get(x, &Value::Int(i))
}

fn as_float(value: Value) -> Result<f64> {
    match value {
        Value::Float(x) => Ok(x),
        Value::Int(i) => Ok(i as f64),
        other => Err(Error::type_(format!("expected a float, found {}", other.type_name()))),
    }
}

fn as_int(value: Value) -> Result<i64> {
    match value {
        Value::Int(i) => Ok(i),
        other => Err(Error::type_(format!("expected an int, found {}", other.type_name()))),
    }
}

#[inline]
pub fn set_float1(x: &mut Value, i: i64, v: f64) -> Result<()> {
    if let Value::Array(array) = x
        && let Array::Float(a) = Arc::make_mut(array)
        && a.ndim() == 1
    {
        let len = a.len();
        let at = position(i, len).ok_or_else(|| out_of_bounds(i, 0, len))?;
        a[[at]] = v;
        return Ok(());
    }
    indexing::set(x, &Value::Int(i), Value::Float(v))
}

#[inline]
pub fn set_int1(x: &mut Value, i: i64, v: i64) -> Result<()> {
    if let Value::Array(array) = x
        && let Array::Int(a) = Arc::make_mut(array)
        && a.ndim() == 1
    {
        let len = a.len();
        let at = position(i, len).ok_or_else(|| out_of_bounds(i, 0, len))?;
        a[[at]] = v;
        return Ok(());
    }
    indexing::set(x, &Value::Int(i), Value::Int(v))
}

#[inline]
pub fn set_float2(x: &mut Value, i: i64, j: i64, v: f64) -> Result<()> {
    if let Value::Array(array) = x
        && let Array::Float(a) = Arc::make_mut(array)
        && let [rows, columns] = *a.shape()
    {
        let row = position(i, rows).ok_or_else(|| out_of_bounds(i, 0, rows))?;
        let column = position(j, columns).ok_or_else(|| out_of_bounds(j, 1, columns))?;
        a[[row, column]] = v;
        return Ok(());
    }
    indexing::set(x, &Value::tuple(vec![Value::Int(i), Value::Int(j)]), Value::Float(v))
}

#[inline]
pub fn set_at(x: &mut Value, i: i64, v: Value) -> Result<()> {
    if let Value::List(list) = x {
        let list = Arc::make_mut(list);
        if let List::Values(items) = list
            && let Some(at) = position(i, items.len())
        {
            items[at] = v;
            return Ok(());
        }
    }
    indexing::set(x, &Value::Int(i), v)
}

/// An error where a list of so many numbers may not become twice as long.
#[cold]
pub fn may_grow(numbers: usize) -> Result<()> {
    crate::interp::memory::fits(numbers.saturating_mul(2 * size_of::<f64>()))
}

/// The list in a register, to change.
#[inline]
pub fn list(x: &mut Value) -> Result<&mut List> {
    match x {
        Value::List(list) => Ok(Arc::make_mut(list)),
        other => Err(Error::type_(format!("expected a list, found {}", other.type_name()))),
    }
}

/// Takes the last element of a list of floats.
#[inline]
pub fn pop_float(list: &mut List) -> Result<f64> {
    match list {
        List::Floats(items) => items.pop().ok_or_else(no_more),
        other => as_float(other.pop().ok_or_else(no_more)?),
    }
}

/// Takes the last element of a list of integers.
#[inline]
pub fn pop_int(list: &mut List) -> Result<i64> {
    match list {
        List::Ints(items) => items.pop().ok_or_else(no_more),
        other => as_int(other.pop().ok_or_else(no_more)?),
    }
}

#[cold]
fn no_more() -> Error {
    Error::index("pop from an empty list")
}

/// Takes an element out, so that nobody else holds it; what is left there is of no account until it is put back.
pub fn take_item(x: &mut Value, index: &Value) -> Result<Value> {
    match (&mut *x, index) {
        (Value::List(list), Value::Int(i)) => {
            if let List::Values(items) = Arc::make_mut(list)
                && let Some(at) = position(*i, items.len())
            {
                return Ok(std::mem::take(&mut items[at]));
            }
        }
        (Value::Tuple(items), Value::Int(i)) => {
            let items = Arc::make_mut(items);
            if let Some(at) = position(*i, items.len()) {
                return Ok(std::mem::take(&mut items[at]));
            }
        }
        (Value::Dict(dict), key) => {
            if let Some(item) = Arc::make_mut(dict).get_mut(&Key::new(key)?) {
                return Ok(std::mem::take(item));
            }
        }
        _ => {}
    }
    indexing::get(x, index)
}

/// Puts an element back where [`take_item`] found it. What an index copies is changed in vain, as in NumPy and Python: elements
/// that arrays or lists pick, and a slice of a list, though not what is within that (`direct`: it is the slice that changed).
pub fn put_item(x: &mut Value, index: &Value, v: Value, direct: bool) -> Result<()> {
    if let (Value::Tuple(items), Value::Int(i)) = (&mut *x, index)
        && let Some(at) = position(*i, items.len())
    {
        Arc::make_mut(items)[at] = v;
        return Ok(());
    }
    match (&mut *x, index) {
        (Value::Str(_), _) => Ok(()),
        (Value::Array(_), index) if indexing::picks(index) => Ok(()),
        (Value::List(_) | Value::Tuple(_), Value::Slice(_)) if direct => Ok(()),
        (Value::Tuple(items), index) => {
            let mut list = Value::list(items.to_vec());
            indexing::set(&mut list, index, v)?;
            *x = Value::tuple(iteration::elements(&list)?);
            Ok(())
        }
        _ => indexing::set(x, index, v),
    }
}

/// Something that can be gone through by position: what changes slowly under that is made a list first.
pub fn iterable(x: Value) -> Result<Value> {
    match &x {
        Value::Str(text) if !text.is_ascii() => Ok(Value::list(iteration::elements(&x)?)),
        Value::List(_)
        | Value::Tuple(_)
        | Value::Array(_)
        | Value::Range(_)
        | Value::Dict(_)
        | Value::View(_)
        | Value::Str(_) => Ok(x),
        other => Err(iteration::not_iterable(other)),
    }
}

/// The number of elements, for `len`.
pub fn len(x: &Value) -> Result<usize> {
    match x {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Function(_) | Value::Module(_) => {
            Err(Error::type_(format!("object of type '{}' has no len()", x.type_name())))
        }
        _ => iteration::length(x),
    }
}
