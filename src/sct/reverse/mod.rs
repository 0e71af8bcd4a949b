//! Reverse mode: from a core function to the statements that carry cotangents from its result to its inputs.
//!
//! ```text
//! y = np.tanh(x)            y = np.tanh(x)
//! z = y * w          ⟶      z = y * w
//! return z                  y_bar = z_bar * w
//!                           w_bar = z_bar * y
//!                           x_bar = y_bar * (1.0 - y * y)
//! ```
//!
//! The forward sweep is the function itself. The reverse sweep visits its statements backwards and reads the forward
//! sweep's variables freely, also those inside loops: `keep` afterwards gives it what is no longer there. Blocks of the
//! reverse sweep name the blocks they mirror. Adjoints are immutable values here like everything in core; a loop carries
//! the adjoints of what it carries, and those of what it reads as accumulators.

pub mod augment;
mod control;
mod repeats;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Error, Result, Symbol, symbol};

use super::activity::Active;
use super::bind::Bind;
use super::core::{Atom, Block, How, Index, Op, Stmt, StmtKind, Var};
use super::kind::{DType, Kind, Literal};
use super::lower::Lowerer;
use super::rules::Site;

/// What the forward sweep leaves for the reverse sweep beside the function's own variables.
#[derive(Default)]
pub struct Residuals {
    /// The residual of a call, by its result.
    pub of: FxHashMap<Var, Bind>,
    /// The number of iterations of a loop, by its body, where the head does not say it.
    pub counts: FxHashMap<super::core::BlockId, Atom>,
    /// The backward half of a call of a specialised function, by its result.
    pub backward: FxHashMap<Var, (usize, Vec<bool>)>,
}

/// The name of the adjoint of what has this name.
pub fn bar_name(name: Symbol) -> Symbol {
    Symbol::new(&[name.as_str().trim_start_matches('$'), "_bar"].concat())
}

/// The reverse sweep under construction.
pub struct Reverse<'l, 's, 'w> {
    /// Where the statements go.
    pub l: &'l mut Lowerer<'s, 'w>,
    /// The active variables.
    pub active: &'l Active,
    /// What the forward sweep left.
    pub residuals: &'l Residuals,
    /// Variables that may hold no value.
    pub undefined: FxHashSet<Var>,
    /// The adjoints known so far; a variable that is missing has the adjoint zero.
    pub adjoints: FxHashMap<Var, Bind>,
}

