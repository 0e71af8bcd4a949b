//! `np.save` and `np.load`: arrays in files of NumPy's own format, version 1.0 (numpy.lib.format), through the host.

use ndarray::ArrayD;

use super::arguments;
use super::{Builtin, Machine, kinds};
use crate::interp::array::{Array, Storage, from_elements, shape_len, shape_text};
use crate::interp::value::Value;
use crate::lang::{Error, Result};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("np.save" "(file, arr)" kinds::none, Machine(save), "Writes an array to a file in NumPy's format, `.npy`. The host must allow writing."),
    entry!("np.load" "(file)" kinds::any, Machine(load), "The array in a file of NumPy's format, `.npy`. The host must allow reading."),
];

const MAGIC: &[u8] = b"\x93NUMPY";

fn path(value: &Value) -> Result<String> {
    match value {
        Value::Str(path) => Ok(path.to_string()),
        other => Err(Error::type_(format!("the path of a file is a string, not {}", other.type_name()))),
    }
}

fn save(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let mut path = path(&args[0])?;
    if !path.ends_with(".npy") {
        path.push_str(".npy");
    }
    let array = arguments::take_array(args, 1)?;
    machine.write_file(&path, &encoded(&array))?;
    Ok(Value::None)
}

fn encoded(array: &Array) -> Vec<u8> {
    let (descr, elements): (&str, Vec<u8>) = match array {
        Array::Float(a) => ("<f8", a.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Array::Int(a) => ("<i8", a.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Array::Bool(a) => ("|b1", a.iter().map(|&x| u8::from(x)).collect()),
    };
    let shape = if array.ndim() == 0 { "()".into() } else { shape_text(array.shape()) };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    // The elements begin at a multiple of 64.
    let unpadded = MAGIC.len() + 4 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(64) - unpadded));
    header.push('\n');
    let length = (header.len() as u16).to_le_bytes();
    [MAGIC, &[1, 0], &length, header.as_bytes(), &elements].concat()
}

fn load(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let path = path(&args[0])?;
    let bytes = machine.read_file(&path)?;
    decoded(&bytes).map_err(|problem| match problem {
        Problem::Broken => Error::value(format!("{path} is no array in NumPy's format, or is cut off")),
        Problem::Type(descr) => Error::value(format!("{path} holds elements of type {descr:?}, which are not there"))
            .hint("there are float64, int64 and bool, and what fits in them"),
        Problem::Error(error) => error,
    })
}

#[derive(Debug)]
enum Problem {
    Broken,
    Type(String),
    Error(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem::Error(error)
    }
}

fn decoded(bytes: &[u8]) -> std::result::Result<Value, Problem> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(Problem::Broken)?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (u32::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), rest),
        _ => return Err(Problem::Broken),
    };
    let header = rest.get(..length as usize).and_then(|h| std::str::from_utf8(h).ok()).ok_or(Problem::Broken)?;
    let data = rest.get(length as usize..).unwrap_or_default();
    let field = |name: &str| -> Option<&str> {
        let (_, after) = header.split_once(&format!("'{name}':"))?;
        Some(after.trim_start())
    };
    let descr =
        field("descr").and_then(|v| v.strip_prefix('\'')).and_then(|v| v.split_once('\'')).ok_or(Problem::Broken)?.0;
    let fortran = field("fortran_order").ok_or(Problem::Broken)?.starts_with("True");
    let inside =
        field("shape").and_then(|v| v.strip_prefix('(')).and_then(|v| v.split_once(')')).ok_or(Problem::Broken)?.0;
    let mut shape = Vec::new();
    for part in inside.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        shape.push(part.parse::<usize>().map_err(|_| Problem::Broken)?);
    }
    if fortran {
        shape.reverse();
    }
    let count = shape_len(&shape)?;
    let value = match descr {
        "<f8" => array(&shape, count, data, f64::from_le_bytes, fortran)?.into(),
        ">f8" => array(&shape, count, data, f64::from_be_bytes, fortran)?.into(),
        "<f4" => array(&shape, count, data, |b| f64::from(f32::from_le_bytes(b)), fortran)?.into(),
        "<i8" => array(&shape, count, data, i64::from_le_bytes, fortran)?.into(),
        ">i8" => array(&shape, count, data, i64::from_be_bytes, fortran)?.into(),
        "<i4" => array(&shape, count, data, |b| i64::from(i32::from_le_bytes(b)), fortran)?.into(),
        "<u4" => array(&shape, count, data, |b| i64::from(u32::from_le_bytes(b)), fortran)?.into(),
        "<i2" => array(&shape, count, data, |b| i64::from(i16::from_le_bytes(b)), fortran)?.into(),
        "<u2" => array(&shape, count, data, |b| i64::from(u16::from_le_bytes(b)), fortran)?.into(),
        "|i1" => array(&shape, count, data, |b: [u8; 1]| i64::from(i8::from_le_bytes(b)), fortran)?.into(),
        "|u1" => array(&shape, count, data, |[b]: [u8; 1]| i64::from(b), fortran)?.into(),
        "|b1" => array(&shape, count, data, |[b]: [u8; 1]| b != 0, fortran)?.into(),
        other => return Err(Problem::Type(other.to_string())),
    };
    Ok(value)
}

fn array<T: crate::interp::array::Element, const N: usize>(
    shape: &[usize],
    count: usize,
    data: &[u8],
    element: impl Fn([u8; N]) -> T,
    fortran: bool,
) -> std::result::Result<Storage<T>, Problem> {
    let (chunks, _) = data.as_chunks::<N>();
    let elements: Vec<T> = chunks.iter().take(count).map(|chunk| element(*chunk)).collect();
    if elements.len() < count {
        return Err(Problem::Broken);
    }
    let array: ArrayD<T> = from_elements(shape, elements)?;
    Ok(if fortran { array.reversed_axes().into_shared() } else { array.into_shared() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interp::display;

    #[test]
    fn what_is_written_is_read() {
        for array in [
            Array::from(from_elements(&[2, 3], vec![1.5, -0.0, f64::NAN, 4.0, 5.0, f64::INFINITY]).unwrap()),
            Array::from(from_elements(&[3], vec![1i64, -2, i64::MAX]).unwrap()),
            Array::from(from_elements(&[2, 0], Vec::<bool>::new()).unwrap()),
            Array::from(from_elements(&[], vec![2.5]).unwrap()),
        ] {
            let bytes = encoded(&array);
            assert_eq!(display::repr(&decoded(&bytes).unwrap()), display::repr(&Value::from(array)));
            for end in 0..bytes.len() {
                let _ = decoded(&bytes[..end]);
            }
        }
    }

    /// The bytes that `np.save` wrote for `np.array([[1, 2], [3, 4]], dtype="<i2", order="F")`.
    #[test]
    fn numpys_own_files_are_read() {
        let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 2), }";
        let mut bytes = [MAGIC, &[1, 0], &118u16.to_le_bytes(), format!("{header:<117}\n").as_bytes()].concat();
        bytes.extend([1, 0, 3, 0, 2, 0, 4, 0]);
        assert_eq!(display::repr(&decoded(&bytes).unwrap()), "array([[1, 2],\n       [3, 4]])");
    }
}
