//! A loop over numbers: the logistic map, so many iterations.

mod workload;

use divan::Bencher;
use workload::bench;

fn main() {
    divan::main();
}

const PROGRAM: &str = "
import numpy as np
from cotangent import grad

def primal(r, n):
    x = 0.3
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x

gradient = grad(primal)

def arguments(n):
    return [3.2, n]
";

#[divan::bench(args = [1_000, 100_000])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "primal", size);
}

#[divan::bench(args = [1_000, 100_000])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, PROGRAM, "gradient", size);
}
