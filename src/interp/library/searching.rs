//! Searching and splitting text as Python does; indices count characters.

use super::super::value::Value;
use super::arguments::int;
use super::characters::is_space;
use crate::lang::Result;

/// The part of a text between two indices that a search looks at.
pub struct Part<'a> {
    /// The part; none where the start is behind the end.
    pub text: Option<&'a str>,
    /// The index of its first character.
    start: usize,
}

impl<'a> Part<'a> {
    /// The part that `start` and `end` of a method name.
    pub fn new(s: &'a str, start: &Value, end: &Value) -> Result<Part<'a>> {
        if matches!((start, end), (Value::None, Value::None)) {
            return Ok(Part { text: Some(s), start: 0 });
        }
        let count = s.chars().count();
        let bound = |value: &Value, default: usize| -> Result<usize> {
            let Value::None = value else {
                let at = int(value, "an index")?;
                let size = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
                return Ok(if at < 0 { count.saturating_sub(size) } else { size });
            };
            Ok(default)
        };
        let (start, end) = (bound(start, 0)?, bound(end, count)?.min(count));
        if start > end {
            return Ok(Part { text: None, start });
        }
        let byte = |at: usize| s.char_indices().nth(at).map_or(s.len(), |(byte, _)| byte);
        Ok(Part { text: s.get(byte(start)..byte(end)), start })
    }

    fn index(&self, text: &str, byte: usize) -> i64 {
        (self.start + text.get(..byte).map_or(0, |before| before.chars().count())) as i64
    }

    /// The index of the first occurrence.
    pub fn find(&self, what: &str) -> Option<i64> {
        self.text.and_then(|text| text.find(what).map(|byte| self.index(text, byte)))
    }

    /// The index of the last occurrence.
    pub fn rfind(&self, what: &str) -> Option<i64> {
        self.text.and_then(|text| text.rfind(what).map(|byte| self.index(text, byte)))
    }

    /// How often it occurs, without overlap.
    pub fn count(&self, what: &str) -> i64 {
        let Some(text) = self.text else { return 0 };
        (if what.is_empty() { text.chars().count() + 1 } else { text.matches(what).count() }) as i64
    }
}

/// The words between white space; what is left after so many splits is the last.
pub fn words(s: &str, limit: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = s.trim_start_matches(is_space);
    while !rest.is_empty() {
        match rest.find(is_space) {
            Some(at) if words.len() < limit => {
                let (word, after) = rest.split_at(at);
                words.push(word);
                rest = after.trim_start_matches(is_space);
            }
            _ => {
                // Behind the last split white space at the end stays, as in Python.
                words.push(rest);
                break;
            }
        }
    }
    words
}

/// The words from the last to the first; what is left after so many splits is the last of the result.
pub fn words_from_end(s: &str, limit: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = s.trim_end_matches(is_space);
    while !rest.is_empty() {
        match rest.rfind(is_space) {
            Some(at) if words.len() < limit => {
                let after =
                    rest.get(at..).and_then(|tail| tail.char_indices().nth(1)).map_or(rest.len(), |(n, _)| at + n);
                words.push(rest.get(after..).unwrap_or_default());
                rest = rest.get(..at).unwrap_or_default().trim_end_matches(is_space);
            }
            _ => {
                words.push(rest);
                break;
            }
        }
    }
    words
}

/// The lines, with or without what ends them.
pub fn lines(s: &str, keep: bool) -> Vec<&str> {
    const ENDS: &[char] = &['\n', '\r', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut lines = Vec::new();
    let mut rest = s;
    while !rest.is_empty() {
        let (line, end) = match rest.char_indices().find(|(_, c)| ENDS.contains(c)) {
            Some((at, '\r')) if rest.as_bytes().get(at + 1) == Some(&b'\n') => (at, at + 2),
            Some((at, c)) => (at, at + c.len_utf8()),
            None => (rest.len(), rest.len()),
        };
        let (with_end, after) = rest.split_at(end);
        lines.push(if keep { with_end } else { with_end.get(..line).unwrap_or_default() });
        rest = after;
    }
    lines
}
