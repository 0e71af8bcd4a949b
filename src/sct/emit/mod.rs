//! From core back to a tree that reads as a person would write it: updates and loops in place, temporaries folded into
//! the expressions that read them, arguments that have their default left out.

mod expressions;
mod live;
mod unset;

pub use expressions::constant;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::lang::tree::{self, BinaryOp, Expr, ExprKind, LogicalOp, Param, ParamForm, UnaryOp};
use crate::lang::{Result, Span, Symbol, symbol};

use super::core::{Atom, Block, BlockId, Function, Head, How, Join, Loop, Op, Stmt, StmtKind, Var};
use super::keep::initialise;
use super::kind::Literal;
use super::session::Session;
use super::var_map::VarMap;
use live::{Names, coalesce};
use unset::copied_unset;

/// Expressions of more nodes than this get a name.
const LARGEST_FOLDED: usize = 16;

/// The tree of a function; `names` are those of the functions it calls.
pub fn emit(
    session: &Session,
    f: &Function,
    number: usize,
    names: &FxHashMap<usize, Symbol>,
) -> Result<tree::Function> {
    let classes = coalesce(f);
    let copied = copied_unset(f, &classes);
    if !copied.is_empty() {
        let mut f = f.clone();
        initialise(&mut f.body, &copied);
        return emit_set(session, &f, coalesce(&f), number, names);
    }
    emit_set(session, f, classes, number, names)
}

/// The tree of a function in which every copy is of a value.
fn emit_set(
    session: &Session,
    f: &Function,
    classes: Names,
    number: usize,
    names: &FxHashMap<usize, Symbol>,
) -> Result<tree::Function> {
    let mut uses = Uses { count: VarMap::of(f) };
    uses.block(&f.body);
    uses.count(&f.result, f.body.id);
    let mut emitter = Emitter {
        session,
        classes,
        f,
        callees: names,
        uses,
        printed: VarMap::of(f),
        taken: FxHashSet::default(),
        numbers: FxHashMap::default(),
        pending: vec![],
    };
    emitter.reserve(&f.body);
    names.values().for_each(|name| {
        emitter.taken.insert(*name);
    });
    let params = f.params.iter().map(|param| emitter.param(*param)).collect();
    let mut body = emitter.block(&f.body, false);
    let (value, held) = emitter.read(&f.result);
    emitter.flush_all(&held, &mut body);
    body.push(tree::StmtKind::Return(Some(value)).at(f.body.stmts.last().map_or(f.span, |s| s.span)));
    Ok(tree::Function {
        name: names.get(&number).copied().unwrap_or(f.name),
        params,
        body,
        decorators: vec![],
        returns: None,
        span: f.span,
        source: f.span.source(),
    })
}

/// How often and where variables are read.
struct Uses {
    count: VarMap<(usize, BlockId)>,
}

impl Uses {
    fn count(&mut self, atom: &Atom, block: BlockId) {
        if let Atom::Var(var) = atom {
            let entry = self.count.place(*var).get_or_insert((0, block));
            entry.0 += 1;
        }
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::If { test, then, otherwise, joins } => {
                    self.count(test, block.id);
                    self.block(then);
                    self.block(otherwise);
                    for join in joins {
                        self.count(&join.then, then.id);
                        self.count(&join.otherwise, otherwise.id);
                    }
                }
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        self.count(&carried.init, block.id);
                    }
                    match &looping.head {
                        Head::For { range, count, .. } => {
                            range.iter().chain(count).for_each(|a| self.count(a, block.id))
                        }
                        Head::While(test, atom) => {
                            self.block(test);
                            self.count(atom, test.id);
                        }
                    }
                    self.block(&looping.body);
                    for carried in &looping.carried {
                        self.count(&carried.next, looping.body.id);
                    }
                    looping.stop.iter().for_each(|a| self.count(a, looping.body.id));
                }
                kind => {
                    kind.each_atom(&mut |atom| self.count(atom, block.id));
                    if let StmtKind::Keep(stack, _) | StmtKind::Restore(_, stack) = kind {
                        self.count(&Atom::Var(*stack), block.id);
                    }
                }
            }
        }
    }
}

