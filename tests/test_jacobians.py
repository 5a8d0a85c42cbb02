"""Jacobians, Hessians and products with Hessians: shapes, structures, modes, effects."""
from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from checks import central_differences

import autodiff_src as ad

both_modes = pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])


def swirl(x):
    y = np.empty(3)
    y[0] = x[0] * x[1]
    for k in range(1, 3):
        y[k] = np.sin(y[k - 1]) * x[k % 2]
    return y


def by_differences(f, x):
    columns = [central_differences(f, x, unit) for unit in np.eye(x.size).reshape(x.size, *x.shape)]
    return np.stack(columns, -1).reshape(*np.shape(columns[0]), *x.shape)


@both_modes
def test_of_arrays(mode):
    x = np.array([0.3, 0.7])
    np.testing.assert_allclose(ad.jacobian(swirl, mode=mode)(x), by_differences(swirl, x), rtol=1e-8)


@both_modes
@pytest.mark.parametrize(("f", "x"), [
    (lambda x: np.outer(x, x ** 2), np.array([0.4, 1.5, -2.0])),
    (lambda x: x @ x.T, np.arange(6.0).reshape(2, 3)),
    (lambda x: x.sum(axis=1), np.arange(6.0).reshape(2, 3)),
    (lambda x: np.sum(x ** 3), np.array([0.4, 1.5])),
    (lambda x: np.zeros((0, 2)) * x, np.array([0.4, 1.5])),
    (lambda x: np.ones(2) * np.sum(x), np.zeros((0, 3))),
])
def test_shapes(f, x, mode):
    found = ad.jacobian(f, mode=mode)(x)
    assert found.shape == np.shape(f(x)) + x.shape
    if x.size:
        np.testing.assert_allclose(found, by_differences(f, x), rtol=1e-7, atol=1e-9)


@both_modes
def test_numbers(mode):
    assert ad.jacobian(lambda x: x * 2.0, mode=mode)(np.array(0.5)) == 2.0
    assert ad.jacobian(lambda x: x ** 3, mode=mode)(2.0) == 12.0
    np.testing.assert_allclose(ad.jacobian(lambda x: np.array([x, x * x]), mode=mode)(3.0), [1.0, 6.0])
    np.testing.assert_allclose(ad.jacobian(lambda x, y: y * x, wrt=(0, "y"), mode=mode)(3.0, 2.0), (2.0, 3.0))


@dataclass
class Parameters:
    w: np.ndarray
    b: float
    title: str = "p"


def layered(p, s):
    return {"a": p["w"] * s, "b": (p["b"] * s, 3, np.sum(p["w"] ** 2))}


@both_modes
def test_structures(mode):
    p = {"w": np.array([1.0, 2.0]), "b": 0.5, "n": 3}
    found = ad.jacobian(layered, wrt=(0, "s"), mode=mode)(p, 2.0)
    of_a, along_s = found["a"]
    np.testing.assert_array_equal(of_a["w"], 2.0 * np.eye(2))
    np.testing.assert_array_equal(of_a["b"], np.zeros(2))
    np.testing.assert_array_equal(along_s, p["w"])
    assert type(found["b"]) is tuple and found["b"][1] is None
    assert (found["b"][0][0]["b"], found["b"][0][1], found["b"][0][0]["n"]) == (2.0, 0.5, None)
    np.testing.assert_array_equal(found["b"][2][0]["w"], [2.0, 4.0])


@both_modes
def test_objects(mode):
    found = ad.jacobian(lambda p: p.w * p.b, mode=mode)(Parameters(np.array([1.0, 2.0]), 3.0))
    assert type(found) is Parameters and found.title is None
    np.testing.assert_array_equal(found.w, 3.0 * np.eye(2))
    np.testing.assert_array_equal(found.b, [1.0, 2.0])
    at_w = ad.jacobian(lambda p: p.w * p.b, wrt="p.w", mode=mode)(Parameters(np.array([1.0, 2.0]), 3.0))
    np.testing.assert_array_equal(at_w, 3.0 * np.eye(2))


class Model:
    def __init__(self, w):
        self.w = w

    def predict(self, x, scale=1.0):
        return self.w * x * scale


