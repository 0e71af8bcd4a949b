//! What machine code shares with the machine, and the functions that it calls.
#![allow(unsafe_code)]

use std::ptr;

use crate::interp::memory::fits;
use crate::interp::vm::{float_binary, int_binary, range_rounds};
use crate::lang::tree::BinaryOp;

/// What machine code reads when it starts and writes when it leaves. Its place in memory is known to `lower`.
#[repr(C)]
pub(super) struct Context {
    /// The number registers of the frame.
    pub numbers: *mut u64,
    /// The storages that are looked into.
    pub views: *mut Open,
    /// Operations since the last look at what may end the run.
    pub operations: u64,
    /// Steps until the next one.
    pub ticks: u64,
    /// Calls that may still be made within each other.
    pub depth: u64,
    /// What a function returns.
    pub result: u64,
}

/// What the machine code of a function gives where it came to its end.
pub(super) const FINISHED: u64 = u64::MAX;

impl Context {
    /// That of a call with these arguments.
    pub fn of_call(args: &[u64], ticks: u64, depth: u64) -> Context {
        let numbers = args.as_ptr().cast_mut();
        Context { numbers, views: ptr::null_mut(), operations: 0, ticks, depth, result: 0 }
    }
}

/// A storage that is looked into.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Open {
    /// The first element.
    pub data: *mut u8,
    /// How many elements, or rows.
    pub length: u64,
    /// The capacity of a list, or the number of columns.
    pub extent: u64,
    /// The list, where elements are added.
    pub list: *mut u8,
}

impl Open {
    pub const NONE: Open = Open { data: ptr::null_mut(), length: 0, extent: 0, list: ptr::null_mut() };
}

/// A float function of the library.
///
/// # Safety
/// `f` is the address of such a function.
pub(super) unsafe extern "C" fn float1(f: usize, x: f64) -> f64 {
    // SAFETY: `lower` takes the address from a value of this type.
    let f = unsafe { std::mem::transmute::<usize, fn(f64) -> f64>(f) };
    f(x)
}

/// A float function of two arguments.
///
/// # Safety
/// `f` is the address of such a function.
pub(super) unsafe extern "C" fn float2(f: usize, x: f64, y: f64) -> f64 {
    // SAFETY: `lower` takes the address from a value of this type.
    let f = unsafe { std::mem::transmute::<usize, fn(f64, f64) -> f64>(f) };
    f(x, y)
}

/// The sine of a number, and its cosine where that is wanted.
///
/// # Safety
/// `cosine` can be written.
pub(super) unsafe extern "C" fn sine_and_cosine(x: f64, cosine: *mut f64) -> f64 {
    let (sine, other) = crate::vector::sine_and_cosine(x);
    // SAFETY: the machine code that calls gives the address of a slot of its own stack frame.
    unsafe { *cosine = other };
    sine
}

pub(super) extern "C" fn float_floor_div(x: f64, y: f64) -> f64 {
    float_binary(BinaryOp::FloorDiv, x, y)
}

pub(super) extern "C" fn float_mod(x: f64, y: f64) -> f64 {
    float_binary(BinaryOp::Mod, x, y)
}

pub(super) extern "C" fn float_pow(x: f64, y: f64) -> f64 {
    float_binary(BinaryOp::Pow, x, y)
}

/// An operator on integers by its place in [`INT_OPERATORS`]: whether there is a result.
///
/// # Safety
/// `result` can be written.
pub(super) unsafe extern "C" fn int_operator(op: u64, x: i64, y: i64, result: *mut i64) -> u64 {
    match INT_OPERATORS.get(op as usize).map(|op| int_binary(*op, x, y)) {
        Some(Ok(value)) => {
            // SAFETY: the machine code that calls gives the address of a slot of its own stack frame.
            unsafe { *result = value };
            1
        }
        _ => 0,
    }
}

/// The operators that [`int_operator`] knows.
pub(super) const INT_OPERATORS: [BinaryOp; 5] =
    [BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::Pow, BinaryOp::ShiftLeft, BinaryOp::ShiftRight];

/// How many numbers a range has; all ones where the machine must say.
pub(super) extern "C" fn rounds(start: i64, stop: i64, step: i64) -> u64 {
    range_rounds(start, stop, step).unwrap_or(u64::MAX)
}

/// Makes room for more elements in a list of so many: whether there is room.
///
/// # Safety
/// `open` is that of a `Vec<T>` which nobody else uses, and its first `length` elements are written.
pub(super) unsafe extern "C" fn reserve<T>(open: *mut Open, length: u64, more: u64) -> u64 {
    // SAFETY: the machine code that calls gives the view of a list that it adds elements of this type to, opened for that
    // (`enter.rs`) and used by nobody else, and has written every element that it counts.
    let (open, list) = unsafe { (&mut *open, &mut *(*open).list.cast::<Vec<T>>()) };
    // Where a list may not become twice as long the machine says so.
    let all = length.saturating_add(more) as usize;
    if fits(all.saturating_mul(2 * size_of::<T>())).is_err() {
        return 0;
    }
    // SAFETY: as above; the length is within the capacity, which machine code has from here or from `enter.rs`.
    unsafe { list.set_len(length as usize) };
    // The room that it would come to by doubling.
    list.reserve_exact(all.next_power_of_two() - list.len());
    (open.data, open.extent) = (list.as_mut_ptr().cast(), list.capacity() as u64);
    1
}
