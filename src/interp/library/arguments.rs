//! Reading arguments: integers, axes, shapes, element types.

use std::sync::Arc;

use super::super::array::Array;
use super::super::iteration;
use super::super::value::Value;
use super::elementwise::numeric;
use super::kinds;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, FunctionKind, Kind, Literal, Operand};

/// Takes an argument out of its place.
pub(super) fn take(args: &mut [Value], at: usize) -> Value {
    args.get_mut(at).map(std::mem::take).unwrap_or_default()
}

/// Takes a number, array or sequence of numbers; a number stays a number.
pub(super) fn take_numeric(args: &mut [Value], at: usize) -> Result<Value> {
    match numeric(take(args, at))? {
        value @ (Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Array(_)) => Ok(value),
        other => Err(Error::type_(format!("a number or an array is needed, not {}", other.type_name()))),
    }
}

/// Takes an array; a number becomes an array without axes.
pub(super) fn take_array(args: &mut [Value], at: usize) -> Result<Array> {
    array(take_numeric(args, at)?)
}

/// A number or array as an array; a number becomes an array without axes.
pub(super) fn array(value: Value) -> Result<Array> {
    Ok(match numeric(value)? {
        Value::Array(array) => Arc::unwrap_or_clone(array),
        Value::Float(x) => Array::Float(ndarray::arr0(x).into_dyn().into_shared()),
        Value::Int(i) => Array::Int(ndarray::arr0(i).into_dyn().into_shared()),
        Value::Bool(b) => Array::Bool(ndarray::arr0(b).into_dyn().into_shared()),
        other => return Err(Error::type_(format!("a number or an array is needed, not {}", other.type_name()))),
    })
}

/// An integer.
pub(super) fn int(value: &Value, what: &str) -> Result<i64> {
    match value {
        Value::Int(i) => Ok(*i),
        Value::Bool(b) => Ok(i64::from(*b)),
        Value::Array(array) if array.dtype() == DType::Int => match array.only() {
            Some(Value::Int(i)) => Ok(i),
            _ => Err(Error::type_(format!("{what} must be an integer"))),
        },
        Value::Float(_) => {
            Err(Error::type_(format!("{what} must be an integer, not float")).hint("convert it with int(…)"))
        }
        other => Err(Error::type_(format!("{what} must be an integer, not {}", other.type_name()))),
    }
}

/// A truth value.
pub(super) fn flag(value: &Value) -> Result<bool> {
    super::super::operators::truth(value)
}

/// An axis counted from the front.
pub(super) fn axis(value: &Value, rank: usize) -> Result<usize> {
    axis_of(int(value, "axis")?, rank)
}

/// An axis counted from the front.
pub(super) fn axis_of(axis: i64, rank: usize) -> Result<usize> {
    let at = if axis < 0 { axis + rank as i64 } else { axis };
    usize::try_from(at)
        .ok()
        .filter(|&at| at < rank)
        .ok_or_else(|| Error::index(format!("axis {axis} is out of bounds for array of dimension {rank}")))
}

/// Some axes, ascending, from an integer or a sequence; all from `None`.
pub(super) fn axes(value: &Value, rank: usize) -> Result<Vec<usize>> {
    match value {
        Value::None => Ok((0..rank).collect()),
        Value::Tuple(_) | Value::List(_) => {
            let mut axes = axes_in_order(value, rank)?;
            axes.sort_unstable();
            Ok(axes)
        }
        one => Ok(vec![axis(one, rank)?]),
    }
}

/// Some axes in the order given, none twice.
pub(super) fn axes_in_order(value: &Value, rank: usize) -> Result<Vec<usize>> {
    let axes = match value {
        Value::Tuple(_) | Value::List(_) | Value::Array(_) | Value::Range(_) => {
            iteration::elements(value)?.iter().map(|item| axis(item, rank)).collect::<Result<Vec<_>>>()?
        }
        one => vec![axis(one, rank)?],
    };
    if axes.iter().enumerate().any(|(at, a)| axes[..at].contains(a)) {
        return Err(Error::value("an axis is named twice"));
    }
    Ok(axes)
}

/// A shape from an integer or a sequence of integers.
pub(super) fn shape(value: &Value) -> Result<Vec<usize>> {
    let length = |value: &Value| {
        let n = int(value, "a length of a shape")?;
        usize::try_from(n).map_err(|_| Error::value("negative dimensions are not allowed"))
    };
    match value {
        Value::Tuple(_) | Value::List(_) | Value::Array(_) => iteration::elements(value)?.iter().map(length).collect(),
        one => Ok(vec![length(one)?]),
    }
}

/// Integers from one or from a sequence.
pub(super) fn ints(value: &Value, what: &str) -> Result<Vec<i64>> {
    match value {
        Value::Tuple(_) | Value::List(_) | Value::Array(_) | Value::Range(_) => {
            iteration::elements(value)?.iter().map(|item| int(item, what)).collect()
        }
        one => Ok(vec![int(one, what)?]),
    }
}

/// An element type, or none from `None`.
pub(super) fn dtype(value: &Value) -> Result<Option<DType>> {
    match value {
        Value::None => Ok(None),
        other => super::dtype_argument(other).map(Some),
    }
}

/// The element type that an argument names as far as its kind says; a default for `None`; none where it is unknown.
pub(super) fn dtype_kind(args: &[Operand], at: usize, default: Option<DType>) -> Option<DType> {
    match (kinds::arg(args, at), kinds::literal(args, at)) {
        (Kind::None, _) => default,
        (_, Some(Literal::Str(name))) => super::dtype_named(name).ok(),
        (Kind::Function(function), _) => match &*function {
            FunctionKind::Builtin(name) => super::dtype_named(name.as_str()).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The number of axes of a shape given as an argument, where it is known.
pub(super) fn shape_rank(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::Int | Kind::Bool => Some(1),
        Kind::Tuple(items) | Kind::List(items) => Some(items.len()),
        _ => None,
    }
}

/// An array of this rank, or unknown: an array of unknown rank may turn out to be a number.
pub(super) fn array_kind(dtype: Option<DType>, rank: Option<usize>) -> Kind {
    match (dtype, rank) {
        (Some(dtype), Some(rank)) => Kind::array(dtype, Some(rank)),
        _ => Kind::Any,
    }
}
