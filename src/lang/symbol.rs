//! Names, interned: a `Symbol` is one word, copied freely and compared in one instruction.

use std::fmt;
use std::sync::{LazyLock, RwLock};

use rustc_hash::FxHashMap;

/// An interned name.
///
/// ```
/// use cotangent::lang::Symbol;
/// assert_eq!(Symbol::new("x"), Symbol::new("x"));
/// assert_eq!(Symbol::new("x_bar").as_str(), "x_bar");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

#[derive(Default)]
struct Interner {
    ids: FxHashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(Default::default);

impl Symbol {
    /// The symbol of a text; equal texts give equal symbols for the life of the process.
    pub fn new(text: &str) -> Symbol {
        if let Some(&id) = read().ids.get(text) {
            return Symbol(id);
        }
        let mut interner = INTERNER.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(&id) = interner.ids.get(text) {
            return Symbol(id);
        }
        let text: &'static str = Box::leak(text.into());
        let id = interner.texts.len() as u32;
        interner.texts.push(text);
        interner.ids.insert(text, id);
        Symbol(id)
    }

    /// The text of the name.
    pub fn as_str(self) -> &'static str {
        read().texts[self.0 as usize]
    }
}

fn read() -> std::sync::RwLockReadGuard<'static, Interner> {
    INTERNER.read().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::new(text)
    }
}

/// Symbols order as their texts do, so that sorted output does not depend on the order of interning.
impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}
