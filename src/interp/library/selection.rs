//! Picking, ordering and counting elements.

use std::cmp::Ordering;

use ndarray::{ArrayD, Axis, IxDyn};

use super::super::array::{Array, Element, Storage, each_dtype, from_elements};
use super::super::elementwise::{Operand, map};
use super::super::indexing;
use super::super::operators::{dtype_of, truth};
use super::super::value::{Slice, Value};
use super::arguments::{self, array_kind, int, take, take_array, take_numeric};
use super::reductions::{rows, unrows};
use super::{Builtin, elementwise, kinds, sets};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.take" "(a, indices, axis=None, mode='raise')" |args| {
        let (a, indices) = (kinds::arg(args, 0), sequence_rank(&kinds::arg(args, 1)));
        match (a.dtype(), a.rank(), indices, kinds::arg(args, 2)) {
            (Some(dtype), _, Some(rank), Kind::None) => Kind::array(dtype, Some(rank)),
            (Some(dtype), Some(axes @ 1..), Some(rank), Kind::Int) => Kind::array(dtype, Some(axes - 1 + rank)),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let a = super::joining::at_least(take_array(args, 0)?, 1)?;
        let indices = take_numeric(args, 1)?;
        let (a, axis) = match take(args, 2) {
            Value::None => (arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)?, 0),
            axis => {
                let axis = arguments::axis(&axis, a.ndim())?;
                (a, axis)
            }
        };
        let indices = brought_inside(indices, a.shape()[axis], &args[3])?;
        indexing::get(&a.into(), &along(axis, indices))
    }), "The elements, or the slices along an axis, at some indices."),
    entry!("np.take_along_axis" "(arr, indices, axis=-1)" |args| match kinds::arg(args, 2) {
        Kind::None => array_kind(kinds::arg(args, 0).dtype(), Some(1)),
        Kind::Int => array_kind(kinds::arg(args, 0).dtype(), kinds::arg(args, 0).rank().filter(|&n| n > 0)),
        _ => Kind::Any,
    }, Pure(|args| {
        let (a, indices) = (take_array(args, 0)?, i64::storage(take_array(args, 1)?)?);
        let (a, axis) = match &args[2] {
            Value::None => (arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)?, 0),
            axis => {
                let axis = arguments::axis(axis, a.ndim())?;
                (a, axis)
            }
        };
        if a.ndim() != indices.ndim() {
            return Err(Error::value("indices and arr must have the same number of dimensions"));
        }
        Ok(each_dtype!(a, a => take_along(a, indices, axis)?.into()))
    }), "For each line along an axis, its elements at the indices of the same line."),
    entry!("np.sort" "(a, axis=-1, kind=None, *, stable=None)" |args| ordered_kind(args, None), Pure(|args| {
        algorithm(&args[2], &args[3])?;
        let a = take_array(args, 0)?;
        Ok(each_dtype!(a, a => sort(a, &args[1])?.into()))
    }), "The elements in ascending order along an axis; nan last."),
    entry!("np.argsort" "(a, axis=-1, kind=None, *, stable=None)" |args| ordered_kind(args, Some(DType::Int)), Pure(|args| {
        algorithm(&args[2], &args[3])?;
        // A number counts as one element.
        let a = super::joining::at_least(take_array(args, 0)?, 1)?;
        Ok(each_dtype!(a, a => argsort(a, &args[1])?.into()))
    }), "The indices that sort an array along an axis, equal ones in their order."),
    entry!("np.searchsorted" "(a, v, side='left', sorter=None)" |args| kinds::with_dtype(&kinds::arg(args, 1), DType::Int), Pure(searchsorted), "Where elements would stand in a sorted array."),
    entry!("np.unique" "(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True)" sets::kind, Pure(|args| {
        let a = take_array(args, 0)?;
        each_dtype!(a, a => sets::unique(a, args))
    }), "The different elements in ascending order."),
    entry!("np.nonzero" "(a)" kinds::any, Pure(|args| nonzero(take_numeric(args, 0)?)), "The indices of the elements that are not zero, an array an axis."),
    entry!("np.flatnonzero" "(a)" |_| Kind::array(DType::Int, Some(1)), Pure(|args| {
        let flat = bool::storage(take_array(args, 0)?)?;
        let places: Vec<i64> = flat.iter().enumerate().filter(|&(_, &x)| x).map(|(i, _)| i as i64).collect();
        Ok(from_elements(&[places.len()], places)?.into())
    }), "The indices, row by row, of the elements that are not zero."),
    entry!("np.argwhere" "(a)" |_| Kind::array(DType::Int, Some(2)), Pure(|args| {
        let mask = bool::storage(take_array(args, 0)?)?;
        let places = indexing::nonzero(&mask);
        let (rank, count) = (mask.ndim(), if mask.ndim() == 0 { usize::from(mask.iter().any(|&x| x)) } else { places[0].len() });
        let elements = (0..count).flat_map(|at| places.iter().filter(|_| rank > 0).map(move |axis| axis[at] as i64)).collect();
        Ok(from_elements(&[count, rank], elements)?.into())
    }), "The indices of the elements that are not zero, a row an element."),
    entry!("np.repeat" "(a, repeats, axis=None)" |args| match (kinds::arg(args, 0), kinds::arg(args, 2)) {
        (a, Kind::None) => array_kind(a.dtype(), Some(1)),
        (a @ Kind::Array(..), Kind::Int) => a.of_any_extents(),
        _ => Kind::Any,
    }, Pure(repeat), "Each element, or each slice along an axis, several times."),
    entry!("np.roll" "(a, shift, axis=None)" kinds::same_number, Pure(roll), "The elements moved along axes, those that leave at the end entering at the start."),
    entry!("np.compress" "(condition, a, axis=None)" kinds::any, Pure(|args| {
        let mask = bool::storage(take_array(args, 0)?)?;
        let places = from_elements(&[mask.iter().filter(|&&x| x).count()], indexing::nonzero(&mask).into_iter().next().unwrap_or_default().into_iter().map(|i| i as i64).collect())?;
        let a = take_array(args, 1)?;
        match take(args, 2) {
            Value::None => indexing::get(&super::shapes::reshape(a, &[-1], &Value::None)?, &places.into()),
            axis => {
                let axis = arguments::axis(&axis, a.ndim())?;
                indexing::get(&a.into(), &along(axis, places.into()))
            }
        }
    }), "The slices along an axis for which a condition holds."),
    entry!("np.bincount" "(x, weights=None, minlength=0)" |args| match kinds::arg(args, 1) {
        Kind::None => Kind::array(DType::Int, Some(1)),
        Kind::Any => Kind::Any,
        _ => Kind::array(DType::Float, Some(1)),
    }, Pure(bincount), "How often each integer occurs, or the sums of its weights."),
    entry!("np.digitize" "(x, bins, right=False)" |args| kinds::with_dtype(&kinds::arg(args, 0), DType::Int), Pure(|args| {
        let right = truth(&args[2])?;
        let bins = take(args, 1);
        let x = take(args, 0);
        digitize(bins, x, right)
    }), "The number of the bin that each element falls into."),
    entry!("np.delete" "(arr, obj, axis=None)" |args| match (kinds::arg(args, 0), kinds::arg(args, 2)) {
        (a, Kind::None) => array_kind(a.dtype(), Some(1)),
        (a @ Kind::Array(..), Kind::Int) => a.of_any_extents(),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        let (a, axis) = match take(args, 2) {
            Value::None => (arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)?, 0),
            axis => {
                let axis = arguments::axis(&axis, a.ndim())?;
                (a, axis)
            }
        };
        let n = a.shape()[axis];
        let gone: Vec<usize> = match &args[1] {
            Value::Slice(slice) => {
                let (start, count, step) = indexing::slice_bounds(slice, n)?;
                (0..count).map(|k| (start as i64 + k as i64 * step) as usize).collect()
            }
            Value::Array(mask) if mask.dtype() == DType::Bool => {
                if mask.shape() != [n] {
                    return Err(Error::value(format!("boolean array argument obj to delete must be one dimensional and match the axis length of {n}")));
                }
                let mask = bool::storage(Array::clone(mask))?;
                mask.iter().enumerate().filter(|&(_, &gone)| gone).map(|(i, _)| i).collect()
            }
            given => arguments::ints(given, "obj")?.into_iter().map(|i| indexing::axis_position(i, axis, n)).collect::<Result<_>>()?,
        };
        let kept: Vec<i64> = (0..n).filter(|i| !gone.contains(i)).map(|i| i as i64).collect();
        indexing::get(&a.into(), &along(axis, from_elements(&[kept.len()], kept)?.into()))
    }), "The array without some slices along an axis."),
    mutating!("np.add.at" "(a, indices, b, /)" kinds::none, Pure(|args| {
        let (index, item) = (take(args, 1), take_numeric(args, 2)?);
        indexing::add_at(&mut args[0], &index, item)?;
        Ok(Value::None)
    }), "Adds to the elements at some indices, to an element named twice twice."),
];