@both_modes
def test_methods_and_keywords(mode):
    model, x = Model(np.array([2.0, 3.0])), np.array([0.5, 0.25])
    np.testing.assert_array_equal(ad.jacobian(model.predict, mode=mode)(x, scale=2.0), np.diag([4.0, 6.0]))
    np.testing.assert_array_equal(ad.jacobian(model.predict, wrt="self.w", mode=mode)(x), np.diag(x))
    half = functools.partial(model.predict, scale=0.5)
    np.testing.assert_array_equal(ad.jacobian(half, mode=mode)(x), np.diag([1.0, 1.5]))


def loud(x):
    print("once")
    return x * x


def drawn(x, rng):
    return x * rng.normal(size=3)


def written(x):
    x *= 2.0
    return x * x


CALLS: list[float] = []


def noted(x):
    CALLS.append(1.0)
    return x * x


@pytest.mark.parametrize("f", [loud, written, noted])
def test_effects_show_once(f, capsys):
    x = np.array([1.0, 2.0, 3.0])
    CALLS.clear()
    np.testing.assert_array_equal(ad.jacobian(f)(x), np.diag([2.0, 4.0, 6.0] if f is not written else [8.0, 16.0, 24.0]))
    assert capsys.readouterr().out == ("once\n" if f is loud else "")
    assert len(CALLS) == (f is noted)
    np.testing.assert_array_equal(x, [2.0, 4.0, 6.0] if f is written else [1.0, 2.0, 3.0])
    with pytest.raises(ad.UnsupportedError, match='(?s)once for each column.*mode="reverse"'):
        ad.jacobian(f, mode="forward")(x)


def factor_by_a_tangent(x):
    return x * ad.jvp(loud, (2.0,), (1.0,))[1]


def test_effects_of_inner_tangents_show_once(capsys):
    x = np.ones(2)
    np.testing.assert_array_equal(ad.jacobian(factor_by_a_tangent)(x), 4.0 * np.eye(2))
    assert capsys.readouterr().out == "once\n"
    with pytest.raises(ad.UnsupportedError, match='(?s)once for each column.*mode="reverse"'):
        ad.jacobian(factor_by_a_tangent, mode="forward")(x)
    ad.grad(lambda x: (ad.jvp(loud, (2.0,), (1.0,)), x * x)[1])(3.0)
    assert capsys.readouterr().out == "once\n"


def test_random_numbers_are_drawn_once():
    found = ad.jacobian(drawn)(np.ones(3), np.random.default_rng(3))
    np.testing.assert_array_equal(np.diag(found), np.random.default_rng(3).normal(size=3))
    with pytest.raises(ad.UnsupportedError, match="once for each column"):
        ad.jacobian(drawn, mode="forward")(np.ones(3), np.random.default_rng(3))


def test_single_precision_stays():
    x = np.array([0.5, 1.5], dtype=np.float32)
    assert ad.jacobian(lambda x: np.sin(x), mode="reverse")(x).dtype == np.float32
    assert ad.jacobian(lambda x: np.sin(x), mode="forward")(x).dtype == np.float32


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def stepped(x, y):
    s = x * y
    while s < 10.0:
        s = s * s + math.sin(x)
    return s


def test_hessian():
    x = np.array([0.3, 0.7, 1.2])
    np.testing.assert_allclose(ad.hessian(rosenbrock)(x), by_differences(ad.grad(rosenbrock), x), rtol=1e-7, atol=1e-7)
    found = ad.hessian(stepped, wrt=(0, 1))(1.5, 1.1)
    gradient = ad.grad(stepped, wrt=(0, 1))
    h = 1e-6
    for row, along_x, along_y in zip(found, *[[(a - b) / (2 * h) for a, b in zip(gradient(*plus), gradient(*minus))]
                                              for plus, minus in (((1.5 + h, 1.1), (1.5 - h, 1.1)),
                                                                  ((1.5, 1.1 + h), (1.5, 1.1 - h)))]):
        assert row == pytest.approx((along_x, along_y), rel=1e-5)


def test_hessian_of_structures():
    found = ad.hessian(lambda p: p["a"] ** 2 * np.sum(p["b"]))({"a": 3.0, "b": np.array([1.0, 2.0])})
    assert found["a"]["a"] == 6.0
    np.testing.assert_array_equal(found["b"]["a"], [6.0, 6.0])
    np.testing.assert_array_equal(found["b"]["b"], np.zeros((2, 2)))


