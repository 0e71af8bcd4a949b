"""Records special functions in 40 digits: tests/oracle/special.txt, a name, arguments and the value a line.

    python3 tests/oracle/record_special.py > tests/oracle/special.txt
"""
import random
from mpmath import mp, mpf
import mpmath as m

mp.dps = 40
random.seed(0)

LINE = [-30.5, -7.3, -2.5, -1.2, -0.7, -1e-3, 1e-8, 0.01, 0.3, 0.5, 0.62, 0.9, 1.0, 1.2, 1.46, 1.4616321449683622, 1.5,
        1.7, 2.0, 2.5, 3.0, 4.25, 7.0, 9.99, 11.5, 25.0, 60.0, 120.5]
POSITIVE = [x for x in LINE if x > 0] + [700.0, 1e5]
UNIT = [1e-12, 1e-3, 0.1, 0.25, 0.35, 0.5, 0.51, 0.64, 0.7, 0.9, 0.999, 1 - 1e-9]
WIDE = [-1 + 2 * p for p in UNIT]
PAIRS = [(a, b) for a in (0.05, 0.5, 1.0, 2.5, 9.5, 12.0, 40.0, 150.0) for b in (0.02, 0.7, 3.0, 11.0, 80.0, 1e4)]
GAMMA = [(a, a * r) for a in (0.1, 0.5, 1.0, 3.0, 10.0, 60.0, 150.0) for r in (0.05, 0.3, 0.9, 1.0, 1.1, 2.0, 4.0)]


BESSEL = [(v, x) for v in (-2.5, -1.0, -0.3, 0.0, 0.5, 1.0, 1.7, 3.0, 8.25, 20.0) for x in (0.01, 0.5, 1.9, 2.1, 7.5, 30.0, 49.0, 51.0, 200.0)]


def student(df, t):
    tail = m.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True) / 2
    return 1 - tail if t > 0 else tail


def ndtr(x):
    return m.erfc(-x / m.sqrt(2)) / 2


def inverse(f, df, guess):
    x = mpf(guess)
    for _ in range(60):
        step = f(x) / df(x)
        x -= step
        if abs(step) < mpf(10) ** -38 * max(abs(x), mpf(10) ** -30):
            break
    return x


def erfcinv(y):
    if y > 0.5:
        return m.erfinv(1 - mpf(y))
    return inverse(lambda x: m.log(m.erfc(x)) - m.log(y), lambda x: -2 / m.sqrt(m.pi) * m.exp(-x * x) / m.erfc(x),
                   m.sqrt(-m.log(y)))


