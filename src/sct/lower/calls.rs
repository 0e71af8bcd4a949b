//! Calls: binding arguments to parameters, inlining small functions, specialising the others.

use std::rc::Rc;
use std::sync::Arc;

use crate::lang::tree::{self, Arg, Expr, ExprKind, ParamForm};
use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::{Bind, FunctionBind, Target};
use super::super::core::{Atom, Op};
use super::super::extents::{Extents, Labels};
use super::super::kind::{CodeRef, DType, FunctionKind, Kind, Literal, Operand};
use super::super::session::{Body, Unit};
use super::{Frame, Inlining, Lowerer};

/// A function with more statements than this is called, not inlined.
const MOST_INLINED: usize = 40;
const DEEPEST_INLINING: usize = 40;

/// The values of a call's arguments: those by position, and those by name.
type Given = (Vec<Bind>, Vec<(Symbol, Bind)>);

/// Gives the values that a function holds, by the name and the kind of each.
type Held<'h> = dyn FnMut(&mut Lowerer<'_, '_>, Symbol, &Kind) -> Result<Bind> + 'h;

/// Gives the atom of a part of a value, with a name for it and its kind.
type Leaf<'a> = dyn FnMut(&mut Lowerer, Symbol, &Kind) -> Atom + 'a;

impl Lowerer<'_, '_> {
    /// A call expression.
    pub fn call_expr(&mut self, callee: &Expr, args: &[Arg], fr: &mut Frame) -> Result<Bind> {
        if let ExprKind::Attribute(object, method) = &callee.kind
            && let Some(result) = self.method_call(object, *method, args, fr)?
        {
            return Ok(result);
        }
        let function = self.expr(callee, fr)?;
        match &function {
            Bind::Function(known) => {
                let known = known.clone();
                if let Target::Builtin(name) = known.target
                    && self.mutates(name)
                {
                    return self.mutating_call(name, args, fr);
                }
                let (positional, keywords) = self.arguments(args, fr)?;
                self.call_function(&known, positional, keywords)
            }
            Bind::Choice(choice) => {
                let (positional, keywords) = self.arguments(args, fr)?;
                self.call_choice(choice, &positional, &keywords)
            }
            Bind::Unknown(why) => Err(Error::derivative(*why).at(self.span)),
            Bind::Atom(atom) => {
                let atom = atom.clone();
                let (positional, keywords) = self.arguments(args, fr)?;
                let mut given = Vec::new();
                for value in &positional {
                    given.push((None, self.atom(value)?));
                }
                for (name, value) in &keywords {
                    given.push((Some(*name), self.atom(value)?));
                }
                Ok(Bind::Atom(self.define(symbol!("t"), Kind::Any, Op::Apply(atom, given))))
            }
            _ => Err(Error::type_("this value cannot be called").at(self.span)),
        }
    }

    /// A call of a library function that changes its first argument.
    fn mutating_call(&mut self, name: Symbol, args: &[Arg], fr: &mut Frame) -> Result<Bind> {
        if name.as_str() == "np.add.at" {
            return self.add_at(args, fr);
        }
        let Some((Arg::Positional(place), rest)) = args.split_first() else {
            return Err(self.unsupported("a call whose first argument, which it changes, is given by name"));
        };
        let (positional, keywords) = self.arguments(rest, fr)?;
        self.mutate(place, name, positional, keywords, fr)
    }

    /// `np.add.at(base, index, value)` changes its first argument.
    fn add_at(&mut self, args: &[Arg], fr: &mut Frame) -> Result<Bind> {
        let [Arg::Positional(base), Arg::Positional(index), Arg::Positional(value)] = args else {
            return Err(self.unsupported("np.add.at with other than three arguments"));
        };
        let (name, mut path) = self.place(base, fr)?;
        let root = self.root(name, fr)?;
        path.push(self.index(index, fr)?);
        let value = self.expr(value, fr)?;
        self.write(name, &root, &path, super::super::core::How::AddAt, value, fr)?;
        Ok(Bind::NONE)
    }

