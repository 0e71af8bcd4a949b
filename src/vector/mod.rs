//! Functions of floats, a number at a time and many.
//!
//! A kernel is straight-line code of one number. It is compiled for what the processor may have (AVX-512, AVX2 with fused
//! multiplication, neither), and which is used is found out when it first runs. Loops over it become vector instructions;
//! a single number goes through the same operations, so a function has one answer wherever it is called. Every result is
//! within two units in the last place (`tests/vector_math.rs`). What a kernel does not know (`regular` says so: nan, huge
//! angles, subnormal numbers) goes to the scalar library, element by element.
//!
//! | file | |
//! |---|---|
//! | `arithmetic.rs` | products and sums with their errors, polynomials |
//! | `coefficients.rs` | polynomials and constants, written by `scripts/fit-polynomials` |
//! | `exponential.rs`, `logarithm.rs`, `trigonometric.rs`, `inverse.rs`, `roots.rs` | the kernels |

pub mod arithmetic;
#[allow(clippy::excessive_precision, clippy::approx_constant, clippy::unreadable_literal)]
mod coefficients;
mod exponential;
mod inverse;
mod logarithm;
mod roots;
mod trigonometric;

use arithmetic::{Arithmetic, Fused, Plain};

/// A function of a float.
pub struct Function1 {
    /// Of one number.
    pub one: fn(f64) -> f64,
    /// Of each element of a slice, into another of the same length.
    pub many: fn(&[f64], &mut [f64]),
}

/// A function of two floats.
pub struct Function2 {
    /// Of one pair.
    pub one: fn(f64, f64) -> f64,
    /// Of each pair of elements of two slices, into another of the same length.
    pub many: fn(&[f64], &[f64], &mut [f64]),
}

/// Elements for which a whole block is not worth clearing.
const FEW: usize = 32;
/// Elements that are looked at together.
pub const BLOCK: usize = 128;

impl Function1 {
    /// Replaces each element by the function of it.
    pub fn in_place(&self, elements: &mut [f64]) {
        match elements.len() {
            ..=FEW => self.by_blocks::<FEW>(elements),
            _ => self.by_blocks::<BLOCK>(elements),
        }
    }

    fn by_blocks<const SIZE: usize>(&self, elements: &mut [f64]) {
        let mut copy = [0.0; SIZE];
        for part in elements.chunks_mut(SIZE) {
            let copy = &mut copy[..part.len()];
            copy.copy_from_slice(part);
            (self.many)(copy, part);
        }
    }
}

/// A loop over a kernel, then the elements that it does not know.
#[inline(always)]
fn map1(
    x: &[f64],
    y: &mut [f64],
    kernel: impl Fn(f64) -> f64,
    regular: impl Fn(f64) -> bool,
    otherwise: impl Fn(f64) -> f64,
) {
    for (x, y) in x.chunks(BLOCK).zip(y.chunks_mut(BLOCK)) {
        let mut odd = 0;
        for (x, y) in x.iter().zip(y.iter_mut()) {
            *y = kernel(*x);
        }
        for x in x {
            odd |= u64::from(!regular(*x));
        }
        if odd != 0 {
            for (x, y) in x.iter().zip(y.iter_mut()) {
                if !regular(*x) {
                    *y = otherwise(*x);
                }
            }
        }
    }
}

/// As [`map1`], of pairs.
#[inline(always)]
fn map2(
    a: &[f64],
    b: &[f64],
    y: &mut [f64],
    kernel: impl Fn(f64, f64) -> f64,
    regular: impl Fn(f64, f64) -> bool,
    otherwise: impl Fn(f64, f64) -> f64,
) {
    for ((a, b), y) in a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(y.chunks_mut(BLOCK)) {
        let mut odd = 0;
        for ((a, b), y) in a.iter().zip(b).zip(y.iter_mut()) {
            *y = kernel(*a, *b);
        }
        for (a, b) in a.iter().zip(b) {
            odd |= u64::from(!regular(*a, *b));
        }
        if odd != 0 {
            for ((a, b), y) in a.iter().zip(b).zip(y.iter_mut()) {
                if !regular(*a, *b) {
                    *y = otherwise(*a, *b);
                }
            }
        }
    }
}

