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
