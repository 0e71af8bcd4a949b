//! A chain on values, block by block.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::chain::{Action, Chain, Held, INPUTS, Input, STEPS, SUMS, Slot, Step};
use super::kernels::{self, Kernel2};
use crate::interp::array::{Array, from_elements};
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

/// The blocks, kept from run to run.
#[derive(Debug, Default)]
pub struct Scratch(Vec<Vec<f64>>);

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

/// An operand from outside, as it is.
#[derive(Clone, Copy)]
enum Given<'a> {
    Number(f64, DType),
    Elements(&'a [f64]),
    Other,
}

/// What is known of an operand.
#[derive(Clone, Copy, PartialEq)]
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
#[derive(Clone, Copy)]
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
        let mut given = [Given::Other; INPUTS];
        let mut shape: Option<&[usize]> = None;
        for (given, input) in given.iter_mut().zip(&self.inputs) {
            *given = match input {
                Input::Register(register) => of_value(&values[usize::from(*register)], &mut shape)?,
                Input::Constant(k) => of_value(&constants[*k as usize], &mut shape)?,
                Input::Number(register, dtype) => of_bits(numbers[usize::from(*register)], *dtype),
            };
        }
        let shape = shape?;
        let len: usize = shape.iter().product();
        if len == 0 {
            return None;
        }
        let mut types = [Type::Other; STEPS];
        let mut ready = [Ready::Sum; STEPS];
        let mut done = Done { operations: 0, work: 0 };
        for (at, step) in self.steps.iter().enumerate() {
            (types[at], ready[at]) = prepared(step, &given, &types)?;
            if !matches!(step.action, Action::Where) {
                done.operations += len as u64;
            }
            done.work += len as u64;
        }
        if bounds.operations.is_some_and(|most| done.operations > most) {
            return None;
        }
        let blocks = &mut scratch.0;
        blocks.resize_with(blocks.len().max(self.inputs.len() + self.blocks), || vec![0.0; BLOCK]);
        for (given, block) in given.iter().zip(blocks.iter_mut()) {
            if let Given::Number(x, _) = given {
                block[..len.min(BLOCK)].fill(*x);
            }
        }
        let mut made = Vec::new();
        for (at, step) in self.steps.iter().enumerate().filter(|(_, step)| step.kept && !step.action.reduces()) {
            let array = match types[at] {
                Type::Truths => Made::Truths(Vec::with_capacity(len)),
                _ => Made::Floats(Vec::with_capacity(len)),
            };
            made.push((at, step.block, array));
        }
        let mut work = Work { chain: self, given, ready, blocks, made, bounds };
        let sums = work.run(0, len)?;
        let made = work.made;
        let mut results: Vec<Value> = Vec::with_capacity(self.results.len());
        let mut arrays = [const { Value::None }; STEPS];
        for (at, _, array) in made {
            arrays[at] = match array {
                Made::Floats(elements) => Value::from(from_elements(shape, elements).ok()?),
                Made::Truths(elements) => Value::from(from_elements(shape, elements).ok()?),
            };
        }
        for (_, held) in &self.results {
            results.push(match held {
                Held::Nothing => Value::None,
                Held::Slot(Slot::Step(k)) => {
                    let step = &self.steps[usize::from(*k)];
                    match step.action {
                        Action::Sum => Value::Float(0.0 + sums[usize::from(step.block)]),
                        Action::Mean => Value::Float((0.0 + sums[usize::from(step.block)]) / len as f64),
                        _ => arrays[usize::from(*k)].clone(),
                    }
                }
                Held::Slot(Slot::Input(k)) => match self.inputs[usize::from(*k)] {
                    Input::Register(register) => values[usize::from(register)].clone(),
                    Input::Constant(k) => constants[k as usize].clone(),
                    Input::Number(register, dtype) => boxed(numbers[usize::from(register)], dtype),
                },
            });
        }
        drop(arrays);
        for ((register, _), value) in self.results.iter().zip(results) {
            values[usize::from(*register)] = value;
        }
        Some(done)
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
                Input::Number(..) => continue,
            };
            let Value::Array(array) = value else { continue };
            match &**array {
                Array::Float(a) if *first.get_or_insert(a.shape()) != a.shape() => return "arrays of different shapes",
                Array::Float(a) if !a.is_standard_layout() => return "the elements of an array are not in order",
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

fn of_bits<'a>(bits: u64, dtype: DType) -> Given<'a> {
    match dtype {
        DType::Float => Given::Number(f64::from_bits(bits), dtype),
        DType::Int => Given::Number(bits as i64 as f64, dtype),
        DType::Bool => Given::Number(if bits == 0 { 0.0 } else { 1.0 }, dtype),
    }
}

/// An operand; none where it is an array of another shape or type, or not in order.
fn of_value<'a>(value: &'a Value, shape: &mut Option<&'a [usize]>) -> Option<Given<'a>> {
    Some(match value {
        Value::Float(x) => Given::Number(*x, DType::Float),
        Value::Int(i) => Given::Number(*i as f64, DType::Int),
        Value::Bool(b) => Given::Number(f64::from(u8::from(*b)), DType::Bool),
        Value::Array(array) => {
            let Array::Float(a) = &**array else { return None };
            if shape.get_or_insert(a.shape()) != &a.shape() {
                return None;
            }
            Given::Elements(a.as_slice()?)
        }
        _ => Given::Other,
    })
}

/// The type of a step's result and what computes it; none where the instructions have to.
fn prepared(step: &Step, given: &[Given<'_>; INPUTS], types: &[Type; STEPS]) -> Option<(Type, Ready)> {
    let type_of = |slot: Slot| match slot {
        Slot::Step(k) => types[usize::from(k)],
        Slot::Input(k) => match given[usize::from(k)] {
            Given::Number(_, dtype) => Type::Number(dtype),
            Given::Elements(_) => Type::Floats,
            Given::Other => Type::Other,
        },
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
                Slot::Input(k) => given[usize::from(k)],
                Slot::Step(_) => Given::Other,
            };
            let kernel = match (op, exponent) {
                (BinaryOp::Add, _) => Ready::Two(kernels::add),
                (BinaryOp::Sub, _) => Ready::Two(kernels::subtract),
                (BinaryOp::Mul, _) => Ready::Two(kernels::multiply),
                (BinaryOp::Div, _) => Ready::Two(kernels::divide),
                (BinaryOp::Pow, Given::Number(2.0, _)) => Ready::One(kernels::square),
                (BinaryOp::Pow, Given::Number(0.5, _)) => Ready::One(kernels::root),
                (BinaryOp::Pow, Given::Number(-1.0, _)) => Ready::One(kernels::reciprocal),
                (BinaryOp::Pow, _) => Ready::Two(POW.many),
                _ => return None,
            };
            (Type::Floats, kernel)
        }
        _ => return None,
    })
}

/// A run under way.
struct Work<'a> {
    chain: &'a Chain,
    given: [Given<'a>; INPUTS],
    ready: [Ready; STEPS],
    blocks: &'a mut Vec<Vec<f64>>,
    /// The arrays that are kept: the step, its block, the elements so far.
    made: Vec<(usize, u16, Made)>,
    bounds: &'a Bounds<'a>,
}

impl Work<'_> {
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
        for (_, block, made) in &mut self.made {
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
                Given::Elements(elements) => &elements[start..start + len],
                _ => &self.blocks[usize::from(k)][..len],
            },
        }
    }
}
