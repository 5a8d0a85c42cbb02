"""Programs in which several mechanisms meet: an overwriting loop, an alias, an exit, a call that writes, recursion."""
from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff_src as ad


def overwrites_and_leaves(x):
    s = x
    for _ in range(5):
        s = s * x + math.sin(s)
        if s > 3.0:
            return s * x
    return s


def quotients_of_themselves(x):
    r = x
    for _ in range(4):
        r = (x / (1.0 + r)) / (r * r + 2.0)
        r = r / (1.0 - r)
    return r


def put(q, k):
    q[0] = q[1] * k
    return np.sum(q * q)


def written_by_a_call(x):
    b = x * 2.0
    s = put(b, x[0])
    return s * b[0] + np.sum(b)


def view_written_with_exit(x):
    b = x.copy()
    v = b[1:]
    for _ in range(3):
        v *= b[0]
        if b[1] > 100.0:
            break
        b[0] = v[0] * v[0]
    return np.sum(b)


def kept_by_a_call(x):
    y = squashed(x)
    y *= 2.0
    x[0] = 1.0
    return np.sum(y * y)


def squashed(x):
    y = np.tanh(x)
    return y


def tree(p, k):
    if k <= 0:
        return p
    return tree(math.sin(p), k - 1) * tree(np.sin(abs(p + 0.18)), k - 2)


def recursion_with_other_kinds(x):
    return tree(x, 3)


@pytest.mark.parametrize("f, x", [
    (overwrites_and_leaves, 0.9), (overwrites_and_leaves, 0.3), (quotients_of_themselves, 0.4),
    (written_by_a_call, np.array([0.3, 0.5, 0.7])), (view_written_with_exit, np.array([0.9, 0.5, 0.7])),
    (kept_by_a_call, np.array([0.3, 0.5])), (recursion_with_other_kinds, 0.7)])
def test_gradient(f, x):
    if isinstance(x, float):
        expected = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        assert ad.grad(f)(x) == pytest.approx(expected, rel=1e-6)
        return
    steps = 1e-6 * np.eye(x.size)
    expected = [(f(x + e) - f(x - e)) / 2e-6 for e in steps]
    np.testing.assert_allclose(ad.grad(f)(x.copy()), expected, rtol=1e-6, atol=1e-8)


def test_whole_numbers_among_what_is_compared():
    def least(x, n, k):
        a = 2 if n > 0 else x
        h = k if n > 1 else x * x
        return min((a, h)) * x

    def largest(x, n):
        return max(sum([x * k for k in range(n)]), x * x) * x

    for f, args in [(least, (1.2, 0, 1)), (least, (1.2, 1, 1)), (least, (1.2, 2, 1)), (largest, (1.5, 0)), (largest, (1.5, 3))]:
        expected = (f(args[0] + 1e-6, *args[1:]) - f(args[0] - 1e-6, *args[1:])) / 2e-6
        assert ad.grad(f)(*args) == pytest.approx(expected, rel=1e-7)


def whole_zero_to_a_power(x, n):
    base = 0 if n > 0 else x
    return x * (base ** 4) ** 0.25 + x


def test_whole_zero_to_a_power():
    assert ad.grad(whole_zero_to_a_power)(1.5, 1) == 1.0
    assert ad.grad(whole_zero_to_a_power)(1.5, 0) == pytest.approx(4.0)
