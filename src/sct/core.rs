//! Core: the small functional language that the passes work on.
//!
//! A core function is a tree in static single assignment form. Every operation is a statement of its own, every variable
//! is assigned once, and control flow is structured: an `If` names what its arms join, a `Loop` names what it carries
//! from one iteration to the next. Updates in place are functional here (`Update` gives a new value); `emit` chooses
//! names so that they become updates in place again. Core prints as a program of the language (see `emit`).

use rustc_hash::FxHashMap;

use crate::lang::tree::{BinaryOp, FStringPart};
use crate::lang::{Span, Symbol, symbol};

use super::extents::Extent;
use super::kind::{Kind, Literal};

/// A variable: an index into [`Function::vars`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Var(pub u32);

/// A block's identity, by which a block of the reverse sweep names the block that it runs backwards.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct BlockId(pub u32);

/// What an operation takes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Atom {
    /// A variable.
    Var(Var),
    /// A constant.
    Lit(Literal),
    /// A value that is never read: what a variable holds where no path has assigned it.
    Undefined,
}

/// What is known of a variable.
#[derive(Clone, Debug)]
pub struct VarInfo {
    /// The name it is printed under, up to a number that makes it unique.
    pub name: Symbol,
    /// The kind of its value.
    pub kind: Kind,
    /// Whether it has no name of its own in the source and may be folded into the expression that reads it.
    pub temporary: bool,
    /// Whether it is a product with a cotangent, in which the zeros of a branch that `np.where` did not take are strong:
    /// they stay zero where the other factor is infinite or not a number.
    pub strong: bool,
}

/// A sequence of statements.
#[derive(Clone, Debug)]
pub struct Block {
    /// The statements in order.
    pub stmts: Vec<Stmt>,
    /// Its identity.
    pub id: BlockId,
    /// The block of the forward sweep that this one runs backwards.
    pub mirrors: Option<BlockId>,
}

/// A statement and the place it came from.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// The place in the original source.
    pub span: Span,
}

/// The forms of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `var = op`
    Let(Var, Op),
    /// A method that changes its receiver: `result = base.method(args)`, after which the receiver is `out`.
    Mutate {
        /// The library function, the receiver first.
        method: Symbol,
        /// The receiver before.
        base: Atom,
        /// The receiver after.
        out: Var,
        /// What the call gives.
        result: Var,
        /// The other arguments.
        args: Vec<Atom>,
    },
    /// `if`
    If {
        /// The condition, inactive.
        test: Atom,
        /// Where it holds.
        then: Block,
        /// Where it does not.
        otherwise: Block,
        /// What is defined by either arm.
        joins: Vec<Join>,
    },
    /// A loop.
    Loop(Box<Loop>),
    /// `assert test, message`
    Assert(Atom, Option<Atom>),
    /// `raise class(message)`
    Raise(Option<Symbol>, Option<Atom>),
    /// `stack.append(value)`: what the reverse sweep will read.
    Keep(Var, Atom),
    /// `var = stack.pop()`
    Restore(Var, Var),
    /// The end of the forward sweep.
    Boundary,
}

/// A variable that both arms of an `If` define.
#[derive(Clone, Debug)]
pub struct Join {
    /// The variable after the `If`.
    pub var: Var,
    /// Its value where the condition holds.
    pub then: Atom,
    /// Its value where it does not.
    pub otherwise: Atom,
}

/// A loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// What drives it.
    pub head: Head,
    /// What goes from one iteration to the next.
    pub carried: Vec<Carried>,
    /// The body.
    pub body: Block,
    /// Ends the loop after an iteration in which it is true.
    pub stop: Option<Atom>,
}

/// What drives a loop.
#[derive(Clone, Debug)]
pub enum Head {
    /// `for index in range(start, stop, step)[:count]`, or that reversed.
    For {
        /// The loop variable.
        index: Var,
        /// The range.
        range: [Atom; 3],
        /// How many numbers of the range to go through, where not all.
        count: Option<Atom>,
        /// Whether from the last to the first.
        reversed: bool,
    },
    /// `while test`, the test computed by the block.
    While(Block, Atom),
}

/// A variable that a loop carries.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The value at the start of an iteration.
    pub inner: Var,
    /// The value before the loop.
    pub init: Atom,
    /// The value at the end of an iteration.
    pub next: Atom,
    /// The value after the loop.
    pub outer: Var,
}

