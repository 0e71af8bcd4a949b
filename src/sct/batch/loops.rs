//! Loops on conditions that all examples share: one loop on arrays. What a loop carries may come to differ in its body.

use crate::lang::{Error, Result};

use super::super::core::{Atom, Block, Carried, Head, Loop, StmtKind};
use super::super::kind::Kind;
use super::axes::{batched, no_batch};
use super::{Batch, Spread, Value};

/// Rounds after which what differs in a loop is settled.
const ROUNDS: usize = 16;

impl Batch<'_, '_, '_> {
    /// A loop; false where the examples go round it differently.
    pub(super) fn looping(&mut self, looping: &Loop) -> Result<bool> {
        let span = self.l.span;
        let inits: Vec<Value> = looping.carried.iter().map(|carried| self.value(&carried.init)).collect();
        let mut spreads: Vec<Spread> = Vec::new();
        for (carried, init) in looping.carried.iter().zip(&inits) {
            let listed = matches!(self.l.f.info(carried.inner).kind, Kind::ListOf(_)) && !init.spread.is_same();
            spreads.push(if listed { Spread::Items(Box::new(init.spread.item()?)) } else { init.spread.clone() });
        }
        let head = match &looping.head {
            Head::For { index, range, count, reversed } => {
                if !range.iter().chain(count).all(|atom| self.is_same(atom)) {
                    return Ok(false);
                }
                let [start, stop, step] = range;
                let range = [self.same(start)?, self.same(stop)?, self.same(step)?];
                let count = count.as_ref().map(|count| self.same(count)).transpose()?;
                Some(Head::For { index: *index, range, count, reversed: *reversed })
            }
            Head::While(..) => None,
        };
        let before = self.unsettled;
        for _ in 0..ROUNDS {
            self.unsettled = before;
            let mut inner = Vec::new();
            for (carried, spread) in looping.carried.iter().zip(&spreads) {
                if spread.is_same() {
                    self.values.remove(&carried.inner);
                    inner.push(carried.inner);
                    continue;
                }
                let info = self.l.f.info(carried.inner).clone();
                let kind = batched(&info.kind, spread, self.extent)?;
                let var = self.l.f.fresh(info.name, kind, info.temporary);
                self.values.insert(carried.inner, Value { atom: Atom::Var(var), spread: spread.clone() });
                inner.push(var);
            }
            let (head, test_same) = match (&head, &looping.head) {
                (Some(head), _) => (head.clone(), true),
                (None, Head::While(block, test)) => {
                    let block = self.arm(block)?;
                    let test = self.value(test);
                    (Head::While(block, test.atom), test.spread.is_same())
                }
                (None, _) => return Err(no_batch()),
            };
            let mut body = self.arm(&looping.body)?;
            let nexts: Vec<Value> = looping.carried.iter().map(|carried| self.value(&carried.next)).collect();
            let mut settled = true;
            for ((spread, next), carried) in spreads.iter_mut().zip(&nexts).zip(&looping.carried) {
                let mut joined = spread.join(&next.spread)?;
                if let (Spread::Parts(_), Kind::ListOf(_)) = (&joined, &self.l.f.info(carried.inner).kind) {
                    joined = Spread::Items(Box::new(joined.item()?));
                }
                settled &= joined == *spread;
                *spread = joined;
            }
            if !settled {
                continue;
            }
            self.l.span = span;
            let stop_same = looping.stop.as_ref().is_none_or(|stop| self.is_same(stop));
            if !test_same || !stop_same {
                return Ok(false);
            }
            let stop = looping.stop.as_ref().map(|stop| self.same(stop)).transpose()?;
            let mut threads = Vec::new();
            for (at, carried) in looping.carried.iter().enumerate() {
                let spread = &spreads[at];
                let init = self.force(&inits[at], spread)?;
                std::mem::swap(&mut self.l.block, &mut body);
                let next = self.force(&nexts[at], spread);
                std::mem::swap(&mut self.l.block, &mut body);
                let next = next?;
                let outer = match spread.is_same() {
                    true => carried.outer,
                    false => {
                        let info = self.l.f.info(carried.outer).clone();
                        let kind = self.l.f.info(inner[at]).kind.clone();
                        let outer = self.l.f.fresh(info.name, kind, info.temporary);
                        self.values.insert(carried.outer, Value { atom: outer.into(), spread: spread.clone() });
                        outer
                    }
                };
                let (now, after) = (self.l.f.info(inner[at]).kind.clone(), self.l.f.kind(&next));
                if !spread.is_same() && next != Atom::Undefined && now.dtype() != after.dtype() {
                    return Ok(false);
                }
                threads.push(Carried { inner: inner[at], init, next, outer });
            }
            self.l.push(StmtKind::Loop(Box::new(Loop { head, carried: threads, body, stop })));
            return Ok(true);
        }
        Err(Error::derivative("what differs in this loop is not settled"))
    }

    /// A block with its own statements.
    pub(super) fn arm(&mut self, block: &Block) -> Result<Block> {
        let fresh = Block { stmts: vec![], id: block.id, mirrors: block.mirrors };
        let outer = std::mem::replace(&mut self.l.block, fresh);
        let done = self.block(block);
        let emitted = std::mem::replace(&mut self.l.block, outer);
        done.map(|()| emitted)
    }
}
