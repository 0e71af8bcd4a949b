//! Eigenvalues of matrices that need not be symmetric, and what the real Schur form gives: square roots and Sylvester
//! equations. Results that are complex are errors.

use ndarray::{Array2, ArrayView2, ShapeBuilder, s};

use super::spectral::{Svd, Vectors};
use super::stack::{Stack, pair};
use super::{float_rank, lapack, matrix_rank, same_rank};
use crate::interp::library::floats::value_of;
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Operand};

fn finite(a: &[f64]) -> Result<()> {
    if a.iter().all(|x| x.is_finite()) {
        return Ok(());
    }
    Err(Error::numeric("Array must not contain infs or NaNs"))
}

fn complex(what: &str) -> Error {
    Error::numeric(format!("{what} complex, and there are no complex numbers here"))
        .hint("of a symmetric matrix, np.linalg.eigh gives real ones")
}

/// The eigenvalues of each matrix, and the eigenvectors, each a column, where they are wanted.
fn eigen(a: Value, function: &str, vectors: bool) -> Result<(Value, Stack)> {
    let mut a = Stack::square(a, function)?;
    let n = a.rows;
    let mut found = Stack::zeros(&a.batch, n, if vectors { n } else { 0 })?;
    let mut values = Vec::with_capacity(a.count() * n);
    if n > 0 {
        for i in 0..a.count() {
            finite(a.matrix(i))?;
            let place = vectors.then(|| found.matrix_mut(i));
            let (real, imaginary) = lapack::geev(n, a.matrix_mut(i), place)?;
            if imaginary.iter().any(|&x| x != 0.0) {
                return Err(complex("the eigenvalues are"));
            }
            values.extend(real);
        }
    }
    let shape: Vec<usize> = a.batch.iter().copied().chain([n]).collect();
    Ok((value_of(&shape, values)?, found))
}

fn eig(args: &mut [Value]) -> Result<Value> {
    let (values, vectors) = eigen(std::mem::take(&mut args[0]), "np.linalg.eig", true)?;
    Ok(Value::tuple(vec![values, vectors.into_value()?]))
}

fn eigvals(args: &mut [Value]) -> Result<Value> {
    eigen(std::mem::take(&mut args[0]), "np.linalg.eigvals", false).map(|(values, _)| values)
}

/// Replaces a matrix by its real Schur form T, and gives Z with `a == Z @ T @ Z.T`.
fn schur_form(n: usize, a: &mut [f64]) -> Result<Vec<f64>> {
    finite(a)?;
    let mut z = vec![0.0; n * n];
    if n > 0 {
        lapack::gees(n, a, &mut z)?;
    }
    Ok(z)
}

fn schur(args: &mut [Value]) -> Result<Value> {
    match &args[1] {
        Value::Str(output) if matches!(output.as_str(), "real" | "r") => {}
        Value::Str(output) if matches!(output.as_str(), "complex" | "c") => {
            return Err(Error::value("output='complex': there are no complex numbers here"));
        }
        _ => return Err(Error::value("argument must be 'real', or 'complex'")),
    }
    let mut t = Stack::square(std::mem::take(&mut args[0]), "linalg.schur")?;
    let mut z = Stack::zeros(&t.batch, t.rows, t.rows)?;
    for i in 0..t.count() {
        let n = t.rows;
        let found = schur_form(n, t.matrix_mut(i))?;
        z.matrix_mut(i).copy_from_slice(&found);
    }
    Ok(Value::tuple(vec![t.into_value()?, z.into_value()?]))
}

/// A matrix stored column by column.
fn view(a: &[f64], rows: usize, columns: usize) -> Result<ArrayView2<'_, f64>> {
    ArrayView2::from_shape((rows, columns).f(), a).map_err(|_| Error::shape("a matrix does not have its size"))
}

/// The elements column by column.
fn by_columns(a: ArrayView2<f64>) -> Vec<f64> {
    a.t().iter().copied().collect()
}

/// The X with `A X + X B = Q`, by the Schur forms of A and of Bᵀ (Bartels and Stewart 1972).
fn sylvester(m: usize, n: usize, a: &[f64], b: &[f64], q: &[f64]) -> Result<Vec<f64>> {
    finite(q)?;
    let mut r = a.to_vec();
    let u = schur_form(m, &mut r)?;
    let mut s = by_columns(view(b, n, n)?.t());
    let v = schur_form(n, &mut s)?;
    let (u, v) = (view(&u, m, m)?, view(&v, n, n)?);
    let mut y = by_columns(u.t().dot(&view(q, m, n)?).dot(&v).view());
    let scale = lapack::trsyl(m, n, &r, &s, true, &mut y)?;
    Ok(by_columns((u.dot(&view(&y, m, n)?).dot(&v.t()) / scale).view()))
}

