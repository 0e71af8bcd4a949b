//! Going through a tree without changing it: the parts of an expression and of a statement, in the order in which
//! they are evaluated.

use super::tree::*;

/// Visits the direct parts of an expression. Of a `lambda` these are its defaults: its body runs elsewhere.
pub fn each_part<'t>(expr: &'t Expr, visit: &mut dyn FnMut(&'t Expr)) {
    match &expr.kind {
        ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Ellipsis
        | ExprKind::Name(_)
        | ExprKind::Builtin(_) => {}
        ExprKind::FString(parts) => each_field(parts, visit),
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Logical(_, items) => items.iter().for_each(visit),
        ExprKind::Dict(items) => {
            for (key, value) in items {
                key.iter().for_each(&mut *visit);
                visit(value);
            }
        }
        ExprKind::Unary(_, x) | ExprKind::Attribute(x, _) | ExprKind::Starred(x) | ExprKind::Walrus(_, x) => visit(x),
        ExprKind::Binary(_, x, y) | ExprKind::Subscript(x, y) => {
            visit(x);
            visit(y);
        }
        ExprKind::Compare(first, rest) => {
            visit(first);
            rest.iter().for_each(|(_, operand)| visit(operand));
        }
        ExprKind::Conditional { test, then, otherwise } => {
            visit(test);
            visit(then);
            visit(otherwise);
        }
        ExprKind::Call(function, arguments) => {
            visit(function);
            arguments.iter().for_each(|argument| visit(argument.value()));
        }
        ExprKind::Slice(lower, upper, step) => {
            [lower, upper, step].into_iter().flatten().for_each(|part| visit(part));
        }
        ExprKind::Lambda(function) => each_default(function, visit),
        ExprKind::Comprehension(comprehension) => {
            for clause in &comprehension.clauses {
                visit(&clause.iter);
                visit(&clause.target);
                clause.conditions.iter().for_each(&mut *visit);
            }
            match &comprehension.form {
                ComprehensionForm::List(element) | ComprehensionForm::Generator(element) => visit(element),
                ComprehensionForm::Dict(key, value) => {
                    visit(key);
                    visit(value);
                }
            }
        }
    }
}

fn each_field<'t>(parts: &'t [FStringPart], visit: &mut dyn FnMut(&'t Expr)) {
    for part in parts {
        if let FStringPart::Value { value, spec, .. } = part {
            visit(value);
            each_field(spec, visit);
        }
    }
}

/// Visits the defaults of a function, which are evaluated where it is defined.
pub fn each_default<'t>(function: &'t Function, visit: &mut dyn FnMut(&'t Expr)) {
    function.params.iter().filter_map(|param| param.default.as_ref()).for_each(visit);
}

/// Visits the direct expressions of a statement, targets after what they are given; not those of the blocks in it. Of a
/// `def` these are its decorators and defaults. Annotations are not evaluated and not visited.
pub fn each_expr<'t>(stmt: &'t Stmt, visit: &mut dyn FnMut(&'t Expr)) {
    match &stmt.kind {
        StmtKind::Expr(expr) => visit(expr),
        StmtKind::Assign(targets, value) => {
            visit(value);
            targets.iter().for_each(visit);
        }
        StmtKind::AugAssign(target, _, value) => {
            visit(target);
            visit(value);
        }
        StmtKind::AnnAssign(target, _, value) => {
            value.iter().for_each(&mut *visit);
            visit(target);
        }
        StmtKind::Def(function) => {
            function.decorators.iter().for_each(&mut *visit);
            each_default(function, visit);
        }
        StmtKind::Return(value) | StmtKind::Raise(value) => value.iter().for_each(visit),
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => visit(test),
        StmtKind::For { target, iter, .. } => {
            visit(iter);
            visit(target);
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

/// The blocks of a compound statement; not the body of a `def`.
pub fn blocks(stmt: &Stmt) -> [&[Stmt]; 2] {
    match &stmt.kind {
        StmtKind::If { then: body, otherwise, .. }
        | StmtKind::For { body, otherwise, .. }
        | StmtKind::While { body, otherwise, .. } => [body, otherwise],
        StmtKind::With { body, .. } => [body, &[]],
        _ => [&[], &[]],
    }
}

/// Visits every statement of a block and of the blocks in it, but not in the bodies of `def`s.
pub fn each_stmt<'t>(block: &'t [Stmt], visit: &mut dyn FnMut(&'t Stmt)) {
    for stmt in block {
        visit(stmt);
        for inner in blocks(stmt) {
            each_stmt(inner, visit);
        }
    }
}

/// Visits the names that a target binds; `a[i]` and `a.b` bind none.
pub fn each_bound(target: &Expr, visit: &mut dyn FnMut(super::Symbol)) {
    match &target.kind {
        ExprKind::Name(name) => visit(*name),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| each_bound(item, visit)),
        ExprKind::Starred(inner) => each_bound(inner, visit),
        _ => {}
    }
}
