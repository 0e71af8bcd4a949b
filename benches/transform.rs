//! The first call of a gradient: parsing, writing the derivative, compiling it, running it once.

use cotangent::{Interp, Result};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A function of so many statements.
fn text(statements: usize) -> String {
    let mut text =
        String::from("import numpy as np\nfrom cotangent import grad\ndef f(x):\n    a = x\n    b = x * x\n");
    for at in 0..statements / 2 {
        text.push_str(&format!("    a = np.sin(a) * b + {at}.0\n    b = b / (1.0 + a * a)\n"));
    }
    text.push_str("    return a + b\n");
    text
}

fn first_call(text: &str, call: &str) -> Result<f64> {
    let mut interp = Interp::new();
    interp.run(text)?;
    cotangent::FromValue::from_value(interp.eval(call)?)
}

/// A function of so many statements, a third of them in loops.
fn text_with_loops(statements: usize) -> String {
    let mut text =
        String::from("import numpy as np\nfrom cotangent import grad\ndef f(x):\n    a = x\n    b = x * x\n");
    for at in 0..statements / 6 {
        text.push_str(&format!("    a = np.sin(a) * b + {at}.0\n    b = b / (1.0 + a * a)\n    c = a * b\n"));
        text.push_str("    for i in range(3):\n        a = np.tanh(a * c)\n        b = b + a * i\n");
    }
    text.push_str("    return a + b\n");
    text
}

#[divan::bench(args = [10, 100, 1000])]
fn primal(bencher: Bencher, statements: usize) {
    let text = text(statements);
    bencher.bench(|| first_call(&text, "f(0.5)"));
}

#[divan::bench(args = [10, 100, 1000, 10_000], sample_count = 10, sample_size = 1)]
fn gradient(bencher: Bencher, statements: usize) {
    let text = text(statements);
    bencher.bench(|| first_call(&text, "grad(f)(0.5)"));
}

#[divan::bench(args = [10, 100, 1000, 10_000], sample_count = 10, sample_size = 1)]
fn gradient_with_loops(bencher: Bencher, statements: usize) {
    let text = text_with_loops(statements);
    bencher.bench(|| first_call(&text, "grad(f)(0.5)"));
}

#[divan::bench(args = [10, 100])]
fn second_order(bencher: Bencher, statements: usize) {
    let text = text(statements);
    bencher.bench(|| first_call(&text, "grad(grad(f))(0.5)"));
}
