//! Linear systems, inverses and determinants.

use super::factor::{Factor, sign_and_log_kind, solution_rank};
use super::stack::Stack;
use super::{float_rank, matrix_rank, same_shape};
use crate::interp::library::floats::floats;
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::Result;

fn factorized(a: &mut Value, function: &str) -> Result<Factor> {
    Ok(Factor::new(Stack::square(std::mem::take(a), function)?))
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "np.linalg.solve",
        signature: "(a, b)",
        mutates: false,
        kind: |args| float_rank(solution_rank(matrix_rank(&args[0].kind), args[1].kind.rank())),
        kernel: Kernel::Pure(|args| {
            let b = floats(std::mem::take(&mut args[1]), "the right-hand side")?;
            factorized(&mut args[0], "np.linalg.solve")?.solve(b, false, "np.linalg.solve").map(Value::from)
        }),
        doc: "The solution `x` of `a @ x == b` for square matrices `a` of shape `(…, n, n)` and a vector `b` of shape `(n,)` or \
              matrices of shape `(…, n, k)`.\n\n```\nnp.linalg.solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 2.0]))\n```",
    },
    Builtin {
        name: "np.linalg.inv",
        signature: "(a)",
        mutates: false,
        kind: same_shape,
        kernel: Kernel::Pure(|args| factorized(&mut args[0], "np.linalg.inv")?.inverse()?.into_value()),
        doc: "The inverse of each square matrix of shape `(…, n, n)`.\n\n```\nnp.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]]))\n```",
    },
    Builtin {
        name: "np.linalg.det",
        signature: "(a)",
        mutates: false,
        kind: |args| float_rank(matrix_rank(&args[0].kind).map(|rank| rank - 2)),
        kernel: Kernel::Pure(|args| factorized(&mut args[0], "np.linalg.det")?.det()),
        doc: "The determinant of each square matrix of shape `(…, n, n)`: shape `(…)`.\n\n```\nnp.linalg.det(np.array([[2.0, 0.0], [0.0, 4.0]]))\n```",
    },
    Builtin {
        name: "np.linalg.slogdet",
        signature: "(a)",
        mutates: false,
        kind: |args| sign_and_log_kind(matrix_rank(&args[0].kind)),
        kernel: Kernel::Pure(|args| factorized(&mut args[0], "np.linalg.slogdet")?.slogdet()),
        doc: "`(sign, logabsdet)`: the sign of the determinant and the logarithm of its absolute value, which does not overflow.\n\n\
              ```\nsign, logdet = np.linalg.slogdet(np.array([[2.0, 0.0], [0.0, 4.0]]))\n```",
    },
];
