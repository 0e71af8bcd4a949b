//! What programs may do wrong, on a stack a quarter of what a thread has by default: each is an error with a place, and
//! the interpreter goes on.

use cotangent::{ErrorKind, Interp, Limits, Value};

/// Runs on a stack of half a mebibyte.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).expect("a thread").join().expect("no panic");
}

/// Runs a program after what it starts with; whatever comes of it, the interpreter then adds.
fn run(interp: &mut Interp, text: &str) -> Result<Value, cotangent::Error> {
    let result = interp.eval(text);
    assert_eq!(interp.eval("1 + 1").expect("it goes on").to_string(), "2", "after {text}");
    result
}

fn refused(interp: &mut Interp, text: &str) -> cotangent::Error {
    match run(interp, text) {
        Ok(value) => panic!("{text} gives {value}"),
        Err(error) => error,
    }
}

const PRELUDE: &str = "
import numpy as np
from cotangent import grad, jvp, vjp
def down(n):
    return 0 if n == 0 else down(n - 1) + 1
def f(x, n):
    if n == 0:
        return x
    return np.sin(f(x, n - 1)) + x
def odd(x, n):
    return x if n == 0 else 2.0 * even(x, n - 1)
def even(x, n):
    return x if n == 0 else 0.5 * odd(x, n - 1)
def endless(x):
    return x if x < -1e9 else x * endless(x + 1.0)
def through_map(n):
    return list(map(through_map, [n - 1]))[0] + 1 if n else 0
def through_sort(n):
    return sorted([1, 2], key=lambda k: through_sort(n - 1)) if n else 0
";

fn started() -> Interp {
    let mut interp = Interp::new();
    interp.run(PRELUDE).expect("the prelude runs");
    interp
}

#[test]
fn recursion_without_end_is_an_error() {
    on_small_stack(|| {
        let mut interp = started();
        assert_eq!(run(&mut interp, "down(15000)").unwrap().to_string(), "15000");
        for text in [
            "down(1000000)",
            "endless(1.0)",
            "grad(endless)(1.0)",
            "jvp(endless, (1.0,), (1.0,))",
            "grad(lambda x: f(x, 1000000))(0.5)",
            "grad(grad(lambda x: f(x, 1000000)))(0.5)",
            "jvp(lambda x: f(x, 1000000), (0.5,), (1.0,))",
            "through_map(1000000)",
            "through_sort(1000000)",
        ] {
            let error = refused(&mut interp, text);
            assert_eq!(error.kind(), ErrorKind::Limit, "{text}: {error}");
        }
    });
}

#[test]
fn deep_recursion_is_differentiated() {
    on_small_stack(|| {
        let mut interp = started();
        // Contracting, so that central differences have an oracle's accuracy.
        let central = "(f(0.5 + 1e-6, 2000) - f(0.5 - 1e-6, 2000)) / 2e-6";
        for gradient in ["grad(f)(0.5, 2000)", "jvp(lambda x: f(x, 2000), (0.5,), (1.0,))[1]"] {
            let close = run(&mut interp, &format!("abs({gradient} - {central}) < 1e-6 * abs({central})")).unwrap();
            assert_eq!(close.to_string(), "True", "{gradient}");
        }
        assert_eq!(run(&mut interp, "grad(odd)(3.0, 1000)").unwrap().to_string(), "1.0");
    });
}

#[test]
fn nested_derivatives_are_bounded_by_patience_alone() {
    on_small_stack(|| {
        let mut interp = started();
        let nested = format!("{}lambda x: x ** 3{}(2.0)", "grad(".repeat(4), ")".repeat(4));
        assert_eq!(run(&mut interp, &nested).unwrap().to_string(), "0.0");
        let text = "g = lambda x: np.sin(x)\nfor _ in range(3):\n    g = grad(g)\nabs(g(0.3) + np.cos(0.3)) < 1e-12";
        assert_eq!(run(&mut interp, text).unwrap().to_string(), "True");
        // Derivatives within derivatives, each in the next function.
        let mut functions = String::from("def f0(x):\n    return x ** 3\n");
        for at in 1..4 {
            functions += &format!("def f{at}(x):\n    return x * grad(f{})(x)\n", at - 1);
        }
        // x (x (x (x^3)')')' = 27 x^3.
        assert_eq!(run(&mut interp, &format!("{functions}f3(2.0)")).unwrap().to_string(), "216.0");
    });
}

