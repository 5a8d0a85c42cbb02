"""Writes at integer index arrays, which may name an element more than once: what is written last stays."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad


def written_and_updated(a, i):
    y = a * 1.0
    y[i] = a[i] * a[i] + 1.0
    y[i] -= np.sin(a)[:len(i)]
    return np.sum(y * y * a)


def rows_and_columns(a, i):
    y = np.zeros((4, 3))
    y[i, 1] = a[:len(i)] ** 2
    y[i] += a[0] * np.ones((len(i), 3)) * a[1]
    y[i[::-1]] = np.outer(a[:len(i)], a[:3]) + y[i]
    return np.sum(y ** 2)


def through_an_alias(a, i):
    b = a * 2.0
    c = b if a[0] > 0 else a.copy()
    c[i] = a[0] * a[1]
    b[i] += c[i] * a[2]
    return np.sum(b * c)


def into_the_argument(a, i):
    a[i] = a[i] * 2.0
    return np.sum(a ** 3)


PROGRAMS = [written_and_updated, rows_and_columns, through_an_alias, into_the_argument]
POINT = np.array([0.7, -0.4, 0.9, 0.3])


@pytest.mark.parametrize("index", [[0, 2], [1, 1, 3], [2, 2, 2], [3, 1, 3]], ids=str)
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_gradient_and_pullback(f, index):
    i, h = np.array(index), 1e-6
    expected = np.array([(f(POINT + h * e, i) - f(POINT - h * e, i)) / (2 * h) for e in np.eye(4)])
    a, plain = POINT.copy(), POINT.copy()
    f(plain, i)
    np.testing.assert_allclose(ad.grad(f)(a, i), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(a, plain, rtol=1e-13)
    _, pullback = ad.vjp(f, POINT.copy(), i, wrt=0)
    for seed in (2.0, 1.0):
        np.testing.assert_allclose(pullback(seed)[0], seed * expected, rtol=1e-5, atol=1e-6)


TABLE, ROW = np.array([[0, 1], [2, 2]]), np.array([1.0, 10.0])


@pytest.mark.parametrize("f", [lambda x, at: np.sum(x[at] * ROW), lambda x, at: np.sum((x[at] + ROW) @ ROW),
                               lambda x, at: np.sum(x[at, None][..., 0] * ROW)])
def test_a_row_added_at_an_index_of_two_axes(f):
    """`np.add.at` of NumPy 2.4 reads beyond the end of a vector that it broadcasts to such an index."""
    x, wanted = np.array([0.3, 1.2, -0.7]), [1.0, 10.0, 11.0]
    np.testing.assert_allclose(ad.grad(f)(x, TABLE), wanted)
    np.testing.assert_allclose(ad.vjp(f, x, TABLE)[1](1.0)[0], wanted)
    np.testing.assert_allclose(ad.grad(lambda x: f(list(x.reshape(1, 3))[0], TABLE))(x), wanted)
    with ad.GradientTape() as tape:
        recorded = ad.constant(x)
        tape.watch(recorded)
        y = f(recorded, TABLE)
    np.testing.assert_allclose(tape.gradient(y, recorded).numpy(), wanted)


def test_a_row_added_by_the_function():
    def f(x):
        y = np.zeros(3)
        np.add.at(y, TABLE, x[:2])
        return np.sum(y * np.array([1.0, 2.0, 3.0]))

    np.testing.assert_allclose(ad.grad(f)(np.array([0.3, 1.2, -0.7])), [4.0, 5.0, 0.0])
    assert ad.jvp(f, (np.ones(3),), (np.array([1.0, 0.5, 2.0]),)) == (9.0, 6.5)
