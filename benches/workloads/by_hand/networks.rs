//! Networks: layers with `tanh` between them, and an LSTM. Matrices are row by row; products run along rows, which the
//! compiler turns into vector instructions.

/// c = a b for a of m by k and b of k by n.
fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let k = b.len() / n;
    let mut c = vec![0.0; a.len() / k * n];
    for (row, out) in a.chunks_exact(k).zip(c.chunks_exact_mut(n)) {
        for (x, other) in row.iter().zip(b.chunks_exact(n)) {
            out.iter_mut().zip(other).for_each(|(c, b)| *c += x * b);
        }
    }
    c
}

/// c = aᵀ b for a of m by k and b of m by n.
fn transposed_product(a: &[f64], b: &[f64], k: usize, n: usize) -> Vec<f64> {
    let mut c = vec![0.0; k * n];
    for (row, other) in a.chunks_exact(k).zip(b.chunks_exact(n)) {
        for (x, out) in row.iter().zip(c.chunks_exact_mut(n)) {
            out.iter_mut().zip(other).for_each(|(c, b)| *c += x * b);
        }
    }
    c
}

/// aᵀ for rows of length n.
fn transposed(a: &[f64], n: usize) -> Vec<f64> {
    let m = a.len() / n;
    let mut t = vec![0.0; a.len()];
    for i in 0..m {
        for j in 0..n {
            t[j * m + i] = a[i * n + j];
        }
    }
    t
}

/// The loss of a network at the end of a batch: of its outputs, and the adjoint of each.
pub type Loss<'a> = &'a dyn Fn(&[f64], &mut [f64]) -> f64;

/// The mean cross-entropy of ten classes.
pub fn cross_entropy(labels: &[f64]) -> impl Fn(&[f64], &mut [f64]) -> f64 {
    move |z, z_bar| {
        let batch = (z.len() / 10) as f64;
        let mut loss = 0.0;
        for ((z, y), bar) in z.chunks_exact(10).zip(labels.chunks_exact(10)).zip(z_bar.chunks_exact_mut(10)) {
            let largest = z.iter().copied().fold(f64::MIN, f64::max);
            bar.iter_mut().zip(z).for_each(|(bar, z)| *bar = (z - largest).exp());
            let sum: f64 = bar.iter().sum();
            loss += largest + sum.ln() - z.iter().zip(y).map(|(z, y)| z * y).sum::<f64>();
            bar.iter_mut().zip(y).for_each(|(bar, y)| *bar = (*bar / sum - y) / batch);
        }
        loss / batch
    }
}

/// The square distance from one.
pub fn square_error(z: &[f64], z_bar: &mut [f64]) -> f64 {
    z_bar.iter_mut().zip(z).for_each(|(bar, z)| *bar = 2.0 * (z - 1.0));
    z.iter().map(|z| (z - 1.0) * (z - 1.0)).sum()
}

/// What each layer of a network gives, its input first. Parameters are weights and biases by turns.
fn layers(params: &[Vec<f64>], x: &[f64]) -> Vec<Vec<f64>> {
    let mut given = vec![x.to_vec()];
    for (at, layer) in params.chunks_exact(2).enumerate() {
        let biases = &layer[1];
        let mut z = product(&given[at], &layer[0], biases.len());
        for row in z.chunks_exact_mut(biases.len()) {
            row.iter_mut().zip(biases).for_each(|(z, b)| *z += b);
            if 2 * at + 2 < params.len() {
                row.iter_mut().for_each(|z| *z = z.tanh());
            }
        }
        given.push(z);
    }
    given
}

pub fn network(params: &[Vec<f64>], x: &[f64], loss: Loss<'_>) -> f64 {
    match layers(params, x).last() {
        Some(z) => loss(z, &mut vec![0.0; z.len()]),
        None => 0.0,
    }
}

/// The adjoints of the parameters, in their order.
pub fn network_gradient(params: &[Vec<f64>], x: &[f64], loss: Loss<'_>) -> Vec<Vec<f64>> {
    let given = layers(params, x);
    let mut bar = vec![0.0; given[given.len() - 1].len()];
    loss(&given[given.len() - 1], &mut bar);
    let mut gradients = vec![Vec::new(); params.len()];
    for at in (0..params.len() / 2).rev() {
        let n = params[2 * at + 1].len();
        let k = params[2 * at].len() / n;
        gradients[2 * at] = transposed_product(&given[at], &bar, k, n);
        let mut sums = vec![0.0; n];
        for row in bar.chunks_exact(n) {
            sums.iter_mut().zip(row).for_each(|(sum, bar)| *sum += bar);
        }
        gradients[2 * at + 1] = sums;
        if at > 0 {
            bar = product(&bar, &transposed(&params[2 * at], n), k);
            bar.iter_mut().zip(&given[at]).for_each(|(bar, h)| *bar *= 1.0 - h * h);
        }
    }
    gradients
}

