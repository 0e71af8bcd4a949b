//! Expressions.

use std::sync::Arc;

use super::{At, Compiler, Term};
use crate::interp::catalog;
use crate::interp::value::{Slice, Value};
use crate::interp::vm::instructions::{NIn, NOut, Op, VIn, VOut};
use crate::lang::tree::{CompareOp, Expr, ExprKind, LogicalOp};
use crate::lang::{Error, Result, Symbol, integer_constant};
use crate::sct::kind::{DType, Kind, Literal};

impl Compiler<'_> {
    /// Evaluates an expression.
    pub(super) fn expression(&mut self, expr: &Expr) -> Result<Term> {
        let outer = std::mem::replace(&mut self.span, expr.span);
        let term = self.nested(|c| c.expression_within(expr));
        self.span = outer;
        term
    }

    fn expression_within(&mut self, expr: &Expr) -> Result<Term> {
        if let Some(i) = integer_constant(expr) {
            return Ok(Term::literal(Literal::Int(i)));
        }
        Ok(match &expr.kind {
            ExprKind::None => Term::literal(Literal::None),
            ExprKind::Bool(b) => Term::literal(Literal::Bool(*b)),
            ExprKind::Int(i) => Term::literal(Literal::Int(*i)),
            ExprKind::Float(x) => Term::literal(Literal::Float(*x)),
            ExprKind::Str(s) => Term::literal(Literal::Str(s.clone())),
            ExprKind::Ellipsis => self.library_value(crate::interp::value::Value::Ellipsis),
            ExprKind::Name(name) => self.read(*name)?,
            ExprKind::Builtin(name) => match catalog::qualified(*name) {
                Some(value) => self.library_value(value),
                None => return Err(Error::name(format!("the library has no `{name}`")).at(expr.span)),
            },
            ExprKind::FString(parts) => self.fstring(parts)?,
            ExprKind::Tuple(items) => self.tuple(items)?,
            ExprKind::List(items) => self.list(items)?,
            ExprKind::Dict(items) => self.dict(items)?,
            ExprKind::Unary(op, operand) => {
                let term = self.expression(operand)?;
                self.unary(*op, term)?
            }
            ExprKind::Binary(op, a, b) => {
                let a = self.operand_before(a, &[b])?;
                let b = self.expression(b)?;
                self.binary(*op, a, b)?
            }
            ExprKind::Compare(first, rest) => self.comparison(first, rest)?,
            ExprKind::Logical(op, items) => self.logical(*op, items)?,
            ExprKind::Conditional { test, then, otherwise } => {
                let (no, end) = (self.label(), self.label());
                self.branch(test, false, no)?;
                let mut merge = Merge::default();
                let a = if self.reachable { Some(self.expression(then)?) } else { None };
                let first = a.map(|a| self.merge_first(&mut merge, a, end));
                self.bind(no);
                let b = if self.reachable { Some(self.expression(otherwise)?) } else { None };
                match (first, b) {
                    (Some(()), Some(b)) => self.merge_last(merge, b, end),
                    (Some(()), None) => {
                        self.bind(end);
                        merge.term()
                    }
                    (None, Some(b)) => b,
                    (None, None) => Term::literal(Literal::None),
                }
            }
            ExprKind::Call(callee, args) => self.call(callee, args)?,
            ExprKind::Attribute(object, name) => self.attribute(object, *name)?,
            ExprKind::Subscript(object, index) => self.subscript(object, index)?,
            ExprKind::Slice(a, b, c) => {
                if let Some(slice) = constant_slice([a, b, c].map(Option::as_deref)) {
                    return Ok(Term { kind: Kind::Other, at: At::Constant(self.constant(slice)) });
                }
                let base = self.value_registers(3);
                for (part, register) in [a, b, c].into_iter().zip(base..) {
                    let term = match part {
                        Some(part) => self.expression(part)?,
                        None => Term::literal(Literal::None),
                    };
                    self.place_value(&term, register);
                }
                let d = self.value_register();
                let args = crate::interp::vm::instructions::Args { base, count: 3 };
                self.emit(Op::MakeSlice { args, d: VOut(d) });
                Term::value(d, Kind::Other)
            }
            ExprKind::Lambda(function) => self.closure(function)?,
            ExprKind::Comprehension(c) => self.comprehension(c)?,
            ExprKind::Starred(_) => {
                return Err(Error::syntax("a starred expression has no place here").at(expr.span));
            }
            ExprKind::Walrus(name, value) => {
                let term = self.expression(value)?;
                match self.names.get(name) {
                    Some(&variable) => self.assign_variable(variable, term),
                    None => term,
                }
            }
        })
    }

    fn comparison(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> Result<Term> {
        let Some(((op, second), more)) = rest.split_first() else { return self.expression(first) };
        if more.is_empty() {
            let a = self.operand_before(first, &[second])?;
            let b = self.expression(second)?;
            return self.compare(*op, a, b);
        }
        // `a < b < c` is `a < b and b < c` with `b` evaluated once.
        let end = self.label();
        let mut merge = Merge::default();
        let mut left = self.operand_before(first, &[second])?;
        let mut right = self.expression(second)?;
        let mut op = *op;
        for (next_op, next) in more {
            right = self.settle(right);
            let term = self.compare(op, left, right.clone())?;
            self.merge_branch(&mut merge, term, false, end);
            left = right;
            right = self.expression(next)?;
            op = *next_op;
        }
        let last = self.compare(op, left, right)?;
        Ok(self.merge_last(merge, last, end))
    }

    fn logical(&mut self, op: LogicalOp, items: &[Expr]) -> Result<Term> {
        let Some((last, before)) = items.split_last() else { return Ok(Term::literal(Literal::None)) };
        let end = self.label();
        let mut merge = Merge::default();
        for item in before {
            let term = self.expression(item)?;
            if !self.reachable {
                break;
            }
            self.merge_branch(&mut merge, term, op == LogicalOp::Or, end);
        }
        if !self.reachable {
            self.bind(end);
            return Ok(merge.term());
        }
        let last = self.expression(last)?;
        Ok(self.merge_last(merge, last, end))
    }

    // A value that comes from one of several paths. Where the kinds of the paths differ it is boxed; it is put into a
    // number register and a value register at once while only one path is known, and liveness does not mind.

    fn merge_store(&mut self, merge: &mut Merge, term: &Term) {
        if merge.kind == Kind::Never && merge.register.is_none() {
            merge.register = Some((self.number_register(), self.value_register()));
        }
        let Some((number, value)) = merge.register else { return };
        merge.kind = merge.kind.join(&if term.kind == Kind::Never { Kind::Any } else { term.kind.clone() });
        if let Some(dtype) = term.scalar() {
            let from = self.number_of(term, dtype);
            self.emit(Op::CopyN { a: NIn(from), d: NOut(number) });
        }
        let from = self.value_of(term);
        self.emit(Op::CopyV { a: VIn(from), d: VOut(value) });
    }

    fn merge_first(&mut self, merge: &mut Merge, term: Term, end: usize) {
        if self.reachable {
            self.merge_store(merge, &term);
            self.jump(end);
        }
    }

    /// Leaves for `end` with the value of `term` if its truth is `when`; goes on with it otherwise.
    fn merge_branch(&mut self, merge: &mut Merge, term: Term, when: bool, end: usize) {
        self.merge_store(merge, &term);
        let stored = match (term.scalar(), merge.register) {
            (Some(dtype), Some((number, _))) => Term::number(number, dtype),
            (None, Some((_, value))) => Term::value(value, term.kind),
            (_, None) => term,
        };
        self.branch_term(stored, when, end);
    }

    fn merge_last(&mut self, mut merge: Merge, term: Term, end: usize) -> Term {
        if self.reachable {
            self.merge_store(&mut merge, &term);
        }
        self.bind(end);
        merge.term()
    }

    fn attribute(&mut self, object: &Expr, name: Symbol) -> Result<Term> {
        let term = self.expression(object)?;
        self.attribute_of(term, name)
    }

    pub(super) fn attribute_of(&mut self, term: Term, name: Symbol) -> Result<Term> {
        if let Kind::Module(module) = term.kind {
            if let Some(value) = catalog::member(module, name) {
                return Ok(self.library_value(value));
            }
            if let Some(slot) = self.engine.script_member(module, name)? {
                let kind = self.engine.globals.kind(slot).clone();
                self.deps.insert(slot, kind.clone());
                if matches!(kind, Kind::Function(_) | Kind::Module(_)) {
                    return Ok(Term { kind, at: At::Global(slot) });
                }
            }
        }
        // A function of a type: `str.lower`.
        if let Some(builtin) = term.builtin()
            && let Some(value) = catalog::member(Symbol::new(builtin.name), name)
        {
            return Ok(self.library_value(value));
        }
        if let Some(builtin) = catalog::attribute(&term.kind, name) {
            return self.call_builtin_terms(builtin, &[term]);
        }
        let x = VIn(self.value_of(&term));
        let d = self.value_register();
        self.emit(Op::Attribute { x, name, d: VOut(d) });
        Ok(Term::value(d, Kind::Any))
    }

    fn subscript(&mut self, object: &Expr, index: &Expr) -> Result<Term> {
        let object = self.operand_before(object, &[index])?;
        // Two integers into a matrix need no tuple.
        if let (Kind::Array(DType::Float, Some(2), _), ExprKind::Tuple(items)) = (&object.kind, &index.kind)
            && let [i, j] = &items[..]
            && constant_slices(items).is_none()
        {
            let i = self.operand_before(i, &[j])?;
            let j = self.expression(j)?;
            if i.kind == Kind::Int && j.kind == Kind::Int {
                let (i, j) = (NIn(self.number_of(&i, DType::Int)), NIn(self.number_of(&j, DType::Int)));
                let x = VIn(self.value_of(&object));
                let d = self.number_register();
                self.emit(Op::IndexF2 { x, i, j, d: NOut(d) });
                return Ok(Term::number(d, DType::Float));
            }
            let index = self.tuple_of(&[i, j]);
            return self.index_term(object, index);
        }
        let index = self.expression(index)?;
        self.index_term(object, index)
    }

    pub(super) fn index_term(&mut self, object: Term, index: Term) -> Result<Term> {
        if index.kind == Kind::Int {
            let element = element_at(&object.kind, &index);
            let typed = match &object.kind {
                Kind::Array(DType::Float, Some(1), _) => Some(true),
                Kind::Array(DType::Int, Some(1), _) => Some(false),
                _ => None,
            };
            let list = matches!(object.kind, Kind::List(_) | Kind::ListOf(_));
            if let Some(float) = typed {
                let i = NIn(self.number_of(&index, DType::Int));
                let x = VIn(self.value_of(&object));
                let d = self.number_register();
                self.emit(if float { Op::IndexF1 { x, i, d: NOut(d) } } else { Op::IndexI1 { x, i, d: NOut(d) } });
                return Ok(Term::number(d, if float { DType::Float } else { DType::Int }));
            }
            if list && matches!(element, Kind::Float | Kind::Int) {
                let i = NIn(self.number_of(&index, DType::Int));
                let x = VIn(self.value_of(&object));
                let d = self.number_register();
                let float = element == Kind::Float;
                self.emit(if float {
                    Op::IndexListF { x, i, d: NOut(d) }
                } else {
                    Op::IndexListI { x, i, d: NOut(d) }
                });
                return Ok(Term::number(d, if float { DType::Float } else { DType::Int }));
            }
            if !matches!(object.kind, Kind::Dict(_)) {
                let i = NIn(self.number_of(&index, DType::Int));
                let x = VIn(self.value_of(&object));
                let d = self.value_register();
                self.emit(Op::IndexAt { x, i, d: VOut(d) });
                return Ok(self.result(d, element));
            }
        }
        let kind = match &object.kind {
            Kind::Dict(_) => element_at(&object.kind, &index),
            Kind::Any => Kind::Any,
            _ => catalog::result_kind(Symbol::new("operator.getitem"), &[object.operand(), index.operand()]),
        };
        let (x, i) = (VIn(self.value_of(&object)), VIn(self.value_of(&index)));
        let d = self.value_register();
        self.emit(Op::Index { x, i, d: VOut(d) });
        Ok(self.result(d, kind))
    }
}

