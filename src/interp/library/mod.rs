//! The library: one entry a function, in a module a file. An entry is all there is to say about a function: its name,
//! its signature as it would be written in Python, what kind its result has, its kernel and its documentation.

/// An entry in one line: name, signature, kind rule, kernel, documentation.
macro_rules! entry {
    ($name:literal $signature:literal $kind:expr, $kernel:ident($f:expr), $doc:literal) => {
        $crate::interp::library::Builtin {
            name: $name,
            signature: $signature,
            mutates: false,
            kind: $kind,
            kernel: $crate::interp::library::Kernel::$kernel($f),
            doc: $doc,
        }
    };
}

/// An entry whose first argument is a place that the call changes.
macro_rules! mutating {
    ($name:literal $signature:literal $kind:expr, $kernel:ident($f:expr), $doc:literal) => {
        $crate::interp::library::Builtin { mutates: true, ..entry!($name $signature $kind, $kernel($f), $doc) }
    };
}

mod arguments;
mod bessel;
mod bessel_orders;
pub mod builtins;
mod characters;
mod convolution;
mod counting;
mod creating;
pub mod creation;
mod derivatives;
mod dicts;
mod draws;
pub mod elementwise;
mod floats;
mod gamma;
mod io;
mod joining;
mod joint_draws;
pub mod kinds;
pub mod linalg;
mod lists;
mod math;
mod methods;
mod npy;
pub mod operator;
mod parts;
mod products;
pub mod random;
pub mod reductions;
mod registry;
mod savetxt;
mod searching;
mod selection;
mod sets;
mod shapes;
mod sources;
mod spacing;
mod special;
mod strings;
mod support;
mod types;
mod ufuncs;
mod updates;
#[cfg(debug_assertions)]
mod verify;

use super::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Operand};
use crate::vector::{Function1, Function2};

pub use registry::*;
pub use sources::{SOURCES, Written, written};
pub(crate) use support::zeros_like;
pub use types::class_name;

/// All tables of entries.
#[rustfmt::skip]
const TABLES: &[&[Builtin]] = &[
    operator::ENTRIES,
    operator::MORE,
    builtins::ENTRIES,
    derivatives::ENTRIES,
    elementwise::ENTRIES,
    reductions::ENTRIES,
    shapes::ENTRIES,
    creating::ENTRIES,
    ufuncs::ENTRIES,
    types::ENTRIES,
    parts::ENTRIES,
    updates::ENTRIES,
    convolution::ENTRIES,
    selection::ENTRIES,
    linalg::banded::ENTRIES,
    linalg::cholesky::ENTRIES,
    linalg::exponential::ENTRIES,
    linalg::factor::ENTRIES,
    linalg::general::ENTRIES,
    linalg::least_squares::ENTRIES,
    linalg::lu::ENTRIES,
    linalg::norm::ENTRIES,
    linalg::solve::ENTRIES,
    linalg::spectral::ENTRIES,
    linalg::triangular::ENTRIES,
    io::ENTRIES,
    npy::ENTRIES,
    savetxt::ENTRIES,
    special::ENTRIES,
    counting::ENTRIES,
    random::ENTRIES,
    draws::ENTRIES,
    joint_draws::ENTRIES,
    joining::ENTRIES,
    products::ENTRIES,
    methods::ENTRIES,
    lists::ENTRIES,
    dicts::ENTRIES,
    strings::ENTRIES,
    math::ENTRIES,
    support::ENTRIES,
];

/// A function of the library.
pub struct Builtin {
    /// Its qualified name: `np.tanh`, `np.linalg.solve`, `len`, `list.append`, `operator.add`.
    pub name: &'static str,
    /// Its parameters as Python would write them: `(a, axis=None, keepdims=False)`. Defaults are literals.
    pub signature: &'static str,
    /// Whether the first argument is a place that the call changes: the kernel leaves the new value in `args[0]`.
    pub mutates: bool,
    /// The kind of the result for arguments in the order of the signature, defaults filled in.
    pub kind: fn(&[Operand]) -> Kind,
    /// What it does.
    pub kernel: Kernel,
    /// What it is for, with shapes and an example that is run as a test.
    pub doc: &'static str,
}

/// What a library function does. Arguments come in the order of the signature, defaults filled in, and belong to the
/// kernel: it may take them (`std::mem::take`) and reuse a buffer that nobody else holds.
#[derive(Clone, Copy)]
pub enum Kernel {
    /// One float function, applied to a number or to each element.
    Float1(fn(f64) -> f64),
    /// One float function of two arguments, broadcast.
    Float2(fn(f64, f64) -> f64),
    /// As [`Kernel::Float1`], many elements at once.
    Vector1(&'static Function1),
    /// As [`Kernel::Float2`], many elements at once.
    Vector2(&'static Function2),
    /// Computes its result from its arguments and nothing else.
    Pure(fn(&mut [Value]) -> Result<Value>),
    /// Needs the machine: calls functions, prints, reads files.
    Machine(fn(&mut dyn Machine, &mut [Value]) -> Result<Value>),
}

/// What a kernel may ask of the machine that runs it.
pub trait Machine {
    /// Calls a function value with positional arguments.
    fn call(&mut self, function: &Value, args: Vec<Value>) -> Result<Value>;
    /// Writes to the host's print sink.
    fn print(&mut self, text: &str) -> Result<()>;
    /// Carries out a transformation that is a call: `vjp`, `jvp`, `source`.
    fn derive(&mut self, transform: &str, function: &Value, args: Vec<Value>) -> Result<Value>;
    /// Reads a file through the host's loader; an error where the host grants none.
    fn read_file(&mut self, path: &str) -> Result<Vec<u8>>;
    /// Writes a file through the host; an error where the host does not grant it.
    fn write_file(&mut self, path: &str, bytes: &[u8]) -> Result<()>;
}

impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Builtin({})", self.name)
    }
}

/// The element type that an argument such as `dtype=float` names.
pub fn dtype_argument(value: &Value) -> Result<DType> {
    match value {
        Value::DType(dtype) => Ok(*dtype),
        Value::Str(name) => dtype_named(name),
        Value::Function(function) => match &**function {
            super::function::Function::Builtin(builtin) => dtype_named(builtin.name),
            _ => Err(Error::type_("an element type is needed, not a function")),
        },
        other => Err(Error::type_(format!("an element type is needed, not {}", other.type_name()))),
    }
}

fn dtype_named(name: &str) -> Result<DType> {
    match name {
        "np.float64" | "float" | "float64" | "double" | "f8" | "d" => Ok(DType::Float),
        "np.int64" | "int" | "int64" | "i8" | "intp" | "l" | "long" => Ok(DType::Int),
        "np.bool" | "bool" | "bool_" | "?" => Ok(DType::Bool),
        _ => Err(Error::type_(format!("no element type {name:?}")).hint("there are float64, int64 and bool")),
    }
}
