//! Functions of each element.

use std::sync::Arc;

use super::super::array::Array;
use super::super::elementwise::{Operand, map, map_same, zip_same};
use super::super::operators::{self, scalars::overflow};
use super::super::value::Value;
use super::creation::array_of;
use super::{Builtin, Kernel, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::DType;
use crate::vector::{self, Function1, Function2};

/// A value as numbers: sequences become arrays.
pub(super) fn numeric(value: Value) -> Result<Value> {
    match value {
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => array_of(value),
        other => Ok(other),
    }
}

/// A float function of each element.
pub fn float1(f: fn(f64) -> f64, x: Value) -> Result<Value> {
    Ok(map_same(Operand::<f64>::new(numeric(x)?)?, f).into())
}

/// A float function of each pair of elements.
pub fn float2(f: fn(f64, f64) -> f64, x: Value, y: Value) -> Result<Value> {
    Ok(zip_same(Operand::<f64>::new(numeric(x)?)?, Operand::new(numeric(y)?)?, f)?.into())
}

/// A function of each element, many at once.
pub fn vector1(f: &Function1, mut x: Value) -> Result<Value> {
    if let Some(elements) = operators::own_elements(&mut x) {
        f.in_place(elements);
        return Ok(x);
    }
    Ok(super::super::elementwise::map_many(Operand::new(numeric(x)?)?, f).into())
}

/// A function of each pair of elements, many at once.
pub fn vector2(f: &Function2, x: Value, y: Value) -> Result<Value> {
    Ok(super::super::elementwise::zip_many(Operand::new(numeric(x)?)?, Operand::new(numeric(y)?)?, f)?.into())
}

/// Absolute values; of the smallest integer, an error.
pub(super) fn absolute(x: Value) -> Result<Value> {
    match x {
        Value::Float(x) => Ok(Value::Float(x.abs())),
        Value::Int(i) => i.checked_abs().map(Value::Int).ok_or_else(overflow),
        Value::Bool(b) => Ok(Value::Int(i64::from(b))),
        Value::Array(array) => Ok(match Arc::unwrap_or_clone(array) {
            Array::Float(a) => map_same(Operand::Array(a), f64::abs).into(),
            Array::Int(a) => {
                let mut fits = true;
                let result = map_same(Operand::Array(a), |x| {
                    fits &= x != i64::MIN;
                    x.wrapping_abs()
                });
                if !fits {
                    return Err(overflow());
                }
                result.into()
            }
            a => a.into(),
        }),
        other => Err(Error::type_(format!("bad operand type for abs(): {}", other.type_name()))),
    }
}

/// NumPy's rounding to decimals, half to even: scaled, rounded and scaled back.
pub(super) fn round(x: Value, digits: i64) -> Result<Value> {
    let x = numeric(x)?;
    if operators::dtype_of(&x) != Some(DType::Float) && digits >= 0 {
        return Ok(x);
    }
    let scale = 10f64.powi(digits.unsigned_abs().min(400) as i32);
    let integers = operators::dtype_of(&x) != Some(DType::Float);
    let rounded: Operand<f64> = match digits {
        0 => map_same(Operand::new(x)?, f64::round_ties_even),
        1.. => map_same(Operand::new(x)?, |x| (x * scale).round_ties_even() / scale),
        _ => map_same(Operand::new(x)?, |x| (x / scale).round_ties_even() * scale),
    };
    Ok(if integers { map(rounded, |x| x as i64).into() } else { rounded.into() })
}

macro_rules! float1 {
    ($($name:literal $kernel:ident($f:expr), $doc:literal;)*) => {
        &[$(Builtin { name: concat!("np.", $name), signature: "(x, /)", mutates: false, kind: kinds::float_elementwise, kernel: Kernel::$kernel($f), doc: $doc }),*]
    };
}

/// The float functions of one argument.
pub const ENTRIES: &[Builtin] = float1! {
    "exp" Vector1(&vector::EXP), "e to the power of x.";
    "log" Vector1(&vector::LOG), "The natural logarithm.";
    "log2" Float1(f64::log2), "The logarithm to base 2.";
    "log10" Float1(f64::log10), "The logarithm to base 10.";
    "log1p" Vector1(&vector::LOG1P), "log(1 + x), accurate near zero.";
    "expm1" Vector1(&vector::EXPM1), "exp(x) - 1, accurate near zero.";
    "exp2" Float1(f64::exp2), "2 to the power of x.";
    "sin" Vector1(&vector::SIN), "The sine.";
    "cos" Vector1(&vector::COS), "The cosine.";
    "tan" Vector1(&vector::TAN), "The tangent.";
    "arcsin" Vector1(&vector::ASIN), "The inverse sine, in [-pi/2, pi/2].";
    "arccos" Vector1(&vector::ACOS), "The inverse cosine, in [0, pi].";
    "arctan" Vector1(&vector::ATAN), "The inverse tangent, in [-pi/2, pi/2].";
    "sinh" Vector1(&vector::SINH), "The hyperbolic sine.";
    "cosh" Vector1(&vector::COSH), "The hyperbolic cosine.";
    "tanh" Vector1(&vector::TANH), "The hyperbolic tangent.";
    "arcsinh" Float1(f64::asinh), "The inverse hyperbolic sine.";
    "arccosh" Float1(f64::acosh), "The inverse hyperbolic cosine.";
    "arctanh" Float1(f64::atanh), "The inverse hyperbolic tangent.";
    "sqrt" Vector1(&vector::SQRT), "The square root; nan below zero.";
    "cbrt" Vector1(&vector::CBRT), "The cube root.";
    "fabs" Vector1(&vector::ABS), "The absolute value, as a float.";
    "rint" Float1(f64::round_ties_even), "The nearest integral float, half to even.";
    "deg2rad" Float1(f64::to_radians), "Degrees to radians.";
    "radians" Float1(f64::to_radians), "Degrees to radians.";
    "rad2deg" Float1(f64::to_degrees), "Radians to degrees.";
    "degrees" Float1(f64::to_degrees), "Radians to degrees.";
    "sinc" Float1(sinc), "sin(pi x) / (pi x); 1 at 0.";
};

fn sinc(x: f64) -> f64 {
    let y = std::f64::consts::PI * x;
    if x == 0.0 { 1.0 } else { y.sin() / y }
}
