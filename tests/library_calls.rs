//! The library against NumPy, call by call: every line of tests/oracle/calls_*.txt gives the element type, the shape and
//! the elements that NumPy gave. The files are written by tests/oracle/record_calls.py, which draws the calls systematically.
//! In debug builds each call also checks the function's kind rule against its value.

use std::collections::{BTreeMap, BTreeSet};

use cotangent::Array;
use cotangent::interp::value::Value;
use cotangent::interp::{Interp, display};
use cotangent::sct::kind::DType;

/// The bound of relative differences, for most calls.
const TOLERANCE: f64 = 1e-13;

/// A value as the recording spells it.
#[derive(Debug)]
enum Data {
    Numbers { dtype: char, shape: String, elements: Vec<f64> },
    Tuple(Vec<Data>),
    List(Vec<Data>),
    Text(String),
}

fn parse(text: &str) -> (Data, &str) {
    for (open, close) in [('(', ')'), ('<', '>')] {
        if let Some(mut rest) = text.strip_prefix(open) {
            let mut items = Vec::new();
            while !rest.starts_with(close) {
                let (item, after) = parse(rest.trim_start());
                items.push(item);
                rest = after;
            }
            return (if open == '(' { Data::Tuple(items) } else { Data::List(items) }, &rest[1..]);
        }
    }
    if !text.starts_with('\'') && text[1..].starts_with('[') {
        let (body, rest) = text[2..].split_once(']').expect("a shape and elements");
        let (shape, elements) = body.split_once(':').expect("elements after a shape");
        let dtype = text.chars().next().unwrap_or('?');
        let elements = elements.split_whitespace().map(|x| x.parse().expect("a number")).collect();
        return (Data::Numbers { dtype, shape: shape.to_string(), elements }, rest);
    }
    let end = text.find([')', '>']).unwrap_or(text.len());
    let end = text.strip_prefix('\'').and_then(|rest| rest.find('\'')).map_or(end, |at| at + 2);
    (Data::Text(text[..end].to_string()), &text[end..])
}

fn data(value: &Value) -> Data {
    let numbers = |dtype: char, shape: &[usize], elements: Vec<f64>| Data::Numbers {
        dtype,
        shape: shape.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        elements,
    };
    match value {
        Value::Tuple(items) => Data::Tuple(items.iter().map(data).collect()),
        Value::List(items) => Data::List(items.iter().map(|item| data(&item)).collect()),
        Value::Float(x) => numbers('f', &[], vec![*x]),
        Value::Int(i) => numbers('i', &[], vec![*i as f64]),
        Value::Bool(b) => numbers('b', &[], vec![f64::from(u8::from(*b))]),
        Value::Array(array) => match &**array {
            Array::Float(a) => numbers('f', a.shape(), a.iter().copied().collect()),
            Array::Int(a) => numbers('i', a.shape(), a.iter().map(|&i| i as f64).collect()),
            Array::Bool(a) => numbers('b', a.shape(), a.iter().map(|&b| f64::from(u8::from(b))).collect()),
        },
        Value::DType(DType::Float) => Data::Text("dtype float64".into()),
        Value::DType(DType::Int) => Data::Text("dtype int64".into()),
        Value::DType(DType::Bool) => Data::Text("dtype bool".into()),
        other => Data::Text(display::repr(other)),
    }
}

fn equal(a: &Data, b: &Data, tolerance: f64) -> bool {
    match (a, b) {
        (Data::Tuple(a), Data::Tuple(b)) | (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b, tolerance))
        }
        (Data::Text(a), Data::Text(b)) => a == b,
        (
            Data::Numbers { dtype, shape, elements },
            Data::Numbers { dtype: of_dtype, shape: of_shape, elements: of_elements },
        ) => {
            // Differences are relative to the largest element: sums cancel.
            let least = if tolerance > TOLERANCE { 1.0 } else { f64::MIN_POSITIVE };
            let scale = elements.iter().filter(|x| x.is_finite()).fold(least, |most: f64, x| most.max(x.abs()));
            let near = |x: f64, y: f64| {
                (x == y && (x != 0.0 || x.is_sign_negative() == y.is_sign_negative() || tolerance > TOLERANCE))
                    || (x.is_nan() && y.is_nan())
                    || (x != y && (x - y).abs() <= tolerance * scale)
            };
            dtype == of_dtype && shape == of_shape && elements.iter().zip(of_elements).all(|(&x, &y)| near(x, y))
        }
        _ => false,
    }
}

