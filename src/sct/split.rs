//! Two halves of a joint function: the forward half returns the value and the residual, the tuple of just those of its
//! variables that the backward half reads; the backward half takes the residual and the cotangent of the value.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Error, Result, Symbol, symbol};

use super::core::{Atom, Block, Function, Index, Join, Op, Stmt, StmtKind, Var};
use super::factor::factor;
use super::keep::{initialise, keep};
use super::kind::{Kind, Literal};
use super::overwrite::overwrite;
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
    factor(&mut joint);
    keep(session, &mut joint);
    overwrite(&mut joint);
    let at = joint.body.stmts.iter().position(|s| matches!(s.kind, StmtKind::Boundary)).unwrap_or(0);
    let mut reverse = joint.body.stmts.split_off(at);
    reverse.remove(0);
    let wanted = residuals(&joint, &reverse, &cotangents, seed);
    let mut renamed = FxHashMap::default();
    let mut body = joint.body.take();
    surface(&mut joint, &mut body, &wanted.into_iter().collect(), &mut renamed);
    joint.body = body;
    let mut rest = Block { stmts: reverse, id: joint.body.id, mirrors: None };
    rest.each_atom_mut(&mut |atom| {
        if let Atom::Var(var) = atom
            && let Some(other) = renamed.get(var)
        {
            *atom = Atom::Var(*other);
        }
    });
    let reverse = rest.stmts;
    let span = joint.span;
    let residuals = residuals(&joint, &reverse, &cotangents, seed);
    let kind = Kind::Tuple(residuals.iter().map(|var| joint.info(*var).kind.clone()).collect());

    let mut backward = joint.clone();
    let residual = backward.fresh(symbol!("residual"), kind.clone(), false);
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
    initialise(&mut forward.body, &residuals.iter().copied().collect());
    forward.name = Symbol::new(&format!("{name}_fwd"));
    let packed = forward.fresh(symbol!("residual"), kind.clone(), true);
    let items = residuals.iter().map(|var| Atom::Var(*var)).collect();
    forward.body.stmts.push(Stmt { kind: StmtKind::Let(packed, Op::Tuple(items)), span });
    let pair_kind = Kind::Tuple(Arc::from([forward.kind(&value), kind]));
    let pair = forward.fresh(symbol!("pair"), pair_kind, true);
    forward.body.stmts.push(Stmt { kind: StmtKind::Let(pair, Op::Tuple(vec![value, Atom::Var(packed)])), span });
    forward.result = Atom::Var(pair);
    Ok((forward, backward))
}

/// Gives what an arm of a branch defines and the backward half reads a value on the other arm too, so that it can be
/// returned; nobody reads that value.
fn surface(f: &mut Function, block: &mut Block, wanted: &FxHashSet<Var>, renamed: &mut FxHashMap<Var, Var>) {
    for stmt in &mut block.stmts {
        let StmtKind::If { then, otherwise, joins, .. } = &mut stmt.kind else { continue };
        for (arm, first) in [(then, true), (otherwise, false)] {
            surface(f, arm, wanted, renamed);
            let mut defined = Vec::new();
            for stmt in &arm.stmts {
                stmt.kind.each_definition(&mut |var| defined.push(var));
            }
            for var in defined {
                let original = renamed.iter().find(|(_, new)| **new == var).map_or(var, |(old, _)| *old);
                if !wanted.contains(&original) {
                    continue;
                }
                let info = f.info(var).clone();
                let unread = Atom::Lit(match info.kind {
                    Kind::Float => Literal::Float(0.0),
                    Kind::Int => Literal::Int(0),
                    Kind::Bool => Literal::Bool(false),
                    _ => Literal::None,
                });
                let outer = f.fresh(info.name, info.kind.join(&f.kind(&unread)), info.temporary);
                let (then, otherwise) = if first { (Atom::Var(var), unread) } else { (unread, Atom::Var(var)) };
                joins.push(Join { var: outer, then, otherwise });
                renamed.insert(original, outer);
            }
        }
    }
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
