//! Numbers taken apart: quotient and remainder, fraction and exponent, neighbours, bits.

use super::super::array::{Array, Element, Storage};
use super::super::elementwise::{Operand, map, zip_same};
use super::super::operators::{binary, dtype_of, scalars::overflow};
use super::super::value::Value;
use super::arguments::{take, take_numeric};
use super::elementwise::numeric;
use super::{Builtin, kinds, ufuncs};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand as Known};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.divmod" "(x, y, /)" |args| pair_of(kinds::floor_div(args)), Pure(|args| {
        let (x, y) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
        let quotient = binary(BinaryOp::FloorDiv, x.clone(), y.clone())?;
        Ok(Value::tuple(vec![quotient, binary(BinaryOp::Mod, x, y)?]))
    }), "The quotient rounded down and the remainder, in a tuple.\n\n>>> np.divmod(7, 2)\n(3, 1)"),
    entry!("np.modf" "(x, /)" |args| pair_of(kinds::float_elementwise(args)), Pure(|args| {
        let x = take_numeric(args, 0)?;
        let fraction = floats(x.clone(), fraction)?;
        Ok(Value::tuple(vec![fraction, floats(x, f64::trunc)?]))
    }), "The fraction and the integral part, both with the sign of the number.\n\n>>> np.modf(-2.5)\n(-0.5, -2.0)"),
    entry!("np.frexp" "(x, /)" |args| match kinds::float_elementwise(args) {
        Kind::Any => Kind::Any,
        kind => Kind::Tuple([kind.clone(), kinds::with_dtype(&kind, DType::Int)].into()),
    }, Pure(|args| {
        let x = take_numeric(args, 0)?;
        let mantissa = floats(x.clone(), |x| libm::frexp(x).0)?;
        let exponent = map(Operand::<f64>::new(x)?, |x| if x.is_finite() { i64::from(libm::frexp(x).1) } else { 0 });
        Ok(Value::tuple(vec![mantissa, exponent.into()]))
    }), "The mantissa (from 0.5 up to 1) and the exponent of 2, in a tuple.\n\n>>> np.frexp(6.0)\n(0.75, 3)"),
    entry!("np.ldexp" "(x, exponent, /)" kinds::float_broadcast, Pure(|args| {
        let (x, exponent) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
        if dtype_of(&exponent) == Some(DType::Float) {
            return Err(Error::type_("the exponent of ldexp must be an integer"));
        }
        super::elementwise::float2(ldexp, x, exponent)
    }), "x * 2**exponent\n\n>>> np.ldexp(0.75, 3)\n6.0"),
    entry!("np.nextafter" "(x, y, /)" kinds::float_broadcast, Float2(libm::nextafter), "The next float after one in the direction of the other.\n\n>>> np.nextafter(1.0, 2.0)\n1.0000000000000002"),
    entry!("np.spacing" "(x, /)" kinds::float_elementwise, Float1(spacing), "The distance to the next float away from zero.\n\n>>> np.spacing(1.0)\n2.220446049250313e-16"),
    entry!("np.gcd" "(x, y, /)" integers_kind, Pure(|args| integers(args, "gcd", |x, y| ufuncs::gcd(x, y).ok())), "The greatest common divisors of integers.\n\n>>> np.gcd(12, 20)\n4"),
    entry!("np.lcm" "(x, y, /)" integers_kind, Pure(|args| integers(args, "lcm", |x, y| match ufuncs::gcd(x, y) {
        Ok(0) => Some(0),
        Ok(divisor) => (x / divisor).checked_mul(y)?.checked_abs(),
        Err(_) => None,
    })), "The least common multiples of integers.\n\n>>> np.lcm(4, 6)\n12"),
    entry!("np.left_shift" "(x, y, /)" kinds::shift, Pure(|args| shifted(args, BinaryOp::ShiftLeft)), "x << y\n\n>>> np.left_shift(5, 2)\n20"),
    entry!("np.right_shift" "(x, y, /)" kinds::shift, Pure(|args| shifted(args, BinaryOp::ShiftRight)), "x >> y\n\n>>> np.right_shift(10, 1)\n5"),
    entry!("np.bitwise_count" "(x, /)" |args| match kinds::same_number(args) {
        kind if matches!(kind.dtype(), Some(DType::Int | DType::Bool)) => kinds::with_dtype(&kind, DType::Int),
        _ => Kind::Any,
    }, Pure(|args| {
        let x = take_numeric(args, 0)?;
        if dtype_of(&x) == Some(DType::Float) {
            return Err(Error::type_("bitwise_count is not defined for floats"));
        }
        Ok(map(Operand::<i64>::new(x)?, |x| i64::from(x.unsigned_abs().count_ones())).into())
    }), "The number of bits that are set in the absolute value.\n\n>>> np.bitwise_count(255)\n8"),
];

fn pair_of(kind: Kind) -> Kind {
    match kind {
        Kind::Any => Kind::Any,
        kind => Kind::Tuple([kind.clone(), kind].into()),
    }
}

fn floats(x: Value, f: fn(f64) -> f64) -> Result<Value> {
    super::elementwise::float1(f, x)
}

/// The part after the point; of infinity, a zero with its sign.
pub(super) fn fraction(x: f64) -> f64 {
    if x.is_infinite() { 0f64.copysign(x) } else { x.fract().copysign(x) }
}

pub(super) fn ldexp(x: f64, exponent: f64) -> f64 {
    libm::ldexp(x, exponent.clamp(-1e4, 1e4) as i32)
}

fn spacing(x: f64) -> f64 {
    if x.is_infinite() { f64::NAN } else { libm::nextafter(x, f64::INFINITY.copysign(x)) - x }
}

fn integers_kind(args: &[Known]) -> Kind {
    match kinds::promoted_broadcast(args) {
        kind if kind.dtype() == Some(DType::Int) => kind,
        _ => Kind::Any,
    }
}

fn integers(args: &mut [Value], name: &str, f: fn(i64, i64) -> Option<i64>) -> Result<Value> {
    let (x, y) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
    if dtype_of(&x).max(dtype_of(&y)) != Some(DType::Int) {
        return Err(Error::type_(format!("{name} takes integers")));
    }
    let mut fits = true;
    let result = zip_same(Operand::<i64>::new(x)?, Operand::new(y)?, |x, y| {
        f(x, y).unwrap_or_else(|| {
            fits = false;
            0
        })
    })?;
    if fits { Ok(result.into()) } else { Err(overflow()) }
}

fn shifted(args: &mut [Value], op: BinaryOp) -> Result<Value> {
    let (x, y) = (numeric(take(args, 0))?, numeric(take(args, 1))?);
    match (&x, &y) {
        // Of numbers the shifts are those of arrays: any count is allowed.
        (Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => {
            let one = |x: &Value| -> Result<Value> {
                let lone: Storage<i64> = ndarray::arr1(&[i64::scalar(x)?]).into_dyn().into_shared();
                Ok(Array::Int(lone).into())
            };
            let shifted = binary(op, one(&x)?, one(&y)?)?;
            super::super::indexing::get(&shifted, &Value::Int(0))
        }
        _ => binary(op, x, y),
    }
}
