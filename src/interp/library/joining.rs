//! Arrays put together and taken apart.

use ndarray::{ArrayD, ArrayViewD, Axis, Slice};

use super::super::array::{Array, Element, Storage, each_dtype, filled, owned, shape_len, shape_text};
use super::super::iteration;
use super::super::value::Value;
use super::arguments::{self, array_kind, dtype_kind, int, take, take_array};
use super::{Builtin, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.concatenate" "(arrays, /, axis=0, *, dtype=None)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        let dtype = dtype_kind(args, 2, dtype);
        match kinds::arg(args, 1) {
            Kind::None => array_kind(dtype, Some(1)),
            Kind::Int => array_kind(dtype, rank.filter(|&n| n > 0)),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let arrays = arrays(&args[0])?;
        let joined = match take(args, 1) {
            Value::None => concatenate(arrays.into_iter().map(flat).collect::<Result<_>>()?, 0)?,
            axis => {
                let axis = arguments::axis(&axis, arrays.first().map_or(0, Array::ndim).max(1))?;
                concatenate(arrays, axis)?
            }
        };
        super::creating::cast_to(joined.into(), &args[2])
    }), "Arrays one after the other along an axis."),
    entry!("np.stack" "(arrays, axis=0)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        array_kind(dtype, rank.map(|n| n + 1))
    }, Pure(|args| {
        let arrays = arrays(&args[0])?;
        let rank = arrays.first().map_or(0, Array::ndim);
        let axis = arguments::axis(&args[1], rank + 1)?;
        if arrays.iter().any(|a| a.shape() != arrays[0].shape()) {
            return Err(Error::value("all input arrays must have the same shape"));
        }
        let layers = arrays.into_iter().map(|a| each_dtype!(a, a => a.insert_axis(Axis(axis)).into())).collect();
        Ok(concatenate(layers, axis)?.into())
    }), "Arrays of one shape along a new axis."),
    entry!("np.vstack" "(tup)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        array_kind(dtype, rank.map(|n| n.max(2)))
    }, Pure(|args| {
        let rows = arrays(&args[0])?.into_iter().map(|a| at_least(a, 2)).collect::<Result<Vec<_>>>()?;
        Ok(concatenate(rows, 0)?.into())
    }), "Arrays as rows below each other."),
    entry!("np.hstack" "(tup)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        array_kind(dtype, rank.map(|n| n.max(1)))
    }, Pure(|args| {
        let parts = arrays(&args[0])?.into_iter().map(|a| at_least(a, 1)).collect::<Result<Vec<_>>>()?;
        let axis = usize::from(parts.first().is_some_and(|a| a.ndim() > 1));
        Ok(concatenate(parts, axis)?.into())
    }), "Arrays beside each other."),
    entry!("np.dstack" "(tup)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        array_kind(dtype, rank.map(|n| n.max(3)))
    }, Pure(|args| {
        let parts = arrays(&args[0])?.into_iter().map(|a| {
            let a = at_least(a, 2)?;
            Ok(if a.ndim() == 2 { each_dtype!(a, a => a.insert_axis(Axis(2)).into()) } else { a })
        }).collect::<Result<Vec<_>>>()?;
        Ok(concatenate(parts, 2)?.into())
    }), "Arrays behind each other."),
    entry!("np.column_stack" "(tup)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        array_kind(dtype, rank.map(|n| n.max(2)))
    }, Pure(|args| {
        let columns = arrays(&args[0])?.into_iter().map(|a| {
            let a = at_least(a, 1)?;
            Ok(if a.ndim() == 1 { each_dtype!(a, a => a.insert_axis(Axis(1)).into()) } else { a })
        }).collect::<Result<Vec<_>>>()?;
        Ok(concatenate(columns, 1)?.into())
    }), "Vectors as the columns of a matrix."),
    entry!("np.append" "(arr, values, axis=None)" |args| {
        let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
        match kinds::arg(args, 2) {
            Kind::None => array_kind(kinds::promoted(&a, &b), Some(1)),
            Kind::Int => array_kind(kinds::promoted(&a, &b), a.rank().filter(|&n| n > 0)),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let (a, b) = (take_array(args, 0)?, take_array(args, 1)?);
        Ok(match take(args, 2) {
            Value::None => concatenate(vec![flat(a)?, flat(b)?], 0)?,
            axis => {
                let axis = arguments::axis(&axis, a.ndim())?;
                concatenate(vec![a, b], axis)?
            }
        }.into())
    }), "Values after the array's elements."),
    entry!("np.split" "(ary, indices_or_sections, axis=0)" |args| split_kind(args), Pure(|args| split(args, true)), "An array in equal parts, or cut at some indices."),
    entry!("np.array_split" "(ary, indices_or_sections, axis=0)" |args| split_kind(args), Pure(|args| split(args, false)), "An array in parts as equal as they can be."),
    entry!("np.vsplit" "(ary, indices_or_sections)" |args| split_kind(args), Pure(|args| {
        split(&mut [take(args, 0), take(args, 1), Value::Int(0)], true)
    }), "The rows in parts."),
    entry!("np.hsplit" "(ary, indices_or_sections)" |args| split_kind(args), Pure(|args| {
        let a = take_array(args, 0)?;
        let axis = i64::from(a.ndim() > 1);
        split(&mut [a.into(), take(args, 1), Value::Int(axis)], true)
    }), "The columns in parts."),
    entry!("np.tile" "(A, reps)" |args| {
        let (a, n) = (kinds::arg(args, 0), arguments::shape_rank(&kinds::arg(args, 1)));
        array_kind(a.dtype(), a.rank().zip(n).map(|(m, n)| m.max(n)))
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        let counts = arguments::shape(&args[1])?;
        let rank = a.ndim().max(counts.len());
        let mut a = at_least(a, rank)?;
        for (at, &count) in counts.iter().enumerate() {
            let axis = rank - counts.len() + at;
            if count != 1 {
                let mut shape = a.shape().to_vec();
                shape[axis] = shape[axis].saturating_mul(count);
                shape_len(&shape)?;
                a = if count == 0 {
                    each_dtype!(a, a => owned(&a.slice_axis(Axis(axis), Slice::new(0, Some(0), 1))).into())
                } else {
                    concatenate(vec![a; count], axis)?
                };
            }
        }
        Ok(a.into())
    }), "The array repeated along axes."),
    entry!("np.pad" "(array, pad_width, mode='constant', constant_values=0)" |args| array_kind(kinds::arg(args, 0).dtype(), kinds::arg(args, 0).rank().filter(|&n| n > 0)), Pure(pad), "The array with a border of a constant, of its edge, or mirrored."),
    entry!("np.insert" "(arr, obj, values, axis=None)" kinds::any, Pure(|args| {
        let a = take_array(args, 0)?;
        let at = int(&args[1], "obj")?;
        let (a, axis) = match take(args, 3) {
            Value::None => (flat(a)?, 0),
            axis => {
                let axis = arguments::axis(&axis, a.ndim())?;
                (a, axis)
            }
        };
        let n = a.shape()[axis];
        let at = usize::try_from(if at < 0 { at + n as i64 } else { at }).ok().filter(|&at| at <= n).ok_or_else(|| {
            Error::index(format!("index {at} is out of bounds for axis {axis} with size {n}"))
        })?;
        let values = take_array(args, 2)?.cast(a.dtype())?;
        let mut shape = a.shape().to_vec();
        shape[axis] = if values.ndim() == a.ndim() { values.shape()[axis] } else if a.ndim() == 1 { values.len() } else { 1 };
        let values = each_dtype!(values, v => {
            let mut v = v;
            if v.ndim() + 1 == shape.len() {
                v = v.insert_axis(Axis(axis));
            }
            Array::from(super::shapes::broadcast_to(v, &shape)?)
        });
        let (head, tail) = each_dtype!(a, a => {
            let (head, tail) = a.view().split_at(Axis(axis), at);
            (Array::from(owned(&head)), Array::from(owned(&tail)))
        });
        Ok(concatenate(vec![head, values, tail], axis)?.into())
    }), "The array with values before an index."),
];

