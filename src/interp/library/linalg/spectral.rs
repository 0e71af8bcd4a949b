//! Eigenvalues of symmetric matrices, and singular values.

use lax::Lapack;
use ndarray::Array2;

use super::stack::{Stack, layout, mirror};
use super::{float_rank, lapack, matrix_rank, same_rank};
use crate::interp::array::Storage;
use crate::interp::library::floats::{flag, floats, value_of};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal, Operand};

/// The eigenvalues of each matrix, ascending; the matrices become the eigenvectors, each a column, where they are wanted.
fn eigenvalues(a: &mut Stack, uplo: &Value, vectors: bool) -> Result<Vec<f64>> {
    // Stored row by row, what is upper to LAPACK is the lower triangle.
    let lower = match uplo {
        Value::Str(s) if s.eq_ignore_ascii_case("l") => false,
        Value::Str(s) if s.eq_ignore_ascii_case("u") => true,
        _ => return Err(Error::value("UPLO must be \"L\" or \"U\"")),
    };
    let mut values = Vec::with_capacity(a.count() * a.rows);
    if a.rows > 0 {
        let n = a.rows;
        for i in 0..a.count() {
            let a = a.matrix_mut(i);
            if !a.iter().all(|x| x.is_finite()) {
                values.extend(std::iter::repeat_n(f64::NAN, n));
                a.fill(f64::NAN);
                continue;
            }
            // The triangle that is read changes places with the other, so that LAPACK does what it does for NumPy and the
            // eigenvectors have the same signs.
            mirror(a, n, !lower);
            values.extend(lapack::syevd(vectors, !lower, n, a)?);
        }
    }
    Ok(values)
}

fn eigh(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::square_by_rows(std::mem::take(&mut args[0]), "np.linalg.eigh")?;
    let values = eigenvalues(&mut a, &args[1], true)?;
    let shape: Vec<usize> = a.batch.iter().copied().chain([a.rows]).collect();
    Ok(Value::tuple(vec![value_of(&shape, values)?, a.into_value()?]))
}

fn eigvalsh(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::square_by_rows(std::mem::take(&mut args[0]), "np.linalg.eigvalsh")?;
    let values = eigenvalues(&mut a, &args[1], false)?;
    let shape: Vec<usize> = a.batch.iter().copied().chain([a.rows]).collect();
    value_of(&shape, values)
}

/// Which singular vectors are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Vectors {
    None,
    /// As many as there are singular values.
    Reduced,
    /// Whole bases.
    Full,
}

/// Singular value decompositions of a stack: `U`, the values in falling order, `V` transposed.
pub(super) struct Svd {
    pub u: Stack,
    pub values: Vec<f64>,
    pub vt: Stack,
}

impl Svd {
    pub fn new(mut a: Stack, vectors: Vectors) -> Result<Svd> {
        let (m, n) = (a.rows, a.columns);
        let few = m.min(n);
        let (of_u, of_vt) = match vectors {
            Vectors::None => (0, 0),
            Vectors::Reduced => (few, few),
            Vectors::Full => (m, n),
        };
        let mut svd =
            Svd { u: Stack::zeros(&a.batch, m, of_u)?, values: Vec::new(), vt: Stack::zeros(&a.batch, of_vt, n)? };
        if few == 0 {
            svd.u.fill_identity();
            svd.vt.fill_identity();
            return Ok(svd);
        }
        for i in 0..a.count() {
            let a = a.matrix_mut(i);
            if !a.iter().all(|x| x.is_finite()) {
                return Err(Error::numeric("the singular value decomposition did not converge"));
            }
            let places = (vectors != Vectors::None).then(|| (svd.u.matrix_mut(i), svd.vt.matrix_mut(i)));
            svd.values.extend(lapack::gesdd(m, n, a, places)?);
        }
        Ok(svd)
    }
}

