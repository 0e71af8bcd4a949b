//! What the walk knows of the variables at a point of the code. Every jump and every loop remembers it, and most of it is
//! the same as elsewhere: it is kept in a tree whose parts are shared until one of their variables changes.

use std::ops::{Index, IndexMut};
use std::rc::Rc;

use crate::sct::kind::Kind;

/// The parts of a part, as a power of two.
const BITS: u32 = 3;

/// What is known of a variable.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct State {
    pub kind: Kind,
    pub bound: Bound,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    No,
    Yes,
    /// A flag in a number register says.
    Maybe,
}

impl State {
    /// What is known here and there.
    pub fn join(&self, other: &State) -> State {
        let bound = if self.bound == other.bound { self.bound } else { Bound::Maybe };
        State { kind: self.kind.join(&other.kind), bound }
    }
}

#[derive(Clone)]
enum Part {
    Parts(Vec<Rc<Part>>),
    Variables(Vec<State>),
}

/// What is known of all variables, by number.
#[derive(Clone)]
pub(super) struct Env {
    root: Rc<Part>,
    /// How far the number of a variable is shifted to give its part of the root.
    shift: u32,
    len: usize,
}

impl Env {
    /// Of so many variables none has a value.
    pub fn unbound(len: usize) -> Env {
        let none = State { kind: Kind::Never, bound: Bound::No };
        let (mut root, mut shift) = (Rc::new(Part::Variables(vec![none; 1 << BITS])), 0);
        while len > 1 << (shift + BITS) {
            root = Rc::new(Part::Parts(vec![root; 1 << BITS]));
            shift += BITS;
        }
        Env { root, shift, len }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// The variables of which something else is known here than there, in order.
    pub fn differing(&self, other: &Env) -> Vec<usize> {
        let mut found = Vec::new();
        apart(&self.root, &other.root, 0, &mut found);
        found
    }

    /// What is known here and there.
    pub fn join(&self, other: &Env) -> Env {
        let mut joined = self.clone();
        for variable in self.differing(other) {
            joined[variable] = self[variable].join(&other[variable]);
        }
        joined
    }
}

/// The variables that two parts, which stand in the same place, know otherwise.
fn apart(a: &Rc<Part>, b: &Rc<Part>, place: usize, found: &mut Vec<usize>) {
    if Rc::ptr_eq(a, b) {
        return;
    }
    match (&**a, &**b) {
        (Part::Parts(a), Part::Parts(b)) => {
            a.iter().zip(b).enumerate().for_each(|(at, (a, b))| apart(a, b, (place << BITS) + at, found));
        }
        (Part::Variables(a), Part::Variables(b)) => {
            let differing = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
            found.extend(differing.map(|(at, _)| (place << BITS) + at));
        }
        _ => {}
    }
}

/// Where a variable stands in a part whose parts are told apart by the digits from `shift` on.
fn digit(variable: usize, shift: u32) -> usize {
    (variable >> shift) & ((1 << BITS) - 1)
}

impl Index<usize> for Env {
    type Output = State;

    fn index(&self, variable: usize) -> &State {
        let (mut part, mut shift) = (&self.root, self.shift);
        loop {
            match &**part {
                Part::Variables(variables) => return &variables[digit(variable, shift)],
                Part::Parts(parts) => part = &parts[digit(variable, shift)],
            }
            shift -= BITS;
        }
    }
}

impl IndexMut<usize> for Env {
    fn index_mut(&mut self, variable: usize) -> &mut State {
        let (mut part, mut shift) = (&mut self.root, self.shift);
        loop {
            match Rc::make_mut(part) {
                Part::Variables(variables) => return &mut variables[digit(variable, shift)],
                Part::Parts(parts) => part = &mut parts[digit(variable, shift)],
            }
            shift -= BITS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_found_and_joined() {
        let before = Env::unbound(40_000);
        let mut after = before.clone();
        for variable in [0, 31, 32, 33_000, 39_999] {
            after[variable] = State { kind: Kind::Float, bound: Bound::Yes };
        }
        assert_eq!(before.differing(&after), [0, 31, 32, 33_000, 39_999]);
        assert_eq!(before[32].bound, Bound::No);
        let joined = before.join(&after);
        assert_eq!(joined[32], State { kind: Kind::Float, bound: Bound::Maybe });
        assert_eq!(joined[33], before[33]);
        assert!(joined.differing(&joined.clone()).is_empty());
    }
}
