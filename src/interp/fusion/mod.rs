//! Chains of elementwise operations run block by block, without storing what lies between.
//!
//! Compiled code has runs of instructions such as `t = x * x`, `t = -t`, `t = exp(t)`, `y = t * s`. Before each such run
//! stands one more, `Op::Fused`, which looks at the operands: where they are numbers and arrays of floats, and every
//! operation gives an array of one shape, it computes the whole run for a block of elements that the first cache holds, then
//! for the next, and goes on behind the run. What is broadcast to that shape is spread block by
//! block. Else the run itself follows, as if nothing had been. So whatever is not the
//! ordinary case (other element types, several shapes, errors) is the business of the instructions alone, and results are
//! the same to the last bit: each element goes through the same operations, sums are made of the same halves.
//!
//! A run may read parts of arrays by constant slices, `x[1:] - x[:-1]`, and end by changing such parts, `y[1:] += t`: no view is
//! made for them. What is changed is written when all else is computed.
//!
//! | file | |
//! |---|---|
//! | `chain.rs` | what a run computes, in single-assignment form |
//! | `find.rs` | runs of instructions → chains |
//! | `plan.rs` | what a chain does for operands of some types |
//! | `run.rs` | a chain on values |
//! | `part.rs` | parts of arrays that slices show |
//! | `spread.rs` | operands that are broadcast |
//! | `kernels.rs` | operations on blocks |

pub mod chain;
pub mod find;
mod kernels;
mod part;
mod plan;
mod run;
mod spread;

pub use run::{Bounds, Scratch};
