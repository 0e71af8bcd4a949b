//! Arrays of one and two axes: bounded expressions of a given shape.

use super::{Type, Writer};

impl Writer {
    /// A bounded array of a shape.
    pub fn array(&mut self, shape: &[usize], depth: usize) -> String {
        if depth == 0 || self.once_in(12) {
            return self.plain(shape);
        }
        match (self.below(4), shape) {
            (_, [3]) if self.once_in(6) => self.three_of_library(),
            (0, _) => self.mapped(shape, depth),
            (1, _) => self.broadcast(shape, depth),
            (_, &[n]) => self.vector(n, depth),
            (_, &[m, n]) => self.matrix(m, n, depth),
            _ => self.plain(shape),
        }
    }

    /// One that is there, or is made of numbers.
    fn plain(&mut self, shape: &[usize]) -> String {
        if !self.once_in(4)
            && let Some(there) = self.in_sight(&Type::Array(shape.to_vec()))
        {
            return there;
        }
        let count: usize = shape.iter().product();
        let dims: Vec<String> = shape.iter().map(usize::to_string).collect();
        let dims = format!("({},)", dims.join(", "));
        match self.below(4) {
            0 => format!("np.full({dims}, {})", self.leaf()),
            1 => format!("np.reshape(np.linspace({}, 0.77, {count}), {dims})", self.leaf()),
            2 if shape.len() == 1 => {
                let items: Vec<String> = (0..count).map(|_| self.leaf()).collect();
                format!("np.array([{}])", items.join(", "))
            }
            _ => format!("np.cos({} * np.arange({count}).reshape({dims}))", self.leaf()),
        }
    }

    fn mapped(&mut self, shape: &[usize], depth: usize) -> String {
        let a = self.array(shape, depth - 1);
        match self.below(16) {
            0 => format!("np.sin({a})"),
            1 => format!("np.tanh({a})"),
            2 => format!("np.exp(-({a}) ** 2)"),
            3 => format!("1.0 / (1.4 + ({a}) ** 2)"),
            4 => format!("special.expit({a})"),
            5 => format!("np.clip({a}, -0.6, 0.7)"),
            6 => format!("np.abs({a})"),
            7 => format!("np.sqrt(1.1 + ({a}) * ({a}))"),
            8 => format!("np.log1p(({a}) ** 2)"),
            9 => format!("-({a})"),
            10 => format!("0.4 * ({a}) ** 3"),
            11 => format!("np.arctan({a})"),
            12 => format!("np.where({a} > 0.11, {a}, 0.3 * ({a}) ** 2)"),
            13 => format!("({a}).copy()"),
            14 => format!("np.tanh(({a}) - np.mean({a}))"),
            _ => format!("special.softmax({a})"),
        }
    }

    /// What broadcasts to a shape: a number, missing axes, axes of length one.
    fn broadcasting(&mut self, shape: &[usize], depth: usize) -> String {
        match (self.below(4), shape) {
            (0, _) => self.number(depth),
            (1, &[m, n]) => {
                format!("np.reshape({}, ({m}, 1))", if n > 0 { self.array(&[m], depth) } else { "0".into() })
            }
            (2, &[_, n]) => self.array(&[n], depth),
            (3, &[_, n]) => format!("({})[None, :]", self.array(&[n], depth)),
            _ => self.array(shape, depth),
        }
    }

    fn broadcast(&mut self, shape: &[usize], depth: usize) -> String {
        let (mut a, mut b) = (self.array(shape, depth - 1), self.broadcasting(shape, depth - 1));
        if self.once_in(3) {
            std::mem::swap(&mut a, &mut b);
        }
        match self.below(11) {
            0 | 1 => format!("np.tanh({a} + {b})"),
            2 => format!("0.7 * ({a} - {b})"),
            3 | 4 => format!("({a}) * ({b})"),
            5 => format!("({a}) / (1.5 + ({b}) ** 2)"),
            6 => format!("np.maximum({a}, {b})"),
            7 => format!("np.where({a} > {b}, {b}, {a} * 0.8)"),
            8 => format!("np.arctan2({a}, 1.6 + np.sin({b}))"),
            9 => format!("np.tanh((1.5 + np.sin({a})) ** ({b}))"),
            _ => format!("np.tanh(np.logaddexp({a}, {b}))"),
        }
    }

