"""Derived functions, and functions that `ad.function` wraps, as one operation of a recording."""
import functools
import pickle

import numpy as np
import pytest
from checks import assert_close, gradient_by_differences

import autodiff_src as ad

X, W = np.array([0.4, 1.1, -0.7]), np.array([[0.2, -0.5, 1.0], [0.7, 0.3, -0.1]])


def smooth(x):
    return np.sum(np.sin(x) * np.roll(x, 1) ** 2)


def energy(x):
    total = 0.0
    for k in range(len(x)):
        total += np.sin(x[k]) * x[k - 1] ** 2
    return total


def layer(w, x):
    return np.tanh(w @ x) ** 2


def spread(pair, scale=2.0, *, shift=0.0):
    return {"sum": (pair[0] + pair[1]) * scale, "parts": [pair[0] * pair[1], shift + np.sum(pair[0])]}


def through(f, *xs, of=np.sum):
    """The gradients of the sum of `f(*xs)`, by a tape."""
    xs = [ad.constant(x) for x in xs]
    with ad.GradientTape() as t:
        t.watch(xs)
        y = of(f(*xs))
    return [None if d is None else d.numpy() for d in t.gradient(y, xs)]


def test_derived_functions_take_tensors():
    x = ad.constant(X)
    assert_close(ad.grad(energy)(x).numpy(), ad.grad(energy)(X))
    value, slope = ad.value_and_grad(energy)(x)
    assert_close([value.numpy(), slope.numpy()], [energy(X), ad.grad(energy)(X)])
    assert_close(ad.hessian(energy)(x).numpy(), ad.hessian(energy)(X))
    assert_close(ad.hvp(energy)(x, ad.constant(X)).numpy(), ad.hvp(energy)(X, X))
    assert_close(ad.jvp(energy, (x,), (X,))[1].numpy(), ad.jvp(energy, (X,), (X,))[1])
    y, pullback = ad.vjp(layer, ad.constant(W), X)
    assert_close([d.numpy() for d in pullback(np.ones(2))], list(ad.vjp(layer, W, X)[1](np.ones(2))))


def test_a_derived_function_is_recorded():
    slopes = through(ad.grad(energy), X)
    assert_close(slopes[0], ad.hessian(energy)(X).sum(axis=0), 1e-10)
    value, = through(lambda x: ad.value_and_grad(energy)(x)[0], X)
    assert_close(value, ad.grad(energy)(X), 1e-12)
    d_w, d_x = through(lambda w, x: ad.vjp(layer, w, x)[1](np.ones(2))[1], W, X)
    wanted = gradient_by_differences(lambda w: float(np.sum(ad.vjp(layer, w, X)[1](np.ones(2))[1])), W)
    assert_close(d_w, wanted, 1e-6, 1e-8)
    with pytest.raises(ad.ArgumentError, match=r"shape \(3,\), the value \(2,\)"):
        ad.vjp(layer, ad.constant(W), X)[1](np.ones(3))


@pytest.mark.parametrize("call", [
    lambda x: ad.hessian(energy)(x), lambda x: ad.jacobian(energy)(x), lambda x: ad.hvp(energy)(x, X),
    lambda x: ad.hvp(energy)(X, x), lambda x: ad.jvp(energy, (X,), (x,)), lambda x: ad.jvp(energy, (x,), (X,))])
def test_what_is_not_recorded_is_refused(call):
    with pytest.raises(ad.NoRuleError, match=r"recording is not differentiated\nFix: .*ad\.function"):
        through(call, X)
    assert ad.function(call) is not None


def test_a_function_is_one_operation():
    recorded = ad.function(energy)
    x = ad.constant(X)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = recorded(2.0 * x)
    assert len(t.records) == 2
    assert_close(t.gradient(y, x).numpy(), 2.0 * ad.grad(energy)(2.0 * X), 1e-12)
    assert_close(y.numpy(), energy(2.0 * X))
    assert recorded(X) == energy(X) and type(recorded(x)) is type(x)
    assert recorded.__name__ == "energy" and recorded.__doc__ == energy.__doc__


