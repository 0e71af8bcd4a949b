//! Random programs: well-behaved functions over the whole language, drawn from a seed.
//!
//! What is drawn has a type, so that nearly every program runs to its end, and is bounded, so that central differences
//! tell a right derivative from a wrong one. `COTANGENT_SEEDS=first,count` asks for other programs than those of every
//! run; with `COTANGENT_SHRINK` set, one that fails is made as short as it can be before it is shown.

mod arrays;
mod forms;
mod functions;
mod library;
mod numbers;
pub mod shrink;
mod statements;
mod structures;
mod templates;

use std::fmt::Write;

use super::check::Case;

/// The first seed and how many; `COTANGENT_SEEDS=first,count` asks for others.
pub fn seeds() -> (u64, u64) {
    let asked = std::env::var("COTANGENT_SEEDS").unwrap_or_default();
    match asked.split_once(',').map(|(first, count)| (first.trim().parse(), count.trim().parse())) {
        Some((Ok(first), Ok(count))) => (first, count),
        _ => (1, 300),
    }
}

/// The types of values that programs compute with.
#[derive(Clone, PartialEq, Debug)]
pub enum Type {
    /// A number, bounded.
    Float,
    /// A small integer from 0, that nothing is differentiated with respect to.
    Int,
    /// An array of this shape.
    Array(Vec<usize>),
    /// A list of at least so many items.
    List(Box<Type>, usize),
    Tuple(Vec<Type>),
    Dict(Vec<(&'static str, Type)>),
    /// A function of so many numbers that gives a number.
    Function(usize),
}

/// A program being written.
pub struct Writer {
    state: u64,
    text: String,
    /// The variables in sight, of which those from `own` on may be assigned.
    scope: Vec<(String, Type)>,
    own: usize,
    /// The functions defined at the top, by name, number of numbers they need and whether they take a function first.
    helpers: Vec<functions::Helper>,
    count: usize,
    /// Whether a `return` may stand here, and whether `break` and `continue` may.
    in_function: bool,
    in_loop: bool,
    /// How many statements may still be written.
    budget: usize,
}

/// The program of a seed.
pub fn program(seed: u64) -> Case {
    let mut w = Writer {
        state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1,
        text: String::new(),
        scope: vec![],
        own: 0,
        helpers: vec![],
        count: 0,
        in_function: false,
        in_loop: false,
        budget: 0,
    };
    for _ in 0..1 + w.below(3) {
        w.helper();
    }
    let mut params = vec![("u", Type::Float), ("v", Type::Float), ("x", Type::Array(vec![4]))];
    match w.below(6) {
        0 => params.push(("m", Type::Array(vec![3, 3]))),
        1 => params.push(("m", Type::Array(vec![2, 3]))),
        2 => {
            let layer = Type::Dict(vec![("w", Type::Array(vec![2, 2])), ("b", Type::Array(vec![2]))]);
            params.push(("p", Type::Dict(vec![("layer", layer), ("rate", Type::Float)])));
        }
        3 => params.push(("q", Type::List(Box::new(Type::Float), 3))),
        4 => params.push(("t", Type::Tuple(vec![Type::Float, Type::Array(vec![3]), Type::Tuple(vec![Type::Float])]))),
        _ => {}
    }
    let args: Vec<String> = params.iter().map(|(_, kind)| w.constant(kind)).collect();
    let names: Vec<&str> = params.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(w.text, "def f({}):", names.join(", "));
    w.scope = params.into_iter().map(|(name, kind)| (name.into(), kind)).collect();
    w.own = 0;
    w.in_function = true;
    w.budget = 6 + w.below(14);
    while w.budget > 0 {
        w.statement(1, 2);
    }
    let terms: Vec<String> =
        w.scope.clone().iter().filter_map(|(name, kind)| w.total(name, kind)).map(|t| format!("np.sin({t})")).collect();
    let _ = writeln!(w.text, "    return {}", terms.join(" + "));
    // The work of a factorization is not counted, that of its derivative is; what is checkpointed runs again.
    let uncounted = ["svd(", "eigvalsh(", "slogdet(", "lstsq(", "pinv(", "cond(", "qr(", "checkpoint("];
    let uncounted = uncounted.iter().any(|name| w.text.contains(name));
    Case {
        name: format!("random {seed}"),
        args: args.join(", "),
        words: std::iter::once("loop").chain(uncounted.then_some("uncounted")).map(Into::into).collect(),
        text: w.text,
        native: cotangent::NativeCode::Off,
    }
}

impl Writer {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True once in so many times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).cloned()
    }

