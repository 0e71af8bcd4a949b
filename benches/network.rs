//! The loss of a network of two layers, 64 to 32 to 10, on a batch of so many images.

mod workload;

use divan::Bencher;
use workload::bench;

fn main() {
    divan::main();
}

const PROGRAM: &str = "
import numpy as np
from cotangent import grad

def primal(params, x, y):
    z = np.tanh(x @ params['w1'] + params['b1']) @ params['w2'] + params['b2']
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(np.sum(y * log_p, axis=1))

gradient = grad(primal)

def arguments(n):
    rng = np.random.default_rng(0)
    params = {
        'w1': rng.normal(size=(64, 32)) / 8.0,
        'b1': np.zeros(32),
        'w2': rng.normal(size=(32, 10)) / 5.0,
        'b2': np.zeros(10),
    }
    return [params, rng.random((n, 64)), np.eye(10)[rng.integers(0, 10, size=n)]]
";

#[divan::bench(args = [32, 512])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "primal", size);
}

#[divan::bench(args = [32, 512])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "gradient", size);
}
