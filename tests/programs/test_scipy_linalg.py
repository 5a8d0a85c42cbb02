"""`scipy.linalg` as programs use it: in both modes and orders, with its options; what is refused."""
from __future__ import annotations

import numpy as np
import pytest
from checks import in_turns

import autodiff_src as ad

linalg = pytest.importorskip("scipy.linalg", reason="these functions are of SciPy")

_rng = np.random.default_rng(2)
A = _rng.normal(size=(3, 3)) + 4.0 * np.eye(3)
S = np.diag([2.0, 5.0, 9.0]) + 0.2 * (A + A.T)
B = _rng.normal(size=3)
X = np.array([0.3, -0.2, 0.5])
STEPS = 6


def matrix(x):
    return S + np.outer(x, x)


def gaussian(x):
    factor = linalg.cholesky(matrix(x), lower=True, check_finite=False)
    z = linalg.solve_triangular(factor, B - x, lower=True, check_finite=False)
    return 0.5 * z @ z + np.sum(np.log(np.diag(factor)))


def kriging(x):
    c, low = linalg.cho_factor(matrix(x), overwrite_a=False)
    weights = linalg.cho_solve((c, low), B)
    return weights @ x


def kriging_of_a_pair(x):
    factor = linalg.cho_factor(matrix(x), lower=True)
    return B @ linalg.cho_solve(factor, x) - np.sum(np.log(np.diag(factor[0])))


def elimination(x):
    lu, piv = linalg.lu_factor(A + np.outer(x, B))
    return np.sum(linalg.lu_solve((lu, piv), x) * linalg.lu_solve((lu, piv), B, trans=1))


def diffusion(x):
    n = 5
    band = np.zeros((3, n))
    band[0, 1:] = -x[0] ** 2
    band[1] = 1.0 + 2.0 * x[0] ** 2
    band[2, :-1] = -x[0] ** 2
    u = np.linspace(0.0, 1.0, n) * x[1]
    for _ in range(STEPS):
        u = linalg.solve_banded((1, 1), band, u)
    return np.sum(u ** 2)


def vibration(x):
    stiffness, mass = matrix(x), np.diag(1.0 + x ** 2)
    values, vectors = linalg.eigh(stiffness, mass)
    return np.sum(np.sqrt(values)) + vectors[0, 0] ** 2


def network(x):
    w, = (linalg.block_diag(np.outer(x, x), A * x[0]),)
    return np.sum(w @ w)


PROGRAMS = [
    gaussian, kriging, kriging_of_a_pair, elimination, diffusion, vibration, network,
    lambda x: np.sum(linalg.solve(matrix(x), B, assume_a="pos") * B), lambda x: np.sum(linalg.solve(A + np.outer(x, B), x)),
    lambda x: linalg.solve(matrix(x), x, assume_a="sym", lower=True, check_finite=False)[1],
    lambda x: np.sum(linalg.solve(A * x, B, transposed=True)), lambda x: linalg.det(matrix(x)),
    lambda x: np.trace(linalg.inv(matrix(x), check_finite=False)), lambda x: np.sum(linalg.expm(np.outer(x, B)) * A),
    lambda x: linalg.expm(A * x[0])[0, 1], lambda x: np.sum(linalg.logm(matrix(x)) * A),
    lambda x: np.sum(linalg.sqrtm(matrix(x)) * A), lambda x: linalg.norm(np.outer(x, B) + A) + linalg.norm(x, 1),
    lambda x: np.sum(linalg.eigh(matrix(x), eigvals_only=True) ** 3), lambda x: linalg.eigvalsh(matrix(x), lower=False)[1],
    lambda x: np.trace(linalg.solve_continuous_lyapunov(A + np.outer(x, B), S) @ linalg.solve_discrete_lyapunov(A * x, S)),
    lambda x: np.sum(linalg.svd(np.outer(x, B) + A, compute_uv=False)), lambda x: linalg.svdvals(np.outer(x, B) + A)[0],
    lambda x: np.sum(linalg.svd(np.outer(x, B) + A, full_matrices=False, check_finite=False)[1] ** 3),
    lambda x: linalg.qr(np.outer(x, B) + A, mode="economic")[1][0, 0], lambda x: np.sum(linalg.pinv(np.outer(x, B) + A)),
    lambda x: np.sum(linalg.toeplitz(x) ** 2) + linalg.toeplitz(x, B * x)[0, 2], lambda x: linalg.det(linalg.circulant(x) + S),
    lambda x: linalg.norm([x[0], x[1]]) + linalg.inv([[x[0], 1.0], [2.0, x[1]]])[0, 1],
    lambda x: linalg.block_diag(x, [x[0]])[1, 3],
    lambda x: np.sum(linalg.solve([[x[0], 1.0], [2.0, x[1]]], [x[0], 1.0])),
    lambda x: np.sum(linalg.solve_sylvester(matrix(x), A, np.outer(B, x))), lambda x: linalg.lstsq(np.outer(x, B) + A, x)[0][1],
]


