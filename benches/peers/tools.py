"""The tools, each a process that is asked to prepare cases and to time them, line by line:

    prepare CASE FILE             ok SECONDS-OF-THE-FIRST-CALL (its numbers are in the file), or none REASON
    time CASE PART SECONDS        ok SECONDS-A-CALL of the `primal` or the `gradient`, measured for so long, or none REASON
"""

import os
import subprocess
import sys

from programs import HERE, WORK, WORKLOADS

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}
ENVIRONMENT = {**os.environ, **ONE_THREAD}

# What is asked, how it is called in tables, and the module it needs.
OURS = ["cotangent", "cotangent-without-native-code", "by-hand"]
BY_HAND = {"numpy": "numpy", "numba": "numba"}
DIFFERENTIATE = {"jax": "jax", "torch": "torch", "autograd": "autograd", "casadi": "casadi", "tangent": "tangent"}
OTHERS = {"lua": "lupa"}
TITLES = {
    "cotangent": "Cotangent", "cotangent-without-native-code": "Cotangent, native code off", "by-hand": "Rust by hand",
    "numpy": "NumPy by hand", "numba": "Numba by hand", "jax": "JAX", "torch": "PyTorch", "autograd": "autograd",
    "casadi": "CasADi", "tangent": "tangent-ad", "lua": "Lua 5.4",
}


class Tool:
    def __init__(self, name, command, environment=ENVIRONMENT):
        self.name, self.command, self.environment, self.process = name, command, environment, None

    def ask(self, *request):
        """The number of an answer, or the reason why there is none."""
        if self.process is None or self.process.poll() is not None:
            log = open(os.path.join(WORK, f"{self.name}.log"), "a")
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self.environment, text=True
            )
        try:
            print(*request, file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return None, f"ended with status {self.process.wait()}"
        answer, rest = line.split(maxsplit=1)
        return (float(rest), "") if answer == "ok" else (None, rest.strip())

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def kernels(bench):
    """What the system's OpenBLAS is told: one that is older than the processor falls back to its oldest kernels, and takes
    those that it has for the processor's vectors only where it is told. NumPy, JAX and PyTorch bring newer ones."""
    asked = subprocess.run(
        [bench, "serve", "by-hand"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={**ENVIRONMENT, "OPENBLAS_VERBOSE": "2"},
    )
    if "Core: Prescott" not in asked.stderr or not os.path.exists("/proc/cpuinfo"):
        return {}
    with open("/proc/cpuinfo") as file:
        flags = file.read().split()
    core = next((core for flag, core in [("avx512f", "SKYLAKEX"), ("avx2", "HASWELL")] if flag in flags), None)
    return {"OPENBLAS_CORETYPE": core} if core else {}


def tools(bench, quick):
    """The tools that are there, what is missing, and what the system's OpenBLAS is told."""
    told = kernels(bench)
    found = [Tool(name, [bench, "serve", name], {**ENVIRONMENT, **told}) for name in OURS]
    missing = []
    for name, module in {**BY_HAND, **DIFFERENTIATE, **OTHERS}.items():
        check = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, env=ENVIRONMENT)
        if check.returncode == 0:
            command = [sys.executable, os.path.join(HERE, "worker.py"), name] + ["quick"] * quick
            found.append(Tool(name, command))
        else:
            missing.append(name)
    return found, missing, told


def versions():
    """The versions of what is installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in ("numpy", "scipy", "jax", "torch", "autograd", "casadi", "tangent-ad", "numba", "lupa"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            pass
    return found


def start(command):
    """Seconds until a process has printed its first line, and the megabytes that it had resident at most."""
    # From a small process: the peak of a new one begins with the memory of that which starts it.
    starter = [sys.executable, "-I", "-S", os.path.join(HERE, "start.py")]
    line = subprocess.run([*starter, *command], check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout
    return [float(field) for field in line.split()] or None


def starters(cotangent, found):
    """The commands that print a first gradient."""
    program = os.path.join(WORKLOADS, "programs", "start.cot")
    commands = {"cotangent": [cotangent, "run", program]}
    for name in ("jax", "torch", "autograd"):
        if name in found:
            commands[name] = [sys.executable, os.path.join(HERE, "worker.py"), name, "start"]
    return commands
