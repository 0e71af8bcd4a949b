//! To be recorded: gives the reverse sweep what it reads of iterations that are over.
//!
//! Takes a joint function whose reverse loops read variables of the forward loops they mirror. Such a variable is
//! recomputed where a cheap operation gives it from what is at hand (the loop's index, what is constant in the loop, other
//! kept values); otherwise the forward loop appends it to a list and the reverse loop pops it. Straight-line code
//! keeps nothing: there the variables themselves are still there.
//!
//! ```text
//! for i in range(n):             kept = []
//!     y = np.sin(x)              for i in range(n):
//!     x = x * y                      kept.append(x)
//!                                    y = np.sin(x)
//!                          ⟶         kept.append(y)
//!                                    x = x * y
//!                                for i in reversed(range(n)):
//!                                    y = kept.pop()
//!                                    x = kept.pop()
//!                                    x_bar = x_bar * y + x_bar * x * np.cos(x)
//! ```
//!
//! One list serves all iterations of a nest: the reverse sweep visits them in exactly the opposite order. It serves all
//! numbers of a body as well: several lists of one length would grow in step, to places that the cache takes for each
//! other, and each would ask for room.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Span, Symbol, symbol};

use super::core::{Atom, Block, BlockId, Function, Head, Op, Stmt, StmtKind, Var};
use super::kind::{DType, Kind, Literal};
use super::session::Session;
use super::var_map::VarMap;
use super::zero;

/// How many operations deep a number is computed again.
const DEEPEST_RECOMPUTED: usize = 4;

/// Makes the reverse sweep of a joint function self-sufficient; whether anything had to be done for that.
pub fn keep(session: &Session, f: &mut Function) -> bool {
    let mut loops = false;
    f.body.each_stmt(&mut |stmt| loops |= matches!(stmt.kind, StmtKind::Loop(_)));
    if !loops {
        return false;
    }
    let mut places = Places { blocks: FxHashMap::default(), vars: VarMap::of(f), spans: VarMap::of(f), count: 0 };
    let mut body = f.body.take();
    places.block(&body, false, None);
    let mut keeper = Keeper {
        session,
        f,
        places,
        insertions: FxHashMap::default(),
        stacks: vec![],
        shapes: FxHashMap::default(),
        follows: FxHashMap::default(),
        recorded: FxHashSet::default(),
    };
    keeper.visit(&mut body);
    let stacks = std::mem::take(&mut keeper.stacks);
    insert(&mut body, &mut keeper.insertions);
    initialise(&mut body, &keeper.recorded);
    let span = f.span;
    let declarations = stacks.into_iter().map(|stack| Stmt { kind: StmtKind::Let(stack, Op::List(vec![])), span });
    body.stmts.splice(0..0, declarations);
    f.body = body;
    true
}

/// Where blocks and variables stand.
struct Places {
    blocks: FxHashMap<BlockId, Place>,
    /// The block a variable is defined in, its position there, and how it is computed where that is in a loop.
    vars: VarMap<(BlockId, usize, Option<Op>)>,
    /// The line that each variable comes from.
    spans: VarMap<Span>,
    count: usize,
}

struct Place {
    in_loop: bool,
    /// The index of the `for` that this is the body of.
    index: Option<Var>,
}

impl Places {
    fn block(&mut self, block: &Block, in_loop: bool, index: Option<Var>) {
        self.blocks.insert(block.id, Place { in_loop, index });
        for stmt in &block.stmts {
            self.count += 1;
            let at = self.count;
            match &stmt.kind {
                StmtKind::If { then, otherwise, joins, .. } => {
                    self.block(then, in_loop, None);
                    self.block(otherwise, in_loop, None);
                    self.count += 1;
                    for join in joins {
                        self.vars.insert(join.var, (block.id, self.count, None));
                    }
                }
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        self.vars.insert(carried.inner, (looping.body.id, 0, None));
                    }
                    let index = match &looping.head {
                        Head::For { index, .. } => {
                            self.vars.insert(*index, (looping.body.id, 0, None));
                            Some(*index)
                        }
                        Head::While(test, _) => {
                            self.block(test, true, None);
                            None
                        }
                    };
                    self.block(&looping.body, true, index);
                    self.count += 1;
                    for carried in &looping.carried {
                        self.vars.insert(carried.outer, (block.id, self.count, None));
                    }
                }
                StmtKind::Let(var, op) => {
                    self.spans.insert(*var, stmt.span);
                    self.vars.insert(*var, (block.id, at, in_loop.then(|| op.clone())));
                }
                kind => kind.each_definition(&mut |var| {
                    self.vars.insert(var, (block.id, at, None));
                }),
            }
        }
    }

    fn in_loop(&self, var: Var) -> bool {
        self.vars.get(var).is_some_and(|(block, ..)| self.blocks.get(block).is_some_and(|b| b.in_loop))
    }
}

