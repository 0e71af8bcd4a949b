//! Arithmetic: the operations of `vm::scalars`, each as one of Cranelift's that rounds the same or as a call of the same
//! function.

use std::ptr::fn_addr_eq;

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::super::flow::{FLOAT, INT};
use super::super::runtime;
use super::Lower;
use crate::interp::vm::instructions::{NIn, NOut, Op};
use crate::lang::tree::{BinaryOp, CompareOp};
use crate::vector::{COS, SIN};

const F64: cranelift_codegen::ir::Type = types::F64;
const I64: cranelift_codegen::ir::Type = types::I64;

impl Lower<'_> {
    /// Writes an instruction on numbers; false where it is none.
    pub(super) fn number(&mut self, op: &Op, wanted: &[u8]) -> bool {
        match *op {
            Op::CopyN { a: NIn(a), d: NOut(d) } => self.copy(a, d, wanted),
            Op::AddF { a, b, d } => self.float_instruction(a, b, d, |c, x, y| c.builder.ins().fadd(x, y)),
            Op::SubF { a, b, d } => self.float_instruction(a, b, d, |c, x, y| c.builder.ins().fsub(x, y)),
            Op::MulF { a, b, d } => self.float_instruction(a, b, d, |c, x, y| c.builder.ins().fmul(x, y)),
            Op::DivF { a, b, d } => self.float_instruction(a, b, d, |c, x, y| c.builder.ins().fdiv(x, y)),
            Op::BinaryF { op, a, b, d } => {
                let address = match op {
                    BinaryOp::FloorDiv => runtime::float_floor_div as *const () as usize,
                    BinaryOp::Mod => runtime::float_mod as *const () as usize,
                    _ => runtime::float_pow as *const () as usize,
                };
                self.float_instruction(a, b, d, |c, x, y| c.float_call(address, &[F64, F64], &[x, y]));
            }
            Op::Float2 { a, b, d, f } => {
                self.float_instruction(a, b, d, |c, x, y| {
                    let f = c.builder.ins().iconst(I64, f.0 as usize as i64);
                    c.float_call(runtime::float2 as *const () as usize, &[I64, F64, F64], &[f, x, y])
                });
            }
            Op::Float1 { a, d, f } => {
                self.pending += 1;
                let x = self.float(a.0);
                let result = if fn_addr_eq(f.0, f64::sqrt as fn(f64) -> f64) {
                    self.builder.ins().sqrt(x)
                } else if fn_addr_eq(f.0, f64::abs as fn(f64) -> f64) {
                    self.builder.ins().fabs(x)
                } else if fn_addr_eq(f.0, SIN.one) {
                    self.sine_and_cosine(x).0
                } else if fn_addr_eq(f.0, COS.one) {
                    self.sine_and_cosine(x).1
                } else {
                    let f = self.builder.ins().iconst(I64, f.0 as usize as i64);
                    self.float_call(runtime::float1 as *const () as usize, &[I64, F64], &[f, x])
                };
                self.set_float(d.0, result);
            }
            Op::NegF { a, d } => {
                self.pending += 1;
                let x = self.float(a.0);
                let result = self.builder.ins().fneg(x);
                self.set_float(d.0, result);
            }
            Op::AddI { a, b, d } => self.checked(a, b, d, |c, x, y| c.builder.ins().sadd_overflow(x, y)),
            Op::SubI { a, b, d } => self.checked(a, b, d, |c, x, y| c.builder.ins().ssub_overflow(x, y)),
            Op::MulI { a, b, d } => self.checked(a, b, d, |c, x, y| c.builder.ins().smul_overflow(x, y)),
            Op::BinaryI { op, a, b, d } => self.int_operator(op, a, b, d),
            Op::NegI { a, d } => {
                let x = self.int(a.0);
                let fits = self.builder.ins().icmp_imm_s(IntCC::NotEqual, x, i64::MIN);
                self.unless_left(fits);
                let result = self.builder.ins().ineg(x);
                self.set_int(d.0, result);
            }
            Op::InvertI { a, d } => {
                let x = self.int(a.0);
                let result = self.builder.ins().bnot(x);
                self.set_int(d.0, result);
            }
            Op::ToFloat { a, d } => {
                let x = self.int(a.0);
                let result = self.builder.ins().fcvt_from_sint(F64, x);
                self.set_float(d.0, result);
            }
            Op::Not { a, d } => {
                let x = self.int(a.0);
                let holds = self.builder.ins().icmp_imm_s(IntCC::Equal, x, 0);
                self.set_truth(d, holds);
            }
            Op::CompareF { op, a, b, d } => {
                let holds = self.compare_floats(op, a, b);
                self.set_truth(d, holds);
            }
            Op::CompareI { op, a, b, d } => {
                let holds = self.compare_ints(op, a, b);
                self.set_truth(d, holds);
            }
            Op::TruthF { a, d } => {
                let x = self.float(a.0);
                let zero = self.builder.ins().f64const(0.0);
                let holds = self.builder.ins().fcmp(FloatCC::NotEqual, x, zero);
                self.set_truth(d, holds);
            }
            Op::RangeInit { state } => {
                let ends = [self.int(state), self.int(state + 1), self.int(state + 2)];
                if let Some(rounds) = self.call(runtime::rounds as *const () as usize, &[I64; 3], Some(I64), &ends) {
                    let known = self.builder.ins().icmp_imm_s(IntCC::NotEqual, rounds, -1);
                    self.unless_left(known);
                    self.set_int(state + 1, rounds);
                }
            }
            Op::RangeReverse { state } => {
                let (first, rounds, step) = (self.int(state), self.int(state + 1), self.int(state + 2));
                let steps = self.builder.ins().iadd_imm_s(rounds, -1);
                let way = self.builder.ins().imul(steps, step);
                let last = self.builder.ins().iadd(first, way);
                self.set_int(state, last);
                let back = self.builder.ins().ineg(step);
                self.set_int(state + 2, back);
            }
            Op::CheckBound { flag, .. } => {
                let flag = self.int(flag);
                let bound = self.is_not_zero(flag);
                self.unless_left(bound);
            }
            _ => return false,
        }
        true
    }

    /// Fills the homes of a copy that are wanted from those that hold the number.
    fn copy(&mut self, a: u16, d: u16, wanted: &[u8]) {
        let Some(to) = self.flow.place(d) else { return };
        let held = self.flow.place(a).map_or(FLOAT | INT, |place| self.held[place]);
        let homes = if held & wanted[to] != 0 { held & wanted[to] } else { held };
        let float = (homes & FLOAT != 0).then(|| self.float(a));
        let int = (homes & INT != 0).then(|| self.int(a));
        float.into_iter().for_each(|value| self.set_float(d, value));
        int.into_iter().for_each(|value| self.set_int(d, value));
    }

    fn float_instruction(&mut self, a: NIn, b: NIn, d: NOut, write: impl FnOnce(&mut Self, Value, Value) -> Value) {
        self.pending += 1;
        let (x, y) = (self.float(a.0), self.float(b.0));
        let result = write(self, x, y);
        self.set_float(d.0, result);
    }

    fn float_call(&mut self, address: usize, params: &[cranelift_codegen::ir::Type], args: &[Value]) -> Value {
        let result = self.call(address, params, Some(F64), args);
        result.unwrap_or_else(|| self.builder.ins().f64const(0.0))
    }

    /// The sine and the cosine of a value: where one is computed the other is too, and it often follows.
    fn sine_and_cosine(&mut self, x: Value) -> (Value, Value) {
        if let Some((_, both)) = self.turned.iter().find(|(of, _)| *of == x) {
            return *both;
        }
        let sine = self.float_call(runtime::sine_and_cosine as *const () as usize, &[F64, I64], &[x, self.slot]);
        let cosine = self.builder.ins().load(F64, super::trusted(), self.slot, 0);
        self.turned.push((x, (sine, cosine)));
        (sine, cosine)
    }

    fn checked(&mut self, a: NIn, b: NIn, d: NOut, write: impl FnOnce(&mut Self, Value, Value) -> (Value, Value)) {
        let (x, y) = (self.int(a.0), self.int(b.0));
        let (result, overflows) = write(self, x, y);
        let (on, out) = (self.builder.create_block(), self.exit(self.pc));
        self.builder.ins().brif(overflows, out, &[], on, &[]);
        self.builder.switch_to_block(on);
        self.set_int(d.0, result);
    }

    fn int_operator(&mut self, op: BinaryOp, a: NIn, b: NIn, d: NOut) {
        let (x, y) = (self.int(a.0), self.int(b.0));
        let result = match op {
            BinaryOp::BitAnd => self.builder.ins().band(x, y),
            BinaryOp::BitOr => self.builder.ins().bor(x, y),
            BinaryOp::BitXor => self.builder.ins().bxor(x, y),
            _ => {
                let place = runtime::INT_OPERATORS.iter().position(|known| *known == op);
                let place = self.builder.ins().iconst(I64, place.map_or(-1, |place| place as i64));
                let address = runtime::int_operator as *const () as usize;
                let there = self.call(address, &[I64; 4], Some(I64), &[place, x, y, self.slot]);
                if let Some(there) = there {
                    let there = self.is_not_zero(there);
                    self.unless_left(there);
                }
                self.builder.ins().load(I64, super::trusted(), self.slot, 0)
            }
        };
        self.set_int(d.0, result);
    }

    fn set_truth(&mut self, d: NOut, holds: Value) {
        let bit = self.builder.ins().uextend(I64, holds);
        self.set_int(d.0, bit);
    }

    pub(super) fn compare_floats(&mut self, op: CompareOp, a: NIn, b: NIn) -> Value {
        self.pending += 1;
        let (x, y) = (self.float(a.0), self.float(b.0));
        let condition = match op {
            CompareOp::Eq => FloatCC::Equal,
            CompareOp::Ne => FloatCC::NotEqual,
            CompareOp::Lt => FloatCC::LessThan,
            CompareOp::Le => FloatCC::LessThanOrEqual,
            CompareOp::Gt => FloatCC::GreaterThan,
            _ => FloatCC::GreaterThanOrEqual,
        };
        self.builder.ins().fcmp(condition, x, y)
    }

    pub(super) fn compare_ints(&mut self, op: CompareOp, a: NIn, b: NIn) -> Value {
        let (x, y) = (self.int(a.0), self.int(b.0));
        let condition = match op {
            CompareOp::Eq => IntCC::Equal,
            CompareOp::Ne => IntCC::NotEqual,
            CompareOp::Lt => IntCC::SignedLessThan,
            CompareOp::Le => IntCC::SignedLessThanOrEqual,
            CompareOp::Gt => IntCC::SignedGreaterThan,
            _ => IntCC::SignedGreaterThanOrEqual,
        };
        self.builder.ins().icmp(condition, x, y)
    }
}