    /// A method call on a value (not a module's member); none where it is not one.
    fn method_call(&mut self, object: &Expr, method: Symbol, args: &[Arg], fr: &mut Frame) -> Result<Option<Bind>> {
        let receiver = self.expr(object, fr)?;
        if matches!(receiver, Bind::Module(_)) {
            return Ok(None);
        }
        if matches!(receiver, Bind::Zero) {
            return Ok(Some(Bind::Zero));
        }
        if self.member_function(&receiver, method).is_some() {
            return Ok(None);
        }
        let kind = receiver.kind(&self.f);
        if let Some(name) = self.mutating_method(&kind, method, args.len()) {
            let (positional, keywords) = self.arguments(args, fr)?;
            return self.mutate(object, name, positional, keywords, fr).map(Some);
        }
        if let Some(items) = self.explode_dict(&receiver)
            && args.is_empty()
        {
            match method.as_str() {
                "values" => return Ok(Some(Bind::List(items.into_iter().map(|(_, v)| v).collect()))),
                "keys" => return Ok(Some(Bind::List(items.into_iter().map(|(k, _)| Bind::lit(k)).collect()))),
                "items" => {
                    let pair = |(k, v)| Bind::Tuple(vec![Bind::lit(k), v]);
                    return Ok(Some(Bind::List(items.into_iter().map(pair).collect())));
                }
                "copy" => return Ok(Some(receiver)),
                _ => {}
            }
        }
        if kind == Kind::Any
            && args.is_empty()
            && let Some(source) = dict_view(method)
        {
            return self.in_language(method.as_str(), source, vec![receiver]).map(Some);
        }
        if method.as_str() == "get" && matches!(kind, Kind::Dict(_) | Kind::Any) {
            let (positional, _) = self.arguments(args, fr)?;
            if let Some(value) = self.dict_get(&receiver, &positional)? {
                return Ok(Some(value));
            }
        }
        if method.as_str() == "copy" && args.is_empty() && matches!(kind, Kind::List(_) | Kind::ListOf(_) | Kind::Any) {
            return Ok(Some(receiver));
        }
        // A method that is called on a value of unknown type tells the type.
        let array = Kind::Array(DType::Float, None, Extents::UNKNOWN);
        let known = match kind {
            Kind::Any | Kind::Never => &[Kind::Str, array, Kind::Dict([].into()), Kind::List([].into())],
            _ => std::slice::from_ref(&kind),
        };
        let function = known.iter().find_map(|kind| self.session.world.method(kind, method));
        let Some(Operand { kind: Kind::Function(function), .. }) = function else {
            return Err(match kind {
                Kind::Any => self.unsupported(&format!("the method '{method}' of a value of unknown type")),
                _ => Error::name(format!("{} has no method `{method}`", super::super::program::describe(&kind)))
                    .at(self.span),
            });
        };
        let (mut positional, keywords) = self.arguments(args, fr)?;
        positional.insert(0, receiver);
        let function = Rc::new(self.function_value(&function, None)?);
        self.call_function(&function, positional, keywords).map(Some)
    }

    /// The values of a call's arguments.
    pub fn arguments(&mut self, args: &[Arg], fr: &mut Frame) -> Result<Given> {
        let (mut positional, mut keywords) = (Vec::new(), Vec::new());
        for arg in args {
            match arg {
                Arg::Positional(e) => positional.push(self.expr(e, fr)?),
                Arg::Keyword(name, e) => keywords.push((*name, self.expr(e, fr)?)),
                Arg::Star(e) => {
                    let value = self.expr(e, fr)?;
                    match self.explode(&value) {
                        Some(items) => positional.extend(items),
                        None => return Err(self.unsupported("a star before a value of unknown length")),
                    }
                }
                Arg::DoubleStar(e) => {
                    let value = self.expr(e, fr)?;
                    let Some(items) = self.explode_dict(&value) else {
                        return Err(self.unsupported("`**` of a dict of unknown keys"));
                    };
                    for (key, item) in items {
                        let Literal::Str(key) = key else {
                            return Err(Error::type_("keywords must be strings").at(self.span));
                        };
                        keywords.push((Symbol::new(&key), item));
                    }
                }
            }
        }
        Ok((positional, keywords))
    }

