//! Calls: frames are pushed here, arguments bound, failures given their place and traceback.

use std::sync::Arc;

use super::frames::{Current, Exit, Frame, Receiver, Stack};
use super::instructions::{Args, Dest, Op};
use super::scalars::{boxed, unboxed};
use crate::interp::binding;
use crate::interp::catalog;
use crate::interp::compile::{CallShape, Compiled, Given};
use crate::interp::cost;
use crate::interp::engine::Engine;
use crate::interp::function::Function;
use crate::interp::library::{self, Builtin};
use crate::interp::recent::{is_version, takes_exactly};
use crate::interp::value::{Key, Value};
use crate::interp::{iteration, vm::items};
use crate::lang::{Error, Result, Symbol};
use crate::sct::kind::{Code, DType};

/// Arguments of functions of numbers that are called directly at most.
const NUMBERS: usize = 8;
/// Native calls within native calls.
const NATIVE: u32 = 40;
/// Runs the machine on a stack that has room for it and for the library functions it calls.
fn with_room_to_run<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(384 << 10, 4 << 20, work)
}

/// What calling a value comes to.
pub(crate) enum Prepared {
    /// It is done.
    Done(Value),
    /// Code is to be run.
    Run { code: Arc<Compiled>, args: Vec<Value>, function: Arc<Function> },
}

/// Arguments as they are given: values, and for each the name it is given by. Those without a name at the end may be left
/// out of the names until they are bound.
pub(crate) struct Arguments {
    pub values: Vec<Value>,
    pub names: Vec<Option<Symbol>>,
}

impl Arguments {
    /// Arguments by position.
    pub fn positional(values: Vec<Value>) -> Arguments {
        Arguments { values, names: Vec::new() }
    }

    /// With a name, or none, for each value.
    pub fn completed(mut self) -> Arguments {
        self.names.resize(self.values.len(), None);
        self
    }

    fn shaped(values: Vec<Value>, shape: &CallShape) -> Result<Arguments> {
        let mut arguments = Arguments { values: Vec::with_capacity(values.len()), names: Vec::new() };
        for (value, given) in values.into_iter().zip(&shape.0) {
            match given {
                Given::Positional => arguments.push(None, value),
                Given::Keyword(name) => arguments.push(Some(*name), value),
                Given::Star => {
                    let elements = iteration::elements(&value)?;
                    elements.into_iter().for_each(|item| arguments.push(None, item));
                }
                Given::DoubleStar => match value {
                    Value::Dict(dict) => {
                        for (key, item) in dict.iter() {
                            let Key::Str(name) = key else {
                                return Err(Error::type_("keywords must be strings"));
                            };
                            arguments.push(Some(Symbol::new(name)), item.clone());
                        }
                    }
                    other => {
                        return Err(Error::type_(format!(
                            "argument after ** must be a mapping, not {}",
                            other.type_name()
                        )));
                    }
                },
            }
        }
        Ok(arguments)
    }

    /// Whether they are one for each parameter, by position.
    pub fn fill(&self, code: &Code) -> bool {
        takes_exactly(code, self.values.len()) && self.names.iter().all(Option::is_none)
    }

    fn push(&mut self, name: Option<Symbol>, value: Value) {
        self.names.push(name);
        self.values.push(value);
    }
}

impl Engine {
    /// Runs code to its end.
    pub(crate) fn execute(
        &mut self,
        code: Arc<Compiled>,
        args: Vec<Value>,
        function: Option<Arc<Function>>,
    ) -> Result<Value> {
        if self.native_depth >= NATIVE {
            return Err(Error::limit("functions call each other through library functions too deeply"));
        }
        self.native_depth += 1;
        let mut stack = self.stacks.pop().unwrap_or_default();
        let calls_left = self.calls_left;
        let result = with_room_to_run(|| self.drive(&mut stack, code, args, function));
        stack.clear();
        self.stacks.push(stack);
        self.calls_left = calls_left;
        self.native_depth -= 1;
        result
    }

    /// Runs a frame and takes times.
    #[cold]
    #[inline(never)]
    fn run_timed(&mut self, code: &Arc<Compiled>, pc: &mut usize, numbers: &mut [u64], values: &mut [Value]) -> Exit {
        if let Some(timing) = &mut self.timing {
            timing.enter(code);
        }
        self.run_frame::<true>(code, pc, numbers, values)
    }

