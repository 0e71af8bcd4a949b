//! Kind rules that many entries share: what the result is, from what the arguments are.
//!
//! A rule must never say too much: a value outside its kind would be computed with wrongly. Where a rule does not know,
//! it says [`Kind::Any`].

use std::sync::Arc;

use crate::sct::extents::{Extent, Extents};
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// Nothing is known.
pub fn any(_: &[Operand]) -> Kind {
    Kind::Any
}

/// Always `None`.
pub fn none(_: &[Operand]) -> Kind {
    Kind::None
}

/// Always a truth value.
pub fn bool(_: &[Operand]) -> Kind {
    Kind::Bool
}

/// Always an integer.
pub fn int(_: &[Operand]) -> Kind {
    Kind::Int
}

/// Always a float.
pub fn float(_: &[Operand]) -> Kind {
    Kind::Float
}

/// Always a string.
pub fn str(_: &[Operand]) -> Kind {
    Kind::Str
}

/// Always a range.
pub fn range(_: &[Operand]) -> Kind {
    Kind::Range
}

/// What the first argument is.
pub fn same(args: &[Operand]) -> Kind {
    arg(args, 0)
}

/// The kind of an argument.
pub fn arg(args: &[Operand], at: usize) -> Kind {
    args.get(at).map_or(Kind::Any, |operand| operand.kind.clone())
}

/// The kinds of the first two arguments.
fn pair(args: &[Operand]) -> (&Kind, &Kind) {
    let kind = |at: usize| args.get(at).map_or(&Kind::Any, |operand| &operand.kind);
    (kind(0), kind(1))
}

/// The constant value of an argument.
pub fn literal(args: &[Operand], at: usize) -> Option<&Literal> {
    args.get(at).and_then(|operand| operand.literal.as_ref())
}

/// A value of a number's or array's shape with another element type; unknown for anything else.
pub fn with_dtype(kind: &Kind, dtype: DType) -> Kind {
    match kind {
        Kind::Bool | Kind::Int | Kind::Float => dtype.scalar(),
        Kind::Array(_, rank, extents) => Kind::Array(dtype, *rank, *extents),
        _ => Kind::Any,
    }
}

/// A float for each element.
pub fn float_elementwise(args: &[Operand]) -> Kind {
    with_dtype(&arg(args, 0), DType::Float)
}

/// A truth value for each element.
pub fn bool_elementwise(args: &[Operand]) -> Kind {
    with_dtype(&arg(args, 0), DType::Bool)
}

/// The shape that both are broadcast to, with an element type.
pub fn broadcast(a: &Kind, b: &Kind, dtype: DType) -> Kind {
    if a.dtype().is_none() || b.dtype().is_none() {
        return Kind::Any;
    }
    match (a.rank(), b.rank()) {
        (Some(0), Some(0)) => dtype.scalar(),
        (Some(m), Some(n)) => Kind::array(dtype, Some(m.max(n))).with_extents(a.extents().broadcast(m, b.extents(), n)),
        _ => Kind::array(dtype, None),
    }
}

/// The element type that both are promoted to.
pub fn promoted(a: &Kind, b: &Kind) -> Option<DType> {
    Some(a.dtype()?.max(b.dtype()?))
}

/// A float for each pair of elements.
pub fn float_broadcast(args: &[Operand]) -> Kind {
    let (a, b) = pair(args);
    broadcast(a, b, DType::Float)
}

/// A truth value for each pair of elements.
pub fn bool_broadcast(args: &[Operand]) -> Kind {
    let (a, b) = pair(args);
    broadcast(a, b, DType::Bool)
}

/// An element of the promoted type for each pair of elements.
pub fn promoted_broadcast(args: &[Operand]) -> Kind {
    let (a, b) = pair(args);
    promoted(a, b).map_or(Kind::Any, |dtype| broadcast(a, b, dtype))
}

/// The result of an addition, a multiplication …: promoted; two truth values that are no arrays make an integer.
pub fn arithmetic(args: &[Operand]) -> Kind {
    match pair(args) {
        (Kind::Bool, Kind::Bool) => Kind::Int,
        (Kind::Str, Kind::Str) => Kind::Str,
        _ => promoted_broadcast(args),
    }
}

