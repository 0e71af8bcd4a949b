//! Statements: assignments, updates of places, branches, loops, early returns.

use super::{Type, Writer};

impl Writer {
    /// Statements of an inner block; what they define is out of sight after it.
    fn body(&mut self, depth: usize, fuel: usize) {
        let outer = self.scope.clone();
        for _ in 0..1 + self.below(3) {
            self.statement(depth, fuel);
        }
        self.scope = outer;
    }

    fn assign(&mut self, depth: usize, name: String, kind: Type, value: &str) {
        self.line(depth, &format!("{name} = {value}"));
        self.scope.push((name, kind));
    }

    /// Writes a statement; inner blocks go `fuel` deep.
    pub fn statement(&mut self, depth: usize, fuel: usize) {
        self.budget = self.budget.saturating_sub(1);
        match self.below(if fuel == 0 { 19 } else { 30 }) {
            0..=2 => {
                let kind = self.some_type(2);
                let value = self.value(&kind, 2);
                let name = self.fresh(match kind {
                    Type::Float => "s",
                    Type::Array(_) => "a",
                    Type::Function(_) => "g",
                    _ => "l",
                });
                self.assign(depth, name, kind, &value);
            }
            3..=5 => self.reassign(depth),
            6..=9 => self.update(depth),
            10 => self.unpack(depth),
            11 => self.change_list(depth),
            12 => self.change_dict(depth),
            13 => self.scatter(depth),
            14 => {
                let value = self.number(1);
                let (a, b) = (self.fresh("s"), self.fresh("s"));
                self.line(depth, &format!("{a} = {b} = {value}"));
                self.scope.extend([(a, Type::Float), (b, Type::Float)]);
            }
            15..=18 => self.form(depth),
            19..=22 => self.branch(depth, fuel),
            23..=26 => self.counted_loop(depth, fuel),
            27 => self.while_loop(depth, fuel),
            28 => self.nested(depth),
            _ => self.accumulate(depth),
        }
    }

    /// The variables that may be assigned.
    fn mine(&self) -> Vec<(String, Type)> {
        self.scope.iter().skip(self.own).filter(|(_, kind)| *kind != Type::Int).cloned().collect()
    }

    fn reassign(&mut self, depth: usize) {
        // A function made of itself in every iteration is another one in each: that is no loop.
        let grows = |kind: &Type, in_loop: bool| in_loop && matches!(kind, Type::Function(_));
        let mine: Vec<_> = self.mine().into_iter().filter(|(_, kind)| !grows(kind, self.in_loop)).collect();
        let Some((name, kind)) = self.pick(&mine) else { return self.line(depth, "pass") };
        if kind == Type::Float && self.once_in(3) {
            let (sign, value) = (self.word(&["+=", "-=", "*="]), self.number(1));
            return self.line(depth, &format!("{name} {sign} np.sin({value})"));
        }
        let value = self.bounded(&kind);
        self.line(depth, &format!("{name} = {value}"));
    }

    /// A value to set something to, which does not grow from one iteration of a loop to the next.
    fn bounded(&mut self, kind: &Type) -> String {
        let value = self.value(kind, 2);
        if self.in_loop && matches!(kind, Type::Array(_)) { format!("np.sin({value})") } else { value }
    }

    /// A place inside a variable gets another value.
    fn update(&mut self, depth: usize) {
        let mine: Vec<_> = self
            .mine()
            .into_iter()
            .filter(|(_, k)| matches!(k, Type::Array(_) | Type::List(..) | Type::Dict(_)))
            .collect();
        let Some(variable) = self.pick(&mine) else { return self.reassign(depth) };
        // Tuples cannot be changed; what is inside one is not reached.
        let mut places = self.places(std::slice::from_ref(&variable));
        let in_tuple = |w: &Writer, expr: &str| w.inside_tuple(&variable, expr);
        places.retain(|(expr, kind)| *expr != variable.0 && *kind != Type::Int && !in_tuple(self, expr));
        if let Type::Array(shape) = &variable.1
            && self.once_in(2)
        {
            return self.update_part(depth, &variable.0, shape);
        }
        let Some((place, kind)) = self.pick(&places) else { return self.reassign(depth) };
        match &kind {
            Type::Float => {
                let (sign, value) = (self.word(&["=", "=", "+=", "-=", "*="]), self.number(2));
                self.line(depth, &format!("{place} {sign} np.tanh({value})"));
            }
            Type::Array(shape) if self.once_in(2) => self.update_part(depth, &place, shape),
            kind => {
                let value = self.bounded(kind);
                self.line(depth, &format!("{place} = {value}"));
            }
        }
    }

