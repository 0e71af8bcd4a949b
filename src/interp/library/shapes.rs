//! The same elements in another shape or order of axes.

use std::cmp::Ordering;

use ndarray::{ArrayD, Axis, IxDyn};

use super::super::array::{Array, Element, Storage, each_dtype, shape_len, shape_text};
use super::super::elementwise::fits;
use super::super::value::Value;
use super::arguments::{self, array_kind, shape_rank, take_array};
use super::{Builtin, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.reshape" "(a, /, shape, order='C')" |args| array_kind(kinds::arg(args, 0).dtype(), shape_rank(&kinds::arg(args, 1))), Pure(|args| {
        let a = take_array(args, 0)?;
        reshape(a, &arguments::ints(&args[1], "a length of a shape")?, &args[2])
    }), "The elements, row by row, in another shape; one length may be -1."),
    entry!("array.reshape" "(a, *shape, order='C')" |args| match kinds::arg(args, 1) {
        Kind::Tuple(items) => array_kind(kinds::arg(args, 0).dtype(), match &items[..] {
            [one] => shape_rank(one),
            several => Some(several.len()),
        }),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        reshape(a, &arguments::ints(&one_or_many(&args[1]), "a length of a shape")?, &args[2])
    }), "The elements, row by row, in another shape."),
    entry!("np.ravel" "(a, order='C')" flat_kind, Pure(|args| {
        let a = take_array(args, 0)?;
        reshape(a, &[-1], &args[1])
    }), "The elements, row by row, in one axis."),
    entry!("array.flatten" "(a, order='C')" flat_kind, Pure(|args| {
        let a = take_array(args, 0)?;
        reshape(a, &[-1], &args[1])
    }), "The elements, row by row, in one axis."),
    entry!("np.transpose" "(a, axes=None)" kinds::transposed, Pure(|args| {
        let a = take_array(args, 0)?;
        transpose(a, args.get(1).unwrap_or(&Value::None))
    }), "The axes reversed, or in a given order."),
    entry!("array.transpose" "(a, *axes)" kinds::permuted, Pure(|args| {
        let a = take_array(args, 0)?;
        let axes = match one_or_many(&args[1]) {
            Value::Tuple(axes) if axes.is_empty() => Value::None,
            axes => axes,
        };
        transpose(a, &axes)
    }), "The axes reversed, or in a given order."),
    entry!("np.swapaxes" "(a, axis1, axis2)" kinds::swapped, Pure(|args| {
        let a = take_array(args, 0)?;
        let (m, n) = (arguments::axis(&args[1], a.ndim())?, arguments::axis(&args[2], a.ndim())?);
        let mut order: Vec<usize> = (0..a.ndim()).collect();
        order.swap(m, n);
        Ok(permute(a, &order))
    }), "Two axes exchanged."),
    entry!("np.moveaxis" "(a, source, destination)" kinds::permuted, Pure(|args| {
        let a = take_array(args, 0)?;
        let from = arguments::axes_in_order(&args[1], a.ndim())?;
        let to = arguments::axes_in_order(&args[2], a.ndim())?;
        if from.len() != to.len() {
            return Err(Error::value("source and destination must have the same number of axes"));
        }
        let mut order: Vec<usize> = (0..a.ndim()).filter(|axis| !from.contains(axis)).collect();
        let mut moves: Vec<_> = to.into_iter().zip(from).collect();
        moves.sort_unstable();
        for (to, from) in moves {
            order.insert(to, from);
        }
        Ok(permute(a, &order))
    }), "Axes moved to other places, the rest in their order."),
    entry!("np.expand_dims" "(a, axis)" |args| {
        let a = kinds::arg(args, 0);
        match (a.dtype(), a.rank(), kinds::arg(args, 1)) {
            (Some(dtype), Some(rank), Kind::Int) => match kinds::literal(args, 1).and_then(|axis| kinds::axes_of(axis, rank + 1)) {
                Some(new) => kinds::with_axes(&a, (0..rank + 1).map(|axis| match axis.cmp(&new[0]) {
                    Ordering::Less => Some(axis),
                    Ordering::Equal => None,
                    Ordering::Greater => Some(axis - 1),
                })),
                None => Kind::array(dtype, Some(rank + 1)),
            },
            (Some(dtype), Some(rank), Kind::Tuple(axes) | Kind::List(axes)) => Kind::array(dtype, Some(rank + axes.len())),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let mut a = take_array(args, 0)?;
        let count = match &args[1] {
            Value::Tuple(axes) => axes.len(),
            Value::List(axes) => axes.len(),
            _ => 1,
        };
        for axis in arguments::axes(&args[1], a.ndim() + count)? {
            a = each_dtype!(a, a => a.insert_axis(Axis(axis)).into());
        }
        Ok(a.into())
    }), "New axes of length one, at these places of the result."),
    entry!("np.squeeze" "(a, axis=None)" |args| {
        let a = kinds::arg(args, 0);
        match (&a, a.rank(), kinds::arg(args, 1), kinds::literal(args, 1)) {
            (Kind::Bool | Kind::Int | Kind::Float, _, Kind::None, _) => a,
            (Kind::Array(dtype, ..), Some(rank), Kind::Int, None) => Kind::array(*dtype, Some(rank.saturating_sub(1))),
            (Kind::Array(..), Some(rank), _, Some(axes @ (Literal::Int(_) | Literal::Tuple(_)))) => match kinds::axes_of(axes, rank) {
                Some(gone) => kinds::with_axes(&a, (0..rank).filter(|axis| !gone.contains(axis)).map(Some)),
                None => Kind::Any,
            },
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let mut a = take_array(args, 0)?;
        let gone = match &args[1] {
            Value::None => a.shape().iter().enumerate().filter(|&(_, &n)| n == 1).map(|(axis, _)| axis).collect(),
            // A number has an axis for all who ask.
            Value::Int(0 | -1) if a.ndim() == 0 => Vec::new(),
            given => arguments::axes(given, a.ndim())?,
        };
        if gone.iter().any(|&axis| a.shape()[axis] != 1) {
            return Err(Error::value("cannot select an axis to squeeze out which has size not equal to one"));
        }
        for axis in gone.into_iter().rev() {
            a = each_dtype!(a, a => a.index_axis_move(Axis(axis), 0).into());
        }
        Ok(a.into())
    }), "Axes of length one dropped."),
    entry!("np.broadcast_to" "(array, shape)" |args| array_kind(kinds::arg(args, 0).dtype(), shape_rank(&kinds::arg(args, 1))), Pure(|args| {
        let a = take_array(args, 0)?;
        let shape = arguments::shape(&args[1])?;
        Ok(each_dtype!(a, a => broadcast_to(a, &shape)?.into()))
    }), "The elements repeated along axes of length one to fill a shape."),
    entry!("np.flip" "(m, axis=None)" kinds::same_number, Pure(|args| {
        let a = take_array(args, 0)?;
        let axes = arguments::axes(&args[1], a.ndim())?;
        Ok(flip(a, &axes).into())
    }), "The order of the elements along axes reversed."),
    entry!("np.fliplr" "(m)" kinds::same_number, Pure(|args| {
        let a = take_array(args, 0)?;
        let axis = arguments::axis_of(1, a.ndim())?;
        Ok(flip(a, &[axis]).into())
    }), "The columns in reverse order."),
    entry!("np.flipud" "(m)" kinds::same_number, Pure(|args| {
        let a = take_array(args, 0)?;
        let axis = arguments::axis_of(0, a.ndim())?;
        Ok(flip(a, &[axis]).into())
    }), "The rows in reverse order."),
    entry!("np.rot90" "(m, k=1, axes=(0, 1))" kinds::permuted, Pure(|args| {
        let a = take_array(args, 0)?;
        let turns = arguments::int(&args[1], "k")?.rem_euclid(4);
        let [m, n] = arguments::axes_in_order(&args[2], a.ndim())?[..] else {
            return Err(Error::value("rot90 needs two axes"));
        };
        let mut order: Vec<usize> = (0..a.ndim()).collect();
        order.swap(m, n);
        Ok(match turns {
            1 => permute(flip(a, &[n]), &order),
            2 => flip(a, &[m, n]).into(),
            3 => match permute(a, &order) {
                Value::Array(a) => flip(std::sync::Arc::unwrap_or_clone(a), &[n]).into(),
                other => other,
            },
            _ => a.into(),
        })
    }), "Turned by quarters in the plane of two axes."),
    entry!("np.shape" "(a)" |args| match kinds::arg(args, 0) {
        kind if kind.is_scalar() => Kind::Tuple([].into_iter().collect()),
        Kind::Array(_, Some(rank), _) | Kind::Factor(Some(rank)) => Kind::Tuple((0..rank).map(|_| Kind::Int).collect()),
        _ => Kind::Any,
    }, Pure(|args| {
        let lengths = |shape: &[usize]| Value::tuple(shape.iter().map(|&n| Value::Int(n as i64)).collect());
        Ok(match &args[0] {
            Value::Array(array) => lengths(array.shape()),
            Value::Factor(factor) => lengths(&factor.shape()),
            _ => lengths(take_array(args, 0)?.shape()),
        })
    }), "The lengths of the axes."),
    entry!("np.ndim" "(a)" kinds::int, Pure(|args| Ok(Value::Int(take_array(args, 0)?.ndim() as i64))), "The number of axes."),
    entry!("np.size" "(a, axis=None)" kinds::int, Pure(|args| {
        let a = take_array(args, 0)?;
        // As the attribute `x.size` it has one argument.
        let axes = arguments::axes(args.get(1).unwrap_or(&Value::None), a.ndim())?;
        Ok(Value::Int(axes.iter().map(|&axis| a.shape()[axis]).product::<usize>() as i64))
    }), "The number of elements, or the length of an axis."),
];

