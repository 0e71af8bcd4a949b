//! Compiled code, and the table of what has been compiled for which kinds.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::interp::derive::Derivation;
use crate::interp::fusion::chain::Chain;
use crate::interp::native::{NativeFunction, NativeLoop};
use crate::interp::value::Value;
use crate::interp::vm::instructions::Op;
use crate::lang::{Span, Symbol};
use crate::sct::kind::{Code, CodeRef, FunctionKind, Kind};

/// Versions a function may have before it is compiled once for arguments of any kind.
const VERSIONS: u32 = 32;

/// The code of a function for the kinds of its arguments, or of a top-level statement.
#[derive(Debug)]
pub struct Compiled {
    /// The function's name.
    pub name: Symbol,
    /// The kinds it was compiled for.
    pub params: Vec<Kind>,
    /// The instructions.
    pub ops: Box<[Op]>,
    /// The place of each instruction.
    pub spans: Box<[Span]>,
    /// Values that instructions refer to.
    pub constants: Box<[Value]>,
    /// Numbers that are in registers from `constant_base` on when the code starts.
    pub numbers: Box<[u64]>,
    /// Where they start.
    pub constant_base: u16,
    /// The machine code of the whole, for [`Op::CallScript`].
    #[cfg_attr(not(feature = "native"), expect(dead_code, reason = "machine code reads it"))]
    pub function: NativeFunction,
    /// The loops, for [`Op::Repeat`].
    pub loops: Box<[NativeLoop]>,
    /// Chains of elementwise instructions, for [`Op::Fused`].
    pub chains: Box<[Chain]>,
    /// How many number registers a frame has.
    pub number_registers: u16,
    /// How many value registers a frame has.
    pub value_registers: u16,
    /// Where the captured values go when the code starts.
    pub captures: Box<[(u16, Kind)]>,
    /// Where the closure itself goes.
    pub closure_register: Option<u16>,
    /// The kind of the result; scalars are returned as numbers.
    pub result: Kind,
    /// The names of its variables, for what is said of one that is none.
    pub locals: Box<[Symbol]>,
    /// The definitions that closures are made of.
    pub codes: Box<[Arc<Code>]>,
    /// How calls give their arguments.
    pub shapes: Box<[CallShape]>,
    /// What is imported.
    pub imports: Box<[ImportItem]>,
    /// The kinds of global variables that the code relies on, those of its callees included.
    pub deps: Box<[(u32, Kind)]>,
    /// Whether this is a top-level statement.
    pub top: bool,
    /// Whether it is of a derivative.
    pub derivative: bool,
    /// The whole definition: the place of instructions that have none of their own.
    pub whole: Span,
}

/// How a call that is bound when it runs gives its arguments.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CallShape(pub Vec<Given>);

/// How an argument is given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Given {
    /// By position.
    Positional,
    /// By name.
    Keyword(Symbol),
    /// `*x`
    Star,
    /// `**x`
    DoubleStar,
}

/// Something that an import statement asks for.
#[derive(Clone, Debug)]
pub enum ImportItem {
    /// `import a.b.c`: the module, or its first component where no alias is given.
    Module(Symbol, bool),
    /// `from a.b import c`
    Member(Symbol, Symbol),
}

/// The functions that have been compiled.
#[derive(Debug, Default)]
pub struct Specs {
    entries: Vec<Spec>,
    index: FxHashMap<SpecKey, u32>,
    versions: FxHashMap<CodeRef, u32>,
}

/// What a version is for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SpecKey {
    /// The function.
    pub function: Arc<FunctionKind>,
    /// The kinds of its arguments.
    pub params: Vec<Kind>,
}

/// A version of a function.
#[derive(Debug)]
pub struct Spec {
    /// What it is for.
    pub key: SpecKey,
    /// Its code, once it is there.
    pub compiled: Option<Arc<Compiled>>,
    /// The epoch in which the code was last known to be valid.
    pub epoch: u64,
    /// Where it is a derivative that is called as a function: what for.
    pub derivation: Option<Derivation>,
    /// While it is compiled: the kind of result that is assumed.
    pub assumed: Option<Kind>,
    /// While it is compiled: whether somebody relied on the assumption.
    pub relied_on: bool,
}

impl Specs {
    /// The version for these kinds, or the one for any where there are too many.
    pub fn entry(&mut self, mut key: SpecKey) -> u32 {
        if let Some(&at) = self.index.get(&key) {
            return at;
        }
        if let FunctionKind::Script { code, .. } = &*key.function {
            let versions = self.versions.entry(code.clone()).or_default();
            *versions += 1;
            if *versions > VERSIONS {
                key.params.iter_mut().for_each(|kind| *kind = Kind::Any);
                if let FunctionKind::Script { code, captures, defaults } = &*key.function {
                    key.function = Arc::new(FunctionKind::Script {
                        code: code.clone(),
                        captures: captures.iter().map(|_| Kind::Any).collect(),
                        defaults: defaults.iter().map(|_| Kind::Any.into()).collect(),
                    });
                }
                if let Some(&at) = self.index.get(&key) {
                    return at;
                }
            }
        }
        let at = self.entries.len() as u32;
        self.entries.push(Spec {
            key: key.clone(),
            compiled: None,
            epoch: 0,
            derivation: None,
            assumed: None,
            relied_on: false,
        });
        self.index.insert(key, at);
        at
    }

    /// A version by number.
    pub fn get(&self, at: u32) -> &Spec {
        &self.entries[at as usize]
    }

    /// A version by a number that may not be one.
    pub fn find(&self, at: u32) -> Option<&Spec> {
        self.entries.get(at as usize)
    }

    /// A version by number, to change.
    pub fn get_mut(&mut self, at: u32) -> &mut Spec {
        &mut self.entries[at as usize]
    }
}