struct Keeper<'a, 'w> {
    session: &'a Session<'w>,
    f: &'a mut Function,
    places: Places,
    /// Statements to be put somewhere in a block.
    insertions: Insertions,
    stacks: Vec<Var>,
    /// Variables that hold the shape of another.
    shapes: FxHashMap<Var, Var>,
    /// The variables that are appended to a list.
    recorded: FxHashSet<Var>,
    /// What the definitions of those variables follow.
    follows: FxHashMap<Var, Spot>,
}

/// A place in a block.
#[derive(Clone, Copy, PartialEq)]
enum Spot {
    Start,
    /// After the definition of a variable.
    After(Var),
    End,
}

type Insertions = FxHashMap<BlockId, Vec<(Spot, Stmt)>>;

impl Keeper<'_, '_> {
    fn visit(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            match &mut stmt.kind {
                StmtKind::If { then, otherwise, joins, .. } => {
                    self.visit(then);
                    self.visit(otherwise);
                    self.resolve(then, joins.iter_mut().map(|join| &mut join.then).collect(), None);
                    self.resolve(otherwise, joins.iter_mut().map(|join| &mut join.otherwise).collect(), None);
                }
                StmtKind::Loop(looping) => {
                    self.visit(&mut looping.body);
                    let index = match &mut looping.head {
                        Head::For { index, .. } => Some(*index),
                        Head::While(test, _) => {
                            self.visit(test);
                            None
                        }
                    };
                    let next = looping.carried.iter_mut().map(|c| &mut c.next).collect();
                    self.resolve(&mut looping.body, next, index);
                }
                _ => {}
            }
        }
    }

    /// Gives a block of the reverse sweep what it reads of the block it mirrors.
    fn resolve(&mut self, block: &mut Block, mut extra: Vec<&mut Atom>, index: Option<Var>) {
        let Some(mirrored) = block.mirrors else { return };
        let Some(place) = self.places.blocks.get(&mirrored) else { return };
        if !place.in_loop {
            return;
        }
        let mirrored_index = place.index;
        self.shapes_instead(block, mirrored);
        let mut needed = self.reads(block, &extra, mirrored);
        let mut renamed: FxHashMap<Var, Atom> = FxHashMap::default();
        if let (Some(forward), Some(backward)) = (mirrored_index, index)
            && self.f.info(backward).name.as_str() != "_"
        {
            needed.remove(&forward);
            renamed.insert(forward, Atom::Var(backward));
        }
        let index_of = |var: Var| mirrored_index == Some(var);
        let has_index = mirrored_index.is_some_and(|index| renamed.contains_key(&index));
        for var in needed.clone() {
            let mut steps = Vec::new();
            if self.derivable(var, mirrored, &|var| has_index && index_of(var), DEEPEST_RECOMPUTED, &mut steps) {
                needed.extend(steps);
            }
        }
        let mut order: Vec<Var> = needed.iter().copied().collect();
        order.sort_by_key(|var| (self.places.vars.get(*var).map_or(0, |(_, at, _)| *at), *var));
        let mut restored = Vec::new();
        let mut recomputed = Vec::new();
        let mut kept = Vec::new();
        for var in order {
            let span = self.places.spans.get(var).copied().unwrap_or(self.f.span);
            let info = self.f.info(var).clone();
            let again = self.f.fresh(info.name, info.kind.clone(), info.temporary);
            if let Some(mut op) = self.recomputable(var, &needed, mirrored, &|var| has_index && index_of(var)) {
                op.each_atom_mut(&mut |atom| rename(&renamed, atom));
                recomputed.push(Stmt { kind: StmtKind::Let(again, op), span });
            } else {
                self.f.vars[again.0 as usize].temporary = false;
                kept.push((var, again, span));
            }
            renamed.insert(var, Atom::Var(again));
        }
        let stacks = self.stacks_of(&kept);
        for ((var, again, span), stack) in kept.into_iter().zip(stacks) {
            self.record(mirrored, var, stack);
            restored.push(Stmt { kind: StmtKind::Restore(again, stack), span });
        }
        block.each_atom_mut(&mut |atom| rename(&renamed, atom));
        extra.iter_mut().for_each(|atom| rename(&renamed, atom));
        block.stmts.splice(0..0, restored.into_iter().rev().chain(recomputed));
    }

    /// The variables of the mirrored block that the block reads, at any depth.
    fn reads(&self, block: &Block, extra: &[&mut Atom], mirrored: BlockId) -> FxHashSet<Var> {
        let mut needed = FxHashSet::default();
        let mut read = |atom: &Atom| {
            if let Atom::Var(var) = atom
                && self.places.vars.get(*var).is_some_and(|(home, ..)| *home == mirrored)
            {
                needed.insert(*var);
            }
        };
        block.each_stmt(&mut |stmt| stmt.kind.each_atom(&mut read));
        extra.iter().for_each(|atom| read(atom));
        needed
    }

    /// How a variable is computed again from what the reverse block has anyway.
    fn recomputable(
        &self,
        var: Var,
        needed: &FxHashSet<Var>,
        mirrored: BlockId,
        index: &dyn Fn(Var) -> bool,
    ) -> Option<Op> {
        let op = self.places.vars.get(var)?.2.as_ref()?;
        let at_hand = |var: Var| {
            needed.contains(&var) || index(var) || self.places.vars.get(var).is_none_or(|(home, ..)| *home != mirrored)
        };
        let mut available = true;
        op.each_atom(&mut |atom| {
            if let Atom::Var(var) = atom {
                available &= at_hand(*var);
            }
        });
        (available && self.is_cheap(var, op)).then(|| op.clone())
    }

    /// Whether computing an operation again costs less than keeping what it gives.
    fn is_cheap(&self, var: Var, op: &Op) -> bool {
        match op {
            Op::Copy(_) => true,
            Op::Call(name, args) => {
                let scalar = self.f.info(var).kind.is_scalar() && args.iter().all(|a| self.f.kind(a).is_scalar());
                match name.as_str() {
                    "operator.add" | "operator.sub" | "operator.mul" | "operator.neg" | "operator.not_"
                    | "operator.lt" | "operator.le" | "operator.gt" | "operator.ge" | "operator.eq" | "operator.ne"
                    | "float" => scalar || self.in_one_chain(var, args),
                    "operator.truediv" => self.in_one_chain(var, args),
                    "operator.floordiv" | "operator.mod" => self.f.info(var).kind == Kind::Int,
                    "len" | "np.shape" | "np.ndim" | "np.transpose" | "np.zeros" => true,
                    _ => false,
                }
            }
            // Elements of what is constant in every loop: a view, or a number that is still there.
            Op::Index(base, _) => base.var().is_some_and(|base| !self.places.in_loop(base)),
            _ => false,
        }
    }

    /// Whether an operation gives an array of the shape of its operands: it is done along with what reads it, without being
    /// stored.
    fn in_one_chain(&self, var: Var, args: &[Atom]) -> bool {
        let whole = &self.f.info(var).kind;
        let fits = |kind: Kind| kind.is_scalar() || kind.same_shape(whole);
        matches!(whole, Kind::Array(..)) && args.iter().all(|arg| fits(self.f.kind(arg)))
    }

    /// Whether a number follows from the loop's index and what is constant in the loop by a few cheap operations, whose
    /// results are `steps`.
    fn derivable(
        &self,
        var: Var,
        mirrored: BlockId,
        index: &dyn Fn(Var) -> bool,
        depth: usize,
        steps: &mut Vec<Var>,
    ) -> bool {
        let Some((home, _, op)) = self.places.vars.get(var) else { return true };
        if *home != mirrored || index(var) {
            return true;
        }
        let Some(op) = op.as_ref().filter(|op| depth > 0 && self.is_cheap(var, op)) else { return false };
        let mut all = true;
        op.each_atom(&mut |atom| {
            if let Atom::Var(var) = atom {
                all &= self.derivable(*var, mirrored, index, depth - 1, steps);
            }
        });
        steps.push(var);
        all
    }

    /// The lists of variables that one block keeps: numbers of one kind share theirs.
    fn stacks_of(&mut self, kept: &[(Var, Var, Span)]) -> Vec<Var> {
        let kinds: Vec<Kind> = kept.iter().map(|(var, ..)| self.f.info(*var).kind.clone()).collect();
        let mut stacks: Vec<Var> = Vec::new();
        for (at, kind) in kinds.iter().enumerate() {
            let number = matches!(kind, Kind::Float | Kind::Int);
            let stack = match kinds[..at].iter().position(|other| number && other == kind) {
                Some(first) => stacks[first],
                None if number && kinds[at + 1..].contains(kind) => self.stack(symbol!("kept"), kind),
                None => {
                    let name = self.f.info(kept[at].0).name;
                    let name = Symbol::new(&format!("{}_kept", name.as_str().trim_start_matches('$')));
                    self.stack(name, kind)
                }
            };
            stacks.push(stack);
        }
        stacks
    }

    fn stack(&mut self, name: Symbol, kind: &Kind) -> Var {
        let stack = self.f.fresh(name, Kind::ListOf(Arc::new(kind.clone())), false);
        self.stacks.push(stack);
        stack
    }

    /// Appends the variable to its list: a number after its definition, an array at the end, so that what computes it and
    /// others is not torn apart.
    fn record(&mut self, mirrored: BlockId, var: Var, stack: Var) {
        self.recorded.insert(var);
        let span = self.f.span;
        let definition = self.places.vars.get(var);
        let after = match (self.follows.get(&var), definition) {
            (Some(after), _) => *after,
            (None, Some((_, 0, _)) | None) => Spot::Start,
            _ => Spot::After(var),
        };
        let array = matches!(self.f.info(var).kind, Kind::Array(..));
        let view = array && matches!(definition, Some((_, _, Some(Op::Index(..)))));
        let computed = matches!(definition, Some((_, _, Some(Op::Call(..)))));
        let list = self.insertions.entry(mirrored).or_default();
        if view {
            // A view would hold the whole array that it is a part of.
            let kind = self.f.info(var).kind.clone();
            let compact = self.f.fresh(symbol!("t"), kind, true);
            let op = Op::Call(symbol!("cotangent.keep"), vec![Atom::Var(var)]);
            list.push((after, Stmt { kind: StmtKind::Let(compact, op), span }));
            list.push((after, Stmt { kind: StmtKind::Keep(stack, Atom::Var(compact)), span }));
        } else {
            let spot = if array && computed { Spot::End } else { after };
            list.push((spot, Stmt { kind: StmtKind::Keep(stack, Atom::Var(var)), span }));
        }
    }

    /// Where only the shape of an array is read, the shape is what is kept.
    fn shapes_instead(&mut self, block: &mut Block, mirrored: BlockId) {
        let mut stmts = std::mem::take(&mut block.stmts);
        for stmt in &mut stmts {
            if let StmtKind::Let(_, op) = &mut stmt.kind
                && let Op::Call(name, args) = op
                && let Some(Atom::Var(var)) = args.first().cloned()
                && self.places.vars.get(var).is_some_and(|(home, ..)| *home == mirrored)
            {
                let kind = &self.f.info(var).kind;
                let float = matches!(kind, Kind::Array(DType::Float, _, _));
                match name.as_str() {
                    // What may be a container is asked for its shape only where it has been found to be none.
                    "np.shape" if *kind != Kind::Any => *op = Op::Copy(Atom::Var(self.shape_of(var, mirrored))),
                    "np.zeros_like" if float && args[1..].iter().all(|a| *a == Atom::Lit(Literal::None)) => {
                        let shape = self.shape_of(var, mirrored);
                        if let Some(signature) = self.session.world.signature(symbol!("np.zeros")) {
                            let rest = signature.params[1..].iter().map(|p| p.default.clone().unwrap_or(Literal::None));
                            let args = std::iter::once(Atom::Var(shape)).chain(rest.map(Atom::Lit)).collect();
                            *op = Op::Call(symbol!("np.zeros"), args);
                        }
                    }
                    _ => {}
                }
            }
            stmt.kind.each_block_mut(&mut |inner| self.shapes_instead(inner, mirrored));
        }
        block.stmts = stmts;
    }

    /// A forward variable that holds the shape of another.
    fn shape_of(&mut self, var: Var, mirrored: BlockId) -> Var {
        if let Some(shape) = self.shapes.get(&var) {
            return *shape;
        }
        let rank = self.f.info(var).kind.rank();
        let kind = rank.map_or(Kind::Any, |rank| Kind::Tuple(vec![Kind::Int; rank].into()));
        let name = Symbol::new(&format!("{}_shape", self.f.info(var).name.as_str().trim_start_matches('$')));
        let shape = self.f.fresh(name, kind, false);
        let op = Op::Call(symbol!("np.shape"), vec![Atom::Var(var)]);
        let at = self.places.vars.get(var).map_or(0, |(_, at, _)| *at);
        let after = if at == 0 { Spot::Start } else { Spot::After(var) };
        let span = self.f.span;
        self.insertions.entry(mirrored).or_default().push((after, Stmt { kind: StmtKind::Let(shape, op), span }));
        self.follows.insert(shape, after);
        self.places.vars.insert(shape, (mirrored, at, None));
        self.shapes.insert(var, shape);
        shape
    }
}

