//! One function and everything that its derivatives must agree with.

use std::sync::{Arc, Mutex};

use cotangent::{Interp, NativeCode};

const CHECKS: &str = include_str!("prelude/checks.cot");

const BATCHES: &str = include_str!("prelude/batches.cot");

const IMPORTS: &str = "import numpy as np
import math
import cotangent
import scipy.special as special
from cotangent import grad, value_and_grad, jvp, vjp, source, stop_gradient
";

/// A function and where it is differentiated.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    /// The arguments, as the inside of a tuple.
    pub args: String,
    pub words: Vec<String>,
    /// The program that defines `f`.
    pub text: String,
    /// Whether loops are run in machine code.
    pub native: NativeCode,
}

/// The cases of a file.
pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(header) = line.strip_prefix("# case ") {
            let (name, rest) = header.split_once(':').unwrap_or((header, ""));
            let (args, words) = rest.split_once('|').unwrap_or((rest, ""));
            cases.push(Case {
                name: name.trim().into(),
                args: args.trim().into(),
                words: words.split([' ', ',']).filter(|w| !w.is_empty()).map(Into::into).collect(),
                text: String::new(),
                native: NativeCode::Off,
            });
        } else if let Some(case) = cases.last_mut() {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    cases
}

impl Case {
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    /// Runs every check.
    pub fn check(&self) -> Result<(), String> {
        let said = |what: &str, error: String| format!("{what}: {error}\n{}\nat ({},)", self.text, self.args);
        let order = if self.is("first") { 1 } else { 2 };
        let args = &self.args;
        self.run(&format!("{CHECKS}\ncheck(f, ({args},), {order})\n")).map_err(|e| said("derivatives", e))?;
        self.source_agrees("f", "grad(f, EVERY)", true).map_err(|e| said("source of the gradient", e))?;
        if order > 1 {
            let weights = "lambda *each: jvp(f, (*each,), ARGS)[1]";
            self.source_agrees(weights, "grad(F, EVERY)", false).map_err(|e| said("source of grad of jvp", e))?;
        }
        self.simplified().map_err(|e| said("simplification", e))?;
        self.count().map_err(|e| said("operations", e))
    }

    /// Checks the function for batches in which these of its arguments differ.
    pub fn check_batches(&self, seed: u64) -> Result<(), String> {
        let args = &self.args;
        self.run(&format!("{BATCHES}\nfrom cotangent import vmap\ncheck_batches(f, [{args}], {seed}, 3)\n"))
            .map(drop)
            .map_err(|error| format!("batches: {error}\n{}\nat ({args},)", self.text))
    }

    /// The derivatives are the same without simplification, in the other way of running loops.
    fn simplified(&self) -> Result<(), String> {
        let program = format!("{CHECKS}\nNUMBERS = derivatives(f, ({},))\n", self.args);
        let other = match self.native {
            NativeCode::Off => NativeCode::Always,
            _ => NativeCode::Off,
        };
        let numbers = |simplified: bool, native: NativeCode| -> Result<Vec<f64>, String> {
            let mut interp = Interp::new();
            interp.set_native_code(native);
            interp.set_simplification(simplified);
            self.run_in(&mut interp, &program)?;
            interp.get("NUMBERS").map_err(|e| format!("{e}"))
        };
        let (with, without) = (numbers(true, self.native)?, numbers(false, other)?);
        let scale = with.iter().fold(1.0, |largest: f64, number| largest.max(number.abs()));
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-10 * scale;
        if with.len() != without.len() || !with.iter().zip(&without).all(near) {
            return Err(format!("{with:?} with it, {without:?} without"));
        }
        Ok(())
    }

    /// Runs the case and then a program; what it printed.
    fn run(&self, program: &str) -> Result<String, String> {
        let mut interp = Interp::new();
        interp.set_native_code(self.native);
        self.run_in(&mut interp, program)
    }

    fn run_in(&self, interp: &mut Interp, program: &str) -> Result<String, String> {
        let printed = printing(interp);
        let text = format!("{IMPORTS}{}", self.text);
        interp.run(&text).map_err(|e| format!("{e}"))?;
        interp.run(&format!("COUNT = len(({},))", self.args)).map_err(|e| format!("{e}"))?;
        let count: i64 = interp.get("COUNT").map_err(|e| format!("{e}"))?;
        let each: Vec<String> = (0..count).map(|i| format!("a{i}")).collect();
        let every: String = (0..count).map(|i| format!("{i}, ")).collect();
        let simple = "SIMPLE = not any([isinstance(a, (list, tuple, dict)) for a in (ARGUMENTS,)])";
        interp.run(&simple.replace("ARGUMENTS", &self.args)).map_err(|e| format!("{e}"))?;
        let slope = match interp.get::<bool>("SIMPLE") {
            Ok(true) => {
                let part = |i| format!("np.sum(grad(f, EVERY)(*each)[{i}] * v_args[{i}])");
                format!("lambda *each: {}", (0..count).map(part).collect::<Vec<_>>().join(" + "))
            }
            _ => "lambda *each: dot(grad(f, EVERY)(*each), v_args)".into(),
        };
        let program = program.replace("SLOPE", &slope);
        let program = program.replace("*each", &each.join(", ")).replace("EVERY", &format!("({every})"));
        interp.run(&program).map_err(|e| format!("{e}"))?;
        Ok(printed.lock().map(|p| p.clone()).unwrap_or_default())
    }

