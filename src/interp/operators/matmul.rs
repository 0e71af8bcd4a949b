//! `@`: products of matrices and vectors through BLAS, stacks of them broadcast.

use std::sync::Arc;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayD, ArrayView2, ArrayViewD, Axis, Dimension, Ix1, Ix2, IxDyn, LinalgScalar};
// BLAS is reached through ndarray; this makes the linker take it.
use openblas_src as _;

use super::super::array::{Array, Element, Storage, from_elements, shape_len, shape_text};
use super::super::elementwise::broadcast_shape;
use super::super::value::Value;
use super::scalars::overflow;
use super::small;
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// NumPy's `a @ b`.
pub fn matmul(a: Value, b: Value) -> Result<Value> {
    if let Some(product) = small::product(&a, &b) {
        return Ok(product);
    }
    let (a, b) = (operand(a)?, operand(b)?);
    match a.dtype().max(b.dtype()) {
        DType::Float => product(f64::storage(a)?, f64::storage(b)?, |_, _| true),
        DType::Int => product(i64::storage(a)?, i64::storage(b)?, int_products_fit),
        DType::Bool => {
            let counts = product(i64::storage(a)?, i64::storage(b)?, |_, _| true)?;
            match counts {
                Value::Array(counts) => Ok(Arc::unwrap_or_clone(counts).cast(DType::Bool)?.into()),
                other => Ok(Value::Bool(bool::scalar(&other)?)),
            }
        }
    }
}

fn operand(value: Value) -> Result<Array> {
    match value {
        Value::Array(array) => Ok(Arc::unwrap_or_clone(array)),
        Value::List(_) | Value::Tuple(_) => match super::super::library::creation::array_of(value)? {
            Value::Array(array) => Ok(Arc::unwrap_or_clone(array)),
            _ => Err(Error::shape("@ needs arrays of at least one axis")),
        },
        other => Err(Error::type_(format!("@ needs arrays, not {}", other.type_name())).hint("use * for numbers")),
    }
}

/// Whether no sum of products can leave 64 bits.
fn int_products_fit(a: &Storage<i64>, b: &Storage<i64>) -> bool {
    let largest = |s: &Storage<i64>| s.iter().map(|x| u128::from(x.unsigned_abs())).max().unwrap_or(0);
    let terms = a.shape().last().copied().unwrap_or(1) as u128;
    largest(a).checked_mul(largest(b)).and_then(|p| p.checked_mul(terms)).is_some_and(|p| p <= i64::MAX as u128)
}

fn product<T: Element + LinalgScalar>(
    a: Storage<T>,
    b: Storage<T>,
    fits: impl Fn(&Storage<T>, &Storage<T>) -> bool,
) -> Result<Value>
where
    Array: From<ArrayD<T>>,
{
    let inner = if b.ndim() == 1 { b.shape()[0] } else { b.shape()[b.ndim() - 2] };
    if a.shape()[a.ndim() - 1] != inner {
        return Err(unlike(a.shape(), b.shape()));
    }
    if let (&[.., rows, _], &[_, columns]) = (a.shape(), b.shape()) {
        shape_len(&[rows, columns])?;
    }
    if !fits(&a, &b) {
        return Err(overflow());
    }
    Ok(match (a.ndim(), b.ndim()) {
        (1, 1) => fixed::<T, Ix1>(&a)?.dot(&fixed::<T, Ix1>(&b)?).value(),
        (2, 1) => fixed::<T, Ix2>(&a)?.dot(&fixed::<T, Ix1>(&b)?).into_dyn().into(),
        (1, 2) => fixed::<T, Ix1>(&a)?.dot(&fixed::<T, Ix2>(&b)?).into_dyn().into(),
        (2, 2) => fixed::<T, Ix2>(&a)?.dot(&fixed::<T, Ix2>(&b)?).into_dyn().into(),
        (1, _) => stacked(a.insert_axis(Axis(0)), b, Some(2))?.into(),
        (_, 1) => stacked(a, b.insert_axis(Axis(1)), Some(1))?.into(),
        // A stack of matrices times one matrix is one product.
        (_, 2) if a.is_standard_layout() => {
            let (rows, columns) = (shape_len(&a.shape()[..a.ndim() - 1])?, b.shape()[1]);
            let mut shape = a.shape()[..a.ndim() - 1].to_vec();
            shape.push(columns);
            shape_len(&shape)?;
            let flat = a
                .to_shape(IxDyn(&[rows, inner]))
                .map_err(|_| Error::shape("matmul: the stack cannot be flattened"))?
                .into_dimensionality::<Ix2>()
                .map_err(|_| Error::shape("matmul: not a matrix"))?
                .dot(&fixed::<T, Ix2>(&b)?);
            from_elements(&shape, flat.into_iter().collect())?.into()
        }
        _ => stacked(a, b, None)?.into(),
    })
}

