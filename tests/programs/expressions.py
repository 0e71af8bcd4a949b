"""Records what CPython makes of expressions on strings, numbers and containers, and of format specifications.

    python3 tests/programs/expressions.py

writes a .tsv file for each family, for tests/programs.rs: `expression<TAB>repr of the result` lines; a
result that starts with `!` is the error that CPython raised. The expressions are drawn systematically.
"""

import itertools
import math
import os
import random
import warnings

import numpy as np

warnings.simplefilter("ignore")

HERE = os.path.dirname(os.path.abspath(__file__))

TEXTS = ["''", "'a'", "'Hello, World'", "'  two  words '", "'aXbXXc'", "'naïve ÉCOLE ß ǆ'", "'1a2 b3'", "'line\\nnext\\r\\nlast\\n'", "'123'", "'-007.5'", "'tab\\tend'", "'日本語テキスト'", "'²½Ⅷ'", "\"it's\"", "'ab' * 5", "'\\x00\\x1f\\x7f\\xa0\\xad\\u200b\\ue000'", "'a_b'", "'if'", "'\\x1c x\\x85y\\u2028z'", "'ΑΣ ὈΔΥΣΣΕΎΣ'"]
PARTS = ["''", "'a'", "'X'", "'l'", "' '", "'lo'", "'\\n'", "'ß'", "'ab'"]


