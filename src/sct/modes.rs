//! The table of modes: what each transformation of functions is called, which options it takes, and how it is made.

use crate::lang::{Error, Result, Symbol};

use super::bind::Bind;
use super::kind::{FunctionKind, Literal};
use super::program::argnums;

/// How a mode is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Making {
    /// By a pass: the transformation of a function.
    Pass,
    /// A definition in the language, `_name(f, args, *options)` of the module `cotangent`.
    Definition,
    /// Called at once: `name(f, *args)`.
    Call,
}

/// A mode.
#[derive(Debug)]
pub struct Mode {
    /// Its name.
    pub name: &'static str,
    /// How it is made.
    pub making: Making,
    /// Its options after the function, in order, with their defaults.
    pub options: &'static [(&'static str, Literal)],
    /// Which option says the arguments that are differentiated.
    pub argnums: Option<usize>,
}

const ARGNUMS: (&str, Literal) = ("argnums", Literal::Int(0));
const AXES: &[(&str, Literal)] = &[("in_axes", Literal::Int(0)), ("out_axes", Literal::Int(0))];
const HAS_AUX: (&str, Literal) = ("has_aux", Literal::Bool(false));

const MODES: &[Mode] = &[
    Mode { name: "grad", making: Making::Pass, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "value_and_grad", making: Making::Pass, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "vjp", making: Making::Call, options: &[], argnums: None },
    Mode { name: "jvp", making: Making::Call, options: &[], argnums: None },
    Mode { name: "hvp", making: Making::Call, options: &[], argnums: None },
    Mode { name: "jacfwd", making: Making::Definition, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "jacrev", making: Making::Definition, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "jacobian", making: Making::Definition, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "hessian", making: Making::Definition, options: &[ARGNUMS, HAS_AUX], argnums: Some(0) },
    Mode { name: "derivative", making: Making::Pass, options: &[("n", Literal::Int(1)), ARGNUMS], argnums: Some(1) },
    // What `derivative` does where a function has no Taylor series.
    Mode {
        name: "nested_derivative",
        making: Making::Definition,
        options: &[("n", Literal::Int(1)), ARGNUMS],
        argnums: Some(1),
    },
    Mode { name: "checkpoint", making: Making::Definition, options: &[], argnums: None },
    Mode { name: "vmap", making: Making::Pass, options: AXES, argnums: None },
    // What `vmap` does where a function has no form for a whole batch.
    Mode { name: "looped_vmap", making: Making::Definition, options: AXES, argnums: None },
];

/// The mode of this name.
pub fn mode(name: Symbol) -> Option<&'static Mode> {
    MODES.iter().find(|mode| mode.name == name.as_str())
}

/// Whether a name is a transformation of functions.
pub fn is_transform(name: Symbol) -> bool {
    mode(name).is_some()
}

/// Whether a mode is defined in the language.
pub fn is_definition(name: Symbol) -> bool {
    mode(name).is_some_and(|mode| mode.making == Making::Definition)
}

/// The options of a mode in their order, as a call gives them.
pub fn options(name: Symbol, positional: &[Bind], keywords: &[(Symbol, Bind)]) -> Result<Vec<Literal>> {
    let names = mode(name).map_or(&[][..], |mode| mode.options);
    let mut out: Vec<Literal> = names.iter().map(|(_, default)| default.clone()).collect();
    let given = positional.iter().enumerate().map(|(at, value)| (Some(at), value));
    let named = keywords.iter().map(|(k, value)| (names.iter().position(|(n, _)| *n == k.as_str()), value));
    for (option, value) in given.chain(named) {
        match (option.and_then(|at| out.get_mut(at)), constant(value)) {
            (Some(slot), Some(literal)) => *slot = literal,
            _ => {
                let names: Vec<&str> = names.iter().map(|(n, _)| *n).collect();
                return Err(Error::type_(format!("{name}() takes the constant options {}", names.join(" and "))));
            }
        }
    }
    Ok(out)
}

/// An option as a constant; a list counts as the tuple of its items.
fn constant(value: &Bind) -> Option<Literal> {
    match value {
        Bind::List(items) | Bind::Tuple(items) => items.iter().map(constant).collect::<Option<_>>().map(Literal::Tuple),
        Bind::Dict(items) => {
            let pair = |(key, item): &(Literal, Bind)| Some((key.clone(), constant(item)?));
            items.iter().map(pair).collect::<Option<_>>().map(Literal::Dict)
        }
        value => value.literal(),
    }
}

/// The positions of the arguments that a mode differentiates, of `count`.
pub fn differentiated(name: Symbol, options: &[Literal], function: &FunctionKind, count: usize) -> Result<Vec<usize>> {
    let Some(at) = mode(name).and_then(|mode| mode.argnums) else { return Ok(vec![]) };
    argnums(options.get(at).unwrap_or(&Literal::Int(0)), function, count).map(|(chosen, _)| chosen)
}

/// The options with what depends on a call settled: the positions that `argnums` names, an axis for each argument of `vmap` (none
/// for those that are not given but have defaults).
pub fn settled(name: Symbol, options: &[Literal], function: &FunctionKind, given: &[bool]) -> Result<Vec<Literal>> {
    let mut options = options.to_vec();
    let Some(mode) = mode(name) else { return Ok(options) };
    if let Some(option) = mode.argnums.and_then(|at| options.get_mut(at)) {
        let (chosen, single) = argnums(option, function, given.len())?;
        let positions = chosen.iter().map(|at| Literal::Int(*at as i64)).collect::<Vec<_>>();
        *option = match (single, positions.first()) {
            (true, Some(one)) => one.clone(),
            _ => Literal::Tuple(positions),
        };
    }
    if name.as_str() == "vmap"
        && let Some(axes) = options.first_mut()
    {
        let count = given.iter().filter(|given| **given).count();
        let mut each = match &*axes {
            Literal::Tuple(items) if items.len() == count => items.clone(),
            Literal::Tuple(items) if items.len() == given.len() => items.clone(),
            Literal::Tuple(items) => {
                return Err(Error::value(format!("vmap: in_axes has {} axes for {count} arguments", items.len())));
            }
            one => vec![one.clone(); count],
        }
        .into_iter();
        let whole = each.len() == given.len();
        let axes_of = |given: &bool| if *given || whole { each.next().unwrap_or(Literal::None) } else { Literal::None };
        *axes = Literal::Tuple(given.iter().map(axes_of).collect());
    }
    Ok(options)
}
