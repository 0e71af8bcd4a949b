//! Which parts of a value have the batch as their leading axis, and what `in_axes` and `out_axes` say of that.

use std::sync::Arc;

use crate::lang::{Error, Result};

use super::super::extents::{Extent, Extents};
use super::super::kind::{Kind, Literal};
use super::super::lower::position;

/// Where the examples of a batch differ in a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Spread {
    /// Nowhere: it is the same for all.
    Same,
    /// A number or an array: the examples lie along the leading axis.
    Each,
    /// In these parts of a tuple, a list or a dict.
    Parts(Vec<Spread>),
    /// In the items of a list of any length.
    Items(Box<Spread>),
}

impl Spread {
    /// Whether the value is the same for all examples.
    pub fn is_same(&self) -> bool {
        match self {
            Spread::Same => true,
            Spread::Each => false,
            Spread::Parts(parts) => parts.iter().all(Spread::is_same),
            Spread::Items(item) => item.is_same(),
        }
    }

    /// Of these parts.
    pub fn of_parts(parts: Vec<Spread>) -> Spread {
        if parts.iter().all(Spread::is_same) { Spread::Same } else { Spread::Parts(parts) }
    }

    /// Of each item of a list of any length.
    pub fn item(&self) -> Result<Spread> {
        match self {
            Spread::Same => Ok(Spread::Same),
            Spread::Items(item) => Ok((**item).clone()),
            Spread::Parts(parts) => parts.iter().try_fold(Spread::Same, |all, part| all.join(part)),
            Spread::Each => Err(no_batch()),
        }
    }

    /// Of a part.
    pub fn part(&self, at: usize) -> Result<Spread> {
        match self {
            Spread::Parts(parts) => parts.get(at).cloned().ok_or_else(no_batch),
            other => other.item(),
        }
    }

    /// Where examples differ that differ in either.
    pub fn join(&self, other: &Spread) -> Result<Spread> {
        use Spread::{Each, Items, Parts, Same};
        Ok(match (self, other) {
            (Same, other) | (other, Same) => other.clone(),
            (Each, Each) => Each,
            (Parts(a), Parts(b)) if a.len() == b.len() => {
                Parts(a.iter().zip(b).map(|(a, b)| a.join(b)).collect::<Result<_>>()?)
            }
            (Parts(_) | Items(_), Parts(_) | Items(_)) => Items(Box::new(self.item()?.join(&other.item()?)?)),
            _ => return Err(no_batch()),
        })
    }

    /// Of a value of this kind all of whose numbers may differ.
    pub fn every(kind: &Kind) -> Result<Spread> {
        Ok(match kind {
            Kind::Bool | Kind::Int | Kind::Float | Kind::Array(..) | Kind::Factor(_) => Spread::Each,
            Kind::None | Kind::Str | Kind::Range | Kind::Module(_) => Spread::Same,
            Kind::Tuple(items) | Kind::List(items) => {
                Spread::of_parts(items.iter().map(Spread::every).collect::<Result<_>>()?)
            }
            Kind::Dict(items) => {
                Spread::of_parts(items.iter().map(|(_, kind)| Spread::every(kind)).collect::<Result<_>>()?)
            }
            Kind::ListOf(item) => Spread::Items(Box::new(Spread::every(item)?)),
            _ => return Err(no_batch()),
        })
    }
}

/// That there is no way to write something for a whole batch: the loop over the batch takes its place.
pub fn no_batch() -> Error {
    Error::derivative("this has no form for a whole batch")
}

