"""A pullback is that of what the function computed: names outside count as they were, whatever they stand for afterwards."""
import numpy as np
import pytest

import autodiff_src as ad

FACTOR = 2.0
WEIGHTS = np.array([1.0, 2.0])
ARRAYS = [np.array([2.0, 3.0])]
TABLE = {"w": 2.0}


class Model:
    def __init__(self):
        self.w = 2.0

    def squared(self, u):
        return u * u * self.w


MODEL = Model()


def of_a_global(u):
    return np.sin(u) * FACTOR


def of_an_array(u):
    return of_a_global(u) * u * WEIGHTS


def of_a_list(u):
    return u * u * ARRAYS[0]


def of_a_table(u):
    return u * u * TABLE["w"]


def of_an_attribute(u):
    return u * u * MODEL.w


def in_a_loop(u):
    for _ in range(3):
        u = u * u * FACTOR
    return u


def in_a_recursion(u, n=3):
    return u if n == 0 else np.sin(FACTOR * in_a_recursion(u, n - 1)) * WEIGHTS


def chosen_by_a_global(u):
    if FACTOR > 5.0:
        u = u * u
    else:
        u = u * u * u
    return u * WEIGHTS


@pytest.fixture
def outside(monkeypatch):
    """Changes all that the functions read from outside."""
    monkeypatch.setitem(globals(), "WEIGHTS", WEIGHTS.copy())
    monkeypatch.setitem(globals(), "ARRAYS", [ARRAYS[0].copy()])

    def change():
        monkeypatch.setitem(globals(), "FACTOR", 9.0)
        monkeypatch.setitem(TABLE, "w", 8.0)
        monkeypatch.setattr(MODEL, "w", 7.0)
        WEIGHTS[:] = 6.0
        ARRAYS[0][:] = 5.0

    return change


@pytest.mark.parametrize("f", [of_a_global, of_an_array, of_a_list, of_a_table, of_an_attribute, MODEL.squared, in_a_loop,
                               in_a_recursion, chosen_by_a_global])
def test_names_outside(f, outside):
    u, v = np.array([0.5, 0.7]), np.array([1.0, -0.5])
    wanted = [np.sum((f(u + step) - f(u - step)) * v) / 2e-6 for step in 1e-6 * np.eye(2)]
    _, pullback = ad.vjp(f, u)
    outside()
    np.testing.assert_allclose(pullback(v)[0], wanted, rtol=1e-8)
    np.testing.assert_allclose(pullback(v)[0], wanted, rtol=1e-8)


def test_variables_of_the_function_around():
    a, w, parts = 2.0, np.array([1.0, 2.0]), [3.0]
    u = np.array([0.5, 0.7])
    pullbacks = [ad.vjp(f, u)[1] for f in (lambda u: u * u * a, lambda u: u * u * w, lambda u: u * u * parts[0])]
    a, w[:], parts[0] = 5.0, 6.0, 7.0
    for pullback, factor in zip(pullbacks, (2.0, np.array([1.0, 2.0]), 3.0)):
        np.testing.assert_allclose(pullback(np.ones(2))[0], 2.0 * u * factor, rtol=1e-12)
    assert a == 5.0


def returned_before_the_other_view_is_read(x, a, n):
    v = a
    b = v[:]
    k = 0
    while k < 4:
        k += 1
        w = a
        w += x * w
        if k > n:
            return np.sum(w)
    return np.sum(b * b)


@pytest.mark.parametrize("n", [0, 2, 9])
def test_what_another_path_keeps_may_be_missing(n):
    def value(x):
        return returned_before_the_other_view_is_read(x, np.array([1.2, -0.4]), n)

    y, pullback = ad.vjp(returned_before_the_other_view_is_read, 0.3, np.array([1.2, -0.4]), n, wrt=0)
    assert y == value(0.3)
    assert pullback(1.0)[0] == pytest.approx((value(0.3 + 1e-6) - value(0.3 - 1e-6)) / 2e-6, rel=1e-7)
