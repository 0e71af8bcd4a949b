//! Atoms: names, literals, displays, comprehensions, f-strings.

use super::expressions::Level;
use super::*;
use crate::lang::tree::{Clause, Comprehension, ComprehensionForm, FStringPart};

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Result<Expr> {
        let start = self.start();
        let kind = match *self.peek() {
            TokenKind::Name(name) => ExprKind::Name(name),
            TokenKind::Int(value) => self.integer(value)?,
            TokenKind::Float(value) => ExprKind::Float(value),
            TokenKind::Str(_) | TokenKind::FStringStart => return self.strings(),
            TokenKind::Mark(Mark::None) => ExprKind::None,
            TokenKind::Mark(Mark::True) => ExprKind::Bool(true),
            TokenKind::Mark(Mark::False) => ExprKind::Bool(false),
            TokenKind::Mark(Mark::Ellipsis) => ExprKind::Ellipsis,
            TokenKind::Mark(Mark::ParenOpen) => return self.parenthesised(),
            TokenKind::Mark(Mark::BracketOpen) => return self.list(),
            TokenKind::Mark(Mark::BraceOpen) => return self.dict(),
            TokenKind::Mark(Mark::Not | Mark::Lambda) => {
                return Err(self.expected("an operand").hint("put the operand in parentheses"));
            }
            TokenKind::Mark(Mark::Star) => {
                return Err(self.error("can't use starred expression here", self.span_here()));
            }
            _ => return Err(self.expected("an expression")),
        };
        self.bump();
        Ok(self.node(kind, start))
    }

    fn parenthesised(&mut self) -> Result<Expr> {
        let start = self.start();
        self.bump();
        if self.eat(Mark::ParenClose) {
            return Ok(self.node(ExprKind::Tuple(Vec::new()), start));
        }
        let first = self.element()?;
        if self.at(Mark::For) {
            let mut generator = self.generator(first, start)?;
            self.expect(Mark::ParenClose)?;
            generator.span = self.span_from(start);
            return Ok(generator);
        }
        if !self.at(Mark::Comma) {
            if !self.at(Mark::ParenClose) {
                return Err(self.missing_comma("')'"));
            }
            if let ExprKind::Starred(_) = first.kind {
                return Err(self.error("can't use starred expression here", first.span));
            }
            self.bump();
            return Ok(first);
        }
        let items = self.rest_of_display(first, Mark::ParenClose)?;
        Ok(self.node(ExprKind::Tuple(items), start))
    }

    /// The elements after the first one, and the closing bracket.
    fn rest_of_display(&mut self, first: Expr, close: Mark) -> Result<Vec<Expr>> {
        let mut items = vec![first];
        while self.eat(Mark::Comma) && !self.at(close) {
            items.push(self.element()?);
        }
        if self.at(Mark::For) {
            let error =
                self.error("the elements of a comprehension that are tuples need parentheses", self.span_here());
            return Err(error.hint("write ((a, b) for …)"));
        }
        if !self.at(close) {
            return Err(self.missing_comma(&format!("'{}'", close.text())));
        }
        self.bump();
        self.grow(1)?;
        Ok(items)
    }

    fn list(&mut self) -> Result<Expr> {
        let start = self.start();
        self.bump();
        if self.eat(Mark::BracketClose) {
            return Ok(self.node(ExprKind::List(Vec::new()), start));
        }
        let first = self.element()?;
        if self.at(Mark::For) {
            self.not_starred(&first)?;
            let comprehension = self.comprehension(ComprehensionForm::List(first), start)?;
            self.expect(Mark::BracketClose)?;
            return Ok(Expr { span: self.span_from(start), ..comprehension });
        }
        let items = self.rest_of_display(first, Mark::BracketClose)?;
        Ok(self.node(ExprKind::List(items), start))
    }

    fn dict(&mut self) -> Result<Expr> {
        let start = self.start();
        self.bump();
        let mut items = Vec::new();
        while !self.at(Mark::BraceClose) {
            if self.eat(Mark::DoubleStar) {
                items.push((None, self.operators(Level::BitOr)?));
            } else {
                if self.at(Mark::Star) {
                    return Err(self.absent_set(start));
                }
                let key = self.named()?;
                if items.is_empty() && matches!(self.mark(), Some(Mark::Comma | Mark::BraceClose | Mark::For)) {
                    return Err(self.absent_set(start));
                }
                self.expect(Mark::Colon)?;
                let value = self.expression()?;
                if self.at(Mark::For) && items.is_empty() {
                    let comprehension = self.comprehension(ComprehensionForm::Dict(key, value), start)?;
                    self.expect(Mark::BraceClose)?;
                    return Ok(Expr { span: self.span_from(start), ..comprehension });
                }
                items.push((Some(key), value));
            }
            if !self.eat(Mark::Comma) && !self.at(Mark::BraceClose) {
                return Err(self.missing_comma("'}'"));
            }
        }
        self.bump();
        self.grow(1)?;
        Ok(self.node(ExprKind::Dict(items), start))
    }

    fn not_starred(&self, element: &Expr) -> Result<()> {
        match element.kind {
            ExprKind::Starred(_) => Err(self.error("iterable unpacking cannot be used in comprehension", element.span)),
            _ => Ok(()),
        }
    }

    /// The clauses behind the element of a generator expression.
    pub(super) fn generator(&mut self, element: Expr, start: usize) -> Result<Expr> {
        self.not_starred(&element)?;
        self.comprehension(ComprehensionForm::Generator(element), start)
    }

    fn comprehension(&mut self, form: ComprehensionForm, start: usize) -> Result<Expr> {
        let mut clauses = Vec::new();
        while self.eat(Mark::For) {
            let target = self.targets()?;
            self.expect(Mark::In)?;
            let iter = self.operators(Level::Or)?;
            let mut conditions = Vec::new();
            while self.eat(Mark::If) {
                conditions.push(self.operators(Level::Or)?);
            }
            clauses.push(Clause { target, iter, conditions });
        }
        self.grow(1)?;
        Ok(self.node(ExprKind::Comprehension(Box::new(Comprehension { form, clauses })), start))
    }

    /// One string or f-string or several in a row, which are one.
    fn strings(&mut self) -> Result<Expr> {
        let start = self.start();
        let mut parts = Vec::new();
        let mut formatted = false;
        loop {
            match self.peek() {
                TokenKind::Str(text) => {
                    let text = text.clone();
                    push_text(&mut parts, text);
                    self.bump();
                }
                TokenKind::FStringStart => {
                    formatted = true;
                    self.bump();
                    self.fstring_parts(&mut parts)?;
                    if *self.peek() != TokenKind::FStringEnd {
                        return Err(self.expected("the end of the f-string"));
                    }
                    self.bump();
                }
                _ => break,
            }
        }
        if formatted {
            self.grow(1)?;
            return Ok(self.node(ExprKind::FString(parts), start));
        }
        let text = match parts.pop() {
            Some(FStringPart::Text(text)) => text,
            _ => "".into(),
        };
        Ok(self.node(ExprKind::Str(text), start))
    }

    /// Texts and fields up to the end of the f-string or of the spec.
    fn fstring_parts(&mut self, parts: &mut Vec<FStringPart>) -> Result<()> {
        loop {
            match self.peek() {
                TokenKind::FStringText(text) => {
                    let text = text.clone();
                    push_text(parts, text);
                    self.bump();
                }
                TokenKind::Mark(Mark::BraceOpen) => self.field(parts)?,
                _ => return Ok(()),
            }
        }
    }

    fn field(&mut self, parts: &mut Vec<FStringPart>) -> Result<()> {
        let outer = self.enter()?;
        self.bump();
        let inside = self.last_end;
        if let Some(mark @ (Mark::BraceClose | Mark::Exclamation | Mark::Colon | Mark::Assign)) = self.mark() {
            let message = format!("f-string: expected an expression before '{}'", mark.text());
            return Err(self.error(message, self.span_here()));
        }
        let value = self.expressions()?;
        let shows_text = self.eat(Mark::Assign);
        if shows_text {
            let text = self.source.text[inside..self.start()].replace("\r\n", "\n").replace('\r', "\n");
            push_text(parts, text.into());
        }
        let mut conversion = None;
        if self.eat(Mark::Exclamation) {
            let span = self.span_here();
            let name = self.name("one of the conversions r, s and a")?;
            conversion = match name.as_str() {
                "r" => Some('r'),
                "s" => Some('s'),
                "a" => Some('a'),
                other => {
                    let message = format!("f-string: invalid conversion '{other}': expected 's', 'r' or 'a'");
                    return Err(self.error(message, span));
                }
            };
        }
        let mut spec = Vec::new();
        let has_spec = self.eat(Mark::Colon);
        if has_spec {
            self.fstring_parts(&mut spec)?;
        }
        if !self.at(Mark::BraceClose) {
            return Err(self.expected("'}' of the f-string"));
        }
        self.bump();
        if shows_text && conversion.is_none() && !has_spec {
            conversion = Some('r');
        }
        parts.push(FStringPart::Value { value, conversion, spec });
        self.leave(outer)
    }
}

/// Adds text behind the parts, joined to text before it.
fn push_text(parts: &mut Vec<FStringPart>, text: Arc<str>) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(FStringPart::Text(before)) => *before = format!("{before}{text}").into(),
        _ => parts.push(FStringPart::Text(text)),
    }
}
