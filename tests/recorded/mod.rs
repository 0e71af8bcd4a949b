//! How the recorders write text.

/// The text that a recorder wrote in one line.
pub fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => out.push(if letters.next() == Some('n') { '\n' } else { '\\' }),
            c => out.push(c),
        }
    }
    out
}
