"""The tables of a comparison, and what the project asks of itself: RESULTS.md, and the figures in README.md."""

import datetime
import os
import platform

from programs import HERE
from tools import BY_HAND, DIFFERENTIATE, TITLES, versions

RESULTS = os.path.join(HERE, "RESULTS.md")
README = os.path.join(HERE, "..", "..", "README.md")
BEGIN, END = "<!-- figures: written by benches/peers/run -->", "<!-- end of figures -->"

LABELS = {
    "logistic": "logistic map, 100,000 iterations",
    "lorenz": "Lorenz' equations, 10,000 steps of Runge and Kutta",
    "elementwise-10": "elementwise chain, 10 elements",
    "elementwise-1000": "elementwise chain, 1,000 elements",
    "elementwise-1000000": "elementwise chain, 1,000,000 elements",
    "network": "network of three layers, batch 128",
    "tiny": "network of two layers, 4-8-1, one example",
    "lstm": "LSTM, 100 steps",
    "process": "Gaussian process, 300 points",
    "mixture": "mixture of Gaussians, 1,000 points",
    "burgers": "Burgers' equation in place, 200 steps of 200 points",
    "eighth-nested": "8th derivative, `grad` nested",
    "eighth-series": "8th derivative, `derivative(f, 8)`",
    "rosenbrock-gradient": "Rosenbrock, n = 100: gradient",
    "rosenbrock-product": "Rosenbrock: Hessian times vector",
    "rosenbrock-hessian": "Rosenbrock: Hessian",
    "call": "gradient of x * x * sin(x), called by the host",
    "calls": "the same, called by a program",
    "interpreter": "loop of 200 iterations (function only)",
    "small": "a product of ten elements (function only)",
}


def duration(seconds):
    if seconds is None:
        return "–"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def times(ratio):
    if ratio is None:
        return "–"
    return f"{ratio:.2f}" if ratio < 9.95 else f"{ratio:.0f}" if ratio >= 99.5 else f"{ratio:.1f}"


def line(measured):
    """One case, for the terminal."""
    case, peer = measured.case, measured.best_peer()
    part = "primal" if case.gradient == "-" else "gradient"
    text = f"{case.workload:<4} {case.name:<20} {duration(measured.median('cotangent', part)):>9}"
    text += f"  / by hand {times(measured.ratio('cotangent', 'by-hand', part)):>5}"
    if case.gradient != "-":
        text += f"  / primal {times(measured.ratio('cotangent', 'cotangent', 'gradient', 'primal')):>5}"
        text += f"  first {duration(measured.first.get('cotangent')):>8}"
    if peer:
        text += f"  / {TITLES[peer]} {times(measured.ratio('cotangent', peer))}"
    return text


