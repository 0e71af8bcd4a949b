//! Stacks of matrices, `(…, m, n)`, column by column as LAPACK wants them.

use crate::interp::array::{shape_len, shape_text};
use crate::interp::elementwise::broadcast_shape;
use lax::layout::MatrixLayout;
use ndarray::{ArrayD, Axis, IxDyn};

use crate::interp::array::Storage;
use crate::interp::library::floats::{array, floats};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

/// A stack of matrices of one shape, each stored column by column.
#[derive(Clone, Debug)]
pub(super) struct Stack {
    /// The leading axes.
    pub batch: Vec<usize>,
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The elements, matrix after matrix.
    pub elements: Vec<f64>,
}

/// The layout of one matrix stored column by column. Sizes beyond LAPACK's 32-bit integers are refused before.
pub(super) fn layout(rows: usize, columns: usize) -> MatrixLayout {
    MatrixLayout::F { lda: rows as i32, col: columns as i32 }
}

impl Stack {
    /// Reads a matrix or a stack of matrices; `function` speaks in errors.
    pub fn new(value: Value, function: &str) -> Result<Stack> {
        let a = floats(value, &format!("the argument of {function}"))?;
        Stack::from_array(&a, function)
    }

    /// Reads a stack of square matrices.
    pub fn square(value: Value, function: &str) -> Result<Stack> {
        let a = floats(value, &format!("the argument of {function}"))?;
        let stack = Stack::from_array(&a, function)?;
        if stack.rows != stack.columns {
            return Err(Error::shape(format!(
                "{function} needs square matrices, but the shape is {}",
                shape_text(a.shape())
            )));
        }
        Ok(stack)
    }

    /// Reads an array of at least two axes.
    pub fn from_array(a: &Storage<f64>, function: &str) -> Result<Stack> {
        let &[ref batch @ .., rows, columns] = a.shape() else {
            return Err(Error::shape(format!(
                "{function} needs an array of at least two axes, but the shape is {}",
                shape_text(a.shape())
            )));
        };
        if i32::try_from(rows.max(1).saturating_mul(columns.max(1))).is_err() {
            return Err(Error::limit(format!("a matrix of shape {} is too large", shape_text(&[rows, columns]))));
        }
        let mut transposed = a.view();
        transposed.swap_axes(a.ndim() - 1, a.ndim() - 2);
        let elements = match (transposed.as_slice(), a.as_slice()) {
            (Some(columns), _) => columns.to_vec(),
            (_, Some(by_rows)) => transposes(by_rows, rows, columns),
            _ => transposed.iter().copied().collect(),
        };
        Ok(Stack { batch: batch.to_vec(), rows, columns, elements })
    }

    /// Reads matrices, of which only the lower triangle counts where they are said to be Hermitian.
    pub fn perhaps_hermitian(value: Value, hermitian: bool, function: &str) -> Result<Stack> {
        if !hermitian {
            return Stack::new(value, function);
        }
        let mut a = Stack::square(value, function)?;
        for i in 0..a.count() {
            let n = a.rows;
            mirror(a.matrix_mut(i), n, false);
        }
        Ok(a)
    }

    /// Reads square matrices row by row, so that they are transposed to LAPACK: for symmetric ones, of which what was the lower
    /// triangle is then the upper one, and for functions that commute with the transpose.
    pub fn square_by_rows(value: Value, function: &str) -> Result<Stack> {
        let a = floats(value, &format!("the argument of {function}"))?;
        match (a.shape(), a.as_slice()) {
            (&[ref batch @ .., m, n], Some(elements)) if m == n && i32::try_from(m.saturating_mul(n)).is_ok() => {
                Ok(Stack { batch: batch.to_vec(), rows: m, columns: n, elements: elements.to_vec() })
            }
            _ => {
                let mut stack = Stack::square(a.into(), function)?;
                stack.elements = transposes(&stack.elements, stack.columns, stack.rows);
                Ok(stack)
            }
        }
    }

    /// A stack with room for matrices of a shape.
    pub fn zeros(batch: &[usize], rows: usize, columns: usize) -> Result<Stack> {
        let shape: Vec<usize> = batch.iter().copied().chain([rows, columns]).collect();
        Ok(Stack { batch: batch.to_vec(), rows, columns, elements: vec![0.0; shape_len(&shape)?] })
    }

    /// Puts ones on the diagonal of matrices of zeros.
    pub fn fill_identity(&mut self) {
        let rows = self.rows;
        for i in 0..self.count() {
            let diagonal = self.rows.min(self.columns);
            self.matrix_mut(i).iter_mut().step_by(rows + 1).take(diagonal).for_each(|x| *x = 1.0);
        }
    }

