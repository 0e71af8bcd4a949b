//! Finding entries: by qualified name, as a member of a module, as a method or attribute of a type.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::value::Value;
use super::{Builtin, Kernel, TABLES};
use crate::lang::tree::ParamForm;
use crate::lang::{Result, Symbol};
use crate::sct::kind::{Kind, Literal};
use crate::sct::world::{Signature, SignatureParam};

/// An entry with its signature read.
#[derive(Debug)]
pub struct Entry {
    /// The entry as written.
    pub builtin: &'static Builtin,
    /// Its parameters.
    pub signature: Signature,
}

static ENTRIES: LazyLock<FxHashMap<Symbol, Entry>> = LazyLock::new(|| {
    let mut entries = FxHashMap::default();
    for builtin in TABLES.iter().flat_map(|table| table.iter()) {
        let signature = read_signature(builtin);
        entries.insert(Symbol::new(builtin.name), Entry { builtin, signature });
    }
    entries
});

/// The entry of a qualified name.
pub fn lookup(name: &str) -> Option<&'static Builtin> {
    entry(Symbol::new(name)).map(|entry| entry.builtin)
}

/// The entry of a qualified name, with its signature.
pub fn entry(name: Symbol) -> Option<&'static Entry> {
    ENTRIES.get(&name)
}

/// All entries.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.values()
}

/// Modules by their qualified names.
pub const MODULES: &[&str] =
    &["np", "np.linalg", "np.random", "np.fft", "math", "special", "linalg", "cotangent", "operator", "io"];

/// The module's name that an `import` names: `numpy` is `np`, `scipy.special` is `special`.
pub fn module_named(name: &str) -> Option<&'static str> {
    let name = match name {
        "numpy" => "np",
        "numpy.linalg" => "np.linalg",
        "numpy.random" => "np.random",
        "numpy.fft" => "np.fft",
        "scipy.special" => "special",
        "scipy.linalg" => "linalg",
        name => name,
    };
    MODULES.iter().copied().find(|&module| module == name)
}

/// What `module.name` is: a function, a constant, an element type, a module.
pub fn member(module: &str, name: &str) -> Option<Value> {
    if let Some(constant) = constant(module, name) {
        return Some(constant);
    }
    if module == "cotangent" && ["linalg", "special", "np", "io"].contains(&name) {
        return Some(Value::Module(Symbol::new(name)));
    }
    let qualified = format!("{module}.{name}");
    if MODULES.contains(&qualified.as_str()) {
        return Some(Value::Module(Symbol::new(&qualified)));
    }
    // `from cotangent import grad`: the transformations are also builtins.
    let own = lookup(&qualified).or_else(|| if module == "cotangent" { lookup(name) } else { None });
    own.map(function)
}

/// A library function as a value.
pub fn function(builtin: &'static Builtin) -> Value {
    Value::Function(std::sync::Arc::new(super::super::function::Function::Builtin(builtin)))
}

fn constant(module: &str, name: &str) -> Option<Value> {
    use std::f64::consts::{E, PI, TAU};
    Some(match (module, name) {
        ("np" | "math", "pi") => Value::Float(PI),
        ("np" | "math", "e") => Value::Float(E),
        ("math", "tau") => Value::Float(TAU),
        ("np" | "math", "inf") => Value::Float(f64::INFINITY),
        ("np" | "math", "nan") => Value::Float(f64::NAN),
        ("np", "euler_gamma") => Value::Float(0.577_215_664_901_532_9),
        ("np", "newaxis") => Value::None,
        ("np", "double") => return lookup("np.float64").map(function),
        ("np", "intp") => return lookup("np.int64").map(function),
        ("np", "bool_") => return lookup("np.bool").map(function),
        _ => return super::types::limit(module, name),
    })
}

/// The function that a method call on a value of this type is, the value given first.
pub fn method(receiver: &Value, name: &str) -> Option<&'static Builtin> {
    method_of_type(
        match receiver {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => "number",
            other => other.type_name(),
        },
        name,
    )
}

/// The names of the methods and attributes of a type, as far as the library lists them.
pub fn method_names(type_name: &str) -> impl Iterator<Item = &'static str> {
    let numeric = matches!(type_name, "array" | "bool" | "int" | "float");
    let own = format!("{}.", if numeric { "array" } else { type_name });
    let own = entries().filter_map(move |entry| entry.builtin.name.strip_prefix(&own));
    let arrays = entries().filter_map(|entry| entry.builtin.name.strip_prefix("np.")).filter(move |name| {
        numeric
            && (method_of_type("array", name).is_some() || matches!(*name, "shape" | "ndim" | "size" | "T" | "flat"))
    });
    own.chain(arrays)
}

