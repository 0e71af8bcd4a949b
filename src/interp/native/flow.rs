//! Which number registers are alive, and whether they hold a float or an integer, at every instruction of a region.
//!
//! The machine's registers are 64 bits of which only the instructions know what they are; machine code keeps floats and
//! integers in registers of two sorts. A register therefore has two homes, and three passes say which are in use:
//!
//! - *alive*, backwards over the whole function: what is alive where machine code is left goes back into the frame;
//! - *wanted*, backwards over the region: as what a register is read next;
//! - *held*, forwards over the region: which of its homes hold the register. A copy fills the homes that are wanted.

use rustc_hash::FxHashMap;

use super::operands::{Type, Use, numbers, target, writes_unless_it_jumps};
use super::region::Region;
use crate::interp::compile::Compiled;

/// Words that the sets of all instructions of a function may take.
const MOST: usize = 1 << 20;

/// The homes of a register.
pub(super) const FLOAT: u8 = 1;
pub(super) const INT: u8 = 2;

/// What is known of the registers that a region uses, by their places in `registers`.
#[derive(Debug)]
pub(super) struct Flow {
    /// The registers that the region uses, constants left out.
    pub registers: Vec<u16>,
    places: FxHashMap<u16, usize>,
    head: usize,
    words: usize,
    alive: Vec<u64>,
    wanted: Vec<u8>,
    held: Vec<u8>,
}

fn home(of: Type) -> u8 {
    if of == Type::Float { FLOAT } else { INT }
}

impl Flow {
    /// The analysis of a region; none where the function is too large for it.
    pub fn of(code: &Compiled, region: &Region<'_>) -> Option<Flow> {
        let words = usize::from(code.number_registers).div_ceil(64);
        if words * (code.ops.len() + 1) > MOST {
            return None;
        }
        let mut flow = Flow {
            registers: Vec::new(),
            places: FxHashMap::default(),
            head: region.head,
            words,
            alive: alive(code, words),
            wanted: Vec::new(),
            held: Vec::new(),
        };
        for pc in (region.head..=region.back).filter(|pc| region.is_covered(*pc)) {
            region.numbers(code, pc, |used| {
                let (Use::Read(register, _) | Use::Write(register, _)) = used;
                if register < code.constant_base && !flow.places.contains_key(&register) {
                    flow.places.insert(register, flow.registers.len());
                    flow.registers.push(register);
                }
            });
        }
        flow.find_wanted(code, region);
        flow.find_held(code, region);
        Some(flow)
    }

    /// The place of a register, unless it is a constant.
    pub fn place(&self, register: u16) -> Option<usize> {
        self.places.get(&register).copied()
    }

    /// Whether the register at a place is alive before an instruction.
    pub fn is_alive(&self, pc: usize, place: usize) -> bool {
        let register = usize::from(self.registers[place]);
        self.alive[pc * self.words + register / 64] >> (register % 64) & 1 == 1
    }

    /// The homes that hold each register before an instruction of the region.
    pub fn held(&self, pc: usize) -> &[u8] {
        let size = self.registers.len();
        &self.held[(pc - self.head) * size..][..size]
    }

    /// Takes the homes from before an instruction to after it.
    pub fn step(&self, code: &Compiled, region: &Region<'_>, pc: usize, wanted_after: &[u8], held: &mut [u8]) {
        let mut copied = FLOAT | INT;
        region.numbers(code, pc, |used| match used {
            Use::Read(register, None) => copied = self.place(register).map_or(FLOAT | INT, |place| held[place]),
            Use::Read(..) => {}
            Use::Write(register, of) => {
                if let Some(place) = self.place(register) {
                    let wanted = wanted_after.get(place).copied().unwrap_or(0);
                    held[place] = match of {
                        Some(of) => home(of),
                        None if copied & wanted != 0 => copied & wanted,
                        None => copied,
                    };
                }
            }
        });
    }

    /// As what each register is read after an instruction.
    pub fn wanted_after(&self, code: &Compiled, region: &Region<'_>, pc: usize) -> Vec<u8> {
        let mut after = vec![0; self.registers.len()];
        region.successors(code, pc).for_each(|next| self.want(next, &mut after));
        after
    }

    fn want(&self, pc: usize, wanted: &mut [u8]) {
        let size = self.registers.len();
        let before = &self.wanted[(pc - self.head) * size..][..size];
        wanted.iter_mut().zip(before).for_each(|(a, b)| *a |= b);
    }

