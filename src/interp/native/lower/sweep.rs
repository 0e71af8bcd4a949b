//! Straight loops over ranges: one look for many rounds, and the rounds without any (see `native/sweep.rs`).
//!
//! As many rounds are gone through as there are steps until the machine is to look at what may end the run, less one: that
//! is left to the loop as it stands, and so are all rounds where an index may be out of bounds, a sum may overflow, or a
//! list may have too little room or too few elements.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Type, Value, types};
use cranelift_frontend::Variable;
use rustc_hash::FxHashMap;

use super::{Lower, ViewAt, trusted, view_offset};
use crate::interp::native::region::Storage;
use crate::interp::native::runtime::{self, Open};
use crate::interp::native::sweep::{Course, Sweep};
use crate::interp::vm::instructions::{NIn, NOut, Op, VIn, VMut};

const F64: Type = types::F64;
const I64: Type = types::I64;

/// Rounds that a look is worth.
const LEAST: i64 = 4;

/// Conditions for the rounds that are to come.
#[derive(Default)]
struct Look {
    all: Option<Value>,
    /// The integers that the body computes, in the first round and in the last.
    ends: FxHashMap<u16, [Value; 2]>,
}

/// An integer as the sum of one that the loop has and a constant, which addresses take for nothing.
#[derive(Clone, Copy)]
struct Sum {
    value: Option<Value>,
    constant: i64,
}

impl Sum {
    fn plus(self, constant: i64) -> Sum {
        Sum { constant: self.constant.wrapping_add(constant), ..self }
    }
}

/// A round as far as it is written.
struct Round<'s> {
    sweep: &'s Sweep,
    /// What is known as a sum.
    sums: FxHashMap<Value, Sum>,
    cursors: Vec<Cursor>,
}

/// The end of a list that grows or shrinks, as it was when the round began.
struct Cursor {
    view: usize,
    address: Variable,
    /// Elements added since, or taken away where it is less than zero.
    moved: i64,
}

