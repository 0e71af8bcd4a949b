//! Operands of other shapes than the chain's: broadcast to it a block at a time.

use super::kernels;

/// Axes of what is gone through.
pub const RANK: usize = 4;

/// The lengths of an array's axes, or of a chain's, aligned at the last.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Form {
    lengths: [usize; RANK],
    rank: usize,
}

impl Form {
    /// Of no axes.
    pub const NUMBER: Form = Form { lengths: [1; RANK], rank: 0 };

    /// The form of a shape, if it does not have too many axes.
    pub fn of(shape: &[usize]) -> Option<Form> {
        let mut form = Form { rank: shape.len(), ..Form::NUMBER };
        form.lengths.get_mut(..shape.len())?.copy_from_slice(shape);
        form.lengths[..shape.len()].reverse();
        Some(form)
    }

    /// What both are broadcast to.
    pub fn broadcast(self, other: Form) -> Option<Form> {
        let mut form = Form { rank: self.rank.max(other.rank), ..self };
        for (length, other) in form.lengths.iter_mut().zip(other.lengths) {
            *length = match (*length, other) {
                (1, other) => other,
                (length, other) if other == 1 || other == length => length,
                _ => return None,
            };
        }
        Some(form)
    }

    /// All its axes, a bit each.
    pub fn axes(self) -> u8 {
        (0..self.rank).map(|at| 1 << at).sum()
    }

    /// The lengths, first axis first, and how many there are.
    pub fn shape(&self) -> ([usize; RANK], usize) {
        let mut shape = self.lengths;
        shape[..self.rank].reverse();
        (shape, self.rank)
    }

    /// The axes, a bit each, along which this goes through all of a form that it is broadcast to.
    pub fn covered(self, whole: Form) -> u8 {
        (0..self.rank).map(|at| u8::from(self.lengths[at] == whole.lengths[at]) << at).sum()
    }
}

/// How the elements of an operand are gone through: axes from the last on, as few as possible, each with its length and
/// how far apart neighbours are.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    axes: [(usize, usize); RANK],
    count: usize,
    /// Elements after which it begins again; none if it does not.
    pub period: Option<usize>,
}

impl Spread {
    /// The way through an operand of a form whose neighbours are `steps` apart, first axis first, broadcast to another.
    pub fn new(operand: Form, steps: &[isize], whole: Form) -> Option<Spread> {
        let mut spread = Spread { axes: [(1, 0); RANK], count: 0, period: None };
        for at in 0..whole.rank {
            let length = whole.lengths[at];
            if length == 1 {
                continue;
            }
            let step = match operand.lengths[at] {
                1 => 0,
                _ => usize::try_from(steps[steps.len().checked_sub(at + 1)?]).ok()?,
            };
            match spread.count.checked_sub(1).map(|last| &mut spread.axes[last]) {
                Some((inner, inner_step)) if step == *inner_step * *inner => *inner *= length,
                _ => {
                    spread.axes[spread.count] = (length, step);
                    spread.count += 1;
                }
            }
        }
        if let Some((last, inner)) = spread.axes[..spread.count].split_last()
            && last.1 == 0
        {
            spread.period = Some(inner.iter().map(|(length, _)| length).product());
        }
        Some(spread)
    }

    /// Whether these elements are gone through one behind the other.
    pub fn in_order(&self) -> bool {
        self.count == 0 || self.count == 1 && self.axes[0].1 == 1
    }