/// A root R of a covariance matrix, `R @ R.T == a`, by `method`, and whether the matrix is symmetric positive semidefinite
/// within a tolerance.
pub(in crate::interp::library) fn square_root(
    a: Storage<f64>,
    method: &str,
    tolerance: f64,
) -> Result<(Array2<f64>, bool)> {
    let n = a.shape().first().copied().unwrap_or(0);
    let given: Vec<f64> = a.iter().copied().collect();
    let square = |elements: Vec<f64>| {
        Array2::from_shape_vec((n, n), elements).map_err(|_| Error::shape("a covariance matrix is square"))
    };
    match method {
        "svd" => {
            let svd = Svd::new(Stack::from_array(&a, "multivariate_normal")?, Vectors::Full)?;
            // Stored column by column, what is read row by row is the transpose.
            let (u, v) = (square(svd.u.elements)?.reversed_axes(), square(svd.vt.elements)?);
            let s = ndarray::Array1::from(svd.values);
            let back = (&v * &s).dot(&v.t());
            let near = |(x, y): (&f64, &f64)| (x - y).abs() <= tolerance + tolerance * y.abs();
            let valid = back.iter().zip(&given).all(near);
            Ok((u * s.mapv(f64::sqrt), valid))
        }
        "eigh" => {
            let mut a = Stack::square_by_rows(a.into(), "multivariate_normal")?;
            let s = ndarray::Array1::from(eigenvalues(&mut a, &Value::str("L"), true)?);
            let valid = s.iter().all(|&s| s >= -tolerance);
            Ok((square(a.elements)?.reversed_axes() * s.mapv(|s| s.abs().sqrt()), valid))
        }
        "cholesky" => {
            let root = super::cholesky::lower(a.into())?;
            Ok((square(floats(root, "the factor")?.iter().copied().collect())?, true))
        }
        _ => Err(Error::value("method must be \"svd\", \"eigh\" or \"cholesky\"")),
    }
}

fn svd(args: &mut [Value]) -> Result<Value> {
    let (full, vectors) = (flag(&args[1], "full_matrices")?, flag(&args[2], "compute_uv")?);
    let hermitian = flag(&args[3], "hermitian")?;
    let a = Stack::perhaps_hermitian(std::mem::take(&mut args[0]), hermitian, "np.linalg.svd")?;
    let shape: Vec<usize> = a.batch.iter().copied().chain([a.rows.min(a.columns)]).collect();
    let vectors = match (vectors, full) {
        (false, _) => Vectors::None,
        (true, false) => Vectors::Reduced,
        (true, true) => Vectors::Full,
    };
    let svd = Svd::new(a, vectors)?;
    let values = value_of(&shape, svd.values)?;
    if vectors == Vectors::None {
        return Ok(values);
    }
    Ok(Value::tuple(vec![svd.u.into_value()?, values, svd.vt.into_value()?]))
}

fn svd_kind(args: &[Operand]) -> Kind {
    let rank = matrix_rank(&args[0].kind);
    let values = float_rank(rank.map(|rank| rank - 1));
    match args[2].literal {
        Some(Literal::Bool(true)) => Kind::Tuple([float_rank(rank), values, float_rank(rank)].into()),
        Some(Literal::Bool(false)) => values,
        _ => Kind::Any,
    }
}

/// `mode` of `np.linalg.qr`.
fn qr(args: &mut [Value]) -> Result<Value> {
    let Value::Str(mode) = std::mem::take(&mut args[1]) else {
        return Err(Error::type_("mode must be a string"));
    };
    if !matches!(mode.as_str(), "reduced" | "complete" | "r" | "raw") {
        return Err(Error::value(format!("unknown mode {:?} of qr", mode.as_str()))
            .hint("\"reduced\", \"complete\", \"r\" or \"raw\""));
    }
    let mut a = Stack::new(std::mem::take(&mut args[0]), "np.linalg.qr")?;
    let (m, n) = (a.rows, a.columns);
    let few = m.min(n);
    let complete = mode.as_str() == "complete";
    // The whole basis comes from the same reflections, for columns of zeros beside the matrix.
    let (of_q, wide) = if complete { (m, n.max(m)) } else { (few, n) };
    let mut q = Stack::zeros(&a.batch, m, of_q)?;
    let mut r = Stack::zeros(&a.batch, if complete { m } else { few }, n)?;
    let mut scales: Vec<f64> = Vec::with_capacity(a.count() * few);
    if few == 0 {
        q.fill_identity();
    } else {
        for i in 0..a.count() {
            let mut work = a.matrix(i).to_vec();
            work.resize(m * wide, 0.0);
            let failed = |_| Error::numeric("the QR factorisation failed");
            let tau = f64::householder(layout(m, wide), &mut work).map_err(failed)?;
            scales.extend(&tau[..few]);
            for (column, of_r) in r.matrix_mut(i).chunks_exact_mut(r_rows(complete, m, few)).enumerate() {
                let filled = of_r.len().min(column + 1);
                of_r[..filled].copy_from_slice(&work[column * m..][..filled]);
            }
            if mode.as_str() == "raw" {
                a.matrix_mut(i).copy_from_slice(&work);
            } else if mode.as_str() != "r" {
                f64::q(layout(m, wide), &mut work, &tau).map_err(failed)?;
                q.matrix_mut(i).copy_from_slice(&work[..m * of_q]);
            }
        }
    }
    match mode.as_str() {
        "r" => r.into_value(),
        "raw" => {
            let shape: Vec<usize> = a.batch.iter().copied().chain([few]).collect();
            let whole: Vec<usize> = a.batch.iter().copied().chain([n, m]).collect();
            Ok(Value::tuple(vec![value_of(&whole, a.elements)?, value_of(&shape, scales)?]))
        }
        _ => Ok(Value::tuple(vec![q.into_value()?, r.into_value()?])),
    }
}