fn rename(renamed: &FxHashMap<Var, Atom>, atom: &mut Atom) {
    if let Atom::Var(var) = atom
        && let Some(other) = renamed.get(var)
    {
        *atom = other.clone();
    }
}

/// A variable that has no value yet when it is first kept gets one that nobody reads.
pub fn initialise(block: &mut Block, recorded: &FxHashSet<Var>) {
    if recorded.is_empty() || zero::maybe_undefined(block).is_empty() {
        return;
    }
    // What is kept under another name has its value from the variables that flow into it; a shape that is kept, from the
    // variable that has it.
    let mut read = recorded.clone();
    loop {
        let before = read.len();
        block.each_stmt(&mut |stmt| {
            let mut flows = |to: &[Var], from: &[&Atom]| {
                if to.iter().any(|var| read.contains(var)) {
                    read.extend(from.iter().filter_map(|atom| atom.var()));
                }
            };
            match &stmt.kind {
                StmtKind::Loop(looping) => {
                    looping.carried.iter().for_each(|c| flows(&[c.inner, c.outer], &[&c.init, &c.next]));
                }
                StmtKind::If { joins, .. } => joins.iter().for_each(|j| flows(&[j.var], &[&j.then, &j.otherwise])),
                StmtKind::Let(var, Op::Copy(atom)) => flows(&[*var], &[atom]),
                StmtKind::Let(var, Op::Call(name, args)) if name.as_str() == "np.shape" => {
                    args.iter().for_each(|atom| flows(&[*var], &[atom]));
                }
                _ => {}
            }
        });
        if read.len() == before {
            break;
        }
    }
    define(block, &read);
}

