//! Functions that are called rather than inlined: specialised for the kinds of their arguments, and differentiated as a
//! pair of halves, or as one function in forward mode.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::lang::{Error, Result, Symbol, symbol};

use super::activity::activity;
use super::bind::Bind;
use super::core::{Atom, Var};
use super::kind::{Code, CodeRef, Kind};
use super::lower::Lowerer;
use super::program::{Part, bounded, cotangent_kind, empty_tree, simplify_result};
use super::session::{Session, Specialisation};

impl Session<'_> {
    /// The number of the specialisation of a definition for these argument kinds, made if need be.
    pub fn specialise(
        &mut self,
        code: &CodeRef,
        captures: usize,
        kinds: Vec<Kind>,
        global: Option<Symbol>,
    ) -> Result<usize> {
        let key = (code.clone(), kinds);
        if let Some(number) = self.functions.iter().position(|s| s.key == key) {
            if self.functions[number].function.is_none() {
                self.functions[number].assumed = true;
            }
            return Ok(number);
        }
        if self.functions.iter().filter(|s| s.key.0 == *code).count() > 64 {
            return Err(Error::derivative(format!(
                "'{}' calls itself with arguments of ever new types",
                code.0.tree.name
            )));
        }
        let plain = captures == 0
            && key.1.iter().all(|kind| !matches!(kind, Kind::Function(_) | Kind::Module(_)))
            && code.0.tree.params.iter().all(|p| p.form.takes_position());
        let global = global.filter(|_| plain);
        let number = self.functions.len();
        self.functions.push(Specialisation {
            key: key.clone(),
            result: Kind::Never,
            function: None,
            global,
            assumed: false,
            rule: self.rule_of(code),
            host: false,
            derived: FxHashMap::default(),
        });
        for round in 0.. {
            self.functions[number].assumed = false;
            let mut l = Lowerer::new(self, code.0.tree.name, code.0.tree.span);
            let names: Vec<Symbol> =
                code.0.captures.iter().copied().chain(code.0.tree.params.iter().map(|p| p.name)).collect();
            let mut binds: Vec<Bind> =
                names.into_iter().zip(&key.1).map(|(name, kind)| l.parameter(name, kind)).collect();
            let values = binds.split_off(captures);
            let result = l.inline(code, binds, values)?;
            let result = l.atom(&result)?;
            let mut f = l.finish(result)?;
            simplify_result(self, &mut f)?;
            let found = bounded(&f.kind(&f.result), 4);
            let entry = &mut self.functions[number];
            let settled = !entry.assumed || entry.result == found;
            entry.result = if settled {
                found
            } else if round < 2 {
                entry.result.join(&found)
            } else {
                Kind::Any
            };
            let settled = settled || round > 3;
            if settled {
                entry.function = Some(f);
                return Ok(number);
            }
        }
        Ok(number)
    }

    /// The forward and backward halves of a specialisation's derivative, for these active arguments.
    pub fn reverse_pair(&mut self, number: usize, mask: &[bool]) -> Result<(usize, usize)> {
        let (forward, backward) = (Part::Forward(mask.to_vec()), Part::Backward(mask.to_vec()));
        if let (Some(f), Some(b)) =
            (self.functions[number].derived.get(&forward), self.functions[number].derived.get(&backward))
        {
            return Ok((*f, *b));
        }
        let Some(f) = self.functions[number].function.clone() else {
            return Err(Error::derivative("a function is differentiated while it is being written"));
        };
        let active_params: Vec<Var> =
            f.params.iter().zip(mask).filter(|(_, active)| **active).map(|(param, _)| *param).collect();
        let result_kind = self.functions[number].result.clone();
        let bars: Vec<Kind> = active_params.iter().map(|p| cotangent_kind(&f.info(*p).kind)).collect();
        let forward_number = self.reserve(Kind::Tuple([result_kind, Kind::Any].into()));
        let backward_number = self.reserve(Kind::Tuple(bars.into()));
        self.functions[number].derived.insert(forward, forward_number);
        self.functions[number].derived.insert(backward, backward_number);
        let name = f.name.as_str().trim_matches(['<', '>']).to_string();
        let result = Bind::Atom(f.result.clone());
        let (forward, backward) = self.split(f, &active_params, &result, &name, |l, adjoints| {
            let mut gradients = Vec::new();
            for param in &active_params {
                let bar = adjoints.get(param).cloned().unwrap_or(Bind::Zero);
                gradients.push(l.materialise(&bar, &Bind::Atom(Atom::Var(*param)))?);
            }
            Ok(Bind::Tuple(gradients))
        })?;
        self.functions[forward_number].function = Some(forward);
        self.functions[backward_number].function = Some(backward);
        Ok((forward_number, backward_number))
    }

    /// The forward-mode derivative of a specialisation, for these active arguments, to this order.
    pub fn forward_part(&mut self, number: usize, mask: &[bool], order: usize) -> Result<usize> {
        let part = Part::Pushforward(mask.to_vec(), order);
        if let Some(done) = self.functions[number].derived.get(&part) {
            return Ok(*done);
        }
        let Some(f) = self.functions[number].function.clone() else {
            return Err(Error::derivative("a function is differentiated while it is being written"));
        };
        let kind = self.functions[number].result.clone();
        let dots = std::iter::repeat_n(cotangent_kind(&kind), order);
        let reserved = self.reserve(Kind::Tuple(std::iter::once(kind.clone()).chain(dots).collect()));
        self.functions[number].derived.insert(part, reserved);
        let inputs: Vec<Var> = f.params.iter().zip(mask).filter(|(_, a)| **a).map(|(p, _)| *p).collect();
        let outputs: Vec<Var> = f.result.var().into_iter().collect();
        let active = activity(&f, self.rules, &inputs, &outputs);
        let result = Bind::Atom(f.result.clone());
        let suffix = if order == 1 { "jvp" } else { "taylor" };
        let name = Symbol::new(&format!("{}_{suffix}", f.name.as_str().trim_matches(['<', '>'])));
        let mut f = self.pushed_forward(f, &inputs, &active, result, order)?;
        f.name = name;
        simplify_result(self, &mut f)?;
        self.functions[reserved].function = Some(f);
        Ok(reserved)
    }

    /// A function whose body is written later. Its result is read by callers that label extents in their own way.
    pub(super) fn reserve(&mut self, result: Kind) -> usize {
        let result = result.of_any_extents();
        let code = Code {
            tree: Arc::new(empty_tree(symbol!("f"))),
            captures: vec![],
            recursive: false,
            module: super::rules::LIBRARY,
        };
        self.functions.push(Specialisation {
            key: (CodeRef(Arc::new(code)), vec![]),
            result,
            function: None,
            global: None,
            assumed: false,
            rule: None,
            host: false,
            derived: FxHashMap::default(),
        });
        self.functions.len() - 1
    }
}