#[test]
fn nested_sources_are_errors_or_run() {
    on_small_stack(|| {
        let mut interp = started();
        let n = 100_000;
        for text in [
            "(".repeat(n) + &")".repeat(n),
            "[".repeat(n) + &"]".repeat(n),
            "{".repeat(n),
            "lambda: ".repeat(n) + "1",
            "-".repeat(n) + "1",
            "1".to_owned() + &" + 1".repeat(n),
            "f(".repeat(n) + &")".repeat(n),
        ] {
            assert_eq!(refused(&mut interp, &text).kind(), ErrorKind::Syntax);
        }
        // What is just within the bounds is run and differentiated.
        let sum = "x".to_owned() + &" + x".repeat(900);
        assert_eq!(run(&mut interp, &format!("grad(lambda x: {sum})(2.0)")).unwrap().to_string(), "901.0");
        let chain = "np.sin(".repeat(150) + "x" + &")".repeat(150);
        assert!(run(&mut interp, &format!("grad(lambda x: {chain})(2.0)")).is_ok());
        let branches = "if x > 9.0: y = x\n".to_owned() + &"    elif x < 0.0: y = -x\n".repeat(400);
        assert!(run(&mut interp, &format!("def k(x):\n    y = x\n    {branches}    return y\ngrad(k)(2.0)")).is_ok());
    });
}

/// Lists within lists: printing, comparing, and letting go of them.
#[test]
fn deep_values() {
    on_small_stack(|| {
        let mut interp = started();
        run(&mut interp, "def deep(n):\n    x = []\n    for _ in range(n):\n        x = [x]\n    return x\n").unwrap();
        run(&mut interp, "a = deep(20000)\nb = deep(20000)\n").unwrap();
        assert_eq!(run(&mut interp, "(a == b, a in [b], len(str(a)))").unwrap().to_string(), "(True, True, 40002)");
        assert_eq!(run(&mut interp, "grad(lambda x: x * len(a))(1.0)").unwrap().to_string(), "1.0");
        assert!(refused(&mut interp, "np.array(a)").message().contains("at most 64 axes"));
        run(&mut interp, "t = ()\nfor _ in range(20000):\n    t = (t,)\n").unwrap();
        assert_eq!(run(&mut interp, "(t == t, t < t, len(str(t)))").unwrap().to_string(), "(True, False, 60002)");
        assert_eq!(refused(&mut interp, "{t: 1}").kind(), ErrorKind::Limit);
        run(&mut interp, "d = {}\nfor _ in range(20000):\n    d = {'k': d}\n").unwrap();
        assert_eq!(run(&mut interp, "(d == d, len(str(d)))").unwrap().to_string(), "(True, 140002)");
        run(&mut interp, "a = deep(1000000)\nfor _ in range(1000000):\n    t = (t,)\n    d = {'k': d}\n").unwrap();
        let error = refused(&mut interp, "g = np.sin\nfor _ in range(1000000):\n    g = grad(g)\n");
        assert!(error.message().contains("at most 64 derivatives of derivatives"), "{error}");
        run(&mut interp, "h = lambda x: x\nfor _ in range(1000000):\n    h = (lambda k: lambda x: k(x))(h)\n").unwrap();
        assert_eq!(refused(&mut interp, "h(1.0)").kind(), ErrorKind::Limit);
        run(&mut interp, "a = b = t = d = h = 0").unwrap();
    });
}

