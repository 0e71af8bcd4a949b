"""Records what CPython and NumPy make of expressions, as data for tests/library.rs.

    python3 tests/oracle/record_library.py

writes tests/oracle/library_*.txt: `name = expression` lines that define values, then `expression<TAB>repr of the result`
lines; a result that starts with `!` is the error that CPython raised. Run it again when an expression is added; the
expressions are generated, so that every function meets every shape and element type.
"""

import itertools
import math
import os
import re
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")
HERE = os.path.dirname(os.path.abspath(__file__))

PRELUDE = """
f0 = 2.5
g0 = -0.75
i0 = 3
j0 = -2
b0 = True
fv = np.array([1.5, -2.0, 0.25])
gv = np.array([0.5, 3.0, -1.25])
uv = np.array([0.1, 0.5, 0.9])
f1 = np.array([4.0])
fe = np.zeros((0,))
fm = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]])
gm = np.array([[2.0, 1.0, -3.0], [0.5, -0.5, 4.0]])
um = np.array([[0.1, 0.5, 0.9], [0.25, 0.75, 0.99]])
fc = np.array([[10.0], [20.0]])
fz = np.zeros((0, 3))
sq = np.array([[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [2.0, -1.0, 5.0]])
ft = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[-1.0, 0.5], [2.5, -3.5], [0.0, 7.25]]])
nv = np.array([1.0, np.nan, -np.inf, np.inf, 0.0, -0.0])
long = np.arange(300) * 0.1
wide = np.reshape(np.arange(600) * 0.375 - 50.0, (20, 30))
iv = np.array([3, -1, 2])
jv = np.array([2, 5, -3])
kv = np.array([0, 2, 1])
im = np.array([[1, -2, 3], [4, 0, -6]])
jm = np.array([[2, 2, -5], [1, 3, 7]])
it = np.reshape(np.arange(24), (2, 3, 4))
bv = np.array([True, False, True])
cv = np.array([False, False, True])
bm = np.array([[True, False, True], [False, False, True]])
lf = [1.0, 2.5, -3.0]
li = [3, 1, 2]
ll = [[1, 2, 3], [4, 5, 6]]
s = 'Hello, World'
d = {'a': 1, 'b': 2.5, 'c': [1, 2]}
"""

FLOATS = ["f0", "g0", "fv", "gv", "f1", "fe", "fm", "gm", "fc", "fz", "ft", "fm.T", "nv", "fm[:, ::-1]", "ft[:, 1]"]
INTS = ["i0", "j0", "iv", "jv", "im", "jm", "it", "im.T"]
BOOLS = ["b0", "bv", "cv", "bm"]
NUMBERS = FLOATS + INTS + BOOLS


