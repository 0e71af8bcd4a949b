//! `cotangent grad`: the text of a gradient, from the shell.

use std::path::PathBuf;
use std::process::ExitCode;

use cotangent::{FromValue, Interp, Value};

use crate::{Outcome, session};

/// Which gradient is asked for.
pub struct Request {
    /// The script.
    pub file: PathBuf,
    /// The function's name.
    pub function: String,
    /// Arguments of the kinds it is written for, as the language writes them.
    pub args: Option<String>,
    /// The parameters, positions or quoted names.
    pub argnums: Vec<String>,
}

/// Prints the gradient. What the script itself prints goes to standard error.
pub fn run(request: &Request) -> Outcome {
    let mut interp = Interp::new();
    interp.set_print(|text| eprint!("{text}"));
    interp.run_file(&request.file)?;
    let _: Value = interp.get(&request.function)?;
    let args = request.args.clone().unwrap_or_default();
    let argnums = match request.argnums.as_slice() {
        [] => "0".to_owned(),
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    // The script may use the names `np`, `grad` and `source` for something else, or not at all.
    if !interp.names().iter().any(|name| name == "np") {
        interp.run("import numpy as np")?;
    }
    interp.run("from cotangent import grad as __grad, source as __source")?;
    let separator = if args.trim().is_empty() { "" } else { ", " };
    let text = String::from_value(
        interp.eval(&format!("__source(__grad({}, {argnums}){separator}{args})", request.function))?,
    )?;
    let kinds = match &request.args {
        Some(args) => format!("arguments like ({})", args.trim()),
        None => "arguments of any kind; --args names them".to_owned(),
    };
    session::say(&format!("# grad({}, {argnums}) for {kinds}\n{}\n", request.function, text.trim_end()));
    Ok(ExitCode::SUCCESS)
}
