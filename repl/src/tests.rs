//! `cotangent test`: runs the functions named `test_*` of scripts. A test fails by ending in an error.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cotangent::Value;

use crate::session::say;
use crate::{Failure, Outcome, session};

/// Runs the tests of some scripts, and of those below some directories.
pub fn run(paths: &[PathBuf]) -> Outcome {
    let mut scripts = Vec::new();
    if paths.is_empty() {
        collect(Path::new("."), &mut scripts)?;
    }
    for path in paths {
        if path.is_dir() {
            collect(path, &mut scripts)?;
        } else {
            scripts.push(path.clone());
        }
    }
    let mut tally = Tally::default();
    for script in &scripts {
        run_script(script, &mut tally);
    }
    let Tally { passed, failed } = tally;
    if passed + failed == 0 {
        return Err(Failure::Program("no function named test_* in these scripts".into()));
    }
    say(&format!("{passed} passed, {failed} failed\n"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

fn run_script(script: &Path, tally: &mut Tally) {
    let mut interp = session::script();
    if let Err(error) = interp.run_file(script) {
        tally.failed += 1;
        say(&format!("{}: FAILED\n", script.display()));
        eprintln!("{error}");
        return;
    }
    for name in interp.names().into_iter().filter(|name| name.starts_with("test_")) {
        if !matches!(interp.get::<Value>(&name), Ok(Value::Function(_))) {
            continue;
        }
        match interp.call::<Value>(&name, ()) {
            Ok(_) => {
                tally.passed += 1;
                say(&format!("{}:{name}: ok\n", script.display()));
            }
            Err(error) => {
                tally.failed += 1;
                say(&format!("{}:{name}: FAILED\n", script.display()));
                eprintln!("{error}");
            }
        }
    }
}

/// The scripts below a directory, in order; hidden directories are left out.
fn collect(directory: &Path, scripts: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(directory)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() && !hidden {
            collect(&path, scripts)?;
        } else if path.extension().is_some_and(|extension| extension == "cot") {
            scripts.push(path);
        }
    }
    Ok(())
}
