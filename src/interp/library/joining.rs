//! Arrays put together and taken apart.

use ndarray::{ArrayD, ArrayViewD, Axis, Slice};

use super::super::array::{Array, Element, Storage, each_dtype, owned, shape_len, shape_text};
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
    entry!("np.stack" "(arrays, axis=0, *, dtype=None)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        let dtype = dtype_kind(args, 2, dtype);
        array_kind(dtype, rank.map(|n| n + 1))
    }, Pure(|args| {
        let arrays = arrays(&args[0])?;
        let rank = arrays.first().map_or(0, Array::ndim);
        let axis = arguments::axis(&args[1], rank + 1)?;
        if let Some(other) = arrays.iter().find(|a| a.shape() != arrays[0].shape()) {
            let (first, other) = (shape_text(arrays[0].shape()), shape_text(other.shape()));
            return Err(Error::shape("all input arrays must have the same shape")
                .hint(format!("the shapes are {first} and {other}")));
        }
        let layers = arrays.into_iter().map(|a| each_dtype!(a, a => a.insert_axis(Axis(axis)).into())).collect();
        super::creating::cast_to(concatenate(layers, axis)?.into(), &args[2])
    }), "Arrays of one shape along a new axis."),
    entry!("np.vstack" "(tup, *, dtype=None)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        let dtype = dtype_kind(args, 1, dtype);
        array_kind(dtype, rank.map(|n| n.max(2)))
    }, Pure(|args| {
        let rows = arrays(&args[0])?.into_iter().map(|a| at_least(a, 2)).collect::<Result<Vec<_>>>()?;
        super::creating::cast_to(concatenate(rows, 0)?.into(), &args[1])
    }), "Arrays as rows below each other."),
    entry!("np.hstack" "(tup, *, dtype=None)" |args| {
        let (dtype, rank) = parts(&kinds::arg(args, 0));
        let dtype = dtype_kind(args, 1, dtype);
        array_kind(dtype, rank.map(|n| n.max(1)))
    }, Pure(|args| {
        let parts = arrays(&args[0])?.into_iter().map(|a| at_least(a, 1)).collect::<Result<Vec<_>>>()?;
        let axis = usize::from(parts.first().is_some_and(|a| a.ndim() > 1));
        super::creating::cast_to(concatenate(parts, axis)?.into(), &args[1])
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
        let a = take_array(args, 0)?;
        if a.ndim() < 2 {
            return Err(Error::value("vsplit only works on arrays of 2 or more dimensions"));
        }
        split(&mut [a.into(), take(args, 1), Value::Int(0)], true)
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
];

/// The element type and the rank that the arrays of a sequence are joined to.
fn parts(kind: &Kind) -> (Option<DType>, Option<usize>) {
    match kind {
        Kind::Tuple(items) | Kind::List(items) if !items.is_empty() => {
            let dtype = items.iter().map(Kind::dtype).try_fold(DType::Bool, |all, dtype| Some(all.max(dtype?)));
            (dtype, items[0].rank())
        }
        Kind::ListOf(item) => (item.dtype(), item.rank()),
        Kind::Array(dtype, Some(rank), _) => (Some(*dtype), Some(usize::from(*rank) - 1)),
        _ => (None, None),
    }
}

fn split_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        a @ Kind::Array(..) => Kind::ListOf(std::sync::Arc::new(a.of_any_extents())),
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
            return Err(Error::shape(format!(
                "all the input array dimensions must match: array 0 has {} axes and array {at} has {}",
                first.len(),
                a.ndim()
            ))
            .hint(format!("the shapes are {} and {}", shape_text(&first), shape_text(a.shape()))));
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
