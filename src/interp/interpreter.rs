//! The interpreter as a host sees it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::catalog;
use super::engine::{Engine, Limits, ModuleState};
use super::function;
use super::handle::{Function, Held, Shared};
use super::host::{FromValue, HostClosure, IntoArguments, IntoValue};
use super::native::NativeCode;
use super::timing::Timings;
use super::value::Value;
use crate::lang::{Error, Result, Source, Symbol};
use crate::sct::kind::ModuleId;

/// An interpreter: the global variables of a program, what it has compiled, and what the host grants it.
///
/// It may move to another thread, and any number of them may run at once. Handles of its functions
/// ([`Interp::function`], [`Interp::grad`]) share it; one run at a time goes on in it, others wait.
///
/// ```
/// use cotangent::Interp;
/// let mut interp = Interp::new();
/// interp.run("def f(x):\n    return 3 * x + 1\n")?;
/// let y: f64 = interp.call("f", (2.0,))?;
/// assert_eq!(y, 7.0);
/// # Ok::<(), cotangent::Error>(())
/// ```
pub struct Interp {
    shared: Arc<Shared>,
    limits: Limits,
    sources: Vec<Arc<Source>>,
}

/// Texts of the prompt that are kept for the excerpts of errors.
const SOURCES: usize = 10_000;

impl Default for Interp {
    fn default() -> Interp {
        Interp::new()
    }
}

impl Interp {
    /// An interpreter that may compute and print to standard output, nothing else.
    pub fn new() -> Interp {
        Interp { shared: Shared::new(Engine::new()), limits: Limits::default(), sources: Vec::new() }
    }

    /// Runs statements; the value of the last if it is an expression, else `None`.
    pub fn eval(&mut self, text: &str) -> Result<Value> {
        self.run_source(Source::new("<input>", text))
    }

    /// Runs a program.
    pub fn run(&mut self, text: &str) -> Result<()> {
        self.run_source(Source::new("<script>", text)).map(drop)
    }

    /// Runs a script from a file and grants it the files beside it.
    pub fn run_file(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let text =
            std::fs::read_to_string(path).map_err(|e| Error::host(format!("cannot read {}: {e}", path.display())))?;
        if self.shared.hold()?.loader.is_none() {
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            self.grant_files(parent);
        }
        self.run_source(Source::new(path.display().to_string(), text)).map(drop)
    }

    fn run_source(&mut self, source: Arc<Source>) -> Result<Value> {
        // Errors show their line, functions their text, after the run that defined them.
        if self.sources.len() >= SOURCES {
            self.sources.drain(..SOURCES / 2);
        }
        self.sources.push(source.clone());
        let mut engine = self.shared.hold()?;
        engine.begin();
        let main = engine.main;
        engine.run_module(main, &source)
    }

    /// Calls a global function.
    pub fn call<R: FromValue>(&mut self, name: &str, args: impl IntoArguments) -> Result<R> {
        let function = global(&self.shared.hold()?, name)?;
        self.call_value(&function, args)
    }

    /// Calls a function value.
    pub fn call_value<R: FromValue>(&mut self, function: &Value, args: impl IntoArguments) -> Result<R> {
        self.shared.call(function, args)
    }

    /// A handle of a global function.
    ///
    /// ```
    /// # use cotangent::Interp;
    /// let mut interp = Interp::new();
    /// interp.run("def twice(x):\n    return 2 * x\n")?;
    /// let twice = interp.function("twice")?;
    /// assert_eq!(twice.call::<i64>((4,))?, 8);
    /// # Ok::<(), cotangent::Error>(())
    /// ```
    pub fn function(&self, name: &str) -> Result<Function> {
        let value = global(&self.shared.hold()?, name)?;
        self.handle(value)
    }

    /// A handle of a function value.
    pub fn handle(&self, function: Value) -> Result<Function> {
        Function::new(self.shared.clone(), function)
    }

    /// A handle of the gradient of a global function with respect to its first argument.
    pub fn grad(&self, name: &str) -> Result<Function> {
        self.function(name)?.grad()
    }