def elementwise():
    unary = (
        "exp log log2 log10 log1p expm1 exp2 sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh "
        "sqrt cbrt fabs rint deg2rad rad2deg degrees radians sinc square floor ceil trunc isnan isinf isfinite signbit "
        "negative positive abs absolute sign logical_not nan_to_num round reciprocal"
    ).split()
    # NumPy computes bools in half precision and keeps integers in reciprocal and sign of bools is an error: not asked.
    keeps = {"square", "abs", "absolute", "logical_not", "isnan", "isinf", "isfinite", "floor", "ceil", "trunc", "nan_to_num"}
    for name in unary:
        for x in FLOATS + (INTS if name != "reciprocal" else []) + (["um", "uv"]):
            yield f"np.{name}({x})"
        if name in keeps:
            for x in ["bv", "bm"]:
                yield f"np.{name}({x})"
    for x, decimals in itertools.product(["fv", "fm", "f0", "long[:9]", "im", "wide[0]"], [1, 2, -1]):
        yield f"np.round({x}, {decimals})"
    binary = (
        "add subtract multiply divide true_divide floor_divide mod remainder fmod power arctan2 hypot copysign maximum "
        "minimum fmax fmin logaddexp logaddexp2 heaviside equal not_equal less less_equal greater greater_equal "
        "logical_and logical_or logical_xor"
    ).split()
    floats = ["f0", "g0", "fv", "gv", "f1", "fm", "gm", "fc", "fz", "ft", "fm.T", "fe"]
    mixed = ["i0", "iv", "im", "bv", "bm", "b0"]
    for name in binary:
        for x, y in itertools.product(floats, floats):
            yield f"np.{name}({x}, {y})"
        for x, y in [("fv", "iv"), ("im", "fm"), ("bv", "fv"), ("f0", "im"), ("i0", "fm"), ("nv", "nv[::-1]"), ("nv", "f0")]:
            yield f"np.{name}({x}, {y})"
        if name in ("arctan2", "hypot", "copysign", "logaddexp", "logaddexp2", "heaviside"):
            continue
        for x, y in itertools.product(["iv", "im", "i0"], ["jv", "jm", "i0"]):
            yield f"np.{name}({x}, {y})"
        if name not in ("subtract", "power", "floor_divide", "mod", "remainder", "fmod"):
            for x, y in [("bv", "cv"), ("bm", "bv"), ("bv", "iv"), ("im", "bm")]:
                yield f"np.{name}({x}, {y})"
    operators = ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="]
    for op in operators:
        for x, y in itertools.product(["f0", "g0", "i0", "fv", "im", "fc", "iv", "fm", "2", "-1.5", "0.5", "lf"], repeat=2):
            if x == "lf" and y == "lf":
                continue
            if op == "**" and y in ("im", "iv") and x in ("im", "iv", "i0", "2"):
                continue
            yield f"{x} {op} {y}"
    for op in ["&", "|", "^"]:
        for x, y in [("bv", "cv"), ("bm", "bv"), ("b0", "bv"), ("iv", "jv"), ("im", "i0"), ("i0", "6"), ("True", "False"), ("bv", "iv")]:
            yield f"{x} {op} {y}"
    for op in ["<<", ">>"]:
        for x, y in [("iv", "2"), ("im", "kv"), ("i0", "4"), ("-17", "2"), ("1", "kv")]:
            yield f"{x} {op} {y}"
    for op in ["-", "+", "~"]:
        for x in ["iv", "im", "i0"] + (["fv", "f0"] if op != "~" else []) + (["bv"] if op == "~" else []):
            yield f"{op}{x}"
    for c in ["bv", "bm", "b0", "fm > 0.5", "iv"]:
        for x, y in [("fv", "gv"), ("fm", "0.0"), ("1", "2"), ("iv", "fv"), ("fm", "gm"), ("fc", "fv"), ("bv", "cv"), ("1.0", "fm")]:
            yield f"np.where({c}, {x}, {y})"
    for x in FLOATS + INTS:
        yield f"np.clip({x}, -1, 2)"
        yield f"np.clip({x}, None, 1.5)"
        yield f"np.clip({x}, 0.5, None)"
    yield "np.clip(fm, fc, 30.0)"
    for x, y in itertools.product(["fv", "fm", "nv", "iv", "1.0"], ["fv", "fm", "nv", "fv + 1e-9", "1.00000001"]):
        yield f"np.isclose({x}, {y})"
        yield f"np.allclose({x}, {y})"
        yield f"np.array_equal({x}, {y})"
    yield "np.isclose(nv, nv, equal_nan=True)"
    yield "np.allclose(fv, fv + 0.01, atol=0.1)"


def reductions():
    arrays = FLOATS + INTS + BOOLS + ["long", "wide", "wide.T", "um", "it.T", "np.zeros((2, 0))", "lf", "ll"]
    for name in "sum prod mean max min amax amin all any argmax argmin count_nonzero cumsum cumprod".split():
        for x in arrays:
            if name in ("prod", "cumprod") and x in ("it", "it.T", "wide", "wide.T"):
                continue
            yield f"np.{name}({x})"
            for axis in ["0", "1", "-1", "2"]:
                yield f"np.{name}({x}, axis={axis})"
            if not name.startswith("cum"):
                yield f"np.{name}({x}, axis=0, keepdims=True)"
                yield f"np.{name}({x}, keepdims=True)"
            if not name.startswith(("cum", "arg")):
                yield f"np.{name}({x}, axis=(0, 1))"
                yield f"np.{name}({x}, axis=(-1, 0), keepdims=True)"
    for x in ["fm", "im", "bm", "it", "ft"]:
        for method in "sum mean prod max min all any argmax argmin cumsum".split():
            if method == "prod" and x == "it":
                continue
            yield f"{x}.{method}()"
            yield f"{x}.{method}(0)"
            yield f"{x}.{method}(axis=-1)"
    for x in ["fm", "im", "it", "fv"]:
        yield f"np.ptp({x})"
        yield f"np.ptp({x}, axis=0)"
    yield "np.sum(im, dtype=float)"
    yield "np.sum(bm, dtype=bool)"
    yield "np.sum(fm, initial=10.0)"
    yield "np.max(fm, initial=10.0)"
    yield "np.max(fe, initial=-1.0)"
    yield "np.cumsum(im, dtype=float)"
    for f in "sum min max abs round float int bool".split():
        for x in ["f0", "g0", "i0", "b0", "f1", "lf", "li", "fv", "iv"]:
            yield f"{f}({x})"


