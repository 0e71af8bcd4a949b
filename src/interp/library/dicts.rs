//! Methods of dicts.

use std::sync::Arc;

use super::super::indexing::missing_key;
use super::super::iteration;
use super::super::value::{Dict, Key, Value};
use super::arguments::take;
use super::{Builtin, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Literal, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("dict.keys" "(self, /)" |args| match kinds::arg(args, 0) {
        Kind::Dict(items) => Kind::List(items.iter().map(|(key, _)| key.kind()).collect()),
        _ => Kind::Any,
    }, Pure(|args| Ok(Value::list(dict(args)?.keys().map(Key::value).collect()))), "The keys, in the order of insertion."),
    entry!("dict.values" "(self, /)" |args| match kinds::arg(args, 0) {
        Kind::Dict(items) => Kind::List(items.iter().map(|(_, item)| item.clone()).collect()),
        _ => Kind::Any,
    }, Pure(|args| Ok(Value::list(dict(args)?.values().cloned().collect()))), "The items, in the order of insertion."),
    entry!("dict.items" "(self, /)" |args| match kinds::arg(args, 0) {
        Kind::Dict(items) => Kind::List(items.iter().map(|(key, item)| Kind::Tuple([key.kind(), item.clone()].into_iter().collect())).collect()),
        _ => Kind::Any,
    }, Pure(|args| {
        Ok(Value::list(dict(args)?.iter().map(|(key, item)| Value::tuple(vec![key.value(), item.clone()])).collect()))
    }), "Pairs of a key and its item."),
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