def nested(f, x, order):
    """The derivatives up to `order`, each of the sum of the one before, by nested tapes."""
    with ad.GradientTape() as t:
        t.watch(x)
        ys = [f(x)] if order == 1 else nested(f, x, order - 1)
    return [*ys, t.gradient(ys[-1], x)]


def test_higher_orders_of_a_function():
    for f in (energy, smooth):
        second = nested(ad.function(f), ad.constant(X), 2)[2]
        assert_close(second.numpy(), ad.hessian(f)(X).sum(axis=0), 1e-10)
    third = nested(ad.function(smooth), ad.constant(X), 3)[3]
    wanted = gradient_by_differences(lambda x: float(ad.hessian(smooth)(x).sum()), X)
    assert_close(third.numpy(), wanted, 1e-6, 1e-8)
    second = nested(ad.function(lambda x: layer(W, x)), ad.constant(X), 2)[2]
    wanted = gradient_by_differences(lambda x: float(through(lambda x: layer(W, x), x)[0].sum()), X)
    assert_close(second.numpy(), wanted, 1e-6, 1e-8)


def test_structures_go_in_and_out():
    recorded = ad.function(spread)
    a, b, s = ad.constant(X), ad.constant(2.0 * X), ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch([a, b, s])
        y = recorded((a, b), s, shift=1.0)
        loss = np.sum(y["sum"] * X) + np.sum(y["parts"][0]) + 2.0 * y["parts"][1]
    assert y["parts"][1].numpy() == 1.0 + X.sum() and isinstance(y["parts"], list)
    d_a, d_b, d_s = t.gradient(loss, [a, b, s])
    assert_close([d_a.numpy(), d_b.numpy()], [3.0 * X + 2.0 * X + 2.0, 3.0 * X + X])
    assert_close(d_s.numpy(), np.sum(3.0 * X * X))
    assert_close(t.gradient(y["parts"][0], s, unconnected_gradients="zero").numpy(), 0.0)
    with pytest.raises(ad.NoRuleError, match="by keyword only"):
        through(lambda x: recorded((X, X), 1.0, shift=np.sum(x))["parts"][1], X)


def test_only_what_is_recorded_is_differentiated():
    calls = []

    def f(x, names, n, w):
        calls.append(type(w))
        return x * n * w if "a" in names else x

    slope, = through(lambda x: ad.function(f)(x, {"a": 1}, 3, ad.constant(X)), X)
    assert_close(slope, 3.0 * X)
    assert calls == [np.ndarray]


def test_variables_are_arguments():
    w, recorded = ad.Variable(W), ad.function(layer)
    with ad.GradientTape() as t:
        y = np.sum(recorded(w, X))
        w.assign(0.0 * W)
    assert_close(t.gradient(y, w).numpy(), ad.grad(lambda w: np.sum(layer(w, X)))(W), 1e-12)
    around = ad.function(lambda x: np.sum(w * x))
    with pytest.raises(ad.AutodiffError, match=r"holds a tensor[\s\S]*pass tensors as arguments"):
        through(around, X)


def test_methods_and_classes():
    class Model:
        def __init__(self):
            self.scale = 3.0

        @ad.function
        def __call__(self, x):
            return self.scale * x * x

        @ad.function
        def power(self, x, n=2):
            return self.scale * x ** n

    model = Model()
    slope, = through(model, X)
    assert_close(slope, 6.0 * X)
    assert_close(through(lambda x: model.power(x, n=3), X)[0], 9.0 * X ** 2)
    assert_close(ad.grad(lambda x: np.sum(model(x) * model.power(x)))(X), 36.0 * X ** 3)
    assert_close(ad.jvp(lambda x: np.sum(model(x)), (X,), (X,))[1], np.sum(6.0 * X * X))
    assert_close(ad.vjp(model, X)[1](X)[0], 6.0 * X * X)
    assert_close(through(ad.function(functools.partial(layer, W)), X)[0], ad.grad(lambda x: np.sum(layer(W, x)))(X))


