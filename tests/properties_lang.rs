//! Any tree prints to a text that parses back equal, and no text makes the parser panic.

use std::sync::Arc;

use cotangent::lang::tree::*;
use cotangent::lang::{Source, Span, Symbol, is_incomplete, parse, print_module, scope_of};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const NAMES: &[&str] = &["a", "b", "c", "x", "y", "_", "match", "print", "x_bar", "ñ", "e1", "type", "f", "rb"];

fn name() -> impl Strategy<Value = Symbol> {
    proptest::sample::select(NAMES).prop_map(Symbol::new)
}

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![
        proptest::sample::select(vec![
            "",
            "a",
            "{",
            "}}",
            "'",
            "\"",
            "\\",
            "\n",
            "\r\n",
            "\\N{",
            "\t",
            "lambda: 1",
            "#",
            "é\u{301}",
            "\0",
            "😀",
        ])
        .prop_map(Arc::from),
        any::<String>().prop_map(Arc::from),
    ]
}

fn at(kind: ExprKind) -> Expr {
    kind.at(Span::NONE)
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        4 => name().prop_map(ExprKind::Name),
        1 => Just(ExprKind::None),
        1 => any::<bool>().prop_map(ExprKind::Bool),
        1 => (0..=i64::MAX).prop_map(ExprKind::Int),
        1 => proptest::sample::select(vec![0, 1, i64::MAX, i64::MIN]).prop_map(ExprKind::Int),
        1 => any::<f64>().prop_filter("a literal", |x| !x.is_nan()).prop_map(|x| ExprKind::Float(x.abs())),
        1 => proptest::sample::select(vec![0.0, 1e16, 1e-5, 5e-324, f64::INFINITY]).prop_map(ExprKind::Float),
        2 => text().prop_map(ExprKind::Str),
        1 => Just(ExprKind::Ellipsis),
    ]
    .prop_map(at)
}

fn parts(value: BoxedStrategy<Expr>, depth: u32) -> BoxedStrategy<Vec<FStringPart>> {
    let text = text().prop_filter("not empty", |text| !text.is_empty()).boxed();
    let spec = if depth == 0 { Just(Vec::new()).boxed() } else { parts(value.clone(), depth - 1) };
    let conversion = of(proptest::sample::select(vec!['r', 's', 'a']));
    let field =
        (value, conversion, spec).prop_map(|(value, conversion, spec)| FStringPart::Value { value, conversion, spec });
    // Two texts in a row would be one.
    (vec((of(text.clone()), field), 0..3), of(text))
        .prop_map(|(fields, last)| {
            let mut parts = Vec::new();
            for (text, field) in fields {
                parts.extend(text.map(FStringPart::Text));
                parts.push(field);
            }
            parts.extend(last.map(FStringPart::Text));
            parts
        })
        .boxed()
}

fn place(expr: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    prop_oneof![
        3 => name().prop_map(ExprKind::Name),
        1 => (expr.clone(), name()).prop_map(|(x, name)| ExprKind::Attribute(boxed(x), name)),
        1 => (expr.clone(), expr).prop_map(|(x, i)| ExprKind::Subscript(boxed(x), boxed(i))),
    ]
    .prop_map(at)
    .boxed()
}

fn target(expr: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    place(expr)
        .prop_recursive(2, 6, 3, |inner| {
            let inner = inner.boxed();
            (vec(inner.clone(), 0..3), of((inner.clone(), 0usize..3)), any::<bool>()).prop_map(
                |(mut items, star, list)| {
                    if let Some((star, i)) = star {
                        let at_most = items.len();
                        items.insert(i.min(at_most), at(ExprKind::Starred(boxed(star))));
                    }
                    at(if list { ExprKind::List(items) } else { ExprKind::Tuple(items) })
                },
            )
        })
        .boxed()
}

