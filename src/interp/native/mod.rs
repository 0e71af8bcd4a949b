//! Machine code for hot loops.
//!
//! A loop that has gone round often enough is compiled by Cranelift from the same typed code that the machine runs, and
//! entered at its head with the registers of the frame as they are. It leaves where the loop ends, at an instruction that
//! it has no code for, and wherever something is to be raised: with every register back in the frame, so that the machine
//! goes on from there and raises the error itself. What machine code does not cover is therefore slower, never
//! different; and every operation is the machine's own to the last bit.
//!
//! Code is lean at first: a straight loop has only the rounds that one look stands for (`sweep.rs`), and the machine runs
//! the others. Where these are more than a few the loop is compiled once more, with all rounds.
//!
//! | file | |
//! |---|---|
//! | `operands.rs` | which number registers an instruction reads and writes, and as what |
//! | `region.rs` | the instructions of a loop that become machine code, and the storage they look into |
//! | `flow.rs` | which registers are alive, and whether they hold a float or an integer, at every instruction |
//! | `sweep.rs` | straight loops, where one look stands for those of all rounds |
//! | `lower/` | instructions → Cranelift's |
//! | `machine.rs` | the compiler for this machine, and the memory of its code |
//! | `runtime.rs` | what machine code shares with the machine, and the functions it calls |
//! | `enter.rs` | the way in and out |
//! | `calls.rs` | functions of numbers, compiled whole, and calls of them |

#[cfg(feature = "native")]
mod calls;
#[cfg(feature = "native")]
mod enter;
#[cfg(feature = "native")]
mod flow;
#[cfg(feature = "native")]
mod lower;
#[cfg(feature = "native")]
mod machine;
#[cfg(feature = "native")]
mod operands;
#[cfg(feature = "native")]
mod region;
#[cfg(feature = "native")]
mod runtime;
#[cfg(feature = "native")]
mod sweep;

use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(feature = "native")]
pub use calls::NativeFunction;

/// When loops over numbers are compiled to machine code. The results are the same to the last bit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NativeCode {
    /// Never.
    Off,
    /// When they have gone round often enough to be worth it.
    #[default]
    Hot,
    /// As soon as they have gone round once.
    Always,
}

/// Rounds after which a loop is compiled: about what compiling it costs.
const HOT: u32 = 1000;
/// The heat of a loop that is not to be compiled, or entered, any more.
const NEVER: u32 = u32::MAX;
/// Times in a row that a loop may be entered for little before it is given up.
#[cfg(feature = "native")]
const MISSES: u32 = 32;

/// Rounds of straight loops that lean code may lack before the code that has all is made.
#[cfg(feature = "native")]
const LACKING: u32 = 3;

/// A loop of compiled code: how often it has gone round, and its machine code once there is some.
#[derive(Debug)]
pub struct NativeLoop {
    head: u32,
    back: u32,
    heat: AtomicU32,
    #[cfg(feature = "native")]
    misses: AtomicU32,
    /// Rounds of straight loops that its lean code did not have.
    #[cfg(feature = "native")]
    lacking: AtomicU32,
    /// Lean code, and the code that has all rounds, which is made where the lean one does not do.
    #[cfg(feature = "native")]
    codes: [std::sync::OnceLock<Option<machine::Code>>; 2],
}

/// How machine code was left.
pub(crate) struct Left {
    /// The next instruction.
    pub pc: usize,
    /// Operations that are not counted yet.
    pub operations: u64,
}

/// What a call in machine code came to.
pub(crate) struct Called {
    /// The number, as bits.
    pub result: u64,
    /// Operations that are not counted yet.
    pub operations: u64,
}

impl NativeCode {
    fn threshold(self) -> u32 {
        match self {
            _ if cfg!(not(feature = "native")) => NEVER,
            NativeCode::Off => NEVER,
            NativeCode::Hot => HOT,
            NativeCode::Always => 0,
        }
    }
}

