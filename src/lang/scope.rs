//! Which names of a function are its own and which come from outside, by Python's rules.

use rustc_hash::FxHashSet;

use super::tree::*;
use super::walk::{blocks, each_bound, each_default, each_expr, each_part};
use super::{Error, Symbol};

/// The names of a function.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Parameters first, then what the body binds, in order of appearance: assigned names, targets of `for` and `with`,
    /// imports, nested functions, walruses (also those inside comprehensions), deleted names.
    pub locals: Vec<Symbol>,
    /// What the function or a function in it reads or changes in place without it being a local of the reader, in order
    /// of first appearance. Targets of a comprehension are its own and in neither list.
    pub free: Vec<Symbol>,
    /// How many names the comprehensions bind for themselves, those in nested functions not counted.
    pub comprehension_targets: usize,
}

/// The error where a function changes what is in a global variable: it would change a copy.
pub fn global_changed(name: Symbol) -> Error {
    Error::type_(format!("a function cannot change the global variable `{name}`"))
        .hint("pass it as an argument and return the new value")
}

/// The names of a function, without its own decorators and defaults, which are evaluated where it is defined.
pub fn scope_of(function: &Function) -> Scope {
    let mut locals = Names::default();
    function.params.iter().for_each(|param| locals.add(param.name));
    super::with_deep_stack(|| within(&function.body, locals))
}

/// The names of a top-level statement, whose locals are the module's.
pub fn scope_of_statement(stmt: &Stmt) -> Scope {
    super::with_deep_stack(|| within(std::slice::from_ref(stmt), Names::default()))
}

/// The name that `import a.b as c` or `from m import b as c` binds: the alias, or else the first part.
pub fn import_name(alias: &Alias) -> Symbol {
    alias.alias.unwrap_or_else(|| Symbol::new(alias.name.as_str().split('.').next().unwrap_or_default()))
}

/// The names that the targets of a comprehension bind, in order of appearance.
pub fn comprehension_names(comprehension: &Comprehension) -> Vec<Symbol> {
    let mut names = Names::default();
    comprehension.clauses.iter().for_each(|clause| each_bound(&clause.target, &mut |name| names.add(name)));
    names.order
}

fn within(body: &[Stmt], locals: Names) -> Scope {
    let mut bound = Bound { names: locals, comprehension_targets: 0 };
    bound.block(body);
    let Bound { names, comprehension_targets } = bound;
    let mut reads = Reads { inner: Vec::new(), locals: names.set, free: Names::default() };
    reads.block(body);
    Scope { locals: names.order, free: reads.free.order, comprehension_targets }
}

/// Names in the order of their first appearance.
#[derive(Default)]
struct Names {
    order: Vec<Symbol>,
    set: FxHashSet<Symbol>,
}

impl Names {
    fn add(&mut self, name: Symbol) {
        if self.set.insert(name) {
            self.order.push(name);
        }
    }
}

/// Gathers the names that are bound.
struct Bound {
    names: Names,
    comprehension_targets: usize,
}

impl Bound {
    fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            each_expr(stmt, &mut |expr| self.expr(expr));
            match &stmt.kind {
                StmtKind::Assign(targets, _) | StmtKind::Delete(targets) => {
                    targets.iter().for_each(|target| self.target(target));
                }
                StmtKind::AugAssign(target, ..)
                | StmtKind::AnnAssign(target, ..)
                | StmtKind::For { target, .. }
                | StmtKind::With { target: Some(target), .. } => self.target(target),
                StmtKind::Def(function) => self.names.add(function.name),
                StmtKind::Import(aliases) => aliases.iter().for_each(|alias| self.names.add(import_name(alias))),
                StmtKind::FromImport(_, aliases) => aliases
                    .iter()
                    .filter(|alias| alias.name.as_str() != "*")
                    .for_each(|alias| self.names.add(import_name(alias))),
                _ => {}
            }
            blocks(stmt).iter().for_each(|block| self.block(block));
        }
    }

    fn target(&mut self, target: &Expr) {
        each_bound(target, &mut |name| self.names.add(name));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Walrus(name, _) => self.names.add(*name),
            ExprKind::Comprehension(c) => self.comprehension_targets += comprehension_names(c).len(),
            _ => {}
        }
        each_part(expr, &mut |part| self.expr(part));
    }
}

/// Gathers the names that are read and not local.
struct Reads {
    /// The targets of the comprehensions that are open.
    inner: Vec<Symbol>,
    locals: FxHashSet<Symbol>,
    free: Names,
}

