//! Captured constants: a closure whose captures are known before the program runs is a definition that begins by naming
//! them. So a derivative within a derivative, which knows functions by the kinds of their captures, still knows the values.

use std::rc::Rc;
use std::sync::Arc;

use crate::lang::tree::{self, ExprKind, StmtKind};
use crate::lang::{Span, Symbol};

use super::bind::{Bind, FunctionBind, Target};
use super::emit::constant;
use super::kind::{Code, CodeRef, Literal};
use super::session::Session;

impl Session<'_> {
    /// The function with its constant captures in its body.
    pub fn with_constants(&mut self, function: &Rc<FunctionBind>) -> Rc<FunctionBind> {
        let mut own = (**function).clone();
        match &function.target {
            Target::Builtin(_) | Target::Host(_) => return function.clone(),
            Target::Derived(transform, options, inner) => {
                own.target = Target::Derived(*transform, options.clone(), self.with_constants(inner));
            }
            Target::Script(code) => {
                let (mut captures, mut names, mut constants) = (vec![], vec![], vec![]);
                for (name, capture) in code.0.captures.iter().zip(&function.captures) {
                    match (capture, capture.literal()) {
                        (_, Some(literal)) => constants.push((*name, literal)),
                        (Bind::Function(inner), None) => {
                            names.push(*name);
                            captures.push(Bind::Function(self.with_constants(inner)));
                        }
                        (other, None) => {
                            names.push(*name);
                            captures.push(other.clone());
                        }
                    }
                }
                own.captures = captures;
                if !constants.is_empty() {
                    own.target = Target::Script(self.with_constants_in(code, names, constants));
                }
            }
        }
        Rc::new(own)
    }

    fn with_constants_in(
        &mut self,
        code: &CodeRef,
        captures: Vec<Symbol>,
        constants: Vec<(Symbol, Literal)>,
    ) -> CodeRef {
        let key = (code.clone(), constants);
        if let Some(done) = self.constants.get(&key) {
            return done.clone();
        }
        let mut tree = (*code.0.tree).clone();
        let assign = |(name, literal): &(Symbol, Literal)| {
            StmtKind::Assign(vec![ExprKind::Name(*name).at(Span::NONE)], constant(literal)).at(Span::NONE)
        };
        let body: Vec<tree::Stmt> = key.1.iter().map(assign).chain(tree.body.iter().cloned()).collect();
        tree.body = body;
        let module = code.0.module;
        let own = CodeRef(Arc::new(Code { tree: Arc::new(tree), captures, recursive: code.0.recursive, module }));
        let unit = self.unit(code);
        self.units.insert(own.clone(), unit);
        self.constants.insert(key, own.clone());
        own
    }
}