fn flat_kind(args: &[Operand]) -> Kind {
    array_kind(kinds::arg(args, 0).dtype(), Some(1))
}

/// The arguments of a star parameter: a single sequence stands for its items.
fn one_or_many(given: &Value) -> Value {
    match given {
        Value::Tuple(items) => match &items[..] {
            [one @ (Value::Tuple(_) | Value::List(_) | Value::None)] => one.clone(),
            _ => given.clone(),
        },
        other => other.clone(),
    }
}

/// The elements in another shape, in which one length may be -1.
pub(super) fn reshape(a: Array, shape: &[i64], order: &Value) -> Result<Value> {
    if let Value::Str(order) = order
        && order.as_str() == "F"
    {
        let reversed: Vec<i64> = shape.iter().rev().copied().collect();
        let columns = each_dtype!(a, a => Array::from(a.reversed_axes()));
        return match reshape(columns, &reversed, &Value::None)? {
            Value::Array(a) => Ok(each_dtype!(std::sync::Arc::unwrap_or_clone(a), a => a.reversed_axes().into())),
            other => Ok(other),
        };
    }
    let wrong = || {
        let text = shape.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let comma = if shape.len() == 1 { "," } else { "" };
        Error::shape(format!("cannot reshape array of size {} into shape ({text}{comma})", a.len()))
    };
    let known = shape
        .iter()
        .filter(|&&n| n != -1)
        .map(|&n| usize::try_from(n).map_err(|_| wrong()))
        .collect::<Result<Vec<_>>>()?;
    let product = shape_len(&known)?;
    let open = shape.len() - known.len();
    let missing = match open {
        0 => 1,
        1 if product > 0 && a.len().is_multiple_of(product) => a.len() / product,
        1 => return Err(wrong()),
        _ => return Err(Error::value("can only specify one unknown dimension")),
    };
    if product * missing != a.len() {
        return Err(wrong());
    }
    let full: Vec<usize> = shape.iter().map(|&n| if n == -1 { missing } else { n as usize }).collect();
    Ok(each_dtype!(a, a => reshaped(a, &full)?.into()))
}

