//! `np.linalg` and `linalg`, on LAPACK.

/// A factorised square matrix (or a stack of them), as `linalg.factorize` makes it. It stands for the matrix: its
/// tangent and cotangent are matrices of the same shape.
#[derive(Debug)]
pub struct Factor {}
