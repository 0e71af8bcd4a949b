//! A chain on values, block by block.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ndarray::{ArcArray, Axis, IxDyn};
use smallvec::SmallVec;

use super::chain::{Action, Chain, Change, Held, INPUTS, Input, Kept, Outcome, STEPS, SUMS, Slot};
use super::kernels;
use super::part::Part;
use super::plan::{Line, Place, Plan, Ready, Type};
use super::spread::{Form, RANK, Spread};
use crate::interp::array::{Array, allowed_len, filled, floats, from_elements, same_shape};
use crate::interp::indexing;
use crate::interp::library::reductions::pairwise_sum;
use crate::interp::value::Value;
use crate::interp::vm::boxed;
use crate::lang::tree::BinaryOp;
use crate::sct::kind::DType;
use crate::vector::sin_cos;

/// Elements of a block: a dozen blocks stay in the first cache.
const BLOCK: usize = 256;
/// Elements between two looks at what may end the run.
const WATCHED: usize = 1 << 14;
/// Operands of most chains.
const FEW: usize = 8;

/// The blocks, and the arrays of a run by their steps; their memory is kept from run to run.
#[derive(Debug, Default)]
pub struct Scratch {
    blocks: Vec<[f64; BLOCK]>,
    arrays: Vec<(u16, Value)>,
    /// The inputs that are broadcast block by block.
    spreads: Vec<Spreading>,
}

/// An input that is broadcast block by block.
#[derive(Debug)]
struct Spreading {
    input: usize,
    spread: Spread,
    /// Elements at the beginning of the input's block that are those from the first on.
    filled: usize,
}

/// What may end a run from outside.
pub struct Bounds<'a> {
    /// Set by another thread.
    pub interrupt: &'a AtomicBool,
    /// When the time is over.
    pub deadline: Option<Instant>,
    /// How many operations are left.
    pub operations: Option<u64>,
}

impl Bounds<'_> {
    fn reached(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed) || self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }
}

/// What a run counts.
pub struct Done {
    /// The floating-point operations.
    pub operations: u64,
    /// The elements gone through.
    pub work: u64,
}

/// An operand from outside, as it is: a number, or elements.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// What it is.
    pub of: Type,
    /// The number, where it is one.
    pub number: f64,
    elements: &'a [f64],
    /// Whether the elements are spread over the input's block.
    spread: bool,
}

/// The shapes of a chain's operands.
#[derive(Default)]
struct Shapes<'a> {
    first: Option<&'a [usize]>,
    /// Whether they are not all the same, with the elements in order.
    differ: bool,
    /// Elements of the first.
    len: usize,
}

/// An array that is being made.
enum Made {
    Floats(Vec<f64>),
    Truths(Vec<bool>),
}

/// The parts that inputs are, in their order.
type Parts = SmallVec<[Part; FEW]>;

impl Chain {
    /// Computes the run where the operands are arrays of floats of one shape, and numbers. None: nothing is done; also
    /// where a bound is reached, which the instructions find out in their turn.
    pub fn run(
        &self,
        constants: &[Value],
        numbers: &[u64],
        values: &mut [Value],
        scratch: &mut Scratch,
        bounds: &Bounds<'_>,
    ) -> Option<Done> {
        match self.inputs.len() {
            ..=FEW => self.run_of::<FEW>(constants, numbers, values, scratch, bounds),
            _ => self.run_of::<INPUTS>(constants, numbers, values, scratch, bounds),
        }
    }

