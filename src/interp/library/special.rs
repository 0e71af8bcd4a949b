//! `special`: SciPy's names of the special functions; also the gamma and error functions of `math`.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use ndarray::{ArrayD, IxDyn, Zip};
use statrs::function::{beta as incomplete_beta, erf as inverse_erf, gamma as incomplete_gamma};

use super::floats::floats;
use super::gamma::{beta, beta_log, digamma, gamma_log, polygamma, reciprocal_gamma};
use super::{Builtin, bessel, bessel_orders, kinds};
use crate::interp::elementwise::broadcast_shape;
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Operand};
use crate::vector;

fn log_expit(x: f64) -> f64 {
    -softplus(-x)
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p() + if x.is_nan() { x } else { 0.0 }
}

fn logit(x: f64) -> f64 {
    if (0.3..=0.65).contains(&x) {
        // Near one half the quotient is near 1: write x = (1 + s) / 2.
        let s = 2.0 * (x - 0.5);
        s.ln_1p() - (-s).ln_1p()
    } else {
        (x / (1.0 - x)).ln()
    }
}

fn erfinv(y: f64) -> f64 {
    match y.abs() {
        1.0 => y * f64::INFINITY,
        size if size < 1.0 => inverse_erf::erf_inv(y),
        _ => f64::NAN,
    }
}

fn erfcinv(y: f64) -> f64 {
    match y {
        0.0 => f64::INFINITY,
        2.0 => f64::NEG_INFINITY,
        y if y > 0.0 && y < 2.0 => inverse_erf::erfc_inv(y),
        _ => f64::NAN,
    }
}

fn erfcx(x: f64) -> f64 {
    puruspe::erfcx(x)
}

fn normal_probability(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

fn log_normal_probability(x: f64) -> f64 {
    let t = x * FRAC_1_SQRT_2;
    if x < -1.0 { (0.5 * erfcx(-t)).ln() - t * t } else { (-0.5 * libm::erfc(t)).ln_1p() }
}

fn normal_quantile(p: f64) -> f64 {
    // 2 p is exact.
    -SQRT_2 * erfcinv(2.0 * p)
}

fn gamma_below(a: f64, x: f64) -> f64 {
    incomplete(a, x, 0.0, incomplete_gamma::checked_gamma_lr)
}

fn gamma_above(a: f64, x: f64) -> f64 {
    incomplete(a, x, 1.0, incomplete_gamma::checked_gamma_ur)
}

/// An incomplete gamma function with its values on the border; `at_zero` is the one at x = 0.
fn incomplete<E>(a: f64, x: f64, at_zero: f64, inside: fn(f64, f64) -> Result<f64, E>) -> f64 {
    if !(a >= 0.0 && x >= 0.0) || (a == 0.0 && x == 0.0) || (a.is_infinite() && x.is_infinite()) {
        f64::NAN
    } else if x == 0.0 || a.is_infinite() {
        at_zero
    } else if a == 0.0 || x.is_infinite() {
        1.0 - at_zero
    } else {
        inside(a, x).unwrap_or(f64::NAN)
    }
}

pub(super) fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if !(a >= 0.0 && b >= 0.0 && (0.0..=1.0).contains(&x)) || a + b == 0.0 {
        return f64::NAN;
    }
    // With no weight at one end, all is at the other.
    if a == 0.0 {
        return f64::from(u8::from(x > 0.0));
    } else if b == 0.0 {
        return f64::from(u8::from(x == 1.0));
    }
    match x {
        0.0 | 1.0 => x,
        _ => incomplete_beta::checked_beta_reg(a, b, x).unwrap_or(f64::NAN),
    }
}

