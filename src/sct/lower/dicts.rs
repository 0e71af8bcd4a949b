//! Dicts of known keys: what makes them, joins them and changes them is done here, and leaves no dict at run time.

use crate::lang::{Error, Result, Symbol};

use super::super::bind::Bind;
use super::super::kind::{Kind, Literal};
use super::Lowerer;

/// The keys and the values of a dict.
type Entries = Vec<(Literal, Bind)>;

impl Lowerer<'_, '_> {
    /// `dict(source, **keywords)`; none where the keys are not known.
    pub fn dict_of(&mut self, args: &[Bind], keywords: &[(Symbol, Bind)]) -> Option<Bind> {
        let mut entries = match args {
            [] => vec![],
            [source] => self.entries(source)?,
            _ => return None,
        };
        set_all(&mut entries, named(keywords));
        Some(Bind::Dict(entries))
    }

    /// The keys of a dict of known keys.
    pub fn keys_of(&mut self, dict: &Bind) -> Option<Bind> {
        let entries = self.explode_dict(dict)?;
        Some(Bind::List(entries.into_iter().map(|(key, _)| Bind::lit(key)).collect()))
    }

    /// The entries of a dict of known keys, or of a sequence of pairs with known keys.
    fn entries(&mut self, source: &Bind) -> Option<Entries> {
        if let Some(entries) = self.explode_dict(source) {
            return Some(entries);
        }
        let mut entries = Vec::new();
        for pair in self.explode(source)? {
            match <[Bind; 2]>::try_from(self.explode(&pair)?) {
                Ok([key, value]) => set(&mut entries, key.literal()?, value),
                Err(_) => return None,
            }
        }
        Some(entries)
    }

    /// `a | b`; none where they are not dicts.
    pub fn merged(&mut self, a: &Bind, b: &Bind) -> Result<Option<Bind>> {
        if let (Some(mut entries), Some(more)) = (self.explode_dict(a), self.explode_dict(b)) {
            set_all(&mut entries, more);
            return Ok(Some(Bind::Dict(entries)));
        }
        let (name, source) = match (a.kind(&self.f), b.kind(&self.f)) {
            (Kind::Any, Kind::Any) => (
                "merged_or_joined",
                "def merged_or_joined(a, b):\n    if isinstance(a, dict):\n        for key in b:\n            a[key] = b[key]\n    else:\n        a = np.bitwise_or(a, b)\n    return a\n",
            ),
            (Kind::Dict(_) | Kind::Any, Kind::Dict(_) | Kind::Any) => {
                ("merged", "def merged(a, b):\n    for key in b:\n        a[key] = b[key]\n    return a\n")
            }
            _ => return Ok(None),
        };
        self.in_language(name, source, vec![a.clone(), b.clone()]).map(Some)
    }

    /// `dict.get(key, default)`
    pub fn dict_get(&mut self, dict: &Bind, args: &[Bind]) -> Result<Option<Bind>> {
        let (key, default) = match args {
            [key] => (key, Bind::NONE),
            [key, default] => (key, default.clone()),
            _ => return Ok(None),
        };
        if let (Some(entries), Some(key)) = (self.explode_dict(dict), key.literal()) {
            let found = entries.into_iter().find(|(k, _)| *k == key);
            return Ok(Some(found.map_or(default, |(_, value)| value)));
        }
        let source = "def get(d, key, default):\n    return d[key] if key in d else default\n";
        self.in_language("get", source, vec![dict.clone(), key.clone(), default]).map(Some)
    }

    /// A dict after a call of one of its methods, and what the call gives; none where that is known only when the
    /// program runs.
    pub fn dict_by_key(
        &mut self,
        receiver: &Bind,
        method: Symbol,
        args: &[Bind],
        keywords: &[(Symbol, Bind)],
    ) -> Result<Option<(Bind, Bind)>> {
        let Some(mut entries) = self.explode_dict(receiver) else { return Ok(None) };
        let result = match (method.as_str(), args) {
            ("update", []) => {
                set_all(&mut entries, named(keywords));
                Bind::NONE
            }
            ("update", [source]) => {
                let Some(more) = self.entries(source) else { return Ok(None) };
                set_all(&mut entries, more);
                set_all(&mut entries, named(keywords));
                Bind::NONE
            }
            _ if !keywords.is_empty() => return Ok(None),
            ("clear", []) => {
                entries.clear();
                Bind::NONE
            }
            ("popitem", []) => match entries.pop() {
                Some((key, value)) => Bind::Tuple(vec![Bind::lit(key), value]),
                None => return Err(Error::index("popitem(): the dict is empty").at(self.span)),
            },
            ("setdefault", [key, ..]) => {
                let Some(key) = key.literal() else { return Ok(None) };
                match entries.iter().find(|(k, _)| *k == key) {
                    Some((_, value)) => value.clone(),
                    None => {
                        let value = args.get(1).cloned().unwrap_or(Bind::NONE);
                        entries.push((key, value.clone()));
                        value
                    }
                }
            }
            ("pop", [key, ..]) => {
                let Some(key) = key.literal() else { return Ok(None) };
                match (entries.iter().position(|(k, _)| *k == key), args.get(1)) {
                    (Some(at), _) => entries.remove(at).1,
                    (None, Some(default)) => default.clone(),
                    (None, None) => return Err(Error::index(format!("no key {key:?}")).at(self.span)),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some((Bind::Dict(entries), result)))
    }
}

fn named(keywords: &[(Symbol, Bind)]) -> Entries {
    keywords.iter().map(|(name, value)| (Literal::Str(name.as_str().into()), value.clone())).collect()
}

/// Sets an entry, in its place where the key is there already.
pub fn set(entries: &mut Entries, key: Literal, value: Bind) {
    match entries.iter_mut().find(|(k, _)| *k == key) {
        Some(entry) => entry.1 = value,
        None => entries.push((key, value)),
    }
}

fn set_all(entries: &mut Entries, more: Entries) {
    more.into_iter().for_each(|(key, value)| set(entries, key, value));
}
