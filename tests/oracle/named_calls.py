"""Calls for the names that the families of record_calls.py meet seldom: each function on numbers of every sort and arrays of every
shape and layout. The names f0, fv, fm … are the arrays of its prelude."""

import itertools

NUMBERS = "f0 0.5 1.0 0.0 -0.0 -1.0 -2.5 np.inf -np.inf np.nan 1e-10 30.5 700.0 i0 b0 3 -2".split()
SHAPES = "fv gv f5 fm gm im iv kv bv fmr fmt fs fz fe f1 f11 ft ftr nv imr bmr be ie np.linspace(0.05,0.95,7)".split()
ARGUMENTS = NUMBERS + SHAPES + ["[0.25, 0.5]", "[[1], [2]]", "np.abs(fm)", "ft[..., ::-1] * 0.25"]
SOME = ["f0", "0.5", "2.0", "0.0", "-1.0", "np.nan", "np.inf", "3", "fv", "np.abs(fm)", "iv", "fz", "nv[:3]", "fc", "f1[::-1]"]


def one(module, names, arguments):
    for name, x in itertools.product(names.split(), arguments):
        yield f"{module}.{name}({x})"


def two(module, names, first=SOME, second=SOME):
    for name, x, y in itertools.product(names.split(), first, second):
        yield f"{module}.{name}({x}, {y})"


def special():
    some = [x for x in SOME if x not in ("nv[:3]", "np.nan")]
    yield from two("special", "beta betaln", some, some)
    yield from one("special", "cbrt digamma psi entr erf erfc erfcinv erfcx erfinv exp1 exp10 exp2 expit expm1 gamma gammaln loggamma rgamma gammasgn "
                   "i0 i0e i1 i1e j0 j1 k0 k0e k1 k1e y0 y1 log1p log_expit log_ndtr ndtr ndtri logit sinc factorial", ARGUMENTS)
    yield from two("special", "kl_div rel_entr xlogy xlog1py")
    yield from two("special", "gammainc gammaincc chdtr chdtrc stdtr", SOME, ["0.5", "2.0", "0.0", "np.inf", "np.nan", "np.abs(fv)", "np.abs(fm)", "3", "fz", "[[0.25], [7.0]]"])
    yield from two("special", "polygamma", ["0", "1", "2", "[1, 2, 3]", "kv"], ["f0", "0.5", "2.0", "np.abs(fm)", "np.abs(fv)", "fz", "3", "[0.25, 4.0, 9.5]"])
    orders = ["0", "1", "2", "5", "kv"]
    yield from two("special", "jn jv yv iv ive kv kve", [*orders, "0.5", "2.5", "-1.5", "fv"], ["f0", "0.5", "2.0", "7.0", "np.abs(fm)[:, :3]", "fz", "0.0", "np.abs(gv)", "np.nan", "np.inf"])
    yield from two("special", "yn kn expn", orders[:4], ["f0", "0.5", "2.0", "7.0", "np.abs(fm)", "fz", "np.abs(gv)", "np.nan", "3", "ft[0, 0]"])
    yield from two("special", "binom poch", ["5.0", "0.5", "7.25", "20", "kv + 4", "np.abs(fm)", "fz", "np.nan"], ["0", "1", "2.5", "3", "kv", "0.25", "np.nan"])
    for exact in ["", ", exact=True", ", True"]:
        for n, k in itertools.product(["0", "1", "5", "10", "30", "-1"], ["0", "1", "2", "5", "12", "-1"]):
            yield f"special.comb({n}, {k}{exact})"
            yield f"special.perm({n}, {k}{exact})"
        for n in ["0", "1", "5", "12", "20", "-3"]:
            yield f"special.factorial({n}{exact})"
    for n, k in itertools.product(["[5, 6, 7]", "4.5", "np.arange(6)"], ["2", "[0, 1, 2]", "1.5"]):
        for rest in ["", ", repetition=True"]:
            if not (n.startswith("np") and k.startswith("[")):
                yield f"special.comb({n}, {k}{rest})"
        if not (n.startswith("np") and k.startswith("[")):
            yield f"special.perm({n}, {k})"
    yield from ["special.comb(4, 2, exact=True, repetition=True)", "special.comb(0, 0, True, True)", "special.factorial([0, 1, 5])", "special.factorial(np.array([3, 4]), exact=True)"]
    triples = itertools.product(["0.5", "2.0", "9.5", "np.abs(fv)", "0.0", "-1.0"], ["0.5", "3.0", "np.abs(gv)"], ["0.0", "0.25", "0.9", "1.0", "np.nan", "[0.2, 0.5, 0.7]", "1.5"])
    for a, b, x in triples:
        yield f"special.betainc({a}, {b}, {x})"
        yield f"special.betaincc({a}, {b}, {x})"
        if a not in ("0.0", "-1.0"):
            yield f"special.fdtr({a}, {b}, {x})"
            yield f"special.gdtr({a}, {b}, {x})"
            yield f"special.gdtrc({a}, {b}, {x})"
    for k, m in itertools.product(["0", "1", "2.7", "5", "kv", "[0.5, 3.0, 9.0]"], ["0.0", "0.5", "4.0", "20.0", "np.abs(fv)", "np.inf"]):
        yield f"special.pdtr({k}, {m})"
        yield f"special.pdtrc({k}, {m})"
    for name in "eval_legendre eval_chebyt eval_chebyu eval_hermite eval_hermitenorm eval_laguerre".split():
        for n, x in itertools.product([0, 1, 2, 3, 7], ["0.5", "-0.75", "1.0", "2.0", "fv", "fm", "iv", "fz", "ftr"]):
            yield f"special.{name}({n}, {x})"
    for d, r in itertools.product(["1.0", "0.5", "2", "0.0", "-1.0", "np.abs(fv)"], ["f0", "0.25", "-3.0", "0.0", "fv", "np.inf", "iv"]):
        yield f"special.huber({d}, {r})"
        yield f"special.pseudo_huber({d}, {r})"
    for x in ["fv", "fm", "ft", "im", "fmr", "nm", "f0", "[1000.0, 1000.0]", "[-np.inf, -np.inf]", "[-np.inf, 1.0]", "[np.inf, 1.0]", "f1"]:
        for k in ["", ", axis=0", ", axis=-1", ", axis=0, keepdims=True", ", axis=None"]:
            if x == "f0" and k not in ("", ", axis=None"):
                continue
            yield f"special.logsumexp({x}{k})"
            if "keepdims" not in k:
                yield f"special.softmax({x}{k})"
                yield f"special.log_softmax({x}{k})"
            if x in ("fv", "fm", "ft", "im", "f1"):
                yield f"special.logsumexp({x}{k}, b=np.abs({x}))"
                yield f"special.logsumexp({x}{k}, b={x}, return_sign=True)"
                yield f"special.logsumexp({x}{k}, return_sign=True)"
    for a, d in itertools.product(["2.5", "3.0", "7", "[4.0, 5.5]", "np.abs(fm) + 3", "30.0", "f1 + 2"], ["1", "2", "3", "4", "5"]):
        yield f"special.multigammaln({a}, {d})" if eval_least(a) > 0.5 * (int(d) - 1) else f"special.multigammaln(9.0, {d})"


