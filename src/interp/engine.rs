//! The state that compiling and running share: globals, compiled functions, modules, limits, what the host grants.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog;
use super::compile::{self, Compiled, Specs, Unit};
use super::function::Function;
use super::fusion::Scratch;
use super::globals::Globals;
use super::kinds::{coarse, function_kind, kind_of};
use super::library::{self, Machine};
use super::native::NativeCode;
use super::recent::{Recent, is_version};
use super::suggestions::{in_place_of, in_place_of_member, in_place_of_method, nearest};
use super::timing::Timing;
use super::value::Value;
use super::vm::Stack;
use crate::lang::tree;
use crate::lang::{Error, ErrorKind, Result, Source, Symbol};
use crate::sct::kind::{Code, CodeRef, FunctionKind, Kind, ModuleId};
use crate::sct::world::UserRule;

/// Steps (back edges and calls) between two looks at the clock and the interrupt.
const TICKS: u32 = 4096;
/// Functions that may be compiled within each other.
const COMPILING: usize = 40;

/// What a host allows a program. Every limit is off or generous by default.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Calls under way at once.
    pub depth: usize,
    /// Floating-point operations.
    pub operations: Option<u64>,
    /// Time a run may take.
    pub time: Option<Duration>,
    /// Bytes a program may print.
    pub output: Option<usize>,
    /// Bytes that one value may take: an array, a string, a list.
    pub allocation: Option<usize>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: 20_000, operations: None, time: None, output: None, allocation: Some(16 << 30) }
    }
}

/// Where `print` writes.
pub type Sink = Box<dyn FnMut(&str) + Send>;
/// Gives the bytes of a file a program asks for.
pub type Loader = Box<dyn FnMut(&str) -> Result<Vec<u8>> + Send>;

/// What takes the files that a program writes.
pub type Writer = Box<dyn FnMut(&str, &[u8]) -> Result<()> + Send>;

/// The state behind an interpreter.
pub struct Engine {
    pub(crate) globals: Globals,
    pub(crate) specs: Specs,
    pub(crate) main: ModuleId,
    pub(crate) limits: Limits,
    pub(crate) counting: bool,
    pub(crate) operations: u64,
    pub(crate) ticks: u32,
    /// Calls that the frame that runs may make within each other.
    pub(crate) calls_left: usize,
    pub(crate) deadline: Option<Instant>,
    pub(crate) interrupt: Arc<AtomicBool>,
    pub(crate) printed: usize,
    pub(crate) sink: Sink,
    pub(crate) loader: Option<Loader>,
    pub(crate) writer: Option<Writer>,
    pub(crate) stacks: Vec<Stack>,
    pub(crate) native_depth: u32,
    /// When loops become machine code.
    pub(crate) native: NativeCode,
    /// Whether chains of elementwise operations are run block by block.
    pub(crate) fusion: bool,
    pub(crate) scratch: Scratch,
    /// Where time goes, where that is asked for.
    pub(crate) timing: Option<Box<Timing>>,
    pub(crate) modules: FxHashMap<Symbol, ModuleState>,
    /// The texts of the modules, for the excerpts of errors.
    pub(crate) module_sources: Vec<Arc<Source>>,
    /// Of what the library says in the language, the names that have been run, by module.
    pub(crate) written: FxHashMap<Symbol, FxHashSet<&'static str>>,
    pub(crate) derivations: super::derive::Derivations,
    /// What was called last.
    pub(crate) recent: Recent,
    /// The rules that programs give functions.
    pub(crate) rules: FxHashMap<CodeRef, UserRule>,
    codes: FxHashMap<(usize, ModuleId), Arc<Code>>,
    compiling: Vec<Compiling>,
    provisional: FxHashMap<u32, Provisional>,
}

/// A script module, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ModuleState {
    Loading,
    Loaded(ModuleId),
}

struct Compiling {
    spec: u32,
    /// The lowest place in the stack of an assumption that was relied on.
    lowest: usize,
}

#[derive(Clone)]
struct Provisional {
    kind: Kind,
    deps: Deps,
    lowest: usize,
}

type Deps = Arc<[(u32, Kind)]>;

