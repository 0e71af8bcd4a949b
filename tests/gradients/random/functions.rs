//! The functions at the top of a program, and those defined inside others.

use super::{Type, Writer};

/// A function that the program defines.
#[derive(Clone)]
pub struct Helper {
    pub name: String,
    pub params: Vec<Type>,
    /// Parameters with defaults, numbers, given by name.
    pub optional: Vec<&'static str>,
    /// Whether it takes any number of further numbers.
    pub star: bool,
    pub result: Type,
}

impl Writer {
    /// Writes a function at the top.
    pub fn helper(&mut self) {
        let name = self.fresh("h");
        let plain = |name: String, params: Vec<Type>, result: Type| Helper {
            name,
            params,
            optional: vec![],
            star: false,
            result,
        };
        let helper = match self.below(12) {
            0 => {
                let step = self.word(&["0.5 * a", "np.sin(a)", "a - 0.2 * n"]);
                self.text += &format!(
                    "def {name}(a, n):\n    if n <= 0:\n        return a\n    return np.tanh(a * {name}({step}, n - 1) + 0.3)\n\n"
                );
                plain(name, vec![Type::Float, Type::Int], Type::Float)
            }
            1 => {
                let other = format!("{name}_odd");
                self.text += &format!(
                    "def {name}(a, n):\n    return np.sin(a) if n == 0 else {other}(a * 0.8, n - 1) * a\n\ndef {other}(a, n):\n    if n == 0:\n        return a * a\n    b = {name}(np.cos(a), n - 1)\n    return b - 0.3 * a\n\n"
                );
                plain(name, vec![Type::Float, Type::Int], Type::Float)
            }
            2 => {
                self.text += &format!(
                    "def {name}(a, *rest, scale=0.8):\n    for r in rest:\n        a = np.tanh(a * r + scale)\n    return a * scale + 0.1 * len(rest)\n\n"
                );
                Helper { star: true, optional: vec!["scale"], ..plain(name, vec![Type::Float], Type::Float) }
            }
            3 => {
                self.text += &format!("def {name}(fn, a, b=0.4):\n    c = fn(a)\n    return fn(b * c) - c\n\n");
                Helper { optional: vec!["b"], ..plain(name, vec![Type::Function(1), Type::Float], Type::Float) }
            }
            4 => {
                self.text += &format!(
                    "def {name}(a, b):\n    c = a * b\n    def inner(z):\n        if z > a:\n            return np.sin(c * z)\n        return z * b\n    return inner\n\n"
                );
                plain(name, vec![Type::Float, Type::Float], Type::Function(1))
            }
            5 => {
                self.text += &format!(
                    "def {name}(items, a):\n    items.append(a)\n    items[0] = items[0] * a\n    return sum(items) * 0.4\n\n"
                );
                plain(name, vec![Type::List(Box::new(Type::Float), 1), Type::Float], Type::Float)
            }
            6 => {
                self.text += &format!(
                    "def {name}(w, a):\n    w[0] = a * w[1]\n    w[1:] += np.sin(a)\n    return np.tanh(w * 0.5), a * w[0]\n\n"
                );
                let result = Type::Tuple(vec![Type::Array(vec![3]), Type::Float]);
                plain(name, vec![Type::Array(vec![3]), Type::Float], result)
            }
            7 => {
                self.text += &format!(
                    "def {name}(d, a):\n    d[\"b\"] = d[\"b\"] * a\n    d[\"w\"][0] += d[\"b\"]\n    return {{\"b\": np.sin(d[\"b\"]), \"w\": d[\"w\"] * 0.5}}\n\n"
                );
                let d = Type::Dict(vec![("w", Type::Array(vec![2])), ("b", Type::Float)]);
                plain(name, vec![d.clone(), Type::Float], d)
            }
            _ => {
                let count = 1 + self.below(3);
                let params: Vec<Type> =
                    (0..count).map(|at| if at == 0 { Type::Float } else { self.some_type(1) }).collect();
                let names: Vec<String> = (0..count).map(|_| self.fresh("a")).collect();
                let optional = if self.once_in(2) { vec!["k"] } else { vec![] };
                let mut list = names.join(", ");
                optional.iter().for_each(|name| list += &format!(", {name}=0.6"));
                self.text += &format!("def {name}({list}):\n");
                let outer = std::mem::take(&mut self.scope);
                self.scope = names.into_iter().zip(params.clone()).collect();
                self.scope.extend(optional.iter().map(|name| (name.to_string(), Type::Float)));
                self.function_body(1);
                self.text.push('\n');
                self.scope = outer;
                Helper { optional, ..plain(name, params, Type::Float) }
            }
        };
        self.helpers.push(helper);
    }

    /// A short body that ends in the return of a number.
    pub fn function_body(&mut self, depth: usize) {
        let outer = (self.budget, self.in_function, self.in_loop);
        (self.budget, self.in_function, self.in_loop) = (1 + self.below(4), true, false);
        while self.budget > 0 {
            self.statement(depth, 1);
        }
        let result = self.number(1);
        let scope = self.scope.clone();
        let more = self.pick(&scope).and_then(|(name, kind)| self.total(&name, &kind)).unwrap_or_else(|| "0.2".into());
        self.line(depth, &format!("return np.sin({result} + {more})"));
        (self.budget, self.in_function, self.in_loop) = outer;
    }

    /// A function defined inside another, which reads what is around it.
    pub fn nested(&mut self, depth: usize) {
        let name = self.fresh("g");
        let count = 1 + self.below(2);
        let params: Vec<String> = (0..count).map(|_| self.fresh("a")).collect();
        self.line(depth, &format!("def {name}({}):", params.join(", ")));
        let outer = (self.scope.clone(), self.own);
        self.own = self.scope.len();
        self.scope.extend(params.iter().map(|p| (p.clone(), Type::Float)));
        self.function_body(depth + 1);
        (self.scope, self.own) = outer;
        self.scope.push((name, Type::Function(count)));
    }
}
