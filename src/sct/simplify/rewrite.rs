//! Copies, common subexpressions, decided branches and loop invariants, in one walk.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::lang::{Symbol, symbol};

use super::super::core::{Atom, Block, BlockId, Function, Head, How, Index, Join, Loop, Op, Stmt, StmtKind, Var};
use super::super::fold::fold;
use super::super::kind::{Kind, Literal, Operand};
use super::super::session::Session;
use super::super::var_map::{VarMap, VarSet};
use super::shapes::{Shapes, shapes};

/// Rewrites a function and its roots; whether a second walk may find more: what is only known at the end of a loop bears on what
/// stands before.
pub fn rewrite(session: &Session, f: &mut Function, roots: &mut [Atom]) -> bool {
    let shapes = shapes(f, session.rules);
    let body = f.body.take();
    let mut rewriter = Rewriter {
        session,
        shapes,
        copies: VarMap::of(f),
        definitions: VarMap::of(f),
        known: FxHashMap::default(),
        trail: vec![],
        visible: VarSet::of(f),
        entered: vec![],
        homes: VarMap::of(f),
        around: vec![(body.id, None)],
        uncertain: VarSet::of(f),
        shaped: vec![],
        again: false,
        f,
    };
    rewriter.entered.push(vec![]);
    for param in rewriter.f.params.clone() {
        rewriter.enter(param);
    }
    let body = rewriter.block(body);
    roots.iter_mut().for_each(|root| rewriter.substitute(root));
    let again = rewriter.again;
    let copies = rewriter.copies;
    let mut definitions = rewriter.definitions;
    f.body = body;
    f.body.each_stmt_mut(&mut |stmt| {
        if let StmtKind::Let(var, op) = &mut stmt.kind {
            definitions.remove(*var).into_iter().for_each(|defined| *op = defined);
        }
    });
    if again {
        // Uses that stand before the definition they copy (a loop's own carried variables) are replaced now.
        f.body.each_atom_mut(&mut |atom| resolve(&copies, atom));
    }
    again
}

fn resolve(copies: &VarMap<Atom>, atom: &mut Atom) {
    while let Atom::Var(var) = atom {
        match copies.get(*var) {
            Some(other) => *atom = other.clone(),
            None => break,
        }
    }
}

/// The walk's state.
pub(super) struct Rewriter<'a, 'w> {
    pub(super) session: &'a Session<'w>,
    pub(super) f: &'a mut Function,
    pub(super) shapes: Shapes,
    copies: VarMap<Atom>,
    /// How variables are computed. What has been rewritten holds its operation here until the walk ends.
    pub(super) definitions: VarMap<Op>,
    /// The variables whose values can be read instead of computing them again, by the hashes of their operations.
    known: FxHashMap<u64, Var>,
    /// The hashes added since, by block.
    trail: Vec<Vec<u64>>,
    /// The variables defined in the blocks around, in order, and how many there were when each block began. A reverse
    /// loop reads variables of the loop that it mirrors, which are not among them.
    visible: VarSet,
    entered: Vec<Vec<Var>>,
    /// The block in which each variable was defined, and the blocks that those around run backwards.
    homes: VarMap<BlockId>,
    around: Vec<(BlockId, Option<BlockId>)>,
    /// The variables that hold no value on some path.
    uncertain: VarSet,
    /// The visible arrays of which all extents are known, in order.
    shaped: Vec<Var>,
    /// Whether something was found out that bears on what stands before.
    again: bool,
}

impl Rewriter<'_, '_> {
    fn substitute(&self, atom: &mut Atom) {
        resolve(&self.copies, atom);
    }

    /// How an atom is computed, where that is visible.
    pub(super) fn definition(&self, atom: &Atom) -> Option<&Op> {
        self.definitions.get(atom.var()?)
    }

    pub(super) fn kind(&self, atom: &Atom) -> Kind {
        self.f.kind(atom)
    }

