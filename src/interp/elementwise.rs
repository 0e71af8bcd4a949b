//! Functions applied to every element, broadcast as NumPy broadcasts.
//!
//! An operand that nobody else holds and that has the shape of the result lends its buffer to the result.

use std::sync::Arc;

use ndarray::{IxDyn, Zip};

use super::array::{Array, Element, Storage, from_elements, shape_len, shape_text};
use super::runs::each_run;
use super::value::Value;
use crate::lang::{Error, Result};
use crate::vector::{BLOCK, Function1, Function2};

/// A number or an array of numbers of one element type.
#[derive(Debug, Clone)]
pub enum Operand<T> {
    /// A number.
    Scalar(T),
    /// An array.
    Array(Storage<T>),
}

impl<T: Element> Operand<T> {
    /// A value as an operand of this element type.
    pub fn new(value: Value) -> Result<Operand<T>> {
        match value {
            Value::Array(array) => T::storage(Arc::unwrap_or_clone(array)).map(Operand::Array),
            other => T::scalar(&other).map(Operand::Scalar),
        }
    }

    /// The shape: of a number, no axis.
    pub fn shape(&self) -> &[usize] {
        match self {
            Operand::Scalar(_) => &[],
            Operand::Array(a) => a.shape(),
        }
    }

    /// The operand as an array, a number as one without axes.
    pub fn into_storage(self) -> Storage<T> {
        match self {
            Operand::Scalar(x) => ndarray::arr0(x).into_dyn().into_shared(),
            Operand::Array(a) => a,
        }
    }
}

impl<T: Element> From<Operand<T>> for Value
where
    Array: From<Storage<T>>,
{
    fn from(operand: Operand<T>) -> Value {
        match operand {
            Operand::Scalar(x) => x.value(),
            Operand::Array(a) => a.into(),
        }
    }
}

/// The shape that two shapes are broadcast to.
pub fn broadcast_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    let rank = a.len().max(b.len());
    let length = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |at| shape[at]);
    let mut shape = Vec::with_capacity(rank);
    for axis in 0..rank {
        shape.push(match (length(a, axis), length(b, axis)) {
            (m, n) if m == n => m,
            (1, n) => n,
            (m, 1) => m,
            (m, n) => return Err(unlike_shapes(a, b, axis, m, n)),
        });
    }
    shape_len(&shape)?;
    Ok(shape)
}

/// The error of shapes of which an axis has two lengths.
fn unlike_shapes(a: &[usize], b: &[usize], axis: usize, m: usize, n: usize) -> Error {
    let error = Error::shape(format!(
        "operands could not be broadcast together with shapes {} {}",
        shape_text(a),
        shape_text(b)
    ));
    // A vector that has an element for each row is meant for the rows.
    let rows =
        |matrix: &[usize], vector: &[usize]| matches!((matrix, vector), (&[rows, _], &[length]) if rows == length);
    if rows(a, b) || rows(b, a) {
        return error.hint("to give each row its own element, write v[:, np.newaxis] for the vector");
    }
    error.hint(format!("along axis {axis} the lengths are {m} and {n}, and neither is 1"))
}

/// Applies a function to each element.
pub fn map<T: Element, U: Element>(a: Operand<T>, mut f: impl FnMut(T) -> U) -> Operand<U> {
    match a {
        Operand::Scalar(x) => Operand::Scalar(f(x)),
        Operand::Array(a) => Operand::Array(a.map(|&x| f(x)).into_shared()),
    }
}

/// Applies a function to each element, in the array's own buffer where nobody else holds it.
pub fn map_same<T: Element>(a: Operand<T>, mut f: impl FnMut(T) -> T) -> Operand<T> {
    match a {
        Operand::Array(mut a) if a.is_unique() => {
            a.map_inplace(|x| *x = f(*x));
            Operand::Array(a)
        }
        a => map(a, f),
    }
}

