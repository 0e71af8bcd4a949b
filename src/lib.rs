//! Cotangent: a small dynamic array language whose derivatives are made by source transformation.

// Links the library that LAPACK and BLAS calls are answered by.
extern crate openblas_src as _;

pub mod interp;
pub mod lang;
pub mod rules;
pub mod sct;
