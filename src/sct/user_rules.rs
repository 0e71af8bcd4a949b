//! Rules that programs give their own functions, through the same templates as the library's.
//!
//! ```text
//! @adjoint(f)                 @tangent(f)                  @partial(f)
//! def _(y, x, z):             def _(y, x, z):              def _(y, x, z):
//!     x_bar += y_bar * z          y_dot += x_dot * z           return z, x
//!     z_bar += y_bar * x          y_dot += z_dot * x
//! ```
//!
//! A function with a rule is called, not inlined, and the rule is expanded where its derivative is asked for. A parameter
//! that is a function has as its cotangent the tuple of the cotangents of what it captured.

use std::rc::Rc;

use crate::lang::tree::{self, Expr, ExprKind, ParamForm, Stmt, StmtKind};
use crate::lang::{Error, Result, Symbol};

use super::bind::Bind;
use super::core::Atom;
use super::forward::dot_name;
use super::kind::{Code, CodeRef, Kind};
use super::lower::Lowerer;
use super::reverse::bar_name;
use super::rules::{TemplateRef, Unfolded};
use super::session::{Session, Specialisation};
use super::world::UserRule;

/// Checks the template of a rule of this form (`partial`, `adjoint`, `tangent`) for a function.
pub fn check(form: &str, template: &tree::Function, function: &tree::Function) -> Result<()> {
    let wrong = |message: String, span| Err(Error::derivative(message).at(span));
    let name = function.name;
    let Some((result, params)) = template.params.split_first() else {
        return wrong(format!("a rule of '{name}' takes its result, then the parameters of '{name}'"), template.span);
    };
    if params.len() > function.params.len() {
        return wrong(
            format!(
                "the rule has {} parameters after the result, but '{name}' has {}",
                params.len(),
                function.params.len()
            ),
            template.span,
        );
    }
    if let Some(param) = template.params.iter().find(|p| p.default.is_some() || p.form != ParamForm::Plain) {
        return wrong("the parameters of a rule are plain names".into(), param.span);
    }
    if form == "partial" {
        return match template.body.last().map(|stmt| &stmt.kind) {
            Some(StmtKind::Return(Some(value))) => match &value.kind {
                ExprKind::Tuple(items) if items.len() > function.params.len() => wrong(
                    format!(
                        "the rule gives {} partial derivatives, but '{name}' has {} parameters",
                        items.len(),
                        function.params.len()
                    ),
                    value.span,
                ),
                _ => Ok(()),
            },
            _ => wrong("a rule by partial derivatives ends by returning them".into(), template.span),
        };
    }
    let suffix = if form == "adjoint" { "_bar" } else { "_dot" };
    let targets: Vec<Symbol> = match form {
        "adjoint" => params.iter().map(|p| bar_name(p.name)).collect(),
        _ => vec![dot_name(result.name, 1, 1)],
    };
    let checker =
        Checker { form, name, suffix, targets, sources: params.iter().map(|p| p.name).collect(), result: result.name };
    template.body.iter().try_for_each(|stmt| checker.statement(stmt, true))
}

struct Checker<'t> {
    form: &'t str,
    name: Symbol,
    suffix: &'t str,
    targets: Vec<Symbol>,
    sources: Vec<Symbol>,
    result: Symbol,
}

