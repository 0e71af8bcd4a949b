//! Arrays of integers and masks as indices: elements are gathered into a new array, or scattered into an old one.

use ndarray::{ArrayD, ArrayView, ArrayViewMut, Axis, IxDyn};

use super::super::array::{Element, Storage, from_elements, shape_len, shape_text};
use super::super::elementwise::broadcast_shape;
use super::subscript::{Item, Subscript};
use super::{basic, with_broadcast};
use crate::lang::{Error, Result};

/// A subscript taken apart: a basic one that is applied first, then arrays of indices for some of its axes.
struct Plan {
    /// The basic part, which keeps the axes that are indexed by arrays.
    basic: Subscript,
    /// The axes of the view that are indexed by arrays, ascending, then all others: the order that brings the indexed
    /// axes to the front.
    order: Vec<usize>,
    /// For each indexed axis its indices, broadcast against each other and laid out flat.
    indices: Vec<Vec<usize>>,
    /// The shape of the arrays of indices.
    shape: Vec<usize>,
    /// Where the axes of the indices stand in the result.
    place: usize,
}

fn plan(subscript: Subscript) -> Result<Plan> {
    // An integer beside arrays counts as an array.
    let items: Vec<Item> = subscript
        .items
        .into_iter()
        .map(|item| if let Item::Index(i) = item { Item::Indices(ArrayD::from_elem(IxDyn(&[]), i)) } else { item })
        .collect();
    // A lone truth value picks the only element of a new axis, or none.
    let picks = |flag: bool| ArrayD::from_elem(IxDyn(&[usize::from(flag)]), 0);
    let mut shape = Vec::new();
    for item in &items {
        if let Item::Flag(flag) = item {
            shape = broadcast_shape(&shape, picks(*flag).shape())?;
        }
        if let Item::Indices(indices) = item {
            shape = broadcast_shape(&shape, indices.shape()).map_err(|_| {
                Error::index(format!(
                    "shape mismatch: indexing arrays could not be broadcast together with shapes {}",
                    items
                        .iter()
                        .filter_map(|i| if let Item::Indices(i) = i { Some(shape_text(i.shape())) } else { None })
                        .collect::<Vec<_>>()
                        .join(" ")
                ))
            })?;
        }
    }
    let mut basic = Vec::with_capacity(items.len());
    let (mut front, mut others, mut indices) = (Vec::new(), Vec::new(), Vec::new());
    let (mut axis, mut gap, mut adjacent) = (0, false, true);
    for item in items {
        match item {
            Item::Gap => {
                gap = !front.is_empty();
                continue;
            }
            Item::Indices(_) | Item::Flag(_) => {
                let (list, axes) = match item {
                    Item::Indices(list) => (list, Item::Slice(0, usize::MAX, 1)),
                    Item::Flag(flag) => (picks(flag), Item::NewAxis),
                    _ => continue,
                };
                adjacent &= !gap && front.last().is_none_or(|&last| last + 1 == axis);
                front.push(axis);
                let all = list.broadcast(IxDyn(&shape)).ok_or_else(|| Error::index("indexing arrays do not fit"))?;
                indices.push(all.iter().copied().collect());
                basic.push(axes);
            }
            item => {
                others.push(axis);
                basic.push(item);
            }
        }
        axis += 1;
    }
    let place = if adjacent { front.first().copied().unwrap_or(0) } else { 0 };
    Ok(Plan {
        basic: Subscript { items: basic },
        order: front.into_iter().chain(others).collect(),
        indices,
        shape,
        place,
    })
}

/// Whole axes are written as slices without a length, since the plan does not know it.
fn fit(plan: &mut Plan, shape: &[usize]) {
    let mut axis = 0;
    for item in &mut plan.basic.items {
        match item {
            Item::NewAxis | Item::Gap => {}
            Item::Slice(_, count, _) => {
                if *count == usize::MAX {
                    *count = shape[axis];
                }
                axis += 1;
            }
            _ => axis += 1,
        }
    }
}

