//! Arrays as NumPy prints them (`numpy.array2string` with its defaults).

use super::super::array::Array;
use super::floats::{positional, shortest};
use ndarray::{ArrayViewD, Axis};

/// At most this many digits after the decimal point.
const PRECISION: usize = 8;
/// Arrays with more elements are summarised.
const THRESHOLD: usize = 1000;
/// How many elements a summary keeps at either end of an axis.
const EDGE: usize = 3;
/// The columns of a line.
const LINE: usize = 75;

/// `str` of an array.
pub(super) fn text(array: &Array) -> String {
    if array.is_empty() {
        return "[]".into();
    }
    body(array, " ", "")
}

/// `repr` of an array.
pub(super) fn repr(array: &Array) -> String {
    let name = array.dtype().name();
    if array.is_empty() {
        let mut text = "array([]".to_string();
        if array.ndim() > 1 {
            text.push_str(&format!(", shape={}", super::super::array::shape_text(array.shape())));
        }
        text.push_str(&format!(", dtype={name}"));
        text.push(')');
        return text;
    }
    let mut text = format!("array({}", body(array, ", ", "array("));
    if array.len() > THRESHOLD {
        let extra = with_room(&text, &format!("shape={}", super::super::array::shape_text(array.shape())));
        text.push_str(&extra);
    }
    text.push(')');
    text
}

/// An extra argument after the elements, on a new line where the last has no room for it.
fn with_room(text: &str, extra: &str) -> String {
    let last = text.len() - (text.rfind('\n').map_or(0, |at| at + 1));
    // The comma, the space and the closing bracket count too.
    if last + extra.len() + 3 > LINE { format!(",\n      {extra}") } else { format!(", {extra}") }
}

fn body(array: &Array, separator: &str, prefix: &str) -> String {
    let summary = array.len() > THRESHOLD;
    match array {
        Array::Float(a) => {
            let format = FloatFormat::new(&shown(&a.view(), summary));
            layout(&a.view(), &|&x| format.show(x), summary, separator, prefix)
        }
        Array::Int(a) => {
            let shown = shown(&a.view(), summary);
            let width = shown.iter().map(|x| x.to_string().len()).max().unwrap_or(0);
            layout(&a.view(), &|x| format!("{x:>width$}"), summary, separator, prefix)
        }
        Array::Bool(a) => {
            layout(&a.view(), &|&x| format!("{:>5}", if x { "True" } else { "False" }), summary, separator, prefix)
        }
    }
}

/// The elements that are shown: all, or those at the edges.
fn shown<T: Copy>(a: &ArrayViewD<'_, T>, summary: bool) -> Vec<T> {
    if !summary {
        return a.iter().copied().collect();
    }
    let mut out = Vec::new();
    collect_edges(a, &mut out);
    out
}

fn collect_edges<T: Copy>(a: &ArrayViewD<'_, T>, out: &mut Vec<T>) {
    if a.ndim() == 0 {
        out.extend(a.first().copied());
        return;
    }
    let n = a.shape()[0];
    let edges = if n > 2 * EDGE { (0..EDGE).chain(n - EDGE..n) } else { (0..n).chain(n..n) };
    for i in edges {
        collect_edges(&a.index_axis(Axis(0), i), out);
    }
}

fn layout<T>(
    a: &ArrayViewD<'_, T>,
    show: &dyn Fn(&T) -> String,
    summary: bool,
    separator: &str,
    prefix: &str,
) -> String {
    let layout = Layout { show, summary, separator, rank: a.ndim() };
    // As NumPy: continuation lines are indented below the first element, after the prefix.
    // The closing bracket of a prefix with a call counts as well.
    let width = LINE - usize::from(!prefix.is_empty());
    layout.write(a, 0, &" ".repeat(prefix.len() + 1), width as isize)
}

struct Layout<'a, T> {
    show: &'a dyn Fn(&T) -> String,
    summary: bool,
    separator: &'a str,
    rank: usize,
}

impl<T> Layout<'_, T> {
    /// NumPy's `_formatArray`: the part below `depth` axes.
    fn write(&self, a: &ArrayViewD<'_, T>, depth: usize, indent: &str, width: isize) -> String {
        let left = self.rank - depth;
        if left == 0 {
            return a.first().map(|x| (self.show)(x)).unwrap_or_default();
        }
        let deeper = format!("{indent} ");
        let width_below = width - 1;
        let n = a.shape()[0];
        let cut = self.summary && n > 2 * EDGE;
        let (leading, trailing) = if cut { (EDGE, EDGE) } else { (0, n) };
        let mut out = String::new();
        if left == 1 {
            let width = width - (self.separator.trim_end().len().max(1)) as isize;
            let mut line = indent.to_string();
            let word = |out: &mut String, line: &mut String, word: &str| {
                if (line.chars().count() + word.chars().count()) as isize > width && line.len() > indent.len() {
                    out.push_str(line.trim_end());
                    out.push('\n');
                    *line = indent.to_string();
                }
                line.push_str(word);
            };
            for i in 0..leading {
                word(&mut out, &mut line, &self.element(a, i));
                line.push_str(self.separator);
            }
            if cut {
                word(&mut out, &mut line, "...");
                line.push_str(self.separator);
            }
            for i in (2..=trailing).rev() {
                word(&mut out, &mut line, &self.element(a, n - i));
                line.push_str(self.separator);
            }
            word_last(&mut out, &mut line, &self.element(a, n - 1), width, indent);
            out.push_str(&line);
        } else {
            let line_end = format!("{}{}", self.separator.trim_end(), "\n".repeat(left - 1));
            for i in 0..leading {
                out.push_str(&format!(
                    "{indent}{}{line_end}",
                    self.write(&a.index_axis(Axis(0), i), depth + 1, &deeper, width_below)
                ));
            }
            if cut {
                out.push_str(&format!("{indent}...{line_end}"));
            }
            for i in (1..=trailing).rev() {
                let part = self.write(&a.index_axis(Axis(0), n - i), depth + 1, &deeper, width_below);
                out.push_str(&format!("{indent}{part}"));
                if i > 1 {
                    out.push_str(&line_end);
                }
            }
        }
        format!("[{}]", out.get(indent.len()..).unwrap_or(""))
    }

    fn element(&self, a: &ArrayViewD<'_, T>, i: usize) -> String {
        a.index_axis(Axis(0), i).first().map(|x| (self.show)(x)).unwrap_or_default()
    }
}