/// The element type and the rank that the arrays of a sequence are joined to.
fn parts(kind: &Kind) -> (Option<DType>, Option<usize>) {
    match kind {
        Kind::Tuple(items) | Kind::List(items) if !items.is_empty() => {
            let dtype = items.iter().map(Kind::dtype).try_fold(DType::Bool, |all, dtype| Some(all.max(dtype?)));
            (dtype, items[0].rank())
        }
        Kind::ListOf(item) => (item.dtype(), item.rank()),
        Kind::Array(dtype, Some(rank)) => (Some(*dtype), Some(usize::from(*rank) - 1)),
        _ => (None, None),
    }
}

fn split_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        a @ Kind::Array(..) => Kind::ListOf(std::sync::Arc::new(a)),
        _ => Kind::Any,
    }
}

/// The arrays of a sequence, of one element type.
fn arrays(value: &Value) -> Result<Vec<Array>> {
    let arrays = iteration::elements(value)?.into_iter().map(arguments::array).collect::<Result<Vec<_>>>()?;
    let Some(dtype) = arrays.iter().map(Array::dtype).max() else {
        return Err(Error::value("need at least one array to join"));
    };
    arrays.into_iter().map(|a| a.cast(dtype)).collect()
}

fn flat(a: Array) -> Result<Array> {
    arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)
}

