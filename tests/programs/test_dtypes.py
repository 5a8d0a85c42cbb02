"""Dtypes that are decided when the text runs: arrays of integers cut off what is stored in them, so it is refused."""
import numpy as np
import pytest

import autodiff_src as ad


def stored(x, n):
    dtype = int if n > 1 else float
    y = np.zeros(2, dtype)
    y[0] = x[0] * 3.0
    return np.sum(y * x[1])


def updated(x, n):
    y = np.zeros(2, int if n > 1 else float)
    y[1] = y[1] + x[0] * 3.0
    y[:] -= np.asarray(x * x, y.dtype)
    return np.sum(y * x[1])


def converted(x, n):
    dtype = np.asarray(0 if n > 1 else 1.0).dtype
    return np.sum(x.astype(dtype) * 2.0) + x[1]


def made_of_a_list(x, n):
    dtype = np.asarray(0 if n > 1 else 1.0).dtype
    return np.sum(np.array([x[0] * 3.0, x[1]], dtype=dtype) * x[0])


X = np.array([0.4, 0.7])


@pytest.mark.parametrize("f", [stored, updated, converted, made_of_a_list])
def test_what_is_cut_to_integers_is_refused_and_floats_are_differentiated(f):
    steps = 1e-6 * np.eye(2)
    expected = [(f(X + step, 1) - f(X - step, 1)) / 2e-6 for step in steps]
    np.testing.assert_allclose(ad.grad(f)(X.copy(), 1), expected, rtol=1e-7)
    np.testing.assert_allclose(ad.jvp(f, (X.copy(), 1), (np.ones(2), None))[1], np.sum(expected), rtol=1e-7)
    for derive in (lambda: ad.grad(f)(X.copy(), 2), lambda: ad.jvp(f, (X.copy(), 2), (np.ones(2), None))):
        with pytest.raises(ad.UnsupportedError, match="put into an array of int"):
            derive()


def counted(x, kind):
    counts = np.zeros(2, kind)
    counts[0] = 3
    counts[1] += len(x)
    return np.sum(counts * x)


@pytest.mark.parametrize("kind", [int, float])
def test_whole_numbers_go_into_any_array(kind):
    np.testing.assert_array_equal(ad.grad(counted)(X, kind), [3.0, 2.0])


def filled_with_a_sum(x, n):
    total = 0
    for _ in range(n):
        total += x
    v = np.full(2, total) + np.zeros(2)
    v[0] = x * x * 0.3
    return total + v[0] * v[1] + v[0]


def array_of_sums(x, n):
    total = sum([x * k for k in range(n)])
    v = np.array([total, total]) * 2
    v[0] = x * 3.3
    return x * v[0] + v[1]


@pytest.mark.parametrize("f", [filled_with_a_sum, array_of_sums])
def test_an_array_of_numbers_that_turn_out_to_be_integers_is_refused_where_it_is_written(f):
    slope = (f(0.7 + 1e-6, 3) - f(0.7 - 1e-6, 3)) / 2e-6
    np.testing.assert_allclose([ad.grad(f)(0.7, 3), ad.jvp(f, (0.7, 3), (1.0, None))[1]], slope, rtol=1e-8)
    for derived in (lambda: ad.grad(f)(0.7, 0), lambda: ad.jvp(f, (0.7, 0), (1.0, None))):
        with pytest.raises(ad.UnsupportedError, match="an array of int"):
            derived()
