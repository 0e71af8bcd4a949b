//! Whole derivations: the one entry of the interpreter (`derive`), the specialisations that a derivation calls, and
//! what `grad`, `vjp` and `jvp` mean inside a function that is itself differentiated.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lang::tree::{self};
use crate::lang::{Error, Result, Symbol, symbol};

use super::activity::{Active, activity};
use super::bind::Bind;
use super::core::{Atom, Function, StmtKind, Var};
use super::emit::emit;
use super::extents::{Fact, Lengths};
use super::factor::factor;
use super::forward::{Forward, dot_name};
use super::keep::keep;
use super::kind::{Code, CodeRef, DType, FunctionKind, Kind, Literal, ModuleId};
use super::lower::{Lowerer, leaves_of};
use super::overwrite::overwrite;
use super::reverse::augment::augment;
use super::reverse::{Residuals, Reverse};
use super::session::{Session, Specialisation};
use super::simplify::simplify;
use super::world::{UserRule, World};
use super::zero::maybe_undefined;

/// What the interpreter asks for: a transformation of a function, for arguments of these kinds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Request {
    /// A mode (see `modes`), or `primal` for the specialised function itself.
    pub transform: Symbol,
    /// Its options, in order.
    pub options: Vec<Literal>,
    /// The function.
    pub function: FunctionKind,
    /// The kinds of the function's arguments, one for each parameter.
    pub args: Vec<Kind>,
}

/// A derivative: functions that call each other by name. The last is the main one.
///
/// Its parameters are what the function captured, then the function's own; an argument that is a function stands for
/// what it captured. For `jvp` the tangents of the function's own arguments follow. `grad` gives the gradient,
/// `value_and_grad` a pair, `jvp` the pair of value and tangent, `vjp` the pair of value and residual; of `vjp` the
/// function before the last takes the residual and the result's cotangent and gives the tuple of the arguments'.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The functions.
    pub functions: Vec<Arc<tree::Function>>,
    /// The rule of each function, where a program gives one.
    pub rules: Vec<Option<Rc<UserRule>>>,
    /// Where their free names are looked up.
    pub module: ModuleId,
    /// What is relied on of the lengths of the arguments' axes.
    pub facts: Vec<Fact>,
}

/// A part of the derivative of a specialised function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// The value and the residual.
    Forward(Vec<bool>),
    /// The cotangents of the active arguments, from the residual and the cotangent of the value.
    Backward(Vec<bool>),
    /// The value and the tangent, or as many coefficients of its Taylor series.
    Pushforward(Vec<bool>, usize),
}

/// Derivations that may stand in one another.
const MOST_WITHIN: usize = 64;

/// Writes the derivative that a request asks for: for arguments whose axes have these lengths, by label, or any.
pub fn derive(request: &Request, lengths: Option<&[usize]>, world: &dyn World) -> Result<Derivation> {
    crate::lang::with_deep_stack(|| {
        let mut session = Session::new(world);
        session.lengths = lengths.map(|lengths| Rc::new(RefCell::new(Lengths::of(lengths))));
        session.home = module_of(&request.function);
        session.within.push(request.clone());
        write(request, session)
    })
}

/// Writes the derivative that a request within another derivation asks for.
pub(super) fn derive_within(request: &Request, outer: &Session) -> Result<Derivation> {
    if outer.within.len() >= MOST_WITHIN || outer.within.contains(request) {
        return Err(Error::derivative("a function that takes its own derivative cannot be differentiated"));
    }
    crate::lang::with_deep_stack(|| {
        let mut session = outer.inner();
        session.within.push(request.clone());
        write(request, session)
    })
}

