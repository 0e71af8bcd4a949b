//! Programs on arrays have the same results, the same errors and the same counts of operations whether chains of
//! elementwise operations are run block by block or one after the other.

use cotangent::{Array, Interp, Limits, Result, Value};

/// A generator of numbers (Marsaglia 2003).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// The bits of a value: two values have the same text only if they are the same.
fn exact(value: &Value) -> String {
    match value {
        Value::Float(x) if x.is_nan() => "nan".to_owned(),
        Value::Float(x) => format!("{:x}", x.to_bits()),
        Value::Array(array) => match &**array {
            Array::Float(a) => {
                let elements: Vec<String> = a.iter().map(|x| exact(&Value::Float(*x))).collect();
                format!("float {:?} {}", a.shape(), elements.join(" "))
            }
            Array::Int(a) => format!("int {:?} {a:?}", a.shape()),
            Array::Bool(a) => format!("bool {:?} {a:?}", a.shape()),
        },
        Value::Tuple(items) => items.iter().map(exact).collect::<Vec<_>>().join("; "),
        other => format!("{other:?}"),
    }
}

/// An expression of the arrays and numbers that there are.
fn expression(draw: &mut Draw, names: &[String], depth: usize) -> String {
    if depth == 0 || draw.below(6) == 0 {
        return match draw.below(8) {
            0 => draw.one(&["2", "0.5", "-1.5", "3.0", "0", "True"]).to_owned(),
            _ => names[draw.below(names.len())].clone(),
        };
    }
    let part = |draw: &mut Draw| expression(draw, names, depth - 1);
    match draw.below(14) {
        0..=5 => {
            let op = draw.one(&["+", "-", "*", "/", "*", "+"]);
            format!("({} {op} {})", part(draw), part(draw))
        }
        6 => format!("({} ** {})", part(draw), draw.one(&["2", "0.5", "-1", "3", "1.7"])),
        7 => format!("(-{})", part(draw)),
        8 | 9 => {
            let f = draw.one(&[
                "exp", "sin", "cos", "tanh", "log", "sqrt", "abs", "square", "arctan", "log1p", "expm1", "cbrt",
            ]);
            format!("np.{f}({})", part(draw))
        }
        10 => format!("np.{}({}, {})", draw.one(&["maximum", "minimum", "arctan2"]), part(draw), part(draw)),
        11 => {
            let op = draw.one(&["<", "<=", ">", ">=", "==", "!="]);
            format!("np.where({} {op} {}, {}, {})", part(draw), part(draw), part(draw), part(draw))
        }
        12 => format!("({} {} {})", part(draw), draw.one(&["<", ">=", "!="]), part(draw)),
        _ => format!("np.{}({})", draw.one(&["sum", "mean"]), part(draw)),
    }
}

/// A function of arrays `a`, `b`, `c` and numbers `s`, `k`.
fn program(draw: &mut Draw) -> String {
    let mut names: Vec<String> = ["a", "b", "c", "s", "k", "a", "b"].map(str::to_owned).to_vec();
    let mut text = "import numpy as np\ndef f(a, b, c, s, k):\n".to_owned();
    for line in 0..1 + draw.below(6) {
        let value = expression(draw, &names, 3);
        if draw.below(4) == 0 {
            let name = names[draw.below(names.len())].clone();
            text += &format!("    {name} {}= {value}\n", draw.one(&["+", "-", "*"]));
        } else {
            let name = draw.one(&["a", "t", "u", "v", "w"]);
            text += &format!("    {name} = {value}\n");
            if line > 0 || name != "a" {
                names.push(name.to_owned());
            }
        }
    }
    let results: Vec<String> = (0..1 + draw.below(3)).map(|_| names[draw.below(names.len())].clone()).collect();
    text += &format!("    return ({},)\n", results.join(", "));
    text
}

