//! Where time goes, by line of the script: what `cotangent run --time` shows.
//!
//! The machine tells of each instruction that it comes to, and the clock is read where one is of another line than that
//! before. Code of a derivative has the places of what it was made from. What has no place in a script (the library's own
//! text, what generated code has in addition) counts for the line that led there. Machine code and fused chains are one
//! instruction each: their time stands at the line where they begin, with a note that says how far they go.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::compile::Compiled;
use super::engine::Engine;
use super::native::NativeCode;
use super::value::Value;
use crate::lang::{Source, Span};

/// What is done beside running code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    /// Parsing, starting, what the host does.
    Elsewhere,
    /// Writing derivatives.
    Transforming,
    /// Making code of trees.
    Compiling,
    /// Making machine code of code.
    MachineCode,
}

const PHASES: usize = 4;
/// The place of an instruction that counts for the line that led to it.
const LED_THERE: u32 = u32::MAX;

/// Times as they are taken.
#[derive(Debug)]
pub(crate) struct Timing {
    /// The phases, then lines.
    spent: Vec<Spent>,
    index: FxHashMap<(usize, usize, bool), u32>,
    sources: Vec<(Arc<Source>, Vec<usize>)>,
    /// The codes that have run, by address: they are held, so that none comes in another's place.
    codes: FxHashMap<usize, usize>,
    known: Vec<Known>,
    /// The code that runs.
    running: usize,
    current: u32,
    since: Instant,
}

#[derive(Debug)]
struct Spent {
    /// Which text, which line, whether in a derivative.
    line: (usize, usize, bool),
    time: Duration,
    /// Operations on numbers that were handled as values.
    boxed: u64,
}

/// A code that has run.
#[derive(Debug)]
struct Known {
    code: Arc<Compiled>,
    /// For each instruction where its time counts.
    places: Arc<[u32]>,
    chains: Vec<Use>,
}

/// How often a chain was run block by block, and what was in the way the last time that it was not.
#[derive(Clone, Debug, Default)]
struct Use {
    fused: u64,
    obstacle: Option<&'static str>,
}

/// Where time went, see [`Interp::timing`](crate::Interp::timing).
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Writing derivatives, in seconds.
    pub transforming: f64,
    /// Compiling, in seconds.
    pub compiling: f64,
    /// Making machine code of hot loops, in seconds.
    pub machine_code: f64,
    /// Parsing, starting and what the host did, in seconds.
    pub elsewhere: f64,
    /// The lines, in their order.
    pub lines: Vec<LineTime>,
}

/// What a line of a script took.
#[derive(Clone, Debug, Default)]
pub struct LineTime {
    /// The name of the text.
    pub source: String,
    /// The line, from one.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// Seconds, those in derivatives included.
    pub seconds: f64,
    /// Seconds in code of derivatives that was made from this line.
    pub derivative: f64,
    /// What became machine code or was fused, and what did not and why.
    pub notes: Vec<String>,
}

impl Timings {
    /// All seconds.
    pub fn total(&self) -> f64 {
        let lines: f64 = self.lines.iter().map(|line| line.seconds).sum();
        self.transforming + self.compiling + self.machine_code + self.elsewhere + lines
    }
}

impl Timing {
    pub fn new() -> Timing {
        let phase = || Spent { line: (usize::MAX, 0, false), time: Duration::ZERO, boxed: 0 };
        Timing {
            spent: (0..PHASES).map(|_| phase()).collect(),
            index: FxHashMap::default(),
            sources: Vec::new(),
            codes: FxHashMap::default(),
            known: Vec::new(),
            running: 0,
            current: Phase::Elsewhere as u32,
            since: Instant::now(),
        }
    }

    /// The code that runs from here on.
    pub fn enter(&mut self, code: &Arc<Compiled>) {
        let address = Arc::as_ptr(code) as usize;
        self.running = match self.codes.get(&address) {
            Some(at) => *at,
            None => {
                let places = code.spans.iter().map(|span| self.place(*span, code)).collect();
                let chains = vec![Use::default(); code.chains.len()];
                self.known.push(Known { code: code.clone(), places, chains });
                self.codes.insert(address, self.known.len() - 1);
                self.known.len() - 1
            }
        };
    }

    /// Where the time of each instruction of the code that runs counts.
    pub fn places(&self) -> Option<Arc<[u32]>> {
        self.known.get(self.running).map(|known| known.places.clone())
    }

    /// An instruction begins.
    #[inline]
    pub fn at(&mut self, place: u32) {
        if place != self.current && place != LED_THERE {
            self.switch(place);
        }
    }

    /// Time counts for something else from now on; for what it did before.
    fn switch(&mut self, place: u32) -> u32 {
        let now = Instant::now();
        self.spent[self.current as usize].time += now - self.since;
        self.since = now;
        std::mem::replace(&mut self.current, place)
    }

    /// Notes an operation on values that are numbers.
    pub fn operands(&mut self, a: &Value, b: &Value) {
        let number = |value: &Value| matches!(value, Value::Float(_) | Value::Int(_) | Value::Bool(_));
        if number(a) && number(b) {
            self.spent[self.current as usize].boxed += 1;
        }
    }

    /// Notes whether a chain of the code that runs was fused.
    pub fn chain(&mut self, chain: usize, obstacle: Option<&'static str>) {
        if let Some(use_) = self.known.get_mut(self.running).and_then(|known| known.chains.get_mut(chain)) {
            use_.fused += u64::from(obstacle.is_none());
            use_.obstacle = obstacle.or(use_.obstacle);
        }
    }

