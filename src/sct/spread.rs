//! A function of any number of arguments (`*args`) as one of as many as a call gives, so that every argument has a
//! position of its own:
//!
//! ```text
//! def f(a, *xs): …        ⟶        lambda a, xs_0, xs_1: f(a, xs_0, xs_1)
//! ```

use std::sync::Arc;

use crate::lang::tree::{Arg, ExprKind, Function, Param, ParamForm, StmtKind};
use crate::lang::{Span, Symbol};

use super::kind::Code;

/// A definition that passes `count` arguments on to the function it captures; none where `code` takes a fixed number.
pub fn spread(code: &Code, count: usize) -> Option<Code> {
    let params = &code.tree.params;
    let star = params.iter().position(|param| param.form == ParamForm::Star && !param.name.as_str().is_empty())?;
    let before = params[..star].iter().map(|param| param.name);
    let rest = (0..count.saturating_sub(star)).map(|at| Symbol::new(&format!("{}_{at}", params[star].name)));
    let names: Vec<Symbol> = before.chain(rest).take(count).collect();
    let function = Symbol::new("$function");
    let name = |name: Symbol| ExprKind::Name(name).at(Span::NONE);
    let args = names.iter().map(|param| Arg::Positional(name(*param))).collect();
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
        params: names.iter().map(|name| param(*name)).collect(),
        body: vec![StmtKind::Return(Some(call)).at(Span::NONE)],
        decorators: vec![],
        returns: None,
        span: code.tree.span,
        source: None,
    };
    Some(Code { tree: Arc::new(tree), captures: vec![function], recursive: false, module: code.module })
}
