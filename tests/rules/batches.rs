//! The batching rules against the loop over the batch: for every expression of `cases.txt` and of `batches.txt`, and each set of
//! its arguments in which the examples may differ.

use std::cell::RefCell;
use std::collections::BTreeSet;

use cotangent::Interp;
use cotangent::interp::value::{List, Value};
use libtest_mimic::Failed;

use crate::arguments::{self, Draw};
use crate::table::Case;
use crate::{IMPORTS, flatten};

/// Examples in a batch.
const EXAMPLES: usize = 3;

/// Checks an expression; whether the whole batch is done at once where all arguments differ.
pub fn check(case: &Case) -> Result<bool, Failed> {
    let mut drawn = Vec::new();
    let mut body = String::new();
    for example in 0..EXAMPLES {
        let mut draw = Draw::new(&format!("{example} of {}", case.expression));
        let (text, arguments) = arguments::parse(&case.expression, &mut draw)?;
        body = text;
        drawn.push(arguments);
    }
    let count = drawn[0].len();
    let names = |i: Option<usize>| match i {
        Some(i) => (0..count).map(|at| format!("x{at}_{i}")).collect::<Vec<_>>().join(", "),
        None => (0..count).map(|at| format!("x{at}")).collect::<Vec<_>>().join(", "),
    };
    let interp = RefCell::new(Interp::new());
    let run = |text: &str| -> Result<Value, Failed> {
        interp.borrow_mut().eval(text).map_err(|error| format!("{error}\nin\n{text}").into())
    };
    run(&format!(
        "{IMPORTS}from cotangent import vmap, source, stop_gradient\ndef f({}):\n    return {body}\n",
        names(None)
    ))?;
    for at in 0..count {
        for (i, arguments) in drawn.iter().enumerate() {
            run(&format!("x{at}_{i} = {}\n", arguments[at].value))?;
        }
        let each: Vec<String> = (0..EXAMPLES).map(|i| format!("x{at}_{i}")).collect();
        run(&format!("b{at} = np.stack([{}])\n", each.join(", ")))?;
    }
    let all = (1usize << count) - 1;
    let sets: Vec<usize> = match count {
        0 => vec![],
        1..=3 => (1..=all).collect(),
        _ => (0..count).map(|at| 1 << at).chain([all]).collect(),
    };
    let mut whole_batch = false;
    for set in sets {
        let mapped = |at: usize| set >> at & 1 == 1;
        let axes: String = (0..count).map(|at| if mapped(at) { "0, " } else { "None, " }).collect();
        let given: Vec<String> =
            (0..count).map(|at| if mapped(at) { format!("b{at}") } else { format!("x{at}_0") }).collect();
        let given = given.join(", ");
        let call = format!("vmap(f, ({axes}))({given})");
        let found = run(&call);
        let mut each = Vec::new();
        for i in 0..EXAMPLES {
            let names: Vec<String> = (0..count).map(|at| format!("x{at}_{}", if mapped(at) { i } else { 0 })).collect();
            each.push(run(&format!("f({})", names.join(", "))));
        }
        let Some(each) = each.into_iter().collect::<Result<Vec<_>, _>>().ok() else {
            if found.is_ok() {
                return Err(format!("{call} gives a value where the examples give errors").into());
            }
            continue;
        };
        let shapes = each.iter().map(shapes).collect::<BTreeSet<_>>();
        if shapes.len() > 1 {
            if found.is_ok() {
                return Err(format!("{call} gives a value where the examples give different shapes").into());
            }
            continue;
        }
        for (i, expected) in each.iter().enumerate() {
            let (mut wanted, mut numbers) = (Vec::new(), Vec::new());
            if flatten(expected, &mut wanted).is_err() {
                continue;
            }
            let found = found.as_ref().map_err(|error| format!("{call}: {error:?}"))?;
            flatten(&example(found, i)?, &mut numbers)?;
            let scale = wanted.iter().filter(|x| x.is_finite()).fold(1.0f64, |scale, x| scale.max(x.abs()));
            let near = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-11 * scale;
            if wanted.len() != numbers.len() || !wanted.iter().zip(&numbers).all(near) {
                let text = run(&format!("source(vmap(f, ({axes})), {given})"))?;
                return Err(format!("{call}: example {i} is\n{numbers:?} not\n{wanted:?}\n{text}").into());
            }
            if dtypes(expected) != dtypes(&example(found, i)?) {
                return Err(format!("{call}: the element types are not those of the examples").into());
            }
        }
        if set == all {
            let Value::Str(text) = run(&format!("source(vmap(f, ({axes})), {given})"))? else { continue };
            whole_batch = !text.contains("looped");
        }
    }
    Ok(whole_batch)
}

/// The part of a result that is an example's.
fn example(value: &Value, i: usize) -> Result<Value, Failed> {
    Ok(match value {
        Value::Tuple(items) => Value::tuple(items.iter().map(|item| example(item, i)).collect::<Result<_, _>>()?),
        Value::List(list) => match &**list {
            List::Values(items) => Value::tuple(items.iter().map(|item| example(item, i)).collect::<Result<_, _>>()?),
            _ => return Err("a list of numbers is no batch".into()),
        },
        array => {
            let mut interp = Interp::new();
            interp.set("value", array.clone()).map_err(|error| format!("{error}"))?;
            interp.eval(&format!("value[{i}]")).map_err(|error| format!("{error}"))?
        }
    })
}

/// The shapes of the arrays and numbers in a value.
fn shapes(value: &Value) -> Vec<Vec<usize>> {
    match value {
        Value::Array(array) => vec![array.shape().to_vec()],
        Value::Tuple(items) => items.iter().flat_map(shapes).collect(),
        Value::List(list) => match &**list {
            List::Floats(items) => vec![vec![items.len()]],
            List::Ints(items) => vec![vec![items.len()]],
            List::Values(items) => items.iter().flat_map(shapes).collect(),
        },
        _ => vec![vec![]],
    }
}

/// The element types of the arrays and numbers in a value.
fn dtypes(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Float(_) => vec!["float"],
        Value::Int(_) => vec!["int"],
        Value::Bool(_) => vec!["bool"],
        Value::Array(array) => vec![match array.dtype().name() {
            "float64" => "float",
            "int64" => "int",
            _ => "bool",
        }],
        Value::Tuple(items) => items.iter().flat_map(dtypes).collect(),
        Value::List(list) => match &**list {
            List::Floats(items) => items.iter().map(|_| "float").collect(),
            List::Ints(items) => items.iter().map(|_| "int").collect(),
            List::Values(items) => items.iter().flat_map(dtypes).collect(),
        },
        _ => vec![],
    }
}

/// Every function with a batching rule is tried, and is done for the whole batch at once in one of its cases.
pub fn coverage(cases: &[Case]) -> Result<(), Failed> {
    let rules = cotangent::sct::rules::Rules::library();
    let mut at_once: BTreeSet<&str> = BTreeSet::new();
    for case in cases {
        if !at_once.contains(case.name.as_str()) && check(case).unwrap_or(false) {
            at_once.insert(&case.name);
        }
    }
    let names: Vec<String> = rules.batched_primitives().iter().map(|name| name.as_str().to_string()).collect();
    let left: Vec<&String> = names.iter().filter(|name| !at_once.contains(name.as_str())).collect();
    // Methods that change a generator, which are no calls.
    let left: Vec<&&String> = left.iter().filter(|name| !name.starts_with("generator.")).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("never at once for a whole batch: {left:?}").into()) }
}
