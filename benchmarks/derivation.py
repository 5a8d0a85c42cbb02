"""`python -m benchmarks.derivation`: what deriving a gradient costs, in CPU time, by the length and the form of a function.

The first call of a derived function, from the source to the callable, without the run of the text. Each measure is the
least of several functions made anew, as texts are kept per function.
"""
import importlib.util
import pathlib
import tempfile
import time

import numpy as np

import autodiff_src as ad

LENGTHS = (100, 200, 400)
_ROUNDS = 5

_STRAIGHT = ["    t = math.sin(s) * x", "    u = t * t + 0.5 * s", "    s = s + u / (x * x + 1.0)", "    x = 0.9 * x + 0.1 * t"]
_LOOPS = ["    for k in range(3):", "        t = math.sin(s) * x", "        x = x + 0.1 * t * k", "        s += x / (k + 1)"]
_BRANCHES = ["    if x > 1.0:", "        x = math.log(x) + 0.1 * s", "    else:", "        x = x * x + 0.5"]
_MIXED = ["    for k in range(3):", "        if x > 1.0:", "            x = math.log(x) + 0.1 * k", "        else:",
          "            x = x * x + 0.5", "        s += x / (k + 1)", "    t = math.sin(s) * x", "    s = s + t * x"]
_ARRAYS = ["    h = np.tanh(x * w + 0.1)", "    x = x - 0.5 * h / (1.0 + h * h)", "    w[1:] = w[:-1] * 0.5 + x[1:]",
           "    s = s + np.sum(x * w) / x.size"]

# By name: the lines that are repeated, the parameters, and the arguments.
FORMS = {"straight": (_STRAIGHT, "x", (0.7,)), "loops": (_LOOPS, "x", (0.7,)), "branches": (_BRANCHES, "x", (0.7,)),
         "mixed": (_MIXED, "x", (0.7,)), "arrays": (_ARRAYS, "x, v", (np.ones(3), np.ones(3)))}


def text(form, lines):
    """The source of a function `program` of about so many lines."""
    block, parameters, _ = FORMS[form]
    copied = ["    w = v.copy()"] if form == "arrays" else ["    t = 1.0"]
    body = ["    s = 0.0", *copied, *block * ((lines - 4) // len(block))]
    return "\n".join(["import math", "import numpy as np", f"def program({parameters}):", *body, "    return s"]) + "\n"


def fresh(form, lines, folder, number):
    """A function of that form and length that nothing was derived of yet."""
    path = pathlib.Path(folder) / f"{form}_{lines}_{number}.py"
    path.write_text(text(form, lines), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.program


def derivation_time(form, lines, rounds=_ROUNDS):
    """CPU seconds from `ad.grad(f)` to the end of the first call, without what a second call takes."""
    args = FORMS[form][2]

    def once(number):
        function = fresh(form, lines, folder, number)
        begin = time.process_time()
        derived = ad.grad(function)
        derived(*args)
        middle = time.process_time()
        derived(*args)
        return 2.0 * middle - begin - time.process_time()

    with tempfile.TemporaryDirectory() as folder:
        return min(map(once, range(rounds)))


def main():
    print(f"{'CPU ms for':14}" + "".join(f"{lines:>6} lines" for lines in LENGTHS))
    for form in FORMS:
        times = [1e3 * derivation_time(form, lines) for lines in LENGTHS]
        print(f"{form:14}" + "".join(f"{one:12.1f}" for one in times), flush=True)


if __name__ == "__main__":
    main()
