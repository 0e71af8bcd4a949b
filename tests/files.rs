//! Files that programs write and read through the host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use cotangent::{Error, Interp, Value};

type Files = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// An interpreter that reads and writes files in memory.
fn with_files() -> (Interp, Files) {
    let files: Files = Arc::default();
    let mut interp = Interp::new();
    let (read, written) = (files.clone(), files.clone());
    interp.set_loader(move |path| {
        read.lock().expect("the files").get(path).cloned().ok_or_else(|| Error::host(format!("there is no {path}")))
    });
    interp.set_writer(move |path, bytes| {
        written.lock().expect("the files").insert(path.to_string(), bytes.to_vec());
        Ok(())
    });
    interp
        .run(
            "import numpy as np\nx = np.array([[1.5, -2.0], [0.25, 1e10]])\nv = np.array([1.5, -2.25, 3e-7])\n\
             i = np.array([[1, -2], [30, 4]])",
        )
        .expect("the arrays");
    (interp, files)
}

#[test]
fn tables_are_written_as_numpy_writes_them() {
    let (mut interp, files) = with_files();
    for line in include_str!("oracle/savetxt.txt").lines() {
        let (arguments, want) = line.split_once('\t').expect("arguments and a text");
        interp.run(&format!("np.savetxt('t.txt', {arguments})")).unwrap_or_else(|e| panic!("{arguments}: {e}"));
        let Value::Str(want) = interp.eval(want).expect("a string") else { panic!("{want} is no string") };
        let written = String::from_utf8(files.lock().expect("the files")["t.txt"].clone()).expect("text");
        assert_eq!(written, *want, "{arguments}");
    }
}

#[test]
fn what_is_saved_is_loaded() {
    let (mut interp, _) = with_files();
    for array in ["x", "x.T", "v[::-1]", "i", "x > 0", "np.zeros((0, 3))"] {
        let same = interp
            .eval(&format!(
                "np.save('a', {array})\nb = np.load('a.npy')\nb.dtype == ({array}).dtype and np.array_equal(b, {array})"
            ))
            .unwrap_or_else(|e| panic!("{array}: {e}"));
        assert!(matches!(same, Value::Bool(true)), "{array}");
    }
    let same = interp.eval("np.savetxt('t', x)\nnp.array_equal(np.loadtxt('t'), x)").expect("a table");
    assert!(matches!(same, Value::Bool(true)));
}

#[test]
fn without_the_hosts_leave_nothing_is_written() {
    let error = Interp::new().eval("import numpy as np\nnp.save('a', np.ones(3))").expect_err("no leave");
    assert!(error.message().contains("does not grant writing"), "{error}");
}
