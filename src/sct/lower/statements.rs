//! Statements.

use std::rc::Rc;

use crate::lang::tree::{BinaryOp, Expr, ExprKind, Stmt, StmtKind as Tree};
use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, Join, StmtKind};
use super::super::kind::{Kind, Literal, keeps_element_type};
use super::super::program::describe;
use super::{Frame, Lowerer};

impl Lowerer<'_, '_> {
    /// Lowers a body that `single_exit` has structured; the value of its last statement, the `return`.
    pub fn body(&mut self, stmts: &[Stmt], fr: &mut Frame) -> Result<Bind> {
        let Some((Stmt { kind: Tree::Return(value), span }, rest)) = stmts.split_last() else {
            self.statements(stmts, fr)?;
            return Ok(Bind::NONE);
        };
        self.statements(rest, fr)?;
        if !self.pinned {
            self.stand_at(*span);
        }
        match value {
            // Where every path raises there is no result.
            Some(Expr { kind: ExprKind::Name(name), .. })
                if *name == symbol!("$result") && !fr.env.contains_key(name) =>
            {
                Ok(Bind::Atom(Atom::Undefined))
            }
            Some(value) => self.expr(value, fr),
            None => Ok(Bind::NONE),
        }
    }

    /// Lowers statements in order.
    pub fn statements(&mut self, stmts: &[Stmt], fr: &mut Frame) -> Result<()> {
        for stmt in stmts {
            if !stmt.span.is_none() && !self.pinned {
                self.stand_at(stmt.span);
            }
            self.statement(stmt, fr)?;
        }
        self.check_size()
    }

    fn statement(&mut self, stmt: &Stmt, fr: &mut Frame) -> Result<()> {
        match &stmt.kind {
            Tree::Expr(e) => self.expr(e, fr).map(drop),
            Tree::Assign(targets, value) => {
                let value = self.expr(value, fr)?;
                targets.iter().try_for_each(|target| self.assign(target, value.clone(), fr))
            }
            Tree::AnnAssign(target, _, value) => match value {
                Some(value) => {
                    let value = self.expr(value, fr)?;
                    self.assign(target, value, fr)
                }
                None => Ok(()),
            },
            Tree::AugAssign(target, op, value) => self.augmented(target, *op, value, fr),
            Tree::Def(function) => {
                let mut value = self.closure(function, fr)?;
                for decorator in function.decorators.iter().rev() {
                    let Bind::Function(decorator) = self.expr(decorator, fr)? else {
                        return Err(self.unsupported("a decorator that is not a known function"));
                    };
                    value = self.call_function(&decorator, vec![value], vec![])?;
                }
                fr.env.insert(function.name, value);
                Ok(())
            }
            Tree::If { test, then, otherwise } => {
                let test = self.expr(test, fr)?;
                let test = self.truth(&test)?;
                if let Atom::Lit(Literal::Bool(holds)) = test {
                    return self.statements(if holds { then } else { otherwise }, fr);
                }
                self.branch(test, fr, |l, fr| l.statements(then, fr), |l, fr| l.statements(otherwise, fr))
            }
            Tree::For { target, iter, body, otherwise: _ } => self.for_loop(stmt, target, iter, body, fr),
            Tree::While { test, body, otherwise: _ } => self.while_loop(stmt, test, body, fr),
            Tree::Pass => Ok(()),
            Tree::Assert(test, message) => {
                let test = self.expr(test, fr)?;
                let test = self.truth(&test)?;
                let message = message.as_ref().map(|m| self.expr_atom(m, fr)).transpose()?;
                if test != Atom::Lit(Literal::Bool(true)) {
                    self.push(StmtKind::Assert(test, message));
                }
                Ok(())
            }
            Tree::Raise(error) => {
                let (class, message) = match error {
                    Some(error) => self.raised(error, fr)?,
                    None => (None, None),
                };
                self.push(StmtKind::Raise(class, message));
                Ok(())
            }
            Tree::Import(aliases) => {
                for alias in aliases {
                    let name = alias.alias.unwrap_or(alias.name);
                    fr.env.insert(name, Bind::Module(self.module(alias.name)?));
                }
                Ok(())
            }
            Tree::FromImport(module, names) => {
                let module = self.module(*module)?;
                for alias in names {
                    let Some(operand) = self.session.world.member(module, alias.name) else {
                        return Err(
                            Error::name(format!("cannot import '{}' from '{module}'", alias.name)).at(self.span)
                        );
                    };
                    let value = match operand.kind {
                        Kind::Module(inner) => Bind::Module(inner),
                        Kind::Function(kind) => Bind::Function(Rc::new(self.function_value(&kind, None)?)),
                        _ => match operand.literal {
                            Some(literal) => Bind::lit(literal),
                            None => return Err(self.unsupported("importing a variable inside a function")),
                        },
                    };
                    fr.env.insert(alias.alias.unwrap_or(alias.name), value);
                }
                Ok(())
            }
            Tree::Delete(targets) => targets.iter().try_for_each(|target| match &target.kind {
                ExprKind::Name(name) => {
                    fr.env.remove(name);
                    Ok(())
                }
                ExprKind::Subscript(object, index) if !matches!(index.kind, ExprKind::Tuple(_)) => {
                    self.delete_item(object, index, fr)
                }
                _ => Err(self.unsupported("`del` of this place")),
            }),
            Tree::With { manager, target, body } => self.insertion(manager, target.as_ref(), body, fr),
            Tree::Return(_) | Tree::Break | Tree::Continue => Err(self.unsupported("an exit here")),
        }
    }

