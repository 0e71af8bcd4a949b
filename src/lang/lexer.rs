//! Text → tokens, by Python 3's rules: indentation, joined lines, comments, operators and names.
//!
//! Number and string literals are in `literals.rs`. The lexer never fails as a whole: at the first thing it cannot
//! read it stops with an `Error` token, so that an error of the parser further up is reported first.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::token::{Mark, Token, TokenKind};
use super::{Error, Result, Source, Span, Symbol};

/// The tokens of a text, ended by `End` or by `Error` and then what went wrong.
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub failure: Option<Failure>,
}

/// Why the lexer stopped.
pub(super) struct Failure {
    pub error: Error,
    /// The byte of a bracket that is never closed.
    pub open: Option<usize>,
    /// Whether more text could still make it right.
    pub unfinished: bool,
}

/// Reads a whole text.
pub(super) fn lex(source: &Arc<Source>) -> Lexed {
    let mut lexer = Lexer {
        source,
        text: &source.text,
        at: 0,
        tokens: Vec::with_capacity(source.text.len() / 4 + 8),
        indents: vec![(0, 0)],
        brackets: Vec::new(),
        fstrings: Vec::new(),
        unfinished: false,
    };
    let failure = match lexer.run() {
        Ok(()) => None,
        Err(error) => {
            let at = lexer.at;
            lexer.push(TokenKind::Error, at);
            let open = lexer.unfinished.then(|| lexer.brackets.last().map(|&(_, open)| open)).flatten();
            Some(Failure { error, open, unfinished: lexer.unfinished })
        }
    };
    Lexed { tokens: lexer.tokens, failure }
}

pub(super) struct Lexer<'s> {
    pub source: &'s Arc<Source>,
    pub text: &'s str,
    pub at: usize,
    tokens: Vec<Token>,
    /// The columns of the blocks that are open: with tabs to eight, and with tabs as one.
    indents: Vec<(usize, usize)>,
    /// The brackets that are open, and where.
    pub brackets: Vec<(u8, usize)>,
    pub fstrings: Vec<FString>,
    /// Set before an error that more text could still avoid.
    pub unfinished: bool,
}

/// An f-string that is being read.
pub(super) struct FString {
    pub start: usize,
    pub quote: u8,
    pub triple: bool,
    pub raw: bool,
    /// The replacement fields that are open, outermost first.
    pub fields: Vec<Field>,
}

/// A `{…}` of an f-string.
pub(super) struct Field {
    /// How many brackets are open in it when none of the expression is.
    pub depth: usize,
    /// Whether the colon has been read.
    pub in_spec: bool,
}

impl<'s> Lexer<'s> {
    fn run(&mut self) -> Result<()> {
        if self.text.len() > u32::MAX as usize / 2 {
            return Err(Error::syntax("the source text is too long"));
        }
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.line_start()?;
        loop {
            let in_text = self.fstrings.last().is_some_and(|f| f.fields.last().is_none_or(|field| field.in_spec));
            if in_text {
                self.fstring_text()?;
            } else if !self.token()? {
                return Ok(());
            }
        }
    }

