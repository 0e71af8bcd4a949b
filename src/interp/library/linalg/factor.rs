//! A factorised matrix: what `solve`, `inv`, `det` and their derivatives share, so that no matrix is factorised twice.

use crate::interp::array::shape_text;
use lax::Lapack;

use super::stack::{Stack, pair, right_hand_side};
use super::{factor_rank, float_rank, lapack};
use crate::interp::array::Storage;
use crate::interp::library::floats::{flag, floats, value_of};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::Kind;

/// A factorised square matrix (or a stack of them), as `linalg.factorize` makes it: `P A = L U` with partial pivoting.
/// It stands for the matrix: its tangent and cotangent are matrices of the same shape.
#[derive(Debug)]
pub struct Factor {
    /// L below the diagonal, U on and above it.
    triangles: Stack,
    /// For each row of each matrix the row it changed places with (from one); none where a pivot is zero.
    pivots: Vec<Option<Vec<i32>>>,
}

pub(super) fn singular() -> Error {
    Error::numeric("singular matrix")
}

impl Factor {
    /// Factorises a matrix or a stack of matrices. A singular matrix has a factorisation too: its determinant is
    /// zero, and only solving with it is an error.
    pub(super) fn new(mut a: Stack) -> Factor {
        let layout = a.layout();
        let pivots = (0..a.count()).map(|i| f64::lu(layout, a.matrix_mut(i)).ok()).collect();
        Factor { triangles: a, pivots }
    }

    /// The shape of the matrix.
    pub fn shape(&self) -> Vec<usize> {
        self.triangles.shape()
    }

    fn order(&self) -> usize {
        self.triangles.rows
    }

    /// Solves `A x = b`, or `Aᵀ x = b`, for a vector or for matrices of columns, as `np.linalg.solve` takes them.
    pub(super) fn solve(&self, b: Storage<f64>, transpose: bool, function: &str) -> Result<Storage<f64>> {
        let n = self.order();
        let given = b.shape().to_vec();
        let (b, vector) = right_hand_side(b, function)?;
        if b.rows != n {
            return Err(Error::shape(format!(
                "{function}: a matrix of shape {} and a right-hand side of shape {} do not fit",
                shape_text(&self.shape()),
                shape_text(&given)
            )));
        }
        let pairs = pair(&self.triangles.batch, &b.batch, function)?;
        let mut x = Stack::zeros(&pairs.batch, n, b.columns)?;
        for (at, &(of_a, of_b)) in pairs.of.iter().enumerate() {
            let pivots = self.pivots[of_a].as_ref().ok_or_else(singular)?;
            let x = x.matrix_mut(at);
            x.copy_from_slice(b.matrix(of_b));
            if !x.is_empty() {
                lapack::getrs(transpose, n, self.triangles.matrix(of_a), pivots, b.columns, x)?;
            }
        }
        let x = x.into_array()?;
        Ok(if vector { x.index_axis_move(ndarray::Axis(pairs.batch.len() + 1), 0) } else { x })
    }

    /// The inverse.
    pub(super) fn inverse(&self) -> Result<Stack> {
        let mut inverse = self.triangles.clone();
        let layout = inverse.layout();
        for i in 0..inverse.count() {
            let pivots = self.pivots[i].as_ref().ok_or_else(singular)?;
            if self.order() > 0 {
                f64::inv(layout, inverse.matrix_mut(i), pivots).map_err(|_| singular())?;
            }
        }
        Ok(inverse)
    }

    /// The sign of a determinant and the logarithm of its absolute value.
    fn sign_and_log(&self, at: usize) -> (f64, f64) {
        let Some(pivots) = &self.pivots[at] else { return (0.0, f64::NEG_INFINITY) };
        let mut sign = parity(pivots);
        let mut log = 0.0;
        for x in self.diagonal(at) {
            if x < 0.0 {
                sign = -sign;
            }
            log += x.abs().ln();
        }
        (sign, log)
    }

    fn determinant(&self, at: usize) -> f64 {
        match &self.pivots[at] {
            Some(pivots) => self.diagonal(at).fold(parity(pivots), |product, x| product * x),
            None => 0.0,
        }
    }

