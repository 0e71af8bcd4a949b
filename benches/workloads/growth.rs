//! How time grows with the work: per iteration, per element, per statement, over three decades. A line for each size: the
//! unit, what was run, how many, seconds.

use cotangent::{Interp, Result, Value};

use crate::cases::program;
use crate::measure::{median, processor_time, seconds_per_call};

const ROUNDS: usize = 5;
const SECONDS: f64 = 0.02;

pub fn print() -> Result<()> {
    // A unit, a program, a function of it, the sizes' first, the units that one of them stands for.
    let series = [
        ("iteration", "logistic", "gradient", 1e3, 1.0),
        ("iteration", "lorenz", "gradient", 1e2, 1.0),
        ("iteration", "updates", "gradient", 1e3, 1.0),
        ("iteration", "updates", "second_order", 1e3, 1.0),
        ("element", "elementwise", "gradient", 1e3, 1.0),
        ("element", "burgers", "gradient", 1e1, 200.0),
    ];
    for (unit, name, function, first, each) in series {
        for size in decades(first) {
            let seconds = calls(name, function, size)?;
            println!("{unit} {name}:{function} {} {seconds:e}", size as f64 * each);
        }
    }
    for (name, call, loops, last) in [
        ("straight:gradient", "grad(f)(0.5)", false, 10_000),
        ("loops:gradient", "grad(f)(0.5)", true, 10_000),
        ("straight:second_order", "grad(grad(f))(0.5)", false, 1_000),
    ] {
        for size in decades(1e1).into_iter().filter(|size| *size <= last) {
            match first_call(&statements(size as usize, loops), call) {
                Ok(seconds) => println!("statement {name} {size} {seconds:e}"),
                // A function may be too long to be differentiated as one.
                Err(error) => eprintln!("{name} of {size} statements: {error}"),
            }
        }
    }
    Ok(())
}

/// Three decades from a size on, in half steps.
fn decades(first: f64) -> Vec<i64> {
    (0..7).map(|step| (first * 10f64.powf(f64::from(step) / 2.0)).round() as i64).collect()
}

fn calls(name: &str, function: &str, size: i64) -> Result<f64> {
    let mut interp = Interp::new();
    interp.run(&program(name)?)?;
    let arguments: Vec<Value> = interp.call("arguments", (size,))?;
    let function = interp.function(function)?;
    function.call::<Value>(arguments.clone())?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(seconds_per_call(SECONDS, &mut || function.call::<Value>(arguments.clone()).map(drop))?);
    }
    Ok(median(&mut times))
}

/// From a text to the first result of a derivative of its function.
fn first_call(text: &str, call: &str) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = processor_time();
        let mut interp = Interp::new();
        interp.run(text)?;
        interp.eval(call)?;
        times.push(processor_time() - start);
    }
    Ok(median(&mut times))
}

/// A function of so many statements, in straight line or a third of them in loops.
fn statements(count: usize, loops: bool) -> String {
    let mut text =
        String::from("import numpy as np\nfrom cotangent import grad\ndef f(x):\n    a = x\n    b = x * x\n");
    for at in 0..count / if loops { 6 } else { 2 } {
        text.push_str(&format!("    a = np.sin(a) * b + {at}.0\n    b = b / (1.0 + a * a)\n"));
        if loops {
            text.push_str("    c = a * b\n    for i in range(3):\n        a = np.tanh(a * c)\n        b = b + a * i\n");
        }
    }
    text.push_str("    return a + b\n");
    text
}