impl Checker<'_> {
    fn statement(&self, stmt: &Stmt, top: bool) -> Result<()> {
        match &stmt.kind {
            StmtKind::AugAssign(target, op, _) => match root(target) {
                Some(name) if self.targets.contains(&name) => {
                    if *op != tree::BinaryOp::Add {
                        return self.wrong(format!("a rule adds to '{name}': write `{name} += …`"), stmt);
                    }
                    match top {
                        true => Ok(()),
                        false => self.wrong(format!("'{name}' is added to in a branch or a loop"), stmt).map_err(|e| {
                            e.hint("compute the contribution in a function of its own, and add its result")
                        }),
                    }
                }
                Some(name) if name.as_str().ends_with(self.suffix) => self.unknown(name, stmt),
                _ => Ok(()),
            },
            StmtKind::Assign(targets, _) => {
                match targets.iter().find_map(|t| root(t).filter(|n| n.as_str().ends_with(self.suffix))) {
                    Some(name) if self.targets.contains(&name) => {
                        self.wrong(format!("a rule adds to '{name}': write `{name} += …`"), stmt)
                    }
                    Some(name) if matches!(targets.as_slice(), [Expr { kind: ExprKind::Name(_), .. }]) => {
                        self.unknown(name, stmt)
                    }
                    _ => Ok(()),
                }
            }
            StmtKind::Return(Some(value)) if value.kind != ExprKind::None => {
                self.wrong(format!("a rule by @{} returns nothing: it adds to {}", self.form, self.list()), stmt)
            }
            StmtKind::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).try_for_each(|s| self.statement(s, false))
            }
            StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
                body.iter().chain(otherwise).try_for_each(|s| self.statement(s, false))
            }
            _ => Ok(()),
        }
    }

    fn list(&self) -> String {
        self.targets.iter().map(|t| format!("'{t}'")).collect::<Vec<_>>().join(", ")
    }

    fn unknown(&self, name: Symbol, stmt: &Stmt) -> Result<()> {
        let stem = name.as_str().trim_end_matches(self.suffix);
        let own = self.sources.iter().any(|s| s.as_str() == stem) || self.result.as_str() == stem;
        let why = match own {
            true => format!("'{name}' is given to this rule, which adds to {}", self.list()),
            false => format!("the rule of '{}' has no parameter '{stem}': it can add to {}", self.name, self.list()),
        };
        self.wrong(why, stmt)
    }

    fn wrong(&self, message: String, stmt: &Stmt) -> Result<()> {
        Err(Error::derivative(message).at(stmt.span))
    }
}

fn root(target: &Expr) -> Option<Symbol> {
    match &target.kind {
        ExprKind::Name(name) => Some(*name),
        ExprKind::Subscript(object, _) => root(object),
        _ => None,
    }
}

impl Session<'_> {
    /// The rule that a program gives a function.
    pub fn rule_of(&self, code: &CodeRef) -> Option<Rc<UserRule>> {
        self.user_rules.get(code).cloned().or_else(|| self.world.user_rule(code).map(Rc::new))
    }

    /// The rule of a specialisation for the function that is emitted for it, to which the parts of arguments are passed one by one.
    pub fn rule_for_flat(&self, number: usize) -> Option<Rc<UserRule>> {
        let specialisation = &self.functions[number];
        let rule = specialisation.rule.as_ref()?;
        Some(Rc::new(UserRule { kinds: Some(self.rule_kinds(number)), ..(**rule).clone() }))
    }

    /// The kinds of the parameters that a rule of a specialisation is for.
    fn rule_kinds(&self, number: usize) -> Vec<Kind> {
        let Specialisation { key: (_, kinds), rule, .. } = &self.functions[number];
        rule.as_ref().and_then(|rule| rule.kinds.clone()).unwrap_or_else(|| kinds.clone())
    }

    /// The number under which a function of the host is called.
    pub fn host_function(&mut self, code: &CodeRef, count: usize) -> usize {
        let key = (code.clone(), vec![Kind::Any; count]);
        if let Some(number) = self.functions.iter().position(|s| s.key == key) {
            return number;
        }
        let rule = self.rule_of(code);
        self.functions.push(Specialisation {
            key,
            result: Kind::Any,
            function: None,
            global: Some(code.0.tree.name),
            rule,
            host: true,
            assumed: false,
            derived: Default::default(),
        });
        self.functions.len() - 1
    }
}

impl Lowerer<'_, '_> {
    fn template(&self, code: &std::sync::Arc<Code>) -> TemplateRef {
        TemplateRef::of(code)
    }

