//! Subscripts: reading, writing and updating in place.

mod advanced;
mod basic;
mod sequences;
mod subscript;

use std::sync::Arc;

use ndarray::{Axis, IxDyn};

use super::array::{Array, Element, Storage, each_dtype, shape_text};
use super::operators;
use super::value::{Key, Value};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use subscript::Subscript;

pub(super) use sequences::missing_key;
pub use sequences::{delete, slice_bounds};
pub(crate) use subscript::nonzero;

/// `value[index]`.
pub fn get(value: &Value, index: &Value) -> Result<Value> {
    match value {
        Value::Array(array) => each_dtype!(&**array, a => array_get(a, index)),
        Value::List(list) => match index {
            Value::Int(i) => {
                list.get(position(*i, list.len(), "list")?).ok_or_else(|| Error::index("list index out of range"))
            }
            _ => sequences::get(value, index),
        },
        Value::Dict(dict) => match dict.get(&Key::new(index)?) {
            Some(item) => Ok(item.clone()),
            None => Err(missing_key(dict, index)),
        },
        _ => sequences::get(value, index),
    }
}

/// `value[index] = item`, in place where nobody else holds the value.
pub fn set(value: &mut Value, index: &Value, item: Value) -> Result<()> {
    match value {
        Value::Array(array) => match Arc::make_mut(array) {
            Array::Float(a) => array_set(a, index, item),
            Array::Int(a) => array_set(a, index, item),
            Array::Bool(a) => array_set(a, index, item),
        },
        Value::Dict(dict) => {
            let key = Key::new(index)?;
            Arc::make_mut(dict).insert(key, item);
            Ok(())
        }
        Value::List(list) => match index {
            Value::Int(i) => {
                let at = position(*i, list.len(), "list")?;
                Arc::make_mut(list).set(at, item);
                Ok(())
            }
            _ => sequences::set_list(Arc::make_mut(list), index, item),
        },
        other => Err(Error::type_(format!("{} does not support item assignment", other.type_name()))),
    }
}

/// Whether an index picks elements of an array into a copy, instead of showing a part of it.
pub fn picks(index: &Value) -> bool {
    match index {
        Value::Array(_) | Value::List(_) | Value::Bool(_) => true,
        Value::Tuple(items) => items.iter().any(picks),
        _ => false,
    }
}

/// `value[index] op= item`, in place where nobody else holds the value; the number of elements that were changed.
pub fn augment(value: &mut Value, index: &Value, op: BinaryOp, item: Value) -> Result<u64> {
    if let Value::Array(array) = value
        && let Array::Float(a) = Arc::make_mut(array)
        && let Some(changed) = match op {
            BinaryOp::Add => basic::update(a, index, |x, y| x + y, &item)?,
            BinaryOp::Sub => basic::update(a, index, |x, y| x - y, &item)?,
            BinaryOp::Mul => basic::update(a, index, |x, y| x * y, &item)?,
            BinaryOp::Div => basic::update(a, index, |x, y| x / y, &item)?,
            _ => None,
        }
    {
        return Ok(changed as u64);
    }
    let old = match &mut *value {
        // Taken, so that an element nobody else holds is changed in place.
        Value::Dict(dict) => match Arc::make_mut(dict).get_mut(&Key::new(index)?) {
            Some(slot) => {
                let old = std::mem::take(slot);
                let kept = if matches!(old, Value::Array(_) | Value::List(_)) { None } else { Some(old.clone()) };
                match operators::update(op, old, item) {
                    Ok(new) => {
                        *slot = new;
                        return Ok(1);
                    }
                    Err(error) => {
                        *slot = kept.unwrap_or_default();
                        return Err(error);
                    }
                }
            }
            None => return get(value, index).map(|_| 0),
        },
        value => get(value, index)?,
    };
    let new = operators::update(op, old, item)?;
    let changed = super::cost::size(&new);
    set(value, index, new)?;
    Ok(changed)
}

