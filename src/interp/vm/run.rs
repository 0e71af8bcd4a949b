//! The loop that runs the instructions of one frame.

use std::sync::Arc;

use super::frames::{Exit, Receiver};
use super::instructions::{Args, Dest, NIn, Op, To, VIn};
use super::items;
use super::scalars::{boxed, compare, float_binary, int_binary, range_rounds, unboxed};
use crate::interp::compile::Compiled;
use crate::interp::compile::liveness::NO_REGISTER;
use crate::interp::engine::Engine;
use crate::interp::function::{Closure, Function};
use crate::interp::fusion::Bounds;
use crate::interp::operators::{self, Lent, scalars};
use crate::interp::value::{Dict, Key, List, Slice, Value};
use crate::interp::{cost, display, indexing, iteration, library};
use crate::lang::tree::BinaryOp;
use crate::lang::{Error, ErrorKind, Result};
use crate::sct::kind::DType;

/// Operations on elements that count as one step towards the next look at the clock: this power of two.
const WORK: u32 = 8;

/// The value of an operand, moved where nobody reads it again.
#[inline(always)]
fn take(values: &mut [Value], v: VIn) -> Value {
    let register = v.register();
    if v.takes() { std::mem::take(&mut values[register]) } else { values[register].clone() }
}

/// After an instruction that only looked at an operand.
#[inline(always)]
fn done(values: &mut [Value], v: VIn) {
    if v.takes() {
        values[v.register()] = Value::None;
    }
}

/// `a op b` of arrays of floats in order, where the operands are.
#[inline(always)]
fn in_order(op: BinaryOp, values: &mut [Value], a: VIn, b: VIn) -> Option<Value> {
    let [x, y] = values.get_disjoint_mut([a.register(), b.register()]).ok()?;
    match (&*x, &*y) {
        (Value::Array(_), _) | (_, Value::Array(_)) => {}
        _ => return None,
    }
    let (a, b) = (Lent { value: x, taken: a.takes() }, Lent { value: y, taken: b.takes() });
    operators::binary_in_order(op, a, b)
}

fn window(values: &mut [Value], args: Args) -> &mut [Value] {
    &mut values[usize::from(args.base)..usize::from(args.base) + usize::from(args.count)]
}

