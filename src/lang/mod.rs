//! Text ⇄ tree: spans, tokens, parser, tree, printer, diagnostics. Knows nothing of values.

mod diagnostic;
mod error;
mod lexer;
mod literals;
mod parser;
mod printer;
mod repr;
pub mod scope;
mod source;
mod symbol;
mod token;
pub mod tree;
pub mod walk;

pub use error::{Error, ErrorKind, Frame, Result};
pub use parser::{MAX_HEIGHT, MAX_NESTING, is_incomplete, parse, parse_expression};
pub use printer::{print_expr, print_function, print_function_with_notes, print_module};
pub use repr::{float_repr, str_repr};
pub use scope::{Scope, scope_of};
pub use source::{Source, Span};
pub use symbol::Symbol;
