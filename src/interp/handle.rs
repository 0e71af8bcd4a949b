//! Handles of functions that a host keeps beside its interpreter, and the lock by which they share its engine.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::engine::Engine;
use super::host::{FromValue, IntoArguments, IntoValue};
use super::value::Value;
use super::vm::Arguments;
use crate::interp::catalog;
use crate::lang::{Error, Result, Symbol};

/// An engine that an interpreter and its handles share. One thread at a time runs it; the others wait.
pub(super) struct Shared {
    engine: Mutex<Engine>,
    /// The thread that runs it, or zero. It would wait for itself: it gets an error.
    runs: AtomicUsize,
    /// Settings changed by a native function while it was called; they hold from the next run on.
    changes: Mutex<Vec<Change>>,
    /// Whether there are any.
    changed: AtomicBool,
    pub(super) interrupt: Arc<AtomicBool>,
}

type Change = Box<dyn FnOnce(&mut Engine) + Send>;

/// The engine, as long as it is held.
pub(super) struct Held<'a> {
    engine: MutexGuard<'a, Engine>,
    shared: &'a Shared,
}

impl Shared {
    pub(super) fn new(engine: Engine) -> Arc<Shared> {
        let interrupt = engine.interrupt.clone();
        Arc::new(Shared {
            engine: Mutex::new(engine),
            runs: AtomicUsize::new(0),
            changes: Mutex::default(),
            changed: AtomicBool::new(false),
            interrupt,
        })
    }

    /// The engine, once no other thread runs it; an error for a native function that the engine itself has called.
    pub(super) fn hold(&self) -> Result<Held<'_>> {
        let this = this_thread();
        if self.runs.load(Ordering::Acquire) == this {
            return Err(Error::host("a native function cannot use the interpreter that is calling it"));
        }
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        self.runs.store(this, Ordering::Release);
        if self.changed.swap(false, Ordering::AcqRel) {
            for change in std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner)) {
                change(&mut engine);
            }
        }
        Ok(Held { engine, shared: self })
    }

    /// Changes a setting, now or as soon as the run is over that called for it.
    pub(super) fn change(&self, change: impl FnOnce(&mut Engine) + Send + 'static) {
        match self.hold() {
            Ok(mut engine) => change(&mut engine),
            Err(_) => {
                self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(change));
                self.changed.store(true, Ordering::Release);
            }
        }
    }

    /// Calls a function value as a run of its own.
    pub(super) fn call<R: FromValue>(&self, function: &Value, args: impl IntoArguments) -> Result<R> {
        let args = args.into_arguments()?;
        let mut engine = self.hold()?;
        engine.begin();
        R::from_value(engine.call_value(function, Arguments::positional(args))?)
    }
}

/// A number for this thread that no other has while it lives: an address of its own.
fn this_thread() -> usize {
    thread_local! {
        static OWN: u8 = const { 0 };
    }
    OWN.with(|own| std::ptr::from_ref(own) as usize)
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.shared.runs.store(0, Ordering::Release);
    }
}

impl std::ops::Deref for Held<'_> {
    type Target = Engine;
    fn deref(&self) -> &Engine {
        &self.engine
    }
}

impl std::ops::DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }
}

impl Engine {
    /// A run begins: what limits it is counted from here.
    pub(super) fn begin(&mut self) {
        self.deadline = self.limits.time.and_then(|time| Instant::now().checked_add(time));
        self.operations = 0;
        self.printed = 0;
        super::memory::allow(self.limits.allocation);
    }
}

/// A function of an interpreter, kept by the host: called without looking its name up again, from any thread.
///
/// It is the function that the name stood for when the handle was taken, and goes on to read the globals of its
/// interpreter, whose limits, print sink and loader hold for it. It may outlive the [`Interp`](crate::Interp) itself. A
/// native function that a program calls cannot call back into the interpreter that is running it: that is an error.
///
/// ```
/// use cotangent::Interp;
/// use ndarray::{Array1, array};
/// let mut interp = Interp::new();
/// interp.run("def loss(w, x):\n    return ((w * x) ** 2).sum()\n")?;
/// let g = interp.grad("loss")?;
/// let gradient: Array1<f64> = g.call((array![1.0, 2.0], 3.0))?;
/// assert_eq!(gradient, array![18.0, 36.0]);
/// # Ok::<(), cotangent::Error>(())
/// ```
#[derive(Clone)]
pub struct Function {
    shared: Arc<Shared>,
    value: Value,
}

impl Function {
    pub(super) fn new(shared: Arc<Shared>, value: Value) -> Result<Function> {
        match value {
            Value::Function(_) => Ok(Function { shared, value }),
            other => Err(Error::type_(format!("expected a function, found {}", other.type_name()))),
        }
    }

    /// Calls it, as a run of its own.
    pub fn call<R: FromValue>(&self, args: impl IntoArguments) -> Result<R> {
        self.shared.call(&self.value, args)
    }

    /// Its gradient with respect to its first argument; it has the structure of that argument.
    pub fn grad(&self) -> Result<Function> {
        self.transformed("grad")
    }

    /// Its value and its gradient with respect to its first argument, as a pair.
    pub fn value_and_grad(&self) -> Result<Function> {
        self.transformed("value_and_grad")
    }

    fn transformed(&self, transform: &str) -> Result<Function> {
        let name = Symbol::new(transform);
        let transform = catalog::builtin_name(name).ok_or_else(|| Error::name(format!("there is no `{name}`")))?;
        Function::new(self.shared.clone(), self.shared.call(&transform, (&self.value,))?)
    }

    /// Its text, as `source(f)` gives it; for a derivative that of its last call.
    pub fn source(&self) -> Result<String> {
        let source = catalog::builtin_name(Symbol::new("source")).ok_or_else(|| Error::name("there is no `source`"))?;
        self.shared.call(&source, (&self.value,))
    }

    /// The function as a value, to be handed to others.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Function({})", self.value)
    }
}

impl IntoValue for &Function {
    fn into_value(self) -> Result<Value> {
        Ok(self.value.clone())
    }
}
