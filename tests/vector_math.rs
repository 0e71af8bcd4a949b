//! Elementary functions are within two units in the last place of the correctly rounded result, and have one answer
//! however they are called.
//!
//! `vector_math.txt` has arguments and correctly rounded results; `oracle/record_vector_math.py` writes it.

use std::collections::BTreeMap;

use cotangent::{FromValue, Interp, NativeCode, Result};

fn float(bits: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(bits, 16).expect("sixteen digits"))
}

/// Places among the floats in order.
fn place(x: f64) -> i128 {
    let size = i128::from(x.to_bits() & !(1 << 63));
    if x.is_sign_negative() { -size } else { size }
}

/// How many floats lie between two.
fn distance(x: f64, y: f64) -> i128 {
    if x.is_nan() || y.is_nan() {
        if x.is_nan() == y.is_nan() { 0 } else { i128::MAX }
    } else {
        (place(x) - place(y)).abs()
    }
}

fn qualified(name: &str) -> String {
    format!("{}.{name}", if matches!(name, "expit" | "erf") { "special" } else { "np" })
}

fn interp() -> Interp {
    let mut interp = Interp::new();
    interp.run("import numpy as np\nimport special\nimport math").expect("imports");
    interp
}

fn evaluated(interp: &mut Interp, text: &str) -> Result<ndarray::Array1<f64>> {
    ndarray::Array1::from_value(interp.eval(text)?)
}

/// The function of each argument, as one call on an array.
fn of_array(interp: &mut Interp, name: &str, args: &[Vec<f64>]) -> Result<Vec<f64>> {
    for (k, arg) in args.iter().enumerate() {
        interp.set(&format!("a{k}"), ndarray::Array1::from_vec(arg.clone()))?;
    }
    let names: Vec<String> = (0..args.len()).map(|k| format!("a{k}")).collect();
    let result = evaluated(interp, &format!("{}({})", qualified(name), names.join(", ")))?;
    Ok(result.to_vec())
}

fn recorded() -> BTreeMap<&'static str, (Vec<Vec<f64>>, Vec<f64>)> {
    let mut calls: BTreeMap<&str, (Vec<Vec<f64>>, Vec<f64>)> = BTreeMap::new();
    for line in include_str!("vector_math.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let (args, results) = calls.entry(words[0]).or_default();
        args.resize(words.len() - 2, Vec::new());
        for (column, word) in args.iter_mut().zip(&words[1..]) {
            column.push(float(word));
        }
        results.push(float(words[words.len() - 1]));
    }
    calls
}

#[test]
fn within_two_units_of_the_correctly_rounded_result() -> Result<()> {
    let mut interp = interp();
    let calls = recorded();
    assert_eq!(calls.len(), 19);
    for (name, (args, expected)) in calls {
        assert!(expected.len() > 400, "{name}");
        let results = of_array(&mut interp, name, &args)?;
        let mut worst = (0, 0);
        for (k, (x, y)) in results.iter().zip(&expected).enumerate() {
            assert!(*y != 0.0 || x.is_sign_negative() == y.is_sign_negative(), "{name}: the sign of zero");
            worst = worst.max((distance(*x, *y), k));
        }
        let at: Vec<f64> = args.iter().map(|column| column[worst.1]).collect();
        println!("{name:<8} {} at {at:?}", worst.0);
        assert!(worst.0 <= 2, "{name} at {at:?}: {} for {}", results[worst.1], expected[worst.1]);
    }
    Ok(())
}

const SPECIAL: [f64; 22] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    -0.5,
    3.0,
    -3.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e300,
    -1e300,
    1e-300,
    1.0 + f64::EPSILON,
];

fn scalar_library(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "exp" => f64::exp,
        "expm1" => f64::exp_m1,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "log" => f64::ln,
        "log1p" => f64::ln_1p,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "arctan" => f64::atan,
        "arcsin" => f64::asin,
        "arccos" => f64::acos,
        "cbrt" => libm::cbrt,
        "erf" => libm::erf,
        "sqrt" => f64::sqrt,
        _ => return None,
    })
}

