//! Methods and attributes of arrays and numbers that are no functions of `np`.

use super::super::value::Value;
use super::arguments::{take, take_array, take_numeric};
use super::{Builtin, kinds};
use crate::interp::array::Element;
use crate::lang::Error;
use crate::sct::kind::{DType, Kind};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("array.dtype" "(a)" |_| Kind::Other, Pure(|args| Ok(Value::DType(take_array(args, 0)?.dtype()))), "The element type."),
    entry!("array.real" "(a)" kinds::same_number, Pure(|args| take_numeric(args, 0)), "The array itself."),
    entry!("array.imag" "(a)" kinds::same_number, Pure(|args| super::run_pure("np.zeros_like", &mut [take(args, 0), Value::None, Value::None])), "Zeros."),
    entry!("array.mT" "(a)" |args| match kinds::arg(args, 0) {
        kind @ Kind::Array(_, Some(2..), _) => kind.of_any_extents(),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        match a.ndim() {
            0 | 1 => Err(Error::value(format!("matrix transpose with ndim < 2 is undefined, and this array has {} axes", a.ndim()))),
            n => super::run_pure("np.swapaxes", &mut [a.into(), Value::Int(n as i64 - 2), Value::Int(n as i64 - 1)]),
        }
    }), "The matrices in the last two axes transposed."),
    entry!("array.itemsize" "(a)" kinds::int, Pure(|args| Ok(Value::Int(item_size(take_array(args, 0)?.dtype())))), "The number of bytes of an element."),
    entry!("array.nbytes" "(a)" kinds::int, Pure(|args| {
        let a = take_array(args, 0)?;
        Ok(Value::Int(item_size(a.dtype()) * a.len() as i64))
    }), "The number of bytes of the elements."),
    entry!("array.compress" "(a, condition, axis=None)" kinds::any, Pure(|args| {
        let (a, condition, axis) = (take(args, 0), take(args, 1), take(args, 2));
        super::run_pure("np.compress", &mut [condition, a, axis])
    }), "The slices along an axis for which a condition holds."),
    entry!("array.tolist" "(a)" |args| match kinds::arg(args, 0) {
        kind if kind.is_scalar() => kind,
        Kind::Array(dtype, Some(1), _) => Kind::ListOf(std::sync::Arc::new(dtype.scalar())),
        _ => Kind::Any,
    }, Pure(|args| super::creating::to_list(&args[0])), "The elements as lists, nested by axes."),
    entry!("array.item" "(a, *index)" |args| match (kinds::arg(args, 0).dtype(), kinds::arg(args, 1)) {
        (Some(dtype), Kind::Tuple(_)) => dtype.scalar(),
        _ => Kind::Any,
    }, Pure(|args| match take(args, 1) {
        Value::Tuple(index) if index.is_empty() => take_array(args, 0)?
            .only()
            .ok_or_else(|| Error::value("can only convert an array of size 1 to a number")),
        Value::Tuple(index) if index.len() == 1 => {
            let flat = super::shapes::reshape(take_array(args, 0)?, &[-1], &Value::None)?;
            super::super::indexing::get(&flat, &index[0])
        }
        index => super::super::indexing::get(&args[0], &index),
    }), "The only element, or the one at an index."),
    mutating!("array.sort" "(a, axis=-1, kind=None, *, stable=None)" kinds::none, Pure(|args| {
        let (axis, kind, stable) = (take(args, 1), take(args, 2), take(args, 3));
        args[0] = super::run_pure("np.sort", &mut [args[0].clone(), axis, kind, stable])?;
        Ok(Value::None)
    }), "Sorts in place, ascending, along an axis."),
    mutating!("array.partition" "(a, kth, axis=-1)" kinds::none, Pure(|args| {
        let places = i64::storage(take_array(args, 1)?)?;
        let axis = take(args, 2);
        let shape = super::creation::shape_of(&args[0]).to_vec();
        let n = match &axis {
            Value::None => shape.iter().product(),
            axis => shape[super::arguments::axis(axis, shape.len())?],
        } as i64;
        if n > 0 && let Some(kth) = places.iter().find(|&&kth| kth < -n || kth >= n) {
            return Err(Error::value(format!("kth(={kth}) out of bounds ({n})")));
        }
        args[0] = super::run_pure("np.sort", &mut [args[0].clone(), axis, Value::None, Value::None])?;
        Ok(Value::None)
    }), "Brings the elements along an axis in an order in which the kth stands where it would in the sorted array. (This one is the sorted order.)"),
    mutating!("array.put" "(a, indices, values, mode='raise')" kinds::none, Pure(|args| super::run_pure("np.put", args)), "Sets the elements at some places of the flattened array, to values that are repeated as needed."),
    mutating!("array.fill" "(a, value)" kinds::none, Pure(|args| {
        let value = match take(args, 1) {
            Value::Array(_) => return Err(Error::value("fill needs one number, not an array")),
            Value::List(_) | Value::Tuple(_) => return Err(Error::type_("fill needs a number, not a sequence")),
            value => value,
        };
        super::super::indexing::set(&mut args[0], &Value::Ellipsis, value)?;
        Ok(Value::None)
    }), "Sets all elements."),
    entry!("array.is_integer" "(a)" kinds::bool, Pure(|args| match &args[0] {
        Value::Float(x) => Ok(Value::Bool(x.fract() == 0.0)),
        Value::Int(_) | Value::Bool(_) => Ok(Value::Bool(true)),
        _ => Err(Error::type_("is_integer needs a number")),
    }), "Whether a number is integral."),
    entry!("np.array_repr" "(arr)" kinds::str, Pure(|args| Ok(Value::str(super::super::display::repr(&take_numeric(args, 0)?)))), "An array as a program would write it.\n\n>>> np.array_repr(np.array([1, 2]))\n'array([1, 2])'"),
    entry!("np.array_str" "(a)" kinds::str, Pure(|args| Ok(Value::str(super::super::display::str(&take_numeric(args, 0)?)))), "An array as `print` shows it.\n\n>>> np.array_str(np.array([1, 2]))\n'[1 2]'"),
    entry!("np.ndarray" "(shape)" kinds::any, Pure(|_| Err(Error::type_("np.ndarray is only used in isinstance").hint("use np.zeros(…) or np.array(…)"))), "The type of arrays."),
];

fn item_size(dtype: DType) -> i64 {
    if dtype == DType::Bool { 1 } else { 8 }
}