    /// A handle of what gives the value and the gradient of a global function, as a pair.
    pub fn value_and_grad(&self, name: &str) -> Result<Function> {
        self.function(name)?.value_and_grad()
    }

    /// The value of a global variable.
    pub fn get<R: FromValue>(&self, name: &str) -> Result<R> {
        let value = global(&self.shared.hold()?, name)?;
        R::from_value(value)
    }

    /// Takes a global variable out: it has no value afterwards, and an array that nobody else holds is not copied.
    pub fn take<R: FromValue>(&mut self, name: &str) -> Result<R> {
        let mut engine = self.shared.hold()?;
        let value = global(&engine, name)?;
        let main = engine.main;
        if let Some(slot) = engine.globals.find(main, Symbol::new(name)) {
            engine.globals.delete(slot);
        }
        R::from_value(value)
    }

    /// Binds a global variable.
    pub fn set(&mut self, name: &str, value: impl IntoValue) -> Result<()> {
        let value = value.into_value()?;
        let mut engine = self.shared.hold()?;
        let main = engine.main;
        let slot = engine.globals.own_slot(main, Symbol::new(name));
        engine.globals.set(slot, value);
        Ok(())
    }

    /// The names of the global variables that have a value.
    pub fn names(&self) -> Vec<String> {
        let Ok(engine) = self.shared.hold() else { return Vec::new() };
        let globals = &engine.globals;
        let mut names: Vec<String> = globals
            .names(engine.main)
            .filter(|(_, slot)| globals.get(*slot).is_some())
            .map(|(name, _)| name.to_string())
            .collect();
        names.sort();
        names
    }

