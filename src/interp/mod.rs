//! Tree → values: values, arrays, the library, the compiler and the machine.

pub mod array;
pub mod display;
pub mod elementwise;
pub mod function;
pub mod indexing;
pub mod iteration;
pub mod library;
pub mod operators;
pub mod random;
pub mod value;