    fn run_of<const N: usize>(
        &self,
        constants: &[Value],
        numbers: &[u64],
        values: &mut [Value],
        scratch: &mut Scratch,
        bounds: &Bounds<'_>,
    ) -> Option<Done> {
        let parts = self.parts(constants, values)?;
        let mut part = parts.iter();
        let mut given = [Given { of: Type::Other, number: 0.0, elements: &[], spread: false }; N];
        let mut shapes = Shapes::default();
        for (given, input) in given.iter_mut().zip(&self.inputs) {
            let known = match input {
                Input::Register(register) => given.value(&values[usize::from(*register)], &mut shapes),
                Input::Column(register) | Input::Row(register) => {
                    shapes.differ = true;
                    given.value(&values[usize::from(*register)], &mut shapes)
                }
                Input::Constant(k) => given.value(&constants[*k as usize], &mut shapes),
                Input::Number(register, dtype) => given.bits(numbers[usize::from(*register)], *dtype),
                Input::Part(register, _) => match part.next() {
                    Some(part) => given.part(&values[usize::from(*register)], part, &mut shapes),
                    None => false,
                },
                Input::Unread(_) | Input::UnreadPart(..) => true,
            };
            if !known {
                return None;
            }
        }
        let Scratch { blocks, arrays, spreads } = scratch;
        spreads.clear();
        let broadcast;
        let (shape, len) = match shapes.differ {
            false => (shapes.first?, shapes.len),
            true => {
                broadcast = self.broadcast(constants, values, &parts, &mut given, spreads)?.shape();
                let shape = &broadcast.0[..broadcast.1];
                (shape, shape.iter().try_fold(1usize, |len, n| len.checked_mul(*n))?)
            }
        };
        if len == 0 || !allowed_len(len) {
            return None;
        }
        let places = self.places(constants, values, shape)?;
        let other;
        let plan = match self.plan.get() {
            Some(plan) if plan.is_for(&given) => plan,
            Some(_) => {
                other = Plan::new(self, &given)?;
                &other
            }
            None => {
                let plan = Plan::new(self, &given)?;
                self.plan.get_or_init(|| plan)
            }
        };
        let updates = self.changes.iter().filter(|change| change.op.is_some()).count() as u64;
        let done = Done { operations: (plan.operations + updates) * len as u64, work: (self.steps.len() * len) as u64 };
        if bounds.operations.is_some_and(|most| done.operations > most) {
            return None;
        }
        if self.changes.iter().any(|change| plan.types[usize::from(change.step)] != Type::Floats) {
            return None;
        }
        if blocks.len() < self.inputs.len() + self.blocks {
            blocks.resize(self.inputs.len() + self.blocks, [0.0; BLOCK]);
        }
        for k in plan.filled.iter().map(|k| usize::from(*k)) {
            blocks[k][..len.min(BLOCK)].fill(given[k].number);
        }
        // What fits one block is taken out of it at the end.
        let at_once = len <= BLOCK && shape.len() <= RANK;
        let mut made = Vec::new();
        for step in self.kept.iter().map(|kept| usize::from(kept.step)).filter(|_| !at_once) {
            let array = match plan.types[step] {
                Type::Truths => Made::Truths(Vec::with_capacity(len)),
                _ => Made::Floats(Vec::with_capacity(len)),
            };
            made.push((self.block_of(step), array));
        }
        let mut work = Work { given: &given[..], spreads, lines: &plan.lines, blocks: &mut *blocks, made, bounds };
        let sums = work.run(0, len)?;
        let made = work.made;
        let lengths = &SmallVec::<[usize; RANK]>::from_slice(shape)[..];

        let mut passed = Vec::new();
        for Outcome { held, .. } in &self.results {
            if let Held::Slot(Slot::Input(k)) = held {
                passed.push(match self.inputs[usize::from(*k)] {
                    Input::Register(register) | Input::Unread(register) => values[usize::from(register)].clone(),
                    Input::Part(register, index) | Input::UnreadPart(register, index) => {
                        indexing::get(&values[usize::from(register)], &constants[index as usize]).ok()?
                    }
                    Input::Column(_) | Input::Row(_) => Value::None,
                    Input::Constant(k) => constants[k as usize].clone(),
                    Input::Number(register, dtype) => boxed(numbers[usize::from(register)], dtype),
                });
            }
        }
        // All of them are made before one is put in the place of what the instructions would read.
        let mut zeros: SmallVec<[Value; 2]> = SmallVec::new();
        for Outcome { held, .. } in &self.results {
            if let Held::Zeros(like) = held {
                zeros.push(filled(self.like(*like, values)?.shape(), 0.0).ok()?.into());
            }
        }
        let made_zeros = self.results.iter().filter(|outcome| matches!(outcome.held, Held::Zeros(_)));
        for (Outcome { register, .. }, zeros) in made_zeros.zip(zeros) {
            values[usize::from(*register)] = zeros;
        }
        for (Change { register, op, step, .. }, part) in self.changes.iter().zip(&places) {
            let at = || self.kept.iter().position(|kept| kept.step == *step);
            let elements = match at_once {
                true => &blocks[self.block_of(usize::from(*step))][..len],
                false => match at().and_then(|at| made.get(at)) {
                    Some((_, Made::Floats(elements))) => elements.as_slice(),
                    _ => &[],
                },
            };
            change(&mut values[usize::from(*register)], part, *op, elements);
        }
        arrays.clear();
        for (Kept { step, held }, (_, array)) in self.kept.iter().zip(made) {
            if *held {
                let array = match array {
                    Made::Floats(elements) => floats(lengths, elements)?,
                    Made::Truths(elements) => Value::from(from_elements(lengths, elements).ok()?),
                };
                arrays.push((*step, array));
            }
        }
        if at_once {
            // An operand that nobody reads again lends its array to a result.
            let mut free = self.results.iter().filter(|outcome| !matches!(outcome.held, Held::Zeros(_)));
            for Kept { step, .. } in self.kept.iter().filter(|kept| kept.held) {
                let elements = &blocks[self.block_of(usize::from(*step))][..len];
                let array = match plan.types[usize::from(*step)] {
                    Type::Truths => {
                        let truths = elements.iter().map(|x| *x != 0.0).collect();
                        Value::from(from_elements(lengths, truths).ok()?)
                    }
                    _ => {
                        match free.find(|free| overwritten(&mut values[usize::from(free.register)], lengths, elements))
                        {
                            Some(free) => std::mem::take(&mut values[usize::from(free.register)]),
                            None => floats(lengths, elements.to_vec())?,
                        }
                    }
                };
                arrays.push((*step, array));
            }
        }
        let mut passed = passed.into_iter();
        for Outcome { register, held, last } in &self.results {
            values[usize::from(*register)] = match held {
                Held::Zeros(_) | Held::Changed => continue,
                Held::Nothing => Value::None,
                Held::Slot(Slot::Input(_)) => passed.next().unwrap_or_default(),
                Held::Slot(Slot::Step(k)) => {
                    let step = &self.steps[usize::from(*k)];
                    let sum = || 0.0 + sums[usize::from(step.block)];
                    match (step.action, arrays.iter_mut().find(|(of, _)| of == k)) {
                        (Action::Sum, _) => Value::Float(sum()),
                        (Action::Mean, _) => Value::Float(sum() / len as f64),
                        (_, Some((_, array))) if *last => std::mem::take(array),
                        (_, Some((_, array))) => array.clone(),
                        (_, None) => Value::None,
                    }
                }
            };
        }
        Some(done)
    }

