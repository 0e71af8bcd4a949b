//! The LU factorisation as arrays, for `linalg.lu_factor`, `linalg.lu_solve` and `linalg.lu`.

use super::stack::Stack;
use super::{float_rank, lapack};
use crate::interp::array::{Array, Element, from_elements};
use crate::interp::library::arguments;
use crate::interp::library::{Builtin, Kernel};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind};

fn lu_packed(args: &mut [Value]) -> Result<Value> {
    let mut a = Stack::new(std::mem::take(&mut args[0]), "linalg.lu_factor")?;
    let (rows, columns) = (a.rows, a.columns);
    let few = rows.min(columns);
    let mut pivots: Vec<i64> = Vec::with_capacity(a.count() * few);
    if few > 0 {
        for i in 0..a.count() {
            if !a.matrix(i).iter().all(|x| x.is_finite()) {
                return Err(Error::value("array must not contain infs or NaNs"));
            }
            let found = lapack::getrf(rows, columns, a.matrix_mut(i))?;
            pivots.extend(found.iter().map(|&p| i64::from(p) - 1));
        }
    }
    let shape: Vec<usize> = a.batch.iter().copied().chain([few]).collect();
    Ok(Value::tuple(vec![a.into_columns()?, from_elements(&shape, pivots)?.into()]))
}

/// The order of the rows after each has changed places with its pivot in turn.
fn permutation(args: &mut [Value]) -> Result<Value> {
    let pivots = match arguments::take_array(args, 0)? {
        Array::Float(_) => return Err(Error::type_("pivots are integers")),
        other => i64::storage(other)?,
    };
    let n = match &args[1] {
        Value::None => pivots.len(),
        rows => usize::try_from(arguments::int(rows, "rows")?).unwrap_or(0).max(pivots.len()),
    };
    let mut order: Vec<i64> = (0..n as i64).collect();
    for (i, &p) in pivots.iter().enumerate() {
        let p = usize::try_from(p).ok().filter(|&p| p < n).ok_or_else(|| Error::index("a pivot is no row"))?;
        order.swap(i, p);
    }
    Ok(from_elements(&[n], order)?.into())
}

pub const ENTRIES: &[Builtin] = &[
    Builtin {
        name: "linalg.lu_packed",
        signature: "(a, /)",
        mutates: false,
        kind: |args| {
            let rank = args[0].kind.rank().filter(|&rank| rank >= 2);
            let pivots = rank.map_or(Kind::Any, |rank| Kind::array(DType::Int, Some(rank - 1)));
            Kind::Tuple([float_rank(rank), pivots].into())
        },
        kernel: Kernel::Pure(lu_packed),
        doc: "The LU factors with partial pivoting of matrices `(…, m, n)`, packed in one matrix each, and for each row the row it \
              changed places with.",
    },
    Builtin {
        name: "linalg.pivots_to_permutation",
        signature: "(piv, rows=None)",
        mutates: false,
        kind: |_| Kind::array(DType::Int, Some(1)),
        kernel: Kernel::Pure(permutation),
        doc: "The order of the rows (as many as there are pivots, or more) after each has changed places with its pivot in turn.",
    },
];
