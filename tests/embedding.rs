//! The interpreter as a host uses it.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cotangent::{Array, ErrorKind, Interp, Limits, Value};
use ndarray::{Array1, Array2, array};

fn interp(text: &str) -> Interp {
    let mut interp = Interp::new();
    interp.run(text).expect("the program runs");
    interp
}

#[test]
fn values_go_in_and_come_out() {
    let mut interp = Interp::new();
    interp.set("n", 3).unwrap();
    interp.set("words", vec!["a", "b"]).unwrap();
    interp.set("m", array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
    interp.set("table", HashMap::from([("k".to_owned(), 1.5)])).unwrap();
    interp.run("total = n + m[1, 1] + table['k'] + len(words)").unwrap();
    assert_eq!(interp.get::<f64>("total").unwrap(), 10.5);
    assert_eq!(interp.get::<Array2<f64>>("m").unwrap(), array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(interp.get::<Vec<String>>("words").unwrap(), ["a", "b"]);
    let function = interp.eval("lambda: (1, None)").unwrap();
    let pair: (i64, Option<f64>) = interp.call_value(&function, ()).unwrap();
    assert_eq!(pair, (1, None));
    assert_eq!(interp.get::<i64>("words").unwrap_err().kind(), ErrorKind::Type);
    assert_eq!(interp.get::<i64>("nothing").unwrap_err().kind(), ErrorKind::Name);
}

#[test]
fn an_owned_array_moves_in_and_out_without_a_copy() {
    let mut interp = interp("def same(x):\n    x[0] = 7.0\n    return x\n");
    let x = Array1::<f64>::zeros(1000);
    let buffer = x.as_ptr();
    let y: Array1<f64> = interp.call("same", (x,)).unwrap();
    assert_eq!(y[0], 7.0);
    assert_eq!(y.as_ptr(), buffer);
}

/// The buffer of a float array, to see whether it has been copied.
fn buffer(value: &Value) -> *const f64 {
    match value {
        Value::Array(array) => match &**array {
            Array::Float(storage) => storage.as_ptr(),
            _ => panic!("not a float array"),
        },
        _ => panic!("not an array"),
    }
}

#[test]
fn updates_of_what_nobody_else_holds_do_not_copy() {
    let mut interp = interp(
        "import numpy as np
def renamed(x):
    y = x
    for i in range(len(y)):
        y[i] = i * 1.0
        y[i] += y[i - 1]
    return y
def passed(x):
    z = renamed(x)
    z[1:] = 0.0
    return z
def in_dict(x):
    p = {'w': x}
    p['w'][0] = 1.0
    p['w'] += 1.0
    return p['w']
def chained(x):
    return (x * 2.0 + 1.0) - x
def kept(x):
    y = x
    y[0] = 5.0
    return x
",
    );
    for (name, moves) in [("renamed", true), ("passed", true), ("in_dict", true), ("kept", false)] {
        let x = Array1::<f64>::zeros(100);
        let before = x.as_ptr();
        let y: Value = interp.call(name, (x,)).unwrap();
        assert!(buffer(&y) == before || !moves, "{name}");
    }
    let kept: Array1<f64> = interp.call("kept", (Array1::<f64>::zeros(2),)).unwrap();
    assert_eq!(kept[0], 0.0);
    let chained: Array1<f64> = interp.call("chained", (Array1::<f64>::ones(2),)).unwrap();
    assert_eq!(chained[0], 2.0);
}

#[test]
fn a_global_array_is_updated_in_place() {
    let mut interp = interp("import numpy as np\nx = np.zeros(10)\n");
    let before = buffer(&interp.get::<Value>("x").unwrap());
    interp.run("x[3] = 1.0\nfor i in range(10):\n    x[i] += 1.0\n").unwrap();
    assert_eq!(buffer(&interp.get::<Value>("x").unwrap()), before);
    assert!(interp.eval("x[99] = 1.0").is_err());
    assert_eq!(interp.get::<Array1<f64>>("x").unwrap()[3], 2.0);
}

#[test]
fn native_functions_are_called_with_converted_arguments() {
    let mut interp = Interp::new();
    interp.register("hypotenuse", |x: f64, y: f64| x.hypot(y)).unwrap();
    interp.register("fails", |_: i64| -> Result<i64, String> { Err("the disk is full".into()) }).unwrap();
    assert_eq!(f64::from_value(interp.eval("hypotenuse(3, 4)").unwrap()), 5.0);
    let error = interp.eval("hypotenuse('a', 4)").unwrap_err();
    assert!(error.message().contains("hypotenuse() argument 1"), "{error}");
    let error = interp.eval("fails(1)").unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Host, "the disk is full"));
}

