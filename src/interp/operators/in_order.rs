//! Arithmetic on float arrays whose elements are in order, and numbers: the common case, without asking for shapes and
//! strides more than once. One shape may be the end of the other, as that of a bias is. It works in the buffer of an operand that nobody else
//! holds.

use std::sync::Arc;

use super::super::array::{Array, Storage, floats, same_shape};
use super::super::value::Value;
use crate::lang::tree::BinaryOp;

/// An operand, and whether it may be taken: nobody reads it afterwards.
pub(crate) struct Lent<'a> {
    /// The operand.
    pub value: &'a mut Value,
    /// Whether it may be taken.
    pub taken: bool,
}

/// `a op b`, if it is such a case; what is taken of the operands is left empty.
pub(crate) fn binary(op: BinaryOp, a: Lent<'_>, b: Lent<'_>) -> Option<Value> {
    match op {
        BinaryOp::Add => pairs(a, b, |x, y| x + y),
        BinaryOp::Sub => pairs(a, b, |x, y| x - y),
        BinaryOp::Mul => pairs(a, b, |x, y| x * y),
        BinaryOp::Div => pairs(a, b, |x, y| x / y),
        BinaryOp::Pow if number(b.value) == Some(2.0) => each(a, |x| x * x),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(x) => Some(*x),
        Value::Int(i) => Some(*i as f64),
        _ => None,
    }
}

fn storage(value: &Value) -> Option<&Storage<f64>> {
    match value {
        Value::Array(array) => match &**array {
            Array::Float(a) => Some(a),
            _ => None,
        },
        _ => None,
    }
}

fn elements(a: &Storage<f64>) -> Option<&[f64]> {
    a.as_slice().filter(|elements| !elements.is_empty())
}

/// The elements of an array that nobody else holds.
pub(crate) fn own(value: &mut Value) -> Option<&mut [f64]> {
    match value {
        Value::Array(array) => match Arc::get_mut(array)? {
            Array::Float(a) if a.is_unique() => a.as_slice_mut(),
            _ => None,
        },
        _ => None,
    }
}

impl Lent<'_> {
    /// The elements of an array that nobody else holds or reads.
    fn own(&mut self) -> Option<&mut [f64]> {
        if self.taken { own(self.value) } else { None }
    }
}

fn pairs(mut a: Lent<'_>, mut b: Lent<'_>, f: impl Fn(f64, f64) -> f64) -> Option<Value> {
    if let Some(y) = number(b.value) {
        return each(a, |x| f(x, y));
    }
    if let Some(x) = number(a.value) {
        return each(b, |y| f(x, y));
    }
    let (shape, other) = (storage(a.value)?.shape(), storage(b.value)?.shape());
    if !same_shape(shape, other) {
        return match (shape.ends_with(other), other.ends_with(shape)) {
            (true, _) => rows(a, b.value, f),
            (_, true) => rows(b, a.value, |y, x| f(x, y)),
            _ => None,
        };
    }
    if let Some(out) = a.own() {
        out.iter_mut().zip(elements(storage(b.value)?)?).for_each(|(x, y)| *x = f(*x, *y));
        return Some(std::mem::take(a.value));
    }
    if let Some(out) = b.own() {
        out.iter_mut().zip(elements(storage(a.value)?)?).for_each(|(y, x)| *y = f(*x, *y));
        return Some(std::mem::take(b.value));
    }
    let (x, y) = (storage(a.value)?, storage(b.value)?);
    floats(x.shape(), elements(x)?.iter().zip(elements(y)?).map(|(x, y)| f(*x, *y)).collect())
}

/// Each row of one with the elements of the other, which are as many.
fn rows(mut a: Lent<'_>, row: &Value, f: impl Fn(f64, f64) -> f64) -> Option<Value> {
    let row = elements(storage(row)?)?;
    if let Some(out) = a.own() {
        for part in out.chunks_exact_mut(row.len()) {
            part.iter_mut().zip(row).for_each(|(x, y)| *x = f(*x, *y));
        }
        return Some(std::mem::take(a.value));
    }
    let a = storage(a.value)?;
    let parts = elements(a)?.chunks_exact(row.len());
    floats(a.shape(), parts.flat_map(|part| part.iter().zip(row).map(|(x, y)| f(*x, *y))).collect())
}

fn each(mut a: Lent<'_>, f: impl Fn(f64) -> f64) -> Option<Value> {
    if let Some(out) = a.own() {
        out.iter_mut().for_each(|x| *x = f(*x));
        return Some(std::mem::take(a.value));
    }
    let a = storage(a.value)?;
    floats(a.shape(), elements(a)?.iter().map(|x| f(*x)).collect())
}
