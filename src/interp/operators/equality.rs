//! Equality, order and membership of whole values.

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::function::Function;
use super::super::iteration;
use super::super::value::{Key, Range, Value, View, ViewPart};
use super::{compare, truth};
use crate::lang::tree::CompareOp;
use crate::lang::{Error, Result, with_room};

/// Python's `a == b` as one truth value; an error where it compares arrays of more than one element.
pub fn equal(a: &Value, b: &Value) -> Result<bool> {
    match (a, b) {
        (Value::Tuple(_), Value::Tuple(_)) | (Value::List(_), Value::List(_)) | (Value::Dict(_), Value::Dict(_)) => {
            with_room(|| equal_here(a, b))
        }
        _ => equal_here(a, b),
    }
}

fn equal_here(a: &Value, b: &Value) -> Result<bool> {
    Ok(match (a, b) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Array(_), _) | (_, Value::Array(_)) => truth(&compare(CompareOp::Eq, a, b)?)?,
        (Value::Tuple(a), Value::Tuple(b)) => equal_items(a.iter().cloned(), b.iter().cloned())?,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && equal_items(a.iter(), b.iter())?,
        (Value::Dict(a), Value::Dict(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, x) in a.iter() {
                match b.get(key) {
                    Some(y) if equal(x, y)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (Value::View(a), Value::View(b)) => {
            Arc::ptr_eq(a, b) || (a.dict.len() == b.dict.len() && within(a, b)? && within(b, a)?)
        }
        (Value::Slice(a), Value::Slice(b)) => {
            equal(&a.start, &b.start)? && equal(&a.stop, &b.stop)? && equal(&a.step, &b.step)?
        }
        (Value::Range(a), Value::Range(b)) => {
            a.len() == b.len() && (a.is_empty() || (a.start == b.start && (a.len() == 1 || a.step == b.step)))
        }
        (Value::DType(a), Value::DType(b)) => a == b,
        // `x.dtype == float` compares with the builtin of that name.
        (Value::DType(dtype), Value::Str(name)) | (Value::Str(name), Value::DType(dtype)) => {
            dtype.name() == name.as_str()
        }
        (Value::DType(_), Value::Function(_)) => {
            super::super::library::dtype_argument(b).is_ok_and(|d| Value::DType(d).same_dtype(a))
        }
        (Value::Function(_), Value::DType(_)) => equal(b, a)?,
        (Value::Module(a), Value::Module(b)) => a == b,
        (Value::Function(a), Value::Function(b)) => match (&**a, &**b) {
            (Function::Builtin(a), Function::Builtin(b)) => a.name == b.name,
            (Function::Partial(f, x), Function::Partial(g, y)) => {
                equal(f, g)? && equal_items(x.iter().cloned(), y.iter().cloned())?
            }
            _ => Arc::ptr_eq(a, b),
        },
        _ => numbers(a, b) == Some(Some(Ordering::Equal)),
    })
}

impl Value {
    fn same_dtype(&self, other: &Value) -> bool {
        matches!((self, other), (Value::DType(a), Value::DType(b)) if a == b)
    }
}

fn equal_items(a: impl ExactOrAny, b: impl ExactOrAny) -> Result<bool> {
    let (mut a, mut b) = (a, b);
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ok(true),
            (Some(x), Some(y)) if equal(&x, &y)? => {}
            _ => return Ok(false),
        }
    }
}

/// Any iterator of values.
trait ExactOrAny: Iterator<Item = Value> {}
impl<I: Iterator<Item = Value>> ExactOrAny for I {}

/// The order of two numbers: none where one is nan; no order at all where one is no number.
fn numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    Some(match (integer(a), integer(b)) {
        (Some(x), Some(y)) => Some(x.cmp(&y)),
        (Some(x), None) => int_float_order(x, float(b)?),
        (None, Some(y)) => int_float_order(y, float(a)?).map(Ordering::reverse),
        (None, None) => float(a)?.partial_cmp(&float(b)?),
    })
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) => Some(*i),
        Value::Bool(b) => Some(i64::from(*b)),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    if let Value::Float(x) = value { Some(*x) } else { None }
}

