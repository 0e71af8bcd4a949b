//! Whole derivations: the one entry of the interpreter (`derive`), the specialisations that a derivation calls, and
//! what `grad`, `vjp` and `jvp` mean inside a function that is itself differentiated.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lang::tree::{self};
use crate::lang::{Error, Result, Symbol};

use super::activity::{Active, activity};
use super::bind::{Bind, FunctionBind, Target};
use super::core::{Atom, Function, StmtKind, Var};
use super::emit::emit;
use super::forward::Forward;
use super::keep::keep;
use super::kind::{Code, CodeRef, DType, FunctionKind, Kind, Literal, ModuleId};
use super::lower::Lowerer;
use super::reverse::augment::augment;
use super::reverse::{Residuals, Reverse};
use super::session::{Session, Specialisation, Unit};
use super::simplify::simplify;
use super::world::World;

/// What the interpreter asks for: a transformation of a function, for arguments of these kinds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Request {
    /// `grad`, `value_and_grad`, `vjp` or `jvp`; `primal` for the specialised function itself.
    pub transform: Symbol,
    /// Its options, `argnums` and `has_aux`.
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
    /// Where their free names are looked up.
    pub module: ModuleId,
}

/// A part of the derivative of a specialised function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// The value and the residual.
    Forward(Vec<bool>),
    /// The cotangents of the active arguments, from the residual and the cotangent of the value.
    Backward(Vec<bool>),
    /// The value and the tangent.
    Pushforward(Vec<bool>),
}

/// Writes the derivative that a request asks for.
pub fn derive(request: &Request, world: &dyn World) -> Result<Derivation> {
    crate::lang::with_deep_stack(|| write(request, world))
}

fn write(request: &Request, world: &dyn World) -> Result<Derivation> {
    let mut session = Session::new(world);
    let module = module_of(&request.function);
    match request.transform.as_str() {
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
        FunctionKind::Script { code, .. } => code.0.module,
        FunctionKind::Builtin(_) => super::rules::LIBRARY,
        FunctionKind::Derived { function, .. } => module_of(function),
    }
}

/// The name of the innermost function.
fn name_of(function: &FunctionKind) -> String {
    match function {
        FunctionKind::Script { code, .. } => code.0.tree.name.as_str().trim_matches(['<', '>']).into(),
        FunctionKind::Builtin(name) => name.as_str().rsplit('.').next().unwrap_or("f").into(),
        FunctionKind::Derived { transform, function, .. } => format!("{}_{transform}", name_of(function)),
    }
}

/// Whether a name is a transformation of functions.
pub fn is_transform(name: Symbol) -> bool {
    matches!(name.as_str(), "grad" | "value_and_grad" | "vjp" | "jvp")
}

