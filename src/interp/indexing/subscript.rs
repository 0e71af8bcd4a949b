//! What an array is indexed with: the items of the subscript, one list for all axes.

use std::sync::Arc;

use ndarray::ArrayD;

use super::super::array::{Array, Storage, shape_text};
use super::super::value::Value;
use super::sequences::slice_bounds;
use crate::lang::{Error, Result};

/// What happens to one axis (or makes one), in order.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// One index of the axis, which is dropped; checked.
    Index(usize),
    /// Some indices of the axis: the first, how many, the step.
    Slice(usize, usize, i64),
    /// A new axis of length one.
    NewAxis,
    /// An ellipsis that stands for no axis: it still keeps the arrays at its sides apart.
    Gap,
    /// A lone truth value: a new axis of which all or nothing is taken.
    Flag(bool),
    /// An array of indices of the axis; checked and not negative.
    Indices(ArrayD<usize>),
}

/// A subscript, fitted to the shape of the array: every axis has its item.
#[derive(Debug)]
pub(super) struct Subscript {
    /// In order.
    pub items: Vec<Item>,
}

impl Subscript {
    /// The subscript that a value stands for.
    pub fn new(index: &Value, shape: &[usize]) -> Result<Subscript> {
        let given: &[Value] = match index {
            Value::Tuple(items) => items,
            one => std::slice::from_ref(one),
        };
        let mut used = 0;
        let mut ellipses = 0;
        for item in given {
            match item {
                Value::None | Value::Bool(_) => {}
                Value::Ellipsis => ellipses += 1,
                Value::Array(a) if matches!(**a, Array::Bool(_)) => used += a.ndim(),
                _ => used += 1,
            }
        }
        if ellipses > 1 {
            return Err(Error::index("an index can only have a single ellipsis (...)"));
        }
        if used > shape.len() {
            return Err(Error::index(format!(
                "too many indices for array: the array has {} axes, but {used} were indexed",
                shape.len()
            )));
        }
        let rest = shape.len() - used;
        let mut items = Vec::with_capacity(given.len() + rest);
        let mut axis = 0;
        let whole = |items: &mut Vec<Item>, axis: &mut usize, count: usize| {
            for _ in 0..count {
                items.push(Item::Slice(0, shape[*axis], 1));
                *axis += 1;
            }
        };
        for item in given {
            match item {
                Value::None => items.push(Item::NewAxis),
                Value::Bool(flag) => items.push(Item::Flag(*flag)),
                Value::Ellipsis if rest == 0 => items.push(Item::Gap),
                Value::Ellipsis => whole(&mut items, &mut axis, rest),
                Value::Int(i) => {
                    items.push(Item::Index(super::axis_position(*i, axis, shape[axis])?));
                    axis += 1;
                }
                Value::Slice(slice) => {
                    let (start, count, step) = slice_bounds(slice, shape[axis])?;
                    items.push(Item::Slice(start, count, step));
                    axis += 1;
                }
                Value::Array(array) => axis += arrays(&mut items, array, axis, shape)?,
                Value::List(_) | Value::Range(_) | Value::Tuple(_) => {
                    match super::super::library::creation::array_of(item.clone())? {
                        Value::Array(array) if array.is_empty() => {
                            items.push(Item::Indices(ArrayD::from_elem(array.shape(), 0)));
                            axis += 1;
                        }
                        Value::Array(array) => axis += arrays(&mut items, &array, axis, shape)?,
                        _ => return Err(wrong_index(item)),
                    }
                }
                other => return Err(wrong_index(other)),
            }
        }
        if ellipses == 0 {
            whole(&mut items, &mut axis, rest);
        }
        Ok(Subscript { items })
    }

    /// Whether the result is a view.
    pub fn is_basic(&self) -> bool {
        !self.items.iter().any(|item| matches!(item, Item::Indices(_) | Item::Flag(_)))
    }
}

fn wrong_index(value: &Value) -> Error {
    let error = Error::index(format!(
        "only integers, slices, ..., None and arrays or lists of integers or bools are indices, not {}",
        value.type_name()
    ));
    if matches!(value, Value::Float(_)) { error.hint("convert it with int(…)") } else { error }
}

/// Adds the items of an array of integers or a mask; says how many axes they take.
fn arrays(items: &mut Vec<Item>, array: &Arc<Array>, axis: usize, shape: &[usize]) -> Result<usize> {
    match &**array {
        Array::Int(indices) => {
            items.push(Item::Indices(checked(indices, axis, shape[axis])?));
            Ok(1)
        }
        Array::Bool(mask) => {
            for (at, (&n, &len)) in mask.shape().iter().zip(&shape[axis..]).enumerate() {
                if n != len {
                    return Err(Error::index(format!(
                        "boolean index did not match indexed array along axis {}; size of axis is {len} but size of corresponding boolean axis is {n}",
                        axis + at
                    ))
                    .hint(format!("the mask has shape {}, the array {}", shape_text(mask.shape()), shape_text(shape))));
                }
            }
            let places = nonzero(mask);
            let rank = mask.ndim();
            items.extend(
                places.into_iter().map(|p| Item::Indices(ArrayD::from_shape_vec(vec![p.len()], p).unwrap_or_default())),
            );
            Ok(rank)
        }
        Array::Float(_) => Err(Error::index("arrays used as indices must be of integer or boolean type, not float64")
            .hint("convert them with .astype(int)")),
    }
}

fn checked(indices: &Storage<i64>, axis: usize, len: usize) -> Result<ArrayD<usize>> {
    let mut wrong = None;
    let result = indices.map(|&i| {
        let at = if i < 0 { i.wrapping_add(len as i64) } else { i };
        match usize::try_from(at) {
            Ok(at) if at < len => at,
            _ => {
                wrong.get_or_insert(i);
                0
            }
        }
    });
    match wrong {
        Some(i) => super::axis_position(i, axis, len).map(|_| result),
        None => Ok(result),
    }
}

/// The indices along each axis of the elements that are true, in row-major order.
pub(crate) fn nonzero(mask: &Storage<bool>) -> Vec<Vec<usize>> {
    let rank = mask.ndim();
    if rank == 1 {
        return vec![mask.iter().enumerate().filter(|&(_, &hit)| hit).map(|(i, _)| i).collect()];
    }
    let mut places = vec![Vec::new(); rank];
    for (at, &hit) in mask.indexed_iter() {
        if hit {
            for (axis, list) in places.iter_mut().enumerate() {
                list.push(at[axis]);
            }
        }
    }
    places
}
