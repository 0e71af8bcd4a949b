//! What `help` says of a value.

use cotangent::Value;
use cotangent::interp::display::repr;
use cotangent::interp::function::Function;
use cotangent::interp::library;
use cotangent::lang::print_function;
use cotangent::lang::tree::{ExprKind, StmtKind};

/// What `help` without an argument says.
pub const GENERAL: &str = "\
help(np.tanh)   what a function does; help(np) lists a module
grad(f)         the gradient of f, a function; print(source(grad(f), 1.0)) shows its text
Ctrl-C          ends a computation or clears the line; Ctrl-D leaves
";

/// Signature and documentation of a function, the names of a module, the kind of anything else.
pub fn about(value: &Value) -> String {
    match value {
        Value::Function(function) => about_function(function),
        Value::Module(name) => about_module(name.as_str()),
        other => format!("{} ({})\n", repr(other), other.type_name()),
    }
}

fn about_function(function: &Function) -> String {
    match function {
        Function::Builtin(builtin) => format!("{}{}\n\n{}\n", builtin.name, builtin.signature, indented(builtin.doc)),
        Function::Closure(closure) => {
            let tree = &closure.code.tree;
            let text = print_function(tree);
            let header = text.lines().find(|line| !line.starts_with('@')).unwrap_or_default();
            match tree.body.first().map(|stmt| &stmt.kind) {
                Some(StmtKind::Expr(expr)) if let ExprKind::Str(doc) = &expr.kind => {
                    format!("{header}\n\n{}\n", indented(doc))
                }
                _ => format!("{}\n", text.trim_end()),
            }
        }
        Function::Derived(derived) => {
            format!("{}, written when it is called, of\n\n{}", derived.transform, about(&derived.function))
        }
        Function::Host(_) | Function::Partial(..) => format!("{function:?}\n"),
    }
}

fn about_module(module: &str) -> String {
    let prefix = format!("{module}.");
    let mut names: Vec<&str> = library::entries()
        .filter_map(|entry| entry.builtin.name.strip_prefix(&prefix))
        .filter(|name| !name.contains('.'))
        .collect();
    names.sort_unstable();
    format!("module {module}\n\n{}\n", wrapped(&names))
}

fn indented(text: &str) -> String {
    text.trim().lines().map(|line| format!("    {}", line.trim())).collect::<Vec<_>>().join("\n")
}

/// Names in lines of less than 100 columns.
fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::from("   ")];
    for name in names {
        if lines.last().is_some_and(|line| line.len() + name.len() + 1 > 100) {
            lines.push(String::from("   "));
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(name);
        }
    }
    lines.join("\n")
}
