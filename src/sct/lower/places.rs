//! Places: assignments to subscripts, and methods that change their receiver. A place is a variable followed by
//! subscripts; changing it gives the variable a new value.

use crate::lang::tree::{BinaryOp, Expr, ExprKind};
use crate::lang::{Error, Result, Symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, How, Index, Op, StmtKind, operator_name};
use super::super::kind::{Kind, Literal};
use super::indices::position;
use super::{Frame, Lowerer};

/// The methods that change their receiver.
pub const MUTATING: &[&str] = &[
    "append",
    "pop",
    "insert",
    "extend",
    "reverse",
    "sort",
    "remove",
    "clear",
    "update",
    "setdefault",
    "fill",
    "popitem",
    "random",
    "integers",
    "uniform",
    "normal",
    "standard_normal",
    "permutation",
    "shuffle",
    "choice",
    "exponential",
];

impl Lowerer<'_, '_> {
    /// The variable and the subscripts of a place.
    pub fn place(&mut self, e: &Expr, fr: &mut Frame) -> Result<(Symbol, Vec<Index>)> {
        match &e.kind {
            ExprKind::Name(name) => Ok((*name, vec![])),
            ExprKind::Subscript(object, index) => {
                let (name, mut path) = self.place(object, fr)?;
                path.push(self.index(index, fr)?);
                Ok((name, path))
            }
            _ => Err(self.unsupported("changing something that is not a variable or an item of one")),
        }
    }

    pub fn root(&mut self, name: Symbol, fr: &Frame) -> Result<Bind> {
        match fr.env.get(&name) {
            Some(bind) => Ok(bind.clone()),
            None => Err(Error::name(format!("name '{name}' is not defined in this function")).at(self.span)),
        }
    }

    /// `target = value` for a subscript.
    pub fn store(&mut self, target: &Expr, value: Bind, fr: &mut Frame) -> Result<()> {
        let (name, path) = self.place(target, fr)?;
        let root = self.root(name, fr)?;
        if let Some((_, container)) = path.split_last()
            && self.is_copy(&root, container)
        {
            return Ok(());
        }
        let changed = self.changed(&root, &path, How::Set, value)?;
        self.rebind(name, changed, fr);
        Ok(())
    }

    /// `target op= value` for a subscript.
    pub fn store_augmented(&mut self, target: &Expr, op: BinaryOp, value: &Expr, fr: &mut Frame) -> Result<()> {
        let (name, path) = self.place(target, fr)?;
        let value = self.expr(value, fr)?;
        let root = self.root(name, fr)?;
        if let Some((_, container)) = path.split_last()
            && self.is_copy(&root, container)
        {
            return Ok(());
        }
        let how =
            if op == BinaryOp::Add && !path.iter().any(|index| self.may_repeat(index)) { How::Add } else { How::Set };
        let value = match how {
            How::Add => value,
            _ => {
                let mut old = root.clone();
                for index in &path {
                    old = self.get(&old, index.clone())?;
                }
                let (old, value) = (self.atom(&old)?, self.atom(&value)?);
                Bind::Atom(self.call_named(operator_name(op), vec![old, value]))
            }
        };
        let changed = self.changed(&root, &path, how, value)?;
        self.rebind(name, changed, fr);
        Ok(())
    }

    pub fn rebind(&mut self, name: Symbol, value: Bind, fr: &mut Frame) {
        if fr.template.is_none() {
            self.name(&value, name);
        }
        fr.env.insert(name, value);
    }

