//! Products of vectors, matrices and arrays with more axes.

use std::sync::Arc;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayViewD, ArrayViewMutD, Ix2, IxDyn};

use super::super::array::{Array, each_dtype, filled};
use super::super::iteration;
use super::super::operators::{binary, matmul};
use super::super::value::Value;
use super::arguments::{self, array_kind, take, take_array, take_numeric};
use super::creation::shape_of;
use super::{Builtin, kinds};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, Result};
use crate::sct::extents::{Extent, Extents};
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.matmul" "(x, y, /)" kinds::matmul, Pure(|args| matmul(take_numeric(args, 0)?, take_numeric(args, 1)?)), "The product of matrices, stacks of them broadcast."),
    entry!("np.dot" "(a, b)" |args| {
        let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
        match (a.rank(), b.rank()) {
            (Some(0), _) | (_, Some(0)) => kinds::arithmetic(args),
            (Some(m), Some(n)) => contracted(&a, &b, &[m - 1], &[n.saturating_sub(2)]),
            _ => Kind::Any,
        }
    }, Pure(|args| dot(take_numeric(args, 0)?, take_numeric(args, 1)?)), "The sum of products over the last axis of one and the last but one of the other."),
    entry!("np.inner" "(a, b, /)" |args| {
        let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
        match (a.rank(), b.rank()) {
            (Some(0), _) | (_, Some(0)) => kinds::arithmetic(args),
            (Some(m), Some(n)) => contracted(&a, &b, &[m - 1], &[n - 1]),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let (a, b) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
        let (m, n) = (shape_of(&a).len(), shape_of(&b).len());
        if m == 0 || n == 0 { binary(BinaryOp::Mul, a, b) } else { tensordot(a, b, &[m - 1], &[n - 1]) }
    }), "The sum of products over the last axes."),
    entry!("np.outer" "(a, b)" outer_kind, Pure(|args| {
        let (a, b) = (take_array(args, 0)?, take_array(args, 1)?);
        let column = super::shapes::reshape(a, &[-1, 1], &Value::None)?;
        binary(BinaryOp::Mul, column, super::shapes::reshape(b, &[1, -1], &Value::None)?)
    }), "The products of each element of one with each of the other."),
    entry!("np.vdot" "(a, b, /)" |args| array_kind(kinds::promoted(&kinds::arg(args, 0), &kinds::arg(args, 1)), Some(0)), Pure(|args| {
        let (a, b) = (take_array(args, 0)?, take_array(args, 1)?);
        let flat = super::shapes::reshape(a, &[-1], &Value::None)?;
        matmul(flat, super::shapes::reshape(b, &[-1], &Value::None)?)
    }), "The sum of the products of all elements."),
    entry!("np.tensordot" "(a, b, axes=2)" |args| {
        let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
        let count = match kinds::literal(args, 2) {
            Some(crate::sct::kind::Literal::Int(n)) => usize::try_from(*n).ok(),
            _ => match kinds::arg(args, 2) {
                Kind::Tuple(pair) if pair.len() == 2 => match &pair[0] {
                    Kind::Int => Some(1),
                    Kind::List(axes) | Kind::Tuple(axes) => Some(axes.len()),
                    _ => None,
                },
                _ => None,
            },
        };
        match (a.rank(), b.rank(), count) {
            (Some(m), Some(n), Some(count)) if m >= count && n >= count => array_kind(kinds::promoted(&a, &b), Some(m + n - 2 * count)),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let (a, b) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
        let (m, n) = (shape_of(&a).len(), shape_of(&b).len());
        let (left, right) = match &args[2] {
            Value::Int(count) => {
                let count = usize::try_from(*count).ok().filter(|&c| c <= m && c <= n).ok_or_else(|| Error::shape("shape-mismatch for sum"))?;
                ((m - count..m).collect(), (0..count).collect())
            }
            pair => match &iteration::elements(pair)?[..] {
                [left, right] => (arguments::axes_in_order(left, m)?, arguments::axes_in_order(right, n)?),
                _ => return Err(Error::value("axes must be an integer or a pair of sequences of axes")),
            },
        };
        tensordot(a, b, &left, &right)
    }), "The sum of products over several axes of each."),
    entry!("np.kron" "(a, b)" |args| {
        let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
        match (a.rank(), b.rank()) {
            (Some(m), Some(n)) if m + n > 0 => array_kind(kinds::promoted(&a, &b), Some(m.max(n))),
            _ => Kind::Any,
        }
    }, Pure(|args| {
        let (a, b) = (take_numeric(args, 0)?, take_numeric(args, 1)?);
        let rank = shape_of(&a).len().max(shape_of(&b).len());
        let lengths = |v: &Value| -> Vec<i64> {
            let shape = shape_of(v);
            std::iter::repeat_n(1, rank - shape.len()).chain(shape.iter().map(|&n| n as i64)).collect()
        };
        let (m, n) = (lengths(&a), lengths(&b));
        let interleave = |first: bool| -> Vec<i64> {
            (0..rank).flat_map(|k| if first { [m[k], 1] } else { [1, n[k]] }).collect()
        };
        let a = super::shapes::reshape(arguments::array(a)?, &interleave(true), &Value::None)?;
        let b = super::shapes::reshape(arguments::array(b)?, &interleave(false), &Value::None)?;
        let shape: Vec<i64> = m.iter().zip(&n).map(|(m, n)| m * n).collect();
        super::shapes::reshape(arguments::array(binary(BinaryOp::Mul, a, b)?)?, &shape, &Value::None)
    }), "The Kronecker product."),
    entry!("np.einsum" "(subscripts, /, *operands, optimize=False)" einsum_kind, Pure(|args| {
        let given = iteration::elements(&args[1])?;
        let (subscripts, operands) = match take(args, 0) {
            Value::Str(subscripts) => (subscripts.to_string(), given),
            first => lettered(first, given)?,
        };
        let operands = operands.into_iter().map(arguments::array).collect::<Result<Vec<_>>>()?;
        // Of truth values the sums are counts: whether there is one.
        let truths = operands.iter().all(|a| a.dtype() == DType::Bool);
        let sums = einsum(&subscripts, operands)?;
        if truths { super::creating::cast(sums, DType::Bool) } else { Ok(sums) }
    }), "Sums of products by Einstein's convention: 'ij,jk->ik'."),
];

