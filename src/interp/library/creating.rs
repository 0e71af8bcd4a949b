//! `np.array`, `np.zeros`, `np.arange` and the other functions that make arrays.

use ndarray::{ArrayD, Axis, IxDyn};

use super::super::array::{Array, Element, Storage, allowed_len, each_dtype, filled, floats, from_elements, shape_len};
use super::super::operators::{self, dtype_of};
use super::super::value::{List, Value};
use super::arguments::{self, array_kind, dtype_kind, int, shape_rank, take, take_array, take_numeric};
use super::creation::{array_of, shape_of};
use super::{Builtin, builtins, kinds, spacing};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.array" "(object, dtype=None, *, copy=True, ndmin=0)" |args| if kinds::literal(args, 3) == Some(&Literal::Int(0)) { array_of_kind(args) } else { Kind::Any }, Pure(array), "An array of a number, an array or nested sequences of numbers."),
    entry!("np.asarray" "(a, dtype=None)" array_of_kind, Pure(|args| cast_to(array_of(take(args, 0))?, &args[1])), "An array of a number, an array or nested sequences of numbers."),
    entry!("array.astype" "(a, dtype, copy=True)" |args| match dtype_kind(args, 1, None) {
        Some(dtype) => kinds::with_dtype(&kinds::arg(args, 0), dtype),
        None => Kind::Any,
    }, Pure(|args| cast_to(take_numeric(args, 0)?, &args[1])), "The elements cast to another type; floats lose their fraction as integers."),
    entry!("np.copy" "(a)" kinds::same_number, Pure(|args| array_of(take(args, 0))), "The array itself: values never share."),
    entry!("np.zeros" "(shape, dtype=None, order='C')" filled_kind, Pure(|args| constant(args, 0)), "An array of zeros."),
    entry!("np.ones" "(shape, dtype=None, order='C')" filled_kind, Pure(|args| constant(args, 1)), "An array of ones."),
    entry!("np.empty" "(shape, dtype=None, order='C')" filled_kind, Pure(|args| constant(args, 0)), "An array whose elements are to be set; they are zeros."),
    entry!("np.full" "(shape, fill_value, dtype=None, order='C')" |args| array_kind(
        match kinds::arg(args, 1) { kind if kind.is_scalar() => dtype_kind(args, 2, kind.dtype()), _ => None },
        shape_rank(&kinds::arg(args, 0)),
    ), Pure(|args| {
        let shape = arguments::shape(&args[0])?;
        full(&shape, &take_numeric(args, 1)?, arguments::dtype(&args[2])?)
    }), "An array with the same number everywhere."),
    entry!("np.zeros_like" "(a, dtype=None, *, shape=None)" like_kind, Pure(|args| constant_like(args, 0)), "Zeros of the array's shape and element type."),
    entry!("np.ones_like" "(a, dtype=None, *, shape=None)" like_kind, Pure(|args| constant_like(args, 1)), "Ones of the array's shape and element type."),
    entry!("np.empty_like" "(a, dtype=None, *, shape=None)" like_kind, Pure(|args| constant_like(args, 0)), "Zeros of the array's shape and element type."),
    entry!("np.full_like" "(a, fill_value, dtype=None, *, shape=None)" |args| like(args, 2), Pure(|args| {
        let a = take_numeric(args, 0)?;
        let dtype = arguments::dtype(&args[2])?.or(dtype_of(&a));
        let shape = shape_like(&a, &args[3])?;
        full(&shape, &take_numeric(args, 1)?, dtype)
    }), "The same number everywhere, in the array's shape and element type."),
    entry!("np.eye" "(N, M=None, k=0, dtype=None)" |args| array_kind(dtype_kind(args, 3, Some(DType::Float)), Some(2)), Pure(|args| {
        let rows = arguments::shape(&args[0])?;
        let columns = if matches!(args[1], Value::None) { rows.clone() } else { arguments::shape(&args[1])? };
        eye(rows[0], columns[0], int(&args[2], "k")?, arguments::dtype(&args[3])?)
    }), "Ones on a diagonal, zeros elsewhere."),
    entry!("np.identity" "(n, dtype=None)" |args| array_kind(dtype_kind(args, 1, Some(DType::Float)), Some(2)), Pure(|args| {
        let n = arguments::shape(&args[0])?[0];
        eye(n, n, 0, arguments::dtype(&args[1])?)
    }), "The identity matrix."),
    entry!("np.arange" "(start, stop=None, step=1, dtype=None)" |args| {
        let given = [kinds::arg(args, 0), kinds::arg(args, 1), kinds::arg(args, 2)];
        let dtype = if given.iter().all(|k| matches!(k, Kind::Int | Kind::Bool | Kind::None)) { Some(DType::Int) }
            else if given.iter().any(|k| matches!(k, Kind::Float)) && given.iter().all(|k| k.is_scalar() || *k == Kind::None) { Some(DType::Float) }
            else { None };
        array_kind(dtype.and_then(|dtype| dtype_kind(args, 3, Some(dtype))), Some(1))
    }, Pure(arange), "Numbers from a start to before a stop, by steps."),
    entry!("np.linspace" "(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)" |args| match (kinds::arg(args, 0), kinds::arg(args, 1), kinds::literal(args, 4)) {
        (a, b, Some(Literal::Bool(false))) => array_kind(dtype_kind(args, 5, Some(DType::Float)), spaced_rank(&[a, b])),
        _ => Kind::Any,
    }, Pure(spacing::linspace), "Numbers evenly spaced between two, both included."),
    entry!("np.logspace" "(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)" |args| match (kinds::arg(args, 0), kinds::arg(args, 1), kinds::arg(args, 4)) {
        (a, b, c) if c.is_scalar() => array_kind(dtype_kind(args, 5, Some(DType::Float)), spaced_rank(&[a, b])),
        _ => Kind::Any,
    }, Pure(spacing::logspace), "Numbers whose logarithms are evenly spaced."),
    entry!("np.tri" "(N, M=None, k=0, dtype=None)" |args| array_kind(dtype_kind(args, 3, Some(DType::Float)), Some(2)), Pure(|args| {
        let rows = arguments::shape(&args[0])?[0];
        let columns = if matches!(args[1], Value::None) { rows } else { arguments::shape(&args[1])?[0] };
        let k = int(&args[2], "k")?;
        let ones = matrix(rows, columns, |i, j| f64::from(u8::from(j - i <= k)))?;
        cast_to(ones.into(), &args[3])
    }), "Ones at and below a diagonal, zeros above."),
    entry!("np.diag" "(v, k=0)" |args| match kinds::arg(args, 0) {
        Kind::Array(dtype, Some(1), _) => Kind::array(dtype, Some(2)),
        Kind::Array(dtype, Some(2), _) => Kind::array(dtype, Some(1)),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        let k = int(&args[1], "k")?;
        each_dtype!(a, a => match a.ndim() {
            1 => Ok(diagonal_matrix(&a, k)?.into()),
            2 => Ok(diagonal(a, k, 0, 1)?.into()),
            _ => Err(Error::value("diag needs an array of one or two axes")),
        })
    }), "A matrix with a vector on its diagonal, or the diagonal of a matrix."),
    entry!("np.diagflat" "(v, k=0)" |args| array_kind(kinds::arg(args, 0).dtype(), Some(2)), Pure(|args| {
        let a = take_array(args, 0)?;
        let k = int(&args[1], "k")?;
        each_dtype!(a, a => {
            let flat = super::shapes::reshaped(a.clone(), &[a.len()])?;
            Ok(diagonal_matrix(&flat, k)?.into())
        })
    }), "A matrix with all elements on its diagonal."),
    entry!("np.diagonal" "(a, offset=0, axis1=0, axis2=1)" |args| match kinds::arg(args, 0) {
        Kind::Array(dtype, Some(rank), _) if rank >= 2 => Kind::array(dtype, Some(usize::from(rank) - 1)),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        let k = int(&args[1], "offset")?;
        let (m, n) = two_axes(&args[2], &args[3], a.ndim())?;
        each_dtype!(a, a => Ok(diagonal(a, k, m, n)?.into()))
    }), "The diagonals of the matrices in two axes, along a new last axis."),
    entry!("np.trace" "(a, offset=0, axis1=0, axis2=1, dtype=None)" |args| match kinds::arg(args, 0) {
        Kind::Array(dtype, Some(rank), _) if rank >= 2 => array_kind(dtype_kind(args, 4, Some(dtype.max(DType::Int))), Some(usize::from(rank) - 2)),
        _ => Kind::Any,
    }, Pure(|args| {
        let a = take_array(args, 0)?;
        let k = int(&args[1], "offset")?;
        let (m, n) = two_axes(&args[2], &args[3], a.ndim())?;
        let lines: Value = each_dtype!(a, a => diagonal(a, k, m, n)?.into());
        super::run_pure("np.sum", &mut [lines, Value::Int(-1), take(args, 4), Value::Bool(false), Value::None, Value::None])
    }), "The sums of the diagonals of the matrices in two axes."),
    entry!("np.tril" "(m, k=0)" triangle_kind, Pure(|args| triangle(args, |i, j, k| j - i <= k)), "The elements at and below a diagonal, zeros above."),
    entry!("np.triu" "(m, k=0)" triangle_kind, Pure(|args| triangle(args, |i, j, k| j - i >= k)), "The elements at and above a diagonal, zeros below."),
    entry!("np.vander" "(x, N=None, increasing=False)" kinds::any, Pure(|args| {
        let x = take_array(args, 0)?;
        if x.ndim() != 1 {
            return Err(Error::value("x must be a one-dimensional array or sequence"));
        }
        let n = if matches!(args[1], Value::None) { x.len() } else { arguments::shape(&args[1])?[0] };
        let mut exponents: Vec<i64> = (0..n as i64).collect();
        if !operators::truth(&args[2])? {
            exponents.reverse();
        }
        let column = each_dtype!(x, x => Value::from(x.insert_axis(Axis(1))));
        operators::binary(BinaryOp::Pow, column, from_elements(&[n], exponents)?.into())
    }), "The powers of a vector's elements, one row an element."),
    entry!("np.meshgrid" "(*xi, indexing='xy', sparse=False)" grid_kind, Pure(meshgrid), "The coordinates of a grid, one array an axis."),
    entry!("np.indices" "(dimensions, dtype=None, sparse=False)" kinds::any, Pure(|args| {
        let shape = arguments::shape(&args[0])?;
        let n = shape_len(&shape)?;
        let dtype = arguments::dtype(&args[1])?.unwrap_or(DType::Int);
        if operators::truth(&args[2])? {
            let line = |(axis, &n): (usize, &usize)| {
                let mut own = vec![1; shape.len()];
                own[axis] = n;
                cast(from_elements(&own, (0..n as i64).collect())?.into(), dtype)
            };
            return Ok(Value::tuple(shape.iter().enumerate().map(line).collect::<Result<_>>()?));
        }
        let mut elements = Vec::with_capacity(n * shape.len());
        for axis in 0..shape.len() {
            elements.extend(ndarray::indices(IxDyn(&shape)).into_iter().map(|at| at[axis] as i64));
        }
        cast(from_elements(&[&[shape.len()], &shape[..]].concat(), elements)?.into(), dtype)
    }), "The indices of each element, one array an axis."),
];

