"""JAX, compiled (`jit`). Loops over numbers and steps are its own (`fori_loop`, `scan`): the plain loop is unrolled, and takes
minutes to compile."""

import jax
import jax.numpy as np
from jax import lax
from jax.experimental import jet

from worker import Peer

jax.config.update("jax_enable_x64", True)


def derivative(f, n):
    return lambda x: jet.jet(f, (x,), ([1.0] + [0.0] * (n - 1),))[1][-1]


def below(l, d):
    rows, columns = np.tril_indices(d, -1)
    order = np.lexsort((rows, columns))
    return np.zeros((len(l), d, d)).at[:, rows[order], columns[order]].set(l)


class Jax(Peer):
    name = "jax"
    imports = {"import numpy as np": "import jax.numpy as np", "from scipy import linalg": "from jax.scipy import linalg"}
    without = {"calls": "not compared"}
    slow = ("eighth-nested",)

    def names(self):
        hvp = lambda f, x, v: jax.jvp(jax.grad(f), (x,), (v,))[1]
        return dict(grad=jax.grad, hessian=jax.hessian, hvp=hvp, derivative=derivative)

    def convert(self, array):
        return np.asarray(array)

    def finish(self, result):
        return jax.block_until_ready(result)

    def compiled(self, function):
        return jax.jit(function)

    def pair(self, f, argnums, args):
        return (jax.jit(jax.grad(f, argnums)), jax.jit(f), *args)

    def logistic(self, case, x, r, n):
        f = lambda x, r: lax.fori_loop(0, n, lambda i, x: r * x * (1.0 - x), x)
        return self.pair(f, (0, 1), (x, r))

    def lorenz(self, case, x, y, z, s, r, b, n, h):

        def f(x, y, z, s, r, b):
            return sum(lax.fori_loop(0, n, lambda i, u: lorenz_step(u, (s, r, b), h), (x, y, z)))

        return self.pair(f, (0, 1, 2, 3, 4, 5), (x, y, z, s, r, b))

    def lstm(self, case, params, xs):
        env = self.program("lstm")

        def f(params, xs):
            def step(state, x):
                h, c = env["step"](params, *state, x)
                return (h, c), np.sum(h * h)

            return np.sum(lax.scan(step, (np.zeros(32), np.zeros(32)), xs)[1]) / len(xs)

        return self.pair(f, 0, (params, xs))

    def mixture(self, case, params, x):
        env = self.program("mixture")
        env["below"] = below
        return self.pair(env["primal"], 0, (params, x))

    def burgers(self, case, u, nu, n, dt, dx):
        def f(u, nu):
            c, d = dt / dx, nu * dt / (dx * dx)

            def step(t, u):
                m, l, r = u[1:-1], u[:-2], u[2:]
                return u.at[1:-1].set(m - c * m * (m - l) + d * (r - 2.0 * m + l))

            u = lax.fori_loop(0, n, step, u)
            return np.sum(u * u)

        return self.pair(f, (0, 1), (u, nu))


def lorenz_step(u, p, h):
    s, r, b = p
    flow = lambda x, y, z: (s * (y - x), x * (r - z) - y, x * y - b * z)
    along = lambda a, k: [u + a * k for u, k in zip(u, k)]
    k1 = flow(*u)
    k2 = flow(*along(0.5 * h, k1))
    k3 = flow(*along(0.5 * h, k2))
    k4 = flow(*along(h, k3))
    return tuple(u + h / 6.0 * (a + 2.0 * b + 2.0 * c + d) for u, a, b, c, d in zip(u, k1, k2, k3, k4))


PEER = Jax()
