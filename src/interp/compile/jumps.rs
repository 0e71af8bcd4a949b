//! Where paths meet: labels, what is known on each edge into them, and the code that makes the edges agree.

use super::{Bound, Compiler, Env, ROUNDS, State};
use crate::interp::native::NativeLoop;
use crate::interp::vm::instructions::{NIn, NOut, Op, Operands, To, VOut};
use crate::lang::tree::{CompareOp, Expr, ExprKind, LogicalOp, UnaryOp};
use crate::lang::{Result, Span};
use crate::sct::kind::{DType, Kind, Literal};

use super::At;

/// A place in the code that is jumped to before it is known.
pub(super) type LabelId = usize;

#[derive(Default)]
pub(super) struct Label {
    edges: Vec<(usize, Env)>,
}

/// Where `break` and `continue` go.
#[derive(Clone, Copy)]
pub(super) struct LoopLabels {
    pub leave: LabelId,
    pub next: LabelId,
}

/// The head of a loop.
struct LoopHead {
    key: usize,
    env: Env,
    at: usize,
}

/// Where the walk stood when a loop began: what is compiled of the loop is given up when it has to be compiled again.
struct Mark {
    env: Env,
    span: Span,
    barrier: usize,
    next_number: u16,
    next_value: u16,
    ops: usize,
    constants: usize,
    codes: usize,
    shapes: usize,
    imports: usize,
    native_loops: usize,
    labels: usize,
    returned: Kind,
    changed: bool,
}

