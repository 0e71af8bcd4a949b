"""The cases of ../workloads/cases.txt, and their programs as Python: a program of the language runs under CPython too, with
another library in NumPy's place and another tool in that of `cotangent`."""

import os
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = os.path.join(HERE, "..", "workloads")
WORK = os.path.join(HERE, "..", "..", "target", "peers")

Case = namedtuple("Case", "workload name program primal gradient arguments size calls")


def cases():
    with open(os.path.join(WORKLOADS, "cases.txt")) as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    return [Case(*fields[:6], int(fields[6]), int(fields[7])) for fields in lines]


def load(tool, name, imports=None, names=None, rewrites=()):
    """The globals of a program: its imports replaced, what it imports of `cotangent` given as `names`."""
    with open(os.path.join(WORKLOADS, "programs", f"{name}.cot")) as file:
        lines = [line for line in file.read().splitlines() if not line.startswith("from cotangent")]
    text = "\n".join((imports or {}).get(line, line) for line in lines) + "\n"
    for old, new in rewrites:
        assert old in text, old
        text = text.replace(old, new)
    # A file, since some tools read the source of a function.
    path = os.path.join(WORK, tool, f"{name}.py")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    env = dict(names or {}, __name__=name)
    exec(compile(text, path, "exec"), env)
    return env


def arguments(case):
    """The arguments of a case, as NumPy's arrays."""
    stand_in = lambda *args, **kwargs: None
    names = dict.fromkeys(["grad", "derivative", "hessian", "hvp"], stand_in)
    return load("numpy", case.program, names=names)[case.arguments](case.size)
