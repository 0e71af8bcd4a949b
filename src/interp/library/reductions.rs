//! Reductions and scans along axes.

use std::cell::Cell;

use ndarray::{ArrayD, Axis, IxDyn};

use super::super::array::{Array, Element, Storage, from_elements, shape_len};
use super::super::operators::{self, scalars::overflow};
use super::super::value::Value;
use super::arguments::{self, flag, take, take_array};
use super::{Builtin, kinds};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.sum" "(a, axis=None, dtype=None, keepdims=False, initial=None, where=None)" sum_kind, Pure(sum), "The sum of all elements, or along axes."),
    entry!("np.prod" "(a, axis=None, dtype=None, keepdims=False, initial=None, where=None)" sum_kind, Pure(prod), "The product of all elements, or along axes."),
    entry!("np.mean" "(a, axis=None, dtype=None, keepdims=False, where=None)" mean_kind, Pure(mean), "The mean of all elements, or along axes."),
    entry!("np.max" "(a, axis=None, keepdims=False, initial=None, where=None)" extreme_kind, Pure(|args| extreme(args, true)), "The largest element; nan where there is one."),
    entry!("np.amax" "(a, axis=None, keepdims=False, initial=None, where=None)" extreme_kind, Pure(|args| extreme(args, true)), "The largest element; nan where there is one."),
    entry!("np.min" "(a, axis=None, keepdims=False, initial=None, where=None)" extreme_kind, Pure(|args| extreme(args, false)), "The smallest element; nan where there is one."),
    entry!("np.amin" "(a, axis=None, keepdims=False, initial=None, where=None)" extreme_kind, Pure(|args| extreme(args, false)), "The smallest element; nan where there is one."),
    entry!("np.ptp" "(a, axis=None, keepdims=False)" extreme_kind, Pure(ptp), "The largest minus the smallest element."),
    entry!("np.all" "(a, axis=None, keepdims=False, *, where=None)" |args| kinds::reduced(args, 1, Some(2), DType::Bool), Pure(|args| logical(args, true)), "Whether all elements are true."),
    entry!("np.any" "(a, axis=None, keepdims=False, *, where=None)" |args| kinds::reduced(args, 1, Some(2), DType::Bool), Pure(|args| logical(args, false)), "Whether an element is true."),
    entry!("np.count_nonzero" "(a, axis=None, *, keepdims=False)" |args| kinds::reduced(args, 1, Some(2), DType::Int), Pure(count_nonzero), "The number of elements that are not zero."),
    entry!("np.argmax" "(a, axis=None, *, keepdims=False)" |args| kinds::reduced(args, 1, Some(2), DType::Int), Pure(|args| position(args, true)), "The index of the first largest element."),
    entry!("np.argmin" "(a, axis=None, *, keepdims=False)" |args| kinds::reduced(args, 1, Some(2), DType::Int), Pure(|args| position(args, false)), "The index of the first smallest element."),
    entry!("np.cumsum" "(a, axis=None, dtype=None)" scan_kind, Pure(cumsum), "The running sums."),
    entry!("np.cumprod" "(a, axis=None, dtype=None)" scan_kind, Pure(cumprod), "The running products."),
];

fn sum_kind(args: &[Operand]) -> Kind {
    let default = kinds::arg(args, 0).dtype().map(|dtype| dtype.max(DType::Int));
    match (arguments::dtype_kind(args, 2, default), kinds::arg(args, 4)) {
        (Some(dtype), Kind::None) => kinds::reduced(args, 1, Some(3), dtype),
        _ => Kind::Any,
    }
}

fn mean_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 2) {
        Kind::None => kinds::reduced(args, 1, Some(3), DType::Float),
        _ => Kind::Any,
    }
}

fn extreme_kind(args: &[Operand]) -> Kind {
    match (kinds::arg(args, 0).dtype(), args.get(3).map_or(Kind::None, |o| o.kind.clone())) {
        (Some(dtype), Kind::None) => kinds::reduced(args, 1, Some(2), dtype),
        _ => Kind::Any,
    }
}

fn scan_kind(args: &[Operand]) -> Kind {
    let a = kinds::arg(args, 0);
    let Some(dtype) = arguments::dtype_kind(args, 2, a.dtype().map(|dtype| dtype.max(DType::Int))) else {
        return Kind::Any;
    };
    match kinds::arg(args, 1) {
        Kind::None if a.dtype().is_some() => Kind::array(dtype, Some(1)),
        Kind::Int if matches!(a, Kind::Array(..)) => kinds::with_dtype(&a, dtype),
        _ => Kind::Any,
    }
}