def shapes():
    arrays = ["fv", "fm", "ft", "im", "it", "bm", "fm.T", "it.T", "fe", "fz", "f0", "f1", "it[:, ::-1]"]
    targets = ["-1", "(3, 2)", "(2, -1)", "(1, 3)", "(4, 6)", "(2, 2, 6)", "6", "(1, 1, -1)", "(0, 5)", "(3,)", "()"]
    for x in arrays:
        for shape in targets:
            yield f"np.reshape({x}, {shape})"
        yield f"{x}.reshape(-1)"
        yield f"{x}.reshape(-1, 1)"
        yield f"{x}.reshape(1, -1)"
        yield f"np.reshape({x}, -1, order='F')"
        for f in "ravel transpose flip squeeze shape ndim size fliplr flipud rot90 copy diag tril triu trace diagonal".split():
            yield f"np.{f}({x})"
        for k in [1, -1]:
            for f in "diag tril triu diagonal trace flip".split():
                yield f"np.{f}({x}, {k})"
        for axis in ["0", "1", "-1", "2", "(0, 1)", "(0, -1)"]:
            yield f"np.expand_dims({x}, {axis})"
            yield f"np.flip({x}, {axis})"
            yield f"np.squeeze(np.expand_dims({x}, {axis}))"
            yield f"np.squeeze(np.expand_dims({x}, {axis}), axis={axis})"
        for a, b in [(0, 1), (0, -1), (1, 2), (-1, 0)]:
            yield f"np.swapaxes({x}, {a}, {b})"
            yield f"np.moveaxis({x}, {a}, {b})"
        yield f"np.transpose({x}, (1, 0))"
        yield f"np.transpose({x}, (2, 0, 1))"
        yield f"np.rot90({x}, 2)"
        yield f"np.rot90({x}, 3)"
        for shape in ["(2, 3)", "(4, 3)", "(2, 2, 3)", "(3,)", "3", "(2, 3, 2)"]:
            yield f"np.broadcast_to({x}, {shape})"
        for attribute in ["shape", "ndim", "size", "T", "dtype"]:
            yield f"{x}.{attribute}" if attribute != "dtype" else f"str({x}.dtype)"
        for shift in ["1", "-2", "5"]:
            yield f"np.roll({x}, {shift})"
            yield f"np.roll({x}, {shift}, axis=0)"
            yield f"np.roll({x}, {shift}, axis=-1)"
        for reps in ["2", "(2, 1)", "(1, 2)", "(2, 1, 2)", "0"]:
            yield f"np.tile({x}, {reps})"
        yield f"np.repeat({x}, 2)"
        yield f"np.repeat({x}, 3, axis=0)"
        yield f"np.repeat({x}, 2, axis=-1)"
        yield f"np.atleast_1d({x})"
        yield f"np.atleast_2d({x})"
        yield f"{x}.flatten()"
        yield f"{x}.tolist()"
        yield f"{x}.astype(int)"
        yield f"{x}.astype(float)"
        yield f"{x}.astype(bool)"
    yield "np.roll(it, (1, 2), axis=(0, 2))"
    yield "np.repeat(fv, [1, 0, 2])"
    yield "np.moveaxis(it, (0, 1), (2, 0))"
    for mode in ["'constant'", "'edge'", "'reflect'", "'symmetric'", "'wrap'"]:
        for x in ["fv", "fm", "im"]:
            for width in ["1", "(1, 2)", "2"]:
                yield f"np.pad({x}, {width}, mode={mode})"
    yield "np.pad(fm, ((1, 0), (0, 2)), constant_values=7.0)"