trait FromValueExt {
    fn from_value(value: Value) -> f64;
}
impl FromValueExt for f64 {
    fn from_value(value: Value) -> f64 {
        cotangent::FromValue::from_value(value).unwrap()
    }
}

#[test]
fn after_an_error_the_interpreter_goes_on() {
    let mut interp = interp("x = 1\n");
    assert!(interp.run("x = 2\ny = undefined\nx = 3\n").is_err());
    assert_eq!(interp.get::<i64>("x").unwrap(), 2);
    let error = interp.eval("def f(n):\n    return f(n + 1)\nf(0)\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(interp.get::<i64>("x").unwrap(), 2);
    assert!(interp.eval("1 + 1").map(|v| matches!(v, Value::Int(2))).unwrap());
}

#[test]
fn limits_end_a_run() {
    let mut interp = Interp::new();
    interp.set_limits(Limits { time: Some(Duration::from_millis(50)), ..Limits::default() });
    assert_eq!(interp.run("while True:\n    pass\n").unwrap_err().kind(), ErrorKind::Limit);
    interp.set_limits(Limits { operations: Some(10_000), ..Limits::default() });
    let endless = "def f():\n    x = 1.0\n    while True:\n        x = x * 1.5\nf()\n";
    assert_eq!(interp.run(endless).unwrap_err().kind(), ErrorKind::Limit);
    interp.set_limits(Limits { output: Some(100), ..Limits::default() });
    interp.set_print(|_| {});
    assert_eq!(interp.run("while True:\n    print('x')\n").unwrap_err().kind(), ErrorKind::Limit);
    interp.set_limits(Limits::default());
    let handle = interp.interrupt_handle();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        handle.store(true, Ordering::Relaxed);
    });
    assert_eq!(interp.run("while True:\n    pass\n").unwrap_err().kind(), ErrorKind::Interrupted);
    thread.join().unwrap();
    interp.run("x = 1\n").unwrap();
}

#[test]
fn operations_are_counted() {
    let mut interp =
        interp("def f(n):\n    x = 1.0\n    for i in range(n):\n        x = x * 0.5 + 1.0\n    return x\n");
    let _: f64 = interp.call("f", (100,)).unwrap();
    assert_eq!(interp.operations(), 200);
}

#[test]
fn modules_come_through_the_loader() {
    let mut interp = Interp::new();
    let loads = Arc::new(Mutex::new(0));
    let counted = loads.clone();
    interp.set_loader(move |path| {
        *counted.lock().unwrap() += 1;
        match path {
            "shapes.cot" => {
                Ok(b"import numpy as np\nscale = 2.0\ndef area(r):\n    return scale * np.pi * r\n".to_vec())
            }
            "a.cot" => Ok(b"import b\n".to_vec()),
            "b.cot" => Ok(b"import a\n".to_vec()),
            _ => Err(cotangent::Error::host("no such file")),
        }
    });
    interp.run("import shapes\nfrom shapes import area as other\nx = shapes.area(1.0)\ny = other(1.0)\n").unwrap();
    assert_eq!(interp.get::<f64>("x").unwrap(), interp.get::<f64>("y").unwrap());
    assert_eq!(*loads.lock().unwrap(), 1);
    assert!(interp.run("import a\n").unwrap_err().message().contains("imports itself"));
    assert_eq!(interp.run("import missing\n").unwrap_err().kind(), ErrorKind::Name);
}

