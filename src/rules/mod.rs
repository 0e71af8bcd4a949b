//! The calculus: the derivatives of the library's functions, in the language itself, a family a file.
//!
//! A rule belongs to the functions its decorator names; its parameters stand for theirs by position, and trailing ones
//! may be left out.
//!
//! - `@partial(f)`: elementwise. The first parameter is the result; what is returned is the partial derivative with respect to
//!   each argument (`None` where there is none). It serves both modes; broadcasting is taken care of.
//! - `@linear(f)`: linear in the first argument. The tangent is the same call; the template is the transpose, with the
//!   cotangent of the result as its first parameter.
//! - `@adjoint(f)` and `@tangent(f)`: anything else. The first parameter `y` is the result; the templates add to `x_bar`,
//!   from `y_bar`, and to `y_dot`, from `x_dot`.
//! - `@primal(f)`: what the forward sweep runs in place of the call. It returns the result and a residual, which the adjoint and the tangent
//!   get as their second parameter.
//! - `@update(f)`: a call that changes its first argument, said in the language: it returns the argument after the call, or that and
//!   the result of the call. The derivative of the call is the derivative of that.
//! - `zero(f, …)`: these have the derivative zero.
//! - `bilinear(f, …)`, `quotient(f, …)`, `power(f, …)`: how products, quotients and powers act on Taylor series. All other functions'
//!   series follow from their derivatives.
//!
//! How functions are computed for a whole batch at once is said in `batching.cot`.
//!
//! Templates are expanded in place like macros. What needs a loop or a decision at run time is an ordinary function of the file, which
//! templates call; everything they use has rules itself, so that derivatives can be taken again.

pub mod einsum;

/// The files of rules: name and text.
pub const SOURCES: &[(&str, &str)] = &[
    ("arithmetic.cot", include_str!("arithmetic.cot")),
    ("elementwise.cot", include_str!("elementwise.cot")),
    ("series.cot", include_str!("series.cot")),
    ("special.cot", include_str!("special.cot")),
    ("reductions.cot", include_str!("reductions.cot")),
    ("contractions.cot", include_str!("contractions.cot")),
    ("shape.cot", include_str!("shape.cot")),
    ("indexing.cot", include_str!("indexing.cot")),
    ("containers.cot", include_str!("containers.cot")),
    ("updates.cot", include_str!("updates.cot")),
    ("linalg.cot", include_str!("linalg.cot")),
    ("matrix_functions.cot", include_str!("matrix_functions.cot")),
    ("random.cot", include_str!("random.cot")),
    ("zero.cot", include_str!("zero.cot")),
    ("batching.cot", include_str!("batching.cot")),
];
