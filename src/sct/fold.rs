//! Constants: the results of operations whose operands are known, computed as the machine would compute them.

use crate::lang::Symbol;

use super::core::Atom;
use super::kind::{DType, FunctionKind, Kind, Literal, Operand};

/// As [`fold`], of atoms whose kinds are looked up where they matter.
pub fn fold_atoms(name: Symbol, args: &[Atom], kind: impl Fn(&Atom) -> Kind) -> Option<Literal> {
    if args.len() != 1 && args.iter().any(|arg| arg.literal().is_none()) {
        return None;
    }
    let operand = |arg: &Atom| Operand { kind: kind(arg), literal: arg.literal().cloned() };
    fold(name, &args.iter().map(operand).collect::<Vec<_>>())
}

/// The result of a library function for constant operands, where it is certain.
pub fn fold(name: Symbol, args: &[Operand]) -> Option<Literal> {
    use Literal::{Bool, Float, Int, Str, Tuple};
    if let Some(known) = by_kind(name, args) {
        return Some(Bool(known));
    }
    let known: Option<Vec<&Literal>> = args.iter().map(|a| a.literal.as_ref()).collect();
    let known = known?;
    let finite = |x: f64| x.is_finite().then_some(Float(x));
    Some(match (name.as_str(), known.as_slice()) {
        ("operator.not_", [Bool(b)]) => Bool(!b),
        ("operator.neg", [Int(i)]) => Int(i.checked_neg()?),
        ("operator.neg", [Float(x)]) => Float(-x),
        ("operator.pos", [x @ (Int(_) | Float(_))]) => (*x).clone(),
        ("operator.add", [Int(a), Int(b)]) => Int(a.checked_add(*b)?),
        ("operator.sub", [Int(a), Int(b)]) => Int(a.checked_sub(*b)?),
        ("operator.mul", [Int(a), Int(b)]) => Int(a.checked_mul(*b)?),
        ("operator.floordiv", [Int(a), Int(b)]) if *b > 0 => Int(a.div_euclid(*b)),
        ("operator.mod", [Int(a), Int(b)]) if *b > 0 => Int(a.rem_euclid(*b)),
        ("operator.add", [Str(a), Str(b)]) => Str(format!("{a}{b}").into()),
        ("operator.add", [Tuple(a), Tuple(b)]) => Tuple([a.as_slice(), b].concat()),
        ("operator.eq", [a, b]) => Bool(equal(a, b)?),
        ("operator.ne", [a, b]) => Bool(!equal(a, b)?),
        ("operator.is_", [a, b]) if matches!((a, b), (Literal::None, _) | (_, Literal::None)) => Bool(a == b),
        ("operator.is_not", [a, b]) if matches!((a, b), (Literal::None, _) | (_, Literal::None)) => Bool(a != b),
        ("operator.contains", [Tuple(items), x]) => {
            let same: Option<Vec<bool>> = items.iter().map(|item| equal(item, x)).collect();
            Bool(same?.into_iter().any(|same| same))
        }
        ("operator.contains", [Str(text), Str(part)]) => Bool(text.contains(&**part)),
        ("np.where", [Bool(holds), a, b]) => (*if *holds { a } else { b }).clone(),
        ("len", [Tuple(items)]) => Int(items.len() as i64),
        ("cotangent.einsum_transpose", [Str(subscripts), Int(operand)]) => {
            Str(crate::rules::einsum::transposed(subscripts, usize::try_from(*operand).ok()?)
                .unwrap_or_default()
                .into())
        }
        ("float", [Int(i)]) => Float(*i as f64),
        (name, [a, b]) => {
            let (x, y) = (number(a)?, number(b)?);
            let ints = matches!((a, b), (Int(_), Int(_)));
            match name {
                "operator.lt" => Bool(x < y),
                "operator.le" => Bool(x <= y),
                "operator.gt" => Bool(x > y),
                "operator.ge" => Bool(x >= y),
                "operator.add" => finite(x + y)?,
                "operator.sub" => finite(x - y)?,
                "operator.mul" => finite(x * y)?,
                "operator.truediv" if y != 0.0 => finite(x / y)?,
                "operator.pow" if !ints => finite((crate::vector::POW.one)(x, y))?,
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Questions about element types and indices, which kinds answer.
fn by_kind(name: Symbol, args: &[Operand]) -> Option<bool> {
    let [asked] = args else { return None };
    match (name.as_str(), &asked.kind) {
        ("cotangent.is_float", kind) => kind.dtype().map(|dtype| dtype == DType::Float),
        ("cotangent.is_float_type", Kind::None) => Some(true),
        ("cotangent.is_float_type", Kind::Function(function)) => match &**function {
            FunctionKind::Builtin(name) => Some(matches!(name.as_str(), "float" | "np.float64")),
            _ => None,
        },
        ("cotangent.picks", Kind::Int | Kind::None | Kind::Str | Kind::Bool | Kind::Float) => Some(false),
        ("cotangent.picks", Kind::Array(..) | Kind::List(_) | Kind::ListOf(_)) => Some(true),
        _ => None,
    }
}

/// A number that a float represents exactly.
fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Int(i) if i.unsigned_abs() < 1 << 53 => Some(*i as f64),
        Literal::Float(x) => Some(*x),
        _ => None,
    }
}

fn equal(a: &Literal, b: &Literal) -> Option<bool> {
    match (a, b) {
        (Literal::Int(_) | Literal::Float(_), Literal::Int(_) | Literal::Float(_)) => Some(number(a)? == number(b)?),
        (Literal::Tuple(a), Literal::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_fold(true, |all, (x, y)| Some(all && equal(x, y)?))
        }
        (Literal::Bool(_), Literal::Int(_) | Literal::Float(_))
        | (Literal::Int(_) | Literal::Float(_), Literal::Bool(_)) => None,
        (a, b) => Some(a == b),
    }
}
