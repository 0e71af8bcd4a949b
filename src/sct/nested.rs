//! What `grad`, `vjp` and `jvp` mean inside a function that is itself differentiated: the derivative is written first and
//! its text inlined like that of any other function.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lang::tree;
use crate::lang::{Error, Result, Symbol, symbol};

use super::bind::{Bind, FunctionBind, Target};
use super::core::Atom;
use super::kind::{Code, CodeRef, DType, FunctionKind, Kind, Literal};
use super::lower::Lowerer;
use super::modes;
use super::program::{Request, derive_within, parameters};
use super::session::{Session, Unit};
use super::spread::in_order;

impl Lowerer<'_, '_> {
    /// Makes a function of this kind and its arguments the parameters of the function under construction.
    pub fn parameters_of(&mut self, function: &FunctionKind, args: &[Kind]) -> Result<(Bind, Vec<Bind>)> {
        let kind = Kind::Function(Arc::new(function.clone()));
        let function_bind = self.parameter(symbol!("f"), &kind);
        let names = parameters(function);
        let mut binds = Vec::new();
        for (at, kind) in args.iter().enumerate() {
            let name = names.get(at).copied().unwrap_or_else(|| Symbol::new(&format!("x{at}")));
            binds.push(self.parameter(name, kind));
        }
        Ok((function_bind, binds))
    }

    /// Calls a function with one value for each of its parameters.
    pub fn call_on(&mut self, function: &Bind, args: Vec<Bind>) -> Result<Bind> {
        let Bind::Function(known) = function else { return Err(Error::type_("this value cannot be called")) };
        match &known.target {
            Target::Script(code) => {
                let code = code.clone();
                self.span = code.0.tree.span;
                self.f.span = code.0.tree.span;
                if self.session.rule_of(&code).is_some() {
                    return self.call_code(&code, known.captures.clone(), args, None);
                }
                self.inline(&code, known.captures.clone(), args)
            }
            Target::Derived(transform, options, inner) => {
                let (transform, mut options, inner) = (*transform, options.clone(), inner.clone());
                if let Some(kind) = inner.kind(&self.f) {
                    options = modes::settled(transform, &options, &kind, &vec![true; args.len()])?;
                }
                self.inline_derived(transform, &options, &inner, args)
            }
            Target::Builtin(name) => self.call_builtin(*name, args, vec![]),
            Target::Host(code) => self.call_host(&code.clone(), args),
        }
    }

    /// Inlines the derivative of a known function, for one value for each of the function's parameters.
    fn inline_derived(
        &mut self,
        transform: Symbol,
        options: &[Literal],
        inner: &Rc<FunctionBind>,
        args: Vec<Bind>,
    ) -> Result<Bind> {
        if modes::is_definition(transform) {
            return self.call_definition(transform, options, &Bind::Function(inner.clone()), args);
        }
        let inner = &self.session.with_constants(inner);
        let main = match self.derivation(transform, options, inner, &args) {
            Ok((main, _)) => main,
            // The loop over the batch does with less, or says what is wrong.
            Err(_) if transform.as_str() == "vmap" => {
                let looped = symbol!("looped_vmap");
                return self.call_definition(looped, options, &Bind::Function(inner.clone()), args);
            }
            Err(error) => return Err(error),
        };
        let mut atoms = Vec::new();
        self.flatten(&Bind::Function(inner.clone()), &mut atoms)?;
        for arg in &args {
            self.flatten(arg, &mut atoms)?;
        }
        self.inline(&main, vec![], atoms.into_iter().map(Bind::Atom).collect())
    }

    /// Inlines the definition of a mode that is said in the language, for settled options.
    pub fn call_definition(
        &mut self,
        transform: Symbol,
        options: &[Literal],
        function: &Bind,
        args: Vec<Bind>,
    ) -> Result<Bind> {
        let leading = [self.by_position(function), Bind::Tuple(args)];
        let options = options.iter().cloned().map(Bind::lit);
        self.call_own(transform, leading.into_iter().chain(options).collect())
    }

    /// A function as one that takes an argument for each of its parameters, in their order.
    fn by_position(&mut self, function: &Bind) -> Bind {
        let Bind::Function(known) = function else { return function.clone() };
        let Some((code, _)) = self.innermost(known) else { return function.clone() };
        let passing = match self.session.in_order.get(&code) {
            Some(known) => known.clone(),
            None => {
                let made = in_order(&code.0).map(|code| CodeRef(Arc::new(code)));
                self.session.in_order.insert(code, made.clone());
                made
            }
        };
        match passing {
            Some(code) => Bind::Function(Rc::new(FunctionBind {
                target: Target::Script(code),
                captures: vec![function.clone()],
                defaults: vec![],
                global: None,
            })),
            None => function.clone(),
        }
    }

