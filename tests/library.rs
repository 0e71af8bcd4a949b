//! The library against CPython and NumPy: every recorded expression of tests/oracle/library_*.txt gives what they gave.
//!
//! The expressions are evaluated here by a walk over the tree, so that this test is one of the operators and the
//! library and of nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use cotangent::interp::library::{self, Entry, Machine};
use cotangent::interp::value::{Dict, Key, Slice, Value};
use cotangent::interp::{display, function::Function, indexing, operators};
use cotangent::lang::tree::{Arg, Expr, ExprKind, LogicalOp, ParamForm, StmtKind};
use cotangent::lang::{Error, Result, Source, Symbol};

/// Calls library functions, prints nowhere.
struct Plain;

impl Machine for Plain {
    fn call(&mut self, function: &Value, args: Vec<Value>) -> Result<Value> {
        match function {
            Value::Function(function) => match &**function {
                Function::Builtin(builtin) => {
                    let entry = library::entry(Symbol::new(builtin.name)).ok_or_else(|| Error::name("no entry"))?;
                    call(entry, args, Vec::new())
                }
                _ => Err(Error::type_("only library functions can be called here")),
            },
            _ => Err(Error::type_("not a function")),
        }
    }

    fn print(&mut self, _: &str) -> Result<()> {
        Ok(())
    }

    fn read_file(&mut self, _: &str) -> Result<Vec<u8>> {
        Err(Error::host("no files"))
    }
}

/// Brings arguments into the order of the signature.
fn call(entry: &Entry, positional: Vec<Value>, named: Vec<(Symbol, Value)>) -> Result<Value> {
    let mut positional = positional.into_iter();
    let mut named: Vec<_> = named.into_iter().map(Some).collect();
    let mut args = Vec::new();
    for param in &entry.signature.params {
        let mut by_name = || {
            named.iter_mut().find(|n| n.as_ref().is_some_and(|(name, _)| *name == param.name)).and_then(Option::take)
        };
        args.push(match param.form {
            ParamForm::Star => Value::tuple(positional.by_ref().collect()),
            ParamForm::DoubleStar => {
                let rest = named.iter_mut().filter_map(Option::take);
                Value::Dict(Arc::new(rest.map(|(k, v)| (Key::Str(Arc::new(k.to_string())), v)).collect::<Dict>()))
            }
            form => {
                let given = if form == ParamForm::KeywordOnly { None } else { positional.next() };
                match given.or_else(|| by_name().map(|(_, value)| value)) {
                    Some(value) => value,
                    None => match &param.default {
                        Some(default) => library::literal_value(default),
                        None => return Err(Error::type_(format!("missing argument {}", param.name))),
                    },
                }
            }
        });
    }
    if positional.next().is_some() || named.iter().any(Option::is_some) {
        return Err(Error::type_(format!("unexpected argument of {}", entry.builtin.name)));
    }
    let result = library::run(entry.builtin, &mut Plain, &mut args)?;
    check_kind(entry, &result);
    Ok(result)
}

fn check_kind(_: &Entry, _: &Value) {}

struct Scope(HashMap<Symbol, Value>);

