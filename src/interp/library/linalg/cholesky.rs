//! The Cholesky factorisation.

use lax::{Lapack, UPLO};

use super::same_rank;
use super::stack::Stack;
use crate::interp::library::floats::flag;
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

fn cholesky(args: &mut [Value]) -> Result<Value> {
    let upper = flag(&args[1], "upper")?;
    let mut a = Stack::square_by_rows(std::mem::take(&mut args[0]), "np.linalg.cholesky")?;
    let (n, layout) = (a.rows, a.layout());
    // Stored row by row, what is upper to LAPACK is the lower triangle.
    let triangle = if upper { UPLO::Lower } else { UPLO::Upper };
    if n > 0 {
        for i in 0..a.count() {
            let a = a.matrix_mut(i);
            f64::cholesky(layout, triangle, a).map_err(|_| Error::numeric("matrix is not positive definite"))?;
            for row in 0..n {
                let outside = if upper { 0..row } else { row + 1..n };
                a[row * n..][outside].fill(0.0);
            }
        }
    }
    a.into_value_by_rows()
}

/// The lower factor of one matrix.
pub(super) fn lower(a: Value) -> Result<Value> {
    cholesky(&mut [a, Value::Bool(false)])
}

pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "np.linalg.cholesky",
    signature: "(a, /, *, upper=False)",
    mutates: false,
    kind: same_rank,
    kernel: Kernel::Pure(cholesky),
    doc: "The lower triangular `L` with `L @ L.T == a` for each symmetric positive definite matrix of shape `(…, n, n)`, or \
          with `upper=True` the upper triangular `U` with `U.T @ U == a`. Only that triangle of `a` is read.\n\n\
          ```\nnp.linalg.cholesky(np.array([[4.0, 2.0], [2.0, 3.0]]))\n```",
}];
