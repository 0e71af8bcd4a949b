//! Orders and samples.

use super::Generator;

impl Generator {
    /// Puts items into a random order, as `permutation` does: like [`Generator::shuffle`], but integers are drawn by
    /// leaving out those that are too large.
    pub fn permute<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.masked(i as u64) as usize;
            items.swap(i, j);
        }
    }

    /// An integer from zero up to `last`: words are cut to as many bits and those too large left out.
    pub(super) fn masked(&mut self, last: u64) -> u64 {
        if last == 0 {
            return 0;
        }
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let word = if u32::try_from(last).is_ok() { u64::from(self.next_u32()) } else { self.next_u64() };
            if word & mask <= last {
                return word & mask;
            }
        }
    }

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

    /// `count` numbers below `weights.len()`, each as likely as its weight.
    pub fn weighted(&mut self, weights: &[f64], count: usize) -> Vec<usize> {
        let steps = cumulated(weights);
        (0..count).map(|_| place(&steps, self.unit())).collect()
    }

    /// `count` different numbers below `weights.len()`, drawn one after the other by their weights. As many weights are
    /// above zero.
    pub fn weighted_sample(&mut self, mut weights: Vec<f64>, count: usize) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        while chosen.len() < count {
            let draws: Vec<f64> = (chosen.len()..count).map(|_| self.unit()).collect();
            for &i in &chosen {
                weights[i] = 0.0;
            }
            let steps = cumulated(&weights);
            let mut seen = rustc_hash::FxHashSet::default();
            chosen.extend(draws.iter().map(|&u| place(&steps, u)).filter(|&i| seen.insert(i)));
        }
        chosen
    }
}

/// Running sums, scaled to end at one.
fn cumulated(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let sums: Vec<f64> = weights
        .iter()
        .map(|w| {
            sum += w;
            sum
        })
        .collect();
    sums.iter().map(|s| s / sum).collect()
}

/// The step a number between zero and one belongs to.
fn place(steps: &[f64], u: f64) -> usize {
    steps.partition_point(|&step| step <= u).min(steps.len().saturating_sub(1))
}
