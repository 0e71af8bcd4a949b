//! The syntax tree: the one representation that people, the transformation and the compiler share.
//!
//! The parser makes it, the printer writes it so that it parses back equal, the passes of `sct` map it to itself and
//! the compiler reads it. Equality ignores spans.

use std::sync::Arc;

use super::{Source, Span, Symbol};

/// A sequence of statements.
pub type Block = Vec<Stmt>;

/// A module: what a script file or one input of the prompt parses to.
#[derive(Clone, Debug)]
pub struct Module {
    /// The statements in order.
    pub body: Block,
    /// The text the spans point into.
    pub source: Arc<Source>,
}

/// An expression and its place.
#[derive(Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands; for generated code, the place it came from.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer literal (never negative in parsed text).
    Int(i64),
    /// A float literal (never negative in parsed text).
    Float(f64),
    /// A string literal, adjacent ones joined.
    Str(Arc<str>),
    /// `f"…"`
    FString(Vec<FStringPart>),
    /// `...`
    Ellipsis,
    /// A variable.
    Name(Symbol),
    /// A function of the library by its qualified name (`np.tanh`), whatever the program calls by that name. Only
    /// generated code has it; it prints as its qualified name.
    Builtin(Symbol),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{k: v, **d}`; a `None` key is a double star.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `-x`, `not x` …
    Unary(UnaryOp, Box<Expr>),
    /// `x + y` …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a < b <= c`
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `a and b`, `a or b`: two or more operands.
    Logical(LogicalOp, Vec<Expr>),
    /// `then if test else otherwise`
    Conditional {
        /// The condition.
        test: Box<Expr>,
        /// The value where it holds.
        then: Box<Expr>,
        /// The value where it does not.
        otherwise: Box<Expr>,
    },
    /// `f(a, *b, k=c, **d)`
    Call(Box<Expr>, Vec<Arg>),
    /// `x.name`
    Attribute(Box<Expr>, Symbol),
    /// `x[index]`; several indices are a tuple.
    Subscript(Box<Expr>, Box<Expr>),
    /// `start:stop:step`, only inside a subscript.
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `lambda params: value`; the body is one `return`.
    Lambda(Arc<Function>),
    /// `[… for …]`, `{…: … for …}`, `(… for …)`
    Comprehension(Box<Comprehension>),
    /// `*x` in a call's place, a display or a target.
    Starred(Box<Expr>),
    /// `name := value`
    Walrus(Symbol, Box<Expr>),
}

/// A piece of an f-string.
#[derive(Clone, PartialEq, Debug)]
pub enum FStringPart {
    /// Text as it stands.
    Text(Arc<str>),
    /// `{value!r:spec}`, and the source text of `value=` where that form was used.
    Value {
        /// What is shown.
        value: Expr,
        /// `!r` or `!s` or `!a`.
        conversion: Option<char>,
        /// The format after the colon, itself made of parts.
        spec: Vec<FStringPart>,
    },
}

/// An argument of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Arg {
    /// `x`
    Positional(Expr),
    /// `name=x`
    Keyword(Symbol, Expr),
    /// `*x`
    Star(Expr),
    /// `**x`
    DoubleStar(Expr),
}

/// A comprehension.
#[derive(Clone, PartialEq, Debug)]
pub struct Comprehension {
    /// What it builds.
    pub form: ComprehensionForm,
    /// The `for` clauses with their conditions, outermost first.
    pub clauses: Vec<Clause>,
}

/// What a comprehension builds.
#[derive(Clone, PartialEq, Debug)]
pub enum ComprehensionForm {
    /// `[element …]`
    List(Expr),
    /// `{key: value …}`
    Dict(Expr, Expr),
    /// `(element …)`
    Generator(Expr),
}

/// `for target in iter if condition …`
#[derive(Clone, PartialEq, Debug)]
pub struct Clause {
    /// What each element is bound to.
    pub target: Expr,
    /// What is gone through.
    pub iter: Expr,
    /// The conditions, all of which must hold.
    pub conditions: Vec<Expr>,
}

/// A function: a `def` or a `lambda`.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name; `<lambda>` for a lambda.
    pub name: Symbol,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its body; for a lambda one `return`.
    pub body: Block,
    /// The decorators, outermost first.
    pub decorators: Vec<Expr>,
    /// The annotation after `->`.
    pub returns: Option<Box<Expr>>,
    /// The whole definition.
    pub span: Span,
    /// Keeps the text alive that the spans point into.
    pub source: Option<Arc<Source>>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Symbol,
    /// How arguments reach it.
    pub form: ParamForm,
    /// The value where no argument is given.
    pub default: Option<Expr>,
    /// The annotation after the colon.
    pub annotation: Option<Expr>,
    /// Where the name stands.
    pub span: Span,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamForm {
    /// Before a `/`.
    PositionalOnly,
    /// The usual kind.
    Plain,
    /// `*args`
    Star,
    /// After a `*`.
    KeywordOnly,
    /// `**kwargs`
    DoubleStar,
}

