//! Forward mode: every active variable gets a tangent, computed beside it.
//!
//! ```text
//! y = np.tanh(x)            y = np.tanh(x)
//! z = y * w          ⟶      y_dot = x_dot * (1.0 - y * y)
//! return z                  z = y * w
//!                           z_dot = y_dot * w + w_dot * y
//! ```

use rustc_hash::FxHashMap;

use crate::lang::{Error, Result, Symbol};

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
    /// The tangents; a variable that is missing has the tangent zero.
    pub dots: FxHashMap<Var, Bind>,
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

    /// The tangent of an atom.
    pub fn dot(&self, atom: &Atom) -> Bind {
        match atom {
            Atom::Var(var) if self.active.holds(*var) => self.dots.get(var).cloned().unwrap_or(Bind::Zero),
            _ => Bind::Zero,
        }
    }

    /// The tangent of an atom as a value that exists.
    pub fn dot_atom(&mut self, atom: &Atom) -> Result<Atom> {
        let dot = self.dot(atom);
        self.l.materialise_atom(&dot, &Bind::Atom(atom.clone()))
    }

    fn set(&mut self, var: Var, dot: Bind) {
        if let Bind::Atom(Atom::Var(dot)) = &dot {
            let primal = self.l.f.info(var).clone();
            let info = &mut self.l.f.vars[dot.0 as usize];
            if info.temporary && info.name.as_str() == "t" {
                let name = if primal.temporary { "t" } else { primal.name.as_str().trim_start_matches('$') };
                info.name = Symbol::new(&format!("{name}_dot"));
            }
        }
        self.dots.insert(var, dot);
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Let(var, op) if self.active.holds(*var) => self.operation(*var, op),
            StmtKind::Mutate { method, base, out, result, args }
                if self.active.holds(*out) || self.active.holds(*result) =>
            {
                self.l.push(stmt.kind.clone());
                let base_dot = self.dot_atom(base)?;
                let arg_dots = args.iter().map(|a| self.dot_atom(a)).collect::<Result<Vec<_>>>()?;
                if !matches!(method.as_str(), "list.append" | "list.pop" | "list.extend" | "list.reverse") {
                    return Err(Error::derivative(format!("'{method}' cannot be differentiated yet")).at(stmt.span));
                }
                let (out_kind, result_kind) = (self.l.f.info(*out).kind.clone(), self.l.f.info(*result).kind.clone());
                let dot_out = self.l.f.fresh(Symbol::new("t"), out_kind, true);
                let dot_result = self.l.f.fresh(Symbol::new("t"), result_kind, true);
                self.l.push(StmtKind::Mutate {
                    method: *method,
                    base: base_dot,
                    out: dot_out,
                    result: dot_result,
                    args: arg_dots,
                });
                self.set(*out, Bind::Atom(Atom::Var(dot_out)));
                self.set(*result, Bind::Atom(Atom::Var(dot_result)));
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

    fn operation(&mut self, var: Var, op: &Op) -> Result<()> {
        let dot = match op {
            Op::Call(name, args) => {
                let active: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
                let residual = match self.l.run_primal(*name, args)? {
                    Some((result, residual)) => {
                        let result = self.l.atom(&result)?;
                        self.l.push(StmtKind::Let(var, Op::Copy(result)));
                        Some(residual)
                    }
                    None => {
                        self.l.push(StmtKind::Let(var, op.clone()));
                        None
                    }
                };
                let mut dots = Vec::new();
                for arg in args {
                    let dot = self.dot(arg);
                    let structured = matches!(dot, Bind::Tuple(_) | Bind::List(_) | Bind::Dict(_));
                    dots.push(if structured { self.l.materialise(&dot, &Bind::Atom(arg.clone()))? } else { dot });
                }
                let site = Site { name: *name, result: Atom::Var(var), residual, args, active: &active };
                self.l.push_forward(&site, &dots)?
            }
            Op::CallFunction(number, args) => {
                let mask: Vec<bool> = args.iter().map(|a| self.active.atom(a)).collect();
                let called = &self.l.session.functions[*number];
                if called.rule.is_some() || called.host {
                    self.l.push(StmtKind::Let(var, op.clone()));
                    let dots: Vec<Bind> = args.iter().map(|arg| self.dot(arg)).collect();
                    let dot = self.l.push_forward_call(*number, &Atom::Var(var), args, &mask, &dots)?;
                    self.set(var, dot.unwrap_or(Bind::Zero));
                    return Ok(());
                }
                let pushed = self.l.session.forward_part(*number, &mask)?;
                let mut all = args.clone();
                for (arg, active) in args.iter().zip(&mask) {
                    if *active {
                        all.push(self.dot_atom(arg)?);
                    }
                }
                let kind = self.l.session.functions[pushed].result.clone();
                let pair = self.l.define("pair", kind, Op::CallFunction(pushed, all));
                self.l.push(StmtKind::Let(var, Op::Index(pair.clone(), Index::At(Atom::int(0)))));
                Bind::Atom(self.l.item(pair, Atom::int(1)))
            }
            Op::Apply(..) => {
                return Err(Error::derivative(
                    "which function is called here is not known before the program runs, so it cannot be differentiated yet",
                )
                .at(self.l.span));
            }
            _ => {
                self.l.push(StmtKind::Let(var, op.clone()));
                self.structural(op)?
            }
        };
        self.set(var, dot);
        Ok(())
    }

    /// The tangent of an operation that only moves values.
    fn structural(&mut self, op: &Op) -> Result<Bind> {
        Ok(match op {
            Op::Copy(atom) => self.dot(atom),
            Op::Insert(_, atoms) => atoms.first().map_or(Bind::Zero, |atom| self.dot(atom)),
            Op::Index(base, index) => match self.dot(base) {
                Bind::Zero => Bind::Zero,
                dot => self.l.get(&dot, index.clone())?,
            },
            Op::Update(base, path, how, value) => {
                let base_dot = self.dot_atom(base)?;
                let value_dot = match (self.dot(value), how) {
                    (Bind::Zero, How::Add | How::AddAt) => return Ok(Bind::Atom(base_dot)),
                    (Bind::Zero, How::Set) if !matches!(self.l.f.kind(value), Kind::Any) => {
                        match self.l.f.kind(value) {
                            Kind::Float | Kind::Int | Kind::Bool | Kind::Array(..) => Atom::float(0.0),
                            _ => self.dot_atom(value)?,
                        }
                    }
                    _ => self.dot_atom(value)?,
                };
                let kind = self.l.f.kind(&base_dot);
                Bind::Atom(self.l.define("t", kind, Op::Update(base_dot, path.clone(), *how, value_dot)))
            }
            Op::Tuple(items) => Bind::Tuple(items.iter().map(|item| self.dot(item)).collect()),
            Op::List(items) => Bind::List(items.iter().map(|item| self.dot(item)).collect()),
            Op::Dict(items) => Bind::Dict(items.iter().map(|(key, item)| (key.clone(), self.dot(item))).collect()),
            _ => Bind::Zero,
        })
    }

    fn branch(&mut self, test: &Atom, then: &Block, otherwise: &Block, joins: &[Join]) -> Result<()> {
        let span = self.l.span;
        let (then_dots, mut then_block) = self.arm(then, joins.iter().map(|j| &j.then))?;
        let (otherwise_dots, mut otherwise_block) = self.arm(otherwise, joins.iter().map(|j| &j.otherwise))?;
        self.l.span = span;
        let mut merged = joins.to_vec();
        for ((join, a), b) in joins.iter().zip(then_dots).zip(otherwise_dots) {
            if !self.active.holds(join.var) {
                continue;
            }
            let a_filled = self.l.within(&mut then_block, |l| l.fill(&a, &b, &Bind::Atom(join.then.clone())))?;
            let b_filled =
                self.l.within(&mut otherwise_block, |l| l.fill(&b, &a_filled, &Bind::Atom(join.otherwise.clone())))?;
            let name = Symbol::new(&format!("{}_dot", self.l.f.info(join.var).name.as_str().trim_start_matches('$')));
            let dot =
                self.l.join(name, (&a_filled, &mut then_block), (&b_filled, &mut otherwise_block), &mut merged)?;
            self.set(join.var, dot);
        }
        self.l.push(StmtKind::If { test: test.clone(), then: then_block, otherwise: otherwise_block, joins: merged });
        Ok(())
    }

    fn arm<'j>(&mut self, block: &Block, results: impl Iterator<Item = &'j Atom>) -> Result<(Vec<Bind>, Block)> {
        let fresh = Block { stmts: vec![], id: block.id, mirrors: block.mirrors };
        let outer = std::mem::replace(&mut self.l.block, fresh);
        let result = self.block(block);
        let emitted = std::mem::replace(&mut self.l.block, outer);
        result?;
        Ok((results.map(|atom| self.dot(atom)).collect(), emitted))
    }

    fn looping(&mut self, looping: &Loop) -> Result<()> {
        let span = self.l.span;
        let mut carried = looping.carried.clone();
        let mut threads = Vec::new();
        for c in &looping.carried {
            if self.active.holds(c.inner) {
                let init = match &c.init {
                    Atom::Undefined => Atom::Undefined,
                    init => self.dot_atom(init)?,
                };
                let kind = match self.l.f.kind(&init) {
                    Kind::Never => self.l.f.info(c.inner).kind.clone(),
                    kind => kind,
                };
                let name =
                    Symbol::new(&format!("{}_dot", self.l.f.info(c.inner).name.as_str().trim_start_matches('$')));
                let inner = self.l.f.fresh(name, kind, false);
                self.dots.insert(c.inner, Bind::Atom(Atom::Var(inner)));
                threads.push((c.clone(), inner, init));
            }
        }
        let (_, mut body) = self.arm(&looping.body, std::iter::empty())?;
        let head = match &looping.head {
            Head::While(test, atom) => Head::While(self.arm(test, std::iter::empty())?.1, atom.clone()),
            head => head.clone(),
        };
        self.l.span = span;
        for (c, inner, init) in threads {
            let dot = self.dot(&c.next);
            let next = self.l.within(&mut body, |l| l.materialise_atom(&dot, &Bind::Atom(c.next.clone())))?;
            let kind = promoted(&self.l.f.info(inner).kind, &self.l.f.kind(&next));
            let name = self.l.f.info(inner).name;
            self.l.f.vars[inner.0 as usize].kind = kind.clone();
            let outer = self.l.f.fresh(name, kind, false);
            carried.push(Carried { inner, init, next, outer });
            self.dots.insert(c.outer, Bind::Atom(Atom::Var(outer)));
        }
        self.l.push(StmtKind::Loop(Box::new(Loop { head, carried, body, stop: looping.stop.clone() })));
        Ok(())
    }
}
