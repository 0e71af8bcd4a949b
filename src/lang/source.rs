//! Source texts and places in them.
//!
//! A `Span` is twelve bytes and names its text by number. The texts that are alive stand in one registry; a text
//! leaves it when the last `Arc<Source>` is dropped, so that a host may evaluate any number of snippets.

use std::sync::{Arc, LazyLock, RwLock, Weak};

use rustc_hash::FxHashMap;

/// A text of the language with its name (a path, `<input>` …).
#[derive(Debug)]
pub struct Source {
    id: u32,
    /// What errors call this text: a path or a name in angle brackets.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A place in a source text: a half-open range of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    source: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// The bit of a number that marks the texts of the library.
const LIBRARY: u32 = 1 << 31;

#[derive(Default)]
struct Registry {
    next: u32,
    alive: FxHashMap<u32, Weak<Source>>,
}

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(Default::default);

impl Source {
    /// Registers a text under a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Source::registered(name.into(), text.into(), 0)
    }

    /// Registers a text of the library: an error in it is shown where a program called the library.
    pub fn library(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Source::registered(name.into(), text.into(), LIBRARY)
    }

    fn registered(name: String, text: String, of: u32) -> Arc<Source> {
        let mut registry = REGISTRY.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        registry.next = (registry.next.wrapping_add(1) & !LIBRARY).max(1);
        let id = registry.next | of;
        let source = Arc::new(Source { id, name, text });
        registry.alive.insert(id, Arc::downgrade(&source));
        source
    }

    /// The place of some bytes of this text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.id, start: start as u32, end: end as u32 }
    }

    /// Line and column of a byte, both from one; the column counts characters.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let offset = (offset as usize).min(self.text.len());
        let before = &self.text.as_bytes()[..offset];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        (line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1)
    }

    /// The text of a line (from one), without its line ending.
    pub fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.saturating_sub(1)).unwrap_or("")
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Ok(mut registry) = REGISTRY.write() {
            registry.alive.remove(&self.id);
        }
    }
}

impl Span {
    /// The place of nothing: what was generated and has no line of its own.
    pub const NONE: Span = Span { source: 0, start: 0, end: 0 };

    /// Whether this is the place of nothing.
    pub fn is_none(self) -> bool {
        self.source == 0
    }

    /// Whether this is a place in the library's own text.
    pub fn is_library(self) -> bool {
        self.source & LIBRARY != 0
    }

    /// The smallest span that holds both; `self` where they are of different texts.
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// What stands there, on one line and not too long; empty where nothing does.
    pub fn excerpt(self) -> String {
        const LONGEST: usize = 40;
        let Some(source) = self.source().filter(|_| !self.is_library()) else { return String::new() };
        let text = source.text.get(self.start as usize..self.end as usize).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        if line.chars().count() > LONGEST || line.len() < text.len() {
            return line.chars().take(LONGEST).chain(['…']).collect();
        }
        line.to_owned()
    }

    /// The text this is a place of, while it is alive.
    pub fn source(self) -> Option<Arc<Source>> {
        REGISTRY.read().unwrap_or_else(|poisoned| poisoned.into_inner()).alive.get(&self.source)?.upgrade()
    }
}
