//! Which argument goes to which parameter.

use crate::interp::value::Value;
use crate::lang::tree::{Arg, Function, ParamForm};
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::Literal;
use crate::sct::world::SignatureParam;

/// A parameter, as binding sees it.
pub trait Parameter {
    /// Its name.
    fn name(&self) -> Symbol;
    /// How arguments reach it.
    fn form(&self) -> ParamForm;
    /// What it is where no argument is given.
    fn default(&self) -> Option<Filled>;
}

/// What a parameter gets.
#[derive(Clone, PartialEq, Debug)]
pub enum Filled {
    /// The argument of this number.
    Arg(usize),
    /// A constant.
    Default(Literal),
    /// The closure's default of this number.
    ClosureDefault(usize),
    /// A tuple of the remaining positional arguments.
    Star(Vec<usize>),
    /// A dict of the remaining keyword arguments.
    Keywords(Vec<(Symbol, usize)>),
}

/// A parameter of a function of the script.
#[derive(Clone, Debug)]
pub struct ScriptParameter {
    name: Symbol,
    form: ParamForm,
    default: Option<usize>,
}

impl Parameter for ScriptParameter {
    fn name(&self) -> Symbol {
        self.name
    }
    fn form(&self) -> ParamForm {
        self.form
    }
    fn default(&self) -> Option<Filled> {
        self.default.map(Filled::ClosureDefault)
    }
}

impl Parameter for SignatureParam {
    fn name(&self) -> Symbol {
        self.name
    }
    fn form(&self) -> ParamForm {
        self.form
    }
    fn default(&self) -> Option<Filled> {
        self.default.clone().map(Filled::Default)
    }
}

/// The parameters of a function, their defaults numbered.
pub fn parameters(function: &Function) -> Vec<ScriptParameter> {
    let mut defaults = 0;
    function
        .params
        .iter()
        .map(|param| {
            let default = param.default.as_ref().map(|_| {
                defaults += 1;
                defaults - 1
            });
            ScriptParameter { name: param.name, form: param.form, default }
        })
        .collect()
}

/// Binds the arguments of a call, `before` of which come by position in front of those written. None where they do not
/// fit or are only known when the call runs.
pub fn bind(params: &[impl Parameter], before: usize, args: &[Arg]) -> Option<Vec<Filled>> {
    let mut given: Vec<Option<Symbol>> = vec![None; before];
    for arg in args {
        given.push(match arg {
            Arg::Positional(_) => None,
            Arg::Keyword(name, _) => Some(*name),
            Arg::Star(_) | Arg::DoubleStar(_) => return None,
        });
    }
    bind_names(params, &given).ok()
}

/// Binds arguments given by position or by name.
pub fn bind_names(params: &[impl Parameter], given: &[Option<Symbol>]) -> Result<Vec<Filled>> {
    let mut filled: Vec<Option<Filled>> = params
        .iter()
        .map(|param| match param.form() {
            ParamForm::Star => Some(Filled::Star(Vec::new())),
            ParamForm::DoubleStar => Some(Filled::Keywords(Vec::new())),
            _ => None,
        })
        .collect();
    let mut next = 0;
    for (at, name) in given.iter().enumerate() {
        match name {
            None => {
                while next < params.len()
                    && matches!(params[next].form(), ParamForm::KeywordOnly | ParamForm::DoubleStar)
                {
                    next += 1;
                }
                match filled.get_mut(next) {
                    Some(Some(Filled::Star(items))) => items.push(at),
                    Some(slot @ None) => {
                        *slot = Some(Filled::Arg(at));
                        next += 1;
                    }
                    _ => {
                        let most = params.iter().filter(|p| p.form().takes_position());
                        let (most, count) = (most.count(), given.iter().filter(|n| n.is_none()).count());
                        let s = if most == 1 { "" } else { "s" };
                        let were = if count == 1 { "was" } else { "were" };
                        let error =
                            Error::type_(format!("takes {most} positional argument{s} but {count} {were} given"));
                        return Err(match params.iter().find(|p| p.form() == ParamForm::KeywordOnly) {
                            Some(named) => error.hint(format!("`{0}` is given by name: {0}=…", named.name())),
                            None => error,
                        });
                    }
                }
            }
            Some(name) => {
                let by_name = |p: &&dyn Parameter| {
                    p.name() == *name && matches!(p.form(), ParamForm::Plain | ParamForm::KeywordOnly)
                };
                let position = params.iter().position(|p| by_name(&(p as &dyn Parameter)));
                match position {
                    Some(k) if filled[k].is_none() => filled[k] = Some(Filled::Arg(at)),
                    Some(_) => return Err(Error::type_(format!("got several values for the argument `{name}`"))),
                    None => match filled.iter_mut().flatten().find(|f| matches!(f, Filled::Keywords(_))) {
                        Some(Filled::Keywords(items)) => items.push((*name, at)),
                        _ => return Err(unexpected(params, *name)),
                    },
                }
            }
        }
    }
    let mut missing = Vec::new();
    let mut bound = Vec::with_capacity(params.len());
    for (fill, param) in filled.into_iter().zip(params) {
        match fill.or_else(|| param.default()) {
            Some(fill) => bound.push(fill),
            None => missing.push(format!("`{}`", param.name())),
        }
    }
    if !missing.is_empty() {
        let s = if missing.len() == 1 { "" } else { "s" };
        return Err(Error::type_(format!("missing {} required argument{s}: {}", missing.len(), missing.join(", "))));
    }
    Ok(bound)
}

/// The error of an argument given by a name that no parameter has.
fn unexpected(params: &[impl Parameter], name: Symbol) -> Error {
    if params.iter().any(|p| p.name() == name && p.form() == ParamForm::PositionalOnly) {
        let message = format!("got the positional-only argument `{name}` as a keyword argument");
        return Error::type_(message).hint("give it by position, without its name");
    }
    let error = Error::type_(format!("got an unexpected keyword argument `{name}`"));
    let named = params.iter().filter(|p| matches!(p.form(), ParamForm::Plain | ParamForm::KeywordOnly));
    let names: Vec<&str> = named.map(|p| p.name().as_str()).collect();
    match super::suggestions::nearest(name.as_str(), names.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => error.hint("it takes no keyword arguments"),
        None => error.hint(format!("its keyword arguments are {}", names.join(", "))),
    }
}

/// Binds values; the result has one for each parameter.
pub fn bind_values(
    function: Symbol,
    params: &[impl Parameter],
    mut args: Vec<Value>,
    names: &[Option<Symbol>],
    defaults: &[Value],
) -> Result<Vec<Value>> {
    let filled = bind_names(params, names).map_err(|e| e.of(&format!("{function}()")))?;
    Ok(filled
        .into_iter()
        .map(|fill| match fill {
            Filled::Arg(at) => std::mem::take(&mut args[at]),
            Filled::Default(literal) => super::kinds::literal_value(&literal),
            Filled::ClosureDefault(at) => defaults.get(at).cloned().unwrap_or_default(),
            Filled::Star(items) => Value::tuple(items.iter().map(|&at| std::mem::take(&mut args[at])).collect()),
            Filled::Keywords(items) => {
                let mut dict = super::value::Dict::default();
                for (name, at) in items {
                    let key = super::value::Key::Str(std::sync::Arc::new(name.as_str().to_owned()));
                    dict.insert(key, std::mem::take(&mut args[at]));
                }
                Value::Dict(std::sync::Arc::new(dict))
            }
        })
        .collect())
}