fn params(expr: BoxedStrategy<Expr>, annotated: bool) -> BoxedStrategy<Vec<Param>> {
    let annotation = if annotated { of(expr.clone()).boxed() } else { Just(None).boxed() };
    let names = Just(NAMES.to_vec()).prop_shuffle();
    let forms = (0..3usize, 0..3usize, any::<bool>(), 0..3usize, any::<bool>(), 0..6usize);
    (names, forms, vec((of(expr.clone()), annotation), 11), expr)
        .prop_map(|(names, (before, plain, star, only, stars, defaults_from), extras, default)| {
            let mut forms = vec![ParamForm::PositionalOnly; before];
            forms.extend(vec![ParamForm::Plain; plain]);
            forms.extend(star.then_some(ParamForm::Star));
            forms.extend(vec![ParamForm::KeywordOnly; only]);
            forms.extend(stars.then_some(ParamForm::DoubleStar));
            let param = |(i, form): (usize, ParamForm)| {
                let (any_default, annotation): (Option<Expr>, Option<Expr>) = extras[i].clone();
                let default = match form {
                    ParamForm::Star | ParamForm::DoubleStar => None,
                    ParamForm::KeywordOnly => any_default,
                    _ => (i >= defaults_from).then(|| default.clone()),
                };
                Param { name: Symbol::new(names[i]), form, default, annotation, span: Span::NONE }
            };
            forms.into_iter().enumerate().map(param).collect()
        })
        .boxed()
}

fn function(
    name: Symbol,
    params: Vec<Param>,
    body: Block,
    decorators: Vec<Expr>,
    returns: Option<Expr>,
) -> Arc<Function> {
    let returns = returns.map(Box::new);
    Arc::new(Function { name, params, body, decorators, returns, span: Span::NONE, source: None })
}

fn index(expr: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    let part = || of(expr.clone().prop_map(Box::new));
    let slice = (part(), part(), part()).prop_map(|(a, b, c)| at(ExprKind::Slice(a, b, c)));
    let star = expr.clone().prop_map(|x| at(ExprKind::Starred(boxed(x))));
    let item = prop_oneof![2 => expr.clone(), 2 => slice.clone(), 1 => star];
    prop_oneof![2 => expr.clone(), 1 => slice, 1 => vec(item, 0..4).prop_map(|items| at(ExprKind::Tuple(items)))]
        .boxed()
}

fn arguments(expr: BoxedStrategy<Expr>) -> BoxedStrategy<Vec<Arg>> {
    let front = prop_oneof![3 => expr.clone().prop_map(Arg::Positional), 1 => expr.clone().prop_map(Arg::Star)];
    let names = proptest::sample::subsequence(NAMES, 0..3);
    (vec(front, 0..3), names, vec(expr.clone(), 3), vec(expr.prop_map(Arg::DoubleStar), 0..2))
        .prop_map(|(mut arguments, names, values, stars)| {
            arguments.extend(names.iter().zip(values).map(|(name, value)| Arg::Keyword(Symbol::new(name), value)));
            arguments.extend(stars);
            arguments
        })
        .boxed()
}

fn comprehension(expr: BoxedStrategy<Expr>) -> BoxedStrategy<ExprKind> {
    let form = prop_oneof![
        expr.clone().prop_map(ComprehensionForm::List),
        expr.clone().prop_map(ComprehensionForm::Generator),
        (expr.clone(), expr.clone()).prop_map(|(key, value)| ComprehensionForm::Dict(key, value)),
    ];
    let clause = (target(expr.clone()), expr.clone(), vec(expr, 0..2)).prop_map(|(target, iter, conditions)| Clause {
        target,
        iter,
        conditions,
    });
    (form, vec(clause, 1..3))
        .prop_map(|(form, clauses)| ExprKind::Comprehension(Box::new(Comprehension { form, clauses })))
        .boxed()
}