    /// What the inputs that are parts show; none where one shows anything else than a part of an array.
    fn parts(&self, constants: &[Value], values: &[Value]) -> Option<Parts> {
        let mut parts = Parts::new();
        for input in &self.inputs {
            if let Input::Part(register, index) = input {
                let Value::Array(array) = &values[usize::from(*register)] else { return None };
                parts.push(Part::of(array.shape(), &constants[*index as usize])?);
            }
        }
        Some(parts)
    }

    /// The parts that are changed; none where one is not of this shape, or of an array of floats in order.
    fn places(&self, constants: &[Value], values: &[Value], shape: &[usize]) -> Option<Parts> {
        let mut places = Parts::new();
        for change in &self.changes {
            let array = match change.zeros {
                Some(like) => self.like(like, values)?,
                None => in_order(&values[usize::from(change.register)])?,
            };
            places.push(Part::of(array.shape(), &constants[change.index as usize])?);
        }
        places.iter().all(|part| same_shape(part.shape(), shape)).then_some(places)
    }

    /// The array that zeros are made like.
    fn like<'v>(&self, input: u16, values: &'v [Value]) -> Option<&'v ArcArray<f64, IxDyn>> {
        match self.inputs[usize::from(input)] {
            Input::Register(register) | Input::Unread(register) => in_order(&values[usize::from(register)]),
            _ => None,
        }
    }

    /// The block of a step's result.
    fn block_of(&self, step: usize) -> usize {
        self.inputs.len() + usize::from(self.steps[step].block)
    }

    /// The shape that operands of several shapes are broadcast to, where that of each step's result is the same; notes which
    /// operands have to be spread.
    fn broadcast<const N: usize>(
        &self,
        constants: &[Value],
        values: &[Value],
        parts: &[Part],
        given: &mut [Given<'_>; N],
        spreads: &mut Vec<Spreading>,
    ) -> Option<Form> {
        let mut parts = parts.iter();
        let mut whole = Form::NUMBER;
        let mut operands = [(Form::NUMBER, [0; RANK]); N];
        for ((operand, input), given) in operands.iter_mut().zip(&self.inputs).zip(given.iter()) {
            let value = match input {
                Input::Register(register) | Input::Column(register) | Input::Row(register) => {
                    &values[usize::from(*register)]
                }
                Input::Constant(k) => &constants[*k as usize],
                Input::Part(..) => {
                    let part = parts.next()?;
                    let mut steps = [0; RANK];
                    steps[..part.steps().len()].copy_from_slice(part.steps());
                    *operand = (Form::of(part.shape())?, steps);
                    whole = whole.broadcast(operand.0)?;
                    continue;
                }
                Input::Number(..) | Input::Unread(_) | Input::UnreadPart(..) => continue,
            };
            let (Type::Floats, Value::Array(array)) = (given.of, value) else { continue };
            let Array::Float(a) = &**array else { return None };
            *operand = match (input, a.shape()) {
                (Input::Column(_), [length]) => (Form::of(&[*length, 1])?, [1, 0, 0, 0]),
                (Input::Row(_), [length]) => (Form::of(&[1, *length])?, [0, 1, 0, 0]),
                (Input::Column(_) | Input::Row(_), _) => return None,
                (_, shape) => {
                    let mut steps = [0; RANK];
                    let form = Form::of(shape)?;
                    steps[..shape.len()].copy_from_slice(a.strides());
                    (form, steps)
                }
            };
            whole = whole.broadcast(operand.0)?;
        }
        // What each step covers of the whole.
        let mut covered = [0; STEPS];
        for (at, step) in self.steps.iter().enumerate() {
            let all = step.operands.map(|slot| match slot {
                Slot::Input(k) => operands[usize::from(k)].0.covered(whole),
                Slot::Step(k) => covered[usize::from(k)],
            });
            // What is changed in place does not grow.
            let count = if matches!(step.action, Action::Update(_)) { 1 } else { step.action.operands() };
            covered[at] = all[..count].iter().fold(0, |sum, axes| sum | axes);
            if covered[at] != whole.axes() {
                return None;
            }
        }
        for (k, (given, (form, steps))) in given.iter_mut().zip(operands).enumerate().take(self.inputs.len()) {
            if given.of != Type::Floats {
                continue;
            }
            let spread = Spread::new(form, &steps[..form.shape().1], whole)?;
            given.spread = !spread.in_order();
            if given.spread {
                spreads.push(Spreading { input: k, spread, filled: 0 });
            }
        }
        Some(whole)
    }
}

