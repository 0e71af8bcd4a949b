//! The way into machine code and out of it.
#![allow(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::machine::Code;
use super::region::{Storage, VIEWS, View};
use super::runtime::{Context, Open};
use super::{Left, NativeLoop, lower};
use crate::interp::array::Array;
use crate::interp::compile::Compiled;
use crate::interp::engine::Engine;
use crate::interp::iteration;
use crate::interp::memory::fits;
use crate::interp::timing::Phase;
use crate::interp::value::{List, Value};

/// Rounds that machine code should go on for once it is entered.
const WORTH: u64 = 4;

impl Engine {
    /// The machine code of a loop, made if there is none yet.
    fn code_of<'a>(&mut self, native_loop: &'a NativeLoop, code: &Compiled) -> Option<&'a Code> {
        if native_loop.code().get().is_none() {
            let (head, back) = native_loop.extent();
            let calls = self.native_calls(code, head..back + 1, &mut Vec::new());
            let made = lower::compile(code, (head, back), calls, native_loop.is_lean());
            if made.is_none() {
                native_loop.give_up();
            }
            return native_loop.code().get_or_init(|| made).as_ref();
        }
        native_loop.code().get()?.as_ref()
    }

    /// Goes on with the head of a loop in machine code, if there is some that takes the values as they are.
    pub(crate) fn run_native(
        &mut self,
        code: &Compiled,
        at: usize,
        numbers: &mut [u64],
        values: &mut [Value],
    ) -> Option<Left> {
        let native_loop = &code.loops[at];
        let before = self.begin_phase(Phase::MachineCode);
        let machine_code = self.code_of(native_loop, code);
        self.end_phase(before);
        let machine_code = machine_code?;
        if !self.is_current(machine_code) {
            native_loop.give_up();
            return None;
        }
        let mut views = [Open::NONE; VIEWS];
        if numbers.len() < usize::from(code.number_registers) || !open(machine_code, values, &mut views) {
            native_loop.entered(false);
            return None;
        }
        let ticks = u64::from(self.ticks);
        let mut context = Context {
            numbers: numbers.as_mut_ptr(),
            views: views.as_mut_ptr(),
            operations: 0,
            ticks,
            depth: self.calls_left as u64,
            result: 0,
        };
        // SAFETY: the frame has all number registers of `code`, which the machine code was compiled from; the views are
        // open in the order of `machine_code.views()`; `numbers` and `values` are borrowed exclusively until it
        // returns.
        let pc = unsafe { machine_code.run(&mut context) } as usize;
        close(machine_code, values, &views);
        self.ticks = context.ticks as u32;
        if machine_code.lacks(pc) && context.ticks > WORTH + 1 {
            native_loop.lacking.fetch_add(1, Ordering::Relaxed);
        } else {
            native_loop.entered(ticks.abs_diff(context.ticks) >= WORTH);
        }
        Some(Left { pc, operations: context.operations })
    }
}

/// Opens the storages that are looked into; false where one is not what the code was compiled for.
fn open(code: &Code, values: &mut [Value], opened: &mut [Open; VIEWS]) -> bool {
    let views = code.views();
    // What changes is first made the only holder of its storage: what others look into cannot change under them.
    let changing = views.iter().zip(code.lengths()).zip(opened.iter_mut()).filter(|((view, _), _)| view.changes).all(
        |((view, length), opened)| match open_to_change(view, length, &mut values[usize::from(view.register)]) {
            Some(open) => {
                *opened = open;
                true
            }
            None => false,
        },
    );
    changing
        && views.iter().zip(opened.iter_mut()).filter(|(view, _)| !view.changes).all(
            |(view, opened)| match open_to_read(view.storage, &values[usize::from(view.register)]) {
                Some(open) => {
                    *opened = open;
                    true
                }
                None => false,
            },
        )
}

fn elements<T>(slice: &[T]) -> Open {
    Open { data: slice.as_ptr().cast_mut().cast(), length: slice.len() as u64, ..Open::NONE }
}

fn elements_to_change<T>(slice: &mut [T]) -> Open {
    Open { data: slice.as_mut_ptr().cast(), length: slice.len() as u64, ..Open::NONE }
}

