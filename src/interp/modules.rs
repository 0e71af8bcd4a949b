//! Modules: those of scripts, and what the library says in the language.

use std::sync::Arc;

use super::catalog;
use super::compile::{self, ImportItem, Unit};
use super::engine::{Engine, ModuleState};
use super::library;
use super::suggestions::nearest;
use super::value::Value;
use crate::lang::{Error, ErrorKind, Result, Source, Symbol, tree};
use crate::sct::kind::{Kind, ModuleId};

impl Engine {
    /// Runs the statements of a module one after another; the value of the last, if it is an expression.
    pub(crate) fn run_module(&mut self, module: ModuleId, source: &Arc<Source>) -> Result<Value> {
        let tree = crate::lang::parse(source)?;
        let mut last = Value::None;
        for stmt in &tree.body {
            let code =
                compile::compile(self, &Unit::Statement { module, stmt }, Kind::Never).map_err(|e| e.at(stmt.span))?;
            let result = self.execute(Arc::new(code), Vec::new(), None)?;
            last = if matches!(stmt.kind, tree::StmtKind::Expr(_)) { result } else { Value::None };
        }
        Ok(last)
    }

    /// A script module that is loaded, or a library module's part that is said in the language.
    fn script_module(&mut self, name: Symbol) -> Result<Option<ModuleId>> {
        match self.modules.get(&name) {
            Some(ModuleState::Loaded(id)) => Ok(Some(*id)),
            Some(ModuleState::Loading) => Ok(None),
            None => match library::written(name.as_str()) {
                Some(written) => {
                    self.load_source(name, Source::library(format!("<{name}>"), &*written.prelude)).map(Some)
                }
                None => Ok(None),
            },
        }
    }

    /// The global variable that a member of a script module is, or of a library module's part that is said in the language: its
    /// statement is run where it has not been.
    pub(crate) fn script_member(&mut self, module: Symbol, name: Symbol) -> Result<Option<u32>> {
        let Some(id) = self.script_module(module)? else { return Ok(None) };
        let ran = self.written.get(&module).is_some_and(|names| names.contains(name.as_str()));
        if !ran && let Some(written) = library::written(module.as_str()) {
            let mut known = self.written.get(&module).cloned().unwrap_or_default();
            let needed = written.needed(name.as_str(), &mut known);
            if !needed.is_empty() {
                let source = Source::library(format!("<{module}>"), needed.concat());
                self.module_sources.push(source.clone());
                self.run_module(id, &source)?;
                self.written.entry(module).or_default().extend(known);
            }
        }
        Ok(self.globals.find(id, name))
    }

    fn load_source(&mut self, name: Symbol, source: Arc<Source>) -> Result<ModuleId> {
        self.modules.insert(name, ModuleState::Loading);
        self.module_sources.push(source.clone());
        let id = self.globals.module(None);
        match self.run_module(id, &source) {
            Ok(_) => {
                self.modules.insert(name, ModuleState::Loaded(id));
                Ok(id)
            }
            Err(error) => {
                self.modules.remove(&name);
                Err(error)
            }
        }
    }

    /// What an import statement asks for.
    pub(crate) fn import(&mut self, item: &ImportItem) -> Result<Value> {
        match item {
            ImportItem::Module(name, first) => {
                let module = self.module(*name)?;
                if *first && let Some((root, _)) = name.as_str().split_once('.') {
                    // A directory of modules needs no module of its own.
                    return Ok(Value::Module(catalog::module_name(Symbol::new(root))));
                }
                Ok(Value::Module(module))
            }
            ImportItem::Member(module, member) => {
                if module.as_str() == "scipy" || module.as_str() == "numpy" {
                    let name = Symbol::new(&format!("{module}.{member}"));
                    if let Some(known) = library::module_named(name.as_str()) {
                        return Ok(Value::Module(Symbol::new(known)));
                    }
                }
                match self.module(*module) {
                    Ok(module) => self.attribute(Value::Module(module), *member),
                    // A module in a directory that is no module itself.
                    Err(error) => {
                        self.module(Symbol::new(&format!("{module}.{member}"))).map(Value::Module).map_err(|_| error)
                    }
                }
            }
        }
    }

    fn module(&mut self, name: Symbol) -> Result<Symbol> {
        let known = catalog::module_name(name);
        if catalog::is_module(known) {
            return Ok(known);
        }
        match self.modules.get(&name) {
            Some(ModuleState::Loaded(_)) => return Ok(name),
            Some(ModuleState::Loading) => {
                return Err(Error::new(ErrorKind::Name, format!("the module `{name}` imports itself, through others")));
            }
            None => {}
        }
        let path = format!("{}.cot", name.as_str().replace('.', "/"));
        let near = nearest(name.as_str(), library::module_names());
        let missing = |why: &str| {
            let error = Error::name(format!("there is no module `{name}`"));
            error.hint(near.as_ref().map_or_else(|| why.to_owned(), |near| format!("did you mean `{near}`?")))
        };
        let Some(loader) = &mut self.loader else { return Err(missing("the host grants no loading of scripts")) };
        let bytes = loader(&path).map_err(|e| missing(e.message()))?;
        let text = String::from_utf8(bytes).map_err(|_| Error::host(format!("`{path}` is not UTF-8 text")))?;
        self.load_source(name, Source::new(path, text))?;
        Ok(name)
    }
}