def creation():
    for f in ["zeros", "ones", "empty"]:
        for shape in ["3", "(2, 3)", "(0,)", "(2, 0, 3)", "()", "[2, 2]", "(2, 1, 2)"]:
            for dtype in ["", ", dtype=int", ", dtype=bool", ", dtype=float", ", dtype=np.float64", ", dtype='int64'"]:
                if f != "empty" or shape in ["(0,)"]:
                    yield f"np.{f}({shape}{dtype})"
    for shape, fill in itertools.product(["3", "(2, 2)", "()"], ["1.5", "2", "True", "np.inf"]):
        yield f"np.full({shape}, {fill})"
        yield f"np.full({shape}, {fill}, dtype=float)"
    yield "np.full((2, 3), fv)"
    for x in ["fv", "im", "bm", "f0", "fz", "lf"]:
        for f in ["zeros_like", "ones_like"]:
            yield f"np.{f}({x})"
            yield f"np.{f}({x}, dtype=float)"
        yield f"np.full_like({x}, 2.7)"
        yield f"np.array({x})"
        yield f"np.asarray({x}, dtype=float)"
    for n in ["0", "1", "3"]:
        yield f"np.eye({n})"
        yield f"np.identity({n})"
        yield f"np.eye({n}, 4, 1)"
        yield f"np.eye({n}, dtype=int)"
        yield f"np.tri({n}, 4)"
    for args in ["5", "0", "-3", "2, 9", "2, 9, 3", "9, 2, -2", "0.5", "5.0", "0, 1, 0.1", "1, 2, 0.3", "-1.5, 4.5, 2", "1, 5, 10",
                 "0, 10, 2.5", "3, dtype=float", "10, 0", "0.0, 0.7, 0.1", "1e6, 3e6, 1e6"]:
        yield f"np.arange({args})"
    for args in ["0, 1", "0, 1, 5", "1, 0, 4", "0.0, 1.0, 1", "0, 10, 11", "2, 2, 3", "0, 1, 5, endpoint=False", "-3.5, 7.25, 6",
                 "0, 1, 0", "0, 9, 4, dtype=int", "fv, gv, 3", "0, fv, 4", "1, 100, 7"]:
        yield f"np.linspace({args})"
    for args in ["0, 2, 3", "0, 1, 4", "-2, 2, 5", "0, 3, 4, base=2.0"]:
        yield f"np.logspace({args})"
    for x in ["[1, 2, 3]", "[1, 2.5]", "[True, False]", "[True, 2]", "[[1, 2], [3, 4]]", "[[1.0], [2.0]]", "[]", "[[], []]", "(1, 2)", "[fv, gv]",
              "[iv, gv]", "[[1, 2], [3]]", "range(4)", "[[[1]]]", "3", "2.5", "[f0, 1]", "[fv[0], 2]", "[np.zeros(2), [1, 2]]"]:
        yield f"np.array({x})"
        yield f"np.array({x}, dtype=float)"
        yield f"np.array({x}, dtype=int)"
    for x, y in [("fv", "gv"), ("iv", "fv"), ("fm", "gm"), ("fv", "[1, 2]"), ("bv", "iv"), ("fm", "np.zeros((1, 3))"), ("f1", "fv"), ("fm", "fv")]:
        for f in ["hstack", "vstack", "column_stack", "stack", "concatenate", "dstack"]:
            yield f"np.{f}([{x}, {y}])"
            yield f"np.{f}(({x}, {y}))"
        for f in ["stack", "concatenate"]:
            for axis in ["0", "1", "-1", "None"]:
                yield f"np.{f}([{x}, {y}], axis={axis})"
        yield f"np.append({x}, {y})"
        yield f"np.append({x}, {y}, axis=0)"
    yield "np.stack([f0, 1.0, 2.0])"
    yield "np.append(fv, 9)"
    yield "np.vstack([1.0, 2.0])"
    yield "np.concatenate(ft)"
    for x in ["fv", "it", "np.arange(7)", "fm"]:
        for sections in ["2", "3", "[1, 2]", "[1, 5]", "[-1]"]:
            yield f"np.array_split({x}, {sections})"
            yield f"np.split({x}, {sections})"
            yield f"np.array_split({x}, {sections}, axis=-1)"
    yield "np.vsplit(fm, 2)"
    yield "np.hsplit(it, 3)"
    yield "np.meshgrid(fv, [1, 2])"
    yield "np.meshgrid(fv, [1, 2], indexing='ij')"
    yield "np.meshgrid(fv, [1, 2], sparse=True)"
    yield "np.indices((2, 3))"
    yield "np.vander(fv)"
    yield "np.vander(iv, 2, increasing=True)"
    yield "np.diagflat(fm)"
    yield "np.insert(fv, 1, 9.0)"
    yield "np.insert(fm, 0, [7.0, 8.0, 9.0], axis=0)"


