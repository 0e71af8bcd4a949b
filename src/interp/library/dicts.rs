//! Methods of dicts.

use std::sync::Arc;

use super::super::indexing::missing_key;
use super::super::value::{Dict, Key, Value, View, ViewPart};
use super::super::{iteration, operators};
use super::arguments::take;
use super::{Builtin, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("dict.keys" "(self, /)" |args| view_kind(args, |key, _| key.kind()), Pure(|args| view(args, ViewPart::Keys)), "The keys, in the order of insertion."),
    entry!("dict.values" "(self, /)" |args| view_kind(args, |_, item| item.clone()), Pure(|args| view(args, ViewPart::Values)), "The items, in the order of insertion."),
    entry!("dict.items" "(self, /)" |args| view_kind(args, |key, item| Kind::Tuple([key.kind(), item.clone()].into_iter().collect())), Pure(|args| view(args, ViewPart::Items)), "Pairs of a key and its item."),
    entry!("dict_keys.isdisjoint" "(self, other, /)" kinds::bool, Pure(disjoint), "Whether no element is in the other."),
    entry!("dict_items.isdisjoint" "(self, other, /)" kinds::bool, Pure(disjoint), "Whether no element is in the other."),
    entry!("dict.fromkeys" "(keys, value=None, /)" kinds::any, Pure(|args| {
        let keys = iteration::elements(&args[0])?;
        let items: Result<Dict> = keys.iter().map(|key| Ok((Key::new(key)?, args[1].clone()))).collect();
        Ok(Value::Dict(Arc::new(items?)))
    }), "A dict of these keys with one item for all: `dict.fromkeys('ab', 0)`."),
    entry!("dict.get" "(self, key, default=None, /)" |args| match (known(args), kinds::arg(args, 0)) {
        (Some(Some(kind)), _) => kind,
        (Some(None), _) => kinds::arg(args, 2),
        _ => Kind::Any,
    }, Pure(|args| {
        let key = Key::new(&args[1])?;
        match dict(args)?.get(&key) {
            Some(item) => Ok(item.clone()),
            None => Ok(take(args, 2)),
        }
    }), "The item of a key, or a default."),
    mutating!("dict.pop" "(self, key, *default)" kinds::any, Pure(|args| {
        let key = Key::new(&args[1])?;
        match dict_mut(args)?.shift_remove(&key) {
            Some(item) => Ok(item),
            None => match &args[2] {
                Value::Tuple(default) if default.len() == 1 => Ok(default[0].clone()),
                _ => Err(missing_key(dict(args)?, &args[1])),
            },
        }
    }), "Removes a key and returns its item, or a default."),
    mutating!("dict.update" "(self, other=None, /, **named)" kinds::none, Pure(|args| {
        let (other, named) = (take(args, 1), take(args, 2));
        let mut more = Dict::default();
        match other {
            Value::None => {}
            Value::Dict(other) => more = Arc::unwrap_or_clone(other),
            pairs => {
                for pair in iteration::elements(&pairs)? {
                    match &iteration::elements(&pair)?[..] {
                        [key, item] => more.insert(Key::new(key)?, item.clone()),
                        _ => return Err(Error::value("dict.update needs pairs of a key and an item")),
                    };
                }
            }
        }
        if let Value::Dict(named) = named {
            more.extend(Arc::unwrap_or_clone(named));
        }
        dict_mut(args)?.extend(more);
        Ok(Value::None)
    }), "Takes over the items of another dict."),
    mutating!("dict.setdefault" "(self, key, default=None, /)" kinds::any, Pure(|args| {
        let (key, default) = (Key::new(&args[1])?, take(args, 2));
        Ok(dict_mut(args)?.entry(key).or_insert(default).clone())
    }), "The item of a key, which is set to a default where it is missing."),
    mutating!("dict.popitem" "(self, /)" kinds::any, Pure(|args| match dict_mut(args)?.pop() {
        Some((key, item)) => Ok(Value::tuple(vec![key.value(), item])),
        None => Err(Error::index("popitem from an empty dict")),
    }), "Removes the key that was added last; the pair of it and its item."),
    mutating!("dict.clear" "(self, /)" kinds::none, Pure(|args| {
        dict_mut(args)?.clear();
        Ok(Value::None)
    }), "Removes all items."),
    entry!("dict.copy" "(self, /)" kinds::same, Pure(|args| Ok(take(args, 0))), "The dict itself: values never share."),
];

/// The kind of a view of a dict, by the kind of what it shows of a key and its item.
fn view_kind(args: &[Operand], element: fn(&Literal, &Kind) -> Kind) -> Kind {
    let kind = match kinds::arg(args, 0) {
        Kind::Dict(items) => items.iter().fold(Kind::Never, |all, (key, item)| all.join(&element(key, item))),
        _ => Kind::Any,
    };
    Kind::View(Arc::new(if kind == Kind::Never { Kind::Any } else { kind }))
}

fn view(args: &mut [Value], part: ViewPart) -> Result<Value> {
    match take(args, 0) {
        Value::Dict(dict) => Ok(Value::View(Arc::new(View { part, dict }))),
        _ => Err(Error::type_("a dict is needed")),
    }
}

fn disjoint(args: &mut [Value]) -> Result<Value> {
    for item in iteration::elements(&args[1])? {
        if operators::contains(&args[0], &item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

/// The kind of the item of a constant key of a dict whose keys are known: none inside if the key is not there.
fn known(args: &[Operand]) -> Option<Option<Kind>> {
    let (Kind::Dict(items), Some(key @ (Literal::Str(_) | Literal::Int(_)))) =
        (kinds::arg(args, 0), kinds::literal(args, 1))
    else {
        return None;
    };
    if matches!(key, Literal::Int(_)) && items.iter().any(|(k, _)| matches!(k, Literal::Bool(_) | Literal::Float(_))) {
        return None;
    }
    Some(items.iter().find(|(k, _)| k == key).map(|(_, kind)| kind.clone()))
}

fn dict(args: &[Value]) -> Result<&Dict> {
    match args.first() {
        Some(Value::Dict(dict)) => Ok(dict),
        _ => Err(Error::type_("a dict is needed")),
    }
}

fn dict_mut(args: &mut [Value]) -> Result<&mut Dict> {
    match args.first_mut() {
        Some(Value::Dict(dict)) => Ok(Arc::make_mut(dict)),
        _ => Err(Error::type_("a dict is needed")),
    }
}
