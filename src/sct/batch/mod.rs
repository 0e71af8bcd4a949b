//! Batching: a function of one example as a function of a whole batch.
//!
//! ```text
//! def f(w, x):                 def f_vmap(w, x):
//!     h = np.tanh(w @ x)   ⟶       h = np.tanh(x @ w.T)
//!     return np.sum(h)             return np.sum(h, axis=1)
//! ```
//!
//! Every variable is the same for all examples, or has the batch as its leading axis (`axes`). What is computed from the
//! same values stays as it is and is done once; what is computed from others is rewritten by the function's batching rule
//! (`rules`, `src/rules/batching.cot`). Control flow on conditions that all examples share stays; of a branch on others each
//! arm is run for the examples that take it (`branches`). A statement that has no form for a batch becomes a loop over the
//! batch of just that statement (`each`). Where that cannot be either, there is an error, and the loop over the batch of the
//! whole function is what `vmap` means (`_looped_vmap` of the module `cotangent`).

mod axes;
mod branches;
mod each;
mod indexing;
mod loops;
mod rules;
mod updates;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Result, symbol};

use super::bind::Bind;
use super::core::{Atom, Block, Function, Op, Stmt, StmtKind, Var};
use super::extents::Extent;
use super::kind::{Kind, Literal};
use super::lower::Lowerer;
use super::program::{Lowered, Request, simplify_result};
use super::session::Session;

pub use axes::Spread;
use axes::{axes_of_part, batched, example, leading, no_batch};

/// What a variable of the function of one example is for the batch.
#[derive(Clone, Debug)]
struct Value {
    atom: Atom,
    spread: Spread,
}

impl Value {
    fn same(atom: Atom) -> Value {
        Value { atom, spread: Spread::Same }
    }

    fn each(atom: Atom) -> Value {
        Value { atom, spread: Spread::Each }
    }
}

/// A function of one example that is being rewritten for a batch.
struct Batch<'l, 's, 'w> {
    l: &'l mut Lowerer<'s, 'w>,
    /// The variables that are not just themselves.
    values: FxHashMap<Var, Value>,
    /// The variables of the function of one example that hold nothing where some path has led.
    undefined: FxHashSet<Var>,
    /// The items of lists that are written down, the same for all examples.
    lists: FxHashMap<Var, Vec<Atom>>,
    /// Whether a list that is the same for all examples, as far as is known, is used as one in whose items they differ: in a loop
    /// of which it is not settled yet what differs.
    unsettled: bool,
    /// The number of examples.
    size: Atom,
    /// What is known of it.
    extent: Extent,
}

