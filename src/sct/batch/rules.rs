//! Calls of library functions for a whole batch, by the rules of `src/rules/batching.cot`.

use crate::lang::{Result, Symbol, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, Index, Var};
use super::super::kind::{DType, Kind, Literal};
use super::super::lower::position;
use super::super::rules::{Batching, TemplateRef};
use super::{Batch, Spread, Value};

impl Batch<'_, '_, '_> {
    /// A call for the whole batch; none where no rule says how.
    pub(super) fn call(&mut self, var: Var, name: Symbol, args: &[Atom]) -> Result<Option<Value>> {
        let values: Vec<Value> = args.iter().map(|arg| self.value(arg)).collect();
        let rules = self.l.session.rules;
        let rule = match rules.batching(name) {
            Some(rule) => rule,
            None if rules.is_elementwise(name) => &Batching::Elementwise,
            None => return Ok(None),
        };
        let atom = match rule {
            Batching::Scalars => None,
            Batching::Written => self.written(&values)?,
            Batching::Einsum => self.einsum(name, &values)?,
            Batching::Elementwise => self.elementwise(name, &values)?,
            Batching::OnArrays(name) => self.elementwise(*name, &values)?,
            Batching::Along { flat } => self.along(name, &values, *flat)?,
            Batching::Stacked => self.stacked(name, &values),
            Batching::Each(template) => self.template(template, &values)?,
            Batching::Shared(template) => {
                return Ok(self.template(template, &values)?.map(Value::same));
            }
        };
        atom.map(|atom| self.made(var, atom)).transpose()
    }

    /// Element by element: the operands of one example are broadcast against each other behind the axis of the batch.
    fn elementwise(&mut self, name: Symbol, values: &[Value]) -> Result<Option<Atom>> {
        let mut ranks = Vec::new();
        let mut whole = true;
        for value in values {
            let kind = self.l.f.kind(&value.atom);
            match (kind.dtype(), self.rank(value)) {
                (Some(dtype), Some(rank)) => {
                    ranks.push(Some(rank));
                    whole &= dtype != DType::Float;
                }
                (None, _)
                    if value.spread.is_same()
                        && (value.atom.literal().is_some() || matches!(kind, Kind::Other | Kind::Function(_))) =>
                {
                    ranks.push(None);
                }
                _ => return Ok(None),
            }
        }
        let rank = ranks.iter().flatten().copied().max().unwrap_or(0);
        // Integers that are no elements of arrays have a division by zero that is an error, and powers that are fractions.
        let scalars =
            ["operator.floordiv", "operator.mod", "operator.pow", "operator.lshift", "operator.rshift", "pow"];
        if whole && rank == 0 && scalars.contains(&name.as_str()) {
            return Ok(None);
        }
        let mut atoms = Vec::new();
        for value in values {
            atoms.push(self.aligned(value, rank));
        }
        Ok(Some(self.l.call(name, atoms)))
    }

    /// A value with new axes behind that of the batch, so that those of one example are as many as asked for.
    pub(super) fn aligned(&mut self, value: &Value, rank: usize) -> Atom {
        match (self.rank(value), &value.spread) {
            (Some(own), Spread::Each) if own < rank => self.with_new_axes(value.atom.clone(), rank - own),
            _ => value.atom.clone(),
        }
    }

    /// `atom[:, None, …]`
    pub(super) fn with_new_axes(&mut self, atom: Atom, count: usize) -> Atom {
        let whole = Index::Slice([None, None, None]);
        let new = std::iter::repeat_n(Index::At(Atom::Lit(Literal::None)), count);
        self.l.get_atom(atom, Index::Tuple(std::iter::once(whole).chain(new).collect()))
    }

    /// Along the axes that the parameter `axis` names. Without one, of all axes together: `flat` says that they are taken for one.
    fn along(&mut self, name: Symbol, values: &[Value], flat: bool) -> Result<Option<Atom>> {
        let Some(signature) = self.l.session.world.signature(name) else { return Ok(None) };
        let Some(at) = signature.params.iter().position(|param| param.name.as_str() == "axis") else {
            return Ok(None);
        };
        let keeps = signature.params.iter().position(|param| param.name.as_str() == "keepdims");
        let (Some(first), Some(axis)) = (values.first(), values.get(at)) else { return Ok(None) };
        let others = values.iter().skip(1).all(|value| value.spread.is_same());
        let (Some(rank @ 1..), Spread::Each, true, Some(literal)) =
            (self.rank(first), &first.spread, others, axis.atom.literal())
        else {
            return Ok(None);
        };
        let mut atoms: Vec<Atom> = values.iter().map(|value| value.atom.clone()).collect();
        let axis = match (literal, flat) {
            (Literal::None, true) if rank == 1 => Literal::Int(1),
            (Literal::None, true) => {
                if keeps.is_some_and(|at| atoms[at] != Atom::Lit(Literal::Bool(false))) {
                    return Ok(None);
                }
                atoms[0] = self.flattened(atoms[0].clone(), rank)?;
                Literal::Int(1)
            }
            (literal, _) => match shifted(literal, rank) {
                Some(axis) => axis,
                None => return Ok(None),
            },
        };
        atoms[at] = Atom::Lit(axis);
        Ok(Some(self.l.call(name, atoms)))
    }

    /// The axes of each example as one.
    fn flattened(&mut self, atom: Atom, rank: usize) -> Result<Atom> {
        let shape = self.l.call(symbol!("np.shape"), vec![atom.clone()]);
        let lengths: Vec<Atom> = (0..=rank as i64).map(|axis| self.l.item(shape.clone(), Atom::int(axis))).collect();
        let mut lengths = lengths.into_iter();
        let (Some(batch), Some(first)) = (lengths.next(), lengths.next()) else { return Ok(atom) };
        let count = lengths.fold(first, |count, length| self.l.call(symbol!("operator.mul"), vec![count, length]));
        let shape = self.l.atom(&Bind::Tuple(vec![Bind::Atom(batch), Bind::Atom(count)]))?;
        Ok(self.l.call(symbol!("np.reshape"), vec![atom, shape]))
    }

    /// A function of matrices in the last two axes, of which it takes any number in the axes before.
    fn stacked(&mut self, name: Symbol, values: &[Value]) -> Option<Atom> {
        let (first, rest) = values.split_first()?;
        let factor = matches!(self.l.f.kind(&first.atom), Kind::Factor(Some(_)));
        let matrices = first.spread == Spread::Each && (factor || self.rank(first)? >= 2);
        if !matrices || !rest.iter().all(|value| value.spread.is_same()) {
            return None;
        }
        Some(self.l.call(name, values.iter().map(|value| value.atom.clone()).collect()))
    }

    /// A rule that is said in the language: of each parameter `x` it knows `x_rank`, the number of axes of one example, `x_each`,
    /// whether the examples differ in it, and `x_constant`, whether it is a constant. The items of lists and tuples are there for the whole batch.
    fn template(&mut self, template: &TemplateRef, values: &[Value]) -> Result<Option<Atom>> {
        let mut binds = Vec::new();
        let mut known = Vec::new();
        for (value, param) in values.iter().zip(template.parameters()) {
            let (atom, rank) = match &value.spread {
                Spread::Parts(parts) => {
                    let spread = Spread::Parts(vec![Spread::Each; parts.len()]);
                    let atom = self.force(value, &spread)?;
                    (atom.clone(), self.rank_of_items(&atom))
                }
                Spread::Items(item) => match **item {
                    Spread::Each => (value.atom.clone(), self.rank_of_items(&value.atom)),
                    _ => return Ok(None),
                },
                Spread::Same | Spread::Each => (value.atom.clone(), self.rank(value)),
            };
            let rank = rank.map_or(-1, |rank| rank as i64);
            known.push((format!("{param}_rank"), Bind::lit(Literal::Int(rank))));
            known.push((format!("{param}_constant"), Bind::lit(Literal::Bool(atom.literal().is_some()))));
            known.push((format!("{param}_each"), Bind::lit(Literal::Bool(!value.spread.is_same()))));
            binds.push(Bind::Atom(atom));
        }
        known.push(("size".into(), Bind::Atom(self.size.clone())));
        match self.l.expand_with(template, binds, known)? {
            Bind::Atom(Atom::Lit(Literal::None)) => Ok(None),
            bind => self.l.atom(&bind).map(Some),
        }
    }

    /// Einstein's sums: the batch is one more label.
    fn einsum(&mut self, name: Symbol, values: &[Value]) -> Result<Option<Atom>> {
        let [subscripts, operands, rest @ ..] = values else { return Ok(None) };
        let (Atom::Lit(Literal::Str(subscripts)), Spread::Parts(spreads)) = (&subscripts.atom, &operands.spread) else {
            return Ok(None);
        };
        let each: Vec<bool> = spreads.iter().map(|spread| *spread == Spread::Each).collect();
        let Some(subscripts) = crate::rules::einsum::batched(subscripts, &each) else { return Ok(None) };
        let mut atoms = vec![Atom::Lit(Literal::Str(subscripts.into())), operands.atom.clone()];
        atoms.extend(rest.iter().map(|value| value.atom.clone()));
        Ok(Some(self.l.call(name, atoms)))
    }

    /// An array of numbers and arrays that are written down in lists: stacked behind the axis of the batch, list by list.
    fn written(&mut self, values: &[Value]) -> Result<Option<Atom>> {
        let Some((object, options)) = values.split_first() else { return Ok(None) };
        let plain =
            |atom: &Atom| matches!(atom, Atom::Lit(Literal::None | Literal::Bool(true)) | Atom::Lit(Literal::Int(0)));
        if !options.iter().all(|option| plain(&option.atom)) {
            return Ok(None);
        }
        self.stacked_items(object)
    }

    fn stacked_items(&mut self, object: &Value) -> Result<Option<Atom>> {
        let kind = self.l.f.kind(&object.atom);
        match (&object.spread, &kind) {
            (Spread::Each, Kind::Array(..)) => Ok(Some(object.atom.clone())),
            (Spread::Parts(_), Kind::Tuple(_) | Kind::List(_)) => {
                let mut atoms = Vec::new();
                for part in self.parts(object)? {
                    let whole = match part.spread.is_same() {
                        true => match self.l.f.kind(&part.atom) {
                            Kind::Tuple(_) | Kind::List(_) => {
                                let array = self.l.call(symbol!("np.array"), vec![part.atom]);
                                self.force(&Value::same(array), &Spread::Each)?
                            }
                            _ => self.force(&part, &Spread::Each)?,
                        },
                        false => match self.stacked_items(&part)? {
                            Some(atom) => atom,
                            None => return Ok(None),
                        },
                    };
                    atoms.push(whole);
                }
                let items = self.l.atom(&Bind::List(atoms.into_iter().map(Bind::Atom).collect()))?;
                Ok(Some(self.l.call(symbol!("np.stack"), vec![items, Atom::int(1)])))
            }
            (Spread::Items(item), Kind::ListOf(_)) if **item == Spread::Each => {
                // Of no items it is an array all the same.
                let own = [Bind::Atom(object.atom.clone()), Bind::Atom(self.size.clone())];
                let array = self.l.call_own(symbol!("array_of_items"), own.into())?;
                self.l.atom(&array).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The number of axes of the items of a list, for one example, where it is the same for all.
    fn rank_of_items(&self, atom: &Atom) -> Option<usize> {
        let kind = self.l.f.kind(atom);
        match &kind {
            Kind::Tuple(items) | Kind::List(items) => {
                let (first, rest) = items.split_first()?;
                let rank = first.rank()?;
                rest.iter().all(|item| item.rank() == Some(rank)).then(|| rank.checked_sub(1))?
            }
            kind => kind.element().rank()?.checked_sub(1),
        }
    }
}

/// An axis of one example, or several, as those of the batch.
fn shifted(axis: &Literal, rank: usize) -> Option<Literal> {
    Some(match axis {
        Literal::None if rank == 1 => Literal::Int(1),
        Literal::None => Literal::Tuple((1..=rank as i64).map(Literal::Int).collect()),
        Literal::Int(axis) => {
            position(*axis, rank)?;
            Literal::Int(if *axis < 0 { *axis } else { *axis + 1 })
        }
        Literal::Tuple(axes) => Literal::Tuple(axes.iter().map(|axis| shifted(axis, rank)).collect::<Option<_>>()?),
        _ => return None,
    })
}
