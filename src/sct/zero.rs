//! Zeros that have to exist: symbolic zeros stay symbolic until a branch, a loop or the caller needs a value.

use crate::lang::{Result, symbol};

use super::bind::Bind;
use super::core::{Atom, Block, StmtKind, Var};
use super::kind::{DType, Kind, Literal};
use super::lower::Lowerer;
use rustc_hash::FxHashSet;

impl Lowerer<'_, '_> {
    /// A zero in the structure of a value: 0.0 for a number, zeros for an array, mirrored containers, `None` for what
    /// holds no number.
    pub fn zero_of(&mut self, primal: &Bind) -> Result<Bind> {
        Ok(match primal {
            Bind::Tuple(items) => Bind::Tuple(items.iter().map(|item| self.zero_of(item)).collect::<Result<_>>()?),
            Bind::List(items) => Bind::List(items.iter().map(|item| self.zero_of(item)).collect::<Result<_>>()?),
            Bind::Dict(items) => {
                let zero = |(key, item): &(Literal, Bind)| Ok((key.clone(), self.zero_of(item)?));
                Bind::Dict(items.iter().map(zero).collect::<Result<_>>()?)
            }
            Bind::Atom(Atom::Undefined) => Bind::Atom(Atom::Undefined),
            Bind::Atom(atom) => match self.f.kind(atom) {
                Kind::Float | Kind::Int | Kind::Bool | Kind::Packed(_) => Bind::Atom(Atom::float(0.0)),
                Kind::Array(DType::Float, _, _) => Bind::Atom(self.call(symbol!("np.zeros_like"), vec![atom.clone()])),
                Kind::None | Kind::Str | Kind::Range | Kind::Other | Kind::Generator | Kind::Never => Bind::NONE,
                Kind::Tuple(_) | Kind::List(_) => match self.explode(primal) {
                    Some(items) if items.len() <= 64 => {
                        let whole = if matches!(self.f.kind(atom), Kind::Tuple(_)) {
                            Bind::Tuple(items)
                        } else {
                            Bind::List(items)
                        };
                        self.zero_of(&whole)?
                    }
                    _ => Bind::Atom(self.call(symbol!("cotangent.zeros_like"), vec![atom.clone()])),
                },
                Kind::Dict(_) => match self.explode_dict(primal) {
                    Some(items) => self.zero_of(&Bind::Dict(items))?,
                    None => Bind::Atom(self.call(symbol!("cotangent.zeros_like"), vec![atom.clone()])),
                },
                _ => Bind::Atom(self.call(symbol!("cotangent.zeros_like"), vec![atom.clone()])),
            },
            _ => Bind::NONE,
        })
    }

    /// The zeros of a variable that may hold no value: nothing where it does not.
    pub fn zeros_if_set(&mut self, atom: &Atom) -> Atom {
        match self.f.kind(atom) {
            Kind::Float | Kind::Int | Kind::Bool | Kind::Packed(_) => Atom::float(0.0),
            _ => self.call(symbol!("cotangent.zeros_like"), vec![atom.clone()]),
        }
    }

    /// A cotangent or tangent with every symbolic zero in it made a value, in the structure of the primal.
    pub fn materialise(&mut self, bar: &Bind, primal: &Bind) -> Result<Bind> {
        Ok(match bar {
            Bind::Zero => self.zero_of(primal)?,
            Bind::Tuple(items) => Bind::Tuple(self.materialise_all(items, primal)?),
            Bind::List(items) => Bind::List(self.materialise_all(items, primal)?),
            Bind::Dict(items) => {
                let Some(parts) = self.explode_dict(primal) else {
                    let zero = self.zero_of(primal)?;
                    return self.accumulate(&zero, bar);
                };
                let mut out = Vec::new();
                for (key, part) in &parts {
                    let bar = items.iter().find(|(k, _)| k == key).map_or(&Bind::Zero, |(_, bar)| bar);
                    out.push((key.clone(), self.materialise(bar, part)?));
                }
                Bind::Dict(out)
            }
            other => other.clone(),
        })
    }

    fn materialise_all(&mut self, items: &[Bind], primal: &Bind) -> Result<Vec<Bind>> {
        let primals = match items.iter().any(|item| !matches!(item, Bind::Atom(_))) {
            true => self.items_of(primal, items.len()),
            false => vec![],
        };
        (0..items.len())
            .map(|at| {
                let primal = primals.get(at).cloned().unwrap_or(Bind::Atom(Atom::float(0.0)));
                self.materialise(&items[at], &primal)
            })
            .collect()
    }

    /// As [`Lowerer::materialise`], as one value.
    pub fn materialise_atom(&mut self, bar: &Bind, primal: &Bind) -> Result<Atom> {
        let bar = self.materialise(bar, primal)?;
        self.atom(&bar)
    }

