"""Every case of the rule tables as a call with tensors that a tape records: it gives what the rule gives, or is refused."""
from __future__ import annotations

from typing import Any

import array_cases
import decomposition_cases
import elementwise_cases
import keyword_cases
import layout_cases
import linear_cases
import numpy as np
import pytest
import signal_cases
import special_cases
import statistics_cases
import ufunc_cases
from checks import Case, assert_close, carries, in_turns, leaves, mapped, random_like
from test_rules_in_text import active, as_function

import autodiff_src as ad
from autodiff_src.differentiate.expand import as_pullback
from autodiff_src.rules import key_of, rule_for

TABLES = (elementwise_cases, array_cases, keyword_cases, layout_cases, signal_cases, statistics_cases, ufunc_cases,
          linear_cases, decomposition_cases, special_cases)
CASES: list[Case] = [tried for table in TABLES for tried in table.CASES if active(tried.args)]
TENSOR = type(ad.constant(1.0))
FIRST = list({key_of(tried.primitive): tried for tried in reversed(CASES)}.values())
# What NumPy does with tensors without asking them: their history would end, and they say so.
CONVERTING = {np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.asarray_chkfinite, np.require,
              np.full, np.ndarray.item, np.ndarray.tolist, np.kaiser}


def as_tensors(x: Any) -> Any:
    """The structure with tensors in place of the numbers and arrays that carry a derivative."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(as_tensors, x))
    if isinstance(x, dict):
        return {key: as_tensors(item) for key, item in x.items()}
    return ad.constant(x) if carries(x) else x


def called(tried: Case, args: list[Any]) -> Any:
    if getattr(tried.primitive, "__objclass__", None) is np.ndarray:
        return getattr(args[0], tried.primitive.__name__)(*args[1:], **tried.kwargs)
    return tried.primitive(*args, **tried.kwargs)


def by_tape(tried: Case, seed: Any) -> list[Any]:
    """The gradients with respect to the tensors of each argument, in its structure."""
    args = as_tensors(list(tried.args))
    tensors = [leaf for leaf in leaves(args) if isinstance(leaf, TENSOR)]
    with ad.GradientTape() as t:
        t.watch(tensors)
        y = called(tried, args)
    parts = [leaf for leaf in leaves([y]) if isinstance(leaf, TENSOR) and carries(leaf.numpy())]
    found = iter(t.gradient(parts, tensors, output_gradients=list(leaves([seed])), unconnected_gradients="zero"))
    return [mapped(lambda leaf: next(found).numpy(), arg) for arg in tried.args]


def may_be_refused(tried: Case) -> bool:
    """Functions of numbers, of lists and of SciPy's own in Python do not ask tensors; operators and NumPy's do."""
    numpy = isinstance(tried.primitive, np.ufunc) or str(getattr(tried.primitive, "__module__", "")).startswith("numpy")
    in_list = any(isinstance(arg, (list, tuple)) for arg in tried.args)
    return tried.primitive in CONVERTING or isinstance(tried.primitive, type) or in_list or not numpy


@pytest.mark.parametrize("tried", in_turns(CASES, 3), ids=lambda tried: tried.label)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:.row_stack")
def test_on_tape(tried: Case) -> None:
    y = tried(tried.args)
    seed = random_like(y, np.random.default_rng(0))
    try:
        found = by_tape(tried, seed)
    except ad.AutodiffError as error:
        assert may_be_refused(tried), error
        return
    pullback = as_pullback(rule_for(tried.primitive), tuple(range(len(tried.args))))
    assert_close(found, _spread(tried, pullback(seed, y, *tried.args, **tried.kwargs)), 1e-12, 1e-12)


def _spread(tried: Case, adjoints: tuple) -> list[Any]:
    """The adjoints of the arguments as they were given, those of `*operands` one by one."""
    if adjoints and isinstance(adjoints[-1], tuple):
        adjoints = (*adjoints[:-1], *adjoints[-1])
    return [mapped(lambda leaf, d: np.zeros(np.shape(leaf)) + d, arg, d) for arg, d in zip(tried.args, adjoints)]


@pytest.mark.slow
@pytest.mark.parametrize("tried", FIRST, ids=lambda tried: tried.label)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:.row_stack")
def test_on_tape_and_in_text(tried: Case) -> None:
    seed = random_like(tried(tried.args), np.random.default_rng(0))
    try:
        found = by_tape(tried, seed)
        _, pullback = ad.vjp(as_function(tried), *tried.args)
    except ad.AutodiffError:
        pytest.skip("refused by the tape, or in a text; the other tests say where that may be")
    wanted = [mapped(lambda leaf, d: np.zeros(np.shape(leaf)) + d, x, d) for x, d in zip(tried.args, pullback(seed))]
    assert_close(found, wanted, 1e-10, 1e-10)


def test_numpys_defaults_may_be_spelled_out() -> None:
    x = ad.constant(np.ones((2, 3)))
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.vstack([x, x], dtype=None, casting="same_kind") * np.sum(x, axis=0, out=None, dtype=None)
    np.testing.assert_array_equal(t.gradient(y, x), np.full((2, 3), 8.0))
    with ad.GradientTape() as t, pytest.raises(ad.NoRuleError, match="keyword 'subok' has no rule"):
        t.watch(x)
        np.broadcast_to(x, (2, 3), subok=True)
