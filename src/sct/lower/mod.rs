//! Normalise and specialise: from the tree of a function to core, for what is known of its arguments.
//!
//! One walk does both, because what a statement means depends on the kinds: a method becomes the library function it is
//! for this receiver, a call of a known function is inlined or becomes a call of its specialisation, a condition that is
//! already decided leaves only the arm taken. Versions, temporaries and joins make the result single assignment.

mod bound;
mod builtins;
mod by_item;
mod calls;
mod checkpoints;
mod choices;
mod dicts;
mod expressions;
mod indices;
mod lengths;
mod loops;
mod packed;
mod picking;
mod places;
mod slices;
mod statements;
mod unrolled;

pub use indices::position;
pub use loops::{leaves_of, rebuild};
pub use packed::known_outside;

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::lang::tree;
use crate::lang::{Error, Result, Span, Symbol, symbol};

use super::bind::{Bind, FunctionBind, Target};
use super::core::{Atom, Block, Function, Join, Op, Stmt, StmtKind, Var};
use super::fold::fold;
use super::kind::{Code, CodeRef, Kind, Literal, ModuleId, Operand};
use super::session::{Session, Unit};

/// Lowers statements into the function under construction.
pub struct Lowerer<'s, 'w> {
    /// What all functions of one derivation share.
    pub session: &'s mut Session<'w>,
    /// The function under construction.
    pub f: Function,
    /// The block that statements go to.
    pub block: Block,
    /// The place that generated statements are given.
    pub span: Span,
    /// Whether the place stays what it is: generated statements take the place of what they were generated for.
    pub pinned: bool,
    /// The functions being inlined, outermost first.
    inlining: Vec<Inlining>,
    /// What loops have been found to carry, by statement and path of inlining.
    memo: FxHashMap<(usize, u64, Symbol), loops::Entry>,
    /// Variables at the heads of loops that have no value in the first iteration.
    unset: FxHashSet<Var>,
    /// Whether there are closures as values.
    packs: bool,
}

/// A function that is being inlined.
struct Inlining {
    code: CodeRef,
    /// How many containers its arguments are made of, where that may become fewer call by call.
    containers: Option<usize>,
}

/// The variables of one (possibly inlined) function body.
#[derive(Clone)]
pub struct Frame {
    /// What the names stand for now.
    pub env: FxHashMap<Symbol, Bind>,
    /// Where free names are looked up.
    pub unit: Rc<Unit>,
    /// Which chain of inlined calls led here.
    path: u64,
    /// Whether loops are told apart by their place rather than by their address.
    by_place: bool,
    /// In a rule: what its `x_bar += …` statements contribute to.
    pub template: Option<Template>,
}

/// The targets of a rule template: name (`x_bar`, `y_dot`) → the sum of what it was given.
#[derive(Clone, Default)]
pub struct Template {
    /// The accumulated contributions; none where the argument is inactive and its statements are left out.
    pub sums: FxHashMap<Symbol, Option<Bind>>,
    /// Those that anything was added to.
    pub added: Vec<Symbol>,
}

/// The function to be inlined or specialised would make the code too large.
const MOST_VARIABLES: usize = 200_000;

impl<'s, 'w> Lowerer<'s, 'w> {
    /// A lowerer for a new function of this name.
    pub fn new(session: &'s mut Session<'w>, name: Symbol, span: Span) -> Self {
        let f = Function {
            name,
            params: vec![],
            body: Block { stmts: vec![], id: super::core::BlockId(0), mirrors: None },
            result: Atom::Lit(Literal::None),
            vars: vec![],
            blocks: 0,
            lengths: FxHashMap::default(),
            at_call: false,
            span,
        };
        Lowerer::resume(session, f)
    }

    /// The finished function.
    pub fn finish(mut self, result: Atom) -> Result<Function> {
        self.f.body = self.block;
        self.f.result = result;
        if self.packs {
            packed::stay_known(&self.f)?;
        }
        Ok(self.f)
    }

    /// Continues an existing function with an empty current block.
    pub fn resume(session: &'s mut Session<'w>, mut f: Function) -> Self {
        let block = f.block();
        let span = f.span;
        Lowerer {
            session,
            f,
            block,
            span,
            pinned: false,
            inlining: vec![],
            memo: FxHashMap::default(),
            unset: FxHashSet::default(),
            packs: false,
        }
    }

    /// Appends a statement.
    pub fn push(&mut self, kind: StmtKind) {
        self.block.stmts.push(Stmt { kind, span: self.span });
    }