fn solve_sylvester(args: &mut [Value]) -> Result<Value> {
    const NAME: &str = "linalg.solve_sylvester";
    let mut take = |at: usize| std::mem::take(&mut args[at]);
    let (a, b) = (Stack::square(take(0), NAME)?, Stack::square(take(1), NAME)?);
    let q = Stack::new(take(2), NAME)?;
    if (q.rows, q.columns) != (a.rows, b.rows) {
        return Err(Error::shape(format!(
            "{NAME}: for a of order {} and b of order {}, q must be a matrix of {} rows and {} columns, not {} and {}",
            a.rows, b.rows, a.rows, b.rows, q.rows, q.columns
        )));
    }
    let both = pair(&a.batch, &b.batch, NAME)?;
    let all = pair(&both.batch, &q.batch, NAME)?;
    let mut x = Stack::zeros(&all.batch, q.rows, q.columns)?;
    if q.size() > 0 {
        for (i, &(of_both, of_q)) in all.of.iter().enumerate() {
            let (of_a, of_b) = both.of[of_both];
            let found = sylvester(q.rows, q.columns, a.matrix(of_a), b.matrix(of_b), q.matrix(of_q))?;
            x.matrix_mut(i).copy_from_slice(&found);
        }
    }
    x.into_value()
}

/// The first row of each diagonal block of a quasi-triangular matrix, and the number of rows.
fn blocks(t: &ArrayView2<f64>) -> Vec<(usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < t.nrows() {
        let len = if at + 1 < t.nrows() && t[[at + 1, at]] != 0.0 { 2 } else { 1 };
        found.push((at, at + len));
        at += len;
    }
    found
}

/// The principal square root of a diagonal block: one eigenvalue, or a conjugate pair with equal diagonal elements.
fn root_of_block(t: ArrayView2<f64>) -> Result<Array2<f64>> {
    let a = t[[0, 0]];
    if t.nrows() == 1 {
        return if a < 0.0 { Err(complex("the square root is")) } else { Ok(Array2::from_elem((1, 1), a.sqrt())) };
    }
    let beta = (-t[[0, 1]] * t[[1, 0]]).max(0.0).sqrt();
    // The real part of the root of a + i beta, without cancellation.
    let size = a.hypot(beta);
    let real = if a >= 0.0 { ((size + a) / 2.0).sqrt() } else { beta / (2.0 * (size - a)).sqrt() };
    let mut root = t.mapv(|x| x / (2.0 * real));
    root[[0, 0]] = real;
    root[[1, 1]] = real;
    Ok(root)
}

/// The principal square root U of a quasi-triangular T, block by block (Higham 1987).
fn root_of_quasi_triangular(t: ArrayView2<f64>) -> Result<Array2<f64>> {
    let blocks = blocks(&t);
    let mut u = Array2::<f64>::zeros(t.dim());
    for (j, &(left, right)) in blocks.iter().enumerate() {
        let root = root_of_block(t.slice(s![left..right, left..right]))?;
        u.slice_mut(s![left..right, left..right]).assign(&root);
        for &(top, bottom) in blocks[..j].iter().rev() {
            let above = u.slice(s![top..bottom, bottom..left]).dot(&u.slice(s![bottom..left, left..right]));
            let mut rest = by_columns((&t.slice(s![top..bottom, left..right]) - &above).view());
            let (m, n) = (bottom - top, right - left);
            let (of_row, of_column) =
                (by_columns(u.slice(s![top..bottom, top..bottom])), by_columns(u.slice(s![left..right, left..right])));
            // Of a singular matrix the root may exist all the same: with nothing to divide, nothing is added.
            if rest.iter().any(|&x| x != 0.0) {
                let scale = lapack::trsyl(m, n, &of_row, &of_column, false, &mut rest)
                    .map_err(|_| Error::numeric("the matrix is singular and may not have a square root"))?;
                rest.iter_mut().for_each(|x| *x /= scale);
            }
            u.slice_mut(s![top..bottom, left..right]).assign(&view(&rest, m, n)?);
        }
    }
    Ok(u)
}

fn sqrtm(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::square(std::mem::take(&mut args[0]), "linalg.sqrtm")?;
    let n = a.rows;
    for i in 0..a.count() {
        let matrix = a.matrix_mut(i);
        let z = schur_form(n, matrix)?;
        let z = view(&z, n, n)?;
        let root = root_of_quasi_triangular(view(matrix, n, n)?)?;
        matrix.copy_from_slice(&by_columns(z.dot(&root).dot(&z.t()).view()));
    }
    a.into_value()
}

