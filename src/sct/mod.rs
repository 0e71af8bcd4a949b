//! Tree → tree: the transformation, one file a pass.

pub mod kind;
pub mod world;
