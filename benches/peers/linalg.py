"""NumPy's and SciPy's times of the calls of benches/linalg.rs: microseconds a call, best of several runs.

    OPENBLAS_NUM_THREADS=1 python3 benches/peers/linalg.py [FIGURES]

With a file that holds the output of `cargo bench --bench linalg` it prints the quotients, Cotangent's time over theirs.
"""

import re
import sys
import time
import warnings

import numpy as np
from scipy import linalg

warnings.simplefilter("ignore")
SOURCE = open(__file__.replace("peers/linalg.py", "linalg.rs")).read()
CALLS = re.findall(r'^    "(.*)",$', SOURCE, re.M)
SIZES = [4, 16, 100, 500]


def measure(call, n):
    rng = np.random.default_rng(0)
    a = rng.standard_normal((n, n)) / n**0.5 + np.eye(n)
    env = dict(np=np, linalg=linalg, a=a, b=rng.standard_normal(n), s=a @ a.T + np.eye(n), t=np.triu(a) + np.eye(n))
    exec(f"def run(count):\n    for _ in range(count):\n        y = {call}\n", env)

    def run(count):
        start = time.perf_counter()
        env["run"](count)
        return time.perf_counter() - start

    run(1)
    count = int(min(max(0.05 / max(run(1), 1e-9), 1), 20000))
    return min(run(count) for _ in range(5)) * 1e6 / count


ours = {}
if len(sys.argv) > 1:
    for line in open(sys.argv[1]):
        parts = line.rstrip().rsplit(None, len(SIZES))
        if parts and parts[0].strip() in CALLS:
            ours[parts[0].strip()] = [float(x) for x in parts[1:]]
for call in CALLS:
    times = [measure(call, n) for n in SIZES]
    if ours:
        print(f"{call:<44}", "".join(f"{o / t:12.2f}" for o, t in zip(ours.get(call, []), times)))
    else:
        print(f"{call:<44}", "".join(f"{t:12.2f}" for t in times))