/// The array with leading axes of length one.
pub(super) fn at_least(mut a: Array, rank: usize) -> Result<Array> {
    while a.ndim() < rank {
        a = each_dtype!(a, a => a.insert_axis(Axis(0)).into());
    }
    Ok(a)
}

fn concatenate(arrays: Vec<Array>, axis: usize) -> Result<Array> {
    let first = arrays.first().map(|a| a.shape().to_vec()).unwrap_or_default();
    if first.is_empty() {
        return Err(Error::value("zero-dimensional arrays cannot be concatenated").hint("use np.stack(…)"));
    }
    let mut total = 0usize;
    for (at, a) in arrays.iter().enumerate() {
        if a.ndim() != first.len() {
            return Err(Error::value(format!(
                "all the input array dimensions must match: array 0 has {} axes and array {at} has {}",
                first.len(),
                a.ndim()
            )));
        }
        if let Some(k) = (0..first.len()).find(|&k| k != axis && a.shape()[k] != first[k]) {
            return Err(Error::shape(format!(
                "all the input array dimensions except for the concatenation axis must match exactly, but along axis {k}, array 0 has size {} and array {at} has size {}",
                first[k],
                a.shape()[k]
            ))
            .hint(format!("the shapes are {} and {}", shape_text(&first), shape_text(a.shape()))));
        }
        total = total.saturating_add(a.shape()[axis]);
    }
    let mut shape = first;
    shape[axis] = total;
    shape_len(&shape)?;
    let dtype = arrays.iter().map(Array::dtype).max().unwrap_or(DType::Float);
    Ok(match dtype {
        DType::Float => joined::<f64>(arrays, axis)?.into(),
        DType::Int => joined::<i64>(arrays, axis)?.into(),
        DType::Bool => joined::<bool>(arrays, axis)?.into(),
    })
}

fn joined<T: Element>(arrays: Vec<Array>, axis: usize) -> Result<ArrayD<T>> {
    let storages = arrays.into_iter().map(T::storage).collect::<Result<Vec<_>>>()?;
    let views: Vec<ArrayViewD<'_, T>> = storages.iter().map(|s| s.view()).collect();
    ndarray::concatenate(Axis(axis), &views).map_err(|_| Error::shape("the arrays do not fit together"))
}

fn split(args: &mut [Value], equal: bool) -> Result<Value> {
    let a = take_array(args, 0)?;
    let axis = arguments::axis(&args[2], a.ndim())?;
    let n = a.shape()[axis];
    let cuts: Vec<(usize, usize)> = match &args[1] {
        Value::Int(_) | Value::Bool(_) => {
            let count = usize::try_from(int(&args[1], "sections")?).unwrap_or(0);
            if count == 0 {
                return Err(Error::value("number sections must be larger than 0."));
            }
            if equal && n % count != 0 {
                return Err(Error::value("array split does not result in an equal division"));
            }
            let (width, extra) = (n / count, n % count);
            let start = |i: usize| i * width + i.min(extra);
            (0..count).map(|i| (start(i), start(i + 1))).collect()
        }
        given => {
            let places = arguments::ints(given, "indices")?;
            let clamp = |i: i64| (if i < 0 { i + n as i64 } else { i }).clamp(0, n as i64) as usize;
            let bounds: Vec<usize> = std::iter::once(0).chain(places.into_iter().map(clamp)).chain([n]).collect();
            bounds.windows(2).map(|w| (w[0], w[1].max(w[0]))).collect()
        }
    };
    let part = |(from, to): (usize, usize)| -> Value {
        match &a {
            Array::Float(a) => cut(a, axis, from, to).into(),
            Array::Int(a) => cut(a, axis, from, to).into(),
            Array::Bool(a) => cut(a, axis, from, to).into(),
        }
    };
    Ok(Value::list(cuts.into_iter().map(part).collect()))
}

