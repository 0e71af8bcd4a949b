//! The examples in the library's documentation are run: after `>>>` stands an expression, below it what it shows.

use cotangent::Interp;
use cotangent::interp::display;
use libtest_mimic::{Arguments, Failed, Trial};

struct Example {
    expression: String,
    shown: String,
}

fn main() {
    let entries = cotangent::interp::library::entries().map(|entry| (entry.builtin.name, entry.builtin.doc));
    let trials = cotangent::interp::library::SOURCES
        .iter()
        .copied()
        .chain(entries)
        .flat_map(|(name, text)| examples(text).into_iter().map(move |example| (name, example)))
        .map(|(name, example)| Trial::test(format!("{name}: {}", example.expression), move || run(&example)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn examples(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(expression) = line.strip_prefix(">>> ") else { continue };
        let mut shown = Vec::new();
        while let Some(line) =
            lines.next_if(|line| !line.is_empty() && !line.starts_with(">>>") && !line.starts_with("\"\"\""))
        {
            shown.push(line);
        }
        found.push(Example { expression: expression.into(), shown: shown.join("\n") });
    }
    found
}

fn run(example: &Example) -> Result<(), Failed> {
    let mut interp = Interp::new();
    interp
        .eval("import numpy as np\nimport math\nimport cotangent\nfrom cotangent import linalg, special\n")
        .map_err(|e| e.to_string())?;
    let value = interp.eval(&example.expression).map_err(|e| e.to_string())?;
    let shown: Vec<String> = display::repr(&value).lines().map(|line| line.trim().to_string()).collect();
    if shown.join("\n") == example.shown {
        return Ok(());
    }
    Err(format!("shows\n{}\ninstead of\n{}", shown.join("\n"), example.shown).into())
}
