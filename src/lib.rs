//! Cotangent: a small dynamic array language whose derivatives are made by source transformation.

pub mod interp;
pub mod lang;
pub mod rules;
pub mod sct;
