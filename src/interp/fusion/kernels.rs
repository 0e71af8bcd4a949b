//! Operations on blocks of elements, compiled for each kind of processor.

use crate::lang::tree::CompareOp;
use crate::vector::dispatched;

/// An operation on two blocks; for the arithmetic and the comparisons here, either may be one number.
pub type Kernel2 = fn(&[f64], &[f64], &mut [f64]);

macro_rules! unary {
    ($($name:ident |$x:ident| $f:expr;)*) => { $(
        dispatched! { pub fn $name(a: &[f64], d: &mut [f64]) {
            a.iter().zip(d).for_each(|(&$x, d)| *d = $f),
            a.iter().zip(d).for_each(|(&$x, d)| *d = $f)
        } }
    )* };
}

macro_rules! binary {
    ($($name:ident |$x:ident, $y:ident| $f:expr;)*) => { $(
        dispatched! { pub fn $name(a: &[f64], b: &[f64], d: &mut [f64]) {
            pairs(a, b, d, |$x, $y| $f),
            pairs(a, b, d, |$x, $y| $f)
        } }
    )* };
}

#[inline(always)]
fn pairs(a: &[f64], b: &[f64], d: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (&[x], b) if d.len() > 1 => b.iter().zip(d).for_each(|(y, d)| *d = f(x, *y)),
        (a, &[y]) if d.len() > 1 => a.iter().zip(d).for_each(|(x, d)| *d = f(*x, y)),
        (a, b) => a.iter().zip(b).zip(d).for_each(|((x, y), d)| *d = f(*x, *y)),
    }
}

unary! {
    negate |x| -x;
    square |x| x * x;
    absolute |x| x.abs();
    root |x| x.sqrt();
    reciprocal |x| 1.0 / x;
}

binary! {
    add |x, y| x + y;
    subtract |x, y| x - y;
    multiply |x, y| x * y;
    divide |x, y| x / y;
    maximum |x, y| if x.is_nan() || x >= y { x } else { y };
    minimum |x, y| if x.is_nan() || x <= y { x } else { y };
    equal |x, y| if x == y { 1.0 } else { 0.0 };
    not_equal |x, y| if x != y { 1.0 } else { 0.0 };
    less |x, y| if x < y { 1.0 } else { 0.0 };
    less_equal |x, y| if x <= y { 1.0 } else { 0.0 };
    greater |x, y| if x > y { 1.0 } else { 0.0 };
    greater_equal |x, y| if x >= y { 1.0 } else { 0.0 };
}

dispatched! {
    /// The second where the first is not zero, else the third.
    pub fn choose(c: &[f64], a: &[f64], b: &[f64], d: &mut [f64]) {
        c.iter().zip(a).zip(b).zip(d).for_each(|(((&c, &a), &b), d)| *d = if c != 0.0 { a } else { b }),
        c.iter().zip(a).zip(b).zip(d).for_each(|(((&c, &a), &b), d)| *d = if c != 0.0 { a } else { b })
    }
}

dispatched! {
    /// Each element of a column as often as a row is long.
    pub fn along_rows(column: &[f64], length: usize, d: &mut [f64]) {
        rows_of(column, length, d),
        rows_of(column, length, d)
    }
}

#[inline(always)]
fn rows_of(column: &[f64], length: usize, d: &mut [f64]) {
    /// Elements that are written at once.
    const WIDTH: usize = 8;
    for (row, x) in d.chunks_mut(length).zip(column) {
        let mut parts = row.chunks_exact_mut(WIDTH);
        parts.by_ref().for_each(|part| part.copy_from_slice(&[*x; WIDTH]));
        parts.into_remainder().iter_mut().for_each(|d| *d = *x);
    }
}

/// A comparison: 1 where it holds, else 0.
pub fn comparison(op: CompareOp) -> Option<Kernel2> {
    Some(match op {
        CompareOp::Eq => equal,
        CompareOp::Ne => not_equal,
        CompareOp::Lt => less,
        CompareOp::Le => less_equal,
        CompareOp::Gt => greater,
        CompareOp::Ge => greater_equal,
        _ => return None,
    })
}
