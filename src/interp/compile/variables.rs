//! Reading and binding names.

use super::{At, Bound, Compiler, State, Term};
use crate::interp::catalog;
use crate::interp::vm::instructions::{Op, VIn, VOut};
use crate::lang::tree::{Expr, ExprKind};
use crate::lang::{Result, Symbol};
use crate::sct::kind::{FunctionKind, Kind, Literal};

impl Compiler<'_> {
    /// The variable of this code that a name is, unless it is global.
    pub(super) fn variable(&self, name: Symbol) -> Option<usize> {
        let inner = self.comprehension_scopes.iter().rev().flatten().find(|(bound, _)| *bound == name);
        inner.map(|(_, variable)| *variable).or_else(|| self.names.get(&name).copied())
    }

    /// Whether a name is a variable of a function or comprehension here, which closures capture.
    pub(super) fn is_local(&self, name: Symbol) -> bool {
        self.variable(name).is_some_and(|variable| self.slots[variable].is_none())
    }

    /// What is known of a name, without reading it.
    pub(super) fn peek(&self, name: Symbol) -> Kind {
        match self.variable(name) {
            Some(variable) => self.env[variable].kind.clone(),
            None => match self.engine.globals.find(self.module, name) {
                Some(slot) => self.engine.globals.kind(slot).clone(),
                None => Kind::Any,
            },
        }
    }

    /// Reads a name.
    pub(super) fn read(&mut self, name: Symbol) -> Result<Term> {
        let Some(variable) = self.variable(name) else { return Ok(self.read_global(name)) };
        if let Some(slot) = self.slots[variable] {
            let state = self.env[variable].clone();
            if state.bound == Bound::No
                && let Some(builtin) = catalog::builtin_name(name)
            {
                return Ok(self.library_value(builtin));
            }
            let kind = if state.bound == Bound::No { Kind::Any } else { state.kind };
            return Ok(self.load_global(slot, kind));
        }
        let state = self.env[variable].clone();
        match state.bound {
            Bound::No => {
                self.emit(Op::Unbound { name });
                return Ok(Term::literal(Literal::None).unknown());
            }
            Bound::Maybe => {
                let flag = self.flag(variable);
                self.emit(Op::CheckBound { flag, name });
                self.env[variable].bound = Bound::Yes;
            }
            Bound::Yes => {}
        }
        let register = variable as u16;
        let at = if state.kind.is_scalar() { At::Number(register) } else { At::Value(register) };
        Ok(Term { kind: state.kind, at })
    }

    fn read_global(&mut self, name: Symbol) -> Term {
        let slot = self.engine.globals.slot(self.module, name);
        let kind = self.engine.globals.kind(slot).clone();
        self.deps.insert(slot, kind.clone());
        if kind == Kind::Never {
            if let Some(builtin) = catalog::builtin_name(name) {
                return self.library_value(builtin);
            }
            return self.load_global(slot, Kind::Any);
        }
        self.load_global(slot, kind)
    }

    fn load_global(&mut self, slot: u32, kind: Kind) -> Term {
        if matches!(kind, Kind::Function(_) | Kind::Module(_)) {
            return Term { kind, at: At::Global(slot) };
        }
        let d = self.value_register();
        self.emit(Op::GlobalGet { slot, d: VOut(d) });
        self.result(d, kind)
    }

    /// A constant of the library: a function, a module, a number.
    pub(super) fn library_value(&mut self, value: crate::interp::value::Value) -> Term {
        let kind = crate::interp::kinds::kind_of(&value);
        match crate::interp::kinds::literal_of(&value) {
            Some(literal) => Term::literal(literal),
            None => Term { kind, at: At::Constant(self.constant(value)) },
        }
    }

    /// Binds a name; the term of the variable from now on.
    pub(super) fn assign(&mut self, name: Symbol, term: Term) -> Term {
        match self.variable(name) {
            Some(variable) => self.assign_variable(variable, term),
            None => term,
        }
    }

    pub(super) fn assign_variable(&mut self, variable: usize, term: Term) -> Term {
        let kind = if term.kind == Kind::Never { Kind::Any } else { term.kind.clone() };
        if let Some(slot) = self.slots[variable] {
            let register = self.value_of(&term);
            self.emit(Op::GlobalSet { a: VIn(register), slot });
            self.env[variable] = State { kind, bound: Bound::Yes };
            return term;
        }
        let register = variable as u16;
        let at = match term.scalar() {
            Some(dtype) => {
                self.place_number(&term, dtype, register);
                At::Number(register)
            }
            None => {
                self.place_value(&term, register);
                At::Value(register)
            }
        };
        self.env[variable] = State { kind: kind.clone(), bound: Bound::Yes };
        Term { kind, at }
    }

    /// Evaluates an expression before others that may change the variables it is made of.
    pub(super) fn operand_before(&mut self, expr: &Expr, later: &[&Expr]) -> Result<Term> {
        let term = self.expression(expr)?;
        if later.iter().any(|e| self.changes_variables(e)) { Ok(self.settle(term)) } else { Ok(term) }
    }

    /// Whether evaluating an expression may rebind or change a variable: a walrus, or a method of something that is
    /// not a module.
    pub(super) fn changes_variables(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Walrus(..) => return true,
            ExprKind::Name(_) | ExprKind::Int(_) | ExprKind::Float(_) => return false,
            ExprKind::Call(callee, _) => {
                if let ExprKind::Attribute(object, name) = &callee.kind
                    && (!self.is_module(object) && catalog::may_mutate(*name) || name.as_str() == "at")
                {
                    return true;
                }
            }
            _ => {}
        }
        let mut found = false;
        crate::lang::walk::each_part(expr, &mut |e| found = found || self.changes_variables(e));
        found
    }

    fn is_module(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => matches!(self.peek(*name), Kind::Module(_)),
            ExprKind::Attribute(inner, _) => self.is_module(inner),
            ExprKind::Builtin(_) => true,
            _ => false,
        }
    }
}

impl Term {
    /// The same value with nothing known of it.
    pub(super) fn unknown(self) -> Term {
        match self.at {
            At::Literal(_) => self,
            at => Term { kind: Kind::Any, at },
        }
    }

    /// The library function that the term is.
    pub(super) fn builtin(&self) -> Option<&'static crate::interp::library::Builtin> {
        match &self.kind {
            Kind::Function(function) => match &**function {
                FunctionKind::Builtin(name) => catalog::builtin(*name),
                _ => None,
            },
            _ => None,
        }
    }
}
