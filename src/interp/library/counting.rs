//! Binomial coefficients, rising factorials, and distributions whose derivatives are simple: `special`.

use statrs::function::exponential;

use super::gamma::{beta, beta_log, gamma_log};
use super::{Builtin, kinds};

/// The binomial coefficient of real numbers: a product where the lower one is a small integer.
fn binomial(n: f64, k: f64) -> f64 {
    if n.is_nan() || k.is_nan() || (n < 0.0 && n == n.floor()) {
        return f64::NAN;
    }
    if k == k.floor() && (n.abs() > 1e-8 || n == 0.0) {
        let mut k = k;
        if n == n.floor() && n > 0.0 && k > n / 2.0 {
            k = n - k;
        }
        if (0.0..20.0).contains(&k) {
            let (mut above, mut below) = (1.0, 1.0);
            for i in 1..=k as i32 {
                above *= f64::from(i) + n - k;
                below *= f64::from(i);
                if above.abs() > 1e50 {
                    above /= below;
                    below = 1.0;
                }
            }
            return above / below;
        }
    }
    if n >= 1e10 * k && k > 0.0 {
        (-beta_log(1.0 + n - k, 1.0 + k) - (n + 1.0).ln()).exp()
    } else {
        1.0 / (n + 1.0) / beta(1.0 + n - k, 1.0 + k)
    }
}

/// gamma(z + m) / gamma(z): products for the integral part of m, logarithms for the rest.
fn rising(z: f64, m: f64) -> f64 {
    let (mut m, mut r) = (m, 1.0);
    let mut steps = 0;
    while m >= 1.0 && steps < 10_000 {
        if z + m == 1.0 {
            break;
        }
        m -= 1.0;
        r *= z + m;
        if !f64::is_finite(r) || r == 0.0 {
            return r;
        }
        steps += 1;
    }
    while m <= -1.0 && steps < 10_000 {
        if z + m == 0.0 {
            break;
        }
        r /= z + m;
        m += 1.0;
        if !f64::is_finite(r) || r == 0.0 {
            return r;
        }
        steps += 1;
    }
    let pole = |x: f64| x <= 0.0 && x == x.floor();
    if m == 0.0 {
        return r;
    }
    if pole(z + m) {
        return if pole(z) { f64::NAN } else { f64::INFINITY };
    }
    if pole(z) {
        return 0.0;
    }
    let sign = super::bessel_orders::gamma_sign(z + m) * super::bessel_orders::gamma_sign(z);
    r * (gamma_log(z + m) - gamma_log(z)).exp() * sign
}

/// The integral of exp(-x t) / t**n from 1 on.
fn exponential_integral(n: f64, x: f64) -> f64 {
    if n.is_nan() || x.is_nan() || n < 0.0 || n != n.floor() || x < 0.0 || n > 5000.0 {
        return f64::NAN;
    }
    if x.is_infinite() {
        return 0.0;
    }
    if x == 0.0 && n < 2.0 {
        return f64::INFINITY;
    }
    exponential::integral(x, n as u64).unwrap_or(f64::NAN)
}

/// The probability that a number of Student's distribution is below t.
fn student(df: f64, t: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || t.is_nan() {
        return f64::NAN;
    }
    if t.is_infinite() || df.is_infinite() {
        return 0.5 * libm::erfc(-t / std::f64::consts::SQRT_2);
    }
    let square = t * t;
    let tail = if square < df {
        0.5 - 0.5 * super::special::beta_below(0.5, 0.5 * df, square / (df + square))
    } else {
        0.5 * super::special::beta_below(0.5 * df, 0.5, df / (df + square))
    };
    if t > 0.0 { 1.0 - tail } else { tail }
}

macro_rules! two {
    ($name:literal $signature:literal $f:expr, $doc:literal) => {
        entry!($name $signature kinds::float_broadcast, Float2($f), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    two!("special.binom" "(x, y, /)" binomial, "The binomial coefficient of real numbers.\n\n>>> special.binom(5.0, 2.0)\n10.0"),
    two!("special.poch" "(x1, x2, /)" rising, "gamma(x1 + x2) / gamma(x1): x1 (x1 + 1) … for an integer x2.\n\n>>> special.poch(3.0, 2.0)\n12.0"),
    two!("special.expn" "(n, x, /)" exponential_integral, "The exponential integral of order n: that of exp(-x t) / t**n from 1 on."),
    two!("special.stdtr" "(df, t, /)" student, "The probability that a number of Student's distribution is below t.\n\n>>> special.stdtr(3.0, 0.0)\n0.5"),
    entry!("special.exp1" "(z, /)" kinds::float_elementwise, Float1(|x| exponential_integral(1.0, x)), "The exponential integral: that of exp(-t) / t from x on."),
    entry!("special.gammasgn" "(x, /)" kinds::float_elementwise, Float1(scipy_gamma_sign), "The sign of the gamma function; nan at the negative integers."),
];

fn scipy_gamma_sign(x: f64) -> f64 {
    if x < 0.0 && x == x.floor() {
        f64::NAN
    } else if x == 0.0 {
        1f64.copysign(x)
    } else {
        super::bessel_orders::gamma_sign(x)
    }
}
