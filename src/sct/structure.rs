//! Single exit: gives a body one `return`, at its end, and loops no exit but a last statement `if stop: break`.
//!
//! What follows a conditional exit moves into the other arm; where that is not possible a flag guards it.
//!
//! ```text
//! for x in xs:                 $stop = False
//!     if x < 0:                for x in xs:
//!         break                    if x < 0:
//!     s = s + x                        $stop = True
//!                      ⟶           else:
//!                                      s = s + x
//!                                  if $stop:
//!                                      break
//! ```
//!
//! The names that begin with `$` cannot be written in a program.

use std::borrow::Cow;

use crate::lang::tree::{Block, Expr, ExprKind, Stmt, StmtKind, UnaryOp};
use crate::lang::{Span, Symbol};

/// The same body with one `return`, as its last statement.
pub fn single_exit(body: &[Stmt]) -> Cow<'_, [Stmt]> {
    let span = body.last().map_or(Span::NONE, |s| s.span);
    let mut body = if body.iter().any(tests_bind) { Cow::Owned(plain_tests(body)) } else { Cow::Borrowed(body) };
    if let [rest @ .., Stmt { kind: StmtKind::Return(Some(_)), .. }] = &*body
        && !rest.iter().any(jumps)
    {
        return body;
    }
    if !always_exits(&body) {
        body.to_mut().push(StmtKind::Return(None).at(span));
    }
    let mut structure = Structure { loops: Vec::new(), count: 0 };
    let mut stmts = vec![set("$returned", ExprKind::Bool(false), span)];
    stmts.extend(structure.block(&body));
    stmts.push(StmtKind::Return(Some(name("$result", span))).at(span));
    Cow::Owned(stmts)
}

/// Whether the test of a loop binds names.
fn tests_bind(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::While { test, body, otherwise } => binds_names(test) || body.iter().chain(otherwise).any(tests_bind),
        StmtKind::For { body, otherwise, .. } => body.iter().chain(otherwise).any(tests_bind),
        StmtKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(tests_bind),
        StmtKind::With { body, .. } => body.iter().any(tests_bind),
        _ => false,
    }
}

/// A loop whose test binds names runs it in the body: what the last test binds is there after the loop.
fn plain_tests(body: &[Stmt]) -> Block {
    let plain = |stmt: &Stmt| {
        let span = stmt.span;
        let kind = match stmt.kind.clone() {
            StmtKind::While { test, body, otherwise } => {
                let (body, otherwise) = (plain_tests(&body), plain_tests(&otherwise));
                if binds_names(&test) {
                    let leave = vec![StmtKind::Break.at(span)];
                    let inner = match otherwise.is_empty() {
                        true => StmtKind::If { test, then: body, otherwise: leave },
                        false => StmtKind::If { test, then: body, otherwise: [otherwise, leave].concat() },
                    };
                    let test = ExprKind::Bool(true).at(span);
                    StmtKind::While { test, body: vec![inner.at(span)], otherwise: vec![] }
                } else {
                    StmtKind::While { test, body, otherwise }
                }
            }
            StmtKind::For { target, iter, body, otherwise } => {
                StmtKind::For { target, iter, body: plain_tests(&body), otherwise: plain_tests(&otherwise) }
            }
            StmtKind::If { test, then, otherwise } => {
                StmtKind::If { test, then: plain_tests(&then), otherwise: plain_tests(&otherwise) }
            }
            StmtKind::With { manager, target, body } => StmtKind::With { manager, target, body: plain_tests(&body) },
            other => other,
        };
        kind.at(span)
    };
    body.iter().map(plain).collect()
}

fn binds_names(e: &Expr) -> bool {
    let mut any = matches!(e.kind, ExprKind::Walrus(..));
    crate::lang::walk::each_part(e, &mut |part| any |= binds_names(part));
    any
}

struct Structure {
    /// The loops around, by number.
    loops: Vec<usize>,
    count: usize,
}

