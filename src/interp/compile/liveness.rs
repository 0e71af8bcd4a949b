//! Last uses: after the walk, every read of a value register that nobody reads again becomes a move.
//!
//! This is what lets an operator reuse the buffer of an operand, and what keeps `x[i] = v` from ever finding a second
//! holder of the array that the program no longer needs.

use super::super::vm::instructions::{NIn, Op, Operands, VIn};

/// Marks last reads. `values` is the number of value registers.
pub fn mark_last_uses(ops: &mut [Op], values: usize) {
    if values == 0 {
        return;
    }
    let blocks = Blocks::of(ops);
    let words = values.div_ceil(64);
    let mut live_in = vec![vec![0u64; words]; blocks.starts.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for block in (0..blocks.starts.len()).rev() {
            let mut live = blocks.live_out(block, &live_in, words);
            for &at in blocks.handling(block).iter().rev() {
                Step { live: &mut live, mark: false }.run(&mut ops[at]);
            }
            if live != live_in[block] {
                live_in[block] = live;
                changed = true;
            }
        }
    }
    for block in 0..blocks.starts.len() {
        let mut live = blocks.live_out(block, &live_in, words);
        for &at in blocks.handling(block).iter().rev() {
            Step { live: &mut live, mark: true }.run(&mut ops[at]);
        }
    }
}

/// Gives the constants their registers behind the `numbers` others.
pub fn number_constants(ops: &mut [Op], numbers: u16) {
    struct Renumber(u16);
    impl Operands for Renumber {
        fn number(&mut self, register: &mut u16) {
            if *register & NIn::CONSTANT != 0 {
                *register = (*register & !NIn::CONSTANT) + self.0;
            }
        }
    }
    ops.iter_mut().for_each(|op| op.visit(&mut Renumber(numbers)));
}

struct Blocks {
    starts: Vec<usize>,
    successors: Vec<Vec<usize>>,
    /// The instructions that read or write value registers, in order, and how many stand before each block.
    handling: Vec<usize>,
    before: Vec<usize>,
}

impl Blocks {
    fn of(ops: &mut [Op]) -> Blocks {
        let mut leader = vec![false; ops.len() + 1];
        let mut handling = Vec::new();
        leader[0] = true;
        for at in 0..ops.len() {
            let Sight { target, values } = Sight::of(&mut ops[at]);
            if values {
                handling.push(at);
            }
            if let Some(to) = target {
                leader[to.min(ops.len())] = true;
                leader[at + 1] = true;
            } else if !ops[at].falls_through() {
                leader[at + 1] = true;
            }
        }
        let starts: Vec<usize> = (0..ops.len()).filter(|&at| leader[at]).collect();
        let mut block_of = vec![usize::MAX; ops.len() + 1];
        starts.iter().enumerate().for_each(|(block, &start)| block_of[start] = block);
        let mut successors = Vec::with_capacity(starts.len());
        for block in 0..starts.len() {
            let end = starts.get(block + 1).copied().unwrap_or(ops.len());
            let last = &mut ops[end - 1];
            let mut next = Vec::new();
            if last.falls_through() && block_of[end] != usize::MAX {
                next.push(block_of[end]);
            }
            if let Some(to) = Sight::of(last).target
                && block_of[to.min(block_of.len() - 1)] != usize::MAX
            {
                next.push(block_of[to]);
            }
            successors.push(next);
        }
        let mut before: Vec<usize> = starts.iter().map(|start| handling.partition_point(|at| at < start)).collect();
        before.push(handling.len());
        Blocks { starts, successors, handling, before }
    }

    /// The instructions of a block that read or write value registers.
    fn handling(&self, block: usize) -> &[usize] {
        &self.handling[self.before[block]..self.before[block + 1]]
    }

    fn live_out(&self, block: usize, live_in: &[Vec<u64>], words: usize) -> Vec<u64> {
        let mut live = vec![0; words];
        for &next in &self.successors[block] {
            live.iter_mut().zip(&live_in[next]).for_each(|(a, b)| *a |= b);
        }
        live
    }
}

/// What an instruction is at first sight: where it jumps, and whether it reads or writes value registers.
#[derive(Default)]
struct Sight {
    target: Option<usize>,
    values: bool,
}

impl Sight {
    fn of(op: &mut Op) -> Sight {
        let mut sight = Sight::default();
        op.visit(&mut sight);
        sight
    }
}

impl Operands for Sight {
    fn target(&mut self, to: &mut u32) {
        self.target = Some(*to as usize);
    }
    fn read(&mut self, _: &mut u16) {
        self.values = true;
    }
    fn keep(&mut self, _: u16) {
        self.values = true;
    }
    fn take(&mut self, _: u16) {
        self.values = true;
    }
    fn write(&mut self, _: u16) {
        self.values = true;
    }
}

/// One instruction, backwards.
struct Step<'a> {
    live: &'a mut Vec<u64>,
    mark: bool,
}

impl Step<'_> {
    fn run(&mut self, op: &mut Op) {
        struct Writes<'a>(&'a mut Vec<u64>);
        impl Operands for Writes<'_> {
            fn write(&mut self, register: u16) {
                self.0[usize::from(register) / 64] &= !(1 << (register % 64));
            }
        }
        op.visit(&mut Writes(self.live));
        if self.mark {
            let mut uses = Uses::default();
            op.visit(&mut uses);
            op.visit(&mut Mark { live: self.live, uses });
        }
        op.visit(self);
    }

    fn add(&mut self, register: u16) {
        self.live[usize::from(register) / 64] |= 1 << (register % 64);
    }
}

impl Operands for Step<'_> {
    fn read(&mut self, register: &mut u16) {
        if *register != NO_REGISTER {
            self.add(*register & !VIn::TAKE);
        }
    }
    fn keep(&mut self, register: u16) {
        self.add(register);
    }
    fn take(&mut self, register: u16) {
        self.add(register);
    }
}

/// An operand that is not there.
pub const NO_REGISTER: u16 = 0x7fff;

/// What one instruction does with its registers.
#[derive(Default)]
struct Uses {
    /// Those it needs after its reads.
    kept: Vec<u16>,
    /// Those it reads, in order.
    reads: Vec<u16>,
}

impl Operands for Uses {
    fn keep(&mut self, register: u16) {
        self.kept.push(register);
    }
    fn take(&mut self, register: u16) {
        self.kept.push(register);
    }
    fn read(&mut self, register: &mut u16) {
        self.reads.push(*register);
    }
}

struct Mark<'a> {
    live: &'a Vec<u64>,
    uses: Uses,
}

impl Operands for Mark<'_> {
    fn read(&mut self, register: &mut u16) {
        if *register == NO_REGISTER {
            return;
        }
        // Of two reads of a register by one instruction the later takes: the machine reads in the order of the fields.
        if let Some(first) = self.uses.reads.iter().position(|r| r == register) {
            self.uses.reads.swap_remove(first);
        }
        let live = self.live[usize::from(*register) / 64] >> (*register % 64) & 1 == 1;
        if !live && !self.uses.kept.contains(register) && !self.uses.reads.contains(register) {
            *register |= VIn::TAKE;
        }
    }
}
