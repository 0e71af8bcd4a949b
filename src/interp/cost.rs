//! What operations count for the operation counter, and how long they take.
//!
//! The counter counts floating-point operations: the numbers that arithmetic, functions and comparisons of floats
//! compute, two for each term of a product of matrices. What only moves numbers counts nothing. The work of an
//! operation, all elements that it goes through, says how soon the clock is looked at.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::interp::library::Builtin;
use crate::interp::value::{List, Value};
use crate::lang::tree::BinaryOp;
use crate::sct::kind::DType;

/// Library functions that move numbers, and compute none.
static MOVES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    FxHashSet::from_iter([
        "np.append",
        "np.array",
        "np.asarray",
        "np.atleast_1d",
        "np.atleast_2d",
        "np.atleast_3d",
        "np.broadcast_to",
        "np.column_stack",
        "np.concatenate",
        "np.copy",
        "np.diag",
        "np.diagonal",
        "np.empty",
        "np.empty_like",
        "np.expand_dims",
        "np.eye",
        "np.flip",
        "np.fliplr",
        "np.flipud",
        "np.full",
        "np.full_like",
        "np.hstack",
        "np.moveaxis",
        "np.ndim",
        "np.ones",
        "np.ones_like",
        "np.ravel",
        "np.repeat",
        "np.reshape",
        "np.roll",
        "np.rot90",
        "np.shape",
        "np.size",
        "np.split",
        "np.squeeze",
        "np.stack",
        "np.swapaxes",
        "np.take",
        "np.take_along_axis",
        "np.tile",
        "np.transpose",
        "np.tril",
        "np.triu",
        "np.vstack",
        "np.where",
        "np.zeros",
        "np.zeros_like",
        "len",
        "print",
        "isinstance",
        "enumerate",
        "reversed",
        "zip",
        "range",
        "tuple",
        "list",
        "dict",
        "float",
    ])
});

/// Modules and types whose functions move values.
const MOVING: &[&str] = &["array.", "list.", "dict.", "tuple.", "str.", "range.", "cotangent."];

/// Functions of these modules that compute all the same.
const COMPUTING: &[&str] = &["cotangent.add", "cotangent.add_at", "cotangent.sum_to"];

/// The number of elements of a value.
pub fn size(value: &Value) -> u64 {
    match value {
        Value::Array(array) => array.len() as u64,
        Value::Float(_) | Value::Int(_) | Value::Bool(_) => 1,
        Value::List(list) => list.len() as u64,
        _ => 0,
    }
}

/// The number of floats of a value, those of a list's arrays included.
fn floats(value: &Value) -> u64 {
    match value {
        Value::Float(_) => 1,
        Value::Array(array) if array.dtype() == DType::Float => array.len() as u64,
        Value::List(list) => match &**list {
            List::Floats(items) => items.len() as u64,
            List::Ints(_) => 0,
            List::Values(items) => {
                items.iter().map(|item| if let Value::List(_) = item { 0 } else { floats(item) }).sum()
            }
        },
        _ => 0,
    }
}

/// How many elements an operator goes through for each of its result.
pub fn terms(op: BinaryOp, b: &Value) -> u64 {
    match (op, b) {
        (BinaryOp::MatMul, Value::Array(b)) => match *b.shape() {
            [.., inner, _] | [inner] => 2 * inner as u64,
            [] => 1,
        },
        _ => 1,
    }
}

/// The elements that an operator goes through.
fn binary_work(op: BinaryOp, a: &Value, b: &Value) -> u64 {
    match op {
        BinaryOp::MatMul => {
            let columns = match b {
                Value::Array(b) if b.shape().len() >= 2 => b.shape()[b.shape().len() - 1] as u64,
                _ => 1,
            };
            2 * size(a) * columns
        }
        _ => size(a).max(size(b)),
    }
}

/// The floating-point operations of an operator by its operands; a result that is larger than they are counts by its
/// own size. Sequences are joined and repeated without any.
pub fn binary(op: BinaryOp, a: &Value, b: &Value) -> u64 {
    let number = |value: &Value| !matches!(value, Value::List(_));
    if number(a) && number(b) && floats(a) + floats(b) > 0 { binary_work(op, a, b) } else { 0 }
}

/// The floating-point operations of an operator of one operand.
pub fn unary(a: &Value) -> u64 {
    floats(a)
}

/// The floating-point operations of a comparison, as those of an operator.
pub fn comparison(a: &Value, b: &Value) -> u64 {
    if floats(a) + floats(b) > 0 { size(a).max(size(b)) } else { 0 }
}

/// The floating-point operations of a library function by its arguments; that of the result is compared with it.
pub fn arguments(builtin: &Builtin, args: &[Value]) -> u64 {
    match (builtin.name, args) {
        ("np.matmul" | "np.dot", [a, b, ..]) => binary(BinaryOp::MatMul, a, b),
        _ => args.iter().map(floats).max().unwrap_or(0),
    }
}

/// The floating-point operations of a library function, by those of its arguments and its result.
pub fn call(builtin: &Builtin, arguments: u64, result: &Value) -> u64 {
    let name = builtin.name;
    let moving = MOVING.iter().any(|prefix| name.starts_with(prefix)) && !COMPUTING.contains(&name);
    // A sum over no axis adds nothing.
    let idle = name == "cotangent.sum_to" && floats(result) >= arguments;
    if moving || idle || MOVES.contains(name) { 0 } else { arguments.max(floats(result)) }
}