/// The names by which modules of the library are imported.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    let elsewhere = ["numpy", "numpy.linalg", "numpy.random", "numpy.fft", "scipy.special", "scipy.linalg"];
    MODULES.iter().copied().filter(|module| !module.starts_with("np")).chain(elsewhere)
}

/// Whether a method of arrays is the function of `np` of this name that is written in the language.
pub fn written_method(name: &str) -> bool {
    matches!(name, "var" | "std" | "choose" | "argpartition")
}

/// The function that a method call on a value of this kind is.
pub fn method_of_kind(receiver: &Kind, name: &str) -> Option<&'static Builtin> {
    method_of_type(type_of_kind(receiver)?, name)
}

fn type_of_kind(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Bool | Kind::Int | Kind::Float => "number",
        Kind::Array(..) => "array",
        Kind::Str => "str",
        Kind::List(_) | Kind::ListOf(_) => "list",
        Kind::Tuple(_) => "tuple",
        Kind::Dict(_) => "dict",
        Kind::Range => "range",
        Kind::Generator => "Generator",
        _ => return None,
    })
}

fn method_of_type(type_name: &str, name: &str) -> Option<&'static Builtin> {
    match type_name {
        "array" | "number" if matches!(name, "conj" | "conjugate") => lookup("array.real"),
        "array" | "number" => lookup(&format!("array.{name}")).or_else(|| {
            // What NumPy's arrays have of np's functions as methods.
            const METHODS: &[&str] = &[
                "sum",
                "prod",
                "mean",
                "var",
                "std",
                "max",
                "min",
                "argmax",
                "argmin",
                "all",
                "any",
                "cumsum",
                "cumprod",
                "ravel",
                "transpose",
                "swapaxes",
                "squeeze",
                "dot",
                "repeat",
                "take",
                "diagonal",
                "trace",
                "clip",
                "round",
                "argsort",
                "nonzero",
                "copy",
                "searchsorted",
            ];
            if METHODS.contains(&name) { lookup(&format!("np.{name}")) } else { None }
        }),
        // Functions of the type, not of its values.
        "dict" if name == "fromkeys" => None,
        "str" if name == "maketrans" => None,
        "Generator" => lookup(&format!("generator.{name}")),
        type_name => lookup(&format!("{type_name}.{name}")),
    }
}

/// The function of one argument that an attribute of a value is: `x.T` is `np.transpose(x)`.
pub fn attribute(receiver: &Value, name: &str) -> Option<&'static Builtin> {
    match receiver {
        Value::Array(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_) => number_attribute(name),
        Value::Range(_) | Value::Slice(_) if BOUNDS.contains(&name) => {
            lookup(&format!("{}.{name}", receiver.type_name()))
        }
        Value::Function(_) if name == "__name__" => lookup("function.__name__"),
        _ => None,
    }
}

/// The function of one argument that an attribute of a value of this kind is.
pub fn attribute_of_kind(receiver: &Kind, name: &str) -> Option<&'static Builtin> {
    match receiver {
        Kind::Range if BOUNDS.contains(&name) => lookup(&format!("range.{name}")),
        Kind::Function(_) if name == "__name__" => lookup("function.__name__"),
        _ => receiver.dtype().and_then(|_| number_attribute(name)),
    }
}

/// The attributes of ranges and slices.
const BOUNDS: &[&str] = &["start", "stop", "step"];

fn number_attribute(name: &str) -> Option<&'static Builtin> {
    match name {
        "T" => lookup("np.transpose"),
        "shape" => lookup("np.shape"),
        "ndim" => lookup("np.ndim"),
        "size" => lookup("np.size"),
        "dtype" => lookup("array.dtype"),
        "real" => lookup("array.real"),
        "imag" => lookup("array.imag"),
        "mT" => lookup("array.mT"),
        "nbytes" => lookup("array.nbytes"),
        "itemsize" => lookup("array.itemsize"),
        "flat" => lookup("np.ravel"),
        _ => None,
    }
}