impl Engine {
    /// Runs until the frame calls, returns or fails; `pc` is then that of the next instruction.
    /// With `TIMED` it tells [`Timing`](crate::interp::timing::Timing) of each.
    pub(super) fn run_frame<const TIMED: bool>(
        &mut self,
        code: &Compiled,
        at: &mut usize,
        numbers: &mut [u64],
        values: &mut [Value],
    ) -> Exit {
        let ops = &code.ops[..];
        let mut pc = *at;
        let mut operations = 0u64;
        let places = if TIMED { self.timing.as_ref().and_then(|timing| timing.places()) } else { None };
        macro_rules! timed {
            ($timing:ident => $note:expr) => {
                if TIMED && let Some($timing) = &mut self.timing {
                    $note;
                }
            };
        }
        macro_rules! leave {
            ($exit:expr) => {{
                self.operations += operations;
                *at = pc;
                return $exit;
            }};
        }
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(error) => leave!(Exit::Failed(error)),
                }
            };
        }
        macro_rules! f {
            ($n:expr) => {
                f64::from_bits(numbers[usize::from($n.0)])
            };
        }
        macro_rules! i {
            ($n:expr) => {
                numbers[usize::from($n.0)] as i64
            };
        }
        macro_rules! set {
            ($d:expr, float $x:expr) => {
                numbers[usize::from($d.0)] = ($x).to_bits()
            };
            ($d:expr, int $x:expr) => {
                numbers[usize::from($d.0)] = ($x) as u64
            };
            ($d:expr, bool $x:expr) => {
                numbers[usize::from($d.0)] = u64::from($x)
            };
            ($d:expr, value $x:expr) => {
                values[usize::from($d.0)] = $x
            };
        }
        macro_rules! jump {
            ($to:expr) => {{
                let To(to) = $to;
                pc = to as usize;
            }};
        }
        // A single operation on large arrays takes as long as many steps.
        macro_rules! worked {
            ($cost:expr) => {{
                self.ticks = self.ticks.saturating_sub(u32::try_from($cost >> WORK).unwrap_or(u32::MAX));
                if self.ticks == 0 {
                    self.operations += std::mem::take(&mut operations);
                    check!(self.tick());
                }
            }};
        }
        macro_rules! overflowing {
            ($method:ident, $a:expr, $b:expr, $d:expr) => {
                match i!($a).$method(i!($b)) {
                    Some(result) => set!($d, int result),
                    None => leave!(Exit::Failed(scalars::overflow())),
                }
            };
        }
        loop {
            timed!(timing => if let Some(places) = &places { timing.at(places[pc]) });
            let op = ops[pc];
            pc += 1;
            match op {
                Op::CopyN { a, d } => numbers[usize::from(d.0)] = numbers[usize::from(a.0)],
                Op::AddF { a, b, d } => {
                    operations += 1;
                    set!(d, float f!(a) + f!(b));
                }
                Op::SubF { a, b, d } => {
                    operations += 1;
                    set!(d, float f!(a) - f!(b));
                }
                Op::MulF { a, b, d } => {
                    operations += 1;
                    set!(d, float f!(a) * f!(b));
                }
                Op::DivF { a, b, d } => {
                    operations += 1;
                    set!(d, float f!(a) / f!(b));
                }
                Op::BinaryF { op, a, b, d } => {
                    operations += 1;
                    set!(d, float float_binary(op, f!(a), f!(b)));
                }
                Op::NegF { a, d } => {
                    operations += 1;
                    set!(d, float - f!(a));
                }
                Op::AddI { a, b, d } => overflowing!(checked_add, a, b, d),
                Op::SubI { a, b, d } => overflowing!(checked_sub, a, b, d),
                Op::MulI { a, b, d } => overflowing!(checked_mul, a, b, d),
                Op::BinaryI { op, a, b, d } => set!(d, int check!(int_binary(op, i!(a), i!(b)))),
                Op::NegI { a, d } => match i!(a).checked_neg() {
                    Some(result) => set!(d, int result),
                    None => leave!(Exit::Failed(scalars::overflow())),
                },
                Op::InvertI { a, d } => set!(d, int !i!(a)),
                Op::ToFloat { a, d } => set!(d, float i!(a) as f64),
                Op::Not { a, d } => set!(d, bool numbers[usize::from(a.0)] == 0),
                Op::CompareF { op, a, b, d } => {
                    operations += 1;
                    set!(d, bool compare(op, f!(a), f!(b)));
                }
                Op::CompareI { op, a, b, d } => set!(d, bool compare(op, i!(a), i!(b))),
                Op::TruthF { a, d } => set!(d, bool f!(a) != 0.0),
                Op::Float1 { a, d, f } => {
                    operations += 1;
                    set!(d, float(f.0)(f!(a)));
                }
                Op::Float2 { a, b, d, f } => {
                    operations += 1;
                    set!(d, float(f.0)(f!(a), f!(b)));
                }
                Op::Jump { to } => jump!(to),
                Op::Repeat { to, at } => {
                    self.ticks -= 1;
                    if self.ticks == 0 {
                        self.operations += std::mem::take(&mut operations);
                        check!(self.tick());
                    }
                    jump!(to);
                    if code.loops[usize::from(at)].is_hot(self.native) {
                        self.operations += std::mem::take(&mut operations);
                        if let Some(left) = self.run_native(code, usize::from(at), numbers, values) {
                            operations = left.operations;
                            pc = left.pc;
                        }
                    }
                }
                Op::JumpIf { a, when, to } => {
                    if (numbers[usize::from(a.0)] != 0) == when {
                        jump!(to);
                    }
                }
                Op::JumpF { op, when, a, b, to } => {
                    operations += 1;
                    if compare(op, f!(a), f!(b)) == when {
                        jump!(to);
                    }
                }
                Op::JumpI { op, when, a, b, to } => {
                    if compare(op, i!(a), i!(b)) == when {
                        jump!(to);
                    }
                }
                Op::JumpTruth { a, when, to } => {
                    let truth = check!(operators::truth(&values[a.register()]));
                    done(values, a);
                    if truth == when {
                        jump!(to);
                    }
                }
                Op::RangeInit { state } => {
                    let s = usize::from(state);
                    numbers[s + 1] =
                        check!(range_rounds(numbers[s] as i64, numbers[s + 1] as i64, numbers[s + 2] as i64));
                }
                Op::RangeReverse { state } => {
                    let s = usize::from(state);
                    let (first, rounds, step) = (numbers[s], numbers[s + 1], numbers[s + 2]);
                    numbers[s] = first.wrapping_add(rounds.wrapping_sub(1).wrapping_mul(step));
                    numbers[s + 2] = step.wrapping_neg();
                }
                Op::RangeNext { state, d, to } => {
                    let s = usize::from(state);
                    if numbers[s + 1] == 0 {
                        jump!(to);
                    } else {
                        numbers[s + 1] -= 1;
                        let now = numbers[s];
                        numbers[s] = now.wrapping_add(numbers[s + 2]);
                        numbers[usize::from(d.0)] = now;
                    }
                }
                Op::RangeOf { a, state } => {
                    let range = match &values[a.register()] {
                        Value::Range(range) => **range,
                        other => {
                            leave!(Exit::Failed(Error::type_(format!("expected a range, found {}", other.type_name()))))
                        }
                    };
                    done(values, a);
                    let s = usize::from(state);
                    numbers[s] = range.start as u64;
                    numbers[s + 1] = check!(range_rounds(range.start, range.stop, range.step));
                    numbers[s + 2] = range.step as u64;
                }
                Op::IterInit { a, d } => set!(d, value check!(items::iterable(take(values, a)))),
                Op::IterNext { x, state, d, to } => {
                    let at = numbers[usize::from(state)] as usize;
                    let sequence = &values[usize::from(x.0)];
                    if at >= check!(iteration::length(sequence)) {
                        jump!(to);
                    } else {
                        numbers[usize::from(state)] += 1;
                        set!(d, value check!(iteration::element(sequence, at)));
                    }
                }
                Op::IterNextF { x, state, d, to } => {
                    let at = numbers[usize::from(state)];
                    let sequence = &values[usize::from(x.0)];
                    if at as usize >= check!(iteration::length(sequence)) {
                        jump!(to);
                    } else {
                        let item = match sequence {
                            Value::List(_) => items::list_float(sequence, at as i64),
                            _ => items::float1(sequence, at as i64),
                        };
                        numbers[usize::from(state)] += 1;
                        set!(d, float check!(item));
                    }
                }
                Op::IterNextI { x, state, d, to } => {
                    let at = numbers[usize::from(state)];
                    let sequence = &values[usize::from(x.0)];
                    if at as usize >= check!(iteration::length(sequence)) {
                        jump!(to);
                    } else {
                        let item = match sequence {
                            Value::List(_) => items::list_int(sequence, at as i64),
                            _ => items::int1(sequence, at as i64),
                        };
                        numbers[usize::from(state)] += 1;
                        set!(d, int check!(item));
                    }
                }
                Op::CopyV { a, d } => set!(d, value take(values, a)),
                Op::MoveV { a, d } => set!(d, value std::mem::take(&mut values[usize::from(a.0)])),
                Op::ConstV { k, d } => set!(d, value code.constants[k as usize].clone()),
                Op::Box { a, dtype, d } => set!(d, value boxed(numbers[usize::from(a.0)], dtype)),
                Op::Unbox { a, dtype, d } => {
                    numbers[usize::from(d.0)] = check!(unboxed(&values[a.register()], dtype));
                    done(values, a);
                }
                Op::GlobalGet { slot, d } => match self.globals.get(slot) {
                    Some(value) => set!(d, value value.clone()),
                    None => {
                        let name = self.globals.name(slot);
                        match crate::interp::catalog::builtin_name(name) {
                            Some(value) => set!(d, value value),
                            None => leave!(Exit::Failed(self.unknown_name(name, &code.locals))),
                        }
                    }
                },
                Op::GlobalTake { slot, d } => match self.globals.take(slot) {
                    Some(value) => set!(d, value value),
                    None => leave!(Exit::Failed(self.unknown_name(self.globals.name(slot), &code.locals))),
                },
                Op::GlobalSet { a, slot } => {
                    let value = take(values, a);
                    self.globals.set(slot, value);
                }
                Op::GlobalPut { a, slot } => {
                    let value = std::mem::take(&mut values[usize::from(a.0)]);
                    self.globals.put(slot, value);
                }
                Op::GlobalDelete { slot } => {
                    if !self.globals.delete(slot) {
                        leave!(Exit::Failed(self.unknown_name(self.globals.name(slot), &code.locals)));
                    }
                }
                Op::BinaryV { op, a, b, d } => {
                    if let Some(result) = in_order(op, values, a, b) {
                        let work = cost::size(&result);
                        if self.counting {
                            operations += work;
                        }
                        done(values, a);
                        done(values, b);
                        set!(d, value result);
                        worked!(work);
                        continue;
                    }
                    let a = take(values, a);
                    let b = take(values, b);
                    timed!(timing => timing.operands(&a, &b));
                    let terms = cost::terms(op, &b);
                    let counted = if self.counting { cost::binary(op, &a, &b) } else { 0 };
                    let result = check!(operators::binary(op, a, b));
                    let work = cost::size(&result) * terms;
                    if counted > 0 {
                        operations += counted.max(work);
                    }
                    set!(d, value result);
                    worked!(work);
                }
                Op::UpdateV { op, a, b, d } => {
                    let a = take(values, a);
                    let b = take(values, b);
                    timed!(timing => timing.operands(&a, &b));
                    let terms = cost::terms(op, &b);
                    let counted = if self.counting { cost::binary(op, &a, &b) } else { 0 };
                    let result = check!(operators::update(op, a, b));
                    let work = cost::size(&result) * terms;
                    if counted > 0 {
                        operations += counted.max(work);
                    }
                    set!(d, value result);
                    worked!(work);
                }
                Op::UnaryV { op, a, d } => {
                    let a = take(values, a);
                    if self.counting {
                        operations += cost::unary(&a);
                    }
                    set!(d, value check!(operators::unary(op, a)));
                }
                Op::CompareV { op, a, b, d } => {
                    timed!(timing => timing.operands(&values[a.register()], &values[b.register()]));
                    let of = (&values[a.register()], &values[b.register()]);
                    let counted = if self.counting { cost::comparison(of.0, of.1) } else { 0 };
                    let result = check!(operators::compare(op, of.0, of.1));
                    if counted > 0 {
                        operations += counted.max(cost::size(&result));
                    }
                    done(values, a);
                    done(values, b);
                    set!(d, value result);
                }
                Op::Truth { a, d } => {
                    let truth = check!(operators::truth(&values[a.register()]));
                    done(values, a);
                    set!(d, bool truth);
                }
                Op::Index { x, i, d } => {
                    let result = check!(indexing::get(&values[x.register()], &values[i.register()]));
                    done(values, x);
                    done(values, i);
                    set!(d, value result);
                }
                Op::SetIndex { i, v, x } => {
                    let index = take(values, i);
                    let item = take(values, v);
                    check!(indexing::set(&mut values[usize::from(x.0)], &index, item));
                }
                Op::UpdateIndex { op, i, v, x } => {
                    let index = take(values, i);
                    let item = take(values, v);
                    let array = &mut values[usize::from(x.0)];
                    let changed = check!(indexing::augment(array, &index, op, item));
                    if self.counting && operators::dtype_of(array) == Some(DType::Float) {
                        operations += changed;
                    }
                    worked!(changed);
                }
                Op::DeleteIndex { i, x } => {
                    let index = take(values, i);
                    check!(indexing::delete(&mut values[usize::from(x.0)], &index));
                }
                Op::IndexF1 { x, i, d } => {
                    set!(d, float check!(items::float1(&values[x.register()], i!(i))));
                    done(values, x);
                }
                Op::IndexI1 { x, i, d } => {
                    set!(d, int check!(items::int1(&values[x.register()], i!(i))));
                    done(values, x);
                }
                Op::IndexF2 { x, i, j, d } => {
                    set!(d, float check!(items::float2(&values[x.register()], i!(i), i!(j))));
                    done(values, x);
                }
                Op::IndexListF { x, i, d } => {
                    set!(d, float check!(items::list_float(&values[x.register()], i!(i))));
                    done(values, x);
                }
                Op::IndexListI { x, i, d } => {
                    set!(d, int check!(items::list_int(&values[x.register()], i!(i))));
                    done(values, x);
                }
                Op::IndexAt { x, i, d } => {
                    let result = check!(items::at(&values[x.register()], i!(i)));
                    done(values, x);
                    set!(d, value result);
                }
                Op::SetF1 { i, v, x } => check!(items::set_float1(&mut values[usize::from(x.0)], i!(i), f!(v))),
                Op::SetI1 { i, v, x } => check!(items::set_int1(&mut values[usize::from(x.0)], i!(i), i!(v))),
                Op::SetF2 { i, j, v, x } => {
                    check!(items::set_float2(&mut values[usize::from(x.0)], i!(i), i!(j), f!(v)));
                }
                Op::SetAt { i, v, x } => {
                    let item = take(values, v);
                    check!(items::set_at(&mut values[usize::from(x.0)], i!(i), item));
                }
                Op::PushF { a, x } => {
                    let item = f!(a);
                    match check!(items::list(&mut values[usize::from(x.0)])) {
                        List::Floats(list) => {
                            if list.len() == list.capacity() {
                                check!(items::may_grow(list.len()));
                            }
                            list.push(item);
                        }
                        list => list.push(Value::Float(item)),
                    }
                }
                Op::PushI { a, x } => {
                    let item = i!(a);
                    match check!(items::list(&mut values[usize::from(x.0)])) {
                        List::Ints(list) => {
                            if list.len() == list.capacity() {
                                check!(items::may_grow(list.len()));
                            }
                            list.push(item);
                        }
                        list => list.push(Value::Int(item)),
                    }
                }
                Op::PushV { a, x } => {
                    let item = take(values, a);
                    let list = check!(items::list(&mut values[usize::from(x.0)]));
                    if let List::Values(held) = list
                        && held.len() == held.capacity()
                    {
                        check!(items::may_grow(2 * held.len()));
                    }
                    list.push(item);
                }
                Op::PopF { x, d } => {
                    let list = check!(items::list(&mut values[usize::from(x.0)]));
                    set!(d, float check!(items::pop_float(list)))
                }
                Op::PopI { x, d } => {
                    let list = check!(items::list(&mut values[usize::from(x.0)]));
                    set!(d, int check!(items::pop_int(list)))
                }
                Op::Len { x, d } => {
                    set!(d, int check!(items::len(&values[x.register()])));
                    done(values, x);
                }
                Op::TakeItem { i, x, d } => {
                    let index = take(values, i);
                    set!(d, value check!(items::take_item(&mut values[usize::from(x.0)], &index)));
                }
                Op::PutItem { i, v, x, direct } => {
                    let index = take(values, i);
                    let item = std::mem::take(&mut values[usize::from(v.0)]);
                    check!(items::put_item(&mut values[usize::from(x.0)], &index, item, direct));
                }
                Op::MakeTuple { args, d } => {
                    let items = window(values, args).iter_mut().map(std::mem::take).collect();
                    set!(d, value Value::Tuple(Arc::new(items)));
                }
                Op::MakeList { args, d } => {
                    let items: Vec<Value> = window(values, args).iter_mut().map(std::mem::take).collect();
                    set!(d, value Value::list(items));
                }
                Op::MakeDict { args, d } => {
                    let mut dict = Dict::default();
                    for pair in window(values, args).chunks_exact_mut(2) {
                        let key = check!(Key::new(&pair[0]));
                        dict.insert(key, std::mem::take(&mut pair[1]));
                    }
                    set!(d, value Value::Dict(Arc::new(dict)));
                }
                Op::MakeSlice { args, d } => {
                    if let [start, stop, step] = window(values, args) {
                        let slice = Slice {
                            start: std::mem::take(start),
                            stop: std::mem::take(stop),
                            step: std::mem::take(step),
                        };
                        set!(d, value Value::Slice(Arc::new(slice)));
                    }
                }
                Op::JoinStr { args, d } => {
                    let mut text = String::new();
                    for part in window(values, args) {
                        if let Value::Str(part) = std::mem::take(part) {
                            text.push_str(&part);
                        }
                    }
                    set!(d, value Value::str(text));
                }
                Op::Format { args, conversion, d } => {
                    let text = match window(values, args) {
                        [value, spec] => check!(format_value(std::mem::take(value), conversion, std::mem::take(spec))),
                        _ => String::new(),
                    };
                    set!(d, value Value::str(text));
                }
                Op::Extend { a, x } => {
                    let more = check!(iteration::elements(&values[a.register()]));
                    done(values, a);
                    let list = check!(items::list(&mut values[usize::from(x.0)]));
                    more.into_iter().for_each(|item| list.push(item));
                }
                Op::ListToTuple { a, d } => {
                    let items = check!(iteration::elements(&values[a.register()]));
                    done(values, a);
                    set!(d, value Value::tuple(items));
                }
                Op::DictInsert { k, v, x } => {
                    let key = check!(Key::new(&values[k.register()]));
                    done(values, k);
                    let item = take(values, v);
                    if let Value::Dict(dict) = &mut values[usize::from(x.0)] {
                        Arc::make_mut(dict).insert(key, item);
                    }
                }
                Op::DictMerge { a, x } => {
                    let more = take(values, a);
                    match (&mut values[usize::from(x.0)], more) {
                        (Value::Dict(dict), Value::Dict(more)) => {
                            let dict = Arc::make_mut(dict);
                            more.iter().for_each(|(key, item)| drop(dict.insert(key.clone(), item.clone())));
                        }
                        (_, other) => leave!(Exit::Failed(Error::type_(format!(
                            "'{}' object is not a mapping",
                            other.type_name()
                        )))),
                    }
                }
                Op::Unpack { a, star, d } => {
                    let items = check!(unpack(&values[a.register()], usize::from(d.count), star));
                    done(values, a);
                    for (register, item) in (usize::from(d.base)..).zip(items) {
                        values[register] = item;
                    }
                }
                Op::Attribute { x, name, d } => {
                    let object = take(values, x);
                    set!(d, value check!(self.attribute(object, name)));
                }
                Op::MakeClosure { args, code: index, d } => {
                    let code = code.codes[index as usize].clone();
                    let mut captures: Vec<Value> = window(values, args).iter_mut().map(std::mem::take).collect();
                    let defaults = captures.split_off(code.captures.len().min(captures.len()));
                    let closure =
                        Function::Closure(Closure { code, captures: captures.into(), defaults: defaults.into() });
                    set!(d, value Value::Function(Arc::new(closure)));
                }
                Op::ClosureDefault { f, index, d } => {
                    let value = match &values[f.register()] {
                        Value::Function(f) => match &**f {
                            Function::Closure(closure) => closure.defaults.get(usize::from(index)).cloned(),
                            _ => None,
                        },
                        _ => None,
                    };
                    done(values, f);
                    set!(d, value value.unwrap_or_default());
                }
                Op::Fused { chain: number } => {
                    let chain = &code.chains[number as usize];
                    if self.fusion && chain.promising() {
                        let most = self.limits.operations;
                        let bounds = Bounds {
                            interrupt: &self.interrupt,
                            deadline: self.deadline,
                            operations: most.map(|most| most.saturating_sub(self.operations + operations)),
                        };
                        let done = chain.run(&code.constants, numbers, values, &mut self.scratch, &bounds);
                        chain.tried(done.is_some());
                        timed!(timing => {
                            let obstacle = done.is_none().then(|| chain.obstacle(&code.constants, values));
                            timing.chain(number as usize, obstacle);
                        });
                        if let Some(done) = done {
                            if self.counting {
                                operations += done.operations;
                            }
                            pc = chain.end as usize;
                            worked!(done.work);
                        }
                    }
                }
                Op::CallBuiltin { args, d, builtin } => {
                    let window = window(values, args);
                    let before = if self.counting { cost::arguments(builtin, window) } else { 0 };
                    let largest = window.iter().map(cost::size).max().unwrap_or(0);
                    let result = check!(library::run(builtin, self, window));
                    for value in window {
                        if !matches!(value, Value::None) {
                            *value = Value::None;
                        }
                    }
                    if self.counting {
                        operations += cost::call(builtin, before, &result);
                    }
                    let largest = largest.max(cost::size(&result));
                    set!(d, value result);
                    worked!(largest);
                }
                Op::CallMutating { args, d, builtin } => {
                    let window = window(values, args);
                    let before = if self.counting { cost::arguments(builtin, &window[1..]) } else { 0 };
                    let result = check!(library::run(builtin, self, window));
                    if self.counting {
                        operations += cost::call(builtin, before, &result);
                    }
                    window[1..].iter_mut().for_each(|value| *value = Value::None);
                    set!(d, value result);
                }
                Op::CallScript { args, numbers: first, closure, spec, d } => {
                    let given = usize::from(first)..usize::from(first) + usize::from(args.count);
                    if !TIMED
                        && closure.0 == NO_REGISTER
                        && d.value().is_none()
                        && let Some(called) = self.call_native(spec, &numbers[given])
                    {
                        operations += called.operations;
                        numbers[usize::from(d.0)] = called.result;
                        continue;
                    }
                    let closure = if closure.0 == NO_REGISTER {
                        None
                    } else {
                        match take(values, closure) {
                            Value::Function(function) => Some(function),
                            _ => leave!(Exit::Failed(Error::type_("this is not a function"))),
                        }
                    };
                    leave!(Exit::Script { args, numbers: first, closure, spec, dest: d });
                }
                Op::CallValue { args, shape, d } => leave!(Exit::Value { args, shape, dest: value_dest(d.0) }),
                Op::CallMethod { args, name, shape, d, global } => {
                    let receiver = if global { Receiver::Global } else { Receiver::Value };
                    leave!(Exit::Method { args, name, shape, dest: value_dest(d.0), receiver });
                }
                Op::CallMethodOn { args, name, shape, d } => {
                    leave!(Exit::Method { args, name, shape, dest: value_dest(d.0), receiver: Receiver::Place });
                }
                Op::ReturnN { a: NIn(a) } => leave!(Exit::Number(numbers[usize::from(a)])),
                Op::ReturnV { a } => {
                    let result = take(values, a);
                    leave!(Exit::Result(result));
                }
                Op::Import { k, d } => leave!(Exit::Import { item: k, dest: value_dest(d.0) }),
                Op::Raise { a } => {
                    let value = take(values, a);
                    let library = code.spans[pc - 1].is_library();
                    leave!(Exit::Failed(if library { refused(&value) } else { raised(&value) }));
                }
                Op::AssertFailed { a } => {
                    let message = match take(values, a) {
                        Value::None => "assertion failed".to_owned(),
                        value => display::str(&value),
                    };
                    leave!(Exit::Failed(Error::raised(message)));
                }
                Op::CheckBound { flag, name } => {
                    if numbers[usize::from(flag)] == 0 {
                        leave!(Exit::Failed(self.unbound(name)));
                    }
                }
                Op::Unbound { name } => leave!(Exit::Failed(self.unbound(name))),
            }
        }
    }
}

