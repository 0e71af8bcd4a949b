//! Subscripts: reading elements, and taking values of known structure apart.

use crate::lang::tree::{Expr, ExprKind};
use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, Index, Op};
use super::super::extents::{Extent, Extents};
use super::super::kind::{DType, Kind, Literal};
use super::{Frame, Lowerer};

impl Lowerer<'_, '_> {
    /// `object[index]`
    pub fn subscript(&mut self, object: &Bind, index: &Expr, fr: &mut Frame) -> Result<Bind> {
        if object.is_zero() {
            return Ok(Bind::Zero);
        }
        if let ExprKind::Slice(start, stop, step) = &index.kind
            && matches!(object.kind(&self.f), Kind::Tuple(_) | Kind::List(_))
            && let Some(items) = self.explode(object)
        {
            let mut bounds = [None; 3];
            let mut known = true;
            for (bound, part) in bounds.iter_mut().zip([start, stop, step]) {
                if let Some(part) = part {
                    match self.expr(part, fr)?.literal() {
                        Some(Literal::Int(i)) => *bound = Some(i),
                        Some(Literal::None) => {}
                        _ => known = false,
                    }
                }
            }
            if known {
                let items = slice_items(&items, bounds);
                return Ok(if matches!(object.kind(&self.f), Kind::Tuple(_)) {
                    Bind::Tuple(items)
                } else {
                    Bind::List(items)
                });
            }
        }
        let index = self.index(index, fr)?;
        self.get(object, index)
    }

    /// The part of a value at an index.
    pub fn get(&mut self, object: &Bind, index: Index) -> Result<Bind> {
        if let Index::At(Atom::Lit(key)) = &index {
            match (object, key) {
                (Bind::Tuple(items) | Bind::List(items), Literal::Int(at)) => {
                    return match position(*at, items.len()) {
                        Some(at) => Ok(items[at].clone()),
                        None => {
                            Err(Error::index(format!("index {at} is out of range for {} items", items.len()))
                                .at(self.span))
                        }
                    };
                }
                (Bind::Dict(items), key) => {
                    return match items.iter().find(|(k, _)| k == key) {
                        Some((_, item)) => Ok(item.clone()),
                        None => Err(Error::index(format!("no key {key:?}")).at(self.span)),
                    };
                }
                _ => {}
            }
        }
        if let Index::At(at) = &index
            && let Some(chosen) = self.chosen(object, at)?
        {
            return Ok(chosen);
        }
        let object = self.atom(object)?;
        Ok(Bind::Atom(self.get_atom(object, index)))
    }

    /// `object[index]` for run-time values.
    pub fn get_atom(&mut self, object: Atom, index: Index) -> Atom {
        if let (Atom::Lit(Literal::Tuple(items)), Index::At(Atom::Lit(Literal::Int(at)))) = (&object, &index)
            && let Some(at) = position(*at, items.len())
        {
            return Atom::Lit(items[at].clone());
        }
        let kind = self.index_kind(&self.f.kind(&object), &index);
        // A part of a dict is called what the dict calls it.
        let name = match &index {
            Index::At(Atom::Lit(Literal::Str(key))) if is_identifier(key) => Symbol::new(key),
            _ => symbol!("t"),
        };
        self.define(name, kind, Op::Index(object, index))
    }

    /// `object[at]`
    pub fn item(&mut self, object: Atom, at: Atom) -> Atom {
        self.get_atom(object, Index::At(at))
    }

    /// The index that stands in a subscript's brackets.
    pub fn index(&mut self, e: &Expr, fr: &mut Frame) -> Result<Index> {
        Ok(match &e.kind {
            ExprKind::Slice(start, stop, step) => {
                let mut part = |e: &Option<Box<Expr>>| e.as_ref().map(|e| self.expr_atom(e, fr)).transpose();
                Index::Slice([part(start)?, part(stop)?, part(step)?])
            }
            ExprKind::Tuple(items) => {
                Index::Tuple(items.iter().map(|item| self.index(item, fr)).collect::<Result<_>>()?)
            }
            ExprKind::Ellipsis => Index::Ellipsis,
            _ => match self.expr(e, fr)? {
                Bind::Tuple(items) => {
                    Index::Tuple(items.iter().map(|item| Ok(Index::At(self.atom(item)?))).collect::<Result<_>>()?)
                }
                other => Index::At(self.atom(&other)?),
            },
        })
    }

    /// Whether what stands at a path within a value is a copy, which is changed in vain, as in NumPy and Python: elements of
    /// an array that arrays pick, or a slice of a list.
    pub fn is_copy(&mut self, base: &Bind, path: &[Index]) -> bool {
        let mut kind = base.kind(&self.f);
        path.iter().enumerate().any(|(at, index)| {
            let copy = match &kind {
                // Only arrays take arrays as indices, but what a truth value picks may be an item of a dict.
                Kind::Any => !matches!(index, Index::At(at) if self.f.kind(at) == Kind::Bool) && self.picks(index),
                Kind::Array(..) => self.picks(index),
                Kind::List(_) | Kind::ListOf(_) => matches!(index, Index::Slice(_)) && at + 1 == path.len(),
                _ => false,
            };
            kind = self.index_kind(&kind, index);
            copy
        })
    }