/// The names that an expression reads.
type Reads = SmallVec<[Var; 4]>;

/// An expression waiting to be folded into the one that reads it.
struct Pending {
    var: Var,
    expr: Expr,
    /// The names it reads.
    reads: Reads,
    span: Span,
}

struct Emitter<'a, 'w> {
    session: &'a Session<'w>,
    f: &'a Function,
    callees: &'a FxHashMap<usize, Symbol>,
    classes: Names,
    uses: Uses,
    /// The names given so far.
    printed: VarMap<Symbol>,
    taken: FxHashSet<Symbol>,
    /// The last number that was put behind a name to make it unique.
    numbers: FxHashMap<Symbol, usize>,
    pending: Vec<Pending>,
}

impl Emitter<'_, '_> {
    /// Names that mean something else in the function.
    fn reserve(&mut self, body: &Block) {
        let mut seen = FxHashSet::default();
        body.each_stmt(&mut |stmt| {
            if let StmtKind::Let(_, op) = &stmt.kind {
                let name = match op {
                    Op::Global(name) | Op::Call(name, _) => *name,
                    _ => return,
                };
                if seen.insert(name) {
                    let root = name.as_str().split('.').next().unwrap_or("");
                    self.taken.insert(Symbol::new(root));
                }
            }
        });
        for word in
            ["np", "range", "reversed", "True", "False", "None", "cotangent", "linalg", "special", "lambda", "in", "is"]
        {
            self.taken.insert(Symbol::new(word));
        }
    }

    fn param(&mut self, var: Var) -> Param {
        Param { name: self.var_name(var), form: ParamForm::Plain, default: None, annotation: None, span: self.f.span }
    }

    /// The name a variable is printed under.
    fn var_name(&mut self, var: Var) -> Symbol {
        let class = self.classes.class(var);
        if let Some(name) = self.printed.get(class) {
            return *name;
        }
        let info = self.f.info(class);
        let text = info.name.as_str();
        let base = text.trim_start_matches('$');
        let base = base.rsplit('.').next().unwrap_or(base);
        let base = match base {
            "" => symbol!("t"),
            _ if base.len() == text.len() => info.name,
            _ => Symbol::new(base),
        };
        let mut name = base;
        let count = self.numbers.entry(base).or_default();
        while !self.taken.insert(name) {
            *count += 1;
            name = Symbol::new(&format!("{base}_{count}"));
        }
        self.printed.insert(class, name);
        name
    }

    fn name_expr(&mut self, var: Var) -> Expr {
        let name = self.var_name(var);
        ExprKind::Name(name).at(Span::NONE)
    }

    /// Whether a variable is read just once, in this block, and has no name worth keeping.
    fn foldable(&self, var: Var, block: BlockId) -> bool {
        self.f.info(var).temporary && matches!(self.uses.count.get(var), Some((1, home)) if *home == block)
    }

    fn block(&mut self, block: &Block, inner: bool) -> tree::Block {
        let outer = if inner { std::mem::take(&mut self.pending) } else { vec![] };
        let mut out = Vec::new();
        for stmt in &block.stmts {
            self.stmt(stmt, block.id, &mut out);
        }
        if inner {
            self.flush_all(&[], &mut out);
            self.pending = outer;
        }
        out
    }

    /// An inner block with what is to be done at its end, which says what names it holds in hand; what it would fold into that is still pending there.
    fn arm(&mut self, block: &Block, end: impl FnOnce(&mut Self, &mut tree::Block) -> Reads) -> tree::Block {
        let outer = std::mem::take(&mut self.pending);
        let mut out = Vec::new();
        for stmt in &block.stmts {
            self.stmt(stmt, block.id, &mut out);
        }
        let held = end(self, &mut out);
        self.flush_all(&held, &mut out);
        self.pending = outer;
        out
    }

