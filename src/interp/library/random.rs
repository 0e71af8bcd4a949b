//! `np.random`: generators and what is drawn from them. A draw changes the variable that holds the generator.

use crate::interp::array::{shape_len, shape_text};
use crate::interp::elementwise::broadcast_shape;
use std::sync::Arc;

use ndarray::{ArrayD, Axis, IxDyn};

use super::floats::{array, count, flag, floats, floats_of_rank, int, items, size, size_rank, value_of};
use super::{Builtin, Kernel, arguments};
use crate::interp::array::{Array, each_dtype};
use crate::interp::random::{Continuous, Generator};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// Runs a draw on the generator in the first argument, in place.
pub(super) fn drawing<T>(place: &mut Value, draw: impl FnOnce(&mut Generator) -> Result<T>) -> Result<T> {
    let Value::Generator(generator) = place else {
        return Err(Error::type_("a generator is needed").hint("rng = np.random.default_rng(0)"));
    };
    draw(Arc::make_mut(generator))
}

fn default_rng(args: &mut [Value]) -> Result<Value> {
    let seed = std::mem::take(&mut args[0]);
    if let Value::Generator(_) = seed {
        return Ok(seed);
    }
    let words = |value: &Value| match value {
        Value::Int(i) => u64::try_from(*i)
            .map(Generator::words)
            .map_err(|_| Error::value(format!("a seed must not be negative, but it is {i}"))),
        Value::Bool(b) => Ok(vec![u32::from(*b)]),
        _ => Err(Error::type_("a seed must be an integer, or integers")),
    };
    let seed = match &seed {
        Value::None => {
            return Err(Error::value("a generator needs a seed: a program has no randomness of its own")
                .hint("np.random.default_rng(0)"));
        }
        Value::Array(a) => match &**a {
            Array::Int(a) => a.iter().map(|&i| words(&Value::Int(i))).collect::<Result<Vec<_>>>()?.concat(),
            _ => return Err(Error::type_("a seed must be an integer, or integers")),
        },
        _ => match items(&seed) {
            Some(items) => items.iter().map(words).collect::<Result<Vec<_>>>()?.concat(),
            None => words(&seed)?,
        },
    };
    Ok(Value::Generator(Arc::new(Generator::new(&seed))))
}

/// Draws of a continuous distribution whose parameters may be arrays; they broadcast to the size.
fn continuous(place: &mut Value, which: Continuous, a: Value, b: Value, shape: &Value) -> Result<Value> {
    let given = size(shape)?;
    let (a, b) = (floats(a, "a parameter")?, floats(b, "a parameter")?);
    if which != Continuous::Uniform
        && b.iter().chain(a.iter().filter(|_| which == Continuous::Exponential)).any(|&s| s < 0.0)
    {
        return Err(Error::value("scale must not be negative"));
    }
    if which == Continuous::Uniform && a.iter().chain(&b).any(|x| !x.is_finite()) {
        return Err(Error::numeric("the range of a uniform distribution must be finite"));
    }
    let shape = match given {
        Some(shape) => shape,
        None => broadcast_shape(a.shape(), b.shape())?,
    };
    let total = shape_len(&shape)?;
    let (Some(wide_a), Some(wide_b)) = (a.broadcast(IxDyn(&shape)), b.broadcast(IxDyn(&shape))) else {
        return Err(Error::shape(format!(
            "parameters of shapes {} and {} do not broadcast to size {}",
            shape_text(a.shape()),
            shape_text(b.shape()),
            shape_text(&shape)
        )));
    };
    drawing(place, |rng| {
        let mut drawn = Vec::with_capacity(total);
        if let (0, Some(&a), Some(&b)) = (a.ndim() + b.ndim(), a.first(), b.first()) {
            drawn.extend((0..total).map(|_| rng.draw(which, a, b)));
        } else {
            drawn.extend(wide_a.iter().zip(&wide_b).map(|(&a, &b)| rng.draw(which, a, b)));
        }
        value_of(&shape, drawn)
    })
}

