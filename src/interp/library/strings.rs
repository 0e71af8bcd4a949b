//! Methods of strings.

use super::super::value::{Dict, Key, Value};
use super::super::{display, iteration, memory};
use super::arguments::{int, take};
use super::characters as chars;
use super::{Builtin, kinds, searching};
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
            let given = match &args[1] {
                Value::None => None,
                _ => Some(text(args, 1)?),
            };
            let gone = |c: char| given.map_or_else(|| chars::is_space(c), |given| given.contains(c));
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

macro_rules! search {
    ($name:literal $kind:expr, $f:expr, $doc:literal) => {
        entry!($name "(self, part, start=None, end=None, /)" $kind, Pure(|args| {
            let f: fn(&searching::Part, &str) -> Result<Value> = $f;
            let part = searching::Part::new(text(args, 0)?, &args[2], &args[3])?;
            f(&part, text(args, 1)?)
        }), $doc)
    };
}

macro_rules! affix {
    ($name:literal $f:expr, $doc:literal) => {
        entry!($name "(self, affix, start=None, end=None, /)" kinds::bool, Pure(|args| {
            let f: fn(&str, &str) -> bool = $f;
            let part = searching::Part::new(text(args, 0)?, &args[2], &args[3])?;
            let has = |affix: &str| part.text.is_some_and(|text| f(text, affix));
            match &args[1] {
                Value::Tuple(affixes) => {
                    let mut found = false;
                    for at in 0..affixes.len() {
                        found = found || has(text(affixes, at)?);
                    }
                    Ok(Value::Bool(found))
                }
                _ => Ok(Value::Bool(has(text(args, 1)?))),
            }
        }), $doc)
    };
}

