//! The routines of LAPACK that `lax` does not offer, or offers only with copies, behind functions that check what LAPACK
//! trusts: sizes, leading dimensions and room to work in. Matrices are stored column by column, without gaps.
//!
//! All `unsafe` of the library of linear algebra is here. What makes each call sound is the same for all: [`size`] shows that
//! every dimension fits LAPACK's 32-bit integers and is not zero, each function refuses a slice that is not exactly the matrix
//! that its dimensions say, leading dimensions are the numbers of rows, and the room to work in is what the routine itself
//! asked for when it was called with the length -1, in which it touches nothing else. Arguments do not overlap, for they are
//! borrowed at the same time and one at most is shared. Everything handed over is initialised.

#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};

use crate::lang::{Error, Result};

/// A dimension as LAPACK counts it.
fn size(n: usize) -> Result<c_int> {
    match c_int::try_from(n) {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(Error::limit(format!("a matrix of {n} rows or columns is beyond LAPACK"))),
    }
}

/// Checks that a slice is the matrix that its dimensions say.
fn holds(elements: &[f64], rows: usize, columns: usize) -> Result<()> {
    match rows.checked_mul(columns) {
        Some(len) if len == elements.len() => Ok(()),
        _ => Err(Error::shape("a matrix does not have its size")),
    }
}

/// Whether a routine did what it should; `failed` says what a positive code means.
fn done(info: c_int, failed: impl FnOnce() -> Error) -> Result<()> {
    match info {
        0 => Ok(()),
        1.. => Err(failed()),
        // The dimensions are checked, so that LAPACK refuses nothing but NaN.
        _ => Err(Error::numeric("array must not contain infs or NaNs")),
    }
}

/// Room of the length that a routine asked for, and that length.
fn room(asked: f64) -> Result<(Vec<f64>, c_int)> {
    let len = size(asked.max(1.0) as usize)?;
    Ok((vec![0.0; len as usize], len))
}

fn letter(c: u8) -> c_char {
    c as c_char
}

/// The eigenvalues of a symmetric matrix of order n, ascending, by divide and conquer (`dsyevd`). One triangle is read. The
/// matrix becomes the eigenvectors, each a column, where they are wanted, and is lost otherwise.
pub(super) fn syevd(vectors: bool, lower: bool, n: usize, a: &mut [f64]) -> Result<Vec<f64>> {
    holds(a, n, n)?;
    let order = size(n)?;
    let job = letter(if vectors { b'V' } else { b'N' });
    let triangle = letter(if lower { b'L' } else { b'U' });
    let mut values = vec![0.0; n];
    let failed = || Error::numeric("the eigenvalues did not converge");
    let (mut asked, mut integers, mut info) = (0.0, 0, 0);
    let mut call = |work: &mut [f64], len: c_int, integers: &mut [c_int], count: c_int| {
        // SAFETY: `a` is n by n and `values` has n elements; `work` and `integers` have as many elements as `len` and `count`
        // say, or those are -1 and one element each is written.
        unsafe {
            lapack_sys::dsyevd_(
                &job,
                &triangle,
                &order,
                a.as_mut_ptr(),
                &order,
                values.as_mut_ptr(),
                work.as_mut_ptr(),
                &len,
                integers.as_mut_ptr(),
                &count,
                &mut info,
            );
        }
        info
    };
    done(call(std::slice::from_mut(&mut asked), -1, std::slice::from_mut(&mut integers), -1), failed)?;
    let (mut work, len) = room(asked)?;
    let count = integers.max(1);
    done(call(&mut work, len, &mut vec![0; count as usize], count), failed)?;
    Ok(values)
}

