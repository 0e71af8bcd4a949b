//! The exponential and what is made of it: `x = n log(2) + r`, a polynomial of `r`, a power of two.

use std::f64::consts::LOG2_E;

use super::arithmetic::{Arithmetic, TINY, nearest, polynomial, power_of_two, sum, sum_ordered};
use super::coefficients::{EXP, LN_2};

/// Arguments above this leave the range of powers of two that one factor makes.
const LARGEST: f64 = 708.0;

/// The reduced argument, in two parts, and the exponent.
#[inline(always)]
fn reduced<A: Arithmetic>(x: f64, rest: f64) -> (f64, f64, f64) {
    let (n, _) = nearest(x * LOG2_E);
    let high = A::mul_add(-n, LN_2[0], x);
    let low = A::mul_add(n, LN_2[1], -rest);
    let r = high - low;
    (r, (high - r) - low, n)
}

/// `exp(r) - 1` of a reduced argument, less `r`.
#[inline(always)]
fn beyond_linear<A: Arithmetic>(r: f64, rest: f64) -> f64 {
    A::mul_add(r * r, polynomial::<A, _>(r, &EXP), A::mul_add(rest, r, rest))
}

/// `exp(x)`, underflow and overflow included.
#[inline(always)]
pub fn exp<A: Arithmetic>(x: f64) -> f64 {
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let (r, rest, n) = reduced::<A>(x, 0.0);
    let p = 1.0 + (r + beyond_linear::<A>(r, rest));
    // Two factors, since one may have no float.
    let (half, _) = nearest(0.5 * n);
    p * power_of_two(half) * power_of_two(n - half)
}

/// `exp(x) - 1` in two parts, for x from -50 to 708.
#[inline(always)]
fn expm1_parts<A: Arithmetic>(x: f64) -> (f64, f64) {
    let (r, rest, n) = reduced::<A>(x, 0.0);
    let (h, l) = sum_ordered(r, beyond_linear::<A>(r, rest));
    let scale = power_of_two(n);
    let less = scale - 1.0;
    let (high, error) = sum(less, scale * h);
    (high, error + (A::mul_add(scale, l, (scale - less) - 1.0)))
}

/// `exp(x) - 1`
#[inline(always)]
pub fn expm1<A: Arithmetic>(x: f64) -> f64 {
    let (high, low) = expm1_parts::<A>(if x < -50.0 { -50.0 } else { x });
    if x.abs() < TINY { x } else { high + low }
}

/// Whether [`expm1`], [`sinh`] and [`cosh`] know the argument.
#[inline(always)]
pub fn moderate(x: f64) -> bool {
    x.abs() <= LARGEST
}

/// Whether [`expm1`] knows the argument.
#[inline(always)]
pub fn not_large(x: f64) -> bool {
    x <= LARGEST
}

/// A quotient of numbers in two parts each.
#[inline(always)]
fn quotient<A: Arithmetic>(a: (f64, f64), b: (f64, f64)) -> f64 {
    let q = a.0 / b.0;
    q + A::mul_add(-q, b.1, a.1) / b.0
}

/// `tanh(x) = e / (e + 2)` with `e = exp(2 x) - 1`; not of nan.
#[inline(always)]
pub fn tanh<A: Arithmetic>(x: f64) -> f64 {
    let size = x.abs();
    let e = expm1_parts::<A>(2.0 * if size > 22.0 { 22.0 } else { size });
    let (d, rest) = sum(e.0, 2.0);
    quotient::<A>(e, (d, rest + e.1)).copysign(x)
}

/// `sinh(x) = (e + e / (e + 1)) / 2` with `e = exp(x) - 1`.
#[inline(always)]
pub fn sinh<A: Arithmetic>(x: f64) -> f64 {
    let e = expm1_parts::<A>(x.abs());
    let (d, rest) = sum(e.0, 1.0);
    let q = e.0 / d;
    let correction = A::mul_add(-q, rest + e.1, e.1) / d;
    let (s, error) = sum(e.0, q);
    (0.5 * (s + (error + (e.1 + correction)))).copysign(x)
}

/// `cosh(x) = (exp(x) + 1 / exp(x)) / 2`
#[inline(always)]
pub fn cosh<A: Arithmetic>(x: f64) -> f64 {
    let e = expm1_parts::<A>(x.abs());
    let (d, rest) = sum(e.0, 1.0);
    0.5 * (d + (1.0 / d + (rest + e.1)))
}

/// The logistic function `1 / (1 + exp(-x))`.
#[inline(always)]
pub fn expit<A: Arithmetic>(x: f64) -> f64 {
    let e = exp::<A>(-x.abs());
    (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
}
