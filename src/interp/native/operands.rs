//! Which number registers an instruction reads and writes, and as what.

use crate::interp::vm::instructions::{Dest, NIn, NOut, Op};
use crate::sct::kind::DType;

/// What the 64 bits of a register are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Float,
    /// Integers and truth values.
    Int,
}

/// A number register that an instruction uses; without a type where it only passes the bits on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Read(u16, Option<Type>),
    Write(u16, Option<Type>),
}

impl Type {
    pub fn of(dtype: DType) -> Type {
        if dtype == DType::Float { Type::Float } else { Type::Int }
    }
}

/// Shows the number registers of an instruction, those it reads first.
pub(super) fn numbers(op: &Op, mut see: impl FnMut(Use)) {
    use Type::{Float, Int};
    let reads = |see: &mut dyn FnMut(Use), registers: &[NIn], as_type: Type| {
        registers.iter().for_each(|register| see(Use::Read(register.0, Some(as_type))));
    };
    let writes = |see: &mut dyn FnMut(Use), register: NOut, as_type: Type| see(Use::Write(register.0, Some(as_type)));
    let see: &mut dyn FnMut(Use) = &mut see;
    match *op {
        Op::CopyN { a, d } => {
            see(Use::Read(a.0, None));
            see(Use::Write(d.0, None));
        }
        Op::AddF { a, b, d }
        | Op::SubF { a, b, d }
        | Op::MulF { a, b, d }
        | Op::DivF { a, b, d }
        | Op::BinaryF { a, b, d, .. }
        | Op::Float2 { a, b, d, .. } => {
            reads(see, &[a, b], Float);
            writes(see, d, Float);
        }
        Op::NegF { a, d } | Op::Float1 { a, d, .. } => {
            reads(see, &[a], Float);
            writes(see, d, Float);
        }
        Op::AddI { a, b, d }
        | Op::SubI { a, b, d }
        | Op::MulI { a, b, d }
        | Op::BinaryI { a, b, d, .. }
        | Op::CompareI { a, b, d, .. } => {
            reads(see, &[a, b], Int);
            writes(see, d, Int);
        }
        Op::NegI { a, d } | Op::InvertI { a, d } | Op::Not { a, d } => {
            reads(see, &[a], Int);
            writes(see, d, Int);
        }
        Op::ToFloat { a, d } => {
            reads(see, &[a], Int);
            writes(see, d, Float);
        }
        Op::CompareF { a, b, d, .. } => {
            reads(see, &[a, b], Float);
            writes(see, d, Int);
        }
        Op::TruthF { a, d } => {
            reads(see, &[a], Float);
            writes(see, d, Int);
        }
        Op::JumpIf { a, .. } => reads(see, &[a], Int),
        Op::JumpF { a, b, .. } => reads(see, &[a, b], Float),
        Op::JumpI { a, b, .. } => reads(see, &[a, b], Int),
        Op::RangeInit { state } => {
            reads(see, &[NIn(state), NIn(state + 1), NIn(state + 2)], Int);
            writes(see, NOut(state + 1), Int);
        }
        Op::RangeReverse { state } => {
            reads(see, &[NIn(state), NIn(state + 1), NIn(state + 2)], Int);
            writes(see, NOut(state), Int);
            writes(see, NOut(state + 2), Int);
        }
        Op::RangeNext { state, d, .. } => {
            reads(see, &[NIn(state), NIn(state + 1), NIn(state + 2)], Int);
            writes(see, NOut(state), Int);
            writes(see, NOut(state + 1), Int);
            writes(see, d, Int);
        }
        Op::RangeOf { state, .. } => (state..state + 3).for_each(|register| writes(see, NOut(register), Int)),
        Op::IterNext { state, .. } => {
            reads(see, &[NIn(state)], Int);
            writes(see, NOut(state), Int);
        }
        Op::IterNextF { state, d, .. } => {
            reads(see, &[NIn(state)], Int);
            writes(see, NOut(state), Int);
            writes(see, d, Float);
        }
        Op::IterNextI { state, d, .. } => {
            reads(see, &[NIn(state)], Int);
            writes(see, NOut(state), Int);
            writes(see, d, Int);
        }
        Op::Box { a, dtype, .. } => reads(see, &[a], Type::of(dtype)),
        Op::Unbox { dtype, d, .. } => writes(see, d, Type::of(dtype)),
        Op::Truth { d, .. } | Op::Len { d, .. } | Op::PopI { d, .. } => writes(see, d, Int),
        Op::PopF { d, .. } => writes(see, d, Float),
        Op::IndexF1 { i, d, .. } | Op::IndexListF { i, d, .. } => {
            reads(see, &[i], Int);
            writes(see, d, Float);
        }
        Op::IndexI1 { i, d, .. } | Op::IndexListI { i, d, .. } => {
            reads(see, &[i], Int);
            writes(see, d, Int);
        }
        Op::IndexF2 { i, j, d, .. } => {
            reads(see, &[i, j], Int);
            writes(see, d, Float);
        }
        Op::IndexAt { i, .. } | Op::SetAt { i, .. } => reads(see, &[i], Int),
        Op::SetF1 { i, v, .. } => {
            reads(see, &[i], Int);
            reads(see, &[v], Float);
        }
        Op::SetI1 { i, v, .. } => reads(see, &[i, v], Int),
        Op::SetF2 { i, j, v, .. } => {
            reads(see, &[i, j], Int);
            reads(see, &[v], Float);
        }
        Op::PushF { a, .. } => reads(see, &[a], Float),
        Op::PushI { a, .. } => reads(see, &[a], Int),
        Op::CallScript { args, numbers, d, .. } => {
            (numbers..numbers + args.count).for_each(|register| see(Use::Read(register, None)));
            if d.value().is_none() {
                let Dest(register) = d;
                see(Use::Write(register, None));
            }
        }
        Op::ReturnN { a } => see(Use::Read(a.0, None)),
        Op::CheckBound { flag, .. } => reads(see, &[NIn(flag)], Int),
        Op::Jump { .. }
        | Op::Repeat { .. }
        | Op::JumpTruth { .. }
        | Op::IterInit { .. }
        | Op::CopyV { .. }
        | Op::MoveV { .. }
        | Op::ConstV { .. }
        | Op::GlobalGet { .. }
        | Op::GlobalTake { .. }
        | Op::GlobalSet { .. }
        | Op::GlobalPut { .. }
        | Op::GlobalDelete { .. }
        | Op::BinaryV { .. }
        | Op::UpdateV { .. }
        | Op::UnaryV { .. }
        | Op::CompareV { .. }
        | Op::Index { .. }
        | Op::SetIndex { .. }
        | Op::UpdateIndex { .. }
        | Op::DeleteIndex { .. }
        | Op::PushV { .. }
        | Op::TakeItem { .. }
        | Op::PutItem { .. }
        | Op::MakeTuple { .. }
        | Op::MakeList { .. }
        | Op::MakeDict { .. }
        | Op::MakeSlice { .. }
        | Op::JoinStr { .. }
        | Op::Format { .. }
        | Op::Extend { .. }
        | Op::ListToTuple { .. }
        | Op::DictInsert { .. }
        | Op::DictMerge { .. }
        | Op::Unpack { .. }
        | Op::Attribute { .. }
        | Op::MakeClosure { .. }
        | Op::ClosureDefault { .. }
        | Op::Fused { .. }
        | Op::CallBuiltin { .. }
        | Op::CallMutating { .. }
        | Op::CallValue { .. }
        | Op::CallMethod { .. }
        | Op::CallMethodOn { .. }
        | Op::ReturnV { .. }
        | Op::Import { .. }
        | Op::Raise { .. }
        | Op::AssertFailed { .. }
        | Op::Unbound { .. } => {}
    }
}

/// Where an instruction may go on besides the next one.
pub(super) fn target(op: &Op) -> Option<usize> {
    match *op {
        Op::Jump { to }
        | Op::Repeat { to, .. }
        | Op::JumpIf { to, .. }
        | Op::JumpF { to, .. }
        | Op::JumpI { to, .. }
        | Op::JumpTruth { to, .. }
        | Op::RangeNext { to, .. }
        | Op::IterNext { to, .. }
        | Op::IterNextF { to, .. }
        | Op::IterNextI { to, .. } => Some(to.0 as usize),
        _ => None,
    }
}

/// Whether an instruction writes only where it does not jump.
pub(super) fn writes_unless_it_jumps(op: &Op) -> bool {
    matches!(op, Op::RangeNext { .. } | Op::IterNext { .. } | Op::IterNextF { .. } | Op::IterNextI { .. })
}
