"""Records what CPython and NumPy print for programs, as data for tests/programs.rs.

    python3 tests/programs/record.py [FILE …]

rewrites the recorded output of every program in the files (all .txt files beside this script). A file is a sequence of

    #==== title
    program
    #---- prints
    what it prints; a last line `#!!!! Name` says that the program ends in this error of Python's

The programs are those of the file, and only what they print is replaced. NumPy's scalars are shown as Python's, which
is how the language has them.
"""

import contextlib
import glob
import io
import os
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")
np.set_printoptions(legacy="1.25")
HERE = os.path.dirname(os.path.abspath(__file__))


def run(program):
    printed, error = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(program, "<script>", "exec"), {"__name__": "__main__", "np": np})
        except BaseException as e:
            error = type(e).__name__
    text = printed.getvalue()
    if text and not text.endswith("\n"):
        text += "\\\n"
    return text + (f"#!!!! {error}\n" if error else "")


def programs(text):
    for part in text.split("#==== ")[1:]:
        title, _, rest = part.partition("\n")
        yield title, rest.partition("#---- prints\n")[0]


def record(programs):
    return "".join(f"#==== {title}\n{program}#---- prints\n{run(program)}" for title, program in programs)


if __name__ == "__main__":
    for path in sys.argv[1:] or sorted(glob.glob(os.path.join(HERE, "*.txt"))):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(record(programs(text)))