/// Reads a signature such as `(a, axis=None, *, keepdims=False)`. The entries are part of the program and tested:
/// what cannot be read is left out.
fn read_signature(builtin: &Builtin) -> Signature {
    let text = builtin.signature.trim().trim_start_matches('(').trim_end_matches(')');
    let mut params: Vec<SignatureParam> = Vec::new();
    let mut keyword_only = false;
    for part in split_top_level(text) {
        let part = part.trim();
        match part {
            "" => {}
            "/" => params.iter_mut().for_each(|p| p.form = ParamForm::PositionalOnly),
            "*" => keyword_only = true,
            _ => {
                let (name, default) = match part.split_once('=') {
                    Some((name, default)) => (name.trim(), read_literal(default.trim())),
                    None => (part, None),
                };
                let (form, name) = if let Some(name) = name.strip_prefix("**") {
                    (ParamForm::DoubleStar, name)
                } else if let Some(name) = name.strip_prefix('*') {
                    keyword_only = true;
                    (ParamForm::Star, name)
                } else if keyword_only {
                    (ParamForm::KeywordOnly, name)
                } else {
                    (ParamForm::Plain, name)
                };
                params.push(SignatureParam { name: Symbol::new(name), form, default });
            }
        }
    }
    Signature { params, mutates: builtin.mutates, effect: builtin.name == "print" }
}

fn split_top_level(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut quote) = (Vec::new(), 0usize, 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quote = !quote,
            '(' | '[' if !quote => depth += 1,
            ')' | ']' if !quote => depth = depth.saturating_sub(1),
            ',' if depth == 0 && !quote => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn read_literal(text: &str) -> Option<Literal> {
    Some(match text {
        "None" => Literal::None,
        "True" => Literal::Bool(true),
        "False" => Literal::Bool(false),
        _ if text.starts_with('\'') => Literal::Str(text.trim_matches('\'').replace("\\n", "\n").into()),
        _ if text.starts_with('(') => Literal::Tuple(
            split_top_level(text.trim_start_matches('(').trim_end_matches(')'))
                .into_iter()
                .filter(|part| !part.trim().is_empty())
                .map(|part| read_literal(part.trim()))
                .collect::<Option<_>>()?,
        ),
        _ => match text.parse::<i64>() {
            Ok(i) => Literal::Int(i),
            Err(_) => Literal::Float(text.parse().ok()?),
        },
    })
}

/// Runs an entry that needs no machine, by its name.
pub(super) fn run_pure(name: &str, args: &mut [Value]) -> Result<Value> {
    match lookup(name).map(|entry| entry.kernel) {
        Some(Kernel::Pure(f)) => f(args),
        _ => Err(crate::lang::Error::name(format!("no function {name}"))),
    }
}

/// Runs an entry on arguments in the order of its signature, defaults filled in.
pub fn run(builtin: &Builtin, machine: &mut dyn super::Machine, args: &mut [Value]) -> Result<Value> {
    #[cfg(debug_assertions)]
    let asked = super::verify::operands(args);
    let result = run_kernel(builtin, machine, args);
    #[cfg(debug_assertions)]
    super::verify::check(builtin, &asked, args, &result)?;
    result
}

fn run_kernel(builtin: &Builtin, machine: &mut dyn super::Machine, args: &mut [Value]) -> Result<Value> {
    match builtin.kernel {
        Kernel::Float1(f) => match args {
            [Value::Float(x)] => Ok(Value::Float(f(*x))),
            _ => super::elementwise::float1(f, std::mem::take(&mut args[0])),
        },
        Kernel::Float2(f) => match args {
            [Value::Float(x), Value::Float(y)] => Ok(Value::Float(f(*x, *y))),
            _ => super::elementwise::float2(f, std::mem::take(&mut args[0]), std::mem::take(&mut args[1])),
        },
        Kernel::Vector1(f) => match args {
            [Value::Float(x)] => Ok(Value::Float((f.one)(*x))),
            _ => super::elementwise::vector1(f, std::mem::take(&mut args[0])),
        },
        Kernel::Vector2(f) => match args {
            [Value::Float(x), Value::Float(y)] => Ok(Value::Float((f.one)(*x, *y))),
            _ => super::elementwise::vector2(f, std::mem::take(&mut args[0]), std::mem::take(&mut args[1])),
        },
        Kernel::Pure(f) => f(args),
        Kernel::Machine(f) => f(machine, args),
    }
}
