//! Logarithms and powers: `x = 2**k m`, and the logarithm of `m` by `s = (m - 1) / (m + 1)`.

use super::arithmetic::{Arithmetic, TINY, exponent_and_factor, polynomial, sum};
use super::coefficients::{LN_2, LOG};

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

/// `x**y`: an operation where the exponent is one of the commonest, otherwise the scalar library's power, which is
/// nearly always correctly rounded.
#[inline(always)]
pub fn pow<A: Arithmetic>(x: f64, y: f64) -> f64 {
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