    /// The derivative's source, as a program beside the function's own, gives the derivative's numbers.
    fn source_agrees(&self, function: &str, derivative: &str, first: bool) -> Result<(), String> {
        let setting = format!("ARGS = floats(({},))\nF = {function}\n", self.args);
        let floats = format!("{CHECKS}\ndef floats(value):\n    return rebuilt(value, flat(value), 0)[0]\n");
        let setting = floats + &setting;
        let expected = self.run(&format!("{setting}print({derivative}(*ARGS))"))?;
        let text = self.run(&format!("{setting}print(source({derivative}, *ARGS))"))?;
        if first && self.is("straight") {
            for word in ["[]", ".append", ".pop"] {
                if text.contains(word) {
                    return Err(format!("straight-line code keeps values: it contains {word}\n{text}"));
                }
            }
        }
        let name = text
            .lines()
            .filter_map(|line| line.strip_prefix("def "))
            .next_back()
            .and_then(|line| line.split('(').next())
            .ok_or("the source defines no function")?;
        let again =
            self.run(&format!("{setting}\n{text}\nprint({name}(*ARGS))")).map_err(|e| format!("{e}\n{text}"))?;
        if again != expected {
            return Err(format!("the program prints\n{again}where the derivative gives\n{expected}\n{text}"));
        }
        Ok(())
    }

    /// The gradient takes no more operations than the cheap gradient principle grants.
    fn count(&self) -> Result<(), String> {
        let mut interp = Interp::new();
        interp.set_native_code(self.native);
        let text = format!("{IMPORTS}{}", self.text);
        interp.run(&text).map_err(|e| format!("{e}"))?;
        let definitions = CHECKS.split("# `*each`").next().unwrap_or(CHECKS);
        interp
            .run(&format!(
                "{definitions}\nARGS = rebuilt(({0},), flat(({0},)), 0)[0]\nG = value_and_grad(f, tuple(range(len(ARGS))))\n\
                 def run_f():\n    f(*ARGS)\ndef run_g():\n    G(*ARGS)\nrun_f()\nrun_g()\n",
                self.args
            ))
            .map_err(|e| format!("{e}"))?;
        interp.count_operations(true);
        let mut counted = |name: &str| -> Result<u64, String> {
            interp.call::<cotangent::Value>(name, ()).map_err(|e| format!("{e}"))?;
            Ok(interp.operations())
        };
        let primal = counted("run_f")?;
        let gradient = counted("run_g")?;
        let count: i64 = interp
            .eval(&format!("len(({},))", self.args))
            .and_then(cotangent::FromValue::from_value)
            .map_err(|e| format!("{e}"))?;
        if self.is("uncounted") {
            return Ok(());
        }
        let factor = if self.is("loop") { 5 } else { 4 };
        if std::env::var_os("COTANGENT_OPERATIONS").is_some() {
            eprintln!("{}: {primal} {gradient} {:.2}", self.name, gradient as f64 / primal as f64);
        }
        if gradient > factor * primal {
            return Err(format!("the gradient takes {gradient} operations, the function {primal}"));
        }
        if self.is("first") {
            return Ok(());
        }
        let second = "H = lambda *args: jvp(lambda *each: grad(f, EVERY)(*each), (*args,), (*args,))\n\
                      def run_h():\n    H(*ARGS)\nrun_h()\n";
        let each = |letter: &str| (0..count).map(|at| format!("{letter}{at}")).collect::<Vec<_>>().join(", ");
        let every: String = (0..count).map(|at| format!("{at}, ")).collect();
        let second =
            second.replace("*each", &each("a")).replace("*args", &each("b")).replace("EVERY", &format!("({every})"));
        interp.run(&second).map_err(|e| format!("{e}"))?;
        interp.call::<cotangent::Value>("run_h", ()).map_err(|e| format!("{e}"))?;
        let second = interp.operations();
        if std::env::var_os("COTANGENT_OPERATIONS").is_some() {
            eprintln!("{}: second order {:.2}", self.name, second as f64 / gradient as f64);
        }
        if second > 4 * gradient {
            return Err(format!("the tangent of the gradient takes {second} operations, the gradient {gradient}"));
        }
        Ok(())
    }
}

fn printing(interp: &mut Interp) -> Arc<Mutex<String>> {
    let printed = Arc::new(Mutex::new(String::new()));
    let sink = printed.clone();
    interp.set_print(move |text| {
        if let Ok(mut printed) = sink.lock() {
            printed.push_str(text);
        }
    });
    printed
}
