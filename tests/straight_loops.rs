//! Straight loops over ranges, which machine code looks at once for all rounds: whatever they index, append and pop, they give
//! what the machine gives, errors and counts included.

mod native {
    pub mod outcome;
}

use cotangent::{Limits, NativeCode};
use native::outcome::{run, same};
use proptest::prelude::*;

/// The body of `f(a, b, u, n)` around which a program is written that prints what becomes of everything.
fn program(body: &str, call: &str) -> String {
    format!(
        "import numpy as np\ndef f(a, b, u, v, m, n, k):\n    j = 0\n    i = 0\n    xs = [0.5, 1.5]\n    ks = [3]\n{}\n    \
         return a, b, u, v, m, n, k, i, j, xs, ks\nprint({call})\n",
        indent(body)
    )
}

const CALL: &str = "f(0.3, -1.2, np.linspace(-1.0, 2.0, 23), np.arange(9), np.ones((5, 7)), 20, -2)";

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect::<String>().trim_end().to_owned()
}

fn ends(body: &str, error: &str) {
    let outcome = same(&program(body, CALL), Limits::default());
    assert!(outcome.ended.contains(error), "{body}\nends {}", outcome.ended);
}

fn goes_through(body: &str) -> String {
    let outcome = same(&program(body, CALL), Limits::default());
    assert_eq!(outcome.ended, "", "{body}");
    outcome.printed
}

#[test]
fn indices_grow_evenly() {
    for index in ["i", "i + 2", "i - 1", "22 - i", "-1 - i", "-i - 1", "2 * i - 3 - i", "k", "-1", "0", "n - i + 1"] {
        for range in ["range(1, n)", "range(n, 0, -1)", "range(1, n, 3)", "reversed(range(1, n, 2))"] {
            goes_through(&format!(
                "for t in range(3):\n    for i in {range}:\n        u[{index}] = 0.5 * u[{index}] + a\n        a = b - u[{index}]"
            ));
        }
    }
}

#[test]
fn the_first_index_out_of_bounds_raises() {
    for index in ["i + 6", "i - 30", "2 * i", "24 - i + i", "k - 22", "3 * i - 24"] {
        for range in ["range(n)", "range(n, -1, -1)", "range(0, n, 3)"] {
            ends(
                &format!("for i in {range}:\n    a = a + 1.0\n    u[{index}] = a"),
                "is out of bounds for axis 0 with size 23",
            );
        }
    }
    ends("for i in range(n):\n    a = a + m[2, i]", "index 7 is out of bounds for axis 1 with size 7");
    ends("for i in range(n):\n    m[i, k] = a", "index 5 is out of bounds for axis 0 with size 5");
    ends("for i in range(n):\n    a = a + xs[i]", "list index 2 is out of range");
}

#[test]
fn overflows_raise_where_they_are() {
    ends("for i in range(9223372036854775000, 9223372036854775800, 90):\n    j = i + 100\n    a = a + 1.0", "overflow");
    ends("for i in range(n):\n    j = i * 1000000000000000000\n    a = a + 1.0", "overflow");
    goes_through(
        "for i in range(-9223372036854775807, 9223372036854775807, 4611686018427387904):\n    j = i\n    a = a + 1.0",
    );
}

#[test]
fn lists_grow_and_shrink_by_as_much_in_each_round() {
    goes_through(
        "for i in range(9000):\n    xs.append(a)\n    ks.append(3 * i)\n    a = 0.5 * a + 1.0\n    xs.append(b)\nfor i in reversed(range(9000)):\n    b = xs.pop()\n    a = a + xs.pop() * b\n    j = ks.pop()",
    );
    ends(
        "for i in range(60):\n    xs.append(a)\nfor i in range(80):\n    a = 0.5 * xs.pop() + a",
        "pop from an empty list",
    );
    // What is read of a list that grows is looked at in every round.
    goes_through("for i in range(60):\n    xs.append(a)\n    a = 0.5 * xs[i] + xs[-1]");
    goes_through("for i in range(60):\n    xs.append(a)\n    a = 0.5 * len(xs) + xs.pop()");
}

#[test]
fn many_rounds_are_looked_at_in_between() {
    let body = "for i in range(100000):\n    xs.append(a)\n    a = 0.5 * a + i";
    for operations in [5000, 20_000, 150_000] {
        let outcome = same(&program(body, CALL), Limits { operations: Some(operations), ..Limits::default() });
        assert!(outcome.ended.contains("limit of operations"), "{}", outcome.ended);
    }
    let outcome = same(&program(body, CALL), Limits { allocation: Some(100_000), ..Limits::default() });
    assert!(outcome.ended.contains("more than is allowed"), "{}", outcome.ended);
}

