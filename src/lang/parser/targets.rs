//! What may be assigned to, gone through into, and deleted.

use super::expressions::Level;
use super::*;

/// What an assignment's error calls an expression.
pub(super) fn describe(kind: &ExprKind) -> &'static str {
    use crate::lang::tree::ComprehensionForm;
    match kind {
        ExprKind::None => "None",
        ExprKind::Bool(true) => "True",
        ExprKind::Bool(false) => "False",
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Str(_) => "literal",
        ExprKind::FString(_) => "f-string expression",
        ExprKind::Ellipsis => "ellipsis",
        ExprKind::Name(_) | ExprKind::Builtin(_) => "name",
        ExprKind::Tuple(_) => "tuple",
        ExprKind::List(_) => "list",
        ExprKind::Dict(_) => "dict literal",
        ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Logical(..) => "expression",
        ExprKind::Compare(..) => "comparison",
        ExprKind::Conditional { .. } => "conditional expression",
        ExprKind::Call(..) => "function call",
        ExprKind::Attribute(..) => "attribute",
        ExprKind::Subscript(..) => "subscript",
        ExprKind::Slice(..) => "slice",
        ExprKind::Lambda(_) => "lambda",
        ExprKind::Comprehension(comprehension) => match comprehension.form {
            ComprehensionForm::List(_) => "list comprehension",
            ComprehensionForm::Dict(..) => "dict comprehension",
            ComprehensionForm::Generator(_) => "generator expression",
        },
        ExprKind::Starred(_) => "starred expression",
        ExprKind::Walrus(..) => "named expression",
    }
}

impl Parser<'_> {
    /// The targets of a `for`, up to its `in`.
    pub(super) fn targets(&mut self) -> Result<Expr> {
        let start = self.start();
        let first = self.target_element()?;
        if !self.at(Mark::Comma) {
            self.check_target(&first, "")?;
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(Mark::Comma) && self.begins_expression() {
            items.push(self.target_element()?);
        }
        self.grow(1)?;
        let target = self.node(ExprKind::Tuple(items), start);
        self.check_target(&target, "")?;
        Ok(target)
    }

    fn target_element(&mut self) -> Result<Expr> {
        if self.at(Mark::Star) { self.starred() } else { self.operators(Level::BitOr) }
    }

    /// Checks that an expression may be assigned to. `instead` is the hint where it may not.
    pub(super) fn check_target(&self, target: &Expr, instead: &str) -> Result<()> {
        if let ExprKind::Starred(_) = target.kind {
            return Err(self.error("starred assignment target must be in a list or tuple", target.span));
        }
        self.check_inner(target, instead)
    }

    fn check_inner(&self, target: &Expr, instead: &str) -> Result<()> {
        match &target.kind {
            ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Subscript(..) => Ok(()),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                let mut stars = items.iter().filter(|item| matches!(item.kind, ExprKind::Starred(_)));
                if let (Some(_), Some(second)) = (stars.next(), stars.next()) {
                    return Err(self.error("multiple starred expressions in assignment", second.span));
                }
                items.iter().try_for_each(|item| match &item.kind {
                    ExprKind::Starred(inner) => self.check_target(inner, instead),
                    _ => self.check_inner(item, instead),
                })
            }
            kind => {
                let error = self.error(format!("cannot assign to {}", describe(kind)), target.span);
                Err(if instead.is_empty() { error } else { error.hint(instead) })
            }
        }
    }

    /// Checks that an expression may be deleted.
    pub(super) fn check_deletable(&self, target: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(_) | ExprKind::Subscript(..) => Ok(()),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().try_for_each(|item| self.check_deletable(item))
            }
            ExprKind::Attribute(..) => {
                let error = self.error("attributes cannot be deleted", target.span);
                Err(error.hint("'del' takes a variable or an item: del x, d[key]"))
            }
            kind => Err(self.error(format!("cannot delete {}", describe(kind)), target.span)),
        }
    }
}