fn one_or_many(place: &mut Value, shape: &Value, draw: fn(&mut Generator) -> f64) -> Result<Value> {
    let shape = size(shape)?.unwrap_or_default();
    let total = shape_len(&shape)?;
    drawing(place, |rng| value_of(&shape, (0..total).map(|_| draw(rng)).collect()))
}

fn ints(shape: Option<Vec<usize>>, mut draw: impl FnMut() -> i64) -> Result<Value> {
    match shape.as_deref() {
        None | Some([]) => Ok(Value::Int(draw())),
        Some(shape) => {
            let drawn = (0..shape_len(shape)?).map(|_| draw()).collect();
            Ok(Value::Array(Arc::new(Array::Int(array(shape, drawn)?))))
        }
    }
}

/// Refuses an element type in which nothing is drawn here.
fn only(dtype: &Value, drawn: DType) -> Result<()> {
    match arguments::dtype(dtype)? {
        Some(other) if other != drawn => Err(Error::type_(format!("only {} can be drawn", drawn.name()))),
        _ => Ok(()),
    }
}

fn integers(args: &mut [Value]) -> Result<Value> {
    only(&args[4], DType::Int)?;
    let many = |value: &Value| matches!(value, Value::Array(_) | Value::List(_) | Value::Tuple(_));
    if many(&args[1]) || many(&args[2]) {
        let (first, second) = (std::mem::take(&mut args[1]), std::mem::take(&mut args[2]));
        let (low, high) = if matches!(second, Value::None) { (Value::Int(0), first) } else { (first, second) };
        let (endpoint, shape) = (flag(&args[5], "endpoint")?, std::mem::take(&mut args[3]));
        return super::draws::integers_between(&mut args[0], low, high, endpoint, &shape);
    }
    let (low, high) = match &args[2] {
        Value::None => (0, int(&args[1], "high")?),
        high => (int(&args[1], "low")?, int(high, "high")?),
    };
    let shape = size(&args[3])?;
    let last = if flag(&args[5], "endpoint")? { Some(high) } else { high.checked_sub(1) };
    let last = last.filter(|&last| last >= low).ok_or_else(|| Error::value("low must be below high"))?;
    let span = last.wrapping_sub(low) as u64;
    drawing(&mut args[0], |rng| ints(shape, || low.wrapping_add(rng.up_to(span) as i64)))
}

/// The items of an array, list or tuple along an axis, chosen by number.
fn take(from: &Value, axis: &Value, chosen: &[usize]) -> Result<Value> {
    if let Value::Array(a) = from {
        let axis = axis_of(axis, a.shape().len())?;
        let taken: Array = each_dtype!(&**a, a => a.select(axis, chosen).into_shared().into());
        return Ok(Value::Array(Arc::new(taken)));
    }
    take(&as_array(from)?, axis, chosen)
}

/// The item of an array at a number along an axis: a number where no axis is left.
fn take_one(from: &Value, axis: &Value, chosen: usize) -> Result<Value> {
    if let Value::Array(a) = from {
        let axis = axis_of(axis, a.shape().len())?;
        return Ok(match &**a {
            Array::Float(a) if a.ndim() == 1 => Value::Float(a[[chosen]]),
            Array::Int(a) if a.ndim() == 1 => Value::Int(a[[chosen]]),
            Array::Bool(a) if a.ndim() == 1 => Value::Bool(a[[chosen]]),
            a => Value::Array(Arc::new(each_dtype!(a, a => a.index_axis(axis, chosen).to_owned().into()))),
        });
    }
    take_one(&as_array(from)?, axis, chosen)
}