/// The bound for a family. Factorisations and what is made of them differ in their roundings, scaled by the condition.
fn tolerance(family: &str) -> f64 {
    match family {
        // The incomplete beta function loses digits to its factor of three gamma functions.
        "special" => 5e-12,
        _ if family.ends_with("linalg") || family == "linear_algebra" => 1e-11,
        _ => TOLERANCE,
    }
}

/// The function that a line calls first, to group failures by.
fn function(line: &str) -> String {
    let last = line.rsplit("; ").next().unwrap_or(line);
    let last = if last.len() < 3 { line.split("; ").nth(1).unwrap_or(line) } else { last };
    last.chars().take_while(|c| *c != '(').collect()
}

fn check(family: &str, recording: &str) {
    let mut interp = Interp::new();
    interp.run("import numpy as np\nimport math\nfrom scipy import linalg, special").expect("the imports");
    let (mut count, mut failures) = (0usize, BTreeMap::<String, Vec<String>>::new());
    for line in recording.lines() {
        let Some((program, want)) = line.split_once('\t') else {
            interp.run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            continue;
        };
        count += 1;
        let problem = match (interp.eval(&program.replace("; ", "\n")), want.strip_prefix('!')) {
            (Ok(value), None) => {
                let (wanted, _) = parse(want);
                let same = equal(&wanted, &data(&value), tolerance(family));
                (!same).then(|| display::repr(&value).replace('\n', "\n             "))
            }
            (Err(error), Some(_)) if error.message().contains("kind rule") => Some(error.message().to_string()),
            (Err(_), Some(_)) => None,
            (Ok(value), Some(_)) => Some(display::repr(&value)),
            (Err(error), None) => Some(error.message().to_string()),
        };
        if let Some(gave) = problem {
            failures
                .entry(function(program))
                .or_default()
                .push(format!("{program}\n    NumPy: {want}\n    here:    {gave}"));
        }
    }
    println!("{family}: {count} calls");
    let wrong: usize = failures.values().map(Vec::len).sum();
    let shown: usize = std::env::var("ORACLE_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let text: Vec<String> = failures
        .iter()
        .map(|(name, list)| format!("--- {name}: {}\n{}", list.len(), list[..list.len().min(shown)].join("\n")))
        .collect();
    assert!(wrong == 0, "{wrong} of {count} calls differ:\n{}", text.join("\n"));
    assert!(count > 100, "only {count} calls are recorded");
}

macro_rules! recorded {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), include_str!(concat!("oracle/calls_", stringify!($name), ".txt")));
            }
        )*

        /// The recordings, by families.
        const RECORDINGS: &[(&str, &str)] =
            &[$((stringify!($name), include_str!(concat!("oracle/calls_", stringify!($name), ".txt")))),*];
    };
}
recorded!(reductions scans elementwise indexing shapes creation selection products linear_algebra scipy_linalg methods writes draws random_indexing small_linalg special math names more_linalg);

/// The expressions that tests/library.rs compares as text.
const TEXTS: &[(&str, &str)] = &[
    ("texts: elementwise", include_str!("oracle/library_elementwise.txt")),
    ("texts: reductions", include_str!("oracle/library_reductions.txt")),
    ("texts: shapes", include_str!("oracle/library_shapes.txt")),
    ("texts: creation", include_str!("oracle/library_creation.txt")),
    ("texts: products", include_str!("oracle/library_products.txt")),
    ("texts: selection", include_str!("oracle/library_selection.txt")),
    ("texts: printing", include_str!("oracle/library_printing.txt")),
    ("texts: python", include_str!("oracle/library_python.txt")),
];

/// How many recorded calls there must be of each function.
const LEAST: usize = 30;

