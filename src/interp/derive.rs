//! Calls of derivatives: the one place where running a program asks for a transformation.
//!
//! A derivative is written when it is called, for the kinds of its arguments, and kept. It is kept as long as the globals
//! that were looked at while it was written still are what they were.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use super::binding;
use super::catalog;
use super::engine::Engine;
use super::function::{Closure, Derived, Function};
use super::kinds::{Sizes, function_kind, held, kind_of, operand_of};
use super::library;
use super::operators;
use super::recent::{self, DerivativeCall};
use super::timing::Phase;
use super::value::{List, Value};
use super::vm::{Arguments, Prepared};
use crate::lang::tree::{self, BinaryOp};
use crate::lang::{Error, ErrorKind, Result, Span, Symbol};
use crate::sct::extents::Fact;
use crate::sct::kind::{Code, CodeRef, DType, FunctionKind, Kind, Literal, ModuleId, Operand};
use crate::sct::modes::{self, Making};
use crate::sct::rules::LIBRARY;
use crate::sct::spread::spread;
use crate::sct::world::{Signature, UserRule, World};
use crate::sct::{Request, derive};

/// Derivatives that have been written, by what they were written for.
#[derive(Debug)]
pub struct Derivations {
    entries: FxHashMap<Request, Vec<Arc<Written>>>,
    /// Definitions of a fixed number of arguments, by the definition of any number that they call.
    spread: FxHashMap<(CodeRef, usize), CodeRef>,
    /// Whether they are simplified.
    simplify: bool,
    /// The modules that derivatives were written into.
    modules: FxHashSet<ModuleId>,
    /// The number of calls so far.
    calls: u64,
    /// Advances when derivatives that were written are to be written anew.
    generation: u64,
}

/// A derivative that has been written.
#[derive(Debug)]
pub struct Written {
    /// The functions in the order of the derivation.
    functions: Vec<Arc<tree::Function>>,
    /// The main function, and the one before it.
    main: Value,
    backward: Option<Value>,
    /// The globals that were looked at, as they were.
    relied_on: Vec<(u32, Kind)>,
    /// What it relies on of the lengths of the arguments' axes.
    facts: Vec<Fact>,
    /// The lengths that it was written for.
    lengths: Option<Vec<usize>>,
    /// The number of its last call.
    last_call: AtomicU64,
    /// The epoch of the globals in which these were last known to be what they were.
    epoch: AtomicU64,
}

impl Written {
    /// Whether it is right for arguments whose axes have these lengths, by label.
    fn fits(&self, lengths: &[usize]) -> bool {
        self.facts.iter().all(|fact| fact.holds(lengths))
    }
}

/// What a version of a function was written for, where it is a derivative that compiled code calls as a function.
#[derive(Clone, Debug)]
pub struct Derivation {
    request: Arc<Request>,
    written: Arc<Written>,
    generation: u64,
}

impl Default for Derivations {
    fn default() -> Derivations {
        Derivations {
            entries: FxHashMap::default(),
            spread: FxHashMap::default(),
            simplify: true,
            modules: FxHashSet::default(),
            calls: 0,
            generation: 0,
        }
    }
}

impl Derivations {
    /// Whether the functions of a module are those of a derivative.
    pub fn wrote(&self, module: ModuleId) -> bool {
        self.modules.contains(&module)
    }

    fn spread(&mut self, code: &CodeRef, count: usize) -> Option<CodeRef> {
        let key = (code.clone(), count);
        if let Some(known) = self.spread.get(&key) {
            return Some(known.clone());
        }
        let made = CodeRef(Arc::new(spread(&code.0, count)?));
        self.spread.insert(key, made.clone());
        Some(made)
    }

    /// Derivatives are written anew from now on.
    fn forget(&mut self) {
        self.entries.clear();
        self.generation += 1;
    }

    /// Whether derivatives are simplified from now on; those that are there are written anew.
    pub fn simplify(&mut self, simplify: bool) {
        self.forget();
        self.simplify = simplify;
    }

