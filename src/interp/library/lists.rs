//! Methods of lists and tuples.

use std::sync::Arc;

use super::super::value::{List, Range, Slice, Value};
use super::super::{iteration, operators};
use super::arguments::{int, take};
use super::{Builtin, Machine, builtins, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::Kind;

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    mutating!("list.append" "(self, item, /)" kinds::none, Pure(|args| {
        let item = take(args, 1);
        list_mut(args)?.push(item);
        Ok(Value::None)
    }), "Adds an item at the end."),
    mutating!("list.pop" "(self, index=-1, /)" pop_kind, Pure(|args| {
        let index = int(&args[1], "the index")?;
        let list = list_mut(args)?;
        if list.is_empty() {
            return Err(Error::index("pop from an empty list"));
        }
        if index == -1 {
            return list.pop().ok_or_else(|| Error::index("pop from an empty list"));
        }
        let at = super::super::indexing::position(index, list.len(), "list")?;
        Ok(list.remove(at))
    }), "Removes and returns the last item, or the one at an index."),
    mutating!("list.insert" "(self, index, item, /)" kinds::none, Pure(|args| {
        let (index, item) = (int(&args[1], "the index")?, take(args, 2));
        let list = list_mut(args)?;
        let n = list.len() as i64;
        let at = (if index < 0 { index + n } else { index }).clamp(0, n);
        list.insert(at as usize, item);
        Ok(Value::None)
    }), "Puts an item before an index."),
    mutating!("list.extend" "(self, iterable, /)" kinds::none, Pure(|args| {
        let items = iteration::elements(&take(args, 1))?;
        let list = list_mut(args)?;
        for item in items {
            list.push(item);
        }
        Ok(Value::None)
    }), "Adds the elements of an iterable at the end."),
    mutating!("list.reverse" "(self, /)" kinds::none, Pure(|args| {
        match list_mut(args)? {
            List::Floats(v) => v.reverse(),
            List::Ints(v) => v.reverse(),
            List::Values(v) => v.reverse(),
        }
        Ok(Value::None)
    }), "Reverses the order of the items."),
    mutating!("list.sort" "(self, /, *, key=None, reverse=False)" kinds::none, Machine(sort), "Sorts the items, equal ones as they were."),
    mutating!("list.clear" "(self, /)" kinds::none, Pure(|args| {
        *list_mut(args)? = List::default();
        Ok(Value::None)
    }), "Removes all items."),
    mutating!("list.remove" "(self, item, /)" kinds::none, Pure(|args| {
        let item = take(args, 1);
        let at = find(&args[0], &item, 0..iteration::length(&args[0])?)?.ok_or_else(|| Error::value("list.remove: the item is not in the list"))?;
        list_mut(args)?.remove(at);
        Ok(Value::None)
    }), "Removes the first item that is equal."),
    entry!("list.index" "(self, item, start=0, stop=9223372036854775807, /)" kinds::int, Pure(index), "The index of the first item that is equal."),
    entry!("list.count" "(self, item, /)" kinds::int, Pure(count), "How many items are equal."),
    entry!("list.copy" "(self, /)" kinds::same, Pure(|args| Ok(take(args, 0))), "The list itself: values never share."),
    entry!("tuple.index" "(self, item, start=0, stop=9223372036854775807, /)" kinds::int, Pure(index), "The index of the first item that is equal."),
    entry!("range.index" "(self, item, /)" kinds::int, Pure(|args| match (&args[0], place(&args[0], &args[1])) {
        (Value::Range(_), Some(at)) => Ok(Value::Int(at)),
        _ => Err(Error::value(format!("{} is not in range", super::super::display::repr(&args[1])))),
    }), "The index of a number."),
    entry!("range.count" "(self, item, /)" kinds::int, Pure(|args| Ok(Value::Int(i64::from(place(&args[0], &args[1]).is_some())))), "How often a number occurs: once or never."),
    entry!("range.start" "(self)" kinds::int, Pure(|args| bound(args, |range| range.start)), "The first number."),
    entry!("range.stop" "(self)" kinds::int, Pure(|args| bound(args, |range| range.stop)), "The bound, not reached."),
    entry!("range.step" "(self)" kinds::int, Pure(|args| bound(args, |range| range.step)), "The step."),
    entry!("slice.start" "(self)" kinds::any, Pure(|args| part(args, |slice| &slice.start)), "The first index, or None."),
    entry!("slice.stop" "(self)" kinds::any, Pure(|args| part(args, |slice| &slice.stop)), "The bound, or None."),
    entry!("slice.step" "(self)" kinds::any, Pure(|args| part(args, |slice| &slice.step)), "The step, or None."),
    entry!("tuple.count" "(self, item, /)" kinds::int, Pure(count), "How many items are equal."),
];

fn place(range: &Value, item: &Value) -> Option<i64> {
    if let Value::Range(range) = range { operators::place_in_range(range, item) } else { None }
}

fn bound(args: &[Value], of: fn(&Range) -> i64) -> Result<Value> {
    match &args[0] {
        Value::Range(range) => Ok(Value::Int(of(range))),
        other => Err(Error::type_(format!("a range is needed, not {}", other.type_name()))),
    }
}

fn part(args: &[Value], of: fn(&Slice) -> &Value) -> Result<Value> {
    match &args[0] {
        Value::Slice(slice) => Ok(of(slice).clone()),
        other => Err(Error::type_(format!("a slice is needed, not {}", other.type_name()))),
    }
}

fn pop_kind(args: &[crate::sct::kind::Operand]) -> Kind {
    match kinds::arg(args, 0) {
        kind @ (Kind::List(_) | Kind::ListOf(_)) => match kind.element() {
            Kind::Never => Kind::Any,
            kind => kind,
        },
        _ => Kind::Any,
    }
}

fn list_mut(args: &mut [Value]) -> Result<&mut List> {
    match args.first_mut() {
        Some(Value::List(list)) => Ok(Arc::make_mut(list)),
        Some(other) => Err(Error::type_(format!("a list is needed, not {}", other.type_name()))),
        None => Err(Error::type_("a list is needed")),
    }
}

fn sort(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let (key, reverse) = (take(args, 1), operators::truth(&args[2])?);
    let mut items = iteration::elements(&args[0])?;
    builtins::sort(machine, &mut items, &key, reverse)?;
    *list_mut(args)? = List::from(items);
    Ok(Value::None)
}

fn find(sequence: &Value, item: &Value, places: std::ops::Range<usize>) -> Result<Option<usize>> {
    for at in places {
        if operators::equal(&iteration::element(sequence, at)?, item)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn index(args: &mut [Value]) -> Result<Value> {
    let n = iteration::length(&args[0])?;
    let bound = |at: usize| -> Result<usize> {
        let at = int(&args[at], "an index")?;
        let size = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
        Ok(if at < 0 { n.saturating_sub(size) } else { size.min(n) })
    };
    match find(&args[0], &args[1], bound(2)?..bound(3)?)? {
        Some(at) => Ok(Value::Int(at as i64)),
        None => Err(Error::value(format!(
            "{} is not in the {}",
            super::super::display::repr(&args[1]),
            args[0].type_name()
        ))),
    }
}

fn count(args: &mut [Value]) -> Result<Value> {
    let mut count = 0;
    for at in 0..iteration::length(&args[0])? {
        count += i64::from(operators::equal(&iteration::element(&args[0], at)?, &args[1])?);
    }
    Ok(Value::Int(count))
}
