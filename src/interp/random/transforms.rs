//! Floats of further continuous distributions, in NumPy's way of making them of uniform, normal and exponential ones.

use super::Generator;

impl Generator {
    /// Laplace: mean `loc`, exponential decay `scale`.
    pub fn laplace(&mut self, loc: f64, scale: f64) -> f64 {
        loop {
            let u = self.unit();
            if u >= 0.5 {
                return loc - scale * (2.0 - u - u).ln();
            } else if u > 0.0 {
                return loc + scale * (u + u).ln();
            }
        }
    }

    /// Gumbel, of largest values.
    pub fn gumbel(&mut self, loc: f64, scale: f64) -> f64 {
        loop {
            let u = 1.0 - self.unit();
            if u < 1.0 {
                return loc - scale * (-u.ln()).ln();
            }
        }
    }

    /// Logistic.
    pub fn logistic(&mut self, loc: f64, scale: f64) -> f64 {
        loop {
            let u = self.unit();
            if u > 0.0 {
                return loc + scale * (u / (1.0 - u)).ln();
            }
        }
    }

    /// Log-normal.
    pub fn lognormal(&mut self, mean: f64, sigma: f64) -> f64 {
        (mean + sigma * self.standard_normal()).exp()
    }

    /// Rayleigh.
    pub fn rayleigh(&mut self, scale: f64) -> f64 {
        scale * (2.0 * self.standard_exponential()).sqrt()
    }

    /// Weibull of a shape.
    pub fn weibull(&mut self, shape: f64) -> f64 {
        if shape == 0.0 { 0.0 } else { self.standard_exponential().powf(1.0 / shape) }
    }

    /// Pareto II (Lomax) of a shape.
    pub fn pareto(&mut self, shape: f64) -> f64 {
        (self.standard_exponential() / shape).exp_m1()
    }

    /// The power function distribution.
    pub fn power(&mut self, shape: f64) -> f64 {
        (-(-self.standard_exponential()).exp_m1()).powf(1.0 / shape)
    }

    /// Triangular.
    pub fn triangular(&mut self, left: f64, mode: f64, right: f64) -> f64 {
        let base = right - left;
        let u = self.unit();
        if u <= (mode - left) / base {
            left + (u * ((mode - left) * base)).sqrt()
        } else {
            right - ((1.0 - u) * ((right - mode) * base)).sqrt()
        }
    }

    /// Cauchy.
    pub fn standard_cauchy(&mut self) -> f64 {
        let above = self.standard_normal();
        above / self.standard_normal()
    }

