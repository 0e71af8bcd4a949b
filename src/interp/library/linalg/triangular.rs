//! Triangular systems.

use crate::interp::array::shape_text;
use lax::{Diag, Lapack, UPLO};

use super::factor::{solution_rank, transposed};
use super::stack::{Stack, layout, pair, right_hand_side};
use super::{float_rank, matrix_rank};
use crate::interp::array::Storage;
use crate::interp::library::floats::{flag, floats};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

const NAME: &str = "linalg.solve_triangular";

fn solve_triangular(args: &mut [Value]) -> Result<Value> {
    let transpose = match &args[2] {
        Value::Int(0) | Value::Bool(false) => false,
        Value::Int(1 | 2) | Value::Bool(true) => true,
        Value::Str(s) if s.as_str() == "N" => false,
        Value::Str(s) if matches!(s.as_str(), "T" | "C") => true,
        _ => return Err(Error::value("trans must be 0, 1, 2, \"N\", \"T\" or \"C\"")),
    };
    let (lower, unit) = (flag(&args[3], "lower")?, flag(&args[4], "unit_diagonal")?);
    let b = floats(std::mem::take(&mut args[1]), "the right-hand side")?;
    let a = Stack::square(std::mem::take(&mut args[0]), NAME)?;
    solve(&a, b, transpose, lower, unit).map(Value::from)
}

fn solve(a: &Stack, b: Storage<f64>, transpose: bool, lower: bool, unit: bool) -> Result<Storage<f64>> {
    let n = a.rows;
    let given = b.shape().to_vec();
    let (b, vector) = right_hand_side(b, NAME)?;
    if b.rows != n {
        return Err(Error::shape(format!(
            "{NAME}: a matrix of shape {} and a right-hand side of shape {} do not fit",
            shape_text(&a.shape()),
            shape_text(&given)
        )));
    }
    let pairs = pair(&a.batch, &b.batch, NAME)?;
    let mut x = Stack::zeros(&pairs.batch, n, b.columns)?;
    let triangle = if lower == transpose { UPLO::Upper } else { UPLO::Lower };
    let diagonal = if unit { Diag::Unit } else { Diag::NonUnit };
    let right = layout(n, b.columns);
    for (at, &(of_a, of_b)) in pairs.of.iter().enumerate() {
        let x = x.matrix_mut(at);
        x.copy_from_slice(b.matrix(of_b));
        if x.is_empty() {
            continue;
        }
        let flipped = transpose.then(|| transposed(a.matrix(of_a), n));
        let matrix = flipped.as_deref().unwrap_or(a.matrix(of_a));
        f64::solve_triangular(layout(n, n), right, triangle, diagonal, matrix, x)
            .map_err(|_| super::factor::singular())?;
    }
    let x = x.into_array()?;
    Ok(if vector { x.index_axis_move(ndarray::Axis(pairs.batch.len() + 1), 0) } else { x })
}

pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "linalg.solve_triangular",
    signature: "(a, b, trans=0, lower=False, unit_diagonal=False)",
    mutates: false,
    kind: |args| float_rank(solution_rank(matrix_rank(&args[0].kind), args[1].kind.rank())),
    kernel: Kernel::Pure(solve_triangular),
    doc: "The solution of `a @ x == b` (`a.T @ x == b` with `trans=1`) for triangular matrices `a` of shape `(…, n, n)`, of \
          which the upper triangle is read, or the lower one with `lower=True`. `b` has shape `(n,)` or `(…, n, k)`.\n\n\
          ```\nlinalg.solve_triangular(np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([1.0, 2.0]))\n```",
}];
