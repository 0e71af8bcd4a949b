//! Updates of places: `x[i] = v`, `p["w"][i] += v`, `p["w"].append(v)`.
//!
//! The containers on the way are taken out of each other, the innermost is changed, and all are put back, so that
//! nobody else holds what is changed. All operands are evaluated before anything is taken. When the change fails, the
//! machine runs the instructions that put back, which stand right behind.

use std::sync::Arc;

use super::expressions::element_at;
use super::{At, Bound, Compiler, State, Term};
use crate::interp::vm::instructions::{NIn, NOut, Op, VIn, VMut, VOut, VTake};
use crate::lang::scope::global_changed;
use crate::lang::tree::{BinaryOp, Expr, ExprKind};
use crate::lang::{Error, Result};
use crate::sct::kind::{DType, Kind, Literal};

/// A variable and the indices that lead to the place within it.
pub(super) struct Place {
    variable: usize,
    path: Vec<Term>,
}

impl Place {
    pub fn path_len(&self) -> usize {
        self.path.len()
    }
}

impl Compiler<'_> {
    /// What is known of the value in a place, without reading it.
    pub(super) fn place_kind(&self, expr: &Expr) -> Kind {
        match &expr.kind {
            ExprKind::Name(name) => self.peek(*name),
            ExprKind::Subscript(object, index) => {
                let object = self.place_kind(object);
                let index = match &index.kind {
                    ExprKind::Int(i) => Term::literal(Literal::Int(*i)),
                    ExprKind::Str(s) => Term::literal(Literal::Str(s.clone())),
                    ExprKind::Name(name) => Term { kind: self.peek(*name), at: At::Number(0) },
                    _ => Term { kind: Kind::Any, at: At::Number(0) },
                };
                element_at(&object, &index)
            }
            _ => Kind::Any,
        }
    }

    /// Evaluates the indices of a place.
    pub(super) fn place(&mut self, expr: &Expr) -> Result<Place> {
        self.nested(|c| match &expr.kind {
            ExprKind::Name(name) => match c.variable(*name) {
                Some(variable) => {
                    if c.slots[variable].is_none() {
                        c.read(*name)?;
                    }
                    Ok(Place { variable, path: Vec::new() })
                }
                None => Err(global_changed(*name).at(expr.span)),
            },
            ExprKind::Subscript(object, index) => {
                let mut place = c.place(object)?;
                let index = c.expression(index)?;
                let index = c.settle(index);
                let register = c.value_of(&index);
                let at = if let At::Literal(_) = index.at { index.at } else { At::Value(register) };
                // The index is needed twice, to take and to put back; literals keep being known.
                place.path.push(Term { kind: index.kind, at });
                Ok(place)
            }
            _ => Err(Error::type_("only variables and their elements can be changed")
                .hint("assign the value to a variable first")
                .at(expr.span)),
        })
    }

    pub(super) fn place_value_kind(&self, place: &Place) -> Kind {
        place.path.iter().fold(self.env[place.variable].kind.clone(), |kind, index| element_at(&kind, index))
    }

    /// The register of a place that is a whole variable of a function.
    pub(super) fn place_register(&self, place: &Place) -> Option<u16> {
        (place.path.is_empty() && self.slots[place.variable].is_none()).then_some(place.variable as u16)
    }

    /// Takes out the containers of the first `depth` indices; the last one goes into `last`. The registers of all.
    pub(super) fn open_place(&mut self, place: &Place, depth: usize, last: u16) -> Vec<(u16, u16)> {
        let root = if depth == 0 { last } else { self.value_register() };
        match self.slots[place.variable] {
            Some(slot) => self.emit(Op::GlobalTake { slot, d: VOut(root) }),
            None => self.emit(Op::MoveV { a: VTake(place.variable as u16), d: VOut(root) }),
        };
        let mut open = vec![(root, 0)];
        for (at, index) in place.path.iter().take(depth).enumerate() {
            let d = if at + 1 == depth { last } else { self.value_register() };
            // Literal indices are loaded before anything is taken when there is more than one use; a load cannot fail.
            let i = self.value_of(index);
            let x = VMut(open[at].0);
            self.emit(Op::TakeItem { i: VIn(i), x, d: VOut(d) });
            open.push((d, i));
        }
        open
    }

    /// Puts everything back.
    pub(super) fn close_place(&mut self, place: &Place, open: &[(u16, u16)]) {
        for at in (1..open.len()).rev() {
            let (value, index) = open[at];
            let direct = at + 1 == open.len();
            self.emit(Op::PutItem { i: VIn(index), v: VTake(value), x: VMut(open[at - 1].0), direct });
        }
        let root = VTake(open[0].0);
        match self.slots[place.variable] {
            Some(slot) => self.emit(Op::GlobalPut { a: root, slot }),
            None => self.emit(Op::MoveV { a: root, d: VOut(place.variable as u16) }),
        };
    }

    /// Notes what the value in a place has become.
    pub(super) fn place_changed(&mut self, place: &Place, kind: Kind) {
        let whole = changed_within(&self.env[place.variable].kind, &place.path, kind);
        self.env[place.variable] = State { kind: whole, bound: Bound::Yes };
    }

    /// `object[index] = value`
    pub(super) fn assign_subscript(&mut self, object: &Expr, index: &Expr, value: Term) -> Result<()> {
        let value =
            if self.changes_variables(index) || self.changes_variables(object) { self.settle(value) } else { value };
        let place = self.place(object)?;
        let container = self.place_value_kind(&place);
        if let Some(x) = self.place_register(&place) {
            let x = VMut(x);
            if let (Kind::Array(DType::Float, Some(2), _), ExprKind::Tuple(items)) = (&container, &index.kind)
                && let [i, j] = &items[..]
                && super::expressions::constant_slices(items).is_none()
            {
                let i = self.operand_before(i, &[j])?;
                let j = self.expression(j)?;
                if i.kind == Kind::Int && j.kind == Kind::Int && value.kind.is_scalar() {
                    let v = NIn(self.number_of(&value, DType::Float));
                    let (i, j) = (NIn(self.number_of(&i, DType::Int)), NIn(self.number_of(&j, DType::Int)));
                    self.emit(Op::SetF2 { i, j, v, x });
                    return Ok(());
                }
                let index = self.tuple_of(&[i, j]);
                let (i, v) = (VIn(self.value_of(&index)), VIn(self.value_of(&value)));
                self.emit(Op::SetIndex { i, v, x });
                return Ok(());
            }
        }
        let index = self.expression(index)?;
        self.store_element(&place, index, value);
        Ok(())
    }

    /// Sets an element of what is at a place.
    fn store_element(&mut self, place: &Place, index: Term, value: Term) {
        let container = self.place_value_kind(place);
        if let Some(register) = self.place_register(place) {
            self.set_element(register, &container, &index, &value);
            self.place_changed(place, element_changed(&container, &index, &value.kind));
            return;
        }
        let value = self.loaded(value);
        let index = self.loaded(index);
        let register = self.value_register();
        let open = self.open_place(place, place.path.len(), register);
        let (i, v) = (VIn(self.value_of(&index)), VIn(self.value_of(&value)));
        self.emit(Op::SetIndex { i, v, x: VMut(register) });
        self.close_place(place, &open);
        self.place_changed(place, element_changed(&container, &index, &value.kind));
    }

    /// The same term in a value register; what is constant stays known.
    fn loaded(&mut self, term: Term) -> Term {
        let register = self.value_of(&term);
        match term.at {
            At::Literal(_) => term,
            _ => Term { kind: term.kind, at: At::Value(register) },
        }
    }

    fn set_element(&mut self, register: u16, container: &Kind, index: &Term, value: &Term) {
        let x = VMut(register);
        match container {
            Kind::Array(dtype @ (DType::Float | DType::Int), Some(1), _)
                if index.kind == Kind::Int
                    && value.kind.is_scalar()
                    && (*dtype == DType::Float || value.kind == Kind::Int) =>
            {
                let i = NIn(self.number_of(index, DType::Int));
                let v = NIn(self.number_of(value, *dtype));
                self.emit(if *dtype == DType::Float { Op::SetF1 { i, v, x } } else { Op::SetI1 { i, v, x } });
            }
            _ if index.kind == Kind::Int && !matches!(container, Kind::Dict(_)) => {
                let i = NIn(self.number_of(index, DType::Int));
                let v = VIn(self.value_of(value));
                self.emit(Op::SetAt { i, v, x });
            }
            _ => {
                let (i, v) = (VIn(self.value_of(index)), VIn(self.value_of(value)));
                self.emit(Op::SetIndex { i, v, x });
            }
        }
    }

    /// `object[index] op= value`
    pub(super) fn augment_subscript(&mut self, object: &Expr, index: &Expr, op: BinaryOp, value: &Expr) -> Result<()> {
        let place = self.place(object)?;
        if self.changes_variables(value) && !self.changes_variables(object) {
            // The element is read before what may change it.
            let index = self.expression(index)?;
            let index = self.settle(index);
            let object = self.expression(object)?;
            let current = self.index_term(object, index.clone())?;
            let current = self.settle(current);
            let value = self.expression(value)?;
            let result = self.update(op, current, value)?;
            self.store_element(&place, index, result);
            return Ok(());
        }
        let container = self.place_value_kind(&place);
        if let Some(register) = self.place_register(&place) {
            if let (Kind::Array(DType::Float, Some(2), _), ExprKind::Tuple(items)) = (&container, &index.kind)
                && let [i, j] = &items[..]
                && super::expressions::constant_slices(items).is_none()
            {
                let i = self.expression(i)?;
                let i = self.settle(i);
                let j = self.expression(j)?;
                let j = self.settle(j);
                if i.kind == Kind::Int && j.kind == Kind::Int {
                    let value = self.expression(value)?;
                    if value.kind.is_scalar() {
                        let (i, j) = (NIn(self.number_of(&i, DType::Int)), NIn(self.number_of(&j, DType::Int)));
                        let d = self.number_register();
                        self.emit(Op::IndexF2 { x: VIn(register), i, j, d: NOut(d) });
                        let result = self.binary(op, Term::number(d, DType::Float), value)?;
                        if result.kind.is_scalar() {
                            let v = NIn(self.number_of(&result, DType::Float));
                            self.emit(Op::SetF2 { i, j, v, x: VMut(register) });
                            return Ok(());
                        }
                        let index = self.tuple_of(&[Term::number(i.0, DType::Int), Term::number(j.0, DType::Int)]);
                        let (i, v) = (VIn(self.value_of(&index)), VIn(self.value_of(&result)));
                        self.emit(Op::SetIndex { i, v, x: VMut(register) });
                        return Ok(());
                    }
                    let index = self.tuple_of(&[i, j]);
                    return self.augment_element(&place, register, &container, index, op, value);
                }
                let index = self.tuple_of(&[i, j]);
                let value = self.expression(value)?;
                return self.augment_element(&place, register, &container, index, op, value);
            }
            let index = self.expression(index)?;
            let index = self.settle(index);
            let value = self.expression(value)?;
            return self.augment_element(&place, register, &container, index, op, value);
        }
        let index = self.expression(index)?;
        let index = self.settle(index);
        let index = self.loaded(index);
        let value = self.expression(value)?;
        let value = self.loaded(value);
        let i = self.value_of(&index);
        let register = self.value_register();
        let open = self.open_place(&place, place.path.len(), register);
        let d = self.value_register();
        self.emit(Op::Index { x: VIn(register), i: VIn(i), d: VOut(d) });
        let b = VIn(self.value_of(&value));
        let result = self.value_register();
        self.emit(Op::UpdateV { op, a: VIn(d), b, d: VOut(result) });
        self.emit(Op::SetIndex { i: VIn(i), v: VIn(result), x: VMut(register) });
        self.close_place(&place, &open);
        self.place_changed(&place, element_changed(&container, &index, &Kind::Any));
        Ok(())
    }

    fn augment_element(
        &mut self,
        place: &Place,
        register: u16,
        container: &Kind,
        index: Term,
        op: BinaryOp,
        value: Term,
    ) -> Result<()> {
        let object = Term::value(register, container.clone());
        let element = element_at(container, &index);
        let current = if matches!(container, Kind::Dict(_) | Kind::List(_) | Kind::ListOf(_)) && !element.is_scalar() {
            // Taken out, so that the operator may reuse its buffer.
            let i = VIn(self.value_of(&index));
            let d = self.value_register();
            self.emit(Op::TakeItem { i, x: VMut(register), d: VOut(d) });
            self.result(d, element)
        } else if matches!(container, Kind::Array(..)) && !element.is_scalar() {
            let (i, v) = (VIn(self.value_of(&index)), VIn(self.value_of(&value)));
            self.emit(Op::UpdateIndex { op, i, v, x: VMut(register) });
            return Ok(());
        } else {
            self.index_term(object, index.clone())?
        };
        let result = self.update(op, current, value)?;
        self.set_element(register, container, &index, &result);
        self.place_changed(place, element_changed(container, &index, &result.kind));
        Ok(())
    }

    /// `del object[index]`
    pub(super) fn delete_subscript(&mut self, object: &Expr, index: &Expr) -> Result<()> {
        let place = self.place(object)?;
        let index = self.expression(index)?;
        let index = self.loaded(index);
        let i = self.value_of(&index);
        let register = self.value_register();
        let open = self.open_place(&place, place.path.len(), register);
        self.emit(Op::DeleteIndex { i: VIn(i), x: VMut(register) });
        self.close_place(&place, &open);
        let kind = match self.place_value_kind(&place) {
            list @ (Kind::List(_) | Kind::ListOf(_)) => Kind::ListOf(Arc::new(list.element())),
            _ => Kind::Any,
        };
        self.place_changed(&place, kind);
        Ok(())
    }
}

