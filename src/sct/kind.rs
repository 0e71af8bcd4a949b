//! What is known of a value before it is there: the domain of the specialisation.
//!
//! A kind is a set of values. The compiler chooses typed instructions by it, the transformation resolves methods,
//! callees and inactive variables by it, and a derivative is cached under the kinds of its arguments.

use std::sync::Arc;

use super::extents::{Extent, Extents};
use crate::lang::tree::{self, BinaryOp};
use crate::lang::{Error, Symbol};

/// The element type of an array.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum DType {
    /// `bool`
    Bool,
    /// `int64`
    Int,
    /// `float64`
    Float,
}

/// The error of `a op= b` where an array of the element type `kept` would have to become one of `made`.
pub fn keeps_element_type(op: BinaryOp, kept: DType, made: DType) -> Error {
    let (made, kept) = (made.name(), kept.name());
    Error::type_(format!("{}= makes {made} of an array of {kept}, which keeps its element type", op.text()))
        .hint(format!("make the array one of {made} first: x = x.astype({})", made.trim_end_matches("64")))
}

/// A set of values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// No value: what has not been reached yet.
    Never,
    /// Any value.
    Any,
    /// `None`
    None,
    /// `True`, `False`
    Bool,
    /// 64-bit integers.
    Int,
    /// 64-bit floats.
    Float,
    /// Strings.
    Str,
    /// Arrays of an element type and, where it is known, a number of axes (at least one: there are no 0-d arrays)
    /// and what is known of their lengths.
    Array(DType, Option<u8>, Extents),
    /// Tuples of these elements.
    Tuple(Arc<[Kind]>),
    /// Lists of exactly these elements.
    List(Arc<[Kind]>),
    /// Lists of any length with elements of one kind.
    ListOf(Arc<Kind>),
    /// Dicts with exactly these keys, in this order.
    Dict(Arc<[(Literal, Kind)]>),
    /// Views of dicts whose elements are of one kind: `d.keys()`, `d.values()`, `d.items()`.
    View(Arc<Kind>),
    /// A known function.
    Function(Arc<FunctionKind>),
    /// The first item of a tuple that is a closure's value: the definition, without the kinds of what it holds. The other
    /// items are what the closure holds.
    Packed(Arc<FunctionKind>),
    /// A module of the library (`np`, `np.linalg`) or a script module.
    Module(Symbol),
    /// `range(…)`
    Range,
    /// A seeded random generator.
    Generator,
    /// A factorised matrix, as `linalg.factorize` makes it, with the matrix's number of axes where it is known.
    Factor(Option<u8>),
    /// Anything else that is neither a number nor holds one: slices, `...`, dtypes …
    Other,
}

/// A function that is known at the call.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum FunctionKind {
    /// A function of a script, with the kinds of what it captured and of its defaults.
    Script {
        /// Its definition.
        code: CodeRef,
        /// The kinds of its captures, in the order of [`Code::captures`].
        captures: Vec<Kind>,
        /// What its defaults are, one for each parameter that has one, in order.
        defaults: Vec<Operand>,
    },
    /// A function of the library.
    Builtin(Symbol),
    /// A function of the host: a definition without a body.
    Host(CodeRef),
    /// A transformation applied to a function: `grad(f)`.
    Derived {
        /// The name of the transformation (`grad`, `value_and_grad` …).
        transform: Symbol,
        /// Its options in the order of its signature.
        options: Vec<Literal>,
        /// The function.
        function: Arc<FunctionKind>,
    },
}

/// The module whose globals a function's free names are looked up in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ModuleId(pub u32);

/// A function definition in its module: what all closures made by one `def` or `lambda` share.
#[derive(Debug)]
pub struct Code {
    /// The definition.
    pub tree: Arc<tree::Function>,
    /// The variables of enclosing functions that it reads, sorted; a closure holds their values.
    pub captures: Vec<Symbol>,
    /// Whether it is a nested function that reads its own name: that is the closure itself, not a capture.
    pub recursive: bool,
    /// Where its free names are looked up.
    pub module: ModuleId,
}

/// A definition, compared by identity.
#[derive(Clone, Debug)]
pub struct CodeRef(pub Arc<Code>);