/// An operation.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// The value itself.
    Copy(Atom),
    /// A library function or operator; the arguments in the order of its signature, defaults filled in.
    Call(Symbol, Vec<Atom>),
    /// A function of the program by its number in the session.
    CallFunction(usize, Vec<Atom>),
    /// A function value that is not known; only inactive.
    Apply(Atom, Vec<(Option<Symbol>, Atom)>),
    /// `a[index]`
    Index(Atom, Index),
    /// `base` with `base[path…]` set or added to.
    Update(Atom, Vec<Index>, How, Atom),
    /// `(…)`
    Tuple(Vec<Atom>),
    /// `[…]`
    List(Vec<Atom>),
    /// `{…}`
    Dict(Vec<(Literal, Atom)>),
    /// A global variable of the function's module.
    Global(Symbol),
    /// The first atom, on whose adjoint the insertion of this number runs in the reverse sweep; what that reads besides.
    Insert(usize, Vec<Atom>),
    /// An f-string; the expressions in its parts are names of variables by number (see `emit`).
    Format(Vec<FormatPart>),
}

/// A piece of an f-string.
#[derive(Clone, PartialEq, Debug)]
pub enum FormatPart {
    /// Text.
    Text(std::sync::Arc<str>),
    /// A value, its conversion and its format.
    Value(Atom, Option<char>, Vec<FStringPart>),
}

/// How an update changes the place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum How {
    /// `base[path] = value`
    Set,
    /// `base[path] += value`, for places that do not repeat.
    Add,
    /// `np.add.at(base, path, value)`: every repetition of an index counts.
    AddAt,
}

/// What stands in a subscript's brackets.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Index {
    /// `a[i]`
    At(Atom),
    /// `a[start:stop:step]`
    Slice([Option<Atom>; 3]),
    /// `a[…, …]`
    Tuple(Vec<Index>),
    /// `...`
    Ellipsis,
}

/// A core function.
#[derive(Clone, Debug)]
pub struct Function {
    /// What it is called.
    pub name: Symbol,
    /// Its parameters.
    pub params: Vec<Var>,
    /// Its body.
    pub body: Block,
    /// What it returns.
    pub result: Atom,
    /// What is known of its variables.
    pub vars: Vec<VarInfo>,
    /// How many blocks have been numbered.
    pub blocks: u32,
    /// The lengths of axes that integers and tuples of integers are.
    pub lengths: FxHashMap<Var, Vec<Extent>>,
    /// Whether its labels of lengths are those of the call that the derivation is for.
    pub at_call: bool,
    /// The place of its definition.
    pub span: Span,
}

impl Op {
    /// A call of an operator: `Op::binary(BinaryOp::Add, a, b)`.
    pub fn binary(op: BinaryOp, a: Atom, b: Atom) -> Op {
        Op::Call(operator_name(op), vec![a, b])
    }

    /// Visits every atom.
    pub fn each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match self {
            Op::Copy(a) => visit(a),
            Op::Call(_, args) | Op::CallFunction(_, args) | Op::Insert(_, args) | Op::Tuple(args) | Op::List(args) => {
                args.iter().for_each(visit)
            }
            Op::Apply(f, args) => {
                visit(f);
                args.iter().for_each(|(_, a)| visit(a));
            }
            Op::Index(a, index) => {
                visit(a);
                index.each_atom(visit);
            }
            Op::Update(a, path, _, value) => {
                visit(a);
                path.iter().for_each(|index| index.each_atom(visit));
                visit(value);
            }
            Op::Dict(items) => items.iter().for_each(|(_, a)| visit(a)),
            Op::Global(_) => {}
            Op::Format(parts) => parts.iter().for_each(|part| {
                if let FormatPart::Value(a, ..) = part {
                    visit(a)
                }
            }),
        }
    }

    /// Visits every atom, to change it.
    pub fn each_atom_mut(&mut self, visit: &mut impl FnMut(&mut Atom)) {
        match self {
            Op::Copy(a) => visit(a),
            Op::Call(_, args) | Op::CallFunction(_, args) | Op::Insert(_, args) | Op::Tuple(args) | Op::List(args) => {
                args.iter_mut().for_each(visit)
            }
            Op::Apply(f, args) => {
                visit(f);
                args.iter_mut().for_each(|(_, a)| visit(a));
            }
            Op::Index(a, index) => {
                visit(a);
                index.each_atom_mut(visit);
            }
            Op::Update(a, path, _, value) => {
                visit(a);
                path.iter_mut().for_each(|index| index.each_atom_mut(visit));
                visit(value);
            }
            Op::Dict(items) => items.iter_mut().for_each(|(_, a)| visit(a)),
            Op::Global(_) => {}
            Op::Format(parts) => parts.iter_mut().for_each(|part| {
                if let FormatPart::Value(a, ..) = part {
                    visit(a)
                }
            }),
        }
    }
}

