#!/usr/bin/env python3
"""Writes tests/vector_math.txt: elementary functions, correctly rounded, at arguments drawn from all floats and from
where each function turns.

    pip install mpmath && python3 tests/oracle/record_vector_math.py

A line has the function, its arguments and its result, the bits of floats in hexadecimal.
"""
import math
import pathlib
import random
import struct
from mpmath import mp, mpf
import mpmath

mp.prec = 2400
random.seed(20260101)
COUNT = 700


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(n):
    return struct.unpack("<d", struct.pack("<Q", n))[0]


def rounded(y):
    """The nearest float of a real number, ties aside."""
    if y == 0:
        return 0.0
    try:
        mantissa, exponent = mpmath.frexp(y)
        if exponent < -1074:
            return 0.0
        if exponent > 1024:
            return math.inf if y > 0 else -math.inf
        kept = min(53, exponent + 1074)
        whole = int(mpmath.nint(mpmath.ldexp(mantissa, kept)))
        return math.ldexp(whole, exponent - kept)
    except OverflowError:
        return math.inf if y > 0 else -math.inf


def any_float():
    while True:
        x = from_bits(random.getrandbits(64))
        if math.isfinite(x):
            return x


def spread(low, high):
    """A number with an evenly drawn exponent, of either sign."""
    return random.choice((-1, 1)) * 2 ** random.uniform(math.log2(low), math.log2(high))


def near(x):
    return from_bits(bits(x) + random.randint(-40, 40)) if x else 0.0


HALF_PI = math.pi / 2
FUNCTIONS = {
    "exp": (mpmath.exp, lambda: random.uniform(-750, 711), [709.78, -708.4, -745.13, 0.5 * math.log(2)]),
    "expm1": (mpmath.expm1, lambda: random.uniform(-40, 711), [0.5 * math.log(2), -0.5 * math.log(2), 709.7, -37.0, 1.0]),
    "sinh": (mpmath.sinh, lambda: random.uniform(-711, 711), [0.35, 1.0, 22.0, 710.4]),
    "cosh": (mpmath.cosh, lambda: random.uniform(-711, 711), [0.35, 1.0, 22.0, 710.4]),
    "tanh": (mpmath.tanh, lambda: random.uniform(-23, 23), [0.35, 1.0, 19.0, 22.0]),
    "expit": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda: random.uniform(-750, 40), [-1.0, 1.0, -708.0, 36.0]),
    "log": (mpmath.log, lambda: abs(spread(1e-320, 1.7e308)), [1.0, math.sqrt(0.5), math.sqrt(2), 2.0]),
    "log1p": (mpmath.log1p, lambda: spread(1e-20, 0.999), [-0.2929, 0.4142, 1.0, 1e15, -0.999999]),
    "sin": (mpmath.sin, lambda: random.uniform(-1e6, 1e6), [k * HALF_PI for k in (1, 2, 3, 4, 355, 1000, 100003)]),
    "cos": (mpmath.cos, lambda: random.uniform(-1e6, 1e6), [k * HALF_PI for k in (1, 2, 3, 4, 355, 1000, 100003)]),
    "tan": (mpmath.tan, lambda: random.uniform(-1e6, 1e6), [k * HALF_PI / 2 for k in (1, 2, 3, 4, 355, 1000, 100003)]),
    "arctan": (mpmath.atan, lambda: spread(1e-9, 1e9), [0.4375, 0.6875, 1.1875, 2.4375]),
    "arcsin": (mpmath.asin, lambda: random.uniform(-1, 1), [0.5, 0.975, 0.99999]),
    "arccos": (mpmath.acos, lambda: random.uniform(-1, 1), [0.5, -0.5, 0.975, 0.99999, -0.99999]),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), lambda: spread(1e-320, 1e308), [1.0, 2.0, 4.0, 8.0, 27.0]),
    "erf": (mpmath.erf, lambda: random.uniform(-6.5, 6.5), [1.0, 0.84375, 2.5, 5.9]),
    "sqrt": (mpmath.sqrt, lambda: abs(spread(1e-320, 1e308)), [1.0, 2.0]),
}


def atan2(y, x):
    return mpmath.atan2(y, x)


PAIRS = {
    "arctan2": (atan2, [lambda: (spread(1e-3, 1e3), spread(1e-3, 1e3)), lambda: (any_float(), any_float())]),
    "power": (
        lambda x, y: mpmath.power(x, y),
        [
            lambda: (abs(spread(1e-3, 1e3)), random.uniform(-20, 20)),
            lambda: (near(1.0), spread(1e3, 1e17)),
            lambda: (random.uniform(0.5, 2), random.uniform(-1000, 1000)),
            lambda: (spread(1e-3, 1e3), float(random.randint(-30, 30))),
            lambda: (abs(any_float()), random.uniform(-3, 3)),
            lambda: (abs(any_float()), 0.5),
            lambda: (float(random.randint(1, 20)), float(random.randint(-12, 15))),
        ],
    ),
}


def main():
    lines = []
    for name, (f, draw, places) in FUNCTIONS.items():
        xs = [draw() for _ in range(COUNT // 2)]
        xs += [spread(1e-8, 4) for _ in range(COUNT // 4)]
        xs += [any_float() for _ in range(COUNT // 8)]
        xs += [near(random.choice(places)) for _ in range(COUNT // 8)]
        for x in xs:
            if name in ("log", "sqrt") and x < 0 or name == "log1p" and x <= -1 or name in ("arcsin", "arccos") and abs(x) > 1:
                continue
            if name in ("exp", "expm1", "sinh", "cosh", "expit", "tanh", "erf") and abs(x) > 1e4:
                continue
            y = rounded(f(mpf(x)))
            if y == 0.0:
                y = math.copysign(y, x) if name not in ("exp", "expit", "cosh") else y
            lines.append(f"{name} {bits(x):016x} {bits(y):016x}")
    for name, (f, draws) in PAIRS.items():
        for draw in draws:
            for _ in range(COUNT // len(draws)):
                a, b = draw()
                if name == "power" and abs(b * math.log(abs(a))) > 2000:
                    continue
                y = rounded(f(mpf(a), mpf(b)))
                if y == 0.0:
                    y = math.copysign(y, a) if name == "arctan2" else y
                lines.append(f"{name} {bits(a):016x} {bits(b):016x} {bits(y):016x}")
    path = pathlib.Path(__file__).resolve().parent.parent / "vector_math.txt"
    path.write_text("\n".join(lines) + "\n")


main()
