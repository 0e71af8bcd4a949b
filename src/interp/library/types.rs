//! Element types: `np.float64` and its like, which cast when they are called, and what holds of types.

use super::super::display;
use super::super::function::Function;
use super::super::operators::dtype_of;
use super::super::value::{Value, ViewPart};
use super::arguments::take_numeric;
use super::creating::cast;
use super::{Builtin, dtype_argument, kinds};
use crate::interp::iteration;
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::{DType, FunctionKind, Kind, Operand};

/// A type whose values are not made by calling it.
macro_rules! class {
    ($name:literal, $doc:literal) => {
        entry!($name "(*args)" kinds::any, Pure(|_| {
            Err(Error::type_(format!("{} is a type whose values are not made by a call", $name)))
        }), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.float64" "(x=0.0, /)" |args| cast_kind(args, DType::Float), Pure(|args| cast(take_numeric(args, 0)?, DType::Float)), "The element type of floats; called, it makes floats of numbers.\n\n>>> np.float64(3)\n3.0"),
    entry!("np.int64" "(x=0, /)" |args| cast_kind(args, DType::Int), Pure(|args| cast(take_numeric(args, 0)?, DType::Int)), "The element type of integers; called, it makes integers of numbers.\n\n>>> np.int64(2.7)\n2"),
    entry!("np.bool" "(x=False, /)" |args| cast_kind(args, DType::Bool), Pure(|args| cast(take_numeric(args, 0)?, DType::Bool)), "The element type of truth values; called, it makes truth values of numbers.\n\n>>> np.bool(2)\nTrue"),
    entry!("type" "(x, /)" type_kind, Pure(|args| Ok(of_name(class_of(&args[0])))), "The type of a value: the function that makes such values, if there is one.\n\n>>> type(2.5) == float\nTrue"),
    entry!("function.__name__" "(f)" kinds::str, Pure(|args| Ok(Value::str(function_name(&args[0])))), "The name of a function or type."),
    class!("types.NoneType", "The type of None."),
    class!("types.EllipsisType", "The type of `...`."),
    class!("types.FunctionType", "The type of functions."),
    class!("types.BuiltinFunctionType", "The type of functions of the library."),
    class!("types.ModuleType", "The type of modules."),
    class!("types.dict_keys", "The type of the keys of a dict."),
    class!("types.dict_values", "The type of the values of a dict."),
    class!("types.dict_items", "The type of the items of a dict."),
    class!("np.random.Generator", "The type of random generators."),
    class!("np.generic", "All types of elements, for `np.issubdtype`."),
    class!("np.number", "The types of numbers, for `np.issubdtype`."),
    class!("np.integer", "The types of integers, for `np.issubdtype`."),
    class!("np.signedinteger", "The types of integers with a sign, for `np.issubdtype`."),
    class!("np.unsignedinteger", "The types of integers without a sign, of which there are none, for `np.issubdtype`."),
    class!("np.inexact", "The types of rounded numbers, for `np.issubdtype`."),
    class!("np.floating", "The types of floats, for `np.issubdtype`."),
    class!("np.complexfloating", "The types of complex numbers, of which there are none, for `np.issubdtype`."),
    entry!("np.issubdtype" "(arg1, arg2)" kinds::bool, Pure(|args| {
        let ancestors = |value: &Value| match category(value) {
            Some(name) => Ok(ancestors_of(name)),
            None => dtype_argument(value).map(|dtype| ancestors_of(element_name(dtype))),
        };
        let (of, to) = (ancestors(&args[0])?, ancestors(&args[1])?);
        Ok(Value::Bool(to.first().is_some_and(|name| of.contains(name))))
    }), "Whether an element type is one of a sort, such as `np.floating`, or the same as another.\n\n>>> np.issubdtype(np.int64, np.integer)\nTrue"),
    entry!("np.isdtype" "(dtype, kind)" kinds::bool, Pure(|args| {
        let dtype = numpy_type(&args[0]).ok_or_else(|| Error::type_(format!("dtype argument must be a NumPy dtype, but it is {}", display::repr(&args[0]))))?;
        let kinds = match &args[1] {
            Value::Tuple(kinds) => kinds.to_vec(),
            kind => vec![kind.clone()],
        };
        let is = |kind: &Value| match kind {
            Value::Str(name) => match name.as_str() {
                "bool" => Ok(dtype == DType::Bool),
                "signed integer" | "integral" => Ok(dtype == DType::Int),
                "real floating" => Ok(dtype == DType::Float),
                "numeric" => Ok(dtype != DType::Bool),
                "unsigned integer" | "complex floating" => Ok(false),
                name => Err(Error::value(format!("kind argument is a string, but {name:?} is not a known kind name."))),
            },
            other => numpy_type(other).map(|kind| kind == dtype).ok_or_else(|| {
                Error::type_("kind argument must be comprised of NumPy dtypes or strings only")
            }),
        };
        let each = kinds.iter().map(is).collect::<Result<Vec<bool>>>()?;
        Ok(Value::Bool(each.contains(&true)))
    }), "Whether an element type is of a kind: 'bool', 'signed integer', 'integral', 'real floating', 'numeric', a type, or one of a tuple of these.\n\n>>> np.isdtype(np.float64, 'real floating')\nTrue"),
    class!("types.factor", "The type of factorised matrices."),
    entry!("np.dtype" "(dtype)" |_| Kind::Other, Pure(|args| dtype_argument(&args[0]).map(Value::DType)), "The element type that a name or a type stands for.\n\n>>> np.dtype(\"float64\") == float\nTrue"),
    entry!("np.result_type" "(*arrays_and_dtypes)" |_| Kind::Other, Pure(|args| {
        let types = iteration::elements(&args[0])?.iter().map(type_of).collect::<Result<Vec<_>>>()?;
        types.into_iter().max().map(Value::DType).ok_or_else(|| Error::value("at least one array or dtype is required"))
    }), "The element type that arrays and types are promoted to.\n\n>>> np.result_type(1, 2.0) == float\nTrue"),
    entry!("np.promote_types" "(type1, type2)" |_| Kind::Other, Pure(|args| {
        Ok(Value::DType(dtype_argument(&args[0])?.max(dtype_argument(&args[1])?)))
    }), "The element type that two are promoted to.\n\n>>> np.promote_types(bool, int) == int\nTrue"),
    entry!("np.can_cast" "(from_, to, casting='safe')" kinds::bool, Pure(|args| {
        let (from, to) = (type_of(&args[0])?, dtype_argument(&args[1])?);
        Ok(Value::Bool(match &args[2] {
            Value::Str(rule) => match rule.as_str() {
                "no" | "equiv" => from == to,
                "safe" | "same_kind" => from <= to,
                "unsafe" => true,
                _ => return Err(Error::value("casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe'")),
            },
            _ => return Err(Error::type_("casting must be a string")),
        }))
    }), "Whether a type can be cast to another without loss (of its kind).\n\n>>> np.can_cast(int, float)\nTrue"),
    entry!("np.finfo" "(dtype)" |_| Kind::Module(Symbol::new("np.finfo")), Pure(|args| match type_of_no_array(&args[0])? {
        DType::Float => Ok(Value::Module(Symbol::new("np.finfo"))),
        other => Err(Error::value(format!("data type {} not inexact", other.name())).hint("np.iinfo is for integers")),
    }), "The limits of floats: `eps`, `max`, `min`, `tiny`, `smallest_normal`, `smallest_subnormal`, `resolution`, `precision`, `bits`.\n\n>>> np.finfo(float).eps\n2.220446049250313e-16"),
    entry!("np.iinfo" "(type)" |_| Kind::Module(Symbol::new("np.iinfo")), Pure(|args| match type_of_no_array(&args[0])? {
        DType::Int => Ok(Value::Module(Symbol::new("np.iinfo"))),
        other => Err(Error::value(format!("Invalid integer data type {}", other.name())).hint("np.finfo is for floats")),
    }), "The limits of integers: `max`, `min`, `bits`.\n\n>>> np.iinfo(int).max\n9223372036854775807"),
];

/// The sorts of element types and what each is a part of.
const SORTS: &[(&str, &str)] = &[
    ("np.bool", "np.generic"),
    ("np.number", "np.generic"),
    ("np.integer", "np.number"),
    ("np.inexact", "np.number"),
    ("np.signedinteger", "np.integer"),
    ("np.unsignedinteger", "np.integer"),
    ("np.floating", "np.inexact"),
    ("np.complexfloating", "np.inexact"),
    ("np.int64", "np.signedinteger"),
    ("np.float64", "np.floating"),
    ("np.generic", ""),
];

/// A sort and all that it is a part of.
fn ancestors_of(name: &'static str) -> Vec<&'static str> {
    let mut found = vec![name];
    while let Some((_, above)) = SORTS.iter().find(|(sort, above)| found.last() == Some(sort) && !above.is_empty()) {
        found.push(above);
    }
    found
}

/// The sort of element types that a value is.
fn category(value: &Value) -> Option<&'static str> {
    let Value::Function(function) = value else { return None };
    let Function::Builtin(builtin) = &**function else { return None };
    SORTS.iter().find(|(sort, _)| *sort == builtin.name).map(|(sort, _)| *sort)
}

fn element_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Float => "np.float64",
        DType::Int => "np.int64",
        DType::Bool => "np.bool",
    }
}

