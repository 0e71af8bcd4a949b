//! The printed source of derivatives, to the last letter: the files tests/golden/*.txt. `COTANGENT_GOLDEN=write` writes what is
//! printed now into the files, so that a change of any pass can be reviewed as a change of text.
//!
//! `#==== NAME | DERIVATIVE | ARGUMENTS` begins a case, the program follows. Below `#---- by hand` some have a function `g` that an
//! expert would write in the derivative's place: it gives the same numbers, and on average the generated one has hardly
//! more statements. Below `#---- source` stands what is printed.

use std::path::Path;

use cotangent::Interp;
use libtest_mimic::{Arguments, Failed, Trial};

const IMPORTS: &str = "import numpy as np
import scipy.special as special
import math
from cotangent import grad, value_and_grad, jvp, vjp, hvp, source, derivative, vmap, jacrev
def flat_into(out, value):
    if isinstance(value, (list, tuple)):
        for item in value:
            out = flat_into(out, item)
    elif isinstance(value, dict):
        for key in value:
            out = flat_into(out, value[key])
    else:
        out = out + [float(v) for v in np.ravel(value)]
    return out
";

/// Statements of generated functions for each of those by hand, on average.
const MOST_STATEMENTS: f64 = 1.2;

#[derive(Clone)]
struct Case {
    title: String,
    program: String,
    by_hand: Option<String>,
    source: String,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let write = std::env::var("COTANGENT_GOLDEN").is_ok_and(|wanted| wanted == "write");
    let mut files: Vec<_> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let (mut trials, mut all) = (Vec::new(), Vec::new());
    for path in files {
        let mut cases = read(&std::fs::read_to_string(&path).unwrap_or_default());
        if write {
            for case in &mut cases {
                case.source = printed(case).unwrap_or_else(|failed| format!("{failed:?}\n"));
            }
            std::fs::write(&path, written(&cases)).expect("the file can be written");
        }
        all.extend(cases.iter().cloned());
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        for case in cases {
            let name = case.title.split('|').next().unwrap_or("").trim().to_owned();
            trials.push(Trial::test(format!("{stem}::{name}"), move || check(&case)));
        }
    }
    assert!(trials.len() >= 40, "{} cases", trials.len());
    trials.push(Trial::test("statements", move || statements(&all)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut part = "";
    for line in text.split_inclusive('\n') {
        if let Some(title) = line.strip_prefix("#==== ") {
            let (program, source) = (String::new(), String::new());
            cases.push(Case { title: title.trim().into(), program, by_hand: None, source });
            part = "";
        } else if let Some(name) = line.strip_prefix("#---- ") {
            part = name.trim();
        } else if let Some(case) = cases.last_mut() {
            match part {
                "by hand" => case.by_hand.get_or_insert_default().push_str(line),
                "source" => case.source.push_str(line),
                _ => case.program.push_str(line),
            }
        }
    }
    cases
}

fn written(cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        text += &format!("#==== {}\n{}", case.title, case.program);
        if let Some(by_hand) = &case.by_hand {
            text += &format!("#---- by hand\n{by_hand}");
        }
        text += &format!("#---- source\n{}", case.source);
    }
    text
}

/// The derivative that a case asks for and its arguments.
fn asked(case: &Case) -> (&str, &str) {
    let mut parts = case.title.split('|').skip(1).map(str::trim);
    (parts.next().unwrap_or("grad(f)"), parts.next().unwrap_or(""))
}

fn prepared(case: &Case) -> Result<Interp, Failed> {
    let mut interp = Interp::new();
    let by_hand = case.by_hand.as_deref().unwrap_or("");
    interp.run(&format!("{IMPORTS}{}\n{by_hand}", case.program)).map_err(|e| format!("{e}"))?;
    Ok(interp)
}

fn text_of(interp: &mut Interp, expression: &str) -> Result<String, Failed> {
    interp.run(&format!("TEXT = {expression}")).map_err(|e| format!("{e}"))?;
    interp.get("TEXT").map_err(|e| format!("{e}").into())
}

fn printed(case: &Case) -> Result<String, Failed> {
    let (derivative, args) = asked(case);
    text_of(&mut prepared(case)?, &format!("source({derivative}, {args})"))
}

fn check(case: &Case) -> Result<(), Failed> {
    let now = printed(case)?;
    if now != case.source {
        return Err(format!("{}prints\n{now}where this is expected:\n{}", case.program, case.source).into());
    }
    let (derivative, args) = asked(case);
    let mut interp = prepared(case)?;
    let mut numbers = |function: &str| -> Result<Vec<f64>, Failed> {
        interp.run(&format!("NUMBERS = flat_into([], ({function}({args}),))")).map_err(|e| format!("{e}"))?;
        interp.get("NUMBERS").map_err(|e| format!("{e}").into())
    };
    let expected = numbers(derivative)?;
    if case.by_hand.is_some() {
        let by_hand = numbers("g")?;
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
        if by_hand.len() != expected.len() || !by_hand.iter().zip(&expected).all(near) {
            return Err(format!("by hand {by_hand:?}, generated {expected:?}").into());
        }
    }
    Ok(())
}

/// The number of statements of a program: the printer writes one a line.
fn count(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("import ")).count()
}

fn statements(cases: &[Case]) -> Result<(), Failed> {
    let mut table = String::new();
    let mut ratios = Vec::new();
    for case in cases.iter().filter(|case| case.by_hand.is_some()) {
        let by_hand = count(&text_of(&mut prepared(case)?, "source(g)")?);
        let generated = count(&printed(case)?);
        let ratio = generated as f64 / by_hand as f64;
        table += &format!("{generated:4} {by_hand:4} {ratio:5.2}  {}\n", case.title);
        ratios.push(ratio);
    }
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    println!("generated, by hand, ratio\n{table}mean of {}: {mean:.3}", ratios.len());
    if ratios.len() < 20 || mean > MOST_STATEMENTS {
        return Err(
            format!("{} functions by hand, {mean:.3} statements for each of theirs\n{table}", ratios.len()).into()
        );
    }
    Ok(())
}