/// Applies a function that takes many elements at once, in the array's own buffer where nobody else holds it.
pub fn map_many(a: Operand<f64>, f: &Function1) -> Operand<f64> {
    match a {
        Operand::Scalar(x) => Operand::Scalar((f.one)(x)),
        Operand::Array(a) if a.is_empty() => Operand::Array(a),
        Operand::Array(a) => {
            let mut a = a.into_owned();
            match a.as_slice_memory_order_mut() {
                Some(elements) => f.in_place(elements),
                None => a.mapv_inplace(f.one),
            }
            Operand::Array(a.into_shared())
        }
    }
}

/// Applies a function that takes many pairs at once, in the buffer of an operand that nobody else holds where one has the
/// shape of the result.
pub fn zip_many(a: Operand<f64>, b: Operand<f64>, f: &Function2) -> Result<Operand<f64>> {
    if let (Operand::Scalar(x), Operand::Scalar(y)) = (&a, &b) {
        return Ok(Operand::Scalar((f.one)(*x, *y)));
    }
    let shape = broadcast_shape(a.shape(), b.shape())?;
    let (a, b) = (full(a, &shape)?, full(b, &shape)?);
    let mut result = match (a, b) {
        (Side::Array(mut out), b) if out.is_unique() => {
            pairs(&mut out, |own, at, out| b.with(at, |y| (f.many)(own, y, out)));
            out
        }
        (a, Side::Array(mut out)) if out.is_unique() => {
            pairs(&mut out, |own, at, out| a.with(at, |x| (f.many)(x, own, out)));
            out
        }
        (a, b) => {
            let mut out = super::array::filled(&shape, 0.0)?.into_shared();
            pairs(&mut out, |_, at, out| a.with(at.clone(), |x| b.with(at, |y| (f.many)(x, y, out))));
            out
        }
    };
    if result.is_empty() {
        result = ndarray::ArrayD::default(result.raw_dim()).into_shared();
    }
    Ok(Operand::Array(result))
}

/// An operand of [`zip_many`]: the same number everywhere, or elements in row-major order.
#[expect(clippy::large_enum_variant, reason = "two at a time, on the stack")]
enum Side {
    Number([f64; BLOCK]),
    Array(Storage<f64>),
}

impl Side {
    /// Shows the elements of a range of at most [`BLOCK`].
    fn with(&self, at: std::ops::Range<usize>, f: impl FnOnce(&[f64])) {
        match self {
            Side::Number(x) => f(&x[..at.len()]),
            Side::Array(a) => f(a.as_slice().and_then(|a| a.get(at)).unwrap_or(&[])),
        }
    }
}

fn full(a: Operand<f64>, shape: &[usize]) -> Result<Side> {
    Ok(match a {
        Operand::Scalar(x) => Side::Number([x; BLOCK]),
        Operand::Array(a) if a.shape() == shape && a.is_standard_layout() => Side::Array(a),
        Operand::Array(a) => match a.broadcast(IxDyn(shape)) {
            Some(a) => Side::Array(from_elements(shape, a.iter().copied().collect())?.into_shared()),
            None => return Err(Error::shape("operands could not be broadcast together")),
        },
    })
}

/// Goes through an array in row-major order block by block: a copy of the block, where it is, and the block.
fn pairs(out: &mut Storage<f64>, mut f: impl FnMut(&[f64], std::ops::Range<usize>, &mut [f64])) {
    let mut own = [0.0; BLOCK];
    for (k, part) in out.as_slice_mut().unwrap_or(&mut []).chunks_mut(BLOCK).enumerate() {
        let own = &mut own[..part.len()];
        own.copy_from_slice(part);
        f(own, k * BLOCK..k * BLOCK + own.len(), part);
    }
}

