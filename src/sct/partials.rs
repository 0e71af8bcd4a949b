//! Elementwise calls by their partial derivatives: what they add to a cotangent, and to a tangent.
//!
//! Most templates of `@partial` are expressions of library functions. What such a template calls is looked up once, and
//! expanding it then takes no look at its text. Templates that call functions of their own are lowered like any other.

use crate::lang::tree::{self, BinaryOp, ExprKind, StmtKind, UnaryOp};
use crate::lang::{Result, Symbol, symbol};

use super::bind::Bind;
use super::core::{Atom, operator_name};
use super::kind::{FunctionKind, Kind, Literal, Operand};
use super::lower::Lowerer;
use super::rules::{Rules, TemplateRef, Unfolded};
use super::world::World;

/// The partial derivatives of a template as calls of the library, each after those that it reads.
pub struct Formulas {
    calls: Vec<(Symbol, Vec<Term>)>,
    results: Vec<Term>,
}

/// What a formula reads.
#[derive(Clone)]
enum Term {
    Param(usize),
    Constant(Literal),
    Call(usize),
}

impl Formulas {
    /// The formulas of a template; none where it is more than expressions of library functions of numbers.
    pub fn of(function: &tree::Function, world: &dyn World, rules: &Rules) -> Option<Formulas> {
        let [tree::Stmt { kind: StmtKind::Return(Some(value)), .. }] = function.body.as_slice() else { return None };
        let params = function.params.iter().map(|param| param.name).collect();
        let mut reader = Reader { params, world, rules, calls: vec![] };
        let results = match &value.kind {
            ExprKind::Tuple(items) => items.iter().map(|item| reader.term(item)).collect::<Option<_>>()?,
            _ => vec![reader.term(value)?],
        };
        Some(Formulas { calls: reader.calls, results })
    }
}

struct Reader<'a> {
    params: Vec<Symbol>,
    world: &'a dyn World,
    rules: &'a Rules,
    calls: Vec<(Symbol, Vec<Term>)>,
}

impl Reader<'_> {
    fn term(&mut self, e: &tree::Expr) -> Option<Term> {
        Some(match &e.kind {
            ExprKind::Int(i) => Term::Constant(Literal::Int(*i)),
            ExprKind::Float(x) => Term::Constant(Literal::Float(*x)),
            ExprKind::Name(name) => Term::Param(self.params.iter().position(|param| param == name)?),
            ExprKind::Unary(UnaryOp::Neg, x) => match self.term(x)? {
                Term::Constant(Literal::Int(i)) => Term::Constant(Literal::Int(-i)),
                Term::Constant(Literal::Float(x)) => Term::Constant(Literal::Float(-x)),
                term => self.call(symbol!("operator.neg"), vec![term]),
            },
            ExprKind::Binary(op, a, b)
                if matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow) =>
            {
                let terms = vec![self.term(a)?, self.term(b)?];
                self.call(operator_name(*op), terms)
            }
            ExprKind::Attribute(..) => match self.member(e)? {
                Operand { literal: Some(literal), .. } => Term::Constant(literal),
                _ => return None,
            },
            ExprKind::Call(callee, args) => {
                let Kind::Function(function) = self.member(callee)?.kind else { return None };
                let FunctionKind::Builtin(name) = *function else { return None };
                let elementwise = self.rules.is_elementwise(name) && name.as_str() != "np.where";
                let term = |arg: &tree::Arg| match arg {
                    tree::Arg::Positional(value) if elementwise => self.term(value),
                    _ => None,
                };
                let terms = args.iter().map(term).collect::<Option<_>>()?;
                self.call(name, terms)
            }
            _ => return None,
        })
    }

    fn call(&mut self, name: Symbol, terms: Vec<Term>) -> Term {
        self.calls.push((name, terms));
        Term::Call(self.calls.len() - 1)
    }

    fn member(&self, e: &tree::Expr) -> Option<Operand> {
        let ExprKind::Attribute(module, name) = &e.kind else { return None };
        match &module.kind {
            ExprKind::Name(module) if !self.params.contains(module) => self.world.member(*module, *name),
            _ => None,
        }
    }
}

