//! A host that fits a curve whose model is a script: it registers a function of its own, hands arrays in and takes
//! arrays out, and descends along gradients that the script's text is transformed into.

use cotangent::{Interp, Result};
use ndarray::{Array1, array};

const MODEL: &str = "
import numpy as np

def model(p, t):
    return p[0] * np.exp(-p[1] * t) + p[2]

def loss(p):
    r = model(p, times) - measured
    return np.mean(r * r)

def report(step, value):
    log(f'step {step:5d}   loss {value:.8f}')
";

fn main() -> Result<()> {
    let mut interp = Interp::new();
    interp.register("log", |line: String| eprintln!("{line}"))?;

    let times = Array1::linspace(0.0, 4.0, 41);
    let truth = array![2.0, 1.3, 0.5];
    interp.set("times", times.clone())?;
    interp.set("measured", times.mapv(|t: f64| truth[0] * (-truth[1] * t).exp() + truth[2]))?;
    interp.run(MODEL)?;

    // Gradient descent with momentum, in the host.
    let objective = interp.value_and_grad("loss")?;
    let mut p = array![1.0, 1.0, 0.0];
    let mut velocity = Array1::zeros(3);
    for step in 0..=400 {
        let (value, gradient): (f64, Array1<f64>) = objective.call((p.clone(),))?;
        if step % 100 == 0 {
            interp.call::<()>("report", (step, value))?;
        }
        velocity = 0.9 * velocity - 0.1 * gradient;
        p += &velocity;
    }

    let fitted: Array1<f64> = interp.call("model", (p.clone(), times))?;
    println!("p = {p:.4}");
    println!("the curve ends at {:.4}", fitted[fitted.len() - 1]);
    assert!((&p - &truth).iter().all(|error| error.abs() < 1e-3));
    Ok(())
}