fn triangle_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        kind @ Kind::Array(_, Some(2..), _) => kind,
        _ => Kind::Any,
    }
}

/// The kind of the array that a value of a kind makes.
pub(super) fn array_of_kind(args: &[Operand]) -> Kind {
    let made = sequence_kind(&kinds::arg(args, 0));
    match (made.dtype(), dtype_kind(args, 1, made.dtype())) {
        (Some(_), Some(dtype)) => kinds::with_dtype(&made, dtype),
        _ => Kind::Any,
    }
}

fn sequence_kind(kind: &Kind) -> Kind {
    match kind {
        kind if kind.dtype().is_some() => kind.clone(),
        Kind::Range => Kind::array(DType::Int, Some(1)),
        Kind::Tuple(items) | Kind::List(items) => match &items[..] {
            [] => Kind::array(DType::Float, Some(1)),
            [first, ..] => {
                let parts: Vec<Kind> = items.iter().map(sequence_kind).collect();
                let dtype = parts.iter().map(Kind::dtype).try_fold(DType::Bool, |all, dtype| Some(all.max(dtype?)));
                let rank = sequence_kind(first).rank();
                match (dtype, rank) {
                    (Some(dtype), Some(rank)) => Kind::array(dtype, Some(rank + 1)),
                    _ => Kind::Any,
                }
            }
        },
        // A list of unknown length may be empty, and then it is one of floats with one axis.
        Kind::ListOf(item) if **item == Kind::Float => Kind::array(DType::Float, Some(1)),
        _ => Kind::Any,
    }
}