def strings():
    for s in TEXTS:
        for call in ["upper lower title capitalize swapcase casefold strip lstrip rstrip split rsplit splitlines isdigit isalpha isalnum isspace isupper islower istitle isdecimal isnumeric isidentifier isascii isprintable expandtabs"]:
            for name in call.split():
                yield f"{s}.{name}()"
        yield from (f"{s}.splitlines(True)", f"{s}.splitlines(keepends=True)", f"{s}.expandtabs(3)", f"len({s})", f"repr({s})", f"list({s})", f"tuple({s})", f"sorted({s})", f"({s})[::-1]", f"list(enumerate({s}))", f"bool({s})", f"ascii({s})", f"[ord(c) for c in {s}]", f"list(reversed({s}))", f"max({s})", f"({s}, [{s}], {{{s}: {s}}})", f"f'{{{s!s}}}'" if "'" not in s else f"str({s})")
        for width in [0, 4, 9, 16, 17]:
            yield f"{s}.zfill({width})"
            for f in ["center", "ljust", "rjust"]:
                yield f"{s}.{f}({width})"
                yield f"{s}.{f}({width}, '*')"
        for p in PARTS:
            for f in ["find", "rfind", "index", "rindex", "count", "startswith", "endswith", "split", "rsplit", "strip", "lstrip", "rstrip", "partition", "rpartition", "removeprefix", "removesuffix", "join"]:
                yield f"{s}.{f}({p})"
            yield f"{p} in {s}"
            yield f"{p} not in {s}"
            for n in [0, 1, 2]:
                yield f"{s}.split({p}, {n})"
                yield f"{s}.rsplit({p}, maxsplit={n})"
                yield f"{s}.replace({p}, 'oo', {n})"
            yield f"{s}.replace({p}, '')"
            yield f"{s}.replace({p}, '--')"
            for i, j in [(1, 5), (-3, None), (2, -1), (50, 60), (0, 0)]:
                for f in ["find", "rfind", "index", "count", "startswith", "endswith"]:
                    yield f"{s}.{f}({p}, {i}, {j})" if j is not None else f"{s}.{f}({p}, {i})"
        for n in [0, 1, 2]:
            yield f"{s}.split(None, {n})"
            yield f"{s}.split(maxsplit={n})"
            yield f"{s}.rsplit(None, {n})"
        for i in [0, 1, -1, 3, -20]:
            yield f"({s})[{i}]"
        for i, j, k in itertools.product(["", "1", "-2", "30"], ["", "3", "-1", "-30"], ["", "2", "-1", "-3"]):
            yield f"({s})[{i}:{j}:{k}]"
    for p, q in itertools.product(TEXTS[:12], repeat=2):
        for op in ["+", "<", "<=", "==", ">", "in"]:
            yield f"({p}) {op} ({q})"
    for s in ["'abc'", "''", "'a1'"]:
        for call in ["startswith(('x', 'a'))", "endswith(('c', 'q'))", "startswith(())", "startswith(['a'])", "startswith(1)", "join([])", "join(['p', 'q', 'r'])", "join(('p',))", "join('xyz')", "join({'k': 1, 'l': 2})", "join([1])", "join(1)", "join(str(i) for i in range(4))", "find(1)", "index('zz')", "split('')", "partition('')", "center('a')", "center(3, '')", "center(3, 'ab')", "replace('a')", "nope()", "upper(1)", "format()", "zfill('a')", "strip(1)", "count()", "ljust(5, fillchar='x')", "maketrans('ab', 'xy')", "translate({97: 'x', 98: None, 99: 120})", "encode()"]:
            if call.startswith(("encode", "maketrans")):
                continue
            yield f"{s}.{call}"
        yield from (f"{s} + 1", f"{s} * 2.0", f"{s} * -1", f"2 * {s}", f"{s}[1.0]", f"{s}['a']", f"{s} < 1", f"-{s}", f"{s} - {s}", f"{s}[0:1:0]", f"1 in {s}", f"{s} and 1", f"{s} or 2", f"not {s}", f"{s} == 1", f"{s} != 1")
    literals = [r"'\a\b\f\n\r\t\v\\\'\"'", r"'\x41\u0042\U00000043'", r"'\101\60\0'", r"r'\n\x'", r"'\N{GREEK SMALL LETTER ALPHA}'", "'a' 'b' \"c\"", "'''x\ny'''", "u'x'", r"rf'\d{1+1}'", r"'\
continued'", "'\U0001f600'", r"'\U0001f600'", r"'\q'", r"'\ud7ff'"]
    for s in literals:
        if "\n" in s or "\\N" in s or "\\q" in s:
            continue
        yield s
        yield f"len({s})"
        yield f"print({s})"
    for f in ["chr(65)", "chr(8364)", "chr(-1)", "chr(1114112)", "ord('a')", "ord('€')", "ord('ab')", "ord('')", "ord(1)", "hex(255)", "hex(-255)", "hex(0)", "oct(8)", "oct(-9)", "bin(10)", "bin(-10)", "bin(True)", "hex(1.0)", "ascii('é\\n')", "ascii(['é'])", "repr('é')", "repr(\"a'b\")", "repr('a\"b')", "repr('a\\'b\"c')", "str(None)", "str(True)", "str(1e16)", "str(123456789012345680.0)", "str(1e-5)", "str(0.0001)", "str(-0.0)", "repr(1e22)", "repr(1.0)", "str(float('nan'))", "str(-float('inf'))", "repr(...)", "str(range(3))", "str(range(1, 10, 2))", "repr(slice(1, 2, None))", "int('0x1f', 16)", "int('0b11', 2)", "int('0o17', 0)", "int('z', 36)", "int('1_000')", "int('１２')", "int('')", "int('1.5')", "int('5', 1)", "int('9', 8)", "int('-0x10', 0)", "int(' 12\\n')", "int(None)", "int([])", "int(1e18)", "int(-2.9)", "int('12', base=3)", "float('1_0.5')", "float('')", "float('infinity')", "float('-Nan')", "float('1e400')", "float('0x1p3')", "float('.5')", "float('5.')", "float(None)", "float([1])", "float(True)", "int()", "float()", "str()", "bool()", "list()", "tuple()", "dict()", "bool(None)", "bool('False')", "bool(0.0)", "bool(())", "bool({})", "bool(range(0))", "bool([0])",
              "abs('a')", "sum(['a'])", "sum('ab', '')", "sum([[1], [2]], [])", "sum(((1,), (2,)), ())", "sum([1, 2], start=10)", "sum({1: 2, 3: 4})", "sum([True, True, 0.5])", "sum([0.1] * 10)", "max('abc')", "max(['b', 'a'], key=len)", "max([1, -5, 3], key=abs)", "min([(2, 'a'), (1, 'z')])", "max(1, 2, key=lambda v: -v)", "max({'a': 1, 'b': 0})", "max([], default='none')", "max([])", "max()", "max(1)", "min(1, 'a')", "min([], key=abs, default=3)", "round(2.5)", "round(-1.5)", "round(1.005, 2)", "round(1e20)", "round(12345, -2)", "round(12350, -2)", "round(12450, -2)", "round(2.5, None)", "round('a')", "round(True)", "round(float('nan'), 2)", "round(0.5), round(1.5), round(2.5)", "round(1234567.891, -3)", "round(5e-324, 400)", "round(1.7976931348623157e308, -308)", "divmod(-7, 3)", "divmod(7.5, -2)", "divmod(1, 0)", "pow(2, 10, 1000)", "pow(2, -1, 7)", "pow(2.0, 3)", "pow(0, 0)", "pow(-8, 3)", "pow(2, 0.5)", "pow(3, -2)", "pow(-2, 5, 7)", "pow(2, 3, -5)", "any([])", "all([])", "any([0, '', None])", "all([1, 'a'])", "any(x > 2 for x in [1, 2, 3])", "all(x > 0 for x in [1, 0])", "list(map(lambda a, b: a + b, [1, 2, 3], [10, 20]))", "list(filter(lambda v: v > 1, [1, 2, 3]))", "list(zip([1, 2], 'ab', (True, False)))", "list(zip([1, 2], [3]))", "list(zip([1], [2], strict=True))", "list(zip([1, 2], [3], strict=True))", "list(enumerate('ab', start=5))", "list(reversed(range(0, 10, 3)))", "list(reversed({'a': 1, 'b': 2}))", "sorted('bca', reverse=True)", "sorted([3, 1, 2], key=lambda v: -v)", "sorted({'b': 1, 'a': 2})", "sorted(['b', 'A', 'c'], key=str.lower)", "sorted([1, 'a'])", "sorted([(1, 'b'), (1, 'a'), (0, 'z')])", "sorted([[2], [1, 5], []])", "sorted([1.5, 1, True, 0])", "sorted([None, 1])", "sorted(range(3), reverse=True)", "sorted(['aa', 'b', 'cc', 'd'], key=len)", "sorted(['aa', 'b', 'cc', 'd'], key=len, reverse=True)", "isinstance(1, (int, str))", "isinstance('a', str)", "isinstance(True, bool)", "isinstance(1.0, float)", "isinstance((), tuple)", "isinstance([], list)", "isinstance({}, dict)", "isinstance(None, type(None))", "type(1) == int", "type('a') is str", "type(1.5).__name__", "callable(len)", "callable(3)", "range(5)[2]", "range(5)[-1]", "range(5)[7]", "range(10)[2:8:2]", "range(10)[::-1]", "3 in range(5)", "3.0 in range(5)", "2.5 in range(5)", "'a' in range(5)", "range(0, 10, 2).index(4)", "range(5).count(3)", "len(range(10, 0, -3))", "range(3) == range(0, 3, 1)", "range(0) == range(2, 1)", "range(1, 2, 0)", "range(1.5)", "range('a')", "range(5).start", "range(5).stop", "range(5).step", "list(range(5, 0))", "tuple(range(3))", "list(range(-5, 5, 4))", "range(2**62, 2**63 - 1, 2**61)", "len('abc'), len([1]), len({}), len(())", "len(5)", "len(None)", "iter(3)", "hash(1) == hash(1.0)", "next(iter([1]))", "id(1) == id(1)", "divmod(2**62, 3)", "print()", "print(1, 2)", "input", "list(5)", "tuple(5)", "dict(5)", "dict([(1, 2), (3,)])", "dict([[1, 2], 'ab'])", "dict({'a': 1}, b=2)", "dict(zip('ab', [1, 2]))", "dict.fromkeys('ab')", "dict.fromkeys([1, 2], 0)", "str.upper('abc')", "list(map(str, [1, 2.5, None]))", "list(map(str.strip, [' a ', 'b ']))", "', '.join(map(str, range(4)))", "str.join('-', ['a', 'b'])", "list.copy([1])", "[*range(3), *'ab']", "(*[1, 2], 3)", "{**{'a': 1}, 'b': 2, **{'a': 3}}", "[*{'k': 1}]", "[x for x in range(5) if x % 2 if x > 1]", "[(x, y) for x in range(3) for y in range(x)]", "[[y * x for y in range(3)] for x in range(2)]", "{k: v for k, v in zip('abc', range(3))}", "{k: [v, k] for v, k in enumerate('ab')}", "[x for x, in [(1,), (2,)]]", "[a + b for a, (b, *c) in [(1, (2, 3, 4))]]", "sum(x * x for x in range(5))", "tuple(x for x in 'abc')", "dict((k, 1) for k in 'ab')", "[y := 5, y ** 2]", "(lambda x, y=2, *a, k=3, **m: (x, y, a, k, m))(1)", "(lambda x, y=2, *a, k=3, **m: (x, y, a, k, m))(1, 5, 6, 7, k=8, z=9)", "(lambda *a: a)(*[1, 2], 3, *(4,))", "(lambda **k: k)(**{'a': 1}, b=2)", "(lambda: 5)()", "(lambda x: lambda y: x + y)(1)(2)"]:
        yield f


