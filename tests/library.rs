//! The library against CPython and NumPy: every recorded expression of tests/oracle/library_*.txt gives what they gave.

mod recorded;

use cotangent::interp::value::Value;
use cotangent::interp::{Interp, display};
use recorded::unescaped;

/// Whether two texts are the same but for the last digits of their floats: NumPy's elementary functions and ours may
/// differ by a unit in the last place.
fn close(a: &str, b: &str) -> bool {
    let (mut x, mut y) = (a.chars().peekable(), b.chars().peekable());
    let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut text = String::new();
        while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e')) {
            text.push(c);
        }
        text
    };
    loop {
        let (p, q) = (number(&mut x), number(&mut y));
        if p != q {
            match (p.parse::<f64>(), q.parse::<f64>()) {
                (Ok(p), Ok(q)) if (p - q).abs() <= 8e-16 * p.abs().max(q.abs()) => {}
                _ => return false,
            }
        }
        match (x.next(), y.next()) {
            (None, None) => return true,
            (Some(p), Some(q)) if p == q => {}
            _ => return false,
        }
    }
}

fn check(name: &str, data: &str) {
    let mut interp = Interp::new();
    interp.run("import numpy as np\nimport math").expect("the imports");
    let (mut count, mut failures) = (0, Vec::new());
    for line in data.lines() {
        let Some((text, expected)) = line.split_once('\t') else {
            interp.run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            continue;
        };
        count += 1;
        let expected = unescaped(expected);
        let result: Result<Value, _> = interp.eval(text);
        match (&result, expected.strip_prefix('!')) {
            (Ok(value), None) => {
                let shown = display::repr(value);
                if shown != expected && !close(&shown, &expected) {
                    failures.push(format!("{text}\n    expected {expected}\n    gave     {shown}"));
                }
            }
            (Err(_), Some(_)) => {}
            (Ok(value), Some(error)) => {
                failures
                    .push(format!("{text}\n    expected an error ({error})\n    gave     {}", display::repr(value)));
            }
            (Err(error), None) => {
                failures.push(format!("{text}\n    expected {expected}\n    gave     {}", error.message()));
            }
        }
    }
    assert!(count > 100, "only {count} expressions recorded for {name}");
    let shown: usize = std::env::var("ORACLE_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    assert!(
        failures.is_empty(),
        "{} of {count} expressions differ:\n{}",
        failures.len(),
        failures.iter().take(shown).cloned().collect::<Vec<_>>().join("\n")
    );
}

macro_rules! recorded {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("oracle/library_", stringify!($name), ".txt")));
        }
    )* };
}
recorded!(elementwise reductions shapes creation products selection printing python);
