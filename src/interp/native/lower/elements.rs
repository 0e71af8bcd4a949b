//! Elements of arrays and lists. An index is compared with the length, one from the end is counted out on a path of its
//! own, and what is out of bounds is left to the machine.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

use super::{Lower, ViewAt, trusted};
use crate::interp::vm::instructions::{NIn, Op, VIn, VMut};

const F64: Type = types::F64;
const I64: Type = types::I64;

impl Lower<'_> {
    /// Writes an instruction on elements; false where it is none.
    pub(super) fn element(&mut self, op: &Op) -> bool {
        match *op {
            Op::IndexF1 { x, i, d } | Op::IndexListF { x, i, d } => {
                let address = self.place(x, i);
                let item = self.builder.ins().load(F64, trusted(), address, 0);
                self.set_float(d.0, item);
            }
            Op::IndexI1 { x, i, d } | Op::IndexListI { x, i, d } => {
                let address = self.place(x, i);
                let item = self.builder.ins().load(I64, trusted(), address, 0);
                self.set_int(d.0, item);
            }
            Op::IndexF2 { x, i, j, d } => {
                let address = self.matrix_place(x.register() as u16, i, j);
                let item = self.builder.ins().load(F64, trusted(), address, 0);
                self.set_float(d.0, item);
            }
            Op::SetF1 { i, v, x } => {
                let address = self.place(VIn(x.0), i);
                let item = self.float(v.0);
                self.builder.ins().store(trusted(), item, address, 0);
            }
            Op::SetI1 { i, v, x } => {
                let address = self.place(VIn(x.0), i);
                let item = self.int(v.0);
                self.builder.ins().store(trusted(), item, address, 0);
            }
            Op::SetF2 { i, j, v, x } => {
                let address = self.matrix_place(x.0, i, j);
                let item = self.float(v.0);
                self.builder.ins().store(trusted(), item, address, 0);
            }
            Op::PushF { a, x } => {
                let item = self.float(a.0);
                self.push(x, item);
            }
            Op::PushI { a, x } => {
                let item = self.int(a.0);
                self.push(x, item);
            }
            Op::PopF { x, d } => {
                let item = self.pop(x, F64);
                self.set_float(d.0, item);
            }
            Op::PopI { x, d } => {
                let item = self.pop(x, I64);
                self.set_int(d.0, item);
            }
            Op::Len { x, d } => {
                let view = self.view(x.register() as u16);
                let length = self.builder.use_var(view.length);
                self.set_int(d.0, length);
            }
            _ => return false,
        }
        true
    }

    /// The view of a value register.
    pub(super) fn view(&self, register: u16) -> ViewAt {
        self.views[self.region.view(register).unwrap_or(0)]
    }

    fn place(&mut self, x: VIn, i: NIn) -> Value {
        let view = self.view(x.register() as u16);
        let length = self.builder.use_var(view.length);
        let index = self.int(i.0);
        let at = self.position(index, length);
        self.address(view, at)
    }

    fn matrix_place(&mut self, x: u16, i: NIn, j: NIn) -> Value {
        let view = self.view(x);
        let (rows, columns) = (self.builder.use_var(view.length), self.builder.use_var(view.extent));
        let (i, j) = (self.int(i.0), self.int(j.0));
        let row = self.position(i, rows);
        let column = self.position(j, columns);
        let before = self.builder.ins().imul(row, columns);
        let at = self.builder.ins().iadd(before, column);
        self.address(view, at)
    }

    pub(super) fn address(&mut self, view: ViewAt, at: Value) -> Value {
        let data = self.builder.use_var(view.data);
        let bytes = self.builder.ins().ishl_imm_u(at, 3);
        self.builder.ins().iadd(data, bytes)
    }

    /// The place of an index in a length.
    fn position(&mut self, index: Value, length: Value) -> Value {
        let (found, from_end) = (self.builder.create_block(), self.builder.create_block());
        let at = self.builder.append_block_param(found, I64);
        self.builder.set_cold_block(from_end);
        let inside = self.builder.ins().icmp(IntCC::UnsignedLessThan, index, length);
        self.builder.ins().brif(inside, found, &[index.into()], from_end, &[]);
        self.builder.switch_to_block(from_end);
        // An index beyond the length stays beyond it: it does not wrap around, for no length has 63 bits.
        let counted = self.builder.ins().iadd(index, length);
        let inside = self.builder.ins().icmp(IntCC::UnsignedLessThan, counted, length);
        let out = self.exit(self.pc);
        self.builder.ins().brif(inside, found, &[counted.into()], out, &[]);
        self.builder.switch_to_block(found);
        at
    }

    /// Appends where there is room; the machine makes room.
    fn push(&mut self, x: VMut, item: Value) {
        let view = self.view(x.0);
        let (length, extent) = (self.builder.use_var(view.length), self.builder.use_var(view.extent));
        let fits = self.builder.ins().icmp(IntCC::UnsignedLessThan, length, extent);
        self.unless_left(fits);
        let address = self.address(view, length);
        self.builder.ins().store(trusted(), item, address, 0);
        let more = self.builder.ins().iadd_imm_s(length, 1);
        self.builder.def_var(view.length, more);
    }

    fn pop(&mut self, x: VMut, of: Type) -> Value {
        let view = self.view(x.0);
        let length = self.builder.use_var(view.length);
        let there = self.is_not_zero(length);
        self.unless_left(there);
        let last = self.builder.ins().iadd_imm_s(length, -1);
        self.builder.def_var(view.length, last);
        let address = self.address(view, last);
        self.builder.ins().load(of, trusted(), address, 0)
    }
}
