"""Records NumPy's and SciPy's results: tests/oracle/linalg.txt, a program and its value a line, divided by a tab.

    python3 tests/oracle/record_linalg.py > tests/oracle/linalg.txt

A program is written on one line, with `; ` between its statements; its value is that of the last, an expression.
"""
import warnings

import numpy as np
from scipy import linalg, special
import math

warnings.simplefilter("ignore")

A = "np.array([[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [0.25, -1.0, 5.0]])"
S = "np.array([[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 5.0]])"
T = "np.array([[1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 2.5, 0.0], [2.0, 0.0, 1.0, -3.0]])"
B = "np.array([[[2.0, 1.0], [0.0, 3.0]], [[1.0, -1.0], [1.0, 4.0]]])"
SETUP = f"A = {A}; S = {S}; T = {T}; B = {B}; "

LINALG = """
np.linalg.solve(A, np.array([1.0, 2.0, 3.0]))
np.linalg.solve(A, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
np.linalg.solve(B, np.array([1.0, 2.0]))
np.linalg.solve(B, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
np.linalg.solve(B, np.ones((3, 1, 2, 1)))
np.linalg.solve(A[:, ::-1], np.array([1, 2, 3]))
np.linalg.solve([[2, 1], [1, 3]], [1, 2])
np.linalg.solve(np.zeros((0, 0)), np.zeros(0))
np.linalg.solve(np.zeros((2, 2)), np.ones(2))
np.linalg.solve(np.ones((2, 3)), np.ones(2))
np.linalg.solve(A, np.ones(2))
np.linalg.solve(A, 1.0)
np.linalg.inv(A)
np.linalg.inv(B)
np.linalg.inv(A.T)
np.linalg.inv(np.array([[1, 2], [3, 4]]))
np.linalg.inv(np.zeros((2, 2)))
np.linalg.inv(np.zeros((0, 0)))
np.linalg.det(A)
np.linalg.det(B)
np.linalg.det(np.array([[1, 2], [3, 4]]))
np.linalg.det(np.zeros((3, 3)))
np.linalg.det(np.zeros((0, 0)))
np.linalg.det(np.ones(3))
np.linalg.slogdet(A)
np.linalg.slogdet(-A)
np.linalg.slogdet(B)
np.linalg.slogdet(np.zeros((2, 2)))
np.linalg.slogdet(np.full((2, 2), np.nan))
np.linalg.slogdet(1e200 * np.eye(5))
np.linalg.cholesky(S)
np.linalg.cholesky(np.stack([S, 2.0 * S]))
np.linalg.cholesky(S, upper=True)
np.linalg.cholesky(-S)
np.linalg.cholesky(np.ones((2, 3)))
np.linalg.eigh(S)[0]
np.abs(np.linalg.eigh(S)[1])
np.linalg.eigvalsh(S)
np.linalg.eigvalsh(A, "U")
np.linalg.eigvalsh(np.stack([S, 2.0 * S]))
np.linalg.eigvalsh(np.zeros((0, 0)))
np.linalg.eigh(np.full((2, 2), np.nan))
np.linalg.svd(T, compute_uv=False)
np.linalg.svd(B, compute_uv=False)
np.abs(np.linalg.svd(T, full_matrices=False)[0])
np.abs(np.linalg.svd(T.T, full_matrices=False)[0])
np.linalg.svd(np.zeros((3, 0)))
np.linalg.svd(np.zeros((0, 3)), full_matrices=False)
np.linalg.svd(np.ones((2, 3)))[0].shape
np.linalg.svd(np.ones((2, 3)))[2].shape
np.linalg.qr(T)
np.linalg.qr(T.T)
np.linalg.qr(T.T, mode="r")
np.linalg.qr(T, mode="raw")
np.linalg.qr(T.T, mode="complete")[1]
np.linalg.qr(T.T, mode="complete")[0].shape
np.linalg.qr(np.zeros((0, 3)))
np.linalg.qr(np.zeros((3, 0)), mode="complete")
np.linalg.qr(np.stack([T, 2.0 * T]))
np.linalg.qr(T, mode="other")
np.linalg.lstsq(T.T, np.array([1.0, 2.0, 3.0, 4.0]))
np.linalg.lstsq(T.T, np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 0.0], [4.0, 1.0]]))
np.linalg.lstsq(T, np.array([1.0, 2.0, 3.0]))
np.linalg.lstsq(np.ones((3, 2)), np.array([1.0, 2.0, 4.0]))
np.linalg.lstsq(T, np.ones(4))
np.linalg.pinv(T)
np.linalg.pinv(B)
np.linalg.pinv(np.ones((3, 2)))
np.linalg.pinv(np.zeros((2, 3)))
np.linalg.pinv(np.zeros((0, 3)))
np.linalg.matrix_rank(T)
np.linalg.matrix_rank(np.ones((3, 3)))
np.linalg.matrix_rank(B)
np.linalg.matrix_rank(np.zeros(3))
np.linalg.norm(T)
np.linalg.norm(T, "fro")
np.linalg.norm(T, "nuc")
np.linalg.norm(T, 1)
np.linalg.norm(T, -1)
np.linalg.norm(T, 2)
np.linalg.norm(T, -2)
np.linalg.norm(T, np.inf)
np.linalg.norm(T, -np.inf)
np.linalg.norm(T, 3)
np.linalg.norm(T[0])
np.linalg.norm(T[0], 1)
np.linalg.norm(T[0], 3)
np.linalg.norm(T[0], 0.5)
np.linalg.norm(T[0], 0)
np.linalg.norm(T[0], np.inf)
np.linalg.norm(T[0], -np.inf)
np.linalg.norm(T[0], "fro")
np.linalg.norm(T, axis=0)
np.linalg.norm(T, axis=-1, keepdims=True)
np.linalg.norm(T, 1, axis=1)
np.linalg.norm(B, axis=(1, 2))
np.linalg.norm(B, axis=(0, 2))
np.linalg.norm(B, "nuc", axis=(0, 1), keepdims=True)
np.linalg.norm(B, 1, axis=(2, 0))
np.linalg.norm(B, np.inf, axis=(0, 2))
np.linalg.norm(B)
np.linalg.norm(B, keepdims=True)
np.linalg.norm(B, 1)
np.linalg.norm(B, axis=(1, 1))
np.linalg.norm(3.0)
np.linalg.norm(np.array([3, 4]))
np.linalg.norm(np.zeros(0))
np.linalg.norm(np.zeros((0, 3)), axis=1)
np.linalg.norm(np.zeros((0, 3)), axis=0)
np.linalg.norm(np.zeros((3, 0)), -np.inf, axis=1)
np.linalg.norm(np.array([1.0, np.nan]), np.inf)
linalg.solve_triangular(A, np.array([1.0, 2.0, 3.0]))
linalg.solve_triangular(A, np.array([1.0, 2.0, 3.0]), lower=True)
linalg.solve_triangular(A, np.array([1.0, 2.0, 3.0]), trans=1)
linalg.solve_triangular(A, np.array([1.0, 2.0, 3.0]), trans="T", lower=True, unit_diagonal=True)
linalg.solve_triangular(A, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), unit_diagonal=True)
linalg.solve_triangular(np.zeros((2, 2)), np.ones(2))
linalg.expm(A)
linalg.expm(0.001 * A)
linalg.expm(np.array([[0.0, 30.0], [-30.0, 0.0]]))
linalg.expm(B)
""".strip().splitlines()

