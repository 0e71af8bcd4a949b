//! Whole programs against CPython and NumPy: each program of tests/programs/*.txt prints what it printed there
//! (recorded by tests/programs/record.py), to the last character, or ends in the same kind of error. More files are
//! named in the environment variable `PROGRAMS`.

mod recorded;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cotangent::{ErrorKind, Interp};
use recorded::unescaped;

/// Runs a program; what it printed, and the error it ended in.
fn run(program: &str) -> (String, Option<cotangent::Error>) {
    let printed = Arc::new(Mutex::new(String::new()));
    let mut interp = Interp::new();
    let sink = printed.clone();
    interp.set_print(move |text| sink.lock().unwrap().push_str(text));
    let error = interp.run("import numpy as np").and_then(|()| interp.run(program)).err();
    let mut text = printed.lock().unwrap().clone();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("\\\n");
    }
    (text, error)
}

/// Whether an error is of the kind that Python has a class for.
fn corresponds(kind: ErrorKind, class: &str) -> bool {
    use ErrorKind::*;
    if kind == Raised {
        // By `raise`, with whatever class the program names.
        return true;
    }
    match class {
        "TypeError" | "UFuncTypeError" => matches!(kind, Type),
        "ValueError" => matches!(kind, Value | Shape),
        "IndexError" => matches!(kind, Index),
        "KeyError" => matches!(kind, Index),
        "NameError" | "UnboundLocalError" | "AttributeError" => matches!(kind, Name),
        "ZeroDivisionError" | "OverflowError" => matches!(kind, Numeric | Value),
        "LinAlgError" => matches!(kind, Shape | Numeric | Value),
        "SyntaxError" | "IndentationError" => matches!(kind, Syntax),
        _ => false,
    }
}

fn check(path: &Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut failures = Vec::new();
    let mut count = 0;
    for part in text.split("#==== ").skip(1) {
        let (title, rest) = part.split_once('\n').unwrap();
        let (program, expected) = rest.split_once("#---- prints\n").unwrap();
        count += 1;
        let (expected, class) = match expected.split_once("#!!!! ") {
            Some((text, class)) => (text, Some(class.trim_end())),
            None => (expected, None),
        };
        let (printed, error) = run(program);
        let ended = match (&error, class) {
            (None, None) => true,
            (Some(error), Some(class)) => corresponds(error.kind(), class),
            _ => false,
        };
        if ended && printed == expected {
            continue;
        }
        let at = expected.lines().zip(printed.lines()).position(|(a, b)| a != b);
        let at = at.unwrap_or_else(|| expected.lines().count().min(printed.lines().count()));
        let end = match (&error, class) {
            (Some(error), class) => format!(" (ended in {error}, expected {})", class.unwrap_or("none")),
            (None, Some(class)) => format!(" (no error, expected {class})"),
            (None, None) => String::new(),
        };
        failures.push(format!(
            "{title}: line {}\n    expected {}\n    printed  {}{end}",
            at + 1,
            expected.lines().nth(at).unwrap_or("<end>"),
            printed.lines().nth(at).unwrap_or("<end>"),
        ));
        if std::env::var_os("PROGRAMS_SHOW").is_some() {
            failures.push(program.to_owned());
        }
    }
    (count, failures)
}

#[test]
fn programs_print_what_cpython_prints() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut files: Vec<PathBuf> = match std::env::var("PROGRAMS") {
        Ok(files) => files.split(' ').map(PathBuf::from).collect(),
        Err(_) => std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect(),
    };
    files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let (mut count, mut failures) = (0, Vec::new());
    for file in &files {
        let (programs, failed) = check(file);
        println!("{}: {programs} programs, {} differ", file.display(), failed.len());
        count += programs;
        failures.extend(failed);
    }
    assert!(failures.is_empty(), "{} of {count} programs differ:\n{}", failures.len(), failures.join("\n"));
}

/// Runs the recorded expressions of a file: the result's `repr` is CPython's, or the error is of the same kind.
fn expressions(name: &str, data: &str) {
    let (mut count, mut failures) = (0, Vec::new());
    for line in data.lines() {
        let (text, expected) = line.split_once('\t').unwrap();
        let expected = unescaped(expected);
        count += 1;
        let mut interp = Interp::new();
        interp.set_print(|_| {});
        let result = interp.run("import numpy as np").and_then(|()| interp.eval(text));
        let gave = match (&result, expected.strip_prefix('!')) {
            (Ok(value), None) if cotangent::interp::display::repr(value) == expected => continue,
            (Err(error), Some(class)) if corresponds(error.kind(), class) => continue,
            (Ok(value), _) => cotangent::interp::display::repr(value),
            (Err(error), _) => format!("the error: {:?}: {}", error.kind(), error.message()),
        };
        failures.push(format!("{text}\n    expected {expected}\n    gave     {gave}"));
    }
    println!("{name}: {count} expressions");
    assert!(failures.is_empty(), "{} of {count} expressions differ:\n{}", failures.len(), failures.join("\n"));
}

macro_rules! recorded {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            expressions(stringify!($name), include_str!(concat!("programs/", stringify!($name), ".tsv")));
        }
    )* };
}
recorded!(strings formats percents containers views ranges kinds numbers printing);