#[test]
fn functions_follow_the_globals_they_read() {
    let mut interp = interp("k = 2\ndef g(x):\n    return k * x\ndef f(x):\n    return g(x) + 1\n");
    assert_eq!(interp.call::<i64>("f", (3,)).unwrap(), 7);
    interp.run("k = 0.5\n").unwrap();
    assert_eq!(interp.call::<f64>("f", (3,)).unwrap(), 2.5);
    interp.run("def g(x):\n    return [x]\n").unwrap();
    assert_eq!(interp.eval("f(1)").unwrap_err().kind(), ErrorKind::Type);
    interp.run("def g(x):\n    return 10\n").unwrap();
    assert_eq!(interp.call::<i64>("f", (3,)).unwrap(), 11);
}

#[test]
fn long_sums_and_deep_brackets_do_not_exhaust_the_stack() {
    let mut interp = Interp::new();
    let sum = vec!["1"; 900].join(" + ");
    assert!(matches!(interp.eval(&sum), Ok(Value::Int(900))));
    for n in [150, 100_000] {
        let text = format!("{}1{}", "(".repeat(n), ")".repeat(n));
        let _ = interp.eval(&text);
        let text = format!("{}1{}", "[".repeat(n), "]".repeat(n));
        let _ = interp.eval(&text);
    }
    assert!(matches!(interp.eval("2"), Ok(Value::Int(2))));
}

#[test]
fn functions_of_the_host_are_differentiated_by_the_rules_they_are_given() {
    let mut interp = Interp::new();
    interp.register("cube", |x: f64| x * x * x).unwrap();
    let error = interp.eval("grad(lambda x: 2.0 * cube(x))(2.0)").unwrap_err();
    assert!(error.message().contains("no rule says how it is differentiated"), "{error}");
    interp.register_adjoint("cube", |y_bar: f64, _y: f64, x: f64| (3.0 * x * x * y_bar,)).unwrap();
    assert_eq!(interp.eval("grad(lambda x: 2.0 * cube(x))(2.0)").unwrap().to_string(), "24.0");
    assert!(interp.eval("jvp(cube, (2.0,), (1.0,))").unwrap_err().message().contains("no tangent rule"));
    interp.register_tangent("cube", |_y: f64, x: f64, x_dot: f64| 3.0 * x * x * x_dot).unwrap();
    assert_eq!(interp.eval("jvp(cube, (2.0,), (1.0,))").unwrap().to_string(), "(8.0, 12.0)");
    // The native rule is a function of the host again: the second derivative needs its own.
    assert!(interp.eval("grad(grad(cube))(2.0)").unwrap_err().message().contains("cube_adjoint"));
    interp.run("@partial(cube)\ndef _(y, x): return 3.0 * x ** 2\n").unwrap();
    interp.register("mix", |x: f64, y: f64| x * y).unwrap();
    interp.register_partial("mix", |_z: f64, x: f64, y: f64| (y, x)).unwrap();
    assert_eq!(interp.eval("grad(mix, (0, 1))(3.0, 4.0)").unwrap().to_string(), "(4.0, 3.0)");
    assert_eq!(interp.eval("grad(mix, 1)(3.0, 4.0)").unwrap().to_string(), "3.0");
    // Inside loops and branches, and where nothing varies.
    interp.run("def f(x, n):\n    for i in range(n):\n        x = mix(x, 2.0) if i % 2 == 0 else x + mix(1.0, 5.0)\n    return x\n").unwrap();
    assert_eq!(interp.eval("grad(f)(3.0, 4)").unwrap().to_string(), "4.0");
}
