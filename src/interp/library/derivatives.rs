//! The transformations of functions. `grad(f)` is a value: the derivative is written when it is called.

use std::sync::Arc;

use super::super::derive::{fits, promoted};
use super::super::function::{Derived, Function};
use super::super::kinds::{key_literal, literal_of};
use super::super::value::Value;
use super::arguments::take;
use super::{Builtin, kinds};
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::{Kind, Literal};
use crate::sct::modes;

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
    entry!("jacfwd" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("jacfwd", args)), "The Jacobian of a function, by forward mode: one pass for each number that goes in, all of them at once where the function allows it. It has the structure of the value, in its places that of the arguments, and in theirs the shape of the one followed by that of the other.\n\n>>> jacfwd(lambda x: np.array([x[0] * x[1], x[1]]))(np.array([2.0, 3.0]))\narray([[3., 2.],\n       [0., 1.]])"),
    entry!("jacrev" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("jacrev", args)), "The Jacobian of a function, by reverse mode: one pass for each number that comes out.\n\n>>> jacrev(lambda x: x * x)(np.array([2.0, 3.0]))\narray([[4., 0.],\n       [0., 6.]])"),
    entry!("jacobian" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("jacobian", args)), "The Jacobian of a function, by the cheaper of the two modes.\n\n>>> jacobian(lambda x: x * x)(np.array([2.0, 3.0]))\narray([[4., 0.],\n       [0., 6.]])"),
    entry!("hessian" "(f, argnums=0, has_aux=False)" |_| Kind::Any, Pure(|args| derived("hessian", args)), "The second derivatives of a function, forward over reverse.\n\n>>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))\narray([[6., 4.],\n       [4., 0.]])"),
    entry!("derivative" "(f, n=1, argnums=0)" |_| Kind::Any, Pure(|args| derived("derivative", args)), "The n-th derivative of a function with respect to a number.\n\n>>> derivative(lambda x: x ** 4, 2)(3.0)\n108.0"),
    entry!("hvp" "(f, x, v)" |_| Kind::Any, Machine(|machine, args| {
        let function = take(args, 0);
        let rest = vec![take(args, 1), take(args, 2)];
        machine.derive("hvp", &function, rest)
    }), "The Hessian of a function at `x` times `v`, by forward over reverse: at the cost of a few gradients, the Hessian itself is never formed.\n\n>>> hvp(lambda x: np.sum(x ** 3), np.array([1.0, 2.0]), np.array([1.0, 1.0]))\narray([ 6., 12.])"),
    entry!("vmap" "(f, in_axes=0, out_axes=0)" |_| Kind::Any, Pure(|args| derived("vmap", args)), "The function for a whole batch: its arguments have one axis more, and so has its value. `in_axes` says along which axis of each argument the examples lie (None: the argument is the same for all; a tuple or a dict: of the items of a tuple, list or dict), `out_axes` along which axis of the value they are put (None: the value is the same for all). The result is that of a loop over the batch; what the function computes is computed for all examples at once where that can be, and `source` shows how.\n\n>>> vmap(lambda x, y: x @ y)(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]))\narray([1., 4.])\n>>> vmap(lambda p, x: p['a'] * x, in_axes=({'a': None}, 0))({'a': 2.0}, np.array([1.0, 2.0]))\narray([2., 4.])\n>>> vmap(lambda a, x: a * x, in_axes=(None, 1))(2.0, np.array([[1.0, 2.0, 3.0]]))\narray([[2.],\n       [4.],\n       [6.]])"),
    entry!("checkpoint" "(f, slots=None)" |_| Kind::Any, Pure(checkpoint), "The function, of which a gradient keeps nothing but the arguments: what the reverse sweep needs is computed again. Of a range, `for i in checkpoint(range(n), slots=s):` is a loop whose reverse sweep holds `s` states (about log2(n) where it is not given) and runs the iterations again between them, as few as that takes.\n\n>>> grad(checkpoint(lambda x: x * x))(3.0)\n6.0"),
    entry!("insert_grad_of" "(x, /)" |_| Kind::Any, Pure(|_| {
        Err(Error::type_("insert_grad_of() stands in a `with` statement").hint("with insert_grad_of(x) as dx: …"))
    }), "`with insert_grad_of(x) as dx:` puts its body into the reverse sweep at that place, where `dx` is the adjoint of `x`: it may be printed, clipped, or given another value. The value of the function, and its derivatives in forward mode, are what they are without."),
    entry!("adjoint" "(f, /)" |_| Kind::Any, Pure(|args| Ok(rule_of("adjoint", take(args, 0)))), "Gives a function the adjoint of its derivative: the template takes the result, then the function's parameters, and adds to `x_bar`, from `y_bar`."),
    entry!("tangent" "(f, /)" |_| Kind::Any, Pure(|args| Ok(rule_of("tangent", take(args, 0)))), "Gives a function the tangent of its derivative: the template takes the result, then the function's parameters, and adds to `y_dot`, from `x_dot`."),
    entry!("partial" "(f, /)" |_| Kind::Any, Pure(|args| Ok(rule_of("partial", take(args, 0)))), "Gives an elementwise function its partial derivatives: the template takes the result, then the function's parameters, and returns one for each of them."),
    entry!("cotangent.pull_back" "(backward, residual, value, y_bar, /)" |_| Kind::Any, Machine(|machine, args| {
        let (backward, residual, value) = (take(args, 0), take(args, 1), take(args, 2));
        let y_bar = promoted(take(args, 3))?;
        if !fits(&promoted(value)?, &y_bar) {
            return Err(Error::shape("the cotangent does not have the structure and the shape of the value"));
        }
        machine.call(&backward, vec![residual, y_bar])
    }), "What the pullback of `vjp` does with a cotangent of the value."),
    entry!("cotangent.define_rule" "(form, f, template, /)" |_| Kind::Any, Machine(|machine, args| {
        let Value::Str(form) = take(args, 0) else { return Err(Error::type_("the form of a rule is a string")) };
        let (function, template) = (take(args, 1), take(args, 2));
        machine.derive(&form, &function, vec![template])
    }), "Gives a function a rule."),
    entry!("source" "(f, *args)" |_| Kind::Str, Machine(|machine, args| {
        let function = take(args, 0);
        machine.derive("source", &function, items(&args[1]))
    }), "The text of a function; of a derivative for these arguments, or for those of its last call."),
    entry!("stop_gradient" "(x, /)" kinds::same, Pure(|args| Ok(take(args, 0))), "The value itself, as a constant for derivatives.\n\n>>> grad(lambda x: x * stop_gradient(x))(3.0)\n3.0"),
];