def products():
    arrays = ["f0", "fv", "gv", "fm", "gm", "fm.T", "sq", "ft", "im", "iv", "bm", "bv", "fz", "it", "wide", "np.ones((2, 4, 3))", "np.ones((1, 2, 2))"]
    for x, y in itertools.product(arrays, repeat=2):
        for f in ["dot", "matmul", "inner", "outer"]:
            yield f"np.{f}({x}, {y})"
        yield f"{x} @ {y}"
    for x, y in itertools.product(["fv", "fm", "ft", "im", "f0"], repeat=2):
        yield f"np.kron({x}, {y})"
    for x, y in [("fm", "gm"), ("fv", "gv"), ("im", "jm"), ("ft", "ft")]:
        yield f"np.vdot({x}, {y})"
        for axes in ["0", "1", "2", "([0], [0])", "([1], [1])", "([0, 1], [0, 1])", "(0, 0)"]:
            yield f"np.tensordot({x}, {y}, {axes})"
    for text, operands in [
        ("ij,jk->ik", "fm, gm.T"), ("ij,jk", "fm, gm.T"), ("ij->ji", "fm"), ("ij->", "fm"), ("ij->i", "fm"), ("ii->i", "sq"), ("ii", "sq"), ("i,j->ij", "fv, gv"),
        ("i,i->", "fv, gv"), ("bij,bjk->bik", "ft, np.swapaxes(ft, 1, 2)"), ("...ij,...jk->...ik", "ft, np.swapaxes(ft, 1, 2)"), ("ijk->kji", "it"),
        ("ij,j->i", "fm, fv"), ("ij,ij->ij", "fm, gm"), ("i,ij,j->", "fv[:2], fm, gv"), ("ba", "fm"), ("ij,ik,il->jkl", "fm, fm, gm"), ("...->...", "fv"),
        ("i...->...", "fm"), ("ij,kj->ik", "im, jm"),
    ]:
        yield f"np.einsum('{text}', {operands})"


def selection():
    indices = ["0", "-1", "1", "5", ":", "1:", "::-1", ":0:-2", "-2:10", "...", "None", "0,", "0, 1", "1, 0", ":, 0", "..., 0", "0, ...", "None, 0", ":, None", "[0]", "[0, 1, 0]", "[-1, 0]",
               "[[0, 1], [1, 0]]", ":, [0, 1]", "[0, 1], [0, 1]", "[0, 1], 0", "0, [0, 1]", ":, [1, 0], 0", "[0, 1], :, [0, 1]", "0, :, [0, 1]", "np.array([1, 0])", "[[0], [1]], [0, 1]", "[]",
               "::-1, ::2", "0:0, 0", "[0, 1], None, [0, 1]", "None, [0, 1], ..., 0", "1:, None, ::-1", "..., None", "..., [1, 0]", "(0, 1)", "[0, 5]", "0, 1, 1", "0, 0, 0, 0", "::0", "1.0", "'a'"]
    for x, index in itertools.product(["fv", "fm", "it", "ft", "im.T", "bm", "it[::-1, :, ::2]"], indices):
        yield f"{x}[{index}]"
    for x, mask in [("fv", "fv > 0"), ("fv", "bv"), ("fm", "fm > 0"), ("fm", "bm"), ("it", "it % 3 == 0"), ("fm", "np.array([True, False])"), ("fm", ":, bv"),
                    ("it", "np.array([False, True])"), ("fv", "fm > 0"), ("ft", "(ft > 2)[:, :, 0]"), ("fm", "np.array([True, False]), [0]"), ("fe", "fe > 0"), ("fm", "1, bv")]:
        yield f"{x}[{mask}]"
    for x in ["fv", "fm", "it", "im", "bm", "nv", "long[::-7]", "fm.T"]:
        for axis in ["", ", axis=0", ", axis=-1", ", axis=None"]:
            yield f"np.sort({x}{axis})"
            yield f"np.argsort({x}{axis}, stable=True)"
        for f in ["nonzero", "flatnonzero", "argwhere", "unique"]:
            yield f"np.{f}({x})"
        yield f"np.unique({x}, return_counts=True)"
        yield f"np.unique({x}, return_index=True, return_inverse=True)"
        yield f"np.take({x}, [0, 1])"
        yield f"np.take({x}, [[0, 1], [1, 0]])"
        yield f"np.take({x}, [0, 1], axis=0)"
        yield f"np.take({x}, 1, axis=-1)"
        yield f"np.take({x}, -1)"
        yield f"np.delete({x}, 0)"
        yield f"np.delete({x}, [0, 1], axis=-1)"
    yield "np.take_along_axis(fm, np.argsort(fm, axis=1), axis=1)"
    yield "np.take_along_axis(fm, np.argsort(fm, axis=0), axis=0)"
    yield "np.take_along_axis(fm, np.array([[0], [2]]), axis=1)"
    for side in ["'left'", "'right'"]:
        for v in ["0.25", "[0.0, 1.5, 99.0]", "fm", "np.nan"]:
            yield f"np.searchsorted(np.sort(fv), {v}, side={side})"
    yield "np.where(fm > 0)"
    yield "np.where(bv)"
    yield "np.bincount(kv)"
    yield "np.bincount(kv, minlength=5)"
    yield "np.bincount(kv, weights=fv)"
    yield "np.digitize(fv, [0.0, 1.0])"
    yield "np.compress(bv, fm, axis=1)"
    for x, index in itertools.product(["li", "lf", "ll", "(1, 'x', 2.5)", "s", "range(2, 20, 3)"], ["0", "-1", "1:", "::-1", ":2", "::2", "5:1:-2", "-2:", "10:", "7"]):
        yield f"{x}[{index}]"
    for x in ["d['a']", "d['z']", "d.get('b')", "d.get('z', 3)", "'a' in d", "'z' in d", "2 in li", "2.5 in lf", "'World' in s", "1 in fv", "1.5 in fv", "list(d)", "list(d.keys())",
              "list(d.values())", "list(d.items())", "len(d)", "d == {'a': 1, 'b': 2.5, 'c': [1, 2]}", "5 in range(2, 20, 3)", "6 in range(2, 20, 3)", "None in [None]"]:
        yield x


