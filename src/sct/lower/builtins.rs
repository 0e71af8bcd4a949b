//! Calls of library functions: those that can be answered at transformation time, and the binding of arguments to
//! signatures for the others.

use std::rc::Rc;

use crate::lang::tree::{BinaryOp, ParamForm};
use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::{Bind, FunctionBind, Target};
use super::super::core::{Atom, Index};
use super::super::kind::{DType, Kind, Literal};
use super::super::{modes, nested};
use super::{Frame, Lowerer};

impl Lowerer<'_, '_> {
    /// Calls a library function.
    pub fn call_builtin(&mut self, name: Symbol, positional: Vec<Bind>, keywords: Vec<(Symbol, Bind)>) -> Result<Bind> {
        if let Some(at) = positional.iter().position(|value| matches!(value, Bind::Choice(_))) {
            return self
                .with_each_option(positional, at, &|l, positional| l.call_builtin(name, positional, keywords.clone()));
        }
        if modes::is_transform(name) {
            return self.transform(name, positional, keywords);
        }
        if let Some(result) = self.by_item(name, &positional, &keywords)? {
            return Ok(result);
        }
        if name.as_str() == "dict"
            && let Some(dict) = self.dict_of(&positional, &keywords)
        {
            return Ok(dict);
        }
        if keywords.is_empty()
            && let Some(result) = self.known_result(name, &positional)?
        {
            return Ok(result);
        }
        let Some(signature) = self.session.world.signature(name) else {
            return Err(Error::name(format!("there is no function '{name}'")).at(self.span));
        };
        let params = signature.params.clone();
        let values = self.bind_signature(name, &params, positional, keywords)?;
        if values.iter().any(|value| matches!(value, Bind::Zero)) {
            return Ok(Bind::Zero);
        }
        let args = values.iter().map(|value| self.atom(value)).collect::<Result<Vec<_>>>()?;
        Ok(Bind::Atom(self.call(name, args)))
    }

    /// Arguments in the order of a signature, defaults filled in.
    pub(super) fn bind_signature(
        &mut self,
        name: Symbol,
        params: &[super::super::world::SignatureParam],
        positional: Vec<Bind>,
        mut keywords: Vec<(Symbol, Bind)>,
    ) -> Result<Vec<Bind>> {
        let mut positional = positional.into_iter();
        let mut values = Vec::new();
        for param in params {
            let value = match param.form {
                ParamForm::Star => Bind::Tuple(positional.by_ref().collect()),
                ParamForm::DoubleStar => {
                    Bind::Dict(keywords.drain(..).map(|(k, v)| (Literal::Str(k.as_str().into()), v)).collect())
                }
                form => {
                    let given = if form == ParamForm::KeywordOnly { None } else { positional.next() };
                    let named = keywords.iter().position(|(k, _)| *k == param.name);
                    match (given, named) {
                        (Some(value), None) => value,
                        (None, Some(at)) => keywords.remove(at).1,
                        (None, None) => match &param.default {
                            Some(default) => Bind::lit(default.clone()),
                            None => {
                                let missing = format!("{name}() missing 1 required argument: `{}`", param.name);
                                return Err(Error::type_(missing).at(self.span));
                            }
                        },
                        (Some(_), Some(_)) => {
                            return Err(Error::type_(format!("{name}() got multiple values for '{}'", param.name))
                                .at(self.span));
                        }
                    }
                }
            };
            values.push(value);
        }
        if positional.next().is_some() || !keywords.is_empty() {
            let what = keywords.first().map_or("too many arguments".into(), |(k, _)| format!("no argument '{k}'"));
            return Err(Error::type_(format!("{name}(): {what}")).at(self.span));
        }
        Ok(values)
    }

