"""Adjoints by hand, compiled by Numba: what Python's own compiler makes of loops."""

import math

import numba
import numpy as np

from worker import Peer


@numba.njit
def logistic(x, r, n):
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x


@numba.njit
def logistic_gradient(x, r, n):
    kept = np.empty(n)
    for i in range(n):
        kept[i] = x
        x = r * x * (1.0 - x)
    x_bar, r_bar = 1.0, 0.0
    for i in range(n - 1, -1, -1):
        x = kept[i]
        r_bar += x_bar * x * (1.0 - x)
        x_bar = x_bar * r * (1.0 - 2.0 * x)
    return x_bar, r_bar


@numba.njit
def elementwise(x):
    total = 0.0
    for i in range(x.size):
        total += math.exp(-x[i] * x[i]) * math.sin(x[i]) + 0.5 * x[i] * math.tanh(x[i])
    return total


@numba.njit
def elementwise_gradient(x):
    bar = np.empty_like(x)
    for i in range(x.size):
        v = x[i]
        e, t = math.exp(-v * v), math.tanh(v)
        bar[i] = e * (math.cos(v) - 2.0 * v * math.sin(v)) + 0.5 * t + 0.5 * v * (1.0 - t * t)
    return bar


@numba.njit
def call(x):
    return x * x * math.sin(x)


@numba.njit
def call_gradient(x):
    return 2.0 * x * math.sin(x) + x * x * math.cos(x)


class Numba(Peer):
    name = "numba"

    def prepare(self, case):
        if not any(hasattr(self, name) for name in (case.name, case.program)) or case.gradient == "-":
            raise LookupError("not written")
        return super().prepare(case)

    def logistic(self, case, x, r, n):
        return logistic_gradient, logistic, x, r, n

    def elementwise(self, case, x):
        return elementwise_gradient, elementwise, x

    def call(self, case, x):
        return call_gradient, call, x


PEER = Numba()
