//! Functions that pass their arguments on, each in a position of its own: of any number of arguments (`*args`) as many as a
//! call gives, of one that takes some by name as many as it has parameters.
//!
//! ```text
//! def f(a, *xs): …            ⟶        lambda a, xs_0, xs_1: f(a, xs_0, xs_1)
//! def f(a, *, b=1, **c): …    ⟶        lambda a, b, c: f(a, b=b, **c)
//! ```

use std::sync::Arc;

use crate::lang::tree::{Arg, Expr, ExprKind, Function, Param, ParamForm, StmtKind};
use crate::lang::{Span, Symbol, symbol};

use super::kind::Code;

/// A definition that passes `count` arguments on to the function it captures; none where `code` takes a fixed number.
pub fn spread(code: &Code, count: usize) -> Option<Code> {
    let params = &code.tree.params;
    let star = params.iter().position(|param| param.form == ParamForm::Star && !param.name.as_str().is_empty())?;
    let before = params[..star].iter().map(|param| param.name);
    let rest = (0..count.saturating_sub(star)).map(|at| Symbol::new(&format!("{}_{at}", params[star].name)));
    let names: Vec<Symbol> = before.chain(rest).take(count).collect();
    let args = names.iter().map(|param| Arg::Positional(name(*param))).collect();
    Some(passing_on(code, names, args))
}

/// A definition that passes one argument for each parameter on to the function it captures; none where `code` takes them in
/// their order.
pub fn in_order(code: &Code) -> Option<Code> {
    let params = &code.tree.params;
    if params.iter().all(|param| param.form.takes_position()) {
        return None;
    }
    let args = params.iter().map(|param| match param.form {
        ParamForm::Plain | ParamForm::PositionalOnly => Arg::Positional(name(param.name)),
        ParamForm::Star => Arg::Star(name(param.name)),
        ParamForm::KeywordOnly => Arg::Keyword(param.name, name(param.name)),
        ParamForm::DoubleStar => Arg::DoubleStar(name(param.name)),
    });
    Some(passing_on(code, params.iter().map(|param| param.name).collect(), args.collect()))
}

fn name(name: Symbol) -> Expr {
    ExprKind::Name(name).at(Span::NONE)
}

/// A definition with these parameters that calls the function it captures.
fn passing_on(code: &Code, params: Vec<Symbol>, args: Vec<Arg>) -> Code {
    let function = symbol!("$function");
    let call = ExprKind::Call(Box::new(name(function)), args).at(Span::NONE);
    let param = |name: Symbol| Param {
        name,
        form: ParamForm::PositionalOnly,
        default: None,
        annotation: None,
        span: Span::NONE,
    };
    let tree = Function {
        name: code.tree.name,
        params: params.into_iter().map(param).collect(),
        body: vec![StmtKind::Return(Some(call)).at(Span::NONE)],
        decorators: vec![],
        returns: None,
        span: code.tree.span,
        source: None,
    };
    Code { tree: Arc::new(tree), captures: vec![function], recursive: false, module: code.module }
}
