//! Products of small float matrices and vectors, without BLAS: asking it costs more than they do.

use std::sync::Arc;

use super::super::array::{Array, from_elements};
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
        // Elements in the order of memory begin with the first unless an axis is read backwards.
        let elements = a.as_slice_memory_order()?;
        let stride = |at: usize| usize::try_from(a.strides()[at]).ok();
        let (shape, strides) = match *a.shape() {
            [n] if row => ((1, n), (0, stride(0)?)),
            [n] => ((n, 1), (stride(0)?, 0)),
            [m, n] => ((m, n), (stride(0)?, stride(1)?)),
            _ => return None,
        };
        let small = 1..=SMALL;
        (small.contains(&shape.0) && small.contains(&shape.1)).then_some(Matrix { elements, shape, strides })
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
    let array = match (rank(a), rank(b)) {
        (1, 1) => return out.first().map(|x| Value::Float(*x)),
        (1, _) => from_elements(&[columns], out),
        (_, 1) => from_elements(&[rows], out),
        _ => from_elements(&[rows, columns], out),
    };
    Some(Value::Array(Arc::new(array.ok()?.into())))
}

fn rank(value: &Value) -> usize {
    if let Value::Array(array) = value { array.ndim() } else { 0 }
}