/// The elements that the subscript selects.
pub(super) fn gather<T: Element>(a: &Storage<T>, subscript: Subscript) -> Result<Storage<T>> {
    let mut plan = plan(subscript)?;
    fit(&mut plan, a.shape());
    let view = basic::view(a.view(), &plan.basic)?.permuted_axes(IxDyn(&plan.order));
    let indexed = plan.indices.len();
    let rest = view.shape()[indexed..].to_vec();
    let (count, width) = (shape_len(&plan.shape)?, shape_len(&rest)?);
    let shape = [&plan.shape[..], &rest].concat();
    let mut elements: Vec<T> = Vec::with_capacity(shape_len(&shape)?);
    match view.as_slice() {
        Some(all) => {
            let mut strides = vec![width; indexed];
            for axis in (0..indexed.saturating_sub(1)).rev() {
                strides[axis] = strides[axis + 1] * view.shape()[axis + 1];
            }
            for at in 0..count {
                let offset: usize = plan.indices.iter().zip(&strides).map(|(list, stride)| list[at] * stride).sum();
                elements.extend_from_slice(&all[offset..offset + width]);
            }
        }
        None => {
            for at in 0..count {
                let mut part: ArrayView<'_, T, IxDyn> = view.view();
                for list in &plan.indices {
                    part = part.index_axis_move(Axis(0), list[at]);
                }
                elements.extend(part.iter().copied());
            }
        }
    }
    let result = from_elements(&shape, elements)?;
    Ok(result.permuted_axes(IxDyn(&result_order(&plan, shape.len()))).into_shared())
}

/// The order that brings the axes of the indices from the front to their place.
fn result_order(plan: &Plan, rank: usize) -> Vec<usize> {
    let n = plan.shape.len();
    (n..n + plan.place).chain(0..n).chain(n + plan.place..rank).collect()
}

/// Assigns to the elements that the subscript selects.
pub(super) fn scatter<T: Element>(a: &mut Storage<T>, subscript: Subscript, item: Storage<T>) -> Result<()> {
    scatter_with(a, subscript, item, |slot, x| *slot = x)
}

/// Updates the elements that the subscript selects, one after another: an element that is selected twice is updated twice.
pub(super) fn scatter_with<T: Element>(
    a: &mut Storage<T>,
    subscript: Subscript,
    item: Storage<T>,
    f: impl Fn(&mut T, T),
) -> Result<()> {
    let mut plan = plan(subscript)?;
    fit(&mut plan, a.shape());
    let indexed = plan.indices.len();
    let count = shape_len(&plan.shape)?;
    let mut failed = None;
    let rest = {
        let view = basic::view(a.view(), &plan.basic)?.permuted_axes(IxDyn(&plan.order));
        view.shape()[indexed..].to_vec()
    };
    let front: Vec<usize> = [&plan.shape[..], &rest].concat();
    let order = result_order(&plan, front.len());
    let shape: Vec<usize> = order.iter().map(|&axis| front[axis]).collect();
    // Where in the item each axis of the front order stands.
    let mut inverse = vec![0; order.len()];
    for (at, &axis) in order.iter().enumerate() {
        inverse[axis] = at;
    }
    with_broadcast(item, &shape, |item| {
        let item = item.permuted_axes(IxDyn(&inverse));
        match basic::view(a.view_mut(), &plan.basic) {
            Ok(view) => {
                let mut view = view.permuted_axes(IxDyn(&plan.order));
                let mut items = item.iter().copied();
                for at in 0..count {
                    let mut part: ArrayViewMut<'_, T, IxDyn> = view.view_mut();
                    for list in &plan.indices {
                        part = part.index_axis_move(Axis(0), list[at]);
                    }
                    for (slot, x) in part.iter_mut().zip(items.by_ref()) {
                        f(slot, x);
                    }
                }
            }
            Err(error) => failed = Some(error),
        }
    })?;
    failed.map_or(Ok(()), Err)
}
