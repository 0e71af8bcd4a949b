//! The programs and their adjoints in Rust, as one would write them for speed: what a gradient could cost.

mod functions;
mod loops;
mod networks;

use std::hint::black_box;

use crate::cases::{Call, Prepared};
use crate::measure::processor_time;
use networks::{Lstm, cross_entropy, network, network_gradient, square_error};

/// A case on the arrays and numbers of its arguments, in their order.
pub fn prepared(name: &str, size: usize, leaves: Vec<Vec<f64>>) -> Option<Prepared> {
    let number = |at: usize| leaves[at][0];
    let case = match name {
        "logistic" => {
            let (x, r, n, mut kept) = (number(0), number(1), size, Vec::new());
            both(
                move || loops::logistic(black_box(x), r, n),
                move |out| {
                    let (x_bar, r_bar) = loops::logistic_gradient(black_box(x), r, n, &mut kept);
                    out.extend([x_bar, r_bar]);
                },
            )
        }
        "lorenz" => {
            let u = [number(0), number(1), number(2)];
            let p = [number(3), number(4), number(5)];
            let (n, h, mut kept) = (size, number(7), Vec::new());
            both(
                move || loops::lorenz(black_box(u), p, n, h),
                move |out| {
                    let (u_bar, p_bar) = loops::lorenz_gradient(black_box(u), p, n, h, &mut kept);
                    out.extend(u_bar.iter().chain(&p_bar));
                },
            )
        }
        "burgers" => {
            let fluid = (number(1), size, number(3), number(4));
            let (u, mut kept) = (leaves[0].clone(), Vec::new());
            let start = u.clone();
            both(
                move || loops::burgers(&mut black_box(&start).clone(), fluid),
                move |out| {
                    let (u_bar, nu_bar) = loops::burgers_gradient(black_box(&u), fluid, &mut kept);
                    out.extend(u_bar);
                    out.push(nu_bar);
                },
            )
        }
        "elementwise-10" | "elementwise-1000" | "elementwise-1000000" => {
            let [x, same] = twice(&leaves[0]);
            both(
                move || functions::elementwise(black_box(&x)),
                move |out| {
                    out.resize(same.len(), 0.0);
                    functions::elementwise_gradient(black_box(&same), out);
                },
            )
        }
        "network" => {
            let [params, same] = twice(&leaves[..6]);
            let ([x, same_x], [y, same_y]) = (twice(&leaves[6]), twice(&leaves[7]));
            both(
                move || network(black_box(&params), &x, &cross_entropy(&y)),
                move |out| {
                    let gradients = network_gradient(black_box(&same), &same_x, &cross_entropy(&same_y));
                    gradients.iter().for_each(|gradient| out.extend(gradient));
                },
            )
        }
        "tiny" => {
            let ([params, same], [x, same_x]) = (twice(&leaves[..4]), twice(&leaves[4]));
            both(
                move || network(black_box(&params), &x, &square_error),
                move |out| {
                    let gradients = network_gradient(black_box(&same), &same_x, &square_error);
                    gradients.iter().for_each(|gradient| out.extend(gradient));
                },
            )
        }
        "lstm" => {
            let make = || Lstm::new(&leaves[0], &leaves[1], &leaves[2], &leaves[3]);
            let (lstm, same) = (make(), make());
            both(move || black_box(&lstm).primal(), move |out| out.extend(black_box(&same).gradient()))
        }
        "process" => {
            let [leaves, same] = twice(&leaves[..]);
            both(
                move || functions::process(black_box(&leaves[0]), &leaves[1], &leaves[2]).unwrap_or(f64::NAN),
                move |out| {
                    let gradient = functions::process_gradient(black_box(&same[0]), &same[1], &same[2]);
                    out.extend(gradient.unwrap_or([f64::NAN; 3]));
                },
            )
        }
        "mixture" => {
            let [leaves, same] = twice(&leaves[..]);
            both(
                move || mixture(black_box(&leaves)).likelihood(&leaves[4], None),
                move |out| {
                    mixture(black_box(&same)).likelihood(&same[4], Some(out));
                },
            )
        }
        "eighth-nested" | "eighth-series" => {
            let x = number(0);
            both(
                move || black_box(x).tanh() * black_box(x).sin().exp(),
                move |out| out.push(functions::eighth(black_box(x))),
            )
        }
        "rosenbrock-gradient" | "rosenbrock-hessian" => {
            let ([x, same], whole) = (twice(&leaves[0]), name == "rosenbrock-hessian");
            both(
                move || functions::rosenbrock(black_box(&x)),
                move |out| {
                    out.resize(if whole { same.len() * same.len() } else { same.len() }, 0.0);
                    let write = if whole { functions::rosenbrock_hessian } else { functions::rosenbrock_gradient };
                    write(black_box(&same), out);
                },
            )
        }
        "rosenbrock-product" => {
            let (x, v) = (leaves[0].clone(), leaves[1].clone());
            derivative(move |out| {
                out.resize(x.len(), 0.0);
                functions::rosenbrock_product(black_box(&x), &v, out);
            })
        }
        "call" => {
            let x = number(0);
            both(move || functions::call(black_box(x)), move |out| out.push(functions::call_gradient(black_box(x))))
        }
        "calls" => {
            let x = number(0);
            let sum = move |f: fn(f64) -> f64| (0..size).map(|i| black_box(f)(x + 1e-6 * i as f64)).sum::<f64>();
            both(move || sum(functions::call), move |out| out.push(sum(functions::call_gradient)))
        }
        "interpreter" => {
            let (x, r) = (number(0), number(1));
            let primal: Call = Box::new(move || {
                black_box(loops::logistic(black_box(x), r, size));
                Ok(())
            });
            Prepared { first: f64::NAN, result: Vec::new(), primal: Some(primal), gradient: None }
        }
        _ => return None,
    };
    Some(case)
}

/// The two closures of a case each own their arguments.
fn twice<T: ToOwned + ?Sized>(arguments: &T) -> [T::Owned; 2] {
    [arguments.to_owned(), arguments.to_owned()]
}

fn mixture(leaves: &[Vec<f64>]) -> functions::Mixture<'_> {
    functions::Mixture { alpha: &leaves[0], mu: &leaves[1], q: &leaves[2], l: &leaves[3] }
}

/// A case of a function and its derivative, which writes into a buffer.
fn both(primal: impl Fn() -> f64 + 'static, gradient: impl FnMut(&mut Vec<f64>) + 'static) -> Prepared {
    let primal: Call = Box::new(move || {
        black_box(primal());
        Ok(())
    });
    Prepared { primal: Some(primal), ..derivative(gradient) }
}

fn derivative(mut gradient: impl FnMut(&mut Vec<f64>) + 'static) -> Prepared {
    let mut out = Vec::new();
    let start = processor_time();
    gradient(&mut out);
    let (first, result) = (processor_time() - start, out.clone());
    let call: Call = Box::new(move || {
        out.clear();
        gradient(black_box(&mut out));
        Ok(())
    });
    Prepared { first, result, primal: None, gradient: Some(call) }
}
