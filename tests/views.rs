//! What NumPy gives a view for is a view: its elements are those of the array it was made of, at the same places in memory.

use cotangent::{Array, Interp, Value};

/// Where the elements of an array of floats begin and end.
fn places(value: &Value) -> (usize, usize) {
    let Value::Array(array) = value else { panic!("no array") };
    let Array::Float(a) = &**array else { panic!("no floats") };
    let places = a.iter().map(|x| std::ptr::from_ref(x) as usize);
    (places.clone().min().expect("elements"), places.max().expect("elements"))
}

#[test]
fn views_have_no_elements_of_their_own() {
    let mut interp = Interp::new();
    interp
        .run("import numpy as np\nx = np.reshape(np.arange(24) * 0.5, (2, 3, 4))\nm = np.reshape(np.arange(12) * 0.5, (3, 4))\nv = np.arange(9) * 0.5")
        .expect("arrays");
    let expressions = [
        "x[1]",
        "x[:, ::2]",
        "x[..., ::-1]",
        "x[None, :, 1:, 2]",
        "x.T",
        "np.transpose(x, (1, 0, 2))",
        "np.swapaxes(x, 0, 2)",
        "np.moveaxis(x, 0, -1)",
        "np.rollaxis(x, 2)",
        "np.expand_dims(x, (0, 2))",
        "np.squeeze(x[:, :1])",
        "np.squeeze(x[:, :1], 1)",
        "np.flip(x)",
        "np.flip(x, 1)",
        "np.fliplr(x)",
        "np.flipud(x)",
        "np.rot90(x)",
        "np.rot90(x, 3)",
        "np.ravel(x)",
        "x.reshape(-1)",
        "np.reshape(x, (6, 4))",
        "x[:, ::2].reshape(2, 1, 2, 4)",
        "x[:, :, 1].reshape(2, 3, 1)",
        "v[::2].reshape(-1, 1)",
        "v[::-1].reshape(1, -1)",
        "np.reshape(v[::2][:, None], (5,))",
        "np.diagonal(m)",
        "np.diagonal(m, 1)",
        "np.diagonal(m, -2)",
        "np.diag(m)",
        "np.matrix_transpose(x)",
        "np.atleast_2d(v)",
        "np.atleast_3d(m)",
        "np.asarray(x)",
        "np.real(x)",
        "np.split(v, 3)[1]",
        "np.array_split(v, 2)[0]",
        "np.hsplit(m, 2)[1]",
        "np.unstack(m)[1]",
        "np.broadcast_to(x, (2, 3, 4))",
        "np.linalg.diagonal(m)",
        "np.astype(x, float, copy=False)",
        "m.mT",
        "x.ravel()",
    ];
    let mut copied = Vec::new();
    for text in expressions {
        let bases = ["x", "m", "v"].map(|name| places(&interp.get::<Value>(name).expect("an array")));
        let (first, last) = places(&interp.eval(text).unwrap_or_else(|error| panic!("{text}: {error}")));
        if !bases.iter().any(|&(from, to)| from <= first && last <= to) {
            copied.push(text);
        }
    }
    assert!(copied.is_empty(), "copied: {copied:?}");
    // And what computes is no view, so that the test can fail.
    let (first, _) = places(&interp.eval("x + 1.0").expect("a sum"));
    let (from, to) = places(&interp.get::<Value>("x").expect("an array"));
    assert!(first < from || to < first);
}
