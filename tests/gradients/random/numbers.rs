//! Numbers: bounded expressions, conditions.

use super::{Type, Writer};

impl Writer {
    /// A number without computing much.
    pub fn leaf(&mut self) -> String {
        match self.below(8) {
            0 => format!("{}.{}", self.below(2), 1 + self.below(9)),
            1 => match self.in_sight(&Type::Int) {
                Some(int) => format!("0.1 * {int}"),
                None => self.leaf(),
            },
            _ => self.in_sight(&Type::Float).unwrap_or_else(|| "0.37".into()),
        }
    }

    /// A bounded number.
    pub fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        match self.below(9) {
            0..=2 => self.arithmetic(depth),
            3 | 4 => self.elementary(depth),
            5 => self.reduced(depth),
            6 => self.called(depth),
            7 => self.of_library(),
            _ => self.of_a_list(depth),
        }
    }

    fn arithmetic(&mut self, depth: usize) -> String {
        let (a, b) = (self.number(depth - 1), self.leaf());
        match self.below(16) {
            0 | 1 => format!("({a} + {b}) * 0.6"),
            2 => format!("({a} - {b})"),
            3 | 4 => format!("np.tanh({a} * {b})"),
            5 => format!("np.sin({a}) * {b}"),
            6 => format!("({a}) / (1.5 + {b} * {b})"),
            7 => format!("(-({a}) * {b})"),
            8 => format!("np.sin(({a}) ** 2)"),
            9 => format!("np.tanh(({a}) ** 3 + {b})"),
            10 => format!("np.tanh((1.3 + ({b}) ** 2) ** np.sin({a}))"),
            11 => format!("np.cos(({a}) % 3.7)"),
            12 => {
                let test = self.condition();
                format!("({a} if {test} else {b} * 0.9)")
            }
            13 => format!("np.tanh(({a}) * ({a}) - 2 * ({b}))"),
            14 => {
                let name = self.fresh("z");
                format!("(lambda {name}: {name} * np.cos({name} + {b}))({a})")
            }
            _ => format!("np.sin(divmod({a}, 2.9)[1] + {b})"),
        }
    }

    fn elementary(&mut self, depth: usize) -> String {
        let (a, b) = (self.number(depth - 1), self.leaf());
        match self.below(26) {
            0 => format!("np.sin({a})"),
            1 => format!("math.cos({a})"),
            2 => format!("np.exp(-({a}) ** 2)"),
            3 => format!("np.log(1.5 + ({a}) ** 2)"),
            4 => format!("math.sqrt(1.2 + ({a}) * ({a}))"),
            5 => format!("np.arctan({a})"),
            6 => format!("abs({a})"),
            7 => format!("max({a}, {b})"),
            8 => format!("min({a}, {b}, 0.35)"),
            9 => format!("np.maximum({a}, {b})"),
            10 => format!("np.clip({a}, -0.7, 0.8)"),
            11 => format!("np.hypot({a}, 0.5 + ({b}) ** 2)"),
            12 => format!("np.arctan2({a}, 1.5 + ({b}) ** 2)"),
            13 => format!("np.where({a} > {b}, {a}, {b} * 0.5)"),
            14 => format!("np.tanh(np.logaddexp({a}, {b}))"),
            15 => format!("special.expit({a})"),
            16 => format!("special.erf({a})"),
            17 => format!("np.log1p(np.square({a}))"),
            18 => format!("np.arcsin(0.5 * np.sin({a}))"),
            19 => format!("np.sinc({a})"),
            20 => format!("np.cbrt(1.4 + np.sin({a}))"),
            21 => format!("np.tanh(np.expm1(np.cos({a})))"),
            22 => format!("math.atan2({a}, 1.7)"),
            23 => format!("np.sin(np.power(1.6 + np.cos({a}), {b}))"),
            24 => format!("np.arcsinh({a})"),
            _ => format!("float({a})"),
        }
    }

    /// A number that an array is reduced to.
    fn reduced(&mut self, depth: usize) -> String {
        let n = 2 + self.below(3);
        let m = 2 + self.below(2);
        match self.below(20) {
            0 => format!("np.tanh(np.sum({}))", self.array(&[n], depth - 1)),
            1 => format!("({}).mean()", self.array(&[m, n], depth - 1)),
            2 => format!("np.max({})", self.array(&[n], depth - 1)),
            3 => format!("np.min({})", self.array(&[m, n], depth - 1)),
            4 => format!("np.tanh(np.prod({}))", self.array(&[n], depth - 1)),
            5 => format!("np.sin(({}) @ ({}))", self.array(&[n], depth - 1), self.array(&[n], 0)),
            6 => format!("np.sin(np.dot({}, {}))", self.array(&[n], depth - 1), self.array(&[n], 0)),
            7 => format!("np.tanh(np.trace({}))", self.array(&[n, n], depth - 1)),
            8 => format!("np.tanh(np.linalg.det(np.eye({m}) + 0.2 * {}))", self.array(&[m, m], depth - 1)),
            9 => format!("np.var({})", self.array(&[n], depth - 1)),
            10 => format!("np.tanh(special.logsumexp({}))", self.array(&[n], depth - 1)),
            11 => format!("np.tanh(np.cumsum({})[-1])", self.array(&[n], depth - 1)),
            12 => format!(
                "np.sin(np.einsum(\"i,ij,j->\", {}, {}, {}))",
                self.array(&[m], 0),
                self.array(&[m, n], depth - 1),
                self.array(&[n], 0)
            ),
            13 => format!("np.linalg.norm(1.5 + 0.5 * np.sin({}))", self.array(&[n], depth - 1)),
            14 => format!("np.average({}, weights=1.2 + np.sin({}))", self.array(&[n], 0), self.array(&[n], depth - 1)),
            15 => format!("np.tanh(np.sum({} ** 2, axis=0)[{}])", self.array(&[m, n], depth - 1), self.below(n)),
            16 => format!("np.tanh(np.inner({}, {}))", self.array(&[n], depth - 1), self.array(&[n], 0)),
            17 => format!("np.ptp({})", self.array(&[n], depth - 1)),
            18 => format!("np.median({})", self.array(&[n], depth - 1)),
            _ => format!("np.tanh(({}).sum())", self.array(&[m, n], depth - 1)),
        }
    }

    /// A number computed from a list that has no name.
    fn of_a_list(&mut self, depth: usize) -> String {
        let kind = Type::List(Box::new(Type::Float), 1 + self.below(3));
        let list = self.structure(&kind, depth - 1);
        let z = self.fresh("z");
        let a = self.leaf();
        match self.below(12) {
            0 => format!("np.tanh(sum({list}))"),
            1 => format!("max({list})"),
            2 => format!("sorted({list})[0]"),
            3 => format!("({list})[-1]"),
            4 => format!("np.tanh(sum([{z} * {z} for {z} in {list}]))"),
            5 => format!("np.sin(sum({z} * {a} for {z} in {list} if {z} > 0.05))"),
            6 => format!("np.tanh(sum(map(lambda {z}: np.sin({z}) * {a}, {list})))"),
            7 => format!("np.tanh(sum(filter(lambda {z}: {z} > {a} + 0.01, {list})))"),
            8 => format!("np.sin(sum([j * {z} for j, {z} in enumerate({list})]))"),
            9 => format!("np.sin(sum([{z} * w for {z}, w in zip({list}, ({list})[::-1])]))"),
            10 => format!("np.tanh(np.sum(np.array({list}) * {a}))"),
            _ => format!("np.tanh(sum({{\"a\": {a}, \"b\": sum({list})}}.values()))"),
        }
    }

    /// A condition, never near where a tiny step would change it, if it can be helped.
    pub fn condition(&mut self) -> String {
        let (a, b) = (self.leaf(), self.leaf());
        match self.below(9) {
            0..=2 => format!("{a} < {b} + 0.037"),
            3 => format!("{a} > {b}"),
            4 => format!("-0.313 < {a} <= 0.517"),
            5 => format!("not {a} > 0.123"),
            6 => {
                let c = self.leaf();
                format!("{a} < {b} {} {c} > 0.071", self.word(&["and", "or"]))
            }
            7 => match self.in_sight(&Type::Int) {
                Some(int) => format!("{int} % 2 == {}", self.below(2)),
                None => format!("{a} >= 0.219"),
            },
            _ => {
                let array = self.array(&[3], 0);
                format!("np.{}({array} > {b})", self.word(&["any", "all"]))
            }
        }
    }
}