def formats():
    numbers = ["0", "1", "-1", "7", "-12345", "123456789", "2**62", "True", "255"]
    floats = ["0.0", "-0.0", "1.0", "-1.5", "3.141592653589793", "1234567.891", "1e-7", "1.5e300", "-2.5e-12", "0.5", "2.5", "99999.5", "0.1", "float('inf')", "-float('inf')", "float('nan')", "1e16", "123456789.0", "0.00012345", "1e15"]
    texts = ["''", "'abc'", "'naïve'", "'日本'"]
    aligns = ["", "<", ">", "^", "=", "*<", "*^", "0=", "x>", "é^", "{{<"[:0]]
    signs = ["", "+", "-", " "]
    for align, sign, alt, zero, width, group, precision in itertools.product(["", "*^", "=", "<"], signs[:3], ["", "#"], ["", "0"], ["", "12"], ["", ",", "_"], ["", ".0", ".3"]):
        spec = align + sign + alt + zero + width + group + precision
        for kind in ["", "e", "f", "g", "%"]:
            for x in ["1234.5", "-0.000125", "2e20"]:
                yield f"format({x}, {spec + kind!r})"
        if not precision:
            for kind in ["", "d", "b", "x", "o"]:
                for x in ["-48879", "7"]:
                    yield f"format({x}, {spec + kind!r})"
    for x in floats:
        for kind in ["", "e", "E", "f", "F", "g", "G", "n", "%", ".0e", ".0f", ".0g", ".1f", ".2e", ".3g", ".5g", ".10g", ".17g", ".20f", ".1%", "#.3g", "#.0f", "#g", "#.0e", "+.2f", " .2f", "010.2f", "+010.2f", "<10.1f", "^12.3e", "=+10.1f", "_.2f", ",.3f", "015,.2f", ".1", ".3", ".17", ".0", "8.3", "z.1f", "d", "x", "s", "c", "10", "<10", "^10", "+", ".50f", ".30e"]:
            if kind == "z.1f":
                continue
            yield f"format({x}, {kind!r})"
    for x in numbers:
        for kind in ["", "d", "b", "o", "x", "X", "c", "n", "e", "f", "g", "%", "s", ",", "_", "_b", "_x", ",x", "#x", "#X", "#b", "#o", "#010x", "+d", " d", "08d", "+08d", "<8d", "^8d", ">8", "=8", "*=8d", ".2", ".2d", ".2f", ",.1f", "020,d", "#_x", "#020_b", "0^10", "5%", ".3e", ".0f", "k", "^+9,", "<08", "010"]:
            if x == "True" and kind in ("", ">8", "=8", "0^10", "<08", "010", "s"):
                pass
            yield f"format({x}, {kind!r})"
    for s in texts:
        for kind in ["", "s", "10", "<10", ">10", "^10", "*^11s", ".2", ".2s", "10.2", "^8.1", "d", "=10", "+s", "#s", ",", "010", "0", ".0", "é>8", "<<8"]:
            yield f"format({s}, {kind!r})"
    for x in ["None", "[1, 2]", "(1,)", "{'a': 1}", "True"]:
        for kind in ["", "s", ">10"]:
            yield f"format({x}, {kind!r})"
        yield f"f'{{{x}}}|{{{x}!r}}|{{{x}!s:>12}}|{{{x}!a}}'" if "'" not in x else f'f"{{{x}!r:>14}}"'
    for f in ["f'{1+1=}'", "f'{1 + 1 = }'", "f'{3.14159=:.2f}'", "f'{\"a\"=}'", "f'{\"a\"=!s}'", "f'{\"a\"!r:>6}'", "f'{{}}'", "f'{{{1}}}'", "f'{1:{2+3}d}'", "f'{3.14159:{8}.{2}f}'", "f'{3.14159:{\"*\"}^{12}.{3}}'", "f'{\"x\":>{4}}|'", "f'a{1}b{2}c'", "f'{[1, 2][0]}'", "f'{ {\"a\": 1}[\"a\"] }'", "f'{(lambda v: v * 2)(3)}'", "f'{1 if True else 2}'", "f'{1,2}'", "f'{1!r}'", "f'{None}'", "f'{\"é\"!a}'", "f'{1:05}' f'{2:<3}|' 'x'", "f'{1_000_000:,}'", "f'{-5 % 3}'", "f'{1 != 2}'", "f'{2 ** 10:>8,}'", "f'''{1}\n'''" , "f'{\"a\" \"b\"}'", "f'{1:}'", "f'{x:=5}' if False else 0", "f'{(y := 5)}{y}'", "f'{1.0}{1e20}{1e-10}'", "rf'\\{1}'", "f'{1}\\n{2}'", "f'{3:>{1 + 4}}'", "f'{True:d}'", "f'{True}'", "f'{5:b}{5:#b}{5:08b}'", "f'{0.1 + 0.2}'", "f'{0.1 + 0.2:.17f}'", "f'{1e3:g}'", "f'{1e6:g}{1e5:g}{123456789:g}'",
              "'{} {}'.format(1, 2)", "'{1} {0}'.format(1, 2)", "'{a} {b}'.format(a=1, b=2)", "'{0[1]} {1[k]}'.format([1, 2], {'k': 3})", "'{:>5}|{:<5}|'.format('a', 'b')", "'{:{}}|'.format('a', 5)", "'{:{w}.{p}f}'.format(3.14159, w=8, p=2)", "'{!r}'.format('a')", "'{0!r:>5}'.format('a')", "'{{}}'.format()", "'{} {1}'.format(1, 2)", "'{}'.format()", "'{a}'.format()", "'{'.format(1)", "'}'.format(1)", "'{:d}'.format('a')", "'{:q}'.format(1)", "'{0} {0}'.format(5)", "'{x!z}'.format(x=1)", "'%d' % 5", "'%s and %r' % ('a', 'b')", "'%5.2f|%-6d|%06d' % (3.14159, 42, 42)", "'%x %o %e %g %%' % (255, 8, 12345.678, 0.0001)", "'%(a)s %(b)d' % {'a': 1, 'b': 2}", "'%s' % (1,)", "'%d %d' % (1,)", "'%d' % 'a'", "'%s' % [1, 2]", "'%c%c' % (65, 'b')", "'%+d % d %#x' % (5, 5, 255)", "'%10s|%-10s|' % ('a', 'b')", "'%*d' % (5, 3)", "'%.3s' % 'abcdef'", "'abc' % ()", "'%s %s' % ('a', 'b', 'c')", "format(1)", "format(3.0)", "format('a', '>3')"]:
        if "\n" not in f:
            yield f