impl Reverse<'_, '_, '_> {
    /// Emits the reverse of a block.
    pub fn block(&mut self, block: &Block) -> Result<()> {
        for stmt in block.stmts.iter().rev() {
            self.l.span = stmt.span;
            self.stmt(stmt)?;
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Let(var, op) => {
                let bar = self.take_defined(*var)?;
                match bar.is_zero() {
                    true => Ok(()),
                    false => self.operation(*var, op, bar),
                }
            }
            StmtKind::Mutate { method, base, out, result, args } => self.mutation(*method, base, *out, *result, args),
            StmtKind::If { test, then, otherwise, joins } => self.branch(test, then, otherwise, joins),
            StmtKind::Loop(looping) => self.looping(looping),
            StmtKind::Assert(..) | StmtKind::Raise(..) => Ok(()),
            StmtKind::Keep(..) | StmtKind::Restore(..) | StmtKind::Boundary => {
                Err(Error::derivative("this statement cannot be differentiated yet").at(stmt.span))
            }
        }
    }

    /// The adjoint of a variable, which has it no longer.
    pub fn take(&mut self, var: Var) -> Bind {
        self.adjoints.remove(&var).unwrap_or(Bind::Zero)
    }

    /// The adjoint of a variable where it certainly has a value. A loop or branch that may have run where it had none
    /// carries `None` for the adjoint.
    fn take_defined(&mut self, var: Var) -> Result<Bind> {
        let bar = self.take(var);
        Ok(self.or_zeros(bar, var, &Atom::Var(var)))
    }

    /// The adjoint of a variable that may have no value, where the variable has the value `defined`.
    fn or_zeros(&mut self, bar: Bind, var: Var, defined: &Atom) -> Bind {
        match (&bar, defined) {
            (Bind::Atom(atom @ Atom::Var(_)), Atom::Var(value))
                if self.undefined.contains(&var)
                    && (*value == var || !self.undefined.contains(value))
                    && matches!(self.l.f.kind(atom), Kind::Any | Kind::None) =>
            {
                Bind::Atom(self.l.call(symbol!("cotangent.or_zeros"), vec![atom.clone(), defined.clone()]))
            }
            _ => bar,
        }
    }

    /// The adjoint of a variable as one value that exists.
    pub fn take_atom(&mut self, var: Var) -> Result<Atom> {
        let bar = self.take(var);
        self.atom_of(&bar, var)
    }

    /// An adjoint of `var` as one value that exists.
    pub fn atom_of(&mut self, bar: &Bind, var: Var) -> Result<Atom> {
        if self.undefined.contains(&var) && bar.is_zero() {
            let scalar = self.l.f.info(var).kind == Kind::Float;
            return Ok(if scalar { Atom::float(0.0) } else { Atom::Lit(Literal::None) });
        }
        self.l.materialise_atom(bar, &Bind::Atom(Atom::Var(var)))
    }

    /// Adds a contribution to the adjoint of an operand.
    pub fn contribute(&mut self, operand: &Atom, contribution: Bind) -> Result<()> {
        let Atom::Var(var) = operand else { return Ok(()) };
        if !self.active.holds(*var) || contribution.is_zero() {
            return Ok(());
        }
        let sum = match self.adjoints.get(var) {
            Some(bar) => self.l.accumulate(&bar.clone(), &contribution)?,
            None => contribution,
        };
        self.christen(&sum, *var);
        self.adjoints.insert(*var, sum);
        Ok(())
    }

    /// Names an adjoint after its variable.
    pub fn christen(&mut self, bar: &Bind, var: Var) {
        if let Bind::Atom(Atom::Var(bar)) = bar {
            let primal = self.l.f.info(var);
            let (name, anonymous) = (primal.name, primal.temporary);
            let info = &mut self.l.f.vars[bar.0 as usize];
            if info.temporary && (info.name == symbol!("t") || info.name == symbol!("t_bar")) {
                info.name = if anonymous { symbol!("t_bar") } else { bar_name(name) };
            }
        }
    }

    fn operation(&mut self, var: Var, op: &Op, bar: Bind) -> Result<()> {
        match op {
            Op::Copy(atom) => self.contribute(atom, bar),
            Op::Call(name, args) => {
                let bar = match bar {
                    bar @ (Bind::Tuple(_) | Bind::Atom(_)) => bar,
                    other => Bind::Atom(self.atom_of(&other, var)?),
                };
                self.primitive(*name, var, args, &bar)
            }
            Op::CallFunction(number, args) => self.call(var, *number, args, bar),
            Op::Insert(number, atoms) => {
                let bar = self.atom_of(&bar, var)?;
                let bar = self.l.inserted(*number, atoms, bar)?;
                atoms.first().map_or(Ok(()), |atom| self.contribute(atom, bar))
            }
            Op::Index(base, index) => self.element(base, index, bar, var),
            Op::Update(base, path, how, value) => self.update(base, path, *how, value, bar, var),
            Op::Tuple(items) | Op::List(items) => {
                let parts = match bar {
                    Bind::Tuple(parts) | Bind::List(parts) => parts,
                    Bind::Atom(whole) => (0..items.len() as i64)
                        .map(|at| Bind::Atom(self.l.item(whole.clone(), Atom::int(at))))
                        .collect(),
                    _ => return Ok(()),
                };
                items.iter().zip(parts).try_for_each(|(item, part)| self.contribute(item, part))
            }
            Op::Dict(items) => {
                for (key, item) in items {
                    let part = match &bar {
                        Bind::Dict(parts) => {
                            parts.iter().find(|(k, _)| k == key).map_or(Bind::Zero, |(_, part)| part.clone())
                        }
                        Bind::Atom(whole) => Bind::Atom(self.l.item(whole.clone(), Atom::Lit(key.clone()))),
                        _ => Bind::Zero,
                    };
                    self.contribute(item, part)?;
                }
                Ok(())
            }
            Op::Apply(..) => Err(Error::derivative(
                "which function is called here is not known before the program runs, so it cannot be differentiated yet",
            )
            .at(self.l.span)),
            Op::Global(_) | Op::Format(_) => Ok(()),
        }
    }

    /// The adjoint of a call of a primitive.
    fn primitive(&mut self, name: Symbol, result: Var, args: &[Atom], bar: &Bind) -> Result<()> {
        let active: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
        let residual = self.residuals.of.get(&result).cloned();
        let site = Site { name, result: Atom::Var(result), residual, args, active: &active };
        let contributions = self.l.pull_back(&site, bar)?;
        args.iter().zip(contributions).try_for_each(|(arg, contribution)| self.contribute(arg, contribution))
    }

    /// The adjoint of `z = base[index]`.
    fn element(&mut self, base: &Atom, index: &Index, bar: Bind, var: Var) -> Result<()> {
        let Atom::Var(base_var) = *base else { return Ok(()) };
        if !self.active.holds(base_var) {
            return Ok(());
        }
        let kind = self.l.f.kind(base);
        if let Index::At(Atom::Lit(key)) = index {
            let one = |length: usize, at: i64| {
                let mut parts = vec![Bind::Zero; length];
                if let Some(at) = super::lower::position(at, length) {
                    parts[at] = bar.clone();
                }
                parts
            };
            match (&kind, key) {
                (Kind::Tuple(items), Literal::Int(at)) => {
                    return self.contribute(base, Bind::Tuple(one(items.len(), *at)));
                }
                (Kind::List(items), Literal::Int(at)) => {
                    return self.contribute(base, Bind::List(one(items.len(), *at)));
                }
                (Kind::Dict(_), key) => return self.contribute(base, Bind::Dict(vec![(key.clone(), bar)])),
                _ => {}
            }
        }
        let base_bar = self.take_defined(base_var)?;
        let base_bar = self.l.materialise_atom(&base_bar, &Bind::Atom(base.clone()))?;
        let bar = self.atom_of(&bar, var)?;
        if let Some(at) = self.key_or_places(&kind, index) {
            let changed = Bind::Atom(self.l.call(symbol!("cotangent.add_at"), vec![base_bar, at, bar]));
            self.christen(&changed, base_var);
            self.adjoints.insert(base_var, changed);
            return Ok(());
        }
        let number = |kind: &Kind| matches!(kind, Kind::Float | Kind::Array(DType::Float, _, _));
        // Only of an array do arrays and lists pick elements, and only an array has several axes.
        let axes = |index: &Index| matches!(index, Index::Slice(_) | Index::Ellipsis);
        let several = matches!(index, Index::Tuple(items) if items.iter().any(axes));
        let array = matches!(kind, Kind::Array(..)) || kind == Kind::Any && (several || self.l.picks(index));
        let changed = if array || (number(&kind.element()) && matches!(index, Index::At(_))) {
            // One item of a list is one place.
            let repeats = array && self.l.may_repeat(index);
            let how = if repeats { How::AddAt } else { How::Add };
            self.update_bar(base_bar, vec![index.clone()], how, bar)
        } else {
            let old = self.l.get_atom(base_bar.clone(), index.clone());
            let sum = self.l.call(symbol!("cotangent.add"), vec![old, bar]);
            self.update_bar(base_bar, vec![index.clone()], How::Set, sum)
        };
        let changed = Bind::Atom(changed);
        self.christen(&changed, base_var);
        self.adjoints.insert(base_var, changed);
        Ok(())
    }

    /// An index of a value of unknown kind, as a value, where only the run shows what the index names.
    fn key_or_places(&mut self, base: &Kind, index: &Index) -> Option<Atom> {
        match (base, index) {
            (Kind::Any | Kind::Tuple(_), Index::At(at)) => Some(at.clone()),
            (Kind::Any, Index::Tuple(items)) if self.l.may_repeat(index) && !self.l.picks(index) => {
                let at = |item: &Index| match item {
                    Index::At(at) => Some(at.clone()),
                    _ => None,
                };
                let items = items.iter().map(at).collect::<Option<Vec<_>>>()?;
                Some(self.l.define(symbol!("t"), Kind::Any, Op::Tuple(items)))
            }
            _ => None,
        }
    }

    fn update_bar(&mut self, base: Atom, path: Vec<Index>, how: How, value: Atom) -> Atom {
        let kind = self.l.f.kind(&base);
        self.l.define(symbol!("t"), kind, Op::Update(base, path, how, value))
    }

    /// The adjoint of `z = base` with `base[path]` set or added to.
    fn update(&mut self, base: &Atom, path: &[Index], how: How, value: &Atom, bar: Bind, var: Var) -> Result<()> {
        let bar = self.atom_of(&bar, var)?;
        if self.active.atom(value) {
            let mut part = bar.clone();
            for index in path {
                part = self.l.get_atom(part, index.clone());
            }
            if how == How::Set {
                part = self.l.written(bar.clone(), path, part)?;
            }
            let part = self.l.sum_to_value(part, value)?;
            self.contribute(value, Bind::Atom(part))?;
        }
        if self.active.atom(base) {
            let rest = match how {
                How::Add | How::AddAt => bar,
                How::Set => {
                    let zero = match self.residuals.of.get(&var).cloned() {
                        Some(zero) => self.l.atom(&zero)?,
                        None if self.l.zero_fits(base, path, value) => Atom::float(0.0),
                        None => self.l.materialise_atom(&Bind::Zero, &Bind::Atom(value.clone()))?,
                    };
                    self.update_bar(bar, path.to_vec(), How::Set, zero)
                }
            };
            self.contribute(base, Bind::Atom(rest))?;
        }
        Ok(())
    }

    /// `append` and `pop` are each other's adjoint.
    fn mutation(&mut self, method: Symbol, base: &Atom, out: Var, result: Var, args: &[Atom]) -> Result<()> {
        let active = self.active.holds(out) || self.active.holds(result);
        if !active {
            return Ok(());
        }
        let (out_bar, result_bar) = (self.take(out), self.take(result));
        if out_bar.is_zero() && result_bar.is_zero() {
            return Ok(());
        }
        match (method.as_str(), args) {
            ("list.append", [item]) => {
                let out_bar = self.atom_of(&out_bar, out)?;
                let (rest, part) = self.mutate_bar("list.pop", out_bar, vec![]);
                self.contribute(item, Bind::Atom(part))?;
                self.contribute(base, Bind::Atom(rest))
            }
            ("list.pop", []) => {
                let out_bar = self.atom_of(&out_bar, out)?;
                let result_bar = self.atom_of(&result_bar, result)?;
                let (whole, _) = self.mutate_bar("list.append", out_bar, vec![result_bar]);
                self.contribute(base, Bind::Atom(whole))
            }
            (name, _) if self.active.atom(base) => {
                Err(Error::derivative(format!("'{name}' cannot be differentiated yet")).at(self.l.span))
            }
            _ => {
                // What is drawn moves with the parameters of its distribution.
                let args = self.l.full_arguments(method, base, args);
                let bar = Bind::Atom(self.atom_of(&result_bar, result)?);
                self.primitive(method, result, &args, &bar)
            }
        }
    }

    fn mutate_bar(&mut self, method: &str, base: Atom, args: Vec<Atom>) -> (Atom, Atom) {
        let kind = self.l.f.kind(&base);
        let list = match &kind {
            Kind::List(_) | Kind::ListOf(_) => {
                let element = args.iter().fold(kind.element(), |all, arg| all.join(&self.l.f.kind(arg)));
                Kind::ListOf(std::sync::Arc::new(element))
            }
            _ => Kind::Any,
        };
        let out = self.l.f.fresh(symbol!("t"), list, true);
        let element = if args.is_empty() { kind.element() } else { Kind::None };
        let result = self.l.f.fresh(symbol!("t"), element, true);
        self.l.push(StmtKind::Mutate { method: Symbol::new(method), base, out, result, args });
        (Atom::Var(out), Atom::Var(result))
    }

    /// The adjoint of a call of a specialised function: its backward half.
    fn call(&mut self, var: Var, number: usize, args: &[Atom], bar: Bind) -> Result<()> {
        let active: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
        let whole = match bar {
            bar @ (Bind::Tuple(_) | Bind::Atom(_)) => bar,
            other => Bind::Atom(self.atom_of(&other, var)?),
        };
        // A rule may hand the cotangent on in one piece.
        let whole = match self.l.session.functions[number].rule {
            Some(_) => self.l.materialise(&whole, &Bind::Atom(Atom::Var(var)))?,
            None => whole,
        };
        if let Some(parts) = self.l.pull_back_call(number, &Atom::Var(var), args, &active, &whole)? {
            return args.iter().zip(parts).try_for_each(|(arg, part)| self.contribute(arg, part));
        }
        let bar = whole;
        let Some((backward, active)) = self.residuals.backward.get(&var).cloned() else {
            return Err(Error::derivative("this call cannot be differentiated").at(self.l.span));
        };
        let Some(residual) = self.residuals.of.get(&var).cloned() else { return Ok(()) };
        let bar = self.atom_of(&bar, var)?;
        let residual = self.l.atom(&residual)?;
        let kind = self.l.session.functions[backward].result.clone();
        let bars = self.l.define(symbol!("bars"), kind, Op::CallFunction(backward, vec![residual, bar]));
        let mut at = 0;
        for (arg, active) in args.iter().zip(active) {
            if active {
                let part = self.l.item(bars.clone(), Atom::int(at));
                self.contribute(arg, Bind::Atom(part))?;
                at += 1;
            }
        }
        Ok(())
    }
}

