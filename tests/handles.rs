//! What a host keeps of an interpreter and hands to it: handles of functions, structs, modules, arrays of any dimension.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use cotangent::{ErrorKind, Function, Interp, Limits, Value, record};
use ndarray::{Array, Array0, Array1, Array2, Array3, ArrayD, Dimension, Ix5, array, s};

fn interp(text: &str) -> Interp {
    let mut interp = Interp::new();
    interp.run(text).expect("the program runs");
    interp
}

#[test]
fn handles_call_functions_and_their_gradients() {
    let mut interp = interp("k = 3.0\ndef loss(w, x):\n    return ((w * x) ** 2).sum() * k\n");
    let (loss, g) = (interp.function("loss").unwrap(), interp.grad("loss").unwrap());
    let w = array![1.0, 2.0];
    assert_eq!(loss.call::<f64>((w.clone(), 2.0)).unwrap(), 60.0);
    assert_eq!(g.call::<Array1<f64>>((w.clone(), 2.0)).unwrap(), array![24.0, 48.0]);
    let (value, gradient): (f64, Array1<f64>) = interp.value_and_grad("loss").unwrap().call((w.clone(), 2.0)).unwrap();
    assert_eq!((value, gradient), (60.0, array![24.0, 48.0]));
    // Globals are those of the interpreter; the name may come to stand for something else.
    interp.run("k = 1.0\ndef loss(w, x):\n    return 0.0\n").unwrap();
    assert_eq!(g.call::<Array1<f64>>((w, 2.0)).unwrap(), array![8.0, 16.0]);
    assert!(g.source().unwrap().contains("def loss_grad(w, x):"));
    let cube = interp.eval("lambda x: x ** 3").unwrap();
    let second = interp.handle(cube).unwrap().grad().unwrap().grad().unwrap();
    assert_eq!(second.call::<f64>((2.0,)).unwrap(), 12.0);
    // Handles are values, too.
    let twice = interp.eval("lambda f, x: f(f(x))").unwrap();
    assert_eq!(interp.call_value::<f64>(&twice, (&second, 1.0)).unwrap(), 36.0);
    assert_eq!(interp.function("k").unwrap_err().kind(), ErrorKind::Type);
    assert_eq!(interp.grad("los").unwrap_err().kind(), ErrorKind::Name);
    drop(interp);
    assert_eq!(second.call::<f64>((1.0,)).unwrap(), 6.0);
}

#[test]
fn handles_go_to_other_threads() {
    fn sendable<T: Send + Sync>(_: &T) {}
    let interp = interp("def f(x):\n    for i in range(200):\n        x = x + 1.0\n    return x\n");
    let f = interp.function("f").unwrap();
    sendable(&f);
    sendable(&interp);
    let threads: Vec<_> = (0..4)
        .map(|i| {
            let f = f.clone();
            std::thread::spawn(move || (0..50).map(|_| f.call::<f64>((f64::from(i),)).unwrap()).sum::<f64>())
        })
        .collect();
    for (i, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap(), 50.0 * (200.0 + i as f64));
    }
}

#[test]
fn a_native_function_cannot_run_the_interpreter_that_calls_it() {
    let mut interp = interp("def f(x):\n    return x\n");
    let kept: Arc<OnceLock<Function>> = Arc::default();
    let inner = kept.clone();
    interp.register("again", move |x: f64| inner.get().map(|f| f.call::<f64>((x,))).expect("set before")).unwrap();
    kept.set(interp.function("f").unwrap()).unwrap();
    let error = interp.eval("again(1.0)").unwrap_err();
    assert!(error.message().contains("cannot use the interpreter that is calling it"), "{error}");
    assert_eq!(interp.call::<f64>("f", (2.0,)).unwrap(), 2.0);
    // Another one it may.
    let other = Interp::new().handle(Interp::new().eval("lambda x: x + 1").unwrap()).unwrap();
    interp.register("other", move |x: f64| other.call::<f64>((x,))).unwrap();
    assert_eq!(interp.eval("other(1.0)").unwrap().to_string(), "2.0");
}

