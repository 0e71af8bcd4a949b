"""Records NumPy's random streams: tests/oracle/random.txt, a kind of draw, a seed and its draws a line.

    python3 tests/oracle/record_random.py > tests/oracle/random.txt
"""
import numpy as np

SEEDS = ["0", "1", "42", "12345678901234567", "1 2 3", "1 2 3 4 5 6"]


def rng(seed):
    words = [int(w) for w in seed.split()]
    return np.random.default_rng(words if len(words) > 1 else words[0])


def bits(x):
    return np.asarray(x, dtype=np.float64).view(np.uint64)


def show(draw, seed, numbers):
    print(draw, seed, " ".join(str(int(n)) for n in numbers), sep="\t")


for seed in SEEDS:
    show("u64", seed, rng(seed).bit_generator.random_raw(8))
    show("unit", seed, bits(rng(seed).random(8)))
    show("normal", seed, bits(rng(seed).standard_normal(3000 if seed in "0" else 60)))
    show("exponential", seed, bits(rng(seed).standard_exponential(3000 if seed in "0" else 60)))
    g = rng(seed)
    lasts = [9, 0, 2**32 - 1, 2**40, 2**64 - 1, 6]
    show("up_to", seed, [g.integers(0, lasts[i % 6], dtype=np.uint64, endpoint=True) for i in range(36)])
