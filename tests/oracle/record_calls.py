"""Records what NumPy gives for calls drawn systematically, as data for tests/library_calls.rs.

    python3 tests/oracle/record_calls.py

writes tests/oracle/calls_*.txt: every function of a family meets every array, axis and keyword. A line is a program of one
line, a tab and its result as data: `f` floats, `i` integers, `b` bools, with the shape in brackets; `!` is an error. The first
lines define the arrays.
"""

import itertools
import math
import os
import re
import warnings

import numpy as np
from scipy import linalg, special

import named_calls

warnings.simplefilter("ignore")
np.seterr(all="ignore")
HERE = os.path.dirname(os.path.abspath(__file__))

PRELUDE = """
f0 = np.float64(2.5)
i0 = 3
b0 = True
fe = np.zeros((0,))
ie = np.zeros((0,), dtype=int)
f1 = np.array([4.0])
f11 = np.array([[-1.5]])
fv = np.array([1.5, -2.0, 0.25])
gv = np.array([0.5, 3.0, -1.25])
f5 = np.array([2.0, 1.0, 2.0, -3.0, 1.0])
fm = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]])
gm = np.array([[2.0, 1.0, -3.0], [0.5, -0.5, 4.0]])
fz = np.zeros((0, 3))
zf = np.zeros((2, 0))
fc = np.array([[10.0], [20.0]])
sq = np.array([[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [2.0, -1.0, 5.0]])
ft = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[-1.0, 0.5], [2.5, -3.5], [0.0, 7.25]]])
ftr = ft[::-1, :, ::-1]
fmt = fm.T
fmr = fm[:, ::-1]
fs = np.reshape(np.arange(40) * 0.5 - 7.0, (5, 8))[::2, 1::3]
nv = np.array([1.0, np.nan, -np.inf, np.inf, 0.0, -0.0])
nm = np.array([[1.0, np.nan, 3.0], [-2.0, 5.0, np.nan]])
na = np.array([[np.nan, np.nan], [1.0, np.nan]])
iv = np.array([3, -1, 2])
jv = np.array([2, 5, -3])
kv = np.array([0, 2, 1])
i5 = np.array([2, 1, 2, -3, 1])
im = np.array([[1, -2, 3], [4, 0, -6]])
jm = np.array([[2, 2, -5], [1, 3, 7]])
iz = np.zeros((0, 3), dtype=int)
imr = im[::-1, ::2]
it = np.reshape(np.arange(24), (2, 3, 4))
bv = np.array([True, False, True])
bm = np.array([[True, False, True], [False, False, True]])
be = np.zeros((0,), dtype=bool)
bz = np.zeros((0, 3), dtype=bool)
bmr = bm[:, ::-1]
long = np.arange(300) * 0.1 - 7.0
"""

ARRAYS = (
    "f0 i0 b0 fe ie f1 f11 fv f5 fm fz zf fc ft ftr fmt fmr fs nv nm iv i5 im iz imr it bv bm be bz bmr".split()
)
ENV = {"np": np, "math": math, "linalg": linalg, "special": special}
exec(PRELUDE, ENV)


def rank(name):
    return np.ndim(ENV[name])


def axes(name, tuples=True):
    n = rank(name)
    found = ["None", "0", "-1"]
    if n > 1:
        found += ["1", "-2"] if n == 2 else ["1", "2"]
        if tuples:
            found += ["(0, 1)", "(-1, 0)"]
    if n > 2 and tuples:
        found += ["(0, 2)", "(1,)", "(0, 1, 2)"]
    return found + [str(n + 1)]


def keywords(**choices):
    """All combinations of keyword arguments; None leaves one out."""
    for combination in itertools.product(*([None] + list(c) for c in choices.values())):
        yield "".join(f", {k}={v}" for k, v in zip(choices, combination) if v is not None)


def reductions():
    for f in "sum prod mean max min all any".split():
        for x in ARRAYS:
            for axis in axes(x):
                yield f"np.{f}({x}, axis={axis})"
                yield f"np.{f}({x}, axis={axis}, keepdims=True)"
    for f in "ptp argmax argmin count_nonzero median var std nansum nanprod nanmean nanmax nanmin nanvar nanstd nanmedian nanargmax nanargmin".split():
        for x in ARRAYS + ["na"]:
            for axis in axes(x, tuples=not f.startswith(("arg", "nanarg"))):
                yield f"np.{f}({x}, axis={axis})"
                yield f"np.{f}({x}, axis={axis}, keepdims=True)"
    for f in ["sum", "prod"]:
        for x in "fv fm im bm ft fz i0".split():
            for k in keywords(axis=["0", "-1"], dtype=["float", "int", "bool"], initial=["2", "-1.5"], keepdims=["True"]):
                if ("dtype=int" in k or "dtype=bool" in k or ("dtype" not in k and x in ("im", "bm", "i0"))) and "1.5" in k:
                    continue
                if "dtype=bool" in k and f == "prod":
                    continue
                yield f"np.{f}({x}{k})"
    for f in ["max", "min"]:
        for x in "fv fm im ft fz nm".split():
            for k in keywords(axis=["0", "-1"], initial=["2", "-10"], keepdims=["True"]):
                yield f"np.{f}({x}{k})"
    masks = {"fm": ["bm", "bv", "True", "False", "[[True], [False]]", "fm > 0"], "im": ["bm", "im > 0"], "ft": ["ft > 1", "[True, False]"], "nm": ["~np.isnan(nm)"], "bm": ["bmr"], "fv": ["bv", "bm"], "fz": ["bv"]}
    for x, where in masks.items():
        for w in where:
            for f in "sum prod mean all any var std".split():
                for k in keywords(axis=["0", "-1"], keepdims=["True"]):
                    yield f"np.{f}({x}{k}, where={w})"
            for f in "max min".split():
                for k in keywords(axis=["0", "-1"], initial=["-3", "3"]):
                    yield f"np.{f}({x}{k}, where={w})"
    for f in "var std nanvar nanstd".split():
        for x in "fv fm im ft fz nm bm f1 long".split():
            for k in keywords(axis=["0", "-1"], ddof=["1", "2", "5"], keepdims=["True"]):
                yield f"np.{f}({x}{k})"
            yield f"np.{f}({x}, correction=1)"
            yield f"np.{f}({x}, dtype=float)"
            yield f"np.{f}({x}, mean=0.5)"
    for x in "fm im ft nm".split():
        for k in keywords(axis=["0", "1", "-1"], keepdims=["True"], returned=["True"]):
            yield f"np.average({x}{k})"
            yield f"np.average({x}{k}, weights=np.abs({x}) + 1)"
        yield f"np.average({x}, axis=-1, weights=np.arange({x}.shape[-1]) + 1)"
        yield f"np.average({x}, axis=0, weights=[1, 2.5])"
        yield f"np.average({x}, weights=[1, 2.5])"
        yield f"np.average({x}, axis=0, weights=[1, -1])"
    yield "np.average(ft, axis=(0, 2), weights=[[1.0, 2.0], [3.0, 4.0]])"
    yield "np.average(ft, axis=(2, 0), weights=[[1.0, 2.0], [3.0, 4.0]])"
    methods = "linear lower higher midpoint nearest inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull median_unbiased normal_unbiased".split()
    for x in "fv f5 fm ft im nm f1 iv fs fe f0".split():
        for q in ["0.5", "0.3", "[0.0, 0.25, 1.0]", "[[0.1, 0.9], [0.5, 0.7]]", "1.5"]:
            for k in keywords(axis=["0", "-1", "(0, 1)"], keepdims=["True"]):
                yield f"np.quantile({x}, {q}{k})"
    for x in "fv f5 fm i5 long[::7]".split():
        for m in methods:
            for q in ["0.5", "0.3", "[0.0, 0.2, 0.25, 0.4, 0.6, 0.95, 1.0]"]:
                yield f"np.quantile({x}, {q}, method={m!r})"
                yield f"np.quantile({x}, {q}, axis=0, method={m!r})"
    for x in "fv fm nm im".split():
        yield f"np.percentile({x}, 50)"
        yield f"np.percentile({x}, [25, 75], axis=-1, keepdims=True)"
        yield f"np.nanpercentile({x}, [25, 75], axis=-1)"
    for x in "fv fm nm na nv".split():
        for q in ["0.5", "0.3", "[0.0, 0.25, 1.0]"]:
            for k in keywords(axis=["0", "-1"], keepdims=["True"]):
                yield f"np.nanquantile({x}, {q}{k})"
    for x in ["fm", "gm.T", "sq", "fv", "nm", "im"]:
        for k in keywords(rowvar=["False"], bias=["True"], ddof=["0", "2"]):
            yield f"np.cov({x}{k})"
        yield f"np.cov({x}, {x} * 2 + 1)"
        yield f"np.corrcoef({x})"
        yield f"np.corrcoef({x}, rowvar=False)"
    yield "np.cov(sq, fweights=[1, 2, 3])"
    yield "np.cov(sq, aweights=[0.5, 2.0, 1.0])"
    yield "np.cov(sq, aweights=[0.5, 2.0, 1.0], fweights=[1, 2, 3])"
    yield "np.cov(sq, aweights=[0.5, 2.0, 1.0], ddof=0)"


def scans():
    for f in "cumsum cumprod sort argsort nancumsum nancumprod".split():
        for x in ARRAYS + ["na"]:
            for axis in axes(x, tuples=False):
                yield f"np.{f}({x}, axis={axis})"
    for x in ARRAYS:
        for f in "cumulative_sum cumulative_prod".split():
            for axis in axes(x, tuples=False):
                yield f"np.{f}({x}, axis={axis})"
                yield f"np.{f}({x}, axis={axis}, include_initial=True)"
        for axis in axes(x, tuples=False)[1:]:
            for n in ["0", "1", "2", "4"]:
                yield f"np.diff({x}, n={n}, axis={axis})"
            yield f"np.gradient({x}, axis={axis})"
            yield f"np.gradient({x}, 0.5, axis={axis}, edge_order=2)"
            yield f"np.trapezoid({x}, axis={axis})"
            yield f"np.trapezoid({x}, dx=0.5, axis={axis})"
            yield f"np.unwrap({x} * 4, axis={axis})"
        yield f"np.ediff1d({x})"
        yield f"np.ediff1d({x}, to_begin=[9, 8], to_end=7)"
        yield f"np.gradient({x})"
    for x in "fv fm im ft".split():
        for k in keywords(axis=["0", "-1"], prepend=["5", f"{x}[..., :1]"], append=["7", f"{x}[..., :1]"]):
            yield f"np.diff({x}{k})"
        for f in ["cumsum", "cumprod"]:
            for d in ["float", "int"]:
                yield f"np.{f}({x}, dtype={d})"
    for k in keywords(edge_order=["2"], axis=["0", "1", "(0, 1)"]):
        yield f"np.gradient(sq{k})"
        yield f"np.gradient(sq, 2.0{k})"
        yield f"np.gradient(sq, [0.0, 1.0, 3.0]{k})"
        yield f"np.gradient(sq, [0.0, 1.0, 3.0], 2.0{k})"
    yield "np.trapezoid(fm, fm * fm)"
    yield "np.trapezoid(fm, [1.0, 2.0, 4.0])"
    yield "np.trapezoid(fm, [1.0, 2.0], axis=0)"
    for p in ["period=3.0", "discont=4", "axis=0", "period=7"]:
        yield f"np.unwrap(sq * 3, {p})"
        yield f"np.unwrap(it * 5 % 7, {p})"


