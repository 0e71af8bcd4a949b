//! What is known of lengths: integers that are lengths of axes, and arrays that are made or cut to a length.

use crate::lang::Symbol;

use super::super::core::{Atom, Index, Op, Var};
use super::super::extents::{Extent, Extents};
use super::super::kind::{Kind, Literal};
use super::Lowerer;

impl Lowerer<'_, '_> {
    /// Notes which lengths the integer, or the tuple of integers, is that an operation gives.
    pub(super) fn note_lengths(&mut self, var: Var, op: &Op) {
        if self.f.info(var).kind == Kind::Float {
            return;
        }
        let lengths = match op {
            Op::Call(name, args) => match (name.as_str(), args.as_slice()) {
                ("np.shape", [x]) => self.axes(x),
                ("len", [x]) => self.axes(x).map(|axes| axes.into_iter().take(1).collect()),
                ("np.size", [x, Atom::Lit(Literal::None)]) => self.axes(x).filter(|axes| axes.len() == 1),
                _ => None,
            },
            Op::Tuple(items) => Some(self.each_length(items.iter())),
            Op::Index(tuple, Index::At(Atom::Lit(Literal::Int(at)))) => {
                self.lengths(tuple).and_then(|lengths| super::position(*at, lengths.len()).map(|at| vec![lengths[at]]))
            }
            _ => None,
        };
        if let Some(lengths) = lengths
            && lengths.iter().any(|length| *length != Extent::UNKNOWN)
        {
            self.f.lengths.insert(var, lengths);
        }
    }

    /// What is known of the result of a library function that makes arrays of a given shape.
    pub(super) fn of_length(&mut self, name: Symbol, args: &[Atom], kind: Kind) -> Kind {
        let Some(rank) = kind.rank().filter(|rank| *rank > 0) else { return kind };
        let axes = match (name.as_str(), args) {
            ("np.zeros" | "np.ones" | "np.empty" | "np.full", [shape, ..])
            | ("np.broadcast_to" | "np.reshape" | "cotangent.sum_to", [_, shape, ..]) => self.lengths(shape),
            ("np.eye", [rows, Atom::Lit(Literal::None), ..]) | ("np.identity", [rows, ..]) => {
                self.lengths(rows).map(|rows| [rows.clone(), rows].concat())
            }
            ("np.eye", [rows, columns, ..]) => Some(self.each_length([rows, columns].into_iter())),
            _ => None,
        };
        match axes {
            Some(axes) if axes.len() == rank => {
                let known = kind.extents().meet(Extents::of(axes.into_iter()));
                kind.with_extents(known)
            }
            _ => kind,
        }
    }

    /// What is known of the length of a slice of an axis.
    pub(super) fn slice_length(&self, whole: Extent, bounds: &[Option<Atom>; 3]) -> Extent {
        let bound = |at: usize| match &bounds[at] {
            None | Some(Atom::Lit(Literal::None)) => Some(None),
            Some(Atom::Lit(Literal::Int(bound))) => Some(Some(*bound)),
            Some(_) => None,
        };
        let (Some(start), Some(stop), Some(None | Some(1))) = (bound(0), bound(1), bound(2)) else {
            return Extent::UNKNOWN;
        };
        match (&self.session.lengths, start.unwrap_or(0)) {
            (_, 0) if stop.is_none() => whole,
            (Some(lengths), start) if self.f.at_call => lengths.borrow_mut().between(whole, start, stop),
            _ => Extent::UNKNOWN,
        }
    }

    /// What is known of the axes of an array of known rank.
    fn axes(&self, x: &Atom) -> Option<Vec<Extent>> {
        let kind = self.f.kind(x);
        kind.rank().map(|rank| kind.extents().axes(rank).collect())
    }

    /// What is known of the lengths that an integer, or a tuple of integers, is.
    fn lengths(&self, shape: &Atom) -> Option<Vec<Extent>> {
        match shape {
            Atom::Var(var) => self.f.lengths.get(var).cloned(),
            Atom::Lit(Literal::Tuple(items)) => Some(items.iter().map(|item| self.constant_length(item)).collect()),
            Atom::Lit(length) => Some(vec![self.constant_length(length)]),
            Atom::Undefined => None,
        }
    }

    fn each_length<'a>(&self, lengths: impl Iterator<Item = &'a Atom>) -> Vec<Extent> {
        let one = |length: &Atom| match self.lengths(length).as_deref() {
            Some([length]) => *length,
            _ => Extent::UNKNOWN,
        };
        lengths.map(one).collect()
    }

    fn constant_length(&self, length: &Literal) -> Extent {
        match (length, &self.session.lengths) {
            (Literal::Int(1), _) => Extent::ONE,
            (Literal::Int(length), Some(lengths)) if self.f.at_call => {
                usize::try_from(*length).map_or(Extent::UNKNOWN, |length| lengths.borrow_mut().constant(length))
            }
            _ => Extent::UNKNOWN,
        }
    }
}
