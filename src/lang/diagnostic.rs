//! How an error looks: the sentence, the place with its line underlined, the calls that led there, the hint.

use std::fmt;

use unicode_width::UnicodeWidthChar;

use super::{Error, ErrorKind, Frame, Source, Span};

/// How many calls of a long traceback are shown at each of its ends.
const SHOWN_CALLS: usize = 5;
/// How many columns of a long line are shown.
const SHOWN_COLUMNS: usize = 120;

impl ErrorKind {
    /// The kind as an error prints it.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "syntax error",
            ErrorKind::Name => "name error",
            ErrorKind::Type => "type error",
            ErrorKind::Value => "value error",
            ErrorKind::Shape => "shape error",
            ErrorKind::Index => "index error",
            ErrorKind::Numeric => "numeric error",
            ErrorKind::Limit => "limit error",
            ErrorKind::Interrupted => "interrupted",
            ErrorKind::Raised => "error",
            ErrorKind::Derivative => "derivative error",
            ErrorKind::Host => "host error",
            ErrorKind::Warning => "warning",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind().name(), self.message())?;
        let source = self.span().source();
        let margin = match &source {
            Some(source) => excerpt(f, source, self.span())?,
            None => 1,
        };
        let mut note = |text: fmt::Arguments<'_>| write!(f, "\n{:margin$} = {text}", "");
        let calls = self.trace();
        let hidden = calls.len().saturating_sub(2 * SHOWN_CALLS);
        for (i, call) in calls.iter().enumerate() {
            if hidden > 1 && i == SHOWN_CALLS {
                note(format_args!("… {hidden} more calls …"))?;
            }
            if hidden <= 1 || !(SHOWN_CALLS..SHOWN_CALLS + hidden).contains(&i) {
                note(format_args!("{}", Called { call, by: calls.get(i + 1) }))?;
            }
        }
        if let Some(hint) = self.hint_text() {
            note(format_args!("hint: {hint}"))?;
        }
        Ok(())
    }
}

/// A call of a traceback in words, and the call that it was made in.
struct Called<'e> {
    call: &'e Frame,
    by: Option<&'e Frame>,
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Frame { function, call } = self.call;
        write!(f, "in {function}")?;
        match call.source() {
            Some(_) if call.is_library() => match self.by {
                Some(by) => write!(f, ", called by {}", by.function),
                None => Ok(()),
            },
            Some(source) => {
                let (line, column) = source.line_column(call.start);
                write!(f, ", called at {}:{line}:{column}", source.name)
            }
            None => Ok(()),
        }
    }
}

/// Writes the place and its line with the offending text underlined; gives the width of the margin.
fn excerpt(f: &mut fmt::Formatter<'_>, source: &Source, span: Span) -> Result<usize, fmt::Error> {
    let (line, column) = source.line_column(span.start);
    let margin = line.to_string().len();
    write!(f, "\n{:margin$}--> {}:{line}:{column}", "", source.name)?;
    let length = source.text.get(span.start as usize..span.end as usize).map_or(0, |text| text.chars().count());
    let (shown, before, under) = window(source.line(line), column - 1, length);
    write!(f, "\n{:margin$} |\n{line} | {shown}\n{:margin$} | {:before$}{:^<under$}", "", "", "", "")?;
    Ok(margin)
}

