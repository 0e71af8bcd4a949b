//! Identities: zeros, ones, signs, and broadcasting that changes nothing.

use crate::lang::{Span, Symbol, symbol};

use super::super::core::{Atom, Op, Stmt, Var};
use super::super::extents::Extent;
use super::super::fold::fold_atoms;
use super::super::kind::{DType, Kind, Literal};
use super::super::world::SignatureParam;
use super::rewrite::{Rewriter, is_zero};

/// Sums of more masked cotangents within one another stay sums.
const DEEPEST_SUM: usize = 4;

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
        if let Some(literal) = fold_atoms(name, &args, |arg| self.kind(arg)) {
            return Op::Copy(Atom::Lit(literal));
        }
        let args = self.without_broadcasts(name, args);
        if self.f.info(var).strong
            && name == symbol!("operator.mul")
            && let Some(op) = self.masked_product(&args, span, out)
        {
            // It is no product any more.
            self.f.vars[var.0 as usize].strong = false;
            return op;
        }
        match self.identity(name, &args, span, out) {
            Some(Op::Call(other, args)) if other != name => self.simplified(var, other, args, span, out),
            Some(op) => op,
            None => Op::Call(name, args),
        }
    }

    /// A cotangent that `np.where` masked, or a sum of such with weights, times a partial derivative: the mask goes around the product. A mask of
    /// the partial derivative stays where it is: what it hides may be no number.
    fn masked_product(&mut self, args: &[Atom], span: Span, out: &mut Vec<Stmt>) -> Option<Op> {
        let [masked, factor] = args else { return None };
        if !self.is_masked(masked, DEEPEST_SUM) {
            return None;
        }
        let Op::Call(name, parts) = self.definition(masked)?.clone() else { return None };
        if name.as_str() != "np.where" {
            let mut products = Vec::new();
            for part in parts {
                if part.literal().is_some() {
                    products.push(part);
                    continue;
                }
                let product = self.masked_product(&[part, factor.clone()], span, out)?;
                let Op::Call(inner, args) = product else { return None };
                products.push(self.emit(inner, args, span, out));
            }
            return Some(Op::Call(name, products));
        }
        let [test, a, b] = parts.as_slice() else { return None };
        let side = if is_zero(b) { a } else { b };
        let known = self.f.vars.len();
        let product = self.emit(symbol!("operator.mul"), vec![side.clone(), factor.clone()], span, out);
        if let Atom::Var(var) = product
            && var.0 as usize >= known
        {
            self.f.vars[var.0 as usize].strong = true;
        }
        let [a, b] = if is_zero(b) { [product, b.clone()] } else { [a.clone(), product] };
        Some(Op::Call(name, vec![test.clone(), a, b]))
    }

    /// Whether a value is zero wherever no `np.where` in it has taken another branch.
    fn is_masked(&self, atom: &Atom, depth: usize) -> bool {
        let Some(Op::Call(name, parts)) = self.definition(atom) else { return false };
        match (name.as_str(), parts.as_slice()) {
            ("np.where", [_, a, b]) => is_zero(a) || is_zero(b),
            ("operator.add" | "operator.sub" | "operator.neg", parts) => {
                depth > 0 && parts.iter().all(|part| self.is_masked(part, depth - 1))
            }
            ("operator.mul", [Atom::Lit(_), part] | [part, Atom::Lit(_)])
            | ("operator.truediv", [part, Atom::Lit(_)]) => depth > 0 && self.is_masked(part, depth - 1),
            _ => false,
        }
    }

    fn is_float(&self, atom: &Atom) -> bool {
        matches!(self.kind(atom), Kind::Float | Kind::Array(DType::Float, _, _))
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
            ("np.transpose", [x, Atom::Lit(Literal::None)]) => match self.definition(x)? {
                Op::Call(name, args)
                    if name.as_str() == "np.transpose" && args.get(1) == Some(&Atom::Lit(Literal::None)) =>
                {
                    Op::Copy(args.first()?.clone())
                }
                _ => return None,
            },
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
                } else if let Some(spread) = self.spread_ones(x, y).or_else(|| self.spread_ones(y, x)) {
                    spread
                } else if let Some(x) = self.negated(x) {
                    let product = self.emit(symbol!("operator.mul"), vec![x, y.clone()], span, out);
                    call("operator.neg", &[&product])
                } else if let Some(y) = self.negated(y) {
                    let product = self.emit(symbol!("operator.mul"), vec![x.clone(), y], span, out);
                    call("operator.neg", &[&product])
                } else {
                    return None;
                }
            }
            ("operator.truediv", [x, y]) => {
                if number(y, 1.0) && self.is_float(x) {
                    Op::Copy(x.clone())
                } else {
                    let (x, y) = match self.negated(x) {
                        Some(x) => (x, y.clone()),
                        None => (x.clone(), self.negated(y)?),
                    };
                    let quotient = self.emit(symbol!("operator.truediv"), vec![x, y], span, out);
                    call("operator.neg", &[&quotient])
                }
            }
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
            ("cotangent.sum_to", [x, shape]) => return self.summed(x, shape, span, out),
            ("np.broadcast_to", [x, shape]) => match self.shaped_like(shape) {
                Some(like) if self.same_shape(x, &like) => Op::Copy(x.clone()),
                _ => return None,
            },
            ("np.zeros_like", [x, rest @ ..])
                if let Some(Op::Call(inner, args)) = self.definition(x)
                    && *inner == name
                    && args[1..] == *rest =>
            {
                Op::Call(name, args.clone())
            }
            // Of an array that is at hand the shape is: another one may only be there to be changed.
            ("np.zeros_like", [Atom::Var(x), rest @ ..]) if !self.is_visible(*x) => {
                let like = Atom::Var(self.first_of_shape(*x)?);
                if self.kind(&like).dtype() != self.f.info(*x).kind.dtype() {
                    return None;
                }
                Op::Call(name, std::iter::once(like).chain(rest.iter().cloned()).collect())
            }
            ("np.shape", [Atom::Var(x)]) => call("np.shape", &[&Atom::Var(self.first_of_shape(*x)?)]),
            _ => return None,
        })
    }

    /// Ones spread to a shape, times a factor that does not make it larger: the factor itself is spread.
    fn spread_ones(&self, ones: &Atom, factor: &Atom) -> Option<Op> {
        let Op::Call(name, args) = self.definition(ones)? else { return None };
        let (true, [Atom::Lit(Literal::Float(one)), shape]) = (name.as_str() == "np.broadcast_to", args.as_slice())
        else {
            return None;
        };
        let operands = self.operands(&[ones.clone(), factor.clone()]);
        let product = self.session.world.result_kind(symbol!("operator.mul"), &operands);
        let fits = *one == 1.0 && self.is_float(factor) && product.same_shape(&self.kind(ones));
        fits.then(|| Op::Call(*name, vec![factor.clone(), shape.clone()]))
    }

    /// The array whose shape an atom is.
    pub(super) fn shaped_like(&self, shape: &Atom) -> Option<Atom> {
        match self.definition(shape)? {
            Op::Call(name, args) if name.as_str() == "np.shape" => args.first().cloned(),
            _ => None,
        }
    }

    /// `cotangent.sum_to(x, shape)` where no axis has to be summed, or all of them.
    fn summed(&mut self, x: &Atom, shape: &Atom, span: Span, out: &mut Vec<Stmt>) -> Option<Op> {
        if let Some(like) = self.shaped_like(shape) {
            return if self.same_shape(x, &like) {
                Some(Op::Copy(x.clone()))
            } else {
                self.summed_like(x, &like, span, out)
            };
        }
        if matches!(shape, Atom::Lit(Literal::Tuple(items)) if items.is_empty()) {
            return match self.kind(x) {
                Kind::Float => Some(Op::Copy(x.clone())),
                Kind::Array(..) => self.sum_over(x, Literal::None, false),
                _ => None,
            };
        }
        None
    }

    /// `cotangent.sum_to(x, np.shape(like))` where it is known which axes are summed: those that `like` does not have,
    /// and those that have length one there.
    fn summed_like(&mut self, x: &Atom, like: &Atom, span: Span, out: &mut Vec<Stmt>) -> Option<Op> {
        let (given, wanted) = (self.kind(x), self.kind(like));
        let (rank, wanted_rank) = (given.rank()?, wanted.rank()?);
        let missing = rank.checked_sub(wanted_rank)?;
        let mut ones = Vec::new();
        for (axis, extent) in wanted.extents().axes(wanted_rank).enumerate() {
            let here = given.extents().from_last(wanted_rank - 1 - axis);
            if extent == Extent::ONE && here.label().is_some() {
                ones.push((missing + axis) as i64);
            } else if !extent.same(here) {
                return None;
            }
        }
        let axes = |axes: Vec<i64>| match axes.as_slice() {
            [axis] => Literal::Int(*axis),
            axes => Literal::Tuple(axes.iter().map(|axis| Literal::Int(*axis)).collect()),
        };
        let leading: Vec<i64> = (0..missing as i64).collect();
        match (ones.is_empty(), leading.is_empty()) {
            (true, true) => Some(Op::Copy(x.clone())),
            (true, false) => self.sum_over(x, axes(leading), false),
            (false, true) => self.sum_over(x, axes(ones), true),
            (false, false) => {
                let Op::Call(name, args) = self.sum_over(x, axes(ones), true)? else { return None };
                let inner = self.emit(name, args, span, out);
                self.sum_over(&inner, axes(leading), false)
            }
        }
    }

    /// `np.sum(x, axis=axis, keepdims=keepdims)`
    fn sum_over(&self, x: &Atom, axis: Literal, keepdims: bool) -> Option<Op> {
        let name = symbol!("np.sum");
        let argument = |(at, param): (usize, &SignatureParam)| match (at, param.name.as_str()) {
            (0, _) => x.clone(),
            (_, "axis") => Atom::Lit(axis.clone()),
            (_, "keepdims") => Atom::Lit(Literal::Bool(keepdims)),
            _ => Atom::Lit(param.default.clone().unwrap_or(Literal::None)),
        };
        let signature = self.session.world.signature(name)?;
        Some(Op::Call(name, signature.params.iter().enumerate().map(argument).collect()))
    }

    /// Operands of an elementwise operation that are spread to the shape another operand has anyway stay as they are.
    fn without_broadcasts(&mut self, name: Symbol, mut args: Vec<Atom>) -> Vec<Atom> {
        let spread =
            |arg: &Atom| matches!(self.definition(arg), Some(Op::Call(name, _)) if name.as_str() == "np.broadcast_to");
        if args.len() < 2 || !args.iter().any(spread) || !self.session.rules.is_elementwise(name) {
            return args;
        }
        for at in 0..args.len() {
            let Some(Op::Call(spread, inner)) = self.definition(&args[at]) else { continue };
            if spread.as_str() != "np.broadcast_to" || inner.len() != 2 {
                continue;
            }
            let (value, shape) = (inner[0].clone(), inner[1].clone());
            let Some(like) = self.shaped_like(&shape) else { continue };
            let covered = args.iter().enumerate().any(|(other, arg)| other != at && self.same_shape(arg, &like));
            if covered {
                args[at] = value;
            }
        }
        args
    }
}