fn r_rows(complete: bool, m: usize, few: usize) -> usize {
    if complete { m } else { few }
}

fn qr_kind(args: &[Operand]) -> Kind {
    let rank = matrix_rank(&args[0].kind);
    match &args[1].literal {
        Some(Literal::Str(mode)) => match &**mode {
            "reduced" | "complete" => Kind::Tuple([float_rank(rank), float_rank(rank)].into()),
            "raw" => Kind::Tuple([float_rank(rank), float_rank(rank.map(|rank| rank - 1))].into()),
            _ => same_rank(args),
        },
        _ => Kind::Any,
    }
}

fn eigenvalues_kind(args: &[Operand]) -> Kind {
    float_rank(matrix_rank(&args[0].kind).map(|rank| rank - 1))
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "np.linalg.eigh",
        signature: "(a, UPLO='L')",
        mutates: false,
        kind: |args| Kind::Tuple([eigenvalues_kind(args), same_rank(args)].into()),
        kernel: Kernel::Pure(eigh),
        doc: "`(w, v)`: the eigenvalues, ascending, and the eigenvectors as columns of symmetric matrices `(…, n, n)`, of which \
              the lower triangle is read, or the upper one with `UPLO=\"U\"`.\n\n\
              ```\nw, v = np.linalg.eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))\n```",
    },
    Builtin {
        name: "np.linalg.eigvalsh",
        signature: "(a, UPLO='L')",
        mutates: false,
        kind: eigenvalues_kind,
        kernel: Kernel::Pure(eigvalsh),
        doc: "The eigenvalues of symmetric matrices `(…, n, n)`, ascending.\n\n\
              ```\nnp.linalg.eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))\n```",
    },
    Builtin {
        name: "np.linalg.svd",
        signature: "(a, full_matrices=True, compute_uv=True, hermitian=False)",
        mutates: false,
        kind: svd_kind,
        kernel: Kernel::Pure(svd),
        doc: "`(u, s, vt)` with `a == u * s @ vt` for matrices `(…, m, n)`: the singular values `s` in falling order, and \
              orthogonal `u` and `vt`, cut to `min(m, n)` vectors with `full_matrices=False`; only `s` with `compute_uv=False`.\n\n\
              ```\nu, s, vt = np.linalg.svd(np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), full_matrices=False)\n```",
    },
    Builtin {
        name: "np.linalg.qr",
        signature: "(a, mode='reduced')",
        mutates: false,
        kind: qr_kind,
        kernel: Kernel::Pure(qr),
        doc: "`(q, r)` with `a == q @ r`, `q` with orthonormal columns and `r` upper triangular, for matrices `(…, m, n)`. `mode` is \
              `\"reduced\"` (`min(m, n)` columns), `\"complete\"` (`m` columns), `\"r\"` (`r` alone) or `\"raw\"` (LAPACK's reflections).\n\n\
              ```\nq, r = np.linalg.qr(np.array([[3.0, 1.0], [4.0, 1.0]]))\n```",
    },
];
