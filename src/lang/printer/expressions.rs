//! Expressions as text.

use super::Printer;
use crate::lang::repr::{float_repr, push_escaped, str_repr};
use crate::lang::tree::*;

/// How tightly an expression holds together; what holds less than its place asks for gets parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Named,
    Test,
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
    Power,
    Atom,
}

impl Level {
    fn tighter(self) -> Level {
        use Level::*;
        match self {
            Named => Test,
            Test => Or,
            Or => And,
            And => Not,
            Not => Compare,
            Compare => BitOr,
            BitOr => BitXor,
            BitXor => BitAnd,
            BitAnd => Shift,
            Shift => Sum,
            Sum => Product,
            Product => Unary,
            Unary => Power,
            Power | Atom => Atom,
        }
    }

    fn of_binary(op: BinaryOp) -> Level {
        match op {
            BinaryOp::BitOr => Level::BitOr,
            BinaryOp::BitXor => Level::BitXor,
            BinaryOp::BitAnd => Level::BitAnd,
            BinaryOp::ShiftLeft | BinaryOp::ShiftRight => Level::Shift,
            BinaryOp::Add | BinaryOp::Sub => Level::Sum,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::MatMul => Level::Product,
            BinaryOp::Pow => Level::Power,
        }
    }

    fn of(kind: &ExprKind) -> Level {
        match kind {
            ExprKind::Walrus(..) => Level::Named,
            ExprKind::Lambda(_) | ExprKind::Conditional { .. } => Level::Test,
            ExprKind::Logical(LogicalOp::Or, _) => Level::Or,
            ExprKind::Logical(LogicalOp::And, _) => Level::And,
            ExprKind::Unary(UnaryOp::Not, _) => Level::Not,
            ExprKind::Compare(..) => Level::Compare,
            ExprKind::Binary(op, ..) => Level::of_binary(*op),
            ExprKind::Unary(..) => Level::Unary,
            ExprKind::Int(value) if *value < 0 => Level::Unary,
            ExprKind::Float(value) if value.is_sign_negative() => Level::Unary,
            _ => Level::Atom,
        }
    }
}

