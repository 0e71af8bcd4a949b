//! Operators on arrays: NumPy's promotion and broadcasting; integer overflow is an error.

use std::sync::Arc;

use super::super::array::{Array, Element};
use super::super::elementwise::{Operand, map, map_same, zip, zip_many, zip_same};
use super::super::value::Value;
use super::scalars::{float_floor_div, float_mod, int_floor_div, int_mod, int_pow, overflow};
use super::{in_order, unsupported};
use crate::lang::tree::{BinaryOp, UnaryOp};
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// The element type of a number or an array.
pub(crate) fn dtype_of(value: &Value) -> Option<DType> {
    match value {
        Value::Bool(_) => Some(DType::Bool),
        Value::Int(_) => Some(DType::Int),
        Value::Float(_) => Some(DType::Float),
        Value::Array(array) => Some(array.dtype()),
        _ => None,
    }
}

/// An operator of which at least one operand is an array and the other an array or a number.
pub(super) fn binary(op: BinaryOp, mut a: Value, mut b: Value) -> Result<Value> {
    let lent = |value| in_order::Lent { value, taken: true };
    if let Some(result) = in_order::binary(op, lent(&mut a), lent(&mut b)) {
        return Ok(result);
    }
    let dtype = dtype_of(&a).max(dtype_of(&b)).unwrap_or(DType::Float);
    match (op, dtype) {
        (BinaryOp::Div, _) => float(op, a, b),
        (
            BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftLeft
            | BinaryOp::ShiftRight
            | BinaryOp::MatMul,
            DType::Float,
        ) => Err(Error::type_(format!("{} is not defined for arrays of floats", op.text()))),
        (_, DType::Float) => float(op, a, b),
        (BinaryOp::Add | BinaryOp::BitOr, DType::Bool) => bools(a, b, |x, y| x | y),
        (BinaryOp::Mul | BinaryOp::BitAnd, DType::Bool) => bools(a, b, |x, y| x & y),
        (BinaryOp::BitXor, DType::Bool) => bools(a, b, |x, y| x ^ y),
        (BinaryOp::Sub, DType::Bool) => {
            Err(Error::type_("boolean arrays cannot be subtracted").hint("use ^ or np.logical_xor(…)"))
        }
        _ => int(op, a, b),
    }
}

fn float(op: BinaryOp, a: Value, b: Value) -> Result<Value> {
    let (x, y) = (Operand::<f64>::new(a)?, Operand::<f64>::new(b)?);
    // One loop an operator, so that each is compiled for its own.
    Ok(match op {
        BinaryOp::Add => zip_same(x, y, |x, y| x + y)?,
        BinaryOp::Sub => zip_same(x, y, |x, y| x - y)?,
        BinaryOp::Mul => zip_same(x, y, |x, y| x * y)?,
        BinaryOp::Div => zip_same(x, y, |x, y| x / y)?,
        BinaryOp::FloorDiv => zip_same(x, y, float_floor_div)?,
        BinaryOp::Mod => zip_same(x, y, float_mod)?,
        BinaryOp::Pow => match y {
            Operand::Scalar(2.0) => map_same(x, |x| x * x),
            Operand::Scalar(0.5) => map_same(x, f64::sqrt),
            Operand::Scalar(-1.0) => map_same(x, f64::recip),
            y => zip_many(x, y, &crate::vector::POW)?,
        },
        _ => return Err(Error::type_(format!("{} is not defined for floats", op.text()))),
    }
    .into())
}

fn bools(a: Value, b: Value, f: fn(bool, bool) -> bool) -> Result<Value> {
    Ok(zip_same(Operand::<bool>::new(a)?, Operand::new(b)?, f)?.into())
}

fn int(op: BinaryOp, a: Value, b: Value) -> Result<Value> {
    let (x, y) = (Operand::<i64>::new(a)?, Operand::<i64>::new(b)?);
    let mut fits = true;
    let mut check = |result: Option<i64>| {
        fits &= result.is_some();
        result.unwrap_or(0)
    };
    let result = match op {
        BinaryOp::Add => zip_same(x, y, |x, y| check(x.checked_add(y)))?,
        BinaryOp::Sub => zip_same(x, y, |x, y| check(x.checked_sub(y)))?,
        BinaryOp::Mul => zip_same(x, y, |x, y| check(x.checked_mul(y)))?,
        // As in NumPy, division by zero gives zero in an array of integers.
        BinaryOp::FloorDiv => zip_same(x, y, |x, y| if y == 0 { 0 } else { check(int_floor_div(x, y)) })?,
        BinaryOp::Mod => zip_same(x, y, |x, y| if y == 0 { 0 } else { int_mod(x, y) })?,
        BinaryOp::Pow => {
            let mut negative = false;
            let powers = zip_same(x, y, |x, y| {
                negative |= y < 0;
                check(if y < 0 { Some(0) } else { int_pow(x, y) })
            })?;
            if negative {
                return Err(Error::value("integers to negative integer powers are not allowed in arrays")
                    .hint("make the base an array of floats"));
            }
            powers
        }
        BinaryOp::BitAnd => zip_same(x, y, |x, y| x & y)?,
        BinaryOp::BitOr => zip_same(x, y, |x, y| x | y)?,
        BinaryOp::BitXor => zip_same(x, y, |x, y| x ^ y)?,
        BinaryOp::ShiftLeft => zip_same(x, y, |x, y| if (0..64).contains(&y) { x << y } else { 0 })?,
        BinaryOp::ShiftRight => zip_same(x, y, |x, y| if (0..64).contains(&y) { x >> y } else { x >> 63 })?,
        BinaryOp::Div | BinaryOp::MatMul => return Err(unsupported(op, &x.into(), &y.into())),
    };
    if fits { Ok(result.into()) } else { Err(overflow()) }
}

/// An operator on an array.
pub(super) fn unary(op: UnaryOp, a: Arc<Array>) -> Result<Value> {
    Ok(match (op, Arc::unwrap_or_clone(a)) {
        (UnaryOp::Neg, Array::Float(a)) => map_same(Operand::Array(a), |x| -x).into(),
        (UnaryOp::Neg, Array::Int(a)) => {
            let mut fits = true;
            let result = map_same(Operand::Array(a), |x| {
                fits &= x != i64::MIN;
                x.wrapping_neg()
            });
            if !fits {
                return Err(overflow());
            }
            result.into()
        }
        (UnaryOp::Pos, a @ (Array::Float(_) | Array::Int(_))) => a.into(),
        (UnaryOp::Invert, Array::Int(a)) => map_same(Operand::Array(a), |x| !x).into(),
        (UnaryOp::Invert, Array::Bool(a)) => map_same(Operand::Array(a), |x| !x).into(),
        (UnaryOp::Invert, Array::Float(_)) => return Err(Error::type_("~ is not defined for arrays of floats")),
        (op, a) => {
            return Err(Error::type_(format!("{} is not defined for arrays of {}", op.text(), a.dtype().name())));
        }
    })
}

/// A comparison of elements, as booleans.
pub(crate) fn compare<T: Element>(a: Value, b: Value, f: impl Fn(T, T) -> bool) -> Result<Value> {
    Ok(match (Operand::<T>::new(a)?, Operand::<T>::new(b)?) {
        (a, Operand::Scalar(y)) => map(a, |x| f(x, y)),
        (a, b) => zip(a, b, f)?,
    }
    .into())
}
