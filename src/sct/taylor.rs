//! Taylor arithmetic: the coefficients of a call's result from those of its arguments, to any order at polynomial cost.
//!
//! ```text
//! y = np.exp(x)            y = np.exp(x)
//!                    ⟶     y_1 = x_1 * y
//!                          y_2 = (x_1 * y_1 + 2.0 * x_2 * y) / 2.0
//! ```
//!
//! Products and quotients have recurrences of their own. For all else the derivative says it: from y = g(x) follows
//! y' = p x', where p = g'(x, y) is what the rule of the derivative computes, so that
//!
//! ```text
//! k y_k = Σ j x_j p_{k-j},   j = 1 … k
//! ```
//!
//! with the coefficients of p computed as they are needed, in the same way: those up to p_{k-1} need no more than y_{k-1}. Functions that are
//! each other's derivatives (sin and cos) are recognised and make a system. A rule by tangents gives y' from x' likewise.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Error, Result, Symbol, symbol};

use super::bind::Bind;
use super::core::{Atom, Op, StmtKind, Var};
use super::forward::Forward;
use super::kind::{Kind, Literal};
use super::lower::Lowerer;
use super::partials::none_or_zero;
use super::rules::{Series, Site};

/// The call of which coefficients are computed, and what its rules have brought in.
#[derive(Default)]
struct Call {
    /// How variables that depend on the active ones are computed.
    defined: FxHashMap<Var, Op>,
    /// The residuals of calls whose rule keeps one.
    residuals: FxHashMap<Var, Bind>,
    /// Variables that are computed like others.
    same: FxHashMap<Var, Var>,
    /// How their coefficients are found.
    equations: FxHashMap<Var, Equation>,
    /// Those found so far, by variable and number.
    found: FxHashMap<(Var, usize), Bind>,
    /// The derivatives of arguments: the argument, of whose coefficients they have the next, times its number.
    primes: FxHashMap<Var, Atom>,
}

/// How coefficients are found.
#[derive(Clone)]
enum Equation {
    /// z = x y
    Product,
    /// z = x / y
    Quotient,
    /// z is another variable's value.
    Same(Atom),
    /// z' = Σ p x': the partial derivatives.
    Partials(Vec<Bind>),
    /// Linear in the first argument.
    Linear,
    /// Linear in all active arguments together: the tangent.
    Tangent,
    /// z' is the value of this.
    Prime(Bind),
    /// A sequence, an item of one and the like.
    Structure,
}

/// More coefficients than this for one call are not written down.
const MOST_COEFFICIENTS: usize = 20_000;
/// Integer powers to this one are products.
const LARGEST_POWER: f64 = 64.0;