/// The options of `grad` and `value_and_grad` in their order: `argnums`, `has_aux`.
pub fn options(name: Symbol, positional: &[Bind], keywords: &[(Symbol, Bind)]) -> Result<Vec<Literal>> {
    let names: &[&str] = &["argnums", "has_aux"];
    let mut out = vec![Literal::Int(0), Literal::Bool(false)];
    let given = positional.iter().enumerate().map(|(at, value)| (names.get(at).copied(), value));
    let named = keywords.iter().map(|(k, value)| (names.iter().copied().find(|n| *n == k.as_str()), value));
    for (option, value) in given.chain(named) {
        let literal = match value {
            Bind::List(items) => items.iter().map(Bind::literal).collect::<Option<_>>().map(Literal::Tuple),
            value => value.literal(),
        };
        let (Some(option), Some(literal)) = (option, literal) else {
            return Err(Error::type_(format!("{name}() takes the constant options argnums and has_aux")));
        };
        out[usize::from(option == "has_aux")] = literal;
    }
    Ok(out)
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

fn parameters(function: &FunctionKind) -> Vec<Symbol> {
    match function {
        FunctionKind::Script { code, .. } => code.0.tree.params.iter().map(|p| p.name).collect(),
        FunctionKind::Builtin(_) => vec![],
        FunctionKind::Derived { function, .. } => parameters(function),
    }
}

/// A function lowered and simplified, ready for a mode.
struct Lowered {
    f: Function,
    /// The parameters of the function's own arguments, one each.
    args: Vec<Bind>,
    /// The result.
    result: Bind,
}

impl<'w> Session<'w> {
    /// Lowers a call of the requested function on its parameters.
    fn lowered(&mut self, request: &Request) -> Result<Lowered> {
        let name = format!("{}_{}", name_of(&request.function), request.transform);
        let name = if request.transform.as_str() == "primal" { name_of(&request.function) } else { name };
        let mut l = Lowerer::new(self, Symbol::new(&name), crate::lang::Span::NONE);
        let (function, args) = l.parameters_of(&request.function, &request.args)?;
        let result = l.call_on(&function, args.clone())?;
        let mut f = l.finish(Atom::Lit(Literal::None));
        // What the result is made of is computed in the body; a tuple of atoms keeps it alive through simplification.
        let mut roots = Vec::new();
        result.each_atom(&mut |atom| roots.push(atom.clone()));
        let roots = simplify(self, &mut f, roots)?;
        let result = super::lower::rebuild(&result, &mut roots.into_iter());
        Ok(Lowered { f, args, result })
    }

    fn main(&mut self, request: &Request) -> Result<usize> {
        let mut f = match request.transform.as_str() {
            "primal" => {
                let lowered = self.lowered(request)?;
                let mut l = Lowerer::resume(self, lowered.f);
                let outer = std::mem::take(&mut l.f.body.stmts);
                l.block.stmts = outer;
                let result = l.atom(&lowered.result)?;
                l.finish(result)
            }
            "jvp" => self.pushforward(request)?,
            _ => self.gradient(request)?,
        };
        simplify_result(self, &mut f)?;
        keep(self, &mut f);
        simplify_result(self, &mut f)?;
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
            return Err(Error::derivative(format!(
                "the gradient of a function that returns {} is not defined",
                describe(&kind)
            ))
            .hint("return a number, for example with np.sum; for arrays use jacobian or vjp")
            .at(f.span));
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
        Ok(l.finish(result))
    }

    /// `jvp`: the parameters, then a tangent for each that can have one.
    fn pushforward(&mut self, request: &Request) -> Result<Function> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let inputs: Vec<Var> = args.iter().filter_map(var).filter(|v| f.info(*v).kind.may_be_active()).collect();
        let mut outputs = Vec::new();
        result.each_atom(&mut |atom| outputs.extend(atom.var()));
        let active = activity(&f, self.rules, &inputs, &outputs);
        let mut l = Lowerer::resume(self, f);
        let mut dots = FxHashMap::default();
        for input in &inputs {
            let info = l.f.info(*input).clone();
            let dot = l.f.fresh(Symbol::new(&format!("{}_dot", info.name)), info.kind, false);
            l.f.params.push(dot);
            dots.insert(*input, Bind::Atom(Atom::Var(dot)));
        }
        let body = std::mem::take(&mut l.f.body.stmts);
        let body = super::core::Block { stmts: body, id: l.f.body.id, mirrors: None };
        let mut forward = Forward { l: &mut l, active: &active, dots };
        forward.block(&body)?;
        let dots = forward.dots;
        let dot = tangent_of(&mut l, &result, &active, &dots)?;
        let pair = l.atom(&Bind::Tuple(vec![result, dot]))?;
        Ok(l.finish(pair))
    }

    /// `vjp`: the forward function and the backward function, by their numbers.
    fn vjp(&mut self, request: &Request) -> Result<(usize, usize)> {
        let Lowered { f, args, result } = self.lowered(request)?;
        let inputs: Vec<Var> = args.iter().filter_map(var).filter(|v| f.info(*v).kind.may_be_active()).collect();
        let name = name_of(&request.function);
        let (forward, backward) = self.split(f, &inputs, &result, &name, |l, adjoints| {
            let mut gradients = Vec::new();
            for arg in &args {
                let bar = var(arg).and_then(|v| adjoints.get(&v).cloned()).unwrap_or(Bind::Zero);
                gradients.push(l.materialise(&bar, arg)?);
            }
            Ok(Bind::Tuple(gradients))
        })?;
        let backward = self.add(backward);
        Ok((self.add(forward), backward))
    }

    /// The two halves of a function's derivative: the value and the residual, and the cotangents from them.
    fn split(
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
        let seed = f.fresh(Symbol::new("y_bar"), seed_kind, false);
        let mut value = Atom::Lit(Literal::None);
        let (mut l, adjoints) = reverse(self, f, &active, |r| {
            value = r.l.atom(result)?;
            r.l.push(StmtKind::Boundary);
            seed_result(r, result, &Bind::Atom(Atom::Var(seed)))
        })?;
        let cotangents = gradients(&mut l, &adjoints)?;
        let cotangents = l.atom(&cotangents)?;
        let joint = l.finish(Atom::Lit(Literal::None));
        super::split::split(self, joint, value, cotangents, seed, name)
    }

    /// The number of the specialisation of a definition for these argument kinds, made if need be.
    pub fn specialise(
        &mut self,
        code: &CodeRef,
        captures: usize,
        kinds: Vec<Kind>,
        global: Option<Symbol>,
    ) -> Result<usize> {
        let key = (code.clone(), kinds);
        if let Some(number) = self.functions.iter().position(|s| s.key == key) {
            if self.functions[number].function.is_none() {
                self.functions[number].assumed = true;
            }
            return Ok(number);
        }
        if self.functions.iter().filter(|s| s.key.0 == *code).count() > 64 {
            return Err(Error::derivative(format!(
                "'{}' calls itself with arguments of ever new types",
                code.0.tree.name
            )));
        }
        let plain = captures == 0
            && key.1.iter().all(|kind| !matches!(kind, Kind::Function(_) | Kind::Module(_)))
            && code
                .0
                .tree
                .params
                .iter()
                .all(|p| matches!(p.form, tree::ParamForm::Plain | tree::ParamForm::PositionalOnly));
        let global = global.filter(|_| plain);
        let number = self.functions.len();
        self.functions.push(Specialisation {
            key: key.clone(),
            result: Kind::Never,
            function: None,
            global,
            assumed: false,
            derived: FxHashMap::default(),
        });
        for round in 0.. {
            self.functions[number].assumed = false;
            let mut l = Lowerer::new(self, code.0.tree.name, code.0.tree.span);
            let names: Vec<Symbol> =
                code.0.captures.iter().copied().chain(code.0.tree.params.iter().map(|p| p.name)).collect();
            let mut binds: Vec<Bind> =
                names.into_iter().zip(&key.1).map(|(name, kind)| l.parameter(name, kind)).collect();
            let values = binds.split_off(captures);
            let result = l.inline(code, binds, values)?;
            let result = l.atom(&result)?;
            let mut f = l.finish(result);
            simplify_result(self, &mut f)?;
            let found = bounded(&f.kind(&f.result), 4);
            let entry = &mut self.functions[number];
            let settled = !entry.assumed || entry.result == found;
            entry.result = if settled {
                found
            } else if round < 2 {
                entry.result.join(&found)
            } else {
                Kind::Any
            };
            let settled = settled || round > 3;
            if settled {
                entry.function = Some(f);
                return Ok(number);
            }
        }
        Ok(number)
    }

    /// The forward and backward halves of a specialisation's derivative, for these active arguments.
    pub fn reverse_pair(&mut self, number: usize, mask: &[bool]) -> Result<(usize, usize)> {
        let (forward, backward) = (Part::Forward(mask.to_vec()), Part::Backward(mask.to_vec()));
        if let (Some(f), Some(b)) =
            (self.functions[number].derived.get(&forward), self.functions[number].derived.get(&backward))
        {
            return Ok((*f, *b));
        }
        let Some(f) = self.functions[number].function.clone() else {
            return Err(Error::derivative("a function is differentiated while it is being written"));
        };
        let active_params: Vec<Var> =
            f.params.iter().zip(mask).filter(|(_, active)| **active).map(|(param, _)| *param).collect();
        let result_kind = self.functions[number].result.clone();
        let bars: Vec<Kind> = active_params.iter().map(|p| cotangent_kind(&f.info(*p).kind)).collect();
        let forward_number = self.reserve(Kind::Tuple([result_kind, Kind::Any].into()));
        let backward_number = self.reserve(Kind::Tuple(bars.into()));
        self.functions[number].derived.insert(forward, forward_number);
        self.functions[number].derived.insert(backward, backward_number);
        let name = f.name.as_str().trim_matches(['<', '>']).to_string();
        let result = Bind::Atom(f.result.clone());
        let (forward, backward) = self.split(f, &active_params, &result, &name, |l, adjoints| {
            let mut gradients = Vec::new();
            for param in &active_params {
                let bar = adjoints.get(param).cloned().unwrap_or(Bind::Zero);
                gradients.push(l.materialise(&bar, &Bind::Atom(Atom::Var(*param)))?);
            }
            Ok(Bind::Tuple(gradients))
        })?;
        self.functions[forward_number].function = Some(forward);
        self.functions[backward_number].function = Some(backward);
        Ok((forward_number, backward_number))
    }

    /// The forward-mode derivative of a specialisation, for these active arguments.
    pub fn forward_part(&mut self, number: usize, mask: &[bool]) -> Result<usize> {
        let part = Part::Pushforward(mask.to_vec());
        if let Some(done) = self.functions[number].derived.get(&part) {
            return Ok(*done);
        }
        let Some(f) = self.functions[number].function.clone() else {
            return Err(Error::derivative("a function is differentiated while it is being written"));
        };
        let kind = self.functions[number].result.clone();
        let reserved = self.reserve(Kind::Tuple([kind.clone(), cotangent_kind(&kind)].into()));
        self.functions[number].derived.insert(part, reserved);
        let inputs: Vec<Var> = f.params.iter().zip(mask).filter(|(_, a)| **a).map(|(p, _)| *p).collect();
        let outputs: Vec<Var> = f.result.var().into_iter().collect();
        let active = activity(&f, self.rules, &inputs, &outputs);
        let result = Bind::Atom(f.result.clone());
        let name = Symbol::new(&format!("{}_jvp", f.name.as_str().trim_matches(['<', '>'])));
        let mut l = Lowerer::resume(self, f);
        l.f.name = name;
        let mut dots = FxHashMap::default();
        for input in &inputs {
            let info = l.f.info(*input).clone();
            let dot = l.f.fresh(Symbol::new(&format!("{}_dot", info.name)), info.kind, false);
            l.f.params.push(dot);
            dots.insert(*input, Bind::Atom(Atom::Var(dot)));
        }
        let stmts = std::mem::take(&mut l.f.body.stmts);
        let body = super::core::Block { stmts, id: l.f.body.id, mirrors: None };
        let mut forward = Forward { l: &mut l, active: &active, dots };
        forward.block(&body)?;
        let dots = forward.dots;
        let dot = tangent_of(&mut l, &result, &active, &dots)?;
        let pair = l.atom(&Bind::Tuple(vec![result, dot]))?;
        let mut f = l.finish(pair);
        simplify_result(self, &mut f)?;
        self.functions[reserved].function = Some(f);
        Ok(reserved)
    }

    fn reserve(&mut self, result: Kind) -> usize {
        let code = Code {
            tree: Arc::new(empty_tree(Symbol::new("f"))),
            captures: vec![],
            recursive: false,
            module: super::rules::LIBRARY,
        };
        self.functions.push(Specialisation {
            key: (CodeRef(Arc::new(code)), vec![]),
            result,
            function: None,
            global: None,
            assumed: false,
            derived: FxHashMap::default(),
        });
        self.functions.len() - 1
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
            while taken.contains(&name) || self.world.global(module, name).is_some() {
                count += 1;
                name = Symbol::new(&format!("{}_{count}", f.name.as_str().trim_matches(['<', '>'])));
            }
            taken.push(name);
            names.insert(*number, name);
        }
        let mut functions = Vec::new();
        for number in order {
            if self.functions[number].global.is_some() && !mains.contains(&number) {
                continue;
            }
            if let Some(f) = self.functions[number].function.clone() {
                functions.push(Arc::new(emit(self, f, number, &names)?));
            }
        }
        Ok(Derivation { functions, module })
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
fn simplify_result(session: &mut Session, f: &mut Function) -> Result<()> {
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

fn tangent_of(l: &mut Lowerer, result: &Bind, active: &Active, dots: &FxHashMap<Var, Bind>) -> Result<Bind> {
    Ok(match result {
        Bind::Tuple(items) => {
            Bind::Tuple(items.iter().map(|item| tangent_of(l, item, active, dots)).collect::<Result<_>>()?)
        }
        Bind::List(items) => {
            Bind::List(items.iter().map(|item| tangent_of(l, item, active, dots)).collect::<Result<_>>()?)
        }
        Bind::Dict(items) => Bind::Dict(
            items
                .iter()
                .map(|(key, item)| Ok((key.clone(), tangent_of(l, item, active, dots)?)))
                .collect::<Result<_>>()?,
        ),
        Bind::Atom(Atom::Var(v)) if active.holds(*v) => {
            let dot = dots.get(v).cloned().unwrap_or(Bind::Zero);
            l.materialise(&dot, result)?
        }
        _ => l.zero_of(result)?,
    })
}

/// The kind of a cotangent of a value of this kind.
pub fn cotangent_kind(kind: &Kind) -> Kind {
    match kind {
        Kind::Int | Kind::Bool | Kind::Float => Kind::Float,
        Kind::Array(_, rank) | Kind::Factor(rank) => Kind::Array(DType::Float, *rank),
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(cotangent_kind).collect()),
        Kind::List(items) => Kind::List(items.iter().map(cotangent_kind).collect()),
        Kind::ListOf(item) => Kind::ListOf(Arc::new(cotangent_kind(item))),
        Kind::Dict(items) => Kind::Dict(items.iter().map(|(k, item)| (k.clone(), cotangent_kind(item))).collect()),
        Kind::None | Kind::Str | Kind::Range | Kind::Other => Kind::None,
        _ => Kind::Any,
    }
}

/// A kind cut off at a depth, so that a recursive structure has a finite kind.
fn bounded(kind: &Kind, depth: usize) -> Kind {
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
        Kind::Array(dtype, _) => format!("an array of {}", dtype.name()),
        Kind::Tuple(_) => "a tuple".into(),
        Kind::List(_) | Kind::ListOf(_) => "a list".into(),
        Kind::Dict(_) => "a dict".into(),
        Kind::Function(_) => "a function".into(),
        _ => "a value of another type".into(),
    }
}

