//! Tree → typed register code.
//!
//! A function is compiled for the kinds of its arguments. One walk over the tree infers kinds and emits code at once:
//! every variable has two homes, a number register and a value register of the same index, and the kind that the walk
//! knows of it says which one is in use. Where paths meet, what differs is boxed. A loop is entered with the kinds that
//! its last walk came back with; the walk is repeated, and the code of earlier rounds dropped, until nothing changes.

mod calls;
mod code;
mod displays;
mod env;
mod expressions;
mod functions;
mod jumps;
pub mod liveness;
mod loops;
mod methods;
mod operators;
mod places;
mod statements;
mod variables;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub(crate) use calls::coarse_function;
pub use code::{CallShape, Compiled, Given, ImportItem, SpecKey, Specs};

use env::{Bound, Env, State};

use super::engine::Engine;
use super::fusion;
use super::native::{NativeFunction, NativeLoop};
use super::timing::Phase;
use super::value::Value;
use super::vm::instructions::{NIn, Op, VIn};
use crate::lang::scope::scope_of_statement;
use crate::lang::tree::{Function, Stmt};
use crate::lang::{Error, Result, Scope, Span, Symbol, scope_of};
use crate::sct::kind::{Code, DType, FunctionKind, Kind, Literal, ModuleId, Operand};

/// Expressions and statements may nest this deep.
const NESTING: usize = 1100;
/// Rounds after which kinds that still change are given up.
const ROUNDS: u32 = 8;
/// Registers a function may use.
const REGISTERS: u16 = 0x7ff0;
/// Variables of a function that may hold a value on some paths only, as a rule: where there are more it is compiled again with
/// room for them.
const FLAGS: u16 = 2048;

/// What an expression came to: what is known of its value, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub kind: Kind,
    pub at: At,
}

/// Where a value is.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// In a number register.
    Number(u16),
    /// In a value register.
    Value(u16),
    /// Nowhere yet: it is constant.
    Literal(Literal),
    /// Nowhere yet: it is among the constants of the code.
    Constant(u32),
    /// In a global variable, a function or module that need not be loaded to be called.
    Global(u32),
}

impl Term {
    fn value(register: u16, kind: Kind) -> Term {
        Term { kind, at: At::Value(register) }
    }

    fn number(register: u16, dtype: DType) -> Term {
        Term { kind: dtype.scalar(), at: At::Number(register) }
    }

    fn literal(literal: Literal) -> Term {
        Term { kind: literal.kind(), at: At::Literal(literal) }
    }

    fn operand(&self) -> Operand {
        match &self.at {
            At::Literal(literal) => literal.clone().into(),
            _ => self.kind.clone().into(),
        }
    }

    fn scalar(&self) -> Option<DType> {
        if self.kind.is_scalar() { self.kind.dtype() } else { None }
    }
}

/// The walk over one function or top-level statement.
pub(crate) struct Compiler<'e> {
    pub engine: &'e mut Engine,
    module: ModuleId,
    name: Symbol,
    /// Whether names are global variables.
    top: bool,
    names: FxHashMap<Symbol, usize>,
    variables: Vec<Symbol>,
    /// For each variable of top-level code its slot.
    slots: Vec<Option<u32>>,
    comprehension_variables: FxHashMap<(usize, Symbol), usize>,
    comprehension_scopes: Vec<Vec<(Symbol, usize)>>,
    env: Env,
    reachable: bool,
    ops: Vec<Op>,
    spans: Vec<Span>,
    span: Span,
    /// Code before this may be reached from elsewhere: the instruction that ends here must not be rewritten.
    barrier: usize,
    constants: Vec<Value>,
    numbers: Vec<u64>,
    number_index: FxHashMap<u64, u16>,
    homes: u16,
    /// The variables that may hold a value on some paths only, by number: their flags stand behind the homes.
    flags: FxHashMap<usize, u16>,
    /// The registers that are set aside for them.
    room_for_flags: u16,
    next_number: u16,
    next_value: u16,
    most_numbers: u16,
    most_values: u16,
    labels: Vec<jumps::Label>,
    /// What came back to the heads of loops other than it was there, by the address of their trees.
    loops: FxHashMap<usize, FxHashMap<usize, State>>,
    loop_stack: Vec<jumps::LoopLabels>,
    native_loops: Vec<NativeLoop>,
    changed: bool,
    truth_constants: (u16, u16),
    assumed: Kind,
    returned: Kind,
    codes: Vec<Arc<Code>>,
    shapes: Vec<CallShape>,
    imports: Vec<ImportItem>,
    deps: FxHashMap<u32, Kind>,
    nesting: usize,
    captures: Vec<(u16, Kind)>,
    closure_register: Option<u16>,
}

