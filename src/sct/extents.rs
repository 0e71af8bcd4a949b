//! Which axes of arrays are equally long: what a call knows of the shapes of its arguments.
//!
//! A derivative is written for arguments whose axes are equal to each other, or one, in the pattern that the call shows,
//! not for their lengths: `x @ w + b` is the same program for a batch of 32 as for one of 64, and says by itself over
//! which axes the contribution to `b` is summed. Labels stand for lengths; arguments with equal labels have equal
//! lengths, in one derivation. Where a program says a length itself (`np.zeros(32)`, `z[0:32]`, `x[1:]`), the derivation looks at
//! the lengths of the call it is for, and notes what it relies on.

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
    pub fn broadcast(self, other: Extent) -> Extent {
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

/// The lengths that labels stand for in the call that a derivative is written for, and what the derivative relies on of
/// them: it is written anew for arguments of which that does not hold.
#[derive(Clone, Debug)]
pub struct Lengths {
    /// What each label stands for: the arguments' own labels, then those that the derivation has added.
    labels: Vec<(Origin, usize)>,
    facts: Vec<Fact>,
}

/// What makes the length that a label stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Origin {
    /// An axis of an argument.
    Argument,
    /// A constant of the program.
    Constant,
    /// The length of this label, less so much.
    Less(Extent, usize),
}

/// What must hold of the lengths of a call's arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A label's length is at least this.
    AtLeast(usize, usize),
    /// A label's length is less than this.
    Below(usize, usize),
    /// A label's length is this.
    Is(usize, usize),
}

impl Fact {
    /// Whether it holds of arguments in which labels have these lengths.
    pub fn holds(&self, lengths: &[usize]) -> bool {
        match *self {
            Fact::AtLeast(label, least) => lengths.get(label).is_some_and(|length| *length >= least),
            Fact::Below(label, limit) => lengths.get(label).is_some_and(|length| *length < limit),
            Fact::Is(label, length) => lengths.get(label) == Some(&length),
        }
    }
}

impl Lengths {
    /// The lengths of arguments, by label.
    pub fn of(arguments: &[usize]) -> Lengths {
        Lengths { labels: arguments.iter().map(|length| (Origin::Argument, *length)).collect(), facts: Vec::new() }
    }

    /// What is relied on.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// An axis of a length that the program says.
    pub fn constant(&mut self, length: usize) -> Extent {
        if length == 1 {
            return Extent::ONE;
        }
        match self.labels.iter().position(|(origin, n)| *n == length && !matches!(origin, Origin::Less(..))) {
            Some(label) => {
                if self.labels[label].0 == Origin::Argument {
                    self.rely(Fact::Is(label, length));
                }
                Extent::labelled(label)
            }
            None => self.add(Origin::Constant, length),
        }
    }

    /// The axis that is left of one between two bounds, as slices have them.
    pub fn between(&mut self, whole: Extent, start: i64, stop: Option<i64>) -> Extent {
        let (front, back) = match (usize::try_from(start), stop) {
            (Ok(0), None) => return whole,
            (Ok(front), None) => (front, 0),
            (Ok(front), Some(stop)) if stop < 0 => match usize::try_from(stop.unsigned_abs()) {
                Ok(back) => (front, back),
                Err(_) => return Extent::UNKNOWN,
            },
            (Ok(front), Some(stop)) => {
                let stop = usize::try_from(stop).unwrap_or(usize::MAX);
                return if self.at_least(whole, stop) {
                    self.constant(stop.saturating_sub(front))
                } else {
                    Extent::UNKNOWN
                };
            }
            (Err(_), None) => {
                let Ok(last) = usize::try_from(start.unsigned_abs()) else { return Extent::UNKNOWN };
                return if self.at_least(whole, last) { self.constant(last) } else { Extent::UNKNOWN };
            }
            (Err(_), Some(_)) => return Extent::UNKNOWN,
        };
        // A label never stands for one.
        let Some(less) = front.checked_add(back) else { return Extent::UNKNOWN };
        if !self.at_least(whole, less.saturating_add(2)) {
            return Extent::UNKNOWN;
        }
        let origin = Origin::Less(whole, less);
        match self.labels.iter().position(|(known, _)| *known == origin) {
            Some(label) => Extent::labelled(label),
            None => {
                let length = self.length(whole).unwrap_or_default();
                self.add(origin, length - less)
            }
        }
    }

    /// Whether an axis has at least so many elements.
    fn at_least(&mut self, extent: Extent, least: usize) -> bool {
        let Some(length) = self.length(extent) else { return false };
        let holds = length >= least;
        if let Some(label) = extent.label() {
            match self.labels[label].0 {
                Origin::Argument if holds => self.rely(Fact::AtLeast(label, least)),
                Origin::Argument => self.rely(Fact::Below(label, least)),
                Origin::Constant => {}
                Origin::Less(whole, less) => return self.at_least(whole, least.saturating_add(less)),
            }
        }
        holds
    }

    fn length(&self, extent: Extent) -> Option<usize> {
        match extent.label() {
            Some(label) => self.labels.get(label).map(|(_, length)| *length),
            None => (extent == Extent::ONE).then_some(1),
        }
    }

    fn rely(&mut self, fact: Fact) {
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    fn add(&mut self, origin: Origin, length: usize) -> Extent {
        let extent = Extent::labelled(self.labels.len());
        if extent != Extent::UNKNOWN {
            self.labels.push((origin, length));
        }
        extent
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

    #[test]
    fn slices_have_lengths_where_the_axis_is_long_enough() {
        let mut lengths = Lengths::of(&[128, 32, 2]);
        let (long, short) = (Extent::labelled(0), Extent::labelled(2));
        assert_eq!(lengths.between(long, 0, Some(32)), Extent::labelled(1));
        assert_eq!(lengths.between(long, 96, Some(128)), Extent::labelled(1));
        assert_eq!(lengths.facts(), [Fact::AtLeast(0, 32), Fact::Is(1, 32), Fact::AtLeast(0, 128)]);
        assert_eq!(lengths.between(long, 96, Some(129)), Extent::UNKNOWN);
        assert_eq!(lengths.between(long, 0, None), long);
        assert_eq!(lengths.between(long, 5, Some(6)), Extent::ONE);
        // One off either end is equally much, and of a length that is not known to be one only where enough is left.
        assert!(lengths.between(long, 1, None).same(lengths.between(long, 0, Some(-1))));
        assert!(!lengths.between(long, 1, None).same(lengths.between(long, 1, Some(-1))));
        assert_eq!(lengths.between(short, 1, None), Extent::UNKNOWN);
        assert_eq!(lengths.between(short, -2, None), short);
        assert_eq!(lengths.between(Extent::UNKNOWN, 0, Some(3)), Extent::UNKNOWN);
    }

    #[test]
    fn facts_say_for_which_lengths() {
        let mut lengths = Lengths::of(&[5]);
        lengths.between(Extent::labelled(0), 0, Some(3));
        lengths.between(Extent::labelled(0), 0, Some(6));
        let holds = |n| lengths.facts().iter().all(|fact| fact.holds(&[n]));
        assert_eq!((2..8).filter(|n| holds(*n)).collect::<Vec<_>>(), [3, 4, 5]);
    }
}
