//! Modified Bessel functions of the first kind.

/// From here on the asymptotic series has reached the accuracy of a float before it diverges.
const LARGE: f64 = 50.0;

/// Order 0.
pub(super) fn i0(x: f64) -> f64 {
    if x.abs() > LARGE { grown(asymptotic(0.0, x.abs()), x.abs()) } else { puruspe::In(0, x) }
}

/// Order 1.
pub(super) fn i1(x: f64) -> f64 {
    let value = if x.abs() > LARGE { grown(asymptotic(1.0, x.abs()), x.abs()) } else { puruspe::In(1, x.abs()) };
    if x < 0.0 { -value } else { value }
}

/// Order 0, times exp(-|x|).
pub(super) fn i0e(x: f64) -> f64 {
    if x.abs() > LARGE { asymptotic(0.0, x.abs()) } else { i0(x) * (-x.abs()).exp() }
}

/// Order 1, times exp(-|x|).
pub(super) fn i1e(x: f64) -> f64 {
    if x.abs() > LARGE { asymptotic(1.0, x.abs()).copysign(x) } else { i1(x) * (-x.abs()).exp() }
}

/// Times exp(x), which may be too large where the product is not.
fn grown(value: f64, x: f64) -> f64 {
    let half = (0.5 * x).exp();
    value * half * half
}

/// exp(-x) I(x) for large x (Abramowitz and Stegun 1964, 9.7.1).
fn asymptotic(order: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..30 {
        let odd = f64::from(2 * k - 1);
        term *= -(4.0 * order * order - odd * odd) / (f64::from(8 * k) * x);
        sum += term;
        if term.abs() < 1e-17 {
            break;
        }
    }
    sum / (std::f64::consts::TAU * x).sqrt()
}