/// Indices as a mode of `np.take` understands them: errors where they lie outside, or wrapped, or clipped.
pub(super) fn brought_inside(indices: Value, n: usize, mode: &Value) -> Result<Value> {
    let last = n as i64 - 1;
    let inside: fn(i64, i64) -> i64 = match mode {
        Value::Str(mode) if mode.as_str() == "raise" => return Ok(indices),
        Value::Str(mode) if mode.as_str() == "wrap" => |i, last| i.rem_euclid(last + 1),
        Value::Str(mode) if mode.as_str() == "clip" => |i, last| i.clamp(0, last),
        _ => return Err(Error::value("mode must be one of 'clip', 'raise', or 'wrap'")),
    };
    if n == 0 {
        return Err(Error::index("cannot do a non-empty take from an empty axes."));
    }
    let indices = Operand::<i64>::new(indices)?;
    Ok(map(indices, |i| inside(i, last)).into())
}

/// What is sorted along an axis, or flattened.
fn ordered_kind(args: &[crate::sct::kind::Operand], dtype: Option<DType>) -> Kind {
    let a = kinds::arg(args, 0);
    let Some(dtype) = dtype.or(a.dtype()) else { return Kind::Any };
    match (&a, kinds::arg(args, 1)) {
        (_, Kind::None) if a.dtype().is_some() => Kind::array(dtype, Some(1)),
        (Kind::Array(..), Kind::Int) => kinds::with_dtype(&a, dtype),
        _ => Kind::Any,
    }
}

