//! Times by line: results are the same while they are taken, they add up, and they stand at the lines of the script.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use cotangent::{Interp, LineTime, NativeCode, Result, Timings};

const PROGRAM: &str = "\
import numpy as np
from cotangent import grad

def chain(x, w):
    h = np.tanh(w * x)
    s = np.sum(h * h)
    for i in range(20000):
        s = s * 0.999 + x
        x = np.sin(x)
    return s + x

def total(items):
    s = 0
    for i in range(len(items)):
        s = s + items[i]
    return s

def spread(a, b):
    y = np.exp(a) * b + 1.0
    return np.sum(y * y)

def recursive(n):
    return [n] if n == 0 else recursive(n - 1) + [k * n for k in range(2)]

print(grad(chain)(0.5, np.ones(1000)))
print(total([1, 2.5] * 600))
for k in range(3):
    print(spread(np.ones(20), np.ones((20, 20))))
print(recursive(5), sorted([3, 1, 2], key=lambda v: -v))
print(grad(grad(lambda v: v ** 3))(2.0))
";

/// What the program prints, and the times where they are taken.
fn run(program: &str, times: bool, native: NativeCode) -> Result<(String, Option<Timings>)> {
    let printed = Arc::new(Mutex::new(String::new()));
    let sink = printed.clone();
    let mut interp = Interp::new();
    interp.set_native_code(native);
    interp.set_print(move |text| sink.lock().expect("a sink").push_str(text));
    if times {
        interp.take_times();
    }
    interp.run(program)?;
    let printed = printed.lock().expect("what was printed").clone();
    Ok((printed, interp.timing()))
}

fn line(timings: &Timings, number: usize) -> &LineTime {
    timings.lines.iter().find(|line| line.line == number).unwrap_or_else(|| panic!("line {number} has no time"))
}

#[track_caller]
fn assert_note(timings: &Timings, number: usize, note: &str) {
    let line = line(timings, number);
    assert!(line.notes.iter().any(|found| found == note), "{number}: {:?} has no {note:?}", line.notes);
}

#[test]
fn results_are_the_same() -> Result<()> {
    for native in [NativeCode::Off, NativeCode::Hot, NativeCode::Always] {
        let (plain, none) = run(PROGRAM, false, native)?;
        let (timed, times) = run(PROGRAM, true, native)?;
        assert_eq!(plain, timed);
        assert!(none.is_none() && times.is_some());
        assert!(plain.lines().count() == 7, "{plain}");
    }
    Ok(())
}

/// Whatever else the machine does: nothing that passes between two readings of the clock is lost or counted twice.
#[test]
fn times_add_up_to_what_passed() -> Result<()> {
    for native in [NativeCode::Off, NativeCode::Hot, NativeCode::Always] {
        let mut interp = Interp::new();
        interp.set_native_code(native);
        interp.set_print(|_| ());
        let before = Instant::now();
        interp.take_times();
        let taken = Instant::now();
        interp.run(PROGRAM)?;
        let passed = taken.elapsed().as_secs_f64();
        let total = interp.timing().expect("times").total();
        let at_most = before.elapsed().as_secs_f64();
        assert!((passed - 1e-9..=at_most + 1e-9).contains(&total), "{total} is not in {passed}..{at_most}");
    }
    Ok(())
}

/// The loop runs in the gradient only, forward and backward.
#[test]
fn derivatives_stand_at_the_lines_that_they_came_from() -> Result<()> {
    let (_, times) = run(PROGRAM, true, NativeCode::Off)?;
    let times = times.expect("times");
    for number in [7, 8, 9] {
        let line = line(&times, number);
        assert!(line.derivative > 0.0 && line.derivative == line.seconds, "{line:?}");
    }
    assert!(line(&times, 15).derivative == 0.0);
    assert!(times.transforming > 0.0 && times.compiling > 0.0);
    assert_eq!(line(&times, 9).text, "        x = np.sin(x)");
    Ok(())
}

#[test]
fn notes_say_what_became_machine_code_and_what_was_fused() -> Result<()> {
    let (_, times) = run(PROGRAM, true, NativeCode::Hot)?;
    let times = times.expect("times");
    assert_note(&times, 5, "derivative: fused (lines 5 to 6): 3 operations");
    assert_note(&times, 19, "not fused (lines 19 to 20): arrays of different shapes");
    assert_note(&times, 15, "generic: 1200 operations on boxed numbers");
    assert_note(&times, 27, "loop (lines 27 to 28): generic: 3 rounds; machine code is for more than 1000");
    if cfg!(feature = "native") {
        assert_note(&times, 7, "derivative: loop (lines 7 to 9): machine code");
        assert_note(&times, 14, "loop (lines 14 to 15): generic: every round comes by `items[i]`");
        assert!(times.machine_code > 0.0);
    }
    let (_, times) = run(PROGRAM, true, NativeCode::Off)?;
    let times = times.expect("times");
    if cfg!(feature = "native") {
        assert_note(&times, 14, "loop (lines 14 to 15): generic: machine code is switched off");
    }
    assert!(times.machine_code == 0.0);
    Ok(())
}

const STRAIGHT: &str = "import numpy as np
def f(x, n):
    s = 0.0
    for t in range(n):
        for i in range(len(x)):
            s = 0.5 * s + x[i]
    return s
print(f(np.ones(200), 2000), f(np.ones(3), 2000))
print(f(np.ones(3), 2000))
";

/// A loop that asks for a length, and one whose straight loop has too few rounds for one look to stand for.
#[cfg(feature = "native")]
#[test]
fn straight_loops_of_any_length_are_machine_code() -> Result<()> {
    let (_, times) = run(STRAIGHT, true, NativeCode::Hot)?;
    let times = times.expect("times");
    assert_note(&times, 4, "loop (lines 4 to 6): machine code");
    assert_note(&times, 5, "loop (lines 5 to 6): machine code");
    Ok(())
}