/// The axes of two arrays that are left where these are summed over.
fn contracted(a: &Kind, b: &Kind, left: &[usize], right: &[usize]) -> Kind {
    let (Some(dtype), Some(m), Some(n)) = (kinds::promoted(a, b), a.rank(), b.rank()) else { return Kind::Any };
    let rest = |kind: &Kind, rank: usize, gone: &[usize]| -> Vec<Extent> {
        kind.extents().axes(rank).enumerate().filter(|(axis, _)| !gone.contains(axis)).map(|(_, axis)| axis).collect()
    };
    let axes = [rest(a, m, left), rest(b, n, right)].concat();
    Kind::array(dtype, Some(axes.len())).with_extents(Extents::of(axes.into_iter()))
}

fn outer_kind(args: &[Operand]) -> Kind {
    let (a, b) = (kinds::arg(args, 0), kinds::arg(args, 1));
    let kind = array_kind(kinds::promoted(&a, &b), Some(2));
    // Arrays of more axes are flattened.
    let length = |kind: &Kind| match kind.rank() {
        Some(0) => Extent::ONE,
        Some(1) => kind.extents().from_last(0),
        _ => Extent::UNKNOWN,
    };
    kind.with_extents(Extents::of([length(&a), length(&b)].into_iter()))
}

fn einsum_kind(args: &[Operand]) -> Kind {
    let (Some(Literal::Str(subscripts)), Kind::Tuple(operands)) = (kinds::literal(args, 0), kinds::arg(args, 1)) else {
        return Kind::Any;
    };
    let dtypes: Option<Vec<DType>> = operands.iter().map(Kind::dtype).collect();
    let (Some((inputs, output)), Some(dtype)) =
        (crate::rules::einsum::terms(subscripts), dtypes.and_then(|dtypes| dtypes.into_iter().max()))
    else {
        return Kind::Any;
    };
    // A letter is as long as an axis that is not one; where nothing else is known, it may be longer than one.
    let length = |letter: char| {
        let axes = inputs.iter().zip(operands.iter()).flat_map(|(input, operand)| {
            let axes = operand.extents().axes(input.chars().count()).collect::<Vec<_>>();
            input.chars().zip(axes).filter(|(here, _)| *here == letter).map(|(_, axis)| axis).collect::<Vec<_>>()
        });
        axes.reduce(Extent::broadcast).unwrap_or_default()
    };
    let axes = output.chars().map(length).collect::<Vec<_>>();
    Kind::array(dtype, Some(axes.len())).with_extents(Extents::of(axes.into_iter()))
}

