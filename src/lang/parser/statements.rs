//! Statements and blocks.

use super::*;
use crate::lang::tree::{Alias, BinaryOp, Stmt, StmtKind};

impl Parser<'_> {
    /// One line of simple statements, or one compound statement.
    pub(super) fn statement(&mut self, out: &mut Block) -> Result<()> {
        let start = self.start();
        let outer = std::mem::take(&mut self.height);
        let stmt = match self.mark() {
            Some(Mark::If) => self.if_statement()?,
            Some(Mark::For) => self.for_statement()?,
            Some(Mark::While) => self.while_statement()?,
            Some(Mark::With) => self.with_statement()?,
            Some(Mark::Def) => self.def(Vec::new())?,
            Some(Mark::At) => self.decorated()?,
            Some(Mark::Elif | Mark::Else) => {
                let message = format!("'{}' without an 'if', 'for' or 'while' above it", self.text_here());
                return Err(self.error(message, self.span_here()));
            }
            _ => {
                self.simple_line(out)?;
                self.height = self.height.max(outer);
                return Ok(());
            }
        };
        self.height = self.height.max(outer);
        out.push(Stmt { span: self.span_from(start), ..stmt });
        Ok(())
    }

    fn text_here(&self) -> &'static str {
        self.mark().map_or("", Mark::text)
    }

    fn simple_line(&mut self, out: &mut Block) -> Result<()> {
        loop {
            let first = self.at;
            let start = self.start();
            let kind = self.simple_statement()?;
            out.push(kind.at(self.span_from(start)));
            match self.peek() {
                TokenKind::Mark(Mark::Semicolon) => {
                    self.bump();
                    if *self.peek() == TokenKind::Newline {
                        break;
                    }
                }
                TokenKind::Newline => break,
                _ => return Err(self.unended_statement(first)),
            }
        }
        self.bump();
        Ok(())
    }

    /// The colon and the body of a compound statement that began at `start`.
    pub(super) fn block(&mut self, of: &str, start: usize) -> Result<Block> {
        if !self.at(Mark::Colon) {
            return Err(self.expected("':'"));
        }
        let outer = self.enter()?;
        self.bump();
        let mut body = Vec::new();
        if *self.peek() == TokenKind::Newline {
            self.bump();
            if *self.peek() != TokenKind::Indent {
                let line = self.source.line_column(start as u32).0;
                let message = format!("expected an indented block after the {of} on line {line}");
                return Err(self.error(message, self.span_here()));
            }
            self.bump();
            while *self.peek() != TokenKind::Dedent {
                self.statement(&mut body)?;
            }
            self.bump();
        } else if matches!(self.mark(), Some(Mark::If | Mark::For | Mark::While | Mark::With | Mark::Def | Mark::At)) {
            let message = format!("'{}' cannot stand on the line of another statement's ':'", self.text_here());
            return Err(self.error(message, self.span_here()).hint("start a new line, indented"));
        } else {
            self.simple_line(&mut body)?;
        }
        self.leave(outer)?;
        Ok(body)
    }

    fn if_statement(&mut self) -> Result<Stmt> {
        let mut arms = Vec::new();
        let mut of = "'if' statement";
        let otherwise = loop {
            let start = self.start();
            self.bump();
            let test = self.named()?;
            let then = self.block(of, start)?;
            arms.push((start, test, then));
            // Each `elif` is one level of the tree below the one before.
            self.grow(1)?;
            match self.mark() {
                Some(Mark::Elif) => of = "'elif' statement",
                Some(Mark::Else) => {
                    let start = self.start();
                    self.bump();
                    if self.at(Mark::If) {
                        return Err(self.expected("':'").hint("did you mean 'elif'?"));
                    }
                    break self.block("'else' statement", start)?;
                }
                _ => break Vec::new(),
            }
        };
        let mut rest = otherwise;
        let mut whole = None;
        while let Some((start, test, then)) = arms.pop() {
            rest.extend(whole.take());
            whole = Some(StmtKind::If { test, then, otherwise: std::mem::take(&mut rest) }.at(self.span_from(start)));
        }
        whole.ok_or_else(|| self.expected("'if'"))
    }

    fn for_statement(&mut self) -> Result<Stmt> {
        let start = self.start();
        self.bump();
        let target = self.targets()?;
        self.expect(Mark::In)?;
        let iter = self.expressions()?;
        let (body, otherwise) = self.loop_blocks("'for' statement", start)?;
        Ok(StmtKind::For { target, iter, body, otherwise }.at(self.span_from(start)))
    }

    fn while_statement(&mut self) -> Result<Stmt> {
        let start = self.start();
        self.bump();
        let test = self.named()?;
        let (body, otherwise) = self.loop_blocks("'while' statement", start)?;
        Ok(StmtKind::While { test, body, otherwise }.at(self.span_from(start)))
    }

    fn loop_blocks(&mut self, of: &str, start: usize) -> Result<(Block, Block)> {
        let outside = std::mem::replace(&mut self.in_loop, true);
        let body = self.block(of, start)?;
        self.in_loop = outside;
        let start = self.start();
        let otherwise = if self.eat(Mark::Else) { self.block("'else' statement", start)? } else { Vec::new() };
        self.grow(1)?;
        Ok((body, otherwise))
    }

    fn with_statement(&mut self) -> Result<Stmt> {
        let start = self.start();
        self.bump();
        let parenthesised = self.at(Mark::ParenOpen) && self.parenthesised_managers();
        if parenthesised {
            self.bump();
        }
        let mut items = Vec::new();
        loop {
            let item = self.start();
            let manager = self.expression()?;
            let target = if self.eat(Mark::As) {
                let target = self.primary()?;
                self.check_target(&target, "")?;
                Some(target)
            } else {
                None
            };
            items.push((item, manager, target));
            self.grow(1)?;
            if !self.eat(Mark::Comma) || (parenthesised && self.at(Mark::ParenClose)) {
                break;
            }
        }
        if parenthesised {
            self.expect(Mark::ParenClose)?;
        }
        let mut body = self.block("'with' statement", start)?;
        // Several managers are as many statements in one another.
        while items.len() > 1
            && let Some((item, manager, target)) = items.pop()
        {
            body = vec![StmtKind::With { manager, target, body }.at(self.span_from(item))];
        }
        let Some((_, manager, target)) = items.pop() else { return Err(self.expected("an expression")) };
        Ok(StmtKind::With { manager, target, body }.at(self.span_from(start)))
    }

    /// Whether the parentheses here hold the managers of a `with`, rather than begin an expression.
    fn parenthesised_managers(&self) -> bool {
        let (mut depth, mut has_as, mut has_comma) = (0, false, false);
        for (i, token) in self.tokens[self.at..].iter().enumerate() {
            match token.kind {
                TokenKind::Mark(Mark::ParenOpen | Mark::BracketOpen | Mark::BraceOpen) => depth += 1,
                TokenKind::Mark(Mark::ParenClose | Mark::BracketClose | Mark::BraceClose) => {
                    depth -= 1;
                    if depth == 0 {
                        return self.mark_at(i + 1) == Some(Mark::Colon) && (has_as || has_comma);
                    }
                }
                TokenKind::Mark(Mark::As) => has_as |= depth == 1,
                TokenKind::Mark(Mark::Comma) => has_comma |= depth == 1,
                // A comma behind one of these need not part managers.
                TokenKind::Mark(Mark::For | Mark::Lambda | Mark::Walrus) if depth == 1 => return false,
                _ => {}
            }
        }
        false
    }

    fn simple_statement(&mut self) -> Result<StmtKind> {
        let here = self.span_here();
        match self.mark() {
            Some(Mark::Return) => {
                if !self.in_function {
                    return Err(self.error("'return' outside function", here));
                }
                self.bump();
                let value = if self.begins_expression() { Some(self.expressions()?) } else { None };
                Ok(StmtKind::Return(value))
            }
            Some(Mark::Break) if !self.in_loop => Err(self.error("'break' outside loop", here)),
            Some(Mark::Continue) if !self.in_loop => Err(self.error("'continue' not properly in loop", here)),
            Some(mark @ (Mark::Break | Mark::Continue | Mark::Pass)) => {
                self.bump();
                Ok(match mark {
                    Mark::Break => StmtKind::Break,
                    Mark::Continue => StmtKind::Continue,
                    _ => StmtKind::Pass,
                })
            }
            Some(Mark::Assert) => {
                self.bump();
                let test = self.expression()?;
                let message = if self.eat(Mark::Comma) { Some(self.expression()?) } else { None };
                Ok(StmtKind::Assert(test, message))
            }
            Some(Mark::Raise) => {
                self.bump();
                let error = if self.begins_expression() { Some(self.expression()?) } else { None };
                if self.at(Mark::From) {
                    return Err(self.absent("'raise … from' is", "write 'raise error'", self.span_here()));
                }
                Ok(StmtKind::Raise(error))
            }
            Some(Mark::Del) => self.del(),
            Some(Mark::Import) => self.import(),
            Some(Mark::From) => self.import_from(),
            _ => self.expression_statement(),
        }
    }

    fn del(&mut self) -> Result<StmtKind> {
        self.bump();
        let mut targets = vec![self.primary()?];
        while self.eat(Mark::Comma) && self.begins_expression() {
            targets.push(self.primary()?);
        }
        targets.iter().try_for_each(|target| self.check_deletable(target))?;
        Ok(StmtKind::Delete(targets))
    }

    fn dotted_name(&mut self) -> Result<Symbol> {
        if matches!(self.mark(), Some(Mark::Dot | Mark::Ellipsis)) {
            return Err(self.absent("relative imports are", "write the name of the module", self.span_here()));
        }
        let first = self.name("the name of a module")?;
        if !self.at(Mark::Dot) {
            return Ok(first);
        }
        let mut text = first.as_str().to_owned();
        while self.eat(Mark::Dot) {
            text.push('.');
            text.push_str(self.name("a name after '.'")?.as_str());
        }
        Ok(Symbol::new(&text))
    }

    fn alias(&mut self, name: impl FnOnce(&mut Self) -> Result<Symbol>) -> Result<Alias> {
        let start = self.start();
        let name = name(self)?;
        let alias = if self.eat(Mark::As) { Some(self.name("a name after 'as'")?) } else { None };
        Ok(Alias { name, alias, span: self.span_from(start) })
    }

    fn import(&mut self) -> Result<StmtKind> {
        self.bump();
        let mut aliases = vec![self.alias(Self::dotted_name)?];
        while self.eat(Mark::Comma) {
            aliases.push(self.alias(Self::dotted_name)?);
        }
        Ok(StmtKind::Import(aliases))
    }

    fn import_from(&mut self) -> Result<StmtKind> {
        self.bump();
        let module = self.dotted_name()?;
        self.expect(Mark::Import)?;
        let here = self.span_here();
        if self.eat(Mark::Star) {
            if self.in_function {
                return Err(self.error("import * only allowed at module level", here).hint("name what to import"));
            }
            return Ok(StmtKind::FromImport(module, vec![Alias { name: Symbol::new("*"), alias: None, span: here }]));
        }
        let parenthesised = self.eat(Mark::ParenOpen);
        let mut aliases = Vec::new();
        loop {
            aliases.push(self.alias(|parser| parser.name("the name of what to import"))?);
            if !self.eat(Mark::Comma) || (parenthesised && self.at(Mark::ParenClose)) {
                break;
            }
            if *self.peek() == TokenKind::Newline {
                return Err(self.error("trailing comma not allowed without surrounding parentheses", self.span_here()));
            }
        }
        if parenthesised && !self.eat(Mark::ParenClose) {
            return Err(self.missing_comma("')'"));
        }
        Ok(StmtKind::FromImport(module, aliases))
    }

    /// An expression or one of the assignments.
    fn expression_statement(&mut self) -> Result<StmtKind> {
        let first = self.expressions()?;
        if let Some(op) = self.augmented() {
            match first.kind {
                ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Subscript(..) => {}
                ref kind => {
                    let message =
                        format!("'{}' is an illegal expression for augmented assignment", targets::describe(kind));
                    return Err(self.error(message, first.span));
                }
            }
            self.bump();
            return Ok(StmtKind::AugAssign(first, op, self.expressions()?));
        }
        match self.mark() {
            Some(Mark::Assign) => {
                let mut targets = vec![first];
                loop {
                    self.bump();
                    targets.push(self.expressions()?);
                    if !self.at(Mark::Assign) {
                        break;
                    }
                }
                let value = targets.pop().ok_or_else(|| self.expected("an expression"))?;
                if let ExprKind::Starred(_) = value.kind {
                    return Err(self.error("can't use starred expression here", value.span));
                }
                for target in &targets {
                    let constant = matches!(target.kind, ExprKind::None | ExprKind::Bool(_));
                    self.check_target(target, if constant { "" } else { "did you mean '=='?" })?;
                }
                Ok(StmtKind::Assign(targets, value))
            }
            Some(Mark::Colon) => self.annotated(first),
            Some(Mark::Walrus) => {
                let error = self.error("an assignment expression needs parentheses here", self.span_here());
                Err(error.hint("write '=' for an assignment"))
            }
            _ => Ok(StmtKind::Expr(first)),
        }
    }

    fn annotated(&mut self, target: Expr) -> Result<StmtKind> {
        let soft = matches!(&target.kind, ExprKind::Call(f, _) if matches!(&f.kind, ExprKind::Name(name) if name.as_str() == "match"));
        match &target.kind {
            ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Subscript(..) => {}
            _ if soft => return Err(self.absent("'match' is", "write 'if' and 'elif'", target.span)),
            ExprKind::Tuple(_) => {
                return Err(self.error("only single target (not tuple) can be annotated", target.span));
            }
            ExprKind::List(_) => return Err(self.error("only single target (not list) can be annotated", target.span)),
            ExprKind::Call(..) => {
                let error = self.error("expected the end of the statement, found ':'", self.span_here());
                return Err(error.hint("did you forget 'def', 'if', 'for' or 'while'?"));
            }
            _ => return Err(self.error("illegal target for annotation", target.span)),
        }
        self.bump();
        let annotation = self.expression()?;
        let value = if self.eat(Mark::Assign) { Some(self.expressions()?) } else { None };
        Ok(StmtKind::AnnAssign(target, annotation, value))
    }

    fn augmented(&self) -> Option<BinaryOp> {
        Some(match self.mark()? {
            Mark::PlusAssign => BinaryOp::Add,
            Mark::MinusAssign => BinaryOp::Sub,
            Mark::StarAssign => BinaryOp::Mul,
            Mark::SlashAssign => BinaryOp::Div,
            Mark::DoubleSlashAssign => BinaryOp::FloorDiv,
            Mark::PercentAssign => BinaryOp::Mod,
            Mark::DoubleStarAssign => BinaryOp::Pow,
            Mark::AtAssign => BinaryOp::MatMul,
            Mark::AmpersandAssign => BinaryOp::BitAnd,
            Mark::BarAssign => BinaryOp::BitOr,
            Mark::CaretAssign => BinaryOp::BitXor,
            Mark::ShiftLeftAssign => BinaryOp::ShiftLeft,
            Mark::ShiftRightAssign => BinaryOp::ShiftRight,
            _ => return None,
        })
    }
}
