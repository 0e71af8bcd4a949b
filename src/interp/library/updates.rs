//! Functions that change elements of their first argument, a place: `np.put`, `np.copyto` and their like.

use super::super::array::{Array, Element, Storage, each_dtype, shape_text};
use super::super::operators::truth;
use super::super::value::Value;
use super::arguments::{self, take, take_array};
use super::selection::brought_inside;
use super::{Builtin, kinds};
use crate::lang::{Error, Result};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    mutating!("np.put" "(a, ind, v, mode='raise')" kinds::none, Pure(|args| {
        let (indices, values, mode) = (take_array(args, 1)?, take_array(args, 2)?, take(args, 3));
        let n = length(&args[0])?;
        let indices = i64::storage(arguments::array(brought_inside(indices.into(), n, &mode)?)?)?;
        let places = indices.iter().map(|&i| super::super::indexing::axis_position(i, 0, n)).collect::<Result<Vec<_>>>()?;
        cycle(&mut args[0], values, places)
    }), "Sets the elements at some places of the flattened array, to values that are repeated as needed."),
    mutating!("np.putmask" "(a, mask, values)" kinds::none, Pure(|args| {
        let (mask, values) = (flags(args, 1)?, take_array(args, 2)?);
        same_size(&args[0], &mask)?;
        let count = values.len().max(1);
        assign(&mut args[0], values, (0..mask.len()).filter(|&at| mask[at]).map(|at| (at, at % count)))
    }), "Sets the elements where a mask holds, each to the value at its own place; values are repeated as needed."),
    mutating!("np.place" "(arr, mask, vals)" kinds::none, Pure(|args| {
        let (mask, values) = (flags(args, 1)?, take_array(args, 2)?);
        same_size(&args[0], &mask)?;
        let places: Vec<usize> = (0..mask.len()).filter(|&at| mask[at]).collect();
        if values.is_empty() && !places.is_empty() {
            return Err(Error::value("Cannot insert from an empty array!"));
        }
        cycle(&mut args[0], values, places)
    }), "Sets the elements where a mask holds to values in turn, which are repeated as needed."),
    mutating!("np.copyto" "(dst, src, casting='same_kind', where=True)" kinds::none, Pure(|args| {
        let (source, mask) = (take_array(args, 1)?, take(args, 3));
        let shape = super::creation::shape_of(&args[0]).to_vec();
        if let Some(dtype) = super::super::operators::dtype_of(&args[0])
            && source.dtype() > dtype
        {
            return Err(Error::type_(format!("cannot cast array data from {} to {} according to the rule 'same_kind'", source.dtype().name(), dtype.name())));
        }
        let mask = bool::storage(arguments::array(mask)?)?;
        let mask: Vec<bool> = super::shapes::broadcast_to(mask, &shape)?.iter().copied().collect();
        let source: Array = each_dtype!(source, a => super::shapes::broadcast_to(a, &shape)?.into());
        assign(&mut args[0], source, (0..mask.len()).filter(|&at| mask[at]).map(|at| (at, at)))
    }), "Sets all elements, or those where a mask holds, to those of another array, broadcast."),
    mutating!("np.fill_diagonal" "(a, val, wrap=False)" kinds::none, Pure(|args| {
        let (values, wrap) = (take_array(args, 1)?, truth(&args[2])?);
        let shape = super::creation::shape_of(&args[0]).to_vec();
        let (step, end) = match shape[..] {
            [] | [_] => return Err(Error::value("array must be at least 2-d")),
            [_, columns] => (columns + 1, if wrap { usize::MAX } else { columns * columns }),
            [first, ..] if shape.iter().all(|&n| n == first) => {
                let step = shape[1..].iter().rev().fold((1, 1), |(sum, product), n| (sum + product * n, product * n)).0;
                (step, usize::MAX)
            }
            _ => return Err(Error::value("All dimensions of input must be of equal length")),
        };
        let places = (0..length(&args[0])?.min(end)).step_by(step).collect();
        cycle(&mut args[0], values, places)
    }), "Sets the main diagonal to values, which are repeated as needed."),
    mutating!("np.put_along_axis" "(arr, indices, values, axis=-1)" kinds::none, Pure(|args| {
        let (indices, values, axis) = (i64::storage(take_array(args, 1)?)?, take_array(args, 2)?, take(args, 3));
        let shape = super::creation::shape_of(&args[0]).to_vec();
        let (shape, axis) = match axis {
            Value::None => (vec![shape.iter().product()], 0),
            axis => {
                let axis = arguments::axis(&axis, shape.len())?;
                (shape, axis)
            }
        };
        if indices.ndim() != shape.len() {
            return Err(Error::value("`indices` and `arr` must have the same number of dimensions"));
        }
        let mut picked = shape.clone();
        picked[axis] = indices.shape()[axis];
        let indices = super::shapes::broadcast_to(indices, &picked)?;
        let values: Array = each_dtype!(values, a => super::shapes::broadcast_to(a, &picked)?.into());
        let mut places = Vec::with_capacity(indices.len());
        for (at, &i) in indices.indexed_iter() {
            let i = super::super::indexing::axis_position(i, axis, shape[axis])?;
            let at = ndarray::Dimension::slice(&at);
            let place = (0..shape.len()).fold(0, |place, k| place * shape[k] + if k == axis { i } else { at[k] });
            places.push(place);
        }
        cycle(&mut args[0], values, places)
    }), "For each line along an axis, sets its elements at the indices of the same line."),
];