impl Lower<'_> {
    /// Writes the rounds of a loop that can be gone through after one look; goes on in the block of the loop as it stands.
    pub(super) fn sweep(&mut self, sweep: &Sweep, as_it_stands: Block) {
        self.pc = sweep.head;
        let [now, rounds, step] = [0, 1, 2].map(|at| self.int(sweep.state + at));
        let ticks = self.builder.use_var(self.ticks);
        let spare = self.builder.ins().iadd_imm_s(ticks, -1);
        let count = self.builder.ins().umin(rounds, spare);
        let enough = self.builder.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, count, LEAST);
        self.only_if(enough, as_it_stands);
        let way = self.builder.ins().imul(step, count);
        let end = self.builder.ins().iadd(now, way);
        let last = self.builder.ins().isub(end, step);

        let mut look = Look { ends: [(sweep.index, [now, last])].into_iter().collect(), all: None };
        for pc in sweep.head + 1..sweep.back {
            self.look_at(pc, sweep, &mut look);
        }
        for (view, by) in sweep.lists.iter().filter(|(_, by)| *by < 0) {
            let taken = self.builder.ins().imul_imm_s(count, -by);
            let length = self.builder.use_var(self.views[*view].length);
            let enough = self.builder.ins().icmp(IntCC::UnsignedLessThanOrEqual, taken, length);
            self.expect(&mut look, enough);
        }
        if let Some(all) = look.all {
            self.only_if(all, as_it_stands);
        }
        for (view, by) in sweep.lists.iter().filter(|(_, by)| *by > 0) {
            let more = self.builder.ins().imul_imm_s(count, *by);
            self.make_room(*view, more, as_it_stands);
        }

        self.rounds(sweep, [now, step, end]);

        self.set_int(sweep.state, end);
        let left = self.builder.ins().isub(rounds, count);
        self.set_int(sweep.state + 1, left);
        let left = self.builder.ins().isub(ticks, count);
        self.builder.def_var(self.ticks, left);
        let before = self.builder.use_var(self.operations);
        let counted = self.builder.ins().imul_imm_s(count, std::mem::take(&mut self.pending));
        let all = self.builder.ins().iadd(before, counted);
        self.builder.def_var(self.operations, all);
        for (view, by) in &sweep.lists {
            let length = self.builder.use_var(self.views[*view].length);
            let change = self.builder.ins().imul_imm_s(count, *by);
            let after = self.builder.ins().iadd(length, change);
            self.builder.def_var(self.views[*view].length, after);
        }
        self.builder.ins().jump(as_it_stands, &[]);
    }

    /// Goes on in a new block where a condition holds, else in another one.
    fn only_if(&mut self, holds: Value, otherwise: Block) {
        let on = self.builder.create_block();
        self.builder.ins().brif(holds, on, &[], otherwise, &[]);
        self.builder.switch_to_block(on);
    }

    // The look.

    fn expect(&mut self, look: &mut Look, holds: Value) {
        look.all = Some(match look.all {
            Some(all) => self.builder.ins().band(all, holds),
            None => holds,
        });
    }

    fn ends(&mut self, look: &Look, register: u16) -> [Value; 2] {
        match look.ends.get(&register) {
            Some(ends) => *ends,
            None => [self.int(register); 2],
        }
    }

    /// Looks at the first and the last round of an instruction.
    fn look_at(&mut self, pc: usize, sweep: &Sweep, look: &mut Look) {
        match self.code.ops[pc] {
            Op::CopyN { a, d } if sweep.course(pc) != Course::Open => {
                let ends = self.ends(look, a.0);
                look.ends.insert(d.0, ends);
            }
            Op::AddI { a, b, d } => self.look_at_sum(look, [a, b], d, |c, x, y| c.builder.ins().sadd_overflow(x, y)),
            Op::SubI { a, b, d } => self.look_at_sum(look, [a, b], d, |c, x, y| c.builder.ins().ssub_overflow(x, y)),
            Op::MulI { a, b, d } => self.look_at_sum(look, [a, b], d, |c, x, y| c.builder.ins().smul_overflow(x, y)),
            Op::NegI { a, d } => {
                let ends = self.ends(look, a.0).map(|x| {
                    let fits = self.builder.ins().icmp_imm_s(IntCC::NotEqual, x, i64::MIN);
                    self.expect(look, fits);
                    self.builder.ins().ineg(x)
                });
                look.ends.insert(d.0, ends);
            }
            Op::Len { x, d } => {
                let length = self.builder.use_var(self.view(x.register() as u16).length);
                look.ends.insert(d.0, [length; 2]);
            }
            Op::CheckBound { flag, .. } => {
                let [flag, _] = self.ends(look, flag);
                let bound = self.is_not_zero(flag);
                self.expect(look, bound);
            }
            Op::IndexF1 { x, i, .. }
            | Op::IndexI1 { x, i, .. }
            | Op::IndexListF { x, i, .. }
            | Op::IndexListI { x, i, .. } => self.look_at_element(pc, sweep, look, x, [Some(i), None]),
            Op::IndexF2 { x, i, j, .. } => self.look_at_element(pc, sweep, look, x, [Some(i), Some(j)]),
            Op::SetF1 { i, x, .. } | Op::SetI1 { i, x, .. } => {
                self.look_at_element(pc, sweep, look, VIn(x.0), [Some(i), None]);
            }
            Op::SetF2 { i, j, x, .. } => self.look_at_element(pc, sweep, look, VIn(x.0), [Some(i), Some(j)]),
            _ => {}
        }
    }

    fn look_at_sum(
        &mut self,
        look: &mut Look,
        [a, b]: [NIn; 2],
        d: NOut,
        write: impl Fn(&mut Self, Value, Value) -> (Value, Value),
    ) {
        let (a, b) = (self.ends(look, a.0), self.ends(look, b.0));
        let ends = [0, 1].map(|end| {
            let (result, overflows) = write(self, a[end], b[end]);
            let fits = self.builder.ins().icmp_imm_s(IntCC::Equal, overflows, 0);
            self.expect(look, fits);
            result
        });
        look.ends.insert(d.0, ends);
    }

    fn look_at_element(&mut self, pc: usize, sweep: &Sweep, look: &mut Look, x: VIn, indices: [Option<NIn>; 2]) {
        let view = self.view(x.register() as u16);
        for (index, length) in indices.into_iter().zip([view.length, view.extent]) {
            let Some(NIn(index)) = index else { continue };
            let [first, last] = self.ends(look, index);
            let length = self.builder.use_var(length);
            let ends = if sweep.is_fixed(pc, index) { vec![self.from_start(first, length)] } else { vec![first, last] };
            for end in ends {
                let inside = self.builder.ins().icmp(IntCC::UnsignedLessThan, end, length);
                self.expect(look, inside);
            }
        }
    }

    /// An index that may count from the end as one that counts from the start.
    fn from_start(&mut self, index: Value, length: Value) -> Value {
        let counted = self.builder.ins().iadd(index, length);
        let negative = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, index, 0);
        self.builder.ins().select(negative, counted, index)
    }

    /// Makes room for more elements in a list, or goes on elsewhere.
    fn make_room(&mut self, view: usize, more: Value, otherwise: Block) {
        let at = self.views[view];
        let (length, extent) = (self.builder.use_var(at.length), self.builder.use_var(at.extent));
        let free = self.builder.ins().isub(extent, length);
        let fits = self.builder.ins().icmp(IntCC::UnsignedLessThanOrEqual, more, free);
        let (roomy, narrow) = (self.builder.create_block(), self.builder.create_block());
        self.builder.set_cold_block(narrow);
        self.builder.ins().brif(fits, roomy, &[], narrow, &[]);
        self.builder.switch_to_block(narrow);
        let reserve = match self.region.views[view].storage {
            Storage::IntList => runtime::reserve::<i64> as *const () as usize,
            _ => runtime::reserve::<f64> as *const () as usize,
        };
        let open = self.builder.ins().iadd_imm_s(self.opened, i64::from(view_offset(view, 0)));
        if let Some(made) = self.call(reserve, &[I64; 3], Some(I64), &[open, length, more]) {
            let made = self.is_not_zero(made);
            self.only_if(made, otherwise);
        }
        for (variable, field) in [(at.data, offset_of!(Open, data)), (at.extent, offset_of!(Open, extent))] {
            let value = self.builder.ins().load(I64, trusted(), open, field as i32);
            self.builder.def_var(variable, value);
        }
        self.builder.ins().jump(roomy, &[]);
        self.builder.switch_to_block(roomy);
    }

    // The rounds.

    /// Writes the rounds and goes on after the last.
    fn rounds(&mut self, sweep: &Sweep, [now, step, end]: [Value; 3]) {
        let index = self.builder.declare_var(I64);
        self.builder.def_var(index, now);
        let mut round = Round { sweep, sums: FxHashMap::default(), cursors: Vec::new() };
        for (view, _) in &sweep.lists {
            let at = self.views[*view];
            let length = self.builder.use_var(at.length);
            let end = self.address(at, length);
            let address = self.builder.declare_var(I64);
            self.builder.def_var(address, end);
            round.cursors.push(Cursor { view: *view, address, moved: 0 });
        }
        let (body, done) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().jump(body, &[]);
        self.builder.switch_to_block(body);
        let now = self.builder.use_var(index);
        self.set_int(sweep.index, now);
        for pc in sweep.head..sweep.back {
            self.pc = pc;
            let wanted = self.flow.wanted_after(self.code, self.region, pc);
            if pc > sweep.head {
                self.unlooked(&mut round, &wanted);
            }
            self.flow.step(self.code, self.region, pc, &wanted, &mut self.held);
        }
        for cursor in &round.cursors {
            let address = self.builder.use_var(cursor.address);
            let moved = self.builder.ins().iadd_imm_s(address, 8 * cursor.moved);
            self.builder.def_var(cursor.address, moved);
        }
        let next = self.builder.ins().iadd(now, step);
        self.builder.def_var(index, next);
        let more = self.builder.ins().icmp(IntCC::NotEqual, next, end);
        self.builder.ins().brif(more, body, &[], done, &[]);
        self.builder.switch_to_block(done);
    }

    /// Writes an instruction of the body, which needs no look any more.
    fn unlooked(&mut self, round: &mut Round<'_>, wanted: &[u8]) {
        let op = self.code.ops[self.pc];
        match op {
            Op::AddI { a, b, d } => {
                let (x, y) = (self.int(a.0), self.int(b.0));
                let result = self.builder.ins().iadd(x, y);
                if let (sum, Sum { value: None, constant }) | (Sum { value: None, constant }, sum) =
                    (self.sum(round, a), self.sum(round, b))
                {
                    round.sums.insert(result, sum.plus(constant));
                }
                self.set_int(d.0, result);
            }
            Op::SubI { a, b, d } => {
                let (x, y) = (self.int(a.0), self.int(b.0));
                let result = self.builder.ins().isub(x, y);
                if let (sum, Sum { value: None, constant }) = (self.sum(round, a), self.sum(round, b)) {
                    round.sums.insert(result, sum.plus(constant.wrapping_neg()));
                }
                self.set_int(d.0, result);
            }
            Op::MulI { a, b, d } => {
                let (x, y) = (self.int(a.0), self.int(b.0));
                let result = self.builder.ins().imul(x, y);
                self.set_int(d.0, result);
            }
            Op::NegI { a, d } => {
                let x = self.int(a.0);
                let result = self.builder.ins().ineg(x);
                self.set_int(d.0, result);
            }
            Op::CheckBound { .. } => {}
            Op::IndexF1 { x, i, d } | Op::IndexListF { x, i, d } => {
                let (address, offset) = self.element_at(round, x, i);
                let item = self.builder.ins().load(F64, trusted(), address, offset);
                self.set_float(d.0, item);
            }
            Op::IndexI1 { x, i, d } | Op::IndexListI { x, i, d } => {
                let (address, offset) = self.element_at(round, x, i);
                let item = self.builder.ins().load(I64, trusted(), address, offset);
                self.set_int(d.0, item);
            }
            Op::IndexF2 { x, i, j, d } => {
                let (address, offset) = self.matrix_element_at(round, x, i, j);
                let item = self.builder.ins().load(F64, trusted(), address, offset);
                self.set_float(d.0, item);
            }
            Op::SetF1 { i, v, x } => {
                let (address, offset) = self.element_at(round, VIn(x.0), i);
                let item = self.float(v.0);
                self.builder.ins().store(trusted(), item, address, offset);
            }
            Op::SetI1 { i, v, x } => {
                let (address, offset) = self.element_at(round, VIn(x.0), i);
                let item = self.int(v.0);
                self.builder.ins().store(trusted(), item, address, offset);
            }
            Op::SetF2 { i, j, v, x } => {
                let (address, offset) = self.matrix_element_at(round, VIn(x.0), i, j);
                let item = self.float(v.0);
                self.builder.ins().store(trusted(), item, address, offset);
            }
            Op::PushF { a, x } => {
                let item = self.float(a.0);
                let (address, offset) = self.end_moved(round, x, 1);
                self.builder.ins().store(trusted(), item, address, offset);
            }
            Op::PushI { a, x } => {
                let item = self.int(a.0);
                let (address, offset) = self.end_moved(round, x, 1);
                self.builder.ins().store(trusted(), item, address, offset);
            }
            Op::PopF { x, d } => {
                let (address, offset) = self.end_moved(round, x, -1);
                let item = self.builder.ins().load(F64, trusted(), address, offset);
                self.set_float(d.0, item);
            }
            Op::PopI { x, d } => {
                let (address, offset) = self.end_moved(round, x, -1);
                let item = self.builder.ins().load(I64, trusted(), address, offset);
                self.set_int(d.0, item);
            }
            _ => {
                let _ = self.number(&op, wanted) || self.element(&op);
            }
        }
    }

    /// An integer register as a sum.
    fn sum(&mut self, round: &Round<'_>, NIn(register): NIn) -> Sum {
        if let Some(constant) = self.constant(register) {
            return Sum { value: None, constant: constant as i64 };
        }
        let value = self.int(register);
        round.sums.get(&value).copied().unwrap_or(Sum { value: Some(value), constant: 0 })
    }

    /// An index that is in bounds, counted from the start.
    fn index(&mut self, round: &Round<'_>, i: NIn, length: Variable) -> Sum {
        let sum = self.sum(round, i);
        let counts_from_start = matches!(sum, Sum { value: None, constant: 0.. });
        if counts_from_start || !round.sweep.is_fixed(self.pc, i.0) {
            return sum;
        }
        let (index, length) = (self.int(i.0), self.builder.use_var(length));
        Sum { value: Some(self.from_start(index, length)), constant: 0 }
    }

    fn element_at(&mut self, round: &Round<'_>, x: VIn, i: NIn) -> (Value, i32) {
        let view = self.view(x.register() as u16);
        let index = self.index(round, i, view.length);
        self.offset(view, index)
    }

    fn matrix_element_at(&mut self, round: &Round<'_>, x: VIn, i: NIn, j: NIn) -> (Value, i32) {
        let view = self.view(x.register() as u16);
        let (row, column) = (self.index(round, i, view.length), self.index(round, j, view.extent));
        let columns = self.builder.use_var(view.extent);
        let row = self.whole(row);
        let before = self.builder.ins().imul(row, columns);
        let value = match column.value {
            Some(value) => self.builder.ins().iadd(before, value),
            None => before,
        };
        self.offset(view, Sum { value: Some(value), ..column })
    }

    fn whole(&mut self, sum: Sum) -> Value {
        match sum.value {
            Some(value) if sum.constant == 0 => value,
            Some(value) => self.builder.ins().iadd_imm_s(value, sum.constant),
            None => self.builder.ins().iconst(I64, sum.constant),
        }
    }

    /// Where an element is: an address, and how far from it.
    fn offset(&mut self, view: ViewAt, at: Sum) -> (Value, i32) {
        match (at.value, at.constant.checked_mul(8).and_then(|bytes| i32::try_from(bytes).ok())) {
            (Some(value), Some(bytes)) => (self.address(view, value), bytes),
            (None, Some(bytes)) => (self.builder.use_var(view.data), bytes),
            (_, None) => {
                let at = self.whole(at);
                (self.address(view, at), 0)
            }
        }
    }

    /// Moves the end of a list by an element, and gives the place of that element.
    fn end_moved(&mut self, round: &mut Round<'_>, VMut(register): VMut, by: i64) -> (Value, i32) {
        let view = self.region.view(register);
        let Some(cursor) = round.cursors.iter_mut().find(|cursor| Some(cursor.view) == view) else {
            return (self.opened, 0);
        };
        let at = if by > 0 { cursor.moved } else { cursor.moved + by };
        cursor.moved += by;
        (self.builder.use_var(cursor.address), 8 * at as i32)
    }
}
