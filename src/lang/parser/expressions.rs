//! Expressions: operators by precedence, calls, attributes, subscripts.

use super::*;
use crate::lang::literals::too_large;
use crate::lang::tree::{Arg, BinaryOp, CompareOp, LogicalOp, UnaryOp};

/// How tightly an infix operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Unary,
}

impl Level {
    fn tighter(self) -> Level {
        use Level::*;
        match self {
            Or => And,
            And => Not,
            Not => Compare,
            Compare => BitOr,
            BitOr => BitXor,
            BitXor => BitAnd,
            BitAnd => Shift,
            Shift => Sum,
            Sum => Product,
            Product | Unary => Unary,
        }
    }
}

enum Infix {
    Logical(LogicalOp),
    Compare(CompareOp),
    Binary(BinaryOp),
}

impl Parser<'_> {
    /// One or more expressions, of which several are a tuple: the right side of an assignment, `return` …
    pub(super) fn expressions(&mut self) -> Result<Expr> {
        let start = self.start();
        let outer = std::mem::take(&mut self.height);
        let first = self.starred_or_expression()?;
        let expr = if self.at(Mark::Comma) {
            let mut items = vec![first];
            while self.eat(Mark::Comma) && self.begins_expression() {
                items.push(self.starred_or_expression()?);
            }
            self.grow(1)?;
            self.node(ExprKind::Tuple(items), start)
        } else {
            if let ExprKind::Starred(_) = first.kind
                && !self.at(Mark::Assign)
            {
                return Err(self.error("can't use starred expression here", first.span));
            }
            first
        };
        self.height = self.height.max(outer);
        Ok(expr)
    }

    fn starred_or_expression(&mut self) -> Result<Expr> {
        if self.at(Mark::Star) { self.starred() } else { self.expression() }
    }

    /// `*x` of a display or target.
    pub(super) fn starred(&mut self) -> Result<Expr> {
        let start = self.start();
        self.expect(Mark::Star)?;
        let outer = std::mem::take(&mut self.height);
        let value = self.operators(Level::BitOr)?;
        self.grow(1)?;
        self.height = self.height.max(outer);
        Ok(self.node(ExprKind::Starred(Box::new(value)), start))
    }

    /// An element of a display: starred, walrus or plain.
    pub(super) fn element(&mut self) -> Result<Expr> {
        if self.at(Mark::Star) { self.starred() } else { self.named() }
    }

    /// An expression that may be a walrus.
    pub(super) fn named(&mut self) -> Result<Expr> {
        let start = self.start();
        if let (&TokenKind::Name(name), Some(Mark::Walrus)) = (self.peek(), self.mark_at(1)) {
            let outer = self.enter()?;
            self.bump();
            self.bump();
            let value = self.expression()?;
            self.leave(outer)?;
            return Ok(self.node(ExprKind::Walrus(name, Box::new(value)), start));
        }
        let expr = self.expression()?;
        if self.at(Mark::Walrus) {
            let what = targets::describe(&expr.kind);
            return Err(self.error(format!("cannot use assignment expressions with {what}"), expr.span));
        }
        Ok(expr)
    }

    /// An expression without comma, star or walrus.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        if self.at(Mark::Lambda) {
            return self.lambda();
        }
        let start = self.start();
        let outer = std::mem::take(&mut self.height);
        let then = self.operators(Level::Or)?;
        if !self.at(Mark::If) {
            self.height = self.height.max(outer);
            return Ok(then);
        }
        let height = self.enter()?;
        self.bump();
        let test = self.operators(Level::Or)?;
        if !self.at(Mark::Else) {
            return Err(self.expected("'else' after the condition of the conditional expression"));
        }
        self.bump();
        let otherwise = self.expression()?;
        self.leave(height)?;
        self.height = self.height.max(outer);
        let (test, then, otherwise) = (Box::new(test), Box::new(then), Box::new(otherwise));
        Ok(self.node(ExprKind::Conditional { test, then, otherwise }, start))
    }

    fn infix(&self) -> Option<(Level, Infix)> {
        use Infix::*;
        let binary = |level, op| Some((level, Binary(op)));
        let compare = |op| Some((Level::Compare, Compare(op)));
        match self.mark()? {
            Mark::Or => Some((Level::Or, Logical(LogicalOp::Or))),
            Mark::And => Some((Level::And, Logical(LogicalOp::And))),
            Mark::Equal => compare(CompareOp::Eq),
            Mark::NotEqual => compare(CompareOp::Ne),
            Mark::Less => compare(CompareOp::Lt),
            Mark::LessEqual => compare(CompareOp::Le),
            Mark::Greater => compare(CompareOp::Gt),
            Mark::GreaterEqual => compare(CompareOp::Ge),
            Mark::In => compare(CompareOp::In),
            Mark::Not if self.mark_at(1) == Some(Mark::In) => compare(CompareOp::NotIn),
            Mark::Is if self.mark_at(1) == Some(Mark::Not) => compare(CompareOp::IsNot),
            Mark::Is => compare(CompareOp::Is),
            Mark::Bar => binary(Level::BitOr, BinaryOp::BitOr),
            Mark::Caret => binary(Level::BitXor, BinaryOp::BitXor),
            Mark::Ampersand => binary(Level::BitAnd, BinaryOp::BitAnd),
            Mark::ShiftLeft => binary(Level::Shift, BinaryOp::ShiftLeft),
            Mark::ShiftRight => binary(Level::Shift, BinaryOp::ShiftRight),
            Mark::Plus => binary(Level::Sum, BinaryOp::Add),
            Mark::Minus => binary(Level::Sum, BinaryOp::Sub),
            Mark::Star => binary(Level::Product, BinaryOp::Mul),
            Mark::Slash => binary(Level::Product, BinaryOp::Div),
            Mark::DoubleSlash => binary(Level::Product, BinaryOp::FloorDiv),
            Mark::Percent => binary(Level::Product, BinaryOp::Mod),
            Mark::At => binary(Level::Product, BinaryOp::MatMul),
            _ => None,
        }
    }

    /// Operands joined by operators that bind at least as tightly as `least`.
    pub(super) fn operators(&mut self, least: Level) -> Result<Expr> {
        let outer = self.enter()?;
        let start = self.start();
        let mut left = if least <= Level::Not && self.at(Mark::Not) {
            self.bump();
            let operand = self.operators(Level::Not)?;
            self.node(ExprKind::Unary(UnaryOp::Not, Box::new(operand)), start)
        } else {
            self.unary()?
        };
        while let Some((level, infix)) = self.infix().filter(|&(level, _)| level >= least) {
            let kind = match infix {
                Infix::Binary(op) => {
                    self.bump();
                    let right = self.operators(level.tighter())?;
                    ExprKind::Binary(op, Box::new(left), Box::new(right))
                }
                Infix::Logical(op) => {
                    let mut operands = vec![left];
                    while self.infix().is_some_and(|(next, _)| next == level) {
                        self.bump();
                        operands.push(self.operators(level.tighter())?);
                    }
                    ExprKind::Logical(op, operands)
                }
                Infix::Compare(_) => {
                    let mut rest = Vec::new();
                    while let Some((_, Infix::Compare(op))) = self.infix() {
                        self.bump();
                        if matches!(op, CompareOp::NotIn | CompareOp::IsNot) {
                            self.bump();
                        }
                        rest.push((op, self.operators(level.tighter())?));
                    }
                    ExprKind::Compare(Box::new(left), rest)
                }
            };
            self.grow(1)?;
            left = self.node(kind, start);
        }
        self.leave(outer)?;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr> {
        let start = self.start();
        let op = match self.mark() {
            Some(Mark::Minus) => UnaryOp::Neg,
            Some(Mark::Plus) => UnaryOp::Pos,
            Some(Mark::Tilde) => UnaryOp::Invert,
            _ => return self.power(),
        };
        let outer = self.enter()?;
        self.bump();
        let kind = if op == UnaryOp::Neg && self.at_least_integer() {
            self.bump();
            ExprKind::Int(i64::MIN)
        } else {
            ExprKind::Unary(op, Box::new(self.unary()?))
        };
        self.leave(outer)?;
        Ok(self.node(kind, start))
    }

    /// Whether the digits of the least integer stand here, as the whole operand of a minus.
    fn at_least_integer(&self) -> bool {
        let part_of_more = [Mark::DoubleStar, Mark::Dot, Mark::ParenOpen, Mark::BracketOpen];
        *self.peek() == TokenKind::Int(1 << 63) && self.mark_at(1).is_none_or(|next| !part_of_more.contains(&next))
    }

    fn power(&mut self) -> Result<Expr> {
        let start = self.start();
        let base = self.primary()?;
        if !self.at(Mark::DoubleStar) {
            return Ok(base);
        }
        let height = self.height;
        let outer = self.enter()?;
        self.bump();
        let exponent = self.unary()?;
        self.height = self.height.max(height);
        self.leave(outer)?;
        Ok(self.node(ExprKind::Binary(BinaryOp::Pow, Box::new(base), Box::new(exponent)), start))
    }

    /// An atom with the calls, attributes and subscripts behind it.
    pub(super) fn primary(&mut self) -> Result<Expr> {
        let outer = std::mem::take(&mut self.height);
        let start = self.start();
        let mut expr = self.atom()?;
        loop {
            let kind = match self.mark() {
                Some(Mark::Dot) => {
                    self.bump();
                    ExprKind::Attribute(Box::new(expr), self.name("a name after '.'")?)
                }
                Some(Mark::ParenOpen) => ExprKind::Call(Box::new(expr), self.arguments()?),
                Some(Mark::BracketOpen) => ExprKind::Subscript(Box::new(expr), Box::new(self.index()?)),
                _ => break,
            };
            self.grow(1)?;
            expr = self.node(kind, start);
        }
        self.height = self.height.max(outer);
        Ok(expr)
    }

    fn arguments(&mut self) -> Result<Vec<Arg>> {
        self.expect(Mark::ParenOpen)?;
        let mut arguments: Vec<Arg> = Vec::new();
        let mut generator = None;
        while !self.at(Mark::ParenClose) {
            let start = self.start();
            let (argument, bare) = self.argument()?;
            let span = self.span_from(start);
            if bare {
                generator = Some(span);
            }
            let after_keyword = arguments.iter().any(|a| matches!(a, Arg::Keyword(..)));
            let after_stars = arguments.iter().any(|a| matches!(a, Arg::DoubleStar(_)));
            match &argument {
                Arg::Positional(_) if after_stars => {
                    return Err(self.error("positional argument follows keyword argument unpacking", span));
                }
                Arg::Positional(_) if after_keyword => {
                    return Err(self.error("positional argument follows keyword argument", span));
                }
                Arg::Star(_) if after_stars => {
                    return Err(self.error("iterable argument unpacking follows keyword argument unpacking", span));
                }
                Arg::Keyword(name, _)
                    if arguments.iter().any(|a| matches!(a, Arg::Keyword(other, _) if other == name)) =>
                {
                    return Err(self.error(format!("keyword argument repeated: {name}"), span));
                }
                _ => {}
            }
            arguments.push(argument);
            if let Some(span) = generator
                && (arguments.len() > 1 || self.at(Mark::Comma))
            {
                return Err(self.error("a generator expression among other arguments needs parentheses", span));
            }
            if !self.eat(Mark::Comma) && !self.at(Mark::ParenClose) {
                return Err(self.missing_comma("')'"));
            }
        }
        self.bump();
        Ok(arguments)
    }

    /// The error where neither a comma nor the closing bracket stands.
    pub(super) fn missing_comma(&self, close: &str) -> Error {
        let error = self.expected(&format!("',' or {close}"));
        if self.begins_expression() { error.hint("perhaps you forgot a comma") } else { error }
    }

    /// An argument, and whether it is a generator expression without parentheses.
    fn argument(&mut self) -> Result<(Arg, bool)> {
        let start = self.start();
        if self.eat(Mark::DoubleStar) {
            return Ok((Arg::DoubleStar(self.expression()?), false));
        }
        if self.eat(Mark::Star) {
            return Ok((Arg::Star(self.expression()?), false));
        }
        if self.mark_at(1) == Some(Mark::Assign) {
            if let TokenKind::Name(name) = *self.peek() {
                self.bump();
                self.bump();
                return Ok((Arg::Keyword(name, self.expression()?), false));
            }
            if let Some(mark @ (Mark::True | Mark::False | Mark::None)) = self.mark() {
                return Err(self.error(format!("cannot assign to {}", mark.text()), self.span_here()));
            }
        }
        let value = self.named()?;
        if self.at(Mark::For) {
            return Ok((Arg::Positional(self.generator(value, start)?), true));
        }
        if self.at(Mark::Assign) {
            let error =
                self.error("an expression cannot contain an assignment", self.source.span(start, self.last_end));
            return Err(error.hint("did you mean '=='?"));
        }
        Ok((Arg::Positional(value), false))
    }

    /// What stands in the brackets of a subscript.
    fn index(&mut self) -> Result<Expr> {
        self.expect(Mark::BracketOpen)?;
        if self.at(Mark::BracketClose) {
            return Err(self.expected("an index"));
        }
        let start = self.start();
        let mut items = vec![self.index_item()?];
        let mut tuple = matches!(items[0].kind, ExprKind::Starred(_));
        while self.eat(Mark::Comma) {
            tuple = true;
            if self.at(Mark::BracketClose) {
                break;
            }
            items.push(self.index_item()?);
        }
        let index = match items.pop() {
            Some(only) if !tuple => only,
            last => {
                items.extend(last);
                self.grow(1)?;
                self.node(ExprKind::Tuple(items), start)
            }
        };
        if !self.at(Mark::BracketClose) {
            return Err(self.missing_comma("']'"));
        }
        self.bump();
        Ok(index)
    }

    fn index_item(&mut self) -> Result<Expr> {
        if self.at(Mark::Star) {
            return self.starred();
        }
        let start = self.start();
        let outer = std::mem::take(&mut self.height);
        let lower = if self.at(Mark::Colon) { None } else { Some(self.named()?) };
        if !self.at(Mark::Colon) {
            self.height = self.height.max(outer);
            return lower.ok_or_else(|| self.expected("an index"));
        }
        self.bump();
        let upper = self.slice_part()?;
        let step = if self.eat(Mark::Colon) { self.slice_part()? } else { None };
        self.grow(1)?;
        self.height = self.height.max(outer);
        Ok(self.node(ExprKind::Slice(lower.map(Box::new), upper, step), start))
    }

    fn slice_part(&mut self) -> Result<Option<Box<Expr>>> {
        if matches!(self.mark(), Some(Mark::Colon | Mark::Comma | Mark::BracketClose)) {
            return Ok(None);
        }
        Ok(Some(Box::new(self.expression()?)))
    }

    /// The error for an integer literal that only a minus would make fit.
    pub(super) fn integer(&self, value: u64) -> Result<ExprKind> {
        i64::try_from(value)
            .map(ExprKind::Int)
            .map_err(|_| too_large(self.error("the integer literal does not fit 64 bits", self.span_here())))
    }
}
