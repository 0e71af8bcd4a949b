//! Statements.

use super::{At, Bound, Compiler, ImportItem, State, Term};
use crate::interp::vm::instructions::{NIn, Op, Outs, VIn, VOut};
use crate::lang::scope::import_name;
use crate::lang::tree::{Expr, ExprKind, Stmt, StmtKind};
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::{DType, Kind, Literal};

impl Compiler<'_> {
    pub(super) fn block(&mut self, block: &[Stmt]) -> Result<()> {
        block.iter().try_for_each(|stmt| self.statement(stmt))
    }

    /// A statement of a module: an expression's value is the value of the statement.
    pub(super) fn top_statement(&mut self, stmt: &Stmt) -> Result<()> {
        self.span = stmt.span;
        if let StmtKind::Expr(value) = &stmt.kind {
            let term = self.expression(value)?;
            self.span = stmt.span;
            return self.return_term(term);
        }
        self.statement(stmt)?;
        self.return_term(Term::literal(Literal::None))
    }

    pub(super) fn statement(&mut self, stmt: &Stmt) -> Result<()> {
        if !self.reachable {
            return Ok(());
        }
        let outer = std::mem::replace(&mut self.span, stmt.span);
        let (numbers, values) = (self.next_number, self.next_value);
        let result = self.nested(|c| c.statement_within(stmt));
        (self.next_number, self.next_value) = (numbers, values);
        self.span = outer;
        result
    }

    fn statement_within(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Expr(value) => drop(self.expression(value)?),
            StmtKind::Assign(targets, value) => self.assignment(targets, value)?,
            StmtKind::AnnAssign(target, _, Some(value)) => self.assignment(std::slice::from_ref(target), value)?,
            StmtKind::AnnAssign(_, _, None) | StmtKind::Pass => {}
            StmtKind::AugAssign(target, op, value) => match &target.kind {
                ExprKind::Name(name) => {
                    let current = self.read(*name)?;
                    let current = if self.changes_variables(value) { self.settle(current) } else { current };
                    let value = self.expression(value)?;
                    let result = self.update(*op, current, value)?;
                    self.assign(*name, result);
                }
                ExprKind::Subscript(object, index) => self.augment_subscript(object, index, *op, value)?,
                _ => return Err(Error::syntax("this cannot be assigned to").at(target.span)),
            },
            StmtKind::Def(function) => self.define(function)?,
            StmtKind::Return(value) => {
                let term = match value {
                    Some(value) => self.expression(value)?,
                    None => Term::literal(Literal::None),
                };
                self.return_term(term)?;
            }
            StmtKind::If { test, then, otherwise } => {
                let (no, end) = (self.label(), self.label());
                self.branch(test, false, no)?;
                self.block(then)?;
                if otherwise.is_empty() {
                    self.bind(no);
                } else {
                    self.jump(end);
                    self.bind(no);
                    self.block(otherwise)?;
                    self.bind(end);
                }
            }
            StmtKind::For { target, iter, body, otherwise } => {
                self.for_loop(std::ptr::from_ref(stmt) as usize, target, iter, body, otherwise)?;
            }
            StmtKind::While { test, body, otherwise } => {
                self.while_loop(std::ptr::from_ref(stmt) as usize, test, body, otherwise)?;
            }
            StmtKind::Break => match self.loop_stack.last() {
                Some(labels) => {
                    let leave = labels.leave;
                    self.jump(leave);
                }
                None => return Err(Error::syntax("`break` outside a loop").at(stmt.span)),
            },
            StmtKind::Continue => match self.loop_stack.last() {
                Some(labels) => {
                    let next = labels.next;
                    self.jump(next);
                }
                None => return Err(Error::syntax("`continue` outside a loop").at(stmt.span)),
            },
            StmtKind::Assert(test, message) => {
                let ok = self.label();
                self.branch(test, true, ok)?;
                if self.reachable {
                    let term = match message {
                        Some(message) => self.expression(message)?,
                        None => Term::literal(Literal::None),
                    };
                    self.span = stmt.span;
                    let a = VIn(self.value_of(&term));
                    self.emit(Op::AssertFailed { a });
                    self.reachable = false;
                }
                self.bind(ok);
            }
            StmtKind::Raise(value) => self.raise(value.as_ref())?,
            StmtKind::Delete(targets) => {
                for target in targets {
                    self.delete(target)?;
                }
            }
            StmtKind::Import(aliases) => {
                for alias in aliases {
                    self.imports.push(ImportItem::Module(alias.name, alias.alias.is_none()));
                    let module = if alias.alias.is_some() { alias.name } else { import_name(alias) };
                    self.span = alias.span;
                    self.import(import_name(alias), Some(module));
                }
            }
            StmtKind::FromImport(module, aliases) => {
                for alias in aliases {
                    if alias.name.as_str() == "*" {
                        return Err(Error::syntax("`from … import *` is not in the language")
                            .hint("name what is imported")
                            .at(alias.span));
                    }
                    self.imports.push(ImportItem::Member(*module, alias.name));
                    self.span = alias.span;
                    self.import(alias.alias.unwrap_or(alias.name), None);
                }
            }
            // The body of `with insert_grad_of(x) as dx` belongs to the reverse sweep; the primal has none of it.
            StmtKind::With { manager, target, body } => {
                crate::sct::insertion::parts(manager, target.as_ref(), body)?;
            }
        }
        Ok(())
    }

    fn import(&mut self, name: Symbol, module: Option<Symbol>) {
        let d = self.value_register();
        let k = self.imports.len() as u32 - 1;
        self.emit(Op::Import { k, d: VOut(d) });
        // What is imported is known before it is, if it is the library's.
        let item = self.imports.last().cloned();
        let kind = match (module, item) {
            (Some(module), _) => Kind::Module(crate::interp::catalog::module_name(module)),
            (None, Some(ImportItem::Member(module, member))) => {
                crate::interp::catalog::member(crate::interp::catalog::module_name(module), member)
                    .map_or(Kind::Any, |value| crate::interp::kinds::kind_of(&value))
            }
            _ => Kind::Any,
        };
        let term = self.result(d, kind);
        self.assign(name, term);
    }

    fn raise(&mut self, value: Option<&Expr>) -> Result<()> {
        let name = |e: &Expr| match &e.kind {
            ExprKind::Name(name) => Some(*name),
            _ => None,
        };
        // `raise ValueError("…")`: the error's class is part of the message, there are no classes.
        let term = match value {
            Some(Expr { kind: ExprKind::Call(callee, args), .. })
                if name(callee).is_some_and(|n| self.variable(n).is_none() && is_error_class(n)) =>
            {
                let class = name(callee).map_or("", Symbol::as_str);
                let class = Term::literal(Literal::Str(class.into()));
                let message = match args.first() {
                    Some(arg) => self.expression(arg.value())?,
                    None => Term::literal(Literal::None),
                };
                self.tuple_of(&[class, message])
            }
            Some(e) if name(e).is_some_and(|n| self.variable(n).is_none() && is_error_class(n)) => {
                let class = name(e).map_or("", Symbol::as_str);
                let class = Term::literal(Literal::Str(class.into()));
                self.tuple_of(&[class, Term::literal(Literal::None)])
            }
            Some(e) => self.expression(e)?,
            None => Term::literal(Literal::None),
        };
        let a = VIn(self.value_of(&term));
        self.emit(Op::Raise { a });
        self.reachable = false;
        Ok(())
    }

    fn delete(&mut self, target: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                let Some(variable) = self.variable(*name) else {
                    return Err(Error::name(format!("`{name}` is not a variable of this function")).at(target.span));
                };
                match self.slots[variable] {
                    Some(slot) => drop(self.emit(Op::GlobalDelete { slot })),
                    None => drop(self.read(*name)?),
                }
                self.env[variable] = State { kind: Kind::Never, bound: Bound::No };
                Ok(())
            }
            ExprKind::Subscript(object, index) => self.delete_subscript(object, index),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().try_for_each(|item| self.delete(item)),
            _ => Err(Error::syntax("this cannot be deleted").at(target.span)),
        }
    }

    fn assignment(&mut self, targets: &[Expr], value: &Expr) -> Result<()> {
        // `a, b = b, a` makes no tuple.
        if let ([Expr { kind: ExprKind::Tuple(left), .. }], ExprKind::Tuple(right)) = (targets, &value.kind)
            && left.len() == right.len()
            && !left.iter().chain(right).any(|e| matches!(e.kind, ExprKind::Starred(_)))
        {
            let mut terms = Vec::new();
            for item in right {
                let term = self.expression(item)?;
                terms.push(self.settle(term));
            }
            for (target, term) in left.iter().zip(terms) {
                self.assign_target(target, term)?;
            }
            return Ok(());
        }
        let mut term = self.expression(value)?;
        for target in targets {
            term = self.assign_target(target, term)?;
        }
        Ok(())
    }

    /// Binds a target; the value, wherever it is now.
    pub(super) fn assign_target(&mut self, target: &Expr, term: Term) -> Result<Term> {
        match &target.kind {
            ExprKind::Name(name) => Ok(self.assign(*name, term)),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.unpack(items, &term)?;
                Ok(term)
            }
            ExprKind::Subscript(object, index) => {
                self.span = target.span;
                self.assign_subscript(object, index, term.clone())?;
                Ok(term)
            }
            ExprKind::Starred(_) => Err(Error::syntax("a starred target stands in a list or tuple").at(target.span)),
            ExprKind::Attribute(..) => Err(Error::type_("attributes cannot be assigned to").at(target.span)),
            _ => Err(Error::syntax("this cannot be assigned to").at(target.span)),
        }
    }

    fn unpack(&mut self, targets: &[Expr], term: &Term) -> Result<()> {
        let star = targets.iter().position(|t| matches!(t.kind, ExprKind::Starred(_)));
        let count = u8::try_from(targets.len())
            .ok()
            .filter(|count| *count < u8::MAX)
            .ok_or_else(|| Error::limit("too many targets").at(self.span))?;
        let d = Outs { base: self.value_registers(u16::from(count)), count: u16::from(count) };
        let a = VIn(self.value_of(term));
        self.emit(Op::Unpack { a, star: star.map_or(u8::MAX, |at| at as u8), d });
        let kinds: Vec<Kind> = match (&term.kind, star) {
            (Kind::Tuple(items) | Kind::List(items), None) if items.len() == targets.len() => items.to_vec(),
            _ => (0..targets.len())
                .map(|at| if star == Some(at) { Kind::ListOf(term.kind.element().into()) } else { term.kind.element() })
                .collect(),
        };
        for ((target, kind), register) in targets.iter().zip(kinds).zip(d.base..) {
            let target = match &target.kind {
                ExprKind::Starred(inner) => inner,
                _ => target,
            };
            // Unboxed at the assignment, so that no other instruction comes between.
            let part = self.result(register, kind);
            self.assign_target(target, part)?;
        }
        Ok(())
    }

    /// A number register with its own copy of an integer term.
    pub(super) fn int_copy(&mut self, term: &Term, register: u16) {
        let from = self.number_of(term, DType::Int);
        if !(matches!(term.at, At::Number(_)) && self.retarget_number(from, register)) {
            self.emit(Op::CopyN { a: NIn(from), d: crate::interp::vm::instructions::NOut(register) });
        }
    }
}

/// Names that may be raised without being variables.
fn is_error_class(name: Symbol) -> bool {
    let name = name.as_str();
    name.ends_with("Error") || name.ends_with("Exception") || name == "StopIteration"
}
