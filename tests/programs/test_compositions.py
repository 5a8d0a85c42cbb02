"""Every transform of functions that call every transform of a function that reads what is differentiated."""
import numpy as np
import pytest
from checks import central_differences, in_turns

import autodiff_src as ad

X, V = np.array([0.7, -0.4]), np.array([0.6, 1.3])


def pair(u, p):
    return np.array([np.sin(u[0]) * p + u[1] ** 2, u[0] * u[1] * p])


def energy(u, p):
    return np.sum(u ** 3) * p + np.sin(u[0] * u[1]) * p * p


def by_gradient(x):
    return ad.grad(lambda u: energy(u, x[0]))(2.0 * x)


def by_value_and_gradient(x):
    value, gradient = ad.value_and_grad(lambda u: energy(u, x[0]))(2.0 * x)
    return value * gradient


def by_pullback(x):
    y, pullback = ad.vjp(lambda u: pair(u, x[0]), 2.0 * x)
    return pullback(y * x)[0]


def by_tangent(x):
    y, y_dot = ad.jvp(lambda u: pair(u, x[0]), (2.0 * x,), (x + 1.0,))
    return y * y_dot


def by_jacobian(x):
    return ad.jacobian(lambda u: pair(u, x[0]))(2.0 * x) @ x


def by_hessian(x):
    return ad.hessian(lambda u: energy(u, x[0]))(2.0 * x) @ x


def by_product(x):
    return ad.hvp(lambda u: energy(u, x[0]))(2.0 * x, x + 1.0)


def curved(u, p):
    return energy(u, p[0]) * np.cos(p[1])


JACOBIANS, HESSIANS, PRODUCT = ad.jacobian(pair, wrt=(0, 1)), ad.hessian(curved, wrt=[1, 0]), ad.hvp(curved, wrt=(1, 0))


def by_jacobians(x):
    by_u, by_p = JACOBIANS(2.0 * x, x[0])
    return by_u @ x + by_p


def by_hessians(x):
    (by_p, mixed), (_, by_u) = HESSIANS(2.0 * x, x)
    return (by_p + mixed) @ by_u @ x


def by_products(x):
    for_p, for_u = PRODUCT(2.0 * x, (x, x + 1.0), x * x)
    return for_p * for_u


SEVERAL = [by_jacobians, by_hessians, by_products]
INNER = [by_gradient, by_value_and_gradient, by_pullback, by_tangent, by_jacobian, by_hessian, by_product]


def weighted(f):
    def total(x):
        return np.sum(f(x) * np.array([0.6, 1.3]))

    return total


def along(f):
    def tangent(x):
        return ad.jvp(f, (x,), (np.array([0.6, 1.3]),))[1]

    return tangent


# Of V times the derivative, of the derivative along V, and of second derivatives along V; by the outer transforms.
FIRST = {
    "grad": lambda f: ad.grad(weighted(f))(X), "value_and_grad": lambda f: ad.value_and_grad(weighted(f))(X)[1],
    "vjp": lambda f: ad.vjp(f, X)[1](V)[0], "jacobian by rows": lambda f: V @ ad.jacobian(f, mode="reverse")(X),
    "jacobian": lambda f: V @ ad.jacobian(f)(X),
}
SECOND = {
    "hessian": lambda f: ad.hessian(weighted(f))(X) @ V, "hvp": lambda f: ad.hvp(weighted(f))(X, V),
    "grad of grad": lambda f: ad.grad(lambda x: np.sum(ad.grad(weighted(f))(x) * V))(X),
    "grad of jvp": lambda f: ad.grad(along(weighted(f)))(X),
    "jvp of grad": lambda f: ad.jvp(ad.grad(weighted(f)), (X,), (V,))[1],
}


@pytest.mark.slow
@pytest.mark.parametrize("inner", INNER)
def test_tangents(inner):
    np.testing.assert_allclose(ad.jvp(inner, (X,), (V,))[1], central_differences(inner, X, V), rtol=1e-8)
    wanted = central_differences(lambda x: central_differences(weighted(inner), x, V, 1e-3), X, V, 1e-3)
    assert ad.jvp(along(weighted(inner)), (X,), (V,))[1] == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("inner", [*INNER, *SEVERAL])
@pytest.mark.parametrize("outer", in_turns(list(FIRST), 10))
def test_first_derivatives(outer, inner):
    wanted = [central_differences(weighted(inner), X, unit) for unit in np.eye(2)]
    np.testing.assert_allclose(FIRST[outer](inner), wanted, rtol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("outer", SECOND)
def test_second_derivatives(outer, inner):
    wanted = central_differences(ad.grad(weighted(inner)), X, V)
    np.testing.assert_allclose(SECOND[outer](inner), wanted, rtol=1e-7)
