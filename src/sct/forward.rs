//! Forward mode: every active variable gets a tangent, computed beside it.
//!
//! ```text
//! y = np.tanh(x)            y = np.tanh(x)
//! z = y * w          ⟶      y_dot = x_dot * (1.0 - y * y)
//! return z                  z = y * w
//!                           z_dot = y_dot * w + w_dot * y
//! ```
//!
//! The tangent is the first coefficient of a Taylor series. With an order of more than one every active variable has that many,
//! `x_1`, `x_2` …: what only moves values moves all of them alike, and calls are expanded by `taylor`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Error, Result, Symbol, symbol};

use super::activity::Active;
use super::bind::Bind;
use super::core::{Atom, Block, Carried, Head, How, Index, Join, Loop, Op, Stmt, StmtKind, Var};
use super::kind::Kind;
use super::lower::{Lowerer, promoted};
use super::rules::Site;

/// The forward mode of a function under construction.
pub struct Forward<'l, 's, 'w> {
    /// Where the statements go.
    pub l: &'l mut Lowerer<'s, 'w>,
    /// The active variables.
    pub active: &'l Active,
    /// The variables that may hold no value.
    pub undefined: FxHashSet<Var>,
    /// How many coefficients a variable has.
    pub order: usize,
    /// The coefficients of each variable from the first; those of a variable that is missing are zero.
    pub dots: FxHashMap<Var, Vec<Bind>>,
}

