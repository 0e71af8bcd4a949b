//! Identities, errors, and every shape that crashes LAPACK where it is let through.

use std::sync::Arc;

use crate::interp::array::Array;
use crate::interp::library::floats::{floats, value_of};
use crate::interp::library::{Kernel, lookup};
use crate::interp::random::Generator;
use crate::interp::value::Value;
use crate::lang::{ErrorKind, Result};

/// Calls an entry with all its arguments.
fn call(name: &str, args: impl Into<Vec<Value>>) -> Result<Value> {
    let entry = lookup(name).unwrap();
    let Kernel::Pure(kernel) = entry.kernel else { panic!("{name} is not pure") };
    kernel(&mut args.into())
}

fn random(shape: &[usize], seed: u32) -> Value {
    let mut rng = Generator::new(&[seed]);
    value_of(shape, (0..shape.iter().product()).map(|_| rng.standard_normal()).collect()).unwrap()
}

fn full(shape: &[usize], x: f64) -> Value {
    value_of(shape, vec![x; shape.iter().product()]).unwrap()
}

fn elements(value: &Value) -> Vec<f64> {
    floats(value.clone(), "a").unwrap().iter().copied().collect()
}

fn shape(value: &Value) -> Vec<usize> {
    floats(value.clone(), "a").unwrap().shape().to_vec()
}

fn close(a: &Value, b: &Value) -> bool {
    shape(a) == shape(b) && elements(a).iter().zip(elements(b)).all(|(x, y)| (x - y).abs() < 1e-10)
}

fn transposed(value: &Value) -> Value {
    let mut a = floats(value.clone(), "a").unwrap();
    let last = a.ndim() - 1;
    a.swap_axes(last, last - 1);
    Value::Array(Arc::new(Array::Float(a)))
}

fn flag(b: bool) -> Value {
    Value::Bool(b)
}

#[test]
fn solving_with_a_factorisation_is_solving() {
    for (a, b) in [
        (vec![3, 3], vec![3]),
        (vec![5, 5], vec![5, 2]),
        (vec![2, 4, 4], vec![4]),
        (vec![2, 4, 4], vec![2, 4, 3]),
        (vec![2, 1, 4, 4], vec![3, 4, 1]),
        (vec![9, 9], vec![6, 9, 2]),
        (vec![0, 0], vec![0]),
        (vec![0, 0], vec![0, 3]),
        (vec![3, 3], vec![3, 0]),
        (vec![0, 3, 3], vec![0, 3, 2]),
    ] {
        let (a, b) = (random(&a, 1), random(&b, 2));
        let x = call("np.linalg.solve", [a.clone(), b.clone()]).unwrap();
        let factor = call("linalg.factorize", [a.clone()]).unwrap();
        let again = call("linalg.solve_factored", [factor.clone(), b.clone(), flag(false)]).unwrap();
        assert_eq!(elements(&x), elements(&again));
        let turned = call("linalg.solve_factored", [factor, b.clone(), flag(true)]).unwrap();
        assert!(close(&turned, &call("np.linalg.solve", [transposed(&a), b]).unwrap()));
    }
}

#[test]
fn inverse_determinant_and_cholesky_agree() {
    for shape_of_a in [vec![1, 1], vec![4, 4], vec![3, 5, 5], vec![0, 0], vec![2, 0, 0], vec![0, 3, 3]] {
        let a = random(&shape_of_a, 3);
        let inverse = call("np.linalg.inv", [a.clone()]).unwrap();
        assert_eq!(shape(&inverse), shape_of_a);
        let back = call("np.linalg.inv", [inverse.clone()]).unwrap();
        assert!(close(&back, &a));
        let (det, of_inverse) =
            (call("np.linalg.det", [a.clone()]).unwrap(), call("np.linalg.det", [inverse]).unwrap());
        assert_eq!(shape(&det), shape_of_a[..shape_of_a.len() - 2]);
        assert!(elements(&det).iter().zip(elements(&of_inverse)).all(|(d, i)| (d * i - 1.0).abs() < 1e-10));
        let Value::Tuple(parts) = call("np.linalg.slogdet", [a]).unwrap() else { panic!() };
        for ((sign, log), det) in elements(&parts[0]).iter().zip(elements(&parts[1])).zip(elements(&det)) {
            assert!((sign * log.exp() - det).abs() < 1e-10);
        }
    }
}

#[test]
fn cholesky_reads_one_triangle() {
    let a = value_of(&[2, 2], vec![4.0, 99.0, 2.0, 3.0]).unwrap();
    let lower = call("np.linalg.cholesky", [a.clone(), flag(false)]).unwrap();
    assert!(close(&lower, &value_of(&[2, 2], vec![2.0, 0.0, 1.0, 2f64.sqrt()]).unwrap()));
    let upper = call("np.linalg.cholesky", [transposed(&a), flag(true)]).unwrap();
    assert!(close(&upper, &transposed(&lower)));
    for shape in [vec![0, 0], vec![3, 0, 0], vec![0, 2, 2]] {
        assert_eq!(self::shape(&call("np.linalg.cholesky", [full(&shape, 1.0), flag(false)]).unwrap()), shape);
    }
}