    /// The request for a transformation of a function that was called last, and the lengths it was written for.
    fn last(
        &self,
        transform: Symbol,
        options: &[Literal],
        function: &FunctionKind,
    ) -> Option<(&Request, &Option<Vec<usize>>)> {
        let asked = |request: &Request| {
            request.transform == transform
                && request.options == options
                && request.function.of_any_extents() == *function
        };
        let entries = self.entries.iter().filter(|(request, _)| asked(request));
        let entries = entries.flat_map(|(request, written)| written.iter().map(move |written| (request, written)));
        let last = entries.max_by_key(|(_, written)| written.last_call.load(Ordering::Relaxed));
        last.map(|(request, written)| (request, &written.lengths))
    }
}

/// The interpreter as the transformation sees it.
struct View<'e> {
    engine: RefCell<&'e mut Engine>,
    relied_on: RefCell<Vec<(u32, Kind)>>,
}

impl World for View<'_> {
    fn global(&self, module: ModuleId, name: Symbol) -> Option<Operand> {
        if module != LIBRARY {
            let mut engine = self.engine.borrow_mut();
            let slot = engine.globals.slot(module, name);
            let kind = engine.globals.get(slot).map_or(Kind::Never, kind_of);
            self.relied_on.borrow_mut().push((slot, kind.clone()));
            if kind != Kind::Never {
                return Some(kind.into());
            }
        }
        catalog::builtin_name(name).map(|value| operand_of(&value))
    }

    fn member(&self, module: Symbol, name: Symbol) -> Option<Operand> {
        let value = self.engine.borrow_mut().attribute(Value::Module(module), name).ok()?;
        Some(operand_of(&value))
    }

    fn method(&self, receiver: &Kind, name: Symbol) -> Option<Operand> {
        match catalog::method(receiver, name) {
            Some(builtin) => Some(operand_of(&library::function(builtin))),
            None if receiver.dtype().is_some() && library::written_method(name.as_str()) => {
                self.member(Symbol::new("np"), name)
            }
            None => None,
        }
    }

    fn attribute(&self, receiver: &Kind, name: Symbol) -> Option<Operand> {
        catalog::attribute(receiver, name).map(|builtin| operand_of(&library::function(builtin)))
    }

    fn signature(&self, builtin: Symbol) -> Option<&Signature> {
        catalog::signature_of(builtin)
    }

    fn may_mutate(&self, method: Symbol) -> bool {
        catalog::may_mutate(method)
    }

    fn may_mutate_argument(&self, function: Symbol) -> bool {
        catalog::may_mutate_argument(function)
    }

    fn user_rule(&self, code: &CodeRef) -> Option<UserRule> {
        self.engine.borrow().rules.get(code).cloned()
    }

    fn spread(&self, code: &CodeRef, count: usize) -> Option<CodeRef> {
        self.engine.borrow_mut().derivations.spread(code, count)
    }

    fn unknown_name(&self, name: Symbol) -> Error {
        self.engine.borrow().unknown_name(name, &[])
    }

    fn unknown_member(&self, module: Symbol, name: Symbol) -> Error {
        self.engine.borrow().unknown_member(module, name)
    }

    fn patience(&self) -> Result<()> {
        self.engine.borrow_mut().tick()
    }

    fn simplifies(&self) -> bool {
        self.engine.borrow().derivations.simplify
    }

    fn result_kind(&self, builtin: Symbol, args: &[Operand]) -> Kind {
        catalog::result_kind(builtin, args)
    }
}

impl Engine {
    /// Calls a derivative: binds the arguments, has the derivative written for their kinds, and runs it.
    pub(crate) fn call_derived(&mut self, called: &Arc<Function>, arguments: Arguments) -> Result<Prepared> {
        let Function::Derived(derived) = &**called else { return Err(Error::type_("this is no derivative")) };
        let by_position = arguments.names.iter().all(Option::is_none);
        if by_position && let Some(main) = self.last_derivative(called, &arguments.values) {
            return self.prepare(&main, arguments);
        }
        let count = arguments.values.len();
        let (request, lengths, function, args) = self.asked(derived, arguments)?;
        let written = self.written(&request, Some(&lengths))?;
        let args = flattened(&function, &request, args)?;
        let plain = |kind: &Kind| !kind.holds_function() && !matches!(kind, Kind::Module(_));
        if by_position && takes_exactly(&request.function, count) && request.args.iter().all(plain) {
            self.recent.derived(DerivativeCall {
                function: called.clone(),
                args: request.args,
                written: written.clone(),
                generation: self.derivations.generation,
            });
        }
        self.prepare(&written.main, Arguments::positional(args))
    }

