"""Second derivatives, and those of orders up to 4, through calls, loops, branches and writes in place."""
import math

import numpy as np
import pytest
from checks import central_differences

import autodiff_src as ad


def squared(u, p):
    s = np.sin(u) * p
    return s * s


def loop_of_calls(x):
    y = x
    for _ in range(3):
        y = squared(y, x[0])
    return y


def loop_of_arrays(x):
    y = x
    for _ in range(3):
        y = np.sin(y) * x[0]
    return y


def loop_of_numbers(x):
    s = x[0]
    for k in range(3):
        s = math.sin(s) * x[1] + k * s
    return s * x


def columns(x):
    c = np.empty((2, 2))
    for k in range(2):
        c[:, k] = squared(x * (k + 1), x[1])
    return c


def branches_in_a_loop(x):
    y = x
    for k in range(4):
        if y[0] > 0.5 * k:
            y = squared(y, x[1]) + x
        elif k == 2:
            y = y * x
        else:
            y = np.exp(-y)
    return y


def while_loop(x):
    y, steps = x, 0
    while np.sum(y) < 5.0 and steps < 4:
        y = y + np.cos(y) * x[0]
        steps += 1
    return y


def inner_loops(x):
    y = x
    for k in range(1, 3):
        for _ in range(k):
            y = squared(y, x[1]) + y
    return y


def writes_in_place(x):
    y = x.copy()
    for k in range(3):
        y[k % 2] = np.sin(y[0]) * y[1]
        y *= x
    return y


def left_early(x):
    y = x
    for _ in range(5):
        y = y * np.cos(y) + x
        if y[0] > 1.0:
            break
    return y


def grown_list(x):
    parts = []
    for k in range(3):
        parts.append(np.sin(x * (k + 1)))
    return parts[0] * parts[1] * parts[2]


def recursion(x, n=3):
    return x if n == 0 else np.sin(recursion(x, n - 1)) * x[0]


HELPERS = [loop_of_calls, loop_of_arrays, loop_of_numbers, columns, branches_in_a_loop, while_loop, inner_loops,
           writes_in_place, left_early, grown_list, recursion]


@pytest.mark.slow
@pytest.mark.parametrize("helper", HELPERS)
def test_of_called_functions(helper):
    def f(x):
        return np.sum(helper(2.0 * x) ** 2)

    x, v = np.array([0.4, 0.7]), np.array([0.7, -0.4])
    wanted = central_differences(ad.grad(f), x, v)
    np.testing.assert_allclose(ad.hvp(f)(x, v), wanted, rtol=1e-6)
    np.testing.assert_allclose(ad.hessian(f)(x) @ v, wanted, rtol=1e-6)
    np.testing.assert_allclose(ad.grad(lambda x: np.sum(ad.grad(f)(x) * v))(x), wanted, rtol=1e-6)


def step(x, k):
    return math.sin(x) * x if k % 2 else x + math.exp(-x)


def mixed(x):
    y = np.zeros(3)
    for k in range(3):
        y[k] = step(x, k) * (y[k - 1] + 1.0)
        if y[k] > 1.2:
            y[k] *= x
    return y[2] * y[1]


def product_of_calls(x):
    y = x
    for _ in range(3):
        y = step(y, 1) * y
    return y


def elements(x):
    y = np.zeros(3)
    for k in range(3):
        y[k] = math.sin(x) * (y[k - 1] + 1.0)
    return y[2] * y[1]


def along_one(f):
    def derivative(x):
        return ad.jvp(f, (x,), (1.0,))[1]

    return derivative


@pytest.mark.slow
@pytest.mark.parametrize(("derived", "f"), [(ad.grad, elements), (along_one, product_of_calls), (along_one, mixed)])
def test_four_times(derived, f):
    for _ in range(4):
        below, f = f, derived(f)
        assert f(0.8) == pytest.approx((below(0.8 + 1e-5) - below(0.8 - 1e-5)) / 2e-5, rel=1e-7)
