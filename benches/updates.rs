//! x[i] = v in a loop over an array: time in proportion to its length, for the function and its derivatives.

mod workload;

use divan::Bencher;
use workload::bench;

fn main() {
    divan::main();
}

const PROGRAM: &str = "
import numpy as np
from cotangent import grad

def primal(a, n):
    x = np.zeros(n)
    x[0] = a
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * a
    return x[n - 1]

gradient = grad(primal)
second_order = grad(gradient)

def arguments(n):
    return [1.1, n]
";

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "primal", size);
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "gradient", size);
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn second_order(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "second_order", size);
}
