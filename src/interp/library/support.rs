//! Module `cotangent`: what derivative code computes with cotangents.

use std::sync::Arc;

use super::super::array::{Element, Storage, each_dtype, filled, shape_text};
use super::super::function::Function;
use super::super::indexing;
use super::super::iteration;
use super::super::kinds::held;
use super::super::operators;
use super::super::value::{Dict, List, Value};
use super::arguments::{self, array_kind, take};
use super::{Builtin, builtins, kinds};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, FunctionKind, Kind, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("cotangent.zeros_like" "(x, /)" |args| zeros_kind(&kinds::arg(args, 0)), Pure(|args| zeros_like(&args[0])), "The zero cotangent of a value."),
    entry!("cotangent.is_float" "(x, /)" kinds::bool, Pure(|args| {
        let x = super::elementwise::numeric(take(args, 0))?;
        Ok(Value::Bool(operators::dtype_of(&x) == Some(DType::Float)))
    }), "Whether a value is a float, or an array or a sequence of floats."),
    entry!("cotangent.is_float_type" "(dtype, /)" kinds::bool, Pure(|args| {
        Ok(Value::Bool(arguments::dtype(&args[0])?.is_none_or(|dtype| dtype == DType::Float)))
    }), "Whether an element type is that of floats; None, which leaves elements as they are, counts as one."),
    entry!("cotangent.or_zeros" "(bar, x, /)" |args| match kinds::arg(args, 0) {
        Kind::None | Kind::Any => zeros_kind(&kinds::arg(args, 1)),
        bar => bar,
    }, Pure(|args| match take(args, 0) {
        Value::None => zeros_like(&args[1]),
        bar => Ok(bar),
    }), "A cotangent of a value; the zero cotangent where it is None."),
    entry!("cotangent.order" "(ranks, reverse=False, /)" |_| Kind::ListOf(Arc::new(Kind::Int)), Pure(|args| {
        let places = builtins::order(iteration::elements(&args[0])?, operators::truth(&args[1])?)?;
        Ok(Value::List(Arc::new(List::Ints(places.into_iter().map(|at| at as i64).collect()))))
    }), "The positions of the elements in ascending order, or descending; equal ones as they were."),
    entry!("cotangent.add" "(a, b, /)" |args| add_kind(&kinds::arg(args, 0), &kinds::arg(args, 1)), Pure(|args| add(take(args, 0), take(args, 1))), "The sum of two cotangents; None is zero."),
    entry!("cotangent.sum_to" "(v, shape, /)" sum_to_kind, Pure(|args| {
        if is_shape(&args[1], super::creation::shape_of(&args[0])) {
            return Ok(take(args, 0));
        }
        let shape = arguments::shape(&args[1])?;
        if let Value::List(_) | Value::Tuple(_) = &args[0] {
            return Err(Error::derivative("the cotangent of a sequence where one of an array is expected"));
        }
        sum_to(take(args, 0), &shape)
    }), "The cotangent of what was broadcast: summed over the axes along which a shape was repeated."),
    entry!("cotangent.add_at" "(bar, index, value, /)" |args| kinds::arg(args, 0), Pure(|args| {
        let mut bar = take(args, 0);
        add_at(&mut bar, &args[1].clone(), take(args, 2))?;
        Ok(bar)
    }), "A cotangent of a container with a contribution to the part at an index."),
    entry!("cotangent.picks" "(index, /)" kinds::bool, Pure(|args| Ok(Value::Bool(picks_places(&args[0])))), "Whether an index picks elements of an array one by one."),
    entry!("cotangent.einsum_transpose" "(subscripts, operand, /)" kinds::str, Pure(|args| {
        let Value::Str(subscripts) = take(args, 0) else {
            return Err(Error::type_("einsum starts with a string of subscripts"));
        };
        let operand = usize::try_from(arguments::int(&args[1], "the operand")?).unwrap_or(usize::MAX);
        Ok(Value::str(crate::rules::einsum::transposed(&subscripts, operand).unwrap_or_default()))
    }), "The subscripts with which einsum gives the cotangent of an operand; empty where it cannot."),
    entry!("cotangent.captures" "(f, /)" captures_kind, Pure(|args| captures(&args[0])), "What a function holds: what it captured when it was made, in the order of the names, then its defaults that are no constants; of a derivative, what its function holds."),
    entry!("cotangent.keep" "(x, /)" kinds::same, Pure(|args| Ok(keep(take(args, 0)))), "The value, not holding on to the buffer of a larger array."),
];

fn captures(function: &Value) -> Result<Value> {
    let Value::Function(f) = function else {
        return Err(Error::type_(format!("'{}' is not a function", function.type_name())));
    };
    match &**f {
        Function::Closure(closure) => Ok(Value::tuple(held(closure).cloned().collect())),
        Function::Derived(derived) => captures(&derived.function),
        Function::Partial(inner, _) => captures(inner),
        Function::Builtin(_) | Function::Host(_) => Ok(Value::tuple(vec![])),
    }
}

