"""Writes src/interp/random/ziggurat_tables.rs: the layers of the ziggurats for the normal and the exponential
distribution (Marsaglia and Tsang 2000) with 256 layers of equal area.

The layers are computed in 60 digits from their definition. NumPy's are the same up to a few units in the last place, and
a stream that shall equal NumPy's to the last bit needs just these: so each table is looked up in the installed NumPy by
its values, checked against the definition, and its rounding taken over.

    python3 tests/oracle/ziggurat_tables.py > src/interp/random/ziggurat_tables.rs
"""
from mpmath import mp, mpf, exp, log, sqrt, erfc, pi, findroot, floor
import glob
import os
import struct

import numpy

mp.dps = 60
LAYERS = 256


def layers(density, inverse, tail, guess):
    """The right ends x[0] < ... < x[255] of the layers and their common area."""
    def close(r):
        area = r * density(r) + tail(r)
        x = r
        for _ in range(LAYERS - 2):
            x = inverse(density(x) + area / x)
        return area / x + density(x) - 1, area
    r = findroot(lambda r: close(r)[0], (guess, guess * (1 + mpf(10) ** -8)), tol=mpf(10) ** -50)
    area = close(r)[1]
    x = [mpf(0)] * LAYERS
    x[LAYERS - 1] = r
    for i in range(LAYERS - 1, 1, -1):
        x[i - 1] = inverse(density(x[i]) + area / x[i])
    return x, area


def tables(density, inverse, tail, guess, bits):
    x, area = layers(density, inverse, tail, guess)
    scale = mpf(2) ** bits
    base = area / density(x[-1])
    accept = [int(floor(x[-1] / base * scale)), 0] + [int(floor(x[i - 1] / x[i] * scale)) for i in range(2, LAYERS)]
    width = [base / scale] + [x[i] / scale for i in range(1, LAYERS)]
    height = [mpf(1)] + [density(x[i]) for i in range(1, LAYERS)]
    return x[-1], accept, width, height


def bits_of(x):
    return struct.unpack("<Q", struct.pack("<d", float(x)))[0]


def numpy_tables(expected, as_float):
    """NumPy's rounding of a table: the run of 256 words of its generator that is the table up to rounding."""
    exact = [float(e) for e in expected]
    tolerance = 1e-12 if as_float else 1e-12 * 2 ** 53
    for path in glob.glob(os.path.join(os.path.dirname(numpy.__file__), "random", "_generator*.so")):
        data = open(path, "rb").read()
        words = numpy.frombuffer(data[: len(data) // 8 * 8], dtype=numpy.float64 if as_float else numpy.uint64)
        near = lambda k: abs(words.astype(float) - exact[k]) <= (tolerance * abs(exact[k]) if as_float else tolerance)
        candidates = numpy.flatnonzero(near(100)) - 100
        for start in candidates:
            found = words[start:start + 256]
            if len(found) == 256 and numpy.allclose(found.astype(float), exact, rtol=1e-12, atol=0 if as_float else 64):
                return [int(w) for w in found.view(numpy.uint64)]
    raise SystemExit("this NumPy does not hold the table")


def show(name, doc, numbers):
    print(f"\n/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: [u64; 256] = [")
    for i in range(0, 256, 4):
        print("    " + " ".join(f"0x{n:016x}," for n in numbers[i:i + 4]))
    print("];")


normal = tables(lambda x: exp(-x * x / 2), lambda y: sqrt(-2 * log(y)), lambda r: sqrt(pi / 2) * erfc(r / sqrt(2)),
                mpf("3.6541528853610088"), 52)
exponential = tables(lambda x: exp(-x), lambda y: -log(y), lambda r: exp(-r), mpf("7.69711747013104972"), 53)

if __name__ == "__main__":
    print("//! The layers of the ziggurats, written by tests/oracle/ziggurat_tables.py with NumPy's rounding. Floats are given")
    print("//! by their bits.")
    for upper, lower, (r, accept, width, height) in (("NORMAL", "normal", normal), ("EXPONENTIAL", "exponential", exponential)):
        print(f"\n/// Where the tail of the {lower} distribution begins.\npub(super) const {upper}_TAIL: u64 = 0x{bits_of(r):016x};")
        show(f"{upper}_ACCEPT", "Below this integer a draw lies inside its layer for certain.", numpy_tables(accept, False))
        show(f"{upper}_WIDTH", "The width of each layer, a unit of the drawn integer.", numpy_tables(width, True))
        show(f"{upper}_HEIGHT", "The density at the right end of each layer.", numpy_tables(height, True))