/// `np.add.at`: adds to the elements that an index selects, to one selected twice twice.
pub(crate) fn add_at(value: &mut Value, index: &Value, item: Value) -> Result<()> {
    let Value::Array(array) = value else {
        return Err(Error::type_(format!("np.add.at needs an array, not {}", value.type_name())));
    };
    if let Array::Float(a) = Arc::make_mut(array)
        && basic::update(a, index, |x, y| x + y, &item)?.is_some()
    {
        return Ok(());
    }
    let subscript = Subscript::new(index, array.shape())?;
    match Arc::make_mut(array) {
        Array::Float(a) => {
            let item = super::elementwise::Operand::<f64>::new(item)?.into_storage();
            if subscript.is_basic() {
                let sum = super::array::owned(&basic::view(a.view(), &subscript)?).into_shared();
                let sum = super::elementwise::zip_same(
                    super::elementwise::Operand::Array(sum),
                    super::elementwise::Operand::Array(item),
                    |x, y| x + y,
                )?;
                return basic::assign(a, &subscript, sum.into_storage());
            }
            advanced::scatter_with(a, subscript, item, |slot, x| *slot += x)
        }
        Array::Int(a) => {
            let item = super::elementwise::Operand::<i64>::new(item)?.into_storage();
            let overflow = std::cell::Cell::new(false);
            let add = |slot: &mut i64, x: i64| match slot.checked_add(x) {
                Some(sum) => *slot = sum,
                None => overflow.set(true),
            };
            if subscript.is_basic() {
                return augment(value, index, BinaryOp::Add, item.into()).map(|_| ());
            }
            advanced::scatter_with(a, subscript, item, add)?;
            if overflow.get() { Err(operators::scalars::overflow()) } else { Ok(()) }
        }
        Array::Bool(_) => Err(Error::type_("np.add.at needs an array of numbers")),
    }
}

/// The sub-array (or number) at an index of the first axis, which exists.
pub(super) fn first_axis<T: Element>(a: &Storage<T>, index: usize) -> Value
where
    Array: From<Storage<T>>,
{
    match a.as_slice() {
        Some(elements) if a.ndim() == 1 => elements[index].value(),
        _ if a.ndim() == 1 => a[IxDyn(&[index])].value(),
        _ => a.clone().index_axis_move(Axis(0), index).into(),
    }
}

/// The index of a sequence that an integer stands for.
pub(super) fn position(index: i64, len: usize, what: &str) -> Result<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    usize::try_from(at)
        .ok()
        .filter(|&at| at < len)
        .ok_or_else(|| Error::index(format!("{what} index {index} is out of range for length {len}")))
}

/// The index along an axis that an integer stands for.
pub(crate) fn axis_position(index: i64, axis: usize, len: usize) -> Result<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    usize::try_from(at)
        .ok()
        .filter(|&at| at < len)
        .ok_or_else(|| Error::index(format!("index {index} is out of bounds for axis {axis} with size {len}")))
}

/// The place of an element, where the index is integers for each of one or two axes.
fn element_place(shape: &[usize], index: &Value) -> Result<Option<[usize; 2]>> {
    Ok(match (shape, index) {
        (&[n], Value::Int(i)) => Some([axis_position(*i, 0, n)?, 0]),
        (&[m, n], Value::Tuple(items)) => match items[..] {
            [Value::Int(i), Value::Int(j)] => Some([axis_position(i, 0, m)?, axis_position(j, 1, n)?]),
            _ => None,
        },
        _ => None,
    })
}

/// The part of a number that an index without integers selects.
fn number_get<T: Element>(x: T, index: &Value) -> Result<Value>
where
    Array: From<Storage<T>>,
{
    let lone = ndarray::arr0(x).into_dyn().into_shared();
    let subscript = Subscript::new(index, &[]).map_err(|error| match index {
        Value::Tuple(_) => error,
        _ => Error::type_(format!("{} cannot be indexed", x.value().type_name())),
    })?;
    Ok(if subscript.is_basic() {
        basic::view(lone, &subscript)?.into()
    } else {
        advanced::gather(&lone, subscript)?.into()
    })
}

