//! What is wrong with a program that runs: warnings, told without running it.
//!
//! A function that changes a parameter in place changes its own copy. Where nothing reads the parameter afterwards the
//! change is lost, which whoever thinks of Python's lists does not expect.

use rustc_hash::FxHashSet;

use super::tree::*;
use super::walk::{blocks, each_bound, each_default, each_expr, each_part};
use super::{Error, Span, Symbol, scope_of};

/// The warnings of a module: errors of the kind `Warning`, in the order of their places.
///
/// ```
/// use cotangent::lang::{Source, check, parse};
/// let module = parse(&Source::new("<input>", "def clear(x):\n    x[0] = 0.0\n"))?;
/// let warnings = check(&module);
/// assert_eq!(warnings[0].message(), "`clear` changes its own copy of `x`, and nothing reads it afterwards");
/// # Ok::<(), cotangent::lang::Error>(())
/// ```
pub fn check(module: &Module) -> Vec<Error> {
    let mut warnings = Vec::new();
    super::with_deep_stack(|| functions_in(&module.body, &mut warnings));
    warnings.sort_by_key(|warning| warning.span().start);
    warnings
}

/// Looks at every function of a block, and at those in them.
fn functions_in(block: &[Stmt], warnings: &mut Vec<Error>) {
    for stmt in block {
        if let StmtKind::Def(function) = &stmt.kind {
            lost_changes(function, warnings);
            functions_in(&function.body, warnings);
        }
        blocks(stmt).iter().for_each(|block| functions_in(block, warnings));
    }
}

/// The changes of parameters that nothing reads.
fn lost_changes(function: &Function, warnings: &mut Vec<Error>) {
    // A template of a derivative adds to names that are not its own to return.
    if !function.decorators.is_empty() {
        return;
    }
    let own: FxHashSet<Symbol> = function.params.iter().map(|param| param.name).collect();
    let mut pass = Pass { function: function.name, own, live: Live::default(), loops: Vec::new(), found: Vec::new() };
    pass.captured(&function.body);
    pass.block(&function.body);
    pass.found.sort_by_key(|(_, span)| span.start);
    let mut told: FxHashSet<Symbol> = FxHashSet::default();
    for (name, span) in std::mem::take(&mut pass.found) {
        if told.insert(name) {
            let message =
                format!("`{}` changes its own copy of `{name}`, and nothing reads it afterwards", pass.function);
            warnings.push(
                Error::new(super::ErrorKind::Warning, message)
                    .at(span)
                    .hint(format!("return it, `return {name}`, and let the caller take the new one")),
            );
        }
    }
}

/// The parameters whose values are still read.
type Live = FxHashSet<Symbol>;

/// Goes through a function from its end to its beginning.
struct Pass {
    function: Symbol,
    /// Parameters that no function inside captures.
    own: FxHashSet<Symbol>,
    live: Live,
    /// What is read where a loop is left, and where its next iteration begins.
    loops: Vec<(Live, Live)>,
    found: Vec<(Symbol, Span)>,
}

impl Pass {
    /// What a function inside captures may be read whenever that runs.
    fn captured(&mut self, block: &[Stmt]) {
        for stmt in block {
            if let StmtKind::Def(function) = &stmt.kind {
                let free = scope_of(function).free;
                self.own.retain(|name| !free.contains(name));
            }
            each_expr(stmt, &mut |expr| self.lambdas(expr));
            blocks(stmt).iter().for_each(|block| self.captured(block));
        }
    }

    fn lambdas(&mut self, expr: &Expr) {
        if let ExprKind::Lambda(function) = &expr.kind {
            let free = scope_of(function).free;
            self.own.retain(|name| !free.contains(name));
        }
        each_part(expr, &mut |part| self.lambdas(part));
    }

