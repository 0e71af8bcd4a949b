//! What a name stands for while a function is lowered: an atom of core, or a structure of atoms that never needs to
//! exist at run time. Tuples, lists and dicts that are taken apart again leave no trace, and a function value is its
//! definition together with what it captured.

use std::rc::Rc;
use std::sync::Arc;

use crate::lang::Symbol;

use super::core::{Atom, Function};
use super::kind::{CodeRef, FunctionKind, Kind, Literal, Operand};

/// A value known at transformation time, up to its atoms.
#[derive(Clone, Debug)]
pub enum Bind {
    /// A run-time value or a constant.
    Atom(Atom),
    /// A tuple of known length.
    Tuple(Vec<Bind>),
    /// A list of known length.
    List(Vec<Bind>),
    /// A dict of known keys.
    Dict(Vec<(Literal, Bind)>),
    /// A known function.
    Function(Rc<FunctionBind>),
    /// One of several known functions.
    Choice(Rc<ChoiceBind>),
    /// A module.
    Module(Symbol),
    /// The symbolic zero of derivative code: what it multiplies is zero, whatever the other factor.
    Zero,
    /// A value that cannot be known here; the reason.
    Unknown(&'static str),
}

/// A known function with what it captured.
#[derive(Clone, Debug)]
pub struct FunctionBind {
    /// Which function.
    pub target: Target,
    /// What it captured, in the order of its definition's captures.
    pub captures: Vec<Bind>,
    /// Its defaults, one for each parameter that has one.
    pub defaults: Vec<Bind>,
    /// The global name it was found under, by which unchanged calls refer to it.
    pub global: Option<Symbol>,
}

/// One of several known functions; which is known when the program runs.
#[derive(Clone, Debug)]
pub struct ChoiceBind {
    /// The position of the function among the options.
    pub which: Atom,
    /// The functions, no two of the same definition.
    pub options: Vec<Rc<FunctionBind>>,
}

/// Which function a [`FunctionBind`] is.
#[derive(Clone, Debug)]
pub enum Target {
    /// A definition in a script.
    Script(CodeRef),
    /// A function of the library.
    Builtin(Symbol),
    /// A function of the host.
    Host(CodeRef),
    /// `grad(f)` and its kin.
    Derived(Symbol, Vec<Literal>, Rc<FunctionBind>),
}

impl Bind {
    /// A constant.
    pub fn lit(literal: Literal) -> Bind {
        Bind::Atom(Atom::Lit(literal))
    }

    /// `None`
    pub const NONE: Bind = Bind::Atom(Atom::Lit(Literal::None));

    /// Whether it is the symbolic zero, in every part.
    pub fn is_zero(&self) -> bool {
        match self {
            Bind::Zero => true,
            Bind::Tuple(items) | Bind::List(items) => !items.is_empty() && items.iter().all(Bind::is_zero),
            Bind::Dict(items) => !items.is_empty() && items.iter().all(|(_, item)| item.is_zero()),
            _ => false,
        }
    }

    /// The constant it is, if it is one throughout.
    pub fn literal(&self) -> Option<Literal> {
        match self {
            Bind::Atom(Atom::Lit(literal)) => Some(literal.clone()),
            Bind::Tuple(items) => items.iter().map(Bind::literal).collect::<Option<_>>().map(Literal::Tuple),
            _ => None,
        }
    }

    /// What is known of the value.
    pub fn operand(&self, f: &Function) -> Operand {
        Operand { kind: self.kind(f), literal: self.literal() }
    }

    /// The kind of the value.
    pub fn kind(&self, f: &Function) -> Kind {
        match self {
            Bind::Atom(atom) => f.kind(atom),
            Bind::Tuple(items) => Kind::Tuple(items.iter().map(|item| item.kind(f)).collect()),
            Bind::List(items) => Kind::List(items.iter().map(|item| item.kind(f)).collect()),
            Bind::Dict(items) => Kind::Dict(items.iter().map(|(key, item)| (key.clone(), item.kind(f))).collect()),
            Bind::Function(function) => function.kind(f).map_or(Kind::Other, |kind| Kind::Function(Arc::new(kind))),
            Bind::Choice(_) => Kind::Other,
            Bind::Module(name) => Kind::Module(*name),
            Bind::Zero => Kind::Never,
            Bind::Unknown(_) => Kind::Any,
        }
    }

    /// Visits every atom.
    pub fn each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match self {
            Bind::Atom(atom) => visit(atom),
            Bind::Tuple(items) | Bind::List(items) => items.iter().for_each(|item| item.each_atom(visit)),
            Bind::Dict(items) => items.iter().for_each(|(_, item)| item.each_atom(visit)),
            Bind::Function(function) => function.each_atom(visit),
            Bind::Choice(choice) => {
                visit(&choice.which);
                choice.options.iter().for_each(|option| option.each_atom(visit));
            }
            Bind::Module(_) | Bind::Zero | Bind::Unknown(_) => {}
        }
    }

    /// The functions it may be, where it is a function.
    pub fn options(&self) -> Option<&[Rc<FunctionBind>]> {
        match self {
            Bind::Function(function) => Some(std::slice::from_ref(function)),
            Bind::Choice(choice) => Some(&choice.options),
            _ => None,
        }
    }

