//! Twelve workloads and their derivatives against Rust written by hand, and without machine code and fusion.
//!
//! `cargo bench --bench workloads [-- CASE …]` prints a table, the tools measured by turns. With `growth` it prints how time
//! grows with the work; with `serve TOOL` it is asked what to measure, line by line: `benches/peers/tools.py` says how.

mod by_hand;
mod cases;
mod growth;
mod measure;

use std::collections::HashMap;
use std::io::Write;

use cases::{Case, Prepared, Tool};
use cotangent::{Error, Result};
use measure::{median, seconds_per_call};

/// The allocator of the command `cotangent`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let result = match &arguments[..] {
        [serve, tool] if serve == "serve" => match Tool::ALL.iter().find(|(name, _)| name == tool) {
            Some((_, tool)) => answer(*tool),
            None => Err(Error::host(format!("there is no tool {tool}"))),
        },
        [growth] if growth == "growth" => growth::print(),
        names => table(names),
    };
    if let Err(error) = result {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

const ROUNDS: usize = 9;
const SECONDS: f64 = 0.01;
/// What is measured of a case: a tool, and whether its function or its derivative.
const COLUMNS: [(usize, &str); 5] = [(0, "primal"), (0, "gradient"), (1, "gradient"), (2, "gradient"), (3, "gradient")];

fn table(names: &[String]) -> Result<()> {
    println!(
        "{:<24}{:>10}{:>12}{:>10} | times by hand: {:>7}{:>9}{:>9}",
        "", "primal", "derivative", "/ primal", "", "no code", "unfused"
    );
    for case in Case::all() {
        if !names.is_empty() && names.iter().all(|name| *name != case.name && *name != case.workload) {
            continue;
        }
        let mut tools = Vec::new();
        for (_, tool) in Tool::ALL {
            tools.push(tool.prepare(case)?);
        }
        let mut times = [const { Vec::new() }; COLUMNS.len()];
        for _ in 0..ROUNDS {
            for (times, (tool, part)) in times.iter_mut().zip(COLUMNS) {
                let part = if case.has_derivative() { part } else { "primal" };
                times.push(match tools[tool].as_mut().and_then(|tool| tool.part(part)) {
                    Some(call) => seconds_per_call(SECONDS, call)? / case.calls,
                    None => f64::NAN,
                });
            }
        }
        let ratio = |a: usize, b: usize| {
            number(median(&mut times[a].iter().zip(&times[b]).map(|(a, b)| a / b).collect::<Vec<_>>()))
        };
        println!(
            "{:<4}{:<20}{:>10}{:>12}{:>10} | {:>22}{:>9}{:>9}   first call {}",
            case.workload,
            case.name,
            duration(median(&mut times[0].clone())),
            duration(median(&mut times[1].clone())),
            ratio(1, 0),
            ratio(1, 4),
            ratio(2, 4),
            ratio(3, 4),
            duration(tools[0].as_ref().map_or(f64::NAN, |tool| tool.first)),
        );
    }
    Ok(())
}

fn number(ratio: f64) -> String {
    if ratio.is_nan() { "–".to_owned() } else { format!("{ratio:.2}") }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s.is_nan() => "–".to_owned(),
        s if s < 1e-6 => format!("{:.1} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

fn failure(error: std::io::Error) -> Error {
    Error::host(error.to_string())
}

/// Answers requests until there are none.
fn answer(tool: Tool) -> Result<()> {
    let cases: HashMap<&str, Case> = Case::all().into_iter().map(|case| (case.name, case)).collect();
    let mut prepared: HashMap<String, Prepared> = HashMap::new();
    for line in std::io::stdin().lines() {
        let line = line.map_err(failure)?;
        let reply = match &line.split_whitespace().collect::<Vec<_>>()[..] {
            ["prepare", name, file] => match cases.get(*name).copied() {
                Some(case) => match tool.prepare(case) {
                    Ok(Some(ready)) => {
                        let bytes: Vec<u8> = ready.result.iter().flat_map(|x| x.to_le_bytes()).collect();
                        std::fs::write(file, bytes).map_err(failure)?;
                        let first = ready.first;
                        prepared.insert(case.name.to_owned(), ready);
                        format!("ok {first}")
                    }
                    Ok(None) => "none not written".to_owned(),
                    Err(error) => format!("none {}", error.to_string().replace('\n', " ")),
                },
                None => "none unknown".to_owned(),
            },
            ["time", name, part, seconds] => {
                let (call, seconds) = (prepared.get_mut(*name).and_then(|case| case.part(part)), seconds.parse());
                match (call, seconds, cases.get(*name)) {
                    (Some(call), Ok(seconds), Some(case)) => {
                        format!("ok {}", seconds_per_call(seconds, call)? / case.calls)
                    }
                    _ => "none not there".to_owned(),
                }
            }
            _ => "none not understood".to_owned(),
        };
        println!("{reply}");
        std::io::stdout().flush().map_err(failure)?;
    }
    Ok(())
}
