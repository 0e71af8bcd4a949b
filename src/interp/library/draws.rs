//! Further draws of a generator: continuous distributions with one, two or three parameters, and counts.

use std::sync::Arc;

use ndarray::IxDyn;

use super::Builtin;
use super::arguments::{self, take};
use super::floats::{array, floats, floats_of_rank, size, size_rank, value_of};
use super::random::drawing;
use crate::interp::array::{Array, Storage, shape_len, shape_text};
use crate::interp::elementwise::broadcast_shape;
use crate::interp::random::Generator;
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// A draw of floats: its parameters, the test of each, what is wrong where one fails.
macro_rules! floats {
    ($name:literal $signature:literal, $count:literal, $test:expr, $draw:expr, $doc:literal) => {
        mutating!($name $signature |args| floats_of_rank(rank(args, $count)), Pure(|args| {
            let test: fn(&[f64]) -> Option<&'static str> = $test;
            let draw: fn(&mut Generator, &[f64]) -> f64 = $draw;
            let (shape, drawn) = draws(args, $count, test, draw)?;
            value_of(&shape, drawn)
        }), $doc)
    };
}

/// A draw of integers.
macro_rules! counts {
    ($name:literal $signature:literal, $count:literal, $test:expr, $draw:expr, $doc:literal) => {
        mutating!($name $signature |args| rank(args, $count).map_or(Kind::Any, |rank| Kind::array(DType::Int, Some(rank))), Pure(|args| {
            let test: fn(&[f64]) -> Option<&'static str> = $test;
            let draw: fn(&mut Generator, &[f64]) -> i64 = $draw;
            let (shape, drawn) = draws(args, $count, test, draw)?;
            match (&shape[..], drawn.first()) {
                ([], Some(&one)) => Ok(Value::Int(one)),
                _ => Ok(Value::Array(Arc::new(Array::Int(array(&shape, drawn)?)))),
            }
        }), $doc)
    };
}

fn scaled(p: &[f64]) -> Option<&'static str> {
    (p[1] < 0.0).then_some("scale must not be negative")
}

fn positive(p: &[f64]) -> Option<&'static str> {
    (!p.iter().all(|&x| x > 0.0)).then_some("the parameters must be positive")
}

fn not_negative(p: &[f64]) -> Option<&'static str> {
    (!p.iter().all(|&x| x >= 0.0)).then_some("the parameters must not be negative")
}

fn chance(p: f64) -> Option<&'static str> {
    (!(0.0..=1.0).contains(&p)).then_some("p must be a probability, from 0 to 1")
}

