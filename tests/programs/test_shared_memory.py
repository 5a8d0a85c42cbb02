"""More programs whose arrays go by several names: dicts, tuples, lists, rows, closures, calls that write."""
from __future__ import annotations

import numpy as np
import pytest
from checks import in_turns

import autodiff_src as ad


def put(b, k):
    b[k] = b[0] * b[-1] + b[k]


def scale(b, c):
    for i in range(len(b)):
        b[i] = b[i] * c[i]
    return np.sum(b)


def buffers_in_a_dict(a, n):
    state = {"u": a * 1.0, "v": a * 2.0}
    for i in range(n):
        w = state["u"] if i % 2 else state["v"]
        w *= a
        put(w, i % 4)
    return np.sum(state["u"] * state["v"])


def pair_swapped_until_large(a, n):
    pair = (a.copy(), a * 0.5)
    x, y = pair
    for i in range(n):
        x += 0.1 * y
        x, y = y, x
        if np.sum(x) > 5.0:
            break
    return np.sum(pair[0] * pair[1]) + np.sum(x)


def views_passed_to_calls(a, n):
    b = a.copy()
    c = b[::-1] if n > 1 else b
    s = scale(c, a)
    d = c[1:] if s > 0 else b[:-1]
    d **= 2
    b[0] += s
    return np.sum(b * b) * s


def views_popped(a, n):
    b = a * 1.0
    views = []
    k = 0
    while True:
        v = b[k:]
        views.append(v)
        v[0] *= 1.5
        k += 1
        if k >= n or v[-1] > 10.0:
            break
    last = views.pop()
    last += views[0][0] if len(views) > 0 else 1.0
    return np.sum(b ** 3)


def rows_or_columns(a, n):
    m = np.outer(a, a)
    r = m[0]
    for i in range(n):
        if r[0] > 0.2:
            r = m[i % 4]
        else:
            r = m.T[i % 4]
        r += m[1] * 0.3
        r[i % 4] = m[2, 2] * r[0]
    return np.sum(m * m) + np.sum(r)


def history_with_an_alias(a, n):
    b = a * 1.0
    hist = [b]
    for i in range(n):
        prev = hist[-1]
        cur = prev if i == 1 else prev * a
        cur[i % 4] = np.sin(prev[0])
        hist.append(cur)
    total = 0.0
    for h in hist:
        total = total + np.sum(h * a)
    return total


def best_of_candidates(a, n):
    best = a
    bv = -100.0
    for i in range(n):
        cand = a * (1.0 + 0.1 * i)
        v = np.sum(np.sin(3 * cand))
        if v > bv:
            bv, best = v, cand
        cand *= 2.0
    return np.sum(best * best) + bv


def argument_among_buffers(a, n):
    u, v = a, a * 2.0
    for _ in range(n):
        u, v = v, u
        u[1:] -= v[:-1] * 0.5
        v[0] = u[0] * u[1]
    return np.sum(u * u) - np.sum(v * a)


def closure_over_an_alias(a, n):
    def g(k):
        return c[k] * c[k + 1]

    b = a * 1.0
    c = b if n > 0 else a * 2.0
    b[0] = g(1)
    c[2] *= g(0)
    return g(0) + np.sum(b) * g(2)


def rows_of_a_buffer(a, n):
    buf = np.zeros((n + 1, 4))
    buf[0] = a
    cur = buf[0]
    for i in range(n):
        nxt = buf[i + 1]
        nxt[:] = np.sin(cur) * a
        nxt[0] += cur[-1]
        cur = nxt
    return np.sum(cur * buf[0]) + np.sum(buf)


def stack_of_aliases(a, n):
    stack = []
    x = a * 1.0
    for i in range(n):
        stack.append(x)
        x = x if i % 2 else x * a
        x[i % 4] += 1.0
    s = 0.0
    while stack:
        t = stack.pop()
        t *= 0.5
        s += np.sum(t * t)
    return s + np.sum(x)


def repeats_through_a_reversed_view(a, n):
    idx = np.array([0, 2, 0])
    b = a * a
    w = b if n > 1 else b[::-1]
    for i in range(n):
        w[idx] -= 0.1 * b[:3]
        if b[0] > 5.0:
            return np.sum(w) * b[0]
        w[i % 4] = b[0] * a[1]
    return np.sum(b * w)


def rows_swapped_in_a_list(a, n):
    rows = [a * 1.0, a * 2.0]
    i = 0
    while i < n:
        rows[i % 2][i % 4] = rows[0][1] * rows[1][2]
        rows[0], rows[1] = rows[1], rows[0]
        i += 1
    return np.sum(rows[0] ** 2) + np.sum(rows[1] * a)


PROGRAMS = [
    repeats_through_a_reversed_view, rows_swapped_in_a_list,
    buffers_in_a_dict, pair_swapped_until_large, views_passed_to_calls, views_popped, rows_or_columns,
    history_with_an_alias, best_of_candidates, argument_among_buffers, closure_over_an_alias, rows_of_a_buffer,
    stack_of_aliases,
]
TWICE = [program for program in PROGRAMS if program is not views_passed_to_calls]
POINT = np.array([0.7, -0.4, 0.9, 0.3])


def differences(f, point, h):
    return np.array([(f(point + h * e) - f(point - h * e)) / (2 * h) for e in np.eye(len(point))])


@pytest.mark.parametrize("n", in_turns([4, 1, 2, 3], 4))
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_gradient_and_pullback(f, n):
    plain, a = POINT.copy(), POINT.copy()
    f(plain, n)
    expected = differences(lambda b: f(b.copy(), n), POINT, 1e-6)
    np.testing.assert_allclose(ad.grad(f)(a, n), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(a, plain, rtol=1e-13)
    _, pullback = ad.vjp(f, POINT.copy(), n, wrt=0)
    for seed in (3.0, 1.0):
        np.testing.assert_allclose(pullback(seed)[0], seed * expected, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("f", TWICE, ids=lambda f: f.__name__)
def test_second_derivative(f):
    direction = np.array([0.3, 1.0, -0.5, 0.2])

    def slope(a):
        return np.sum(ad.grad(f)(a, 2) * direction)

    np.testing.assert_allclose(ad.grad(slope)(POINT.copy()), differences(slope, POINT, 1e-6), rtol=1e-4, atol=1e-5)


def scaled_to_one(a, n):
    a += 0.5
    return np.sum(a * a) + (0.5 * np.sum(a * a) if n > 0 else 0.0)


def half_of_each(a, n):
    return np.sum(0.25 * a * a) if n > 0 else np.sum(a)


@pytest.mark.parametrize("f", [scaled_to_one, half_of_each], ids=lambda f: f.__name__)
def test_the_argument_is_left_as_it_was(f):
    plain, a = POINT.copy(), POINT.copy()
    f(plain, 1)
    expected = differences(lambda b: f(b.copy(), 1), POINT, 1e-6)
    gradient = ad.grad(f)(a, 1)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6)
    np.testing.assert_array_equal(a, plain)
    assert not np.shares_memory(gradient, a)