impl Session<'_> {
    /// `vmap(f, in_axes, out_axes)` for arguments of these kinds.
    pub(super) fn vectorised(&mut self, request: &Request) -> Result<Function> {
        let [Literal::Tuple(in_axes), out_axes] = request.options.as_slice() else { return Err(no_batch()) };
        let mut sizes = Vec::new();
        let (mut kinds, mut spreads) = (Vec::new(), Vec::new());
        for (kind, axes) in request.args.iter().zip(in_axes) {
            let (kind, spread) = example(kind, axes, &mut sizes)?;
            kinds.push(kind);
            spreads.push(spread);
        }
        let one = Request { args: kinds, ..request.clone() };
        let Lowered { f, args, result } = self.lowered(&one)?;
        check_effects(self, &f)?;
        let extent = *sizes.first().ok_or_else(no_batch)?;
        if sizes.iter().any(|size| *size != extent && *size != Extent::UNKNOWN && extent != Extent::UNKNOWN) {
            // The loop over the batch says what is wrong.
            return Err(no_batch());
        }
        let certain = sizes.iter().all(|size| size.same(extent));

        let mut f = f;
        let body = f.body.take();
        let mut l = Lowerer::resume(self, f);
        let mut b = Batch::new(&mut l, &body, extent);
        let mut given = Vec::new();
        for ((arg, spread), (kind, axes)) in args.iter().zip(&spreads).zip(request.args.iter().zip(in_axes)) {
            if spread.is_same() {
                given.push(arg.clone());
                continue;
            }
            let Bind::Atom(Atom::Var(var)) = arg else { return Err(no_batch()) };
            let param = b.l.f.fresh(b.l.f.info(*var).name, kind.clone(), false);
            b.l.f.params.iter_mut().filter(|p| *p == var).for_each(|p| *p = param);
            given.push(Bind::Atom(Atom::Var(param)));
            let atom = b.moved_in(Atom::Var(param), axes)?;
            b.values.insert(*var, Value { atom, spread: spread.clone() });
        }
        b.size = match certain {
            true => b.first_size(&args)?,
            false => {
                let own = [Bind::Tuple(given), Bind::lit(request.options[0].clone())];
                let size = b.l.call_own(crate::lang::symbol!("batch_size"), own.into())?;
                b.l.atom(&size)?
            }
        };
        b.block(&body)?;
        b.check_settled()?;
        let result = b.moved_out(&result, out_axes)?;
        let result = l.atom(&result)?;
        let mut f = l.finish(result)?;
        simplify_result(self, &mut f)?;
        Ok(f)
    }

    /// The specialisation of a function for batches in these arguments, and where its result differs. Of one that calls itself
    /// every part of the result has the batch.
    fn batched_part(&mut self, number: usize, spreads: &[Spread]) -> Result<(usize, Spread)> {
        let key = (number, spreads.to_vec());
        if let Some((done, spread)) = self.batched.get(&key) {
            if self.functions[*done].function.is_none() {
                // Where examples go different ways there may be none left that go this way, and no end to it.
                if self.apart > 0 {
                    return Err(no_batch());
                }
                self.functions[*done].assumed = true;
            }
            return Ok((*done, spread.clone()));
        }
        let Some(mut f) = self.functions[number].function.clone() else { return Err(no_batch()) };
        check_effects(self, &f)?;
        let result_kind = self.functions[number].result.clone();
        let every = Spread::every(&result_kind)?;
        let reserved = self.reserve(batched(&result_kind, &every, Extent::UNKNOWN)?);
        self.batched.insert(key.clone(), (reserved, every.clone()));
        let body = f.body.take();
        let result = f.result.clone();
        let params = f.params.clone();
        let name = format!("{}_vmap", f.name.as_str().trim_matches(['<', '>']));
        let mut l = Lowerer::resume(self, f);
        l.f.name = crate::lang::Symbol::new(&name);
        let mut b = Batch::new(&mut l, &body, Extent::UNKNOWN);
        let mut mapped = Vec::new();
        for (at, (param, spread)) in params.iter().zip(spreads).enumerate() {
            if spread.is_same() {
                continue;
            }
            let kind = batched(&b.l.f.info(*param).kind, spread, Extent::UNKNOWN)?;
            let fresh = b.l.f.fresh(b.l.f.info(*param).name, kind, false);
            b.l.f.params[at] = fresh;
            b.values.insert(*param, Value { atom: Atom::Var(fresh), spread: spread.clone() });
            mapped.push(Bind::Atom(Atom::Var(*param)));
        }
        b.size = b.first_size(&mapped)?;
        b.block(&body)?;
        b.check_settled()?;
        let value = b.value(&result);
        let assumed = b.l.session.functions[reserved].assumed;
        let spread = if assumed { every } else { value.spread.clone() };
        let result = b.force(&value, &spread)?;
        let mut f = l.finish(result)?;
        simplify_result(self, &mut f)?;
        let entry = &mut self.functions[reserved];
        entry.result = f.kind(&f.result).of_any_extents();
        entry.function = Some(f);
        entry.assumed = false;
        self.batched.insert(key, (reserved, spread.clone()));
        Ok((reserved, spread))
    }
}

