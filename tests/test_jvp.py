"""`ad.jvp`: its arguments, its results, and its texts."""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

import autodiff_src as ad
from autodiff_src import d


def rosenbrock(x, y):
    return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2


def moments(values, weights):
    scaled = {"first": 0.0, "count": len(values), "name": "moments"}
    for v, w in zip(values, weights):
        scaled["first"] += v * w
    return scaled, (values[0] * weights, "text")


def test_value_and_tangent():
    value, tangent = ad.jvp(rosenbrock, (1.5, 2.0), (1.0, 0.5))
    assert value == rosenbrock(1.5, 2.0)
    assert tangent == pytest.approx(2 * (1.5 - 1.0) - 400 * 1.5 * (2.0 - 2.25) + 0.5 * 200 * (2.0 - 2.25))
    assert type(value) is float and type(tangent) is float


def test_none_is_a_constant():
    _, along_y = ad.jvp(rosenbrock, (1.5, 2.0), (None, 1.0))
    assert along_y == pytest.approx(200 * (2.0 - 2.25))
    assert ad.jvp(rosenbrock, (1.5, 2.0), (None, None)) == (rosenbrock(1.5, 2.0), 0.0)


def test_structures():
    values, weights = [1.0, 2.0], np.array([0.5, 3.0])
    value, tangent = ad.jvp(moments, (values, weights), ([1.0, None], None))
    assert value[0] == {"first": 6.5, "count": 2, "name": "moments"}
    assert tangent[0] == {"first": 0.5, "count": None, "name": None}
    np.testing.assert_array_equal(tangent[1][0], weights)
    assert type(tangent) is tuple and tangent[1][1] is None


def test_tangents_share_memory_with_nothing():
    x, x_dot = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    value, tangent = ad.jvp(lambda x: x, (x,), (x_dot,))
    assert value is x
    tangent[0] = 100.0
    np.testing.assert_array_equal(x_dot, [3.0, 4.0])


def test_dtypes_stay():
    x = np.array([0.5, 1.5], dtype=np.float32)
    value, tangent = ad.jvp(lambda x: np.sin(x) * 2.0, (x,), (np.ones(2),))
    assert value.dtype == tangent.dtype == np.float32
    value, tangent = ad.jvp(lambda x: x.sum(), (x,), (x,))
    assert type(tangent) is np.float32


def writes(a, x):
    a[0] = x * x
    a *= x
    return np.sum(a)


def test_writes_into_arguments_happen_once():
    a, tangent_of_a = np.array([1.0, 2.0]), np.array([5.0, 7.0])
    value, tangent = ad.jvp(writes, (a, 3.0), (tangent_of_a, 1.0))
    np.testing.assert_array_equal(a, [27.0, 6.0])
    np.testing.assert_array_equal(tangent_of_a, [5.0, 7.0])
    assert (value, tangent) == (33.0, 27.0 + 2.0 + 21.0)


class Model:
    def __init__(self, w, rate):
        self.w, self.rate, self.calls = w, rate, 0

    def loss(self, x):
        self.calls += 1
        return np.sum((self.w * x) ** 2) * self.rate


def loss_of(model, x):
    return model.loss(x)


@dataclass
class Point:
    x: float
    y: float


def test_methods_and_objects():
    model, x = Model(np.array([1.0, 2.0]), 0.5), np.array([3.0, -1.0])
    _, tangent = ad.jvp(model.loss, (x,), (np.array([1.0, 0.0]),))
    assert tangent == pytest.approx(3.0)
    assert model.calls == 1
    along_w = {"w": np.array([1.0, 0.0])}
    assert ad.jvp(loss_of, (model, x), (along_w, None))[1] == pytest.approx(9.0)
    assert ad.jvp(lambda p: p.x * p.y, (Point(2.0, 3.0),), (Point(1.0, 0.5),)) == (6.0, 4.0)


def test_keyword_only_and_variadic_parameters():
    def f(x, *others, scale=2.0, **named):
        return x * others[1] * scale

    assert ad.jvp(f, (2.0, 1.0, 5.0), (1.0, None, 10.0)) == (20.0, 50.0)


def test_exceptions_are_those_of_the_function():
    def f(x):
        y = math.log(x)
        return y * y

    with pytest.raises(ValueError, match="math domain|positive"):
        ad.jvp(f, (-1.0,), (1.0,))


def test_infinite_slopes_do_not_raise():
    assert ad.jvp(lambda x: x ** 0.5, (0.0,), (1.0,)) == (0.0, math.inf)
    assert ad.jvp(lambda x: math.sqrt(x), (0.0,), (1.0,)) == (0.0, math.inf)


@pytest.mark.parametrize(("primals", "tangents", "words"), [
    ((1.0,), (1.0, 2.0), "1 primals and 2 tangents"),
    (1.0, (1.0,), "primals is float, not a tuple"),
    ((np.ones(3),), (np.ones(2),), r"the tangent of 'x' has an array of shape \(2,\) where an array of shape \(3,\)"),
    ((1.0,), (np.ones(2),), "where a number belongs"),
    (([1.0, 2.0],), ([1.0],), "where a list of 2 tangents belongs"),
    (({"a": 1.0},), ({"b": 1.0},), "where tangents of 'a' belongs"),
    ((3,), (1.0,), "integer type"),
    (("text",), (1.0,), "carries no derivative"),
])
def test_bad_arguments(primals, tangents, words):
    with pytest.raises(ad.ArgumentError, match=words) as raised:
        ad.jvp(lambda x: x, primals, tangents)
    assert "Fix: " in str(raised.value)


def test_whole_numbers_may_have_a_tangent_of_zero():
    assert ad.jvp(lambda x, n: x ** n, (2.0, 3), (1.0, 0)) == (8.0, 12.0)


def test_composes_with_the_other_transforms():
    def f(x):
        return math.sin(x) * x ** 3

    third = [ad.grad(ad.grad(ad.grad(f)))(0.7)]
    third.append(ad.jvp(ad.grad(ad.grad(f)), (0.7,), (1.0,))[1])
    assert third[0] == pytest.approx(third[1])


def doubled(x):
    return 2.0 * x * x


@ad.adjoint(doubled)
def doubled_adjoint(y, x):
    d[x] += d[y] * 4.0 * x


def tripled(x):
    return 3.0 * x


@ad.tangent(tripled)
def tripled_tangent(y, x):
    d[y] = 3.0 * d[x]


def test_a_rule_for_the_other_mode_is_no_obstacle():
    def f(x):
        return doubled(x) * tripled(x)

    assert ad.jvp(f, (2.0,), (1.0,)) == (48.0, 72.0)
    assert ad.grad(f)(2.0) == 72.0


def test_a_function_is_read_once(monkeypatch):
    def cube(x):
        return x * x * x

    def numbers(x):
        yield x
    calls = (lambda: ad.jvp(cube, (2.0,), (1.0,))[1], lambda: ad.vjp(cube, 2.0)[1](1.0)[0], lambda: ad.jacobian(cube)(2.0))
    assert [call() for call in calls] == [12.0] * 3
    with monkeypatch.context() as patch:
        patch.setattr("autodiff_src.pipeline.read", None)
        assert [call() for call in calls] == [12.0] * 3
    cube.__code__ = numbers.__code__
    for call in calls:
        with pytest.raises(ad.UnsupportedError, match="generator"):
            call()
