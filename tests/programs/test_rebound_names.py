"""Globals, cells and class attributes that the function's helpers rebind count as they are when they are read."""
import pytest

import autodiff_src as ad

FLAG = False
COUNT = 0


class Shared:
    n = 0

    @classmethod
    def count(cls):
        cls.n += 1


def raise_flag():
    global FLAG
    FLAG = True


def count():
    global COUNT
    COUNT += 1


def flag_of_a_helper(x):
    raise_flag()
    return x * x if FLAG else x


def factors_of_a_global(x):
    s = 0.0
    for _ in range(3):
        s = s + COUNT * x * x
        count()
    return s


def branches_on_a_global(x):
    s = x
    for _ in range(3):
        s = s * x if COUNT > 1 else s + x
        count()
    return s


def bounds_of_a_global(x):
    s = 0.0
    for k in range(COUNT + 2):
        s = s + x * x * k
        count()
    for _ in range(COUNT):
        s = s + x
    return s


def factors_of_a_class(x):
    s = 0.0
    for _ in range(3):
        s = s + Shared.n * x * x
        Shared.count()
    return s


def attribute_set_by_name(x):
    s = 0.0
    for _ in range(3):
        s = s + Shared.n * x * x
        setattr(Shared, "n", Shared.n + 1)  # noqa: B010
    return s


def counting():
    n = 0

    def count():
        nonlocal n
        n += 1

    def f(x):
        s = x
        for _ in range(3):
            s = s * x + n * x if n > 1 else s + n * x
            count()
        return s

    def start():
        nonlocal n
        n = 0

    return f, start


factors_of_a_cell, start_of_the_cell = counting()


def reset():
    globals().update(FLAG=False, COUNT=0)
    Shared.n = 0
    start_of_the_cell()


def plain(f, x):
    reset()
    value = f(x)
    left = FLAG, COUNT, Shared.n
    reset()
    return value, left


@pytest.mark.parametrize("f", [flag_of_a_helper, factors_of_a_global, branches_on_a_global, bounds_of_a_global,
                               factors_of_a_class, attribute_set_by_name, factors_of_a_cell])
def test_what_is_rebound(f):
    expected = (plain(f, 1.5 + 1e-6)[0] - plain(f, 1.5 - 1e-6)[0]) / 2e-6
    assert ad.grad(f)(1.5) == pytest.approx(expected, rel=1e-7)
    assert (FLAG, COUNT, Shared.n) == plain(f, 1.5)[1]
    value, pullback = ad.vjp(f, 1.5)
    assert value == plain(f, 1.5)[0]
    assert [pullback(2.0)[0], pullback(1.0)[0]] == pytest.approx([2.0 * expected, expected], rel=1e-7)
