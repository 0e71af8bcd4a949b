//! Operators: on numbers of known kind one instruction, on anything else the library's.

use super::{At, Compiler, Term};
use crate::interp::catalog;
use crate::interp::vm::instructions::{NIn, NOut, Op, VIn, VOut};
use crate::lang::tree::{BinaryOp, CompareOp, UnaryOp};
use crate::lang::{Result, Symbol};
use crate::sct::core::operator_name;
use crate::sct::kind::{DType, Kind, Literal};

impl Compiler<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, a: Term, b: Term) -> Result<Term> {
        if let Some((operands, result)) = scalar_operation(op, &a, &b) {
            let (x, y) = (NIn(self.number_of(&a, operands)), NIn(self.number_of(&b, operands)));
            let register = self.number_register();
            let d = NOut(register);
            let (a, b) = (x, y);
            self.emit(match (operands, op) {
                (DType::Float, BinaryOp::Add) => Op::AddF { a, b, d },
                (DType::Float, BinaryOp::Sub) => Op::SubF { a, b, d },
                (DType::Float, BinaryOp::Mul) => Op::MulF { a, b, d },
                (DType::Float, BinaryOp::Div) => Op::DivF { a, b, d },
                (DType::Float, _) => Op::BinaryF { op, a, b, d },
                (_, BinaryOp::Add) => Op::AddI { a, b, d },
                (_, BinaryOp::Sub) => Op::SubI { a, b, d },
                (_, BinaryOp::Mul) => Op::MulI { a, b, d },
                _ => Op::BinaryI { op, a, b, d },
            });
            return Ok(Term::number(register, result));
        }
        let kind = catalog::result_kind(operator_name(op), &[a.operand(), b.operand()]);
        let (x, y) = (VIn(self.value_of(&a)), VIn(self.value_of(&b)));
        let d = self.value_register();
        self.emit(Op::BinaryV { op, a: x, b: y, d: VOut(d) });
        Ok(self.result(d, kind))
    }

    /// The value of `a` after `a op= b`.
    pub(super) fn update(&mut self, op: BinaryOp, a: Term, b: Term) -> Result<Term> {
        let kind = match (&a.kind, op) {
            (Kind::Array(..), BinaryOp::MatMul) => Kind::Any,
            (Kind::Array(..), _) => a.kind.clone(),
            (Kind::List(_) | Kind::ListOf(_), BinaryOp::Add) if matches!(b.kind, Kind::List(_) | Kind::ListOf(_)) => {
                return self.binary(op, a, b);
            }
            (Kind::Any | Kind::List(_) | Kind::ListOf(_) | Kind::Dict(_), _) => Kind::Any,
            _ => return self.binary(op, a, b),
        };
        let (x, y) = (VIn(self.value_of(&a)), VIn(self.value_of(&b)));
        let d = self.value_register();
        self.emit(Op::UpdateV { op, a: x, b: y, d: VOut(d) });
        Ok(self.result(d, kind))
    }

    pub(super) fn unary(&mut self, op: UnaryOp, a: Term) -> Result<Term> {
        if let At::Literal(literal) = &a.at {
            match (op, literal) {
                (UnaryOp::Neg, Literal::Int(i)) if *i != i64::MIN => return Ok(Term::literal(Literal::Int(-i))),
                (UnaryOp::Neg, Literal::Float(x)) => return Ok(Term::literal(Literal::Float(-x))),
                (UnaryOp::Not, Literal::Bool(b)) => return Ok(Term::literal(Literal::Bool(!b))),
                _ => {}
            }
        }
        let scalar = a.scalar();
        match (op, scalar) {
            (UnaryOp::Pos, Some(DType::Int | DType::Float)) => return Ok(a),
            (UnaryOp::Neg, Some(dtype @ (DType::Int | DType::Float))) => {
                let a = NIn(self.number_of(&a, dtype));
                let d = self.number_register();
                let out = NOut(d);
                self.emit(if dtype == DType::Float { Op::NegF { a, d: out } } else { Op::NegI { a, d: out } });
                return Ok(Term::number(d, dtype));
            }
            (UnaryOp::Invert, Some(DType::Int)) => {
                let a = NIn(self.number_of(&a, DType::Int));
                let d = self.number_register();
                self.emit(Op::InvertI { a, d: NOut(d) });
                return Ok(Term::number(d, DType::Int));
            }
            (UnaryOp::Not, _) => {
                let truth = self.truth(a);
                let d = self.number_register();
                self.emit(Op::Not { a: NIn(truth), d: NOut(d) });
                return Ok(Term::number(d, DType::Bool));
            }
            _ => {}
        }
        let name = match op {
            UnaryOp::Neg => "operator.neg",
            UnaryOp::Pos => "operator.pos",
            _ => "operator.invert",
        };
        let kind = catalog::result_kind(Symbol::new(name), &[a.operand()]);
        let x = VIn(self.value_of(&a));
        let d = self.value_register();
        self.emit(Op::UnaryV { op, a: x, d: VOut(d) });
        Ok(self.result(d, kind))
    }

    /// A number register with the truth of a term, 0 or 1.
    pub(super) fn truth(&mut self, a: Term) -> u16 {
        match a.scalar() {
            Some(DType::Bool) => self.number_of(&a, DType::Bool),
            Some(DType::Float) => {
                let a = NIn(self.number_of(&a, DType::Float));
                let d = self.number_register();
                self.emit(Op::TruthF { a, d: NOut(d) });
                d
            }
            Some(DType::Int) => {
                let a = NIn(self.number_of(&a, DType::Int));
                let b = NIn(self.truth_constants.0);
                let d = self.number_register();
                self.emit(Op::CompareI { op: CompareOp::Ne, a, b, d: NOut(d) });
                d
            }
            None => {
                let a = VIn(self.value_of(&a));
                let d = self.number_register();
                self.emit(Op::Truth { a, d: NOut(d) });
                d
            }
        }
    }

    pub(super) fn compare(&mut self, op: CompareOp, a: Term, b: Term) -> Result<Term> {
        if let (CompareOp::Is | CompareOp::IsNot, Kind::None) = (op, &b.kind)
            && a.kind != Kind::Any
            && a.kind != Kind::Never
        {
            return Ok(Term::literal(Literal::Bool((a.kind == Kind::None) == (op == CompareOp::Is))));
        }
        if let Some(dtype) = comparable(op, &a, &b) {
            let (a, b) = (NIn(self.number_of(&a, dtype)), NIn(self.number_of(&b, dtype)));
            let register = self.number_register();
            let d = NOut(register);
            self.emit(match dtype {
                DType::Float => Op::CompareF { op, a, b, d },
                _ => Op::CompareI { op, a, b, d },
            });
            return Ok(Term::number(register, DType::Bool));
        }
        let kind = match op {
            CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot => Kind::Bool,
            _ if a.kind.is_scalar() && b.kind.is_scalar() => Kind::Bool,
            _ => catalog::result_kind(compare_name(op), &[a.operand(), b.operand()]),
        };
        let (x, y) = (VIn(self.value_of(&a)), VIn(self.value_of(&b)));
        let d = self.value_register();
        self.emit(Op::CompareV { op, a: x, b: y, d: VOut(d) });
        Ok(self.result(d, kind))
    }
}

