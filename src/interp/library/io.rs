//! Tables of numbers in text files, read through the host.

use std::borrow::Cow;

use super::arguments;
use super::floats::{count, flag, int, items};
use super::{Builtin, Kernel, Machine, dtype_argument};
use crate::interp::array::{Array, Element, from_elements};
use crate::interp::value::Value;
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Literal, Operand};

/// How `loadtxt` reads a file.
struct Format<'a> {
    file: &'a str,
    delimiter: Option<String>,
    comments: Vec<String>,
    skip: usize,
    columns: Option<Vec<i64>>,
    most: Option<usize>,
}

/// A table in row-major order.
struct Table<T> {
    columns: usize,
    elements: Vec<T>,
}

fn strings(value: &Value, what: &str) -> Result<Vec<String>> {
    let text = |value: &Value| match value {
        Value::Str(s) => Ok(s.to_string()),
        _ => Err(Error::type_(format!("{what} must be a string"))),
    };
    match value {
        Value::None => Ok(Vec::new()),
        _ => items(value).map_or_else(|| Ok(vec![text(value)?]), |items| items.iter().map(text).collect()),
    }
}

impl Format<'_> {
    /// Reads the fields of the lines that hold any.
    fn read<T>(&self, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Table<T>> {
        let mut table = Table { columns: 0, elements: Vec::new() };
        let mut width = None;
        let mut rows = 0;
        for (number, line) in text.lines().enumerate().skip(self.skip) {
            if self.most.is_some_and(|most| rows >= most) {
                break;
            }
            let line =
                self.comments.iter().fold(line, |line, mark| line.find(mark.as_str()).map_or(line, |at| &line[..at]));
            if line.trim().is_empty() {
                continue;
            }
            let fields: Vec<&str> = match &self.delimiter {
                Some(delimiter) => line.split(delimiter.as_str()).collect(),
                None => line.split_whitespace().collect(),
            };
            let place = |column: usize| format!("{}, line {}, column {}", self.file, number + 1, column + 1);
            let mut read = |column: usize| {
                let field = fields.get(column).ok_or_else(|| {
                    Error::value(format!("{}: the line has only {} columns", place(column), fields.len()))
                })?;
                let field = field.trim();
                let element = parse(field)
                    .ok_or_else(|| Error::value(format!("{}: {} is no number", place(column), shown(field))))?;
                table.elements.push(element);
                Ok(())
            };
            match &self.columns {
                Some(columns) => {
                    for &column in columns {
                        let from_front = if column < 0 { column + fields.len() as i64 } else { column };
                        read(
                            usize::try_from(from_front)
                                .map_err(|_| Error::index(format!("{}: there is no column {column}", place(0))))?,
                        )?;
                    }
                    table.columns = columns.len();
                }
                None => {
                    let first = *width.get_or_insert(fields.len());
                    if fields.len() != first {
                        return Err(Error::value(format!(
                            "{}: the line has {} columns, but the lines before have {first}",
                            place(fields.len().min(first)),
                            fields.len()
                        )));
                    }
                    (0..first).try_for_each(&mut read)?;
                    table.columns = first;
                }
            }
            rows += 1;
        }
        Ok(table)
    }
}

/// A field in quotes, cut where it is long.
fn shown(field: &str) -> String {
    match field.char_indices().nth(40) {
        Some((end, _)) => format!("{:?}…", &field[..end]),
        None if field.is_empty() => "an empty field".to_string(),
        None => format!("{field:?}"),
    }
}

/// A float as a table spells it.
fn float(field: &str) -> Option<f64> {
    field.parse().ok()
}

fn whole(field: &str) -> Option<i64> {
    field.parse().ok()
}

/// A truth value is spelled as an integer.
fn truth(field: &str) -> Option<bool> {
    whole(field).map(|i| i != 0)
}

fn loadtxt(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let Value::Str(file) = &args[0] else { return Err(Error::type_("fname must be the path of a file")) };
    let dtype = match &args[4] {
        Value::None => DType::Float,
        dtype => dtype_argument(dtype)?,
    };
    let columns = match &args[3] {
        Value::None => None,
        Value::Int(column) => Some(vec![*column]),
        columns => Some(arguments::ints(columns, "usecols")?),
    };
    let format = Format {
        file,
        delimiter: strings(&args[1], "delimiter")?.into_iter().next(),
        comments: strings(&args[8], "comments")?.into_iter().filter(|mark| !mark.is_empty()).collect(),
        skip: count(&args[2], "skiprows")?,
        columns,
        most: if let Value::None = args[5] { None } else { Some(count(&args[5], "max_rows")?) },
    };
    if format.delimiter.as_deref() == Some("") {
        return Err(Error::value("delimiter must not be empty"));
    }
    let (unpack, axes) = (flag(&args[6], "unpack")?, int(&args[7], "ndmin")?);
    if !(0..=2).contains(&axes) {
        return Err(Error::value("ndmin must be 0, 1 or 2"));
    }
    let bytes = machine.read_file(file)?;
    let text = match String::from_utf8_lossy(&bytes) {
        // What is no UTF-8 becomes a mark that is no number, so that the error names its place.
        Cow::Owned(text) => text,
        Cow::Borrowed(text) => text.to_string(),
    };
    match dtype {
        DType::Float => shaped(format.read(&text, float)?, axes as usize, unpack),
        DType::Int => shaped(format.read(&text, whole)?, axes as usize, unpack),
        DType::Bool => shaped(format.read(&text, truth)?, axes as usize, unpack),
    }
}

