//! `np.random`: a seeded generator that is a value. The streams are NumPy's, bit for bit: its seeding, its PCG64, its
//! bounded integers (Lemire 2019) and its ziggurats (Marsaglia and Tsang 2000).

mod counts;
mod distributions;
mod permutation;
mod transforms;
mod ziggurat_tables;

pub use distributions::Continuous;

/// NumPy's PCG64 generator (O'Neill 2014, XSL-RR output).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator {
    state: u128,
    increment: u128,
    /// The upper half of a word whose lower half was drawn as a 32-bit integer.
    half: Option<u32>,
}

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

impl Generator {
    /// The generator of `np.random.default_rng(seed)`: a seed as its 32-bit words, lowest first.
    pub fn new(seed: &[u32]) -> Generator {
        let word = seed_words(seed);
        let join = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        let mut generator = Generator { state: 0, increment: join(word[2], word[3]) << 1 | 1, half: None };
        generator.step();
        generator.state = generator.state.wrapping_add(join(word[0], word[1]));
        generator.step();
        generator
    }

    /// The 32-bit words of a seed, lowest first; at least one.
    pub fn words(seed: u64) -> Vec<u32> {
        let (low, high) = (seed as u32, (seed >> 32) as u32);
        if high == 0 { vec![low] } else { vec![low, high] }
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.step();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// The next 32 random bits: both halves of a word are used, the lower first.
    pub fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let word = self.next_u64();
        self.half = Some((word >> 32) as u32);
        word as u32
    }

    /// A float in [0, 1) with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// An integer in 0..=last, each as likely.
    pub fn up_to(&mut self, last: u64) -> u64 {
        match u32::try_from(last) {
            Ok(0) => 0,
            Ok(u32::MAX) => u64::from(self.next_u32()),
            Ok(last) => u64::from(self.bounded_u32(last)),
            Err(_) if last == u64::MAX => self.next_u64(),
            Err(_) => self.bounded_u64(last),
        }
    }

    fn bounded_u32(&mut self, last: u32) -> u32 {
        let count = u64::from(last) + 1;
        let mut product = u64::from(self.next_u32()) * count;
        if (product as u32 as u64) < count {
            let threshold = u64::from(u32::MAX - last) % count;
            while (product as u32 as u64) < threshold {
                product = u64::from(self.next_u32()) * count;
            }
        }
        (product >> 32) as u32
    }

    fn bounded_u64(&mut self, last: u64) -> u64 {
        let count = last + 1;
        let mut product = u128::from(self.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let threshold = (u64::MAX - last) % count;
            while (product as u64) < threshold {
                product = u128::from(self.next_u64()) * u128::from(count);
            }
        }
        (product >> 64) as u64
    }
}

/// NumPy's `SeedSequence` with a pool of four words: the first four 64-bit words it generates.
fn seed_words(entropy: &[u32]) -> [u64; 4] {
    const POOL: usize = 4;
    let mut constant = 0x43b0_d7e5_u32;
    let mut hash = |value: u32| {
        let value = value ^ constant;
        constant = constant.wrapping_mul(0x931e_8875);
        let value = value.wrapping_mul(constant);
        value ^ value >> 16
    };
    let mix = |x: u32, y: u32| {
        let mixed = x.wrapping_mul(0xca01_f9dd).wrapping_sub(y.wrapping_mul(0x4973_f715));
        mixed ^ mixed >> 16
    };
    let mut pool = [0; POOL];
    for (i, slot) in pool.iter_mut().enumerate() {
        *slot = hash(entropy.get(i).copied().unwrap_or(0));
    }
    for from in 0..POOL {
        for to in (0..POOL).filter(|&to| to != from) {
            pool[to] = mix(pool[to], hash(pool[from]));
        }
    }
    for &word in entropy.iter().skip(POOL) {
        for slot in &mut pool {
            *slot = mix(*slot, hash(word));
        }
    }
    let mut constant = 0x8b51_f9dd_u32;
    let mut halves = [0u32; 2 * POOL];
    for (half, word) in halves.iter_mut().zip(pool.iter().cycle()) {
        let value = word ^ constant;
        constant = constant.wrapping_mul(0x58f3_8ded);
        let value = value.wrapping_mul(constant);
        *half = value ^ value >> 16;
    }
    std::array::from_fn(|i| u64::from(halves[2 * i]) | u64::from(halves[2 * i + 1]) << 32)
}

#[cfg(test)]
mod tests {
    use super::Generator;

    /// Each line of the recording: a kind of draw, a seed, the draws.
    #[test]
    fn streams_are_numpys() {
        for line in include_str!("../../../tests/oracle/random.txt").lines() {
            let mut fields = line.split('\t');
            let (draw, seed, numbers) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
            let seed: Vec<u32> = seed.split(' ').flat_map(|word| Generator::words(word.parse().unwrap())).collect();
            let mut generator = Generator::new(&seed);
            for (i, number) in numbers.split(' ').enumerate() {
                let drawn = match draw {
                    "u64" => generator.next_u64(),
                    "unit" => generator.unit().to_bits(),
                    "normal" => generator.standard_normal().to_bits(),
                    "exponential" => generator.standard_exponential().to_bits(),
                    "up_to" => generator.up_to([9, 0, u64::from(u32::MAX), 1 << 40, u64::MAX, 6][i % 6]),
                    other => panic!("unknown draw {other}"),
                };
                assert_eq!(drawn.to_string(), number, "{draw} {i} of {seed:?}");
            }
        }
    }
}
