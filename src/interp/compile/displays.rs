//! Displays: tuples, lists, dicts, f-strings.

use std::sync::Arc;

use super::{Compiler, Term};
use crate::interp::value::{Dict, List, Value};
use crate::interp::vm::instructions::NIn;
use crate::interp::vm::instructions::{Args, Op, VIn, VMut, VOut};
use crate::lang::tree::{Expr, ExprKind, FStringPart};
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal};

use super::At;

impl Compiler<'_> {
    fn starred(items: &[Expr]) -> bool {
        items.iter().any(|item| matches!(item.kind, ExprKind::Starred(_)))
    }

    pub(super) fn tuple(&mut self, items: &[Expr]) -> Result<Term> {
        if Self::starred(items) {
            let list = self.spread(items)?;
            let a = VIn(self.value_of(&list));
            let d = self.value_register();
            self.emit(Op::ListToTuple { a, d: VOut(d) });
            return Ok(Term::value(d, Kind::Any));
        }
        if let Some(slices) = super::expressions::constant_slices(items) {
            let kinds = items.iter().map(|_| Kind::Other).collect();
            return Ok(Term { kind: Kind::Tuple(kinds), at: At::Constant(self.constant(slices)) });
        }
        let (args, operands) = self.placed(items)?;
        let literals: Option<Vec<Literal>> = operands.iter().map(|o| o.literal.clone()).collect();
        if let Some(literals) = literals {
            return Ok(Term::literal(Literal::Tuple(literals)));
        }
        let d = self.value_register();
        self.emit(Op::MakeTuple { args, d: VOut(d) });
        Ok(Term::value(d, Kind::Tuple(operands.into_iter().map(|o| o.kind).collect())))
    }

    /// A tuple of terms that are there.
    pub(super) fn tuple_of(&mut self, items: &[Term]) -> Term {
        let args = self.gather(items);
        let d = self.value_register();
        self.emit(Op::MakeTuple { args, d: VOut(d) });
        Term::value(d, Kind::Tuple(items.iter().map(|t| t.kind.clone()).collect()))
    }

    /// Terms in consecutive value registers.
    pub(super) fn gather(&mut self, items: &[Term]) -> Args {
        let args = Args { base: self.value_registers(items.len() as u16), count: items.len() as u16 };
        for (item, register) in items.iter().zip(args.base..) {
            self.place_value(item, register);
        }
        args
    }

    /// Expressions in consecutive value registers.
    fn placed(&mut self, items: &[Expr]) -> Result<(Args, Vec<crate::sct::kind::Operand>)> {
        if items.len() > usize::from(super::REGISTERS) {
            return Err(Error::limit("the display has too many elements").at(self.span));
        }
        let args = Args { base: self.value_registers(items.len() as u16), count: items.len() as u16 };
        let mut operands = Vec::with_capacity(items.len());
        for (item, register) in items.iter().zip(args.base..) {
            let term = self.expression(item)?;
            self.place_value(&term, register);
            operands.push(term.operand());
        }
        Ok((args, operands))
    }

    pub(super) fn list(&mut self, items: &[Expr]) -> Result<Term> {
        if Self::starred(items) || items.len() > 1000 {
            return self.spread(items);
        }
        let (args, operands) = self.placed(items)?;
        let d = self.value_register();
        self.emit(Op::MakeList { args, d: VOut(d) });
        Ok(Term::value(d, Kind::List(operands.into_iter().map(|o| o.kind).collect())))
    }

    /// A list, element after element.
    fn spread(&mut self, items: &[Expr]) -> Result<Term> {
        let k = self.constant(Value::List(Arc::new(List::Values(Vec::new().into()))));
        let d = self.value_register();
        self.emit(Op::ConstV { k, d: VOut(d) });
        let (numbers, values) = (self.next_number, self.next_value);
        let mut element = Kind::Never;
        for item in items {
            if let ExprKind::Starred(inner) = &item.kind {
                let term = self.expression(inner)?;
                element = element.join(&term.kind.element());
                let a = VIn(self.value_of(&term));
                self.emit(Op::Extend { a, x: VMut(d) });
            } else {
                let term = self.expression(item)?;
                element = element.join(&term.kind);
                self.push(d, &term);
            }
            (self.next_number, self.next_value) = (numbers, values);
        }
        Ok(Term::value(d, Kind::ListOf(Arc::new(element))))
    }

    /// Appends to the list in a register.
    pub(super) fn push(&mut self, list: u16, term: &Term) {
        let x = VMut(list);
        match (&term.kind, &term.at) {
            (Kind::Float, _) => {
                let a = NIn(self.number_of(term, crate::sct::kind::DType::Float));
                self.emit(Op::PushF { a, x });
            }
            (Kind::Int, At::Number(_)) => {
                let a = NIn(self.number_of(term, crate::sct::kind::DType::Int));
                self.emit(Op::PushI { a, x });
            }
            _ => {
                let a = VIn(self.value_of(term));
                self.emit(Op::PushV { a, x });
            }
        }
    }

    pub(super) fn dict(&mut self, items: &[(Option<Expr>, Expr)]) -> Result<Term> {
        let plain = items.iter().all(|(key, _)| key.is_some()) && items.len() <= 500;
        if plain {
            let count = items.len() as u16 * 2;
            let args = Args { base: self.value_registers(count), count };
            let mut kinds: Option<Vec<(Literal, Kind)>> = Some(Vec::new());
            for ((key, value), register) in items.iter().zip((args.base..).step_by(2)) {
                let Some(key) = key else { continue };
                let key = self.expression(key)?;
                self.place_value(&key, register);
                let value = self.expression(value)?;
                self.place_value(&value, register + 1);
                match (&key.at, &mut kinds) {
                    (At::Literal(literal), Some(kinds)) => {
                        kinds.retain(|(k, _)| k != literal);
                        kinds.push((literal.clone(), value.kind));
                    }
                    _ => kinds = None,
                }
            }
            let d = self.value_register();
            self.emit(Op::MakeDict { args, d: VOut(d) });
            // Keys that are written twice keep their first place: then the order is not what the kind would say.
            let kind = kinds.filter(|k| k.len() == items.len()).map_or(Kind::Any, |k| Kind::Dict(k.into()));
            return Ok(Term::value(d, kind));
        }
        let k = self.constant(Value::Dict(Arc::new(Dict::default())));
        let d = self.value_register();
        self.emit(Op::ConstV { k, d: VOut(d) });
        let (numbers, values) = (self.next_number, self.next_value);
        for (key, value) in items {
            match key {
                Some(key) => {
                    let key = self.expression(key)?;
                    let key = self.settle(key);
                    let value = self.expression(value)?;
                    let (k, v) = (VIn(self.value_of(&key)), VIn(self.value_of(&value)));
                    self.emit(Op::DictInsert { k, v, x: VMut(d) });
                }
                None => {
                    let term = self.expression(value)?;
                    let a = VIn(self.value_of(&term));
                    self.emit(Op::DictMerge { a, x: VMut(d) });
                }
            }
            (self.next_number, self.next_value) = (numbers, values);
        }
        Ok(Term::value(d, Kind::Any))
    }

    pub(super) fn fstring(&mut self, parts: &[FStringPart]) -> Result<Term> {
        let args = Args { base: self.value_registers(parts.len() as u16), count: parts.len() as u16 };
        for (part, register) in parts.iter().zip(args.base..) {
            match part {
                FStringPart::Text(text) => self.place_value(&Term::literal(Literal::Str(text.clone())), register),
                FStringPart::Value { value, conversion, spec } => {
                    let pair = self.value_registers(2);
                    let term = self.expression(value)?;
                    self.place_value(&term, pair);
                    let spec = match &spec[..] {
                        [] => Term::literal(Literal::None),
                        [FStringPart::Text(text)] => Term::literal(Literal::Str(text.clone())),
                        spec => self.nested(|c| c.fstring(spec))?,
                    };
                    self.place_value(&spec, pair + 1);
                    let args = Args { base: pair, count: 2 };
                    let conversion = conversion.map_or(0, |c| c as u8);
                    self.emit(Op::Format { args, conversion, d: VOut(register) });
                }
            }
        }
        let d = self.value_register();
        self.emit(Op::JoinStr { args, d: VOut(d) });
        Ok(Term::value(d, Kind::Str))
    }
}
