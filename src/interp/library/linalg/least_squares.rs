//! Least squares, pseudo-inverses and ranks, by singular values.

use ndarray::{ArrayView2, Axis, ShapeBuilder};

use super::spectral::{Svd, Vectors};
use super::stack::{Stack, right_hand_side};
use super::{float_rank, lapack, matrix_rank};
use crate::interp::array::shape_text;
use crate::interp::library::floats::{flag, float, floats, value_of};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// A matrix stored column by column.
fn view(a: &[f64], rows: usize, columns: usize) -> Result<ArrayView2<'_, f64>> {
    ArrayView2::from_shape((rows, columns).f(), a).map_err(|_| Error::shape("a matrix does not have its size"))
}

/// `1 / s` for the values above a part of the largest, 0 for the others.
fn inverted(values: &[f64], part: f64) -> Vec<f64> {
    let cut = part * values.iter().fold(0.0, |max: f64, &s| max.max(s));
    values.iter().map(|&s| if s > cut { 1.0 / s } else { 0.0 }).collect()
}

/// `vtᵀ diag(s) uᵀ`
fn back(svd: &Svd, at: usize, s: &[f64]) -> Result<ndarray::Array2<f64>> {
    let u = view(svd.u.matrix(at), svd.u.rows, svd.u.columns)?;
    let vt = view(svd.vt.matrix(at), svd.vt.rows, svd.vt.columns)?;
    let mut scaled = u.t().to_owned();
    for (mut row, &s) in scaled.axis_iter_mut(Axis(0)).zip(s) {
        row *= s;
    }
    Ok(vt.t().dot(&scaled))
}

fn pinv(args: &mut [Value]) -> Result<Value> {
    let hermitian = flag(&args[2], "hermitian")?;
    let part = match (&args[1], &args[3]) {
        (Value::None, Value::None) => 1e-15,
        (Value::None, rtol) => float(rtol, "rtol")?,
        (rcond, _) => float(rcond, "rcond")?,
    };
    let a = Stack::perhaps_hermitian(std::mem::take(&mut args[0]), hermitian, "np.linalg.pinv")?;
    let (m, n, few) = (a.rows, a.columns, a.rows.min(a.columns));
    let svd = Svd::new(a, Vectors::Reduced)?;
    let mut inverse = Stack::zeros(&svd.u.batch, n, m)?;
    if few > 0 {
        for i in 0..inverse.count() {
            let s = inverted(&svd.values[i * few..(i + 1) * few], part);
            let found = back(&svd, i, &s)?;
            inverse.matrix_mut(i).iter_mut().zip(found.t()).for_each(|(to, &from)| *to = from);
        }
    }
    inverse.into_value()
}

fn lstsq(args: &mut [Value]) -> Result<Value> {
    const NAME: &str = "np.linalg.lstsq";
    let b = floats(std::mem::take(&mut args[1]), "the right-hand side")?;
    let a = floats(std::mem::take(&mut args[0]), "the argument of np.linalg.lstsq")?;
    let (&[m, n], true, Some(&rows)) = (a.shape(), matches!(b.ndim(), 1 | 2), b.shape().first()) else {
        return Err(Error::shape(format!(
            "{NAME} needs a matrix and a vector or matrix, but the shapes are {} and {}",
            shape_text(a.shape()),
            shape_text(b.shape())
        )));
    };
    if rows != m {
        return Err(Error::shape(format!(
            "{NAME}: a matrix of shape {} and a right-hand side of shape {} do not fit",
            shape_text(a.shape()),
            shape_text(b.shape())
        )));
    }
    let part = match &args[2] {
        Value::None => f64::EPSILON * m.max(n) as f64,
        rcond => Some(float(rcond, "rcond")?).filter(|&rcond| rcond >= 0.0).unwrap_or(f64::EPSILON),
    };
    let many = m.max(n);
    let vector = b.ndim() == 1;
    let sides = if vector { 1 } else { b.shape()[1] };
    let mut a = Stack::from_array(&a, NAME)?;
    if !a.elements.iter().all(|x| x.is_finite()) {
        return Err(Error::numeric("the singular value decomposition did not converge"));
    }
    // The right-hand sides, and room below them for solutions that are longer.
    let (b, _) = right_hand_side(b, NAME)?;
    let mut work = vec![0.0; many * sides];
    for (to, from) in work.chunks_exact_mut(many.max(1)).zip(b.elements.chunks_exact(m.max(1))) {
        to[..m].copy_from_slice(from);
    }
    let (values, rank) = match (m.min(n), sides) {
        (0, _) => (Vec::new(), 0),
        (_, 0) => {
            // Without a right-hand side there are still a rank and singular values.
            let values = Svd::new(a, Vectors::None)?.values;
            let rank = inverted(&values, part).iter().filter(|&&s| s > 0.0).count();
            (values, rank)
        }
        _ => lapack::gelsd(m, n, &mut a.elements, sides, &mut work, part)?,
    };
    let mut x = Stack::zeros(&[], n, sides)?;
    if n > 0 && m > 0 {
        for (to, from) in x.elements.chunks_exact_mut(n).zip(work.chunks_exact(many)) {
            to.copy_from_slice(&from[..n]);
        }
    }
    let residuals: Vec<f64> = if rank == n && m > n {
        work.chunks_exact(many).map(|b| b[n..].iter().map(|x| x * x).sum()).collect()
    } else {
        Vec::new()
    };
    let x = if vector { value_of(&[n], x.elements)? } else { x.into_value()? };
    let few = values.len();
    Ok(Value::tuple(vec![
        x,
        value_of(&[residuals.len()], residuals)?,
        Value::Int(rank as i64),
        value_of(&[few], values)?,
    ]))
}

