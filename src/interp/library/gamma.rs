//! The gamma function's relatives: logarithm, reciprocal, derivatives of the logarithm, beta function.

use std::f64::consts::{PI, TAU};
use std::sync::LazyLock;

/// `log(abs(gamma(x)))`; infinite at the poles.
pub(super) fn gamma_log(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `1 / gamma(x)`; zero at the poles.
pub(super) fn reciprocal_gamma(x: f64) -> f64 {
    if x <= 0.0 && x == x.floor() { 0.0 } else { 1.0 / libm::tgamma(x) }
}

/// The root of the digamma function on the positive axis: a float and what it lacks.
const ROOT: (f64, f64) = (1.461_632_144_968_362_2, 9.549_995_429_965_697e-17);

/// The Taylor coefficients of the digamma function at its root.
static AT_ROOT: LazyLock<[f64; 24]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        sign * zeta(k as i32 + 2, ROOT.0)
    })
});

/// The derivative of `log(gamma(x))`.
pub(super) fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == 0.0 {
            return f64::NEG_INFINITY.copysign(-x);
        }
        if x == x.floor() {
            return f64::NAN;
        }
        // Reflection; the tangent has the period 1, so that its argument can be made small without rounding.
        let part = x - x.round();
        return digamma(1.0 - x) - PI / (PI * part).tan();
    }
    let from_root = (x - ROOT.0) - ROOT.1;
    if from_root.abs() < 0.25 {
        return from_root * AT_ROOT.iter().rev().fold(0.0, |sum, &c| sum * from_root + c);
    }
    // Upwards to where the asymptotic series holds (Abramowitz and Stegun 1964, 6.3.18).
    let (mut x, mut sum) = (x, 0.0);
    while x < 12.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = (1..=8).rev().fold(0.0, |series, k| (series + BERNOULLI[k - 1] / (2 * k) as f64) * square);
    sum + (x.ln() - 0.5 / x - series)
}

/// The Bernoulli numbers of index 2, 4, 6, …
const BERNOULLI: [f64; 12] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
    854513.0 / 138.0,
    -236364091.0 / 2730.0,
];

/// Hurwitz's zeta function `sum((q + k)**-s for k = 0, 1, …)` for whole s > 1, by Euler and Maclaurin's formula.
fn zeta(s: i32, q: f64) -> f64 {
    if q <= 0.0 && q == q.floor() {
        return f64::INFINITY;
    }
    let mut sum = 0.0;
    if q < 0.0 {
        // The terms on both sides of zero nearly cancel for odd s: they are added in pairs.
        let below = -q.floor();
        let part = q + below;
        for k in 0..below as u32 {
            let k = f64::from(k);
            sum += (part + k).powi(-s) + (part - 1.0 - k).powi(-s);
        }
        return sum + zeta(s, part + below);
    }
    let mut at = q;
    while at < 12.0 + f64::from(s) {
        let term = at.powi(-s);
        sum += term;
        at += 1.0;
        if term < 1e-18 * sum {
            return sum;
        }
    }
    let last = at.powi(-s);
    sum += last * at / f64::from(s - 1) + 0.5 * last;
    let mut factor = f64::from(s) * last / at;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        let next = f64::from(2 * k as i32 + 1);
        factor /= (next + 1.0) * if k == 0 { 1.0 } else { next };
        let term = bernoulli * factor;
        sum += term;
        if term.abs() < 1e-18 * sum.abs() {
            break;
        }
        factor *= (f64::from(s) + next) * (f64::from(s) + next + 1.0) / (at * at);
    }
    sum
}

/// The largest order of a polygamma function: from here on it is not a float.
const HIGHEST: f64 = 170.0;

/// The n-th derivative of the digamma function; nan for an order that is no count.
pub(super) fn polygamma(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return digamma(x);
    }
    if !(n > 0.0 && n == n.floor() && n <= HIGHEST) || x.is_nan() || x < -1e6 {
        return f64::NAN;
    }
    let sign = if n % 2.0 == 0.0 { -1.0 } else { 1.0 };
    sign * libm::tgamma(n + 1.0) * zeta(n as i32 + 1, x)
}

/// `gamma(a) * gamma(b) / gamma(a + b)`
pub(super) fn beta(a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 && (a.is_infinite() || b.is_infinite()) {
        return if a == b { f64::NAN } else { 0.0 };
    }
    let pole = |x: f64| x <= 0.0 && x == x.floor();
    if pole(a) || pole(b) {
        let (pole, other) = if pole(a) { (a, b) } else { (b, a) };
        // Two poles, in quotient one: a reflection leaves none, where the other number is a small integer.
        return match other == other.floor() && 1.0 - pole - other > 0.0 {
            true => beta(1.0 - pole - other, other) * if other.rem_euclid(2.0) == 0.0 { 1.0 } else { -1.0 },
            false if other.is_nan() => f64::NAN,
            false => f64::INFINITY,
        };
    }
    if a > 0.0 && b > 0.0 && (a > 20.0 || b > 20.0) {
        return beta_log(a, b).exp();
    }
    libm::tgamma(a) * reciprocal_gamma(a + b) * libm::tgamma(b)
}

/// The logarithm of the absolute value of the beta function. Where an argument is large the large parts of the three
/// logarithms cancel: they are taken out by hand (Didonato and Morris 1992).
pub(super) fn beta_log(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if (small > 0.0 && large.is_infinite())
        || (small <= 0.0 && small == small.floor())
        || (large <= 0.0 && large == large.floor())
    {
        return beta(a, b).abs().ln();
    }
    if !(small > 0.0 && large >= 10.0) || large.is_infinite() {
        return gamma_log(a) + gamma_log(b) - gamma_log(a + b);
    }
    let part = small / (small + large);
    if small >= 10.0 {
        let rest = stirling_rest(small) + stirling_rest(large) - stirling_rest(small + large);
        return -0.5 * large.ln() + 0.5 * TAU.ln() + rest + (small - 0.5) * part.ln() + large * (-part).ln_1p();
    }
    let rest = stirling_rest(large) - stirling_rest(small + large);
    gamma_log(small) + rest + small - small * (small + large).ln() + (large - 0.5) * (-part).ln_1p()
}

/// What Stirling's formula lacks of `log(gamma(x))`, for x >= 10.
fn stirling_rest(x: f64) -> f64 {
    let square = 1.0 / (x * x);
    let series = (1..=8).rev().fold(0.0, |sum, k| sum * square + BERNOULLI[k - 1] / (2 * k * (2 * k - 1)) as f64);
    series / x
}
