//! Loops over numbers and elements against Rust written by hand, forward and reverse: the logistic map, Lorenz' equations by
//! Runge and Kutta, Burgers' equation in place. One run prints the medians side by side, and their ratios.

#[path = "workload/by_hand.rs"]
mod by_hand;

use std::hint::black_box;
use std::time::Instant;

use cotangent::{Array, Interp, NativeCode, Result, Value};

const PROGRAM: &str = include_str!("workload/loops.cot");

/// A measured function: its name, its arguments, the same by hand.
struct Case {
    name: &'static str,
    arguments: Vec<Value>,
    primal: fn() -> f64,
    gradient: fn() -> f64,
}

fn main() {
    if let Err(error) = compare() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn compare() -> Result<()> {
    println!("                       by hand      machine code          machine              first call");
    for case in cases() {
        for (part, by_hand) in [("primal", case.primal), ("gradient", case.gradient)] {
            let function = format!("{}_{part}", case.name);
            let (limit, _) = median(|| Ok(by_hand()))?;
            let (native, first) = measured(&function, &case.arguments, NativeCode::Hot)?;
            let (machine, _) = measured(&function, &case.arguments, NativeCode::Off)?;
            println!(
                "{function:<20} {:>8.3} ms {:>8.3} ms {:>5.2} x {:>9.3} ms {:>6.1} x {:>9.3} ms",
                limit * 1e3,
                native * 1e3,
                native / limit,
                machine * 1e3,
                machine / limit,
                first * 1e3
            );
        }
    }
    Ok(())
}

fn cases() -> Vec<Case> {
    let u = Value::Array(std::sync::Arc::new(Array::from(ndarray_of(&by_hand::initial()))));
    let floats = |values: &[f64]| values.iter().map(|x| Value::Float(*x)).collect::<Vec<_>>();
    let mut logistic = floats(&[0.3, 3.0]);
    logistic.push(Value::Int(100_000));
    let mut lorenz = floats(&[1.0, 1.5, 20.0, 10.0, 28.0, 8.0 / 3.0]);
    lorenz.extend([Value::Int(10_000), Value::Float(1e-3)]);
    let mut burgers = vec![u, Value::Float(0.01), Value::Int(200), Value::Int(200)];
    burgers.extend(floats(&[0.002, 0.01]));
    vec![
        Case {
            name: "logistic",
            arguments: logistic,
            primal: || by_hand::logistic(black_box(0.3), 3.0, 100_000),
            gradient: || by_hand::logistic_gradient(black_box(0.3), 3.0, 100_000).0,
        },
        Case {
            name: "lorenz",
            arguments: lorenz,
            primal: || by_hand::lorenz(black_box([1.0, 1.5, 20.0]), [10.0, 28.0, 8.0 / 3.0], 10_000, 1e-3),
            gradient: || {
                by_hand::lorenz_gradient(black_box([1.0, 1.5, 20.0]), [10.0, 28.0, 8.0 / 3.0], 10_000, 1e-3).0[0]
            },
        },
        Case {
            name: "burgers",
            arguments: burgers,
            primal: || by_hand::burgers(&mut by_hand::initial(), black_box(0.01), 200, 0.002, 0.01),
            gradient: || by_hand::burgers_gradient(&by_hand::initial(), black_box(0.01), 200, 0.002, 0.01).1,
        },
    ]
}

fn ndarray_of(values: &[f64]) -> ndarray::ArrayD<f64> {
    ndarray::Array1::from_vec(values.to_vec()).into_dyn()
}

/// The median time of a call, and the time of the first in a new interpreter.
fn measured(function: &str, arguments: &[Value], native: NativeCode) -> Result<(f64, f64)> {
    let mut interp = Interp::new();
    interp.set_native_code(native);
    interp.run(PROGRAM)?;
    let function = interp.function(function)?;
    median(|| function.call::<Value>(arguments.to_vec()))
}

fn median<T>(mut call: impl FnMut() -> Result<T>) -> Result<(f64, f64)> {
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < 5 || (start.elapsed().as_secs_f64() < 1.0 && times.len() < 200) {
        let start = Instant::now();
        black_box(call()?);
        times.push(start.elapsed().as_secs_f64());
    }
    let first = times[0];
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], first))
}