impl Forward<'_, '_, '_> {
    /// Emits a block with its tangents.
    pub fn block(&mut self, block: &Block) -> Result<()> {
        for stmt in &block.stmts {
            self.l.span = stmt.span;
            self.stmt(stmt)?;
        }
        Ok(())
    }

    /// A coefficient of an atom, counted from 1: the tangent.
    pub fn dot(&self, atom: &Atom, k: usize) -> Bind {
        match atom {
            Atom::Var(var) if self.active.holds(*var) => {
                self.dots.get(var).and_then(|dots| dots.get(k - 1)).cloned().unwrap_or(Bind::Zero)
            }
            _ => Bind::Zero,
        }
    }

    /// A coefficient of an atom as a value that exists.
    pub fn dot_atom(&mut self, atom: &Atom, k: usize) -> Result<Atom> {
        let dot = self.dot(atom, k);
        self.l.materialise_atom(&dot, &Bind::Atom(atom.clone()))
    }

    /// What a coefficient of a variable is called.
    fn dot_name(&self, name: Symbol, k: usize) -> Symbol {
        dot_name(name, k, self.order)
    }

    fn set(&mut self, var: Var, dots: Vec<Bind>) {
        for (k, dot) in (1..).zip(&dots) {
            let Bind::Atom(Atom::Var(dot)) = dot else { continue };
            let primal = self.l.f.info(var);
            let name = if primal.temporary { symbol!("t") } else { primal.name };
            let name = self.dot_name(name, k);
            let info = &mut self.l.f.vars[dot.0 as usize];
            if info.temporary && info.name.as_str() == "t" {
                info.name = name;
            }
        }
        self.dots.insert(var, dots);
    }

    /// The coefficients that a function of their number gives.
    fn each(&mut self, mut coefficient: impl FnMut(&mut Self, usize) -> Result<Bind>) -> Result<Vec<Bind>> {
        (1..=self.order).map(|k| coefficient(self, k)).collect()
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Let(var, op) if self.active.holds(*var) => self.operation(*var, op),
            StmtKind::Mutate { method, base, out, result, args }
                if self.active.holds(*out) || self.active.holds(*result) =>
            {
                self.l.push(stmt.kind.clone());
                if !matches!(method.as_str(), "list.append" | "list.pop" | "list.extend" | "list.reverse") {
                    return self.draw(*method, base, *result, args);
                }
                let (mut outs, mut results) = (vec![], vec![]);
                for k in 1..=self.order {
                    let base = self.dot_atom(base, k)?;
                    let args = args.iter().map(|a| self.dot_atom(a, k)).collect::<Result<Vec<_>>>()?;
                    let (out, result) = (self.l.f.info(*out).kind.clone(), self.l.f.info(*result).kind.clone());
                    let out = self.l.f.fresh(symbol!("t"), out, true);
                    let result = self.l.f.fresh(symbol!("t"), result, true);
                    self.l.push(StmtKind::Mutate { method: *method, base, out, result, args });
                    outs.push(Bind::Atom(Atom::Var(out)));
                    results.push(Bind::Atom(Atom::Var(result)));
                }
                self.set(*out, outs);
                self.set(*result, results);
                Ok(())
            }
            StmtKind::If { test, then, otherwise, joins } => self.branch(test, then, otherwise, joins),
            StmtKind::Loop(looping) => self.looping(looping),
            other => {
                self.l.push(other.clone());
                Ok(())
            }
        }
    }

    /// What is drawn moves with the parameters of its distribution.
    fn draw(&mut self, method: Symbol, base: &Atom, result: Var, args: &[Atom]) -> Result<()> {
        if self.active.atom(base) || self.order > 1 {
            return Err(Error::derivative(format!("'{method}' cannot be differentiated yet")).at(self.l.span));
        }
        let args = self.l.full_arguments(method, base, args);
        let dot = self.primitive(method, result, None, &args)?;
        self.set(result, vec![dot]);
        Ok(())
    }

    /// The tangent of what a call of a primitive gives.
    fn primitive(&mut self, name: Symbol, result: Var, residual: Option<Bind>, args: &[Atom]) -> Result<Bind> {
        let active: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
        let mut dots = Vec::new();
        for arg in args {
            let dot = self.dot(arg, 1);
            dots.push(self.l.in_one_piece(&dot, arg)?);
        }
        let site = Site { name, result: Atom::Var(result), residual, args, active: &active };
        self.l.push_forward(&site, &dots)
    }

    fn operation(&mut self, var: Var, op: &Op) -> Result<()> {
        let dots = match op {
            Op::Call(name, args) if self.order > 1 => self.series(var, *name, args)?,
            Op::Call(name, args) => {
                let residual = self.primal(var, op)?;
                vec![self.primitive(*name, var, residual, args)?]
            }
            Op::CallFunction(number, args) => self.call(var, *number, args, op)?,
            Op::Apply(..) => {
                return Err(Error::derivative(
                    "which function is called here is not known before the program runs, so it cannot be differentiated yet",
                )
                .at(self.l.span));
            }
            _ => {
                self.l.push(StmtKind::Let(var, op.clone()));
                self.each(|this, k| this.structural(op, k))?
            }
        };
        self.set(var, dots);
        Ok(())
    }

    /// The call itself, or what its rule has run in its place; the residual that this leaves.
    pub fn primal(&mut self, var: Var, op: &Op) -> Result<Option<Bind>> {
        if let Op::Call(name, args) = op
            && let Some((result, residual)) = self.l.run_primal(*name, args)?
        {
            let result = self.l.atom(&result)?;
            self.l.push(StmtKind::Let(var, Op::Copy(result)));
            return Ok(Some(residual));
        }
        self.l.push(StmtKind::Let(var, op.clone()));
        Ok(None)
    }

    /// The coefficients of a call of a specialised function.
    fn call(&mut self, var: Var, number: usize, args: &[Atom], op: &Op) -> Result<Vec<Bind>> {
        let mask: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
        let called = &self.l.session.functions[number];
        if called.rule.is_some() || called.host {
            if self.order > 1 {
                return Err(Error::derivative("a rule of a program says nothing of Taylor series").at(self.l.span));
            }
            self.l.push(StmtKind::Let(var, op.clone()));
            let mut dots = Vec::new();
            for arg in args {
                let dot = match (self.dot(arg, 1), self.l.f.kind(arg)) {
                    // A rule may take a container's tangent apart.
                    (Bind::Zero, Kind::Tuple(_) | Kind::List(_) | Kind::ListOf(_) | Kind::Dict(_)) => {
                        self.l.zero_of(&Bind::Atom(arg.clone()))?
                    }
                    (dot, _) => dot,
                };
                dots.push(self.l.in_one_piece(&dot, arg)?);
            }
            let dot = self.l.push_forward_call(number, &Atom::Var(var), args, &mask, &dots)?;
            return Ok(vec![dot.unwrap_or(Bind::Zero)]);
        }
        let pushed = self.l.session.forward_part(number, &mask, self.order)?;
        let mut all = args.to_vec();
        for (arg, active) in args.iter().zip(&mask) {
            if *active {
                for k in 1..=self.order {
                    all.push(self.dot_atom(arg, k)?);
                }
            }
        }
        let kind = self.l.session.functions[pushed].result.clone();
        let parts = self.l.define(symbol!("pair"), kind, Op::CallFunction(pushed, all));
        self.l.push(StmtKind::Let(var, Op::Index(parts.clone(), Index::At(Atom::int(0)))));
        self.each(|this, k| Ok(Bind::Atom(this.l.item(parts.clone(), Atom::int(k as i64)))))
    }

    /// A coefficient of an operation that only moves values.
    pub fn structural(&mut self, op: &Op, k: usize) -> Result<Bind> {
        Ok(match op {
            Op::Copy(atom) => self.dot(atom, k),
            Op::Insert(_, atoms) => atoms.first().map_or(Bind::Zero, |atom| self.dot(atom, k)),
            Op::Index(base, index) => match self.dot(base, k) {
                Bind::Zero => Bind::Zero,
                dot if matches!(index, Index::At(Atom::Lit(_))) => self.l.get(&dot, index.clone())?,
                dot => {
                    let dot = self.l.in_one_piece(&dot, base)?;
                    self.l.get(&dot, index.clone())?
                }
            },
            Op::Update(base, path, how, value) => {
                let base_dot = self.dot_atom(base, k)?;
                let value_dot = match (self.dot(value, k), how) {
                    (Bind::Zero, How::Add | How::AddAt) => return Ok(Bind::Atom(base_dot)),
                    (Bind::Zero, How::Set) if self.l.zero_fits(base, path, value) => Atom::float(0.0),
                    _ => self.dot_atom(value, k)?,
                };
                let kind = self.l.f.kind(&base_dot);
                Bind::Atom(self.l.define(symbol!("t"), kind, Op::Update(base_dot, path.clone(), *how, value_dot)))
            }
            Op::Tuple(items) => Bind::Tuple(items.iter().map(|item| self.dot(item, k)).collect()),
            Op::List(items) => Bind::List(items.iter().map(|item| self.dot(item, k)).collect()),
            Op::Dict(items) => Bind::Dict(items.iter().map(|(key, item)| (key.clone(), self.dot(item, k))).collect()),
            _ => Bind::Zero,
        })
    }

    fn branch(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<()> {
        let span = self.l.span;
        let (then_dots, mut then_block) = self.arm(then, joins.iter().map(|j| &j.then))?;
        let (otherwise_dots, mut otherwise_block) = self.arm(otherwise, joins.iter().map(|j| &j.otherwise))?;
        self.l.span = span;
        let mut merged = joins.to_vec();
        for ((join, then_dots), otherwise_dots) in joins.iter().zip(then_dots).zip(otherwise_dots) {
            if !self.active.holds(join.var) {
                continue;
            }
            let mut dots = Vec::new();
            for ((k, a), b) in (1..).zip(then_dots).zip(otherwise_dots) {
                let (a_block, b_block) = (&mut then_block, &mut otherwise_block);
                let a = self.filled(a_block, &a, &b, &join.then)?;
                let b = self.filled(b_block, &b, &a, &join.otherwise)?;
                // Where the arms give lists of different lengths the second is in one piece, and so must the first be.
                let a = self.filled(a_block, &a, &b, &join.then)?;
                let name = self.dot_name(self.l.f.info(join.var).name, k);
                dots.push(self.l.join(name, (&a, a_block), (&b, b_block), &mut merged)?);
            }
            self.set(join.var, dots);
        }
        self.l.push(StmtKind::If { test: test.clone(), then: then_block, otherwise: otherwise_block, joins: merged });
        Ok(())
    }

    /// A coefficient of an atom with as much structure as another.
    fn filled(&mut self, block: &mut Block, dot: &Bind, like: &Bind, atom: &Atom) -> Result<Bind> {
        if dot.is_zero() && matches!(like, Bind::Atom(_)) && self.is_undefined(atom) {
            return Ok(Bind::Atom(self.l.within(block, |l| Ok(l.zeros_if_set(atom)))?));
        }
        self.l.within(block, |l| l.fill(dot, like, &Bind::Atom(atom.clone())))
    }

    fn is_undefined(&self, atom: &Atom) -> bool {
        atom.var().is_some_and(|var| self.undefined.contains(&var))
    }

    fn arm<'j>(&mut self, block: &Block, results: impl Iterator<Item = &'j Atom>) -> Result<(Vec<Vec<Bind>>, Block)> {
        let fresh = Block { stmts: vec![], id: block.id, mirrors: block.mirrors };
        let outer = std::mem::replace(&mut self.l.block, fresh);
        let result = self.block(block);
        let emitted = std::mem::replace(&mut self.l.block, outer);
        result?;
        let dots = |atom: &Atom| (1..=self.order).map(|k| self.dot(atom, k)).collect();
        Ok((results.map(dots).collect(), emitted))
    }

    fn looping(&mut self, looping: &Loop) -> Result<()> {
        let span = self.l.span;
        let mut carried = looping.carried.clone();
        let mut threads = Vec::new();
        for c in looping.carried.iter().filter(|c| self.active.holds(c.inner)) {
            let mut dots = Vec::new();
            for k in 1..=self.order {
                let init = match &c.init {
                    Atom::Undefined => Atom::Undefined,
                    init if self.is_undefined(init) && self.dot(init, k).is_zero() => self.l.zeros_if_set(init),
                    init => self.dot_atom(init, k)?,
                };
                let kind = match self.l.f.kind(&init) {
                    Kind::Never => self.l.f.info(c.inner).kind.clone(),
                    kind => kind,
                };
                let name = self.dot_name(self.l.f.info(c.inner).name, k);
                let inner = self.l.f.fresh(name, kind, false);
                dots.push(Bind::Atom(Atom::Var(inner)));
                threads.push((c, k, inner, init));
            }
            self.dots.insert(c.inner, dots);
        }
        let (_, mut body) = self.arm(&looping.body, std::iter::empty())?;
        let head = match &looping.head {
            Head::While(test, atom) => Head::While(self.arm(test, std::iter::empty())?.1, atom.clone()),
            head => head.clone(),
        };
        self.l.span = span;
        for (c, k, inner, init) in threads {
            let dot = self.dot(&c.next, k);
            let next = self.l.within(&mut body, |l| l.materialise_atom(&dot, &Bind::Atom(c.next.clone())))?;
            let kind = promoted(&self.l.f.info(inner).kind, &self.l.f.kind(&next));
            let name = self.l.f.info(inner).name;
            self.l.f.vars[inner.0 as usize].kind = kind.clone();
            let outer = self.l.f.fresh(name, kind, false);
            carried.push(Carried { inner, init, next, outer });
            self.dots.entry(c.outer).or_default().push(Bind::Atom(Atom::Var(outer)));
        }
        self.l.push(StmtKind::Loop(Box::new(Loop { head, carried, body, stop: looping.stop.clone() })));
        Ok(())
    }
}

/// What a coefficient of a variable is called: `x_dot` where there is just the tangent, otherwise `x_1`, `x_2` …
pub fn dot_name(name: Symbol, k: usize, order: usize) -> Symbol {
    let name = name.as_str().trim_start_matches('$');
    match order {
        1 => Symbol::new(&[name, "_dot"].concat()),
        _ => Symbol::new(&format!("{name}_{k}")),
    }
}

impl Lowerer<'_, '_> {
    /// A tangent whose structure is known here as one value: what a rule takes.
    pub fn in_one_piece(&mut self, dot: &Bind, primal: &Atom) -> Result<Bind> {
        match dot {
            Bind::Tuple(_) | Bind::List(_) | Bind::Dict(_) => self.materialise(dot, &Bind::Atom(primal.clone())),
            other => Ok(other.clone()),
        }
    }
}
