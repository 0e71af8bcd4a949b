//! Functions chosen when the program runs. Which of several known functions a variable holds is a number, and a call of
//! it calls each under its number:
//!
//! ```text
//! g = np.sin if x > 0 else np.cos        if x > 0: g = 0
//! y = g(x)                          ⟶    else:     g = 1
//!                                        if g == 0: y = np.sin(x)
//!                                        else:      y = np.cos(x)
//! ```

use std::rc::Rc;

use crate::lang::{Result, Symbol, symbol};

use super::super::bind::{Bind, ChoiceBind, FunctionBind};
use super::super::core::{Atom, Block, Index, Join, Var};
use super::super::kind::{Kind, Literal, ModuleId};
use super::super::session::Unit;
use super::loops::{rebuild, same_structure};
use super::packed::changing;
use super::{Frame, Lowerer, leaves_of};

impl Lowerer<'_, '_> {
    /// Calls the function that is chosen.
    pub fn call_choice(
        &mut self,
        choice: &Rc<ChoiceBind>,
        positional: &[Bind],
        keywords: &[(Symbol, Bind)],
    ) -> Result<Bind> {
        self.each_option(choice, 0, &|l, option| l.call_function(option, positional.to_vec(), keywords.to_vec()))
    }

    /// Calls with the argument at a position, which is a choice, being each of its options.
    pub fn with_each_option(
        &mut self,
        args: Vec<Bind>,
        at: usize,
        call: &dyn Fn(&mut Self, Vec<Bind>) -> Result<Bind>,
    ) -> Result<Bind> {
        let Some(Bind::Choice(choice)) = args.get(at) else { return call(self, args) };
        self.each_option(&choice.clone(), 0, &|l, option| {
            let mut args = args.clone();
            args[at] = Bind::Function(option.clone());
            call(l, args)
        })
    }

    /// What `each` gives for the option that is chosen, among those from a position on.
    fn each_option(
        &mut self,
        choice: &ChoiceBind,
        from: usize,
        each: &dyn Fn(&mut Self, &Rc<FunctionBind>) -> Result<Bind>,
    ) -> Result<Bind> {
        let option = &choice.options[from];
        if from + 1 == choice.options.len() {
            return each(self, option);
        }
        let test = self.call(symbol!("operator.eq"), vec![choice.which.clone(), Atom::int(from as i64)]);
        let mut fr = Frame::new(Rc::new(Unit::of(ModuleId(0))));
        self.choose(test, &mut fr, |l, _| each(l, option), |l, _| l.each_option(choice, from + 1, each))
    }

    /// The item of a tuple, list or dict of known items at an index known when the program runs, where functions are
    /// among the items.
    pub fn chosen(&mut self, object: &Bind, at: &Atom) -> Result<Option<Bind>> {
        if !object.holds_function() {
            return Ok(None);
        }
        // The same container, with the items' positions in their place.
        let position = |at: usize| Bind::lit(Literal::Int(at as i64));
        let (items, positions): (Vec<Bind>, Bind) = match object {
            Bind::Tuple(items) | Bind::List(items) => {
                (items.clone(), Bind::Tuple((0..items.len()).map(position).collect()))
            }
            Bind::Dict(items) => (
                items.iter().map(|(_, item)| item.clone()).collect(),
                Bind::Dict(items.iter().enumerate().map(|(at, (key, _))| (key.clone(), position(at))).collect()),
            ),
            _ => return Ok(None),
        };
        let positions = self.atom(&positions)?;
        let which = self.item(positions, at.clone());
        self.selected(&items, which)
    }

    /// The item at a position that is in range.
    fn selected(&mut self, items: &[Bind], which: Atom) -> Result<Option<Bind>> {
        let Some(first) = items.first() else { return Ok(None) };
        if items.iter().all(|item| item.same(first)) {
            return Ok(Some(first.clone()));
        }
        if !items.iter().any(Bind::holds_function) {
            return self.get(&Bind::List(items.to_vec()), Index::At(which)).map(Some);
        }
        let functions: Option<Vec<_>> = items
            .iter()
            .map(|item| match item {
                Bind::Function(function) => Some(function.clone()),
                _ => None,
            })
            .collect();
        if let Some(functions) = functions {
            return self.selected_function(&functions, which).map(Some);
        }
        let rows: Option<Vec<&Vec<Bind>>> = items
            .iter()
            .map(|item| match (item, first) {
                (Bind::Tuple(row), Bind::Tuple(first)) if row.len() == first.len() => Some(row),
                _ => None,
            })
            .collect();
        let Some(rows) = rows else { return Ok(None) };
        let mut parts = Vec::new();
        for at in 0..rows[0].len() {
            let column: Vec<Bind> = rows.iter().map(|row| row[at].clone()).collect();
            match self.selected(&column, which.clone())? {
                Some(part) => parts.push(part),
                None => return Ok(None),
            }
        }
        Ok(Some(Bind::Tuple(parts)))
    }