#[test]
fn integers_overflow_with_an_error() {
    let mut interp = started();
    for text in [
        "9223372036854775807 + 1",
        "-9223372036854775807 - 2",
        "4611686018427387904 * 2",
        "2 ** 63",
        "1 << 63",
        "abs(-9223372036854775807 - 1)",
        "-(-9223372036854775807 - 1)",
        "(-9223372036854775807 - 1) // -1",
        "int(1e19)",
        "sum([9223372036854775807, 1])",
        "9223372036854775808",
        "np.arange(3)[9223372036854775807]",
        "range(10 ** 18)[10 ** 18]",
        "'a' * 10 ** 18",
        "[1] * 10 ** 18",
        "np.zeros(10 ** 18)",
        "np.zeros((10 ** 10, 10 ** 10))",
        "np.ones(3).reshape((2 ** 62, 4))",
    ] {
        let error = refused(&mut interp, text);
        assert!(!error.message().is_empty() && error.to_string().contains("<input>:1:"), "{text}: {error}");
    }
}

#[test]
fn linear_algebra_fails_with_an_error_or_as_numpy_does() {
    let mut interp = started();
    interp.run("from scipy import linalg\ns = np.ones((2, 2))\nnan = np.full((2, 2), np.nan)\n").unwrap();
    for text in [
        "np.linalg.solve(s, np.ones(2))",
        "np.linalg.inv(s)",
        "np.linalg.cholesky(-np.eye(2))",
        "np.linalg.svd(nan)",
        "np.linalg.solve(np.eye(2), np.ones(3))",
        "np.linalg.solve(np.ones((2, 3)), np.ones(2))",
        "np.linalg.inv(np.ones(3))",
        "np.linalg.det(np.ones((2, 3)))",
        "linalg.solve_triangular(np.zeros((2, 2)), np.ones(2))",
        "grad(lambda a: np.sum(np.linalg.inv(a)))(s)",
        "grad(lambda a: np.sum(np.linalg.cholesky(a)))(-np.eye(2))",
    ] {
        let error = refused(&mut interp, text);
        assert!(error.to_string().contains("<input>:1:"), "{text}: {error}");
    }
    assert_eq!(run(&mut interp, "np.linalg.det(s)").unwrap().to_string(), "0.0");
    for text in ["np.linalg.solve(nan, np.ones(2))", "np.linalg.inv(nan)", "np.linalg.det(nan)", "np.linalg.qr(nan)[0]"]
    {
        let all = run(&mut interp, &format!("np.all(np.isnan({text}))")).unwrap();
        assert_eq!(all.to_string(), "True", "{text}");
    }
    // Some of LAPACK's routines end the process on an empty matrix. Whatever these come to, it goes on.
    for (rows, columns) in [(0, 0), (0, 3), (3, 0)] {
        let a = format!("np.zeros(({rows}, {columns}))");
        for call in [
            "solve(a, np.zeros(0))",
            "solve(a, np.zeros((0, 2)))",
            "inv(a)",
            "det(a)",
            "slogdet(a)",
            "cholesky(a)",
            "qr(a)",
            "qr(a, mode='complete')",
            "svd(a)",
            "svd(a, full_matrices=False)",
            "svd(a, compute_uv=False)",
            "eigh(a)",
            "eigvalsh(a)",
            "pinv(a)",
            "matrix_rank(a)",
            "cond(a)",
            "norm(a)",
            "norm(a, 2)",
            "norm(a, 'nuc')",
            "lstsq(a, np.zeros(a.shape[0]))",
            "matrix_power(a, 3)",
            "eig(a)",
            "eigvals(a)",
        ] {
            let _ = run(&mut interp, &format!("a = {a}\nnp.linalg.{call}"));
            let _ = run(&mut interp, &format!("grad(lambda a: np.sum(np.linalg.{call}))({a})"));
        }
        for call in [
            "expm(a)",
            "solve_triangular(a, np.zeros(0))",
            "cho_factor(a)",
            "lu_factor(a)",
            "lu(a)",
            "logm(a)",
            "sqrtm(a)",
        ] {
            let _ = run(&mut interp, &format!("a = {a}\nlinalg.{call}"));
        }
        let _ = run(&mut interp, &format!("a = {a}\n(a @ a.T, a.T @ a)"));
    }
    for text in ["np.linalg.svd(np.zeros((3, 0)))[0].shape", "np.linalg.qr(np.zeros((0, 3)))[1].shape"] {
        let wanted = if text.contains("svd") { "(3, 3)" } else { "(0, 3)" };
        assert_eq!(run(&mut interp, text).unwrap().to_string(), wanted, "{text}");
    }
}

