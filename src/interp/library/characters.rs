//! Classes and case of characters as Python's strings have them.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// White space, the four separators of ASCII included.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// A letter: not the marks that the standard library counts as alphabetic too.
pub fn is_letter(c: char) -> bool {
    use GeneralCategory::*;
    matches!(c.general_category(), UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter)
}

/// A digit of a decimal number in some script.
pub fn is_decimal(c: char) -> bool {
    c.general_category() == GeneralCategory::DecimalNumber
}

/// A decimal digit, or one that is raised, lowered or in a circle (Unicode's Numeric_Type=Digit).
pub fn is_digit(c: char) -> bool {
    is_decimal(c)
        || matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{1369}'..='\u{1371}' | '\u{19da}' | '\u{2070}'
            | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' | '\u{2460}'..='\u{2468}' | '\u{2474}'..='\u{247c}'
            | '\u{2488}'..='\u{2490}' | '\u{24ea}' | '\u{24f5}'..='\u{24fd}' | '\u{24ff}' | '\u{2776}'..='\u{277e}'
            | '\u{2780}'..='\u{2788}' | '\u{278a}'..='\u{2792}' | '\u{10a40}'..='\u{10a43}'
            | '\u{10e60}'..='\u{10e68}' | '\u{11052}'..='\u{1105a}' | '\u{1f100}'..='\u{1f10a}')
}

/// A digit, a fraction, a Roman or Chinese numeral.
pub fn is_numeric(c: char) -> bool {
    c.is_numeric() || is_digit(c) || "零一二三四五六七八九十百千万億兆〇壹貳參肆伍陸柒捌玖拾".contains(c)
}

/// Whether it could be a name.
pub fn is_identifier(s: &str) -> bool {
    let mut letters = s.chars();
    letters.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && letters.all(unicode_ident::is_xid_continue)
}

fn is_title_letter(c: char) -> bool {
    c.general_category() == GeneralCategory::TitlecaseLetter
}

fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase() || is_title_letter(c)
}

/// Whether some character has case and all that have are of this one.
pub fn is_all(s: &str, case: fn(char) -> bool) -> bool {
    s.chars().any(case) && s.chars().all(|c| case(c) || !is_cased(c))
}

/// Whether capitals stand at the starts of words and nowhere else.
pub fn is_title(s: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for c in s.chars() {
        let capital = c.is_uppercase() || is_title_letter(c);
        if capital && inside || c.is_lowercase() && !inside {
            return false;
        }
        inside = is_cased(c);
        any |= inside;
    }
    any
}

/// A character as the first of a word.
fn push_title(out: &mut String, c: char) {
    match c {
        '\u{1c4}'..='\u{1c6}' => out.push('\u{1c5}'),
        '\u{1c7}'..='\u{1c9}' => out.push('\u{1c8}'),
        '\u{1ca}'..='\u{1cc}' => out.push('\u{1cb}'),
        '\u{1f1}'..='\u{1f3}' => out.push('\u{1f2}'),
        _ => {
            // A letter whose capital is several, such as the sharp s, has only the first of them capital.
            let mut capital = c.to_uppercase();
            out.extend(capital.next());
            capital.for_each(|c| out.extend(c.to_lowercase()));
        }
    }
}

/// Each character with its lower case within the text: the final sigma depends on its neighbours.
fn with_lower(s: &str) -> impl Iterator<Item = (char, String)> {
    let lower = s.to_lowercase();
    let mut lowered = lower.chars().collect::<Vec<_>>().into_iter();
    s.chars()
        .map(move |c| (c, lowered.by_ref().take(c.to_lowercase().count()).collect()))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Each word with a capital letter.
pub fn title(s: &str) -> String {
    let (mut out, mut inside) = (String::with_capacity(s.len()), false);
    for (c, lower) in with_lower(s) {
        if inside {
            out.push_str(&lower);
        } else {
            push_title(&mut out, c);
        }
        inside = is_cased(c);
    }
    out
}

/// The first letter in upper case, the rest in lower case.
pub fn capitalize(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for (at, (c, lower)) in with_lower(s).enumerate() {
        if at == 0 {
            push_title(&mut out, c);
        } else {
            out.push_str(&lower);
        }
    }
    out
}

/// Upper and lower case exchanged.
pub fn swap(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for (c, lower) in with_lower(s) {
        if c.is_uppercase() {
            out.push_str(&lower);
        } else if c.is_lowercase() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// Unicode's full case folding, but for the scripts in which it goes to capitals.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            'ı' => out.push(c),
            'İ' => out.push_str("i\u{307}"),
            _ => c.to_uppercase().flat_map(char::to_lowercase).for_each(|c| out.push(c)),
        }
    }
    out
}

/// Tabs replaced by spaces up to the next multiple of a number of columns.
pub fn expand_tabs(s: &str, size: usize) -> String {
    let (mut out, mut column) = (String::with_capacity(s.len()), 0);
    for c in s.chars() {
        match c {
            '\t' if size == 0 => {}
            '\t' => {
                let missing = size - column % size;
                out.extend(std::iter::repeat_n(' ', missing));
                column += missing;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

/// The text with the decimal digits of every script as those of ASCII.
pub fn plain_digits(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() || !is_decimal(c) { c } else { plain_digit(c) }).collect()
}

/// The ten digits of a script have codes in a row. The mathematical digits are five such rows, one after another.
fn plain_digit(c: char) -> char {
    let code = u32::from(c);
    if let '\u{1d7ce}'..='\u{1d7ff}' = c {
        return char::from_digit((code - 0x1d7ce) % 10, 10).unwrap_or(c);
    }
    let zero = (0..10).rev().map(|n| code - n).find(|&first| char::from_u32(first).is_some_and(is_decimal));
    zero.and_then(|zero| char::from_digit(code - zero, 10)).unwrap_or(c)
}
