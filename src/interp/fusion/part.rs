//! The part of an array that a constant index shows.

use std::ops::Range;

use super::spread::RANK;
use crate::interp::indexing::slice_bounds;
use crate::interp::value::Value;

/// A part of an array whose elements lie in row-major order.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The place of its first element.
    begin: usize,
    lengths: [usize; RANK],
    /// How far apart neighbours along each axis are.
    steps: [isize; RANK],
    rank: usize,
}

impl Part {
    /// What slices, one by one along the axes, show of an array of this shape; none where the instructions have to tell.
    pub fn of(shape: &[usize], index: &Value) -> Option<Part> {
        let slices = match index {
            Value::Tuple(items) => &items[..],
            one => std::slice::from_ref(one),
        };
        if shape.len() > RANK || slices.len() > shape.len() {
            return None;
        }
        let mut part = Part { begin: 0, lengths: [0; RANK], steps: [0; RANK], rank: shape.len() };
        let mut step = 1;
        for (axis, length) in shape.iter().enumerate().rev() {
            let (start, count) = match slices.get(axis) {
                None => (0, *length),
                Some(Value::Slice(slice)) => match slice_bounds(slice, *length).ok()? {
                    (start, count, 1) => (start, count),
                    _ => return None,
                },
                Some(_) => return None,
            };
            part.begin += start * step;
            part.lengths[axis] = count;
            part.steps[axis] = isize::try_from(step).ok()?;
            step *= length;
        }
        Some(part)
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.lengths[..self.rank]
    }

    /// How far apart neighbours along each axis are.
    pub fn steps(&self) -> &[isize] {
        &self.steps[..self.rank]
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// How many axes, the last ones, lie in order together.
    fn inner(&self) -> (usize, usize) {
        let (mut axis, mut run) = (self.rank, 1);
        while axis > 0 && self.steps[axis - 1] == run as isize {
            axis -= 1;
            run *= self.lengths[axis];
        }
        (axis, run)
    }

    /// Where its elements are, if they lie one behind the other.
    pub fn range(&self) -> Option<Range<usize>> {
        let (outer, run) = self.inner();
        let single = self.lengths[..outer].iter().all(|length| *length == 1);
        single.then_some(self.begin..self.begin + run)
    }

    /// The place of the first element.
    pub fn begin(&self) -> usize {
        self.begin
    }

    /// The runs of elements that lie one behind the other, in order.
    pub fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let (outer, run) = self.inner();
        let (lengths, steps, begin) = (self.lengths, self.steps, self.begin);
        let count: usize = lengths[..outer].iter().product();
        (0..count).map(move |k| {
            let (mut left, mut place) = (k, begin);
            for axis in (0..outer).rev() {
                place += left % lengths[axis] * steps[axis].unsigned_abs();
                left /= lengths[axis];
            }
            place..place + run
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::{ArrayD, Axis};

    use super::*;
    use crate::interp::value::Slice;

    #[test]
    fn runs_are_the_elements_of_a_view() {
        let bounds = [(0, 4), (1, 4), (0, 3), (2, 2), (-3, -1), (1, 2)];
        for shape in [vec![4], vec![3, 4], vec![4, 1, 3], vec![2, 3, 4, 2], vec![0, 3]] {
            let all = ArrayD::from_shape_vec(shape.clone(), (0..shape.iter().product()).collect()).unwrap();
            for k in 0..bounds.len().pow(shape.len() as u32) {
                let mut view = all.view();
                let mut slices = vec![];
                for (axis, length) in shape.iter().enumerate() {
                    let (start, stop) = bounds[k / bounds.len().pow(axis as u32) % bounds.len()];
                    let (start, stop, step) = (Value::Int(start), Value::Int(stop), Value::None);
                    let slice = Slice { start, stop, step };
                    let (start, count, _) = slice_bounds(&slice, *length).unwrap();
                    view.slice_axis_inplace(Axis(axis), (start..start + count).into());
                    slices.push(Value::Slice(Arc::new(slice)));
                }
                let part = Part::of(&shape, &Value::tuple(slices)).unwrap();
                let places: Vec<usize> = part.runs().flatten().collect();
                assert_eq!(places, view.iter().copied().collect::<Vec<usize>>(), "{part:?} of {shape:?}");
                assert_eq!((part.shape(), part.len()), (view.shape(), view.len()));
                if let Some(range) = part.range() {
                    assert_eq!(range.collect::<Vec<usize>>(), places);
                }
            }
        }
    }
}