    /// The kind of `object[index]`.
    pub fn index_kind(&self, object: &Kind, index: &Index) -> Kind {
        match (object, index) {
            (Kind::Array(_, Some(rank), _), index) => self.array_index_kind(object, usize::from(*rank), index),
            (Kind::Tuple(items) | Kind::List(items), Index::At(Atom::Lit(Literal::Int(at)))) => {
                position(*at, items.len()).map_or(Kind::Any, |at| items[at].clone())
            }
            (Kind::Dict(items), Index::At(Atom::Lit(key))) => {
                items.iter().find(|(k, _)| k == key).map_or(Kind::Any, |(_, kind)| kind.clone())
            }
            (Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_), Index::At(at)) if self.f.kind(at) == Kind::Int => {
                object.element()
            }
            (Kind::List(_) | Kind::ListOf(_), Index::Slice(_)) => Kind::ListOf(std::sync::Arc::new(object.element())),
            (Kind::Dict(items), Index::At(_)) => items.iter().fold(Kind::Never, |all, (_, kind)| all.join(kind)),
            (Kind::Str, _) => Kind::Str,
            _ => Kind::Any,
        }
    }

    fn array_index_kind(&self, object: &Kind, rank: usize, index: &Index) -> Kind {
        let single = [index.clone()];
        let parts: &[Index] = match index {
            Index::Tuple(items) => items,
            _ => &single,
        };
        let Some(dtype) = object.dtype() else { return Kind::Any };
        let (mut out, mut used) = (0, 0);
        let mut advanced: Option<usize> = None;
        // The axes of the result, as long as basic indices alone say them.
        let mut axes = Vec::new();
        let mut left = object.extents().axes(rank);
        for part in parts {
            match part {
                Index::Ellipsis => {
                    let after = parts.iter().rev().take_while(|part| **part != Index::Ellipsis);
                    let after = after.filter(|part| !self.is_new_axis(part)).count();
                    let spread = rank.saturating_sub(used + after);
                    axes.extend(left.by_ref().take(spread));
                }
                Index::Slice(bounds) => {
                    let extent = left.next().unwrap_or_default();
                    axes.push(self.slice_length(extent, bounds));
                    out += 1;
                    used += 1;
                }
                Index::At(atom) => match self.f.kind(atom) {
                    Kind::Int => {
                        left.next();
                        used += 1;
                    }
                    Kind::None => {
                        axes.push(Extent::ONE);
                        out += 1;
                    }
                    Kind::Array(DType::Int, Some(r), _) => {
                        used += 1;
                        advanced = Some(advanced.unwrap_or(0).max(r.into()));
                    }
                    Kind::Array(DType::Bool, Some(r), _) => {
                        used += usize::from(r);
                        advanced = Some(advanced.unwrap_or(0).max(1));
                    }
                    Kind::ListOf(item) if item.is_scalar() => {
                        used += 1;
                        advanced = Some(advanced.unwrap_or(0).max(1));
                    }
                    Kind::List(items) if items.iter().all(|k| *k == Kind::Int) => {
                        used += 1;
                        advanced = Some(advanced.unwrap_or(0).max(1));
                    }
                    _ => return Kind::Any,
                },
                Index::Tuple(_) => return Kind::Any,
            }
        }
        if used > rank {
            return Kind::Any;
        }
        let kind = Kind::array(dtype, Some(out + rank - used + advanced.unwrap_or(0)));
        if advanced.is_some() {
            return kind;
        }
        axes.extend(left);
        kind.with_extents(Extents::of(axes.into_iter()))
    }

    fn is_new_axis(&self, index: &Index) -> bool {
        matches!(index, Index::At(atom) if self.f.kind(atom) == Kind::None)
    }

    /// The items of a tuple or list of known length.
    pub fn explode(&mut self, bind: &Bind) -> Option<Vec<Bind>> {
        match bind {
            Bind::Tuple(items) | Bind::List(items) => Some(items.clone()),
            Bind::Atom(Atom::Lit(Literal::Tuple(items))) => Some(items.iter().cloned().map(Bind::lit).collect()),
            Bind::Atom(atom @ Atom::Var(_)) => match self.f.kind(atom) {
                Kind::Tuple(items) | Kind::List(items) => {
                    Some((0..items.len() as i64).map(|at| Bind::Atom(self.item(atom.clone(), Atom::int(at)))).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a dict of known keys.
    pub fn explode_dict(&mut self, bind: &Bind) -> Option<Vec<(Literal, Bind)>> {
        match bind {
            Bind::Dict(items) => Some(items.clone()),
            Bind::Atom(atom @ Atom::Var(_)) => match self.f.kind(atom) {
                Kind::Dict(items) => Some(
                    items
                        .iter()
                        .map(|(key, _)| (key.clone(), Bind::Atom(self.item(atom.clone(), Atom::Lit(key.clone())))))
                        .collect(),
                ),
                _ => None,
            },
            _ => None,
        }
    }
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The position that an index, negative ones counted from the end, stands for.
pub fn position(at: i64, length: usize) -> Option<usize> {
    let at = if at < 0 { at + length as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < length)
}

/// Where a new item goes, or a slice begins or ends, that is said to be at an index: negative ones are counted from the end.
pub fn clamped(at: i64, length: usize) -> usize {
    let length = length as i64;
    (if at < 0 { at + length } else { at }).clamp(0, length) as usize
}

/// The items that a slice names.
pub fn slice_items<T: Clone>(items: &[T], [start, stop, step]: [Option<i64>; 3]) -> Vec<T> {
    let length = items.len() as i64;
    let step = step.unwrap_or(1);
    let clamp = |at: i64, low: i64, high: i64| (if at < 0 { at + length } else { at }).clamp(low, high);
    let mut out = Vec::new();
    if step > 0 {
        let mut at = start.map_or(0, |s| clamp(s, 0, length));
        let stop = stop.map_or(length, |s| clamp(s, 0, length));
        while at < stop {
            out.push(items[at as usize].clone());
            at += step;
        }
    } else if step < 0 {
        let mut at = start.map_or(length - 1, |s| clamp(s, -1, length - 1));
        let stop = stop.map_or(-1, |s| clamp(s, -1, length - 1));
        while at > stop {
            out.push(items[at as usize].clone());
            at += step;
        }
    }
    out
}
