//! The instructions of a loop that become machine code, and the storage they look into.
//!
//! A loop is the instructions from its head to its jump back. Machine code is made for those that can be reached from the
//! head through others that have machine code; a loop whose every round comes by one that has none is left alone.

use super::calls::Calls;
use super::operands::{Use, numbers, target};
use crate::interp::compile::Compiled;
use crate::interp::vm::instructions::{Op, VIn, VKeep, VMut};

/// Instructions that are compiled at once at most: compiling takes some microseconds for each.
const MOST: usize = 2000;
/// Values that one loop may look into.
pub(super) const VIEWS: usize = 32;

/// Obstacles that people are told of at most.
const SHOWN: usize = 3;

/// Where machine code is left for the machine, for people.
pub(super) fn leaves(code: &Compiled, (head, back): (usize, usize), calls: &Calls) -> String {
    match Region::found(code, head, back, calls, false).uncovered(code) {
        texts if texts.is_empty() => String::new(),
        texts => format!(", but for {texts}"),
    }
}

/// Why a loop has no machine code, for people.
pub(super) fn obstacle(code: &Compiled, (head, back): (usize, usize)) -> String {
    if back + 1 - head > MOST {
        return format!("longer than {MOST} instructions");
    }
    let calls = Calls::default();
    let region = Region::found(code, head, back, &calls, false);
    match region.uncovered(code) {
        _ if region.views.len() > VIEWS => format!("more than {VIEWS} arrays and lists"),
        texts if region.goes_round() || texts.is_empty() => "its rounds are not of numbers alone".to_owned(),
        texts => format!("every round comes by {texts}"),
    }
}

/// How the storage of a value register is looked into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Storage {
    /// A float array of one axis.
    Floats,
    /// An integer array of one axis.
    Ints,
    /// A float array of two axes.
    Matrix,
    FloatList,
    IntList,
    /// Floats in order: an array or a list.
    FloatSequence,
    IntSequence,
    /// Anything that has a length.
    Length,
}

/// A value register whose storage a loop looks into.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub register: u16,
    pub storage: Storage,
    /// Whether elements are set, added or removed.
    pub changes: bool,
}

/// The part of a loop, or of a function, that becomes machine code.
#[derive(Debug)]
pub(super) struct Region<'a> {
    pub head: usize,
    pub back: usize,
    /// For each instruction from the head to the jump back whether it is reached.
    pub reached: Vec<bool>,
    /// For each whether there is machine code for it.
    pub covered: Vec<bool>,
    /// For each whether others than the one before go on there.
    pub starts: Vec<bool>,
    pub views: Vec<View>,
    /// The calls that machine code can make.
    pub calls: &'a Calls,
    /// Whether it is a whole function.
    pub whole: bool,
}

