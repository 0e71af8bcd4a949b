//! `template % values`: Python's older way of formatting, on top of the format specifications.

use std::sync::Arc;

use super::super::array::Element;
use super::super::value::{Key, Value};
use super::format::{Spec, float, pad, sign_of, string};
use super::{convert, str};
use crate::interp::library::builtins;
use crate::lang::{Error, Result};

/// The text with its conversions, such as `%d` or `%-8.3f`, replaced by the values of a tuple, by one value, or, for
/// `%(name)s`, by those of a dict.
pub fn format_percent(template: &str, values: &Value) -> Result<String> {
    let mut filling = Filling { values, next: 0 };
    let mut out = String::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('%') {
        out.push_str(text);
        let mut letters = Letters(after);
        if letters.take('%') {
            out.push('%');
            rest = letters.0;
            continue;
        }
        let conversion = Conversion::read(&mut letters, &mut filling)?;
        rest = letters.0;
        let value = match &conversion.named {
            Some(value) => value.clone(),
            None => filling.value()?,
        };
        out.push_str(&conversion.shown(&value)?);
    }
    out.push_str(rest);
    filling.all_used()?;
    Ok(out)
}

/// What is left to read of a template.
struct Letters<'t>(&'t str);

impl Letters<'_> {
    fn next(&mut self) -> Result<char> {
        let c = self.0.chars().next().ok_or_else(|| Error::value("incomplete format"))?;
        self.0 = &self.0[c.len_utf8()..];
        Ok(c)
    }

    fn take(&mut self, c: char) -> bool {
        let rest = self.0.strip_prefix(c);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// A number of digits, or the next value where a star stands; none where there is neither.
    fn number(&mut self, filling: &mut Filling) -> Result<Option<i64>> {
        if self.take('*') {
            return match filling.value()? {
                Value::Int(n) if n.unsigned_abs() <= MOST => Ok(Some(n)),
                Value::Int(_) => Err(Error::value("a width or precision is too large")),
                _ => Err(Error::type_("* wants int")),
            };
        }
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        match digits {
            "" => Ok(None),
            _ => match digits.parse::<u64>() {
                Ok(n) if n <= MOST => Ok(Some(n as i64)),
                _ => Err(Error::value("a width or precision is too large")),
            },
        }
    }
}

/// The largest width or precision.
const MOST: u64 = 1 << 20;

/// The values, and how many have been used.
struct Filling<'v> {
    values: &'v Value,
    next: usize,
}

impl Filling<'_> {
    /// The item of the key that stands next.
    fn named(&mut self, letters: &mut Letters) -> Result<Value> {
        let dict = match self.values {
            Value::Dict(dict) => dict,
            Value::List(_) | Value::Array(_) | Value::Range(_) => {
                key(letters)?;
                return Err(Error::type_("names in a format need a dict"));
            }
            _ => return Err(Error::type_("format requires a mapping")),
        };
        let key = key(letters)?;
        // Once named, values cannot be taken in order.
        self.next = 1;
        let item = dict.get(&Key::Str(Arc::new(key.clone()))).cloned();
        item.ok_or_else(|| Error::index(format!("no key {key:?} in the dict")))
    }

    fn value(&mut self) -> Result<Value> {
        let value = match self.values {
            Value::Tuple(items) => items.get(self.next).cloned(),
            one => (self.next == 0).then(|| one.clone()),
        };
        self.next += 1;
        value.ok_or_else(|| Error::type_("not enough arguments for format string"))
    }

    /// An error where values are left; a container that is no tuple may be left whole.
    fn all_used(&self) -> Result<()> {
        let left = match self.values {
            Value::Tuple(items) => self.next < items.len(),
            Value::List(_) | Value::Dict(_) | Value::Array(_) | Value::Range(_) => false,
            _ => self.next == 0,
        };
        if left { Err(Error::type_("not all arguments converted during string formatting")) } else { Ok(()) }
    }
}

/// The key after a parenthesis, which may hold parentheses.
fn key(letters: &mut Letters) -> Result<String> {
    let (mut key, mut open) = (String::new(), 1);
    loop {
        let c = letters.next().map_err(|_| Error::value("incomplete format key"))?;
        open += i32::from(c == '(') - i32::from(c == ')');
        if open == 0 {
            return Ok(key);
        }
        key.push(c);
    }
}

