//! Cotangent: a small dynamic array language whose derivatives are made by source transformation.

// Links the library that LAPACK and BLAS calls are answered by.
extern crate openblas_src as _;

pub mod interp;
pub mod lang;
pub mod rules;
pub mod sct;
mod vector;

pub use interp::array::Array;
pub use interp::value::Value;
pub use interp::{
    FromValue, Function, HostModule, Interp, IntoArguments, IntoValue, Limits, LineTime, NativeCode, Timings,
};
pub use lang::{Error, ErrorKind, Result};

/// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