    /// One of some words.
    fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).unwrap_or("")
    }

    fn fresh(&mut self, letter: &str) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(depth));
    }

    /// A type to make a variable of.
    fn some_type(&mut self, depth: usize) -> Type {
        match self.below(if depth == 0 { 8 } else { 16 }) {
            0..=3 => Type::Float,
            4..=5 => Type::Array(vec![2 + self.below(3)]),
            6..=7 => Type::Array(vec![2 + self.below(2), 2 + self.below(3)]),
            8 | 9 => Type::List(Box::new(Type::Float), 1 + self.below(3)),
            10 => Type::List(Box::new(self.some_type(depth - 1)), 1 + self.below(2)),
            11 | 12 => Type::Tuple((0..1 + self.below(3)).map(|_| self.some_type(depth - 1)).collect()),
            13 => Type::Function(1 + self.below(2)),
            _ => {
                let keys = ["w", "b", "rate"];
                Type::Dict((0..1 + self.below(3)).map(|at| (keys[at], self.some_type(depth - 1))).collect())
            }
        }
    }

    /// The variables and what they are made of, one random element each, with their types.
    fn places(&mut self, of: &[(String, Type)]) -> Vec<(String, Type)> {
        let mut out = Vec::new();
        for (name, kind) in of {
            self.parts(name.clone(), kind, 3, &mut out);
        }
        out
    }

    fn parts(&mut self, expr: String, kind: &Type, depth: usize, out: &mut Vec<(String, Type)>) {
        out.push((expr.clone(), kind.clone()));
        if depth == 0 {
            return;
        }
        match kind {
            Type::Array(shape) if shape.len() == 1 => {
                let at = self.index(shape[0]);
                out.push((format!("{expr}[{at}]"), Type::Float));
            }
            Type::Array(shape) => {
                let (i, j) = (self.index(shape[0]), self.index(shape[1]));
                out.push((format!("{expr}[{i}, {j}]"), Type::Float));
                out.push((format!("{expr}[{i}]"), Type::Array(vec![shape[1]])));
            }
            Type::List(item, least) if *least > 0 => {
                let at = self.position(*least);
                self.parts(format!("{expr}[{at}]"), item, depth - 1, out);
            }
            Type::Tuple(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.parts(format!("{expr}[{at}]"), item, depth - 1, out);
                }
            }
            Type::Dict(items) => {
                for (key, item) in items {
                    self.parts(format!("{expr}[\"{key}\"]"), item, depth - 1, out);
                }
            }
            _ => {}
        }
    }

    /// What is in sight of a type, where something is.
    fn in_sight(&mut self, wanted: &Type) -> Option<String> {
        let scope = self.scope.clone();
        let fits = |kind: &Type| match (kind, wanted) {
            (Type::List(a, n), Type::List(b, least)) => a == b && n >= least,
            (a, b) => a == b,
        };
        let all: Vec<String> =
            self.places(&scope).into_iter().filter(|(_, kind)| fits(kind)).map(|(expr, _)| expr).collect();
        self.pick(&all)
    }

    /// An index of an axis.
    fn index(&mut self, n: usize) -> String {
        let ints: Vec<String> =
            self.scope.iter().filter(|(_, kind)| *kind == Type::Int).map(|(name, _)| name.clone()).collect();
        match self.below(6) {
            0 => format!("-{}", 1 + self.below(n)),
            1 | 2 if !ints.is_empty() => {
                let int = self.pick(&ints).unwrap_or_default();
                match self.below(3) {
                    0 => format!("({int} + {}) % {n}", self.below(5)),
                    1 => format!("{int} % {n}"),
                    _ => format!("-1 - {int} % {n}"),
                }
            }
            _ => format!("{}", self.below(n)),
        }
    }

    /// An index of a list that has at least `n` items.
    fn position(&mut self, n: usize) -> String {
        if self.once_in(4) { "-1".into() } else { self.below(n).to_string() }
    }

    /// An expression of a type.
    fn value(&mut self, kind: &Type, depth: usize) -> String {
        match kind {
            Type::Float => self.number(depth),
            Type::Int => self.below(4).to_string(),
            Type::Array(shape) => self.array(shape, depth),
            Type::Function(count) => self.function(*count, depth),
            _ => self.structure(kind, depth),
        }
    }

    /// A constant of a type, for an argument.
    fn constant(&mut self, kind: &Type) -> String {
        match kind {
            Type::Array(shape) => {
                let numbers: Vec<String> = (0..shape.iter().product()).map(|_| self.constant(&Type::Float)).collect();
                match shape.as_slice() {
                    [_, n] => {
                        let rows: Vec<String> = numbers.chunks(*n).map(|r| format!("[{}]", r.join(", "))).collect();
                        format!("np.array([{}])", rows.join(", "))
                    }
                    _ => format!("np.array([{}])", numbers.join(", ")),
                }
            }
            Type::List(item, n) => {
                let items: Vec<String> = (0..*n).map(|_| self.constant(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.constant(item)).collect();
                format!("({},)", items.join(", "))
            }
            Type::Dict(items) => {
                let items: Vec<String> =
                    items.iter().map(|(key, item)| format!("\"{key}\": {}", self.constant(item))).collect();
                format!("{{{}}}", items.join(", "))
            }
            // No two are the same, and no number written in a program has as many digits: none of its conditions is met just so.
            _ => {
                self.count += 1;
                let (sign, digits) = (self.word(&["", "-"]), 101 + self.below(880));
                format!("{sign}0.{digits:03}{:02}7", self.count % 100)
            }
        }
    }

    /// One number made of everything in a value.
    fn total(&mut self, expr: &str, kind: &Type) -> Option<String> {
        Some(match kind {
            Type::Float => expr.into(),
            Type::Int => return None,
            Type::Array(_) => format!("np.sum(np.cos({expr}))"),
            Type::List(item, _) => match &**item {
                Type::Float if self.once_in(2) => format!("sum({expr})"),
                item => {
                    let name = self.fresh("e");
                    let each = self.total(&name, item)?;
                    format!("sum([{each} for {name} in {expr}])")
                }
            },
            Type::Tuple(items) => {
                let each: Vec<String> = items
                    .iter()
                    .enumerate()
                    .filter_map(|(at, item)| self.total(&format!("{expr}[{at}]"), item))
                    .collect();
                each.join(" + ")
            }
            Type::Dict(items) => {
                let each: Vec<String> =
                    items.iter().filter_map(|(key, item)| self.total(&format!("{expr}[\"{key}\"]"), item)).collect();
                each.join(" + ")
            }
            Type::Function(count) => {
                let args = vec!["0.7"; *count].join(", ");
                format!("{expr}({args})")
            }
        })
    }
}
