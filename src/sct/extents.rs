//! Which axes of arrays are equally long: what a call knows of the shapes of its arguments.
//!
//! A derivative is written for arguments whose axes are equal to each other, or one, in the pattern that the call shows,
//! not for their lengths: `x @ w + b` is the same program for a batch of 32 as for one of 64, and says by itself over
//! which axes the contribution to `b` is summed. Labels stand for lengths; arguments with equal labels have equal
//! lengths, in one derivation.

use super::kind::Kind;

/// Axes from the last one on of which something can be known.
const AXES: usize = 6;

/// What is known of the length of one axis.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Extent(u8);

/// What is known of the lengths of an array's axes, the last axis first, as broadcasting aligns them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Extents([Extent; AXES]);

impl Extent {
    /// Nothing.
    pub const UNKNOWN: Extent = Extent(0);
    /// The axis has one element.
    pub const ONE: Extent = Extent(1);

    /// The length that a label stands for; it is not one. Nothing is known where labels have run out.
    pub fn labelled(label: usize) -> Extent {
        u8::try_from(label).ok().and_then(|label| label.checked_add(2)).map_or(Extent::UNKNOWN, Extent)
    }

    /// The label.
    pub fn label(self) -> Option<usize> {
        self.0.checked_sub(2).map(usize::from)
    }

    /// Whether two axes are equally long for certain.
    pub fn same(self, other: Extent) -> bool {
        self == other && self != Extent::UNKNOWN
    }

    /// The length of the axis that results where two are broadcast against each other. Axes of different labels are an
    /// error when the program runs.
    fn broadcast(self, other: Extent) -> Extent {
        match (self, other) {
            (a, b) if a == b => a,
            (Extent::ONE, other) | (other, Extent::ONE) => other,
            (Extent::UNKNOWN, other) | (other, Extent::UNKNOWN) => other,
            _ => Extent::UNKNOWN,
        }
    }
}

impl Extents {
    /// Nothing is known.
    pub const UNKNOWN: Extents = Extents([Extent::UNKNOWN; AXES]);

    /// What is known of each axis, first axis first.
    pub fn of(axes: impl DoubleEndedIterator<Item = Extent>) -> Extents {
        let mut extents = Extents::UNKNOWN;
        for (known, extent) in extents.0.iter_mut().zip(axes.rev()) {
            *known = extent;
        }
        extents
    }

    /// What is known of an axis that is counted from the last one.
    pub fn from_last(&self, axis: usize) -> Extent {
        self.0.get(axis).copied().unwrap_or_default()
    }

    /// Says what is known of an axis that is counted from the last one; nothing of those too far from it.
    pub fn set_from_last(&mut self, axis: usize, extent: Extent) {
        if let Some(known) = self.0.get_mut(axis) {
            *known = extent;
        }
    }

    /// What is known of the axes of an array of this rank, first axis first.
    pub fn axes(self, rank: usize) -> impl DoubleEndedIterator<Item = Extent> + ExactSizeIterator {
        (0..rank).rev().map(move |axis| self.from_last(axis))
    }

    /// Whether two arrays of this rank have the same shape for certain.
    pub fn same(self, other: Extents, rank: usize) -> bool {
        (0..rank).all(|axis| self.from_last(axis).same(other.from_last(axis)))
    }

    /// What is known where either may be the case.
    pub fn join(self, other: Extents) -> Extents {
        self.zipped(other, |a, b| if a == b { a } else { Extent::UNKNOWN })
    }

    /// What is known where both hold.
    pub fn meet(self, other: Extents) -> Extents {
        self.zipped(other, |a, b| if a == Extent::UNKNOWN { b } else { a })
    }

    /// The shape that arrays of these ranks are broadcast to; numbers have rank 0.
    pub fn broadcast(self, rank: usize, other: Extents, other_rank: usize) -> Extents {
        self.filled(rank).zipped(other.filled(other_rank), Extent::broadcast).cut(rank.max(other_rank))
    }

    /// The extents with each one changed.
    pub fn map(self, change: &mut impl FnMut(Extent) -> Extent) -> Extents {
        Extents(self.0.map(change))
    }

    /// Axes that are not there count as ones where arrays are broadcast.
    fn filled(mut self, rank: usize) -> Extents {
        self.0.iter_mut().skip(rank).for_each(|extent| *extent = Extent::ONE);
        self
    }

    /// The axes before the last `count`.
    pub fn before_last(self, count: usize) -> Extents {
        Extents(std::array::from_fn(|axis| self.from_last(axis + count)))
    }

    /// Nothing but the last axes.
    pub fn cut(mut self, rank: usize) -> Extents {
        self.0.iter_mut().skip(rank).for_each(|extent| *extent = Extent::UNKNOWN);
        self
    }

    fn zipped(self, other: Extents, change: impl Fn(Extent, Extent) -> Extent) -> Extents {
        Extents(std::array::from_fn(|axis| change(self.0[axis], other.0[axis])))
    }
}

/// The labels in the kinds of a call's arguments, in the order in which they occur. A function is specialised for kinds
/// whose labels are numbered in that order, whatever they are for the caller.
#[derive(Debug)]
pub struct Labels(Vec<Extent>);

impl Labels {
    /// The labels in these kinds.
    pub fn of(kinds: &[Kind]) -> Labels {
        let mut labels = Vec::new();
        for kind in kinds {
            kind.map_extents(&mut |extent| {
                if extent.label().is_some() && !labels.contains(&extent) {
                    labels.push(extent);
                }
                extent
            });
        }
        Labels(labels)
    }

    /// A kind as the callee labels it.
    pub fn renumbered(&self, kind: &Kind) -> Kind {
        kind.map_extents(&mut |extent| {
            self.0.iter().position(|label| *label == extent).map_or(extent, Extent::labelled)
        })
    }

    /// A kind that the callee has labelled as its caller does.
    pub fn original(&self, kind: &Kind) -> Kind {
        kind.map_extents(&mut |extent| match extent.label() {
            Some(label) => self.0.get(label).copied().unwrap_or_default(),
            None => extent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Extent = Extent(2);
    const B: Extent = Extent(3);

    fn extents(axes: &[Extent]) -> Extents {
        Extents::of(axes.iter().copied())
    }

    #[test]
    fn broadcasting_aligns_last_axes() {
        let matrix = extents(&[A, B]);
        assert_eq!(matrix.broadcast(2, extents(&[B]), 1), matrix);
        assert_eq!(extents(&[A, Extent::ONE]).broadcast(2, extents(&[Extent::ONE, B]), 2), matrix);
        assert_eq!(matrix.broadcast(2, Extents::UNKNOWN, 0), matrix);
        // An axis of unknown length is as long as one that is known not to be one.
        assert_eq!(matrix.broadcast(2, Extents::UNKNOWN, 2), matrix);
        assert_eq!(extents(&[Extent::ONE]).broadcast(1, Extents::UNKNOWN, 1), Extents::UNKNOWN);
    }

    #[test]
    fn nothing_unknown_is_the_same() {
        assert!(extents(&[A, B]).same(extents(&[A, B]), 2));
        assert!(!extents(&[A, B]).same(extents(&[B, A]), 2));
        assert!(!extents(&[A, Extent::UNKNOWN]).same(extents(&[A, Extent::UNKNOWN]), 2));
    }
}