#[test]
fn as_the_scalar_library_at_special_numbers() -> Result<()> {
    let mut interp = interp();
    let same = |name: &str, at: &[f64], x: f64, y: f64| {
        assert!(distance(x, y) <= 2, "{name} at {at:?}: {x:e} for {y:e}");
        assert!(y.is_nan() || x.is_sign_negative() == y.is_sign_negative(), "{name} at {at:?}: {x:e} for {y:e}");
    };
    for name in recorded().keys() {
        if let Some(f) = scalar_library(name) {
            for (x, y) in SPECIAL.iter().zip(of_array(&mut interp, name, &[SPECIAL.to_vec()])?) {
                same(name, &[*x], y, f(*x));
            }
        }
    }
    for (name, f) in [("arctan2", f64::atan2 as fn(f64, f64) -> f64), ("float_power", f64::powf)] {
        let pairs: Vec<(f64, f64)> = SPECIAL.iter().flat_map(|x| SPECIAL.iter().map(move |y| (*x, *y))).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        for ((x, y), z) in pairs.iter().zip(of_array(&mut interp, name, &[x, y])?) {
            if name == "float_power" && *y == 0.5 && *x <= 0.0 {
                continue;
            }
            same(name, &[*x, *y], z, f(*x, *y));
        }
    }
    Ok(())
}

/// A number, a loop in machine code, an array with and without a neighbour, a view with strides: the same bits.
#[test]
fn one_answer_however_it_is_called() -> Result<()> {
    for (name, (args, _)) in recorded() {
        let mut interp = interp();
        let pick = |column: &Vec<f64>| column.iter().step_by(7).copied().chain(SPECIAL).collect::<Vec<f64>>();
        let args: Vec<Vec<f64>> = args.iter().map(pick).collect();
        let many = of_array(&mut interp, name, &args)?;
        let f = qualified(name);
        let (params, at, slices) = match args.len() {
            1 => ("a", "a[i]", "a[::-2]"),
            _ => ("a, b", "a[i], b[i]", "a[::-2], b[::-2]"),
        };
        interp.run(&format!(
            "def each({params}):\n    y = np.zeros(len(a))\n    for i in range(len(a)):\n        y[i] = {f}({at})\n    return y\n\
             def strided({params}):\n    return {f}({slices})\n\
             def single({params}):\n    return np.array([{f}(np.array([{}]))[0] for i in range(len(a))])\n",
            at.replace(", ", "]), np.array([")
        ))?;
        let names = if args.len() == 1 { "a0" } else { "a0, a1" };
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        let agree = |one: &[f64], other: &[f64], how: &str| {
            for (k, (x, y)) in one.iter().zip(other).enumerate() {
                let at: Vec<f64> = args.iter().map(|column| column[k]).collect();
                let same = x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
                assert!(same, "{name} {how} at {at:?}: {x:e} {y:e}");
            }
            assert_eq!(bits(one).len(), bits(other).len());
        };
        for native in [NativeCode::Off, NativeCode::Always] {
            interp.set_native_code(native);
            let each = evaluated(&mut interp, &format!("each({names})"))?;
            agree(&each.to_vec(), &many, "one by one");
        }
        let single = evaluated(&mut interp, &format!("single({names})"))?;
        agree(&single.to_vec(), &many, "in arrays of one");
        let strided = evaluated(&mut interp, &format!("strided({names})"))?;
        let expected: Vec<f64> = many.iter().rev().step_by(2).copied().collect();
        assert_eq!(strided.len(), expected.len());
        for (x, y) in strided.iter().zip(&expected) {
            assert!(x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan(), "{name} strided: {x:e} {y:e}");
        }
    }
    Ok(())
}
