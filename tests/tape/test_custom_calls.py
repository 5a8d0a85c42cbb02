"""Backward steps of users' own, functions that run again in the backward pass, and checks for nan and inf."""
import gc
import random
import weakref

import numpy as np
import pytest
from checks import assert_close

import autodiff_src as ad

X = np.array([0.4, 1.1, 0.7])


@ad.custom_gradient
def log1pexp(x):
    e = np.exp(x)

    def grad(d_y):
        return d_y * (1 - 1 / (1 + e))
    return np.log(1 + e), grad


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def test_the_gradient_is_the_one_given():
    x = ad.constant(100.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = log1pexp(x)
    assert t.gradient(y, x).numpy() == 1.0
    clipped = ad.custom_gradient(lambda x: (x * 1.0, lambda d_y: np.clip(d_y, -1.0, 1.0)))
    x = ad.constant(X)
    with ad.GradientTape() as t:
        t.watch(x)
        y = clipped(x * 2.0) * np.array([0.5, 3.0, -7.0])
    assert_close(t.gradient(y, x).numpy(), [1.0, 2.0, -2.0])


def test_higher_orders_go_through_what_the_gradient_computes():
    x = ad.constant(X)
    with ad.GradientTape() as t2:
        t2.watch(x)
        with ad.GradientTape() as t1:
            t1.watch(x)
            y = log1pexp(x)
        first = t1.gradient(y, x)
    assert_close(first.numpy(), sigmoid(X))
    assert_close(t2.gradient(first, x).numpy(), sigmoid(X) * (1.0 - sigmoid(X)), 1e-12)


def test_several_arguments_and_results():
    @ad.custom_gradient
    def f(x, pair, scale=2.0):
        def grad(d_sum, d_product):
            return 10.0 * d_sum, d_product * pair[1], None, 5.0 * d_sum
        return (x + pair[0], [pair[0] * pair[1]]), grad

    x, a, b, s = (ad.constant(v) for v in (1.0, 2.0, 3.0, 4.0))
    with ad.GradientTape(persistent=True) as t:
        t.watch([x, a, b, s])
        total, (product,) = f(x, (a, b), s)
    assert t.gradient([total, product], [x, a, b, s]) == [10.0, 3.0, None, 5.0]
    assert t.gradient(product, [x, a]) == [0.0, 3.0]


def test_variables_of_custom_gradients():
    v, w = ad.Variable(2.0), ad.Variable(5.0)

    @ad.custom_gradient
    def f(x, w):
        def grad(d_y, variables):
            assert [u is v for u in variables] == [True]
            return [100.0 * d_y, d_y * x], [7.0 * d_y]
        return x * v * w, grad

    x = ad.constant(3.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = f(x, w)
    assert t.gradient(y, [x, v, w]) == [100.0, 7.0, 3.0]


def test_custom_gradients_without_a_tape():
    assert log1pexp(0.0) == np.log(2.0)
    assert_close(log1pexp(X), np.log(1 + np.exp(X)))
    assert log1pexp(ad.constant(0.0)).numpy() == np.log(2.0)


@pytest.mark.parametrize("f, message", [
    (lambda x: x, "no pair"), (lambda x: (x, 3.0), "no pair"), (lambda x: (x * 1.0, lambda d: [d, d]), "2 gradients for 1"),
    (lambda x: (x * 1.0, lambda d: np.sum(d)), r"shape \(\), the value \(3,\)"),
    (lambda x: (x * 1.0, lambda d: "text"), "tensor can be made of|shape")])
def test_gradients_that_do_not_fit(f, message):
    x = ad.constant(X)
    with pytest.raises(ad.ArgumentError, match=message), ad.GradientTape() as t:
        t.watch(x)
        t.gradient(ad.custom_gradient(f)(x), x)


def test_gradients_have_the_dtype_of_the_argument():
    x = ad.constant(np.float32(X))
    with ad.GradientTape() as t:
        t.watch(x)
        y = ad.custom_gradient(lambda x: (x * 2.0, lambda d: np.array([1.0, 2.0, 3.0])))(x)
    assert t.gradient(y, x).dtype == np.float32


@pytest.mark.parametrize("wrap", [ad.custom_gradient, ad.recompute_grad])
def test_tensors_that_come_by_other_ways_are_refused(wrap):
    x, w = ad.constant(X), ad.constant(2.0)
    pair = wrap is ad.custom_gradient
    around = wrap(lambda x: (x * w, lambda d: d) if pair else x * w)
    named = wrap(lambda x, w: (x * w, lambda d: d) if pair else x * w)
    inside = wrap(lambda x: (x * w.numpy(), lambda d: d) if pair else x * ad.stop_gradient(w))
    with ad.GradientTape() as t:
        t.watch([x, w])
        with pytest.raises(ad.NoRuleError, match="none of its arguments\nFix: pass it as an argument"):
            around(x)
        with pytest.raises(ad.NoRuleError, match="by keyword"):
            named(x, w=w)
        y = inside(x)
    assert t.gradient(y, x) is not None


def test_custom_gradients_are_not_derived():
    with pytest.raises(ad.AutodiffError):
        ad.grad(lambda x: log1pexp(x) * 2.0)(1.0)
    with pytest.raises(ad.AutodiffError):
        ad.jvp(lambda x: log1pexp(x) * 2.0, (1.0,), (1.0,))
    with pytest.raises(ad.AutodiffError):
        ad.grad(log1pexp)(1.0)


def block(x, w, n=2):
    for _ in range(n):
        x = np.tanh(x * w) + np.sin(x)
    return x, np.sum(x)


def test_what_runs_again_keeps_its_arguments_only():
    x, w, u = ad.constant(X), ad.constant(2.0 * X), ad.Variable(0.5)
    results = []
    for f in (block, ad.recompute_grad(block)):
        with ad.GradientTape(persistent=True) as t:
            t.watch([x, w])
            y, total = f(x * u, w, n=3)
            z = y * total
        results.append([d.numpy() for d in t.gradient(z, [x, w, u])])
        count = len(t.records)
    assert count == 3
    assert_close(results[1], results[0], 1e-12)


def test_memory_of_what_runs_again():
    seen = []

    @ad.recompute_grad
    def f(x):
        y = np.sin(x)
        seen.append(weakref.ref(y))
        return y * y

    x = ad.constant(X)
    gc.disable()
    try:
        with ad.GradientTape() as t:
            t.watch(x)
            y = f(x)
            assert seen[0]() is None
        assert_close(t.gradient(y, x).numpy(), np.sin(2.0 * X))
    finally:
        gc.enable()
    assert len(seen) == 2


def test_variables_and_draws_of_what_runs_again():
    v, fixed = ad.Variable(2.0), ad.Variable(3.0, trainable=False)

    @ad.recompute_grad
    def f(x):
        return x * v * fixed * np.random.random(3) * random.random()

    x = ad.constant(X)
    with ad.GradientTape() as t:
        t.watch([x, fixed])
        y = f(x)
    after = np.random.get_state()[2], random.getstate()
    d_x, d_v, d_fixed = t.gradient(y, [x, v, fixed])
    assert (np.random.get_state()[2], random.getstate()) == after
    assert_close(d_x.numpy(), y.numpy() / X)
    assert_close([d_v.numpy(), d_fixed.numpy()], [y.numpy().sum() / 2.0, y.numpy().sum() / 3.0])


def test_higher_orders_of_what_runs_again():
    def cube(x, w):
        return np.sum(w * x ** 3)

    x, w = ad.constant(X), ad.constant(2.0)
    with ad.GradientTape(persistent=True) as t2:
        t2.watch([x, w])
        with ad.GradientTape() as t1:
            t1.watch(x)
            y = ad.recompute_grad(cube)(x, w)
        first = t1.gradient(y, x)
    assert_close(t2.gradient(first, x).numpy(), 12.0 * X)
    assert_close(t2.gradient(first, w).numpy(), np.sum(3.0 * X ** 2))
    assert_close(t2.gradient(y, w).numpy(), np.sum(X ** 3))


def test_another_value_in_the_second_run_is_noticed():
    state, v = [1.0], ad.Variable(1.0)
    for f, change in ((lambda x: x * state[0], lambda: state.append(state.pop() + 1.0)),
                      (lambda x: x * v, lambda: v.assign_add(1.0))):
        x = ad.constant(X)
        with ad.GradientTape() as t:
            t.watch(x)
            y = ad.recompute_grad(f)(x)
        change()
        with pytest.raises(ad.AutodiffError, match="gave another value when it ran once more"):
            t.gradient(y, x)


def test_what_runs_again_in_derived_functions():
    again = ad.recompute_grad(lambda x: np.sum(np.sin(x) * x))
    assert_close(ad.grad(again)(X), np.sin(X) + X * np.cos(X))
    assert_close(ad.grad(lambda x: again(x) ** 2)(X), 2.0 * np.sum(np.sin(X) * X) * (np.sin(X) + X * np.cos(X)))
    assert again(X) == np.sum(np.sin(X) * X)


def test_check_numerics():
    x = ad.constant(X)
    with ad.GradientTape() as t:
        t.watch(x)
        y = ad.check_numerics(np.log(x), "log x")
        assert ad.check_numerics(x) is x
        with pytest.raises(ad.AutodiffError, match="log of zero: inf in 3 of 3 elements"), np.errstate(all="ignore"):
            ad.check_numerics(np.log(x * 0.0), "log of zero")
        with pytest.raises(ad.AutodiffError, match="a value: nan in 1 of 1"):
            ad.check_numerics(float("nan"))
    assert_close(t.gradient(y, x).numpy(), 1.0 / X)
    assert ad.check_numerics(3) == 3 and ad.check_numerics(X) is X

    def f(x):
        y = np.log(x)
        ad.check_numerics(y, "log")
        return np.sum(ad.check_numerics(y * x))

    assert_close(ad.grad(f)(X), np.log(X) + 1.0)
    assert_close(ad.jvp(f, (X,), (X,))[1], np.sum(X * (np.log(X) + 1.0)))
    assert_close(ad.hessian(f)(X), np.diag(1.0 / X))
    with pytest.raises(ad.AutodiffError, match="log: inf"), np.errstate(all="ignore"):
        ad.grad(f)(np.array([0.0, 1.0]))