fn sequence_rank(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::List(items) | Kind::Tuple(items) if items.iter().all(Kind::is_scalar) => Some(1),
        kind => kind.rank(),
    }
}

/// The subscript with an item for one axis and whole axes before it.
pub(super) fn along(axis: usize, item: Value) -> Value {
    let whole = Value::Slice(std::sync::Arc::new(Slice { start: Value::None, stop: Value::None, step: Value::None }));
    Value::tuple(std::iter::repeat_n(whole, axis).chain([item]).collect())
}

fn take_along<T: Element>(a: Storage<T>, indices: Storage<i64>, axis: usize) -> Result<ArrayD<T>> {
    let n = a.shape()[axis];
    let mut shape =
        super::super::elementwise::broadcast_shape(&without(a.shape(), axis), &without(indices.shape(), axis))?;
    shape.insert(axis, n);
    let a = super::shapes::broadcast_to(a, &shape)?;
    shape[axis] = indices.shape()[axis];
    let indices = super::shapes::broadcast_to(indices, &shape)?;
    let (_, len, elements) = rows(a, axis);
    let (outer, count, places) = rows(indices, axis);
    let mut picked = Vec::with_capacity(places.len());
    for (row, list) in elements.chunks_exact(len.max(1)).zip(places.chunks_exact(count.max(1))) {
        for &i in list {
            picked.push(row[indexing::axis_position(i, axis, len)?]);
        }
    }
    unrows(&outer, count, picked, axis)
}

fn without(shape: &[usize], axis: usize) -> Vec<usize> {
    shape.iter().enumerate().filter(|&(at, _)| at != axis).map(|(_, &n)| n).collect()
}

/// The order in which elements are sorted: ascending, nan last.
pub(super) fn ascending<T: Element>(x: &T, y: &T) -> Ordering {
    let nan = |x: &T| x.float().is_nan();
    x.partial_cmp(y).unwrap_or_else(|| nan(x).cmp(&nan(y)))
}

/// Checks the names of sorting algorithms. All give the same order but for equal elements, which are kept in theirs.
fn algorithm(kind: &Value, stable: &Value) -> Result<()> {
    match (kind, stable) {
        (Value::None, _) => Ok(()),
        (_, Value::Bool(_) | Value::Int(_)) => {
            Err(Error::value("`kind` and keyword parameters can't be provided at the same time. Use only one of them."))
        }
        (Value::Str(kind), _) if matches!(kind.chars().next(), Some('q' | 'Q' | 'h' | 'H' | 'm' | 'M' | 's' | 'S')) => {
            Ok(())
        }
        (Value::Str(kind), _) => Err(Error::value(format!(
            "sort kind must be one of 'quick', 'heap', or 'stable' (got '{}')",
            kind.as_str()
        ))),
        (other, _) => Err(Error::type_(format!("sort kind must be a string, not {}", other.type_name()))),
    }
}

