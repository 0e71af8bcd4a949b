//! The compiler for the machine that this runs on, and the memory of the code it makes.
#![allow(unsafe_code)]

use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, OnceLock, PoisonError};

use cranelift_codegen::ir::{AbiParam, Function, types};
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Module, default_libcall_names};

use super::calls::Calls;
use super::runtime::{Context, FINISHED};

/// Machine code of a loop or a function: takes what it shares with the machine and gives where it was left.
type Entry = unsafe extern "C" fn(*mut Context) -> u64;

/// The machine code of a loop or a function, in memory of its own.
pub(super) struct Code {
    entry: Entry,
    views: Box<[super::region::View]>,
    /// For each view how long the list was when the code was left last.
    lengths: Box<[AtomicUsize]>,
    /// Where the straight loops of lean code start.
    heads: Box<[usize]>,
    /// The calls it makes, by instruction; what it calls lives as long as it does.
    calls: Calls,
    module: Mutex<Option<JITModule>>,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({:p})", self.entry as *const ())
    }
}

/// What instructions are made for; none where there is no compiler for this machine.
fn target() -> Option<&'static OwnedTargetIsa> {
    static TARGET: OnceLock<Option<OwnedTargetIsa>> = OnceLock::new();
    let made = || {
        let mut flags = settings::builder();
        let checked = if cfg!(debug_assertions) { "true" } else { "false" };
        let chosen = [
            ("opt_level", "speed"),
            ("enable_verifier", checked),
            ("is_pic", "false"),
            ("use_colocated_libcalls", "false"),
            ("unwind_info", "false"),
        ];
        chosen.iter().try_for_each(|(flag, value)| flags.set(flag, value)).ok()?;
        cranelift_native::builder().ok()?.finish(settings::Flags::new(flags)).ok()
    };
    TARGET.get_or_init(made).as_ref()
}

impl Code {
    /// Compiles the function that `write` writes.
    pub fn new(
        views: &[super::region::View],
        write: impl FnOnce(&mut Function, &mut FunctionBuilderContext, &dyn TargetIsa),
    ) -> Option<Code> {
        let isa = target()?;
        let mut module = JITModule::new(JITBuilder::with_isa(isa.clone(), default_libcall_names()));
        let mut context = module.make_context();
        context.func.signature.params.push(AbiParam::new(types::I64));
        context.func.signature.returns.push(AbiParam::new(types::I64));
        write(&mut context.func, &mut FunctionBuilderContext::new(), &**isa);
        let declared = module.declare_anonymous_function(&context.func.signature).ok();
        let defined = declared.filter(|id| module.define_function(*id, &mut context).is_ok());
        let Some(id) = defined.filter(|_| module.finalize_definitions().is_ok()) else {
            // SAFETY: the module has given no address of its code to anybody.
            unsafe { module.free_memory() };
            return None;
        };
        let address = module.get_finalized_function(id);
        // SAFETY: the address is that of a finished function with the signature that was declared above: one pointer in,
        // one 64-bit integer out, in the platform's C convention. It is valid as long as the module's memory, which
        // `Code` frees only when it is dropped itself.
        let entry = unsafe { std::mem::transmute::<*const u8, Entry>(address) };
        let lengths = views.iter().map(|_| AtomicUsize::new(0)).collect();
        Some(Code {
            entry,
            views: views.into(),
            lengths,
            heads: Box::default(),
            calls: Calls::default(),
            module: Mutex::new(Some(module)),
        })
    }

    /// The storage that the code looks into.
    pub fn views(&self) -> &[super::region::View] {
        &self.views
    }

    /// How long the lists that it looks into were when it was left last.
    pub fn lengths(&self) -> &[AtomicUsize] {
        &self.lengths
    }

    /// The calls it makes.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Whether the rounds of a straight loop that it was left for are rounds that code which is not lean has.
    pub fn lacks(&self, pc: usize) -> bool {
        self.heads.contains(&pc)
    }

    /// Lean code, with where its straight loops start.
    pub fn with_heads(self, heads: impl Iterator<Item = usize>) -> Code {
        let mut code = self;
        code.heads = heads.collect();
        code
    }

    /// The code with the calls it was compiled for.
    pub fn calling(self, calls: Calls) -> Code {
        let mut code = self;
        code.calls = calls;
        code
    }

    /// Where it begins.
    pub fn address(&self) -> usize {
        self.entry as *const () as usize
    }

    /// Runs the code of a function; whether it came to its end.
    ///
    /// # Safety
    /// The code is that of a function, and the context of a call has the arguments for its parameters.
    pub unsafe fn call(&self, context: &mut Context) -> bool {
        // SAFETY: a function looks into no views and reads the registers of its parameters only.
        unsafe { (self.entry)(context) == FINISHED }
    }

    /// Runs the code.
    ///
    /// # Safety
    /// The context is complete: its frame has the registers of the function that the code was compiled from, its views are
    /// open for `views()` in their order, and nobody else uses the frame or the views meanwhile.
    pub unsafe fn run(&self, context: &mut Context) -> u64 {
        // SAFETY: the code only reads and writes what the context leads to, which the caller vouches for.
        unsafe { (self.entry)(context) }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        let module = self.module.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(module) = module {
            // SAFETY: the only pointer into the memory is `self.entry`, called only through `&self`: nobody runs it now
            // and nobody can afterwards.
            unsafe { module.free_memory() };
        }
    }
}
