//! `for i in checkpoint(range(n), slots=s):` is a call of a library function (`_checkpointed_loop`), whose rule runs iterations
//! again rather than keeping what they computed. The body becomes a function of the index and of what the loop carries.
//!
//! ```text
//! for i in checkpoint(range(n)):        def step(i, x):
//!     x = x + h * f(x)            ⟶         x = x + h * f(x)
//!                                           return (x,)
//!                                       (x,) = _checkpointed_loop(step, (x,), 0, n, 1, None, None)
//! ```
//!
//! A loop that a `break` ends counts its iterations and says when it has ended.

use std::sync::Arc;

use crate::lang::scope::scope_of_statement;
use crate::lang::tree::{self, Arg, BinaryOp, Expr, ExprKind, Param, ParamForm, Stmt, StmtKind as Tree};
use crate::lang::{Result, Symbol, symbol};

use super::super::bind::{Bind, Target};
use super::super::core::Atom;
use super::super::kind::{Kind, Literal};
use super::loops::assigned_names;
use super::unrolled::tail_break;
use super::{Frame, Lowerer};

impl Lowerer<'_, '_> {
    /// The range and the slots of a checkpointed loop; none where the loop is another.
    pub fn checkpointed<'e>(&mut self, iter: &'e Expr, fr: &mut Frame) -> Option<(&'e Expr, Option<&'e Expr>)> {
        let ExprKind::Call(callee, args) = &iter.kind else { return None };
        let name = match &callee.kind {
            ExprKind::Attribute(_, name) if name.as_str() == "checkpoint" => match self.expr(callee, fr) {
                Ok(Bind::Function(function)) => match function.target {
                    Target::Builtin(name) => name,
                    _ => return None,
                },
                _ => return None,
            },
            _ => self.builtin_name(callee, fr)?,
        };
        if name.as_str() != "checkpoint" {
            return None;
        }
        match args.as_slice() {
            [Arg::Positional(range)] => Some((range, None)),
            [Arg::Positional(range), Arg::Positional(slots)] => Some((range, Some(slots))),
            [Arg::Positional(range), Arg::Keyword(name, slots)] if name.as_str() == "slots" => {
                Some((range, Some(slots)))
            }
            _ => None,
        }
    }

    /// The loop, as a call.
    pub fn checkpointed_loop(
        &mut self,
        stmt: &Stmt,
        target: &Expr,
        (range, slots): (&Expr, Option<&Expr>),
        body: &[Stmt],
        fr: &mut Frame,
    ) -> Result<()> {
        let Some(([start, stop, stride], None, false)) = self.range(range, fr)? else {
            return Err(self.unsupported("checkpoint of a loop over something else than range(…)"));
        };
        let (leaves, body) = match tail_break(body) {
            Some((test, rest)) => (Some(test), rest),
            None => (None, body),
        };
        let slots = match slots {
            Some(slots) => self.expr(slots, fr)?,
            None => Bind::NONE,
        };
        // Whether an iteration has ended the loop, and how many there were, come first in the state.
        let progress = [("$ended", Literal::Bool(false)), ("$rounds", Literal::Int(0))];
        let mut names: Vec<Symbol> =
            assigned_names(body.iter(), Some(target), None, fr, self.session.world).into_iter().collect();
        names.sort_unstable();
        // What an iteration of a loop around this one has left counts where the body may read it.
        let bound = |name: &Symbol| match fr.env.get(name) {
            None | Some(Bind::Atom(Atom::Undefined) | Bind::Unknown(_)) => false,
            Some(bind) if self.is_unset(bind) => {
                !matches!(target.kind, ExprKind::Name(own) if own == *name) && flow(body, *name).0
            }
            Some(_) => true,
        };
        let (mut carried, local): (Vec<Symbol>, Vec<Symbol>) = names.into_iter().partition(bound);
        if leaves.is_some() {
            let names = progress.into_iter().map(|(name, first)| {
                let name = Symbol::new(name);
                fr.env.insert(name, Bind::Atom(Atom::Lit(first)));
                name
            });
            carried.splice(0..0, names.collect::<Vec<_>>());
        }
        // What the loop returns has no value before.
        let result = symbol!("$result");
        let returned = local.contains(&result);
        if returned {
            fr.env.insert(result, Bind::Atom(Atom::Undefined));
            carried.push(result);
        }
        let key = (stmt as *const Stmt as usize, carried.clone());
        let function = match self.session.steps.get(&key) {
            Some(function) => function.clone(),
            None => {
                let function = Arc::new(step(target, body, leaves, &carried));
                self.session.steps.insert(key, function.clone());
                function
            }
        };
        let step = self.closure(&function, fr)?;
        let mut state: Vec<Bind> = carried.iter().map(|name| fr.env[name].clone()).collect();
        let index = Bind::Atom(self.define(symbol!("i"), Kind::Int, super::super::core::Op::Copy(start.clone())));
        // What begins as an integer and goes on as a float is a float from the start.
        let (next, _) = self.in_block(|l| {
            let next = l.call_bind(&step, std::iter::once(index).chain(state.iter().cloned()).collect())?;
            l.explode(&next).ok_or_else(|| l.unsupported("this checkpointed loop"))
        })?;
        for (value, next) in state.iter_mut().zip(&next) {
            if let Bind::Atom(Atom::Undefined) = value {
                if next.kind(&self.f) != Kind::Float {
                    return Err(self.unsupported("a `return` of something else than a float in a checkpointed loop"));
                }
                *value = Bind::Atom(Atom::float(0.0));
            } else if let (Bind::Atom(atom), Kind::Float) = (&*value, next.kind(&self.f)) {
                *value = Bind::Atom(self.promote(atom.clone(), &Kind::Float));
            }
        }
        let range = [start, stop, stride].map(Bind::Atom);
        let breaks = if leaves.is_some() { Bind::lit(Literal::Bool(true)) } else { Bind::NONE };
        let args = [step, Bind::Tuple(state)].into_iter().chain(range).chain([slots, breaks]).collect();
        let after = self.call_own(symbol!("checkpointed_loop"), args)?;
        let Some(values) = self.explode(&after) else { return Err(self.unsupported("this checkpointed loop")) };
        for (name, value) in carried.into_iter().zip(values) {
            self.name(&value, name);
            fr.env.insert(name, value);
        }
        for name in local.into_iter().filter(|name| !(returned && *name == result)) {
            fr.env.insert(name, Bind::Unknown("a variable that only the body of a checkpointed loop assigns"));
        }
        Ok(())
    }
}

