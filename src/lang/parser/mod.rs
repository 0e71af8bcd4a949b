//! Tokens → tree: a recursive descent over the grammar, with errors that say what was expected.
//!
//! Two bounds keep everybody safe who walks a tree recursively. Nesting in the text (brackets, unary operators, blocks)
//! is bounded while it is read. Chains such as `1 + 1 + …` and `elif` make a deep tree without nesting in the text, so
//! the parser also tracks the height of what it builds.

mod absent;
mod atoms;
mod expressions;
mod functions;
mod statements;
mod targets;
mod unfinished;

use std::sync::Arc;

use super::lexer::{Lexed, lex};
use super::token::{Mark, Token, TokenKind};
use super::tree::{Block, Expr, ExprKind, Module};
use super::{Error, Result, Source, Span, Symbol};

pub use unfinished::is_incomplete;

/// How many brackets, unary operators, `lambda`s and blocks may stand in one another.
pub const MAX_NESTING: u32 = 200;

/// How high a tree may be: no path from a statement of the module down to a leaf has more nodes than about this.
pub const MAX_HEIGHT: u32 = 1000;

/// Parses a module.
///
/// ```
/// use cotangent::lang::{Source, parse, tree::StmtKind};
/// let module = parse(&Source::new("<input>", "x = 1 + 2"))?;
/// assert!(matches!(module.body[0].kind, StmtKind::Assign(..)));
/// # Ok::<(), cotangent::lang::Error>(())
/// ```
///
/// # Errors
/// A syntax error at the first place that cannot be read.
pub fn parse(source: &Arc<Source>) -> Result<Module> {
    super::with_deep_stack(|| {
        let Lexed { tokens, failure } = lex(source);
        let mut parser = Parser::new(source, tokens);
        let result = parser.module();
        let body = parser.judge(result, failure)?;
        Ok(Module { body, source: source.clone() })
    })
}

/// Parses one expression, which may be a tuple without parentheses.
///
/// # Errors
/// A syntax error, also where something follows the expression.
pub fn parse_expression(source: &Arc<Source>) -> Result<Expr> {
    super::with_deep_stack(|| {
        let Lexed { tokens, failure } = lex(source);
        let mut parser = Parser::new(source, tokens);
        let result = parser.lone_expression();
        parser.judge(result, failure)
    })
}

struct Parser<'s> {
    source: &'s Arc<Source>,
    tokens: Vec<Token>,
    at: usize,
    /// The byte after the last token that is more than a line's end.
    last_end: usize,
    nesting: u32,
    /// The height of what was built since the enclosing construct began.
    height: u32,
    in_function: bool,
    in_loop: bool,
}

