//! Products of small float matrices and vectors, without BLAS: asking it costs more than they do.

use std::sync::Arc;

use super::super::array::{Array, from_elements};
use super::super::value::Value;

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

    fn at(&self, i: usize, j: usize) -> f64 {
        self.elements.get(i * self.strides.0 + j * self.strides.1).copied().unwrap_or(f64::NAN)
    }
}

/// The product of two arrays of one or two axes, if they are small and fit.
pub(super) fn product(a: &Value, b: &Value) -> Option<Value> {
    let (x, y) = (Matrix::of(a, true)?, Matrix::of(b, false)?);
    if x.shape.1 != y.shape.0 {
        return None;
    }
    let (rows, columns) = (x.shape.0, y.shape.1);
    let mut out = Vec::with_capacity(rows * columns);
    for i in 0..rows {
        for j in 0..columns {
            let first = x.at(i, 0) * y.at(0, j);
            out.push((1..y.shape.0).fold(first, |sum, k| sum + x.at(i, k) * y.at(k, j)));
        }
    }
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