fn axis_of(axis: &Value, rank: usize) -> Result<Axis> {
    let axis = int(axis, "axis")?;
    let from_front = if axis < 0 { axis + rank as i64 } else { axis };
    match usize::try_from(from_front) {
        Ok(at) if at < rank => Ok(Axis(at)),
        _ => Err(Error::index(format!("axis {axis} is out of bounds for an array of {rank} axes"))),
    }
}

fn as_array(value: &Value) -> Result<Value> {
    let whole = |items: &[Value]| items.iter().map(|i| if let Value::Int(i) = i { Some(*i) } else { None }).collect();
    if let Some(items) = items(value)
        && !items.is_empty()
        && let Some(ints) = whole(&items)
    {
        let ints: Vec<i64> = ints;
        return Ok(Value::Array(Arc::new(Array::Int(array(&[ints.len()], ints)?))));
    }
    let a = floats(value.clone(), "the population")?;
    if a.ndim() == 0 {
        return Err(Error::type_("the population must be an integer or an array"));
    }
    Ok(Value::Array(Arc::new(Array::Float(a))))
}

/// The number of items to choose from: an integer's own value, or the length along an axis.
fn population(from: &Value, axis: &Value) -> Result<usize> {
    match from {
        Value::Int(_) | Value::Bool(_) => count(from, "the population"),
        Value::Array(a) => Ok(a.shape()[axis_of(axis, a.shape().len())?.0]),
        _ => population(&as_array(from)?, axis),
    }
}

fn permutation(args: &mut [Value]) -> Result<Value> {
    let (from, axis) = (std::mem::take(&mut args[1]), std::mem::take(&mut args[2]));
    let n = population(&from, &axis)?;
    shape_len(&[n])?;
    drawing(&mut args[0], |rng| {
        if let Value::Int(_) | Value::Bool(_) = from {
            let mut order: Vec<i64> = (0..n as i64).collect();
            rng.permute(&mut order);
            return Ok(Value::Array(Arc::new(Array::Int(array(&[n], order)?))));
        }
        let mut order: Vec<usize> = (0..n).collect();
        rng.permute(&mut order);
        take(&from, &axis, &order)
    })
}

fn choice(args: &mut [Value]) -> Result<Value> {
    let (from, axis) = (std::mem::take(&mut args[1]), std::mem::take(&mut args[5]));
    let shape = size(&args[2])?;
    let (replace, mixed) = (flag(&args[3], "replace")?, flag(&args[6], "shuffle")?);
    let n = population(&from, &axis)?;
    let total = shape.as_deref().map_or(Ok(1), shape_len)?;
    if n == 0 && total > 0 {
        return Err(Error::value("there is nothing to choose from"));
    }
    if !replace && total > n {
        return Err(Error::value(format!("cannot choose {total} different items out of {n}")));
    }
    let weights = match std::mem::take(&mut args[4]) {
        Value::None => None,
        p => Some(weights(p, n, if replace { 0 } else { total })?),
    };
    let chosen: Vec<usize> = drawing(&mut args[0], |rng| {
        Ok(match weights {
            None if replace => (0..total).map(|_| rng.up_to(n as u64 - 1) as usize).collect(),
            None => rng.sample(n, total, mixed),
            Some(p) if replace => rng.weighted(&p, total),
            Some(p) => rng.weighted_sample(p, total),
        })
    })?;
    let numbers = matches!(from, Value::Int(_) | Value::Bool(_));
    match shape.as_deref() {
        None | Some([]) if numbers => Ok(Value::Int(chosen.first().map_or(0, |&i| i as i64))),
        None | Some([]) => take_one(&from, &axis, chosen.first().copied().unwrap_or(0)),
        Some(shape) if numbers => {
            Ok(Value::Array(Arc::new(Array::Int(array(shape, chosen.iter().map(|&i| i as i64).collect())?))))
        }
        Some([_]) => take(&from, &axis, &chosen),
        Some(shape) => {
            let Value::Array(taken) = take(&from, &axis, &chosen)? else { return Ok(Value::None) };
            let at = axis_of(&axis, taken.shape().len())?.0;
            let own = taken.shape();
            let whole: Vec<usize> = own[..at].iter().chain(shape).chain(&own[at + 1..]).copied().collect();
            let whole: Array = each_dtype!(Arc::unwrap_or_clone(taken), a => {
                let a: ArrayD<_> = a.as_standard_layout().into_owned();
                a.into_shape_with_order(IxDyn(&whole)).map_err(|_| Error::shape("size does not fit"))?.into()
            });
            Ok(Value::Array(Arc::new(whole)))
        }
    }
}

