//! Sine, cosine and tangent: `x = n pi / 2 + r`, the remainder in two parts, polynomials of it.

use std::f64::consts::FRAC_2_PI;

use super::arithmetic::{Arithmetic, nearest, polynomial, sum, sum_ordered};
use super::coefficients::{COS, HALF_PI, SIN};

/// Up to here the number of quarter turns has twenty bits, and its products with the pieces of pi / 2 are exact.
const LARGEST: f64 = 1e6;

/// Whether the functions here know the argument.
#[inline(always)]
pub fn moderate(x: f64) -> bool {
    x.abs() <= LARGEST
}

/// The remainder in two parts, and the number of quarter turns from its lowest bit on (Cody and Waite 1980).
#[inline(always)]
fn reduced<A: Arithmetic>(x: f64) -> (f64, f64, u64) {
    let (n, bits) = nearest(x * FRAC_2_PI);
    let first = A::mul_add(-n, HALF_PI[0], x);
    let (second, error) = sum(first, -n * HALF_PI[1]);
    let (third, more) = sum(second, -n * HALF_PI[2]);
    let (r, rest) = sum_ordered(third, A::mul_add(-n, HALF_PI[3], error + more));
    (r, rest, bits)
}

/// The sine of a remainder, as its first term and the rest.
#[inline(always)]
fn sine<A: Arithmetic>(r: f64, rest: f64, z: f64) -> (f64, f64) {
    (r, A::mul_add(r * z, polynomial::<A, _>(z, &SIN), A::mul_add(-0.5 * z, rest, rest)))
}

/// The cosine of a remainder, as its first terms and the rest.
#[inline(always)]
fn cosine<A: Arithmetic>(r: f64, rest: f64, z: f64) -> (f64, f64) {
    let half = 0.5 * z;
    let w = 1.0 - half;
    (w, ((1.0 - w) - half) + A::mul_add(z * z, polynomial::<A, _>(z, &COS), -r * rest))
}

/// `sin(x)`
#[inline(always)]
pub fn sin<A: Arithmetic>(x: f64) -> f64 {
    sin_cos::<A>(x).0
}

/// `cos(x)`
#[inline(always)]
pub fn cos<A: Arithmetic>(x: f64) -> f64 {
    sin_cos::<A>(x).1
}

/// `sin(x)` and `cos(x)`
#[inline(always)]
pub fn sin_cos<A: Arithmetic>(x: f64) -> (f64, f64) {
    let (r, rest, n) = reduced::<A>(x);
    let z = r * r;
    let ((s, s_rest), (c, c_rest)) = (sine::<A>(r, rest, z), cosine::<A>(r, rest, z));
    let (s, c) = (s + s_rest, c + c_rest);
    // An odd number of quarter turns exchanges them; the second bit is the sign, of the cosine a quarter turn on.
    let turned = |n: u64| {
        let result = if n & 1 == 0 { s } else { c };
        f64::from_bits(result.to_bits() ^ ((n & 2) << 62))
    };
    (if x.abs() < 1e-9 { x } else { turned(n) }, turned(n.wrapping_add(1)))
}

/// `tan(x)`
#[inline(always)]
pub fn tan<A: Arithmetic>(x: f64) -> f64 {
    let (r, rest, n) = reduced::<A>(x);
    let z = r * r;
    let (s, s_rest) = sine::<A>(r, rest, z);
    let (c, c_rest) = cosine::<A>(r, rest, z);
    let ((s, s_rest), (c, c_rest)) = (sum_ordered(s, s_rest), sum_ordered(c, c_rest));
    let even = n & 1 == 0;
    let (a, a_rest) = if even { (s, s_rest) } else { (-c, -c_rest) };
    let (b, b_rest) = if even { (c, c_rest) } else { (s, s_rest) };
    let q = a / b;
    let result = q + A::mul_add(-q, b_rest, a_rest) / b;
    if x.abs() < 1e-9 { x } else { result }
}
