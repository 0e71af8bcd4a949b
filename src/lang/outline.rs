//! The outline of a text that is known to be right: its statements as pieces of text, so that each can be read when it is needed.

/// The statements that begin at the margin, decorators with what they decorate; comments belong to what is before.
pub fn statements(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = Vec::new();
    let (mut at, mut decorated, mut quoted) = (0, false, false);
    for line in text.split_inclusive('\n') {
        if !quoted && !line.starts_with([' ', '\n', '#', ')']) {
            if !decorated {
                starts.push(at);
            }
            decorated = line.starts_with('@');
        }
        quoted ^= line.matches("\"\"\"").count() % 2 == 1;
        at += line.len();
    }
    starts.push(text.len());
    (1..starts.len()).map(move |next| &text[starts[next - 1]..starts[next]])
}

/// The name that a statement gives a value or a function.
pub fn name(statement: &str) -> Option<&str> {
    let line = statement.lines().find(|line| !line.starts_with(['@', ' ', ')']))?;
    match line.strip_prefix("def ") {
        Some(rest) => rest.split_once('(').map(|(name, _)| name),
        None => line.split_once(" = ").map(|(name, _)| name),
    }
}

/// The names in a text that are not members of something.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(part)?;
            at = start + text[start..].find(|c| !part(c)).unwrap_or(text.len() - start);
            if !text[..start].ends_with('.') {
                return Some(&text[start..at]);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_begin_at_the_margin() {
        let text = "\"\"\"A text\n\nof lines.\n\"\"\"\nimport np\n\n@f\n@g(x,\n  y)\ndef h(a):\n    return a.b + c\n\n# Not one.\nk = h\n";
        let found: Vec<&str> = statements(text).collect();
        assert_eq!(found.len(), 4);
        let given: Vec<Option<&str>> = found.iter().map(|statement| name(statement)).collect();
        assert_eq!(given, [None, None, Some("h"), Some("k")]);
        let inside: Vec<&str> = names(found[2]).collect();
        assert_eq!(inside, ["f", "g", "x", "y", "def", "h", "a", "return", "a", "c", "Not", "one"]);
    }
}
