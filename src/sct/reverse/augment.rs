//! The forward sweep: the function itself, with what the reverse sweep will ask for. Calls whose rule keeps a residual
//! compute it, calls of specialised functions call the forward half of their derivative, and loops whose number of
//! iterations is not known beforehand count them, and before an item of a list is set it is noted what its zero is. The reverse sweep is made from the function as it was before.

use crate::lang::{Result, symbol};

use super::super::activity::Active;
use super::super::bind::Bind;
use super::super::core::{Atom, Block, Carried, Head, How, Index, Op, Stmt, StmtKind};
use super::super::kind::Kind;
use super::super::lower::Lowerer;
use super::Residuals;

/// Rewrites a block of the function into the block of its forward sweep.
pub fn augment(l: &mut Lowerer, block: Block, active: &Active, residuals: &mut Residuals) -> Result<Block> {
    let (id, mirrors) = (block.id, block.mirrors);
    let outer = std::mem::replace(&mut l.block, Block { stmts: vec![], id, mirrors });
    for stmt in block.stmts {
        l.span = stmt.span;
        statement(l, stmt, active, residuals)?;
    }
    Ok(std::mem::replace(&mut l.block, outer))
}

fn statement(l: &mut Lowerer, stmt: Stmt, active: &Active, residuals: &mut Residuals) -> Result<()> {
    match stmt.kind {
        StmtKind::Let(var, Op::Call(name, args)) if active.holds(var) => match l.run_primal(name, &args)? {
            Some((result, residual)) => {
                let result = l.atom(&result)?;
                residuals.of.insert(var, residual);
                l.push(StmtKind::Let(var, Op::Copy(result)));
            }
            None => l.push(StmtKind::Let(var, Op::Call(name, args))),
        },
        StmtKind::Let(var, Op::CallFunction(number, args))
            if active.holds(var) && l.session.functions[number].rule.is_none() && !l.session.functions[number].host =>
        {
            let mask: Vec<bool> = args.iter().map(|a| active.atom(a)).collect();
            let (forward, backward) = l.session.reverse_pair(number, &mask)?;
            let kind = l.session.functions[forward].result.clone();
            let pair = l.define(symbol!("pair"), kind, Op::CallFunction(forward, args));
            let residual = l.item(pair.clone(), Atom::int(1));
            residuals.of.insert(var, Bind::Atom(residual));
            residuals.backward.insert(var, (backward, mask));
            l.push(StmtKind::Let(var, Op::Index(pair, Index::At(Atom::int(0)))));
        }
        StmtKind::Let(var, Op::Update(base, path, How::Set, value)) if active.holds(var) && active.atom(&base) => {
            if let Some(zero) = l.zero_of_place(&base, &path, &value)? {
                residuals.of.insert(var, zero);
            }
            l.push(StmtKind::Let(var, Op::Update(base, path, How::Set, value)));
        }
        StmtKind::Let(var, Op::Insert(_, atoms)) => {
            let value = atoms.into_iter().next().unwrap_or(Atom::Undefined);
            l.push(StmtKind::Let(var, Op::Copy(value)));
        }
        StmtKind::If { test, then, otherwise, joins } => {
            let then = augment(l, then, active, residuals)?;
            let otherwise = augment(l, otherwise, active, residuals)?;
            l.push(StmtKind::If { test, then, otherwise, joins });
        }
        StmtKind::Loop(mut looping) => {
            if let Head::While(test, _) = &mut looping.head {
                let block = std::mem::replace(test, l.f.block());
                *test = augment(l, block, active, residuals)?;
            }
            let block = std::mem::replace(&mut looping.body, l.f.block());
            looping.body = augment(l, block, active, residuals)?;
            let carries = looping.carried.iter().any(|c| active.holds(c.outer));
            let counted = matches!(looping.head, Head::For { .. }) && looping.stop.is_none();
            if carries && !counted {
                let name = symbol!("count");
                let inner = l.f.fresh(name, Kind::Int, false);
                let outer = l.f.fresh(name, Kind::Int, false);
                let next = l.f.fresh(name, Kind::Int, false);
                let add = Op::Call(symbol!("operator.add"), vec![Atom::Var(inner), Atom::int(1)]);
                looping.body.stmts.push(Stmt { kind: StmtKind::Let(next, add), span: l.span });
                looping.carried.push(Carried { inner, init: Atom::int(0), next: Atom::Var(next), outer });
                residuals.counts.insert(looping.body.id, Atom::Var(outer));
            }
            l.push(StmtKind::Loop(looping));
        }
        kind => l.push(kind),
    }
    Ok(())
}
