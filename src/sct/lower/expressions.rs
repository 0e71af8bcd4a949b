//! Expressions.

use std::rc::Rc;

use crate::lang::scope::{comprehension_names, scope_of};
use crate::lang::tree::{
    BinaryOp, CompareOp, Comprehension, ComprehensionForm, Expr, ExprKind, FStringPart, Function, LogicalOp, Stmt,
    StmtKind as Tree, UnaryOp,
};
use crate::lang::{Error, Result, Symbol, integer_constant, symbol};

use super::super::bind::{Bind, FunctionBind, Target};
use super::super::core::{Atom, FormatPart, Op, StmtKind, operator_name};
use super::super::extents::Extents;
use super::super::kind::{DType, FunctionKind, Kind, Literal, Operand};
use super::super::rules::LIBRARY;
use super::super::session::Unit;
use super::dicts::set;
use super::{Frame, Lowerer};

const JOIN: &str = "\
def join(xs, ys):
    out = []
    for x in xs:
        out.append(x)
    for y in ys:
        out.append(y)
    return out
";

const JOIN_OR_ADD: &str = "\
def join_or_add(xs, ys):
    if isinstance(xs, list) and isinstance(ys, list):
        out = []
        for x in xs:
            out.append(x)
        for y in ys:
            out.append(y)
    else:
        out = np.add(xs, ys)
    return out
";

const REPEAT: &str = "\
def repeat(xs, n):
    out = []
    for _ in range(n):
        for x in xs:
            out.append(x)
    return out
";

impl Lowerer<'_, '_> {
    /// The value of an expression.
    pub fn expr(&mut self, e: &Expr, fr: &mut Frame) -> Result<Bind> {
        let outer = self.span;
        if !e.span.is_none() && !self.pinned {
            self.stand_at(e.span);
        }
        let result = self.expr_at(e, fr).and_then(|value| self.unpacked(value));
        self.span = outer;
        result
    }

    /// The value of an expression as an atom.
    pub fn expr_atom(&mut self, e: &Expr, fr: &mut Frame) -> Result<Atom> {
        let bind = self.expr(e, fr)?;
        self.atom(&bind)
    }

