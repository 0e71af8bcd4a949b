//! Integers, slices and new axes: views without a copy.

use ndarray::{ArrayBase, ArrayViewD, ArrayViewMutD, Axis, Data, IxDyn, Slice};

use super::super::array::{Element, Storage};
use super::super::elementwise::fits;
use super::super::value::Value;
use super::sequences::slice_bounds;
use super::subscript::{Item, Subscript};
use super::with_broadcast;
use crate::lang::{Error, Result};

/// The view that the items of a basic subscript select of an array or of a view of it.
pub(super) fn view<S: Data>(mut a: ArrayBase<S, IxDyn>, subscript: &Subscript) -> Result<ArrayBase<S, IxDyn>> {
    let mut axis = 0;
    for item in &subscript.items {
        match item {
            Item::Index(i) => a = a.index_axis_move(Axis(axis), *i),
            Item::Slice(start, count, step) => {
                if (*start, *count, *step) != (0, a.shape()[axis], 1) {
                    a.slice_axis_inplace(Axis(axis), range(*start, *count, *step));
                }
                axis += 1;
            }
            Item::NewAxis => {
                a = a.insert_axis(Axis(axis));
                axis += 1;
            }
            Item::Gap => {}
            Item::Indices(_) | Item::Flag(_) => return Err(Error::index("not a basic subscript")),
        }
    }
    Ok(a)
}

/// ndarray's form of a slice: a range read forwards, reversed by a negative step.
pub(super) fn range(start: usize, count: usize, step: i64) -> Slice {
    if count == 0 {
        return Slice::new(0, Some(0), 1);
    }
    let span = (count - 1) as i64 * step;
    let last = start as i64 + span;
    let (low, high) = if step > 0 { (start as i64, last) } else { (last, start as i64) };
    Slice::new(low as isize, Some(high as isize + 1), step as isize)
}

/// Assigns to the elements that a basic subscript selects.
pub(super) fn assign<T: Element>(a: &mut Storage<T>, subscript: &Subscript, item: Storage<T>) -> Result<()> {
    // The shape is checked first: an error changes nothing.
    let shape = selected_shape(a, subscript)?;
    let mut failed = None;
    with_broadcast(item, &shape, |item| match view(a.view_mut(), subscript) {
        Ok(mut view) => row_by_row(&mut view, &item, <[T]>::copy_from_slice, |_, y| y),
        Err(error) => failed = Some(error),
    })?;
    failed.map_or(Ok(()), Err)
}

fn selected_shape<T: Element>(a: &Storage<T>, subscript: &Subscript) -> Result<Vec<usize>> {
    Ok(view(a.view(), subscript)?.shape().to_vec())
}

/// Applies an operation to the floats that a basic subscript selects and to an item, in place. How many they are,
/// if it could: not where the subscript is not basic or the item is no number or array of floats that can be broadcast to them.
pub(super) fn update(
    a: &mut Storage<f64>,
    index: &Value,
    f: impl Fn(f64, f64) -> f64,
    item: &Value,
) -> Result<Option<usize>> {
    if let Some(place) = super::element_place(a.shape(), index)? {
        let item = match item {
            Value::Float(x) => *x,
            Value::Int(i) => *i as f64,
            _ => return Ok(None),
        };
        let rank = a.ndim();
        if let Some(slot) = a.get_mut(IxDyn(&place[..rank])) {
            *slot = f(*slot, item);
        }
        return Ok(Some(1));
    }
    if let (Value::Slice(slice), Value::Array(array), 1) = (index, item, a.ndim())
        && let Some(item) = f64::elements(array).filter(|_| array.ndim() == 1)
        && let (start, count, 1) = slice_bounds(slice, a.len())?
        && count == item.len()
        && let Some(place) = a.as_slice_mut().and_then(|own| own.get_mut(start..start + count))
    {
        each_pair(place, item, &f);
        return Ok(Some(count));
    }
    let item = match item {
        Value::Float(x) => ndarray::arr0(*x).into_dyn().into_shared(),
        Value::Int(i) => ndarray::arr0(*i as f64).into_dyn().into_shared(),
        Value::Array(array) => match &**array {
            super::super::array::Array::Float(item) => item.clone(),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let subscript = Subscript::new(index, a.shape())?;
    if !subscript.is_basic() {
        return Ok(None);
    }
    let shape = selected_shape(a, &subscript)?;
    if !fits(item.shape(), &shape) {
        return Ok(None);
    }
    let mut failed = None;
    with_broadcast(item, &shape, |item| match view(a.view_mut(), &subscript) {
        Ok(mut view) => row_by_row(&mut view, &item, |place, item| each_pair(place, item, &f), &f),
        Err(error) => failed = Some(error),
    })?;
    failed.map_or_else(|| Ok(Some(shape.iter().product())), Err)
}

/// Changes each element by that at its place.
fn each_pair(place: &mut [f64], item: &[f64], f: impl Fn(f64, f64) -> f64) {
    place.iter_mut().zip(item).for_each(|(x, y)| *x = f(*x, *y));
}

/// Changes a part of an array by an item of its shape: by whole rows where those of both lie in order.
fn row_by_row<T: Element>(
    place: &mut ArrayViewMutD<'_, T>,
    item: &ArrayViewD<'_, T>,
    rows: impl Fn(&mut [T], &[T]),
    each: impl Fn(T, T) -> T,
) {
    if let (&[_, columns], &[_, 1], &[_, 1]) = (place.shape(), place.strides(), item.strides())
        && columns > 1
    {
        for (mut place, item) in place.outer_iter_mut().zip(item.outer_iter()) {
            if let (Some(place), Some(item)) = (place.as_slice_mut(), item.to_slice()) {
                rows(place, item);
            }
        }
        return;
    }
    place.zip_mut_with(item, |x, y| *x = each(*x, *y));
}
