//! What a transformation asks of the interpreter it works for: what names stand for, and what the library knows of its
//! own functions. The passes see nothing else of it.

use std::sync::Arc;

use crate::lang::{Error, Result, Symbol};

use super::kind::{Code, CodeRef, Kind, Literal, ModuleId, Operand};

/// The interpreter, as the passes see it.
pub trait World {
    /// What a free name of a function of this module stands for now (a global, or a builtin such as `len`).
    fn global(&self, module: ModuleId, name: Symbol) -> Option<Operand>;

    /// What `module.name` is, for a module of kind [`Kind::Module`].
    fn member(&self, module: Symbol, name: Symbol) -> Option<Operand>;

    /// The function that a method call on a value of this kind is: `x.sum` is `np.sum` with `x` first.
    fn method(&self, receiver: &Kind, name: Symbol) -> Option<Operand>;

    /// The function of one argument that an attribute of a value of this kind is: `x.T` is `np.transpose(x)`.
    fn attribute(&self, receiver: &Kind, name: Symbol) -> Option<Operand>;

    /// The signature of a library function, by its qualified name.
    fn signature(&self, builtin: Symbol) -> Option<&Signature>;

    /// Whether some type has a method of this name that changes its receiver.
    fn may_mutate(&self, method: Symbol) -> bool;

    /// Whether some module has a function of this name that changes its first argument.
    fn may_mutate_argument(&self, function: Symbol) -> bool;

    /// The rule of the derivative that the program gives a function of a script or of the host.
    fn user_rule(&self, code: &CodeRef) -> Option<UserRule>;

    /// The definition that passes so many arguments on to one of any number, the same each time; none where the number is fixed.
    fn spread(&self, code: &CodeRef, count: usize) -> Option<CodeRef>;

    /// The error of a free name that stands for nothing.
    fn unknown_name(&self, name: Symbol) -> Error;

    /// The error of `module.name` that is not there.
    fn unknown_member(&self, module: Symbol, name: Symbol) -> Error;

    /// An error where the run that asks for the transformation is to end.
    fn patience(&self) -> Result<()>;

    /// Whether what is written is to be simplified.
    fn simplifies(&self) -> bool;

    /// The kind of the result of a library function (or of an operator: `operator.add`) for arguments in the order of its signature.
    fn result_kind(&self, builtin: Symbol, args: &[Operand]) -> Kind;
}

/// How a program says a function is differentiated: the templates of `@partial`, `@adjoint` and `@tangent`.
#[derive(Clone, Debug, Default)]
pub struct UserRule {
    /// Elementwise partial derivatives.
    pub partial: Option<Arc<Code>>,
    /// Contributions to the arguments' cotangents.
    pub adjoint: Option<Arc<Code>>,
    /// The result's tangent.
    pub tangent: Option<Arc<Code>>,
    /// The kinds of the function's own parameters, where it is passed their parts one by one.
    pub kinds: Option<Vec<Kind>>,
}

/// The parameters of a library function.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// In order; defaults are constants.
    pub params: Vec<SignatureParam>,
    /// Whether its first argument is a place that the call changes (`list.append`, a draw from a generator).
    pub mutates: bool,
    /// Whether it does something other than computing its result (`print`), so that it may not be removed or moved.
    pub effect: bool,
}

/// A parameter of a library function.
#[derive(Clone, Debug)]
pub struct SignatureParam {
    /// Its name.
    pub name: Symbol,
    /// How arguments reach it.
    pub form: crate::lang::tree::ParamForm,
    /// The value where no argument is given; none where it must be given.
    pub default: Option<Literal>,
}
