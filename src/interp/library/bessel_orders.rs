//! Bessel functions of any real order, by the crate `puruspe` where its continued fractions converge, by asymptotic series
//! beyond, and by reflection for negative orders.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::bessel;

/// Up to here the asymptotic series is not accurate.
const NEAR: f64 = 60.0;

/// From here on the continued fractions take too many steps.
const FAR: f64 = 5000.0;

/// An order that is an integer, where `libm` and recurrences hold.
fn whole(v: f64) -> Option<i32> {
    (v == v.trunc() && v.abs() < 1e6).then_some(v as i32)
}

/// The functions of the first and second kind, J and Y, of an order that is not negative at a positive x.
fn first_and_second(v: f64, x: f64) -> (f64, f64) {
    if x <= NEAR || x <= FAR && v * v > x {
        return puruspe::Jnu_Ynu(v, x);
    }
    if v * v > x {
        return (f64::NAN, f64::NAN);
    }
    // Hankel's expansion (Abramowitz and Stegun 1964, 9.2.5).
    let (mut p, mut q, mut term) = (1.0, 0.0, 1.0);
    for k in 1..30 {
        let odd = f64::from(2 * k - 1);
        term *= (4.0 * v * v - odd * odd) / (f64::from(8 * k) * x);
        let signed = if k % 4 < 2 { term } else { -term };
        if k % 2 == 0 {
            p += signed
        } else {
            q += signed
        }
        if term.abs() < 1e-18 {
            break;
        }
    }
    // The angle is x - (v/2 + 1/4) π; their difference would lose digits of both.
    let ((s, c), (s0, c0)) = (x.sin_cos(), (sin_pi(0.5 * v + 0.25), cos_pi(0.5 * v + 0.25)));
    let (sine, cosine) = (s * c0 - c * s0, c * c0 + s * s0);
    let size = (2.0 / (PI * x)).sqrt();
    (size * (p * cosine - q * sine), size * (p * sine + q * cosine))
}

/// The Bessel function of the first kind.
pub(super) fn jv(v: f64, x: f64) -> f64 {
    if v.is_nan() || x.is_nan() {
        return f64::NAN;
    }
    if let Some(n) = whole(v) {
        return libm::jn(n, x);
    }
    if x < 0.0 || v.is_infinite() {
        f64::NAN
    } else if x.is_infinite() {
        0.0
    } else if x == 0.0 {
        if v > 0.0 { 0.0 } else { f64::INFINITY.copysign(gamma_sign(v + 1.0)) }
    } else if v >= 0.0 {
        first_and_second(v, x).0
    } else {
        let (j, y) = first_and_second(-v, x);
        cos_pi(v) * j + sin_pi(v) * y
    }
}

/// The Bessel function of the second kind.
pub(super) fn yv(v: f64, x: f64) -> f64 {
    if v.is_nan() || x.is_nan() || x < 0.0 || v.is_infinite() {
        return f64::NAN;
    }
    if let Some(n) = whole(v) {
        return libm::yn(n, x);
    }
    if x.is_infinite() {
        0.0
    } else if x == 0.0 {
        f64::NEG_INFINITY
    } else if v >= 0.0 {
        first_and_second(v, x).1
    } else {
        let (j, y) = first_and_second(-v, x);
        cos_pi(v) * y - sin_pi(v) * j
    }
}

/// The Bessel function of the second kind of an integer order.
pub(super) fn yn(n: f64, x: f64) -> f64 {
    if whole(n).is_some() { yv(n, x) } else { f64::NAN }
}

/// The modified functions I and K, times exp(-x) and exp(x), of an order that is not negative at a positive x.
fn modified(v: f64, x: f64) -> (f64, f64) {
    if x > 50.0 && x > 2.0 * v * v {
        // Abramowitz and Stegun (1964), 9.7.1 and 9.7.2.
        let (mut i, mut k, mut term) = (1.0, 1.0, 1.0);
        for at in 1..40 {
            let odd = f64::from(2 * at - 1);
            term *= (4.0 * v * v - odd * odd) / (f64::from(8 * at) * x);
            i += if at % 2 == 0 { term } else { -term };
            k += term;
            if term.abs() < 1e-18 {
                break;
            }
        }
        return (i / (TAU * x).sqrt(), k * (FRAC_PI_2 / x).sqrt());
    }
    if x > 600.0 {
        return (f64::NAN, f64::NAN);
    }
    let (i, k) = puruspe::Inu_Knu(v, x);
    (i * (-x).exp(), k * x.exp())
}

/// The modified Bessel function of the first kind, times exp(-|x|).
pub(super) fn ive(v: f64, x: f64) -> f64 {
    if v.is_nan() || x.is_nan() || v.is_infinite() {
        return f64::NAN;
    }
    let order = whole(v);
    if x < 0.0 {
        return match order {
            Some(n) if n % 2 == 0 => ive(v, -x),
            Some(_) => -ive(v, -x),
            None => f64::NAN,
        };
    }
    match order {
        Some(0) => return bessel::i0e(x),
        Some(1 | -1) => return bessel::i1e(x),
        _ => {}
    }
    if x.is_infinite() {
        0.0
    } else if x == 0.0 {
        if v > 0.0 || order.is_some() { 0.0 } else { f64::INFINITY }
    } else if v >= 0.0 || order.is_some() {
        modified(v.abs(), x).0
    } else {
        let (i, k) = modified(-v, x);
        i - 2.0 / PI * sin_pi(v) * k * (-2.0 * x).exp()
    }
}

/// The modified Bessel function of the first kind.
pub(super) fn iv(v: f64, x: f64) -> f64 {
    match whole(v) {
        Some(0) => return bessel::i0(x),
        Some(1 | -1) => return bessel::i1(x),
        _ => {}
    }
    let half = (0.5 * x.abs()).exp();
    if x.is_infinite() { f64::INFINITY * x.signum() } else { ive(v, x) * half * half }
}

/// The modified Bessel function of the second kind, times exp(x).
pub(super) fn kve(v: f64, x: f64) -> f64 {
    if v.is_nan() || x.is_nan() || x < 0.0 || v.is_infinite() {
        f64::NAN
    } else if x == 0.0 {
        f64::INFINITY
    } else if x.is_infinite() {
        0.0
    } else {
        modified(v.abs(), x).1
    }
}

/// The modified Bessel function of the second kind.
pub(super) fn kv(v: f64, x: f64) -> f64 {
    if x.is_infinite() && x > 0.0 { 0.0 } else { kve(v, x) * (-x).exp() }
}

/// The sign of the gamma function; 1 at the poles.
pub(super) fn gamma_sign(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 0.0 || x == x.floor() || x.floor().rem_euclid(2.0) == 0.0 { 1.0 } else { -1.0 }
}

fn cos_pi(v: f64) -> f64 {
    let part = v.rem_euclid(2.0);
    if part == 0.5 || part == 1.5 { 0.0 } else { (PI * part).cos() }
}

fn sin_pi(v: f64) -> f64 {
    (PI * v.rem_euclid(2.0)).sin()
}