fn write(request: &Request, mut session: Session) -> Result<Derivation> {
    let module = session.home;
    match request.transform.as_str() {
        "derivative" => {
            let mut taylor = session.attempt();
            if let Ok(main) = taylor.main(request) {
                return taylor.emit_all(vec![main], module);
            }
            // What has no Taylor series here may still have derivatives one after the other, or says what is wrong.
            nth_options(&request.options)?;
            let nested = Request { transform: symbol!("nested_derivative"), ..request.clone() };
            let main = session.main(&nested)?;
            session.emit_all(vec![main], module)
        }
        "vmap" => {
            let mut whole = session.attempt();
            match whole.vectorised(request) {
                Ok(f) => {
                    let main = whole.add(f);
                    return whole.emit_all(vec![main], module);
                }
                // What contains this derivation takes the loop over the batch in.
                Err(error) if session.within.len() > 1 => return Err(error),
                Err(_) => {}
            }
            // What has no form for a whole batch is done for one example after the other, or says what is wrong.
            let looped = Request { transform: symbol!("looped_vmap"), ..request.clone() };
            let main = session.main(&looped)?;
            session.emit_all(vec![main], module)
        }
        "vjp" => {
            let (forward, backward) = session.vjp(request)?;
            session.emit_all(vec![backward, forward], module)
        }
        _ => {
            let main = session.main(request)?;
            session.emit_all(vec![main], module)
        }
    }
}

fn module_of(function: &FunctionKind) -> ModuleId {
    match function {
        FunctionKind::Script { code, .. } | FunctionKind::Host(code) => code.0.module,
        FunctionKind::Builtin(_) => super::rules::LIBRARY,
        FunctionKind::Derived { function, .. } => module_of(function),
    }
}

/// The name of the innermost function.
fn name_of(function: &FunctionKind) -> String {
    match function {
        FunctionKind::Script { code, .. } | FunctionKind::Host(code) => {
            code.0.tree.name.as_str().trim_matches(['<', '>']).into()
        }
        FunctionKind::Builtin(name) => name.as_str().rsplit('.').next().unwrap_or("f").into(),
        FunctionKind::Derived { transform, function, .. } => format!("{}_{transform}", name_of(function)),
    }
}

/// The positions that `argnums` names, and whether it was a single one.
pub fn argnums(option: &Literal, function: &FunctionKind, count: usize) -> Result<(Vec<usize>, bool)> {
    let params = parameters(function);
    let one = |literal: &Literal| -> Result<usize> {
        match literal {
            Literal::Int(at) => super::lower::position(*at, count)
                .ok_or_else(|| Error::value(format!("argnums: there is no argument {at} among {count}"))),
            Literal::Str(name) => params
                .iter()
                .position(|param| param.as_str() == &**name)
                .ok_or_else(|| Error::value(format!("argnums: there is no parameter '{name}'"))),
            _ => Err(Error::type_("argnums takes integers or parameter names")),
        }
    };
    match option {
        Literal::Tuple(items) => Ok((items.iter().map(one).collect::<Result<_>>()?, false)),
        single => Ok((vec![one(single)?], true)),
    }
}

pub(super) fn parameters(function: &FunctionKind) -> Vec<Symbol> {
    match function {
        FunctionKind::Script { code, .. } | FunctionKind::Host(code) => {
            code.0.tree.params.iter().map(|p| p.name).collect()
        }
        FunctionKind::Builtin(_) => vec![],
        FunctionKind::Derived { function, .. } => parameters(function),
    }
}

/// A function lowered and simplified, ready for a mode.
pub(super) struct Lowered {
    pub(super) f: Function,
    /// The parameters of the function's own arguments, one each.
    pub(super) args: Vec<Bind>,
    /// The result.
    pub(super) result: Bind,
}

