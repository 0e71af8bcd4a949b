//! Tree → values: values, arrays, the library, the compiler and the machine.

pub mod array;
mod binding;
mod catalog;
mod compile;
mod cost;
mod derive;
pub mod display;
pub mod elementwise;
mod engine;
pub mod function;
pub mod fusion;
mod globals;
mod handle;
pub mod host;
pub mod indexing;
mod interpreter;
pub mod iteration;
pub mod kinds;
pub mod library;
pub(crate) mod memory;
mod native;
pub mod nested;
pub mod operators;
pub mod random;
mod record;
mod runs;
mod suggestions;
mod timing;
pub mod value;
mod vm;

pub use engine::Limits;
pub use handle::Function;
pub use host::{FromValue, IntoArguments, IntoValue};
pub use interpreter::{HostModule, Interp};
pub use native::NativeCode;
pub use timing::{LineTime, Timings};