    /// Writes down what is pending and reads a name that is about to change; `held` are the names that expressions in hand read.
    fn flush_readers(&mut self, class: Var, held: &[Var], out: &mut tree::Block) {
        while let Some(at) = self.pending.iter().position(|p| p.reads.contains(&class)) {
            self.write_pending(at, held, out);
        }
    }

    fn flush_all(&mut self, held: &[Var], out: &mut tree::Block) {
        let mut at = 0;
        while at < self.pending.len() {
            if !self.write_pending(at, held, out) {
                at += 1;
            }
        }
    }

    /// Writes down one that is pending, and whether that was under its own name. What else is pending and reads the name's old
    /// value was computed before: it is written first. Where an expression in hand reads the old value, the pending one is
    /// computed under a new name, and keeps waiting as that.
    fn write_pending(&mut self, at: usize, held: &[Var], out: &mut tree::Block) -> bool {
        let Pending { var, expr, reads, span, .. } = self.pending.remove(at);
        let class = self.classes.class(var);
        if held.contains(&class) {
            let name = self.named(expr, "t", span, out);
            let expr = ExprKind::Name(name).at(span);
            self.pending.insert(at, Pending { var, expr, reads: Reads::new(), span });
            return false;
        }
        let held: Reads = held.iter().copied().chain(reads).collect();
        self.flush_readers(class, &held, out);
        let target = self.name_expr(var);
        out.push(tree::StmtKind::Assign(vec![target], expr).at(span));
        true
    }

    /// Assigns an expression to a variable, or keeps it for the one place that reads it.
    fn define(&mut self, var: Var, expr: Expr, reads: Reads, block: BlockId, span: Span, out: &mut tree::Block) {
        if self.foldable(var, block) && size(&expr) <= LARGEST_FOLDED {
            self.pending.push(Pending { var, expr, reads, span });
            return;
        }
        let class = self.classes.class(var);
        self.flush_readers(class, &reads, out);
        let target = self.name_expr(var);
        out.push(tree::StmtKind::Assign(vec![target], expr).at(span));
    }