fn dot(a: Value, b: Value) -> Result<Value> {
    let (m, n) = (shape_of(&a).len(), shape_of(&b).len());
    match (m, n) {
        (0, _) | (_, 0) => binary(BinaryOp::Mul, a, b),
        (1 | 2, 1 | 2) => matmul(a, b),
        _ => tensordot(a, b, &[m - 1], &[if n == 1 { 0 } else { n - 2 }]),
    }
}

/// The sum of products over pairs of axes: both flattened to matrices, the summed axes inside.
fn tensordot(a: Value, b: Value, left: &[usize], right: &[usize]) -> Result<Value> {
    let (p, q) = (shape_of(&a).to_vec(), shape_of(&b).to_vec());
    if left.len() != right.len() || left.iter().zip(right).any(|(&i, &j)| p[i] != q[j]) {
        return Err(Error::shape("shape-mismatch for sum").hint(format!(
            "the shapes are {} and {}",
            super::super::array::shape_text(&p),
            super::super::array::shape_text(&q)
        )));
    }
    let free = |shape: &[usize], axes: &[usize]| (0..shape.len()).filter(|k| !axes.contains(k)).collect::<Vec<_>>();
    let (rows, columns) = (free(&p, left), free(&q, right));
    let size = |shape: &[usize], axes: &[usize]| axes.iter().map(|&k| shape[k] as i64).product::<i64>();
    let inner = size(&p, left);
    let flat = |value: Value, order: Vec<usize>, shape: [i64; 2]| -> Result<Value> {
        let a = arguments::array(value)?;
        let a: Array = each_dtype!(a, a => a.permuted_axes(IxDyn(&order)).into());
        super::shapes::reshape(a, &shape, &Value::None)
    };
    let first = flat(a, [&rows[..], left].concat(), [size(&p, &rows), inner])?;
    let second = flat(b, [right, &columns[..]].concat(), [inner, size(&q, &columns)])?;
    let product = matmul(first, second)?;
    let shape: Vec<i64> = rows.iter().map(|&k| p[k] as i64).chain(columns.iter().map(|&k| q[k] as i64)).collect();
    super::shapes::reshape(arguments::array(product)?, &shape, &Value::None)
}

/// An operand of an einsum: an array and the letter of each axis.
struct Lettered {
    array: Array,
    letters: Vec<char>,
}

/// The subscripts of operands that are each followed by a list of numbers for its axes; the last list is the result's.
fn lettered(first: Value, rest: Vec<Value>) -> Result<(String, Vec<Value>)> {
    let letters = |list: &Value| -> Result<String> {
        iteration::elements(list)?
            .iter()
            .map(|item| match item {
                Value::Ellipsis => Ok("...".to_string()),
                number => {
                    let at = usize::try_from(arguments::int(number, "a subscript")?).unwrap_or(usize::MAX);
                    let letters = (b'A'..=b'Z').chain(b'a'..=b'z').map(char::from);
                    letters
                        .clone()
                        .nth(at)
                        .map(String::from)
                        .ok_or_else(|| Error::value("einsum: a subscript is not below 52"))
                }
            })
            .collect()
    };
    let (mut operands, mut inputs, mut output) = (Vec::new(), Vec::new(), String::new());
    let mut items = std::iter::once(first).chain(rest);
    while let Some(operand) = items.next() {
        match items.next() {
            Some(list) => {
                inputs.push(letters(&list)?);
                operands.push(operand);
            }
            None => output = format!("->{}", letters(&operand)?),
        }
    }
    Ok((format!("{}{output}", inputs.join(",")), operands))
}