/// Slices of integers that are known, as a tuple.
pub(super) fn constant_slices(items: &[Expr]) -> Option<Value> {
    let slice = |item: &Expr| match &item.kind {
        ExprKind::Slice(a, b, c) => constant_slice([a, b, c].map(Option::as_deref)),
        _ => None,
    };
    if items.is_empty() { None } else { items.iter().map(slice).collect::<Option<Vec<Value>>>().map(Value::tuple) }
}

/// A slice of integers that are known, as a value.
fn constant_slice(parts: [Option<&Expr>; 3]) -> Option<Value> {
    let mut known = [const { Value::None }; 3];
    for (part, known) in parts.into_iter().zip(&mut known) {
        if let Some(part) = part {
            *known = Value::Int(integer_constant(part)?);
        }
    }
    let [start, stop, step] = known;
    Some(Value::Slice(Arc::new(Slice { start, stop, step })))
}

/// What is known of an element, by what is known of its index.
pub(super) fn element_at(object: &Kind, index: &Term) -> Kind {
    let literal = match &index.at {
        At::Literal(literal) => Some(literal),
        _ => None,
    };
    match (object, literal) {
        (Kind::Tuple(items) | Kind::List(items), Some(Literal::Int(i))) => {
            let at = if *i < 0 { i + items.len() as i64 } else { *i };
            usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Kind::Any)
        }
        (Kind::Dict(items), Some(key)) => {
            items.iter().find(|(k, _)| k == key).map_or(Kind::Any, |(_, kind)| kind.clone())
        }
        (Kind::Dict(items), None) => items.iter().fold(Kind::Never, |all, (_, kind)| all.join(kind)),
        (Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_) | Kind::Str, _) if index.kind == Kind::Int => {
            object.element()
        }
        (Kind::Array(..), _) if index.kind == Kind::Int => object.element(),
        _ => Kind::Any,
    }
}

/// A value that comes from one of several paths.
pub(super) struct Merge {
    kind: Kind,
    register: Option<(u16, u16)>,
}

impl Default for Merge {
    fn default() -> Merge {
        Merge { kind: Kind::Never, register: None }
    }
}

impl Merge {
    fn term(&self) -> Term {
        match self.register {
            Some((number, value)) => match self.kind.dtype() {
                Some(dtype) if self.kind.is_scalar() => Term::number(number, dtype),
                _ => Term::value(value, self.kind.clone()),
            },
            None => Term::literal(Literal::None),
        }
    }
}