fn sort<T: Element>(a: Storage<T>, axis: &Value) -> Result<ArrayD<T>> {
    let (shape, len, mut elements, axis) = match axis {
        Value::None => (Vec::new(), a.len(), a.iter().copied().collect(), 0),
        given => {
            let axis = arguments::axis(given, a.ndim())?;
            let (shape, len, elements) = rows(a, axis);
            (shape, len, elements, axis)
        }
    };
    for row in elements.chunks_exact_mut(len.max(1)) {
        row.sort_by(ascending);
    }
    unrows(&shape, len, elements, axis)
}

fn argsort<T: Element>(a: Storage<T>, axis: &Value) -> Result<ArrayD<i64>> {
    let (shape, len, elements, axis) = match axis {
        Value::None => (Vec::new(), a.len(), a.iter().copied().collect::<Vec<T>>(), 0),
        given => {
            let axis = arguments::axis(given, a.ndim())?;
            let (shape, len, elements) = rows(a, axis);
            (shape, len, elements, axis)
        }
    };
    let mut result = Vec::with_capacity(elements.len());
    for row in elements.chunks_exact(len.max(1)) {
        let mut places: Vec<i64> = (0..len as i64).collect();
        places.sort_by(|&i, &j| ascending(&row[i as usize], &row[j as usize]));
        result.extend(places);
    }
    unrows(&shape, len, result, axis)
}

fn searchsorted(args: &mut [Value]) -> Result<Value> {
    let right = match &args[2] {
        Value::Str(side) if side.as_str() == "left" => false,
        Value::Str(side) if side.as_str() == "right" => true,
        _ => return Err(Error::value("side must be 'left' or 'right'")),
    };
    let mut a = take(args, 0);
    if let sorter @ (Value::Array(_) | Value::List(_)) = take(args, 3) {
        a = indexing::get(&elementwise::numeric(a)?, &sorter)?;
    }
    places(arguments::array(a)?, take_numeric(args, 1)?, right)
}

/// Where numbers would stand in a sorted vector, before or after equal ones.
fn places(a: Array, v: Value, right: bool) -> Result<Value> {
    if a.ndim() != 1 {
        return Err(
            Error::value("object of too small depth for desired array").hint("searchsorted needs a sorted vector")
        );
    }
    match (&a, dtype_of(&v)) {
        (Array::Float(_), _) | (_, Some(DType::Float) | None) => places_typed::<f64>(a, v, right),
        _ => places_typed::<i64>(a, v, right),
    }
}

fn places_typed<T: Element>(a: Array, v: Value, right: bool) -> Result<Value> {
    let sorted: Vec<T> = T::storage(a)?.iter().copied().collect();
    let place = |x: T| {
        let before = |y: &T| {
            let order = ascending(y, &x);
            order == Ordering::Less || (right && order == Ordering::Equal)
        };
        sorted.partition_point(before) as i64
    };
    Ok(map(Operand::<T>::new(v)?, place).into())
}

/// Bins may ascend or descend.
fn digitize(bins: Value, x: Value, right: bool) -> Result<Value> {
    let (bins, x) = (arguments::array(bins)?, elementwise::numeric(x)?);
    let edges: Vec<f64> = f64::storage(bins.clone())?.iter().copied().collect();
    // As NumPy judges: by the first two that differ, nan compares with nothing.
    let rising = edges.windows(2).find(|pair| pair[0] != pair[1]).is_none_or(|pair| pair[0] < pair[1]);
    if edges.windows(2).any(|pair| if rising { pair[0] > pair[1] } else { pair[0] < pair[1] }) {
        return Err(Error::value("bins must be monotonically increasing or decreasing"));
    }
    if rising {
        return places(bins, x, !right);
    }
    let n = edges.len() as i64;
    let mirrored: Array = each_dtype!(bins, b => {
        let mut b = b;
        b.invert_axis(Axis(0));
        b.into()
    });
    let found = Operand::<i64>::new(places(mirrored, x, !right)?)?;
    Ok(map(found, |place| n - place).into())
}

/// The indices of the elements that are not zero, an array an axis.
pub(super) fn nonzero(a: Value) -> Result<Value> {
    let mask = bool::storage(arguments::array(a)?)?;
    if mask.ndim() == 0 {
        return Err(Error::value("calling nonzero on a number is not allowed").hint("use np.atleast_1d(…)"));
    }
    let places = indexing::nonzero(&mask)
        .into_iter()
        .map(|list| Ok(from_elements(&[list.len()], list.into_iter().map(|i| i as i64).collect())?.into()));
    Ok(Value::tuple(places.collect::<Result<_>>()?))
}

