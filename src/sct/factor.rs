//! Factor: a reverse loop's cotangents, each as what it was times one derivative.
//!
//! The cotangent of a number that a loop carries is often a sum of products with what it was an iteration before. Taken out
//! of the sum it is multiplied once: the derivative is computed beside what the iterations wait for, one product.
//!
//! ```text
//! t_bar = x_bar * (1.0 - x)                    x_bar = x_bar * ((1.0 - x) * r - r * x)
//! x_bar = t_bar * r - x_bar * (r * x)    ⟶
//! ```
//!
//! Only cotangents are rounded otherwise than before: what a program computes itself is never changed.

use crate::lang::{Symbol, symbol};

use super::core::{Atom, Block, Function, Op, Stmt, StmtKind, Var};
use super::kind::Kind;
use super::var_map::VarMap;

/// Terms of a sum at most, and factors of each.
const MOST: usize = 4;

/// Factors the cotangents of all reverse loops.
pub fn factor(f: &mut Function) {
    let mut body = f.body.take();
    let mut places = VarMap::of(f);
    block(f, &mut places, &mut body);
    f.body = body;
}

fn block(f: &mut Function, places: &mut VarMap<usize>, within: &mut Block) {
    for stmt in &mut within.stmts {
        stmt.kind.each_block_mut(&mut |inner| block(f, places, inner));
        let StmtKind::Loop(looping) = &mut stmt.kind else { continue };
        if looping.body.mirrors.is_none() {
            continue;
        }
        note(places, &looping.body);
        for carried in &looping.carried {
            if let Some(next) = carried.next.var()
                && cotangent(f, places, &mut looping.body, carried.inner, next).is_some()
            {
                note(places, &looping.body);
            }
        }
    }
}

/// Notes where the body of a loop computes what.
fn note(places: &mut VarMap<usize>, body: &Block) {
    for (at, stmt) in body.stmts.iter().enumerate() {
        if let StmtKind::Let(var, Op::Call(..)) = &stmt.kind {
            places.insert(*var, at);
        }
    }
}

/// Computes a carried number as what it was times one factor; none where it is no sum of products with it.
fn cotangent(f: &mut Function, places: &VarMap<usize>, body: &mut Block, before: Var, after: Var) -> Option<()> {
    let at = places.get(after).copied().filter(|at| defines(body, *at, after))?;
    let mut terms = Vec::new();
    let sum = Sum { f, body, places, before };
    if !sum.terms(&Atom::Var(after), false, &mut terms) || terms.len() < 2 {
        return None;
    }
    let span = body.stmts[at].span;
    let mut writer = Writer { f, out: Vec::new(), span };
    let mut all: Option<Atom> = None;
    // A difference begins with what is not subtracted.
    terms.sort_by_key(|term| term.negative);
    for Term { negative, factors } in terms {
        let product = factors.into_iter().reduce(|a, b| writer.write(symbol!("operator.mul"), a, b));
        let term = product.unwrap_or_else(|| Atom::float(1.0));
        all = Some(match (all, negative) {
            (Some(all), false) => writer.write(symbol!("operator.add"), all, term),
            (Some(all), true) => writer.write(symbol!("operator.sub"), all, term),
            (None, false) => term,
            (None, true) => return None,
        });
    }
    let all = all?;
    let mut stmts = writer.out;
    f.vars[after.0 as usize].strong = true;
    let product = Op::Call(symbol!("operator.mul"), vec![Atom::Var(before), all]);
    stmts.push(Stmt { kind: StmtKind::Let(after, product), span });
    body.stmts.splice(at..=at, stmts);
    Some(())
}

fn defines(body: &Block, at: usize, var: Var) -> bool {
    matches!(body.stmts.get(at).map(|stmt| &stmt.kind), Some(StmtKind::Let(computed, _)) if *computed == var)
}

struct Term {
    negative: bool,
    /// The other factors.
    factors: Vec<Atom>,
}

/// A sum of products with a variable.
struct Sum<'a> {
    f: &'a Function,
    body: &'a Block,
    places: &'a VarMap<usize>,
    before: Var,
}

impl Sum<'_> {
    /// The operator on numbers that computes an atom in the body, and its operands.
    fn operator<'s>(&'s self, atom: &Atom) -> Option<(&'s str, &'s [Atom])> {
        let (var, at) = (atom.var()?, *self.places.get(atom.var()?)?);
        // What is noted of another loop's body stands elsewhere in this one.
        let Some(StmtKind::Let(computed, Op::Call(name, args))) = self.body.stmts.get(at).map(|stmt| &stmt.kind) else {
            return None;
        };
        if *computed != var {
            return None;
        }
        let numbers = self.f.kind(atom) == Kind::Float && args.iter().all(|arg| self.f.kind(arg) == Kind::Float);
        numbers.then_some((name.as_str(), args.as_slice()))
    }

    /// Takes a sum apart; false where a term is no product with the variable.
    fn terms(&self, atom: &Atom, negative: bool, terms: &mut Vec<Term>) -> bool {
        match self.operator(atom) {
            Some(("operator.add", [a, b])) => self.terms(a, negative, terms) && self.terms(b, negative, terms),
            Some(("operator.sub", [a, b])) => self.terms(a, negative, terms) && self.terms(b, !negative, terms),
            Some(("operator.neg", [a])) => self.terms(a, !negative, terms),
            _ => {
                let mut factors = Vec::new();
                let found = self.factors(atom, &mut factors) == 1;
                terms.push(Term { negative, factors });
                found && terms.len() <= MOST
            }
        }
    }

    /// The factors of a product beside the variable; how often that is one.
    fn factors(&self, atom: &Atom, factors: &mut Vec<Atom>) -> usize {
        if *atom == Atom::Var(self.before) {
            return 1;
        }
        let mut of_both = Vec::new();
        if let Some(("operator.mul", [a, b])) = self.operator(atom) {
            let count = self.factors(a, &mut of_both) + self.factors(b, &mut of_both);
            if count > 0 && of_both.len() < MOST {
                factors.append(&mut of_both);
                return count;
            }
        }
        factors.push(atom.clone());
        0
    }
}

struct Writer<'a> {
    f: &'a mut Function,
    out: Vec<Stmt>,
    span: crate::lang::Span,
}

impl Writer<'_> {
    fn write(&mut self, operator: Symbol, a: Atom, b: Atom) -> Atom {
        let var = self.f.fresh(symbol!("t"), Kind::Float, true);
        self.out.push(Stmt { kind: StmtKind::Let(var, Op::Call(operator, vec![a, b])), span: self.span });
        Atom::Var(var)
    }
}
