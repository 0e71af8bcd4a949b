//! Builtins and methods that go through a sequence: `map`, `filter`, `zip`, `enumerate`, `sorted`, `max`, `min` and
//! `list.sort` with a key. Each is the loop that it abbreviates, so whatever the function is and the items are, the
//! derivative is that of the loop.

use std::rc::Rc;

use crate::lang::{Result, Symbol, symbol};

use super::super::bind::{Bind, FunctionBind};
use super::super::kind::{Kind, Literal};
use super::Lowerer;

const MAP: &str = "\
def map(f, xs):
    out = []
    for x in xs:
        out.append(f(x))
    return out
";

const MAP_OF_TWO: &str = "\
def map_of_two(f, xs, ys):
    out = []
    for i in range(min(len(xs), len(ys))):
        out.append(f(xs[i], ys[i]))
    return out
";

const FILTER: &str = "\
def filter(f, xs):
    out = []
    for x in xs:
        if f(x):
            out.append(x)
    return out
";

const FILTER_TRUE: &str = "\
def filter_true(xs):
    out = []
    for x in xs:
        if x:
            out.append(x)
    return out
";

const IN_ORDER: &str = "\
def in_order(xs, ranks, reverse):
    order = cotangent.order(ranks, reverse)
    out = []
    for i in range(len(order)):
        out.append(xs[order[i]])
    return out
";

const ENUMERATE: &str = "\
def enumerate(xs, start):
    out = []
    for i in range(len(xs)):
        out.append((start + i, xs[i]))
    return out
";

/// `zip` of so many sequences.
fn zip(count: usize) -> String {
    let each = |text: &str| (0..count).map(|at| text.replace('#', &at.to_string())).collect::<Vec<_>>().join(", ");
    let (names, lengths, items) = (each("x#"), each("len(x#)"), each("x#[i]"));
    format!(
        "def zip({names}):\n    out = []\n    for i in range(min([{lengths}])):\n        out.append(({items},))\n    return out\n"
    )
}

/// `max` and `min` with a key: the first of those that rank best.
fn best(name: &str, or_default: bool) -> String {
    let better = if name == "max" { ">" } else { "<" };
    let guard = if or_default { "    if len(xs) == 0:\n        return default\n" } else { "" };
    format!(
        "\
def best(xs, key, default):
{guard}    best = xs[0]
    rank = key(best)
    for i in range(1, len(xs)):
        new = key(xs[i])
        if new {better} rank:
            best = xs[i]
            rank = new
    return best
"
    )
}

impl Lowerer<'_, '_> {
    /// The result of a builtin that goes through a sequence, where that has to be written as a loop.
    pub fn by_item(&mut self, name: Symbol, args: &[Bind], keywords: &[(Symbol, Bind)]) -> Result<Option<Bind>> {
        if !matches!(name.as_str(), "map" | "filter" | "sorted" | "max" | "min" | "zip" | "enumerate") {
            return Ok(None);
        }
        let pairs = matches!(name.as_str(), "zip" | "enumerate");
        if pairs && (args.is_empty() || args.iter().all(|arg| self.explode(arg).is_some())) {
            return Ok(None);
        }
        let keyword = |name: &str| keywords.iter().find(|(k, _)| k.as_str() == name).map(|(_, value)| value.clone());
        let key = keyword("key").filter(|key| !is_none(key));
        // A dict is gone through by its keys.
        let functions = usize::from(matches!(name.as_str(), "map" | "filter"));
        let mut args: Vec<Bind> = args.iter().map(|arg| self.keys_of(arg).unwrap_or_else(|| arg.clone())).collect();
        let default = keyword("default").filter(|_| args.len() == 1);
        if functions == 1 || key.is_some() || default.is_some() || pairs {
            for arg in args.iter_mut().skip(functions) {
                *arg = self.listed(arg)?;
            }
        }
        let out = match (name.as_str(), args.as_slice()) {
            ("map", [f, xs]) if keywords.is_empty() => match self.explode(xs) {
                Some(items) => {
                    Bind::List(items.into_iter().map(|item| self.call_bind(f, vec![item])).collect::<Result<_>>()?)
                }
                None => self.in_language("map", MAP, vec![f.clone(), xs.clone()])?,
            },
            ("map", [f, xs, ys]) if keywords.is_empty() => {
                self.in_language("map_of_two", MAP_OF_TWO, vec![f.clone(), xs.clone(), ys.clone()])?
            }
            ("filter", [f, xs]) if is_none(f) => self.in_language("filter_true", FILTER_TRUE, vec![xs.clone()])?,
            ("filter", [f, xs]) => self.in_language("filter", FILTER, vec![f.clone(), xs.clone()])?,
            ("sorted", [xs]) if key.is_some() || self.holds_compound(xs) => {
                self.in_order(xs, key, keyword("reverse"))?
            }
            ("max" | "min", [xs]) if key.is_none() && default.is_some() && self.explode(xs).is_some() => {
                match self.explode(xs) {
                    Some(items) if !items.is_empty() => self.extreme(name, &items)?,
                    _ => default.unwrap_or(Bind::NONE),
                }
            }
            ("max" | "min", args) if key.is_some() || default.is_some() => {
                let own = "def own(x):\n    return x\n";
                let key = match key {
                    Some(key) => key,
                    None => Bind::Function(Rc::new(FunctionBind::definition(
                        &self.session.support_function("own", own)?,
                        &[],
                        None,
                    ))),
                };
                let xs = match args {
                    [xs] => xs.clone(),
                    several => Bind::Tuple(several.to_vec()),
                };
                let source = best(name.as_str(), default.is_some());
                let title = format!("{name}_by_key{}", if default.is_some() { "_or_default" } else { "" });
                self.in_language(&title, &source, vec![xs, key, default.unwrap_or(Bind::NONE)])?
            }
            ("enumerate", [xs]) => {
                let start = keyword("start").unwrap_or(Bind::lit(Literal::Int(0)));
                self.in_language("enumerate", ENUMERATE, vec![xs.clone(), start])?
            }
            ("enumerate", [xs, start]) => self.in_language("enumerate", ENUMERATE, vec![xs.clone(), start.clone()])?,
            ("zip", parts) if keywords.is_empty() => {
                self.in_language(&format!("zip_of_{}", parts.len()), &zip(parts.len()), parts.to_vec())?
            }
            _ => return Ok(None),
        };
        Ok(Some(out))
    }

    /// The items of a sequence in the order of their ranks, which a key gives; without one they are their own.
    pub fn in_order(&mut self, xs: &Bind, key: Option<Bind>, reverse: Option<Bind>) -> Result<Bind> {
        let ranks = match key.filter(|key| !is_none(key)) {
            Some(key) => self.by_item(symbol!("map"), &[key, xs.clone()], &[])?.unwrap_or(Bind::NONE),
            None => xs.clone(),
        };
        let reverse = reverse.unwrap_or(Bind::lit(Literal::Bool(false)));
        self.in_language("in_order", IN_ORDER, vec![xs.clone(), ranks, reverse])
    }

    /// Whether a sequence may hold items other than numbers, with floats among their parts.
    fn holds_compound(&self, xs: &Bind) -> bool {
        match xs.kind(&self.f) {
            kind @ (Kind::List(_) | Kind::Tuple(_) | Kind::ListOf(_)) => {
                let element = kind.element();
                element.may_be_active() && !element.is_scalar()
            }
            _ => false,
        }
    }
}

fn is_none(bind: &Bind) -> bool {
    bind.literal() == Some(Literal::None)
}