UNARY = (
    "exp log log2 log10 log1p expm1 exp2 sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh "
    "sqrt cbrt fabs rint deg2rad rad2deg sinc square floor ceil trunc fix isnan isinf isfinite isposinf isneginf signbit "
    "negative positive absolute sign logical_not nan_to_num round reciprocal real imag conj angle spacing modf frexp isreal "
    "iscomplex i0 ravel copy zeros_like ones_like empty_like shape ndim size isscalar bitwise_count invert"
).split()
BINARY = (
    "add subtract multiply divide floor_divide mod fmod power float_power arctan2 hypot copysign maximum "
    "minimum fmax fmin logaddexp logaddexp2 heaviside equal not_equal less less_equal greater greater_equal "
    "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor left_shift right_shift gcd lcm ldexp nextafter "
    "divmod isclose allclose array_equal array_equiv"
).split()


def elementwise():
    for f in UNARY:
        for x in ARRAYS:
            yield f"np.{f}({x})"
    pairs = list(itertools.product("f0 i0 b0 fv iv bv".split(), repeat=2)) + [
        ("fm", "gm"), ("fm", "gv"), ("fc", "fm"), ("fmt", "gm"), ("fmr", "im"), ("im", "jm"), ("im", "bm"), ("bm", "bmr"), ("fz", "fv"),
        ("ft", "[2.0, -1.0]"), ("fe", "fe"), ("fe", "f1"), ("nv", "nv[::-1]"), ("nv", "f0"), ("f0", "nv"), ("ftr", "ft"), ("fv", "fc"),
        ("ie", "ie"), ("be", "be"), ("fv", "f5"), ("zf", "fc"), ("it", "kv[:, None]"), ("i0", "im"), ("im", "-2"), ("im", "0"), ("fm", "0"),
        ("nm", "fm"), ("fm", "-0.0"), ("jm", "im"), ("fm", "iv"), ("bm", "iv"), ("imr", "[[2], [3]]"),
    ]
    for f in BINARY:
        for x, y in pairs:
            yield f"np.{f}({x}, {y})"
    for op in "+ - * / // % ** == != < <= > >= & | ^ << >>".split():
        for x, y in itertools.product("f0 i0 b0 fv iv bv 2 -1.5 True".split(), repeat=2):
            if not (x[0] in "2-T" and y[0] in "2-T"):
                yield f"{x} {op} {y}"
        for x, y in pairs[36:]:
            yield f"{x} {op} {y}"
    for x in ARRAYS:
        for op in "- + ~ abs".split():
            yield f"abs({x})" if op == "abs" else f"{op}{x}"
        for d in "float int bool".split():
            yield f"np.astype(np.asarray({x}), {d})"
    for x in "fm im nv f0 bm".split():
        for k in keywords(decimals=["1", "-1", "3"]):
            yield f"np.round({x} * 1.37{k})"
        for low, high in itertools.product(["None", "0", "-0.5", "[0, 1, -1]"], ["None", "1", "1.5", "[2, 1, 3]"]):
            yield f"np.clip({x}, {low}, {high})"
            yield f"np.clip({x}, min={low}, max={high})"
        for k in keywords(nan=["1.5"], posinf=["9.0"], neginf=["-9"]):
            yield f"np.nan_to_num({x}{k})"
        for y in ["0", "1.5", "iv", "False", "fm", "nv[:3]"]:
            for c in ["bm", "True", "bv", "fc > 15"]:
                yield f"np.where({c}, {x}, {y})"
        for k in keywords(rtol=["0.5"], atol=["1.0"], equal_nan=["True"]):
            yield f"np.isclose({x}, {x} + 0.25{k})"
    yield from (f"np.where({x})" for x in ARRAYS)


SUBSCRIPTS = ["0", "-1", ":", "::-1", "1:", ":1", "::2", "-1:0:-1", "2:1", "None", "...", "[0, 1]", "[1, 1, 0]", "[[0, 1], [1, 0]]", "[-1]", "[]"]


def subscripts():
    yield from SUBSCRIPTS
    yield from ["5", "-4", "5:", "[5]", "True", "False", "1.0", "'a'", "::0"]
    for pair in itertools.product(SUBSCRIPTS, repeat=2):
        if pair.count("...") < 2:
            yield ", ".join(pair)


def indexing():
    for s in subscripts():
        for x in ["fm", "it"]:
            yield f"{x}[{s}]"
    small = ["0", ":", "::-1", "1:", "None", "...", "[0, 1]", "[[0], [1]]", "-1"]
    for triple in itertools.product(small, repeat=3):
        if triple.count("...") < 2:
            yield f"it[{', '.join(triple)}]"
    small = ["0", ":", "None", "...", "[0, 1]", "::-1"]
    for many in itertools.product(small, repeat=4):
        if many.count("...") < 2 and many.count("None") + many.count("...") > 0:
            yield f"it[{', '.join(many)}]"
    masks = ["bm", "bm, 0", "bm, ::2", "bm[:, 0]", "bm[:, 0], bv", "bm[:, 0], :, [1, 2]", ":, bv", "..., it[0, 0] > 1", "it > 10", "None, bm", "bm, None", "0, bv", "0, bv, [0, 3]",
             "bm[:, 0], 0", "bm[:, 0], ..., 0", "[True, False]", "[False, False]", ":, [True, True, False], 1:3", "bv", "np.ones((3, 3), dtype=bool)", "it[..., 0] > 5",
             "np.nonzero(it > 12)", "np.ix_([0, 1], [2, 0], [1])", "np.ix_([True, False], bv, [0, 0])", "iv", "kv[:2]", "np.array([0, 1]), np.array([2, 2]), np.array([0, 3])",
             "(0, 1, 2)", "[0, 1], [0, 1, 2]", "slice(0, 1)", "np.array(1)", "np.array([1.0])", "range(2)"]
    for m in masks:
        yield f"it[{m}]"
    for x in ["f1", "fe", "fz", "zf", "bm", "bmr", "ftr", "fmt", "fs", "imr", "f0"]:
        for s in ["0", "...", "None", ":", "::-1", "[0]", "..., None", "(), ", "0, 0", "[]", f"{x} > 0", "()", ":, 0", "..., ::-1"]:
            yield f"{x}[{s}]"
    writes = list(subscripts())
    for s in writes:
        yield f"x = it.copy(); x[{s}] = -7; x"
        yield f"x = fm.copy(); x[{s}] = 0.5; x"
    values = ["7", "0.5", "x * 2", "x[::-1]", "[[9], [8]]", "np.arange(4)", "[1, 2, 3]", "True", "np.arange(24).reshape(2, 3, 4) * 1.5", "np.zeros((1, 1, 2, 3, 4))", "fm", "[]", "np.nan"]
    for s in ["...", ":", "0", "1:", "::-1", ":, 0", "..., -1", ":, :, ::2", ":, ::-1, 1:3", "[0, 1]", "[1, 0], :", "[0, 1], [2, 0]", ":, [0, 2]", "it % 3 == 0", "bm", "bv" , ":, bv", "[0, 0]", "None", "[]", "[[0, 1]], :, 2"]:
        for v in values:
            yield f"x = it.copy(); x[{s}] = {v}; x"
            yield f"x = it * 1.0; x[{s}] = {v}; x"
        for op in ["+=", "-=", "*=", "/=", "//=", "**=", "%="]:
            for v in ["2", "0.5", "x", "[1, 2, 3, 4]", "np.array([True, False, True, True])"]:
                yield f"x = it * 1.0 + 1; x[{s}] {op} {v}; x"
        for op in ["+=", "*=", "//=", "&=", "|=", "^=", "<<=", ">>="]:
            for v in ["2", "x", "[1, 2, 3, 0]", "0.5"]:
                yield f"x = it.copy(); x[{s}] {op} {v}; x"
        yield f"x = bm.copy(); x[0] = {1 if s == ':' else 'False'}; x"
        yield f"x = it.copy(); np.add.at(x, ({s},) if False else np.s_[{s}] if False else [0, 0, 1], 5); x"
    for s in ["[0, 0, 1]", "([0, 0], [1, 1])", "[[0], [0]]", "0", "(slice(None), [1, 1])"]:
        for v in ["1", "2.5", "np.arange(4)"]:
            yield f"x = it * 1.0; np.add.at(x, {s}, {v}); x"


