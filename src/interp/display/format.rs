//! Format specifications: `[[fill]align][sign][#][0][width][,|_][.precision][type]`.

use super::super::array::Element;
use super::super::value::{Key, Value};
use super::super::{indexing, iteration};
use super::floats::float_repr;
use super::{repr, str};
use crate::lang::{Error, Result};

/// A specification, taken apart.
#[derive(Clone, Copy, Default)]
pub(super) struct Spec {
    pub fill: Option<char>,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub group: Option<char>,
    pub precision: Option<usize>,
    pub form: Option<char>,
}

/// What `!r`, `!s` or `!a` makes of a value.
pub fn convert(value: &Value, conversion: char) -> Result<String> {
    match conversion {
        'r' => Ok(repr(value)),
        's' => Ok(str(value)),
        'a' => Ok(crate::lang::escape_beyond_ascii(&repr(value))),
        other => Err(Error::value(format!("no conversion !{other}"))),
    }
}

/// Python's `format(value, spec)`.
pub fn format(value: &Value, spec: &str) -> Result<String> {
    if spec.is_empty() {
        return Ok(str(value));
    }
    let parsed = parse(spec)?;
    match value {
        Value::Str(text) => string(text, &parsed),
        Value::Int(_) | Value::Bool(_) => integer(i64::scalar(value)?, &parsed),
        Value::Float(x) => Ok(float(*x, &parsed)?),
        Value::Array(array) => match array.only() {
            Some(element) => format(&element, spec),
            None => Err(unsupported(value)),
        },
        Value::None => Err(unsupported(value)),
        other => Err(unsupported(other)),
    }
}

fn unsupported(value: &Value) -> Error {
    Error::type_(format!("a format specification is not supported for {}", value.type_name()))
        .hint("format its elements, or leave the specification out")
}

fn parse(text: &str) -> Result<Spec> {
    let wrong = || Error::value(format!("invalid format specification {text:?}"));
    let letters: Vec<char> = text.chars().collect();
    let mut spec = Spec::default();
    let mut at = 0;
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
    if is_align(letters.get(1)) {
        (spec.fill, spec.align) = (Some(letters[0]), Some(letters[1]));
        at = 2;
    } else if is_align(letters.first()) {
        spec.align = Some(letters[0]);
        at = 1;
    }
    if let Some(&sign @ ('+' | '-' | ' ')) = letters.get(at) {
        spec.sign = Some(sign);
        at += 1;
    }
    if letters.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if letters.get(at) == Some(&'0') {
        spec.zero = true;
        at += 1;
    }
    let number = |at: &mut usize| -> Result<Option<usize>> {
        let start = *at;
        while letters.get(*at).is_some_and(char::is_ascii_digit) {
            *at += 1;
        }
        if start == *at {
            return Ok(None);
        }
        let digits: String = letters[start..*at].iter().collect();
        match digits.parse::<usize>() {
            Ok(n) if n <= 1 << 20 => Ok(Some(n)),
            _ => Err(Error::value("too many digits in a format specification")),
        }
    };
    spec.width = number(&mut at)?.unwrap_or(0);
    if let Some(&group @ (',' | '_')) = letters.get(at) {
        spec.group = Some(group);
        at += 1;
    }
    if letters.get(at) == Some(&'.') {
        at += 1;
        spec.precision = Some(number(&mut at)?.ok_or_else(wrong)?);
    }
    if let Some(&form) = letters.get(at) {
        spec.form = Some(form);
        at += 1;
    }
    if at == letters.len() { Ok(spec) } else { Err(wrong()) }
}