    /// The elements from one on, in the order of the whole.
    pub fn fill(&self, elements: &[f64], start: usize, out: &mut [f64]) {
        let (inner, step) = self.axes[0];
        let part = |place: usize, out: &mut [f64]| match step {
            0 => out.fill(elements[place]),
            1 => out.copy_from_slice(&elements[place..place + out.len()]),
            _ => out.iter_mut().zip(elements[place..].iter().step_by(step)).for_each(|(to, from)| *to = *from),
        };
        // A column: each element as often as a row is long.
        if let ([(_, 0), (_, 1), ..], 2, 0) = (self.axes, self.count, start % inner) {
            kernels::along_rows(&elements[start / inner..], inner, out);
            return;
        }
        let mut rest = out;
        if self.count <= 2 {
            let (mut row, mut at) = (start / inner, start % inner);
            while !rest.is_empty() {
                let (now, behind) = rest.split_at_mut((inner - at).min(rest.len()));
                part(row * self.axes[1].1 + at * step, now);
                (rest, at, row) = (behind, 0, row + 1);
            }
            return;
        }
        let mut at = [0; RANK];
        let (mut left, mut place) = (start, 0);
        for (at, (length, step)) in at.iter_mut().zip(self.axes).take(self.count) {
            (*at, left) = (left % length, left / length);
            place += *at * step;
        }
        while !rest.is_empty() {
            let (now, behind) = rest.split_at_mut((inner - at[0]).min(rest.len()));
            part(place, now);
            rest = behind;
            place -= at[0] * step;
            at[0] = 0;
            for (at, (length, step)) in at.iter_mut().zip(self.axes).take(self.count).skip(1) {
                *at += 1;
                place += step;
                if *at < length {
                    break;
                }
                place -= length * step;
                *at = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_what_broadcasting_and_transposing_give() {
        // The shape of an operand, the order of its axes in memory, what it is broadcast to.
        let cases: [(&[usize], &[usize], &[usize]); 9] = [
            (&[3], &[0], &[4, 3]),
            (&[4, 1], &[0, 1], &[4, 3]),
            (&[4, 3], &[1, 0], &[4, 3]),
            (&[4, 3, 2], &[0, 1, 2], &[4, 3, 2]),
            (&[2, 1, 3], &[2, 0, 1], &[2, 5, 3]),
            (&[1, 1], &[0, 1], &[3, 2]),
            (&[3, 1, 2], &[0, 1, 2], &[5, 3, 4, 2]),
            (&[1], &[0], &[1, 1]),
            (&[2, 3, 4, 2], &[3, 1, 0, 2], &[2, 3, 4, 2]),
        ];
        for (shape, order, whole) in cases {
            let count: usize = shape.iter().product();
            let memory: Vec<f64> = (0..count).map(|x| x as f64).collect();
            let stored: Vec<usize> = order.iter().map(|axis| shape[*axis]).collect();
            let mut back = vec![0; order.len()];
            order.iter().enumerate().for_each(|(at, axis)| back[*axis] = at);
            let stored = ndarray::ArrayD::from_shape_vec(stored, memory.clone()).unwrap();
            let operand = stored.view().permuted_axes(back);
            assert_eq!(operand.shape(), shape);
            let expected: Vec<f64> = operand.broadcast(whole).unwrap().iter().copied().collect();
            let spread = Spread::new(Form::of(shape).unwrap(), operand.strides(), Form::of(whole).unwrap()).unwrap();
            for length in [1, 2, 5, 7, expected.len()] {
                let mut all = vec![];
                while all.len() < expected.len() {
                    let mut block = vec![-1.0; length.min(expected.len() - all.len())];
                    spread.fill(&memory, all.len(), &mut block);
                    all.extend(block);
                }
                assert_eq!(all, expected, "{shape:?} {order:?} {whole:?} by {length}");
            }
        }
    }

    #[test]
    fn forms_are_broadcast() {
        let form = |shape: &[usize]| Form::of(shape).unwrap();
        assert_eq!(form(&[3, 1]).broadcast(form(&[4])), Some(form(&[3, 4])));
        assert_eq!(form(&[3]).broadcast(form(&[4])), None);
        assert_eq!(Form::of(&[1; 5]), None);
        assert_eq!(form(&[4]).covered(form(&[3, 4])), 0b01);
        assert_eq!(form(&[3, 1]).covered(form(&[3, 4])), 0b10);
        assert_eq!(form(&[4]).covered(form(&[1, 4])), 0b01);
    }
}
