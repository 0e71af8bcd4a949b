//! Loops over numbers and elements: the logistic map, Lorenz' equations, Burgers' equation. What the way back reads is kept
//! in a buffer that the caller lends.

/// Three numbers.
pub type Three = [f64; 3];

pub fn logistic(mut x: f64, r: f64, n: usize) -> f64 {
    for _ in 0..n {
        x = r * x * (1.0 - x);
    }
    x
}

pub fn logistic_gradient(mut x: f64, r: f64, n: usize, kept: &mut Vec<f64>) -> (f64, f64) {
    kept.resize(n, 0.0);
    for slot in kept.iter_mut() {
        *slot = x;
        x = r * x * (1.0 - x);
    }
    let (mut x_bar, mut r_bar) = (1.0, 0.0);
    for &x in kept.iter().rev() {
        r_bar += x_bar * x * (1.0 - x);
        x_bar *= r * (1.0 - 2.0 * x);
    }
    (x_bar, r_bar)
}

#[inline(always)]
fn flow(u: Three, p: Three) -> Three {
    [p[0] * (u[1] - u[0]), u[0] * (p[1] - u[2]) - u[1], u[0] * u[1] - p[2] * u[2]]
}

#[inline(always)]
fn along(u: Three, a: f64, k: Three) -> Three {
    [u[0] + a * k[0], u[1] + a * k[1], u[2] + a * k[2]]
}

#[inline(always)]
fn flow_adjoint(u: Three, p: Three, bar: Three, u_bar: &mut Three, p_bar: &mut Three) {
    u_bar[0] += -p[0] * bar[0] + (p[1] - u[2]) * bar[1] + u[1] * bar[2];
    u_bar[1] += p[0] * bar[0] - bar[1] + u[0] * bar[2];
    u_bar[2] += -u[0] * bar[1] - p[2] * bar[2];
    p_bar[0] += (u[1] - u[0]) * bar[0];
    p_bar[1] += u[0] * bar[1];
    p_bar[2] -= u[2] * bar[2];
}

#[inline(always)]
fn step(u: Three, p: Three, h: f64) -> Three {
    let a = flow(u, p);
    let b = flow(along(u, 0.5 * h, a), p);
    let c = flow(along(u, 0.5 * h, b), p);
    let d = flow(along(u, h, c), p);
    let mut next = u;
    for i in 0..3 {
        next[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
    }
    next
}

pub fn lorenz(mut u: Three, p: Three, n: usize, h: f64) -> f64 {
    for _ in 0..n {
        u = step(u, p, h);
    }
    u[0] + u[1] + u[2]
}

pub fn lorenz_gradient(mut u: Three, p: Three, n: usize, h: f64, kept: &mut Vec<Three>) -> (Three, Three) {
    kept.clear();
    for _ in 0..n {
        kept.push(u);
        u = step(u, p, h);
    }
    let (mut u_bar, mut p_bar) = ([1.0; 3], [0.0; 3]);
    for &u in kept.iter().rev() {
        let a = flow(u, p);
        let u2 = along(u, 0.5 * h, a);
        let b = flow(u2, p);
        let u3 = along(u, 0.5 * h, b);
        let c = flow(u3, p);
        let u4 = along(u, h, c);
        let zero = [0.0; 3];
        let mut u4_bar = zero;
        flow_adjoint(u4, p, along(zero, h / 6.0, u_bar), &mut u4_bar, &mut p_bar);
        let mut u3_bar = zero;
        flow_adjoint(u3, p, along(along(zero, h / 3.0, u_bar), h, u4_bar), &mut u3_bar, &mut p_bar);
        let mut u2_bar = zero;
        flow_adjoint(u2, p, along(along(zero, h / 3.0, u_bar), 0.5 * h, u3_bar), &mut u2_bar, &mut p_bar);
        let a_bar = along(along(zero, h / 6.0, u_bar), 0.5 * h, u2_bar);
        let mut next = u_bar;
        for i in 0..3 {
            next[i] += u4_bar[i] + u3_bar[i] + u2_bar[i];
        }
        flow_adjoint(u, p, a_bar, &mut next, &mut p_bar);
        u_bar = next;
    }
    (u_bar, p_bar)
}

/// Viscosity, number of steps, their length, the distance of points.
pub type Fluid = (f64, usize, f64, f64);

pub fn burgers(u: &mut [f64], fluid: Fluid) -> f64 {
    let (nu, steps, dt, dx) = fluid;
    let n = u.len();
    let (c, d) = (dt / dx, nu * dt / (dx * dx));
    for _ in 0..steps {
        let mut previous = u[0];
        for i in 1..n - 1 {
            let current = u[i];
            u[i] = current - c * current * (current - previous) + d * (u[i + 1] - 2.0 * current + previous);
            previous = current;
        }
    }
    u.iter().map(|v| v * v).sum()
}

pub fn burgers_gradient(initial: &[f64], fluid: Fluid, kept: &mut Vec<f64>) -> (Vec<f64>, f64) {
    let (nu, steps, dt, dx) = fluid;
    let n = initial.len();
    let (c, e) = (dt / dx, dt / (dx * dx));
    let d = nu * e;
    kept.clear();
    let mut u = initial.to_vec();
    for _ in 0..steps {
        kept.extend_from_slice(&u);
        let mut previous = u[0];
        for i in 1..n - 1 {
            let current = u[i];
            u[i] = current - c * current * (current - previous) + d * (u[i + 1] - 2.0 * current + previous);
            previous = current;
        }
    }
    let mut bar: Vec<f64> = u.iter().map(|v| 2.0 * v).collect();
    let mut before = vec![0.0; n];
    let mut d_bar = 0.0;
    for u in kept.chunks_exact(n).rev() {
        // What each point gave itself and its neighbours, read from where it went.
        let (u, g) = (&u[..n], &bar[..n]);
        let out = &mut before[..n];
        let itself = |i: usize| g[i] * (1.0 - c * (2.0 * u[i] - u[i - 1]) - 2.0 * d);
        let left = |i: usize| g[i] * (c * u[i] + d);
        out[0] = g[0] + left(1);
        out[1] = itself(1) + left(2);
        for i in 2..n - 2 {
            out[i] = itself(i) + left(i + 1) + g[i - 1] * d;
        }
        out[n - 2] = itself(n - 2) + g[n - 3] * d;
        out[n - 1] = g[n - 1] + g[n - 2] * d;
        for i in 1..n - 1 {
            d_bar += g[i] * (u[i + 1] - 2.0 * u[i] + u[i - 1]);
        }
        std::mem::swap(&mut bar, &mut before);
    }
    (bar, d_bar * e)
}