def printing():
    for x in NUMBERS + ["long", "wide", "np.arange(1001)", "np.zeros((40, 40))", "np.arange(2000.0).reshape(2, 1000)", "np.arange(1200).reshape(3, 20, 20)", "sq * 1e6", "sq * 1e-6", "fv * 1e16",
              "fv * 1e-5", "fv * 1e100", "nv", "nv[:2]", "nv[1:3]", "np.array([1e10, 1.0])", "np.array([1e16, 1.0])", "np.array([0.1, 1000.0])", "np.array([0.0001, 0.1])",
              "np.array([0.00001])", "np.array([123456789.123456789])", "np.array([1/3, 2/3])", "np.array([1e-300, 1e300])", "np.array([5e-324])", "np.array([-0.0])", "np.array([1e5, 1.5])",
              "np.array([1.0, np.nan])", "np.array([-1.0, np.inf])", "np.array([[np.nan, 1e20]])", "np.array([True])", "np.array([False])", "np.array([100000, -1])", "np.zeros((2, 0))", "np.zeros((0,), dtype=int)",
              "np.array([], dtype=bool)", "np.zeros((2, 2, 2, 2))", "np.linspace(0, 1, 11)", "np.exp(np.arange(20))", "np.arange(30) * 1.25", "np.arange(100)", "np.array([0.1 + 0.2])", "np.array([2.0**0.5, 1e8])",
              "np.array([99999999.0, 0.5])", "np.array([1e3, 1.0001])", "np.array([0.5, 0.25, 0.125])", "np.array([1.23456789012345, 100.0])", "np.arange(12.0).reshape(3, 4) / 7"]:
        yield f"str({x})"
        yield f"repr({x})"
        yield f"[{x}, 1]"
    for x in ["0.1", "1e16", "1e15", "123456789012345678.0", "1e-4", "1e-5", "0.00012345", "1e22", "1e23", "5e-324", "1.7976931348623157e308", "-0.0", "1/3", "2/3", "100.0", "1e100", "float('nan')", "-float('inf')", "0.1+0.2",
              "1e5", "12345.678", "None", "True", "(1,)", "()", "(1, 2.0)", "[]", "[1, [2.5, None]]", "{}", "{1: 'a', 'b': (1, 2)}", "'it\\'s'", "'a\"b'", "'tab\\there'", "'\\\\'", "'é'", "range(3)", "range(1, 10, 2)", "'new\\nline'"]:
        yield x
        yield f"str({x})"
    specs = ["", "d", "5d", "<6d", ">6d", "^7d", "+d", " d", "05d", ",", "_", "x", "#x", "X", "b", "#b", "o", "08b", "*^9", "e", "f", ".2f", "g", "%", "c", "n", "10.3f", "#010x", "_b", ",d", "=+6d", "-=8d"]
    for value, spec in itertools.product(["42", "-7", "1234567", "0", "True"], specs):
        if not (spec == "c" and value.startswith("-")):
            yield f"'{{:{spec}}}'.format({value})"
    specs = ["", ".2f", ".0f", "8.3f", "08.2f", "+.1f", " .1f", "e", ".3e", "E", "g", ".3g", ".10g", "G", "%", ".1%", ",.2f", "_.1f", "<10.2f", "^10.2f", "*>10.2f", ".3", "12", "012", ".1", ".17g", "#.0f", "=10.1f", ",", "f", ".15f", "#g", "x<9", "015,.2f", "n"]
    for value, spec in itertools.product(["3.14159", "-2.5", "0.0", "1234567.891", "1e-10", "1e20", "0.5", "1.5", "2.5", "1e16", "float('inf')", "float('nan')", "-0.0", "100.0", "99999.5"], specs):
        yield f"'{{:{spec}}}'.format({value})"
    for value, spec in itertools.product(["'abc'", "''", "'wide text'"], ["", "10", "<10", ">10", "^10", "*^10", ".2", "5.1", "s", "010"]):
        yield f"'{{:{spec}}}'.format({value})"
    yield "'{} and {}'.format(1, 'two')"
    yield "'{0}-{1}-{0}'.format('a', 'b')"
    yield "'{x:>{w}}'.format(x=3, w=5)"
    yield "'{{}} {!r}'.format('q')"
    yield "'{0[1]}'.format([1, 2])"


