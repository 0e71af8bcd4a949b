//! The prompt in a terminal.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use rexpect::error::Error;
use rexpect::session::{Options, PtySession, spawn_with_options};
use tempfile::TempDir;

const TIMEOUT: u64 = 30_000;

fn start(state: &Path) -> Result<PtySession, Error> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cotangent"));
    command.env("TERM", "xterm").env("XDG_STATE_HOME", state).env_remove("NO_COLOR");
    let options = Options::new().timeout_ms(Some(TIMEOUT)).strip_ansi_escape_codes(true);
    let mut session = spawn_with_options(command, options)?;
    session.exp_string("Cotangent")?;
    session.exp_string(">>> ")?;
    Ok(session)
}

/// Types a line; waits for what it leads to, which must not be part of the line itself.
fn typed(session: &mut PtySession, line: &str, then: &str) -> Result<(), Error> {
    session.send_line(line)?;
    session.exp_string(then).map(drop)
}

/// Leaves from the next prompt. It must stand before the key is sent: between two lines the terminal itself takes the
/// key, and the prompt never sees it.
fn leave(session: &mut PtySession) -> Result<(), Error> {
    session.exp_string(">>> ")?;
    session.send_control('d')?;
    session.exp_eof().map(drop)
}

#[test]
fn statements_of_several_lines_and_errors() -> Result<(), Error> {
    let state = TempDir::new().expect("a directory");
    let mut session = start(state.path())?;
    for line in ["def f(x):", "    if x > 0:", "        return 3 * x", "    return x", ""] {
        session.send_line(line)?;
    }
    session.exp_string(">>> ")?;
    typed(&mut session, "f(14)", "42")?;
    typed(&mut session, "(100 +", "+")?;
    typed(&mut session, "  23)", "123")?;
    typed(&mut session, "a = 700\na + 77", "777")?;
    typed(&mut session, "1 + unknown", "is not defined")?;
    typed(&mut session, "help np.tanh", "np.tanh(x")?;
    typed(&mut session, "f(21) + 1", "64")?;
    leave(&mut session)
}

#[test]
fn an_endless_loop_is_interrupted_and_a_line_cleared() -> Result<(), Error> {
    let state = TempDir::new().expect("a directory");
    let mut session = start(state.path())?;
    // What it prints says that it runs.
    for line in ["for i in range(10 ** 18):", "    if i == 1000: print(20 + 3)", ""] {
        session.send_line(line)?;
    }
    session.exp_string("23")?;
    session.send_control('c')?;
    session.exp_string("interrupted")?;
    session.exp_string(">>> ")?;
    session.send("unfinished")?;
    session.flush()?;
    session.exp_string("unfinished")?;
    session.send_control('c')?;
    session.exp_string(">>> ")?;
    typed(&mut session, "6 * 7", "42")?;
    leave(&mut session)
}

#[test]
fn history_outlives_the_session() -> Result<(), Error> {
    let state = TempDir::new().expect("a directory");
    let mut session = start(state.path())?;
    typed(&mut session, "1000 + 234", "1234")?;
    leave(&mut session)?;
    let mut session = start(state.path())?;
    session.send("\u{1b}[A")?;
    session.flush()?;
    session.exp_string("1000 + 234")?;
    typed(&mut session, "", "1234")?;
    leave(&mut session)
}

#[test]
fn exit_leaves_and_many_errors_do_not() -> Result<(), Error> {
    let state = TempDir::new().expect("a directory");
    let mut session = start(state.path())?;
    for (line, then) in [
        ("def r(n): return r(n + 1)\n", ">>> "),
        ("r(0)", "19990 more calls"),
        ("import numpy as np", ">>> "),
        ("np.linalg.inv(np.zeros((2, 2)))", "singular matrix"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("((1)", ""),
        ("]", "']' does not match"),
        ("grad(np.tanh)('a')", "error"),
        ("print(40 + 2)", "42"),
    ] {
        typed(&mut session, line, then)?;
    }
    session.send_line("exit()")?;
    session.exp_eof().map(drop)
}

/// Operations that take long, few of them: a run is ended between two.
#[test]
fn slow_operations_are_interrupted() -> Result<(), Error> {
    let state = TempDir::new().expect("a directory");
    let mut session = start(state.path())?;
    typed(&mut session, "import numpy as np; a = np.eye(300); print(20 + 3)", "23")?;
    for line in ["for i in range(10 ** 6):", "    b = np.linalg.svd(a); print(i + 5000) if i == 3 else None", ""] {
        session.send_line(line)?;
    }
    session.exp_string("5003")?;
    session.send_control('c')?;
    session.exp_string("interrupted")?;
    leave(&mut session)
}
