//! Going through a value by index: a length and the element at each place. Since values do not change under a loop,
//! this is all that iteration is.

use super::array::each_dtype;
use super::value::Value;
use crate::lang::{Error, Result};

/// The number of elements that a loop over the value sees.
pub fn length(value: &Value) -> Result<usize> {
    Ok(match value {
        Value::List(list) => list.len(),
        Value::Tuple(items) => items.len(),
        Value::Array(array) => array.shape().first().copied().unwrap_or(0),
        Value::Range(range) => range.len(),
        Value::Dict(dict) => dict.len(),
        Value::View(view) => view.dict.len(),
        Value::Str(text) if text.is_ascii() => text.len(),
        Value::Str(text) => text.chars().count(),
        other => return Err(not_iterable(other)),
    })
}

/// The error of going through a value that has no elements.
pub fn not_iterable(value: &Value) -> Error {
    let error = Error::type_(format!("'{}' object is not iterable", value.type_name()));
    match value {
        Value::Int(_) => error.hint("to count, write range(n)"),
        Value::None => error.hint("a function without a `return` gives None"),
        Value::Function(_) => error.hint("call it with ( )"),
        _ => error,
    }
}

/// The element at an index below the length: an item, a key of a dict, a character, a sub-array along the first axis.
pub fn element(value: &Value, index: usize) -> Result<Value> {
    let missing = || Error::index(format!("no element {index}"));
    match value {
        Value::List(list) => list.get(index).ok_or_else(missing),
        Value::Tuple(items) => items.get(index).cloned().ok_or_else(missing),
        Value::Array(array) if index < array.shape().first().copied().unwrap_or(0) => {
            Ok(each_dtype!(&**array, a => super::indexing::first_axis(a, index)))
        }
        Value::Range(range) if index < range.len() => Ok(Value::Int(range.at(index))),
        Value::Dict(dict) => dict.get_index(index).map(|(key, _)| key.value()).ok_or_else(missing),
        Value::View(view) => view.get(index).ok_or_else(missing),
        Value::Str(text) if text.is_ascii() => text.get(index..index + 1).map(Value::str).ok_or_else(missing),
        Value::Str(text) => text.chars().nth(index).map(|c| Value::str(c.to_string())).ok_or_else(missing),
        Value::Array(_) | Value::Range(_) => Err(missing()),
        other => Err(not_iterable(other)),
    }
}

/// All elements.
pub fn elements(value: &Value) -> Result<Vec<Value>> {
    match value {
        Value::List(list) => Ok(list.to_values()),
        Value::Tuple(items) => Ok(items.to_vec()),
        Value::Str(text) => Ok(text.chars().map(|c| Value::str(c.to_string())).collect()),
        other => {
            let length = length(other)?;
            super::memory::fits(length.saturating_mul(size_of::<Value>()))?;
            (0..length).map(|index| element(other, index)).collect()
        }
    }
}
