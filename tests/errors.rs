//! Wrong programs and what is said of them, to the last letter: the files tests/errors/*.txt.
//!
//! A file begins with what runs before each of its cases. `#==== TITLE` begins a case, `#---- file NAME` a module beside it,
//! `#---- says` the error it must end in. `COTANGENT_ERRORS=write` writes what is said now into the files, so that a change of
//! a message can be reviewed as a change of data.

use std::collections::HashMap;
use std::path::Path;

use cotangent::{Error, Interp};
use libtest_mimic::{Arguments, Failed, Trial};

/// A wrong program.
struct Case {
    title: String,
    program: String,
    modules: Vec<(String, String)>,
    says: String,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let write = std::env::var("COTANGENT_ERRORS").is_ok_and(|wanted| wanted == "write");
    let mut trials = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let (prelude, mut cases) = read(&text);
        if write {
            for case in &mut cases {
                case.says = said(&prelude, case).unwrap_or_else(|failed| format!("{failed}\n"));
            }
            std::fs::write(&path, written(&prelude, &cases)).expect("the file can be written");
        }
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        for case in cases {
            let prelude = prelude.clone();
            trials.push(Trial::test(format!("{stem}::{}", case.title), move || check(&prelude, &case)));
        }
    }
    assert!(trials.len() >= 150, "{} cases", trials.len());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// What runs before each case of a file, and its cases.
fn read(text: &str) -> (String, Vec<Case>) {
    let mut prelude = String::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut says = false;
    for line in text.split_inclusive('\n') {
        if let Some(title) = line.strip_prefix("#==== ") {
            let title = title.trim().to_owned();
            cases.push(Case { title, program: String::new(), modules: Vec::new(), says: String::new() });
            says = false;
            continue;
        }
        let Some(case) = cases.last_mut() else {
            prelude.push_str(line);
            continue;
        };
        if let Some(name) = line.strip_prefix("#---- file ") {
            case.modules.push((name.trim().to_owned(), String::new()));
        } else if line.starts_with("#---- says") {
            says = true;
        } else if says {
            case.says.push_str(line);
        } else {
            case.modules.last_mut().map_or(&mut case.program, |(_, text)| text).push_str(line);
        }
    }
    (prelude, cases)
}

fn written(prelude: &str, cases: &[Case]) -> String {
    let mut text = prelude.to_owned();
    for case in cases {
        text += &format!("#==== {}\n{}", case.title, case.program);
        for (name, module) in &case.modules {
            text += &format!("#---- file {name}\n{module}");
        }
        text += &format!("#---- says\n{}", case.says);
    }
    text
}

/// The error of a program; what is wrong with the case, if it has none.
fn said(prelude: &str, case: &Case) -> Result<String, String> {
    let mut interp = Interp::new();
    interp.set_print(|_| {});
    let modules: HashMap<_, _> = case.modules.iter().cloned().collect();
    interp.set_loader(move |path| {
        let text = modules.get(path).ok_or_else(|| Error::host(format!("there is no file `{path}`")))?;
        Ok(text.clone().into_bytes())
    });
    interp.run(prelude).map_err(|error| format!("what runs before fails: {error}"))?;
    let text = match interp.eval(&case.program) {
        Ok(value) => return Err(format!("no error, but {value}")),
        Err(error) => format!("{error}\n"),
    };
    match interp.eval("1 + 1") {
        Ok(value) if value.to_string() == "2" => Ok(text),
        _ => Err(format!("the interpreter cannot be used after {text}")),
    }
}

fn check(prelude: &str, case: &Case) -> Result<(), Failed> {
    let says = said(prelude, case)?;
    let place = says.lines().nth(1).is_some_and(|line| line.trim_start().starts_with("--> "));
    if says != case.says {
        return Err(format!("{}says\n{says}where this is expected:\n{}", case.program, case.says).into());
    }
    if !place { Err(format!("no place: {says}").into()) } else { Ok(()) }
}