/// Functions of which fewer calls are recorded, and why.
const SELDOM: &[(&str, &str)] = &[
    ("np.load np.save np.loadtxt np.savetxt", "files: tests/files.rs"),
    ("np.random.Generator np.ndarray", "types, which isinstance asks for"),
    ("generator.shuffle", "changes its argument in NumPy: x = rng.permutation(x) is recorded"),
    (
        "linalg.factorize linalg.solve_factored linalg.inv_factored linalg.det_factored linalg.slogdet_factored linalg.lu_packed linalg.pivots_to_permutation",
        "parts that derivatives use; no names of SciPy",
    ),
    ("special.softplus", "recorded in forty digits: tests/oracle/special.txt, and no name of every SciPy"),
];

/// The functions that a call names: `np.linalg.inv`, and `array.sum` for `.sum` after a value, `generator.normal` for `rng.normal`.
fn named(call: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut before = ' ';
    let mut rest = call;
    while let Some(c) = rest.chars().next() {
        let word_starts = (c.is_alphabetic() || c == '_') && !(before.is_alphanumeric() || before == '_');
        if !word_starts {
            before = c;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let path = &rest[..end];
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let module = match first {
            _ if before == '.' => {
                found.insert(format!("array.{first}"));
                "array".to_string()
            }
            "np" | "linalg" | "special" | "math" => first.to_string(),
            "rng" => "generator".to_string(),
            _ => "array".to_string(),
        };
        if path.matches('.').count() > 1 {
            found.insert(path.to_string());
        }
        let mut owner = module;
        for part in parts.filter(|part| !part.is_empty()) {
            found.insert(format!("{owner}.{part}"));
            owner = match (owner.as_str(), part) {
                ("np", "linalg" | "random") => format!("np.{part}"),
                _ => "array".to_string(),
            };
        }
        before = 'x';
        rest = &rest[end..];
    }
    found
}

/// The functions of the library that are NumPy's, SciPy's or `math`'s: entries, and what is written in the language.
fn functions_of_numpy() -> BTreeSet<String> {
    let entries = cotangent::interp::library::entries().map(|entry| entry.builtin.name.to_string());
    let written = cotangent::interp::library::SOURCES.iter().flat_map(|(module, text)| {
        let definitions = text.lines().filter_map(|line| {
            let name = line.strip_prefix("def ").and_then(|line| line.split_once('('));
            let alias = line.split_once(" = ").filter(|(name, _)| !name.contains([' ', '.', ',']));
            name.or(alias).map(|(name, _)| name)
        });
        definitions.filter(|name| !name.starts_with('_')).map(move |name| format!("{module}.{name}"))
    });
    let modules = ["np.", "linalg.", "special.", "math.", "array.", "generator."];
    entries.chain(written).filter(|name| modules.iter().any(|module| name.starts_with(module))).collect()
}

#[test]
fn every_function_is_recorded_often() {
    let mut calls = BTreeMap::<String, usize>::new();
    for (family, recording) in RECORDINGS.iter().chain(TEXTS) {
        let programs = recording.lines().filter_map(|line| line.split_once('\t'));
        let mut count = 0;
        for (program, _) in programs {
            count += 1;
            named(program).into_iter().for_each(|name| *calls.entry(name).or_default() += 1);
        }
        println!("{family}: {count} calls");
    }
    let excepted: BTreeSet<&str> = SELDOM.iter().flat_map(|(names, _)| names.split(' ')).collect();
    let functions = functions_of_numpy();
    let count = |name: &str| calls.get(name).copied().unwrap_or(0);
    let seldom: Vec<String> = functions
        .iter()
        .filter(|name| count(name) < LEAST && !excepted.contains(name.as_str()))
        .map(|name| format!("{name}: {}", count(name)))
        .collect();
    println!("{} functions, of which {} are excepted", functions.len(), excepted.len());
    assert!(seldom.is_empty(), "fewer than {LEAST} recorded calls:\n{}", seldom.join("\n"));
    let needless: Vec<&str> =
        excepted.into_iter().filter(|name| !functions.contains(*name) || count(name) >= LEAST).collect();
    assert!(needless.is_empty(), "exceptions that are none: {}", needless.join(", "));
}