/// Prints to the standard output; that nobody reads it is no failure of the program.
fn to_standard_output(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

impl Engine {
    pub(crate) fn new() -> Engine {
        let mut globals = Globals::default();
        let main = globals.module(None);
        Engine {
            globals,
            specs: Specs::default(),
            main,
            limits: Limits::default(),
            counting: false,
            operations: 0,
            ticks: TICKS,
            calls_left: 0,
            deadline: None,
            interrupt: Arc::default(),
            printed: 0,
            sink: Box::new(to_standard_output),
            loader: None,
            writer: None,
            stacks: Vec::new(),
            native_depth: 0,
            native: NativeCode::default(),
            fusion: true,
            scratch: Scratch::default(),
            timing: None,
            modules: FxHashMap::default(),
            module_sources: Vec::new(),
            written: FxHashMap::default(),
            derivations: super::derive::Derivations::default(),
            recent: Recent::default(),
            rules: FxHashMap::default(),
            codes: FxHashMap::default(),
            compiling: Vec::new(),
            provisional: FxHashMap::default(),
        }
    }

    /// Looks at what may end a run from outside.
    pub(crate) fn tick(&mut self) -> Result<()> {
        self.ticks = TICKS;
        if self.interrupt.swap(false, Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "the run was ended from outside"));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(Error::limit("the time limit is reached"));
        }
        if self.limits.operations.is_some_and(|most| self.operations > most) {
            return Err(Error::limit("the limit of operations is reached"));
        }
        Ok(())
    }

    /// The code of a definition, the same for every closure and every version.
    pub(crate) fn code(
        &mut self,
        function: &Arc<tree::Function>,
        captures: Vec<Symbol>,
        recursive: bool,
        module: ModuleId,
    ) -> Arc<Code> {
        self.codes
            .entry((Arc::as_ptr(function) as usize, module))
            .or_insert_with(|| Arc::new(Code { tree: function.clone(), captures, recursive, module }))
            .clone()
    }

    // Versions.

    /// The code of a version, compiled if it is not there or no longer valid.
    pub(crate) fn ready(&mut self, at: u32) -> Result<Arc<Compiled>> {
        if let Some(derivation) = self.specs.get(at).derivation.clone()
            && let Some((function, derivation)) = self.called(&derivation)?
        {
            let spec = self.specs.get_mut(at);
            spec.key.function = function;
            (spec.derivation, spec.compiled) = (Some(derivation), None);
        }
        let spec = self.specs.get(at);
        if let Some(compiled) = &spec.compiled {
            if spec.epoch == self.globals.epoch {
                return Ok(compiled.clone());
            }
            let compiled = compiled.clone();
            if self.valid(&compiled.deps) {
                self.specs.get_mut(at).epoch = self.globals.epoch;
                return Ok(compiled);
            }
        }
        self.specs.get_mut(at).compiled = None;
        self.compile_spec(at)
    }

    fn valid(&self, deps: &[(u32, Kind)]) -> bool {
        deps.iter().all(|(slot, kind)| self.globals.kind(*slot) == kind)
    }

    /// The kind of the result of a version, and the globals it relies on, for a caller that is being compiled.
    pub(crate) fn spec_result(&mut self, at: u32) -> (Kind, Deps) {
        let spec = self.specs.get(at);
        if let Some(compiled) = &spec.compiled
            && self.valid(&compiled.deps)
        {
            return (compiled.result.clone(), compiled.deps.clone().into());
        }
        if let Some(assumed) = spec.assumed.clone() {
            self.specs.get_mut(at).relied_on = true;
            let place = self.compiling.iter().position(|c| c.spec == at).unwrap_or(0);
            self.rely(place);
            return (assumed, Arc::from([]));
        }
        if let Some(known) = self.provisional.get(&at).cloned() {
            self.rely(known.lowest);
            return (known.kind, known.deps);
        }
        if self.compiling.len() >= COMPILING {
            return (Kind::Any, Arc::from([]));
        }
        match self.compile_spec(at) {
            Ok(compiled) => (compiled.result.clone(), compiled.deps.clone().into()),
            // Whatever is wrong with it is said when it is called.
            Err(_) => (Kind::Any, Arc::from([])),
        }
    }

    fn rely(&mut self, place: usize) {
        if let Some(top) = self.compiling.last_mut() {
            top.lowest = top.lowest.min(place);
        }
    }

    fn compile_spec(&mut self, at: u32) -> Result<Arc<Compiled>> {
        let key = self.specs.get(at).key.clone();
        let FunctionKind::Script { code, .. } = &*key.function else {
            return Err(Error::type_("only functions of the language are compiled"));
        };
        let unit = Unit::Function { kind: &key.function, code: &code.0, params: &key.params };
        let place = self.compiling.len();
        self.compiling.push(Compiling { spec: at, lowest: usize::MAX });
        let mut assumed = Kind::Never;
        let mut rounds = 0;
        let result = loop {
            let spec = self.specs.get_mut(at);
            spec.assumed = Some(assumed.clone());
            spec.relied_on = false;
            let result = compile::compile(self, &unit, assumed.clone());
            let relied_on = self.specs.get(at).relied_on;
            match result {
                Ok(compiled) if relied_on && compiled.result != assumed => {
                    rounds += 1;
                    assumed = if rounds > 6 { Kind::Any } else { compiled.result };
                    self.provisional.retain(|_, known| known.lowest < place);
                }
                result => break result,
            }
        };
        self.specs.get_mut(at).assumed = None;
        let lowest = self.compiling.pop().map_or(usize::MAX, |c| c.lowest);
        self.provisional.retain(|_, known| known.lowest < place);
        let compiled = Arc::new(result?);
        if lowest < place {
            // It relied on a guess about a function further out: it is compiled again when that is known.
            let deps = compiled.deps.clone().into();
            self.provisional.insert(at, Provisional { kind: compiled.result.clone(), deps, lowest });
            self.rely(lowest);
        } else {
            let epoch = self.globals.epoch;
            let spec = self.specs.get_mut(at);
            spec.epoch = epoch;
            spec.compiled = Some(compiled.clone());
        }
        Ok(compiled)
    }

    /// The code of a closure for arguments that are there.
    pub(crate) fn specialise(&mut self, function: &Arc<Function>, args: &[Value]) -> Result<Arc<Compiled>> {
        if let Function::Closure(closure) = &**function
            && let Some(spec) = self.recent.version(&closure.code)
            && self.specs.find(spec).is_some_and(|spec| is_version(&spec.key, closure, args))
        {
            return self.ready(spec);
        }
        let kind = function_kind(function).ok_or_else(|| Error::type_("this function has no code"))?;
        let params = args.iter().map(|value| coarse(&kind_of(value))).collect();
        let coarse = compile::coarse_function(&Arc::new(kind));
        let spec = self.specs.entry(compile::SpecKey { function: coarse, params });
        if let Function::Closure(closure) = &**function {
            self.recent.called(&closure.code, spec);
        }
        self.ready(spec)
    }

    /// `object.name` for a value that is there.
    pub(crate) fn attribute(&mut self, object: Value, name: Symbol) -> Result<Value> {
        if let Value::Module(module) = object {
            if let Some(value) = catalog::member(module, name) {
                return Ok(value);
            }
            if let Some(slot) = self.script_member(module, name)?
                && let Some(value) = self.globals.get(slot)
            {
                return Ok(value.clone());
            }
            let below = Symbol::new(&format!("{module}.{name}"));
            if let Some(ModuleState::Loaded(_)) = self.modules.get(&below) {
                return Ok(Value::Module(below));
            }
            return Err(self.unknown_member(module, name));
        }
        // A function of a type: `str.lower`.
        if let Value::Function(function) = &object
            && let Function::Builtin(builtin) = &**function
            && let Some(value) = catalog::member(Symbol::new(builtin.name), name)
        {
            return Ok(value);
        }
        if let Some(builtin) = library::attribute(&object, name.as_str()) {
            return self.call_value(&library::function(builtin), super::vm::Arguments::positional(vec![object]));
        }
        if let Some(builtin) = library::method(&object, name.as_str()) {
            let function = library::function(builtin);
            return Ok(Value::Function(Arc::new(Function::Partial(function, vec![object].into()))));
        }
        Err(self.unknown_method(&object, "attribute", name))
    }

    /// The error of a name that a module has not.
    pub(crate) fn unknown_member(&self, module: Symbol, name: Symbol) -> Error {
        let error = Error::name(format!("module `{module}` has no `{name}`"));
        if let Some(instead) = in_place_of_member(module.as_str(), name.as_str()) {
            return error.hint(instead);
        }
        match self.nearest_member(module, name) {
            Some(near) => error.hint(format!("did you mean `{module}.{near}`?")),
            None => error,
        }
    }

    /// The member of a module that is most like a name that is none.
    fn nearest_member(&self, module: Symbol, name: Symbol) -> Option<String> {
        let prefix = format!("{module}.");
        let native = library::entries().filter_map(|entry| entry.builtin.name.strip_prefix(&prefix));
        let transforms = library::entries().map(|entry| entry.builtin.name).filter(|_| module.as_str() == "cotangent");
        let written = match self.modules.get(&module) {
            Some(ModuleState::Loaded(id)) => Some(*id),
            _ => None,
        };
        let written = written.into_iter().flat_map(|id| self.globals.names(id)).map(|(name, _)| name.as_str());
        let written = written.chain(library::written(module.as_str()).into_iter().flat_map(|written| written.names()));
        nearest(name.as_str(), native.chain(transforms).chain(written).filter(|n| !n.contains('.')))
    }

    /// The error of a name that is neither a global nor of the library, in code that has these variables.
    pub(crate) fn unknown_name(&self, name: Symbol, locals: &[Symbol]) -> Error {
        const CONSTANTS: [&str; 3] = ["None", "True", "False"];
        let error = Error::name(format!("name `{name}` is not defined"));
        if let Some(instead) = in_place_of(name.as_str()) {
            return error.hint(instead);
        }
        let globals = self.globals.names(self.main).filter(|(_, slot)| self.globals.get(*slot).is_some());
        let names = globals
            .map(|(name, _)| name.as_str())
            .chain(locals.iter().filter(|local| **local != name).map(|local| local.as_str()))
            .chain(library::entries().map(|entry| entry.builtin.name).filter(|n| !n.contains('.')))
            .chain(CONSTANTS);
        match nearest(name.as_str(), names) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        }
    }

    /// The error of a variable of a function that is read before it has a value.
    pub(crate) fn unbound(&self, name: Symbol) -> Error {
        let error = Error::name(format!("the variable `{name}` has no value yet"));
        match self.globals.find(self.main, name).and_then(|slot| self.globals.get(slot)) {
            Some(_) => error.hint(format!(
                "the function assigns `{name}`, which makes it a variable of its own; pass the global one as an argument"
            )),
            None => error,
        }
    }

    /// The error of a method or attribute that a value has not.
    pub(crate) fn unknown_method(&self, object: &Value, what: &str, name: Symbol) -> Error {
        let type_name = object.type_name();
        let error = Error::name(format!("'{type_name}' object has no {what} `{name}`"));
        if let Some(instead) = in_place_of_method(type_name, name.as_str()) {
            return error.hint(instead);
        }
        match nearest(name.as_str(), library::method_names(type_name)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        }
    }
}

