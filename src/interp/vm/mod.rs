//! The machine that runs typed code.
//!
//! Calls of script functions push frames on a stack of the machine's own, so that their depth has nothing to do with
//! the native stack; only kernels that call back (`sorted(key=f)`) nest natively, within a small bound.

mod calls;
mod frames;
pub mod instructions;
mod items;
mod run;
mod scalars;

pub(crate) use calls::{Arguments, Prepared};
pub use frames::Stack;
pub(crate) use scalars::boxed;
#[cfg(feature = "native")]
pub(crate) use scalars::{float_binary, int_binary, range_rounds};