/// Puts elements in place of those of a float array of this shape that nobody else holds; whether it is one.
fn overwritten(value: &mut Value, shape: &[usize], elements: &[f64]) -> bool {
    let Value::Array(array) = value else { return false };
    let Some(Array::Float(a)) = Arc::get_mut(array) else { return false };
    if !same_shape(a.shape(), shape) || !a.is_unique() {
        return false;
    }
    match a.as_slice_mut() {
        Some(own) => {
            own.copy_from_slice(elements);
            true
        }
        None => false,
    }
}

impl Chain {
    /// Why it was not run on these values, for people.
    pub fn obstacle(&self, constants: &[Value], values: &[Value]) -> &'static str {
        let mut first: Option<&[usize]> = None;
        for input in &self.inputs {
            let value = match input {
                Input::Register(register) => &values[usize::from(*register)],
                Input::Constant(k) => &constants[*k as usize],
                Input::Column(_) | Input::Row(_) => return "arrays of different shapes",
                Input::Part(register, index) => match &values[usize::from(*register)] {
                    Value::Array(array) if Part::of(array.shape(), &constants[*index as usize]).is_some() => {
                        match in_order(&values[usize::from(*register)]) {
                            Some(_) => continue,
                            None => return "a part of an array that is not of floats in order",
                        }
                    }
                    _ => return "an index that shows no part of an array",
                },
                Input::Number(..) | Input::Unread(_) | Input::UnreadPart(..) => continue,
            };
            let Value::Array(array) = value else { continue };
            match &**array {
                Array::Float(a) if *first.get_or_insert(a.shape()) != a.shape() => return "arrays of different shapes",
                Array::Float(a) if in_memory(a).is_none() => return "the elements of an array are not in order",
                Array::Float(_) => {}
                _ => return "an array of other elements than floats",
            }
        }
        match first {
            None => "no array of floats",
            Some(shape) if shape.contains(&0) => "an empty array",
            Some(_) => "an operation is not on an array of floats",
        }
    }
}

