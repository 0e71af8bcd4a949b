"""Draws whole programs from a grammar and records what CPython and NumPy print for them, for tests/programs.rs.

    python3 tests/programs/draw.py SEED COUNT FILE

writes COUNT programs with their output to FILE, which has the format of record.py. `draw.py 1 2000 tests/programs/drawn.txt`
makes the file of the repository. A program consists of statements on variables whose types the generator knows, so that
most programs run to their end; one that fails is recorded with its error. It stays where the listed differences cannot
show: no name is an alias of a list that is changed, integers stay small, nothing is divided by zero.
"""

import random
import sys

import record

WORDS = ["alpha", "Beta", "gamma ray", "x-1", "", "zeta,eta", "Nu", "a b a", "42", "éa"]


class Program:
    def __init__(self, rng):
        self.rng, self.lines, self.indent, self.scope, self.names = rng, [], 0, {}, 0
        self.functions, self.loops, self.budget = [], 0, rng.randint(8, 22)

    def pick(self, *options):
        return self.rng.choice(options)

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    def fresh(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def var(self, kind):
        names = [name for name, k in self.scope.items() if k == kind]
        return self.rng.choice(names) if names and self.rng.random() < 0.75 else None

    def bind(self, kind, text):
        names = [name for name, k in self.scope.items() if k == kind]
        name = self.rng.choice(names) if names and self.rng.random() < 0.3 else self.fresh(kind[0])
        self.line(f"{name} = {self.copied(kind, text)}")
        self.scope[name] = kind

    def copied(self, kind, text):
        """What is bound is nobody else's: the value semantics of the language do not show."""
        return {"ints": f"list({text})", "floats": f"list({text})", "words": f"list({text})", "dict": f"dict({text})", "array": f"({text}).copy()", "iarray": f"({text}).copy()", "matrix": f"({text}).copy()"}.get(kind, text)

    # Expressions of a kind, not deeper than `d`.

    def int(self, d=2):
        r, i, e = self.rng, lambda: self.int(d - 1), self.expr
        if d <= 0:
            return self.var("int") or str(r.randint(-9, 12))
        return self.pick(
            lambda: self.var("int") or str(r.randint(-9, 30)),
            lambda: f"({i()} {self.pick('+', '-', '*')} {r.randint(-5, 9)}) % {r.randint(7, 50)}",
            lambda: f"({i()}) // {self.pick(-3, 2, 4, 5)}",
            lambda: f"({i()}) % {self.pick(-4, 3, 7)}",
            lambda: f"abs({i()})",
            lambda: f"len({e(self.pick('ints', 'str', 'dict', 'floats', 'tuple', 'words'), d - 1)})",
            lambda: f"sum({e('ints', d - 1)}) % 97",
            lambda: f"max({i()}, {i()})",
            lambda: f"min({e('ints', d - 1)}, default={r.randint(-3, 3)})",
            lambda: f"int({e('float', d - 1)}) % 100",
            lambda: f"({i()} if {e('bool', d - 1)} else {i()})",
            lambda: f"({e('str', d - 1)}).{self.pick('count', 'find', 'rfind')}({self.pick(repr('a'), repr('e'), repr(' '))})",
            lambda: f"({i()}) {self.pick('&', '|', '^')} {r.randint(0, 15)}",
            lambda: f"{e('dict', d - 1)}.get({e('str', 0)}, {i()})",
            lambda: f"({e('ints', d - 1)} + [{i()}])[{self.pick(0, -1)}]",
            lambda: f"round({e('float', d - 1)}) % 1000",
            lambda: f"int({e('array', d - 1)}.argmax())",
            lambda: f"{e('iarray', d - 1)}[{self.pick(0, -1, 1)}] % 100",
            lambda: f"sorted({e('ints', d - 1)} + [{i()}], reverse=True)[0]",
            lambda: f"~({i()})",
            lambda: f"divmod({i()}, {self.pick(3, -5)})[{self.pick(0, 1)}]",
            lambda: f"(lambda v, w={r.randint(0, 5)}: v - w)({i()})",
            lambda: f"len(range({i()}, {r.randint(5, 20)}, {r.randint(1, 4)}))",
            lambda: self.call("int", d),
        )()

    def float(self, d=2):
        r, f, e = self.rng, lambda: self.float(d - 1), self.expr
        if d <= 0:
            return self.var("float") or self.pick("0.5", "-1.25", "2.0", "3.75", "1e-3", "100.0", "0.1")
        return self.pick(
            lambda: self.var("float") or str(round(r.uniform(-20, 20), 2)),
            lambda: f"({f()} {self.pick('+', '-', '*')} {f()})",
            lambda: f"({f()}) / {self.pick('2', '8.0', '-4')}",
            lambda: f"({f()}) // 2.5",
            lambda: f"({f()}) % 3.5",
            lambda: f"abs({f()}) ** 0.5",
            lambda: f"round({f()}, {r.randint(0, 3)})",
            lambda: f"float({e('int', d - 1)})",
            lambda: f"{e('int', d - 1)} / {r.randint(2, 9)}",
            lambda: f"sum({e('floats', d - 1)}, 0.0)",
            lambda: f"max({e('floats', d - 1)}, default={f()})",
            lambda: f"float({e('array', d - 1)}[{self.pick(0, -1, 1)}])",
            lambda: f"float(({e('array', d - 1)}).{self.pick('sum', 'max', 'min', 'mean')}())",
            lambda: f"float(np.{self.pick('floor', 'sqrt', 'abs')}(abs({f()})))",
            lambda: f"float({e('array', d - 1)} @ {e('array', d - 1)})",
            lambda: f"({f()} if {e('bool', d - 1)} else {f()})",
            lambda: self.call("float", d),
        )()

    def bool(self, d=2):
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("bool") or self.pick("True", "False")
        return self.pick(
            lambda: f"{e('int', d - 1)} {self.pick('<', '<=', '==', '!=', '>')} {e('int', d - 1)}",
            lambda: f"{e('int', d - 1)} < {e('int', d - 1)} <= {e('int', d - 1)}",
            lambda: f"({e('bool', d - 1)} {self.pick('and', 'or')} {e('bool', d - 1)})",
            lambda: f"not ({e('bool', d - 1)})",
            lambda: f"{e('int', d - 1)} {self.pick('in', 'not in')} {e('ints', d - 1)}",
            lambda: f"{e('str', d - 1)} {self.pick('in', 'not in')} {e('dict', d - 1)}",
            lambda: f"({e('str', d - 1)}).{self.pick('isupper', 'isalpha', 'isdigit', 'istitle')}()",
            lambda: f"({e('str', d - 1)}).startswith({e('str', 0)})",
            lambda: f"{self.pick('any', 'all')}({self.comprehension(d, 'bool')})",
            lambda: f"{e('float', d - 1)} > {e('float', d - 1)}",
            lambda: f"isinstance({e(self.pick('int', 'float', 'str', 'ints'), d - 1)}, {self.pick('int', 'float', 'str', '(int, str)', 'list')})",
            lambda: f"type({e(self.pick('int', 'float', 'str'), d - 1)}) == {self.pick('int', 'float', 'str')}",
            lambda: f"bool({e(self.pick('ints', 'str', 'dict'), d - 1)})",
            lambda: f"{e('ints', d - 1)} {self.pick('==', '<', '!=')} {e('ints', d - 1)}",
            lambda: f"bool(np.{self.pick('any', 'all')}({e('array', d - 1)} > {e('float', 0)}))",
        )()

    def str(self, d=2):
        r, s, e = self.rng, lambda: self.str(d - 1), self.expr
        if d <= 0:
            return self.var("str") or repr(r.choice(WORDS))
        return self.pick(
            lambda: self.var("str") or repr(r.choice(WORDS)),
            lambda: f"({s()} + {s()})",
            lambda: f"({s()}).{self.pick('upper', 'lower', 'title', 'strip', 'capitalize', 'swapcase')}()",
            lambda: f"({s()}).replace({self.pick(repr('a'), repr('e'), repr(' '))}, {s()})[:30]",
            lambda: f"({s()}){self.slice()}",
            lambda: f"{s()} * {r.randint(0, 3)}",
            lambda: f"str({e(self.pick('int', 'float', 'ints', 'bool', 'tuple', 'dict'), d - 1)})[:40]",
            lambda: f"repr({s()})[:30]",
            lambda: f"{self.pick(repr(', '), repr('-'), repr(''))}.join({e('words', d - 1)})",
            lambda: f"f'{{{e('int', 0)}:{self.pick('d', '5d', '<4', '+', '05', ',', 'x', '^7')}}}|{{{e('float', 0)}:{self.pick('.2f', '8.3f', 'e', 'g', '.1e', '+.3g', '%')}}}'",
            lambda: f"'%d %s %6.2f' % ({e('int', d - 1)}, {s()}, {e('float', d - 1)})",
            lambda: f"'{{}}:{{:>6}}:{{!r}}'.format({e('int', d - 1)}, {e('bool', 0)}, {s()})",
            lambda: f"({s()}).{self.pick('center', 'ljust', 'rjust', 'zfill')}({r.randint(0, 9)})",
            lambda: f"({e('words', d - 1)} + [{s()}])[{self.pick(0, -1)}]",
            lambda: f"({s()} if {e('bool', d - 1)} else {s()})",
            lambda: f"'{{0}}{{1}}{{0}}'.format({s()}, {e('int', 0)})",
            lambda: f"''.join(reversed({s()}))",
            lambda: f"({s()}).partition({self.pick(repr('a'), repr(' '))})[{r.randint(0, 2)}]",
            lambda: f"type({e(self.pick('int', 'float', 'ints', 'dict', 'tuple'), 0)}).__name__",
            lambda: self.call("str", d),
        )()

    def slice(self):
        part = lambda: self.pick("", "", "1", "-2", "3", "0", "-9", "20")
        return f"[{part()}:{part()}{self.pick('', ':2', ':-1', ':-2', ':3')}]"

    def comprehension(self, d, kind):
        item = self.fresh("i")
        source = self.pick(f"range({self.rng.randint(0, 7)})", self.expr("ints", d - 1))
        self.scope[item] = "int"
        text = f"{self.expr(kind, d - 1)} for {item} in {source}" + self.pick("", f" if {self.expr('bool', d - 1)}", f" if {item} % 2")
        del self.scope[item]
        return text

    def ints(self, d=2):
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("ints") or str([r.randint(-9, 9) for _ in range(r.randint(0, 5))])
        return self.pick(
            lambda: self.var("ints") or str([r.randint(-9, 9) for _ in range(r.randint(0, 5))]),
            lambda: f"[{self.comprehension(d, 'int')}]",
            lambda: f"list(range({r.randint(-3, 3)}, {r.randint(0, 9)}, {self.pick(1, 2, 3)}))",
            lambda: f"sorted({e('ints', d - 1)}{self.pick('', ', reverse=True', ', key=abs', ', key=lambda v: (v % 3, v)')})",
            lambda: f"{e('ints', d - 1)}{self.slice()}",
            lambda: f"({e('ints', d - 1)} + {e('ints', d - 1)})[:12]",
            lambda: f"[*{e('ints', d - 1)}, {e('int', d - 1)}][:12]",
            lambda: f"list(map(lambda v: v * {r.randint(-3, 4)} % 50, {e('ints', d - 1)}))",
            lambda: f"list(filter(lambda v: v {self.pick('>', '<', '!=')} {r.randint(-3, 4)}, {e('ints', d - 1)}))",
            lambda: f"list({e('dict', d - 1)}.values())",
            lambda: f"[len(w) for w in {e('words', d - 1)}]",
            lambda: f"[a - b for a, b in zip({e('ints', d - 1)}, {e('ints', d - 1)})]",
            lambda: f"[i * v % 31 for i, v in enumerate({e('ints', d - 1)})]",
            lambda: f"{e('iarray', d - 1)}.tolist()",
            lambda: f"[v for row in [{e('ints', d - 1)}, {e('ints', d - 1)}] for v in row][:12]",
            lambda: f"list(reversed({e('ints', d - 1)}))",
        )()

    def floats(self, d=2):
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("floats") or str([round(r.uniform(-5, 5), 1) for _ in range(r.randint(0, 4))])
        return self.pick(
            lambda: f"[{self.comprehension(d, 'float')}]",
            lambda: f"[{e('float', d - 1)}, {e('float', d - 1)}]",
            lambda: f"{e('array', d - 1)}.tolist()",
            lambda: f"sorted({e('floats', d - 1)})",
            lambda: f"[v / 4 for v in {e('ints', d - 1)}]",
        )()

    def words(self, d=2):
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("words") or str([r.choice(WORDS) for _ in range(r.randint(0, 4))])
        return self.pick(
            lambda: f"({e('str', d - 1)}).split({self.pick('', repr('a'), repr(' '), repr(','))})",
            lambda: f"[{self.comprehension(d, 'str')}]",
            lambda: f"sorted({e('words', d - 1)}{self.pick('', ', key=len', ', key=str.lower', ', reverse=True')})",
            lambda: f"list({e('dict', d - 1)})",
            lambda: f"[w[::-1] for w in {e('words', d - 1)}]",
            lambda: f"list({e('str', d - 1)})[:6]",
            lambda: f"({e('str', d - 1)}).splitlines()",
            lambda: f"list(map(str, {e('ints', d - 1)}))",
            lambda: f"{e('words', d - 1)}{self.slice()}",
        )()

    def dict(self, d=2):
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("dict") or "{" + ", ".join(f"{r.choice(WORDS)!r}: {r.randint(-9, 9)}" for _ in range(r.randint(0, 3))) + "}"
        return self.pick(
            lambda: f"{{w: len(w) for w in {e('words', d - 1)}}}",
            lambda: f"{{{e('str', d - 1)}: {e('int', d - 1)}, {e('str', d - 1)}: {e('int', d - 1)}}}",
            lambda: f"dict(zip({e('words', d - 1)}, {e('ints', d - 1)}))",
            lambda: f"({e('dict', d - 1)} | {e('dict', d - 1)})",
            lambda: f"{{**{e('dict', d - 1)}, {e('str', d - 1)}: {e('int', d - 1)}}}",
            lambda: f"dict(sorted({e('dict', d - 1)}.items(), key=lambda p: {self.pick('p[1]', 'p[0]', '-p[1]', '(len(p[0]), p)')}))",
            lambda: f"{{k: v * 2 % 41 for k, v in {e('dict', d - 1)}.items() if v {self.pick('>', '<', '!=')} {r.randint(-2, 3)}}}",
            lambda: f"dict.fromkeys({e('words', d - 1)}, {e('int', d - 1)})",
        )()

    def tuple(self, d=2):
        return "(" + "".join(self.pick(self.expr(self.pick("int", "str", "float", "bool"), d - 1), f"[*{self.expr('ints', d - 1)}]") + ", " for _ in range(self.rng.randint(0, 3))) + ")"

    def array(self, d=2):
        """A vector of three floats."""
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("array") or "np.array([" + ", ".join(str(r.randint(-40, 40) / 8) for _ in range(3)) + "])"
        return self.pick(
            lambda: self.var("array") or "np.array([" + ", ".join(str(r.randint(-40, 40) / 8) for _ in range(3)) + "])",
            lambda: f"({e('array', d - 1)} {self.pick('+', '-', '*')} {e(self.pick('array', 'float', 'iarray', 'int'), d - 1)})",
            lambda: f"np.{self.pick('abs', 'floor', 'ceil', 'sign', 'sort', 'cumsum', 'square', 'round')}({e('array', d - 1)})",
            lambda: f"np.where({e('array', d - 1)} > {e('float', 0)}, {e('array', d - 1)}, {e('float', 0)})",
            lambda: f"{e('array', d - 1)}[::-1]",
            lambda: f"np.{self.pick('maximum', 'minimum')}({e('array', d - 1)}, {e('array', d - 1)})",
            lambda: f"{e('matrix', d - 1)}[{self.pick(0, -1, 1)}]",
            lambda: f"{e('matrix', d - 1)}.sum(axis=0)",
            lambda: f"{e('array', d - 1)}[[{self.pick('2, 0, 1', '1, 1, 0', '-1, 0, 0')}]]",
            lambda: f"np.linspace({e('int', 0)}, {e('int', 0)}, 3)",
            lambda: f"{e('iarray', d - 1)} / 4",
            lambda: f"{self.pick('np.zeros', 'np.ones')}(3)",
            lambda: f"np.clip({e('array', d - 1)}, -2, 2.5)",
            lambda: f"({e('array', d - 1)} % 3.0)",
        )()

    def iarray(self, d=2):
        """A vector of three integers."""
        r, e = self.rng, self.expr
        if d <= 0:
            return self.var("iarray") or f"np.array({[r.randint(-9, 9) for _ in range(3)]})"
        return self.pick(
            lambda: self.var("iarray") or f"np.array({[r.randint(-9, 9) for _ in range(3)]})",
            lambda: f"({e('iarray', d - 1)} {self.pick('+', '-')} {e(self.pick('iarray', 'int'), d - 1)})",
            lambda: f"({e('iarray', d - 1)} * {r.randint(-3, 3)})",
            lambda: f"({e('iarray', d - 1)} {self.pick('//', '%')} {self.pick(2, -3, 5)})",
            lambda: f"np.arange({r.randint(-3, 3)}, 30, {r.randint(2, 5)})[:3]",
            lambda: f"({e('array', d - 1)} > {e('float', 0)}).astype(int)",
            lambda: f"np.argsort({e('array', d - 1)}, kind='stable')",
            lambda: f"np.where({e('iarray', d - 1)} > 0, {e('iarray', d - 1)}, {e('int', 0)})",
            lambda: f"np.sort({e('iarray', d - 1)})",
        )()

    def matrix(self, d=2):
        """Two rows of three floats."""
        e = self.expr
        if d <= 0:
            return self.var("matrix") or "np.arange(6.0).reshape(2, 3)"
        return self.pick(
            lambda: f"np.stack([{e('array', d - 1)}, {e('array', d - 1)}])",
            lambda: f"({e('matrix', d - 1)} {self.pick('+', '-', '*')} {e(self.pick('matrix', 'array', 'float'), d - 1)})",
            lambda: f"{e('matrix', d - 1)}[::-1]",
            lambda: f"{e('matrix', d - 1)}[:, ::-1]",
            lambda: f"np.outer([1.0, -2.0], {e('array', d - 1)})",
            lambda: f"{e('matrix', d - 1)}.T.copy().T",
            lambda: "np.arange(6.0).reshape(2, 3)",
        )()

    def call(self, kind, d):
        options = [f for f in self.functions if f[1] == kind]
        if not options:
            return self.expr(kind, 0)
        name, _, params = self.rng.choice(options)
        args = [self.expr(k, d - 1) for _, k, default in params if not default or self.rng.random() < 0.5]
        return f"{name}({', '.join(args)})"

    def expr(self, kind, d=2):
        return getattr(self, kind)(d)

    KINDS = ["int", "float", "bool", "str", "ints", "floats", "words", "dict", "tuple", "array", "iarray", "matrix"]

    # Statements.

    def statement(self):
        self.budget -= 1
        r, e = self.rng, self.expr
        block = [self.if_, self.for_, self.while_, self.define] if self.indent < 3 and self.budget > 0 else []
        simple = [self.assign] * 4 + [self.print_] * 3 + [self.augment, self.unpack, self.change, self.change, self.change_array, self.change_array, self.change_nested]
        if self.loops:
            simple += [lambda: self.line(f"if {e('bool', 1)}: {self.pick('break', 'continue')}")]
        r.choice(block * 2 + simple)()

    def assign(self):
        kind = self.rng.choice(self.KINDS)
        self.bind(kind, self.expr(kind))

    def print_(self):
        values = [self.expr(self.rng.choice(self.KINDS)) for _ in range(self.rng.randint(1, 3))]
        self.line(f"print({', '.join(values)}{self.pick('', '', ', sep=' + repr(' | '))})")

    def augment(self):
        kind = self.pick("int", "float", "str", "ints")
        name = self.var(kind)
        if name and not name.startswith("i") or name and kind != "int":
            text = {"int": f"= ({name} + {self.expr('int', 1)}) % 1000", "float": f"{self.pick('+=', '-=')} {self.expr('float', 1)}", "str": f"+= {self.expr('str', 1)}[:5]", "ints": f"+= {self.expr('ints', 1)}[:3]"}[kind]
            self.line(f"{name} {text}")

    def unpack(self):
        a, b = self.fresh("u"), self.fresh("u")
        self.pick(
            lambda: self.line(f"{a}, *{b} = [{self.expr('int', 1)}, *{self.expr('ints', 1)}]"),
            lambda: self.line(f"{a}, {b} = {self.expr('int', 1)}, list({self.expr('ints', 1)})"),
            lambda: self.line(f"({a}, _), {b} = divmod({self.expr('int', 1)}, 7), list({self.expr('ints', 1)})"),
        )()
        self.scope[a], self.scope[b] = "int", "ints"

    def change(self):
        e, r = self.expr, self.rng
        name = self.var("ints")
        if name:
            self.line(self.pick(f"{name}.append({e('int', 1)})", f"{name}.extend({e('ints', 1)}[:3])", f"{name}.insert({r.randint(-2, 3)}, {e('int', 1)})", f"{name}.sort({self.pick('', 'reverse=True', 'key=abs')})", f"{name}.reverse()", f"{name}[1:3] = {e('ints', 1)}[:2]", f"del {name}[::2]", f"if {name}: print({name}.pop({self.pick('', '0', '-1')}))", f"if {name}: {name}[{self.pick(0, -1)}] {self.pick('=', '+=', '-=')} {e('int', 1)}", f"{name}{self.slice()}.{self.pick('append(1)', 'reverse()', 'sort()', 'clear()')}", f"if {name}{(part := self.slice())}: {name}{part}[0] = {e('int', 1)}"))
        name = self.var("dict")
        if name:
            self.line(self.pick(f"{name}[{e('str', 1)}] = {e('int', 1)}", f"{name}.update({e('dict', 1)})", f"print({name}.pop({e('str', 0)}, None))", f"print({name}.setdefault({e('str', 0)}, {e('int', 1)}))", f"print({name}.{self.pick('keys', 'values', 'items')}())", f"if {name}: print({name}.popitem())", f"for k, v in {name}.items(): print(k, v, end=';')"))

    def change_nested(self):
        """A container of containers, changed at some depth, alone and after it was given on."""
        e, r = self.expr, self.rng
        name = self.fresh("c")
        if self.pick(True, False):
            self.line(f"{name} = [{e('ints', 1)}[:4] + [1, 2], [*{e('ints', 1)}[:3], 3], [0, 4]]")
            place = f"{name}{self.pick('[0]', '[-1]', '[0:2][0]', '[::-1][1]')}"
        else:
            self.line(f"{name} = {{'a': {e('ints', 1)}[:4] + [5, 6], 'b': [*{e('ints', 1)}[:3], 7, 8]}}")
            place = f"{name}{self.pick('[{!r}]', '.get({!r})', '[{!r}]').format(self.pick('a', 'b'))}"
        if ".get" in place:
            self.line(f"print({place})")
            return
        other = self.fresh("c")
        self.line(f"{other} = [{place}[:], {e('int', 1)}]")
        self.line(self.pick(f"{place}.append({e('int', 1)})", f"{place}[0] {self.pick('=', '+=', '-=')} {e('int', 1)}", f"{place}{self.slice()}.append(3)", f"{place}[0:2] = {e('ints', 1)}[:3]", f"del {place}[-1]", f"{place}.sort()", f"print({place}.pop())", f"{place.replace('[0:2]', '').replace('[::-1]', '')} += [9]", f"{place}[:1][0] = 4", f"{place}.insert({r.randint(-2, 3)}, 11)"))
        self.line(f"print({name}, {other})")

    def change_array(self):
        e = self.expr
        kind = self.pick("array", "array", "iarray", "matrix")
        name = self.var(kind)
        if not name:
            return
        at = {"matrix": ["0", "1, 2", ":, 1", "..., -1", "::-1", f"{name} > 1"]}.get(kind, ["0", "-1", "1:", "::2", "[0, 2]", f"{name} > 0", ":"])
        value = e("int" if kind == "iarray" else "float", 1)
        if self.rng.random() < 0.25:
            # Of a part, or of a copy.
            part = f"{name}[{self.pick('0:2', '1:', '::-1', '[0, 1]', '[1, 0, 1]', f'{name} < 2', '...', 'None')}]"
            ending = self.pick("[0] = ", "[0] += ", "[:1] = ", "[...] = ", ".fill(", ".sort()")
            ending = {"(": f"{ending}{value})", ")": ending}.get(ending[-1], ending + value)
            self.line(f"if len({part}): {part}{ending}")
            return
        op = self.pick("=", "+=", "-=", "*=") if kind != "iarray" else self.pick("=", "+=", "-=")
        self.line(self.pick(f"{name}[{self.rng.choice(at)}] {op} {value}", f"{name} {self.pick('+=', '-=')} {e('iarray' if kind == 'iarray' else 'array', 1)}", f"print({name}.{self.pick('sum()', 'max()', 'shape', 'tolist()', 'dtype', 'mean()', 'argmin()')})"))

    def body(self, count):
        self.indent += 1
        start = len(self.lines)
        for _ in range(count):
            self.statement()
        if len(self.lines) == start:
            self.line("pass")
        self.indent -= 1

    def nested(self, count):
        # What a block binds may not be there after it.
        before = dict(self.scope)
        self.body(count)
        self.scope = before

    def if_(self):
        self.line(f"if {self.expr('bool')}:")
        self.nested(self.rng.randint(1, 3))
        if self.rng.random() < 0.4:
            self.line(f"elif {self.expr('bool')}:")
            self.nested(1)
        if self.rng.random() < 0.5:
            self.line("else:")
            self.nested(self.rng.randint(1, 2))

    def for_(self):
        item = self.fresh("i")
        kind, source = self.pick(("int", f"range({self.rng.randint(0, 4)})"), ("int", self.expr("ints", 1) + "[:4]"), ("str", self.expr("words", 1) + "[:4]"), ("str", self.expr("dict", 1)), ("float", self.expr("floats", 1) + "[:4]"), ("array", self.expr("matrix", 1)), ("str", self.expr("str", 1) + "[:4]"))
        before = dict(self.scope)
        self.line(f"for {item} in {source}:")
        self.scope[item] = kind
        if kind == "array":
            self.line(f"    {item} = {item}.copy()")
        self.loops += 1
        self.body(self.rng.randint(1, 3))
        self.loops -= 1
        self.scope = before
        if self.rng.random() < 0.3:
            self.line("else:")
            self.nested(1)

    def while_(self):
        name = self.fresh("n")
        self.line(f"{name} = {self.rng.randint(0, 4)}")
        self.line(f"while {name} > 0:")
        self.indent += 1
        self.line(f"{name} -= 1")
        self.indent -= 1
        self.loops += 1
        self.nested(self.rng.randint(1, 3))
        self.loops -= 1
        if self.rng.random() < 0.3:
            self.line("else:")
            self.nested(1)

    def define(self):
        if self.loops or self.indent > 1:
            return self.assign()
        name, kind = self.fresh("f"), self.pick("int", "float", "str")
        count = self.rng.randint(1, 3)
        params = [(self.fresh("p"), self.rng.choice(self.KINDS), i > 0 and i == count - 1 and self.rng.random() < 0.5) for i in range(count)]
        text = [f"{p}={self.expr(k, 0)}" if default else p for p, k, default in params]
        self.line(f"def {name}({', '.join(text)}):")
        outer, functions = self.scope, list(self.functions)
        # Its own parameters, and what of the names around it does not change later: none.
        self.scope = {p: k for p, k, _ in params}
        self.functions = [f for f in functions if self.indent == 0]
        self.indent += 1
        for p, k, _ in params:
            if self.copied(k, p) != p:
                self.line(f"{p} = {self.copied(k, p)}")
        self.indent -= 1
        self.body(self.rng.randint(1, 3))
        self.indent += 1
        self.line(f"return {self.expr(kind)}")
        self.indent -= 1
        self.scope = outer
        self.functions = functions
        if self.indent == 0:
            self.functions.append((name, kind, params))
        self.line(f"print({name}({', '.join(self.expr(k, 1) for _, k, default in params if not default)}))")


def program(seed):
    p = Program(random.Random(seed))
    while p.budget > 0:
        p.statement()
    p.line("print(" + ", ".join(list(p.scope)[:8]) + ")")
    return "\n".join(p.lines) + "\n"


if __name__ == "__main__":
    seed, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    drawn, number = [], 0
    while len(drawn) < count:
        text = program(f"{seed}/{number}")
        number += 1
        result = record.run(text)
        # Integers and floats that have grown beyond what both sides can hold, and long output, show nothing new.
        if len(text) < 4000 and len(result) < 3000 and "OverflowError" not in result and "e+" not in result:
            drawn.append(f"#==== {seed}/{number - 1}\n{text}#---- prints\n{result}")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("".join(drawn))