/// An error where a function does something beside computing its result: that happens for each example, one after the other.
fn check_effects(session: &Session, f: &Function) -> Result<()> {
    let mut any = false;
    f.body.each_stmt(&mut |stmt| {
        any |= match &stmt.kind {
            StmtKind::Let(_, Op::Call(name, _)) => session.world.signature(*name).is_some_and(|s| s.effect),
            StmtKind::Mutate { method, .. } => session.world.signature(*method).is_some_and(|s| s.effect),
            StmtKind::Let(_, Op::CallFunction(number, _)) => session.functions[*number].host,
            StmtKind::Let(_, Op::Apply(..) | Op::Insert(..)) => true,
            StmtKind::Keep(..) | StmtKind::Restore(..) | StmtKind::Boundary => true,
            _ => false,
        }
    });
    if any { Err(no_batch()) } else { Ok(()) }
}

impl<'l, 's, 'w> Batch<'l, 's, 'w> {
    fn new(l: &'l mut Lowerer<'s, 'w>, body: &Block, extent: Extent) -> Self {
        let (values, lists) = (FxHashMap::default(), FxHashMap::default());
        let undefined = super::zero::maybe_undefined(body);
        Batch { l, values, undefined, lists, unsettled: false, size: Atom::int(0), extent }
    }

    fn block(&mut self, block: &Block) -> Result<()> {
        for stmt in &block.stmts {
            self.l.span = stmt.span;
            self.stmt(stmt)?;
        }
        self.l.session.world.patience()
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        let before = self.l.block.stmts.len();
        let done = match &stmt.kind {
            StmtKind::Let(var, op) => self.operation(*var, op)?,
            StmtKind::Mutate { .. } => self.mutation(stmt)?,
            StmtKind::If { test, then, otherwise, joins } => self.branch(test, then, otherwise, joins)?,
            StmtKind::Loop(looping) => self.looping(looping)?,
            StmtKind::Assert(test, message) => self.assertion(test, message.as_ref())?,
            StmtKind::Raise(class, message) => match message.as_ref().map(|message| self.value(message)) {
                None => {
                    self.l.push(StmtKind::Raise(*class, None));
                    true
                }
                Some(value) if value.spread.is_same() => {
                    self.l.push(StmtKind::Raise(*class, Some(value.atom)));
                    true
                }
                Some(_) => false,
            },
            StmtKind::Keep(..) | StmtKind::Restore(..) | StmtKind::Boundary => false,
        };
        if !done {
            self.l.block.stmts.truncate(before);
            self.each(stmt)?;
        }
        Ok(())
    }

    fn check_settled(&self) -> Result<()> {
        if self.unsettled { Err(no_batch()) } else { Ok(()) }
    }

    /// What an atom of the function of one example is.
    fn value(&self, atom: &Atom) -> Value {
        match atom {
            Atom::Var(var) => self.values.get(var).cloned().unwrap_or_else(|| Value::same(atom.clone())),
            other => Value::same(other.clone()),
        }
    }

    /// What an atom that is the same for all examples is.
    fn same(&self, atom: &Atom) -> Result<Atom> {
        let value = self.value(atom);
        if value.spread.is_same() { Ok(value.atom) } else { Err(no_batch()) }
    }

