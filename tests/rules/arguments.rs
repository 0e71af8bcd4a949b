//! Draws the arguments of a case.

use libtest_mimic::Failed;

/// An argument with respect to which derivatives are taken: texts of its value, of a direction in which it may be
/// moved, and of a weight for its derivative.
#[derive(Debug)]
pub struct Argument {
    /// The value.
    pub value: String,
    /// The direction.
    pub direction: String,
    /// The weight.
    pub weight: String,
}

/// A source of random numbers that starts the same for the same expression.
#[derive(Debug)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// Numbers for an expression.
    pub fn new(expression: &str) -> Draw {
        let state = expression
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        Draw { state }
    }

    /// SplitMix64.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn gauss(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// The text of a number (no axes) or array of normal numbers.
    pub fn normal(&mut self, shape: &[usize]) -> String {
        let numbers: Vec<f64> = (0..shape.iter().product()).map(|_| self.gauss()).collect();
        text(shape, &numbers)
    }

    fn argument(&mut self, letter: char, shape: &[usize]) -> Result<Argument, Failed> {
        let count: usize = shape.iter().product();
        let n = shape.last().copied().unwrap_or(0);
        let value: Vec<f64> = match letter {
            // Off the kinks at 0.
            'A' => (0..count).map(|_| self.gauss()).map(|x| if x.abs() < 0.05 { x + 0.1 } else { x }).collect(),
            'P' => (0..count).map(|_| 0.4 + 2.0 * self.uniform()).collect(),
            'U' => (0..count).map(|_| 1.8 * self.uniform() - 0.9).collect(),
            'M' => on_diagonals(n, (0..count).map(|_| self.gauss()).collect(), 4.0),
            'S' => on_diagonals(n, symmetric(n, &(0..count).map(|_| self.gauss()).collect::<Vec<_>>()), 4.0),
            _ => return Err(format!("no arguments are drawn by {letter}").into()),
        };
        let direction: Vec<f64> = (0..count).map(|_| self.gauss()).collect();
        let direction = if letter == 'S' { symmetric(n, &direction) } else { direction };
        let weight = self.normal(shape);
        Ok(Argument { value: text(shape, &value), direction: text(shape, &direction), weight })
    }
}

/// The symmetric parts of matrices of order n.
fn symmetric(n: usize, matrices: &[f64]) -> Vec<f64> {
    let at = |k: usize| (k / (n * n) * n * n, k / n % n, k % n);
    (0..matrices.len())
        .map(|k| {
            let (matrix, i, j) = at(k);
            0.5 * (matrices[k] + matrices[matrix + j * n + i])
        })
        .collect()
}

/// Adds different numbers from `least` on to the diagonals, so that matrices are well conditioned and eigenvalues apart.
fn on_diagonals(n: usize, mut matrices: Vec<f64>, least: f64) -> Vec<f64> {
    for (k, x) in matrices.iter_mut().enumerate() {
        if k / n % n == k % n {
            *x += least + (k % n) as f64;
        }
    }
    matrices
}

fn text(shape: &[usize], numbers: &[f64]) -> String {
    match (shape, numbers) {
        ([], [x]) => format!("({x:?})"),
        (_, []) => format!("np.zeros({})", tuple(shape)),
        _ => format!("np.reshape(np.array({numbers:?}), {})", tuple(shape)),
    }
}

fn tuple(shape: &[usize]) -> String {
    format!("({})", shape.iter().map(|n| format!("{n}, ")).collect::<String>())
}

/// Replaces what draws an argument by a name, `x0`, `x1` …, and draws them.
pub fn parse(expression: &str, draw: &mut Draw) -> Result<(String, Vec<Argument>), Failed> {
    let (mut body, mut arguments) = (String::new(), Vec::new());
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        let free = !body.ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_');
        if free && c.is_ascii_uppercase() && rest[1..].starts_with('(') {
            let close = rest.find(')').ok_or("an argument's shape does not end")?;
            let shape = rest[2..close]
                .split(',')
                .map(str::trim)
                .filter(|n| !n.is_empty())
                .map(|n| n.parse::<usize>().map_err(|_| Failed::from(format!("not a length: {n}"))))
                .collect::<Result<Vec<_>, _>>()?;
            body.push_str(&format!("x{}", arguments.len()));
            arguments.push(draw.argument(c, &shape)?);
            rest = &rest[close + 1..];
        } else {
            body.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok((body, arguments))
}
