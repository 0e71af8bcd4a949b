//! Tree → values: values, arrays, the library, the compiler and the machine.

pub mod array;
pub mod function;
pub mod library;
pub mod random;
pub mod value;