    /// Gamma of a shape, with scale 1: Marsaglia and Tsang (2000), below shape 1 Ahrens and Dieter's (1974).
    pub fn standard_gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.standard_exponential();
        } else if shape == 0.0 {
            return 0.0;
        } else if shape < 1.0 {
            loop {
                let (u, v) = (self.unit(), self.standard_exponential());
                if u <= 1.0 - shape {
                    let x = u.powf(1.0 / shape);
                    if x <= v {
                        return x;
                    }
                } else {
                    let y = -((1.0 - u) / shape).ln();
                    let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                    if x <= v + y {
                        return x;
                    }
                }
            }
        }
        let b = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * b).sqrt();
        loop {
            let (x, v) = loop {
                let x = self.standard_normal();
                let v = 1.0 + c * x;
                if v > 0.0 {
                    break (x, v * v * v);
                }
            };
            let u = self.unit();
            if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
                return b * v;
            }
        }
    }

    /// Beta: for small parameters Jöhnk's (1964), else of two gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        if a <= 1.0 && b <= 1.0 {
            loop {
                let (u, v) = (self.unit(), self.unit());
                let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
                if x + y <= 1.0 && u + v > 0.0 {
                    if x + y > 0.0 {
                        return x / (x + y);
                    }
                    let (log_x, log_y) = (u.ln() / a, v.ln() / b);
                    let most = log_x.max(log_y);
                    let (log_x, log_y) = (log_x - most, log_y - most);
                    return (log_x - (log_x.exp() + log_y.exp()).ln()).exp();
                }
            }
        }
        let x = self.standard_gamma(a);
        x / (x + self.standard_gamma(b))
    }

    /// Chi-square.
    pub fn chisquare(&mut self, df: f64) -> f64 {
        2.0 * self.standard_gamma(df / 2.0)
    }

    /// Chi-square about a centre that is not zero.
    pub fn noncentral_chisquare(&mut self, df: f64, nonc: f64) -> f64 {
        if nonc == 0.0 {
            self.chisquare(df)
        } else if df > 1.0 {
            let rest = self.chisquare(df - 1.0);
            let n = self.standard_normal() + nonc.sqrt();
            rest + n * n
        } else {
            let count = self.poisson(nonc / 2.0);
            self.chisquare(df + 2.0 * count as f64)
        }
    }

    /// Fisher's F with a numerator about a centre that is not zero.
    pub fn noncentral_f(&mut self, above: f64, below: f64, nonc: f64) -> f64 {
        let x = self.noncentral_chisquare(above, nonc) * below;
        x / (self.chisquare(below) * above)
    }

    /// Wald (inverse Gaussian): Michael, Schucany and Haas (1976).
    pub fn wald(&mut self, mean: f64, scale: f64) -> f64 {
        let y = self.standard_normal();
        let y = mean * y * y;
        let x = mean * (1.0 - 2.0 / (1.0 + (1.0 + 4.0 * scale / y).sqrt()));
        if self.unit() <= mean / (mean + x) { x } else { mean * mean / x }
    }

    /// Von Mises, on the circle from -π to π: Best and Fisher (1979).
    pub fn vonmises(&mut self, mu: f64, kappa: f64) -> f64 {
        use std::f64::consts::{PI, TAU};
        if kappa < 1e-8 {
            return PI * (2.0 * self.unit() - 1.0);
        } else if kappa > 1e6 {
            let angle = mu + (1.0 / kappa).sqrt() * self.standard_normal();
            return if angle < -PI {
                angle + TAU
            } else if angle > PI {
                angle - TAU
            } else {
                angle
            };
        }
        let s = if kappa < 1e-5 {
            1.0 / kappa + kappa
        } else {
            let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
            let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
            (1.0 + rho * rho) / (2.0 * rho)
        };
        let w = loop {
            let z = (PI * self.unit()).cos();
            let w = (1.0 + s * z) / (s + z);
            let y = kappa * (s - w);
            let v = self.unit();
            if y * (2.0 - y) - v >= 0.0 || (y / v).ln() + 1.0 - y >= 0.0 {
                break w;
            }
        };
        let angle = if self.unit() < 0.5 { -w.acos() } else { w.acos() } + mu;
        let turned = (angle.abs() + PI) % TAU - PI;
        if angle < 0.0 { -turned } else { turned }
    }

    /// Fisher's F.
    pub fn fisher(&mut self, above: f64, below: f64) -> f64 {
        let x = self.chisquare(above) * below;
        x / (self.chisquare(below) * above)
    }

    /// Student's t.
    pub fn standard_t(&mut self, df: f64) -> f64 {
        let above = self.standard_normal();
        let below = self.standard_gamma(df / 2.0);
        (df / 2.0).sqrt() * above / below.sqrt()
    }

    /// A vector of the Dirichlet distribution: gammas divided by their sum, or for small parameters betas of what is left.
    pub fn dirichlet(&mut self, alpha: &[f64]) -> Vec<f64> {
        let most = alpha.iter().copied().fold(0.0, f64::max);
        if most < 0.1 {
            let mut left = 1.0;
            let mut parts = Vec::with_capacity(alpha.len());
            for (at, &a) in alpha.iter().enumerate() {
                let rest: f64 = alpha[at + 1..].iter().rev().sum();
                let share = if at + 1 == alpha.len() { 1.0 } else { self.beta(a, rest) };
                parts.push(left * share);
                left *= 1.0 - share;
            }
            return parts;
        }
        let gammas: Vec<f64> = alpha.iter().map(|&a| self.standard_gamma(a)).collect();
        let inverse = 1.0 / gammas.iter().sum::<f64>();
        gammas.into_iter().map(|g| g * inverse).collect()
    }
}
