//! `cotangent run --time`: where time went, line by line of the script, on standard error.

use cotangent::{LineTime, Timings};

/// The share of all time below which a line without notes is not shown.
const SMALL: f64 = 0.001;

/// Says where time went.
pub fn say(timings: &Timings) {
    eprint!("{}", table(timings));
}

fn table(timings: &Timings) -> String {
    let total = timings.total();
    let mut text = format!(
        "\n{}: transforming {}, compiling {}, machine code {}, starting {}\n",
        duration(total),
        duration(timings.transforming),
        duration(timings.compiling),
        duration(timings.machine_code),
        duration(timings.elsewhere)
    );
    text.push_str("      time  share  derivative\n");
    let mut source = "";
    for line in &timings.lines {
        if line.seconds < SMALL * total && line.notes.is_empty() {
            continue;
        }
        if line.source != source {
            source = &line.source;
            text.push_str(&format!("{source}\n"));
        }
        text.push_str(&row(line, total));
    }
    text
}

fn row(line: &LineTime, total: f64) -> String {
    let share = |seconds: f64| format!("{:.1}%", 100.0 * seconds / total.max(f64::MIN_POSITIVE));
    let derivative = if line.derivative > 0.0 { share(line.derivative) } else { String::new() };
    let mut text = format!(
        "{:>10} {:>6} {derivative:>11} {:>5} | {}\n",
        duration(line.seconds),
        share(line.seconds),
        line.line,
        line.text
    );
    for note in &line.notes {
        let indent = line.text.len() - line.text.trim_start().len();
        text.push_str(&format!("{:>35} | {:indent$}  {note}\n", "", ""));
    }
    text
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
