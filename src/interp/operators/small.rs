//! Products of small float matrices and vectors, without BLAS: asking it costs more than they do.

use super::super::array::{Array, floats};
use super::super::value::Value;
use crate::vector::dispatched;

/// Rows, columns and terms of each sum at most.
const SMALL: usize = 8;

/// A matrix of which element (i, j) is at `i * rows + j * columns`.
struct Matrix<'a> {
    elements: &'a [f64],
    shape: (usize, usize),
    strides: (usize, usize),
}

impl<'a> Matrix<'a> {
    /// An array of one or two axes; a vector as a row or as a column.
    fn of(value: &'a Value, row: bool) -> Option<Matrix<'a>> {
        let Value::Array(array) = value else { return None };
        let Array::Float(a) = &**array else { return None };
        let small = |n: usize| n.wrapping_sub(1) < SMALL;
        let (shape, strides) = match (a.shape(), a.strides()) {
            (&[n], &[step]) if small(n) && row => ((1, n), (0, step)),
            (&[n], &[step]) if small(n) => ((n, 1), (step, 0)),
            (&[m, n], &[down, along]) if small(m) && small(n) => ((m, n), (down, along)),
            _ => return None,
        };
        // Elements in the order of memory begin with the first unless an axis is read backwards.
        let elements = a.as_slice().or_else(|| a.as_slice_memory_order())?;
        let strides = (usize::try_from(strides.0).ok()?, usize::try_from(strides.1).ok()?);
        Some(Matrix { elements, shape, strides })
    }

    #[inline(always)]
    fn at(&self, i: usize, j: usize) -> f64 {
        self.elements.get(i * self.strides.0 + j * self.strides.1).copied().unwrap_or(f64::NAN)
    }
}

dispatched! { fn sums(x: &Matrix<'_>, y: &Matrix<'_>, out: &mut [f64]) {
    each_sum(x, y, out, f64::mul_add),
    each_sum(x, y, out, |a, b, sum| sum + a * b)
} }

/// The sums of products from the first term to the last, as BLAS adds them.
#[inline(always)]
fn each_sum(x: &Matrix<'_>, y: &Matrix<'_>, out: &mut [f64], add: impl Fn(f64, f64, f64) -> f64) {
    for (i, row) in out.chunks_exact_mut(y.shape.1).enumerate() {
        // Rows of the second that lie in order are added to all sums of the row at once, one after the other.
        if y.shape.1 > 1 && y.strides.1 == 1 {
            for k in 0..y.shape.0 {
                let factor = x.at(i, k);
                let terms = y.elements.get(k * y.strides.0..).unwrap_or_default();
                row.iter_mut().zip(terms).for_each(|(sum, term)| *sum = add(factor, *term, *sum));
            }
            continue;
        }
        for (j, sum) in row.iter_mut().enumerate() {
            *sum = (0..y.shape.0).fold(0.0, |sum, k| add(x.at(i, k), y.at(k, j), sum));
        }
    }
}

/// The product of two arrays of one or two axes, if they are small and fit.
pub(super) fn product(a: &Value, b: &Value) -> Option<Value> {
    let (x, y) = (Matrix::of(a, true)?, Matrix::of(b, false)?);
    if x.shape.1 != y.shape.0 {
        return None;
    }
    let (rows, columns) = (x.shape.0, y.shape.1);
    let mut out = vec![0.0; rows * columns];
    sums(&x, &y, &mut out);
    match (rank(a), rank(b)) {
        (1, 1) => out.first().map(|x| Value::Float(*x)),
        (1, _) => floats(&[columns], out),
        (_, 1) => floats(&[rows], out),
        _ => floats(&[rows, columns], out),
    }
}

fn rank(value: &Value) -> usize {
    if let Value::Array(array) = value { array.ndim() } else { 0 }
}