/// The singular values of a matrix, descending, by divide and conquer (`dgesdd`). Its left singular vectors go to the columns
/// of `u`, the right ones to the rows of `vt`: as many as there are values, or whole bases; none where there is no place for
/// them. The matrix is lost.
pub(super) fn gesdd(
    rows: usize,
    columns: usize,
    a: &mut [f64],
    vectors: Option<(&mut [f64], &mut [f64])>,
) -> Result<Vec<f64>> {
    holds(a, rows, columns)?;
    let (m, n) = (size(rows)?, size(columns)?);
    let few = rows.min(columns);
    let mut values = vec![0.0; few];
    let mut integers: Vec<c_int> = vec![0; 8 * few];
    let (mut none_u, mut none_vt) = ([0.0], [0.0]);
    let (job, u, vt, of_vt) = match vectors {
        None => (b'N', &mut none_u[..], &mut none_vt[..], 1),
        Some((u, vt)) if u.len() == rows * few && vt.len() == few * columns => (b'S', u, vt, few),
        Some((u, vt)) => {
            holds(u, rows, rows)?;
            holds(vt, columns, columns)?;
            (b'A', u, vt, columns)
        }
    };
    let (job, of_vt) = (letter(job), size(of_vt)?);
    let failed = || Error::numeric("the singular value decomposition did not converge");
    let (mut asked, mut info) = (0.0, 0);
    let mut call = |work: &mut [f64], len: c_int| {
        // SAFETY: `a` is m by n, `values` has min(m, n) elements and `integers` eight times as many. For the job S, `u` is m by
        // min(m, n) and `vt` min(m, n) by n; for A they are square of order m and n; for N neither is touched. Their leading
        // dimensions are m and `of_vt`. `work` has `len` elements, or `len` is -1 and one is written.
        unsafe {
            lapack_sys::dgesdd_(
                &job,
                &m,
                &n,
                a.as_mut_ptr(),
                &m,
                values.as_mut_ptr(),
                u.as_mut_ptr(),
                &m,
                vt.as_mut_ptr(),
                &of_vt,
                work.as_mut_ptr(),
                &len,
                integers.as_mut_ptr(),
                &mut info,
            );
        }
        info
    };
    done(call(std::slice::from_mut(&mut asked), -1), failed)?;
    let (mut work, len) = room(asked)?;
    done(call(&mut work, len), failed)?;
    Ok(values)
}

/// The solution of least squares and of least length, by singular values and divide and conquer (`dgelsd`), for a matrix `a`
/// and right-hand sides `b` of `max(rows, columns)` rows, of which the first `rows` are given and the first `columns` become
/// the solutions. The others become residuals where the rank is full. The singular values of `a` come back, and how many are
/// above `part` times the largest: the rank. `a` is lost.
pub(super) fn gelsd(
    rows: usize,
    columns: usize,
    a: &mut [f64],
    sides: usize,
    b: &mut [f64],
    part: f64,
) -> Result<(Vec<f64>, usize)> {
    let many = rows.max(columns);
    holds(a, rows, columns)?;
    holds(b, many, sides)?;
    let (m, n, k, of_b) = (size(rows)?, size(columns)?, size(sides)?, size(many)?);
    let mut values = vec![0.0; rows.min(columns)];
    let failed = || Error::numeric("the singular value decomposition of the least squares did not converge");
    let (mut asked, mut count, mut rank, mut info) = (0.0, 0, 0, 0);
    let mut call = |work: &mut [f64], len: c_int, integers: &mut [c_int]| {
        // SAFETY: `a` is m by n, `b` max(m, n) by k, `values` has min(m, n) elements. `work` has `len` elements and
        // `integers` as many as the query asked for, or `len` is -1 and one element each is written.
        unsafe {
            lapack_sys::dgelsd_(
                &m,
                &n,
                &k,
                a.as_mut_ptr(),
                &m,
                b.as_mut_ptr(),
                &of_b,
                values.as_mut_ptr(),
                &part,
                &mut rank,
                work.as_mut_ptr(),
                &len,
                integers.as_mut_ptr(),
                &mut info,
            );
        }
        info
    };
    done(call(std::slice::from_mut(&mut asked), -1, std::slice::from_mut(&mut count)), failed)?;
    let (mut work, len) = room(asked)?;
    done(call(&mut work, len, &mut vec![0; count.max(1) as usize]), failed)?;
    Ok((values, usize::try_from(rank).unwrap_or(0)))
}

/// The LU factorisation of a matrix in place, and for each row the one, counted from 1, that it changed places with (`dgetrf`).
/// A singular matrix has factors too.
pub(super) fn getrf(rows: usize, columns: usize, a: &mut [f64]) -> Result<Vec<i32>> {
    holds(a, rows, columns)?;
    let (m, n) = (size(rows)?, size(columns)?);
    let (mut pivots, mut info) = (vec![0; rows.min(columns)], 0);
    // SAFETY: `a` is m by n, and there are min(m, n) pivots.
    unsafe {
        lapack_sys::dgetrf_(&m, &n, a.as_mut_ptr(), &m, pivots.as_mut_ptr(), &mut info);
    }
    done(info.min(0), super::factor::singular)?;
    Ok(pivots)
}

