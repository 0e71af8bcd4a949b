//! Loops: what they run over and what they carry.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::lang::tree::{Arg, Expr, ExprKind, Stmt, StmtKind as Tree};
use crate::lang::walk::each_part;
use crate::lang::{Error, ErrorKind, Result, Span, Symbol, symbol};

use super::super::bind::{Bind, ChoiceBind, FunctionBind, Target};
use super::super::core::{Atom, Carried, Head, Loop, StmtKind, Var};
use super::super::kind::{Kind, Literal};
use super::super::world::World;
use super::places::unqualified;
use super::unrolled::{MOST_UNROLLED, numbers, tail_break};
use super::{Frame, Lowerer, packed, promoted};

/// What has been found of a variable that a loop carries.
#[derive(Clone, Debug)]
pub enum Entry {
    /// The kinds of its parts at the loop's head, in order.
    Leaves(Vec<Kind>),
    /// Its structure changes from one iteration to the next: it must exist as one value.
    Whole(Kind),
    /// It is a function, or a container of known items with functions among them, and each of these one of the options that
    /// stand in its place here; and the kinds of its parts.
    Choice(Bind, Vec<Kind>),
}

/// The element of a sequence at a position.
type Element = Box<dyn Fn(&mut Lowerer, Atom) -> Result<Bind>>;

/// Start, stop and step; how many of them, where not all; whether from the last to the first.
pub type RangeParts = ([Atom; 3], Option<Atom>, bool);

/// A variable that a loop carries: its name, its value at the head, and its leaves with what they are before.
type Thread = (Symbol, Bind, Vec<(Var, Atom)>);

/// What a `for` goes through.
enum Sequence {
    /// A range of integers.
    Range { range: [Atom; 3], count: Option<Atom>, reversed: bool },
    /// Values known one by one: the body is written once for each.
    Unrolled(Vec<Bind>),
    /// Anything that is taken apart by position.
    Indexed(Element, Atom),
}

impl Lowerer<'_, '_> {
    /// `for target in iter`
    pub fn for_loop(&mut self, stmt: &Stmt, target: &Expr, iter: &Expr, body: &[Stmt], fr: &mut Frame) -> Result<()> {
        if let Some(parts) = self.checkpointed(iter, fr) {
            return self.checkpointed_loop(stmt, target, parts, body, fr);
        }
        let sequence = self.sequence(iter, fr)?;
        let assigned = assigned_names(body.iter(), Some(target), None, fr, self.session.world);
        match sequence {
            Sequence::Unrolled(items) => self.unrolled(target, items, body, fr),
            Sequence::Range { range, count, reversed } => {
                let written = if count.is_none() { numbers(&range, reversed) } else { None };
                let before = (fr.clone(), self.block.stmts.len());
                let form = LoopForm::For { range, count, reversed };
                let packed = std::mem::take(&mut self.packs);
                let looped = self
                    .looping(stmt, &assigned, fr, body, form, |l, index, fr| l.assign(target, Bind::Atom(index), fr));
                let packs = std::mem::replace(&mut self.packs, packed);
                // What is of another type in each iteration is no loop; a list of functions that grows need not be one.
                let unloopable = looped.as_ref().map_or_else(|e| e.kind() == ErrorKind::Derivative, |()| packs);
                match written {
                    Some(items) if unloopable => {
                        *fr = before.0;
                        self.block.stmts.truncate(before.1);
                        self.unrolled(target, items, body, fr).map_err(|error| looped.err().unwrap_or(error))
                    }
                    _ => {
                        self.packs |= packs;
                        looped
                    }
                }
            }
            Sequence::Indexed(element, length) => {
                let range = [Atom::int(0), length, Atom::int(1)];
                let form = LoopForm::For { range, count: None, reversed: false };
                self.looping(stmt, &assigned, fr, body, form, |l, index, fr| {
                    let item = element(l, index)?;
                    l.assign(target, item, fr)
                })
            }
        }
    }

    /// `while test`
    pub fn while_loop(&mut self, stmt: &Stmt, test: &Expr, body: &[Stmt], fr: &mut Frame) -> Result<()> {
        let assigned = assigned_names(body.iter(), None, Some(test), fr, self.session.world);
        self.looping(stmt, &assigned, fr, body, LoopForm::While(test), |_, _, _| Ok(()))
    }

