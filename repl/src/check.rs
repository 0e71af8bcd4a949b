//! `cotangent check`: parses scripts and reports what is wrong, and warns of what is hardly meant, without running anything.

use std::path::PathBuf;
use std::process::ExitCode;

use cotangent::lang::{Source, check, parse};

use crate::Outcome;

/// Checks every script, also after one that is wrong.
pub fn run(paths: &[PathBuf]) -> Outcome {
    let mut sound = true;
    for path in paths {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let source = Source::new(path.display().to_string(), text);
                match parse(&source) {
                    Ok(module) => check(&module).iter().for_each(|warning| eprintln!("{warning}")),
                    Err(error) => {
                        sound = false;
                        eprintln!("{error}");
                    }
                }
            }
            Err(error) => {
                sound = false;
                eprintln!("cannot read {}: {error}", path.display());
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
