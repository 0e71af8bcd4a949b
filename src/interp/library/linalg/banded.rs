//! Linear systems of banded matrices. Of a band matrix the diagonals are stored as rows: `ab[u + i - j, j] == a[i, j]` for u
//! diagonals above the main one.

use super::stack::{Stack, right_hand_side};
use super::{float_rank, lapack};
use crate::interp::array::{Storage, shape_text};
use crate::interp::library::floats::{count, flag, floats, items};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

/// The matrix of diagonals and the right-hand side, and whether that is one vector.
fn system(ab: Value, b: Value, function: &str) -> Result<(Stack, Stack, bool)> {
    let ab = floats(ab, "the matrix of diagonals")?;
    let b: Storage<f64> = floats(b, "the right-hand side")?;
    if ab.ndim() != 2 || !matches!(b.ndim(), 1 | 2) || ab.shape()[1] != b.shape()[0] {
        return Err(Error::shape(format!(
            "{function}: diagonals of shape {} and a right-hand side of shape {} do not fit",
            shape_text(ab.shape()),
            shape_text(b.shape())
        )));
    }
    if !ab.iter().chain(b.iter()).all(|x| x.is_finite()) {
        return Err(Error::value("array must not contain infs or NaNs"));
    }
    let ab = Stack::from_array(&ab, function)?;
    let (b, vector) = right_hand_side(b, function)?;
    Ok((ab, b, vector))
}

fn solution(x: Stack, vector: bool) -> Result<Value> {
    let x = x.into_array()?;
    Ok(if vector { x.index_axis_move(ndarray::Axis(1), 0) } else { x }.into())
}

fn solve_banded(args: &mut [Value]) -> Result<Value> {
    const NAME: &str = "linalg.solve_banded";
    let (lower, upper) = match items(&args[0]).as_deref() {
        Some([lower, upper]) => (count(lower, "the number of diagonals below")?, count(upper, "the number above")?),
        _ => return Err(Error::type_("l_and_u must be two integers: the numbers of diagonals below and above")),
    };
    let (ab, mut x, vector) = system(std::mem::take(&mut args[1]), std::mem::take(&mut args[2]), NAME)?;
    if ab.rows != lower.saturating_add(upper).saturating_add(1) {
        return Err(Error::value(format!(
            "invalid values for the number of lower and upper diagonals: l+u+1 ({}) does not equal ab.shape[0] ({})",
            lower.saturating_add(upper).saturating_add(1),
            ab.rows
        )));
    }
    if x.size() > 0 {
        let mut bands = Vec::with_capacity((ab.rows + lower) * ab.columns);
        for diagonals in ab.elements.chunks_exact(ab.rows) {
            bands.extend(std::iter::repeat_n(0.0, lower));
            bands.extend_from_slice(diagonals);
        }
        let (n, sides) = (x.rows, x.columns);
        lapack::gbsv(lower, upper, n, &mut bands, sides, x.matrix_mut(0))?;
    }
    solution(x, vector)
}

fn solveh_banded(args: &mut [Value]) -> Result<Value> {
    let lower = flag(&args[2], "lower")?;
    let (mut ab, mut x, vector) =
        system(std::mem::take(&mut args[0]), std::mem::take(&mut args[1]), "linalg.solveh_banded")?;
    if x.size() > 0 {
        if ab.rows == 0 {
            return Err(Error::shape("linalg.solveh_banded needs the main diagonal"));
        }
        let (rows, n, sides) = (ab.rows, x.rows, x.columns);
        lapack::pbsv(lower, rows, n, ab.matrix_mut(0), sides, x.matrix_mut(0))?;
    }
    solution(x, vector)
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "linalg.solve_banded",
        signature: "(l_and_u, ab, b)",
        mutates: false,
        kind: |args| float_rank(args[2].kind.rank()),
        kernel: Kernel::Pure(solve_banded),
        doc: "Solves `a x = b` for a matrix of `l` diagonals below the main one and `u` above it, which are the rows of `ab`, the \
              uppermost first: `ab[u + i - j, j] == a[i, j]`.\n\n\
              >>> linalg.solve_banded((0, 1), np.array([[0.0, 1.0], [2.0, 4.0]]), np.array([3.0, 4.0]))\narray([1., 1.])",
    },
    Builtin {
        name: "linalg.solveh_banded",
        signature: "(ab, b, lower=False)",
        mutates: false,
        kind: |args| float_rank(args[1].kind.rank()),
        kernel: Kernel::Pure(solveh_banded),
        doc: "Solves `a x = b` for a symmetric positive definite matrix, of which the main diagonal and those above it are the rows \
              of `ab`, the uppermost first; with `lower` the main one and those below it.\n\n\
              >>> linalg.solveh_banded(np.array([[0.0, 1.0], [2.0, 2.0]]), np.array([3.0, 3.0]))\narray([1., 1.])",
    },
];
