//! Branches. On a condition that all examples share, a branch. On another, each arm is run for the examples that take it,
//! and the results are put in the order of the batch: what an arm does on examples that do not take it (an error, a
//! derivative that is no number) never happens. An arm that computes nothing is a case of `np.where`.

use crate::lang::{Result, symbol};

use super::super::core::{Atom, Block, Index, Join, Op, StmtKind, Var};
use super::super::extents::Extent;
use super::super::kind::{DType, Kind, Literal};
use super::axes::no_batch;
use super::each::free;
use super::{Batch, Spread, Value};

/// The results of an arm: a value for each join, or none where it does not define the variable.
type Results = Vec<Value>;

impl Batch<'_, '_, '_> {
    /// `if`; false where it has no form for a batch.
    pub(super) fn branch(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<bool> {
        let test = self.value(test);
        match test.spread {
            Spread::Same => self.shared_branch(test.atom, then, otherwise, joins),
            Spread::Each if self.rank(&test) == Some(0) => {
                let holds = match self.l.f.kind(&test.atom).dtype() {
                    Some(DType::Bool) => test.atom,
                    Some(_) => self.l.call(symbol!("operator.ne"), vec![test.atom, Atom::int(0)]),
                    None => return Ok(false),
                };
                if !joins.iter().all(|join| self.stackable(join)) {
                    return Ok(false);
                }
                let (alike, joins): (Vec<Join>, Vec<Join>) =
                    joins.iter().cloned().partition(|join| join.then == join.otherwise && join.then.var().is_none());
                for join in alike {
                    self.values.insert(join.var, Value::same(join.then));
                }
                let joins = joins.as_slice();
                match plain(then) && plain(otherwise) && self.all_there(joins) {
                    true => self.selected(&holds, then, otherwise, joins),
                    false if raises(then) || raises(otherwise) => Ok(false),
                    false => self.apart(&holds, then, otherwise, joins),
                }
            }
            _ => Ok(false),
        }
    }

    fn shared_branch(&mut self, test: Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<bool> {
        let span = self.l.span;
        let mut then_block = self.arm(then)?;
        let mut otherwise_block = self.arm(otherwise)?;
        self.l.span = span;
        let mut merged = Vec::new();
        for join in joins {
            let (a, b) = (self.value(&join.then), self.value(&join.otherwise));
            let info = self.l.f.info(join.var).clone();
            let mut spread = a.spread.join(&b.spread)?;
            let (a, b) = (self.there(&a, &b)?, self.there(&b, &a)?);
            if let (Spread::Parts(_), Kind::ListOf(_)) = (&spread, &info.kind) {
                spread = Spread::Items(Box::new(spread.item()?));
            }
            if spread.is_same() {
                merged.push(Join { var: join.var, then: a.atom, otherwise: b.atom });
                continue;
            }
            let mut within = |block: &mut Block, value: &Value| -> Result<Atom> {
                std::mem::swap(&mut self.l.block, block);
                let atom = self.force(value, &spread);
                std::mem::swap(&mut self.l.block, block);
                atom
            };
            let then = within(&mut then_block, &a)?;
            let otherwise = within(&mut otherwise_block, &b)?;
            let kind = match (&then, &otherwise) {
                (Atom::Undefined, other) | (other, Atom::Undefined) => self.l.f.kind(other),
                (a, b) => self.l.f.kind(a).join(&self.l.f.kind(b)),
            };
            let var = self.l.f.fresh(info.name, kind, info.temporary);
            self.values.insert(join.var, Value { atom: Atom::Var(var), spread });
            merged.push(Join { var, then, otherwise });
        }
        self.l.push(StmtKind::If { test, then: then_block, otherwise: otherwise_block, joins: merged });
        Ok(true)
    }

    /// What an arm gives. Where examples are apart their results are put together, and each of them has to be there: for a
    /// number that the arm does not define one that nobody reads.
    fn there(&self, value: &Value, other: &Value) -> Result<Value> {
        if value.atom != Atom::Undefined || other.atom == Atom::Undefined || self.l.session.apart == 0 {
            return Ok(value.clone());
        }
        match self.rank(other) {
            Some(0) => Ok(Value::same(Atom::Lit(fill(&self.l.f.kind(&other.atom))?))),
            _ => Err(no_batch()),
        }
    }

    /// Whether what either arm gives has one shape for all examples: numbers, or arrays that are known to be alike.
    fn stackable(&self, join: &Join) -> bool {
        let (a, b) = (self.l.f.kind(&join.then), self.l.f.kind(&join.otherwise));
        fn alike(a: &Kind, b: &Kind) -> bool {
            match (a, b) {
                (Kind::Never, kind) | (kind, Kind::Never) => {
                    kind.dtype().is_some() || matches!(kind, Kind::None | Kind::Never)
                }
                (Kind::Tuple(a), Kind::Tuple(b)) => {
                    a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| alike(a, b))
                }
                (Kind::None, Kind::None) => true,
                (a, b) => a.is_scalar() && b.is_scalar() || a.same_shape(b),
            }
        }
        alike(&a, &b)
    }

    fn all_there(&self, joins: &[Join]) -> bool {
        joins.iter().flat_map(|join| [&join.then, &join.otherwise]).all(|atom| match atom {
            Atom::Var(var) => !self.undefined.contains(var),
            Atom::Lit(_) => true,
            Atom::Undefined => false,
        })
    }

    /// Both arms compute nothing: each result is chosen.
    fn selected(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<bool> {
        self.block(then)?;
        self.block(otherwise)?;
        for join in joins {
            let (a, b) = (self.value(&join.then), self.value(&join.otherwise));
            let value = self.chosen(test, &a, &b)?;
            if !self.define(join.var, value) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn chosen(&mut self, test: &Atom, a: &Value, b: &Value) -> Result<Value> {
        if a.atom == b.atom {
            return Ok(a.clone());
        }
        if matches!(self.l.f.kind(&a.atom), Kind::Tuple(_)) {
            let (first, second) = (self.parts(a)?, self.parts(b)?);
            let mut chosen = Vec::new();
            for (a, b) in first.iter().zip(&second) {
                chosen.push(self.chosen(test, a, b)?);
            }
            let (atoms, spreads): (Vec<Atom>, Vec<Spread>) = chosen.into_iter().map(|v| (v.atom, v.spread)).unzip();
            return Ok(Value { atom: self.tuple_of(atoms), spread: Spread::of_parts(spreads) });
        }
        match (&a.atom, &b.atom) {
            (Atom::Lit(Literal::Bool(true)), Atom::Lit(Literal::Bool(false))) => return Ok(Value::each(test.clone())),
            (Atom::Lit(Literal::Bool(false)), Atom::Lit(Literal::Bool(true))) => {
                return Ok(Value::each(self.l.call(symbol!("np.logical_not"), vec![test.clone()])));
            }
            _ => {}
        }
        let rank = self.rank(a).ok_or_else(no_batch)?;
        let test = self.aligned(&Value::each(test.clone()), rank);
        Ok(Value::each(self.l.call(symbol!("np.where"), vec![test, a.atom.clone(), b.atom.clone()])))
    }

    /// Runs each arm for the examples that take it.
    fn apart(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<bool> {
        let span = self.l.span;
        let taken = self.l.call(symbol!("np.flatnonzero"), vec![test.clone()]);
        let not = self.l.call(symbol!("np.logical_not"), vec![test.clone()]);
        let others = self.l.call(symbol!("np.flatnonzero"), vec![not]);
        let first: Vec<&Atom> = joins.iter().map(|join| &join.then).collect();
        let second: Vec<&Atom> = joins.iter().map(|join| &join.otherwise).collect();
        let calm = self.calm(then, &first) && self.calm(otherwise, &second);
        let (size, extent) = (self.size.clone(), self.extent);
        self.l.session.apart += 1;
        let done = if calm {
            let first = self.for_some(&taken, then, first);
            first.and_then(|first| Ok((first, self.for_some(&others, otherwise, second)?)))
        } else {
            let first = self.for_any(&taken, then, first, joins);
            first.and_then(|first| Ok((first, self.for_any(&others, otherwise, second, joins)?)))
        };
        self.l.session.apart -= 1;
        (self.size, self.extent) = (size, extent);
        self.l.span = span;
        let (first, second) = done?;
        if !calm {
            return self.whichever(&taken, &others, joins, &first, &second);
        }
        let order = self.order(&taken, &others);
        for ((join, a), b) in joins.iter().zip(first).zip(second) {
            let value = self.in_order(&order, (&a, &taken), (&b, &others))?;
            if !self.define(join.var, value) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Where in the results of both arms, one after the other, that of each example is.
    fn order(&mut self, taken: &Atom, others: &Atom) -> Atom {
        let pair = self.tuple_of(vec![taken.clone(), others.clone()]);
        let both = self.l.call(symbol!("np.concatenate"), vec![pair]);
        self.l.call(symbol!("np.argsort"), vec![both])
    }

    /// Whether an arm can be run for no examples too: it computes numbers from numbers that are there.
    fn calm(&self, block: &Block, results: &[&Atom]) -> bool {
        let float = |atom: &Atom| match atom {
            Atom::Var(var) => matches!(self.l.f.info(*var).kind, Kind::Float | Kind::Bool),
            atom => atom.literal().is_some(),
        };
        let calm = block.stmts.iter().all(|stmt| match &stmt.kind {
            StmtKind::Let(_, Op::Copy(_) | Op::Tuple(_)) => true,
            StmtKind::Let(_, Op::Call(name, args)) => {
                self.l.session.rules.is_elementwise(*name) && args.iter().all(float)
            }
            _ => false,
        });
        calm && !free(block, results).iter().any(|var| self.undefined.contains(var))
    }

    /// An arm, for the examples at these places of the batch, where there are any. What it gives then differs from example to
    /// example.
    fn for_any(&mut self, places: &Atom, block: &Block, results: Vec<&Atom>, joins: &[Join]) -> Result<Results> {
        let any = self.any(places);
        let inner = self.l.f.block();
        let outer = std::mem::replace(&mut self.l.block, inner);
        let given = self.for_some(places, block, results).and_then(|values| {
            let each = values.iter().map(|value| self.force(value, &Spread::Each));
            each.collect::<Result<Vec<Atom>>>()
        });
        let then = std::mem::replace(&mut self.l.block, outer);
        let otherwise = self.l.f.block();
        let (mut merged, mut values) = (Vec::new(), Vec::new());
        for (atom, join) in given?.into_iter().zip(joins) {
            if atom == Atom::Undefined {
                values.push(Value::each(atom));
                continue;
            }
            let name = self.l.f.info(join.var).name;
            let kind = self.l.f.kind(&atom);
            let var = self.l.f.fresh(name, kind, true);
            merged.push(Join { var, then: atom, otherwise: Atom::Undefined });
            values.push(Value::each(Atom::Var(var)));
        }
        self.l.push(StmtKind::If { test: any, then, otherwise, joins: merged });
        Ok(values)
    }

    fn any(&mut self, places: &Atom) -> Atom {
        let count = self.l.call(symbol!("len"), vec![places.clone()]);
        self.l.call(symbol!("operator.gt"), vec![count, Atom::int(0)])
    }

    /// The results of the arms that were run, in the order of the batch.
    fn whichever(
        &mut self,
        taken: &Atom,
        others: &Atom,
        joins: &[Join],
        first: &[Value],
        second: &[Value],
    ) -> Result<bool> {
        let (some, rest) = (self.any(taken), self.any(others));
        let (both, both_block): (Vec<Atom>, Block) = self.apart_block(|b| {
            let order = b.order(taken, others);
            let pairs = first.iter().zip(second);
            pairs.map(|(x, y)| Ok(b.in_order(&order, (x, taken), (y, others))?.atom)).collect()
        })?;
        let (neither, neither_block) = self.apart_block(|b| b.of_no_example(joins, first, second))?;
        let kinds: Vec<Kind> = both.iter().map(|atom| self.l.f.kind(atom)).collect();
        let (then, then_block) = self.apart_block(|b| {
            let (alone, alone_block) = b.apart_block(|b| b.of_one_arm(first, second, taken))?;
            Ok(b.joined(rest.clone(), (both_block, both), (alone_block, alone), joins, &kinds))
        })?;
        let (otherwise, otherwise_block) = self.apart_block(|b| {
            let (alone, alone_block) = b.apart_block(|b| b.of_one_arm(second, first, others))?;
            Ok(b.joined(rest, (alone_block, alone), (neither_block, neither), joins, &kinds))
        })?;
        let all = self.joined(some, (then_block, then), (otherwise_block, otherwise), joins, &kinds);
        for (join, atom) in joins.iter().zip(all) {
            if !self.define(join.var, Value::each(atom)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The results where all examples take one arm. What only the other one defines nobody reads, but a branch around this one
    /// puts it in order.
    fn of_one_arm(&mut self, own: &[Value], other: &[Value], places: &Atom) -> Result<Vec<Atom>> {
        let mut atoms = Vec::new();
        for (value, like) in own.iter().zip(other) {
            atoms.push(match self.l.f.kind(&like.atom).rank() {
                _ if value.atom != Atom::Undefined || like.atom == Atom::Undefined => value.atom.clone(),
                Some(1) => self.unread(&like.atom, places)?,
                _ if self.l.session.apart > 0 => return Err(no_batch()),
                _ => Atom::Undefined,
            });
        }
        Ok(atoms)
    }

    fn apart_block<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, Block)> {
        let block = self.l.f.block();
        let outer = std::mem::replace(&mut self.l.block, block);
        let done = body(self);
        let block = std::mem::replace(&mut self.l.block, outer);
        Ok((done?, block))
    }

    fn joined(
        &mut self,
        test: Atom,
        (then, a): (Block, Vec<Atom>),
        (otherwise, b): (Block, Vec<Atom>),
        joins: &[Join],
        kinds: &[Kind],
    ) -> Vec<Atom> {
        let (mut merged, mut atoms) = (Vec::new(), Vec::new());
        for (((a, b), join), kind) in a.into_iter().zip(b).zip(joins).zip(kinds) {
            let name = self.l.f.info(join.var).name;
            let var = self.l.f.fresh(name, kind.clone(), true);
            merged.push(Join { var, then: a, otherwise: b });
            atoms.push(Atom::Var(var));
        }
        self.l.push(StmtKind::If { test, then, otherwise, joins: merged });
        atoms
    }

    /// The results where there is no example at all: of numbers that is known.
    fn of_no_example(&mut self, joins: &[Join], first: &[Value], second: &[Value]) -> Result<Vec<Atom>> {
        let mut atoms = Vec::new();
        let mut unknown = false;
        for ((_, a), b) in joins.iter().zip(first).zip(second) {
            let like = if a.atom == Atom::Undefined { b } else { a };
            match self.l.f.kind(&like.atom) {
                kind @ Kind::Array(_, Some(1), _) => atoms.push(self.empty(&kind)?),
                _ => {
                    unknown = true;
                    atoms.push(Atom::Undefined);
                }
            }
        }
        if unknown {
            let message =
                Literal::Str("vmap over an empty axis: the shape of the value is not known without an example".into());
            self.l.push(StmtKind::Raise(Some(crate::lang::symbol!("ValueError")), Some(Atom::Lit(message))));
        }
        Ok(atoms)
    }

    fn empty(&mut self, kind: &Kind) -> Result<Atom> {
        let fill = fill(kind)?;
        Ok(self.l.call(symbol!("np.full"), vec![Atom::int(0), Atom::Lit(fill)]))
    }

    /// An arm, for the examples at these places of the batch.
    fn for_some(&mut self, places: &Atom, block: &Block, results: Vec<&Atom>) -> Result<Results> {
        self.size = self.l.call(symbol!("len"), vec![places.clone()]);
        self.extent = Extent::UNKNOWN;
        let reads = free(block, &results);
        let mut outer: Vec<(Var, Value)> = Vec::new();
        for var in reads {
            if let Some(value) = self.values.get(&var).filter(|value| !value.spread.is_same()).cloned() {
                let some = self.at_places(&value, places)?;
                outer.push((var, value));
                self.values.insert(var, some);
            }
        }
        let done = self.block(block);
        let mut values = Vec::new();
        for atom in results {
            let value = self.value(atom);
            values.push(value);
        }
        self.values.extend(outer);
        done?;
        Ok(values)
    }

    /// A value for the examples at these places of the batch.
    fn at_places(&mut self, value: &Value, places: &Atom) -> Result<Value> {
        let atom = match &value.spread {
            Spread::Same => value.atom.clone(),
            Spread::Each => {
                let kind = self.l.f.kind(&value.atom);
                let some = self.l.get_atom(value.atom.clone(), Index::At(places.clone()));
                let (dtype, rank) = (kind.dtype().ok_or_else(no_batch)?, kind.rank().ok_or_else(no_batch)?);
                let known = kind.extents().cut(rank - 1);
                if let Atom::Var(var) = &some {
                    self.l.f.vars[var.0 as usize].kind = Kind::array(dtype, Some(rank)).with_extents(known);
                }
                some
            }
            Spread::Parts(_) => {
                let kind = self.l.f.kind(&value.atom);
                let parts = self.parts(value)?;
                let mut atoms = Vec::new();
                for part in &parts {
                    atoms.push(self.at_places(part, places)?.atom);
                }
                self.rebuilt(&kind, atoms)?
            }
            Spread::Items(_) => return Err(no_batch()),
        };
        Ok(Value { atom, spread: value.spread.clone() })
    }

    /// The results of both arms in the order of the batch.
    fn in_order(&mut self, order: &Atom, a: (&Value, &Atom), b: (&Value, &Atom)) -> Result<Value> {
        let (first, second) = (a.0, b.0);
        if first.spread.is_same() && second.spread.is_same() && first.atom == second.atom {
            return Ok(first.clone());
        }
        let parted = |value: &Value| matches!(self.l.f.kind(&value.atom), Kind::Tuple(_));
        if parted(first) && parted(second) {
            let (first, second) = (self.parts(first)?, self.parts(second)?);
            let mut all = Vec::new();
            for (x, y) in first.iter().zip(&second) {
                all.push(self.in_order(order, (x, a.1), (y, b.1))?);
            }
            let (atoms, spreads): (Vec<Atom>, Vec<Spread>) = all.into_iter().map(|v| (v.atom, v.spread)).unzip();
            return Ok(Value { atom: self.tuple_of(atoms), spread: Spread::of_parts(spreads) });
        }
        let mut sized = |value: &Value, places: &Atom| -> Result<Atom> {
            let outer = self.size.clone();
            self.size = self.l.call(symbol!("len"), vec![places.clone()]);
            let atom = self.force(value, &Spread::Each);
            self.size = outer;
            atom
        };
        let (mut x, mut y) = (sized(first, a.1)?, sized(second, b.1)?);
        if x == Atom::Undefined {
            x = self.unread(&y, a.1)?;
        } else if y == Atom::Undefined {
            y = self.unread(&x, b.1)?;
        }
        let kind = self.l.f.kind(&x);
        let (Some(dtype), Some(rank)) = (kind.dtype(), kind.rank()) else { return Err(no_batch()) };
        if self.l.f.kind(&y).dtype() != Some(dtype) || self.l.f.kind(&y).rank() != Some(rank) {
            return Err(no_batch());
        }
        let pair = self.tuple_of(vec![x, y]);
        let both = self.l.call(symbol!("np.concatenate"), vec![pair]);
        let all = self.l.get_atom(both, Index::At(order.clone()));
        if let Atom::Var(var) = &all {
            let known = kind.extents().cut(rank - 1);
            self.l.f.vars[var.0 as usize].kind = Kind::array(dtype, Some(rank)).with_extents(known);
        }
        Ok(Value::each(all))
    }

    /// What stands for a variable that an arm does not define, and that nobody reads then: zeros like those of the other arm.
    fn unread(&mut self, like: &Atom, places: &Atom) -> Result<Atom> {
        let kind = self.l.f.kind(like);
        let rank = kind.rank().ok_or_else(no_batch)?;
        let count = self.l.call(symbol!("len"), vec![places.clone()]);
        let mut lengths = vec![count];
        if rank > 1 {
            let shape = self.l.call(symbol!("np.shape"), vec![like.clone()]);
            lengths.extend((1..rank).map(|axis| self.l.item(shape.clone(), Atom::int(axis as i64))));
        }
        let shape = self.tuple_of(lengths);
        let fill = fill(&kind)?;
        let zeros = self.l.call(symbol!("np.full"), vec![shape, Atom::Lit(fill)]);
        if let Atom::Var(var) = &zeros {
            self.l.f.vars[var.0 as usize].kind = kind.of_any_extents();
        }
        Ok(zeros)
    }
}

/// A number of the element type of a kind.
pub(super) fn fill(kind: &Kind) -> Result<Literal> {
    Ok(match kind.dtype().ok_or_else(no_batch)? {
        DType::Bool => Literal::Bool(false),
        DType::Int => Literal::Int(0),
        DType::Float => Literal::Float(0.0),
    })
}

/// Whether an arm computes nothing.
fn plain(block: &Block) -> bool {
    block.stmts.iter().all(|stmt| matches!(&stmt.kind, StmtKind::Let(_, Op::Copy(_) | Op::Tuple(_))))
}

/// Whether an arm may end the run by itself.
fn raises(block: &Block) -> bool {
    let mut any = false;
    block.each_stmt(&mut |stmt| any |= matches!(stmt.kind, StmtKind::Raise(..) | StmtKind::Assert(..)));
    any
}
