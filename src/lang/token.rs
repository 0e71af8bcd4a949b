//! Tokens: what the lexer makes of the text and the parser reads.

use std::sync::Arc;

use super::Symbol;

/// A token and the bytes it covers.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

/// The kinds of tokens.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum TokenKind {
    Name(Symbol),
    /// At most 2⁶³, which is an integer only behind a minus.
    Int(u64),
    Float(f64),
    /// A whole string literal, escapes resolved.
    Str(Arc<str>),
    FStringStart,
    /// Text between the fields of an f-string or in a format spec.
    FStringText(Arc<str>),
    FStringEnd,
    Mark(Mark),
    Newline,
    Indent,
    Dedent,
    End,
    /// Where the lexer gave up; nothing follows.
    Error,
}

macro_rules! marks {
    (marks { $($mark:ident $mark_text:literal),* $(,)? } keywords { $($word:ident $word_text:literal),* $(,)? }) => {
        /// Tokens of fixed text: operators, punctuation and keywords.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Mark { $($mark,)* $($word),* }

        impl Mark {
            /// How it is written.
            pub fn text(self) -> &'static str {
                match self { $(Mark::$mark => $mark_text,)* $(Mark::$word => $word_text),* }
            }

            /// The keyword of this text.
            pub fn keyword(text: &str) -> Option<Mark> {
                match text { $($word_text => Some(Mark::$word),)* _ => None }
            }

            /// Whether it is a keyword.
            pub fn is_keyword(self) -> bool {
                matches!(self, $(Mark::$word)|*)
            }

            /// The operator of exactly this text.
            pub fn operator(text: &[u8]) -> Option<Mark> {
                $(if text == $mark_text.as_bytes() { return Some(Mark::$mark); })*
                None
            }
        }
    };
}

marks! {
    marks {
        Plus "+", Minus "-", Star "*", Slash "/", DoubleSlash "//", Percent "%", DoubleStar "**", At "@",
        Ampersand "&", Bar "|", Caret "^", Tilde "~", ShiftLeft "<<", ShiftRight ">>",
        Equal "==", NotEqual "!=", Less "<", LessEqual "<=", Greater ">", GreaterEqual ">=",
        Assign "=", PlusAssign "+=", MinusAssign "-=", StarAssign "*=", SlashAssign "/=", DoubleSlashAssign "//=",
        PercentAssign "%=", DoubleStarAssign "**=", AtAssign "@=", AmpersandAssign "&=", BarAssign "|=",
        CaretAssign "^=", ShiftLeftAssign "<<=", ShiftRightAssign ">>=", Walrus ":=", Arrow "->",
        ParenOpen "(", ParenClose ")", BracketOpen "[", BracketClose "]", BraceOpen "{", BraceClose "}",
        Comma ",", Colon ":", Semicolon ";", Dot ".", Ellipsis "...", Exclamation "!",
    }
    keywords {
        False "False", None "None", True "True", And "and", As "as", Assert "assert", Async "async", Await "await",
        Break "break", Class "class", Continue "continue", Def "def", Del "del", Elif "elif", Else "else",
        Except "except", Finally "finally", For "for", From "from", Global "global", If "if", Import "import",
        In "in", Is "is", Lambda "lambda", Nonlocal "nonlocal", Not "not", Or "or", Pass "pass", Raise "raise",
        Return "return", Try "try", While "while", With "with", Yield "yield",
    }
}
