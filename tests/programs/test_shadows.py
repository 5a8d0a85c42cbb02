"""Memory that goes by names told apart only at run time: gradients, pullbacks called twice, second derivatives."""
from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff_src as ad


def ring_of_buffers(a, n):
    p, q = a.copy(), a * 0.5
    for i in range(n):
        if i % 2 == 0:
            p, q = q, p
        p += np.sin(q)
        last = p
        last[0] *= q[-1]
    return np.sum(p * p) + np.sum(last * q)


def views_kept_in_a_list(a, n):
    b = a * a
    parts = []
    for i in range(n):
        parts.append(b[i:])
    for part in parts:
        part *= 1.0 + part[0]
    return np.sum(b * b) + np.sum(parts[0])


def grows_and_shrinks(a, n):
    stack = [a * 1.0]
    for _ in range(n):
        top = stack.pop()
        stack.append(top)
        stack.append(top * a)
        top[0] = a[1] * a[1]
    return np.sum(stack[-1] * stack[0])


def in_the_argument(a, n):
    v = a if n > 2 else a[1:]
    v[0] = v[1] * v[-1]
    return np.sum(a * a)


def reshaped_while_written(a, n):
    m = a.reshape(2, 2)
    for i in range(n):
        m[0] += m[1] * 0.1
        a[i % 4] *= 1.1
    return np.sum(m * m)


def helper(b, k):
    for _ in range(k):
        b = b[::-1]
        b[0] *= b[1]
    return np.sum(b)


def parameter_bound_anew(a, n):
    c = a * 2.0
    s = helper(c, n)
    return s + np.sum(c * c)


def view_across_a_swap(a, n):
    b = a.copy()
    for i in range(n):
        v = b[1:]
        if i != 1:
            a, b = b, a
        v *= math.cos(1.61 * i)
    return np.sum(b * b) + 2.0 * np.sum(a * a)


PROGRAMS = [view_across_a_swap, ring_of_buffers, views_kept_in_a_list, grows_and_shrinks, in_the_argument,
            reshaped_while_written, parameter_bound_anew]
each = pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
POINT = np.array([0.7, -0.4, 0.9, 0.3])


def differences(f, n):
    h = 1e-6
    return np.array([(f(POINT + h * e, n) - f(POINT - h * e, n)) / (2 * h) for e in np.eye(4)])


@each
@pytest.mark.parametrize("n", [0, 1, 3])
def test_gradient(f, n):
    if f is views_kept_in_a_list and n == 0:
        n = 2  # it reads the first of its views
    if f is ring_of_buffers and n == 0:
        n = 2  # it reads what a trip binds
    a, plain = POINT.copy(), POINT.copy()
    value = f(plain, n)
    found, gradient = ad.value_and_grad(f)(a, n)
    assert found == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(a, plain, rtol=1e-13)
    np.testing.assert_allclose(gradient, differences(f, n), rtol=1e-6, atol=1e-7)


@each
def test_pullback_runs_again(f):
    _, pullback = ad.vjp(f, POINT.copy(), 3, wrt=0)
    for seed in (1.0, -2.0):
        np.testing.assert_allclose(pullback(seed)[0], seed * differences(f, 3), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("f", [ring_of_buffers, grows_and_shrinks], ids=lambda f: f.__name__)
def test_second_derivative(f):
    direction = np.array([0.3, 1.0, -0.5, 0.2])

    def slope(a):
        return np.sum(ad.grad(f)(a, 3) * direction)

    h = 1e-6
    expected = [(slope(POINT + h * e) - slope(POINT - h * e)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(ad.grad(slope)(POINT.copy()), expected, rtol=1e-5, atol=1e-6)


def other_dtype(a, n):
    b = a * 1.0
    c = b if n > 0 else a * 2.0
    s = np.asarray(c, dtype=np.float32)
    s[0] = 3.0 * a[1]
    return np.sum(b * c) + np.sum(s)


def list_to_array(a, n):
    b = a * 1.0
    rows = [b, b] if n > 0 else [a * 2.0, b]
    m = np.asarray(rows)
    rows[0][0] = a[1] ** 2
    m[1] *= 2.0
    return np.sum(m) + np.sum(b * a)


@pytest.mark.parametrize("f", [other_dtype, list_to_array], ids=lambda f: f.__name__)
def test_what_may_be_a_copy_is_right_or_refused(f):
    try:
        gradient = ad.grad(f)(POINT.copy(), 1)
    except ad.UnsupportedError as error:
        assert "share memory" in error.reason or "read as a whole" in error.reason
    else:
        np.testing.assert_allclose(gradient, differences(f, 1), rtol=1e-2)


def power(x, p):
    return abs(x ** p)


def test_a_complex_power_is_refused():
    assert ad.grad(power)(0.3, 0.5) == pytest.approx(0.5 / math.sqrt(0.3))
    assert ad.grad(power)(-0.3, 2.0) == pytest.approx(-0.6)
    with pytest.raises(ad.UnsupportedError, match="complex"):
        ad.grad(power)(-0.3, 0.5)


def test_a_first_active_write_under_another_name():
    """Nothing active was in the memory before: it flows in under one name and is read under another."""
    def chosen(n, x):
        b, a = np.zeros(3), np.ones(3)
        if n > 0:
            c = b
        else:
            c = a.copy()
        c[0] = x * x
        return b[0] * 1.0

    def in_dict(d, x):
        t = d["w"]
        t[0] = x * x
        u = d["w"]
        return u[0] * 1.0

    def dict_under_two_names(d, x):
        c = d
        c["w"] = x * x
        return d["w"] * 1.0

    assert ad.grad(chosen, wrt=1)(1, 1.5) == 3.0 and ad.grad(chosen, wrt=1)(0, 1.5) == 0.0
    assert ad.grad(in_dict, wrt=1)({"w": np.ones(2)}, 1.5) == 3.0
    assert ad.grad(dict_under_two_names, wrt=1)({"w": 1.0}, 1.5) == 3.0


def test_a_pullback_into_an_argument_that_is_written_and_bound_anew_and_captured():
    def bound_anew(a):
        for _ in range(2):
            a = -a

        def smallest():
            return a.min()

        a[0] = a[1]
        return np.sum(a * a) + smallest()

    a = np.array([1.0, -2.0, 0.5])
    _, pullback = ad.vjp(bound_anew, a.copy())
    for factor in (1.0, 2.0):
        np.testing.assert_allclose(pullback(factor)[0], factor * np.array([0.0, -7.0, 1.0]))
    np.testing.assert_allclose(ad.grad(bound_anew)(a.copy()), [0.0, -7.0, 1.0])
