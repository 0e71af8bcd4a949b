//! Norms of vectors and matrices.

use ndarray::Array2;

use super::spectral::{Svd, Vectors};
use super::stack::Stack;
use crate::interp::array::{Storage, shape_text};
use crate::interp::library::arguments::axis_of;
use crate::interp::library::floats::{flag, float, floats, floats_of_rank, int, items, value_of};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal, Operand};

/// The order of a norm.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    /// The root of the sum of squares.
    Squares,
    Power(f64),
    Nuclear,
}

fn order(ord: &Value) -> Result<Order> {
    match ord {
        Value::None => Ok(Order::Squares),
        Value::Str(s) if matches!(s.as_str(), "fro" | "f") => Ok(Order::Squares),
        Value::Str(s) if s.as_str() == "nuc" => Ok(Order::Nuclear),
        Value::Str(s) => Err(Error::value(format!("unknown norm {:?}", s.as_str()))),
        number => float(number, "ord").map(Order::Power),
    }
}

/// The sum, which of nothing is 0.0 and not -0.0.
fn total(x: impl Iterator<Item = f64>) -> f64 {
    x.fold(0.0, |sum, x| sum + x)
}

fn squares(x: impl Iterator<Item = f64>) -> f64 {
    total(x.map(|x| x * x)).sqrt()
}

/// The larger number, NaN where one is NaN.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

fn nothing() -> Error {
    Error::value("the smallest of no numbers is asked for: the array is empty")
}

fn of_vector(x: &[f64], order: f64) -> Result<f64> {
    let sizes = x.iter().map(|x| x.abs());
    Ok(match order {
        f64::INFINITY => sizes.fold(0.0, larger),
        f64::NEG_INFINITY => sizes.reduce(smaller).ok_or_else(nothing)?,
        0.0 => x.iter().filter(|&&x| x != 0.0).count() as f64,
        1.0 => total(sizes),
        2.0 => squares(x.iter().copied()),
        order => total(sizes.map(|x| x.powf(order))).powf(1.0 / order),
    })
}

fn no_matrix_norm() -> Error {
    Error::value("a norm of matrices has the order 1, -1, 2, -2, inf, -inf, \"fro\" or \"nuc\"")
}

/// The norm of a matrix stored row by row, for the orders that are sums.
fn of_matrix(x: &[f64], (rows, columns): (usize, usize), order: f64) -> Result<f64> {
    let row = |i: usize| total((0..columns).map(|j| x[i * columns + j].abs()));
    let column = |j: usize| total((0..rows).map(|i| x[i * columns + j].abs()));
    Ok(match order {
        1.0 => (0..columns).map(column).fold(0.0, larger),
        -1.0 => (0..columns).map(column).reduce(smaller).ok_or_else(nothing)?,
        f64::INFINITY => (0..rows).map(row).fold(0.0, larger),
        f64::NEG_INFINITY => (0..rows).map(row).reduce(smaller).ok_or_else(nothing)?,
        _ => return Err(no_matrix_norm()),
    })
}

fn of_singular_values(values: &[f64], order: Order) -> Result<f64> {
    match order {
        Order::Power(2.0) => Ok(values.iter().copied().fold(0.0, larger)),
        Order::Power(_) => values.iter().copied().reduce(smaller).ok_or_else(nothing),
        _ => Ok(total(values.iter().copied())),
    }
}