fn cut<T: Element>(a: &Storage<T>, axis: usize, from: usize, to: usize) -> Storage<T> {
    let mut a = a.clone();
    a.slice_axis_inplace(Axis(axis), Slice::new(from as isize, Some(to as isize), 1));
    a
}

fn pad(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    let rank = a.ndim();
    let widths = widths(&args[1], rank)?;
    let mode = match &args[2] {
        Value::Str(mode) => mode.to_string(),
        _ => return Err(Error::type_("mode is a string")),
    };
    match a {
        Array::Float(a) => padded(a, &widths, &mode, &args[3]),
        Array::Int(a) => padded(a, &widths, &mode, &args[3]),
        Array::Bool(a) => padded(a, &widths, &mode, &args[3]),
    }
}

/// What is added before and after each axis.
fn widths(value: &Value, rank: usize) -> Result<Vec<(usize, usize)>> {
    let pair = |value: &Value| -> Result<(usize, usize)> {
        match arguments::shape(value).map_err(|_| Error::value("index can't contain negative values"))?[..] {
            [one] => Ok((one, one)),
            [before, after] => Ok((before, after)),
            _ => Err(Error::value("pad_width must be a number, a pair, or a pair an axis")),
        }
    };
    let items = match value {
        Value::Tuple(_) | Value::List(_) | Value::Array(_) => iteration::elements(value)?,
        one => return Ok(vec![pair(one)?; rank]),
    };
    if items.iter().all(|item| matches!(item, Value::Int(_))) {
        return Ok(vec![pair(value)?; rank]);
    }
    match items.len() {
        1 => Ok(vec![pair(&items[0])?; rank]),
        n if n == rank => items.iter().map(pair).collect(),
        _ => Err(Error::value("pad_width must have a pair for each axis")),
    }
}

fn padded<T: Element>(a: Storage<T>, widths: &[(usize, usize)], mode: &str, constant: &Value) -> Result<Value>
where
    Array: From<ArrayD<T>> + From<Storage<T>>,
{
    let shape: Vec<usize> =
        a.shape().iter().zip(widths).map(|(&n, &(m, k))| n.saturating_add(m).saturating_add(k)).collect();
    match mode {
        "constant" => {
            let mut result = filled(&shape, T::scalar(constant)?)?;
            let mut inner = result.view_mut();
            for (axis, &(before, _)) in widths.iter().enumerate() {
                let n = a.shape()[axis];
                inner.slice_axis_inplace(Axis(axis), Slice::new(before as isize, Some((before + n) as isize), 1));
            }
            inner.assign(&a);
            Ok(result.into())
        }
        "edge" | "reflect" | "symmetric" | "wrap" => {
            let mut a: Value = a.into();
            for (axis, &(before, after)) in widths.iter().enumerate() {
                let n = super::creation::shape_of(&a).get(axis).copied().unwrap_or(1) as i64;
                if n == 0 && before + after > 0 {
                    return Err(Error::value(format!(
                        "can't extend empty axis {axis} using modes other than 'constant'"
                    )));
                }
                let source = |i: i64| match mode {
                    "edge" => i.clamp(0, n - 1),
                    "wrap" => i.rem_euclid(n),
                    "symmetric" => {
                        let at = i.rem_euclid(2 * n);
                        if at < n { at } else { 2 * n - 1 - at }
                    }
                    _ if n == 1 => 0,
                    _ => {
                        let at = i.rem_euclid(2 * n - 2);
                        if at < n { at } else { 2 * n - 2 - at }
                    }
                };
                let places: Vec<i64> = (-(before as i64)..n + after as i64).map(source).collect();
                let indices = super::super::array::from_elements(&[places.len()], places)?;
                a = super::super::indexing::get(&a, &super::selection::along(axis, indices.into()))?;
            }
            Ok(a)
        }
        other => Err(Error::value(format!("no padding mode {other:?}"))
            .hint("there are 'constant', 'edge', 'reflect', 'symmetric' and 'wrap'")),
    }
}