fn word_last(out: &mut String, line: &mut String, word: &str, width: isize, indent: &str) {
    if (line.chars().count() + word.chars().count()) as isize > width && line.len() > indent.len() {
        out.push_str(line.trim_end());
        out.push('\n');
        *line = indent.to_string();
    }
    line.push_str(word);
}

/// NumPy's `FloatingFormat`: one form for all elements, aligned at the point.
struct FloatFormat {
    exponent: bool,
    left: usize,
    right: usize,
    precision: usize,
    exponent_digits: usize,
}

impl FloatFormat {
    fn new(values: &[f64]) -> FloatFormat {
        let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        let sizes = || finite.iter().map(|x| x.abs()).filter(|&x| x != 0.0);
        let (min, max) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
        let exponent = max > 0.0 && (max >= 1e8 || min < 1e-4 || max / min > 1000.0);
        let mut format = FloatFormat { exponent, left: 0, right: 0, precision: PRECISION, exponent_digits: 2 };
        if exponent {
            let parts: Vec<_> = finite.iter().map(|&x| scientific(x, PRECISION)).collect();
            format.left = parts.iter().map(|p| p.0.len()).max().unwrap_or(0);
            format.precision = parts.iter().map(|p| p.1.len()).max().unwrap_or(0);
            format.exponent_digits = parts.iter().map(|p| digits_of(p.2)).max().unwrap_or(2);
            // The exponent's `e`, its sign and its digits.
            format.right = format.exponent_digits + 2 + format.precision;
        } else {
            let parts: Vec<_> = finite.iter().map(|&x| decimal(x, PRECISION)).collect();
            format.left = parts.iter().map(|p| p.0.len()).max().unwrap_or(0);
            format.right = parts.iter().map(|p| p.1.len()).max().unwrap_or(0);
        }
        if finite.len() != values.len() {
            let negative = values.contains(&f64::NEG_INFINITY);
            let offset = format.right + 1;
            let infinite = 3 + usize::from(negative);
            format.left = format.left.max(3usize.saturating_sub(offset)).max(infinite.saturating_sub(offset));
        }
        format
    }

    fn show(&self, x: f64) -> String {
        let total = self.left + self.right + 1;
        if x.is_nan() {
            return format!("{:>total$}", "nan");
        }
        if x.is_infinite() {
            return format!("{:>total$}", if x < 0.0 { "-inf" } else { "inf" });
        }
        let left = self.left;
        if self.exponent {
            let (whole, fraction, exponent) = scientific(x, self.precision);
            let sign = if exponent < 0 { '-' } else { '+' };
            return format!(
                "{whole:>left$}.{fraction:0<precision$}e{sign}{:0>digits$}",
                exponent.unsigned_abs(),
                precision = self.precision,
                digits = self.exponent_digits
            );
        }
        let (whole, fraction) = decimal(x, self.precision);
        format!("{whole:>left$}.{fraction:<right$}", right = self.right)
    }
}

fn digits_of(exponent: i32) -> usize {
    exponent.unsigned_abs().to_string().len().max(2)
}

/// The parts of a float before and after the point: the shortest form, rounded where it has more digits than allowed.
fn decimal(x: f64, precision: usize) -> (String, String) {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let (digits, point) = shortest(x);
    let text = if digits.len() as i32 - point > precision as i32 {
        format!("{:.precision$}", x.abs())
    } else {
        positional(&digits, point)
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    (format!("{sign}{whole}"), fraction.trim_end_matches('0').to_string())
}

/// The parts of a float in scientific form: the digit before the point, those after it, the exponent.
fn scientific(x: f64, precision: usize) -> (String, String, i32) {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let (digits, _) = shortest(x);
    let text =
        if digits.len() > precision + 1 { format!("{:.precision$e}", x.abs()) } else { format!("{:e}", x.abs()) };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    (format!("{sign}{whole}"), fraction.trim_end_matches('0').to_string(), exponent.parse().unwrap_or(0))
}
