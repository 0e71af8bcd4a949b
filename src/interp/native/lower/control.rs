//! Jumps and the counting of loops.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

use super::{Lower, trusted};
use crate::interp::vm::instructions::{NOut, Op, VKeep};

const I64: Type = types::I64;

impl Lower<'_> {
    /// Writes an instruction after which the next one does not simply follow.
    pub(super) fn control(&mut self, op: &Op, wanted: &[u8]) {
        match *op {
            Op::Jump { to } => self.jump(to.0 as usize),
            Op::Repeat { to, .. } => self.repeat(to.0 as usize),
            Op::JumpIf { a, when, to } => {
                let a = self.int(a.0);
                let holds = self.is_not_zero(a);
                self.branch(holds, when, to.0 as usize);
            }
            Op::JumpF { op, when, a, b, to } => {
                let holds = self.compare_floats(op, a, b);
                self.branch(holds, when, to.0 as usize);
            }
            Op::JumpI { op, when, a, b, to } => {
                let holds = self.compare_ints(op, a, b);
                self.branch(holds, when, to.0 as usize);
            }
            Op::RangeNext { state, d, to } => {
                let rounds = self.int(state + 1);
                let more = self.is_not_zero(rounds);
                let on = self.branch_on(more, to.0 as usize);
                self.builder.switch_to_block(on);
                if self.lean && self.entries.contains_key(&self.pc) {
                    let out = self.exit(self.pc);
                    self.builder.ins().jump(out, &[]);
                    return;
                }
                let (now, step) = (self.int(state), self.int(state + 2));
                let left = self.builder.ins().iadd_imm_s(rounds, -1);
                self.set_int(state + 1, left);
                let next = self.builder.ins().iadd(now, step);
                self.set_int(state, next);
                self.set_int(d.0, now);
                self.flow.step(self.code, self.region, self.pc, wanted, &mut self.held);
                self.jump(self.pc + 1);
            }
            Op::ReturnN { a } => self.return_number(a),
            Op::IterNextF { x, state, d, to } => self.next_item(x, state, d, to.0 as usize, types::F64, wanted),
            Op::IterNextI { x, state, d, to } => self.next_item(x, state, d, to.0 as usize, I64, wanted),
            _ => {
                let out = self.exit(self.pc);
                self.builder.ins().jump(out, &[]);
            }
        }
    }

    fn branch(&mut self, holds: Value, when: bool, to: usize) {
        self.count();
        let (there, next) = (self.block_of(to), self.block_of(self.pc + 1));
        let (then, otherwise) = if when { (there, next) } else { (next, there) };
        self.builder.ins().brif(holds, then, &[], otherwise, &[]);
    }

    /// Leaves the loop for `to` where there is no more; else goes on in the block that is given back.
    fn branch_on(&mut self, more: Value, to: usize) -> cranelift_codegen::ir::Block {
        self.count();
        let (on, out) = (self.builder.create_block(), self.block_of(to));
        self.builder.ins().brif(more, on, &[], out, &[]);
        on
    }

    fn next_item(&mut self, x: VKeep, state: u16, d: NOut, to: usize, of: Type, wanted: &[u8]) {
        let view = self.view(x.0);
        let (at, length) = (self.int(state), self.builder.use_var(view.length));
        let more = self.builder.ins().icmp(IntCC::UnsignedLessThan, at, length);
        let on = self.branch_on(more, to);
        self.builder.switch_to_block(on);
        let address = self.address(view, at);
        let item = self.builder.ins().load(of, trusted(), address, 0);
        let next = self.builder.ins().iadd_imm_s(at, 1);
        self.set_int(state, next);
        if of == I64 {
            self.set_int(d.0, item)
        } else {
            self.set_float(d.0, item)
        }
        self.flow.step(self.code, self.region, self.pc, wanted, &mut self.held);
        self.jump(self.pc + 1);
    }

    /// A jump back: a step towards the next look at what may end the run, which the machine takes. No call for it stands in
    /// the loop, where it would cost the registers it clobbers even if it is never reached.
    fn repeat(&mut self, to: usize) {
        let ticks = self.builder.use_var(self.ticks);
        let left = self.builder.ins().iadd_imm_s(ticks, -1);
        let (on, look) = (self.builder.create_block(), self.exit(self.pc));
        self.builder.ins().brif(left, on, &[], look, &[]);
        self.builder.switch_to_block(on);
        self.builder.def_var(self.ticks, left);
        // What a loop is entered by is not looked at again in each round.
        let head = if self.entries.contains_key(&to) { self.goes_on(to) } else { self.block_of(to) };
        self.count();
        self.builder.ins().jump(head, &[]);
    }
}