const ARGUMENTS: [&str; 12] = [
    "np.linspace(-2.0, 3.0, 7)",
    "np.linspace(-2.0, 3.0, 1)",
    "np.zeros(0)",
    "np.linspace(0.1, 30.0, 1000)",
    "np.linspace(-1.0, 1.0, 14)[::2]",
    "np.linspace(-1.0, 1.0, 7)[::-1]",
    "np.arange(7)",
    "np.array([True, False, True, True, False, False, True])",
    "np.linspace(-3.0, 3.0, 35).reshape(5, 7)",
    "np.linspace(-3.0, 3.0, 35).reshape(7, 5).T",
    "np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-310, 1e300])",
    "np.linspace(1.0, 2.0, 256)",
];

/// Arrays that are broadcast against each other, or in another order.
const BROADCAST: [&str; 12] = [
    "np.linspace(-2.0, 3.0, 35).reshape(5, 7)",
    "np.linspace(-1.0, 2.0, 35).reshape(5, 7)",
    "np.linspace(0.1, 1.0, 7)",
    "np.linspace(0.1, 1.0, 5).reshape(5, 1)",
    "np.linspace(0.1, 1.0, 7).reshape(1, 7)",
    "np.linspace(-3.0, 3.0, 35).reshape(7, 5).T",
    "np.linspace(-3.0, 3.0, 70).reshape(5, 14)[:, ::2]",
    "np.linspace(-3.0, 3.0, 105).reshape(3, 5, 7)",
    "np.array([[1.5]])",
    "np.broadcast_to(np.linspace(0.1, 1.0, 7), (5, 7))",
    "np.broadcast_to(0.7, (3, 5, 7))",
    "np.linspace(-1.0, 2.0, 50).reshape(5, 10)[:, 2:9]",
];

fn outcome(text: &str, arguments: &str, fusion: bool) -> (String, u64) {
    let mut interp = Interp::new();
    interp.set_fusion(fusion);
    interp.set_limits(Limits { operations: Some(1 << 40), ..Limits::default() });
    let result = interp.run(text).and_then(|()| interp.eval(&format!("f({arguments})")));
    let shown = match result {
        Ok(value) => exact(&value),
        Err(error) => format!("{error}"),
    };
    (shown, interp.operations())
}

/// Whether a program has a result, which with fusion and without is the same.
fn computes_the_same(case: usize, text: &str, arguments: &str) -> bool {
    let (with, without) = (outcome(text, arguments, true), outcome(text, arguments, false));
    assert_eq!(with, without, "case {case}: f({arguments}) of\n{text}");
    !with.0.contains("error")
}

#[test]
fn random_programs_do_the_same_with_and_without() {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let mut computed = 0;
    for case in 0..600 {
        let text = program(&mut draw);
        // Mostly arrays of the same kind, so that chains are run.
        let same = draw.one(&ARGUMENTS);
        let argument = |draw: &mut Draw| if draw.below(6) == 0 { draw.one(&ARGUMENTS) } else { same };
        let arguments = [argument(&mut draw), argument(&mut draw), argument(&mut draw)].join(", ");
        let arguments =
            format!("{arguments}, {}, {}", draw.one(&["0.3", "-1.25", "np.nan"]), draw.one(&["2", "0", "-3"]));
        computed += usize::from(computes_the_same(case, &text, &arguments));
    }
    assert!(computed > 200, "only {computed} programs have a result");
}

#[test]
fn random_programs_on_operands_of_several_shapes_do_the_same() {
    let mut draw = Draw(0x2545_f491_4f6c_dd1d);
    let mut computed = 0;
    for case in 0..600 {
        let text = program(&mut draw);
        let arguments = [draw.one(&BROADCAST), draw.one(&BROADCAST), draw.one(&BROADCAST)].join(", ");
        let arguments = format!("{arguments}, 0.3, 2");
        computed += usize::from(computes_the_same(case, &text, &arguments));
    }
    assert!(computed > 400, "only {computed} programs have a result");
}

/// Indices that show parts of one shape, mostly.
const PARTS: [&[&str]; 6] = [
    &["1:", ":-1", "1:", ":-1", "0:3"],
    &["2:6", "0:4", "-5:-1", "1:5", ":4"],
    &["1:, :-1", ":-1, 1:", "1:, 1:", "1:"],
    &[":, 2:5", ":, :3", ":, 1:4", "0"],
    &["1:4", "0:3", "2:5, :", "::2"],
    &["3:2", "5:1", "0:0"],
];

