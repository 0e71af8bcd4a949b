//! Functions of arrays and of one number: an elementwise chain, the likelihoods of a mixture and of a Gaussian process,
//! Rosenbrock's function, Taylor coefficients.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use ndarray_linalg::{Cholesky, Diag, FactorizeC, InverseCInto, SolveTriangular, UPLO};

pub fn elementwise(x: &[f64]) -> f64 {
    x.iter().map(|x| (-x * x).exp() * x.sin() + 0.5 * x * x.tanh()).sum()
}

pub fn elementwise_gradient(x: &[f64], x_bar: &mut [f64]) {
    for (bar, x) in x_bar.iter_mut().zip(x) {
        let (e, t, (sin, cos)) = ((-x * x).exp(), x.tanh(), x.sin_cos());
        *bar = e * (cos - 2.0 * x * sin) + 0.5 * t + 0.5 * x * (1.0 - t * t);
    }
}

/// The covariance of a Gaussian process, its exponential part, and the square distances of its points.
fn covariance(theta: &[f64], x: ArrayView2<'_, f64>) -> (Array2<f64>, Array2<f64>, Array2<f64>) {
    let squares = x.map(|v| v * v).sum_axis(Axis(1));
    let mut distances = x.dot(&x.t()) * -2.0;
    distances += &squares;
    distances += &squares.insert_axis(Axis(1));
    let (scale, size) = (-0.5 * (-2.0 * theta[0]).exp(), theta[1].exp());
    let e = distances.map(|d| size * (scale * d).exp());
    let mut k = e.clone();
    k.diag_mut().mapv_inplace(|v| v + theta[2].exp());
    (k, e, distances)
}

/// tr(M ∂K/∂θ) with M = (K⁻¹ - a aᵀ) / 2, a = K⁻¹ y (Rasmussen and Williams, Gaussian Processes for Machine Learning, 5.9).
pub fn process_gradient(theta: &[f64], x: &[f64], y: &[f64]) -> ndarray_linalg::error::Result<[f64; 3]> {
    let x = ArrayView2::from_shape((y.len(), x.len() / y.len()), x)?;
    let (k, e, distances) = covariance(theta, x);
    let inverse = k.factorizec(UPLO::Lower)?.invc_into()?;
    let a: Array1<f64> = inverse.dot(&ArrayView1::from(y));
    let (mut length_bar, mut size_bar) = (0.0, 0.0);
    for (i, (inverse, e)) in inverse.outer_iter().zip(e.outer_iter()).enumerate() {
        for (j, (inverse, e)) in inverse.iter().zip(e).enumerate() {
            let weighted = 0.5 * (inverse - a[i] * a[j]) * e;
            size_bar += weighted;
            length_bar += weighted * distances[[i, j]];
        }
    }
    let trace: f64 = inverse.diag().iter().zip(&a).map(|(inverse, a)| 0.5 * (inverse - a * a)).sum();
    Ok([length_bar * (-2.0 * theta[0]).exp(), size_bar, theta[2].exp() * trace])
}

/// The value without its constants.
pub fn process(theta: &[f64], x: &[f64], y: &[f64]) -> ndarray_linalg::error::Result<f64> {
    let x = ArrayView2::from_shape((y.len(), x.len() / y.len()), x)?;
    let factor = covariance(theta, x).0.cholesky(UPLO::Lower)?;
    let a = factor.solve_triangular(UPLO::Lower, Diag::NonUnit, &Array1::from(y.to_vec()))?;
    Ok(0.5 * a.dot(&a) + factor.diag().map(|v| v.ln()).sum())
}

/// A mixture of Gaussians in `d` dimensions: weights, means, logarithms of scales, what stands below the diagonals.
pub struct Mixture<'a> {
    pub alpha: &'a [f64],
    pub mu: &'a [f64],
    pub q: &'a [f64],
    pub l: &'a [f64],
}

