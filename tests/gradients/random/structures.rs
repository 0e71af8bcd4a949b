//! Lists, tuples, dicts and functions, as expressions.

use super::{Type, Writer};

impl Writer {
    /// A list, tuple or dict of a type. At depth 9, a list of exactly as many items as asked for.
    pub fn structure(&mut self, kind: &Type, depth: usize) -> String {
        let exact = depth == 9;
        let depth = if exact { 1 } else { depth };
        if !exact
            && !self.once_in(3)
            && let Some(there) = self.in_sight(kind)
        {
            return there;
        }
        let inner = depth.saturating_sub(1);
        match kind {
            Type::List(item, n) => self.list(item, *n, inner, exact),
            Type::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item, inner)).collect();
                format!("({},)", items.join(", "))
            }
            Type::Dict(items) => {
                let items: Vec<(&str, String)> =
                    items.iter().map(|(key, item)| (*key, self.value(item, inner))).collect();
                if self.once_in(4) {
                    let items: Vec<String> = items.iter().map(|(key, item)| format!("{key}={item}")).collect();
                    return format!("dict({})", items.join(", "));
                }
                let items: Vec<String> = items.iter().map(|(key, item)| format!("\"{key}\": {item}")).collect();
                format!("{{{}}}", items.join(", "))
            }
            _ => "None".into(),
        }
    }

    fn list(&mut self, item: &Type, n: usize, depth: usize, exact: bool) -> String {
        let z = self.fresh("z");
        let each = |w: &mut Writer, n: usize| {
            let items: Vec<String> = (0..n).map(|_| w.value(item, depth)).collect();
            format!("[{}]", items.join(", "))
        };
        let numbers = *item == Type::Float;
        match self.below(10) {
            0 if numbers => format!("[np.sin({z} * {}) for {z} in range({n})]", self.leaf()),
            1 if numbers => {
                let (a, given) = (self.leaf(), each(self, n));
                format!("[{z} * {a} for {z} in {given}]")
            }
            2 if numbers => {
                let (a, given) = (self.leaf(), each(self, n));
                format!("list(map(lambda {z}: np.tanh({z} + {a}), {given}))")
            }
            3 if numbers => format!("sorted({})", each(self, n)),
            4 if n > 1 => {
                let k = 1 + self.below(n - 1);
                format!("{} + {}", each(self, k), each(self, n - k))
            }
            5 => format!("list(reversed({}))", each(self, n)),
            6 => format!("{}[:{n}]", each(self, n + 1)),
            7 if numbers => {
                let array = self.array(&[n], 0);
                format!("[{z} * 0.5 for {z} in {array}]")
            }
            8 if numbers && !exact => format!("({}) * 2", each(self, n)),
            _ => each(self, n),
        }
    }

    /// A function of so many numbers.
    pub fn function(&mut self, count: usize, depth: usize) -> String {
        if !self.once_in(3)
            && let Some(there) = self.in_sight(&Type::Function(count))
        {
            return there;
        }
        let fitting: Vec<String> = self
            .helpers
            .iter()
            .filter(|h| h.result == Type::Float && !h.star && h.params == vec![Type::Float; count])
            .map(|h| h.name.clone())
            .collect();
        match self.below(6) {
            0 | 1 if !fitting.is_empty() => self.pick(&fitting).unwrap_or_default(),
            2 if count == 1 => self.word(&["np.sin", "np.tanh", "math.cos", "abs"]).into(),
            _ => {
                let params: Vec<String> = (0..count).map(|_| self.fresh("z")).collect();
                let outer = (self.scope.len(), self.own);
                self.scope.extend(params.iter().map(|p| (p.clone(), Type::Float)));
                let body = self.number(depth.min(1));
                self.scope.truncate(outer.0);
                self.own = outer.1;
                format!("(lambda {}: np.sin({body} + {}))", params.join(", "), params.join(" * "))
            }
        }
    }

    /// A number that a call gives.
    pub fn called(&mut self, depth: usize) -> String {
        let functions: Vec<(String, usize)> = {
            let scope = self.scope.clone();
            let places = self.places(&scope).into_iter();
            places.filter_map(|(e, kind)| if let Type::Function(n) = kind { Some((e, n)) } else { None }).collect()
        };
        if self.once_in(2)
            && let Some((function, count)) = self.pick(&functions)
        {
            let args: Vec<String> = (0..count).map(|_| self.number(depth - 1)).collect();
            return format!("{function}({})", args.join(", "));
        }
        match self.below(8) {
            0 => {
                let (a, b) = (self.function(1, depth - 1), self.function(1, depth - 1));
                format!("[{a}, {b}][{}]({})", self.below(2), self.number(depth - 1))
            }
            1 => {
                let function = self.function(1, depth - 1);
                format!("(lambda fn, z: fn(fn(z)))({function}, {})", self.number(depth - 1))
            }
            2 => {
                let function = self.function(2, depth - 1);
                format!("{function}({}, *[{}])", self.leaf(), self.leaf())
            }
            _ => self.helped(depth),
        }
    }

    /// A call of one of the functions at the top.
    fn helped(&mut self, depth: usize) -> String {
        let helpers = self.helpers.clone();
        let Some(helper) = self.pick(&helpers) else { return self.arithmetic_of_leaves() };
        let mut args: Vec<String> = Vec::new();
        for param in &helper.params {
            args.push(self.value(param, depth - 1));
        }
        if helper.star {
            for _ in 0..self.below(3) {
                args.push(self.leaf());
            }
        }
        let optional: Vec<&str> = helper.optional.iter().filter(|_| self.once_in(2)).copied().collect();
        for name in optional {
            args.push(format!("{name}={}", self.leaf()));
        }
        let call = format!("{}({})", helper.name, args.join(", "));
        match &helper.result {
            Type::Function(count) => {
                let args: Vec<String> = (0..*count).map(|_| self.leaf()).collect();
                format!("{call}({})", args.join(", "))
            }
            Type::Float => call,
            result => match self.total(&call, result) {
                Some(total) if total.len() < 4 * call.len() + 60 => format!("np.sin({total})"),
                _ => format!("np.sin({call}[0])"),
            },
        }
    }

    fn arithmetic_of_leaves(&mut self) -> String {
        format!("np.tanh({} * {})", self.leaf(), self.leaf())
    }
}
