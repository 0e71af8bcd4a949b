//! Arrays from values: `np.array`, `np.zeros`, `np.arange` …

use ndarray::ArrayD;

use super::super::array::{Array, Element, from_elements, shape_text};
use super::super::memory;
use super::super::operators::dtype_of;
use super::super::value::{List, Value};
use crate::lang::{Error, Result};
use crate::sct::kind::DType;

/// The most axes that an array made of sequences has, as for NumPy.
const AXES: usize = 64;

/// The array that NumPy's `asarray` makes of a value: numbers stay numbers.
pub fn array_of(value: Value) -> Result<Value> {
    array_within(value, AXES)
}

fn array_within(value: Value, axes: usize) -> Result<Value> {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Array(_) => Ok(value),
        Value::List(list) => match &*list {
            List::Floats(v) => Ok(from_elements(&[v.len()], v.clone())?.into()),
            List::Ints(v) => Ok(from_elements(&[v.len()], v.clone())?.into()),
            List::Values(items) => stack(items, axes),
        },
        Value::Tuple(items) => stack(&items, axes),
        Value::Range(range) => {
            memory::fits(range.len().saturating_mul(size_of::<i64>()))?;
            Ok(from_elements(&[range.len()], (0..range.len()).map(|i| range.at(i)).collect::<Vec<i64>>())?.into())
        }
        other => Err(Error::type_(format!("an array cannot be made of {}", other.type_name()))),
    }
}

fn stack(items: &[Value], axes: usize) -> Result<Value> {
    let Some(below) = axes.checked_sub(1) else {
        return Err(Error::value(format!("an array has at most {AXES} axes, and these sequences are nested deeper")));
    };
    let Some(first) = items.first() else {
        return Ok(from_elements::<f64>(&[0], Vec::new())?.into());
    };
    if items.iter().all(|item| matches!(item, Value::Bool(_) | Value::Int(_) | Value::Float(_))) {
        return Ok(match items.iter().filter_map(dtype_of).max() {
            Some(DType::Bool) => numbers::<bool>(items)?,
            Some(DType::Int) => numbers::<i64>(items)?,
            _ => numbers::<f64>(items)?,
        });
    }
    if !matches!(first, Value::Str(_) | Value::None) {
        let parts = items.iter().map(|item| array_within(item.clone(), below)).collect::<Result<Vec<_>>>()?;
        let shape = shape_of(&parts[0]).to_vec();
        if let Some(at) = parts.iter().position(|part| shape_of(part) != shape) {
            let (first, other) = (shape_text(&shape), shape_text(shape_of(&parts[at])));
            return Err(Error::value("an array cannot be made of sequences of different shapes")
                .hint(format!("element 0 has shape {first}, element {at} {other}")));
        }
        // An empty list among the items has no type of its own.
        let dtype = parts.iter().filter_map(dtype_of).max().unwrap_or(DType::Float);
        return Ok(match dtype {
            DType::Float => layers::<f64>(parts, &shape)?,
            DType::Int => layers::<i64>(parts, &shape)?,
            DType::Bool => layers::<bool>(parts, &shape)?,
        });
    }
    Err(Error::type_(format!("an array cannot hold {}", first.type_name())))
}

fn numbers<T: Element>(items: &[Value]) -> Result<Value>
where
    Array: From<ArrayD<T>>,
{
    Ok(from_elements(&[items.len()], items.iter().map(T::scalar).collect::<Result<Vec<_>>>()?)?.into())
}

fn layers<T: Element>(parts: Vec<Value>, shape: &[usize]) -> Result<Value>
where
    Array: From<ArrayD<T>>,
{
    let mut elements = Vec::with_capacity(parts.len() * shape.iter().product::<usize>());
    let count = parts.len();
    for part in parts {
        match part {
            Value::Array(array) => {
                let part = T::storage(std::sync::Arc::unwrap_or_clone(array))?;
                match part.as_slice() {
                    Some(slice) => elements.extend_from_slice(slice),
                    None => elements.extend(part.iter().copied()),
                }
            }
            number => elements.push(T::scalar(&number)?),
        }
    }
    Ok(from_elements(&[&[count], shape].concat(), elements)?.into())
}

/// The shape of an array; of anything else, no axes.
pub(crate) fn shape_of(value: &Value) -> &[usize] {
    match value {
        Value::Array(array) => array.shape(),
        _ => &[],
    }
}
