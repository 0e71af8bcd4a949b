//! Orders and samples.

use super::Generator;

impl Generator {
    /// Puts items into a random order (Fisher and Yates, from the last place down to place `first`).
    pub fn shuffle<T>(&mut self, items: &mut [T], first: usize) {
        for i in (first.max(1)..items.len()).rev() {
            let j = self.up_to(i as u64) as usize;
            items.swap(i, j);
        }
    }

    /// `count` different numbers below `population`, which is not smaller; in random order where `mixed`.
    pub fn sample(&mut self, population: usize, count: usize, mixed: bool) -> Vec<usize> {
        let dense = population / if mixed { 50 } else { 20 };
        if population > 10_000 && count > dense {
            let mut all: Vec<usize> = (0..population).collect();
            self.shuffle(&mut all, (population - count).max(1));
            return all.split_off(population - count);
        }
        // Floyd's algorithm.
        let mut chosen = Vec::with_capacity(count);
        let mut seen = rustc_hash::FxHashSet::default();
        for last in population - count..population {
            let drawn = self.up_to(last as u64) as usize;
            let next = if seen.insert(drawn) { drawn } else { last };
            seen.insert(next);
            chosen.push(next);
        }
        if mixed {
            self.shuffle(&mut chosen, 1);
        }
        chosen
    }
}