fn flags(args: &mut [Value], at: usize) -> Result<Vec<bool>> {
    Ok(bool::storage(take_array(args, at)?)?.iter().copied().collect())
}

fn length(place: &Value) -> Result<usize> {
    match place {
        Value::Array(array) => Ok(array.len()),
        other => Err(not_an_array(other)),
    }
}

fn not_an_array(value: &Value) -> Error {
    Error::type_(format!("an array is needed whose elements can be set, not {}", value.type_name()))
}

fn same_size(place: &Value, mask: &[bool]) -> Result<()> {
    match place {
        Value::Array(array) if array.len() != mask.len() => Err(Error::value(format!(
            "mask and data must be the same size: the mask has {} elements, the array has shape {}",
            mask.len(),
            shape_text(array.shape())
        ))),
        _ => Ok(()),
    }
}

/// Sets elements of the flattened array: pairs of a place and the number of the value.
fn assign(place: &mut Value, values: Array, pairs: impl Iterator<Item = (usize, usize)>) -> Result<Value> {
    let Value::Array(array) = place else { return Err(not_an_array(place)) };
    let array = std::sync::Arc::make_mut(array);
    match array {
        Array::Float(a) => set(a, values, pairs)?,
        Array::Int(a) => set(a, values, pairs)?,
        Array::Bool(a) => set(a, values, pairs)?,
    }
    Ok(Value::None)
}

fn set<T: Element>(a: &mut Storage<T>, values: Array, pairs: impl Iterator<Item = (usize, usize)>) -> Result<()> {
    let values: Vec<T> = T::storage(values)?.iter().copied().collect();
    if !a.is_standard_layout() {
        *a = a.as_standard_layout().into_owned().into_shared();
    }
    if let Some(slots) = a.as_slice_mut() {
        for (place, value) in pairs {
            if let (Some(slot), Some(value)) = (slots.get_mut(place), values.get(value)) {
                *slot = *value;
            }
        }
    }
    Ok(())
}

/// Sets the elements at some places to values in turn.
fn cycle(place: &mut Value, values: Array, places: Vec<usize>) -> Result<Value> {
    let count = values.len().max(1);
    assign(place, values, places.into_iter().enumerate().map(|(k, place)| (place, k % count)))
}