def eval_least(a):
    return {"2.5": 2.5, "3.0": 3.0, "7": 7.0, "30.0": 30.0, "f1 + 2": 6.0}.get(a, 3.25)


def math():
    numbers = "0 1 -1 2 3 5 10 20 -4 0.5 -0.5 1.5 2.5 -2.5 0.0 -0.0 1e-10 1e10 math.nan math.inf -math.inf True False 3.7 -3.7 100.0 709.0 -745.0 1e300 0.1 0.9 4.25 math.pi 2.0**53 'a' [1.0]".split()
    yield from one("math", "acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs factorial floor frexp gamma isfinite isinf isnan isqrt "
                   "lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp", [x for x in numbers if x != "[1.0]"])
    inside = "0.25 -0.25 0.75 -0.75 0.125 -0.9 0.99 -0.99 0.3 -0.3 0.6 -0.6 1e-5 0.01 -0.01 1.25 6.0 7.5 8 1000.0 1.125 2.25 50.0 1e5 0.05 -0.2".split()
    yield from one("math", "acos acosh asin atanh gamma lgamma log10 log2", inside)
    few = "0 1 -3 7 0.5 -2.5 0.0 -0.0 math.nan math.inf 1e10".split()
    yield from two("math", "atan2 copysign fmod hypot nextafter pow remainder isclose", few, few)
    yield from two("math", "ldexp", few, ["0", "1", "-3", "10", "2000"])
    whole = "0 1 2 3 5 12 -4 30 True 2.0".split()
    yield from two("math", "comb perm gcd lcm", whole, whole)
    for x, y in itertools.product(["[1.0, 2.0]", "(0, 0)", "[1e200, 3.0]", "(math.nan, 1)", "[]", "[3]"], repeat=2):
        yield f"math.dist({x}, {y})"
    lists = ["[]", "[1]", "[1, 2, 3]", "[0.1] * 10", "[1e100, 1.0, -1e100]", "(2, 0.5)", "[True, 4]", "[math.inf, 1]", "[math.nan]", "[1e16, 1.0, 1.0]", "range(5)", "[2**40, 2**10]",
             "[-0.0]", "[0.1, 0.2, 0.3]", "[1e308, -1e308, 1.0]", "(3,)", "[0.5, 0.25]", "[-1, -2]", "fv", "iv", "[1, 2.5]", "[0]", "[5, 0, 2]"]
    for x in lists:
        yield f"math.fsum({x})"
        yield f"math.prod({x})"
        yield f"math.prod({x}, start=2)"
        yield f"math.fsum([y * 0.1 for y in {x}])"
    yield from [f"math.log({x}, {b})" for x in ["8", "0.5", "100", "0"] for b in ["2", "10", "0.5", "1"]]
    yield from [f"math.isclose({x}, {y}, rel_tol={r}, abs_tol={a})" for x, y in [("1.0", "1.1"), ("0.0", "1e-12"), ("5", "5")] for r in ["0.2", "0.0"] for a in ["0.0", "1e-9"]]
    yield from [f"math.hypot({x})" for x in ["", "3", "3, 4", "1, 2, 2", "math.inf, math.nan"]]
    yield from [f"math.{f}({x})" for f in ["gcd", "lcm"] for x in ["", "12", "12, 18, 24", "4, 0, 6"]]