/// The entries.
#[rustfmt::skip]
pub const ENTRIES: &[Builtin] = &[
    floats!("generator.standard_exponential" "(rng, size=None)", 0, |_| None, |rng, _| rng.standard_exponential(), "Floats of the exponential distribution with mean 1."),
    floats!("generator.standard_cauchy" "(rng, size=None)", 0, |_| None, |rng, _| rng.standard_cauchy(), "Floats of the Cauchy distribution."),
    floats!("generator.lognormal" "(rng, mean=0.0, sigma=1.0, size=None)", 2, scaled, |rng, p| rng.lognormal(p[0], p[1]), "Floats whose logarithms are normal with `mean` and `sigma`."),
    floats!("generator.laplace" "(rng, loc=0.0, scale=1.0, size=None)", 2, scaled, |rng, p| rng.laplace(p[0], p[1]), "Floats of the Laplace distribution about `loc`."),
    floats!("generator.logistic" "(rng, loc=0.0, scale=1.0, size=None)", 2, scaled, |rng, p| rng.logistic(p[0], p[1]), "Floats of the logistic distribution about `loc`."),
    floats!("generator.gumbel" "(rng, loc=0.0, scale=1.0, size=None)", 2, scaled, |rng, p| rng.gumbel(p[0], p[1]), "Floats of the Gumbel distribution with mode `loc`."),
    floats!("generator.rayleigh" "(rng, scale=1.0, size=None)", 1, not_negative, |rng, p| rng.rayleigh(p[0]), "Floats of the Rayleigh distribution with mode `scale`."),
    floats!("generator.weibull" "(rng, a, size=None)", 1, not_negative, |rng, p| rng.weibull(p[0]), "Floats of the Weibull distribution of shape `a`."),
    floats!("generator.pareto" "(rng, a, size=None)", 1, positive, |rng, p| rng.pareto(p[0]), "Floats of the Pareto II (Lomax) distribution of shape `a`."),
    floats!("generator.power" "(rng, a, size=None)", 1, positive, |rng, p| rng.power(p[0]), "Floats between 0 and 1 with density a * x**(a - 1)."),
    floats!("generator.triangular" "(rng, left, mode, right, size=None)", 3, |p| (!(p[0] <= p[1] && p[1] <= p[2] && p[0] < p[2])).then_some("left <= mode <= right is needed, and left < right"), |rng, p| rng.triangular(p[0], p[1], p[2]), "Floats of the triangular distribution."),
    floats!("generator.standard_gamma" "(rng, shape, size=None)", 1, not_negative, |rng, p| rng.standard_gamma(p[0]), "Floats of the gamma distribution of a shape, with scale 1."),
    floats!("generator.gamma" "(rng, shape, scale=1.0, size=None)", 2, not_negative, |rng, p| p[1] * rng.standard_gamma(p[0]), "Floats of the gamma distribution of a shape and a scale."),
    floats!("generator.beta" "(rng, a, b, size=None)", 2, positive, |rng, p| rng.beta(p[0], p[1]), "Floats of the beta distribution."),
    floats!("generator.chisquare" "(rng, df, size=None)", 1, positive, |rng, p| rng.chisquare(p[0]), "Floats of the chi-square distribution with `df` degrees of freedom."),
    floats!("generator.f" "(rng, dfnum, dfden, size=None)", 2, positive, |rng, p| rng.fisher(p[0], p[1]), "Floats of Fisher's F distribution."),
    floats!("generator.standard_t" "(rng, df, size=None)", 1, positive, |rng, p| rng.standard_t(p[0]), "Floats of Student's t distribution with `df` degrees of freedom."),
    counts!("generator.poisson" "(rng, lam=1.0, size=None)", 1, not_negative, |rng, p| rng.poisson(p[0]), "Integers of the Poisson distribution with mean `lam`."),
    counts!("generator.binomial" "(rng, n, p, size=None)", 2, |p| if p[0] < 0.0 || p[0].fract() != 0.0 { Some("n must be an integer that is not negative") } else { chance(p[1]) }, |rng, p| rng.binomial(p[0] as i64, p[1]), "Integers: how many of `n` trials succeed, each with probability `p`."),
    counts!("generator.geometric" "(rng, p, size=None)", 1, |p| if p[0] == 0.0 { Some("p must be above 0") } else { chance(p[0]) }, |rng, p| rng.geometric(p[0]), "Integers: how many trials it takes to succeed, each with probability `p`."),
    floats!("generator.noncentral_chisquare" "(rng, df, nonc, size=None)", 2, |p| (!(p[0] > 0.0 && p[1] >= 0.0)).then_some("df must be positive and nonc not negative"), |rng, p| rng.noncentral_chisquare(p[0], p[1]), "Floats of the chi-square distribution with `df` degrees of freedom about a centre of squared distance `nonc`."),
    floats!("generator.noncentral_f" "(rng, dfnum, dfden, nonc, size=None)", 3, |p| (!(p[0] > 0.0 && p[1] > 0.0 && p[2] >= 0.0)).then_some("the degrees of freedom must be positive and nonc not negative"), |rng, p| rng.noncentral_f(p[0], p[1], p[2]), "Floats of Fisher's F distribution with a noncentral numerator."),
    floats!("generator.wald" "(rng, mean, scale, size=None)", 2, positive, |rng, p| rng.wald(p[0], p[1]), "Floats of the Wald (inverse Gaussian) distribution."),
    floats!("generator.vonmises" "(rng, mu, kappa, size=None)", 2, |p| (p[1].is_nan() || p[1] < 0.0).then_some("kappa must not be negative"), |rng, p| rng.vonmises(p[0], p[1]), "Angles from -pi to pi of the von Mises distribution about `mu`."),
    counts!("generator.negative_binomial" "(rng, n, p, size=None)", 2, |p| if p[0] > 0.0 && p[1] > 0.0 { chance(p[1]) } else { Some("n must be positive and p above 0") }, |rng, p| rng.negative_binomial(p[0], p[1]), "Integers: how many trials fail before `n` succeed, each with probability `p`."),
    counts!("generator.logseries" "(rng, p, size=None)", 1, |p| (!(p[0] >= 0.0 && p[0] < 1.0)).then_some("p must be from 0 to 1, 1 excluded"), |rng, p| rng.logseries(p[0]), "Integers of the logarithmic series distribution."),
    counts!("generator.zipf" "(rng, a, size=None)", 1, |p| (p[0].is_nan() || p[0] <= 1.0).then_some("a must be above 1"), |rng, p| rng.zipf(p[0]), "Integers with probabilities proportional to k**-a."),
    counts!("generator.hypergeometric" "(rng, ngood, nbad, nsample, size=None)", 3, |p| {
        if p.iter().any(|&x| !(0.0..1e9).contains(&x) || x.fract() != 0.0) {
            Some("the numbers must be integers, not negative and below 10**9")
        } else {
            (p[2] > p[0] + p[1]).then_some("ngood + nbad must not be below nsample")
        }
    }, |rng, p| rng.hypergeometric(p[0] as i64, p[1] as i64, p[2] as i64), "Integers: how many of `nsample` drawn without return from `ngood` good and `nbad` bad ones are good."),
    mutating!("generator.dirichlet" "(rng, alpha, size=None)" |args| floats_of_rank(size_rank(&args[2]).map(|rank| rank + 1)), Pure(|args| {
        let alpha: Vec<f64> = floats(take(args, 1), "alpha")?.iter().copied().collect();
        if alpha.is_empty() || alpha.iter().any(|a| a.is_nan() || *a < 0.0) {
            return Err(Error::value("alpha must not be negative"));
        }
        let shape = [size(&args[2])?.unwrap_or_default(), vec![alpha.len()]].concat();
        let count = shape_len(&shape)? / alpha.len();
        let drawn = drawing(&mut args[0], |rng| {
            Ok((0..count).flat_map(|_| rng.dirichlet(&alpha)).collect::<Vec<f64>>())
        })?;
        value_of(&shape, drawn)
    }), "Vectors of the Dirichlet distribution: positive, with the sum 1."),
];

