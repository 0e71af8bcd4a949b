//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};

use crate::Failure;
use crate::gradient::Request;

/// What `--help` says.
pub const HELP: &str = "\
Cotangent: a small array language whose derivatives are made by source transformation.

Usage:
  cotangent                       the prompt; a program where standard input is not a terminal
  cotangent run FILE              run a script (also: cotangent FILE)
      --time                      and say where time went, line by line, on standard error
  cotangent -e CODE               run CODE and print the value of its last expression
  cotangent grad FILE:FUNCTION    print the source of a function's gradient
      --args 'ARG, ...'           for the kinds of these arguments (default: arguments of any kind)
      --argnums N[,N...]          with respect to these parameters, by position or name (default: 0)
  cotangent test [PATH...]        run the functions named test_* of scripts (default: those below .)
  cotangent check FILE...         parse scripts, report what is wrong and warn of what is hardly meant
  cotangent --version
  cotangent --help

Status: 0 success, 1 an error of the program, 2 a wrong command line.
";

/// What the command is asked to do.
pub enum Command {
    /// Read, evaluate, print.
    Prompt,
    /// Run a script; whether to say where time went.
    Run { path: PathBuf, time: bool },
    /// Run a text.
    Eval(String),
    /// Print a derivative.
    Grad(Request),
    /// Run tests.
    Test(Vec<PathBuf>),
    /// Parse and report.
    Check(Vec<PathBuf>),
    /// Print the version.
    Version,
    /// Print the help.
    Help,
}

/// Reads the arguments after the command's own name.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, Failure> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let command = match parser.next()? {
        None => return Ok(Command::Prompt),
        Some(Short('e')) => Command::Eval(parser.value()?.string()?),
        Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Short('V') | Long("version")) => return Ok(Command::Version),
        Some(Value(word)) => match word.to_str() {
            Some("run") => run(&mut parser)?,
            Some("grad") => grad(&mut parser)?,
            Some("test") => Command::Test(paths(&mut parser)?),
            Some("check") => Command::Check(paths(&mut parser)?),
            Some("help") => return Ok(Command::Help),
            _ => Command::Run { path: word.into(), time: false },
        },
        Some(other) => return Err(other.unexpected().into()),
    };
    match (command, parser.next()?) {
        (_, Some(Long("help") | Short('h'))) => Ok(Command::Help),
        (_, Some(other)) => Err(other.unexpected().into()),
        (Command::Check(paths), None) if paths.is_empty() => Err(Failure::Usage("check needs a file".into())),
        (command, None) => Ok(command),
    }
}

fn run(parser: &mut lexopt::Parser) -> Result<Command, Failure> {
    let (mut path, mut time) = (None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("time") => time = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) if path.is_none() => path = Some(word.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let path = path.ok_or_else(|| Failure::Usage("run needs a file".into()))?;
    Ok(Command::Run { path, time })
}

fn paths(parser: &mut lexopt::Parser) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(path) => paths.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(paths)
}

fn grad(parser: &mut lexopt::Parser) -> Result<Command, Failure> {
    let (mut target, mut args, mut argnums) = (None, None, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("args") => args = Some(parser.value()?.string()?),
            Long("argnums") => argnums = argument_names(&parser.value()?.string()?)?,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) if target.is_none() => target = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let target = target.ok_or_else(|| Failure::Usage("grad needs FILE:FUNCTION".into()))?;
    match target.rsplit_once(':') {
        Some((file, function)) if !file.is_empty() && is_name(function) => {
            Ok(Command::Grad(Request { file: file.into(), function: function.into(), args, argnums }))
        }
        _ => Err(Failure::Usage(format!("grad needs FILE:FUNCTION, not `{target}`"))),
    }
}

/// The parameters that `--argnums` names, as the language writes them.
fn argument_names(text: &str) -> Result<Vec<String>, Failure> {
    text.split(',')
        .map(str::trim)
        .map(|part| match part {
            _ if part.parse::<i64>().is_ok() => Ok(part.to_owned()),
            _ if is_name(part) => Ok(format!("'{part}'")),
            _ => Err(Failure::Usage(format!("--argnums takes positions and names, not `{part}`"))),
        })
        .collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}
