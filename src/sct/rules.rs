//! The calculus: derivative templates read from `src/rules`, and their expansion into the code under construction.
//!
//! A template is an ordinary function of the language. Expanding one lowers its body at the place of use, so that
//! whatever it computes is differentiable in turn; names like `x_bar` live in the template's own frame and cannot clash
//! with a program's.

use std::rc::Rc;
use std::sync::{Arc, LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::tree::{self, StmtKind};
use crate::lang::{Error, Result, Source, Symbol, symbol};

use super::bind::Bind;
use super::core::Atom;
use super::forward::dot_name;
use super::kind::{Code, CodeRef, Kind, Literal, ModuleId};
use super::lower::{Frame, Lowerer, Template};
use super::reverse::bar_name;
use super::rule_files::{self, Definition, Item, Words};
use super::session::{Session, Unit};

/// The module of the library itself, in which `np`, `linalg` and the others are always what they are.
pub const LIBRARY: ModuleId = ModuleId(u32::MAX);

/// All rules.
#[derive(Default)]
pub struct Rules {
    table: FxHashMap<Symbol, Rule>,
    batching: FxHashMap<Symbol, Batching>,
    settled: FxHashSet<Symbol>,
    files: Vec<Vec<(Symbol, Arc<Definition>)>>,
}

/// How a primitive is differentiated.
#[derive(Clone, Default)]
pub struct Rule {
    /// Elementwise partial derivatives.
    pub partial: Option<TemplateRef>,
    /// The transpose of a primitive that is linear in its first argument.
    pub linear: Option<TemplateRef>,
    /// Contributions to the arguments' cotangents.
    adjoint: Option<TemplateRef>,
    /// The result's tangent.
    pub tangent: Option<TemplateRef>,
    /// What the forward sweep runs instead of the call: the result and a residual.
    primal: Option<TemplateRef>,
    /// What a call that changes its first argument is short for.
    update: Option<TemplateRef>,
    /// Whether the derivative is zero everywhere it exists.
    zero: bool,
    /// How it acts on Taylor series, where that is not derived from the other rules.
    pub series: Option<Series>,
}

/// How a primitive is computed for a whole batch at once, along whose leading axis the examples lie.
#[derive(Clone)]
pub enum Batching {
    /// Element by element.
    Elementwise,
    /// One example after the other.
    Scalars,
    /// With the batch as one more label.
    Einsum,
    /// As an array of what is written down in lists.
    Written,
    /// As this function of arrays, element by element.
    OnArrays(Symbol),
    /// Along the axes that its parameter `axis` names; without one along all of them, or of all as one.
    Along {
        /// Whether without an axis they are taken for one.
        flat: bool,
    },
    /// On matrices in the last two axes: those before are a batch already.
    Stacked,
    /// By a template that gives the result for the batch.
    Each(TemplateRef),
    /// By a template that gives the result that is the same for all examples.
    Shared(TemplateRef),
}

/// The functions whose Taylor series are computed by recurrences of their own; those of all others follow from their
/// derivatives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Series {
    /// Linear in each of the first two arguments.
    Bilinear,
    /// The quotient of two arguments, element by element.
    Quotient,
    /// A power, element by element.
    Power,
}

/// A template, and where its free names are looked up.
#[derive(Clone)]
pub struct TemplateRef(Arc<TemplateText>);

struct TemplateText {
    function: Arc<Definition>,
    /// Its body with a single exit, once that was asked for.
    body: OnceLock<tree::Block>,
    home: Home,
}

#[derive(Clone, Copy)]
enum Home {
    /// A file of rules.
    File(usize),
    /// The module of the program that gives the rule.
    Module(ModuleId),
}

impl TemplateRef {
    /// The names of its parameters.
    pub fn parameters(&self) -> impl Iterator<Item = Symbol> {
        self.0.function.tree().params.iter().map(|param| param.name)
    }

    fn new(function: Arc<Definition>, home: Home) -> TemplateRef {
        TemplateRef(Arc::new(TemplateText { function, body: OnceLock::new(), home }))
    }

    /// A template that a program gives.
    pub fn of(code: &Arc<Code>) -> TemplateRef {
        TemplateRef::new(Arc::new(Definition::parsed(code.tree.clone())), Home::Module(code.module))
    }
}