impl ParamForm {
    /// Whether one argument can reach it by its position.
    pub fn takes_position(self) -> bool {
        matches!(self, ParamForm::PositionalOnly | ParamForm::Plain)
    }
}

/// A statement and its place.
#[derive(Clone)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where it stands; for generated code, the place it came from.
    pub span: Span,
}

/// The forms of statements.
#[derive(Clone, PartialEq, Debug)]
pub enum StmtKind {
    /// An expression for its effect.
    Expr(Expr),
    /// `a = b = value`
    Assign(Vec<Expr>, Expr),
    /// `target op= value`
    AugAssign(Expr, BinaryOp, Expr),
    /// `target: annotation = value`
    AnnAssign(Expr, Expr, Option<Expr>),
    /// `def`
    Def(Arc<Function>),
    /// `return value`
    Return(Option<Expr>),
    /// `if`; an `elif` is an `if` alone in the `otherwise` block.
    If {
        /// The condition.
        test: Expr,
        /// Where it holds.
        then: Block,
        /// Where it does not.
        otherwise: Block,
    },
    /// `for target in iter`
    For {
        /// What each element is bound to.
        target: Expr,
        /// What is gone through.
        iter: Expr,
        /// The body.
        body: Block,
        /// Run when no `break` ended the loop.
        otherwise: Block,
    },
    /// `while test`
    While {
        /// The condition.
        test: Expr,
        /// The body.
        body: Block,
        /// Run when no `break` ended the loop.
        otherwise: Block,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `pass`
    Pass,
    /// `assert test, message`
    Assert(Expr, Option<Expr>),
    /// `raise error`
    Raise(Option<Expr>),
    /// `del a, b[i]`
    Delete(Vec<Expr>),
    /// `import a.b as c, d`
    Import(Vec<Alias>),
    /// `from a.b import c as d`; `*` is one alias of that name.
    FromImport(Symbol, Vec<Alias>),
    /// `with manager as target:`
    With {
        /// What the block is run under.
        manager: Expr,
        /// The name after `as`.
        target: Option<Expr>,
        /// The body.
        body: Block,
    },
}

/// A name in an import.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The (dotted) name.
    pub name: Symbol,
    /// The name after `as`.
    pub alias: Option<Symbol>,
    /// Where it stands.
    pub span: Span,
}

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }
        impl $name {
            /// Every operator of the kind.
            pub const ALL: &[$name] = &[$($name::$variant),*];
            /// How it is written.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}

operators!(
    /// Operators of one operand.
    UnaryOp { Neg "-", Pos "+", Invert "~", Not "not" }
);
operators!(
    /// Operators of two operands.
    BinaryOp {
        Add "+", Sub "-", Mul "*", Div "/", FloorDiv "//", Mod "%", Pow "**", MatMul "@",
        BitAnd "&", BitOr "|", BitXor "^", ShiftLeft "<<", ShiftRight ">>",
    }
);
operators!(
    /// Comparisons.
    CompareOp { Eq "==", Ne "!=", Lt "<", Le "<=", Gt ">", Ge ">=", In "in", NotIn "not in", Is "is", IsNot "is not" }
);
operators!(
    /// Short-circuit operators.
    LogicalOp { And "and", Or "or" }
);

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        super::with_room(|| self.kind == other.kind)
    }
}

impl PartialEq for Stmt {
    fn eq(&self, other: &Stmt) -> bool {
        super::with_room(|| self.kind == other.kind)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        (self.name, &self.params, &self.body, &self.decorators, &self.returns)
            == (other.name, &other.params, &other.body, &other.decorators, &other.returns)
    }
}

impl PartialEq for Param {
    fn eq(&self, other: &Param) -> bool {
        (self.name, self.form, &self.default, &self.annotation)
            == (other.name, other.form, &other.default, &other.annotation)
    }
}

impl PartialEq for Alias {
    fn eq(&self, other: &Alias) -> bool {
        (self.name, self.alias) == (other.name, other.alias)
    }
}

impl PartialEq for Module {
    fn eq(&self, other: &Module) -> bool {
        self.body == other.body
    }
}

impl ExprKind {
    /// The expression of this form at a place.
    pub fn at(self, span: Span) -> Expr {
        Expr { kind: self, span }
    }
}

impl StmtKind {
    /// The statement of this form at a place.
    pub fn at(self, span: Span) -> Stmt {
        Stmt { kind: self, span }
    }
}

impl Arg {
    /// The expression given.
    pub fn value(&self) -> &Expr {
        match self {
            Arg::Positional(e) | Arg::Keyword(_, e) | Arg::Star(e) | Arg::DoubleStar(e) => e,
        }
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::with_room(|| f.debug_struct("Expr").field("kind", &self.kind).field("span", &self.span).finish())
    }
}

impl std::fmt::Debug for Stmt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::with_room(|| f.debug_struct("Stmt").field("kind", &self.kind).field("span", &self.span).finish())
    }
}
