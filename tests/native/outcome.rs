//! What a run comes to.

use std::sync::{Arc, Mutex};

use cotangent::{Interp, Limits, NativeCode};

/// What a run printed, how it ended, and how many operations it took.
#[derive(PartialEq, Debug)]
pub struct Outcome {
    pub printed: String,
    pub ended: String,
    pub operations: u64,
}

pub fn run(text: &str, native: NativeCode, limits: Limits) -> Outcome {
    let mut interp = Interp::new();
    interp.set_native_code(native);
    interp.set_limits(limits);
    let printed = Arc::new(Mutex::new(String::new()));
    let sink = printed.clone();
    interp.set_print(move |text| {
        if let Ok(mut printed) = sink.lock() {
            printed.push_str(text);
        }
    });
    let ended = match interp.run(text) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    };
    let operations = interp.operations();
    let printed = printed.lock().map(|p| p.clone()).unwrap_or_default();
    Outcome { printed, ended, operations }
}

/// The outcome without machine code, which is that with it.
pub fn same(text: &str, limits: Limits) -> Outcome {
    let machine = run(text, NativeCode::Off, limits.clone());
    for native in [NativeCode::Always, NativeCode::Hot] {
        assert_eq!(run(text, native, limits.clone()), machine, "{native:?} of\n{text}");
    }
    machine
}