    fn module(&self, name: Symbol) -> Result<Symbol> {
        let known = match name.as_str() {
            "numpy" => "np",
            "numpy.linalg" => "np.linalg",
            "scipy.special" => "special",
            "scipy.linalg" => "linalg",
            other => other,
        };
        Ok(Symbol::new(known))
    }

    /// The class and the message of `raise ValueError("…")`.
    fn raised(&mut self, error: &Expr, fr: &mut Frame) -> Result<(Option<Symbol>, Option<Atom>)> {
        Ok(match &error.kind {
            ExprKind::Name(class) if !fr.env.contains_key(class) => (Some(*class), None),
            ExprKind::Call(callee, args) => match (&callee.kind, args.as_slice()) {
                (ExprKind::Name(class), [arg]) => (Some(*class), Some(self.expr_atom(arg.value(), fr)?)),
                (ExprKind::Name(class), []) => (Some(*class), None),
                _ => (None, Some(self.expr_atom(error, fr)?)),
            },
            _ => (None, Some(self.expr_atom(error, fr)?)),
        })
    }

    /// Binds a target to a value.
    pub fn assign(&mut self, target: &Expr, value: Bind, fr: &mut Frame) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                if fr.template.is_none() {
                    self.name(&value, *name);
                }
                fr.env.insert(*name, value);
                Ok(())
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => self.unpack(targets, value, fr),
            ExprKind::Subscript(..) => self.store(target, value, fr),
            _ => Err(self.unsupported("this target of an assignment")),
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: Bind, fr: &mut Frame) -> Result<()> {
        let star = targets.iter().position(|t| matches!(t.kind, ExprKind::Starred(_)));
        let items = match self.explode(&value) {
            Some(items) => items,
            None if star.is_none() => {
                let value = self.atom(&value)?;
                let length = self.call(symbol!("len"), vec![value.clone()]);
                let fits = self.call(symbol!("operator.eq"), vec![length, Atom::int(targets.len() as i64)]);
                self.push(StmtKind::Assert(
                    fits,
                    Some(Atom::Lit(Literal::Str("wrong number of values to unpack".into()))),
                ));
                (0..targets.len() as i64).map(|at| Bind::Atom(self.item(value.clone(), Atom::int(at)))).collect()
            }
            None => return self.unpack_around(targets, star.unwrap_or(0), value, fr),
        };
        let fits = match star {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        };
        if !fits {
            let expected = targets.len() - usize::from(star.is_some());
            let message = if items.len() > expected {
                format!("too many values to unpack (expected {expected})")
            } else {
                format!("not enough values to unpack (expected {expected}, got {})", items.len())
            };
            return Err(Error::value(message).at(self.span));
        }
        let extra = items.len() + 1 - targets.len().min(items.len() + 1);
        let mut items = items.into_iter();
        for target in targets {
            match &target.kind {
                ExprKind::Starred(inner) => {
                    let rest = items.by_ref().take(extra).collect();
                    self.assign(inner, Bind::List(rest), fr)?;
                }
                _ => {
                    let item = items.next().unwrap_or(Bind::NONE);
                    self.assign(target, item, fr)?;
                }
            }
        }
        Ok(())
    }

    /// `a, *b, c = value` where only the run tells how many items the value has.
    fn unpack_around(&mut self, targets: &[Expr], star: usize, value: Bind, fr: &mut Frame) -> Result<()> {
        let after = targets.len() - 1 - star;
        let whole = self.atom(&value)?;
        let length = self.call(symbol!("len"), vec![whole.clone()]);
        let fits = self.call(symbol!("operator.ge"), vec![length, Atom::int((targets.len() - 1) as i64)]);
        let message = Atom::Lit(Literal::Str("not enough values to unpack".into()));
        self.push(StmtKind::Assert(fits, Some(message)));
        for (at, target) in targets.iter().enumerate() {
            let item = match &target.kind {
                ExprKind::Starred(_) => {
                    let source = "def rest(xs, before, after):\n    out = []\n    for i in range(before, len(xs) - after):\n        out.append(xs[i])\n    return out\n";
                    let bounds = [star, after].map(|n| Bind::lit(Literal::Int(n as i64)));
                    self.in_language("rest", source, [vec![value.clone()], bounds.to_vec()].concat())?
                }
                _ if at < star => Bind::Atom(self.item(whole.clone(), Atom::int(at as i64))),
                _ => Bind::Atom(self.item(whole.clone(), Atom::int(at as i64 - targets.len() as i64))),
            };
            match &target.kind {
                ExprKind::Starred(inner) => self.assign(inner, item, fr)?,
                _ => self.assign(target, item, fr)?,
            }
        }
        Ok(())
    }

    /// `x_bar += value` or `y_dot[k] += value` in a rule; whether it was one.
    fn contribution(&mut self, target: &Expr, value: &Expr, fr: &mut Frame) -> Result<bool> {
        let (name, part) = match &target.kind {
            ExprKind::Name(name) => (*name, None),
            ExprKind::Subscript(object, index) => match (&object.kind, &index.kind) {
                (ExprKind::Name(name), ExprKind::Int(at)) => (*name, Some(*at as usize)),
                _ => return Ok(false),
            },
            _ => return Ok(false),
        };
        let Some(template) = &fr.template else { return Ok(false) };
        let Some(sum) = template.sums.get(&name).cloned() else { return Ok(false) };
        let Some(sum) = sum else { return Ok(true) };
        let span = self.span;
        let value = self.expr(value, fr)?;
        let total = match (part, sum) {
            (Some(at), Bind::Tuple(mut items)) if at < items.len() => {
                items[at] = self.accumulate(&items[at].clone(), &value)?;
                Bind::Tuple(items)
            }
            (Some(_), Bind::Zero) => {
                return Err(Error::derivative(format!(
                    "'{name}' is added to part by part, but of the value it belongs to it is not known here that it is a tuple"
                ))
                .hint(format!("write `{name} += (…, …)`, with every part"))
                .at(span));
            }
            (Some(at), sum) => {
                return Err(Error::derivative(format!(
                    "'{name}' has no part {at}: it is {}",
                    describe(&sum.kind(&self.f))
                ))
                .at(span));
            }
            (None, sum) => self.accumulate(&sum, &value)?,
        };
        if let Some(template) = &mut fr.template {
            template.added.push(name);
            template.sums.insert(name, Some(total));
        }
        Ok(true)
    }

    fn augmented(&mut self, target: &Expr, op: BinaryOp, value: &Expr, fr: &mut Frame) -> Result<()> {
        if self.contribution(target, value, fr)? {
            return Ok(());
        }
        match &target.kind {
            ExprKind::Name(_) => {
                let old = self.expr(target, fr)?;
                let value = self.expr(value, fr)?;
                let unknown = !matches!(old, Bind::List(_)) && matches!(old.kind(&self.f), Kind::ListOf(_));
                if op == BinaryOp::Add && unknown {
                    // At the end of a list whose length is not known, not a copy of it.
                    return match self.explode(&value) {
                        Some(items) => items.into_iter().try_for_each(|item| {
                            self.mutate(target, symbol!("list.append"), vec![item], vec![], fr).map(drop)
                        }),
                        None => self.mutate(target, symbol!("list.extend"), vec![value], vec![], fr).map(drop),
                    };
                }
                let new = match (op, &old, &value) {
                    (BinaryOp::Add, Bind::List(items), other) if self.explode(other).is_some() => {
                        let more = self.explode(other).unwrap_or_default();
                        Bind::List([items.as_slice(), &more].concat())
                    }
                    _ => self.binary(op, &old, &value)?,
                };
                if let (Kind::Array(to, ..), Kind::Array(from, ..)) = (old.kind(&self.f), new.kind(&self.f))
                    && from > to
                {
                    return Err(keeps_element_type(op, to, from).at(self.span));
                }
                self.assign(target, new, fr)
            }
            ExprKind::Subscript(..) => self.store_augmented(target, op, value, fr),
            _ => Err(self.unsupported("this target of an assignment")),
        }
    }

    /// Lowers both arms of a condition and joins what they leave behind.
    pub fn branch(
        &mut self,
        test: Atom,
        fr: &mut Frame,
        then: impl FnOnce(&mut Self, &mut Frame) -> Result<()>,
        otherwise: impl FnOnce(&mut Self, &mut Frame) -> Result<()>,
    ) -> Result<()> {
        if fr.template.as_ref().is_some_and(|t| !t.sums.is_empty()) {
            return Err(Error::derivative("a condition in a derivative rule is not known when the rule is applied")
                .at(self.span));
        }
        let span = self.span;
        let mut then_frame = fr.clone();
        let mut otherwise_frame = fr.clone();
        let ((), mut then_block) = self.in_block(|l| then(l, &mut then_frame))?;
        self.span = span;
        let ((), mut otherwise_block) = self.in_block(|l| otherwise(l, &mut otherwise_frame))?;
        self.span = span;
        let mut joins: Vec<Join> = Vec::new();
        let mut names: Vec<Symbol> = then_frame.env.keys().chain(otherwise_frame.env.keys()).copied().collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let undefined = Bind::Atom(Atom::Undefined);
            let a = then_frame.env.get(&name).unwrap_or(&undefined);
            let b = otherwise_frame.env.get(&name).unwrap_or(&undefined);
            let joined = self.join(name, (a, &mut then_block), (b, &mut otherwise_block), &mut joins)?;
            fr.env.insert(name, joined);
        }
        self.push(StmtKind::If { test, then: then_block, otherwise: otherwise_block, joins });
        Ok(())
    }

    /// Calls a known function with positional arguments.
    pub fn call_bind(&mut self, function: &Bind, args: Vec<Bind>) -> Result<Bind> {
        match function {
            Bind::Function(function) => self.call_function(function, args, vec![]),
            Bind::Choice(choice) => self.call_choice(choice, &args, &[]),
            Bind::Unknown(why) => Err(Error::derivative(*why).at(self.span)),
            _ => Err(Error::type_("this value cannot be called").at(self.span)),
        }
    }
}