/// Whether statements may read what a variable had before them, and whether they give it a value for certain.
fn flow(stmts: &[Stmt], name: Symbol) -> (bool, bool) {
    let names = |stmt: &Stmt| {
        let scope = scope_of_statement(stmt);
        scope.locals.contains(&name) || scope.free.contains(&name)
    };
    let reads = |e: &Expr| names(&Tree::Expr(e.clone()).at(e.span));
    let whole = |target: &Expr| matches!(target.kind, ExprKind::Name(own) if own == name);
    for stmt in stmts.iter().filter(|stmt| names(stmt)) {
        match &stmt.kind {
            Tree::Assign(targets, value) if targets.iter().all(whole) && !reads(value) => return (false, true),
            Tree::If { test, then, otherwise } if !reads(test) => {
                let (then, otherwise) = (flow(then, name), flow(otherwise, name));
                if then.0 || otherwise.0 || (then.1 && otherwise.1) {
                    return (then.0 || otherwise.0, then.1 && otherwise.1);
                }
            }
            Tree::For { target, iter, body, .. } if !reads(iter) && (whole(target) || !flow(body, name).0) => {}
            Tree::While { test, body, .. } if !reads(test) && !flow(body, name).0 => {}
            _ => return (true, false),
        }
    }
    (false, false)
}

/// The body as a function; `leaves` says whether the loop ends after it.
fn step(target: &Expr, body: &[Stmt], leaves: Option<&Expr>, carried: &[Symbol]) -> tree::Function {
    let span = target.span;
    let index = symbol!("$index");
    let param = |name: Symbol| Param { name, form: ParamForm::Plain, default: None, annotation: None, span };
    let name = |name: &Symbol| ExprKind::Name(*name).at(span);
    let mut stmts = vec![Tree::Assign(vec![target.clone()], name(&index)).at(span)];
    stmts.extend_from_slice(body);
    if let (Some(test), [ended, rounds, ..]) = (leaves, carried) {
        let one = ExprKind::Int(1).at(span);
        let more = ExprKind::Binary(BinaryOp::Add, Box::new(name(rounds)), Box::new(one)).at(span);
        stmts.push(Tree::Assign(vec![name(rounds)], more).at(span));
        let (yes, no) = (ExprKind::Bool(true).at(span), ExprKind::Bool(false).at(span));
        let truth =
            ExprKind::Conditional { test: Box::new(test.clone()), then: Box::new(yes), otherwise: Box::new(no) };
        stmts.push(Tree::Assign(vec![name(ended)], truth.at(span)).at(span));
    }
    stmts.push(Tree::Return(Some(ExprKind::Tuple(carried.iter().map(name).collect()).at(span))).at(span));
    tree::Function {
        params: std::iter::once(index).chain(carried.iter().copied()).map(param).collect(),
        body: stmts,
        span,
        ..super::super::program::empty_tree(symbol!("step"))
    }
}