    fn inside_tuple(&self, variable: &(String, Type), expr: &str) -> bool {
        // A list or dict that holds tuples: only its own elements are places.
        fn holds(kind: &Type) -> bool {
            match kind {
                Type::Tuple(_) => true,
                Type::List(item, _) => holds(item),
                Type::Dict(items) => items.iter().any(|(_, item)| holds(item)),
                _ => false,
            }
        }
        holds(&variable.1) && expr[variable.0.len()..].matches('[').count() > 1
    }

    /// A slice, a mask or a list of indices of an array is set or added to.
    fn update_part(&mut self, depth: usize, place: &str, shape: &[usize]) {
        let n = shape[0];
        let rest = &shape[1..];
        let sign = self.word(&["=", "+=", "-=", "*="]);
        let (index, count) = match self.below(6) {
            0 => {
                let from = self.below(n);
                (format!("{from}:"), n - from)
            }
            1 => ("::2".to_string(), n.div_ceil(2)),
            2 => ("::-1".to_string(), n),
            3 => {
                let indices: Vec<usize> = (0..2).map(|_| self.below(n)).collect();
                // What an assignment through a repeated index leaves is the last; through an augmented one, that once.
                let text: Vec<String> = indices.iter().map(usize::to_string).collect();
                (format!("[{}]", text.join(", ")), 2)
            }
            4 => {
                let (a, value) = (self.leaf(), self.leaf());
                return self.line(depth, &format!("{place}[{place} > {a}] {sign} np.sin({value})"));
            }
            _ => {
                let sums =
                    format!("np.add.at({place}, [{}, {}, {0}], 0.3 * {})", self.below(n), self.below(n), self.leaf());
                if place.contains('[') {
                    ("...".to_string(), n)
                } else {
                    return self.line(depth, &sums);
                }
            }
        };
        let wanted: Vec<usize> = std::iter::once(count).chain(rest.iter().copied()).collect();
        let value = if self.once_in(3) { self.number(1) } else { self.array(&wanted, 1) };
        self.line(depth, &format!("{place}[{index}] {sign} np.sin({value})"));
        if let &[m, n] = shape
            && self.once_in(3)
        {
            let value = self.array(&[m], 1);
            self.line(depth, &format!("{place}[:, {}] = {value}", self.state % n as u64));
        }
    }

    /// Repeated indices add up.
    fn scatter(&mut self, depth: usize) {
        let n = 2 + self.below(3);
        let value = self.array(&[n], 1);
        let name = self.fresh("a");
        let indices: Vec<String> = (0..n).map(|_| self.below(3).to_string()).collect();
        self.line(depth, &format!("{name} = np.zeros(3)"));
        match self.below(3) {
            0 => self.line(depth, &format!("np.add.at({name}, np.array([{}]), {value})", indices.join(", "))),
            1 => self.line(depth, &format!("{name}[np.array([{}])] += {value}", indices.join(", "))),
            _ => {
                self.line(depth, &format!("for at, w in zip([{}], {value}):", indices.join(", ")));
                self.line(depth + 1, &format!("{name}[at] += w"));
            }
        }
        self.scope.push((name, Type::Array(vec![3])));
    }

    fn unpack(&mut self, depth: usize) {
        let (a, b, c) = (self.fresh("s"), self.fresh("s"), self.fresh("s"));
        match self.below(4) {
            0 => {
                let (x, y) = (self.number(1), self.number(1));
                self.line(depth, &format!("{a}, {b} = {x}, {y}"));
                if self.once_in(2) {
                    self.line(depth, &format!("{a}, {b} = {b}, {a} * 0.9"));
                }
                self.scope.extend([(a, Type::Float), (b, Type::Float)]);
            }
            1 => {
                let list = self.structure(&Type::List(Box::new(Type::Float), 2), 2);
                self.line(depth, &format!("{a}, *{b} = {list}"));
                self.scope.extend([(a, Type::Float), (b, Type::List(Box::new(Type::Float), 1))]);
            }
            2 => {
                let array = self.array(&[3], 1);
                self.line(depth, &format!("{a}, {b}, {c} = {array}"));
                self.scope.extend([(a, Type::Float), (b, Type::Float), (c, Type::Float)]);
            }
            _ => {
                let (x, y, z) = (self.number(1), self.array(&[2], 1), self.number(0));
                self.line(depth, &format!("{a}, ({b}, {c}) = {x}, ({y}, {z})"));
                self.scope.extend([(a, Type::Float), (b, Type::Array(vec![2])), (c, Type::Float)]);
            }
        }
    }

