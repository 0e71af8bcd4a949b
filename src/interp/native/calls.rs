//! Functions of numbers as machine code, and the calls of them.
//!
//! A function whose arguments and result are numbers, and which looks into nothing else, changes nothing: it is compiled whole,
//! once it has been called often or a hot loop calls it. Where its machine code is left (for an error, for a look at
//! what may end the run, at an instruction that it does not cover) the call is as if it had not been made, and the machine
//! makes it from its beginning: places, tracebacks, counts and limits are the machine's.

#![allow(unsafe_code)]

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::machine::Code;
use super::operands::Type;
use super::runtime::Context;
use super::{Called, MISSES, NEVER, NativeCode, lower};
use crate::interp::compile::Compiled;
use crate::interp::compile::liveness::NO_REGISTER;
use crate::interp::engine::Engine;
use crate::interp::timing::Phase;
use crate::interp::vm::instructions::Op;
use crate::sct::kind::Kind;

/// Functions that are compiled for each other's calls at most.
const NESTED: usize = 16;

/// A function of numbers: how often it was called, and its machine code once there is some.
#[derive(Debug, Default)]
pub struct NativeFunction {
    heat: AtomicU32,
    misses: AtomicU32,
    code: OnceLock<Option<Code>>,
}

/// A call of such a function.
#[derive(Debug)]
pub(super) struct Call {
    pub spec: u32,
    pub callee: Arc<Compiled>,
    pub params: Vec<Type>,
    pub result: Type,
}

impl Call {
    /// Where the machine code begins.
    pub fn entry(&self) -> Option<usize> {
        self.callee.function.code.get()?.as_ref().map(Code::address)
    }
}

/// The calls in machine code, by instruction.
pub(super) type Calls = FxHashMap<usize, Call>;

impl NativeFunction {
    /// Counts a call; whether it is one for machine code.
    fn is_hot(&self, native: NativeCode) -> bool {
        let heat = self.heat.load(Ordering::Relaxed);
        if heat < native.threshold() {
            self.heat.store(heat + 1, Ordering::Relaxed);
            return false;
        }
        heat != NEVER
    }

    fn entered(&self, worth: bool) {
        let misses = if worth { 0 } else { self.misses.load(Ordering::Relaxed) + 1 };
        self.misses.store(misses, Ordering::Relaxed);
        if misses >= MISSES {
            self.give_up();
        }
    }

    fn give_up(&self) {
        self.heat.store(NEVER, Ordering::Relaxed);
    }
}

/// What the parameters and the result of a function are, where all are numbers.
fn signature(code: &Compiled) -> Option<(Vec<Type>, Type)> {
    let number = |kind: &Kind| kind.dtype().filter(|_| kind.is_scalar()).map(Type::of);
    let pure = code.captures.is_empty() && code.closure_register.is_none() && !code.top;
    let params = code.params.iter().map(number).collect::<Option<_>>()?;
    number(&code.result).filter(|_| pure).map(|result| (params, result))
}

impl Engine {
    /// Calls a function of numbers in machine code, if it has some and comes to its end in it.
    pub(crate) fn call_native(&mut self, spec: u32, args: &[u64]) -> Option<Called> {
        let callee = self.ready(spec).ok()?;
        if !callee.function.is_hot(self.native) {
            return None;
        }
        if callee.function.code.get().is_none() {
            let before = self.begin_phase(Phase::MachineCode);
            let made = self.compile_function(spec, &callee, &mut Vec::new());
            self.end_phase(before);
            if !made {
                callee.function.give_up();
            }
        }
        let code = callee.function.code.get()?.as_ref()?;
        if self.calls_left == 0 || self.ticks <= 1 || args.len() < callee.params.len() {
            return None;
        }
        if !self.is_current(code) {
            callee.function.give_up();
            return None;
        }
        let ticks = u64::from(self.ticks) - 1;
        let mut context = Context::of_call(args, ticks, self.calls_left as u64 - 1);
        // SAFETY: the code is that of `callee`, and there are arguments for its parameters.
        let finished = unsafe { code.call(&mut context) };
        callee.function.entered(finished);
        if !finished {
            return None;
        }
        self.ticks = context.ticks as u32;
        Some(Called { result: context.result, operations: context.operations })
    }

    /// Whether the functions that machine code calls are still what they were.
    pub(super) fn is_current(&mut self, code: &Code) -> bool {
        code.calls().values().all(|call| {
            self.ready(call.spec).is_ok_and(|callee| Arc::ptr_eq(&callee, &call.callee))
                && call.callee.function.code.get().and_then(Option::as_ref).is_some_and(|code| self.is_current(code))
        })
    }

    /// The calls among some instructions that machine code can make.
    pub(super) fn native_calls(&mut self, code: &Compiled, range: Range<usize>, within: &mut Vec<u32>) -> Calls {
        let mut calls = Calls::default();
        for pc in range {
            let Op::CallScript { spec, closure, d, .. } = code.ops[pc] else { continue };
            if closure.0 == NO_REGISTER
                && d.value().is_none()
                && let Some(call) = self.native_call(spec, within)
            {
                calls.insert(pc, call);
            }
        }
        calls
    }

    fn native_call(&mut self, spec: u32, within: &mut Vec<u32>) -> Option<Call> {
        if within.contains(&spec) || within.len() >= NESTED {
            return None;
        }
        let callee = self.ready(spec).ok()?;
        let (params, result) = signature(&callee)?;
        self.compile_function(spec, &callee, within).then_some(Call { spec, callee, params, result })
    }

    /// Compiles a function if that is not done; whether there is machine code for it.
    fn compile_function(&mut self, spec: u32, callee: &Arc<Compiled>, within: &mut Vec<u32>) -> bool {
        if let Some(made) = callee.function.code.get() {
            return made.as_ref().is_some_and(|code| self.is_current(code));
        }
        let made = signature(callee).and_then(|_| {
            within.push(spec);
            let calls = self.native_calls(callee, 0..callee.ops.len(), within);
            within.pop();
            lower::compile_function(callee, calls)
        });
        callee.function.code.get_or_init(|| made).is_some()
    }
}