impl Scope {
    fn eval(&self, expr: &Expr) -> Result<Value> {
        Ok(match &expr.kind {
            ExprKind::None => Value::None,
            ExprKind::Bool(b) => Value::Bool(*b),
            ExprKind::Int(i) => Value::Int(*i),
            ExprKind::Float(x) => Value::Float(*x),
            ExprKind::Str(s) => Value::str(&**s),
            ExprKind::Ellipsis => Value::Ellipsis,
            ExprKind::Name(name) => match self.0.get(name) {
                Some(value) => value.clone(),
                None => match name.as_str() {
                    "np" | "math" => Value::Module(*name),
                    name => {
                        library::lookup(name).map(library::function).ok_or_else(|| Error::name(format!("no {name}")))?
                    }
                },
            },
            ExprKind::Tuple(items) => Value::tuple(self.all(items)?),
            ExprKind::List(items) => Value::list(self.all(items)?),
            ExprKind::Dict(items) => {
                let mut dict = Dict::default();
                for (key, item) in items {
                    let key = key.as_ref().ok_or_else(|| Error::syntax("no stars here"))?;
                    dict.insert(Key::new(&self.eval(key)?)?, self.eval(item)?);
                }
                Value::Dict(Arc::new(dict))
            }
            ExprKind::Unary(op, x) => operators::unary(*op, self.eval(x)?)?,
            ExprKind::Binary(op, a, b) => {
                let a = self.eval(a)?;
                operators::binary(*op, a, self.eval(b)?)?
            }
            ExprKind::Compare(first, rest) => {
                let mut left = self.eval(first)?;
                let mut result = Value::Bool(true);
                for (op, right) in rest {
                    let right = self.eval(right)?;
                    result = operators::compare(*op, &left, &right)?;
                    if rest.len() > 1 && !operators::truth(&result)? {
                        break;
                    }
                    left = right;
                }
                result
            }
            ExprKind::Logical(op, items) => {
                let mut value = Value::None;
                for item in items {
                    value = self.eval(item)?;
                    if operators::truth(&value)? == (*op == LogicalOp::Or) {
                        break;
                    }
                }
                value
            }
            ExprKind::Conditional { test, then, otherwise } => {
                self.eval(if operators::truth(&self.eval(test)?)? { then } else { otherwise })?
            }
            ExprKind::Slice(start, stop, step) => {
                let part = |part: &Option<Box<Expr>>| part.as_ref().map_or(Ok(Value::None), |e| self.eval(e));
                Value::Slice(Arc::new(Slice { start: part(start)?, stop: part(stop)?, step: part(step)? }))
            }
            ExprKind::Subscript(value, index) => {
                let value = self.eval(value)?;
                indexing::get(&value, &self.eval(index)?)?
            }
            ExprKind::Attribute(value, name) => {
                let value = self.eval(value)?;
                if let Value::Module(module) = &value {
                    library::member(module.as_str(), name.as_str())
                        .ok_or_else(|| Error::name(format!("no {module}.{name}")))?
                } else {
                    let entry = library::attribute(&value, name.as_str())
                        .and_then(|b| library::entry(Symbol::new(b.name)))
                        .ok_or_else(|| Error::name(format!("no attribute {name}")))?;
                    call(entry, vec![value], Vec::new())?
                }
            }
            ExprKind::Call(function, args) => {
                if let ExprKind::Name(name) = &function.kind
                    && name.as_str() == "slice"
                {
                    let mut bounds: Vec<Value> = args.iter().map(|a| self.eval(a.value())).collect::<Result<_>>()?;
                    if bounds.len() == 1 {
                        bounds.insert(0, Value::None);
                    }
                    bounds.resize(3, Value::None);
                    let [start, stop, step] = <[Value; 3]>::try_from(bounds).map_err(|_| Error::syntax("slice"))?;
                    return Ok(Value::Slice(Arc::new(Slice { start, stop, step })));
                }
                let (mut positional, mut named) = (Vec::new(), Vec::new());
                let mut method = None;
                let callee = match &function.kind {
                    ExprKind::Attribute(receiver, name) => match self.eval(receiver)? {
                        Value::Module(_) => self.eval(function)?,
                        receiver => {
                            method = library::method(&receiver, name.as_str());
                            positional.push(receiver);
                            Value::None
                        }
                    },
                    _ => self.eval(function)?,
                };
                for arg in args {
                    match arg {
                        Arg::Positional(e) => positional.push(self.eval(e)?),
                        Arg::Keyword(name, e) => named.push((*name, self.eval(e)?)),
                        _ => return Err(Error::syntax("no stars here")),
                    }
                }
                let builtin = match (&callee, method) {
                    (_, Some(method)) => method,
                    (Value::Function(function), None) => match &**function {
                        Function::Builtin(builtin) => builtin,
                        _ => return Err(Error::type_("not a library function")),
                    },
                    // `float` stands for the function and the element type alike; so do these.
                    _ => return Err(Error::name("no such method")),
                };
                let entry = library::entry(Symbol::new(builtin.name)).ok_or_else(|| Error::name("no entry"))?;
                call(entry, positional, named)?
            }
            other => return Err(Error::syntax(format!("not evaluated here: {other:?}"))),
        })
    }