/// The axes to reduce. A number counts as having one axis, as in NumPy.
fn reduced_axes(value: &Value, rank: usize) -> Result<Vec<usize>> {
    match value {
        Value::Int(0 | -1) if rank == 0 => Ok(Vec::new()),
        value => arguments::axes(value, rank),
    }
}

/// Axes of equal treatment beside each other, as one: how long, and whether they are reduced.
fn groups(shape: &[usize], axes: &[usize]) -> Vec<(usize, bool)> {
    let mut groups: Vec<(usize, bool)> = Vec::new();
    for (axis, &n) in shape.iter().enumerate() {
        let reduced = axes.contains(&axis);
        match groups.last_mut() {
            Some((len, same)) if *same == reduced => *len *= n,
            _ => groups.push((n, reduced)),
        }
    }
    groups
}

/// Reduces row-major elements: `lane` takes a run of neighbours into a result, `each` one element.
fn accumulate<T: Copy, U: Copy>(
    elements: &[T],
    groups: &[(usize, bool)],
    out: &mut [U],
    lane: &impl Fn(U, &[T]) -> U,
    each: &impl Fn(U, T) -> U,
) {
    match groups {
        [] => {
            if let (Some(&x), Some(slot)) = (elements.first(), out.first_mut()) {
                *slot = each(*slot, x);
            }
        }
        [(_, true)] => {
            if let Some(slot) = out.first_mut() {
                *slot = lane(*slot, elements);
            }
        }
        [(_, false)] => {
            for (slot, &x) in out.iter_mut().zip(elements) {
                *slot = each(*slot, x);
            }
        }
        [(n, reduced), rest @ ..] => {
            if *n == 0 || elements.is_empty() {
                return;
            }
            let part = elements.len() / n;
            let width = if *reduced { out.len() } else { out.len() / n };
            for (i, part) in elements.chunks_exact(part).enumerate() {
                let start = if *reduced { 0 } else { i * width };
                accumulate(part, rest, &mut out[start..start + width], lane, each);
            }
        }
    }
}

/// The result of a reduction that starts from `start`.
fn reduce<T: Element, U: Element>(
    a: Storage<T>,
    axes: &[usize],
    keepdims: bool,
    start: U,
    lane: impl Fn(U, &[T]) -> U,
    each: impl Fn(U, T) -> U,
) -> Result<ArrayD<U>> {
    // A transposed array is reduced in the order of its memory.
    if !a.is_standard_layout() && a.ndim() > 1 && a.t().is_standard_layout() {
        let rank = a.ndim();
        let mirrored: Vec<usize> = axes.iter().rev().map(|axis| rank - 1 - axis).collect();
        return Ok(reduce(a.reversed_axes(), &mirrored, keepdims, start, lane, each)?.reversed_axes());
    }
    let shape = a.shape().to_vec();
    let kept: Vec<usize> = shape.iter().enumerate().filter(|(axis, _)| !axes.contains(axis)).map(|(_, &n)| n).collect();
    let mut out = vec![start; shape_len(&kept)?];
    let standard = a.as_standard_layout();
    accumulate(standard.as_slice().unwrap_or(&[]), &groups(&shape, axes), &mut out, &lane, &each);
    let result_shape = if keepdims {
        shape.iter().enumerate().map(|(axis, &n)| if axes.contains(&axis) { 1 } else { n }).collect()
    } else {
        kept
    };
    from_elements(&result_shape, out)
}

/// The sum of neighbours by halves, as NumPy adds: the error grows with the logarithm of the length.
pub fn pairwise_sum(x: &[f64]) -> f64 {
    if x.len() < 8 {
        return x.iter().fold(-0.0, |sum, x| sum + x);
    }
    if x.len() <= 128 {
        let mut sums = [x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]];
        let mut chunks = x[8..].chunks_exact(8);
        for chunk in &mut chunks {
            for (sum, x) in sums.iter_mut().zip(chunk) {
                *sum += x;
            }
        }
        let total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        return chunks.remainder().iter().fold(total, |sum, x| sum + x);
    }
    let half = x.len() / 2;
    let half = half - half % 8;
    pairwise_sum(&x[..half]) + pairwise_sum(&x[half..])
}