    fn find_wanted(&mut self, code: &Compiled, region: &Region<'_>) {
        let size = self.registers.len();
        self.wanted = vec![0; size * (region.back + 1 - region.head)];
        let mut changed = true;
        while changed {
            changed = false;
            for pc in (region.head..=region.back).rev().filter(|pc| region.is_covered(*pc)) {
                let mut want = self.wanted_after(code, region, pc);
                let mut passed_on = 0;
                region.numbers(code, pc, |used| {
                    if let Use::Write(register, of) = used
                        && let Some(place) = self.place(register)
                    {
                        let before = std::mem::take(&mut want[place]);
                        passed_on |= if of.is_none() { before } else { 0 };
                    }
                });
                if writes_unless_it_jumps(&code.ops[pc])
                    && let Some(to) = target(&code.ops[pc]).filter(|to| region.contains(*to))
                {
                    self.want(to, &mut want);
                }
                region.numbers(code, pc, |used| {
                    if let Use::Read(register, of) = used
                        && let Some(place) = self.place(register)
                    {
                        want[place] |= of.map_or(passed_on, home);
                    }
                });
                let at = (pc - region.head) * size;
                if self.wanted[at..at + size] != want[..] {
                    self.wanted[at..at + size].copy_from_slice(&want);
                    changed = true;
                }
            }
        }
    }

    fn find_held(&mut self, code: &Compiled, region: &Region<'_>) {
        let size = self.registers.len();
        let mut held: Vec<Option<Vec<u8>>> = vec![None; region.back + 1 - region.head];
        // What is alive at the head comes out of the frame, as what it is wanted or, where it is only passed through, as both.
        let entry = (0..size)
            .map(|place| match (self.is_alive(region.head, place), self.wanted[place]) {
                (false, _) => 0,
                (true, 0) => FLOAT | INT,
                (true, wanted) => wanted,
            })
            .collect();
        held[0] = Some(entry);
        let mut changed = true;
        while changed {
            changed = false;
            for pc in (region.head..=region.back).filter(|pc| region.is_covered(*pc)) {
                let Some(before) = held[pc - region.head].clone() else { continue };
                let mut after = before.clone();
                self.step(code, region, pc, &self.wanted_after(code, region, pc), &mut after);
                let jumps = target(&code.ops[pc]).filter(|_| writes_unless_it_jumps(&code.ops[pc]));
                for next in region.successors(code, pc) {
                    let after = if jumps == Some(next) { &before } else { &after };
                    match &mut held[next - region.head] {
                        Some(known) => {
                            for (a, b) in known.iter_mut().zip(after) {
                                if *a & b != *a {
                                    *a &= b;
                                    changed = true;
                                }
                            }
                        }
                        unknown => {
                            *unknown = Some(after.clone());
                            changed = true;
                        }
                    }
                }
            }
        }
        self.held = held.into_iter().flat_map(|known| known.unwrap_or_else(|| vec![0; size])).collect();
    }
}

/// For each instruction the set of number registers that are read after it before they are written.
fn alive(code: &Compiled, words: usize) -> Vec<u64> {
    let ops = &code.ops;
    let mut alive = vec![0u64; words * (ops.len() + 1)];
    let mut changed = true;
    while changed {
        changed = false;
        for pc in (0..ops.len()).rev() {
            let op = &ops[pc];
            let mut set = vec![0u64; words];
            let add = |set: &mut [u64], pc: usize| {
                set.iter_mut().zip(&alive[pc * words..]).for_each(|(a, b)| *a |= b);
            };
            if op.falls_through() {
                add(&mut set, pc + 1);
            }
            let to = target(op);
            let unwritten = to.filter(|_| writes_unless_it_jumps(op));
            to.filter(|_| unwritten.is_none()).into_iter().for_each(|to| add(&mut set, to));
            numbers(op, |used| {
                if let Use::Write(register, _) = used {
                    set[usize::from(register) / 64] &= !(1 << (register % 64));
                }
            });
            unwritten.into_iter().for_each(|to| add(&mut set, to));
            numbers(op, |used| {
                if let Use::Read(register, _) = used {
                    set[usize::from(register) / 64] |= 1 << (register % 64);
                }
            });
            if alive[pc * words..(pc + 1) * words] != set[..] {
                alive[pc * words..(pc + 1) * words].copy_from_slice(&set);
                changed = true;
            }
        }
    }
    alive
}
