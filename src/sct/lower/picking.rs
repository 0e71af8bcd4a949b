//! What indices name of an array: one part of it, or elements that are picked one by one, among which one may be named
//! more than once. Of an index whose kind is not known it is only seen when the program runs (`cotangent.picks`).

use super::super::core::{Atom, Index};
use super::super::kind::{DType, Kind};
use super::Lowerer;

/// What an index of some kind names of an array.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    /// An element, or a part that is a view.
    Part,
    /// Elements, each once: truth values.
    Mask,
    /// Elements by their places, which may repeat.
    Places,
    /// One of these.
    Unknown,
}

impl Named {
    /// Visits what the parts of an index of this kind name.
    fn each(kind: &Kind, visit: &mut impl FnMut(Named)) {
        match kind {
            Kind::Any | Kind::Never => visit(Named::Unknown),
            Kind::Bool | Kind::Array(DType::Bool, _, _) => visit(Named::Mask),
            Kind::Array(..) | Kind::List(_) | Kind::ListOf(_) => visit(Named::Places),
            Kind::Tuple(items) => items.iter().for_each(|item| Named::each(item, visit)),
            _ => visit(Named::Part),
        }
    }
}

impl Lowerer<'_, '_> {
    fn any_named(&self, index: &Index, test: &impl Fn(Named) -> bool) -> bool {
        match index {
            Index::At(atom) => {
                let mut found = false;
                Named::each(&self.f.kind(atom), &mut |named| found |= test(named));
                found
            }
            Index::Tuple(items) => items.iter().any(|item| self.any_named(item, test)),
            Index::Slice(_) | Index::Ellipsis => false,
        }
    }

    /// Whether an index certainly picks elements of an array into a copy, instead of showing a part of it.
    pub fn picks(&self, index: &Index) -> bool {
        self.any_named(index, &|named| matches!(named, Named::Mask | Named::Places))
    }

    /// Whether an index may name an element of an array more than once.
    pub fn may_repeat(&self, index: &Index) -> bool {
        self.any_named(index, &|named| matches!(named, Named::Places | Named::Unknown))
    }

    /// Whether an index certainly names elements by their places; what it is an index of is then an array.
    pub fn names_places(&self, index: &Index) -> bool {
        self.any_named(index, &|named| named == Named::Places)
    }

    /// The parts of an index of which only the run shows whether they name places.
    pub fn unknown_parts(&self, index: &Index) -> Vec<Atom> {
        match index {
            Index::At(atom) if self.any_named(index, &|named| named == Named::Unknown) => vec![atom.clone()],
            Index::Tuple(items) => items.iter().flat_map(|item| self.unknown_parts(item)).collect(),
            _ => vec![],
        }
    }
}
