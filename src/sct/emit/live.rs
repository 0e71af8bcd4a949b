//! Where variables are alive, and which of them can share a name.
//!
//! A point in the program is a number: statement k reads at 2k and defines at 2k + 1. A variable is alive on a set of
//! half-open segments, kept in order. Variables may share a name if no segment of one meets a segment of the other; what a loop carries,
//! what a branch joins and what an update changes are given one name where that is so, which turns the single assignment
//! form back into assignments and updates in place.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::super::core::{Atom, Block, Function, Head, Op, StmtKind, Var};
use super::super::kind::Kind;
use super::super::var_map::VarMap;
use crate::lang::Symbol;

type Segments = SmallVec<[(u32, u32); 1]>;

/// Functions with more variables than this give temporaries of one name and kind the same name too.
const MANY: usize = 10_000;
/// Of the variables that are called alike, the last so many are tried for a name to share.
const TRIED: usize = 32;

/// The variables of a function, grouped into those that share a name.
pub struct Names {
    parent: VarMap<Var>,
}

impl Names {
    /// The representative of the variables that share a name with this one.
    pub fn class(&self, var: Var) -> Var {
        let mut var = var;
        while let Some(&parent) = self.parent.get(var) {
            if parent == var {
                break;
            }
            var = parent;
        }
        var
    }
}

/// Decides which variables share names.
pub fn coalesce(f: &Function) -> Names {
    let mut live = Live { segments: VarMap::of(f), open: VarMap::of(f) };
    let mut count = 0;
    let numbers = number(&f.body, &mut count);
    let end = 2 * count + 2;
    if let Atom::Var(var) = f.result {
        live.begin(var, end);
    }
    live.block(&f.body, &numbers);
    (0..f.vars.len() as u32).map(Var).for_each(|var| live.close(var, 0));
    for (_, segments) in live.segments.iter_mut().filter(|(_, segments)| segments.len() > 1) {
        *segments = std::mem::take(segments).into_iter().fold(Segments::new(), |mut all, segment| {
            unite(&mut all, segment);
            all
        });
    }
    let named = f.vars.iter().map(|info| (!info.temporary).then_some(info.name)).collect();
    let mut joiner = Joiner { names: Names { parent: VarMap::of(f) }, named, segments: live.segments };
    joiner.loops(&f.body);
    joiner.block(&f.body);
    joiner.same_names(f);
    joiner.names
}

/// The numbers of a block's statements: its own, and for those with blocks inside the blocks' and the end.
struct Numbers {
    stmts: Vec<(u32, Vec<Numbers>, u32)>,
}

fn number(block: &Block, count: &mut u32) -> Numbers {
    let mut stmts = Vec::with_capacity(block.stmts.len());
    for stmt in &block.stmts {
        *count += 1;
        let at = *count;
        let mut inner = Vec::new();
        stmt.kind.each_block(&mut |block| {
            inner.push(number(block, count));
            *count += 1;
        });
        *count += 1;
        stmts.push((at, inner, *count));
    }
    Numbers { stmts }
}

struct Live {
    segments: VarMap<Segments>,
    /// Variables alive at the current point, with the end of their segment.
    open: VarMap<u32>,
}

impl Live {
    /// A read: the variable is alive up to here.
    fn begin(&mut self, var: Var, at: u32) {
        self.open.place(var).get_or_insert(at);
    }

    fn read(&mut self, atom: &Atom, at: u32) {
        if let Atom::Var(var) = atom {
            self.begin(*var, at);
        }
    }

    /// A definition: the segment that ends later begins here.
    fn define(&mut self, var: Var, at: u32) {
        let end = self.open.remove(var).unwrap_or(at + 1);
        self.segments.place(var).get_or_insert_default().push((at, end.max(at + 1)));
    }

    fn close(&mut self, var: Var, at: u32) {
        if let Some(end) = self.open.remove(var)
            && end > at
        {
            self.segments.place(var).get_or_insert_default().push((at, end));
        }
    }

    /// Those of some variables that are alive here.
    fn alive(&self, vars: &[Var]) -> Vec<Var> {
        vars.iter().copied().filter(|var| self.open.contains(*var)).collect()
    }

    fn block(&mut self, block: &Block, numbers: &Numbers) {
        for (stmt, (at, inner, end)) in block.stmts.iter().zip(&numbers.stmts).rev() {
            self.stmt(&stmt.kind, *at, inner, *end);
        }
    }