fn filled_kind(args: &[Operand]) -> Kind {
    array_kind(dtype_kind(args, 1, Some(DType::Float)), shape_rank(&kinds::arg(args, 0)))
}

fn like_kind(args: &[Operand]) -> Kind {
    like(args, 1)
}

/// An array of the first argument's shape and element type, or of those given: the type at a place, the shape after it.
fn like(args: &[Operand], dtype: usize) -> Kind {
    let a = sequence_kind(&kinds::arg(args, 0));
    let Some(element) = dtype_kind(args, dtype, a.dtype()) else { return Kind::Any };
    match kinds::arg(args, dtype + 1) {
        Kind::None if a.dtype().is_some() => kinds::with_dtype(&a, element),
        Kind::None => Kind::Any,
        shape => array_kind(Some(element), shape_rank(&shape)),
    }
}

fn shape_like(a: &Value, shape: &Value) -> Result<Vec<usize>> {
    if matches!(shape, Value::None) { Ok(shape_of(a).to_vec()) } else { arguments::shape(shape) }
}

/// A value cast to the element type that an argument names, if any.
pub(super) fn cast_to(value: Value, dtype: &Value) -> Result<Value> {
    match arguments::dtype(dtype)? {
        None => Ok(value),
        Some(dtype) => cast(value, dtype),
    }
}

