//! The command `cotangent`: the prompt, and scripts run, tested, checked and differentiated from the shell.

mod arguments;
mod check;
mod files;
mod gradient;
mod help;
mod prompt;
mod session;
mod tests;
mod timing;

use std::process::ExitCode;

use arguments::Command;
use mimalloc::MiMalloc;

/// Memory that an array leaves is kept for the next, where the system's allocator returns it and faults its pages in again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a command comes to: success, failure said already, or an error to be said.
type Outcome = Result<ExitCode, Failure>;

/// An error that ends the command.
enum Failure {
    /// The program, or a file of it, is at fault. Said while the program's text is still there to be shown.
    Program(String),
    /// The command was called wrongly.
    Usage(String),
}

macro_rules! of_the_program {
    ($($error:ty),*) => { $(
        impl From<$error> for Failure {
            fn from(error: $error) -> Failure {
                Failure::Program(error.to_string())
            }
        }
    )* };
}
of_the_program!(cotangent::Error, std::io::Error, rustyline::error::ReadlineError);

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Failure {
        Failure::Usage(error.to_string())
    }
}

/// The status of a command that was called wrongly.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let outcome = arguments::parse(std::env::args_os().skip(1)).and_then(|command| match command {
        Command::Prompt => prompt::run(),
        Command::Run { path, time } => files::run(&path, time),
        Command::Eval(code) => files::eval(&code),
        Command::Grad(request) => gradient::run(&request),
        Command::Test(paths) => tests::run(&paths),
        Command::Check(paths) => check::run(&paths),
        Command::Version => {
            session::say(&format!("cotangent {}\n", env!("CARGO_PKG_VERSION")));
            Ok(ExitCode::SUCCESS)
        }
        Command::Help => {
            session::say(arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
    });
    match outcome {
        Ok(code) => code,
        Err(Failure::Program(message)) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
        Err(Failure::Usage(message)) => {
            eprintln!("cotangent: {message}\nTry `cotangent --help`.");
            ExitCode::from(USAGE)
        }
    }
}