    fn drive(
        &mut self,
        stack: &mut Stack,
        code: Arc<Compiled>,
        args: Vec<Value>,
        function: Option<Arc<Function>>,
    ) -> Result<Value> {
        let mut current = stack.reserve(code);
        stack.give(&current, args)?;
        if let Some(function) = function {
            stack.give_captures(&current, &function)?;
        }
        loop {
            self.calls_left = self.limits.depth.saturating_sub(stack.frames.len());
            let exit = {
                let Current { code, pc, numbers, values } = &mut current;
                let (numbers, values) = (&mut stack.numbers[*numbers..], &mut stack.values[*values..]);
                match self.timing.is_some() {
                    false => self.run_frame::<false>(code, pc, numbers, values),
                    true => self.run_timed(code, pc, numbers, values),
                }
            };
            let failed = match exit {
                Exit::Number(bits) => {
                    let dtype = current.code.result.dtype().unwrap_or(DType::Float);
                    stack.release(&current);
                    match stack.frames.pop() {
                        Some(frame) => {
                            let dest = frame.dest;
                            current = resumed(frame);
                            match dest.value() {
                                Some(d) => stack.values[current.values + usize::from(d)] = boxed(bits, dtype),
                                None => stack.numbers[current.numbers + usize::from(dest.0)] = bits,
                            }
                            continue;
                        }
                        None => return Ok(boxed(bits, dtype)),
                    }
                }
                Exit::Result(value) => {
                    stack.release(&current);
                    match stack.frames.pop() {
                        Some(frame) => {
                            let dest = frame.dest;
                            current = resumed(frame);
                            match dest.value() {
                                Some(d) => {
                                    stack.values[current.values + usize::from(d)] = value;
                                    continue;
                                }
                                None => match unboxed(&value, number_kind(&value)) {
                                    Ok(bits) => {
                                        stack.numbers[current.numbers + usize::from(dest.0)] = bits;
                                        continue;
                                    }
                                    Err(error) => error,
                                },
                            }
                        }
                        None => return Ok(value),
                    }
                }
                Exit::Script { args, numbers, closure, spec, dest } => {
                    match self.enter_script(stack, &mut current, args, numbers, closure, spec, dest) {
                        Ok(()) => continue,
                        Err(error) => error,
                    }
                }
                Exit::Value { args, shape, dest } => {
                    match self.call_registers(stack, &mut current, args, shape, dest) {
                        Ok(()) => continue,
                        Err(error) => error,
                    }
                }
                Exit::Method { args, name, shape, dest, receiver } => {
                    match self.call_method(stack, &mut current, args, name, shape, dest, receiver) {
                        Ok(()) => continue,
                        Err(error) => error,
                    }
                }
                Exit::Import { item, dest } => {
                    let item = current.code.imports[item as usize].clone();
                    match self.import(&item) {
                        Ok(value) => {
                            store(stack, &current, dest, value);
                            continue;
                        }
                        Err(error) => error,
                    }
                }
                Exit::Failed(error) => error,
            };
            return Err(self.failed(stack, current, failed));
        }
    }