/// A number or array cast to an element type.
pub(super) fn cast(value: Value, dtype: DType) -> Result<Value> {
    match value {
        Value::Array(array) if array.dtype() == dtype => Ok(Value::Array(array)),
        Value::Array(array) => Ok(std::sync::Arc::unwrap_or_clone(array).cast(dtype)?.into()),
        number => Ok(match dtype {
            DType::Float => Value::Float(f64::scalar(&number)?),
            DType::Int => Value::Int(i64::scalar(&number)?),
            DType::Bool => Value::Bool(bool::scalar(&number)?),
        }),
    }
}

fn array(args: &mut [Value]) -> Result<Value> {
    let made = cast_to(array_of(take(args, 0))?, &args[1])?;
    let least = int(&args[3], "ndmin")?.max(0) as usize;
    let rank = shape_of(&made).len();
    if least <= rank {
        return Ok(made);
    }
    let shape: Vec<i64> =
        std::iter::repeat_n(1, least - rank).chain(shape_of(&made).iter().map(|&n| n as i64)).collect();
    super::shapes::reshape(arguments::array(made)?, &shape, &Value::None)
}

fn constant(args: &mut [Value], number: i64) -> Result<Value> {
    let dtype = arguments::dtype(&args[1])?.unwrap_or(DType::Float);
    full(&arguments::shape(&args[0])?, &Value::Int(number), Some(dtype))
}

fn constant_like(args: &mut [Value], number: i64) -> Result<Value> {
    if let [Value::Array(array), Value::None, Value::None] = args
        && let Array::Float(a) = &**array
        && allowed_len(a.len())
        && let Some(made) = floats(a.shape(), vec![number as f64; a.len()])
    {
        return Ok(made);
    }
    let a = take_numeric(args, 0)?;
    let dtype = arguments::dtype(&args[1])?.or(dtype_of(&a));
    full(&shape_like(&a, &args[2])?, &Value::Int(number), dtype)
}

fn full(shape: &[usize], value: &Value, dtype: Option<DType>) -> Result<Value> {
    let dtype = dtype.or(dtype_of(value)).unwrap_or(DType::Float);
    match value {
        Value::Array(_) => {
            let filling = arguments::array(cast(value.clone(), dtype)?)?;
            Ok(each_dtype!(filling, a => super::shapes::broadcast_to(a, shape)?.into()))
        }
        number => Ok(match dtype {
            DType::Float => filled(shape, f64::scalar(number)?)?.into(),
            DType::Int => filled(shape, i64::scalar(number)?)?.into(),
            DType::Bool => filled(shape, bool::scalar(number)?)?.into(),
        }),
    }
}

/// A matrix from a function of row and column.
fn matrix<T: Element>(rows: usize, columns: usize, f: impl Fn(i64, i64) -> T) -> Result<ArrayD<T>> {
    let mut elements = Vec::with_capacity(shape_len(&[rows, columns])?);
    for i in 0..rows as i64 {
        elements.extend((0..columns as i64).map(|j| f(i, j)));
    }
    from_elements(&[rows, columns], elements)
}