def shapes():
    for x in ARRAYS:
        n = rank(x)
        yield from (f"np.{f}({x})" for f in "ravel squeeze transpose flip fliplr flipud atleast_1d atleast_2d atleast_3d matrix_transpose rot90 diag diagonal trace tril triu diagflat argwhere flatnonzero nonzero unique".split())
        yield from (f"{x}.{f}" for f in "T shape ndim size dtype real mT imag".split())
        yield from (f"np.asarray({x}).{f}" for f in "ravel() flatten() tolist() sum() prod() mean() std() var() max() min() argmax() argmin() all() any() cumsum() cumprod() squeeze() transpose() round(1) copy() nonzero() conj() repeat(2) clip(0, 1) argsort() ptp() item() reshape(-1) reshape((-1, 1)) astype(int) astype(bool) astype(float) trace() diagonal() swapaxes(0, -1) dot(2) take(0) searchsorted(1)".replace("clip(0, 1)", "clip(0,1)").replace("reshape((-1, 1))", "reshape((-1,1))").replace("swapaxes(0, -1)", "swapaxes(0,-1)").split())
        for shape in ["(-1,)", "-1", "(1, -1)", "(-1, 1)", "(2, 3)", "(3, 2)", "(2, -1)", "(6,)", "(1, 2, 3)", "(0,)", "(3, 0)", "()", "(2, 2, -1)", "(-1, -1)", "[3, -1]"]:
            yield f"np.reshape({x}, {shape})"
        for order in ["'F'"]:
            yield f"np.reshape({x}, (-1,), order={order})"
            yield f"np.reshape({x}, (2, -1), order={order})"
            yield f"np.ravel({x}, order={order})"
        for axis in ["0", "-1", "1", "(0, 1)", "(0, -1)", "3", "(0, 0)", "()"]:
            yield f"np.expand_dims({x}, {axis})"
            yield f"np.squeeze({x}, {axis})"
            yield f"np.flip({x}, {axis})"
            yield f"np.roll({x}, 1, {axis})"
        for k in ["1", "-1", "2", "7", "(1, 2)"]:
            yield f"np.roll({x}, {k})"
        for a, b in itertools.product(["0", "1", "-1", "2"], repeat=2):
            yield f"np.swapaxes({x}, {a}, {b})"
            yield f"np.moveaxis({x}, {a}, {b})"
            yield f"np.rollaxis({x}, {a}, {b})"
        yield f"np.moveaxis({x}, [0, 1], [-1, 0])"
        for p in ["(0,)", "(1, 0)", "(0, 2, 1)", "(2, 0, 1)", "(-1, 0)", "(0, 0)"]:
            yield f"np.transpose({x}, {p})"
        for k in ["0", "1", "2", "3", "-1"]:
            yield f"np.rot90({x}, {k})"
            yield f"np.tril({x}, {k})"
            yield f"np.triu({x}, {k})"
            yield f"np.diag({x}, {k})"
            yield f"np.diagonal({x}, {k})"
            yield f"np.trace({x}, {k})"
            yield f"np.diagflat({x}, {k})"
        for shape in ["(3,)", "(2, 3)", "(2, 2, 3)", "(4, 2, 3, 2)", "()", "(0, 3)", "5"]:
            yield f"np.broadcast_to({x}, {shape})"
            yield f"np.resize({x}, {shape})"
        for r in ["2", "0", "[2, 1, 3]", "[1, 2]"]:
            for axis in axes(x, tuples=False):
                yield f"np.repeat({x}, {r}, {axis})"
        for r in ["2", "(2, 2)", "(2, 1, 2)", "0", "(1, 0)", "()"]:
            yield f"np.tile({x}, {r})"
        for axis in axes(x, tuples=False):
            yield f"np.take({x}, [0, -1], axis={axis})"
            yield f"np.take({x}, 0, axis={axis})"
            yield f"np.take({x}, [[5, -7]], axis={axis}, mode='wrap')"
            yield f"np.take({x}, [5, -7], axis={axis}, mode='clip')"
            yield f"np.delete({x}, 0, axis={axis})"
            yield f"np.delete({x}, [0, -1], axis={axis})"
            yield f"np.delete({x}, slice(0, 1), axis={axis})"
            yield f"np.insert({x}, 0, 9, axis={axis})"
            yield f"np.insert({x}, [0, 1], 9, axis={axis})"
            yield f"np.insert({x}, [1], 2.5, axis={axis})"
            yield f"np.append({x}, {x}, axis={axis})"
            yield f"np.concatenate([{x}, {x}], axis={axis})"
            yield f"np.stack([{x}, {x}], axis={axis})"
            yield f"np.array_split({x}, 2, axis={axis})"
            yield f"np.array_split({x}, [1, 2], axis={axis})"
            yield f"np.split({x}, 3, axis={axis})"
            yield f"np.unstack({x}, axis={axis})"
            yield f"np.compress([True, False, True], {x}, axis={axis})"
            yield f"np.take_along_axis({x}, np.argsort({x}, axis={axis}), axis={axis})"
            yield f"np.unique({x}, axis={axis})"
            yield f"np.apply_along_axis(np.sum, {axis}, {x})"
            yield f"np.apply_along_axis(np.cumsum, {axis}, {x})"
            yield f"np.apply_over_axes(np.sum, {x}, {axis})"
        for f in "hstack vstack dstack column_stack".split():
            yield f"np.{f}([{x}, {x}])"
            yield f"np.{f}(({x}, {x}, {x}))"
        for f in "hsplit vsplit dsplit".split():
            yield f"np.{f}({x}, 2)"
            yield f"np.{f}({x}, [1])"
        for k in keywords(return_index=["True"], return_inverse=["True"], return_counts=["True"]):
            yield f"np.unique({x}{k})"
    for x in ["fv", "im", "ft", "bm", "f1", "fmr"]:
        for mode in "constant edge reflect symmetric wrap linear_ramp maximum minimum mean median empty".split():
            if mode == "empty" or (x == "bm" and mode in ("linear_ramp", "mean", "median")):
                continue
            for w in ["1", "(1, 2)", "[(0, 3)]", "7", "0", "((1, 0),) * np.ndim(%s)" % x]:
                if (mode, x) == ("linear_ramp", "bm"):
                    continue
                yield f"np.pad({x}, {w}, {mode!r})"
        for w in ["1", "(1, 2)", "5"]:
            yield f"np.pad({x}, {w}, constant_values=4)"
            yield f"np.pad({x}, {w}, 'constant', constant_values=(3, 5))"
            if x != "bm":
                yield f"np.pad({x}, {w}, 'linear_ramp', end_values=(3, 5))"
                yield f"np.pad({x}, {w}, 'reflect', reflect_type='odd')"
                yield f"np.pad({x}, {w}, 'symmetric', reflect_type='odd')"
                yield f"np.pad({x}, {w}, 'mean', stat_length=2)"
                yield f"np.pad({x}, {w}, 'median', stat_length=((1, 2),))"
                yield f"np.pad({x}, {w}, 'maximum', stat_length=2)"
        yield f"np.pad({x}, -1)"
        yield f"np.pad({x}, 1, 'nonsense')"
        yield f"np.pad({x}, ((1, 2), (3, 4), (5, 6), (7, 8)))"
    mixed = ["fv", "iv", "bv", "f0", "fm", "im", "fz", "fe", "[1, 2, 3]"]
    for x, y in itertools.product(mixed, repeat=2):
        for f in "hstack vstack dstack column_stack concatenate stack".split():
            yield f"np.{f}([{x}, {y}])"
        yield f"np.append({x}, {y})"
        yield f"np.broadcast_arrays({x}, {y})"
        yield f"np.insert({x}, 1, {y})"
        yield f"np.meshgrid({x}, {y})"
        yield f"np.meshgrid({x}, {y}, indexing='ij', sparse=True)"
        yield f"np.block([{x}, {y}])"
        yield f"np.block([[{x}], [{y}]])"
    for d in ["float", "int", "bool"]:
        yield f"np.concatenate([fv, iv * 1.0], dtype={d}, casting='unsafe')" if False else f"np.stack([iv, jv], dtype=float)"
    yield from ["np.broadcast_shapes((2, 1), (3,))", "np.broadcast_shapes((2,), (3,))", "np.broadcast_shapes()", "np.broadcast_shapes(3, (2, 1))"]
    for t in ["'f'", "'b'", "'fb'"]:
        yield f"np.trim_zeros([0, 0, 1, 0, 2, 0], {t})"
        yield f"np.trim_zeros([0.0, 0.0], {t})"


def creation():
    for d in ["", ", dtype=float", ", dtype=int", ", dtype=bool", ", dtype='float64'", ", dtype=np.int64"]:
        for shape in ["3", "(2, 3)", "()", "(0, 2)", "[2, 2]", "(2,)", "-1", "(2, -3)", "1.5"]:
            for f in "zeros ones empty".split():
                if f != "empty" or "0" in shape:
                    yield f"np.{f}({shape}{d})"
            yield f"np.full({shape}, 2.5{d})"
            yield f"np.full({shape}, 3{d})"
            yield f"np.full({shape}, True{d})"
        for n in ["0", "1", "3"]:
            for k in ["", ", M=2", ", k=1", ", k=-2", ", M=4, k=2"]:
                yield f"np.eye({n}{k}{d})"
                yield f"np.tri({n}{k}{d})"
            yield f"np.identity({n}{d})"
        for x in ARRAYS:
            yield f"np.zeros_like({x}{d})"
            yield f"np.full_like({x}, 2{d})"
            yield f"np.ones_like({x}, shape=(2, 2){d})"
            yield f"np.array({x}{d})" if d != ", dtype=int" or x != "nv" else "np.array(3)"
            yield f"np.array([{x}, {x}]{d})" if x not in ("nv", "nm", "na") else "np.array([])"
        for bounds in ["5", "2, 7", "0, 1, 0.25", "5, 1, -1", "1, 5, -1", "0", "2.5", "-3, 3, 2", "0.1, 0.6, 0.1", "1, 2, 0", "10, 0, -2.5", "True"]:
            yield f"np.arange({bounds}{d if 'bool' not in d else ''})"
        for ends in ["0, 1", "2, -3", "0.5, 7.25", "1, 1", "fv, gv", "0, fv", "fm, 2", "-5, 5"]:
            for k in keywords(num=["5", "1", "0"], endpoint=["False"], retstep=["True"], axis=["-1", "0"]):
                if "bool" not in d:
                    yield f"np.linspace({ends}{k}{d})" if "num" in k else f"np.linspace({ends}, 7{k}{d})"
    for ends in ["0, 2", "2, -1", "fv, 1"]:
        for k in keywords(num=["4"], endpoint=["False"], base=["2.0"], axis=["-1"]):
            yield f"np.logspace({ends}{k})" if "num" in k else f"np.logspace({ends}, 3{k})"
    for ends in ["1, 1000", "8, 1", "-1, -27", "0.5, 2", "0, 1", "1, -1", "[1, 2], 8", "5, 5"]:
        for k in keywords(num=["4", "1", "0"], endpoint=["False"], axis=["-1"]):
            yield f"np.geomspace({ends}{k})" if "num" in k else f"np.geomspace({ends}, 3{k})"
    for s in ["3", "(2, 3)", "(2, 0)", "()", "(1, 2, 2)"]:
        yield f"np.indices({s})" if s != "3" else "np.indices((3,))"
        yield f"np.indices({s if s != '3' else '(3,)'}, dtype=float)"
        yield f"np.indices({s if s != '3' else '(3,)'}, sparse=True)"
    for x in ["fv", "iv", "f1", "fe"]:
        for k in keywords(N=["2", "5", "0"], increasing=["True"]):
            yield f"np.vander({x}{k})"
    for n in ["0", "1", "2", "3", "8"]:
        for f in "bartlett blackman hamming hanning".split():
            yield f"np.{f}({n})"
        yield f"np.kaiser({n}, 4.5)"
    for n, k, m in itertools.product(["1", "3"], ["0", "1", "-1"], ["None", "2", "4"]):
        for f in ["tril_indices", "triu_indices"]:
            yield f"np.{f}({n}, {k}, {m})"
    yield from ["np.diag_indices(3)", "np.diag_indices(2, 3)", "np.diag_indices_from(sq)", "np.diag_indices_from(fm)", "np.tril_indices_from(fm)", "np.triu_indices_from(fm, 1)", "np.mask_indices(3, np.triu, 1)"]
    yield from ["np.fromfunction(lambda i, j: i * 2 + j, (2, 3))", "np.fromfunction(lambda i, j: i == j, (2, 2), dtype=int)", "np.fromiter(range(4), float)", "np.fromiter([1, 2, 3], int, 2)"]
    for x in ["[]", "[[]]", "[[], []]", "[1, 2.5]", "[True, 2]", "[[1, 2], [3]]", "(1, 2)", "[fv, iv]", "[[1], [2.0]]", "range(3)", "[range(2), [1, 2]]", "5", "'a'", "[np.array(1), 2]", "None"]:
        for k in keywords(dtype=["float", "int", "bool"], ndmin=["0", "2", "3"]):
            if x not in ("'a'", "None"):
                yield f"np.array({x}{k})"