impl Index {
    /// Visits every atom.
    pub fn each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match self {
            Index::At(a) => visit(a),
            Index::Slice(parts) => parts.iter().flatten().for_each(visit),
            Index::Tuple(items) => items.iter().for_each(|item| item.each_atom(visit)),
            Index::Ellipsis => {}
        }
    }

    /// Visits every atom, to change it.
    pub fn each_atom_mut(&mut self, visit: &mut impl FnMut(&mut Atom)) {
        match self {
            Index::At(a) => visit(a),
            Index::Slice(parts) => parts.iter_mut().flatten().for_each(visit),
            Index::Tuple(items) => items.iter_mut().for_each(|item| item.each_atom_mut(visit)),
            Index::Ellipsis => {}
        }
    }
}

impl StmtKind {
    /// Visits every atom that the statement itself reads, not those of its blocks.
    pub fn each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match self {
            StmtKind::Let(_, op) => op.each_atom(visit),
            StmtKind::Mutate { base, args, .. } => {
                visit(base);
                args.iter().for_each(visit);
            }
            StmtKind::If { test, joins, .. } => {
                visit(test);
                for join in joins {
                    visit(&join.then);
                    visit(&join.otherwise);
                }
            }
            StmtKind::Loop(looping) => {
                for carried in &looping.carried {
                    visit(&carried.init);
                    visit(&carried.next);
                }
                match &looping.head {
                    Head::For { range, count, .. } => range.iter().chain(count).for_each(&mut *visit),
                    Head::While(_, test) => visit(test),
                }
                looping.stop.iter().for_each(visit);
            }
            StmtKind::Assert(test, message) => {
                visit(test);
                message.iter().for_each(visit);
            }
            StmtKind::Raise(_, error) => error.iter().for_each(visit),
            StmtKind::Keep(_, value) => visit(value),
            StmtKind::Restore(..) | StmtKind::Boundary => {}
        }
    }

    /// Visits every atom that the statement itself reads, to change it.
    pub fn each_atom_mut(&mut self, visit: &mut impl FnMut(&mut Atom)) {
        match self {
            StmtKind::Let(_, op) => op.each_atom_mut(visit),
            StmtKind::Mutate { base, args, .. } => {
                visit(base);
                args.iter_mut().for_each(visit);
            }
            StmtKind::If { test, joins, .. } => {
                visit(test);
                for join in joins {
                    visit(&mut join.then);
                    visit(&mut join.otherwise);
                }
            }
            StmtKind::Loop(looping) => {
                for carried in &mut looping.carried {
                    visit(&mut carried.init);
                    visit(&mut carried.next);
                }
                match &mut looping.head {
                    Head::For { range, count, .. } => range.iter_mut().chain(count).for_each(&mut *visit),
                    Head::While(_, test) => visit(test),
                }
                looping.stop.iter_mut().for_each(visit);
            }
            StmtKind::Assert(test, message) => {
                visit(test);
                message.iter_mut().for_each(visit);
            }
            StmtKind::Raise(_, error) => error.iter_mut().for_each(visit),
            StmtKind::Keep(_, value) => visit(value),
            StmtKind::Restore(..) | StmtKind::Boundary => {}
        }
    }

    /// Visits the blocks inside.
    pub fn each_block(&self, visit: &mut impl FnMut(&Block)) {
        match self {
            StmtKind::If { then, otherwise, .. } => {
                visit(then);
                visit(otherwise);
            }
            StmtKind::Loop(looping) => {
                if let Head::While(block, _) = &looping.head {
                    visit(block);
                }
                visit(&looping.body);
            }
            _ => {}
        }
    }

    /// Visits the blocks inside, to change them.
    pub fn each_block_mut(&mut self, visit: &mut impl FnMut(&mut Block)) {
        match self {
            StmtKind::If { then, otherwise, .. } => {
                visit(then);
                visit(otherwise);
            }
            StmtKind::Loop(looping) => {
                if let Head::While(block, _) = &mut looping.head {
                    visit(block);
                }
                visit(&mut looping.body);
            }
            _ => {}
        }
    }

    /// Visits the variables that the statement defines (what it joins or carries included, not those of its blocks).
    pub fn each_definition(&self, visit: &mut impl FnMut(Var)) {
        match self {
            StmtKind::Let(var, _) | StmtKind::Restore(var, _) => visit(*var),
            StmtKind::Mutate { out, result, .. } => {
                visit(*out);
                visit(*result);
            }
            StmtKind::If { joins, .. } => joins.iter().for_each(|join| visit(join.var)),
            StmtKind::Loop(looping) => {
                if let Head::For { index, .. } = looping.head {
                    visit(index);
                }
                for carried in &looping.carried {
                    visit(carried.inner);
                    visit(carried.outer);
                }
            }
            _ => {}
        }
    }
}

