"""Globals that the differentiated function, or one that it calls, binds: they count as they are when they are read, the module
has them afterwards, and a derivative that would be lost in one is refused."""
import numpy as np
import pytest
from outside import Outside

import autodiff_src as ad

N, G, TAB, LAST, A = 0, 2.0, None, None, np.ones(2)
OBJECTS = np.array([None])  # what else a module holds does not matter


def reset():
    global N, G, TAB, LAST, A
    N, G, TAB, LAST, A = 0, 2.0, None, None, np.ones(2)


@pytest.fixture(autouse=True)
def fresh():
    reset()


def left():
    return N, G, TAB if TAB is None or isinstance(TAB, dict) else list(TAB), LAST, A.tolist()


def counted(x):
    global N
    N = N + 1
    return x * x * N


def counted_in_a_loop(x):
    global N
    s = x
    for k in range(3):
        N += 1
        s = s * x * N
    return s


def table_made_when_needed(x):
    global TAB
    if TAB is None:
        TAB = np.arange(4.0)
    return np.sum(TAB * x ** 2)


def dict_made_when_needed(x):
    global TAB
    if TAB is None:
        TAB = {"a": 2.0}
    return TAB["a"] * x * x


def load():
    global TAB
    TAB = [1.0, 2.0]


def table_made_by_a_helper(x):
    if TAB is None:
        load()
    return TAB[1] * x * x


def bump():
    global G
    G = G * 2
    return G


def rebound_by_a_helper(x):
    y = x * G
    bump()
    y = y * x * G
    return y * bump()


def stored_and_read(x):
    global LAST
    LAST = x * x
    return LAST * x


def stored_and_not_read(x):
    global LAST
    LAST = x * x
    return x * x


def store(v):
    global LAST
    LAST = v


def stored_by_a_helper(x):
    store(x * x)
    return LAST * x


def two_at_once(x):
    global N, G
    N, G = 3, 4.0
    return x * x * N * G


def bound_by_a_loop(x):
    global N
    for N in range(3):
        x = x * 1.5
    return x * N


def bound_in_a_nested_function(x):
    def g(v):
        global N
        N += 1
        return v * v * N
    return g(x) + g(x)


def array_replaced(x):
    global A
    y = x * A[0]
    A = A * 3
    return y * x * A.sum()


def array_updated(x):
    global A
    y = np.sum(x * A)
    A += 1.0
    return y * x * A.sum()


def bound_in_a_branch(x):
    global N
    if x > 1:
        N = 5
    return x * x if N == 5 else x


def bound_by_its_key(x):
    globals()["N"] = 4
    return x * x * N


def looped_until_a_global_tells(x):
    s = x
    global N
    while N < 3:
        s = s * x
        N += 1
    return s


PROGRAMS = [counted, counted_in_a_loop, table_made_when_needed, dict_made_when_needed, table_made_by_a_helper,
            rebound_by_a_helper, stored_and_not_read, two_at_once, bound_in_a_nested_function, array_replaced, array_updated,
            bound_in_a_branch, bound_by_its_key, looped_until_a_global_tells]


OUTSIDE = Outside(reset, left)


@pytest.mark.parametrize("f", PROGRAMS)
def test_globals_count_as_they_are_when_they_are_read(f):
    OUTSIDE.check(f, 1.3)


@pytest.mark.parametrize("f", [f for f in PROGRAMS if f is not bound_in_a_nested_function])
def test_second_derivative(f):
    derived = ad.grad(f)
    expected = OUTSIDE.slope(derived, 1.3, 1e-5)
    assert ad.grad(derived)(1.3) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("f, reason", [
    (stored_and_read, "its derivative is lost"), (stored_by_a_helper, "its derivative is lost"),
    (bound_by_a_loop, "bound other than by an assignment")])
def test_refused(f, reason):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f)(1.3)
    assert left() == (0, 2.0, None, None, [1.0, 1.0])