/// Solves `A x = b`, or `Aᵀ x = b`, for several right-hand sides in place, by the factors and pivots of `A` (`dgetrs`).
pub(super) fn getrs(
    transpose: bool,
    n: usize,
    factors: &[f64],
    pivots: &[i32],
    sides: usize,
    b: &mut [f64],
) -> Result<()> {
    holds(factors, n, n)?;
    holds(b, n, sides)?;
    let (order, k) = (size(n)?, size(sides)?);
    if pivots.len() != n || !pivots.iter().all(|p| (1..=order).contains(p)) {
        return Err(Error::index("a pivot is no row"));
    }
    let trans = letter(if transpose { b'T' } else { b'N' });
    let mut info = 0;
    // SAFETY: `factors` is n by n, `b` n by k, and the n pivots are rows.
    unsafe {
        lapack_sys::dgetrs_(
            &trans,
            &order,
            &k,
            factors.as_ptr(),
            &order,
            pivots.as_ptr(),
            b.as_mut_ptr(),
            &order,
            &mut info,
        );
    }
    done(info, super::factor::singular)
}

/// The eigenvalues of a matrix of order n, real and imaginary parts (`dgeev`). The right eigenvectors go to the columns of
/// `vectors`, where there is a place for them. The matrix is lost.
pub(super) fn geev(n: usize, a: &mut [f64], vectors: Option<&mut [f64]>) -> Result<(Vec<f64>, Vec<f64>)> {
    holds(a, n, n)?;
    let order = size(n)?;
    let (mut none, one) = ([0.0], 1);
    let (job, vectors, of_vectors) = match vectors {
        Some(vectors) => {
            holds(vectors, n, n)?;
            (letter(b'V'), vectors, order)
        }
        None => (letter(b'N'), &mut none[..], one),
    };
    let no = letter(b'N');
    let (mut real, mut imaginary, mut left) = (vec![0.0; n], vec![0.0; n], [0.0]);
    let failed = || Error::numeric("the eigenvalues did not converge");
    let (mut asked, mut info) = (0.0, 0);
    let mut call = |work: &mut [f64], len: c_int| {
        // SAFETY: `a` is n by n, `real` and `imaginary` have n elements, `vectors` is n by n or not touched, left vectors are
        // not asked for. `work` has `len` elements, or `len` is -1 and one is written.
        unsafe {
            lapack_sys::dgeev_(
                &no,
                &job,
                &order,
                a.as_mut_ptr(),
                &order,
                real.as_mut_ptr(),
                imaginary.as_mut_ptr(),
                left.as_mut_ptr(),
                &one,
                vectors.as_mut_ptr(),
                &of_vectors,
                work.as_mut_ptr(),
                &len,
                &mut info,
            );
        }
        info
    };
    done(call(std::slice::from_mut(&mut asked), -1), failed)?;
    let (mut work, len) = room(asked)?;
    done(call(&mut work, len), failed)?;
    Ok((real, imaginary))
}

/// The real Schur form of a matrix of order n, which takes its place, and the vectors that go with it (`dgees`).
pub(super) fn gees(n: usize, a: &mut [f64], vectors: &mut [f64]) -> Result<()> {
    holds(a, n, n)?;
    holds(vectors, n, n)?;
    let order = size(n)?;
    let (job, sort) = (letter(b'V'), letter(b'N'));
    let (mut real, mut imaginary) = (vec![0.0; n], vec![0.0; n]);
    let failed = || Error::numeric("the Schur form did not converge");
    let (mut asked, mut selected, mut unused, mut info) = (0.0, 0, 0, 0);
    let mut call = |work: &mut [f64], len: c_int| {
        // SAFETY: `a` and `vectors` are n by n, `real` and `imaginary` have n elements. Nothing is sorted, so that neither the
        // selection nor its flags are touched. `work` has `len` elements, or `len` is -1 and one is written.
        unsafe {
            lapack_sys::dgees_(
                &job,
                &sort,
                None,
                &order,
                a.as_mut_ptr(),
                &order,
                &mut selected,
                real.as_mut_ptr(),
                imaginary.as_mut_ptr(),
                vectors.as_mut_ptr(),
                &order,
                work.as_mut_ptr(),
                &len,
                &mut unused,
                &mut info,
            );
        }
        info
    };
    done(call(std::slice::from_mut(&mut asked), -1), failed)?;
    let (mut work, len) = room(asked)?;
    done(call(&mut work, len), failed)
}

/// Solves `A X + X B = c C` for quasi-triangular `A` (m by m) and `B` (n by n), `Bᵀ` with `transpose`, in place of `C`
/// (`dtrsyl`). The factor c, which keeps the solution finite, comes back.
pub(super) fn trsyl(m: usize, n: usize, a: &[f64], b: &[f64], transpose: bool, c: &mut [f64]) -> Result<f64> {
    holds(a, m, m)?;
    holds(b, n, n)?;
    holds(c, m, n)?;
    let (rows, columns) = (size(m)?, size(n)?);
    let (no, trans) = (letter(b'N'), letter(if transpose { b'T' } else { b'N' }));
    let (plus, mut scale, mut info) = (1, 0.0, 0);
    // SAFETY: `a` is m by m, `b` n by n and `c` m by n, with their rows as leading dimensions.
    unsafe {
        lapack_sys::dtrsyl_(
            &no,
            &trans,
            &plus,
            &rows,
            &columns,
            a.as_ptr(),
            &rows,
            b.as_ptr(),
            &columns,
            c.as_mut_ptr(),
            &rows,
            &mut scale,
            &mut info,
        );
    }
    // A positive code says that eigenvalues were moved apart: there is no unique solution.
    done(info, || Error::numeric("the Sylvester equation has no unique solution"))?;
    Ok(scale)
}