RANDOM = """
rng = np.random.default_rng({seed}); rng.random()
rng = np.random.default_rng({seed}); rng.random(5)
rng = np.random.default_rng({seed}); rng.random((2, 3))
rng = np.random.default_rng({seed}); x = rng.random(2); rng.random(2)
rng = np.random.default_rng({seed}); rng.uniform(-1.0, 2.0, size=4)
rng = np.random.default_rng({seed}); rng.uniform(high=np.array([1.0, 2.0]), size=(3, 2))
rng = np.random.default_rng({seed}); rng.normal(size=(3, 3))
rng = np.random.default_rng({seed}); rng.normal(2.0, 0.5)
rng = np.random.default_rng({seed}); rng.normal(np.zeros(3), np.array([1.0, 2.0, 3.0]))
rng = np.random.default_rng({seed}); rng.standard_normal(7)
rng = np.random.default_rng({seed}); rng.exponential(2.0, 5)
rng = np.random.default_rng({seed}); rng.integers(10)
rng = np.random.default_rng({seed}); rng.integers(10, size=9)
rng = np.random.default_rng({seed}); rng.integers(-5, 5, size=(2, 4))
rng = np.random.default_rng({seed}); rng.integers(0, 6, size=20, endpoint=True)
rng = np.random.default_rng({seed}); rng.integers(0, 10 ** 15, size=3)
rng = np.random.default_rng({seed}); x = rng.integers(3); rng.random(2)
rng = np.random.default_rng({seed}); rng.permutation(12)
rng = np.random.default_rng({seed}); rng.permutation(np.array([[1, 2], [3, 4], [5, 6]]))
rng = np.random.default_rng({seed}); rng.permutation(np.array([[1, 2, 9], [3, 4, 8]]), axis=1)
rng = np.random.default_rng({seed}); rng.permutation([1.5, 2.5, 3.5])
rng = np.random.default_rng({seed}); rng.choice(10)
rng = np.random.default_rng({seed}); rng.choice(10, 5)
rng = np.random.default_rng({seed}); rng.choice(10, size=(2, 2))
rng = np.random.default_rng({seed}); rng.choice(10, 5, replace=False)
rng = np.random.default_rng({seed}); rng.choice(10, 5, replace=False, shuffle=False)
rng = np.random.default_rng({seed}); rng.choice(20000, 3000, replace=False)[:9]
rng = np.random.default_rng({seed}); rng.choice(4, 6, p=[0.1, 0.2, 0.3, 0.4])
rng = np.random.default_rng({seed}); rng.choice(4, 3, replace=False, p=[0.1, 0.2, 0.3, 0.4])
rng = np.random.default_rng({seed}); rng.choice(np.array([[1, 2], [3, 4], [5, 6]]), 2)
rng = np.random.default_rng({seed}); rng.choice(np.array([[1, 2], [3, 4], [5, 6]]))
rng = np.random.default_rng({seed}); rng.choice([0.5, 1.5, 2.5], size=(2, 2))
rng = np.random.default_rng({seed}); rng.choice(3, 5, replace=False)
rng = np.random.default_rng({seed}); rng.choice(3, p=[0.5, 0.5])
rng = np.random.default_rng({seed}); rng.choice(3, p=[0.5, 0.4, 0.2])
rng = np.random.default_rng({seed}); rng.integers(5, 5)
rng = np.random.default_rng({seed}); rng.normal(0.0, -1.0)
rng = np.random.default_rng({seed}); rng.random(-1)
""".strip().splitlines()


def show(value):
    if isinstance(value, tuple):
        return "(" + " ".join(show(v) for v in value) + ")"
    a = np.asarray(value)
    kind = {"f": "float", "i": "int", "b": "bool"}[a.dtype.kind]
    elements = " ".join(repr(float(x)) if kind == "float" else str(int(x)) for x in a.ravel())
    return f"{kind}[{','.join(map(str, a.shape))}:{elements}]"


def record(program):
    names = {"np": np, "linalg": linalg, "special": special, "math": math}
    *statements, last = program.split("; ")
    try:
        for statement in statements:
            exec(statement, names)
        print(program, show(eval(last, names)), sep="\t")
    except Exception:
        print(program, "error", sep="\t")


if __name__ == "__main__":
    for line in LINALG:
        record(SETUP + line)
    for seed in ("0", "42", "[1, 2, 3]"):
        for line in RANDOM:
            record(line.replace("{seed}", seed))
