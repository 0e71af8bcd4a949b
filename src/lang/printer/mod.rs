//! Tree → text that parses back equal: four spaces, and no parentheses that precedence makes needless.
//!
//! Three forms of generated trees have no text of their own: a library function prints as its qualified name, which
//! reads back as attributes; a negative number as a minus and a number; a `lambda` whose body is not one `return` as
//! what its first statement returns. The recursion is as deep as the tree, which the parser bounds.

mod expressions;

use super::Span;
use super::tree::{Block, Expr, ExprKind, Function, Module, Stmt, StmtKind};
use expressions::Level;

/// The text of statements.
///
/// ```
/// use cotangent::lang::{Source, parse, print_module};
/// let module = parse(&Source::new("<input>", "y=(-x)**2 if (x<0) else((x))"))?;
/// assert_eq!(print_module(&module.body), "y = (-x) ** 2 if x < 0 else x\n");
/// # Ok::<(), cotangent::lang::Error>(())
/// ```
pub fn print_module(body: &[Stmt]) -> String {
    let mut printer = Printer::default();
    super::with_deep_stack(|| printer.module(body));
    printer.out
}

/// The text of a function: its `def` with the decorators, or the `lambda` expression.
pub fn print_function(function: &Function) -> String {
    let mut printer = Printer::default();
    super::with_deep_stack(|| printer.function(function));
    printer.out
}

/// The text of a function with a comment behind each statement for which `note` gives one.
pub fn print_function_with_notes(function: &Function, note: &dyn Fn(Span) -> Option<String>) -> String {
    let mut printer = Printer { note: Some(note), ..Printer::default() };
    super::with_deep_stack(|| printer.function(function));
    printer.out
}

/// The text of an expression.
pub fn print_expr(expr: &Expr) -> String {
    let mut printer = Printer::default();
    super::with_deep_stack(|| printer.expr(expr, Level::Test));
    printer.out
}

impl std::fmt::Display for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&print_module(&self.body))
    }
}

impl std::fmt::Display for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&print_function(self))
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&print_expr(self))
    }
}

#[derive(Default)]
struct Printer<'n> {
    out: String,
    indent: usize,
    note: Option<&'n dyn Fn(Span) -> Option<String>>,
}

