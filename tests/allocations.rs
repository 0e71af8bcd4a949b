//! What programs allocate, counted: an update in a loop changes its array in place, to every order of differentiation.

use cotangent::Interp;

/// Functions of a number and a length that update elements in loops.
const UPDATES: &[(&str, &str)] = &[
    (
        "elements of a vector",
        "def f(a, n):
    x = np.zeros(n)
    x[0] = a
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * a
    return x[n - 1]
",
    ),
    (
        "augmented, behind a branch",
        "def f(a, n):
    x = np.ones(n)
    for i in range(1, n):
        if i % 3 > 0:
            x[i] += a * x[i - 1]
        else:
            x[i] *= np.cos(a)
    return x[n - 1] + x[n // 2]
",
    ),
    (
        "elements of a matrix",
        "def f(a, n):
    x = np.ones((n, 2))
    for i in range(1, n):
        x[i, 0] = x[i - 1, 1] * a
        x[i, 1] = np.tanh(x[i - 1, 0])
    return x[n - 1, 0]
",
    ),
    (
        "a list of numbers",
        "def f(a, n):
    x = [a]
    for i in range(1, n):
        x.append(np.sin(x[i - 1]) * a)
    return x[n - 1]
",
    ),
    (
        "an array in a dict",
        "def f(a, n):
    p = {'x': np.zeros(n), 'a': a}
    p['x'][0] = a
    for i in range(1, n):
        p['x'][i] = np.sin(p['x'][i - 1]) * p['a']
    return p['x'][n - 1]
",
    ),
];

/// The bytes that a call allocates in all.
fn allocated(interp: &mut Interp, name: &str, n: i64) -> u64 {
    let run = |interp: &mut Interp| interp.call::<f64>(name, (1.1, n)).expect("the call runs");
    run(interp);
    allocation_counter::measure(|| {
        run(interp);
    })
    .bytes_total
}

#[test]
fn updates_in_loops_are_in_place_to_second_order() {
    for (what, definition) in UPDATES {
        let mut interp = Interp::new();
        interp
            .run(&format!("import numpy as np\nfrom cotangent import grad\n{definition}\ng = grad(f)\nh = grad(g)\n"))
            .expect("the program runs");
        for (order, name) in ["f", "g", "h"].into_iter().enumerate() {
            let (short, long) = (allocated(&mut interp, name, 1000), allocated(&mut interp, name, 4000));
            // Copies of the array in every iteration would make it sixteen times as many.
            assert!(long < 6 * short, "{what}, order {order}: {short} bytes for 1000 elements, {long} for 4000");
        }
    }
}

#[test]
fn numbers_are_not_allocated() {
    let mut interp = Interp::new();
    interp
        .run("def f(x, n):\n    for i in range(n):\n        x = 3.0 * x * (1.0 - x)\n    return x\n")
        .expect("the program runs");
    let (short, long) = (allocated(&mut interp, "f", 10), allocated(&mut interp, "f", 10_000));
    assert_eq!(short, long, "bytes for 10 and 10,000 iterations");
}

#[test]
fn copies_are_seen() {
    let mut interp = Interp::new();
    interp
        .run(
            "import numpy as np\ndef f(a, n):\n    x = np.zeros(n)\n    for i in range(n):\n        kept = x\n        x[i] = a\n        a = a + kept[0]\n    return x[n - 1]\n",
        )
        .expect("the program runs");
    let (short, long) = (allocated(&mut interp, "f", 1000), allocated(&mut interp, "f", 4000));
    assert!(long > 10 * short, "{short} bytes for 1000 elements, {long} for 4000");
}
