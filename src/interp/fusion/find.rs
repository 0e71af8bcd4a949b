//! Finds runs of elementwise instructions and what they compute.
//!
//! Expects final instructions, last uses marked. Leaves an `Op::Fused` before each run, with jumps and loops moved.

use rustc_hash::FxHashMap;

use super::chain::{Action, Chain, Change, Held, INPUTS, Input, Kept, Outcome, STEPS, SUMS, Slot, Step};
use crate::interp::library::{Builtin, Kernel};
use crate::interp::native::NativeLoop;
use crate::interp::value::Value;
use crate::interp::vm::instructions::{Args, Op, Operands, VIn};
use crate::lang::Span;
use crate::lang::tree::{BinaryOp, CompareOp, UnaryOp};
use crate::vector::{COS, Function1, SIN};

/// The code that chains are looked for in.
pub struct Code<'a> {
    /// The instructions.
    pub ops: &'a mut Vec<Op>,
    /// Their places.
    pub spans: &'a mut Vec<Span>,
    /// The loops.
    pub loops: &'a mut Vec<NativeLoop>,
    /// The values that instructions refer to.
    pub constants: &'a [Value],
}

/// Puts an instruction for each chain before its run.
pub fn fuse(code: Code<'_>) -> Vec<Chain> {
    let Code { ops, spans, loops, constants } = code;
    let mut entered = vec![false; ops.len() + 1];
    for op in ops.iter_mut() {
        op.visit(&mut Targets(|to: &mut u32| entered[*to as usize] = true));
    }
    let mut runs = Vec::new();
    let mut at = 0;
    while at < ops.len() {
        let mut builder = Builder { constants, ..Builder::default() };
        let mut last = at;
        for next in at..ops.len() {
            if next > at && entered[next] || !builder.accept(ops[next]) {
                break;
            }
            if is_step(&ops[next]) {
                last = next + 1;
            }
        }
        let mut builder = Builder { constants, ..Builder::default() };
        let whole = ops[at..last].iter().all(|op| builder.accept(*op));
        if whole && builder.steps.len() >= 2 {
            runs.push((at, last, builder));
            at = last;
        } else {
            at += 1;
        }
    }
    if runs.is_empty() {
        return Vec::new();
    }
    let starts: Vec<usize> = runs.iter().map(|(start, ..)| *start).collect();
    // What jumps to a run jumps to the instruction before it.
    let moved = |old: usize| old + starts.partition_point(|start| *start < old);
    for op in ops.iter_mut() {
        op.visit(&mut Targets(|to: &mut u32| *to = moved(*to as usize) as u32));
    }
    loops.iter_mut().for_each(|l| *l = l.moved(moved, |old| old + starts.partition_point(|start| *start <= old)));
    let (old, old_spans) = (std::mem::take(ops), std::mem::take(spans));
    let mut next = starts.iter().peekable();
    for (at, (op, span)) in old.into_iter().zip(old_spans).enumerate() {
        if next.next_if(|start| **start == at).is_some() {
            ops.push(Op::Fused { chain: (starts.len() - next.len() - 1) as u32 });
            spans.push(span);
        }
        ops.push(op);
        spans.push(span);
    }
    runs.into_iter().enumerate().map(|(k, (_, end, builder))| builder.finish(end + k + 1)).collect()
}

struct Targets<F>(F);

impl<F: FnMut(&mut u32)> Operands for Targets<F> {
    fn target(&mut self, to: &mut u32) {
        (self.0)(to);
    }
}

/// Whether a run may end with an instruction.
fn is_step(op: &Op) -> bool {
    match op {
        Op::ConstV { .. } | Op::Box { .. } | Op::CopyV { .. } | Op::MoveV { .. } | Op::Index { .. } => false,
        Op::CallBuiltin { builtin, .. } => builtin.name != ZEROS,
        _ => true,
    }
}

const ZEROS: &str = "np.zeros_like";

/// What a library function does to elements, where a chain can do it.
fn action(builtin: &Builtin) -> Option<Action> {
    Some(match (builtin.kernel, builtin.name) {
        (Kernel::Vector1(f), _) => Action::Function1(f),
        (Kernel::Vector2(f), _) => Action::Function2(f),
        (_, "np.square") => Action::Square,
        (_, "np.abs" | "np.absolute") => Action::Absolute,
        (_, "np.negative") => Action::Negate,
        (_, "np.maximum") => Action::Maximum,
        (_, "np.minimum") => Action::Minimum,
        (_, "np.where") => Action::Where,
        (_, "np.sum") => Action::Sum,
        (_, "np.mean") => Action::Mean,
        _ => return None,
    })
}

