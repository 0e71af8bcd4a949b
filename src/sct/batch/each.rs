//! A statement that has no form for a batch, as a loop over the batch: what it reads is taken from each example, what it
//! gives is stacked. The loop gives what has one shape for all examples, for certain: numbers, and what a rule says so of.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Result, Symbol, symbol};

use super::super::core::{Atom, Block, Carried, Head, Loop, Op, Stmt, StmtKind, Var};
use super::super::kind::{DType, Kind};
use super::axes::no_batch;
use super::branches::fill;
use super::{Batch, Spread, Value};

impl Batch<'_, '_, '_> {
    /// Emits a statement as a loop over the batch.
    pub(super) fn each(&mut self, stmt: &Stmt) -> Result<()> {
        let outputs = outputs(&stmt.kind);
        for var in &outputs {
            let kind = &self.l.f.info(*var).kind;
            if !(kind.is_scalar() || self.settled(&stmt.kind) && matches!(kind, Kind::Array(_, Some(_), _))) {
                return Err(no_batch());
            }
        }
        let span = stmt.span;
        let mut lists = Vec::new();
        for var in &outputs {
            let info = self.l.f.info(*var).clone();
            let kind = Kind::ListOf(info.kind.clone().into());
            let init = self.l.define(symbol!("t"), Kind::List([].into()), Op::List(vec![]));
            lists.push((init, self.l.f.fresh(info.name, kind, false)));
        }
        let index = self.l.f.fresh(symbol!("i"), Kind::Int, false);
        let block = self.l.f.block();
        let outer = std::mem::replace(&mut self.l.block, block);
        let done = self.one(stmt, index, &outputs, &lists);
        let body = std::mem::replace(&mut self.l.block, outer);
        let nexts = done?;
        self.l.span = span;
        let mut carried = Vec::new();
        for ((init, inner), next) in lists.into_iter().zip(nexts) {
            let info = self.l.f.info(inner).clone();
            let outer = self.l.f.fresh(info.name, info.kind, false);
            carried.push(Carried { inner, init, next: Atom::Var(next), outer });
        }
        let results: Vec<Var> = carried.iter().map(|carried| carried.outer).collect();
        let range = [Atom::int(0), self.size.clone(), Atom::int(1)];
        let head = Head::For { index, range, count: None, reversed: false };
        self.l.push(StmtKind::Loop(Box::new(Loop { head, carried, body, stop: None })));
        for (var, list) in outputs.into_iter().zip(results) {
            let kind = self.l.f.info(var).kind.clone();
            let all = match kind.dtype() {
                Some(dtype) if kind.is_scalar() => self.numbers(Atom::Var(list), dtype),
                _ => self.l.call(symbol!("np.stack"), vec![Atom::Var(list)]),
            };
            let value = self.made(var, all)?;
            if !self.define(var, value) {
                return Err(no_batch());
            }
        }
        Ok(())
    }

    /// A list of numbers as an array, of their type even where there are none.
    fn numbers(&mut self, list: Atom, dtype: DType) -> Atom {
        let name = match dtype {
            DType::Bool => "bool",
            DType::Int => "int",
            DType::Float => return self.l.call(symbol!("np.array"), vec![list]),
        };
        let function = super::super::kind::FunctionKind::Builtin(Symbol::new(name));
        let dtype = self.l.define(symbol!("f"), Kind::Function(function.into()), Op::Global(Symbol::new(name)));
        self.l.call(symbol!("np.array"), vec![list, dtype])
    }

    /// The statement for the example at an index, and its results appended to lists.
    fn one(&mut self, stmt: &Stmt, index: Var, outputs: &[Var], lists: &[(Atom, Var)]) -> Result<Vec<Var>> {
        let mut stmt = stmt.clone();
        self.with_numbers(&mut stmt.kind)?;
        let single = Block { stmts: vec![stmt], id: self.l.block.id, mirrors: None };
        let mut taken: FxHashMap<Var, Atom> = FxHashMap::default();
        for var in free(&single, &[]) {
            if let Some(value) = self.values.get(&var).cloned() {
                taken.insert(var, self.example(&value, index)?);
            }
        }
        let mut block = single;
        block.each_atom_mut(&mut |atom| {
            if let Atom::Var(var) = atom
                && let Some(other) = taken.get(var)
            {
                *atom = other.clone();
            }
        });
        self.l.block.stmts.append(&mut block.stmts);
        Ok(outputs.iter().zip(lists).map(|(var, (_, list))| self.appended(*list, Atom::Var(*var))).collect())
    }

    /// Gives what a statement defines on some paths only a number on the others; nobody reads it.
    fn with_numbers(&self, stmt: &mut StmtKind) -> Result<()> {
        let undefined = |atom: &Atom| match atom {
            Atom::Var(var) => self.undefined.contains(var),
            other => *other == Atom::Undefined,
        };
        let given = |var: Var, atom: &mut Atom| -> Result<()> {
            if *atom == Atom::Undefined {
                *atom = Atom::Lit(fill(&self.l.f.info(var).kind)?);
            }
            if undefined(atom) { Err(no_batch()) } else { Ok(()) }
        };
        match stmt {
            StmtKind::If { joins, .. } => {
                for join in joins {
                    given(join.var, &mut join.then)?;
                    given(join.var, &mut join.otherwise)?;
                }
            }
            StmtKind::Loop(looping) => {
                for carried in &mut looping.carried {
                    given(carried.outer, &mut carried.init)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A value for the example at an index.
    fn example(&mut self, value: &Value, index: Var) -> Result<Atom> {
        match &value.spread {
            Spread::Same => Ok(value.atom.clone()),
            Spread::Each if matches!(self.l.f.kind(&value.atom), Kind::Array(..)) => {
                Ok(self.l.item(value.atom.clone(), Atom::Var(index)))
            }
            Spread::Each => Err(no_batch()),
            Spread::Parts(_) => {
                let kind = self.l.f.kind(&value.atom);
                let parts = self.parts(value)?;
                let mut atoms = Vec::new();
                for part in &parts {
                    atoms.push(self.example(part, index)?);
                }
                self.rebuilt(&kind, atoms)
            }
            Spread::Items(_) => Err(no_batch()),
        }
    }

    /// Whether the arrays that a statement gives have one shape for all examples.
    fn settled(&self, stmt: &StmtKind) -> bool {
        match stmt {
            StmtKind::Let(_, Op::Call(name, args)) => {
                // What is not an operand of this function says how its result looks.
                self.l.session.rules.is_settled(*name)
                    && args.iter().all(|arg| {
                        self.is_same(arg) || matches!(self.l.f.kind(arg), Kind::Float | Kind::Array(DType::Float, ..))
                    })
            }
            StmtKind::Let(_, Op::Update(base, path, ..)) => {
                path.len() == 1 && matches!(self.l.f.kind(base), Kind::Array(_, Some(_), _))
            }
            _ => false,
        }
    }
}

/// The variables that a statement defines for those after it.
fn outputs(stmt: &StmtKind) -> Vec<Var> {
    match stmt {
        StmtKind::Let(var, _) => vec![*var],
        StmtKind::Mutate { out, result, .. } => vec![*out, *result],
        StmtKind::If { joins, .. } => joins.iter().map(|join| join.var).collect(),
        StmtKind::Loop(looping) => looping.carried.iter().map(|carried| carried.outer).collect(),
        _ => vec![],
    }
}

/// The variables that a block, or one of these results of it, reads and does not define.
pub(super) fn free(block: &Block, results: &[&Atom]) -> Vec<Var> {
    let mut defined: FxHashSet<Var> = FxHashSet::default();
    let mut read: Vec<Var> = Vec::new();
    let mut seen: FxHashSet<Var> = FxHashSet::default();
    let mut visit = |atom: &Atom, read: &mut Vec<Var>| {
        if let Atom::Var(var) = atom
            && seen.insert(*var)
        {
            read.push(*var);
        }
    };
    block.each_stmt(&mut |stmt| {
        stmt.kind.each_definition(&mut |var| {
            defined.insert(var);
        });
        stmt.kind.each_atom(&mut |atom| visit(atom, &mut read));
    });
    results.iter().for_each(|atom| visit(atom, &mut read));
    read.retain(|var| !defined.contains(var));
    read
}