/// Compiles a function for each kind of processor.
macro_rules! dispatched {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $t:ty),*) $(-> $result:ty)? { $fused:expr, $plain:expr }) => {
        $(#[$doc])*
        #[multiversion::multiversion(targets(
            "x86_64+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+avx2+fma",
            "x86_64+avx2+fma",
        ))]
        $vis fn $name($($arg: $t),*) $(-> $result)? {
            if multiversion::target::target_cfg_f!(target_feature = "fma") || cfg!(target_arch = "aarch64") {
                $fused
            } else {
                $plain
            }
        }
    };
}

pub(crate) use dispatched;

macro_rules! functions1 {
    ($($(#[$doc:meta])* $name:ident $module:ident, $kernel:ident where $regular:expr, else $otherwise:expr;)*) => { $(
        $(#[$doc])*
        pub static $name: Function1 = {
            dispatched! { fn many(x: &[f64], y: &mut [f64]) {
                map1(x, y, $module::$kernel::<Fused>, $regular, $otherwise),
                map1(x, y, $module::$kernel::<Plain>, $regular, $otherwise)
            } }
            dispatched! { fn one(x: f64) -> f64 {
                if $regular(x) { $module::$kernel::<Fused>(x) } else { $otherwise(x) },
                if $regular(x) { $module::$kernel::<Plain>(x) } else { $otherwise(x) }
            } }
            Function1 { one, many }
        };
    )* };
}

macro_rules! functions2 {
    ($($(#[$doc:meta])* $name:ident $module:ident, $kernel:ident where $regular:expr, else $otherwise:expr;)*) => { $(
        $(#[$doc])*
        pub static $name: Function2 = {
            dispatched! { fn many(a: &[f64], b: &[f64], y: &mut [f64]) {
                map2(a, b, y, $module::$kernel::<Fused>, $regular, $otherwise),
                map2(a, b, y, $module::$kernel::<Plain>, $regular, $otherwise)
            } }
            dispatched! { fn one(a: f64, b: f64) -> f64 {
                if $regular(a, b) { $module::$kernel::<Fused>(a, b) } else { $otherwise(a, b) },
                if $regular(a, b) { $module::$kernel::<Plain>(a, b) } else { $otherwise(a, b) }
            } }
            Function2 { one, many }
        };
    )* };
}

/// Every argument.
#[inline(always)]
fn any(_: f64) -> bool {
    true
}

/// Every pair of arguments.
#[inline(always)]
fn any_two(_: f64, _: f64) -> bool {
    true
}

/// Nothing is left to it.
#[inline(always)]
fn identity(x: f64) -> f64 {
    x
}

/// Every number.
#[inline(always)]
fn number(x: f64) -> bool {
    !x.is_nan()
}

dispatched! {
    /// The sine and the cosine of a number, as [`SIN`] and [`COS`] give them.
    pub fn sine_and_cosine(x: f64) -> (f64, f64) {
        if trigonometric::moderate(x) { trigonometric::sin_cos::<Fused>(x) } else { (x.sin(), x.cos()) },
        if trigonometric::moderate(x) { trigonometric::sin_cos::<Plain>(x) } else { (x.sin(), x.cos()) }
    }
}

dispatched! {
    /// The sine and the cosine of each element, as [`SIN`] and [`COS`] give them.
    pub fn sin_cos(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
        both::<Fused>(x, sines, cosines),
        both::<Plain>(x, sines, cosines)
    }
}

#[inline(always)]
fn both<A: Arithmetic>(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    let mut odd = 0;
    for ((x, s), c) in x.iter().zip(sines.iter_mut()).zip(cosines.iter_mut()) {
        (*s, *c) = trigonometric::sin_cos::<A>(*x);
    }
    for x in x {
        odd |= u64::from(!trigonometric::moderate(*x));
    }
    if odd != 0 {
        for ((x, s), c) in x.iter().zip(sines).zip(cosines) {
            if !trigonometric::moderate(*x) {
                (*s, *c) = ((SIN.one)(*x), (COS.one)(*x));
            }
        }
    }
}

functions1! {
    /// The exponential.
    EXP exponential, exp where any, else f64::exp;
    /// `exp(x) - 1`
    EXPM1 exponential, expm1 where exponential::not_large, else f64::exp_m1;
    /// The hyperbolic sine.
    SINH exponential, sinh where exponential::moderate, else f64::sinh;
    /// The hyperbolic cosine.
    COSH exponential, cosh where exponential::moderate, else f64::cosh;
    /// The hyperbolic tangent.
    TANH exponential, tanh where number, else f64::tanh;
    /// The logistic function.
    EXPIT exponential, expit where any, else identity;
    /// The natural logarithm.
    LOG logarithm, log where logarithm::positive, else f64::ln;
    /// `log(1 + x)`
    LOG1P logarithm, log1p where logarithm::above_minus_one, else f64::ln_1p;
    /// The sine.
    SIN trigonometric, sin where trigonometric::moderate, else f64::sin;
    /// The cosine.
    COS trigonometric, cos where trigonometric::moderate, else f64::cos;
    /// The tangent.
    TAN trigonometric, tan where trigonometric::moderate, else f64::tan;
    /// The inverse tangent.
    ATAN inverse, atan where any, else f64::atan;
    /// The inverse sine.
    ASIN inverse, asin where inverse::within_one, else f64::asin;
    /// The inverse cosine.
    ACOS inverse, acos where inverse::within_one, else f64::acos;
    /// The cube root.
    CBRT roots, cbrt where roots::normal, else libm::cbrt;
    /// The error function.
    ERF roots, erf where number, else libm::erf;
}

functions2! {
    /// The angle of the point (second, first).
    ATAN2 inverse, atan2 where inverse::point, else f64::atan2;
    /// Powers.
    POW logarithm, pow where any_two, else f64::powf;
}

mod plain {
    //! Square roots and absolute values: exact everywhere.
    use super::Function1;

    macro_rules! exact {
        ($($(#[$doc:meta])* $name:ident $f:expr;)*) => { $(
            $(#[$doc])*
            pub static $name: Function1 = {
                dispatched! { fn many(x: &[f64], y: &mut [f64]) {
                    x.iter().zip(y).for_each(|(x, y)| *y = $f(*x)),
                    x.iter().zip(y).for_each(|(x, y)| *y = $f(*x))
                } }
                Function1 { one: $f, many }
            };
        )* };
    }

    exact! {
        /// The square root.
        SQRT f64::sqrt;
        /// The absolute value.
        ABS f64::abs;
    }
}
pub use plain::{ABS, SQRT};

#[cfg(test)]
mod tests {
    //! The kernels without fused multiplication, which most processors never run, on the recorded results.

    use super::*;

    fn place(x: f64) -> i128 {
        let size = i128::from(x.to_bits() & !(1 << 63));
        if x.is_sign_negative() { -size } else { size }
    }

    fn plain(name: &str, x: &[f64]) -> Option<f64> {
        macro_rules! kernels {
            ($($known:literal $module:ident, $kernel:ident where $regular:expr;)*) => {
                match name {
                    $($known => $regular(x[0]).then(|| $module::$kernel::<Plain>(x[0])),)*
                    "arctan2" => inverse::point(x[0], x[1]).then(|| inverse::atan2::<Plain>(x[0], x[1])),
                    "power" => Some(logarithm::pow::<Plain>(x[0], x[1])),
                    _ => None,
                }
            };
        }
        kernels! {
            "exp" exponential, exp where any;
            "expm1" exponential, expm1 where exponential::not_large;
            "sinh" exponential, sinh where exponential::moderate;
            "cosh" exponential, cosh where exponential::moderate;
            "tanh" exponential, tanh where number;
            "expit" exponential, expit where any;
            "log" logarithm, log where logarithm::positive;
            "log1p" logarithm, log1p where logarithm::above_minus_one;
            "sin" trigonometric, sin where trigonometric::moderate;
            "cos" trigonometric, cos where trigonometric::moderate;
            "tan" trigonometric, tan where trigonometric::moderate;
            "arctan" inverse, atan where any;
            "arcsin" inverse, asin where inverse::within_one;
            "arccos" inverse, acos where inverse::within_one;
            "cbrt" roots, cbrt where roots::normal;
            "erf" roots, erf where number;
        }
    }

    #[test]
    fn without_fused_multiplication_too() {
        let mut looked_at = 0;
        for line in include_str!("../../tests/vector_math.txt").lines() {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let numbers: Vec<f64> =
                words.map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).expect("sixteen digits"))).collect();
            let Some((expected, args)) = numbers.split_last() else { continue };
            if let Some(result) = plain(name, args) {
                assert!((place(result) - place(*expected)).abs() <= 2, "{name}({args:?}): {result} for {expected}");
                looked_at += 1;
            }
        }
        assert!(looked_at > 9000, "{looked_at}");
    }
}