    fn block(&mut self, block: &[Stmt]) {
        block.iter().rev().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Return(value) | StmtKind::Raise(value) => {
                self.live.clear();
                value.iter().for_each(|value| self.reads(value));
            }
            StmtKind::Break => self.live = self.loops.last().map_or_else(Live::default, |(leave, _)| leave.clone()),
            StmtKind::Continue => self.live = self.loops.last().map_or_else(Live::default, |(_, next)| next.clone()),
            StmtKind::Assign(targets, value) => {
                targets.iter().rev().for_each(|target| self.target(target));
                self.reads(value);
            }
            StmtKind::AnnAssign(target, _, value) => {
                if let Some(value) = value {
                    self.target(target);
                    self.reads(value);
                }
            }
            StmtKind::AugAssign(target, _, value) => {
                match &target.kind {
                    // `x += 1` gives the name another value, as it does for numbers in Python.
                    ExprKind::Name(_) => self.reads(target),
                    _ => self.target(target),
                }
                self.reads(value);
            }
            StmtKind::Expr(expr) => {
                if let Some((name, changing)) = self.change_by_method(expr) {
                    self.changed(name, expr.span);
                    let ExprKind::Call(callee, args) = &expr.kind else { return };
                    // The receiver itself is changed, not read; its index and the arguments are read.
                    if !changing && let ExprKind::Attribute(object, _) = &callee.kind {
                        self.place(object);
                    }
                    args.iter().for_each(|arg| self.reads(arg.value()));
                } else {
                    self.reads(expr);
                }
            }
            StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
            StmtKind::If { test, then, otherwise } => {
                let after = self.live.clone();
                self.block(then);
                let before_then = std::mem::replace(&mut self.live, after);
                self.block(otherwise);
                self.live.extend(before_then);
                self.reads(test);
            }
            StmtKind::While { test, body, otherwise } => self.repeated(body, otherwise, |pass| pass.reads(test)),
            StmtKind::For { target, iter, body, otherwise } => {
                self.repeated(body, otherwise, |pass| pass.target(target));
                self.reads(iter);
            }
            StmtKind::With { manager, target, body } => {
                self.block(body);
                target.iter().for_each(|target| self.reads(target));
                self.reads(manager);
            }
            _ => each_expr(stmt, &mut |expr| self.reads(expr)),
        }
    }

    /// A loop: what its next iteration reads is read after each; told is what no iteration reads.
    fn repeated(&mut self, body: &[Stmt], otherwise: &[Stmt], head: impl Fn(&mut Pass)) {
        let leave = self.live.clone();
        self.block(otherwise);
        let mut next = self.live.clone();
        loop {
            let found = self.found.len();
            self.live = next.clone();
            head(self);
            self.loops.push((leave.clone(), self.live.clone()));
            self.block(body);
            self.loops.pop();
            head(self);
            let before = next.len();
            next.extend(self.live.iter().copied());
            if next.len() == before {
                break;
            }
            self.found.truncate(found);
        }
        self.live = next;
    }

    /// `x.append(…)`, `x[i].sort()`: the parameter that a statement changes by a method, and whether it is the receiver itself.
    fn change_by_method(&self, expr: &Expr) -> Option<(Symbol, bool)> {
        const CHANGING: [&str; 12] = [
            "append",
            "extend",
            "insert",
            "pop",
            "remove",
            "clear",
            "sort",
            "reverse",
            "update",
            "setdefault",
            "popitem",
            "fill",
        ];
        let ExprKind::Call(callee, _) = &expr.kind else { return None };
        let ExprKind::Attribute(object, method) = &callee.kind else { return None };
        if !CHANGING.contains(&method.as_str()) {
            return None;
        }
        root(object).map(|name| (name, matches!(object.kind, ExprKind::Name(_))))
    }

    /// A parameter is changed in place here.
    fn changed(&mut self, name: Symbol, span: Span) {
        if self.own.contains(&name) && !self.live.contains(&name) {
            self.found.push((name, span));
        }
    }

    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Subscript(..) | ExprKind::Attribute(..) => {
                if let Some(name) = root(target) {
                    self.changed(name, target.span);
                }
                self.place(target);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().rev().for_each(|item| self.target(item)),
            ExprKind::Starred(inner) => self.target(inner),
            _ => each_bound(target, &mut |name| {
                self.live.remove(&name);
            }),
        }
    }

    /// Reads the indices of a place, not the variable that it is a part of.
    fn place(&mut self, place: &Expr) {
        match &place.kind {
            ExprKind::Subscript(object, index) => {
                self.reads(index);
                self.place(object);
            }
            ExprKind::Attribute(object, _) => self.place(object),
            ExprKind::Name(_) => {}
            _ => self.reads(place),
        }
    }

    fn reads(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => {
                self.live.insert(*name);
            }
            ExprKind::Lambda(function) => {
                each_default(function, &mut |default| self.reads(default));
                self.live.extend(scope_of(function).free);
            }
            _ => each_part(expr, &mut |part| self.reads(part)),
        }
    }
}

