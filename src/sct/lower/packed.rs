//! Closures as values. Where a closure must exist when the program runs, in a list whose length is not known or as what a
//! loop carries in a container, it is a tuple: a number that only its kind gives a meaning, and what it captured. The
//! definition it belongs to is part of that kind, so that a call of it is known.
//!
//! ```text
//! fs = []                                     fs = []
//! for i in range(n):                          for i in range(n):
//!     fs.append(lambda z: a * z + i)    ⟶         fs.append((0, a, i))
//! for f in fs:                                for f in fs:
//!     x = f(x)                                    x = f[1] * x + f[2]
//! ```

use std::rc::Rc;
use std::sync::Arc;

use crate::lang::{Error, Result, symbol};

use super::super::bind::{Bind, FunctionBind, Target};
use super::super::core::{Atom, Function, Op, StmtKind};
use super::super::kind::{Kind, Literal};
use super::Lowerer;

/// The operations that pass the items of containers on as they are.
const PASSING: [&str; 5] = ["len", "list", "operator.add", "operator.mul", "reversed"];

impl Lowerer<'_, '_> {
    /// A closure as the tuple of what it captured.
    pub fn pack(&mut self, function: &FunctionBind) -> Result<Atom> {
        let kind = self.packed_kind(function).ok_or_else(|| escaping().at(self.span))?;
        let held = function.held().into_iter().map(|held| self.atom(held));
        let items = std::iter::once(Ok(Atom::int(0))).chain(held).collect::<Result<_>>()?;
        self.packs = true;
        Ok(self.define(symbol!("f"), kind, Op::Tuple(items)))
    }

    fn packed_kind(&self, function: &FunctionBind) -> Option<Kind> {
        let definition = Kind::Packed(Arc::new(function.kind(&self.f)?.definition()));
        let held = function.held().into_iter().map(|held| self.kind_as_atom(held));
        Some(Kind::Tuple(std::iter::once(definition).chain(held).collect()))
    }

    /// The kind that a value has where it exists as one.
    pub fn kind_as_atom(&self, value: &Bind) -> Kind {
        let all = |items: &[Bind]| items.iter().map(|item| self.kind_as_atom(item)).collect();
        match value {
            Bind::Tuple(items) => Kind::Tuple(all(items)),
            Bind::List(items) => Kind::List(all(items)),
            Bind::Dict(items) => {
                Kind::Dict(items.iter().map(|(key, item)| (key.clone(), self.kind_as_atom(item))).collect())
            }
            Bind::Function(function) if function.global.is_none() && !matches!(function.target, Target::Builtin(_)) => {
                self.packed_kind(function).unwrap_or(Kind::Any)
            }
            _ => value.kind(&self.f),
        }
    }

    /// Whether two values that hold functions are of one kind that tells which functions these are.
    pub fn join_as_values(&self, a: &Bind, b: &Bind) -> bool {
        is_known(&self.kind_as_atom(a).join(&self.kind_as_atom(b)))
    }

    /// A value, as the function that it is where it is one.
    pub fn unpacked(&mut self, value: Bind) -> Result<Bind> {
        let Bind::Atom(atom @ Atom::Var(var)) = &value else { return Ok(value) };
        let kinds = match &self.f.info(*var).kind {
            kind @ Kind::Function(_) => return self.structure(&kind.clone(), atom.clone()),
            Kind::Tuple(kinds) => kinds.clone(),
            _ => return Ok(value),
        };
        let Some((Kind::Packed(definition), held)) = kinds.split_first() else { return Ok(value) };
        let parts = (1..).zip(held).map(|(at, kind)| {
            let part = self.item(atom.clone(), Atom::Lit(Literal::Int(at)));
            self.structure(kind, part)
        });
        let mut parts = parts.collect::<Result<Vec<_>>>()?.into_iter();
        let function = self.function_of(definition, &mut |_, _, _| Ok(parts.next().unwrap_or(Bind::NONE)))?;
        Ok(Bind::Function(Rc::new(function)))
    }
}

/// Checks that what leaves the function is no closure's value.
pub fn known_outside(result: &Kind, f: &Function) -> Result<()> {
    if result.holds_packed() { Err(escaping().at(f.span)) } else { Ok(()) }
}

/// Checks that closures that are values stay among what is known of them.
pub fn stay_known(f: &Function) -> Result<()> {
    let mut found = Ok(());
    f.body.each_stmt(&mut |stmt| {
        let escapes = match &stmt.kind {
            StmtKind::Let(_, Op::Call(name, args)) if !PASSING.contains(&name.as_str()) => {
                args.iter().any(|arg| f.kind(arg).holds_packed())
            }
            StmtKind::Let(_, Op::Apply(..) | Op::Format(_)) => {
                let mut any = false;
                stmt.kind.each_atom(&mut |atom| any |= f.kind(atom).holds_packed());
                any
            }
            _ => false,
        };
        if escapes && found.is_ok() {
            found = Err(escaping().at(stmt.span));
        }
    });
    found
}

/// Whether something is known of every part of a value.
pub fn is_known(kind: &Kind) -> bool {
    match kind {
        Kind::Any | Kind::Other => false,
        Kind::Tuple(items) | Kind::List(items) => items.iter().all(is_known),
        Kind::ListOf(item) | Kind::View(item) => is_known(item),
        Kind::Dict(items) => items.iter().all(|(_, item)| is_known(item)),
        _ => true,
    }
}

/// The error of a function in a container that is another in each iteration of a loop.
pub fn changing() -> Error {
    Error::derivative(
        "a function here is made by another definition, or holds another one, in each iteration of the loop",
    )
    .hint("let the list hold the numbers that the functions differ in")
}

fn escaping() -> Error {
    Error::derivative("a function made here is used where it is not called")
        .hint("call it, or pass it to a function that calls it")
}