/// A line as a terminal may show it: what of it, the columns before the place, and those to underline.
fn window(line: &str, column: usize, length: usize) -> (String, usize, usize) {
    // Control characters would move the cursor; tabs are shown as four spaces.
    let cells: Vec<(char, usize)> = line
        .chars()
        .flat_map(|c| match c {
            '\t' => vec![(' ', 4)],
            _ => vec![c.width().map_or(('\u{b7}', 1), |width| (c, width))],
        })
        .collect();
    let column = column.min(cells.len());
    let end = column.saturating_add(length).min(cells.len()).max(column);
    let width = |cells: &[(char, usize)]| cells.iter().map(|&(_, width)| width).sum::<usize>();
    let (mut first, mut last) = (0, cells.len());
    if width(&cells) > SHOWN_COLUMNS {
        first = column.saturating_sub(SHOWN_COLUMNS / 2);
        last = (first + SHOWN_COLUMNS).min(cells.len());
    }
    let mut text = String::new();
    text.push_str(if first > 0 { "…" } else { "" });
    for &(c, width) in &cells[first..last] {
        text.push(c);
        text.extend(std::iter::repeat_n(' ', if c == ' ' { width.saturating_sub(1) } else { 0 }));
    }
    text.push_str(if last < cells.len() { "…" } else { "" });
    let before = width(&cells[first..column]) + (first > 0) as usize;
    let under = width(&cells[column..end.min(last)]).max(1);
    (text.trim_end().to_owned(), before, under)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Symbol;

    fn place(source: &Source, text: &str) -> Span {
        let start = source.text.find(text).unwrap();
        source.span(start, start + text.len())
    }

    #[test]
    fn an_error_shows_its_place_calls_and_hint() {
        let source = Source::new("model.cot", format!("{}    z = x + y\npredict(1)\n", "\n".repeat(11)));
        let error = Error::shape("operands could not be broadcast together with shapes (3,) (4,)")
            .at(place(&source, "x + y"))
            .through(Symbol::new("predict"), place(&source, "predict(1)"))
            .hint("reshape one of them");
        let wanted = "\
shape error: operands could not be broadcast together with shapes (3,) (4,)
  --> model.cot:12:9
   |
12 |     z = x + y
   |         ^^^^^
   = in predict, called at model.cot:13:1
   = hint: reshape one of them";
        assert_eq!(error.to_string(), wanted);
    }

    #[test]
    fn lines_align_whatever_they_hold() {
        for (line, text, shown, under) in [
            ("\tx = y", "y", "1 |     x = y", "  |         ^"),
            ("名 = y", "y", "1 | 名 = y", "  |      ^"),
            ("x = 名名 + 1", "名名", "1 | x = 名名 + 1", "  |     ^^^^"),
            ("a\u{1b}[31m = y", "y", "1 | a·[31m = y", "  |          ^"),
            ("f(a,\n  b)", "(a,\n  b)", "1 | f(a,", "  |  ^^^"),
            ("e\u{301} = y", "y", "1 | e\u{301} = y", "  |     ^"),
        ] {
            let source = Source::new("<t>", line);
            let text = Error::value("no").at(place(&source, text)).to_string();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(
                lines[1..],
                [
                    " --> <t>:1:".to_owned() + lines[1].rsplit(':').next().unwrap(),
                    "  |".into(),
                    shown.into(),
                    under.into()
                ],
                "{line:?}"
            );
        }
    }

    #[test]
    fn long_tracebacks_and_lines_are_cut() {
        let source = Source::new("<t>", format!("{}y + {}", "x + ".repeat(5000), "z + ".repeat(5000)));
        let place = place(&source, "y");
        let mut error = Error::limit("too deep").at(place);
        for _ in 0..100_000 {
            error = error.through(Symbol::new("f"), place);
        }
        let text = error.to_string();
        assert!(text.len() < 2000 && text.lines().count() == 5 + 2 * SHOWN_CALLS + 1);
        assert!(text.contains("… 99990 more calls …"));
        let lines: Vec<&str> = text.lines().collect();
        let caret = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().nth(caret), Some('y'));
    }

    #[test]
    fn an_error_without_a_place_is_a_sentence() {
        assert_eq!(Error::value("no").to_string(), "value error: no");
        assert_eq!(Error::value("no").hint("yes").to_string(), "value error: no\n  = hint: yes");
        let dead = Error::value("no").at(place(&Source::new("<t>", "x"), "x"));
        assert_eq!(dead.to_string(), "value error: no");
        let source = Source::new("<t>", "x = (");
        assert!(Error::value("no").at(source.span(99, 100)).to_string().contains("^"));
    }
}
