//! Whether the input of a prompt wants another line.

use super::*;

/// Whether a text is the beginning of something that needs more lines: an open bracket or triple-quoted string, a line
/// joined by a backslash, a header without its body, or a compound statement that no empty line has ended yet.
/// A text with an error that no further line can mend is not incomplete.
pub fn is_incomplete(text: &str) -> bool {
    let source = Source::new("<input>", text);
    let Lexed { tokens, failure } = lex(&source);
    let mut parser = Parser::new(&source, tokens);
    let result = crate::lang::with_deep_stack(|| parser.module());
    if *parser.peek() == TokenKind::Error {
        return failure.is_some_and(|failure| failure.unfinished);
    }
    let last_line = text.rsplit('\n').next().unwrap_or("");
    if let Err(error) = result {
        let rest = &parser.tokens[parser.at..];
        let at_end = rest.iter().all(|t| matches!(t.kind, TokenKind::Newline | TokenKind::Dedent | TokenKind::End));
        // What is missing after a line's end can still come; what is missing within the last line cannot.
        let wants_lines = error.message().starts_with("expected an indented block")
            || error.message().starts_with("expected 'def' after the decorator");
        return at_end && wants_lines;
    }
    let compound = parser.tokens.iter().rev().find_map(|t| match t.kind {
        TokenKind::Newline | TokenKind::End => None,
        TokenKind::Dedent => Some(true),
        _ => Some(false),
    });
    let ended = last_line.trim().is_empty();
    let one_line = || parser.last_statement_has_block();
    !ended && (compound == Some(true) || one_line())
}

impl Parser<'_> {
    /// Whether the last line of the text begins with the header of a compound statement.
    fn last_statement_has_block(&self) -> bool {
        let newline = |t: &&Token| t.kind == TokenKind::Newline;
        let newlines: Vec<usize> = self.tokens.iter().enumerate().filter(|(_, t)| newline(t)).map(|(i, _)| i).collect();
        let first = newlines.len().checked_sub(2).map_or(0, |i| newlines[i] + 1);
        let mut from_first = self.tokens[first..].iter().filter(|t| t.kind != TokenKind::Dedent);
        matches!(
            from_first.next().map(|t| &t.kind),
            Some(TokenKind::Mark(
                Mark::If | Mark::For | Mark::While | Mark::With | Mark::Def | Mark::Elif | Mark::Else
            ))
        )
    }
}
