//! Bad input, drawn from a number: bytes, tokens, and programs of the tests with some of their tokens changed.

use std::path::Path;

/// Words, operators and literals that programs are made of, and some that they are not.
const TOKENS: &[&str] = &[
    "def",
    "return",
    "if",
    "elif",
    "else",
    "for",
    "in",
    "while",
    "break",
    "continue",
    "pass",
    "lambda",
    "and",
    "or",
    "not",
    "is",
    "None",
    "True",
    "False",
    "assert",
    "raise",
    "del",
    "import",
    "from",
    "as",
    "with",
    "class",
    "try",
    "yield",
    "global",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    ".",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "@",
    "&",
    "|",
    "^",
    "~",
    "<<",
    ">>",
    ":=",
    "->",
    "+=",
    "*=",
    "@=",
    "...",
    "\n",
    "\n    ",
    "\n        ",
    "\t",
    " ",
    "\\\n",
    "#",
    "f'",
    "f\"{",
    "}'",
    "'",
    "\"",
    "'''",
    "r'",
    "b'",
    "\\",
    "{x!r:>{w}}",
    "x",
    "y",
    "f",
    "np",
    "i",
    "0",
    "1",
    "-1",
    "2",
    "3.5",
    "1e308",
    "1e-320",
    "0x7f",
    "9223372036854775807",
    "9223372036854775808",
    "1_000",
    "01",
    "1j",
    "'a'",
    "''",
    "inf",
    "np.nan",
    "np.inf",
    "[]",
    "()",
    "{}",
    "[1, 2.0]",
    "np.zeros(0)",
    "np.zeros((2, 0))",
    "np.ones((2, 3))",
    "np.arange(4)",
    "np.array([True, False])",
    "[i for i in range(3)]",
    "(x for x in y)",
    "lambda x: x",
    "x[0]",
    "x[::-1]",
    "x[..., None]",
    "x[1:2, None]",
    "range(10**12)",
    "10 ** 18",
    "len(x)",
    "np.sum(x)",
    "np.linalg.inv(x)",
    "np.linalg.svd(x)",
    "x.T",
    "grad(f)",
    "grad(grad(f))",
    "jvp(f, (x,), (x,))",
    "vjp(f, x)",
    "hessian(f)",
    "source(f)",
    "stop_gradient(x)",
    "é",
    "名",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
    "𝔁",
    "“",
    "±",
];

/// A stream of numbers (Steele, Lea and Flood 2014, SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// Any bytes, read as text.
    pub fn bytes(&mut self) -> String {
        let length = self.below(200);
        let ascii = self.below(2) == 0;
        let bytes: Vec<u8> = (0..length).map(|_| if ascii { self.below(128) } else { self.below(256) } as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Any tokens one after the other.
    pub fn tokens(&mut self, corpus: &Corpus) -> String {
        let mut text = String::new();
        for _ in 0..self.below(60) {
            match self.below(4) {
                0 => text.push_str(&corpus.tokens[self.below(corpus.tokens.len())]),
                _ => text.push_str(self.of(TOKENS)),
            }
            text.push_str(self.of(&["", " ", " "]));
        }
        text
    }

    /// A program with some of its tokens, or none, changed.
    pub fn mutated(&mut self, text: &str) -> String {
        let mut tokens: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
        for _ in 0..self.below(6) {
            if tokens.is_empty() {
                break;
            }
            let (at, other) = (self.below(tokens.len()), self.below(tokens.len()));
            match self.below(8) {
                0 => drop(tokens.remove(at)),
                1 => tokens.insert(at, tokens[other].clone()),
                2 => tokens.swap(at, other),
                3 => tokens.insert(at, self.of(TOKENS).into()),
                // A part again, or gone.
                4 => {
                    let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 30));
                    let part: Vec<String> = tokens[from..to].to_vec();
                    let place = self.below(tokens.len());
                    tokens.splice(place..place, part);
                }
                5 => {
                    let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 12));
                    drop(tokens.drain(from..to));
                }
                // Of the same sort: a name for a name, a number for a number.
                6 => {
                    let sort =
                        |t: &str| t.chars().next().map(|c| (c.is_alphabetic(), c.is_numeric(), c.is_whitespace()));
                    if sort(&tokens[at]) == sort(&tokens[other]) {
                        tokens[at] = tokens[other].clone();
                    }
                }
                _ => tokens[at] = self.of(TOKENS).into(),
            }
        }
        tokens.concat()
    }
}

/// A text in pieces: words, numbers, runs of blanks, and single characters.
fn tokens(text: &str) -> Vec<&str> {
    let sort = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = 2;
    for (at, c) in text.char_indices() {
        if sort(c) == 2 || sort(c) != last {
            pieces.push(&text[start..at]);
            start = at;
        }
        last = sort(c);
    }
    pieces.push(&text[start..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The programs of the tests and examples.
pub struct Corpus {
    /// Some top-level statements each.
    programs: Vec<String>,
    /// Definitions, and the arguments for which they are differentiated.
    functions: Vec<(String, String)>,
    tokens: Vec<String>,
}

impl Corpus {
    pub fn read() -> Corpus {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = Vec::new();
        for directory in
            ["tests/scripts/language", "tests/scripts/derivatives", "tests/gradients", "tests/programs", "examples"]
        {
            let mut files: Vec<_> = std::fs::read_dir(root.join(directory))
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .collect();
            files.sort();
            for path in files {
                if path.extension().is_some_and(|e| e == "cot" || e == "txt") {
                    texts.extend(std::fs::read_to_string(path));
                }
            }
        }
        let (mut programs, mut functions) = (Vec::new(), Vec::new());
        for text in &texts {
            if text.contains("# case ") {
                for case in text.split("# case ").skip(1) {
                    let (header, body) = case.split_once('\n').unwrap_or((case, ""));
                    let arguments = header.split_once(':').map_or("", |(_, rest)| rest.split('|').next().unwrap_or(""));
                    functions.push((body.to_owned(), arguments.trim().to_owned()));
                }
            } else if text.contains("#==== ") {
                let cases = text.split("#==== ").skip(1).filter_map(|case| case.split_once('\n'));
                programs.extend(cases.map(|(_, body)| body.split("#----").next().unwrap_or(body).to_owned()));
            } else {
                programs.extend(text.split("\n\n").map(|part| format!("{}\n", part.trim_matches('\n'))));
            }
        }
        assert!(programs.len() > 50 && functions.len() > 50, "{} and {}", programs.len(), functions.len());
        let all = programs.iter().chain(functions.iter().map(|(text, _)| text));
        let tokens = all.flat_map(|text| tokens(text)).map(str::to_owned).collect();
        Corpus { programs, functions, tokens }
    }

    pub fn program(&self, random: &mut Random) -> &str {
        &self.programs[random.below(self.programs.len())]
    }

    pub fn function(&self, random: &mut Random) -> (&str, &str) {
        let (text, arguments) = &self.functions[random.below(self.functions.len())];
        (text, arguments)
    }
}