/// What computes without end, each a single statement: whatever limit is set ends it, and `kept` is what it was.
#[test]
fn limits_end_what_has_no_end() {
    on_small_stack(|| {
        let limited = |change: fn(&mut Limits)| {
            let mut interp = started();
            let mut limits = Limits { allocation: Some(64 << 20), ..Limits::default() };
            change(&mut limits);
            interp.set_limits(limits);
            interp.run("kept = [1, 2]\nsquare = np.ones((40, 40))\n").expect("this is allowed");
            interp
        };
        for text in [
            "[i for i in range(10 ** 12)]",
            "[0.5 * i for i in range(10 ** 12)]",
            "[[i] for i in range(10 ** 12)]",
            "list(range(10 ** 12))",
            "tuple(range(10 ** 12))",
            "sorted(range(10 ** 12))",
            "sum(range(10 ** 12))",
            "'a' * 10 ** 12",
            "[0] * 10 ** 12",
            "np.zeros(10 ** 12)",
            "np.eye(10 ** 6)",
            "np.arange(10 ** 12)",
            "np.linspace(0.0, 1.0, 10 ** 12)",
            "np.outer(np.ones(10 ** 5), np.ones(10 ** 5))",
            "np.ones((10 ** 5, 1)) + np.ones(10 ** 5)",
            "np.repeat(kept, 10 ** 12)",
            "np.ones((10 ** 6, 2)) @ np.ones((2, 10 ** 6))",
            "np.linalg.inv(np.ones((10 ** 5, 10 ** 5)))",
        ] {
            let mut interp = limited(|_| {});
            let error = refused(&mut interp, text);
            assert_eq!(error.kind(), ErrorKind::Limit, "{text}: {error}");
            assert!(!error.span().is_none(), "{text}: {error}");
            assert_eq!(run(&mut interp, "kept").unwrap().to_string(), "[1, 2]", "after {text}");
        }
        for text in [
            "def f():\n    while True:\n        pass\nf()",
            "def f():\n    x = 0.0\n    for i in range(10 ** 12):\n        x = x + 0.5 * i\n    return x\nf()",
            "def f():\n    x = square\n    while True:\n        x = x @ square * 0.01\nf()",
            "def f(n):\n    for i in range(n):\n        f(n)\nf(20000)",
            "list(map(lambda i: sum([i * k for k in range(100)]), range(10 ** 6)))",
            "sorted(range(10 ** 6), key=lambda i: sum([i * k for k in range(100)]))",
            "grad(lambda x: sum([sum([x * i for i in range(100)]) for k in range(10 ** 6)]))(1.0)",
        ] {
            let mut interp = limited(|limits| limits.time = Some(std::time::Duration::from_millis(300)));
            let started = std::time::Instant::now();
            let error = refused(&mut interp, text);
            assert_eq!(error.kind(), ErrorKind::Limit, "{text}: {error}");
            assert!(started.elapsed() < std::time::Duration::from_secs(20), "{text} took {:?}", started.elapsed());
            assert_eq!(run(&mut interp, "kept").unwrap().to_string(), "[1, 2]", "after {text}");
        }
        let mut interp = limited(|limits| limits.operations = Some(100_000));
        let error = refused(&mut interp, "def f():\n    x = 1.0\n    while True:\n        x = x * 0.5\nf()");
        assert_eq!((error.kind(), error.message()), (ErrorKind::Limit, "the limit of operations is reached"));
    });
}