/// A list that was longer the last time is given the room for that at once.
fn list_to_change<T>(list: &mut Vec<T>, length: &AtomicUsize) -> Open {
    let before = length.load(Ordering::Relaxed);
    if list.capacity() < before && fits(before.saturating_mul(2 * size_of::<T>())).is_ok() {
        // Not in the old place: the room that is there would be copied along.
        let mut longer = Vec::with_capacity(before);
        longer.append(list);
        *list = longer;
    }
    let (data, length, extent) = (list.as_mut_ptr().cast(), list.len() as u64, list.capacity() as u64);
    Open { data, length, extent, list: std::ptr::from_mut(list).cast() }
}

fn open_to_read(storage: Storage, value: &Value) -> Option<Open> {
    match (storage, value) {
        (Storage::Floats | Storage::FloatSequence, Value::Array(array)) => match &**array {
            Array::Float(a) if a.ndim() == 1 => a.as_slice().map(elements),
            _ => None,
        },
        (Storage::Ints | Storage::IntSequence, Value::Array(array)) => match &**array {
            Array::Int(a) if a.ndim() == 1 => a.as_slice().map(elements),
            _ => None,
        },
        (Storage::Matrix, Value::Array(array)) => match &**array {
            Array::Float(a) => match *a.shape() {
                [rows, columns] => a.as_slice().map(elements).map(|open| matrix(open, rows, columns)),
                _ => None,
            },
            _ => None,
        },
        (Storage::FloatList | Storage::FloatSequence, Value::List(list)) => match &**list {
            List::Floats(items) => Some(elements(items)),
            _ => None,
        },
        (Storage::IntList | Storage::IntSequence, Value::List(list)) => match &**list {
            List::Ints(items) => Some(elements(items)),
            _ => None,
        },
        (Storage::Length, Value::Array(_) | Value::List(_) | Value::Tuple(_) | Value::Dict(_)) => {
            iteration::length(value).ok().map(|length| Open { length: length as u64, ..Open::NONE })
        }
        _ => None,
    }
}

fn open_to_change(view: &View, length: &AtomicUsize, value: &mut Value) -> Option<Open> {
    match (view.storage, value) {
        (Storage::Floats, Value::Array(array)) => match Arc::make_mut(array) {
            Array::Float(a) if a.ndim() == 1 => a.as_slice_mut().map(elements_to_change),
            _ => None,
        },
        (Storage::Ints, Value::Array(array)) => match Arc::make_mut(array) {
            Array::Int(a) if a.ndim() == 1 => a.as_slice_mut().map(elements_to_change),
            _ => None,
        },
        (Storage::Matrix, Value::Array(array)) => match Arc::make_mut(array) {
            Array::Float(a) => match *a.shape() {
                [rows, columns] => a.as_slice_mut().map(elements_to_change).map(|open| matrix(open, rows, columns)),
                _ => None,
            },
            _ => None,
        },
        (Storage::FloatList, Value::List(list)) => {
            let list = Arc::make_mut(list);
            if list.is_empty() && !matches!(list, List::Floats(_)) {
                *list = List::Floats(Vec::new());
            }
            match list {
                List::Floats(items) => Some(list_to_change(items, length)),
                _ => None,
            }
        }
        (Storage::IntList, Value::List(list)) => {
            let list = Arc::make_mut(list);
            if list.is_empty() && !matches!(list, List::Ints(_)) {
                *list = List::Ints(Vec::new());
            }
            match list {
                List::Ints(items) => Some(list_to_change(items, length)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn matrix(open: Open, rows: usize, columns: usize) -> Open {
    Open { length: rows as u64, extent: columns as u64, ..open }
}

/// Tells the lists that changed how long they are now.
fn close(code: &Code, values: &mut [Value], opened: &[Open; VIEWS]) {
    let views = code.views().iter().zip(code.lengths()).zip(opened);
    for ((view, length), open) in views.filter(|((view, _), _)| view.changes) {
        let Value::List(list) = &mut values[usize::from(view.register)] else { continue };
        // SAFETY: machine code has written every element that it counted within the capacity, and says the length of
        // each list that it changes when it leaves.
        match Arc::make_mut(list) {
            List::Floats(items) => unsafe { items.set_len(open.length as usize) },
            List::Ints(items) => unsafe { items.set_len(open.length as usize) },
            List::Values(_) => {}
        }
        // An inner loop ends with less than the one around it, round by round.
        let (before, now) = (length.load(Ordering::Relaxed), open.length as usize);
        if now > before || now < before / 4 {
            length.store(now, Ordering::Relaxed);
        }
    }
}