fn einsum(subscripts: &str, operands: Vec<Array>) -> Result<Value> {
    let text: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs.to_string(), Some(output.to_string())),
        None => (text, None),
    };
    let inputs: Vec<&str> = inputs.split(',').collect();
    if inputs.len() != operands.len() {
        return Err(Error::value(format!("einsum: {} subscripts for {} operands", inputs.len(), operands.len())));
    }
    // An ellipsis stands for letters that nobody can write, the same for all, aligned at the right.
    let hidden = |k: usize| char::from_u32(0xE000 + k as u32).unwrap_or('?');
    let mut widest = 0;
    let mut terms = Vec::with_capacity(operands.len());
    for (letters, array) in inputs.iter().zip(operands) {
        let named = letters.chars().filter(|c| *c != '.').count();
        let spread = match letters.contains("...") {
            true if array.ndim() >= named => array.ndim() - named,
            false if array.ndim() == named => 0,
            _ => {
                return Err(Error::value(format!(
                    "einsum: the subscript {letters:?} does not fit an operand of {} axes",
                    array.ndim()
                )));
            }
        };
        if letters.chars().any(|c| c != '.' && !c.is_ascii_alphabetic()) || letters.replace("...", "").contains('.') {
            return Err(Error::value(format!("einsum: invalid subscript {letters:?}")));
        }
        widest = widest.max(spread);
        let (before, after) = letters.split_once("...").unwrap_or((letters, ""));
        let letters: Vec<char> = before.chars().chain((0..spread).rev().map(hidden)).chain(after.chars()).collect();
        terms.push(diagonal(Lettered { array, letters })?);
    }
    let ellipsis: Vec<char> = (0..widest).rev().map(hidden).collect();
    let output: Vec<char> = match output {
        Some(output) => {
            let (before, after) = output.split_once("...").unwrap_or((&output, ""));
            let dots = output.contains("...");
            before.chars().chain(if dots { ellipsis.clone() } else { Vec::new() }).chain(after.chars()).collect()
        }
        None => {
            // Without an output: the letters that occur once, in alphabetical order.
            let written: Vec<char> = inputs.concat().chars().filter(|c| *c != '.').collect();
            let mut once: Vec<char> =
                written.iter().copied().filter(|c| written.iter().filter(|d| *d == c).count() == 1).collect();
            once.sort_unstable();
            ellipsis.into_iter().chain(once).collect()
        }
    };
    if let Some(c) = output
        .iter()
        .enumerate()
        .find(|(at, c)| output[..*at].contains(c) || !terms.iter().any(|t| t.letters.contains(c)))
    {
        return Err(Error::value(format!("einsum: the output subscript {:?} is not in an input, or there twice", c.1)));
    }
    check_lengths(&terms)?;
    let mut terms = terms.into_iter();
    let Some(mut result) = terms.next() else { return Err(Error::value("einsum needs an operand")) };
    let mut rest: Vec<Lettered> = terms.collect();
    while !rest.is_empty() {
        let next = rest.remove(0);
        let needed: Vec<char> = output.iter().copied().chain(rest.iter().flat_map(|t| t.letters.clone())).collect();
        result = contract(result, next, &needed, rest.is_empty().then_some(&output))?;
    }
    let result = sum_out(result, &output)?;
    let order: Vec<usize> = output.iter().filter_map(|c| result.letters.iter().position(|d| d == c)).collect();
    Ok(each_dtype!(result.array, a => a.permuted_axes(IxDyn(&order)).into()))
}