/// The sum of floats along axes.
pub(super) fn float_sum(a: Storage<f64>, axes: &[usize], keepdims: bool, start: f64) -> Result<ArrayD<f64>> {
    reduce(a, axes, keepdims, start, |sum, lane| sum + pairwise_sum(lane), |sum, x| sum + x)
}

/// The elements where a mask holds, and another number elsewhere; all where there is no mask.
fn masked<T: Element>(a: Storage<T>, mask: &Value, other: T) -> Result<Storage<T>> {
    if matches!(mask, Value::None) {
        return Ok(a);
    }
    let mask = arguments::array(mask.clone())?;
    if mask.dtype() != DType::Bool {
        return Err(Error::type_(format!("where must be an array of bools, not of {}", mask.dtype().name())));
    }
    let mask = super::shapes::broadcast_to(bool::storage(mask)?, a.shape())?;
    Ok(ndarray::Zip::from(&a).and(&mask).map_collect(|&x, &kept| if kept { x } else { other }).into_shared())
}

fn initial<T: Element>(value: &Value, default: T) -> Result<T> {
    match value {
        Value::None => Ok(default),
        given => T::scalar(given),
    }
}

fn fold_ints(
    a: Storage<i64>,
    axes: &[usize],
    keepdims: bool,
    start: i64,
    f: fn(i64, i64) -> Option<i64>,
) -> Result<Value> {
    let failed = Cell::new(false);
    let step = |total, x| {
        f(total, x).unwrap_or_else(|| {
            failed.set(true);
            0
        })
    };
    let result = reduce(a, axes, keepdims, start, |total, lane| lane.iter().fold(total, |t, &x| step(t, x)), step)?;
    if failed.get() { Err(overflow()) } else { Ok(result.into()) }
}

fn sum(args: &mut [Value]) -> Result<Value> {
    if let [Value::Array(array), Value::None, Value::None, Value::Bool(false), Value::None, Value::None] = args
        && let Array::Float(a) = &**array
        && let Some(elements) = a.as_slice()
    {
        return Ok(Value::Float(0.0 + pairwise_sum(elements)));
    }
    if let [Value::Array(array), Value::Int(0), Value::None, Value::Bool(false), Value::None, Value::None] = args
        && let Array::Float(a) = &**array
        && let ([_, columns], Some(elements)) = (a.shape(), a.as_slice())
        && !elements.is_empty()
    {
        let mut sums = vec![0.0; *columns];
        for row in elements.chunks_exact(*columns) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        return Ok(from_elements(&[*columns], sums)?.into());
    }
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[3])?);
    let dtype = arguments::dtype(&args[2])?.unwrap_or(a.dtype().max(DType::Int));
    match dtype {
        DType::Float => {
            let a = masked(f64::storage(a)?, &args[5], 0.0)?;
            Ok(float_sum(a, &axes, keepdims, initial(&args[4], 0.0)?)?.into())
        }
        DType::Int => {
            let a = masked(i64::storage(a)?, &args[5], 0)?;
            fold_ints(a, &axes, keepdims, initial(&args[4], 0)?, i64::checked_add)
        }
        DType::Bool => Ok(reduce(
            masked(bool::storage(a)?, &args[5], false)?,
            &axes,
            keepdims,
            initial(&args[4], false)?,
            |any, lane| any || lane.contains(&true),
            |any, x| any || x,
        )?
        .into()),
    }
}

fn prod(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[3])?);
    let dtype = arguments::dtype(&args[2])?.unwrap_or(a.dtype().max(DType::Int));
    match dtype {
        DType::Float => Ok(reduce(
            masked(f64::storage(a)?, &args[5], 1.0)?,
            &axes,
            keepdims,
            initial(&args[4], 1.0)?,
            |product, lane| lane.iter().fold(product, |p, x| p * x),
            |product, x| product * x,
        )?
        .into()),
        DType::Int | DType::Bool => {
            let a = masked(i64::storage(a)?, &args[5], 1)?;
            fold_ints(a, &axes, keepdims, initial(&args[4], 1)?, i64::checked_mul)
        }
    }
}