/// The arguments of a call as the parameters of a rule, and which of them are active.
pub struct Unfolded {
    /// The values.
    pub binds: Vec<Bind>,
    /// Whether each is, or holds, an active value.
    pub active: Vec<bool>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load(crate::rules::SOURCES));

impl Rules {
    /// The rules of the library, read once.
    pub fn library() -> &'static Rules {
        &RULES
    }

    /// The rule of a primitive.
    pub fn get(&self, primitive: Symbol) -> Option<&Rule> {
        self.table.get(&primitive)
    }

    /// How a primitive is computed for a whole batch.
    pub fn batching(&self, primitive: Symbol) -> Option<&Batching> {
        self.batching.get(&primitive)
    }

    /// Whether the shape of a primitive's result follows from the shapes of its operands.
    pub fn is_settled(&self, primitive: Symbol) -> bool {
        self.settled.contains(&primitive)
    }

    /// The primitives that have a rule for a whole batch, in alphabetical order.
    pub fn batched_primitives(&self) -> Vec<Symbol> {
        let partial = self.table.iter().filter(|(_, rule)| rule.partial.is_some()).map(|(name, _)| *name);
        let mut all: Vec<Symbol> = self.batching.keys().copied().chain(partial).collect();
        all.retain(|name| !matches!(self.batching.get(name), Some(Batching::Scalars)));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The primitives that have a rule, in alphabetical order, and whether it is just a zero.
    pub fn primitives(&self) -> Vec<(Symbol, bool)> {
        let mut all: Vec<_> = self.table.iter().map(|(name, rule)| (*name, rule.zero)).collect();
        all.sort_unstable();
        all
    }

    fn load(sources: &[(&'static str, &'static str)]) -> Rules {
        let mut rules = Rules::default();
        for (file, (_, text)) in sources.iter().enumerate() {
            let mut support = Vec::new();
            for item in rule_files::items(text) {
                match item {
                    Item::Line(Words(form, names)) => rules.add_line(form, &names),
                    Item::Function(name, definition, forms) if forms.is_empty() => support.push((name, definition)),
                    Item::Function(_, definition, forms) => {
                        let template = TemplateRef::new(definition, Home::File(file));
                        for Words(form, names) in forms {
                            names.into_iter().for_each(|name| rules.add(form, name, &template));
                        }
                    }
                }
            }
            rules.files.push(support);
        }
        rules
    }

    /// A template of a primitive.
    fn add(&mut self, form: &str, name: Symbol, template: &TemplateRef) {
        match form {
            "batched" => drop(self.batching.insert(name, Batching::Each(template.clone()))),
            "shared" => drop(self.batching.insert(name, Batching::Shared(template.clone()))),
            _ => {
                let rule = self.table.entry(name).or_default();
                let template = Some(template.clone());
                match form {
                    "partial" => rule.partial = template,
                    "linear" => rule.linear = template,
                    "adjoint" => rule.adjoint = template,
                    "tangent" => rule.tangent = template,
                    "primal" => rule.primal = template,
                    "update" => rule.update = template,
                    _ => {}
                }
            }
        }
    }

    /// A line that says something of some primitives.
    fn add_line(&mut self, form: &str, names: &[Symbol]) {
        if self.add_batching(form, names) {
            return;
        }
        for primitive in names {
            let rule = self.table.entry(*primitive).or_default();
            match form {
                "zero" => rule.zero = true,
                "bilinear" => rule.series = Some(Series::Bilinear),
                "quotient" => rule.series = Some(Series::Quotient),
                "power" => rule.series = Some(Series::Power),
                _ => {}
            }
        }
    }
}

impl Rules {
    /// A line that says how functions are computed for a whole batch; false where it says something else.
    fn add_batching(&mut self, form: &str, names: &[Symbol]) -> bool {
        let rule = match (form, names) {
            ("elementwise", _) => Batching::Elementwise,
            ("reduction", _) => Batching::Along { flat: false },
            ("along", _) => Batching::Along { flat: true },
            ("stacked", _) => Batching::Stacked,
            ("written", _) => Batching::Written,
            ("scalars", _) => Batching::Scalars,
            ("einsum", _) => Batching::Einsum,
            ("on_arrays", [number, array]) => {
                self.batching.insert(*number, Batching::OnArrays(*array));
                return true;
            }
            ("settled", _) => {
                self.settled.extend(names);
                return true;
            }
            _ => return false,
        };
        self.batching.extend(names.iter().map(|name| (*name, rule.clone())));
        true
    }
}

