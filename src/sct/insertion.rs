//! `with insert_grad_of(x) as dx:` puts its body into the reverse sweep at that place, where `dx` is the adjoint of `x`.
//!
//! ```text
//! y = np.sin(x)                       y = np.sin(x)
//! with insert_grad_of(y) as dy:       z = y * y
//!     dy = np.clip(dy, -1, 1)   ⟶    y_bar = np.clip(2.0 * y, -1, 1)
//! z = y * y                           x_bar = y_bar * np.cos(x)
//! ```
//!
//! In core the variable gets a new version, [`Op::Insert`] of the old one, and of whatever the body reads: what the
//! reverse sweep finds there is the body. Nothing else of it is left: not in the primal, not in forward mode.

use std::rc::Rc;

use crate::lang::scope::scope_of;
use crate::lang::tree::{self, Arg, Expr, ExprKind, ParamForm, Stmt, StmtKind};
use crate::lang::{Error, Result, Symbol, symbol};

use super::bind::Bind;
use super::core::{Atom, Op};
use super::kind::{Kind, Literal};
use super::lower::{Frame, Lowerer, leaves_of, rebuild};
use super::session::Unit;
use super::structure::single_exit;

/// What stands in the reverse sweep.
#[derive(Debug)]
pub struct Insertion {
    /// The body, after which the adjoint is returned.
    body: Rc<[Stmt]>,
    /// The name of the adjoint.
    adjoint: Symbol,
    /// What the body reads of the function, the atoms in it in the order of the operation's.
    reads: Vec<(Symbol, Bind)>,
    /// Where its other names are looked up.
    unit: Rc<Unit>,
}

/// The place whose adjoint a `with` statement is about, and the adjoint's name.
pub fn parts<'t>(manager: &'t Expr, target: Option<&Expr>, body: &[Stmt]) -> Result<(&'t Expr, Symbol)> {
    let named = |callee: &Expr| match &callee.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => name.as_str() == "insert_grad_of",
        _ => false,
    };
    let place = match &manager.kind {
        ExprKind::Call(callee, args) if named(callee) => match args.as_slice() {
            [Arg::Positional(place)] => place,
            _ => return Err(Error::type_("insert_grad_of() takes one variable").at(manager.span)),
        },
        _ => {
            return Err(Error::syntax("`with` is for insert_grad_of alone")
                .hint("with insert_grad_of(x) as dx: …")
                .at(manager.span));
        }
    };
    let mut root = place;
    while let ExprKind::Subscript(object, _) = &root.kind {
        root = object;
    }
    let (ExprKind::Name(_), Some(Expr { kind: ExprKind::Name(adjoint), .. })) = (&root.kind, target) else {
        return Err(Error::syntax("insert_grad_of needs a variable, or an item of one, and a name for its adjoint")
            .hint("with insert_grad_of(x) as dx: …")
            .at(manager.span));
    };
    match body.iter().find_map(|stmt| exit(stmt, false)) {
        Some(stmt) => Err(Error::syntax(
            "the body of insert_grad_of runs in the reverse sweep and cannot leave the function or a loop around it",
        )
        .at(stmt.span)),
        None => Ok((place, *adjoint)),
    }
}

/// The first statement that leaves what is around.
fn exit(stmt: &Stmt, in_loop: bool) -> Option<&Stmt> {
    match &stmt.kind {
        StmtKind::Return(_) => Some(stmt),
        StmtKind::Break | StmtKind::Continue if !in_loop => Some(stmt),
        StmtKind::If { then, otherwise, .. } => then.iter().chain(otherwise).find_map(|s| exit(s, in_loop)),
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            body.iter().find_map(|s| exit(s, true)).or_else(|| otherwise.iter().find_map(|s| exit(s, in_loop)))
        }
        StmtKind::With { body, .. } => body.iter().find_map(|s| exit(s, in_loop)),
        _ => None,
    }
}

impl Lowerer<'_, '_> {
    /// The `with` statement.
    pub fn insertion(&mut self, manager: &Expr, target: Option<&Expr>, body: &[Stmt], fr: &mut Frame) -> Result<()> {
        let (place, adjoint) = parts(manager, target, body)?;
        let value = self.expr(place, fr)?;
        if !value.kind(&self.f).may_be_active() {
            return Ok(());
        }
        let value = self.atom(&value)?;
        let function = tree::Function {
            params: vec![tree::Param {
                name: adjoint,
                form: ParamForm::Plain,
                default: None,
                annotation: None,
                span: manager.span,
            }],
            body: [body, &[StmtKind::Return(Some(ExprKind::Name(adjoint).at(manager.span))).at(manager.span)]].concat(),
            ..super::program::empty_tree(symbol!("insertion"))
        };
        let scope = scope_of(&function);
        let mut reads: Vec<(Symbol, Bind)> =
            scope.free.iter().filter_map(|name| Some((*name, fr.env.get(name)?.clone()))).collect();
        // A variable that the body gives a new value may have been read before: it begins with what it is here.
        for name in scope.locals.iter().filter(|name| **name != adjoint) {
            reads.extend(fr.env.get(name).map(|value| (*name, value.clone())));
        }
        let mut atoms = vec![value.clone()];
        reads.iter().for_each(|(_, bind)| atoms.extend(leaves_of(bind)));
        let body = single_exit(&function.body).into_owned().into();
        let number = self.session.insertions.len();
        self.session.insertions.push(Rc::new(Insertion { body, adjoint, reads, unit: fr.unit.clone() }));
        let kind = self.f.kind(&value);
        let name = self.f_name(&value);
        let after = self.define(name, kind, Op::Insert(number, atoms));
        self.assign(place, Bind::Atom(after), fr)
    }

    fn f_name(&self, atom: &Atom) -> Symbol {
        atom.var().map_or(symbol!("t"), |var| self.f.info(var).name)
    }

    /// Runs an insertion on an adjoint.
    pub fn inserted(&mut self, number: usize, atoms: &[Atom], bar: Atom) -> Result<Bind> {
        let Some(insertion) = self.session.insertions.get(number).cloned() else { return Ok(Bind::Atom(bar)) };
        let mut fr = Frame::new(insertion.unit.clone());
        let mut values = atoms.iter().skip(1).cloned();
        for (name, bind) in &insertion.reads {
            fr.env.insert(*name, rebuild(bind, &mut values));
        }
        fr.env.insert(insertion.adjoint, Bind::Atom(bar.clone()));
        let span = self.span;
        let result = self.body(&insertion.body, &mut fr)?;
        self.span = span;
        let Some(value) = atoms.first() else { return Ok(result) };
        let (old, new) = (self.f.kind(&bar), result.kind(&self.f));
        Ok(match (old, new) {
            (_, Kind::None) => {
                return Err(Error::type_(format!("the adjoint '{}' was given no value", insertion.adjoint)).at(span));
            }
            (Kind::Float, Kind::Int | Kind::Bool) => {
                let result = self.atom(&result)?;
                match result {
                    Atom::Lit(Literal::Int(i)) => Bind::Atom(Atom::float(i as f64)),
                    result => Bind::Atom(self.call(symbol!("float"), vec![result])),
                }
            }
            (Kind::Array(..), Kind::Float | Kind::Int | Kind::Bool) => {
                let result = self.atom(&result)?;
                let shape = self.call(symbol!("np.shape"), vec![value.clone()]);
                let result = self.call(symbol!("operator.mul"), vec![result, Atom::float(1.0)]);
                Bind::Atom(self.call(symbol!("np.full"), vec![shape, result]))
            }
            _ => result,
        })
    }
}