/// The variable that a place is a part of.
fn root(place: &Expr) -> Option<Symbol> {
    match &place.kind {
        ExprKind::Name(name) => Some(*name),
        ExprKind::Subscript(object, _) | ExprKind::Attribute(object, _) => root(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Source, parse};

    fn lost(text: &str) -> String {
        let module = parse(&Source::new("<test>", text)).unwrap();
        let texts = check(&module).into_iter().map(|warning| {
            let span = warning.span();
            text[span.start as usize..span.end as usize].to_owned()
        });
        texts.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_change_that_nothing_reads_is_told() {
        for (text, told) in [
            ("def f(x):\n  x[0] = 1", "x[0]"),
            ("def f(x):\n  x.append(1)", "x.append(1)"),
            ("def f(x, i):\n  x[i] += 1\n  return i", "x[i]"),
            ("def f(x):\n  x['a'].sort()", "x['a'].sort()"),
            ("def f(x):\n  del x[0]", "x[0]"),
            ("def f(x):\n  print(x)\n  x[0] = 1", "x[0]"),
            ("def f(x):\n  for i in range(3):\n    x[i] = i", "x[i]"),
            ("def f(x):\n  for i in range(3):\n    x[i] = i\n  return i", "x[i]"),
            ("def f(x):\n  if x[0]:\n    x[1] = 2\n    return 1\n  return x", "x[1]"),
            ("def f(x):\n  x[0] = 1\n  x = 2\n  return x", "x[0]"),
            ("def f(a):\n  def g(x):\n    x[0] = a\n  return g", "x[0]"),
            ("def f(x):\n  x[0], y = 1, 2\n  return y", "x[0]"),
            ("def f(x, y):\n  while True:\n    x[0] = 1\n    break", "x[0]"),
            ("if a:\n  def f(x):\n    x.sort()", "x.sort()"),
        ] {
            assert_eq!(lost(text), told, "{text}");
        }
    }

    #[test]
    fn a_change_that_is_read_is_not() {
        for text in [
            "def f(x):\n  x[0] = 1\n  return x",
            "def f(x):\n  x[0] = 1\n  return x[0]",
            "def f(x):\n  x[0] = 1\n  print(x)",
            "def f(x):\n  for i in range(3):\n    x[i] = x[i - 1]",
            "def f(x):\n  total = 0\n  for i in range(3):\n    total += x[0]\n    x[0] = i\n  return total",
            "def f(x):\n  while x[0] < 3:\n    x[0] += 1",
            "def f(x):\n  x[0] = 1\n  def g():\n    return x\n  return g",
            "def f(x):\n  g = lambda: x\n  x[0] = 1\n  return g",
            "def f(x):\n  x[0] = 1\n  return lambda: x",
            "def f(x):\n  if x[0]:\n    x[1] = 2\n  return x",
            "def f(x):\n  for i in x:\n    x[i] = 1\n    if i:\n      continue\n    y = x\n  return y",
            "def f(x):\n  for i in range(3):\n    x[i] = 1\n    if i == 2:\n      break\n  return x",
            "def f(x):\n  y = x\n  y[0] = 1",
            "def f(x):\n  y = x.pop()\n  return y",
            "def f(x):\n  return x.pop()",
            "def f(x):\n  x += 1",
            "x = [1]\nx[0] = 2",
            "def f(x):\n  x[0] = 1\n  return [y for y in x]",
            "def f(x):\n  x[0] = 1\n  with insert_grad_of(x) as dx:\n    dx[0] = 1.0",
            "def f(x):\n  x.append(1)\n  return f'{x}'",
            "@adjoint(g)\ndef _(y, x):\n  x_bar[0] += 1.0",
            "def f(x):\n  try_ = [x for x in range(3)]\n  x[0] = 1\n  return x",
            "def f(x):\n  for i in range(2):\n    x[0] = 1\n  else:\n    return x",
        ] {
            assert_eq!(lost(text), "", "{text}");
        }
    }
}
