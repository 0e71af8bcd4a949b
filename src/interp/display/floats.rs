//! Floats in the shortest form that reads back the same.

/// Fewer digits cannot be as near as others: a float that lies between two such forms has an exact one as short.
const MAY_TIE: usize = 15;

/// The digits of a finite float's shortest form and the power of ten of the first: `x = 0.d1d2… × 10^(point)`.
pub(super) fn shortest(x: f64) -> (String, i32) {
    let text = format!("{:e}", x.abs());
    let (digits, point) = parts(&text);
    // Of two as short and as near, Python's is the even one: the exact value, rounded to as many digits.
    if digits.len() >= MAY_TIE {
        let rounded = format!("{:.*e}", digits.len() - 1, x.abs());
        if rounded != text && rounded.parse() == Ok(x.abs()) {
            return parts(&rounded);
        }
    }
    (digits, point)
}

/// The digits of `d.d…e±n`, and the power of ten of the first.
fn parts(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// Python's `repr` of a float.
pub fn float_repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let (digits, point) = shortest(x);
    if x == 0.0 {
        return format!("{sign}0.0");
    }
    let exponent = point - 1;
    if !(-4..16).contains(&exponent) {
        let mantissa = if digits.len() > 1 { format!("{}.{}", &digits[..1], &digits[1..]) } else { digits };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.abs());
    }
    format!("{sign}{}", positional(&digits, point))
}

/// Digits with the decimal point after `point` of them, at least one digit on either side.
pub(super) fn positional(digits: &str, point: i32) -> String {
    if point <= 0 {
        return format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize));
    }
    let point = point as usize;
    if digits.len() <= point {
        format!("{digits}{}.0", "0".repeat(point - digits.len()))
    } else {
        format!("{}.{}", &digits[..point], &digits[point..])
    }
}
