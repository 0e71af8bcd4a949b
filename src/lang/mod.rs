//! Text ⇄ tree: spans, tokens, parser, tree, printer, diagnostics. Knows nothing of values.

mod check;
mod constant;
mod diagnostic;
mod error;
mod lexer;
mod literals;
pub(crate) mod outline;
mod parser;
mod printer;
mod repr;
pub mod scope;
mod source;
mod symbol;
mod token;
pub mod tree;
pub mod walk;

/// Runs what recurses over a tree with a stack that is deep enough for the highest tree the parser accepts, whatever
/// thread it is called on.
pub(crate) fn with_deep_stack<T>(work: impl FnOnce() -> T) -> T {
    const NEEDED: usize = 32 << 20;
    stacker::maybe_grow(NEEDED, 2 * NEEDED, work)
}

/// Makes room for one more level of a recursion that may begin on any thread's stack and has no single entry.
pub(crate) fn with_room<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(128 << 10, 2 << 20, work)
}

pub use check::check;
pub use constant::integer_constant;
pub use error::{Error, ErrorKind, Frame, Result};
pub use parser::{MAX_HEIGHT, MAX_NESTING, is_incomplete, parse, parse_expression};
pub use printer::{print_expr, print_function, print_function_with_notes, print_module};
pub use repr::{escape_beyond_ascii, float_repr, is_printable, str_repr};
pub use scope::{Scope, scope_of};
pub use source::{Source, Span};
pub use symbol::Symbol;
pub(crate) use symbol::symbol;