def differences(f, direction, h=1e-3):
    """The derivative along the direction, of fourth order."""
    return sum(w * (f(X + k * h * direction) - f(X - k * h * direction)) for k, w in ((1, 8 / 12), (2, -1 / 12))) / h


DIRECTION = np.array([0.7, 0.4, -0.9])


@pytest.mark.parametrize("f", in_turns(PROGRAMS, 4), ids=lambda f: f.__name__)
def test_both_modes(f):
    slope = differences(f, DIRECTION)
    assert ad.grad(f)(X) @ DIRECTION == pytest.approx(slope, rel=1e-6, abs=1e-8)
    assert ad.jvp(f, (X,), (DIRECTION,))[1] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_second_derivatives(f):
    gradient = ad.grad(f)
    bend = differences(gradient, DIRECTION)
    np.testing.assert_allclose(ad.hvp(f)(X, DIRECTION), bend, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(ad.grad(lambda x: gradient(x) @ DIRECTION)(X), bend, rtol=1e-5, atol=1e-7)


def test_the_text_reads_like_one_by_hand():
    text = ad.source(ad.grad(lambda x: np.sum(linalg.solve(A, x, check_finite=False))), X)
    assert "np.linalg.solve(np.swapaxes(A, -1, -2), np.expand_dims(" in text and "unbroadcast" not in text


REFUSED = [
    (lambda x: np.sum(linalg.solve(A * x, B, overwrite_a=True)), "solve with overwrite_a writes over what it is given"),
    (lambda x: np.sum(linalg.inv(A * x, True)), "inv with overwrite_a writes over what it is given"),
    (lambda x: np.sum(x * linalg.inv(A, overwrite_a=True)[0]), "inv with overwrite_a writes over what it is given"),
    (lambda x: linalg.qr(A * x, mode="r")[0][0, 0], "this mode of linalg.qr is not differentiated"),
    (lambda x: linalg.qr(np.outer(np.ones(4), x))[1][0, 0], "QR decomposition of a tall matrix in this mode"),
    (lambda x: linalg.eigh(A * x, subset_by_index=[0, 1])[0][0], "unexpected keyword argument 'subset_by_index'"),
    (lambda x: np.sum(linalg.lu_factor(np.outer(np.ones(4), x))[0]), "lu_factor of other than one square matrix"),
    (lambda x: np.sum(np.real(linalg.logm(-matrix(x)))), "linalg.logm with complex results"),
    (lambda x: np.sum(linalg.schur(A * x)[0]), "schur has no derivative rule"),
    (lambda x: np.sum(linalg.solve_toeplitz(x + 4.0, B)), "solve_toeplitz has no derivative rule"),
    (lambda x: np.sum(linalg.solveh_banded(np.stack([x, x + 4.0]), B)), "solveh_banded has no derivative rule"),
]


@pytest.mark.parametrize("f, reason", REFUSED)
@pytest.mark.filterwarnings("ignore:Diagonal number")
def test_what_is_refused(f, reason):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f)(X)
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.jvp(f, (X,), (X,))
