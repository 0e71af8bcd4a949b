//! Equal shapes: which arrays are known to have the same shape whatever the input is.
//!
//! Elementwise operations on arrays of one shape give that shape. What a loop carries is assumed to keep its shape until
//! the body shows otherwise; assumptions that fail are dropped and the analysis runs again.

use super::super::core::{Atom, Block, Function, Op, StmtKind, Var};
use super::super::kind::{Kind, Literal};
use super::super::rules::Rules;
use super::super::var_map::{VarMap, VarSet};

/// Classes of variables of equal shape.
#[derive(Default)]
pub struct Shapes {
    class: VarMap<Var>,
}

impl Shapes {
    /// The representative of an array's shape: the first variable that has it.
    pub fn of(&self, var: Var) -> Option<Var> {
        self.class.get(var).copied()
    }

    /// Whether two values have the same shape for certain.
    pub fn same(&self, a: &Atom, b: &Atom) -> bool {
        match (a, b) {
            (Atom::Var(a), Atom::Var(b)) => {
                a == b || matches!((self.of(*a), self.of(*b)), (Some(x), Some(y)) if x == y)
            }
            _ => false,
        }
    }
}

/// The shapes of a function's arrays.
pub fn shapes(f: &Function, rules: &Rules) -> Shapes {
    if !f.vars.iter().any(|info| matches!(info.kind, Kind::Array(..))) {
        return Shapes::default();
    }
    let mut changing = VarSet::default();
    loop {
        let mut walk = Walk {
            f,
            rules,
            changing: &changing,
            shapes: Shapes { class: VarMap::of(f) },
            sources: VarMap::of(f),
            broken: vec![],
        };
        for param in &f.params {
            walk.own(*param);
        }
        walk.block(&f.body);
        if walk.broken.is_empty() {
            return walk.shapes;
        }
        let broken = walk.broken;
        changing.extend(broken);
    }
}

struct Walk<'a> {
    f: &'a Function,
    rules: &'a Rules,
    changing: &'a VarSet,
    shapes: Shapes,
    /// The array whose shape a tuple is.
    sources: VarMap<Var>,
    broken: Vec<Var>,
}

impl Walk<'_> {
    fn is_array(&self, var: Var) -> bool {
        matches!(self.f.info(var).kind, Kind::Array(..))
    }

    fn own(&mut self, var: Var) {
        if self.is_array(var) {
            self.shapes.class.insert(var, var);
        }
    }

    fn like(&mut self, var: Var, class: Option<Var>) {
        match class {
            Some(class) if self.is_array(var) => {
                self.shapes.class.insert(var, class);
            }
            _ => self.own(var),
        }
    }

    fn class(&self, atom: &Atom) -> Option<Var> {
        atom.var().and_then(|var| self.shapes.of(var))
    }

    fn source(&self, atom: &Atom) -> Option<Var> {
        atom.var().and_then(|var| self.sources.get(var).copied())
    }

    /// The common shape of the operands of an elementwise operation, where they have one.
    fn common(&self, args: &[Atom]) -> Option<Var> {
        let mut found = None;
        for arg in args {
            let kind = self.f.kind(arg);
            if kind.is_scalar() || kind == Kind::None {
                continue;
            }
            let class = self.class(arg)?;
            match found {
                None => found = Some(class),
                Some(other) if other == class => {}
                Some(_) => return None,
            }
        }
        found
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Let(var, op) => self.operation(*var, op),
                StmtKind::Mutate { out, result, .. } => {
                    self.own(*out);
                    self.own(*result);
                }
                StmtKind::If { then, otherwise, joins, .. } => {
                    self.block(then);
                    self.block(otherwise);
                    for join in joins {
                        let (a, b) = (self.class(&join.then), self.class(&join.otherwise));
                        self.like(join.var, if a == b { a } else { None });
                    }
                }
                StmtKind::Loop(looping) => {
                    for carried in &looping.carried {
                        let class =
                            if self.changing.contains(carried.inner) { None } else { self.class(&carried.init) };
                        self.like(carried.inner, class);
                    }
                    if let super::super::core::Head::While(test, _) = &looping.head {
                        self.block(test);
                    }
                    self.block(&looping.body);
                    for carried in &looping.carried {
                        if !self.is_array(carried.inner) {
                            continue;
                        }
                        let inner = self.shapes.of(carried.inner);
                        let assumed = !self.changing.contains(carried.inner);
                        if assumed && inner != Some(carried.inner) && self.class(&carried.next) != inner {
                            self.broken.push(carried.inner);
                        }
                        self.like(carried.outer, if assumed && inner != Some(carried.inner) { inner } else { None });
                    }
                }
                StmtKind::Restore(var, _) => self.own(*var),
                _ => {}
            }
        }
    }

    fn operation(&mut self, var: Var, op: &Op) {
        let class = match op {
            Op::Copy(atom) => {
                if let Some(source) = self.source(atom) {
                    self.sources.insert(var, source);
                }
                self.class(atom)
            }
            Op::Update(base, ..) => self.class(base),
            Op::Call(name, args) => match (name.as_str(), args.as_slice()) {
                ("np.shape", [x]) => {
                    if let Some(class) = self.class(x) {
                        self.sources.insert(var, class);
                    }
                    None
                }
                // Not where another shape is given.
                ("np.zeros_like" | "np.ones_like" | "np.empty_like", [x, dtype_and_shape @ ..])
                    if dtype_and_shape.get(1).is_none_or(|shape| *shape == Atom::Lit(Literal::None)) =>
                {
                    self.class(x)
                }
                ("np.copy" | "cotangent.keep", [x, ..]) => self.class(x),
                ("np.broadcast_to" | "cotangent.sum_to", [_, shape]) => self.source(shape),
                (_, args) if self.rules.is_elementwise(*name) => self.common(args),
                _ => None,
            },
            _ => None,
        };
        self.like(var, class);
    }
}
