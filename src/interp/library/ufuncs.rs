//! Elementwise functions of two arguments, functions that keep integers, comparisons and logic.

use super::super::array::{Array, Element};
use super::super::elementwise::{Operand, map, map_same, zip, zip_same};
use super::super::operators::{self, binary, compare, dtype_of, scalars, unary};
use super::super::value::Value;
use super::arguments::{self, take, take_numeric};
use super::elementwise::numeric;
use super::{Builtin, elementwise, kinds};
use crate::lang::tree::{BinaryOp, CompareOp, UnaryOp};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand as Known};
use crate::vector;

macro_rules! operator {
    ($name:literal $kind:expr, $op:ident $doc:literal) => {
        entry!($name "(x, y, /)" $kind, Pure(|args| {
            let (x, y) = pair(args)?;
            binary(BinaryOp::$op, x, y)
        }), $doc)
    };
}

macro_rules! comparison {
    ($name:literal $op:ident $doc:literal) => {
        entry!($name "(x, y, /)" kinds::bool_broadcast, Pure(|args| {
            let (x, y) = pair(args)?;
            compare(CompareOp::$op, &x, &y)
        }), $doc)
    };
}

macro_rules! float2 {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, y, /)" kinds::float_broadcast, Float2($f), $doc)
    };
}

macro_rules! vector2 {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, y, /)" kinds::float_broadcast, Vector2(&$f), $doc)
    };
}

macro_rules! integral {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::same_number, Pure(|args| integral(take_numeric(args, 0)?, $f)), $doc)
    };
}

macro_rules! float_test {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::bool_elementwise, Pure(|args| Ok(map(Operand::<f64>::new(take_numeric(args, 0)?)?, $f).into())), $doc)
    };
}

macro_rules! logic {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, y, /)" kinds::bool_broadcast, Pure(|args| {
            let (x, y) = pair(args)?;
            Ok(zip_same(Operand::<bool>::new(x)?, Operand::new(y)?, $f)?.into())
        }), $doc)
    };
}

