//! Machine code gives what the machine gives: values to the last bit, counts of operations, errors and their places.

mod native {
    pub mod outcome;
}

use std::sync::atomic::Ordering;
use std::time::Duration;

use cotangent::{Interp, Limits, NativeCode};
use native::outcome::{run, same};
use proptest::prelude::*;

const PROGRAMS: &str = include_str!("native/programs.cot");

/// Each `# program` of the file, run as it is.
#[test]
fn programs_agree() {
    for program in PROGRAMS.split("# program").skip(1) {
        let (name, text) = program.split_once('\n').unwrap_or_default();
        let outcome = same(text, Limits::default());
        let expected = text.lines().find_map(|line| line.strip_prefix("# ends: "));
        match expected {
            Some(expected) => assert!(outcome.ended.contains(expected), "{name}: {}", outcome.ended),
            None => assert_eq!(outcome.ended, "", "{name}"),
        }
        assert!(expected.is_some() || !outcome.printed.is_empty(), "{name} prints nothing");
    }
}

const FOREVER: &str = "
def f(x, n):
    while True:
        for i in range(n):
            x = 0.5 * x + 1.0
    return x
f(1.0, 100)
";

#[test]
fn operations_are_limited_within_machine_code() {
    let outcome = same(FOREVER, Limits { operations: Some(100_000), ..Limits::default() });
    assert!(outcome.ended.contains("limit of operations"), "{}", outcome.ended);
    assert!(outcome.operations > 100_000);
}

const CALLS: &str = "
def f(x):
    return 0.5 * x + 1.0
def g(x, k):
    return f(x) - f(1.0 * k)
def h(n):
    s = 0.0
    for k in range(n):
        s = g(s, k)
    return s
print(h(10), h(3000))
h(10000000)
";

#[test]
fn limits_hold_within_calls_in_machine_code() {
    for operations in [1000, 30_000, 200_000] {
        let outcome = same(CALLS, Limits { operations: Some(operations), ..Limits::default() });
        assert!(outcome.ended.contains("limit of operations"), "{}", outcome.ended);
    }
    for depth in 0..3 {
        let outcome = same(CALLS, Limits { depth, ..Limits::default() });
        assert!(outcome.ended.contains("call depth"), "{depth}: {}", outcome.ended);
    }
    // A library function that calls one has calls of its own.
    let within = CALLS.replace("    s = 0.0\n", "    s = sorted([2.0, 1.0], key=f)[0]\n").replace("h(10000000)", "");
    for depth in 0..5 {
        let outcome = same(&within, Limits { depth, ..Limits::default() });
        assert_eq!(outcome.ended.contains("call depth"), depth < 3, "{depth}: {}", outcome.ended);
    }
    let limits = Limits { depth: 3, operations: Some(500_000), ..Limits::default() };
    assert!(same(CALLS, limits).ended.contains("limit of operations"));
}

#[test]
fn time_is_limited_within_machine_code() {
    let limits = Limits { time: Some(Duration::from_millis(50)), ..Limits::default() };
    let outcome = run(FOREVER, NativeCode::Always, limits);
    assert!(outcome.ended.contains("time limit"), "{}", outcome.ended);
}

#[test]
fn machine_code_can_be_interrupted() {
    let mut interp = Interp::new();
    interp.set_native_code(NativeCode::Always);
    let handle = interp.interrupt_handle();
    let other = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        handle.store(true, Ordering::Relaxed);
    });
    let error = interp.run(FOREVER).expect_err("it runs for ever");
    assert_eq!(error.kind(), cotangent::ErrorKind::Interrupted);
    assert!(other.join().is_ok());
    interp.run("y = 1").expect("the interpreter is usable");
}

#[test]
fn a_failure_leaves_globals_as_they_were() {
    for native in [NativeCode::Off, NativeCode::Always] {
        let mut interp = Interp::new();
        interp.set_native_code(native);
        interp.run("import numpy as np\nx = np.zeros(3)\ndef f(x, n):\n    for i in range(n):\n        x[i] = 1.0\n    return x\n").expect("it is a program");
        assert!(interp.run("x = f(x, 4)").is_err());
        assert_eq!(interp.get::<Vec<f64>>("x").expect("it is there"), [0.0, 0.0, 0.0]);
    }
}

// Random programs over floats `a b c`, integers `i j k`, an array `u`, a matrix `m` and two lists.