fn polar(args: &mut [Value]) -> Result<Value> {
    let right = match &args[1] {
        Value::Str(side) if side.as_str() == "right" => true,
        Value::Str(side) if side.as_str() == "left" => false,
        _ => return Err(Error::value("`side` must be either 'right' or 'left'")),
    };
    let a = Stack::new(std::mem::take(&mut args[0]), "linalg.polar")?;
    let (m, n, few) = (a.rows, a.columns, a.rows.min(a.columns));
    let order = if right { n } else { m };
    let (mut u, mut p) = (Stack::zeros(&a.batch, m, n)?, Stack::zeros(&a.batch, order, order)?);
    let svd = Svd::new(a, Vectors::Reduced)?;
    if few > 0 {
        for i in 0..u.count() {
            let (w, vt) = (view(svd.u.matrix(i), m, few)?, view(svd.vt.matrix(i), few, n)?);
            let s = ndarray::aview1(&svd.values[i * few..(i + 1) * few]);
            u.matrix_mut(i).copy_from_slice(&by_columns(w.dot(&vt).view()));
            let factor = if right { (&vt.t() * &s).dot(&vt) } else { (&w * &s).dot(&w.t()) };
            p.matrix_mut(i).copy_from_slice(&by_columns(factor.view()));
        }
    }
    Ok(Value::tuple(vec![u.into_value()?, p.into_value()?]))
}

fn values_kind(args: &[Operand]) -> Kind {
    float_rank(matrix_rank(&args[0].kind).map(|rank| rank - 1))
}

fn two_matrices(args: &[Operand]) -> Kind {
    Kind::Tuple([same_rank(args), same_rank(args)].into())
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "np.linalg.eig",
        signature: "(a)",
        mutates: false,
        kind: |args| Kind::Tuple([values_kind(args), same_rank(args)].into()),
        kernel: Kernel::Pure(eig),
        doc: "`(w, v)`: the eigenvalues, in no order, and the eigenvectors of length 1, as columns, of square matrices \
              `(…, n, n)`. Complex ones are an error.\n\n>>> np.linalg.eig(np.diag([3.0, 2.0]))[0]\narray([3., 2.])",
    },
    Builtin {
        name: "np.linalg.eigvals",
        signature: "(a)",
        mutates: false,
        kind: values_kind,
        kernel: Kernel::Pure(eigvals),
        doc: "The eigenvalues, in no order, of square matrices `(…, n, n)`. Complex ones are an error.\n\n\
              >>> np.linalg.eigvals(np.diag([3.0, 2.0]))\narray([3., 2.])",
    },
    Builtin {
        name: "linalg.schur",
        signature: "(a, output='real')",
        mutates: false,
        kind: two_matrices,
        kernel: Kernel::Pure(schur),
        doc: "`(t, z)` with `a == z @ t @ z.T`: the real Schur form, upper triangular but for blocks of order 2 on the diagonal, \
              one for each conjugate pair of eigenvalues, and an orthogonal matrix.\n\n\
              >>> linalg.schur(np.array([[1.0, 2.0], [0.0, 3.0]]))[0]\narray([[1., 2.],\n       [0., 3.]])",
    },
    Builtin {
        name: "linalg.solve_sylvester",
        signature: "(a, b, q)",
        mutates: false,
        kind: |args| match (matrix_rank(&args[0].kind), matrix_rank(&args[1].kind), matrix_rank(&args[2].kind)) {
            (Some(a), Some(b), Some(q)) => float_rank(Some(a.max(b).max(q))),
            _ => Kind::Any,
        },
        kernel: Kernel::Pure(solve_sylvester),
        doc: "The X with `a @ X + X @ b == q`.\n\n\
              >>> linalg.solve_sylvester(np.array([[1.0]]), np.array([[3.0]]), np.array([[8.0]]))\narray([[2.]])",
    },
    Builtin {
        name: "linalg.sqrtm",
        signature: "(A)",
        mutates: false,
        kind: same_rank,
        kernel: Kernel::Pure(sqrtm),
        doc: "The principal square root of square matrices `(…, n, n)`: `y @ y == A`. A complex one is an error.\n\n\
              >>> linalg.sqrtm(np.array([[4.0, 5.0], [0.0, 9.0]]))\narray([[2., 1.],\n       [0., 3.]])",
    },
    Builtin {
        name: "linalg.polar",
        signature: "(a, side='right')",
        mutates: false,
        kind: two_matrices,
        kernel: Kernel::Pure(polar),
        doc: "`(u, p)` with `a == u @ p` (or `a == p @ u` with `side='left'`): u has orthonormal columns or rows, and p is \
              symmetric and positive semidefinite.\n\n\
              >>> linalg.polar(np.array([[0.0, -2.0], [2.0, 0.0]]))[1]\narray([[2., 0.],\n       [0., 2.]])",
    },
];