def python():
    for f in ["len", "sum", "max", "min", "sorted", "list", "tuple", "any", "all", "str", "repr", "bool", "enumerate", "reversed"]:
        for x in ["li", "lf", "(3, 1, 2)", "[]", "'hello'", "range(4)", "d", "fv", "[True, False]", "ll", "['b', 'a']"]:
            if f in ("enumerate", "reversed"):
                if f == "reversed" and x == "d":
                    continue
                yield f"list({f}({x}))"
            else:
                yield f"{f}({x})"
    for x in ["sorted(li, reverse=True)", "max(1, 2.5, -3)", "min(3, 1)", "max([], default=0)", "sum(lf, 1.0)", "sum([fv, gv])", "list(zip(li, lf))", "list(zip(li, 'abc', lf))", "list(zip())", "list(enumerate('ab', 1))",
              "abs(-3)", "abs(-2.5)", "abs(True)", "round(2.5)", "round(3.5)", "round(-0.5)", "round(2.675, 2)", "round(1234.5678, -2)", "round(15, -1)", "round(25, -1)", "round(1e300)", "round(7)", "round(0.15, 1)", "int(3.99)", "int(-3.99)", "int('42')",
              "int(' -7 ')", "int('ff', 16)", "int('x')", "int(True)", "int(float('nan'))", "float('1e3')", "float(' 2.5 ')", "float('nan')", "float('-inf')", "float('x')", "float(3)", "bool([])", "bool('a')", "bool(0.0)", "divmod(7, -2)", "divmod(-7.5, 2)", "pow(2, 10)",
              "pow(2, -1)", "pow(3, 4, 5)", "isinstance(1, int)", "isinstance(True, int)", "isinstance(1.0, (int, float))", "isinstance('a', str)", "isinstance(fv, np.ndarray)", "isinstance(d, dict)", "isinstance(1, float)", "dict([('a', 1)])", "dict(a=1, b=2)", "dict(d)",
              "str(1.0)", "str('a')", "str([1, 'a'])", "list('abc')", "tuple([1, 2])", "range(5)", "len(range(0, 10, 3))", "list(range(10, 0, -3))", "list(map(abs, [-1, 2]))", "list(filter(None, [0, 1, 2]))"]:
        yield x
    numbers = ["0", "1", "7", "-7", "3", "-3", "0.0", "2.5", "-2.5", "0.1", "True", "1e300", "float('inf')"]
    for op in ["+", "-", "*", "//", "%", "/", "**"]:
        for x, y in itertools.product(numbers, numbers):
            # Division by zero of floats is inf here, as in NumPy; Python alone has an error. Complex powers are nan.
            if op in ("/", "//", "%", "**") and float(eval(y)) <= 0 and (op != "//" or "." in x + y or "e" in x + y) and float(eval(y)) == 0:
                continue
            if op == "**" and (float(eval(x)) <= 0 and not float(eval(y)).is_integer() or float(eval(x)) == 0 and float(eval(y)) < 0 or "e300" in x and y != "0"):
                continue
            if op == "**" and y == "1e300" or op == "//" and y == "0" and "inf" in x:
                continue
            yield f"({x}) {op} ({y})"
    for op in ["<", "<=", "==", "!=", ">", ">="]:
        for x, y in itertools.product(["1", "1.0", "True", "2", "'a'", "'b'", "[1, 2]", "[1, 3]", "(1, 2)", "(1, 2.5)", "None", "9007199254740993", "9007199254740992.0", "float('nan')", "[]"], repeat=2):
            yield f"{x} {op} {y}"
    for x in ["'a' + 'b'", "[1] + [2.5]", "(1,) + (2,)", "'ab' * 3", "[1, 2] * 2", "2 * (1,)", "[0.0] * 3", "'a' + 1", "[1] + 1", "not 0", "not 'a'", "-True", "+True", "2 ** 62", "-2 ** 62", "1 if fv[0] > 1 else 2",
              "None is None", "1 is not None", "1 < 2 < 3", "3 > 2 > 2", "[] or 'x'", "1 and 2", "{'a': 1} | {'b': 2}", "~5", "5 & 3", "5 | 3", "5 ^ 3", "1 << 10", "-9 >> 1", "7 // 2", "-7 // 2", "1 // 0", "1 % 0"]:
        yield x
    for call in ["upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "split()", "split(', ')", "split('l', 1)", "replace('l', 'L')", "replace('l', 'L', 1)", "startswith('Hell')", "endswith(('x', 'ld'))", "find('o')", "find('zz')",
                 "rfind('o')", "index('W')", "count('l')", "count('')", "isdigit()", "isalpha()", "zfill(15)", "ljust(15, '.')", "rjust(15)", "center(20, '*')", "center(17)", "splitlines()", "rsplit(',', 1)", "removeprefix('Hello')", "removesuffix('x')", "join(['a', 'b'])", "isupper()", "isspace()"]:
        yield f"s.{call}"
    for x in ["'-42'.zfill(6)", "' a b  c '.split()", "' a b  c '.split(None, 1)", "'a,b,,c'.split(',')", "'x\\ny\\n'.splitlines()", "'xxaxx'.strip('x')", "'123'.isdigit()", "''.isdigit()", "', '.join(['1'])", "li.index(1)", "li.count(3)", "(1, 2, 1).count(1)", "[1, 2].index(5)", "li.copy()",
              "'abc'.center(6, '-')", "'abc'.center(8, '-')"]:
        yield x
    for name in "sqrt cbrt exp exp2 expm1 log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh fabs degrees radians log floor ceil trunc isnan isinf isfinite".split():
        for x in ["0.3", "0.75", "1", "2.5", "-0.6"]:
            try:
                eval(f"math.{name}({x})")
            except ValueError:
                continue
            yield f"math.{name}({x})"
    for x in ["atan2(1, 2)", "pow(2, 0.5)", "fmod(-7, 3)", "copysign(2, -0.0)", "log(8, 2)", "isclose(1.0, 1.0 + 1e-10)", "isclose(1, 2)", "gcd(12, 18)", "gcd(0, 5)", "gcd(-4, 6)", "lcm(4, 6)", "lcm(0, 3)", "factorial(0)", "factorial(10)", "factorial(20)", "comb(10, 3)", "comb(5, 7)",
              "comb(60, 30)", "perm(5, 2)", "perm(4)", "isqrt(17)", "hypot(3, 4)", "dist([1, 2], [4, 6])", "fsum([0.1] * 10)", "fsum([1e100, 1.0, -1e100])", "fsum([])", "prod([1, 2, 3])", "prod([1.5, 2])", "floor(-2.5)", "ceil(2.1)", "trunc(-2.7)", "pi", "e", "inf", "tau"]:
        yield f"math.{x}"