/// `%[(key)][flags][width][.precision]form`
struct Conversion {
    named: Option<Value>,
    spec: Spec,
    precision: Option<usize>,
    form: char,
}

impl Conversion {
    fn read(letters: &mut Letters, filling: &mut Filling) -> Result<Conversion> {
        let named = if letters.take('(') { Some(filling.named(letters)?) } else { None };
        let (mut left, mut zero, mut plus, mut space, mut alternate) = (false, false, false, false, false);
        loop {
            let flag = match letters.0.chars().next() {
                Some('-') => &mut left,
                Some('0') => &mut zero,
                Some('+') => &mut plus,
                Some(' ') => &mut space,
                Some('#') => &mut alternate,
                _ => break,
            };
            *flag = true;
            letters.next()?;
        }
        let width = letters.number(filling)?.unwrap_or(0);
        left = left || width < 0;
        let precision = match letters.take('.') {
            true => Some(usize::try_from(letters.number(filling)?.unwrap_or(0)).unwrap_or(0)),
            false => None,
        };
        let _ = letters.take('h') || letters.take('l') || letters.take('L');
        let form = letters.next()?;
        let spec = Spec {
            align: Some(if left { '<' } else { '>' }),
            sign: if plus { Some('+') } else { space.then_some(' ') },
            alternate,
            zero: zero && !left,
            width: usize::try_from(width.unsigned_abs()).unwrap_or(0),
            ..Spec::default()
        };
        Ok(Conversion { named, spec, precision, form })
    }

    fn shown(&self, value: &Value) -> Result<String> {
        match self.form {
            'd' | 'i' | 'u' => self.integer(value, "", |n| n.to_string()),
            'o' => self.integer(value, "0o", |n| format!("{n:o}")),
            'x' => self.integer(value, "0x", |n| format!("{n:x}")),
            'X' => self.integer(value, "0X", |n| format!("{n:X}")),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let number = match value {
                    Value::Float(_) | Value::Int(_) | Value::Bool(_) => f64::scalar(value)?,
                    Value::Array(_) => f64::scalar(&builtins::only(value)?)?,
                    other => {
                        return Err(Error::type_(format!("%{} needs a number, not {}", self.form, other.type_name())));
                    }
                };
                let spec = Spec { precision: self.precision, form: Some(self.form), ..self.numeric() };
                float(number, &spec)
            }
            'c' => {
                let letter = match value {
                    Value::Str(text) if text.chars().count() == 1 => text.to_string(),
                    Value::Int(_) | Value::Bool(_) => builtins::character(value)?.to_string(),
                    _ => return Err(Error::type_("%c requires int or char")),
                };
                Ok(pad("", &letter, &self.textual(), '<'))
            }
            's' => string(&str(value), &self.textual()),
            'r' | 'a' => string(&convert(value, self.form)?, &self.textual()),
            other => Err(Error::value(format!("unsupported format character {other:?}"))),
        }
    }

    fn integer(&self, value: &Value, prefix: &str, digits: fn(u64) -> String) -> Result<String> {
        let number = match value {
            Value::Int(_) | Value::Bool(_) => i64::scalar(value)?,
            Value::Float(_) if prefix.is_empty() => i64::scalar(value)?,
            other => {
                return Err(Error::type_(format!("%{} needs an integer, not {}", self.form, other.type_name())));
            }
        };
        let digits = digits(number.unsigned_abs());
        let missing = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let body = "0".repeat(missing) + &digits;
        let sign = format!("{}{}", sign_of(number < 0, &self.spec), if self.spec.alternate { prefix } else { "" });
        Ok(pad(&sign, &body, &self.numeric(), '>'))
    }

    /// Zeros go between the sign and the digits.
    fn numeric(&self) -> Spec {
        let align = if self.spec.zero { Some('=') } else { self.spec.align };
        Spec { align, ..self.spec }
    }

    /// Text is filled with spaces only, and has no sign.
    fn textual(&self) -> Spec {
        Spec { align: self.spec.align, width: self.spec.width, precision: self.precision, ..Spec::default() }
    }
}
