"""The fuzz test with a fixed budget, and tests of the fuzzer itself."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from .generate import FuzzProgram, random_program
from .oracle import Discarded, compiled, complex_source, reference
from .run import Outcome, Tally, check, differences_grad
from .scope import CALCULATION, FEATURES
from .shrink import shrunk


@pytest.mark.parametrize("first, count, size, features, accepted", [
    (10_500, 5, 5, None, 0.6), pytest.param(500, 10, 8, CALCULATION, 0.9, marks=pytest.mark.slow),
    pytest.param(0, 10, 8, CALCULATION, 0.9, marks=pytest.mark.slow),
    pytest.param(10_000, 15, 5, None, 0.8, marks=pytest.mark.slow)])
def test_random_programs_are_right_or_refused(first: int, count: int, size: int, features: frozenset[str] | None,
                                              accepted: float, capsys: pytest.CaptureFixture[str]) -> None:
    import autodiff_src as ad

    tally, seed = Tally(), first
    while tally.run < count:
        program = random_program(seed, size, features)
        tally.add(program, check(program, ad.grad, ad.vjp, ad.jvp))
        seed += 1
    with capsys.disabled():
        print(f"\nfuzz: {tally}")
    failures = [f"seed {program.seed}: {outcome.kind}: {outcome.detail}\n{program.source}"
                for program, outcome in tally.failures]
    assert not failures, "\n".join(failures[:3])
    assert tally.accepted >= accepted, tally.refusals.most_common(10)


def test_same_seed_same_program() -> None:
    first, second = random_program(11), random_program(11)
    assert first.source == second.source
    assert first.oracle_source == second.oracle_source
    assert first.arguments[0] == second.arguments[0]
    assert np.array_equal(first.arguments[1], second.arguments[1])


@pytest.mark.slow
def test_complex_step_agrees_with_central_differences() -> None:
    reasons = []
    for seed in range(100):
        program = random_program(seed)
        try:
            reference(program.source, program.oracle_source, program.arguments)
        except Discarded as error:
            reasons.append(str(error))
    assert len(reasons) < 20, reasons
    assert len([reason for reason in reasons if "disagree" in reason]) <= 2, reasons
    assert not [reason for reason in reasons if reason.startswith(("NameError", "Unbound", "TypeError", "IndexError"))]


@pytest.mark.slow
def test_most_programs_depend_on_both_arguments() -> None:
    moved = []
    for seed in range(100):
        program = random_program(seed)
        try:
            d_x, d_a = reference(program.source, program.oracle_source, program.arguments)
        except Discarded:
            continue
        moved.append((d_x != 0.0, bool(np.any(d_a != 0.0))))
    assert np.mean(moved, axis=0).min() > 0.7


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_single_features_make_programs(feature: str) -> None:
    for seed in range(3):
        program = random_program(seed, size=5, features=[feature])
        compiled(program.source, "single")
    with pytest.raises(ValueError, match="unknown features"):
        random_program(0, features=["magic"])


WRITES = """\
import numpy as np

def f(x, a, n):
    s = x * 2.0
    for i in range(n):
        if a[i] > 0.0:
            s = s * a[i]
        a[i] = s
    return s + np.sum(a)
"""


def writing_program() -> FuzzProgram:
    return FuzzProgram(WRITES, complex_source(WRITES), (0.7, np.array([0.5, -0.3, 1.2]), 3))


def test_check_accepts_a_right_gradient() -> None:
    program = writing_program()
    outcome = check(program, differences_grad, tolerance=1e-4)
    assert outcome.kind == "right", outcome.detail


HUGE = """\
import numpy as np

def f(x, a, n):
    for _ in range(3 * n):
        a[0] = np.sum(a * a) + x
    return x + np.sum(a * a) - np.sum(a ** 2)
"""


def test_huge_numbers_that_cancel_are_no_test() -> None:
    """The oracle's derivative with respect to `x` is lost in rounding."""
    program = FuzzProgram(HUGE, complex_source(HUGE), (1.4, np.array([1.4, 0.3, 0.1]), 3))
    assert check(program, differences_grad).kind == "discarded"


def test_central_differences_pass_for_a_gradient() -> None:
    tally = Tally()
    for seed in range(60):
        program = random_program(seed, features=CALCULATION)
        tally.add(program, check(program, differences_grad, tolerance=1e-2))
    assert tally.run > 45
    assert not tally.failures, [(program.seed, outcome) for program, outcome in tally.failures]


def test_check_sees_a_wrong_gradient_a_lost_effect_and_a_crash() -> None:
    program = writing_program()
    zero = check(program, lambda f, wrt: lambda x, a, n: (0.0, np.zeros_like(a)))
    assert (zero.kind, "gradient of x" in zero.detail) == ("wrong", True)
    exact = reference(program.source, program.oracle_source, program.arguments)
    lost = check(program, lambda f, wrt: lambda x, a, n: exact)
    assert (lost.kind, "after the call" in lost.detail) == ("wrong", True)
    assert check(program, lambda f, wrt: lambda x, a, n: a[100]).kind == "crashed"


STATE = """\
import math

import numpy as np

import autodiff_src as ad

STATE = {"k": 1}
LOG = []
LOGS = [LOG]

def slope(p, s):
    STATE["k"] += 1
    LOG.append(STATE["k"])
    return p * p * s

def f(x, a, n):
    print("at", n)
    return ad.grad(slope)(x, a[0]) * STATE["k"] + math.sin(x)
"""


def program_with_state() -> FuzzProgram:
    return FuzzProgram(STATE, complex_source(STATE), (0.7, np.array([0.5, -0.3]), 3))


@pytest.mark.parametrize("before", [0, 1])
def test_derivatives_inside_and_state_of_earlier_calls_have_an_oracle(before: int) -> None:
    program = program_with_state()
    assert program.has_state and not writing_program().has_state
    d_x, d_a = reference(program.source, program.oracle_source, program.arguments, before)
    assert (d_x, d_a[0]) == pytest.approx((2.0 * 0.5 * (2 + before) + np.cos(0.7), 2.0 * 0.7 * (2 + before)), rel=1e-12)


@pytest.mark.parametrize("change, words", [
    ('STATE["k"] += 1', "STATE"), ("LOG.append(4)", "LOG"), ("LOGS[0] = list(LOG)", "LOGS"), ("print()", "printed")])
def test_check_sees_what_a_call_leaves_outside(change: str, words: str) -> None:
    program = program_with_state()

    def grad(f: Callable[..., Any], wrt: object) -> Callable[..., Any]:
        def gradient(*arguments: Any) -> Any:
            f(*arguments)
            exec(change, f.__globals__)
            return reference(program.source, program.oracle_source, program.arguments)
        return gradient

    outcome = check(program, grad)
    assert (outcome.kind, words in outcome.detail) == ("wrong", True), outcome.detail


def test_shrinking_keeps_the_outcome() -> None:
    program = next(p for p in map(random_program, range(50)) if "math.sin" in p.source)

    def outcome_of(candidate: object) -> Outcome:
        return Outcome("wrong" if "math.sin" in candidate.source else "right")

    small, outcome = shrunk(program, outcome_of)
    assert outcome.kind == "wrong"
    assert len(small.source.splitlines()) < 8