impl Forward<'_, '_, '_> {
    /// Emits a call; the coefficients of its result.
    pub fn series(&mut self, var: Var, name: Symbol, args: &[Atom]) -> Result<Vec<Bind>> {
        let mut call = Call::default();
        let op = Op::Call(name, args.to_vec());
        let start = self.l.block.stmts.len();
        if let Some(residual) = self.primal(var, &op)? {
            call.residuals.insert(var, residual);
            self.scan(&mut call, start)?;
            call.defined.remove(&var);
        }
        call.defined.insert(var, op);
        (1..=self.order).map(|k| self.coefficient(&mut call, &Atom::Var(var), k)).collect()
    }

    /// Whether an atom depends on the input.
    fn varies(&self, call: &Call, atom: &Atom) -> bool {
        let Atom::Var(var) = atom else { return false };
        call.defined.contains_key(var)
            || call.same.contains_key(var)
            || call.primes.contains_key(var)
            || self.active.holds(*var)
    }

    /// Takes note of what a rule has brought in.
    fn scan(&mut self, call: &mut Call, start: usize) -> Result<()> {
        for at in start..self.l.block.stmts.len() {
            let stmt = self.l.block.stmts[at].clone();
            let mut any = false;
            stmt.kind.each_atom(&mut |atom| any |= self.varies(call, atom));
            match stmt.kind {
                StmtKind::Let(var, op) if any => {
                    if let Op::Call(name, _) = &op
                        && self.l.session.rules.get(*name).is_some_and(|rule| rule.is_zero())
                    {
                        continue;
                    }
                    let canonical = canonical(&op, &call.same);
                    let known = call.defined.iter().find(|(_, other)| **other == canonical).map(|(known, _)| *known);
                    match known {
                        Some(known) => call.same.insert(var, known).map(drop),
                        None => call.defined.insert(var, canonical).map(drop),
                    };
                }
                StmtKind::Let(..) => {}
                kind => {
                    kind.each_block(&mut |block| {
                        block.each_stmt(&mut |stmt| stmt.kind.each_atom(&mut |atom| any |= self.varies(call, atom)))
                    });
                    if any {
                        return Err(self.no_series("a rule that decides by its arguments"));
                    }
                }
            }
        }
        Ok(())
    }

    fn no_series(&self, what: &str) -> Error {
        Error::derivative(format!("there is no Taylor series of {what}")).at(self.l.span)
    }

    /// A coefficient of an atom.
    fn coefficient(&mut self, call: &mut Call, atom: &Atom, k: usize) -> Result<Bind> {
        if k == 0 {
            return Ok(Bind::Atom(atom.clone()));
        }
        let Atom::Var(var) = atom else { return Ok(Bind::Zero) };
        let var = call.same.get(var).copied().unwrap_or(*var);
        if let Some(found) = call.found.get(&(var, k)) {
            return Ok(found.clone());
        }
        if call.found.len() > MOST_COEFFICIENTS {
            return Err(self.no_series("a function as large as this one"));
        }
        let found = if let Some(of) = call.primes.get(&var).cloned() {
            let next = self.coefficient(call, &of, k + 1)?;
            self.l.scaled(&next, (k + 1) as f64)?
        } else if let Some(op) = call.defined.get(&var).cloned() {
            self.computed(call, var, &op, k)?
        } else {
            return Ok(self.dot(&Atom::Var(var), k));
        };
        call.found.insert((var, k), found.clone());
        Ok(found)
    }

    /// A coefficient of what an operation gives.
    fn computed(&mut self, call: &mut Call, var: Var, op: &Op, k: usize) -> Result<Bind> {
        let equation = match call.equations.get(&var) {
            Some(equation) => equation.clone(),
            None => {
                let equation = self.equation(call, var, op)?;
                call.equations.insert(var, equation.clone());
                equation
            }
        };
        let Op::Call(name, args) = op else {
            return self.moved(call, op, k);
        };
        match equation {
            Equation::Product => {
                let mut total = Bind::Zero;
                for j in 0..=k {
                    let (a, b) = (self.coefficient(call, &args[0], j)?, self.coefficient(call, &args[1], k - j)?);
                    let varying = |this: &Self, at: usize, j: usize| j == 0 || this.varies(call, &args[at]);
                    if !varying(self, 0, j) || !varying(self, 1, k - j) {
                        continue;
                    }
                    let term = self.l.product(*name, &a, &b, &args[2..])?;
                    total = self.l.accumulate(&total, &term)?;
                }
                self.spread(total, var, args)
            }
            Equation::Quotient => {
                let mut total = self.coefficient(call, &args[0], k)?;
                if self.varies(call, &args[1]) {
                    for j in 1..=k {
                        let y = self.coefficient(call, &args[1], j)?;
                        let z = self.coefficient(call, &Atom::Var(var), k - j)?;
                        let term = self.l.product(symbol!("operator.mul"), &y, &z, &[])?;
                        total = self.l.binary(crate::lang::tree::BinaryOp::Sub, &total, &term)?;
                    }
                }
                let quotient = self.l.binary(crate::lang::tree::BinaryOp::Div, &total, &Bind::Atom(args[1].clone()))?;
                self.spread(quotient, var, args)
            }
            Equation::Same(atom) => self.coefficient(call, &atom, k),
            Equation::Partials(partials) => self.by_partials(call, var, args, &partials, k),
            Equation::Linear => {
                let Bind::Atom(first) = self.coefficient(call, &args[0], k)? else { return Ok(Bind::Zero) };
                let args = std::iter::once(first).chain(args[1..].iter().cloned()).collect();
                Ok(Bind::Atom(self.l.call(*name, args)))
            }
            Equation::Tangent => {
                let mut dots = Vec::new();
                for arg in args {
                    let dot = self.coefficient(call, arg, k)?;
                    dots.push(self.l.in_one_piece(&dot, arg)?);
                }
                self.by_tangent(call, var, *name, args, &dots)
            }
            Equation::Prime(prime) => {
                let last = self.coefficient_of(call, &prime, k - 1)?;
                self.l.scaled(&last, 1.0 / k as f64)
            }
            Equation::Structure => self.moved(call, op, k),
        }
    }

    fn equation(&mut self, call: &mut Call, var: Var, op: &Op) -> Result<Equation> {
        let Op::Call(name, args) = op else { return Ok(Equation::Structure) };
        let rule = self.l.rule(*name)?;
        let start = self.l.block.stmts.len();
        match rule.series {
            Some(Series::Bilinear) if args[2..].iter().all(|arg| !self.varies(call, arg)) => {
                return Ok(Equation::Product);
            }
            Some(Series::Quotient) => return Ok(Equation::Quotient),
            Some(Series::Power) => {
                if let Some(same) = self.l.power(&args[0], &args[1], self.varies(call, &args[1]))? {
                    self.scan(call, start)?;
                    return Ok(Equation::Same(same));
                }
            }
            _ => {}
        }
        let active: Vec<bool> = args.iter().map(|arg| self.varies(call, arg)).collect();
        let residual = call.residuals.get(&var).cloned();
        let site = Site { name: *name, result: Atom::Var(var), residual, args, active: &active };
        if let Some(template) = &rule.partial {
            let partials = self.l.partials(template, &site.result, &site.params(), |_| true)?;
            self.scan(call, start)?;
            return Ok(Equation::Partials(partials));
        }
        if rule.linear.is_some() {
            return Ok(Equation::Linear);
        }
        let mut primes = FxHashSet::default();
        let mut dots = Vec::new();
        for arg in args {
            let first = match self.varies(call, arg) {
                true => self.coefficient(call, arg, 1)?,
                false => Bind::Zero,
            };
            dots.push(match self.l.in_one_piece(&first, arg)? {
                Bind::Zero => Bind::Zero,
                first => {
                    let first = self.l.atom(&first)?;
                    let kind = self.l.f.kind(&first);
                    let prime = self.l.define(symbol!("t"), kind, Op::Copy(first));
                    if let Atom::Var(prime) = prime {
                        call.primes.insert(prime, arg.clone());
                        primes.insert(prime);
                    }
                    Bind::Atom(prime)
                }
            });
        }
        let start = self.l.block.stmts.len();
        let prime = self.by_tangent(call, var, *name, args, &dots)?;
        // Where the tangent reads nothing that varies but the arguments' tangents, it is linear in these with constant factors.
        let mut linear = true;
        for at in start..self.l.block.stmts.len() {
            let StmtKind::Let(var, op) = &self.l.block.stmts[at].kind else {
                linear = false;
                break;
            };
            let zero = matches!(op, Op::Call(name, _) if self.l.session.rules.get(*name).is_some_and(|r| r.is_zero()));
            let (mut tangents, mut others) = (false, false);
            op.each_atom(&mut |atom| match atom {
                Atom::Var(var) if primes.contains(var) => tangents = true,
                atom => others |= self.varies(call, atom),
            });
            linear &= zero || !others;
            if tangents {
                primes.insert(*var);
            }
        }
        if linear {
            return Ok(Equation::Tangent);
        }
        self.scan(call, start)?;
        Ok(Equation::Prime(prime))
    }

    fn by_tangent(&mut self, call: &Call, var: Var, name: Symbol, args: &[Atom], dots: &[Bind]) -> Result<Bind> {
        let active: Vec<bool> = args.iter().map(|arg| self.varies(call, arg)).collect();
        let residual = call.residuals.get(&var).cloned();
        let site = Site { name, result: Atom::Var(var), residual, args, active: &active };
        self.l.push_forward(&site, dots)
    }

    /// k z_k = Σ j x_j p_{k-j}; where p is constant, z_k has the term p x_k.
    fn by_partials(&mut self, call: &mut Call, var: Var, args: &[Atom], partials: &[Bind], k: usize) -> Result<Bind> {
        let (mut direct, mut total) = (Bind::Zero, Bind::Zero);
        for (arg, partial) in args.iter().zip(partials) {
            if !self.varies(call, arg) || none_or_zero(partial) {
                continue;
            }
            let p = self.l.atom(partial)?;
            if !self.varies(call, &p) {
                let x = self.coefficient(call, arg, k)?;
                let term = self.l.product(symbol!("operator.mul"), &x, &Bind::Atom(p), &[])?;
                direct = self.l.accumulate(&direct, &term)?;
                continue;
            }
            for j in 1..=k {
                let x = self.coefficient(call, arg, j)?;
                if x.is_zero() {
                    continue;
                }
                let x = self.l.scaled(&x, j as f64)?;
                let p = self.coefficient(call, &p, k - j)?;
                let term = self.l.product(symbol!("operator.mul"), &x, &p, &[])?;
                total = self.l.accumulate(&total, &term)?;
            }
        }
        let total = self.l.divided(&total, k as f64)?;
        let total = self.l.accumulate(&direct, &total)?;
        self.spread(total, var, args)
    }

    /// A coefficient has the shape of the value, though what it is computed from may have been broadcast.
    fn spread(&mut self, coefficient: Bind, var: Var, args: &[Atom]) -> Result<Bind> {
        let kinds: Vec<Kind> = args.iter().map(|arg| self.l.f.kind(arg)).collect();
        let arrays = kinds.iter().filter(|kind| !kind.is_scalar() && **kind != Kind::None).count();
        let Bind::Atom(atom) = &coefficient else { return Ok(coefficient) };
        if self.l.f.info(var).kind.is_scalar() || (arrays <= 1 && matches!(self.l.f.kind(atom), Kind::Array(..))) {
            return Ok(coefficient);
        }
        let shape = self.l.call(symbol!("np.shape"), vec![Atom::Var(var)]);
        Ok(Bind::Atom(self.l.call(symbol!("np.broadcast_to"), vec![atom.clone(), shape])))
    }

    fn coefficient_of(&mut self, call: &mut Call, bind: &Bind, k: usize) -> Result<Bind> {
        Ok(match bind {
            Bind::Atom(atom) => self.coefficient(call, atom, k)?,
            Bind::Tuple(items) => {
                Bind::Tuple(items.iter().map(|item| self.coefficient_of(call, item, k)).collect::<Result<_>>()?)
            }
            Bind::List(items) => {
                Bind::List(items.iter().map(|item| self.coefficient_of(call, item, k)).collect::<Result<_>>()?)
            }
            Bind::Zero => Bind::Zero,
            _ => return Err(self.no_series("this value")),
        })
    }

    /// A coefficient of an operation that only moves values: that of moving the operands' coefficients.
    fn moved(&mut self, call: &mut Call, op: &Op, k: usize) -> Result<Bind> {
        Ok(match op {
            Op::Copy(atom) => self.coefficient(call, atom, k)?,
            Op::Index(base, index) => match self.coefficient(call, base, k)? {
                Bind::Zero => Bind::Zero,
                dot => self.l.get(&dot, index.clone())?,
            },
            Op::Tuple(items) => {
                Bind::Tuple(items.iter().map(|item| self.coefficient(call, item, k)).collect::<Result<_>>()?)
            }
            Op::List(items) => {
                Bind::List(items.iter().map(|item| self.coefficient(call, item, k)).collect::<Result<_>>()?)
            }
            _ => return Err(self.no_series("what a rule does here")),
        })
    }
}