#[test]
fn limits_and_interrupts_hold_for_handles() {
    let mut interp = interp("def endless(x):\n    while True:\n        x = x + 1.0\ndef f():\n    print('text')\n");
    interp.set_limits(Limits { time: Some(Duration::from_millis(20)), ..Limits::default() });
    let endless = interp.function("endless").unwrap();
    assert_eq!(endless.call::<f64>((1.0,)).unwrap_err().kind(), ErrorKind::Limit);
    // A few operations that take long each.
    interp.run("import numpy as np\ndef slow(a):\n    for i in range(1000000):\n        b = a @ a\n        b = np.linalg.svd(a)\n").unwrap();
    let start = Instant::now();
    let error = interp.call::<()>("slow", (Array2::<f64>::ones((200, 200)),)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(start.elapsed() < Duration::from_secs(5));
    interp.set_limits(Limits::default());
    let interrupt = interp.interrupt_handle();
    let thread = std::thread::spawn(move || endless.call::<f64>((1.0,)).unwrap_err().kind());
    // The flag is taken down by the run that it ends.
    while !thread.is_finished() {
        interrupt.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(thread.join().unwrap(), ErrorKind::Interrupted);
    interrupt.store(false, Ordering::Relaxed);
    let printed: Arc<Mutex<String>> = Arc::default();
    let sink = printed.clone();
    interp.set_print(move |text| sink.lock().unwrap().push_str(text));
    interp.function("f").unwrap().call::<()>(()).unwrap();
    assert_eq!(*printed.lock().unwrap(), "text\n");
}

record! {
    /// A layer of a network.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Layer {
        /// Its weights.
        pub w: Array2<f64>,
        /// What is added.
        pub b: Array1<f64>,
    }

    #[derive(Debug, Clone, PartialEq)]
    struct Network {
        layers: Vec<Layer>,
        scale: f64,
        name: Option<String>,
    }
}

#[test]
fn structs_are_dicts() {
    let mut interp = interp(
        "import numpy as np
def loss(n, x):
    for layer in n['layers']:
        x = np.tanh(layer['w'] @ x + layer['b'])
    return n['scale'] * x.sum()
",
    );
    let layer = Layer { w: array![[1.0, 0.0], [0.0, 1.0]], b: array![0.0, 0.0] };
    let network = Network { layers: vec![layer.clone(), layer], scale: 2.0, name: None };
    interp.set("n", network.clone()).unwrap();
    assert_eq!(interp.get::<Network>("n").unwrap(), network);
    let g: BTreeMap<String, Value> = interp.grad("loss").unwrap().call((network, array![0.0, 0.0])).unwrap();
    assert_eq!(g["scale"].to_string(), "0.0");
    interp.set("half", HashMap::from([("w", 1.0)])).unwrap();
    let error = interp.get::<Layer>("half").unwrap_err();
    assert_eq!(error.message(), "Layer.w: expected an array of 2 axes, found 0");
    interp.run("half = {'w': np.eye(2)}").unwrap();
    assert_eq!(interp.get::<Layer>("half").unwrap_err().message(), "Layer has no field 'b'");
    interp.set("half", 1).unwrap();
    assert!(interp.get::<Layer>("half").unwrap_err().message().starts_with("expected a dict with the fields of Layer"));
}

#[test]
fn modules_of_the_host_are_imported() {
    let mut interp = Interp::new();
    interp.module("device").unwrap().set("gain", 2.0).unwrap().register("read", |at: usize| at as f64).unwrap();
    interp.module("device").unwrap().register("scaled", |x: f64, by: f64| x * by).unwrap();
    interp.run("import device\nfrom device import scaled as s\ny = s(device.read(3), device.gain)\n").unwrap();
    assert_eq!(interp.get::<f64>("y").unwrap(), 6.0);
    assert_eq!(interp.run("import device\ndevice.nothing\n").unwrap_err().kind(), ErrorKind::Name);
    assert_eq!(interp.run("read(1)\n").unwrap_err().kind(), ErrorKind::Name);
    assert_eq!(interp.module("numpy").err().unwrap().kind(), ErrorKind::Host);
    // An argument that does not convert is named.
    let error = interp.eval("device.read(-1)").unwrap_err();
    assert!(error.message().contains("read() argument 1: -1 does not fit in usize"), "{error}");
}

/// Through a function and back, and through a global variable and back: the buffer stays where it is.
fn moves<D: Dimension>(interp: &mut Interp, x: Array<f64, D>) {
    let (buffer, expected) = (x.as_ptr(), x.clone());
    let same = interp.function("same").unwrap();
    let y: Array<f64, D> = same.call((x,)).unwrap();
    assert_eq!(y, expected);
    assert_eq!(y.as_ptr(), buffer);
    interp.set("kept", y).unwrap();
    let z: Array<f64, D> = interp.take("kept").unwrap();
    assert_eq!(z.as_ptr(), buffer);
    assert_eq!(interp.get::<Value>("kept").unwrap_err().kind(), ErrorKind::Name);
    // A value that a program still has is copied.
    interp.set("kept", z).unwrap();
    let copy: Array<f64, D> = interp.get("kept").unwrap();
    assert_ne!(copy.as_ptr(), buffer);
    assert_eq!(copy, expected);
}

#[test]
fn arrays_of_any_dimension_move() {
    let mut interp = interp("def same(x):\n    return x\n");
    moves(&mut interp, Array1::linspace(0.0, 1.0, 12));
    moves(&mut interp, Array2::from_shape_fn((3, 4), |(i, j)| i as f64 - j as f64));
    moves(&mut interp, Array3::from_elem((2, 3, 4), 1.5));
    moves(&mut interp, Array::<f64, Ix5>::ones((1, 2, 3, 2, 1)));
    moves(&mut interp, ArrayD::<f64>::zeros(vec![2; 8]));
    // Column-major and reversed, too.
    moves(&mut interp, Array2::from_shape_fn((3, 4), |(i, j)| (i * j) as f64).reversed_axes());
    let same = interp.function("same").unwrap();
    assert_eq!(same.call::<Array0<f64>>((2.5,)).unwrap().into_scalar(), 2.5);
    assert_eq!(same.call::<f64>((Array0::from_elem((), 2.5),)).unwrap(), 2.5);
    assert_eq!(same.call::<Array2<f64>>((Array2::<f64>::zeros((0, 3)),)).unwrap().shape(), [0, 3]);
    assert_eq!(same.call::<Array1<f64>>((array![1, 2],)).unwrap(), array![1.0, 2.0]);
    assert_eq!(same.call::<Array1<bool>>((array![true, false],)).unwrap(), array![true, false]);
    let error = same.call::<Array2<f64>>((array![1.0],)).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Shape, "expected an array of 2 axes, found 1"));
    assert_eq!(same.call::<Array1<i64>>((array![1.5],)).unwrap_err().kind(), ErrorKind::Type);
    let grid = Array2::from_shape_fn((3, 4), |(i, j)| (4 * i + j) as f64);
    let column: Array1<f64> = same.call((grid.slice(s![.., 1]),)).unwrap();
    assert_eq!(column, array![1.0, 5.0, 9.0]);
    assert_eq!(same.call::<Array2<f64>>((&grid,)).unwrap(), grid);
    let shared = grid.clone().into_shared();
    let back: Array2<f64> = same.call((shared.clone(),)).unwrap();
    assert_eq!((back, shared.into_owned()), (grid.clone(), grid));
}

