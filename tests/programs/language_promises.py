"""Functions for the tests of what holds around a call: live names, forms of call, exceptions, decorators."""
from __future__ import annotations

import functools

import numpy as np

RATE = 2.0


def helper(x):
    return x * x


def uses_global(x):
    return x * x * RATE


def uses_helper(x):
    return helper(x) * 3.0


def counter():
    """A function with a cell, and one that sets the cell."""
    scale = 1.0

    def scaled(x):
        return x * x * scale

    def rescale(value):
        nonlocal scale
        scale = value

    return scaled, rescale


def cubed_sum(a, x):
    return np.sum(a**3) * x


def writes_its_argument(a):
    a *= a
    return np.sum(a * a)


def raises_midway(a, limit):
    for i in range(len(a)):
        a[i] = a[i] * 2.0
        if a[i] > limit:
            raise ValueError(f"element {i} is {a[i]}")
    return np.sum(a * a)


def index_error(a, i):
    return a[i] * 2.0


def log_of(x):
    import math
    return math.log(x)


def keywords(x, /, y, *, z=2.0):
    return x * y * z


def defaults(x, y=3.0):
    """Multiplies."""
    return x * y


def with_aux(x):
    y = x * x
    return y * x, {"square": y, "name": "aux"}


def size_one(a):
    return a[:1] * a[1]


def mixed_precision(a):
    return np.sum(np.sin(a) * a)


def twice(f):
    @functools.wraps(f)
    def wrapped(x):
        return 2.0 * f(x)
    return wrapped


@twice
def decorated(x):
    return x**3


FIRST, SECOND = (lambda x: x * x), (lambda x: x**3)


def depends_on_nothing(x, a):
    return 3.0


def variadic(x, *args):
    return x * args[0] * np.sum(args[1])


def unused_variadic(x, *args):
    return x * x