/// An operation with one name for what is the same.
fn canonical(op: &Op, same: &FxHashMap<Var, Var>) -> Op {
    let mut op = op.clone();
    op.each_atom_mut(&mut |atom| {
        if let Atom::Var(var) = atom
            && let Some(known) = same.get(var)
        {
            *var = *known;
        }
    });
    op
}

impl Lowerer<'_, '_> {
    /// A tangent or coefficient times a number.
    pub fn scaled(&mut self, bind: &Bind, factor: f64) -> Result<Bind> {
        Ok(match bind {
            Bind::Zero => Bind::Zero,
            _ if factor == 1.0 => bind.clone(),
            Bind::Tuple(items) => {
                Bind::Tuple(items.iter().map(|item| self.scaled(item, factor)).collect::<Result<_>>()?)
            }
            Bind::List(items) => Bind::List(items.iter().map(|item| self.scaled(item, factor)).collect::<Result<_>>()?),
            Bind::Dict(items) => Bind::Dict(
                items.iter().map(|(key, item)| Ok((key.clone(), self.scaled(item, factor)?))).collect::<Result<_>>()?,
            ),
            Bind::Atom(atom) => match self.f.kind(atom) {
                Kind::Float | Kind::Int | Kind::Array(..) => {
                    Bind::Atom(self.call(symbol!("operator.mul"), vec![Atom::float(factor), atom.clone()]))
                }
                _ => self.scaled_at_run_time(atom, factor)?,
            },
            other => other.clone(),
        })
    }