    fn all(&self, items: &[Expr]) -> Result<Vec<Value>> {
        items.iter().map(|item| self.eval(item)).collect()
    }
}

fn parse(text: &str) -> Result<Expr> {
    let module = cotangent::lang::parse(&Source::new("<oracle>", text))?;
    match module.body.into_iter().next().map(|stmt| stmt.kind) {
        Some(StmtKind::Expr(expr)) => Ok(expr),
        Some(StmtKind::Assign(_, expr)) => Ok(expr),
        _ => Err(Error::syntax("not an expression")),
    }
}

/// Whether two texts are the same but for the last digits of their floats: NumPy's elementary functions and ours may
/// differ by a unit in the last place.
fn close(a: &str, b: &str) -> bool {
    let (mut x, mut y) = (a.chars().peekable(), b.chars().peekable());
    let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut text = String::new();
        while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e')) {
            text.push(c);
        }
        text
    };
    loop {
        let (p, q) = (number(&mut x), number(&mut y));
        if p != q {
            match (p.parse::<f64>(), q.parse::<f64>()) {
                (Ok(p), Ok(q)) if (p - q).abs() <= 8e-16 * p.abs().max(q.abs()) => {}
                _ => return false,
            }
        }
        match (x.next(), y.next()) {
            (None, None) => return true,
            (Some(p), Some(q)) if p == q => {}
            _ => return false,
        }
    }
}

/// The text that the recorder wrote in one line.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => out.push(if letters.next() == Some('n') { '\n' } else { '\\' }),
            c => out.push(c),
        }
    }
    out
}

fn check(name: &str, data: &str) {
    let mut scope = Scope(HashMap::new());
    let (mut count, mut failures) = (0, Vec::new());
    for line in data.lines() {
        let Some((text, expected)) = line.split_once('\t') else {
            let (target, text) = line.split_once(" = ").expect("a definition");
            let value = parse(text).and_then(|e| scope.eval(&e)).unwrap_or_else(|e| panic!("{text}: {e}"));
            scope.0.insert(Symbol::new(target), value);
            continue;
        };
        count += 1;
        let expected = unescaped(expected);
        let result = parse(text).and_then(|e| scope.eval(&e));
        match (&result, expected.strip_prefix('!')) {
            (Ok(value), None) => {
                let shown = display::repr(value);
                if shown != expected && !close(&shown, &expected) {
                    failures.push(format!("{text}\n    expected {expected}\n    gave     {shown}"));
                }
            }
            (Err(_), Some(_)) => {}
            (Ok(value), Some(error)) => {
                failures
                    .push(format!("{text}\n    expected an error ({error})\n    gave     {}", display::repr(value)));
            }
            (Err(error), None) => failures.push(format!("{text}\n    expected {expected}\n    gave     {error}")),
        }
    }
    assert!(count > 100, "only {count} expressions recorded for {name}");
    let shown: usize = std::env::var("ORACLE_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    assert!(
        failures.is_empty(),
        "{} of {count} expressions differ:\n{}",
        failures.len(),
        failures.iter().take(shown).cloned().collect::<Vec<_>>().join("\n")
    );
}

macro_rules! recorded {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("oracle/library_", stringify!($name), ".txt")));
        }
    )* };
}
recorded!(elementwise reductions shapes creation products selection printing python);