fn betainc(args: &mut [Value]) -> Result<Value> {
    let mut take = |at: usize| floats(std::mem::take(&mut args[at]), "an argument of special.betainc");
    let (a, b, x) = (take(0)?, take(1)?, take(2)?);
    let shape = broadcast_shape(&broadcast_shape(a.shape(), b.shape())?, x.shape())?;
    let mut result = ArrayD::zeros(IxDyn(&shape));
    let (Some(a), Some(b), Some(x)) = (a.broadcast(&shape[..]), b.broadcast(&shape[..]), x.broadcast(&shape[..]))
    else {
        return Err(Error::shape("the arguments of special.betainc do not broadcast together"));
    };
    Zip::from(&mut result).and(a).and(b).and(x).for_each(|y, &a, &b, &x| *y = beta_below(a, b, x));
    Ok(result.into())
}

fn betainc_kind(args: &[Operand]) -> Kind {
    match kinds::float_broadcast(&args[..2]) {
        Kind::Any => Kind::Any,
        both => kinds::float_broadcast(&[both.into(), args[2].clone()]),
    }
}

fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() { 0.0 } else { x * y.ln() }
}

fn xlog1py(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() { 0.0 } else { x * y.ln_1p() }
}

fn entropy(x: f64) -> f64 {
    if x < 0.0 { f64::NEG_INFINITY } else { -xlogy(x, x) }
}

fn relative_entropy(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x > 0.0 && y > 0.0 {
        x * (x / y).ln()
    } else if x == 0.0 && y >= 0.0 {
        0.0
    } else {
        f64::INFINITY
    }
}

fn kullback_leibler(x: f64, y: f64) -> f64 {
    if x > 0.0 && y > 0.0 {
        x * (x / y).ln() - x + y
    } else if x == 0.0 && y >= 0.0 {
        y
    } else {
        relative_entropy(x, y)
    }
}

/// `gamma_log` as SciPy has it at the lower end.
fn gammaln(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { x } else { gamma_log(x) }
}

fn loggamma(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { gamma_log(x) }
}

macro_rules! one {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(x, /)" kinds::float_elementwise, Float1($f), $doc)
    };
}

macro_rules! vector {
    ($name:literal $f:ident, $doc:literal) => {
        entry!($name "(x, /)" kinds::float_elementwise, Vector1(&vector::$f), $doc)
    };
}

macro_rules! two {
    ($name:literal $signature:literal $f:expr, $doc:literal) => {
        entry!($name $signature kinds::float_broadcast, Float2($f), $doc)
    };
}

