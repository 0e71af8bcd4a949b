//! What is drawn from tables: pieces of programs with holes.
//!
//! `@` is a number, `@@` one that is computed, `@3` and `@23` arrays of these shapes, `@?` a condition; `$x` is a name that
//! is not used yet, the same throughout the piece.

use super::{Type, Writer};

impl Writer {
    /// Fills the holes of a piece; the names that it introduces.
    pub fn filled(&mut self, piece: &str) -> (String, Vec<(char, String)>) {
        let (mut out, mut names): (String, Vec<(char, String)>) = (String::new(), vec![]);
        let mut rest = piece.chars().peekable();
        while let Some(c) = rest.next() {
            match (c, rest.peek().copied()) {
                ('$', Some(letter)) => {
                    rest.next();
                    if !names.iter().any(|(l, _)| *l == letter) {
                        let name = self.fresh(&letter.to_string());
                        names.push((letter, name));
                    }
                    out.extend(names.iter().filter(|(l, _)| *l == letter).map(|(_, name)| name.as_str()));
                }
                ('@', Some('@')) => {
                    rest.next();
                    out += &self.number(1);
                }
                ('@', Some('?')) => {
                    rest.next();
                    out += &self.condition();
                }
                ('@', Some(digit)) if digit.is_ascii_digit() => {
                    let mut shape = vec![];
                    while let Some(n) = rest.peek().and_then(|c| c.to_digit(10)) {
                        shape.push(n as usize);
                        rest.next();
                    }
                    let array = self.array(&shape, 1);
                    out += &format!("({array})");
                }
                ('@', _) => out += &self.leaf(),
                _ => out.push(c),
            }
        }
        (out, names)
    }

    /// An expression from a table.
    pub fn drawn_from(&mut self, table: &[&str]) -> String {
        let at = self.below(table.len());
        self.filled(table[at]).0
    }

    /// Statements from a table, with the variables that they leave: `s` a number, `a 3` an array, `q list` a list of numbers.
    pub fn statements_from(&mut self, depth: usize, table: &[(&str, &str)]) {
        let at = self.below(table.len());
        let (piece, leaves) = table[at];
        let (text, names) = self.filled(piece);
        text.lines().for_each(|line| self.line(depth, line));
        for left in leaves.split("; ") {
            let (letter, kind) = left.split_once(' ').unwrap_or((left, ""));
            let Some((_, name)) = names.iter().find(|(l, _)| letter.starts_with(*l)) else { continue };
            let kind = match kind {
                "" => Type::Float,
                "list" => Type::List(Box::new(Type::Float), 1),
                shape => Type::Array(shape.chars().filter_map(|c| c.to_digit(10)).map(|n| n as usize).collect()),
            };
            self.scope.push((name.clone(), kind));
        }
    }
}