    fn expr_at(&mut self, e: &Expr, fr: &mut Frame) -> Result<Bind> {
        if let Some(i) = integer_constant(e) {
            return Ok(Bind::lit(Literal::Int(i)));
        }
        Ok(match &e.kind {
            ExprKind::None => Bind::NONE,
            ExprKind::Bool(b) => Bind::lit(Literal::Bool(*b)),
            ExprKind::Int(i) => Bind::lit(Literal::Int(*i)),
            ExprKind::Float(x) => Bind::lit(Literal::Float(*x)),
            ExprKind::Str(s) => Bind::lit(Literal::Str(s.clone())),
            ExprKind::Ellipsis => return Err(self.unsupported("`...` outside a subscript")),
            ExprKind::Name(name) => self.name_value(*name, fr)?,
            ExprKind::Builtin(name) => match name.as_str() {
                "np.nan" => Bind::Atom(Atom::float(f64::NAN)),
                "np.inf" => Bind::Atom(Atom::float(f64::INFINITY)),
                _ => Bind::Function(Rc::new(FunctionBind::builtin(*name))),
            },
            ExprKind::Tuple(items) => match self.items(items, fr)? {
                Bind::List(items) => Bind::Tuple(items),
                list => self.call_builtin(symbol!("tuple"), vec![list], vec![])?,
            },
            ExprKind::List(items) => self.items(items, fr)?,
            ExprKind::Dict(items) => self.dict(items, fr)?,
            ExprKind::Unary(op, x) => self.unary(*op, x, fr)?,
            ExprKind::Binary(op, a, b) => {
                let a = self.expr(a, fr)?;
                let b = self.expr(b, fr)?;
                self.binary(*op, &a, &b)?
            }
            ExprKind::Compare(first, rest) => self.compare_chain(first, rest, fr)?,
            ExprKind::Logical(op, items) => self.logical(*op, items, fr)?,
            ExprKind::Conditional { test, then, otherwise } => {
                let test = self.expr(test, fr)?;
                let test = self.truth(&test)?;
                self.choose(test, fr, |l, fr| l.expr(then, fr), |l, fr| l.expr(otherwise, fr))?
            }
            ExprKind::Call(callee, args) => self.call_expr(callee, args, fr)?,
            ExprKind::Attribute(object, name) => {
                let object = self.expr(object, fr)?;
                match self.bound_method(&object, *name, fr) {
                    Some(method) => method,
                    None => self.attribute(&object, *name)?,
                }
            }
            ExprKind::Subscript(object, index) => {
                let object = self.expr(object, fr)?;
                self.subscript(&object, index, fr)?
            }
            ExprKind::Slice(..) => return Err(self.unsupported("a slice outside a subscript")),
            ExprKind::Lambda(function) => self.closure(function, fr)?,
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension, fr)?,
            ExprKind::Starred(_) => return Err(self.unsupported("a star here")),
            ExprKind::Walrus(name, value) => {
                let value = self.expr(value, fr)?;
                self.name(&value, *name);
                fr.env.insert(*name, value.clone());
                value
            }
            ExprKind::FString(parts) => {
                let mut out = Vec::new();
                for part in parts {
                    out.push(match part {
                        FStringPart::Text(text) => FormatPart::Text(text.clone()),
                        FStringPart::Value { value, conversion, spec } => {
                            FormatPart::Value(self.expr_atom(value, fr)?, *conversion, spec.clone())
                        }
                    });
                }
                Bind::Atom(self.define(symbol!("text"), Kind::Str, Op::Format(out)))
            }
        })
    }

    /// An error that names a form that the transformation does not take yet.
    pub fn unsupported(&self, what: &str) -> Error {
        Error::derivative(format!("{what} cannot be differentiated yet")).at(self.span)
    }

    fn name_value(&mut self, name: Symbol, fr: &Frame) -> Result<Bind> {
        if let Some(bind) = fr.env.get(&name) {
            return Ok(bind.clone());
        }
        if let Some(code) = fr.unit.functions.get(&name) {
            let global = None;
            let target = Target::Script(code.clone());
            return Ok(Bind::Function(Rc::new(FunctionBind { target, captures: vec![], defaults: vec![], global })));
        }
        if fr.unit.module == LIBRARY {
            return Ok(match name.as_str() {
                "np" | "linalg" | "special" | "math" | "cotangent" | "operator" => Bind::Module(name),
                _ => Bind::Function(Rc::new(FunctionBind::builtin(name))),
            });
        }
        match self.session.world.global(fr.unit.module, name) {
            Some(operand) => self.global(name, operand, fr.unit.module == self.session.home),
            None => Err(self.session.world.unknown_name(name).at(self.span)),
        }
    }

    /// What a global name stands for; whether the generated functions can use the name.
    fn global(&mut self, name: Symbol, operand: Operand, in_reach: bool) -> Result<Bind> {
        Ok(match operand.kind {
            Kind::Module(module) => Bind::Module(module),
            Kind::Function(kind) if in_reach && holds_values(&kind) => {
                let function = self.define(name, Kind::Function(kind.clone()), Op::Global(name));
                Bind::Function(Rc::new(self.closure_value(&kind, function)?))
            }
            Kind::Function(kind) => Bind::Function(Rc::new(self.function_value(&kind, in_reach.then_some(name))?)),
            kind if kind.holds_function() && in_reach => {
                let whole = self.define(name, kind.clone(), Op::Global(name));
                self.structure(&kind, whole)?
            }
            kind => match operand.literal {
                Some(literal) => Bind::lit(literal),
                None if !in_reach => return Err(self.unsupported("a global variable of another module")),
                None => {
                    let var = self.f.fresh(name, kind, true);
                    self.push(StmtKind::Let(var, Op::Global(name)));
                    Bind::Atom(Atom::Var(var))
                }
            },
        })
    }

    /// A function of known kind that captured nothing but constants.
    pub fn function_value(&mut self, kind: &FunctionKind, global: Option<Symbol>) -> Result<FunctionBind> {
        Ok(match kind {
            FunctionKind::Builtin(name) => FunctionBind::builtin(*name),
            FunctionKind::Host(code) => FunctionBind::host(code, global),
            FunctionKind::Derived { transform, options, function } => {
                let inner = Rc::new(self.function_value(function, None)?);
                let target = Target::Derived(*transform, options.clone(), inner);
                FunctionBind { target, captures: vec![], defaults: vec![], global }
            }
            FunctionKind::Script { code, captures, defaults } => {
                if !captures.is_empty() {
                    return Err(Error::derivative(
                        "a closure that another module keeps in a global variable cannot be differentiated here",
                    )
                    .hint("pass it as an argument")
                    .at(self.span));
                }
                FunctionBind::definition(code, defaults, global)
            }
        })
    }

    /// A value of known kind, taken apart when the program runs as far as there are functions in it.
    pub fn structure(&mut self, kind: &Kind, value: Atom) -> Result<Bind> {
        let part = |l: &mut Self, key: Literal, kind: &Kind| {
            let part = l.item(value.clone(), Atom::Lit(key));
            l.structure(kind, part)
        };
        Ok(match kind {
            Kind::Module(module) => Bind::Module(*module),
            Kind::Function(kind) if holds_values(kind) => Bind::Function(Rc::new(self.closure_value(kind, value)?)),
            Kind::Function(kind) => Bind::Function(Rc::new(self.function_value(kind, None)?)),
            Kind::Tuple(items) | Kind::List(items) if kind.holds_function() => {
                let pairs = (0..).zip(items.iter());
                let parts = pairs.map(|(at, kind)| part(self, Literal::Int(at), kind)).collect::<Result<_>>()?;
                if matches!(kind, Kind::Tuple(_)) { Bind::Tuple(parts) } else { Bind::List(parts) }
            }
            Kind::Dict(items) if kind.holds_function() => Bind::Dict(
                items
                    .iter()
                    .map(|(key, kind)| Ok((key.clone(), part(self, key.clone(), kind)?)))
                    .collect::<Result<_>>()?,
            ),
            _ => Bind::Atom(value),
        })
    }

    /// A function of known kind with what the value captured, read when the program runs.
    fn closure_value(&mut self, kind: &FunctionKind, function: Atom) -> Result<FunctionBind> {
        let all = self.call(symbol!("cotangent.captures"), vec![function]);
        let mut at = 0..;
        self.function_of(kind, &mut |l, _, kind| {
            let part = Atom::int(at.next().unwrap_or_default());
            let part = l.item(all.clone(), part);
            l.structure(kind, part)
        })
    }

    /// The items of a display, as a list: one by one where their number is known, else in one piece.
    fn items(&mut self, items: &[Expr], fr: &mut Frame) -> Result<Bind> {
        let mut whole: Option<Bind> = None;
        let mut last = Vec::with_capacity(items.len());
        for item in items {
            let ExprKind::Starred(inner) = &item.kind else {
                last.push(self.expr(item, fr)?);
                continue;
            };
            let inner = self.expr(inner, fr)?;
            if let Some(all) = self.explode(&inner) {
                last.extend(all);
                continue;
            }
            let before = self.after(whole, std::mem::take(&mut last))?;
            let more = self.call_builtin(symbol!("list"), vec![inner], vec![])?;
            whole = Some(match &before {
                Bind::List(items) if items.is_empty() => more,
                _ => self.binary(BinaryOp::Add, &before, &more)?,
            });
        }
        self.after(whole, last)
    }

    /// A list, if there is one, with some items after it.
    fn after(&mut self, whole: Option<Bind>, items: Vec<Bind>) -> Result<Bind> {
        match whole {
            None => Ok(Bind::List(items)),
            Some(whole) if items.is_empty() => Ok(whole),
            Some(whole) => self.binary(BinaryOp::Add, &whole, &Bind::List(items)),
        }
    }

    /// A dict display: entry by entry where the keys are known, from the first that is not on a value.
    fn dict(&mut self, items: &[(Option<Expr>, Expr)], fr: &mut Frame) -> Result<Bind> {
        let mut whole = Bind::Dict(vec![]);
        for (key, value) in items {
            let Some(key) = key else {
                let more = self.expr(value, fr)?;
                match (&mut whole, self.explode_dict(&more)) {
                    (Bind::Dict(out), Some(inner)) => inner.into_iter().for_each(|(k, v)| set(out, k, v)),
                    _ => whole = self.binary(BinaryOp::BitOr, &whole, &more)?,
                }
                continue;
            };
            let key = self.expr(key, fr)?;
            let value = self.expr(value, fr)?;
            match (&mut whole, key.literal()) {
                (Bind::Dict(out), Some(key)) => set(out, key, value),
                _ => {
                    let (base, key, value) = (self.atom(&whole)?, self.atom(&key)?, self.atom(&value)?);
                    whole = Bind::Atom(self.set_item(base, key, value));
                }
            }
        }
        Ok(whole)
    }

    fn unary(&mut self, op: UnaryOp, x: &Expr, fr: &mut Frame) -> Result<Bind> {
        let x = self.expr(x, fr)?;
        if x.is_zero() {
            return Ok(Bind::Zero);
        }
        if op == UnaryOp::Not {
            let test = self.truth(&x)?;
            return Ok(Bind::Atom(self.call(symbol!("operator.not_"), vec![test])));
        }
        let name = match op {
            UnaryOp::Neg => symbol!("operator.neg"),
            UnaryOp::Pos => symbol!("operator.pos"),
            _ => symbol!("operator.invert"),
        };
        let x = self.atom(&x)?;
        Ok(Bind::Atom(self.call(name, vec![x])))
    }

    /// `a op b` for values of any sort.
    pub fn binary(&mut self, op: BinaryOp, a: &Bind, b: &Bind) -> Result<Bind> {
        match (op, a, b) {
            (_, Bind::Zero, Bind::Zero) => return Ok(Bind::Zero),
            (BinaryOp::Add, Bind::Zero, other) | (BinaryOp::Add | BinaryOp::Sub, other, Bind::Zero) => {
                return Ok(other.clone());
            }
            (BinaryOp::Sub, Bind::Zero, other) => {
                let other = self.atom(other)?;
                return Ok(Bind::Atom(self.call(symbol!("operator.neg"), vec![other])));
            }
            (_, Bind::Zero, _) | (_, _, Bind::Zero) => return Ok(Bind::Zero),
            (BinaryOp::Add, Bind::Tuple(x), Bind::Tuple(y)) => return Ok(Bind::Tuple([x.as_slice(), y].concat())),
            (BinaryOp::Add, Bind::List(x), Bind::List(y)) => return Ok(Bind::List([x.as_slice(), y].concat())),
            (BinaryOp::Add, _, _) if matches!((a.kind(&self.f), b.kind(&self.f)), (Kind::Tuple(_), Kind::Tuple(_))) => {
                if let (Some(x), Some(y)) = (self.explode(a), self.explode(b)) {
                    return Ok(Bind::Tuple([x, y].concat()));
                }
            }
            (BinaryOp::Mul, items, Bind::Atom(Atom::Lit(Literal::Int(times))))
            | (BinaryOp::Mul, Bind::Atom(Atom::Lit(Literal::Int(times))), items) => {
                if let Some(repeated) = repeated(items, *times) {
                    return Ok(repeated);
                }
            }
            _ => {}
        }
        if op == BinaryOp::BitOr
            && let Some(merged) = self.merged(a, b)?
        {
            return Ok(merged);
        }
        if let Some(result) = self.list_operator(op, a, b)? {
            return Ok(result);
        }
        let (a, b) = (self.atom(a)?, self.atom(b)?);
        Ok(Bind::Atom(self.call(operator_name(op), vec![a, b])))
    }

    /// `+` and `*` of lists that hold numbers are the loops that they abbreviate.
    fn list_operator(&mut self, op: BinaryOp, a: &Bind, b: &Bind) -> Result<Option<Bind>> {
        let list = |kind: &Kind| matches!(kind, Kind::List(_) | Kind::ListOf(_)) && kind.may_be_active();
        let (x, y) = (a.kind(&self.f), b.kind(&self.f));
        match op {
            BinaryOp::Add if list(&x) || list(&y) => {
                if x == Kind::Any || y == Kind::Any {
                    // The other may be a list or an array.
                    return self.in_language("join_or_add", JOIN_OR_ADD, vec![a.clone(), b.clone()]).map(Some);
                }
                if !matches!(x, Kind::List(_) | Kind::ListOf(_)) || !matches!(y, Kind::List(_) | Kind::ListOf(_)) {
                    return Ok(None);
                }
                self.in_language("join", JOIN, vec![a.clone(), b.clone()]).map(Some)
            }
            BinaryOp::Mul if list(&x) && y == Kind::Int => {
                self.in_language("repeat", REPEAT, vec![a.clone(), b.clone()]).map(Some)
            }
            BinaryOp::Mul if list(&y) && x == Kind::Int => {
                self.in_language("repeat", REPEAT, vec![b.clone(), a.clone()]).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A value that depends on whether another is a list, which may be known only when the program runs.
    pub fn if_list(
        &mut self,
        x: &Bind,
        then: impl FnOnce(&mut Self) -> Result<Bind>,
        otherwise: impl FnOnce(&mut Self) -> Result<Bind>,
    ) -> Result<Bind> {
        let class = Bind::Function(Rc::new(FunctionBind::builtin(symbol!("list"))));
        let test = self.call_builtin(symbol!("isinstance"), vec![x.clone(), class], vec![])?;
        let test = self.truth(&test)?;
        let mut fr = Frame::new(Rc::new(Unit::of(LIBRARY)));
        self.choose(test, &mut fr, |l, _| then(l), |l, _| otherwise(l))
    }

    /// The truth of a value, as an atom of kind bool where that is known.
    pub fn truth(&mut self, bind: &Bind) -> Result<Atom> {
        Ok(match bind {
            Bind::Tuple(items) | Bind::List(items) => Atom::Lit(Literal::Bool(!items.is_empty())),
            Bind::Dict(items) => Atom::Lit(Literal::Bool(!items.is_empty())),
            Bind::Function(_) | Bind::Choice(_) | Bind::Module(_) => Atom::Lit(Literal::Bool(true)),
            Bind::Zero => Atom::Lit(Literal::Bool(false)),
            _ => {
                let atom = self.atom(bind)?;
                match &atom {
                    Atom::Lit(Literal::Int(i)) => Atom::Lit(Literal::Bool(*i != 0)),
                    Atom::Lit(Literal::Float(x)) => Atom::Lit(Literal::Bool(*x != 0.0)),
                    Atom::Lit(Literal::None) => Atom::Lit(Literal::Bool(false)),
                    Atom::Lit(Literal::Str(s)) => Atom::Lit(Literal::Bool(!s.is_empty())),
                    _ => atom,
                }
            }
        })
    }

    fn compare_chain(&mut self, first: &Expr, rest: &[(CompareOp, Expr)], fr: &mut Frame) -> Result<Bind> {
        let left = self.expr(first, fr)?;
        self.compare_rest(left, rest, fr)
    }

    fn compare_rest(&mut self, left: Bind, rest: &[(CompareOp, Expr)], fr: &mut Frame) -> Result<Bind> {
        let Some(((op, right), rest)) = rest.split_first() else { return Ok(Bind::lit(Literal::Bool(true))) };
        let right = self.expr(right, fr)?;
        let holds = self.compare(*op, &left, &right)?;
        if rest.is_empty() {
            return Ok(holds);
        }
        let test = self.truth(&holds)?;
        self.choose(test, fr, |l, fr| l.compare_rest(right, rest, fr), |_, _| Ok(holds))
    }

    fn compare(&mut self, op: CompareOp, a: &Bind, b: &Bind) -> Result<Bind> {
        let name = match op {
            CompareOp::Eq => symbol!("operator.eq"),
            CompareOp::Ne => symbol!("operator.ne"),
            CompareOp::Lt => symbol!("operator.lt"),
            CompareOp::Le => symbol!("operator.le"),
            CompareOp::Gt => symbol!("operator.gt"),
            CompareOp::Ge => symbol!("operator.ge"),
            CompareOp::Is => symbol!("operator.is_"),
            CompareOp::IsNot => symbol!("operator.is_not"),
            CompareOp::In | CompareOp::NotIn => {
                let found = self.contains(b, a)?;
                return Ok(if op == CompareOp::In {
                    found
                } else {
                    let found = self.atom(&found)?;
                    Bind::Atom(self.call(symbol!("operator.not_"), vec![found]))
                });
            }
        };
        if matches!(op, CompareOp::Is | CompareOp::IsNot) {
            let none = |bind: &Bind, kind: Kind| match bind {
                Bind::Atom(_) => match kind {
                    Kind::None => Some(true),
                    Kind::Any | Kind::Never => None,
                    _ => Some(false),
                },
                Bind::Unknown(_) => None,
                _ => Some(false),
            };
            let (x, y) = (none(a, a.kind(&self.f)), none(b, b.kind(&self.f)));
            if let (Some(x), Some(y)) = (x, y)
                && (x || y)
            {
                return Ok(Bind::lit(Literal::Bool((x && y) == (op == CompareOp::Is))));
            }
        }
        let (a, b) = (self.atom(a)?, self.atom(b)?);
        Ok(Bind::Atom(self.call(name, vec![a, b])))
    }

    fn contains(&mut self, container: &Bind, item: &Bind) -> Result<Bind> {
        if let (Bind::Dict(items), Some(key)) = (container, item.literal()) {
            return Ok(Bind::lit(Literal::Bool(items.iter().any(|(k, _)| *k == key))));
        }
        if let (Kind::Dict(items), Some(key)) = (container.kind(&self.f), item.literal()) {
            return Ok(Bind::lit(Literal::Bool(items.iter().any(|(k, _)| *k == key))));
        }
        let (container, item) = (self.atom(container)?, self.atom(item)?);
        Ok(Bind::Atom(self.call(symbol!("operator.contains"), vec![container, item])))
    }

    fn logical(&mut self, op: LogicalOp, items: &[Expr], fr: &mut Frame) -> Result<Bind> {
        let Some((first, rest)) = items.split_first() else { return Ok(Bind::NONE) };
        let first = self.expr(first, fr)?;
        if rest.is_empty() {
            return Ok(first);
        }
        let test = self.truth(&first)?;
        match op {
            LogicalOp::And => self.choose(test, fr, |l, fr| l.logical(op, rest, fr), |_, _| Ok(first)),
            LogicalOp::Or => self.choose(test, fr, |_, _| Ok(first), |l, fr| l.logical(op, rest, fr)),
        }
    }

    /// A value that depends on a condition.
    pub fn choose(
        &mut self,
        test: Atom,
        fr: &mut Frame,
        then: impl FnOnce(&mut Self, &mut Frame) -> Result<Bind>,
        otherwise: impl FnOnce(&mut Self, &mut Frame) -> Result<Bind>,
    ) -> Result<Bind> {
        if let Atom::Lit(Literal::Bool(holds)) = test {
            return if holds { then(self, fr) } else { otherwise(self, fr) };
        }
        let value = symbol!("$value");
        self.branch(
            test,
            fr,
            |l, fr| {
                let bind = then(l, fr)?;
                fr.env.insert(value, bind);
                Ok(())
            },
            |l, fr| {
                let bind = otherwise(l, fr)?;
                fr.env.insert(value, bind);
                Ok(())
            },
        )?;
        Ok(fr.env.remove(&value).unwrap_or(Bind::NONE))
    }

    /// An attribute that is not called.
    fn attribute(&mut self, object: &Bind, name: Symbol) -> Result<Bind> {
        match object {
            Bind::Zero => return Ok(Bind::Zero),
            Bind::Module(module) => return self.member(*module, name),
            _ => {}
        }
        if let Some(member) = self.member_function(object, name) {
            return Ok(Bind::Function(Rc::new(FunctionBind::builtin(member))));
        }
        let kind = match object.kind(&self.f) {
            // `T` and its like are attributes of arrays only.
            Kind::Any | Kind::Never => Kind::Array(DType::Float, None, Extents::UNKNOWN),
            kind => kind,
        };
        match self.session.world.attribute(&kind, name) {
            Some(Operand { kind: Kind::Function(function), .. }) => {
                let function = Rc::new(self.function_value(&function, None)?);
                self.call_function(&function, vec![object.clone()], vec![])
            }
            _ => Err(self.unsupported(&format!("the attribute '{name}' of a value of unknown type"))),
        }
    }

    /// `module.name`
    fn member(&mut self, module: Symbol, name: Symbol) -> Result<Bind> {
        if let Some(known) = self.session.members.get(&(module, name)) {
            return Ok(known.clone());
        }
        let Some(operand) = self.session.world.member(module, name) else {
            return Err(self.session.world.unknown_member(module, name).at(self.span));
        };
        let member = self.global(Symbol::new(&format!("{module}.{name}")), operand, true)?;
        if matches!(&member, Bind::Function(function) if matches!(function.target, Target::Builtin(_))) {
            self.session.members.insert((module, name), member.clone());
        }
        Ok(member)
    }

    /// A library function of a library function: `str.lower`, `dict.fromkeys`, `np.add.at`.
    pub fn member_function(&self, object: &Bind, name: Symbol) -> Option<Symbol> {
        let Bind::Function(function) = object else { return None };
        let Target::Builtin(class) = function.target else { return None };
        let member = Symbol::new(&format!("{class}.{name}"));
        self.session.world.signature(member).map(|_| member)
    }

    /// A closure: the definition and what its names mean here.
    pub fn closure(&mut self, function: &std::sync::Arc<Function>, fr: &mut Frame) -> Result<Bind> {
        let scope = scope_of(function);
        let captures: Vec<Symbol> =
            scope.free.iter().copied().filter(|name| *name != function.name && fr.env.contains_key(name)).collect();
        let values = captures.iter().map(|name| fr.env[name].clone()).collect();
        let defaults = function
            .params
            .iter()
            .filter_map(|param| param.default.as_ref())
            .map(|default| self.expr(default, fr))
            .collect::<Result<_>>()?;
        let code = self.code(function, &fr.unit.clone(), captures);
        let target = Target::Script(code);
        Ok(Bind::Function(Rc::new(FunctionBind { target, captures: values, defaults, global: None })))
    }

    /// A comprehension is the loop that it abbreviates.
    fn comprehension(&mut self, comprehension: &Comprehension, fr: &mut Frame) -> Result<Bind> {
        let out = symbol!("$items");
        let span = self.span;
        let name = || ExprKind::Name(out).at(span);
        let (start, add) = match &comprehension.form {
            ComprehensionForm::List(element) | ComprehensionForm::Generator(element) => {
                let append = ExprKind::Attribute(Box::new(name()), symbol!("append")).at(span);
                let args = vec![crate::lang::tree::Arg::Positional(element.clone())];
                (Bind::List(vec![]), Tree::Expr(ExprKind::Call(Box::new(append), args).at(span)))
            }
            ComprehensionForm::Dict(key, value) => {
                let place = ExprKind::Subscript(Box::new(name()), Box::new(key.clone())).at(span);
                (Bind::Dict(vec![]), Tree::Assign(vec![place], value.clone()))
            }
        };
        let mut body: Vec<Stmt> = vec![add.at(span)];
        for clause in comprehension.clauses.iter().rev() {
            for condition in clause.conditions.iter().rev() {
                body = vec![Tree::If { test: condition.clone(), then: body, otherwise: vec![] }.at(span)];
            }
            let (target, iter) = (clause.target.clone(), clause.iter.clone());
            let place = iter.span;
            body = vec![Tree::For { target, iter, body, otherwise: vec![] }.at(place)];
        }
        // The statements are made anew at every visit: what is found of their loops is kept under their place.
        let mut inner = fr.clone();
        inner.by_place = true;
        // Its variables are its own: they do not go on from one of a loop around it that has no value yet.
        for name in comprehension_names(comprehension) {
            if inner.env.get(&name).is_some_and(|bind| self.is_unset(bind)) {
                inner.env.remove(&name);
            }
        }
        inner.env.insert(out, start);
        self.statements(&body, &mut inner)?;
        Ok(inner.env.remove(&out).unwrap_or(Bind::NONE))
    }
}

/// Sequences repeated to more items than this are made when the program runs.
const MOST_REPEATED: usize = 64;

/// A sequence of known items, several times.
fn repeated(items: &Bind, times: i64) -> Option<Bind> {
    let times = usize::try_from(times.max(0)).ok()?;
    let fits = |items: &[Bind]| items.len().checked_mul(times).is_some_and(|count| count <= MOST_REPEATED);
    let repeat = |items: &[Bind]| std::iter::repeat_n(items, times).flatten().cloned().collect();
    match items {
        Bind::List(items) if fits(items) => Some(Bind::List(repeat(items))),
        Bind::Tuple(items) if fits(items) => Some(Bind::Tuple(repeat(items))),
        _ => None,
    }
}

/// Whether a function holds values that are known only when the program runs.
fn holds_values(kind: &FunctionKind) -> bool {
    match kind {
        FunctionKind::Script { captures, defaults, .. } => {
            !captures.is_empty() || defaults.iter().any(|default| default.literal.is_none())
        }
        FunctionKind::Derived { function, .. } => holds_values(function),
        FunctionKind::Builtin(_) | FunctionKind::Host(_) => false,
    }
}
