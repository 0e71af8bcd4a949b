//! The corpus of gradients: every `# case NAME: ARGUMENTS` in tests/gradients/*.cot defines a function `f` of a number as its
//! result, which is differentiated in every way there is (see prelude/checks.cot), and whose derivative's source must
//! be a program that gives exactly the same numbers.
//!
//! After a `|` stand words: `straight` (the source keeps nothing in lists), `first` (no second derivatives), `loop` (the
//! loop stores: five times the operations), `batches` (also for batches of arguments), `uncounted` (the function's work is in a
//! factorization or in moving items, which is not counted), `open` (known not to hold yet: run with `--include-ignored`).

mod gradients {
    pub mod check;
    pub mod random;
}

use std::path::Path;

use libtest_mimic::{Arguments, Trial};

use cotangent::NativeCode;
use gradients::check::{Case, cases};
use gradients::random::shrink::shrink;

/// Without machine code, and with every loop in machine code that can be.
const WAYS: [(&str, NativeCode); 2] = [("", NativeCode::Off), (" in machine code", NativeCode::Always)];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gradients");
    let mut trials = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "cot")) {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        for case in cases(&text) {
            if case.is("batches") {
                let case = case.clone();
                let name = format!("{stem}::{} in batches", case.name);
                trials.push(Trial::test(name, move || case.check_batches(1).map_err(Into::into)));
            }
            for (how, native) in WAYS {
                let (case, open) = (Case { native, ..case.clone() }, case.is("open"));
                let trial =
                    Trial::test(format!("{stem}::{}{how}", case.name), move || case.check().map_err(Into::into));
                trials.push(trial.with_ignored_flag(open));
            }
        }
    }
    let (first, count) = gradients::random::seeds();
    for seed in first..first + count {
        trials.push(Trial::test(format!("random::{seed}"), move || {
            // Every other one in machine code.
            let native = WAYS[seed as usize % WAYS.len()].1;
            let case = Case { native, ..gradients::random::program(seed) };
            case.check().map_err(|failure| shrink(&case, Case::check, failure).1.into())
        }));
    }
    for seed in first..first + count {
        trials.push(Trial::test(format!("batches::{seed}"), move || {
            let case = gradients::random::program(seed);
            let check = |case: &Case| case.check_batches(seed);
            check(&case).map_err(|failure| shrink(&case, check, failure).1.into())
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
