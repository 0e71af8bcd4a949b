//! The Cholesky factorisation and its adjoint.

use lax::{Diag, Lapack, UPLO};
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis, ShapeError, s};

use super::stack::{Stack, layout, pair};
use super::{float_rank, matrix_rank, same_shape};
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

/// Matrices up to this size are done number by number.
const SMALL: usize = 24;

fn cholesky_adjoint(args: &mut [Value]) -> Result<Value> {
    const NAME: &str = "cotangent.cholesky_adjoint";
    let bars = Stack::square_by_rows(std::mem::take(&mut args[1]), NAME)?;
    let factors = Stack::square_by_rows(std::mem::take(&mut args[0]), NAME)?;
    let n = factors.rows;
    if bars.rows != n {
        return Err(Error::shape(format!("{NAME}: matrices of {n} and of {} rows do not fit", bars.rows)));
    }
    let pairs = pair(&factors.batch, &bars.batch, NAME)?;
    let mut all = Stack::zeros(&pairs.batch, n, n)?;
    for (at, &(of_factor, of_bar)) in pairs.of.iter().enumerate() {
        let a_bar = all.matrix_mut(at);
        a_bar.copy_from_slice(bars.matrix(of_bar));
        let misfit = |error: ShapeError| Error::host(error.to_string());
        let factor = ArrayView2::from_shape((n, n), factors.matrix(of_factor)).map_err(misfit)?;
        let mut a_bar = ArrayViewMut2::from_shape((n, n), a_bar).map_err(misfit)?;
        clear_above(&mut a_bar);
        pull_back(factor, a_bar.view_mut())?;
        for i in 0..n {
            for j in 0..i {
                let half = 0.5 * a_bar[[i, j]];
                (a_bar[[i, j]], a_bar[[j, i]]) = (half, half);
            }
        }
    }
    all.into_value_by_rows()
}

/// From the cotangent of a lower factor that of the lower triangle it is computed from, in place: by halves (Murray 2016,
/// section 3.3), with products and triangular solves of whole blocks. Zeros stand above the diagonals.
fn pull_back(factor: ArrayView2<'_, f64>, mut bar: ArrayViewMut2<'_, f64>) -> Result<()> {
    let n = factor.nrows();
    if n <= SMALL {
        pull_back_small(factor, bar);
        return Ok(());
    }
    let half = n / 2;
    let (first, last) = (factor.slice(s![..half, ..half]), factor.slice(s![half.., half..]));
    let below = factor.slice(s![half.., ..half]);
    pull_back(last, bar.slice_mut(s![half.., half..]))?;
    // What the last block is the factor of is what was given, less below · belowᵀ.
    let last_bar = bar.slice(s![half.., half..]);
    let both = &last_bar + &last_bar.t();
    let mut below_bar = bar.slice(s![half.., ..half]).to_owned();
    general_mat_mul(-1.0, &both, &below, 1.0, &mut below_bar);
    // below = given · first⁻ᵀ: what is stored row by row is the transpose to LAPACK.
    let upper = first.to_owned();
    if let (Some(upper), Some(below_bar)) = (upper.as_slice(), below_bar.as_slice_mut()) {
        f64::solve_triangular(layout(half, half), layout(half, n - half), UPLO::Upper, Diag::NonUnit, upper, below_bar)
            .map_err(|_| super::factor::singular())?;
    }
    bar.slice_mut(s![half.., ..half]).assign(&below_bar);
    let mut first_bar = bar.slice_mut(s![..half, ..half]);
    general_mat_mul(-1.0, &below_bar.t(), &below, 1.0, &mut first_bar);
    clear_above(&mut first_bar);
    pull_back(first, first_bar)
}

/// The same row by row, from the last one.
fn pull_back_small(factor: ArrayView2<'_, f64>, mut bar: ArrayViewMut2<'_, f64>) {
    let n = factor.nrows();
    for j in (0..n).rev() {
        let root = factor[[j, j]];
        let mut root_bar = bar[[j, j]];
        for i in j + 1..n {
            root_bar -= factor[[i, j]] * bar[[i, j]] / root;
        }
        root_bar /= root;
        bar[[j, j]] = 0.5 * root_bar;
        for k in 0..j {
            bar[[j, k]] -= root_bar * factor[[j, k]];
        }
        for i in j + 1..n {
            let below = bar[[i, j]] / root;
            bar[[i, j]] = below;
            for k in 0..j {
                bar[[j, k]] -= below * factor[[i, k]];
                bar[[i, k]] -= below * factor[[j, k]];
            }
        }
    }
}

fn clear_above(a: &mut ArrayViewMut2<'_, f64>) {
    for (i, mut row) in a.axis_iter_mut(Axis(0)).enumerate() {
        row.slice_mut(s![i + 1..]).fill(0.0);
    }
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "cotangent.cholesky_adjoint",
        signature: "(factor, bar, /)",
        mutates: false,
        kind: |args| match (matrix_rank(&args[0].kind), matrix_rank(&args[1].kind)) {
            (Some(2), Some(2)) => same_shape(args),
            (Some(m), Some(n)) => float_rank(Some(m.max(n))),
            _ => float_rank(None),
        },
        kernel: Kernel::Pure(cholesky_adjoint),
        doc: "The cotangent of the symmetric matrices that have these lower Cholesky factors, from that of the factors. Only lower \
          triangles are read.\n\n\
          ```\ncotangent.cholesky_adjoint(np.array([[2.0, 0.0], [1.0, 1.0]]), np.eye(2))\n```",
    },
    Builtin {
        name: "np.linalg.cholesky",
        signature: "(a, /, *, upper=False)",
        mutates: false,
        kind: same_shape,
        kernel: Kernel::Pure(cholesky),
        doc: "The lower triangular `L` with `L @ L.T == a` for each symmetric positive definite matrix of shape `(…, n, n)`, or \
          with `upper=True` the upper triangular `U` with `U.T @ U == a`. Only that triangle of `a` is read.\n\n\
          ```\nnp.linalg.cholesky(np.array([[4.0, 2.0], [2.0, 3.0]]))\n```",
    },
];
