"""CasADi: expressions of numbers (`SX`), and loops as the fold of a step."""

import casadi as ca
import numpy as np

from worker import Peer

NOT = "not expressible there"


def functions(inputs, value, derivative):
    return ca.Function("derivative", inputs, [derivative]), ca.Function("primal", inputs, [value])


def rosenbrock(x):
    return ca.sum1(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


class Casadi(Peer):
    name = "casadi"
    without = {
        "elementwise-1000000": "takes minutes to build", "network": "takes minutes to build", "lstm": "takes minutes to build",
        "process": NOT, "mixture": NOT, "eighth-series": "has no Taylor arithmetic", "calls": "not compared",
    }

    def elementwise(self, case, value):
        x = ca.SX.sym("x", case.size)
        y = ca.sum1(ca.exp(-x * x) * ca.sin(x) + 0.5 * x * ca.tanh(x))
        return *functions([x], y, ca.gradient(y, x)), ca.DM(value)

    def tiny(self, case, params, x):
        shapes = [(4, 8), (1, 8), (8, 1), (1, 1)]
        p = [ca.SX.sym(f"p{i}", *shape) for i, shape in enumerate(shapes)]
        z = ca.tanh(ca.DM(x) @ p[0] + p[1]) @ p[2] + p[3] - 1.0
        gradients = [ca.vec(ca.gradient(z * z, q).T) for q in p]
        return *functions(p, z * z, ca.vertcat(*gradients)), *(ca.DM(q.reshape(s)) for q, s in zip(params, shapes))

    def logistic(self, case, x, r, n):
        x0, p = ca.SX.sym("x"), ca.SX.sym("r")
        step = ca.Function("step", [x0, p], [p * x0 * (1.0 - x0)])
        return *self.fold(step, n, 1, 1), x, r

    def lorenz(self, case, x, y, z, s, r, b, n, h):
        u, p = ca.SX.sym("u", 3), ca.SX.sym("p", 3)
        flow = lambda u: ca.vertcat(p[0] * (u[1] - u[0]), u[0] * (p[1] - u[2]) - u[1], u[0] * u[1] - p[2] * u[2])
        k1 = flow(u)
        k2 = flow(u + 0.5 * h * k1)
        k3 = flow(u + 0.5 * h * k2)
        k4 = flow(u + h * k3)
        step = ca.Function("step", [u, p], [u + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)])
        return *self.fold(step, n, 3, 3), ca.DM([x, y, z]), ca.DM([s, r, b])

    def burgers(self, case, value, nu, n, dt, dx):
        u, p = ca.SX.sym("u", len(value)), ca.SX.sym("nu")
        c, d = dt / dx, p * dt / (dx * dx)
        m, l, r = u[1:-1], u[:-2], u[2:]
        step = ca.Function("step", [u, p], [ca.vertcat(u[0], m - c * m * (m - l) + d * (r - 2.0 * m + l), u[-1])])
        return *self.fold(step, n, len(value), 1, ca.sumsqr), ca.DM(value), nu

    def fold(self, step, n, states, parameters, end=ca.sum1):
        u, p = ca.MX.sym("u", states), ca.MX.sym("p", parameters)
        y = end(step.fold(n)(u, ca.repmat(p, 1, n)))
        return functions([u, p], y, ca.vertcat(ca.gradient(y, u), ca.gradient(y, p)))

    def eighth(self, case, value):
        x = ca.SX.sym("x")
        y = f = ca.tanh(x) * ca.exp(ca.sin(x))
        for _ in range(case.size):
            y = ca.gradient(y, x)
        return *functions([x], f, y), value

    def rosenbrock_gradient(self, case, value):
        x = ca.SX.sym("x", case.size)
        return *functions([x], rosenbrock(x), ca.gradient(rosenbrock(x), x)), ca.DM(value)

    def rosenbrock_hessian(self, case, value):
        x = ca.SX.sym("x", case.size)
        return *functions([x], rosenbrock(x), ca.hessian(rosenbrock(x), x)[0]), ca.DM(value)

    def rosenbrock_product(self, case, value, direction):
        x, v = ca.SX.sym("x", case.size), ca.SX.sym("v", case.size)
        product = ca.Function("product", [x, v], [ca.jtimes(ca.gradient(rosenbrock(x), x), x, v)])
        return product, None, ca.DM(value), ca.DM(direction)

    def call(self, case, value):
        x = ca.SX.sym("x")
        y = x * x * ca.sin(x)
        return *functions([x], y, ca.gradient(y, x)), value


PEER = Casadi()
