//! Triangular systems.

use crate::interp::array::shape_text;
use lax::{Diag, Lapack, UPLO};

use super::factor::solution_rank;
use super::stack::{Stack, layout, pair, right_hand_side};
use super::{float_rank, matrix_rank};
use crate::interp::array::Storage;
use crate::interp::library::floats::{array, flag, floats};
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
    let a = floats(std::mem::take(&mut args[0]), "the matrix")?;
    if let Some(x) = substitute(&a, &b, transpose, lower, unit) {
        return x.map(Value::from);
    }
    let a = Stack::square(a.into(), NAME)?;
    solve(&a, b, transpose, lower, unit).map(Value::from)
}

/// One matrix and one right-hand side: forward or backward substitution, in the order the matrix is stored in. None for all
/// others.
fn substitute(
    a: &Storage<f64>,
    b: &Storage<f64>,
    transpose: bool,
    lower: bool,
    unit: bool,
) -> Option<Result<Storage<f64>>> {
    let (&[m, n], &[k]) = (a.shape(), b.shape()) else { return None };
    if m != n || k != n {
        return None;
    }
    // A matrix stored column by column is its transpose stored row by row.
    let (elements, transpose, lower) = match a.as_slice() {
        Some(elements) => (elements, transpose, lower),
        None => (a.view().reversed_axes().to_slice()?, !transpose, !lower),
    };
    let mut x: Vec<f64> = b.iter().copied().collect();
    let row = |i: usize| &elements[i * n..(i + 1) * n];
    let inside = |i: usize| if lower { 0..i } else { i + 1..n };
    if !unit && (0..n).any(|i| row(i)[i] == 0.0) {
        return Some(Err(super::factor::singular()));
    }
    // Row by row for the matrix itself, from the corner where the triangle is thin; for the transpose each solved number is
    // taken out of the others along its row, from the other end.
    let forwards = lower != transpose;
    for at in 0..n {
        let i = if forwards { at } else { n - 1 - at };
        let part = &row(i)[inside(i)];
        if transpose {
            if !unit {
                x[i] /= row(i)[i];
            }
            let solved = x[i];
            for (slot, &factor) in x[inside(i)].iter_mut().zip(part) {
                *slot -= factor * solved;
            }
        } else {
            let known = dot(part, &x[inside(i)]);
            x[i] = if unit { x[i] - known } else { (x[i] - known) / row(i)[i] };
        }
    }
    Some(array(&[n], x).map(|x| x.into_shared()))
}

/// The inner product, in eight sums side by side.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).fold(0.0, |sum, (x, y)| sum + x * y);
    for (a, b) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
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
        let flipped = transpose.then(|| lax::layout::transpose(layout(n, n), a.matrix(of_a)).1);
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
    kind: |args| {
        let kind = float_rank(solution_rank(matrix_rank(&args[0].kind), args[1].kind.rank()));
        // One matrix is not broadcast.
        if args[0].kind.rank() == Some(2) { kind.with_extents(args[1].kind.extents()) } else { kind }
    },
    kernel: Kernel::Pure(solve_triangular),
    doc: "The solution of `a @ x == b` (`a.T @ x == b` with `trans=1`) for triangular matrices `a` of shape `(…, n, n)`, of \
          which the upper triangle is read, or the lower one with `lower=True`. `b` has shape `(n,)` or `(…, n, k)`.\n\n\
          ```\nlinalg.solve_triangular(np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([1.0, 2.0]))\n```",
}];
