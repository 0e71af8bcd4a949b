//! The kind of a value that is there.

use std::sync::Arc;

use super::function::{Closure, Function};
use super::value::{Key, List, Shown, Value};
use crate::lang::Symbol;
use crate::sct::extents::{Extent, Extents};
use crate::sct::kind::{CodeRef, FunctionKind, Kind, Literal, Operand};

/// Containers longer than this are known by one kind for all elements.
const EXACT: usize = 64;
/// Nesting deeper than this is not looked at.
const DEPTH: usize = 6;

/// The lengths of the axes of a call's arguments, by their labels.
#[derive(Debug, Default)]
pub struct Sizes(Vec<usize>);

impl Sizes {
    /// The kind of a value, with labels in place of the lengths of axes.
    pub fn kind_of(&mut self, value: &Value) -> Kind {
        kind_within(value, DEPTH, &mut |length| self.extent(length))
    }

    /// What is known of a function value, with labels in place of the lengths of axes.
    pub fn function_kind(&mut self, function: &Function) -> Option<FunctionKind> {
        function_within(function, DEPTH, &mut |length| self.extent(length))
    }

    /// What is known of the axes of a shape.
    pub fn extents(&mut self, shape: &[usize]) -> Extents {
        extents_of(shape, &mut |length| self.extent(length))
    }

    /// The lengths, by label.
    pub fn lengths(self) -> Vec<usize> {
        self.0
    }

    /// Whether an axis can be what is known of it.
    #[cfg(debug_assertions)]
    pub fn describe(&self, extent: Extent, length: usize) -> bool {
        match extent.label() {
            Some(label) => self.0.get(label) == Some(&length),
            None => extent == Extent::UNKNOWN || length == 1,
        }
    }

    fn extent(&mut self, length: usize) -> Extent {
        if length == 1 {
            return Extent::ONE;
        }
        let label = self.0.iter().position(|known| *known == length).unwrap_or_else(|| {
            self.0.push(length);
            self.0.len() - 1
        });
        Extent::labelled(label)
    }
}

/// The kind of a value: short containers exactly, nothing of the lengths of axes.
pub fn kind_of(value: &Value) -> Kind {
    kind_within(value, DEPTH, &mut |_| Extent::UNKNOWN)
}

/// What is known of the axes of a shape, of which the first one is asked for first.
fn extents_of(shape: &[usize], extent: &mut dyn FnMut(usize) -> Extent) -> Extents {
    let mut extents = Extents::UNKNOWN;
    for (axis, length) in shape.iter().enumerate() {
        extents.set_from_last(shape.len() - 1 - axis, extent(*length));
    }
    extents
}

fn kind_within(value: &Value, depth: usize, extent: &mut dyn FnMut(usize) -> Extent) -> Kind {
    if depth == 0 && matches!(value, Value::Tuple(_) | Value::List(_) | Value::Dict(_) | Value::Function(_)) {
        return Kind::Any;
    }
    match value {
        Value::None => Kind::None,
        Value::Bool(_) => Kind::Bool,
        Value::Int(_) => Kind::Int,
        Value::Float(_) => Kind::Float,
        Value::Str(_) => Kind::Str,
        Value::Array(a) => Kind::array(a.dtype(), Some(a.ndim())).with_extents(extents_of(a.shape(), extent)),
        Value::Tuple(items) if items.len() <= EXACT => {
            Kind::Tuple(items.iter().map(|v| kind_within(v, depth - 1, extent)).collect())
        }
        Value::Tuple(_) => Kind::Any,
        Value::List(list) => match &**list {
            List::Floats(items) if items.len() > EXACT => Kind::ListOf(Arc::new(Kind::Float)),
            List::Ints(items) if items.len() > EXACT => Kind::ListOf(Arc::new(Kind::Int)),
            List::Floats(items) => Kind::List(items.iter().map(|_| Kind::Float).collect()),
            List::Ints(items) => Kind::List(items.iter().map(|_| Kind::Int).collect()),
            List::Values(items) if items.len() <= EXACT => {
                Kind::List(items.iter().map(|v| kind_within(v, depth - 1, extent)).collect())
            }
            List::Values(items) => Kind::ListOf(Arc::new(
                items.iter().fold(Kind::Never, |all, item| all.join(&kind_within(item, depth - 1, extent))),
            )),
        },
        Value::Dict(dict) if dict.len() <= EXACT => {
            let items: Option<Vec<_>> =
                dict.iter().map(|(k, v)| Some((key_literal(k)?, kind_within(v, depth - 1, extent)))).collect();
            items.map_or(Kind::Any, |items| Kind::Dict(items.into()))
        }
        Value::Dict(_) => Kind::Any,
        Value::View(_) => Kind::View(Arc::new(Kind::Any)),
        Value::Function(f) => function_within(f, depth, extent).map_or(Kind::Any, |f| Kind::Function(Arc::new(f))),
        Value::Module(name) => Kind::Module(*name),
        Value::Range(_) => Kind::Range,
        Value::Generator(_) => Kind::Generator,
        Value::Slice(_) | Value::Ellipsis | Value::DType(_) | Value::Factor(_) => Kind::Other,
    }
}