    /// Calls `_name` of the library's part in which modes are defined.
    pub fn call_own(&mut self, name: Symbol, args: Vec<Bind>) -> Result<Bind> {
        let own = self.session.world.member(symbol!("cotangent"), Symbol::new(&format!("_{name}")));
        let Some(Kind::Function(kind)) = own.map(|operand| operand.kind) else {
            return Err(Error::derivative(format!("{name} is not defined")).at(self.span));
        };
        let function = Rc::new(self.function_value(&kind, None)?);
        if let Target::Script(code) = &function.target {
            self.session.unfolded = Some(code.0.module);
        }
        self.call_function(&function, args, vec![])
    }

    /// The definitions of a derivative of a known function for these arguments: the main one and, for `vjp`, the
    /// backward one.
    fn derivation(
        &mut self,
        transform: Symbol,
        options: &[Literal],
        inner: &Rc<FunctionBind>,
        args: &[Bind],
    ) -> Result<(CodeRef, Option<CodeRef>)> {
        let Some(function) = inner.kind(&self.f) else {
            return Err(self.unsupported("a derivative of this function"));
        };
        let args: Vec<Kind> = args.iter().map(|arg| arg.kind(&self.f)).collect();
        let request = Request { transform, options: options.to_vec(), function, args };
        if let Some(done) = self.session.derivations.get(&request) {
            return Ok(done.clone());
        }
        let derivation = derive_within(&request, self.session).map_err(|e| e.at(self.span))?;
        let code = |function: &Arc<tree::Function>| {
            CodeRef(Arc::new(Code {
                tree: function.clone(),
                captures: vec![],
                recursive: false,
                module: derivation.module,
            }))
        };
        let mut functions: FxHashMap<Symbol, CodeRef> = FxHashMap::default();
        let mut last = Vec::new();
        for (function, rule) in derivation.functions.iter().zip(&derivation.rules) {
            let code = code(function);
            if let Some(rule) = rule {
                self.session.user_rules.insert(code.clone(), rule.clone());
            }
            functions.insert(function.name, code.clone());
            last.push(code);
        }
        let unit = Rc::new(Unit { module: derivation.module, functions });
        for code in &last {
            self.session.units.insert(code.clone(), unit.clone());
        }
        let main = last.pop().ok_or_else(|| Error::derivative("an empty derivation"))?;
        let backward = if transform.as_str() == "vjp" { last.pop() } else { None };
        self.session.derivations.insert(request, (main.clone(), backward.clone()));
        Ok((main, backward))
    }

    /// The innermost definition of a function and its defaults, which say how arguments are bound.
    fn innermost(&self, function: &Rc<FunctionBind>) -> Option<(CodeRef, Vec<Bind>)> {
        match &function.target {
            Target::Script(code) => Some((code.clone(), function.defaults.clone())),
            Target::Derived(_, _, inner) => self.innermost(inner),
            Target::Host(code) => Some((code.clone(), vec![])),
            Target::Builtin(_) => None,
        }
    }
}

impl Lowerer<'_, '_> {
    /// A function of any number of arguments as one of so many.
    fn of_fixed_number(&self, function: &Rc<FunctionBind>, count: usize) -> Rc<FunctionBind> {
        match self.innermost(function).and_then(|(code, _)| self.session.world.spread(&code, count)) {
            Some(code) => Rc::new(FunctionBind {
                target: Target::Script(code),
                captures: vec![Bind::Function(function.clone())],
                defaults: vec![],
                global: None,
            }),
            None => function.clone(),
        }
    }
}

/// A call of `grad(f)`.
pub fn call_derived(
    l: &mut Lowerer,
    transform: Symbol,
    options: &[Literal],
    inner: &Rc<FunctionBind>,
    positional: Vec<Bind>,
    keywords: Vec<(Symbol, Bind)>,
) -> Result<Bind> {
    let by_name = !keywords.is_empty() || options.iter().any(|option| matches!(option, Literal::Str(_)));
    let inner = &if by_name { inner.clone() } else { l.of_fixed_number(inner, positional.len()) };
    let named: Vec<Symbol> = keywords.iter().map(|(name, _)| *name).collect();
    let count = positional.len();
    let mut args = match l.innermost(inner) {
        Some((code, defaults)) => l.bind_parameters(&code.0.tree, positional, keywords, &defaults)?,
        None => positional,
    };
    let mut options = options.to_vec();
    if let Some(function) = inner.kind(&l.f) {
        let names = parameters(&function);
        let given: Vec<bool> =
            (0..args.len()).map(|at| at < count || names.get(at).is_some_and(|name| named.contains(name))).collect();
        options = modes::settled(transform, &options, &function, &given).map_err(|e| e.at(l.span))?;
        for at in modes::differentiated(transform, &options, &function, args.len())? {
            args[at] = l.promoted_argument(args[at].clone())?;
        }
    }
    l.inline_derived(transform, &options, inner, args)
}

