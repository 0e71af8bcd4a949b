//! Chains of elementwise operations run block by block, without storing what lies between.
//!
//! Compiled code has runs of instructions such as `t = x * x`, `t = -t`, `t = exp(t)`, `y = t * s`. Before each such run
//! stands one more, `Op::Fused`, which looks at the operands: where they are arrays
//! of floats of one shape, and numbers, it computes the whole run for a block of elements that the first cache holds, then
//! for the next, and goes on behind the run. Else the run itself follows, as if nothing had been. So whatever is not the
//! ordinary case (other element types, broadcasting, errors) is the business of the instructions alone, and results are
//! the same to the last bit: each element goes through the same operations, sums are made of the same halves.
//!
//! | file | |
//! |---|---|
//! | `chain.rs` | what a run computes, in single-assignment form |
//! | `find.rs` | runs of instructions → chains |
//! | `run.rs` | a chain on values |
//! | `kernels.rs` | operations on blocks |

pub mod chain;
pub mod find;
mod kernels;
mod run;

pub use run::{Bounds, Scratch};