    fn stmt(&mut self, stmt: &StmtKind, number: u32, inner: &[Numbers], end: u32) {
        let (read, write) = (2 * number, 2 * number + 1);
        match stmt {
            StmtKind::If { test, then, otherwise, joins } => {
                let [then_numbers, otherwise_numbers] = inner else { return };
                let last = 2 * end;
                // The arms' own ends lie just before the numbers that follow them.
                let then_end = 2 * otherwise_numbers.stmts.first().map_or(end - 1, |s| s.0) - 2;
                for join in joins {
                    self.define(join.var, last);
                }
                // What neither arm reads or defines stays alive through both.
                let (own_then, own_otherwise) = (defined(then), defined(otherwise));
                let local = [own_then.clone(), own_otherwise.clone()].concat();
                let mut touched = local.clone();
                let mut touch = |atom: &Atom| touched.extend(atom.var());
                reads(then, &mut touch);
                reads(otherwise, &mut touch);
                joins.iter().for_each(|join| [&join.then, &join.otherwise].into_iter().for_each(&mut touch));
                touched.sort_unstable();
                touched.dedup();
                let after = self.alive(&touched);
                // The other arm.
                own_then.iter().for_each(|var| self.close(*var, last));
                for join in joins {
                    self.read(&join.otherwise, last);
                }
                self.block(otherwise, otherwise_numbers);
                let middle = self.alive(&touched);
                for var in &middle {
                    self.close(*var, then_end + 1);
                }
                // This arm, from what is alive after the statement.
                let own_otherwise = in_order(own_otherwise);
                for var in after.iter().filter(|var| own_otherwise.binary_search(var).is_err()) {
                    self.begin(*var, then_end + 1);
                }
                for join in joins {
                    self.segments.place(join.var).get_or_insert_default().push((then_end, then_end + 1));
                    self.read(&join.then, then_end);
                }
                self.block(then, then_numbers);
                let local = in_order(local);
                for var in middle.iter().filter(|var| local.binary_search(var).is_err()) {
                    self.begin(*var, write);
                }
                local.into_iter().for_each(|var| self.close(var, write));
                self.read(test, read);
            }
            StmtKind::Loop(looping) => {
                let last = 2 * end;
                for carried in &looping.carried {
                    self.define(carried.outer, last + 1);
                }
                // What the loop reads from outside is alive in all of it.
                let mut local = defined(&looping.body);
                if let Head::While(test, _) = &looping.head {
                    local.extend(defined(test));
                }
                if let Head::For { index, .. } = looping.head {
                    local.push(index);
                }
                local.extend(looping.carried.iter().map(|c| c.inner));
                let local = in_order(local);
                let mut free = Vec::new();
                let mut collect = |atom: &Atom| free.extend(atom.var().filter(|var| local.binary_search(var).is_err()));
                reads(&looping.body, &mut collect);
                if let Head::While(test, atom) = &looping.head {
                    reads(test, &mut collect);
                    collect(atom);
                }
                looping.stop.iter().for_each(&mut collect);
                looping.carried.iter().for_each(|c| collect(&c.next));
                for var in &free {
                    self.begin(*var, last + 1);
                }
                for carried in &looping.carried {
                    self.read(&carried.next, last);
                }
                looping.stop.iter().for_each(|stop| self.read(stop, last));
                match (&looping.head, inner) {
                    (Head::While(test, atom), [test_numbers, body_numbers]) => {
                        self.block(&looping.body, body_numbers);
                        let at = 2 * body_numbers.stmts.first().map_or(end - 1, |s| s.0) - 1;
                        self.read(atom, at);
                        self.block(test, test_numbers);
                    }
                    (_, numbers) => {
                        if let Some(body_numbers) = numbers.last() {
                            self.block(&looping.body, body_numbers);
                        }
                    }
                }
                // The range is read once what the loop carries has its first value.
                if let Head::For { index, range, count, .. } = &looping.head {
                    self.define(*index, write + 1);
                    range.iter().chain(count).for_each(|a| self.read(a, write + 1));
                }
                for carried in &looping.carried {
                    self.define(carried.inner, write);
                }
                for carried in &looping.carried {
                    self.read(&carried.init, read);
                }
            }
            StmtKind::Keep(stack, value) => {
                self.begin(*stack, read);
                self.read(value, read);
            }
            StmtKind::Restore(var, stack) => {
                self.define(*var, write);
                self.begin(*stack, write);
            }
            // The base is copied into the result before the rest is read: that must not have the result's name.
            StmtKind::Let(_, Op::Update(base, ..)) | StmtKind::Mutate { base, .. } => {
                stmt.each_definition(&mut |var| self.define(var, write));
                stmt.each_atom(&mut |atom| {
                    if atom != base {
                        self.read(atom, write + 1);
                    }
                });
                self.read(base, read);
            }
            other => {
                other.each_definition(&mut |var| self.define(var, write));
                other.each_atom(&mut |atom| self.read(atom, read));
            }
        }
    }
}

