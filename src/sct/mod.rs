//! Tree → tree: the transformation, one file a pass.
//!
//! A derivation runs through these, top to bottom:
//!
//! - `structure`: one exit for each body;
//! - `lower`: normalise and specialise, to `core`;
//! - `simplify`: after every step that makes code;
//! - `activity`: what depends on the inputs and reaches the output;
//! - `forward` or `reverse`: the derivative by the rules of `src/rules`; `taylor`: to higher order at once;
//! - `batch`: for a whole batch at once, in place of a derivative;
//! - `keep`: what the reverse sweep of a loop reads is recorded;
//! - `emit`: back to a tree.
//!
//! Names: the tangent of `x` is `x_dot`, its adjoint `x_bar`; the halves of a function's reverse derivative are `f_fwd`
//! and `f_bwd`.

mod activity;
mod batch;
mod bind;
mod constants;
pub mod core;
mod emit;
pub mod extents;
mod factor;
mod fold;
mod forward;
pub mod insertion;
mod keep;
pub mod kind;
mod lower;
pub mod modes;
mod nested;
mod overwrite;
mod program;
mod reverse;
mod rule_files;
pub mod rules;
mod session;
mod simplify;
mod specialise;
mod split;
pub mod spread;
mod structure;
mod taylor;
mod unknown;
pub mod user_rules;
mod var_map;
pub mod world;
mod zero;

pub use lower::position;
pub use program::{Derivation, Request, argnums, derive, describe};