impl Printer<'_> {
    pub(super) fn expr(&mut self, expr: &Expr, least: Level) {
        let parentheses = Level::of(&expr.kind) < least;
        if parentheses {
            self.text("(");
        }
        self.kind(&expr.kind);
        if parentheses {
            self.text(")");
        }
    }

    fn kind(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::None => self.text("None"),
            ExprKind::Bool(true) => self.text("True"),
            ExprKind::Bool(false) => self.text("False"),
            ExprKind::Int(value) => self.text(&value.to_string()),
            // Python has no literal for infinity; it reads this one as such.
            ExprKind::Float(value) if value.is_infinite() => self.text(if *value < 0.0 { "-1e999" } else { "1e999" }),
            ExprKind::Float(value) => self.text(&float_repr(*value)),
            ExprKind::Str(text) => self.text(&str_repr(text)),
            ExprKind::FString(parts) => {
                self.text("f\"");
                self.parts(parts, false);
                self.text("\"");
            }
            ExprKind::Ellipsis => self.text("..."),
            ExprKind::Name(name) | ExprKind::Builtin(name) => self.text(name.as_str()),
            ExprKind::Tuple(items) => {
                self.text("(");
                self.items(items);
                self.text(")");
            }
            ExprKind::List(items) => {
                self.text("[");
                self.exprs(items, Level::Test);
                self.text("]");
            }
            ExprKind::Dict(items) => self.dict(items),
            ExprKind::Unary(op, operand) => {
                self.text(op.text());
                if *op == UnaryOp::Not {
                    self.text(" ");
                }
                self.expr(operand, Level::of(kind));
            }
            ExprKind::Binary(op, left, right) => {
                let level = Level::of_binary(*op);
                let power = *op == BinaryOp::Pow;
                self.expr(left, if power { Level::Atom } else { level });
                self.text(" ");
                self.text(op.text());
                self.text(" ");
                self.expr(right, if power { Level::Unary } else { level.tighter() });
            }
            ExprKind::Compare(first, rest) => {
                self.expr(first, Level::BitOr);
                for (op, operand) in rest {
                    self.text(" ");
                    self.text(op.text());
                    self.text(" ");
                    self.expr(operand, Level::BitOr);
                }
            }
            ExprKind::Logical(op, operands) => {
                for (i, operand) in operands.iter().enumerate() {
                    if i > 0 {
                        self.text(" ");
                        self.text(op.text());
                        self.text(" ");
                    }
                    self.expr(operand, Level::of(kind).tighter());
                }
            }
            ExprKind::Conditional { test, then, otherwise } => {
                self.expr(then, Level::Or);
                self.text(" if ");
                self.expr(test, Level::Or);
                self.text(" else ");
                self.expr(otherwise, Level::Test);
            }
            ExprKind::Call(function, arguments) => self.call(function, arguments),
            ExprKind::Attribute(value, name) => {
                // `1.real` would read as a number.
                let number = matches!(value.kind, ExprKind::Int(0..));
                self.text(if number { "(" } else { "" });
                self.expr(value, Level::Atom);
                self.text(if number { ")." } else { "." });
                self.text(name.as_str());
            }
            ExprKind::Subscript(value, index) => {
                self.expr(value, Level::Atom);
                self.text("[");
                self.bare(index);
                self.text("]");
            }
            ExprKind::Slice(lower, upper, step) => {
                self.optional(lower);
                self.text(":");
                self.optional(upper);
                if step.is_some() {
                    self.text(":");
                    self.optional(step);
                }
            }
            ExprKind::Lambda(function) => self.lambda(function),
            ExprKind::Comprehension(comprehension) => {
                let (open, close) = match comprehension.form {
                    ComprehensionForm::List(_) => ("[", "]"),
                    ComprehensionForm::Dict(..) => ("{", "}"),
                    ComprehensionForm::Generator(_) => ("(", ")"),
                };
                self.text(open);
                self.comprehension(comprehension);
                self.text(close);
            }
            ExprKind::Starred(value) => {
                self.text("*");
                self.expr(value, Level::BitOr);
            }
            ExprKind::Walrus(name, value) => {
                self.text(name.as_str());
                self.text(" := ");
                self.expr(value, Level::Test);
            }
        }
    }

    /// Expressions with commas between.
    pub(super) fn exprs(&mut self, exprs: &[Expr], least: Level) {
        for (i, expr) in exprs.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.expr(expr, least);
        }
    }

    /// The elements of a tuple, with the comma that makes one of a single element.
    pub(super) fn items(&mut self, items: &[Expr]) {
        self.exprs(items, Level::Test);
        if items.len() == 1 {
            self.text(",");
        }
    }

    fn optional(&mut self, expr: &Option<Box<Expr>>) {
        if let Some(expr) = expr {
            self.expr(expr, Level::Test);
        }
    }

    fn dict(&mut self, items: &[(Option<Expr>, Expr)]) {
        self.text("{");
        for (i, (key, value)) in items.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            match key {
                Some(key) => {
                    self.expr(key, Level::Test);
                    self.text(": ");
                    self.expr(value, Level::Test);
                }
                None => {
                    self.text("**");
                    self.expr(value, Level::BitOr);
                }
            }
        }
        self.text("}");
    }

    fn call(&mut self, function: &Expr, arguments: &[Arg]) {
        self.expr(function, Level::Atom);
        self.text("(");
        if let [Arg::Positional(Expr { kind: ExprKind::Comprehension(comprehension), .. })] = arguments
            && let ComprehensionForm::Generator(_) = comprehension.form
        {
            self.comprehension(comprehension);
            return self.text(")");
        }
        for (i, argument) in arguments.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            match argument {
                Arg::Positional(_) => {}
                Arg::Keyword(name, _) => {
                    self.text(name.as_str());
                    self.text("=");
                }
                Arg::Star(_) => self.text("*"),
                Arg::DoubleStar(_) => self.text("**"),
            }
            self.expr(argument.value(), Level::Test);
        }
        self.text(")");
    }

    fn comprehension(&mut self, comprehension: &Comprehension) {
        match &comprehension.form {
            ComprehensionForm::List(element) | ComprehensionForm::Generator(element) => {
                self.expr(element, Level::Test);
            }
            ComprehensionForm::Dict(key, value) => {
                self.expr(key, Level::Test);
                self.text(": ");
                self.expr(value, Level::Test);
            }
        }
        for clause in &comprehension.clauses {
            self.text(" for ");
            self.bare(&clause.target);
            self.text(" in ");
            self.expr(&clause.iter, Level::Or);
            for condition in &clause.conditions {
                self.text(" if ");
                self.expr(condition, Level::Or);
            }
        }
    }

    pub(super) fn lambda(&mut self, function: &Function) {
        self.text(if function.params.is_empty() { "lambda" } else { "lambda " });
        self.params(&function.params, false);
        self.text(": ");
        match function.body.first().map(|stmt| &stmt.kind) {
            Some(StmtKind::Return(Some(value)) | StmtKind::Expr(value)) => self.expr(value, Level::Test),
            _ => self.text("None"),
        }
    }

    pub(super) fn params(&mut self, params: &[Param], annotated: bool) {
        let mut star = false;
        for (i, param) in params.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            match param.form {
                ParamForm::KeywordOnly if !star => {
                    star = true;
                    self.text("*, ");
                }
                ParamForm::Star => {
                    star = true;
                    self.text("*");
                }
                ParamForm::DoubleStar => self.text("**"),
                _ => {}
            }
            self.text(param.name.as_str());
            let annotation = param.annotation.as_ref().filter(|_| annotated);
            if let Some(annotation) = annotation {
                self.text(": ");
                self.expr(annotation, Level::Test);
            }
            if let Some(default) = &param.default {
                self.text(if annotation.is_some() { " = " } else { "=" });
                self.expr(default, Level::Test);
            }
            let next = params.get(i + 1).map(|next| next.form);
            if param.form == ParamForm::PositionalOnly && next != Some(ParamForm::PositionalOnly) {
                self.text(", /");
            }
        }
    }

    /// The parts of an f-string or of a format spec, in which a brace can only be written as an escape.
    fn parts(&mut self, parts: &[FStringPart], spec: bool) {
        for part in parts {
            match part {
                FStringPart::Text(text) => {
                    for c in text.chars() {
                        match c {
                            '{' if spec => self.text("\\x7b"),
                            '}' if spec => self.text("\\x7d"),
                            '{' => self.text("{{"),
                            '}' => self.text("}}"),
                            _ => push_escaped(&mut self.out, c, '"'),
                        }
                    }
                }
                FStringPart::Value { value, conversion, spec } => {
                    self.text("{");
                    self.field(value);
                    if let Some(conversion) = conversion {
                        self.out.extend(['!', *conversion]);
                    }
                    if !spec.is_empty() {
                        self.text(":");
                        self.parts(spec, true);
                    }
                    self.text("}");
                }
            }
        }
    }

    fn field(&mut self, value: &Expr) {
        let begin = self.out.len();
        self.expr(value, Level::Test);
        let text = &self.out[begin..];
        // A colon of a `lambda` outside brackets would begin the format spec.
        if text.contains("lambda") {
            self.out.insert(begin, '(');
            self.text(")");
        } else if text.starts_with('{') {
            self.out.insert(begin, ' ');
        }
    }
}
