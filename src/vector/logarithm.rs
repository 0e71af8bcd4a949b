//! Logarithms and powers: `x = 2**k m`, and the logarithm of `m` by `s = (m - 1) / (m + 1)`.

use super::arithmetic::{Arithmetic, TINY, exponent_and_factor, nearest, polynomial, sum, sum_ordered};
use super::coefficients::{LN_2, LN_2_FINE, LOG, LOG_TAIL, THIRD};
use super::exponential::exp_of_sum;

/// `k log(2) + log(1 + f) + rest` for `1 + f` from sqrt(1/2) to sqrt(2).
#[inline(always)]
fn assembled<A: Arithmetic>(k: f64, f: f64, rest: f64) -> f64 {
    // log(1 + f) = f - f**2 / 2 + s (f**2 / 2 + R), where R is all of the series in s but its first term.
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    let tail = A::mul_add(s, A::mul_add(z, polynomial::<A, _>(z, &LOG), half_square), A::mul_add(k, LN_2[1], rest));
    k * LN_2[0] - ((half_square - tail) - f)
}

/// `log(x)` of a positive normal number.
#[inline(always)]
pub fn log<A: Arithmetic>(x: f64) -> f64 {
    let (k, m) = exponent_and_factor(x);
    assembled::<A>(k, m - 1.0, 0.0)
}

/// Whether [`log`] knows the argument.
#[inline(always)]
pub fn positive(x: f64) -> bool {
    (f64::MIN_POSITIVE..=f64::MAX).contains(&x)
}

/// `log(1 + x)`
#[inline(always)]
pub fn log1p<A: Arithmetic>(x: f64) -> f64 {
    let (u, error) = sum(1.0, x);
    let (k, m) = exponent_and_factor(u);
    let (f, rest) = if k == 0.0 { (x, 0.0) } else { (m - 1.0, error / u) };
    let result = assembled::<A>(k, f, rest);
    if x.abs() < TINY { x } else { result }
}

/// Whether [`log1p`] knows the argument.
#[inline(always)]
pub fn above_minus_one(x: f64) -> bool {
    x > -1.0 && x <= 1e300
}

/// The logarithm of a positive normal number in two parts, some 65 bits of it right.
#[inline(always)]
fn log_parts<A: Arithmetic>(x: f64) -> (f64, f64) {
    let (k, m) = exponent_and_factor(x);
    let f = m - 1.0;
    let (d, d_rest) = sum_ordered(if m < 1.0 { 1.0 } else { m }, if m < 1.0 { m } else { 1.0 });
    let s = f / d;
    let (p, p_rest) = A::product(s, d);
    let s_rest = (((f - p) - p_rest) - s * d_rest) / d;
    // log(m) = 2 s (1 + z / 3 + z**2 W(z)) with z = s**2
    let (z, z_error) = A::product(s, s);
    let z_rest = A::mul_add(2.0 * s, s_rest, z_error);
    let (u, u_error) = A::product(z, THIRD[0]);
    let u_rest = u_error + (z * THIRD[1] + z_rest * THIRD[0]);
    let (t, t_rest) = sum_ordered(u, A::mul_add(z * z, polynomial::<A, _>(z, &LOG_TAIL), u_rest));
    let (g, g_error) = A::product(s, t);
    let (l, l_error) = sum_ordered(s, g);
    let l_rest = l_error + (g_error + (A::mul_add(s, t_rest, s_rest * t) + s_rest));
    let (h, h_error) = sum(k * LN_2_FINE[0], 2.0 * l);
    sum_ordered(h, h_error + A::mul_add(k, LN_2_FINE[1], A::mul_add(k, LN_2_FINE[2], 2.0 * l_rest)))
}

/// `y log|x|` in two parts.
#[inline(always)]
fn exponent<A: Arithmetic>(x: f64, y: f64) -> (f64, f64) {
    let (h, l) = log_parts::<A>(x.abs());
    let (p, error) = A::product(y, h);
    (p, A::mul_add(y, l, error))
}

/// `x**y`
#[inline(always)]
pub fn pow<A: Arithmetic>(x: f64, y: f64) -> f64 {
    let (p, rest) = exponent::<A>(x, y);
    let size = exp_of_sum::<A>(p, rest);
    let (half, _) = nearest(0.5 * y);
    let odd = 2.0 * half != y;
    if x < 0.0 && odd { -size } else { size }
}

/// Exponents whose powers are an operation.
#[inline(always)]
fn simple(y: f64) -> bool {
    y == 2.0 || y == 0.5 || y == -1.0
}

/// `x**y` where [`pow`] does not know it.
#[inline(always)]
pub fn other_pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x * x
    } else if y == 0.5 && x > 0.0 {
        x.sqrt()
    } else if y == -1.0 {
        1.0 / x
    } else {
        x.powf(y)
    }
}

/// Whether [`pow`] knows the arguments.
#[inline(always)]
pub fn powers(x: f64, y: f64) -> bool {
    let integer = nearest(y).0 == y;
    let sizes = positive(x.abs()) && y.abs() < 1e200;
    // The logarithm, but for a fifth of it.
    let (k, m) = exponent_and_factor(x.abs());
    let product = (k * LN_2[0] + (m - 1.0)) * y;
    sizes && !simple(y) && product.abs() < 590.0 && (x > 0.0 || (integer && y.abs() < 1e15))
}
