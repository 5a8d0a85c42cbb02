"""Checks random programs: `python -m tests.fuzz.run --seconds 60 --seed 1`; `--shrink SEED` makes a failure small."""
from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import re
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

from .effects import Effects, watched
from .generate import FuzzProgram, random_program
from .oracle import Discarded, called, compiled, evaluated, reference

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
    discards: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[FuzzProgram, Outcome]] = field(default_factory=list)

    def add(self, program: FuzzProgram, outcome: Outcome) -> None:
        self.counts[outcome.kind] += 1
        if outcome.kind == "refused":
            self.refusals[re.sub(r"(?<=[a-z])\d+", "", outcome.detail)] += 1  # the same reason of any number of names
        if outcome.kind == "discarded":
            self.discards[outcome.detail[:80]] += 1
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
          jvp: Callable[..., Any] | None = None, tolerance: float = 1e-7) -> Outcome:
    """What `grad(f)` gives beside the oracle, for both arguments or one alone, what the pullback of `vjp` does, twice, and
    what `jvp` gives along a direction.

    Compares the gradients with respect to `x` and `a`, what the array argument and the globals hold after the call, and what
    was printed. Where there is state outside the functions, `grad(f)` is called again on what the first call left.
    """
    from autodiff_src.errors import AutodiffError

    try:
        expected = [_expected(program, tolerance, before) for before in range(1 + program.has_state)]
    except Discarded as error:
        return Outcome("discarded", str(error))
    comparisons = [functools.partial(_compared_gradients, program, expected, grad)]
    comparisons += [functools.partial(_compared_pullback, program, expected[0], vjp)] if vjp is not None else []
    comparisons += [functools.partial(_compared_tangent, program, expected[0], jvp)] if jvp is not None else []
    refused = None
    for compare in comparisons:
        try:
            with _limited(LIMIT), np.errstate(all="ignore"):
                trouble = compare()
        except AutodiffError as error:
            refused = refused or Outcome("refused", getattr(error, "reason", str(error)))
        except (Exception, TooSlow):
            return Outcome("crashed", traceback.format_exc(limit=-4))
        else:
            if trouble:
                return Outcome("wrong", trouble)
    return refused or Outcome("right")


@dataclass(frozen=True)
class _Expected:
    """The gradients, and what plain `f` returns and leaves behind."""

    d_x: float
    d_a: np.ndarray
    value: float
    effects: Effects
    tolerance: float


def _expected(program: FuzzProgram, tolerance: float, before: int) -> _Expected:
    gradients = reference(program.source, program.oracle_source, program.arguments, before)
    f = called(compiled(program.source, "plain"), program.arguments, before)
    given = deepcopy(program.arguments)
    with np.errstate(all="ignore"):
        value, effects = watched(f, lambda: f(*given), given[1])
    return _Expected(*gradients, value, effects, tolerance)


def _compared_gradients(program: FuzzProgram, calls: list[_Expected], grad: Transform) -> str:
    f = compiled(program.source, str(program.seed))
    wrt = ((0, 1), 0, 1)[(program.seed or 0) % 3]  # one argument alone: what carries no derivative then shares memory too
    gradient = grad(f, wrt=wrt)
    for number, expected in enumerate(calls):
        given = deepcopy(program.arguments)
        found, effects = watched(f, functools.partial(gradient, *given), given[1])
        both = found if wrt == (0, 1) else (found, expected.d_a) if wrt == 0 else (expected.d_x, found)
        trouble = _differences(both, expected) or effects.differences(expected.effects)
        if trouble:
            return f"call {number + 1}: {trouble}"
    return ""


def _compared_pullback(program: FuzzProgram, expected: _Expected, vjp: Callable[..., Any]) -> str:
    f, given = compiled(program.source, str(program.seed)), deepcopy(program.arguments)
    (value, pullback), effects = watched(f, lambda: vjp(f, *given, wrt=(0, 1)), given[1])
    trouble = effects.differences(expected.effects)
    for _ in range(2):
        gradients, effects = watched(f, lambda: pullback(1.0), given[1])
        silent = dataclasses.replace(expected.effects, printed="")
        trouble = trouble or _differences(gradients, expected) or effects.differences(silent)
    if not trouble and not np.allclose(value, expected.value, rtol=1e-12, atol=1e-12):
        trouble = f"the value is {value!r}, not {expected.value!r}"
    return trouble and f"vjp: {trouble}"


def _compared_tangent(program: FuzzProgram, expected: _Expected, jvp: Callable[..., Any]) -> str:
    f, given = compiled(program.source, str(program.seed)), deepcopy(program.arguments)
    x_dot, a_dot = 0.7, np.cos(np.arange(given[1].size)).reshape(given[1].shape)
    if (program.seed or 0) % 3:
        x_dot, a_dot = (x_dot, None) if (program.seed or 0) % 3 == 1 else (None, a_dot)
    (value, tangent), effects = watched(f, lambda: jvp(f, given, (x_dot, a_dot, None)), given[1])
    parts = [0.0 if x_dot is None else expected.d_x * x_dot, 0.0 if a_dot is None else expected.d_a * a_dot]
    scale = max(1.0, *(float(np.max(np.abs(part))) for part in parts))
    trouble = effects.differences(expected.effects)
    if not trouble and not np.allclose(value, expected.value, rtol=1e-12, atol=1e-12):
        trouble = f"the value is {value!r}, not {expected.value!r}"
    if not trouble and not np.isclose(tangent, np.sum(parts[0]) + np.sum(parts[1]), rtol=expected.tolerance,
                                      atol=expected.tolerance * scale):
        trouble = f"the tangent is {tangent!r}, not {np.sum(parts[0]) + np.sum(parts[1])!r}"
    return trouble and f"jvp: {trouble}"


def _differences(found: tuple[Any, Any], expected: _Expected) -> str:
    scale = max(1.0, abs(expected.d_x), float(np.max(np.abs(expected.d_a))))
    for name, got, want in zip(("x", "a"), found, (expected.d_x, expected.d_a), strict=True):
        if np.shape(got) != np.shape(want):
            return f"the gradient of {name} has shape {np.shape(got)}, not {np.shape(want)}"
        if not np.allclose(got, want, rtol=expected.tolerance, atol=0.01 * expected.tolerance * scale):
            return f"the gradient of {name} is {got!r}, not {want!r}"
    return ""


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
                                  lambda candidate: check(candidate, ad.grad, ad.vjp, ad.jvp))
        print(_report(program, outcome))
        return int(outcome.kind in ("wrong", "crashed"))
    tally, seed, end = Tally(), options.seed, time.monotonic() + options.seconds
    while time.monotonic() < end:
        program = random_program(seed, options.size, features)
        tally.add(program, check(program, ad.grad, ad.vjp, ad.jvp))
        seed += 1
    for program, outcome in tally.failures[:options.most]:
        print(_report(program, outcome))
    print("seeds of the failures:", [program.seed for program, _ in tally.failures])
    for reason, count in tally.refusals.most_common(15):
        print(f"{count:6} refused: {reason}")
    for reason, count in tally.discards.most_common(5):
        print(f"{count:6} discarded: {reason}")
    print(tally)
    return int(bool(tally.failures))


def _report(program: FuzzProgram, outcome: Outcome) -> str:
    rule = "-" * 80
    return "\n".join([rule, f"seed {program.seed}: {outcome.kind}: {outcome.detail}", program.source,
                      f"f{program.arguments!r}", rule])


if __name__ == "__main__":
    sys.exit(main())
