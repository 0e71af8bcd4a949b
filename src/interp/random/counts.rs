//! Integers of discrete distributions, in NumPy's way of making them.

use super::Generator;

impl Generator {
    /// How many trials until a success of probability p.
    pub fn geometric(&mut self, p: f64) -> i64 {
        if p < 1.0 / 3.0 {
            let count = (-self.standard_exponential() / (-p).ln_1p()).ceil();
            return if count >= 9.223_372_036_854_776e18 { i64::MAX } else { count as i64 };
        }
        let (mut count, mut sum, mut term) = (1, p, p);
        let u = self.unit();
        while u > sum {
            term *= 1.0 - p;
            sum += term;
            count += 1;
        }
        count
    }

    /// Poisson: products of uniform numbers for small means, else transformed rejection (Hörmann 1993, PTRS).
    pub fn poisson(&mut self, mean: f64) -> i64 {
        if mean == 0.0 {
            return 0;
        } else if mean < 10.0 {
            let bound = (-mean).exp();
            let (mut count, mut product) = (0, 1.0);
            loop {
                product *= self.unit();
                if product <= bound {
                    return count;
                }
                count += 1;
            }
        }
        let root = mean.sqrt();
        let b = 0.931 + 2.53 * root;
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let quick = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let (u, v) = (self.unit() - 0.5, self.unit());
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= quick {
                return k as i64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let density = -mean + k * mean.ln() - libm::lgamma(k + 1.0);
            if v.ln() + inverse_alpha.ln() - (a / (us * us) + b).ln() <= density {
                return k as i64;
            }
        }
    }

    /// Binomial: how many of n trials succeed.
    pub fn binomial(&mut self, n: i64, p: f64) -> i64 {
        if n == 0 || p == 0.0 {
            return 0;
        }
        let few = if p <= 0.5 { p } else { 1.0 - p };
        let count = if few * n as f64 <= 30.0 { self.by_inversion(n, few) } else { self.by_rejection(n, few) };
        if p <= 0.5 { count } else { n - count }
    }

    fn by_inversion(&mut self, n: i64, p: f64) -> i64 {
        let q = 1.0 - p;
        let none = (n as f64 * (-p).ln_1p()).exp();
        let mean = n as f64 * p;
        let bound = (n as f64).min(mean + 10.0 * (mean * q + 1.0).sqrt()) as i64;
        let (mut count, mut term) = (0, none);
        let mut u = self.unit();
        while u > term {
            count += 1;
            if count > bound {
                count = 0;
                term = none;
                u = self.unit();
            } else {
                u -= term;
                term = (n - count + 1) as f64 * p * term / (count as f64 * q);
            }
        }
        count
    }