/// Inputs and state of the LSTM.
const INPUTS: usize = 16;
const STATE: usize = 32;
const GATES: usize = 4 * STATE;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// An LSTM with its weights both ways round.
pub struct Lstm {
    wx_t: Vec<f64>,
    wh: Vec<f64>,
    wh_t: Vec<f64>,
    b: Vec<f64>,
    xs: Vec<f64>,
}

/// What a run keeps: states, cells, the gates of each step, `tanh` of the cells.
struct Run {
    h: Vec<f64>,
    c: Vec<f64>,
    gates: Vec<f64>,
    tanh_c: Vec<f64>,
}

impl Lstm {
    pub fn new(wx: &[f64], wh: &[f64], b: &[f64], xs: &[f64]) -> Lstm {
        Lstm {
            wx_t: transposed(wx, INPUTS),
            wh: wh.to_vec(),
            wh_t: transposed(wh, STATE),
            b: b.to_vec(),
            xs: xs.to_vec(),
        }
    }

    fn run(&self) -> (f64, Run) {
        let n = self.xs.len() / INPUTS;
        let (mut h, mut c) = (vec![0.0; (n + 1) * STATE], vec![0.0; (n + 1) * STATE]);
        let (mut gates, mut tanh_c) = (vec![0.0; n * GATES], vec![0.0; n * STATE]);
        let mut total = 0.0;
        for t in 0..n {
            let z = &mut gates[t * GATES..(t + 1) * GATES];
            z.copy_from_slice(&self.b);
            let inputs = self.xs[t * INPUTS..(t + 1) * INPUTS].iter().zip(self.wx_t.chunks_exact(GATES));
            let state = h[t * STATE..(t + 1) * STATE].iter().zip(self.wh_t.chunks_exact(GATES));
            for (v, w) in inputs.chain(state) {
                z.iter_mut().zip(w).for_each(|(z, w)| *z += v * w);
            }
            z[..3 * STATE].iter_mut().for_each(|z| *z = sigmoid(*z));
            z[3 * STATE..].iter_mut().for_each(|z| *z = z.tanh());
            for j in 0..STATE {
                let cell = z[STATE + j] * c[t * STATE + j] + z[j] * z[3 * STATE + j];
                let q = cell.tanh();
                let out = z[2 * STATE + j] * q;
                c[(t + 1) * STATE + j] = cell;
                tanh_c[t * STATE + j] = q;
                h[(t + 1) * STATE + j] = out;
                total += out * out;
            }
        }
        (total / n as f64, Run { h, c, gates, tanh_c })
    }

    pub fn primal(&self) -> f64 {
        self.run().0
    }

    /// The adjoints of `wx`, `wh` and `b`, one after the other.
    pub fn gradient(&self) -> Vec<f64> {
        let n = self.xs.len() / INPUTS;
        let (_, run) = self.run();
        let (mut wx_bar, mut wh_bar) = (vec![0.0; GATES * INPUTS], vec![0.0; GATES * STATE]);
        let mut b_bar = vec![0.0; GATES];
        let (mut h_bar, mut c_bar, mut z_bar) = ([0.0; STATE], [0.0; STATE], [0.0; GATES]);
        for t in (0..n).rev() {
            let z = &run.gates[t * GATES..(t + 1) * GATES];
            for j in 0..STATE {
                let d = h_bar[j] + 2.0 / n as f64 * run.h[(t + 1) * STATE + j];
                let (i, f, o, g) = (z[j], z[STATE + j], z[2 * STATE + j], z[3 * STATE + j]);
                let q = run.tanh_c[t * STATE + j];
                let cell = c_bar[j] + d * o * (1.0 - q * q);
                z_bar[j] = cell * g * i * (1.0 - i);
                z_bar[STATE + j] = cell * run.c[t * STATE + j] * f * (1.0 - f);
                z_bar[2 * STATE + j] = d * q * o * (1.0 - o);
                z_bar[3 * STATE + j] = cell * i * (1.0 - g * g);
                c_bar[j] = cell * f;
            }
            h_bar = [0.0; STATE];
            let (x, h) = (&self.xs[t * INPUTS..(t + 1) * INPUTS], &run.h[t * STATE..(t + 1) * STATE]);
            for (j, v) in z_bar.iter().enumerate() {
                b_bar[j] += v;
                wx_bar[j * INPUTS..(j + 1) * INPUTS].iter_mut().zip(x).for_each(|(bar, x)| *bar += v * x);
                let row = j * STATE..(j + 1) * STATE;
                wh_bar[row.clone()].iter_mut().zip(h).for_each(|(bar, h)| *bar += v * h);
                h_bar.iter_mut().zip(&self.wh[row]).for_each(|(bar, w)| *bar += v * w);
            }
        }
        [wx_bar, wh_bar, b_bar].concat()
    }
}
