//! What the kernels compute with: products and sums whose rounding errors are kept, polynomials, powers of two.
//!
//! Everything is straight-line code of one number, so that a loop over it becomes vector instructions.

/// Multiplication and addition, with the processor's fused instruction or without it.
pub trait Arithmetic {
    /// `a * b + c`, rounded once or twice.
    fn mul_add(a: f64, b: f64, c: f64) -> f64;
    /// The product and its rounding error (Dekker 1971).
    fn product(a: f64, b: f64) -> (f64, f64);
}

/// With fused multiplication and addition.
pub struct Fused;

/// Without.
pub struct Plain;

impl Arithmetic for Fused {
    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
    #[inline(always)]
    fn product(a: f64, b: f64) -> (f64, f64) {
        let p = a * b;
        (p, a.mul_add(b, -p))
    }
}

impl Arithmetic for Plain {
    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
    #[inline(always)]
    fn product(a: f64, b: f64) -> (f64, f64) {
        let p = a * b;
        let ((ah, al), (bh, bl)) = (halves(a), halves(b));
        (p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
    }
}

/// A number as a sum of two with half the bits each (Veltkamp 1968).
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    let c = 134_217_729.0 * x;
    let high = c - (c - x);
    (high, x - high)
}

/// The sum and its rounding error (Knuth 1969).
#[inline(always)]
pub fn sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// The sum and its rounding error, where the first is not smaller than the second.
#[inline(always)]
pub fn sum_ordered(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    (s, (a - s) + b)
}

/// A polynomial: the even and the odd powers by Horner's scheme, two chains of operations side by side.
#[inline(always)]
pub fn polynomial<A: Arithmetic, const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut last, mut first) = (c[N - 1], c[N - 2]);
    for k in 1..N / 2 {
        last = A::mul_add(last, square, c[N - 1 - 2 * k]);
        first = A::mul_add(first, square, c[N - 2 - 2 * k]);
    }
    if N.is_multiple_of(2) { A::mul_add(last, x, first) } else { A::mul_add(first, x, A::mul_add(last, square, c[0])) }
}

/// Added to a number of at most 51 bits, leaves its nearest integer in the last bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// The nearest integer of a number below 2**51, and its bits from the lowest on.
#[inline(always)]
pub fn nearest(x: f64) -> (f64, u64) {
    let shifted = x + SHIFT;
    (shifted - SHIFT, shifted.to_bits())
}

/// 2**n for an integer from -1022 to 1023.
#[inline(always)]
pub fn power_of_two(n: f64) -> f64 {
    f64::from_bits(((n + SHIFT).to_bits().wrapping_add(1023)) << 52)
}

/// A positive normal number as a power of two and a factor from sqrt(1/2) to sqrt(2).
#[inline(always)]
pub fn exponent_and_factor(x: f64) -> (f64, f64) {
    const HALF_ROOT: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    let shifted = x.to_bits().wrapping_sub(HALF_ROOT).wrapping_add(1023 << 52);
    let factor = (shifted & 0x000f_ffff_ffff_ffff).wrapping_add(HALF_ROOT);
    (small_integer(shifted >> 52) - 1023.0, f64::from_bits(factor))
}

/// An integer below 2**52 as a float.
#[inline(always)]
pub fn small_integer(n: u64) -> f64 {
    const OFFSET: f64 = 4_503_599_627_370_496.0;
    f64::from_bits(n | OFFSET.to_bits()) - OFFSET
}

/// Below this, `f(x)` is `x` for the odd functions with slope 1 at zero; with the sign of zero.
pub const TINY: f64 = 1e-18;
