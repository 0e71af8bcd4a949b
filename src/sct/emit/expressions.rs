//! Operations as expressions.

use smallvec::smallvec;

use crate::lang::tree::{Arg, BinaryOp, CompareOp, Expr, ExprKind, FStringPart, ParamForm, UnaryOp};
use crate::lang::{Span, Symbol, symbol};

use super::super::core::{Atom, FormatPart, Index, Op, operator_name};
use super::super::kind::Literal;
use super::{Emitter, Reads};

impl Emitter<'_, '_> {
    /// The expression of an atom, with the names it reads: what was pending for it is folded in.
    pub(super) fn read(&mut self, atom: &Atom) -> (Expr, Reads) {
        match atom {
            Atom::Var(var) => {
                if let Some(at) = self.pending.iter().rposition(|p| p.var == *var) {
                    let pending = self.pending.remove(at);
                    return (pending.expr, pending.reads);
                }
                (self.name_expr(*var), smallvec![self.classes.class(*var)])
            }
            Atom::Lit(literal) => (constant(literal), Reads::new()),
            Atom::Undefined => (ExprKind::None.at(Span::NONE), Reads::new()),
        }
    }

    fn read_all(&mut self, atoms: &[Atom]) -> (Vec<Expr>, Reads) {
        let (mut exprs, mut reads) = (Vec::with_capacity(atoms.len()), Reads::new());
        for atom in atoms {
            let (expr, more) = self.read(atom);
            exprs.push(expr);
            reads.extend(more);
        }
        (exprs, reads)
    }

    /// The expression of an operation, with the names it reads.
    pub(super) fn operation(&mut self, op: &Op, span: Span) -> (Expr, Reads) {
        match op {
            Op::Copy(atom) => self.read(atom),
            Op::Insert(_, atoms) => self.read(atoms.first().unwrap_or(&Atom::Undefined)),
            Op::Call(name, args) => self.call(*name, args, span),
            Op::CallFunction(number, args) => {
                let name = match self.session.functions[*number].global {
                    Some(global) => global,
                    None => self.callees.get(number).copied().unwrap_or(symbol!("f")),
                };
                let (args, reads) = self.read_all(args);
                let callee = ExprKind::Name(name).at(span);
                (ExprKind::Call(Box::new(callee), args.into_iter().map(Arg::Positional).collect()).at(span), reads)
            }
            Op::Apply(callee, args) => {
                let (callee, mut reads) = self.read(callee);
                let mut out = Vec::new();
                for (name, arg) in args {
                    let (arg, more) = self.read(arg);
                    reads.extend(more);
                    out.push(match name {
                        Some(name) => Arg::Keyword(*name, arg),
                        None => Arg::Positional(arg),
                    });
                }
                (ExprKind::Call(Box::new(callee), out).at(span), reads)
            }
            Op::Index(base, index) => {
                let (base, mut reads) = self.read(base);
                let (index, more) = self.index(index);
                reads.extend(more);
                (ExprKind::Subscript(Box::new(base), Box::new(index)).at(span), reads)
            }
            Op::Update(base, ..) => self.read(base),
            Op::Tuple(items) => {
                let (items, reads) = self.read_all(items);
                (ExprKind::Tuple(items).at(span), reads)
            }
            Op::List(items) => {
                let (items, reads) = self.read_all(items);
                (ExprKind::List(items).at(span), reads)
            }
            Op::Dict(items) => {
                let (mut out, mut reads) = (Vec::new(), Reads::new());
                for (key, item) in items {
                    let (item, more) = self.read(item);
                    reads.extend(more);
                    out.push((Some(constant(key)), item));
                }
                (ExprKind::Dict(out).at(span), reads)
            }
            Op::Global(name) if name.as_str().contains('.') => (ExprKind::Builtin(*name).at(span), Reads::new()),
            Op::Global(name) => (ExprKind::Name(*name).at(span), Reads::new()),
            Op::Format(parts) => {
                let (mut out, mut reads) = (Vec::new(), Reads::new());
                for part in parts {
                    out.push(match part {
                        FormatPart::Text(text) => FStringPart::Text(text.clone()),
                        FormatPart::Value(value, conversion, spec) => {
                            let (value, more) = self.read(value);
                            reads.extend(more);
                            FStringPart::Value { value, conversion: *conversion, spec: spec.clone() }
                        }
                    });
                }
                (ExprKind::FString(out).at(span), reads)
            }
        }
    }

