"""autograd (the package), as it is. Arrays are not changed in place there: Burgers' equation goes by slices."""

import sys

import autograd
import autograd.numpy as np
import numpy
from autograd.differential_operators import hessian_vector_product

from worker import Peer, burgers_by_slices

sys.setrecursionlimit(1_000_000)


def below(l, d):
    columns, rows = numpy.triu_indices(d, 1)
    place = numpy.zeros((len(rows), d * d))
    place[numpy.arange(len(rows)), rows * d + columns] = 1.0
    return np.reshape(np.dot(l, place), (len(l), d, d))


class Autograd(Peer):
    name = "autograd"
    imports = {
        "import numpy as np": "import autograd.numpy as np",
        "from scipy import linalg": "from autograd.scipy import linalg",
    }
    rewrites = {"process": [("np.diagonal(factor)", "np.diagonal(factor, 0, -1, -2)")]}
    without = {"lorenz": "takes minutes", "eighth-series": "has no Taylor arithmetic", "calls": "not compared"}
    slow = ("logistic", "eighth-nested")

    def names(self):
        hvp = lambda f, x, v: hessian_vector_product(f)(x, v)
        return dict(grad=autograd.grad, hessian=autograd.hessian, hvp=hvp, derivative=lambda f, n: None)

    def mixture(self, case, params, x):
        env = self.program("mixture")
        env["below"] = below
        return env["gradient"], env["primal"], params, x

    def burgers(self, case, u, nu, n, dt, dx):
        f = lambda u, nu: burgers_by_slices(u, nu, n, dt, dx, np.concatenate)
        return autograd.grad(f, (0, 1)), f, u, nu


PEER = Autograd()
