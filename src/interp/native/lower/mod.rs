//! Instructions → Cranelift's.
//!
//! One function a region: it takes the context, loads what is alive at the loop's head, and goes on there. Where it leaves,
//! in a block of its own, it stores what is alive there and what it has counted, and returns the next instruction.

mod calls;
mod control;
mod elements;
mod numbers;
mod sweep;

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, Block, InstBuilder, MemFlagsData, SigRef, Signature, Type as IrType, Value, types,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, Variable};
use rustc_hash::FxHashMap;

use super::calls::Calls;
use super::flow::{FLOAT, Flow, INT};
use super::machine::Code;
use super::region::{Region, Storage};
use super::runtime::{Context, Open};
use super::sweep::Sweep;
use crate::interp::compile::Compiled;

/// The machine code of the loop from `head` to its jump back, if it is worth it. Where it is `lean` a straight loop in it
/// has only the rounds that are gone through after one look; the others are the machine's.
pub(super) fn compile(code: &Compiled, (head, back): (usize, usize), calls: Calls, lean: bool) -> Option<Code> {
    let made = lowered(code, &Region::of(code, head, back, &calls)?, lean)?;
    Some(made.calling(calls))
}

/// The machine code of a whole function of numbers, if it can come to its end in it.
pub(super) fn compile_function(code: &Compiled, calls: Calls) -> Option<Code> {
    let made = lowered(code, &Region::of_function(code, &calls)?, false)?;
    Some(made.calling(calls))
}

fn lowered(code: &Compiled, region: &Region<'_>, lean: bool) -> Option<Code> {
    let flow = Flow::of(code, region)?;
    let sweeps = Sweep::all(code, region);
    let made = Code::new(&region.views, |function, context, isa| {
        let builder = FunctionBuilder::new(function, context);
        Lower { lean, ..Lower::new(code, region, &flow, builder, isa) }.region(&sweeps);
    })?;
    Some(if lean { made.with_heads(sweeps.iter().map(|sweep| sweep.head)) } else { made })
}

/// A view: values that stay, or variables where the list may grow.
#[derive(Clone, Copy)]
struct ViewAt {
    data: Variable,
    length: Variable,
    extent: Variable,
}

/// A way out that is still to be written.
struct Exit {
    block: Block,
    pc: usize,
    held: Vec<u8>,
    pending: i64,
}

struct Lower<'a> {
    code: &'a Compiled,
    region: &'a Region<'a>,
    flow: &'a Flow,
    builder: FunctionBuilder<'a>,
    isa: &'a dyn TargetIsa,
    /// The block of each instruction that starts one.
    blocks: Vec<Option<Block>>,
    /// Where loops that can be gone through after one look are entered, by the instruction they start with.
    entries: FxHashMap<usize, Block>,
    /// Whether the other rounds of such a loop are left to the machine.
    lean: bool,
    exits: Vec<Exit>,
    /// For each register that the region uses its two homes.
    homes: Vec<(Variable, Variable)>,
    views: Vec<ViewAt>,
    context: Value,
    numbers: Value,
    opened: Value,
    operations: Variable,
    ticks: Variable,
    /// Where a helper leaves a second result.
    slot: Value,
    // While a block is written:
    pc: usize,
    held: Vec<u8>,
    /// Operations since the last that were added to `operations`.
    pending: i64,
    /// The values whose sine and cosine have been computed.
    turned: Vec<(Value, (Value, Value))>,
}

/// Reads and writes of memory that is there.
fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}

fn register_offset(register: u16) -> i32 {
    i32::from(register) * 8
}

fn view_offset(view: usize, field: usize) -> i32 {
    (view * size_of::<Open>() + field) as i32
}

