//! The reverse of branches and loops.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, Block, Carried, Head, Index, Join, Loop, Op, Stmt, StmtKind, Var};
use super::super::kind::{Kind, Literal};
use super::super::lower::{leaves_of, rebuild};
use super::{Reverse, bar_name};

impl Reverse<'_, '_, '_> {
    /// A branch is taken again; each arm runs its own arm backwards.
    pub fn branch(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<()> {
        let span = self.l.span;
        let mut bars = Vec::new();
        for join in joins {
            bars.push(self.take(join.var));
        }
        let before = self.adjoints.clone();
        let local = defined_in([then, otherwise]);
        let arm = |this: &mut Self, block: &Block, side: fn(&Join) -> &Atom| -> Result<_> {
            this.adjoints = before.clone();
            let outer = {
                let fresh = this.l.f.block();
                std::mem::replace(&mut this.l.block, fresh)
            };
            this.l.block.mirrors = Some(block.id);
            for (join, bar) in joins.iter().zip(&bars) {
                let bar = this.or_zeros(bar.clone(), join.var, side(join));
                this.contribute(side(join), bar)?;
            }
            this.block(block)?;
            this.l.span = span;
            let emitted = std::mem::replace(&mut this.l.block, outer);
            let mut adjoints = std::mem::take(&mut this.adjoints);
            adjoints.retain(|var, _| !local.contains(var));
            Ok((emitted, adjoints))
        };
        let (mut then_block, then_adjoints) = arm(self, then, |join| &join.then)?;
        let (mut otherwise_block, otherwise_adjoints) = arm(self, otherwise, |join| &join.otherwise)?;
        let mut vars: Vec<Var> = then_adjoints.keys().chain(otherwise_adjoints.keys()).copied().collect();
        vars.sort_unstable();
        vars.dedup();
        let mut merged: Vec<Join> = Vec::new();
        for var in vars {
            let a = then_adjoints.get(&var).cloned().unwrap_or(Bind::Zero);
            let b = otherwise_adjoints.get(&var).cloned().unwrap_or(Bind::Zero);
            if a.same(&b) {
                self.adjoints.insert(var, a);
                continue;
            }
            let a = self.filled(&mut then_block, &a, &b, var)?;
            let b = self.filled(&mut otherwise_block, &b, &a, var)?;
            // The second has all the keys of a dict now, in order: so must the first.
            let a = self.filled(&mut then_block, &a, &b, var)?;
            let name = self.bar_name(var);
            let sum = self.l.join(name, (&a, &mut then_block), (&b, &mut otherwise_block), &mut merged)?;
            self.adjoints.insert(var, sum);
        }
        for join in &merged {
            self.l.f.vars[join.var.0 as usize].temporary = false;
        }
        if then_block.stmts.is_empty() && otherwise_block.stmts.is_empty() && merged.is_empty() {
            return Ok(());
        }
        self.l.push(StmtKind::If { test: test.clone(), then: then_block, otherwise: otherwise_block, joins: merged });
        Ok(())
    }

    /// The name of a variable's adjoint.
    pub fn bar_name(&self, var: Var) -> Symbol {
        bar_name(self.l.f.info(var).name)
    }

    fn filled(&mut self, block: &mut Block, bar: &Bind, like: &Bind, var: Var) -> Result<Bind> {
        if self.undefined.contains(&var) && bar.is_zero() {
            let atom = self.atom_of(bar, var)?;
            return Ok(Bind::Atom(atom));
        }
        let primal = Bind::Atom(Atom::Var(var));
        self.l.within(block, |l| l.fill(bar, like, &primal))
    }

    /// A loop is run backwards: the adjoints of what it carries go from one iteration to the one before, and what it
    /// reads collects contributions from all of them.
    pub fn looping(&mut self, looping: &Loop) -> Result<()> {
        let span = self.l.span;
        let threads: Vec<&Carried> = looping.carried.iter().filter(|c| self.active.holds(c.outer)).collect();
        let bars: Vec<Bind> = threads.iter().map(|c| self.take(c.outer)).collect();
        if bars.iter().all(Bind::is_zero) {
            return Ok(());
        }
        let mut starts = Vec::new();
        for (carried, bar) in threads.iter().zip(&bars) {
            starts.push(self.atom_of(bar, carried.outer)?);
        }
        let free = self.free_active(looping);
        let mut accumulators: Vec<(Var, Bind, Vec<Atom>)> = Vec::new();
        for var in free {
            let bar = self.take(var);
            let bar = match self.undefined.contains(&var) {
                true => Bind::Atom(self.atom_of(&bar, var)?),
                false => self.l.materialise(&bar, &Bind::Atom(Atom::Var(var)))?,
            };
            let bar = if read_at_any_place(looping, var) { Bind::Atom(self.l.atom(&bar)?) } else { bar };
            let leaves = leaves_of(&bar);
            accumulators.push((var, bar, leaves));
        }
        let outside = std::mem::take(&mut self.adjoints);
        let outer_block = {
            let fresh = self.l.f.block();
            std::mem::replace(&mut self.l.block, fresh)
        };
        self.l.block.mirrors = Some(looping.body.id);
        let mut inners = Vec::new();
        for (carried, start) in threads.iter().zip(&starts) {
            // In another iteration it belongs to a value of another shape, where the loop changes that.
            let kind = self.l.f.kind(start).with_extents(self.l.f.info(carried.inner).kind.extents());
            let inner = self.l.f.fresh(self.bar_name(carried.inner), kind, false);
            inners.push(inner);
        }
        let mut inner_leaves: Vec<Vec<Var>> = Vec::new();
        for (var, bar, leaves) in &accumulators {
            let name = self.bar_name(*var);
            let vars: Vec<Var> = leaves.iter().map(|leaf| self.l.f.fresh(name, self.l.f.kind(leaf), false)).collect();
            let inside = rebuild(bar, &mut vars.iter().map(|v| Atom::Var(*v)));
            self.adjoints.insert(*var, inside);
            inner_leaves.push(vars);
        }
        for (carried, inner) in threads.iter().zip(&inners) {
            let bar = self.or_zeros(Bind::Atom(Atom::Var(*inner)), carried.inner, &carried.next);
            self.contribute(&carried.next, bar)?;
        }
        self.block(&looping.body)?;
        if let Head::While(test, _) = &looping.head {
            self.block(test)?;
        }
        self.l.span = span;
        let mut carried_out = Vec::new();
        let mut after = Vec::new();
        for ((carried, start), inner) in threads.iter().zip(starts).zip(&inners) {
            let next = self.take_atom(carried.inner)?;
            let info = self.l.f.info(*inner).clone();
            let kind = super::super::lower::promoted(&info.kind, &self.l.f.kind(&next));
            self.l.f.vars[inner.0 as usize].kind = kind.clone();
            let outer = self.l.f.fresh(info.name, kind, false);
            carried_out.push(Carried { inner: *inner, init: start, next, outer });
            after.push((carried.init.clone(), Bind::Atom(Atom::Var(outer))));
        }
        let mut totals = Vec::new();
        for ((var, bar, leaves), vars) in accumulators.into_iter().zip(inner_leaves) {
            let end = self.take(var);
            let structure = rebuild(&bar, &mut vars.iter().map(|v| Atom::Var(*v)));
            let end = match (&structure, &end) {
                (Bind::Atom(_), end) => Bind::Atom(self.l.atom(&end.clone())?),
                (_, end) => {
                    let end = self.l.taken_apart(end, &structure);
                    self.l.fill(&end, &structure, &Bind::Atom(Atom::Var(var)))?
                }
            };
            let ends = leaves_of(&end);
            let mut outers = Vec::new();
            for ((inner, init), next) in vars.into_iter().zip(leaves).zip(ends) {
                if next == Atom::Var(inner) {
                    outers.push(init);
                    continue;
                }
                let info = self.l.f.info(inner).clone();
                let outer = self.l.f.fresh(info.name, info.kind, false);
                carried_out.push(Carried { inner, init, next, outer });
                outers.push(Atom::Var(outer));
            }
            totals.push((var, rebuild(&bar, &mut outers.into_iter())));
        }
        if let Some((var, _)) = self.adjoints.iter().find(|(_, bar)| !bar.is_zero()) {
            let name = self.l.f.info(*var).name;
            return Err(
                Error::derivative(format!("the value of '{name}' in this loop cannot be differentiated yet")).at(span)
            );
        }
        let mut body = std::mem::replace(&mut self.l.block, outer_block);
        self.adjoints = outside;
        let count = self.residuals.counts.get(&looping.body.id).cloned();
        let head = self.head(looping, count, &mut body)?;
        self.l.push(StmtKind::Loop(Box::new(Loop { head, carried: carried_out, body, stop: None })));
        for (var, total) in totals {
            // The loop has added nothing to the adjoint of what may have no value.
            let nothing = matches!(total, Bind::Atom(Atom::Lit(Literal::None)));
            self.adjoints.insert(var, if nothing { Bind::Zero } else { total });
        }
        for (init, bar) in after {
            self.contribute(&init, bar)?;
        }
        Ok(())
    }

    /// The iterations of a loop from the last to the first.
    fn head(&mut self, looping: &Loop, count: Option<Atom>, body: &mut Block) -> Result<Head> {
        if let Head::For { index, range, count: given, reversed } = &looping.head
            && (count.is_none() || (given.is_none() && !reversed))
        {
            let info = self.l.f.info(*index).clone();
            let again = self.l.f.fresh(info.name, info.kind, info.temporary);
            let old = *index;
            body.each_atom_mut(&mut |atom| {
                if *atom == Atom::Var(old) {
                    *atom = Atom::Var(again);
                }
            });
            let count = given.clone().or(count);
            return Ok(Head::For { index: again, range: range.clone(), count, reversed: !reversed });
        }
        let Some(count) = count else {
            return Err(Error::derivative("a loop of an unknown number of iterations").at(self.l.span));
        };
        let index = self.l.f.fresh(symbol!("_"), Kind::Int, true);
        Ok(Head::For { index, range: [Atom::int(0), count, Atom::int(1)], count: None, reversed: false })
    }

    /// The active variables that a loop reads and that are defined before it.
    fn free_active(&self, looping: &Loop) -> Vec<Var> {
        let mut local = defined_in([&looping.body]);
        if let Head::While(test, _) = &looping.head {
            local.extend(defined_in([test]));
        }
        for carried in &looping.carried {
            local.insert(carried.inner);
        }
        let mut reads: FxHashMap<Var, ()> = FxHashMap::default();
        let mut read = |atom: &Atom| {
            if let Atom::Var(var) = atom
                && self.active.holds(*var)
                && !local.contains(var)
            {
                reads.insert(*var, ());
            }
        };
        looping.body.each_stmt(&mut |stmt| stmt.kind.each_atom(&mut read));
        if let Head::While(test, _) = &looping.head {
            test.each_stmt(&mut |stmt| stmt.kind.each_atom(&mut read));
        }
        looping.carried.iter().for_each(|carried| read(&carried.next));
        let mut vars: Vec<Var> = reads.into_keys().collect();
        vars.sort_unstable();
        vars
    }
}

/// Whether a loop reads a container at a place that is only known when it runs; its adjoint then stays in one piece.
fn read_at_any_place(looping: &Loop, var: Var) -> bool {
    let mut found = false;
    let mut look = |stmt: &Stmt| {
        if let StmtKind::Let(_, Op::Index(Atom::Var(base), index)) = &stmt.kind {
            found |= *base == var && !matches!(index, Index::At(Atom::Lit(_)));
        }
    };
    looping.body.each_stmt(&mut look);
    if let Head::While(test, _) = &looping.head {
        test.each_stmt(&mut look);
    }
    found
}

/// Every variable that blocks define, at any depth.
fn defined_in<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> FxHashSet<Var> {
    let mut set = FxHashSet::default();
    for block in blocks {
        block.each_stmt(&mut |stmt| {
            stmt.kind.each_definition(&mut |var| {
                set.insert(var);
            })
        });
    }
    set
}