def selection():
    for x in ["fv", "f5", "iv", "i5", "nv[:1]", "fe", "bv", "fm", "i0", "f0"]:
        for a in ["np.sort(f5)", "np.arange(4)", "[1, 2, 2, 3]", "fe", "[0.5]", "np.array([False, True])", "[-1.0, 0.0, np.nan]"]:
            for side in ["left", "right"]:
                yield f"np.searchsorted({a}, {x}, side={side!r})"
            yield f"np.digitize({x}, {a})"
            yield f"np.digitize({x}, {a}, right=True)"
            yield f"np.digitize({x}, np.flip({a}))"
            yield f"np.digitize({x}, np.flip({a}), right=True)"
            yield f"np.isin({x}, {a})"
            yield f"np.isin({x}, {a}, invert=True)"
            for f in "union1d intersect1d setdiff1d setxor1d".split():
                yield f"np.{f}({x}, {a})"
    yield "np.searchsorted([3, 1, 2], [1, 2, 3], sorter=[1, 2, 0])"
    yield "np.intersect1d([1, 3, 4, 3], [3, 1, 1], return_indices=True)"
    for x in ["fv", "f5", "iv", "i5", "fe", "bv", "fm", "nv", "f1", "long", "[1, 1, 1]"]:
        for b in ["10", "3", "1", "[0.0, 1.0, 2.0]", "[-2, 0, 2, 4]", "0", "[2, 1]"]:
            for k in keywords(range=["(0, 2)", "(-1.0, 5)"], density=["True"]):
                yield f"np.histogram({x}, {b}{k})"
            yield f"np.histogram_bin_edges({x}, {b})"
            yield f"np.histogram({x}, {b}, weights=np.ones(np.shape({x})) * 0.5)"
            yield f"np.histogram({x}, {b}, weights=np.ones(np.shape({x}), dtype=int))"
    for k in keywords(bins=["3", "[2, 3]", "[[0, 1, 2], [-1, 0, 3]]"], range=["[[0, 3], [0, 4]]"], density=["True"], weights=["[1, 2, 0.5, 1, 2]"]):
        yield f"np.histogram2d(f5, f5 * f5{k})"
    for x in ["kv", "[0, 0, 3]", "ie", "[1]", "[-1]", "[0.5]", "im", "bv"]:
        for k in keywords(weights=["[0.5, 1.0, 2.0]", "[1, 2, 3]"], minlength=["0", "5"]):
            yield f"np.bincount({x}{k})"
    for x, xp, fp in itertools.product(["1.5", "fv", "[0.0, 1.0, 2.0, 5.0, -1.0]", "nv", "im", "fe"], ["[0.0, 1.0, 3.0]", "[1, 2, 3]"], ["[1.0, -1.0, 4.0]", "[3, 2, 0]"]):
        for k in keywords(left=["-9"], right=["9.5"]):
            yield f"np.interp({x}, {xp}, {fp}{k})"
        yield f"np.interp({x}, {xp}, {fp}, period=4)"
    yield from ["np.interp(1.0, [2.0], [3.0])", "np.interp([1.0, 2.0, 3.0], [2.0], [3.0])", "np.interp(1.0, [], [])", "np.interp(1.0, [1, 2], [3])"]
    conditions = ["fm > 0", "im == 1", "bm", "fm < 0.5"]
    for a, b in itertools.product(conditions, repeat=2):
        for p, q in [("fm", "im"), ("1", "2"), ("fm", "0.5"), ("iv", "gm")]:
            yield f"np.select([{a}, {b}], [{p}, {q}])"
            yield f"np.select([{a}, {b}], [{p}, {q}], default=-1.5)"
            yield f"np.piecewise(fm, [{a}, {b}], [1, 2, 3])"
            yield f"np.piecewise(fm, [{a}, {b}], [lambda x: x * 2, lambda x: -x])"
    for m in ["raise", "wrap", "clip"]:
        for a in ["[0, 1, 2]", "[2, 0, 1]", "[3, -1, 0]", "[[0, 1, 0]]", "1"]:
            yield f"np.choose({a}, [fv, gv, [7, 8, 9]], mode={m!r})"
            yield f"np.choose({a}, [1, 20, fm], mode={m!r})"
    for x in ["fv", "fm", "im", "bm"]:
        for c in ["bv", "bm", "[True]", f"{x} > 0"]:
            yield f"np.extract({c}, {x})" if np.size(eval(c, ENV)) <= np.size(ENV[x]) else f"np.size({x})"
            yield f"np.compress({c}, {x})" if np.ndim(eval(c, ENV)) == 1 else f"np.size({x})"
    for k in ["(iv, jv)", "(i5, f5)", "[f5, i5]", "fm", "(f5,)", "im", "it"]:
        yield f"np.lexsort({k})"
        yield f"np.lexsort({k}, axis=0)"
    for k in ["0", "2", "-1", "[1, 3]", "9"]:
        yield f"np.sort(np.partition(f5, {k}))"
        yield f"np.sort(np.argpartition(f5, {k}))"
        yield f"np.partition(f5, {k})[np.array({k})]"
    for i, s in [("7", "(3, 4)"), ("[0, 5, 11]", "(3, 4)"), ("[[1, 2]]", "(2, 3, 4)"), ("12", "(3, 4)"), ("-1", "(3, 4)"), ("3", "5")]:
        for o in ["'C'", "'F'"]:
            yield f"np.unravel_index({i}, {s}, order={o})"
    for i, s in [("(1, 2)", "(3, 4)"), ("([0, 2], [3, 1])", "(3, 4)"), ("(3, 0)", "(3, 4)"), ("(-1, 5)", "(3, 4)")]:
        for m in ["'raise'", "'wrap'", "'clip'", "('wrap', 'clip')"]:
            for o in ["'C'", "'F'"]:
                yield f"np.ravel_multi_index({i}, {s}, mode={m}, order={o})"
    for p in ["[1.0, -2.0, 3.0]", "[2, 0, 1]", "fv", "[5]", "[]"]:
        for x in ["2.0", "fm", "im", "3"]:
            yield f"np.polyval({p}, {x})"
        for m in ["1", "2", "3", "0"]:
            yield f"np.polyder({p}, {m})"
            yield f"np.polyint({p}, {m})" if p != "[]" else "np.size(1)"
        for q in ["[1, 2]", "gv", "[0.5]"]:
            if p != "[]":
                yield from (f"np.{f}({p}, {q})" for f in ["polyadd", "polysub", "polymul"])
    yield from ["np.poly([1.0, 2.0, -3.0])", "np.poly([])", "np.poly([2])", "np.polyint([3, 2, 1], 2, [4, 5])", "np.polyint([3, 2, 1], k=7)"]
    for d in ["0", "1", "2"]:
        yield f"np.polyfit([0.0, 1.0, 2.0, 3.0, 5.0], f5, {d})"
        yield f"np.polyfit([0.0, 1.0, 2.0, 3.0, 5.0], f5, {d}, w=[1.0, 2.0, 0.5, 1.0, 3.0])"
        yield f"np.polyfit([0.0, 1.0, 3.0], sq, {d})"


def products():
    operands = ["f0", "i0", "fv", "iv", "bv", "fe", "fm", "fmt", "im", "im.T", "bm", "sq", "fz", "zf", "ft", "it", "fmr", "f1"]
    for x, y in itertools.product(operands, repeat=2):
        for f in "dot matmul inner outer kron vdot".split():
            yield f"np.{f}({x}, {y})"
        yield f"{x} @ {y}"
        for a in ["0", "1", "2", "([0], [0])", "([-1], [0])", "(0, 0)", "([0, 1], [0, 1])", "([1, 0], [0, 1])"]:
            if rank(x.split(".")[0]) and rank(y.split(".")[0]):
                yield f"np.tensordot({x}, {y}, axes={a})"
    stacks = ["fm", "fmt", "ft", "np.reshape(it, (2, 4, 3))", "sq", "ft[:, :2]", "np.ones((2, 1, 2, 2))", "np.zeros((0, 2, 3))", "np.zeros((2, 3, 0))", "fv", "ft[0]"]
    for x, y in itertools.product(stacks, repeat=2):
        for f in ["matmul", "matvec", "vecmat", "vecdot", "dot", "inner"]:
            yield f"np.{f}({x}, {y})"
    for axis in ["0", "-1", "1"]:
        yield f"np.vecdot(fm, gm, axis={axis})"
    for x, y in itertools.product(["fv", "iv", "fm", "gm", "[1.0, 2.0]", "[[1, 2], [3, 4]]", "sq", "[1.0]"], repeat=2):
        yield f"np.cross({x}, {y})"
    yield from ["np.cross(sq, sq.T, axis=0)", "np.cross(sq, fmt, axisb=0)", "np.cross(sq, sq.T, axisa=0, axisc=0)"]
    subscripts = [
        "ij->ji", "ij->", "ij->i", "ij->j", "ij", "ji", "ii->i", "ii", "ii->", "i...->...", "...j->...", "...", "...->...", "ij->ij", "i j -> j i", "ij->ii", "ik->j", "i", "i->", "ijk->kji", "ijk->ik", "iij->j", "ij...->...",
    ]
    for s in subscripts:
        for x in ["fm", "sq", "im", "fv", "ft", "it", "fz", "bm", "fmr"]:
            yield f"np.einsum({s!r}, {x})"
    pairs = ["ij,jk->ik", "ij,jk", "ij,ij->", "ij,ij->ij", "i,j->ij", "i,i->", "i,i", "ij,j->i", "ij,i->j", "ij,kj->ik", "...j,j->...", "...ij,...jk->...ik", "ij,jk->ki", "i,ij,j->", "ij,jk,kl->il", "ii,i->i", "ij,j", "ijk,k->ij", "ijk,ikl->ijl", "ij,ij->i", "i...,i->...", ",->", ",i->i", "ij,->ij", "ij,jk,->ik", "ba,b", "ij,kl->ijkl", "ij,jj->i", "bij,bjk->bik"]
    chains = [("fm", "sq"), ("fm", "gm"), ("fv", "gv"), ("sq", "fv"), ("fm", "fv"), ("im", "jm"), ("ft", "[2.0, -1.0]"), ("ft", "ft[:, :2]"), ("2.0", "fv"), ("f0", "f0"), ("sq", "sq"), ("bm", "im"), ("fz", "fv"), ("fmt", "fm"), ("fmr", "fmt"), ("fm", "2.0")]
    for s in pairs:
        for x, y in chains:
            if s.count(",") == 1:
                yield f"np.einsum({s!r}, {x}, {y})"
            else:
                for z in ["fv", "sq", "fm", "1.5"]:
                    yield f"np.einsum({s!r}, {x}, {y}, {z})"
    yield from ["np.einsum(fm, [0, 1], [1, 0])", "np.einsum(fm, [0, 1], sq, [1, 2], [0, 2])", "np.einsum(fm, [0, 1], sq, [1, 2])", "np.einsum(ft, [0, ...], [..., 0])"]
    for x, y in itertools.product(["fv", "iv", "f5", "[1, 2]", "f1", "i5", "fe", "[1.0, 0.5, 2.0, 1.0]"], repeat=2):
        for m in ["full", "same", "valid"]:
            yield f"np.convolve({x}, {y}, {m!r})"
            yield f"np.correlate({x}, {y}, {m!r})"
        yield f"np.convolve({x}, {y})"
        yield f"np.correlate({x}, {y})"


