//! Runs every script under tests/scripts: it must print what stands in the file `.out` beside it, or end in the error
//! whose sentence stands in `.err`; a script with neither makes its own assertions. Each is run without machine code and
//! with every loop in machine code that can be.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cotangent::{Interp, NativeCode};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut scripts = Vec::new();
    collect(&root, &mut scripts);
    scripts.sort();
    let trials = scripts
        .into_iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            [("", NativeCode::Off), (" in machine code", NativeCode::Always)].map(|(how, native)| {
                let path = path.clone();
                Trial::test(format!("{name}{how}"), move || run(&path, native))
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn collect(directory: &Path, scripts: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, scripts);
        } else if path.extension().is_some_and(|e| e == "cot") && !path.to_string_lossy().contains("/modules/") {
            scripts.push(path);
        }
    }
}

fn run(path: &Path, native: NativeCode) -> Result<(), Failed> {
    let printed = Arc::new(Mutex::new(String::new()));
    let mut interp = Interp::new();
    interp.set_native_code(native);
    let sink = printed.clone();
    interp.set_print(move |text| {
        if let Ok(mut printed) = sink.lock() {
            printed.push_str(text);
        }
    });
    let result = interp.run_file(path);
    let printed = printed.lock().map(|p| p.clone()).unwrap_or_default();
    let expected_error = std::fs::read_to_string(path.with_extension("err")).ok();
    match (result, expected_error) {
        (Ok(()), None) => {}
        (Err(error), Some(expected)) if error.to_string().contains(expected.trim()) => {}
        (Ok(()), Some(expected)) => return Err(format!("no error where this was expected: {expected}").into()),
        (Err(error), _) => return Err(format!("{error}\nprinted before:\n{printed}").into()),
    }
    if let Ok(expected) = std::fs::read_to_string(path.with_extension("out"))
        && expected != printed
    {
        let line = expected.lines().zip(printed.lines()).position(|(a, b)| a != b);
        let at = line.unwrap_or_else(|| expected.lines().count().min(printed.lines().count()));
        return Err(format!(
            "line {} differs\nexpected: {}\nprinted:  {}",
            at + 1,
            expected.lines().nth(at).unwrap_or("<end>"),
            printed.lines().nth(at).unwrap_or("<end>")
        )
        .into());
    }
    Ok(())
}
