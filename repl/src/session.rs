//! An interpreter as the command sets it up: it prints to standard output and reads the files beside the script.

use std::io::{ErrorKind, Write};
use std::path::Path;

use cotangent::lang::{self, Source};
use cotangent::{Interp, Value};

use crate::help;

/// What the prompt and `-e` have imported; the transformations are builtins.
const PRELUDE: &str = "import numpy as np\nimport math\nfrom scipy import special, linalg\n";

/// Writes to standard output. A reader that went away ends the command silently.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            eprintln!("cannot write to standard output: {error}");
        }
        std::process::exit(1);
    }
}

/// An interpreter for a script.
pub fn script() -> Interp {
    let mut interp = Interp::new();
    interp.set_print(say);
    interp
}

/// An interpreter for what is typed: `np`, the transformations and `help` are there, and the files below the working
/// directory.
pub fn interactive() -> cotangent::Result<Interp> {
    let mut interp = script();
    interp.grant_files(Path::new("."));
    interp.run(PRELUDE)?;
    interp.register("help", |value: Value| say(&help::about(&value)))?;
    Ok(interp)
}

/// Says on standard error what is hardly meant as it is written. What does not parse is said when it is run.
pub fn warn(name: &str, text: &str) {
    let source = Source::new(name, text);
    if let Ok(module) = lang::parse(&source) {
        lang::check(&module).iter().for_each(|warning| eprintln!("{warning}"));
    }
}

/// Prints what an expression came to, unless it is nothing.
pub fn show(value: &Value) {
    if !matches!(value, Value::None) {
        say(&format!("{}\n", cotangent::interp::display::repr(value)));
    }
}
