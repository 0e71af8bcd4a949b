//! Results that NumPy and SciPy gave, recorded by tests/oracle/record_linalg.py.

use cotangent::interp::display::repr;
use cotangent::{Array, Interp, Value};

/// A value as the recording spells it.
#[derive(Debug)]
enum Recorded {
    Tuple(Vec<Recorded>),
    Numbers { dtype: String, shape: String, elements: Vec<f64> },
}

fn parse(text: &str) -> (Recorded, &str) {
    if let Some(mut rest) = text.strip_prefix('(') {
        let mut items = Vec::new();
        while !rest.starts_with(')') {
            let (item, after) = parse(rest.trim_start());
            items.push(item);
            rest = after;
        }
        return (Recorded::Tuple(items), &rest[1..]);
    }
    let (dtype, rest) = text.split_once('[').unwrap();
    let (body, rest) = rest.split_once(']').unwrap();
    let (shape, elements) = body.split_once(':').unwrap();
    let elements = elements.split_whitespace().map(|x| x.parse().unwrap()).collect();
    (Recorded::Numbers { dtype: dtype.to_string(), shape: shape.to_string(), elements }, rest)
}

fn spelled(value: &Value) -> Recorded {
    let numbers = |dtype: &str, shape: &[usize], elements: Vec<f64>| Recorded::Numbers {
        dtype: dtype.to_string(),
        shape: shape.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        elements,
    };
    match value {
        Value::Tuple(items) => Recorded::Tuple(items.iter().map(spelled).collect()),
        Value::Float(x) => numbers("float", &[], vec![*x]),
        Value::Int(i) => numbers("int", &[], vec![*i as f64]),
        Value::Bool(b) => numbers("bool", &[], vec![f64::from(u8::from(*b))]),
        Value::Array(array) => match &**array {
            Array::Float(a) => numbers("float", a.shape(), a.iter().copied().collect()),
            Array::Int(a) => numbers("int", a.shape(), a.iter().map(|&i| i as f64).collect()),
            Array::Bool(a) => numbers("bool", a.shape(), a.iter().map(|&b| f64::from(u8::from(b))).collect()),
        },
        other => panic!("{} was not recorded", repr(other)),
    }
}

fn equal(a: &Recorded, b: &Recorded, tolerance: f64) -> bool {
    match (a, b) {
        (Recorded::Tuple(a), Recorded::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b, tolerance))
        }
        (
            Recorded::Numbers { dtype, shape, elements },
            Recorded::Numbers { dtype: of_dtype, shape: of_shape, elements: of_elements },
        ) => {
            let scale = elements.iter().filter(|x| x.is_finite()).fold(1.0, |max: f64, x| max.max(x.abs()));
            let near = |x: f64, y: f64| x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= tolerance * scale;
            dtype == of_dtype && shape == of_shape && elements.iter().zip(of_elements).all(|(&x, &y)| near(x, y))
        }
        _ => false,
    }
}

#[test]
fn linear_algebra_and_random_numbers_are_numpys() {
    let mut wrong = Vec::new();
    for line in include_str!("oracle/linalg.txt").lines() {
        let (program, want) = line.split_once('\t').unwrap();
        let text = format!("import numpy as np\nfrom scipy import linalg\n{}", program.replace("; ", "\n"));
        // Streams of random numbers are the same bits; factorisations differ in their roundings.
        let tolerance = if program.starts_with("rng") { 0.0 } else { 1e-12 };
        let last = program.rsplit("; ").next().unwrap_or(program);
        match Interp::new().eval(&text) {
            Ok(value) if want == "error" => {
                wrong.push(format!("{last} is {}, but an error was expected", repr(&value)))
            }
            Ok(value) => {
                let (recorded, _) = parse(want);
                if !equal(&recorded, &spelled(&value), tolerance) {
                    wrong.push(format!("{last} is {}, not {want}", repr(&value)));
                }
            }
            Err(_) if want == "error" => {}
            Err(error) => wrong.push(format!("{last}: {}, but {want} was expected", error.message())),
        }
    }
    assert!(wrong.is_empty(), "{} of the results differ:\n{}", wrong.len(), wrong.join("\n"));
}