fn expr() -> BoxedStrategy<Expr> {
    leaf()
        .prop_recursive(4, 24, 3, |inner| {
            let e = inner.boxed();
            let b = || e.clone().prop_map(Box::new);
            let element = prop_oneof![4 => e.clone(), 1 => e.clone().prop_map(|x| at(ExprKind::Starred(boxed(x))))];
            let lambda = (params(e.clone(), false), e.clone()).prop_map(|(params, value)| {
                let body = vec![StmtKind::Return(Some(value)).at(Span::NONE)];
                ExprKind::Lambda(function(Symbol::new("<lambda>"), params, body, Vec::new(), None))
            });
            let select = proptest::sample::select::<UnaryOp>;
            prop_oneof![
                2 => (select(UnaryOp::ALL), b()).prop_map(|(op, x)| ExprKind::Unary(op, x)),
                4 => (proptest::sample::select(BinaryOp::ALL), b(), b()).prop_map(|(op, x, y)| ExprKind::Binary(op, x, y)),
                2 => (b(), vec((proptest::sample::select(CompareOp::ALL), e.clone()), 1..3))
                    .prop_map(|(x, rest)| ExprKind::Compare(x, rest)),
                2 => (proptest::sample::select(LogicalOp::ALL), vec(e.clone(), 2..4))
                    .prop_map(|(op, items)| ExprKind::Logical(op, items)),
                1 => (b(), b(), b())
                    .prop_map(|(test, then, otherwise)| ExprKind::Conditional { test, then, otherwise }),
                1 => (b(), arguments(e.clone())).prop_map(|(f, arguments)| ExprKind::Call(f, arguments)),
                1 => (b(), name()).prop_map(|(x, name)| ExprKind::Attribute(x, name)),
                1 => (b(), index(e.clone())).prop_map(|(x, i)| ExprKind::Subscript(x, boxed(i))),
                1 => vec(element.clone(), 0..3).prop_map(ExprKind::Tuple),
                1 => vec(element, 0..3).prop_map(ExprKind::List),
                1 => vec((of(e.clone()), e.clone()), 0..3).prop_map(ExprKind::Dict),
                1 => parts(e.clone(), 1).prop_map(ExprKind::FString),
                1 => lambda,
                1 => comprehension(e.clone()),
                1 => (name(), b()).prop_map(|(name, x)| ExprKind::Walrus(name, x)),
            ]
            .prop_map(at)
        })
        .boxed()
}

fn alias() -> impl Strategy<Value = Alias> {
    (name(), of(name())).prop_map(|(name, alias)| Alias { name, alias, span: Span::NONE })
}

fn dotted() -> impl Strategy<Value = Symbol> {
    vec(name(), 1..3)
        .prop_map(|names| Symbol::new(&names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".")))
}

fn simple() -> BoxedStrategy<Stmt> {
    prop_oneof![
        expr().prop_map(StmtKind::Expr),
        (vec(target(expr()), 1..3), expr()).prop_map(|(targets, value)| StmtKind::Assign(targets, value)),
        (place(expr()), proptest::sample::select(BinaryOp::ALL), expr())
            .prop_map(|(target, op, value)| StmtKind::AugAssign(target, op, value)),
        (place(expr()), expr(), of(expr())).prop_map(|(target, a, value)| StmtKind::AnnAssign(target, a, value)),
        Just(StmtKind::Pass),
        (expr(), of(expr())).prop_map(|(test, message)| StmtKind::Assert(test, message)),
        of(expr()).prop_map(StmtKind::Raise),
        vec((name(), of(index(expr()))), 1..3).prop_map(|targets| {
            let target = |(name, index): (Symbol, Option<Expr>)| {
                let name = at(ExprKind::Name(name));
                index.map_or(name.clone(), |index| at(ExprKind::Subscript(boxed(name), boxed(index))))
            };
            StmtKind::Delete(targets.into_iter().map(target).collect())
        }),
        vec((dotted(), of(name())), 1..3).prop_map(|names| {
            StmtKind::Import(names.into_iter().map(|(name, alias)| Alias { name, alias, span: Span::NONE }).collect())
        }),
        (dotted(), vec(alias(), 1..3)).prop_map(|(module, names)| StmtKind::FromImport(module, names)),
    ]
    .prop_map(|kind| kind.at(Span::NONE))
    .boxed()
}

