//! A chain of elementwise operations on an array of so many elements.

use cotangent::{Interp, Result, Value};
use divan::Bencher;

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

#[divan::bench(args = [1_000, 1_000_000])]
fn primal(bencher: Bencher, size: i64) {
    bench(bencher, "primal", size);
}

#[divan::bench(args = [1_000, 1_000_000])]
fn gradient(bencher: Bencher, size: i64) {
    bench(bencher, "gradient", size);
}
