//! Straight loops over ranges, where one look before the loop stands for those of all its rounds.
//!
//! The body of such a loop has no jumps. Its indices stay as they are or grow evenly, so that the first and the last round
//! say whether all are in bounds, and whether what they are computed from overflows. It lengthens or shortens each list by as
//! many elements in every round, so that the number of rounds says what room they need. `lower/sweep.rs` writes the look and
//! the rounds without any; where it fails the loop runs as it stands, and comes to the error if there is one.

use rustc_hash::{FxHashMap, FxHashSet};

use super::operands::Use;
use super::region::{Region, Storage};
use crate::interp::compile::Compiled;
use crate::interp::vm::instructions::{Op, VIn};
use crate::lang::tree::BinaryOp;

/// What becomes of an integer from round to round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Course {
    /// It is the same in all.
    Fixed,
    /// It grows by as much in each.
    Even,
    /// It may be anything.
    Open,
}

/// A loop with such a body.
#[derive(Debug)]
pub(super) struct Sweep {
    /// The start of a round.
    pub head: usize,
    /// The jump back.
    pub back: usize,
    /// The registers of the range.
    pub state: u16,
    /// The register of its present number.
    pub index: u16,
    /// The views of the lists that change, and by how many elements in a round.
    pub lists: Vec<(usize, i64)>,
    /// What becomes of the result of each instruction of the body.
    courses: Vec<Course>,
    /// The indices that are the same in all rounds, by instruction and register.
    fixed: FxHashSet<(usize, u16)>,
}

impl Sweep {
    /// All such loops of a region.
    pub fn all(code: &Compiled, region: &Region<'_>) -> Vec<Sweep> {
        (region.head..=region.back).filter_map(|back| Sweep::of(code, region, back)).collect()
    }

    /// The loop that ends with the instruction `back`, if it is one.
    fn of(code: &Compiled, region: &Region<'_>, back: usize) -> Option<Sweep> {
        let Op::Repeat { to, .. } = code.ops[back] else { return None };
        let head = to.0 as usize;
        let straight = region.contains(head)
            && (head..=back).all(|pc| region.is_covered(pc))
            && (head + 2..=back).all(|pc| !region.starts[pc - region.head]);
        let Op::RangeNext { state, d, .. } = code.ops[head] else { return None };
        if !straight {
            return None;
        }
        let mut body = Body::new(region);
        for pc in head + 1..back {
            region.numbers(code, pc, |used| {
                if let Use::Write(register, _) = used {
                    body.written.insert(register);
                }
            });
        }
        if (state..state + 3).any(|register| body.written.contains(&register)) {
            return None;
        }
        body.courses.insert(d.0, Course::Even);
        let mut courses = vec![Course::Even];
        for pc in head + 1..back {
            let course = body.instruction(pc, &code.ops[pc])?;
            region.numbers(code, pc, |used| {
                if let Use::Write(register, _) = used {
                    body.courses.insert(register, course);
                }
            });
            courses.push(course);
        }
        let apart = body.lists.iter().all(|(view, _)| !body.looked_into.contains(view));
        apart.then_some(Sweep { head, back, state, index: d.0, lists: body.lists, courses, fixed: body.fixed })
    }

    /// What becomes of the result of an instruction of the body.
    pub fn course(&self, pc: usize) -> Course {
        self.courses[pc - self.head]
    }

    /// Whether the register by which an instruction indexes is the same in all rounds.
    pub fn is_fixed(&self, pc: usize, register: u16) -> bool {
        self.fixed.contains(&(pc, register))
    }
}

/// A body as far as it has been gone through.
struct Body<'a> {
    region: &'a Region<'a>,
    /// The registers that it writes.
    written: FxHashSet<u16>,
    /// What becomes of those that it has written so far.
    courses: FxHashMap<u16, Course>,
    fixed: FxHashSet<(usize, u16)>,
    lists: Vec<(usize, i64)>,
    /// The views whose elements or length it reads or sets.
    looked_into: FxHashSet<usize>,
}