    /// Functions of one definition become one function, with what the chosen one captured.
    fn selected_function(&mut self, functions: &[Rc<FunctionBind>], which: Atom) -> Result<Bind> {
        let mut options: Vec<Rc<FunctionBind>> = Vec::new();
        for function in functions {
            if !options.iter().any(|option| option.same_target(function)) {
                options.push(function.clone());
            }
        }
        let group = |function: &FunctionBind| options.iter().position(|option| option.same_target(function));
        let groups: Vec<usize> = functions.iter().filter_map(|function| group(function)).collect();
        let mut chosen = Vec::new();
        for (number, option) in options.iter().enumerate() {
            // Where another definition is chosen, any value will do.
            let of_group = |parts: &dyn Fn(&FunctionBind) -> Bind| -> Vec<Bind> {
                let pairs = functions.iter().zip(&groups);
                pairs.map(|(function, group)| parts(if *group == number { function } else { option })).collect()
            };
            let mut captures = Vec::new();
            for at in 0..option.captures.len() {
                captures.push(self.part_of(&of_group(&|function| function.captures[at].clone()), &which)?);
            }
            let mut defaults = Vec::new();
            for at in 0..option.defaults.len() {
                defaults.push(self.part_of(&of_group(&|function| function.defaults[at].clone()), &which)?);
            }
            chosen.push(Rc::new(FunctionBind { captures, defaults, ..(**option).clone() }));
        }
        if let [function] = chosen.as_slice() {
            return Ok(Bind::Function(function.clone()));
        }
        let numbers: Vec<Literal> = groups.iter().map(|group| Literal::Int(*group as i64)).collect();
        let in_order = numbers.iter().enumerate().all(|(at, number)| *number == Literal::Int(at as i64));
        let which = if in_order { which } else { self.item(Atom::Lit(Literal::Tuple(numbers)), which) };
        Ok(Bind::Choice(Rc::new(ChoiceBind { which, options: chosen })))
    }

    fn part_of(&mut self, items: &[Bind], which: &Atom) -> Result<Bind> {
        match self.selected(items, which.clone())? {
            Some(part) => Ok(part),
            None => Err(self.unsupported("choosing between functions that captured different functions")),
        }
    }

    /// The functions that either value may be; what they captured, as far as it is there outside `block` too.
    pub fn all_options(&self, a: &Bind, b: &Bind, block: &Block) -> Vec<Rc<FunctionBind>> {
        let mut all: Vec<Rc<FunctionBind>> = a.options().unwrap_or_default().to_vec();
        for option in b.options().unwrap_or_default() {
            if !all.iter().any(|other| other.same_target(option)) {
                all.push(self.outside(option, block));
            }
        }
        all
    }

    /// A function as one of several: `options` hold what the others captured.
    pub fn widened(&mut self, function: &Bind, options: &[Rc<FunctionBind>]) -> Result<Bind> {
        let own = function.options().unwrap_or_default();
        let place = |function: &FunctionBind| options.iter().position(|option| option.same_target(function));
        let places: Vec<i64> = own.iter().filter_map(|function| place(function)).map(|at| at as i64).collect();
        let which = match function {
            Bind::Choice(choice) if places.iter().zip(0..).all(|(place, at)| *place == at) => choice.which.clone(),
            Bind::Choice(choice) => {
                let places = places.into_iter().map(Literal::Int).collect();
                self.item(Atom::Lit(Literal::Tuple(places)), choice.which.clone())
            }
            _ => Atom::int(places.first().copied().unwrap_or(0)),
        };
        let options = options
            .iter()
            .map(|option| own.iter().find(|function| function.same_target(option)).unwrap_or(option).clone())
            .collect();
        Ok(Bind::Choice(Rc::new(ChoiceBind { which, options })))
    }