impl Block {
    /// The block itself, leaving an empty one of the same identity behind.
    pub fn take(&mut self) -> Block {
        Block { stmts: std::mem::take(&mut self.stmts), id: self.id, mirrors: self.mirrors }
    }

    /// Visits every statement, those of inner blocks included, outermost first.
    pub fn each_stmt(&self, visit: &mut impl FnMut(&Stmt)) {
        for stmt in &self.stmts {
            visit(stmt);
            stmt.kind.each_block(&mut |block| block.each_stmt(visit));
        }
    }

    /// Visits every statement, those of inner blocks included, outermost first, to change it.
    pub fn each_stmt_mut(&mut self, visit: &mut impl FnMut(&mut Stmt)) {
        for stmt in &mut self.stmts {
            visit(stmt);
            stmt.kind.each_block_mut(&mut |block| block.each_stmt_mut(visit));
        }
    }

    /// Visits every atom, those of inner blocks included, to change it.
    pub fn each_atom_mut(&mut self, visit: &mut impl FnMut(&mut Atom)) {
        for stmt in &mut self.stmts {
            stmt.kind.each_atom_mut(visit);
            stmt.kind.each_block_mut(&mut |block| block.each_atom_mut(visit));
        }
    }
}

impl Function {
    /// What is known of a variable.
    pub fn info(&self, var: Var) -> &VarInfo {
        &self.vars[var.0 as usize]
    }

    /// The kind of an atom.
    pub fn kind(&self, atom: &Atom) -> Kind {
        match atom {
            Atom::Var(var) => self.info(*var).kind.clone(),
            Atom::Lit(literal) => literal.kind(),
            Atom::Undefined => Kind::Never,
        }
    }

    /// A new variable.
    pub fn fresh(&mut self, name: Symbol, kind: Kind, temporary: bool) -> Var {
        self.vars.push(VarInfo { name, kind, temporary, strong: false });
        Var(self.vars.len() as u32 - 1)
    }

    /// A new empty block.
    pub fn block(&mut self) -> Block {
        self.blocks += 1;
        Block { stmts: Vec::new(), id: BlockId(self.blocks), mirrors: None }
    }
}

impl Atom {
    /// The variable, if it is one.
    pub fn var(&self) -> Option<Var> {
        match self {
            Atom::Var(var) => Some(*var),
            _ => None,
        }
    }

    /// The constant, if it is one.
    pub fn literal(&self) -> Option<&Literal> {
        match self {
            Atom::Lit(literal) => Some(literal),
            _ => None,
        }
    }

    /// A float constant.
    pub fn float(value: f64) -> Atom {
        Atom::Lit(Literal::Float(value))
    }

    /// An integer constant.
    pub fn int(value: i64) -> Atom {
        Atom::Lit(Literal::Int(value))
    }
}

impl From<Var> for Atom {
    fn from(var: Var) -> Atom {
        Atom::Var(var)
    }
}

/// The qualified name of an operator, after Python's `operator` module.
pub fn operator_name(op: BinaryOp) -> Symbol {
    match op {
        BinaryOp::Add => symbol!("operator.add"),
        BinaryOp::Sub => symbol!("operator.sub"),
        BinaryOp::Mul => symbol!("operator.mul"),
        BinaryOp::Div => symbol!("operator.truediv"),
        BinaryOp::FloorDiv => symbol!("operator.floordiv"),
        BinaryOp::Mod => symbol!("operator.mod"),
        BinaryOp::Pow => symbol!("operator.pow"),
        BinaryOp::MatMul => symbol!("operator.matmul"),
        BinaryOp::BitAnd => symbol!("operator.and_"),
        BinaryOp::BitOr => symbol!("operator.or_"),
        BinaryOp::BitXor => symbol!("operator.xor"),
        BinaryOp::ShiftLeft => symbol!("operator.lshift"),
        BinaryOp::ShiftRight => symbol!("operator.rshift"),
    }
}