impl Rule {
    /// Whether the derivative is zero.
    pub fn is_zero(&self) -> bool {
        self.zero
    }

    /// Whether it says what a call that changes its first argument is short for.
    #[cfg(test)]
    pub fn has_update(&self) -> bool {
        self.update.is_some()
    }

    /// Whether the forward sweep runs something else than the plain call.
    pub fn has_primal(&self) -> bool {
        self.primal.is_some()
    }
}

/// A primitive's call in the program that is being differentiated.
pub struct Site<'a> {
    /// The primitive.
    pub name: Symbol,
    /// The result.
    pub result: Atom,
    /// What the forward sweep kept beside it, where the rule asks for that.
    pub residual: Option<Bind>,
    /// The arguments in the order of its signature.
    pub args: &'a [Atom],
    /// Which of them are active.
    pub active: &'a [bool],
}

impl Site<'_> {
    /// The arguments.
    pub fn params(&self) -> Unfolded {
        Unfolded { binds: self.args.iter().cloned().map(Bind::Atom).collect(), active: self.active.to_vec() }
    }
}

impl Lowerer<'_, '_> {
    /// The rule of a primitive; an error that names it where there is none.
    pub fn rule(&self, name: Symbol) -> Result<Rule> {
        match self.session.rules.get(name) {
            Some(rule) => Ok(rule.clone()),
            None => {
                let shown = name.as_str().strip_prefix("operator.").unwrap_or(name.as_str());
                Err(Error::derivative(format!("there is no derivative rule for '{shown}'")).at(self.span))
            }
        }
    }

    /// The frame of a template: its parameters stand for the site's values.
    fn template_frame(&mut self, template: &TemplateRef, values: impl Iterator<Item = Bind>) -> Frame {
        let unit = match template.0.home {
            Home::File(file) => self.session.rule_unit(file),
            Home::Module(module) => Rc::new(Unit::of(module)),
        };
        let mut fr = Frame::new(unit);
        for (param, value) in template.0.function.tree().params.iter().zip(values) {
            fr.env.insert(param.name, value);
        }
        fr.template = Some(Template::default());
        fr
    }

    /// Lowers a template. The code of the library's takes the place of the call; that of a program's has its own.
    fn expand(&mut self, template: &TemplateRef, fr: &mut Frame) -> Result<Bind> {
        let TemplateText { function, body, home } = &*template.0;
        let body = body.get_or_init(|| super::structure::single_exit(&function.tree().body));
        let own = matches!(home, Home::Module(_));
        let (pinned, span) = (std::mem::replace(&mut self.pinned, !own), self.span);
        let result = self.body(body, fr);
        self.pinned = pinned;
        self.span = span;
        result
    }

    /// A template for these values of its parameters, with other names that it may use.
    pub fn expand_with(
        &mut self,
        template: &TemplateRef,
        values: Vec<Bind>,
        names: Vec<(String, Bind)>,
    ) -> Result<Bind> {
        let mut fr = self.template_frame(template, values.into_iter());
        fr.template = None;
        fr.env.extend(names.into_iter().map(|(name, bind)| (Symbol::new(&name), bind)));
        self.expand(template, &mut fr)
    }

    /// What an adjoint template adds to the cotangent of each parameter; none where it adds nothing.
    pub fn adjoint_sums(
        &mut self,
        template: &TemplateRef,
        leading: Vec<Bind>,
        params: &Unfolded,
        bar: &Bind,
    ) -> Result<Vec<Option<Bind>>> {
        let skip = leading.len();
        let mut fr = self.template_frame(template, leading.into_iter().chain(params.binds.iter().cloned()));
        let bar_of = |param: &tree::Param| bar_name(param.name);
        let names = &template.0.function.tree().params;
        if let Some(result) = names.first() {
            fr.env.insert(bar_of(result), bar.clone());
        }
        for (at, param) in names.iter().skip(skip).enumerate() {
            let start = if params.active.get(at) == Some(&true) { Some(Bind::Zero) } else { None };
            if let Some(template) = &mut fr.template {
                template.sums.insert(bar_of(param), start);
            }
        }
        self.expand(template, &mut fr)?;
        let template_ = fr.template.unwrap_or_default();
        let mut out = vec![None; params.binds.len()];
        for (at, param) in names.iter().skip(skip).enumerate().take(out.len()) {
            let name = bar_of(param);
            if template_.added.contains(&name) {
                out[at] = template_.sums.get(&name).cloned().flatten();
            }
        }
        Ok(out)
    }

