//! A chain: what a run of instructions computes, in single-assignment form.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::plan::Plan;
use crate::lang::tree::{BinaryOp, CompareOp};
use crate::sct::kind::DType;
use crate::vector::{Function1, Function2};

/// The most operands from outside.
pub const INPUTS: usize = 24;
/// The most operations.
pub const STEPS: usize = 64;
/// The most sums.
pub const SUMS: usize = 4;
/// Times in a row that a chain may be of no use before it is given up.
const MISSES: u32 = 16;

/// What a run of instructions computes.
#[derive(Debug)]
pub struct Chain {
    /// The instruction after the run.
    pub end: u32,
    /// The operands from outside.
    pub inputs: Vec<Input>,
    /// The operations, in order.
    pub steps: Vec<Step>,
    /// What the value registers hold after the run.
    pub results: Vec<Outcome>,
    /// The steps whose elements are there to the end.
    pub kept: Vec<Kept>,
    /// The changes of arrays, in order.
    pub changes: Vec<Change>,
    /// How many blocks of numbers are needed besides one for each input.
    pub blocks: usize,
    /// What the steps do for operands of the types that came first.
    pub plan: OnceLock<Plan>,
    /// How often in a row the run had to be made by its instructions.
    pub misses: AtomicU32,
}

/// An operand from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A value register.
    Register(u16),
    /// A constant of the code.
    Constant(u32),
    /// A number register.
    Number(u16, DType),
    /// The elements of a vector in a value register, as a column.
    Column(u16),
    /// The elements of a vector in a value register, as a row.
    Row(u16),
    /// What an index among the constants shows of the array in a value register.
    Part(u16, u32),
    /// A value register that no step reads.
    Unread(u16),
    /// A part that no step reads.
    UnreadPart(u16, u32),
}

/// What an operation works on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// An input.
    Input(u16),
    /// The result of a step.
    Step(u16),
}

/// What there is to hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Held {
    /// Nothing: its value was read for the last time.
    Nothing,
    /// An operand or a result.
    Slot(Slot),
    /// Zeros like an operand.
    Zeros(u16),
    /// What it held before, changed.
    Changed,
}

/// A change of a part of an array, when all is computed.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The value register of the array.
    pub register: u16,
    /// The index among the constants.
    pub index: u32,
    /// The operator of an update; none of an assignment.
    pub op: Option<BinaryOp>,
    /// The step whose elements are taken.
    pub step: u16,
    /// The operand that the array is zeros like; none where it is there.
    pub zeros: Option<u16>,
}

/// A step whose elements are there to the end of the run.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The step.
    pub step: u16,
    /// Whether a register holds the array after the run.
    pub held: bool,
}

/// What a register holds after the run.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// The register.
    pub register: u16,
    /// What it holds.
    pub held: Held,
    /// Whether none of those that follow holds the same.
    pub last: bool,
}

/// An operation.
#[derive(Debug)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// To what; those that the action does not have are the first.
    pub operands: [Slot; 3],
    /// The block that the result goes to, or of a sum its place among the sums.
    pub block: u16,
    /// The sine of what this is the cosine of, or the cosine: the first of both gives the two.
    pub partner: Option<u16>,
}

/// What is done to elements.
#[derive(Clone, Copy)]
pub enum Action {
    /// `x op y`
    Binary(BinaryOp),
    /// `x op= y`
    Update(BinaryOp),
    /// `-x`
    Negate,
    /// `x op y`
    Compare(CompareOp),
    /// A function of one float.
    Function1(&'static Function1),
    /// A function of two floats.
    Function2(&'static Function2),
    /// `x * x`
    Square,
    /// The absolute value.
    Absolute,
    /// The larger, or nan.
    Maximum,
    /// The smaller, or nan.
    Minimum,
    /// The second where the first holds, else the third.
    Where,
    /// The sum of all elements.
    Sum,
    /// Their mean.
    Mean,
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Action::Binary(op) | Action::Update(op) => op.text(),
            Action::Compare(_) => "compare",
            Action::Function1(_) | Action::Function2(_) => "function",
            Action::Negate => "negate",
            Action::Square => "square",
            Action::Absolute => "absolute",
            Action::Maximum => "maximum",
            Action::Minimum => "minimum",
            Action::Where => "where",
            Action::Sum => "sum",
            Action::Mean => "mean",
        })
    }
}

impl Action {
    /// Whether the result is a number.
    pub fn reduces(&self) -> bool {
        matches!(self, Action::Sum | Action::Mean)
    }

    /// Whether it is a power.
    pub fn is_power(&self) -> bool {
        matches!(self, Action::Binary(BinaryOp::Pow) | Action::Update(BinaryOp::Pow))
    }

    /// How many operands there are.
    pub fn operands(&self) -> usize {
        match self {
            Action::Negate | Action::Function1(_) | Action::Square | Action::Absolute | Action::Sum | Action::Mean => 1,
            Action::Where => 3,
            _ => 2,
        }
    }
}

impl Chain {
    /// Whether it is worth a look at the operands.
    pub fn promising(&self) -> bool {
        self.misses.load(Ordering::Relaxed) < MISSES
    }

    /// Notes whether the operands were such as a chain is made for.
    pub fn tried(&self, done: bool) {
        let misses = if done { 0 } else { self.misses.load(Ordering::Relaxed) + 1 };
        self.misses.store(misses, Ordering::Relaxed);
    }
}