impl<'a> Given<'a> {
    fn bits(&mut self, bits: u64, dtype: DType) -> bool {
        self.of = Type::Number(dtype);
        self.number = match dtype {
            DType::Float => f64::from_bits(bits),
            DType::Int => bits as i64 as f64,
            DType::Bool => f64::from(u8::from(bits != 0)),
        };
        true
    }

    /// Takes a part of an array; false where it is not one of floats in order.
    fn part(&mut self, value: &'a Value, part: &'a Part, shapes: &mut Shapes<'a>) -> bool {
        let Some(elements) = in_order(value).and_then(|a| a.as_slice()) else { return false };
        match shapes.first {
            None => (shapes.first, shapes.len) = (Some(part.shape()), part.len()),
            Some(first) => shapes.differ |= !same_shape(first, part.shape()),
        }
        let range = part.range().unwrap_or_else(|| {
            shapes.differ = true;
            part.begin()..elements.len()
        });
        (self.of, self.number) = (Type::Floats, 0.0);
        elements.get(range).inspect(|elements| self.elements = elements).is_some()
    }

    /// Takes a value; false where it is an array of another type, or its elements are not in order.
    fn value(&mut self, value: &'a Value, shapes: &mut Shapes<'a>) -> bool {
        (self.of, self.number) = match value {
            Value::Float(x) => (Type::Number(DType::Float), *x),
            Value::Int(i) => (Type::Number(DType::Int), *i as f64),
            Value::Bool(b) => (Type::Number(DType::Bool), f64::from(u8::from(*b))),
            Value::Array(array) => {
                let Array::Float(a) = &**array else { return false };
                match shapes.first {
                    None => (shapes.first, shapes.len) = (Some(a.shape()), a.len()),
                    Some(first) => shapes.differ |= !same_shape(first, a.shape()),
                }
                self.elements = match a.as_slice() {
                    Some(elements) => elements,
                    None => {
                        shapes.differ = true;
                        match in_memory(a) {
                            Some(elements) => elements,
                            None => return false,
                        }
                    }
                };
                (Type::Floats, 0.0)
            }
            _ => (Type::Other, 0.0),
        };
        true
    }
}

/// An array of floats whose elements lie one behind the other.
fn in_order(value: &Value) -> Option<&ArcArray<f64, IxDyn>> {
    match value {
        Value::Array(array) => match &**array {
            Array::Float(a) if a.is_standard_layout() => Some(a),
            _ => None,
        },
        _ => None,
    }
}

/// Changes a part of an array of floats in order.
fn change(value: &mut Value, part: &Part, op: Option<BinaryOp>, elements: &[f64]) {
    let Value::Array(array) = value else { return };
    let Array::Float(a) = Arc::make_mut(array) else { return };
    let Some(own) = a.as_slice_mut() else { return };
    let mut rest = elements;
    for run in part.runs() {
        let (now, behind) = rest.split_at(run.len());
        rest = behind;
        let Some(place) = own.get_mut(run) else { return };
        let pairs = place.iter_mut().zip(now);
        match op {
            Some(BinaryOp::Add) => pairs.for_each(|(x, y)| *x += y),
            Some(BinaryOp::Sub) => pairs.for_each(|(x, y)| *x -= y),
            Some(BinaryOp::Mul) => pairs.for_each(|(x, y)| *x *= y),
            Some(BinaryOp::Div) => pairs.for_each(|(x, y)| *x /= y),
            _ => place.copy_from_slice(now),
        }
    }
}

/// The elements of an array, if they lie one behind the other in row-major order; those that it repeats once. What is in
/// another order is left to the instructions: their results are in that order too, and sums depend on it.
fn in_memory(a: &ArcArray<f64, IxDyn>) -> Option<&[f64]> {
    let mut view = a.view();
    for (axis, (length, step)) in a.shape().iter().zip(a.strides()).enumerate().rev() {
        match step {
            ..0 => return None,
            0 if *length > 1 => view.index_axis_inplace(Axis(axis), 0),
            _ => {}
        }
    }
    view.to_slice()
}