macro_rules! extreme {
    ($name:literal $float:expr, $int:expr, $bool:expr, $doc:literal) => {
        entry!($name "(x, y, /)" kinds::promoted_broadcast, Pure(|args| {
            let (x, y) = pair(args)?;
            match dtype_of(&x).max(dtype_of(&y)) {
                Some(DType::Bool) => Ok(zip_same(Operand::<bool>::new(x)?, Operand::new(y)?, $bool)?.into()),
                Some(DType::Int) => Ok(zip_same(Operand::<i64>::new(x)?, Operand::new(y)?, $int)?.into()),
                _ => Ok(zip_same(Operand::<f64>::new(x)?, Operand::new(y)?, $float)?.into()),
            }
        }), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    operator!("np.add" sum_kind, Add "x + y"),
    operator!("np.subtract" kinds::sub, Sub "x - y"),
    operator!("np.multiply" sum_kind, Mul "x * y"),
    operator!("np.divide" kinds::float_broadcast, Div "x / y"),
    operator!("np.true_divide" kinds::float_broadcast, Div "x / y"),
    operator!("np.floor_divide" kinds::floor_div, FloorDiv "x // y"),
    operator!("np.mod" kinds::floor_div, Mod "The remainder with the sign of the divisor."),
    operator!("np.remainder" kinds::floor_div, Mod "The remainder with the sign of the divisor."),
    operator!("np.power" kinds::pow, Pow "x to the power of y"),
    operator!("np.bitwise_and" kinds::bitwise, BitAnd "x & y"),
    operator!("np.bitwise_or" kinds::bitwise, BitOr "x | y"),
    operator!("np.bitwise_xor" kinds::bitwise, BitXor "x ^ y"),
    comparison!("np.equal" Eq "x == y"),
    comparison!("np.not_equal" Ne "x != y"),
    comparison!("np.less" Lt "x < y"),
    comparison!("np.less_equal" Le "x <= y"),
    comparison!("np.greater" Gt "x > y"),
    comparison!("np.greater_equal" Ge "x >= y"),
    vector2!("np.arctan2" vector::ATAN2, "The angle of the point (y, x)."),
    float2!("np.hypot" f64::hypot, "The length of the hypotenuse."),
    float2!("np.copysign" f64::copysign, "The first with the sign of the second."),
    float2!("np.logaddexp" logaddexp, "log(exp(x) + exp(y)), without overflow."),
    float2!("np.logaddexp2" logaddexp2, "log2(2**x + 2**y), without overflow."),
    vector2!("np.float_power" vector::POW, "x to the power of y, in floats."),
    float2!("np.heaviside" heaviside, "0 below zero, 1 above, the second argument at zero."),
    entry!("np.fmod" "(x, y, /)" |args| match kinds::promoted_broadcast(args) {
        kind if kind.dtype() == Some(DType::Bool) => kinds::with_dtype(&kind, DType::Int),
        kind => kind,
    }, Pure(|args| {
        let (x, y) = pair(args)?;
        match dtype_of(&x).max(dtype_of(&y)) {
            Some(DType::Float) => Ok(zip_same(Operand::<f64>::new(x)?, Operand::new(y)?, |x, y| x % y)?.into()),
            _ => Ok(zip_same(Operand::<i64>::new(x)?, Operand::new(y)?, |x, y| if y == 0 { 0 } else { x.wrapping_rem(y) })?.into()),
        }
    }), "The remainder with the sign of the dividend."),
    extreme!(
        "np.maximum" | x,
        y | if x.is_nan() || x >= y { x } else { y },
        i64::max,
        |x, y| x | y,
        "The larger of each pair; nan where there is one."
    ),
    extreme!(
        "np.minimum" | x,
        y | if x.is_nan() || x <= y { x } else { y },
        i64::min,
        |x, y| x & y,
        "The smaller of each pair; nan where there is one."
    ),
    extreme!(
        "np.fmax" | x,
        y | if y.is_nan() || x >= y { x } else { y },
        i64::max,
        |x, y| x | y,
        "The larger of each pair; nan only where both are."
    ),
    extreme!(
        "np.fmin" | x,
        y | if y.is_nan() || x <= y { x } else { y },
        i64::min,
        |x, y| x & y,
        "The smaller of each pair; nan only where both are."
    ),
    entry!("np.square" "(x, /)" counted_kind, Pure(|args| {
        let x = take_numeric(args, 0)?;
        match dtype_of(&x) {
            Some(DType::Float) => Ok(map_same(Operand::<f64>::new(x)?, |x| x * x).into()),
            Some(DType::Bool) => super::creating::cast(x, DType::Int),
            _ => binary(BinaryOp::Mul, x.clone(), x),
        }
    }), "x * x"),
    entry!("np.reciprocal" "(x, /)" counted_kind, Pure(|args| {
        let x = take_numeric(args, 0)?;
        match dtype_of(&x) {
            Some(DType::Float) => Ok(map_same(Operand::<f64>::new(x)?, f64::recip).into()),
            _ => {
                let x = Operand::<i64>::new(x)?;
                let mut zero = false;
                let result = map(x, |x| {
                    zero |= x == 0;
                    if x.unsigned_abs() == 1 { x } else { 0 }
                });
                if zero { Err(Error::numeric("the reciprocal of the integer 0").hint("compute with floats")) } else { Ok(result.into()) }
            }
        }
    }), "1 / x; of an integer, without the fraction."),
    entry!("np.negative" "(x, /)" kinds::negative, Pure(|args| unary(UnaryOp::Neg, take_numeric(args, 0)?)), "-x"),
    entry!("np.positive" "(x, /)" kinds::negative, Pure(|args| unary(UnaryOp::Pos, take_numeric(args, 0)?)), "+x"),
    entry!("np.invert" "(x, /)" kinds::same_number, Pure(|args| unary(UnaryOp::Invert, take_numeric(args, 0)?)), "~x"),
    entry!("np.bitwise_not" "(x, /)" kinds::same_number, Pure(|args| unary(UnaryOp::Invert, take_numeric(args, 0)?)), "~x"),
    entry!("np.abs" "(x, /)" absolute_kind, Pure(|args| elementwise::absolute(take_numeric(args, 0)?)), "The absolute value."),
    entry!("np.absolute" "(x, /)" absolute_kind, Pure(|args| elementwise::absolute(take_numeric(args, 0)?)), "The absolute value."),
    entry!("np.sign" "(x, /)" |args| match kinds::same_number(args) { Kind::Bool | Kind::Array(DType::Bool, _, _) => Kind::Any, kind => kind }, Pure(|args| {
        let x = take_numeric(args, 0)?;
        match dtype_of(&x) {
            Some(DType::Float) => Ok(map_same(Operand::<f64>::new(x)?, sign).into()),
            Some(DType::Bool) => Err(Error::type_("the sign of truth values is not defined").hint("make them integers: x.astype(int)")),
            _ => Ok(map_same(Operand::<i64>::new(x)?, i64::signum).into()),
        }
    }), "-1, 0 or 1; nan of nan."),
    integral!("np.floor" f64::floor, "The largest integral float that is not larger."),
    integral!("np.ceil" f64::ceil, "The smallest integral float that is not smaller."),
    integral!("np.trunc" f64::trunc, "The integral part."),
    integral!("np.fix" f64::trunc, "The integral part."),
    entry!("np.round" "(a, decimals=0)" kinds::same_number, Pure(|args| elementwise::round(take_numeric(args, 0)?, arguments::int(&args[1], "decimals")?)), "Rounded to decimals, half to even."),
    entry!("np.around" "(a, decimals=0)" kinds::same_number, Pure(|args| elementwise::round(take_numeric(args, 0)?, arguments::int(&args[1], "decimals")?)), "Rounded to decimals, half to even."),
    float_test!("np.isnan" f64::is_nan, "Whether each element is nan."),
    float_test!("np.isinf" f64::is_infinite, "Whether each element is infinite."),
    float_test!("np.isfinite" f64::is_finite, "Whether each element is neither nan nor infinite."),
    float_test!("np.isposinf" | x | x == f64::INFINITY, "Whether each element is inf."),
    float_test!("np.isneginf" | x | x == f64::NEG_INFINITY, "Whether each element is -inf."),
    float_test!("np.signbit" f64::is_sign_negative, "Whether each element has its sign bit set."),
    logic!("np.logical_and" | x, y | x & y, "Whether both are true."),
    logic!("np.logical_or" | x, y | x | y, "Whether one is true."),
    logic!("np.logical_xor" | x, y | x ^ y, "Whether just one is true."),
    entry!("np.logical_not" "(x, /)" kinds::bool_elementwise, Pure(|args| Ok(map(Operand::<bool>::new(take_numeric(args, 0)?)?, |x| !x).into())), "Whether each element is zero."),
    entry!("np.clip" "(a, a_min=None, a_max=None, *, min=None, max=None)" |args| match (given(args, 1, 3), given(args, 2, 4)) {
        (Kind::None, Kind::None) => kinds::same_number(args),
        (Kind::None, bound) | (bound, Kind::None) => kinds::promoted_broadcast(&[kinds::arg(args, 0).into(), bound.into()]),
        (low, high) => {
            let inner = kinds::promoted_broadcast(&[kinds::arg(args, 0).into(), low.into()]);
            kinds::promoted_broadcast(&[inner.into(), high.into()])
        }
    }, Pure(clip), "The elements limited to an interval."),
    entry!("np.where" "(condition, x=None, y=None, /)" |args| match (kinds::arg(args, 1), kinds::arg(args, 2)) {
        (Kind::None, _) | (_, Kind::None) => Kind::Any,
        (x, y) => match kinds::promoted_broadcast(&[x.into(), y.into()]) {
            Kind::Any => Kind::Any,
            kind => match kind.dtype() {
                Some(dtype) => kinds::broadcast(&kinds::arg(args, 0), &kind, dtype),
                None => Kind::Any,
            },
        },
    }, Pure(choose), "Elements of one where a condition holds, of the other elsewhere."),
    entry!("np.nan_to_num" "(x, copy=True, nan=0.0, posinf=None, neginf=None)" kinds::same_number, Pure(|args| {
        let x = take_numeric(args, 0)?;
        if dtype_of(&x) != Some(DType::Float) {
            return Ok(x);
        }
        let number = |value: &Value, default: f64| if matches!(value, Value::None) { Ok(default) } else { f64::scalar(value) };
        let (nan, high, low) = (number(&args[2], 0.0)?, number(&args[3], f64::MAX)?, number(&args[4], f64::MIN)?);
        Ok(map_same(Operand::<f64>::new(x)?, |x| match x {
            x if x.is_nan() => nan,
            f64::INFINITY => high,
            f64::NEG_INFINITY => low,
            x => x,
        }).into())
    }), "nan replaced by zero, infinities by the largest floats."),
    entry!("np.isclose" "(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)" kinds::bool_broadcast, Pure(isclose), "Whether elements are equal within tolerances."),
    entry!("np.allclose" "(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)" kinds::bool, Pure(|args| Ok(Value::Bool(match isclose(args)? {
        Value::Array(close) => match &*close {
            Array::Bool(close) => close.iter().all(|&x| x),
            _ => false,
        },
        one => operators::truth(&one)?,
    }))), "Whether all elements are equal within tolerances."),
    entry!("np.array_equal" "(a1, a2, equal_nan=False)" kinds::bool, Pure(|args| {
        let (a, b) = (arguments::take_array(args, 0)?, arguments::take_array(args, 1)?);
        if a.shape() != b.shape() {
            return Ok(Value::Bool(false));
        }
        let nans = operators::truth(&args[2])?;
        let (a, b) = (f64::storage(a)?, f64::storage(b)?);
        Ok(Value::Bool(a.iter().zip(b.iter()).all(|(x, y)| x == y || (nans && x.is_nan() && y.is_nan()))))
    }), "Whether two arrays have the same shape and elements."),
];

fn sum_kind(args: &[Known]) -> Kind {
    match (kinds::arg(args, 0), kinds::arg(args, 1)) {
        (Kind::Bool, Kind::Bool) => Kind::Int,
        _ => kinds::promoted_broadcast(args),
    }
}

fn absolute_kind(args: &[Known]) -> Kind {
    match kinds::same_number(args) {
        Kind::Bool => Kind::Int,
        kind => kind,
    }
}

/// The first two arguments as numbers or arrays.
fn pair(args: &mut [Value]) -> Result<(Value, Value)> {
    Ok((take_numeric(args, 0)?, take_numeric(args, 1)?))
}

fn integral(x: Value, f: fn(f64) -> f64) -> Result<Value> {
    match dtype_of(&x) {
        Some(DType::Float) => Ok(map_same(Operand::<f64>::new(x)?, f).into()),
        _ => Ok(x),
    }
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else if x == 0.0 {
        0.0
    } else {
        x
    }
}

fn logaddexp(x: f64, y: f64) -> f64 {
    if x == y {
        return x + std::f64::consts::LN_2;
    }
    let difference = x - y;
    if difference > 0.0 {
        x + (-difference).exp().ln_1p()
    } else if difference <= 0.0 {
        y + difference.exp().ln_1p()
    } else {
        difference
    }
}

fn logaddexp2(x: f64, y: f64) -> f64 {
    if x == y {
        return x + 1.0;
    }
    let difference = x - y;
    let tail = |z: f64| z.exp2().ln_1p() * std::f64::consts::LOG2_E;
    if difference > 0.0 {
        x + tail(-difference)
    } else if difference <= 0.0 {
        y + tail(difference)
    } else {
        difference
    }
}

fn heaviside(x: f64, at_zero: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x == 0.0 {
        at_zero
    } else if x < 0.0 {
        0.0
    } else {
        1.0
    }
}

/// The element type of the argument, integers for truth values.
fn counted_kind(args: &[Known]) -> Kind {
    match kinds::same_number(args) {
        kind if kind.dtype() == Some(DType::Bool) => kinds::with_dtype(&kind, DType::Int),
        kind => kind,
    }
}

/// A bound of `np.clip`, which has two names.
fn given(args: &[Known], first: usize, second: usize) -> Kind {
    match kinds::arg(args, first) {
        Kind::None => kinds::arg(args, second),
        kind if kinds::arg(args, second) == Kind::None => kind,
        _ => Kind::Any,
    }
}

fn clip(args: &mut [Value]) -> Result<Value> {
    let a = take_numeric(args, 0)?;
    let bound = |value: Value| match value {
        Value::None => Ok(None),
        other => numeric(other).map(Some),
    };
    for (at, name) in [(1, "min"), (2, "max")] {
        if matches!(args[at], Value::None) {
            args[at] = take(args, at + 2);
        } else if !matches!(args[at + 2], Value::None) {
            return Err(Error::value(format!(
                "Passing `{name}` keyword argument when `a_{name}` is also given is an error"
            )));
        }
    }
    let (low, high) = (bound(take(args, 1))?, bound(take(args, 2))?);
    let dtype = [Some(&a), low.as_ref(), high.as_ref()].into_iter().flatten().filter_map(dtype_of).max();
    match dtype {
        Some(DType::Float) if low.is_some() && high.is_some() => clip_typed::<f64>(
            a,
            low,
            high,
            |x, y| if y.is_nan() || x < y { y } else { x },
            |x, y| {
                if y.is_nan() || x > y { y } else { x }
            },
        ),
        // With one bound it is a maximum or minimum, which gives the bound where both are equal.
        Some(DType::Float) => clip_typed::<f64>(
            a,
            low,
            high,
            |x, y| if x.is_nan() || x > y { x } else { y },
            |x, y| {
                if x.is_nan() || x < y { x } else { y }
            },
        ),
        Some(DType::Int) => clip_typed::<i64>(a, low, high, i64::max, i64::min),
        _ => clip_typed::<bool>(a, low, high, |x, y| x | y, |x, y| x & y),
    }
}

fn clip_typed<T: Element>(
    a: Value,
    low: Option<Value>,
    high: Option<Value>,
    max: fn(T, T) -> T,
    min: fn(T, T) -> T,
) -> Result<Value>
where
    Array: From<super::super::array::Storage<T>>,
{
    let mut a = Operand::<T>::new(a)?;
    if let Some(low) = low {
        a = zip_same(a, Operand::new(low)?, max)?;
    }
    if let Some(high) = high {
        a = zip_same(a, Operand::new(high)?, min)?;
    }
    Ok(a.into())
}

fn choose(args: &mut [Value]) -> Result<Value> {
    let condition = take_numeric(args, 0)?;
    if matches!((&args[1], &args[2]), (Value::None, Value::None)) {
        return super::selection::nonzero(condition);
    }
    if matches!(args[1], Value::None) || matches!(args[2], Value::None) {
        return Err(Error::value("either both or neither of x and y should be given"));
    }
    let (x, y) = (take_numeric(args, 1)?, take_numeric(args, 2)?);
    let condition = Operand::<bool>::new(condition)?;
    match dtype_of(&x).max(dtype_of(&y)) {
        Some(DType::Bool) => choose_typed::<bool>(condition, x, y),
        Some(DType::Int) => choose_typed::<i64>(condition, x, y),
        _ => choose_typed::<f64>(condition, x, y),
    }
}

fn choose_typed<T: Element>(condition: Operand<bool>, x: Value, y: Value) -> Result<Value>
where
    Array: From<super::super::array::Storage<T>>,
{
    let (x, y) = (Operand::<T>::new(x)?, Operand::<T>::new(y)?);
    Ok(match (condition, x, y) {
        (condition, Operand::Scalar(x), Operand::Scalar(y)) => map(condition, |c| if c { x } else { y }).into(),
        (condition, Operand::Scalar(x), y) => zip(condition, y, |c, y| if c { x } else { y })?.into(),
        (condition, x, Operand::Scalar(y)) => zip(condition, x, |c, x| if c { x } else { y })?.into(),
        (Operand::Array(condition), Operand::Array(mut x), Operand::Array(y))
            if condition.shape() == x.shape() && x.shape() == y.shape() && x.is_unique() =>
        {
            ndarray::Zip::from(&mut x).and(&y).and(&condition).for_each(|x, &y, &c| {
                if !c {
                    *x = y;
                }
            });
            Operand::Array(x).into()
        }
        (condition, x, y) => {
            // The condition picks from pairs; a pair is made only while it is looked at.
            let (x, y) = (x.into_storage(), y.into_storage());
            let condition = condition.into_storage();
            let shape = super::super::elementwise::broadcast_shape(x.shape(), y.shape())?;
            let shape = super::super::elementwise::broadcast_shape(&shape, condition.shape())?;
            let full = ndarray::IxDyn(&shape);
            match (condition.broadcast(full.clone()), x.broadcast(full.clone()), y.broadcast(full)) {
                (Some(c), Some(x), Some(y)) => {
                    let result = ndarray::Zip::from(&c).and(&x).and(&y).map_collect(|&c, &x, &y| if c { x } else { y });
                    Value::from(result.into_shared())
                }
                _ => return Err(Error::shape("operands could not be broadcast together")),
            }
        }
    })
}

fn isclose(args: &mut [Value]) -> Result<Value> {
    let (a, b) = pair(args)?;
    let (relative, absolute) = (f64::scalar(&args[2])?, f64::scalar(&args[3])?);
    let nans = operators::truth(&args[4])?;
    let close = |x: f64, y: f64| {
        x == y
            || (x.is_finite() && y.is_finite() && (x - y).abs() <= absolute + relative * y.abs())
            || (nans && x.is_nan() && y.is_nan())
    };
    Ok(zip(Operand::<f64>::new(a)?, Operand::<f64>::new(b)?, close)?.into())
}

/// The least common multiple and the greatest common divisor need none of floats.
pub(super) fn gcd(a: i64, b: i64) -> Result<i64> {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).map_err(|_| scalars::overflow())
}