/// What is known of a function value; nothing for those of the host and for partial applications.
pub fn function_kind(function: &Function) -> Option<FunctionKind> {
    function_within(function, DEPTH, &mut |_| Extent::UNKNOWN)
}

/// The values that a closure holds: what it captured, then its defaults that are no constants.
pub fn held(closure: &Closure) -> impl Iterator<Item = &Value> {
    let defaults = closure.defaults.iter().filter(|default| operand_of(default).literal.is_none());
    closure.captures.iter().chain(defaults)
}

fn function_within(function: &Function, depth: usize, extent: &mut dyn FnMut(usize) -> Extent) -> Option<FunctionKind> {
    let below = depth.checked_sub(1)?;
    match function {
        Function::Closure(Closure { code, captures, defaults }) => Some(FunctionKind::Script {
            code: CodeRef(code.clone()),
            captures: captures.iter().map(|v| kind_within(v, below, extent)).collect(),
            defaults: defaults.iter().map(operand_of).collect(),
        }),
        Function::Builtin(builtin) => Some(FunctionKind::Builtin(Symbol::new(builtin.name))),
        Function::Derived(derived) => {
            // A chain of derivatives is as deep as its innermost function.
            let mut chain = vec![derived];
            let innermost = loop {
                match &chain.last()?.function {
                    Value::Function(f) => match &**f {
                        Function::Derived(inner) => chain.push(inner),
                        other => break other,
                    },
                    _ => return None,
                }
            };
            chain.into_iter().rev().try_fold(function_within(innermost, depth, extent)?, |function, derived| {
                Some(FunctionKind::Derived {
                    transform: derived.transform,
                    options: derived.options.clone(),
                    function: Arc::new(function),
                })
            })
        }
        Function::Host(host) => Some(FunctionKind::Host(CodeRef(host.code.clone()))),
        Function::Partial(..) => None,
    }
}

/// A value as a constant: its kind and, for what a literal can say, the value.
pub fn operand_of(value: &Value) -> Operand {
    match literal_of(value) {
        Some(literal) => literal.into(),
        None => kind_of(value).into(),
    }
}

/// A value as a literal, where it is one.
pub fn literal_of(value: &Value) -> Option<Literal> {
    literal_within(value, DEPTH)
}

fn literal_within(value: &Value, depth: usize) -> Option<Literal> {
    Some(match value {
        Value::None => Literal::None,
        Value::Bool(b) => Literal::Bool(*b),
        Value::Int(i) => Literal::Int(*i),
        Value::Float(x) => Literal::Float(*x),
        Value::Str(s) => Literal::Str(s.as_str().into()),
        Value::Tuple(items) if items.len() <= EXACT => {
            let below = depth.checked_sub(1)?;
            Literal::Tuple(items.iter().map(|item| literal_within(item, below)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The value of a literal.
pub fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::None,
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(i) => Value::Int(*i),
        Literal::Float(x) => Value::Float(*x),
        Literal::Str(s) => Value::Str(Arc::new(s.to_string())),
        Literal::Tuple(items) => Value::Tuple(Arc::new(items.iter().map(literal_value).collect())),
        Literal::Dict(items) => {
            let pair =
                |(key, item): &(Literal, Literal)| Some((Key::new(&literal_value(key)).ok()?, literal_value(item)));
            Value::Dict(Arc::new(items.iter().filter_map(pair).collect()))
        }
    }
}

/// A dict's key as a literal.
pub fn key_literal(key: &Key) -> Option<Literal> {
    Some(match key {
        Key::Str(s) => Literal::Str(s.as_str().into()),
        Key::Int(i, Shown::Int) => Literal::Int(*i),
        Key::Int(i, Shown::Bool) => Literal::Bool(*i != 0),
        Key::Int(i, Shown::Float) => Literal::Float(*i as f64),
        Key::Float(bits) => Literal::Float(f64::from_bits(*bits)),
        Key::Tuple(items) => Literal::Tuple(items.iter().map(key_literal).collect::<Option<_>>()?),
        Key::None => Literal::None,
    })
}

/// The kind that code is compiled for: as known as typed instructions make use of, no more, so that a list that grows
/// does not make a new version of every function it is passed to.
pub fn coarse(kind: &Kind) -> Kind {
    coarse_within(kind, DEPTH)
}

fn coarse_within(kind: &Kind, depth: usize) -> Kind {
    if depth == 0 && !kind.is_scalar() {
        return Kind::Any;
    }
    match kind {
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(|k| coarse_within(k, depth - 1)).collect()),
        Kind::List(_) => match coarse_within(&kind.element(), depth - 1) {
            Kind::Any | Kind::Never => Kind::ListOf(Arc::new(Kind::Any)),
            element => Kind::ListOf(Arc::new(element)),
        },
        Kind::ListOf(element) => Kind::ListOf(Arc::new(coarse_within(element, depth - 1))),
        Kind::Dict(items) => Kind::Dict(items.iter().map(|(k, v)| (k.clone(), coarse_within(v, depth - 1))).collect()),
        Kind::Never => Kind::Any,
        Kind::Array(dtype, rank, _) => Kind::Array(*dtype, *rank, Extents::UNKNOWN),
        other => other.clone(),
    }
}
