//! The exponential of a matrix, by Padé approximants with scaling and squaring: A. H. Al-Mohy and N. J. Higham, "A new scaling
//! and squaring algorithm for the matrix exponential", SIAM J. Matrix Anal. Appl. 31 (2009), algorithm 5.1. Norms of powers that
//! are not computed are bounded by those that are, instead of being estimated.

use lax::Lapack;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};

use super::stack::{Stack, layout};
use super::{lapack, same_shape};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

/// For each degree of the approximant the bound of the norms and the reciprocal of the first coefficient of its backward error.
const BOUNDS: [(usize, f64, f64); 5] = [
    (3, 1.495585217958292e-2, 100_800.0),
    (5, 2.53939833006323e-1, 10_059_033_600.0),
    (7, 9.504178996162932e-1, 4_487_938_430_976_000.0),
    (9, 2.097847961257068, 5.914384781877412e21),
    (13, 4.25, 1.1325077560602111e35),
];

/// The coefficients of the numerator of the diagonal Padé approximant of a degree, scaled to integers.
fn coefficients(degree: usize) -> Vec<f64> {
    // c[j] / c[j-1] = (degree - j + 1) / (j (2 degree - j + 1)), and the last is 1.
    let mut from_last = vec![1.0];
    for j in (1..=degree).rev() {
        let next = from_last[degree - j] * (j * (2 * degree - j + 1)) as f64 / (degree - j + 1) as f64;
        from_last.push(next);
    }
    from_last.reverse();
    from_last
}

/// The largest sum of the magnitudes of a column.
fn norm(a: &Array2<f64>) -> f64 {
    let mut sums = vec![0.0; a.ncols()];
    for row in a.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.abs());
    }
    sums.into_iter().fold(0.0, f64::max)
}

/// How often a matrix with the factor `scale` must be halved more, so that rounding does not spoil the degree's approximant.
fn more_halvings(a: &Array2<f64>, scale: f64, degree: usize, reciprocal: f64) -> i32 {
    let magnitudes = a.mapv(|x| (x * scale).abs());
    let whole = norm(&magnitudes);
    // The norm of a power of a matrix without negative elements is that of its transpose, applied to ones again and again.
    let mut sums = ndarray::Array1::<f64>::ones(a.nrows());
    for _ in 0..2 * degree + 1 {
        sums = sums.dot(&magnitudes);
    }
    let power = sums.iter().fold(0.0, |most: f64, &x| most.max(x));
    if power == 0.0 {
        return 0;
    }
    let error = power / (reciprocal * whole);
    ((error / (f64::EPSILON / 2.0)).log2() / (2 * degree) as f64).ceil().max(0.0) as i32
}

/// `constant + Σ factors[k] powers[k]`, row by row, so that a row of the sum is still in the cache when the next power comes.
fn sum(constant: f64, factors: &[f64], powers: &[&Array2<f64>]) -> Array2<f64> {
    let mut terms = factors.iter().zip(powers);
    let Some((&factor, first)) = terms.next() else { return Array2::zeros((0, 0)) };
    let mut total = Array2::zeros(first.dim());
    for (i, mut row) in total.rows_mut().into_iter().enumerate() {
        row.scaled_add(factor, &first.row(i));
        for (&factor, power) in terms.clone() {
            row.scaled_add(factor, &power.row(i));
        }
        row[i] += constant;
    }
    total
}

/// Every other coefficient from one on.
fn every_other(c: &[f64], from: usize, count: usize) -> Vec<f64> {
    c.iter().skip(from).step_by(2).take(count).copied().collect()
}

fn exponential(a: ArrayView2<f64>) -> Result<Array2<f64>> {
    let n = a.nrows();
    if a.iter().any(|x| !x.is_finite()) {
        return Ok(Array2::from_elem((n, n), f64::NAN));
    }
    let mut a = a.as_standard_layout().into_owned();
    let square = a.dot(&a);
    // The powers 2, 4, 6 and, where degree 9 asks, 8.
    let fourth = square.dot(&square);
    let sixth = fourth.dot(&square);
    let (d4, d6) = (norm(&fourth).powf(0.25), norm(&sixth).powf(1.0 / 6.0));
    let most = d4.max(d6);
    let fits = |&&(degree, bound, reciprocal): &&(usize, f64, f64)| {
        degree < 13 && most < bound && more_halvings(&a, 1.0, degree, reciprocal) == 0
    };
    let (degree, bound, reciprocal) = BOUNDS.iter().find(fits).copied().unwrap_or(BOUNDS[4]);
    let c = coefficients(degree);
    let (odd, even, halvings);
    if degree < 13 {
        halvings = 0;
        let mut powers = vec![&square, &fourth, &sixth];
        let eighth;
        if degree == 9 {
            eighth = fourth.dot(&fourth);
            powers.push(&eighth);
        }
        let count = (degree - 1) / 2;
        odd = sum(c[1], &every_other(&c, 3, count), &powers[..count]);
        even = sum(c[0], &every_other(&c, 2, count), &powers[..count]);
    } else {
        let first = if most > bound { (most / bound).log2().ceil().max(0.0) as i32 } else { 0 };
        halvings = first + more_halvings(&a, (-f64::from(first)).exp2(), degree, reciprocal);
        let scale = (-f64::from(halvings)).exp2();
        a *= scale;
        let powers = [square * scale.powi(2), fourth * scale.powi(4), sixth * scale.powi(6)];
        let powers = [&powers[0], &powers[1], &powers[2]];
        let half = |first: usize| {
            let high = sum(0.0, &every_other(&c, first + 8, 3), &powers);
            let mut half = sum(c[first], &every_other(&c, first + 2, 3), &powers);
            general_mat_mul(1.0, powers[2], &high, 1.0, &mut half);
            half
        };
        (odd, even) = (half(1), half(0));
    }
    let odd = a.dot(&odd);
    // Numerator and denominator commute. What is stored row by row is transposed to LAPACK: Xᵀ solves Qᵀ Xᵀ = Pᵀ.
    let mut denominator: Vec<f64> = even.iter().zip(&odd).map(|(even, odd)| even - odd).collect();
    let mut result = even + odd;
    let failed = || Error::numeric("the approximant of the exponential is singular");
    let pivots = f64::lu(layout(n, n), &mut denominator).map_err(|_| failed())?;
    let numerator = result.as_slice_mut().ok_or_else(failed)?;
    lapack::getrs(false, n, &denominator, &pivots, n, numerator)?;
    for _ in 0..halvings {
        result = result.dot(&result);
    }
    Ok(result)
}

fn expm(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::square_by_rows(std::mem::take(&mut args[0]), "linalg.expm")?;
    let n = a.rows;
    if n > 0 {
        for i in 0..a.count() {
            let view = ArrayView2::from_shape((n, n), a.matrix(i));
            let result = exponential(view.map_err(|_| Error::shape("linalg.expm needs square matrices"))?)?;
            a.matrix_mut(i).iter_mut().zip(&result).for_each(|(to, &from)| *to = from);
        }
    }
    a.into_value_by_rows()
}

pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "linalg.expm",
    signature: "(A)",
    mutates: false,
    kind: same_shape,
    kernel: Kernel::Pure(expm),
    doc: "The exponential of square matrices `(…, n, n)`.\n\n```\nlinalg.expm(np.array([[0.0, 1.0], [0.0, 0.0]]))\n```",
}];
