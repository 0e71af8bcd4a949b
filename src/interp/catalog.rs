//! What names of the library stand for, as the compiler asks.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::library::{self, Builtin};
use super::value::Value;
use crate::lang::Symbol;
use crate::sct::kind::{Kind, Operand};
use crate::sct::world::Signature;

/// The entry of a qualified name.
pub fn builtin(name: Symbol) -> Option<&'static Builtin> {
    library::entry(name).map(|entry| entry.builtin)
}

/// What a bare name stands for that the program does not bind.
pub fn builtin_name(name: Symbol) -> Option<Value> {
    if name.as_str().contains('.') { None } else { builtin(name).map(library::function) }
}

/// What a qualified name stands for: `np.tanh`, `np.pi`, `len`.
pub fn qualified(name: Symbol) -> Option<Value> {
    if let Some(builtin) = builtin(name) {
        return Some(library::function(builtin));
    }
    let (module, member) = name.as_str().rsplit_once('.')?;
    library::member(module, member)
}

/// The module that an import names, under its own name.
pub fn module_name(name: Symbol) -> Symbol {
    library::module_named(name.as_str()).map_or(name, Symbol::new)
}

/// Whether the library has a module of this name.
pub fn is_module(name: Symbol) -> bool {
    library::MODULES.contains(&name.as_str())
}

/// What `module.name` is.
pub fn member(module: Symbol, name: Symbol) -> Option<Value> {
    library::member(module.as_str(), name.as_str())
}

/// The function that a method call on a value of this kind is.
pub fn method(kind: &Kind, name: Symbol) -> Option<&'static Builtin> {
    library::method_of_kind(kind, name.as_str())
}

/// The function of one argument that an attribute of a value of this kind is.
pub fn attribute(kind: &Kind, name: Symbol) -> Option<&'static Builtin> {
    library::attribute_of_kind(kind, name.as_str())
}

/// The parameters of an entry.
pub fn signature(builtin: &'static Builtin) -> &'static Signature {
    static NONE: LazyLock<Signature> = LazyLock::new(Signature::default);
    signature_of(Symbol::new(builtin.name)).unwrap_or(&NONE)
}

/// The parameters of the entry of a qualified name.
pub fn signature_of(name: Symbol) -> Option<&'static Signature> {
    library::entry(name).map(|entry| &entry.signature)
}

/// A library function as a value.
pub fn function_value(builtin: &'static Builtin) -> Value {
    library::function(builtin)
}

/// The kind of the result of an entry.
pub fn result_kind(name: Symbol, args: &[Operand]) -> Kind {
    builtin(name).map_or(Kind::Any, |builtin| (builtin.kind)(args))
}

/// Whether some type has a method of this name that changes its receiver.
pub fn may_mutate(method: Symbol) -> bool {
    static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| mutating(false));
    NAMES.contains(method.as_str())
}

/// Whether some module has a function of this name that changes its first argument.
pub fn may_mutate_argument(function: Symbol) -> bool {
    static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| mutating(true));
    NAMES.contains(function.as_str())
}

/// The names, without what is before the dot, of the functions or methods that change their first argument.
fn mutating(functions: bool) -> FxHashSet<&'static str> {
    library::entries()
        .map(|entry| entry.builtin)
        .filter(|builtin| builtin.mutates && builtin.name.starts_with("np.") == functions)
        .filter_map(|builtin| builtin.name.rsplit('.').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sct::rules::Rules;

    #[test]
    fn what_changes_an_array_says_what_it_is_short_for() {
        let mut count = 0;
        for entry in library::entries().filter(|entry| entry.builtin.mutates) {
            let name = entry.builtin.name;
            let array = name.starts_with("array.") || name.starts_with("np.") && name != "np.add.at";
            if array {
                count += 1;
                assert!(Rules::library().get(Symbol::new(name)).is_some_and(|rule| rule.has_update()), "{name}");
            }
        }
        assert!(count >= 10, "{count}");
    }
}