macro_rules! justify {
    ($name:literal $left:expr, $doc:literal) => {
        entry!($name "(self, width, fill=' ', /)" kinds::str, Pure(|args| {
            let (s, fill) = (text(args, 0)?, text(args, 2)?);
            if fill.chars().count() != 1 {
                return Err(Error::type_("the fill character must be exactly one character long"));
            }
            let (missing, width) = (padding(args, s)?, int(&args[1], "width")?);
            let left: fn(usize, i64) -> usize = $left;
            let left = left(missing, width);
            Ok(Value::str(format!("{}{s}{}", fill.repeat(left), fill.repeat(missing - left))))
        }), $doc)
    };
}

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    change!("str.upper" str::to_uppercase, "In upper case."),
    change!("str.lower" str::to_lowercase, "In lower case."),
    change!("str.casefold" chars::fold, "Without the difference between upper and lower case, to compare."),
    change!("str.title" chars::title, "Each word with a capital letter."),
    change!("str.capitalize" chars::capitalize, "The first letter in upper case, the rest in lower case."),
    change!("str.swapcase" chars::swap, "Upper and lower case exchanged."),
    strip!("str.strip" true, true, "Without white space, or without some characters, at both ends."),
    strip!("str.lstrip" true, false, "Without white space, or without some characters, at the start."),
    strip!("str.rstrip" false, true, "Without white space, or without some characters, at the end."),
    test!("str.isdigit" | s | all(s, chars::is_digit), "Whether all characters are digits."),
    test!("str.isdecimal" | s | all(s, chars::is_decimal), "Whether all characters are decimal digits."),
    test!(
        "str.isnumeric" | s | all(s, chars::is_numeric),
        "Whether all characters are numeric, fractions and the like included."
    ),
    test!("str.isalpha" | s | all(s, chars::is_letter), "Whether all characters are letters."),
    test!(
        "str.isalnum" | s | all(s, |c| chars::is_letter(c) || chars::is_numeric(c)),
        "Whether all characters are letters or digits."
    ),
    test!("str.isspace" | s | all(s, chars::is_space), "Whether all characters are white space."),
    test!("str.isascii" str::is_ascii, "Whether all characters are ASCII."),
    test!(
        "str.isprintable" | s | s.chars().all(crate::lang::is_printable),
        "Whether no character is shown as an escape."
    ),
    test!("str.isidentifier" chars::is_identifier, "Whether it could be a name."),
    test!("str.isupper" | s | chars::is_all(s, char::is_uppercase), "Whether all letters are upper case."),
    test!("str.islower" | s | chars::is_all(s, char::is_lowercase), "Whether all letters are lower case."),
    test!("str.istitle" chars::is_title, "Whether each word starts with a capital letter and goes on in lower case."),
    entry!("str.split" "(self, sep=None, maxsplit=-1)" |_| strings(), Pure(|args| {
        let limit = usize::try_from(int(&args[2], "maxsplit")?).unwrap_or(usize::MAX);
        match &args[1] {
            Value::None => Ok(list(searching::words(text(args, 0)?, limit))),
            _ => {
                let separator = separator(args)?;
                Ok(list(text(args, 0)?.splitn(limit.saturating_add(1), separator).collect()))
            }
        }
    }), "The parts between separators, or between white space."),
    entry!("str.rsplit" "(self, sep=None, maxsplit=-1)" |_| strings(), Pure(|args| {
        let limit = usize::try_from(int(&args[2], "maxsplit")?).unwrap_or(usize::MAX);
        let mut parts: Vec<&str> = match &args[1] {
            Value::None => searching::words_from_end(text(args, 0)?, limit),
            _ => {
                let separator = separator(args)?;
                text(args, 0)?.rsplitn(limit.saturating_add(1), separator).collect()
            }
        };
        parts.reverse();
        Ok(list(parts))
    }), "The parts between separators, counted from the end."),
    entry!("str.splitlines" "(self, keepends=False)" |_| strings(), Pure(|args| {
        let keep = super::super::operators::truth(&args[1])?;
        Ok(list(searching::lines(text(args, 0)?, keep)))
    }), "The lines."),
    entry!("str.partition" "(self, sep, /)" three, Pure(|args| {
        let (s, separator) = (text(args, 0)?, separator(args)?);
        let (before, middle, after) = s.split_once(separator).map_or((s, "", ""), |(a, b)| (a, separator, b));
        Ok(Value::tuple([before, middle, after].map(Value::str).into()))
    }), "What is before the first separator, the separator, and what is after it."),
    entry!("str.rpartition" "(self, sep, /)" three, Pure(|args| {
        let (s, separator) = (text(args, 0)?, separator(args)?);
        let (before, middle, after) = s.rsplit_once(separator).map_or(("", "", s), |(a, b)| (a, separator, b));
        Ok(Value::tuple([before, middle, after].map(Value::str).into()))
    }), "What is before the last separator, the separator, and what is after it."),
    entry!("str.join" "(self, iterable, /)" kinds::str, Pure(|args| {
        let mut parts = Vec::new();
        for item in iteration::elements(&args[1])? {
            match item {
                Value::Str(part) => parts.push(part.to_string()),
                other => return Err(Error::type_(format!("str.join needs strings, not {}", other.type_name())).hint("turn each element into a string first: ', '.join(str(x) for x in items)")),
            }
        }
        Ok(Value::str(parts.join(text(args, 0)?)))
    }), "The strings of an iterable with this one between them."),
    entry!("str.replace" "(self, old, new, count=-1, /)" kinds::str, Pure(|args| {
        let (s, old, new) = (text(args, 0)?, text(args, 1)?, text(args, 2)?);
        let count = usize::try_from(int(&args[3], "count")?).unwrap_or(usize::MAX);
        // What it takes is known before it is made.
        let found = if old.is_empty() { s.chars().count() + 1 } else { s.matches(old).count() }.min(count);
        memory::fits(found.saturating_mul(new.len()).saturating_add(s.len()))?;
        Ok(Value::str(s.replacen(old, new, count)))
    }), "One text replaced by another."),
    affix!("str.startswith" | s, part | s.starts_with(part), "Whether it starts with a text, or with one of a tuple."),
    affix!("str.endswith" | s, part | s.ends_with(part), "Whether it ends with a text, or with one of a tuple."),
    entry!("str.removeprefix" "(self, prefix, /)" kinds::str, Pure(|args| {
        let (s, part) = (text(args, 0)?, text(args, 1)?);
        Ok(Value::str(s.strip_prefix(part).unwrap_or(s)))
    }), "Without a text at the start."),
    entry!("str.removesuffix" "(self, suffix, /)" kinds::str, Pure(|args| {
        let (s, part) = (text(args, 0)?, text(args, 1)?);
        Ok(Value::str(s.strip_suffix(part).unwrap_or(s)))
    }), "Without a text at the end."),
    search!("str.find" kinds::int, |part, what| Ok(Value::Int(part.find(what).unwrap_or(-1))), "The index of the first occurrence, or -1."),
    search!("str.rfind" kinds::int, |part, what| Ok(Value::Int(part.rfind(what).unwrap_or(-1))), "The index of the last occurrence, or -1."),
    search!("str.index" kinds::int, |part, what| part.find(what).map(Value::Int).ok_or_else(|| absent(what)), "The index of the first occurrence."),
    search!("str.rindex" kinds::int, |part, what| part.rfind(what).map(Value::Int).ok_or_else(|| absent(what)), "The index of the last occurrence."),
    search!("str.count" kinds::int, |part, what| Ok(Value::Int(part.count(what))), "How often a text occurs."),
    entry!("str.zfill" "(self, width, /)" kinds::str, Pure(|args| {
        let s = text(args, 0)?;
        let (sign, digits) = match s.strip_prefix(['-', '+']) {
            Some(digits) => s.split_at(s.len() - digits.len()),
            None => ("", s),
        };
        let missing = padding(args, s)?;
        Ok(Value::str(format!("{sign}{}{digits}", "0".repeat(missing))))
    }), "Filled with zeros after the sign."),
    justify!("str.ljust" | _, _ | 0, "Filled at the end."),
    justify!("str.rjust" | missing, _ | missing, "Filled at the start."),
    // Python puts the odd one on the left where the width is odd too.
    justify!(
        "str.center" | missing,
        width | missing / 2 + (missing & width.max(0) as usize & 1),
        "Filled at both ends."
    ),
    entry!("str.expandtabs" "(self, tabsize=8)" kinds::str, Pure(|args| {
        let size = usize::try_from(int(&args[1], "tabsize")?).unwrap_or(0);
        let s = text(args, 0)?;
        memory::fits(s.matches('\t').count().saturating_mul(size).saturating_add(s.len()))?;
        Ok(Value::str(chars::expand_tabs(s, size)))
    }), "Tabs replaced by spaces up to the next multiple of a number of columns."),
    entry!("str.translate" "(self, table, /)" kinds::str, Pure(|args| {
        let Value::Dict(table) = &args[1] else {
            return Err(Error::type_(format!("str.translate needs a dict, not {}", args[1].type_name())));
        };
        let mut out = String::new();
        for c in text(args, 0)?.chars() {
            match table.get(&Key::new(&Value::Int(i64::from(u32::from(c))))?) {
                None => out.push(c),
                Some(Value::None) => {}
                Some(Value::Str(text)) => out.push_str(text),
                Some(code) => out.push(super::builtins::character(code)?),
            }
        }
        Ok(Value::str(out))
    }), "Characters replaced by what a dict has for their codes."),
    entry!("str.maketrans" "(x, y=None, z=None, /)" kinds::any, Pure(translation), "A table for `translate`: of a dict, or of as many characters as others, and those to be left out.\n\n>>> 'abc'.translate(str.maketrans('ab', 'xy', 'c'))\n'xy'"),
    entry!("str.format" "(self, *args, **named)" kinds::str, Pure(|args| {
        let (positional, named) = (take(args, 1), take(args, 2));
        display::format_template(text(args, 0)?, &positional, &named).map(Value::str)
    }), "The text with its {fields} replaced."),
];

