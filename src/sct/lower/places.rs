//! Places: assignments to subscripts, and methods that change their receiver. A place is a variable followed by
//! subscripts; changing it gives the variable a new value.

use crate::lang::scope::global_changed;
use crate::lang::tree::{BinaryOp, Expr, ExprKind, ParamForm};
use crate::lang::{Error, Result, Symbol, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, How, Index, Op, StmtKind};
use super::super::kind::{Kind, Literal};
use super::indices::{clamped, position};
use super::{Frame, Lowerer};

/// The name of a library function without what is before the dot.
pub fn unqualified(name: Symbol) -> Symbol {
    name.as_str().rsplit_once('.').map_or(name, |(_, last)| Symbol::new(last))
}

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
            None => Err(global_changed(name).at(self.span)),
        }
    }

    /// `target = value` for a subscript.
    pub fn store(&mut self, target: &Expr, value: Bind, fr: &mut Frame) -> Result<()> {
        let (name, path) = self.place(target, fr)?;
        let root = self.root(name, fr)?;
        self.write(name, &root, &path, How::Set, value, fr)
    }

    /// Sets or adds to a place within a variable, unless what it is an item of is a copy.
    pub fn write(
        &mut self,
        name: Symbol,
        root: &Bind,
        path: &[Index],
        how: How,
        value: Bind,
        fr: &mut Frame,
    ) -> Result<()> {
        if let Some((_, container)) = path.split_last() {
            if self.is_copy(root, container) {
                return Ok(());
            }
            let kind = container.iter().fold(root.kind(&self.f), |kind, index| self.index_kind(&kind, index));
            if let Kind::Tuple(_) = kind {
                return Err(Error::type_("a tuple does not support item assignment").at(self.span));
            }
        }
        let changed = self.changed(root, path, how, value)?;
        self.rebind(name, changed, fr);
        Ok(())
    }

    /// Puts what is in a place in place of itself, changed, unless it is a copy, and gives what the change gives.
    fn change<T>(
        &mut self,
        place: &Expr,
        is_list: bool,
        fr: &mut Frame,
        change: impl FnOnce(&mut Self, &Bind) -> Result<(Bind, T)>,
    ) -> Result<T> {
        let (name, path) = self.place(place, fr)?;
        let root = self.root(name, fr)?;
        let mut whole = root.clone();
        for index in &path {
            whole = self.get(&whole, index.clone())?;
        }
        let (changed, result) = change(self, &whole)?;
        // A slice that is a list is one of a list.
        let of_list = is_list && matches!(path.last(), Some(Index::Slice(_)));
        if !of_list && !self.is_copy(&root, &path) {
            let changed = self.changed(&root, &path, How::Set, changed)?;
            self.rebind(name, changed, fr);
        }
        Ok(result)
    }

    /// `target op= value` for a subscript.
    pub fn store_augmented(&mut self, target: &Expr, op: BinaryOp, value: &Expr, fr: &mut Frame) -> Result<()> {
        let (name, path) = self.place(target, fr)?;
        let before = self.root(name, fr)?;
        let value = self.expr(value, fr)?;
        let root = self.root(name, fr)?;
        let place = path.iter().fold(root.kind(&self.f), |kind, index| self.index_kind(&kind, index));
        let number = place.is_scalar() || matches!(place, Kind::Array(..));
        let repeats = path.iter().any(|index| self.may_repeat(index));
        let adds = op == BinaryOp::Add && number && !repeats && before.same(&root);
        let how = if adds { How::Add } else { How::Set };
        let value = match how {
            How::Add => value,
            _ => {
                // What the value may have changed was read before.
                let mut old = before;
                for index in &path {
                    old = self.get(&old, index.clone())?;
                }
                self.binary(op, &old, &value)?
            }
        };
        self.write(name, &root, &path, how, value, fr)
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
        if let (Index::At(Atom::Lit(Literal::Int(at))), Kind::Tuple(_)) = (first, base.kind(&self.f))
            && let Some(mut items) = self.explode(base)
        {
            // What is in a tuple may change.
            let Some(at) = position(*at, items.len()) else {
                return Err(Error::index("tuple index out of range").at(self.span));
            };
            items[at] = self.changed(&items[at].clone(), rest, how, value)?;
            return Ok(Bind::Tuple(items));
        }
        if let (Index::Slice(bounds), false) = (first, rest.is_empty())
            && matches!(base.kind(&self.f), Kind::List(_) | Kind::ListOf(_))
        {
            // What a slice of a list copies is the list, not what is in it.
            if let (Some(mut items), Some(places)) = (self.explode(base), self.known_places(base, bounds)) {
                let part = Bind::List(places.iter().map(|at| items[*at].clone()).collect());
                if let Bind::List(new) = self.changed(&part, rest, how, value)? {
                    places.iter().zip(new).for_each(|(at, item)| items[*at] = item);
                }
                return Ok(Bind::List(items));
            }
            let part = self.get(base, first.clone())?;
            let part = self.changed(&part, rest, how, value)?;
            return self.changed(base, std::slice::from_ref(first), How::Set, part);
        }
        if let ([Index::Slice(bounds)], How::Set) = (path, how)
            && let kind @ (Kind::List(_) | Kind::ListOf(_)) = base.kind(&self.f)
            && (kind.may_be_active() || value.kind(&self.f).may_be_active() || matches!(base, Bind::List(_)))
        {
            return self.set_slice(base, bounds, &value);
        }
        if let ([Index::Slice(bounds)], How::Set, Kind::Any) = (path, how, base.kind(&self.f))
            && matches!(value.kind(&self.f), Kind::List(_) | Kind::ListOf(_))
        {
            let of_array = |l: &mut Self| l.update(base, path, how, &value);
            return self.if_list(base, |l| l.set_slice(base, bounds, &value), of_array);
        }
        self.update(base, path, how, &value)
    }

    fn update(&mut self, base: &Bind, path: &[Index], how: How, value: &Bind) -> Result<Bind> {
        let (base, value) = (self.atom(base)?, self.atom(value)?);
        let kind = self.updated_kind(&self.f.kind(&base), path, &value);
        Ok(Bind::Atom(self.define(symbol!("t"), kind, Op::Update(base, path.to_vec(), how, value))))
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
        self.define(symbol!("t"), kind, Op::Update(base, path, How::Set, value))
    }

    /// Whether a library function changes its first argument.
    pub fn mutates(&self, name: Symbol) -> bool {
        self.session.world.signature(name).is_some_and(|signature| signature.mutates)
    }

    /// The library function that a method with so many arguments is, where it changes its receiver; of a receiver of unknown
    /// kind, the likeliest.
    pub fn mutating_method(&self, receiver: &Kind, method: Symbol, count: usize) -> Option<Symbol> {
        let families: &[&str] = match receiver {
            Kind::List(_) | Kind::ListOf(_) => &["list"],
            Kind::Dict(_) => &["dict"],
            Kind::Generator => &["generator"],
            Kind::Array(..) => &["array"],
            // Of methods that strings have too.
            Kind::Any | Kind::Never if self.session.world.method(&Kind::Str, method).is_some() => &[],
            Kind::Any | Kind::Never => &["list", "dict", "generator", "array"],
            _ => &[],
        };
        let takes = |name: &Symbol| {
            let signature = self.session.world.signature(*name).filter(|signature| signature.mutates);
            signature.is_some_and(|signature| {
                let star = signature.params.iter().any(|param| param.form == ParamForm::Star);
                families.len() == 1 || star || count < signature.params.len()
            })
        };
        families.iter().map(|family| Symbol::new(&format!("{family}.{method}"))).find(takes)
    }

    /// A call of a library function that changes its first argument, a place.
    pub fn mutate(
        &mut self,
        place: &Expr,
        name: Symbol,
        args: Vec<Bind>,
        keywords: Vec<(Symbol, Bind)>,
        fr: &mut Frame,
    ) -> Result<Bind> {
        let is_list = name.as_str().starts_with("list.");
        self.change(place, is_list, fr, |l, receiver| l.mutated(receiver, name, args, keywords))
    }

    /// The first argument after the call, and what the call gives.
    fn mutated(
        &mut self,
        receiver: &Bind,
        name: Symbol,
        args: Vec<Bind>,
        keywords: Vec<(Symbol, Bind)>,
    ) -> Result<(Bind, Bind)> {
        let kind = receiver.kind(&self.f);
        let unknown =
            kind == Kind::Any && matches!(name.as_str(), "list.sort" | "list.insert" | "list.extend" | "list.reverse");
        if unknown && name.as_str() == "list.sort" && args.is_empty() && keywords.is_empty() {
            let array = |l: &mut Self| l.call_builtin(symbol!("np.sort"), vec![receiver.clone()], vec![]);
            let sorted = self.if_list(receiver, |l| l.in_order(receiver, None, None), array)?;
            return Ok((sorted, Bind::NONE));
        }
        if (unknown || matches!(kind, Kind::List(_) | Kind::ListOf(_)))
            && let Some(changed) = self.list_changed(receiver, unqualified(name), &args, &keywords)?
        {
            return Ok(changed);
        }
        if let Kind::Dict(_) = kind
            && let Some(changed) = self.dict_by_key(receiver, unqualified(name), &args, &keywords)?
        {
            return Ok(changed);
        }
        let Some(signature) = self.session.world.signature(name) else {
            return Err(Error::name(format!("there is no function '{name}'")).at(self.span));
        };
        let params = signature.params.clone();
        let positional = std::iter::once(receiver.clone()).chain(args).collect();
        let mut values = self.bind_signature(name, &params, positional, keywords)?;
        if let Some(changed) = self.updated_by_rule(name, &values)? {
            return Ok(changed);
        }
        match (params.last().map(|param| param.form), values.last().cloned()) {
            (Some(ParamForm::Star), Some(Bind::Tuple(rest))) if rest.is_empty() => {
                values.pop();
            }
            (Some(ParamForm::DoubleStar), Some(Bind::Dict(named))) if named.is_empty() => {
                values.pop();
            }
            (Some(ParamForm::DoubleStar), _) => {
                return Err(self.unsupported("keyword arguments of a method that changes its receiver"));
            }
            _ => {}
        }
        // What is not given stays unsaid: `xs.pop()`.
        while let (Some(value), Some(param)) = (values.last(), params.get(values.len() - 1))
            && param.default.is_some()
            && value.literal() == param.default
        {
            values.pop();
        }
        let mut atoms = values.iter().map(|value| self.atom(value)).collect::<Result<Vec<_>>>()?;
        let base = atoms.remove(0);
        let (out, result) = self.mutated_kinds(name, &base, &atoms);
        let out = self.f.fresh(symbol!("t"), out, true);
        let result = self.f.fresh(symbol!("t"), result, true);
        self.push(StmtKind::Mutate { method: name, base, out, result, args: atoms });
        Ok((Bind::Atom(Atom::Var(out)), Bind::Atom(Atom::Var(result))))
    }

    /// The kinds of the first argument after a call that changes it, and of the result.
    fn mutated_kinds(&self, name: Symbol, base: &Atom, args: &[Atom]) -> (Kind, Kind) {
        let kind = self.f.kind(base);
        let element = kind.element();
        match (&kind, name.as_str()) {
            (Kind::Any, _) => (Kind::Any, Kind::Any),
            (_, "list.append") => {
                let item = args.first().map_or(Kind::Any, |item| self.f.kind(item));
                (Kind::ListOf(std::sync::Arc::new(element.join(&item))), Kind::None)
            }
            (_, "list.pop") => (Kind::ListOf(std::sync::Arc::new(element.clone())), element),
            (_, "list.insert" | "list.extend") => {
                let more = args.last().map_or(Kind::Any, |more| self.f.kind(more));
                let item = if name.as_str() == "list.insert" { more } else { more.element() };
                (Kind::ListOf(std::sync::Arc::new(element.join(&item))), Kind::None)
            }
            (Kind::List(_) | Kind::ListOf(_), _) => (Kind::ListOf(std::sync::Arc::new(element)), Kind::None),
            _ => {
                let operands: Vec<_> = self.full_arguments(name, base, args).iter().map(|a| self.operand(a)).collect();
                let out = if matches!(kind, Kind::Dict(_)) { Kind::Any } else { kind };
                (out, self.session.world.result_kind(name, &operands))
            }
        }
    }

    /// The arguments of a call that changes its first one, with the defaults of those that are not said.
    pub fn full_arguments(&self, name: Symbol, base: &Atom, args: &[Atom]) -> Vec<Atom> {
        let mut all = vec![base.clone()];
        all.extend_from_slice(args);
        let params = self.session.world.signature(name).map_or(&[][..], |signature| &signature.params);
        let defaults = params.iter().skip(all.len()).map_while(|param| param.default.clone().map(Atom::Lit));
        all.extend(defaults);
        all
    }

    /// A list after a call of one of its methods, and what the call gives, where the items are known one by one or the method
    /// is short for a loop.
    fn list_changed(
        &mut self,
        receiver: &Bind,
        method: Symbol,
        args: &[Bind],
        keywords: &[(Symbol, Bind)],
    ) -> Result<Option<(Bind, Bind)>> {
        if let ("sort", []) = (method.as_str(), args) {
            let option = |name: &str| keywords.iter().find(|(k, _)| k.as_str() == name).map(|(_, v)| v.clone());
            return Ok(Some((self.in_order(receiver, option("key"), option("reverse"))?, Bind::NONE)));
        }
        if !keywords.is_empty() {
            return Ok(None);
        }
        if let Bind::List(items) = receiver
            && let Some(changed) = self.known_list_changed(items.clone(), method, args)
        {
            return Ok(Some(changed));
        }
        self.list_by_items(receiver, method, args)
    }

    /// A list whose items are known one by one after a call of one of its methods, and what the call gives, where the place and
    /// the new items are known too.
    fn known_list_changed(&mut self, mut items: Vec<Bind>, method: Symbol, args: &[Bind]) -> Option<(Bind, Bind)> {
        let place = |at: &Bind| match at.literal() {
            Some(Literal::Int(at)) => Some(at),
            _ => None,
        };
        let mut result = Bind::NONE;
        match (method.as_str(), args) {
            ("append", [item]) => items.push(item.clone()),
            ("pop", []) => result = items.pop()?,
            ("pop", [at]) => result = items.remove(position(place(at)?, items.len())?),
            ("extend", [more]) => items.extend(self.explode(more)?),
            ("reverse", []) => items.reverse(),
            ("clear", []) => items.clear(),
            ("insert", [at, item]) => items.insert(clamped(place(at)?, items.len()), item.clone()),
            _ => return None,
        }
        Some((Bind::List(items), result))
    }

    /// The methods that move the items of a list are the loops that they abbreviate.
    fn list_by_items(&mut self, receiver: &Bind, method: Symbol, args: &[Bind]) -> Result<Option<(Bind, Bind)>> {
        let kind = receiver.kind(&self.f);
        let empty = matches!(&kind, Kind::List(items) if items.is_empty());
        let active = empty || kind.may_be_active() || args.iter().any(|arg| arg.kind(&self.f).may_be_active());
        if !matches!(kind, Kind::Any | Kind::List(_) | Kind::ListOf(_)) || !active {
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

    /// `del place[key]`
    pub fn delete_item(&mut self, object: &Expr, index: &Expr, fr: &mut Frame) -> Result<()> {
        let receiver = self.expr(object, fr)?;
        if let ExprKind::Slice(..) = index.kind {
            let Index::Slice(bounds) = self.index(index, fr)? else { return Ok(()) };
            if !matches!(receiver.kind(&self.f), Kind::List(_) | Kind::ListOf(_)) {
                return Err(self.unsupported("`del` of a slice of this value"));
            }
            return self.change(object, true, fr, |l, list| Ok((l.delete_slice(list, &bounds)?, ())));
        }
        let key = self.expr(index, fr)?;
        if let (Some(items), Some(key)) = (self.explode_dict(&receiver), key.literal()) {
            let left: Vec<_> = items.iter().filter(|(k, _)| *k != key).cloned().collect();
            if left.len() == items.len() {
                return Err(Error::index(format!("no key {key:?}")).at(self.span));
            }
            return self.assign(object, Bind::Dict(left), fr);
        }
        match receiver.kind(&self.f) {
            Kind::List(_) | Kind::ListOf(_) => {
                self.mutate(object, symbol!("list.pop"), vec![key], vec![], fr).map(drop)
            }
            _ => Err(self.unsupported("`del` of an item of this value")),
        }
    }
}