impl Compiler<'_> {
    pub(super) fn label(&mut self) -> LabelId {
        self.labels.push(Label::default());
        self.labels.len() - 1
    }

    /// Jumps, if this place can be reached at all.
    pub(super) fn jump(&mut self, label: LabelId) {
        if self.reachable {
            let at = self.emit(Op::Jump { to: To(0) });
            self.labels[label].edges.push((at, self.env.clone()));
            self.reachable = false;
        }
    }

    /// Records that an instruction that has been emitted jumps to a label.
    pub(super) fn edge(&mut self, at: usize, label: LabelId) {
        self.labels[label].edges.push((at, self.env.clone()));
    }

    /// Places a label here.
    pub(super) fn bind(&mut self, label: LabelId) {
        let edges = std::mem::take(&mut self.labels[label].edges);
        if edges.is_empty() {
            self.barrier = self.ops.len();
            return;
        }
        let mut joined = if self.reachable { self.env.clone() } else { edges[0].1.clone() };
        edges.iter().for_each(|(_, env)| joined = joined.join(env));
        let mut to_end = Vec::new();
        if self.reachable {
            self.convert(&joined);
        }
        let mut pending = Vec::new();
        for (at, env) in edges {
            let same = self.conversions(&env, &joined).is_empty();
            pending.push((at, (!same).then_some(env)));
        }
        let pads = pending.iter().any(|(_, env)| env.is_some());
        if pads && self.reachable {
            to_end.push(self.emit(Op::Jump { to: To(0) }));
        }
        let mut direct = Vec::new();
        for (at, env) in pending {
            match env {
                None => direct.push(at),
                Some(env) => {
                    self.patch(at);
                    self.env = env;
                    self.convert(&joined);
                    to_end.push(self.emit(Op::Jump { to: To(0) }));
                }
            }
        }
        // The last pad falls through.
        if pads {
            self.ops.pop();
            self.spans.pop();
            to_end.pop();
        }
        direct.into_iter().chain(to_end).for_each(|at| self.patch(at));
        self.env = joined;
        self.reachable = true;
        self.barrier = self.ops.len();
    }

    fn patch(&mut self, at: usize) {
        struct Patch(u32);
        impl Operands for Patch {
            fn target(&mut self, to: &mut u32) {
                *to = self.0;
            }
        }
        let here = self.ops.len() as u32;
        self.ops[at].visit(&mut Patch(here));
    }

    /// Emits what turns the present state of the variables into another.
    fn convert(&mut self, to: &Env) {
        let from = std::mem::replace(&mut self.env, to.clone());
        for op in self.conversions(&from, to) {
            self.emit(op);
        }
    }

    fn conversions(&mut self, from: &Env, to: &Env) -> Vec<Op> {
        let mut ops = Vec::new();
        for variable in from.differing(to) {
            let (a, b) = (&from[variable], &to[variable]);
            let register = variable as u16;
            if self.slots[variable].is_none() && a.kind.is_scalar() && !b.kind.is_scalar() {
                let dtype = a.kind.dtype().unwrap_or(DType::Float);
                ops.push(Op::Box { a: NIn(register), dtype, d: VOut(register) });
            }
            if self.slots[variable].is_none() && b.bound == Bound::Maybe && a.bound != Bound::Maybe {
                let set = NIn(if a.bound == Bound::Yes { self.truth_constants.1 } else { self.truth_constants.0 });
                ops.push(Op::CopyN { a: set, d: NOut(self.flag(variable)) });
            }
        }
        ops
    }

    /// Compiles a loop whose identity is the address of its tree: `round` what is done in one iteration, again as long as
    /// something comes back to its head that was not known there.
    pub(super) fn looped<T>(&mut self, key: usize, mut round: impl FnMut(&mut Self) -> Result<T>) -> Result<T> {
        let mark = self.mark();
        let mut rounds = 0;
        loop {
            let head = self.loop_head(key);
            let result = round(self)?;
            if self.loop_back(&head, rounds) {
                return Ok(result);
            }
            self.rewind(&mark);
            rounds += 1;
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            env: self.env.clone(),
            span: self.span,
            barrier: self.barrier,
            next_number: self.next_number,
            next_value: self.next_value,
            ops: self.ops.len(),
            constants: self.constants.len(),
            codes: self.codes.len(),
            shapes: self.shapes.len(),
            imports: self.imports.len(),
            native_loops: self.native_loops.len(),
            labels: self.labels.len(),
            returned: self.returned.clone(),
            changed: self.changed,
        }
    }

    fn rewind(&mut self, mark: &Mark) {
        self.env = mark.env.clone();
        self.span = mark.span;
        self.barrier = mark.barrier;
        (self.next_number, self.next_value) = (mark.next_number, mark.next_value);
        self.ops.truncate(mark.ops);
        self.spans.truncate(mark.ops);
        self.constants.truncate(mark.constants);
        self.codes.truncate(mark.codes);
        self.shapes.truncate(mark.shapes);
        self.imports.truncate(mark.imports);
        self.native_loops.truncate(mark.native_loops);
        self.labels.truncate(mark.labels);
        self.returned = mark.returned.clone();
        self.changed = mark.changed;
        self.reachable = true;
    }

    fn loop_head(&mut self, key: usize) -> LoopHead {
        let mut env = self.env.clone();
        for (variable, state) in self.loops.get(&key).into_iter().flatten() {
            env[*variable] = env[*variable].join(state);
        }
        self.convert(&env);
        self.barrier = self.ops.len();
        LoopHead { key, env, at: self.ops.len() }
    }

    /// Ends a loop: jumps back, or notes what comes out other than it was known, and that the loop is not settled.
    fn loop_back(&mut self, head: &LoopHead, rounds: u32) -> bool {
        if !self.reachable {
            return true;
        }
        let differing = head.env.differing(&self.env).into_iter();
        let joined = differing.map(|variable| (variable, head.env[variable].join(&self.env[variable])));
        let unsettled: Vec<(usize, State)> = joined.filter(|(variable, state)| head.env[*variable] != *state).collect();
        if !unsettled.is_empty() {
            let known = self.loops.entry(head.key).or_default();
            for (variable, mut joined) in unsettled {
                if rounds >= ROUNDS && joined.kind != head.env[variable].kind {
                    joined.kind = Kind::Any;
                }
                let state = known.entry(variable).or_insert_with(|| joined.clone());
                *state = state.join(&joined);
            }
            return false;
        }
        self.convert(&head.env);
        let at = self.emit(Op::Repeat { to: To(head.at as u32), at: self.native_loops.len() as u16 });
        self.native_loops.push(NativeLoop::new(head.at, at));
        self.reachable = false;
        true
    }

    /// Jumps to the label when the truth of an expression is `when`.
    pub(super) fn branch(&mut self, test: &Expr, when: bool, label: LabelId) -> Result<()> {
        if !self.reachable {
            return Ok(());
        }
        self.nested(|c| c.branch_within(test, when, label))
    }

    fn branch_within(&mut self, test: &Expr, when: bool, label: LabelId) -> Result<()> {
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => return self.branch(inner, !when, label),
            ExprKind::Logical(op, items) => {
                // `a and b` jumps on false at each operand; on true only at the last.
                let each = matches!(op, LogicalOp::Or) == when;
                let Some((last, before)) = items.split_last() else { return Ok(()) };
                if each {
                    for item in items {
                        self.branch(item, when, label)?;
                    }
                } else {
                    let skip = self.label();
                    for item in before {
                        self.branch(item, !when, skip)?;
                    }
                    self.branch(last, when, label)?;
                    self.bind(skip);
                }
                return Ok(());
            }
            ExprKind::Compare(first, rest) if rest.len() == 1 => {
                let (op, second) = &rest[0];
                let a = self.operand_before(first, &[second])?;
                let b = self.expression(second)?;
                self.span = test.span;
                return self.branch_compare(*op, a, b, when, label);
            }
            _ => {}
        }
        let term = self.expression(test)?;
        self.branch_term(term, when, label);
        Ok(())
    }

    fn branch_compare(
        &mut self,
        op: CompareOp,
        a: super::Term,
        b: super::Term,
        when: bool,
        label: LabelId,
    ) -> Result<()> {
        if !self.reachable {
            return Ok(());
        }
        if let Some(dtype) = super::operators::comparable(op, &a, &b) {
            let (a, b) = (NIn(self.number_of(&a, dtype)), NIn(self.number_of(&b, dtype)));
            let to = To(0);
            let at = match dtype {
                DType::Float => self.emit(Op::JumpF { op, when, a, b, to }),
                _ => self.emit(Op::JumpI { op, when, a, b, to }),
            };
            self.edge(at, label);
            return Ok(());
        }
        let term = self.compare(op, a, b)?;
        self.branch_term(term, when, label);
        Ok(())
    }

    pub(super) fn branch_term(&mut self, term: super::Term, when: bool, label: LabelId) {
        if !self.reachable {
            return;
        }
        if let At::Literal(Literal::Bool(known)) = term.at {
            if known == when {
                self.jump(label);
            }
            return;
        }
        if let At::Literal(Literal::None) = term.at {
            if !when {
                self.jump(label);
            }
            return;
        }
        let at = match term.scalar() {
            Some(DType::Float) => {
                let a = NIn(self.number_of(&term, DType::Float));
                let d = self.number_register();
                self.emit(Op::TruthF { a, d: NOut(d) });
                self.emit(Op::JumpIf { a: NIn(d), when, to: To(0) })
            }
            Some(dtype) => {
                let a = NIn(self.number_of(&term, dtype));
                self.emit(Op::JumpIf { a, when, to: To(0) })
            }
            None => {
                let a = crate::interp::vm::instructions::VIn(self.value_of(&term));
                self.emit(Op::JumpTruth { a, when, to: To(0) })
            }
        };
        self.edge(at, label);
    }
}
