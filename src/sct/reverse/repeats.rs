//! Elements that one update writes more than once: the last value stays, and has all of the cotangent.
//!
//! ```text
//!                        last = np.zeros_like(x_bar)
//!                        last[i] = np.arange(np.size(v))
//! x[i] = v        ⟶      v_bar += np.where(last[i] == np.arange(np.size(v)), x_bar[i], 0.0)
//! ```

use std::rc::Rc;

use crate::lang::{Result, symbol};

use super::super::bind::Bind;
use super::super::core::{Atom, How, Index, Op};
use super::super::kind::Kind;
use super::super::lower::{Frame, Lowerer};
use super::super::rules::LIBRARY;
use super::super::session::Unit;

impl Lowerer<'_, '_> {
    /// The cotangent of what was written to a path, of which `part` stands there in the cotangent `bar` of the whole.
    pub fn written(&mut self, bar: Atom, path: &[Index], part: Atom) -> Result<Atom> {
        let Some((index, rest)) = path.split_first() else { return Ok(part) };
        if self.names_places(index) {
            return self.last_written(bar, index, rest, part);
        }
        let unknown = self.unknown_parts(index);
        if unknown.is_empty() {
            let inner = self.get_atom(bar, index.clone());
            return self.written(inner, rest, part);
        }
        let index_value = match (index, unknown.as_slice()) {
            (_, [one]) => one.clone(),
            _ => self.define(symbol!("t"), Kind::Any, Op::Tuple(unknown)),
        };
        let test = self.call(symbol!("cotangent.picks"), vec![index_value]);
        let mut fr = Frame::new(Rc::new(Unit::of(LIBRARY)));
        let written = self.choose(
            test,
            &mut fr,
            |l, _| l.last_written(bar.clone(), index, rest, part.clone()).map(Bind::Atom),
            |l, _| {
                if rest.is_empty() {
                    return Ok(Bind::Atom(part.clone()));
                }
                let inner = l.get_atom(bar.clone(), index.clone());
                l.written(inner, rest, part.clone()).map(Bind::Atom)
            },
        )?;
        self.atom(&written)
    }

    /// The same where the first index names places of an array. Each value's number is written as the value was; those
    /// that are still there have won.
    fn last_written(&mut self, bar: Atom, index: &Index, rest: &[Index], part: Atom) -> Result<Atom> {
        if !rest.is_empty() {
            // What is picked is a copy, which was changed in vain.
            return Ok(self.call(symbol!("cotangent.zeros_like"), vec![part]));
        }
        let (size, shape) =
            (self.call(symbol!("np.size"), vec![part.clone()]), self.call(symbol!("np.shape"), vec![part.clone()]));
        let numbers = self.call(symbol!("np.arange"), vec![size]);
        let order = self.call(symbol!("np.reshape"), vec![numbers, shape]);
        let zeros = self.call(symbol!("np.zeros_like"), vec![bar]);
        let kind = self.f.kind(&zeros);
        let update = Op::Update(zeros, vec![index.clone()], How::Set, order.clone());
        let last = self.define(symbol!("t"), kind, update);
        let last = self.get_atom(last, index.clone());
        let won = self.call(symbol!("operator.eq"), vec![last, order]);
        Ok(self.call(symbol!("np.where"), vec![won, part, Atom::float(0.0)]))
    }
}
