//! What machine code shares with the machine, and the functions that it calls.
#![allow(unsafe_code)]

use std::ptr;

use crate::interp::engine::Engine;
use crate::interp::vm::{float_binary, int_binary, range_rounds};
use crate::lang::Error;
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
    pub engine: *mut Engine,
    /// Why the run ends.
    pub error: Option<Error>,
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
    /// The `Vec` of a list that changes.
    pub owner: *mut (),
}

impl Open {
    pub const NONE: Open = Open { data: ptr::null_mut(), length: 0, extent: 0, owner: ptr::null_mut() };
}

/// Looks at what may end the run: the steps until the next look, or 0 where the run ends.
///
/// # Safety
/// The context is that of the machine code that calls.
pub(super) unsafe extern "C" fn tick(context: *mut Context, operations: u64) -> u64 {
    // SAFETY: `enter` made the context and holds the engine exclusively for as long as the machine code runs.
    let (context, engine) = unsafe { (&mut *context, &mut *(*context).engine) };
    engine.operations += operations;
    match engine.tick() {
        Ok(()) => u64::from(engine.ticks),
        Err(error) => {
            context.error = Some(error);
            0
        }
    }
}

/// Makes room for one more element of a list of floats (`T = f64`) or integers (`T = i64`).
///
/// # Safety
/// `open` is the view of a list of that element type that changes, and `length` its present length.
pub(super) unsafe extern "C" fn grow<T>(open: *mut Open, length: u64) {
    // SAFETY: `enter` opened the view: its owner is the `Vec` it found in the frame, which nobody else uses while the
    // machine code runs. The first `length` elements are initialised, because machine code has written each one that
    // it counted.
    unsafe {
        let list = &mut *(*open).owner.cast::<Vec<T>>();
        list.set_len(length as usize);
        list.reserve(1);
        (*open).data = list.as_mut_ptr().cast();
        (*open).extent = list.capacity() as u64;
    }
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
