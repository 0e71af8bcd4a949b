//! Methods that are read and not called: `total = x.sum`.

use std::rc::Rc;
use std::sync::Arc;

use crate::lang::tree::{Arg, ExprKind, Function, Param, ParamForm, StmtKind};
use crate::lang::{Span, Symbol, symbol};

use super::super::bind::{Bind, FunctionBind, Target};
use super::{Frame, Lowerer};

impl Lowerer<'_, '_> {
    /// `object.name` as a function, where values of the object's kind have such a method.
    pub fn bound_method(&mut self, object: &Bind, name: Symbol, fr: &Frame) -> Option<Bind> {
        if matches!(object, Bind::Zero | Bind::Module(_) | Bind::Function(_)) {
            return None;
        }
        let kind = object.kind(&self.f);
        if self.session.world.attribute(&kind, name).is_some() {
            return None;
        }
        self.session.world.method(&kind, name)?;
        let tree = self.session.bound.entry(name).or_insert_with(|| Arc::new(calling(name))).clone();
        let target = Target::Script(self.code(&tree, &fr.unit, vec![object_name()]));
        let captures = vec![object.clone()];
        Some(Bind::Function(Rc::new(FunctionBind { target, captures, defaults: vec![], global: None })))
    }
}

fn object_name() -> Symbol {
    symbol!("object")
}

/// `lambda *args, **keywords: object.name(*args, **keywords)`
fn calling(name: Symbol) -> Function {
    let span = Span::NONE;
    let read = |name: Symbol| ExprKind::Name(name).at(span);
    let (args, keywords) = (symbol!("args"), symbol!("keywords"));
    let param = |name, form| Param { name, form, default: None, annotation: None, span };
    let method = ExprKind::Attribute(Box::new(read(object_name())), name).at(span);
    let call = ExprKind::Call(Box::new(method), vec![Arg::Star(read(args)), Arg::DoubleStar(read(keywords))]);
    Function {
        name: symbol!("<lambda>"),
        params: vec![param(args, ParamForm::Star), param(keywords, ParamForm::DoubleStar)],
        body: vec![StmtKind::Return(Some(call.at(span))).at(span)],
        decorators: vec![],
        returns: None,
        span,
        source: None,
    }
}