impl Lowerer<'_, '_> {
    /// Whether `0.0` is a zero for a place that is set to a value, whatever was there: a number, or elements of an array.
    pub fn zero_fits(&self, base: &Atom, path: &[Index], value: &Atom) -> bool {
        let container = self.container_kind(base, path);
        let place = path.last().map_or(Kind::Any, |last| self.index_kind(&container, last));
        let number = self.f.kind(value).is_scalar() && place.is_scalar();
        let elements =
            path.last().is_some_and(|last| self.picks(last) || matches!(last, Index::Tuple(_) | Index::Ellipsis));
        number || elements || matches!(container, Kind::Array(..))
    }

    fn container_kind(&self, base: &Atom, path: &[Index]) -> Kind {
        let outer = &path[..path.len().saturating_sub(1)];
        outer.iter().fold(self.f.kind(base), |kind, index| self.index_kind(&kind, index))
    }

    /// The zero of what stands in a place before it is set, where that may be of another shape than the new value.
    pub fn zero_of_place(&mut self, base: &Atom, path: &[Index], value: &Atom) -> Result<Option<Bind>> {
        let Some((Index::At(key), outer)) = path.split_last() else { return Ok(None) };
        let container = self.container_kind(base, path);
        if self.zero_fits(base, path, value) || !matches!(container, Kind::Any | Kind::List(_) | Kind::ListOf(_)) {
            return Ok(None);
        }
        let whole = outer.iter().fold(base.clone(), |whole, index| self.get_atom(whole, index.clone()));
        if container != Kind::Any {
            let old = self.item(whole, key.clone());
            return self.zero_of(&Bind::Atom(old)).map(Some);
        }
        // A dict may not have the key yet.
        let source = "def zero_at(base, key, value):\n    if isinstance(base, dict) and key not in base:\n        return cotangent.zeros_like(value)\n    return cotangent.zeros_like(base[key])\n";
        let args = [&whole, key, value].map(|atom| Bind::Atom(atom.clone()));
        self.in_language("zero_at", source, args.to_vec()).map(Some)
    }

    /// A cotangent of a place, summed to the shape of the value that was written there.
    pub fn sum_to_value(&mut self, part: Atom, value: &Atom) -> Result<Atom> {
        let (part_kind, value_kind) = (self.f.kind(&part), self.f.kind(value));
        Ok(match (part_kind, value_kind) {
            (Kind::Float, _) => part,
            (Kind::Array(..), Kind::Float) | (Kind::Any, Kind::Float) => {
                self.call(symbol!("cotangent.sum_to"), vec![part, Atom::Lit(Literal::Tuple(vec![]))])
            }
            (Kind::Array(..), _) | (_, Kind::Array(..)) => {
                let shape = self.call(symbol!("np.shape"), vec![value.clone()]);
                self.call(symbol!("cotangent.sum_to"), vec![part, shape])
            }
            (Kind::Any, Kind::Any) => {
                // A container was put there as it is.
                let source = "def summed(part, value):\n    if isinstance(value, (int, float, np.ndarray)):\n        return cotangent.sum_to(part, np.shape(value))\n    return part\n";
                let args = vec![Bind::Atom(part), Bind::Atom(value.clone())];
                let summed = self.in_language("summed", source, args)?;
                self.atom(&summed)?
            }
            _ => part,
        })
    }
}
