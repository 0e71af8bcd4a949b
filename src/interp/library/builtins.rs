//! Python's builtin functions.

use std::sync::Arc;

use super::super::value::{Dict, Key, Range, Slice, Value};
use super::super::{display, iteration, operators};
use super::{Builtin, Machine, kinds};
use crate::lang::tree::{BinaryOp, CompareOp};
use crate::lang::{Error, Result};
use crate::sct::kind::{Kind, Operand};

/// The entries.
pub const ENTRIES: &[Builtin] = &[
    entry!("abs" "(x, /)" abs_kind, Pure(|args| super::elementwise::absolute(std::mem::take(&mut args[0]))), "The absolute value."),
    entry!("all" "(iterable, /)" kinds::bool, Pure(|args| {
        for item in iteration::elements(&args[0])? {
            if !operators::truth(&item)? {
                return Ok(Value::Bool(false));
            }
        }
        Ok(Value::Bool(true))
    }), "Whether all elements are true."),
    entry!("any" "(iterable, /)" kinds::bool, Pure(|args| {
        for item in iteration::elements(&args[0])? {
            if operators::truth(&item)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }), "Whether an element is true."),
    entry!("bool" "(x=False, /)" kinds::bool, Pure(|args| operators::truth(&args[0]).map(Value::Bool)), "Whether a value counts as true."),
    entry!("dict" "(*items, **named)" kinds::any, Pure(dict), "A dict of another, of pairs, or of named items."),
    entry!("enumerate" "(iterable, start=0)" enumerate_kind, Pure(enumerate), "Pairs of a count and an element."),
    entry!("filter" "(function, iterable, /)" filter_kind, Machine(filter), "The elements for which a function is true."),
    entry!("float" "(x=0.0, /)" kinds::float, Pure(|args| float(&args[0])), "A number, or a string that shows one, as a float."),
    entry!("int" "(x=0, /, base=None)" kinds::int, Pure(int), "A number without its fraction, or a string of digits, as an integer."),
    entry!("isinstance" "(x, types, /)" kinds::bool, Pure(|args| isinstance(&args[0], &args[1]).map(Value::Bool)), "Whether a value is of a type, or of one of a tuple of types."),
    entry!("len" "(x, /)" kinds::int, Pure(|args| len(&args[0])), "The number of elements."),
    entry!("list" "(iterable=(), /)" list_kind, Pure(|args| match &args[0] {
        Value::List(_) => Ok(args[0].clone()),
        other => Ok(Value::list(iteration::elements(other)?)),
    }), "A list of the elements."),
    entry!("map" "(function, *iterables)" kinds::any, Machine(map), "A function's results for each element."),
    entry!("max" "(*args, key=None, default=None)" extreme_kind, Machine(|machine, args| extreme(machine, args, CompareOp::Gt, "max")), "The largest of the arguments, or of the elements of one."),
    entry!("min" "(*args, key=None, default=None)" extreme_kind, Machine(|machine, args| extreme(machine, args, CompareOp::Lt, "min")), "The smallest of the arguments, or of the elements of one."),
    entry!("print" "(*args, sep=' ', end='\\n', flush=False)" kinds::none, Machine(print), "Shows values on the host's sink."),
    entry!("range" "(*args)" kinds::range, Pure(range), "`range(stop)`, `range(start, stop, step=1)`: integers from the start to before the stop."),
    entry!("reversed" "(sequence, /)" reversed_kind, Pure(|args| {
        let mut items = iteration::elements(&args[0])?;
        items.reverse();
        Ok(Value::list(items))
    }), "The elements from the last to the first."),
    entry!("round" "(x, ndigits=None)" round_kind, Pure(|args| round(&args[0], &args[1])), "Rounded, half to even: to an integer, or to a number of decimals."),
    entry!("sorted" "(iterable, /, *, key=None, reverse=False)" sorted_kind, Machine(|machine, args| {
        let mut items = iteration::elements(&args[0])?;
        sort(machine, &mut items, &args[1], operators::truth(&args[2])?)?;
        Ok(Value::list(items))
    }), "The elements in ascending order, equal ones as they were."),
    entry!("str" "(x='')" kinds::str, Pure(|args| Ok(Value::str(display::str(&args[0])))), "A value as text."),
    entry!("repr" "(x, /)" kinds::str, Pure(|args| Ok(Value::str(display::repr(&args[0])))), "A value as a program would write it."),
    entry!("ascii" "(x, /)" kinds::str, Pure(|args| display::convert(&args[0], 'a').map(Value::str)), "As `repr`, with escapes for what is not ASCII."),
    entry!("format" "(x, spec='', /)" kinds::str, Pure(|args| match &args[1] {
        Value::Str(spec) => display::format(&args[0], spec).map(Value::str),
        other => Err(Error::type_(format!("a format specification is a string, not {}", other.type_name()))),
    }), "A value as text by a format specification, as in f-strings."),
    entry!("chr" "(code, /)" kinds::str, Pure(|args| character(&args[0]).map(Value::str)), "The character of a code."),
    entry!("ord" "(character, /)" kinds::int, Pure(|args| match &args[0] {
        Value::Str(text) => match (text.chars().next(), text.chars().count()) {
            (Some(c), 1) => Ok(Value::Int(i64::from(u32::from(c)))),
            (_, n) => Err(Error::type_(format!("ord() needs one character, not a string of length {n}"))),
        },
        other => Err(Error::type_(format!("ord() needs one character, not {}", other.type_name()))),
    }), "The code of a character."),
    entry!("hex" "(x, /)" kinds::str, Pure(|args| based(&args[0], "#x")), "An integer in base 16."),
    entry!("oct" "(x, /)" kinds::str, Pure(|args| based(&args[0], "#o")), "An integer in base 8."),
    entry!("bin" "(x, /)" kinds::str, Pure(|args| based(&args[0], "#b")), "An integer in base 2."),
    entry!("callable" "(x, /)" kinds::bool, Pure(|args| Ok(Value::Bool(matches!(args[0], Value::Function(_) | Value::DType(_))))), "Whether it can be called."),
    entry!("sum" "(iterable, /, start=0)" sum_kind, Pure(sum), "The sum of the elements, from the start on."),
    entry!("tuple" "(iterable=(), /)" tuple_kind, Pure(|args| match &args[0] {
        Value::Tuple(_) => Ok(args[0].clone()),
        other => Ok(Value::tuple(iteration::elements(other)?)),
    }), "A tuple of the elements."),
    entry!("zip" "(*iterables, strict=False)" zip_kind, Pure(zip), "Tuples of the elements at the same place."),
    entry!("divmod" "(a, b, /)" |args| Kind::Tuple([kinds::floor_div(args), kinds::floor_div(args)].into_iter().collect()), Pure(|args| {
        let quotient = operators::binary(BinaryOp::FloorDiv, args[0].clone(), args[1].clone())?;
        let remainder = operators::binary(BinaryOp::Mod, std::mem::take(&mut args[0]), std::mem::take(&mut args[1]))?;
        Ok(Value::tuple(vec![quotient, remainder]))
    }), "`(a // b, a % b)`"),
    entry!("pow" "(base, exp, mod=None)" kinds::any, Pure(|args| {
        let (base, exponent) = (std::mem::take(&mut args[0]), std::mem::take(&mut args[1]));
        match std::mem::take(&mut args[2]) {
            Value::None => operators::binary(BinaryOp::Pow, base, exponent),
            modulus => modular_power(&base, &exponent, &modulus),
        }
    }), "`base ** exp`, or for integers its remainder by a modulus; a negative power is that of the inverse.\n\n>>> pow(2, -1, 7)\n4"),
    entry!("slice" "(*args)" |_| Kind::Other, Pure(|args| {
        let (start, stop, step) = match &iteration::elements(&args[0])?[..] {
            [stop] => (Value::None, stop.clone(), Value::None),
            [start, stop] => (start.clone(), stop.clone(), Value::None),
            [start, stop, step] => (start.clone(), stop.clone(), step.clone()),
            given => return Err(Error::type_(format!("slice needs one to three arguments, not {}", given.len()))),
        };
        Ok(Value::Slice(Arc::new(Slice { start, stop, step })))
    }), "`slice(stop)`, `slice(start, stop, step=None)`: what `start:stop:step` is in a subscript.\n\n>>> [1, 2, 3, 4][slice(1, 3)]\n[2, 3]"),
];

/// The character of a code.
pub(in crate::interp) fn character(code: &Value) -> Result<char> {
    let code = super::arguments::int(code, "the code")?;
    u32::try_from(code).ok().and_then(char::from_u32).ok_or_else(|| {
        Error::value(format!("no character has the code {code}"))
            .hint("codes go from 0 to 0x10ffff, without surrogates")
    })
}

/// `base ** exponent % modulus`, without the power in full.
fn modular_power(base: &Value, exponent: &Value, modulus: &Value) -> Result<Value> {
    let whole = |value: &Value| match value {
        Value::Int(i) => Ok(i128::from(*i)),
        Value::Bool(b) => Ok(i128::from(*b)),
        other => Err(Error::type_(format!("pow() with three arguments needs integers, not {}", other.type_name()))),
    };
    let (base, exponent, modulus) = (whole(base)?, whole(exponent)?, whole(modulus)?);
    if modulus == 0 {
        return Err(Error::value("pow() 3rd argument cannot be 0"));
    }
    let size = modulus.abs();
    let mut square = base.rem_euclid(size);
    if exponent < 0 {
        square = inverse(square, size).ok_or_else(|| Error::value("base is not invertible for the given modulus"))?;
    }
    let (mut left, mut power) = (exponent.unsigned_abs(), 1 % size);
    while left > 0 {
        if left & 1 == 1 {
            power = power * square % size;
        }
        square = square * square % size;
        left >>= 1;
    }
    // The result has the sign of the modulus.
    let signed = if modulus < 0 && power != 0 { power + modulus } else { power };
    i64::try_from(signed).map(Value::Int).map_err(|_| operators::scalars::overflow())
}

/// The inverse by a modulus, by Euclid's algorithm.
fn inverse(x: i128, modulus: i128) -> Option<i128> {
    let ((mut a, mut b), (mut s, mut t)) = ((x, modulus), (1, 0));
    while b != 0 {
        let quotient = a / b;
        (a, b) = (b, a - quotient * b);
        (s, t) = (t, s - quotient * t);
    }
    (a == 1).then(|| s.rem_euclid(modulus))
}

fn based(x: &Value, spec: &str) -> Result<Value> {
    match x {
        Value::Int(_) | Value::Bool(_) => display::format(x, spec).map(Value::str),
        other => Err(Error::type_(format!("an integer is needed, not {}", other.type_name()))),
    }
}

fn abs_kind(args: &[Operand]) -> Kind {
    match kinds::same_number(args) {
        Kind::Bool => Kind::Int,
        kind => kind,
    }
}

fn list_of(kind: Kind) -> Kind {
    if kind == Kind::Any { Kind::Any } else { Kind::ListOf(Arc::new(kind)) }
}

fn known_element(kind: &Kind) -> Kind {
    match kind {
        Kind::Never => Kind::Any,
        kind => kind.element(),
    }
}

fn enumerate_kind(args: &[Operand]) -> Kind {
    list_of(Kind::Tuple([Kind::Int, known_element(&kinds::arg(args, 0))].into_iter().collect()))
}

fn filter_kind(args: &[Operand]) -> Kind {
    list_of(known_element(&kinds::arg(args, 1)))
}

fn list_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        Kind::Tuple(items) | Kind::List(items) => Kind::List(items),
        kind => list_of(known_element(&kind)),
    }
}

