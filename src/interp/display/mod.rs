//! Values as text: Python's `str` and `repr`, NumPy's arrays.

mod arrays;
mod floats;
mod format;
mod percent;

use super::function::Function;
use super::value::{Key, Value};
use crate::lang::with_room;

pub use crate::lang::str_repr;
pub use floats::float_repr;
pub use format::{convert, format, format_template};
pub use percent::format_percent;

/// Python's `str(value)`: what `print` shows.
pub fn str(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Array(array) => arrays::text(array),
        Value::DType(dtype) => dtype.name().into(),
        other => repr(other),
    }
}

/// Python's `repr(value)`.
pub fn repr(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(out: &mut String, value: &Value) {
    with_room(|| write_here(out, value));
}

fn write_here(out: &mut String, value: &Value) {
    match value {
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(i) => out.push_str(&i.to_string()),
        Value::Float(x) => out.push_str(&float_repr(*x)),
        Value::Str(text) => out.push_str(&str_repr(text)),
        Value::Array(array) => out.push_str(&arrays::repr(array)),
        Value::Tuple(items) => {
            out.push('(');
            write_items(out, items.iter().cloned());
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Value::List(list) => {
            out.push('[');
            write_items(out, list.iter());
            out.push(']');
        }
        Value::Dict(dict) => {
            out.push('{');
            for (at, (key, item)) in dict.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(out, &Key::value(key));
                out.push_str(": ");
                write(out, item);
            }
            out.push('}');
        }
        Value::View(view) => {
            out.push_str(view.part.type_name());
            out.push_str("([");
            write_items(out, view.iter());
            out.push_str("])");
        }
        Value::Function(function) => out.push_str(&function_repr(function)),
        Value::Module(name) => out.push_str(&format!("<module '{name}'>")),
        Value::Range(range) if range.step == 1 => out.push_str(&format!("range({}, {})", range.start, range.stop)),
        Value::Range(range) => out.push_str(&format!("range({}, {}, {})", range.start, range.stop, range.step)),
        Value::Slice(slice) => {
            out.push_str("slice(");
            write_items(out, [&slice.start, &slice.stop, &slice.step].into_iter().cloned());
            out.push(')');
        }
        Value::Ellipsis => out.push_str("Ellipsis"),
        Value::DType(dtype) => out.push_str(&format!("dtype('{}')", dtype.name())),
        Value::Generator(_) => out.push_str("Generator(PCG64)"),
        Value::Factor(_) => out.push_str("<factor>"),
    }
}

fn write_items(out: &mut String, items: impl Iterator<Item = Value>) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(out, &item);
    }
}

fn function_repr(function: &Function) -> String {
    match function {
        Function::Closure(closure) => format!("<function {}>", closure.code.tree.name),
        Function::Builtin(builtin) => match crate::interp::library::class_name(builtin) {
            Some(class) => format!("<class '{class}'>"),
            None => format!("<built-in function {}>", builtin.name),
        },
        Function::Host(host) => format!("<host function {}>", host.name),
        Function::Derived(derived) => format!("<{} of {}>", derived.transform, repr(&derived.function)),
        Function::Partial(function, _) => format!("<partial of {}>", repr(function)),
    }
}

/// A value as `str` shows it.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&str(self))
    }
}