/// An element type that is NumPy's own: a dtype, or `np.float64` and its like, but not `float`.
fn numpy_type(value: &Value) -> Option<DType> {
    match value {
        Value::DType(dtype) => Some(*dtype),
        other => match category(other)? {
            "np.float64" => Some(DType::Float),
            "np.int64" => Some(DType::Int),
            "np.bool" => Some(DType::Bool),
            _ => None,
        },
    }
}

/// How Python writes the name of a type, where a function of the library is one.
pub fn class_name(builtin: &Builtin) -> Option<&'static str> {
    Some(match builtin.name {
        name @ ("bool" | "int" | "float" | "str" | "tuple" | "list" | "dict" | "range" | "slice" | "enumerate"
        | "zip" | "map" | "filter" | "reversed" | "type") => name,
        "np.ndarray" => "numpy.ndarray",
        "np.float64" => "numpy.float64",
        "np.int64" => "numpy.int64",
        "np.bool" => "numpy.bool",
        "np.dtype" => "numpy.dtype",
        "np.random.Generator" => "numpy.random._generator.Generator",
        "np.generic" => "numpy.generic",
        "np.number" => "numpy.number",
        "np.integer" => "numpy.integer",
        "np.signedinteger" => "numpy.signedinteger",
        "np.unsignedinteger" => "numpy.unsignedinteger",
        "np.inexact" => "numpy.inexact",
        "np.floating" => "numpy.floating",
        "np.complexfloating" => "numpy.complexfloating",
        "types.EllipsisType" => "ellipsis",
        "types.FunctionType" => "function",
        "types.BuiltinFunctionType" => "builtin_function_or_method",
        "types.ModuleType" => "module",
        name => name.strip_prefix("types.")?,
    })
}

