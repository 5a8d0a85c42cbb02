"""Transforms of what `ad.jacobian`, `ad.hessian` and `ad.hvp` return."""
import numpy as np
import pytest
from checks import central_differences

import autodiff_src as ad

X, V = np.array([0.7, -0.4]), np.array([0.6, 1.3])


def pair(u, p=1.5):
    return np.array([np.sin(u[0]) * p + u[1] ** 2, u[0] * u[1] * p])


def energy(v):
    w = np.zeros(2)
    for k in range(2):
        w[k] = v[k] * (v[k] + 0.5)
    return np.sum(w ** 3) + np.sin(v[0] * v[1])


def wave(x):
    return np.sin(x) * x ** 3


INNER = {"jacobian": (ad.jacobian(pair), ()), "hessian": (ad.hessian(energy), ()), "hvp": (ad.hvp(energy), (V,)),
         "jacobian of jacobian": (ad.jacobian(ad.jacobian(pair)), ()), "jacobian of grad": (ad.jacobian(ad.grad(energy)), ()),
         "jacobian by rows": (ad.jacobian(pair, mode="reverse"), ())}


@pytest.mark.parametrize("name", INNER)
def test_of_results_with_axes(name):
    derived, rest = INNER[name]
    wanted = central_differences(lambda x: derived(x, *rest), X, V)
    np.testing.assert_allclose(ad.jvp(derived, (X, *rest), (V, *(None for _ in rest)))[1], wanted, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(ad.jacobian(derived)(X, *rest) @ V, wanted, rtol=1e-7, atol=1e-9)
    y, pullback = ad.vjp(derived, X, *rest, wrt=(0,))
    weights = np.cos(np.arange(y.size)).reshape(y.shape)
    assert pullback(weights)[0] @ V == pytest.approx(np.sum(weights * wanted), rel=1e-7)


@pytest.mark.parametrize("inner", [
    ad.jacobian(wave), ad.hessian(wave), ad.jacobian(ad.jacobian(wave)), ad.jacobian(ad.grad(wave))])
def test_of_numbers(inner):
    first = central_differences(inner, 0.7, 1.0)
    assert ad.grad(inner)(0.7) == pytest.approx(first, rel=1e-8)
    value, slope = ad.value_and_grad(inner)(0.7)
    assert value == pytest.approx(inner(0.7), rel=1e-13) and slope == pytest.approx(first, rel=1e-8)
    second = central_differences(ad.grad(inner), 0.7, 1.0)
    assert ad.hessian(inner)(0.7) == pytest.approx(second, rel=1e-7)
    assert ad.hvp(inner)(0.7, 2.0) == pytest.approx(2.0 * second, rel=1e-7)


SLOPES, CURVES, ALONG = ad.jacobian(pair), ad.hessian(energy), ad.hvp(energy)


@pytest.mark.parametrize("f", [
    lambda x: np.sum(SLOPES(x) ** 2), lambda x: np.sum(CURVES(2.0 * x) @ x), lambda x: np.sum(ALONG(x, x * x)),
    lambda x: np.sum(SLOPES(x, x[0]) @ x)])
def test_called_inside_a_function(f):
    np.testing.assert_allclose(ad.grad(f)(X) @ V, central_differences(f, X, V), rtol=1e-7)
    assert ad.jvp(f, (X,), (V,))[1] == pytest.approx(central_differences(f, X, V), rel=1e-7)


def test_with_respect_to_another_argument():
    def scaled(x, y=2.0):
        return x ** 2 * y

    mixed = ad.jacobian(ad.jacobian(scaled, wrt=1))(X)
    np.testing.assert_allclose(mixed, np.diag(2.0 * X), rtol=1e-13)
    np.testing.assert_allclose(ad.jacobian(ad.jacobian(scaled), wrt="y")(X, 3.0), np.diag(2.0 * X), rtol=1e-13)
    np.testing.assert_allclose(ad.jacobian(ad.jacobian(scaled))(X, y=3.0)[0, 0], [6.0, 0.0], rtol=1e-13)


@pytest.mark.slow
def test_three_times():
    third = ad.jacobian(ad.jacobian(ad.jacobian(energy)))(X)
    assert third.shape == (2, 2, 2)
    np.testing.assert_allclose(third @ V, central_differences(ad.hessian(energy), X, V), rtol=1e-6)
