//! Names, interned: a `Symbol` is one word, copied freely and compared in one instruction.

use std::fmt;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

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

static NUMBERS: LazyLock<RwLock<FxHashMap<&'static str, u32>>> = LazyLock::new(Default::default);

/// The texts by number, in blocks each twice as long as that before: what is there stays where it is, and is read without
/// a lock.
static TEXTS: [OnceLock<Box<[OnceLock<&'static str>]>>; BLOCKS] = [const { OnceLock::new() }; BLOCKS];
/// As many blocks as numbers of 32 bits need.
const BLOCKS: usize = (u32::BITS - FIRST.ilog2() + 1) as usize;
/// The length of the first block.
const FIRST: u32 = 4096;

/// The block of a number, how long it is, and the place in it.
fn place(number: u32) -> (usize, usize, usize) {
    let from_first = u64::from(number) + u64::from(FIRST);
    let block = from_first.ilog2() - FIRST.ilog2();
    let length = u64::from(FIRST) << block;
    (block as usize, length as usize, (from_first - length) as usize)
}

impl Symbol {
    /// The symbol of a text; equal texts give equal symbols for the life of the process.
    pub fn new(text: &str) -> Symbol {
        if let Some(&number) = NUMBERS.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Symbol(number);
        }
        let mut numbers = NUMBERS.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = numbers.get(text) {
            return Symbol(number);
        }
        let text: &'static str = Box::leak(text.into());
        let number = numbers.len() as u32;
        let (block, length, at) = place(number);
        TEXTS[block].get_or_init(|| (0..length).map(|_| OnceLock::new()).collect())[at].get_or_init(|| text);
        numbers.insert(text, number);
        Symbol(number)
    }

    /// The text of the name.
    pub fn as_str(self) -> &'static str {
        let (block, _, at) = place(self.0);
        TEXTS[block].get().and_then(|texts| texts[at].get()).copied().unwrap_or_default()
    }
}

/// The symbol of a text that is written here: interned the first time that this is reached, read after that.
macro_rules! symbol {
    ($text:expr) => {{
        static SYMBOL: std::sync::LazyLock<$crate::lang::Symbol> =
            std::sync::LazyLock::new(|| $crate::lang::Symbol::new($text));
        *SYMBOL
    }};
}
pub(crate) use symbol;

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