#[test]
fn plain_values_convert_both_ways() {
    let interp = interp("def same(x):\n    return x\n");
    let same = interp.function("same").unwrap();
    macro_rules! survives {
        ($($t:ty: $value:expr),* $(,)?) => { $( assert_eq!(same.call::<$t>(($value,)).unwrap(), $value); )* };
    }
    survives! {
        f64: 0.1, f32: 0.5_f32, i64: i64::MIN, i32: -3_i32, u8: 255_u8, usize: 7_usize, bool: true, String: "é".to_owned(),
        (f64, String, bool): (1.0, "a".to_owned(), false),
        ((i64,), Vec<f64>): ((1,), vec![1.0, 2.0]),
        Vec<Option<i64>>: vec![Some(1), None],
        [f64; 3]: [1.0, 2.0, 3.0],
        Vec<Vec<i64>>: vec![vec![1], vec![]],
        HashMap<String, f64>: HashMap::from([("a".to_owned(), 1.0)]),
        BTreeMap<i64, Vec<bool>>: BTreeMap::from([(2, vec![true]), (1, vec![])]),
    }
    assert_eq!(same.call::<Vec<f64>>((&[1.0, 2.0][..],)).unwrap(), [1.0, 2.0]);
    assert_eq!(same.call::<String>(("text",)).unwrap(), "text");
    assert_eq!(same.call::<u8>((256,)).unwrap_err().message(), "256 does not fit in u8");
    assert_eq!(same.call::<i64>((1.0,)).unwrap_err().message(), "expected an int, found float");
    assert_eq!(same.call::<[f64; 2]>((vec![1.0],)).unwrap_err().message(), "expected 2 elements, found 1");
    assert!(same.call::<f64>((u64::MAX,)).unwrap_err().message().contains("does not fit in 64 bits"));
}
