//! What went wrong, where, and what to write instead.

use std::fmt;

use super::{Span, Symbol};

/// The result of anything that a program can make fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The family an error belongs to; a host may match on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a program.
    Syntax,
    /// A name, attribute, module or function that is not there.
    Name,
    /// A value of the wrong type.
    Type,
    /// A value of the right type that is not allowed.
    Value,
    /// Shapes that do not fit.
    Shape,
    /// An index or key that is not there.
    Index,
    /// Overflow, division by zero, a factorisation that does not exist.
    Numeric,
    /// A limit of the host was reached.
    Limit,
    /// The host interrupted the run.
    Interrupted,
    /// `raise` or a failed `assert` of the program itself.
    Raised,
    /// Something that has no derivative was asked for one.
    Derivative,
    /// The host, a file or a native function failed.
    Host,
    /// Nothing failed, but something is hardly meant as it is written.
    Warning,
}

/// An error with its place, traceback and hint. It renders itself with the source excerpt through `Display`.
#[derive(Clone)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug)]
struct Details {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    span: Span,
    trace: Vec<Frame>,
}

/// A call that was under way: the function and the place of the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The function that was called.
    pub function: Symbol,
    /// Where the call stands.
    pub call: Span,
}

impl Error {
    /// An error without a place yet; whoever knows the place adds it with [`Error::at`].
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Details { kind, message: message.into(), hint: None, span: Span::NONE, trace: Vec::new() }))
    }

    /// Gives the error a place, unless it has one; then the outermost of its calls, unless that has one.
    pub fn at(mut self, span: Span) -> Error {
        if self.0.span.is_none() || (self.0.span.is_library() && !span.is_none()) {
            self.0.span = span;
        } else if let Some(frame) = self.0.trace.last_mut()
            && frame.call.is_none()
        {
            frame.call = span;
        }
        self
    }

    /// Says at the beginning of the sentence what it is about.
    pub fn of(mut self, subject: &str) -> Error {
        self.0.message = format!("{subject} {}", self.0.message);
        self
    }

    /// Adds what to write instead.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds a call that was under way, innermost first. Of an error in the library's own text, or in code that has no text,
    /// the call is the place: what is wrong is how it was called.
    pub fn through(mut self, function: Symbol, call: Span) -> Error {
        if self.0.span.is_library() || self.0.span.is_none() {
            self.0.span = call;
        } else {
            self.0.trace.push(Frame { function, call });
        }
        self
    }

    /// The family of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence, without place or traceback.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to write instead, where it is known.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The place, or [`Span::NONE`].
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// The calls that were under way, innermost first.
    pub fn trace(&self) -> &[Frame] {
        &self.0.trace
    }
}

macro_rules! constructors {
    ($($name:ident $kind:ident $doc:literal),* $(,)?) => {
        impl Error { $(#[doc = $doc] pub fn $name(message: impl Into<String>) -> Error { Error::new(ErrorKind::$kind, message) })* }
    };
}
constructors! {
    syntax Syntax "A syntax error.", name Name "An unknown name.", type_ Type "A value of the wrong type.",
    value Value "A value that is not allowed.", shape Shape "Shapes that do not fit.", index Index "No such index or key.",
    numeric Numeric "A numeric failure.", limit Limit "A limit was reached.", raised Raised "Raised by the program.",
    derivative Derivative "No derivative.", host Host "A failure of the host.",
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}