    /// Whether two arrays have the same shape for certain.
    pub(super) fn same_shape(&self, a: &Atom, b: &Atom) -> bool {
        self.shapes.same(a, b) || self.kind(a).same_shape(&self.kind(b))
    }

    fn copy(&mut self, var: Var, atom: Atom) {
        // A name the program gave is worth more than a temporary's.
        if let Atom::Var(other) = &atom {
            let named = self.f.info(var).clone();
            let target = &mut self.f.vars[other.0 as usize];
            if target.temporary && !named.temporary {
                target.name = named.name;
                target.temporary = false;
            }
        }
        self.copies.insert(var, atom);
    }

    fn block(&mut self, mut block: Block) -> Block {
        self.trail.push(vec![]);
        self.entered.push(vec![]);
        self.around.push((block.id, block.mirrors));
        let stmts = std::mem::take(&mut block.stmts);
        let mut out = Vec::with_capacity(stmts.len() + stmts.len() / 8);
        for stmt in stmts {
            let before = out.len();
            self.stmt(stmt, &mut out);
            for stmt in &out[before..] {
                self.see(stmt);
            }
        }
        self.around.pop();
        for var in self.entered.pop().unwrap_or_default().into_iter().rev() {
            self.visible.remove(var);
            if self.shaped.last() == Some(&var) {
                self.shaped.pop();
            }
        }
        for key in self.trail.pop().unwrap_or_default() {
            self.known.remove(&key);
        }
        block.stmts = out;
        block
    }