/// The kind of a value for a whole batch, from that for one example.
pub fn batched(kind: &Kind, spread: &Spread, batch: Extent) -> Result<Kind> {
    let all = |items: &Arc<[Kind]>, parts: &[Spread]| -> Result<Arc<[Kind]>> {
        items.iter().zip(parts).map(|(kind, spread)| batched(kind, spread, batch)).collect()
    };
    Ok(match (spread, kind) {
        (Spread::Same, kind) => kind.clone(),
        (Spread::Each, Kind::Factor(rank)) => Kind::Factor(rank.map(|rank| rank + 1)),
        (Spread::Each, kind) => {
            let (Some(dtype), Some(rank)) = (kind.dtype(), kind.rank()) else { return Err(no_batch()) };
            let axes = std::iter::once(batch).chain(kind.extents().axes(rank)).collect::<Vec<_>>();
            Kind::array(dtype, Some(rank + 1)).with_extents(Extents::of(axes.into_iter()))
        }
        (Spread::Parts(parts), Kind::Tuple(items)) if items.len() == parts.len() => Kind::Tuple(all(items, parts)?),
        (Spread::Parts(parts), Kind::List(items)) if items.len() == parts.len() => Kind::List(all(items, parts)?),
        (Spread::Parts(parts), Kind::Dict(items)) if items.len() == parts.len() => Kind::Dict(
            items
                .iter()
                .zip(parts)
                .map(|((key, kind), spread)| Ok((key.clone(), batched(kind, spread, batch)?)))
                .collect::<Result<_>>()?,
        ),
        (Spread::Items(spread), kind @ (Kind::ListOf(_) | Kind::List(_))) => {
            Kind::ListOf(Arc::new(batched(&kind.element(), spread, batch)?))
        }
        _ => return Err(no_batch()),
    })
}

/// What the mapped axes of an argument leave for one example: its kind, where the examples differ, and what is known of how many
/// they are.
pub fn example(kind: &Kind, axes: &Literal, sizes: &mut Vec<Extent>) -> Result<(Kind, Spread)> {
    let whole = kind;
    let mut parts = |kinds: &[&Kind]| -> Result<(Vec<Kind>, Spread)> {
        let mut found = (Vec::new(), Vec::new());
        for (at, kind) in kinds.iter().enumerate() {
            let (kind, spread) = example(kind, &axes_of_part(whole, axes, at, kinds.len())?, sizes)?;
            found.0.push(kind);
            found.1.push(spread);
        }
        Ok((found.0, Spread::of_parts(found.1)))
    };
    Ok(match (kind, axes) {
        (kind, Literal::None) => (kind.clone(), Spread::Same),
        (Kind::Array(dtype, Some(rank), extents), Literal::Int(axis)) => {
            let rank = usize::from(*rank);
            let axis = position(*axis, rank).ok_or_else(no_batch)?;
            let mut left: Vec<Extent> = extents.axes(rank).collect();
            sizes.push(left.remove(axis));
            (Kind::array(*dtype, Some(rank - 1)).with_extents(Extents::of(left.into_iter())), Spread::Each)
        }
        (Kind::Tuple(items), _) => {
            let (kinds, spread) = parts(&items.iter().collect::<Vec<_>>())?;
            (Kind::Tuple(kinds.into()), spread)
        }
        (Kind::List(items), _) => {
            let (kinds, spread) = parts(&items.iter().collect::<Vec<_>>())?;
            (Kind::List(kinds.into()), spread)
        }
        (Kind::Dict(items), Literal::Int(_) | Literal::Dict(_)) => {
            let (kinds, spread) = parts(&items.iter().map(|(_, kind)| kind).collect::<Vec<_>>())?;
            (Kind::Dict(items.iter().map(|(key, _)| key.clone()).zip(kinds).collect()), spread)
        }
        _ => return Err(no_batch()),
    })
}

/// The axes of a part of a container of a kind.
pub fn axes_of_part(kind: &Kind, axes: &Literal, at: usize, count: usize) -> Result<Literal> {
    let key = match kind {
        Kind::Dict(items) => items.get(at).map(|(key, _)| key),
        _ => None,
    };
    match (axes, key) {
        (Literal::Tuple(each), None) if each.len() == count => each.get(at).cloned().ok_or_else(no_batch),
        (Literal::Dict(each), Some(key)) if each.len() == count => {
            each.iter().find(|(of, _)| of == key).map(|(_, axes)| axes.clone()).ok_or_else(no_batch)
        }
        (Literal::Tuple(_) | Literal::Dict(_), _) => Err(no_batch()),
        (axis, _) => Ok(axis.clone()),
    }
}

/// Whether these axes are all the leading one.
pub fn leading(axes: &Literal) -> bool {
    match axes {
        Literal::Tuple(each) => each.iter().all(leading),
        Literal::Dict(each) => each.iter().all(|(_, axes)| leading(axes)),
        Literal::Int(axis) => *axis == 0,
        _ => true,
    }
}