#[test]
fn triangular_systems_read_their_triangle() {
    let (a, b) = (random(&[2, 4, 4], 5), random(&[4, 3], 6));
    for (lower, trans, unit) in [(false, 0, false), (true, 0, true), (false, 1, true), (true, 1, false)] {
        let x = call("linalg.solve_triangular", [a.clone(), b.clone(), Value::Int(trans), flag(lower), flag(unit)]);
        let mut dense = floats(a.clone(), "a").unwrap();
        let mut matrices = dense.view_mut().into_dimensionality::<ndarray::Ix3>().unwrap();
        for ((_, row, column), x) in matrices.indexed_iter_mut() {
            if (lower && column > row) || (!lower && column < row) {
                *x = 0.0;
            } else if unit && row == column {
                *x = 1.0;
            }
        }
        let dense = Value::Array(Arc::new(Array::Float(dense)));
        let dense = if trans == 1 { transposed(&dense) } else { dense };
        assert!(close(&x.unwrap(), &call("np.linalg.solve", [dense, b.clone()]).unwrap()));
    }
}

#[test]
fn what_has_no_solution_says_so() {
    let zero = full(&[2, 2], 0.0);
    let singular = [
        call("np.linalg.solve", [zero.clone(), full(&[2], 1.0)]),
        call("np.linalg.inv", [zero.clone()]),
        call("linalg.solve_triangular", [zero.clone(), full(&[2], 1.0), Value::Int(0), flag(false), flag(false)]),
    ];
    for result in singular {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Numeric, "singular matrix"));
    }
    let error = call("np.linalg.cholesky", [full(&[2, 2], 1.0), flag(false)]).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Numeric, "matrix is not positive definite"));
    assert_eq!(elements(&call("np.linalg.det", [zero.clone()]).unwrap()), [0.0]);
    let Value::Tuple(parts) = call("np.linalg.slogdet", [zero]).unwrap() else { panic!() };
    assert_eq!((elements(&parts[0]), elements(&parts[1])), (vec![0.0], vec![f64::NEG_INFINITY]));
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    for (result, named) in [
        (call("np.linalg.solve", [full(&[2, 2], 1.0), full(&[3], 1.0)]), "(3,)"),
        (call("np.linalg.solve", [full(&[2, 3], 1.0), full(&[2], 1.0)]), "(2, 3)"),
        (call("np.linalg.solve", [full(&[2, 2], 1.0), Value::Float(1.0)]), "number"),
        (call("np.linalg.solve", [random(&[2, 2, 2], 1), full(&[3, 2, 1], 1.0)]), "(3,)"),
        (call("np.linalg.inv", [full(&[4], 1.0)]), "(4,)"),
        (call("np.linalg.det", [Value::Float(1.0)]), "()"),
        (call("np.linalg.cholesky", [full(&[0, 3], 1.0), flag(false)]), "(0, 3)"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Shape);
        assert!(error.message().contains(named), "{}", error.message());
    }
}

#[test]
fn nan_does_not_crash() {
    let nan = full(&[3, 3], f64::NAN);
    assert!(elements(&call("np.linalg.solve", [nan.clone(), full(&[3], 1.0)]).unwrap()).iter().all(|x| x.is_nan()));
    assert!(elements(&call("np.linalg.det", [nan.clone()]).unwrap())[0].is_nan());
    assert!(elements(&call("np.linalg.cholesky", [nan, flag(false)]).unwrap()).iter().all(|x| x.is_nan() || *x == 0.0));
}

fn parts(value: Value) -> Vec<Value> {
    let Value::Tuple(parts) = value else { panic!("no tuple") };
    parts.to_vec()
}

fn product(a: &Value, b: &Value) -> Value {
    crate::interp::operators::binary(crate::lang::tree::BinaryOp::MatMul, a.clone(), b.clone()).unwrap()
}

fn scaled(a: &Value, s: &Value) -> Value {
    crate::interp::operators::binary(crate::lang::tree::BinaryOp::Mul, a.clone(), s.clone()).unwrap()
}

fn text(s: &str) -> Value {
    Value::str(s)
}

