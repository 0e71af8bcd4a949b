//! `np.convolve` and `np.correlate`.

use super::super::array::{Array, Element, from_elements};
use super::super::operators::scalars::overflow;
use super::super::value::Value;
use super::arguments::{array_kind, take_array};
use super::{Builtin, creating, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[entry!("np.convolve" "(a, v, mode='full')" kind, Pure(|args| {
        let (a, v) = (take_array(args, 0)?, take_array(args, 1)?);
        convolve(a, v, mode(&args[2])?)
    }), "The discrete convolution of two vectors: all of it, as long as the longer one ('same'), or where they overlap completely ('valid').\n\n>>> np.convolve([1, 2, 3], [0, 1])\narray([0, 1, 2, 3])")];

fn kind(args: &[Operand]) -> Kind {
    let made = |at: usize| creating::array_of_kind(&[args[at].clone(), Kind::None.into()]);
    array_kind(kinds::promoted(&made(0), &made(1)), Some(1))
}

#[derive(Clone, Copy)]
enum Mode {
    Full,
    Same,
    Valid,
}

fn mode(value: &Value) -> Result<Mode> {
    match value {
        Value::Str(mode) if mode.as_str() == "full" => Ok(Mode::Full),
        Value::Str(mode) if mode.as_str() == "same" => Ok(Mode::Same),
        Value::Str(mode) if mode.as_str() == "valid" => Ok(Mode::Valid),
        _ => Err(Error::value("mode must be one of 'valid', 'same', or 'full'")),
    }
}

fn convolve(a: Array, v: Array, mode: Mode) -> Result<Value> {
    if a.ndim() > 1 || v.ndim() > 1 {
        return Err(Error::value("convolve takes vectors"));
    }
    for (x, name) in [(&a, "a"), (&v, "v")] {
        if x.is_empty() {
            return Err(Error::value(format!("{name} cannot be empty")));
        }
    }
    match a.dtype().max(v.dtype()) {
        DType::Float => {
            let sums = sums::<f64>(a, v, mode, |sum, x, y| Some(sum + x * y))?;
            Ok(from_elements(&[sums.len()], sums)?.into())
        }
        DType::Int => {
            let sums = sums::<i64>(a, v, mode, |sum, x, y| sum.checked_add(x.checked_mul(y)?))?;
            Ok(from_elements(&[sums.len()], sums)?.into())
        }
        DType::Bool => {
            let sums = sums::<bool>(a, v, mode, |sum, x, y| Some(sum || (x && y)))?;
            Ok(from_elements(&[sums.len()], sums)?.into())
        }
    }
}

fn sums<T: Element>(a: Array, v: Array, mode: Mode, step: impl Fn(T, T, T) -> Option<T>) -> Result<Vec<T>> {
    let (a, v) = (T::storage(a)?, T::storage(v)?);
    let (long, short) = if a.len() >= v.len() { (a, v) } else { (v, a) };
    let long: Vec<T> = long.iter().copied().collect();
    let mut short: Vec<T> = short.iter().copied().collect();
    short.reverse();
    let (n, m) = (long.len(), short.len());
    let (from, count): (usize, usize) = match mode {
        Mode::Full => (0, n + m - 1),
        Mode::Same => ((m - 1) / 2, n),
        Mode::Valid => (m - 1, n - m + 1),
    };
    (from..from + count)
        .map(|k| {
            // Element k is the sum over the places of the short vector that lie on the long one.
            let (skip, start) = ((m - 1).saturating_sub(k), (k + 1).saturating_sub(m));
            let pairs = long[start..].iter().zip(&short[skip..]);
            pairs.take(k + 1 - start).try_fold(T::default(), |sum, (&x, &y)| step(sum, x, y)).ok_or_else(overflow)
        })
        .collect()
}