impl<'a> Body<'a> {
    fn new(region: &'a Region<'a>) -> Body<'a> {
        Body {
            region,
            written: FxHashSet::default(),
            courses: FxHashMap::default(),
            fixed: FxHashSet::default(),
            lists: Vec::new(),
            looked_into: FxHashSet::default(),
        }
    }

    fn course(&self, register: u16) -> Course {
        match self.courses.get(&register) {
            Some(course) => *course,
            None if self.written.contains(&register) => Course::Open,
            None => Course::Fixed,
        }
    }

    /// What becomes of the result of an instruction; none where something has to be looked at in every round.
    fn instruction(&mut self, pc: usize, op: &Op) -> Option<Course> {
        use Course::{Even, Fixed, Open};
        Some(match *op {
            Op::CopyN { a, .. } => self.course(a.0),
            Op::AddI { a, b, .. } | Op::SubI { a, b, .. } => match (self.course(a.0), self.course(b.0)) {
                (Fixed, Fixed) => Fixed,
                (Open, _) | (_, Open) => return None,
                _ => Even,
            },
            Op::MulI { a, b, .. } => match (self.course(a.0), self.course(b.0)) {
                (Fixed, Fixed) => Fixed,
                (Fixed, Even) | (Even, Fixed) => Even,
                _ => return None,
            },
            Op::NegI { a, .. } => Some(self.course(a.0)).filter(|course| *course != Open)?,
            Op::Len { x, .. } => {
                self.look_into(x)?;
                Fixed
            }
            Op::IndexF1 { x, i, .. }
            | Op::IndexI1 { x, i, .. }
            | Op::IndexListF { x, i, .. }
            | Op::IndexListI { x, i, .. } => self.element(pc, x, &[i.0])?,
            Op::IndexF2 { x, i, j, .. } => self.element(pc, x, &[i.0, j.0])?,
            Op::SetF1 { i, x, .. } | Op::SetI1 { i, x, .. } => self.element(pc, VIn(x.0), &[i.0])?,
            Op::SetF2 { i, j, x, .. } => self.element(pc, VIn(x.0), &[i.0, j.0])?,
            Op::PushF { x, .. } | Op::PushI { x, .. } => self.change(x.0, 1)?,
            Op::PopF { x, .. } | Op::PopI { x, .. } => self.change(x.0, -1)?,
            Op::CheckBound { flag, .. } => Some(self.course(flag)).filter(|course| *course == Fixed)?,
            Op::BinaryI { op: BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor, .. }
            | Op::AddF { .. }
            | Op::SubF { .. }
            | Op::MulF { .. }
            | Op::DivF { .. }
            | Op::BinaryF { .. }
            | Op::NegF { .. }
            | Op::Float1 { .. }
            | Op::Float2 { .. }
            | Op::InvertI { .. }
            | Op::ToFloat { .. }
            | Op::Not { .. }
            | Op::CompareF { .. }
            | Op::CompareI { .. }
            | Op::TruthF { .. } => Open,
            _ => return None,
        })
    }

    fn element(&mut self, pc: usize, x: VIn, indices: &[u16]) -> Option<Course> {
        self.look_into(x)?;
        for register in indices {
            match self.course(*register) {
                Course::Fixed => drop(self.fixed.insert((pc, *register))),
                Course::Even => {}
                Course::Open => return None,
            }
        }
        Some(Course::Open)
    }

    fn look_into(&mut self, x: VIn) -> Option<()> {
        self.looked_into.insert(self.region.view(x.register() as u16)?);
        Some(())
    }

    fn change(&mut self, register: u16, by: i64) -> Option<Course> {
        let view = self.region.view(register)?;
        let list = matches!(self.region.views[view].storage, Storage::FloatList | Storage::IntList);
        match self.lists.iter_mut().find(|(known, _)| *known == view) {
            Some((_, all)) if all.signum() == by => *all += by,
            Some(_) => return None,
            None => self.lists.push((view, by)),
        }
        list.then_some(Course::Open)
    }
}
