//! Checkpointed loops: how often iterations are run again, and how much is held at a time.

use std::sync::{Arc, Mutex};

use cotangent::Interp;

/// Runs a program; how many lines it printed.
fn lines(program: &str) -> usize {
    let mut interp = Interp::new();
    let count = Arc::new(Mutex::new(0));
    let sink = count.clone();
    interp.set_print(move |text| *sink.lock().expect("one thread") += text.matches('\n').count());
    interp.run(program).expect("the program runs");
    *count.lock().expect("one thread")
}

fn binomial(n: usize, k: usize) -> usize {
    (1..=k).fold(1, |product, i| product * (n - k + i) / i)
}

/// The fewest iterations that go forward to reverse `n` with `slots` states (Griewank & Walther 2000, eq. 4).
fn fewest(n: usize, slots: usize) -> usize {
    let repetitions = (0..).find(|t| binomial(slots + t, slots) >= n).unwrap_or(0);
    match repetitions {
        0 => 0,
        r => r * n - binomial(slots + r, slots + 1),
    }
}

#[test]
fn iterations_are_repeated_as_seldom_as_the_slots_allow() {
    for (n, slots) in [(1, 1), (5, 1), (5, 2), (10, 3), (20, 3), (35, 3), (36, 3), (64, 6), (100, 4)] {
        let printed = lines(&format!(
            "import numpy as np\nfrom cotangent import checkpoint, grad\n\
             def f(x):\n    for i in checkpoint(range({n}), slots={slots}):\n        print(i)\n        x = np.sin(x)\n    return x\n\
             grad(f)(0.5)\n"
        ));
        // Each iteration is run once for the value, and once where it is reversed.
        assert_eq!(printed, 2 * n + fewest(n, slots), "{n} iterations, {slots} slots");
    }
}

#[test]
fn a_state_is_held_for_each_slot_and_nothing_is_kept_in_lists() {
    let program = |slots: usize| {
        format!(
            "import numpy as np\nfrom cotangent import checkpoint, grad, source\n\
             def f(x):\n    for i in checkpoint(range(500), slots={slots}):\n        x = np.sin(x)\n    return np.sum(x)\n"
        )
    };
    let mut interp = Interp::new();
    interp.run(&program(4)).expect("the program runs");
    interp.run("text = source(grad(f), np.ones(3))").expect("the source is written");
    let text: String = interp.get("text").expect("a string");
    assert!(!text.contains("append") && !text.contains("[]"), "{text}");
    // A level of the recursion holds one state: it is as deep as there are slots.
    for slots in [2, 4, 8] {
        for (depth, fits) in [(slots + 4, true), (slots, false)] {
            let mut interp = Interp::new();
            interp.run(&program(slots)).expect("the program runs");
            interp.set_limits(cotangent::Limits { depth, ..cotangent::Limits::default() });
            let ran = interp.run("grad(f)(np.ones(3))");
            assert_eq!(ran.is_ok(), fits, "{slots} slots, calls {depth} deep: {ran:?}");
        }
    }
}
