//! Frames: the registers of the calls under way.

use std::sync::Arc;

use super::instructions::{Args, Dest};
use super::scalars::unboxed;
use crate::interp::compile::Compiled;
use crate::interp::function::{Closure, Function};
use crate::interp::value::Value;
use crate::lang::{Error, Result, Symbol};

/// The frames of one run of the machine.
#[derive(Debug, Default)]
pub struct Stack {
    pub(super) numbers: Vec<u64>,
    pub(super) values: Vec<Value>,
    pub(super) frames: Vec<Frame>,
}

/// A call under way that waits for another.
#[derive(Debug)]
pub(super) struct Frame {
    pub code: Arc<Compiled>,
    pub pc: usize,
    pub numbers: usize,
    pub values: usize,
    /// Where the result of the call it waits for goes.
    pub dest: Dest,
}

/// The call that runs.
#[derive(Debug)]
pub(super) struct Current {
    pub code: Arc<Compiled>,
    pub pc: usize,
    pub numbers: usize,
    pub values: usize,
}

/// What a method is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// A value that is in no variable.
    Value,
    /// A value that was taken out of a variable of this frame and is put back, perhaps changed.
    Place,
    /// A global variable or an element of one, which a function cannot change.
    Global,
}

/// Why the machine leaves a frame.
#[derive(Debug)]
pub(crate) enum Exit {
    /// A call of a compiled function.
    Script { args: Args, numbers: u16, closure: Option<Arc<Function>>, spec: u32, dest: Dest },
    /// A call of a value.
    Value { args: Args, shape: u32, dest: Dest },
    /// A method call.
    Method { args: Args, name: Symbol, shape: u32, dest: Dest, receiver: Receiver },
    /// An import.
    Import { item: u32, dest: Dest },
    /// The result, a number.
    Number(u64),
    /// The result.
    Result(Value),
    /// A failure.
    Failed(Error),
}

impl Stack {
    /// Room for the registers of a call behind those that are there.
    pub(super) fn reserve(&mut self, code: Arc<Compiled>) -> Current {
        let (numbers, values) = (self.numbers.len(), self.values.len());
        self.numbers.resize(numbers + usize::from(code.number_registers), 0);
        self.values.resize_with(values + usize::from(code.value_registers), Value::default);
        let base = numbers + usize::from(code.constant_base);
        self.numbers[base..base + code.numbers.len()].copy_from_slice(&code.numbers);
        Current { code, pc: 0, numbers, values }
    }

    /// Gives a call its arguments.
    pub(super) fn give(&mut self, current: &Current, args: Vec<Value>) -> Result<()> {
        for (k, (value, kind)) in args.into_iter().zip(&current.code.params).enumerate() {
            match kind.dtype() {
                Some(dtype) if kind.is_scalar() => self.numbers[current.numbers + k] = unboxed(&value, dtype)?,
                _ => self.values[current.values + k] = value,
            }
        }
        Ok(())
    }

    /// Gives a call what its closure captured.
    pub(super) fn give_captures(&mut self, current: &Current, function: &Arc<Function>) -> Result<()> {
        let Function::Closure(Closure { captures, .. }) = &**function else { return Ok(()) };
        for ((register, kind), value) in current.code.captures.iter().zip(captures) {
            let register = usize::from(*register);
            match kind.dtype() {
                Some(dtype) if kind.is_scalar() => {
                    self.numbers[current.numbers + register] = unboxed(value, dtype)?;
                }
                _ => self.values[current.values + register] = value.clone(),
            }
        }
        if let Some(register) = current.code.closure_register {
            self.values[current.values + usize::from(register)] = Value::Function(function.clone());
        }
        Ok(())
    }

    /// Removes the registers of the topmost call.
    pub(super) fn release(&mut self, current: &Current) {
        self.numbers.truncate(current.numbers);
        self.values.truncate(current.values);
    }

    /// Forgets everything, so that the memory can be used again.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.numbers.clear();
        self.values.clear();
        // A deep recursion should not be paid for ever after.
        self.frames.shrink_to(1 << 10);
        self.numbers.shrink_to(1 << 14);
        self.values.shrink_to(1 << 14);
    }
}