    fn is_same(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Var(var) => self.values.get(var).is_none_or(|value| value.spread.is_same()),
            _ => true,
        }
    }

    /// The number of axes of a value for one example.
    fn rank(&self, value: &Value) -> Option<usize> {
        let rank = self.l.f.kind(&value.atom).rank()?;
        match value.spread {
            Spread::Each => rank.checked_sub(1),
            _ => Some(rank),
        }
    }

    /// An operation with what is the same for all in place of its atoms, where all of them are.
    fn unchanged(&self, op: &Op) -> Option<Op> {
        let mut op = op.clone();
        let mut all = true;
        op.each_atom_mut(&mut |atom| {
            let value = self.value(atom);
            all &= value.spread.is_same();
            *atom = value.atom;
        });
        all.then_some(op)
    }

    /// Emits an operation; false where it has no form for a batch.
    fn operation(&mut self, var: Var, op: &Op) -> Result<bool> {
        if let Some(op) = self.unchanged(op) {
            if let Op::List(items) = &op {
                self.lists.insert(var, items.clone());
            }
            self.l.push(StmtKind::Let(var, op));
            return Ok(true);
        }
        let value = match op {
            Op::Copy(atom) => Some(self.value(atom)),
            Op::Call(name, args) => self.call(var, *name, args)?,
            Op::CallFunction(number, args) => self.call_function(*number, args)?,
            Op::Index(base, index) => self.index(base, index)?,
            Op::Update(base, path, how, value) => self.update(base, path, *how, value)?,
            Op::Tuple(items) => self.container(items, &Op::Tuple)?,
            Op::List(items) => self.container(items, &Op::List)?,
            Op::Dict(items) => {
                let keys: Vec<Literal> = items.iter().map(|(key, _)| key.clone()).collect();
                let atoms: Vec<Atom> = items.iter().map(|(_, atom)| atom.clone()).collect();
                self.container(&atoms, &|atoms| Op::Dict(keys.iter().cloned().zip(atoms).collect()))?
            }
            Op::Apply(..) | Op::Global(_) | Op::Insert(..) | Op::Format(_) => None,
        };
        Ok(match value {
            Some(value) => self.define(var, value),
            None => false,
        })
    }

    /// What a call for the whole batch has given, for a variable whose every number differs from example to example.
    fn made(&mut self, var: Var, atom: Atom) -> Result<Value> {
        let mut kind = self.l.f.kind(&atom);
        let one = self.l.f.info(var).kind.clone();
        if (kind == Kind::Any || matches!(kind, Kind::Array(_, None, _))) && one != Kind::Any {
            kind = batched(&one, &Spread::every(&one)?, self.extent)?;
            if let Atom::Var(made) = &atom {
                self.l.f.vars[made.0 as usize].kind = kind.clone();
            }
        }
        let spread = Spread::every(&kind)?;
        Ok(Value { atom, spread })
    }

    /// Says what a variable is for the batch; false where the kind is not the one of the examples with an axis more.
    fn define(&mut self, var: Var, value: Value) -> bool {
        let info = self.l.f.info(var).clone();
        if !fits(&info.kind, &self.l.f.kind(&value.atom), &value.spread) {
            return false;
        }
        if let Atom::Var(made) = &value.atom {
            let made = &mut self.l.f.vars[made.0 as usize];
            if made.temporary && !info.temporary {
                (made.name, made.temporary) = (info.name, false);
            }
        }
        self.values.insert(var, value);
        true
    }

    fn container(&mut self, items: &[Atom], make: &dyn Fn(Vec<Atom>) -> Op) -> Result<Option<Value>> {
        let values: Vec<Value> = items.iter().map(|item| self.value(item)).collect();
        let (atoms, spreads): (Vec<Atom>, Vec<Spread>) = values.into_iter().map(|v| (v.atom, v.spread)).unzip();
        let kinds = atoms.iter().map(|atom| self.l.f.kind(atom)).collect();
        let op = make(atoms);
        let kind = match &op {
            Op::Tuple(_) => Kind::Tuple(kinds),
            Op::List(_) => Kind::List(kinds),
            Op::Dict(entries) => {
                Kind::Dict(entries.iter().map(|(key, _)| key.clone()).zip(kinds.iter().cloned()).collect())
            }
            _ => return Ok(None),
        };
        let atom = self.l.define(symbol!("t"), kind, op);
        Ok(Some(Value { atom, spread: Spread::of_parts(spreads) }))
    }

    /// A call of a specialised function.
    fn call_function(&mut self, number: usize, args: &[Atom]) -> Result<Option<Value>> {
        let called = &self.l.session.functions[number];
        if called.rule.is_some() || called.host {
            return Ok(None);
        }
        let values: Vec<Value> = args.iter().map(|arg| self.value(arg)).collect();
        let spreads: Vec<Spread> = values.iter().map(|value| value.spread.clone()).collect();
        let (callee, spread) = self.l.session.batched_part(number, &spreads)?;
        let kind = self.l.session.functions[callee].result.clone();
        let atoms = values.into_iter().map(|value| value.atom).collect();
        let atom = self.l.define(symbol!("t"), kind, Op::CallFunction(callee, atoms));
        Ok(Some(Value { atom, spread }))
    }

    /// `assert`: for all examples.
    fn assertion(&mut self, test: &Atom, message: Option<&Atom>) -> Result<bool> {
        let test = self.value(test);
        let message = message.map(|message| self.value(message));
        if message.as_ref().is_some_and(|message| !message.spread.is_same()) {
            return Ok(false);
        }
        let holds = match test.spread {
            Spread::Same => test.atom,
            Spread::Each if self.rank(&test) == Some(0) => self.l.call(symbol!("np.all"), vec![test.atom]),
            _ => return Ok(false),
        };
        self.l.push(StmtKind::Assert(holds, message.map(|message| message.atom)));
        Ok(true)
    }

    /// A value in all of whose places named here the examples differ: what is the same for all is repeated.
    fn force(&mut self, value: &Value, spread: &Spread) -> Result<Atom> {
        if value.spread == *spread || spread.is_same() {
            return Ok(value.atom.clone());
        }
        match (spread, &value.atom) {
            (_, Atom::Undefined) => Ok(Atom::Undefined),
            (Spread::Each, atom) => {
                let kind = self.l.f.kind(atom);
                if !value.spread.is_same() || kind.dtype().is_none() {
                    return Err(no_batch());
                }
                let all = match kind.rank().ok_or_else(no_batch)? {
                    0 => self.l.call(symbol!("np.full"), vec![self.size.clone(), atom.clone()]),
                    rank => {
                        let mut shape = vec![self.size.clone()];
                        let lengths = self.l.call(symbol!("np.shape"), vec![atom.clone()]);
                        for axis in 0..rank {
                            shape.push(self.l.item(lengths.clone(), Atom::int(axis as i64)));
                        }
                        let shape = self.tuple_of(shape);
                        self.l.call(symbol!("np.broadcast_to"), vec![atom.clone(), shape])
                    }
                };
                let kind = batched(&kind, &Spread::Each, self.extent)?;
                if let Atom::Var(var) = &all {
                    self.l.f.vars[var.0 as usize].kind = kind;
                }
                Ok(all)
            }
            (Spread::Parts(spreads), atom) => {
                let parts = self.parts(value)?;
                let kind = self.l.f.kind(atom);
                let mut atoms = Vec::new();
                for (part, spread) in parts.iter().zip(spreads) {
                    atoms.push(self.force(part, spread)?);
                }
                self.rebuilt(&kind, atoms)
            }
            (Spread::Items(item), atom) => match self.l.f.kind(atom) {
                _ if let Some(items) = atom.var().and_then(|var| self.lists.get(&var)).cloned() => {
                    let parts = items.into_iter().map(Value::same).collect();
                    self.force_items(parts, item)
                }
                Kind::List(_) => {
                    let parts = self.parts(value)?;
                    self.force_items(parts, item)
                }
                _ if value.spread.item()? == **item => Ok(atom.clone()),
                kind => {
                    self.unsettled = true;
                    let kind = batched(&kind, spread, self.extent)?;
                    Ok(self.l.define(symbol!("t"), kind, Op::Copy(atom.clone())))
                }
            },
            (Spread::Same, _) => Ok(value.atom.clone()),
        }
    }

    /// A list of these items, in all of which the examples differ alike.
    fn force_items(&mut self, parts: Vec<Value>, item: &Spread) -> Result<Atom> {
        let atoms = parts.iter().map(|part| self.force(part, item)).collect::<Result<Vec<_>>>()?;
        let kind = atoms.iter().fold(Kind::Never, |all, atom| all.join(&self.l.f.kind(atom)));
        Ok(self.l.define(symbol!("t"), Kind::ListOf(kind.into()), Op::List(atoms)))
    }

    /// The parts of a container whose parts are known.
    fn parts(&mut self, value: &Value) -> Result<Vec<Value>> {
        let keys: Vec<Literal> = match self.l.f.kind(&value.atom) {
            Kind::Tuple(items) | Kind::List(items) => (0..items.len() as i64).map(Literal::Int).collect(),
            Kind::Dict(items) => items.iter().map(|(key, _)| key.clone()).collect(),
            _ => return Err(no_batch()),
        };
        let mut parts = Vec::new();
        for (at, key) in keys.into_iter().enumerate() {
            let atom = self.l.item(value.atom.clone(), Atom::Lit(key));
            parts.push(Value { atom, spread: value.spread.part(at)? });
        }
        Ok(parts)
    }

    /// A container like one of this kind with other parts.
    fn rebuilt(&mut self, kind: &Kind, atoms: Vec<Atom>) -> Result<Atom> {
        let binds = atoms.into_iter().map(Bind::Atom);
        let bind = match kind {
            Kind::Tuple(_) => Bind::Tuple(binds.collect()),
            Kind::List(_) => Bind::List(binds.collect()),
            Kind::Dict(items) => Bind::Dict(items.iter().map(|(key, _)| key.clone()).zip(binds).collect()),
            _ => return Err(no_batch()),
        };
        self.l.atom(&bind)
    }

    /// The number of examples, from the first of these values that has them.
    fn first_size(&mut self, args: &[Bind]) -> Result<Atom> {
        for arg in args {
            let Bind::Atom(atom) = arg else { continue };
            let mut value = self.value(atom);
            while let Spread::Parts(parts) = &value.spread {
                let at = parts.iter().position(|part| !part.is_same()).ok_or_else(no_batch)?;
                let mut all = self.parts(&value)?;
                value = all.swap_remove(at);
            }
            if value.spread == Spread::Each && matches!(self.l.f.kind(&value.atom), Kind::Array(..)) {
                let shape = self.l.call(symbol!("np.shape"), vec![value.atom]);
                return Ok(self.l.item(shape, Atom::int(0)));
            }
        }
        Err(no_batch())
    }

    /// An argument with its mapped axes in front.
    fn moved_in(&mut self, atom: Atom, axes: &Literal) -> Result<Atom> {
        if leading(axes) {
            return Ok(atom);
        }
        match (self.l.f.kind(&atom), axes) {
            (Kind::Array(..), Literal::Int(axis)) => {
                Ok(self.l.call(symbol!("np.moveaxis"), vec![atom, Atom::int(*axis), Atom::int(0)]))
            }
            (kind, _) => {
                let parts = self.parts(&Value::same(atom))?;
                let count = parts.len();
                let mut atoms = Vec::new();
                for (at, part) in parts.into_iter().enumerate() {
                    atoms.push(self.moved_in(part.atom, &axes_of_part(&kind, axes, at, count)?)?);
                }
                self.rebuilt(&kind, atoms)
            }
        }
    }

    /// The result for the batch, its examples along the axes asked for.
    fn moved_out(&mut self, result: &Bind, axes: &Literal) -> Result<Bind> {
        Ok(match result {
            Bind::Tuple(items) => Bind::Tuple(self.all_out(items, &Kind::Any, axes)?),
            Bind::List(items) => Bind::List(self.all_out(items, &Kind::Any, axes)?),
            Bind::Dict(items) => {
                let values: Vec<Bind> = items.iter().map(|(_, item)| item.clone()).collect();
                let keys = Kind::Dict(items.iter().map(|(key, _)| (key.clone(), Kind::Any)).collect());
                let values = self.all_out(&values, &keys, axes)?;
                Bind::Dict(items.iter().map(|(key, _)| key.clone()).zip(values).collect())
            }
            Bind::Atom(atom) => Bind::Atom(self.out(&self.value(atom), axes)?),
            _ => return Err(no_batch()),
        })
    }

    fn all_out(&mut self, items: &[Bind], kind: &Kind, axes: &Literal) -> Result<Vec<Bind>> {
        let each = items.iter().enumerate();
        each.map(|(at, item)| self.moved_out(item, &axes_of_part(kind, axes, at, items.len())?)).collect()
    }

    fn out(&mut self, value: &Value, axes: &Literal) -> Result<Atom> {
        let kind = self.l.f.kind(&value.atom);
        match (&kind, axes) {
            (Kind::None | Kind::Str, _) => Ok(value.atom.clone()),
            (_, Literal::None) if value.spread.is_same() => Ok(value.atom.clone()),
            // Whether the examples are alike is seen when the program runs.
            (_, Literal::None) => Err(no_batch()),
            (Kind::Bool | Kind::Int | Kind::Float | Kind::Array(..), Literal::Int(axis)) => {
                let atom = self.force(value, &Spread::Each)?;
                let rank = self.l.f.kind(&atom).rank().ok_or_else(no_batch)?;
                match super::lower::position(*axis, rank) {
                    Some(0) => Ok(atom),
                    Some(axis) => {
                        Ok(self.l.call(symbol!("np.moveaxis"), vec![atom, Atom::int(0), Atom::int(axis as i64)]))
                    }
                    None => Err(no_batch()),
                }
            }
            (Kind::Tuple(_) | Kind::List(_) | Kind::Dict(_), _) => {
                let parts = self.parts(value)?;
                let mut atoms = Vec::new();
                for (at, part) in parts.iter().enumerate() {
                    atoms.push(self.out(part, &axes_of_part(&kind, axes, at, parts.len())?)?);
                }
                self.rebuilt(&kind, atoms)
            }
            (Kind::ListOf(_), Literal::Int(0)) if value.spread.item()? == Spread::Each => Ok(value.atom.clone()),
            _ => Err(no_batch()),
        }
    }
}