/// A value that is known before the program runs.
#[derive(Clone, Debug)]
pub enum Literal {
    /// `None`
    None,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float, compared by its bits.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A tuple.
    Tuple(Vec<Literal>),
    /// A dict, among the options of a transformation.
    Dict(Vec<(Literal, Literal)>),
}

/// What is known of an argument: its kind and, if it is constant, its value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Operand {
    /// The kind of the value.
    pub kind: Kind,
    /// The value, where it is a constant of the program.
    pub literal: Option<Literal>,
}

impl PartialEq for CodeRef {
    fn eq(&self, other: &CodeRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for CodeRef {}
impl std::hash::Hash for CodeRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

impl PartialEq for Literal {
    fn eq(&self, other: &Literal) -> bool {
        match (self, other) {
            (Literal::None, Literal::None) => true,
            (Literal::Bool(a), Literal::Bool(b)) => a == b,
            (Literal::Int(a), Literal::Int(b)) => a == b,
            (Literal::Float(a), Literal::Float(b)) => a.to_bits() == b.to_bits(),
            (Literal::Str(a), Literal::Str(b)) => a == b,
            (Literal::Tuple(a), Literal::Tuple(b)) => a == b,
            (Literal::Dict(a), Literal::Dict(b)) => a == b,
            _ => false,
        }
    }
}
impl Eq for Literal {}
impl std::hash::Hash for Literal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Literal::None => {}
            Literal::Bool(b) => b.hash(state),
            Literal::Int(i) => i.hash(state),
            Literal::Float(x) => x.to_bits().hash(state),
            Literal::Str(s) => s.hash(state),
            Literal::Tuple(items) => items.hash(state),
            Literal::Dict(items) => items.hash(state),
        }
    }
}

impl Literal {
    /// The kind of the value.
    pub fn kind(&self) -> Kind {
        match self {
            Literal::None => Kind::None,
            Literal::Bool(_) => Kind::Bool,
            Literal::Int(_) => Kind::Int,
            Literal::Float(_) => Kind::Float,
            Literal::Str(_) => Kind::Str,
            Literal::Tuple(items) => Kind::Tuple(items.iter().map(Literal::kind).collect()),
            Literal::Dict(items) => Kind::Dict(items.iter().map(|(key, item)| (key.clone(), item.kind())).collect()),
        }
    }
}

impl From<Literal> for Operand {
    fn from(literal: Literal) -> Operand {
        Operand { kind: literal.kind(), literal: Some(literal) }
    }
}

impl From<Kind> for Operand {
    fn from(kind: Kind) -> Operand {
        Operand { kind, literal: None }
    }
}

impl Kind {
    /// Arrays of floats with any number of axes.
    pub const FLOATS: Kind = Kind::Array(DType::Float, None, Extents::UNKNOWN);

    /// An array kind, or the scalar kind where no axis is left.
    pub fn array(dtype: DType, rank: Option<usize>) -> Kind {
        match rank {
            Some(0) => dtype.scalar(),
            Some(rank) => Kind::Array(dtype, u8::try_from(rank).ok(), Extents::UNKNOWN),
            None => Kind::Array(dtype, None, Extents::UNKNOWN),
        }
    }

    /// The element type of a number or an array.
    pub fn dtype(&self) -> Option<DType> {
        match self {
            Kind::Bool => Some(DType::Bool),
            Kind::Int => Some(DType::Int),
            Kind::Float => Some(DType::Float),
            Kind::Array(dtype, _, _) => Some(*dtype),
            _ => None,
        }
    }

    /// The number of axes of a number (0) or an array, where it is known.
    pub fn rank(&self) -> Option<usize> {
        match self {
            Kind::Bool | Kind::Int | Kind::Float => Some(0),
            Kind::Array(_, rank, _) => rank.map(usize::from),
            _ => None,
        }
    }

    /// What is known of the lengths of an array's axes.
    pub fn extents(&self) -> Extents {
        match self {
            Kind::Array(_, _, extents) => *extents,
            _ => Extents::UNKNOWN,
        }
    }