def plain(value):
    """The result as this language has it: NumPy's scalars and 0-d arrays are numbers."""
    if isinstance(value, np.ndarray):
        return plain(value.item()) if value.ndim == 0 else value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def fits(value):
    """Whether the language has the value: integers of 64 bits, no complex numbers, no other element types."""
    if isinstance(value, np.ndarray):
        return value.dtype in (np.float64, np.int64, np.bool_)
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, (tuple, list)):
        return all(fits(item) for item in value)
    return not isinstance(value, complex)


def record(name, expressions):
    scope = {"np": np, "math": math}
    lines = []
    for line in PRELUDE.strip().splitlines():
        target, expression = line.split(" = ", 1)
        scope[target] = eval(expression, scope)
        lines.append(line)
    seen = set()
    count = 0
    for expression in expressions:
        if expression in seen:
            continue
        seen.add(expression)
        try:
            names = scope
            if re.search(r"\b[fib]0\.", expression):
                names = {**scope, "f0": np.float64(2.5), "i0": np.int64(3), "b0": np.True_}
            value = plain(eval(expression, names))
            if not fits(value):
                continue
            result = repr(value)
        except Exception as error:
            result = "!" + type(error).__name__
        lines.append(expression.replace("\t", " ") + "\t" + result.replace("\\", "\\\\").replace("\n", "\\n"))
        count += 1
    with open(os.path.join(HERE, f"library_{name}.txt"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{name}: {count}")


for generator in [elementwise, reductions, shapes, creation, products, selection, printing, python]:
    record(generator.__name__, generator())