    /// The value of `base` after the place was set or added to.
    pub fn changed(&mut self, base: &Bind, path: &[Index], how: How, value: Bind) -> Result<Bind> {
        let Some((first, rest)) = path.split_first() else {
            return match how {
                How::Set => Ok(value),
                _ => self.binary(BinaryOp::Add, base, &value),
            };
        };
        if let Index::At(Atom::Lit(key)) = first {
            let parts = match (base, key) {
                (Bind::List(items), Literal::Int(at)) => Some(Ok((items.clone(), *at))),
                (Bind::Dict(items), key) => Some(Err((items.clone(), key.clone()))),
                (Bind::Atom(atom), key) if rest.is_empty() || !matches!(self.f.kind(atom), Kind::List(_)) => {
                    match (self.f.kind(atom), key) {
                        (Kind::List(_), Literal::Int(at)) => self.explode(base).map(|items| Ok((items, *at))),
                        (Kind::Dict(_), key) => self.explode_dict(base).map(|items| Err((items, key.clone()))),
                        _ => None,
                    }
                }
                _ => None,
            };
            match parts {
                Some(Ok((mut items, at))) => {
                    let Some(at) = position(at, items.len()) else {
                        return Err(Error::index("list assignment index out of range").at(self.span));
                    };
                    items[at] = self.changed(&items[at].clone(), rest, how, value)?;
                    return Ok(Bind::List(items));
                }
                Some(Err((mut items, key))) => {
                    match items.iter().position(|(k, _)| *k == key) {
                        Some(at) => items[at].1 = self.changed(&items[at].1.clone(), rest, how, value)?,
                        None if rest.is_empty() && how == How::Set => items.push((key, value)),
                        None => return Err(Error::index(format!("no key {key:?}")).at(self.span)),
                    }
                    return Ok(Bind::Dict(items));
                }
                None => {}
            }
        }
        if matches!(base, Bind::Tuple(_)) {
            return Err(Error::type_("a tuple does not support item assignment").at(self.span));
        }
        let base = self.atom(base)?;
        let value = self.atom(&value)?;
        let kind = self.updated_kind(&self.f.kind(&base), path, &value);
        Ok(Bind::Atom(self.define("t", kind, Op::Update(base, path.to_vec(), how, value))))
    }

    /// The kind of a value after an item was set.
    fn updated_kind(&self, base: &Kind, path: &[Index], value: &Atom) -> Kind {
        let value = self.f.kind(value);
        match (base, path) {
            (Kind::List(items), [Index::At(_)]) if items.iter().all(|item| *item == value) => base.clone(),
            (Kind::List(_) | Kind::ListOf(_), [Index::At(_)]) => {
                Kind::ListOf(std::sync::Arc::new(base.element().join(&value)))
            }
            (Kind::Array(..) | Kind::ListOf(_) | Kind::List(_), _) => base.clone(),
            _ => Kind::Any,
        }
    }

    /// `base[key] = value` for a dict or list at run time.
    pub fn set_item(&mut self, base: Atom, key: Atom, value: Atom) -> Atom {
        let path = vec![Index::At(key)];
        let kind = self.updated_kind(&self.f.kind(&base), &path, &value);
        self.define("t", kind, Op::Update(base, path, How::Set, value))
    }

    /// A call of a method that changes its receiver.
    pub fn mutate(
        &mut self,
        object: &Expr,
        method: Symbol,
        args: Vec<Bind>,
        keywords: &[(Symbol, Bind)],
        fr: &mut Frame,
    ) -> Result<Bind> {
        let (name, path) = self.place(object, fr)?;
        let root = self.root(name, fr)?;
        let mut receiver = root.clone();
        for index in &path {
            receiver = self.get(&receiver, index.clone())?;
        }
        let (changed, result) = self.mutated(&receiver, method, args, keywords)?;
        if !self.is_copy(&root, &path) {
            let changed = self.changed(&root, &path, How::Set, changed)?;
            self.rebind(name, changed, fr);
        }
        Ok(result)
    }

