//! `cotangent grad`: the text of a gradient, from the shell.

use std::path::PathBuf;
use std::process::ExitCode;

use cotangent::interp::function::Function;
use cotangent::lang::tree::{Param, ParamForm};
use cotangent::lang::{Error, ErrorKind};
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
    let function: Value = interp.get(&request.function)?;
    let args = match &request.args {
        Some(args) => args.clone(),
        None => floats(&function, &request.function)?,
    };
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
        None => "float arguments; --args gives others".to_owned(),
    };
    session::say(&format!("# grad({}, {argnums}) for {kinds}\n{}\n", request.function, text.trim_end()));
    Ok(ExitCode::SUCCESS)
}

/// A float for each parameter that needs an argument. A default says what a parameter is, and stays.
fn floats(function: &Value, name: &str) -> cotangent::Result<String> {
    let Value::Function(function) = function else {
        return Err(Error::type_(format!("`{name}` is no function, but {}", function.type_name())));
    };
    let Function::Closure(closure) = &**function else {
        return Err(Error::new(ErrorKind::Type, format!("the parameters of `{name}` are not known"))
            .hint("give arguments with --args"));
    };
    let needed = closure.code.tree.params.iter().filter(|param| param.default.is_none());
    let argument = |param: &Param| match param.form {
        ParamForm::PositionalOnly | ParamForm::Plain => Some("1.0".to_owned()),
        ParamForm::KeywordOnly => Some(format!("{}=1.0", param.name)),
        ParamForm::Star | ParamForm::DoubleStar => None,
    };
    Ok(needed.filter_map(argument).collect::<Vec<_>>().join(", "))
}
