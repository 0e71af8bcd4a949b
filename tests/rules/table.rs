//! Reads the table of cases, and from the rule files what has a rule.

use std::collections::BTreeSet;

/// An expression to try a primitive on.
#[derive(Clone, Debug)]
pub struct Case {
    /// The primitive.
    pub name: String,
    /// The expression, in which letters draw arguments.
    pub expression: String,
    /// Whether first derivatives are all there is to check.
    pub once: bool,
    /// Whether it is known to fail.
    pub open: bool,
    /// How near derivatives and differences must be.
    pub tolerance: f64,
}

/// The table.
#[derive(Debug, Default)]
pub struct Table {
    /// In order.
    pub cases: Vec<Case>,
    /// Primitives that need no rule.
    pub none: BTreeSet<String>,
}

/// Reads `cases.txt`.
pub fn read(text: &str) -> Table {
    let mut table = Table::default();
    let mut names: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(list) = line.strip_prefix("none ") {
            let (list, reason) = list.split_once(':').expect("`none NAMES: reason`");
            assert!(!reason.trim().is_empty(), "a reason is needed: {line}");
            table.none.extend(list.split_whitespace().map(str::to_string));
        } else if !line.starts_with(' ') {
            let list = line.strip_suffix(':').expect("`NAMES:`");
            names = list.split_whitespace().map(str::to_string).collect();
        } else {
            let (expression, exception) = line.split_once("##").unwrap_or((line, ""));
            for name in &names {
                table.cases.push(Case {
                    name: name.clone(),
                    expression: applied(expression.trim(), name),
                    once: exception.trim().starts_with("once:"),
                    open: exception.trim().starts_with("open:"),
                    tolerance: 1e-7,
                });
            }
        }
    }
    table
}

/// The expression with `F(` read as the primitive.
fn applied(expression: &str, name: &str) -> String {
    let mut result = String::new();
    let mut before = ' ';
    for (at, c) in expression.char_indices() {
        if c == 'F' && expression[at..].starts_with("F(") && !before.is_alphanumeric() && before != '.' {
            result.push_str(name);
        } else {
            result.push(c);
        }
        before = c;
    }
    result
}

/// The names that the rule files speak of.
#[derive(Debug, Default)]
pub struct Rules {
    /// Those with a rule.
    pub derivatives: BTreeSet<String>,
    /// Those declared zero.
    pub zero: BTreeSet<String>,
}

/// Reads the names from the decorators and the declarations of the rule files.
pub fn rules() -> Rules {
    let mut rules = Rules::default();
    for (_, text) in cotangent::rules::SOURCES {
        let mut rest = *text;
        while let Some((at, into)) = next_declaration(rest) {
            let names = &rest[at..];
            let open = names.find('(').expect("a declaration has arguments");
            let close = names.find(')').expect("a declaration ends");
            let list =
                names[open + 1..close].split(',').map(|name| name.trim().to_string()).filter(|name| !name.is_empty());
            if into == "zero" {
                rules.zero.extend(list)
            } else {
                rules.derivatives.extend(list)
            }
            rest = &names[close..];
        }
    }
    rules
}

fn next_declaration(text: &str) -> Option<(usize, &'static str)> {
    ["@partial", "@linear", "@adjoint", "zero"]
        .into_iter()
        .flat_map(|form| text.match_indices(form).map(move |(at, _)| (at, form)))
        .filter(|&(at, form)| (at == 0 || text.as_bytes()[at - 1] == b'\n') && text[at + form.len()..].starts_with('('))
        .min()
}