fn reversed_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        Kind::Tuple(items) | Kind::List(items) => Kind::List(items.iter().rev().cloned().collect()),
        kind => list_of(known_element(&kind)),
    }
}

fn sorted_kind(args: &[Operand]) -> Kind {
    list_of(known_element(&kinds::arg(args, 0)))
}

fn tuple_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        Kind::Tuple(items) | Kind::List(items) => Kind::Tuple(items),
        _ => Kind::Any,
    }
}

fn zip_kind(args: &[Operand]) -> Kind {
    match kinds::arg(args, 0) {
        Kind::Tuple(iterables) => list_of(Kind::Tuple(iterables.iter().map(known_element).collect())),
        _ => Kind::Any,
    }
}

fn extreme_kind(args: &[Operand]) -> Kind {
    let Kind::Tuple(given) = kinds::arg(args, 0) else { return Kind::Any };
    let of = match &given[..] {
        [] => return Kind::Any,
        [iterable] => known_element(iterable),
        several => several.iter().fold(Kind::Never, |all, kind| all.join(kind)),
    };
    let default = kinds::arg(args, 2);
    if default == Kind::None || given.len() > 1 { of } else { of.join(&default) }
}

fn round_kind(args: &[Operand]) -> Kind {
    match (kinds::arg(args, 0), kinds::arg(args, 1)) {
        (Kind::Int | Kind::Bool, _) => Kind::Int,
        (Kind::Float, Kind::None) => Kind::Int,
        (Kind::Float, Kind::Int) => Kind::Float,
        _ => Kind::Any,
    }
}