    /// What a statement defines is visible after it, but for what may have no value there.
    fn see(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Loop(looping) => {
                for carried in &looping.carried {
                    let uncertain = self.is_uncertain(&carried.init);
                    self.enter_if(!uncertain, carried.outer);
                }
            }
            StmtKind::If { joins, .. } => {
                for join in joins {
                    let uncertain = self.is_uncertain(&join.then) || self.is_uncertain(&join.otherwise);
                    self.enter_if(!uncertain, join.var);
                }
            }
            kind => kind.each_definition(&mut |var| self.enter(var)),
        }
    }

    fn enter_if(&mut self, certain: bool, var: Var) {
        if certain {
            self.enter(var);
        } else {
            self.uncertain.add(var);
        }
    }

    fn is_uncertain(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Undefined => true,
            Atom::Var(var) => self.uncertain.contains(*var),
            Atom::Lit(_) => false,
        }
    }

    fn enter(&mut self, var: Var) {
        self.visible.add(var);
        if let Some(entered) = self.entered.last_mut() {
            entered.push(var);
        }
        if let Some((block, _)) = self.around.last() {
            self.homes.insert(var, *block);
        }
        let kind = &self.f.info(var).kind;
        if kind.same_shape(kind) {
            self.shaped.push(var);
        }
    }

    fn stmt(&mut self, mut stmt: Stmt, out: &mut Vec<Stmt>) {
        if !matches!(stmt.kind, StmtKind::If { .. } | StmtKind::Loop(_)) {
            let copies = std::mem::take(&mut self.copies);
            stmt.kind.each_atom_mut(&mut |atom| resolve(&copies, atom));
            self.copies = copies;
        }
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Let(var, op) => self.operation(var, op, span, out),
            StmtKind::If { mut test, then, otherwise, joins } => {
                self.substitute(&mut test);
                self.branch(test, then, otherwise, joins, span, out);
            }
            StmtKind::Loop(mut looping) => {
                for carried in &mut looping.carried {
                    self.substitute(&mut carried.init);
                    if self.is_uncertain(&carried.init) {
                        self.uncertain.add(carried.inner);
                    }
                }
                match &mut looping.head {
                    Head::For { range, count, .. } => {
                        range.iter_mut().chain(count).for_each(|a| resolve(&self.copies, a))
                    }
                    Head::While(test, _) => {
                        let block = test.take();
                        *test = self.block(block);
                    }
                }
                if let Head::While(_, test) = &mut looping.head {
                    resolve(&self.copies, test);
                }
                let body = looping.body.take();
                looping.body = self.block(body);
                for carried in &mut looping.carried {
                    resolve(&self.copies, &mut carried.next);
                }
                looping.stop.iter_mut().for_each(|a| resolve(&self.copies, a));
                // An iteration only begins while the flag that ends the loop is down.
                if let Some(stop) = &looping.stop {
                    let down = Atom::Lit(Literal::Bool(false));
                    for carried in looping.carried.iter().filter(|c| c.next == *stop && c.init == down) {
                        if self.copies.insert(carried.inner, down.clone()).is_none() {
                            self.again = true;
                        }
                    }
                }
                if looping.stop == Some(Atom::Lit(Literal::Bool(false))) {
                    looping.stop = None;
                    self.again = true;
                }
                let invariant = |c: &super::super::core::Carried| {
                    (c.next == Atom::Var(c.inner) || c.next == c.init) && c.init != Atom::Undefined
                };
                for carried in looping.carried.iter().filter(|c| invariant(c)) {
                    self.copies.insert(carried.inner, carried.init.clone());
                    self.copies.insert(carried.outer, carried.init.clone());
                    self.again = true;
                }
                looping.carried.retain(|c| !invariant(c));
                self.hoist(&mut looping, out);
                out.push(Stmt { kind: StmtKind::Loop(looping), span });
            }
            kind => out.push(Stmt { kind, span }),
        }
    }

    /// Moves what is the same in every iteration, and cannot fail, before the loop.
    fn hoist(&mut self, looping: &mut Loop, out: &mut Vec<Stmt>) {
        for stmt in std::mem::take(&mut looping.body.stmts) {
            if let StmtKind::Let(var, _) = &stmt.kind
                && let Some(op) = self.definitions.get(*var)
            {
                let mut free = true;
                op.each_atom(&mut |atom| free &= !matches!(atom, Atom::Var(v) if !self.visible.contains(*v)));
                if free && self.is_safe(op) {
                    self.visible.add(*var);
                    self.again = true;
                    out.push(stmt);
                    continue;
                }
            }
            looping.body.stmts.push(stmt);
        }
    }

    /// Whether an operation that computes the same each time never fails.
    fn is_safe(&self, op: &Op) -> bool {
        let mut any = false;
        op.each_atom(&mut |atom| any |= atom.var().is_some());
        match op {
            Op::Tuple(_) | Op::List(_) | Op::Dict(_) => any,
            Op::Index(base, Index::At(Atom::Lit(key))) => match (self.kind(base), key) {
                (Kind::Dict(items), key) => items.iter().any(|(k, _)| k == key),
                (Kind::Tuple(items) | Kind::List(items), Literal::Int(at)) => {
                    super::super::lower::position(*at, items.len()).is_some()
                }
                _ => false,
            },
            Op::Call(name, args) => match name.as_str() {
                "np.shape" | "np.transpose" => true,
                "operator.add" | "operator.sub" | "operator.mul" | "operator.neg" => {
                    args.iter().all(|arg| self.kind(arg) == Kind::Float)
                }
                "operator.truediv" => match args.as_slice() {
                    [a, Atom::Lit(Literal::Float(b))] => self.kind(a) == Kind::Float && *b != 0.0,
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        }
    }

    fn branch(
        &mut self,
        test: Atom,
        then: Block,
        otherwise: Block,
        mut joins: Vec<Join>,
        span: crate::lang::Span,
        out: &mut Vec<Stmt>,
    ) {
        if let Atom::Lit(Literal::Bool(holds)) = test {
            let taken = if holds { then } else { otherwise };
            for stmt in taken.stmts {
                self.stmt(stmt, out);
            }
            for join in joins {
                let mut value = if holds { join.then } else { join.otherwise };
                self.substitute(&mut value);
                self.copies.insert(join.var, value);
            }
            return;
        }
        let then = self.block(then);
        let otherwise = self.block(otherwise);
        let is_bool = self.kind(&test) == Kind::Bool;
        joins.retain_mut(|join| {
            resolve(&self.copies, &mut join.then);
            resolve(&self.copies, &mut join.otherwise);
            let same = match (&join.then, &join.otherwise) {
                (a, b) if a == b => Some(a.clone()),
                (Atom::Undefined, a) | (a, Atom::Undefined) if self.defined_outside(a, &then, &otherwise) => {
                    Some(a.clone())
                }
                (Atom::Lit(Literal::Bool(true)), Atom::Lit(Literal::Bool(false))) if is_bool => Some(test.clone()),
                _ => None,
            };
            match same {
                Some(atom) => {
                    self.copies.insert(join.var, atom);
                    false
                }
                None => true,
            }
        });
        out.push(Stmt { kind: StmtKind::If { test, then, otherwise, joins }, span });
    }

    fn defined_outside(&self, atom: &Atom, then: &Block, otherwise: &Block) -> bool {
        let Atom::Var(var) = atom else { return true };
        let mut inside = false;
        for block in [then, otherwise] {
            block.each_stmt(&mut |stmt| stmt.kind.each_definition(&mut |v| inside |= v == *var));
        }
        !inside
    }

    fn operation(&mut self, var: Var, op: Op, span: crate::lang::Span, out: &mut Vec<Stmt>) {
        let op = match op {
            Op::Copy(atom) => return self.copy(var, atom),
            Op::Call(name, args) => match self.simplified(var, name, args, span, out) {
                Op::Copy(atom) => return self.copy(var, atom),
                op => op,
            },
            Op::Index(base, index) => match self.element(&base, &index) {
                Some(atom) => return self.copy(var, atom),
                None => Op::Index(base, index),
            },
            Op::Update(base, path, How::Add, value) => match self.definition(&base) {
                // What was just set to zero is set to what is added, in an adjoint that has just begun too.
                Some(Op::Update(before, same, How::Set, zero)) if *same == path && is_zero(zero) => {
                    let before = before.clone();
                    Op::Update(before, path, How::Set, value)
                }
                Some(Op::Call(name, _)) if *name == symbol!("np.zeros_like") && self.is_temporary(&base) => {
                    Op::Update(base, path, How::Set, value)
                }
                _ => Op::Update(base, path, How::Add, value),
            },
            op => op,
        };
        if let Some(hash) = self.hash(&op) {
            match self.known.get(&hash) {
                Some(&other) if self.definitions.get(other) == Some(&op) => return self.copy(var, Atom::Var(other)),
                // Another operation has the hash.
                Some(_) => {}
                None => {
                    if let Some(trail) = self.trail.last_mut() {
                        trail.push(hash);
                    }
                    self.known.insert(hash, var);
                }
            }
        }
        self.sharpen(var, &op);
        self.definitions.insert(var, op);
        out.push(Stmt { kind: StmtKind::Let(var, Op::Copy(Atom::Undefined)), span });
    }

    /// Learns the extents of an array that is computed from what is now known of its operands.
    fn sharpen(&mut self, var: Var, op: &Op) {
        let Kind::Array(_, Some(rank), before) = self.f.info(var).kind else { return };
        let rank = usize::from(rank);
        if before.same(before, rank) {
            return;
        }
        let found = match op {
            Op::Call(name, args) => match (name.as_str(), args.as_slice()) {
                ("np.broadcast_to" | "cotangent.sum_to", [_, shape]) => match self.shaped_like(shape) {
                    Some(like) => self.kind(&like),
                    None => return,
                },
                _ => self.session.world.result_kind(*name, &self.operands(args)),
            },
            Op::Update(base, ..) => self.kind(base),
            _ => return,
        };
        if found.rank() == Some(rank) {
            let kind = &mut self.f.vars[var.0 as usize].kind;
            *kind = kind.clone().with_extents(before.meet(found.extents()));
        }
    }

    pub(super) fn operands(&self, args: &[Atom]) -> Vec<Operand> {
        args.iter().map(|a| Operand { kind: self.kind(a), literal: a.literal().cloned() }).collect()
    }

    /// Whether a value has no name of its own in the source.
    fn is_temporary(&self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.f.info(var).temporary)
    }

    /// The first visible array that has the shape of this one for certain.
    pub(super) fn first_of_shape(&self, var: Var) -> Option<Var> {
        if let Some(first) = self.shapes.of(var).filter(|first| *first != var && self.is_at_hand(*first)) {
            return Some(first);
        }
        let kind = &self.f.info(var).kind;
        self.shaped
            .iter()
            .copied()
            .take_while(|known| *known != var)
            .find(|known| self.f.info(*known).kind.same_shape(kind))
    }

    /// Whether a variable is defined in the blocks around.
    pub(super) fn is_visible(&self, var: Var) -> bool {
        self.visible.contains(var)
    }

    /// Whether a variable can be read here: it is visible, or belongs to a block that is run backwards here.
    fn is_at_hand(&self, var: Var) -> bool {
        let mirrored = |home: &BlockId| self.around.iter().any(|(_, mirrors)| mirrors.as_ref() == Some(home));
        self.visible.contains(var) || self.homes.get(var).is_some_and(mirrored)
    }

    /// A new temporary computed by an operation.
    pub(super) fn emit(&mut self, name: Symbol, args: Vec<Atom>, span: crate::lang::Span, out: &mut Vec<Stmt>) -> Atom {
        let operands = self.operands(&args);
        if let Some(literal) = fold(name, &operands) {
            return Atom::Lit(literal);
        }
        let kind = self.session.world.result_kind(name, &operands);
        let var = self.f.fresh(symbol!("t"), kind, true);
        self.operation(var, Op::Call(name, args), span, out);
        let mut atom = Atom::Var(var);
        self.substitute(&mut atom);
        atom
    }

    /// The hash of an operation that computes the same wherever it stands.
    fn hash(&self, op: &Op) -> Option<u64> {
        let mut hasher = FxHasher::default();
        std::mem::discriminant(op).hash(&mut hasher);
        match op {
            Op::Call(name, args) => {
                let pure = self.session.world.signature(*name).is_none_or(|s| !s.effect && !s.mutates);
                // Fresh zeros are there to be added to: one for each that needs them.
                let fresh = matches!(name.as_str(), "np.zeros" | "np.zeros_like" | "cotangent.zeros_like");
                if !pure || fresh {
                    return None;
                }
                (name, args).hash(&mut hasher);
            }
            Op::Index(base, index) => (base, index).hash(&mut hasher),
            Op::Update(base, path, how, value) => (base, path, how, value).hash(&mut hasher),
            Op::Tuple(items) => items.hash(&mut hasher),
            Op::Global(name) => name.hash(&mut hasher),
            _ => return None,
        }
        Some(hasher.finish())
    }

    /// `base[index]` where the structure of the base is visible.
    fn element(&self, base: &Atom, index: &Index) -> Option<Atom> {
        let Index::At(Atom::Lit(key)) = index else { return None };
        match (self.definition(base)?, key) {
            (Op::Tuple(items) | Op::List(items), Literal::Int(at)) => {
                super::super::lower::position(*at, items.len()).map(|at| items[at].clone())
            }
            (Op::Dict(items), key) => items.iter().find(|(k, _)| k == key).map(|(_, item)| item.clone()),
            _ => None,
        }
    }
}

/// Whether an atom is the number zero.
pub(super) fn is_zero(atom: &Atom) -> bool {
    matches!(atom, Atom::Lit(Literal::Float(x)) if *x == 0.0)
}
