//! Calls of known functions, bound when they are compiled, and of unknown ones.

use std::sync::Arc;

use super::{At, CallShape, Compiler, Given, Term};
use crate::interp::binding::{self, Filled};
use crate::interp::catalog;
use crate::interp::compile::code::SpecKey;
use crate::interp::compile::liveness::NO_REGISTER;
use crate::interp::kinds::{coarse, kind_of, literal_value};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::interp::vm::instructions::{Args, Dest, Fn1, Fn2, NIn, NOut, Op, VIn, VOut};
use crate::lang::tree::{Arg, Expr, ExprKind};
use crate::lang::{Result, Symbol};
use crate::sct::kind::{Code, DType, FunctionKind, Kind, Literal, Operand};
use crate::sct::modes;

/// The shape index of calls by position only.
pub const POSITIONAL: u32 = u32::MAX;

impl Compiler<'_> {
    pub(super) fn call(&mut self, callee: &Expr, args: &[Arg]) -> Result<Term> {
        if let ExprKind::Attribute(object, name) = &callee.kind {
            return self.call_attribute(object, *name, args);
        }
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        let function = self.operand_before(callee, &later)?;
        self.call_term(function, args)
    }

    pub(super) fn call_term(&mut self, function: Term, args: &[Arg]) -> Result<Term> {
        if let Some(builtin) = function.builtin() {
            if builtin.mutates
                && let Some((Arg::Positional(place), rest)) = args.split_first()
            {
                return self.mutating_call(builtin, place, rest);
            }
            return self.call_builtin(builtin, None, args);
        }
        if let Kind::Function(kind) = &function.kind
            && let FunctionKind::Script { code, defaults, .. } = &**kind
        {
            let (kind, code, defaults) = (kind.clone(), code.0.clone(), defaults.clone());
            if let Some(term) = self.call_script(&function, &kind, &code, &defaults, args)? {
                return Ok(term);
            }
        }
        if let Kind::Function(kind) = &function.kind
            && let FunctionKind::Derived { .. } = &**kind
            && args.iter().all(|arg| matches!(arg, Arg::Positional(_)))
        {
            let kind = kind.clone();
            return self.call_derived(function, &kind, args);
        }
        self.call_value(function, args)
    }

    /// Calls a derivative by position: as a function of the script where it is known here which one.
    fn call_derived(&mut self, function: Term, kind: &FunctionKind, args: &[Arg]) -> Result<Term> {
        let mut terms = Vec::with_capacity(args.len() + 1);
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        for (at, arg) in args.iter().enumerate() {
            terms.push(self.operand_before(arg.value(), &later[at + 1..])?);
        }
        let kinds: Vec<Kind> = terms.iter().map(|term| term.kind.clone()).collect();
        let known = self.engine.derivative_of_numbers(kind, &kinds);
        // A statement at top level may itself change what the derivative relies on.
        let relies = |deps: &[(u32, Kind)]| deps.iter().any(|(slot, _)| self.slots.contains(&Some(*slot)));
        if let Some(call) = known.filter(|call| !self.top || !relies(&call.deps)) {
            self.deps.extend(call.deps);
            let count = terms.len() as u16;
            let numbers = self.number_registers(count);
            let registers = Args { base: self.value_registers(count), count };
            for (term, kind) in terms.iter_mut().zip(&call.args) {
                if *kind == Kind::Float {
                    *term = Term::number(self.number_of(term, DType::Float), DType::Float);
                }
            }
            let spec = self.place_arguments(&call.function, registers, numbers, &terms);
            self.engine.specs.get_mut(spec).derivation = Some(call.derivation);
            return Ok(self.call_version(spec, registers, numbers, VIn(NO_REGISTER)));
        }
        terms.insert(0, function);
        let args = self.gather(&terms);
        let d = self.value_register();
        self.emit(Op::CallValue { args, shape: POSITIONAL, d: VOut(d) });
        Ok(Term::value(d, Kind::Any))
    }

    /// A call that is bound when it runs.
    fn call_value(&mut self, function: Term, args: &[Arg]) -> Result<Term> {
        let count = args.len() as u16 + 1;
        let registers = Args { base: self.value_registers(count), count };
        self.place_value(&function, registers.base);
        let shape = self.given(args, registers.base + 1)?;
        let d = self.value_register();
        self.emit(Op::CallValue { args: registers, shape, d: VOut(d) });
        Ok(Term::value(d, Kind::Any))
    }

    /// Evaluates arguments into consecutive registers; how they are given.
    pub(super) fn given(&mut self, args: &[Arg], base: u16) -> Result<u32> {
        for (arg, register) in args.iter().zip(base..) {
            let term = self.expression(arg.value())?;
            self.place_value(&term, register);
        }
        if args.iter().all(|arg| matches!(arg, Arg::Positional(_))) {
            return Ok(POSITIONAL);
        }
        self.shapes.push(CallShape(
            args.iter()
                .map(|arg| match arg {
                    Arg::Positional(_) => Given::Positional,
                    Arg::Keyword(name, _) => Given::Keyword(*name),
                    Arg::Star(_) => Given::Star,
                    Arg::DoubleStar(_) => Given::DoubleStar,
                })
                .collect(),
        ));
        Ok(self.shapes.len() as u32 - 1)
    }

    /// Calls a library function; `receiver` is its first argument where it is called as a method.
    pub(super) fn call_builtin(
        &mut self,
        builtin: &'static Builtin,
        receiver: Option<Term>,
        args: &[Arg],
    ) -> Result<Term> {
        let signature = catalog::signature(builtin);
        let shift = usize::from(receiver.is_some());
        let Some(filled) = binding::bind(&signature.params, shift, args) else {
            let function = self.library_value(catalog::function_value(builtin));
            return match receiver {
                None => self.call_value(function, args),
                Some(receiver) => self.call_bound(function, receiver, args),
            };
        };
        if receiver.is_none() && modes::is_transform(Symbol::new(builtin.name)) {
            return self.transformation(builtin, &filled, args);
        }
        let count = signature.params.len() as u16;
        let registers = Args { base: self.value_registers(count), count };
        // Each argument goes straight to its parameter; numbers wait, for most that take numbers want them unboxed, and so
        // does what is only asked for its length.
        let mut home = vec![None; args.len() + shift];
        for (parameter, fill) in filled.iter().enumerate() {
            if let Filled::Arg(arg) = fill
                && builtin.name != "len"
            {
                home[*arg] = Some(registers.base + parameter as u16);
            }
        }
        let mut terms = Vec::with_capacity(home.len());
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        if let Some(receiver) = receiver {
            terms.push(self.place_argument(receiver, home[0]));
        }
        for (at, arg) in args.iter().enumerate() {
            let term = self.operand_before(arg.value(), &later[at + 1..])?;
            terms.push(self.place_argument(term, home[at + shift]));
        }
        let parameters = self.fill(&filled, &terms);
        self.call_builtin_placed(builtin, registers, &parameters)
    }

    /// `grad(f)` and the like: made here, once, where the function is known and holds no values.
    fn transformation(&mut self, builtin: &'static Builtin, filled: &[Filled], args: &[Arg]) -> Result<Term> {
        let mut terms = Vec::with_capacity(args.len());
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        for (at, arg) in args.iter().enumerate() {
            terms.push(self.operand_before(arg.value(), &later[at + 1..])?);
        }
        let parameters = self.fill(filled, &terms);
        if let Some(value) = self.transformed(builtin, &parameters) {
            let kind = kind_of(&value);
            let k = self.constant(value);
            return Ok(Term { kind, at: At::Constant(k) });
        }
        self.call_builtin_terms(builtin, &parameters)
    }

    fn transformed(&self, builtin: &Builtin, parameters: &[Term]) -> Option<Value> {
        let ([function, options @ ..], Kernel::Pure(make)) = (parameters, builtin.kernel) else { return None };
        if !matches!(&function.kind, Kind::Function(kind) if kind.held().is_empty()) {
            return None;
        }
        let function = match function.at {
            At::Constant(k) => self.constants.get(k as usize)?,
            At::Global(slot) => self.engine.globals.get(slot)?,
            _ => return None,
        };
        let mut args = vec![function.clone()];
        for option in options {
            let At::Literal(literal) = &option.at else { return None };
            args.push(literal_value(literal));
        }
        make(&mut args).ok()
    }

    fn place_argument(&mut self, term: Term, home: Option<u16>) -> Term {
        match home {
            Some(home) if !term.kind.is_scalar() && !matches!(term.at, At::Literal(_) | At::Constant(_)) => {
                self.place_value(&term, home);
                Term::value(home, term.kind)
            }
            _ => term,
        }
    }

    /// The terms of the parameters.
    pub(super) fn fill(&mut self, filled: &[Filled], terms: &[Term]) -> Vec<Term> {
        filled
            .iter()
            .map(|fill| match fill {
                Filled::Arg(at) => terms[*at].clone(),
                Filled::Default(literal) => Term::literal(literal.clone()),
                Filled::ClosureDefault(_) => Term::literal(Literal::None),
                Filled::Star(items) => {
                    let items: Vec<Term> = items.iter().map(|at| terms[*at].clone()).collect();
                    self.tuple_of(&items)
                }
                Filled::Keywords(items) => {
                    let pairs: Vec<Term> = items
                        .iter()
                        .flat_map(|(name, at)| [Term::literal(Literal::Str(name.as_str().into())), terms[*at].clone()])
                        .collect();
                    let args = self.gather(&pairs);
                    let d = self.value_register();
                    self.emit(Op::MakeDict { args, d: VOut(d) });
                    let kinds =
                        items.iter().map(|(name, at)| (Literal::Str(name.as_str().into()), terms[*at].kind.clone()));
                    Term::value(d, Kind::Dict(kinds.collect()))
                }
            })
            .collect()
    }

    /// Calls a library function for terms in the order of its signature.
    pub(super) fn call_builtin_terms(&mut self, builtin: &'static Builtin, terms: &[Term]) -> Result<Term> {
        let signature = catalog::signature(builtin);
        let count = signature.params.len() as u16;
        let mut all = terms.to_vec();
        for param in signature.params.iter().skip(terms.len()) {
            all.push(Term::literal(param.default.clone().unwrap_or(Literal::None)));
        }
        let registers = Args { base: self.value_registers(count), count };
        self.call_builtin_placed(builtin, registers, &all)
    }

    fn call_builtin_placed(&mut self, builtin: &'static Builtin, registers: Args, terms: &[Term]) -> Result<Term> {
        if let Some(term) = self.number_call(builtin, terms) {
            return Ok(term);
        }
        let operands: Vec<Operand> = terms.iter().map(Term::operand).collect();
        let kind = (builtin.kind)(&operands);
        for (term, register) in terms.iter().zip(registers.base..) {
            self.place_value(term, register);
        }
        let d = self.value_register();
        self.emit(Op::CallBuiltin { args: registers, d: VOut(d), builtin });
        Ok(self.result(d, kind))
    }

    /// Library functions of numbers that are one instruction.
    fn number_call(&mut self, builtin: &'static Builtin, terms: &[Term]) -> Option<Term> {
        let kernel = match builtin.kernel {
            Kernel::Vector1(f) => Kernel::Float1(f.one),
            Kernel::Vector2(f) => Kernel::Float2(f.one),
            kernel => kernel,
        };
        match (kernel, builtin.name, terms) {
            (Kernel::Float1(f), _, [a]) if a.kind.is_scalar() => {
                let a = NIn(self.number_of(a, DType::Float));
                let d = self.number_register();
                self.emit(Op::Float1 { a, d: NOut(d), f: Fn1(f) });
                Some(Term::number(d, DType::Float))
            }
            (Kernel::Float2(f), _, [a, b]) if a.kind.is_scalar() && b.kind.is_scalar() => {
                let (a, b) = (NIn(self.number_of(a, DType::Float)), NIn(self.number_of(b, DType::Float)));
                let d = self.number_register();
                self.emit(Op::Float2 { a, b, d: NOut(d), f: Fn2(f) });
                Some(Term::number(d, DType::Float))
            }
            (_, "abs" | "np.abs" | "np.absolute", [a]) if a.kind == Kind::Float => {
                let a = NIn(self.number_of(a, DType::Float));
                let d = self.number_register();
                self.emit(Op::Float1 { a, d: NOut(d), f: Fn1(f64::abs) });
                Some(Term::number(d, DType::Float))
            }
            (_, "float", [a]) if a.kind.is_scalar() => {
                let d = self.number_of(a, DType::Float);
                Some(Term::number(d, DType::Float))
            }
            (_, "int", [a]) if matches!(a.kind, Kind::Int | Kind::Bool) => {
                let d = self.number_of(a, DType::Int);
                Some(Term::number(d, DType::Int))
            }
            (_, "len", [x]) if !x.kind.is_scalar() => {
                let x = VIn(self.value_of(x));
                let d = self.number_register();
                self.emit(Op::Len { x, d: NOut(d) });
                Some(Term::number(d, DType::Int))
            }
            _ => None,
        }
    }

    /// Calls a function with a first argument that is there, when it runs.
    fn call_bound(&mut self, function: Term, receiver: Term, args: &[Arg]) -> Result<Term> {
        let count = args.len() as u16 + 2;
        let registers = Args { base: self.value_registers(count), count };
        self.place_value(&function, registers.base);
        self.place_value(&receiver, registers.base + 1);
        let mut shape = self.given(args, registers.base + 2)?;
        if let Some(known) = self.shapes.get_mut(shape as usize) {
            known.0.insert(0, Given::Positional);
        } else {
            shape = POSITIONAL;
        }
        let d = self.value_register();
        self.emit(Op::CallValue { args: registers, shape, d: VOut(d) });
        Ok(Term::value(d, Kind::Any))
    }

    /// Calls a function of the script that is known, unless the arguments do not fit: then the call says so when it
    /// runs.
    fn call_script(
        &mut self,
        function: &Term,
        kind: &Arc<FunctionKind>,
        code: &Arc<Code>,
        defaults: &[Operand],
        args: &[Arg],
    ) -> Result<Option<Term>> {
        let parameters = binding::parameters(&code.tree);
        let Some(filled) = binding::bind(&parameters, 0, args) else { return Ok(None) };
        let count = parameters.len() as u16;
        let numbers = self.number_registers(count);
        let registers = Args { base: self.value_registers(count), count };
        let mut home = vec![None; args.len()];
        for (parameter, fill) in filled.iter().enumerate() {
            if let Filled::Arg(arg) = fill {
                home[*arg] = Some(parameter as u16);
            }
        }
        let mut terms = Vec::with_capacity(args.len());
        let later: Vec<&Expr> = args.iter().map(Arg::value).collect();
        for (at, arg) in args.iter().enumerate() {
            let term = self.operand_before(arg.value(), &later[at + 1..])?;
            terms.push(match home[at] {
                Some(k) => self.place_parameter(&term, numbers + k, registers.base + k),
                None => self.settle(term),
            });
        }
        let mut arguments = self.fill(&filled, &terms);
        for (k, fill) in filled.iter().enumerate() {
            if let Filled::ClosureDefault(index) = fill {
                let operand = defaults.get(*index).cloned().unwrap_or(Operand { kind: Kind::Any, literal: None });
                arguments[k] = match operand.literal {
                    Some(literal) => Term::literal(literal),
                    None => {
                        let f = VIn(self.value_of(function));
                        let d = self.value_register();
                        self.emit(Op::ClosureDefault { f, index: *index as u16, d: VOut(d) });
                        self.result(d, operand.kind)
                    }
                };
            }
        }
        let spec = self.place_arguments(kind, registers, numbers, &arguments);
        let closure =
            if code.captures.is_empty() && !code.recursive { VIn(NO_REGISTER) } else { VIn(self.value_of(function)) };
        Ok(Some(self.call_version(spec, registers, numbers, closure)))
    }

    /// Puts arguments where a function of the script takes them; its version for their kinds.
    fn place_arguments(&mut self, kind: &Arc<FunctionKind>, registers: Args, numbers: u16, arguments: &[Term]) -> u32 {
        let kinds = arguments.iter().map(|term| coarse(&term.kind)).collect();
        let spec = self.engine.specs.entry(SpecKey { function: coarse_function(kind), params: kinds });
        let params = self.engine.specs.get(spec).key.params.clone();
        for (k, (term, kind)) in arguments.iter().zip(&params).enumerate() {
            let k = k as u16;
            match term.scalar() {
                Some(dtype) if kind.is_scalar() => self.place_number(term, dtype, numbers + k),
                _ => self.place_value(term, registers.base + k),
            }
        }
        spec
    }

    /// Calls a version of a function of the script with arguments that are in their places.
    fn call_version(&mut self, spec: u32, registers: Args, numbers: u16, closure: VIn) -> Term {
        let (mut result, deps) = self.engine.spec_result(spec);
        // A statement at top level may itself change what its callees rely on.
        if self.top && deps.iter().any(|(slot, _)| self.slots.contains(&Some(*slot))) {
            result = Kind::Any;
        } else {
            self.deps.extend(deps.iter().cloned());
        }
        let (d, term) = match result.dtype() {
            Some(dtype) if result.is_scalar() => {
                let d = self.number_register();
                (Dest(d), Term::number(d, dtype))
            }
            _ => {
                let d = self.value_register();
                let kind = if result == Kind::Never { Kind::Any } else { result };
                (Dest(d | Dest::VALUE), Term::value(d, kind))
            }
        };
        self.emit(Op::CallScript { args: registers, numbers, closure, spec, d });
        term
    }

    fn place_parameter(&mut self, term: &Term, number: u16, value: u16) -> Term {
        if matches!(term.at, At::Literal(_) | At::Constant(_) | At::Global(_)) {
            return term.clone();
        }
        match term.scalar() {
            Some(dtype) => {
                self.place_number(term, dtype, number);
                Term::number(number, dtype)
            }
            None => {
                self.place_value(term, value);
                Term::value(value, term.kind.clone())
            }
        }
    }

    /// Calls a library function by name for terms that are there.
    pub(super) fn call_library(&mut self, name: &str, terms: &[Term]) -> Result<Option<Term>> {
        match catalog::builtin(Symbol::new(name)) {
            Some(builtin) => self.call_builtin_terms(builtin, terms).map(Some),
            None => Ok(None),
        }
    }
}

/// The function as code is compiled for it.
pub(crate) fn coarse_function(kind: &Arc<FunctionKind>) -> Arc<FunctionKind> {
    match &**kind {
        FunctionKind::Script { code, captures, defaults } if captures.iter().any(|kind| coarse(kind) != *kind) => {
            Arc::new(FunctionKind::Script {
                code: code.clone(),
                captures: captures.iter().map(coarse).collect(),
                defaults: defaults.clone(),
            })
        }
        _ => kind.clone(),
    }
}
