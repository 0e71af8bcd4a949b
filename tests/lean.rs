//! Gradients keep what their reverse sweep reads and nothing else, and nesting them does not let them grow out of hand.

use cotangent::Interp;

/// The printed source of the gradient of `f`, or of its gradient so many times.
fn source(definition: &str, args: &str, order: usize) -> String {
    let mut interp = Interp::new();
    let derivative = (0..order).fold("f".to_owned(), |f, _| format!("grad({f})"));
    let program = format!(
        "import numpy as np\nfrom cotangent import grad, source\n{definition}\nTEXT = source({derivative}, {args})\n"
    );
    interp.run(&program).expect("the program runs");
    interp.get("TEXT").expect("a string")
}

/// The names of the lists that a gradient keeps values in.
fn kept(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_suffix(" = []")).collect();
    names.sort_unstable();
    names
}

#[test]
fn straight_lines_and_linear_loops_keep_nothing() {
    let cases = [
        ("def f(x):\n    y = np.sin(x)\n    y = y * x\n    return np.tanh(y)\n", "0.4"),
        ("def f(x):\n    if x > 0.1:\n        x = np.exp(x) * x\n    return x * x\n", "0.4"),
        ("def f(x):\n    x[0] = x[1] * x[2]\n    return np.sum(x * x)\n", "np.ones(3)"),
        ("def f(x):\n    s = 0.0\n    for i in range(9):\n        s = s + x * i\n    return s\n", "0.4"),
        (
            "def f(x):\n    s = 0.0\n    for i in range(9):\n        s = 0.5 * s - x[i % 3]\n    return s\n",
            "np.ones(3)",
        ),
        (
            "def f(x):\n    y = np.zeros(3)\n    for i in range(3):\n        y[i] = 2.0 * x[2 - i]\n    return np.sum(y)\n",
            "np.ones(3)",
        ),
        (
            "def f(x):\n    s = 0.0\n    i = 0\n    while i < 5:\n        s = s + x\n        i += 1\n    return s\n",
            "0.4",
        ),
    ];
    for (definition, args) in cases {
        let text = source(definition, args, 1);
        assert!(!text.contains("append") && kept(&text).is_empty(), "{definition}{text}");
    }
}

#[test]
fn loops_keep_what_their_adjoint_reads() {
    let cases: [(&str, &str, &[&str]); 6] = [
        // The argument of the sine.
        ("def f(x):\n    for i in range(9):\n        x = np.sin(x)\n    return x\n", "0.4", &["x_kept"]),
        // The factor that changes; the other is the same in every iteration.
        ("def f(x):\n    y = 1.0\n    for i in range(9):\n        y = y * x\n    return y\n", "0.4", &["y_kept"]),
        // The result of the exponential.
        ("def f(x):\n    for i in range(3):\n        x = np.exp(x)\n    return x\n", "0.04", &["x_kept"]),
        // Places are computed again from the loop's own number.
        (
            "def f(x):\n    s = 1.0\n    for i in range(3):\n        j = (2 * i + 1) % 3\n        s = s * x[j]\n    return s\n",
            "np.ones(3)",
            &["s_kept"],
        ),
        // What is the same in every iteration is at hand.
        (
            "def f(x):\n    s = 1.0\n    for i in range(3):\n        w = x * 2.0 + 1.0\n        s = s * w\n    return s\n",
            "0.4",
            &["s_kept"],
        ),
        // What does not reach the result is not kept.
        (
            "def f(x):\n    s = 1.0\n    z = x\n    for i in range(3):\n        z = np.sin(z)\n        s = s * x\n    return s\n",
            "0.4",
            &["s_kept"],
        ),
    ];
    for (definition, args, expected) in cases {
        let text = source(definition, args, 1);
        assert_eq!(kept(&text), expected, "{definition}{text}");
    }
}

#[test]
fn a_kept_number_takes_eight_bytes() {
    let mut interp = Interp::new();
    interp
        .run("import numpy as np\nfrom cotangent import grad\ndef f(x, n):\n    for i in range(n):\n        x = np.sin(x)\n    return x\ng = grad(f)\n")
        .expect("the program runs");
    let mut most = |n: i64| {
        interp.call::<f64>("g", (0.4, n)).expect("the call runs");
        allocation_counter::measure(|| {
            interp.call::<f64>("g", (0.4, n)).expect("the call runs");
        })
        .bytes_max
    };
    let (short, long) = (most(1 << 10), most(1 << 14));
    // A list doubles its room when it is full, and holds the old one while it moves.
    let each = (long - short) as f64 / ((1 << 14) - (1 << 10)) as f64;
    assert!((8.0..=24.0).contains(&each), "{each} bytes for each iteration");
}

#[test]
fn nested_gradients_grow_by_a_bounded_factor() {
    let functions = [
        "def f(x):\n    return np.sin(x) * x\n",
        "def f(x):\n    return np.tanh(x * x)\n",
        "def f(x):\n    return x ** 7 + 2.0 * x ** 3\n",
        "def f(x):\n    return np.exp(np.sin(x))\n",
        "def f(x):\n    y = x * x\n    return y / (1.0 + y)\n",
    ];
    for definition in functions {
        let sizes: Vec<usize> = (1..=6).map(|order| source(definition, "0.4", order).len()).collect();
        for pair in sizes.windows(2) {
            assert!(pair[1] <= 3 * pair[0].max(200), "{definition}{sizes:?}");
        }
    }
}
