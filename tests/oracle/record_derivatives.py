"""Records the derivatives of functions of a number to order 10, with mpmath: tests/scripts/derivatives/nth_values.cot.

    python3 tests/oracle/record_derivatives.py > tests/scripts/derivatives/nth_values.cot
"""
import mpmath as mp

mp.mp.dps = 60

FUNCTIONS = [
    ("np.tanh(x) * np.exp(np.sin(x))", lambda x: mp.tanh(x) * mp.exp(mp.sin(x))),
    ("np.log(1.0 + x * x) / (2.0 + np.cos(x))", lambda x: mp.log(1 + x * x) / (2 + mp.cos(x))),
    ("np.arctan(3.0 * x) + np.sqrt(1.0 + x)", lambda x: mp.atan(3 * x) + mp.sqrt(1 + x)),
    ("np.tan(x) / (1.0 + x ** 3)", lambda x: mp.tan(x) / (1 + x**3)),
    ("np.sinh(x) * np.cosh(2.0 * x) - x ** -2", lambda x: mp.sinh(x) * mp.cosh(2 * x) - x**-2),
    ("(1.0 + x) ** 2.5 * (0.5 + x) ** x", lambda x: (1 + x) ** mp.mpf(2.5) * (mp.mpf(0.5) + x) ** x),
    ("np.arcsin(0.5 * x) * np.arccos(0.5 * x)", lambda x: mp.asin(x / 2) * mp.acos(x / 2)),
    ("special.erf(x) + special.gammaln(1.5 + x)", lambda x: mp.erf(x) + mp.loggamma(mp.mpf(1.5) + x)),
    ("np.log1p(x) * np.expm1(x) + np.arctanh(0.5 * x)", lambda x: mp.log1p(x) * mp.expm1(x) + mp.atanh(x / 2)),
    ("np.hypot(x, 1.0) * np.arctan2(x, 2.0)", lambda x: mp.sqrt(x * x + 1) * mp.atan2(x, 2)),
]

print("# The derivatives of functions of a number to order 10, as mpmath has them (tests/oracle/record_derivatives.py).")
print("import numpy as np\nfrom scipy import special\n\n")
print("def check(f, x, expected):")
print("    for n, value in enumerate(expected):")
print("        got = derivative(f, n)(x)")
print("        assert abs(got - value) <= 1e-11 * (1.0 + abs(value)), f\"order {n}: {got} where {value} is expected\"\n\n")
for text, f in FUNCTIONS:
    x = mp.mpf(0.4)
    values = [mp.taylor(f, x, 10)[n] * mp.factorial(n) for n in range(11)]
    print(f"check(lambda x: {text}, 0.4, [{', '.join(repr(float(v)) for v in values)}])")
print('print("derivatives to order 10")')