    pub(super) fn index(&mut self, index: &Index) -> (Expr, Reads) {
        match index {
            Index::At(atom) => self.read(atom),
            Index::Slice(parts) => {
                let mut reads = Reads::new();
                let mut part = |this: &mut Self, atom: &Option<Atom>| {
                    atom.as_ref().map(|atom| {
                        let (expr, more) = this.read(atom);
                        reads.extend(more);
                        Box::new(expr)
                    })
                };
                let slice = ExprKind::Slice(part(self, &parts[0]), part(self, &parts[1]), part(self, &parts[2]));
                (slice.at(Span::NONE), reads)
            }
            Index::Tuple(items) => {
                let (mut out, mut reads) = (Vec::new(), Reads::new());
                for item in items {
                    let (item, more) = self.index(item);
                    out.push(item);
                    reads.extend(more);
                }
                (ExprKind::Tuple(out).at(Span::NONE), reads)
            }
            Index::Ellipsis => (ExprKind::Ellipsis.at(Span::NONE), Reads::new()),
        }
    }

    fn call(&mut self, name: Symbol, args: &[Atom], span: Span) -> (Expr, Reads) {
        if let Some(operator) = name.as_str().strip_prefix("operator.") {
            let (args, reads) = self.read_all(args);
            return (operator_expr(name, operator, args, span), reads);
        }
        let callee = ExprKind::Builtin(name).at(span);
        let (mut out, reads) = self.arguments(name, 0, args);
        let params = self.session.world.signature(name).map_or(&[][..], |signature| &signature.params);
        let bound = params.first().is_some_and(|param| param.name.as_str() == "self");
        let family = name.as_str().split_once('.').filter(|(family, _)| match *family {
            "array" => true,
            "list" | "dict" | "str" => bound,
            _ => false,
        });
        if let Some((_, method)) = family
            && matches!(out.first(), Some(Arg::Positional(_)))
        {
            // A method is called on its receiver.
            let receiver = out.remove(0).value().clone();
            let callee = ExprKind::Attribute(Box::new(receiver), Symbol::new(method)).at(span);
            return (ExprKind::Call(Box::new(callee), out).at(span), reads);
        }
        (ExprKind::Call(Box::new(callee), out).at(span), reads)
    }

    /// The arguments of a library function from its parameter `first` on: defaults unsaid, and names where they are needed.
    pub(super) fn arguments(&mut self, name: Symbol, first: usize, args: &[Atom]) -> (Vec<Arg>, Reads) {
        let (mut out, mut reads) = (Vec::new(), Reads::new());
        let world = self.session.world;
        let params = world.signature(name).map_or(&[][..], |signature| &signature.params);
        let mut by_name = false;
        for (at, arg) in (first..).zip(args) {
            let param = params.get(at);
            let form = param.map_or(ParamForm::Plain, |p| p.form);
            if form == ParamForm::Star {
                let (items, more) = self.read(arg);
                reads.extend(more);
                match items.kind {
                    ExprKind::Tuple(items) => out.extend(items.into_iter().map(Arg::Positional)),
                    _ => out.push(Arg::Star(items)),
                }
                by_name = true;
                continue;
            }
            if form == ParamForm::DoubleStar {
                let (named, more) = self.read(arg);
                reads.extend(more);
                out.extend(keywords(named));
                continue;
            }
            let default = param.and_then(|p| p.default.as_ref());
            if default.is_some() && arg.literal() == default && form != ParamForm::PositionalOnly {
                by_name = true;
                continue;
            }
            let (expr, more) = self.read(arg);
            reads.extend(more);
            let keyword = (by_name || default.is_some()) && at > 0 && form != ParamForm::PositionalOnly;
            match param {
                Some(param) if keyword || form == ParamForm::KeywordOnly => out.push(Arg::Keyword(param.name, expr)),
                _ => out.push(Arg::Positional(expr)),
            }
        }
        (out, reads)
    }
}

