"""Every program of the language table in forward mode: values, tangents and effects; and forward over reverse."""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import language_refused_writes
import numpy as np
import pytest
from checks import in_turns
from language_case import Case
from language_table import PROGRAMS, SMOOTH
from test_language import STEP, assert_same, flat, moved, plain_call

import autodiff_src as ad

# What forward mode refuses of the table.
REFUSED_FORWARD: frozenset[str] = frozenset("""
    method_kept closure_chosen_by_branch default_of_an_older_instance called_function_rebound objects_of_two_classes
    queues_handed_to_a_helper
""".split())
REFUSED_FORWARD_OVER_REVERSE: frozenset[str] = frozenset("""
    logarithm_or_not objects_in_list not_raised_in_a_helper suppressed_and_raised raised_again_and_caught raised_from
    gradient_of_tangent_inside loop_in_a_try loop_in_a_try_that_raises tries_in_a_loop_of_tries list_given_back_early
    residual_sum lowest_mode powers_in_a_loop filtered layers_with_functions_of_numpy columns_first rolled_indices
    handed_down_a_recursion
""".split())


def direction(value: Any, number: int) -> Any:
    """A tangent of the value in its own structure; None for what carries none."""
    if isinstance(value, dict):
        return {key: direction(item, number + i) for i, (key, item) in enumerate(value.items())}
    if isinstance(value, (list, tuple)):
        return [direction(item, number + i) for i, item in enumerate(value)]
    if isinstance(value, float):
        return float(np.cos(number))
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.cos(number + 0.7 * np.arange(value.size)).reshape(value.shape).astype(value.dtype)
    return None


def tangents(program: Case) -> tuple[Any, ...]:
    return tuple(direction(arg, k) if k in program.wrt else None for k, arg in enumerate(program.args))


def differences(program: Case) -> float:
    def at(step: float) -> float:
        args = list(copy.deepcopy(program.args))
        for k, tangent in enumerate(tangents(program)):
            if tangent is not None:
                args[k] = moved(args[k], iter((step * flat(tangent)).tolist()))
        return float(program.f(*args))

    return (at(STEP) - at(-STEP)) / (2 * STEP)


@pytest.mark.parametrize("program", in_turns([p for p in PROGRAMS if p.name not in REFUSED_FORWARD][::3], 6),
                         ids=lambda p: p.name)
def test_tangent(program: Case, capsys: pytest.CaptureFixture[str]) -> None:
    plain_value, plain_args, plain_out = plain_call(program, capsys)
    args = copy.deepcopy(program.args)
    value, tangent = ad.jvp(program.f, args, tangents(program))
    assert capsys.readouterr().out == plain_out
    assert_same(args, plain_args)
    np.testing.assert_allclose(value, plain_value, rtol=1e-13, atol=1e-13)
    assert np.shape(tangent) == np.shape(value)
    expected = differences(program)
    np.testing.assert_allclose(tangent, expected, rtol=2e-6, atol=2e-7 * max(1.0, abs(expected)))


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.name in REFUSED_FORWARD], ids=lambda p: p.name)
def test_refused_forward(program: Case) -> None:
    with pytest.raises(ad.AutodiffError, match="Fix: "):
        ad.jvp(program.f, copy.deepcopy(program.args), tangents(program))


@pytest.mark.parametrize(("f", "args", "reason"), language_refused_writes.REFUSED,
                         ids=[f.__name__ for f, _, _ in language_refused_writes.REFUSED])
def test_writes_that_are_refused(f: Callable[..., Any], args: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.jvp(f, copy.deepcopy(args), args)


@pytest.mark.slow
@pytest.mark.parametrize("program", [p for p in SMOOTH if p.name not in REFUSED_FORWARD_OVER_REVERSE][::3],
                         ids=lambda p: p.name)
def test_forward_over_reverse(program: Case) -> None:
    for position in program.wrt:
        once = ad.grad(program.f, wrt=position)
        seeds = [direction(arg, k) if k == position else None for k, arg in enumerate(program.args)]
        _, found = ad.jvp(once, copy.deepcopy(program.args), seeds)
        expected = _along(program, position, seeds[position])
        np.testing.assert_allclose(flat(found), expected, rtol=2e-6, atol=2e-7 * max(1.0, np.max(np.abs(expected), initial=0)))


def _along(program: Case, position: int, tangent: Any) -> np.ndarray:
    """The derivative of the gradient along a tangent, by differences of gradients."""
    def at(step: float) -> np.ndarray:
        args = list(copy.deepcopy(program.args))
        args[position] = moved(args[position], iter((step * flat(tangent)).tolist()))
        return flat(ad.grad(program.f, wrt=position)(*args))

    return (at(STEP) - at(-STEP)) / (2 * STEP)