impl Printer<'_> {
    fn module(&mut self, body: &[Stmt]) {
        let is_def = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Def(_));
        for (i, stmt) in body.iter().enumerate() {
            if i > 0 && (is_def(stmt) || is_def(&body[i - 1])) {
                self.out.push_str("\n\n");
            }
            self.stmt(stmt);
        }
    }

    fn function(&mut self, function: &Function) {
        if function.name.as_str() == "<lambda>" { self.lambda(function) } else { self.def(function) }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins a line of the current block.
    fn line(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', 4 * self.indent));
    }

    /// Ends the line of a statement.
    fn end(&mut self, span: Span) {
        if let Some(note) = self.note.and_then(|note| note(span)) {
            self.out.push_str("  # ");
            self.out.push_str(&note.replace(['\n', '\r'], " "));
        }
        self.out.push('\n');
    }

    /// The colon of a header and its block.
    fn block(&mut self, body: &Block, span: Span) {
        self.text(":");
        self.end(span);
        self.indent += 1;
        if body.is_empty() {
            self.line();
            self.text("pass\n");
        }
        body.iter().for_each(|stmt| self.stmt(stmt));
        self.indent -= 1;
    }

    fn otherwise(&mut self, body: &Block) {
        if !body.is_empty() {
            self.line();
            self.text("else");
            self.block(body, Span::NONE);
        }
    }

    fn def(&mut self, function: &Function) {
        for decorator in &function.decorators {
            self.line();
            self.text("@");
            self.expr(decorator, Level::Test);
            self.text("\n");
        }
        self.line();
        self.text("def ");
        self.text(function.name.as_str());
        self.text("(");
        self.params(&function.params, true);
        self.text(")");
        if let Some(returns) = &function.returns {
            self.text(" -> ");
            self.expr(returns, Level::Test);
        }
        self.block(&function.body, function.span);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Def(function) => return self.def(function),
            StmtKind::If { .. } => return self.if_statement(stmt),
            _ => self.line(),
        }
        match &stmt.kind {
            StmtKind::For { target, iter, body, otherwise } => {
                self.text("for ");
                self.bare(target);
                self.text(" in ");
                self.bare(iter);
                self.block(body, stmt.span);
                return self.otherwise(otherwise);
            }
            StmtKind::While { test, body, otherwise } => {
                self.text("while ");
                self.expr(test, Level::Named);
                self.block(body, stmt.span);
                return self.otherwise(otherwise);
            }
            StmtKind::With { manager, target, body } => {
                self.text("with ");
                // `with (a, b):` has two managers.
                let tuple = matches!(manager.kind, ExprKind::Tuple(_));
                self.text(if tuple { "(" } else { "" });
                self.expr(manager, Level::Test);
                self.text(if tuple { ")" } else { "" });
                if let Some(target) = target {
                    self.text(" as ");
                    self.expr(target, Level::Atom);
                }
                return self.block(body, stmt.span);
            }
            kind => self.simple(kind),
        }
        self.end(stmt.span);
    }

    /// An `if` with the `elif`s below it, without recursion along them.
    fn if_statement(&mut self, stmt: &Stmt) {
        let (mut stmt, mut word) = (stmt, "if ");
        while let StmtKind::If { test, then, otherwise } = &stmt.kind {
            self.line();
            self.text(word);
            self.expr(test, Level::Named);
            self.block(then, stmt.span);
            match &otherwise[..] {
                [only] if matches!(only.kind, StmtKind::If { .. }) => (stmt, word) = (only, "elif "),
                _ => return self.otherwise(otherwise),
            }
        }
    }

    fn simple(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Expr(expr) => self.bare(expr),
            StmtKind::Assign(targets, value) => {
                for target in targets {
                    self.bare(target);
                    self.text(" = ");
                }
                self.bare(value);
            }
            StmtKind::AugAssign(target, op, value) => {
                self.expr(target, Level::Test);
                self.text(" ");
                self.text(op.text());
                self.text("= ");
                self.bare(value);
            }
            StmtKind::AnnAssign(target, annotation, value) => {
                self.expr(target, Level::Test);
                self.text(": ");
                self.expr(annotation, Level::Test);
                if let Some(value) = value {
                    self.text(" = ");
                    self.bare(value);
                }
            }
            StmtKind::Return(None) => self.text("return"),
            StmtKind::Return(Some(value)) => {
                self.text("return ");
                self.bare(value);
            }
            StmtKind::Break => self.text("break"),
            StmtKind::Continue => self.text("continue"),
            StmtKind::Assert(test, message) => {
                self.text("assert ");
                self.expr(test, Level::Test);
                if let Some(message) = message {
                    self.text(", ");
                    self.expr(message, Level::Test);
                }
            }
            StmtKind::Raise(None) => self.text("raise"),
            StmtKind::Raise(Some(error)) => {
                self.text("raise ");
                self.expr(error, Level::Test);
            }
            StmtKind::Delete(targets) => {
                self.text("del ");
                self.exprs(targets, Level::Test);
            }
            StmtKind::Import(aliases) => {
                self.text("import ");
                self.aliases(aliases);
            }
            StmtKind::FromImport(module, aliases) => {
                self.text("from ");
                self.text(module.as_str());
                self.text(" import ");
                self.aliases(aliases);
            }
            // The statements with blocks are printed where the line ends differently.
            StmtKind::Pass
            | StmtKind::Def(_)
            | StmtKind::If { .. }
            | StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::With { .. } => self.text("pass"),
        }
    }

    fn aliases(&mut self, aliases: &[super::tree::Alias]) {
        for (i, alias) in aliases.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.text(alias.name.as_str());
            if let Some(name) = alias.alias {
                self.text(" as ");
                self.text(name.as_str());
            }
        }
    }

    /// An expression where a tuple needs no parentheses.
    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Tuple(items) if !items.is_empty() => self.items(items),
            _ => self.expr(expr, Level::Test),
        }
    }
}