    /// The number of matrices.
    pub fn count(&self) -> usize {
        self.batch.iter().product()
    }

    /// The number of elements of one matrix.
    pub fn size(&self) -> usize {
        self.rows * self.columns
    }

    /// The layout of one matrix.
    pub fn layout(&self) -> MatrixLayout {
        layout(self.rows, self.columns)
    }

    /// One matrix.
    pub fn matrix(&self, at: usize) -> &[f64] {
        &self.elements[at * self.size()..(at + 1) * self.size()]
    }

    /// One matrix, to be changed.
    pub fn matrix_mut(&mut self, at: usize) -> &mut [f64] {
        let size = self.size();
        &mut self.elements[at * size..(at + 1) * size]
    }

    /// The shape as an array.
    pub fn shape(&self) -> Vec<usize> {
        self.batch.iter().copied().chain([self.rows, self.columns]).collect()
    }

    /// The stack as an array.
    pub fn into_array(self) -> Result<Storage<f64>> {
        let by_rows = transposes(&self.elements, self.columns, self.rows);
        Ok(array(&self.shape(), by_rows)?.into_shared())
    }

    /// The stack as an array whose matrices stay stored column by column: no element is moved.
    pub fn into_columns(self) -> Result<Value> {
        let shape: Vec<usize> = self.batch.iter().copied().chain([self.columns, self.rows]).collect();
        let mut a = array(&shape, self.elements)?;
        let rank = a.ndim();
        a.swap_axes(rank - 1, rank - 2);
        Ok(a.into())
    }

    /// The stack as an array, where the matrices are stored row by row: those of [`Stack::square_by_rows`].
    pub fn into_value_by_rows(self) -> Result<Value> {
        Ok(array(&self.shape(), self.elements)?.into())
    }

    /// The stack as a value.
    pub fn into_value(self) -> Result<Value> {
        self.into_array().map(Value::from)
    }
}

/// Completes a symmetric matrix, stored column by column, from its upper or its lower triangle.
pub(super) fn mirror(a: &mut [f64], n: usize, upper: bool) {
    for column in 0..n {
        for row in 0..column {
            let (above, below) = (column * n + row, row * n + column);
            if upper {
                a[below] = a[above];
            } else {
                a[above] = a[below];
            }
        }
    }
}

/// Matrices of so many rows and columns stored row by row, column by column (or the other way round, exchanged): in tiles that
/// stay in the cache.
fn transposes(elements: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    const TILE: usize = 16;
    let mut result = vec![0.0; elements.len()];
    let size = rows * columns;
    if size == 0 {
        return result;
    }
    for (from, to) in elements.chunks_exact(size).zip(result.chunks_exact_mut(size)) {
        for top in (0..rows).step_by(TILE) {
            for left in (0..columns).step_by(TILE) {
                for j in left..(left + TILE).min(columns) {
                    let line = &mut to[j * rows..][top..(top + TILE).min(rows)];
                    for (i, slot) in line.iter_mut().enumerate() {
                        *slot = from[(top + i) * columns + j];
                    }
                }
            }
        }
    }
    result
}

/// The batch axes of two stacks broadcast against each other, and which matrix of each belongs to each of the result.
pub(super) struct Pairs {
    /// The leading axes of the result.
    pub batch: Vec<usize>,
    /// For each matrix of the result the numbers of the two it comes from.
    pub of: Vec<(usize, usize)>,
}

/// Broadcasts the batch axes of two stacks; `function` speaks in errors.
pub(super) fn pair(a: &[usize], b: &[usize], function: &str) -> Result<Pairs> {
    let batch = broadcast_shape(a, b)?;
    let numbers = |shape: &[usize]| -> Option<Vec<usize>> {
        let own = ArrayD::from_shape_vec(IxDyn(shape), (0..shape.iter().product()).collect()).ok()?;
        Some(own.broadcast(IxDyn(&batch))?.iter().copied().collect())
    };
    let (Some(from_a), Some(from_b)) = (numbers(a), numbers(b)) else {
        return Err(Error::shape(format!("{function}: the stacks do not broadcast together")));
    };
    Ok(Pairs { of: from_a.into_iter().zip(from_b).collect(), batch })
}

/// A right-hand side as a stack of columns, and whether it was one vector.
pub(super) fn right_hand_side(b: Storage<f64>, function: &str) -> Result<(Stack, bool)> {
    if b.ndim() == 0 {
        return Err(Error::shape(format!(
            "{function} needs a right-hand side of at least one axis, but it is a number"
        )));
    }
    if b.ndim() == 1 {
        return Ok((Stack::from_array(&b.insert_axis(Axis(1)), function)?, true));
    }
    Ok((Stack::from_array(&b, function)?, false))
}
