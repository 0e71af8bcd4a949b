//! Python's `math`: functions of numbers.

use std::f64::consts;

use super::super::array::{Element, no_integer};
use super::super::operators::scalars::overflow;
use super::super::value::Value;
use super::super::{iteration, operators};
use super::arguments::{int, take};
use super::{Builtin, builtins, kinds, ufuncs};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Operand};
use crate::vector;

macro_rules! float1 {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::float, Pure(|args| {
            let f: fn(f64) -> f64 = $f;
            Ok(Value::Float(f(number(args, 0)?)))
        }), $doc)
    };
}

macro_rules! float2 {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, y, /)" kinds::float, Pure(|args| {
            let f: fn(f64, f64) -> f64 = $f;
            Ok(Value::Float(f(number(args, 0)?, number(args, 1)?)))
        }), $doc)
    };
}

macro_rules! test {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::bool, Pure(|args| {
            let f: fn(f64) -> bool = $f;
            Ok(Value::Bool(f(number(args, 0)?)))
        }), $doc)
    };
}

macro_rules! rounding {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::int, Pure(|args| {
            let f: fn(f64) -> f64 = $f;
            match builtins::only(&args[0])? {
                Value::Float(x) => f(x).int().map(Value::Int).ok_or_else(|| no_integer(x)),
                other => i64::scalar(&other).map(Value::Int),
            }
        }), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    float1!("math.sqrt" vector::SQRT.one, "The square root; nan below zero."),
    float1!("math.cbrt" vector::CBRT.one, "The cube root."),
    float1!("math.exp" vector::EXP.one, "e to the power of x."),
    float1!("math.exp2" f64::exp2, "2 to the power of x."),
    float1!("math.expm1" vector::EXPM1.one, "exp(x) - 1, accurate near zero."),
    float1!("math.log2" f64::log2, "The logarithm to base 2."),
    float1!("math.log10" f64::log10, "The logarithm to base 10."),
    float1!("math.log1p" vector::LOG1P.one, "log(1 + x), accurate near zero."),
    float1!("math.sin" vector::SIN.one, "The sine."),
    float1!("math.cos" vector::COS.one, "The cosine."),
    float1!("math.tan" vector::TAN.one, "The tangent."),
    float1!("math.asin" vector::ASIN.one, "The inverse sine."),
    float1!("math.acos" vector::ACOS.one, "The inverse cosine."),
    float1!("math.atan" vector::ATAN.one, "The inverse tangent."),
    float1!("math.sinh" vector::SINH.one, "The hyperbolic sine."),
    float1!("math.cosh" vector::COSH.one, "The hyperbolic cosine."),
    float1!("math.tanh" vector::TANH.one, "The hyperbolic tangent."),
    float1!("math.asinh" f64::asinh, "The inverse hyperbolic sine."),
    float1!("math.acosh" f64::acosh, "The inverse hyperbolic cosine."),
    float1!("math.atanh" f64::atanh, "The inverse hyperbolic tangent."),
    float1!("math.fabs" f64::abs, "The absolute value, as a float."),
    float1!("math.degrees" | x | x * (180.0 / consts::PI), "Radians to degrees."),
    float1!("math.radians" | x | x * (consts::PI / 180.0), "Degrees to radians."),
    float1!(
        "math.ulp" | x | if x.is_finite() { libm::nextafter(x.abs(), f64::INFINITY) - x.abs() } else { x.abs() },
        "The distance to the next float away from zero.\n\n>>> math.ulp(1.0)\n2.220446049250313e-16"
    ),
    float2!("math.nextafter" libm::nextafter, "The next float after one in the direction of the other.\n\n>>> math.nextafter(1.0, 2.0)\n1.0000000000000002"),
    float2!("math.remainder" libm::remainder, "The remainder nearest to zero: x - n * y for the integer n nearest to x / y.\n\n>>> math.remainder(5.0, 3.0)\n-1.0"),
    entry!("math.ldexp" "(x, i, /)" kinds::float, Pure(|args| {
        let exponent = int(&args[1], "the exponent")?;
        Ok(Value::Float(super::parts::ldexp(number(args, 0)?, exponent as f64)))
    }), "x * 2**i\n\n>>> math.ldexp(0.75, 3)\n6.0"),
    entry!("math.frexp" "(x, /)" |_| Kind::Tuple([Kind::Float, Kind::Int].into()), Pure(|args| {
        let x = number(args, 0)?;
        let (mantissa, exponent) = if x.is_finite() { libm::frexp(x) } else { (x, 0) };
        Ok(Value::tuple(vec![Value::Float(mantissa), Value::Int(i64::from(exponent))]))
    }), "The mantissa (from 0.5 up to 1) and the exponent of 2, in a tuple.\n\n>>> math.frexp(6.0)\n(0.75, 3)"),
    entry!("math.modf" "(x, /)" |_| Kind::Tuple([Kind::Float, Kind::Float].into()), Pure(|args| {
        let x = number(args, 0)?;
        Ok(Value::tuple(vec![Value::Float(super::parts::fraction(x)), Value::Float(x.trunc())]))
    }), "The fraction and the integral part, both with the sign of the number.\n\n>>> math.modf(-2.5)\n(-0.5, -2.0)"),
    float2!("math.atan2" vector::ATAN2.one, "The angle of the point (y, x)."),
    float2!("math.pow" vector::POW.one, "x to the power of y, in floats."),
    float2!("math.fmod" | x, y | x % y, "The remainder with the sign of the dividend."),
    float2!("math.copysign" f64::copysign, "The first with the sign of the second."),
    entry!("math.log" "(x, base=None, /)" kinds::float, Pure(|args| {
        let x = number(args, 0)?.ln();
        Ok(Value::Float(match args[1] {
            Value::None => x,
            _ => x / number(args, 1)?.ln(),
        }))
    }), "The natural logarithm, or that to a base."),
    rounding!("math.floor" f64::floor, "The largest integer that is not larger."),
    rounding!("math.ceil" f64::ceil, "The smallest integer that is not smaller."),
    rounding!("math.trunc" f64::trunc, "The integral part, as an integer."),
    test!("math.isnan" f64::is_nan, "Whether a number is nan."),
    test!("math.isinf" f64::is_infinite, "Whether a number is infinite."),
    test!("math.isfinite" f64::is_finite, "Whether a number is neither nan nor infinite."),
    entry!("math.isclose" "(a, b, *, rel_tol=1e-09, abs_tol=0.0)" kinds::bool, Pure(|args| {
        let (a, b, relative, absolute) = (number(args, 0)?, number(args, 1)?, number(args, 2)?, number(args, 3)?);
        let difference = (a - b).abs();
        let finite = a.is_finite() && b.is_finite();
        Ok(Value::Bool(a == b || (finite && (difference <= relative * a.abs().max(b.abs()) || difference <= absolute))))
    }), "Whether two numbers are equal within tolerances."),
    entry!("math.gcd" "(*integers)" kinds::int, Pure(|args| {
        let mut all = 0;
        for item in iteration::elements(&args[0])? {
            all = ufuncs::gcd(all, int(&item, "gcd's argument")?)?;
        }
        Ok(Value::Int(all))
    }), "The greatest common divisor."),
    entry!("math.lcm" "(*integers)" kinds::int, Pure(|args| {
        let mut all: i64 = 1;
        for item in iteration::elements(&args[0])? {
            let n = int(&item, "lcm's argument")?;
            if n == 0 || all == 0 {
                all = 0;
                continue;
            }
            all = (all / ufuncs::gcd(all, n)?).checked_mul(n.checked_abs().ok_or_else(overflow)?).ok_or_else(overflow)?;
        }
        Ok(Value::Int(all))
    }), "The least common multiple."),
    entry!("math.factorial" "(n, /)" kinds::int, Pure(|args| {
        let n = int(&args[0], "factorial's argument")?;
        if n < 0 {
            return Err(Error::value("factorial() not defined for negative values"));
        }
        (1..=n).try_fold(1i64, |product, k| product.checked_mul(k)).map(Value::Int).ok_or_else(overflow)
    }), "The product of the integers from 1 to n."),
    entry!("math.comb" "(n, k, /)" kinds::int, Pure(|args| {
        let (n, k) = (int(&args[0], "n")?, int(&args[1], "k")?);
        if n < 0 || k < 0 {
            return Err(Error::value("comb() needs integers that are not negative"));
        }
        if k > n {
            return Ok(Value::Int(0));
        }
        let k = k.min(n - k);
        let mut result: i128 = 1;
        for i in 0..i128::from(k) {
            result = result.checked_mul(i128::from(n) - i).ok_or_else(overflow)? / (i + 1);
            if result > i128::from(i64::MAX) {
                return Err(overflow());
            }
        }
        i64::try_from(result).map(Value::Int).map_err(|_| overflow())
    }), "The number of ways to choose k of n."),
    entry!("math.perm" "(n, k=None, /)" kinds::int, Pure(|args| {
        let n = int(&args[0], "n")?;
        let k = if matches!(args[1], Value::None) { n } else { int(&args[1], "k")? };
        if n < 0 || k < 0 {
            return Err(Error::value("perm() needs integers that are not negative"));
        }
        if k > n {
            return Ok(Value::Int(0));
        }
        (n - k + 1..=n).try_fold(1i64, |product, i| product.checked_mul(i)).map(Value::Int).ok_or_else(overflow)
    }), "The number of ways to choose k of n in order."),
    entry!("math.isqrt" "(n, /)" kinds::int, Pure(|args| {
        let n = int(&args[0], "isqrt's argument")?;
        u64::try_from(n).map(|n| Value::Int(n.isqrt() as i64)).map_err(|_| Error::value("isqrt() argument must be nonnegative"))
    }), "The integral part of the square root."),
    entry!("math.hypot" "(*coordinates)" kinds::float, Pure(|args| {
        let values = floats(&args[0])?;
        Ok(Value::Float(values.into_iter().fold(0.0, f64::hypot)))
    }), "The length of a vector."),
    entry!("math.dist" "(p, q, /)" kinds::float, Pure(|args| {
        let (p, q) = (floats(&args[0])?, floats(&args[1])?);
        if p.len() != q.len() {
            return Err(Error::value("both points must have the same number of dimensions"));
        }
        Ok(Value::Float(p.into_iter().zip(q).fold(0.0, |sum, (x, y)| sum.hypot(x - y))))
    }), "The distance of two points."),
    entry!("math.fsum" "(iterable, /)" kinds::float, Pure(|args| Ok(Value::Float(exact_sum(&floats(&args[0])?)))), "The sum of floats, rounded once."),
    entry!("math.prod" "(iterable, /, *, start=1)" prod_kind, Pure(|args| {
        let mut product = take(args, 1);
        for item in iteration::elements(&args[0])? {
            product = operators::binary(BinaryOp::Mul, product, item)?;
        }
        Ok(product)
    }), "The product of the elements."),
];

