//! The cases of `cases.txt`, and how a tool runs one.

use std::hint::black_box;

use cotangent::{Error, Interp, NativeCode, Result, Value};

use crate::by_hand;
use crate::measure::{leaves, median, processor_time};

const CASES: &str = include_str!("cases.txt");
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/workloads/programs");

/// The text of a program.
pub fn program(name: &str) -> Result<String> {
    let path = format!("{PROGRAMS}/{name}.cot");
    std::fs::read_to_string(&path).map_err(|error| Error::host(format!("{path}: {error}")))
}

/// A program, two functions of it, and what makes their arguments.
#[derive(Clone, Copy)]
pub struct Case {
    pub workload: &'static str,
    pub name: &'static str,
    pub size: i64,
    /// Calls that one call stands for.
    pub calls: f64,
    program: &'static str,
    primal: Option<&'static str>,
    gradient: Option<&'static str>,
    arguments: &'static str,
}

impl Case {
    pub fn all() -> Vec<Case> {
        CASES.lines().filter(|line| !line.starts_with('#')).filter_map(Case::parse).collect()
    }

    pub fn has_derivative(&self) -> bool {
        self.gradient.is_some()
    }

    fn parse(line: &'static str) -> Option<Case> {
        let mut fields = line.split_whitespace();
        let mut field = || fields.next();
        let given = |name: &'static str| (name != "-").then_some(name);
        Some(Case {
            workload: field()?,
            name: field()?,
            program: field()?,
            primal: given(field()?),
            gradient: given(field()?),
            arguments: field()?,
            size: field()?.parse().ok()?,
            calls: field()?.parse().ok()?,
        })
    }

    /// An interpreter that has run the program.
    fn interpreter(&self, tool: Tool) -> Result<Interp> {
        let mut interp = Interp::new();
        match tool {
            Tool::WithoutNativeCode => interp.set_native_code(NativeCode::Off),
            Tool::WithoutFusion => interp.set_fusion(false),
            Tool::Cotangent | Tool::ByHand => {}
        }
        interp.run(&program(self.program)?)?;
        Ok(interp)
    }

    fn arguments(&self, interp: &mut Interp) -> Result<Vec<Value>> {
        interp.call(self.arguments, (self.size,))
    }
}

/// What runs a case.
#[derive(Clone, Copy, PartialEq)]
pub enum Tool {
    Cotangent,
    WithoutNativeCode,
    WithoutFusion,
    ByHand,
}

impl Tool {
    pub const ALL: [(&'static str, Tool); 4] = [
        ("cotangent", Tool::Cotangent),
        ("cotangent-without-native-code", Tool::WithoutNativeCode),
        ("cotangent-without-fusion", Tool::WithoutFusion),
        ("by-hand", Tool::ByHand),
    ];

    /// The case made ready to be measured; nothing where the tool does not have it.
    pub fn prepare(self, case: Case) -> Result<Option<Prepared>> {
        let mut interp = case.interpreter(self)?;
        let arguments = case.arguments(&mut interp)?;
        if self == Tool::ByHand {
            return Ok(by_hand::prepared(case.name, case.size as usize, leaves(&arguments)));
        }
        let part = |name: Option<&str>| -> Result<Option<Call>> {
            let Some(name) = name else { return Ok(None) };
            let (function, arguments) = (interp.function(name)?, arguments.clone());
            function.call::<Value>(arguments.clone())?;
            Ok(Some(Box::new(move || black_box(function.call::<Value>(arguments.clone())).map(drop))))
        };
        let (mut first, mut result) = (f64::NAN, Vec::new());
        if let Some(name) = case.gradient {
            let mut times = Vec::new();
            for _ in 0..5 {
                let function = case.interpreter(self)?.function(name)?;
                let start = processor_time();
                let gradient = function.call::<Value>(arguments.clone())?;
                times.push(processor_time() - start);
                result = leaves(&[gradient]).concat();
            }
            first = median(&mut times);
        }
        Ok(Some(Prepared { first, result, primal: part(case.primal)?, gradient: part(case.gradient)? }))
    }
}

/// A call with its arguments.
pub type Call = Box<dyn FnMut() -> Result<()>>;

/// A case of one tool: seconds that the first call of the derivative took where there is one, its numbers, and what is
/// measured.
pub struct Prepared {
    pub first: f64,
    pub result: Vec<f64>,
    pub primal: Option<Call>,
    pub gradient: Option<Call>,
}

impl Prepared {
    /// What is measured, by the name of the part.
    pub fn part(&mut self, name: &str) -> Option<&mut Call> {
        match name {
            "primal" => self.primal.as_mut(),
            _ => self.gradient.as_mut(),
        }
    }
}
