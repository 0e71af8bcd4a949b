//! Tiny programs, each of one construct, with the derivative that mathematics says; and the known traps.
//!
//! tests/constructs/values.cot is a table: `#  NAME: ARGUMENT -> DERIVATIVE` stands before a function `f` of a number. In
//! tests/constructs/traps.cot `#  NAME` stands before a program that asserts what must hold.

use std::path::Path;

use cotangent::Interp;
use libtest_mimic::{Arguments, Failed, Trial};

const IMPORTS: &str = "import numpy as np
import math
import scipy.special as special
import cotangent
from cotangent import grad, value_and_grad, jvp, vjp, jacfwd, jacrev, jacobian, hessian, hvp, derivative, stop_gradient
def close(a, b):
    return bool(np.all(np.abs(a - b) <= 1e-12 * (1.0 + np.abs(b))))
";

/// The titles of a file and the programs below them.
fn cases(text: &str) -> Vec<(String, String)> {
    let mut cases: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("#  "), cases.last_mut()) {
            (Some(title), _) => cases.push((title.trim().into(), String::new())),
            (None, Some((_, program))) => *program += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    cases
}

fn run(program: &str) -> Result<(), Failed> {
    let mut interp = Interp::new();
    interp.run(IMPORTS).map_err(|e| format!("{e}"))?;
    interp.run(program).map(drop).map_err(|e| format!("{e}\n{program}").into())
}

/// Every way of asking for the derivative gives the expected number.
fn holds(argument: &str, expected: &str, program: &str) -> Result<(), Failed> {
    let ways = [
        "grad(f)(X)",
        "jvp(f, (X,), (1.0,))[1]",
        "value_and_grad(f)(X)[1]",
        "vjp(f, X)[1](1.0)[0]",
        "derivative(f, 1)(X)",
    ];
    let mut checks = String::new();
    for way in ways {
        let way = way.replace('X', "ARGUMENT");
        checks += &format!("got = {way}\nassert close(got, EXPECTED), f\"{way} is {{got}}, not {{EXPECTED}}\"\n");
    }
    run(&format!("{program}ARGUMENT = {argument}\nEXPECTED = {expected}\n{checks}"))
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let read = |name: &str| cases(&std::fs::read_to_string(root.join(name)).unwrap_or_default());
    let mut trials = Vec::new();
    for (title, program) in read("values.cot") {
        let (name, numbers) = title.split_once(": ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        let (argument, expected) =
            numbers.split_once(" -> ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        trials.push(Trial::test(format!("values::{name}"), move || holds(&argument, &expected, &program)));
    }
    for (title, program) in read("traps.cot") {
        trials.push(Trial::test(format!("traps::{title}"), move || run(&program)));
    }
    assert!(trials.len() >= 80, "{} cases", trials.len());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
