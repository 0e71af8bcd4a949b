//! `vmap` and what is made of it, at once for the whole batch, and what a loop over the batch takes.

use cotangent::{FromValue, Function, Interp, Result, Value};
use divan::Bencher;

/// The allocator of the command `cotangent`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// A small function of two numbers and a vector, for so many examples.
const SMALL: &str = "
import numpy as np
from cotangent import vmap

def f(a, b, x):
    y = a * np.sin(b) + x
    return np.sum(np.where(y > 0.0, y * y, 0.1 * y)) / (1.0 + abs(b))

at_once = vmap(f)

def one_by_one(a, b, x):
    return np.array([f(a[i], b[i], x[i]) for i in range(len(a))])

def arguments(n):
    rng = np.random.default_rng(0)
    return [rng.normal(size=n), rng.normal(size=n), rng.normal(size=(n, 8))]
";

/// The gradients of a network of two layers, 32 to 32 to 10, for each of so many examples.
const GRADIENTS: &str = "
import numpy as np
from cotangent import grad, vmap

def loss(params, x, k):
    z = params['w2'] @ np.tanh(params['w1'] @ x + params['b1']) + params['b2']
    z = z - np.max(z)
    return np.log(np.sum(np.exp(z))) - z[k]

gradient = grad(loss)
at_once = vmap(gradient, (None, 0, 0))

def one_by_one(params, x, k):
    each = [gradient(params, x[i], k[i]) for i in range(len(x))]
    return {key: np.stack([g[key] for g in each]) for key in params}

def arguments(n):
    rng = np.random.default_rng(0)
    params = {
        'w1': rng.normal(size=(32, 32)) / 6.0,
        'b1': np.zeros(32),
        'w2': rng.normal(size=(10, 32)) / 6.0,
        'b2': np.zeros(10),
    }
    return [params, rng.normal(size=(n, 32)), rng.integers(0, 10, size=n)]
";

/// The Jacobian of a network of two layers with so many numbers in, inside and out.
const JACOBIAN: &str = "
import numpy as np
from cotangent import jacrev, jacfwd, vjp, jvp, hessian, grad

def network(x, w1, w2):
    return np.tanh(w2 @ np.tanh(w1 @ x))

at_once = jacrev(network)
forward_at_once = jacfwd(network)

def one_by_one(x, w1, w2):
    y, pullback = vjp(lambda x: network(x, w1, w2), x)
    return np.stack([pullback(row)[0] for row in np.eye(len(y))])

def energy(x, w1, w2):
    y = network(x, w1, w2)
    return np.sum(y * y)

hessian_at_once = hessian(energy)

def hessian_one_by_one(x, w1, w2):
    return np.stack([jvp(lambda x: grad(energy)(x, w1, w2), (x,), (row,))[1] for row in np.eye(len(x))])

def arguments(n):
    rng = np.random.default_rng(0)
    return [rng.normal(size=n), rng.normal(size=(n, n)) / 10.0, rng.normal(size=(n, n)) / 10.0]
";

#[divan::bench(args = [1000])]
fn small_at_once(bencher: Bencher, size: i64) {
    bench(bencher, SMALL, "at_once", size);
}

#[divan::bench(args = [1000])]
fn small_one_by_one(bencher: Bencher, size: i64) {
    bench(bencher, SMALL, "one_by_one", size);
}

#[divan::bench(args = [256])]
fn gradients_at_once(bencher: Bencher, size: i64) {
    bench(bencher, GRADIENTS, "at_once", size);
}

#[divan::bench(args = [256])]
fn gradients_one_by_one(bencher: Bencher, size: i64) {
    bench(bencher, GRADIENTS, "one_by_one", size);
}

#[divan::bench(args = [100])]
fn jacobian_at_once(bencher: Bencher, size: i64) {
    bench(bencher, JACOBIAN, "at_once", size);
}

#[divan::bench(args = [100])]
fn jacobian_forward_at_once(bencher: Bencher, size: i64) {
    bench(bencher, JACOBIAN, "forward_at_once", size);
}

#[divan::bench(args = [100])]
fn jacobian_one_by_one(bencher: Bencher, size: i64) {
    bench(bencher, JACOBIAN, "one_by_one", size);
}

#[divan::bench(args = [100])]
fn hessian_at_once(bencher: Bencher, size: i64) {
    bench(bencher, JACOBIAN, "hessian_at_once", size);
}

#[divan::bench(args = [100])]
fn hessian_one_by_one(bencher: Bencher, size: i64) {
    bench(bencher, JACOBIAN, "hessian_one_by_one", size);
}

/// A global function of the program, which has been called once, and the arguments that `arguments(size)` makes for it.
fn prepared(program: &str, function: &str, size: i64) -> Result<(Function, Vec<Value>)> {
    let mut interp = Interp::new();
    interp.run(program)?;
    let arguments = Vec::from_value(interp.call("arguments", (size,))?)?;
    let function = interp.function(function)?;
    function.call::<Value>(arguments.clone())?;
    Ok((function, arguments))
}

/// Measures the calls, not what the first of them transforms and compiles.
fn bench(bencher: Bencher, program: &str, function: &str, size: i64) {
    match prepared(program, function, size) {
        Ok((function, arguments)) => bencher.bench_local(|| function.call::<Value>(arguments.clone())),
        Err(error) => panic!("{error}"),
    }
}
