//! Integers written as an expression: `-2**63`, `2**63 - 1`. Their parts may be larger than 64 bits.

use super::tree::{BinaryOp, Expr, ExprKind, UnaryOp};

/// Operators in one another that are looked at.
const DEPTH: usize = 8;

/// The value of an expression that consists of integer literals and operators, where it has 64 bits.
pub fn integer_constant(expr: &Expr) -> Option<i64> {
    i64::try_from(exact(expr, DEPTH)?).ok()
}

fn exact(expr: &Expr, depth: usize) -> Option<i128> {
    let below = depth.checked_sub(1)?;
    match &expr.kind {
        ExprKind::Int(i) => Some(i128::from(*i)),
        ExprKind::Unary(UnaryOp::Neg, x) => exact(x, below)?.checked_neg(),
        ExprKind::Binary(op, x, y) => {
            let (x, y) = (exact(x, below)?, exact(y, below)?);
            match op {
                BinaryOp::Add => x.checked_add(y),
                BinaryOp::Sub => x.checked_sub(y),
                BinaryOp::Mul => x.checked_mul(y),
                BinaryOp::Pow => x.checked_pow(u32::try_from(y).ok()?),
                BinaryOp::ShiftLeft if (0..127).contains(&y) => x.checked_mul(1 << y),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::tree::StmtKind;
    use crate::lang::{Source, parse};

    #[test]
    fn only_the_whole_has_64_bits() {
        for (text, value) in [
            ("-2**63", Some(i64::MIN)),
            ("2**63 - 1", Some(i64::MAX)),
            ("-(2**63)", Some(i64::MIN)),
            ("(1 << 64) - (1 << 64) + 5", Some(5)),
            ("2**63", None),
            ("-2**63 - 1", None),
            ("2**-1", None),
            ("7 // 2", None),
            ("x + 1", None),
        ] {
            let module = parse(&Source::new("<test>", text)).unwrap();
            let StmtKind::Expr(expr) = &module.body[0].kind else { panic!("{text}") };
            assert_eq!(integer_constant(expr), value, "{text}");
        }
    }
}