/// Solves `A x = b` for several right-hand sides in place, for a matrix of `lower` and `upper` diagonals beside the main one
/// (`dgbsv`). `bands` has `2 * lower + upper + 1` rows, of which the first `lower` are room to work in. It is lost.
pub(super) fn gbsv(lower: usize, upper: usize, n: usize, bands: &mut [f64], sides: usize, b: &mut [f64]) -> Result<()> {
    let rows = 2 * lower + upper + 1;
    holds(bands, rows, n)?;
    holds(b, n, sides)?;
    let (order, k, of_bands) = (size(n)?, size(sides)?, size(rows)?);
    // No more than `rows`, which fits.
    let (below, above) = (lower as c_int, upper as c_int);
    let (mut pivots, mut info) = (vec![0; n], 0);
    // SAFETY: `bands` has 2 lower + upper + 1 rows and n columns, `b` is n by k, and there are n pivots.
    unsafe {
        lapack_sys::dgbsv_(
            &order,
            &below,
            &above,
            &k,
            bands.as_mut_ptr(),
            &of_bands,
            pivots.as_mut_ptr(),
            b.as_mut_ptr(),
            &order,
            &mut info,
        );
    }
    done(info, super::factor::singular)
}

/// Solves `A x = b` for several right-hand sides in place, for a positive definite matrix of which the main diagonal and those
/// below it, or above it, are the rows of `bands` (`dpbsv`). `bands` is lost.
pub(super) fn pbsv(lower: bool, rows: usize, n: usize, bands: &mut [f64], sides: usize, b: &mut [f64]) -> Result<()> {
    holds(bands, rows, n)?;
    holds(b, n, sides)?;
    let (order, k, of_bands) = (size(n)?, size(sides)?, size(rows)?);
    let triangle = letter(if lower { b'L' } else { b'U' });
    let (beside, mut info) = (of_bands - 1, 0);
    // SAFETY: `bands` has `beside` + 1 rows and n columns, and `b` is n by k.
    unsafe {
        lapack_sys::dpbsv_(
            &triangle,
            &order,
            &beside,
            &k,
            bands.as_mut_ptr(),
            &of_bands,
            b.as_mut_ptr(),
            &order,
            &mut info,
        );
    }
    done(info, || Error::numeric("the matrix is not positive definite"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_matrix_it_is_said_to_be_is_refused() {
        assert!(syevd(true, true, 3, &mut [1.0; 8]).is_err());
        assert!(syevd(true, true, 0, &mut []).is_err());
        assert!(gesdd(2, 3, &mut [1.0; 5], None).is_err());
        assert!(gesdd(2, 2, &mut [1.0; 4], Some((&mut [0.0; 4], &mut [0.0; 3]))).is_err());
        assert!(gelsd(3, 2, &mut [1.0; 6], 1, &mut [1.0; 2], 0.0).is_err());
        assert!(getrs(false, 2, &[1.0; 4], &[1, 3], 1, &mut [1.0; 2]).is_err());
        assert!(getrs(false, 2, &[1.0; 4], &[1], 1, &mut [1.0; 2]).is_err());
        assert!(geev(2, &mut [1.0; 4], Some(&mut [0.0; 3])).is_err());
        assert!(gees(2, &mut [1.0; 4], &mut [0.0; 3]).is_err());
        assert!(trsyl(2, 1, &[1.0; 4], &[1.0], false, &mut [0.0; 3]).is_err());
        assert!(gbsv(1, 1, 2, &mut [1.0; 6], 1, &mut [1.0; 2]).is_err());
        assert!(pbsv(true, 2, 2, &mut [1.0; 3], 1, &mut [1.0; 2]).is_err());
    }

    #[test]
    fn nan_is_an_error_or_nan() {
        assert!(gesdd(2, 2, &mut [f64::NAN; 4], None).map_or(true, |s| s.iter().all(|s| s.is_nan())));
        assert!(syevd(false, true, 2, &mut [f64::NAN; 4]).map_or(true, |w| w.iter().all(|w| w.is_nan())));
    }
}