    fn place(&mut self, span: Span, code: &Compiled) -> u32 {
        let Some((source, line)) = self.line(span, code) else { return LED_THERE };
        let key = (source, line, code.derivative);
        *self.index.entry(key).or_insert_with(|| {
            self.spent.push(Spent { line: key, time: Duration::ZERO, boxed: 0 });
            self.spent.len() as u32 - 1
        })
    }

    /// The text of a place in a script, and the line.
    fn line(&mut self, span: Span, code: &Compiled) -> Option<(usize, usize)> {
        if span.is_none() || span.is_library() || span == code.whole {
            return None;
        }
        let source = span.source()?;
        let at = match self.sources.iter().position(|(known, _)| Arc::ptr_eq(known, &source)) {
            Some(at) => at,
            None => {
                let starts = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
                self.sources.push((source, starts));
                self.sources.len() - 1
            }
        };
        let starts = &self.sources[at].1;
        Some((at, starts.partition_point(|start| *start <= span.start as usize)))
    }

    fn report(&mut self, native: NativeCode) -> Timings {
        self.switch(self.current);
        let mut lines: BTreeMap<(usize, usize), LineTime> = BTreeMap::new();
        for spent in &self.spent[PHASES..] {
            let (source, line, derivative) = spent.line;
            let (text, _) = &self.sources[source];
            let entry = lines.entry((source, line)).or_insert_with(|| LineTime {
                source: text.name.clone(),
                line,
                text: text.line(line).trim_end().to_owned(),
                ..LineTime::default()
            });
            let seconds = spent.time.as_secs_f64();
            entry.seconds += seconds;
            entry.derivative += if derivative { seconds } else { 0.0 };
            if spent.boxed > 0 {
                note(entry, derivative, format!("generic: {} operations on boxed numbers", spent.boxed));
            }
        }
        for at in 0..self.known.len() {
            for (place, derivative, text) in self.notes(at, native) {
                if let Some(entry) = lines.get_mut(&place) {
                    note(entry, derivative, text);
                }
            }
        }
        let phase = |phase: Phase| self.spent[phase as usize].time.as_secs_f64();
        Timings {
            transforming: phase(Phase::Transforming),
            compiling: phase(Phase::Compiling),
            machine_code: phase(Phase::MachineCode),
            elsewhere: phase(Phase::Elsewhere),
            lines: lines.into_values().collect(),
        }
    }

    /// What became of the loops and chains of a code.
    fn notes(&mut self, at: usize, native: NativeCode) -> Vec<((usize, usize), bool, String)> {
        let (code, chains) = (self.known[at].code.clone(), self.known[at].chains.clone());
        let mut notes = Vec::new();
        for native_loop in &code.loops {
            let (first, last) = native_loop.extent();
            let Some((place, lines)) = self.lines(&code, first..last + 1) else { continue };
            notes.push((place, code.derivative, format!("loop{lines}: {}", native_loop.state(&code, native))));
        }
        for (number, (chain, used)) in code.chains.iter().zip(&chains).enumerate() {
            let first = code.ops.iter().position(|op| op.chain() == Some(number as u32)).unwrap_or_default();
            let Some((place, lines)) = self.lines(&code, first..chain.end as usize) else { continue };
            if used.fused > 0 {
                notes.push((place, code.derivative, format!("fused{lines}: {} operations", chain.steps.len())));
            }
            if let Some(obstacle) = used.obstacle {
                notes.push((place, code.derivative, format!("not fused{lines}: {obstacle}")));
            }
        }
        notes
    }

    /// The first line of some instructions, and which they are where they are several.
    fn lines(&mut self, code: &Compiled, instructions: Range<usize>) -> Option<((usize, usize), String)> {
        let spans = &code.spans[instructions];
        let lines: Vec<(usize, usize)> = spans.iter().filter_map(|span| self.line(*span, code)).collect();
        let (first, last) = (*lines.iter().min()?, *lines.iter().max()?);
        let text = match last {
            _ if first == last => String::new(),
            (_, last) => format!(" (lines {} to {last})", first.1),
        };
        Some((first, text))
    }
}

/// Adds a note to a line, once.
fn note(line: &mut LineTime, derivative: bool, text: String) {
    let text = if derivative { format!("derivative: {text}") } else { text };
    if !line.notes.contains(&text) {
        line.notes.push(text);
    }
}

impl Engine {
    /// Begins to take times.
    pub(crate) fn take_times(&mut self) {
        self.timing = Some(Box::new(Timing::new()));
    }

    /// Where time went since times are taken.
    pub(crate) fn times(&mut self) -> Option<Timings> {
        let native = self.native;
        self.timing.as_mut().map(|timing| timing.report(native))
    }

    /// What is done from here on is of a phase; for [`Engine::end_phase`].
    pub(crate) fn begin_phase(&mut self, phase: Phase) -> Option<u32> {
        self.timing.as_mut().map(|timing| timing.switch(phase as u32))
    }

    /// Goes back to what was done before a phase.
    pub(crate) fn end_phase(&mut self, before: Option<u32>) {
        if let (Some(timing), Some(before)) = (&mut self.timing, before) {
            timing.switch(before);
        }
    }
}
