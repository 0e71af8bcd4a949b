//! What the steps of a chain do for operands of some types.

use super::chain::{Action, Chain, Slot, Step};
use super::kernels::{self, Kernel2};
use super::run::Given;
use crate::lang::tree::BinaryOp;
use crate::sct::kind::DType;
use crate::vector::{POW, SIN};

/// What a chain does for operands of some types.
#[derive(Debug)]
pub struct Plan {
    /// The types of the inputs, and what those are that are exponents.
    inputs: Vec<(Type, Option<f64>)>,
    /// The types of the steps' results.
    pub types: Vec<Type>,
    /// What is done for each block.
    pub lines: Vec<Line>,
    /// The inputs that are numbers and fill their block.
    pub filled: Vec<u16>,
    /// Floating-point operations for each element.
    pub operations: u64,
}

/// What is known of an operand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Type {
    /// A number.
    Number(DType),
    /// An array of floats.
    Floats,
    /// An array of truth values.
    Truths,
    /// Anything else.
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
pub struct Line {
    /// What is done.
    pub ready: Ready,
    /// To what.
    pub operands: [Place; 3],
    /// The block that the result goes to, or of a sum its place among the sums.
    pub to: u16,
}

/// Where an operand is.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In a block.
    Block(u16),
    /// An input that is an array.
    Array(u16),
    /// An input that is a number.
    Number(u16),
}

/// What computes a step.
#[derive(Clone, Copy, Debug)]
pub enum Ready {
    /// A function of one block.
    One(fn(&[f64], &mut [f64])),
    /// A function of two blocks, each of which may be one number.
    Two(Kernel2),
    /// A function of two blocks.
    Pairs(Kernel2),
    /// The second where the first is not zero, else the third.
    Choose,
    /// The sum of a block.
    Sum,
    /// The sine, and in another block the cosine.
    SineAndCosine(u16),
}

impl Plan {
    /// The plan of a chain; none where the instructions have to do it.
    pub fn new<const N: usize>(chain: &Chain, given: &[Given<'_>; N]) -> Option<Plan> {
        let mut plan =
            Plan { inputs: Vec::new(), types: Vec::new(), lines: Vec::new(), filled: Vec::new(), operations: 0 };
        for (at, given) in given.iter().enumerate().take(chain.inputs.len()) {
            let exponent = Slot::Input(at as u16);
            let is_exponent = chain.steps.iter().any(|step| step.action.is_power() && step.operands[1] == exponent);
            plan.inputs.push((given.of, is_exponent.then_some(given.number)));
        }
        for (at, step) in chain.steps.iter().enumerate() {
            let (of, ready) = prepared(step, given, &plan.types)?;
            plan.types.push(of);
            plan.operations += u64::from(!matches!(step.action, Action::Where));
            plan.line(chain, at, ready);
        }
        Some(plan)
    }

    fn line(&mut self, chain: &Chain, at: usize, ready: Ready) {
        let step = &chain.steps[at];
        let block = |step: &Step| chain.inputs.len() as u16 + step.block;
        let mut ready = ready;
        let mut to = if let Ready::Sum = ready { step.block } else { block(step) };
        if let Some(partner) = step.partner.map(usize::from) {
            // The first of the two gives both.
            if partner < at {
                return;
            }
            let other = block(&chain.steps[partner]);
            let is_sine = matches!(step.action, Action::Function1(f) if std::ptr::eq(f, &SIN));
            (to, ready) = if is_sine { (to, Ready::SineAndCosine(other)) } else { (other, Ready::SineAndCosine(to)) };
        }
        let numbers_as_they_are = matches!(ready, Ready::Two(_));
        let operands = step.operands.map(|slot| match slot {
            Slot::Step(k) => Place::Block(block(&chain.steps[usize::from(k)])),
            Slot::Input(k) => match self.inputs[usize::from(k)].0 {
                Type::Number(_) if numbers_as_they_are => Place::Number(k),
                Type::Number(_) => {
                    if !self.filled.contains(&k) {
                        self.filled.push(k);
                    }
                    Place::Block(k)
                }
                _ => Place::Array(k),
            },
        });
        self.lines.push(Line { ready, operands, to });
    }

    /// Whether it is for operands of such types.
    pub fn is_for(&self, given: &[Given<'_>]) -> bool {
        let same = |((of, exponent), given): (&(Type, Option<f64>), &Given<'_>)| {
            *of == given.of && exponent.is_none_or(|exponent| exponent == given.number)
        };
        self.inputs.iter().zip(given).all(same)
    }
}

/// The type of a step's result and what computes it; none where the instructions have to.
fn prepared(step: &Step, given: &[Given<'_>], types: &[Type]) -> Option<(Type, Ready)> {
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
        Action::Function2(f) => (Type::Floats, Ready::Pairs(f.many)),
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
                (BinaryOp::Pow, _) => Ready::Pairs(POW.many),
                _ => return None,
            };
            (Type::Floats, kernel)
        }
        _ => return None,
    })
}