    /// Calls a known function.
    pub fn call_function(
        &mut self,
        function: &Rc<FunctionBind>,
        positional: Vec<Bind>,
        keywords: Vec<(Symbol, Bind)>,
    ) -> Result<Bind> {
        match &function.target {
            Target::Builtin(name) => self.call_builtin(*name, positional, keywords),
            Target::Host(code) => {
                let code = code.clone();
                let values = self.bind_parameters(&code.0.tree, positional, keywords, &[])?;
                self.call_host(&code, values)
            }
            Target::Derived(transform, options, inner) => {
                let inner = inner.clone();
                super::super::nested::call_derived(self, *transform, options, &inner, positional, keywords)
            }
            Target::Script(code) => {
                let code = code.clone();
                let values = self.bind_parameters(&code.0.tree, positional, keywords, &function.defaults)?;
                self.call_code(&code, function.captures.clone(), values, function.global)
            }
        }
    }

    /// The values of a function's parameters.
    pub fn bind_parameters(
        &mut self,
        function: &tree::Function,
        positional: Vec<Bind>,
        mut keywords: Vec<(Symbol, Bind)>,
        defaults: &[Bind],
    ) -> Result<Vec<Bind>> {
        let fail = |message: String| Err(Error::type_(message));
        let mut positional = positional.into_iter();
        let mut defaults = defaults.iter();
        let mut values = Vec::new();
        for param in &function.params {
            let default = param.default.as_ref().and_then(|_| defaults.next());
            let value = match param.form {
                ParamForm::Star => Bind::Tuple(positional.by_ref().collect()),
                ParamForm::DoubleStar => {
                    let rest = keywords.drain(..);
                    Bind::Dict(rest.map(|(name, value)| (Literal::Str(name.as_str().into()), value)).collect())
                }
                form => {
                    let by_position = if form == ParamForm::KeywordOnly { None } else { positional.next() };
                    let by_name = match form {
                        ParamForm::PositionalOnly => None,
                        _ => keywords.iter().position(|(name, _)| *name == param.name),
                    };
                    match (by_position, by_name) {
                        (Some(_), Some(_)) => {
                            return fail(format!(
                                "{}() got multiple values for argument '{}'",
                                function.name, param.name
                            ))
                            .map_err(|e| e.at(self.span));
                        }
                        (Some(value), None) => value,
                        (None, Some(at)) => keywords.remove(at).1,
                        (None, None) => match default {
                            Some(value) => value.clone(),
                            None => {
                                return fail(format!("{}() missing required argument '{}'", function.name, param.name))
                                    .map_err(|e| e.at(self.span));
                            }
                        },
                    }
                }
            };
            values.push(value);
        }
        if positional.next().is_some() {
            return fail(format!("{}() got too many positional arguments", function.name)).map_err(|e| e.at(self.span));
        }
        if let Some((name, _)) = keywords.first() {
            return fail(format!("{}() got an unexpected keyword argument '{name}'", function.name))
                .map_err(|e| e.at(self.span));
        }
        Ok(values)
    }

