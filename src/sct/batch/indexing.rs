//! `x[index]` for a whole batch.

use crate::lang::{Result, symbol};

use super::super::core::{Atom, Index, Op};
use super::super::kind::{DType, Kind, Literal};
use super::super::lower::position;
use super::axes::no_batch;
use super::{Batch, Spread, Value};

/// An index for the whole batch, and how its result lies.
pub(super) struct Whole {
    pub(super) index: Index,
    /// The axes of the result to move, and where they go.
    pub(super) moves: Option<(Vec<usize>, Vec<usize>)>,
}

/// What one of the indices in brackets is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// An integer.
    Number,
    /// An array of integers with so many axes for one example.
    Numbers(usize),
    /// An array of truth values with so many axes, the same for all examples.
    Mask(usize),
    /// A slice.
    Slice,
    /// `None`
    New,
    /// `...`
    Rest,
}

/// The indices in brackets, what each of them is, and whether the examples differ in it.
type Parts = (Vec<Index>, Vec<Part>, Vec<bool>);

const WHOLE: Index = Index::Slice([None, None, None]);

impl Batch<'_, '_, '_> {
    /// `base[index]`; none where it has no form for a batch.
    pub(super) fn index(&mut self, base: &Atom, index: &Index) -> Result<Option<Value>> {
        let base = self.value(base);
        let kind = self.l.f.kind(&base.atom);
        if !matches!(kind, Kind::Array(..)) {
            return self.item_of(&base, &kind, index);
        }
        let Some(whole) = self.whole_index(&base, index)? else { return Ok(None) };
        let found = self.l.get_atom(base.atom, whole.index);
        let Some((from, to)) = whole.moves else { return Ok(Some(Value::each(found))) };
        if self.l.f.kind(&found).rank().is_none() {
            return Ok(None);
        }
        Ok(Some(Value::each(self.moved(found, &from, &to))))
    }

    fn moved(&mut self, atom: Atom, from: &[usize], to: &[usize]) -> Atom {
        let axes = |axes: &[usize]| match axes {
            [one] => Atom::int(*one as i64),
            axes => Atom::Lit(Literal::Tuple(axes.iter().map(|axis| Literal::Int(*axis as i64)).collect())),
        };
        self.l.call(symbol!("np.moveaxis"), vec![atom, axes(from), axes(to)])
    }

    /// An item of a list, a tuple or a dict.
    fn item_of(&mut self, base: &Value, kind: &Kind, index: &Index) -> Result<Option<Value>> {
        let index = match index {
            Index::At(at) => match self.value(at) {
                value if value.spread.is_same() => Index::At(value.atom),
                _ => return Ok(None),
            },
            Index::Slice(bounds) => {
                let bounds = bounds.iter().map(|bound| bound.as_ref().map(|b| self.same(b)).transpose());
                let bounds: Vec<Option<Atom>> = bounds.collect::<Result<_>>()?;
                let [start, stop, step] = bounds.try_into().map_err(|_| no_batch())?;
                Index::Slice([start, stop, step])
            }
            _ => return Ok(None),
        };
        if let Index::At(Atom::Lit(key)) = &index {
            let at = match (kind, key) {
                (Kind::Tuple(items) | Kind::List(items), Literal::Int(at)) => position(*at, items.len()),
                (Kind::Dict(items), key) => items.iter().position(|(k, _)| k == key),
                (Kind::ListOf(_), _) => Some(0),
                _ => None,
            };
            let Some(at) = at else { return Ok(None) };
            let spread = base.spread.part(at)?;
            let atom = self.l.get_atom(base.atom.clone(), index);
            return Ok(Some(Value { atom, spread }));
        }
        if !matches!(kind, Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_)) {
            return Ok(None);
        }
        let item = base.spread.item()?;
        let list = match kind {
            Kind::Tuple(items) => self.force(base, &Spread::Parts(vec![item.clone(); items.len()]))?,
            _ => self.force(base, &Spread::Items(Box::new(item.clone())))?,
        };
        let slice = matches!(index, Index::Slice(_));
        let atom = self.l.get_atom(list, index);
        Ok(Some(Value { atom, spread: if slice { Spread::Items(Box::new(item)) } else { item } }))
    }

    /// An index taken apart.
    fn index_parts(&mut self, index: &Index) -> Result<Option<Parts>> {
        let single = [index.clone()];
        let items: &[Index] = match index {
            Index::Tuple(items) => items,
            _ => &single,
        };
        let (mut indices, mut parts, mut each) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let (index, part, differs) = match item {
                Index::Ellipsis => (Index::Ellipsis, Part::Rest, false),
                Index::Slice(bounds) => {
                    let mut all: [Option<Atom>; 3] = [None, None, None];
                    for (slot, bound) in all.iter_mut().zip(bounds) {
                        if let Some(bound) = bound {
                            let value = self.value(bound);
                            if !value.spread.is_same() {
                                return Ok(None);
                            }
                            *slot = Some(value.atom);
                        }
                    }
                    (Index::Slice(all), Part::Slice, false)
                }
                Index::At(at) => {
                    let value = self.value(at);
                    let rank = self.rank(&value);
                    let part = match (&value.spread, self.l.f.kind(&value.atom)) {
                        (Spread::Each, Kind::Array(DType::Int, ..)) => match rank {
                            Some(0) => Part::Number,
                            Some(rank) => Part::Numbers(rank),
                            None => return Ok(None),
                        },
                        (Spread::Same, Kind::Int) => Part::Number,
                        (Spread::Same, Kind::None) => Part::New,
                        (Spread::Same, Kind::Array(DType::Int, Some(rank), _)) => Part::Numbers(rank.into()),
                        (Spread::Same, Kind::Array(DType::Bool, Some(rank), _)) => Part::Mask(rank.into()),
                        (Spread::Same, Kind::ListOf(item)) if *item == Kind::Int => Part::Numbers(1),
                        (Spread::Same, Kind::List(items))
                            if !items.is_empty() && items.iter().all(|item| *item == Kind::Int) =>
                        {
                            Part::Numbers(1)
                        }
                        _ => return Ok(None),
                    };
                    (Index::At(value.atom), part, value.spread == Spread::Each)
                }
                Index::Tuple(_) => return Ok(None),
            };
            indices.push(index);
            parts.push(part);
            each.push(differs);
        }
        Ok(Some((indices, parts, each)))
    }

    /// The index for the whole batch that stands for one in each example.
    pub(super) fn whole_index(&mut self, base: &Value, index: &Index) -> Result<Option<Whole>> {
        let Some(rank) = self.rank(base) else { return Ok(None) };
        let Some((mut indices, parts, each)) = self.index_parts(index)? else { return Ok(None) };
        let used: usize = parts.iter().map(|part| part.used()).sum();
        if used > rank {
            return Ok(None);
        }
        // How many axes the arrays among the indices leave, and where they stand in the result for one example.
        let advanced = parts.iter().any(|part| matches!(part, Part::Numbers(_) | Part::Mask(_)));
        let wide = parts.iter().map(|part| part.wide()).max().unwrap_or(0);
        let place = |parts: &[Part]| apart(parts).map(|first| left(&parts[..first], rank, used));
        if !each.iter().any(|each| *each) {
            let moves = match advanced && apart(&parts).is_none() {
                // Arrays that are not beside each other put their axes first.
                true => Some((vec![wide], vec![0])),
                false => None,
            };
            indices.insert(0, WHOLE);
            return Ok(Some(Whole { index: Index::Tuple(indices), moves }));
        }
        if parts.iter().any(|part| matches!(part, Part::Mask(_))) {
            return Ok(None);
        }
        for ((index, part), each) in indices.iter_mut().zip(&parts).zip(&each) {
            if let (true, Index::At(atom), own) = (*each, &mut *index, part.wide()) {
                let value = Value::each(atom.clone());
                if own < wide {
                    *atom = self.aligned(&value, wide);
                }
            }
        }
        let before = if advanced { place(&parts).unwrap_or(0) } else { 0 };
        let moves = if base.spread == Spread::Each {
            let examples = self.l.call(symbol!("np.arange"), vec![self.size.clone()]);
            let examples = if wide > 0 { self.with_new_axes(examples, wide) } else { examples };
            indices.insert(0, Index::At(examples));
            // The arrays' axes come behind the batch's; in the result for one example they stand behind `before` others.
            match wide > 0 && before > 0 {
                true => Some(((1..=wide).collect(), (before + 1..=before + wide).collect())),
                false => None,
            }
        } else {
            match place(&parts) {
                // The batch's axis is where the indices stand.
                Some(0) | None => match wide > 0 && before > 0 {
                    true => Some(((1..=wide).collect(), (before + 1..=before + wide).collect())),
                    false => None,
                },
                Some(at) => Some((vec![at], vec![0])),
            }
        };
        let index = match <[Index; 1]>::try_from(indices) {
            Ok([index]) => index,
            Err(indices) => Index::Tuple(indices),
        };
        Ok(Some(Whole { index, moves }))
    }

    /// The number of axes of what an index stands for, in an array of so many axes, for one example.
    pub(super) fn place_rank(&self, rank: usize, index: &Index) -> Option<usize> {
        let single = [index.clone()];
        let items: &[Index] = match index {
            Index::Tuple(items) => items,
            _ => &single,
        };
        let (mut axes, mut used, mut wide) = (0, 0, 0);
        for item in items {
            match item {
                Index::Ellipsis => {}
                Index::Slice(_) => {
                    axes += 1;
                    used += 1;
                }
                Index::At(at) => {
                    let value = self.value(at);
                    match (self.l.f.kind(&value.atom), self.rank(&value)) {
                        (Kind::None, _) => axes += 1,
                        (Kind::Array(DType::Bool, ..), Some(rank)) => {
                            used += rank;
                            wide = wide.max(1);
                        }
                        (_, Some(rank)) => {
                            used += 1;
                            wide = wide.max(rank);
                        }
                        (Kind::List(_) | Kind::ListOf(_), _) => {
                            used += 1;
                            wide = wide.max(1);
                        }
                        _ => return None,
                    }
                }
                Index::Tuple(_) => return None,
            }
        }
        Some(axes + wide + rank.checked_sub(used)?)
    }

    /// An operation that changes a place.
    pub(super) fn define_update(
        &mut self,
        base: Atom,
        index: Index,
        how: super::super::core::How,
        value: Atom,
    ) -> Atom {
        let kind = self.l.f.kind(&base);
        self.l.define(symbol!("t"), kind, Op::Update(base, vec![index], how, value))
    }
}