/// Applies a function to each pair of elements.
pub fn zip<T: Element, S: Element, U: Element>(
    a: Operand<T>,
    b: Operand<S>,
    mut f: impl FnMut(T, S) -> U,
) -> Result<Operand<U>> {
    Ok(match (a, b) {
        (Operand::Scalar(x), Operand::Scalar(y)) => Operand::Scalar(f(x, y)),
        (Operand::Array(a), Operand::Scalar(y)) => Operand::Array(a.map(|&x| f(x, y)).into_shared()),
        (Operand::Scalar(x), Operand::Array(b)) => Operand::Array(b.map(|&y| f(x, y)).into_shared()),
        (Operand::Array(a), Operand::Array(b)) if a.shape() == b.shape() => match (a.as_slice(), b.as_slice()) {
            (Some(x), Some(y)) => {
                let elements: Vec<U> = x.iter().zip(y).map(|(&x, &y)| f(x, y)).collect();
                Operand::Array(super::array::from_elements(a.shape(), elements)?.into_shared())
            }
            _ => Operand::Array(Zip::from(&a).and(&b).map_collect(|&x, &y| f(x, y)).into_shared()),
        },
        (Operand::Array(a), Operand::Array(b)) => {
            let shape = broadcast_shape(a.shape(), b.shape())?;
            if let (Some(x), Some(y)) = (a.as_slice(), b.as_slice()) {
                let mut elements: Vec<U> = Vec::with_capacity(shape_len(&shape)?);
                each_run(&shape, (a.shape(), x), (b.shape(), y), |x, y, _| x.zip(y, &mut f, &mut elements));
                return Ok(Operand::Array(super::array::from_elements(&shape, elements)?.into_shared()));
            }
            match (a.broadcast(IxDyn(&shape)), b.broadcast(IxDyn(&shape))) {
                (Some(x), Some(y)) => Operand::Array(Zip::from(&x).and(&y).map_collect(|&x, &y| f(x, y)).into_shared()),
                _ => return Err(Error::shape("operands could not be broadcast together")),
            }
        }
    })
}

/// Applies a function to each pair of elements, in the buffer of an operand that nobody else holds where one has the
/// shape of the result.
pub fn zip_same<T: Element>(a: Operand<T>, b: Operand<T>, mut f: impl FnMut(T, T) -> T) -> Result<Operand<T>> {
    match (a, b) {
        (a @ Operand::Array(_), Operand::Scalar(y)) => Ok(map_same(a, |x| f(x, y))),
        (Operand::Scalar(x), b @ Operand::Array(_)) => Ok(map_same(b, |y| f(x, y))),
        (Operand::Array(mut a), Operand::Array(b)) if a.is_unique() && fits(b.shape(), a.shape()) => {
            change(&mut a, &b, f);
            Ok(Operand::Array(a))
        }
        (Operand::Array(a), Operand::Array(mut b)) if b.is_unique() && fits(a.shape(), b.shape()) => {
            change(&mut b, &a, |y, x| f(x, y));
            Ok(Operand::Array(b))
        }
        (a, b) => zip(a, b, f),
    }
}

/// Changes each element by that of an array which is broadcast to the shape.
fn change<T: Element>(a: &mut Storage<T>, b: &Storage<T>, mut f: impl FnMut(T, T) -> T) {
    let spread = b.shape() != a.shape();
    if let (true, true, Some(y)) = (spread, a.is_standard_layout(), b.as_slice()) {
        let shape = a.shape().to_vec();
        if let Some(mut rest) = a.as_slice_mut() {
            // The array itself goes on with each run.
            each_run(&shape, (&[], &[()]), (b.shape(), y), |_, y, length| {
                let (part, behind) = std::mem::take(&mut rest).split_at_mut(length);
                y.change(part, &mut f);
                rest = behind;
            });
            return;
        }
    }
    a.zip_mut_with(b, |x, &y| *x = f(*x, y));
}

/// Whether an array of the first shape can be broadcast to the second.
pub fn fits(from: &[usize], to: &[usize]) -> bool {
    from.len() <= to.len() && from.iter().rev().zip(to.iter().rev()).all(|(&m, &n)| m == n || m == 1)
}