/// Whether a kind is that of one example with the axis of the batch where the examples differ.
fn fits(one: &Kind, now: &Kind, spread: &Spread) -> bool {
    match (spread, one, now) {
        (Spread::Same, ..) => true,
        (Spread::Each, Kind::Factor(_), Kind::Factor(Some(_))) => true,
        (Spread::Each, Kind::Any, Kind::Array(_, Some(_), _)) => true,
        (Spread::Each, one, Kind::Array(dtype, Some(rank), _)) => {
            one.dtype() == Some(*dtype) && one.rank().is_none_or(|one| one + 1 == usize::from(*rank))
        }
        (Spread::Each, ..) => false,
        (Spread::Parts(_), Kind::Any, _) => true,
        (Spread::Parts(parts), Kind::Tuple(one), Kind::Tuple(now))
        | (Spread::Parts(parts), Kind::List(one), Kind::List(now)) => {
            one.len() == now.len() && one.iter().zip(now.iter()).zip(parts).all(|((a, b), spread)| fits(a, b, spread))
        }
        (Spread::Parts(parts), Kind::Dict(one), Kind::Dict(now)) => {
            one.len() == now.len()
                && one.iter().zip(now.iter()).zip(parts).all(|((a, b), spread)| fits(&a.1, &b.1, spread))
        }
        (Spread::Parts(parts), Kind::ListOf(one), Kind::List(now)) => {
            now.iter().zip(parts).all(|(now, spread)| fits(one, now, spread))
        }
        (Spread::Parts(_), ..) => false,
        (Spread::Items(item), one, now) => match (one.element(), now.element()) {
            (_, Kind::Never) => true,
            (one, now) => fits(&one, &now, item),
        },
    }
}
