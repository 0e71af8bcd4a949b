//! Arithmetic of numbers: Python's, with 64-bit integers and IEEE's infinities.

use super::super::array::Element;
use super::super::value::Value;
use super::unsupported;
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};

/// The error of an integer result that has no 64 bits.
pub fn overflow() -> Error {
    Error::numeric("integer overflow: the result does not fit in 64 bits").hint("compute with floats")
}

fn zero_division() -> Error {
    Error::numeric("integer division or modulo by zero")
}

/// An operator on two floats.
pub fn float_binary(op: BinaryOp, x: f64, y: f64) -> Result<Value> {
    Ok(Value::Float(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Div => x / y,
        BinaryOp::FloorDiv => float_floor_div(x, y),
        BinaryOp::Mod => float_mod(x, y),
        BinaryOp::Pow => float_pow(x, y),
        _ => return Err(unsupported(op, &Value::Float(x), &Value::Float(y))),
    }))
}

/// An operator on two integers.
pub fn int_binary(op: BinaryOp, x: i64, y: i64) -> Result<Value> {
    let result = match op {
        BinaryOp::Add => x.checked_add(y),
        BinaryOp::Sub => x.checked_sub(y),
        BinaryOp::Mul => x.checked_mul(y),
        BinaryOp::Div => return Ok(Value::Float(x as f64 / y as f64)),
        BinaryOp::FloorDiv | BinaryOp::Mod if y == 0 => return Err(zero_division()),
        BinaryOp::FloorDiv => int_floor_div(x, y),
        BinaryOp::Mod => Some(int_mod(x, y)),
        BinaryOp::Pow if y < 0 => return Ok(Value::Float(float_pow(x as f64, y as f64))),
        BinaryOp::Pow => int_pow(x, y),
        BinaryOp::BitAnd => Some(x & y),
        BinaryOp::BitOr => Some(x | y),
        BinaryOp::BitXor => Some(x ^ y),
        BinaryOp::ShiftLeft => shift_left(x, y)?,
        BinaryOp::ShiftRight => Some(shift_right(x, y)?),
        BinaryOp::MatMul => return Err(unsupported(op, &Value::Int(x), &Value::Int(y))),
    };
    result.map(Value::Int).ok_or_else(overflow)
}

/// An operator where an operand is a bool.
pub(super) fn bool_binary(op: BinaryOp, a: &Value, b: &Value) -> Result<Value> {
    match (op, a, b) {
        (BinaryOp::BitAnd, Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(a & b)),
        (BinaryOp::BitOr, Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(a | b)),
        (BinaryOp::BitXor, Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(a ^ b)),
        (_, Value::Float(_), _) | (_, _, Value::Float(_)) => float_binary(op, f64::scalar(a)?, f64::scalar(b)?),
        _ => int_binary(op, i64::scalar(a)?, i64::scalar(b)?),
    }
}

/// Floor division of floats as Python and NumPy define it: the multiple consistent with [`float_mod`].
pub fn float_floor_div(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return x / y;
    }
    let remainder = x % y;
    let mut quotient = (x - remainder) / y;
    if remainder != 0.0 && (y < 0.0) != (remainder < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0f64.copysign(x / y);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// The remainder of floats with the sign of the divisor.
pub fn float_mod(x: f64, y: f64) -> f64 {
    let remainder = x % y;
    if y == 0.0 {
        return remainder;
    }
    if remainder == 0.0 {
        return 0f64.copysign(y);
    }
    if (y < 0.0) != (remainder < 0.0) { remainder + y } else { remainder }
}

/// Powers of floats: nan where the result is not real.
pub fn float_pow(x: f64, y: f64) -> f64 {
    (crate::vector::POW.one)(x, y)
}

/// Floor division of integers by a number that is not zero; none on overflow.
pub fn int_floor_div(x: i64, y: i64) -> Option<i64> {
    let quotient = x.checked_div(y)?;
    Some(if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient })
}

/// The remainder of integers with the sign of the divisor, which is not zero.
pub fn int_mod(x: i64, y: i64) -> i64 {
    let remainder = x.wrapping_rem(y);
    if remainder != 0 && (remainder < 0) != (y < 0) { remainder + y } else { remainder }
}

/// A power with an exponent that is not negative; none on overflow.
pub fn int_pow(base: i64, exponent: i64) -> Option<i64> {
    match (base, exponent) {
        (_, 0) | (1, _) => Some(1),
        (0, _) => Some(0),
        (-1, e) => Some(if e % 2 == 0 { 1 } else { -1 }),
        (b, e) => b.checked_pow(u32::try_from(e).ok()?),
    }
}

fn shift_left(x: i64, y: i64) -> Result<Option<i64>> {
    match y {
        ..0 => Err(Error::value("negative shift count")),
        0..63 => Ok(x.checked_mul(1 << y)),
        _ => Ok((x == 0).then_some(0)),
    }
}

fn shift_right(x: i64, y: i64) -> Result<i64> {
    if y < 0 {
        return Err(Error::value("negative shift count"));
    }
    Ok(x >> y.min(63))
}
