"""Refusals that wait: a construct in a branch that may not run is refused when it is reached, and only then."""
from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_language import central_differences, flat

import autodiff_src as ad

A = np.array([0.7, -1.3])


def class_inside(x, n):
    y = x * x
    if n > 3:
        class Scale:  # here
            two = 2.0
        y = y + Scale.two
    else:
        y = y * 3.0
    return y * x


def after_a_return(x, n):
    if n <= 3:
        return x * x
    class Nothing:  # here
        at_all = 0.0
    return Nothing.at_all


def in_an_expression(x, n):
    return x * x if n <= 3 else max(itertools.accumulate(x * k for k in range(n)))  # here


def in_a_condition(x, n):
    if n > 3 and max(itertools.accumulate(x * k for k in range(n))) > 2:  # here
        x = x * 2.0
    return x * x


def in_a_loop(x, n):
    s = x
    for _ in range(n - 3):
        class Step:  # here
            two = 2.0
        s = s + Step.two
    return s * x


def in_a_comprehension(x, n):
    parts = [max(itertools.accumulate(x for _ in [1])) for _ in range(n - 3)]  # here
    return x * x + len(parts)


def elif_branch(x, n):
    if n < 0:
        y = x
    elif n > 3:
        class Local:  # here
            two = 2.0
        y = Local.two * x
    else:
        y = x * x
    return y * y


def list_and_array(x, n):
    s = x
    if n > 3:
        parts = [x, x * s]
        parts += np.array([x, 1.0])  # here
        s = parts[1]
    return s * x


def slice_of_a_list_updated(x, n):
    s = x
    if n > 3:
        parts = [x, s * s]
        parts[1:] += [x]  # here
        s = parts[0] + s
    return s * x


def without_a_rule(a, n):
    s = np.sum(a * a)
    if n > 3:
        s = s + np.abs(np.lib.stride_tricks.as_strided(a)[0])  # here
    return s


def unknown_function(x, n):
    s = x
    if n > 3:
        s = {4: math.sin, 5: math.cos}[n](x)  # here
    return s * s


def shared_memory(a, n):
    rows = [[a[0], 1.0], [0.3, a[1]]]
    if n > 3:
        max(rows)[1] = a[0] * a[0]  # here
    return rows[0][1] * rows[1][1] + np.sum(a * a)


def helper(t, n):
    if n > 3:
        class Scale:  # here, in the helper
            two = 2.0
        return t * Scale.two
    return t * t


def in_a_helper(x, n):
    return helper(x * x, n) * x


def refused_helper(t):
    u = t * t
    return max(itertools.accumulate(v for v in [u, t]))  # here, in the refused helper


def calls_a_refused_helper(x, n):
    if n > 3:
        x = refused_helper(x)
    return x * x


def without_a_rule_in_a_helper(a, n):
    s = np.sum(a * a)
    return s if n <= 3 else s + spectrum(a)


def spectrum(a):
    return np.abs(np.lib.stride_tricks.as_strided(a)[0])  # here, in the spectrum


def in_a_nested_function(x, n):
    def inner(t):
        if n > 3:
            t = max(itertools.accumulate(v for v in [t, x]))  # here
        return t * x

    return inner(x) + inner(2.0)


def in_a_while(x, n):
    while n > 3:
        class Step:  # here
            one = 1
        n = n - Step.one
    return x * x


def wrong_call(x, n):
    if n > 3:
        x = helper(x)  # here
    return x * x


PROGRAMS: list[tuple[Callable[..., Any], Any, type[ad.AutodiffError], str]] = [
    (class_inside, 0.8, ad.UnsupportedError, "class"), (after_a_return, 0.8, ad.UnsupportedError, "class"),
    (in_an_expression, 0.8, ad.UnsupportedError, "not consumed at once"),
    (in_a_condition, 0.8, ad.UnsupportedError, "not consumed at once"),
    (in_a_loop, 0.8, ad.UnsupportedError, "class"), (in_a_comprehension, 0.8, ad.UnsupportedError, "not consumed"),
    (elif_branch, 0.8, ad.UnsupportedError, "class"), (list_and_array, 0.8, ad.UnsupportedError, "extended"),
    (slice_of_a_list_updated, 0.8, ad.UnsupportedError, "update of a slice of a list"),
    (without_a_rule, A, ad.NoRuleError, "as_strided"), (unknown_function, 0.8, ad.UnsupportedError, "function called here"),
    (shared_memory, A, ad.UnsupportedError, "share memory"), (in_a_helper, 0.8, ad.UnsupportedError, "class"),
    (calls_a_refused_helper, 0.8, ad.UnsupportedError, "not consumed at once"),
    (without_a_rule_in_a_helper, A, ad.NoRuleError, "as_strided"),
    (in_a_nested_function, 0.8, ad.UnsupportedError, "not consumed"),
    (in_a_while, 0.8, ad.UnsupportedError, "class"), (wrong_call, 0.8, ad.ArgumentError, "misses the argument"),
]
each = pytest.mark.parametrize(("f", "x", "error", "reason"), PROGRAMS, ids=[p[0].__name__ for p in PROGRAMS])


