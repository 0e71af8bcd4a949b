"""How time grows with the work: docs/growth.svg, from what `benches/workloads` measures. A flat line is cost in proportion."""

import os
import subprocess
from collections import defaultdict

import matplotlib

from programs import HERE
from tools import ENVIRONMENT

PICTURE = os.path.join(HERE, "..", "..", "docs", "growth.svg")
UNITS = {"iteration": "iteration of a loop", "element": "element", "statement": "statement at the first call"}


def draw(bench):
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    import matplotlib.pyplot as plt

    lines = subprocess.run([bench, "growth"], check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT).stdout
    series = defaultdict(lambda: defaultdict(list))
    for line in lines.splitlines():
        unit, name, count, seconds = line.split()
        series[unit][name.replace(":", ", ").replace("_", " ")].append((float(count), float(seconds)))
    figure, plots = plt.subplots(1, len(UNITS), figsize=(13, 4), layout="constrained")
    for plot, (unit, title) in zip(plots, UNITS.items()):
        for name, points in series[unit].items():
            counts, seconds = zip(*points)
            each = [1e9 * s / n for n, s in points]
            plot.plot(counts, each, marker="o", markersize=3, label=name)
            print(f"{unit:<10} {name:<28}" + "".join(f"{value:>10.4g}" for value in each) + " ns each")
        plot.set(xscale="log", yscale="log", xlabel=f"{unit}s", title=f"nanoseconds per {title}")
        plot.title.set_fontsize(10)
        plot.set_ylim(min(plot.get_ylim()[0], 1) if unit != "statement" else 1e3, plot.get_ylim()[1] * 3)
        plot.grid(alpha=0.3)
        plot.legend(fontsize=8, loc="lower left")
    os.makedirs(os.path.dirname(PICTURE), exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None, "Creator": None})