def containers():
    lists = ["[]", "[1]", "[3, 1, 2]", "[1.5, 2]", "['b', 'a', 'c']", "[1, 'a', None]", "[[1, 2], [3]]", "[1, 2, 1, 3, 1]", "(3, 1, 2)", "()", "('a',)"]
    for x in lists:
        yield from (f"len({x})", f"{x}[::-1]", f"{x}[1:]", f"{x}[:-1]", f"{x}[::2]", f"{x}[-2:]", f"{x}[5:]", f"{x} * 2", f"0 * {x}", f"{x} + {x}", f"list({x})", f"tuple({x})", f"sorted({x})", f"{x}[0]", f"{x}[-1]", f"{x}[7]", f"{x}['a']", f"{x}[1.0]", f"1 in {x}", f"'a' in {x}", f"{x}.count(1)", f"{x}.index(1)", f"{x}.index(1, 1)", f"{x}.index(1, 1, 3)", f"{x} == {x}", f"{x} != {x}", f"{x} < [2]", f"{x} < (2,)", f"str({x})", f"max({x})", f"min({x})", f"sum({x})", f"any({x})", f"all({x})", f"list(reversed({x}))", f"list(enumerate({x}))", f"list(zip({x}, {x}))", f"not {x}", f"bool({x})", f"[*{x}, 0]", f"{x}[True]", f"{x}[::0]", f"{x} * 1.5", f"{x} + 1", f"{x}[None:None:None]", f"{x}[-100:100]", f"{x}[100:-100:-1]", f"-{x}", f"{x}.nope", f"{{{x}: 1}}", f"{x} is None", f"{x} and 1", f"{x} or 1", f"f'{{{x}}}'" if "'" not in x else f'f"{{{x}}}"')
    methods = ["append(9)", "insert(0, 9)", "insert(-1, 9)", "insert(99, 9)", "insert(-99, 'x')", "extend([8, 9])", "extend('xy')", "extend(range(2))", "extend({'k': 1})", "extend(5)", "remove(1)", "remove('zz')", "pop()", "pop(0)", "pop(-1)", "pop(9)", "pop(1)", "reverse()", "sort()", "sort(reverse=True)", "sort(key=str)", "sort(key=lambda v: -v)", "clear()", "copy()", "append()", "append(1, 2)", "nope(1)", "insert(1)", "index()"]
    for x, method in itertools.product(lists[:8], methods):
        yield f"(lambda v: (v.{method}, v))({x})"
    targets = ["0", "-1", "7", "-9", "1:", ":1", "::2", "::-1", "1:2", "5:9", ":", "2:1", "'a'", "1.0"]
    for x, at in itertools.product(lists[:8], targets):
        yield f"v = {x}; v[{at}] = 9; v"
        yield f"v = {x}; v[{at}] = [7, 8]; v"
        yield f"v = {x}; v[{at}] = 'xyz'; v"
        yield f"v = {x}; v[{at}] = (); v"
        yield f"v = {x}; del v[{at}]; v"
        yield f"v = {x}; v[{at}] += 1; v"
        yield f"v = {x}; v[{at}] += [5]; v"
    dicts = ["{}", "{'a': 1}", "{'a': 1, 'b': [2, 3], 'c': {'d': 4}}", "{1: 'x', 2.5: 'y', True: 'z', None: 0}", "{(1, 2): 'p', (): 'q'}", "{1.0: 'a', '1': 'b'}"]
    methods = ["keys()", "values()", "items()", "get('a')", "get('zz')", "get('zz', 5)", "get(1)", "pop('a')", "pop('zz')", "pop('zz', 7)", "pop(1)", "popitem()", "setdefault('a', 9)", "setdefault('n', [])", "setdefault('m')", "update({'a': 5, 'new': 6})", "update(k=1)", "update([('p', 1)])", "update({'a': 1}, z=2)", "update()", "update(5)", "clear()", "copy()", "get()", "nope()", "get([1])", "pop()"]
    for d, method in itertools.product(dicts, methods):
        yield f"(lambda v: (v.{method}, v))({d})"
    for d in dicts:
        yield from (f"len({d})", f"list({d})", f"list({d}.keys())", f"list({d}.values())", f"list({d}.items())", f"{d}.keys()", f"{d}.items()", f"'a' in {d}", f"1 in {d}", f"[1] in {d}", f"'a' in {d}.keys()", f"1 in {d}.values()", f"('a', 1) in {d}.items()", f"{d}['a']", f"{d}[1]", f"{d}[1.0]", f"{d}[(1, 2)]", f"{d}[[1]]", f"{d}['zz']", f"{d} == {d}", f"{d} != {d}", f"{d} | {{'z': 1}}", f"{d} | 1", f"{d} + {d}", f"{d} < {d}", f"bool({d})", f"sorted({d}.items(), key=str)", f"dict({d})", f"tuple({d})", f"list(reversed({d}))", f"len({d}.items())", f"[k for k in {d}]", f"[(k, v) for k, v in {d}.items()]", f"{{v: k for k, v in {d}.items()}}", f"max({d}.values())", f"sum({d}.values())", f"str({d})", f"{d}.keys() == {d}.keys()", f"list({d}.items())[0]", f"{d}.keys()[0]", f"list(reversed({d}.items()))", f"{d}[0:1]", f"not {d}", f"list(zip({d}, {d}.values()))", f"sorted({d})", f"set({d}.keys()) if False else 0", f"repr({d}.values())", f"{{**{d}}}", f"v = {d}; v['a'] = 3; v", f"v = {d}; v[1] = 3; v", f"v = {d}; del v['a']; v", f"v = {d}; v['a'] += 3; v", f"v = {d}; v |= {{'q': 1}}; v", f"v = {d}; v[[1]] = 3; v", f"v = {d}; v.keys() | 1")
    values = ["0", "1", "-7", "3", "2.5", "-0.5", "True", "None", "'a'", "[1]", "(1,)", "{}", "2**62", "float('nan')", "range(2)"]
    for op in ["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "and", "or"]:
        for x, y in itertools.product(values, repeat=2):
            if "2**62" in x + y and op in ("**", "<<") and (y == "2**62" or op == "**" and "2**62" in x and y not in "01"):
                continue
            if op == "*" and "2**62" in x + y and any(c in x + y for c in "'[("):
                continue
            if op == "is" and not ("None" in x + y or "True" in x + y):
                continue
            yield f"({x}) {op} ({y})"
    for op in ["-", "+", "~", "not "]:
        yield from (f"{op}({x})" for x in values)
    for f in ["1 < 2 < 3", "1 < 3 < 2", "1 == 1.0 == True", "1 < 2 > 1 != 5", "3 > 2 > 2 > 'a'", "1 in [1] == True", "not 1 == 2", "-2 ** 2", "2 ** -1", "2 ** 3 ** 2", "(-2) ** 2", "-7 // 2", "-7 % 3", "7 % -3", "-7.5 // 2", "-7.5 % 2", "7 // -2.0", "1 / 3", "10 / 5", "0 / 5", "5 // 0.5", "1e308 * 10", "2 ** 63", "2 ** 62 * 2", "-2 ** 63", "(-2) ** 63", "9223372036854775807 + 1", "-9223372036854775807 - 1", "-9223372036854775807 - 2", "9223372036854775807 * -1", "(-2 ** 62) * 2 // -1", "1 << 62", "1 << 63", "1 << -1", "1 >> 70", "-1 >> 70", "5 & -2", "5 | -8", "5 ^ -1", "~0", "True + True", "True & False", "True | 2", "True ^ True", "~True", "1 if [] else 2", "1 and 0 or 3", "[] and x_undefined", "1 or x_undefined", "None or 0", "0x1F + 0b11 + 0o17 + 1_000", "1e3 + 1_0.0_1 + .5 + 5.", "1.5e-3", "0xdead_beef", "1 if 2 else 3 if 4 else 5", "lambda: 1", "(1)", "(1,)", "1, 2", "...", "[1, [2, [3, [4]]]]", "{'a': {'b': {'c': 1}}}", "((1,),)", "[(), [], {}]", "'a' if 'a' < 'b' else 'c'", "0.1 + 0.2", "1e16 + 1", "3 * 0.1", "100 * 1.1", "1 - 0.9", "5 // 2 * 2 + 5 % 2", "2 ** 0.5", "4 ** 0.5", "10 ** -2", "10 ** 18", "10 ** 19", "abs(-9223372036854775808)", "-(-9223372036854775807 - 1)", "(-9223372036854775807 - 1) // -1", "(-9223372036854775807 - 1) % -1", "int('9223372036854775808')", "int(9.3e18)", "[1, 2] == [1.0, 2.0]", "(1, 2) == [1, 2]", "{'a': 1} == {'a': 1.0}", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "[1, 2] < [1, 3]", "[1, 2] < [1, 2, 0]", "(1, 'a') < (1, 'b')", "(1, 'a') < (1, 2)", "[float('nan')] == [float('nan')]", "1 == 1.0000000000000002", "2**53 == float(2**53)", "2**53 + 1 == float(2**53)", "2**53 + 1 > float(2**53)", "hash('a') == hash('a')", "print == print", "None == 0", "None is None", "'a' is not None", "[] == ()", "{} == []", "0 == False", "'1' == 1"]:
        yield f


def percents():
    flags = ["", "-", "0", "+", " ", "#", "-0", "+0", " 0", "#0", "-+", "+ ", "-#"]
    for flag, width, precision, form in itertools.product(flags, ["", "1", "9"], ["", ".0", ".3", "."], "diuoxXeEfFgGcrsa%"):
        for value in {"c": ["65", "'é'"], "r": ["'aé\\n'", "2.5"], "s": ["'abcdef'", "-7"], "a": ["'é'"], "%": ["()"]}.get(form, ["0", "-48879"] if form in "diuoxX" else ["-1234.5678", "2e-7"]):
            yield f"'%{flag}{width}{precision}{form}' % {value}"
    values = ["0", "-5", "True", "2.75", "-2.75", "float('inf')", "-float('nan')", "None", "'a'", "'ab'", "''", "[1, 2]", "(1,)", "()", "(1, 2)", "{'a': 1}", "{}", "range(2)"]
    for form, value in itertools.product(["%d", "%x", "%f", "%08.2f", "%e", "%g", "%c", "%s", "%r", "%5s|", "abc", "%%", "%", "%(a)s", "%(a)d", "%(zz)s", "%s %s", "%y", "%*d", "%.*f", "%l", "%ld", "%5%", "%-5%", "%(a", "%(a)", "100%", "% d"], values):
        yield f"{form!r} % {value}"
    for text in ["'%*d|' % (5, 3)", "'%-*d|' % (5, 3)", "'%*d|' % (-5, 3)", "'%.*f' % (2, 3.14159)", "'%*.*f|' % (9, 2, 3.14159)", "'%*d' % ('a', 3)", "'%*d' % (1,)", "'%d items at %5.2f: %s' % (3, 2.5, 'x')", "'%(a)s %(b)05d' % {'a': 1, 'b': 2}", "'%(a(b))s' % {'a(b)': 1}", "'%(a)s %s' % {'a': 1}", "'%s' % ((1, 2),)", "'%s %s' % 'ab'", "'%i%%' % 50", "('%d-' * 3) % (1, 2, 3)", "'%s' % 'ü%d'", "'%s and %r' % ('x', 'x')", "'%10.3s|' % 'abcdef'", "'%-10.3r|' % 'abcdef'", "'%s' % None", "'%s' % True", "'%d' % True", "'%s' % print == ''", "'%s, %s' % (1.0, 1e20)", "'%.3d' % -7", "'%+.3d' % 7", "'%#.5x' % 255", "'%08.5d' % -42", "'%.20g' % 0.1", "'%.0e' % 12345", "'%#.0f' % 3", "'%c' % 1114112", "'%c' % -1", "'%.1000f' % 0.5 == ''", "'%s' 'b' % 1"]:
        yield text


def kinds():
    values = ["None", "True", "1", "1.5", "'a'", "[]", "()", "{}", "range(3)", "slice(1)", "...", "len", "int", "type", "(lambda: 1)", "{}.keys()", "{}.values()", "{}.items()", "'a'.lower", "'a'.upper"]
    types = ["int", "float", "bool", "str", "list", "tuple", "dict", "range", "slice", "type"]
    for value in values:
        yield from (f"type({value})", f"type({value}).__name__", f"type(type({value}))", f"isinstance({value}, type({value}))", f"type({value}) in (int, float, str)", f"str(type({value}))", f"f'{{type({value})}}'" if "'" not in value else "1", f"[type({value})]", f"callable({value})", f"{value} == {value}", f"bool({value})")
        for t in types:
            yield from (f"type({value}) == {t}", f"type({value}) is {t}", f"type({value}) is not {t}", f"isinstance({value}, {t})", f"isinstance({value}, (str, {t}))")
    for t in types:
        yield from (t, f"{t}.__name__", f"str({t})", f"{t} == {t}", f"{t} != int", f"[{t}]", f"{{'t': {t}}}", f"callable({t})", f"f'{{{t}}}'", f"type({t})")
    for t in types[:7]:
        yield from (f"{t}()", f"type({t}())({t}())", f"[f() for f in [{t}]]", f"list(map({t}, ['']))", f"{t}(None)")
    yield from ["type(1)('7')", "type([])((1, 2))", "(lambda x: x).__name__", "len.__name__", "isinstance(1, 2)", "isinstance(1, (int, 2))", "isinstance(1, [int])", "isinstance(True, int)", "isinstance(1, bool)", "type()", "type(1, 2)", "type(1, (), {})", "zip", "map", "enumerate", "filter", "reversed", "[type(v).__name__ for v in (1, 2.0, 'a', None, [], (), {}, True)]", "sorted([3, 1], key=type(1))", "list(map(type, [1, 'a']))", "{type(1).__name__: 2}", "'%s' % int", "type(1) == type(2)", "type(1) == type(2.0)", "list(map(str.upper, 'ab'))", "sorted(['b', 'A'], key=str.lower)", "max('aB', key=str.upper)", "list(map(list.copy, [[1]]))", "list(map(dict.keys, [{1: 2}]))", "str.split('a b')", "int.__name__"]


def ranges():
    all = ["range(0)", "range(5)", "range(1, 10, 3)", "range(10, 0, -3)", "range(5, 0)", "range(-3, 4)", "range(0, 10, 20)", "range(2**62, 2**63 - 1, 2**61)", "range(-2**63, 2**63 - 1, 2**62)", "range(True)", "range(7, 7, -1)"]
    for r in all:
        yield from (r, f"{r}.start", f"{r}.stop", f"{r}.step", f"len({r})", f"list({r})", f"tuple({r})", f"list(reversed({r}))", f"bool({r})", f"str({r})", f"[{r}]", f"sum({r}) if len({r}) < 6 and {r}.stop < 100 else 0", f"max({r})", f"min({r})", f"sorted({r})", f"{r} + [1]", f"{r} * 2", f"{r} < {r}", f"{r}.append(1)", f"{r}.start(1)", f"{r}.nope", f"list(enumerate({r}))", f"list(zip({r}, 'abc'))", f"{r}['a']", f"{r}[1.0]", f"'a' in {r}", f"None in {r}", f"1.0 in {r}", f"2.5 in {r}", f"True in {r}", f"float('nan') in {r}", f"[*{r}]", f"(lambda *a: a)(*{r})", f"{r} == list({r})", f"{r} is None", f"{{{r}: 1}} == 0 if False else 1", f"{r}.index('a')", f"{r}.count('a')", f"{r}.index()", f"'%s' % {r}", f"v = {r}; v[0] = 1; v", f"v = {r}; del v[0]; v")
        for i in ["0", "1", "-1", "3", "4", "7", "10", "2**62", "2.0"]:
            yield from (f"{r}[{i}]", f"{i} in {r}", f"{i} not in {r}", f"{r}.index({i})", f"{r}.count({i})")
        for i, j, k in itertools.product(["", "1", "-2", "30"], ["", "3", "-1", "-30"], ["", "2", "-1", "0"]):
            yield f"{r}[{i}:{j}:{k}]"
            if "2**" not in r:
                yield f"list({r}[{i}:{j}:{k}])"
        yield from (f"{r} == {other}" for other in all)
        yield from (f"{r} != {other}" for other in all)
    for bounds in ["1", "1, 5", "1, 5, 2", "None", "None, None, -1", "-3, None", "'a'", "", "1, 2, 3, 4", "1.5"]:
        s = f"slice({bounds})"
        yield from (s, f"{s}.start", f"{s}.stop", f"{s}.step", f"[1, 2, 3, 4, 5, 6][{s}]", f"(1, 2, 3, 4)[{s}]", f"'abcdef'[{s}]", f"range(10)[{s}]", f"{s} == slice({bounds})", f"{s} == slice(1)", f"v = [1, 2, 3]; v[{s}] = [9]; v", f"v = [1, 2, 3]; del v[{s}]; v")


def views():
    dicts = ["{}", "{'a': 1}", "{'a': 1, 'b': [2, 3]}", "{'b': [2, 3], 'a': 1}", "{'a': 1.0, 'c': 2}", "{1: 'x', 2.5: 'y', None: 0}", "{(1, 2): 'p', (): {'q': 1}}"]
    for d, part in itertools.product(dicts, ["keys", "values", "items"]):
        v = f"{d}.{part}()"
        yield from (v, f"str({v})", f"f'{{{v}}}'" if "'" not in v else f"[{v}]", f"len({v})", f"list({v})", f"tuple({v})", f"[x for x in {v}]", f"bool({v})", f"list(reversed({v}))", f"list(enumerate({v}))", f"list(zip({v}, 'xy'))", f"[*{v}]", f"({v}, 1)", f"{{'v': {v}}}", f"'a' in {v}", f"1 in {v}", f"('a', 1) in {v}", f"('a', 2) in {v}", f"[2, 3] in {v}", f"(1,) in {v}", f"None in {v}", f"{v}[0]", f"{v} + [1]", f"{v} * 2", f"-{v}", f"{v}.append(1)", f"{v}.nope", f"sorted({v}, key=str)", f"max({v}, key=str)", f"(lambda *a: a)(*{v})", f"{v} == list({v})", f"{v} is None", f"type({v}).__name__", f"any({v})", f"all({v})", f"', '.join(map(str, {v}))", f"v = {v}; v == v", f"v = {v}; v[0] = 1; v", f"a, *b = {v}; b", f"dict.fromkeys({v})", f"'%s' % ({v},)", f"repr({v})")
        for e in dicts:
            for other in ["keys", "items"]:
                for op in ["==", "!=", "<", "<=", ">", ">="]:
                    yield f"{v} {op} {e}.{other}()"
            if part != "values":
                yield f"{v}.isdisjoint({e}.{part}())"
    yield from ["dict.fromkeys('ab')", "dict.fromkeys([1, 2], 0)", "dict.fromkeys(range(3), [])", "dict.fromkeys('ab', 1, 2)", "dict.fromkeys(5)", "dict.fromkeys([[1]])", "dict({'a': 1}.items())", "dict(zip('ab', {'x': 1, 'y': 2}.values()))", "sum({'a': 1, 'b': 2.5}.values())", "sorted({'b': 1, 'a': 2}.items(), key=lambda p: p[1])", "max({'a': 3, 'b': 7}.items(), key=lambda p: p[1])[0]", "[k for k, v in {'a': 1, 'b': 2}.items() if v > 1]", "{v: k for k, v in {'a': 1}.items()}", "list(map(len, {'a': 'xyz'}.values()))", "d = {'a': 1}; [d.update({k: 2}) for k in d.keys()]; d"]
    yield from ["'abc'.translate(str.maketrans('ab', 'xy'))", "'abc'.translate(str.maketrans('ab', 'xy', 'c'))", "str.maketrans('ab', 'xyz')", "str.maketrans({'a': 'x', 98: None, 'c': 120})", "str.maketrans({'ab': 1})", "str.maketrans('ab')", "str.maketrans({1.5: 2})", "str.maketrans('', '', 'aeiou')", "'education'.translate(str.maketrans('', '', 'aeiou'))", "'abc'.translate({97: 'ALPHA', 98: None})", "'abc'.translate({'a': 'b'})", "str.maketrans('é', 'e')", "str.maketrans(1, 2)"]


def numbers():
    for text in ["-2**63", "-2 ** 63", "2**63 - 1", "-(2**63)", "-9223372036854775808", "-9223372036854775808 + 1", "(1 << 63) - 1", "-(1 << 63)", "2**64 - 2**64", "2**100 // 2**99 if False else 1", "[-9223372036854775808]", "-9223372036854775808 == -2**63", "-9223372036854775807 - 1", "abs(-9223372036854775807)", "~9223372036854775807", "- 9223372036854775808", "(-9223372036854775808)", "3 - -9223372036854775807", "0x7fffffffffffffff", "-0x8000000000000000", "2**62 + (2**62 - 1)", "-2**63 // 1", "-2**63 % 10", "10**18 * 9", "-3**2", "(-3)**2", "2**-2", "-2**-2"]:
        yield text
    for base, exponent, modulus in itertools.product(["0", "1", "2", "-3", "10", "True", "2**40"], ["0", "1", "5", "-1", "-2", "2**40", "10**6"], ["1", "7", "-7", "10**9 + 7", "8", "0", "2**61 - 1"]):
        yield f"pow({base}, {exponent}, {modulus})"
    for text in ["pow(2, 3)", "pow(2.0, 3)", "pow(2, 0.5)", "pow(2.0, 3, 5)", "pow(2, 3, 5.0)", "pow('a', 2)", "pow(2, 'a')", "pow(2, 3, None)", "pow(base=2, exp=3)", "pow(2, 3, mod=5)", "pow(2)", "sum(['a', 'b'], '')", "sum('ab', '')", "sum(['a'])", "sum([[1], [2]], [])", "sum([(1,), (2,)], ())", "sum([1, 2], 10)", "sum([1.5, True])", "sum([], 5)", "sum(5)", "sum([None])", "sum([1, 'a'])", "sum((1, 2), start=3)", "sum([0.1] * 10)", "int('１２')", "int('٣')", "float('１.５')", "int(' 1_000 ')", "int('1__0')", "int('')", "int('0x1f', 16)", "int('z', 36)", "int('2', 2)", "int(None)", "int([1])", "int('1.5')", "int(1e19)", "int(float('nan'))", "int(float('inf'))", "int(-2.9)", "int(True)", "int(10, 2)", "int('10', base=2)", "float('1e400')", "float('-inf')", "float('nAn')", "float(' 2.5 ')", "float('1_0.5')", "float('_1')", "float('1e')", "float('')", "float('abc')", "float(None)", "float([1])", "float('infinit')", "bool('')", "bool('0')", "bool([])", "bool([0])", "str(1, 2)", "str()", "len(1)", "len(None)", "abs('a')", "abs(None)", "abs(True)", "abs(-0.0)", "min()", "min(1)", "min([])", "min([], default=3)", "min(1, 2, default=3)", "max('a', 1)", "max([1, 2], key=lambda v: -v)", "max((1, 2), (1, 3))", "max(1, 2.0)", "max(2, 2.0)", "max(2.0, 2)", "min('b', 'a')", "sorted(1)", "sorted([1, 'a'])", "sorted([3, 1, 2], reverse=True)", "sorted('bca')", "sorted({'b': 1, 'a': 2})", "sorted([1, 2], key=None)", "sorted([1, 2], lambda v: v)", "round(2.5)", "round(-2.5)", "round(0.125, 2)", "round(1234, -2)", "round(1250, -2)", "round(1350, -2)", "round(2.675, 2)", "round(1e300, 2)", "round(float('nan'))", "round('a')", "round(1.5, 'a')", "round(1.5, None)", "round(True)", "round(-0.4)", "round(5.015, 2)", "divmod(7, -2)", "divmod(-7.5, 2)", "divmod(1, 0)", "divmod('a', 1)", "chr(97)", "chr(-1)", "chr('a')", "ord('a')", "ord('ab')", "ord(1)", "hex(255)", "hex(-255)", "hex(1.5)", "bin(5)", "oct(8)", "hex('a')", "enumerate()", "list(enumerate('ab', 5))", "list(enumerate('ab', start=-1))", "list(enumerate('ab', 1.5))", "list(zip())", "list(zip([1]))", "list(zip([1, 2], 'abc', strict=False))", "list(zip([1, 2], 'abc', strict=True))", "list(zip(1, 2))", "list(map(lambda a, b: a + b, [1, 2], [10, 20, 30]))", "list(map(None, [1]))", "list(map(int, 'a'))", "list(filter(None, [0, 1, '', 'a', []]))", "list(filter(lambda v: v > 1, [1, 2, 3]))", "list(filter(1, [1]))", "any([])", "all([])", "any(0)", "all([1, 'a', ()])", "list(reversed([1, 2]))", "list(reversed('ab'))", "list(reversed(1))", "list(reversed((1, 2)))", "isinstance(1)", "callable(1)", "callable(len)", "repr('a')", "ascii('é')", "format(3.14159, '.2f')", "format('a', 5)", "print(1, sep=1)", "print(1, end=None)", "print(1, foo=2)", "range(1.0)", "range('a')", "range()", "range(1, 2, 0)", "list('abc')", "list(5)", "tuple({'a': 1})", "dict([('a', 1), ['b', 2]])", "dict(a=1, **{'b': 2})", "dict([1])", "dict(5)", "dict(['ab', 'cd'])", "dict([('a', 1, 2)])", "dict({'a': 1}, a=2)"]:
        yield text
    values = ["0", "1", "-7", "2.5", "-0.0", "True", "False", "2**62", "float('nan')", "float('inf')", "3"]
    for f in ["abs", "int", "float", "bool", "str", "repr", "round", "hex", "bin", "chr", "len", "list", "sum", "max", "sorted", "not ", "-", "+"]:
        yield from (f"{f}({v})" for v in values)


def printing():
    """Arrays of every element type, shape and magnitude, drawn from a seed, alone and within containers."""
    rng = random.Random(5)
    special = ["np.nan", "np.inf", "-np.inf", "-0.0", "0.0"]

    def number():
        kind = rng.random()
        if kind < 0.12:
            return rng.choice(special)
        if kind < 0.3:
            return str(float(rng.randint(-20, 20)))
        if kind < 0.5:
            return repr(round(rng.uniform(-100, 100), rng.randint(0, 4)))
        if kind < 0.7:
            return repr(rng.gauss(0, 1))
        return repr(rng.gauss(0, 1) * 10.0 ** rng.randint(*rng.choice([(-3, 3), (-9, 9), (-300, 300), (14, 18), (5, 9), (-6, -3)])))

    def element(dtype, spread):
        if dtype == "float":
            return number() if spread else repr(round(rng.uniform(-9, 9), 3))
        if dtype == "int":
            return str(rng.randint(-10 ** rng.randint(0, 18), 10 ** rng.randint(0, 18)) if spread else rng.randint(-9, 99))
        return rng.choice(["True", "False"])

    def nested(shape, dtype, spread):
        if not shape:
            return element(dtype, spread)
        return "[" + ", ".join(nested(shape[1:], dtype, spread) for _ in range(shape[0])) + "]"

    def array():
        dtype, spread = rng.choice(["float", "float", "float", "int", "bool"]), rng.random() < 0.6
        shape = [rng.choice([1, 1, 2, 2, 3, 4, 5, 8]) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4]))]
        if len(shape) == 1 and rng.random() < 0.4:
            shape = [rng.randint(5, 30)]
        if rng.random() < 0.05:
            shape[rng.randrange(len(shape))] = 0
            return f"np.zeros({tuple(shape)}, dtype={dtype})"
        if math.prod(shape) > 80:
            shape = shape[:1]
        return f"np.array({nested(shape, dtype, spread)})"

    def large():
        shape = rng.choice(["1001", "2000", "40, 40", "3, 500", "500, 3", "11, 11, 11", "2, 2, 300", "8, 8, 8, 8", "7, 200", "1100, 1", "1, 1100"])
        count = math.prod(map(int, shape.split(",")))
        values = rng.choice([f"np.arange({count})", f"np.arange({count}) * 0.25", f"np.arange({count}) ** 2 / 7", f"np.arange({count}) % 3 == 0", f"np.linspace(-1, 1, {count})", f"np.arange({count}) * 1e6 - 0.5", f"1 / (np.arange({count}) + 1.0)", f"np.where(np.arange({count}) == {count - 2}, np.nan, 1.5)", f"2.0 ** (np.arange({count}) % 60)"])
        return f"({values}).reshape({shape})"

    for _ in range(2600):
        x = array() if rng.random() < 0.9 else large()
        yield f"{rng.choice(['repr', 'str', 'str', 'repr'])}({x})"
    for _ in range(500):
        parts = [rng.choice([array, number, lambda: element("int", True)])() for _ in range(rng.randint(1, 3))]
        yield rng.choice(["str([{}])", "str(({},))", "repr([[{}], 1])", "str(list(enumerate([{}])))"]).format(", ".join(parts))
        yield "str({'k': [" + ", ".join(parts) + "], 2: " + parts[0] + "})"
    for _ in range(500):
        x = number().replace("np.nan", "float('nan')").replace("np.inf", "float('inf')")
        yield f"repr({x})"
        spec = rng.choice(["", "*<", ">", "^", "="]) + rng.choice(["", "+", " "]) + rng.choice(["", "#"]) + rng.choice(["", "0"]) + rng.choice(["", "9", "17"]) + rng.choice(["", ",", "_"]) + rng.choice(["", ".0", ".2", ".7", ".17"]) + rng.choice(["", "e", "f", "g", "E", "G", "%"])
        yield f"format({x}, {spec!r})"