/// A table as an array without its axes of length one, but with as many as asked for.
fn shaped<T: Element>(table: Table<T>, axes: usize, unpack: bool) -> Result<Value>
where
    Array: From<ndarray::ArrayD<T>>,
{
    let columns = table.columns;
    if columns == 0 {
        let shape: &[usize] = if axes == 2 { &[0, 1] } else { &[0] };
        return from_elements(shape, table.elements).map(Value::from);
    }
    let rows = table.elements.len() / columns;
    let shape = match (rows, columns) {
        (rows, columns) if axes == 2 || (rows > 1 && columns > 1) => vec![rows, columns],
        (1, 1) if axes == 0 => vec![],
        (rows, columns) => vec![rows.max(columns)],
    };
    let mut array = from_elements(&shape, table.elements)?;
    if unpack && shape.len() == 2 {
        array.swap_axes(0, 1);
        array = array.as_standard_layout().into_owned();
    }
    Ok(array.into())
}

fn kind(args: &[Operand]) -> Kind {
    match (args[7].literal.as_ref(), &args[4].literal) {
        (Some(Literal::Int(2)), None) if args[4].kind == Kind::None => Kind::array(DType::Float, Some(2)),
        _ => Kind::Any,
    }
}

/// The entries that read files.
pub const ENTRIES: &[Builtin] = &[Builtin {
    name: "np.loadtxt",
    signature: "(fname, delimiter=None, skiprows=0, usecols=None, dtype=None, max_rows=None, unpack=False, ndmin=0, comments='#')",
    mutates: false,
    kind,
    kernel: Kernel::Machine(loadtxt),
    doc: "The numbers of a text file, a row a line, as floats or as the given `dtype`. Fields are divided by white space, or by \
          `delimiter`. The first `skiprows` lines, empty lines and what follows a mark of `comments` are left out. Axes of length \
          one are dropped as far as `ndmin` allows; `unpack=True` gives the columns first. The host must allow reading.",
}];

#[cfg(test)]
mod tests {
    use super::*;

    struct File(&'static str);

    impl Machine for File {
        fn call(&mut self, _: &Value, _: Vec<Value>) -> Result<Value> {
            Err(Error::host("no calls"))
        }
        fn print(&mut self, _: &str) -> Result<()> {
            Ok(())
        }
        fn derive(&mut self, _: &str, _: &Value, _: Vec<Value>) -> Result<Value> {
            Err(Error::host("no derivatives"))
        }
        fn read_file(&mut self, _: &str) -> Result<Vec<u8>> {
            Ok(self.0.as_bytes().to_vec())
        }
        fn write_file(&mut self, _: &str, _: &[u8]) -> Result<()> {
            Err(Error::host("no writing"))
        }
    }

    fn load(text: &'static str, change: impl FnOnce(&mut [Value])) -> Result<Value> {
        let mut args = vec![
            Value::str("t.csv"),
            Value::str(","),
            Value::Int(0),
            Value::None,
            Value::None,
            Value::None,
            Value::Bool(false),
            Value::Int(0),
            Value::str("#"),
        ];
        change(&mut args);
        loadtxt(&mut File(text), &mut args)
    }

    fn shape(value: &Value) -> Vec<usize> {
        if let Value::Array(a) = value { a.shape().to_vec() } else { Vec::new() }
    }

    #[test]
    fn tables_have_numpys_shapes() {
        assert_eq!(shape(&load("# head\n1, 2,3\n\n4,5,6 # last\n", |_| ()).unwrap()), [2, 3]);
        assert_eq!(shape(&load("1,2,3", |_| ()).unwrap()), [3]);
        assert_eq!(shape(&load("1\n2", |_| ()).unwrap()), [2]);
        assert_eq!(shape(&load("1\n2", |args| args[7] = Value::Int(2)).unwrap()), [2, 1]);
        assert!(matches!(load("1.5", |_| ()).unwrap(), Value::Float(1.5)));
        assert_eq!(shape(&load("", |_| ()).unwrap()), [0]);
        assert_eq!(
            shape(&load("1 2\n3 4\n5 6", |args| (args[1], args[6]) = (Value::None, Value::Bool(true))).unwrap()),
            [2, 3]
        );
        assert_eq!(
            shape(&load("a,b\n1,2\n3,4", |args| (args[2], args[3]) = (Value::Int(1), Value::Int(-1))).unwrap()),
            [2]
        );
        assert_eq!(shape(&load("1,2\n3,4\n5,6", |args| args[5] = Value::Int(2)).unwrap()), [2, 2]);
        assert!(matches!(load("1,nan\n-inf,1e3", |_| ()).unwrap(), Value::Array(_)));
    }

    #[test]
    fn a_bad_field_is_named_with_its_place() {
        let message = |text, change: fn(&mut [Value])| load(text, change).unwrap_err().message().to_string();
        assert_eq!(message("1,2\n3,x4\n", |_| ()), "t.csv, line 2, column 2: \"x4\" is no number");
        assert_eq!(message("1,2\n3,\n", |_| ()), "t.csv, line 2, column 2: an empty field is no number");
        assert_eq!(
            message("1,2\n3\n", |_| ()),
            "t.csv, line 2, column 2: the line has 1 columns, but the lines before have 2"
        );
        assert_eq!(
            message("1\n1.5", |args| args[4] = Value::DType(DType::Int)),
            "t.csv, line 2, column 1: \"1.5\" is no number"
        );
    }
}