fn norm(args: &mut [Value]) -> Result<Value> {
    let x = floats(std::mem::take(&mut args[0]), "the argument of np.linalg.norm")?;
    let (asked, keep) = (order(&args[1])?, flag(&args[3], "keepdims")?);
    let named = matches!(args[1], Value::Str(_));
    let axes: Vec<usize> = match &args[2] {
        Value::None => {
            let whole = match asked {
                Order::Squares => !named || x.ndim() == 2,
                Order::Power(order) => order == 2.0 && x.ndim() == 1,
                Order::Nuclear => false,
            };
            if whole {
                let ones = vec![1; if keep { x.ndim() } else { 0 }];
                let norm = match x.as_slice_memory_order() {
                    Some(elements) => super::triangular::dot(elements, elements).sqrt(),
                    None => squares(x.iter().copied()),
                };
                return value_of(&ones, vec![norm]);
            }
            (0..x.ndim()).collect()
        }
        axis => match items(axis) {
            Some(axes) => axes.iter().map(|a| axis_of(int(a, "axis")?, x.ndim())).collect::<Result<_>>()?,
            None => vec![axis_of(int(axis, "axis")?, x.ndim())?],
        },
    };
    // The smallest of nothing, even where no norm is asked for.
    let lengths: Vec<usize> = axes.iter().map(|&axis| x.shape()[axis]).collect();
    if let (Order::Power(order), [_, _]) = (asked, &lengths[..])
        && ![1.0, 2.0, f64::INFINITY].contains(&order.abs())
    {
        return Err(no_matrix_norm());
    }
    let empty = match (asked, &lengths[..]) {
        (Order::Power(f64::NEG_INFINITY), &[n, ..]) => n == 0,
        (Order::Power(-1.0), &[_, n]) => n == 0,
        (Order::Power(-2.0), &[m, n]) => m.min(n) == 0,
        _ => false,
    };
    if empty {
        return Err(nothing());
    }
    let norms = match axes[..] {
        [axis] => {
            if named {
                return Err(Error::value("the norms \"fro\" and \"nuc\" are norms of matrices, not of vectors"));
            }
            let order = if let Order::Power(order) = asked { order } else { 2.0 };
            of_blocks(&x, &[axis], |block| of_vector(block, order))?
        }
        [rows, columns] if rows == columns => return Err(Error::value("the two axes of a norm are the same")),
        [rows, columns] => {
            let sizes = (x.shape()[rows], x.shape()[columns]);
            match asked {
                Order::Power(order) if order.abs() != 2.0 => {
                    of_blocks(&x, &axes, |block| of_matrix(block, sizes, order))?
                }
                Order::Squares => of_blocks(&x, &axes, |block| Ok(squares(block.iter().copied())))?,
                order => singular(&x, rows, columns)?
                    .iter()
                    .map(|values| of_singular_values(values, order))
                    .collect::<Result<Vec<_>>>()?,
            }
        }
        _ => {
            return Err(Error::shape(format!(
                "a norm goes over one axis or two, not over the {} of an array of shape {}",
                axes.len(),
                shape_text(x.shape())
            )));
        }
    };
    let lengths = x.shape().iter().enumerate();
    let shape: Vec<usize> = if keep {
        lengths.map(|(axis, &n)| if axes.contains(&axis) { 1 } else { n }).collect()
    } else {
        lengths.filter(|(axis, _)| !axes.contains(axis)).map(|(_, &n)| n).collect()
    };
    value_of(&shape, norms)
}

/// The axes with some of them put last.
fn with_last(x: &Storage<f64>, last: &[usize]) -> Storage<f64> {
    let order: Vec<usize> = (0..x.ndim()).filter(|axis| !last.contains(axis)).chain(last.iter().copied()).collect();
    x.clone().permuted_axes(order)
}

/// The elements of each block over some axes, row by row.
fn blocks(x: &Storage<f64>, axes: &[usize]) -> Result<Array2<f64>> {
    let size: usize = axes.iter().map(|&axis| x.shape()[axis]).product();
    let count: usize = x.shape().iter().enumerate().filter(|(axis, _)| !axes.contains(axis)).map(|(_, &n)| n).product();
    let elements = with_last(x, axes).iter().copied().collect();
    Array2::from_shape_vec((count, size), elements).map_err(|_| Error::shape("the array cannot be read in blocks"))
}

/// A function of each block over some axes.
fn of_blocks(x: &Storage<f64>, axes: &[usize], f: impl Fn(&[f64]) -> Result<f64>) -> Result<Vec<f64>> {
    blocks(x, axes)?.outer_iter().map(|block| f(block.as_slice().unwrap_or_default())).collect()
}

/// The singular values of each matrix over two axes.
fn singular(x: &Storage<f64>, rows: usize, columns: usize) -> Result<Vec<Vec<f64>>> {
    let a = Stack::from_array(&with_last(x, &[rows, columns]), "np.linalg.norm")?;
    let (count, few) = (a.count(), a.rows.min(a.columns));
    let svd = Svd::new(a, Vectors::None)?;
    Ok((0..count).map(|i| svd.values[i * few..(i + 1) * few].to_vec()).collect())
}

fn norm_kind(args: &[Operand]) -> Kind {
    let keep = matches!(args[3].literal, Some(Literal::Bool(true)));
    let given = keep || matches!(args[3].literal, Some(Literal::Bool(false)));
    let reduced = match (&args[2].kind, &args[2].literal) {
        (Kind::None, _) => {
            return if given && !keep { Kind::Float } else { floats_of_rank(args[0].kind.rank().filter(|_| given)) };
        }
        (Kind::Int, _) => Some(1),
        (Kind::Tuple(axes), _) => Some(axes.len()),
        _ => None,
    };
    let rank =
        args[0].kind.rank().zip(reduced).map(|(rank, reduced)| if keep { rank } else { rank.saturating_sub(reduced) });
    floats_of_rank(rank.filter(|_| given))
}

pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "np.linalg.norm",
    signature: "(x, ord=None, axis=None, keepdims=False)",
    mutates: false,
    kind: norm_kind,
    kernel: Kernel::Pure(norm),
    doc: "The norm of vectors along one axis or of matrices over two; without `axis` of the whole array. `ord` is any number for \
          vectors (`inf`: the largest, `0`: the number of elements that are not zero), and 1, -1, 2, -2, `inf`, `-inf`, `\"fro\"` \
          or `\"nuc\"` for matrices; without it the root of the sum of squares.\n\n```\nnp.linalg.norm(np.array([3.0, 4.0]))\n```",
}];
