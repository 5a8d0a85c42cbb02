"""Derived functions in other processes and threads: `pickle` for importable functions, `cloudpickle` for the rest."""
import copy
import functools
import multiprocessing
import pathlib
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import autodiff_src as ad

W = np.array([0.5, -1.0, 2.0])
V = np.array([1.0, 0.5, -0.25])


def penalty(w):
    return np.sum(w ** 4) / 4.0


def cube(w):
    return w ** 3


def loss(w, rate=2.0):
    return rate * penalty(w) + np.sum(np.sin(w))


def slope(w, rate=2.0):
    return rate * w ** 3 + np.cos(w)


def of_dicts(p):
    return np.sum(p["w"] ** 2) * p["b"]


@ad.grad
def decorated(w):
    return np.sum(w ** 3)


def rebound(w):
    return np.sum(w)


def closure(power):
    def inner(w):
        return np.sum(helper(w) * w ** power)

    def helper(w):
        return 2.0 * w

    return inner


loss_gradient = ad.grad(loss)
IMPORTABLE = [
    (loss_gradient, (W,), slope(W)), (ad.grad(loss), (W, 3.0), slope(W, 3.0)), (decorated, (W,), 3.0 * W ** 2),
    (ad.value_and_grad(loss, wrt=("w", "rate")), (W, 3.0), (loss(W, 3.0), (slope(W, 3.0), penalty(W)))),
    (ad.grad(of_dicts), ({"w": W, "b": 2.0},), {"w": 4.0 * W, "b": np.sum(W * W)}),
    (ad.grad(ad.grad(cube)), (2.0,), 12.0),
    (ad.jacobian(slope), (W,), np.diag(6.0 * W ** 2 - np.sin(W))), (ad.hessian(penalty), (W,), np.diag(3.0 * W ** 2)),
    (ad.hvp(penalty), (W, V), 3.0 * W ** 2 * V)]
_RUN = """import pickle, sys
given = pickle.loads(sys.stdin.buffer.read())
sys.stdout.buffer.write(pickle.dumps([f(*args) for f, args in given]))"""


def elsewhere(data):
    """What another interpreter computes with pickled functions and their arguments."""
    folder = pathlib.Path(__file__).parent
    run = subprocess.run([sys.executable, "-c", _RUN], input=data, capture_output=True, cwd=folder, timeout=120)
    assert run.returncode == 0, run.stderr.decode()
    return pickle.loads(run.stdout)


def assert_same(found, wanted):
    if isinstance(wanted, (tuple, dict)):
        for key in wanted if isinstance(wanted, dict) else range(len(wanted)):
            assert_same(found[key], wanted[key])
    else:
        np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_pickle_of_importable_functions():
    for derived, _, _ in IMPORTABLE:
        assert pickle.loads(pickle.dumps(derived)) is derived and copy.deepcopy(derived) is derived
    found = elsewhere(pickle.dumps([(derived, args) for derived, args, _ in IMPORTABLE]))
    assert_same(tuple(found), tuple(wanted for _, _, wanted in IMPORTABLE))


def test_the_name_is_that_of_the_function():
    assert loss_gradient.__name__ == "loss" and loss_gradient.__doc__ is None


@pytest.mark.parametrize("function", [lambda w: w * w, closure(2), functools.partial(loss, rate=2.0)])
def test_pickle_refuses_what_cannot_be_imported(function):
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(ad.grad(function))


def test_pickle_refuses_a_function_that_was_replaced(monkeypatch):
    derived = ad.grad(rebound)
    monkeypatch.setattr(sys.modules[__name__], "rebound", lambda w: np.sum(w * w))
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(derived)


REST = [
    (lambda: ad.grad(closure(2)), 6.0 * W ** 2), (lambda: ad.grad(lambda w: np.sum(w * w * V)), 2.0 * W * V),
    (lambda: ad.grad(functools.partial(loss, rate=3.0)), slope(W, 3.0)), (lambda: loss_gradient, slope(W)),
    (lambda: ad.value_and_grad(closure(1)), (2.0 * np.sum(W ** 2), 4.0 * W)),
    (lambda: ad.hessian(closure(1)), 4.0 * np.eye(3)), (lambda: ad.jacobian(lambda w: w * V), np.diag(V)),
    (lambda: ad.grad(ad.grad(lambda w: np.sum(w) ** 3)), None)]


@pytest.mark.slow
@pytest.mark.parametrize("called_before", [False, True])
def test_cloudpickle_of_the_rest(called_before):
    cloudpickle = pytest.importorskip("cloudpickle", reason="cloudpickle is not installed")
    given = [(make(), (2.0,) if wanted is None else (W,)) for make, wanted in REST]
    if called_before:
        for derived, args in given:
            derived(*args)
    found = elsewhere(cloudpickle.dumps(given))
    assert_same(tuple(found), tuple(12.0 if wanted is None else wanted for _, wanted in REST))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_process_pools(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system does not start processes by {method}")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        for k, found in enumerate(pool.map(loss_gradient, [W + k for k in range(4)])):
            assert_same(found, slope(W + k))


def test_joblib():
    joblib = pytest.importorskip("joblib", reason="joblib is not installed")
    of_closure = ad.grad(closure(2))
    found = joblib.Parallel(2)(joblib.delayed(f)(W + k) for k in range(3) for f in (loss_gradient, of_closure))
    for k in range(3):
        assert_same(found[2 * k], slope(W + k))
        assert_same(found[2 * k + 1], 6.0 * (W + k) ** 2)


def test_eight_threads_give_the_numbers_of_one():
    def fresh(w, table):
        total = 0.0
        for k in range(len(table)):
            total += np.sum(np.sin(w) * table[k]) ** 2
        return total

    arguments = [(x, table) for x in (0.5, W, W.astype(np.float32), np.outer(W, W)) for table in ([1.0, 2.0], (0.5, 1.0, 3.0))]
    gradient, barrier = ad.grad(fresh), threading.Barrier(8)

    def work(shift):
        if shift is not None:
            barrier.wait()
        order = arguments[(shift or 0) % 8:] + arguments[:(shift or 0) % 8]
        found = {id(args): (gradient(*args), ad.jvp(fresh, args, (args[0], None))) for args in order}
        return [found[id(args)] for args in arguments]

    with ThreadPoolExecutor(8) as pool:
        several = list(pool.map(work, range(8)))
    for one in several:
        for found, wanted in zip(one, work(None)):
            assert_same(found, wanted)
