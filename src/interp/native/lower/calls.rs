//! Calls of functions of numbers, and their return.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, types};

use super::{Lower, trusted};
use crate::interp::native::operands::Type;
use crate::interp::native::runtime::{Context, FINISHED};
use crate::interp::vm::instructions::{NIn, Op};

impl Lower<'_> {
    /// Writes a call of a function that has machine code; false where it is none. It counts a step, as the machine does, and
    /// gives the function a context on the stack: its arguments and the steps and calls that are left. If the function does not come to
    /// its end the machine makes the call.
    pub(super) fn call_function(&mut self, op: &Op) -> bool {
        let (Op::CallScript { numbers, d, .. }, Some(call)) = (op, self.region.calls.get(&self.pc)) else {
            return false;
        };
        let Some(entry) = call.entry() else { return false };
        let ticks = self.builder.use_var(self.ticks);
        let left = self.builder.ins().iadd_imm_s(ticks, -1);
        let goes_on = self.is_not_zero(left);
        self.unless_left(goes_on);
        let depth = self.builder.ins().load(types::I64, trusted(), self.context, offset_of!(Context, depth) as i32);
        let goes_on = self.is_not_zero(depth);
        self.unless_left(goes_on);
        let deeper = self.builder.ins().iadd_imm_s(depth, -1);

        let bytes = size_of::<Context>() + 8 * call.params.len();
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes as u32, 3);
        let slot = self.builder.create_sized_stack_slot(slot);
        let context = self.builder.ins().stack_addr(types::I64, slot, 0);
        let args = self.builder.ins().iadd_imm_s(context, size_of::<Context>() as i64);
        for (at, of) in call.params.iter().enumerate() {
            let register = numbers + at as u16;
            let value = if *of == Type::Float { self.float(register) } else { self.int(register) };
            self.builder.ins().store(trusted(), value, args, 8 * at as i32);
        }
        for (value, field) in [
            (args, offset_of!(Context, numbers)),
            (left, offset_of!(Context, ticks)),
            (deeper, offset_of!(Context, depth)),
        ] {
            self.builder.ins().store(trusted(), value, context, field as i32);
        }
        let Some(end) = self.call(entry, &[types::I64], Some(types::I64), &[context]) else { return false };
        let finished = self.builder.ins().icmp_imm_s(IntCC::Equal, end, FINISHED as i64);
        self.unless_left(finished);

        let [ticks, operations] = [offset_of!(Context, ticks), offset_of!(Context, operations)]
            .map(|field| self.builder.ins().load(types::I64, trusted(), context, field as i32));
        self.builder.def_var(self.ticks, ticks);
        let before = self.builder.use_var(self.operations);
        let all = self.builder.ins().iadd(before, operations);
        self.builder.def_var(self.operations, all);
        let of = if call.result == Type::Float { types::F64 } else { types::I64 };
        let result = self.builder.ins().load(of, trusted(), context, offset_of!(Context, result) as i32);
        if call.result == Type::Float {
            self.set_float(d.0, result)
        } else {
            self.set_int(d.0, result)
        }
        true
    }

    /// Writes the end of a function.
    pub(super) fn return_number(&mut self, a: NIn) {
        let float = self.code.result.dtype().map(Type::of) == Some(Type::Float);
        let result = if float { self.float(a.0) } else { self.int(a.0) };
        self.builder.ins().store(trusted(), result, self.context, offset_of!(Context, result) as i32);
        self.count();
        self.leave(FINISHED as usize);
    }
}