    fn push_frame(
        &mut self,
        stack: &mut Stack,
        current: &mut Current,
        callee: Arc<Compiled>,
        dest: Dest,
    ) -> Result<()> {
        if stack.frames.len() >= self.limits.depth {
            return Err(Error::limit(format!("call depth: more than {} calls are under way", self.limits.depth)));
        }
        self.ticks -= 1;
        if self.ticks == 0 {
            self.tick()?;
        }
        let next = stack.reserve(callee);
        let caller = std::mem::replace(current, next);
        stack.frames.push(Frame {
            code: caller.code,
            pc: caller.pc,
            numbers: caller.numbers,
            values: caller.values,
            dest,
        });
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn enter_script(
        &mut self,
        stack: &mut Stack,
        current: &mut Current,
        args: Args,
        numbers: u16,
        closure: Option<Arc<Function>>,
        spec: u32,
        dest: Dest,
    ) -> Result<()> {
        let callee = self.ready(spec)?;
        let from_numbers = current.numbers + usize::from(numbers);
        let from_values = current.values + usize::from(args.base);
        self.push_frame(stack, current, callee, dest)?;
        let count = usize::from(args.count);
        stack.numbers.copy_within(from_numbers..from_numbers + count, current.numbers);
        for k in 0..count {
            stack.values[current.values + k] = std::mem::take(&mut stack.values[from_values + k]);
        }
        if let Some(function) = closure {
            stack.give_captures(current, &function)?;
        }
        Ok(())
    }

    fn call_registers(
        &mut self,
        stack: &mut Stack,
        current: &mut Current,
        args: Args,
        shape: u32,
        dest: Dest,
    ) -> Result<()> {
        let base = current.values + usize::from(args.base);
        let mut values: Vec<Value> =
            stack.values[base..base + usize::from(args.count)].iter_mut().map(std::mem::take).collect();
        let function = values.remove(0);
        let arguments = match current.code.shapes.get(shape as usize) {
            Some(shape) => Arguments::shaped(values, shape)?,
            None => Arguments::positional(values),
        };
        let prepared = self.prepare(&function, arguments)?;
        self.go_on(stack, current, prepared, dest)
    }

    fn go_on(&mut self, stack: &mut Stack, current: &mut Current, prepared: Prepared, dest: Dest) -> Result<()> {
        match prepared {
            Prepared::Done(value) => {
                store(stack, current, dest, value);
                Ok(())
            }
            Prepared::Run { code, args, function } => {
                self.push_frame(stack, current, code, dest)?;
                stack.give(current, args)?;
                stack.give_captures(current, &function)
            }
        }
    }

    /// Runs a library function that was found when the program ran; what it takes counts as for any other call.
    fn run_builtin(&mut self, builtin: &'static Builtin, args: &mut [Value]) -> Result<Value> {
        if !self.counting {
            return library::run(builtin, self, args);
        }
        let before = cost::arguments(builtin, &args[usize::from(builtin.mutates)..]);
        let result = library::run(builtin, self, args)?;
        self.operations += cost::call(builtin, before, &result);
        Ok(result)
    }

    #[allow(clippy::too_many_arguments)]
    fn call_method(
        &mut self,
        stack: &mut Stack,
        current: &mut Current,
        args: Args,
        name: Symbol,
        shape: u32,
        dest: Dest,
        held: Receiver,
    ) -> Result<()> {
        let put_back = held == Receiver::Place;
        let base = current.values + usize::from(args.base);
        let mut values: Vec<Value> =
            stack.values[base..base + usize::from(args.count)].iter_mut().map(std::mem::take).collect();
        let receiver = values.remove(0);
        let shape = current.code.shapes.get(shape as usize).cloned();
        let mut arguments = match shape {
            Some(shape) => Arguments::shaped(values, &shape)?,
            None => Arguments::positional(values).completed(),
        };
        let Some(builtin) = library::method(&receiver, name.as_str()) else {
            let kept = put_back.then(|| receiver.clone());
            let prepared = match self.method_function(&receiver, name) {
                Ok(function) => {
                    if !matches!(receiver, Value::Module(_)) {
                        arguments.values.insert(0, receiver);
                        arguments.names.insert(0, None);
                    }
                    self.prepare(&function, arguments)
                }
                Err(error) => Err(error),
            };
            if let Some(kept) = kept {
                stack.values[base] = kept;
            }
            return self.go_on(stack, current, prepared?, dest);
        };
        if builtin.mutates && held == Receiver::Global {
            return Err(Error::type_(format!("a function cannot change a global variable, which '{name}' does"))
                .hint("pass it as an argument and return the new value"));
        }
        arguments.values.insert(0, receiver);
        arguments.names.insert(0, None);
        let backup = if put_back && !builtin.mutates { Some(arguments.values[0].clone()) } else { None };
        let signature = catalog::signature(builtin);
        let name = Symbol::new(builtin.name);
        let mut bound = binding::bind_values(name, &signature.params, arguments.values, &arguments.names, &[])?;
        let result = self.run_builtin(builtin, &mut bound);
        if put_back && let Some(receiver) = bound.first_mut() {
            stack.values[base] = backup.unwrap_or_else(|| std::mem::take(receiver));
        }
        store(stack, current, dest, result?);
        Ok(())
    }

    /// The function that a method is where it is none of a library function's kernel: a function of a module, or one of
    /// the library's that is said in the language.
    fn method_function(&mut self, receiver: &Value, name: Symbol) -> Result<Value> {
        if let Value::Module(_) = receiver {
            return self.attribute(receiver.clone(), name);
        }
        if matches!(receiver, Value::Array(_) | Value::Float(_) | Value::Int(_) | Value::Bool(_))
            && library::written_method(name.as_str())
            && let Ok(function) = self.attribute(Value::Module(Symbol::new("np")), name)
        {
            return Ok(function);
        }
        Err(self.unknown_method(receiver, "method", name))
    }

    /// Binds a call of a value; library and host functions are run at once.
    pub(crate) fn prepare(&mut self, function: &Value, mut arguments: Arguments) -> Result<Prepared> {
        let mut function = function.clone();
        for _ in 0..1000 {
            let Value::Function(f) = &function else {
                return Err(Error::type_(format!("'{}' object is not callable", function.type_name())));
            };
            match &**f {
                Function::Closure(closure) => {
                    let args = if arguments.fill(&closure.code) {
                        arguments.values
                    } else {
                        let params = binding::parameters(&closure.code.tree);
                        let name = closure.code.tree.name;
                        let arguments = arguments.completed();
                        binding::bind_values(name, &params, arguments.values, &arguments.names, &closure.defaults)?
                    };
                    let code = self.specialise(f, &args)?;
                    return Ok(Prepared::Run { code, args, function: f.clone() });
                }
                Function::Builtin(builtin) => {
                    let signature = catalog::signature(builtin);
                    let name = Symbol::new(builtin.name);
                    let arguments = arguments.completed();
                    let mut args =
                        binding::bind_values(name, &signature.params, arguments.values, &arguments.names, &[])?;
                    return self.run_builtin(builtin, &mut args).map(Prepared::Done);
                }
                Function::Host(host) => {
                    let arguments = arguments.completed();
                    let mut args = binding::bind_values(
                        host.name,
                        &host.signature.params,
                        arguments.values,
                        &arguments.names,
                        &[],
                    )?;
                    return (host.run)(&mut args).map(Prepared::Done);
                }
                Function::Partial(inner, first) => {
                    let mut values = first.to_vec();
                    let mut names = vec![None; values.len()];
                    arguments = arguments.completed();
                    values.append(&mut arguments.values);
                    names.append(&mut arguments.names);
                    arguments = Arguments { values, names };
                    let inner = inner.clone();
                    function = inner;
                }
                // It is about derivatives only.
                Function::Derived(derived) if derived.transform.as_str() == "checkpoint" => {
                    let inner = derived.function.clone();
                    function = inner;
                }
                Function::Derived(_) => {
                    let f = f.clone();
                    return self.call_derived(&f, arguments);
                }
            }
        }
        Err(Error::limit("too many partial applications of a function"))
    }

    /// Calls a value and runs it to its end.
    pub(crate) fn call_value(&mut self, function: &Value, arguments: Arguments) -> Result<Value> {
        if let Some(result) = self.call_of_numbers(function, &arguments) {
            return result;
        }
        match self.prepare(function, arguments)? {
            Prepared::Done(value) => Ok(value),
            Prepared::Run { code, args, function } => {
                let name = code.name;
                self.execute(code, args, Some(function)).map_err(|e| e.through(name, crate::lang::Span::NONE))
            }
        }
    }

    /// A call like the last one of a function of numbers that is machine code; none where the machine has to make it.
    fn call_of_numbers(&mut self, function: &Value, arguments: &Arguments) -> Option<Result<Value>> {
        let args = &arguments.values[..];
        let number = |value: &Value| matches!(value, Value::Float(_) | Value::Int(_) | Value::Bool(_));
        if args.len() > NUMBERS || !args.iter().all(number) || !arguments.names.is_empty() || self.timing.is_some() {
            return None;
        }
        let Value::Function(f) = function else { return None };
        let main = matches!(&**f, Function::Derived(_)).then(|| self.last_derivative(f, args));
        let f = match &main {
            Some(Some(Value::Function(main))) => main,
            Some(_) => return None,
            None => f,
        };
        let Function::Closure(closure) = &**f else { return None };
        let spec = self.recent.version(&closure.code)?;
        if !closure.captures.is_empty() || !is_version(&self.specs.find(spec)?.key, closure, args) {
            return None;
        }
        let callee = self.ready(spec).ok()?;
        let result = callee.result.dtype().filter(|_| callee.result.is_scalar())?;
        let mut numbers = [0; NUMBERS];
        for ((number, value), kind) in numbers.iter_mut().zip(args).zip(&callee.params) {
            *number = unboxed(value, kind.dtype()?).ok()?;
        }
        if self.ticks <= 1
            && let Err(error) = self.tick()
        {
            return Some(Err(error));
        }
        let calls_left = std::mem::replace(&mut self.calls_left, self.limits.depth);
        let called = with_room_to_run(|| self.call_native(spec, &numbers[..args.len()]));
        self.calls_left = calls_left;
        let called = called?;
        self.operations += called.operations;
        Some(Ok(boxed(called.result, result)))
    }

    /// Gives a failure its place and traceback, and puts back what a place update at top level had taken.
    fn failed(&mut self, stack: &mut Stack, current: Current, error: Error) -> Error {
        let place = |code: &Compiled, pc: usize| code.spans.get(pc.saturating_sub(1)).copied().unwrap_or_default();
        let mut error = error.at(place(&current.code, current.pc));
        if current.code.top {
            self.put_back(stack, &current);
        }
        let mut name = current.code.name;
        let mut top = None;
        for frame in stack.frames.drain(..).rev() {
            error = error.through(name, place(&frame.code, frame.pc));
            name = frame.code.name;
            top = Some(frame);
        }
        if let Some(frame) = top
            && frame.code.top
        {
            let current = Current { code: frame.code, pc: frame.pc, numbers: frame.numbers, values: frame.values };
            self.put_back(stack, &current);
        }
        error
    }

    /// The instructions that end a place update stand behind the one that failed.
    fn put_back(&mut self, stack: &mut Stack, current: &Current) {
        let ops = &current.code.ops[..];
        let failed = current.pc.saturating_sub(1);
        let mut at = failed;
        let mut untaken = 0;
        let inside = |op: &Op| {
            matches!(
                op,
                Op::TakeItem { .. }
                    | Op::SetIndex { .. }
                    | Op::UpdateIndex { .. }
                    | Op::DeleteIndex { .. }
                    | Op::CallMutating { .. }
                    | Op::CallMethodOn { .. }
                    | Op::Index { .. }
                    | Op::BinaryV { .. }
                    | Op::UpdateV { .. }
                    | Op::ConstV { .. }
                    | Op::Box { .. }
            )
        };
        while ops.get(at).is_some_and(inside) {
            untaken += usize::from(matches!(ops[at], Op::TakeItem { .. }));
            at += 1;
        }
        let values = &mut stack.values[current.values..];
        while let Some(op) = ops.get(at) {
            match *op {
                Op::PutItem { i, v, x, direct } => {
                    if untaken > 0 {
                        untaken -= 1;
                    } else {
                        let index = values[i.register()].clone();
                        let item = std::mem::take(&mut values[usize::from(v.0)]);
                        // The element was there before: it can be put back.
                        let _ = items::put_item(&mut values[usize::from(x.0)], &index, item, direct);
                    }
                }
                Op::GlobalPut { a, slot } => {
                    let value = std::mem::take(&mut values[usize::from(a.0)]);
                    if self.globals.get(slot).is_none() && !matches!(value, Value::None) {
                        self.globals.put(slot, value);
                    }
                    return;
                }
                _ => return,
            }
            at += 1;
        }
    }
}

fn resumed(frame: Frame) -> Current {
    Current { code: frame.code, pc: frame.pc, numbers: frame.numbers, values: frame.values }
}

fn number_kind(value: &Value) -> DType {
    match value {
        Value::Int(_) => DType::Int,
        Value::Bool(_) => DType::Bool,
        _ => DType::Float,
    }
}

fn store(stack: &mut Stack, current: &Current, dest: Dest, value: Value) {
    if let Some(register) = dest.value() {
        stack.values[current.values + usize::from(register)] = value;
    }
}