    fn diagonal(&self, at: usize) -> impl Iterator<Item = f64> + '_ {
        self.triangles.matrix(at).iter().copied().step_by(self.order() + 1)
    }

    /// The determinant of each matrix.
    pub(super) fn det(&self) -> Result<Value> {
        let batch = &self.triangles.batch;
        value_of(batch, (0..self.triangles.count()).map(|i| self.determinant(i)).collect())
    }

    /// The sign and the logarithm of the absolute value of each determinant, as a tuple.
    pub(super) fn slogdet(&self) -> Result<Value> {
        let batch = &self.triangles.batch;
        let (sign, log) = (0..self.triangles.count()).map(|i| self.sign_and_log(i)).unzip();
        Ok(Value::tuple(vec![value_of(batch, sign)?, value_of(batch, log)?]))
    }
}

/// The sign of the permutation that exchanges each row with its pivot in turn.
fn parity(pivots: &[i32]) -> f64 {
    let exchanges = pivots.iter().enumerate().filter(|&(i, &p)| p as usize != i + 1).count();
    if exchanges % 2 == 0 { 1.0 } else { -1.0 }
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "linalg.factorize",
        signature: "(a)",
        mutates: false,
        kind: |args| Kind::Factor(args[0].kind.rank().and_then(|rank| u8::try_from(rank).ok())),
        kernel: Kernel::Pure(|args| {
            let a = Stack::square(std::mem::take(&mut args[0]), "linalg.factorize")?;
            Ok(Value::Factor(Factor::new(a).into()))
        }),
        doc: "The LU factorisation of a square matrix, or of each of a stack `(…, n, n)`, to be used any number of times by \
              `linalg.solve_factored`, `linalg.inv_factored`, `linalg.det_factored` and `linalg.slogdet_factored`.",
    },
    Builtin {
        name: "linalg.solve_factored",
        signature: "(factor, b, transpose=False)",
        mutates: false,
        kind: |args| float_rank(solution_rank(factor_rank(&args[0]), args[1].kind.rank())),
        kernel: Kernel::Pure(|args| {
            let b = floats(std::mem::take(&mut args[1]), "the right-hand side")?;
            let transpose = flag(&args[2], "transpose")?;
            factor(&args[0])?.solve(b, transpose, "linalg.solve_factored").map(Value::from)
        }),
        doc: "Solves `a x = b`, or `a.T x = b` with `transpose=True`, for a matrix factorised by `linalg.factorize`. \
              `b` is a vector or a matrix of columns as `np.linalg.solve` takes it.",
    },
    Builtin {
        name: "linalg.inv_factored",
        signature: "(factor)",
        mutates: false,
        kind: |args| float_rank(factor_rank(&args[0])),
        kernel: Kernel::Pure(|args| factor(&args[0])?.inverse()?.into_value()),
        doc: "The inverse of a matrix factorised by `linalg.factorize`.",
    },
    Builtin {
        name: "linalg.det_factored",
        signature: "(factor)",
        mutates: false,
        kind: |args| float_rank(factor_rank(&args[0]).map(|rank| rank.saturating_sub(2))),
        kernel: Kernel::Pure(|args| factor(&args[0])?.det()),
        doc: "The determinant of a matrix factorised by `linalg.factorize`; zero where it is singular.",
    },
    Builtin {
        name: "linalg.slogdet_factored",
        signature: "(factor)",
        mutates: false,
        kind: |args| sign_and_log_kind(factor_rank(&args[0])),
        kernel: Kernel::Pure(|args| factor(&args[0])?.slogdet()),
        doc: "The sign of the determinant and the logarithm of its absolute value, of a matrix factorised by \
              `linalg.factorize`.",
    },
];

/// The number of axes of `solve(a, b)`: `b`'s where it is a vector or a stack of `a`'s size, else the larger.
pub(super) fn solution_rank(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a?, b?) {
        (a, 1) => Some(a.saturating_sub(1)),
        (a, b) => Some(a.max(b)),
    }
}

pub(super) fn sign_and_log_kind(rank: Option<usize>) -> Kind {
    let part = float_rank(rank.map(|rank| rank.saturating_sub(2)));
    Kind::Tuple([part.clone(), part].into())
}

fn factor(value: &Value) -> Result<&Factor> {
    match value {
        Value::Factor(factor) => Ok(factor),
        _ => Err(Error::type_("the first argument must be a factorised matrix").hint("linalg.factorize makes one")),
    }
}