    /// What is called in place of a derivative, if arguments are of the kinds of the last call of the same one.
    pub(crate) fn last_derivative(&mut self, called: &Arc<Function>, args: &[Value]) -> Option<Value> {
        let call = self.recent.derivative(called)?;
        let mut sizes = Sizes::default();
        let again = call.generation == self.derivations.generation
            && self.holds(&call.written)
            && sizes.are(args, &call.args)
            && call.written.fits(&sizes.lengths());
        if !again {
            return None;
        }
        self.derivations.calls += 1;
        call.written.last_call.store(self.derivations.calls, Ordering::Relaxed);
        Some(call.written.main.clone())
    }

    /// What a call of a derivative asks for, the lengths of its arguments' axes by label, the function that this is asked of,
    /// and its arguments in the order of the function's parameters.
    fn asked(&mut self, derived: &Derived, arguments: Arguments) -> Result<(Request, Vec<usize>, Value, Vec<Value>)> {
        let arguments = arguments.completed();
        let by_name = derived.options.iter().any(names_parameter) || arguments.names.iter().any(Option::is_some);
        let function = match by_name {
            true => derived.function.clone(),
            false => self.of_fixed_number(&derived.function, arguments.values.len()),
        };
        let kind = known_function(&function)?;
        let names = parameters(&function);
        let given: Vec<bool> = (0..names.len().max(arguments.values.len()))
            .map(|at| {
                let by_name = names.get(at).is_some_and(|name| arguments.names.contains(&Some(*name)));
                by_name || arguments.names.get(at).is_some_and(Option::is_none)
            })
            .collect();
        let mut args = bind_innermost(&function, arguments)?;
        let given = &given[..args.len().min(given.len())];
        let options = modes::settled(derived.transform, &derived.options, &kind, given)?;
        for at in modes::differentiated(derived.transform, &options, &kind, args.len())? {
            args[at] = promoted(std::mem::take(&mut args[at]))?;
        }
        let (request, lengths) = request(derived.transform, options, &function, &args)?;
        Ok((request, lengths, function, args))
    }

    /// A function of any number of arguments as one of so many.
    fn of_fixed_number(&mut self, function: &Value, count: usize) -> Value {
        let spread = innermost(function).and_then(|code| self.derivations.spread(&CodeRef(code), count));
        match spread {
            Some(CodeRef(code)) => {
                let captures = vec![function.clone()].into();
                Value::Function(Arc::new(Function::Closure(Closure { code, captures, defaults: vec![].into() })))
            }
            None => function.clone(),
        }
    }

    /// `vjp(f, *args)`: the value and the pullback.
    pub(crate) fn vjp(&mut self, function: &Value, args: Vec<Value>) -> Result<Value> {
        let function = &self.of_fixed_number(function, args.len());
        let args = bind_innermost(function, Arguments::positional(args))?;
        let args = args.into_iter().map(promoted).collect::<Result<Vec<_>>>()?;
        let (request, lengths) = request(Symbol::new("vjp"), vec![], function, &args)?;
        let written = self.written(&request, Some(&lengths))?;
        let args = flattened(function, &request, args)?;
        let pair = self.call_value(&written.main, Arguments::positional(args))?;
        let (Value::Tuple(pair), Some(backward)) = (pair, &written.backward) else {
            return Err(Error::derivative("vjp gave no pullback"));
        };
        let [value, residual] = pair.as_slice() else { return Err(Error::derivative("vjp gave no pullback")) };
        let pull_back = library::lookup("cotangent.pull_back").map(library::function);
        let pull_back = pull_back.ok_or_else(|| Error::derivative("vjp gave no pullback"))?;
        let pullback = Function::Partial(pull_back, vec![backward.clone(), residual.clone(), value.clone()].into());
        Ok(Value::tuple(vec![value.clone(), Value::Function(Arc::new(pullback))]))
    }

