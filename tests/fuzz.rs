//! Bad input does no harm: random bytes, random tokens and mutated programs go through the parser, the printer, the checks and a
//! limited run, their functions through `grad` and `source`, on a stack a quarter of what a thread has by default. Nothing
//! panics, hangs or exhausts the stack; what parses prints as a program that parses to the same; an error has a place.
//!
//! A case is drawn from its number. `COTANGENT_FUZZ=FIRST,COUNT` asks for others than `cargo test` runs; the program that
//! runs stands in `fuzz-SEED.cot` in the directory of temporary files of the tests, should the process itself end. What was
//! found stands in tests/fuzz/*.cot, each run as well.

mod fuzz {
    pub mod draw;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use cotangent::lang::{Source, check, is_incomplete, parse, print_module};
use cotangent::{Error, ErrorKind, Interp, Limits, Value};
use fuzz::draw::{Corpus, Random};

/// Cases that share an interpreter.
const SHARED: u64 = 25;
/// What no case may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of stack.
const STACK: usize = 512 << 10;

const PRELUDE: &str = "import numpy as np\nimport math\nfrom scipy import linalg, special\nfrom cotangent import grad, value_and_grad, jvp, vjp, jacobian, hessian, source, stop_gradient, insert_grad_of\n";

fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread").join().expect("no panic");
}

/// An interpreter that is allowed little.
fn limited() -> Interp {
    let mut interp = Interp::new();
    interp.set_print(|_| {});
    interp.set_loader(|path| Err(Error::host(format!("there is no file `{path}`"))));
    interp.run(PRELUDE).expect("the prelude runs");
    interp.set_limits(Limits {
        depth: 300,
        operations: Some(10_000_000),
        time: Some(Duration::from_millis(200)),
        output: Some(1 << 20),
        allocation: Some(1 << 20),
    });
    interp
}

/// What must hold of a text, whatever it is.
fn sound(interp: &mut Interp, text: &str) -> Result<(), String> {
    let source = Source::new("<fuzz>", text);
    let _ = is_incomplete(text);
    match parse(&source) {
        Ok(module) => {
            let printed = print_module(&module.body);
            let again = parse(&Source::new("<printed>", &*printed))
                .map_err(|error| format!("what is printed does not parse: {error}\n{printed}"))?;
            let twice = print_module(&again.body);
            if printed != twice {
                return Err(format!("printing is not stable:\n{printed}\n{twice}"));
            }
            for warning in check(&module) {
                placed(&warning)?;
            }
        }
        Err(error) => {
            placed(&error)?;
            if error.kind() != ErrorKind::Syntax {
                return Err(format!("parsing ends in {error}"));
            }
        }
    }
    ran(interp, text)?;
    Ok(())
}

fn ran(interp: &mut Interp, text: &str) -> Result<Option<Value>, String> {
    match interp.eval(text) {
        Ok(value) => Ok(Some(value)),
        Err(error) => placed(&error).map(|()| None),
    }
}

/// An error can be shown, and has a place.
fn placed(error: &Error) -> Result<(), String> {
    let text = error.to_string();
    // The checks of debug builds find what is wrong in the library itself.
    if error.span().is_none() || text.contains("the kind rule of") {
        return Err(format!("an error without a place, or of the library: {text}"));
    }
    Ok(())
}

/// Differentiates the functions that a program defines.
fn differentiated(interp: &mut Interp, text: &str, arguments: &str) -> Result<(), String> {
    for name in text.lines().filter_map(|line| line.strip_prefix("def ")?.split('(').next()).take(3) {
        for call in ["grad(F)(ARGS)", "jvp(F, (ARGS,), (ARGS,))", "grad(lambda *a: F(ARGS))(ARGS)"] {
            ran(interp, &call.replace('F', name).replace("ARGS", arguments))?;
        }
        if let Some(Value::Str(written)) = ran(interp, &format!("source(grad({name}), {arguments})"))? {
            parse(&Source::new("<source>", &**written)).map_err(|e| format!("the source of a gradient: {e}"))?;
        }
    }
    Ok(())
}

fn case(corpus: &Corpus, interp: &mut Interp, seed: u64, keep: &Path) -> Result<(), String> {
    let mut random = Random::new(seed);
    let (text, arguments) = match random.below(20) {
        0..5 => (random.bytes(), None),
        5..13 => (random.tokens(corpus), None),
        13..17 => {
            let program = corpus.program(&mut random);
            (random.mutated(program), None)
        }
        _ => {
            let (text, arguments) = corpus.function(&mut random);
            (
                random.mutated(text),
                Some(if random.below(8) == 0 { random.mutated(arguments) } else { arguments.into() }),
            )
        }
    };
    let _ = std::fs::write(keep, &text);
    let started = Instant::now();
    let said = |what: &str| format!("case {seed}: {what}\n--- program\n{text}\n--- arguments {arguments:?}");
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        sound(interp, &text)?;
        match &arguments {
            Some(arguments) => differentiated(interp, &text, arguments),
            None => Ok(()),
        }
    }));
    match outcome {
        Ok(result) => result.map_err(|what| said(&what))?,
        Err(_) => return Err(said("a panic")),
    }
    if started.elapsed() > PATIENCE {
        return Err(said(&format!("it took {:?}", started.elapsed())));
    }
    Ok(())
}

#[test]
fn bad_input_does_no_harm() {
    let asked = std::env::var("COTANGENT_FUZZ").unwrap_or_default();
    let (first, count) = match asked.split_once(',').map(|(first, count)| (first.trim().parse(), count.trim().parse()))
    {
        Some((Ok(first), Ok(count))) => (first, count),
        _ => (0u64, 3000u64),
    };
    on_small_stack(move || {
        let corpus = Corpus::read();
        let keep = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{first}.cot"));
        let mut interp = limited();
        let mut failures = 0;
        for seed in first..first + count {
            if seed % SHARED == 0 {
                interp = limited();
            }
            if let Err(failure) = case(&corpus, &mut interp, seed, &keep) {
                eprintln!("{failure}\n");
                failures += 1;
                interp = limited();
            }
            if count > 100_000 && seed % 10_000 == 0 {
                eprintln!("at {seed}, {failures} failures");
            }
        }
        assert_eq!(failures, 0, "of {count} cases");
    });
}

/// The programs that once did harm.
#[test]
fn what_was_found_stays_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let mut files: Vec<_> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
        on_small_stack(move || {
            let started = Instant::now();
            let mut interp = limited();
            sound(&mut interp, &text).unwrap_or_else(|what| panic!("{}: {what}", path.display()));
            if let Some(arguments) = text.lines().find_map(|line| line.strip_prefix("# at ")) {
                differentiated(&mut interp, &text, arguments)
                    .unwrap_or_else(|what| panic!("{}: {what}", path.display()));
            }
            assert!(started.elapsed() < PATIENCE, "{} took {:?}", path.display(), started.elapsed());
        });
    }
}
