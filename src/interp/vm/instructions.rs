//! The instructions of the machine, sixteen bytes each.
//!
//! A frame has two register files: raw 64-bit numbers (the bits of a float, an integer or a truth value; which of them
//! is the compiler's knowledge) and values. The type of an operand says how the instruction uses it, and the macro at
//! the end derives from that what the liveness pass and the final numbering need.

use crate::interp::library::Builtin;
use crate::lang::Symbol;
use crate::lang::tree::{BinaryOp, CompareOp, UnaryOp};
use crate::sct::kind::DType;

/// A number register that is read. Numbers from [`NIn::CONSTANT`] on are constants until the final numbering.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NIn(pub u16);
/// A number register that is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NOut(pub u16);
/// A value register that is read; with the bit [`VIn::TAKE`] the read empties it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VIn(pub u16);
/// A value register that is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VOut(pub u16);
/// A value register that is changed in place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VMut(pub u16);
/// A value register that is always emptied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VTake(pub u16);
/// A value register that is read and must keep its value (the sequence a loop goes through).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VKeep(pub u16);
/// Consecutive value registers that the instruction empties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Args {
    /// The first.
    pub base: u16,
    /// How many.
    pub count: u16,
}
/// Consecutive value registers that are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outs {
    /// The first.
    pub base: u16,
    /// How many.
    pub count: u16,
}
/// Where a call leaves its result: a number register or, with the bit [`Dest::VALUE`], a value register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dest(pub u16);
/// Where a jump goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct To(pub u32);
/// A float function of one argument.
#[derive(Clone, Copy, Debug)]
pub struct Fn1(pub fn(f64) -> f64);
/// A float function of two arguments.
#[derive(Clone, Copy, Debug)]
pub struct Fn2(pub fn(f64, f64) -> f64);

impl NIn {
    /// The bit that marks a constant before the final numbering.
    pub const CONSTANT: u16 = 0x8000;
}

impl VIn {
    /// The bit that empties the register: nobody reads it after this.
    pub const TAKE: u16 = 0x8000;

    /// The register.
    pub fn register(self) -> usize {
        usize::from(self.0 & !VIn::TAKE)
    }

    /// Whether the read empties the register.
    pub fn takes(self) -> bool {
        self.0 & VIn::TAKE != 0
    }
}

impl Dest {
    /// The bit that marks a value register.
    pub const VALUE: u16 = 0x8000;

    /// The value register, unless it is a number register.
    pub fn value(self) -> Option<u16> {
        (self.0 & Dest::VALUE != 0).then_some(self.0 & !Dest::VALUE)
    }
}

/// What the liveness pass and the final numbering do with each operand.
pub trait Operands {
    /// A number register that is read.
    fn number(&mut self, _: &mut u16) {}
    /// A value register that is read, perhaps for the last time.
    fn read(&mut self, _: &mut u16) {}
    /// A value register that is read and kept.
    fn keep(&mut self, _: u16) {}
    /// A value register that is emptied.
    fn take(&mut self, _: u16) {}
    /// A value register that is written.
    fn write(&mut self, _: u16) {}
    /// A number register that is written.
    fn number_out(&mut self, _: &mut u16) {}
    /// A value register that is written by an instruction with one result.
    fn value_out(&mut self, _: &mut u16) {}
    /// Where a jump goes.
    fn target(&mut self, _: &mut u32) {}
}

trait Field {
    fn visit(&mut self, operands: &mut impl Operands);
}

