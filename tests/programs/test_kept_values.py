"""What the forward pass keeps: the numbers that it read, not the lists that they stood in; indices are computed once."""
import math
import re

import numpy as np
import pytest

import autodiff_src as ad


def solved(rows, b):
    """Elimination with pivots, in nested lists."""
    a, y = [list(r) for r in rows], list(b)
    n = len(y)
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[p] = a[p], a[k]
        y[k], y[p] = y[p], y[k]
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n):
                a[i][j] -= f * a[k][j]
            y[i] -= f * y[k]
    for i in reversed(range(n)):
        for j in range(i + 1, n):
            y[i] -= a[i][j] * y[j]
        y[i] /= a[i][i]
    return sum(y)


def test_numbers_are_kept_instead_of_lists(rng):
    a, b = rng.normal(size=(5, 5)), rng.normal(size=5)
    derived = ad.grad(solved, wrt=(0, 1))
    d_rows, d_b = derived(a.tolist(), b.tolist())
    adjoint = np.linalg.solve(a.T, np.ones(5))
    np.testing.assert_allclose(d_b, adjoint, rtol=1e-9)
    np.testing.assert_allclose(d_rows, -np.outer(adjoint, np.linalg.solve(a, b)), rtol=1e-9)
    text = ad.source(derived, a.tolist(), b.tolist())
    assert "kept(" not in text and "_p.append(p)" in text


def shuffled(x, n):
    s = 0.0
    for i in range(n):
        j = (7 * i + 3) % 5
        s += x[j] ** 3 * x[j - 1]
        x[j] = x[j] * x[j - 2] * 0.5
    return s + np.sum(x)


def test_an_index_is_computed_once(rng):
    x = rng.normal(size=5)
    expected = [np.imag(shuffled(x + 1e-30j * np.eye(5)[k], 6)) / 1e-30 for k in range(5)]
    np.testing.assert_allclose(ad.grad(shuffled)(x.copy(), 6), expected, rtol=1e-12)
    backward = ad.source(ad.grad(shuffled), x.copy(), 6).split("# return")[1]
    assert len(re.findall(r"j = \(7 \* i \+ 3\) % 5", backward)) == 1


def rows_in_a_table(x, n):
    table = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            table[i][j] = x * (i + 1) + j
    s = 0.0
    for row in table:
        for v in row:
            s += v * v
    return s


def product(a, b):
    c = [[0.0] * len(b) for _ in a]
    for i in range(len(a)):
        for j in range(len(b)):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    return sum(v * v for row in c for v in row)


def stack_machine(x, n):
    stack = []
    for i in range(n):
        if i % 3 == 2 and len(stack) >= 2:
            b, a = stack.pop(), stack.pop()
            stack.append(a * b)
        else:
            stack.append(math.sin(x * i) + 1.0)
    return sum(stack)


def best_of(x, n):
    best, worst = -1e9, 1e9
    for i in range(n):
        best, worst = max(best, math.sin(x * i)), min(worst, x * i, 2.0 - x * i)
    return best * worst


def by_index(x):
    y = np.zeros_like(x)
    for i, j in np.ndindex(*x.shape):
        y[i, j] = x[i, j] ** 2 * x[j, i]
    return np.sum(y)


def derivative(f, x, *rest):
    return (f(x + 1e-6, *rest) - f(x - 1e-6, *rest)) / 2e-6


@pytest.mark.parametrize("f, rest", [(rows_in_a_table, (3,)), (stack_machine, (11,)), (best_of, (9,))])
def test_nothing_but_numbers_is_kept(f, rest):
    assert ad.grad(f)(0.7, *rest) == pytest.approx(derivative(f, 0.7, *rest), rel=1e-6)
    text = ad.source(ad.grad(f), 0.7, *rest)
    assert "kept(" not in text and "unbroadcast" not in text and "placed" not in text


def test_items_of_rows_are_added_to_where_they_stand(rng):
    a, b = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    d_a, d_b = ad.grad(product, wrt=(0, 1))(a.tolist(), b.tolist())
    np.testing.assert_allclose(d_a, 2.0 * a @ b @ b.T, rtol=1e-12)
    np.testing.assert_allclose(d_b, 2.0 * a.T @ a @ b, rtol=1e-12)
    text = ad.source(ad.grad(product, wrt=(0, 1)), a.tolist(), b.tolist())
    assert "d_a[i][k] += " in text and "d_b[k][j] += " in text


def test_indices_of_an_array_are_known(rng):
    x = rng.normal(size=(3, 3))
    expected = [[np.imag(by_index(x + 1e-30j * (np.arange(9).reshape(3, 3) == 3 * i + j))) / 1e-30 for j in range(3)]
                for i in range(3)]
    np.testing.assert_allclose(ad.grad(by_index)(x), expected, rtol=1e-12)
    assert "np.add.at" not in ad.source(ad.grad(by_index), x)
