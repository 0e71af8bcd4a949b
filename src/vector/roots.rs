//! Roots, and the error function.

use super::arithmetic::{Arithmetic, nearest, polynomial, power_of_two, small_integer};
use super::coefficients::{CBRT, CUBE_ROOTS, ERF, ERFC};
use super::exponential::exp;

/// `cbrt(x)` of a normal number: a polynomial, then one step of Halley's.
#[inline(always)]
pub fn cbrt<A: Arithmetic>(x: f64) -> f64 {
    let bits = x.abs().to_bits();
    let e = small_integer(bits >> 52) - 1023.0;
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023 << 52));
    let (third, _) = nearest((e - 1.0) * (1.0 / 3.0));
    let rest = e - 3.0 * third;
    let root = if rest == 0.0 { CUBE_ROOTS[0] } else { CUBE_ROOTS[1] };
    let root = if rest == 2.0 { CUBE_ROOTS[2] } else { root };
    let scaled = m * power_of_two(rest);
    // Half the bits, so that the square is exact.
    let y = f64::from_bits((polynomial::<A, _>(m, &CBRT) * root).to_bits() & !0x07ff_ffff);
    let r = scaled / (y * y);
    let y = A::mul_add(y, (r - y) / (y + y + r), y);
    (y * power_of_two(third)).copysign(x)
}

/// Whether [`cbrt`] knows the argument.
#[inline(always)]
pub fn normal(x: f64) -> bool {
    (f64::MIN_POSITIVE..=f64::MAX).contains(&x.abs())
}

/// `erf(x)`, not of nan: a polynomial up to 1, from there `1 - exp(-x**2) Q`.
#[inline(always)]
pub fn erf<A: Arithmetic>(x: f64) -> f64 {
    let size = if x.abs() > 6.0 { 6.0 } else { x.abs() };
    let z = size * size;
    let inner = A::mul_add(size, polynomial::<A, _>(z, &ERF), size);
    let outer = 1.0 - exp::<A>(-z) * polynomial::<A, _>((size - 2.5) / (size + 2.5), &ERFC);
    (if size <= 1.0 { inner } else { outer }).copysign(x)
}