impl<'s> Parser<'s> {
    fn new(source: &'s Arc<Source>, tokens: Vec<Token>) -> Parser<'s> {
        Parser { source, tokens, at: 0, last_end: 0, nesting: 0, height: 0, in_function: false, in_loop: false }
    }

    fn module(&mut self) -> Result<Block> {
        let mut body = Vec::new();
        while *self.peek() != TokenKind::End {
            self.statement(&mut body)?;
        }
        Ok(body)
    }

    fn lone_expression(&mut self) -> Result<Expr> {
        if *self.peek() == TokenKind::Indent {
            self.bump();
        }
        let expr = self.expressions()?;
        if *self.peek() != TokenKind::Newline {
            return Err(self.expected("the end of the expression"));
        }
        self.bump();
        while *self.peek() == TokenKind::Dedent {
            self.bump();
        }
        if *self.peek() != TokenKind::End {
            return Err(self.expected("the end of the expression"));
        }
        Ok(expr)
    }

    /// Chooses between the error of the parser and that of the lexer.
    fn judge<T>(&self, result: Result<T>, failure: Option<super::lexer::Failure>) -> Result<T> {
        let Some(failure) = failure else { return result };
        match result {
            Err(error) if *self.peek() != TokenKind::Error && failure.open.is_none_or(|open| open > self.start()) => {
                Err(error)
            }
            _ => Err(failure.error),
        }
    }

    // Tokens.

    fn peek(&self) -> &TokenKind {
        self.peek_at(0)
    }

    /// The token `ahead` of the current one; the last one past the end.
    fn peek_at(&self, ahead: usize) -> &TokenKind {
        self.tokens.get(self.at + ahead).or(self.tokens.last()).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn mark(&self) -> Option<Mark> {
        self.mark_at(0)
    }

    fn mark_at(&self, ahead: usize) -> Option<Mark> {
        match self.peek_at(ahead) {
            &TokenKind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    fn at(&self, mark: Mark) -> bool {
        self.mark() == Some(mark)
    }

    fn bump(&mut self) {
        if let Some(token) = self.tokens.get(self.at) {
            if !matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent) {
                self.last_end = token.end as usize;
            }
            // The last token stays, so that there always is a current one.
            if self.at + 1 < self.tokens.len() {
                self.at += 1;
            }
        }
    }

    fn eat(&mut self, mark: Mark) -> bool {
        let found = self.at(mark);
        if found {
            self.bump();
        }
        found
    }

    fn expect(&mut self, mark: Mark) -> Result<()> {
        if self.eat(mark) { Ok(()) } else { Err(self.expected(&format!("'{}'", mark.text()))) }
    }

    fn name(&mut self, what: &str) -> Result<Symbol> {
        match *self.peek() {
            TokenKind::Name(name) => {
                self.bump();
                Ok(name)
            }
            _ => Err(self.expected(what)),
        }
    }

    /// The first byte of the current token.
    fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.source.text.len(), |token| token.start as usize)
    }

    /// From a byte to the end of the last token.
    fn span_from(&self, start: usize) -> Span {
        self.source.span(start, self.last_end.max(start))
    }

    /// The place of the current token.
    fn span_here(&self) -> Span {
        match self.tokens.get(self.at) {
            // What is missing at the end is missing after the last token, not on an empty line.
            Some(token) if token.kind == TokenKind::End => self.source.span(self.last_end, self.last_end),
            Some(token) => self.source.span(token.start as usize, token.end as usize),
            None => self.source.span(0, 0),
        }
    }

    fn node(&self, kind: ExprKind, start: usize) -> Expr {
        kind.at(self.span_from(start))
    }

    // Bounds. A construct takes the height on entry and joins it on leaving, so that in between `height` is its own.

    fn enter(&mut self) -> Result<u32> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.too_deep());
        }
        Ok(std::mem::take(&mut self.height))
    }

    fn leave(&mut self, outer: u32) -> Result<()> {
        self.nesting -= 1;
        self.grow(1)?;
        self.height = self.height.max(outer);
        Ok(())
    }

    fn grow(&mut self, levels: u32) -> Result<()> {
        self.height += levels;
        if self.height > MAX_HEIGHT { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&self) -> Error {
        Error::syntax("nested too deeply").at(self.span_here()).hint("split it into several statements or functions")
    }

    // Errors.

    fn error(&self, message: impl Into<String>, span: Span) -> Error {
        Error::syntax(message).at(span)
    }

    /// The error that something else should stand at the current token.
    fn expected(&self, what: &str) -> Error {
        if let Some(error) = self.absent_here() {
            return error;
        }
        let found = match self.peek() {
            TokenKind::Name(name) => format!("'{name}'"),
            TokenKind::Int(_) | TokenKind::Float(_) => "a number".into(),
            TokenKind::Str(_) | TokenKind::FStringStart => "a string".into(),
            TokenKind::FStringText(_) => "text".into(),
            TokenKind::FStringEnd => "the end of the f-string".into(),
            TokenKind::Mark(mark) => format!("'{}'", mark.text()),
            TokenKind::Newline => "the end of the line".into(),
            TokenKind::Indent => return self.error("unexpected indent", self.span_here()),
            TokenKind::Dedent => "the end of the block".into(),
            TokenKind::End | TokenKind::Error => "the end of the text".into(),
        };
        let error = self.error(format!("expected {what}, found {found}"), self.span_here());
        let before = |back: usize| self.at.checked_sub(back).and_then(|i| self.tokens.get(i)).map(|t| &t.kind);
        match (before(2), before(1)) {
            (_, Some(TokenKind::Mark(keyword))) if self.at(Mark::Assign) && keyword.is_keyword() => {
                error.hint(format!("'{}' is a keyword and cannot be a name", keyword.text()))
            }
            _ if what.contains("name") && self.mark().is_some_and(Mark::is_keyword) => {
                error.hint("a keyword cannot be a name")
            }
            _ if self.at(Mark::BraceOpen) && what == "':'" => {
                error.hint("a block begins with ':', and its lines are indented")
            }
            _ if self.at(Mark::Colon) && what.ends_with("')'") => error.hint("slices stand in subscripts: x[1:2]"),
            _ if self.at(Mark::Else) && what == "']'" => {
                error.hint("the choice stands in front: [a if test else b for …]")
            }
            _ if self.at(Mark::Assign) => error.hint("did you mean '=='?"),
            (Some(TokenKind::Mark(a @ (Mark::Plus | Mark::Minus))), Some(TokenKind::Mark(b)))
                if a == b && *self.peek() == TokenKind::Newline =>
            {
                error.hint(format!("write {}= 1", a.text()))
            }
            _ if self.at(Mark::Else) && self.mark_at(1) == Some(Mark::If) => error.hint("did you mean 'elif'?"),
            _ => error,
        }
    }

    /// Whether the current token can begin an expression.
    fn begins_expression(&self) -> bool {
        use Mark::*;
        match self.peek() {
            TokenKind::Name(_) | TokenKind::Int(_) | TokenKind::Float(_) => true,
            TokenKind::Str(_) | TokenKind::FStringStart => true,
            TokenKind::Mark(mark) => matches!(
                mark,
                ParenOpen
                    | BracketOpen
                    | BraceOpen
                    | Minus
                    | Plus
                    | Tilde
                    | Star
                    | Not
                    | Lambda
                    | None
                    | True
                    | False
                    | Mark::Ellipsis
                    | Await
                    | Yield
            ),
            _ => false,
        }
    }
}