impl Field for NIn {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.number(&mut self.0);
    }
}
impl Field for VIn {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.read(&mut self.0);
    }
}
impl Field for NOut {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.number_out(&mut self.0);
    }
}
impl Field for VOut {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.write(self.0);
        operands.value_out(&mut self.0);
    }
}
impl Field for VMut {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.keep(self.0);
    }
}
impl Field for VKeep {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.keep(self.0);
    }
}
impl Field for VTake {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.take(self.0);
    }
}
impl Field for Args {
    fn visit(&mut self, operands: &mut impl Operands) {
        (self.base..self.base + self.count).for_each(|register| operands.take(register));
    }
}
impl Field for Outs {
    fn visit(&mut self, operands: &mut impl Operands) {
        (self.base..self.base + self.count).for_each(|register| operands.write(register));
    }
}
impl Field for Dest {
    fn visit(&mut self, operands: &mut impl Operands) {
        match self.value() {
            Some(mut register) => {
                operands.write(register);
                operands.value_out(&mut register);
                self.0 = register | Dest::VALUE;
            }
            None => operands.number_out(&mut self.0),
        }
    }
}
impl Field for To {
    fn visit(&mut self, operands: &mut impl Operands) {
        operands.target(&mut self.0);
    }
}
macro_rules! plain { ($($t:ty),*) => { $(impl Field for $t { fn visit(&mut self, _: &mut impl Operands) {} })* } }
plain!(Fn1, Fn2, u8, u16, u32, i32, bool, Symbol, DType, BinaryOp, UnaryOp, CompareOp, &'static Builtin);

macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $t:ty),* $(,)? })*) => {
        /// An instruction. Within one, reads come before writes in the order of the fields.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs)]
        pub enum Op { $($(#[$doc])* $name { $($field: $t),* }),* }
        impl Op {
            /// Shows every operand.
            pub fn visit(&mut self, operands: &mut impl Operands) {
                match self { $(Op::$name { $($field),* } => { $(Field::visit($field, operands);)* let _ = &operands; })* }
            }
        }
    };
}

instructions! {
    /// Copies a number.
    CopyN { a: NIn, d: NOut }
    AddF { a: NIn, b: NIn, d: NOut }
    SubF { a: NIn, b: NIn, d: NOut }
    MulF { a: NIn, b: NIn, d: NOut }
    DivF { a: NIn, b: NIn, d: NOut }
    /// The other float operators: `//`, `%`, `**`.
    BinaryF { op: BinaryOp, a: NIn, b: NIn, d: NOut }
    NegF { a: NIn, d: NOut }
    AddI { a: NIn, b: NIn, d: NOut }
    SubI { a: NIn, b: NIn, d: NOut }
    MulI { a: NIn, b: NIn, d: NOut }
    /// The other integer operators: `//`, `%`, `**` with an exponent that is not negative, bits and shifts.
    BinaryI { op: BinaryOp, a: NIn, b: NIn, d: NOut }
    NegI { a: NIn, d: NOut }
    InvertI { a: NIn, d: NOut }
    /// An integer or truth value as a float.
    ToFloat { a: NIn, d: NOut }
    Not { a: NIn, d: NOut }
    CompareF { op: CompareOp, a: NIn, b: NIn, d: NOut }
    CompareI { op: CompareOp, a: NIn, b: NIn, d: NOut }
    /// A float as a truth value.
    TruthF { a: NIn, d: NOut }
    Float1 { a: NIn, d: NOut, f: Fn1 }
    Float2 { a: NIn, b: NIn, d: NOut, f: Fn2 }

    Jump { to: To }
    /// The end of a loop: back to its head. The only jump backwards.
    Repeat { to: To, at: u16 }
    JumpIf { a: NIn, when: bool, to: To }
    JumpF { op: CompareOp, when: bool, a: NIn, b: NIn, to: To }
    JumpI { op: CompareOp, when: bool, a: NIn, b: NIn, to: To }
    JumpTruth { a: VIn, when: bool, to: To }
    /// Turns start, stop, step in three registers into counter, number of rounds left, step.
    RangeInit { state: u16 }
    /// Turns the registers of a range that has not begun to those of the same numbers from the last to the first.
    RangeReverse { state: u16 }
    /// The next number of a range, or the jump when there is none.
    RangeNext { state: u16, d: NOut, to: To }
    /// A range that a value holds, into three registers.
    RangeOf { a: VIn, state: u16 }
    /// Something that a loop can go through by position.
    IterInit { a: VIn, d: VOut }
    IterNext { x: VKeep, state: u16, d: VOut, to: To }
    IterNextF { x: VKeep, state: u16, d: NOut, to: To }
    IterNextI { x: VKeep, state: u16, d: NOut, to: To }

    CopyV { a: VIn, d: VOut }
    MoveV { a: VTake, d: VOut }
    ConstV { k: u32, d: VOut }
    Box { a: NIn, dtype: DType, d: VOut }
    Unbox { a: VIn, dtype: DType, d: NOut }
    GlobalGet { slot: u32, d: VOut }
    GlobalTake { slot: u32, d: VOut }
    GlobalSet { a: VIn, slot: u32 }
    /// Ends a place update: puts the changed value back.
    GlobalPut { a: VTake, slot: u32 }
    GlobalDelete { slot: u32 }
    BinaryV { op: BinaryOp, a: VIn, b: VIn, d: VOut }
    /// `a op= b`
    UpdateV { op: BinaryOp, a: VIn, b: VIn, d: VOut }
    UnaryV { op: UnaryOp, a: VIn, d: VOut }
    CompareV { op: CompareOp, a: VIn, b: VIn, d: VOut }
    Truth { a: VIn, d: NOut }

    Index { x: VIn, i: VIn, d: VOut }
    SetIndex { i: VIn, v: VIn, x: VMut }
    /// `x[i] op= v`, where `x` is an array
    UpdateIndex { op: BinaryOp, i: VIn, v: VIn, x: VMut }
    DeleteIndex { i: VIn, x: VMut }
    IndexF1 { x: VIn, i: NIn, d: NOut }
    IndexI1 { x: VIn, i: NIn, d: NOut }
    IndexF2 { x: VIn, i: NIn, j: NIn, d: NOut }
    IndexListF { x: VIn, i: NIn, d: NOut }
    IndexListI { x: VIn, i: NIn, d: NOut }
    /// An element of anything by an integer.
    IndexAt { x: VIn, i: NIn, d: VOut }
    SetF1 { i: NIn, v: NIn, x: VMut }
    SetI1 { i: NIn, v: NIn, x: VMut }
    SetF2 { i: NIn, j: NIn, v: NIn, x: VMut }
    SetAt { i: NIn, v: VIn, x: VMut }
    PushF { a: NIn, x: VMut }
    PushI { a: NIn, x: VMut }
    PushV { a: VIn, x: VMut }
    PopF { x: VMut, d: NOut }
    PopI { x: VMut, d: NOut }
    Len { x: VIn, d: NOut }
    /// Takes an element out of its container for an update of a place within it.
    TakeItem { i: VIn, x: VMut, d: VOut }
    /// Puts it back; `direct`: it is the container that was changed, not only something within it.
    PutItem { i: VIn, v: VTake, x: VMut, direct: bool }

    MakeTuple { args: Args, d: VOut }
    MakeList { args: Args, d: VOut }
    /// From keys and values in turn.
    MakeDict { args: Args, d: VOut }
    MakeSlice { args: Args, d: VOut }
    JoinStr { args: Args, d: VOut }
    /// The text of a value for an f-string: the value and its format specification.
    Format { args: Args, conversion: u8, d: VOut }
    Extend { a: VIn, x: VMut }
    ListToTuple { a: VIn, d: VOut }
    DictInsert { k: VIn, v: VIn, x: VMut }
    DictMerge { a: VIn, x: VMut }
    /// Spreads a sequence over registers; the element `star` (255: none) gets the rest as a list.
    Unpack { a: VIn, star: u8, d: Outs }
    Attribute { x: VIn, name: Symbol, d: VOut }
    /// A closure from its captured values, then its defaults.
    MakeClosure { args: Args, code: u32, d: VOut }
    /// The value of a parameter's default.
    ClosureDefault { f: VIn, index: u16, d: VOut }

    /// Does what the instructions up to the end of a chain do, if the operands are fit for that, and goes on after them.
    Fused { chain: u32 }
    CallBuiltin { args: Args, d: VOut, builtin: &'static Builtin }
    /// As [`Op::CallBuiltin`], but the first argument stays in its register, changed.
    CallMutating { args: Args, d: VOut, builtin: &'static Builtin }
    /// A function of the script, compiled for its arguments' kinds. The argument `k` is in the number register
    /// `numbers + k` or the value register `args.base + k`. `closure` is the register of the closure plus one, or zero.
    CallScript { args: Args, numbers: u16, closure: VIn, spec: u32, d: Dest }
    /// The function is the first of the registers.
    CallValue { args: Args, shape: u32, d: VOut }
    /// The receiver is the first of the registers.
    CallMethod { args: Args, name: Symbol, shape: u32, d: VOut, global: bool }
    /// As [`Op::CallMethod`], but the receiver stays in its register, perhaps changed.
    CallMethodOn { args: Args, name: Symbol, shape: u32, d: VOut }
    ReturnN { a: NIn }
    ReturnV { a: VIn }

    Import { k: u32, d: VOut }
    Raise { a: VIn }
    AssertFailed { a: VIn }
    CheckBound { flag: u16, name: Symbol }
    Unbound { name: Symbol }
}

const _: () = assert!(size_of::<Op>() <= 16);

impl Op {
    /// The chain that begins after this instruction.
    pub fn chain(&self) -> Option<u32> {
        match self {
            Op::Fused { chain } => Some(*chain),
            _ => None,
        }
    }

    /// Whether the instruction after this one may follow it.
    pub fn falls_through(&self) -> bool {
        !matches!(
            self,
            Op::Jump { .. }
                | Op::Repeat { .. }
                | Op::ReturnN { .. }
                | Op::ReturnV { .. }
                | Op::Raise { .. }
                | Op::AssertFailed { .. }
                | Op::Unbound { .. }
        )
    }
}

impl Op {
    /// Makes an instruction that computes the number register `from` compute `to`; whether it does.
    pub fn retarget_number(&mut self, from: u16, to: u16) -> bool {
        struct Retarget(u16, u16, bool);
        impl Operands for Retarget {
            fn number_out(&mut self, register: &mut u16) {
                if *register == self.0 {
                    (*register, self.2) = (self.1, true);
                }
            }
        }
        let mut retarget = Retarget(from, to, false);
        self.visit(&mut retarget);
        retarget.2
    }

    /// Makes an instruction that computes the value register `from` compute `to`; whether it does.
    pub fn retarget_value(&mut self, from: u16, to: u16) -> bool {
        struct Retarget(u16, u16, bool);
        impl Operands for Retarget {
            fn value_out(&mut self, register: &mut u16) {
                if *register == self.0 {
                    (*register, self.2) = (self.1, true);
                }
            }
        }
        let mut retarget = Retarget(from, to, false);
        self.visit(&mut retarget);
        retarget.2
    }
}
