//! `def`, `lambda`, their parameters, decorators.

use super::*;
use crate::lang::tree::{Function, Param, ParamForm, Stmt, StmtKind};

impl Parser<'_> {
    pub(super) fn lambda(&mut self) -> Result<Expr> {
        let outer = self.enter()?;
        let start = self.start();
        self.bump();
        let params = self.params(Mark::Colon)?;
        self.expect(Mark::Colon)?;
        let value = self.expression()?;
        self.leave(outer)?;
        let span = self.span_from(start);
        let value_span = value.span;
        let function = Function {
            name: Symbol::new("<lambda>"),
            params,
            body: vec![StmtKind::Return(Some(value)).at(value_span)],
            decorators: Vec::new(),
            returns: None,
            span,
            source: Some(self.source.clone()),
        };
        Ok(ExprKind::Lambda(Arc::new(function)).at(span))
    }

    /// `@decorator` lines and the `def` below them.
    pub(super) fn decorated(&mut self) -> Result<Stmt> {
        let mut decorators = Vec::new();
        while self.eat(Mark::At) {
            decorators.push(self.named()?);
            if *self.peek() != TokenKind::Newline {
                return Err(self.expected("the end of the line after the decorator"));
            }
            self.bump();
        }
        if !self.at(Mark::Def) {
            return Err(self.expected("'def' after the decorator"));
        }
        self.def(decorators)
    }

    pub(super) fn def(&mut self, decorators: Vec<Expr>) -> Result<Stmt> {
        let start = self.start();
        self.bump();
        let name = self.name("the name of the function")?;
        if self.at(Mark::BracketOpen) {
            return Err(self.absent("type parameters are", "leave them out", self.span_here()));
        }
        if !self.at(Mark::ParenOpen) {
            return Err(self.expected("'('"));
        }
        self.bump();
        let params = self.params(Mark::ParenClose)?;
        self.expect(Mark::ParenClose)?;
        let returns = if self.eat(Mark::Arrow) { Some(Box::new(self.expression()?)) } else { None };
        let outside = (self.in_function, self.in_loop);
        (self.in_function, self.in_loop) = (true, false);
        let body = self.block("function definition", start)?;
        (self.in_function, self.in_loop) = outside;
        let span = self.span_from(start);
        let function = Function { name, params, body, decorators, returns, span, source: Some(self.source.clone()) };
        Ok(StmtKind::Def(Arc::new(function)).at(span))
    }

    /// Parameters up to `close`, which is a colon for a lambda.
    fn params(&mut self, close: Mark) -> Result<Vec<Param>> {
        let mut params: Vec<Param> = Vec::new();
        let mut form = ParamForm::Plain;
        let mut bare_star = None;
        while !self.at(close) {
            let span = self.span_here();
            match self.mark() {
                Some(Mark::Slash) => {
                    self.bump();
                    if params.is_empty() {
                        return Err(self.error("at least one argument must precede /", span));
                    }
                    if form != ParamForm::Plain || params.iter().any(|p| p.form == ParamForm::PositionalOnly) {
                        return Err(self.error("/ must stand once, ahead of *", span));
                    }
                    params.iter_mut().for_each(|param| param.form = ParamForm::PositionalOnly);
                }
                Some(Mark::Star) => {
                    self.bump();
                    if form != ParamForm::Plain {
                        return Err(self.error("* argument may appear only once", span));
                    }
                    form = ParamForm::KeywordOnly;
                    if matches!(*self.peek(), TokenKind::Name(_)) {
                        params.push(self.param(ParamForm::Star, close)?);
                    } else {
                        bare_star = Some((span, params.len()));
                    }
                }
                Some(Mark::DoubleStar) => {
                    self.bump();
                    params.push(self.param(ParamForm::DoubleStar, close)?);
                    self.eat(Mark::Comma);
                    if !self.at(close) && matches!(self.peek(), TokenKind::Name(_) | TokenKind::Mark(_)) {
                        return Err(self.error("arguments cannot follow var-keyword argument", self.span_here()));
                    }
                    break;
                }
                _ => {
                    let param = self.param(form, close)?;
                    let after_default = params.iter().any(|p| p.form != ParamForm::Star && p.default.is_some());
                    if form == ParamForm::Plain && param.default.is_none() && after_default {
                        let message = "parameter without a default follows parameter with a default";
                        return Err(self.error(message, param.span));
                    }
                    params.push(param);
                }
            }
            if !self.eat(Mark::Comma) && !self.at(close) {
                return Err(self.expected(&format!("',' or '{}'", close.text())));
            }
        }
        if let Some((span, count)) = bare_star
            && params.get(count).is_none_or(|param| param.form == ParamForm::DoubleStar)
        {
            return Err(self.error("named arguments must follow bare *", span));
        }
        for (i, param) in params.iter().enumerate() {
            if params[..i].iter().any(|other| other.name == param.name) {
                let message = format!("duplicate argument '{}' in function definition", param.name);
                return Err(self.error(message, param.span));
            }
        }
        Ok(params)
    }

    fn param(&mut self, form: ParamForm, close: Mark) -> Result<Param> {
        let span = self.span_here();
        let name = self.name("the name of a parameter")?;
        let annotation =
            if close == Mark::ParenClose && self.eat(Mark::Colon) { Some(self.expression()?) } else { None };
        let mut default = None;
        if self.at(Mark::Assign) {
            if matches!(form, ParamForm::Star | ParamForm::DoubleStar) {
                return Err(self.error(
                    format!(
                        "{} argument cannot have a default value",
                        match form {
                            ParamForm::Star => "var-positional",
                            _ => "var-keyword",
                        }
                    ),
                    self.span_here(),
                ));
            }
            self.bump();
            default = Some(self.expression()?);
        }
        Ok(Param { name, form, default, annotation, span })
    }
}