def test_functions_within_functions():
    recorded = ad.function(energy)

    def outside(x):
        return recorded(x) ** 2 + recorded(2.0 * x)

    def plain(x):
        return energy(x) ** 2 + energy(2.0 * x)

    assert_close(ad.grad(outside)(X), ad.grad(plain)(X), 1e-12)
    assert_close(ad.jvp(outside, (X,), (X,))[1], ad.jvp(plain, (X,), (X,))[1], 1e-12)
    assert_close(ad.grad(recorded)(X), ad.grad(energy)(X))
    assert_close(through(ad.function(outside), X)[0], ad.grad(plain)(X), 1e-12)
    assert_close(through(outside, X)[0], ad.grad(plain)(X), 1e-12)


def test_results_are_taken_as_they_are():
    held = np.array([1.0, 2.0, 3.0])
    kept = ad.function(lambda x: (held, x))
    x = ad.constant(X)
    with ad.GradientTape() as t:
        t.watch(x)
        first, second = kept(x)
    held[0] = 9.0
    assert first.numpy()[0] == 1.0
    assert_close(t.gradient([first, second], x).numpy(), np.ones(3))


class Result:
    def __init__(self, x):
        self.x = x


@pytest.mark.parametrize("f", [lambda x: Result(x), lambda x: {"a": {1.0, 2.0}, "b": x}, lambda x: [x, bytearray(3)]])
def test_results_that_no_tape_can_follow(f):
    with pytest.raises(ad.NoRuleError, match="no tape can follow"):
        ad.function(f)(ad.constant(X))


def test_what_cannot_be_differentiated():
    with pytest.raises(ad.AutodiffError, match="generator"):
        @ad.function
        def counted(x):
            yield x
    with pytest.raises(ad.ArgumentError, match="a function is expected"):
        ad.function(3.0)
    with pytest.raises(ad.NoRuleError, match="as_strided"):
        through(ad.function(lambda x: np.lib.stride_tricks.as_strided(x)), X)


def tape_inside(a):
    with ad.GradientTape() as t:
        t.watch(a)
        y = np.sum(a * a)
    return t.gradient(y, a)


def variable_inside(a):
    v = ad.Variable(a)
    return np.sum(v * v)


def constant_inside(a):
    return np.sum(ad.convert_to_tensor(a) * a)


@pytest.mark.parametrize("f", [tape_inside, variable_inside, constant_inside])
def test_tapes_in_a_differentiated_function_are_refused(f):
    for derivative in (lambda: ad.grad(f)(X), lambda: ad.jvp(f, (X,), (X,))):
        with pytest.raises(ad.NoRuleError, match=r"do not record inside a differentiated function[\s\S]*Fix: call ad\.grad"):
            derivative()


def test_a_tape_of_other_things_inside_a_differentiated_function():
    def f(x, y):
        with ad.GradientTape():
            z = x * x
        return z * y

    assert ad.grad(f)(2.0, 3.0) == 12.0


def test_tensors_in_closures_and_objects_are_refused():
    x = ad.constant(X)

    class Holder:
        pass

    holder = Holder()
    holder.x = x
    for f, arg in ((lambda a: np.sum(a * x), X), (lambda h: np.sum(h.x), holder)):
        with pytest.raises(ad.AutodiffError):
            ad.grad(f)(arg)


def test_constants_lose_their_history_in_structures():
    x = ad.constant(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        a, b = ad.stop_gradient([x * x, {"k": x}])
        y = a * x + b["k"]
        with pytest.raises(ad.AutodiffError, match=r"pickle\.dumps\(x\) takes"):
            pickle.dumps(y)
    assert t.gradient(y, x).numpy() == 4.0
    holder = Result(x)
    with pytest.raises(ad.ArgumentError, match="holds tensors"):
        ad.stop_gradient(holder)