/// What `@adjoint(f)` applies to the definition after it.
fn rule_of(form: &str, function: Value) -> Value {
    let define = match super::lookup("cotangent.define_rule") {
        Some(builtin) => super::function(builtin),
        None => Value::None,
    };
    Value::Function(Arc::new(Function::Partial(define, vec![Value::str(form), function].into())))
}

fn checkpoint(args: &mut [Value]) -> Result<Value> {
    match (&args[0], &args[1]) {
        (Value::Range(_), Value::None | Value::Int(1..)) => Ok(take(args, 0)),
        (Value::Range(_), _) => Err(Error::value("checkpoint: slots is a number from 1")),
        (_, Value::None) => derived("checkpoint", &mut args[..1]),
        _ => Err(Error::type_("checkpoint: slots are for a range")),
    }
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// Derivatives of derivatives of one function.
pub(crate) const DERIVATIVES: usize = 64;

/// The function value that a transformation makes.
fn derived(transform: &str, args: &mut [Value]) -> Result<Value> {
    let function = take(args, 0);
    if !matches!(function, Value::Function(_)) {
        return Err(Error::type_(format!("{transform}() takes a function, not '{}'", function.type_name()))
            .hint(format!("give it the function itself: {transform}(f)(x), not {transform}(f(x))")));
    }
    let mut inner = &function;
    let mut count = 0;
    while let Value::Function(f) = inner
        && let Function::Derived(derived) = &**f
    {
        count += 1;
        if count >= DERIVATIVES {
            return Err(Error::limit(format!("a function has at most {DERIVATIVES} derivatives of derivatives")));
        }
        inner = &derived.function;
    }
    let transform = Symbol::new(transform);
    let names = modes::mode(transform).map_or(&[][..], |mode| mode.options);
    let mut options = Vec::new();
    for (value, (name, _)) in args[1..].iter().zip(names) {
        let Some(option) = option(value) else {
            return Err(Error::type_(format!("{transform}(): `{name}` cannot be '{}'", value.type_name())));
        };
        options.push(option);
    }
    let derived = Derived { transform, options, function };
    Ok(Value::Function(Arc::new(Function::Derived(derived))))
}

/// An option is a constant; a list counts as the tuple of its items.
fn option(value: &Value) -> Option<Literal> {
    match value {
        Value::List(list) => list.iter().map(|item| option(&item)).collect::<Option<_>>().map(Literal::Tuple),
        Value::Tuple(items) => items.iter().map(option).collect::<Option<_>>().map(Literal::Tuple),
        Value::Dict(items) => {
            let pair = |(key, item)| Some((key_literal(key)?, option(item)?));
            items.iter().map(pair).collect::<Option<_>>().map(Literal::Dict)
        }
        value => literal_of(value),
    }
}
