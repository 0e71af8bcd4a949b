//! The operators of the language on values.

mod arrays;
mod compare;
mod equality;
mod in_order;
mod matmul;
pub mod scalars;
mod small;
mod update;

use std::sync::Arc;

use super::array::Array;
use super::value::{List, Value};
use crate::lang::tree::{BinaryOp, UnaryOp};
use crate::lang::{Error, Result};

pub(crate) use arrays::dtype_of;
pub use compare::compare;
pub use equality::{contains, equal, order, place_in_range};
pub(crate) use in_order::{Lent, binary as binary_in_order, own as own_elements};
pub use matmul::matmul;
pub use update::update;

/// Python's `a op b`; takes the operands, so that an array that nobody else holds gives its buffer to the result.
pub fn binary(op: BinaryOp, a: Value, b: Value) -> Result<Value> {
    match (&a, &b) {
        (Value::Float(x), Value::Float(y)) => scalars::float_binary(op, *x, *y),
        (Value::Int(x), Value::Int(y)) => scalars::int_binary(op, *x, *y),
        (Value::Float(x), Value::Int(y)) => {
            scalars::float_binary(op, *x, *y as f64).map_err(|_| unsupported(op, &a, &b))
        }
        (Value::Int(x), Value::Float(y)) => {
            scalars::float_binary(op, *x as f64, *y).map_err(|_| unsupported(op, &a, &b))
        }
        (Value::Bool(_), Value::Bool(_) | Value::Int(_) | Value::Float(_))
        | (Value::Int(_) | Value::Float(_), Value::Bool(_)) => scalars::bool_binary(op, &a, &b),
        (Value::Array(_), _) | (_, Value::Array(_)) if op == BinaryOp::MatMul => matmul(a, b),
        (Value::Array(_), Value::Array(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_))
        | (Value::Bool(_) | Value::Int(_) | Value::Float(_), Value::Array(_)) => arrays::binary(op, a, b),
        (Value::Array(_), Value::List(_) | Value::Tuple(_)) => {
            let b = super::library::creation::array_of(b)?;
            binary(op, a, b)
        }
        (Value::List(_) | Value::Tuple(_), Value::Array(_)) => {
            let a = super::library::creation::array_of(a)?;
            binary(op, a, b)
        }
        _ => sequence_binary(op, a, b),
    }
}

/// `+` and `*` of strings, lists and tuples.
fn sequence_binary(op: BinaryOp, a: Value, b: Value) -> Result<Value> {
    const ITEM: usize = size_of::<Value>();
    match (op, a, b) {
        (BinaryOp::Add, Value::Str(mut a), Value::Str(b)) => {
            super::memory::fits(a.len().saturating_add(b.len()))?;
            Arc::make_mut(&mut a).push_str(&b);
            Ok(Value::Str(a))
        }
        (BinaryOp::Add, Value::List(mut a), Value::List(b)) => {
            super::memory::fits(a.len().saturating_add(b.len()).saturating_mul(ITEM))?;
            extend(Arc::make_mut(&mut a), &b);
            Ok(Value::List(a))
        }
        (BinaryOp::Add, Value::Tuple(mut a), Value::Tuple(b)) => {
            super::memory::fits(a.len().saturating_add(b.len()).saturating_mul(ITEM))?;
            Arc::make_mut(&mut a).extend(b.iter().cloned());
            Ok(Value::Tuple(a))
        }
        (
            BinaryOp::Mul,
            sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)),
            count @ (Value::Int(_) | Value::Bool(_)),
        )
        | (
            BinaryOp::Mul,
            count @ (Value::Int(_) | Value::Bool(_)),
            sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)),
        ) => repeat(sequence, count),
        (BinaryOp::BitOr, Value::Dict(mut a), Value::Dict(b)) => {
            Arc::make_mut(&mut a).extend(b.iter().map(|(k, v)| (k.clone(), v.clone())));
            Ok(Value::Dict(a))
        }
        (BinaryOp::Mod, Value::Str(template), values) => {
            super::display::format_percent(&template, &values).map(Value::str)
        }
        (op, a, b) => Err(unsupported(op, &a, &b)),
    }
}

fn extend(list: &mut List, more: &List) {
    match (&mut *list, more) {
        (List::Floats(a), List::Floats(b)) => a.extend_from_slice(b),
        (List::Ints(a), List::Ints(b)) => a.extend_from_slice(b),
        (List::Values(a), more) if a.is_empty() => *list = more.clone(),
        (_, more) => {
            for item in more.iter() {
                list.push(item);
            }
        }
    }
}

