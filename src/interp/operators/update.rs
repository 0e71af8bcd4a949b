//! `a op= b`: as `a = a op b`, but what `a` is stays what it was. An array keeps its shape and element type, a list takes
//! the elements of anything that can be gone through, a dict the items of anything that `dict` takes.

use std::sync::Arc;

use super::super::array::{Array, shape_text};
use super::super::library::{self, builtins};
use super::super::value::{List, Value};
use super::super::{iteration, memory};
use super::binary;
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::keeps_element_type;

/// The value of `a` after `a op= b`; takes the operands as [`binary`] does.
pub fn update(op: BinaryOp, a: Value, b: Value) -> Result<Value> {
    match (op, a, b) {
        (BinaryOp::Add, Value::List(mut list), b) if !matches!(b, Value::List(_) | Value::Array(_)) => {
            let more = iteration::elements(&b)?;
            memory::fits(list.len().saturating_add(more.len()).saturating_mul(size_of::<Value>()))?;
            let items: &mut List = Arc::make_mut(&mut list);
            more.into_iter().for_each(|item| items.push(item));
            Ok(Value::List(list))
        }
        (BinaryOp::BitOr, a @ Value::Dict(_), b @ (Value::List(_) | Value::Tuple(_))) => {
            binary(op, a, builtins::dict_of(&b)?)
        }
        (op, Value::Array(array), b) => of_array(op, array, b),
        (op, a, b) => binary(op, a, b),
    }
}

fn of_array(op: BinaryOp, array: Arc<Array>, b: Value) -> Result<Value> {
    let (dtype, rank) = (array.dtype(), array.ndim());
    let b = match b {
        Value::List(_) | Value::Tuple(_) => library::creation::array_of(b)?,
        b => b,
    };
    // Broadcasting may repeat the operand, not the array.
    let kept = match (&b, op) {
        (_, BinaryOp::MatMul) => Some(array.shape().to_vec()),
        (Value::Array(b), _) => {
            let grows = array.shape().iter().rev().zip(b.shape().iter().rev()).any(|(&n, &m)| n == 1 && m != 1);
            if b.ndim() > rank || grows { Some(array.shape().to_vec()) } else { None }
        }
        _ => None,
    };
    let result = binary(op, Value::Array(array), b)?;
    if let Value::Array(new) = &result
        && new.dtype() > dtype
    {
        return Err(keeps_element_type(op, dtype, new.dtype()));
    }
    match kept {
        Some(shape) if !matches!(&result, Value::Array(new) if new.shape() == shape) => Err(Error::shape(format!(
            "{}= does not fit the array of shape {}, which keeps its shape",
            op.text(),
            shape_text(&shape)
        ))
        .hint("write x = x op y for a result of another shape")),
        _ => Ok(result),
    }
}