    /// Copies values into variables at once; a copy that others still read the target of waits for them.
    fn copies(&mut self, pairs: Vec<(Var, Atom)>, span: Span, out: &mut tree::Block) {
        let mut todo: Vec<(Var, Expr, Reads)> = Vec::new();
        for (var, atom) in pairs {
            let same = matches!(&atom, Atom::Var(v) if self.classes.class(*v) == self.classes.class(var));
            let folded = matches!(&atom, Atom::Var(v) if self.pending.iter().any(|p| p.var == *v));
            if atom == Atom::Undefined || (same && !folded) {
                continue;
            }
            let (expr, reads) = self.read(&atom);
            todo.push((self.classes.class(var), expr, reads));
        }
        let held: Reads = todo.iter().flat_map(|t| t.2.iter().copied()).collect();
        for class in todo.iter().map(|t| t.0).collect::<Vec<_>>() {
            self.flush_readers(class, &held, out);
        }
        while !todo.is_empty() {
            let free =
                (0..todo.len()).find(|&at| todo.iter().enumerate().all(|(i, t)| i == at || !t.2.contains(&todo[at].0)));
            match free {
                Some(at) => {
                    let (class, expr, _) = todo.remove(at);
                    let target = self.name_expr(class);
                    out.push(tree::StmtKind::Assign(vec![target], expr).at(span));
                }
                None => {
                    let (mut targets, mut values) = (Vec::new(), Vec::new());
                    for (class, expr, _) in todo.drain(..) {
                        targets.push(self.name_expr(class));
                        values.push(expr);
                    }
                    let (target, value) = (ExprKind::Tuple(targets).at(span), ExprKind::Tuple(values).at(span));
                    out.push(tree::StmtKind::Assign(vec![target], value).at(span));
                }
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt, block: BlockId, out: &mut tree::Block) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Let(var, Op::Update(base, path, how, value)) => {
                self.copies(vec![(*var, base.clone())], span, out);
                let (value, mut held) = self.read(value);
                let mut indices = Vec::new();
                for index in path {
                    let (index, reads) = self.index(index);
                    indices.push(index);
                    held.extend(reads);
                }
                self.flush_readers(self.classes.class(*var), &held, out);
                let mut place = self.name_expr(*var);
                let last = indices.pop();
                for index in indices {
                    place = ExprKind::Subscript(Box::new(place), Box::new(index)).at(span);
                }
                let Some(last) = last else { return };
                out.push(match how {
                    How::AddAt => {
                        let add = ExprKind::Builtin(symbol!("np.add.at")).at(span);
                        let args = [place, as_value(last), value].map(tree::Arg::Positional).into();
                        tree::StmtKind::Expr(ExprKind::Call(Box::new(add), args).at(span)).at(span)
                    }
                    How::Set | How::Add => {
                        let place = ExprKind::Subscript(Box::new(place), Box::new(last)).at(span);
                        match how {
                            How::Set => tree::StmtKind::Assign(vec![place], value).at(span),
                            _ => tree::StmtKind::AugAssign(place, BinaryOp::Add, value).at(span),
                        }
                    }
                });
            }
            StmtKind::Let(var, op) => {
                let (expr, reads) = self.operation(op, span);
                if !self.uses.count.contains(*var) {
                    self.flush_all(&reads, out);
                    out.push(tree::StmtKind::Expr(expr).at(span));
                    return;
                }
                self.define(*var, expr, reads, block, span, out);
            }
            StmtKind::Mutate { method, base, out: changed, result, args } => {
                self.copies(vec![(*changed, base.clone())], span, out);
                let (texts, held) = self.arguments(*method, 1, args);
                self.flush_readers(self.classes.class(*changed), &held, out);
                let object = self.name_expr(*changed);
                let name = Symbol::new(method.as_str().rsplit('.').next().unwrap_or(method.as_str()));
                let callee = ExprKind::Attribute(Box::new(object), name).at(span);
                let call = ExprKind::Call(Box::new(callee), texts).at(span);
                if self.uses.count.contains(*result) {
                    self.flush_readers(self.classes.class(*result), &held, out);
                    let target = self.name_expr(*result);
                    out.push(tree::StmtKind::Assign(vec![target], call).at(span));
                } else {
                    out.push(tree::StmtKind::Expr(call).at(span));
                }
            }
            StmtKind::If { test, then, otherwise, joins } => {
                self.branch(test, then, otherwise, joins, block, span, out)
            }
            StmtKind::Loop(looping) => self.looping(looping, span, out),
            StmtKind::Assert(test, message) => {
                let test = self.read(test).0;
                let message = message.as_ref().map(|m| self.read(m).0);
                out.push(tree::StmtKind::Assert(test, message).at(span));
            }
            StmtKind::Raise(class, message) => {
                let message = message.as_ref().map(|m| self.read(m).0);
                let error = match class {
                    Some(class) => {
                        let args = message.into_iter().map(tree::Arg::Positional).collect();
                        Some(ExprKind::Call(Box::new(ExprKind::Name(*class).at(span)), args).at(span))
                    }
                    None => message,
                };
                out.push(tree::StmtKind::Raise(error).at(span));
            }
            StmtKind::Keep(stack, value) => {
                let value = self.read(value).0;
                let object = self.name_expr(*stack);
                let callee = ExprKind::Attribute(Box::new(object), symbol!("append")).at(span);
                let call = ExprKind::Call(Box::new(callee), vec![tree::Arg::Positional(value)]).at(span);
                out.push(tree::StmtKind::Expr(call).at(span));
            }
            StmtKind::Restore(var, stack) => {
                let object = self.name_expr(*stack);
                let callee = ExprKind::Attribute(Box::new(object), symbol!("pop")).at(span);
                let call = ExprKind::Call(Box::new(callee), vec![]).at(span);
                self.flush_readers(self.classes.class(*var), &[], out);
                let target = self.name_expr(*var);
                out.push(tree::StmtKind::Assign(vec![target], call).at(span));
            }
            StmtKind::Boundary => {}
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn branch(
        &mut self,
        test: &Atom,
        then: &Block,
        otherwise: &Block,
        joins: &[Join],
        block: BlockId,
        span: Span,
        out: &mut tree::Block,
    ) {
        let (test, mut reads) = self.read(test);
        if let [join] = joins
            && !self.keeps_its_value(join, [then, otherwise], block)
            && let (Some((a, a_reads)), Some((b, b_reads))) =
                (self.value_of(then, &join.then), self.value_of(otherwise, &join.otherwise))
            && size(&test) + size(&a) + size(&b) <= LARGEST_FOLDED
        {
            reads.extend(a_reads);
            reads.extend(b_reads);
            let expr = conditional(test, a, b, span);
            self.define(join.var, expr, reads, block, span, out);
            return;
        }
        for join in joins {
            let class = self.classes.class(join.var);
            self.flush_readers(class, &reads, out);
        }
        for class in self.assigned(then).into_iter().chain(self.assigned(otherwise)) {
            self.flush_readers(class, &reads, out);
        }
        let side = |this: &mut Self, block: &Block, pick: fn(&Join) -> &Atom| {
            this.arm(block, |this, out| {
                let pairs = joins.iter().map(|join| (join.var, pick(join).clone())).collect();
                this.copies(pairs, span, out);
                Reads::new()
            })
        };
        let mut then = side(self, then, |join| &join.then);
        let mut otherwise = side(self, otherwise, |join| &join.otherwise);
        let mut test = test;
        if then.is_empty() && otherwise.is_empty() {
            return;
        }
        if then.is_empty() {
            test = negation(test);
            std::mem::swap(&mut then, &mut otherwise);
        }
        out.push(tree::StmtKind::If { test, then, otherwise }.at(span));
    }

    /// Whether an arm leaves a variable as it was, which may be without a value.
    fn keeps_its_value(&self, join: &Join, arms: [&Block; 2], block: BlockId) -> bool {
        let class = self.classes.class(join.var);
        let same = |(atom, arm): (&Atom, &Block)| {
            arm.stmts.is_empty() && atom.var().is_some_and(|var| self.classes.class(var) == class)
        };
        [&join.then, &join.otherwise].into_iter().zip(arms).any(same) && !self.foldable(join.var, block)
    }

    /// The value an arm gives, if it is an expression and nothing else.
    fn value_of(&mut self, block: &Block, result: &Atom) -> Option<(Expr, Reads)> {
        if *result == Atom::Undefined {
            return None;
        }
        let simple = block.stmts.iter().all(|stmt| match &stmt.kind {
            StmtKind::Let(_, Op::Update(..)) => false,
            StmtKind::Let(var, _) => self.foldable(*var, block.id),
            _ => false,
        });
        if !simple || block.stmts.len() > 6 {
            return None;
        }
        let outer = std::mem::take(&mut self.pending);
        let mut statements = Vec::new();
        for stmt in &block.stmts {
            self.stmt(stmt, block.id, &mut statements);
        }
        let own: Vec<Var> = self.pending.iter().map(|p| p.var).collect();
        let mut inner = std::mem::take(&mut self.pending);
        let used = matches!(result, Atom::Var(var) if own.contains(var)) || own.is_empty();
        self.pending = outer;
        if !statements.is_empty() || !used || inner.len() > 1 {
            return None;
        }
        Some(match inner.pop() {
            Some(pending) => (pending.expr, pending.reads),
            None => match result {
                Atom::Var(var) if self.pending.iter().any(|p| p.var == *var) => return None,
                atom => self.read(atom),
            },
        })
    }

    fn looping(&mut self, looping: &Loop, span: Span, out: &mut tree::Block) {
        let inits = looping.carried.iter().map(|c| (c.inner, c.init.clone())).collect();
        self.copies(inits, span, out);
        let mut held = Reads::new();
        let head = match &looping.head {
            Head::For { index, range, count, reversed } => {
                let mut bounds: Vec<Expr> = Vec::with_capacity(range.len());
                for bound in range {
                    let (bound, reads) = self.read(bound);
                    bounds.push(bound);
                    held.extend(reads);
                }
                let mut iter = self.range(bounds, range, span);
                if let Some(count) = count
                    && !self.uses.count.contains(*index)
                {
                    let (count, reads) = self.read(count);
                    held.extend(reads);
                    iter = self.range(
                        vec![count.clone(), count.clone(), count],
                        &[Atom::int(0), Atom::Undefined, Atom::int(1)],
                        span,
                    );
                } else if let Some(count) = count {
                    let (count, reads) = self.read(count);
                    held.extend(reads);
                    let slice = ExprKind::Slice(None, Some(Box::new(count)), None).at(span);
                    iter = ExprKind::Subscript(Box::new(iter), Box::new(slice)).at(span);
                }
                if *reversed && self.uses.count.contains(*index) {
                    let reversed = ExprKind::Builtin(symbol!("reversed")).at(span);
                    iter = ExprKind::Call(Box::new(reversed), vec![tree::Arg::Positional(iter)]).at(span);
                }
                Some((*index, iter))
            }
            Head::While(..) => None,
        };
        self.flush_all(&held, out);
        let end = |this: &mut Self, out: &mut tree::Block| {
            let stop = looping.stop.as_ref().map(|stop| this.read(stop).0);
            let nexts = looping.carried.iter().map(|c| (c.inner, c.next.clone())).collect();
            let overwritten = looping.stop.as_ref().and_then(Atom::var).is_some_and(|stop| {
                let class = this.classes.class(stop);
                let copied = |next: &Atom| next.var().is_none_or(|next| this.classes.class(next) != class);
                looping.carried.iter().any(|c| this.classes.class(c.inner) == class && copied(&c.next))
            });
            let stop = stop.map(|stop| match stop.kind {
                ExprKind::Name(_) if !overwritten => stop,
                _ if looping.carried.is_empty() => stop,
                _ => {
                    let name = this.named(stop, "stop", span, out);
                    ExprKind::Name(name).at(span)
                }
            });
            this.copies(nexts, span, out);
            if let Some(stop) = stop {
                this.flush_all(&[], out);
                let leave = vec![tree::StmtKind::Break.at(span)];
                out.push(tree::StmtKind::If { test: stop, then: leave, otherwise: vec![] }.at(span));
            }
            Reads::new()
        };
        let pass = |body: tree::Block| if body.is_empty() { vec![tree::StmtKind::Pass.at(span)] } else { body };
        match (head, &looping.head) {
            (Some((index, iter)), _) => {
                let target = match self.uses.count.contains(index) {
                    true => self.name_expr(index),
                    false => ExprKind::Name(symbol!("_")).at(span),
                };
                let body = pass(self.arm(&looping.body, end));
                out.push(tree::StmtKind::For { target, iter, body, otherwise: vec![] }.at(span));
            }
            (None, Head::While(test_block, test)) => {
                let mut condition = ExprKind::Bool(true).at(span);
                let mut before = self.arm(test_block, |this, _| {
                    let held;
                    (condition, held) = this.read(test);
                    held
                });
                let body = self.arm(&looping.body, end);
                if before.is_empty() {
                    out.push(tree::StmtKind::While { test: condition, body: pass(body), otherwise: vec![] }.at(span));
                } else {
                    let leave = vec![tree::StmtKind::Break.at(span)];
                    before.push(
                        tree::StmtKind::If { test: negation(condition), then: leave, otherwise: vec![] }.at(span),
                    );
                    before.extend(body);
                    let test = ExprKind::Bool(true).at(span);
                    out.push(tree::StmtKind::While { test, body: before, otherwise: vec![] }.at(span));
                }
            }
            _ => {}
        }
    }

    /// A name for an expression that must be computed before what follows.
    fn named(&mut self, expr: Expr, base: &str, span: Span, out: &mut tree::Block) -> Symbol {
        let mut name = Symbol::new(base);
        let mut count = 0;
        while !self.taken.insert(name) {
            count += 1;
            name = Symbol::new(&format!("{base}_{count}"));
        }
        out.push(tree::StmtKind::Assign(vec![ExprKind::Name(name).at(span)], expr).at(span));
        name
    }

    fn range(&self, bounds: Vec<Expr>, atoms: &[Atom; 3], span: Span) -> Expr {
        let zero = atoms[0] == Atom::Lit(Literal::Int(0));
        let one = atoms[2] == Atom::Lit(Literal::Int(1));
        let mut bounds = bounds.into_iter();
        let parts: Vec<Expr> = match (zero, one, bounds.next(), bounds.next(), bounds.next()) {
            (true, true, _, Some(stop), _) => vec![stop],
            (_, true, Some(start), Some(stop), _) => vec![start, stop],
            (_, _, Some(start), Some(stop), Some(step)) => vec![start, stop, step],
            _ => vec![],
        };
        let range = ExprKind::Builtin(symbol!("range")).at(span);
        ExprKind::Call(Box::new(range), parts.into_iter().map(tree::Arg::Positional).collect()).at(span)
    }

    /// The names that a block assigns.
    fn assigned(&self, block: &Block) -> Vec<Var> {
        let mut classes = Vec::new();
        block.each_stmt(&mut |stmt| stmt.kind.each_definition(&mut |var| classes.push(self.classes.class(var))));
        classes
    }
}

/// What stands in brackets as an argument: `:` is `slice(None)` there.
fn as_value(index: Expr) -> Expr {
    let span = index.span;
    match index.kind {
        ExprKind::Slice(start, stop, step) => {
            let part = |part: Option<Box<Expr>>| part.map_or(ExprKind::None.at(span), |part| *part);
            let args = match (start, stop, step) {
                (None, stop, None) => vec![part(stop)],
                (start, stop, None) => vec![part(start), part(stop)],
                (start, stop, step) => vec![part(start), part(stop), part(step)],
            };
            let slice = ExprKind::Builtin(symbol!("slice")).at(span);
            ExprKind::Call(Box::new(slice), args.into_iter().map(tree::Arg::Positional).collect()).at(span)
        }
        ExprKind::Tuple(items) => ExprKind::Tuple(items.into_iter().map(as_value).collect()).at(span),
        kind => kind.at(span),
    }
}

/// The number of nodes of an expression.
fn size(e: &Expr) -> usize {
    let mut total = 1;
    crate::lang::walk::each_part(e, &mut |part| total += size(part));
    total
}

fn negation(test: Expr) -> Expr {
    let span = test.span;
    match test.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => *inner,
        _ => ExprKind::Unary(UnaryOp::Not, Box::new(test)).at(span),
    }
}

/// `a if test else b`, or `and`/`or` where that says it.
fn conditional(test: Expr, a: Expr, b: Expr, span: Span) -> Expr {
    if b.kind == ExprKind::Bool(false) || b == test {
        return ExprKind::Logical(LogicalOp::And, vec![test, a]).at(span);
    }
    if a.kind == ExprKind::Bool(true) || a == test {
        return ExprKind::Logical(LogicalOp::Or, vec![test, b]).at(span);
    }
    ExprKind::Conditional { test: Box::new(test), then: Box::new(a), otherwise: Box::new(b) }.at(span)
}