    /// The result where it needs no run-time call.
    fn known_result(&mut self, name: Symbol, args: &[Bind]) -> Result<Option<Bind>> {
        let out = match (name.as_str(), args) {
            ("len", [Bind::Tuple(items) | Bind::List(items)]) => Bind::lit(Literal::Int(items.len() as i64)),
            ("len", [Bind::Dict(items)]) => Bind::lit(Literal::Int(items.len() as i64)),
            ("len", [xs]) => match xs.kind(&self.f) {
                Kind::Tuple(items) | Kind::List(items) => Bind::lit(Literal::Int(items.len() as i64)),
                Kind::Dict(items) => Bind::lit(Literal::Int(items.len() as i64)),
                _ => return Ok(None),
            },
            ("list", []) => Bind::List(vec![]),
            ("tuple", []) => Bind::Tuple(vec![]),
            ("list", [xs]) => match self.explode(xs) {
                Some(items) => Bind::List(items),
                None if matches!(xs.kind(&self.f), Kind::ListOf(_)) => xs.clone(),
                None => return Ok(None),
            },
            ("tuple", [xs]) => match self.explode(xs) {
                Some(items) => Bind::Tuple(items),
                None => return Ok(None),
            },
            ("zip", parts) if !parts.is_empty() => {
                let Some(columns) = parts.iter().map(|p| self.explode(p)).collect::<Option<Vec<_>>>() else {
                    return Ok(None);
                };
                let length = columns.iter().map(Vec::len).min().unwrap_or(0);
                Bind::List((0..length).map(|at| Bind::Tuple(columns.iter().map(|c| c[at].clone()).collect())).collect())
            }
            ("enumerate", [xs]) => match self.explode(xs) {
                Some(items) => Bind::List(
                    (0..).zip(items).map(|(at, item)| Bind::Tuple(vec![Bind::lit(Literal::Int(at)), item])).collect(),
                ),
                None => return Ok(None),
            },
            ("reversed", [xs]) => match self.explode(xs) {
                Some(items) => Bind::List(items.into_iter().rev().collect()),
                None => return Ok(None),
            },
            ("sum", [xs]) => return self.sum(xs, Bind::lit(Literal::Int(0))).map(Some),
            ("sum", [xs, start]) => return self.sum(xs, start.clone()).map(Some),
            ("max" | "min", [xs]) => match self.explode(xs) {
                Some(items) if !items.is_empty() => return self.extreme(name, &items).map(Some),
                _ => return Ok(None),
            },
            ("max" | "min", items) if items.len() > 1 => return self.extreme(name, items).map(Some),
            ("isinstance", [value, class]) => match self.is_instance(value, class) {
                Some(holds) => Bind::lit(Literal::Bool(holds)),
                None => return Ok(None),
            },
            ("cotangent.captures", [Bind::Function(function)]) => {
                Bind::Tuple(function.held().into_iter().cloned().collect())
            }
            ("cotangent.zeros_like", [Bind::Function(_)]) => {
                let mut held = Vec::new();
                self.flatten(&args[0], &mut held)?;
                self.zero_of(&Bind::Tuple(held.into_iter().map(Bind::Atom).collect()))?
            }
            ("cotangent.add", [a, b]) => match (a.kind(&self.f), self.explode(a), self.explode(b)) {
                (Kind::Tuple(_), Some(a), Some(b)) => self.accumulate(&Bind::Tuple(a), &Bind::Tuple(b))?,
                _ => return Ok(None),
            },
            ("float", [x]) if x.kind(&self.f) == Kind::Float => x.clone(),
            ("bool", [x]) => match self.truth(x)? {
                atom if self.f.kind(&atom) == Kind::Bool => Bind::Atom(atom),
                _ => return Ok(None),
            },
            ("np.ndim", [x]) => match x.kind(&self.f).rank() {
                Some(rank) => Bind::lit(Literal::Int(rank as i64)),
                None => return Ok(None),
            },
            ("np.asarray", [x]) if matches!(x.kind(&self.f), Kind::Array(..)) => x.clone(),
            ("np.shape", [x]) if x.kind(&self.f).is_scalar() => Bind::Tuple(vec![]),
            _ => return Ok(None),
        };
        Ok(Some(out))
    }

    /// The builtin `sum`.
    fn sum(&mut self, xs: &Bind, start: Bind) -> Result<Bind> {
        if let Some(items) = self.explode(xs)
            && (items.len() <= 64)
        {
            let mut items = items.into_iter();
            let mut total = match (start.literal(), items.next()) {
                (Some(Literal::Int(0)), Some(first)) => first,
                (_, Some(first)) => self.binary(BinaryOp::Add, &start, &first)?,
                (_, None) => return Ok(start),
            };
            for item in items {
                total = self.binary(BinaryOp::Add, &total, &item)?;
            }
            return Ok(total);
        }
        let source = "def sum(xs, total):\n    for x in xs:\n        total = total + x\n    return total\n";
        self.in_language("sum", source, vec![xs.clone(), start])
    }

    /// `max(a, b, …)`: the first of the largest.
    pub fn extreme(&mut self, name: Symbol, items: &[Bind]) -> Result<Bind> {
        let operator = if name.as_str() == "max" { symbol!("operator.gt") } else { symbol!("operator.lt") };
        let Some((first, rest)) = items.split_first() else { return Ok(Bind::NONE) };
        let mut best = first.clone();
        for item in rest {
            let (a, b) = (self.atom(item)?, self.atom(&best)?);
            let test = self.call(operator, vec![a, b]);
            let unit = Rc::new(super::super::session::Unit::of(super::super::kind::ModuleId(0)));
            let mut fr = Frame::new(unit);
            best = self.choose(test, &mut fr, |_, _| Ok(item.clone()), |_, _| Ok(best.clone()))?;
        }
        Ok(best)
    }

    /// Inlines a small function written in the language.
    pub fn in_language(&mut self, name: &str, source: &str, args: Vec<Bind>) -> Result<Bind> {
        let code = self.session.support_function(name, source)?;
        self.inline(&code, vec![], args)
    }