    fn sequence(&mut self, iter: &Expr, fr: &mut Frame) -> Result<Sequence> {
        if let ExprKind::Subscript(object, index) = &iter.kind
            && let ExprKind::Slice(None, Some(count), None) = &index.kind
            && let Some((range, None, reversed)) = self.range(object, fr)?
        {
            let count = self.expr_atom(count, fr)?;
            return Ok(Sequence::Range { range, count: Some(count), reversed });
        }
        if let Some((range, count, reversed)) = self.range(iter, fr)? {
            return Ok(Sequence::Range { range, count, reversed });
        }
        if let Some((name, args)) = self.known_call(iter, fr)? {
            match (name.as_str(), args.as_slice()) {
                ("enumerate", [xs]) => {
                    let inner = self.sequence_of(&xs.clone())?;
                    return Ok(match inner {
                        Sequence::Unrolled(items) => Sequence::Unrolled(
                            items
                                .into_iter()
                                .enumerate()
                                .map(|(at, item)| Bind::Tuple(vec![Bind::lit(Literal::Int(at as i64)), item]))
                                .collect(),
                        ),
                        Sequence::Indexed(element, length) => Sequence::Indexed(
                            Box::new(move |l, at| {
                                let item = element(l, at.clone())?;
                                Ok(Bind::Tuple(vec![Bind::Atom(at), item]))
                            }),
                            length,
                        ),
                        Sequence::Range { .. } => return Err(self.unsupported("enumerating a range")),
                    });
                }
                ("zip", parts) => return self.zipped(parts),
                ("reversed", [xs]) => {
                    return Ok(match self.sequence_of(&xs.clone())? {
                        Sequence::Unrolled(items) => Sequence::Unrolled(items.into_iter().rev().collect()),
                        Sequence::Indexed(element, length) => {
                            let last = self.call(symbol!("operator.sub"), vec![length.clone(), Atom::int(1)]);
                            Sequence::Indexed(
                                Box::new(move |l, at| {
                                    let at = l.call(symbol!("operator.sub"), vec![last.clone(), at]);
                                    element(l, at)
                                }),
                                length,
                            )
                        }
                        range => range,
                    });
                }
                _ => {}
            }
        }
        if let ExprKind::Call(callee, args) = &iter.kind
            && let ExprKind::Attribute(object, method) = &callee.kind
            && args.is_empty()
        {
            let dict = self.expr(object, fr)?;
            if let Some(items) = self.explode_dict(&dict) {
                let key = |k: &Literal| Bind::lit(k.clone());
                let items = match method.as_str() {
                    "items" => Some(items.iter().map(|(k, v)| Bind::Tuple(vec![key(k), v.clone()])).collect()),
                    "keys" => Some(items.iter().map(|(k, _)| key(k)).collect()),
                    "values" => Some(items.iter().map(|(_, v)| v.clone()).collect()),
                    _ => None,
                };
                if let Some(items) = items {
                    return Ok(Sequence::Unrolled(items));
                }
            }
        }
        let xs = self.expr(iter, fr)?;
        self.sequence_of(&xs)
    }

    fn zipped(&mut self, parts: &[Bind]) -> Result<Sequence> {
        let exploded: Option<Vec<Vec<Bind>>> = parts.iter().map(|p| self.explode(p)).collect();
        if let Some(columns) = exploded
            && let Some(length) = columns.iter().map(Vec::len).min()
            && length <= MOST_UNROLLED
        {
            return Ok(Sequence::Unrolled(
                (0..length).map(|at| Bind::Tuple(columns.iter().map(|c| c[at].clone()).collect())).collect(),
            ));
        }
        let mut elements = Vec::new();
        let mut shortest: Option<Atom> = None;
        for part in parts {
            let atom = self.atom(part)?;
            let length = self.call(symbol!("len"), vec![atom.clone()]);
            shortest = Some(match shortest {
                None => length,
                Some(other) => self.call(symbol!("np.minimum"), vec![other, length]),
            });
            elements.push(atom);
        }
        let length = shortest.unwrap_or(Atom::int(0));
        let element = move |l: &mut Lowerer, at: Atom| {
            Ok(Bind::Tuple(elements.iter().map(|xs| Bind::Atom(l.item(xs.clone(), at.clone()))).collect()))
        };
        Ok(Sequence::Indexed(Box::new(element), length))
    }

