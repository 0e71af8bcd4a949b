//! Activity: which variables depend on the inputs asked for *and* reach the output.
//!
//! Takes a core function; gives a set. A variable is *varied* if it is computed from an active input by operations that
//! have a derivative, *useful* if the result is computed from it, and active if both. Both are the least fixed points
//! over loops. Integers, bools and strings are never active.

use crate::lang::Symbol;

use super::core::{Atom, Block, Carried, Function, Head, Op, StmtKind, Var};
use super::rules::Rules;
use super::var_map::VarSet;

/// The active variables of a function.
#[derive(Clone, Debug, Default)]
pub struct Active(VarSet);

impl Active {
    /// Whether a variable is active.
    pub fn holds(&self, var: Var) -> bool {
        self.0.contains(var)
    }

    /// Whether an atom is an active variable.
    pub fn atom(&self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.holds(var))
    }
}

/// The variables of `f` that depend on `inputs` and reach `outputs`.
pub fn activity(f: &Function, rules: &Rules, inputs: &[Var], outputs: &[Var]) -> Active {
    let mut varied = Spread { f, rules, set: inputs.iter().copied().collect(), again: true };
    while std::mem::take(&mut varied.again) {
        varied.forward(&f.body);
    }
    let varied = varied.set;
    let mut useful = Spread { f, rules, set: outputs.iter().copied().collect(), again: true };
    while std::mem::take(&mut useful.again) {
        useful.backward(&f.body);
    }
    Active(varied.common(&useful.set))
}

/// Visits the atoms of an operation that its result depends on.
fn flowing(op: &Op, visit: &mut impl FnMut(&Atom)) {
    match op {
        Op::Insert(_, atoms) => atoms.iter().take(1).for_each(visit),
        op => op.each_atom(visit),
    }
}

struct Spread<'f> {
    f: &'f Function,
    rules: &'f Rules,
    set: VarSet,
    /// Whether something was added that bears on what was visited before: what a loop carries, at its other end.
    again: bool,
}

impl Spread<'_> {
    fn holds(&self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.set.contains(var))
    }

    /// Adds a variable that can be active; whether it is new.
    fn add(&mut self, var: Var) -> bool {
        self.f.info(var).kind.may_be_active() && self.set.add(var)
    }

    fn add_atom(&mut self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.add(var))
    }

    fn is_zero(&self, primitive: Symbol) -> bool {
        self.rules.get(primitive).is_some_and(|rule| rule.is_zero())
    }

    /// Whether the derivative of an operation is zero whatever its operands.
    fn constant(&self, op: &Op) -> bool {
        match op {
            Op::Call(name, _) => self.is_zero(*name),
            Op::Global(_) | Op::Format(_) => true,
            _ => false,
        }
    }

    fn forward(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Let(var, op) => {
                    let mut any = false;
                    flowing(op, &mut |atom| any |= self.holds(atom));
                    if any && !self.constant(op) {
                        self.add(*var);
                    }
                }
                StmtKind::Mutate { method, base, out, result, args }
                    if (self.holds(base) || args.iter().any(|a| self.holds(a))) && !self.is_zero(*method) =>
                {
                    self.add(*out);
                    self.add(*result);
                }
                StmtKind::If { then, otherwise, joins, .. } => {
                    self.forward(then);
                    self.forward(otherwise);
                    for join in joins {
                        if self.holds(&join.then) || self.holds(&join.otherwise) {
                            self.add(join.var);
                        }
                    }
                }
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        if self.holds(&carried.init) || self.holds(&carried.next) {
                            self.add(carried.inner);
                            self.add(carried.outer);
                        }
                    }
                    if let Head::While(test, _) = &looping.head {
                        self.forward(test);
                    }
                    self.forward(&looping.body);
                    for carried in &looping.carried {
                        if self.holds(&carried.next) {
                            self.again |= self.add(carried.inner);
                            self.add(carried.outer);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn backward(&mut self, block: &Block) {
        for stmt in block.stmts.iter().rev() {
            match &stmt.kind {
                StmtKind::Let(var, op) if self.set.contains(*var) && !self.constant(op) => {
                    flowing(op, &mut |atom| {
                        self.add_atom(atom);
                    });
                }
                StmtKind::Mutate { method, base, out, result, args }
                    if (self.set.contains(*out) || self.set.contains(*result)) && !self.is_zero(*method) =>
                {
                    self.add_atom(base);
                    for arg in args {
                        self.add_atom(arg);
                    }
                    self.add(*out);
                }
                StmtKind::If { then, otherwise, joins, .. } => {
                    for join in joins {
                        if self.set.contains(join.var) {
                            self.add_atom(&join.then);
                            self.add_atom(&join.otherwise);
                        }
                    }
                    self.backward(otherwise);
                    self.backward(then);
                }
                StmtKind::Loop(looping) => {
                    let holds = |this: &Self, c: &Carried| this.set.contains(c.outer) || this.set.contains(c.inner);
                    for carried in &looping.carried {
                        if holds(self, carried) {
                            self.add_atom(&carried.next);
                        }
                    }
                    self.backward(&looping.body);
                    if let Head::While(test, _) = &looping.head {
                        self.backward(test);
                    }
                    for carried in &looping.carried {
                        if holds(self, carried) {
                            self.add_atom(&carried.init);
                            self.add(carried.inner);
                            self.add(carried.outer);
                            self.again |= self.add_atom(&carried.next);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
