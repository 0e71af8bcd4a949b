"""PyTorch, eager. The programs run on its functions under NumPy's names."""

from types import SimpleNamespace

import torch

from worker import Peer, burgers_by_slices

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

NUMPY = SimpleNamespace(
    array=torch.tensor,
    diagonal=torch.diagonal,
    dot=torch.matmul,
    einsum=torch.einsum,
    exp=torch.exp,
    eye=torch.eye,
    linalg=torch.linalg,
    log=torch.log,
    max=torch.amax,
    mean=torch.mean,
    ones=torch.ones,
    sin=torch.sin,
    squeeze=torch.squeeze,
    sum=torch.sum,
    tanh=torch.tanh,
    zeros=torch.zeros,
)
LINALG = SimpleNamespace(
    solve_triangular=lambda a, b, lower: torch.linalg.solve_triangular(a, b[:, None], upper=not lower)[:, 0]
)


def leaf(value):
    return [leaf(item) for item in value] if isinstance(value, list) else torch.as_tensor(value).detach().requires_grad_(True)


def grad(f, argnums=0):
    single = isinstance(argnums, int)

    def gradient(*args):
        args = list(args)
        for at in [argnums] if single else argnums:
            args[at] = leaf(args[at])
        wanted = args[argnums] if single else [args[at] for at in argnums]
        inputs = wanted if isinstance(wanted, list) else [wanted]
        return torch.autograd.grad(f(*args), inputs)

    return gradient


def nested(f, n):
    def nth(x):
        x = leaf(x)
        y = f(x)
        for i in range(n):
            (y,) = torch.autograd.grad(y, x, create_graph=i < n - 1)
        return y

    return nth


def below(l, d):
    rows, columns = torch.triu_indices(d, d, 1).flip(0)
    full = torch.zeros((len(l), d, d))
    full[:, rows, columns] = l
    return full


class Torch(Peer):
    name = "torch"
    imports = {"import numpy as np": "", "from scipy import linalg": ""}
    without = {"eighth-series": "has no Taylor arithmetic", "calls": "not compared"}
    slow = ("logistic", "lorenz", "burgers")

    def names(self):
        hvp = lambda f, x, v: torch.func.jvp(torch.func.grad(f), (x,), (v,))[1]
        return dict(np=NUMPY, linalg=LINALG, grad=grad, hessian=torch.func.hessian, hvp=hvp, derivative=lambda f, n: None)

    def convert(self, array):
        return torch.from_numpy(array.copy())

    def numbers_of(self, args):
        return [torch.tensor(arg) if isinstance(arg, float) else arg for arg in args]

    def logistic(self, case, *args):
        env = self.program("logistic")
        return env["gradient"], env["primal"], *self.numbers_of(args)

    def lorenz(self, case, *args):
        env = self.program("lorenz")
        return env["gradient"], env["primal"], *self.numbers_of(args[:-1]), args[-1]

    def calls(self, case, x):
        env = self.program("calls")
        return env["gradient"], env["primal"], torch.tensor(x)

    def eighth(self, case, x):
        primal = self.program("eighth")["primal"]
        return nested(primal, case.size), primal, torch.tensor(x)

    def mixture(self, case, params, x):
        env = self.program("mixture")
        env["below"] = below
        return env["gradient"], env["primal"], params, x

    def burgers(self, case, u, nu, n, dt, dx):
        f = lambda u, nu: burgers_by_slices(u, nu, n, dt, dx, torch.cat)
        return grad(f, (0, 1)), f, u, torch.tensor(nu)


PEER = Torch()
