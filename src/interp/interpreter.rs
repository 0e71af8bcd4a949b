//! The interpreter as a host sees it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::engine::{Engine, Limits};
use super::function::Function;
use super::host::{FromValue, HostClosure, IntoArguments, IntoValue};
use super::value::Value;
use super::vm::Arguments;
use crate::lang::{Error, Result, Source, Symbol};

/// An interpreter: the global variables of a program, what it has compiled, and what the host grants it.
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
    pub(crate) engine: Engine,
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
        Interp { engine: Engine::new(), sources: Vec::new() }
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
        if self.engine.loader.is_none() {
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
        self.begin();
        let main = self.engine.main;
        self.engine.run_module(main, &source)
    }

    fn begin(&mut self) {
        self.engine.deadline = self.engine.limits.time.and_then(|time| Instant::now().checked_add(time));
        self.engine.operations = 0;
        self.engine.printed = 0;
        super::memory::allow(self.engine.limits.allocation);
    }

    /// Calls a global function.
    pub fn call<R: FromValue>(&mut self, name: &str, args: impl IntoArguments) -> Result<R> {
        let function = self.global(name)?;
        self.call_value(&function, args)
    }

    /// Calls a function value.
    pub fn call_value<R: FromValue>(&mut self, function: &Value, args: impl IntoArguments) -> Result<R> {
        self.begin();
        let args = args.into_arguments()?;
        R::from_value(self.engine.call_value(function, Arguments::positional(args))?)
    }

    /// The value of a global variable.
    pub fn get<R: FromValue>(&self, name: &str) -> Result<R> {
        R::from_value(self.global(name)?)
    }

    fn global(&self, name: &str) -> Result<Value> {
        let name = Symbol::new(name);
        let slot = self.engine.globals.find(self.engine.main, name);
        slot.and_then(|slot| self.engine.globals.get(slot)).cloned().ok_or_else(|| self.engine.unknown_name(name))
    }

    /// Binds a global variable.
    pub fn set(&mut self, name: &str, value: impl IntoValue) -> Result<()> {
        let value = value.into_value()?;
        let slot = self.engine.globals.own_slot(self.engine.main, Symbol::new(name));
        self.engine.globals.set(slot, value);
        Ok(())
    }

    /// The names of the global variables that have a value.
    pub fn names(&self) -> Vec<String> {
        let globals = &self.engine.globals;
        let mut names: Vec<String> = globals
            .names(self.engine.main)
            .filter(|(_, slot)| globals.get(*slot).is_some())
            .map(|(name, _)| name.to_string())
            .collect();
        names.sort();
        names
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
        let count = match self.global(name)? {
            Value::Function(f) => match &*f {
                Function::Host(host) => host.signature.params.len(),
                _ => return Err(Error::host(format!("`{name}` is not a function of the host"))),
            },
            _ => return Err(Error::host(format!("`{name}` is not a function of the host"))),
        };
        self.register(&format!("{name}_{form}"), rule)?;
        Ok((0..count).map(|at| format!(", x{at}")).collect())
    }

    /// Where `print` writes.
    pub fn set_print(&mut self, sink: impl FnMut(&str) + Send + 'static) {
        self.engine.sink = Box::new(sink);
    }

    /// What gives the program files and script modules, by their relative paths.
    pub fn set_loader(&mut self, loader: impl FnMut(&str) -> Result<Vec<u8>> + Send + 'static) {
        self.engine.loader = Some(Box::new(loader));
    }

    /// What takes the files that the program writes, with their relative paths.
    pub fn set_writer(&mut self, writer: impl FnMut(&str, &[u8]) -> Result<()> + Send + 'static) {
        self.engine.writer = Some(Box::new(writer));
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
        &self.engine.limits
    }

    /// Sets what the program is allowed; from the next run on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.engine.counting |= limits.operations.is_some();
        self.engine.limits = limits;
    }

    /// A handle that ends a run from another thread.
    pub fn interrupt_handle(&self) -> Arc<AtomicBool> {
        self.engine.interrupt.clone()
    }

    /// Whether operations on arrays are counted; those on numbers always are.
    pub fn count_operations(&mut self, count: bool) {
        self.engine.counting = count;
    }

    /// Floating-point operations of the last run.
    pub fn operations(&self) -> u64 {
        self.engine.operations
    }
}
