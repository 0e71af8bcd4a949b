//! Copies of what may hold no value, and zeros like it.
//!
//! A variable that only one arm of a branch defines may flow into another one on a path where it has none. Where both have one
//! name that is nothing; where they do not, the copy would read what is not there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::core::{Atom, Block, Function, Op, StmtKind, Var};
use super::super::zero::maybe_undefined;
use super::live::Names;

/// The variables that may hold no value where they are copied to one of another name, or zeros are made like them.
pub fn copied_unset(f: &Function, names: &Names) -> FxHashSet<Var> {
    let unset = maybe_undefined(&f.body);
    let mut walk = Walk { names, unset, guards: FxHashMap::default(), within: vec![], copied: FxHashSet::default() };
    if !walk.unset.is_empty() {
        walk.block(&f.body);
    }
    walk.copied
}

struct Walk<'a> {
    names: &'a Names,
    unset: FxHashSet<Var>,
    /// The condition, and the side of it, on which variables have their values.
    guards: FxHashMap<Var, (Atom, bool)>,
    /// The conditions around, and the sides of them.
    within: Vec<(Atom, bool)>,
    copied: FxHashSet<Var>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::If { test, then, otherwise, joins } => {
                    for (side, block) in [(true, then), (false, otherwise)] {
                        self.within.push((test.clone(), side));
                        self.block(block);
                        for join in joins {
                            self.copy(join.var, if side { &join.then } else { &join.otherwise });
                        }
                        self.within.pop();
                    }
                    for join in joins {
                        let guard = match (&join.then, &join.otherwise) {
                            (set, Atom::Undefined) if !self.is_unset(set) => (test.clone(), true),
                            (Atom::Undefined, set) if !self.is_unset(set) => (test.clone(), false),
                            _ => continue,
                        };
                        self.guards.insert(join.var, guard);
                    }
                }
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        self.copy(carried.inner, &carried.init);
                    }
                    stmt.kind.each_block(&mut |block| self.block(block));
                    for carried in &looping.carried {
                        self.copy(carried.inner, &carried.next);
                    }
                }
                // Zeros like nothing are nothing.
                StmtKind::Let(_, Op::Call(name, args)) if name.as_str() == "cotangent.zeros_like" => {
                    args.iter().filter_map(Atom::var).for_each(|var| self.read(var));
                }
                _ => {}
            }
        }
    }

    fn is_unset(&self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.unset.contains(&var))
    }

    fn copy(&mut self, to: Var, from: &Atom) {
        let Atom::Var(var) = from else { return };
        if self.names.class(*var) != self.names.class(to) {
            self.read(*var);
        }
    }

    fn read(&mut self, var: Var) {
        let guarded = self.guards.get(&var).is_some_and(|guard| self.within.contains(guard));
        if self.unset.contains(&var) && !guarded {
            self.copied.insert(var);
        }
    }
}