def linear_algebra():
    s2 = "np.array([[2.0, 1.0], [1.0, 3.0]])"
    stack = "np.stack([sq, sq.T + 1.0])"
    spd = "sq @ sq.T"
    matrices = ["sq", s2, stack, spd, "f11", "np.zeros((0, 0))", "np.zeros((2, 0, 0))", "fm", "fv", "im[:, :2]", "np.eye(3)", "np.ones((2, 2))", "np.zeros((3, 3))", "sq[::-1].T", f"np.stack([{spd}, {spd} + 2.0])", "np.array([[1.0, np.nan], [0.0, 2.0]])", "np.array([[np.inf, 0.0], [0.0, 2.0]])"]
    for a in matrices:
        for f in ["inv", "det", "slogdet", "eigvalsh", "cholesky", "matrix_rank", "cond", "trace", "diagonal", "matrix_transpose", "norm", "matrix_norm", "svdvals"]:
            if f == "eigvalsh" and a in ("sq", stack, "sq[::-1].T"):
                a = f"({a} + np.swapaxes({a}, -1, -2))"
            if "nan" in a and f in ("eigvalsh", "cond", "cholesky", "matrix_rank", "svdvals", "slogdet", "det", "inv"):
                continue
            if "inf" in a and f in ("eigvalsh", "cond", "cholesky", "matrix_rank", "svdvals"):
                continue
            yield f"np.linalg.{f}({a})"
        for n in ["0", "1", "2", "3", "-1", "-2"]:
            yield f"np.linalg.matrix_power({a}, {n})"
        for o in ["None", "'fro'", "'nuc'", "1", "-1", "2", "-2", "np.inf", "-np.inf", "3", "0"]:
            for k in keywords(axis=["0", "-1", "(-2, -1)", "(0, 1)"], keepdims=["True"]):
                if ("nan" in a or "inf]" in a or "inf," in a) and o not in ("None", "'fro'"):
                    continue
                yield f"np.linalg.norm({a}, {o}{k})"
        for b in ["fv", "fm.T", "np.ones((2, 3, 2))", "[1.0, 2.0]", "np.ones((3, 0))", "np.zeros((0,))"]:
            if "nan" not in a and "inf" not in a:
                yield f"np.linalg.solve({a}, {b})"
        if "nan" not in a and "inf" not in a:
            yield f"np.linalg.pinv({a})"
            for p in ["2", "-2", "1", "-1", "'fro'", "np.inf"]:
                yield f"np.linalg.cond({a}, {p})"
    for x in ["fv", "fm", "ft", "iv", "f0", "fe", "fz", "nv"]:
        for o in ["None", "2", "1", "0", "np.inf", "-np.inf", "3", "0.5", "-1"]:
            for axis in ["None", "0", "-1"]:
                yield f"np.linalg.norm({x}, ord={o}, axis={axis})"
        for k in keywords(axis=["0", "-1", "(0, 1)"], keepdims=["True"], ord=["1", "np.inf", "3"]):
            yield f"np.linalg.vector_norm({x}{k})"
    tall = ["fm", "fmt", "sq", "ft", "np.zeros((3, 0))", "np.zeros((0, 3))", "np.ones((3, 2))", "im"]
    for a in tall:
        yield f"np.abs(np.linalg.qr({a})[1])"
        yield f"np.abs(np.linalg.qr({a}, 'r'))"
        yield f"np.linalg.svd({a}, compute_uv=False)"
        yield f"np.abs(np.linalg.svd({a}, full_matrices=False)[2])"
        yield f"np.linalg.svd({a})[0].shape"
        yield f"np.linalg.pinv({a})"
        yield f"np.linalg.matrix_rank({a})"
        for b in ["fv", "[1.0, 2.0]", "sq", "fm"]:
            if np.ndim(eval(a, ENV)) == 2:
                yield f"np.linalg.lstsq({a}, {b})"
    yield "np.linalg.multi_dot([fm, sq, fv])"
    yield "np.linalg.multi_dot([fv, sq, fmt])"
    yield "np.linalg.multi_dot([fm, sq])"
    yield "np.linalg.tensorsolve(np.reshape(np.eye(6) * 2.0, (2, 3, 6)), fm)"
    yield "np.linalg.tensorinv(np.reshape(np.eye(6) * 2.0, (2, 3, 6)))"
    yield "np.linalg.tensorinv(np.reshape(np.eye(6) * 2.0, (6, 2, 3)), ind=1)"
    for f in ["outer(fv, gv)", "cross(fv, gv)", "matmul(fm, sq)", "tensordot(fm, gm)", "vecdot(fm, gm)", "diagonal(sq, offset=1)", "trace(ft)"]:
        yield f"np.linalg.{f}"


def scipy_linalg():
    s2 = "np.array([[2.0, 1.0], [1.0, 3.0]])"
    squares = ["sq", s2, "sq @ sq.T", "f11", "sq[::-1]", "sq.T", "np.eye(3)", "np.array([[0.0, 1.0], [1.0, 0.0]])", "im[:, :2]"]
    for a in squares:
        yield from (f"linalg.{f}({a})" for f in ["lu_factor", "lu", "expm", "inv", "det", "svdvals", "pinv", "norm"])
        yield f"linalg.lu({a}, permute_l=True)"
        n = np.shape(eval(a, ENV))[0]
        for b in [f"np.arange({n}) + 1.0", f"np.reshape(np.arange({2 * n}), ({n}, 2)) * 0.5"]:
            yield f"linalg.solve({a}, {b})"
            for trans in ["0", "1"]:
                yield f"linalg.lu_solve(linalg.lu_factor({a}), {b}, trans={trans})"
                for lower in ["True", "False"]:
                    for unit in ["True", "False"]:
                        yield f"linalg.solve_triangular({a} + 2 * np.eye({n}), {b}, trans={trans}, lower={lower}, unit_diagonal={unit})"
            for lower in ["True", "False"]:
                yield f"linalg.cho_solve(linalg.cho_factor({a} @ np.transpose({a}) + np.eye({n}), lower={lower}), {b})"
        for lower in ["True", "False"]:
            yield f"linalg.cholesky({a} @ np.transpose({a}) + np.eye({n}), lower={lower})"
            yield f"linalg.eigh({a}, lower={lower}, eigvals_only=True)"
            yield f"linalg.eigvalsh({a}, lower={lower})"
    for a in ["fm", "fmt", "sq", "im"]:
        yield f"linalg.lu({a})"
        for mode in ["full", "economic", "r"]:
            yield f"np.abs(linalg.qr({a}, mode={mode!r})[-1])"
    for c, r in itertools.product(["fv", "iv", "f1", "[1, 2]"], ["None", "gv", "[5.0, 6.0]"]):
        yield f"linalg.toeplitz({c}, {r})"
        yield f"linalg.hankel({c}, {r})"
        yield f"linalg.circulant({c})"
    yield from ["linalg.hilbert(4)", "linalg.companion([1.0, -10.0, 31.0, -30.0])", "linalg.companion([2, 4])", "linalg.block_diag(fm, fv, 3.0)", "linalg.block_diag(sq, f11)"]
    for scale in ["1e-3", "0.1", "1.0", "5.0", "40.0"]:
        yield f"linalg.expm(sq * {scale})"
        yield f"linalg.expm(np.stack([sq, sq.T]) * {scale})"


def methods():
    for x in "fv fm im ft bm fz f5 i5 nv".split():
        for axis in axes(x, tuples=False):
            for f in "sum prod mean max min argmax argmin all any cumsum cumprod std var".split():
                yield f"{x}.{f}(axis={axis})"
                yield f"{x}.{f}({axis})"
            for f in "sum mean max std".split():
                yield f"{x}.{f}(axis={axis}, keepdims=True)"
            yield f"{x}.take([0, 0], axis={axis})"
            yield f"{x}.repeat(2, axis={axis})"
            yield f"{x}.argsort(axis={axis})"
            yield f"{x}.compress([True], axis={axis})"
        for call in ["reshape(3, -1)", "reshape((-1,))", "reshape(-1, 1)", "transpose()", "transpose(1, 0)", "transpose((0,))", "astype(float)", "astype('int64')", "astype(bool)", "flatten()", "flatten('F')", "ravel()",
                     "clip(0, 1)", "clip(max=1)", "round()", "round(1)", "dot(2.0)", "dot([1.0, 2.0, 3.0])", "trace()", "diagonal()", "diagonal(1)", "squeeze()", "swapaxes(0, 1)", "nonzero()", "item(0)", "item()", "tolist()", "copy()", "sum(initial=5)", "sum(where=False)",
                     "var(ddof=1)", "searchsorted(0.5)", "conjugate()", "nbytes", "itemsize", "T.shape", "real", "imag", "mT", "size", "choose([1, 2])", "partition", "view"]:
            if call not in ("partition", "view") and not (x == "nv" and "int64" in call):
                yield f"{x}.{call}"
        yield f"x = {x}.copy(); x.sort(); x"
        yield f"x = {x}.copy(); x.sort(axis=0); x"
        yield f"x = {x}.copy(); x.fill(2); x"
        yield f"x = {x}.copy(); x += 1; x"
        yield f"x = {x} * 2; x *= x; x"
        yield f"x = {x} * 1.0; x /= 2; x"
        yield f"x = {x}.copy(); x += 0.5; x"
        yield f"len({x})"
        yield f"[row for row in {x}]"
        yield f"list({x})"
        yield f"{x}.shape[0]"
        yield f"sum({x})"
        yield f"max({x})" if rank(x) == 1 else f"bool({x}.any())"
        yield f"float({x}[0])" if rank(x) == 1 else f"int({x}.size)"
        yield f"sorted({x}.tolist())" if x not in ("nv",) else "0"
    for f in ["random(3)", "random((2, 2))", "integers(10, size=5)", "integers(2, 7, (2, 2))", "integers(-3, 4, 3, endpoint=True)", "uniform(-1.0, 2.0, 4)", "normal(1.0, 2.0, 4)", "standard_normal((2, 2))", "permutation(6)", "permutation(sq)", "permutation(sq, axis=1)", "choice(5)", "choice(5, 3)", "choice(5, 3, replace=False)", "choice(fv, 2)", "choice(fv, 4, p=[0.2, 0.3, 0.5])", "choice(sq, 2, axis=1)", "exponential(2.0, 3)", "standard_exponential(3)", "lognormal(0.5, 0.25, 3)", "random()", "normal()", "integers(5)", "uniform(size=2)", "normal(fv, 1.0)", "uniform([0, 1], [1, 3])", "integers(0, [5, 10, 20])", "laplace(0.5, 2.0, 3)", "logistic(0.5, 2.0, 3)", "gumbel(0.5, 2.0, 3)", "rayleigh(2.0, 3)", "weibull(1.5, 3)", "pareto(2.5, 3)", "triangular(0.0, 1.0, 3.0, 3)", "power(2.0, 3)", "gamma(2.0, 1.5, 3)", "gamma(0.5, 1.5, 3)", "standard_gamma(3.0, 3)", "beta(2.0, 3.0, 3)", "beta(0.5, 0.5, 3)", "chisquare(3.0, 3)", "standard_t(4.0, 3)", "standard_cauchy(3)", "f(3.0, 4.0, 3)", "poisson(3.0, 5)", "poisson(30.0, 5)", "binomial(10, 0.3, 5)", "binomial(100, 0.4, 5)", "geometric(0.2, 5)", "geometric(0.6, 5)", "dirichlet([1.0, 2.0, 3.0])"]:
        for seed in ["0", "42", "[1, 2, 3]"]:
            yield f"rng = np.random.default_rng({seed}); rng.{f}"
            yield f"rng = np.random.default_rng({seed}); x = rng.{f}; rng.{f}"
        yield f"rng = np.random.default_rng(7); x = rng.integers(5); rng.{f}"
    yield "rng = np.random.default_rng(1); x = np.arange(7); rng.shuffle(x); x"
    yield "rng = np.random.default_rng(1); x = sq.copy(); rng.shuffle(x); x"
    yield "rng = np.random.default_rng(1); x = sq.copy(); rng.shuffle(x, axis=1); x"
    yield "rng = np.random.default_rng(1); x = [1, 2, 3, 4]; rng.shuffle(x); x"


