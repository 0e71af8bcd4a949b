//! The transformations of functions. `grad(f)` is a value: the derivative is written when it is called.

use std::sync::Arc;

use super::super::function::{Derived, Function};
use super::super::value::{List, Value};
use super::arguments::take;
use super::{Builtin, kinds};
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::{Kind, Literal};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("grad" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("grad", args)), "The gradient of a function of a number that is returned, by reverse mode: a function of the same arguments.\n\n>>> grad(lambda x: x * x)(3.0)\n6.0"),
    entry!("value_and_grad" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("value_and_grad", args)), "The value and the gradient of a function in one pass.\n\n>>> value_and_grad(lambda x: x * x)(3.0)\n(9.0, 6.0)"),
    entry!("vjp" "(f, *args)" |_| Kind::Any, Machine(|machine, args| {
        let function = take(args, 0);
        machine.derive("vjp", &function, items(&args[1]))
    }), "The value of a function and its pullback, which takes a cotangent of the value to the tuple of the arguments' cotangents.\n\n>>> vjp(lambda x: x * x, 3.0)[1](1.0)\n(6.0,)"),
    entry!("jvp" "(f, primals, tangents)" |_| Kind::Any, Machine(|machine, args| {
        let function = take(args, 0);
        let rest = vec![take(args, 1), take(args, 2)];
        machine.derive("jvp", &function, rest)
    }), "The value of a function and its tangent, by forward mode.\n\n>>> jvp(lambda x: x * x, (3.0,), (1.0,))\n(9.0, 6.0)"),
    entry!("source" "(f, *args)" |_| Kind::Str, Machine(|machine, args| {
        let function = take(args, 0);
        machine.derive("source", &function, items(&args[1]))
    }), "The text of a function; of a derivative for these arguments, or for those of its last call."),
    entry!("stop_gradient" "(x, /)" kinds::same, Pure(|args| Ok(take(args, 0))), "The value itself, as a constant for derivatives.\n\n>>> grad(lambda x: x * stop_gradient(x))(3.0)\n3.0"),
];

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// The function value that a transformation makes.
fn derived(transform: &str, args: &mut [Value]) -> Result<Value> {
    let function = take(args, 0);
    if !matches!(function, Value::Function(_)) {
        return Err(Error::type_(format!("{transform}() takes a function, not '{}'", function.type_name())));
    }
    let has_aux = matches!(args[2], Value::Bool(true));
    let options = vec![argnums(&args[1])?, Literal::Bool(has_aux)];
    let derived = Derived { transform: Symbol::new(transform), options, function };
    Ok(Value::Function(Arc::new(Function::Derived(derived))))
}

fn argnums(value: &Value) -> Result<Literal> {
    Ok(match value {
        Value::Int(at) => Literal::Int(*at),
        Value::Str(name) => Literal::Str(name.as_str().into()),
        Value::Tuple(items) => Literal::Tuple(items.iter().map(argnums).collect::<Result<_>>()?),
        Value::List(list) => match &**list {
            List::Ints(items) => Literal::Tuple(items.iter().map(|at| Literal::Int(*at)).collect()),
            List::Values(items) => Literal::Tuple(items.iter().map(argnums).collect::<Result<_>>()?),
            List::Floats(_) => return Err(Error::type_("argnums takes integers or parameter names")),
        },
        _ => return Err(Error::type_("argnums takes integers or parameter names")),
    })
}
