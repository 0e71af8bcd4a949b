//! What holds values within values. It is let go of level by level, not by recursion: a program nests as deep as it likes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::function::Function;
use super::value::{Key, List, Table, Value};

/// Values in order: of a tuple or a list, of what a function captures.
#[derive(Clone, Debug, Default)]
pub struct Items(Vec<Value>);

/// A dict, in insertion order.
#[derive(Clone, Debug, Default)]
pub struct Dict(Table);

/// Lets go of values, and of what they hold if nobody else does.
fn let_go(mut values: Vec<Value>) {
    while let Some(value) = values.pop() {
        match value {
            Value::Tuple(items) => values
                .extend(Arc::try_unwrap(items).map(|mut items| std::mem::take(&mut items.0)).into_iter().flatten()),
            Value::List(list) => {
                if let Ok(List::Values(mut items)) = Arc::try_unwrap(list) {
                    values.append(&mut items.0);
                }
            }
            Value::Dict(dict) => {
                if let Ok(mut dict) = Arc::try_unwrap(dict) {
                    values.extend(std::mem::take(&mut dict.0).into_values());
                }
            }
            Value::View(view) => {
                if let Ok(view) = Arc::try_unwrap(view) {
                    values.push(Value::Dict(view.dict));
                }
            }
            Value::Function(function) => match Arc::try_unwrap(function) {
                Ok(Function::Closure(mut closure)) => {
                    values.append(&mut closure.captures.0);
                    values.append(&mut closure.defaults.0);
                }
                Ok(Function::Derived(derived)) => values.push(derived.function),
                Ok(Function::Partial(function, mut arguments)) => {
                    values.push(function);
                    values.append(&mut arguments.0);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// Whether letting go of a value may lead to others.
fn holds(value: &Value) -> bool {
    matches!(value, Value::Tuple(_) | Value::List(_) | Value::Dict(_) | Value::View(_) | Value::Function(_))
}

impl Drop for Items {
    fn drop(&mut self) {
        if self.0.iter().any(holds) {
            let_go(std::mem::take(&mut self.0));
        }
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        if self.0.values().any(holds) {
            let_go(std::mem::take(&mut self.0).into_values().collect());
        }
    }
}

impl Deref for Items {
    type Target = Vec<Value>;
    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}
impl DerefMut for Items {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}
impl From<Vec<Value>> for Items {
    fn from(items: Vec<Value>) -> Items {
        Items(items)
    }
}
impl FromIterator<Value> for Items {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Items {
        Items(items.into_iter().collect())
    }
}
impl IntoIterator for Items {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;
    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(&mut self.0).into_iter()
    }
}
impl<'a> IntoIterator for &'a Items {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Items {
    /// The values by themselves.
    pub fn into_vec(mut self) -> Vec<Value> {
        std::mem::take(&mut self.0)
    }
}

impl Deref for Dict {
    type Target = Table;
    fn deref(&self) -> &Table {
        &self.0
    }
}
impl DerefMut for Dict {
    fn deref_mut(&mut self) -> &mut Table {
        &mut self.0
    }
}
impl FromIterator<(Key, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(items: I) -> Dict {
        Dict(items.into_iter().collect())
    }
}
impl IntoIterator for Dict {
    type Item = (Key, Value);
    type IntoIter = indexmap::map::IntoIter<Key, Value>;
    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(&mut self.0).into_iter()
    }
}
impl<'a> IntoIterator for &'a Dict {
    type Item = (&'a Key, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Key, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
