//! Definitions: closures capture the variables around them by value.

use std::sync::Arc;

use super::{At, Bound, Compiler, Term};
use crate::interp::vm::instructions::{Args, NIn, Op, VIn, VOut};
use crate::lang::tree::{Expr, Function};
use crate::lang::{Result, scope_of};
use crate::sct::kind::{CodeRef, FunctionKind, Kind, Operand};

impl Compiler<'_> {
    /// The closure that a `def` or `lambda` makes here.
    pub(super) fn closure(&mut self, function: &Arc<Function>) -> Result<Term> {
        let free = scope_of(function).free;
        let own = function.name;
        let recursive = free.contains(&own) && self.is_local(own);
        let captures: Vec<_> = free.into_iter().filter(|name| self.is_local(*name) && *name != own).collect();
        let code = self.code_of(function, captures.clone(), recursive);
        let defaults: Vec<&Expr> = function.params.iter().filter_map(|p| p.default.as_ref()).collect();
        let mut terms = Vec::new();
        for default in defaults {
            let term = self.expression(default)?;
            terms.push(self.settle(term));
        }
        let mut all = Vec::new();
        for name in captures {
            all.push(self.read(name)?);
        }
        let kind = FunctionKind::Script {
            code: CodeRef(code.clone()),
            captures: all.iter().map(|term| term.kind.clone()).collect(),
            defaults: terms.iter().map(Term::operand).collect::<Vec<Operand>>(),
        };
        all.extend(terms);
        if all.is_empty() {
            let closure =
                crate::interp::function::Closure { code, captures: Vec::new().into(), defaults: Vec::new().into() };
            let value =
                crate::interp::value::Value::Function(Arc::new(crate::interp::function::Function::Closure(closure)));
            let k = self.constant(value);
            return Ok(Term { kind: Kind::Function(Arc::new(kind)), at: At::Constant(k) });
        }
        let args: Args = self.gather(&all);
        let d = self.value_register();
        self.codes.push(code);
        let code = self.codes.len() as u32 - 1;
        self.emit(Op::MakeClosure { args, code, d: VOut(d) });
        Ok(Term::value(d, Kind::Function(Arc::new(kind))))
    }

    pub(super) fn define(&mut self, function: &Arc<Function>) -> Result<()> {
        let mut decorators = Vec::new();
        for decorator in &function.decorators {
            let term = self.expression(decorator)?;
            decorators.push(self.settle(term));
        }
        let mut term = self.closure(function)?;
        for decorator in decorators.into_iter().rev() {
            let args = self.gather(&[decorator, term]);
            let d = self.value_register();
            self.emit(Op::CallValue { args, shape: super::calls::POSITIONAL, d: VOut(d) });
            term = Term::value(d, Kind::Any);
        }
        if let Some(&variable) = self.names.get(&function.name) {
            self.assign_variable(variable, term);
            self.env[variable].bound = Bound::Yes;
        }
        Ok(())
    }

    /// `return`
    pub(super) fn return_term(&mut self, term: Term) -> Result<()> {
        if !self.reachable {
            return Ok(());
        }
        let kind = if term.kind == Kind::Never { Kind::Any } else { term.kind.clone() };
        let joined = self.returned.join(&kind);
        if self.returned != Kind::Never && joined.is_scalar() != self.returned.is_scalar() {
            self.changed = true;
        }
        self.returned = joined;
        match self.returned.dtype() {
            Some(dtype) if self.returned.is_scalar() => {
                let a = NIn(self.number_of(&term, dtype));
                self.emit(Op::ReturnN { a });
            }
            _ => {
                let a = VIn(self.value_of(&term));
                self.emit(Op::ReturnV { a });
            }
        }
        self.reachable = false;
        Ok(())
    }
}