impl Machine for Engine {
    fn call(&mut self, function: &Value, args: Vec<Value>) -> Result<Value> {
        self.call_value(function, super::vm::Arguments::positional(args))
    }

    fn derive(&mut self, transform: &str, function: &Value, args: Vec<Value>) -> Result<Value> {
        match (transform, args.as_slice()) {
            ("vjp", _) => self.vjp(function, args),
            ("jvp", [primals, tangents]) => self.jvp(function, primals, tangents),
            ("partial" | "adjoint" | "tangent", [template]) => self.define_rule(transform, function, template),
            ("hvp", _) => self.call_definition(transform, function, args),
            _ => self.source(function, args).map(|text| Value::Str(Arc::new(text))),
        }
    }

    fn print(&mut self, text: &str) -> Result<()> {
        self.printed += text.len();
        if self.limits.output.is_some_and(|most| self.printed > most) {
            return Err(Error::limit("the program prints too much"));
        }
        (self.sink)(text);
        Ok(())
    }

    fn read_file(&mut self, path: &str) -> Result<Vec<u8>> {
        match &mut self.loader {
            Some(loader) => loader(path),
            None => Err(Error::host(format!("the host does not grant reading `{path}`"))),
        }
    }

    fn write_file(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        match &mut self.writer {
            Some(writer) => writer(path, bytes),
            None => Err(Error::host(format!("the host does not grant writing `{path}`"))),
        }
    }
}