    fn change_list(&mut self, depth: usize) {
        let mine: Vec<_> = self.mine().into_iter().filter(|(_, kind)| matches!(kind, Type::List(..))).collect();
        let Some((name, Type::List(item, n))) = self.pick(&mine) else { return self.reassign(depth) };
        let value = self.value(&item, 1);
        match self.below(8) {
            0 => self.line(depth, &format!("{name}.append({value})")),
            1 => self.line(depth, &format!("{name}.insert({}, {value})", self.state % (n as u64 + 1))),
            2 => self.line(depth, &format!("{name}.extend([{value}])")),
            3 => self.line(depth, &format!("{name} += [{value}]")),
            4 => self.line(depth, &format!("{name}.reverse()")),
            5 if *item == Type::Float => self.line(depth, &format!("{name}.sort()")),
            6 if *item == Type::Float => {
                let s = self.fresh("s");
                self.line(depth, &format!("{name}.append({value})"));
                let at = self.word(&["", "0", "-1"]);
                self.line(depth, &format!("{s} = {name}.pop({at})"));
                self.scope.push((s, Type::Float));
            }
            _ => {
                self.line(depth, &format!("{name}.insert(0, {value})"));
                self.line(depth, &format!("del {name}[-1]"));
            }
        }
    }

    fn change_dict(&mut self, depth: usize) {
        let (value, other) = (self.number(1), self.array(&[2], 1));
        let name = self.fresh("d");
        self.line(depth, &format!("{name} = {{\"w\": {other}, \"b\": {value}}}"));
        let kind = Type::Dict(vec![("w", Type::Array(vec![2])), ("b", Type::Float)]);
        let a = self.number(1);
        match self.below(6) {
            0 => self.line(depth, &format!("{name}[\"new\"] = {a}")),
            1 => self.line(depth, &format!("{name}.update({{\"b\": {a}}})")),
            2 => {
                self.line(depth, &format!("{name}[\"c\"] = {a}"));
                let s = self.fresh("s");
                self.line(depth, &format!("{s} = {name}.pop(\"c\") * {name}.get(\"b\", 0.5)"));
                self.scope.push((s, Type::Float));
            }
            3 => {
                self.line(depth, &format!("for key in {name}:"));
                self.line(depth + 1, &format!("{name}[key] = {name}[key] * {a}"));
            }
            4 => {
                let copy = self.fresh("d");
                self.line(depth, &format!("{copy} = {name}"));
                self.line(depth, &format!("{copy}[\"w\"][0] = {a}"));
                self.scope.push((copy, kind.clone()));
            }
            _ => self.line(depth, &format!("{name} = {{key: item * {a} for key, item in {name}.items()}}")),
        }
        self.scope.push((name, kind));
    }

    fn branch(&mut self, depth: usize, fuel: usize) {
        let test = self.condition();
        self.line(depth, &format!("if {test}:"));
        // What both arms define is in sight after them.
        let both = if self.once_in(3) { Some(self.fresh("s")) } else { None };
        self.body(depth + 1, fuel - 1);
        self.leave(depth + 1);
        if let Some(name) = &both {
            let value = self.number(1);
            self.line(depth + 1, &format!("{name} = {value}"));
        }
        if self.once_in(4) {
            let test = self.condition();
            self.line(depth, &format!("elif {test}:"));
            self.body(depth + 1, fuel - 1);
            if let Some(name) = &both {
                let value = self.number(1);
                self.line(depth + 1, &format!("{name} = {value}"));
            }
        }
        if both.is_some() || self.once_in(2) {
            self.line(depth, "else:");
            self.body(depth + 1, fuel - 1);
            if let Some(name) = &both {
                let value = self.number(1);
                self.line(depth + 1, &format!("{name} = {value}"));
            }
        }
        self.scope.extend(both.map(|name| (name, Type::Float)));
    }

    /// Sometimes an arm leaves the loop or the function.
    fn leave(&mut self, depth: usize) {
        match self.below(14) {
            0 if self.in_loop => self.leave_by(depth, "break"),
            1 if self.in_loop => self.leave_by(depth, "continue"),
            2 if self.in_function => {
                let test = self.condition();
                let value = self.number(1);
                self.line(depth, &format!("if {test}:"));
                self.line(depth + 1, &format!("return np.tanh({value})"));
            }
            _ => {}
        }
    }

    fn leave_by(&mut self, depth: usize, word: &str) {
        let test = self.condition();
        self.line(depth, &format!("if {test}:"));
        self.line(depth + 1, word);
    }

