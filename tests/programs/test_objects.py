"""Objects: what is read of them is looked at in each call, and what others do to them is noticed."""
import copy
import math

import numpy as np
import pytest
from language_objects import Oscillator

import autodiff_src as ad
from autodiff_src.errors import AutodiffError


class Box:
    """An object that changes under the eyes of a derived function."""

    size_of_step = 0.5

    def __init__(self, value):
        self.value = value

    def times(self, x):
        return self.value * x

    @property
    def cautious(self):
        return self.value > 1.0


def central(f, *args):
    *others, x = args
    return (f(*copy.deepcopy(others), x + 1e-6) - f(*copy.deepcopy(others), x - 1e-6)) / 2e-6


def uses_box(box, x):
    y = box.times(x) * x
    if box.value is None:
        return x
    return np.sum(y)


BOX = Box(2.0)


def uses_global_box(x):
    return BOX.times(x) * x + BOX.size_of_step * x


def test_other_kinds_of_attributes_get_other_texts():
    derived = ad.grad(uses_box, wrt=1)
    for value in (2.0, 3, np.array([1.0, 2.0]), np.float32(0.5), np.array([[1.0]]), 2.0):
        assert derived(Box(value), 1.5) == pytest.approx(3.0 * np.sum(value), rel=1e-6)
    assert np.size(derived(Box(2.0), 1.5)) == 1


def test_globals_and_classes_are_read_at_the_call(monkeypatch):
    derived = ad.grad(uses_global_box)
    assert derived(1.5) == pytest.approx(6.5)
    monkeypatch.setattr(BOX, "value", np.array(3))
    assert derived(1.5) == pytest.approx(9.5)
    monkeypatch.setattr(Box, "size_of_step", 1)
    assert derived(1.5) == pytest.approx(10.0)
    monkeypatch.setattr(Box, "times", lambda self, x: x**3)
    assert derived(1.5) == pytest.approx(4 * 1.5**3 + 1.0)
    monkeypatch.setattr(BOX, "times", math.sin, raising=False)
    assert derived(1.5) == pytest.approx(math.cos(1.5) * 1.5 + math.sin(1.5) + 1.0)
    monkeypatch.setattr(Box, "size_of_step", property(lambda self: 7.0))
    assert derived(1.5) == pytest.approx(math.cos(1.5) * 1.5 + math.sin(1.5) + 7.0)


def test_a_pullback_uses_the_attributes_of_the_call():
    def f(box, x):
        s = 0.0
        for _ in range(box.value):
            if box.value > 2:
                s = s + box.times(x) * x
        return s

    box = Box(3)
    y, pullback = ad.vjp(f, box, 1.5, wrt=1)
    box.value = 1
    assert y == pytest.approx(3 * 3 * 1.5**2)
    assert pullback(1.0) == pullback(1.0) == (pytest.approx(2 * 9 * 1.5),)


def set_to_none(box):
    vars(box).update(value=None)


def test_code_that_is_not_known_may_rebind_attributes():
    def f(box, x):
        set_to_none(box)
        return x * x if box.value is None else 3.0 * x

    assert ad.grad(f, wrt=1)(Box(2.0), 1.5) == 3.0

    def g(x):
        set_to_none(BOX)
        return x * x if BOX.value is None else 3.0 * x

    try:
        assert ad.grad(g)(1.5) == 3.0
    finally:
        BOX.value = 2.0


class Counter:
    """Counts how often it is asked."""

    def __init__(self):
        self.calls = []

    def small(self, x):
        self.calls.append(len(self.calls))
        return x < 3.0


def asks_in_test(counter, x):
    while counter.small(x):
        x = x * x
    return x if counter.small(x / 4.0) else 2.0 * x


def test_methods_in_tests_run_once():
    plain, derived = Counter(), Counter()
    value = asks_in_test(plain, 1.5)
    got, d_x = ad.value_and_grad(asks_in_test, wrt=1)(derived, 1.5)
    assert (got, d_x) == (value, pytest.approx(central(asks_in_test, Counter(), 1.5)))
    assert derived.calls == plain.calls


class Noisy(Box):
    @property
    def loud(self):
        print("read")
        return self.value


def test_what_is_not_certain_is_refused():
    def loud(box, x):
        return box.loud * x

    with pytest.raises(AutodiffError, match="property 'loud' does more.*\n.*\nFix: make it a method"):
        ad.grad(loud, wrt=1)(Noisy(2.0), 1.5)


def test_objects_that_hold_themselves():
    def f(box, x):
        return box.value.value.times(x) * x

    inner = Box(3.0)
    inner.value = inner
    with pytest.raises((AutodiffError, TypeError)):
        ad.grad(f, wrt=1)(inner, 1.5)
    outer = Box(Box(Box(2.0)))
    assert ad.grad(f, wrt=1)(outer, 1.5) == 6.0


def test_private_attributes_and_slots_keep_their_names():
    assert "_Oscillator__hidden" in ad.source(ad.grad(Oscillator.run, wrt=1), Oscillator(2.0), 0.5)


def test_arrays_of_objects_that_are_written_into():
    def f(box, x):
        box.value[0] = x * x
        return box.value[0] * box.value[1]

    def kept_apart(box, x):
        box.value[0] = 3.0
        return box.value[0] * x

    assert ad.grad(f, wrt=1)(Box(np.array([1.0, 2.0])), 1.5) == 6.0
    assert ad.grad(kept_apart, wrt=1)(Box(np.array([1.0, 2.0])), 1.5) == 3.0


class WithDefault:
    def __init__(self, x, factors=[2.0]):  # noqa: B006
        self.x, self.factors = x, factors

    def scaled(self):
        return self.x * self.factors[0]


def test_a_refusal_tells_why_a_class_is_not_written_out():
    with pytest.raises(AutodiffError, match="WithDefault is not written out: the default of 'factors' is not a literal"):
        ad.grad(lambda x: WithDefault(x).scaled())(1.5)
