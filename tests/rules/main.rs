//! The rules against their definition: for every primitive and each expression of `rules/cases.txt`
//!
//! 1. the tangent is the central difference,
//! 2. the adjoint is the transpose of the tangent: `<v, J u> = <Jᵀ v, u>`,
//! 3. and once more on the derivative's own program: forward over reverse is the central difference of the gradient,
//!    reverse over forward and reverse over reverse agree with it.
//!
//! The batching rules are checked against the loop over the batch (`batches`).
//!
//! A primitive that is not registered (yet) is shown as ignored. One with a rule that no expression tries fails, and so does one that computes with floats and has no rule.

mod arguments;
mod batches;
mod table;

use std::collections::BTreeSet;

use arguments::{Argument, Draw};
use cotangent::Interp;
use cotangent::interp::array::Array;
use cotangent::interp::value::{List, Value};
use libtest_mimic::{Arguments, Failed, Trial};
use table::Case;

fn main() {
    let table = table::read(include_str!("cases.txt"));
    let mut trials: Vec<Trial> = Vec::new();
    for case in table.cases.clone() {
        let registered = exists(&case.name);
        let case_open = case.open;
        let title = format!("{}: {}", case.name, case.expression);
        trials.push(Trial::test(title, move || check(&case)).with_ignored_flag(case_open || !registered));
    }
    let mut batched = table.cases.clone();
    batched.extend(table::read(include_str!("batches.txt")).cases);
    for case in batched.clone() {
        let registered = exists(&case.name) || case.name == "operator.getitem";
        let title = format!("batches: {}: {}", case.name, case.expression);
        trials.push(Trial::test(title, move || batches::check(&case).map(drop)).with_ignored_flag(!registered));
    }
    trials.push(Trial::test("every batching rule is tried at once", move || batches::coverage(&batched)));
    trials.push(Trial::test("every primitive has a rule or needs none, and is tried", move || coverage(&table)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Whether the library has the function: as an entry, or written in the language.
fn exists(name: &str) -> bool {
    let known = || Interp::new().eval(&format!("{IMPORTS}{name}\n")).is_ok();
    cotangent::interp::library::lookup(name).is_some() || known()
}

const IMPORTS: &str = "import numpy as np\nimport math\nimport operator\nimport cotangent\n\
                       from cotangent import linalg, special, grad, jvp, vjp\n";

fn coverage(table: &table::Table) -> Result<(), Failed> {
    let rules = table::rules();
    let tried: BTreeSet<&str> = table.cases.iter().map(|case| case.name.as_str()).collect();
    let entries: BTreeSet<&str> =
        cotangent::interp::library::entries().map(|entry| entry.builtin.name).filter(|name| computes(name)).collect();
    let known =
        |name: &&&str| rules.derivatives.contains(**name) || rules.zero.contains(**name) || table.none.contains(**name);
    let without: Vec<&str> = entries.iter().filter(|name| !known(name)).copied().collect();
    let untried: Vec<&str> =
        entries.iter().filter(|name| rules.derivatives.contains(**name) && !tried.contains(**name)).copied().collect();
    let excused: Vec<&str> = untried.into_iter().filter(|name| !table.none.contains(*name)).collect();
    let mut problems = Vec::new();
    if !without.is_empty() {
        problems.push(format!("neither a rule nor declared zero: {}", without.join(", ")));
    }
    if !excused.is_empty() {
        problems.push(format!("a rule that nothing tries: {}", excused.join(", ")));
    }
    let exists = |name: &&String| cotangent::interp::library::lookup(name).is_some();
    let unknown: Vec<&str> =
        rules.derivatives.iter().chain(&rules.zero).filter(|name| !exists(name)).map(String::as_str).collect();
    if !unknown.is_empty() {
        problems.push(format!("a rule for what is no library function: {}", unknown.join(", ")));
    }
    let written: Vec<String> = cotangent::interp::library::SOURCES
        .iter()
        .flat_map(|(module, text)| functions(text).map(move |name| format!("{module}.{name}")))
        .filter(|name| !tried.contains(name.as_str()) && !table.none.contains(name))
        .collect();
    if !written.is_empty() {
        problems.push(format!("said in the language, and nothing tries them: {}", written.join(", ")));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// The functions that a text of the library defines for all to use.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("def ")?.split_once('('))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with('_'))
}

/// Whether an entry's module computes with numbers at all.
fn computes(name: &str) -> bool {
    !["str.", "dict.", "list.", "tuple.", "io.", "range.", "number."].iter().any(|module| name.starts_with(module))
}

/// A case's program, its arguments and what is to be multiplied with its derivatives.
struct Session {
    interp: Interp,
    arguments: Vec<Argument>,
}

/// Steps of a fourth-order central difference.
const STEP: f64 = 2e-3;

fn check(case: &Case) -> Result<(), Failed> {
    let mut draw = Draw::new(&case.expression);
    let (body, arguments) = arguments::parse(&case.expression, &mut draw)?;
    let mut session = Session { interp: Interp::new(), arguments };
    session.run(IMPORTS)?;
    let names = session.list("x");
    session.run(&format!("def f({names}):\n    return {body}\n"))?;
    for i in 0..session.arguments.len() {
        let argument = &session.arguments[i];
        let text = format!("x{i} = {}\nu{i} = {}\nw{i} = {}\n", argument.value, argument.direction, argument.weight);
        session.run(&text)?;
    }
    let y = session.value(&format!("f({names})"))?;
    let v = like(&y, &mut draw);
    session.run(&format!("v = {v}\n"))?;

    // First derivatives.
    let (xs, us) = (session.tuple("x"), session.tuple("u"));
    let tangent = session.floats(&format!("jvp(f, {xs}, {us})[1]"))?;
    let difference = session.difference("f")?;
    near("tangent and central difference", &tangent, &difference, case.tolerance)?;

    let adjoints = session.value(&format!("vjp(f, {names})[1](v)"))?;
    let by_adjoint = session.along_directions("adjoint", &adjoints)?;
    let by_tangent = dot(&session.floats("v")?, &tangent);
    near("adjoint along u and tangent along v", &[by_adjoint], &[by_tangent], 1e-9)?;
    if case.once {
        return Ok(());
    }

    // Second derivatives, of <v, f(x)>.
    let inner_y = inner("v", "y", &y);
    let parameters = (0..session.arguments.len()).map(|i| format!("{i}, ")).collect::<String>();
    let weighted =
        (0..session.arguments.len()).map(|i| format!("np.sum(w{i} * g[{i}])")).collect::<Vec<_>>().join(" + ");
    session.run(&format!(
        "def s({names}):\n    y = f({names})\n    return {inner_y}\n\
         def g({names}):\n    return grad(s, ({parameters}))({names})\n\
         def p({names}):\n    y = jvp(f, {xs}, {us})[1]\n    return {inner_y}\n\
         def q({names}):\n    g = grad(s, ({parameters}))({names})\n    return {weighted}\n"
    ))?;
    let forward_over_reverse = session.floats(&format!("jvp(g, {xs}, {us})[1]"))?;
    let difference = session.difference("g")?;
    near("forward over reverse and central difference", &forward_over_reverse, &difference, 10.0 * case.tolerance)?;
    let reverse_over_forward = session.floats(&format!("grad(p, ({parameters}))({names})"))?;
    near("reverse over forward and forward over reverse", &reverse_over_forward, &forward_over_reverse, 1e-8)?;
    let second = session.value(&format!("grad(q, ({parameters}))({names})"))?;
    let by_reverse = session.along_directions("reverse over reverse", &second)?;
    let weights = session.floats(&session.tuple("w"))?;
    near(
        "reverse over reverse and forward over reverse",
        &[by_reverse],
        &[dot(&weights, &forward_over_reverse)],
        1e-8,
    )?;
    Ok(())
}

impl Session {
    fn list(&self, letter: &str) -> String {
        (0..self.arguments.len()).map(|i| format!("{letter}{i}")).collect::<Vec<_>>().join(", ")
    }

    fn tuple(&self, letter: &str) -> String {
        format!("({},)", self.list(letter))
    }

    fn run(&mut self, text: &str) -> Result<(), Failed> {
        self.interp.eval(text).map(|_| ()).map_err(|error| format!("{error}\nin\n{text}").into())
    }

    fn value(&mut self, text: &str) -> Result<Value, Failed> {
        self.interp.eval(text).map_err(|error| format!("{error}\nin\n{text}").into())
    }

    fn floats(&mut self, text: &str) -> Result<Vec<f64>, Failed> {
        let value = self.value(text)?;
        let mut found = Vec::new();
        flatten(&value, &mut found)?;
        Ok(found)
    }

    /// The derivative of a function along the directions: a central difference of fourth order.
    fn difference(&mut self, function: &str) -> Result<Vec<f64>, Failed> {
        let mut at = |steps: f64| {
            let moved = (0..self.arguments.len()).map(|i| format!("x{i} + {} * u{i}", steps * STEP));
            let text = format!("{function}({})", moved.collect::<Vec<_>>().join(", "));
            self.floats(&text)
        };
        let (far_below, below, above, far_above) = (at(-2.0)?, at(-1.0)?, at(1.0)?, at(2.0)?);
        let slope = |i: usize| (8.0 * (above[i] - below[i]) - (far_above[i] - far_below[i])) / (12.0 * STEP);
        Ok((0..above.len()).map(slope).collect())
    }

    /// The inner product of cotangents of the arguments, which must have the arguments' shapes, with the directions.
    fn along_directions(&mut self, what: &str, cotangents: &Value) -> Result<f64, Failed> {
        let Value::Tuple(cotangents) = cotangents else {
            return Err(format!("{what}: not a tuple: {cotangents:?}").into());
        };
        let mut total = 0.0;
        for (i, cotangent) in cotangents.iter().enumerate() {
            let argument = self.value(&format!("x{i}"))?;
            if shape(cotangent) != shape(&argument) {
                let (found, wanted) = (shape(cotangent), shape(&argument));
                return Err(format!("{what}: shape {found:?} for an argument of shape {wanted:?}").into());
            }
            let mut numbers = Vec::new();
            flatten(cotangent, &mut numbers)?;
            total += dot(&numbers, &self.floats(&format!("u{i}"))?);
        }
        Ok(total)
    }
}

fn shape(value: &Value) -> Option<Vec<usize>> {
    match value {
        Value::Float(_) => Some(vec![]),
        Value::Array(array) => Some(array.shape().to_vec()),
        _ => None,
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn near(what: &str, found: &[f64], wanted: &[f64], tolerance: f64) -> Result<(), Failed> {
    let scale = wanted.iter().fold(1.0f64, |scale, x| scale.max(x.abs()));
    let close =
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= tolerance * scale);
    if close { Ok(()) } else { Err(format!("{what} differ:\n{found:?}\n{wanted:?}").into()) }
}

/// The numbers of a value in order.
fn flatten(value: &Value, into: &mut Vec<f64>) -> Result<(), Failed> {
    match value {
        Value::Float(x) => into.push(*x),
        Value::Int(x) => into.push(*x as f64),
        Value::Array(array) => match &**array {
            Array::Float(a) => into.extend(a.iter()),
            Array::Int(a) => into.extend(a.iter().map(|&x| x as f64)),
            Array::Bool(a) => into.extend(a.iter().map(|&x| f64::from(u8::from(x)))),
        },
        Value::Tuple(items) => items.iter().try_for_each(|item| flatten(item, into))?,
        Value::List(list) => match &**list {
            List::Floats(items) => into.extend(items),
            List::Ints(items) => into.extend(items.iter().map(|&x| x as f64)),
            List::Values(items) => items.iter().try_for_each(|item| flatten(item, into))?,
        },
        other => return Err(format!("not made of numbers: {other:?}").into()),
    }
    Ok(())
}

/// The text of a random value of the same structure.
fn like(value: &Value, draw: &mut Draw) -> String {
    match value {
        Value::Array(array) => draw.normal(array.shape()),
        Value::Tuple(items) => {
            format!("({})", items.iter().map(|item| like(item, draw) + ", ").collect::<String>())
        }
        Value::List(list) => {
            let items: Vec<String> = match &**list {
                List::Values(items) => items.iter().map(|item| like(item, draw)).collect(),
                List::Floats(items) => items.iter().map(|_| draw.normal(&[])).collect(),
                List::Ints(items) => items.iter().map(|_| draw.normal(&[])).collect(),
            };
            format!("[{}]", items.join(", "))
        }
        _ => draw.normal(&[]),
    }
}

/// The text of the inner product of two values of this structure.
fn inner(v: &str, y: &str, value: &Value) -> String {
    let parts = |items: Vec<String>| if items.is_empty() { "0.0".into() } else { items.join(" + ") };
    match value {
        Value::Tuple(items) => parts(
            items.iter().enumerate().map(|(i, item)| inner(&format!("{v}[{i}]"), &format!("{y}[{i}]"), item)).collect(),
        ),
        Value::List(list) => match &**list {
            List::Values(items) => parts(
                items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| inner(&format!("{v}[{i}]"), &format!("{y}[{i}]"), item))
                    .collect(),
            ),
            List::Floats(items) => parts((0..items.len()).map(|i| format!("{v}[{i}] * {y}[{i}]")).collect()),
            List::Ints(_) => "0.0".into(),
        },
        Value::Array(_) => format!("np.sum({v} * {y})"),
        _ => format!("{v} * {y}"),
    }
}