impl Structure {
    fn block(&mut self, stmts: &[Stmt]) -> Block {
        let mut out = Vec::with_capacity(stmts.len());
        for (at, stmt) in stmts.iter().enumerate() {
            let span = stmt.span;
            let rest = &stmts[at + 1..];
            match &stmt.kind {
                StmtKind::Return(value) => {
                    let value = value.clone().unwrap_or(ExprKind::None.at(span));
                    out.push(StmtKind::Assign(vec![name("$result", span)], value).at(span));
                    out.push(set("$returned", ExprKind::Bool(true), span));
                    self.leave(&mut out, true, span);
                    return out;
                }
                StmtKind::Break | StmtKind::Continue => {
                    self.leave(&mut out, matches!(stmt.kind, StmtKind::Break), span);
                    return out;
                }
                StmtKind::If { test, then, otherwise } if leaves_loop(stmt) => {
                    let test = test.clone();
                    if always_exits(then) {
                        let otherwise = self.block(&[otherwise, rest].concat());
                        let then = self.block(then);
                        out.push(StmtKind::If { test, then, otherwise }.at(span));
                        return out;
                    }
                    if always_exits(otherwise) {
                        let then = self.block(&[then, rest].concat());
                        let otherwise = self.block(otherwise);
                        out.push(StmtKind::If { test, then, otherwise }.at(span));
                        return out;
                    }
                    let (then, otherwise) = (self.block(then), self.block(otherwise));
                    out.push(StmtKind::If { test, then, otherwise }.at(span));
                    if !rest.is_empty() {
                        let left = self.left();
                        let rest = self.block(rest);
                        out.push(unless(&left, rest, span));
                    }
                    return out;
                }
                StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
                    let leaves = body.iter().any(leaves_loop);
                    let returns = contains_return(body);
                    self.count += 1;
                    let number = self.count;
                    let (stop, left) = (format!("$stop{number}"), format!("$left{number}"));
                    self.loops.push(number);
                    let mut inner = self.block(body);
                    self.loops.pop();
                    if leaves {
                        out.push(set(&stop, ExprKind::Bool(false), span));
                        inner.insert(0, set(&left, ExprKind::Bool(false), span));
                        let leave = vec![StmtKind::Break.at(span)];
                        inner.push(StmtKind::If { test: name(&stop, span), then: leave, otherwise: vec![] }.at(span));
                    }
                    let kind = match &stmt.kind {
                        StmtKind::For { target, iter, .. } => {
                            StmtKind::For { target: target.clone(), iter: iter.clone(), body: inner, otherwise: vec![] }
                        }
                        StmtKind::While { test, .. } => {
                            StmtKind::While { test: test.clone(), body: inner, otherwise: vec![] }
                        }
                        _ => return out,
                    };
                    out.push(kind.at(span));
                    let rest = if leaves && !otherwise.is_empty() {
                        let mut guarded = vec![unless_source(&stop, otherwise.clone(), span)];
                        guarded.extend_from_slice(rest);
                        guarded
                    } else {
                        [otherwise, rest].concat()
                    };
                    if returns {
                        let mut leave = Vec::new();
                        self.leave(&mut leave, true, span);
                        let rest = self.block(&rest);
                        let test = name("$returned", span);
                        out.push(StmtKind::If { test, then: leave, otherwise: rest }.at(span));
                    } else {
                        out.extend(self.block(&rest));
                    }
                    return out;
                }
                StmtKind::If { test, then, otherwise } => {
                    let (then, otherwise) = (self.block(then), self.block(otherwise));
                    out.push(StmtKind::If { test: test.clone(), then, otherwise }.at(span));
                }
                StmtKind::With { manager, target, body } => {
                    let body = self.block(body);
                    out.push(StmtKind::With { manager: manager.clone(), target: target.clone(), body }.at(span));
                }
                _ => out.push(stmt.clone()),
            }
        }
        out
    }

    /// Sets the flags of the innermost loop: its body has been left, and `stops` says that it ends altogether.
    fn leave(&self, out: &mut Block, stops: bool, span: Span) {
        if let Some(number) = self.loops.last() {
            out.push(set(&format!("$left{number}"), ExprKind::Bool(true), span));
            if stops {
                out.push(set(&format!("$stop{number}"), ExprKind::Bool(true), span));
            }
        }
    }

    fn left(&self) -> String {
        self.loops.last().map_or("$returned".into(), |number| format!("$left{number}"))
    }
}

fn name(text: &str, span: Span) -> Expr {
    ExprKind::Name(Symbol::new(text)).at(span)
}

fn set(text: &str, value: ExprKind, span: Span) -> Stmt {
    StmtKind::Assign(vec![name(text, span)], value.at(span)).at(span)
}

fn unless(flag: &str, body: Block, span: Span) -> Stmt {
    StmtKind::If { test: name(flag, span), then: vec![], otherwise: body }.at(span)
}

/// As [`unless`], for a body that is still to be structured.
fn unless_source(flag: &str, body: Block, span: Span) -> Stmt {
    let test = ExprKind::Unary(UnaryOp::Not, Box::new(name(flag, span))).at(span);
    StmtKind::If { test, then: body, otherwise: vec![] }.at(span)
}

/// Whether there is an exit anywhere in the statement, or an `else` of a loop.
fn jumps(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue => true,
        StmtKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(jumps),
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            !otherwise.is_empty() || body.iter().any(jumps)
        }
        StmtKind::With { body, .. } => body.iter().any(jumps),
        _ => false,
    }
}

/// Whether the statement may leave the loop around it, or an iteration of it.
fn leaves_loop(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue => true,
        StmtKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(leaves_loop),
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            contains_return(body) || otherwise.iter().any(leaves_loop)
        }
        _ => false,
    }
}

fn contains_return(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) => true,
        StmtKind::If { then, otherwise, .. } => contains_return(then) || contains_return(otherwise),
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            contains_return(body) || contains_return(otherwise)
        }
        _ => false,
    })
}

/// Whether control never reaches the end of the statements.
fn always_exits(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Raise(_) => true,
        StmtKind::If { then, otherwise, .. } => always_exits(then) && always_exits(otherwise),
        _ => false,
    })
}