/// The probabilities of `choice`; at least `needed` of them must not be zero.
fn weights(p: Value, n: usize, needed: usize) -> Result<Vec<f64>> {
    let p: Vec<f64> = {
        let p = floats(p, "p")?;
        if p.shape() != [n] {
            return Err(Error::shape(format!("p has shape {}, but there are {n} items", shape_text(p.shape()))));
        }
        p.iter().copied().collect()
    };
    if p.iter().any(|&x| x.is_nan() || x < 0.0) {
        return Err(Error::value("probabilities must not be negative or NaN"));
    }
    if (p.iter().sum::<f64>() - 1.0).abs() > 1.5e-8 {
        return Err(Error::value("probabilities must sum to 1"));
    }
    if p.iter().filter(|&&x| x > 0.0).count() < needed {
        return Err(Error::value("fewer items have a probability above zero than are to be chosen"));
    }
    Ok(p)
}

fn shuffle(_: &mut [Value]) -> Result<Value> {
    Err(Error::type_("shuffle changes its argument, and an argument is a copy here").hint("x = rng.permutation(x)"))
}

fn floats_of_size(size: &Operand) -> Kind {
    floats_of_rank(size_rank(size))
}

/// The kind of draws whose parameters broadcast to the size.
fn broadcast_kind(parameters: &[Operand], size: &Operand) -> Kind {
    match size_rank(size) {
        Some(0) => {
            let ranks: Option<Vec<usize>> = parameters.iter().map(|p| p.kind.rank()).collect();
            floats_of_rank(ranks.and_then(|ranks| ranks.into_iter().max()))
        }
        rank => floats_of_rank(rank),
    }
}

fn ints_of_rank(rank: Option<usize>) -> Kind {
    rank.map_or(Kind::Any, |rank| Kind::array(DType::Int, Some(rank)))
}

fn choice_kind(args: &[Operand]) -> Kind {
    match (&args[1].kind, size_rank(&args[2])) {
        (Kind::Int | Kind::Bool, rank) => ints_of_rank(rank),
        (Kind::Array(dtype, Some(own), _), Some(rank)) => Kind::array(*dtype, Some(usize::from(*own) - 1 + rank)),
        _ => Kind::Any,
    }
}