@each
def test_the_other_path_is_differentiated(f, x, error, reason):
    value, gradient = ad.value_and_grad(f)(x, 2)
    assert value == pytest.approx(f(x, 2), rel=1e-13)
    np.testing.assert_allclose(flat(gradient), central_differences(f, (x, 2), 0), rtol=2e-6, atol=2e-7)
    pulled = ad.vjp(f, x, 2, wrt=0)[1](2.0)[0]
    np.testing.assert_allclose(flat(pulled), 2.0 * flat(gradient), rtol=1e-12)


@each
def test_the_path_is_refused_where_it_is_taken(f, x, error, reason):
    with pytest.raises(error, match=reason) as raised:
        ad.grad(f)(x, 5)
    place = raised.value.place
    assert place.file == __file__ and "# here" in inspect.getsource(inspect.getmodule(f)).splitlines()[place.line - 1]
    assert place.text.strip() in str(raised.value) and f"{place.file}:{place.line}: " in str(raised.value)
    assert "Nothing is returned." in str(raised.value)


@pytest.mark.parametrize("f", [class_inside, in_a_helper, in_a_nested_function])
def test_second_derivatives_wait_too(f):
    twice = ad.grad(ad.grad(f))
    expected = central_differences(lambda x, n: float(ad.grad(f)(x, n)), (0.8, 2), 0)
    assert twice(0.8, 2) == pytest.approx(expected[0], rel=2e-6)
    with pytest.raises(ad.UnsupportedError, match="# here"):
        twice(0.8, 5)


def test_what_certainly_runs_is_refused_at_once():
    def both(x, n):
        if n > 3:
            class First:
                pass
        else:
            class Local:
                pass
        return x

    def after_a_check(x):
        if x < 0.0:
            raise ValueError("negative")
        class Local:
            pass
        return x

    for f, construct in ((both, "class"), (after_a_check, "class")):
        with pytest.raises(ad.UnsupportedError, match=construct) as raised:
            ad.grad(f)
        assert "Nothing is returned" not in str(raised.value)


def test_what_certainly_runs_for_these_kinds_is_refused_before_anything_runs(capsys):
    def by_mode(x, mode):
        print("ran")
        if mode == "fast":
            class Local:
                pass
        return x * x

    derived = ad.grad(by_mode)
    assert derived(1.5, "slow") == 3.0
    assert capsys.readouterr().out == "ran\n"
    with pytest.raises(ad.UnsupportedError, match="class"):
        derived(1.5, "fast")
    assert capsys.readouterr().out == ""


def test_effects_up_to_the_line_have_happened():
    def writes(a, n):
        a[0] = 2.0
        if n > 3:
            a[1] = 3.0
            class Local:
                pass
            a[1] = 4.0
        return np.sum(a * a)

    a = np.zeros(2)
    with pytest.raises(ad.UnsupportedError, match="class"):
        ad.grad(writes)(a, 5)
    np.testing.assert_array_equal(a, [2.0, 3.0])


def test_a_helper_that_nothing_active_goes_into_runs_as_it_is():
    def schedule(n):
        rate = 0.5
        if n > 3:
            rate = sum(k for k in range(n)) * np.ones(2)
        return rate * 2.0

    def scaled(x, n):
        return np.sum(x * schedule(n))

    assert ad.grad(scaled)(1.5, 2) == 1.0
    assert ad.grad(scaled)(1.5, 5) == 40.0


def test_a_helper_that_may_write_where_it_is_refused():
    def fill(buffer, n):
        if n > 3:
            class Local:
                pass
            buffer[0] = 7.0
        return n

    def overwritten(x, n):
        buffer = np.ones(2)
        y = x * buffer[0]
        fill(buffer, n)
        return y + x * buffer[0]

    for n in (2, 5):
        assert ad.grad(overwritten)(1.5, n) == overwritten(1.5, n) / 1.5


def test_a_nested_function_that_changes_variables_outside_is_refused_where_it_is_defined():
    y = 1.0

    def changes(x, n):
        if n > 3:
            def change():
                nonlocal y
                y = x * x
            change()
        return x * x * y

    assert ad.grad(changes)(1.5, 2) == 3.0
    with pytest.raises(ad.UnsupportedError, match="nonlocal"):
        ad.grad(changes)(1.5, 5)
