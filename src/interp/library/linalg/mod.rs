//! `np.linalg` and `linalg`, on LAPACK.
//!
//! Most routines are reached through `lax`; those it does not offer are in `lapack`.
//!
//! Every function takes stacks of matrices `(…, m, n)` as NumPy does. LAPACK is never called for an empty matrix: some of
//! its routines crash on one.

pub(super) mod banded;
pub(super) mod cholesky;
pub(super) mod exponential;
pub(super) mod factor;
pub(super) mod general;
mod lapack;
pub(super) mod least_squares;
pub(super) mod lu;
pub(super) mod norm;
pub(super) mod solve;
pub(super) mod spectral;
mod stack;
#[cfg(test)]
mod tests;
pub(super) mod triangular;

pub use factor::Factor;
pub(super) use spectral::square_root;

use super::floats::floats_of_rank;
use crate::sct::kind::{Kind, Operand};

fn float_rank(rank: Option<usize>) -> Kind {
    floats_of_rank(rank)
}

/// The number of axes of a factorised matrix.
fn factor_rank(factor: &Operand) -> Option<usize> {
    match factor.kind {
        Kind::Factor(rank) => rank.map(usize::from),
        _ => None,
    }
}

/// The kind of a function whose result has as many axes as its first argument.
fn same_rank(args: &[Operand]) -> Kind {
    float_rank(matrix_rank(&args[0].kind))
}

/// The kind of a function whose result has the shape of its first argument.
fn same_shape(args: &[Operand]) -> Kind {
    same_rank(args).with_extents(args[0].kind.extents())
}

/// The number of axes of an array argument; nested lists are not counted.
fn matrix_rank(kind: &Kind) -> Option<usize> {
    kind.rank().filter(|&rank| rank >= 2)
}
