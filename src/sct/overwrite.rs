//! Overwrite: a place whose zero is only there to be added to is set to what is added.
//!
//! The adjoint of `u[i] = v` takes the cotangent of the place and leaves zero, to which the reads of `u[i]` in `v` add theirs. The
//! reads of other places may add between; where those are other places for certain the zero need not be stored.
//!
//! ```text
//! t_bar = u_bar[i]                   t_bar = u_bar[i]
//! u_bar[i] = 0.0                     u_bar[i + 1] += t_bar * d
//! u_bar[i + 1] += t_bar * d    ⟶     u_bar[i] = t_bar * c
//! u_bar[i] += t_bar * c
//! ```

use rustc_hash::FxHashMap;

use super::core::{Atom, Block, Function, Head, How, Index, Op, Stmt, StmtKind, Var};
use super::kind::{Kind, Literal};
use super::var_map::VarMap;

/// Sets what is only set to zero to be added to.
pub fn overwrite(f: &mut Function) {
    let mut body = f.body.take();
    let mut uses = VarMap::of(f);
    let mut count = |atom: &Atom| {
        if let Atom::Var(var) = atom {
            *uses.place(*var).get_or_insert(0usize) += 1;
        }
    };
    body.each_stmt(&mut |stmt| stmt.kind.each_atom(&mut count));
    count(&f.result);
    block(f, &uses, &mut body, None);
    f.body = body;
}

/// A loop's number and the least that it is.
type Counter = Option<(Var, i64)>;

fn block(f: &Function, uses: &VarMap<usize>, within: &mut Block, counter: Counter) {
    for stmt in &mut within.stmts {
        let counter = match &stmt.kind {
            StmtKind::Loop(looping) => counted(&looping.head),
            _ => counter,
        };
        stmt.kind.each_block_mut(&mut |inner| block(f, uses, inner, counter));
    }
    // What the program writes itself stays: a negative zero added to zero is none any more.
    let Some(counter) = counter.filter(|_| within.mirrors.is_some()) else { return };
    while let Some((zero, over)) = found(f, uses, &within.stmts, counter) {
        settle(&mut within.stmts, zero, over);
    }
}

/// The number of a loop that goes through a range with no number below zero.
fn counted(head: &Head) -> Counter {
    match head {
        Head::For { index, range: [Atom::Lit(Literal::Int(start)), _, Atom::Lit(Literal::Int(step))], .. }
            if *start >= 0 && *step > 0 =>
        {
            Some((*index, *start))
        }
        _ => None,
    }
}

/// Where a zero is set, and where it is added to.
fn found(f: &Function, uses: &VarMap<usize>, stmts: &[Stmt], counter: (Var, i64)) -> Option<(usize, usize)> {
    let mut updates: FxHashMap<Var, usize> = FxHashMap::default();
    for (at, stmt) in stmts.iter().enumerate() {
        let StmtKind::Let(var, Op::Update(base, path, how, _)) = &stmt.kind else { continue };
        updates.insert(*var, at);
        let (How::Add, [Index::At(place)], Kind::Array(_, Some(1), _)) = (how, path.as_slice(), f.kind(base)) else {
            continue;
        };
        // Back through what nobody else reads.
        let mut before = base.var();
        while let Some(var) = before.filter(|var| uses.get(*var) == Some(&1)) {
            let Some(earlier) = updates.get(&var).copied() else { break };
            let StmtKind::Let(_, Op::Update(base, path, how, value)) = &stmts[earlier].kind else { break };
            let [Index::At(other)] = path.as_slice() else { break };
            if other == place {
                let zero = matches!(value, Atom::Lit(Literal::Float(x)) if *x == 0.0);
                if zero && *how == How::Set {
                    return Some((earlier, at));
                }
                break;
            }
            if !apart(stmts, place, other, counter) {
                break;
            }
            before = base.var();
        }
    }
    None
}

/// Whether two places of one axis are different for certain, neither counted from the end.
fn apart(stmts: &[Stmt], a: &Atom, b: &Atom, (index, least): (Var, i64)) -> bool {
    let distance = |place: &Atom| -> Option<i64> {
        let var = place.var()?;
        if var == index {
            return Some(0);
        }
        stmts.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Let(defined, Op::Call(name, args)) if *defined == var => match (name.as_str(), args.as_slice()) {
                ("operator.add", [Atom::Var(i), Atom::Lit(Literal::Int(by))])
                | ("operator.add", [Atom::Lit(Literal::Int(by)), Atom::Var(i)])
                    if *i == index =>
                {
                    Some(*by)
                }
                ("operator.sub", [Atom::Var(i), Atom::Lit(Literal::Int(by))]) if *i == index => by.checked_neg(),
                _ => None,
            },
            _ => None,
        })
    };
    let from_start = |by: i64| least.checked_add(by).is_some_and(|first| first >= 0);
    match (distance(a), distance(b)) {
        (Some(a), Some(b)) => a != b && from_start(a) && from_start(b),
        _ => false,
    }
}

/// Takes a zero out, and sets where it is added to.
fn settle(stmts: &mut Vec<Stmt>, zero: usize, over: usize) {
    if let StmtKind::Let(_, Op::Update(_, _, how, _)) = &mut stmts[over].kind {
        *how = How::Set;
    }
    if let StmtKind::Let(var, Op::Update(base, ..)) = stmts.remove(zero).kind {
        for stmt in &mut stmts[zero..] {
            stmt.kind.each_atom_mut(&mut |atom| {
                if *atom == Atom::Var(var) {
                    *atom = base.clone();
                }
            });
        }
    }
}