/// `+`: arithmetic, or one sequence after the other.
pub fn add(args: &[Operand]) -> Kind {
    match pair(args) {
        (Kind::Tuple(a), Kind::Tuple(b)) => Kind::Tuple(a.iter().chain(b.iter()).cloned().collect()),
        (Kind::List(a), Kind::List(b)) => Kind::List(a.iter().chain(b.iter()).cloned().collect()),
        (a @ (Kind::List(_) | Kind::ListOf(_)), b @ (Kind::List(_) | Kind::ListOf(_))) => {
            Kind::ListOf(Arc::new(a.element().join(&b.element())))
        }
        _ => arithmetic(args),
    }
}

/// `*`: arithmetic, or a sequence repeated.
pub fn mul(args: &[Operand]) -> Kind {
    match pair(args) {
        (a @ (Kind::List(_) | Kind::ListOf(_)), Kind::Int | Kind::Bool)
        | (Kind::Int | Kind::Bool, a @ (Kind::List(_) | Kind::ListOf(_))) => Kind::ListOf(Arc::new(a.element())),
        (Kind::Str, Kind::Int | Kind::Bool) | (Kind::Int | Kind::Bool, Kind::Str) => Kind::Str,
        _ => match arithmetic(args) {
            Kind::Str => Kind::Any,
            kind => kind,
        },
    }
}

/// `-` of numbers and arrays of numbers.
pub fn sub(args: &[Operand]) -> Kind {
    match arithmetic(args) {
        Kind::Str => Kind::Any,
        kind => kind,
    }
}

/// `//` and `%`: as arithmetic, but arrays of truth values make integers.
pub fn floor_div(args: &[Operand]) -> Kind {
    match sub(args) {
        Kind::Array(DType::Bool, rank, extents) => Kind::Array(DType::Int, rank, extents),
        kind => kind,
    }
}

/// `**`: an integer to an integer is a float where the exponent is negative.
pub fn pow(args: &[Operand]) -> Kind {
    match pair(args) {
        (Kind::Int | Kind::Bool, Kind::Bool) => Kind::Int,
        (Kind::Int | Kind::Bool, Kind::Int) => match literal(args, 1) {
            Some(Literal::Int(n)) if *n >= 0 => Kind::Int,
            Some(Literal::Int(_)) => Kind::Float,
            _ => Kind::Any,
        },
        _ => floor_div(args),
    }
}

/// `&`, `|`, `^`.
pub fn bitwise(args: &[Operand]) -> Kind {
    match promoted_broadcast(args) {
        kind if kind.dtype() == Some(DType::Float) => Kind::Any,
        kind => kind,
    }
}

/// `<<`, `>>`.
pub fn shift(args: &[Operand]) -> Kind {
    match bitwise(args) {
        Kind::Any => Kind::Any,
        kind => with_dtype(&kind, DType::Int),
    }
}

/// A comparison: elementwise where an operand is an array, else one truth value.
pub fn comparison(args: &[Operand]) -> Kind {
    let (a, b) = pair(args);
    match (a, b) {
        (Kind::Any | Kind::Never, _) | (_, Kind::Any | Kind::Never) => Kind::Any,
        (Kind::Array(..), _) | (_, Kind::Array(..)) => broadcast(a, b, DType::Bool),
        _ => Kind::Bool,
    }
}

/// `-x`, `+x`.
pub fn negative(args: &[Operand]) -> Kind {
    match arg(args, 0) {
        Kind::Bool => Kind::Int,
        kind @ (Kind::Int | Kind::Float | Kind::Array(DType::Int | DType::Float, _, _)) => kind,
        _ => Kind::Any,
    }
}

/// A value of the first argument's kind where that is a number or an array.
pub fn same_number(args: &[Operand]) -> Kind {
    let kind = arg(args, 0);
    if kind.dtype().is_some() { kind } else { Kind::Any }
}

/// The elements of the first argument with its axes in another order, which nothing is known of.
pub fn permuted(args: &[Operand]) -> Kind {
    same_number(args).of_any_extents()
}

/// The elements of an array with these of its axes, in this order; new axes of length one where there is none.
pub fn with_axes(a: &Kind, axes: impl DoubleEndedIterator<Item = Option<usize>> + Clone) -> Kind {
    let (Some(dtype), Some(rank)) = (a.dtype(), a.rank()) else { return Kind::Any };
    let extent = |axis: Option<usize>| axis.map_or(Extent::ONE, |axis| a.extents().from_last(rank - 1 - axis));
    Kind::array(dtype, Some(axes.clone().count())).with_extents(Extents::of(axes.map(extent)))
}