#[test]
fn decompositions_multiply_back() {
    for of_a in [
        vec![4, 3],
        vec![3, 4],
        vec![2, 3, 3],
        vec![1, 1],
        vec![0, 3],
        vec![3, 0],
        vec![0, 0],
        vec![2, 0, 3],
        vec![0, 2, 2],
    ] {
        let a = random(&of_a, 7);
        for full in [false, true] {
            let usv = parts(call("np.linalg.svd", [a.clone(), flag(full), flag(true), flag(false)]).unwrap());
            if !full {
                assert!(close(&product(&scaled_columns(&usv[0], &usv[1]), &usv[2]), &a), "svd of {of_a:?}");
            }
            assert!(orthonormal(&usv[0]) && orthonormal(&transposed(&usv[2])), "svd of {of_a:?}");
            let alone = call("np.linalg.svd", [a.clone(), flag(full), flag(false), flag(false)]).unwrap();
            assert!(close(&alone, &usv[1]));
        }
        for mode in ["reduced", "complete"] {
            let qr = parts(call("np.linalg.qr", [a.clone(), text(mode)]).unwrap());
            assert!(close(&product(&qr[0], &qr[1]), &a), "{mode} qr of {of_a:?}");
            assert!(orthonormal(&qr[0]), "{mode} qr of {of_a:?}");
        }
        let inverse = call("np.linalg.pinv", [a.clone(), Value::None, flag(false), Value::None]).unwrap();
        assert!(close(&product(&product(&a, &inverse), &a), &a), "pinv of {of_a:?}");
    }
    for of_a in [vec![4, 4], vec![3, 2, 2], vec![0, 0], vec![2, 0, 0], vec![0, 3, 3]] {
        let a = random(&of_a, 8);
        let symmetric = product(&transposed(&a), &a);
        for triangle in ["L", "U"] {
            let wv = parts(call("np.linalg.eigh", [symmetric.clone(), text(triangle)]).unwrap());
            assert!(
                close(&product(&scaled_columns(&wv[1], &wv[0]), &transposed(&wv[1])), &symmetric),
                "eigh of {of_a:?}"
            );
            assert!(close(&call("np.linalg.eigvalsh", [symmetric.clone(), text(triangle)]).unwrap(), &wv[0]));
        }
    }
}

fn scaled_columns(a: &Value, s: &Value) -> Value {
    let s = floats(s.clone(), "s").unwrap();
    let axis = s.ndim() - 1;
    scaled(a, &Value::from(s.insert_axis(ndarray::Axis(axis))))
}

fn orthonormal(q: &Value) -> bool {
    let gram = product(&transposed(q), q);
    let mut identity = floats(full(&shape(&gram), 0.0), "i").unwrap().into_owned();
    let n = shape(&gram)[identity.ndim() - 1];
    for (at, x) in identity.iter_mut().enumerate() {
        *x = if (at / n) % n == at % n { 1.0 } else { 0.0 };
    }
    close(&gram, &Value::from(identity))
}

#[test]
fn least_squares_solve_the_normal_equations() {
    for (of_a, of_b) in [
        (vec![5, 3], vec![5]),
        (vec![5, 3], vec![5, 2]),
        (vec![3, 5], vec![3]),
        (vec![0, 3], vec![0]),
        (vec![3, 0], vec![3, 2]),
    ] {
        let (a, b) = (random(&of_a, 9), random(&of_b, 10));
        let found = parts(call("np.linalg.lstsq", [a.clone(), b.clone(), Value::None]).unwrap());
        let normal = product(&transposed(&a), &product(&a, &found[0]));
        assert!(close(&normal, &product(&transposed(&a), &b)), "lstsq {of_a:?} {of_b:?}");
    }
}

#[test]
fn nan_and_infinity_do_not_crash_decompositions() {
    for x in [f64::NAN, f64::INFINITY] {
        let a = full(&[3, 3], x);
        let failed = [
            call("np.linalg.svd", [a.clone(), flag(true), flag(true), flag(false)]),
            call("np.linalg.pinv", [a.clone(), Value::None, flag(false), Value::None]),
            call("np.linalg.lstsq", [a.clone(), full(&[3], 1.0), Value::None]),
        ];
        assert!(failed.into_iter().all(|result| result.is_err_and(|error| error.kind() == ErrorKind::Numeric)));
        let values = call("np.linalg.eigvalsh", [a.clone(), text("L")]).unwrap();
        assert!(elements(&values).iter().all(|x| x.is_nan()));
        assert!(call("np.linalg.qr", [a, text("reduced")]).is_ok());
    }
}

#[test]
fn the_exponential_of_a_rotation_rotates() {
    for angle in [0.0, 0.01, 0.2, 0.8, 2.0, 5.0, 40.0, 400.0] {
        let a = value_of(&[2, 2], vec![0.0, -angle, angle, 0.0]).unwrap();
        let (sin, cos) = f64::sin_cos(angle);
        assert!(
            close(&call("linalg.expm", [a]).unwrap(), &value_of(&[2, 2], vec![cos, -sin, sin, cos]).unwrap()),
            "{angle}"
        );
    }
    assert_eq!(shape(&call("linalg.expm", [full(&[2, 0, 0], 0.0)]).unwrap()), [2, 0, 0]);
}
