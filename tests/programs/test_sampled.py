"""SciPy's integrals of samples and its solutions of sparse systems, with data that stays; and refusals."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad

integrate = pytest.importorskip("scipy.integrate")
interpolate = pytest.importorskip("scipy.interpolate")
sparse = pytest.importorskip("scipy.sparse")
spsolve = pytest.importorskip("scipy.sparse.linalg").spsolve
TIMES = np.array([0.0, 0.3, 0.7, 1.5, 1.8])
STIFFNESS = sparse.diags_array([np.full(4, -1.0), np.full(5, 2.5), np.full(4, -1.2)], offsets=[-1, 0, 1]).tocsc()


def area(y):
    return integrate.trapezoid(y ** 3, TIMES)


def area_between_times(y):
    return integrate.trapezoid(TIMES ** 2, np.cumsum(y ** 2))


def travelled(y):
    return np.sum(integrate.cumulative_trapezoid(y ** 3, TIMES, initial=0) ** 2)


def by_steps(y):
    return integrate.cumulative_trapezoid(np.outer(y, y), dx=0.1, axis=0)[-1] @ y


def by_simpson(y):
    return integrate.simpson(y ** 3, x=TIMES)


def deflection(y):
    """A beam on springs under a load."""
    u = spsolve(STIFFNESS, y ** 2)
    return u @ y


def several_loads(y):
    return np.sum(spsolve(STIFFNESS.tocsr(), np.outer(y, y)) ** 2)


def in_steps(y):
    """Heat conduction, implicitly in time."""
    for _ in range(3):
        y = spsolve(STIFFNESS, y + 0.1 * y ** 2)
    return np.sum(y ** 2)


PROGRAMS = [area, area_between_times, travelled, by_steps, by_simpson, deflection, several_loads, in_steps]
each_program = pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
POINT = np.array([0.4, -0.8, 1.2, 0.9, 1.9])


def differences(f, h=1e-4):
    return np.array([(f(POINT + h * unit) - f(POINT - h * unit)) / (2.0 * h) for unit in np.eye(5)])


@each_program
def test_gradient_and_tangent(f):
    value, gradient = ad.value_and_grad(f)(POINT)
    assert value == f(POINT)
    np.testing.assert_allclose(gradient, differences(f), rtol=1e-6, atol=1e-6)
    direction = np.arange(5.0)
    np.testing.assert_allclose(ad.jvp(f, (POINT,), (direction,))[1], gradient @ direction, rtol=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize("f", [f for f in PROGRAMS if f is not by_simpson], ids=lambda f: f.__name__)
def test_second_derivative(f):
    np.testing.assert_allclose(ad.hessian(f)(POINT), differences(ad.grad(f)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("f", "words"), [
    (lambda y: spsolve(sparse.csr_matrix((y, (range(5), range(5)))), TIMES)[0], "carries a derivative"),
    (lambda y: integrate.cumulative_trapezoid(TIMES, y)[-1], "'x' carries a derivative"),
    (lambda y: interpolate.RegularGridInterpolator((TIMES,), y)([[0.5]])[0], "no derivative rule|carries a derivative"),
])
def test_refused(f, words):
    for derive in (lambda: ad.vjp(f, POINT), lambda: ad.jvp(f, (POINT,), (POINT,))):
        with pytest.raises(ad.AutodiffError, match=words) as raised:
            derive()
        assert "Fix: " in str(raised.value)
