"""Writes the programs of casts.txt: what assignments and augmented assignments to arrays and their parts make of values
of every element type. `record.py casts.txt` then records what CPython and NumPy print.

    python3 tests/programs/casts.py
"""

import os

import record

ARRAYS = ["np.array([1, 2, 3])", "np.array([1.5, 2.5, -3.5])", "np.array([True, False, True])", "np.array([[1, 2, 0], [3, 4, 5]])"]
NUMBERS = ["2", "0.5", "-1.5", "True", "1e20", "np.nan"]
VECTORS = ["np.array([1, 2, 3])", "np.array([0.5, 1.5, 2.5])", "np.array([True, True, False])", "[1, 2, 3]", "(0.5, 1.5, 2.5)"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"]


def statements(array):
    for value in NUMBERS + VECTORS:
        yield from (f"x {op}= {value}" for op in OPERATORS)
        yield from (f"x[:] {op}= {value}" for op in ["", "+", "*", "/", "|"])
        yield f"x = np.where(x > 1, x, {value})"
        yield f"x = np.append(x, {value})"
    for value in NUMBERS:
        at = "0, 1" if "[[" in array else "0"
        yield from (f"x[{at}] {op}= {value}" for op in [""] + OPERATORS)
        yield from (f"x[1:] {op}= {value}" for op in ["", "+", "*", "/", "//", "**", "|"])
        yield from (f"x[x > 1] {op}= {value}" for op in ["", "+", "*", "/"])
        yield from (f"x[[0, 1]] {op}= {value}" for op in ["", "+", "-"])
        yield f"x.fill({value})"
    yield from ["x += np.ones((2, 2, 3))", "x = x[:1]; x += np.ones(3)", "x @= np.eye(3)", "x += 'a'", "x += None", "v = [1]; v += (2, 3); v += 'ab'; v += range(2); v += {'k': 1}; print(v)", "v = [1]; v += 5", "v = [1]; v *= 2; print(v)", "d = {'a': 1}; d |= [('b', 2)]; print(d)", "d = {'a': [1]}; d['a'] += 'xy'; print(d)", "v = (1,); v += (2,); print(v)", "v = (1,); v += [2]", "v = 'a'; v += 'b'; v *= 2; print(v)", "v = 'a'; v += 1"]


if __name__ == "__main__":
    path = os.path.join(record.HERE, "casts.txt")
    programs = []
    for array in ARRAYS:
        for at, statement in enumerate(statements(array)):
            program = f"x = {array}\n{statement}\nprint(x)\n"
            # What casts of numbers that are too large make is the machine's choice in NumPy, an error here.
            if "1e20" in statement or "nan" in statement:
                if "-9223372036854775808" in record.run(program) or "[ True" in record.run(program):
                    continue
            # An element of a mask is a plain truth value here, and Python's can be subtracted.
            if "True, False" in array and statement == "x[0] -= True":
                continue
            programs.append((f"{array}: {statement}", program))
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(record.record(programs))
    print(len(programs))