/// What a container is after one element has been set.
fn element_changed(container: &Kind, index: &Term, value: &Kind) -> Kind {
    let literal = match &index.at {
        At::Literal(literal) => Some(literal),
        _ => None,
    };
    match (container, literal) {
        (Kind::Array(..), _) => container.clone(),
        (Kind::List(items), Some(Literal::Int(i))) => {
            let at = if *i < 0 { i + items.len() as i64 } else { *i };
            let mut items = items.to_vec();
            match usize::try_from(at).ok().and_then(|at| items.get_mut(at)) {
                Some(item) => *item = value.clone(),
                None => return Kind::Any,
            }
            Kind::List(items.into())
        }
        (Kind::List(_) | Kind::ListOf(_), _) if index.kind == Kind::Int => {
            Kind::ListOf(Arc::new(container.element().join(value)))
        }
        (Kind::Dict(items), Some(key)) => {
            let mut items = items.to_vec();
            match items.iter_mut().find(|(k, _)| k == key) {
                Some((_, kind)) => *kind = value.clone(),
                None => items.push((key.clone(), value.clone())),
            }
            // A dict that is known to grow without end is not worth knowing.
            if items.len() > 64 { Kind::Any } else { Kind::Dict(items.into()) }
        }
        _ => Kind::Any,
    }
}

fn changed_within(whole: &Kind, path: &[Term], kind: Kind) -> Kind {
    match path.split_first() {
        None => kind,
        Some((index, rest)) => {
            let element = changed_within(&element_at(whole, index), rest, kind);
            match whole {
                Kind::Tuple(items) => match &index.at {
                    At::Literal(Literal::Int(i)) if (0..items.len() as i64).contains(i) => {
                        let mut items = items.to_vec();
                        items[*i as usize] = element;
                        Kind::Tuple(items.into())
                    }
                    _ => Kind::Any,
                },
                _ => element_changed(whole, index, &element),
            }
        }
    }
}