/// The number of axes of what is drawn: those of the size, or of the parameters broadcast.
fn rank(args: &[Operand], parameters: usize) -> Option<usize> {
    match &args[parameters + 1].kind {
        Kind::None => args[1..=parameters].iter().try_fold(0, |most, p| Some(most.max(p.kind.rank()?))),
        _ => size_rank(&args[parameters + 1]),
    }
}

/// The elements of parameters, each broadcast to a shape.
fn broadcast_lanes<'a>(parameters: &'a [Storage<f64>], shape: &[usize]) -> Result<Vec<Lane<'a>>> {
    let lane = |p: &'a Storage<f64>| match p.broadcast(IxDyn(shape)) {
        Some(wide) => Ok(wide.into_iter()),
        None => Err(Error::shape(format!(
            "a parameter of shape {} does not broadcast to size {}",
            shape_text(p.shape()),
            shape_text(shape)
        ))),
    };
    parameters.iter().map(lane).collect()
}

type Lane<'a> = ndarray::iter::Iter<'a, f64, IxDyn>;

/// The draws for parameters that broadcast to the size, and their shape.
fn draws<T>(
    args: &mut [Value],
    parameters: usize,
    test: fn(&[f64]) -> Option<&'static str>,
    draw: fn(&mut Generator, &[f64]) -> T,
) -> Result<(Vec<usize>, Vec<T>)> {
    let given = size(&args[parameters + 1])?;
    let parameters =
        (1..=parameters).map(|at| floats(take(args, at), "a parameter")).collect::<Result<Vec<Storage<f64>>>>()?;
    let shape = match given {
        Some(shape) => shape,
        None => parameters.iter().try_fold(Vec::new(), |shape, p| broadcast_shape(&shape, p.shape()))?,
    };
    let total = shape_len(&shape)?;
    let mut lanes = broadcast_lanes(&parameters, &shape)?;
    if total == 0 {
        // Nothing is drawn, and wrong parameters are wrong all the same.
        let own = parameters.iter().try_fold(Vec::new(), |shape, p| broadcast_shape(&shape, p.shape()))?;
        let mut lanes = broadcast_lanes(&parameters, &own)?;
        for _ in 0..shape_len(&own)? {
            let point: Vec<f64> = lanes.iter_mut().map(|lane| lane.next().copied().unwrap_or_default()).collect();
            if let Some(problem) = test(&point) {
                return Err(Error::value(problem));
            }
        }
    }
    drawing(&mut args[0], |rng| {
        let mut drawn = Vec::with_capacity(total);
        let mut point = vec![0.0; lanes.len()];
        for _ in 0..total {
            for (x, lane) in point.iter_mut().zip(&mut lanes) {
                *x = lane.next().copied().unwrap_or_default();
            }
            if let Some(problem) = test(&point) {
                return Err(Error::value(problem));
            }
            drawn.push(draw(rng, &point));
        }
        Ok((shape, drawn))
    })
}

/// The bounds of `integers` where one is an array: a draw for each pair.
pub(super) fn integers_between(
    place: &mut Value,
    low: Value,
    high: Value,
    endpoint: bool,
    shape: &Value,
) -> Result<Value> {
    let given = size(shape)?;
    let bounds = |value: Value| -> Result<Storage<i64>> {
        match arguments::array(value)? {
            Array::Float(_) => Err(Error::type_("the bounds must be integers")),
            other => crate::interp::array::Element::storage(other),
        }
    };
    let (low, high) = (bounds(low)?, bounds(high)?);
    let shape = match given {
        Some(shape) => shape,
        None => broadcast_shape(low.shape(), high.shape())?,
    };
    shape_len(&shape)?;
    let (low, high) = (super::shapes::broadcast_to(low, &shape)?, super::shapes::broadcast_to(high, &shape)?);
    let drawn = drawing(place, |rng| {
        low.iter()
            .zip(high.iter())
            .map(|(&low, &high)| {
                let last = if endpoint { Some(high) } else { high.checked_sub(1) };
                let last = last.filter(|&last| last >= low).ok_or_else(|| Error::value("low must be below high"))?;
                Ok(low.wrapping_add(rng.up_to(last.wrapping_sub(low) as u64) as i64))
            })
            .collect::<Result<Vec<i64>>>()
    })?;
    Ok(Value::Array(Arc::new(Array::Int(array(&shape, drawn)?))))
}