    fn counted_loop(&mut self, depth: usize, fuel: usize) {
        let outer = self.scope.clone();
        let (i, z) = (self.fresh("i"), self.fresh("z"));
        let trips = 1 + self.below(4);
        let (head, names) = match self.below(12) {
            0..=3 => (format!("{i} in range({trips})"), vec![(i, Type::Int)]),
            4 => (format!("{i} in range({}, 0, -{})", trips + 1, 1 + self.below(2)), vec![(i, Type::Int)]),
            5 => (format!("{i} in reversed(range({trips}))"), vec![(i, Type::Int)]),
            6 => {
                let list = self.structure(&Type::List(Box::new(Type::Float), trips.min(3)), 2);
                (format!("{z} in {list}"), vec![(z, Type::Float)])
            }
            7 => (format!("{z} in {}", self.array(&[2, 3], 1)), vec![(z, Type::Array(vec![3]))]),
            8 => {
                let array = self.array(&[trips], 1);
                (format!("{i}, {z} in enumerate({array})"), vec![(i, Type::Int), (z, Type::Float)])
            }
            9 => {
                let list = self.structure(&Type::List(Box::new(Type::Float), 2), 2);
                let array = self.array(&[3], 1);
                let y = self.fresh("y");
                (format!("{z}, {y} in zip({list}, {array})"), vec![(z, Type::Float), (y, Type::Float)])
            }
            10 => {
                let (a, b) = (self.leaf(), self.leaf());
                (format!("{z} in ({a}, {b})"), vec![(z, Type::Float)])
            }
            _ => {
                let (a, b) = (self.leaf(), self.leaf());
                (format!("{i}, {z} in {{1: {a}, 2: {b}}}.items()"), vec![(i, Type::Int), (z, Type::Float)])
            }
        };
        self.line(depth, &format!("for {head}:"));
        let inside = std::mem::replace(&mut self.in_loop, true);
        // Loop variables may be assigned, integers excepted.
        self.scope.extend(names);
        let mine = self.mine();
        if let Some((name, kind)) = self.pick(&mine) {
            let step = self.number(1);
            match kind {
                Type::Float => self.line(depth + 1, &format!("{name} = np.tanh({name} + {step})")),
                Type::Array(shape) if shape.len() == 1 => {
                    let (at, from) = (self.index(shape[0]), self.index(shape[0]));
                    self.line(depth + 1, &format!("{name}[{at}] = np.sin({name}[{from}] * {step})"));
                }
                Type::List(item, _) if *item == Type::Float => {
                    self.line(depth + 1, &format!("{name}.append({name}[-1] * np.cos({step}))"));
                }
                _ => {}
            }
        }
        if self.once_in(6) {
            let word = self.word(&["break", "continue"]);
            self.leave_by(depth + 1, word);
        }
        self.body(depth + 1, fuel - 1);
        self.in_loop = inside;
        self.scope = outer;
        if self.once_in(6) {
            self.line(depth, "else:");
            self.body(depth + 1, 0);
        }
    }

    fn while_loop(&mut self, depth: usize, fuel: usize) {
        let outer = self.scope.clone();
        let (counter, trips) = (self.fresh("n"), 1 + self.below(4));
        self.line(depth, &format!("{counter} = 0"));
        let data = if self.once_in(2) { Some(self.fresh("s")) } else { None };
        if let Some(name) = &data {
            let value = self.number(1);
            self.line(depth, &format!("{name} = 1.5 + {value}"));
            self.line(depth, &format!("while {name} * {name} > 0.283 and {counter} < {}:", trips + 2));
            self.line(depth + 1, &format!("{name} = {name} * 0.71"));
        } else if self.once_in(3) {
            self.line(depth, "while True:");
            self.line(depth + 1, &format!("if {counter} >= {trips}:"));
            self.line(depth + 2, "break");
        } else {
            self.line(depth, &format!("while {counter} < {trips}:"));
        }
        self.line(depth + 1, &format!("{counter} += 1"));
        self.scope.push((counter, Type::Int));
        let inside = std::mem::replace(&mut self.in_loop, true);
        self.body(depth + 1, fuel - 1);
        self.in_loop = inside;
        self.scope = outer;
        if self.once_in(6) {
            self.line(depth, "else:");
            self.body(depth + 1, 0);
        }
        self.scope.extend(data.map(|name| (name, Type::Float)));
    }

    /// A list grown in a loop, and read from its end.
    fn accumulate(&mut self, depth: usize) {
        let mine: Vec<_> = self.mine().into_iter().filter(|(_, kind)| *kind == Type::Float).collect();
        let Some((name, _)) = self.pick(&mine) else { return self.reassign(depth) };
        let (list, i) = (self.fresh("l"), self.fresh("i"));
        self.line(depth, &format!("{list} = []"));
        self.line(depth, &format!("for {i} in range({}):", 2 + self.state % 4));
        self.line(depth + 1, &format!("{list}.append({name})"));
        self.line(depth + 1, &format!("{name} = np.sin({name} * 1.3 + 0.2)"));
        if self.once_in(2) {
            self.line(depth, &format!("while len({list}) > 1:"));
            self.line(depth + 1, &format!("{name} = {name} * 0.8 + {list}.pop()"));
        } else {
            self.line(depth, &format!("{name} = {name} * {list}.pop()"));
            self.line(depth, &format!("{list}.append({name})"));
        }
        self.line(depth, &format!("{name} = np.tanh({name})"));
        self.scope.push((list, Type::List(Box::new(Type::Float), 1)));
    }
}