def writes():
    for x in ["fm", "im", "ft", "bm", "fv"]:
        for v in ["9", "[7, 8]", "0.5"]:
            for i in ["0", "[0, -1]", "[1, 1, 2]", "[99]"]:
                yield f"x = {x}.copy(); np.put({x[:0]}x, {i}, {v}); x"
            for m in ["x > 0", "x == x", "bm", "bv"]:
                yield f"x = {x}.copy(); np.putmask(x, {m}, {v}); x"
                yield f"x = {x}.copy(); np.place(x, {m}, {v}); x"
                if v != "0.5" or x[0] == "f":
                    yield f"x = {x}.copy(); np.copyto(x, {v}, where={m}); x"
            yield f"x = {x}.copy(); np.fill_diagonal(x, {v}); x"
            yield f"x = {x}.copy(); np.put_along_axis(x, np.argsort(x, axis=-1)[..., :1], {v}, axis=-1); x"
            yield f"x = {x}.copy(); np.put_along_axis(x, np.argsort(x, axis=0)[:1], {v}, axis=0); x"
        yield f"x = {x}.copy(); np.copyto(x, x[::-1]); x"
        yield f"x = {x}.copy(); np.put(x, [0, 1], [5, 6], mode='wrap'); x"
        yield f"x = {x}.copy(); np.put(x, [100, -100], [5, 6], mode='clip'); x"
    yield "x = np.zeros((4, 2)); np.fill_diagonal(x, 5); x"
    yield "x = np.zeros((5, 2)); np.fill_diagonal(x, 5, wrap=True); x"
    yield "x = np.zeros((5, 2)); np.fill_diagonal(x, [1, 2]); x"


def draws():
    """Every draw of a generator, with its parameters as numbers and arrays, sizes, and draws before and after it."""
    two = [("loc", "scale"), ["0.5", "-2.0", "fv", "fm"], ["1.0", "0.25", "0", "np.abs(fv)", "[[1.0], [2.0]]"]]
    floats = {
        "uniform": [["-1.0", "0", "fv"], ["2.0", "3", "fv + 2", "[[4.0], [5.0]]"]],
        "normal": two[1:], "laplace": two[1:], "logistic": two[1:], "gumbel": two[1:],
        "lognormal": [["0.5", "-1", "fv"], ["0.25", "1.0", "0", "np.abs(fv)"]],
        "exponential": [["1.0", "0.5", "0", "np.abs(fv)", "[[1.0], [2.0]]"]],
        "rayleigh": [["1.0", "0.5", "0", "np.abs(fv)"]],
        "weibull": [["1.0", "0.5", "3.5", "0", "np.abs(fv)"]],
        "pareto": [["1.0", "0.5", "3.5", "np.abs(fv)"]],
        "power": [["1.0", "0.5", "3.5", "np.abs(fv)"]],
        "standard_gamma": [["1.0", "0.5", "0.05", "3.5", "30.0", "0", "np.abs(fv)"]],
        "gamma": [["1.0", "0.5", "3.5", "np.abs(fv)"], ["1.0", "2.5", "0", "np.abs(fm)"]],
        "beta": [["1.0", "0.5", "0.01", "3.5", "np.abs(fv)"], ["1.0", "0.5", "0.02", "4.0", "np.abs(fm)"]],
        "chisquare": [["1.0", "0.5", "3", "12.5", "np.abs(fv)"]],
        "f": [["1.0", "3.0", "np.abs(fv)"], ["2.0", "7.5"]],
        "standard_t": [["1.0", "3.0", "30", "np.abs(fv)"]],
        "triangular": [["-1.0", "0"], ["0.5", "0", "[0.0, 1.0]"], ["1.0", "3.0"]],
        "noncentral_chisquare": [["0.5", "1.0", "3.0"], ["0", "0.5", "4.0", "30.0", "np.abs(fv)"]],
        "noncentral_f": [["1.0", "3.0"], ["2.0", "7.5"], ["0", "1.5", "np.abs(fv)"]],
        "wald": [["1.0", "0.5", "3.0", "np.abs(fv)"], ["1.0", "0.25", "10.0"]],
        "vonmises": [["0.0", "1.0", "-2.0", "fv"], ["0", "1e-9", "1e-6", "0.5", "4.0", "1e3", "1e7"]],
        "poisson": [["0", "0.5", "4.0", "9.99", "10.0", "35.5", "1e4", "np.abs(fv)", "np.abs(fm) * 10"]],
        "binomial": [["0", "1", "10", "50", "1000", "iv + 2"], ["0.0", "0.1", "0.5", "0.9", "1.0", "[0.2, 0.7, 0.5]"]],
        "negative_binomial": [["1", "4.5", "20"], ["0.1", "0.5", "0.9", "[0.2, 0.7, 0.5]"]],
        "geometric": [["0.01", "0.2", "0.3333", "0.5", "1.0", "[0.2, 0.7, 0.5]"]],
        "logseries": [["0.1", "0.5", "0.9", "0.999", "[0.2, 0.7, 0.5]"]],
        "zipf": [["1.5", "2.0", "4.0", "2000.0", "[2.5, 3.5, 3.0]"]],
        "hypergeometric": [["0", "5", "20", "500", "[5, 6, 7]"], ["0", "3", "60", "1000"], ["0", "2", "15", "40"]],
        "standard_exponential": [], "standard_cauchy": [], "standard_normal": [], "random": [],
    }
    sizes = ["", "size=None", "size=4", "size=(2, 3)", "size=()", "size=0", "size=(3, 0)", "size=(2, 2, 3)", "size=-1", "size=1.5"]
    for name, choices in floats.items():
        for at, values in enumerate(itertools.product(*choices)):
            chosen = sizes if len(values) < 2 or at < 6 else ["", "size=3", "size=(2, 3)"]
            for size in chosen:
                arguments = ", ".join([*values, size] if size else values)
                yield f"rng = np.random.default_rng({at + 3}); rng.{name}({arguments})"
            yield f"rng = np.random.default_rng({at + 3}); x = rng.{name}({', '.join([*values, 'size=20'])}); y = rng.integers(9, size=3); rng.random(3)"
            for seed in range(4):
                yield f"rng = np.random.default_rng([{seed}, {at}]); rng.{name}({', '.join([*values, 'size=30'])})"
    bad = {
        "normal": ["0, -1", "'a', 1"], "exponential": ["-1", "fv"], "gamma": ["-1", "1, -1"], "beta": ["0, 1", "1, -2"], "poisson": ["-1", "fv"],
        "binomial": ["-1, 0.5", "5, 1.5", "5, -0.5", "5"], "geometric": ["0", "1.5", "-1"], "zipf": ["1", "0.5"], "logseries": ["1", "-0.1"],
        "negative_binomial": ["0, 0.5", "5, 0", "5, 1.5"], "hypergeometric": ["-1, 2, 1", "2, 3, 6"], "wald": ["0, 1", "1, 0"], "vonmises": ["0, -1"],
        "chisquare": ["0", "-1"], "standard_t": ["0"], "f": ["0, 1"], "weibull": ["-1"], "pareto": ["0"], "power": ["0"], "rayleigh": ["-1"],
        "triangular": ["1, 0, 2", "0, 3, 2", "1, 1, 1"], "uniform": ["0, np.inf", "np.nan"], "lognormal": ["0, -1"], "laplace": ["0, -1"],
        "integers": ["0", "5, 5", "5, 2", "[1, 2], [0, 5]", "5, size=-1"], "choice": ["0", "[], 2", "3, 5, replace=False", "3, p=[0.5, 0.5]", "3, p=[0.5, 0.6, 0.2]", "3, p=[0.5, 0.7, -0.2]", "2.5"],
        "multinomial": ["5, [0.7, 0.7, 0.1]", "-1, [0.5, 0.5]", "5, [-0.5, 1.5]", "5, 0.5"], "dirichlet": ["[0.0, 1.0]", "[-1.0]"], "permuted": ["3, axis=0", "fm, axis=2"],
        "multivariate_normal": ["[0, 0], np.eye(3)", "0, np.eye(1)", "[0, 0], [1, 1]", "[0, 0], np.eye(2), check_valid='never'"], "permutation": ["1.5", "fm, axis=2"],
    }
    for name, calls in bad.items():
        for arguments in calls:
            yield f"rng = np.random.default_rng(0); rng.{name}({arguments})"
    for seed in ["0", "1", "2**40", "[0, 1]", "[5, 2**35, 7]", "np.array([3, 4])"]:
        r = f"rng = np.random.default_rng({seed}); "
        for low, high in [("0", "1"), ("0", "2"), ("-5", "5"), ("0", "2**31"), ("0", "2**32"), ("0", "2**32 + 1"), ("-2**62", "2**62"), ("3", "2**40"), ("0", "[1, 10, 100]"), ("[0, 5]", "[5, 10]"), ("[[0], [5]]", "[10, 20]"), ("7", "None")]:
            for rest in ["", ", size=5", ", size=(2, 3)", ", size=0", ", endpoint=True", ", size=7, endpoint=True", ", dtype=np.int64, size=3", ", size=(), dtype=int"]:
                yield r + f"rng.integers({low}, {high}{rest})"
        for x in ["5", "1", "fv", "fm", "[3, 1, 2]", "it", "bm", "100", "20000"]:
            for rest in ["", ", 3", ", size=(2, 2)", ", 1, replace=False", ", (2, 1), replace=False", ", 2, shuffle=False, replace=False", ", 0", ", 2, axis=1", ", 2, axis=-1, replace=False", ", size=(2, 2), axis=1", ", 4000, replace=False", ", 500, replace=False, shuffle=False"]:
                yield r + f"rng.choice({x}{rest})"
        for x, p in [("4", "[0.1, 0.2, 0.3, 0.4]"), ("fv", "[0.5, 0.0, 0.5]"), ("fm", "[0.25, 0.75]"), ("[3, 1, 2]", "np.array([0.2, 0.2, 0.6])")]:
            for rest in ["", ", size=6", ", size=(2, 3)", ", size=2, replace=False", ", size=3, replace=False", ", size=1, replace=False, shuffle=False"]:
                yield r + f"rng.choice({x}, p={p}{rest})"
        for x in ["6", "0", "1", "fv", "fm", "it", "fe", "fz", "bm", "[3, 1, 2]", "iv", "fmr", "ftr", "f1", "np.arange(50)"]:
            yield r + f"rng.permutation({x})"
            for axis in ["0", "1", "-1", "2"]:
                yield r + f"rng.permutation({x}, axis={axis})"
                yield r + f"rng.permuted({x}, axis={axis})"
            yield r + f"rng.permuted({x})"
            yield r + f"rng.permuted({x}, axis=None)"
        for n in ["0", "1", "20", "1000", "[3, 8]"]:
            for p in ["[0.5, 0.5]", "[0.2, 0.3, 0.5]", "[1.0, 0.0]", "[0.0, 0.0, 1.0]", "[0.1] * 10", "[1.0]"]:
                for rest in ["", ", size=3", ", size=(2, 2)"]:
                    yield r + f"rng.multinomial({n}, {p}{rest})"
        for alpha in ["[1.0, 2.0, 3.0]", "[0.05, 0.02, 0.08]", "[0.05, 2.0]", "[1.0]", "[10.0, 20.0, 5.0, 1.0]"]:
            for rest in ["", ", size=3", ", size=(2, 2)", ", 0"]:
                yield r + f"rng.dirichlet({alpha}{rest})"
        for mean, cov in [("[1.0, 2.0]", "[[2.0, 0.5], [0.5, 1.0]]"), ("fv", "sq @ sq.T"), ("np.zeros(3)", "np.diag([1.0, 4.0, 2.0])"), ("[1]", "[[4]]"), ("[0.0, 0.0]", "np.ones((2, 2))")]:
            for rest in ["", ", 3", ", (2, 2)", ", size=(2, 0)", ", method='eigh'", ", 4, method='cholesky'", ", check_valid='raise'", ", check_valid='ignore', tol=1e-6"]:
                if "ones" not in cov:
                    yield r + f"rng.multivariate_normal({mean}, {cov}{rest})"
                elif "cholesky" not in rest:  # singular: the root of a rounding error
                    yield r + f"np.round(rng.multivariate_normal({mean}, {cov}{rest}), 6)"
        for name in "random standard_normal standard_exponential".split():
            for rest in ["3", "dtype=np.float64", "(2, 2), dtype='float64'", "3, np.float64"]:
                if name != "standard_exponential" or "float" not in rest:
                    yield r + f"rng.{name}({rest})"


