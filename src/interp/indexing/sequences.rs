//! Subscripts of lists, tuples, strings and ranges, and Python's slices.

use std::sync::Arc;

use super::super::suggestions::nearest;
use super::super::value::{Dict, Key, List, Range, Slice, Value};
use super::super::{display, iteration};
use super::position;
use crate::lang::{Error, Result};

/// What a slice selects of a sequence: the first index, how many, the step.
pub fn slice_bounds(slice: &Slice, len: usize) -> Result<(usize, usize, i64)> {
    let range = slice_indices(slice, len)?;
    let count = range.len();
    Ok((if count == 0 { 0 } else { range.start as usize }, count, range.step))
}

/// The indices that a slice stands for, clamped to a length as Python clamps them.
fn slice_indices(slice: &Slice, len: usize) -> Result<Range> {
    let part = |value: &Value| match value {
        Value::None => Ok(None),
        Value::Int(i) => Ok(Some(*i)),
        Value::Bool(b) => Ok(Some(i64::from(*b))),
        other => Err(Error::type_(format!("slice indices must be integers or None, not {}", other.type_name()))),
    };
    let step = part(&slice.step)?.unwrap_or(1);
    if step == 0 {
        return Err(Error::value("slice step cannot be zero"));
    }
    let n = len as i64;
    // Python's clamping: past the ends is the ends, one before the start for a negative step.
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let clamp = |i: i64| (if i < 0 { i.saturating_add(n) } else { i }).clamp(low, high);
    let start = part(&slice.start)?.map_or(if step > 0 { low } else { high }, clamp);
    let stop = part(&slice.stop)?.map_or(if step > 0 { high } else { low }, clamp);
    Ok(Range { start, stop, step })
}

/// The indices that a slice selects.
fn places(slice: &Slice, len: usize) -> Result<impl DoubleEndedIterator<Item = usize> + ExactSizeIterator + Clone> {
    let (start, count, step) = slice_bounds(slice, len)?;
    Ok((0..count).map(move |k| (start as i64 + k as i64 * step) as usize))
}

fn wrong_index(value: &Value, index: &Value) -> Error {
    Error::type_(format!("{} indices must be integers or slices, not {}", value.type_name(), index.type_name()))
}

/// `value[index]` of a sequence.
pub(super) fn get(value: &Value, index: &Value) -> Result<Value> {
    match (value, index) {
        (Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Range(_), Value::Int(_) | Value::Bool(_)) => {
            let i = if let Value::Int(i) = index { *i } else { i64::from(matches!(index, Value::Bool(true))) };
            iteration::element(value, position(i, iteration::length(value)?, value.type_name())?)
        }
        (Value::List(list), Value::Slice(slice)) => {
            let places = places(slice, list.len())?;
            Ok(Value::List(Arc::new(match &**list {
                List::Floats(v) => List::Floats(places.map(|i| v[i]).collect()),
                List::Ints(v) => List::Ints(places.map(|i| v[i]).collect()),
                List::Values(v) => List::Values(places.map(|i| v[i].clone()).collect()),
            })))
        }
        (Value::Tuple(items), Value::Slice(slice)) => {
            Ok(Value::tuple(places(slice, items.len())?.map(|i| items[i].clone()).collect()))
        }
        (Value::Str(text), Value::Slice(slice)) => {
            let letters: Vec<char> = text.chars().collect();
            Ok(Value::str(places(slice, letters.len())?.map(|i| letters[i]).collect::<String>()))
        }
        (Value::Range(range), Value::Slice(slice)) => {
            let part = slice_indices(slice, range.len())?;
            let step = i128::from(range.step);
            let place = |index: i64| i64::try_from(i128::from(range.start) + step * i128::from(index));
            let bounds = (place(part.start), place(part.stop), i64::try_from(step * i128::from(part.step)));
            let (Ok(start), Ok(stop), Ok(step)) = bounds else {
                return Err(Error::numeric("the range is too large"));
            };
            Ok(Value::Range(Arc::new(Range { start, stop, step })))
        }
        (Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Range(_), _) => Err(wrong_index(value, index)),
        // A number answers what NumPy's scalars answer: it has no axes, but can be given some.
        (Value::Float(x), index) if !matches!(index, Value::Int(_) | Value::Slice(_)) => super::number_get(*x, index),
        (Value::Int(i), index) if !matches!(index, Value::Int(_) | Value::Slice(_)) => super::number_get(*i, index),
        (Value::Bool(b), index) if !matches!(index, Value::Int(_) | Value::Slice(_)) => super::number_get(*b, index),
        (Value::Function(_), _) => Err(Error::type_("a function cannot be indexed").hint("call it with ( )")),
        _ => Err(Error::type_(format!("{} cannot be indexed", value.type_name()))),
    }
}

/// `list[index] = item` where the index is no plain integer.
pub(super) fn set_list(list: &mut List, index: &Value, item: Value) -> Result<()> {
    match index {
        Value::Slice(slice) => {
            let (start, count, step) = slice_bounds(slice, list.len())?;
            let items = iteration::elements(&item)?;
            if step == 1 {
                let start = if count == 0 { slice_indices(slice, list.len())?.start as usize } else { start };
                let mut all = list.to_values();
                all.splice(start..start + count, items);
                *list = List::from(all);
                return Ok(());
            }
            if items.len() != count {
                return Err(Error::value(format!(
                    "attempt to assign sequence of size {} to extended slice of size {count}",
                    items.len()
                )));
            }
            for (at, item) in places(slice, list.len())?.zip(items) {
                list.set(at, item);
            }
            Ok(())
        }
        Value::Bool(b) => {
            let at = position(i64::from(*b), list.len(), "list")?;
            list.set(at, item);
            Ok(())
        }
        other => Err(Error::type_(format!("list indices must be integers or slices, not {}", other.type_name()))),
    }
}

/// `del value[index]`.
pub fn delete(value: &mut Value, index: &Value) -> Result<()> {
    match value {
        Value::List(list) => match index {
            Value::Int(i) => {
                let at = position(*i, list.len(), "list")?;
                Arc::make_mut(list).remove(at);
                Ok(())
            }
            Value::Slice(slice) => {
                let gone: Vec<usize> = places(slice, list.len())?.collect();
                let kept =
                    list.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, v)| v).collect::<Vec<_>>();
                *value = Value::list(kept);
                Ok(())
            }
            other => Err(wrong_index(value, other)),
        },
        Value::Dict(dict) => {
            let key = Key::new(index)?;
            if Arc::make_mut(dict).shift_remove(&key).is_none() {
                return Err(missing_key(dict, index));
            }
            Ok(())
        }
        other => Err(Error::type_(format!("items of {} cannot be deleted", other.type_name()))),
    }
}

/// The error of a key that a dict has not.
pub fn missing_key(dict: &Dict, key: &Value) -> Error {
    let error = Error::index(format!("no key {} in the dict", display::repr(key)));
    let Value::Str(text) = key else { return error };
    let names = dict.keys().filter_map(|key| if let Key::Str(name) = key { Some(name.as_str()) } else { None });
    match nearest(text, names) {
        Some(near) => error.hint(format!("did you mean {}?", display::repr(&Value::str(near)))),
        None => error,
    }
}