fn define(block: &mut Block, read: &FxHashSet<Var>) {
    let define_atom = |atom: &mut Atom| {
        if *atom == Atom::Undefined {
            *atom = Atom::float(0.0);
        }
    };
    for stmt in &mut block.stmts {
        match &mut stmt.kind {
            StmtKind::Loop(looping) => {
                let kept = looping.carried.iter_mut().filter(|c| read.contains(&c.inner) || read.contains(&c.outer));
                kept.for_each(|carried| define_atom(&mut carried.init));
            }
            StmtKind::If { joins, .. } => {
                for join in joins.iter_mut().filter(|join| read.contains(&join.var)) {
                    define_atom(&mut join.then);
                    define_atom(&mut join.otherwise);
                }
            }
            StmtKind::Let(var, Op::Copy(atom)) if read.contains(var) => define_atom(atom),
            _ => {}
        }
        stmt.kind.each_block_mut(&mut |inner| define(inner, read));
    }
}

/// Puts the statements where they belong.
fn insert(block: &mut Block, insertions: &mut Insertions) {
    let mut list = insertions.remove(&block.id).unwrap_or_default();
    let stmts = std::mem::take(&mut block.stmts);
    let mut out = Vec::with_capacity(stmts.len());
    take(&mut list, &|spot| *spot == Spot::Start, &mut out);
    for mut stmt in stmts {
        stmt.kind.each_block_mut(&mut |inner| insert(inner, insertions));
        let mut defined = Vec::new();
        match &stmt.kind {
            StmtKind::Loop(looping) => looping.carried.iter().for_each(|c| defined.push(c.outer)),
            kind => kind.each_definition(&mut |var| defined.push(var)),
        }
        out.push(stmt);
        take(&mut list, &|spot| matches!(spot, Spot::After(var) if defined.contains(var)), &mut out);
    }
    take(&mut list, &|spot| *spot == Spot::End, &mut out);
    block.stmts = out;
}

/// Moves the statements that are wanted here, each followed by what waits for the variable it defines.
fn take(list: &mut Vec<(Spot, Stmt)>, wanted: &dyn Fn(&Spot) -> bool, out: &mut Vec<Stmt>) {
    let (here, rest) = std::mem::take(list).into_iter().partition(|(spot, _)| wanted(spot));
    *list = rest;
    let here: Vec<(Spot, Stmt)> = here;
    for (_, stmt) in here {
        let defined = match &stmt.kind {
            StmtKind::Let(var, _) => Some(*var),
            _ => None,
        };
        out.push(stmt);
        if let Some(defined) = defined {
            take(list, &|spot| *spot == Spot::After(defined), out);
        }
    }
}
