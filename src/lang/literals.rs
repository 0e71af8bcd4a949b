//! The literals with an inside: numbers, strings with their escapes, f-strings.

use super::lexer::{FString, Field, Lexer};
use super::token::{Mark, TokenKind};
use super::{Error, Result};

impl Lexer<'_> {
    /// Reads a number that starts here.
    pub fn number(&mut self) -> Result<()> {
        let start = self.at;
        let radix = match (self.byte(0), self.byte(1)) {
            (b'0', b'x' | b'X') => 16,
            (b'0', b'o' | b'O') => 8,
            (b'0', b'b' | b'B') => 2,
            _ => 10,
        };
        let kind = if radix == 10 { self.decimal()? } else { self.radix(radix)? };
        if matches!(self.byte(0), b'j' | b'J') {
            self.at += 1;
            let error = self.error("complex numbers are not part of the language", start);
            return Err(error.hint("keep the real and the imaginary part in two floats"));
        }
        self.number_ends(start, radix)?;
        self.push(kind, start);
        Ok(())
    }

    fn radix(&mut self, radix: u32) -> Result<TokenKind> {
        let start = self.at;
        self.at += 2;
        if self.byte(0) == b'_' {
            self.at += 1;
        }
        let name = match radix {
            16 => "hexadecimal",
            8 => "octal",
            _ => "binary",
        };
        if !self.digits(radix) {
            return Err(self.error(format!("invalid {name} literal"), start));
        }
        if self.byte(0).is_ascii_digit() {
            self.at += 1;
            let digit = self.text.as_bytes()[self.at - 1] as char;
            return Err(self.error(format!("invalid digit '{digit}' in {name} literal"), start));
        }
        self.integer(start, start + 2, radix)
    }

    fn decimal(&mut self) -> Result<TokenKind> {
        let start = self.at;
        let invalid = "invalid decimal literal";
        let mut float = false;
        if self.byte(0) != b'.' && !self.digits(10) {
            return Err(self.error(invalid, start));
        }
        let whole = self.at;
        if self.byte(0) == b'.' {
            float = true;
            self.at += 1;
            if self.byte(0).is_ascii_digit() && !self.digits(10) {
                return Err(self.error(invalid, start));
            }
        }
        let signed = matches!(self.byte(1), b'+' | b'-') as usize;
        if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + signed).is_ascii_digit() {
            float = true;
            self.at += 1 + signed;
            if !self.digits(10) {
                return Err(self.error(invalid, start));
            }
        }
        if float {
            let text = self.text[start..self.at].replace('_', "");
            return text.parse().map(TokenKind::Float).map_err(|_| self.error(invalid, start));
        }
        let text = &self.text[start..whole];
        if text.starts_with('0') && text.bytes().any(|b| !matches!(b, b'0' | b'_')) {
            let error = self.error("leading zeros in decimal integer literals are not permitted", start);
            return Err(error.hint("an octal integer is written with the prefix 0o"));
        }
        self.integer(start, start, 10)
    }

    /// Goes over digits with single underscores between them; false where they are not well formed.
    fn digits(&mut self, radix: u32) -> bool {
        loop {
            if !(self.byte(0) as char).is_digit(radix) {
                return false;
            }
            while (self.byte(0) as char).is_digit(radix) {
                self.at += 1;
            }
            if self.byte(0) != b'_' {
                return true;
            }
            self.at += 1;
        }
    }

    fn integer(&self, start: usize, digits: usize, radix: u32) -> Result<TokenKind> {
        let text = self.text[digits..self.at].replace('_', "");
        match u64::from_str_radix(&text, radix) {
            Ok(value) if value <= 1 << 63 => Ok(TokenKind::Int(value)),
            _ => Err(too_large(self.error("the integer literal does not fit 64 bits", start))),
        }
    }

    /// A letter may follow a number only where it starts one of Python's keywords.
    fn number_ends(&mut self, start: usize, radix: u32) -> Result<()> {
        let end = self.at;
        self.skip_name();
        let rest = &self.text[end..self.at];
        if !matches!(rest, "" | "and" | "else" | "for" | "if" | "in" | "is" | "or" | "not") {
            let name = match radix {
                16 => "hexadecimal",
                8 => "octal",
                2 => "binary",
                _ => "decimal",
            };
            let error = self.error(format!("invalid {name} literal"), start);
            let product = radix == 10 && rest.starts_with(|c: char| c.is_alphabetic());
            return Err(if product {
                error.hint("write * for a product; a name cannot begin with a digit")
            } else {
                error
            });
        }
        self.at = end;
        Ok(())
    }

    /// Reads a string whose quote is here; `start` is where its prefix starts.
    pub fn string(&mut self, start: usize, prefix: &str) -> Result<()> {
        let quote = self.byte(0);
        let triple = self.byte(1) == quote && self.byte(2) == quote;
        self.at += if triple { 3 } else { 1 };
        let raw = prefix.contains('r');
        if prefix.contains('f') {
            self.push(TokenKind::FStringStart, start);
            self.fstrings.push(FString { start, quote, triple, raw, fields: Vec::new() });
            return Ok(());
        }
        let mut text = String::new();
        while !self.closing_quote(quote, triple) {
            self.string_char(&mut text, start, triple, raw, "string literal")?;
        }
        self.push(TokenKind::Str(text.into()), start);
        Ok(())
    }

    /// Goes over the closing quotes, if they are here.
    fn closing_quote(&mut self, quote: u8, triple: bool) -> bool {
        let closes = self.byte(0) == quote && (!triple || (self.byte(1) == quote && self.byte(2) == quote));
        if closes {
            self.at += if triple { 3 } else { 1 };
        }
        closes
    }

    /// Reads one character, escape or line ending of a string.
    fn string_char(&mut self, text: &mut String, start: usize, triple: bool, raw: bool, what: &str) -> Result<()> {
        let Some(c) = self.char().filter(|&c| triple || !matches!(c, '\n' | '\r')) else {
            return Err(self.unterminated(start, triple, what));
        };
        if self.eat_newline() {
            text.push('\n');
            return Ok(());
        }
        self.at += c.len_utf8();
        match c {
            '\\' if raw => {
                text.push('\\');
                match self.char() {
                    Some(next @ ('\\' | '\'' | '"')) => {
                        self.at += 1;
                        text.push(next);
                    }
                    _ if self.eat_newline() => text.push('\n'),
                    _ => {}
                }
            }
            '\\' => self.escape(text)?,
            _ => text.push(c),
        }
        Ok(())
    }

    fn unterminated(&mut self, start: usize, triple: bool, what: &str) -> Error {
        if let Some(f) = self.fstrings.last().filter(|f| !f.fields.is_empty() && !triple) {
            let at = f.start;
            return self.error("f-string: expected '}' before its end", at);
        }
        self.unfinished = triple;
        self.brackets.clear();
        let error = Error::syntax(format!("unterminated {}{what}", if triple { "triple-quoted " } else { "" }));
        let end = if triple { start + 3 } else { self.at };
        error.at(self.span(start, end.min(self.text.len())))
    }

    /// Resolves the escape behind a backslash; an unknown one stays as it stands.
    fn escape(&mut self, text: &mut String) -> Result<()> {
        let start = self.at - 1;
        if self.eat_newline() {
            return Ok(());
        }
        let Some(c) = self.char() else { return Ok(()) };
        let simple = match c {
            '\\' | '\'' | '"' => c,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '0'..='7' => {
                let digits = (0..3).take_while(|&i| matches!(self.byte(i), b'0'..=b'7')).count();
                return self.code_point(text, start, digits, 8);
            }
            'x' | 'u' | 'U' => {
                self.at += 1;
                let wanted = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits = (0..wanted).take_while(|&i| self.byte(i).is_ascii_hexdigit()).count();
                if digits < wanted {
                    self.at += digits;
                    return Err(self.error(format!("the escape \\{c} needs {wanted} hexadecimal digits"), start));
                }
                return self.code_point(text, start, wanted, 16);
            }
            'N' => return self.named_character(text, start),
            _ => {
                text.push('\\');
                return Ok(());
            }
        };
        self.at += 1;
        text.push(simple);
        Ok(())
    }

    /// `\N{EM DASH}`: a character by its name in Unicode.
    fn named_character(&mut self, text: &mut String, start: usize) -> Result<()> {
        self.at += 1;
        let name = self.text[self.at..].strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        let Some(name) = name.filter(|name| !name.contains(['\n', '"', '\''])) else {
            return Err(self.error("the escape \\N needs the name of a character in braces", start));
        };
        self.at += name.len() + 2;
        match unicode_names2::character(name) {
            Some(c) => text.push(c),
            None => return Err(self.error(format!("no character is named '{name}'"), start)),
        }
        Ok(())
    }

    fn code_point(&mut self, text: &mut String, start: usize, digits: usize, radix: u32) -> Result<()> {
        let number = u32::from_str_radix(&self.text[self.at..self.at + digits], radix).ok();
        self.at += digits;
        match number.and_then(char::from_u32) {
            Some(c) => text.push(c),
            None => return Err(self.error("the escape is not the number of a character", start)),
        }
        Ok(())
    }

    /// Reads the text of an f-string, or of a format spec, up to its next field or its end.
    pub fn fstring_text(&mut self) -> Result<()> {
        let begin = self.at;
        let Some(f) = self.fstrings.last() else { return Ok(()) };
        let (start, quote, triple, raw, in_spec) = (f.start, f.quote, f.triple, f.raw, !f.fields.is_empty());
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.byte(0) {
                b'{' if self.byte(1) == b'{' && !in_spec => {
                    self.at += 2;
                    text.push('{');
                }
                b'}' if self.byte(1) == b'}' && !in_spec => {
                    self.at += 2;
                    text.push('}');
                }
                b'{' => {
                    self.finish_text(text, begin);
                    self.at += 1;
                    self.push(TokenKind::Mark(Mark::BraceOpen), at);
                    self.brackets.push((b'{', at));
                    let depth = self.brackets.len();
                    if let Some(f) = self.fstrings.last_mut() {
                        f.fields.push(Field { depth, in_spec: false });
                    }
                    return Ok(());
                }
                b'}' if in_spec => {
                    self.finish_text(text, begin);
                    self.at += 1;
                    self.close(b'}', at)?;
                    self.push(TokenKind::Mark(Mark::BraceClose), at);
                    return Ok(());
                }
                b'}' => {
                    self.at += 1;
                    return Err(self.error("f-string: single '}' is not allowed", at).hint("write '}}'"));
                }
                _ if self.closing_quote(quote, triple) => {
                    if in_spec {
                        return Err(self.error("f-string: expected '}' before its end", start));
                    }
                    let after = std::mem::replace(&mut self.at, at);
                    self.finish_text(text, begin);
                    self.at = after;
                    self.push(TokenKind::FStringEnd, at);
                    self.fstrings.pop();
                    return Ok(());
                }
                _ => self.string_char(&mut text, start, triple, raw, "f-string literal")?,
            }
        }
    }

    fn finish_text(&mut self, text: String, begin: usize) {
        if !text.is_empty() {
            self.push(TokenKind::FStringText(text.into()), begin);
        }
    }
}

/// The hint for an integer beyond 64 bits.
pub(super) fn too_large(error: Error) -> Error {
    error.hint("integers go from -9223372036854775808 to 9223372036854775807; write a float, like 1e20")
}
