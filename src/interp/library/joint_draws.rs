//! Draws of a generator that are vectors or orders: `multinomial`, `multivariate_normal`, `permuted`.

use ndarray::{ArrayView2, Axis, IxDyn};

use super::Builtin;
use super::arguments::{self, take, take_array};
use super::floats::{array, float, floats, floats_of_rank, int, size, size_rank, value_of};
use super::linalg::square_root;
use super::random::drawing;
use crate::interp::array::{Array, Element, Storage, each_dtype, shape_len, shape_text};
use crate::interp::random::Generator;
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    mutating!("generator.multinomial" "(rng, n, pvals, size=None)" |args| match (&args[1].kind, size_rank(&args[3])) {
        (Kind::Int | Kind::Bool, Some(rank)) => Kind::array(DType::Int, Some(rank + 1)),
        _ => Kind::Any,
    }, Pure(multinomial), "How many of `n` trials have each of several outcomes with probabilities `pvals`, of which the last takes the rest."),
    mutating!("generator.multivariate_normal" "(rng, mean, cov, size=None, check_valid='warn', tol=1e-08, *, method='svd')" |args| floats_of_rank(size_rank(&args[3]).map(|rank| rank + 1)), Pure(multivariate_normal), "Vectors of the normal distribution with a mean vector and a covariance matrix, whose root is found by `method`: \"svd\", \"eigh\" or \"cholesky\"."),
    mutating!("generator.permuted" "(rng, x, axis=None)" |args| match &args[1].kind {
        kind @ Kind::Array(..) => kind.clone(),
        _ => Kind::Any,
    }, Pure(permuted), "The elements in random order, or those of each line along an axis in a random order of its own."),
];

fn multinomial(args: &mut [Value]) -> Result<Value> {
    let chances = floats(take(args, 2), "pvals")?;
    if chances.ndim() != 1 {
        return Err(Error::shape(format!("pvals must be a vector, but its shape is {}", shape_text(chances.shape()))));
    }
    let chances: Vec<f64> = chances.iter().copied().collect();
    if chances.is_empty() || chances.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::value("pvals must be probabilities, from 0 to 1"));
    }
    if chances[..chances.len() - 1].iter().sum::<f64>() > 1.0 + 1e-12 {
        return Err(Error::value("the sum of pvals[:-1] must not be above 1"));
    }
    let given = size(&args[3])?;
    let trials: Vec<i64>;
    let shape = match &args[1] {
        Value::Array(_) | Value::List(_) | Value::Tuple(_) => {
            let many = match take_array(args, 1)? {
                Array::Float(_) => return Err(Error::type_("n must be an integer")),
                many => i64::storage(many)?,
            };
            let shape = given.unwrap_or_else(|| many.shape().to_vec());
            trials = super::shapes::broadcast_to(many, &shape)?.iter().copied().collect();
            shape
        }
        one => {
            let n = int(one, "n")?;
            let shape = given.unwrap_or_default();
            trials = vec![n; shape_len(&shape)?];
            shape
        }
    };
    if trials.iter().any(|&n| n < 0) {
        return Err(Error::value("n must not be negative"));
    }
    let whole = [&shape[..], &[chances.len()]].concat();
    shape_len(&whole)?;
    let drawn = drawing(&mut args[0], |rng| {
        Ok(trials.iter().flat_map(|&n| rng.multinomial(n, &chances)).collect::<Vec<i64>>())
    })?;
    value_of(&whole, drawn)
}

fn multivariate_normal(args: &mut [Value]) -> Result<Value> {
    let (mean, cov) = (floats(take(args, 1), "mean")?, floats(take(args, 2), "cov")?);
    let lead = size(&args[3])?.unwrap_or_default();
    let tolerance = float(&args[5], "tol")?;
    let (Value::Str(check), Value::Str(method)) = (&args[4], &args[6]) else {
        return Err(Error::type_("check_valid and method must be strings"));
    };
    if !matches!(check.as_str(), "warn" | "raise" | "ignore") {
        return Err(Error::value("check_valid must be \"warn\", \"raise\" or \"ignore\""));
    }
    let n = mean.len();
    if mean.ndim() != 1 || cov.shape() != [n, n] {
        return Err(Error::shape(format!(
            "a mean vector and a square covariance matrix of the same length are needed, but the shapes are {} and {}",
            shape_text(mean.shape()),
            shape_text(cov.shape())
        )));
    }
    let (root, valid) = square_root(cov, method.as_str(), tolerance)?;
    if check.as_str() == "raise" && !valid {
        return Err(Error::value("covariance is not symmetric positive-semidefinite"));
    }
    let shape = [&lead[..], &[n]].concat();
    let total = shape_len(&shape)?;
    let drawn: Vec<f64> =
        drawing(&mut args[0], |rng| Ok((0..total).map(|_| rng.standard_normal()).collect::<Vec<f64>>()))?;
    let count = total.checked_div(n).unwrap_or(0);
    let drawn = ArrayView2::from_shape((count, n), &drawn).map_err(|_| Error::shape("the draws do not fit"))?;
    let mut moved = drawn.dot(&root.t());
    moved.rows_mut().into_iter().for_each(|mut row| row.iter_mut().zip(&mean).for_each(|(x, m)| *x += m));
    value_of(&shape, moved.iter().copied().collect())
}

fn permuted(args: &mut [Value]) -> Result<Value> {
    let axis = take(args, 2);
    let x = take_array(args, 1)?;
    if x.ndim() == 0 {
        return Err(Error::type_("permuted needs an array"));
    }
    let along = match axis {
        Value::None => None,
        axis => Some(arguments::axis(&axis, x.ndim())?),
    };
    drawing(&mut args[0], |rng| each_dtype!(x, x => Ok(in_random_order(rng, x, along)?.into())))
}

fn in_random_order<T: Element>(rng: &mut Generator, x: Storage<T>, axis: Option<usize>) -> Result<Storage<T>> {
    let Some(axis) = axis else {
        let mut elements: Vec<T> = x.iter().copied().collect();
        rng.permute(&mut elements);
        return array(x.shape(), elements);
    };
    let mut x = x.as_standard_layout().into_owned();
    for mut line in x.lanes_mut(Axis(axis)) {
        let mut elements: Vec<T> = line.iter().copied().collect();
        rng.permute(&mut elements);
        line.iter_mut().zip(elements).for_each(|(slot, x)| *slot = x);
    }
    let shape = x.shape().to_vec();
    x.into_shape_with_order(IxDyn(&shape)).map(|x| x.into_shared()).map_err(|_| Error::shape("the order does not fit"))
}