/// The elements in another shape of the same size: a view where the layout allows.
pub(super) fn reshaped<T: Element>(a: Storage<T>, shape: &[usize]) -> Result<Storage<T>> {
    let failed = |_| Error::shape(format!("cannot reshape into {}", shape_text(shape)));
    if a.is_standard_layout() {
        return a.into_shape_with_order(IxDyn(shape)).map_err(failed);
    }
    let longer = |shape: &[usize]| shape.iter().copied().filter(|&n| n != 1).collect::<Vec<_>>();
    if longer(a.shape()) == longer(shape) {
        // Only axes of length one come and go.
        let mut a = a;
        for axis in (0..a.ndim()).rev().filter(|&axis| a.shape()[axis] == 1).collect::<Vec<_>>() {
            a = a.index_axis_move(Axis(axis), 0);
        }
        for (axis, _) in shape.iter().enumerate().filter(|&(_, &n)| n == 1) {
            a = a.insert_axis(Axis(axis));
        }
        return Ok(a);
    }
    super::super::array::from_elements(shape, a.iter().copied().collect()).map(ArrayD::into_shared)
}

fn transpose(a: Array, axes: &Value) -> Result<Value> {
    let order = match axes {
        Value::None => return Ok(each_dtype!(a, a => a.reversed_axes().into())),
        given => arguments::axes_in_order(given, a.ndim())?,
    };
    if order.len() != a.ndim() {
        return Err(Error::value(format!("axes don't match array: {} axes for an array of {}", order.len(), a.ndim())));
    }
    Ok(permute(a, &order))
}

fn permute(a: Array, order: &[usize]) -> Value {
    each_dtype!(a, a => a.permuted_axes(IxDyn(order)).into())
}

fn flip(a: Array, axes: &[usize]) -> Array {
    each_dtype!(a, a => {
        let mut a = a;
        for &axis in axes {
            a.invert_axis(Axis(axis));
        }
        a.into()
    })
}

/// The elements repeated along axes of length one to fill a shape.
pub(super) fn broadcast_to<T: Element>(a: Storage<T>, shape: &[usize]) -> Result<Storage<T>> {
    if a.shape() == shape {
        return Ok(a);
    }
    let len = shape_len(shape)?;
    if let Some(element) = a.first().filter(|_| a.len() == 1 && a.ndim() <= shape.len()) {
        return Ok(super::super::array::from_elements(shape, vec![*element; len])?.into_shared());
    }
    match a.broadcast(IxDyn(shape)) {
        Some(view) if fits(a.shape(), shape) => Ok(super::super::array::owned(&view).into_shared()),
        _ => Err(Error::shape(format!(
            "an array of shape {} could not be broadcast to shape {}",
            shape_text(a.shape()),
            shape_text(shape)
        ))),
    }
}
