"""Runs all cases in all tools, by turns, checks that their derivatives agree, and writes what comes out.

    benches/peers/run [--quick] [CASE …]      (which prepares what this needs)

All times are processor time of one thread. A ratio is the median of the ratios of the rounds: what else a machine does
meets both sides of it. A quick run has few rounds, leaves out what takes seconds, and writes no file.
"""

import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np

import growth
import report
from programs import WORK, cases
from tools import DIFFERENTIATE, starters, start, tools

# Numbers agree when they differ by less than this of the largest one.
TOLERANCE = 1e-8


class Measured:
    """What one case came to: for each tool the first call, and the seconds a call of each round and part."""

    def __init__(self, case):
        self.case, self.first, self.times, self.reasons, self.wrong = case, {}, {}, {}, []

    def median(self, tool, part="gradient"):
        times = self.times.get((tool, part))
        return float(np.median(times)) if times else None

    def ratio(self, tool, other, part="gradient", other_part=None):
        a, b = self.times.get((tool, part)), self.times.get((other, other_part or part))
        return float(np.median(np.divide(a, b))) if a and b else None

    def best_peer(self):
        """The fastest of the tools that differentiate."""
        there = [tool for tool in DIFFERENTIATE if self.median(tool) is not None]
        return min(there, key=self.median, default=None)


def run_case(case, found, rounds, seconds, directory):
    measured = Measured(case)
    reference = None
    for tool in found:
        file = os.path.join(directory, f"{case.name}-{tool.name}")
        first, reason = tool.ask("prepare", case.name, file)
        if first is None:
            measured.reasons[tool.name] = reason
            continue
        measured.first[tool.name] = first
        numbers = np.fromfile(file) if case.gradient != "-" else np.zeros(0)
        if tool.name == "by-hand":
            reference = numbers
    if case.gradient != "-":
        check(measured, reference, directory)
    for turn in range(rounds):
        for tool in found:
            if tool.name not in measured.first:
                continue
            for part in ("primal", "gradient"):
                times = measured.times.setdefault((tool.name, part), [])
                if turn and (not times or times[0] > 0.3):
                    # Once is enough of what takes so long.
                    times.extend(times[:1])
                    continue
                value, _ = tool.ask("time", case.name, part, seconds)
                if value is not None:
                    times.append(value)
    return measured


def check(measured, reference, directory):
    """Every tool's numbers against those by hand."""
    name = measured.case.name
    for tool in measured.first:
        numbers = np.fromfile(os.path.join(directory, f"{name}-{tool}"))
        if numbers.shape != reference.shape:
            measured.wrong.append(f"{name}: {tool} gives {numbers.size} numbers, not {reference.size}")
            continue
        difference = np.max(np.abs(numbers - reference)) / max(np.max(np.abs(reference)), 1e-300)
        if not difference <= TOLERANCE:
            measured.wrong.append(f"{name}: {tool} differs by {difference:.1e} of the largest")


def first_gradients(cotangent, names, rounds):
    """Of each tool the shortest time to the first line, which is least a matter of what else ran, and the memory."""
    commands = starters(cotangent, names)
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(start(command))
    return {name: tuple(np.min(runs, axis=0)) for name, runs in runs.items() if None not in runs}


def stripped_size(file):
    """The megabytes of a binary without symbols."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["strip", "-o", out.name, file], check=True)
        return os.path.getsize(out.name) / 1e6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--bench", required=True, help="the binary of benches/workloads")
    parser.add_argument("--cotangent", required=True, help="the command")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    os.makedirs(WORK, exist_ok=True)
    rounds, seconds = (3, 0.004) if options.quick else (11, 0.02)
    found, missing, told = tools(options.bench, options.quick)
    for variable, value in told.items():
        print(f"the system's OpenBLAS does not know this processor: {variable}={value}")
    for name in missing:
        print(f"{name} is not installed: left out")
    loads = [os.getloadavg()[0]]
    results = {}
    with tempfile.TemporaryDirectory() as directory:
        for case in cases():
            if options.cases and not {case.name, case.workload} & set(options.cases):
                continue
            results[case.name] = measured = run_case(case, found, rounds, seconds, directory)
            loads.append(os.getloadavg()[0])
            print(report.line(measured), flush=True)
            for tool, reason in measured.reasons.items():
                if reason not in ("not written", "has no derivatives", "has no derivative", "not compared"):
                    print(f"      {tool}: {reason}")
            for wrong in measured.wrong:
                print(f"      WRONG {wrong}")
    for tool in found:
        tool.close()
    starts = first_gradients(options.cotangent, {tool.name for tool in found}, rounds)
    text = report.full(results, starts, stripped_size(options.cotangent), missing, loads, told)
    print(text)
    if not options.quick and not options.cases:
        report.write(text, report.table(results, starts, loads))
        growth.draw(options.bench)
    return any(measured.wrong for measured in results.values())


if __name__ == "__main__":
    sys.exit(main())
