//! Methods of strings.

use super::super::value::Value;
use super::super::{display, iteration};
use super::arguments::{int, take};
use super::{Builtin, kinds};
use crate::lang::{Error, Result};
use crate::sct::kind::Kind;

macro_rules! change {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(self, /)" kinds::str, Pure(|args| {
            let f: fn(&str) -> String = $f;
            Ok(Value::str(f(text(args, 0)?)))
        }), $doc)
    };
}

macro_rules! test {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(self, /)" kinds::bool, Pure(|args| {
            let f: fn(&str) -> bool = $f;
            Ok(Value::Bool(f(text(args, 0)?)))
        }), $doc)
    };
}

macro_rules! strip {
    ($name:literal $start:expr, $end:expr, $doc:literal) => {
        entry!($name "(self, chars=None, /)" kinds::str, Pure(|args| {
            let mut s = text(args, 0)?;
            let gone = |c: char| match &args[1] {
                Value::Str(chars) => chars.contains(c),
                _ => c.is_whitespace(),
            };
            if $start {
                s = s.trim_start_matches(gone);
            }
            if $end {
                s = s.trim_end_matches(gone);
            }
            Ok(Value::str(s))
        }), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    change!("str.upper" | s | s.to_uppercase(), "In upper case."),
    change!("str.lower" | s | s.to_lowercase(), "In lower case."),
    change!("str.title" title, "Each word with a capital letter."),
    change!(
        "str.capitalize" | s | {
            let mut letters = s.chars();
            letters.next().map_or(String::new(), |first| {
                first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect()
            })
        },
        "The first letter in upper case, the rest in lower case."
    ),
    change!(
        "str.swapcase"
            | s
            | s.chars()
                .flat_map(|c| if c.is_uppercase() {
                    c.to_lowercase().collect::<Vec<_>>()
                } else {
                    c.to_uppercase().collect()
                })
                .collect(),
        "Upper and lower case exchanged."
    ),
    strip!("str.strip" true, true, "Without white space, or without some characters, at both ends."),
    strip!("str.lstrip" true, false, "Without white space, or without some characters, at the start."),
    strip!("str.rstrip" false, true, "Without white space, or without some characters, at the end."),
    test!(
        "str.isdigit" | s | !s.is_empty() && s.chars().all(|c| c.is_ascii_digit()),
        "Whether all characters are digits."
    ),
    test!(
        "str.isalpha" | s | !s.is_empty() && s.chars().all(char::is_alphabetic),
        "Whether all characters are letters."
    ),
    test!(
        "str.isalnum" | s | !s.is_empty() && s.chars().all(char::is_alphanumeric),
        "Whether all characters are letters or digits."
    ),
    test!(
        "str.isspace" | s | !s.is_empty() && s.chars().all(char::is_whitespace),
        "Whether all characters are white space."
    ),
    test!(
        "str.isupper" | s | s.chars().any(char::is_uppercase) && !s.chars().any(char::is_lowercase),
        "Whether all letters are upper case."
    ),
    test!(
        "str.islower" | s | s.chars().any(char::is_lowercase) && !s.chars().any(char::is_uppercase),
        "Whether all letters are lower case."
    ),
    entry!("str.split" "(self, sep=None, maxsplit=-1)" |_| strings(), Pure(|args| split(args)), "The parts between separators, or between white space."),
    entry!("str.rsplit" "(self, sep=None, maxsplit=-1)" |_| strings(), Pure(|args| {
        let limit = int(&args[2], "maxsplit")?;
        match (&args[1], usize::try_from(limit)) {
            (Value::Str(separator), Ok(limit)) if !separator.is_empty() => {
                let mut parts: Vec<Value> = text(args, 0)?.rsplitn(limit + 1, separator.as_str()).map(Value::str).collect();
                parts.reverse();
                Ok(Value::list(parts))
            }
            _ => split(args),
        }
    }), "The parts between separators, counted from the end."),
    entry!("str.splitlines" "(self, keepends=False)" |_| strings(), Pure(|args| {
        Ok(Value::list(text(args, 0)?.lines().map(Value::str).collect()))
    }), "The lines."),
    entry!("str.join" "(self, iterable, /)" kinds::str, Pure(|args| {
        let mut parts = Vec::new();
        for item in iteration::elements(&args[1])? {
            match item {
                Value::Str(part) => parts.push(part.to_string()),
                other => return Err(Error::type_(format!("str.join needs strings, not {}", other.type_name()))),
            }
        }
        Ok(Value::str(parts.join(text(args, 0)?)))
    }), "The strings of an iterable with this one between them."),
    entry!("str.replace" "(self, old, new, count=-1, /)" kinds::str, Pure(|args| {
        let (s, old, new) = (text(args, 0)?, text(args, 1)?, text(args, 2)?);
        Ok(Value::str(match usize::try_from(int(&args[3], "count")?) {
            Ok(count) => s.replacen(old, new, count),
            Err(_) => s.replace(old, new),
        }))
    }), "One text replaced by another."),
    entry!("str.startswith" "(self, prefix, /)" kinds::bool, Pure(|args| affix(args, |s, part| s.starts_with(part))), "Whether it starts with a text, or with one of a tuple."),
    entry!("str.endswith" "(self, suffix, /)" kinds::bool, Pure(|args| affix(args, |s, part| s.ends_with(part))), "Whether it ends with a text, or with one of a tuple."),
    entry!("str.removeprefix" "(self, prefix, /)" kinds::str, Pure(|args| {
        let (s, part) = (text(args, 0)?, text(args, 1)?);
        Ok(Value::str(s.strip_prefix(part).unwrap_or(s)))
    }), "Without a text at the start."),
    entry!("str.removesuffix" "(self, suffix, /)" kinds::str, Pure(|args| {
        let (s, part) = (text(args, 0)?, text(args, 1)?);
        Ok(Value::str(s.strip_suffix(part).unwrap_or(s)))
    }), "Without a text at the end."),
    entry!("str.find" "(self, part, /)" kinds::int, Pure(|args| {
        let s = text(args, 0)?;
        Ok(Value::Int(s.find(text(args, 1)?).map_or(-1, |at| s[..at].chars().count() as i64)))
    }), "The index of the first occurrence, or -1."),
    entry!("str.rfind" "(self, part, /)" kinds::int, Pure(|args| {
        let s = text(args, 0)?;
        Ok(Value::Int(s.rfind(text(args, 1)?).map_or(-1, |at| s[..at].chars().count() as i64)))
    }), "The index of the last occurrence, or -1."),
    entry!("str.index" "(self, part, /)" kinds::int, Pure(|args| {
        let s = text(args, 0)?;
        s.find(text(args, 1)?).map(|at| Value::Int(s[..at].chars().count() as i64)).ok_or_else(|| Error::value("substring not found"))
    }), "The index of the first occurrence."),
    entry!("str.count" "(self, part, /)" kinds::int, Pure(|args| {
        let (s, part) = (text(args, 0)?, text(args, 1)?);
        Ok(Value::Int(if part.is_empty() { s.chars().count() + 1 } else { s.matches(part).count() } as i64))
    }), "How often a text occurs."),
    entry!("str.zfill" "(self, width, /)" kinds::str, Pure(|args| {
        let s = text(args, 0)?;
        let (sign, digits) = match s.strip_prefix(['-', '+']) {
            Some(digits) => s.split_at(s.len() - digits.len()),
            None => ("", s),
        };
        let missing = padding(args, s)?;
        Ok(Value::str(format!("{sign}{}{digits}", "0".repeat(missing))))
    }), "Filled with zeros after the sign."),
    entry!("str.ljust" "(self, width, fill=' ', /)" kinds::str, Pure(|args| {
        let (s, fill) = (text(args, 0)?, text(args, 2)?);
        Ok(Value::str(format!("{s}{}", fill.repeat(padding(args, s)?))))
    }), "Filled at the end."),
    entry!("str.rjust" "(self, width, fill=' ', /)" kinds::str, Pure(|args| {
        let (s, fill) = (text(args, 0)?, text(args, 2)?);
        Ok(Value::str(format!("{}{s}", fill.repeat(padding(args, s)?))))
    }), "Filled at the start."),
    entry!("str.center" "(self, width, fill=' ', /)" kinds::str, Pure(|args| {
        let (s, fill) = (text(args, 0)?, text(args, 2)?);
        let (missing, width) = (padding(args, s)?, int(&args[1], "width")?);
        // Python puts the odd one on the left where the width is odd too.
        let left = missing / 2 + (missing & width.max(0) as usize & 1);
        Ok(Value::str(format!("{}{s}{}", fill.repeat(left), fill.repeat(missing - left))))
    }), "Filled at both ends."),
    entry!("str.format" "(self, *args, **named)" kinds::str, Pure(|args| {
        let (positional, named) = (take(args, 1), take(args, 2));
        display::format_template(text(args, 0)?, &positional, &named).map(Value::str)
    }), "The text with its {fields} replaced."),
];

fn strings() -> Kind {
    Kind::ListOf(std::sync::Arc::new(Kind::Str))
}

fn text(args: &[Value], at: usize) -> Result<&str> {
    match args.get(at) {
        Some(Value::Str(text)) => Ok(text),
        Some(other) => Err(Error::type_(format!("a string is needed, not {}", other.type_name()))),
        None => Err(Error::type_("a string is needed")),
    }
}

fn padding(args: &[Value], s: &str) -> Result<usize> {
    let width = usize::try_from(int(&args[1], "width")?).unwrap_or(0);
    if width > 1 << 28 {
        return Err(Error::limit("the width is too large"));
    }
    Ok(width.saturating_sub(s.chars().count()))
}

fn title(s: &str) -> String {
    let mut inside = false;
    s.chars()
        .flat_map(|c| {
            let shown: Vec<char> = if inside { c.to_lowercase().collect() } else { c.to_uppercase().collect() };
            inside = c.is_alphabetic();
            shown
        })
        .collect()
}

fn affix(args: &[Value], test: fn(&str, &str) -> bool) -> Result<Value> {
    let s = text(args, 0)?;
    match &args[1] {
        Value::Tuple(parts) => {
            let mut found = false;
            for at in 0..parts.len() {
                found |= test(s, text(parts, at)?);
            }
            Ok(Value::Bool(found))
        }
        _ => Ok(Value::Bool(test(s, text(args, 1)?))),
    }
}

fn split(args: &[Value]) -> Result<Value> {
    let s = text(args, 0)?;
    let limit = usize::try_from(int(&args[2], "maxsplit")?).ok();
    let parts: Vec<Value> = match &args[1] {
        Value::None => match limit {
            None => s.split_whitespace().map(Value::str).collect(),
            Some(limit) => {
                let mut parts = Vec::new();
                let mut rest = s.trim_start();
                while !rest.is_empty() {
                    match rest.find(char::is_whitespace) {
                        Some(at) if parts.len() < limit => {
                            parts.push(Value::str(&rest[..at]));
                            rest = rest[at..].trim_start();
                        }
                        _ => {
                            parts.push(Value::str(rest));
                            break;
                        }
                    }
                }
                parts
            }
        },
        _ => {
            let separator = text(args, 1)?;
            if separator.is_empty() {
                return Err(Error::value("empty separator"));
            }
            match limit {
                None => s.split(separator).map(Value::str).collect(),
                Some(limit) => s.splitn(limit + 1, separator).map(Value::str).collect(),
            }
        }
    };
    Ok(Value::list(parts))
}
