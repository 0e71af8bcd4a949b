//! The operators as functions: what generated code and the rules call them by.

use super::super::operators::{binary, compare, contains, unary};
use super::super::{indexing, value::Value};
use super::{Builtin, Kernel, kinds};
use crate::lang::tree::{BinaryOp, CompareOp, UnaryOp};

macro_rules! operators {
    ($($name:literal $kind:ident $doc:literal $call:expr;)*) => {
        &[$(Builtin { name: concat!("operator.", $name), signature: "(a, b, /)", mutates: false, kind: kinds::$kind, kernel: Kernel::Pure($call), doc: $doc }),*]
    };
}

macro_rules! binary {
    ($op:ident) => {
        |args| binary(BinaryOp::$op, std::mem::take(&mut args[0]), std::mem::take(&mut args[1]))
    };
}

macro_rules! comparison {
    ($op:ident) => {
        |args| compare(CompareOp::$op, &args[0], &args[1])
    };
}

/// The operators of two operands.
pub const ENTRIES: &[Builtin] = operators! {
    "add" add "`a + b`" binary!(Add);
    "sub" sub "`a - b`" binary!(Sub);
    "mul" mul "`a * b`" binary!(Mul);
    "truediv" float_broadcast "`a / b`" binary!(Div);
    "floordiv" floor_div "`a // b`" binary!(FloorDiv);
    "mod" floor_div "`a % b`" binary!(Mod);
    "pow" pow "`a ** b`" binary!(Pow);
    "matmul" matmul "`a @ b`" binary!(MatMul);
    "and_" bitwise "`a & b`" binary!(BitAnd);
    "or_" bitwise "`a | b`" binary!(BitOr);
    "xor" bitwise "`a ^ b`" binary!(BitXor);
    "lshift" shift "`a << b`" binary!(ShiftLeft);
    "rshift" shift "`a >> b`" binary!(ShiftRight);
    "eq" comparison "`a == b`" comparison!(Eq);
    "ne" comparison "`a != b`" comparison!(Ne);
    "lt" comparison "`a < b`" comparison!(Lt);
    "le" comparison "`a <= b`" comparison!(Le);
    "gt" comparison "`a > b`" comparison!(Gt);
    "ge" comparison "`a >= b`" comparison!(Ge);
    "contains" bool "`b in a`" |args| contains(&args[0], &args[1]).map(Value::Bool);
    "getitem" any "`a[b]`" |args| indexing::get(&args[0], &args[1]);
    "is_" bool "`a is b`" comparison!(Is);
    "is_not" bool "`a is not b`" comparison!(IsNot);
};

macro_rules! unary {
    ($name:literal, $kind:ident, $op:ident, $doc:literal) => {
        Builtin {
            name: concat!("operator.", $name),
            signature: "(a, /)",
            mutates: false,
            kind: kinds::$kind,
            kernel: Kernel::Pure(|args| unary(UnaryOp::$op, std::mem::take(&mut args[0]))),
            doc: $doc,
        }
    };
}

/// The operators of one operand, and updates in place.
pub const MORE: &[Builtin] = &[
    unary!("neg", negative, Neg, "`-a`"),
    unary!("pos", negative, Pos, "`+a`"),
    unary!("invert", same_number, Invert, "`~a`"),
    unary!("not_", bool, Not, "`not a`"),
    Builtin {
        name: "operator.setitem",
        signature: "(a, b, c, /)",
        mutates: true,
        kind: kinds::none,
        kernel: Kernel::Pure(|args| {
            let (index, item) = (std::mem::take(&mut args[1]), std::mem::take(&mut args[2]));
            indexing::set(&mut args[0], &index, item).map(|()| Value::None)
        }),
        doc: "`a[b] = c`",
    },
    Builtin {
        name: "operator.delitem",
        signature: "(a, b, /)",
        mutates: true,
        kind: kinds::none,
        kernel: Kernel::Pure(|args| {
            let index = std::mem::take(&mut args[1]);
            indexing::delete(&mut args[0], &index).map(|()| Value::None)
        }),
        doc: "`del a[b]`",
    },
];