    /// Calls a definition with the values of its captures and parameters: inlined where it is small.
    pub fn call_code(
        &mut self,
        code: &CodeRef,
        captures: Vec<Bind>,
        values: Vec<Bind>,
        global: Option<Symbol>,
    ) -> Result<Bind> {
        if self.session.rule_of(code).is_some() {
            return self.call_specialised(code, captures, values, global);
        }
        if self.session.unfolded == Some(code.0.module)
            && self.inlining.len() < DEEPEST_INLINING
            && values.iter().all(|value| value.kind(&self.f) != Kind::Any)
        {
            return self.inline(code, captures, values);
        }
        let recursive = self.session.is_recursive(code) || self.inlined(code).is_some();
        let recursive = recursive && !self.consumes(code, &values);
        if recursive || self.inlining.len() >= DEEPEST_INLINING || self.session.size(code) > MOST_INLINED {
            return self.call_specialised(code, captures, values, global);
        }
        self.inline(code, captures, values)
    }

    /// The call of this function that is being inlined.
    fn inlined(&self, code: &CodeRef) -> Option<&Inlining> {
        self.inlining.iter().rev().find(|inlining| inlining.code == *code)
    }

    /// Whether a function of the library goes through what containers hold, call by call: its arguments are of fewer
    /// containers than in the call around it.
    fn consumes(&self, code: &CodeRef, values: &[Bind]) -> bool {
        code.0.tree.span.is_library()
            && self.containers(values).is_some_and(|here| match self.inlined(code) {
                Some(outer) => outer.containers.is_some_and(|there| here < there),
                None => self.nested(values),
            })
    }

    /// The containers that arguments are made of, where their structure is known.
    fn containers(&self, values: &[Bind]) -> Option<usize> {
        let one = |kind: Kind| (!matches!(kind, Kind::Any | Kind::Never)).then(|| kind.containers());
        values.iter().map(|value| one(value.kind(&self.f))).sum()
    }

    /// Whether an argument holds containers in containers.
    fn nested(&self, values: &[Bind]) -> bool {
        values.iter().any(|value| value.kind(&self.f).containers() > 1)
    }

