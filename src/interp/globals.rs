//! Global variables: slots, resolved when code is compiled, and the kinds that compiled code relies on.

use rustc_hash::FxHashMap;

use super::kinds::kind_of;
use super::value::Value;
use crate::lang::Symbol;
use crate::sct::kind::{Kind, ModuleId};

/// After this many changes of its kind a variable is known as nothing in particular.
const CHANGES: u8 = 8;

/// Every global variable of every module.
#[derive(Debug, Default)]
pub struct Globals {
    slots: Vec<Slot>,
    modules: Vec<ModuleScope>,
    /// Advances whenever a variable's kind changes; code that was valid at an epoch need not be checked again in it.
    pub epoch: u64,
}

#[derive(Debug)]
struct Slot {
    name: Symbol,
    value: Option<Value>,
    kind: Kind,
    changes: u8,
}

#[derive(Debug, Default)]
struct ModuleScope {
    names: FxHashMap<Symbol, u32>,
    parent: Option<ModuleId>,
}

impl Globals {
    /// A new module; names it does not bind are looked up in its parent.
    pub fn module(&mut self, parent: Option<ModuleId>) -> ModuleId {
        self.modules.push(ModuleScope { parent, ..Default::default() });
        ModuleId(self.modules.len() as u32 - 1)
    }

    /// The slot of a name as code of a module sees it; a new one in the outermost module where there is none.
    pub fn slot(&mut self, module: ModuleId, name: Symbol) -> u32 {
        let mut at = module;
        loop {
            let scope = &self.modules[at.0 as usize];
            if let Some(&slot) = scope.names.get(&name) {
                return slot;
            }
            match scope.parent {
                Some(parent) => at = parent,
                None => return self.own_slot(at, name),
            }
        }
    }

    /// The slot of a name that the module binds itself.
    pub fn own_slot(&mut self, module: ModuleId, name: Symbol) -> u32 {
        let next = self.slots.len() as u32;
        let slot = *self.modules[module.0 as usize].names.entry(name).or_insert(next);
        if slot == next {
            self.slots.push(Slot { name, value: None, kind: Kind::Never, changes: 0 });
        }
        slot
    }

    /// The slot of a name, where some module in reach has one.
    pub fn find(&self, module: ModuleId, name: Symbol) -> Option<u32> {
        let mut at = Some(module);
        while let Some(module) = at {
            let scope = &self.modules[module.0 as usize];
            if let Some(&slot) = scope.names.get(&name) {
                return Some(slot);
            }
            at = scope.parent;
        }
        None
    }

    /// Whether the module itself has bound a name.
    pub fn is_own(&self, module: ModuleId, name: Symbol) -> bool {
        let slot = self.modules[module.0 as usize].names.get(&name);
        slot.is_some_and(|&slot| self.get(slot).is_some())
    }

    /// The names that a module binds, and their slots.
    pub fn names(&self, module: ModuleId) -> impl Iterator<Item = (Symbol, u32)> {
        self.modules[module.0 as usize].names.iter().map(|(&name, &slot)| (name, slot))
    }

    /// The value of a variable, while it has one.
    pub fn get(&self, slot: u32) -> Option<&Value> {
        self.slots[slot as usize].value.as_ref()
    }

    /// Takes a value out for a place update that ends in [`Globals::put`].
    pub fn take(&mut self, slot: u32) -> Option<Value> {
        self.slots[slot as usize].value.take()
    }

    /// Ends a place update.
    pub fn put(&mut self, slot: u32, value: Value) {
        self.set(slot, value);
    }

    /// The name of a variable.
    pub fn name(&self, slot: u32) -> Symbol {
        self.slots[slot as usize].name
    }

    /// What code may rely on: the kind of the variable until the epoch advances; `Never` while it is not bound.
    pub fn kind(&self, slot: u32) -> &Kind {
        &self.slots[slot as usize].kind
    }

    /// Whether the variable is of a kind, and the epoch advances when it no longer is.
    pub fn tells(&self, slot: u32, kind: &Kind) -> bool {
        *kind != Kind::Any && self.slots[slot as usize].kind == *kind
    }

    /// Binds a variable.
    pub fn set(&mut self, slot: u32, value: Value) {
        let slot = &mut self.slots[slot as usize];
        if slot.kind != Kind::Any {
            let kind = binding_kind(&value);
            if kind != slot.kind {
                slot.changes += u8::from(slot.kind != Kind::Never);
                slot.kind = if slot.changes > CHANGES { Kind::Any } else { kind };
                self.epoch += 1;
            }
        }
        slot.value = Some(value);
    }

    /// Unbinds a variable; whether it was bound.
    pub fn delete(&mut self, slot: u32) -> bool {
        let slot = &mut self.slots[slot as usize];
        slot.kind = Kind::Never;
        self.epoch += 1;
        slot.value.take().is_some()
    }
}

/// Containers change their exact kind too often for code to rely on it.
fn binding_kind(value: &Value) -> Kind {
    match value {
        Value::Tuple(_) | Value::List(_) | Value::Dict(_) => Kind::Any,
        _ => kind_of(value),
    }
}