/// The error of shapes that have no product.
fn unlike(a: &[usize], b: &[usize]) -> Error {
    let (last, inner) = (a.len() - 1, b.len().saturating_sub(2));
    let error = Error::shape(format!(
        "matmul: shapes {} and {} do not fit: axis {last} of the first has length {}, axis {inner} of the second {}",
        shape_text(a),
        shape_text(b),
        a[last],
        b[inner]
    ));
    match (a, b) {
        (&[rows, _], &[length, ..]) if rows == length => error.hint("with the first transposed they fit: a.T @ b"),
        (&[.., length], &[_, columns]) if columns == length => {
            error.hint("with the second transposed they fit: a @ b.T")
        }
        _ => error,
    }
}

fn fixed<T: Element, D: ndarray::Dimension>(a: &Storage<T>) -> Result<ndarray::ArrayView<'_, T, D>> {
    a.view().into_dimensionality::<D>().map_err(|_| Error::shape("matmul: wrong number of axes"))
}

/// Products of stacks of matrices, the axes before the last two broadcast; then the axis at this distance from the end
/// is dropped.
fn stacked<T: Element + LinalgScalar>(a: Storage<T>, b: Storage<T>, drop: Option<usize>) -> Result<ArrayD<T>> {
    let (m, n) = (a.ndim() - 2, b.ndim() - 2);
    let stack = broadcast_shape(&a.shape()[..m], &b.shape()[..n]).map_err(|e| {
        let (a, b) = (shape_text(a.shape()), shape_text(b.shape()));
        e.of(&format!("matmul: the stacks of matrices {a} and {b} do not fit:"))
    })?;
    let (rows, columns) = (a.shape()[m], b.shape()[n + 1]);
    let with = |matrix: &[usize]| [&stack[..], matrix].concat();
    let (a_shape, b_shape, shape) = (with(&a.shape()[m..]), with(&b.shape()[n..]), with(&[rows, columns]));
    let mut result = super::super::array::filled(&shape, T::default())?;
    let (Some(a), Some(b)) = (a.broadcast(IxDyn(&a_shape)), b.broadcast(IxDyn(&b_shape))) else {
        return Err(Error::shape("matmul: the stacks could not be broadcast together"));
    };
    if let Some(out) = result.as_slice_mut() {
        for (block, at) in out.chunks_exact_mut((rows * columns).max(1)).zip(ndarray::indices(IxDyn(&stack))) {
            let (x, y) = (matrix(a.clone(), at.slice()), matrix(b.clone(), at.slice()));
            if let (Some(x), Some(y)) = (x, y)
                && let Ok(mut block) = ndarray::ArrayViewMut2::from_shape((rows, columns), block)
            {
                general_mat_mul(T::one(), &x, &y, T::zero(), &mut block);
            }
        }
    }
    if let Some(from_end) = drop {
        let axis = result.ndim() - from_end;
        result = result.index_axis_move(Axis(axis), 0);
    }
    Ok(result)
}

fn matrix<'a, T: Element>(mut stack: ArrayViewD<'a, T>, at: &[usize]) -> Option<ArrayView2<'a, T>> {
    for &i in at {
        stack = stack.index_axis_move(Axis(0), i);
    }
    stack.into_dimensionality::<Ix2>().ok()
}
