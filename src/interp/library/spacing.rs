//! `np.linspace`, `np.logspace` and `np.geomspace`: numbers in even steps, or in even steps of their logarithms.

use ndarray::{ArrayD, IxDyn};

use super::super::array::{Element, from_elements, shape_len};
use super::super::elementwise::broadcast_shape;
use super::super::operators::{self, binary};
use super::super::value::Value;
use super::arguments::{self, take, take_array};
use super::creating::{cast, cast_to};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

pub(super) fn linspace(args: &mut [Value]) -> Result<Value> {
    let dtype = arguments::dtype(&args[5])?.unwrap_or(DType::Float);
    let (start, stop) = (take_array(args, 0)?, take_array(args, 1)?);
    let (start, stop): (Value, Value) = (start.cast(DType::Float)?.into(), stop.cast(DType::Float)?.into());
    let (count, endpoint) = (count(&args[2])?, operators::truth(&args[3])?);
    let lines = lines(start.clone(), stop.clone(), count, endpoint, &args[6])?;
    let lines = match dtype {
        DType::Int => super::elementwise::float1(f64::floor, lines)?,
        _ => lines,
    };
    let lines = cast(lines, dtype)?;
    if !operators::truth(&args[4])? {
        return Ok(lines);
    }
    let spaces = if endpoint { count.saturating_sub(1) } else { count };
    let delta = binary(BinaryOp::Sub, stop, start)?;
    let step = match spaces {
        0 => Value::Float(f64::NAN),
        n => binary(BinaryOp::Div, delta, Value::Int(n as i64))?,
    };
    Ok(Value::tuple(vec![lines, step]))
}

pub(super) fn logspace(args: &mut [Value]) -> Result<Value> {
    let (base, dtype) = (take(args, 4), take(args, 5));
    let (start, stop) = (take(args, 0), take(args, 1));
    let (count, endpoint) = (count(&args[2])?, operators::truth(&args[3])?);
    let exponents = lines(start, stop, count, endpoint, &args[6])?;
    cast_to(super::elementwise::vector2(&crate::vector::POW, base, exponents)?, &dtype)
}

fn count(value: &Value) -> Result<usize> {
    let count = arguments::int(value, "num")?;
    let count = usize::try_from(count)
        .map_err(|_| Error::value(format!("number of samples, {count}, must be non-negative")))?;
    shape_len(&[count]).map(|_| count)
}

/// A line of evenly spaced numbers for each pair of ends, along an axis of the result.
fn lines(start: Value, stop: Value, count: usize, endpoint: bool, axis: &Value) -> Result<Value> {
    let start = f64::storage(arguments::array(start)?)?;
    let stop = f64::storage(arguments::array(stop)?)?;
    if let (Some(&start), Some(&stop), 0, 0) = (start.first(), stop.first(), start.ndim(), stop.ndim()) {
        arguments::axis(axis, 1)?;
        return Ok(from_elements(&[count], line(start, stop, count, endpoint))?.into());
    }
    let shape = broadcast_shape(start.shape(), stop.shape())?;
    let axis = arguments::axis(axis, shape.len() + 1)?;
    let (start, stop) = (super::shapes::broadcast_to(start, &shape)?, super::shapes::broadcast_to(stop, &shape)?);
    let elements: Vec<f64> = start.iter().zip(stop.iter()).flat_map(|(&x, &y)| line(x, y, count, endpoint)).collect();
    let lines: ArrayD<f64> = from_elements(&[&shape[..], &[count]].concat(), elements)?;
    let rank = shape.len();
    let order: Vec<usize> = (0..axis).chain([rank]).chain(axis..rank).collect();
    Ok(lines.permuted_axes(IxDyn(&order)).into())
}

/// NumPy's roundings: the steps are counted from the start, and the last number is the end itself.
fn line(start: f64, stop: f64, count: usize, endpoint: bool) -> Vec<f64> {
    let spaces = (if endpoint { count.saturating_sub(1) } else { count }) as f64;
    let delta = stop - start;
    let step = delta / spaces;
    (0..count)
        .map(|i| {
            if endpoint && count > 1 && i == count - 1 {
                stop
            } else if spaces == 0.0 {
                i as f64 * delta + start
            } else if step == 0.0 {
                i as f64 / spaces * delta + start
            } else {
                i as f64 * step + start
            }
        })
        .collect()
}
