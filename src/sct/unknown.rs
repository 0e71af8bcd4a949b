//! Sums and products of values whose type is known only when the program runs: lists may be joined and repeated by them.
//!
//! ```text
//! z = x + y        z_dot = x_dot + y_dot        x_bar = z_bar[:len(x)]  if x is a list, else summed to the shape of x
//! ```

use crate::lang::{Result, symbol};

use super::bind::Bind;
use super::core::Atom;
use super::kind::Kind;
use super::lower::Lowerer;
use super::rules::Site;

const PART_OF_SUM: &str = "\
def part_of_sum(bar, x, y, second):
    if isinstance(x, list) and isinstance(y, list):
        return bar[len(x):] if second else bar[:len(x)]
    return cotangent.sum_to(bar, np.shape(y if second else x))
";

const PART_OF_PRODUCT: &str = "\
def part_of_product(bar, x, n):
    if isinstance(x, list):
        out = cotangent.zeros_like(x)
        for k in range(n):
            out = cotangent.add(out, bar[k * len(x):(k + 1) * len(x)])
        return out
    return cotangent.sum_to(bar * n, np.shape(x))
";

/// What an operator may do to lists.
enum Form {
    Join,
    /// The operand at this place is repeated as often as the other says.
    Repeat(usize),
}

impl Lowerer<'_, '_> {
    fn unknown(&self, site: &Site) -> Option<Form> {
        let [x, y] = site.args else { return None };
        match (site.name.as_str(), self.f.kind(x), self.f.kind(y)) {
            ("operator.add", Kind::Any, Kind::Any) => Some(Form::Join),
            ("operator.mul", Kind::Any, Kind::Int) => Some(Form::Repeat(0)),
            ("operator.mul", Kind::Int, Kind::Any) => Some(Form::Repeat(1)),
            _ => None,
        }
    }

    /// The contributions of such an operator to the cotangents of its operands.
    pub fn pull_back_unknown(&mut self, site: &Site, bar: &Bind) -> Result<Option<Vec<Bind>>> {
        let Some(form) = self.unknown(site) else { return Ok(None) };
        let bar = self.materialise(bar, &Bind::Atom(site.result.clone()))?;
        let [x, y] = [0, 1].map(|at| Bind::Atom(site.args[at].clone()));
        let mut out = vec![Bind::Zero; 2];
        for at in (0..2).filter(|at| site.active[*at]) {
            out[at] = match form {
                Form::Join => {
                    let second = Bind::Atom(Atom::Lit(super::kind::Literal::Bool(at == 1)));
                    self.in_language("part_of_sum", PART_OF_SUM, vec![bar.clone(), x.clone(), y.clone(), second])?
                }
                Form::Repeat(place) => {
                    let (xs, times) = if place == 0 { (&x, &y) } else { (&y, &x) };
                    let args = vec![bar.clone(), xs.clone(), times.clone()];
                    self.in_language("part_of_product", PART_OF_PRODUCT, args)?
                }
            };
        }
        Ok(Some(out))
    }

    /// The tangent of such an operator: it does to the tangents what it does to the operands.
    pub fn push_forward_unknown(&mut self, site: &Site, dots: &[Bind]) -> Result<Option<Bind>> {
        let Some(form) = self.unknown(site) else { return Ok(None) };
        let mut args = site.args.to_vec();
        let moved: &[usize] = match &form {
            Form::Join => &[0, 1],
            Form::Repeat(place) => std::slice::from_ref(place),
        };
        for at in moved {
            args[*at] = self.materialise_atom(&dots[*at], &Bind::Atom(site.args[*at].clone()))?;
        }
        let name = if let Form::Join = form { symbol!("operator.add") } else { symbol!("operator.mul") };
        Ok(Some(Bind::Atom(self.call(name, args))))
    }
}