#[derive(Default)]
struct Builder<'a> {
    constants: &'a [Value],
    inputs: Vec<Input>,
    steps: Vec<Step>,
    changes: Vec<Change>,
    registers: FxHashMap<u16, Held>,
    /// The registers that are read before the run writes them.
    outside: Vec<u16>,
    sums: u16,
    /// Whether it begins with a product of vectors: only what reads that is of its shape.
    of_vectors: bool,
}

impl Builder<'_> {
    /// Adds an instruction; whether it can be part of a chain.
    fn accept(&mut self, op: Op) -> bool {
        self.add(op).is_some()
    }

    fn add(&mut self, op: Op) -> Option<()> {
        match op {
            Op::ConstV { k, d } => self.hold(d.0, Input::Constant(k))?,
            Op::Box { a, dtype, d } => self.hold(d.0, Input::Number(a.0, dtype))?,
            Op::CopyV { a, d } => {
                let slot = self.read(a)?;
                self.registers.insert(d.0, Held::Slot(slot));
            }
            Op::MoveV { a, d } => {
                let slot = self.read(VIn(a.0 | VIn::TAKE))?;
                self.registers.insert(d.0, Held::Slot(slot));
            }
            Op::BinaryV { op, a, b, d } => {
                let operands = [self.read(a)?, self.read(b)?];
                self.step(Action::Binary(arithmetic(op)?), &operands, d.0)?;
            }
            Op::UpdateV { op, a, b, d } => {
                let operands = [self.read(a)?, self.read(b)?];
                self.step(Action::Update(arithmetic(op)?), &operands, d.0)?;
            }
            Op::UnaryV { op: UnaryOp::Neg, a, d } => {
                let operand = self.read(a)?;
                self.step(Action::Negate, &[operand], d.0)?;
            }
            Op::CompareV { op, a, b, d } => {
                if matches!(op, CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot) {
                    return None;
                }
                let operands = [self.read(a)?, self.read(b)?];
                self.step(Action::Compare(op), &operands, d.0)?;
            }
            Op::CallBuiltin { args, d, builtin } if builtin.name == "np.outer" && args.count == 2 => {
                // It begins a run: what stands before it is hardly of its shape.
                if !self.steps.is_empty() {
                    return None;
                }
                let operands = [self.vector(args.base, Input::Column)?, self.vector(args.base + 1, Input::Row)?];
                self.of_vectors = true;
                self.step(Action::Binary(BinaryOp::Mul), &operands, d.0)?;
            }
            Op::CallBuiltin { args, d, builtin } if builtin.name == ZEROS => {
                let Slot::Input(like) = self.argument(args.base)? else { return None };
                let Input::Register(_) = self.inputs[usize::from(like)] else { return None };
                let options: Option<Vec<Slot>> =
                    (args.base + 1..args.base + args.count).map(|r| self.argument(r)).collect();
                self.are_left_out(&options?)?;
                self.registers.insert(d.0, Held::Zeros(like));
            }
            Op::CallBuiltin { args, d, builtin } => self.call(args, d.0, action(builtin)?)?,
            Op::Index { x, i, d } => {
                // Parts are hardly of the shape of what is computed without any.
                let with_parts = self.inputs.iter().any(|input| matches!(input, Input::Part(..)));
                if !self.steps.is_empty() && !with_parts {
                    return None;
                }
                let index = self.index(i)?;
                let Slot::Input(k) = self.read(x)? else { return None };
                let Input::Register(register) = self.inputs[usize::from(k)] else { return None };
                self.hold(d.0, Input::Part(register, index))?;
            }
            Op::SetIndex { i, v, x } => self.change(x.0, i, v, None)?,
            Op::UpdateIndex { op, i, v, x } => self.change(x.0, i, v, Some(elementary(op)?))?,
            _ => return None,
        }
        Some(())
    }

    /// The constant that an index by slices is.
    fn index(&mut self, from: VIn) -> Option<u32> {
        let Slot::Input(k) = self.read(from)? else { return None };
        let Input::Constant(k) = self.inputs[usize::from(k)] else { return None };
        let slice = |value: &Value| matches!(value, Value::Slice(_));
        match self.constants.get(k as usize)? {
            Value::Tuple(items) if items.iter().all(slice) => Some(k),
            one => slice(one).then_some(k),
        }
    }

    /// Adds a change of a part of the array in a register; nothing reads that array afterwards.
    fn change(&mut self, register: u16, i: VIn, v: VIn, op: Option<BinaryOp>) -> Option<()> {
        let index = self.index(i)?;
        let Slot::Step(step) = self.read(v)? else { return None };
        let zeros = match self.registers.get(&register) {
            None | Some(Held::Changed) => None,
            Some(Held::Slot(Slot::Input(k))) if self.inputs[usize::from(*k)] == Input::Register(register) => None,
            Some(Held::Zeros(like)) => Some(*like),
            Some(_) => return None,
        };
        if zeros.is_none() {
            self.registers.insert(register, Held::Changed);
        }
        self.changes.push(Change { register, index, op, step, zeros });
        Some(())
    }

    fn call(&mut self, args: Args, d: u16, action: Action) -> Option<()> {
        let slots: Option<Vec<Slot>> =
            (args.base..args.base + args.count).map(|register| self.argument(register)).collect();
        let slots = slots?;
        let (operands, options) = slots.split_at_checked(action.operands())?;
        self.are_left_out(options)?;
        self.step(action, operands, d)
    }

    /// The operand that a register of arguments holds.
    fn argument(&mut self, register: u16) -> Option<Slot> {
        self.read(VIn(register | VIn::TAKE))
    }

    /// Optional arguments have to be those that stand for none.
    fn are_left_out(&self, options: &[Slot]) -> Option<()> {
        options.iter().try_for_each(|option| {
            let Slot::Input(k) = option else { return None };
            let Input::Constant(k) = self.inputs[usize::from(*k)] else { return None };
            matches!(self.constants.get(k as usize), Some(Value::None | Value::Bool(false))).then_some(())
        })
    }

    /// The operand that a register holds.
    fn read(&mut self, from: VIn) -> Option<Slot> {
        let register = from.register() as u16;
        let slot = match self.registers.get(&register) {
            Some(Held::Slot(slot)) => *slot,
            Some(_) => return None,
            None => {
                let slot = self.input(Input::Register(register))?;
                self.outside.push(register);
                self.registers.insert(register, Held::Slot(slot));
                slot
            }
        };
        if from.takes() {
            self.registers.insert(register, Held::Nothing);
        }
        match slot {
            Slot::Step(k) if self.steps[usize::from(k)].action.reduces() => None,
            slot => Some(slot),
        }
    }

    /// A vector that a register holds from outside and gives away, seen as a matrix.
    fn vector(&mut self, register: u16, seen: fn(u16) -> Input) -> Option<Slot> {
        let Slot::Input(k) = self.read(VIn(register | VIn::TAKE))? else { return None };
        let Input::Register(register) = self.inputs[usize::from(k)] else { return None };
        self.input(seen(register))
    }

    fn input(&mut self, input: Input) -> Option<Slot> {
        if let Some(at) = self.inputs.iter().position(|known| *known == input) {
            return Some(Slot::Input(at as u16));
        }
        self.inputs.push(input);
        (self.inputs.len() <= INPUTS).then_some(Slot::Input(self.inputs.len() as u16 - 1))
    }

    fn hold(&mut self, register: u16, input: Input) -> Option<()> {
        let slot = self.input(input)?;
        self.registers.insert(register, Held::Slot(slot));
        Some(())
    }

    fn step(&mut self, action: Action, operands: &[Slot], register: u16) -> Option<()> {
        if self.of_vectors && !self.steps.is_empty() && !operands.iter().any(|slot| matches!(slot, Slot::Step(_))) {
            return None;
        }
        let mut all = [*operands.first()?; 3];
        all[..operands.len()].copy_from_slice(operands);
        let block = if action.reduces() { self.sums } else { 0 };
        self.sums += u16::from(action.reduces());
        if self.steps.len() >= STEPS || usize::from(self.sums) > SUMS {
            return None;
        }
        self.steps.push(Step { action, operands: all, block, partner: None });
        self.registers.insert(register, Held::Slot(Slot::Step(self.steps.len() as u16 - 1)));
        Some(())
    }

    /// Finds the sines and cosines of the same.
    fn pair(&mut self) {
        let function = |step: &Step, sought: &'static Function1| matches!(step.action, Action::Function1(f) if std::ptr::eq(f, sought));
        for sine in 0..self.steps.len() {
            if !function(&self.steps[sine], &SIN) {
                continue;
            }
            let of = self.steps[sine].operands[0];
            let cosine =
                self.steps.iter().position(|s| function(s, &COS) && s.operands[0] == of && s.partner.is_none());
            if let Some(cosine) = cosine {
                self.steps[sine].partner = Some(cosine as u16);
                self.steps[cosine].partner = Some(sine as u16);
            }
        }
    }

    /// Leaves those inputs only that steps read or registers hold afterwards.
    fn sift(&mut self, results: &mut [(u16, Held)]) {
        let mut read = vec![false; self.inputs.len()];
        for step in &self.steps {
            for operand in &step.operands {
                if let Slot::Input(k) = operand {
                    read[usize::from(*k)] = true;
                }
            }
        }
        let mut wanted = read.clone();
        for (_, held) in results.iter() {
            if let Held::Slot(Slot::Input(k)) | Held::Zeros(k) = held {
                wanted[usize::from(*k)] = true;
            }
        }
        self.changes.iter().filter_map(|change| change.zeros).for_each(|k| wanted[usize::from(k)] = true);
        let mut places = vec![0; self.inputs.len()];
        let mut inputs = Vec::new();
        for (at, input) in self.inputs.iter().enumerate().filter(|(at, _)| wanted[*at]) {
            places[at] = inputs.len() as u16;
            inputs.push(match *input {
                Input::Register(register) if !read[at] => Input::Unread(register),
                Input::Part(register, index) if !read[at] => Input::UnreadPart(register, index),
                input => input,
            });
        }
        self.inputs = inputs;
        let moved = |k: &mut u16| *k = places[usize::from(*k)];
        for step in &mut self.steps {
            for operand in &mut step.operands {
                if let Slot::Input(k) = operand {
                    moved(k);
                }
            }
        }
        for (_, held) in results {
            if let Held::Slot(Slot::Input(k)) | Held::Zeros(k) = held {
                moved(k);
            }
        }
        self.changes.iter_mut().filter_map(|change| change.zeros.as_mut()).for_each(moved);
    }

    /// Gives the steps their blocks; one is free again after the last step that reads it.
    fn finish(mut self, end: usize) -> Chain {
        self.pair();
        let mut results: Vec<(u16, Held)> = std::mem::take(&mut self.registers).into_iter().collect();
        results.sort_by_key(|(register, _)| *register);
        results.retain(|(register, held)| match held {
            Held::Slot(Slot::Input(k)) => self.inputs[usize::from(*k)] != Input::Register(*register),
            Held::Changed => false,
            Held::Nothing => self.outside.contains(register),
            _ => true,
        });
        self.sift(&mut results);
        let mut last: Vec<usize> = (0..self.steps.len()).collect();
        for (at, step) in self.steps.iter().enumerate() {
            for operand in &step.operands[..step.action.operands()] {
                if let Slot::Step(k) = operand {
                    last[usize::from(*k)] = at;
                }
            }
        }
        for (_, held) in &results {
            if let Held::Slot(Slot::Step(k)) = held {
                last[usize::from(*k)] = usize::MAX;
            }
        }
        self.changes.iter().for_each(|change| last[usize::from(change.step)] = usize::MAX);
        let mut busy: Vec<usize> = Vec::new();
        for at in 0..self.steps.len() {
            let partner = self.steps[at].partner.map(usize::from);
            if self.steps[at].action.reduces() || partner.is_some_and(|first| first < at) {
                continue;
            }
            for made in std::iter::once(at).chain(partner) {
                // The block of an operand is not free before the step is over.
                let free = busy.iter().position(|until| *until < at).unwrap_or_else(|| {
                    busy.push(0);
                    busy.len() - 1
                });
                busy[free] = last[made];
                self.steps[made].block = free as u16;
            }
        }
        let kept = |at: &usize| last[*at] == usize::MAX && !self.steps[*at].action.reduces();
        let held = |step: u16| results.iter().any(|(_, held)| *held == Held::Slot(Slot::Step(step)));
        let kept =
            (0..self.steps.len()).filter(kept).map(|at| Kept { step: at as u16, held: held(at as u16) }).collect();
        let is_last = |at: usize| results[at + 1..].iter().all(|(_, held)| *held != results[at].1);
        let results = results
            .iter()
            .enumerate()
            .map(|(at, (register, held))| Outcome { register: *register, held: *held, last: is_last(at) })
            .collect();
        Chain {
            end: end as u32,
            inputs: self.inputs,
            steps: self.steps,
            results,
            kept,
            changes: self.changes,
            blocks: busy.len(),
            plan: Default::default(),
            misses: Default::default(),
        }
    }
}

fn arithmetic(op: BinaryOp) -> Option<BinaryOp> {
    (op == BinaryOp::Pow).then_some(op).or_else(|| elementary(op))
}

fn elementary(op: BinaryOp) -> Option<BinaryOp> {
    matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div).then_some(op)
}