    /// Lowers a definition's body in place of a call of it.
    pub fn inline(&mut self, code: &CodeRef, captures: Vec<Bind>, values: Vec<Bind>) -> Result<Bind> {
        let unit = self.session.unit(code);
        let nested = code.0.tree.span.is_library() && self.nested(&values);
        let containers = if nested { self.containers(&values) } else { None };
        let mut fr = Frame::new(unit);
        fr.path = (self.f.vars.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.inlining.len() as u64;
        self.bind_frame(code, captures, values, &mut fr);
        let body = self.session.structured(code);
        let span = self.span;
        self.inlining.push(Inlining { code: code.clone(), containers });
        let result = self.body(&body, &mut fr);
        self.inlining.pop();
        self.span = span;
        result
    }

    /// Gives the names of a definition's captures and parameters their values.
    pub fn bind_frame(&mut self, code: &CodeRef, captures: Vec<Bind>, values: Vec<Bind>, fr: &mut Frame) {
        for (name, value) in code.0.captures.iter().zip(captures.iter()) {
            fr.env.insert(*name, value.clone());
        }
        if code.0.recursive {
            let own = FunctionBind { target: Target::Script(code.clone()), captures, defaults: vec![], global: None };
            fr.env.insert(code.0.tree.name, Bind::Function(Rc::new(own)));
        }
        for (param, value) in code.0.tree.params.iter().zip(values) {
            fr.env.insert(param.name, value);
        }
    }

    /// Calls the specialisation of a definition for these arguments.
    fn call_specialised(
        &mut self,
        code: &CodeRef,
        captures: Vec<Bind>,
        values: Vec<Bind>,
        global: Option<Symbol>,
    ) -> Result<Bind> {
        if let Some(at) = captures.iter().chain(&values).position(|value| matches!(value, Bind::Choice(_))) {
            let all: Vec<Bind> = captures.iter().chain(&values).cloned().collect();
            return self.with_each_option(all, at, &|l, mut all| {
                let values = all.split_off(captures.len());
                l.call_specialised(code, all, values, global)
            });
        }
        let mut atoms = Vec::new();
        let mut kinds = Vec::new();
        for value in captures.iter().chain(&values) {
            self.flatten(value, &mut atoms)?;
            kinds.push(self.argument_kind(value));
        }
        let labels = Labels::of(&kinds);
        let kinds = kinds.iter().map(|kind| labels.renumbered(kind)).collect();
        let number = self.session.specialise(code, captures.len(), kinds, global).map_err(|e| e.at(self.span))?;
        let kind = labels.original(&self.session.functions[number].result);
        Ok(Bind::Atom(self.define(symbol!("t"), kind, Op::CallFunction(number, atoms))))
    }

    /// Calls a function of the host.
    pub fn call_host(&mut self, code: &CodeRef, values: Vec<Bind>) -> Result<Bind> {
        let atoms = values.iter().map(|value| self.atom(value)).collect::<Result<Vec<_>>>()?;
        let number = self.session.host_function(code, values.len());
        Ok(Bind::Atom(self.define(symbol!("t"), Kind::Any, Op::CallFunction(number, atoms))))
    }

    /// What the parameters of a function stand for, from the atoms that a call of it passes.
    pub fn unflatten(&mut self, kinds: &[Kind], atoms: &mut dyn Iterator<Item = Atom>) -> Vec<Bind> {
        let name = symbol!("t");
        kinds
            .iter()
            .map(|kind| self.known(name, kind, &mut |_, _, _| atoms.next().unwrap_or(Atom::Undefined)))
            .collect()
    }

    /// A value of a kind: functions, and containers of functions, are known here up to the atoms that `leaf` gives.
    fn known(&mut self, name: Symbol, kind: &Kind, leaf: &mut Leaf) -> Bind {
        match kind {
            Kind::Function(function) => {
                match self.function_of(function, &mut |l, name, kind| Ok(l.known(name, kind, leaf))) {
                    Ok(function) => Bind::Function(Rc::new(function)),
                    Err(_) => Bind::Unknown("a function that is not known here"),
                }
            }
            Kind::Module(module) => Bind::Module(*module),
            Kind::Tuple(items) if kind.holds_function() => {
                Bind::Tuple(items.iter().map(|item| self.known(name, item, leaf)).collect())
            }
            Kind::List(items) if kind.holds_function() => {
                Bind::List(items.iter().map(|item| self.known(name, item, leaf)).collect())
            }
            Kind::Dict(items) if kind.holds_function() => {
                Bind::Dict(items.iter().map(|(key, item)| (key.clone(), self.known(name, item, leaf))).collect())
            }
            _ => Bind::Atom(leaf(self, name, kind)),
        }
    }

    /// A function of known kind, with each of the values that it holds from `held`.
    pub fn function_of(&mut self, kind: &FunctionKind, held: &mut Held) -> Result<FunctionBind> {
        Ok(match kind {
            FunctionKind::Script { code, captures, defaults } => self.closure_of(code, captures, defaults, held)?,
            FunctionKind::Derived { transform, options, function } => {
                let inner = Rc::new(self.function_of(function, held)?);
                let target = Target::Derived(*transform, options.clone(), inner);
                FunctionBind { target, captures: vec![], defaults: vec![], global: None }
            }
            _ => self.function_value(kind, None)?,
        })
    }

    fn closure_of(
        &mut self,
        code: &CodeRef,
        captures: &[Kind],
        defaults: &[Operand],
        held: &mut Held,
    ) -> Result<FunctionBind> {
        let names = code.0.captures.iter().zip(captures);
        let captures = names.map(|(name, kind)| held(self, *name, kind)).collect::<Result<_>>()?;
        let with_default = code.0.tree.params.iter().filter(|param| param.default.is_some());
        let defaults = with_default
            .zip(defaults)
            .map(|(param, default)| match &default.literal {
                Some(literal) => Ok(Bind::lit(literal.clone())),
                None => held(self, param.name, &default.kind),
            })
            .collect::<Result<_>>()?;
        Ok(FunctionBind { target: Target::Script(code.clone()), captures, defaults, global: None })
    }

    fn argument_kind(&mut self, value: &Bind) -> Kind {
        match value.kind(&self.f) {
            Kind::List(items) if items.len() > 8 && !items.iter().any(Kind::holds_function) => {
                Kind::ListOf(Arc::new(Kind::List(items).element()))
            }
            kind => kind,
        }
    }

    /// The atoms that an argument is passed as.
    pub fn passed_as(&mut self, value: &Bind) -> Result<Vec<Atom>> {
        let mut atoms = Vec::new();
        self.flatten(value, &mut atoms)?;
        Ok(atoms)
    }

    /// Adds the atoms that an argument is passed as: function values by what they captured.
    pub fn flatten(&mut self, value: &Bind, atoms: &mut Vec<Atom>) -> Result<()> {
        match value {
            Bind::Function(function) => function.held().into_iter().try_for_each(|held| self.flatten(held, atoms)),
            Bind::Module(_) => Ok(()),
            Bind::Tuple(items) | Bind::List(items) if value.holds_function() => {
                items.iter().try_for_each(|item| self.flatten(item, atoms))
            }
            Bind::Dict(items) if value.holds_function() => {
                items.iter().try_for_each(|(_, item)| self.flatten(item, atoms))
            }
            _ => {
                atoms.push(self.atom(value)?);
                Ok(())
            }
        }
    }

    /// The parameters of the function under construction for an argument of this kind.
    pub fn parameter(&mut self, name: Symbol, kind: &Kind) -> Bind {
        self.known(name, kind, &mut |l, name, kind| {
            let var = l.f.fresh(name, kind.clone(), false);
            l.f.params.push(var);
            Atom::Var(var)
        })
    }
}

impl super::super::session::Session<'_> {
    /// Where a definition's free names are looked up.
    pub fn unit(&self, code: &CodeRef) -> Rc<Unit> {
        self.units.get(code).cloned().unwrap_or_else(|| Rc::new(Unit::of(code.0.module)))
    }