impl NativeLoop {
    /// The first instruction and the jump back.
    pub(crate) fn extent(&self) -> (usize, usize) {
        (self.head as usize, self.back as usize)
    }

    /// What became of it, for people.
    #[cfg(feature = "native")]
    pub(crate) fn state(&self, code: &super::compile::Compiled, native: NativeCode) -> String {
        let heat = self.heat.load(Ordering::Relaxed);
        match self.code().get() {
            _ if native == NativeCode::Off => "generic: machine code is switched off".to_owned(),
            Some(Some(made)) if heat == NEVER => {
                format!(
                    "generic: machine code was left at once, {MISSES} times{}",
                    region::leaves(code, self.extent(), made.calls())
                )
            }
            Some(Some(made)) => format!("machine code{}", region::leaves(code, self.extent(), made.calls())),
            Some(None) => format!("generic: {}", region::obstacle(code, self.extent())),
            None => format!("generic: {heat} rounds; machine code is for more than {HOT}"),
        }
    }

    /// The loop from the instruction `head` to the jump back at `back`.
    pub(crate) fn new(head: usize, back: usize) -> NativeLoop {
        NativeLoop {
            head: head as u32,
            back: back as u32,
            heat: AtomicU32::new(0),
            #[cfg(feature = "native")]
            misses: AtomicU32::new(0),
            #[cfg(feature = "native")]
            lacking: AtomicU32::new(0),
            #[cfg(feature = "native")]
            codes: [const { std::sync::OnceLock::new() }; 2],
        }
    }

    /// The same loop where instructions have moved: how jumps to it and its end do.
    pub(crate) fn moved(&self, head: impl Fn(usize) -> usize, back: impl Fn(usize) -> usize) -> NativeLoop {
        NativeLoop::new(head(self.head as usize), back(self.back as usize))
    }

    /// Counts a round; whether it is time for machine code.
    #[inline]
    pub(crate) fn is_hot(&self, native: NativeCode) -> bool {
        let heat = self.heat.load(Ordering::Relaxed);
        if heat < native.threshold() {
            self.heat.store(heat + 1, Ordering::Relaxed);
            return false;
        }
        heat != NEVER
    }

    /// Its machine code, as far as it is made.
    #[cfg(feature = "native")]
    fn code(&self) -> &std::sync::OnceLock<Option<machine::Code>> {
        &self.codes[usize::from(!self.is_lean())]
    }

    #[cfg(feature = "native")]
    fn is_lean(&self) -> bool {
        self.lacking.load(Ordering::Relaxed) < LACKING
    }

    /// Notes whether entering was of any use; after some times in a row that it was not it is done no more.
    #[cfg(feature = "native")]
    fn entered(&self, worth: bool) {
        let misses = if worth { 0 } else { self.misses.load(Ordering::Relaxed) + 1 };
        self.misses.store(misses, Ordering::Relaxed);
        if misses >= MISSES {
            self.give_up();
        }
    }

    #[cfg(feature = "native")]
    fn give_up(&self) {
        self.heat.store(NEVER, Ordering::Relaxed);
    }
}

/// A function of numbers, which has no machine code here.
#[cfg(not(feature = "native"))]
#[derive(Debug, Default)]
pub struct NativeFunction;

#[cfg(not(feature = "native"))]
impl NativeLoop {
    pub(crate) fn state(&self, _: &super::compile::Compiled, _: NativeCode) -> String {
        "generic: built without machine code".to_owned()
    }
}

#[cfg(not(feature = "native"))]
impl super::engine::Engine {
    pub(crate) fn run_native(
        &mut self,
        _: &super::compile::Compiled,
        _: usize,
        _: &mut [u64],
        _: &mut [super::value::Value],
    ) -> Option<Left> {
        None
    }

    pub(crate) fn call_native(&mut self, _: u32, _: &[u64]) -> Option<Called> {
        None
    }
}
