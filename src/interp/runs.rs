//! Two arrays broadcast against each other, as runs of elements that lie one behind the other or are one and the same.
//!
//! Axes along which both go on as before, or both stay, are one: `(1000, 25, 10)` and `(25, 10)` are a thousand runs of 250
//! pairs, `(1000, 25, 10)` and `(1000, 25, 1)` are 25,000 runs of ten elements with one number.

/// Elements of one operand: from a place on, or that at the place again and again.
#[derive(Clone, Copy)]
pub struct Run<'a, T> {
    elements: &'a [T],
    again: bool,
}

/// An axis of the result: its length, and how far it goes in each operand.
#[derive(Clone, Copy)]
struct Axis {
    length: usize,
    steps: [usize; 2],
}

impl<T: Copy> Run<'_, T> {
    /// Gives `each` the elements of two runs of one length, pair by pair.
    #[inline(always)]
    pub fn zip<S: Copy, U>(self, other: Run<'_, S>, mut f: impl FnMut(T, S) -> U, out: &mut impl Extend<U>) {
        match (self.again, other.again) {
            // Where both stay there is one element.
            (false, false) | (true, true) => {
                out.extend(self.elements.iter().zip(other.elements).map(|(x, y)| f(*x, *y)))
            }
            (false, true) => {
                if let Some(y) = other.elements.first() {
                    out.extend(self.elements.iter().map(|x| f(*x, *y)));
                }
            }
            (true, false) => {
                if let Some(x) = self.elements.first() {
                    out.extend(other.elements.iter().map(|y| f(*x, *y)));
                }
            }
        }
    }

    /// Changes the elements of a slice of the run's length, each with the run's.
    #[inline(always)]
    pub fn change(self, out: &mut [T], mut f: impl FnMut(T, T) -> T) {
        match (self.again, self.elements.first()) {
            (true, Some(y)) => out.iter_mut().for_each(|x| *x = f(*x, *y)),
            _ => out.iter_mut().zip(self.elements).for_each(|(x, y)| *x = f(*x, *y)),
        }
    }
}

/// Goes through a result of the shape that two operands are broadcast to, in row-major order: gives the runs of two operands, each with its shape and its elements in
/// row-major order, and their length.
pub fn each_run<T, S>(
    shape: &[usize],
    (a, x): (&[usize], &[T]),
    (b, y): (&[usize], &[S]),
    mut each: impl FnMut(Run<'_, T>, Run<'_, S>, usize),
) {
    if shape.contains(&0) {
        return;
    }
    let mut axes = axes(shape, [a, b]);
    let inner = axes.pop().unwrap_or(Axis { length: 1, steps: [0, 0] });
    let mut at = vec![0; axes.len()];
    let mut places = [0, 0];
    loop {
        let [p, q] = [0, 1].map(|k| places[k]..places[k] + if inner.steps[k] == 0 { 1 } else { inner.length });
        let (Some(p), Some(q)) = (x.get(p), y.get(q)) else { return };
        each(
            Run { elements: p, again: inner.steps[0] == 0 },
            Run { elements: q, again: inner.steps[1] == 0 },
            inner.length,
        );
        // The next place: the last axis that does not end here goes on, those behind it begin anew.
        let Some(next) = (0..axes.len()).rev().find(|k| at[*k] + 1 < axes[*k].length) else { return };
        for (k, axis) in axes.iter().enumerate().skip(next) {
            for (place, step) in places.iter_mut().zip(axis.steps) {
                *place = if k == next { *place + step } else { *place - step * at[k] };
            }
            at[k] = if k == next { at[k] + 1 } else { 0 };
        }
    }
}

/// The axes of the result, as few as possible. Along the last one each operand goes on by one element, or stays.
fn axes(shape: &[usize], operands: [&[usize]; 2]) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::with_capacity(shape.len());
    let mut sizes = [1, 1];
    for (back, &length) in shape.iter().rev().enumerate() {
        let steps = [0, 1].map(|k| {
            let own = operands[k].len().checked_sub(back + 1).map_or(1, |axis| operands[k][axis]);
            let step = if own == 1 { 0 } else { sizes[k] };
            sizes[k] *= own;
            step
        });
        if length == 1 {
            continue;
        }
        match axes.last_mut() {
            Some(inner) if [0, 1].iter().all(|&k| steps[k] == inner.steps[k] * inner.length) => inner.length *= length,
            _ => axes.push(Axis { length, steps }),
        }
    }
    axes.reverse();
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs, and the number of runs.
    fn pairs(shape: &[usize], a: &[usize], b: &[usize]) -> (Vec<(usize, usize)>, usize) {
        let elements = |shape: &[usize]| (0..shape.iter().product()).collect::<Vec<usize>>();
        let (mut all, mut runs) = (Vec::new(), 0);
        each_run(shape, (a, &elements(a)), (b, &elements(b)), |x, y, length| {
            let before = all.len();
            x.zip(y, |x, y| (x, y), &mut all);
            assert_eq!(all.len() - before, length);
            runs += 1;
        });
        (all, runs)
    }

    /// The pairs as ndarray broadcasts.
    fn expected(shape: &[usize], a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
        let of = |own: &[usize]| {
            let all = ndarray::ArrayD::from_shape_vec(own, (0..own.iter().product()).collect()).unwrap();
            all.broadcast(shape).unwrap().iter().copied().collect::<Vec<usize>>()
        };
        of(a).into_iter().zip(of(b)).collect()
    }

    #[test]
    fn runs_are_what_broadcasting_is() {
        let shapes: [[&[usize]; 3]; 9] = [
            [&[4, 3, 2], &[4, 3, 2], &[3, 2]],
            [&[4, 3, 2], &[4, 3, 1], &[4, 3, 2]],
            [&[4, 3, 2], &[4, 1, 2], &[1, 3, 2]],
            [&[4, 3, 1], &[4, 1, 1], &[3, 1]],
            [&[3, 4], &[3, 1], &[1, 4]],
            [&[1, 1], &[1], &[1, 1]],
            [&[2, 1, 3], &[2, 1, 1], &[1, 3]],
            [&[0, 3], &[0, 1], &[3]],
            [&[5], &[5], &[1]],
        ];
        for [shape, a, b] in shapes {
            assert_eq!(pairs(shape, a, b).0, expected(shape, a, b), "{a:?} {b:?}");
            assert_eq!(pairs(shape, b, a).0, expected(shape, b, a), "{b:?} {a:?}");
        }
    }

    #[test]
    fn axes_are_joined() {
        assert_eq!(pairs(&[4, 3, 2], &[4, 3, 2], &[3, 2]).1, 4);
        assert_eq!(pairs(&[4, 3, 2], &[4, 3, 2], &[4, 1, 1]).1, 4);
        assert_eq!(pairs(&[4, 3, 2], &[4, 3, 2], &[4, 3, 1]).1, 12);
        assert_eq!(pairs(&[4, 3, 2], &[4, 3, 2], &[1]).1, 1);
    }
}