ONE = {
    "special.expit": (LINE, lambda x: 1 / (1 + m.exp(-x))),
    "special.log_expit": (LINE, lambda x: -m.log1p(m.exp(-x))),
    "special.softplus": (LINE, lambda x: m.log1p(m.exp(x))),
    "special.logit": (UNIT, lambda x: m.log(x / (1 - x))),
    "special.erf": (LINE, m.erf),
    "special.erfc": ([x for x in LINE if x < 26], m.erfc),
    "special.erfcx": ([x for x in LINE if x > -20], lambda x: m.exp(x * x) * m.erfc(x)),
    "special.erfinv": (WIDE, m.erfinv),
    "special.erfcinv": (UNIT + [1e-100, 1e-300, 1.7], erfcinv),
    "special.ndtr": (LINE, ndtr),
    "special.log_ndtr": (LINE, lambda x: m.log1p(-ndtr(-x)) if x > 0 else m.log(ndtr(x))),
    "special.ndtri": (UNIT, lambda p: -m.sqrt(2) * erfcinv(2 * p)),
    "special.gamma": (LINE, m.gamma),
    "special.gammaln": (LINE + [1e5], lambda x: m.log(abs(m.gamma(x))) if x < 1000 else m.loggamma(x)),
    "special.rgamma": (LINE, m.rgamma),
    "special.digamma": (LINE + [1e5], lambda x: m.psi(0, x)),
    "special.j0": (LINE, lambda x: m.besselj(0, x)),
    "special.j1": (LINE, lambda x: m.besselj(1, x)),
    "special.i0": (LINE, lambda x: m.besseli(0, x)),
    "special.i1": (LINE, lambda x: m.besseli(1, x)),
    "special.i0e": (POSITIVE, lambda x: m.besseli(0, x) * m.exp(-x)),
    "special.i1e": (POSITIVE, lambda x: m.besseli(1, x) * m.exp(-x)),
    "special.y0": (POSITIVE[:-2], lambda x: m.bessely(0, x)),
    "special.y1": (POSITIVE[:-2], lambda x: m.bessely(1, x)),
    "special.k0": (POSITIVE[:-1], lambda x: m.besselk(0, x)),
    "special.k1": (POSITIVE[:-1], lambda x: m.besselk(1, x)),
    "special.k0e": (POSITIVE, lambda x: m.besselk(0, x) * m.exp(x)),
    "special.k1e": (POSITIVE, lambda x: m.besselk(1, x) * m.exp(x)),
    "special.exp1": ([x for x in POSITIVE if x < 600], m.e1),
    "special.entr": ([x for x in POSITIVE], lambda x: -x * m.log(x)),
}
TWO = {
    "special.jv": (BESSEL, m.besselj),
    "special.yv": (BESSEL, m.bessely),
    "special.iv": (BESSEL, m.besseli),
    "special.kv": (BESSEL, m.besselk),
    "special.ive": (BESSEL + [(1.5, 800.0), (2.0, 800.0), (3.0, 1e4)], lambda v, x: m.besseli(v, x) * m.exp(-x)),
    "special.kve": (BESSEL + [(1.5, 800.0), (2.0, 800.0), (3.0, 1e4)], lambda v, x: m.besselk(v, x) * m.exp(x)),
    "special.expn": ([(n, x) for n in (0, 1, 2, 5, 20) for x in POSITIVE if x < 600], lambda n, x: m.expint(int(n), x)),
    "special.binom": ([(n, k) for n in (0.5, 3.0, 7.25, 20.0, 60.0) for k in (0.0, 1.0, 2.5, 3.0, 11.0, 17.5)], m.binomial),
    "special.poch": ([(z, k) for z in (-2.5, 0.5, 3.0, 7.25, 20.0) for k in (-1.5, 0.0, 1.0, 2.5, 3.0, 11.0)], m.rf),
    "special.stdtr": ([(df, t) for df in (0.5, 1.0, 2.0, 3.7, 30.0, 500.0) for t in (-40.0, -3.0, -0.7, 1e-3, 0.5, 2.0, 9.0)], student),
    "special.polygamma": ([(n, x) for n in (1, 2, 3, 8) for x in LINE], lambda n, x: m.psi(int(n), x)),
    "special.beta": (PAIRS, m.beta),
    "special.betaln": (PAIRS, lambda a, b: m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b)),
    "special.gammainc": (GAMMA, lambda a, x: m.gammainc(a, 0, x, regularized=True)),
    "special.gammaincc": (GAMMA, lambda a, x: m.gammainc(a, x, m.inf, regularized=True)),
    "special.xlogy": (PAIRS, lambda a, b: a * m.log(b)),
    "special.rel_entr": (PAIRS, lambda a, b: a * m.log(a / b)),
    "special.kl_div": (PAIRS, lambda a, b: a * m.log(a / b) - a + b),
}
THREE = {
    "special.betainc": ([(a, b, x) for a, b in PAIRS if b < 1000 for x in (0.01, 0.3, 0.5, 0.8, 0.99)],
                        lambda a, b, x: m.betainc(a, b, 0, x, regularized=True)),
}

if __name__ == "__main__":
    for table in (ONE, TWO, THREE):
        for name, (points, f) in table.items():
            for point in points:
                arguments = point if isinstance(point, tuple) else (point,)
                value = m.re(f(*(mpf(a) for a in arguments)))
                if value == 0 or (mpf(10) ** -307 < abs(value) < mpf(10) ** 308):
                    print(name, *(repr(float(a)) for a in arguments), repr(float(value)), sep="\t")
