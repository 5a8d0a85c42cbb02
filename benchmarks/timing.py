"""Times of several functions, taken in turns so that a change of the machine's speed meets all of them."""
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable


def _once(run: Callable[[], object], number: int, clock: Callable[[], float] = time.perf_counter) -> float:
    begin = clock()
    for _ in range(number):
        run()
    return (clock() - begin) / number


def best_times(runs: dict[str, Callable[[], object]], rounds: int = 7, budget: float = 0.05,
               clock: Callable[[], float] = time.perf_counter) -> dict[str, float]:
    """Seconds per call of each of `runs`, the least of `rounds`: in a round each has a turn of about `budget` seconds.

    Each must have run before, if its first call is special. What takes more than a second has one turn only.
    """
    first = {name: _once(run, 1, clock) for name, run in runs.items()}
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds):
        for name, run in runs.items():
            if turn == 0 or first[name] < 1.0:
                best[name] = min(best[name], _once(run, max(1, int(budget / max(first[name], 1e-7))), clock))
    return best


def first_call(make: Callable[[], Callable[[], object]], rounds: int = 5) -> float:
    """Seconds of the first call of what `make` gives, the least of `rounds`: each round makes anew."""
    return min(_once(make(), 1) for _ in range(rounds))


def import_time(statement: str, before: str, rounds: int = 7) -> float:
    """Seconds that `statement` takes in a new interpreter in which `before` has run, with modules compiled already."""
    program = f"{before}\nimport time; begin = time.perf_counter()\n{statement}\nprint(time.perf_counter() - begin)"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        return min(float(subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True,
                                        check=True).stdout) for _ in range(rounds))