fn var(bind: &Bind) -> Option<Var> {
    match bind {
        Bind::Atom(atom) => atom.var(),
        _ => None,
    }
}

fn empty_tree(name: Symbol) -> tree::Function {
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

impl Lowerer<'_, '_> {
    /// Makes a function of this kind and its arguments the parameters of the function under construction.
    fn parameters_of(&mut self, function: &FunctionKind, args: &[Kind]) -> Result<(Bind, Vec<Bind>)> {
        let kind = Kind::Function(Arc::new(function.clone()));
        let function_bind = self.parameter(Symbol::new("f"), &kind);
        let names = parameters(function);
        let mut binds = Vec::new();
        for (at, kind) in args.iter().enumerate() {
            let name = names.get(at).copied().unwrap_or_else(|| Symbol::new(&format!("x{at}")));
            binds.push(self.parameter(name, kind));
        }
        Ok((function_bind, binds))
    }

    /// Calls a function with one value for each of its parameters.
    fn call_on(&mut self, function: &Bind, args: Vec<Bind>) -> Result<Bind> {
        let Bind::Function(known) = function else { return Err(Error::type_("this value cannot be called")) };
        match &known.target {
            Target::Script(code) => {
                let code = code.clone();
                self.span = code.0.tree.span;
                self.f.span = code.0.tree.span;
                self.inline(&code, known.captures.clone(), args)
            }
            Target::Derived(transform, options, inner) => {
                let (transform, options, inner) = (*transform, options.clone(), inner.clone());
                self.inline_derived(transform, &options, &inner, args)
            }
            Target::Builtin(name) => self.call_builtin(*name, args, vec![]),
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
        let (main, _) = self.derivation(transform, options, inner, &args)?;
        let mut atoms = Vec::new();
        self.flatten(&Bind::Function(inner.clone()), &mut atoms)?;
        for arg in &args {
            self.flatten(arg, &mut atoms)?;
        }
        self.inline(&main, vec![], atoms.into_iter().map(Bind::Atom).collect())
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
        let derivation = derive(&request, self.session.world)?;
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
        for function in &derivation.functions {
            let code = code(function);
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
            Target::Builtin(_) => None,
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
    let mut args = match l.innermost(inner) {
        Some((code, defaults)) => l.bind_parameters(&code.0.tree, positional, keywords, &defaults)?,
        None => positional,
    };
    if let Some(function) = inner.kind(&l.f) {
        let (chosen, _) = argnums(options.first().unwrap_or(&Literal::Int(0)), &function, args.len())?;
        for at in chosen {
            args[at] = l.promoted_argument(args[at].clone())?;
        }
    }
    l.inline_derived(transform, options, inner, args)
}

/// `vjp(f, *args)` and `jvp(f, primals, tangents)`; none for the others.
pub fn call_transform(
    l: &mut Lowerer,
    name: Symbol,
    function: &Rc<FunctionBind>,
    rest: &[Bind],
    keywords: &[(Symbol, Bind)],
) -> Result<Option<Bind>> {
    if !keywords.is_empty() && matches!(name.as_str(), "vjp" | "jvp") {
        return Err(Error::type_(format!("{name}() takes no keyword arguments")).at(l.span));
    }
    match name.as_str() {
        "vjp" => {
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
            let args: Vec<Bind> = primals.into_iter().map(|a| l.promoted_argument(a)).collect::<Result<_>>()?;
            let (main, _) = l.derivation(name, &[], function, &args)?;
            let mut atoms = Vec::new();
            l.flatten(&Bind::Function(function.clone()), &mut atoms)?;
            for arg in &args {
                l.flatten(arg, &mut atoms)?;
            }
            for (arg, tangent) in args.iter().zip(tangents) {
                if arg.kind(&l.f).may_be_active() && !matches!(arg, Bind::Function(_)) {
                    let tangent = l.promoted_argument(tangent)?;
                    l.flatten(&tangent, &mut atoms)?;
                }
            }
            l.inline(&main, vec![], atoms.into_iter().map(Bind::Atom).collect()).map(Some)
        }
        _ => Ok(None),
    }
}

impl Lowerer<'_, '_> {
    /// An active argument: integers are promoted to floats.
    fn promoted_argument(&mut self, arg: Bind) -> Result<Bind> {
        let Bind::Atom(atom) = &arg else { return Ok(arg) };
        Ok(match self.f.kind(atom) {
            Kind::Int | Kind::Bool => Bind::Atom(self.call_named("float", vec![atom.clone()])),
            Kind::Array(DType::Int | DType::Bool, _) => {
                Bind::Atom(self.call_named("operator.mul", vec![atom.clone(), Atom::float(1.0)]))
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