impl<'a> Region<'a> {
    /// The region of a loop, if it is worth machine code.
    pub fn of(code: &Compiled, head: usize, back: usize, calls: &'a Calls) -> Option<Region<'a>> {
        if back + 1 - head > MOST {
            return None;
        }
        let region = Region::found(code, head, back, calls, false);
        (region.goes_round() && region.views.len() <= VIEWS).then_some(region)
    }

    /// A whole function, if it can come to its end in machine code.
    pub fn of_function(code: &Compiled, calls: &'a Calls) -> Option<Region<'a>> {
        let last = code.ops.len().checked_sub(1).filter(|last| *last < MOST)?;
        let region = Region::found(code, 0, last, calls, true);
        let returns = (0..=last).any(|pc| region.reached[pc] && matches!(code.ops[pc], Op::ReturnN { .. }));
        returns.then_some(region)
    }

    fn found(code: &Compiled, head: usize, back: usize, calls: &'a Calls, whole: bool) -> Region<'a> {
        let size = back + 1 - head;
        let mut region = Region {
            head,
            back,
            reached: vec![false; size],
            covered: vec![false; size],
            starts: vec![false; size],
            views: Vec::new(),
            calls,
            whole,
        };
        let mut pending = vec![head];
        region.starts[0] = true;
        while let Some(pc) = pending.pop() {
            if !region.contains(pc) || std::mem::replace(&mut region.reached[pc - head], true) {
                continue;
            }
            let op = &code.ops[pc];
            region.covered[pc - head] = region.covers(pc, op);
            if !region.covered[pc - head] {
                continue;
            }
            if let Some(to) = target(op) {
                pending.push(to);
                if region.contains(to) {
                    region.starts[to - head] = true;
                }
                if pc < back {
                    region.starts[pc + 1 - head] = true;
                }
            }
            if op.falls_through() {
                pending.push(pc + 1);
            }
        }
        region
    }

    /// Whether a round can be made in machine code.
    fn goes_round(&self) -> bool {
        self.covered.last() == Some(&true)
    }

    /// What stands in the script where there is no machine code, for people.
    fn uncovered(&self, code: &Compiled) -> String {
        let mut texts: Vec<String> = Vec::new();
        for at in (0..self.reached.len()).filter(|at| self.reached[*at] && !self.covered[*at]) {
            let span = code.spans[self.head + at];
            let text = if span == code.whole { String::new() } else { span.excerpt() };
            if !text.is_empty() && !texts.contains(&format!("`{text}`")) {
                texts.push(format!("`{text}`"));
            }
        }
        texts.truncate(SHOWN);
        texts.join(", ")
    }

    /// Whether an instruction is one of the loop's.
    pub fn contains(&self, pc: usize) -> bool {
        (self.head..=self.back).contains(&pc)
    }

    /// Whether there is machine code for an instruction.
    pub fn is_covered(&self, pc: usize) -> bool {
        self.contains(pc) && self.covered[pc - self.head]
    }

    /// Where the machine code of an instruction may go on within the loop.
    pub fn successors(&self, code: &Compiled, pc: usize) -> impl Iterator<Item = usize> {
        let op = &code.ops[pc];
        let next = op.falls_through().then_some(pc + 1);
        let all = [next, target(op)].map(|to| to.filter(|to| self.is_covered(pc) && self.contains(*to)));
        all.into_iter().flatten()
    }

    /// Shows the number registers of an instruction, those it reads first.
    pub fn numbers(&self, code: &Compiled, pc: usize, mut see: impl FnMut(Use)) {
        match (self.calls.get(&pc), code.ops[pc]) {
            (Some(call), Op::CallScript { numbers, d, .. }) => {
                for (register, of) in (numbers..).zip(&call.params) {
                    see(Use::Read(register, Some(*of)));
                }
                see(Use::Write(d.0, Some(call.result)));
            }
            (_, op) => numbers(&op, see),
        }
    }

    /// The place of a register among the views.
    pub fn view(&self, register: u16) -> Option<usize> {
        self.views.iter().position(|view| view.register == register)
    }

    /// Whether there is machine code for an instruction; what it looks into is noted.
    fn covers(&mut self, pc: usize, op: &Op) -> bool {
        match *op {
            Op::CopyN { .. }
            | Op::AddF { .. }
            | Op::SubF { .. }
            | Op::MulF { .. }
            | Op::DivF { .. }
            | Op::BinaryF { .. }
            | Op::NegF { .. }
            | Op::AddI { .. }
            | Op::SubI { .. }
            | Op::MulI { .. }
            | Op::BinaryI { .. }
            | Op::NegI { .. }
            | Op::InvertI { .. }
            | Op::ToFloat { .. }
            | Op::Not { .. }
            | Op::CompareF { .. }
            | Op::CompareI { .. }
            | Op::TruthF { .. }
            | Op::Float1 { .. }
            | Op::Float2 { .. }
            | Op::Jump { .. }
            | Op::Repeat { .. }
            | Op::JumpIf { .. }
            | Op::JumpF { .. }
            | Op::JumpI { .. }
            | Op::RangeInit { .. }
            | Op::RangeReverse { .. }
            | Op::RangeNext { .. }
            | Op::CheckBound { .. } => true,
            Op::IndexF1 { x, .. } => self.reads(x, Storage::Floats),
            Op::IndexI1 { x, .. } => self.reads(x, Storage::Ints),
            Op::IndexF2 { x, .. } => self.reads(x, Storage::Matrix),
            Op::IndexListF { x, .. } => self.reads(x, Storage::FloatList),
            Op::IndexListI { x, .. } => self.reads(x, Storage::IntList),
            Op::Len { x, .. } => self.reads(x, Storage::Length),
            Op::IterNextF { x: VKeep(x), .. } => self.sees(x, Storage::FloatSequence, false),
            Op::IterNextI { x: VKeep(x), .. } => self.sees(x, Storage::IntSequence, false),
            Op::SetF1 { x: VMut(x), .. } => self.sees(x, Storage::Floats, true),
            Op::SetI1 { x: VMut(x), .. } => self.sees(x, Storage::Ints, true),
            Op::SetF2 { x: VMut(x), .. } => self.sees(x, Storage::Matrix, true),
            Op::PushF { x: VMut(x), .. } => self.sees(x, Storage::FloatList, true),
            Op::PopF { x: VMut(x), .. } => self.sees(x, Storage::FloatList, true),
            Op::PushI { x: VMut(x), .. } => self.sees(x, Storage::IntList, true),
            Op::PopI { x: VMut(x), .. } => self.sees(x, Storage::IntList, true),
            Op::CallScript { .. } => self.calls.contains_key(&pc),
            Op::ReturnN { .. } => self.whole,
            _ => false,
        }
    }

    /// A read that empties the register is not covered.
    fn reads(&mut self, x: VIn, storage: Storage) -> bool {
        !x.takes() && self.sees(x.register() as u16, storage, false)
    }

    fn sees(&mut self, register: u16, storage: Storage, changes: bool) -> bool {
        if self.whole {
            return false;
        }
        let Some(view) = self.views.iter_mut().find(|view| view.register == register) else {
            self.views.push(View { register, storage, changes });
            return true;
        };
        let Some(both) = both(view.storage, storage) else { return false };
        (view.storage, view.changes) = (both, view.changes || changes);
        true
    }
}

/// The storage that serves two uses of a register.
fn both(a: Storage, b: Storage) -> Option<Storage> {
    use Storage::*;
    match (a, b) {
        (a, b) if a == b => Some(a),
        (Length, other) | (other, Length) => Some(other),
        (FloatSequence, known @ (Floats | FloatList)) | (known @ (Floats | FloatList), FloatSequence) => Some(known),
        (IntSequence, known @ (Ints | IntList)) | (known @ (Ints | IntList), IntSequence) => Some(known),
        _ => None,
    }
}