    /// What may not have items by position, as a list; of a dict the keys are gone through.
    pub fn listed(&mut self, xs: &Bind) -> Result<Bind> {
        if !matches!(xs.kind(&self.f), Kind::Any | Kind::Never | Kind::View(_) | Kind::Range | Kind::Other) {
            return Ok(xs.clone());
        }
        let xs = self.atom(xs)?;
        Ok(Bind::Atom(self.call(symbol!("list"), vec![xs])))
    }

    fn sequence_of(&mut self, xs: &Bind) -> Result<Sequence> {
        if let Bind::Dict(items) = xs {
            return Ok(Sequence::Unrolled(items.iter().map(|(key, _)| Bind::lit(key.clone())).collect()));
        }
        let kind = xs.kind(&self.f);
        if let Kind::Dict(items) = &kind {
            return Ok(Sequence::Unrolled(items.iter().map(|(key, _)| Bind::lit(key.clone())).collect()));
        }
        if let Some(items) = self.explode(xs) {
            let uniform = items.windows(2).all(|w| w[0].kind(&self.f) == w[1].kind(&self.f));
            let numbers = items.first().is_some_and(|item| item.kind(&self.f).is_scalar());
            if items.len() <= MOST_UNROLLED && !(uniform && numbers && items.len() > 4) {
                return Ok(Sequence::Unrolled(items));
            }
        }
        match kind {
            Kind::Array(..)
            | Kind::List(_)
            | Kind::ListOf(_)
            | Kind::Tuple(_)
            | Kind::Str
            | Kind::Any
            | Kind::Never
            | Kind::View(_)
            | Kind::Range
            | Kind::Other => {
                let xs = self.listed(xs)?;
                let xs = self.atom(&xs)?;
                let length = self.call(symbol!("len"), vec![xs.clone()]);
                Ok(Sequence::Indexed(Box::new(move |l, at| Ok(Bind::Atom(l.item(xs.clone(), at)))), length))
            }
            _ => {
                // Perhaps a condition that only the run decides keeps it from coming here.
                let message = format!("{} is not iterable", super::super::program::describe(&kind));
                self.push(StmtKind::Raise(Some(symbol!("TypeError")), Some(Atom::Lit(Literal::Str(message.into())))));
                Ok(Sequence::Unrolled(vec![]))
            }
        }
    }

    /// `range(…)` and `reversed(range(…))`, as written.
    pub fn range(&mut self, e: &Expr, fr: &mut Frame) -> Result<Option<RangeParts>> {
        let ExprKind::Call(callee, args) = &e.kind else { return Ok(None) };
        match self.builtin_name(callee, fr) {
            Some(name) if name.as_str() == "range" => {
                let mut atoms = Vec::new();
                for arg in args {
                    let Arg::Positional(arg) = arg else { return Ok(None) };
                    atoms.push(self.expr_atom(arg, fr)?);
                }
                let (zero, one) = (Atom::int(0), Atom::int(1));
                Ok(match <[Atom; 1]>::try_from(atoms) {
                    Ok([stop]) => Some(([zero, stop, one], None, false)),
                    Err(atoms) => match <[Atom; 2]>::try_from(atoms) {
                        Ok([start, stop]) => Some(([start, stop, one], None, false)),
                        Err(atoms) => <[Atom; 3]>::try_from(atoms).ok().map(|range| (range, None, false)),
                    },
                })
            }
            Some(name) if name.as_str() == "reversed" => {
                let [Arg::Positional(inner)] = args.as_slice() else { return Ok(None) };
                if let ExprKind::Subscript(object, index) = &inner.kind
                    && let ExprKind::Slice(None, Some(count), None) = &index.kind
                    && let Some((range, None, reversed)) = self.range(object, fr)?
                {
                    let count = self.expr_atom(count, fr)?;
                    return Ok(Some((range, Some(count), !reversed)));
                }
                Ok(self.range(inner, fr)?.map(|(range, count, reversed)| (range, count, !reversed)))
            }
            _ => Ok(None),
        }
    }