impl<'w> Session<'w> {
    /// Lowers a call of the requested function on its parameters.
    pub(super) fn lowered(&mut self, request: &Request) -> Result<Lowered> {
        let name = format!("{}_{}", name_of(&request.function), request.transform);
        let name = if request.transform.as_str() == "primal" { name_of(&request.function) } else { name };
        let mut l = Lowerer::new(self, Symbol::new(&name), crate::lang::Span::NONE);
        l.f.at_call = l.session.lengths.is_some();
        let (function, args) = l.parameters_of(&request.function, &request.args)?;
        let result = match super::modes::is_definition(request.transform) {
            true => l.call_definition(request.transform, &request.options, &function, args.clone())?,
            false => l.call_on(&function, args.clone())?,
        };
        super::lower::known_outside(&result.kind(&l.f), &l.f)?;
        let mut f = l.finish(Atom::Lit(Literal::None))?;
        // What the result is made of is computed in the body; a tuple of atoms keeps it alive through simplification.
        let mut roots = Vec::new();
        result.each_atom(&mut |atom| roots.push(atom.clone()));
        let roots = simplify(self, &mut f, roots)?;
        let result = super::lower::rebuild(&result, &mut roots.into_iter());
        Ok(Lowered { f, args, result })
    }

    fn main(&mut self, request: &Request) -> Result<usize> {
        let mut f = match request.transform.as_str() {
            name if name == "primal" || super::modes::is_definition(request.transform) => {
                let lowered = self.lowered(request)?;
                let mut l = Lowerer::resume(self, lowered.f);
                let outer = std::mem::take(&mut l.f.body.stmts);
                l.block.stmts = outer;
                let result = l.atom(&lowered.result)?;
                l.finish(result)?
            }
            "jvp" => self.pushforward(request)?,
            "derivative" => self.nth(request)?,
            _ => self.gradient(request)?,
        };
        simplify_result(self, &mut f)?;
        factor(&mut f);
        if keep(self, &mut f) {
            simplify_result(self, &mut f)?;
            overwrite(&mut f);
        }
        Ok(self.add(f))
    }

    fn add(&mut self, f: Function) -> usize {
        let result = f.kind(&f.result);
        let code = Code {
            tree: Arc::new(empty_tree(f.name)),
            captures: vec![],
            recursive: false,
            module: super::rules::LIBRARY,
        };
        self.functions.push(Specialisation {
            key: (CodeRef(Arc::new(code)), vec![]),
            result,
            function: Some(f),
            global: None,
            assumed: false,
            rule: None,
            host: false,
            derived: FxHashMap::default(),
        });
        self.functions.len() - 1
    }

