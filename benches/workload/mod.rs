//! What benchmarks of a program share: a function of it, called again and again on the arguments the program makes.

use cotangent::{FromValue, Function, Interp, Result, Value};
use divan::Bencher;

/// A global function of the program, which has been called once, and the arguments that `arguments(size)` makes for it.
fn prepared(program: &str, function: &str, size: i64) -> Result<(Function, Vec<Value>)> {
    let mut interp = Interp::new();
    interp.run(program)?;
    let arguments = Vec::from_value(interp.call("arguments", (size,))?)?;
    let function = interp.function(function)?;
    function.call::<Value>(arguments.clone())?;
    Ok((function, arguments))
}

/// Measures the calls, not what the first of them transforms and compiles.
pub fn bench(bencher: Bencher, program: &str, function: &str, size: i64) {
    match prepared(program, function, size) {
        Ok((function, arguments)) => bencher.bench_local(|| function.call::<Value>(arguments.clone())),
        Err(error) => panic!("{error}"),
    }
}
