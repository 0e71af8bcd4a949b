"""Records what NumPy's savetxt writes, as data for tests/files.rs: arguments, a tab, the text as Python writes it.

    python3 tests/oracle/record_savetxt.py
"""

import io
import os

import numpy as np

CASES = [
    "x",
    "x, fmt='%d'",
    "x, fmt='%.3f', delimiter=','",
    "x, fmt=['%10.2e', '%-8.1f|'], header='a b\\nc', footer='end'",
    "v, fmt='%+g', newline=';'",
    "x > 0, fmt='%d'",
    "i, fmt='%05d', comments='// ', header='h'",
    "np.array([[np.nan, -np.inf]]), fmt='%8.3f'",
    "v, fmt='<%s>'",
]
ENV = dict(
    np=np,
    x=np.array([[1.5, -2.0], [0.25, 1e10]]),
    v=np.array([1.5, -2.25, 3e-7]),
    i=np.array([[1, -2], [30, 4]]),
)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "savetxt.txt"), "w") as out:
    for case in CASES:
        file = io.StringIO()
        eval(f"np.savetxt(file, {case})", dict(ENV, file=file))
        out.write(f"{case}\t{file.getvalue()!r}\n")
