//! In debug builds, every call checks the function's kind rule against the value that the call gives: a rule that says too
//! much would have code compiled that computes wrongly.

use super::super::kinds::{Sizes, coarse, kind_of, operand_of};
use super::super::value::Value;
use super::Builtin;
use crate::lang::{Error, Result};
use crate::sct::extents::Extents;
use crate::sct::kind::{Kind, Operand};

/// What the kind rule is asked with.
pub(super) struct Asked {
    operands: Vec<Vec<Operand>>,
    /// The lengths of the axes of the arguments.
    sizes: Sizes,
}

/// What may be known of the arguments, from most to least.
pub(super) fn operands(args: &[Value]) -> Asked {
    let mut sizes = Sizes::default();
    let known: Vec<Operand> = args
        .iter()
        .map(|value| match value {
            Value::Array(_) => sizes.kind_of(value).into(),
            value => operand_of(value),
        })
        .collect();
    let kinds: Vec<Operand> = args.iter().map(|value| kind_of(value).into()).collect();
    let compiled: Vec<Operand> = args.iter().map(|value| coarse(&kind_of(value)).into()).collect();
    let mut ranks_open = known.clone();
    ranks_open.iter_mut().for_each(|operand| {
        if let Kind::Array(_, rank, extents) = &mut operand.kind {
            (*rank, *extents) = (None, Extents::UNKNOWN);
        }
    });
    let mut first_open = known.clone();
    if let Some(first) = first_open.first_mut() {
        *first = Kind::Any.into();
    }
    Asked { operands: vec![known, kinds, compiled, ranks_open, first_open], sizes }
}

/// An error where the rule does not describe the result.
pub(super) fn check(builtin: &Builtin, asked: &Asked, args: &[Value], result: &Result<Value>) -> Result<()> {
    let Ok(value) = result else { return Ok(()) };
    for operands in &asked.operands {
        let kind = (builtin.kind)(operands);
        if !describes(&kind, value, &asked.sizes) {
            return Err(Error::host(format!(
                "the kind rule of {} says {kind:?} of {operands:?}, but the value is {:?}",
                builtin.name,
                kind_of(value)
            )));
        }
    }
    let place = asked.operands.first().and_then(|known| known.first()).map(|place| &place.kind);
    if let (true, Some(kind @ Kind::Array(..)), Some(now)) = (builtin.mutates, place, args.first())
        && !describes(kind, now, &asked.sizes)
    {
        return Err(Error::host(format!("{} makes {:?} of its place, which was {kind:?}", builtin.name, kind_of(now))));
    }
    Ok(())
}

/// Whether a value is of a kind.
fn describes(kind: &Kind, value: &Value, sizes: &Sizes) -> bool {
    match (kind, value) {
        (Kind::Any, _)
        | (Kind::None, Value::None)
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Int, Value::Int(_))
        | (Kind::Float, Value::Float(_))
        | (Kind::Str, Value::Str(_))
        | (Kind::Function(_), Value::Function(_))
        | (Kind::Range, Value::Range(_))
        | (Kind::Generator, Value::Generator(_))
        | (Kind::Other, Value::Slice(_) | Value::Ellipsis | Value::DType(_) | Value::Factor(_)) => true,
        (Kind::Array(dtype, rank, extents), Value::Array(array)) => {
            *dtype == array.dtype()
                && rank.is_none_or(|rank| usize::from(rank) == array.ndim())
                && extents.axes(array.ndim()).zip(array.shape()).all(|(extent, n)| sizes.describe(extent, *n))
        }
        (Kind::Tuple(kinds), Value::Tuple(items)) => {
            kinds.len() == items.len()
                && kinds.iter().zip(items.iter()).all(|(kind, item)| describes(kind, item, sizes))
        }
        (Kind::List(kinds), Value::List(list)) => {
            kinds.len() == list.len() && kinds.iter().zip(list.iter()).all(|(kind, item)| describes(kind, &item, sizes))
        }
        (Kind::ListOf(kind), Value::List(list)) => list.iter().all(|item| describes(kind, &item, sizes)),
        (Kind::Dict(kinds), Value::Dict(dict)) => {
            kinds.len() == dict.len()
                && kinds.iter().zip(dict.values()).all(|((_, kind), item)| describes(kind, item, sizes))
        }
        (Kind::View(kind), Value::View(view)) => view.iter().all(|item| describes(kind, &item, sizes)),
        (Kind::Module(name), Value::Module(module)) => name == module,
        (Kind::Factor(rank), Value::Factor(factor)) => {
            rank.is_none_or(|rank| usize::from(rank) == factor.shape().len())
        }
        _ => false,
    }
}
