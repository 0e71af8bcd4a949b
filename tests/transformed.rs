//! What a transformed program does besides computing derivatives: each program that tests/programs/draw.py has drawn becomes
//! the body of a function of a number that stands in it. Called plainly, with a tangent and for its gradient, the
//! function prints the same to the last character. More files are named in the environment variable `PROGRAMS`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cotangent::{Error, ErrorKind, Interp};

/// Of a hundred programs so many may use what has no derivative yet; each says so.
const REFUSED: usize = 2;

/// What is printed when a call of `main` runs after its definition.
fn printed(definition: &str, call: &str) -> Result<String, Error> {
    let printed = Arc::new(Mutex::new(String::new()));
    let mut interp = Interp::new();
    let sink = printed.clone();
    interp.set_print(move |text| sink.lock().unwrap().push_str(text));
    interp.run(definition)?;
    interp.run(call)?;
    let text = printed.lock().unwrap().clone();
    Ok(text)
}

/// The places of the floats that are written in a program outside of strings.
fn floats(program: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in program.split_inclusive('\n') {
        let bytes = line.as_bytes();
        let (mut at, mut quoted) = (0, false);
        while at < bytes.len() {
            let begins = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"_.".contains(&bytes[at - 1]));
            let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
            if bytes[at] == b'\'' {
                quoted = !quoted;
            } else if !quoted && begins && bytes[at].is_ascii_digit() {
                let point = at + digits(at);
                let end = point + 1 + if bytes.get(point) == Some(&b'.') { digits(point + 1) } else { 0 };
                let over = bytes.get(end).is_none_or(|b| !(b.is_ascii_alphanumeric() || b"_.".contains(b)));
                if end > point + 1 && over {
                    out.push(start + at..start + end);
                }
                at = end.saturating_sub(1);
            }
            at += 1;
        }
        start += line.len();
    }
    out
}

/// A program as the body of a function of the first float that is written in it, and that float.
fn as_function(program: &str) -> Option<(String, &str)> {
    let places = floats(program);
    let number = &program[places.first()?.clone()];
    let mut body = String::new();
    let mut last = 0;
    for place in places.iter().filter(|place| &program[(*place).clone()] == number) {
        body.push_str(&program[last..place.start]);
        body.push('x');
        last = place.end;
    }
    body.push_str(&program[last..]);
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    Some((format!("import numpy as np\ndef main(x):\n{body}    return x * 1.0\n"), number))
}

#[test]
fn a_transformed_program_does_what_the_program_does() {
    let drawn = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/drawn.txt");
    let files: Vec<PathBuf> = match std::env::var("PROGRAMS") {
        Ok(files) => files.split(' ').map(PathBuf::from).collect(),
        Err(_) => vec![drawn],
    };
    let (mut count, mut refused, mut failures) = (0, 0, Vec::new());
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        for part in text.split("#==== ").skip(1) {
            let (title, rest) = part.split_once('\n').unwrap();
            let (program, _) = rest.split_once("#---- prints\n").unwrap();
            let Some((definition, number)) = as_function(program) else { continue };
            let Ok(plain) = printed(&definition, &format!("main({number})")) else { continue };
            // A view of a dict whose keys are known is a list when it is transformed.
            if plain.contains("dict_") {
                continue;
            }
            count += 1;
            for call in [format!("jvp(main, ({number},), (1.0,))"), format!("grad(main)({number})")] {
                match printed(&definition, &call) {
                    Ok(text) if text == plain => {}
                    Ok(text) => {
                        let differ = plain.lines().zip(text.lines()).find(|(a, b)| a != b);
                        failures.push(format!("{title}, {call}: {differ:?}"));
                    }
                    Err(error) if error.kind() == ErrorKind::Derivative => refused += 1,
                    Err(error) => failures.push(format!("{title}, {call}: {error}")),
                }
            }
        }
    }
    println!("{count} programs, two transformations each; {refused} refused");
    assert!(failures.is_empty(), "{} of {count} programs differ:\n{}", failures.len(), failures.join("\n"));
    assert!(refused * 100 <= REFUSED * 2 * count, "{refused} of {count} programs are refused");
    assert!(count > 500);
}
