//! Inverse trigonometric functions.

use std::f64::consts::{FRAC_PI_2, PI};

use super::arithmetic::{Arithmetic, polynomial, sum_ordered};
use super::coefficients::{ANGLES, ASIN, ATAN, HALF_PI_REST, PI_REST};

/// The angle of a point in the first quadrant, turned back by the nearest of five angles.
#[inline(always)]
fn angle<A: Arithmetic>(y: f64, x: f64) -> f64 {
    let (mut a, mut b, mut by) = (-x, y, ANGLES[4]);
    if y < 2.4375 * x {
        (a, b, by) = (y - 1.5 * x, x + 1.5 * y, ANGLES[3]);
    }
    if y < 1.1875 * x {
        (a, b, by) = (y - x, x + y, ANGLES[2]);
    }
    if y < 0.6875 * x {
        (a, b, by) = (2.0 * y - x, 2.0 * x + y, ANGLES[1]);
    }
    if y < 0.4375 * x {
        (a, b, by) = (y, x, ANGLES[0]);
    }
    let t = a / b;
    let z = t * t;
    by.0 + (t + A::mul_add(t * z, polynomial::<A, _>(z, &ATAN), by.1))
}

/// `atan(x)`, infinities included.
#[inline(always)]
pub fn atan<A: Arithmetic>(x: f64) -> f64 {
    angle::<A>(x.abs(), 1.0).copysign(x)
}

/// The angle of the point (x, y).
#[inline(always)]
pub fn atan2<A: Arithmetic>(y: f64, x: f64) -> f64 {
    let right = angle::<A>(y.abs(), x.abs());
    let left = PI - (right - PI_REST);
    (if x < 0.0 { left } else { right }).copysign(y)
}

/// Whether [`atan2`] knows the arguments: a quotient of theirs is a normal number.
#[inline(always)]
pub fn point(y: f64, x: f64) -> bool {
    (1e-140..1e140).contains(&y.abs()) && (1e-140..1e140).contains(&x.abs())
}

/// Whether [`asin`] and [`acos`] know the argument.
#[inline(always)]
pub fn within_one(x: f64) -> bool {
    x.abs() <= 1.0
}

/// For the inverse sine of `size`: whether it is above 1/2, the number whose inverse sine is taken by the polynomial
/// (`sqrt((1 - size) / 2)` above), and what that inverse sine is beyond the number.
#[inline(always)]
fn arc<A: Arithmetic>(size: f64) -> (bool, f64, f64) {
    let large = size > 0.5;
    let z = if large { 0.5 * (1.0 - size) } else { size * size };
    let root = z.sqrt();
    let s = if large { root } else { size };
    let (p, error) = A::product(root, root);
    let correction = ((z - p) - error) / (2.0 * root + f64::MIN_POSITIVE);
    let series = s * z * polynomial::<A, _>(z, &ASIN);
    (large, s, if large { series + correction } else { series })
}

/// `asin(x)`
#[inline(always)]
pub fn asin<A: Arithmetic>(x: f64) -> f64 {
    let (large, s, rest) = arc::<A>(x.abs());
    let (d, error) = sum_ordered(FRAC_PI_2, -2.0 * s);
    let above = d + ((error + HALF_PI_REST) - 2.0 * rest);
    (if large { above } else { s + rest }).copysign(x)
}

/// `acos(x)`
#[inline(always)]
pub fn acos<A: Arithmetic>(x: f64) -> f64 {
    let (large, s, rest) = arc::<A>(x.abs());
    let (d, error) = sum_ordered(FRAC_PI_2, -s.copysign(x));
    let middle = d + ((error + HALF_PI_REST) - rest.copysign(x));
    let right = 2.0 * (s + rest);
    let (d, error) = sum_ordered(PI, -2.0 * s);
    let left = d + ((error + PI_REST) - 2.0 * rest);
    if !large {
        middle
    } else if x > 0.0 {
        right
    } else {
        left
    }
}