/// The entry that stands for the type of a value.
pub(super) fn class_of(value: &Value) -> &'static str {
    match value {
        Value::None => "types.NoneType",
        Value::Array(_) => "np.ndarray",
        Value::View(view) => match view.part {
            ViewPart::Keys => "types.dict_keys",
            ViewPart::Values => "types.dict_values",
            ViewPart::Items => "types.dict_items",
        },
        Value::Function(function) => match &**function {
            Function::Builtin(builtin) if class_name(builtin).is_some() => "type",
            Function::Builtin(_) | Function::Host(_) | Function::Partial(..) => "types.BuiltinFunctionType",
            _ => "types.FunctionType",
        },
        Value::Module(_) => "types.ModuleType",
        Value::Ellipsis => "types.EllipsisType",
        Value::DType(_) => "np.dtype",
        Value::Generator(_) => "np.random.Generator",
        Value::Factor(_) => "types.factor",
        other => other.type_name(),
    }
}

fn of_name(name: &str) -> Value {
    super::lookup(name).map_or(Value::None, super::function)
}

fn type_kind(args: &[Operand]) -> Kind {
    let name = match kinds::arg(args, 0) {
        Kind::None => "types.NoneType",
        Kind::Bool => "bool",
        Kind::Int => "int",
        Kind::Float => "float",
        Kind::Str => "str",
        Kind::Array(..) => "np.ndarray",
        Kind::Tuple(_) => "tuple",
        Kind::List(_) | Kind::ListOf(_) => "list",
        Kind::Dict(_) => "dict",
        Kind::Range => "range",
        _ => return Kind::Any,
    };
    Kind::Function(std::sync::Arc::new(FunctionKind::Builtin(Symbol::new(name))))
}

fn function_name(function: &Value) -> String {
    let Value::Function(function) = function else { return function.type_name().into() };
    match &**function {
        Function::Closure(closure) => closure.code.tree.name.to_string(),
        Function::Builtin(builtin) => {
            let name = class_name(builtin).unwrap_or(builtin.name);
            name.rsplit('.').next().unwrap_or(name).into()
        }
        Function::Host(host) => host.name.to_string(),
        Function::Derived(derived) => format!("{}_{}", function_name(&derived.function), derived.transform),
        Function::Partial(inner, _) => function_name(inner),
    }
}

fn cast_kind(args: &[Operand], dtype: DType) -> Kind {
    kinds::with_dtype(&super::creating::array_of_kind(&[args[0].clone(), Kind::None.into()]), dtype)
}

fn type_of_no_array(value: &Value) -> Result<DType> {
    match value {
        Value::Array(_) => {
            Err(Error::value("the limits are those of a type or a number, not of an array").hint("write x.dtype"))
        }
        value => type_of(value),
    }
}

fn type_of(value: &Value) -> Result<DType> {
    dtype_of(value).map_or_else(|| dtype_argument(value), Ok)
}

/// A limit of a type, as an attribute of `np.finfo(float)` or `np.iinfo(int)`.
pub(super) fn limit(module: &str, name: &str) -> Option<Value> {
    Some(match (module, name) {
        ("np.finfo", "eps") => Value::Float(f64::EPSILON),
        ("np.finfo", "epsneg") => Value::Float(f64::EPSILON / 2.0),
        ("np.finfo", "max") => Value::Float(f64::MAX),
        ("np.finfo", "min") => Value::Float(f64::MIN),
        ("np.finfo", "tiny" | "smallest_normal") => Value::Float(f64::MIN_POSITIVE),
        ("np.finfo", "smallest_subnormal") => Value::Float(f64::from_bits(1)),
        ("np.finfo", "resolution") => Value::Float(1e-15),
        ("np.finfo", "precision") => Value::Int(15),
        ("np.iinfo", "max") => Value::Int(i64::MAX),
        ("np.iinfo", "min") => Value::Int(i64::MIN),
        ("np.finfo" | "np.iinfo", "bits") => Value::Int(64),
        _ => return None,
    })
}
