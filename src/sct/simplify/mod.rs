//! Simplify: dead code, copies, constants, common subexpressions, zeros and ones, needless broadcasting.
//!
//! Takes core and gives core that computes the same (but for errors of operations whose result nobody reads). The parts
//! run in turn until nothing is found that bears on what stands before; in code without loops that is once.

mod algebra;
mod dead;
mod rewrite;
pub mod shapes;

use crate::lang::Result;

use super::core::{Atom, Function};
use super::session::Session;

/// Rounds after which the result is taken as it is.
const MOST_ROUNDS: usize = 8;

/// Simplifies a function whose results are `roots`; the roots afterwards.
pub fn simplify(session: &mut Session, f: &mut Function, mut roots: Vec<Atom>) -> Result<Vec<Atom>> {
    if !session.world.simplifies() {
        return Ok(roots);
    }
    for _ in 0..MOST_ROUNDS {
        let again = rewrite::rewrite(session, f, &mut roots);
        dead::eliminate(session, f, &roots);
        if !again {
            break;
        }
    }
    Ok(roots)
}