fn float() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("c".to_owned()),
        Just("u[i % 7]".to_owned()),
        Just("u[-1 - j % 7]".to_owned()),
        Just("m[i % 3, j % 2]".to_owned()),
        (-4.0..4.0f64).prop_map(|x| format!("{x:.3}")),
        int().prop_map(|i| format!("({i})")),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), prop_oneof!["[+]", "[-]", "[*]", "/", "%", "//"]).prop_map(|(x, y, op)| {
                match op.as_str() {
                    "/" | "%" | "//" => format!("({x} {op} ({y} + 0.37))"),
                    op => format!("(0.5 * {x} {op} 0.5 * {y})"),
                }
            }),
            (inner.clone(), prop_oneof!["sin", "tanh", "exp", "abs", "sqrt"]).prop_map(|(x, f)| match f.as_str() {
                "exp" => format!("np.exp(-abs({x}))"),
                "sqrt" => format!("np.sqrt(abs({x}))"),
                f => format!("np.{f}({x})"),
            }),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} if {x} < {y} else -{y})")),
            inner.prop_map(|x| format!("(0.0 + ({x}) ** 2)")),
        ]
    })
    .boxed()
}

fn int() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("i".to_owned()),
        Just("j".to_owned()),
        Just("k".to_owned()),
        (-5..6i64).prop_map(|i| format!("{i}")),
        Just("len(floats)".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), inner, prop_oneof!["[+]", "-", "[*]", "//", "%", "&", "[|]", "[\\^]"]).prop_map(|(x, y, op)| {
            match op.as_str() {
                "*" => format!("(({x} % 1000) * ({y} % 1000))"),
                "//" | "%" => format!("({x} {op} (1 + abs({y} % 100)))"),
                op => format!("({x} {op} {y})"),
            }
        })
    })
    .boxed()
}

fn statement(depth: u32) -> BoxedStrategy<String> {
    let simple = prop_oneof![
        (prop_oneof!["a", "b", "c"], float()).prop_map(|(d, x)| format!("{d} = 0.0 + {x}")),
        (prop_oneof!["j", "k"], int()).prop_map(|(d, x)| format!("{d} = {x} % 100000")),
        (float(), int()).prop_map(|(x, i)| format!("u[{i} % 7] = {x}")),
        (float(), int()).prop_map(|(x, i)| format!("m[{i} % 3, j % 2] += 0.0 + 0.5 * {x}")),
        float().prop_map(|x| format!("floats.append(0.0 + {x})")),
        int().prop_map(|x| format!("ints.append({x})")),
        Just("if len(floats) > 3:\n    a = floats.pop()".to_owned()),
        Just("if len(ints) > 2:\n    k = ints.pop() % 1000".to_owned()),
        Just("a, b = b, a".to_owned()),
        // Sometimes an error: out of bounds, an overflow, a division by zero.
        int().prop_map(|i| format!("c = u[{i} % 12]")),
        int().prop_map(|i| format!("k = k * 3 + {i}")),
        int().prop_map(|i| format!("k = 7 // ({i} + 2)")),
    ];
    if depth == 0 {
        return simple.boxed();
    }
    let block = |depth| prop::collection::vec(statement(depth), 1..4).prop_map(|lines| indent(&lines.join("\n")));
    prop_oneof![
        4 => simple,
        1 => (block(depth - 1), float(), float()).prop_map(|(body, x, y)| format!("if {x} < {y}:\n{body}")),
        1 => (block(depth - 1), block(depth - 1), int()).prop_map(|(body, other, i)| {
            format!("if {i} % 3 == 1:\n{body}\nelse:\n{other}")
        }),
        1 => (block(depth - 1), 0..6i64).prop_map(|(body, n)| format!("for i in range({n}):\n{body}")),
        1 => block(depth - 1).prop_map(|body| format!("for i in reversed(range(-2, 9, 3)):\n{body}")),
        1 => block(depth - 1).prop_map(|body| format!("for c in floats:\n{body}\n    if c > 1.0 or len(floats) > 40:\n        break")),
    ]
    .boxed()
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect::<String>().trim_end().to_owned()
}

fn program() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(2), 1..6).prop_map(|body| {
        let body = indent(&indent(&body.join("\n")));
        format!(
            "import numpy as np\ndef f(a, b, u, m):\n    c = 0.25\n    j = 1\n    k = 2\n    i = 0\n    floats = []\n    \
             ints = []\n    for i in range(12):\n{body}\n    return a, b, c, i, j, k, u, m, floats, ints\n\
             print(f(0.3, -1.2, np.linspace(-1.0, 2.0, 7), np.ones((3, 2))))\n"
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn random_programs_agree(text in program()) {
        let limits = Limits { operations: Some(1_000_000), ..Limits::default() };
        let machine = run(&text, NativeCode::Off, limits.clone());
        prop_assert_eq!(run(&text, NativeCode::Always, limits), machine);
    }
}