/// A function that reads and changes parts of arrays `a`, `b`, `c`.
fn program_of_parts(draw: &mut Draw) -> String {
    let indices = draw.one(&PARTS);
    let mut text = "import numpy as np\ndef f(a, b, c, s, k):\n".to_owned();
    let mut arrays: Vec<&str> = vec!["a", "b", "c"];
    let mut names: Vec<String> = vec!["s".to_owned()];
    for _ in 0..2 + draw.below(7) {
        for _ in 0..2 {
            names.push(format!("{}[{}]", arrays[draw.below(arrays.len())], draw.one(indices)));
        }
        let value = expression(draw, &names, 3);
        let (array, index) = (arrays[draw.below(arrays.len())], draw.one(indices));
        match draw.below(7) {
            0 => {
                text += &format!("    z = np.zeros_like({array})\n");
                arrays.push("z");
            }
            1 => {
                text += &format!("    y = {array}\n");
                arrays.push("y");
            }
            2 => text += &format!("    {array}[{index}] = {value}\n"),
            3 => text += &format!("    {array}[{index}] {}= {value}\n", draw.one(&["+", "-", "*", "/", "+", "**"])),
            _ => {
                let name = draw.one(&["t", "u", "v"]);
                text += &format!("    {name} = {value}\n");
                names.push(name.to_owned());
            }
        }
    }
    let held: Vec<&str> = names.iter().map(|name| name.as_str()).filter(|name| name.len() == 1).collect();
    text + &format!("    return ({}, {})\n", arrays.join(", "), held.join(", "))
}

/// Arrays of which parts are taken.
const WHOLE: [&str; 9] = [
    "np.linspace(-2.0, 3.0, 7)",
    "np.linspace(-3.0, 3.0, 35).reshape(5, 7)",
    "np.linspace(-2.0, 2.5, 1000)",
    "np.linspace(-3.0, 3.0, 35 * 36).reshape(35, 36)",
    "np.linspace(-3.0, 3.0, 105).reshape(3, 5, 7)",
    "np.linspace(-3.0, 3.0, 105).reshape(3, 5, 7)[:, :, 1]",
    "np.arange(7)",
    "[0.5, 1.5, -2.0, 0.25, 1.0, 2.0, 3.0]",
    "np.zeros((5, 0))",
];

#[test]
fn random_programs_on_parts_of_arrays_do_the_same() {
    let mut draw = Draw(0x5851_f42d_4c95_7f2d);
    let mut computed = 0;
    for case in 0..1500 {
        let text = program_of_parts(&mut draw);
        let same = draw.one(&WHOLE[..5]);
        let argument = |draw: &mut Draw| if draw.below(8) == 0 { draw.one(&WHOLE) } else { same };
        let arguments = [argument(&mut draw), argument(&mut draw), argument(&mut draw)].join(", ");
        let arguments = format!("{arguments}, 0.3, 2");
        computed += usize::from(computes_the_same(case, &text, &arguments));
    }
    assert!(computed > 500, "only {computed} programs have a result");
}

