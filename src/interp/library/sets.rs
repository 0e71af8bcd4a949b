//! `np.unique`: the different elements of an array, or its different slices along an axis.

use std::cmp::Ordering;

use ndarray::{ArrayD, Axis};

use super::super::array::{Array, Element, Storage, from_elements};
use super::super::operators::truth;
use super::super::value::Value;
use super::selection::ascending;
use super::{arguments, kinds};
use crate::lang::Result;
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// What occurs, where each first does, which one each is, and how often each does.
#[derive(Default)]
struct Different {
    first: Vec<i64>,
    inverse: Vec<i64>,
    counts: Vec<i64>,
}

/// Groups what is sorted equal: the places in order, and whether neighbours are the same.
fn group(order: &[usize], same: impl Fn(usize, usize) -> bool) -> Different {
    let mut found = Different { inverse: vec![0; order.len()], ..Different::default() };
    let mut last = None;
    for &place in order {
        if last.is_none_or(|last| !same(last, place)) {
            found.first.push(place as i64);
            found.counts.push(0);
        }
        if let Some(count) = found.counts.last_mut() {
            *count += 1;
        }
        found.inverse[place] = found.first.len() as i64 - 1;
        last = Some(place);
    }
    found
}

/// The values alone, or in a tuple with what else is asked for.
pub(super) fn kind(args: &[Operand]) -> Kind {
    let (a, whole) = (kinds::arg(args, 0), kinds::arg(args, 4) == Kind::None);
    let (Some(dtype), Some(rank)) = (a.dtype(), a.rank()) else { return Kind::Any };
    if !whole && kinds::arg(args, 4) != Kind::Int {
        return Kind::Any;
    }
    let numbers = Kind::array(DType::Int, Some(1));
    let inverse = Kind::array(DType::Int, Some(if whole { rank } else { 1 }));
    let mut parts = vec![Kind::array(dtype, Some(if whole { 1 } else { rank.max(1) }))];
    for (at, part) in [(1, &numbers), (2, &inverse), (3, &numbers)] {
        match kinds::literal(args, at) {
            Some(Literal::Bool(true)) => parts.push(part.clone()),
            Some(Literal::Bool(false)) => {}
            _ => return Kind::Any,
        }
    }
    if parts.len() == 1 { parts.remove(0) } else { Kind::Tuple(parts.into()) }
}

pub(super) fn unique<T: Element>(a: Storage<T>, args: &[Value]) -> Result<Value>
where
    Array: From<ArrayD<T>>,
{
    let equal_nan = truth(&args[5])?;
    let (values, found, shape) = match &args[4] {
        Value::None => {
            let elements: Vec<T> = a.iter().copied().collect();
            let mut order: Vec<usize> = (0..elements.len()).collect();
            order.sort_by(|&i, &j| ascending(&elements[i], &elements[j]));
            let found = group(&order, |i, j| {
                let (x, y) = (elements[i], elements[j]);
                x == y || (equal_nan && ascending(&x, &y) == Ordering::Equal)
            });
            let values = found.first.iter().map(|&i| elements[i as usize]).collect();
            (from_elements(&[found.first.len()], values)?, found, a.shape().to_vec())
        }
        axis => {
            let axis = arguments::axis(axis, a.ndim())?;
            let n = a.shape()[axis];
            let slices: Vec<Vec<T>> = a.axis_iter(Axis(axis)).map(|slice| slice.iter().copied().collect()).collect();
            let mut order: Vec<usize> = (0..n).collect();
            let compare = |i: usize, j: usize| {
                slices[i]
                    .iter()
                    .zip(&slices[j])
                    .map(|(x, y)| ascending(x, y))
                    .find(|o| o.is_ne())
                    .unwrap_or(Ordering::Equal)
            };
            order.sort_by(|&i, &j| compare(i, j));
            let found = group(&order, |i, j| slices[i] == slices[j] || (equal_nan && compare(i, j).is_eq()));
            let places: Vec<usize> = found.first.iter().map(|&i| i as usize).collect();
            (a.select(Axis(axis), &places), found, vec![n])
        }
    };
    let n = found.first.len();
    let mut results: Vec<Value> = vec![values.into()];
    if truth(&args[1])? {
        results.push(from_elements(&[n], found.first)?.into());
    }
    if truth(&args[2])? {
        results.push(from_elements(&shape, found.inverse)?.into());
    }
    if truth(&args[3])? {
        results.push(from_elements(&[n], found.counts)?.into());
    }
    Ok(if results.len() == 1 { results.remove(0) } else { Value::tuple(results) })
}
