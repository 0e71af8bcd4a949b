//! Elementwise chains, forward and reverse, against Rust written by hand (the scalar library, one loop): nanoseconds per
//! element, and their ratio. One run prints them side by side; the last line is a single operation on ten elements.

use std::hint::black_box;
use std::time::Instant;

use cotangent::{Array, Interp, Result, Value};

const PROGRAM: &str = "
import numpy as np
from cotangent import grad

def wave(x):
    return np.exp(-x * x) * np.sin(x) + 0.5 * x

def wave_sum(x):
    return np.sum(wave(x))

def mixed(x):
    return np.sum(np.exp(-x * x) * np.sin(x) + 0.5 * x * np.tanh(x))

wave_gradient = grad(wave_sum)
mixed_gradient = grad(mixed)

def repeated(x, n):
    y = x
    for i in range(n):
        y = y * x
    return y
";

/// A function of the program, and the same by hand: what it does to the elements, and its sum where that is the result.
struct Case {
    name: &'static str,
    by_hand: fn(&[f64], &mut [f64]) -> f64,
}

const CASES: [Case; 4] = [
    Case {
        name: "wave",
        by_hand: |x, y| {
            x.iter().zip(y).for_each(|(x, y)| *y = (-x * x).exp() * x.sin() + 0.5 * x);
            0.0
        },
    },
    Case {
        name: "wave_gradient",
        by_hand: |x, y| {
            x.iter().zip(y).for_each(|(x, y)| {
                let (e, (sin, cos)) = ((-x * x).exp(), x.sin_cos());
                *y = e * (cos - 2.0 * x * sin) + 0.5;
            });
            0.0
        },
    },
    Case { name: "mixed", by_hand: |x, _| x.iter().map(|x| (-x * x).exp() * x.sin() + 0.5 * x * x.tanh()).sum() },
    Case {
        name: "mixed_gradient",
        by_hand: |x, y| {
            x.iter().zip(y).for_each(|(x, y)| {
                let (e, t, (sin, cos)) = ((-x * x).exp(), x.tanh(), x.sin_cos());
                *y = e * (cos - 2.0 * x * sin) + 0.5 * t + 0.5 * x * (1.0 - t * t);
            });
            0.0
        },
    },
];

fn main() {
    if let Err(error) = compare() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn compare() -> Result<()> {
    println!("nanoseconds per element          by hand        fused            one by one");
    for case in CASES {
        for n in [10, 1_000, 1_000_000] {
            let x: Vec<f64> = (0..n).map(|i| -4.0 + 8.0 * i as f64 / n as f64).collect();
            let argument = Value::Array(Array::from(ndarray::Array1::from_vec(x.clone()).into_dyn()).into());
            let mut y = vec![0.0; n];
            let limit = median(n, || Ok((case.by_hand)(black_box(&x), &mut y)))?;
            let mut times = [0.0; 2];
            for (time, fusion) in times.iter_mut().zip([true, false]) {
                let mut interp = Interp::new();
                interp.set_fusion(fusion);
                interp.run(PROGRAM)?;
                let function = interp.function(case.name)?;
                *time = median(n, || function.call::<Value>((argument.clone(),)))?;
            }
            let [fused, single] = times.map(|time| format!("{time:>9.2} ({:>4.2} x)", time / limit));
            println!("{:<16} {n:>8} {limit:>12.2} {fused} {single}", case.name);
        }
    }
    let mut interp = Interp::new();
    interp.run(PROGRAM)?;
    let x = Value::Array(Array::from(ndarray::Array1::from_vec(vec![1.0; 10]).into_dyn()).into());
    let function = interp.function("repeated")?;
    let time = median(1000, || function.call::<Value>((x.clone(), Value::Int(1000))))?;
    println!("one product of ten elements: {time:.1} ns");
    Ok(())
}

/// The median time of a call, in nanoseconds for each of `n`.
fn median<T>(n: usize, mut call: impl FnMut() -> Result<T>) -> Result<f64> {
    black_box(call()?);
    let calls = 1 + 20_000 / n;
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < 5 || (start.elapsed().as_secs_f64() < 0.4 && times.len() < 200) {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call()?);
        }
        times.push(start.elapsed().as_secs_f64() / calls as f64);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2] * 1e9 / n as f64)
}
