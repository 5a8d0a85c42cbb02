"""What contexts, constructors and functions that are not read change outside counts where it is read afterwards."""
import contextlib
import functools

import numpy as np
import pytest
from outside import Outside

COUNT = [0]
GAIN = 1.0
STATE: dict = {}
A = np.array([1.0, 2.0, 3.0, 5.0])


class Span:
    """A context that counts, here and outside."""

    def __init__(self):
        self.n = 0

    def __enter__(self):
        COUNT[0] = 2
        self.n += 1
        return self

    def __exit__(self, *error):
        global GAIN
        GAIN = GAIN * 3.0
        self.n += 1
        return False


SPAN = Span()


@contextlib.contextmanager
def counting():
    COUNT[0] += 1
    yield
    STATE["done"] = 1


def count():
    COUNT[0] += 1


class Maker:
    def __init__(self):
        count()


def not_read(k):
    class Local:
        pass
    count()
    return k if Local else 0


@pytest.fixture(autouse=True)
def fresh():
    reset()


def reset():
    global GAIN
    COUNT[0], GAIN, SPAN.n = 0, 1.0, 0
    STATE.clear()


def written_on_entry(x):
    y = x * A[COUNT[0]]
    with SPAN:
        pass
    return y * x * A[COUNT[0]]


def read_within(x):
    y = x * A[COUNT[0]]
    with Span() as s:
        y = y * x * s.n
    return y * x * A[COUNT[0]] * s.n


def rebound_on_exit(x):
    y = x * GAIN
    with Span():
        y = y * x
    return y * GAIN


def counted_by_a_generator(x):
    s = x
    for _ in range(2):
        with counting():
            s = s * x * COUNT[0]
    return s * x if "done" in STATE else s


def counted_by_a_constructor(x):
    y = x * A[COUNT[0]]
    maker = Maker()
    return y * x * A[COUNT[0]] if maker else x


def counted_by_a_function_that_is_not_read(x):
    y = x * A[COUNT[0]]
    k = not_read(2)
    return y * x * A[COUNT[0]] * k


def counted_by_a_partial(x):
    y = x * A[COUNT[0]]
    f = functools.partial(not_read, 3)
    k = f()
    return y * x * A[COUNT[0]] * k


def place_that_a_context_tells(x):
    a = np.ones((2, 3)) * x
    v = a[0]
    span = Span()
    with span:
        a[:, span.n % 3] -= a @ v
    return np.sum(a * a)


def left():
    return COUNT[0], GAIN, dict(STATE), SPAN.n


OUTSIDE = Outside(reset, left)


@pytest.mark.parametrize("f", [
    written_on_entry, read_within, rebound_on_exit, counted_by_a_generator, counted_by_a_constructor,
    counted_by_a_function_that_is_not_read, counted_by_a_partial, place_that_a_context_tells])
def test_what_is_outside_counts_as_it_is_when_it_is_read(f):
    OUTSIDE.check(f, 1.3)