/// The entries of `special`, and those of `math` that are the same functions.
pub const ENTRIES: &[Builtin] = &[
    vector!("special.expit" EXPIT, "The logistic function, 1 / (1 + exp(-x))."),
    one!("special.log_expit" log_expit, "The logarithm of the logistic function."),
    one!("special.softplus" softplus, "log(1 + exp(x))."),
    one!("special.logit" logit, "log(x / (1 - x)), the inverse of `special.expit`."),
    vector!("special.erf" ERF, "The error function."),
    one!("special.erfc" libm::erfc, "1 - erf(x), accurate for large x."),
    one!("special.erfcx" erfcx, "exp(x**2) * erfc(x)."),
    one!("special.erfinv" erfinv, "The inverse of `special.erf`."),
    one!("special.erfcinv" erfcinv, "The inverse of `special.erfc`."),
    one!("special.ndtr" normal_probability, "The probability that a standard normal number is below x."),
    one!("special.log_ndtr" log_normal_probability, "The logarithm of `special.ndtr`."),
    one!("special.ndtri" normal_quantile, "The inverse of `special.ndtr`."),
    one!("special.gamma" libm::tgamma, "The gamma function."),
    one!("special.gammaln" gammaln, "The logarithm of the absolute value of the gamma function."),
    one!("special.loggamma" loggamma, "The logarithm of the gamma function; nan below zero."),
    one!("special.rgamma" reciprocal_gamma, "1 / gamma(x), zero at the poles."),
    one!("special.digamma" digamma, "The derivative of the logarithm of the gamma function."),
    one!("special.psi" digamma, "The derivative of the logarithm of the gamma function."),
    two!("special.polygamma" "(n, x)" polygamma, "The n-th derivative of `special.digamma`."),
    two!("special.beta" "(a, b, /)" beta, "gamma(a) * gamma(b) / gamma(a + b)."),
    two!("special.betaln" "(a, b, /)" beta_log, "The logarithm of the absolute value of `special.beta`."),
    two!("special.gammainc" "(a, x, /)" gamma_below, "The regularised lower incomplete gamma function."),
    two!("special.gammaincc" "(a, x, /)" gamma_above, "The regularised upper incomplete gamma function."),
    entry!("special.betainc" "(a, b, x, /)" betainc_kind, Pure(betainc), "The regularised incomplete beta function."),
    two!("special.xlogy" "(x, y, /)" xlogy, "x * log(y); zero where x is zero."),
    two!("special.xlog1py" "(x, y, /)" xlog1py, "x * log(1 + y); zero where x is zero."),
    one!("special.entr" entropy, "-x * log(x), the summand of an entropy; -inf below zero."),
    two!("special.rel_entr" "(x, y, /)" relative_entropy, "x * log(x / y), the summand of a relative entropy."),
    two!("special.kl_div" "(x, y, /)" kullback_leibler, "x * log(x / y) - x + y."),
    one!("special.j0" libm::j0, "The Bessel function of the first kind of order 0."),
    one!("special.j1" libm::j1, "The Bessel function of the first kind of order 1."),
    one!("special.y0" libm::y0, "The Bessel function of the second kind of order 0."),
    one!("special.y1" libm::y1, "The Bessel function of the second kind of order 1."),
    two!("special.jv" "(v, z, /)" bessel_orders::jv, "The Bessel function of the first kind of real order v."),
    two!("special.jn" "(n, x, /)" bessel_orders::jv, "The Bessel function of the first kind of order n."),
    two!("special.yv" "(v, z, /)" bessel_orders::yv, "The Bessel function of the second kind of real order v."),
    two!("special.yn" "(n, x, /)" bessel_orders::yn, "The Bessel function of the second kind of integer order n."),
    two!("special.iv" "(v, z, /)" bessel_orders::iv, "The modified Bessel function of the first kind of real order v."),
    two!("special.ive" "(v, z, /)" bessel_orders::ive, "exp(-abs(x)) * iv(v, x)."),
    two!("special.kv" "(v, z, /)" bessel_orders::kv, "The modified Bessel function of the second kind of real order v."),
    two!("special.kn" "(n, x, /)" bessel_orders::kv, "The modified Bessel function of the second kind of order n."),
    two!("special.kve" "(v, z, /)" bessel_orders::kve, "exp(x) * kv(v, x)."),
    one!("special.k0" | x | bessel_orders::kv(0.0, x), "The modified Bessel function of the second kind of order 0."),
    one!("special.k1" | x | bessel_orders::kv(1.0, x), "The modified Bessel function of the second kind of order 1."),
    one!("special.k0e" | x | bessel_orders::kve(0.0, x), "exp(x) * k0(x)."),
    one!("special.k1e" | x | bessel_orders::kve(1.0, x), "exp(x) * k1(x)."),
    one!("special.i0" bessel::i0, "The modified Bessel function of order 0."),
    one!("special.i1" bessel::i1, "The modified Bessel function of order 1."),
    one!("special.i0e" bessel::i0e, "exp(-abs(x)) * i0(x)."),
    one!("special.i1e" bessel::i1e, "exp(-abs(x)) * i1(x)."),
    vector!("math.erf" ERF, "The error function."),
    one!("math.erfc" libm::erfc, "1 - erf(x), accurate for large x."),
    one!("math.gamma" libm::tgamma, "The gamma function."),
    one!("math.lgamma" gamma_log, "The logarithm of the absolute value of the gamma function."),
];

#[cfg(test)]
mod tests {
    use super::super::{Kernel, lookup};
    use super::*;