    /// What a tangent template adds to the tangent of the result.
    pub fn tangent_sum(
        &mut self,
        template: &TemplateRef,
        leading: Vec<Bind>,
        result: &Atom,
        params: &Unfolded,
        dots: &[Bind],
    ) -> Result<Bind> {
        let skip = leading.len();
        let mut fr = self.template_frame(template, leading.into_iter().chain(params.binds.iter().cloned()));
        let dot_of = |param: &tree::Param| dot_name(param.name, 1, 1);
        let names = &template.0.function.tree().params;
        let Some(result_param) = names.first() else { return Ok(Bind::Zero) };
        let start = match self.f.kind(result) {
            Kind::Tuple(items) => Bind::Tuple(vec![Bind::Zero; items.len()]),
            _ => Bind::Zero,
        };
        if let Some(template) = &mut fr.template {
            template.sums.insert(dot_of(result_param), Some(start));
        }
        for (param, dot) in names.iter().skip(skip).zip(dots) {
            fr.env.insert(dot_of(param), dot.clone());
        }
        self.expand(template, &mut fr)?;
        let sums = fr.template.map(|t| t.sums).unwrap_or_default();
        Ok(sums.get(&dot_of(result_param)).cloned().flatten().unwrap_or(Bind::Zero))
    }

    /// The partial derivatives of an elementwise call.
    pub fn partials(&mut self, template: &TemplateRef, result: &Atom, params: &Unfolded) -> Result<Vec<Bind>> {
        let leading = std::iter::once(Bind::Atom(result.clone()));
        let mut fr = self.template_frame(template, leading.chain(params.binds.iter().cloned()));
        Ok(match self.expand(template, &mut fr)? {
            Bind::Tuple(items) => items,
            single => vec![single],
        })
    }

    /// The contributions of an elementwise call by its partial derivatives.
    pub fn pull_back_partial(
        &mut self,
        template: &TemplateRef,
        result: &Atom,
        params: &Unfolded,
        bar: &Atom,
    ) -> Result<Vec<Bind>> {
        let mut out = vec![Bind::Zero; params.binds.len()];
        let operands = self.operands(params);
        for (at, partial) in self.partials(template, result, params)?.iter().enumerate().take(out.len()) {
            if params.active[at] && !none_or_zero(partial) {
                let product = self.times(bar, partial)?;
                out[at] = Bind::Atom(self.sum_to_operand(product, result, &operands, at));
            }
        }
        Ok(out)
    }

    /// The tangent of an elementwise call by its partial derivatives.
    pub fn push_forward_partial(
        &mut self,
        template: &TemplateRef,
        result: &Atom,
        params: &Unfolded,
        dots: &[Bind],
    ) -> Result<Bind> {
        let operands = self.operands(params);
        let mut total = Bind::Zero;
        for ((at, partial), dot) in self.partials(template, result, params)?.iter().enumerate().zip(dots) {
            if dot.is_zero() || none_or_zero(partial) {
                continue;
            }
            let dot = self.atom(dot)?;
            let product = self.times(&dot, partial)?;
            let product = self.spread_to_result(product, result, &operands, at);
            total = self.accumulate(&total, &Bind::Atom(product))?;
        }
        Ok(total)
    }

    fn operands(&self, params: &Unfolded) -> Vec<Atom> {
        let atom = |bind: &Bind| match bind {
            Bind::Atom(atom) => atom.clone(),
            _ => Atom::Lit(Literal::None),
        };
        params.binds.iter().map(atom).collect()
    }

