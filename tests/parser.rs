//! What the parser takes and what it refuses, by Python's own behaviour.

use cotangent::lang::tree::*;
use cotangent::lang::{MAX_HEIGHT, MAX_NESTING, Source, is_incomplete, parse, print_module, scope_of};

fn tree(text: &str) -> Module {
    parse(&Source::new("<test>", text)).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn refused(text: &str) -> (String, String) {
    let source = Source::new("<test>", text);
    let error = parse(&source).expect_err(text);
    assert!(!error.span().is_none(), "{text:?} has no place");
    (error.message().to_owned(), error.hint_text().unwrap_or("").to_owned())
}

/// Both texts parse to equal trees.
#[track_caller]
fn same(left: &str, right: &str) {
    assert_eq!(tree(left), tree(right), "{left:?} and {right:?}");
}

#[track_caller]
fn differ(left: &str, right: &str) {
    assert_ne!(tree(left), tree(right), "{left:?} and {right:?}");
}

#[test]
fn precedence_is_pythons() {
    for (left, right) in [
        ("-x ** 2", "-(x ** 2)"),
        ("2 ** -x ** 2", "2 ** (-(x ** 2))"),
        ("a ** b ** c", "a ** (b ** c)"),
        ("not a == b", "not (a == b)"),
        ("not a in b", "not (a in b)"),
        ("a or b and not c", "a or (b and (not c))"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * c @ d", "a + ((b * c) @ d)"),
        ("a | b ^ c & d << e + f", "a | (b ^ (c & (d << (e + f))))"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        ("lambda x: x if x else y", "lambda x: (x if x else y)"),
        ("lambda x, y=lambda: 1: x", "lambda x, y=(lambda: 1): x"),
        ("-x.y[0](1)", "-(((x.y)[0])(1))"),
        ("~-+x", "~(-(+x))"),
        ("x = yes if a or b else no", "x = ((yes) if (a or b) else no)"),
        ("a, *b = c", "(a, *b) = c"),
        ("for a, b in c: pass", "for (a, b) in c:\n  pass"),
        ("[x for x in a if b if c]", "[x for x in a if (b) if (c)]"),
        ("x[1:2, ..., None]", "x[1:2,...,None,]"),
        ("x[1,]", "x[(1,)]"),
        ("return_ = f(*a, **k)", "return_ = f(*a,\n  **k,)"),
        ("if x:= 3: pass", "if (x := 3):\n\tpass"),
        ("'a' \"b\" 'c'", "'abc'"),
        ("a = 1; b = 2", "a = 1\nb = 2"),
        ("with a as b, c as d: pass", "with a as b:\n  with c as d:\n    pass"),
        ("with (a as b, c): pass", "with a as b:\n  with c: pass"),
        ("with (a): pass", "with a: pass"),
        ("if a: b\nelif c: d\nelse: e", "if a:\n  b\nelse:\n  if c:\n    d\n  else:\n    e"),
        ("@f\n@g(1)\ndef h(): pass", "@f\n@g(1)\n\n# comment\ndef h():\n\n    pass"),
        ("x: int = 3", "x : int=3"),
        ("a is not b not in c", "(a) is not (b) not in (c)"),
    ] {
        same(left, right);
    }
    differ("(a < b) < c", "a < b < c");
    differ("(a and b) and c", "a and b and c");
    differ("(-x) ** 2", "-x ** 2");
    differ("x[1:2]", "x[1:2,]");
    differ("(a,)", "(a)");
}

#[test]
fn literals_are_pythons() {
    for (left, right) in [
        ("1_000", "1000"),
        ("0xFF_ff", "65535"),
        ("0o17", "15"),
        ("0b101", "5"),
        ("00", "0"),
        ("1e-3", "0.001"),
        (".5", "0.5"),
        ("5.", "5.0"),
        ("1_0.0_1E+1_0", "100100000000.0"),
        (
            r"'\x41\u0042\U00000043\104\
D\q\n'",
            "'ABCDD\\\\q\\n'",
        ),
        (r"r'\n\''", r#"'\\n\\\''"#),
        ("'''a\r\nb'''", "'a\\nb'"),
        ("\u{feff}x = 1\r\ny = 2\r\n", "x = 1\ny = 2"),
        ("x = (1 +\n# comment\n  2)", "x = 1 + 2"),
        ("x = 1 + \\\n 2", "x = 1 + 2"),
        ("u'a'", "'a'"),
        ("1if 1else 2", "1 if 1 else 2"),
        ("ﬁ = ϵ", "fi = ε"),
    ] {
        same(left, right);
    }
    let kind = |text: &str| match tree(text).body.remove(0).kind {
        StmtKind::Expr(expr) => expr.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("9223372036854775807"), ExprKind::Int(i64::MAX));
    assert_eq!(kind("-9223372036854775808"), ExprKind::Int(i64::MIN));
    assert_eq!(kind("1e999"), ExprKind::Float(f64::INFINITY));
}

#[test]
fn f_strings_nest() {
    for (left, right) in [
        (r#"f"{x!r:>{w}.2f}""#, r#"f'{x!r:>{w}.2f}'"#),
        (r#"f"{x=}""#, r#"f"x={x!r}""#),
        (r#"f"{ x = :.2f}""#, r#"f" x = {x:.2f}""#),
        (r#"f"{d["k"]}""#, r#"f"{d['k']}""#),
        (r#"f"{{{x}}}""#, r#""{" f"{x}" "}""#),
        (r#"f"{a!=b}""#, r#"f"{(a != b)}""#),
        (r#"f"{f"{f"{1}"}"}""#, r#"f"{f'{f'''{1}'''}'}""#),
        (r#"f"{(lambda x: x)(1)}""#, r#"f"{ (lambda x: x)(1) }""#),
        ("f'''{\nx\n}'''", "f'{x}'"),
        (r"rf'\d{x}\n'", r"f'\\d{x}\\n'"),
        (r"f'\{x}'", r"'\\' f'{x}'"),
        (r#"f"{x:{'>'}{10}}""#, r#"f"{x:{">"}{10}}""#),
        (r#"f"{a, b}""#, r#"f"{(a, b)}""#),
        (r#"f"{x:%H:%M}""#, r#"f'{x:%H:%M}'"#),
        (r#"f"{ {1: 2}[1] }""#, r#"f"{({1: 2})[1]}""#),
    ] {
        same(left, right);
    }
    for text in ["f'{}'", "f'{x'", "f'}'", "f'{x!z}'", "f'{x:{y'", "f'{a b}'", "f'{x!}'", "f'{(}'", "f'{x:>{y}'", "f'{"]
    {
        refused(text);
    }
}

#[test]
fn absent_constructs_are_named() {
    for (text, named) in [
        ("class A:\n  pass", "classes"),
        ("@d\nclass A: pass", "classes"),
        ("try:\n  pass\nexcept: pass", "exception handling"),
        ("def f():\n  yield 1", "generators"),
        ("x = (yield)", "generators"),
        ("def f():\n  global x", "'global'"),
        ("def f():\n  nonlocal x", "'nonlocal'"),
        ("async def f(): pass", "asynchronous"),
        ("x = await y", "asynchronous"),
        ("match x:\n  case 1: pass", "'match'"),
        ("match (x):\n  case 1: pass", "'match'"),
        ("exec 'x'", "'exec'"),
        ("print x", "'print'"),
        ("{1, 2}", "sets"),
        ("{x for x in y}", "sets"),
        ("{*a}", "sets"),
        ("1j", "complex"),
        ("b'x'", "bytes"),
        ("from . import x", "relative"),
        ("del a.b", "attributes"),
        ("raise a from b", "raise"),
        ("def f():\n  from np import *", "import *"),
        ("a && b", "'&&'"),
        ("def f[T](x): pass", "type parameters"),
    ] {
        let (message, hint) = refused(text);
        assert!(message.contains(named), "{text:?}: {message}");
        assert!(!hint.is_empty(), "{text:?}: {message} has no hint");
    }
}

#[test]
fn errors_are_pythons() {
    for (text, wanted) in [
        ("if x\n  y", "expected ':'"),
        ("if x = 3: pass", "expected ':'"),
        ("if x:\ny", "expected an indented block after the 'if' statement on line 1"),
        ("  x", "unexpected indent"),
        ("if x:\n    a\n  b", "unindent does not match any outer indentation level"),
        ("if x:\n        a\n\tb", "inconsistent use of tabs and spaces"),
        ("x = (1,\n     2\ny = 3", "'(' was never closed"),
        ("f(1 2", "'(' was never closed"),
        ("f(1 2)", "expected ',' or ')', found a number"),
        ("(]", "closing ']' does not match opening '('"),
        ("(\n\n]", "closing ']' does not match opening '(' on line 1"),
        ("x)", "unmatched ')'"),
        ("'abc", "unterminated string literal"),
        ("'''abc", "unterminated triple-quoted string literal"),
        ("return 1", "'return' outside function"),
        ("break", "'break' outside loop"),
        ("for x in y:\n  def f():\n    continue", "'continue' not properly in loop"),
        ("for x in y: pass\nelse: break", "'break' outside loop"),
        ("def f(x, x): pass", "duplicate argument 'x' in function definition"),
        ("def f(x=1, y): pass", "parameter without a default follows parameter with a default"),
        ("def f(*): pass", "named arguments must follow bare *"),
        ("def f(*, **k): pass", "named arguments must follow bare *"),
        ("def f(**k, x): pass", "arguments cannot follow var-keyword argument"),
        ("lambda *a, *b: 1", "* argument may appear only once"),
        ("f(x=1, 2)", "positional argument follows keyword argument"),
        ("f(**x, 2)", "positional argument follows keyword argument unpacking"),
        ("f(**x, *y)", "iterable argument unpacking follows keyword argument unpacking"),
        ("f(x=1, x=2)", "keyword argument repeated: x"),
        ("f(a.b=1)", "an expression cannot contain an assignment"),
        ("f(x for x in y, 1)", "a generator expression among other arguments needs parentheses"),
        ("1 = x", "cannot assign to literal"),
        ("f() = x", "cannot assign to function call"),
        ("a + b = x", "cannot assign to expression"),
        ("None = x", "cannot assign to None"),
        ("x = 1 = y", "cannot assign to literal"),
        ("for f() in x: pass", "cannot assign to function call"),
        ("*a = b", "starred assignment target must be in a list or tuple"),
        ("*a, *b = c", "multiple starred expressions in assignment"),
        ("*a", "can't use starred expression here"),
        ("(*a)", "can't use starred expression here"),
        ("a, b += 1", "'tuple' is an illegal expression for augmented assignment"),
        ("a, b: int", "only single target (not tuple) can be annotated"),
        ("(a.b := 1)", "cannot use assignment expressions with attribute"),
        ("x := 1", "an assignment expression needs parentheses here"),
        ("1_", "invalid decimal literal"),
        ("1__0", "invalid decimal literal"),
        ("12abc", "invalid decimal literal"),
        ("012", "leading zeros"),
        ("0b12", "invalid digit '2' in binary literal"),
        ("0x", "invalid hexadecimal literal"),
        ("9223372036854775808", "the integer literal does not fit 64 bits"),
        ("-9223372036854775808 ** 2", "the integer literal does not fit 64 bits"),
        ("99999999999999999999", "the integer literal does not fit 64 bits"),
        ("'\\ud800'", "the escape is not the number of a character"),
        ("'\\x1'", "the escape \\x needs 2 hexadecimal digits"),
        ("x = 1 \\ 2", "unexpected character after the line continuation character"),
        ("else: pass", "'else' without"),
        ("if a: pass\nelse if b: pass", "expected ':'"),
        ("if a: if b: pass", "'if' cannot stand"),
        ("x = ", "expected an expression, found the end of the line"),
        ("x++", "expected an expression"),
        ("a if b", "expected 'else'"),
        ("from a import b,", "trailing comma not allowed without surrounding parentheses"),
        ("[a, b for a in c]", "the elements of a comprehension that are tuples need parentheses"),
        ("[*a for a in c]", "iterable unpacking cannot be used in comprehension"),
        ("x[]", "expected an index"),
        ("a not b", "expected the end of the statement"),
        ("1 + not x", "expected an operand"),
        ("x = “a”", "invalid character '“' (U+201C)"),
        ("x = a ? b : c", "invalid character '?'"),
        ("x\0", "invalid non-printable character U+0000"),
    ] {
        let (message, _) = refused(text);
        assert!(message.starts_with(wanted), "{text:?}: {message}");
    }
}

/// Runs on a stack of half a mebibyte, a quarter of what a thread has by default.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 19).spawn(work).unwrap().join().unwrap();
}

#[test]
fn nesting_is_bounded() {
    on_small_stack(|| {
        let n = 100_000;
        let blocks: String = (0..2000).map(|i| format!("{}if x:\n", " ".repeat(i))).collect();
        for text in [
            "(".repeat(n),
            format!("{}{}", "(".repeat(n), ")".repeat(n)),
            format!("{}{}", "[".repeat(n), "]".repeat(n)),
            "{1:".repeat(n),
            "f(".repeat(n),
            "x[".repeat(n),
            format!("{}x", "-".repeat(n)),
            format!("{}x", "not ".repeat(n)),
            format!("{}x", "lambda: ".repeat(n)),
            format!("x{}", " ** x".repeat(n)),
            format!("x{}", " + x".repeat(n)),
            format!("x{}", ".x".repeat(n)),
            format!("x{}", "()".repeat(n)),
            format!("x{}", " if x else x".repeat(n)),
            format!("{}x = 1", "(x := ".repeat(n)),
            format!("if x: pass\n{}", "elif x: pass\n".repeat(n)),
            "f'{".repeat(n),
            "f'{x:{".repeat(n),
            format!("with {}a: pass", "a, ".repeat(n)),
            format!("{}x = 1", "*".repeat(n)),
            blocks,
        ] {
            assert!(parse(&Source::new("<test>", text)).is_err());
        }
    });
}

#[test]
fn what_people_write_is_within_the_bounds() {
    on_small_stack(|| {
        for text in [
            format!("if x: pass\n{}", "elif x: pass\n".repeat(500)),
            format!("x{}", " + x".repeat(500)),
            format!("x = [{}]", "-1 if a.b else *c,".replace('*', "").repeat(20_000)),
            format!("x = [{}]", "*a.b,".repeat(20_000)),
            format!("x = x[{}]", "a:b,".repeat(20_000)),
            format!("x{}", " and x == y.z".repeat(20_000)),
            format!("f({})", "lambda: (x := 1) ** 2,".repeat(20_000)),
            format!("{}x{}", "(".repeat(90), ")".repeat(90)),
            "for x in y:\n    x.y += a if b else f'{c}'\n".repeat(20_000),
        ] {
            tree(&text);
        }
    });
}

#[test]
fn the_highest_trees_are_safe_to_walk() {
    let texts = [
        format!("def f():\n    return x{}", " + x".repeat(MAX_HEIGHT as usize - 20)),
        format!("def f():\n    return x{}", ".x[0]()".repeat(MAX_HEIGHT as usize / 3 - 10)),
        format!("def f():\n    if x: pass\n{}", "    elif (y := x): pass\n".repeat(MAX_HEIGHT as usize - 20)),
        format!("def f():\n    return {}x", "-".repeat(MAX_NESTING as usize - 20)),
        (0..90).map(|i| format!("{}def f():\n", " ".repeat(i))).collect::<String>() + &" ".repeat(90) + "x",
    ];
    on_small_stack(move || {
        for text in texts {
            let module = tree(&text);
            let printed = print_module(&module.body);
            assert_eq!(tree(&printed), module.clone());
            let StmtKind::Def(function) = &module.body[0].kind else { panic!() };
            assert_eq!(scope_of(function).free.len(), 1);
            assert!(!format!("{module:?}").is_empty());
        }
    });
}

#[test]
fn the_prompt_knows_what_is_incomplete() {
    for text in [
        "x = (1,",
        "f'{",
        "f(\n",
        "'''a",
        "f'''{x}",
        "f'''{",
        "x = 1 + \\\n",
        "if x:",
        "if x:\n",
        "if x:\n    y",
        "def f(x):\n\n",
        "if x: y",
        "if x:\n    y\nelse:",
        "if x:\n    y\nelse: z",
        "@f",
        "@f\n",
        "for x in y:\n    for z in x:\n        pass",
        "x = 1\nif x: y",
        "def f():  # comment",
        "[\n1,\n",
    ] {
        assert!(is_incomplete(text), "{text:?}");
    }
    for text in [
        "",
        "x",
        "x = 1",
        "x = (1, 2)",
        "if x:\n    y\n",
        "def f(): return 1\n",
        "if x",
        "x = ",
        "'abc",
        "f(1 2",
        ")",
        "class A:",
        "  x",
        "x = 1\n",
        "def f(x):\n    return x\n\n",
        "1 +",
        "# comment",
        "if x:\n    y\nz = 1",
        "@f x",
        "yield (",
    ] {
        assert!(!is_incomplete(text), "{text:?}");
    }
}

#[test]
fn printing_is_what_a_person_would_write() {
    for text in [
        "x = -y ** 2 + (-z) ** 2 - (a - b) / 2.0 ** -c\n",
        "def f(a, /, b: int, c=1, *, d: float = 2.0, **k) -> int:\n    return a, b\n",
        "if (x := 3) if a else b:\n    pass\nelif not c:\n    y[1:2, ..., None] += 1\nelse:\n    del y\n",
        "for i, (a, *b) in zip(x, y):\n    break\nelse:\n    z = [a for a in b if a is not None]\n",
        "@f\ndef g():\n    \"it's\"\n    return lambda x, *a: f\"{x!r:>{w}.2f}{{{d['k']}\"\n\n\ng(*a, k=sum(x for x in y), **b)\n",
        "with insert_grad_of(x) as dx:\n    dx *= (1).real\n",
        "import np.linalg as la, a\nfrom c import d as e\n",
        "x, = a[()], a[b,]\n",
        "assert a < b <= c, {1: 2, **d}\n",
    ] {
        assert_eq!(print_module(&tree(text).body), text);
    }
}

#[test]
fn spans_cover_what_they_name() {
    let source = Source::new("<test>", "x = (a + b) * f(c)\n");
    let module = parse(&source).unwrap();
    let StmtKind::Assign(_, value) = &module.body[0].kind else { panic!() };
    let text = |span: cotangent::lang::Span| &source.text[span.start as usize..span.end as usize];
    assert_eq!(text(value.span), "(a + b) * f(c)");
    let ExprKind::Binary(_, _, right) = &value.kind else { panic!() };
    assert_eq!(text(right.span), "f(c)");
    assert_eq!(text(module.body[0].span), "x = (a + b) * f(c)");
}