def machine(loads):
    """What was measured on, and whether it was at rest."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    # The command itself keeps one processor busy.
    load = max(0.0, sorted(loads)[len(loads) // 2] - 1.0)
    at_rest = "at rest otherwise" if load < 0.3 else f"loaded by others at the time ({load:.1f} processes on average)"
    return f"{model}, one thread, {datetime.date.today():%B %Y}, the machine {at_rest}"


def table(results, starts, loads):
    """The table of ratios."""
    rows = [
        f"Seconds a gradient and ratios, medians of interleaved rounds ({machine(loads)}):",
        "",
        "| | workload | Cotangent | / its function | / Rust by hand | / best other tool | first call | its first call |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    last = ""
    for name, measured in results.items():
        case, peer = measured.case, measured.best_peer()
        if case.gradient == "-":
            continue
        mark, last = ("" if case.workload == last else case.workload), case.workload
        other = f"{times(measured.ratio('cotangent', peer))} ({TITLES[peer]})" if peer else "–"
        cells = [
            mark,
            LABELS.get(name, name),
            duration(measured.median("cotangent")),
            times(measured.ratio("cotangent", "cotangent", "gradient", "primal")),
            times(measured.ratio("cotangent", "by-hand")),
            other,
            duration(measured.first.get("cotangent")),
            duration(measured.first.get(peer)),
        ]
        rows.append("| " + " | ".join(cells) + " |")
    if "cotangent" in starts:
        seconds, memory = starts["cotangent"]
        other = min((tool for tool in starts if tool != "cotangent"), key=lambda tool: starts[tool][0], default=None)
        beside = f"{times(seconds / starts[other][0])} ({TITLES[other]})" if other else "–"
        rows.append(f"| W12 | process start to first gradient printed | {duration(seconds)}, {memory:.0f} MB | | | {beside} | | |")
    return "\n".join(rows)


def every_tool(results, starts):
    """The seconds of each tool."""
    names = ["cotangent", "cotangent-without-native-code", "by-hand", *BY_HAND, *DIFFERENTIATE]
    rows = ["| | " + " | ".join(TITLES[name] for name in names) + " |", "|---" + "|--:" * len(names) + "|"]
    for name, measured in results.items():
        if measured.case.gradient != "-":
            rows.append(f"| {LABELS.get(name, name)} | " + " | ".join(duration(measured.median(tool)) for tool in names) + " |")
    cells = [f"{duration(starts[tool][0])}, {starts[tool][1]:.0f} MB" if tool in starts else "–" for tool in names]
    rows.append("| start to first gradient, memory | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def bars(results, starts, size):
    """What the project asks of itself, and what was measured: a name, a value, a bound, how to show them."""

    def ratio(name, tool="by-hand", part="gradient", other_part=None, of="cotangent"):
        return results[name].ratio(of, tool, part, other_part) if name in results else None

    def seconds(name, part="gradient"):
        return results[name].median("cotangent", part) if name in results else None

    rows = []
    add = lambda what, value, bound, show=times: rows.append((what, value, bound, show))
    for name in ("logistic", "lorenz", "burgers"):
        add(f"{name}: gradient / Rust by hand", ratio(name), 1.5)
    for name in ("elementwise-10", "elementwise-1000000"):
        add(f"{name}: gradient / Rust by hand", ratio(name), 3.0)
        add(f"{name}: gradient / JAX", ratio(name, "jax"), 0.6)
    for name in ("network", "tiny"):
        add(f"{name}: gradient / JAX", ratio(name, "jax"), 1.0)
        add(f"{name}: gradient / Rust by hand", ratio(name), 4.0)
    add("lstm: gradient / Rust by hand", ratio("lstm"), 1.2)
    for name in ("process", "mixture"):
        for tool in ("by-hand", "numpy"):
            add(f"{name}: gradient / {TITLES[tool]}", ratio(name, tool), 1.0)
    nested = results.get("eighth-nested")
    add("8th derivative by nesting: first call", nested and nested.first.get("cotangent"), 10e-3, duration)
    add("8th derivative by Taylor series: a call", seconds("eighth-series"), 2e-6, duration)
    for name in ("rosenbrock-gradient", "rosenbrock-product"):
        add(f"{name} / Rust by hand", ratio(name), 3.0)
    add("rosenbrock-hessian / CasADi", ratio("rosenbrock-hessian", "casadi"), 2.0)
    add("a gradient called by a program", seconds("calls"), 30e-9, duration)
    add("a function called by a program", seconds("calls", "primal"), 30e-9, duration)
    add("a function called by the host", seconds("call", "primal"), 150e-9, duration)
    add("an operation on ten elements", seconds("small", "primal"), 60e-9, duration)
    if "cotangent" in starts:
        add("start to first gradient", starts["cotangent"][0], 10e-3, duration)
        add("megabytes resident", starts["cotangent"][1], 25.0)
    add("megabytes of the stripped command", size, 20.0)
    limits = {**dict.fromkeys(("logistic", "lorenz", "network", "lstm", "process", "mixture"), 3.0)}
    limits.update(dict.fromkeys(("elementwise-10", "elementwise-1000", "elementwise-1000000"), 2.0), burgers=5.0)
    for name, bound in limits.items():
        add(f"{name}: gradient / function", ratio(name, "cotangent", "gradient", "primal"), bound)
    for name, measured in results.items():
        first, later = measured.first.get("cotangent"), measured.median("cotangent")
        if later is not None and name != "eighth-nested":
            beyond = max(0.0, first - later * measured.case.calls)
            add(f"{name}: first call beyond the later ones", beyond, 5e-3, duration)
    add("loop of 200 iterations, native code off / Lua", ratio("interpreter", "lua", "primal", of="cotangent-without-native-code"), 1.5)
    return rows


def bars_table(results, starts, size):
    rows = ["| | measured | bar | |", "|---|--:|--:|---|"]
    for what, value, bound, show in bars(results, starts, size):
        if value is None:
            verdict = "not measured"
        else:
            verdict = "" if value <= bound else f"**missed by {value / bound:.2f} ×**"
        rows.append(f"| {what} | {show(value)} | ≤ {show(bound)} | {verdict} |")
    return "\n".join(rows)


def full(results, starts, size, missing, loads, told):
    settings = "".join(f" The system's OpenBLAS does not know the processor: `{variable}={value}`." for variable, value in told.items())
    parts = [
        "# Cotangent and other tools\n\nWritten by `benches/peers/run`; benches/peers/README.md says what is compared, and how.",
        "## Ratios\n\n" + table(results, starts, loads),
        "## Every tool\n\n" + every_tool(results, starts),
        "## Bars\n\nWhat the project asks of itself.\n\n" + bars_table(results, starts, size),
        "## Growth\n\n![time per iteration, element and statement](../../docs/growth.svg)",
        "Versions: " + ", ".join(versions()) + "." + (f" Left out: {', '.join(missing)}." if missing else "") + settings,
    ]
    wrong = [text for measured in results.values() for text in measured.wrong]
    agreement = "\n".join(f"- {text}" for text in wrong) or "All derivatives agree with those by hand to 1e-8 of the largest number."
    return "\n\n".join([*parts[:1], agreement, *parts[1:]]) + "\n"


def write(text, figures):
    with open(RESULTS, "w") as file:
        file.write(text)
    with open(README) as file:
        readme = file.read()
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    with open(README, "w") as file:
        file.write(before + BEGIN + "\n" + figures + "\n" + END + after)
