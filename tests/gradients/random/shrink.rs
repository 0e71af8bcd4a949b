//! A failing program made shorter, as long as it fails in the same way.

use std::time::{Duration, Instant};

use super::super::check::Case;

/// After this time the shortest case so far is taken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The shortest case found that fails a check as this one does, and how; the case itself unless that is asked for.
pub fn shrink(case: &Case, check: impl Fn(&Case) -> Result<(), String>, failure: String) -> (Case, String) {
    if std::env::var_os("COTANGENT_SHRINK").is_none() {
        return (case.clone(), failure);
    }
    let (mut best, mut how) = (case.clone(), failure);
    let begun = Instant::now();
    loop {
        let mut shorter = false;
        let lines: Vec<String> = best.text.lines().map(Into::into).collect();
        let mut at = 0;
        while at < lines.len() && begun.elapsed() < PATIENCE {
            let Some((tried, failure)) = cuts(&lines, at).into_iter().find_map(|text| {
                let tried = Case { text, ..best.clone() };
                let failure = check(&tried).err()?;
                (kind(&failure) == kind(&how)).then_some((tried, failure))
            }) else {
                at += 1;
                continue;
            };
            (best, how) = (tried, failure);
            shorter = true;
            break;
        }
        if !shorter {
            return (best, how);
        }
    }
}

/// The program without the statement that starts at a line; without its head; with a simpler right side.
fn cuts(lines: &[String], at: usize) -> Vec<String> {
    let line = &lines[at];
    if line.trim().is_empty() {
        return vec![];
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(line);
    let end =
        (at + 1..lines.len()).find(|&i| !lines[i].trim().is_empty() && indent(&lines[i]) <= own).unwrap_or(lines.len());
    let join = |inner: &[String]| {
        let mut all = lines[..at].to_vec();
        all.extend_from_slice(inner);
        all.extend_from_slice(&lines[end..]);
        all.join("\n") + "\n"
    };
    let mut out = vec![join(&[])];
    if end > at + 1 && !line.trim_start().starts_with("def ") {
        let inner: Vec<String> =
            lines[at + 1..end].iter().map(|l| l.strip_prefix("    ").unwrap_or(l).into()).collect();
        out.push(join(&inner));
    }
    if end == at + 1 {
        let pad = " ".repeat(own);
        if let Some(sum) = line.trim_start().strip_prefix("return ") {
            let terms: Vec<&str> = sum.split(" + np.sin").collect();
            for left in 0..terms.len() {
                let mut kept = terms.clone();
                kept.remove(left);
                if left == 0 && !kept.is_empty() {
                    out.push(join(&[format!("{pad}return np.sin{}", kept.join(" + np.sin"))]));
                } else if !kept.is_empty() {
                    out.push(join(&[format!("{pad}return {}", kept.join(" + np.sin"))]));
                }
            }
        }
        // A part in brackets in place of what is around it.
        for (open, _) in line.match_indices(['(', ',']) {
            let Some(from) = line.find([' ', '(']).filter(|_| line.contains(" = ") || line.contains("return ")) else {
                continue;
            };
            let start = line.find(" = ").map(|p| p + 3).or(line.find("return ").map(|p| p + 7)).unwrap_or(from);
            let mut level = 0;
            let rest = &line[open + 1..];
            let close = rest.char_indices().find(|(_, c)| {
                match c {
                    '(' | '[' | '{' => level += 1,
                    ')' | ']' | '}' => level -= 1,
                    _ => {}
                }
                level < 0 || (level == 0 && *c == ',')
            });
            if let Some((close, _)) = close
                && open >= start
            {
                out.push(join(&[format!("{}{}", &line[..start], rest[..close].trim())]));
            }
        }
    }
    out
}

/// What a failure says before the first number.
fn kind(failure: &str) -> String {
    let first = failure.lines().find(|line| line.contains("error") || line.contains("Error")).unwrap_or("");
    let head = failure.lines().next().unwrap_or("");
    format!("{head} {first}").chars().take_while(|c| !c.is_ascii_digit()).collect()
}