fn mean(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (arguments::axes(&args[1], a.ndim())?, flag(&args[3])?);
    let count: usize = axes.iter().map(|&axis| a.shape()[axis]).product();
    let counted = match &args[4] {
        Value::None => Value::Float(count as f64),
        mask => {
            let ones = super::super::array::filled(a.shape(), true)?.into_shared();
            let there = masked(ones, mask, false)?;
            reduce(there, &axes, keepdims, 0i64, counted, |n, x| n + i64::from(x))?.into()
        }
    };
    let total = float_sum(masked(f64::storage(a)?, &args[4], 0.0)?, &axes, keepdims, 0.0)?;
    let mean = operators::binary(BinaryOp::Div, total.into(), counted)?;
    super::creating::cast_to(mean, &args[2])
}

fn counted(n: i64, lane: &[bool]) -> i64 {
    n + lane.iter().filter(|&&x| x).count() as i64
}

fn extreme(args: &mut [Value], largest: bool) -> Result<Value> {
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[2])?);
    extreme_of(a, &axes, keepdims, take(args, 3), &args[4], largest)
}

fn extreme_of(a: Array, axes: &[usize], keepdims: bool, start: Value, mask: &Value, largest: bool) -> Result<Value> {
    if matches!(start, Value::None) && !matches!(mask, Value::None | Value::Bool(true)) {
        return Err(Error::value(format!(
            "reduction operation '{}' does not have an identity, so to use a where mask one has to specify 'initial'",
            if largest { "maximum" } else { "minimum" }
        )));
    }
    let none = axes.iter().any(|&axis| a.shape()[axis] == 0);
    let results = a.shape().iter().enumerate().all(|(axis, &n)| axes.contains(&axis) || n > 0);
    if none && results && matches!(start, Value::None) {
        return Err(Error::value(format!(
            "zero-size array to reduction operation {} which has no identity",
            if largest { "maximum" } else { "minimum" }
        )));
    }
    Ok(match a {
        Array::Float(a) => {
            let better = |x: f64, y: f64| if x.is_nan() || (if largest { x >= y } else { x <= y }) { x } else { y };
            let from = initial(&start, if largest { f64::NEG_INFINITY } else { f64::INFINITY })?;
            let a = masked(a, mask, from)?;
            reduce(a, axes, keepdims, from, |x, lane| lane.iter().fold(x, |x, &y| better(x, y)), better)?.into()
        }
        Array::Int(a) => {
            let better = |x: i64, y: i64| if largest { x.max(y) } else { x.min(y) };
            let from = initial(&start, if largest { i64::MIN } else { i64::MAX })?;
            let a = masked(a, mask, from)?;
            reduce(a, axes, keepdims, from, |x, lane| lane.iter().fold(x, |x, &y| better(x, y)), better)?.into()
        }
        Array::Bool(a) => {
            let better = |x: bool, y: bool| if largest { x | y } else { x & y };
            let from = initial(&start, !largest)?;
            let a = masked(a, mask, from)?;
            reduce(a, axes, keepdims, from, |x, lane| lane.iter().fold(x, |x, &y| better(x, y)), better)?.into()
        }
    })
}

fn ptp(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    if a.dtype() == DType::Bool {
        return Err(Error::type_("truth values cannot be subtracted").hint("make them integers: x.astype(int)"));
    }
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[2])?);
    let high = extreme_of(a.clone(), &axes, keepdims, Value::None, &Value::None, true)?;
    operators::binary(BinaryOp::Sub, high, extreme_of(a, &axes, keepdims, Value::None, &Value::None, false)?)
}

fn logical(args: &mut [Value], all: bool) -> Result<Value> {
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[2])?);
    let a = masked(bool::storage(a)?, &args[3], all)?;
    Ok(if all {
        reduce(a, &axes, keepdims, true, |all, lane| all && !lane.contains(&false), |all, x| all && x)?
    } else {
        reduce(a, &axes, keepdims, false, |any, lane| any || lane.contains(&true), |any, x| any || x)?
    }
    .into())
}

fn count_nonzero(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    let (axes, keepdims) = (reduced_axes(&args[1], a.ndim())?, flag(&args[2])?);
    Ok(reduce(bool::storage(a)?, &axes, keepdims, 0i64, counted, |n, x| n + i64::from(x))?.into())
}

/// The elements with an axis last, row by row, and the shape without it.
pub(super) fn rows<T: Element>(a: Storage<T>, axis: usize) -> (Vec<usize>, usize, Vec<T>) {
    let rank = a.ndim();
    let order: Vec<usize> = (0..rank).filter(|&k| k != axis).chain([axis]).collect();
    let moved = a.permuted_axes(IxDyn(&order));
    let shape = moved.shape().to_vec();
    let elements = match moved.as_slice() {
        Some(slice) => slice.to_vec(),
        None => moved.iter().copied().collect(),
    };
    (shape[..rank - 1].to_vec(), shape[rank - 1], elements)
}