    /// The receiver after a method call, and what the call gives.
    fn mutated(
        &mut self,
        receiver: &Bind,
        method: Symbol,
        args: Vec<Bind>,
        keywords: &[(Symbol, Bind)],
    ) -> Result<(Bind, Bind)> {
        let kind = receiver.kind(&self.f);
        match (receiver, method.as_str(), args.as_slice()) {
            (_, "sort", []) if matches!(kind, Kind::List(_) | Kind::ListOf(_)) => {
                let option = |name: &str| keywords.iter().find(|(k, _)| k.as_str() == name).map(|(_, v)| v.clone());
                return Ok((self.in_order(receiver, option("key"), option("reverse"))?, Bind::NONE));
            }
            _ if matches!(kind, Kind::Dict(_))
                && let Some(changed) = self.dict_by_key(receiver, method, &args, keywords)? =>
            {
                return Ok(changed);
            }
            _ if !keywords.is_empty() => {
                return Err(self.unsupported("keyword arguments of a method that changes its receiver"));
            }
            (Bind::List(items), "append", [item]) => {
                return Ok((Bind::List([items.as_slice(), std::slice::from_ref(item)].concat()), Bind::NONE));
            }
            (Bind::List(items), "pop", []) if !items.is_empty() => {
                let mut items = items.clone();
                let last = items.pop().unwrap_or(Bind::NONE);
                return Ok((Bind::List(items), last));
            }
            (Bind::List(items), "pop", [at]) => {
                if let Some(Literal::Int(at)) = at.literal()
                    && let Some(at) = position(at, items.len())
                {
                    let mut items = items.clone();
                    let item = items.remove(at);
                    return Ok((Bind::List(items), item));
                }
            }
            (Bind::List(items), "extend", [more]) => {
                if let Some(more) = self.explode(more) {
                    return Ok((Bind::List([items.as_slice(), &more].concat()), Bind::NONE));
                }
            }
            (Bind::List(items), "reverse", []) => {
                return Ok((Bind::List(items.iter().rev().cloned().collect()), Bind::NONE));
            }
            (Bind::List(items), "insert", [at, item]) => {
                if let Some(Literal::Int(at)) = at.literal() {
                    let length = items.len() as i64;
                    let at = (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
                    let mut items = items.clone();
                    items.insert(at, item.clone());
                    return Ok((Bind::List(items), Bind::NONE));
                }
            }
            _ => {}
        }
        if let Some(changed) = self.list_by_items(receiver, method, &args)? {
            return Ok(changed);
        }
        if let Some(items) = self.explode_dict(receiver)
            && let Some(changed) = self.dict_by_items(items, method, &args)
        {
            return Ok(changed);
        }
        let base = self.atom(receiver)?;
        let kind = self.f.kind(&base);
        let family = match &kind {
            Kind::List(_) | Kind::ListOf(_) => "list",
            Kind::Dict(_) => "dict",
            Kind::Generator => "generator",
            Kind::Array(..) => "array",
            _ => match method.as_str() {
                "append" | "pop" | "extend" | "insert" | "reverse" | "sort" | "remove" => "list",
                "update" | "setdefault" => "dict",
                _ => "generator",
            },
        };
        let name = Symbol::new(&format!("{family}.{method}"));
        let mut atoms = vec![base.clone()];
        for arg in &args {
            atoms.push(self.atom(arg)?);
        }
        let operands: Vec<_> = atoms.iter().map(|a| self.operand(a)).collect();
        let element = kind.element();
        let out_kind = match (family, method.as_str()) {
            ("list", "append") => Kind::ListOf(std::sync::Arc::new(element.join(&self.f.kind(&atoms[1])))),
            ("list", "pop") => Kind::ListOf(std::sync::Arc::new(element.clone())),
            ("list", _) | ("dict", _) => Kind::Any,
            _ => kind.clone(),
        };
        let result_kind = match (family, method.as_str()) {
            ("list", "pop") => element,
            ("list", _) => Kind::None,
            _ => self.session.world.result_kind(name, &operands),
        };
        let out = self.f.fresh(Symbol::new("t"), out_kind, true);
        let result = self.f.fresh(Symbol::new("t"), result_kind, true);
        self.push(StmtKind::Mutate { method: name, base, out, result, args: atoms.split_off(1) });
        Ok((Bind::Atom(Atom::Var(out)), Bind::Atom(Atom::Var(result))))
    }

    /// The methods that move the items of a list are the loops that they abbreviate.
    fn list_by_items(&mut self, receiver: &Bind, method: Symbol, args: &[Bind]) -> Result<Option<(Bind, Bind)>> {
        let kind = receiver.kind(&self.f);
        let empty = matches!(&kind, Kind::List(items) if items.is_empty());
        let active = empty || kind.may_be_active() || args.iter().any(|arg| arg.kind(&self.f).may_be_active());
        if !matches!(kind, Kind::List(_) | Kind::ListOf(_)) || !active {
            return Ok(None);
        }
        let all = std::iter::once(receiver).chain(args).cloned().collect();
        let source = match (method.as_str(), args.len()) {
            ("extend", 1) => "def extend(xs, ys):\n    for y in ys:\n        xs.append(y)\n    return xs\n",
            ("insert", 2) => {
                "def insert(xs, at, item):\n    n = len(xs)\n    at = max(at + n, 0) if at < 0 else min(at, n)\n    out = []\n    for i in range(n + 1):\n        if i == at:\n            out.append(item)\n        if i < n:\n            out.append(xs[i])\n    return out\n"
            }
            ("reverse", 0) => {
                "def reverse(xs):\n    n = len(xs)\n    out = []\n    for i in range(n):\n        out.append(xs[n - 1 - i])\n    return out\n"
            }
            ("pop", 1) => {
                let at = self.atom(&args[0])?;
                let item = self.get(receiver, Index::At(at))?;
                let source = "def pop_at(xs, at):\n    n = len(xs)\n    at = at + n if at < 0 else at\n    out = []\n    for i in range(n):\n        if i != at:\n            out.append(xs[i])\n    return out\n";
                let rest = self.in_language("pop_at", source, all)?;
                return Ok(Some((rest, item)));
            }
            _ => return Ok(None),
        };
        self.in_language(method.as_str(), source, all).map(|changed| Some((changed, Bind::NONE)))
    }

    /// A method that changes a dict whose keys are known.
    fn dict_by_items(
        &mut self,
        mut items: Vec<(Literal, Bind)>,
        method: Symbol,
        args: &[Bind],
    ) -> Option<(Bind, Bind)> {
        let key = args.first().and_then(Bind::literal);
        let at = key.as_ref().and_then(|key| items.iter().position(|(k, _)| k == key));
        match (method.as_str(), args) {
            ("pop", [_] | [_, _]) => {
                let result = match (at, args.get(1)) {
                    (Some(at), _) => items.remove(at).1,
                    (None, Some(default)) if key.is_some() => default.clone(),
                    _ => return None,
                };
                Some((Bind::Dict(items), result))
            }
            ("setdefault", [_, default]) => {
                let result = match at {
                    Some(at) => items[at].1.clone(),
                    None => {
                        items.push((key?, default.clone()));
                        default.clone()
                    }
                };
                Some((Bind::Dict(items), result))
            }
            ("update", [more]) => {
                for (key, value) in self.explode_dict(more)? {
                    match items.iter().position(|(k, _)| *k == key) {
                        Some(at) => items[at].1 = value,
                        None => items.push((key, value)),
                    }
                }
                Some((Bind::Dict(items), Bind::NONE))
            }
            _ => None,
        }
    }

    /// `del place[key]`
    pub fn delete_item(&mut self, object: &Expr, index: &Expr, fr: &mut Frame) -> Result<()> {
        let receiver = self.expr(object, fr)?;
        let key = self.expr(index, fr)?;
        if let (Some(items), Some(key)) = (self.explode_dict(&receiver), key.literal()) {
            let left: Vec<_> = items.iter().filter(|(k, _)| *k != key).cloned().collect();
            if left.len() == items.len() {
                return Err(Error::index(format!("no key {key:?}")).at(self.span));
            }
            return self.assign(object, Bind::Dict(left), fr);
        }
        match receiver.kind(&self.f) {
            Kind::List(_) | Kind::ListOf(_) => self.mutate(object, Symbol::new("pop"), vec![key], &[], fr).map(drop),
            _ => Err(self.unsupported("`del` of an item of this value")),
        }
    }
}
