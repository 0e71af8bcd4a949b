//! Arithmetic on unboxed numbers.

use crate::interp::operators::scalars;
use crate::interp::value::Value;
use crate::lang::tree::{BinaryOp, CompareOp};
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// `//`, `%`, `**` on floats.
pub fn float_binary(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::FloorDiv => scalars::float_floor_div(a, b),
        BinaryOp::Mod => scalars::float_mod(a, b),
        _ => scalars::float_pow(a, b),
    }
}

/// The integer operators that are not instructions of their own.
pub fn int_binary(op: BinaryOp, a: i64, b: i64) -> Result<i64> {
    match scalars::int_binary(op, a, b)? {
        Value::Int(i) => Ok(i),
        _ => Err(Error::numeric("the result is not an integer")),
    }
}

#[inline]
pub fn compare<T: PartialOrd>(op: CompareOp, a: T, b: T) -> bool {
    match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Gt => a > b,
        _ => a >= b,
    }
}

/// A number as a value.
#[inline]
pub fn boxed(bits: u64, dtype: DType) -> Value {
    match dtype {
        DType::Float => Value::Float(f64::from_bits(bits)),
        DType::Int => Value::Int(bits as i64),
        DType::Bool => Value::Bool(bits != 0),
    }
}

/// The bits of a number that is known to be of an element type.
#[inline]
pub fn unboxed(value: &Value, dtype: DType) -> Result<u64> {
    match (value, dtype) {
        (Value::Float(x), DType::Float) => Ok(x.to_bits()),
        (Value::Int(i), DType::Int) => Ok(*i as u64),
        (Value::Bool(b), DType::Bool) => Ok(u64::from(*b)),
        (Value::Int(i), DType::Float) => Ok((*i as f64).to_bits()),
        (Value::Bool(b), DType::Float) => Ok(f64::from(u8::from(*b)).to_bits()),
        (Value::Bool(b), DType::Int) => Ok(u64::from(*b)),
        _ => Err(Error::type_(format!("expected {}, found {}", dtype.name(), value.type_name()))),
    }
}

/// Counts a range: how many numbers it has.
pub fn range_rounds(start: i64, stop: i64, step: i64) -> Result<u64> {
    if step == 0 {
        return Err(Error::value("range() arg 3 must not be zero"));
    }
    let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
    if low >= high {
        return Ok(0);
    }
    Ok((high.wrapping_sub(low) as u64 - 1) / step.unsigned_abs() + 1)
}
