//! What Python has and the language has not: each gets an error that names it and says what to write instead.

use super::{Error, Mark, Parser, TokenKind};
use crate::lang::Span;

/// The constructs that a keyword announces.
fn announced_by(keyword: Mark) -> Option<(&'static str, &'static str)> {
    Some(match keyword {
        Mark::Class => ("classes are", "write functions, and keep the state in a dict, a list or a tuple"),
        Mark::Try | Mark::Except | Mark::Finally => {
            ("exception handling is", "test with 'if' before; an error ends the run and the host can read it")
        }
        Mark::Yield => ("generators are", "build a list and return it"),
        Mark::Global => ("'global' is", "pass the value as an argument and return the new one"),
        Mark::Nonlocal => ("'nonlocal' is", "pass the value as an argument and return the new one"),
        Mark::Async | Mark::Await => ("asynchronous code is", "write a plain function and call it"),
        _ => return None,
    })
}

impl Parser<'_> {
    /// The error for a construct that is announced by the current token.
    pub(super) fn absent_here(&self) -> Option<Error> {
        let (what, instead) = announced_by(self.mark()?)?;
        Some(self.absent(what, instead, self.span_here()))
    }

    pub(super) fn absent(&self, what: &str, instead: &str, span: Span) -> Error {
        self.error(format!("{what} not part of the language"), span).hint(instead)
    }

    pub(super) fn absent_set(&self, start: usize) -> Error {
        let instead = "write a list, or a dict whose keys are the elements";
        let (mut depth, mut end) = (1, self.last_end.max(start + 1));
        for token in &self.tokens[self.at..] {
            match token.kind {
                TokenKind::Mark(Mark::ParenOpen | Mark::BracketOpen | Mark::BraceOpen) => depth += 1,
                TokenKind::Mark(Mark::ParenClose | Mark::BracketClose | Mark::BraceClose) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = token.end as usize;
                break;
            }
        }
        self.absent("sets are", instead, self.source.span(start, end))
    }

    /// The error where a statement that began with a name does not end: `match x:`, `print x`, `exec x`.
    pub(super) fn unended_statement(&self, first: usize) -> Error {
        let token = |i: usize| self.tokens.get(i).map(|t| &t.kind);
        if let Some(&TokenKind::Name(name)) = token(first)
            && self.at == first + 1
            && self.begins_expression()
        {
            let span = self.source.span(self.tokens[first].start as usize, self.tokens[first].end as usize);
            match name.as_str() {
                "match" => return self.absent("'match' is", "write 'if' and 'elif'", span),
                "exec" => return self.absent("'exec' is", "write a function", span),
                "type" => return self.absent("'type' statements are", "leave the annotation out", span),
                "print" => {
                    return self.error("missing parentheses in the call to 'print'", span).hint("write print(…)");
                }
                "function" | "func" | "fn" | "fun" => {
                    return self.error(format!("expected a statement, found '{name}'"), span).hint("write 'def'");
                }
                "elseif" | "elsif" => {
                    return self.error(format!("expected a statement, found '{name}'"), span).hint("write 'elif'");
                }
                "let" | "var" | "const" | "val" => {
                    return self
                        .error(format!("expected a statement, found '{name}'"), span)
                        .hint("assign without a keyword: x = 1");
                }
                _ => {}
            }
        }
        let error = self.expected("the end of the statement");
        if error.hint_text().is_none()
            && matches!(self.peek(), TokenKind::Name(_) | TokenKind::Int(_) | TokenKind::Float(_))
        {
            return error.hint("is an operator or a comma missing?");
        }
        error
    }
}