    /// `jvp(f, primals, tangents)`: the value and its tangent.
    pub(crate) fn jvp(&mut self, function: &Value, primals: &Value, tangents: &Value) -> Result<Value> {
        let (primals, tangents) = (sequence(primals, "primals")?, sequence(tangents, "tangents")?);
        if primals.len() != tangents.len() {
            return Err(Error::type_(format!(
                "jvp needs one tangent for each primal: there are {} primals and {} tangents",
                primals.len(),
                tangents.len()
            )));
        }
        let function = &self.of_fixed_number(function, primals.len());
        let args = bind_innermost(function, Arguments::positional(primals))?;
        let args = args.into_iter().map(promoted).collect::<Result<Vec<_>>>()?;
        let (request, lengths) = request(Symbol::new("jvp"), vec![], function, &args)?;
        let mut dots = Vec::new();
        for (at, (arg, tangent)) in args.iter().zip(tangents).enumerate() {
            let kind = kind_of(arg);
            if let Kind::Function(_) = kind {
                function_tangents(arg, &kind, &tangent, &mut dots)?;
            } else if kind.may_be_active() {
                let tangent = promoted(tangent)?;
                if !fits(arg, &tangent) {
                    return Err(Error::shape(format!("tangent {at} does not have the shape of its primal")));
                }
                dots.push(tangent);
            }
        }
        let written = self.written(&request, Some(&lengths))?;
        let mut args = flattened(function, &request, args)?;
        args.append(&mut dots);
        self.call_value(&written.main, Arguments::positional(args))
    }