def random_subscript(rng, shape):
    """A subscript of an array of this shape: slices, integers, new axes, an ellipsis, integer arrays and masks, some out of range."""
    def slice_():
        bound = lambda n: rng.choice(["", "", str(rng.integers(-n - 2, n + 3))])
        n = int(rng.choice(shape)) if shape else 3
        return f"{bound(n)}:{bound(n)}" + rng.choice(["", "", f":{rng.choice(['-1', '2', '-2', '3'])}"])

    common = [int(n) for n in rng.choice([1, 2, 3], size=rng.integers(1, 3))]

    def integers(n):
        dims = [m if rng.random() < 0.7 else 1 for m in common[rng.integers(0, len(common)):]]
        n = max(n, 1)
        low, high = (-n, n) if rng.random() < 0.96 else (-n - 1, n + 1)
        return repr(rng.integers(low, high, size=dims).tolist())

    items, left, dots = [], list(shape), False
    while left and rng.random() < 0.9:
        kind = rng.choice(["slice", "int", "new", "dots", "array", "mask", "boolean"], p=[0.3, 0.17, 0.12, 0.08, 0.25, 0.07, 0.01])
        if kind == "new":
            items.append("None")
        elif kind == "dots":
            if not dots:
                items.append("...")
                dots = True
                for _ in range(int(rng.integers(0, len(left)))):
                    left.pop(0)
        elif kind == "boolean":
            items.append(str(rng.random() < 0.7))
        elif kind == "mask":
            dims = left[:rng.integers(1, min(2, len(left)) + 1)]
            mask = rng.random(dims) < 0.5
            items.append(f"np.array({mask.tolist()}, dtype=bool)")
            left = left[len(dims):]
        else:
            n = left.pop(0)
            if kind == "slice":
                items.append(slice_())
            elif kind == "int":
                items.append(str(rng.integers(-n, n) if n and rng.random() < 0.97 else n))
            else:
                items.append(integers(n))
    return ", ".join(items) or "..."


def random_indexing():
    """Subscripts drawn at random, read, written and updated, of arrays of one to four axes, some of them views."""
    rng = np.random.default_rng(2024)
    arrays = {
        "np.arange(5)": (5,), "np.arange(6).reshape(2, 3)": (2, 3), "it": (2, 3, 4), "it[::-1, :, ::2]": (2, 3, 2), "it.T": (4, 3, 2),
        "np.arange(48).reshape(2, 3, 2, 4)": (2, 3, 2, 4), "np.zeros((2, 0, 3))": (2, 0, 3), "ft * 1.0": (2, 3, 2), "it > 11": (2, 3, 4),
        "np.swapaxes(it, 0, 1)[..., 1:3]": (3, 2, 2),
    }
    values = ["9", "-0.5", "True", "[7, 8]", "[[1], [2]]", "x[:1]", "np.arange(4)", "np.arange(12).reshape(3, 4) * 0.5"]
    for _ in range(3000):
        x = str(rng.choice(list(arrays)))
        s = random_subscript(rng, arrays[x])
        yield f"x = {x}; x[{s}]"
        yield f"x = np.array({x}); x[{s}] = {rng.choice(values)}; x"
        update = rng.choice(["x[{s}] += 1", "x[{s}] -= x[{s}]", "x[{s}] *= 3"])
        if x != "it > 11":
            yield f"x = np.array({x}); " + update.replace("{s}", s) + "; x"


def small():
    """Functions that the other families call seldom, with every keyword."""
    vectors = ["fv", "gv", "iv", "f5", "f1", "[1, 2]", "fe", "bv", "fv[::-1]", "f5[::2]", "[0.0, 0.0]", "[3.0, 0.0, 0.0, 2.0]", "i5"]
    for a, b in itertools.product(vectors, repeat=2):
        for f in ["polyadd", "polysub", "polymul"]:
            yield f"np.{f}({a}, {b})"
        yield f"np.polyval({a}, {b})"
        yield f"np.lexsort(({a}, {b}))"
        yield f"np.extract({a}, {b})"
        for f in ["outer", "vecdot", "cross"]:
            yield f"np.linalg.{f}({a}, {b})"
    for a in vectors + ["fm", "ft", "f0", "im"]:
        for k in keywords(m=["0", "2", "3"]):
            yield f"np.polyder({a}{k})"
            yield f"np.polyint({a}{k})"
        yield f"np.polyint({a}, 1, 4.0)"
        yield f"np.polyint({a}, 2, [1.0, 2.0])"
        yield f"np.polyval({a}, fm)"
        yield f"np.poly({a})"
        for t in ["'f'", "'b'", "'fb'", "'x'"]:
            yield f"np.trim_zeros(np.asarray({a}), {t})"
        for f in "unique_values unique_counts unique_inverse unique_all".split():
            yield f"tuple(np.{f}({a}))" if f != "unique_values" else f"np.{f}({a})"
        for kth in ["0", "1", "-1", "[0, 1]", "9"]:
            for axis in ["0", "-1", "None"]:
                yield f"np.sort(np.partition({a}, {kth}, axis={axis}), axis=-1)"
                yield f"np.take_along_axis(np.asarray({a}), np.argpartition({a}, {kth}, axis=-1), axis=-1).shape"
        for q in ["0", "30", "[0, 25, 100]", "101", "-1"]:
            for k in keywords(axis=["0", "-1"], keepdims=["True"], method=["'lower'", "'nearest'", "'midpoint'"]):
                yield f"np.percentile({a}, {q}{k})"
                yield f"np.nanpercentile({a}, {q}{k})"
        for k in keywords(rowvar=["False"]):
            yield f"np.corrcoef({a}{k})"
            yield f"np.corrcoef({a}, {a}{k})"
        for f in "iscomplexobj isrealobj real_if_close around ascontiguousarray bitwise_not result_type trim_zeros min_scalar".split()[:7]:
            yield f"np.{f}({a})"
        for b in ["fv", "iv", "bv", "2", "2.5", "True", "'float64'", "np.int64"]:
            yield f"np.result_type({a}, {b})"
        yield f"np.around({a}, 1)"
        yield f"np.empty_like({a}).shape"
        yield f"[i for i in np.ndenumerate({a})]"
        yield f"[i for i in np.ndindex(np.shape({a}))]"
        yield f"np.vectorize(lambda x: x * 2 + 1)({a})"
        yield f"np.fromiter({a}, float)"
        for k in keywords(axis=["0", "1"], keepdims=["True"]):
            yield f"np.linalg.vector_norm({a}{k})"
    for x in ["f5", "np.arange(5) * 0.5", "i5"]:
        for y in ["f5 * 2", "np.arange(5) * 1.5", "np.reshape(np.arange(10), (5, 2)) * 0.5"]:
            for d in ["0", "1", "2", "3"]:
                yield f"np.polyfit(np.arange(5) * 0.75, {y} + {x}[:, None]{'' if 'reshape' in y else '[:, 0]'}, {d})"
    for a, b in itertools.product(["float", "int", "bool", "np.float64", "'int64'", "'bool'"], repeat=2):
        yield f"np.promote_types({a}, {b})"
        yield f"np.can_cast({a}, {b})"
        yield f"np.dtype({a}) == np.dtype({b})"
    for n in range(0, 30):
        for f in "bartlett blackman hamming hanning".split():
            yield f"np.{f}({n})"
        for beta in ["0", "2.5", "8.6", "14"]:
            yield f"np.kaiser({n}, {beta})"
    for n, k, m in itertools.product(range(0, 5), range(-3, 4), [None, 0, 1, 3, 5]):
        for f in ["tril_indices", "triu_indices"]:
            yield f"np.{f}({n}, {k}, {m})"
    for k in range(-3, 4):
        for x in ["fm", "sq", "zf", "fz", "fmt", "f11"]:
            yield f"np.tril_indices_from({x}, {k})"
            yield f"np.triu_indices_from({x}, {k})"
        yield f"np.mask_indices(3, np.tril, {k})"
        yield f"np.mask_indices(4, np.triu, {k})"
    for n, d in itertools.product(range(0, 5), range(1, 4)):
        yield f"np.diag_indices({n}, {d})"
    for x in ["sq", "f11", "fm", "fv", "np.ones((2, 2, 2))"]:
        yield f"np.diag_indices_from({x})"
    for shape in ["(2, 3)", "(4,)", "(2, 3, 4)", "(0, 2)", "()", "(1, 1)"]:
        yield f"np.indices({shape})"
        yield f"np.fromfunction(lambda *i: sum(i) * 2, {shape})" if shape != "()" else "np.ones(())"
        for i in ["0", "5", "[0, 1]", "[[0], [1]]", "100", "-1", "np.array([3, 2])"]:
            for order in ["'C'", "'F'"]:
                yield f"np.unravel_index({i}, {shape}, order={order})"
    for index in ["(0, 1)", "([0, 1], [2, 0])", "([[0]], [[1, 2]])", "(5, 1)", "(-1, 0)"]:
        for dims in ["(2, 3)", "(4, 4)", "(2,)"]:
            for k in keywords(mode=["'wrap'", "'clip'", "'raise'"], order=["'F'"]):
                yield f"np.ravel_multi_index({index}, {dims}{k})"
    shapes = ["()", "(1,)", "(3,)", "(2, 1)", "(2, 3)", "(0,)", "(4, 1, 3)", "5", "1"]
    for a, b in itertools.product(shapes, repeat=2):
        yield f"np.broadcast_shapes({a}, {b})"
        yield f"np.broadcast_shapes({a}, {b}, (2, 1))"
    for a, b in itertools.product(["[0, 1]", "[True, False]", "[2]", "[]", "[[0]]"], repeat=2):
        yield f"np.ix_({a}, {b})"
        yield f"np.ix_({a})"
    s2, stack = "np.array([[2.0, 1.0], [1.0, 3.0]])", "np.stack([sq, sq.T + 1.0])"
    spd = ["sq @ sq.T", s2, f"np.stack([{s2}, {s2} * 2])", "np.eye(4) * 3", "f11 * f11", "np.diag([1.0, 5.0, 2.0])", "np.array([[2, 1], [1, 3]])", "np.zeros((0, 0))", "np.zeros((2, 0, 0))",
           "linalg.hilbert(5)", "linalg.toeplitz([4.0, 1.0, 0.5, 0.25])", "(sq @ sq.T)[::-1, ::-1]", "np.array([[2.0, 9.0], [1.0, 3.0]])"]
    for a in spd + ["fm", "fv", "-np.eye(2)", "np.zeros((2, 2))"]:
        for upper in ["True", "False"]:
            yield f"np.linalg.cholesky({a}, upper={upper})"
        for u in ["'L'", "'U'", "'X'"]:
            yield f"np.linalg.eigvalsh({a}, {u})"
            yield f"np.linalg.eigh({a}, {u})[0]"
            if "eye" not in a and "zeros" not in a and "stack" not in a:
                yield f"np.linalg.eigh({a}, UPLO={u})[1]"
        for f in ["inv", "det", "slogdet", "matrix_rank", "svdvals", "trace", "diagonal", "matrix_norm"]:
            yield f"np.linalg.{f}({a})"
        for k in ["1", "-1", "2"]:
            yield f"np.linalg.diagonal({a}, offset={k})"
            yield f"np.linalg.trace({a}, offset={k})"
        for o in ["1", "-1", "2", "-2", "'nuc'", "np.inf", "'fro'"]:
            for k in keywords(keepdims=["True"]):
                yield f"np.linalg.matrix_norm({a}, ord={o}{k})"
        for m in ["reduced", "complete", "r", "raw", "full"]:
            yield f"np.linalg.qr({a}, {m!r})" if m != "full" else f"np.linalg.qr({a}, mode='full')"
    for scale in ["1e-6", "0.01", "0.3", "0.9", "2.0", "4.2", "9.0", "100.0"]:
        for a in ["sq", s2, stack, "f11", "np.triu(sq)", "sq - sq.T", "np.zeros((2, 2))", "np.diag([1.0, -2.0, 0.5])", "np.ones((4, 4)) / 4", "np.array([[0.0, 1.0], [0.0, 0.0]])"]:
            yield f"linalg.expm({a} * {scale} * 0.1)"
    rng = np.random.default_rng(5)
    for _ in range(60):
        m, n, k = (int(x) for x in rng.integers(1, 7, 3))
        a, b = (np.round(rng.normal(size=s), 2).tolist() for s in [(m, n), (m, k)])
        yield f"np.linalg.lstsq(np.array({a}), np.array({b}))"
        yield f"np.linalg.lstsq(np.array({a}), np.array({b})[:, 0], rcond=0.1)"
        yield f"np.linalg.pinv(np.array({a}))"
        yield f"np.linalg.pinv(np.array({a}), rcond=0.3)"
        yield f"np.linalg.svd(np.array({a}), full_matrices=False)"
        yield f"np.linalg.svd(np.array({a}), compute_uv=False)"
        yield f"np.linalg.qr(np.array({a}))"
        yield f"np.linalg.matrix_rank(np.array({a}), tol=0.5)"
        yield f"linalg.lu(np.array({a}))"