    /// The library function that an expression names, if it names one.
    pub fn builtin_name(&mut self, callee: &Expr, fr: &mut Frame) -> Option<Symbol> {
        let (ExprKind::Name(_) | ExprKind::Builtin(_)) = &callee.kind else { return None };
        match self.expr(callee, fr) {
            Ok(Bind::Function(function)) => match function.target {
                super::super::bind::Target::Builtin(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn known_call(&mut self, e: &Expr, fr: &mut Frame) -> Result<Option<(Symbol, Vec<Bind>)>> {
        let ExprKind::Call(callee, args) = &e.kind else { return Ok(None) };
        let Some(name) = self.builtin_name(callee, fr) else { return Ok(None) };
        if !matches!(name.as_str(), "enumerate" | "zip" | "reversed") {
            return Ok(None);
        }
        let mut values = Vec::new();
        for arg in args {
            let Arg::Positional(arg) = arg else { return Ok(None) };
            values.push(self.expr(arg, fr)?);
        }
        Ok(Some((name, values)))
    }

    /// Lowers a loop. What the body assigns is carried; the kinds at its head are found by going round until they hold.
    fn looping(
        &mut self,
        stmt: &Stmt,
        assigned: &FxHashSet<Symbol>,
        fr: &mut Frame,
        body: &[Stmt],
        form: LoopForm,
        bind_target: impl Fn(&mut Self, Atom, &mut Frame) -> Result<()>,
    ) -> Result<()> {
        let span = self.span;
        let key = if fr.by_place { place_hash(stmt.span) } else { stmt as *const Stmt as usize };
        let path = fr.path;
        let mut names: Vec<Symbol> = assigned.iter().copied().collect();
        names.sort_unstable();
        let (stop, body) = match tail_break(body) {
            Some((stop, rest)) => (Some(stop), rest),
            None => (None, body),
        };
        for _ in 0..24 {
            self.span = span;
            let mut inside = fr.clone();
            let mut carried: Vec<Thread> = Vec::new();
            let first = self.f.vars.len() as u32;
            for &name in &names {
                let before = fr.env.get(&name).cloned();
                let entry = self.memo.get(&(key, path, name)).cloned();
                let (start, leaves) = self.carry(name, before, entry)?;
                inside.env.insert(name, start.clone());
                carried.push((name, start, leaves));
            }
            // The variables at the head are those of this round.
            let heads = first..self.f.vars.len() as u32;
            let (head, index) = match &form {
                LoopForm::For { range, count, reversed } => {
                    let index = self.f.fresh(symbol!("i"), Kind::Int, true);
                    let (range, count, reversed) = (range.clone(), count.clone(), *reversed);
                    (Head::For { index, range, count, reversed }, Some(Atom::Var(index)))
                }
                LoopForm::While(test) => {
                    let (test, block) = self.in_block(|l| {
                        let test = l.expr(test, &mut inside)?;
                        l.truth(&test)
                    })?;
                    (Head::While(block, test), None)
                }
            };
            let (stop, mut block) = self.in_block(|l| {
                if let Some(index) = index {
                    bind_target(l, index, &mut inside)?;
                }
                l.statements(body, &mut inside)?;
                stop.map(|stop| {
                    let stop = l.expr(stop, &mut inside)?;
                    l.truth(&stop)
                })
                .transpose()
            })?;
            self.span = span;
            let mut stable = true;
            let mut all = Vec::new();
            let mut after = Vec::new();
            'carried: for (name, start, leaves) in carried {
                let next = inside.env.get(&name).cloned().unwrap_or(Bind::Atom(Atom::Undefined));
                let nexts = match same_structure(&start, &next) {
                    true => leaves_of(&next),
                    false => 'nexts: {
                        if let Some(either) = self.either(&start, &next, &block)? {
                            let widened = self.within(&mut block, |l| l.widened_to(&next, &either))?;
                            if same_structure(&start, &widened) {
                                break 'nexts leaves_of(&widened);
                            }
                            let either = self.without(&either, &|var| heads.contains(&var.0));
                            self.memo.insert((key, path, name), Entry::Choice(either, vec![]));
                            stable = false;
                            continue 'carried;
                        }
                        let whole = matches!(start, Bind::Atom(_));
                        if !whole {
                            let functions = start.holds_function() || next.holds_function();
                            if functions && !self.join_as_values(&start, &next) {
                                return Err(packed::changing().at(self.span));
                            }
                            let kind = self.kind_as_atom(&start).join(&self.kind_as_atom(&next));
                            self.memo.insert((key, path, name), Entry::Whole(kind));
                            stable = false;
                            continue 'carried;
                        }
                        let unset = leaves.iter().any(|(_, init)| *init == Atom::Undefined);
                        if next.holds_function() && unset || matches!(next, Bind::Unknown(_) | Bind::Module(_)) {
                            // Bound inside only: unknown after the loop and at its head.
                            after.push((name, Bind::Unknown("what this is bound to inside a loop")));
                            continue 'carried;
                        }
                        vec![self.within(&mut block, |l| l.atom(&next))?]
                    }
                };
                let mut kinds = Vec::new();
                for ((inner, init), next) in leaves.iter().zip(&nexts) {
                    let init_kind = self.f.kind(init);
                    let head = self.f.info(*inner).kind.clone();
                    let joined = promoted(&promoted(&head, &init_kind), &self.f.kind(next));
                    stable &= joined == head;
                    kinds.push(joined);
                }
                if kinds
                    .iter()
                    .zip(&leaves)
                    .any(|(kind, (inner, _))| self.f.info(*inner).kind.holds_packed() && !packed::is_known(kind))
                {
                    return Err(packed::changing().at(self.span));
                }
                if !stable {
                    let entry = match self.memo.get(&(key, path, name)) {
                        Some(Entry::Whole(_)) => Entry::Whole(kinds.into_iter().next().unwrap_or(Kind::Any)),
                        Some(Entry::Choice(either, _)) => Entry::Choice(either.clone(), kinds),
                        _ => Entry::Leaves(kinds),
                    };
                    self.memo.insert((key, path, name), entry);
                    continue;
                }
                let mut outers = Vec::new();
                for ((inner, init), next) in leaves.into_iter().zip(nexts) {
                    let info = self.f.info(inner).clone();
                    let init = self.promote(init, &info.kind);
                    let next = self.within(&mut block, |l| Ok(l.promote(next, &info.kind)))?;
                    let outer = self.f.fresh(info.name, info.kind, info.temporary);
                    self.note_unset(outer, &[&init]);
                    all.push(Carried { inner, init, next, outer });
                    outers.push(Atom::Var(outer));
                }
                after.push((name, rebuild(&start, &mut outers.into_iter())));
            }
            if stable {
                self.push(StmtKind::Loop(Box::new(Loop { head, carried: all, body: block, stop })));
                fr.env.extend(after);
                return Ok(());
            }
        }
        Err(Error::derivative("the type of a variable in this loop never settles").at(span))
    }

    /// Whether a value is that of a variable which may have none: one that only a branch or a loop assigns.
    pub fn is_unset(&self, bind: &Bind) -> bool {
        matches!(bind, Bind::Atom(Atom::Var(var)) if self.unset.contains(var))
    }

    /// Notes that a variable may have no value, where one of what flows into it has none.
    pub fn note_unset(&mut self, var: Var, from: &[&Atom]) {
        let unset = |atom: &&Atom| match atom {
            Atom::Undefined => true,
            Atom::Var(from) => self.unset.contains(from),
            Atom::Lit(_) => false,
        };
        if from.iter().any(unset) {
            self.unset.insert(var);
        }
    }

    /// The value of a carried variable at the loop's head, with its leaves and what they are before the loop.
    fn carry(&mut self, name: Symbol, before: Option<Bind>, entry: Option<Entry>) -> Result<(Bind, Vec<(Var, Atom)>)> {
        let before = match (before, &entry) {
            (None, _) => Bind::Atom(Atom::Undefined),
            (Some(before), Some(Entry::Choice(either, _))) => self.widened_to(&before, either)?,
            (Some(before @ (Bind::Atom(_) | Bind::Function(_) | Bind::Choice(_))), _) => before,
            (Some(before), Some(Entry::Whole(_))) => Bind::Atom(self.atom(&before)?),
            (Some(Bind::Unknown(_) | Bind::Module(_) | Bind::Zero), _) => Bind::Atom(Atom::Undefined),
            (Some(before), _) => before,
        };
        let kinds = match entry {
            Some(Entry::Leaves(kinds)) => kinds,
            Some(Entry::Whole(kind)) => vec![kind],
            Some(Entry::Choice(_, kinds)) if !kinds.is_empty() => kinds,
            _ => leaves_of(&before).iter().map(|a| self.f.kind(a)).collect(),
        };
        let mut leaves = Vec::new();
        for (init, kind) in leaves_of(&before).into_iter().zip(kinds) {
            let temporary = name.as_str().starts_with('$');
            let kind = promoted(&kind, &self.f.kind(&init));
            let inner = self.f.fresh(name, kind, temporary);
            self.note_unset(inner, &[&init]);
            leaves.push((inner, init));
        }
        let start = rebuild(&before, &mut leaves.iter().map(|(var, _)| Atom::Var(*var)));
        Ok((start, leaves))
    }
}

enum LoopForm<'e> {
    For { range: [Atom; 3], count: Option<Atom>, reversed: bool },
    While(&'e Expr),
}

fn place_hash(span: Span) -> usize {
    (span.start as usize) << 32 | span.end as usize
}

/// The atoms of a value in order.
pub fn leaves_of(bind: &Bind) -> Vec<Atom> {
    let mut out = Vec::new();
    bind.each_atom(&mut |atom| out.push(atom.clone()));
    out
}

/// The same structure with other atoms, in the order of [`Bind::each_atom`].
pub fn rebuild(bind: &Bind, atoms: &mut dyn Iterator<Item = Atom>) -> Bind {
    match bind {
        Bind::Atom(_) => Bind::Atom(atoms.next().unwrap_or(Atom::Undefined)),
        Bind::Tuple(items) => Bind::Tuple(items.iter().map(|item| rebuild(item, atoms)).collect()),
        Bind::List(items) => Bind::List(items.iter().map(|item| rebuild(item, atoms)).collect()),
        Bind::Dict(items) => Bind::Dict(items.iter().map(|(k, item)| (k.clone(), rebuild(item, atoms))).collect()),
        Bind::Function(function) => Bind::Function(rebuild_function(function, atoms)),
        Bind::Choice(choice) => {
            let which = atoms.next().unwrap_or(Atom::Undefined);
            let options = choice.options.iter().map(|option| rebuild_function(option, atoms)).collect();
            Bind::Choice(Rc::new(ChoiceBind { which, options }))
        }
        other => other.clone(),
    }
}

/// The same function with other atoms.
pub fn rebuild_function(function: &FunctionBind, atoms: &mut dyn Iterator<Item = Atom>) -> Rc<FunctionBind> {
    if let Target::Derived(transform, options, inner) = &function.target {
        return Rc::new(function.with_target(Target::Derived(
            *transform,
            options.clone(),
            rebuild_function(inner, atoms),
        )));
    }
    let captures = function.captures.iter().map(|c| rebuild(c, atoms)).collect();
    let defaults = function.defaults.iter().map(|d| rebuild(d, atoms)).collect();
    Rc::new(FunctionBind { captures, defaults, ..function.clone() })
}

pub fn same_structure(a: &Bind, b: &Bind) -> bool {
    match (a, b) {
        (Bind::Atom(_), Bind::Atom(_)) => true,
        (Bind::Tuple(a), Bind::Tuple(b)) | (Bind::List(a), Bind::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same_structure(x, y))
        }
        (Bind::Dict(a), Bind::Dict(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.0 == y.0 && same_structure(&x.1, &y.1))
        }
        (Bind::Function(a), Bind::Function(b)) => same_parts(a, b),
        (Bind::Choice(a), Bind::Choice(b)) => {
            a.options.len() == b.options.len() && a.options.iter().zip(&b.options).all(|(x, y)| same_parts(x, y))
        }
        _ => false,
    }
}

fn same_parts(a: &FunctionBind, b: &FunctionBind) -> bool {
    a.same_target(b)
        && a.derived_from(b).is_none_or(|(a, b)| same_parts(a, b))
        && a.captures.iter().zip(&b.captures).all(|(x, y)| same_structure(x, y))
        && a.defaults.iter().zip(&b.defaults).all(|(x, y)| same_structure(x, y))
}

/// The names that statements assign or change in place.
pub fn assigned_names<'e>(
    stmts: impl Iterator<Item = &'e Stmt>,
    target: Option<&Expr>,
    test: Option<&Expr>,
    fr: &Frame,
    world: &dyn World,
) -> FxHashSet<Symbol> {
    let mut names = Assigned { bound: FxHashSet::default(), changed: FxHashSet::default(), world, fr };
    if let Some(target) = target {
        target_names(target, &mut names.bound);
    }
    if let Some(test) = test {
        walrus_names(test, &mut names);
    }
    for stmt in stmts {
        collect(stmt, &mut names);
    }
    // What only seems to change is a function of a module: `np.append`.
    let mut assigned = names.bound;
    assigned
        .extend(names.changed.iter().filter(|name| fr.env.get(name).is_some_and(|b| !matches!(b, Bind::Module(_)))));
    assigned
}