fn in_order(mut vars: Vec<Var>) -> Vec<Var> {
    vars.sort_unstable();
    vars
}

fn defined(block: &Block) -> Vec<Var> {
    let mut vars = Vec::new();
    block.each_stmt(&mut |stmt| stmt.kind.each_definition(&mut |var| vars.push(var)));
    vars
}

fn reads(block: &Block, visit: &mut impl FnMut(&Atom)) {
    block.each_stmt(&mut |stmt| {
        stmt.kind.each_atom(visit);
        if let StmtKind::Keep(stack, _) | StmtKind::Restore(_, stack) = stmt.kind {
            visit(&Atom::Var(stack));
        }
    });
}

struct Joiner {
    names: Names,
    /// The names of the variables that have one of their own.
    named: Vec<Option<Symbol>>,
    segments: VarMap<Segments>,
}

impl Joiner {
    /// What a loop carries has one name whatever else does: that is settled first, so that nothing is given a name that it
    /// would only later turn out to share with what is alive beside it.
    fn loops(&mut self, block: &Block) {
        block.each_stmt(&mut |stmt| {
            if let StmtKind::Loop(looping) = &stmt.kind {
                for carried in &looping.carried {
                    self.join(carried.inner, carried.outer, true);
                }
            }
        });
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        self.join_atom(carried.inner, &carried.next);
                        self.join_atom(carried.inner, &carried.init);
                    }
                }
                StmtKind::If { joins, .. } => {
                    for join in joins {
                        self.join_atom(join.var, &join.then);
                        self.join_atom(join.var, &join.otherwise);
                    }
                }
                StmtKind::Let(var, Op::Update(base, ..)) => self.join_atom(*var, base),
                StmtKind::Mutate { base, out, .. } => self.join_atom(*out, base),
                _ => {}
            }
            stmt.kind.each_block(&mut |block| self.block(block));
        }
    }

    /// Variables that a program calls by the same name keep it where they never meet.
    fn same_names(&mut self, f: &Function) {
        let mut by_name: FxHashMap<(Symbol, Kind), Vec<Var>> = FxHashMap::default();
        let many = f.vars.len() > MANY;
        for number in 0..f.vars.len() as u32 {
            let var = Var(number);
            let info = f.info(var);
            if info.temporary && !many || !self.segments.contains(self.names.class(var)) {
                continue;
            }
            let classes = by_name.entry((info.name, info.kind.clone())).or_default();
            let class = self.names.class(var);
            let last = &classes[classes.len().saturating_sub(TRIED)..];
            if last.iter().any(|other| self.names.class(*other) == class) {
                continue;
            }
            last.iter().for_each(|other| self.join(*other, var, false));
            classes.push(var);
        }
    }

    fn join_atom(&mut self, var: Var, atom: &Atom) {
        if let Atom::Var(other) = atom {
            self.join(var, *other, false);
        }
    }

    fn join(&mut self, a: Var, b: Var, always: bool) {
        let (a, b) = (self.names.class(a), self.names.class(b));
        if a == b {
            return;
        }
        // Two names that the program tells apart stay apart: a move from one to the other costs nothing.
        let name = |var: Var| self.named.get(var.0 as usize).copied().flatten();
        if !always && matches!((name(a), name(b)), (Some(x), Some(y)) if x != y) {
            return;
        }
        // The class is called what the program calls its first variable.
        let rank = |var: Var| (name(var).is_none(), var);
        let (a, b) = if rank(b) < rank(a) { (b, a) } else { (a, b) };
        let empty = Segments::new();
        let (x, y) = (self.segments.get(a).unwrap_or(&empty), self.segments.get(b).unwrap_or(&empty));
        if !always && meet(x, y) {
            return;
        }
        let other = self.segments.remove(b).unwrap_or_default();
        let all = self.segments.place(a).get_or_insert_default();
        other.into_iter().for_each(|segment| unite(all, segment));
        self.names.parent.insert(b, a);
    }
}

/// Whether two variables are alive at one point.
fn meet(a: &Segments, b: &Segments) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().any(|segment| {
        let next = many.partition_point(|other| other.1 <= segment.0);
        many.get(next).is_some_and(|other| other.0 < segment.1)
    })
}

/// Adds a segment to those of a variable, which are in order and do not touch.
fn unite(all: &mut Segments, mut segment: (u32, u32)) {
    let first = all.partition_point(|other| other.1 < segment.0);
    let touched = all[first..].iter().take_while(|other| other.0 <= segment.1).count();
    for other in all.drain(first..first + touched) {
        segment = (segment.0.min(other.0), segment.1.max(other.1));
    }
    all.insert(first, segment);
}