fn array_get<T: Element>(a: &Storage<T>, index: &Value) -> Result<Value>
where
    Array: From<Storage<T>>,
{
    if let Some(place) = element_place(a.shape(), index)? {
        return a.get(IxDyn(&place[..a.ndim()])).map(|x| x.value()).ok_or_else(|| Error::index("index out of bounds"));
    }
    if let Value::Int(i) = index {
        return Ok(first_axis(a, axis_position(*i, 0, a.shape()[0])?));
    }
    if let (Value::Slice(slice), 1) = (index, a.ndim()) {
        let (start, count, step) = slice_bounds(slice, a.len())?;
        let mut part = a.clone();
        part.slice_axis_inplace(Axis(0), basic::range(start, count, step));
        return Ok(part.into());
    }
    let subscript = Subscript::new(index, a.shape())?;
    Ok(if subscript.is_basic() {
        basic::view(a.clone(), &subscript)?.into()
    } else {
        advanced::gather(a, subscript)?.into()
    })
}

fn array_set<T: Element>(a: &mut Storage<T>, index: &Value, item: Value) -> Result<()> {
    if let (Some(place), Value::Float(_) | Value::Int(_) | Value::Bool(_)) = (element_place(a.shape(), index)?, &item) {
        let item = T::scalar(&item)?;
        let rank = a.ndim();
        if let Some(slot) = a.get_mut(IxDyn(&place[..rank])) {
            *slot = item;
        }
        return Ok(());
    }
    if let (Value::Slice(slice), Value::Array(array), 1) = (index, &item, a.ndim())
        && let Some(item) = T::elements(array).filter(|_| array.ndim() == 1)
        && let (start, count, 1) = slice_bounds(slice, a.len())?
        && count == item.len()
        && let Some(place) = a.as_slice_mut().and_then(|own| own.get_mut(start..start + count))
    {
        place.copy_from_slice(item);
        return Ok(());
    }
    let item = match item {
        Value::Array(array) => T::storage(Arc::unwrap_or_clone(array))?,
        sequence @ (Value::List(_) | Value::Tuple(_)) => match super::library::creation::array_of(sequence)? {
            Value::Array(array) => T::storage(Arc::unwrap_or_clone(array))?,
            number => ndarray::arr0(T::scalar(&number)?).into_dyn().into_shared(),
        },
        number => ndarray::arr0(T::scalar(&number)?).into_dyn().into_shared(),
    };
    if item.ndim() > 1 && is_whole_mask(index, a.ndim()) {
        return Err(Error::shape(format!(
            "what is assigned to the elements where a mask holds must have one axis at most, and this has {}",
            item.ndim()
        )));
    }
    let subscript = Subscript::new(index, a.shape())?;
    if subscript.is_basic() { basic::assign(a, &subscript, item) } else { advanced::scatter(a, subscript, item) }
}

/// Whether an index is one mask for all axes.
fn is_whole_mask(index: &Value, rank: usize) -> bool {
    match index {
        Value::Array(mask) => matches!(&**mask, Array::Bool(mask) if mask.ndim() == rank),
        Value::Tuple(items) => items.len() == 1 && is_whole_mask(&items[0], rank),
        _ => false,
    }
}

/// Runs `f` on a value to be assigned, broadcast to the shape of its place; axes of length one may lead it.
fn with_broadcast<T: Element>(
    item: Storage<T>,
    shape: &[usize],
    f: impl FnOnce(ndarray::ArrayViewD<'_, T>),
) -> Result<()> {
    let mut stripped = item.clone();
    while stripped.ndim() > shape.len() && stripped.shape()[0] == 1 {
        stripped = stripped.index_axis_move(Axis(0), 0);
    }
    match stripped.broadcast(IxDyn(shape)) {
        Some(view) => f(view),
        None if shape.is_empty() => {
            let shape = shape_text(item.shape());
            return Err(Error::shape(format!("an element of an array cannot be set to an array of shape {shape}")));
        }
        None => {
            return Err(Error::shape(format!(
                "could not broadcast a value of shape {} into a place of shape {}",
                shape_text(item.shape()),
                shape_text(shape)
            )));
        }
    }
    Ok(())
}