fn eye(rows: usize, columns: usize, k: i64, dtype: Option<DType>) -> Result<Value> {
    let mut ones = filled(&[rows, columns], 0.0)?;
    for i in 0..rows {
        if let Some(slot) = usize::try_from(i as i64 + k).ok().and_then(|j| ones.get_mut(IxDyn(&[i, j]))) {
            *slot = 1.0;
        }
    }
    cast(ones.into(), dtype.unwrap_or(DType::Float))
}

fn arange(args: &mut [Value]) -> Result<Value> {
    let dtype = arguments::dtype(&args[3])?;
    let (start, stop) = match take(args, 1) {
        Value::None => (Value::Int(0), take(args, 0)),
        stop => (take(args, 0), stop),
    };
    let (start, stop, step) = (builtins::only(&start)?, builtins::only(&stop)?, builtins::only(&args[2])?);
    let ints = [&start, &stop, &step].iter().all(|v| !matches!(v, Value::Float(_)));
    if ints {
        let (start, stop, step) = (i64::scalar(&start)?, i64::scalar(&stop)?, i64::scalar(&step)?);
        if step == 0 {
            return Err(Error::value("arange: the step must not be zero"));
        }
        let range = super::super::value::Range { start, stop, step };
        shape_len(&[range.len()])?;
        let elements = from_elements(&[range.len()], (0..range.len()).map(|i| range.at(i)).collect::<Vec<i64>>())?;
        return cast(elements.into(), dtype.unwrap_or(DType::Int));
    }
    let (start, stop, step) = (f64::scalar(&start)?, f64::scalar(&stop)?, f64::scalar(&step)?);
    let whole = |x: f64| if dtype == Some(DType::Int) { x.trunc() } else { x };
    let count = ((stop - start) / step).ceil();
    if step == 0.0 || !count.is_finite() {
        return Err(Error::value("arange: the bounds and the step must be finite and the step not zero"));
    }
    let count = count.max(0.0) as usize;
    shape_len(&[count])?;
    // As NumPy: the distance of the first two elements, times the index.
    let (start, next) = (whole(start), whole(start + step));
    let delta = next - start;
    let elements: Vec<f64> = (0..count)
        .map(|i| match i {
            0 => start,
            1 => next,
            i => start + i as f64 * delta,
        })
        .collect();
    cast(from_elements(&[count], elements)?.into(), dtype.unwrap_or(DType::Float))
}

/// The number of axes of evenly spaced numbers between these.
fn spaced_rank(ends: &[Kind]) -> Option<usize> {
    ends.iter()
        .map(|end| sequence_kind(end).rank())
        .try_fold(0, |most, rank| Some(most.max(rank?)))
        .map(|rank| rank + 1)
}

fn two_axes(first: &Value, second: &Value, rank: usize) -> Result<(usize, usize)> {
    if rank < 2 {
        return Err(Error::value("diag requires an array of at least two dimensions"));
    }
    let (m, n) = (arguments::axis(first, rank)?, arguments::axis(second, rank)?);
    if m == n { Err(Error::value("axis1 and axis2 cannot be the same")) } else { Ok((m, n)) }
}

fn diagonal_matrix<T: Element>(line: &Storage<T>, k: i64) -> Result<ArrayD<T>> {
    let n = line.len() + k.unsigned_abs() as usize;
    let mut result = filled(&[n, n], T::default())?;
    for (i, &x) in line.iter().enumerate() {
        let at = if k >= 0 { [i, i + k as usize] } else { [i + k.unsigned_abs() as usize, i] };
        result[IxDyn(&at)] = x;
    }
    Ok(result)
}