fn repeat(sequence: Value, count: Value) -> Result<Value> {
    let count = match count {
        Value::Int(n) => usize::try_from(n).unwrap_or(0),
        Value::Bool(b) => usize::from(b),
        _ => 0,
    };
    let limit = |bytes: usize| {
        super::memory::fits(bytes.saturating_mul(count)).map_err(|e| e.of("the repeated sequence is too long:"))
    };
    Ok(match sequence {
        Value::Str(s) => {
            limit(s.len())?;
            Value::str(s.repeat(count))
        }
        Value::Tuple(items) => {
            limit(items.len().saturating_mul(size_of::<Value>()))?;
            let len = items.len() * count;
            Value::tuple(items.iter().cycle().take(len).cloned().collect())
        }
        Value::List(list) => {
            limit(list.len().saturating_mul(size_of::<Value>()))?;
            Value::List(Arc::new(match &*list {
                List::Floats(v) => List::Floats(v.repeat(count)),
                List::Ints(v) => List::Ints(v.repeat(count)),
                List::Values(v) => List::Values(v.iter().cycle().take(v.len() * count).cloned().collect()),
            }))
        }
        other => other,
    })
}

/// The error of an operator that the operands' types do not have.
pub(crate) fn unsupported(op: BinaryOp, a: &Value, b: &Value) -> Error {
    let error =
        Error::type_(format!("unsupported operand types for {}: {} and {}", op.text(), a.type_name(), b.type_name()));
    let number = |value: &Value| matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
    let sequence = |value: &Value| matches!(value, Value::List(_) | Value::Tuple(_));
    match (op, a, b) {
        (_, Value::None, _) | (_, _, Value::None) => error.hint("a function without a `return` gives None"),
        (_, Value::Function(_), _) | (_, _, Value::Function(_)) => error.hint("call the function: f(x)"),
        (BinaryOp::Add, Value::Str(_), other) | (BinaryOp::Add, other, Value::Str(_))
            if number(other) || sequence(other) =>
        {
            error.hint("make the other operand a string with str(…), or write an f-string")
        }
        (BinaryOp::BitXor, Value::Float(_), _) | (BinaryOp::BitXor, _, Value::Float(_)) => {
            error.hint("a power is written **")
        }
        (BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Sub, Value::View(_), _) => {
            error.hint("there are no sets: select with a comprehension, such as [k for k in a if k in b]")
        }
        (BinaryOp::Add, a, b) if sequence(a) && sequence(b) => error.hint("join two lists, or two tuples"),
        (BinaryOp::MatMul, a, b) if number(a) || number(b) => error.hint("use * for numbers"),
        (_, a, _) if sequence(a) => error.hint("make the list an array first: np.array(…)"),
        (_, _, b) if sequence(b) && number(a) => error.hint("make the list an array first: np.array(…)"),
        _ => error,
    }
}

/// Python's `op a`.
pub fn unary(op: UnaryOp, a: Value) -> Result<Value> {
    match (op, a) {
        (UnaryOp::Not, a) => truth(&a).map(|t| Value::Bool(!t)),
        (UnaryOp::Neg, Value::Float(x)) => Ok(Value::Float(-x)),
        (UnaryOp::Neg, Value::Int(i)) => i.checked_neg().map(Value::Int).ok_or_else(scalars::overflow),
        (UnaryOp::Neg, Value::Bool(b)) => Ok(Value::Int(-i64::from(b))),
        (UnaryOp::Pos, a @ (Value::Float(_) | Value::Int(_))) => Ok(a),
        (UnaryOp::Pos, Value::Bool(b)) => Ok(Value::Int(i64::from(b))),
        (UnaryOp::Invert, Value::Int(i)) => Ok(Value::Int(!i)),
        // The elements of boolean arrays are bools, and there `~` is `not`; so it is on bools themselves.
        (UnaryOp::Invert, Value::Bool(b)) => Ok(Value::Bool(!b)),
        (op, Value::Array(a)) => arrays::unary(op, a),
        (op, a) => Err(Error::type_(format!("bad operand type for unary {}: {}", op.text(), a.type_name()))),
    }
}

/// Whether a value counts as true.
pub fn truth(value: &Value) -> Result<bool> {
    Ok(match value {
        Value::None => false,
        Value::Bool(b) => *b,
        Value::Int(i) => *i != 0,
        Value::Float(x) => *x != 0.0,
        Value::Str(s) => !s.is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Dict(dict) => !dict.is_empty(),
        Value::View(view) => !view.dict.is_empty(),
        Value::Range(range) => !range.is_empty(),
        Value::Array(array) => array_truth(array)?,
        _ => true,
    })
}

fn array_truth(array: &Array) -> Result<bool> {
    match array.only() {
        Some(element) => truth(&element),
        None if array.is_empty() => {
            Err(Error::value("the truth value of an empty array is ambiguous").hint("compare its size: x.size > 0"))
        }
        None => Err(Error::value("the truth value of an array with more than one element is ambiguous")
            .hint("use np.any(…) or np.all(…); element by element, & and | stand for `and` and `or`")),
    }
}