fn check_lengths(terms: &[Lettered]) -> Result<()> {
    let mut lengths: Vec<(char, usize)> = Vec::new();
    for term in terms {
        for (&c, &n) in term.letters.iter().zip(term.array.shape()) {
            match lengths.iter_mut().find(|(d, _)| *d == c) {
                Some((_, m)) if *m == n || n == 1 => {}
                Some((_, m)) if *m == 1 => *m = n,
                Some((_, m)) => {
                    return Err(Error::shape(format!("einsum: the subscript {c:?} has lengths {m} and {n}")));
                }
                None => lengths.push((c, n)),
            }
        }
    }
    Ok(())
}

/// A letter that occurs twice in one operand takes its diagonal.
fn diagonal(mut term: Lettered) -> Result<Lettered> {
    while let Some((i, j)) = (0..term.letters.len())
        .find_map(|j| term.letters[..j].iter().position(|c| *c == term.letters[j]).map(|i| (i, j)))
    {
        if term.array.shape()[i] != term.array.shape()[j] {
            return Err(Error::shape(format!(
                "einsum: the subscript {:?} has two lengths in one operand",
                term.letters[i]
            )));
        }
        let letter = term.letters[i];
        term.array = each_dtype!(term.array, a => super::creating::diagonal(a, 0, i, j)?.into());
        term.letters.remove(j);
        term.letters.remove(i);
        term.letters.push(letter);
    }
    Ok(term)
}

/// Sums over the letters that are not needed any more.
fn sum_out(term: Lettered, needed: &[char]) -> Result<Lettered> {
    let gone: Vec<usize> = (0..term.letters.len()).filter(|&k| !needed.contains(&term.letters[k])).collect();
    if gone.is_empty() {
        return Ok(term);
    }
    let letters = term.letters.iter().copied().filter(|c| needed.contains(c)).collect();
    let array = match term.array.dtype() {
        DType::Float => {
            let Array::Float(a) = term.array else { return Err(Error::type_("not floats")) };
            super::reductions::float_sum(a, &gone, false, 0.0)?.into()
        }
        _ => {
            let axes = Value::tuple(gone.iter().map(|&k| Value::Int(k as i64)).collect());
            let sum = super::run_pure(
                "np.sum",
                &mut [
                    Value::Array(Arc::new(term.array)),
                    axes,
                    Value::None,
                    Value::Bool(false),
                    Value::None,
                    Value::None,
                ],
            )?;
            arguments::array(sum)?
        }
    };
    Ok(Lettered { array, letters })
}

/// The products of stacks of matrices of equal leading axes, wherever their elements lie.
fn products_of_stacks(a: ArrayViewD<'_, f64>, b: ArrayViewD<'_, f64>, mut product: ArrayViewMutD<'_, f64>) {
    if let (Ok(a), Ok(b), Ok(mut product)) = (
        a.view().into_dimensionality::<Ix2>(),
        b.view().into_dimensionality::<Ix2>(),
        product.view_mut().into_dimensionality::<Ix2>(),
    ) {
        return general_mat_mul(1.0, &a, &b, 0.0, &mut product);
    }
    for ((a, b), product) in a.outer_iter().zip(b.outer_iter()).zip(product.outer_iter_mut()) {
        products_of_stacks(a, b, product);
    }
}