    /// Runs `body` with a new current block and gives that block.
    pub fn in_block<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, Block)> {
        let block = self.f.block();
        let outer = std::mem::replace(&mut self.block, block);
        let result = body(self);
        let block = std::mem::replace(&mut self.block, outer);
        Ok((result?, block))
    }

    /// Runs `body` with `block` as the current block.
    pub fn within<T>(&mut self, block: &mut Block, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        std::mem::swap(&mut self.block, block);
        let result = body(self);
        std::mem::swap(&mut self.block, block);
        result
    }

    /// A new variable for the result of an operation.
    pub fn define(&mut self, name: Symbol, kind: Kind, op: Op) -> Atom {
        let var = self.f.fresh(name, kind, true);
        self.note_lengths(var, &op);
        self.push(StmtKind::Let(var, op));
        Atom::Var(var)
    }

    /// The result of a library function or operator, folded where it is constant.
    pub fn call(&mut self, name: Symbol, mut args: Vec<Atom>) -> Atom {
        if let Some(signature) = self.session.world.signature(name) {
            let defaults = signature.params.iter().skip(args.len()).map_while(|param| param.default.clone());
            args.extend(defaults.map(Atom::Lit));
        }
        let operands: SmallVec<[Operand; 4]> = args.iter().map(|a| self.operand(a)).collect();
        if let Some(literal) = fold(name, &operands) {
            return Atom::Lit(literal);
        }
        // What is computed from a call that is still being lowered is not known yet either.
        let kind = match operands.iter().any(|operand| operand.kind == Kind::Never) {
            true => Kind::Never,
            false => self.of_length(name, &args, self.session.world.result_kind(name, &operands)),
        };
        self.define(symbol!("t"), kind, Op::Call(name, args))
    }

    /// What is known of an atom.
    pub fn operand(&self, atom: &Atom) -> Operand {
        Operand { kind: self.f.kind(atom), literal: atom.literal().cloned() }
    }

    /// A value as an atom: structures that were known only here are built.
    pub fn atom(&mut self, bind: &Bind) -> Result<Atom> {
        Ok(match bind {
            Bind::Atom(atom) => atom.clone(),
            Bind::Tuple(items) => {
                if let Some(literal) = bind.literal() {
                    return Ok(Atom::Lit(literal));
                }
                let atoms = items.iter().map(|item| self.atom(item)).collect::<Result<Vec<_>>>()?;
                let kind = Kind::Tuple(atoms.iter().map(|a| self.f.kind(a)).collect());
                self.define(symbol!("t"), kind, Op::Tuple(atoms))
            }
            Bind::List(items) => {
                let atoms = items.iter().map(|item| self.atom(item)).collect::<Result<Vec<_>>>()?;
                let kind = Kind::List(atoms.iter().map(|a| self.f.kind(a)).collect());
                self.define(symbol!("t"), kind, Op::List(atoms))
            }
            Bind::Dict(items) => {
                let atoms =
                    items.iter().map(|(key, item)| Ok((key.clone(), self.atom(item)?))).collect::<Result<Vec<_>>>()?;
                let kind = Kind::Dict(atoms.iter().map(|(key, a)| (key.clone(), self.f.kind(a))).collect());
                self.define(symbol!("t"), kind, Op::Dict(atoms))
            }
            Bind::Function(function) => match (&function.target, function.global) {
                (_, Some(name)) => self.define(name, bind.kind(&self.f), Op::Global(name)),
                (Target::Builtin(name), None) => self.define(symbol!("f"), bind.kind(&self.f), Op::Global(*name)),
                _ => self.pack(function)?,
            },
            Bind::Choice(_) => {
                return Err(Error::derivative("a function that is chosen here is used where it is not called")
                    .hint("call it, or pass it to a function that calls it")
                    .at(self.span));
            }
            Bind::Module(name) => return Err(Error::type_(format!("the module {name} is not a value")).at(self.span)),
            Bind::Zero => Atom::float(0.0),
            Bind::Unknown(why) => return Err(Error::derivative(*why).at(self.span)),
        })
    }

    /// Gives a value the name of the variable it is assigned to, where it has none yet.
    pub fn name(&mut self, bind: &Bind, name: Symbol) {
        if let Bind::Atom(Atom::Var(var)) = bind {
            let info = &mut self.f.vars[var.0 as usize];
            if info.temporary && !name.as_str().starts_with('$') {
                info.name = name;
                info.temporary = false;
            }
        }
    }

    /// The value of either arm of an `If` after it. The arms' blocks take what must be computed for that.
    pub fn join(
        &mut self,
        name: Symbol,
        then: (&Bind, &mut Block),
        otherwise: (&Bind, &mut Block),
        joins: &mut Vec<Join>,
    ) -> Result<Bind> {
        if then.0.same(otherwise.0) {
            return Ok(then.0.clone());
        }
        Ok(match (then.0, otherwise.0) {
            (Bind::Tuple(a), Bind::Tuple(b)) if a.len() == b.len() => {
                Bind::Tuple(self.join_all(name, (a, then.1), (b, otherwise.1), joins)?)
            }
            (Bind::List(a), Bind::List(b)) if a.len() == b.len() => {
                Bind::List(self.join_all(name, (a, then.1), (b, otherwise.1), joins)?)
            }
            (Bind::Dict(a), Bind::Dict(b)) if a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.0 == y.0) => {
                let mut items = Vec::new();
                for ((key, x), (_, y)) in a.iter().zip(b) {
                    items.push((key.clone(), self.join(name, (x, then.1), (y, otherwise.1), joins)?));
                }
                Bind::Dict(items)
            }
            (Bind::Function(a), Bind::Function(b))
                if a.same_target(b)
                    && let Target::Derived(transform, options, _) = &a.target
                    && let Some((inner, other)) = a.derived_from(b) =>
            {
                let (inner, other) = (Bind::Function(inner.clone()), Bind::Function(other.clone()));
                match self.join(name, (&inner, then.1), (&other, otherwise.1), joins)? {
                    Bind::Function(joined) => {
                        Bind::Function(Rc::new(a.with_target(Target::Derived(*transform, options.clone(), joined))))
                    }
                    other => other,
                }
            }
            (Bind::Function(a), Bind::Function(b)) if a.same_target(b) => {
                let captures = self.join_all(name, (&a.captures, then.1), (&b.captures, otherwise.1), joins)?;
                let defaults = self.join_all(name, (&a.defaults, then.1), (&b.defaults, otherwise.1), joins)?;
                Bind::Function(Rc::new(FunctionBind { captures, defaults, ..(**a).clone() }))
            }
            (a, b) if a.options().is_some() && b.options().is_some() => {
                self.join_functions(name, then, otherwise, joins)?
            }
            (a, b) if (a.holds_function() || b.holds_function()) && !self.join_as_values(a, b) => {
                Bind::Unknown("whether there is a function here depends on a condition")
            }
            (Bind::Unknown(why), _) | (_, Bind::Unknown(why)) => Bind::Unknown(why),
            _ => {
                let mut a = self.within(then.1, |l| l.atom(then.0))?;
                let mut b = self.within(otherwise.1, |l| l.atom(otherwise.0))?;
                let kind = promoted(&self.f.kind(&a), &self.f.kind(&b));
                a = self.within(then.1, |l| Ok(l.promote(a, &kind)))?;
                b = self.within(otherwise.1, |l| Ok(l.promote(b, &kind)))?;
                let temporary = name.as_str().starts_with('$');
                let var = self.f.fresh(name, kind, temporary);
                self.note_unset(var, &[&a, &b]);
                joins.push(Join { var, then: a, otherwise: b });
                Bind::Atom(Atom::Var(var))
            }
        })
    }

    fn join_all(
        &mut self,
        name: Symbol,
        then: (&[Bind], &mut Block),
        otherwise: (&[Bind], &mut Block),
        joins: &mut Vec<Join>,
    ) -> Result<Vec<Bind>> {
        let pairs = then.0.iter().zip(otherwise.0);
        pairs.map(|(x, y)| self.join(name, (x, then.1), (y, otherwise.1), joins)).collect()
    }

    /// An integer as the float it is joined with.
    pub fn promote(&mut self, atom: Atom, kind: &Kind) -> Atom {
        match (&atom, kind) {
            (Atom::Lit(Literal::Int(i)), Kind::Float) => Atom::float(*i as f64),
            (Atom::Var(_), Kind::Float) if self.f.kind(&atom) == Kind::Int => self.call(symbol!("float"), vec![atom]),
            _ => atom,
        }
    }

    /// The definition of a nested function, the same for every time it is lowered.
    fn code(&mut self, function: &Arc<tree::Function>, unit: &Rc<Unit>, captures: Vec<Symbol>) -> CodeRef {
        let key = Arc::as_ptr(function) as usize;
        if let Some(code) = self.session.codes.get(&key) {
            return code.clone();
        }
        let recursive = crate::lang::scope_of(function).free.contains(&function.name);
        let code = CodeRef(Arc::new(Code { tree: function.clone(), captures, recursive, module: unit.module }));
        self.session.codes.insert(key, code.clone());
        self.session.units.insert(code.clone(), unit.clone());
        code
    }

    /// Goes on at a place. What the library's own text does within a program's is done at the program's place.
    pub fn stand_at(&mut self, span: Span) {
        if !span.is_library() || self.span.is_none() || self.span.is_library() {
            self.span = span;
        }
    }

    fn check_size(&self) -> Result<()> {
        self.session.world.patience().map_err(|e| e.at(self.span))?;
        if self.f.vars.len() > MOST_VARIABLES {
            return Err(Error::limit("the derivative of this function is too large to write down").at(self.span));
        }
        Ok(())
    }
}

impl Frame {
    /// A frame with no variables.
    pub fn new(unit: Rc<Unit>) -> Frame {
        Frame { env: FxHashMap::default(), unit, path: 0, by_place: false, template: None }
    }
}

impl Unit {
    /// The unit of plain functions of a module.
    pub fn of(module: ModuleId) -> Unit {
        Unit { module, functions: FxHashMap::default() }
    }
}

/// The kind that holds both where a variable may be either: integers become floats.
pub fn promoted(a: &Kind, b: &Kind) -> Kind {
    match (a, b) {
        (Kind::Int, Kind::Float) | (Kind::Float, Kind::Int) => Kind::Float,
        _ => a.join(b),
    }
}