    /// An array kind of which this is known.
    pub fn with_extents(mut self, known: Extents) -> Kind {
        if let Kind::Array(_, Some(_), extents) = &mut self {
            *extents = known;
        }
        self
    }

    /// Whether values of both kinds are arrays that have the same shape for certain.
    pub fn same_shape(&self, other: &Kind) -> bool {
        match (self, other) {
            (Kind::Array(_, Some(m), a), Kind::Array(_, Some(n), b)) => m == n && a.same(*b, usize::from(*m)),
            _ => false,
        }
    }

    /// The kind with what is known of extents changed, in all its parts.
    pub fn map_extents(&self, change: &mut impl FnMut(Extent) -> Extent) -> Kind {
        match self {
            Kind::Array(dtype, rank, extents) => Kind::Array(*dtype, *rank, extents.map(change)),
            Kind::Tuple(items) => Kind::Tuple(items.iter().map(|item| item.map_extents(change)).collect()),
            Kind::List(items) => Kind::List(items.iter().map(|item| item.map_extents(change)).collect()),
            Kind::ListOf(item) => Kind::ListOf(Arc::new(item.map_extents(change))),
            Kind::View(item) => Kind::View(Arc::new(item.map_extents(change))),
            Kind::Dict(items) => {
                Kind::Dict(items.iter().map(|(key, item)| (key.clone(), item.map_extents(change))).collect())
            }
            Kind::Function(function) => Kind::Function(Arc::new(function.map_extents(change))),
            other => other.clone(),
        }
    }

    /// The kind without what is known of extents.
    pub fn of_any_extents(&self) -> Kind {
        self.map_extents(&mut |_| Extent::UNKNOWN)
    }

    /// Whether a value of this kind is a function, or a container of known parts with one among them.
    pub fn holds_function(&self) -> bool {
        match self {
            Kind::Function(_) => true,
            Kind::Tuple(items) | Kind::List(items) => items.iter().any(Kind::holds_function),
            Kind::Dict(items) => items.iter().any(|(_, item)| item.holds_function()),
            _ => false,
        }
    }

    /// Whether a value of this kind is a closure's value, or a container with one among its parts.
    pub fn holds_packed(&self) -> bool {
        match self {
            Kind::Packed(_) => true,
            Kind::Tuple(items) | Kind::List(items) => items.iter().any(Kind::holds_packed),
            Kind::ListOf(item) | Kind::View(item) => item.holds_packed(),
            Kind::Dict(items) => items.iter().any(|(_, item)| item.holds_packed()),
            _ => false,
        }
    }