    fn scaled_at_run_time(&mut self, atom: &Atom, factor: f64) -> Result<Bind> {
        match self.explode(&Bind::Atom(atom.clone())) {
            Some(items) => {
                let whole = match self.f.kind(atom) {
                    Kind::Tuple(_) => Bind::Tuple(items),
                    _ => Bind::List(items),
                };
                self.scaled(&whole, factor)
            }
            None if self.f.kind(atom) == Kind::None => Ok(Bind::NONE),
            None => Err(Error::derivative("a Taylor series of a value of unknown structure").at(self.span)),
        }
    }

    fn divided(&mut self, bind: &Bind, by: f64) -> Result<Bind> {
        match bind {
            Bind::Atom(atom) if by != 1.0 => {
                Ok(Bind::Atom(self.call(symbol!("operator.truediv"), vec![atom.clone(), Atom::float(by)])))
            }
            other => Ok(other.clone()),
        }
    }

    /// A product of coefficients.
    fn product(&mut self, name: Symbol, a: &Bind, b: &Bind, rest: &[Atom]) -> Result<Bind> {
        if a.is_zero() || b.is_zero() {
            return Ok(Bind::Zero);
        }
        let (a, b) = (self.atom(a)?, self.atom(b)?);
        let one = |atom: &Atom| *atom == Atom::float(1.0);
        Ok(Bind::Atom(match name.as_str() {
            "operator.mul" if one(&a) => b,
            "operator.mul" if one(&b) => a,
            _ => self.call(name, [a, b].into_iter().chain(rest.iter().cloned()).collect()),
        }))
    }

