//! Changes of places, for a whole batch: `x[i] = v`, `x[i] += v`, methods that change lists.

use crate::lang::{Result, symbol};

use super::super::core::{Atom, How, Index, Op, Stmt, StmtKind};
use super::super::kind::{DType, Kind, Literal};
use super::super::lower::position;
use super::axes::{batched, no_batch};
use super::{Batch, Spread, Value};

impl Batch<'_, '_, '_> {
    /// `base` with `base[path…]` changed; none where that has no form for a batch.
    pub(super) fn update(&mut self, base: &Atom, path: &[Index], how: How, value: &Atom) -> Result<Option<Value>> {
        let (base, value) = (self.value(base), self.value(value));
        self.updated(&base, path, how, &value)
    }

    fn updated(&mut self, base: &Value, path: &[Index], how: How, value: &Value) -> Result<Option<Value>> {
        let Some((index, rest)) = path.split_first() else { return Ok(None) };
        let kind = self.l.f.kind(&base.atom);
        if matches!(kind, Kind::Array(..)) {
            return if rest.is_empty() { self.array_updated(base, index, how, value) } else { Ok(None) };
        }
        let Index::At(at) = index else { return Ok(None) };
        let at = match self.value(at) {
            at if at.spread.is_same() => at.atom,
            _ => return Ok(None),
        };
        let known = match (&kind, &at) {
            (Kind::Tuple(items) | Kind::List(items), Atom::Lit(Literal::Int(at))) => position(*at, items.len()),
            (Kind::Dict(items), Atom::Lit(key)) => items.iter().position(|(k, _)| k == key),
            _ => None,
        };
        if let Some(at) = known {
            let mut parts = self.parts(base)?;
            let Some(part) = self.part_updated(&parts[at], rest, how, value)? else { return Ok(None) };
            parts[at] = part;
            let (atoms, spreads): (Vec<Atom>, Vec<Spread>) = parts.into_iter().map(|v| (v.atom, v.spread)).unzip();
            let atom = self.rebuilt(&kind, atoms)?;
            return Ok(Some(Value { atom, spread: Spread::of_parts(spreads) }));
        }
        if !matches!(kind, Kind::List(_) | Kind::ListOf(_)) || self.l.f.kind(&at) != Kind::Int {
            return Ok(None);
        }
        let item = base.spread.item()?;
        let old = Spread::Items(Box::new(item.clone()));
        let list = self.force(base, &old)?;
        let old = Value { atom: self.l.item(list.clone(), at.clone()), spread: item.clone() };
        let Some(part) = self.part_updated(&old, rest, how, value)? else { return Ok(None) };
        let item = item.join(&part.spread)?;
        let spread = Spread::Items(Box::new(item.clone()));
        let list = self.force(&Value { atom: list, spread: base.spread.clone() }, &spread)?;
        let part = self.force(&part, &item)?;
        let atom = self.define_update(list, Index::At(at), How::Set, part);
        Ok(Some(Value { atom, spread }))
    }

    fn part_updated(&mut self, part: &Value, rest: &[Index], how: How, value: &Value) -> Result<Option<Value>> {
        match (rest, how) {
            ([], How::Set) => Ok(Some(value.clone())),
            ([], _) => Ok(None),
            _ => self.updated(part, rest, how, value),
        }
    }

    fn array_updated(&mut self, base: &Value, index: &Index, how: How, value: &Value) -> Result<Option<Value>> {
        let (Some(rank), Some(own)) = (self.rank(base), self.rank(value)) else { return Ok(None) };
        let all = Value::each(self.force(base, &Spread::Each)?);
        if let Index::At(at) = index {
            let mask = self.value(at);
            if mask.spread == Spread::Each && self.l.f.kind(&mask.atom).dtype() == Some(DType::Bool) {
                return self.masked(&all, &mask, rank, how, value);
            }
        }
        let (Some(whole), Some(place)) = (self.whole_index(&all, index)?, self.place_rank(rank, index)) else {
            return Ok(None);
        };
        if whole.moves.is_some() || own > place {
            return Ok(None);
        }
        let value = self.aligned(value, place);
        Ok(Some(Value::each(self.define_update(all.atom, whole.index, how, value))))
    }

    /// `base[mask] = value`, for masks of the array's shape that differ from example to example.
    fn masked(&mut self, all: &Value, mask: &Value, rank: usize, how: How, value: &Value) -> Result<Option<Value>> {
        if self.rank(mask) != Some(rank) || self.rank(value) != Some(0) {
            return Ok(None);
        }
        let (dtype, given) = (self.l.f.kind(&all.atom).dtype(), self.l.f.kind(&value.atom).dtype());
        if given > dtype {
            return Ok(None);
        }
        let value = self.aligned(value, rank);
        let new = match how {
            How::Set => value,
            How::Add | How::AddAt => self.l.call(symbol!("operator.add"), vec![all.atom.clone(), value]),
        };
        let atom = self.l.call(symbol!("np.where"), vec![mask.atom.clone(), new, all.atom.clone()]);
        Ok(Some(Value::each(atom)))
    }

    /// A method that changes a list; false where that has no form for a batch.
    pub(super) fn mutation(&mut self, stmt: &Stmt) -> Result<bool> {
        let StmtKind::Mutate { method, base, out, result, args } = &stmt.kind else { return Ok(false) };
        let list = self.value(base);
        let given: Vec<Value> = args.iter().map(|arg| self.value(arg)).collect();
        if list.spread.is_same() && given.iter().all(|arg| arg.spread.is_same()) {
            let args = given.into_iter().map(|arg| arg.atom).collect();
            self.l.push(StmtKind::Mutate { method: *method, base: list.atom, out: *out, result: *result, args });
            return Ok(true);
        }
        let known = matches!(self.l.f.info(*out).kind, Kind::List(_));
        let parts = match &list.spread {
            Spread::Parts(parts) => Some(parts.clone()),
            Spread::Same => match self.l.f.kind(&list.atom) {
                Kind::List(items) => Some(vec![Spread::Same; items.len()]),
                _ => None,
            },
            _ => None,
        };
        let item = list.spread.item()?;
        let items = |item: &Spread| Spread::Items(Box::new(item.clone()));
        // What the list becomes, what it must be before, and what the call gives.
        let (after, before, arg_spreads, given_back) = match (method.as_str(), given.as_slice(), parts) {
            ("list.append", [value], Some(mut parts)) if known => {
                let before = Spread::Parts(parts.clone());
                parts.push(value.spread.clone());
                (Spread::Parts(parts), before, vec![value.spread.clone()], Spread::Same)
            }
            ("list.append", [value], _) => {
                let item = item.join(&value.spread)?;
                (items(&item), items(&item), vec![item.clone()], Spread::Same)
            }
            ("list.insert", [at, value], _) if at.spread.is_same() && !known => {
                let item = item.join(&value.spread)?;
                (items(&item), items(&item), vec![Spread::Same, item.clone()], Spread::Same)
            }
            ("list.pop", [], Some(mut parts)) if known => {
                let before = Spread::Parts(parts.clone());
                let last = parts.pop().ok_or_else(no_batch)?;
                (Spread::Parts(parts), before, vec![], last)
            }
            ("list.pop", rest, _) if !known && rest.iter().all(|at| at.spread.is_same()) => {
                (items(&item), items(&item), vec![Spread::Same; rest.len()], item.clone())
            }
            ("list.reverse", [], Some(mut parts)) if known => {
                let before = Spread::Parts(parts.clone());
                parts.reverse();
                (Spread::Parts(parts), before, vec![], Spread::Same)
            }
            ("list.reverse", [], _) if !known => (items(&item), items(&item), vec![], Spread::Same),
            ("list.extend", [more], _) if !known => {
                let item = item.join(&more.spread.item()?)?;
                (items(&item), items(&item), vec![items(&item)], Spread::Same)
            }
            _ => return Ok(false),
        };
        let base = self.force(&list, &before)?;
        let mut atoms = Vec::new();
        for (arg, spread) in given.iter().zip(&arg_spreads) {
            atoms.push(self.force(arg, spread)?);
        }
        let mut fresh = |var: super::Var, spread: &Spread| -> Result<super::Var> {
            let info = self.l.f.info(var).clone();
            let kind = batched(&info.kind, spread, self.extent)?;
            Ok(self.l.f.fresh(info.name, kind, info.temporary))
        };
        let (new_out, new_result) = (fresh(*out, &after)?, fresh(*result, &given_back)?);
        self.values.insert(*out, Value { atom: Atom::Var(new_out), spread: after });
        self.values.insert(*result, Value { atom: Atom::Var(new_result), spread: given_back });
        let stmt = StmtKind::Mutate { method: *method, base, out: new_out, result: new_result, args: atoms };
        self.l.push(stmt);
        Ok(true)
    }

    /// A list that a loop over the batch has filled.
    pub(super) fn appended(&mut self, list: super::Var, value: Atom) -> super::Var {
        let kind = self.l.f.info(list).kind.clone();
        let out = self.l.f.fresh(self.l.f.info(list).name, kind, false);
        let result = self.l.f.fresh(crate::lang::symbol!("t"), Kind::None, true);
        let method = crate::lang::symbol!("list.append");
        self.l.push(StmtKind::Mutate { method, base: Atom::Var(list), out, result, args: vec![value] });
        out
    }

    /// A tuple of values.
    pub(super) fn tuple_of(&mut self, atoms: Vec<Atom>) -> Atom {
        let kind = Kind::Tuple(atoms.iter().map(|atom| self.l.f.kind(atom)).collect());
        self.l.define(symbol!("t"), kind, Op::Tuple(atoms))
    }
}