    fn call(name: &str, args: &[f64]) -> f64 {
        match lookup(name).unwrap().kernel {
            Kernel::Float1(f) => f(args[0]),
            Kernel::Float2(f) => f(args[0], args[1]),
            Kernel::Vector1(f) => (f.one)(args[0]),
            Kernel::Vector2(f) => (f.one)(args[0], args[1]),
            Kernel::Pure(f) => {
                let mut args: Vec<Value> = args.iter().map(|&x| Value::Float(x)).collect();
                let Ok(Value::Float(y)) = f(&mut args) else { panic!("{name}") };
                y
            }
            Kernel::Machine(_) => panic!("{name}"),
        }
    }

    /// Accuracy against values computed in forty digits.
    #[test]
    fn values_are_accurate() {
        let mut wrong = Vec::new();
        for line in include_str!("../../../tests/oracle/special.txt").lines() {
            let (name, numbers) = line.split_once('\t').unwrap();
            let numbers: Vec<f64> = numbers.split('\t').map(|x| x.parse().unwrap()).collect();
            let (want, args) = numbers.split_last().unwrap();
            let error = (call(name, args) - want).abs() / want.abs().max(amplitude(name, args));
            if (error.is_nan() || error >= tolerance(name)) && call(name, args) != *want {
                wrong.push(format!("{name}{args:?}: {} is not {want} (off by {error:.1e})", call(name, args)));
            }
        }
        assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Near their zeros, oscillating functions are as accurate as their amplitude allows.
    fn amplitude(name: &str, args: &[f64]) -> f64 {
        if matches!(name, "special.jv" | "special.yv") && args[1] > args[0].abs() {
            (2.0 / (std::f64::consts::PI * args[1])).sqrt()
        } else {
            0.0
        }
    }

    /// The incomplete beta function loses digits to its factor of three gamma functions.
    fn tolerance(name: &str) -> f64 {
        if matches!(name, "special.betainc" | "special.stdtr") { 5e-12 } else { 1e-13 }
    }

    #[test]
    fn borders_are_scipys() {
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        for (name, args, want) in [
            ("special.digamma", &[0.0][..], -inf),
            ("special.digamma", &[-1.0], nan),
            ("special.gamma", &[0.0], inf),
            ("special.gamma", &[-1.0], nan),
            ("special.gammaln", &[-1.0], inf),
            ("special.rgamma", &[-3.0], 0.0),
            ("special.erfinv", &[1.0], inf),
            ("special.erfinv", &[1.5], nan),
            ("special.erfcinv", &[2.0], -inf),
            ("special.ndtri", &[0.0], -inf),
            ("special.logit", &[1.0], inf),
            ("special.logit", &[0.0], -inf),
            ("special.xlogy", &[0.0, 0.0], 0.0),
            ("special.xlogy", &[0.0, nan], nan),
            ("special.entr", &[-1.0], -inf),
            ("special.entr", &[0.0], 0.0),
            ("special.gammainc", &[2.0, 0.0], 0.0),
            ("special.gammainc", &[0.0, 2.0], 1.0),
            ("special.gammaincc", &[2.0, inf], 0.0),
            ("special.gammainc", &[-1.0, 2.0], nan),
            ("special.betainc", &[2.0, 3.0, 1.0], 1.0),
            ("special.betainc", &[2.0, 3.0, 1.5], nan),
            ("special.polygamma", &[0.5, 2.0], nan),
            ("special.i0e", &[1e300], 0.0),
            ("special.expit", &[-1e4], 0.0),
            ("special.softplus", &[nan], nan),
            ("special.erf", &[nan], nan),
            ("special.digamma", &[nan], nan),
            ("special.i0", &[nan], nan),
        ] {
            let got = call(name, args);
            let near = got == want || (want.is_nan() && got.is_nan()) || (want == 0.0 && got.abs() < 1e-140);
            assert!(near, "{name}{args:?} is {got}, not {want}");
        }
    }
}