fn value_dest(register: u16) -> Dest {
    Dest(register | Dest::VALUE)
}

/// The error of `raise` in the library's own text: of the kind that its class is.
fn refused(value: &Value) -> Error {
    if let Value::Tuple(items) = value
        && let [Value::Str(class), Value::Str(message)] = &items[..]
    {
        let kind = match class.as_str() {
            "TypeError" => ErrorKind::Type,
            "IndexError" | "KeyError" => ErrorKind::Index,
            "LinAlgError" | "OverflowError" | "ZeroDivisionError" => ErrorKind::Numeric,
            _ => ErrorKind::Value,
        };
        return Error::new(kind, message.as_str());
    }
    raised(value)
}

/// The error of `raise`: a class and a message, or anything shown.
fn raised(value: &Value) -> Error {
    let message = match value {
        Value::Tuple(items) => match &items[..] {
            [Value::Str(class), Value::None] => class.to_string(),
            [Value::Str(class), message] => format!("{class}: {}", display::str(message)),
            _ => display::str(value),
        },
        Value::None => "raise, without an error".to_owned(),
        value => display::str(value),
    };
    Error::new(ErrorKind::Raised, message)
}

fn unpack(value: &Value, count: usize, star: u8) -> Result<Vec<Value>> {
    let len = match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Function(_) | Value::Module(_) => {
            return Err(Error::type_(format!("cannot unpack non-iterable {}", value.type_name())));
        }
        _ => iteration::length(value)?,
    };
    if star == u8::MAX {
        if len > count {
            return Err(Error::value(format!("too many values to unpack (expected {count})")));
        }
        if len < count {
            return Err(Error::value(format!("not enough values to unpack (expected {count}, got {len})")));
        }
        return iteration::elements(value);
    }
    if len + 1 < count {
        return Err(Error::value(format!("not enough values to unpack (expected at least {}, got {len})", count - 1)));
    }
    let mut items = iteration::elements(value)?;
    let star = usize::from(star);
    let rest: Vec<Value> = items.drain(star..star + len + 1 - count).collect();
    items.insert(star, Value::list(rest));
    Ok(items)
}

fn format_value(value: Value, conversion: u8, spec: Value) -> Result<String> {
    let value = match conversion {
        0 => value,
        letter => Value::str(display::convert(&value, char::from(letter))?),
    };
    match spec {
        Value::Str(spec) if !spec.is_empty() => display::format(&value, &spec),
        _ => Ok(display::str(&value)),
    }
}