fn sum_kind(args: &[Operand]) -> Kind {
    match (kinds::arg(args, 0).element(), kinds::arg(args, 1)) {
        (Kind::Int | Kind::Bool, Kind::Int) => Kind::Int,
        (Kind::Int | Kind::Bool | Kind::Float, Kind::Float) => Kind::Float,
        _ => Kind::Any,
    }
}

fn dict(args: &mut [Value]) -> Result<Value> {
    let given = iteration::elements(&args[0])?;
    let mut result = match given.first() {
        _ if given.len() > 1 => {
            return Err(Error::type_(format!("dict takes one argument, not {}", given.len())));
        }
        None => Dict::default(),
        Some(Value::Dict(dict)) => Dict::clone(dict),
        Some(pairs) => dict_from(pairs)?,
    };
    if let Value::Dict(named) = &args[1] {
        result.extend(named.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    Ok(Value::Dict(Arc::new(result)))
}

fn dict_from(pairs: &Value) -> Result<Dict> {
    let mut dict = Dict::default();
    for pair in iteration::elements(pairs)? {
        match &iteration::elements(&pair)?[..] {
            [key, item] => dict.insert(Key::new(key)?, item.clone()),
            _ => return Err(Error::value("dict needs pairs of a key and an item")),
        };
    }
    Ok(dict)
}

/// A dict of pairs of a key and an item.
pub(in crate::interp) fn dict_of(pairs: &Value) -> Result<Value> {
    dict_from(pairs).map(|dict| Value::Dict(Arc::new(dict)))
}

fn enumerate(args: &mut [Value]) -> Result<Value> {
    let Value::Int(start) = args[1] else { return Err(Error::type_("enumerate starts at an integer")) };
    let items = iteration::elements(&args[0])?;
    let pairs = items.into_iter().enumerate().map(|(i, item)| {
        let count = start.checked_add(i as i64).ok_or_else(operators::scalars::overflow)?;
        Ok(Value::tuple(vec![Value::Int(count), item]))
    });
    Ok(Value::list(pairs.collect::<Result<_>>()?))
}

fn filter(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let mut kept = Vec::new();
    for item in iteration::elements(&args[1])? {
        let keep = match &args[0] {
            Value::None => operators::truth(&item)?,
            function => operators::truth(&machine.call(function, vec![item.clone()])?)?,
        };
        if keep {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

fn map(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let iterables = iteration::elements(&args[1])?;
    let len = shortest(&iterables)?;
    let mut results = Vec::with_capacity(len);
    for index in 0..len {
        let row = iterables.iter().map(|iterable| iteration::element(iterable, index)).collect::<Result<_>>()?;
        results.push(machine.call(&args[0], row)?);
    }
    Ok(Value::list(results))
}

fn shortest(iterables: &[Value]) -> Result<usize> {
    let lengths = iterables.iter().map(iteration::length).collect::<Result<Vec<_>>>()?;
    let len = lengths.into_iter().min().unwrap_or(0);
    // As many results are made.
    super::super::memory::fits(len.saturating_mul(size_of::<Value>()))?;
    Ok(len)
}

fn zip(args: &mut [Value]) -> Result<Value> {
    let iterables = iteration::elements(&args[0])?;
    let len = shortest(&iterables)?;
    if operators::truth(&args[1])?
        && iterables.iter().any(|iterable| iteration::length(iterable).is_ok_and(|n| n != len))
    {
        return Err(Error::value("zip: the arguments have different lengths"));
    }
    let row = |index| Ok(Value::tuple(iterables.iter().map(|i| iteration::element(i, index)).collect::<Result<_>>()?));
    Ok(Value::list((0..len).map(row).collect::<Result<_>>()?))
}

/// Python's `float(x)`.
pub(super) fn float(value: &Value) -> Result<Value> {
    match value {
        Value::Str(text) => {
            let text = super::characters::plain_digits(text);
            let written = text.trim_matches(super::characters::is_space);
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let mut parts = written.split('_').peekable();
            while let Some(part) = parts.next() {
                if let Some(next) = parts.peek()
                    && !(digit(part.chars().last()) && digit(next.chars().next()))
                {
                    return Err(not_a_float(value));
                }
            }
            let trimmed = written.replace('_', "");
            let plain = trimmed.to_ascii_lowercase();
            let number = match plain.trim_start_matches(['+', '-']) {
                "inf" | "infinity" => Some(if plain.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
                "nan" => Some(f64::NAN),
                _ => trimmed.parse::<f64>().ok(),
            };
            number.map(Value::Float).ok_or_else(|| not_a_float(value))
        }
        other => only(other).map(|x| match x {
            Value::Int(i) => Value::Float(i as f64),
            Value::Bool(b) => Value::Float(f64::from(u8::from(b))),
            x => x,
        }),
    }
}

fn not_a_float(text: &Value) -> Error {
    Error::value(format!("could not convert string to float: {}", display::repr(text)))
}

/// A number; of an array, an error.
pub(in crate::interp) fn only(value: &Value) -> Result<Value> {
    match value {
        Value::Float(_) | Value::Int(_) | Value::Bool(_) => Ok(value.clone()),
        Value::Array(_) => {
            Err(Error::type_("a number is needed, not an array").hint("of an array of one element, take x.item()"))
        }
        other => Err(Error::type_(format!("a number is needed, not {}", other.type_name()))),
    }
}

fn int(args: &mut [Value]) -> Result<Value> {
    match &args[0] {
        Value::Str(text) => {
            let wrong = || Error::value(format!("invalid literal for int(): {}", display::repr(&args[0])));
            let text = super::characters::plain_digits(text);
            let trimmed = text.trim_matches(super::characters::is_space);
            let (sign, body) = match trimmed.strip_prefix(['-', '+']) {
                Some(body) => trimmed.split_at(trimmed.len() - body.len()),
                None => ("", trimmed),
            };
            let lower = body.to_ascii_lowercase();
            let prefixed = |base: i64| {
                let prefix = match base {
                    16 => "0x",
                    8 => "0o",
                    2 => "0b",
                    _ => return None,
                };
                lower.strip_prefix(prefix).map(|digits| digits.strip_prefix('_').unwrap_or(digits))
            };
            let (base, digits) = match args[1] {
                Value::None => (10, &*lower),
                Value::Int(0) => [16, 8, 2]
                    .into_iter()
                    .find_map(|base| prefixed(base).map(|digits| (base, digits)))
                    .unwrap_or((10, &lower)),
                Value::Int(base @ 2..=36) => (base, prefixed(base).unwrap_or(&lower)),
                _ => return Err(Error::value("int() base must be between 2 and 36, or 0")),
            };
            // A base of 0 reads as a program does: no zeros before other digits.
            let leading = matches!(args[1], Value::Int(0))
                && base == 10
                && digits.len() > 1
                && digits.starts_with('0')
                && !digits.trim_matches(['0', '_']).is_empty();
            if leading || digits.starts_with(['-', '+', '_']) || digits.ends_with('_') || digits.contains("__") {
                return Err(wrong());
            }
            let digits: String = digits.chars().filter(|&c| c != '_').collect();
            if digits.chars().any(|c| !c.is_digit(base as u32)) || digits.is_empty() {
                return Err(wrong());
            }
            let (digits, base) = (format!("{sign}{digits}"), base as u32);
            // Only digits are left: what cannot be read is too large.
            i64::from_str_radix(&digits, base).map(Value::Int).map_err(|_| operators::scalars::overflow())
        }
        _ if !matches!(args[1], Value::None) => Err(Error::type_("int() can't convert non-string with explicit base")),
        other => <i64 as super::super::array::Element>::scalar(&only(other)?).map(Value::Int),
    }
}

/// Whether a value is of a type, given as the function that makes it, or of one of a tuple of types.
fn isinstance(value: &Value, types: &Value) -> Result<bool> {
    use super::super::function::Function;
    match types {
        Value::Tuple(types) => {
            for one in types.iter() {
                if isinstance(value, one)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Function(function) => match &**function {
            Function::Builtin(builtin) if super::class_name(builtin).is_some() => Ok(match (builtin.name, value) {
                ("int", Value::Bool(_)) | ("np.float64", Value::Float(_)) => true,
                ("np.int64", Value::Int(_)) | ("np.bool", Value::Bool(_)) => true,
                (name, value) => super::types::class_of(value) == name,
            }),
            _ => Err(Error::type_("isinstance needs a type or a tuple of types")),
        },
        Value::DType(dtype) => Ok(match value {
            Value::Float(_) => dtype.name() == "float64",
            Value::Int(_) => dtype.name() == "int64",
            Value::Bool(_) => dtype.name() == "bool",
            _ => false,
        }),
        _ => Err(Error::type_("isinstance needs a type or a tuple of types")),
    }
}

fn len(value: &Value) -> Result<Value> {
    iteration::length(value)
        .map(|n| Value::Int(n as i64))
        .map_err(|_| Error::type_(format!("object of type '{}' has no len()", value.type_name())))
}

fn extreme(machine: &mut dyn Machine, args: &mut [Value], better: CompareOp, name: &str) -> Result<Value> {
    let given = iteration::elements(&args[0])?;
    if given.len() > 1 && !matches!(args[2], Value::None) {
        return Err(Error::type_(format!("{name}() has a default only for the elements of one argument")));
    }
    let (items, single) = match <[Value; 1]>::try_from(given) {
        Ok([iterable]) => (iteration::elements(&iterable)?, true),
        Err(items) => (items, false),
    };
    let key = std::mem::take(&mut args[1]);
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let rank = if matches!(key, Value::None) { item.clone() } else { machine.call(&key, vec![item.clone()])? };
        let wins = match &best {
            None => true,
            Some((top, _)) => operators::truth(&operators::compare(better, &rank, top)?)?,
        };
        if wins {
            best = Some((rank, item));
        }
    }
    match best {
        Some((_, item)) => Ok(item),
        None if single && !matches!(args[2], Value::None) => Ok(std::mem::take(&mut args[2])),
        None if single => Err(Error::value(format!("{name}() of an empty sequence"))),
        None => Err(Error::type_(format!("{name}() needs an argument"))),
    }
}

fn print(machine: &mut dyn Machine, args: &mut [Value]) -> Result<Value> {
    let text = |value: &Value, default: &str| match value {
        Value::Str(text) => Ok(text.to_string()),
        Value::None => Ok(default.to_owned()),
        _ => Err(Error::type_("sep and end are strings")),
    };
    let (separator, end) = (text(&args[1], " ")?, text(&args[2], "\n")?);
    let mut text = iteration::elements(&args[0])?.iter().map(display::str).collect::<Vec<_>>().join(&separator);
    text.push_str(&end);
    machine.print(&text)?;
    Ok(Value::None)
}

fn range(args: &mut [Value]) -> Result<Value> {
    let bound = |value: &Value| match value {
        Value::Int(i) => Ok(*i),
        Value::Bool(b) => Ok(i64::from(*b)),
        Value::Float(_) => Err(Error::type_("range needs integers, not float")
            .hint("convert with int(…), or use np.arange or np.linspace")),
        other => Err(Error::type_(format!("range needs integers, not {}", other.type_name()))),
    };
    let given = iteration::elements(&args[0])?.iter().map(bound).collect::<Result<Vec<_>>>()?;
    let (start, stop, step) = match given[..] {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => return Err(Error::type_(format!("range needs one to three integers, not {}", given.len()))),
    };
    if step == 0 {
        return Err(Error::value("range() step must not be zero"));
    }
    Ok(Value::Range(Arc::new(Range { start, stop, step })))
}

fn round(value: &Value, digits: &Value) -> Result<Value> {
    match (value, digits) {
        (Value::Float(x), Value::None) => super::super::array::Element::int(x.round_ties_even())
            .map(Value::Int)
            .ok_or_else(|| super::super::array::no_integer(*x)),
        (Value::Float(x), Value::Int(digits)) => match round_decimal(*x, *digits) {
            rounded if rounded.is_infinite() && x.is_finite() => {
                Err(Error::numeric("the rounded value is too large for a float"))
            }
            rounded => Ok(Value::Float(rounded)),
        },
        (Value::Int(_) | Value::Bool(_), Value::None) => int_value(value),
        (Value::Int(_) | Value::Bool(_), Value::Int(digits)) if *digits >= 0 => int_value(value),
        (Value::Int(i), Value::Int(digits)) => {
            let Some(unit) = u32::try_from(-digits).ok().and_then(|n| 10i64.checked_pow(n)) else {
                return Ok(Value::Int(0));
            };
            let low = i.rem_euclid(unit);
            let floor = i - low;
            let up = low * 2 > unit || (low * 2 == unit && (floor / unit) % 2 != 0);
            floor.checked_add(if up { unit } else { 0 }).map(Value::Int).ok_or_else(operators::scalars::overflow)
        }
        (Value::Array(_), _) => Err(Error::type_("round needs a number, not an array").hint("use np.round(…)")),
        (value, _) => Err(Error::type_(format!("{} cannot be rounded", value.type_name()))),
    }
}

fn int_value(value: &Value) -> Result<Value> {
    <i64 as super::super::array::Element>::scalar(value).map(Value::Int)
}

/// Python's rounding to decimals: of the exact decimal value, half to even.
fn round_decimal(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > 323 {
        return x;
    }
    if digits < -308 {
        return 0f64.copysign(x);
    }
    if digits >= 0 {
        return format!("{x:.*}", digits as usize).parse().unwrap_or(x);
    }
    let unit = 10f64.powi(-digits as i32);
    (x / unit).round_ties_even() * unit
}

/// Sorts in place, stable, by the values or by what a key function makes of them.
pub(super) fn sort(machine: &mut dyn Machine, items: &mut Vec<Value>, key: &Value, reverse: bool) -> Result<()> {
    let ranks = match key {
        Value::None => items.clone(),
        key => items.iter().map(|item| machine.call(key, vec![item.clone()])).collect::<Result<_>>()?,
    };
    let order = order(ranks, reverse)?;
    *items = order.into_iter().map(|at| std::mem::take(&mut items[at])).collect();
    Ok(())
}

/// The positions of values in ascending order, equal ones as they were, also in reverse.
pub(super) fn order(ranks: Vec<Value>, reverse: bool) -> Result<Vec<usize>> {
    let mut failed = None;
    let mut compare = |a: &Value, b: &Value| match operators::order(a, b) {
        Ok(order) => order.unwrap_or(std::cmp::Ordering::Equal),
        Err(error) => {
            failed.get_or_insert(if error.message().is_empty() {
                Error::type_(format!("< is not supported between {} and {}", a.type_name(), b.type_name()))
            } else {
                error
            });
            std::cmp::Ordering::Equal
        }
    };
    let mut places: Vec<usize> = (0..ranks.len()).collect();
    if reverse {
        places.sort_by(|&a, &b| compare(&ranks[b], &ranks[a]));
    } else {
        places.sort_by(|&a, &b| compare(&ranks[a], &ranks[b]));
    }
    failed.map_or(Ok(places), Err)
}

fn sum(args: &mut [Value]) -> Result<Value> {
    let mut total = std::mem::take(&mut args[1]);
    if let Value::Str(_) = total {
        return Err(Error::type_("sum() cannot sum strings").hint("join them: ''.join(…)"));
    }
    for item in iteration::elements(&args[0])? {
        total = operators::binary(BinaryOp::Add, total, item)?;
    }
    Ok(total)
}