fn captures_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        Kind::Function(function) => Kind::Tuple(function.held().into_iter().cloned().collect()),
        _ => Kind::Any,
    }
}

fn picks_places(index: &Value) -> bool {
    match index {
        Value::Array(_) | Value::List(_) => true,
        Value::Tuple(items) => items.iter().any(picks_places),
        _ => false,
    }
}

/// Adds to a part of a cotangent, in place where nobody else holds it.
fn add_at(bar: &mut Value, index: &Value, value: Value) -> Result<()> {
    match bar {
        Value::Array(_) => indexing::add_at(bar, index, super::elementwise::numeric(value)?),
        Value::Tuple(items) => {
            let Value::Int(at) = index else { return Err(Error::index("a tuple is indexed by an integer")) };
            let length = items.len();
            let at = usize::try_from(if *at < 0 { at + length as i64 } else { *at }).unwrap_or(usize::MAX);
            let Some(part) = Arc::make_mut(items).get_mut(at) else {
                return Err(Error::index("tuple index out of range"));
            };
            *part = add(std::mem::take(part), value)?;
            Ok(())
        }
        _ => {
            let old = indexing::get(bar, index)?;
            let sum = add(old, value)?;
            indexing::set(bar, index, sum)
        }
    }
}

fn zeros_kind(kind: &Kind) -> Kind {
    match kind {
        Kind::Bool | Kind::Int | Kind::Float | Kind::Packed(_) => Kind::Float,
        Kind::Array(_, rank, extents) => Kind::Array(DType::Float, *rank, *extents),
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(zeros_kind).collect()),
        Kind::List(items) => Kind::List(items.iter().map(zeros_kind).collect()),
        Kind::ListOf(item) => Kind::ListOf(Arc::new(zeros_kind(item))),
        Kind::Dict(items) => Kind::Dict(items.iter().map(|(k, v)| (k.clone(), zeros_kind(v))).collect()),
        Kind::None | Kind::Str | Kind::Module(_) | Kind::Range => Kind::None,
        Kind::Function(function) => match &**function {
            FunctionKind::Script { .. } => Kind::Tuple(function.held().into_iter().map(zeros_kind).collect()),
            _ => Kind::Any,
        },
        _ => Kind::Any,
    }
}

pub(crate) fn zeros_like(x: &Value) -> Result<Value> {
    Ok(match x {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Value::Float(0.0),
        Value::Array(array) => filled(array.shape(), 0.0)?.into(),
        Value::Tuple(items) => Value::tuple(items.iter().map(zeros_like).collect::<Result<_>>()?),
        Value::List(list) => match &**list {
            List::Floats(v) => Value::List(Arc::new(List::Floats(vec![0.0; v.len()]))),
            List::Ints(v) => Value::List(Arc::new(List::Floats(vec![0.0; v.len()]))),
            List::Values(v) => Value::list(v.iter().map(zeros_like).collect::<Result<_>>()?),
        },
        Value::Dict(dict) => {
            let items = dict.iter().map(|(k, v)| Ok((k.clone(), zeros_like(v)?))).collect::<Result<Dict>>()?;
            Value::Dict(Arc::new(items))
        }
        Value::Function(function) => match &**function {
            Function::Closure(closure) => Value::tuple(held(closure).map(zeros_like).collect::<Result<_>>()?),
            Function::Derived(derived) => zeros_like(&derived.function)?,
            Function::Partial(function, given) => {
                let function = zeros_like(function)?;
                Value::tuple(vec![function, Value::tuple(given.iter().map(zeros_like).collect::<Result<_>>()?)])
            }
            Function::Builtin(_) | Function::Host(_) => Value::None,
        },
        _ => Value::None,
    })
}

fn add_kind(a: &Kind, b: &Kind) -> Kind {
    match (a, b) {
        (Kind::None, k) | (k, Kind::None) => k.clone(),
        (Kind::Tuple(a), Kind::Tuple(b)) if a.len() == b.len() => {
            Kind::Tuple(a.iter().zip(b.iter()).map(|(a, b)| add_kind(a, b)).collect())
        }
        (Kind::List(a), Kind::List(b)) if a.len() == b.len() => {
            Kind::List(a.iter().zip(b.iter()).map(|(a, b)| add_kind(a, b)).collect())
        }
        (Kind::ListOf(a), Kind::ListOf(b)) => match add_kind(a, b) {
            Kind::Any => Kind::Any,
            kind => Kind::ListOf(Arc::new(kind)),
        },
        (Kind::Dict(a), Kind::Dict(b)) if a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.0 == y.0) => {
            Kind::Dict(a.iter().zip(b.iter()).map(|(x, y)| (x.0.clone(), add_kind(&x.1, &y.1))).collect())
        }
        (a, b) if a.dtype().is_some() && b.dtype().is_some() => {
            kinds::arithmetic(&[a.clone().into(), b.clone().into()])
        }
        _ => Kind::Any,
    }
}