# What the language does not have: iterators and the identity of values (each gives an error that says what to write).
ABSENT = ["iter(", "next(", "hash(", "id("]


def fits(value):
    """Whether the language has the value: integers of 64 bits, no complex numbers, no sets or bytes."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, (tuple, list)):
        return all(fits(item) for item in value)
    if isinstance(value, range):
        return fits([value.start, value.stop, value.step])
    if isinstance(value, dict):
        return all(fits(item) for pair in value.items() for item in pair)
    return not isinstance(value, (complex, bytes, set))


def record(name, expressions):
    lines, seen = [], set()
    for expression in expressions:
        # `~` of a bool is `not`, as for NumPy's; 0 ** -1 is inf, as NumPy has it.
        if expression in seen or expression in ("~(True)", "~True") or expression.startswith("(0) ** (-") or any(absent in expression for absent in ABSENT):
            continue
        seen.add(expression)
        *statements, last = expression.split("; ")
        try:
            scope = {"np": np}
            for statement in statements:
                exec(statement, scope)
            value = eval(last, scope)
            if not fits(value):
                continue
            result = repr(value)
            if " at 0x" in result or result.startswith("<built"):
                continue
        except ZeroDivisionError as error:
            if "float" in str(error) or "division" == str(error)[:8]:
                # Floats have infinity here: number 6 of the list of differences.
                if "/" in expression and "//" not in expression and "%" not in expression:
                    continue
                if "float" in str(error):
                    continue
            result = "!ZeroDivisionError"
        except Exception as error:
            result = "!" + type(error).__name__
        lines.append(expression.replace("\t", " ") + "\t" + result.replace("\\", "\\\\").replace("\n", "\\n"))
    with open(os.path.join(HERE, f"{name}.tsv"), "w", encoding="utf-8", newline="") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{name}: {len(lines)}")


if __name__ == "__main__":
    for generator in [strings, formats, percents, containers, views, ranges, kinds, numbers, printing]:
        record(generator.__name__, generator())