/// The names that statements bind, and those whose values their calls may change.
struct Assigned<'w> {
    bound: FxHashSet<Symbol>,
    changed: FxHashSet<Symbol>,
    world: &'w dyn World,
    fr: &'w Frame,
}

impl Assigned<'_> {
    /// The name of the function that is called, without what is before the dot; none where it is computed.
    fn called(&self, callee: &Expr) -> Option<Symbol> {
        match &callee.kind {
            ExprKind::Name(name) => match self.fr.env.get(name) {
                Some(Bind::Function(function)) => match function.target {
                    Target::Builtin(name) => Some(unqualified(name)),
                    _ => None,
                },
                _ => Some(*name),
            },
            ExprKind::Attribute(_, name) => Some(*name),
            ExprKind::Builtin(name) => Some(unqualified(*name)),
            _ => None,
        }
    }
}

fn collect(stmt: &Stmt, names: &mut Assigned) {
    match &stmt.kind {
        Tree::Expr(e) => walrus_names(e, names),
        Tree::Assign(targets, value) => {
            targets.iter().for_each(|t| target_names(t, &mut names.bound));
            walrus_names(value, names);
        }
        Tree::AugAssign(target, _, value) => {
            target_names(target, &mut names.bound);
            walrus_names(value, names);
        }
        Tree::AnnAssign(target, _, Some(value)) => {
            target_names(target, &mut names.bound);
            walrus_names(value, names);
        }
        Tree::Def(function) => {
            names.bound.insert(function.name);
        }
        Tree::If { test, then, otherwise } => {
            walrus_names(test, names);
            then.iter().chain(otherwise).for_each(|s| collect(s, names));
        }
        Tree::For { target, iter, body, otherwise } => {
            target_names(target, &mut names.bound);
            walrus_names(iter, names);
            body.iter().chain(otherwise).for_each(|s| collect(s, names));
        }
        Tree::While { test, body, otherwise } => {
            walrus_names(test, names);
            body.iter().chain(otherwise).for_each(|s| collect(s, names));
        }
        Tree::With { manager, .. } => {
            // The variable whose adjoint the statement is about; what the body assigns belongs to the reverse sweep.
            if let ExprKind::Call(_, args) = &manager.kind {
                args.iter().for_each(|arg| target_names(arg.value(), &mut names.bound));
            }
        }
        Tree::Return(Some(e)) => walrus_names(e, names),
        Tree::Delete(targets) => targets.iter().for_each(|t| target_names(t, &mut names.bound)),
        _ => {}
    }
}

fn target_names(target: &Expr, names: &mut FxHashSet<Symbol>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(*name);
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|t| target_names(t, names)),
        ExprKind::Starred(inner) | ExprKind::Subscript(inner, _) | ExprKind::Attribute(inner, _) => {
            target_names(inner, names)
        }
        _ => {}
    }
}

/// Names bound by `:=`, and receivers and first arguments of calls that may change them.
fn walrus_names(e: &Expr, names: &mut Assigned) {
    match &e.kind {
        ExprKind::Walrus(name, _) => {
            names.bound.insert(*name);
        }
        ExprKind::Call(callee, args) => {
            if let ExprKind::Attribute(object, method) = &callee.kind
                && names.world.may_mutate(*method)
            {
                target_names(object, &mut names.changed);
            }
            if names.called(callee).is_some_and(|name| names.world.may_mutate_argument(name))
                && let Some(first) = args.first()
            {
                target_names(first.value(), &mut names.changed);
            }
        }
        _ => {}
    }
    each_part(e, &mut |part| walrus_names(part, names));
}