fn repeat(args: &mut [Value]) -> Result<Value> {
    let a = super::joining::at_least(take_array(args, 0)?, 1)?;
    let (a, axis) = match take(args, 2) {
        Value::None => (arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)?, 0),
        axis => {
            let axis = arguments::axis(&axis, a.ndim())?;
            (a, axis)
        }
    };
    let n = a.shape()[axis];
    let counts = arguments::ints(&args[1], "repeats")?;
    let count = |i: usize| match counts[..] {
        [one] => Ok(one),
        _ => counts.get(i).copied().ok_or_else(|| Error::shape("repeats must have one count an element")),
    };
    if counts.len() != 1 && counts.len() != n {
        return Err(Error::shape(format!(
            "operands could not be broadcast together with shape ({n},) ({},)",
            counts.len()
        )));
    }
    let mut places: Vec<i64> = Vec::new();
    for i in 0..n {
        let times = usize::try_from(count(i)?).map_err(|_| Error::value("repeats may not contain negative values"))?;
        super::super::array::shape_len(&[places.len().saturating_add(times)])?;
        places.extend(std::iter::repeat_n(i as i64, times));
    }
    indexing::get(&a.into(), &along(axis, from_elements(&[places.len()], places)?.into()))
}

fn roll(args: &mut [Value]) -> Result<Value> {
    let a = take_array(args, 0)?;
    let shifts = arguments::ints(&args[1], "shift")?;
    match &args[2] {
        Value::None => {
            let shape: Vec<i64> = a.shape().iter().map(|&n| n as i64).collect();
            let flat = arguments::array(super::shapes::reshape(a, &[-1], &Value::None)?)?;
            let total = shifts.iter().sum();
            let rolled = each_dtype!(flat, a => Value::from(roll_axis(a, total, 0)?));
            super::shapes::reshape(arguments::array(rolled)?, &shape, &Value::None)
        }
        given => {
            let axes = arguments::ints(given, "axis")?;
            let pairs = axes.len().max(shifts.len());
            if axes.is_empty() && shifts.len() <= 1 && a.ndim() > 0 {
                return Ok(a.into());
            }
            if (axes.len() != pairs && axes.len() != 1) || (shifts.len() != pairs && shifts.len() != 1) {
                return Err(Error::value("'shift' and 'axis' should be scalars or 1D sequences of the same length"));
            }
            let mut a = a;
            for k in 0..pairs {
                let axis = arguments::axis_of(axes[k.min(axes.len() - 1)], a.ndim())?;
                let shift = shifts[k.min(shifts.len() - 1)];
                a = each_dtype!(a, a => roll_axis(a, shift, axis)?.into());
            }
            Ok(a.into())
        }
    }
}

fn roll_axis<T: Element>(a: Storage<T>, shift: i64, axis: usize) -> Result<Storage<T>> {
    let n = a.shape()[axis];
    if n == 0 {
        return Ok(a);
    }
    let at = shift.rem_euclid(n as i64) as usize;
    if at == 0 {
        return Ok(a);
    }
    let (head, tail) = a.view().split_at(Axis(axis), n - at);
    ndarray::concatenate(Axis(axis), &[tail, head])
        .map(ArrayD::into_shared)
        .map_err(|_| Error::shape("the parts do not fit"))
}

fn bincount(args: &mut [Value]) -> Result<Value> {
    let x = take_array(args, 0)?;
    if x.dtype() == DType::Float && !x.is_empty() {
        return Err(Error::type_("Cannot cast array data from float64 to int64 according to the rule 'safe'"));
    }
    let x = i64::storage(x)?;
    if x.ndim() != 1 {
        return Err(Error::value("bincount needs an array of one axis"));
    }
    if x.iter().any(|&i| i < 0) {
        return Err(Error::value("bincount: the integers must not be negative"));
    }
    let least = int(&args[2], "minlength")?.max(0) as usize;
    let len = x.iter().max().map_or(0, |&i| i as usize + 1).max(least);
    match take(args, 1) {
        Value::None => {
            let mut counts = super::super::array::filled(&[len], 0i64)?;
            for &i in x.iter() {
                counts[IxDyn(&[i as usize])] += 1;
            }
            Ok(counts.into())
        }
        weights => {
            let weights = f64::storage(arguments::array(weights)?)?;
            if weights.len() != x.len() {
                return Err(Error::shape("the weights and list don't have the same length"));
            }
            let mut sums = super::super::array::filled(&[len], 0.0)?;
            for (&i, &w) in x.iter().zip(weights.iter()) {
                sums[IxDyn(&[i as usize])] += w;
            }
            Ok(sums.into())
        }
    }
}
