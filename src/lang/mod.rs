//! Text ⇄ tree: spans, tokens, parser, tree, printer, diagnostics. Knows nothing of values.

mod diagnostic;
mod error;
mod lexer;
mod literals;
mod parser;
mod source;
mod symbol;
mod token;
pub mod tree;

pub use error::{Error, ErrorKind, Frame, Result};
pub use parser::{MAX_HEIGHT, MAX_NESTING, is_incomplete, parse, parse_expression};
pub use source::{Source, Span};
pub use symbol::Symbol;