/// Puts the last axis back to its place.
pub(super) fn unrows<T: Element>(shape: &[usize], len: usize, elements: Vec<T>, axis: usize) -> Result<ArrayD<T>> {
    let result = from_elements(&[shape, &[len]].concat(), elements)?;
    let rank = shape.len() + 1;
    let order: Vec<usize> = (0..axis).chain([rank - 1]).chain(axis..rank - 1).collect();
    Ok(result.permuted_axes(IxDyn(&order)))
}

fn position(args: &mut [Value], largest: bool) -> Result<Value> {
    let a = take_array(args, 0)?;
    let rank = a.ndim();
    let keepdims = flag(&args[2])?;
    let whole = matches!(args[1], Value::None);
    let axis = if whole { 0 } else { arguments::axis(&args[1], rank.max(1))? };
    let shape = a.shape().to_vec();
    let found = match a {
        Array::Float(a) => positions(a, axis, whole, |x: f64, best: f64| {
            !best.is_nan() && (x.is_nan() || if largest { x > best } else { x < best })
        })?,
        Array::Int(a) => positions(a, axis, whole, |x, best| if largest { x > best } else { x < best })?,
        Array::Bool(a) => positions(a, axis, whole, |x, best| if largest { x & !best } else { !x & best })?,
    };
    Ok(match (keepdims, whole) {
        (false, _) => found.into(),
        (true, true) => from_elements(&vec![1; rank], found.into_iter().collect())?.into(),
        (true, false) if shape.is_empty() => found.into(),
        (true, false) => found.insert_axis(Axis(axis)).into(),
    })
}

fn positions<T: Element>(
    a: Storage<T>,
    axis: usize,
    whole: bool,
    better: impl Fn(T, T) -> bool,
) -> Result<ArrayD<i64>> {
    let (shape, len, elements) =
        if whole || a.ndim() == 0 { (Vec::new(), a.len(), a.iter().copied().collect()) } else { rows(a, axis) };
    if len == 0 && shape_len(&shape)? > 0 {
        return Err(Error::value("attempt to get argmax or argmin of an empty sequence"));
    }
    let first = |row: &[T]| {
        let mut at = 0;
        for (i, &x) in row.iter().enumerate() {
            if better(x, row[at]) {
                at = i;
            }
        }
        at as i64
    };
    from_elements(&shape, elements.chunks_exact(len.max(1)).map(first).collect())
}

fn scan<T: Element>(a: Storage<T>, axis: &Value, mut f: impl FnMut(T, T) -> T) -> Result<ArrayD<T>> {
    let (shape, len, mut elements, axis) = match axis {
        Value::None => (Vec::new(), a.len(), a.iter().copied().collect::<Vec<T>>(), 0),
        Value::Int(0 | -1) if a.ndim() == 0 => (Vec::new(), 1, a.iter().copied().collect(), 0),
        given => {
            let axis = arguments::axis(given, a.ndim())?;
            let (shape, len, elements) = rows(a, axis);
            (shape, len, elements, axis)
        }
    };
    for row in elements.chunks_exact_mut(len.max(1)) {
        for i in 1..row.len() {
            row[i] = f(row[i - 1], row[i]);
        }
    }
    unrows(&shape, len, elements, axis)
}

fn scan_ints(a: Storage<i64>, axis: &Value, f: fn(i64, i64) -> Option<i64>) -> Result<Value> {
    let mut failed = false;
    let result = scan(a, axis, |x, y| {
        f(x, y).unwrap_or_else(|| {
            failed = true;
            0
        })
    })?;
    if failed { Err(overflow()) } else { Ok(result.into()) }
}

fn cumsum(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    match arguments::dtype(&args[2])?.unwrap_or(a.dtype()) {
        DType::Float => Ok(scan(f64::storage(a)?, &args[1], |x, y| x + y)?.into()),
        _ => scan_ints(i64::storage(a)?, &args[1], i64::checked_add),
    }
}

fn cumprod(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    match arguments::dtype(&args[2])?.unwrap_or(a.dtype()) {
        DType::Float => Ok(scan(f64::storage(a)?, &args[1], |x, y| x * y)?.into()),
        _ => scan_ints(i64::storage(a)?, &args[1], i64::checked_mul),
    }
}
