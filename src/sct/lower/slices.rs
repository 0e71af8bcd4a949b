//! Slices of lists that are set or deleted: each is what it is short for, a list with other items.

use crate::lang::{Result, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, Index};
use super::super::kind::{Kind, Literal};
use super::Lowerer;
use super::indices::{clamped, slice_items};

const SET_SLICE: &str = "
def set_slice(xs, start, stop, ys):
    n = len(xs)
    start = 0 if start is None else max(start + n, 0) if start < 0 else min(start, n)
    stop = n if stop is None else max(stop + n, 0) if stop < 0 else min(stop, n)
    out = []
    for i in range(start):
        out.append(xs[i])
    for y in ys:
        out.append(y)
    for i in range(max(start, stop), n):
        out.append(xs[i])
    return out
";

const SET_EACH: &str = "
def set_each(xs, places, ys):
    if len(places) != len(ys):
        raise ValueError(f'attempt to assign sequence of size {len(ys)} to extended slice of size {len(places)}')
    for i in range(len(places)):
        xs[places[i]] = ys[i]
    return xs
";

const DELETE_EACH: &str = "
def delete_each(xs, places):
    out = []
    for i in range(len(xs)):
        if i not in places:
            out.append(xs[i])
    return out
";

impl Lowerer<'_, '_> {
    /// The list after `xs[start:stop:step] = ys`.
    pub fn set_slice(&mut self, xs: &Bind, bounds: &[Option<Atom>; 3], ys: &Bind) -> Result<Bind> {
        let ys = self.listed(ys)?;
        if let [start, stop, None] = bounds {
            if let (Some(items), Some(places), Some(new)) =
                (self.explode(xs), self.known_places(xs, bounds), self.explode(&ys))
            {
                let start = match start {
                    Some(Atom::Lit(Literal::Int(at))) => clamped(*at, items.len()),
                    _ => 0,
                };
                let after = &items[start + places.len()..];
                return Ok(Bind::List([&items[..start], &new, after].concat()));
            }
            let bound = |bound: &Option<Atom>| bound.clone().map_or(Bind::NONE, Bind::Atom);
            return self.in_language("set_slice", SET_SLICE, vec![xs.clone(), bound(start), bound(stop), ys]);
        }
        let places = self.places(xs, bounds)?;
        self.in_language("set_each", SET_EACH, vec![xs.clone(), places, ys])
    }

    /// The list after `del xs[start:stop:step]`.
    pub fn delete_slice(&mut self, xs: &Bind, bounds: &[Option<Atom>; 3]) -> Result<Bind> {
        if let (Some(items), Some(places)) = (self.explode(xs), self.known_places(xs, bounds)) {
            let kept = items.into_iter().enumerate().filter(|(at, _)| !places.contains(at));
            return Ok(Bind::List(kept.map(|(_, item)| item).collect()));
        }
        if let [_, _, None] = bounds {
            return self.set_slice(xs, bounds, &Bind::List(vec![]));
        }
        let places = self.places(xs, bounds)?;
        self.in_language("delete_each", DELETE_EACH, vec![xs.clone(), places])
    }

    /// The positions that a slice of a list names, as a list.
    fn places(&mut self, xs: &Bind, bounds: &[Option<Atom>; 3]) -> Result<Bind> {
        if let Some(places) = self.known_places(xs, bounds) {
            return Ok(Bind::List(places.into_iter().map(|at| Bind::lit(Literal::Int(at as i64))).collect()));
        }
        let xs = self.atom(xs)?;
        let length = self.call(symbol!("len"), vec![xs]);
        let all = self.call_builtin(symbol!("range"), vec![Bind::Atom(length)], vec![])?;
        let all = self.call_builtin(symbol!("list"), vec![all], vec![])?;
        self.get(&all, Index::Slice(bounds.clone()))
    }

    /// The positions that a slice names, where they and the list's length are known.
    pub fn known_places(&mut self, xs: &Bind, bounds: &[Option<Atom>; 3]) -> Option<Vec<usize>> {
        if !matches!(xs.kind(&self.f), Kind::List(_)) {
            return None;
        }
        let length = self.explode(xs)?.len();
        let mut known = [None; 3];
        for (known, bound) in known.iter_mut().zip(bounds) {
            *known = match bound {
                None | Some(Atom::Lit(Literal::None)) => None,
                Some(Atom::Lit(Literal::Int(i))) => Some(*i),
                Some(_) => return None,
            };
        }
        if known[2] == Some(0) {
            return None;
        }
        Some(slice_items(&(0..length).collect::<Vec<_>>(), known))
    }
}
