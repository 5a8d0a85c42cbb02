"""Sparse Jacobians and Hessians: equal to the dense ones, in few passes; wrong patterns are noticed."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad
from autodiff_src import api

sparse = pytest.importorskip("scipy.sparse")


def stencil(u, k):
    r = np.empty_like(u)
    r[0], r[-1] = u[0], u[-1]
    for i in range(1, len(u) - 1):
        r[i] = k * (u[i - 1] - 2.0 * u[i] + u[i + 1]) - u[i] ** 3
    return r


def chain(u):
    return np.sum((u[1:] - u[:-1] ** 2) ** 2) + np.sum(np.sin(u))


def wide(u):
    """Few rows, many columns."""
    return np.array([np.sum(u[::2] ** 2), np.sum(u[1::2])])


def tridiagonal(n):
    return sparse.diags_array([np.ones(n - 1), np.ones(n), np.ones(n - 1)], offsets=[-1, 0, 1])


U = np.linspace(0.2, 1.4, 12)


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
@pytest.mark.parametrize("pattern", [tridiagonal(12), tridiagonal(12).toarray().astype(bool), "detect"])
def test_equals_the_dense_jacobian(mode, pattern):
    found = ad.jacobian(stencil, mode=mode, sparsity=pattern)(U, 2.0)
    assert sparse.issparse(found) and found.shape == (12, 12) and found.format == "csr"
    np.testing.assert_allclose(found.toarray(), ad.jacobian(stencil)(U, 2.0), rtol=1e-13, atol=1e-13)


def test_hessian():
    for pattern in (tridiagonal(12), "detect"):
        found = ad.hessian(chain, sparsity=pattern)(U)
        np.testing.assert_allclose(found.toarray(), ad.hessian(chain)(U), rtol=1e-12, atol=1e-12)


def test_the_pattern_that_is_found():
    found = ad.jacobian(stencil, sparsity="detect")(U, 2.0)
    assert found.nnz == 2 + 3 * 10
    assert ad.jacobian(lambda u: np.zeros(3) * 2.0 + 0.0 * u[:3], sparsity="detect")(U).nnz == 3


def passes(monkeypatch, call):
    """How many tangents the call runs, and its pullback's cotangents do not count."""
    count = 0
    along = api.ForwardPass.along

    def counted(self, tangents):
        nonlocal count
        count += 1
        return along(self, tangents)

    monkeypatch.setattr(api.ForwardPass, "along", counted)
    call()
    return count


def test_the_cost_is_that_of_the_colours(monkeypatch):
    assert passes(monkeypatch, lambda: ad.jacobian(stencil, sparsity=tridiagonal(12))(U, 2.0)) == 3 + 1


def test_rows_where_they_are_fewer(monkeypatch):
    pattern = np.zeros((2, 12))
    pattern[0, ::2] = pattern[1, 1::2] = 1
    dense = np.ones((2, 12))
    for given in (pattern, dense):
        found = ad.jacobian(wide, sparsity=given)(U)
        np.testing.assert_allclose(found.toarray(), ad.jacobian(wide)(U))
    assert passes(monkeypatch, lambda: ad.jacobian(wide, sparsity=dense)(U)) == 1


def test_shapes_and_numbers():
    matrix = np.arange(6.0).reshape(2, 3)
    found = ad.jacobian(lambda m: m ** 2, sparsity=np.eye(6))(matrix)
    np.testing.assert_array_equal(found.toarray(), np.diag(2.0 * matrix.ravel()))
    assert ad.jacobian(lambda u: np.sum(u[:2] ** 2), sparsity="detect")(U).shape == (1, 12)


def loud(u):
    print("once")
    return u * u


def test_functions_with_effects(capsys):
    found = ad.jacobian(loud, sparsity=np.eye(12))(U)
    np.testing.assert_allclose(found.toarray(), np.diag(2.0 * U))
    assert capsys.readouterr().out == "once\n"
    for options in ({"sparsity": "detect"}, {"sparsity": np.eye(12), "mode": "forward"}):
        with pytest.raises(ad.UnsupportedError, match="once for each colour"):
            ad.jacobian(loud, **options)(U)


@pytest.mark.parametrize(("f", "sparsity", "words"), [
    (lambda u: stencil(u, 2.0), np.eye(12), "leaves out entries"),
    (lambda u: u * u, np.eye(11), "to have 12 columns"),
    (lambda u: u[1:] * 2.0, np.eye(12), "to have 11 rows"),
    (lambda u: {"u": u}, "detect", "not of a dict"),
    (lambda u: u * u, "guess", "sparsity='guess'"),
])
def test_bad_patterns(f, sparsity, words):
    with pytest.raises(ad.ArgumentError, match=words):
        ad.jacobian(f, sparsity=sparsity)(U)


def test_bad_arguments():
    with pytest.raises(ad.ArgumentError, match="one argument"):
        ad.jacobian(stencil, wrt=(0, 1), sparsity="detect")
    with pytest.raises(ad.ArgumentError, match="with respect to an array"):
        ad.jacobian(lambda x: x * U, sparsity="detect")(2.0)


def two_ways(u):
    return u * u if u[0] < 1.0 else u[::-1] * 2.0


def test_a_pattern_that_was_found_is_found_again_where_it_does_not_fit():
    derived = ad.jacobian(two_ways, sparsity="detect")
    for u in (U, U + 5.0, U):
        np.testing.assert_allclose(derived(u).toarray(), ad.jacobian(two_ways)(u))
