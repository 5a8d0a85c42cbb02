"""Checks random programs: `python -m tests.fuzz.run --seconds 60 --seed 1`; `--shrink SEED` makes a failure small."""
from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .generate import FuzzProgram, random_program
from .oracle import Discarded, compiled, evaluated, reference

LIMIT = 60.0
Transform = Callable[..., Callable[..., Any]]


class TooSlow(BaseException):
    """A derived function ran past `LIMIT` seconds. No handler of generated text catches it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one program: "right", "wrong", "refused", "discarded" or "crashed", and why."""

    kind: str
    detail: str = ""


@dataclass
class Tally:
    """Counts over many programs, and those that failed."""

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[FuzzProgram, Outcome]] = field(default_factory=list)

    def add(self, program: FuzzProgram, outcome: Outcome) -> None:
        self.counts[outcome.kind] += 1
        if outcome.kind == "refused":
            self.refusals[outcome.detail] += 1
        if outcome.kind in ("wrong", "crashed"):
            self.failures.append((program, outcome))

    @property
    def run(self) -> int:
        """The number of programs that were a test."""
        return sum(self.counts.values()) - self.counts["discarded"]

    @property
    def accepted(self) -> float:
        """The share of the programs that were not refused; 1.0 of none."""
        return 1.0 - self.counts["refused"] / max(self.run, 1)

    def __str__(self) -> str:
        kinds = ("right", "wrong", "crashed", "refused", "discarded")
        counts = ", ".join(f"{self.counts[kind]} {kind}" for kind in kinds)
        return f"{self.run} programs, {self.accepted:.1%} accepted: {counts}"


def check(program: FuzzProgram, grad: Transform, vjp: Callable[..., Any] | None = None,
          tolerance: float = 1e-7) -> Outcome:
    """What `grad(f)` gives beside the oracle, for both arguments or one alone, and what the pullback of `vjp` does, twice.

    Compares the gradients with respect to `x` and `a`, and what the array argument holds after the call.
    """
    from autodiff_src.errors import AutodiffError

    try:
        expected = reference(program.source, program.oracle_source, program.arguments)
    except Discarded as error:
        return Outcome("discarded", str(error))
    f = compiled(program.source, str(program.seed))
    try:
        with _limited(LIMIT), np.errstate(all="ignore"):
            return _compared(program, f, _Expected(*expected, tolerance), grad, vjp)
    except AutodiffError as error:
        return Outcome("refused", getattr(error, "reason", str(error)))
    except (Exception, TooSlow):
        return Outcome("crashed", traceback.format_exc(limit=-4))


@dataclass(frozen=True)
class _Expected:
    d_x: float
    d_a: np.ndarray
    tolerance: float


def _compared(program: FuzzProgram, f: Callable[..., Any], expected: _Expected, grad: Transform,
              vjp: Callable[..., Any] | None) -> Outcome:
    plain = deepcopy(program.arguments)
    value = f(*plain)
    given = deepcopy(program.arguments)
    wrt = ((0, 1), 0, 1)[(program.seed or 0) % 3]  # one argument alone: what carries no derivative then shares memory too
    found = grad(f, wrt=wrt)(*given)
    both = found if wrt == (0, 1) else (found, expected.d_a) if wrt == 0 else (expected.d_x, found)
    trouble = _differences(both, expected) or _effects(given, plain)
    if vjp is not None and not trouble:
        given = deepcopy(program.arguments)
        found, pullback = vjp(f, *given, wrt=(0, 1))
        trouble = _effects(given, plain) or _differences(pullback(1.0), expected) or _differences(pullback(1.0), expected)
        trouble = trouble and f"vjp: {trouble}"
        if not trouble and not np.allclose(found, value, rtol=1e-12, atol=1e-12):
            trouble = f"the value is {found!r}, not {value!r}"
    return Outcome("wrong", trouble) if trouble else Outcome("right")


def _differences(found: tuple[Any, Any], expected: _Expected) -> str:
    scale = max(1.0, abs(expected.d_x), float(np.max(np.abs(expected.d_a))))
    for name, got, want in zip(("x", "a"), found, (expected.d_x, expected.d_a), strict=True):
        if np.shape(got) != np.shape(want):
            return f"the gradient of {name} has shape {np.shape(got)}, not {np.shape(want)}"
        if not np.allclose(got, want, rtol=expected.tolerance, atol=0.01 * expected.tolerance * scale):
            return f"the gradient of {name} is {got!r}, not {want!r}"
    return ""


def _effects(given: tuple[Any, ...], plain: tuple[Any, ...]) -> str:
    if np.allclose(given[1], plain[1], rtol=1e-12, atol=1e-12, equal_nan=True):
        return ""
    return f"after the call `a` holds {given[1]!r}, not {plain[1]!r}"


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: Any) -> None:
        raise TooSlow(f"ran longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def differences_grad(f: Callable[..., Any], wrt: int | tuple[int, int] = (0, 1)) -> Callable[..., Any]:
    """A stand-in for `ad.grad` made of central differences, for tests of the fuzzer itself."""
    def gradient(x: float, a: np.ndarray, n: int) -> Any:
        before = a.copy()

        def along(x_dot: float, a_dot: np.ndarray) -> float:
            h = 1e-6
            ahead, behind = (evaluated(f, (x + sign * h * x_dot, before + sign * h * a_dot, n)) for sign in (1, -1))
            return float(ahead - behind) / (2 * h)

        f(x, a, n)
        units = np.eye(before.size).reshape(before.size, *before.shape)
        both = (along(1.0, np.zeros_like(before)),
                np.array([along(0.0, unit) for unit in units]).reshape(before.shape))
        return both[wrt] if isinstance(wrt, int) else both
    return gradient


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 where nothing was wrong and nothing crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--size", type=int, default=8)
    parser.add_argument("--features", help="only these, with commas between")
    parser.add_argument("--most", type=int, default=5, help="how many failures are printed in full")
    parser.add_argument("--shrink", type=int, metavar="SEED", help="make the program of that seed small")
    options = parser.parse_args(arguments)
    import autodiff_src as ad

    features = options.features.split(",") if options.features else None
    if options.shrink is not None:
        from .shrink import shrunk
        program, outcome = shrunk(random_program(options.shrink, options.size, features),
                                  lambda candidate: check(candidate, ad.grad, ad.vjp))
        print(_report(program, outcome))
        return int(outcome.kind in ("wrong", "crashed"))
    tally, seed, end = Tally(), options.seed, time.monotonic() + options.seconds
    while time.monotonic() < end:
        program = random_program(seed, options.size, features)
        tally.add(program, check(program, ad.grad, ad.vjp))
        seed += 1
    for program, outcome in tally.failures[:options.most]:
        print(_report(program, outcome))
    print("seeds of the failures:", [program.seed for program, _ in tally.failures])
    for reason, count in tally.refusals.most_common(15):
        print(f"{count:6} refused: {reason}")
    print(tally)
    return int(bool(tally.failures))


def _report(program: FuzzProgram, outcome: Outcome) -> str:
    rule = "-" * 80
    return "\n".join([rule, f"seed {program.seed}: {outcome.kind}: {outcome.detail}", program.source,
                      f"f{program.arguments!r}", rule])


if __name__ == "__main__":
    sys.exit(main())
