"""Adjoints by hand in NumPy: not a tool, but where large arrays and LAPACK count it may be the limit."""

import math

import numpy as np
from scipy import linalg

from worker import Peer


class Numpy(Peer):
    name = "numpy"

    def names(self):
        nothing = lambda *args: None
        return dict(grad=nothing, hessian=nothing, hvp=nothing, derivative=nothing)

    def prepare(self, case):
        if not any(hasattr(self, name) for name in (case.name, case.program)):
            raise LookupError("not written")
        return super().prepare(case)

    def primal(self, case):
        return self.program(case.program)["primal"]

    def elementwise(self, case, x):
        def gradient(x):
            e, s, t = np.exp(-x * x), np.sin(x), np.tanh(x)
            return e * (np.cos(x) - 2.0 * x * s) + 0.5 * t + 0.5 * x * (1.0 - t * t)

        return gradient, self.primal(case), x

    def network(self, case, params, x, y):
        def gradient(params, x, y):
            w0, b0, w1, b1, w2, b2 = params
            h0 = np.tanh(x @ w0 + b0)
            h1 = np.tanh(h0 @ w1 + b1)
            z = h1 @ w2 + b2
            e = np.exp(z - z.max(1, keepdims=True))
            dz = (e / e.sum(1, keepdims=True) - y) / len(x)
            d1 = (dz @ w2.T) * (1.0 - h1 * h1)
            d0 = (d1 @ w1.T) * (1.0 - h0 * h0)
            return [x.T @ d0, d0.sum(0), h0.T @ d1, d1.sum(0), h1.T @ dz, dz.sum(0)]

        return gradient, self.primal(case), params, x, y

    def tiny(self, case, params, x):
        def gradient(params, x):
            w0, b0, w1, b1 = params
            h = np.tanh(x @ w0 + b0)
            dz = 2.0 * (h @ w1 + b1 - 1.0)
            dh = (dz @ w1.T) * (1.0 - h * h)
            return [x.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)]

        return gradient, self.primal(case), params, x

    def lstm(self, case, params, xs):
        return lstm_gradient, self.primal(case), params, xs

    def process(self, case, theta, x, y):
        def gradient(theta, x, y):
            squares = np.sum(x * x, axis=1)
            distances = squares[:, None] + squares[None] - 2.0 * (x @ x.T)
            e = np.exp(theta[1]) * np.exp(-0.5 * distances * np.exp(-2.0 * theta[0]))
            k = e + np.exp(theta[2]) * np.eye(len(y))
            factor, _ = linalg.lapack.dpotrf(k, lower=1, clean=0)
            inverse, _ = linalg.lapack.dpotri(factor, lower=1)
            inverse = np.tril(inverse) + np.tril(inverse, -1).T
            a = inverse @ y
            m = 0.5 * (inverse - np.outer(a, a))
            weighted = m * e
            return np.array([
                np.sum(weighted * distances) * np.exp(-2.0 * theta[0]),
                np.sum(weighted),
                np.exp(theta[2]) * np.trace(m),
            ])

        return gradient, self.primal(case), theta, x, y

    def mixture(self, case, params, x):
        env = self.program("mixture")
        columns, rows = np.triu_indices(x.shape[1], 1)

        def gradient(params, x):
            alpha, mu, q, l = params
            n, d = x.shape
            scales = np.exp(q)
            factors = env["below"](l, d) + scales[:, :, None] * np.eye(d)
            centred = x[None] - mu[:, None]
            y = centred @ factors.transpose(0, 2, 1)
            inner = (alpha + q.sum(1))[:, None] - 0.5 * (y * y).sum(2)
            w = np.exp(inner - inner.max(0))
            w /= w.sum(0)
            weighted = y * w[:, :, None]
            d_factors = -weighted.transpose(0, 2, 1) @ centred
            sums = w.sum(1)
            softmax = np.exp(alpha - alpha.max())
            softmax /= softmax.sum()
            d_q = np.diagonal(d_factors, 0, 1, 2) * scales + sums[:, None] - scales * scales
            return [sums - n * softmax, (weighted @ factors).sum(1), d_q, d_factors[:, rows, columns] - l]

        return gradient, env["primal"], params, x

    def call(self, case, x):
        return (lambda x: 2.0 * x * math.sin(x) + x * x * math.cos(x)), (lambda x: x * x * math.sin(x)), x


def lstm_gradient(params, xs):
    wx, wh, b = params
    n = len(xs)
    h = c = np.zeros(32)
    kept, states = [], [h]
    for t in range(n):
        z = wx @ xs[t] + wh @ h + b
        s, g = 1.0 / (1.0 + np.exp(-z[:96])), np.tanh(z[96:])
        before, c = c, s[32:64] * c + s[:32] * g
        q = np.tanh(c)
        kept.append((s, g, before, q))
        h = s[64:96] * q
        states.append(h)
    dh = dc = np.zeros(32)
    dz = np.empty((n, 128))
    for t in range(n - 1, -1, -1):
        s, g, before, q = kept[t]
        i, f, o = s[:32], s[32:64], s[64:]
        dh = dh + 2.0 * states[t + 1] / n
        dc = dc + dh * o * (1.0 - q * q)
        dz[t, :32] = dc * g * i * (1.0 - i)
        dz[t, 32:64] = dc * before * f * (1.0 - f)
        dz[t, 64:96] = dh * q * o * (1.0 - o)
        dz[t, 96:] = dc * i * (1.0 - g * g)
        dh, dc = wh.T @ dz[t], dc * f
    return [dz.T @ xs, dz.T @ np.array(states[:-1]), dz.sum(0)]


PEER = Numpy()