fn prod_kind(args: &[Operand]) -> Kind {
    match (kinds::arg(args, 0).element(), kinds::arg(args, 1)) {
        (Kind::Int | Kind::Bool, Kind::Int) => Kind::Int,
        (Kind::Int | Kind::Bool | Kind::Float, Kind::Float) => Kind::Float,
        _ => Kind::Any,
    }
}

fn number(args: &[Value], at: usize) -> Result<f64> {
    match args.get(at) {
        Some(Value::Float(x)) => Ok(*x),
        Some(other) => f64::scalar(&builtins::only(other)?),
        None => Err(Error::type_("a number is needed")),
    }
}

fn floats(value: &Value) -> Result<Vec<f64>> {
    iteration::elements(value)?.iter().map(|item| f64::scalar(&builtins::only(item)?)).collect()
}

/// The correctly rounded sum: partial sums that do not overlap (Shewchuk 1997, "Adaptive Precision Floating-Point
/// Arithmetic", theorem 12), as Python's `fsum` keeps them.
fn exact_sum(values: &[f64]) -> f64 {
    let special: f64 = values.iter().filter(|x| !x.is_finite()).sum();
    if values.iter().any(|x| !x.is_finite()) {
        return special;
    }
    let mut partials: Vec<f64> = Vec::new();
    for &value in values {
        let mut x = value;
        let mut kept = 0;
        for at in 0..partials.len() {
            let mut y = partials[at];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x != 0.0 {
            partials.push(x);
        }
    }
    let Some(mut high) = partials.pop() else { return 0.0 };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // Half a unit in the last place is decided by what is below.
    if let Some(&below) = partials.last()
        && ((low < 0.0 && below < 0.0) || (low > 0.0 && below > 0.0))
    {
        let double = low * 2.0;
        let rounded = high + double;
        if double == rounded - high {
            high = rounded;
        }
    }
    high
}