    /// `bar` with as much structure as `like` has, so that the two can be joined part by part.
    pub fn fill(&mut self, bar: &Bind, like: &Bind, primal: &Bind) -> Result<Bind> {
        Ok(match (bar, like) {
            (Bind::Zero, Bind::Zero) => Bind::Zero,
            (Bind::List(own), Bind::List(parts)) if own.len() != parts.len() => {
                Bind::Atom(self.materialise_atom(bar, primal)?)
            }
            // What the other belongs to may be of another structure.
            (Bind::Zero, Bind::Tuple(parts) | Bind::List(parts))
                if self.explode(primal).is_none_or(|items| items.len() != parts.len()) =>
            {
                Bind::Atom(self.materialise_atom(bar, primal)?)
            }
            (Bind::Zero, Bind::Atom(_)) => self.zero_of(primal)?,
            (_, Bind::Tuple(parts)) if !matches!(bar, Bind::Atom(_)) => Bind::Tuple(self.fill_all(bar, parts, primal)?),
            (_, Bind::List(parts)) if !matches!(bar, Bind::Atom(_)) => Bind::List(self.fill_all(bar, parts, primal)?),
            (Bind::Zero | Bind::Dict(_), Bind::Dict(parts)) => {
                let Some(primals) = self.explode_dict(primal) else {
                    return Ok(Bind::Atom(self.materialise_atom(bar, primal)?));
                };
                let mut out = Vec::new();
                for (key, primal) in &primals {
                    let part = parts.iter().find(|(k, _)| k == key).map_or(&Bind::Zero, |(_, part)| part);
                    let own = match bar {
                        Bind::Dict(items) => items.iter().find(|(k, _)| k == key).map_or(&Bind::Zero, |(_, own)| own),
                        _ => &Bind::Zero,
                    };
                    out.push((key.clone(), self.fill(own, part, primal)?));
                }
                Bind::Dict(out)
            }
            (Bind::Tuple(_) | Bind::List(_) | Bind::Dict(_), Bind::Atom(_)) => {
                Bind::Atom(self.materialise_atom(bar, primal)?)
            }
            _ => bar.clone(),
        })
    }

    /// A cotangent with as much structure as `like`, where it is in one piece.
    pub fn taken_apart(&mut self, bar: &Bind, like: &Bind) -> Bind {
        match (bar, like) {
            (Bind::Atom(whole), Bind::Tuple(parts)) => Bind::Tuple(self.items_apart(whole, parts)),
            (Bind::Atom(whole), Bind::List(parts)) => Bind::List(self.items_apart(whole, parts)),
            (Bind::Atom(whole), Bind::Dict(parts)) => {
                let mut items = Vec::new();
                for (key, part) in parts {
                    let item = Bind::Atom(self.item(whole.clone(), Atom::Lit(key.clone())));
                    items.push((key.clone(), self.taken_apart(&item, part)));
                }
                Bind::Dict(items)
            }
            _ => bar.clone(),
        }
    }

    fn items_apart(&mut self, whole: &Atom, parts: &[Bind]) -> Vec<Bind> {
        let mut items = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let item = Bind::Atom(self.item(whole.clone(), Atom::int(at as i64)));
            items.push(self.taken_apart(&item, part));
        }
        items
    }

    /// So many items of a value that has them.
    fn items_of(&mut self, value: &Bind, count: usize) -> Vec<Bind> {
        match (self.explode(value), value) {
            (Some(items), _) => items,
            (None, Bind::Atom(atom @ Atom::Var(_))) if matches!(self.f.kind(atom), Kind::Any | Kind::ListOf(_)) => {
                (0..count as i64).map(|at| Bind::Atom(self.item(atom.clone(), Atom::int(at)))).collect()
            }
            _ => vec![],
        }
    }

    fn fill_all(&mut self, bar: &Bind, parts: &[Bind], primal: &Bind) -> Result<Vec<Bind>> {
        let primals = self.items_of(primal, parts.len());
        let mut out = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let own = match bar {
                Bind::Tuple(items) | Bind::List(items) => items.get(at).cloned().unwrap_or(Bind::Zero),
                _ => Bind::Zero,
            };
            let primal = primals.get(at).cloned().unwrap_or(Bind::Atom(Atom::float(0.0)));
            out.push(self.fill(&own, part, &primal)?);
        }
        Ok(out)
    }
}

/// The variables that hold no value on some path to where they are defined: nothing may be computed from them unless
/// the program itself does.
pub fn maybe_undefined(body: &Block) -> FxHashSet<Var> {
    let mut set = FxHashSet::default();
    loop {
        let before = set.len();
        body.each_stmt(&mut |stmt| match &stmt.kind {
            StmtKind::If { joins, .. } => {
                for join in joins {
                    if undefined(&join.then, &set) || undefined(&join.otherwise, &set) {
                        set.insert(join.var);
                    }
                }
            }
            StmtKind::Loop(looping) => {
                for carried in &looping.carried {
                    if undefined(&carried.init, &set) {
                        set.insert(carried.inner);
                        set.insert(carried.outer);
                    }
                }
            }
            StmtKind::Let(var, super::core::Op::Copy(atom)) if undefined(atom, &set) => {
                set.insert(*var);
            }
            _ => {}
        });
        if set.len() == before {
            return set;
        }
    }
}

fn undefined(atom: &Atom, set: &FxHashSet<Var>) -> bool {
    match atom {
        Atom::Undefined => true,
        Atom::Var(var) => set.contains(var),
        Atom::Lit(_) => false,
    }
}