    /// What an adjoint rule contributes to the arguments of a call, one contribution for each atom that is passed; none where
    /// the function has no rule.
    pub fn pull_back_call(
        &mut self,
        number: usize,
        result: &Atom,
        args: &[Atom],
        active: &[bool],
        bar: &Bind,
    ) -> Result<Option<Vec<Bind>>> {
        let Some(rule) = self.rule_of_call(number)? else { return Ok(None) };
        let name = self.session.functions[number].key.0.0.tree.name;
        let params = self.rule_params(number, args, active)?;
        let mut contributions = match (&rule.adjoint, &rule.partial) {
            (Some(adjoint), _) => {
                let template = self.template(adjoint);
                let sums = self.adjoint_sums(&template, vec![Bind::Atom(result.clone())], &params, bar)?;
                for (at, (sum, param)) in sums.iter().zip(&params.active).enumerate() {
                    if *param && sum.is_none() {
                        let which = self.session.functions[number].key.0.0.tree.params.get(at).map(|p| p.name);
                        let which = which.map_or_else(|| at.to_string(), |name| format!("'{name}'"));
                        return Err(Error::derivative(format!(
                            "the adjoint rule of '{name}' says nothing of its argument {which}, which is differentiated"
                        ))
                        .at(self.span));
                    }
                }
                sums.into_iter().map(|sum| sum.unwrap_or(Bind::Zero)).collect()
            }
            (None, Some(partial)) => {
                let template = self.template(partial);
                let bar = self.atom(bar)?;
                self.pull_back_partial(&template, result, &params, &bar)?
            }
            _ => {
                return Err(Error::derivative(format!("there is no adjoint rule for '{name}'"))
                    .hint("@adjoint gives one")
                    .at(self.span));
            }
        };
        contributions.resize(params.binds.len(), Bind::Zero);
        // A parameter that is a function was passed as what it captured.
        let mut out = Vec::new();
        for (contribution, bind) in contributions.into_iter().zip(&params.binds) {
            match bind {
                Bind::Function(_) => {
                    let captured = self.passed_as(bind)?.len();
                    let parts = match self.explode(&contribution) {
                        Some(parts) if parts.len() == captured => parts,
                        None if contribution.is_zero() => vec![Bind::Zero; captured],
                        None if contribution.kind(&self.f) == Kind::Any => {
                            let whole = self.atom(&contribution)?;
                            let item = |at| Bind::Atom(self.item(whole.clone(), Atom::int(at)));
                            (0..captured as i64).map(item).collect()
                        }
                        _ => {
                            return Err(Error::derivative(format!(
                                "the cotangent of a function is the tuple of those of the {captured} values that it captured"
                            ))
                            .at(self.span));
                        }
                    };
                    out.extend(parts);
                }
                Bind::Module(_) => {}
                _ => out.push(contribution),
            }
        }
        Ok(Some(out))
    }

    /// The tangent that a rule gives the result of a call; none where the function has no rule.
    pub fn push_forward_call(
        &mut self,
        number: usize,
        result: &Atom,
        args: &[Atom],
        active: &[bool],
        dots: &[Bind],
    ) -> Result<Option<Bind>> {
        let Some(rule) = self.rule_of_call(number)? else { return Ok(None) };
        let name = self.session.functions[number].key.0.0.tree.name;
        let params = self.rule_params(number, args, active)?;
        let mut given = dots.iter().cloned();
        let mut param_dots = Vec::new();
        for bind in &params.binds {
            param_dots.push(match bind {
                Bind::Function(_) => {
                    let captured = self.passed_as(bind)?;
                    let mut parts = Vec::new();
                    for atom in captured {
                        let dot = given.next().unwrap_or(Bind::Zero);
                        parts.push(self.materialise(&dot, &Bind::Atom(atom))?);
                    }
                    Bind::Tuple(parts)
                }
                Bind::Module(_) => Bind::NONE,
                _ => given.next().unwrap_or(Bind::Zero),
            });
        }
        match (&rule.tangent, &rule.partial) {
            (Some(tangent), _) => {
                let template = self.template(tangent);
                let leading = vec![Bind::Atom(result.clone())];
                self.tangent_sum(&template, leading, result, &params, &param_dots).map(Some)
            }
            (None, Some(partial)) => {
                let template = self.template(partial);
                self.push_forward_partial(&template, result, &params, &param_dots).map(Some)
            }
            _ => Err(Error::derivative(format!("there is no tangent rule for '{name}'"))
                .hint("@tangent gives one")
                .at(self.span)),
        }
    }

    fn rule_of_call(&self, number: usize) -> Result<Option<Rc<UserRule>>> {
        let called = &self.session.functions[number];
        match (&called.rule, called.host) {
            (None, true) => Err(Error::derivative(format!(
                "'{}' is a function of the host, and no rule says how it is differentiated",
                called.key.0.0.tree.name
            ))
            .hint("@adjoint, @tangent or @partial give it one")
            .at(self.span)),
            (rule, _) => Ok(rule.clone()),
        }
    }

    /// The parameters that a rule is for, as a call passes them, and which of them are active.
    fn rule_params(&mut self, number: usize, args: &[Atom], active: &[bool]) -> Result<Unfolded> {
        let kinds = self.session.rule_kinds(number);
        let binds = self.unflatten(&kinds, &mut args.iter().cloned());
        let mut flags = active.iter().copied();
        let each = |bind: &Bind| {
            let passed = if let Bind::Function(_) = bind { self.passed_as(bind)?.len() } else { 1 };
            Ok(!matches!(bind, Bind::Module(_)) && flags.by_ref().take(passed).fold(false, |any, active| any | active))
        };
        let active = binds.iter().map(each).collect::<Result<_>>()?;
        Ok(Unfolded { binds, active })
    }
}
