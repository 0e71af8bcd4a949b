//! Linear algebra on LAPACK, for small and large matrices: the call in a loop of a script, so that the interpreter's part
//! counts. `benches/peers/linalg.py` prints NumPy's times of the same calls.

use std::time::{Duration, Instant};

use cotangent::{Interp, Result, Value};

/// The allocator of the command `cotangent`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is called, on a matrix `a`, a symmetric positive definite `s`, a triangular `t` and a right-hand side `b`.
const CALLS: &[&str] = &[
    "np.linalg.solve(a, b)",
    "np.linalg.inv(a)",
    "np.linalg.det(a)",
    "np.linalg.slogdet(a)",
    "np.linalg.cholesky(s)",
    "np.linalg.qr(a)",
    "np.linalg.svd(a)",
    "np.linalg.svd(a, compute_uv=False)",
    "np.linalg.eigh(s)",
    "np.linalg.eigvalsh(s)",
    "np.linalg.pinv(a)",
    "np.linalg.lstsq(a, b)",
    "np.linalg.norm(a)",
    "np.linalg.matrix_power(a, 5)",
    "np.linalg.matrix_rank(a)",
    "np.linalg.cond(a)",
    "linalg.solve_triangular(t, b)",
    "linalg.cho_solve(linalg.cho_factor(s), b)",
    "linalg.lu_solve(linalg.lu_factor(a), b)",
    "linalg.expm(0.1 * s)",
    "a @ a",
];

const SIZES: &[i64] = &[4, 16, 100, 500];

fn main() -> Result<()> {
    println!("{:<44} {}", "microseconds a call, for n =", SIZES.iter().map(|n| format!("{n:>12}")).collect::<String>());
    for call in CALLS {
        let times = SIZES.iter().map(|&n| time(call, n)).collect::<Result<Vec<f64>>>()?;
        println!("{call:<44} {}", times.iter().map(|t| format!("{t:>12.2}")).collect::<String>());
    }
    Ok(())
}

/// Microseconds a call, the best of several runs.
fn time(call: &str, n: i64) -> Result<f64> {
    let mut interp = Interp::new();
    interp.run(&format!(
        "import numpy as np\nfrom scipy import linalg\nrng = np.random.default_rng(0)\nn = {n}\n\
         a = rng.standard_normal((n, n)) / n ** 0.5 + np.eye(n)\nb = rng.standard_normal(n)\ns = a @ a.T + np.eye(n)\n\
         t = np.triu(a) + np.eye(n)\n\
         def run(count, a, b, s, t):\n    for _ in range(count):\n        y = {call}\n"
    ))?;
    let mut run = |count: i64| -> Result<Duration> {
        let arguments: Vec<Value> =
            ["a", "b", "s", "t"].iter().map(|name| interp.get(name)).collect::<Result<Vec<Value>>>()?;
        let function: Value = interp.get("run")?;
        let start = Instant::now();
        interp.call_value::<Value>(&function, [vec![Value::Int(count)], arguments].concat())?;
        Ok(start.elapsed())
    };
    run(1)?;
    let count = (Duration::from_millis(50).as_nanos() / run(1)?.as_nanos().max(1)).clamp(1, 20_000) as i64;
    let best = (0..5).map(|_| run(count)).collect::<Result<Vec<_>>>()?.into_iter().min().unwrap_or_default();
    Ok(best.as_secs_f64() * 1e6 / count as f64)
}