/// The axes of the first argument reversed, or in the order that the second gives.
pub fn transposed(args: &[Operand]) -> Kind {
    let a = same_number(args);
    match (a.rank(), literal(args, 1), args.get(1).map(|axes| &axes.kind)) {
        (Some(rank), _, None | Some(Kind::None)) => with_axes(&a, (0..rank).rev().map(Some)),
        (Some(rank), Some(axes @ Literal::Tuple(_)), _) => match axes_of(axes, rank) {
            Some(order) if order.len() == rank => with_axes(&a, order.into_iter().map(Some)),
            _ => permuted(args),
        },
        _ => permuted(args),
    }
}

/// Two axes of the first argument exchanged.
pub fn swapped(args: &[Operand]) -> Kind {
    let a = same_number(args);
    let axis = |at| a.rank().and_then(|rank| axes_of(literal(args, at)?, rank)?.first().copied());
    match (a.rank(), axis(1), axis(2)) {
        (Some(rank), Some(m), Some(n)) => {
            let exchanged = move |axis| {
                if axis == m {
                    n
                } else if axis == n {
                    m
                } else {
                    axis
                }
            };
            with_axes(&a, (0..rank).map(move |axis| Some(exchanged(axis))))
        }
        _ => permuted(args),
    }
}

/// `@`.
pub fn matmul(args: &[Operand]) -> Kind {
    let (Kind::Array(p, Some(m), a), Kind::Array(q, Some(n), b)) = (arg(args, 0), arg(args, 1)) else {
        // Two vectors would make a number.
        return Kind::Any;
    };
    let (dtype, m, n) = (p.max(q), usize::from(m), usize::from(n));
    // The axes before the last two are broadcast; a vector has a last axis only, and leaves none.
    let (rows, columns) = (a.axes(m).rev().nth(1), b.axes(n).next_back().filter(|_| n > 1));
    let (stack, other) = (m.saturating_sub(2), n.saturating_sub(2));
    let stacked = a.before_last(2).broadcast(stack, b.before_last(2), other);
    let axes: Vec<Extent> = stacked.axes(stack.max(other)).chain(rows).chain(columns).collect();
    Kind::array(dtype, Some(axes.len())).with_extents(Extents::of(axes.into_iter()))
}

/// What is left of an array when axes are reduced: `axis` and `keepdims` at these places of the arguments.
pub fn reduced(args: &[Operand], axis: usize, keepdims: Option<usize>, dtype: DType) -> Kind {
    let a = arg(args, 0);
    if a.is_scalar() {
        return dtype.scalar();
    }
    let Kind::Array(_, rank, extents) = a else { return Kind::Any };
    let rank = rank.map(usize::from);
    let reduced = rank.and_then(|rank| axes_of(literal(args, axis)?, rank));
    let keep = match keepdims {
        None => false,
        Some(at) => match literal(args, at) {
            Some(Literal::Bool(keep)) => *keep,
            None | Some(_) => return Kind::Any,
        },
    };
    if keep {
        let kept = rank.zip(reduced).map_or(Extents::UNKNOWN, |(rank, reduced)| {
            let one = |(axis, extent)| if reduced.contains(&axis) { Extent::ONE } else { extent };
            Extents::of(extents.axes(rank).enumerate().map(one))
        });
        return Kind::array(dtype, rank).with_extents(kept);
    }
    let gone = match (literal(args, axis), arg(args, axis)) {
        (Some(Literal::None), _) | (None, Kind::None) => return dtype.scalar(),
        (Some(Literal::Tuple(axes)), _) => axes.len(),
        (_, Kind::Int) => 1,
        (None, Kind::Tuple(axes)) => axes.len(),
        _ => return Kind::Any,
    };
    match rank {
        Some(rank) if rank >= gone => {
            let left = reduced.map_or(Extents::UNKNOWN, |reduced| {
                let left = |(axis, extent)| (!reduced.contains(&axis)).then_some(extent);
                Extents::of(extents.axes(rank).enumerate().filter_map(left))
            });
            Kind::array(dtype, Some(rank - gone)).with_extents(left)
        }
        // A rank below the number of axes is an error when it runs; an unknown rank may leave a number.
        _ => Kind::Any,
    }
}

/// The axes that a constant names: one, several, or all by `None`.
pub fn axes_of(axis: &Literal, rank: usize) -> Option<Vec<usize>> {
    let position = |axis: &Literal| match axis {
        Literal::Int(axis) => crate::sct::position(*axis, rank),
        _ => None,
    };
    match axis {
        Literal::None => Some((0..rank).collect()),
        Literal::Tuple(axes) => axes.iter().map(position).collect(),
        axis => position(axis).map(|axis| vec![axis]),
    }
}
