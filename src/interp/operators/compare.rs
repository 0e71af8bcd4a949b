//! Comparisons: elementwise on arrays, Python's on everything else.

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::array::Array;
use super::super::library::creation::array_of;
use super::super::value::{Value, View, ViewPart};
use super::arrays::{self, dtype_of};
use super::equality::{contains, equal, order, within};
use crate::lang::tree::CompareOp;
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// Python's `a op b` for one comparison.
pub fn compare(op: CompareOp, a: &Value, b: &Value) -> Result<Value> {
    if let (Value::Float(x), Value::Float(y)) = (a, b)
        && let Some(result) = partial(op, x, y)
    {
        return Ok(Value::Bool(result));
    }
    if let (Value::Int(x), Value::Int(y)) = (a, b)
        && let Some(result) = partial(op, x, y)
    {
        return Ok(Value::Bool(result));
    }
    match op {
        CompareOp::In => contains(b, a).map(Value::Bool),
        CompareOp::NotIn => contains(b, a).map(|found| Value::Bool(!found)),
        CompareOp::Is => Ok(Value::Bool(identical(a, b))),
        CompareOp::IsNot => Ok(Value::Bool(!identical(a, b))),
        _ => match (a, b) {
            (Value::Array(_), _) | (_, Value::Array(_)) => elementwise(op, a, b),
            (Value::View(x), Value::View(y)) if !matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                subset(op, x, y).map(Value::Bool)
            }
            _ => match op {
                CompareOp::Eq => equal(a, b).map(Value::Bool),
                CompareOp::Ne => equal(a, b).map(|same| Value::Bool(!same)),
                _ => {
                    let order =
                        order(a, b).map_err(|e| if e.message().is_empty() { unordered(op, a, b) } else { e })?;
                    Ok(Value::Bool(match op {
                        CompareOp::Lt => order == Some(Ordering::Less),
                        CompareOp::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                        CompareOp::Gt => order == Some(Ordering::Greater),
                        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                    }))
                }
            },
        },
    }
}

fn unordered(op: CompareOp, a: &Value, b: &Value) -> Error {
    Error::type_(format!("{} is not supported between {} and {}", op.text(), a.type_name(), b.type_name()))
}

/// The comparisons of views are those of sets.
fn subset(op: CompareOp, a: &View, b: &View) -> Result<bool> {
    if a.part == ViewPart::Values || b.part == ViewPart::Values {
        let names = (a.part.type_name(), b.part.type_name());
        return Err(Error::type_(format!("{} is not supported between {} and {}", op.text(), names.0, names.1)));
    }
    let (small, large) = if matches!(op, CompareOp::Lt | CompareOp::Le) { (a, b) } else { (b, a) };
    let proper = matches!(op, CompareOp::Lt | CompareOp::Gt);
    let fits = small.dict.len() + usize::from(proper) <= large.dict.len();
    Ok(fits && within(small, large)?)
}

fn partial<T: PartialOrd>(op: CompareOp, x: &T, y: &T) -> Option<bool> {
    Some(match op {
        CompareOp::Eq => x == y,
        CompareOp::Ne => x != y,
        CompareOp::Lt => x < y,
        CompareOp::Le => x <= y,
        CompareOp::Gt => x > y,
        CompareOp::Ge => x >= y,
        _ => return None,
    })
}

fn elementwise(op: CompareOp, a: &Value, b: &Value) -> Result<Value> {
    let operand = |value: &Value| match value {
        Value::List(_) | Value::Tuple(_) => array_of(value.clone()),
        other => Ok(other.clone()),
    };
    let (a, b) = (operand(a)?, operand(b)?);
    let (Some(p), Some(q)) = (dtype_of(&a), dtype_of(&b)) else {
        let shape = match (&a, &b) {
            (Value::Array(x), _) | (_, Value::Array(x)) => x.shape(),
            _ => &[],
        };
        return match op {
            CompareOp::Eq => Ok(super::super::array::filled(shape, false)?.into()),
            CompareOp::Ne => Ok(super::super::array::filled(shape, true)?.into()),
            _ => Err(unordered(op, &a, &b)),
        };
    };
    match p.max(q) {
        DType::Float => typed::<f64>(op, a, b),
        DType::Int => typed::<i64>(op, a, b),
        DType::Bool => typed::<bool>(op, a, b),
    }
}

fn typed<T: super::super::array::Element>(op: CompareOp, a: Value, b: Value) -> Result<Value> {
    match op {
        CompareOp::Eq => arrays::compare::<T>(a, b, |x, y| x == y),
        CompareOp::Ne => arrays::compare::<T>(a, b, |x, y| x != y),
        CompareOp::Lt => arrays::compare::<T>(a, b, |x, y| x < y),
        CompareOp::Le => arrays::compare::<T>(a, b, |x, y| x <= y),
        CompareOp::Gt => arrays::compare::<T>(a, b, |x, y| x > y),
        CompareOp::Ge => arrays::compare::<T>(a, b, |x, y| x >= y),
        _ => Err(Error::type_("not a comparison of elements")),
    }
}

/// Python's `is`, where it means something for values: `None`, truth values and the same object.
fn identical(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::DType(a), Value::DType(b)) => a == b,
        (Value::Module(a), Value::Module(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => Arc::<Array>::ptr_eq(a, b),
        (Value::Tuple(a), Value::Tuple(b)) => Arc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
        (Value::Dict(a), Value::Dict(b)) => Arc::ptr_eq(a, b),
        (Value::Function(_), Value::Function(_)) => equal(a, b).unwrap_or(false),
        _ => false,
    }
}
