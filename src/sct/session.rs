//! What the functions of one derivation share: the world, the rules, the specialisations made so far.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lang::{Symbol, tree};

use super::bind::Bind;
use super::core::Function;
use super::extents::Lengths;
use super::kind::{CodeRef, Kind, Literal, ModuleId};
use super::rules::Rules;
use super::structure::single_exit;
use super::world::UserRule;
use super::world::World;

/// The state of one derivation.
pub struct Session<'w> {
    /// The interpreter.
    pub world: &'w dyn World,
    /// The calculus.
    pub rules: &'static Rules,
    /// The specialised functions that are called rather than inlined.
    pub functions: Vec<Specialisation>,
    /// The definitions seen, by the address of their tree.
    pub codes: FxHashMap<usize, CodeRef>,
    /// The library functions that modules have, by the names of module and function.
    pub members: FxHashMap<(Symbol, Symbol), Bind>,
    /// Methods that are read and not called, as definitions, by their name.
    pub bound: FxHashMap<Symbol, Arc<tree::Function>>,
    /// The bodies of definitions with a single exit, by the address of their tree.
    pub bodies: FxHashMap<usize, Body>,
    /// The derivations that this one contains, by what was asked: the main definition and, of `vjp`, the backward one.
    pub derivations: FxHashMap<super::program::Request, (CodeRef, Option<CodeRef>)>,
    /// What this derivation was asked for, and what those that contain it were.
    pub within: Vec<super::program::Request>,
    /// The units of the rule files.
    pub rule_units: FxHashMap<usize, Rc<Unit>>,
    /// The transformation's own functions in the language.
    pub support: FxHashMap<Symbol, CodeRef>,
    /// Where the free names of a definition are looked up, where that is not just its module.
    pub units: FxHashMap<CodeRef, Rc<Unit>>,
    /// Definitions with constants in place of captures.
    pub constants: FxHashMap<(CodeRef, Vec<(Symbol, Literal)>), CodeRef>,
    /// Definitions that take in order what another takes by name too; none where that takes it in order.
    pub in_order: FxHashMap<CodeRef, Option<CodeRef>>,
    /// The bodies of checkpointed loops as functions, by the address of the statement and what the loop carries.
    pub steps: FxHashMap<(usize, Vec<Symbol>), Arc<tree::Function>>,
    /// What `with insert_grad_of` puts into reverse sweeps.
    pub insertions: Vec<Rc<super::insertion::Insertion>>,
    /// The rules of functions that another derivation has written.
    pub user_rules: FxHashMap<CodeRef, Rc<UserRule>>,
    /// The module in which generated functions will stand.
    pub home: ModuleId,
    /// Functions for batches, by the function and where its arguments differ from example to example: their number, and where
    /// their result differs.
    pub batched: FxHashMap<(usize, Vec<super::batch::Spread>), (usize, super::batch::Spread)>,
    /// How many branches that examples take differently the code under construction stands in.
    pub apart: usize,
    /// The lengths that labels stand for, where they are known.
    pub lengths: Option<Rc<RefCell<Lengths>>>,
    /// The module of the library's own definitions over structures: their recursion is unfolded.
    pub unfolded: Option<ModuleId>,
}

impl<'w> Session<'w> {
    /// A session with nothing made yet.
    pub fn new(world: &'w dyn World) -> Session<'w> {
        Session {
            world,
            rules: Rules::library(),
            functions: vec![],
            codes: FxHashMap::default(),
            units: FxHashMap::default(),
            members: FxHashMap::default(),
            bound: FxHashMap::default(),
            bodies: FxHashMap::default(),
            derivations: FxHashMap::default(),
            within: Vec::new(),
            rule_units: FxHashMap::default(),
            support: FxHashMap::default(),
            constants: FxHashMap::default(),
            home: super::rules::LIBRARY,
            user_rules: FxHashMap::default(),
            insertions: vec![],
            in_order: FxHashMap::default(),
            steps: FxHashMap::default(),
            batched: FxHashMap::default(),
            apart: 0,
            lengths: None,
            unfolded: None,
        }
    }

    /// A session for a derivation that this one contains: what function values refer to is known to both.
    pub fn inner(&self) -> Session<'w> {
        let mut inner = Session::new(self.world);
        inner.codes = self.codes.clone();
        inner.units = self.units.clone();
        inner.within = self.within.clone();
        inner.home = self.home;
        inner.user_rules = self.user_rules.clone();
        inner.unfolded = self.unfolded;
        inner.constants = self.constants.clone();
        inner
    }

    /// A session for one of the ways to write the derivation that this one is for.
    pub fn attempt(&self) -> Session<'w> {
        let mut attempt = self.inner();
        attempt.lengths = self.lengths.clone();
        attempt
    }
}

/// The body of a definition with a single exit.
#[derive(Clone)]
pub enum Body {
    /// As it stands.
    Written(Arc<tree::Function>),
    /// With another structure.
    Structured(Rc<[tree::Stmt]>),
}

impl Body {
    /// The body of a definition.
    pub fn of(function: &Arc<tree::Function>) -> Body {
        match single_exit(&function.body) {
            Cow::Borrowed(_) => Body::Written(function.clone()),
            Cow::Owned(stmts) => Body::Structured(stmts.into()),
        }
    }
}

impl Deref for Body {
    type Target = [tree::Stmt];

    fn deref(&self) -> &[tree::Stmt] {
        match self {
            Body::Written(function) => &function.body,
            Body::Structured(stmts) => stmts,
        }
    }
}

/// A function specialised for the kinds of its arguments.
pub struct Specialisation {
    /// The function and its argument kinds.
    pub key: (CodeRef, Vec<Kind>),
    /// The kind of its result, as far as it is known.
    pub result: Kind,
    /// Its body; none while it is being lowered.
    pub function: Option<Function>,
    /// The name it has in the user's program, where it is a plain global function.
    pub global: Option<Symbol>,
    /// The rule of its derivative, where a program gives one.
    pub rule: Option<Rc<UserRule>>,
    /// Whether it is a function of the host.
    pub host: bool,
    /// Whether its result kind was relied on before it was known.
    pub assumed: bool,
    /// Its derivatives by mode, once made.
    pub derived: FxHashMap<super::program::Part, usize>,
}

/// Where free names are looked up: the functions of a generated program first, then the globals of a module.
#[derive(Debug)]
pub struct Unit {
    /// The module.
    pub module: ModuleId,
    /// The functions that stand beside this one in a generated program or in a rule file.
    pub functions: FxHashMap<Symbol, CodeRef>,
}