/// The exact order of an integer and a float.
fn int_float_order(i: i64, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if x < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    let whole = x.trunc() as i64;
    Some(i.cmp(&whole).then_with(|| 0f64.partial_cmp(&x.fract()).unwrap_or(Ordering::Equal)))
}

/// Whether every element of a view is in another; only keys and items are compared.
pub(super) fn within(a: &View, b: &View) -> Result<bool> {
    if a.part == ViewPart::Values || b.part == ViewPart::Values {
        return Ok(false);
    }
    for item in a.iter() {
        if !in_view(b, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn in_view(view: &View, item: &Value) -> Result<bool> {
    match (view.part, item) {
        (ViewPart::Keys, item) => Ok(view.dict.contains_key(&Key::new(item)?)),
        (ViewPart::Items, Value::Tuple(pair)) => match &pair[..] {
            [key, item] => match view.dict.get(&Key::new(key)?) {
                Some(held) => equal(held, item),
                None => Ok(false),
            },
            _ => Ok(false),
        },
        (ViewPart::Items, _) => Ok(false),
        (ViewPart::Values, item) => {
            for held in view.dict.values() {
                if equal(held, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

/// The index of a number in a range.
pub fn place_in_range(range: &Range, item: &Value) -> Option<i64> {
    let number = match item {
        Value::Int(i) => *i,
        Value::Bool(b) => i64::from(*b),
        Value::Float(x) if x.fract() == 0.0 && x.abs() < 9.2e18 => *x as i64,
        _ => return None,
    };
    let offset = i128::from(number) - i128::from(range.start);
    let index = offset / i128::from(range.step);
    let inside = offset % i128::from(range.step) == 0 && index >= 0 && index < range.len() as i128;
    if inside { i64::try_from(index).ok() } else { None }
}

/// Python's order of two values: none where a nan is in the way, an error without a message where there is no order.
pub fn order(a: &Value, b: &Value) -> Result<Option<Ordering>> {
    if let Some(order) = numbers(a, b) {
        return Ok(order);
    }
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Ok(Some(a.cmp(b))),
        (Value::Tuple(a), Value::Tuple(b)) => with_room(|| order_items(a, b)),
        (Value::List(a), Value::List(b)) => with_room(|| order_items(&a.to_values(), &b.to_values())),
        (Value::Array(_), _) | (_, Value::Array(_)) => {
            if truth(&compare(CompareOp::Lt, a, b)?)? {
                Ok(Some(Ordering::Less))
            } else if truth(&compare(CompareOp::Gt, a, b)?)? {
                Ok(Some(Ordering::Greater))
            } else {
                Ok(Some(Ordering::Equal))
            }
        }
        _ => Err(Error::type_("")),
    }
}

fn order_items(a: &[Value], b: &[Value]) -> Result<Option<Ordering>> {
    for (x, y) in a.iter().zip(b) {
        if !equal(x, y)? {
            return order(x, y);
        }
    }
    Ok(Some(a.len().cmp(&b.len())))
}

/// Python's `item in container`.
pub fn contains(container: &Value, item: &Value) -> Result<bool> {
    match (container, item) {
        // Python has keys of these sorts, but no dict here does.
        (
            Value::Dict(_),
            Value::Range(_) | Value::Function(_) | Value::Module(_) | Value::Ellipsis | Value::DType(_),
        ) => Ok(false),
        (Value::Dict(dict), item) => Ok(dict.contains_key(&Key::new(item)?)),
        (Value::Str(text), Value::Str(part)) => Ok(text.contains(part.as_str())),
        (Value::Str(_), _) => Err(Error::type_(format!("a string can only contain strings, not {}", item.type_name()))),
        (Value::View(view), item) => in_view(view, item),
        (Value::Range(range), item) => Ok(place_in_range(range, item).is_some()),
        (Value::Array(_), item) => {
            let hits = compare(CompareOp::Eq, container, item)?;
            match hits {
                Value::Array(hits) => match &*hits {
                    super::super::array::Array::Bool(hits) => Ok(hits.iter().any(|&hit| hit)),
                    _ => Ok(false),
                },
                other => truth(&other),
            }
        }
        _ => {
            let len = iteration::length(container)
                .map_err(|_| Error::type_(format!("{} is not a container", container.type_name())))?;
            for index in 0..len {
                if equal(&iteration::element(container, index)?, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}