    /// `grad` and `value_and_grad`.
    fn gradient(&mut self, request: &Request) -> Result<Function> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let option = request.options.first().cloned().unwrap_or(Literal::Int(0));
        let has_aux = request.options.get(1) == Some(&Literal::Bool(true));
        let (chosen, single) = argnums(&option, &request.function, args.len())?;
        let (value, aux) = match (&result, has_aux) {
            (Bind::Tuple(items), true) if items.len() == 2 => (items[0].clone(), Some(items[1].clone())),
            (_, true) => return Err(Error::type_("has_aux needs a function that returns a pair (value, aux)")),
            _ => (result.clone(), None),
        };
        let kind = value.kind(&f);
        if !matches!(kind, Kind::Float | Kind::Int | Kind::Bool | Kind::Any) {
            return Err(no_gradient(&kind).at(f.span));
        }
        for at in &chosen {
            let kind = args[*at].kind(&f);
            if !kind.may_be_active() {
                return Err(Error::derivative(format!(
                    "argument {at} is {}, which has no derivative",
                    describe(&kind)
                )));
            }
        }
        let inputs: Vec<Var> = chosen.iter().filter_map(|at| var(&args[*at])).collect();
        let outputs: Vec<Var> = var(&value).into_iter().collect();
        let active = activity(&f, self.rules, &inputs, &outputs);
        let (mut l, adjoints) = reverse(self, f, &active, |r| {
            if let Bind::Atom(atom) = &value {
                r.contribute(&atom.clone(), Bind::Atom(Atom::float(1.0)))?;
            }
            Ok(())
        })?;
        let mut gradients = Vec::new();
        for at in &chosen {
            let bar = var(&args[*at]).and_then(|v| adjoints.get(&v).cloned()).unwrap_or(Bind::Zero);
            gradients.push(l.materialise(&bar, &args[*at])?);
        }
        let gradient = match (single, gradients.len()) {
            (true, 1) => gradients.remove(0),
            _ => Bind::Tuple(gradients),
        };
        let gradient = match aux {
            Some(aux) if request.transform.as_str() == "grad" => Bind::Tuple(vec![gradient, aux]),
            Some(aux) => Bind::Tuple(vec![Bind::Tuple(vec![value, aux]), gradient]),
            None if request.transform.as_str() == "grad" => gradient,
            None => Bind::Tuple(vec![value, gradient]),
        };
        let result = l.atom(&gradient)?;
        l.finish(result)
    }

    /// `jvp`: the parameters, then a tangent for each that can have one.
    fn pushforward(&mut self, request: &Request) -> Result<Function> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let inputs = inputs(&f, &args);
        let mut outputs = Vec::new();
        result.each_atom(&mut |atom| outputs.extend(atom.var()));
        let active = activity(&f, self.rules, &inputs, &outputs);
        self.pushed_forward(f, &inputs, &active, result, 1)
    }

    /// A function that gives the value and as many coefficients of its Taylor series as asked for; its last parameters are
    /// those of the inputs.
    pub(super) fn pushed_forward(
        &mut self,
        f: Function,
        inputs: &[Var],
        active: &Active,
        result: Bind,
        order: usize,
    ) -> Result<Function> {
        let mut l = Lowerer::resume(self, f);
        let mut dots: FxHashMap<Var, Vec<Bind>> = FxHashMap::default();
        for input in inputs {
            let info = l.f.info(*input).clone();
            for k in 1..=order {
                let dot = l.f.fresh(dot_name(info.name, k, order), info.kind.clone(), false);
                l.f.params.push(dot);
                dots.entry(*input).or_default().push(Bind::Atom(Atom::Var(dot)));
            }
        }
        let dots = swept_forward(&mut l, active, dots, order)?;
        let mut parts = vec![result.clone()];
        for k in 1..=order {
            parts.push(coefficient_of(&mut l, &result, active, &dots, k)?);
        }
        let parts = l.atom(&Bind::Tuple(parts))?;
        l.finish(parts)
    }

    /// `derivative(f, n)` by Taylor arithmetic (see `taylor`): the n-th coefficient of the series in the argument, times n!.
    fn nth(&mut self, request: &Request) -> Result<Function> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let (order, at) = nth_options(&request.options)?;
        let Some(input) = args.get(at).and_then(var).filter(|v| matches!(f.info(*v).kind, Kind::Float | Kind::Any))
        else {
            return Err(Error::derivative("derivative is with respect to a number"));
        };
        let mut outputs = Vec::new();
        result.each_atom(&mut |atom| outputs.extend(atom.var()));
        let active = activity(&f, self.rules, &[input], &outputs);
        let mut l = Lowerer::resume(self, f);
        let mut seed = vec![Bind::Zero; order];
        if let Some(first) = seed.first_mut() {
            *first = Bind::Atom(Atom::float(1.0));
        }
        let dots = swept_forward(&mut l, &active, FxHashMap::from_iter([(input, seed)]), order)?;
        let result = match order {
            0 => result,
            _ => {
                let last = coefficient_of(&mut l, &result, &active, &dots, order)?;
                let factorial: f64 = (1..=order).map(|k| k as f64).product();
                l.scaled(&last, factorial)?
            }
        };
        let result = l.atom(&result)?;
        l.finish(result)
    }

    /// `vjp`: the forward function and the backward function, by their numbers.
    fn vjp(&mut self, request: &Request) -> Result<(usize, usize)> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let inputs = inputs(&f, &args);
        let name = name_of(&request.function);
        let (forward, backward) = self.split(f, &inputs, &result, &name, |l, adjoints| {
            let mut gradients = Vec::new();
            let cotangent = |l: &mut Lowerer, atom: Atom| {
                let bar = atom.var().and_then(|v| adjoints.get(&v).cloned()).unwrap_or(Bind::Zero);
                l.materialise(&bar, &Bind::Atom(atom))
            };
            for arg in &args {
                gradients.push(match arg {
                    Bind::Atom(atom) => cotangent(l, atom.clone())?,
                    // Of a function: those of what it captured.
                    arg => {
                        let captured = l.passed_as(arg)?;
                        Bind::Tuple(captured.into_iter().map(|leaf| cotangent(l, leaf)).collect::<Result<_>>()?)
                    }
                });
            }
            Ok(Bind::Tuple(gradients))
        })?;
        let backward = self.add(backward);
        Ok((self.add(forward), backward))
    }

    /// The two halves of a function's derivative: the value and the residual, and the cotangents from them.
    pub(super) fn split(
        &mut self,
        f: Function,
        inputs: &[Var],
        result: &Bind,
        name: &str,
        gradients: impl FnOnce(&mut Lowerer, &FxHashMap<Var, Bind>) -> Result<Bind>,
    ) -> Result<(Function, Function)> {
        let mut outputs = Vec::new();
        result.each_atom(&mut |atom| outputs.extend(atom.var()));
        let active = activity(&f, self.rules, inputs, &outputs);
        let seed_kind = cotangent_kind(&result.kind(&f));
        let mut f = f;
        let seed = f.fresh(symbol!("y_bar"), seed_kind, false);
        let mut value = Atom::Lit(Literal::None);
        let (mut l, adjoints) = reverse(self, f, &active, |r| {
            value = r.l.atom(result)?;
            r.l.push(StmtKind::Boundary);
            seed_result(r, result, &Bind::Atom(Atom::Var(seed)))
        })?;
        let cotangents = gradients(&mut l, &adjoints)?;
        let cotangents = l.atom(&cotangents)?;
        let joint = l.finish(Atom::Lit(Literal::None))?;
        super::split::split(self, joint, value, cotangents, seed, name)
    }

    /// The trees of the main functions and of all they call, callees first.
    fn emit_all(&mut self, mains: Vec<usize>, module: ModuleId) -> Result<Derivation> {
        let mut order = Vec::new();
        for main in &mains {
            self.reach(*main, &mut order);
        }
        order.retain(|number| !mains.contains(number));
        order.extend(&mains);
        let mut names: FxHashMap<usize, Symbol> = FxHashMap::default();
        let mut taken: Vec<Symbol> = Vec::new();
        for number in order.iter().rev() {
            let Some(f) = &self.functions[*number].function else { continue };
            let mut name = Symbol::new(f.name.as_str().trim_matches(['<', '>']));
            let mut count = 1;
            let free = |name| !(taken.contains(&name) || name == symbol!("lambda"));
            while !free(name) || self.world.global(module, name).is_some() {
                count += 1;
                name = Symbol::new(&format!("{}_{count}", f.name.as_str().trim_matches(['<', '>'])));
            }
            taken.push(name);
            names.insert(*number, name);
        }
        let (mut functions, mut rules) = (Vec::new(), Vec::new());
        for number in order {
            if self.functions[number].global.is_some() && !mains.contains(&number) {
                continue;
            }
            if let Some(f) = &self.functions[number].function {
                functions.push(Arc::new(emit(self, f, number, &names)?));
                rules.push(self.rule_for_flat(number));
            }
        }
        let facts = self.lengths.as_ref().map_or_else(Vec::new, |lengths| lengths.borrow().facts().to_vec());
        Ok(Derivation { functions, rules, module, facts })
    }

    fn reach(&self, number: usize, order: &mut Vec<usize>) {
        if order.contains(&number) {
            return;
        }
        order.push(number);
        if let Some(f) = &self.functions[number].function {
            let mut called = Vec::new();
            f.body.each_stmt(&mut |stmt| {
                if let StmtKind::Let(_, super::core::Op::CallFunction(callee, _)) = &stmt.kind {
                    called.push(*callee);
                }
            });
            called.into_iter().for_each(|callee| self.reach(callee, order));
        }
    }
}

