//! Methods and attributes of arrays and numbers that are no functions of `np`.

use super::super::value::Value;
use super::arguments::{take, take_array, take_numeric};
use super::{Builtin, kinds};
use crate::lang::Error;
use crate::sct::kind::Kind;

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("array.dtype" "(a)" |_| Kind::Other, Pure(|args| Ok(Value::DType(take_array(args, 0)?.dtype()))), "The element type."),
    entry!("array.real" "(a)" kinds::same_number, Pure(|args| take_numeric(args, 0)), "The array itself."),
    entry!("array.tolist" "(a)" |args| match kinds::arg(args, 0) {
        kind if kind.is_scalar() => kind,
        Kind::Array(dtype, Some(1)) => Kind::ListOf(std::sync::Arc::new(dtype.scalar())),
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
    mutating!("array.sort" "(a, axis=-1)" kinds::none, Pure(|args| {
        let axis = take(args, 1);
        let sorted = super::run_pure("np.sort", &mut [take(args, 0), axis])?;
        args[0] = sorted;
        Ok(Value::None)
    }), "Sorts in place, ascending, along an axis."),
    mutating!("array.fill" "(a, value)" kinds::none, Pure(|args| {
        let value = take(args, 1);
        super::super::indexing::set(&mut args[0], &Value::Ellipsis, value)?;
        Ok(Value::None)
    }), "Sets all elements."),
    entry!("array.is_integer" "(a)" kinds::bool, Pure(|args| match &args[0] {
        Value::Float(x) => Ok(Value::Bool(x.fract() == 0.0)),
        Value::Int(_) | Value::Bool(_) => Ok(Value::Bool(true)),
        _ => Err(Error::type_("is_integer needs a number")),
    }), "Whether a number is integral."),
    entry!("np.ndarray" "(shape)" kinds::any, Pure(|_| Err(Error::type_("np.ndarray is only used in isinstance").hint("use np.zeros(…) or np.array(…)"))), "The type of arrays."),
];
