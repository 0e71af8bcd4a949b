//! A chain on values, block by block.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ndarray::{ArcArray, Axis, IxDyn};

use super::chain::{Action, Chain, Held, INPUTS, Input, STEPS, SUMS, Slot, Step};
use super::kernels::{self, Kernel2};
use super::spread::{Form, RANK, Spread};
use crate::interp::array::{Array, from_elements, shape_len};
use crate::interp::library::reductions::pairwise_sum;
use crate::interp::value::Value;
use crate::interp::vm::boxed;
use crate::lang::tree::BinaryOp;
use crate::sct::kind::DType;
use crate::vector::{POW, SIN, sin_cos};

/// Elements of a block: a dozen blocks stay in the first cache.
const BLOCK: usize = 256;
/// Elements between two looks at what may end the run.
const WATCHED: usize = 1 << 14;

/// The blocks, and the arrays of a run by their steps; their memory is kept from run to run.
#[derive(Debug, Default)]
pub struct Scratch {
    blocks: Vec<Vec<f64>>,
    arrays: Vec<(u16, Value)>,
    /// The inputs that are broadcast block by block.
    spreads: Vec<(usize, Spread)>,
}

/// What the steps of a chain do for operands of some types.
#[derive(Debug)]
pub struct Plan {
    /// The types of the inputs, and what those are that are exponents.
    inputs: Vec<(Type, Option<f64>)>,
    /// The types of the results.
    types: Vec<Type>,
    ready: Vec<Ready>,
    /// Floating-point operations for each element.
    operations: u64,
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
struct Given<'a> {
    of: Type,
    number: f64,
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
}

/// What is known of an operand.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Type {
    Number(DType),
    Floats,
    Truths,
    Other,
}

impl Type {
    fn dtype(self) -> Option<DType> {
        match self {
            Type::Number(dtype) => Some(dtype),
            Type::Floats => Some(DType::Float),
            Type::Truths => Some(DType::Bool),
            Type::Other => None,
        }
    }

    fn is_array(self) -> bool {
        matches!(self, Type::Floats | Type::Truths)
    }
}

/// A step for operands of known types.
#[derive(Clone, Copy, Debug)]
enum Ready {
    One(fn(&[f64], &mut [f64])),
    Two(Kernel2),
    Choose,
    Sum,
}