impl<'a> Lower<'a> {
    fn new(
        code: &'a Compiled,
        region: &'a Region<'a>,
        flow: &'a Flow,
        mut builder: FunctionBuilder<'a>,
        isa: &'a dyn TargetIsa,
    ) -> Self {
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        let context = builder.block_params(entry)[0];
        let load = |builder: &mut FunctionBuilder<'_>, offset: usize| {
            builder.ins().load(types::I64, trusted(), context, offset as i32)
        };
        let numbers = load(&mut builder, offset_of!(Context, numbers));
        let opened = load(&mut builder, offset_of!(Context, views));
        let (operations, ticks) = (builder.declare_var(types::I64), builder.declare_var(types::I64));
        let zero = builder.ins().iconst(types::I64, 0);
        builder.def_var(operations, zero);
        let left = load(&mut builder, offset_of!(Context, ticks));
        builder.def_var(ticks, left);
        let slot = builder.create_sized_stack_slot(cranelift_codegen::ir::StackSlotData::new(
            cranelift_codegen::ir::StackSlotKind::ExplicitSlot,
            8,
            3,
        ));
        let slot = builder.ins().stack_addr(types::I64, slot, 0);
        let homes =
            flow.registers.iter().map(|_| (builder.declare_var(types::F64), builder.declare_var(types::I64))).collect();
        Lower {
            code,
            region,
            flow,
            builder,
            isa,
            blocks: vec![None; region.reached.len()],
            entries: FxHashMap::default(),
            lean: false,
            exits: Vec::new(),
            homes,
            views: Vec::new(),
            context,
            numbers,
            opened,
            operations,
            ticks,
            slot,
            pc: region.head,
            held: flow.held(region.head).to_vec(),
            pending: 0,
            turned: vec![],
        }
    }

    fn region(mut self, sweeps: &[Sweep]) {
        for view in 0..self.region.views.len() {
            let [data, length, extent] = [offset_of!(Open, data), offset_of!(Open, length), offset_of!(Open, extent)]
                .map(|field| {
                    let variable = self.builder.declare_var(types::I64);
                    let value = self.builder.ins().load(types::I64, trusted(), self.opened, view_offset(view, field));
                    self.builder.def_var(variable, value);
                    variable
                });
            self.views.push(ViewAt { data, length, extent });
        }
        for place in 0..self.flow.registers.len() {
            let offset = register_offset(self.flow.registers[place]);
            let (float, int) = self.homes[place];
            for (home, variable, of) in [(FLOAT, float, types::F64), (INT, int, types::I64)] {
                if self.held[place] & home != 0 {
                    let given = !self.region.whole || usize::from(self.flow.registers[place]) < self.code.params.len();
                    let value = match (given, home) {
                        (true, _) => self.builder.ins().load(of, trusted(), self.numbers, offset),
                        // The other registers of a frame are zero when a function begins.
                        (false, FLOAT) => self.builder.ins().f64const(0.0),
                        (false, _) => self.builder.ins().iconst(types::I64, 0),
                    };
                    self.builder.def_var(variable, value);
                }
            }
        }
        let in_body = |pc: usize| self.lean && sweeps.iter().any(|sweep| sweep.head < pc && pc <= sweep.back);
        let left_out: Vec<bool> = (0..self.blocks.len()).map(|at| in_body(self.region.head + at)).collect();
        for at in (0..self.blocks.len()).filter(|at| !left_out[*at]) {
            if self.region.reached[at] && (self.region.starts[at] || !self.follows(at)) {
                self.blocks[at] = Some(self.builder.create_block());
            }
        }
        for sweep in sweeps {
            self.entries.insert(sweep.head, self.builder.create_block());
        }
        let head = self.entry(self.region.head);
        self.builder.ins().jump(head, &[]);
        let mut open = false;
        for at in (0..self.blocks.len()).filter(|at| !left_out[*at]) {
            self.pc = self.region.head + at;
            if let Some(block) = self.blocks[at] {
                if open {
                    self.jump(self.pc);
                }
                if let Some(sweep) = sweeps.iter().find(|sweep| sweep.head == self.pc) {
                    self.begin(self.entry(sweep.head), sweep.head);
                    self.sweep(sweep, block);
                }
                self.begin(block, self.region.head + at);
                open = true;
            }
            if open {
                open = self.instruction();
            }
        }
        self.write_exits();
        self.builder.seal_all_blocks();
        self.builder.finalize(self.isa.frontend_config());
    }

    /// Goes on in a block with the instruction that it starts with.
    fn begin(&mut self, block: Block, pc: usize) {
        self.builder.switch_to_block(block);
        self.pc = pc;
        self.held.copy_from_slice(self.flow.held(pc));
        self.pending = 0;
        self.turned.clear();
    }

    /// Whether an instruction is reached from the one before it.
    fn follows(&self, at: usize) -> bool {
        at > 0 && self.region.covered[at - 1] && self.code.ops[self.region.head + at - 1].falls_through()
    }

    /// Writes one instruction; whether the next one may follow it.
    fn instruction(&mut self) -> bool {
        let op = self.code.ops[self.pc];
        if !self.region.is_covered(self.pc) {
            let block = self.exit(self.pc);
            self.builder.ins().jump(block, &[]);
            return false;
        }
        let wanted = self.flow.wanted_after(self.code, self.region, self.pc);
        let open = self.number(&op, &wanted) || self.element(&op) || self.call_function(&op);
        if open {
            self.flow.step(self.code, self.region, self.pc, &wanted, &mut self.held);
            if self.pc == self.region.back {
                self.jump(self.pc + 1);
                return false;
            }
            return true;
        }
        self.control(&op, &wanted);
        false
    }

    // Registers.

    /// The home of a constant, or of a register.
    fn constant(&self, register: u16) -> Option<u64> {
        let at = register.checked_sub(self.code.constant_base)?;
        self.code.numbers.get(usize::from(at)).copied()
    }

    fn float(&mut self, register: u16) -> Value {
        if let Some(bits) = self.constant(register) {
            return self.builder.ins().f64const(f64::from_bits(bits));
        }
        let Some(place) = self.flow.place(register) else { return self.builder.ins().f64const(0.0) };
        let (float, int) = self.homes[place];
        if self.held[place] & FLOAT != 0 {
            return self.builder.use_var(float);
        }
        let bits = self.builder.use_var(int);
        self.builder.ins().bitcast(types::F64, MemFlagsData::new(), bits)
    }

    fn int(&mut self, register: u16) -> Value {
        if let Some(bits) = self.constant(register) {
            return self.builder.ins().iconst(types::I64, bits as i64);
        }
        let Some(place) = self.flow.place(register) else { return self.builder.ins().iconst(types::I64, 0) };
        let (float, int) = self.homes[place];
        if self.held[place] & INT != 0 {
            return self.builder.use_var(int);
        }
        let value = self.builder.use_var(float);
        self.builder.ins().bitcast(types::I64, MemFlagsData::new(), value)
    }

    fn set_float(&mut self, register: u16, value: Value) {
        if let Some(place) = self.flow.place(register) {
            self.builder.def_var(self.homes[place].0, value);
        }
    }

    fn set_int(&mut self, register: u16, value: Value) {
        if let Some(place) = self.flow.place(register) {
            self.builder.def_var(self.homes[place].1, value);
        }
    }

    // Blocks.

    fn goes_on(&self, pc: usize) -> Block {
        self.blocks[pc - self.region.head].unwrap_or(Block::from_u32(0))
    }

    /// The block of an instruction for those that do not come from the end of the loop that it starts.
    fn entry(&self, pc: usize) -> Block {
        self.entries.get(&pc).copied().unwrap_or_else(|| self.goes_on(pc))
    }

    /// Adds what has been counted to the variable.
    fn count(&mut self) {
        if self.pending != 0 {
            let operations = self.builder.use_var(self.operations);
            let more = self.builder.ins().iadd_imm_s(operations, self.pending);
            self.builder.def_var(self.operations, more);
            self.pending = 0;
        }
    }

    /// A block that leaves for an instruction with the registers as they are.
    fn exit(&mut self, pc: usize) -> Block {
        let block = self.builder.create_block();
        self.builder.set_cold_block(block);
        self.exits.push(Exit { block, pc, held: self.held.clone(), pending: self.pending });
        block
    }

    /// The block of an instruction, or the way out where it is none of the region's.
    fn block_of(&mut self, pc: usize) -> Block {
        if self.region.contains(pc) && self.region.reached[pc - self.region.head] {
            self.entry(pc)
        } else {
            self.exit(pc)
        }
    }

    fn jump(&mut self, pc: usize) {
        self.count();
        let block = self.block_of(pc);
        self.builder.ins().jump(block, &[]);
    }

    /// Goes on in a new block where a condition holds; else the machine runs the present instruction.
    fn unless_left(&mut self, holds: Value) {
        let (on, out) = (self.builder.create_block(), self.exit(self.pc));
        self.builder.ins().brif(holds, on, &[], out, &[]);
        self.builder.switch_to_block(on);
    }

    fn write_exits(&mut self) {
        for exit in std::mem::take(&mut self.exits) {
            self.builder.switch_to_block(exit.block);
            self.held = exit.held;
            for place in 0..self.flow.registers.len() {
                let held = self.held[place];
                // A function that is left has not been called.
                if self.region.whole || held == 0 || !self.flow.is_alive(exit.pc, place) {
                    continue;
                }
                let (float, int) = self.homes[place];
                let value = self.builder.use_var(if held & FLOAT != 0 { float } else { int });
                let offset = register_offset(self.flow.registers[place]);
                self.builder.ins().store(trusted(), value, self.numbers, offset);
            }
            self.pending = exit.pending;
            self.count();
            self.leave(exit.pc);
        }
    }

    /// Tells the machine what it must know and returns.
    fn leave(&mut self, pc: usize) {
        for (at, view) in self.region.views.iter().enumerate() {
            if view.changes && matches!(view.storage, Storage::FloatList | Storage::IntList) {
                let length = self.builder.use_var(self.views[at].length);
                let offset = view_offset(at, offset_of!(Open, length));
                self.builder.ins().store(trusted(), length, self.opened, offset);
            }
        }
        for (variable, offset) in
            [(self.operations, offset_of!(Context, operations)), (self.ticks, offset_of!(Context, ticks))]
        {
            let value = self.builder.use_var(variable);
            self.builder.ins().store(trusted(), value, self.context, offset as i32);
        }
        let pc = self.builder.ins().iconst(types::I64, pc as i64);
        self.builder.ins().return_(&[pc]);
    }

    // Calls.

    fn call(&mut self, address: usize, params: &[IrType], result: Option<IrType>, args: &[Value]) -> Option<Value> {
        let signature: SigRef = {
            let mut signature = Signature::new(self.isa.default_call_conv());
            signature.params.extend(params.iter().map(|of| AbiParam::new(*of)));
            signature.returns.extend(result.map(AbiParam::new));
            self.builder.import_signature(signature)
        };
        let callee = self.builder.ins().iconst(types::I64, address as i64);
        let call = self.builder.ins().call_indirect(signature, callee, args);
        self.builder.inst_results(call).first().copied()
    }

    fn is_not_zero(&mut self, value: Value) -> Value {
        self.builder.ins().icmp_imm_s(IntCC::NotEqual, value, 0)
    }
}