impl Lowerer<'_, '_> {
    /// The partial derivatives of an elementwise call; those that are not wanted may be left out.
    pub fn partials(
        &mut self,
        template: &TemplateRef,
        result: &Atom,
        params: &Unfolded,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Vec<Bind>> {
        if let Some(formulas) = template.formulas(self.session.world)
            && let Some(given) = self.numbers(result, params)
        {
            let mut known = vec![None; formulas.calls.len()];
            let partial = |(at, term)| match wanted(at) {
                true => Bind::Atom(self.formula(formulas, term, &given, &mut known)),
                false => Bind::Zero,
            };
            return Ok(formulas.results.iter().enumerate().map(partial).collect());
        }
        let leading = std::iter::once(Bind::Atom(result.clone()));
        let values = leading.chain(params.binds.iter().cloned()).collect();
        Ok(match self.expand_template(template, values)? {
            Bind::Tuple(items) => items,
            single => vec![single],
        })
    }

    /// The result and the arguments of a call, where they are numbers and arrays of numbers.
    fn numbers(&self, result: &Atom, params: &Unfolded) -> Option<Vec<Atom>> {
        let mut atoms = Vec::with_capacity(params.binds.len() + 1);
        atoms.push(result.clone());
        for bind in &params.binds {
            let Bind::Atom(atom) = bind else { return None };
            atoms.push(atom.clone());
        }
        atoms.iter().all(|atom| self.f.kind(atom).dtype().is_some()).then_some(atoms)
    }

    fn formula(&mut self, formulas: &Formulas, term: &Term, given: &[Atom], known: &mut [Option<Atom>]) -> Atom {
        match term {
            Term::Param(at) => given.get(*at).cloned().unwrap_or(Atom::Lit(Literal::None)),
            Term::Constant(literal) => Atom::Lit(literal.clone()),
            Term::Call(at) => {
                if let Some(atom) = &known[*at] {
                    return atom.clone();
                }
                let (name, terms) = &formulas.calls[*at];
                let args = terms.iter().map(|term| self.formula(formulas, term, given, known)).collect();
                let atom = self.call(*name, args);
                known[*at] = Some(atom.clone());
                atom
            }
        }
    }

    /// The contributions of an elementwise call by its partial derivatives.
    pub fn pull_back_partial(
        &mut self,
        template: &TemplateRef,
        result: &Atom,
        params: &Unfolded,
        bar: &Atom,
    ) -> Result<Vec<Bind>> {
        let mut out = vec![Bind::Zero; params.binds.len()];
        let operands = self.operands(params);
        for (at, partial) in self
            .partials(template, result, params, |at| params.active.get(at) == Some(&true))?
            .iter()
            .enumerate()
            .take(out.len())
        {
            if params.active[at] && !none_or_zero(partial) {
                let product = self.times(bar, partial)?;
                out[at] = Bind::Atom(self.sum_to_operand(product, result, &operands, at));
            }
        }
        Ok(out)
    }

    /// The tangent of an elementwise call by its partial derivatives.
    pub fn push_forward_partial(
        &mut self,
        template: &TemplateRef,
        result: &Atom,
        params: &Unfolded,
        dots: &[Bind],
    ) -> Result<Bind> {
        let operands = self.operands(params);
        let mut total = Bind::Zero;
        for ((at, partial), dot) in self
            .partials(template, result, params, |at| dots.get(at).is_some_and(|dot| !dot.is_zero()))?
            .iter()
            .enumerate()
            .zip(dots)
        {
            if dot.is_zero() || none_or_zero(partial) {
                continue;
            }
            let dot = self.atom(dot)?;
            let product = self.times(&dot, partial)?;
            let product = self.spread_to_result(product, result, &operands, at);
            total = self.accumulate(&total, &Bind::Atom(product))?;
        }
        Ok(total)
    }

    fn operands(&self, params: &Unfolded) -> Vec<Atom> {
        let atom = |bind: &Bind| match bind {
            Bind::Atom(atom) => atom.clone(),
            _ => Atom::Lit(Literal::None),
        };
        params.binds.iter().map(atom).collect()
    }

    /// A cotangent or tangent times a partial derivative.
    fn times(&mut self, factor: &Atom, partial: &Bind) -> Result<Atom> {
        let partial = self.atom(partial)?;
        Ok(match &partial {
            Atom::Lit(Literal::Int(1)) => factor.clone(),
            Atom::Lit(Literal::Float(x)) if *x == 1.0 => factor.clone(),
            Atom::Lit(Literal::Int(-1)) => self.call(symbol!("operator.neg"), vec![factor.clone()]),
            Atom::Lit(Literal::Float(x)) if *x == -1.0 => self.call(symbol!("operator.neg"), vec![factor.clone()]),
            _ => {
                let product = self.call(symbol!("operator.mul"), vec![factor.clone(), partial]);
                if let Atom::Var(var) = product {
                    self.f.vars[var.0 as usize].strong = true;
                }
                product
            }
        })
    }

    /// A contribution summed over the axes along which the operand was broadcast.
    fn sum_to_operand(&mut self, contribution: Atom, result: &Atom, operands: &[Atom], at: usize) -> Atom {
        let operand = &operands[at];
        let kind = self.f.kind(operand);
        let alone = operands.iter().enumerate().all(|(i, a)| i == at || self.f.kind(a).is_scalar() || a == operand);
        if self.f.kind(result).is_scalar() || (alone && matches!(kind, Kind::Array(..))) {
            return contribution;
        }
        let shape = match kind.is_scalar() {
            true => Atom::Lit(Literal::Tuple(vec![])),
            false => self.call(symbol!("np.shape"), vec![operand.clone()]),
        };
        self.call(symbol!("cotangent.sum_to"), vec![contribution, shape])
    }

    /// A tangent contribution in the shape of the result: an operand that was broadcast alone is spread.
    fn spread_to_result(&mut self, product: Atom, whole: &Atom, operands: &[Atom], at: usize) -> Atom {
        let result = self.f.kind(whole);
        let alone = operands.iter().enumerate().all(|(i, a)| i == at || self.f.kind(a).is_scalar());
        if result.is_scalar() || (alone && matches!(self.f.kind(&operands[at]), Kind::Array(..))) {
            return product;
        }
        let shape = self.call(symbol!("np.shape"), vec![whole.clone()]);
        self.call(symbol!("np.broadcast_to"), vec![product, shape])
    }
}

/// Whether a partial derivative is none, or zero throughout.
pub fn none_or_zero(partial: &Bind) -> bool {
    match partial {
        Bind::Zero | Bind::Atom(Atom::Lit(Literal::None | Literal::Int(0))) => true,
        Bind::Atom(Atom::Lit(Literal::Float(x))) => *x == 0.0,
        _ => false,
    }
}