/// Pads text to the width; a number's zeros and `=` go between the sign and the digits.
pub(super) fn pad(sign: &str, body: &str, spec: &Spec, default: char) -> String {
    let missing = spec.width.saturating_sub(sign.chars().count() + body.chars().count());
    let (fill, align) = match (spec.fill, spec.align) {
        (fill, Some(align)) => (fill.unwrap_or(if spec.zero { '0' } else { ' ' }), align),
        (_, None) if spec.zero => ('0', if default == '<' { '<' } else { '=' }),
        (_, None) => (' ', default),
    };
    let fill = |n: usize| fill.to_string().repeat(n);
    match align {
        '<' => format!("{sign}{body}{}", fill(missing)),
        '^' => format!("{}{sign}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
        '=' => format!("{sign}{}{body}", fill(missing)),
        _ => format!("{}{sign}{body}", fill(missing)),
    }
}

pub(super) fn string(text: &str, spec: &Spec) -> Result<String> {
    if !matches!(spec.form, None | Some('s')) {
        return Err(unknown(spec, "str"));
    }
    if spec.sign.is_some() || spec.alternate || spec.align == Some('=') || spec.group.is_some() {
        return Err(Error::value("this format specification is not allowed for strings"));
    }
    let cut: String = match spec.precision {
        Some(n) => text.chars().take(n).collect(),
        None => text.to_string(),
    };
    Ok(pad("", &cut, spec, '<'))
}

fn unknown(spec: &Spec, name: &str) -> Error {
    Error::value(format!("unknown format code {:?} for {name}", spec.form.unwrap_or(' ')))
}

pub(super) fn sign_of(negative: bool, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

/// Digits with a separator after every so many from the right.
fn grouped(digits: &str, separator: char, every: usize) -> String {
    let n = digits.len();
    let mut out = String::with_capacity(n + n / every);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (n - at).is_multiple_of(every) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// Digits filled with zeros to a width, grouped throughout.
fn grouped_to_width(whole: &str, rest: &str, sign: &str, spec: &Spec, every: usize) -> String {
    let Some(separator) = spec.group else { return whole.to_string() };
    let mut digits = whole.to_string();
    let zeros =
        spec.zero && matches!(spec.align, None | Some('=')) || (spec.fill == Some('0') && spec.align == Some('='));
    let mut shown = grouped(&digits, separator, every);
    while zeros && sign.len() + shown.len() + rest.len() < spec.width {
        digits.insert(0, '0');
        shown = grouped(&digits, separator, every);
    }
    shown
}

/// A separator and a type that do not go together.
fn check_group(spec: &Spec) -> Result<()> {
    match (spec.group, spec.form) {
        (Some(','), Some('b' | 'o' | 'x' | 'X' | 'c' | 'n' | 's')) | (Some('_'), Some('c' | 'n' | 's')) => {
            let (group, form) = (spec.group.unwrap_or(','), spec.form.unwrap_or(' '));
            Err(Error::value(format!("the separator '{group}' does not go with the format code '{form}'")))
        }
        _ => Ok(()),
    }
}

fn integer(value: i64, spec: &Spec) -> Result<String> {
    check_group(spec)?;
    let magnitude = value.unsigned_abs();
    let (prefix, digits, every) = match spec.form {
        None | Some('d' | 'n') => ("", magnitude.to_string(), 3),
        Some('b') => ("0b", format!("{magnitude:b}"), 4),
        Some('o') => ("0o", format!("{magnitude:o}"), 4),
        Some('x') => ("0x", format!("{magnitude:x}"), 4),
        Some('X') => ("0X", format!("{magnitude:X}"), 4),
        Some('c') => {
            let letter = u32::try_from(value).ok().and_then(char::from_u32);
            let letter = letter.ok_or_else(|| Error::value("%c arg not in range(0x110000)"))?;
            return Ok(pad("", &letter.to_string(), spec, '<'));
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return float(value as f64, spec),
        Some(_) => return Err(unknown(spec, "int")),
    };
    if spec.precision.is_some() {
        return Err(Error::value("precision not allowed in integer format specifier"));
    }
    let sign = format!("{}{}", sign_of(value < 0, spec), if spec.alternate { prefix } else { "" });
    let shown = match spec.group {
        Some(_) => grouped_to_width(&digits, "", &sign, spec, every),
        None => digits,
    };
    Ok(pad(&sign, &shown, spec, '>'))
}

pub(super) fn float(value: f64, spec: &Spec) -> Result<String> {
    check_group(spec)?;
    if !matches!(spec.form, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')) {
        return Err(unknown(spec, "float"));
    }
    let sign = sign_of(value.is_sign_negative() && !value.is_nan(), spec);
    let size = value.abs();
    let upper = matches!(spec.form, Some('E' | 'F' | 'G'));
    let percent = spec.form == Some('%');
    if !size.is_finite() {
        let name = match (size.is_nan(), upper) {
            (true, false) => "nan",
            (true, true) => "NAN",
            (false, false) => "inf",
            (false, true) => "INF",
        };
        return Ok(pad(sign, &format!("{name}{}", if percent { "%" } else { "" }), spec, '>'));
    }
    let precision = spec.precision.unwrap_or(6);
    let mut body = match spec.form {
        Some('e' | 'E') => exponent_form(size, precision),
        Some('f' | 'F') => format!("{size:.precision$}"),
        Some('%') => format!("{:.precision$}%", size * 100.0),
        Some('g' | 'G' | 'n') => general(size, precision.max(1), spec.alternate, false),
        None => match spec.precision {
            None => float_repr(size),
            Some(precision) => general(size, precision.max(1), spec.alternate, true),
        },
        Some(_) => return Err(unknown(spec, "float")),
    };
    if spec.alternate && !body.contains('.') {
        let end = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        body.insert(end, '.');
    }
    if upper {
        body = body.to_uppercase();
    }
    if spec.group.is_some() {
        let end = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let (whole, rest) = body.split_at(end);
        body = format!("{}{rest}", grouped_to_width(whole, rest, sign, spec, 3));
    }
    Ok(pad(sign, &body, spec, '>'))
}

fn exponent_form(size: f64, precision: usize) -> String {
    let text = format!("{size:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The `g` form: significant digits, exponents where they are far from the point. Without a type it keeps a digit after
/// the point and switches to exponents one digit earlier.
fn general(size: f64, precision: usize, keep_zeros: bool, untyped: bool) -> String {
    let digits = format!("{size:.*e}", precision - 1);
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let strip = |text: &str| {
        if keep_zeros || !text.contains('.') {
            text.to_string()
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        }
    };
    let limit = if untyped { precision as i32 - 1 } else { precision as i32 };
    if exponent < -4 || exponent >= limit {
        return format!("{}e{}{:02}", strip(mantissa), if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    let decimals = usize::try_from(precision as i32 - 1 - exponent).unwrap_or(0);
    let text = strip(&format!("{size:.decimals$}"));
    if untyped && !text.contains('.') { format!("{text}.0") } else { text }
}

/// `str.format`: the text with its fields replaced by positional and named values.
pub fn format_template(template: &str, positional: &Value, named: &Value) -> Result<String> {
    filled(template, positional, named, &mut Numbering::default())
}

/// How the fields of a template find their positional values: one after another or by number, not both.
#[derive(Default)]
struct Numbering {
    next: usize,
    explicit: bool,
}

impl Numbering {
    /// The place of a field with this number, or without one.
    fn place(&mut self, number: Option<usize>) -> Result<usize> {
        if number.map_or(self.explicit, |_| self.next > 0) {
            return Err(Error::value("a format string numbers all of its fields or none"));
        }
        self.explicit = number.is_some();
        let at = number.unwrap_or(self.next);
        self.next += usize::from(number.is_none());
        Ok(at)
    }
}

fn filled(template: &str, positional: &Value, named: &Value, numbering: &mut Numbering) -> Result<String> {
    let mut out = String::new();
    let mut letters = template.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '{' if letters.peek() == Some(&'{') => {
                letters.next();
                out.push('{');
            }
            '}' => {
                if letters.next_if_eq(&'}').is_none() {
                    return Err(Error::value("single '}' in a format string"));
                }
                out.push('}');
            }
            '{' => {
                let mut field = String::new();
                let mut depth = 1;
                for c in letters.by_ref() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                    field.push(c);
                }
                if depth > 0 {
                    return Err(Error::value("expected '}' in a format string"));
                }
                out.push_str(&replaced(&field, positional, named, numbering)?);
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

fn replaced(field: &str, positional: &Value, named: &Value, numbering: &mut Numbering) -> Result<String> {
    let (name, spec) = field.split_once(':').unwrap_or((field, ""));
    let (name, conversion) = match name.split_once('!') {
        Some((name, conversion)) => (name, conversion.chars().next()),
        None => (name, None),
    };
    let (head, index) = match name.find('[') {
        Some(at) => (&name[..at], Some(name[at + 1..].trim_end_matches(']'))),
        None => (name, None),
    };
    let mut value = if head.is_empty() {
        iteration::element(positional, numbering.place(None)?)
    } else if let Ok(at) = head.parse::<usize>() {
        iteration::element(positional, numbering.place(Some(at))?)
    } else {
        match named {
            Value::Dict(named) => named.get(&Key::Str(std::sync::Arc::new(head.to_string()))).cloned(),
            _ => None,
        }
        .ok_or_else(|| Error::index(format!("no value for the field {head:?}")))
    }?;
    if let Some(index) = index {
        let key = index.parse::<i64>().map_or_else(|_| Value::str(index), Value::Int);
        value = indexing::get(&value, &key)?;
    }
    let spec = if spec.contains('{') { filled(spec, positional, named, numbering)? } else { spec.to_string() };
    match conversion {
        Some(conversion) => format(&Value::str(convert(&value, conversion)?), &spec),
        None => format(&value, &spec),
    }
}