fn rank(args: &mut [Value]) -> Result<Value> {
    let hermitian = flag(&args[2], "hermitian")?;
    let a = floats(std::mem::take(&mut args[0]), "the argument of np.linalg.matrix_rank")?;
    if a.ndim() < 2 {
        return Ok(Value::Int(i64::from(a.iter().any(|&x| x != 0.0))));
    }
    let a = Stack::perhaps_hermitian(a.into(), hermitian, "np.linalg.matrix_rank")?;
    let (batch, few, many) = (a.batch.clone(), a.rows.min(a.columns), a.rows.max(a.columns));
    let part = match &args[3] {
        Value::None => many as f64 * f64::EPSILON,
        rtol => float(rtol, "rtol")?,
    };
    let tolerance = match &args[1] {
        Value::None => None,
        tolerance => Some(float(tolerance, "tol")?),
    };
    let count = a.count();
    let svd = Svd::new(a, Vectors::None)?;
    let ranks = (0..count)
        .map(|i| {
            let values = &svd.values[i * few..(i + 1) * few];
            let cut = tolerance.unwrap_or(part * values.iter().fold(0.0, |max: f64, &s| max.max(s)));
            values.iter().filter(|&&s| s > cut).count() as i64
        })
        .collect();
    value_of::<i64>(&batch, ranks)
}

fn lstsq_kind(args: &[Operand]) -> Kind {
    let vector = Kind::array(DType::Float, Some(1));
    Kind::Tuple([float_rank(args[1].kind.rank()), vector.clone(), Kind::Int, vector].into())
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "np.linalg.lstsq",
        signature: "(a, b, rcond=None)",
        mutates: false,
        kind: lstsq_kind,
        kernel: Kernel::Pure(lstsq),
        doc: "`(x, residuals, rank, s)`: the `x` of least length among those that make the length of `b - a @ x` least, for a \
              matrix `(m, n)` and `b` of shape `(m,)` or `(m, k)`; the squared lengths that remain (none where the rank is below \
              `n` or `m <= n`); the rank; the singular values of `a`. Those below `rcond` times the largest count as zero.\n\n\
              ```\nx, residuals, rank, s = np.linalg.lstsq(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([0.0, 1.0, 2.0]))\n```",
    },
    Builtin {
        name: "np.linalg.pinv",
        signature: "(a, rcond=None, hermitian=False, *, rtol=None)",
        mutates: false,
        kind: |args| float_rank(matrix_rank(&args[0].kind)),
        kernel: Kernel::Pure(pinv),
        doc: "The pseudo-inverse (Moore-Penrose) of matrices `(…, m, n)`: shape `(…, n, m)`. Singular values up to `rcond` (1e-15) \
              times the largest count as zero.\n\n```\nnp.linalg.pinv(np.array([[2.0, 0.0], [0.0, 0.0]]))\n```",
    },
    Builtin {
        name: "np.linalg.matrix_rank",
        signature: "(A, tol=None, hermitian=False, *, rtol=None)",
        mutates: false,
        kind: |args| match args[0].kind.rank() {
            Some(rank) => Kind::array(DType::Int, Some(rank.saturating_sub(2))),
            None => Kind::Any,
        },
        kernel: Kernel::Pure(rank),
        doc: "The number of singular values above `tol` of matrices `(…, m, n)`.\n\n\
              ```\nnp.linalg.matrix_rank(np.array([[1.0, 2.0], [2.0, 4.0]]))\n```",
    },
];