/// What is compiled.
pub(crate) enum Unit<'a> {
    /// A function for the kinds of its parameters.
    Function { kind: &'a FunctionKind, code: &'a Code, params: &'a [Kind] },
    /// A statement of a module; an expression statement returns its value.
    Statement { module: ModuleId, stmt: &'a Stmt },
}

/// Compiles a unit, assuming for a function that its result is of the kind `assumed`. The result says the kind that the
/// walk found and whether code that assumed another must be compiled again.
pub(crate) fn compile(engine: &mut Engine, unit: &Unit<'_>, assumed: Kind) -> Result<Compiled> {
    let before = engine.begin_phase(Phase::Compiling);
    let result = crate::lang::with_deep_stack(|| compile_unit(engine, unit, assumed));
    engine.end_phase(before);
    result
}

fn compile_unit(engine: &mut Engine, unit: &Unit<'_>, assumed: Kind) -> Result<Compiled> {
    let (scope, module, name, top) = match unit {
        Unit::Function { code, .. } => (scope_of(&code.tree), code.module, code.tree.name, false),
        Unit::Statement { module, stmt } => {
            let mut scope = scope_of_statement(stmt);
            // What it reads of the module's variables is in its registers too.
            let read = scope.free.iter().filter(|name| engine.globals.is_own(*module, **name));
            scope.locals.extend(read.copied());
            (scope, *module, Symbol::new("<module>"), true)
        }
    };
    let mut compiler = Compiler::new(engine, module, name, top, &scope, unit);
    compiler.assumed = assumed;
    loop {
        compiler.start(unit)?;
        match unit {
            Unit::Function { code, .. } => compiler.function_body(&code.tree)?,
            Unit::Statement { stmt, .. } => compiler.top_statement(stmt)?,
        }
        let flags = compiler.flags.len();
        let short = flags > usize::from(compiler.room_for_flags);
        if short {
            compiler.room_for_flags = u16::try_from(flags + flags / 4).unwrap_or(u16::MAX);
        }
        if !compiler.changed && !short {
            break;
        }
        compiler.assumed = compiler.returned.clone();
    }
    compiler.finish(unit)
}

impl<'e> Compiler<'e> {
    fn new(engine: &'e mut Engine, module: ModuleId, name: Symbol, top: bool, scope: &Scope, unit: &Unit<'_>) -> Self {
        let mut variables = scope.locals.clone();
        if let Unit::Function { code, .. } = unit {
            variables.extend(code.captures.iter().copied());
            if code.recursive {
                variables.push(name);
            }
        }
        let names = variables.iter().enumerate().map(|(at, &name)| (name, at)).collect();
        let slots = variables.iter().map(|&name| top.then(|| engine.globals.own_slot(module, name))).collect();
        let hidden = Symbol::new("<comprehension>");
        variables.extend(std::iter::repeat_n(hidden, scope.comprehension_targets));
        let mut slots: Vec<Option<u32>> = slots;
        slots.resize(variables.len(), None);
        Compiler {
            engine,
            module,
            name,
            top,
            names,
            slots,
            homes: variables.len().min(usize::from(u16::MAX)) as u16,
            flags: FxHashMap::default(),
            room_for_flags: FLAGS,
            variables,
            comprehension_variables: FxHashMap::default(),
            comprehension_scopes: Vec::new(),
            env: Env::unbound(0),
            reachable: true,
            ops: Vec::new(),
            spans: Vec::new(),
            span: Span::NONE,
            barrier: 0,
            constants: Vec::new(),
            numbers: Vec::new(),
            number_index: FxHashMap::default(),
            next_number: 0,
            next_value: 0,
            most_numbers: 0,
            most_values: 0,
            labels: Vec::new(),
            loops: FxHashMap::default(),
            loop_stack: Vec::new(),
            native_loops: Vec::new(),
            changed: false,
            truth_constants: (0, 0),
            assumed: Kind::Never,
            returned: Kind::Never,
            codes: Vec::new(),
            shapes: Vec::new(),
            imports: Vec::new(),
            deps: FxHashMap::default(),
            nesting: 0,
            captures: Vec::new(),
            closure_register: None,
        }
    }

    /// Begins a round.
    fn start(&mut self, unit: &Unit<'_>) -> Result<()> {
        self.comprehension_variables.clear();
        self.comprehension_scopes.clear();
        self.reachable = true;
        self.ops.clear();
        self.spans.clear();
        self.barrier = 0;
        self.constants.clear();
        self.numbers.clear();
        self.number_index.clear();
        if self.homes > REGISTERS.saturating_sub(self.room_for_flags) {
            return Err(self.too_many_variables());
        }
        (self.next_number, self.next_value) = (self.temporaries(), self.homes);
        (self.most_numbers, self.most_values) = (self.next_number, self.next_value);
        self.truth_constants = (self.number_constant(0), self.number_constant(1));
        self.labels.clear();
        self.loop_stack.clear();
        self.native_loops.clear();
        self.changed = false;
        self.returned = self.assumed.clone();
        self.codes.clear();
        self.shapes.clear();
        self.imports.clear();
        self.deps.clear();
        self.captures.clear();
        self.closure_register = None;
        self.env = Env::unbound(self.variables.len());
        match unit {
            Unit::Function { kind, code, params } => {
                for (variable, kind) in params.iter().enumerate() {
                    self.env[variable] = State { kind: kind.clone(), bound: Bound::Yes };
                }
                let FunctionKind::Script { captures, .. } = kind else {
                    return Err(Error::type_("only functions of the language are compiled"));
                };
                for (&name, kind) in code.captures.iter().zip(captures) {
                    let variable = self.names[&name];
                    self.env[variable] = State { kind: kind.clone(), bound: Bound::Yes };
                    self.captures.push((variable as u16, kind.clone()));
                }
                if code.recursive {
                    let variable = self.names[&code.tree.name];
                    // A parameter or local of that name is not the closure.
                    if variable + 1 == self.names.len() || self.env[variable].bound == Bound::No {
                        let kind = Kind::Function(Arc::new((*kind).clone()));
                        self.env[variable] = State { kind, bound: Bound::Yes };
                        self.closure_register = Some(variable as u16);
                    }
                }
            }
            Unit::Statement { .. } => {
                for (variable, slot) in self.slots.iter().enumerate() {
                    let Some(slot) = slot else { continue };
                    if let Some(value) = self.engine.globals.get(*slot) {
                        let kind = super::kinds::coarse(&super::kinds::kind_of(value));
                        self.env[variable] = State { kind, bound: Bound::Yes };
                    }
                }
            }
        }
        Ok(())
    }

    fn function_body(&mut self, function: &Function) -> Result<()> {
        self.span = function.span;
        for stmt in &function.body {
            self.statement(stmt)?;
        }
        if self.reachable {
            self.return_term(Term::literal(Literal::None))?;
        }
        Ok(())
    }

    fn finish(mut self, unit: &Unit<'_>) -> Result<Compiled> {
        if usize::from(self.most_numbers) + self.numbers.len() > usize::from(REGISTERS)
            || self.most_values > REGISTERS
            || self.native_loops.len() > usize::from(u16::MAX)
        {
            return Err(Error::limit(format!("`{}` is too long to be compiled as one function", self.name)));
        }
        liveness::number_constants(&mut self.ops, self.most_numbers);
        liveness::mark_last_uses(&mut self.ops, usize::from(self.most_values));
        let (ops, spans, loops) = (&mut self.ops, &mut self.spans, &mut self.native_loops);
        let chains = fusion::find::fuse(fusion::find::Code { ops, spans, loops, constants: &self.constants });
        Ok(Compiled {
            name: self.name,
            params: match unit {
                Unit::Function { params, .. } => params.to_vec(),
                Unit::Statement { .. } => Vec::new(),
            },
            constant_base: self.most_numbers,
            number_registers: self.most_numbers + self.numbers.len() as u16,
            value_registers: self.most_values,
            result: self.returned,
            ops: self.ops.into(),
            spans: self.spans.into(),
            constants: self.constants.into(),
            numbers: self.numbers.into(),
            function: NativeFunction::default(),
            loops: self.native_loops.into(),
            chains: chains.into(),
            captures: self.captures.into(),
            closure_register: self.closure_register,
            locals: self.variables.into_iter().filter(|name| *name != Symbol::new("<comprehension>")).collect(),
            codes: self.codes.into(),
            shapes: self.shapes.into(),
            imports: self.imports.into(),
            deps: self.deps.into_iter().collect(),
            top: self.top,
            derivative: match unit {
                Unit::Function { code, .. } => self.engine.derivations.wrote(code.module),
                Unit::Statement { .. } => false,
            },
            whole: match unit {
                Unit::Function { code, .. } => code.tree.span,
                Unit::Statement { .. } => Span::NONE,
            },
        })
    }

    // Emission.

    fn too_many_variables(&self) -> Error {
        Error::limit(format!("`{}` has too many variables", self.name))
    }

    /// The first number register that is no home of a variable and no flag.
    fn temporaries(&self) -> u16 {
        self.homes + self.homes.min(self.room_for_flags)
    }

    /// The number register that says whether a variable holds a value.
    fn flag(&mut self, variable: usize) -> u16 {
        let next = self.flags.len() as u16;
        let flag = *self.flags.entry(variable).or_insert(next);
        self.homes + flag.min(self.room_for_flags - 1)
    }

    fn emit(&mut self, op: Op) -> usize {
        self.ops.push(op);
        self.spans.push(self.span);
        self.ops.len() - 1
    }

    fn number_register(&mut self) -> u16 {
        self.number_registers(1)
    }

    fn number_registers(&mut self, count: u16) -> u16 {
        let register = self.next_number;
        self.next_number = register.saturating_add(count).min(REGISTERS);
        self.most_numbers = self.most_numbers.max(self.next_number);
        register
    }

    fn value_register(&mut self) -> u16 {
        self.value_registers(1)
    }

    fn value_registers(&mut self, count: u16) -> u16 {
        let register = self.next_value;
        // One register past the end is never used, so that functions that are too long fail in `finish`.
        self.next_value = register.saturating_add(count).min(REGISTERS + 1);
        self.most_values = self.most_values.max(self.next_value);
        register
    }

    /// A number register that holds a constant.
    fn number_constant(&mut self, bits: u64) -> u16 {
        let next = self.numbers.len() as u16;
        let index = *self.number_index.entry(bits).or_insert(next);
        if index == next {
            self.numbers.push(bits);
        }
        (index & !NIn::CONSTANT) | NIn::CONSTANT
    }

    fn constant(&mut self, value: Value) -> u32 {
        self.constants.push(value);
        self.constants.len() as u32 - 1
    }

    // Where a term is.

    /// The number register of a scalar term, converted to the element type.
    fn number_of(&mut self, term: &Term, dtype: DType) -> u16 {
        match &term.at {
            At::Literal(literal) => {
                let bits = match (literal, dtype) {
                    (Literal::Int(i), DType::Float) => (*i as f64).to_bits(),
                    (Literal::Bool(b), DType::Float) => f64::from(u8::from(*b)).to_bits(),
                    (Literal::Int(i), _) => *i as u64,
                    (Literal::Bool(b), _) => u64::from(*b),
                    (Literal::Float(x), _) => x.to_bits(),
                    _ => 0,
                };
                self.number_constant(bits)
            }
            At::Number(register) => {
                if dtype == DType::Float && term.kind != Kind::Float {
                    let d = self.number_register();
                    self.emit(Op::ToFloat { a: NIn(*register), d: super::vm::instructions::NOut(d) });
                    d
                } else {
                    *register
                }
            }
            _ => {
                let value = self.value_of(term);
                let d = self.number_register();
                self.emit(Op::Unbox { a: VIn(value), dtype, d: super::vm::instructions::NOut(d) });
                d
            }
        }
    }

    /// The value register of a term, to be read.
    fn value_of(&mut self, term: &Term) -> u16 {
        if let At::Value(register) = term.at {
            return register;
        }
        let d = self.value_register();
        self.place_value(term, d);
        d
    }

    /// Puts a term into a value register.
    fn place_value(&mut self, term: &Term, register: u16) {
        use super::vm::instructions::VOut;
        let d = VOut(register);
        match &term.at {
            At::Value(from) if *from == register => {}
            At::Value(from) => {
                if !self.retarget_value(*from, register) {
                    self.emit(Op::CopyV { a: VIn(*from), d });
                }
            }
            At::Number(from) => {
                let dtype = term.kind.dtype().unwrap_or(DType::Float);
                self.emit(Op::Box { a: NIn(*from), dtype, d });
            }
            At::Literal(literal) => {
                let k = self.constant(super::kinds::literal_value(literal));
                self.emit(Op::ConstV { k, d });
            }
            At::Constant(k) => {
                self.emit(Op::ConstV { k: *k, d });
            }
            At::Global(slot) => {
                self.emit(Op::GlobalGet { slot: *slot, d });
            }
        }
    }

    /// Puts a scalar term into a number register.
    fn place_number(&mut self, term: &Term, dtype: DType, register: u16) {
        use super::vm::instructions::NOut;
        let from = self.number_of(term, dtype);
        if from != register && !self.retarget_number(from, register) {
            self.emit(Op::CopyN { a: NIn(from), d: NOut(register) });
        }
    }

    /// A copy of a term that later changes of variables do not reach.
    fn settle(&mut self, term: Term) -> Term {
        match term.at {
            At::Number(register) if register < self.temporaries() => {
                let d = self.number_register();
                self.emit(Op::CopyN { a: NIn(register), d: super::vm::instructions::NOut(d) });
                Term { at: At::Number(d), ..term }
            }
            At::Value(register) if register < self.homes => {
                let d = self.value_register();
                self.emit(Op::CopyV { a: VIn(register), d: super::vm::instructions::VOut(d) });
                Term { at: At::Value(d), ..term }
            }
            _ => term,
        }
    }

    /// The term of a value that an instruction has just left in a register: scalars are unboxed at once.
    fn result(&mut self, register: u16, kind: Kind) -> Term {
        if !kind.is_scalar() {
            let kind = if kind == Kind::Never { Kind::Any } else { kind };
            return Term::value(register, kind);
        }
        let dtype = kind.dtype().unwrap_or(DType::Float);
        let d = self.number_register();
        self.emit(Op::Unbox { a: VIn(register), dtype, d: super::vm::instructions::NOut(d) });
        Term::number(d, dtype)
    }

    /// Makes the instruction that has just computed a temporary compute another register instead.
    fn retarget_number(&mut self, from: u16, to: u16) -> bool {
        if from < self.temporaries() || from & NIn::CONSTANT != 0 || self.ops.len() <= self.barrier {
            return false;
        }
        self.ops.last_mut().is_some_and(|op| op.retarget_number(from, to))
    }

    fn retarget_value(&mut self, from: u16, to: u16) -> bool {
        if from < self.homes || self.ops.len() <= self.barrier {
            return false;
        }
        self.ops.last_mut().is_some_and(|op| op.retarget_value(from, to))
    }

    /// Runs `f` one level deeper, within bounds.
    fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.nesting >= NESTING {
            return Err(Error::limit("the program is nested too deeply").at(self.span));
        }
        self.nesting += 1;
        let result = f(self);
        self.nesting -= 1;
        result
    }

    /// The code of a definition that stands in this one.
    fn code_of(&mut self, function: &Arc<Function>, captures: Vec<Symbol>, recursive: bool) -> Arc<Code> {
        self.engine.code(function, captures, recursive, self.module)
    }
}
