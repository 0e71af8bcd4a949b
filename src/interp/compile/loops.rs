//! Loops and comprehensions: what a loop goes through is taken apart when it is compiled, so that counting makes no
//! range, `enumerate` no pairs and `zip` no tuples.

use std::sync::Arc;

use super::jumps::{LabelId, LoopLabels};
use super::{Compiler, Term};
use crate::interp::value::{Dict, List, Value};
use crate::interp::vm::instructions::{NIn, NOut, Op, To, VIn, VKeep, VMut, VOut};
use crate::lang::scope::comprehension_names;
use crate::lang::tree::{Arg, Clause, Comprehension, ComprehensionForm, Expr, ExprKind, Stmt};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Literal};

/// What a loop goes through.
enum Iteration {
    Range { state: u16 },
    Sequence { register: u16, state: u16, element: Kind, numbers: bool },
    Enumerate { counter: u16, inner: Box<Iteration> },
    Zip(Vec<Iteration>),
}

/// What one round of a loop gives.
enum Element {
    One(Term),
    Many(Vec<Element>),
}

impl Compiler<'_> {
    pub(super) fn while_loop(&mut self, key: usize, test: &Expr, body: &[Stmt], otherwise: &[Stmt]) -> Result<()> {
        self.loop_statement(key, body, otherwise, |c, done| c.branch(test, false, done))
    }

    pub(super) fn for_loop(
        &mut self,
        key: usize,
        target: &Expr,
        iter: &Expr,
        body: &[Stmt],
        otherwise: &[Stmt],
    ) -> Result<()> {
        let iteration = self.iteration(iter)?;
        self.loop_statement(key, body, otherwise, |c, done| {
            let element = c.next_element(&iteration, done);
            c.assign_element(target, element)
        })
    }

    /// A loop whose rounds begin with `head`, which goes to the label it is given when nothing is left.
    fn loop_statement(
        &mut self,
        key: usize,
        body: &[Stmt],
        otherwise: &[Stmt],
        mut head: impl FnMut(&mut Self, LabelId) -> Result<()>,
    ) -> Result<()> {
        let (labels, done) = self.looped(key, |c| {
            let labels = LoopLabels { leave: c.label(), next: c.label() };
            let done = c.label();
            head(c, done)?;
            c.loop_stack.push(labels);
            c.block(body)?;
            c.loop_stack.pop();
            c.bind(labels.next);
            Ok((labels, done))
        })?;
        self.bind(done);
        self.block(otherwise)?;
        self.bind(labels.leave);
        Ok(())
    }

    /// Evaluates what is gone through and starts.
    fn iteration(&mut self, iter: &Expr) -> Result<Iteration> {
        if let Some((name, args)) = self.library_call(iter)? {
            match (name, args.len()) {
                ("range", 1..=3) => return Ok(Iteration::Range { state: self.range(args)? }),
                ("enumerate", 1) => {
                    let inner = Box::new(self.iteration(args[0].value())?);
                    let counter = self.number_register();
                    self.int_copy(&Term::literal(Literal::Int(-1)), counter);
                    return Ok(Iteration::Enumerate { counter, inner });
                }
                ("zip", 1..=8) => {
                    let parts: Result<Vec<_>> = args.iter().map(|arg| self.iteration(arg.value())).collect();
                    return Ok(Iteration::Zip(parts?));
                }
                ("checkpoint", 1) => return self.iteration(args[0].value()),
                ("reversed", 1) => return self.reversed(args[0].value()),
                _ => {}
            }
        }
        let term = self.expression(iter)?;
        let outer = std::mem::replace(&mut self.span, iter.span);
        let iteration = self.iterate(term);
        self.span = outer;
        iteration
    }

    /// The library function that an expression calls by its name, with the arguments, all by position.
    fn library_call<'t>(&mut self, expr: &'t Expr) -> Result<Option<(&'static str, &'t [Arg])>> {
        let ExprKind::Call(callee, args) = &expr.kind else { return Ok(None) };
        let known = match &callee.kind {
            ExprKind::Name(name) => !matches!(self.variable(*name), Some(v) if self.env[v].kind != Kind::Never),
            ExprKind::Builtin(_) => true,
            _ => false,
        };
        if !known || !args.iter().all(|arg| matches!(arg, Arg::Positional(_))) {
            return Ok(None);
        }
        Ok(self.expression(callee)?.builtin().map(|builtin| (builtin.name, &args[..])))
    }

    /// What a range gives is counted from its end; anything else is reversed as the library does it.
    fn reversed(&mut self, of: &Expr) -> Result<Iteration> {
        let state = match self.library_call(of)? {
            Some(("range", args @ ([_] | [_, _] | [_, _, _]))) => self.range(args)?,
            _ => {
                let term = self.expression(of)?;
                if term.kind != Kind::Range {
                    let reversed = self.library_term("reversed", &[term])?;
                    return self.iterate(reversed);
                }
                self.range_of(&term)
            }
        };
        self.emit(Op::RangeReverse { state });
        Ok(Iteration::Range { state })
    }

    /// The registers of a range that is a value.
    fn range_of(&mut self, term: &Term) -> u16 {
        let state = self.number_registers(3);
        let a = VIn(self.value_of(term));
        self.emit(Op::RangeOf { a, state });
        state
    }

    fn library_term(&mut self, name: &str, args: &[Term]) -> Result<Term> {
        self.call_library(name, args)?.ok_or_else(|| Error::name(format!("the library has no `{name}`")))
    }

    fn iterate(&mut self, term: Term) -> Result<Iteration> {
        if term.kind == Kind::Range {
            return Ok(Iteration::Range { state: self.range_of(&term) });
        }
        let element = match &term.kind {
            Kind::Dict(_) | Kind::View(_) | Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_) | Kind::Str => {
                term.kind.element()
            }
            Kind::Array(_, Some(_), _) => term.kind.element(),
            _ => Kind::Any,
        };
        let numbers = matches!(term.kind, Kind::Array(_, Some(1), _) | Kind::List(_) | Kind::ListOf(_))
            && matches!(element, Kind::Float | Kind::Int);
        let register = self.value_register();
        let a = VIn(self.value_of(&term));
        self.emit(Op::IterInit { a, d: VOut(register) });
        let state = self.number_register();
        let zero = self.truth_constants.0;
        self.emit(Op::CopyN { a: NIn(zero), d: NOut(state) });
        Ok(Iteration::Sequence { register, state, element, numbers })
    }

    /// The registers of a range.
    fn range(&mut self, args: &[Arg]) -> Result<u16> {
        let mut terms = Vec::new();
        for arg in args {
            let term = self.expression(arg.value())?;
            terms.push(self.settle(term));
        }
        if terms.iter().any(|term| !matches!(term.kind, Kind::Int | Kind::Bool)) {
            let all = self.tuple_of(&terms);
            let term = self.library_term("range", &[all])?;
            return Ok(self.range_of(&term));
        }
        let state = self.number_registers(3);
        let (start, stop, step) = match &terms[..] {
            [stop] => (Term::literal(Literal::Int(0)), stop.clone(), Term::literal(Literal::Int(1))),
            [start, stop] => (start.clone(), stop.clone(), Term::literal(Literal::Int(1))),
            [start, stop, step, ..] => (start.clone(), stop.clone(), step.clone()),
            [] => return Err(Error::type_("range needs an argument")),
        };
        self.copy_int(&start, state);
        self.copy_int(&stop, state + 1);
        self.copy_int(&step, state + 2);
        self.emit(Op::RangeInit { state });
        Ok(state)
    }

    fn copy_int(&mut self, term: &Term, register: u16) {
        let from = self.number_of(term, DType::Int);
        self.emit(Op::CopyN { a: NIn(from), d: NOut(register) });
    }

    /// The next element, or the way out of the loop.
    fn next_element(&mut self, iteration: &Iteration, done: usize) -> Element {
        match iteration {
            Iteration::Range { state } => {
                let d = self.number_register();
                let at = self.emit(Op::RangeNext { state: *state, d: NOut(d), to: To(0) });
                self.edge(at, done);
                Element::One(Term::number(d, DType::Int))
            }
            Iteration::Sequence { register, state, element, numbers } => {
                let (x, state, to) = (VKeep(*register), *state, To(0));
                if *numbers {
                    let d = self.number_register();
                    let float = *element == Kind::Float;
                    let at = self.emit(if float {
                        Op::IterNextF { x, state, d: NOut(d), to }
                    } else {
                        Op::IterNextI { x, state, d: NOut(d), to }
                    });
                    self.edge(at, done);
                    return Element::One(Term::number(d, if float { DType::Float } else { DType::Int }));
                }
                let d = self.value_register();
                let at = self.emit(Op::IterNext { x, state, d: VOut(d), to });
                self.edge(at, done);
                Element::One(self.result(d, element.clone()))
            }
            Iteration::Enumerate { counter, inner } => {
                let element = self.next_element(inner, done);
                let one = self.truth_constants.1;
                self.emit(Op::AddI { a: NIn(*counter), b: NIn(one), d: NOut(*counter) });
                // The counter stays the loop's own.
                self.barrier = self.ops.len();
                Element::Many(vec![Element::One(Term::number(*counter, DType::Int)), element])
            }
            Iteration::Zip(parts) => Element::Many(parts.iter().map(|part| self.next_element(part, done)).collect()),
        }
    }

    fn assign_element(&mut self, target: &Expr, element: Element) -> Result<()> {
        match (&target.kind, element) {
            (ExprKind::Tuple(targets) | ExprKind::List(targets), Element::Many(elements))
                if targets.len() == elements.len()
                    && !targets.iter().any(|t| matches!(t.kind, ExprKind::Starred(_))) =>
            {
                targets.iter().zip(elements).try_for_each(|(target, element)| self.assign_element(target, element))
            }
            (_, element) => {
                let term = self.whole(element);
                self.assign_target(target, term).map(drop)
            }
        }
    }

    fn whole(&mut self, element: Element) -> Term {
        match element {
            Element::One(term) => term,
            Element::Many(elements) => {
                let terms: Vec<Term> = elements.into_iter().map(|element| self.whole(element)).collect();
                self.tuple_of(&terms)
            }
        }
    }

    // Comprehensions.

    pub(super) fn comprehension(&mut self, c: &Comprehension) -> Result<Term> {
        let list = !matches!(c.form, ComprehensionForm::Dict(..));
        let empty = if list {
            Value::List(Arc::new(List::Values(Vec::new().into())))
        } else {
            Value::Dict(Arc::new(Dict::default()))
        };
        let k = self.constant(empty);
        let d = self.value_register();
        self.emit(Op::ConstV { k, d: VOut(d) });
        let key = std::ptr::from_ref(c) as usize;
        let mut bound = Vec::new();
        for name in comprehension_names(c) {
            let next = self.names.len() + self.comprehension_variables.len();
            let variable = *self.comprehension_variables.entry((key, name)).or_insert(next);
            if variable >= self.env.len() {
                return Err(Error::limit("the comprehension has too many variables").at(self.span));
            }
            bound.push((name, variable));
        }
        let mut element = Kind::Never;
        self.clauses(c, &c.clauses, bound, d, &mut element)?;
        let kind = if list { Kind::ListOf(Arc::new(element)) } else { Kind::Any };
        Ok(Term::value(d, kind))
    }

    fn clauses(
        &mut self,
        c: &Comprehension,
        clauses: &[Clause],
        bound: Vec<(crate::lang::Symbol, usize)>,
        list: u16,
        element: &mut Kind,
    ) -> Result<()> {
        let Some((clause, rest)) = clauses.split_first() else {
            match &c.form {
                ComprehensionForm::List(e) | ComprehensionForm::Generator(e) => {
                    let term = self.expression(e)?;
                    *element = element.join(&term.kind);
                    self.push(list, &term);
                }
                ComprehensionForm::Dict(k, v) => {
                    let key = self.operand_before(k, &[v])?;
                    let value = self.expression(v)?;
                    let (k, v) = (VIn(self.value_of(&key)), VIn(self.value_of(&value)));
                    self.emit(Op::DictInsert { k, v, x: VMut(list) });
                }
            }
            return Ok(());
        };
        // The first iterable belongs to the code around; everything else to the comprehension.
        let first = clauses.len() == c.clauses.len();
        let iteration = self.iteration(&clause.iter)?;
        if first {
            self.comprehension_scopes.push(bound.clone());
        }
        let before = element.clone();
        let result = self.looped(std::ptr::from_ref(clause) as usize, |c2| {
            let (done, next) = (c2.label(), c2.label());
            let (numbers, values) = (c2.next_number, c2.next_value);
            *element = before.clone();
            let item = c2.next_element(&iteration, done);
            c2.assign_element(&clause.target, item)?;
            for condition in &clause.conditions {
                c2.branch(condition, false, next)?;
            }
            c2.nested(|c3| c3.clauses(c, rest, bound.clone(), list, element))?;
            (c2.next_number, c2.next_value) = (numbers, values);
            c2.bind(next);
            Ok(done)
        });
        if first {
            self.comprehension_scopes.pop();
        }
        self.bind(result?);
        Ok(())
    }
}