def test_hvp():
    x, v = np.array([0.3, 0.7, 1.2]), np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(ad.hvp(rosenbrock)(x, v), ad.hessian(rosenbrock)(x) @ v, rtol=1e-12)
    assert ad.hvp(stepped)(1.5, 2.0, 1.1) == pytest.approx(2.0 * ad.hessian(stepped)(1.5, 1.1))
    assert ad.hvp(stepped, wrt="y")(1.5, 2.0, 1.1) == pytest.approx(2.0 * ad.hessian(stepped, wrt=1)(1.5, 1.1))
    (xx, xy), (yx, yy) = ad.hessian(stepped, wrt=(0, 1))(1.5, 1.1)
    found = ad.hvp(stepped, wrt=(0, 1))(1.5, (2.0, -1.0), 1.1)
    assert found == pytest.approx((2.0 * xx - xy, 2.0 * yx - yy))


def test_with_scipy_optimize():
    optimize = pytest.importorskip("scipy.optimize")
    start = np.array([-1.2, 1.0, 0.5])
    for options in ({"hess": ad.hessian(rosenbrock)}, {"hessp": ad.hvp(rosenbrock)}):
        found = optimize.minimize(rosenbrock, start, jac=ad.grad(rosenbrock), method="trust-ncg", **options)
        np.testing.assert_allclose(found.x, np.ones(3), rtol=1e-5)
    residuals = optimize.least_squares(swirl, np.array([0.3, 0.7]), jac=ad.jacobian(swirl))
    assert residuals.success


def test_bad_arguments():
    with pytest.raises(ad.ArgumentError, match="mode='sideways'"):
        ad.jacobian(swirl, mode="sideways")
    with pytest.raises(ad.ArgumentError, match="wrt=3"):
        ad.jacobian(swirl, wrt=3)
    with pytest.raises(ad.ArgumentError, match="integer type"):
        ad.jacobian(swirl)(np.array([1, 2]))
    with pytest.raises(ad.ArgumentError, match="shape"):
        ad.hvp(rosenbrock)(np.ones(3), np.ones(2))
    with pytest.raises(ad.ArgumentError, match="2 parts"):
        ad.hvp(stepped, wrt=(0, 1))(1.5, 1.0, 1.1)


def test_derivatives_of_sparse_jacobians_are_refused():
    derived = ad.jacobian(swirl, sparsity="detect")
    for call in (lambda: ad.vjp(derived, np.ones(2)), lambda: ad.jvp(derived, (np.ones(2),), (np.ones(2),))):
        with pytest.raises(ad.UnsupportedError, match=r"(?s)ad\.jacobian.*Fix: use ad\.grad and ad\.jvp"):
            call()


def norm_of_jacobian(x):
    return np.sum(ad.jacobian(swirl)(x) ** 2)


def sparse_inside(x):
    return np.sum(ad.jacobian(swirl, sparsity="detect")(x))


def test_inside_a_function():
    x, h = np.array([0.6, -1.1]), 1e-6
    wanted = [(norm_of_jacobian(x + step) - norm_of_jacobian(x - step)) / (2.0 * h) for step in h * np.eye(2)]
    np.testing.assert_allclose(ad.grad(norm_of_jacobian)(x), wanted, rtol=1e-7)
    with pytest.raises(ad.UnsupportedError, match="ad.jacobian inside a differentiated function"):
        ad.grad(sparse_inside)(np.ones(2))


@pytest.mark.slow
@pytest.mark.parametrize("f", [lambda x: np.sum(np.cumprod(x, axis=0) ** 2), lambda x: np.sum(np.nancumprod(x, axis=1)[:, 1:]),
                               lambda x: np.sum(np.cumprod(x) ** 2), lambda x: np.sum(np.prod(x, axis=1) ** 2)])
def test_second_derivatives_of_products(f):
    x = np.array([[0.3, 1.2, 0.0], [0.5, -0.3, 0.2]])
    v = np.sin(np.arange(6.0)).reshape(2, 3)
    wanted = central_differences(ad.grad(f), x, v)
    np.testing.assert_allclose(np.tensordot(ad.hessian(f)(x), v), wanted, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ad.grad(lambda x: np.sum(ad.grad(f)(x) * v))(x), wanted, rtol=1e-6, atol=1e-8)


class Counting:
    def __init__(self):
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def __exit__(self, *_):
        return False


def in_a_context(x, context):
    with context:
        return x * context.count


def test_a_context_is_entered_once():
    context = Counting()
    np.testing.assert_array_equal(ad.jacobian(in_a_context)(np.ones(3), context), np.eye(3))
    assert context.count == 1
    with pytest.raises(ad.UnsupportedError, match="cannot run once for each column"):
        ad.jacobian(in_a_context, mode="forward")(np.ones(3), context)