impl Part {
    /// How many axes of the array it stands for.
    fn used(self) -> usize {
        match self {
            Part::Number | Part::Numbers(_) | Part::Slice => 1,
            Part::Mask(rank) => rank,
            Part::New | Part::Rest => 0,
        }
    }

    /// How many axes it has as an array.
    fn wide(self) -> usize {
        match self {
            Part::Numbers(rank) => rank,
            Part::Mask(_) => 1,
            _ => 0,
        }
    }

    fn is_advanced(self) -> bool {
        matches!(self, Part::Number | Part::Numbers(_) | Part::Mask(_))
    }
}

/// Where the integers and arrays among the indices begin; none where something stands between them.
fn apart(parts: &[Part]) -> Option<usize> {
    let first = parts.iter().position(|part| part.is_advanced())?;
    let last = parts.iter().rposition(|part| part.is_advanced())?;
    parts[first..=last].iter().all(|part| part.is_advanced()).then_some(first)
}

/// How many axes of the result these indices, which begin the brackets, leave.
fn left(parts: &[Part], rank: usize, used: usize) -> usize {
    let axes = |part: &Part| match part {
        Part::Slice | Part::New => 1,
        Part::Rest => rank - used,
        _ => 0,
    };
    parts.iter().map(axes).sum()
}
