//! `np.savetxt`: tables of numbers written to text files, through the host.

use super::{Builtin, Machine, arguments, kinds};
use crate::interp::array::each_dtype;
use crate::interp::value::Value;
use crate::interp::{array::Element, display, iteration};
use crate::lang::{Error, Result};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.savetxt" "(fname, X, fmt='%.18e', delimiter=' ', newline='\\n', header='', footer='', comments='# ')" kinds::none, Machine(savetxt), "Writes an array of one or two axes to a text file, a row a line, each number by a format such as '%.18e' or '%d' (one for all, or one a column). The host must allow writing."),
];

fn text(value: &Value, what: &str) -> Result<String> {
    match value {
        Value::Str(text) => Ok(text.to_string()),
        other => Err(Error::type_(format!("{what} must be a string, not {}", other.type_name()))),
    }
}

fn savetxt(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let table = arguments::take_array(args, 1)?;
    let name = text(&args[0], "fname")?;
    let (delimiter, newline) = (text(&args[3], "delimiter")?, text(&args[4], "newline")?);
    let (header, footer, comments) =
        (text(&args[5], "header")?, text(&args[6], "footer")?, text(&args[7], "comments")?);
    let columns = match table.shape() {
        [_] => 1,
        [_, n] => *n,
        other => return Err(Error::value(format!("Expected 1D or 2D array, got {}D array instead", other.len()))),
    };
    let formats = formats(&args[2], columns)?;
    let remark = |text: &str| format!("{comments}{}{newline}", text.replace('\n', &format!("\n{comments}")));
    let mut out = if header.is_empty() { String::new() } else { remark(&header) };
    let elements: Vec<Value> = each_dtype!(table, a => a.iter().map(|x| x.value()).collect());
    for row in elements.chunks(columns.max(1)) {
        let fields = row.iter().zip(&formats).map(|(x, format)| format.apply(x)).collect::<Result<Vec<_>>>()?;
        out.push_str(&fields.join(&delimiter));
        out.push_str(&newline);
    }
    if !footer.is_empty() {
        out.push_str(&remark(&footer));
    }
    machine.write_file(&name, out.as_bytes())?;
    Ok(Value::None)
}

/// What stands before, in and after the number of a field.
struct Format {
    before: String,
    spec: String,
    conversion: char,
    after: String,
}

fn formats(fmt: &Value, columns: usize) -> Result<Vec<Format>> {
    match fmt {
        Value::Str(one) => (0..columns).map(|_| Format::new(one)).collect(),
        several => {
            let several = iteration::elements(several)?;
            if several.len() != columns {
                return Err(Error::value(format!(
                    "fmt has wrong shape: {} formats for {columns} columns",
                    several.len()
                )));
            }
            several.iter().map(|one| Format::new(&text(one, "a format")?)).collect()
        }
    }
}

impl Format {
    /// Reads C's form: `%`, flags, a width, a precision and a conversion.
    fn new(text: &str) -> Result<Format> {
        let wrong = || {
            Error::value(format!("invalid fmt: {text:?}")).hint("one number in it, such as '%.6f', '%d' or '%10.3e'")
        };
        let (before, rest) = text.split_once('%').ok_or_else(wrong)?;
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
        let (spec, rest) = rest.split_at(end);
        let conversion = rest.chars().next().filter(|c| "dieEfFgGs".contains(*c)).ok_or_else(wrong)?;
        if rest.contains('%') {
            return Err(wrong());
        }
        // Python's form of the same: alignment, sign, zeros, width, precision.
        let flags: String = spec.chars().take_while(|c| "-+ 0#".contains(*c)).collect();
        let width = &spec[flags.len()..];
        let mut python = String::new();
        if flags.contains('-') {
            python.push('<');
        } else if !flags.contains('0') {
            python.push('>');
        }
        if flags.contains('+') {
            python.push('+');
        } else if flags.contains(' ') {
            python.push(' ');
        }
        if flags.contains('0') && !flags.contains('-') {
            python.push('0');
        }
        python.push_str(width);
        Ok(Format { before: before.into(), spec: python, conversion, after: rest[1..].into() })
    }

    fn apply(&self, x: &Value) -> Result<String> {
        let shown = match self.conversion {
            'd' | 'i' => display::format(&Value::Int(i64::scalar(x)?), &format!("{}d", self.spec))?,
            's' => display::format(&Value::str(display::str(x)), &self.spec)?,
            conversion => display::format(&Value::Float(f64::scalar(x)?), &format!("{}{conversion}", self.spec))?,
        };
        Ok(format!("{}{shown}{}", self.before, self.after))
    }
}