/// The structural sum of two cotangents.
pub(crate) fn add(a: Value, b: Value) -> Result<Value> {
    match (a, b) {
        (Value::None, x) | (x, Value::None) => Ok(x),
        (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => {
            let (a, b) = (Arc::unwrap_or_clone(a), Arc::unwrap_or_clone(b));
            Ok(Value::tuple(a.into_iter().zip(b).map(|(a, b)| add(a, b)).collect::<Result<_>>()?))
        }
        (Value::List(mut a), Value::List(b)) if a.len() == b.len() => {
            if let (List::Floats(x), List::Floats(y)) = (Arc::make_mut(&mut a), &*b) {
                x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
                return Ok(Value::List(a));
            }
            let items = a.iter().zip(b.iter()).map(|(a, b)| add(a, b)).collect::<Result<_>>()?;
            Ok(Value::list(items))
        }
        (Value::Dict(mut a), Value::Dict(b)) => {
            let sum = Arc::make_mut(&mut a);
            for (key, item) in b.iter() {
                let slot = sum.entry(key.clone()).or_insert(Value::None);
                *slot = add(std::mem::take(slot), item.clone())?;
            }
            Ok(Value::Dict(a))
        }
        (a, b) if operators::dtype_of(&a).is_some() && operators::dtype_of(&b).is_some() => {
            operators::binary(BinaryOp::Add, a, b)
        }
        (a, b) => Err(Error::derivative(format!(
            "cotangents of different structure: {} and {}",
            a.type_name(),
            b.type_name()
        ))),
    }
}

fn sum_to_kind(args: &[Operand]) -> Kind {
    let v = kinds::arg(args, 0);
    match (v.dtype(), arguments::shape_rank(&kinds::arg(args, 1))) {
        (Some(DType::Float), rank @ Some(_)) => array_kind(Some(DType::Float), rank),
        _ => Kind::Any,
    }
}

/// Whether a value is a tuple of these lengths.
fn is_shape(value: &Value, shape: &[usize]) -> bool {
    let Value::Tuple(items) = value else { return false };
    let same = |(item, length): (&Value, &usize)| matches!(item, Value::Int(n) if *n == *length as i64);
    items.len() == shape.len() && items.iter().zip(shape).all(same)
}

fn sum_to(v: Value, shape: &[usize]) -> Result<Value> {
    let given = super::creation::shape_of(&v).to_vec();
    if given == shape {
        return Ok(v);
    }
    let misfit = || {
        Error::shape(format!(
            "a cotangent of shape {} cannot belong to a value of shape {}",
            shape_text(&given),
            shape_text(shape)
        ))
    };
    // A number or a part that is to be repeated stands for the same cotangent everywhere.
    if given.len() < shape.len() {
        let a = arguments::array(v)?;
        return Ok(each_dtype!(a, a => super::shapes::broadcast_to(a, shape).map_err(|_| misfit())?.into()));
    }
    let lead = given.len() - shape.len();
    let mut axes: Vec<usize> = (0..lead).collect();
    let mut grow = false;
    for (at, &n) in shape.iter().enumerate() {
        match (given[lead + at], n) {
            (m, n) if m == n => {}
            (_, 1) => axes.push(lead + at),
            (1, _) => grow = true,
            _ => return Err(misfit()),
        }
    }
    let a = f64::storage(arguments::array(v)?)?;
    let summed = super::reductions::float_sum(a, &axes, true, 0.0)?.into_shared();
    let kept: Vec<usize> = summed.shape()[lead..].to_vec();
    let summed = super::shapes::reshaped(summed, &kept)?;
    Ok(if grow { super::shapes::broadcast_to(summed, shape)?.into() } else { summed.into() })
}

/// Views up to this many elements are copied without asking how large the buffer is.
const SMALL: usize = 1024;

fn keep(x: Value) -> Value {
    match x {
        Value::Array(array) => match Arc::try_unwrap(array) {
            Ok(array) => each_dtype!(array, a => compact(a).into()),
            Err(shared) if shared.len() <= SMALL => each_dtype!(&*shared, a => a.to_owned().into()),
            Err(shared) => Value::Array(shared),
        },
        other => other,
    }
}

/// The array in a buffer of its own size, where its buffer is much larger.
fn compact<T: Element>(a: Storage<T>) -> Storage<T> {
    if !a.is_unique() {
        return if a.len() <= SMALL { a.to_owned().into_shared() } else { a };
    }
    let len = a.len();
    match a.try_into_owned_nocopy() {
        Ok(owned) => {
            let layout = (owned.raw_dim(), owned.is_standard_layout());
            if !layout.1 {
                return owned.as_standard_layout().into_owned().into_shared();
            }
            let (buffer, offset) = owned.into_raw_vec_and_offset();
            let start = offset.unwrap_or(0);
            if buffer.len() == len {
                return ndarray::ArrayD::from_shape_vec(layout.0, buffer).map(|a| a.into_shared()).unwrap_or_default();
            }
            let own = buffer[start..start + len].to_vec();
            ndarray::ArrayD::from_shape_vec(layout.0, own).map(|a| a.into_shared()).unwrap_or_default()
        }
        Err(shared) => shared,
    }
}