FAMILIES = dict(
    reductions=reductions, scans=scans, elementwise=elementwise, indexing=indexing, shapes=shapes, creation=creation,
    selection=selection, products=products, linear_algebra=linear_algebra, scipy_linalg=scipy_linalg, methods=methods, writes=writes,
    draws=draws, random_indexing=random_indexing, small_linalg=small, **named_calls.FAMILIES,
)

def number(x):
    if isinstance(x, (bool, np.bool_)):
        return "1" if x else "0"
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    text = repr(float(x))
    return text[:-2] if text.endswith(".0") else text


LETTER = {"f": "f", "i": "i", "u": "i", "b": "b"}


class Unsupported(Exception):
    pass


def data(x):
    if x is None:
        return "None"
    if isinstance(x, str):
        return repr(x)
    if isinstance(x, np.dtype):
        return f"dtype {x}"
    if isinstance(x, tuple):
        return "(" + " ".join(map(data, x)) + ")"
    if isinstance(x, list):
        return "<" + " ".join(map(data, x)) + ">"
    if isinstance(x, (bool, int, float, np.generic, np.ndarray)):
        a = np.asarray(x)
        if a.dtype.kind not in LETTER or a.dtype in (np.float16, np.float32, np.complex128):
            raise Unsupported
        letter = LETTER[a.dtype.kind]
        return f"{letter}[{','.join(map(str, a.shape))}:{' '.join(map(number, a.ravel()))}]"
    raise Unsupported


def run(line):
    """The result of the last expression after the statements before it, on arrays of its own."""
    env = dict(ENV)
    *statements, last = line.split("; ")
    try:
        exec("\n".join(statements), env)
        return data(eval(last, env))
    except Unsupported:
        return None
    except Exception as error:
        # Outside their domain functions of `math` give nan or inf, as NumPy's do.
        return None if str(error) in ("math domain error", "math range error", "float division by zero") else "!" + type(error).__name__


def main():
    total = 0
    for name, family in FAMILIES.items():
        seen, lines = set(), [l for l in PRELUDE.strip().splitlines()]
        for line in family():
            if line in seen or any(re.search(p, line) for p, _ in SKIP):
                continue
            seen.add(line)
            result = run(line)
            if result is not None and len(result) < 4000:
                lines.append(f"{line}\t{result}")
        total += len(lines)
        with open(os.path.join(HERE, f"calls_{name}.txt"), "w") as out:
            out.write("\n".join(lines) + "\n")
        print(name, len(lines), sum(map(len, lines)))
    print("total", total)


# What differs on purpose, and why; such calls are not recorded.
SKIP = [
    (r"^np\.take_along_axis\([ib]0", "numbers answer what arrays do"),
    (r"dot\(2\)", "NumPy's product with a number loses the sign of zeros"),
    (r"^np\.einsum\('ii->i', fz", "NumPy reads beyond the array"),
    (r"^np\.bincount\(\[0.5", "NumPy cuts fractions of lists, not of arrays"),
    (r"^np\.clip\(bm, (min=)?None, (max=)?None", "limited by nothing, truth values are themselves"),
    (r"^np\.reciprocal\((im|imr|it|b)", "the integer 0 has no reciprocal, and that is an error"),
    (r"^np\.bincount\((ie|fe).*weights", "sums of weights are floats, also of no weights"),
    (r"^np\.apply_over_axes\(np.sum, [ib]0|^np\.asarray\(b\w+\)\.round", "numbers answer what arrays do"),
    (r"x = it\.copy\(\); x\[.*\] (\*|\+|//)= 0\.5", "a part of integers that is updated by floats keeps their integral parts; NumPy refuses"),
    (r"^np\.(absolute|add|multiply|subtract|negative|positive|real|imag|conj)\(b0(, b0)?\)|^~b0|^np\.ptp\(b0", "a lone truth value computes as Python's, and ~ of it is not"),
    (r"^np\.(conj|conjugate|positive|fmod|bitwise_count)\(b[mvez]", "there is no int8"),
    (r"^[ib]0\.", "Python's numbers answer what NumPy's scalars do"),
    (r"\b(nv|nm|na)\b.*(int|dtype=np.int64)", "nan and inf have no integer, and that is an error"),
    (r"^np\.empty_like\([^.]*\)$|^np\.empty\((?!.*0)[^.]*\)$", "elements are arbitrary"),
    (r"trim_zeros\(\[", "of a list NumPy makes a list, here an array"),
    (r"x = i\w+\.copy\(\); x \+= 0\.5|x = b\w+\.copy\(\); x \+= |x = [ib]\w+ \* 2; x /= ", "a variable that is updated is assigned anew, whatever its element type"),
    (r"rng\.shuffle", "shuffle changes its argument; here x = rng.permutation(x) says that"),
    (r"^b\w+\.round|^np\.around\(b", "rounding truth values keeps them"),
    (r"^np\.nanpercentile\(b(?!.*method='(lower|nearest))", "a lone truth value computes as Python's"),
    (r"^np\.unique_values", "NumPy gives them in no order, here they are sorted"),
    (r"^np\.linalg\.qr\(.*'full'", "a mode that NumPy has deprecated"),
    (r"^np\.linalg\.cross\(bv, bv", "elements of a mask are Python's truth values, and those subtract"),
    (r"rng\.integers\(.*\[.*(size=0|size=\(\))", "NumPy ignores that the bounds do not broadcast to the size"),
    (r"^np\.linalg\.cond\(np\.ones\(\(2, 2\)\)(, 2)?\)", "the quotient by a rounding error"),
    (r"special\.(j0|j1|jn|jv|y0|y1|yn|yv|iv|ive|kve|k0e|k1e)\(.*(inf|nv)", "at infinity Bessel functions have their limits; SciPy gives nan"),
    (r"special\.(yv|iv|ive)\(-1\.5, 0\.0\)", "at zero SciPy's values for negative orders contradict each other"),
    (r"; x\[(\.\.\., np\.array\(\[\], dtype=bool\)|np\.array\(\[False, False\], dtype=bool\), \[\[-1\]\])", "an index that does not fit is an error also where nothing is picked"),
    (r"np\.vectorize\(lambda x: (1 if|0\.5 if)", "the type of the results is that of all, not of the first"),
    (r"linalg\.inv\(np\.ones", "singular but for rounding"),
    (r"linalg\.solve\((f11|f11 @ .*|np\.diag\(np\.diag\(f11\)\).*), np\.ones\(5\)", "SciPy solves a right-hand side of another length with one equation"),
    (r"special\.factorial\(ie\)", "the factorial of no integers is of no floats"),
    (r"^np\.indices\(.*dtype=bool", "NumPy counts in truth values up to two"),
    (r"^np\.roots\(\d", "NumPy fails on a polynomial that is a number"),
    (r"^np\.issubdtype\(.*\bNone", "None is not an element type"),
    (r"dot\(2\.0\)", "NumPy's product with a number loses the sign of zeros"),
]
if __name__ == "__main__":
    main()