/// Simplifies a function that has one result.
pub(super) fn simplify_result(session: &mut Session, f: &mut Function) -> Result<()> {
    let result = f.result.clone();
    let roots = simplify(session, f, vec![result])?;
    f.result = roots.into_iter().next().unwrap_or(Atom::Lit(Literal::None));
    Ok(())
}

/// Emits the reverse sweep after the forward sweep; the adjoints of what remains.
fn reverse<'s, 'w>(
    session: &'s mut Session<'w>,
    mut f: Function,
    active: &Active,
    seed: impl FnOnce(&mut Reverse) -> Result<()>,
) -> Result<(Lowerer<'s, 'w>, FxHashMap<Var, Bind>)> {
    let original = f.body.clone();
    let block = std::mem::replace(&mut f.body, super::core::Block { stmts: vec![], id: original.id, mirrors: None });
    let mut l = Lowerer::resume(session, f);
    let mut residuals = Residuals::default();
    let forward = augment(&mut l, block, active, &mut residuals)?;
    l.block = forward;
    let undefined = super::zero::maybe_undefined(&original);
    let mut reverse = Reverse { l: &mut l, active, residuals: &residuals, undefined, adjoints: FxHashMap::default() };
    seed(&mut reverse)?;
    reverse.block(&original)?;
    let adjoints = reverse.adjoints;
    Ok((l, adjoints))
}