    /// Gives a function a rule of one of the forms `partial`, `adjoint` and `tangent`.
    pub(crate) fn define_rule(&mut self, form: &str, function: &Value, template: &Value) -> Result<Value> {
        let code = |value: &Value| match value {
            Value::Function(f) => match &**f {
                Function::Closure(closure) if closure.captures.is_empty() => Some(closure.code.clone()),
                Function::Host(host) => Some(host.code.clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(rule) = code(template).filter(|code| !code.tree.body.is_empty()) else {
            return Err(Error::type_(format!(
                "@{form} stands before the definition of a rule, outside other functions"
            )));
        };
        let Some(target) = code(function) else {
            return Err(match function {
                Value::Function(f) => match &**f {
                    Function::Builtin(builtin) => {
                        Error::derivative(format!("'{}' has its rule in the library", builtin.name))
                    }
                    _ => Error::derivative(
                        "a rule is for a function that is defined outside other functions, or for one of the host",
                    ),
                },
                other => Error::type_(format!(
                    "@{form} takes the function that the rule is for, not '{}'",
                    other.type_name()
                )),
            });
        };
        crate::sct::user_rules::check(form, &rule.tree, &target.tree)?;
        let own = self.rules.entry(CodeRef(target)).or_default();
        match form {
            "partial" => own.partial = Some(rule),
            "adjoint" => own.adjoint = Some(rule),
            _ => own.tangent = Some(rule),
        }
        self.derivations.forget();
        Ok(template.clone())
    }

    /// A mode that is a call and defined in the language: `hvp(f, x, v)`.
    pub(crate) fn call_definition(&mut self, name: &str, function: &Value, mut args: Vec<Value>) -> Result<Value> {
        let own = self.attribute(Value::Module(Symbol::new("cotangent")), Symbol::new(&format!("_{name}")))?;
        args.insert(0, function.clone());
        self.call_value(&own, Arguments::positional(args))
    }

    /// The text of a function; of a derivative for these arguments, for those of its last call, or for any.
    pub(crate) fn source(&mut self, function: &Value, args: Vec<Value>) -> Result<String> {
        let Value::Function(f) = function else {
            return Err(Error::type_(format!("source() takes a function, not '{}'", function.type_name())));
        };
        match &**f {
            Function::Closure(closure) => Ok(crate::lang::print_function(&closure.code.tree)),
            Function::Derived(derived) => {
                let kind = known_function(&derived.function)?;
                let (request, lengths) = if args.is_empty() {
                    let count = count_parameters(&kind);
                    let options = modes::settled(derived.transform, &derived.options, &kind, &vec![true; count])?;
                    match self.derivations.last(derived.transform, &options, &kind) {
                        Some((request, lengths)) => (request.clone(), lengths.clone()),
                        None => {
                            let args = vec![Kind::Any; count_parameters(&kind)];
                            (Request { transform: derived.transform, options, function: kind, args }, None)
                        }
                    }
                } else {
                    let (request, lengths, ..) = self.asked(derived, Arguments::positional(args))?;
                    (request, Some(lengths))
                };
                let written = self.written(&request, lengths.as_deref())?;
                Ok(program_text(&written.functions))
            }
            Function::Partial(inner, given) => {
                let pulled_back = matches!(inner, Value::Function(f)
                    if matches!(&**f, Function::Builtin(b) if b.name == "cotangent.pull_back"));
                let inner = given.first().filter(|_| pulled_back).unwrap_or(inner).clone();
                self.source(&inner, vec![])
            }
            Function::Builtin(builtin) => Err(Error::value(format!("{} is written in Rust", builtin.name))),
            Function::Host(host) => Err(Error::value(format!("{} is a function of the host", host.name))),
        }
    }

    /// Whether the globals that a derivative relies on still are what they were.
    fn holds(&self, written: &Written) -> bool {
        let epoch = self.globals.epoch;
        if written.epoch.load(Ordering::Relaxed) == epoch {
            return true;
        }
        let same = |(slot, kind): &(u32, Kind)| self.globals.get(*slot).map_or(Kind::Never, kind_of) == *kind;
        let holds = written.relied_on.iter().all(same);
        if holds && written.relied_on.iter().all(|(slot, kind)| self.globals.tells(*slot, kind)) {
            written.epoch.store(epoch, Ordering::Relaxed);
        }
        holds
    }

    /// The derivative that a call with numbers asks for, for the call that is being compiled: its version, and the globals it relies
    /// on. None where only the call itself can ask.
    pub(crate) fn derivative_of_numbers(&mut self, asked: &FunctionKind, args: &[Kind]) -> Option<NumberCall> {
        let FunctionKind::Derived { transform, options, function } = asked else { return None };
        if modes::mode(*transform).is_none_or(|mode| mode.making != Making::Pass)
            || !args.iter().all(Kind::is_scalar)
            || !takes_exactly(function, args.len())
        {
            return None;
        }
        let options = modes::settled(*transform, options, function, &vec![true; args.len()]).ok()?;
        let mut args = args.to_vec();
        for at in modes::differentiated(*transform, &options, function, args.len()).ok()? {
            args[at] = Kind::Float;
        }
        let request = Request { transform: *transform, options, function: (**function).clone(), args };
        let written = match self.written(&request, None) {
            Ok(written) => written,
            Err(error) => {
                // What is wrong with it is said when it is called.
                if error.kind() == ErrorKind::Interrupted {
                    self.interrupt.store(true, Ordering::Relaxed);
                }
                return None;
            }
        };
        if !written.relied_on.iter().all(|(slot, kind)| self.globals.tells(*slot, kind)) {
            return None;
        }
        let function = known_function(&written.main).ok()?;
        let deps = written.relied_on.clone();
        let (args, generation) = (request.args.clone(), self.derivations.generation);
        let derivation = Derivation { request: Arc::new(request), written, generation };
        Some(NumberCall { function: Arc::new(function), args, deps, derivation })
    }

    /// Notes a call of a version that is a derivative; the function to call instead where it has to be written anew.
    pub(crate) fn called(&mut self, derivation: &Derivation) -> Result<Option<(Arc<FunctionKind>, Derivation)>> {
        if derivation.generation == self.derivations.generation && self.holds(&derivation.written) {
            self.derivations.calls += 1;
            derivation.written.last_call.store(self.derivations.calls, Ordering::Relaxed);
            return Ok(None);
        }
        let written = self.written(&derivation.request, None)?;
        let function = known_function(&written.main)?;
        let generation = self.derivations.generation;
        Ok(Some((Arc::new(function), Derivation { request: derivation.request.clone(), written, generation })))
    }

    /// The derivative of a request, written if it is not there or no longer valid, or if it relies on other lengths of the
    /// arguments' axes.
    fn written(&mut self, request: &Request, lengths: Option<&[usize]>) -> Result<Arc<Written>> {
        self.derivations.calls += 1;
        let entries = self.derivations.entries.get(request).map_or(&[][..], Vec::as_slice);
        if let Some(written) = entries.iter().find(|written| written.fits(lengths.unwrap_or_default()))
            && self.holds(written)
        {
            written.last_call.store(self.derivations.calls, Ordering::Relaxed);
            return Ok(written.clone());
        }
        let view = View { engine: RefCell::new(self), relied_on: RefCell::default() };
        let before = view.engine.borrow_mut().begin_phase(Phase::Transforming);
        let derivation = derive(request, lengths, &view);
        view.engine.borrow_mut().end_phase(before);
        let derivation = derivation?;
        let mut relied_on = view.relied_on.into_inner();
        relied_on.sort_by_key(|(slot, _)| *slot);
        relied_on.dedup();
        let parent = if derivation.module == LIBRARY { None } else { Some(derivation.module) };
        let module = self.globals.module(parent);
        self.derivations.modules.insert(module);
        let mut values = Vec::new();
        for (function, rule) in derivation.functions.iter().zip(&derivation.rules) {
            let code = Code { tree: function.clone(), captures: vec![], recursive: false, module };
            let code = Arc::new(code);
            if let Some(rule) = rule {
                self.rules.insert(CodeRef(code.clone()), (**rule).clone());
            }
            let closure = Closure { code, captures: vec![].into(), defaults: vec![].into() };
            let value = Value::Function(Arc::new(Function::Closure(closure)));
            let slot = self.globals.own_slot(module, function.name);
            self.globals.set(slot, value.clone());
            values.push(value);
        }
        let main = values.pop().ok_or_else(|| Error::derivative("an empty derivation"))?;
        let last_call = AtomicU64::new(self.derivations.calls);
        let written = Written {
            functions: derivation.functions,
            main,
            backward: values.pop(),
            relied_on,
            facts: derivation.facts,
            lengths: lengths.map(<[usize]>::to_vec),
            last_call,
            epoch: AtomicU64::new(u64::MAX),
        };
        let written = Arc::new(written);
        // What is no longer valid, or was written for the same, is of no use.
        let entries = self.derivations.entries.entry(request.clone()).or_default();
        entries.retain(|other| !other.fits(lengths.unwrap_or_default()));
        entries.push(written.clone());
        Ok(written)
    }
}

/// A call of a derivative with numbers that is known when it is compiled.
pub(crate) struct NumberCall {
    /// The function to be called.
    pub function: Arc<FunctionKind>,
    /// The kinds of its arguments.
    pub args: Vec<Kind>,
    /// The globals it relies on.
    pub deps: Vec<(u32, Kind)>,
    /// What its version is.
    pub derivation: Derivation,
}

/// Whether the innermost function holds no values and takes so many arguments by position, no more and no fewer.
fn takes_exactly(function: &FunctionKind, count: usize) -> bool {
    match function {
        FunctionKind::Script { code, .. } => function.held().is_empty() && recent::takes_exactly(&code.0, count),
        FunctionKind::Derived { function, .. } => takes_exactly(function, count),
        FunctionKind::Builtin(_) | FunctionKind::Host(_) => false,
    }
}

/// The text of a program of generated functions, with the imports it needs.
fn program_text(functions: &[Arc<tree::Function>]) -> String {
    let body: Vec<tree::Stmt> = functions.iter().map(|f| tree::StmtKind::Def(f.clone()).at(Span::NONE)).collect();
    let text = crate::lang::print_module(&body);
    let mut imports = String::new();
    let known = [
        ("np.", "import numpy as np\n"),
        ("linalg.", "import scipy.linalg as linalg\n"),
        ("special.", "import scipy.special as special\n"),
        ("math.", "import math\n"),
        ("cotangent.", "import cotangent\n"),
    ];
    let mut roots: Vec<&str> = Vec::new();
    for function in functions {
        for stmt in &function.body {
            crate::lang::walk::each_stmt(std::slice::from_ref(stmt), &mut |stmt| {
                crate::lang::walk::each_expr(stmt, &mut |e| collect_roots(e, &mut roots));
            });
        }
    }
    for (root, import) in known {
        if roots.iter().any(|name| name.starts_with(root)) {
            imports.push_str(import);
        }
    }
    if imports.is_empty() { text } else { format!("{imports}\n{text}") }
}

fn collect_roots<'t>(e: &'t tree::Expr, roots: &mut Vec<&'t str>) {
    if let tree::ExprKind::Builtin(name) = &e.kind {
        roots.push(name.as_str());
    }
    crate::lang::walk::each_part(e, &mut |part| collect_roots(part, roots));
}

/// Whether an option names a parameter.
fn names_parameter(option: &Literal) -> bool {
    match option {
        Literal::Str(_) => true,
        Literal::Tuple(items) => items.iter().any(names_parameter),
        _ => false,
    }
}

/// The definition of the innermost function.
fn innermost(function: &Value) -> Option<Arc<Code>> {
    let Value::Function(f) = function else { return None };
    match &**f {
        Function::Closure(closure) => Some(closure.code.clone()),
        Function::Derived(derived) => innermost(&derived.function),
        Function::Host(_) | Function::Builtin(_) | Function::Partial(..) => None,
    }
}

/// The names of the parameters of the innermost function.
fn parameters(function: &Value) -> Vec<Symbol> {
    let Value::Function(f) = function else { return vec![] };
    match &**f {
        Function::Closure(closure) => closure.code.tree.params.iter().map(|p| p.name).collect(),
        Function::Builtin(builtin) => catalog::signature(builtin).params.iter().map(|p| p.name).collect(),
        Function::Derived(derived) => parameters(&derived.function),
        Function::Host(host) => host.signature.params.iter().map(|p| p.name).collect(),
        Function::Partial(..) => vec![],
    }
}

/// What is asked of a function for these arguments, and the lengths of their axes by label.
fn request(
    transform: Symbol,
    options: Vec<Literal>,
    function: &Value,
    args: &[Value],
) -> Result<(Request, Vec<usize>)> {
    let mut sizes = Sizes::default();
    let args = args.iter().map(|arg| settled(sizes.kind_of(arg))).collect();
    let function = match function {
        Value::Function(f) => sizes.function_kind(f).ok_or_else(bound)?,
        other => return Err(no_function(other)),
    };
    Ok((Request { transform, options, function, args }, sizes.lengths()))
}

/// A list of numbers is known by what it holds, not by its length.
fn settled(kind: Kind) -> Kind {
    match &kind {
        Kind::List(items) if items.len() > 4 && items.iter().all(|k| k.is_scalar() && *k == items[0]) => {
            Kind::ListOf(Arc::new(items[0].clone()))
        }
        _ => kind,
    }
}

/// The number of parameters of the innermost function.
fn count_parameters(function: &FunctionKind) -> usize {
    match function {
        FunctionKind::Script { code, .. } | FunctionKind::Host(code) => code.0.tree.params.len(),
        FunctionKind::Builtin(name) => catalog::builtin(*name).map_or(1, |b| catalog::signature(b).params.len()),
        FunctionKind::Derived { function, .. } => count_parameters(function),
    }
}

fn known_function(function: &Value) -> Result<FunctionKind> {
    match function {
        Value::Function(f) => function_kind(f).ok_or_else(bound),
        other => Err(no_function(other)),
    }
}

fn bound() -> Error {
    Error::derivative("a function with arguments bound cannot be differentiated yet")
}

fn no_function(value: &Value) -> Error {
    Error::type_(format!("'{}' is not a function", value.type_name()))
}

/// Arguments in the order of the parameters of the innermost function.
fn bind_innermost(function: &Value, arguments: Arguments) -> Result<Vec<Value>> {
    let Value::Function(f) = function else {
        return Err(Error::type_(format!("'{}' is not a function", function.type_name())));
    };
    let arguments = arguments.completed();
    match &**f {
        Function::Closure(closure) => {
            let params = binding::parameters(&closure.code.tree);
            let name = closure.code.tree.name;
            binding::bind_values(name, &params, arguments.values, &arguments.names, &closure.defaults)
        }
        Function::Builtin(builtin) => {
            let signature = catalog::signature(builtin);
            let name = Symbol::new(builtin.name);
            binding::bind_values(name, &signature.params, arguments.values, &arguments.names, &[])
        }
        Function::Derived(derived) => bind_innermost(&derived.function, arguments),
        Function::Host(host) => {
            binding::bind_values(host.name, &host.signature.params, arguments.values, &arguments.names, &[])
        }
        Function::Partial(..) => known_function(function).map(|_| vec![]),
    }
}

/// What the main function of a derivation takes: captures first, functions replaced by what they captured.
fn flattened(function: &Value, request: &Request, args: Vec<Value>) -> Result<Vec<Value>> {
    let mut out = Vec::new();
    flatten_function(function, &request.function, &mut out)?;
    for (arg, kind) in args.into_iter().zip(&request.args) {
        flatten(arg, kind, &mut out)?;
    }
    Ok(out)
}

fn flatten(value: Value, kind: &Kind, out: &mut Vec<Value>) -> Result<()> {
    match kind {
        Kind::Function(kind) => flatten_function(&value, kind, out),
        Kind::Module(_) => Ok(()),
        _ if !kind.holds_function() => {
            out.push(value);
            Ok(())
        }
        _ => {
            let parts = |kinds: &[Kind], values: &[Value], out: &mut Vec<Value>| {
                values.iter().zip(kinds).try_for_each(|(value, kind)| flatten(value.clone(), kind, out))
            };
            match (&value, kind) {
                (Value::Tuple(values), Kind::Tuple(kinds)) => parts(kinds, values, out),
                (Value::List(list), Kind::List(kinds)) => match &**list {
                    List::Values(values) => parts(kinds, values, out),
                    _ => Ok(()),
                },
                (Value::Dict(dict), Kind::Dict(kinds)) => {
                    let pairs = dict.values().zip(kinds.iter());
                    pairs.into_iter().try_for_each(|(value, (_, kind))| flatten(value.clone(), kind, out))
                }
                _ => Ok(()),
            }
        }
    }
}

fn flatten_function(value: &Value, kind: &FunctionKind, out: &mut Vec<Value>) -> Result<()> {
    let Value::Function(f) = value else { return Err(Error::type_("this value is not a function")) };
    match (&**f, kind) {
        (Function::Closure(closure), FunctionKind::Script { .. }) => {
            held(closure).zip(kind.held()).try_for_each(|(value, kind)| flatten(value.clone(), kind, out))
        }
        (Function::Derived(derived), FunctionKind::Derived { function, .. }) => {
            flatten_function(&derived.function, function, out)
        }
        _ => Ok(()),
    }
}

/// The tangents of what a function captured: given as a tuple, or zero.
fn function_tangents(function: &Value, kind: &Kind, tangent: &Value, dots: &mut Vec<Value>) -> Result<()> {
    let mut captured = Vec::new();
    flatten(function.clone(), kind, &mut captured)?;
    let given = match tangent {
        Value::Tuple(parts) if parts.len() == captured.len() => Some(parts),
        _ => None,
    };
    for (at, value) in captured.into_iter().enumerate() {
        if kind_of(&value).may_be_active() {
            dots.push(match given {
                Some(parts) => parts[at].clone(),
                None => library::zeros_like(&value)?,
            });
        }
    }
    Ok(())
}

/// An argument that a derivative is taken with respect to: integers count as floats.
pub(super) fn promoted(value: Value) -> Result<Value> {
    match &value {
        Value::Int(i) => Ok(Value::Float(*i as f64)),
        Value::Bool(b) => Ok(Value::Float(f64::from(u8::from(*b)))),
        Value::Array(array) if array.dtype() != DType::Float => {
            operators::binary(BinaryOp::Mul, value, Value::Float(1.0))
        }
        _ => Ok(value),
    }
}

fn sequence(value: &Value, what: &str) -> Result<Vec<Value>> {
    match value {
        Value::Tuple(items) => Ok(items.to_vec()),
        Value::List(list) => Ok(match &**list {
            List::Floats(items) => items.iter().map(|x| Value::Float(*x)).collect(),
            List::Ints(items) => items.iter().map(|i| Value::Int(*i)).collect(),
            List::Values(items) => items.to_vec(),
        }),
        _ => Err(Error::type_(format!("jvp takes a tuple of {what}")).hint("jvp(f, (x,), (x_dot,))")),
    }
}

/// Whether a tangent has the structure and the shape of its primal.
pub(super) fn fits(primal: &Value, tangent: &Value) -> bool {
    match (primal, tangent) {
        (Value::Float(_), Value::Float(_)) => true,
        (Value::Array(a), Value::Array(b)) => a.shape() == b.shape(),
        (Value::Float(_) | Value::Array(_), _) => false,
        (Value::Tuple(a), Value::Tuple(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| fits(x, y)),
        (Value::Dict(a), Value::Dict(b)) => {
            a.len() == b.len() && a.iter().all(|(key, x)| b.get(key).is_some_and(|y| fits(x, y)))
        }
        _ => true,
    }
}
