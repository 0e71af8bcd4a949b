//! Loops whose bodies are written once for each item.

use crate::lang::Result;
use crate::lang::tree::{Expr, Stmt, StmtKind as Tree};

use super::super::bind::Bind;
use super::super::core::Atom;
use super::super::kind::Literal;
use super::{Frame, Lowerer};

/// Loops over more items are loops.
pub const MOST_UNROLLED: usize = 64;

impl Lowerer<'_, '_> {
    /// A body written once for each item.
    pub fn unrolled(&mut self, target: &Expr, items: Vec<Bind>, body: &[Stmt], fr: &mut Frame) -> Result<()> {
        let Some((stop, rest)) = tail_break(body) else {
            let path = fr.path;
            for (at, item) in (1..).zip(items) {
                // What is found of a loop inside holds for this item only.
                fr.path = path.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ at;
                self.assign(target, item, fr)?;
                self.statements(body, fr)?;
            }
            fr.path = path;
            return Ok(());
        };
        self.unrolled_until(target, &items, stop, rest, fr)
    }

    fn unrolled_until(
        &mut self,
        target: &Expr,
        items: &[Bind],
        stop: &Expr,
        body: &[Stmt],
        fr: &mut Frame,
    ) -> Result<()> {
        let Some((item, items)) = items.split_first() else { return Ok(()) };
        self.assign(target, item.clone(), fr)?;
        self.statements(body, fr)?;
        let stopped = self.expr(stop, fr)?;
        match self.truth(&stopped)? {
            Atom::Lit(Literal::Bool(true)) => Ok(()),
            Atom::Lit(Literal::Bool(false)) => self.unrolled_until(target, items, stop, body, fr),
            test => self.branch(test, fr, |_, _| Ok(()), |l, fr| l.unrolled_until(target, items, stop, body, fr)),
        }
    }
}

/// The numbers of a range, where they are known and few.
pub fn numbers(range: &[Atom; 3], reversed: bool) -> Option<Vec<Bind>> {
    let [Atom::Lit(Literal::Int(start)), Atom::Lit(Literal::Int(stop)), Atom::Lit(Literal::Int(step))] = range else {
        return None;
    };
    let within = |at: &i64| if *step > 0 { at < stop } else { at > stop };
    let after = |at: &i64| at.checked_add(*step).filter(within);
    let all = std::iter::successors(Some(*start).filter(within), after).take(MOST_UNROLLED + 1);
    let mut all: Vec<Bind> = all.map(|at| Bind::lit(Literal::Int(at))).collect();
    if reversed {
        all.reverse();
    }
    (*step != 0 && all.len() <= MOST_UNROLLED).then_some(all)
}

/// The last statement `if stop: break` that `single_exit` leaves, and what stands before it.
pub fn tail_break(body: &[Stmt]) -> Option<(&Expr, &[Stmt])> {
    let (last, rest) = body.split_last()?;
    match &last.kind {
        Tree::If { test, then, otherwise }
            if otherwise.is_empty() && matches!(then.as_slice(), [Stmt { kind: Tree::Break, .. }]) =>
        {
            Some((test, rest))
        }
        _ => None,
    }
}