    /// What stands for both of two values whose functions differ: the first, with choices in the place of functions that
    /// the second has others for. None where more than functions differs.
    pub fn either(&self, a: &Bind, b: &Bind, block: &Block) -> Result<Option<Bind>> {
        let all = |a: &[Bind], b: &[Bind]| -> Result<Option<Vec<Bind>>> {
            a.iter().zip(b).map(|(x, y)| self.either(x, y, block)).collect()
        };
        Ok(match (a, b) {
            _ if same_structure(a, b) => Some(a.clone()),
            (Bind::Tuple(a), Bind::Tuple(b)) if a.len() == b.len() => all(a, b)?.map(Bind::Tuple),
            (Bind::List(a), Bind::List(b)) if a.len() == b.len() => all(a, b)?.map(Bind::List),
            (Bind::Dict(a), Bind::Dict(b)) if a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.0 == y.0) => {
                let items = a
                    .iter()
                    .zip(b)
                    .map(|((key, x), (_, y))| Ok(self.either(x, y, block)?.map(|item| (key.clone(), item))));
                items.collect::<Result<Option<Vec<_>>>>()?.map(Bind::Dict)
            }
            _ if a.options().is_some() && b.options().is_some() => {
                let options = self.all_options(a, b, block);
                let mut all = [a, b].into_iter().flat_map(|value| value.options().unwrap_or_default());
                if all.any(|option| option.held().into_iter().any(|held| holds(held, option))) {
                    return Err(changing().at(self.span));
                }
                Some(Bind::Choice(Rc::new(ChoiceBind { which: Atom::int(0), options })))
            }
            _ => None,
        })
    }

    /// A value with each of its functions as one of the options that stand in its place.
    pub fn widened_to(&mut self, value: &Bind, either: &Bind) -> Result<Bind> {
        let mut all = |a: &[Bind], b: &[Bind]| -> Result<Vec<Bind>> {
            a.iter().zip(b).map(|(x, y)| self.widened_to(x, y)).collect()
        };
        Ok(match (value, either) {
            (Bind::Tuple(a), Bind::Tuple(b)) => Bind::Tuple(all(a, b)?),
            (Bind::List(a), Bind::List(b)) => Bind::List(all(a, b)?),
            (Bind::Dict(a), Bind::Dict(b)) => {
                let items = a.iter().zip(b).map(|((key, x), (_, y))| Ok((key.clone(), self.widened_to(x, y)?)));
                Bind::Dict(items.collect::<Result<_>>()?)
            }
            (_, Bind::Choice(choice)) if value.options().is_some() => self.widened(value, &choice.options)?,
            _ => value.clone(),
        })
    }

    /// A function as it is outside a block: what it captured of the block's own variables is not there.
    fn outside(&self, function: &Rc<FunctionBind>, block: &Block) -> Rc<FunctionBind> {
        match self.without(&Bind::Function(function.clone()), &|var| defines(block, var)) {
            Bind::Function(function) => function,
            _ => function.clone(),
        }
    }

    /// A value where some variables are not there. In the place of numbers stand others, which nobody reads.
    pub fn without(&self, value: &Bind, gone: &dyn Fn(Var) -> bool) -> Bind {
        let mut atoms = leaves_of(value).into_iter().map(|atom| match &atom {
            Atom::Var(var) if gone(*var) => match self.f.kind(&atom) {
                Kind::Float => Atom::float(0.0),
                Kind::Int => Atom::int(0),
                Kind::Bool => Atom::Lit(Literal::Bool(false)),
                _ => Atom::Undefined,
            },
            _ => atom,
        });
        rebuild(value, &mut atoms)
    }

    /// Which function it is after an `If` in whose arms it is different ones.
    pub fn join_functions(
        &mut self,
        name: Symbol,
        then: (&Bind, &mut Block),
        otherwise: (&Bind, &mut Block),
        joins: &mut Vec<Join>,
    ) -> Result<Bind> {
        let options = self.all_options(then.0, otherwise.0, otherwise.1);
        let there: Vec<_> = options.iter().map(|option| self.outside(option, then.1)).collect();
        let a = self.within(then.1, |l| l.widened(then.0, &options))?;
        let b = self.within(otherwise.1, |l| l.widened(otherwise.0, &there))?;
        let (Bind::Choice(a), Bind::Choice(b)) = (&a, &b) else { return Ok(a) };
        let which = (Bind::Atom(a.which.clone()), Bind::Atom(b.which.clone()));
        let Bind::Atom(which) = self.join(name, (&which.0, then.1), (&which.1, otherwise.1), joins)? else {
            return Ok(Bind::Unknown("which function this is"));
        };
        let mut joined = Vec::new();
        for (x, y) in a.options.iter().zip(&b.options) {
            let (x, y) = (Bind::Function(x.clone()), Bind::Function(y.clone()));
            match self.join(name, (&x, then.1), (&y, otherwise.1), joins)? {
                Bind::Function(option) => joined.push(option),
                _ => return Ok(Bind::Unknown("which function this is")),
            }
        }
        Ok(Bind::Choice(Rc::new(ChoiceBind { which, options: joined })))
    }
}

/// Whether a function made by the same definition as this one is among the parts of a value.
fn holds(value: &Bind, function: &FunctionBind) -> bool {
    match value {
        Bind::Tuple(items) | Bind::List(items) => items.iter().any(|item| holds(item, function)),
        Bind::Dict(items) => items.iter().any(|(_, item)| holds(item, function)),
        _ => value
            .options()
            .unwrap_or_default()
            .iter()
            .any(|other| other.same_target(function) || other.held().into_iter().any(|held| holds(held, function))),
    }
}

/// Whether a variable is one that a block's own statements define.
fn defines(block: &Block, var: Var) -> bool {
    let mut found = false;
    block.stmts.iter().for_each(|stmt| stmt.kind.each_definition(&mut |defined| found |= defined == var));
    found
}