/// Seeds the adjoints of a result's parts with the parts of its cotangent.
fn seed_result(r: &mut Reverse, result: &Bind, bar: &Bind) -> Result<()> {
    match result {
        Bind::Atom(atom) => r.contribute(atom, bar.clone()),
        Bind::Tuple(items) | Bind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let part = r.l.get(bar, super::core::Index::At(Atom::int(at as i64)))?;
                seed_result(r, item, &part)?;
            }
            Ok(())
        }
        Bind::Dict(items) => {
            for (key, item) in items {
                let part = r.l.get(bar, super::core::Index::At(Atom::Lit(key.clone())))?;
                seed_result(r, item, &part)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Emits a function's body with its tangents or coefficients; those of all its variables.
fn swept_forward(
    l: &mut Lowerer,
    active: &Active,
    dots: FxHashMap<Var, Vec<Bind>>,
    order: usize,
) -> Result<FxHashMap<Var, Vec<Bind>>> {
    let body = std::mem::take(&mut l.f.body.stmts);
    let body = super::core::Block { stmts: body, id: l.f.body.id, mirrors: None };
    let undefined = maybe_undefined(&body);
    let mut forward = Forward { l, active, undefined, order, dots };
    forward.block(&body)?;
    Ok(forward.dots)
}

/// The order and the argument of `derivative(f, n, argnums)`.
fn nth_options(options: &[Literal]) -> Result<(usize, usize)> {
    match options {
        [Literal::Int(n @ 0..), Literal::Int(at), ..] => Ok((*n as usize, *at as usize)),
        _ => Err(Error::value("derivative: n is an integer from 0, argnums one argument")),
    }
}

/// A coefficient of a result, with every zero in it made a value.
fn coefficient_of(
    l: &mut Lowerer,
    result: &Bind,
    active: &Active,
    dots: &FxHashMap<Var, Vec<Bind>>,
    k: usize,
) -> Result<Bind> {
    Ok(match result {
        Bind::Tuple(items) => {
            Bind::Tuple(items.iter().map(|item| coefficient_of(l, item, active, dots, k)).collect::<Result<_>>()?)
        }
        Bind::List(items) => {
            Bind::List(items.iter().map(|item| coefficient_of(l, item, active, dots, k)).collect::<Result<_>>()?)
        }
        Bind::Dict(items) => Bind::Dict(
            items
                .iter()
                .map(|(key, item)| Ok((key.clone(), coefficient_of(l, item, active, dots, k)?)))
                .collect::<Result<_>>()?,
        ),
        Bind::Atom(Atom::Var(v)) if active.holds(*v) => {
            let dot = dots.get(v).and_then(|dots| dots.get(k - 1)).cloned().unwrap_or(Bind::Zero);
            l.materialise(&dot, result)?
        }
        _ => l.zero_of(result)?,
    })
}

/// The kind of a cotangent of a value of this kind.
pub fn cotangent_kind(kind: &Kind) -> Kind {
    match kind {
        Kind::Int | Kind::Bool | Kind::Float | Kind::Packed(_) => Kind::Float,
        Kind::Array(_, rank, extents) => Kind::Array(DType::Float, *rank, *extents),
        Kind::Factor(rank) => Kind::Array(DType::Float, *rank, super::extents::Extents::UNKNOWN),
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(cotangent_kind).collect()),
        Kind::List(items) => Kind::List(items.iter().map(cotangent_kind).collect()),
        Kind::ListOf(item) => Kind::ListOf(Arc::new(cotangent_kind(item))),
        Kind::Dict(items) => Kind::Dict(items.iter().map(|(k, item)| (k.clone(), cotangent_kind(item))).collect()),
        Kind::None | Kind::Str | Kind::Range | Kind::Other => Kind::None,
        _ => Kind::Any,
    }
}

/// A kind cut off at a depth, so that a recursive structure has a finite kind.
pub(super) fn bounded(kind: &Kind, depth: usize) -> Kind {
    if depth == 0 && matches!(kind, Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_) | Kind::Dict(_)) {
        return Kind::Any;
    }
    let inner = |kind: &Kind| bounded(kind, depth.saturating_sub(1));
    match kind {
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(inner).collect()),
        Kind::List(items) => Kind::List(items.iter().map(inner).collect()),
        Kind::ListOf(item) => Kind::ListOf(Arc::new(inner(item))),
        Kind::Dict(items) => Kind::Dict(items.iter().map(|(k, item)| (k.clone(), inner(item))).collect()),
        other => other.clone(),
    }
}