/// `vjp(f, *args)` and `jvp(f, primals, tangents)`; none for the others.
pub fn call_transform(
    l: &mut Lowerer,
    name: Symbol,
    function: &Rc<FunctionBind>,
    rest: &[Bind],
    keywords: &[(Symbol, Bind)],
) -> Result<Option<Bind>> {
    if !keywords.is_empty() && matches!(name.as_str(), "vjp" | "jvp" | "hvp") {
        return Err(Error::type_(format!("{name}() takes no keyword arguments")).at(l.span));
    }
    let function = &l.session.with_constants(function);
    match name.as_str() {
        "vjp" => {
            let function = &l.of_fixed_number(function, rest.len());
            let args: Vec<Bind> = rest.iter().map(|a| l.promoted_argument(a.clone())).collect::<Result<_>>()?;
            let (main, backward) = l.derivation(name, &[], function, &args)?;
            let mut atoms = Vec::new();
            l.flatten(&Bind::Function(function.clone()), &mut atoms)?;
            for arg in &args {
                l.flatten(arg, &mut atoms)?;
            }
            let pair = l.inline(&main, vec![], atoms.into_iter().map(Bind::Atom).collect())?;
            let (Some(backward), Some(parts)) = (backward, l.explode(&pair)) else {
                return Err(l.unsupported("this use of vjp"));
            };
            let [value, residual] = <[Bind; 2]>::try_from(parts).map_err(|_| l.unsupported("this use of vjp"))?;
            let code = l.session.pullback(&backward);
            let bound =
                FunctionBind { target: Target::Script(code), captures: vec![residual], defaults: vec![], global: None };
            Ok(Some(Bind::Tuple(vec![value, Bind::Function(Rc::new(bound))])))
        }
        "jvp" => {
            let [primals, tangents] = rest else {
                return Err(Error::type_("jvp() takes a function, the primals and the tangents").at(l.span));
            };
            let (Some(primals), Some(tangents)) = (l.explode(primals), l.explode(tangents)) else {
                return Err(Error::type_("jvp() takes tuples of primals and tangents").at(l.span));
            };
            if primals.len() != tangents.len() {
                return Err(Error::type_("jvp() needs one tangent for each primal").at(l.span));
            }
            let function = &l.of_fixed_number(function, primals.len());
            let args: Vec<Bind> = primals.into_iter().map(|a| l.promoted_argument(a)).collect::<Result<_>>()?;
            let (main, _) = l.derivation(name, &[], function, &args)?;
            let mut atoms = Vec::new();
            l.flatten(&Bind::Function(function.clone()), &mut atoms)?;
            for arg in &args {
                l.flatten(arg, &mut atoms)?;
            }
            for (arg, tangent) in args.iter().zip(tangents) {
                if let Bind::Function(_) = arg {
                    // The tangent of a function is the tuple of those of what it captured.
                    let captured = l.passed_as(arg)?;
                    let given = l.explode(&tangent).filter(|parts| parts.len() == captured.len());
                    for (at, leaf) in captured.into_iter().enumerate() {
                        if l.f.kind(&leaf).may_be_active() {
                            let part = given.as_ref().map_or(Bind::Zero, |parts| parts[at].clone());
                            let part = l.materialise_atom(&part, &Bind::Atom(leaf))?;
                            atoms.push(part);
                        }
                    }
                } else if arg.kind(&l.f).may_be_active() {
                    let tangent = l.promoted_argument(tangent)?;
                    l.flatten(&tangent, &mut atoms)?;
                }
            }
            l.inline(&main, vec![], atoms.into_iter().map(Bind::Atom).collect()).map(Some)
        }
        "hvp" => {
            let args = [Bind::Function(function.clone())].into_iter().chain(rest.iter().cloned());
            l.call_own(name, args.collect()).map(Some)
        }
        _ => Ok(None),
    }
}

impl Lowerer<'_, '_> {
    /// An active argument: integers are promoted to floats.
    pub fn promoted_argument(&mut self, arg: Bind) -> Result<Bind> {
        let Bind::Atom(atom) = &arg else { return Ok(arg) };
        Ok(match self.f.kind(atom) {
            Kind::Int | Kind::Bool => Bind::Atom(self.call(symbol!("float"), vec![atom.clone()])),
            Kind::Array(DType::Int | DType::Bool, _, _) => {
                Bind::Atom(self.call(symbol!("operator.mul"), vec![atom.clone(), Atom::float(1.0)]))
            }
            _ => arg,
        })
    }
}

impl Session<'_> {
    /// The backward half as a function of the cotangent that has captured the residual.
    fn pullback(&mut self, backward: &CodeRef) -> CodeRef {
        let key = Arc::as_ptr(&backward.0.tree) as usize;
        if let Some(code) = self.codes.get(&key) {
            return code.clone();
        }
        let mut tree = (*backward.0.tree).clone();
        let residual = tree.params.remove(0).name;
        let code = CodeRef(Arc::new(Code {
            tree: Arc::new(tree),
            captures: vec![residual],
            recursive: false,
            module: backward.0.module,
        }));
        if let Some(unit) = self.units.get(backward).cloned() {
            self.units.insert(code.clone(), unit);
        }
        self.codes.insert(key, code.clone());
        code
    }
}