impl Spreading {
    /// Fills the input's block for the elements from `start` on, where it is not filled with the same.
    fn fill(&mut self, given: &Given<'_>, start: usize, block: &mut [f64]) {
        let begins = start == 0 || self.spread.period.is_some_and(|period| start.is_multiple_of(period));
        if begins && block.len() <= self.filled {
            return;
        }
        self.filled = if begins { block.len() } else { 0 };
        self.spread.fill(given.elements, start, block);
    }
}

/// A run under way.
struct Work<'a, 'g> {
    given: &'a [Given<'g>],
    spreads: &'a mut [Spreading],
    lines: &'a [Line],
    blocks: &'a mut Vec<[f64; BLOCK]>,
    /// The arrays that are kept: the block, the elements so far.
    made: Vec<(usize, Made)>,
    bounds: &'a Bounds<'a>,
}

impl Work<'_, '_> {
    /// Runs the elements from `start` on, in the halves that sums are made of; the sums. None where a bound is reached.
    fn run(&mut self, start: usize, len: usize) -> Option<[f64; SUMS]> {
        if len <= BLOCK {
            return Some(self.block(start, len));
        }
        if len >= WATCHED && self.bounds.reached() {
            return None;
        }
        let half = len / 2;
        let half = half - half % 8;
        let (first, second) = (self.run(start, half)?, self.run(start + half, len - half)?);
        Some(std::array::from_fn(|k| first[k] + second[k]))
    }

    fn block(&mut self, start: usize, len: usize) -> [f64; SUMS] {
        let mut sums = [0.0; SUMS];
        let Work { given, spreads, lines, blocks, made, .. } = self;
        for spreading in spreads.iter_mut() {
            spreading.fill(&given[spreading.input], start, &mut blocks[spreading.input][..len]);
        }
        for Line { ready, operands, to } in lines.iter() {
            let to = usize::from(*to);
            match ready {
                Ready::Sum => {
                    let none = ([].as_slice(), blocks.as_slice());
                    sums[to] = pairwise_sum(operand(given, none, operands[0], start, len));
                }
                Ready::SineAndCosine(other) => {
                    let other = usize::from(*other);
                    let (of, made) = match operands[0] {
                        Place::Array(k) if !given[usize::from(k)].spread => {
                            let elements = &given[usize::from(k)].elements[start..start + len];
                            (Some(elements), blocks.get_disjoint_mut([to, other]).ok())
                        }
                        Place::Array(k) | Place::Block(k) | Place::Number(k) => {
                            match blocks.get_disjoint_mut([to, other, usize::from(k)]) {
                                Ok([sines, cosines, of]) => (Some(&of[..len]), Some([sines, cosines])),
                                Err(_) => (None, None),
                            }
                        }
                    };
                    if let (Some(of), Some([sines, cosines])) = (of, made) {
                        sin_cos(of, &mut sines[..len], &mut cosines[..len]);
                    }
                }
                _ => {
                    let (before, rest) = blocks.split_at_mut(to);
                    let Some((out, after)) = rest.split_first_mut() else { continue };
                    let out = &mut out[..len];
                    let others = (&*before, &*after);
                    let of = |at: usize| operand(given, others, operands[at], start, len);
                    match ready {
                        Ready::One(f) => f(of(0), out),
                        Ready::Two(f) | Ready::Pairs(f) => f(of(0), of(1), out),
                        _ => kernels::choose(of(0), of(1), of(2), out),
                    }
                }
            }
        }
        for (block, made) in made {
            let elements = &blocks[*block][..len];
            match made {
                Made::Floats(array) => array.extend_from_slice(elements),
                Made::Truths(array) => array.extend(elements.iter().map(|x| *x != 0.0)),
            }
        }
        sums
    }
}

/// What an operand is for the elements from `start` on: all blocks but one are there, those before it and those behind.
#[inline(always)]
fn operand<'a>(
    given: &'a [Given<'_>],
    (before, after): (&'a [[f64; BLOCK]], &'a [[f64; BLOCK]]),
    place: Place,
    start: usize,
    len: usize,
) -> &'a [f64] {
    let block = |k: u16| match before.get(usize::from(k)) {
        Some(block) => &block[..len],
        None => &after[usize::from(k) - before.len() - usize::from(!before.is_empty())][..len],
    };
    match place {
        Place::Block(k) => block(k),
        Place::Number(k) => std::slice::from_ref(&given[usize::from(k)].number),
        Place::Array(k) => match &given[usize::from(k)] {
            Given { spread: false, elements, .. } => &elements[start..start + len],
            _ => block(k),
        },
    }
}
