//! The exponential of a matrix.

use ndarray::{Array2, ArrayView2, ShapeBuilder};

use super::factor::Factor;
use super::same_rank;
use super::stack::Stack;
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

/// Padé approximants by scaling and squaring (Higham 2005, algorithm 2.3): for each degree the bound of the 1-norm.
const BOUNDS: [(usize, f64); 5] = [
    (3, 1.495585217958292e-2),
    (5, 2.53939833006323e-1),
    (7, 9.504178996162932e-1),
    (9, 2.097847961257068),
    (13, 5.371920351148152),
];

/// The coefficients of the numerator of the diagonal Padé approximant of a degree, scaled to integers.
fn coefficients(degree: usize) -> Vec<f64> {
    // c[j] / c[j-1] = (degree - j + 1) / (j (2 degree - j + 1)), and the last is 1.
    let mut from_last = vec![1.0];
    for j in (1..=degree).rev() {
        let next = from_last[degree - j] * (j * (2 * degree - j + 1)) as f64 / (degree - j + 1) as f64;
        from_last.push(next);
    }
    from_last.reverse();
    from_last
}

fn exponential(a: ArrayView2<f64>) -> Result<Array2<f64>> {
    let n = a.nrows();
    let norm = a.columns().into_iter().map(|c| c.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max);
    if a.iter().any(|x| !x.is_finite()) {
        return Ok(Array2::from_elem((n, n), f64::NAN));
    }
    let (degree, bound) = BOUNDS.into_iter().find(|&(_, bound)| norm <= bound).unwrap_or(BOUNDS[4]);
    let halvings = if norm > bound { (norm / bound).log2().ceil().max(0.0) as i32 } else { 0 };
    let scaled = &a * (-f64::from(halvings)).exp2();
    let c = coefficients(degree);
    let identity = Array2::<f64>::eye(n);
    // The even powers that the degree needs; degree 13 makes do with those up to the sixth.
    let mut powers = vec![identity, scaled.dot(&scaled)];
    while powers.len() <= (degree / 2).min(if degree == 13 { 3 } else { 4 }) {
        let last = powers[powers.len() - 1].dot(&powers[1]);
        powers.push(last);
    }
    // The sum of c[first], c[first + 2] … times the powers from one on.
    let sum = |first: usize, from: usize, to: usize| {
        powers[from..=to]
            .iter()
            .enumerate()
            .fold(Array2::zeros((n, n)), |sum: Array2<f64>, (k, power)| sum + power * c[first + 2 * (from + k)])
    };
    let (mut odd, mut even) = (sum(1, 0, (degree / 2).min(3)), sum(0, 0, (degree / 2).min(3)));
    if degree == 9 {
        (odd, even) = (sum(1, 0, 4), sum(0, 0, 4));
    } else if degree == 13 {
        let high = |first: usize| {
            (1..=3).fold(Array2::zeros((n, n)), |sum: Array2<f64>, k| sum + &powers[k] * c[first + 6 + 2 * k])
        };
        odd += &powers[3].dot(&high(1));
        even += &powers[3].dot(&high(0));
    }
    let u = scaled.dot(&odd);
    let quotient = Factor::new(stack(&(&even - &u)));
    let mut result = quotient
        .solve((&even + &u).into_dyn().into_shared(), false, "linalg.expm")?
        .into_dimensionality::<ndarray::Ix2>()
        .map_err(|_| Error::shape("linalg.expm needs square matrices"))?
        .into_owned();
    for _ in 0..halvings {
        result = result.dot(&result);
    }
    Ok(result)
}

fn stack(a: &Array2<f64>) -> Stack {
    Stack { batch: Vec::new(), rows: a.nrows(), columns: a.ncols(), elements: a.t().iter().copied().collect() }
}

fn expm(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::square(std::mem::take(&mut args[0]), "linalg.expm")?;
    let n = a.rows;
    if n > 0 {
        for i in 0..a.count() {
            let view = ArrayView2::from_shape((n, n).f(), a.matrix(i));
            let result = exponential(view.map_err(|_| Error::shape("linalg.expm needs square matrices"))?)?;
            a.matrix_mut(i).iter_mut().zip(result.t()).for_each(|(to, &from)| *to = from);
        }
    }
    a.into_value()
}

pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "linalg.expm",
    signature: "(A)",
    mutates: false,
    kind: same_rank,
    kernel: Kernel::Pure(expm),
    doc: "The exponential of square matrices `(…, n, n)`.\n\n```\nlinalg.expm(np.array([[0.0, 1.0], [0.0, 0.0]]))\n```",
}];