/// The diagonals of the matrices in two axes: a view where there is one matrix.
pub(super) fn diagonal<T: Element>(a: Storage<T>, k: i64, m: usize, n: usize) -> Result<Storage<T>> {
    let order: Vec<usize> = (0..a.ndim()).filter(|&axis| axis != m && axis != n).chain([m, n]).collect();
    let a = a.permuted_axes(IxDyn(&order));
    let rank = a.ndim();
    let (rows, columns) = (a.shape()[rank - 2] as i64, a.shape()[rank - 1] as i64);
    let (i, j) = if k >= 0 { (0, k) } else { (-k, 0) };
    let count = (rows - i).min(columns - j).max(0) as usize;
    if rank == 2 {
        let (i, j) = (i.min(rows) as isize, j.min(columns) as isize);
        let count = count as isize;
        return Ok(a.slice_move(ndarray::s![i..i + count, j..j + count]).into_diag().into_dyn());
    }
    let stack = a.shape()[..rank - 2].to_vec();
    let mut elements = Vec::with_capacity(shape_len(&stack)? * count);
    for at in ndarray::indices(IxDyn(&stack)) {
        let mut part = a.view();
        for &i in ndarray::Dimension::slice(&at) {
            part = part.index_axis_move(Axis(0), i);
        }
        elements.extend((0..count).map(|d| part[IxDyn(&[i as usize + d, j as usize + d])]));
    }
    Ok(from_elements(&[&stack[..], &[count]].concat(), elements)?.into_shared())
}

fn triangle(args: &mut [Value], keep: fn(i64, i64, i64) -> bool) -> Result<Value> {
    let a = take_array(args, 0)?;
    let k = int(&args[1], "k")?;
    match a.ndim() {
        0 => Err(Error::value("tril and triu need an array")),
        // As NumPy: a vector is repeated as rows.
        1 => each_dtype!(a, a => {
            let n = a.len();
            Ok(triangle_of(super::shapes::broadcast_to(a, &[n, n])?, k, keep)?.into())
        }),
        _ => each_dtype!(a, a => Ok(triangle_of(a, k, keep)?.into())),
    }
}

fn triangle_of<T: Element>(a: Storage<T>, k: i64, keep: fn(i64, i64, i64) -> bool) -> Result<ArrayD<T>> {
    let (shape, rank) = (a.shape().to_vec(), a.ndim());
    let (rows, columns) = (shape[rank - 2], shape[rank - 1]);
    let mut elements: Vec<T> = a.iter().copied().collect();
    for matrix in elements.chunks_exact_mut((rows * columns).max(1)) {
        for (at, x) in matrix.iter_mut().enumerate() {
            if !keep((at / columns) as i64, (at % columns) as i64, k) {
                *x = T::default();
            }
        }
    }
    from_elements(&shape, elements)
}

fn grid_kind(args: &[Operand]) -> Kind {
    let Kind::Tuple(vectors) = kinds::arg(args, 0) else { return Kind::Any };
    Kind::Tuple(vectors.iter().map(|vector| array_kind(vector.dtype(), Some(vectors.len()))).collect())
}

fn meshgrid(args: &mut [Value]) -> Result<Value> {
    let lines = super::super::iteration::elements(&args[0])?;
    let swapped = match &args[1] {
        Value::Str(s) if s.as_str() == "xy" => lines.len() >= 2,
        Value::Str(s) if s.as_str() == "ij" => false,
        _ => return Err(Error::value("valid values for indexing are 'xy' and 'ij'")),
    };
    let sparse = operators::truth(&args[2])?;
    let rank = lines.len();
    let place = |i: usize| if swapped && i < 2 { 1 - i } else { i };
    let lines = lines.into_iter().map(arguments::array).collect::<Result<Vec<Array>>>()?;
    let mut shape = vec![1; rank];
    for (i, line) in lines.iter().enumerate() {
        shape[place(i)] = line.len();
    }
    let mut grids = Vec::with_capacity(rank);
    for (i, line) in lines.into_iter().enumerate() {
        let mut own = vec![1; rank];
        own[place(i)] = line.len();
        grids.push(each_dtype!(line, a => {
            let a = super::shapes::reshaped(a, &own)?;
            if sparse { a.into() } else { super::shapes::broadcast_to(a, &shape)?.into() }
        }));
    }
    Ok(Value::tuple(grids))
}

/// The list that an array's elements make, nested by axes.
pub(super) fn to_list(value: &Value) -> Result<Value> {
    match value {
        Value::Array(array) if array.ndim() == 1 => Ok(Value::List(std::sync::Arc::new(match &**array {
            Array::Float(a) => List::Floats(a.iter().copied().collect()),
            Array::Int(a) => List::Ints(a.iter().copied().collect()),
            Array::Bool(a) => List::Values(a.iter().map(|&b| Value::Bool(b)).collect()),
        }))),
        Value::Array(_) => {
            Ok(Value::list(super::super::iteration::elements(value)?.iter().map(to_list).collect::<Result<_>>()?))
        }
        number => Ok(number.clone()),
    }
}
