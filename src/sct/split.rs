//! Two halves of a joint function: the forward half returns the value and the residual, the tuple of just those of its
//! variables that the backward half reads; the backward half takes the residual and the cotangent of the value.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::lang::{Error, Result, Symbol};

use super::core::{Atom, Block, Function, Index, Op, Stmt, StmtKind, Var};
use super::keep::keep;
use super::kind::Kind;
use super::session::Session;
use super::simplify::simplify;

/// Splits a function at its `Boundary`.
pub fn split(
    session: &mut Session,
    mut joint: Function,
    value: Atom,
    cotangents: Atom,
    seed: Var,
    name: &str,
) -> Result<(Function, Function)> {
    let roots = simplify(session, &mut joint, vec![value, cotangents])?;
    let [value, cotangents] =
        <[Atom; 2]>::try_from(roots).map_err(|_| Error::derivative("a derivative lost its results"))?;
    joint.result = cotangents.clone();
    keep(session, &mut joint);
    let at = joint.body.stmts.iter().position(|s| matches!(s.kind, StmtKind::Boundary)).unwrap_or(0);
    let mut reverse = joint.body.stmts.split_off(at);
    reverse.remove(0);
    let span = joint.span;
    let residuals = residuals(&joint, &reverse, &cotangents, seed);
    let kind = Kind::Tuple(residuals.iter().map(|var| joint.info(*var).kind.clone()).collect());

    let mut backward = joint.clone();
    let residual = backward.fresh(Symbol::new("residual"), kind.clone(), false);
    backward.name = Symbol::new(&format!("{name}_bwd"));
    backward.params = vec![residual, seed];
    let unpack = residuals.iter().enumerate().map(|(at, var)| {
        let item = Op::Index(Atom::Var(residual), Index::At(Atom::int(at as i64)));
        Stmt { kind: StmtKind::Let(*var, item), span }
    });
    let stmts = unpack.chain(reverse).collect();
    backward.body = Block { stmts, id: joint.body.id, mirrors: None };
    backward.result = cotangents;

    let mut forward = joint;
    forward.name = Symbol::new(&format!("{name}_fwd"));
    let packed = forward.fresh(Symbol::new("residual"), kind.clone(), true);
    let items = residuals.iter().map(|var| Atom::Var(*var)).collect();
    forward.body.stmts.push(Stmt { kind: StmtKind::Let(packed, Op::Tuple(items)), span });
    let pair_kind = Kind::Tuple(Arc::from([forward.kind(&value), kind]));
    let pair = forward.fresh(Symbol::new("pair"), pair_kind, true);
    forward.body.stmts.push(Stmt { kind: StmtKind::Let(pair, Op::Tuple(vec![value, Atom::Var(packed)])), span });
    forward.result = Atom::Var(pair);
    Ok((forward, backward))
}

/// The variables of the forward half that the backward half reads, in the order of their first reading.
fn residuals(joint: &Function, reverse: &[Stmt], cotangents: &Atom, seed: Var) -> Vec<Var> {
    let mut defined: FxHashSet<Var> = FxHashSet::default();
    defined.insert(seed);
    let mut reads = Vec::new();
    let mut seen: FxHashSet<Var> = FxHashSet::default();
    let block = Block { stmts: reverse.to_vec(), id: joint.body.id, mirrors: None };
    block.each_stmt(&mut |stmt| {
        stmt.kind.each_definition(&mut |var| {
            defined.insert(var);
        });
    });
    let mut read = |var: Var| {
        if seen.insert(var) {
            reads.push(var);
        }
    };
    block.each_stmt(&mut |stmt| {
        stmt.kind.each_atom(&mut |atom| {
            if let Atom::Var(var) = atom {
                read(*var);
            }
        });
        if let StmtKind::Restore(_, stack) = stmt.kind {
            read(stack);
        }
    });
    if let Atom::Var(var) = cotangents {
        read(*var);
    }
    reads.retain(|var| !defined.contains(var));
    reads
}