/// Larger than a block, with sums that are made of halves, and products of vectors.
#[test]
fn operands_of_several_shapes_have_the_same_bits() {
    let programs = [
        ("np.tanh(a * b + c)", "(40, 33)", "33", "(40, 1)"),
        ("np.sum((a - b) * (a - c) ** 2)", "(40, 33)", "(1, 33)", "(40, 1)"),
        ("np.mean(np.exp(-a * a) * b) + np.sum(a * c)", "(7, 1000)", "1000", "(7, 1)"),
        ("a + np.outer(b, c)", "(40, 33)", "40", "33"),
        ("a - np.outer(b, b) * c", "(40, 40)", "40", "40"),
        ("np.outer(b, c) * a + b", "(1, 33)", "1", "33"),
        ("np.outer(b, c) + a", "(6, 4)", "(2, 3)", "(2, 2)"),
        ("a.T * b + c", "(300, 4)", "300", "(4, 1)"),
        ("(a + b) * c", "(4, 300)", "(4, 1)", "(2, 1, 300)"),
        // Rows of a larger matrix, and what is the same from row to row where a block ends within one.
        ("np.sum(a[:, 1:] * b - c) + np.exp(a[:, :-1]) * b", "(40, 34)", "33", "(40, 1)"),
        ("a[:, 3:70] * b + a[:, 2:69] ** 2", "(3, 300)", "(3, 1)", "1"),
        ("(a[:, 1:] + b) * c", "(40, 34)", "(2, 1, 33)", "(40, 1)"),
        ("np.mean(b * c + 1.0) * a[:, ::2]", "(40, 34)", "(70, 64)", "64"),
        ("np.sum(a[1:] * b[:-1] - c[1:] ** 2) * a[1:]", "1000", "1000", "1000"),
        ("(a[1:, :-1] - b[:-1, 1:]) * c", "(40, 34)", "(40, 34)", "(39, 1)"),
    ];
    for (body, a, b, c) in programs {
        let text = format!("import numpy as np\ndef f(a, b, c):\n    return ({body},)\nr = np.random.default_rng(1)");
        let arguments = [a, b, c].map(|shape| format!("r.normal(size={shape})")).join(", ");
        let (with, without) = (outcome(&text, &arguments, true), outcome(&text, &arguments, false));
        assert_eq!(with, without, "{body}");
        assert!(!with.0.contains("error"), "{body}: {}", with.0);
    }
}

/// Gradients are programs like any other.
#[test]
fn gradients_have_the_same_bits() -> Result<()> {
    let text = "
import numpy as np
from cotangent import value_and_grad
def loss(x, w):
    h = np.tanh(x * w + 0.5)
    r = np.where(h > 0.2, h, np.exp(h) - 1.0)
    return np.sum(np.exp(-x * x) * np.sin(x) + 0.5 * x * np.tanh(x)) + np.mean(r * r)
g = value_and_grad(loss, (0, 1))
";
    for n in [1, 10, 129, 1000, 4099] {
        let results = [true, false].map(|fusion| -> Result<String> {
            let mut interp = Interp::new();
            interp.set_fusion(fusion);
            interp.run(text)?;
            Ok(exact(&interp.eval(&format!("g(np.linspace(-4.0, 4.0, {n}), np.linspace(0.3, 2.0, {n}))"))?))
        });
        let [with, without] = results;
        assert_eq!(with?, without?);
    }
    Ok(())
}

/// What lies between two operations of a chain is never stored: a chain allocates its result and little more.
#[test]
fn a_chain_stores_its_result_only() -> Result<()> {
    let peak = |fusion: bool| -> Result<u64> {
        let mut interp = Interp::new();
        interp.set_fusion(fusion);
        interp.run("import numpy as np\ndef f(x):\n    return np.exp(-x * x) * np.sin(x) + 0.5 * x\nx = np.linspace(-4.0, 4.0, 100000)")?;
        interp.eval("f(x[:10])")?;
        let mut result = Ok(Value::None);
        let info = allocation_counter::measure(|| result = interp.eval("f(x)"));
        result?;
        Ok(info.bytes_max)
    };
    let (with, without) = (peak(true)?, peak(false)?);
    assert!(with < 1_000_000, "{with} bytes");
    assert!(without > 1_500_000, "{without} bytes");
    Ok(())
}

/// A limit ends a chain where it ends its instructions.
#[test]
fn limits_are_obeyed() {
    let text = "import numpy as np\ndef f(x):\n    y = x * x\n    y = np.exp(y) + x\n    return np.sum(y * 0.5)\nx = np.ones(10000)";
    for most in [5_000, 15_000, 25_000, 35_000, 45_000, 55_000] {
        let ends = [true, false].map(|fusion| {
            let mut interp = Interp::new();
            interp.set_fusion(fusion);
            interp.set_limits(Limits { operations: Some(most), ..Limits::default() });
            match interp.run(text).and_then(|()| interp.eval("f(x)")) {
                Ok(value) => exact(&value),
                Err(error) => format!("{error}"),
            }
        });
        assert_eq!(ends[0], ends[1], "with {most} operations");
    }
}
