//! What a pass knows of variables: a table with a place for each, found without hashing.

use super::core::{Function, Var};

/// A table from variables to what is known of them.
#[derive(Clone, Debug)]
pub struct VarMap<T>(Vec<Option<T>>);

/// A set of variables.
pub type VarSet = VarMap<()>;

impl<T> Default for VarMap<T> {
    fn default() -> VarMap<T> {
        VarMap(vec![])
    }
}

impl<T> VarMap<T> {
    /// An empty table with room for the variables of a function, and some that it does not have yet.
    pub fn of(f: &Function) -> VarMap<T> {
        VarMap(Vec::with_capacity(f.vars.len() + f.vars.len() / 4 + 16))
    }

    /// What is known of a variable.
    pub fn get(&self, var: Var) -> Option<&T> {
        self.0.get(var.0 as usize)?.as_ref()
    }

    /// Whether something is known of a variable.
    pub fn contains(&self, var: Var) -> bool {
        self.get(var).is_some()
    }

    /// Sets what is known of a variable; what was known before.
    pub fn insert(&mut self, var: Var, value: T) -> Option<T> {
        self.place(var).replace(value)
    }

    /// Forgets a variable; what was known of it.
    pub fn remove(&mut self, var: Var) -> Option<T> {
        self.0.get_mut(var.0 as usize)?.take()
    }

    /// Where what is known of a variable stands, or would.
    pub fn place(&mut self, var: Var) -> &mut Option<T> {
        let at = var.0 as usize;
        if at >= self.0.len() {
            self.0.resize_with(at + 1, || None);
        }
        &mut self.0[at]
    }

    /// The variables that something is known of, in their order, with that.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Var, &mut T)> {
        self.0.iter_mut().enumerate().filter_map(|(at, value)| Some((Var(at as u32), value.as_mut()?)))
    }
}

impl VarSet {
    /// Adds a variable; whether it was new.
    pub fn add(&mut self, var: Var) -> bool {
        self.insert(var, ()).is_none()
    }

    /// The variables of both.
    pub fn common(&self, other: &VarSet) -> VarSet {
        VarMap(self.0.iter().zip(&other.0).map(|(a, b)| a.and(*b)).collect())
    }
}

impl Extend<Var> for VarSet {
    fn extend<I: IntoIterator<Item = Var>>(&mut self, vars: I) {
        vars.into_iter().for_each(|var| {
            self.add(var);
        });
    }
}

impl FromIterator<Var> for VarSet {
    fn from_iter<I: IntoIterator<Item = Var>>(vars: I) -> VarSet {
        let mut set = VarSet::default();
        set.extend(vars);
        set
    }
}