    /// Whether a function is the value or among its parts.
    pub fn holds_function(&self) -> bool {
        match self {
            Bind::Function(_) | Bind::Choice(_) => true,
            Bind::Tuple(items) | Bind::List(items) => items.iter().any(Bind::holds_function),
            Bind::Dict(items) => items.iter().any(|(_, item)| item.holds_function()),
            _ => false,
        }
    }

    /// Whether both are the same value as far as can be seen.
    pub fn same(&self, other: &Bind) -> bool {
        match (self, other) {
            (Bind::Atom(a), Bind::Atom(b)) => a == b,
            (Bind::Tuple(a), Bind::Tuple(b)) | (Bind::List(a), Bind::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same(y))
            }
            (Bind::Dict(a), Bind::Dict(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.0 == y.0 && x.1.same(&y.1))
            }
            (Bind::Function(a), Bind::Function(b)) => a.same(b),
            (Bind::Choice(a), Bind::Choice(b)) => {
                a.which == b.which
                    && a.options.len() == b.options.len()
                    && a.options.iter().zip(&b.options).all(|(x, y)| x.same(y))
            }
            (Bind::Module(a), Bind::Module(b)) => a == b,
            (Bind::Zero, Bind::Zero) => true,
            _ => false,
        }
    }
}

impl FunctionBind {
    /// A function of the host.
    pub fn host(code: &CodeRef, global: Option<Symbol>) -> FunctionBind {
        FunctionBind { target: Target::Host(code.clone()), captures: vec![], defaults: vec![], global }
    }

    /// A library function.
    pub fn builtin(name: Symbol) -> FunctionBind {
        FunctionBind { target: Target::Builtin(name), captures: vec![], defaults: vec![], global: None }
    }

    /// A function of a script, without its captures.
    pub fn definition(code: &CodeRef, defaults: &[Operand], global: Option<Symbol>) -> FunctionBind {
        const UNKNOWN: &str = "a default that is not a constant cannot be used here yet: pass the argument";
        let defaults = defaults.iter().map(|d| d.literal.clone().map_or(Bind::Unknown(UNKNOWN), Bind::lit)).collect();
        FunctionBind { target: Target::Script(code.clone()), captures: vec![], defaults, global }
    }

    /// What it holds: what it captured, then its defaults that are no constants; of a derivative, what its function holds.
    pub fn held(&self) -> Vec<&Bind> {
        match &self.target {
            Target::Derived(_, _, inner) => inner.held(),
            _ => self.captures.iter().chain(self.defaults.iter().filter(|d| d.literal().is_none())).collect(),
        }
    }

    /// Visits every atom.
    fn each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match &self.target {
            Target::Derived(_, _, inner) => inner.each_atom(visit),
            _ => self.captures.iter().chain(&self.defaults).for_each(|c| c.each_atom(visit)),
        }
    }

    /// The same function with another target.
    pub fn with_target(&self, target: Target) -> FunctionBind {
        FunctionBind { target, ..self.clone() }
    }

    /// The functions whose derivative both are.
    pub fn derived_from<'a>(&'a self, other: &'a FunctionBind) -> Option<(&'a Rc<FunctionBind>, &'a Rc<FunctionBind>)> {
        match (&self.target, &other.target) {
            (Target::Derived(_, _, inner), Target::Derived(_, _, other)) => Some((inner, other)),
            _ => None,
        }
    }

    fn same(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        Rc::ptr_eq(self, other)
            || self.same_target(other)
                && self.derived_from(other).is_none_or(|(a, b)| a.same(b))
                && self.captures.iter().zip(&other.captures).all(|(x, y)| x.same(y))
                && self.defaults.iter().zip(&other.defaults).all(|(x, y)| x.same(y))
    }

    /// Whether both are made by the same definition, with captures that may differ.
    pub fn same_target(&self, other: &FunctionBind) -> bool {
        self.captures.len() == other.captures.len()
            && self.defaults.len() == other.defaults.len()
            && match (&self.target, &other.target) {
                (Target::Script(a), Target::Script(b)) => a == b,
                (Target::Builtin(a), Target::Builtin(b)) => a == b,
                (Target::Host(a), Target::Host(b)) => a == b,
                (Target::Derived(a, m, f), Target::Derived(b, n, g)) => a == b && m == n && f.same_target(g),
                _ => false,
            }
    }

    /// The kind of the function value.
    pub fn kind(&self, f: &Function) -> Option<FunctionKind> {
        Some(match &self.target {
            Target::Script(code) => FunctionKind::Script {
                code: code.clone(),
                captures: self.captures.iter().map(|c| c.kind(f)).collect(),
                defaults: self.defaults.iter().map(|d| d.operand(f)).collect(),
            },
            Target::Builtin(name) => FunctionKind::Builtin(*name),
            Target::Host(code) => FunctionKind::Host(code.clone()),
            Target::Derived(transform, options, inner) => FunctionKind::Derived {
                transform: *transform,
                options: options.clone(),
                function: Arc::new(inner.kind(f)?),
            },
        })
    }
}
