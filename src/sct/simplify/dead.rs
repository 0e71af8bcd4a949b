//! Dead code: what neither a result nor an effect is computed from.

use super::super::core::{Atom, Block, Function, Head, Op, StmtKind, Var};
use super::super::session::Session;
use super::super::var_map::VarSet;

/// Removes what is not needed for the roots.
pub fn eliminate(session: &Session, f: &mut Function, roots: &[Atom]) {
    let mut live = Live { session, needed: roots.iter().filter_map(Atom::var).collect(), changed: true };
    while std::mem::take(&mut live.changed) {
        live.block(&f.body);
    }
    live.sweep(&mut f.body);
}

struct Live<'a, 'w> {
    session: &'a Session<'w>,
    needed: VarSet,
    changed: bool,
}

impl Live<'_, '_> {
    fn need(&mut self, atom: &Atom) {
        if let Atom::Var(var) = atom {
            self.changed |= self.needed.add(*var);
        }
    }

    fn holds(&self, var: Var) -> bool {
        self.needed.contains(var)
    }

    /// Whether an operation does something beside computing its result.
    fn effect(&self, op: &Op) -> bool {
        match op {
            Op::Call(name, _) => self.session.world.signature(*name).is_some_and(|s| s.effect),
            Op::Apply(..) => true,
            Op::CallFunction(number, _) => {
                let called = &self.session.functions[*number];
                called.host || called.function.as_ref().is_some_and(|f| self.has_effect(&f.body))
            }
            _ => false,
        }
    }

    fn has_effect(&self, block: &Block) -> bool {
        let mut any = false;
        block.each_stmt(&mut |stmt| {
            any |= match &stmt.kind {
                StmtKind::Let(_, Op::CallFunction(..)) => false,
                StmtKind::Let(_, op) => self.effect(op),
                StmtKind::Assert(..) | StmtKind::Raise(..) | StmtKind::Keep(..) | StmtKind::Restore(..) => true,
                _ => false,
            }
        });
        any
    }

    /// Marks what a block needs, from its end; whether anything in it is needed at all.
    fn block(&mut self, block: &Block) -> bool {
        let mut alive = false;
        for stmt in block.stmts.iter().rev() {
            alive |= self.stmt(&stmt.kind);
        }
        alive
    }

    fn stmt(&mut self, stmt: &StmtKind) -> bool {
        match stmt {
            StmtKind::Let(var, op) => {
                let alive = self.holds(*var) || self.effect(op);
                if alive {
                    op.each_atom(&mut |atom| self.need(atom));
                }
                alive
            }
            StmtKind::Mutate { base, out, result, args, .. } => {
                let alive = self.holds(*out) || self.holds(*result);
                if alive {
                    self.need(base);
                    args.iter().for_each(|a| self.need(a));
                }
                alive
            }
            StmtKind::If { test, then, otherwise, joins } => {
                let mut alive = false;
                for join in joins {
                    if self.holds(join.var) {
                        alive = true;
                        self.need(&join.then);
                        self.need(&join.otherwise);
                    }
                }
                alive |= self.block(then);
                alive |= self.block(otherwise);
                if alive {
                    self.need(test);
                }
                alive
            }
            StmtKind::Loop(looping) => {
                let mut alive = false;
                for carried in &looping.carried {
                    if self.holds(carried.outer) || self.holds(carried.inner) {
                        alive = true;
                        self.need(&carried.init);
                        self.need(&carried.next);
                        self.need(&Atom::Var(carried.inner));
                    }
                }
                alive |= self.block(&looping.body);
                if let Head::While(test, _) = &looping.head {
                    alive |= self.block(test);
                }
                if alive {
                    match &looping.head {
                        Head::For { range, count, .. } => range.iter().chain(count).for_each(|a| self.need(a)),
                        Head::While(_, test) => self.need(test),
                    }
                    looping.stop.iter().for_each(|a| self.need(a));
                }
                alive
            }
            StmtKind::Assert(test, message) => {
                self.need(test);
                message.iter().for_each(|m| self.need(m));
                true
            }
            StmtKind::Raise(_, error) => {
                error.iter().for_each(|e| self.need(e));
                true
            }
            StmtKind::Keep(stack, value) => {
                self.need(&Atom::Var(*stack));
                self.need(value);
                true
            }
            StmtKind::Restore(_, stack) => {
                self.need(&Atom::Var(*stack));
                true
            }
            StmtKind::Boundary => false,
        }
    }

    fn sweep(&self, block: &mut Block) {
        block.stmts.retain_mut(|stmt| match &mut stmt.kind {
            StmtKind::Let(var, op) => self.holds(*var) || self.effect(op),
            StmtKind::Mutate { out, result, .. } => self.holds(*out) || self.holds(*result),
            StmtKind::If { then, otherwise, joins, .. } => {
                self.sweep(then);
                self.sweep(otherwise);
                joins.retain(|join| self.holds(join.var));
                !joins.is_empty() || !then.stmts.is_empty() || !otherwise.stmts.is_empty()
            }
            StmtKind::Loop(looping) => {
                self.sweep(&mut looping.body);
                if let Head::While(test, _) = &mut looping.head {
                    self.sweep(test);
                }
                looping.carried.retain(|c| self.holds(c.outer) || self.holds(c.inner));
                let needed = self.has_effect(&looping.body)
                    || matches!(&looping.head, Head::While(test, _) if self.has_effect(test))
                    || looping.carried.iter().any(|c| self.holds(c.outer))
                    || self.read_elsewhere(&looping.body);
                needed || !looping.carried.is_empty()
            }
            _ => true,
        });
    }

    /// Whether the reverse sweep reads something that the block defines: it is kept alive until `keep` stores it.
    fn read_elsewhere(&self, block: &Block) -> bool {
        let mut any = false;
        block.each_stmt(&mut |stmt| stmt.kind.each_definition(&mut |var| any |= self.holds(var)));
        any
    }
}