    fn vector(&mut self, n: usize, depth: usize) -> String {
        let d = depth - 1;
        let m = 2 + self.below(2);
        match self.below(30) {
            0 => format!("np.tanh(np.sum({}, axis=0))", self.array(&[m, n], d)),
            1 => format!("({}).mean(axis=1)", self.array(&[n, m], d)),
            2 => format!("np.max({}, axis=-1)", self.array(&[n, m], d)),
            3 => format!("np.tanh(({}) @ ({}))", self.array(&[n, m], d), self.array(&[m], 0)),
            4 => format!("np.sin(({}) @ ({}))", self.array(&[m], 0), self.array(&[m, n], d)),
            5 => format!(
                "np.linalg.solve(3.5 * np.eye({n}) + 0.3 * np.sin({}), {})",
                self.array(&[n, n], d),
                self.array(&[n], 0)
            ),
            6 if n > 1 => {
                let k = 1 + self.below(n - 1);
                format!("np.concatenate([{}, {}])", self.array(&[k], d), self.array(&[n - k], 0))
            }
            7 => {
                let indices: Vec<String> = (0..n).map(|_| self.below(m).to_string()).collect();
                format!("({})[[{}]]", self.array(&[m], d), indices.join(", "))
            }
            8 => format!("({})[::-1]", self.array(&[n], d)),
            9 => format!("np.roll({}, {})", self.array(&[n], d), self.below(n)),
            10 => format!("np.sort({})", self.array(&[n], d)),
            11 => format!("np.tanh(np.cumsum({}))", self.array(&[n], d)),
            12 => format!("np.diff({})", self.array(&[n + 1], d)),
            13 => format!("({})[{}]", self.array(&[m, n], d), self.index(m)),
            14 => format!("({})[:, {}]", self.array(&[n, m], d), self.index(m)),
            15 => format!("np.diag({})", self.array(&[n, n], d)),
            16 => format!("np.sin(np.einsum(\"ij,j->i\", {}, {}))", self.array(&[n, m], d), self.array(&[m], 0)),
            17 => format!("np.ravel({})[:{n}]", self.array(&[2, n], d)),
            18 => {
                let z = self.fresh("z");
                format!("np.array([np.sin({z}) * {} for {z} in {}])", self.leaf(), self.array(&[n], d))
            }
            19 => format!("np.array({})", self.structure(&Type::List(Box::new(Type::Float), n), 9)),
            20 => format!("np.sin(np.convolve({}, {}, mode=\"valid\"))", self.array(&[n + 1], d), self.array(&[2], 0)),
            21 => format!("np.append({}, {})", self.array(&[n - 1], d), self.leaf()),
            22 => format!("np.cumprod({})", self.array(&[n], d)),
            23 => format!("np.take({}, np.arange({n}) % {m})", self.array(&[m], d)),
            24 => format!("np.pad({}, (0, 1))", self.array(&[n - 1], d)),
            25 => format!("np.repeat({}, {n})[:{n}]", self.array(&[2], d)),
            26 => format!("np.squeeze(np.expand_dims({}, axis=0), axis=0)", self.array(&[n], d)),
            27 => format!("({}).T[0]", self.array(&[n, m], d)),
            28 => format!("np.prod({}, axis=0)", self.array(&[m, n], d)),
            _ => format!("np.flip({}) * {}", self.array(&[n], d), self.leaf()),
        }
    }

    fn matrix(&mut self, m: usize, n: usize, depth: usize) -> String {
        let d = depth - 1;
        let k = 2 + self.below(2);
        match self.below(26) {
            0 => format!("np.outer({}, {})", self.array(&[m], d), self.array(&[n], 0)),
            1 => format!("({}).T", self.array(&[n, m], d)),
            2 | 3 => format!("np.tanh(({}) @ ({}))", self.array(&[m, k], d), self.array(&[k, n], 0)),
            4 => {
                let rows: Vec<String> = (0..m).map(|_| self.array(&[n], 0)).collect();
                format!("np.stack([{}])", rows.join(", "))
            }
            5 => format!("np.concatenate([{}, {}], axis=1)", self.array(&[m, 1], 0), self.array(&[m, n - 1], d)),
            6 => format!("np.reshape({}, ({m}, -1))", self.array(&[m * n], d)),
            7 => {
                let indices: Vec<String> = (0..m).map(|_| self.below(k).to_string()).collect();
                format!("({})[[{}]]", self.array(&[k, n], d), indices.join(", "))
            }
            8 => {
                let indices: Vec<String> = (0..n).map(|_| self.below(k).to_string()).collect();
                format!("({})[:, np.array([{}])]", self.array(&[m, k], d), indices.join(", "))
            }
            9 => format!("np.{}({})", self.word(&["tril", "triu"]), self.array(&[m, n], d)),
            10 => format!("({})[:, None] * {}", self.array(&[m], d), self.array(&[n], 0)),
            11 => format!("np.sin(np.einsum(\"ij,jk->ik\", {}, {}))", self.array(&[m, k], d), self.array(&[k, n], 0)),
            12 if m == n => format!("np.linalg.inv(3.0 * np.eye({n}) + 0.3 * np.sin({}))", self.array(&[n, n], d)),
            13 if m == n => {
                let root = self.array(&[n, 2], d);
                format!("np.linalg.cholesky(2.0 * np.eye({n}) + 0.3 * ({root}) @ ({root}).T)")
            }
            14 if m == n => format!("np.diag({})", self.array(&[n], d)),
            15 => format!("np.flip({}, axis={})", self.array(&[m, n], d), self.below(2)),
            16 => format!("np.roll({}, 1, axis={})", self.array(&[m, n], d), self.below(2)),
            17 => format!("np.swapaxes({}, 0, 1)", self.array(&[n, m], d)),
            18 => format!("np.cumsum({}, axis={})", self.array(&[m, n], d), self.below(2)),
            19 => {
                format!("np.sum(({})[:, :, None] * ({})[None], axis=1)", self.array(&[m, k], d), self.array(&[k, n], 0))
            }
            20 => format!("np.tile({}, ({m}, 1))", self.array(&[n], d)),
            21 => format!("np.broadcast_to({}, ({m}, {n}))", self.array(&[n], d)),
            22 => {
                let a = self.array(&[m, n], d);
                format!("np.tanh({a} - np.max({a}, axis=1, keepdims=True))")
            }
            23 => {
                let a = self.array(&[m, n], d);
                format!("np.sin({a} - np.mean({a}, axis=0))")
            }
            24 => format!("np.vstack([{}, {}])", self.array(&[1, n], 0), self.array(&[m - 1, n], d)),
            _ => format!("np.array([{} * row for row in {}])", self.leaf(), self.array(&[m, n], d)),
        }
    }
}