    /// A module of the host, to be filled; a program imports it by its name. One of that name is filled further.
    ///
    /// ```
    /// # use cotangent::Interp;
    /// let mut interp = Interp::new();
    /// interp.module("sensors")?.set("count", 3)?.register("read", |at: i64| 0.5 * at as f64)?;
    /// interp.run("import sensors\nlast = sensors.read(sensors.count - 1)\n")?;
    /// assert_eq!(interp.get::<f64>("last")?, 1.0);
    /// # Ok::<(), cotangent::Error>(())
    /// ```
    pub fn module(&mut self, name: &str) -> Result<HostModule<'_>> {
        let name = Symbol::new(name);
        let mut engine = self.shared.hold()?;
        if catalog::is_module(catalog::module_name(name)) {
            return Err(Error::host(format!("`{name}` is a module of the library")));
        }
        let module = match engine.modules.get(&name) {
            Some(ModuleState::Loaded(module)) => *module,
            Some(ModuleState::Loading) => return Err(Error::host(format!("`{name}` is being loaded"))),
            None => {
                let module = engine.globals.module(None);
                engine.modules.insert(name, ModuleState::Loaded(module));
                module
            }
        };
        Ok(HostModule { shared: &self.shared, module })
    }

    /// Registers a native function under a global name.
    ///
    /// ```
    /// # use cotangent::Interp;
    /// let mut interp = Interp::new();
    /// interp.register("hypotenuse", |x: f64, y: f64| x.hypot(y))?;
    /// assert_eq!(interp.eval("hypotenuse(3, 4)")?.to_string(), "5.0");
    /// # Ok::<(), cotangent::Error>(())
    /// ```
    pub fn register<Marker>(&mut self, name: &str, function: impl HostClosure<Marker>) -> Result<()> {
        self.set(name, function.into_function(Symbol::new(name)))
    }

    /// Gives a registered function its partial derivatives: a native function of the result and the arguments that gives one
    /// for each argument. They serve both modes, element by element.
    ///
    /// A rule can as well be a template of the language (`@partial`, `@adjoint`, `@tangent`), which is differentiable
    /// itself where a native function needs a rule of its own for a second derivative.
    ///
    /// ```
    /// # use cotangent::Interp;
    /// let mut interp = Interp::new();
    /// interp.register("hypotenuse", |x: f64, y: f64| x.hypot(y))?;
    /// interp.register_partial("hypotenuse", |z: f64, x: f64, y: f64| (x / z, y / z))?;
    /// assert_eq!(interp.eval("grad(hypotenuse, (0, 1))(3.0, 4.0)")?.to_string(), "(0.6, 0.8)");
    ///
    /// interp.register("square", |x: f64| x * x)?;
    /// interp.run("@partial(square)\ndef _(y, x): return 2.0 * x")?;
    /// assert_eq!(interp.eval("grad(grad(square))(3.0)")?.to_string(), "2.0");
    /// # Ok::<(), cotangent::Error>(())
    /// ```
    pub fn register_partial<Marker>(&mut self, name: &str, function: impl HostClosure<Marker>) -> Result<()> {
        let arguments = self.register_rule(name, "partial", function)?;
        let count = arguments.matches(',').count();
        let items: Vec<String> = (0..count).map(|at| format!("parts[{at}]")).collect();
        let result = if count == 1 { "parts".to_owned() } else { items.join(", ") };
        self.run(&format!(
            "@partial({name})\ndef _{name}_partial(y{arguments}):\n    parts = {name}_partial(y{arguments})\n    return {result}\n"
        ))
    }

    /// Gives a registered function its adjoint: a native function of the result's cotangent, the result and the arguments
    /// that gives the tuple of the arguments' cotangents.
    pub fn register_adjoint<Marker>(&mut self, name: &str, function: impl HostClosure<Marker>) -> Result<()> {
        let arguments = self.register_rule(name, "adjoint", function)?;
        let mut text = format!(
            "@adjoint({name})\ndef _{name}_adjoint(y{arguments}):\n    bars = {name}_adjoint(y_bar, y{arguments})\n"
        );
        for (at, argument) in arguments.split(", ").skip(1).enumerate() {
            text.push_str(&format!("    {argument}_bar += bars[{at}]\n"));
        }
        self.run(&text)
    }

    /// Gives a registered function its tangent: a native function of the result, the arguments and then their tangents
    /// that gives the result's tangent. An argument that does not vary has the tangent 0.0.
    pub fn register_tangent<Marker>(&mut self, name: &str, function: impl HostClosure<Marker>) -> Result<()> {
        let arguments = self.register_rule(name, "tangent", function)?;
        let dots: String = arguments.split(", ").skip(1).map(|argument| format!(", 0.0 + {argument}_dot")).collect();
        self.run(&format!(
            "@tangent({name})\ndef _{name}_tangent(y{arguments}): y_dot += {name}_tangent(y{arguments}{dots})"
        ))
    }

    /// Registers the native part of a rule; the names of the function's parameters, each after a comma.
    fn register_rule<Marker>(&mut self, name: &str, form: &str, rule: impl HostClosure<Marker>) -> Result<String> {
        let count = match self.get::<Value>(name)? {
            Value::Function(f) => match &*f {
                function::Function::Host(host) => host.signature.params.len(),
                _ => return Err(Error::host(format!("`{name}` is not a function of the host"))),
            },
            _ => return Err(Error::host(format!("`{name}` is not a function of the host"))),
        };
        self.register(&format!("{name}_{form}"), rule)?;
        Ok((0..count).map(|at| format!(", x{at}")).collect())
    }

    /// Where `print` writes.
    pub fn set_print(&mut self, sink: impl FnMut(&str) + Send + 'static) {
        self.shared.change(|engine| engine.sink = Box::new(sink));
    }

    /// What gives the program files and script modules, by their relative paths.
    pub fn set_loader(&mut self, loader: impl FnMut(&str) -> Result<Vec<u8>> + Send + 'static) {
        self.shared.change(|engine| engine.loader = Some(Box::new(loader)));
    }

    /// What takes the files that the program writes, with their relative paths.
    pub fn set_writer(&mut self, writer: impl FnMut(&str, &[u8]) -> Result<()> + Send + 'static) {
        self.shared.change(|engine| engine.writer = Some(Box::new(writer)));
    }

    /// Grants reading the files of a directory, and of those below it.
    pub fn grant_files(&mut self, directory: impl AsRef<Path>) {
        let directory = directory.as_ref().to_path_buf();
        self.set_loader(move |path| {
            let relative = Path::new(path);
            if relative.is_absolute() || relative.components().any(|c| matches!(c, std::path::Component::ParentDir)) {
                return Err(Error::host(format!("only files below the script's directory are granted, not `{path}`")));
            }
            std::fs::read(directory.join(relative)).map_err(|e| Error::host(format!("cannot read `{path}`: {e}")))
        });
    }

    /// What the program is allowed.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sets what the program is allowed; from the next run on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits.clone();
        self.shared.change(|engine| {
            engine.counting |= limits.operations.is_some();
            engine.limits = limits;
        });
    }

    /// Sets when loops are compiled to machine code; from the next run on. Results are the same in any case.
    pub fn set_native_code(&mut self, native: NativeCode) {
        self.shared.change(move |engine| engine.native = native);
    }

    /// Sets whether chains of elementwise operations on arrays are run block by block, without storing what lies between;
    /// they are by default. Results are the same in any case.
    pub fn set_fusion(&mut self, fusion: bool) {
        self.shared.change(move |engine| engine.fusion = fusion);
    }

    /// Sets whether derivatives are simplified, as they are at first; results are the same but for rounding. What a
    /// derivative is before any simplification is of interest where the two are held against each other.
    pub fn set_simplification(&mut self, simplify: bool) {
        self.shared.change(move |engine| engine.derivations.simplify(simplify));
    }

    /// Takes times from here on, see [`Interp::timing`]. It slows programs down a little; otherwise it costs nothing.
    pub fn take_times(&mut self) {
        self.shared.change(Engine::take_times);
    }

    /// Where time went since [`Interp::take_times`], by line of the scripts; none where it was not called.
    ///
    /// ```
    /// use cotangent::Interp;
    /// let mut interp = Interp::new();
    /// interp.take_times();
    /// interp.run("def f(n):\n    s = 0.0\n    for i in range(n):\n        s = s + i * i\n    return s\n\nf(100000)\n")?;
    /// let timings = interp.timing().expect("times are taken");
    /// let slowest = timings.lines.iter().max_by(|a, b| a.seconds.total_cmp(&b.seconds)).expect("a line");
    /// assert!((3..=4).contains(&slowest.line));
    /// # Ok::<(), cotangent::Error>(())
    /// ```
    pub fn timing(&self) -> Option<Timings> {
        self.shared.hold().ok()?.times()
    }

    /// A handle that ends a run from another thread.
    pub fn interrupt_handle(&self) -> Arc<AtomicBool> {
        self.shared.interrupt.clone()
    }

    /// Whether operations on arrays are counted; those on numbers always are.
    pub fn count_operations(&mut self, count: bool) {
        self.shared.change(move |engine| engine.counting = count);
    }

    /// Floating-point operations of the last run.
    pub fn operations(&self) -> u64 {
        self.shared.hold().map_or(0, |engine| engine.operations)
    }
}

fn global(engine: &Held<'_>, name: &str) -> Result<Value> {
    let name = Symbol::new(name);
    let slot = engine.globals.find(engine.main, name);
    slot.and_then(|slot| engine.globals.get(slot)).cloned().ok_or_else(|| engine.unknown_name(name, &[]))
}

/// A module that a host makes for its programs, see [`Interp::module`].
pub struct HostModule<'a> {
    shared: &'a Shared,
    module: ModuleId,
}

impl HostModule<'_> {
    /// Binds a name of the module.
    pub fn set(&mut self, name: &str, value: impl IntoValue) -> Result<&mut Self> {
        let value = value.into_value()?;
        let mut engine = self.shared.hold()?;
        let slot = engine.globals.own_slot(self.module, Symbol::new(name));
        engine.globals.set(slot, value);
        drop(engine);
        Ok(self)
    }

    /// Registers a native function in the module.
    pub fn register<Marker>(&mut self, name: &str, function: impl HostClosure<Marker>) -> Result<&mut Self> {
        self.set(name, function.into_function(Symbol::new(name)))
    }
}