/// As what two numbers are compared: none where it takes more than one instruction to be exact.
pub(super) fn comparable(op: CompareOp, a: &Term, b: &Term) -> Option<DType> {
    use CompareOp::*;
    if !matches!(op, Eq | Ne | Lt | Le | Gt | Ge) {
        return None;
    }
    let (x, y) = (a.scalar()?, b.scalar()?);
    // A float converts every integer up to 2^53 exactly; a larger one is compared by the library.
    let exact = |term: &Term| match &term.at {
        At::Literal(Literal::Int(i)) => i.unsigned_abs() <= 1 << 53,
        _ => term.kind == Kind::Bool,
    };
    match (x, y) {
        (DType::Float, DType::Float) => Some(DType::Float),
        (DType::Float, _) => exact(b).then_some(DType::Float),
        (_, DType::Float) => exact(a).then_some(DType::Float),
        _ => Some(DType::Int),
    }
}

/// As what an operator takes two numbers and what it gives; none where that depends on the numbers.
fn scalar_operation(op: BinaryOp, a: &Term, b: &Term) -> Option<(DType, DType)> {
    use BinaryOp::*;
    let (x, y) = (a.scalar()?, b.scalar()?);
    if x == DType::Float || y == DType::Float {
        return matches!(op, Add | Sub | Mul | Div | FloorDiv | Mod | Pow).then_some((DType::Float, DType::Float));
    }
    match op {
        Add | Sub | Mul | FloorDiv | Mod => Some((DType::Int, DType::Int)),
        Div => Some((DType::Float, DType::Float)),
        Pow => match &b.at {
            At::Literal(Literal::Int(i)) if *i >= 0 => Some((DType::Int, DType::Int)),
            _ => None,
        },
        BitAnd | BitOr | BitXor if x == DType::Bool && y == DType::Bool => Some((DType::Int, DType::Bool)),
        BitAnd | BitOr | BitXor | ShiftLeft | ShiftRight => Some((DType::Int, DType::Int)),
        MatMul => None,
    }
}

fn compare_name(op: CompareOp) -> Symbol {
    Symbol::new(match op {
        CompareOp::Eq => "operator.eq",
        CompareOp::Ne => "operator.ne",
        CompareOp::Lt => "operator.lt",
        CompareOp::Le => "operator.le",
        CompareOp::Gt => "operator.gt",
        CompareOp::Ge => "operator.ge",
        _ => "operator.contains",
    })
}
