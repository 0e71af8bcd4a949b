//! Identities: zeros, ones, signs, and broadcasting that changes nothing.

use crate::lang::{Span, Symbol};

use super::super::core::{Atom, Op, Stmt, Var};
use super::super::fold::fold;
use super::super::kind::{DType, Kind, Literal, Operand};
use super::rewrite::Rewriter;

impl Rewriter<'_, '_> {
    /// A library call in its simplest form.
    pub(super) fn simplified(
        &mut self,
        var: Var,
        name: Symbol,
        args: Vec<Atom>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Op {
        let operands: Vec<Operand> =
            args.iter().map(|a| Operand { kind: self.kind(a), literal: a.literal().cloned() }).collect();
        if let Some(literal) = fold(name, &operands) {
            return Op::Copy(Atom::Lit(literal));
        }
        let args = self.without_broadcasts(name, args);
        if self.f.info(var).strong
            && let Some(op) = self.masked_product(&args, span, out)
        {
            self.changed = true;
            return op;
        }
        match self.identity(name, &args, span, out) {
            Some(op) => {
                self.changed = true;
                op
            }
            None => Op::Call(name, args),
        }
    }

    /// A cotangent that `np.where` masked, times a partial derivative: the mask goes around the product. A mask of the partial derivative
    /// stays where it is: what it hides may be no number.
    fn masked_product(&mut self, args: &[Atom], span: Span, out: &mut Vec<Stmt>) -> Option<Op> {
        let [masked, factor] = args else { return None };
        let Op::Call(name, parts) = self.definition(masked)? else { return None };
        let (true, [test, a, b]) = (name.as_str() == "np.where", parts.as_slice()) else { return None };
        let zero = |atom: &Atom| matches!(atom, Atom::Lit(Literal::Float(x)) if *x == 0.0);
        let (test, a, b) = (test.clone(), a.clone(), b.clone());
        if !zero(&a) && !zero(&b) {
            return None;
        }
        let side = if zero(&b) { a.clone() } else { b.clone() };
        let product = self.emit("operator.mul", vec![side, factor.clone()], span, out);
        if let Atom::Var(var) = product {
            self.f.vars[var.0 as usize].strong = true;
        }
        let branches = if zero(&b) { [product, b] } else { [a, product] };
        let [a, b] = branches;
        Some(Op::Call(Symbol::new("np.where"), vec![test, a, b]))
    }

    fn is_float(&self, atom: &Atom) -> bool {
        matches!(self.kind(atom), Kind::Float | Kind::Array(DType::Float, _))
    }

    fn negated(&self, atom: &Atom) -> Option<Atom> {
        match self.definition(atom)? {
            Op::Call(name, args) if name.as_str() == "operator.neg" => args.first().cloned(),
            _ => None,
        }
    }

    fn identity(&mut self, name: Symbol, args: &[Atom], span: Span, out: &mut Vec<Stmt>) -> Option<Op> {
        let number = |atom: &Atom, value: f64| match atom {
            Atom::Lit(Literal::Int(i)) => *i as f64 == value,
            Atom::Lit(Literal::Float(x)) => *x == value,
            _ => false,
        };
        let call =
            |name: &str, args: &[&Atom]| Op::Call(Symbol::new(name), args.iter().map(|a| (*a).clone()).collect());
        Some(match (name.as_str(), args) {
            ("operator.add", [x, y]) => {
                if number(x, 0.0) && self.is_float(y) {
                    Op::Copy(y.clone())
                } else if number(y, 0.0) && self.is_float(x) {
                    Op::Copy(x.clone())
                } else if x == y && self.is_float(x) {
                    call("operator.mul", &[&Atom::float(2.0), x])
                } else if let Some(y) = self.negated(y) {
                    call("operator.sub", &[x, &y])
                } else {
                    let x = self.negated(x)?;
                    call("operator.sub", &[y, &x])
                }
            }
            ("operator.sub", [x, y]) => {
                if number(y, 0.0) && self.is_float(x) {
                    Op::Copy(x.clone())
                } else {
                    let y = self.negated(y)?;
                    call("operator.add", &[x, &y])
                }
            }
            ("operator.mul", [x, y]) => {
                if number(x, 1.0) && self.is_float(y) {
                    Op::Copy(y.clone())
                } else if number(y, 1.0) && self.is_float(x) {
                    Op::Copy(x.clone())
                } else if number(x, -1.0) && self.is_float(y) {
                    call("operator.neg", &[y])
                } else if number(y, -1.0) && self.is_float(x) {
                    call("operator.neg", &[x])
                } else if let Some(x) = self.negated(x) {
                    let product = self.emit("operator.mul", vec![x, y.clone()], span, out);
                    call("operator.neg", &[&product])
                } else if let Some(y) = self.negated(y) {
                    let product = self.emit("operator.mul", vec![x.clone(), y], span, out);
                    call("operator.neg", &[&product])
                } else {
                    return None;
                }
            }
            ("operator.truediv", [x, y]) if number(y, 1.0) && self.is_float(x) => Op::Copy(x.clone()),
            ("operator.pow", [x, y]) if number(y, 1.0) && self.is_float(x) => Op::Copy(x.clone()),
            ("operator.neg", [x]) => {
                if let Some(inner) = self.negated(x) {
                    Op::Copy(inner)
                } else {
                    match self.definition(x)? {
                        Op::Call(inner, args) if inner.as_str() == "operator.sub" => {
                            let (a, b) = (args[0].clone(), args[1].clone());
                            call("operator.sub", &[&b, &a])
                        }
                        _ => return None,
                    }
                }
            }
            ("float", [x]) if self.kind(x) == Kind::Float => Op::Copy(x.clone()),
            ("cotangent.add", [x, y]) if self.is_float(x) && self.is_float(y) => call("operator.add", &[x, y]),
            ("cotangent.sum_to", [x, shape]) => return self.summed(x, shape),
            ("np.broadcast_to", [x, shape]) => match self.shaped_like(shape) {
                Some(like) if self.shapes.same(x, &like) => Op::Copy(x.clone()),
                _ => return None,
            },
            ("np.shape", [Atom::Var(x)]) => match self.shapes.of(*x) {
                Some(first) if first != *x => call("np.shape", &[&Atom::Var(first)]),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The array whose shape an atom is.
    fn shaped_like(&self, shape: &Atom) -> Option<Atom> {
        match self.definition(shape)? {
            Op::Call(name, args) if name.as_str() == "np.shape" => args.first().cloned(),
            _ => None,
        }
    }

    /// `cotangent.sum_to(x, shape)` where no axis has to be summed, or all of them.
    fn summed(&mut self, x: &Atom, shape: &Atom) -> Option<Op> {
        if let Some(like) = self.shaped_like(shape)
            && self.shapes.same(x, &like)
        {
            return Some(Op::Copy(x.clone()));
        }
        if matches!(shape, Atom::Lit(Literal::Tuple(items)) if items.is_empty()) {
            return match self.kind(x) {
                Kind::Float => Some(Op::Copy(x.clone())),
                Kind::Array(..) => {
                    let signature = self.session.world.signature(Symbol::new("np.sum"))?;
                    let rest =
                        signature.params[1..].iter().map(|p| p.default.clone().unwrap_or(Literal::None)).map(Atom::Lit);
                    Some(Op::Call(Symbol::new("np.sum"), std::iter::once(x.clone()).chain(rest).collect()))
                }
                _ => None,
            };
        }
        None
    }

    /// Operands of an elementwise operation that are spread to the shape another operand has anyway stay as they are.
    fn without_broadcasts(&mut self, name: Symbol, mut args: Vec<Atom>) -> Vec<Atom> {
        if args.len() < 2 || !self.session.rules.is_elementwise(name) {
            return args;
        }
        for at in 0..args.len() {
            let Some(Op::Call(spread, inner)) = self.definition(&args[at]) else { continue };
            if spread.as_str() != "np.broadcast_to" || inner.len() != 2 {
                continue;
            }
            let (value, shape) = (inner[0].clone(), inner[1].clone());
            let Some(like) = self.shaped_like(&shape) else { continue };
            let covered = args.iter().enumerate().any(|(other, arg)| other != at && self.shapes.same(arg, &like));
            if covered {
                args[at] = value;
                self.changed = true;
            }
        }
        args
    }
}