def names():
    """Other names of functions, types and what is asked of them, texts, polynomials, histograms, methods."""
    yield from one("np", "acos acosh asin asinh atan atanh conj conjugate bitwise_invert bitwise_not bitwise_count spacing modf frexp iscomplexobj isrealobj real_if_close ascontiguousarray asfortranarray asanyarray iterable "
                   "asarray_chkfinite bool", ARGUMENTS)
    yield from one("np", "array_repr array_str", [x for x in SHAPES if not x.startswith("np.")] + [f"{x} * 2" for x in SHAPES if x[0] in "fi" and x[:2] != "np"])
    pairs = [(x, y) for x in ["f0", "i0", "fv", "iv", "fm", "im", "kv", "fz", "bv"] for y in ["2", "0.5", "iv", "fv", "gm", "kv + 1", "True"]]
    for name in "atan2 pow bitwise_left_shift bitwise_right_shift".split():
        yield from (f"np.{name}({x}, {y})" for x, y in pairs)
    for x, p in itertools.product(["fm", "im", "ft", "it", "fz", "fmr", "bm", "fv", "fs"], ["", ", (1, 0)", ", (0, 2, 1)", ", axes=(-1, 0)", ", None"]):
        yield f"np.permute_dims({x}{p})"
    for x, y, axis in itertools.product(["fv", "fm", "im", "bm", "fz", "fmr"], ["fv", "fm", "im", "gm"], ["0", "1", "-1", "None"]):
        yield f"np.concat([{x}, {y}], axis={axis})"
    yield from (f"np.row_stack([{x}, {y}])" for x, y in itertools.product(["fv", "fm", "iv", "fmr", "fz", "bv"], repeat=2))
    for seed, size in itertools.product(range(8), ["", "3", "(2, 2)", "size=0", "size=(2, 0)"]):
        yield f"rng = np.random.default_rng({seed}); rng.standard_cauchy({size})"
        yield f"rng = np.random.default_rng({seed}); rng.standard_exponential({size})"
    for x, at, v in itertools.product(["np.zeros(4)", "np.arange(6)", "fv * 1.0", "np.zeros((3, 2))"], ["[0, 0, 2]", "[1]", "1", "[-1, -1]", "slice(0, 2)"], ["1", "2.5", "[1, 2, 3]"]):
        yield f"x = {x}; np.add.at(x, {at}, {v}); x"
    yield from one("np", "degrees radians deg2rad rad2deg", ARGUMENTS)
    for t in ["float", "np.float64", "1.0", "fv", "'float64'", "int", "np.int64", "bool"]:
        for a in "eps epsneg max min tiny smallest_normal smallest_subnormal resolution precision bits".split():
            yield f"np.finfo({t}).{a}"
        for a in "max min bits".split():
            yield f"np.iinfo({t}).{a}"
            yield f"np.iinfo({t if t != 'fv' else 'iv'}).{a}"
            yield f"np.iinfo(i0 if {t!r} == 'float' else {t}).{a}"
    sorts = "np.generic np.number np.integer np.signedinteger np.unsignedinteger np.inexact np.floating np.complexfloating".split()
    types = ["float", "int", "bool", "np.float64", "np.int64", "np.bool", "np.bool_", "'float64'", "fv.dtype", "iv.dtype", "bv.dtype", "np.dtype('int64')"]
    for a, b in itertools.product(types + sorts, repeat=2):
        yield f"np.issubdtype({a}, {b})"
    yield from [f"np.issubdtype({a}, np.floating)" for a in ["'nonsense'", "3", "[1]"]]
    kinds = ["'bool'", "'signed integer'", "'unsigned integer'", "'integral'", "'real floating'", "'complex floating'", "'numeric'", "'x'", "np.float64", "('bool', 'integral')", "(np.int64, 'bool')", "fv.dtype", "3"]
    for a, b in itertools.product(["np.float64", "np.int64", "np.bool", "fv.dtype", "iv.dtype", "float", "3"], kinds):
        yield f"np.isdtype({a}, {b})"
    for x, y in itertools.product(["fv", "iv", "f0", "im", "bv", "fz", "1"], repeat=2):
        yield f"np.dtype(np.common_type(np.asarray({x}), np.asarray({y}))) == np.float64"
    for n, base, pad in itertools.product(["0", "5", "-6", "255", "10**12"], ["2", "3", "10", "16", "36", "37", "1"], ["0", "3"]):
        yield f"np.base_repr({n}, {base}, {pad})"
    for n, w in itertools.product(["0", "1", "3", "-3", "-1", "10", "-8", "255"], ["None", "2", "4", "5", "8"]):
        yield f"np.binary_repr({n}, {w})"
    for n, d in itertools.product([0, 1, 2, 3, 5], [1, 2, 3, 4]):
        yield f"np.diag_indices({n}, {d})"
        yield f"np.diag_indices({n}, ndim={d})"
        yield f"np.diag_indices_from(np.zeros({(n,) * d}))"
        yield f"np.diag_indices_from(np.ones({(n,) * d}, dtype=int)[::-1])"
    for shape in ["0", "(2, 0)", "(0,)", "(0, 3, 2)", "(1, 0)"]:
        for d in ["", ", dtype=int", ", dtype=bool", ", float", ", dtype='int64'", ", order='F'"]:
            yield f"np.empty({shape}{d})"
    yield from (f"np.empty({s}).shape" for s in ["3", "(2, 3)", "()", "[2]"])
    yield from (f"np.empty_like({x}{d}).{a}" for x in ["fm", "im", "bv", "fz", "f0"] for d in ["", ", dtype=int", ", shape=(2, 2)"] for a in ["shape", "dtype", "ndim"])
    for x in ["np.zeros((3, 3))", "np.zeros((4, 2))", "np.zeros((2, 5), dtype=int)", "np.ones((3, 3, 3))", "np.zeros((7, 3))", "np.zeros((0, 3))"]:
        for v in ["5", "2.5", "[1, 2]", "np.array([7.0, 8.0, 9.0])", "True"]:
            for w in ["", ", wrap=True"]:
                yield f"x = {x}; np.fill_diagonal(x, {v}{w}); x"
    for f in ["lambda i, j: i + j", "lambda i, j: i * 10 - j", "lambda i, j: i == j", "lambda i, j: np.sin(i) * j", "lambda i, j: (i + 1) / (j + 1)"]:
        for shape in ["(2, 3)", "(1, 1)", "(4, 2)"]:
            for d in ["", ", dtype=int"]:
                yield f"np.fromfunction({f}, {shape}{d})"
    for x in ["range(4)", "[1, 2, 3]", "(0.5, 1.5)", "[True, False]", "[]", "fv", "iv", "[i * i for i in range(5)]"]:
        for d in ["float", "int", "bool", "'float64'"]:
            yield f"np.fromiter({x}, {d})"
            yield f"np.fromiter({x}, {d}, count=2)"
    for n in range(5):
        for d in ["", ", dtype=int", ", dtype=bool", ", float", ", 'int64'"]:
            yield f"np.identity({n}{d})"
    for s in ["(2,)", "(2, 3)", "(0, 2)", "(1, 2, 3)", "()", "(4, 1)"]:
        for k in ["", ", dtype=float", ", sparse=True", ", dtype=np.int64", ", float", ", int, True"]:
            yield f"np.indices({s}{k})"
    for n, f, k in itertools.product(["1", "2", "3", "5"], ["np.tril", "np.triu"], ["", ", 1", ", -1", ", k=2", ", 0"]):
        yield f"np.mask_indices({n}, {f}{k})"
    for x in ["fv", "fm", "it", "f0", "fz", "im", "bv", "fmr", "[1, 2]", "ftr", "fe", "i0"]:
        yield f"list(np.ndenumerate({x}))"
        yield f"[i for i, v in np.ndenumerate({x}) if v > 0]"
        yield f"sum([v for i, v in np.ndenumerate({x})])"
        yield f"list(np.ndindex(np.shape({x})))"
        yield f"len(list(np.ndindex(np.shape({x}))))"
    for s in ["", "2", "2, 3", "3, 0", "(2, 2)", "1, 1, 2", "()", "(4,)"]:
        yield f"list(np.ndindex({s}))"
        yield f"[i for i in np.ndindex({s})]"
    polynomials = ["[1.0, -3.0, 2.0]", "[2.0, 1.0]", "[1.0, 0.0, -1.0]", "fv", "[5.0]", "[0.0, 0.0, 1.0, 2.0]", "[1, -6, 11, -6]", "[3, 5, 2]", "iv", "[0.5, 1.5]"]
    for p, q in itertools.product(polynomials, repeat=2):
        yield f"np.polydiv({p}, {q})"
    for p in polynomials + ["[1.0, 2.0, 0.0, 0.0]", "[]", "[0.0]", "[0, 0]", "[4]", "fm", "[1, 0, -5, 0, 4]", "[2.0, -8.0]", "[1.0, 0.0]", "[0, 1, -3, 2, 0]"]:
        yield f"np.sort(np.roots({p}))"
        yield f"np.sort(np.roots(np.array({p}) * 2))"
    for z in ["[1.0]", "[1, 2, 3]", "[]", "[0.5, -0.5]", "[0, 0]", "fv", "iv", "[2.0] * 4", "fm", "3", "[1.5, 1.5]", "kv", "[-1, 1]", "f5", "gv", "i5", "[10]", "np.arange(5)", "[0.1, 0.2]", "fe", "[7.0, -7.0]", "bv * 1.0", "f1", "np.linspace(0, 1, 4)", "[1e3, 1e-3]", "[-2]", "[4, 0]", "[1, 1, 1]", "[3.5]", "iv[::-1]", "fv[::2]", "[True, 2]"]:
        yield f"np.poly({z})"
    for d in ["0", "1", "2", "3"]:
        for y in ["f5", "np.arange(5) * 0.5 + f5", "np.reshape(np.arange(10), (5, 2)) * 0.5 + f5[:, None]"]:
            for k in [", full=True", ", cov=True", ", cov='unscaled'", ", full=True, w=[1.0, 2.0, 0.5, 1.0, 3.0]", ", cov=True, w=[1.0, 2.0, 0.5, 1.0, 3.0]", ", None, True", ", w=[1.0]", ", rcond=1e-3"]:
                yield f"np.polyfit([0.0, 1.0, 2.0, 3.0, 5.0], {y}, {d}{k})"
    weights = {"fv": ["[1, 2, 3]", "[0.5, 0.0, 2.0]", "[0, 0, 0]", "[1, -1, 2]", "[1, 2]"], "f5": ["[1, 2, 3, 4, 5]", "np.ones(5)", "[0, 0, 1, 0, 0]"], "fm": ["np.abs(fm)", "[[1, 2, 3], [3, 2, 1]]", "[1, 2, 3]"],
               "nm": ["np.ones((2, 3))"], "im": ["np.abs(im)", "im * 0 + 2"], "ft": ["np.abs(ft) + 1"], "iv": ["kv"]}
    for x, ws in weights.items():
        for w, q, k in itertools.product(ws, ["0.5", "0.3", "[0.0, 0.25, 1.0]", "1"], ["", ", axis=0", ", axis=-1", ", axis=1, keepdims=True"]):
            yield f"np.quantile({x}, {q}{k}, method='inverted_cdf', weights={w})"
            yield f"np.percentile({x}, np.array({q}) * 100{k}, method='inverted_cdf', weights={w})"
        yield f"np.quantile({x}, 0.5, weights={ws[0]})"
    for bins in ["3", "[2, 3]", "[[0, 1, 2], [-1, 0, 3]]", "[2, [0.0, 1.0, 5.0]]", "[2]", "0"]:
        for k in ["", ", density=True", ", range=[[0, 3], [0, 4]]", ", weights=[1, 2, 0.5, 1, 2]", ", range=[(0, 3), None]", ", range=[(0, 1)]"]:
            yield f"np.histogramdd(np.stack([f5, f5 * f5], axis=1), {bins}{k})"
            yield f"np.histogramdd([f5, f5 * f5], {bins}{k})"
            yield f"np.histogram2d(f5, f5 * f5, {bins}{k})"
    yield from ["np.histogramdd(np.reshape(np.arange(24.0), (8, 3)), 2)", "np.histogramdd(np.reshape(np.arange(24.0), (8, 3)), (1, 2, 3), density=True)", "np.histogramdd(f5[:, None], 3)", "np.histogramdd([f5], bins=[3])"]
    for s in ["", "kind=None", "kind='quicksort'", "kind='quick'", "kind='mergesort'", "kind='stable'", "kind='heapsort'", "kind='x'", "kind=''", "kind=3", "stable=True", "kind='stable', stable=True", "stable=False"]:
        for x in ["fv", "im", "f5"]:
            yield f"np.sort({x}, {s})" if s else f"np.sort({x})"
            yield f"np.argsort({x}, {s})" if s else f"np.argsort({x})"
            yield f"x = {x}.copy(); x.sort({s}); x"
    for x in ["fv", "i5", "fm", "im", "ft"]:
        for i, v in itertools.product(["0", "[0, -1]", "[[0], [1]]", "[9, -9]", "[]"], ["9", "[7, 8]", "0.5"]):
            for m in ["", ", mode='wrap'", ", mode='clip'"]:
                yield f"x = {x}.copy(); x.put({i}, {v}{m}); x"
        for k in ["0", "1", "-1", "[0, 1]", "9"]:
            for axis in ["", ", axis=0", ", axis=-1"]:
                yield f"x = {x}.copy(); x.partition({k}{axis}); np.sort(x, axis=-1 if {axis!r} != ', axis=0' else 0)"
        for v in ["2", "0.5", "True", "[1]", "np.array([3])", "-1"]:
            yield f"x = {x}.copy(); x.fill({v}); x"
    for x in [a for a in SHAPES if not a.startswith("np.")]:
        yield from [f"{x}.itemsize", f"{x}.nbytes", f"list({x}.flat)", f"sum([v for v in {x}.flat])", f"{x}.flat[:2]", f"{x}[:1].nbytes", f"({x} * 1.0).itemsize", f"np.asarray({x}, dtype=bool).nbytes", f"np.asarray({x}.tolist() if {x}.size else 0.0).itemsize"]
    yield from [f"({x}).is_integer()" for x in "0.0 1.0 2.5 -3.0 1e300 math.inf -math.inf math.nan 0.1 -0.0 100.0 5e-324 1e16 4.5 -7.25 3.0 2.0 1e-5 123456.0 0.999 -1.0 7.0 8.5 9.0 10.25 11.0 12.0 13.5 14.0 15.0 -16.0".split()]
    for x in ["fv", "iv", "fm", "bv", "f5", "f0", "im"]:
        yield f"np.vectorize(lambda x: x * 2 + 1)({x})"
        yield f"np.vectorize(lambda x: x > 1)({x})"
        for t in ["[float]", "'d'", "[int]", "['float64']"]:
            yield f"np.vectorize(lambda x: x * 2, otypes={t})({x})"
        yield f"np.vectorize(lambda x, y: (x, y * 0.5), otypes=[float, float])({x}, 3)"
    yield from ["np.vectorize(lambda x: x * 2)(fe)", "np.vectorize(lambda x: x * 2, otypes=[float])(fe)", "np.vectorize(lambda x: x, otypes=[int])(fz)", "np.vectorize(lambda x: 1 if x > 0 else 0.5)([1, -1])", "np.vectorize(lambda x: 0.5 if x > 0 else 1)([1, -1])"]
    for x in ["fv", "i5", "im", "bv", "fm", "f5", "fe", "nv", "fmr", "ie"]:
        for f in "unique_all unique_counts unique_inverse".split():
            yield from (f"tuple(np.{f}({y}))" for y in [x, f"{x}[::-1]", f"{x} * 2"])
        yield from (f"np.sort(np.unique_values({y}))" for y in [x, f"{x}[::-1]", f"{x} * 2", f"np.asarray({x}, dtype=bool)"] if x != "nv")


