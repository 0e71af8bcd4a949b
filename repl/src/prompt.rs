//! The prompt: reads a statement, of as many lines as it needs, evaluates it, prints what an expression came to.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use cotangent::interp::library;
use cotangent::lang::is_incomplete;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Cmd, ConditionalEventHandler, Config, Context, Editor, Event, EventContext, EventHandler, Helper, Highlighter,
    Hinter, KeyCode, KeyEvent, Modifiers, RepeatCount,
};

use crate::{Outcome, files, help, session};

const PROMPT: &str = ">>> ";
/// Statements the history holds.
const HISTORY: usize = 10_000;

/// Runs the prompt until Ctrl-D; where standard input is no terminal, runs the program it gives.
pub fn run() -> Outcome {
    if !std::io::stdin().is_terminal() {
        return files::run_input();
    }
    let mut interp = session::interactive()?;
    let interrupt = interp.interrupt_handle();
    signal_hook::flag::register(signal_hook::consts::SIGINT, interrupt.clone())?;
    let mut editor = editor()?;
    let history = history_file();
    if let Some(path) = &history {
        // There is none at the first start.
        let _ = editor.load_history(path);
    }
    session::say(&format!("Cotangent {}. help() for help, Ctrl-D to leave.\n", env!("CARGO_PKG_VERSION")));
    loop {
        if let Some(helper) = editor.helper_mut() {
            helper.names = interp.names();
        }
        let text = match editor.readline(PROMPT) {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error.into()),
        };
        let text = text.trim_end();
        if text.is_empty() {
            continue;
        }
        if editor.add_history_entry(text)?
            && let Some(path) = &history
        {
            // A history that cannot be written is no reason to lose the session.
            let _ = editor.append_history(path);
        }
        let leaves = matches!(text, "exit" | "exit()" | "quit" | "quit()");
        if leaves && !interp.names().iter().any(|name| name == text.trim_end_matches("()")) {
            return Ok(ExitCode::SUCCESS);
        }
        let question = question(text);
        if question.as_deref() == Some("help()") {
            session::say(help::GENERAL);
            continue;
        }
        interrupt.store(false, Ordering::Relaxed);
        session::warn("<input>", text);
        match interp.eval(question.as_deref().unwrap_or(text)) {
            Ok(value) => session::show(&value),
            Err(error) => eprintln!("{error}"),
        }
    }
}

/// `help np.tanh` as the call it stands for.
fn question(text: &str) -> Option<String> {
    let subject = text.strip_prefix("help")?;
    let plain = subject.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' '));
    match subject.trim() {
        "" | "()" => Some("help()".into()),
        name if plain && subject.starts_with(' ') => Some(format!("help({name})")),
        _ => None,
    }
}

fn editor() -> rustyline::Result<Editor<Assistant, FileHistory>> {
    let config = Config::builder()
        .max_history_size(HISTORY)?
        .history_ignore_dups(true)?
        .completion_type(rustyline::CompletionType::List)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Assistant { names: Vec::new() }));
    let tab = Event::from(KeyEvent(KeyCode::Tab, Modifiers::NONE));
    editor.bind_sequence(tab, EventHandler::Conditional(Box::new(Indent)));
    Ok(editor)
}

/// `$XDG_STATE_HOME/cotangent/history`, or its default; its directory is made.
fn history_file() -> Option<PathBuf> {
    let directory = |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = directory("XDG_STATE_HOME")
        .or_else(|| directory("HOME").map(|home| home.join(".local/state")))
        .or_else(|| directory("LOCALAPPDATA"))?;
    let own = state.join("cotangent");
    std::fs::create_dir_all(&own).ok()?;
    Some(own.join("history"))
}

/// Knows when a statement wants another line, and completes names.
#[derive(Helper, Hinter, Highlighter)]
struct Assistant {
    names: Vec<String>,
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let wants_more = is_incomplete(context.input()) && question(context.input()).is_none();
        Ok(if wants_more { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = line.get(..at).unwrap_or(line);
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let start = before
            .rfind(|c| !part_of_name(c))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let begun = &before[start..];
        let library = library::entries().map(|entry| entry.builtin.name);
        let mut found: Vec<String> = self
            .names
            .iter()
            .map(String::as_str)
            .chain(library)
            .filter(|name| name.starts_with(begun))
            .map(str::to_owned)
            .collect();
        found.sort();
        found.dedup();
        Ok((start, found))
    }
}

/// The tab key at the beginning of a line indents.
struct Indent;

impl ConditionalEventHandler for Indent {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let before = context.line().get(..context.pos())?;
        let line = before.rsplit('\n').next()?;
        line.trim().is_empty().then(|| Cmd::Insert(1, " ".repeat(4 - line.len() % 4)))
    }
}
