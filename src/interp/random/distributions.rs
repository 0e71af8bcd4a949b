//! Floats of continuous distributions.

use super::Generator;
use super::ziggurat_tables as table;

/// A distribution with two parameters, as NumPy names and orders them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Continuous {
    /// `uniform(low, high)`
    Uniform,
    /// `normal(loc, scale)`
    Normal,
    /// `exponential(scale)`; the second parameter is not used.
    Exponential,
}

impl Generator {
    /// A number of the normal distribution with mean 0 and variance 1.
    pub fn standard_normal(&mut self) -> f64 {
        loop {
            let word = self.next_u64();
            let layer = (word & 0xff) as usize;
            let negative = word >> 8 & 1 == 1;
            let magnitude = word >> 9 & 0x000f_ffff_ffff_ffff;
            let x = magnitude as f64 * f64::from_bits(table::NORMAL_WIDTH[layer]);
            let x = if negative { -x } else { x };
            if magnitude < table::NORMAL_ACCEPT[layer] {
                return x;
            }
            if layer == 0 {
                return self.normal_tail(magnitude >> 8 & 1 == 1);
            }
            let (above, below) = heights(&table::NORMAL_HEIGHT, layer);
            if (above - below) * self.unit() + below < (-0.5 * x * x).exp() {
                return x;
            }
        }
    }

    fn normal_tail(&mut self, negative: bool) -> f64 {
        let start = f64::from_bits(table::NORMAL_TAIL);
        loop {
            let x = -(1.0 / start) * (-self.unit()).ln_1p();
            let y = -(-self.unit()).ln_1p();
            if y + y > x * x {
                return if negative { -(start + x) } else { start + x };
            }
        }
    }

    /// A number of the exponential distribution with mean 1.
    pub fn standard_exponential(&mut self) -> f64 {
        loop {
            let word = self.next_u64() >> 3;
            let layer = (word & 0xff) as usize;
            let magnitude = word >> 8;
            let x = magnitude as f64 * f64::from_bits(table::EXPONENTIAL_WIDTH[layer]);
            if magnitude < table::EXPONENTIAL_ACCEPT[layer] {
                return x;
            }
            if layer == 0 {
                return f64::from_bits(table::EXPONENTIAL_TAIL) - (-self.unit()).ln_1p();
            }
            let (above, below) = heights(&table::EXPONENTIAL_HEIGHT, layer);
            if (above - below) * self.unit() + below < (-x).exp() {
                return x;
            }
        }
    }

    /// A number of a distribution.
    pub fn draw(&mut self, distribution: Continuous, a: f64, b: f64) -> f64 {
        match distribution {
            Continuous::Uniform => a + (b - a) * self.unit(),
            Continuous::Normal => a + b * self.standard_normal(),
            Continuous::Exponential => a * self.standard_exponential(),
        }
    }
}

/// The densities at the two ends of a layer other than the first.
fn heights(table: &[u64; 256], layer: usize) -> (f64, f64) {
    (f64::from_bits(table[layer - 1]), f64::from_bits(table[layer]))
}