    /// The contributions of a call to the cotangents of its arguments, given that of its result.
    pub fn pull_back(&mut self, site: &Site, bar: &Bind) -> Result<Vec<Bind>> {
        let rule = self.rule(site.name)?;
        let mut out = vec![Bind::Zero; site.args.len()];
        if rule.zero || bar.is_zero() {
            return Ok(out);
        }
        if let Some(contributions) = self.pull_back_unknown(site, bar)? {
            return Ok(contributions);
        }
        let params = site.params();
        if let Some(template) = &rule.partial {
            let bar = self.atom(bar)?;
            return self.pull_back_partial(template, &site.result, &params, &bar);
        }
        if let Some(template) = &rule.linear {
            if site.active.first() == Some(&true) {
                let mut fr = self.template_frame(template, std::iter::once(bar.clone()).chain(params.binds));
                out[0] = self.expand(template, &mut fr)?;
            }
            return Ok(out);
        }
        let Some(template) = &rule.adjoint else {
            return Err(Error::derivative(format!("there is no adjoint rule for '{}'", site.name)).at(self.span));
        };
        let mut leading = vec![Bind::Atom(site.result.clone())];
        leading.extend(site.residual.clone());
        let sums = self.adjoint_sums(template, leading, &params, bar)?;
        Ok(sums.into_iter().map(|sum| sum.unwrap_or(Bind::Zero)).collect())
    }

    /// The tangent of a call's result, given those of its arguments.
    pub fn push_forward(&mut self, site: &Site, dots: &[Bind]) -> Result<Bind> {
        let rule = self.rule(site.name)?;
        if rule.zero {
            return Ok(Bind::Zero);
        }
        if let Some(dot) = self.push_forward_unknown(site, dots)? {
            return Ok(dot);
        }
        if let Some(template) = &rule.partial {
            return self.push_forward_partial(template, &site.result, &site.params(), dots);
        }
        if rule.linear.is_some() {
            let Some(dot) = dots.first().filter(|dot| !dot.is_zero()) else { return Ok(Bind::Zero) };
            let mut args = site.args.to_vec();
            args[0] = self.atom(dot)?;
            return Ok(Bind::Atom(self.call(site.name, args)));
        }
        let Some(template) = &rule.tangent else {
            return Err(Error::derivative(format!("there is no tangent rule for '{}'", site.name)).at(self.span));
        };
        let mut leading = vec![Bind::Atom(site.result.clone())];
        leading.extend(site.residual.clone());
        self.tangent_sum(template, leading, &site.result, &site.params(), dots)
    }

    /// The primal with its residual, where the rule asks for it.
    pub fn run_primal(&mut self, site_name: Symbol, args: &[Atom]) -> Result<Option<(Bind, Bind)>> {
        let Some(template) = self.session.rules.get(site_name).and_then(|rule| rule.primal.clone()) else {
            return Ok(None);
        };
        let mut fr = self.template_frame(&template, args.iter().cloned().map(Bind::Atom));
        fr.template = None;
        pair(self.expand(&template, &mut fr)?, "primal", site_name).map(Some)
    }

    /// The first argument after a call that changes it, and the result of the call, where a rule says them. Of draws that is
    /// so where they are from data that may be active.
    pub fn updated_by_rule(&mut self, name: Symbol, values: &[Bind]) -> Result<Option<(Bind, Bind)>> {
        let Some(template) = self.session.rules.get(name).and_then(|rule| rule.update.clone()) else {
            return Ok(None);
        };
        let kinds: Vec<Kind> = values.iter().take(2).map(|value| value.kind(&self.f)).collect();
        if let [Kind::Generator, data] = &kinds[..]
            && !(matches!(data, Kind::Array(..) | Kind::List(_) | Kind::ListOf(_)) && data.may_be_active())
        {
            return Ok(None);
        }
        let mut fr = self.template_frame(&template, values.iter().cloned());
        fr.template = None;
        Ok(match self.expand(&template, &mut fr)? {
            both @ Bind::Tuple(_) => Some(pair(both, "update", name)?),
            changed => Some((changed, Bind::NONE)),
        })
    }

    /// A cotangent or tangent times a partial derivative.
    fn times(&mut self, factor: &Atom, partial: &Bind) -> Result<Atom> {
        let partial = self.atom(partial)?;
        Ok(match &partial {
            Atom::Lit(Literal::Int(1)) => factor.clone(),
            Atom::Lit(Literal::Float(x)) if *x == 1.0 => factor.clone(),
            Atom::Lit(Literal::Int(-1)) => self.call(symbol!("operator.neg"), vec![factor.clone()]),
            Atom::Lit(Literal::Float(x)) if *x == -1.0 => self.call(symbol!("operator.neg"), vec![factor.clone()]),
            _ => {
                let product = self.call(symbol!("operator.mul"), vec![factor.clone(), partial]);
                if let Atom::Var(var) = product {
                    self.f.vars[var.0 as usize].strong = true;
                }
                product
            }
        })
    }

