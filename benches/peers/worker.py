"""One peer in a process of its own: `worker.py TOOL [quick]` answers what tools.py asks, `worker.py TOOL start` prints the
gradient of the program `start` and ends."""

import importlib
import os
import sys
import time


class Peer:
    """A tool that differentiates. A method with the name of a case (or of its program) gives the derivative and the primal
    as the tool wants them written; the others run the program itself."""

    name = ""
    imports = {}
    rewrites = {}
    # Cases that the tool does not run, and why; cases that take it seconds, which a quick run leaves out.
    without = {}
    slow = ()
    # Times that a call does its work.
    repeats = 1

    def names(self):
        """What stands for `grad` and its like; functions that the tool wants otherwise."""
        return {}

    def convert(self, array):
        return array

    def finish(self, result):
        """Waits for a result."""
        return result

    def compiled(self, function):
        return function

    def program(self, name):
        return programs.load(self.name, name, self.imports, self.names(), self.rewrites.get(name, ()))

    def prepare(self, case):
        if case.name in self.without:
            raise LookupError(self.without[case.name])
        if case.gradient == "-" and not hasattr(self, case.name):
            raise LookupError("has no derivative")
        args = [converted(arg, self.convert) for arg in programs.arguments(case)]
        own = getattr(self, case.name.replace("-", "_"), None) or getattr(self, case.program, None)
        if own:
            gradient, primal, *args = own(case, *args)
        else:
            env = self.program(case.program)
            gradient, primal = (self.compiled(env[part]) if part != "-" else None for part in (case.gradient, case.primal))
        call = lambda function: function and (lambda: self.finish(function(*args)))
        return call(gradient), call(primal)


def converted(value, convert):
    import numpy

    if isinstance(value, (list, tuple)):
        return type(value)(converted(item, convert) for item in value)
    return convert(value) if isinstance(value, numpy.ndarray) else value


def burgers_by_slices(u, nu, n, dt, dx, concatenate):
    """Burgers' equation for tools that do not change arrays in place."""
    c, d = dt / dx, nu * dt / (dx * dx)
    for _ in range(n):
        m, l, r = u[1:-1], u[:-2], u[2:]
        u = concatenate([u[:1], m - c * m * (m - l) + d * (r - 2.0 * m + l), u[-1:]])
    return (u * u).sum()


def numbers(value):
    import numpy

    if isinstance(value, (list, tuple)):
        return numpy.concatenate([numbers(item) for item in value])
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if hasattr(value, "full"):
        value = value.full()
    return numpy.asarray(value, dtype=float).ravel()


def seconds_per_call(call, seconds):
    count = 1
    while True:
        start = time.process_time()
        for _ in range(count):
            call()
        spent = time.process_time() - start
        if spent >= 0.8 * seconds:
            return spent / count
        count = int(count * min(max(seconds / max(spent, 1e-6), 2), 100))


def answer(peer, cases, out, quick):
    ready = {}
    for line in sys.stdin:
        request, name, *rest = line.split()
        try:
            if request == "prepare":
                if quick and name in peer.slow:
                    raise LookupError("takes seconds")
                gradient, primal = peer.prepare(cases[name])
                first = float("nan")
                if gradient:
                    start = time.process_time()
                    result = gradient()
                    first = time.process_time() - start
                    numbers(result).tofile(rest[0])
                if primal:
                    primal()
                ready[name] = {"gradient": gradient, "primal": primal}
                reply = f"ok {first!r}"
            else:
                call = ready[name][rest[0]]
                reply = f"ok {seconds_per_call(call, float(rest[1])) / peer.repeats!r}" if call else "none not there"
        except Exception as error:
            reply = f"none {error if type(error) is LookupError else f'{type(error).__name__}: {error}'}".replace("\n", " ")
        print(reply, file=out, flush=True)


if __name__ == "__main__":
    import programs

    # One processor: pools of threads have one thread then.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.modules["worker"] = sys.modules["__main__"]
    tool = importlib.import_module(f"peer_{sys.argv[1]}").PEER
    if sys.argv[2:] == ["start"]:
        tool.program("start")
    else:
        # What the tools print goes elsewhere.
        out, sys.stdout = sys.stdout, sys.stderr
        answer(tool, {case.name: case for case in programs.cases()}, out, "quick" in sys.argv[2:])