/// A kind in words.
pub fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Int => "an integer".into(),
        Kind::Bool => "a bool".into(),
        Kind::Float => "a float".into(),
        Kind::None => "None".into(),
        Kind::Str => "a string".into(),
        Kind::Array(dtype, _, _) => format!("an array of {}", dtype.name()),
        Kind::Tuple(_) => "a tuple".into(),
        Kind::List(_) | Kind::ListOf(_) => "a list".into(),
        Kind::Dict(_) => "a dict".into(),
        Kind::Function(_) => "a function".into(),
        _ => "a value of another type".into(),
    }
}

/// The error of a gradient of a function whose result is no number.
fn no_gradient(kind: &Kind) -> Error {
    let what = match kind {
        Kind::Never => "never returns".into(),
        kind => format!("returns {}", describe(kind)),
    };
    let error = Error::derivative(format!("the gradient of a function that {what} is not defined"));
    error.hint(match kind {
        Kind::Never => "it calls itself without end: let it return for some argument",
        Kind::None => "does it end with `return`?",
        _ => "return a number, for example with np.sum; for arrays use jacobian or vjp",
    })
}

/// The variables that the arguments of `vjp` and `jvp` are, or are made of, and that can have tangents.
fn inputs(f: &Function, args: &[Bind]) -> Vec<Var> {
    let vars = args.iter().flat_map(leaves_of).filter_map(|atom| atom.var());
    vars.filter(|v| f.info(*v).kind.may_be_active()).collect()
}

fn var(bind: &Bind) -> Option<Var> {
    match bind {
        Bind::Atom(atom) => atom.var(),
        _ => None,
    }
}

pub(super) fn empty_tree(name: Symbol) -> tree::Function {
    tree::Function {
        name,
        params: vec![],
        body: vec![],
        decorators: vec![],
        returns: None,
        span: crate::lang::Span::NONE,
        source: None,
    }
}