/// The keyword arguments that a dict stands for.
fn keywords(named: Expr) -> Vec<Arg> {
    let items = match &named.kind {
        ExprKind::Dict(items) => items.iter().map(|(key, value)| match key.as_ref().map(|key| &key.kind) {
            Some(ExprKind::Str(name)) => Some(Arg::Keyword(Symbol::new(name), value.clone())),
            _ => None,
        }),
        _ => return vec![Arg::DoubleStar(named)],
    };
    items.collect::<Option<Vec<_>>>().unwrap_or_else(|| vec![Arg::DoubleStar(named.clone())])
}

fn operator_expr(name: Symbol, operator: &str, args: Vec<Expr>, span: Span) -> Expr {
    if let Some(op) = BinaryOp::ALL.iter().find(|op| operator_name(**op) == name) {
        return match <[Expr; 2]>::try_from(args) {
            Ok([a, b]) => ExprKind::Binary(*op, Box::new(a), Box::new(b)).at(span),
            Err(_) => ExprKind::Builtin(name).at(span),
        };
    }
    let unary = |op, mut args: Vec<Expr>| match args.pop() {
        Some(x) => ExprKind::Unary(op, Box::new(x)).at(span),
        None => ExprKind::None.at(span),
    };
    let compare = match operator {
        "neg" => return unary(UnaryOp::Neg, args),
        "pos" => return unary(UnaryOp::Pos, args),
        "invert" => return unary(UnaryOp::Invert, args),
        "not_" => return unary(UnaryOp::Not, args),
        "eq" => Some(CompareOp::Eq),
        "ne" => Some(CompareOp::Ne),
        "lt" => Some(CompareOp::Lt),
        "le" => Some(CompareOp::Le),
        "gt" => Some(CompareOp::Gt),
        "ge" => Some(CompareOp::Ge),
        "is_" => Some(CompareOp::Is),
        "is_not" => Some(CompareOp::IsNot),
        "contains" => Some(CompareOp::In),
        _ => None,
    };
    let Ok([a, b]) = <[Expr; 2]>::try_from(args) else { return ExprKind::Builtin(name).at(span) };
    if let Some(op) = compare {
        let (a, b) = if op == CompareOp::In { (b, a) } else { (a, b) };
        return ExprKind::Compare(Box::new(a), vec![(op, b)]).at(span);
    }
    ExprKind::Call(Box::new(ExprKind::Builtin(name).at(span)), vec![Arg::Positional(a), Arg::Positional(b)]).at(span)
}

/// A constant as an expression.
pub fn constant(literal: &Literal) -> Expr {
    let kind = match literal {
        Literal::None => ExprKind::None,
        Literal::Bool(b) => ExprKind::Bool(*b),
        Literal::Int(i) => ExprKind::Int(*i),
        Literal::Float(x) if x.is_nan() => ExprKind::Builtin(symbol!("np.nan")),
        Literal::Float(x) if *x == f64::INFINITY => ExprKind::Builtin(symbol!("np.inf")),
        Literal::Float(x) if *x == f64::NEG_INFINITY => {
            let infinity = ExprKind::Builtin(symbol!("np.inf")).at(Span::NONE);
            ExprKind::Unary(UnaryOp::Neg, Box::new(infinity))
        }
        Literal::Float(x) => ExprKind::Float(*x),
        Literal::Str(s) => ExprKind::Str(s.clone()),
        Literal::Tuple(items) => ExprKind::Tuple(items.iter().map(constant).collect()),
        Literal::Dict(items) => {
            ExprKind::Dict(items.iter().map(|(key, item)| (Some(constant(key)), constant(item))).collect())
        }
    };
    kind.at(Span::NONE)
}