    /// What has the same series as a power: products for a small integer exponent, the exponential where the exponent varies.
    fn power(&mut self, x: &Atom, exponent: &Atom, varies: bool) -> Result<Option<Atom>> {
        if varies {
            let log = self.call(symbol!("np.log"), vec![x.clone()]);
            let product = self.call(symbol!("operator.mul"), vec![exponent.clone(), log]);
            return Ok(Some(self.call(symbol!("np.exp"), vec![product])));
        }
        let n = match exponent {
            Atom::Lit(Literal::Int(n)) => *n as f64,
            Atom::Lit(Literal::Float(n)) => *n,
            _ => return Ok(None),
        };
        if n.fract() != 0.0 || n.abs() > LARGEST_POWER {
            return Ok(None);
        }
        let (mut left, mut square) = (n.abs() as u64, x.clone());
        let mut power: Option<Atom> = None;
        while left > 0 {
            if left % 2 == 1 {
                power = Some(match power {
                    Some(power) => self.call(symbol!("operator.mul"), vec![power, square.clone()]),
                    None => square.clone(),
                });
            }
            left /= 2;
            if left > 0 {
                square = self.call(symbol!("operator.mul"), vec![square.clone(), square]);
            }
        }
        let power = power.unwrap_or(Atom::float(1.0));
        Ok(Some(match n < 0.0 {
            true => self.call(symbol!("operator.truediv"), vec![Atom::float(1.0), power]),
            false => power,
        }))
    }
}