fn translation(args: &mut [Value]) -> Result<Value> {
    let code = |c: char| Value::Int(i64::from(u32::from(c)));
    let mut table = Dict::default();
    if let (Value::Dict(given), Value::None) = (&args[0], &args[1]) {
        for (key, item) in given.iter() {
            let key = match key.value() {
                Value::Str(text) => match (text.chars().next(), text.chars().count()) {
                    (Some(c), 1) => code(c),
                    _ => return Err(Error::value("string keys in translate table must be of length 1")),
                },
                key @ Value::Int(_) => key,
                _ => return Err(Error::type_("keys in translate table must be strings or integers")),
            };
            table.insert(Key::new(&key)?, item.clone());
        }
        return Ok(Value::Dict(std::sync::Arc::new(table)));
    }
    if let Value::None = args[1] {
        return Err(Error::type_("if you give only one argument to maketrans it must be a dict"));
    }
    let (from, to) = (text(args, 0)?, text(args, 1)?);
    if from.chars().count() != to.chars().count() {
        return Err(Error::value("the first two maketrans arguments must have equal length"));
    }
    for (x, y) in from.chars().zip(to.chars()) {
        table.insert(Key::new(&code(x))?, code(y));
    }
    if !matches!(args[2], Value::None) {
        for c in text(args, 2)?.chars() {
            table.insert(Key::new(&code(c))?, Value::None);
        }
    }
    Ok(Value::Dict(std::sync::Arc::new(table)))
}

fn strings() -> Kind {
    Kind::ListOf(std::sync::Arc::new(Kind::Str))
}

fn three(_: &[crate::sct::kind::Operand]) -> Kind {
    Kind::Tuple([Kind::Str, Kind::Str, Kind::Str].into_iter().collect())
}

fn list(parts: Vec<&str>) -> Value {
    Value::list(parts.into_iter().map(Value::str).collect())
}

fn all(s: &str, test: fn(char) -> bool) -> bool {
    !s.is_empty() && s.chars().all(test)
}

fn absent(part: &str) -> Error {
    Error::value(format!("the substring {} is not there", display::str_repr(part)))
        .hint("`find` gives -1 instead of an error")
}

fn separator(args: &[Value]) -> Result<&str> {
    match text(args, 1)? {
        "" => Err(Error::value("the separator is empty")),
        separator => Ok(separator),
    }
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
    memory::fits(width.saturating_mul(4))?;
    Ok(width.saturating_sub(s.chars().count()))
}