/// An integer that is the same in all rounds, grows evenly, or does neither.
fn index() -> BoxedStrategy<String> {
    let even = prop_oneof![
        4 => Just("i".to_owned()),
        2 => (-3..4i64).prop_map(|c| format!("i + {c}")),
        1 => (-3..20i64).prop_map(|c| format!("{c} - i")),
        1 => (-2..3i64, -3..4i64).prop_map(|(s, c)| format!("{s} * i + {c}")),
        1 => Just("n - i".to_owned()),
        1 => Just("i + k".to_owned()),
        1 => Just("t".to_owned()),
    ];
    prop_oneof![
        6 => even,
        1 => (-3..5i64).prop_map(|c| format!("{c}")),
        1 => Just("k".to_owned()),
        1 => Just("j".to_owned()),
        1 => Just("i % 5".to_owned()),
        1 => Just("len(u) - 1".to_owned()),
    ]
    .boxed()
}

fn float() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        index().prop_map(|i| format!("u[{i}]")),
        index().prop_map(|i| format!("m[{i} % 5, 2]")),
        (0..5i64).prop_map(|i| format!("m[{i}, k]")),
        (-4.0..4.0f64).prop_map(|x| format!("{x:.3}")),
        index().prop_map(|i| format!("0.01 * ({i})")),
    ];
    leaf.prop_recursive(3, 10, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), prop_oneof!["[+]", "[-]", "[*]"])
                .prop_map(|(x, y, op)| format!("(0.5 * {x} {op} 0.5 * {y})")),
            inner.clone().prop_map(|x| format!("np.tanh({x})")),
            inner.prop_map(|x| format!("(-({x}))")),
        ]
    })
    .boxed()
}

fn line() -> BoxedStrategy<String> {
    prop_oneof![
        3 => (prop_oneof!["a", "b"], float()).prop_map(|(d, x)| format!("{d} = 0.0 + {x}")),
        4 => (index(), float()).prop_map(|(i, x)| format!("u[{i}] = 0.0 + {x}")),
        2 => (index(), float()).prop_map(|(i, x)| format!("u[{i}] += 0.5 * {x}")),
        1 => (index(), float()).prop_map(|(i, x)| format!("m[2, {i}] = 0.0 + {x}")),
        1 => (index(), index(), float()).prop_map(|(i, j, x)| format!("m[{i}, {j}] = 0.0 + {x}")),
        3 => float().prop_map(|x| format!("xs.append(0.0 + {x})")),
        1 => index().prop_map(|i| format!("ks.append({i})")),
        2 => Just("a = xs.pop()".to_owned()),
        1 => Just("j = ks.pop()".to_owned()),
        1 => index().prop_map(|i| format!("j = {i}")),
        1 => index().prop_map(|i| format!("v[{i}] = j")),
        1 => index().prop_map(|i| format!("j = v[{i}]")),
        1 => index().prop_map(|i| format!("i = {i}")),
        1 => Just("a, b = b, a".to_owned()),
        1 => Just("j += 1".to_owned()),
        1 => Just("a = a + xs[0]".to_owned()),
    ]
    .boxed()
}

fn loops() -> impl Strategy<Value = String> {
    let range = prop_oneof![
        Just("range(n)".to_owned()),
        Just("range(1, n - 1)".to_owned()),
        Just("range(n - 1, -1, -1)".to_owned()),
        Just("range(7)".to_owned()),
        Just("reversed(range(1, n, 2))".to_owned()),
        (-4..12i64, -4..30i64, -3..4i64)
            .prop_map(|(a, b, s)| format!("range({a}, {b}, {})", if s == 0 { 1 } else { s })),
    ];
    (range, prop::collection::vec(line(), 1..6), prop::bool::weighted(0.2)).prop_map(|(range, lines, jumps)| {
        let jump = if jumps { "\n    if a > 40.0:\n        break" } else { "" };
        format!("for i in {range}:\n{}{jump}", indent(&lines.join("\n")))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, max_shrink_iters: 300, ..ProptestConfig::default() })]
    #[test]
    fn drawn_loops_agree(all in prop::collection::vec(loops(), 1..4), outer in prop_oneof![4 => 1..8u32, 1 => 200..400u32]) {
        let body = format!("for t in range({outer}):\n{}", indent(&all.join("\n")));
        let text = program(&body, CALL);
        let limits = Limits { operations: Some(2_000_000), ..Limits::default() };
        let machine = run(&text, NativeCode::Off, limits.clone());
        prop_assert_eq!(run(&text, NativeCode::Always, limits), machine);
    }
}