    /// Kachitvichyanukul and Schmeiser (1988), BTPE; the names are the paper's.
    fn by_rejection(&mut self, n: i64, r: f64) -> i64 {
        let q = 1.0 - r;
        let fm = n as f64 * r + r;
        let m = fm.floor();
        let nrq = n as f64 * r * q;
        let p1 = (2.195 * nrq.sqrt() - 4.6 * q).floor() + 0.5;
        let xm = m + 0.5;
        let (xl, xr) = (xm - p1, xm + p1);
        let c = 0.134 + 20.5 / (15.3 + m);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let left = slope((fm - xl) / (fm - xl * r));
        let right = slope((xr - fm) / (xr * q));
        let p2 = p1 * (1.0 + 2.0 * c);
        let p3 = p2 + c / left;
        let p4 = p3 + c / right;
        loop {
            let u = self.unit() * p4;
            let mut v = self.unit();
            let y;
            if u <= p1 {
                return (xm - p1 * v + u).floor() as i64;
            } else if u <= p2 {
                let x = xl + (u - p1) / c;
                v = v * c + 1.0 - (m - x + 0.5).abs() / p1;
                if v > 1.0 {
                    continue;
                }
                y = x.floor();
            } else if u <= p3 {
                y = (xl + v.ln() / left).floor();
                if y < 0.0 || v == 0.0 {
                    continue;
                }
                v *= (u - p2) * left;
            } else {
                y = (xr - v.ln() / right).floor();
                if y > n as f64 || v == 0.0 {
                    continue;
                }
                v *= (u - p3) * right;
            }
            let k = (y - m).abs();
            if !(k > 20.0 && k < nrq / 2.0 - 1.0) {
                let s = r / q;
                let a = s * (n as f64 + 1.0);
                let mut f = 1.0;
                let (low, high) = (m.min(y) as i64, m.max(y) as i64);
                for i in low + 1..=high {
                    let factor = a / i as f64 - s;
                    if m < y { f *= factor } else { f /= factor }
                }
                if v <= f {
                    return y as i64;
                }
                continue;
            }
            let rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 1.0 / 6.0) / nrq + 0.5);
            let t = -k * k / (2.0 * nrq);
            let log = v.ln();
            if log < t - rho {
                return y as i64;
            }
            if log > t + rho {
                continue;
            }
            let (x1, f1, z, w) = (y + 1.0, m + 1.0, n as f64 + 1.0 - m, n as f64 - y + 1.0);
            let stirling = |x: f64| {
                let x2 = x * x;
                (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / x2) / x2) / x2) / x2) / x / 166_320.0
            };
            let bound = xm * (f1 / x1).ln()
                + (n as f64 - m + 0.5) * (z / w).ln()
                + (y - m) * (w * r / (x1 * q)).ln()
                + stirling(f1)
                + stirling(z)
                + stirling(x1)
                + stirling(w);
            if log <= bound {
                return y as i64;
            }
        }
    }

    /// Negative binomial: how many trials fail before n succeed, by a Poisson number with a gamma mean.
    pub fn negative_binomial(&mut self, n: f64, p: f64) -> i64 {
        let mean = (1.0 - p) / p * self.standard_gamma(n);
        self.poisson(mean)
    }

    /// Logarithmic series: Kemp (1981), LK.
    pub fn logseries(&mut self, p: f64) -> i64 {
        let r = (-p).ln_1p();
        loop {
            let v = self.unit();
            if v >= p {
                return 1;
            }
            let q = -(r * self.unit()).exp_m1();
            if v <= q * q {
                let count = (1.0 + v.ln() / q.ln()).floor();
                if count < 1.0 || v == 0.0 {
                    continue;
                }
                return count as i64;
            }
            return if v >= q { 1 } else { 2 };
        }
    }

    /// Zipf: rejection (Devroye 1986, chapter X.6).
    pub fn zipf(&mut self, a: f64) -> i64 {
        if a >= 1025.0 {
            return 1;
        }
        let less = a - 1.0;
        let b = less.exp2();
        let least = (i64::MAX as f64).powf(-less);
        loop {
            let u = self.unit();
            let u = u * least + (1.0 - u);
            let v = self.unit();
            let x = u.powf(-1.0 / less).floor();
            if x > i64::MAX as f64 || x < 1.0 {
                continue;
            }
            let t = (1.0 + 1.0 / x).powf(less);
            if v * x * (t - 1.0) / (b - 1.0) <= t / b {
                return x as i64;
            }
        }
    }

    /// Hypergeometric: how many of a sample are good, drawn one by one or by rejection (Stadlober 1989, HRUA; the names are the
    /// paper's).
    pub fn hypergeometric(&mut self, good: i64, bad: i64, sample: i64) -> i64 {
        let total = good + bad;
        if sample < 10 || sample > total - 10 {
            let (mut left, mut left_good) = (total, good);
            let mut to_draw = if sample > total / 2 { total - sample } else { sample };
            while to_draw > 0 && left_good > 0 && left > left_good {
                left -= 1;
                if (self.masked(left as u64) as i64) < left_good {
                    left_good -= 1;
                }
                to_draw -= 1;
            }
            if left == left_good {
                left_good -= to_draw;
            }
            return if sample > total / 2 { left_good } else { good - left_good };
        }
        let drawn = sample.min(total - sample);
        let (few, many) = (good.min(bad), good.max(bad));
        let (p, q) = (few as f64 / total as f64, many as f64 / total as f64);
        let a = drawn as f64 * p + 0.5;
        let variance = (total - drawn) as f64 * drawn as f64 * p * q / (total - 1) as f64;
        let c = (variance + 0.5).sqrt();
        let h = 1.715_527_769_921_413_5 * c + 0.898_916_162_058_898_8;
        let mode = ((drawn + 1) as f64 * (few + 1) as f64 / (total + 2) as f64).floor() as i64;
        let logs = |k: i64| {
            [k, few - k, drawn - k, many - drawn + k].iter().map(|&n| libm::lgamma(n as f64 + 1.0)).sum::<f64>()
        };
        let g = logs(mode);
        let b = ((drawn.min(few) + 1) as f64).min((a + 16.0 * c).floor());
        let k = loop {
            let (u, v) = (self.unit(), self.unit());
            let x = a + h * (v - 0.5) / u;
            if !(0.0..b).contains(&x) {
                continue;
            }
            let k = x.floor() as i64;
            let t = g - logs(k);
            if u * (4.0 - u) - 3.0 <= t {
                break k;
            }
            if u * (u - t) < 1.0 && 2.0 * u.ln() <= t {
                break k;
            }
        };
        let k = if good > bad { drawn - k } else { k };
        if drawn < sample { good - k } else { k }
    }

    /// How many of n trials have each of several outcomes.
    pub fn multinomial(&mut self, n: i64, chances: &[f64]) -> Vec<i64> {
        let mut counts = vec![0; chances.len()];
        let (mut left, mut rest) = (n, 1.0);
        let Some((last, firsts)) = counts.split_last_mut() else { return counts };
        for (count, p) in firsts.iter_mut().zip(chances) {
            *count = self.binomial(left, p / rest);
            left -= *count;
            if left <= 0 {
                break;
            }
            rest -= p;
        }
        *last = left.max(0);
        counts
    }
}