    /// A contribution summed over the axes along which the operand was broadcast.
    fn sum_to_operand(&mut self, contribution: Atom, result: &Atom, operands: &[Atom], at: usize) -> Atom {
        let operand = &operands[at];
        let kind = self.f.kind(operand);
        let alone = operands.iter().enumerate().all(|(i, a)| i == at || self.f.kind(a).is_scalar() || a == operand);
        if self.f.kind(result).is_scalar() || (alone && matches!(kind, Kind::Array(..))) {
            return contribution;
        }
        let shape = match kind.is_scalar() {
            true => Atom::Lit(Literal::Tuple(vec![])),
            false => self.call(symbol!("np.shape"), vec![operand.clone()]),
        };
        self.call(symbol!("cotangent.sum_to"), vec![contribution, shape])
    }

    /// A tangent contribution in the shape of the result: an operand that was broadcast alone is spread.
    fn spread_to_result(&mut self, product: Atom, whole: &Atom, operands: &[Atom], at: usize) -> Atom {
        let result = self.f.kind(whole);
        let alone = operands.iter().enumerate().all(|(i, a)| i == at || self.f.kind(a).is_scalar());
        if result.is_scalar() || (alone && matches!(self.f.kind(&operands[at]), Kind::Array(..))) {
            return product;
        }
        let shape = self.call(symbol!("np.shape"), vec![whole.clone()]);
        self.call(symbol!("np.broadcast_to"), vec![product, shape])
    }
}

/// The two values that a rule gives.
fn pair(value: Bind, rule: &str, primitive: Symbol) -> Result<(Bind, Bind)> {
    if let Bind::Tuple(items) = value
        && let Ok([first, second]) = <[Bind; 2]>::try_from(items)
    {
        return Ok((first, second));
    }
    Err(Error::derivative(format!("the {rule} rule of '{primitive}' must give two values")))
}

/// Whether a partial derivative is none, or zero throughout.
pub fn none_or_zero(partial: &Bind) -> bool {
    match partial {
        Bind::Zero | Bind::Atom(Atom::Lit(Literal::None | Literal::Int(0))) => true,
        Bind::Atom(Atom::Lit(Literal::Float(x))) => *x == 0.0,
        _ => false,
    }
}

impl Session<'_> {
    /// Where the free names of a rule file's templates are looked up.
    fn rule_unit(&mut self, file: usize) -> Rc<Unit> {
        if let Some(unit) = self.rule_units.get(&file) {
            return unit.clone();
        }
        let code = |function: &Definition| {
            CodeRef(Arc::new(super::kind::Code {
                tree: function.tree().clone(),
                captures: vec![],
                recursive: false,
                module: LIBRARY,
            }))
        };
        let functions: FxHashMap<Symbol, CodeRef> =
            self.rules.files[file].iter().map(|(name, function)| (*name, code(function))).collect();
        let unit = Rc::new(Unit { module: LIBRARY, functions });
        for code in unit.functions.values() {
            self.units.insert(code.clone(), unit.clone());
        }
        self.rule_units.insert(file, unit.clone());
        unit
    }

    /// A small function of the transformation's own, written in the language.
    pub fn support_function(&mut self, name: &str, source: &str) -> Result<CodeRef> {
        let symbol = Symbol::new(name);
        if let Some(code) = self.support.get(&symbol) {
            return Ok(code.clone());
        }
        let module = crate::lang::parse(&Source::new(format!("<{name}>"), source))?;
        let Some(StmtKind::Def(function)) = module.body.into_iter().next().map(|s| s.kind) else {
            return Err(Error::derivative(format!("'{name}' is not a function")));
        };
        let code = CodeRef(Arc::new(super::kind::Code {
            tree: function,
            captures: vec![],
            recursive: false,
            module: LIBRARY,
        }));
        self.support.insert(symbol, code.clone());
        Ok(code)
    }
}

impl Rules {
    /// Whether a primitive works element by element on operands that are broadcast against each other.
    pub fn is_elementwise(&self, primitive: Symbol) -> bool {
        let comparison = matches!(
            primitive.as_str(),
            "operator.lt" | "operator.le" | "operator.gt" | "operator.ge" | "operator.eq" | "operator.ne" | "np.where"
        );
        comparison || self.get(primitive).is_some_and(|rule| rule.partial.is_some())
    }
}