    /// Whether values of this kind are unboxed numbers.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Kind::Bool | Kind::Int | Kind::Float)
    }

    /// The smallest kind that holds both.
    pub fn join(&self, other: &Kind) -> Kind {
        use Kind::*;
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Never, k) | (k, Never) => k.clone(),
            (Array(a, m, x), Array(b, n, y)) if a == b && m == n => Array(*a, *m, x.join(*y)),
            (Array(a, ..), Array(b, ..)) if a == b => Array(*a, Option::None, Extents::UNKNOWN),
            (Factor(_), Factor(_)) => Factor(Option::None),
            (Tuple(a), Tuple(b)) if a.len() == b.len() => {
                Tuple(a.iter().zip(b.iter()).map(|(x, y)| x.join(y)).collect())
            }
            (List(a), List(b)) if a.len() == b.len() => List(a.iter().zip(b.iter()).map(|(x, y)| x.join(y)).collect()),
            (List(_) | ListOf(_), List(_) | ListOf(_)) => ListOf(Arc::new(self.element().join(&other.element()))),
            (View(a), View(b)) => View(Arc::new(a.join(b))),
            (Dict(a), Dict(b)) if a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.0 == y.0) => {
                Dict(a.iter().zip(b.iter()).map(|(x, y)| (x.0.clone(), x.1.join(&y.1))).collect())
            }
            _ => Any,
        }
    }

    /// The kind of what iterating over a value gives.
    pub fn element(&self) -> Kind {
        match self {
            Kind::Never => Kind::Never,
            Kind::Str => Kind::Str,
            Kind::Range => Kind::Int,
            Kind::Array(dtype, Some(rank), extents) => {
                let rank = usize::from(*rank).saturating_sub(1);
                Kind::array(*dtype, Some(rank)).with_extents(extents.cut(rank))
            }
            Kind::Tuple(items) | Kind::List(items) => items.iter().fold(Kind::Never, |all, item| all.join(item)),
            Kind::ListOf(item) | Kind::View(item) => (**item).clone(),
            Kind::Dict(items) => items.iter().fold(Kind::Never, |all, (key, _)| all.join(&key.kind())),
            _ => Kind::Any,
        }
    }

    /// How many containers of known structure a value of this kind is made of.
    pub fn containers(&self) -> usize {
        match self {
            Kind::Tuple(items) | Kind::List(items) => 1 + items.iter().map(Kind::containers).sum::<usize>(),
            Kind::Dict(items) => 1 + items.iter().map(|(_, item)| item.containers()).sum::<usize>(),
            _ => 0,
        }
    }

    /// Whether a value of this kind may hold a float that a derivative can be taken with respect to.
    pub fn may_be_active(&self) -> bool {
        match self {
            Kind::Any | Kind::Float | Kind::Array(DType::Float, _, _) | Kind::Factor(_) => true,
            Kind::Tuple(items) | Kind::List(items) => items.iter().any(Kind::may_be_active),
            Kind::ListOf(item) | Kind::View(item) => item.may_be_active(),
            Kind::Dict(items) => items.iter().any(|(_, item)| item.may_be_active()),
            Kind::Function(function) => match &**function {
                FunctionKind::Script { captures, .. } => captures.iter().any(Kind::may_be_active),
                FunctionKind::Builtin(_) | FunctionKind::Host(_) => false,
                FunctionKind::Derived { function, .. } => Kind::Function(function.clone()).may_be_active(),
            },
            _ => false,
        }
    }
}

impl FunctionKind {
    /// The definition: nothing is known of the values that the function holds.
    pub fn definition(self) -> FunctionKind {
        match self {
            FunctionKind::Script { code, captures, defaults } => FunctionKind::Script {
                code,
                captures: vec![Kind::Any; captures.len()],
                defaults: defaults
                    .into_iter()
                    .map(|default| if default.literal.is_some() { default } else { Operand::from(Kind::Any) })
                    .collect(),
            },
            FunctionKind::Derived { transform, options, function } => {
                let function = Arc::new(Arc::unwrap_or_clone(function).definition());
                FunctionKind::Derived { transform, options, function }
            }
            other => other,
        }
    }

    /// The kinds of the values that such a function holds: what it captured, then its defaults that are no constants.
    pub fn held(&self) -> Vec<&Kind> {
        match self {
            FunctionKind::Script { captures, defaults, .. } => {
                let defaults = defaults.iter().filter(|default| default.literal.is_none());
                captures.iter().chain(defaults.map(|default| &default.kind)).collect()
            }
            FunctionKind::Derived { function, .. } => function.held(),
            FunctionKind::Builtin(_) | FunctionKind::Host(_) => vec![],
        }
    }

    /// The kind without what is known of extents.
    pub fn of_any_extents(&self) -> FunctionKind {
        self.map_extents(&mut |_| Extent::UNKNOWN)
    }

    fn map_extents(&self, change: &mut impl FnMut(Extent) -> Extent) -> FunctionKind {
        match self {
            FunctionKind::Script { code, captures, defaults } => FunctionKind::Script {
                code: code.clone(),
                captures: captures.iter().map(|kind| kind.map_extents(change)).collect(),
                defaults: defaults
                    .iter()
                    .map(|default| Operand { kind: default.kind.map_extents(change), ..default.clone() })
                    .collect(),
            },
            FunctionKind::Derived { transform, options, function } => FunctionKind::Derived {
                transform: *transform,
                options: options.clone(),
                function: Arc::new(function.map_extents(change)),
            },
            other => other.clone(),
        }
    }
}

impl DType {
    /// The kind of one element.
    pub fn scalar(self) -> Kind {
        match self {
            DType::Bool => Kind::Bool,
            DType::Int => Kind::Int,
            DType::Float => Kind::Float,
        }
    }

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::Int => "int64",
            DType::Float => "float64",
        }
    }
}