/// An array that is being made.
enum Made {
    Floats(Vec<f64>),
    Truths(Vec<bool>),
}

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
        let mut given = [Given { of: Type::Other, number: 0.0, elements: &[], spread: false }; INPUTS];
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
                Input::Unread(_) => true,
            };
            if !known {
                return None;
            }
        }
        let Scratch { blocks, arrays, spreads } = scratch;
        spreads.clear();
        let broadcast;
        let shape = match shapes.differ {
            false => shapes.first?,
            true => {
                broadcast = self.broadcast(constants, values, &mut given, spreads)?.shape();
                &broadcast.0[..broadcast.1]
            }
        };
        let len = shape_len(shape).ok()?;
        if len == 0 {
            return None;
        }
        let other;
        let plan = match self.plan.get() {
            Some(plan) if plan.is_for(&given) => plan,
            Some(_) => {
                other = self.planned(&given)?;
                &other
            }
            None => {
                let plan = self.planned(&given)?;
                self.plan.get_or_init(|| plan)
            }
        };
        let types = &plan.types;
        let done = Done { operations: plan.operations * len as u64, work: (self.steps.len() * len) as u64 };
        if bounds.operations.is_some_and(|most| done.operations > most) {
            return None;
        }
        if blocks.len() < self.inputs.len() + self.blocks {
            blocks.resize_with(self.inputs.len() + self.blocks, || vec![0.0; BLOCK]);
        }
        for (given, block) in given.iter().zip(blocks.iter_mut()) {
            if let Type::Number(_) = given.of {
                block[..len.min(BLOCK)].fill(given.number);
            }
        }
        // What fits one block is taken out of it at the end.
        let at_once = len <= BLOCK && shape.len() <= RANK;
        let kept = || self.steps.iter().enumerate().filter(|(_, step)| step.kept && !step.action.reduces());
        let mut made = Vec::new();
        for (at, step) in kept().filter(|_| !at_once) {
            let array = match types[at] {
                Type::Truths => Made::Truths(Vec::with_capacity(len)),
                _ => Made::Floats(Vec::with_capacity(len)),
            };
            made.push((step.block, array));
        }
        let mut work = Work { chain: self, given, spreads, ready: &plan.ready, blocks, made, bounds };
        let sums = work.run(0, len)?;
        let Work { made, blocks, .. } = work;
        arrays.clear();
        for ((at, _), (_, array)) in kept().zip(made) {
            let array = match array {
                Made::Floats(elements) => Value::from(from_elements(shape, elements).ok()?),
                Made::Truths(elements) => Value::from(from_elements(shape, elements).ok()?),
            };
            arrays.push((at as u16, array));
        }
        let mut lengths = [0; RANK];
        let rank = shape.len().min(RANK);
        lengths[..rank].copy_from_slice(&shape[..rank]);

        let mut passed = Vec::new();
        for (_, held) in &self.results {
            if let Held::Slot(Slot::Input(k)) = held {
                passed.push(match self.inputs[usize::from(*k)] {
                    Input::Register(register) | Input::Unread(register) => values[usize::from(register)].clone(),
                    Input::Column(_) | Input::Row(_) => Value::None,
                    Input::Constant(k) => constants[k as usize].clone(),
                    Input::Number(register, dtype) => boxed(numbers[usize::from(register)], dtype),
                });
            }
        }
        if at_once {
            // An operand that nobody reads again lends its array to a result.
            let mut free = self.results.iter().map(|(register, _)| usize::from(*register));
            for (at, step) in kept() {
                let elements = &blocks[self.inputs.len() + usize::from(step.block)][..len];
                let array = match types[at] {
                    Type::Truths => {
                        let truths = elements.iter().map(|x| *x != 0.0).collect();
                        Value::from(from_elements(&lengths[..rank], truths).ok()?)
                    }
                    _ => match free.find(|register| overwritten(&mut values[*register], &lengths[..rank], elements)) {
                        Some(register) => std::mem::take(&mut values[register]),
                        None => Value::from(from_elements(&lengths[..rank], elements.to_vec()).ok()?),
                    },
                };
                arrays.push((at as u16, array));
            }
        }
        let mut passed = passed.into_iter();
        for (at, (register, held)) in self.results.iter().enumerate() {
            values[usize::from(*register)] = match held {
                Held::Nothing => Value::None,
                Held::Slot(Slot::Input(_)) => passed.next().unwrap_or_default(),
                Held::Slot(Slot::Step(k)) => {
                    let step = &self.steps[usize::from(*k)];
                    let sum = || 0.0 + sums[usize::from(step.block)];
                    match (step.action, arrays.iter_mut().find(|(of, _)| of == k)) {
                        (Action::Sum, _) => Value::Float(sum()),
                        (Action::Mean, _) => Value::Float(sum() / len as f64),
                        // The last register that holds it gets it itself.
                        (_, Some((_, array))) if self.results[at + 1..].iter().all(|(_, other)| other != held) => {
                            std::mem::take(array)
                        }
                        (_, Some((_, array))) => array.clone(),
                        (_, None) => Value::None,
                    }
                }
            };
        }
        Some(done)
    }

    /// The shape that operands of several shapes are broadcast to, where that of each step's result is the same; notes which
    /// operands have to be spread.
    fn broadcast(
        &self,
        constants: &[Value],
        values: &[Value],
        given: &mut [Given<'_>; INPUTS],
        spreads: &mut Vec<(usize, Spread)>,
    ) -> Option<Form> {
        let mut whole = Form::NUMBER;
        let mut operands = [(Form::NUMBER, [0; RANK]); INPUTS];
        for ((operand, input), given) in operands.iter_mut().zip(&self.inputs).zip(given.iter()) {
            let value = match input {
                Input::Register(register) | Input::Column(register) | Input::Row(register) => {
                    &values[usize::from(*register)]
                }
                Input::Constant(k) => &constants[*k as usize],
                Input::Number(..) | Input::Unread(_) => continue,
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
                spreads.push((k, spread));
            }
        }
        Some(whole)
    }

    /// What the steps do for operands of these types; none where the instructions have to do it.
    fn planned(&self, given: &[Given<'_>; INPUTS]) -> Option<Plan> {
        let mut plan = Plan { inputs: Vec::new(), types: Vec::new(), ready: Vec::new(), operations: 0 };
        for (at, given) in given.iter().enumerate().take(self.inputs.len()) {
            let exponent = Slot::Input(at as u16);
            let is_exponent = self.steps.iter().any(|step| step.action.is_power() && step.operands[1] == exponent);
            plan.inputs.push((given.of, is_exponent.then_some(given.number)));
        }
        for step in &self.steps {
            let (of, how) = prepared(step, given, &plan.types)?;
            plan.types.push(of);
            plan.ready.push(how);
            plan.operations += u64::from(!matches!(step.action, Action::Where));
        }
        Some(plan)
    }
}

impl Plan {
    fn is_for(&self, given: &[Given<'_>; INPUTS]) -> bool {
        let same = |((of, exponent), given): (&(Type, Option<f64>), &Given<'_>)| {
            *of == given.of && exponent.is_none_or(|exponent| exponent == given.number)
        };
        self.inputs.iter().zip(given).all(same)
    }
}

/// Puts elements in place of those of a float array of this shape that nobody else holds; whether it is one.
fn overwritten(value: &mut Value, shape: &[usize], elements: &[f64]) -> bool {
    let Value::Array(array) = value else { return false };
    let Some(Array::Float(a)) = Arc::get_mut(array) else { return false };
    if !a.is_unique() || a.shape() != shape {
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
                Input::Number(..) | Input::Unread(_) => continue,
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

    /// Takes a value; false where it is an array of another type, or its elements are not in order.
    fn value(&mut self, value: &'a Value, shapes: &mut Shapes<'a>) -> bool {
        (self.of, self.number) = match value {
            Value::Float(x) => (Type::Number(DType::Float), *x),
            Value::Int(i) => (Type::Number(DType::Int), *i as f64),
            Value::Bool(b) => (Type::Number(DType::Bool), f64::from(u8::from(*b))),
            Value::Array(array) => {
                let Array::Float(a) = &**array else { return false };
                shapes.differ |= *shapes.first.get_or_insert(a.shape()) != a.shape();
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

/// The type of a step's result and what computes it; none where the instructions have to.
fn prepared(step: &Step, given: &[Given<'_>; INPUTS], types: &[Type]) -> Option<(Type, Ready)> {
    let type_of = |slot: Slot| match slot {
        Slot::Step(k) => types[usize::from(k)],
        Slot::Input(k) => given[usize::from(k)].of,
    };
    let [a, b, c] = step.operands.map(type_of);
    let count = step.action.operands();
    let all = &[a, b, c][..count];
    let an_array = all.iter().any(|operand| operand.is_array());
    if !an_array || all.contains(&Type::Other) {
        return None;
    }
    let floats = |operands: &[Type]| operands.iter().any(|operand| operand.dtype() == Some(DType::Float));
    Some(match step.action {
        Action::Function1(f) => (Type::Floats, Ready::One(f.many)),
        Action::Function2(f) => (Type::Floats, Ready::Two(f.many)),
        Action::Negate if a == Type::Floats => (Type::Floats, Ready::One(kernels::negate)),
        Action::Square if a == Type::Floats => (Type::Floats, Ready::One(kernels::square)),
        Action::Absolute if a == Type::Floats => (Type::Floats, Ready::One(kernels::absolute)),
        Action::Sum | Action::Mean if a == Type::Floats => (Type::Floats, Ready::Sum),
        Action::Maximum if floats(all) => (Type::Floats, Ready::Two(kernels::maximum)),
        Action::Minimum if floats(all) => (Type::Floats, Ready::Two(kernels::minimum)),
        Action::Compare(op) if floats(all) => (Type::Truths, Ready::Two(kernels::comparison(op)?)),
        Action::Where if a.is_array() && floats(&all[1..]) => (Type::Floats, Ready::Choose),
        Action::Update(_) if a == Type::Truths => return None,
        Action::Binary(op) | Action::Update(op) if floats(all) => {
            let exponent = match step.operands[1] {
                Slot::Input(k) if matches!(b, Type::Number(_)) => Some(given[usize::from(k)].number),
                _ => None,
            };
            let kernel = match (op, exponent) {
                (BinaryOp::Add, _) => Ready::Two(kernels::add),
                (BinaryOp::Sub, _) => Ready::Two(kernels::subtract),
                (BinaryOp::Mul, _) => Ready::Two(kernels::multiply),
                (BinaryOp::Div, _) => Ready::Two(kernels::divide),
                (BinaryOp::Pow, Some(2.0)) => Ready::One(kernels::square),
                (BinaryOp::Pow, Some(0.5)) => Ready::One(kernels::root),
                (BinaryOp::Pow, Some(-1.0)) => Ready::One(kernels::reciprocal),
                (BinaryOp::Pow, _) => Ready::Two(POW.many),
                _ => return None,
            };
            (Type::Floats, kernel)
        }
        _ => return None,
    })
}

/// A run under way.
struct Work<'a, 'g> {
    chain: &'a Chain,
    given: [Given<'g>; INPUTS],
    spreads: &'a [(usize, Spread)],
    ready: &'a [Ready],
    blocks: &'a mut Vec<Vec<f64>>,
    /// The arrays that are kept: the block, the elements so far.
    made: Vec<(u16, Made)>,
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
        let inputs = self.chain.inputs.len();
        let mut sums = [0.0; SUMS];
        let chain = self.chain;
        for (k, spread) in self.spreads {
            spread.fill(self.given[*k].elements, start, &mut self.blocks[*k][..len]);
        }
        for (number, step) in chain.steps.iter().enumerate() {
            let at = inputs + usize::from(step.block);
            if let Some(partner) = step.partner.map(usize::from) {
                if number < partner {
                    self.sine_and_cosine([number, partner], start, len);
                }
                continue;
            }
            let ready = self.ready[number];
            if let Ready::Sum = ready {
                sums[usize::from(step.block)] = pairwise_sum(self.operand(step.operands[0], start, len));
                continue;
            }
            let mut block = std::mem::take(&mut self.blocks[at]);
            let out = &mut block[..len];
            let [a, b, c] = step.operands.map(|slot| self.operand(slot, start, len));
            match ready {
                Ready::One(f) => f(a, out),
                Ready::Two(f) => f(a, b, out),
                Ready::Choose => kernels::choose(a, b, c, out),
                Ready::Sum => {}
            }
            self.blocks[at] = block;
        }
        for (block, made) in &mut self.made {
            let elements = &self.blocks[inputs + usize::from(*block)][..len];
            match made {
                Made::Floats(array) => array.extend_from_slice(elements),
                Made::Truths(array) => array.extend(elements.iter().map(|x| *x != 0.0)),
            }
        }
        sums
    }

    /// Two steps that are the sine and the cosine of the same.
    fn sine_and_cosine(&mut self, steps: [usize; 2], start: usize, len: usize) {
        let steps = steps.map(|step| &self.chain.steps[step]);
        let at = steps.map(|step| self.chain.inputs.len() + usize::from(step.block));
        let [mut first, mut second] = at.map(|at| std::mem::take(&mut self.blocks[at]));
        let of = self.operand(steps[0].operands[0], start, len);
        let (a, b) = (&mut first[..len], &mut second[..len]);
        match steps[0].action {
            Action::Function1(f) if std::ptr::eq(f, &SIN) => sin_cos(of, a, b),
            _ => sin_cos(of, b, a),
        }
        (self.blocks[at[0]], self.blocks[at[1]]) = (first, second);
    }

    fn operand(&self, slot: Slot, start: usize, len: usize) -> &[f64] {
        match slot {
            Slot::Step(k) => {
                let block = self.chain.inputs.len() + usize::from(self.chain.steps[usize::from(k)].block);
                &self.blocks[block][..len]
            }
            Slot::Input(k) => match self.given[usize::from(k)] {
                Given { of: Type::Floats, spread: false, elements, .. } => &elements[start..start + len],
                _ => &self.blocks[usize::from(k)][..len],
            },
        }
    }
}
