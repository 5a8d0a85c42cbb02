"""Every case of the rule tables as a call in a function: what forward mode writes for it gives what the rule gives."""
from __future__ import annotations

import copy
import itertools
import linecache
import math
from typing import Any

import array_cases
import decomposition_cases
import elementwise_cases
import fourier_cases
import keyword_cases
import layout_cases
import linear_cases
import numpy as np
import pytest
import signal_cases
import statistics_cases
import ufunc_cases
from checks import Case, assert_close, carries, leaves, random_like

import autodiff_src as ad
from autodiff_src.differentiate.expand import as_tangent
from autodiff_src.rules import rule_for

TABLES = (elementwise_cases, array_cases, keyword_cases, layout_cases, signal_cases, statistics_cases, ufunc_cases,
          linear_cases, decomposition_cases, fourier_cases)
CASES: list[Case] = [tried for table in TABLES for tried in table.CASES]
_numbers = itertools.count()


def as_function(tried: Case) -> Any:
    """The call in a function of the case's arguments; keywords stand in the text."""
    names = [f"x{i}" for i in range(len(tried.args))]
    shown = {key: repr(value) if _is_literal(value) else f"_{key}" for key, value in tried.kwargs.items()}
    call = ", ".join([*names, *(f"{key}={value}" for key, value in shown.items())])
    text = f"def called({', '.join(names)}):\n    return primitive({call})\n"
    file = f"<case {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    namespace = {"primitive": tried.primitive, **{f"_{key}": value for key, value in tried.kwargs.items()}}
    exec(compile(text, file, "exec"), namespace)
    return namespace["called"]


def _is_literal(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_literal, value))
    return value is None or isinstance(value, (bool, int, str)) or isinstance(value, float) and math.isfinite(value)


def active(args: list[Any]) -> list[int]:
    return [i for i, arg in enumerate(args) if any(carries(leaf) for leaf in leaves(arg))]


@pytest.mark.slow
@pytest.mark.parametrize("tried", CASES[::2], ids=lambda tried: tried.label)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:.row_stack")
def test_tangent_in_text(tried: Case) -> None:
    f, args, rng = as_function(tried), copy.deepcopy(tried.args), np.random.default_rng(0)
    wrt = active(args)
    if not wrt:
        pytest.skip("no argument carries a derivative")
    dots = [random_like(arg, rng) if i in wrt else None for i, arg in enumerate(args)]
    for chosen in [wrt, *([i] for i in wrt if len(wrt) > 1)]:
        given = [dot if i in chosen else None for i, dot in enumerate(dots)]
        expected = as_tangent(rule_for(tried.primitive))(tried(args), tuple(args), tried.kwargs, tuple(given))
        y, y_dot = ad.jvp(f, args, given)
        assert_close(y, tried(args), 1e-13, 1e-13)
        assert_close(y_dot, expected, 1e-9, 1e-11)


def length(x, order):
    order = 2.0 * order
    return np.linalg.norm(order * x, order)


@pytest.mark.parametrize("wrt", [1, (0, 1)])
def test_a_derivative_that_a_rule_does_not_give_is_refused(wrt):
    x = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ad.UnsupportedError, match="the argument 'ord' carries a derivative that its rule does not give"):
        ad.grad(length, wrt=wrt)(x, 1.5)
    with pytest.raises(ad.UnsupportedError, match="the argument 'ord' carries a derivative that its rule does not give"):
        ad.jvp(length, (x, 1.5), (x if wrt != 1 else None, 1.0))
    np.testing.assert_allclose(ad.grad(length)(x, 1.5), 3.0 * x ** 2 / np.sum(x ** 3) ** (2 / 3))


def test_conditions_have_no_derivative():
    def chosen(x):
        return np.sum(np.where(x, 3.0, 1.0))

    x = np.array([1.0, 2.0, 0.0])
    np.testing.assert_array_equal(ad.grad(chosen)(x), np.zeros(3))
    assert ad.jvp(chosen, (x,), (x,)) == (7.0, 0.0)
