//! Running a file, a text, and what comes in through a pipe.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use crate::{Failure, Outcome, session, timing};

/// Runs a script; with `time` it says where time went, also where the script failed.
pub fn run(path: &Path, time: bool) -> Outcome {
    let mut interp = session::script();
    if time {
        interp.take_times();
    }
    if let Ok(text) = std::fs::read_to_string(path) {
        session::warn(&path.display().to_string(), &text);
    }
    let result = interp.run_file(path).map_err(Failure::from);
    interp.timing().iter().for_each(timing::say);
    result.map(|()| ExitCode::SUCCESS)
}

/// Runs a text and prints the value of its last expression.
pub fn eval(code: &str) -> Outcome {
    session::show(&session::interactive()?.eval(code)?);
    Ok(ExitCode::SUCCESS)
}

/// Runs the program that standard input gives.
pub fn run_input() -> Outcome {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut interp = session::script();
    interp.grant_files(".");
    session::warn("<script>", &text);
    interp.run(&text)?;
    Ok(ExitCode::SUCCESS)
}