/// The product of two operands, summed over the letters that nobody needs any more: a stack of matrix products. The letters
/// come in the order that is wanted, where that costs nothing.
fn contract(a: Lettered, b: Lettered, needed: &[char], wanted: Option<&Vec<char>>) -> Result<Lettered> {
    let shared = |c: &char, other: &Lettered| needed.contains(c) || other.letters.contains(c);
    let keep_a: Vec<char> = a.letters.iter().copied().filter(|c| shared(c, &b)).collect();
    let keep_b: Vec<char> = b.letters.iter().copied().filter(|c| shared(c, &a)).collect();
    let (a, b) = (sum_out(a, &keep_a)?, sum_out(b, &keep_b)?);
    // An axis of length one is broadcast, so such letters are multiplied elementwise like those of the stack.
    let length = |t: &Lettered, c: char| t.letters.iter().position(|d| *d == c).map(|k| t.array.shape()[k]);
    let both: Vec<char> = a.letters.iter().copied().filter(|c| b.letters.contains(c)).collect();
    let inner: Vec<char> =
        both.iter().copied().filter(|c| !needed.contains(c) && length(&a, *c) == length(&b, *c)).collect();
    let late: Vec<char> = both.iter().copied().filter(|c| !inner.contains(c)).collect();
    let only_a: Vec<char> = a.letters.iter().copied().filter(|c| !both.contains(c)).collect();
    let only_b: Vec<char> = b.letters.iter().copied().filter(|c| !both.contains(c)).collect();
    if let (&[row], &[inner], &[column]) = (&only_a[..], &inner[..], &only_b[..])
        && late.iter().all(|c| length(&a, *c) == length(&b, *c))
        && let (Array::Float(x), Array::Float(y)) = (&a.array, &b.array)
    {
        let letters = [&late[..], &[row, column]].concat();
        let order = wanted.filter(|wanted| wanted.len() == letters.len()).unwrap_or(&letters).clone();
        let of = |letters: &[char], own: &[char]| -> Vec<usize> {
            letters.iter().filter_map(|c| own.iter().position(|d| d == c)).collect()
        };
        let shape: Vec<usize> = order.iter().filter_map(|c| length(&a, *c).or_else(|| length(&b, *c))).collect();
        let mut product = filled(&shape, 0.0)?;
        products_of_stacks(
            x.view().permuted_axes(of(&[&late[..], &[row, inner]].concat(), &a.letters)),
            y.view().permuted_axes(of(&[&late[..], &[inner, column]].concat(), &b.letters)),
            product.view_mut().permuted_axes(of(&letters, &order)),
        );
        return Ok(Lettered { array: product.into(), letters: order });
    }
    let lay = |t: &Lettered, groups: [&[char]; 2]| -> Result<(Value, Vec<usize>)> {
        let order: Vec<usize> = late
            .iter()
            .chain(groups[0])
            .chain(groups[1])
            .filter_map(|c| t.letters.iter().position(|d| d == c))
            .collect();
        let stack: Vec<usize> = late.iter().filter_map(|c| length(t, *c)).collect();
        let size = |letters: &[char]| letters.iter().filter_map(|c| length(t, *c)).product::<usize>() as i64;
        let shape: Vec<i64> = stack.iter().map(|&n| n as i64).chain([size(groups[0]), size(groups[1])]).collect();
        let array: Array = each_dtype!(t.array.clone(), a => a.permuted_axes(IxDyn(&order)).into());
        Ok((super::shapes::reshape(array, &shape, &Value::None)?, stack))
    };
    let (x, p) = lay(&a, [&only_a, &inner])?;
    let (y, q) = lay(&b, [&inner, &only_b])?;
    let product = if inner.is_empty() { binary(BinaryOp::Mul, x, y)? } else { matmul(x, y)? };
    let stack = super::super::elementwise::broadcast_shape(&p, &q)?;
    let shape: Vec<i64> = stack
        .into_iter()
        .chain(only_a.iter().filter_map(|c| length(&a, *c)))
        .chain(only_b.iter().filter_map(|c| length(&b, *c)))
        .map(|n| n as i64)
        .collect();
    let array = arguments::array(super::shapes::reshape(arguments::array(product)?, &shape, &Value::None)?)?;
    let letters: Vec<char> = late.iter().chain(&only_a).chain(&only_b).copied().collect();
    let kept: Vec<char> = letters.iter().copied().filter(|c| needed.contains(c)).collect();
    sum_out(Lettered { array, letters }, &kept)
}