    fn is_instance(&self, value: &Bind, class: &Bind) -> Option<bool> {
        if let Bind::Tuple(classes) = class {
            let known: Option<Vec<bool>> = classes.iter().map(|class| self.is_instance(value, class)).collect();
            return known.map(|known| known.into_iter().any(|holds| holds));
        }
        let Bind::Function(class) = class else { return None };
        let Target::Builtin(class) = class.target else { return None };
        let kind = value.kind(&self.f);
        if kind == Kind::Any {
            return None;
        }
        Some(match class.as_str() {
            "bool" => kind == Kind::Bool,
            "int" => matches!(kind, Kind::Int | Kind::Bool),
            "float" => kind == Kind::Float,
            "str" => kind == Kind::Str,
            "list" => matches!(kind, Kind::List(_) | Kind::ListOf(_)),
            "tuple" => matches!(kind, Kind::Tuple(_)),
            "dict" => matches!(kind, Kind::Dict(_)),
            "np.ndarray" => matches!(kind, Kind::Array(..)),
            _ => return None,
        })
    }

    /// `grad(f, …)` is a function value; `vjp(f, …)` and `jvp(f, …)` are calls.
    fn transform(&mut self, name: Symbol, positional: Vec<Bind>, keywords: Vec<(Symbol, Bind)>) -> Result<Bind> {
        let mut positional = positional.into_iter();
        let function = match positional.next() {
            Some(Bind::Function(function)) => function,
            Some(Bind::Unknown(why)) => return Err(Error::derivative(why).at(self.span)),
            _ => return Err(Error::type_(format!("{name}() needs a function as its first argument")).at(self.span)),
        };
        let rest: Vec<Bind> = positional.collect();
        if let Some(result) = nested::call_transform(self, name, &function, &rest, &keywords)? {
            return Ok(result);
        }
        let options = modes::options(name, &rest, &keywords).map_err(|e| e.at(self.span))?;
        let target = Target::Derived(name, options, function);
        Ok(Bind::Function(Rc::new(FunctionBind { target, captures: vec![], defaults: vec![], global: None })))
    }

    /// The sum of two cotangents (or tangents) of one value.
    pub fn accumulate(&mut self, a: &Bind, b: &Bind) -> Result<Bind> {
        Ok(match (a, b) {
            (Bind::Zero, x) | (x, Bind::Zero) => x.clone(),
            (Bind::Tuple(x), Bind::Tuple(y)) if x.len() == y.len() => Bind::Tuple(self.accumulate_all(x, y)?),
            (Bind::List(x), Bind::List(y)) if x.len() == y.len() => Bind::List(self.accumulate_all(x, y)?),
            (Bind::Dict(x), Bind::Dict(y)) => {
                let mut sum = x.clone();
                for (key, item) in y {
                    match sum.iter().position(|(k, _)| k == key) {
                        Some(at) => sum[at].1 = self.accumulate(&sum[at].1.clone(), item)?,
                        None => sum.push((key.clone(), item.clone())),
                    }
                }
                Bind::Dict(sum)
            }
            (Bind::Tuple(items), Bind::Atom(whole)) | (Bind::Atom(whole), Bind::Tuple(items)) => {
                let parts = self.parts(whole, items.len());
                Bind::Tuple(self.accumulate_all(items, &parts)?)
            }
            (Bind::List(items), Bind::Atom(whole)) | (Bind::Atom(whole), Bind::List(items)) => {
                let parts = self.parts(whole, items.len());
                Bind::List(self.accumulate_all(items, &parts)?)
            }
            (Bind::Dict(items), Bind::Atom(whole)) | (Bind::Atom(whole), Bind::Dict(items)) => {
                self.accumulate_in_dict(whole, items)?
            }
            (Bind::Atom(x), Bind::Atom(y)) => {
                let numeric = |kind: Kind| matches!(kind, Kind::Float | Kind::Int | Kind::Array(DType::Float, _, _));
                let name = if numeric(self.f.kind(x)) && numeric(self.f.kind(y)) {
                    symbol!("operator.add")
                } else {
                    symbol!("cotangent.add")
                };
                Bind::Atom(self.call(name, vec![x.clone(), y.clone()]))
            }
            _ => return Err(self.unsupported("this combination of cotangents")),
        })
    }

    /// A cotangent in one piece, and one of which only some keys are there: the others stay as they are.
    fn accumulate_in_dict(&mut self, whole: &Atom, items: &[(Literal, Bind)]) -> Result<Bind> {
        if let Some(parts) = self.explode_dict(&Bind::Atom(whole.clone())) {
            return self.accumulate(&Bind::Dict(parts), &Bind::Dict(items.to_vec()));
        }
        let mut sum = whole.clone();
        for (key, item) in items.iter().filter(|(_, item)| !item.is_zero()) {
            let part = Bind::Atom(self.item(sum.clone(), Atom::Lit(key.clone())));
            let part = self.accumulate(&part, item)?;
            let part = self.atom(&part)?;
            sum = self.set_item(sum, Atom::Lit(key.clone()), part);
        }
        Ok(Bind::Atom(sum))
    }

    fn parts(&mut self, whole: &Atom, length: usize) -> Vec<Bind> {
        (0..length as i64).map(|at| Bind::Atom(self.get_atom(whole.clone(), Index::At(Atom::int(at))))).collect()
    }

    fn accumulate_all(&mut self, a: &[Bind], b: &[Bind]) -> Result<Vec<Bind>> {
        a.iter().zip(b).map(|(x, y)| self.accumulate(x, y)).collect()
    }
}
