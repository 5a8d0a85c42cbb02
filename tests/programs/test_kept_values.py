"""What the forward pass keeps: the numbers that it read, not the lists that they stood in; indices are computed once."""
import re

import numpy as np

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