fn stmt() -> BoxedStrategy<Stmt> {
    simple()
        .prop_recursive(3, 12, 3, |inner| {
            let body = vec(inner.clone(), 1..3).boxed();
            let otherwise = vec(inner, 0..2).boxed();
            let jump = of(proptest::sample::select(vec![StmtKind::Break, StmtKind::Continue]));
            let loop_body = (body.clone(), jump).prop_map(|(mut body, jump)| {
                body.extend(jump.map(|kind| kind.at(Span::NONE)));
                body
            });
            let def_body = (body.clone(), of(of(expr()))).prop_map(|(mut body, value)| {
                body.extend(value.map(|value| StmtKind::Return(value).at(Span::NONE)));
                body
            });
            prop_oneof![
                (expr(), body.clone(), otherwise.clone()).prop_map(|(test, then, otherwise)| StmtKind::If {
                    test,
                    then,
                    otherwise
                }),
                (target(expr()), expr(), loop_body.clone(), otherwise.clone())
                    .prop_map(|(target, iter, body, otherwise)| StmtKind::For { target, iter, body, otherwise }),
                (expr(), loop_body, otherwise).prop_map(|(test, body, otherwise)| StmtKind::While {
                    test,
                    body,
                    otherwise
                }),
                (expr(), of(target(expr())), body).prop_map(|(manager, target, body)| StmtKind::With {
                    manager,
                    target,
                    body
                }),
                (name(), params(expr(), true), def_body, vec(expr(), 0..2), of(expr())).prop_map(
                    |(name, params, body, decorators, returns)| {
                        StmtKind::Def(function(name, params, body, decorators, returns))
                    }
                ),
            ]
            .prop_map(|kind| kind.at(Span::NONE))
        })
        .boxed()
}

const SOUP: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "...",
    "=",
    "==",
    ":=",
    "+",
    "-",
    "**",
    "*",
    "@",
    "->",
    "+=",
    "not",
    "in",
    "is",
    "if",
    "else",
    "elif",
    "for",
    "while",
    "def",
    "lambda",
    "return",
    "break",
    "with",
    "as",
    "del",
    "import",
    "from",
    "and",
    "or",
    "x",
    "f",
    "1",
    "1.5",
    "'s'",
    "f'",
    "f\"{",
    "!r",
    "'''",
    "\"",
    "\n",
    "\n    ",
    "\n        ",
    "\t",
    "\\\n",
    "#",
    "class",
    "yield",
    "None",
    "assert",
    "raise",
    "pass",
    "~",
    "<",
    "{{",
    "}}",
    "9223372036854775808",
    "é",
];

/// Parses, and where it parses, prints and parses again.
fn survives(text: &str) -> Result<(), TestCaseError> {
    is_incomplete(text);
    match parse(&Source::new("<soup>", text)) {
        Ok(module) => {
            let printed = print_module(&module.body);
            let again = parse(&Source::new("<printed>", printed.as_str()));
            let again = again.map_err(|error| TestCaseError::fail(format!("{printed}\n{error}")))?;
            prop_assert_eq!(&again, &module, "{}", printed);
        }
        Err(error) => {
            prop_assert!(!error.span().is_none());
            error.to_string();
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_tree_prints_and_parses_back(body in vec(stmt(), 1..4)) {
        let text = print_module(&body);
        let module = parse(&Source::new("<printed>", text.as_str()))
            .map_err(|error| TestCaseError::fail(format!("{text}\n{error}")))?;
        prop_assert_eq!(&module.body, &body, "{}", text);
        for stmt in &body {
            if let StmtKind::Def(function) = &stmt.kind {
                let scope = scope_of(function);
                prop_assert!(scope.free.iter().all(|name| !scope.locals.contains(name)));
            }
        }
    }

    #[test]
    fn any_expression_prints_and_parses_back(value in expr()) {
        let body = vec![StmtKind::Expr(value).at(Span::NONE)];
        let text = print_module(&body);
        let module = parse(&Source::new("<printed>", text.as_str()))
            .map_err(|error| TestCaseError::fail(format!("{text}\n{error}")))?;
        prop_assert_eq!(&module.body, &body, "{}", text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..80)) {
        survives(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[ -~\n\t{}'\"\\\\()é€]{0,60}") {
        survives(&text)?;
    }

    #[test]
    fn no_tokens_make_the_parser_panic(words in vec(proptest::sample::select(SOUP), 0..40), spaced in any::<bool>()) {
        survives(&words.join(if spaced { " " } else { "" }))?;
    }

    #[test]
    fn programs_with_a_piece_missing_do_not_panic(body in vec(stmt(), 1..3), cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let text = print_module(&body);
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = (cut.0.index(chars.len()), cut.1.index(chars.len()));
        survives(&chars[..a.min(b)].iter().chain(&chars[a.max(b)..]).collect::<String>())?;
    }
}
