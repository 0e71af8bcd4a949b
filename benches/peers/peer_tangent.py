"""tangent-ad: source transformation of Python. It wants functions of arrays, not of lists of them."""

import contextlib
import io

import numpy as np
import tangent

from worker import Peer

NOT = "not expressible there"


def network(w0, b0, w1, b1, w2, b2, x, y):
    h = np.tanh(np.dot(x, w0) + b0)
    g = np.tanh(np.dot(h, w1) + b1)
    z = np.dot(g, w2) + b2
    l = np.log(np.sum(np.exp(z), axis=1))
    return np.mean(l - np.sum(z * y, axis=1))


def tiny(w0, b0, w1, b1, x):
    h = np.tanh(np.dot(x, w0) + b0)
    z = np.dot(h, w1) + b1 - 1.0
    return np.sum(z * z)


def rosenbrock(x):
    a = x[1:] - x[:-1] * x[:-1]
    b = 1.0 - x[:-1]
    return np.sum(100.0 * a * a + b * b)


def burgers(u, nu, n, points, dt, dx):
    c = dt / dx
    d = nu * dt / (dx * dx)
    for t in range(n):
        prev = u[0]
        for i in range(1, points - 1):
            cur = u[i]
            nxt = u[i + 1]
            u[i] = cur - c * cur * (cur - prev) + d * (nxt - 2.0 * cur + prev)
            prev = cur
    return np.sum(u * u)


def grad(f, argnums=0):
    with contextlib.redirect_stdout(io.StringIO()):
        return tangent.grad(f, wrt=(argnums,) if isinstance(argnums, int) else argnums)


class Tangent(Peer):
    name = "tangent"
    without = {
        "lstm": NOT, "process": NOT, "mixture": NOT, "rosenbrock-hessian": NOT, "rosenbrock-product": NOT,
        "eighth-nested": "takes minutes to transform", "eighth-series": "has no Taylor arithmetic",
        "calls": "not compared",
    }
    slow = ("burgers", "lorenz")

    def names(self):
        return dict(grad=grad)

    def network(self, case, params, x, y):
        return grad(network, (0, 1, 2, 3, 4, 5)), network, *params, x, y

    def tiny(self, case, params, x):
        return grad(tiny, (0, 1, 2, 3)), tiny, *params, x

    def rosenbrock(self, case, x):
        return grad(rosenbrock), rosenbrock, x

    def burgers(self, case, u, nu, n, dt, dx):
        gradient = grad(burgers, (0, 1))
        return (lambda: gradient(u.copy(), nu, n, len(u), dt, dx)), (lambda: burgers(u.copy(), nu, n, len(u), dt, dx))


PEER = Tangent()