impl Mixture<'_> {
    /// The value without its constants, and the adjoints of the parameters where they are asked for.
    pub fn likelihood(&self, x: &[f64], mut gradient: Option<&mut Vec<f64>>) -> f64 {
        let k = self.alpha.len();
        let d = self.mu.len() / k;
        let (n, below) = (x.len() / d, d * (d - 1) / 2);
        let scales: Vec<f64> = self.q.iter().map(|v| v.exp()).collect();
        let sums: Vec<f64> = self.q.chunks_exact(d).map(|q| q.iter().sum()).collect();
        let (mut alpha_bar, mut mu_bar) = (vec![0.0; k], vec![0.0; k * d]);
        let (mut q_bar, mut l_bar) = (vec![0.0; k * d], vec![0.0; k * below]);
        let (mut centred, mut y, mut terms) = (vec![0.0; k * d], vec![0.0; k * d], vec![0.0; k]);
        let mut total = 0.0;
        for point in x.chunks_exact(d) {
            for j in 0..k {
                let (a, b) = (&mut centred[j * d..(j + 1) * d], &mut y[j * d..(j + 1) * d]);
                for i in 0..d {
                    a[i] = point[i] - self.mu[j * d + i];
                    b[i] = scales[j * d + i] * a[i];
                }
                let mut l = &self.l[j * below..(j + 1) * below];
                for i in 0..d {
                    let (column, others) = l.split_at(d - i - 1);
                    b[i + 1..].iter_mut().zip(column).for_each(|(b, l)| *b += l * a[i]);
                    l = others;
                }
                terms[j] = self.alpha[j] + sums[j] - 0.5 * b.iter().map(|v| v * v).sum::<f64>();
            }
            let largest = terms.iter().copied().fold(f64::MIN, f64::max);
            terms.iter_mut().for_each(|v| *v = (*v - largest).exp());
            let sum: f64 = terms.iter().sum();
            total += largest + sum.ln();
            if gradient.is_none() {
                continue;
            }
            for j in 0..k {
                let w = terms[j] / sum;
                alpha_bar[j] += w;
                let (a, b) = (&centred[j * d..(j + 1) * d], &y[j * d..(j + 1) * d]);
                let mut l = &self.l[j * below..(j + 1) * below];
                let mut bars = &mut l_bar[j * below..(j + 1) * below];
                for i in 0..d {
                    let (column, others) = l.split_at(d - i - 1);
                    let (column_bar, others_bar) = bars.split_at_mut(d - i - 1);
                    let scale = scales[j * d + i];
                    let (mut along, weighted) = (scale * b[i], w * a[i]);
                    for ((b, l), bar) in b[i + 1..].iter().zip(column).zip(column_bar) {
                        along += l * b;
                        *bar -= weighted * b;
                    }
                    mu_bar[j * d + i] += w * along;
                    q_bar[j * d + i] += w * (1.0 - scale * a[i] * b[i]);
                    (l, bars) = (others, others_bar);
                }
            }
        }
        let largest = self.alpha.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = self.alpha.iter().map(|v| (v - largest).exp()).sum();
        if let Some(gradient) = &mut gradient {
            alpha_bar.iter_mut().zip(self.alpha).for_each(|(bar, v)| *bar -= n as f64 * (v - largest).exp() / sum);
            q_bar.iter_mut().zip(&scales).for_each(|(bar, scale)| *bar -= scale * scale);
            l_bar.iter_mut().zip(self.l).for_each(|(bar, l)| *bar -= l);
            gradient.clear();
            [alpha_bar, mu_bar, q_bar, l_bar].iter().for_each(|bar| gradient.extend(bar));
        }
        let squares = scales.iter().chain(self.l).map(|v| v * v).sum::<f64>();
        total - n as f64 * (largest + sum.ln()) - 0.5 * squares
    }
}

pub fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2).map(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2)).sum()
}

/// Into zeros, like its two sisters.
pub fn rosenbrock_gradient(x: &[f64], bar: &mut [f64]) {
    for i in 0..x.len() - 1 {
        let r = x[i + 1] - x[i] * x[i];
        bar[i] += -400.0 * r * x[i] - 2.0 * (1.0 - x[i]);
        bar[i + 1] += 200.0 * r;
    }
}

pub fn rosenbrock_product(x: &[f64], v: &[f64], out: &mut [f64]) {
    for i in 0..x.len() - 1 {
        let b = -400.0 * x[i];
        out[i] += (1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0) * v[i] + b * v[i + 1];
        out[i + 1] += 200.0 * v[i + 1] + b * v[i];
    }
}

pub fn rosenbrock_hessian(x: &[f64], out: &mut [f64]) {
    let n = x.len();
    for i in 0..n - 1 {
        let b = -400.0 * x[i];
        out[i * n + i] += 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
        out[(i + 1) * n + i + 1] += 200.0;
        out[i * n + i + 1] += b;
        out[(i + 1) * n + i] += b;
    }
}

/// The eighth derivative of tanh(x) exp(sin(x)) by the recurrences of Taylor coefficients (Griewank and Walther, Evaluating
/// Derivatives, chapter 13).
pub fn eighth(x: f64) -> f64 {
    const N: usize = 8;
    let (mut s, mut c, mut e, mut t, mut q) = ([0.0; N + 1], [0.0; N + 1], [0.0; N + 1], [0.0; N + 1], [0.0; N + 1]);
    (s[0], c[0]) = x.sin_cos();
    e[0] = f64::exp(s[0]);
    t[0] = x.tanh();
    q[0] = 1.0 - t[0] * t[0];
    for k in 1..=N {
        let order = k as f64;
        s[k] = c[k - 1] / order;
        c[k] = -s[k - 1] / order;
        t[k] = q[k - 1] / order;
        q[k] = -(0..=k).map(|j| t[j] * t[k - j]).sum::<f64>();
        e[k] = (1..=k).map(|j| j as f64 * s[j] * e[k - j]).sum::<f64>() / order;
    }
    let coefficient: f64 = (0..=N).map(|j| t[j] * e[N - j]).sum();
    coefficient * (2..=N).product::<usize>() as f64
}

pub fn call(x: f64) -> f64 {
    x * x * x.sin()
}

pub fn call_gradient(x: f64) -> f64 {
    let (sin, cos) = x.sin_cos();
    2.0 * x * sin + x * x * cos
}