def linalg():
    """The names of linalg, and those of np.linalg that the other families meet seldom."""
    s2 = "np.array([[2.0, 1.0], [1.0, 3.0]])"
    squares = ["sq", s2, "sq @ sq.T", "f11", "sq[::-1]", "sq.T", "np.eye(3)", "im[:, :2]", "np.ones((2, 2))", "np.diag([3.0, 1.0, 2.0])", "np.triu(sq)", "fm", "np.array([[1, 2], [3, 4]])", "np.zeros((2, 2))", "sq - 2 * np.eye(3)"]
    for a in squares:
        yield from (f"linalg.{f}({a})" for f in ["inv", "det", "norm", "pinv", "svdvals", "eigvalsh", "lu_factor", "expm"])
        for s in ["0.5", "-1.0", "10.0"]:
            yield from (f"linalg.{f}({a} * {s})" for f in ["inv", "det", "norm", "pinv", "svdvals", "sqrtm", "bandwidth", "issymmetric", "ishermitian"])
        yield from (f"linalg.norm({a}, {o})" for o in ["1", "-1", "2", "'fro'", "np.inf", "'nuc'"])
        for lower in ["True", "False"]:
            yield f"linalg.eigh({a}, lower={lower}, eigvals_only=True)"
            yield f"linalg.eigvalsh({a}, lower={lower})"
            yield f"linalg.cholesky({a} @ np.transpose({a}) + np.eye(len({a})), lower={lower})"
            yield f"linalg.cholesky({a}, lower={lower})"
            yield f"np.abs(linalg.eigh(({a} + np.transpose({a}))[:len({a})] + np.diag(np.arange(len({a}))) * 9.0, lower={lower})[1])" if a != "fm" else "linalg.eigh(fm)"
            yield f"linalg.pinvh({a}, lower={lower})"
        yield f"linalg.pinvh({a}, return_rank=True)"
        for s in ["0.5", "-2.0", "1.0"]:
            yield from (f"np.sort(linalg.eigvals(np.triu({a}) * {s}).real)", f"np.sort(linalg.eig(np.tril({a}) * {s})[0].real)", f"np.sort(np.linalg.eig(np.triu({a}) * {s})[0])", f"np.sort(np.linalg.eigvals(np.tril({a}) * {s}))") if a != "fm" else ()
            if a not in ("np.ones((2, 2))", "np.zeros((2, 2))", "np.eye(3)", "fm"):
                yield f"linalg.orthogonal_procrustes({a}, np.transpose({a}) * {s} + 1)"
                yield f"linalg.solve_continuous_lyapunov({a} + 9 * np.eye(len({a})), {a} * {s})"
        yield f"linalg.pinvh({a}, rtol=0.3)"
        yield from (f"np.abs(linalg.qr({a}, mode={m!r})[{i}])" for m, i in [("full", -1), ("economic", -1), ("r", 0), ("economic", 0), ("x", 0)] if "ones" not in a and "zeros" not in a)
        yield from (f"np.abs(linalg.svd({a}, full_matrices={f})[{i}])" for f in ["True", "False"] for i in [1])
        yield f"linalg.svd({a}, compute_uv=False)"
        yield f"np.sort(np.linalg.eigvals({a} @ np.transpose({a})))" if a != "fm" else "np.linalg.eigvals(fm)"
        yield f"np.sort(np.linalg.eigvals(np.triu({a})))"
        yield f"np.sort(linalg.eigvals(np.triu({a}) * 2))"
        yield f"np.sort(linalg.eig(np.tril({a}))[0])"
        yield f"np.sort(np.linalg.eig(np.tril({a}))[0])" if a != "fm" else "np.linalg.eig(fm)"
        if a not in ("np.ones((2, 2))", "np.zeros((2, 2))", "np.eye(3)", "fm"):
            yield f"np.abs(np.linalg.eig(np.triu({a}) + np.diag(np.arange(len({a})) * 7.0))[1])"
            yield f"np.abs(linalg.schur({a})[0])"
            yield f"linalg.schur({a} @ np.transpose({a}), output='real')[0].shape"
            yield f"(lambda t, z: z @ t @ z.T)(*linalg.schur({a}))"
            yield f"linalg.polar({a})"
            yield f"linalg.polar({a}, side='left')"
            yield f"linalg.sqrtm({a} @ np.transpose({a}) + np.eye(len({a})))"
            yield f"linalg.sqrtm({a} + 9 * np.eye(len({a})))"
            for b in squares[:6]:
                if b != "fm":
                    yield f"linalg.solve_sylvester({a} + 9 * np.eye(len({a})), {b} + 9 * np.eye(len({b})), np.ones((len({a}), len({b}))))"
                    yield f"linalg.expm_frechet({a} * 0.1, {b} * 0.1)"
            yield f"linalg.expm_frechet({a}, np.ones(np.shape({a})), compute_expm=False)"
            yield f"linalg.orthogonal_procrustes({a}, np.transpose({a}) + 1)"
            yield f"linalg.solve_continuous_lyapunov({a} + 9 * np.eye(len({a})), {a})"
            yield f"linalg.solve_continuous_lyapunov({a} + 9 * np.eye(len({a})), np.eye(len({a})))"
            for m in ["", ", method='direct'", ", method='bilinear'", ", method='x'"]:
                yield f"linalg.solve_discrete_lyapunov({a} * 0.1, {a}{m})"
            n = 1 if a == "f11" else 2 if "[[" in a or "im" in a else 3
            for b in [f"np.arange({n}) + 1.0", f"np.reshape(np.arange({2 * n}), ({n}, 2)) * 0.5", "np.ones(5)"]:
                for k in ["", ", assume_a='gen'", ", transposed=True", ", lower=True"]:
                    yield f"linalg.solve({a}, {b}{k})"
                for k in ["'sym'", "'pos'", "'symmetric'", "'positive definite'", "'her'"]:
                    yield f"linalg.solve({a} @ np.transpose({a}), {b}, assume_a={k})"
                    yield f"linalg.solve({a} @ np.transpose({a}), {b}, assume_a={k}, lower=True)"
                for k in ["'upper triangular'", "'lower triangular'", "'diagonal'", "'x'"]:
                    yield f"linalg.solve(np.diag(np.diag({a})) + 0.0, {b}, assume_a={k})"
                yield f"linalg.lstsq({a}, {b})"
                yield f"linalg.lstsq({a}, {b}, cond=0.1)"
    for a in ["fm", "fmt", "sq", "np.ones((3, 2))", "im", "im.T", "np.ones((3, 3))", "np.zeros((2, 3))"]:
        for k in ["", ", rcond=0.5", ", rcond=1e-3", ", 1.0"]:
            yield f"(lambda z: z @ z.T)(linalg.null_space({a}{k}))"
            yield f"(lambda z: z @ z.T)(linalg.orth({a}{k}))"
            yield f"np.shape(linalg.null_space({a} * 2{k}))"
            yield f"np.shape(linalg.orth({a} * 2{k}))"
        for b in ["fm", "fmt", "sq", "np.ones((3, 1))", "[[1.0], [2.0], [0.5]]"]:
            yield f"linalg.subspace_angles({a}, {b})"
        yield f"linalg.polar({a})" if "ones" not in a and "zeros" not in a else "linalg.polar(gm)"
        yield f"linalg.polar({a}, 'left')" if "ones" not in a and "zeros" not in a else "linalg.polar(gm, 'left')"
        yield f"linalg.polar({a}, 'x')"
    for n, (l, u) in itertools.product([1, 3, 4, 6], [(0, 0), (1, 1), (0, 1), (2, 1), (1, 2)]):
        if l < n and u < n:
            ab = f"np.reshape(np.arange({(l + u + 1) * n}) * 0.25 % 1.0 + (np.arange({(l + u + 1) * n}) // {n} == {u}) * 4.0, ({l + u + 1}, {n}))"
            for b in [f"np.arange({n}) + 1.0", f"np.reshape(np.arange({2 * n}), ({n}, 2))", "np.ones(9)"]:
                yield f"linalg.solve_banded(({l}, {u}), {ab}, {b})"
                yield f"linalg.solve_banded([{l}, {u}], {ab} * 2, {b})"
                if l == 0:
                    yield f"linalg.solveh_banded({ab}, {b})"
                    yield f"linalg.solveh_banded({ab}[::-1], {b}, lower=True)"
                    yield f"linalg.solveh_banded({ab} * 0.5, {b})"
                    yield f"linalg.solveh_banded(-{ab}, {b})"
            yield f"linalg.solve_banded((3, 3), {ab}, np.ones({n}))"
    yield "linalg.solve_banded((1, 1), np.zeros((3, 3)), np.ones(3))"
    vectors = ["[4.0, 1.0, 0.5]", "[5, 1]", "fv + 6", "[3.0]", "[6.0, -1.0, 2.0, 0.5]", "iv * 1.0 + [9, 0, 0]"]
    for c in vectors:
        n = {"[5, 1]": 2, "[3.0]": 1, "[6.0, -1.0, 2.0, 0.5]": 4}.get(c, 3)
        for b in [f"np.arange({n}) + 1.0", f"np.ones(({n}, 2))", f"np.arange({n})"]:
            yield f"linalg.solve_toeplitz({c}, {b})"
            yield f"linalg.solve_toeplitz(({c}, np.asarray({c}) * 0.5 + (np.arange({n}) == 0) * np.asarray({c})[0] * 0.5), {b})"
            yield f"linalg.matmul_toeplitz({c}, {b})"
            yield f"linalg.matmul_toeplitz(({c}, np.arange({n}) + 0.5), {b})"
            yield f"linalg.solve_circulant({c}, {b})"
            yield f"linalg.solve_circulant(np.asarray({c}) * 2, {b})"
        for e in ["np.ones(%d)" % (n - 1), "np.arange(%d) * 0.5 - 1.0" % (n - 1), "np.ones(7)"]:
            for d in [c, f"np.asarray({c})[::-1]"]:
                yield f"linalg.eigvalsh_tridiagonal({d}, {e})"
                yield f"linalg.eigh_tridiagonal({d}, {e}, eigvals_only=True)"
                yield f"np.abs(linalg.eigh_tridiagonal({d}, {e})[1])" if n > 1 else f"linalg.eigh_tridiagonal({d}, {e})[0]"
        yield from (f"linalg.{f}({v})" for f in ["circulant", "fiedler", "toeplitz", "hankel", "companion", "fiedler_companion"] for v in [c, f"np.asarray({c})[::-1]", f"np.asarray({c}) * 2", f"list({c})", f"np.append({c}, 2.0)", f"np.append({c}, [1, 4])", f"np.asarray({c}) * 0.25"] if not (f.endswith("companion") and (v == "[3.0]" or n == 1)) and f"linalg.{f}({v})" not in ("linalg.fiedler_companion([5, 1])", "linalg.fiedler_companion(list([5, 1]))"))
        for m, k in itertools.product(["1", "2", "5", "0"], ["", ", 'same'", ", mode='valid'", ", mode='x'"]):
            yield f"linalg.convolution_matrix({c}, {m}{k})"
        for r in ["None", "[4.0, 2.0]", "fv", "[1]"]:
            yield f"linalg.toeplitz({c}, {r})"
            yield f"linalg.hankel({c}, {r})"
        for s in ["np.ones(%d) * 0.5" % (n - 1), "np.arange(%d)" % (n - 1), "np.ones(9)"]:
            yield f"linalg.leslie({c}, {s})" if n > 1 else f"linalg.leslie([1.0, 2.0], [0.5])"
            yield f"linalg.leslie(np.asarray({c}) * 2, {s})" if n > 1 else f"linalg.leslie([1.0, 2.0], [1])"
    for s, m, n in itertools.product(["[2.0, 1.0]", "[3.0]", "fv", "[1, 2]"], [1, 2, 3, 4], [1, 2, 3, 5]):
        yield f"linalg.diagsvd({s}, {m}, {n})"
    for n in range(0, 9):
        yield from [f"linalg.hilbert({n})", f"linalg.hilbert({n}) * 2", f"np.shape(linalg.hilbert({n}))", f"linalg.hilbert({n})[:1]"]
        if n:
            yield from (f"linalg.{f}({n}, kind={k!r}{e})" for f in ["pascal", "invpascal"] for k in ["symmetric", "lower", "upper", "x"] for e in ["", ", exact=False"])
            yield from (f"linalg.invhilbert({n}{e}){k}" for e in ["", ", exact=True", ", False"] for k in ["", " * 2"])
            yield from (f"linalg.helmert({n}{e}){k}" for e in ["", ", full=True"] for k in ["", " * 2"])
        yield from (f"linalg.hadamard({n}{e}){k}" for e in ["", ", dtype=float"] for k in ["", " * 2"])
    matrices = ["fm", "im", "sq", "fmt", "[[1, 2]]", "f11", "fv", "bm", "fmr"]
    for a, b in itertools.product(matrices, repeat=2):
        yield f"linalg.khatri_rao({a}, {b})"
        yield f"linalg.block_diag({a}, {b})"
        yield f"np.linalg.matmul({a}, {b})"
        yield f"np.linalg.tensordot({a}, {b}, axes=1)"
        yield f"np.linalg.tensordot({a}, {b})"
        yield f"linalg.block_diag({a}, {b}, {a})" if a[0] == "f" else f"linalg.block_diag({a})"
    chains = [["fm", "sq"], ["fm", "sq", "fmt"], ["fv", "sq", "fmt", "fm"], ["fm", "sq", "fv"], ["fv", "fv"], ["im", "sq"], ["sq", "sq", "sq", "sq"], ["fm"], ["fm", "fm"], ["f11", "f11", "f11"], ["fz", "sq"]]
    for c in chains:
        for s in ["", " * 2.0", " * 0.5"]:
            yield f"np.linalg.multi_dot([{', '.join(c)}]){s}"
            yield f"np.linalg.multi_dot([{', '.join(x + s for x in c)}])"
    for n, shape in [(6, (2, 3)), (4, (2, 2)), (4, (4,)), (6, (1, 6)), (12, (2, 3, 2))]:
        a = f"(np.reshape(np.arange({n * n}) * 7 % 11, ({n}, {n})) + 20.0 * np.eye({n}))"
        for s in ["1.0", "0.5", "-2.0"]:
            yield f"np.linalg.tensorsolve(np.reshape({a} * {s}, {shape + shape}), np.reshape(np.arange({n}) + 1.0, {shape}))"
            yield f"np.linalg.tensorsolve(np.reshape({a} * {s}, {shape + (n,)}), np.reshape(np.arange({n}) + 1.0, {shape}))"
            yield f"np.linalg.tensorsolve(np.reshape({a} * {s}, {(n,) + shape}), np.arange({n}) + 1.0)"
            yield f"np.linalg.tensorinv(np.reshape({a} * {s}, {shape + (n,)}), ind={len(shape)})"
            yield f"np.linalg.tensorinv(np.reshape({a} * {s}, {(n,) + shape}), ind=1)"
            yield f"np.linalg.tensorinv(np.reshape({a} * {s}, {shape + shape}), ind={len(shape)})"
    yield from [f"np.linalg.tensorsolve(np.reshape(np.arange(36) * 7 % 11 + 30.0 * np.ravel(np.eye(6)), (2, 6, 3)), fm, axes={axes})" for axes in ["(1,)", "[1]", "None", "(0, 2)"]]
    yield from (f"np.linalg.matrix_transpose({x})" for x in ["fm", "im", "ft", "it", "fz", "fmr", "bm", "fv", "fs", "sq", "zf", "ftr", "f11", "imr", "bz"])
    yield from (f"np.linalg.matrix_transpose({x} * 2)" for x in ["fm", "im", "ft", "it", "fz", "fmr", "fs", "sq", "zf", "ftr", "f11", "imr", "fmt", "gm"])


FAMILIES = dict(special=special, math=math, names=names, more_linalg=linalg)
