//! Random programs: well-behaved functions of two numbers and an array, drawn from a seed.

use std::fmt::Write;

use super::check::Case;

/// The first seed and how many; `COTANGENT_SEEDS=first,count` asks for others.
pub fn seeds() -> (u64, u64) {
    let asked = std::env::var("COTANGENT_SEEDS").unwrap_or_default();
    match asked.split_once(',').map(|(first, count)| (first.trim().parse(), count.trim().parse())) {
        Some((Ok(first), Ok(count))) => (first, count),
        _ => (1, 60),
    }
}

struct Writer {
    state: u64,
    text: String,
    scalars: Vec<String>,
    arrays: Vec<String>,
    lists: Vec<String>,
    count: usize,
}

/// The program of a seed.
pub fn program(seed: u64) -> Case {
    let mut w = Writer {
        state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1,
        text: String::new(),
        scalars: vec!["u".into(), "v".into()],
        arrays: vec!["x".into()],
        lists: vec![],
        count: 0,
    };
    w.text.push_str("def helper(a, b, n=2):\n    for k in range(n):\n        a = np.sin(a + b) * 0.7\n    if a > b:\n        return a * b\n    return a - 0.5 * b\n\n");
    w.text.push_str("def descend(a, n):\n    if n <= 0:\n        return a\n    return np.tanh(a * descend(0.5 * a, n - 1) + 0.3)\n\n");
    w.text.push_str("def f(u, v, x):\n");
    let count = 4 + w.below(6);
    for _ in 0..count {
        w.statement(1, 2);
    }
    let scalars: Vec<String> = w.scalars.clone();
    let arrays: Vec<String> = w.arrays.clone();
    let sum = scalars.iter().map(|s| format!("np.sin({s})"));
    let sums = arrays.iter().map(|a| format!("np.sum(np.cos({a}))"));
    let lists = w.lists.clone();
    let totals = lists.iter().map(|l| format!("np.tanh(sum({l}))"));
    let terms: Vec<String> = sum.chain(sums).chain(totals).collect();
    let _ = writeln!(w.text, "    return {}", terms.join(" + "));
    Case {
        name: format!("random {seed}"),
        args: "0.731, -0.427, np.array([0.317, -0.653, 0.891, 0.149])".into(),
        words: vec!["loop".into()],
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

    fn pick(&mut self, names: &[String]) -> String {
        let at = self.below(names.len());
        names.get(at).cloned().unwrap_or_else(|| "u".into())
    }

    fn fresh(&mut self, letter: &str) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(depth));
    }

    fn number(&mut self) -> String {
        format!("{}.{}", self.below(2), 1 + self.below(9))
    }

    /// A bounded number.
    fn scalar(&mut self, depth: usize) -> String {
        let names = self.scalars.clone();
        if depth == 0 {
            return match self.below(4) {
                0 => self.number(),
                1 => {
                    let arrays = self.arrays.clone();
                    format!("{}[{}]", self.pick(&arrays), self.below(4))
                }
                _ => self.pick(&names),
            };
        }
        let a = self.scalar(depth - 1);
        let b = self.scalar(depth - 1);
        match self.below(12) {
            0 | 1 => format!("({a} + {b}) * 0.6"),
            2 => format!("({a} - {b})"),
            3 | 4 => format!("np.tanh({a} * {b})"),
            5 => format!("np.sin({a}) * {b}"),
            6 => format!("{a} / (1.5 + {b} * {b})"),
            7 => format!("np.exp(-({a}) ** 2)"),
            8 => format!("helper({a}, {b})"),
            9 => format!("helper({a}, {b}, n={})", self.below(4)),
            10 => format!("descend({a}, {})", self.below(3)),
            _ => {
                let arrays = self.arrays.clone();
                let array = self.pick(&arrays);
                format!("np.tanh(np.sum({array} * {a}))")
            }
        }
    }

    /// A bounded array of four.
    fn array(&mut self) -> String {
        let names = self.arrays.clone();
        let (a, b) = (self.pick(&names), self.pick(&names));
        let s = self.scalar(1);
        match self.below(7) {
            0 => format!("np.tanh({a} + {s})"),
            1 => format!("np.sin({a} * {b})"),
            2 => format!("{a} / (1.2 + {b} * {b})"),
            3 => format!("np.where({a} > 0.05, {a} * {s}, np.sin({b}))"),
            4 => format!("({a}[::-1] + {b}) * 0.5"),
            5 => format!("np.concatenate([{a}[2:], {b}[:2]])"),
            _ => format!("np.exp(-{a} * {a}) * {s}"),
        }
    }

    fn body(&mut self, depth: usize, fuel: usize) {
        let outer = (self.scalars.clone(), self.arrays.clone(), self.lists.clone());
        for _ in 0..1 + self.below(3) {
            self.statement(depth, fuel);
        }
        (self.scalars, self.arrays, self.lists) = outer;
    }

    fn statement(&mut self, depth: usize, fuel: usize) {
        let scalars = self.scalars.clone();
        let arrays = self.arrays.clone();
        match self.below(if fuel == 0 { 9 } else { 15 }) {
            0 | 1 => {
                let value = self.scalar(2);
                let name = self.fresh("s");
                self.line(depth, &format!("{name} = {value}"));
                self.scalars.push(name);
            }
            2 | 3 => {
                let value = self.scalar(2);
                let name = self.pick(&scalars);
                self.line(depth, &format!("{name} = {value}"));
            }
            4 => {
                let value = self.array();
                let name = self.fresh("a");
                self.line(depth, &format!("{name} = {value}"));
                self.arrays.push(name);
            }
            5 => {
                let (value, name, at) = (self.scalar(1), self.pick(&arrays), self.below(4));
                let sign = ["=", "+=", "-="][self.below(3)];
                self.line(depth, &format!("{name}[{at}] {sign} np.tanh({value})"));
            }
            6 => {
                let value = self.array();
                let name = self.pick(&arrays);
                self.line(depth, &format!("{name} = {value}"));
            }
            7 => {
                let (a, b) = (self.scalar(1), self.scalar(1));
                let name = self.fresh("l");
                self.line(depth, &format!("{name} = [{a}, {b}]"));
                self.lists.push(name);
            }
            8 => {
                let lists = self.lists.clone();
                let value = self.scalar(1);
                if lists.is_empty() {
                    let name = self.fresh("g");
                    let free = self.pick(&scalars);
                    self.line(depth, &format!("{name} = lambda z: np.sin(z * {free}) + {value}"));
                    let (called, result) = (self.scalar(0), self.fresh("s"));
                    self.line(depth, &format!("{result} = {name}({called})"));
                    self.scalars.push(result);
                } else {
                    let name = self.pick(&lists);
                    self.line(depth, &format!("{name}[{}] = {value}", self.state % 2));
                }
            }
            9 | 10 => {
                let (a, b) = (self.scalar(1), self.scalar(0));
                let sign = ["<", ">"][self.below(2)];
                self.line(depth, &format!("if {a} {sign} {b} + 0.037:"));
                self.body(depth + 1, fuel - 1);
                if self.below(2) == 0 {
                    self.line(depth, "else:");
                    self.body(depth + 1, fuel - 1);
                }
            }
            11 | 12 => {
                let index = self.fresh("i");
                let trips = 1 + self.below(4);
                self.line(depth, &format!("for {index} in range({trips}):"));
                let (name, array) = (self.pick(&scalars), self.pick(&arrays));
                if self.below(2) == 0 {
                    self.line(depth + 1, &format!("{array}[{index}] = np.tanh({array}[{index} - 1] * {name})"));
                }
                self.line(depth + 1, &format!("{name} = np.tanh({name} + 0.1 * {index})"));
                if self.below(4) == 0 {
                    let word = ["break", "continue"][self.below(2)];
                    self.line(depth + 1, &format!("if {index} == {} :", trips / 2));
                    self.line(depth + 2, word);
                }
                self.body(depth + 1, fuel - 1);
            }
            13 => {
                let counter = self.fresh("n");
                let trips = 1 + self.below(4);
                self.line(depth, &format!("{counter} = 0"));
                self.line(depth, &format!("while {counter} < {trips}:"));
                self.line(depth + 1, &format!("{counter} += 1"));
                self.body(depth + 1, fuel - 1);
            }
            _ => {
                let list = self.fresh("l");
                let name = self.pick(&scalars);
                self.line(depth, &format!("{list} = []"));
                let index = self.fresh("i");
                self.line(depth, &format!("for {index} in range({}):", 2 + self.state % 4));
                self.line(depth + 1, &format!("{list}.append({name})"));
                self.line(depth + 1, &format!("{name} = np.sin({name} * 1.3 + 0.2)"));
                self.line(depth, &format!("{name} = {name} * {list}.pop()"));
                self.line(depth, &format!("{list}.append({name})"));
                self.lists.push(list);
            }
        }
    }
}
