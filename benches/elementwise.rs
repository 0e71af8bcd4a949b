//! A chain of elementwise operations on an array of so many elements.

mod workload;

use divan::Bencher;
use workload::bench;

fn main() {
    divan::main();
}

const PROGRAM: &str = "
import numpy as np
from cotangent import grad

def primal(x):
    return np.sum(np.exp(-x * x) * np.sin(x) + 0.5 * x)

gradient = grad(primal)

def arguments(n):
    return [np.linspace(-4.0, 4.0, n)]
";

#[divan::bench(args = [1_000, 1_000_000])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "primal", size);
}

#[divan::bench(args = [1_000, 1_000_000])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "gradient", size);
}
