//! x[i] = v in a loop over an array: time in proportion to its length, for the function and its derivatives.

use cotangent::{Interp, Result, Value};
use divan::Bencher;

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

/// Benches a global function of the program on the arguments that it makes for a size.
fn bench(bencher: Bencher, function: &str, size: i64) {
    let prepared = || -> Result<(Interp, Value, Vec<Value>)> {
        let mut interp = Interp::new();
        interp.run(PROGRAM)?;
        let args: Value = interp.call("arguments", (size,))?;
        let args = <Vec<Value> as cotangent::FromValue>::from_value(args)?;
        let function: Value = interp.get(function)?;
        interp.call_value::<Value>(&function, args.clone())?;
        Ok((interp, function, args))
    };
    match prepared() {
        Ok((mut interp, function, args)) => bencher.bench_local(|| interp.call_value::<Value>(&function, args.clone())),
        Err(error) => eprintln!("{error}"),
    }
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, "primal", size);
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, "gradient", size);
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn second_order(bencher: Bencher, size: i64) {
    bench(bencher, "second_order", size);
}