    /// The byte `ahead` of the current one; 0 past the end.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub fn ended(&self) -> bool {
        self.at >= self.text.len()
    }

    pub fn char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        self.source.span(start, end)
    }

    pub fn error(&self, message: impl Into<String>, start: usize) -> Error {
        Error::syntax(message).at(self.span(start, self.at.max(start + 1).min(self.text.len().max(start))))
    }

    pub fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, start: start as u32, end: self.at as u32 });
    }

    /// Goes over a line ending, of any of the three kinds, if one is here.
    pub fn eat_newline(&mut self) -> bool {
        match (self.byte(0), self.byte(1)) {
            (b'\r', b'\n') => self.at += 2,
            (b'\n' | b'\r', _) => self.at += 1,
            _ => return false,
        }
        true
    }

    fn skip_comment(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
    }

    /// Reads the indentation of the next line that has tokens.
    fn line_start(&mut self) -> Result<()> {
        loop {
            let (mut column, mut narrow) = (0, 0);
            loop {
                match self.byte(0) {
                    b' ' => (column, narrow) = (column + 1, narrow + 1),
                    b'\t' => (column, narrow) = ((column / 8 + 1) * 8, narrow + 1),
                    b'\x0c' => (column, narrow) = (0, 0),
                    _ => break,
                }
                self.at += 1;
            }
            if self.byte(0) == b'#' {
                self.skip_comment();
            }
            if self.ended() {
                return Ok(());
            }
            if !self.eat_newline() {
                return self.indentation(column, narrow);
            }
        }
    }

    fn indentation(&mut self, column: usize, narrow: usize) -> Result<()> {
        let mixed = |lexer: &Self| {
            lexer
                .error("inconsistent use of tabs and spaces in indentation", lexer.at)
                .hint("indent every line of a block in the same way, best with four spaces")
        };
        let &(top, top_narrow) = self.indents.last().unwrap_or(&(0, 0));
        if column > top {
            if narrow <= top_narrow {
                return Err(mixed(self));
            }
            self.indents.push((column, narrow));
            self.push(TokenKind::Indent, self.at);
        } else {
            while self.indents.last().is_some_and(|&(open, _)| open > column) {
                self.indents.pop();
                self.push(TokenKind::Dedent, self.at);
            }
            let &(open, open_narrow) = self.indents.last().unwrap_or(&(0, 0));
            if open != column {
                return Err(self.error("unindent does not match any outer indentation level", self.at));
            }
            if open_narrow != narrow {
                return Err(mixed(self));
            }
        }
        Ok(())
    }

    /// Reads one token outside the text of f-strings; false at the end.
    fn token(&mut self) -> Result<bool> {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'#' => self.skip_comment(),
                b'\\' => self.join_line()?,
                b'\n' | b'\r' => {
                    let start = self.at;
                    self.eat_newline();
                    if self.brackets.is_empty() {
                        self.push(TokenKind::Newline, start);
                        self.line_start()?;
                    }
                }
                _ => break,
            }
        }
        if self.ended() {
            return self.end().map(|()| false);
        }
        let start = self.at;
        match self.byte(0) {
            b'0'..=b'9' => self.number()?,
            b'.' if self.byte(1).is_ascii_digit() => self.number()?,
            b'"' | b'\'' => self.string(start, "")?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word()?,
            _ => self.operator()?,
        }
        Ok(true)
    }

    fn join_line(&mut self) -> Result<()> {
        let start = self.at;
        self.at += 1;
        if self.ended() {
            self.unfinished = true;
            return Err(self.error("unexpected end of the text after the line continuation character '\\'", start));
        }
        if !self.eat_newline() {
            return Err(self.error("unexpected character after the line continuation character '\\'", start));
        }
        if self.ended() {
            self.unfinished = true;
            return Err(self.error("unexpected end of the text after the line continuation character '\\'", start));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if let Some(&(bracket, open)) = self.brackets.last() {
            self.unfinished = true;
            let error = Error::syntax(format!("'{}' was never closed", bracket as char));
            return Err(error.at(self.span(open, open + 1)));
        }
        if self.tokens.last().is_some_and(|t| !matches!(t.kind, TokenKind::Newline | TokenKind::Dedent)) {
            self.push(TokenKind::Newline, self.at);
        }
        for _ in 1..self.indents.len() {
            self.push(TokenKind::Dedent, self.at);
        }
        self.push(TokenKind::End, self.at);
        Ok(())
    }

    /// Goes over the letters of a name.
    pub fn skip_name(&mut self) {
        while let Some(c) = self.char().filter(|&c| c == '_' || unicode_ident::is_xid_continue(c)) {
            self.at += c.len_utf8();
        }
    }

    fn word(&mut self) -> Result<()> {
        let start = self.at;
        if let Some(c) = self.char().filter(|&c| c != '_' && !unicode_ident::is_xid_start(c)) {
            return Err(self.strange(c));
        }
        self.skip_name();
        let text = &self.text[start..self.at];
        if matches!(self.byte(0), b'"' | b'\'') && text.len() <= 2 {
            let prefix = text.to_ascii_lowercase();
            match prefix.as_str() {
                "r" | "u" | "f" | "fr" | "rf" => return self.string(start, &prefix),
                "b" | "br" | "rb" => {
                    let error = self.error("bytes literals are not part of the language", start);
                    return Err(error.hint("write a string without the 'b'"));
                }
                _ => {}
            }
        }
        let kind = match Mark::keyword(text) {
            Some(keyword) => TokenKind::Mark(keyword),
            None if text.is_ascii() => TokenKind::Name(Symbol::new(text)),
            None => TokenKind::Name(Symbol::new(&text.nfkc().collect::<String>())),
        };
        self.push(kind, start);
        Ok(())
    }

    /// The error for a character that starts nothing.
    fn strange(&mut self, c: char) -> Error {
        let start = self.at;
        self.at += c.len_utf8();
        let message = if c.is_control() || c.is_whitespace() {
            format!("invalid non-printable character U+{:04X}", c as u32)
        } else {
            format!("invalid character '{c}' (U+{:04X})", c as u32)
        };
        let plain = match c {
            '“' | '”' | '„' | '«' | '»' => "write the plain quotation mark \"",
            '‘' | '’' | '`' | '´' => "write the plain quotation mark '",
            '−' | '–' | '—' => "write the plain minus -",
            '×' | '·' | '⋅' => "write * for a product",
            '≤' => "write <=",
            '≥' => "write >=",
            '≠' => "write !=",
            '÷' => "write / for a quotient",
            '¬' => "write not",
            '?' => "a conditional expression is written 'a if test else b'",
            '\u{a0}' => "write a plain space",
            _ => return self.error(message, start),
        };
        self.error(message, start).hint(plain)
    }

    fn operator(&mut self) -> Result<()> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        if let Some(field) = self.fstrings.last().and_then(|f| f.fields.last())
            && field.depth == self.brackets.len()
        {
            if rest[0] == b':' {
                self.at += 1;
                self.push(TokenKind::Mark(Mark::Colon), start);
                if let Some(field) = self.fstrings.last_mut().and_then(|f| f.fields.last_mut()) {
                    field.in_spec = true;
                }
                return Ok(());
            }
            if rest[0] == b'!' && self.byte(1) != b'=' {
                self.at += 1;
                self.push(TokenKind::Mark(Mark::Exclamation), start);
                return Ok(());
            }
        }
        for (text, instead) in [("&&", "and"), ("||", "or"), ("<>", "!=")] {
            if rest.starts_with(text.as_bytes()) {
                self.at += 2;
                return Err(self
                    .error(format!("'{text}' is not an operator"), start)
                    .hint(format!("write '{instead}'")));
            }
        }
        let found = (1..=rest.len().min(3)).rev().find_map(|n| Some((n, Mark::operator(&rest[..n])?)));
        let Some((length, mark)) = found.filter(|&(_, mark)| mark != Mark::Exclamation) else {
            let c = self.char().unwrap_or(' ');
            let error = self.strange(c);
            return Err(if c == '!' { error.hint("write 'not'") } else { error });
        };
        self.at += length;
        match mark {
            Mark::ParenOpen | Mark::BracketOpen | Mark::BraceOpen => self.brackets.push((rest[0], start)),
            Mark::ParenClose | Mark::BracketClose | Mark::BraceClose => self.close(rest[0], start)?,
            _ => {}
        }
        self.push(TokenKind::Mark(mark), start);
        Ok(())
    }

    /// Takes the bracket off that this one closes.
    pub fn close(&mut self, bracket: u8, start: usize) -> Result<()> {
        let bracket = bracket as char;
        let Some(&(open, at)) = self.brackets.last() else {
            return Err(self.error(format!("unmatched '{bracket}'"), start));
        };
        if !matches!((open, bracket), (b'(', ')') | (b'[', ']') | (b'{', '}')) {
            let line = self.source.line_column(at as u32).0;
            let place = if line == self.source.line_column(start as u32).0 {
                String::new()
            } else {
                format!(" on line {line}")
            };
            return Err(
                self.error(format!("closing '{bracket}' does not match opening '{}'{place}", open as char), start)
            );
        }
        if let Some(f) = self.fstrings.last_mut()
            && f.fields.last().is_some_and(|field| field.depth == self.brackets.len())
        {
            f.fields.pop();
        }
        self.brackets.pop();
        Ok(())
    }
}