    /// A definition's body with a single exit.
    pub fn structured(&mut self, code: &CodeRef) -> Body {
        let key = Arc::as_ptr(&code.0.tree) as usize;
        self.bodies.entry(key).or_insert_with(|| Body::of(&code.0.tree)).clone()
    }

    /// The number of statements of a definition.
    fn size(&self, code: &CodeRef) -> usize {
        fn count(stmts: &[tree::Stmt]) -> usize {
            stmts
                .iter()
                .map(|stmt| match &stmt.kind {
                    tree::StmtKind::If { then, otherwise, .. } => 1 + count(then) + count(otherwise),
                    tree::StmtKind::For { body, otherwise, .. } | tree::StmtKind::While { body, otherwise, .. } => {
                        1 + count(body) + count(otherwise)
                    }
                    tree::StmtKind::With { body, .. } => 1 + count(body),
                    tree::StmtKind::Def(function) => 1 + count(&function.body),
                    _ => 1,
                })
                .sum()
        }
        count(&code.0.tree.body)
    }

    /// Whether a definition names itself.
    fn is_recursive(&self, code: &CodeRef) -> bool {
        let scope = crate::lang::scope::scope_of(&code.0.tree);
        scope.free.contains(&code.0.tree.name)
    }
}

/// The items that a view of a dict goes through, where the keys are not known.
fn dict_view(method: Symbol) -> Option<&'static str> {
    Some(match method.as_str() {
        "values" => "def values(d):\n    out = []\n    for key in d:\n        out.append(d[key])\n    return out\n",
        "items" => {
            "def items(d):\n    out = []\n    for key in d:\n        out.append((key, d[key]))\n    return out\n"
        }
        _ => return None,
    })
}