/// The entries of `np.random` and of generators.
pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "np.random.default_rng",
        signature: "(seed=None)",
        mutates: false,
        kind: |_| Kind::Generator,
        kernel: Kernel::Pure(default_rng),
        doc: "A random generator with a seed: an integer or a list of integers. Its streams are NumPy's.\n\n\
              ```\nrng = np.random.default_rng(0)\nrng.random(3)\n```",
    },
    Builtin {
        name: "generator.random",
        signature: "(rng, size=None, dtype=None)",
        mutates: true,
        kind: |args| floats_of_size(&args[1]),
        kernel: Kernel::Pure(|args| {
            let (place, rest) = split(args)?;
            only(&rest[1], DType::Float)?;
            one_or_many(place, &rest[0], Generator::unit)
        }),
        doc: "Floats between 0 and 1, 1 excluded: one number, or an array of a size.",
    },
    Builtin {
        name: "generator.integers",
        signature: "(rng, low, high=None, size=None, dtype=None, endpoint=False)",
        mutates: true,
        kind: |args| match (&args[1].kind, &args[2].kind) {
            (Kind::Int | Kind::Bool, Kind::Int | Kind::Bool | Kind::None) => ints_of_rank(size_rank(&args[3])),
            _ => Kind::Any,
        },
        kernel: Kernel::Pure(integers),
        doc: "Integers from `low` to `high`, which is excluded unless `endpoint=True`; from 0 to `low` where `high` is not given.",
    },
    Builtin {
        name: "generator.uniform",
        signature: "(rng, low=0.0, high=1.0, size=None)",
        mutates: true,
        kind: |args| broadcast_kind(&args[1..3], &args[3]),
        kernel: Kernel::Pure(|args| {
            let (place, rest) = split(args)?;
            let (low, high) = (std::mem::take(&mut rest[0]), std::mem::take(&mut rest[1]));
            continuous(place, Continuous::Uniform, low, high, &rest[2])
        }),
        doc: "Floats of the uniform distribution from `low` to `high`.",
    },
    Builtin {
        name: "generator.normal",
        signature: "(rng, loc=0.0, scale=1.0, size=None)",
        mutates: true,
        kind: |args| broadcast_kind(&args[1..3], &args[3]),
        kernel: Kernel::Pure(|args| {
            let (place, rest) = split(args)?;
            let (mean, scale) = (std::mem::take(&mut rest[0]), std::mem::take(&mut rest[1]));
            continuous(place, Continuous::Normal, mean, scale, &rest[2])
        }),
        doc: "Floats of the normal distribution with mean `loc` and standard deviation `scale`.",
    },
    Builtin {
        name: "generator.standard_normal",
        signature: "(rng, size=None, dtype=None)",
        mutates: true,
        kind: |args| floats_of_size(&args[1]),
        kernel: Kernel::Pure(|args| {
            let (place, rest) = split(args)?;
            only(&rest[1], DType::Float)?;
            one_or_many(place, &rest[0], Generator::standard_normal)
        }),
        doc: "Floats of the normal distribution with mean 0 and standard deviation 1.",
    },
    Builtin {
        name: "generator.exponential",
        signature: "(rng, scale=1.0, size=None)",
        mutates: true,
        kind: |args| broadcast_kind(&args[1..2], &args[2]),
        kernel: Kernel::Pure(|args| {
            let (place, rest) = split(args)?;
            let scale = std::mem::take(&mut rest[0]);
            continuous(place, Continuous::Exponential, scale, Value::Float(0.0), &rest[1])
        }),
        doc: "Floats of the exponential distribution with mean `scale`.",
    },
    Builtin {
        name: "generator.permutation",
        signature: "(rng, x, axis=0)",
        mutates: true,
        kind: |args| match &args[1].kind {
            Kind::Int | Kind::Bool => Kind::array(DType::Int, Some(1)),
            kind @ Kind::Array(..) => kind.clone(),
            _ => Kind::Any,
        },
        kernel: Kernel::Pure(permutation),
        doc: "The items of `x` along an axis in random order; the integers below `x` where it is an integer.",
    },
    Builtin {
        name: "generator.shuffle",
        signature: "(rng, x, axis=0)",
        mutates: true,
        kind: |_| Kind::None,
        kernel: Kernel::Pure(shuffle),
        doc: "An error that says to write `x = rng.permutation(x)`: an argument is a copy here, which is shuffled in vain.",
    },
    Builtin {
        name: "generator.choice",
        signature: "(rng, a, size=None, replace=True, p=None, axis=0, shuffle=True)",
        mutates: true,
        kind: choice_kind,
        kernel: Kernel::Pure(choice),
        doc: "Items of `a` (of the integers below `a`) along an axis, chosen with probabilities `p`, with replacement or without.",
    },
];

/// The generator's place and the other arguments.
fn split(args: &mut [Value]) -> Result<(&mut Value, &mut [Value])> {
    args.split_first_mut().ok_or_else(|| Error::type_("a generator is needed"))
}
