//! Method calls. A method that changes its receiver is an update of the place the receiver is in.

use std::sync::Arc;

use super::{Compiler, Term};
use crate::interp::binding;
use crate::interp::catalog;
use crate::interp::library::Builtin;
use crate::interp::vm::instructions::{Args, NOut, Op, VIn, VMut, VOut};
use crate::lang::scope::global_changed;
use crate::lang::tree::{Arg, Expr, ExprKind};
use crate::lang::{Result, Symbol};
use crate::sct::kind::{DType, Kind, Literal, Operand};

impl Compiler<'_> {
    pub(super) fn call_attribute(&mut self, object: &Expr, name: Symbol, args: &[Arg]) -> Result<Term> {
        if self.is_place(object) {
            let kind = self.place_kind(object);
            if let Some(builtin) = catalog::method(&kind, name)
                && builtin.mutates
            {
                return self.mutating_call(builtin, object, args);
            }
            if kind == Kind::Any && catalog::may_mutate(name) {
                return self.call_method_on_place(object, name, args);
            }
        }
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        let receiver = self.operand_before(object, &later)?;
        if let Kind::Module(_) = receiver.kind {
            let function = self.attribute_of(receiver, name)?;
            return self.call_term(function, args);
        }
        // A function of a function: `np.add.at(x, index, value)`.
        if let Some(builtin) = receiver.builtin()
            && let Some(member) = catalog::builtin(Symbol::new(&format!("{}.{name}", builtin.name)))
        {
            let function = self.library_value(catalog::function_value(member));
            return self.call_term(function, args);
        }
        match catalog::method(&receiver.kind, name) {
            Some(builtin) if builtin.mutates => {
                self.not_global(object)?;
                let receiver = self.settle(receiver);
                Ok(self.mutate_in_register(builtin, receiver, args)?.0)
            }
            Some(builtin) => self.call_builtin(builtin, Some(receiver), args),
            None => {
                let count = args.len() as u16 + 1;
                let registers = Args { base: self.value_registers(count), count };
                self.place_value(&receiver, registers.base);
                let shape = self.given(args, registers.base + 1)?;
                let d = self.value_register();
                let global = catalog::may_mutate(name) && self.global_root(object).is_some();
                self.emit(Op::CallMethod { args: registers, name, shape, d: VOut(d), global });
                Ok(Term::value(d, Kind::Any))
            }
        }
    }

    /// Calls a library function that changes its first argument, a place.
    pub(super) fn mutating_call(&mut self, builtin: &'static Builtin, place: &Expr, args: &[Arg]) -> Result<Term> {
        if !self.is_place(place) {
            self.not_global(place)?;
            let receiver = self.expression(place)?;
            let receiver = self.settle(receiver);
            return Ok(self.mutate_in_register(builtin, receiver, args)?.0);
        }
        let place = self.place(place)?;
        if builtin.name == "list.append"
            && let ([Arg::Positional(item)], Some(register)) = (args, self.place_register(&place))
        {
            let kind = self.place_value_kind(&place);
            if matches!(kind, Kind::List(_) | Kind::ListOf(_)) {
                let term = self.expression(item)?;
                self.push(register, &term);
                let element = kind.element().join(&term.kind);
                self.place_changed(&place, Kind::ListOf(Arc::new(element)));
                return Ok(Term::literal(Literal::None));
            }
        }
        if builtin.name == "list.pop"
            && let ([], Some(register)) = (args, self.place_register(&place))
            && let Kind::ListOf(element) = self.place_value_kind(&place)
            && let Some(dtype @ (DType::Float | DType::Int)) = element.is_scalar().then(|| element.dtype()).flatten()
        {
            let (x, d) = (VMut(register), NOut(self.number_register()));
            self.emit(if dtype == DType::Float { Op::PopF { x, d } } else { Op::PopI { x, d } });
            self.place_changed(&place, Kind::ListOf(element));
            return Ok(Term::number(d.0, dtype));
        }
        let signature = catalog::signature(builtin);
        let Some(filled) = binding::bind(&signature.params, 1, args) else {
            return self.call_method_dynamic(&place, builtin_method(builtin), args);
        };
        let count = signature.params.len() as u16;
        let registers = Args { base: self.value_registers(count), count };
        let mut terms = vec![Term::literal(Literal::None)];
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        for (at, arg) in args.iter().enumerate() {
            let term = self.operand_before(arg.value(), &later[at + 1..])?;
            terms.push(term);
        }
        let terms = self.fill(&filled, &terms);
        for (term, register) in terms.iter().zip(registers.base..).skip(1) {
            self.place_value(term, register);
        }
        let kind = self.place_value_kind(&place);
        let mut operands: Vec<Operand> = terms.iter().map(Term::operand).collect();
        operands[0] = kind.clone().into();
        let result = (builtin.kind)(&operands);
        let open = self.open_place(&place, place.path_len(), registers.base);
        let d = self.value_register();
        self.emit(Op::CallMutating { args: registers, d: VOut(d), builtin });
        self.close_place(&place, &open);
        self.place_changed(&place, changed_kind(builtin, &kind, &operands));
        let result = self.result(d, result);
        // Nothing comes out of a list that is known to be empty; while loops are walked for the first time that is said of
        // lists that a later round knows to have items, and must not make anything unknown.
        if builtin.name == "list.pop"
            && matches!(kind, Kind::List(_) | Kind::ListOf(_))
            && kind.element() == Kind::Never
        {
            let a = VIn(self.value_of(&result));
            self.emit(Op::Raise { a });
            self.reachable = false;
        }
        Ok(result)
    }

    /// Changes a value that is in no place: the result, and the register of the changed value.
    fn mutate_in_register(&mut self, builtin: &'static Builtin, receiver: Term, args: &[Arg]) -> Result<(Term, u16)> {
        let signature = catalog::signature(builtin);
        let count = args.len() as u16 + 1;
        let Some(filled) = binding::bind(&signature.params, 1, args) else {
            let registers = Args { base: self.value_registers(count), count };
            self.place_value(&receiver, registers.base);
            let shape = self.given(args, registers.base + 1)?;
            let d = self.value_register();
            self.emit(Op::CallMethod {
                args: registers,
                name: builtin_method(builtin),
                shape,
                d: VOut(d),
                global: false,
            });
            return Ok((Term::value(d, Kind::Any), registers.base));
        };
        let mut terms = vec![receiver];
        for arg in args {
            let term = self.expression(arg.value())?;
            terms.push(self.settle(term));
        }
        let terms = self.fill(&filled, &terms);
        let operands: Vec<Operand> = terms.iter().map(Term::operand).collect();
        let registers = self.gather(&terms);
        let d = self.value_register();
        self.emit(Op::CallMutating { args: registers, d: VOut(d), builtin });
        Ok((self.result(d, (builtin.kind)(&operands)), registers.base))
    }

    fn call_method_on_place(&mut self, object: &Expr, name: Symbol, args: &[Arg]) -> Result<Term> {
        let place = self.place(object)?;
        self.call_method_dynamic(&place, name, args)
    }

    fn call_method_dynamic(&mut self, place: &super::places::Place, name: Symbol, args: &[Arg]) -> Result<Term> {
        let count = args.len() as u16 + 1;
        let registers = Args { base: self.value_registers(count), count };
        let shape = self.given(args, registers.base + 1)?;
        let open = self.open_place(place, place.path_len(), registers.base);
        let d = self.value_register();
        self.emit(Op::CallMethodOn { args: registers, name, shape, d: VOut(d) });
        self.close_place(place, &open);
        self.place_changed(place, Kind::Any);
        Ok(Term::value(d, Kind::Any))
    }

    /// The global variable that an expression in a function is, or is an element of.
    fn global_root(&self, expr: &Expr) -> Option<Symbol> {
        match &expr.kind {
            ExprKind::Name(name) if self.variable(*name).is_none() => {
                self.engine.globals.find(self.module, *name).map(|_| *name)
            }
            ExprKind::Subscript(object, _) => self.global_root(object),
            _ => None,
        }
    }

    /// An error where what is to be changed is a global variable, or in one: a copy would be changed in vain.
    fn not_global(&self, expr: &Expr) -> Result<()> {
        match self.global_root(expr) {
            Some(name) => Err(global_changed(name).at(expr.span)),
            None => Ok(()),
        }
    }

    /// Whether an expression is a variable or an element of one.
    pub(super) fn is_place(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                self.variable(*name).is_some_and(|variable| self.env[variable].bound != super::Bound::No)
                    && !matches!(self.peek(*name), Kind::Module(_))
            }
            ExprKind::Subscript(object, _) => self.is_place(object),
            _ => false,
        }
    }
}

fn builtin_method(builtin: &Builtin) -> Symbol {
    Symbol::new(builtin.name.rsplit('.').next().unwrap_or(builtin.name))
}

/// What a container is after a library function has changed it.
fn changed_kind(builtin: &Builtin, kind: &Kind, operands: &[Operand]) -> Kind {
    let argument = |at: usize| operands.get(at).map_or(Kind::Any, |operand| operand.kind.clone());
    match builtin.name {
        "list.append" => Kind::ListOf(Arc::new(kind.element().join(&argument(1)))),
        "list.insert" => Kind::ListOf(Arc::new(kind.element().join(&argument(2)))),
        "list.extend" => Kind::ListOf(Arc::new(kind.element().join(&argument(1).element()))),
        name if name.starts_with("list.") => Kind::ListOf(Arc::new(kind.element())),
        _ if matches!(kind, Kind::Array(..) | Kind::Generator) => kind.clone(),
        _ => Kind::Any,
    }
}
