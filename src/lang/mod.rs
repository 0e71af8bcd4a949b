//! Text ⇄ tree: spans, tokens, parser, tree, printer, diagnostics. Knows nothing of values.

mod diagnostic;
mod error;
mod source;
mod symbol;
pub mod tree;

pub use error::{Error, ErrorKind, Frame, Result};
pub use source::{Source, Span};
pub use symbol::Symbol;
