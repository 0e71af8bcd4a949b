//! Whose a name is: the variables of a function, and the names it takes from outside.

use std::collections::BTreeSet;

use crate::lang::Symbol;
use crate::lang::tree::{Block, Expr, ExprKind, Function, Stmt, StmtKind};
use crate::lang::walk::each_part;

/// The variables of a function body or of a top-level statement.
#[derive(Debug, Default, Clone)]
pub struct Scope {
    /// Parameters in order, then every other name that is bound somewhere, in order of appearance.
    pub locals: Vec<Symbol>,
    /// How many names the comprehensions within bind for themselves.
    pub comprehension_targets: usize,
}

/// The variables of a function.
pub fn of_function(function: &Function) -> Scope {
    let mut scope = Scope { locals: function.params.iter().map(|p| p.name).collect(), comprehension_targets: 0 };
    function.body.iter().for_each(|stmt| scope.statement(stmt));
    scope
}

/// What a top-level statement binds, then what else it reads of what `is_bound` says the module has.
pub fn of_statement(stmt: &Stmt, is_bound: impl Fn(Symbol) -> bool) -> Scope {
    let mut scope = Scope::default();
    scope.statement(stmt);
    let mut names = BTreeSet::new();
    statement_names(stmt, &mut names);
    names.into_iter().filter(|name| is_bound(*name)).for_each(|name| scope.bind(name));
    scope
}

impl Scope {
    fn bind(&mut self, name: Symbol) {
        if !self.locals.contains(&name) {
            self.locals.push(name);
        }
    }

    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.bind(*name),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| self.target(item)),
            ExprKind::Starred(inner) => self.target(inner),
            _ => self.expression(target),
        }
    }

    fn block(&mut self, block: &Block) {
        block.iter().for_each(|stmt| self.statement(stmt));
    }

    fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign(targets, _) => targets.iter().for_each(|target| self.target(target)),
            StmtKind::AugAssign(target, ..) | StmtKind::AnnAssign(target, ..) => self.target(target),
            StmtKind::Def(function) => self.bind(function.name),
            StmtKind::For { target, body, otherwise, .. } => {
                self.target(target);
                self.block(body);
                self.block(otherwise);
            }
            StmtKind::If { then: body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
                self.block(body);
                self.block(otherwise);
            }
            StmtKind::With { target, body, .. } => {
                target.iter().for_each(|target| self.target(target));
                self.block(body);
            }
            StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
            StmtKind::Import(aliases) => aliases.iter().for_each(|alias| self.bind(import_name(alias))),
            StmtKind::FromImport(_, aliases) => {
                aliases.iter().for_each(|alias| self.bind(alias.alias.unwrap_or(alias.name)));
            }
            _ => {}
        }
        statement_expressions(stmt, &mut |e| self.expression(e));
    }

    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Walrus(name, _) => self.bind(*name),
            ExprKind::Comprehension(c) => {
                let mut names = BTreeSet::new();
                c.clauses.iter().for_each(|clause| target_names(&clause.target, &mut names));
                self.comprehension_targets += names.len();
            }
            _ => {}
        }
        each_part(expr, &mut |e| self.expression(e));
    }
}

/// The name that `import a.b` binds.
pub fn import_name(alias: &crate::lang::tree::Alias) -> Symbol {
    alias.alias.unwrap_or_else(|| Symbol::new(alias.name.as_str().split('.').next().unwrap_or_default()))
}

/// The names that a target binds.
pub fn target_names(target: &Expr, names: &mut BTreeSet<Symbol>) {
    match &target.kind {
        ExprKind::Name(name) => drop(names.insert(*name)),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| target_names(item, names)),
        ExprKind::Starred(inner) => target_names(inner, names),
        _ => {}
    }
}

/// The names that a function reads and does not bind, sorted.
pub fn free_names(function: &Function) -> BTreeSet<Symbol> {
    let mut names = BTreeSet::new();
    function.body.iter().for_each(|stmt| statement_names(stmt, &mut names));
    for local in of_function(function).locals {
        names.remove(&local);
    }
    names
}

fn statement_names(stmt: &Stmt, names: &mut BTreeSet<Symbol>) {
    match &stmt.kind {
        StmtKind::Def(function) => names.extend(free_names(function)),
        StmtKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|s| statement_names(s, names));
        }
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            body.iter().chain(otherwise).for_each(|s| statement_names(s, names));
        }
        StmtKind::With { body, .. } => body.iter().for_each(|s| statement_names(s, names)),
        _ => {}
    }
    statement_expressions(stmt, &mut |e| expression_names(e, names));
}

/// The names that an expression reads, those of nested functions included.
pub fn expression_names(expr: &Expr, names: &mut BTreeSet<Symbol>) {
    match &expr.kind {
        ExprKind::Name(name) => drop(names.insert(*name)),
        ExprKind::Lambda(function) => {
            names.extend(free_names(function));
            each_part(expr, &mut |e| expression_names(e, names));
        }
        ExprKind::Comprehension(c) => {
            let (mut inner, mut bound) = (BTreeSet::new(), BTreeSet::new());
            each_part(expr, &mut |e| expression_names(e, &mut inner));
            c.clauses.iter().for_each(|clause| target_names(&clause.target, &mut bound));
            inner.retain(|name| !bound.contains(name));
            if let Some(first) = c.clauses.first() {
                expression_names(&first.iter, &mut inner);
            }
            names.extend(inner);
        }
        _ => each_part(expr, &mut |e| expression_names(e, names)),
    }
}

/// The expressions that stand directly in a statement (for a `def`, those evaluated where it stands), not those of its
/// blocks.
pub fn statement_expressions(stmt: &Stmt, visit: &mut dyn FnMut(&Expr)) {
    match &stmt.kind {
        StmtKind::Expr(e) => visit(e),
        StmtKind::Assign(targets, value) => {
            visit(value);
            targets.iter().for_each(visit);
        }
        StmtKind::AugAssign(target, _, value) => {
            visit(target);
            visit(value);
        }
        StmtKind::AnnAssign(target, _, value) => {
            visit(target);
            value.iter().for_each(visit);
        }
        StmtKind::Def(function) => evaluated_at_definition(function, visit),
        StmtKind::Return(value) | StmtKind::Raise(value) => value.iter().for_each(visit),
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => visit(test),
        StmtKind::For { target, iter, .. } => {
            visit(target);
            visit(iter);
        }
        StmtKind::Assert(test, message) => {
            visit(test);
            message.iter().for_each(visit);
        }
        StmtKind::Delete(targets) => targets.iter().for_each(visit),
        StmtKind::With { manager, target, .. } => {
            visit(manager);
            target.iter().for_each(visit);
        }
        StmtKind::Break | StmtKind::Continue | StmtKind::Pass | StmtKind::Import(_) | StmtKind::FromImport(..) => {}
    }
}

fn evaluated_at_definition(function: &Function, visit: &mut dyn FnMut(&Expr)) {
    function.decorators.iter().for_each(&mut *visit);
    function.params.iter().filter_map(|p| p.default.as_ref()).for_each(visit);
}
