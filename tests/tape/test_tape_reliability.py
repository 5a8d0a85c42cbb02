"""Tapes and derived functions in many threads, in processes, and many times over."""
import contextvars
import gc
import pickle
import threading
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from checks import assert_close

import autodiff_src as ad

# 250 of these are the 100,000 gradients and 100,000 calls of a long run.
ROUNDS = 400
X = np.linspace(0.1, 1.2, 6)


def energy(x):
    total = 0.0
    for k in range(len(x)):
        total += np.sin(x[k]) * x[k - 1] ** 2
    return total


@ad.function
def recorded_energy(x):
    total = 0.0
    for k in range(len(x)):
        total += np.sin(x[k]) * x[k - 1] ** 2
    return total


scale = ad.Variable(1.5)
gradient, value_and_gradient, hessian = ad.grad(energy), ad.value_and_grad(recorded_energy), ad.hessian(energy)


def by_tape(n):
    """A gradient, a second derivative and a Jacobian of a recording that depends on `n`."""
    x = ad.constant(X * (1.0 + 0.1 * n))
    with ad.GradientTape(persistent=True) as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = np.sum(np.tanh(x * scale) ** 2 * np.roll(x, 1)) + recorded_energy(x)
        slope = inner.gradient(y, x)
        curved = np.sum(slope * slope)
    return [slope.numpy(), outer.gradient(curved, x).numpy(), outer.jacobian(slope, x).numpy(),
            outer.gradient(curved, scale).numpy()]


def one_gradient(n):
    with ad.GradientTape() as t:
        y = recorded_energy(scale * X) + np.sum(np.tanh(scale * X + n) ** 2)
    return t.gradient(y, scale)


def by_derived(n):
    x = X * (1.0 + 0.1 * n)
    return [gradient(x), *ad.vjp(energy, x)[1](2.0), ad.jvp(energy, (x,), (X,))[1], hessian(x), value_and_gradient(x)[1]]


def both(n):
    return by_tape(n) + by_derived(n)


def test_eight_threads_give_what_one_gives():
    wanted, barrier = [both(n) for n in range(8)], threading.Barrier(8)

    def work(n):
        barrier.wait()
        return [both((n + k) % 8) for k in range(8)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    for n, results in enumerate(found):
        for k, result in enumerate(results):
            assert_close(result, wanted[(n + k) % 8], 1e-14, 1e-14)


def test_threads_that_derive_at_the_same_time():
    barrier = threading.Barrier(8)

    def fresh(x):
        return np.sum(np.cos(x) * x)

    derived, recorded = ad.grad(fresh), ad.function(fresh)

    def work(n):
        x = ad.constant(X)
        barrier.wait()
        with ad.GradientTape() as t:
            t.watch(x)
            y = recorded(x)
        return t.gradient(y, x).numpy(), derived(X)

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(work, range(8)):
            assert_close(list(found), [np.cos(X) - X * np.sin(X)] * 2, 1e-13)


def test_tapes_are_those_of_their_context():
    x = ad.constant(X)
    with ad.GradientTape() as t:
        t.watch(x)
        outside = contextvars.Context().run(lambda: float(np.sum(x)))
        inside = contextvars.copy_context().run(lambda: x * x)
        with ThreadPoolExecutor(1) as pool:
            elsewhere = pool.submit(lambda: float(np.sum(x))).result()
    assert outside == elsewhere == pytest.approx(X.sum())
    assert_close(t.gradient(inside, x).numpy(), 2.0 * X)


def test_processes():
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(by_tape, range(3)))
    assert_close(found, [by_tape(n) for n in range(3)], 1e-13, 1e-13)
    assert pickle.loads(pickle.dumps(recorded_energy))(X) == energy(X)


@pytest.mark.slow
@pytest.mark.parametrize("run", [one_gradient, lambda n: gradient(X + n), lambda n: ad.vjp(energy, X + n)[1](2.0)])
def test_memory_stays_flat(run):
    def held(rounds):
        for n in range(rounds):
            run(n % 7)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    run(0)
    tracemalloc.start()
    try:
        held(ROUNDS // 10)
        before = held(ROUNDS // 10)
        after = held(ROUNDS)
    finally:
        tracemalloc.stop()
    assert after - before < 20_000


@pytest.mark.parametrize("wrong", ["text", [[1.0], [1.0, 2.0]], np.ones((2, 1)), np.ones(3), 1j * np.ones((2, 2)), object()])
def test_weights_that_do_not_fit(wrong):
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * x
    with pytest.raises(ad.ArgumentError):
        t.gradient(y, x, output_gradients=wrong)
    with pytest.raises(ad.ArgumentError, match="2 output_gradients for 1 targets"):
        t.gradient(y, x, output_gradients=[np.ones(2), np.ones(2)])


def test_nan_goes_through():
    x = ad.constant([1.0, np.nan])
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.sum(x * x)
    assert_close(t.gradient(y, x).numpy(), [2.0, np.nan])


def test_deleted_tapes():
    x = ad.constant(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        del t
        y = x * x
        with pytest.raises(ad.AutodiffError, match="recording"):
            float(y)
    assert float(y) == 4.0
    t = ad.GradientTape()
    t.__enter__()
    t.watch(x)
    y = x * x
    t.__exit__(None, None, None)
    del t
    with ad.GradientTape() as other:
        other.watch(x)
    assert other.gradient(y, x) is None