impl Reads {
    fn name(&mut self, name: Symbol) {
        if !self.locals.contains(&name) && !self.inner.contains(&name) {
            self.free.add(name);
        }
    }

    fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            each_expr(stmt, &mut |expr| self.expr(expr));
            if let StmtKind::Def(function) = &stmt.kind {
                self.function(function);
            }
            blocks(stmt).iter().for_each(|block| self.block(block));
        }
    }

    fn function(&mut self, function: &Function) {
        scope_of(function).free.into_iter().for_each(|name| self.name(name));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(*name),
            ExprKind::Lambda(function) => {
                each_default(function, &mut |default| self.expr(default));
                self.function(function);
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
            _ => each_part(expr, &mut |part| self.expr(part)),
        }
    }

    fn comprehension(&mut self, comprehension: &Comprehension) {
        // Only the first iterable is evaluated outside; the targets belong to all of the rest.
        let outside = self.inner.len();
        for (i, clause) in comprehension.clauses.iter().enumerate() {
            if i == 0 {
                self.expr(&clause.iter);
                let inner = &mut self.inner;
                comprehension.clauses.iter().for_each(|c| each_bound(&c.target, &mut |name| inner.push(name)));
            } else {
                self.expr(&clause.iter);
            }
            self.expr(&clause.target);
            clause.conditions.iter().for_each(|condition| self.expr(condition));
        }
        match &comprehension.form {
            ComprehensionForm::List(element) | ComprehensionForm::Generator(element) => self.expr(element),
            ComprehensionForm::Dict(key, value) => {
                self.expr(key);
                self.expr(value);
            }
        }
        self.inner.truncate(outside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Source, parse};

    fn scope(text: &str) -> (String, String) {
        let module = parse(&Source::new("<test>", text)).unwrap();
        let StmtKind::Def(function) = &module.body[0].kind else { panic!("{text}") };
        let join = |names: Vec<Symbol>| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
        let Scope { locals, free, .. } = scope_of(function);
        (join(locals), join(free))
    }

    #[test]
    fn names_belong_where_python_says() {
        for (text, locals, free) in [
            ("def f(x, *a, **k): return x + y", "x a k", "y"),
            ("def f(x): x = x; y = z; z = 1", "x y z", ""),
            ("def f():\n  for i, (j, *k) in x: pass\n  else: l = 1", "i j k l", "x"),
            ("def f():\n  import np.linalg\n  import a as b\n  from c import d, e as g", "np b d g", ""),
            ("def f():\n  with h(x) as dx: y += dx", "dx y", "h x"),
            ("def f(): return [x + y for x in x if z]", "", "x z y"),
            ("def f(): return [a for a in b for c in a if (d := c)]", "d", "b"),
            ("def f(): return [y for x in a for y in y]", "", "a"),
            ("def f(x):\n  def g(y): return x + y + z + g(h)\n  return g", "x g", "z h"),
            ("def f(x):\n  def g(y=w): return lambda v: v + y + u\n  return g", "x g", "w u"),
            ("def f(x):\n  @d\n  def g(): pass", "x g", "d"),
            ("def f(x): return lambda x, y=x: x + q", "x", "q"),
            ("def f(x):\n  a[i] = x\n  b.c = x", "x", "a i b"),
            ("def f():\n  del x", "x", ""),
            ("def f(x: int = d) -> float:\n  y: T = 1", "x y", ""),
            ("def f(): return f'{x:{w}}' if (y := 1) else {a: b, **c}", "y", "x w a b c"),
            ("def f(): return g(lambda: [x for x in y], k=(z for _ in ()))", "", "g y z"),
            ("def f(x):\n  return [lambda: i + x + w for i in x]", "x", "w"),
        ] {
            assert_eq!(scope(text), (locals.to_owned(), free.to_owned()), "{text}");
        }
    }

    #[test]
    fn statements_of_a_module_bind_and_read() {
        let module = parse(&Source::new("<test>", "for i in [j for j, k in a if (l := j)]:\n  b.c = d[i]")).unwrap();
        let scope = scope_of_statement(&module.body[0]);
        assert_eq!(scope.locals, ["l", "i"].map(Symbol::new));
        assert_eq!(scope.free, ["a", "d", "b"].map(Symbol::new));
        assert_eq!(scope.comprehension_targets, 2);
    }
}
