"""Derivatives of NumPy's functions on Dask arrays are lazy, in chunks like the arrays, and equal NumPy's."""
import functools

import numpy as np
import pytest
from arrays.libraries import assert_close

import autodiff_src as ad

dask = pytest.importorskip("dask", reason="Dask is not installed: pip install autodiff_src[dask]")
da = pytest.importorskip("dask.array", reason="Dask's arrays are not installed: pip install autodiff_src[dask]")

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(12, 3))
Y = (X[:, 0] > 0.0).astype(float)
W = np.array([0.1, -0.3, 0.2])


def logistic(w, x, y):
    z = x @ w
    return np.mean(np.logaddexp(0.0, z) - y * z) + 0.5 * np.sum(w * w)


def logistic_by_dot(w, x, y):
    p = 1.0 / (1.0 + np.exp(-x.dot(w)))
    return -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))


def logistic_of_dask(w, x, y):
    p = 1.0 / (1.0 + da.exp(-da.dot(x, w)))
    return -(y * da.log(p) + (1.0 - y) * da.log(1.0 - p)).mean()


def layers(p, x, y):
    h = np.maximum(np.tanh(x @ p["w"] + p["b"]), 0.1)
    return np.sum((h @ p["v"] - y) ** 2) / len(y)


def reductions(x):
    centred = (x - x.mean(axis=0)) / np.sqrt(np.sum(x ** 2, axis=0))
    return np.sum(centred.T @ centred) + np.max(x) + np.sum(x[1:] * x[:-1]) + np.sum(np.where(x > 0.0, x, 0.1 * x))


def accumulated(x):
    total = 0.0
    for k in range(3):
        total += np.sum(x ** (k + 1))
    return total


def in_chunks(x):
    return da.from_array(x, chunks=(4, *x.shape[1:])) if x.ndim else da.from_array(x)


@pytest.fixture
def never():
    """No value is asked for."""
    def get(*args, **kwargs):
        raise AssertionError("a value was computed")
    with dask.config.set(scheduler=get):
        yield


P = {"w": RANDOM.normal(size=(3, 4)), "b": np.zeros(4), "v": RANDOM.normal(size=4)}
PROGRAMS = [(logistic, (W, X, Y)), (logistic_by_dot, (W, X, Y)), (layers, (P, X, Y)), (reductions, (X,)), (accumulated, (X,))]


@pytest.mark.parametrize("f, args", PROGRAMS, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.parametrize("chunked", [slice(None), pytest.param(slice(1, None), marks=pytest.mark.slow)], ids=["all", "data"])
def test_lazy_and_equal(f, args, chunked, never):
    given = list(args)
    if len(args) > 1 or chunked == slice(None):
        given[chunked] = [x if isinstance(x, dict) else in_chunks(x) for x in args[chunked]]
    if all(isinstance(x, (dict, np.ndarray)) for x in given):
        pytest.skip("all arrays are NumPy's in this case")
    value, gradient = ad.value_and_grad(f)(*given)
    y, pullback = ad.vjp(f, *given)
    product = ad.jvp(f, given, given)
    with dask.config.set(scheduler="synchronous"):
        found = dask.compute(value, gradient, pullback(1.0), product)
    wanted = ad.value_and_grad(f)(*args)
    assert_close(found[:2], wanted)
    assert_close(found[2], ad.vjp(f, *args)[1](1.0))
    assert_close(found[3], ad.jvp(f, args, args))


def test_the_gradient_has_the_chunks_of_the_array(never):
    x = in_chunks(X)
    _, gradient = ad.value_and_grad(logistic, wrt=("w", "x"))(W, x, in_chunks(Y))
    assert gradient[1].chunks == x.chunks


@pytest.mark.parametrize("f", [logistic, logistic_by_dot])
def test_the_text_is_numpys(f, never):
    text = ad.source(ad.grad(f), W, in_chunks(X), in_chunks(Y))
    assert "import numpy as np" in text and "np.copy" not in text and ".at(" not in text and "float(" not in text


def test_the_text_names_the_namespace_of_dask(never):
    text = ad.source(ad.grad(logistic_of_dask), W, in_chunks(X), in_chunks(Y))
    assert "da.exp" in text and "np." not in text
    with dask.config.set(scheduler="synchronous"):
        found = ad.grad(logistic_of_dask)(W, in_chunks(X), in_chunks(Y)).compute()
    assert_close(found, ad.grad(logistic_by_dot)(W, X, Y))


def test_a_dask_array_outside(never):
    x, y = in_chunks(X), in_chunks(Y)
    gradient = ad.grad(lambda w: logistic(w, x, y))(W)
    with dask.config.set(scheduler="synchronous"):
        assert_close(gradient.compute(), ad.grad(logistic)(W, X, Y))


def branched(x):
    return np.sum(x) if np.sum(x) > 0.0 else np.sum(x * x)


def as_number(x):
    return float(np.sum(x)) * 2.0


def computed(x):
    return np.sum(x).compute()


def sorted_along(x):
    return np.sum(np.sort(x, axis=0))


def largest_of_python(x):
    return max(np.sum(x), 0.0)


def stored(x):
    y = x * 2.0
    y[0] = 1.0
    return np.sum(y)


def by_integers(x):
    return np.sum(x[np.array([0, 0, 2])] ** 2)


def updated_under_two_names(x, w):
    v = w * 2.0
    u = v
    v += 1.0
    return np.sum(x * v) + np.sum(x * u)


@pytest.mark.parametrize("f, args, reason", [
    (branched, (X,), "asks for the value of an array of Dask"), (as_number, (X,), "float makes a Python number"),
    (computed, (X,), r"\.compute"), (sorted_along, (X,), "Dask"), (largest_of_python, (X,), "Dask"),
    (stored, (X,), "are stored"), (by_integers, (X,), "Dask"),
    (updated_under_two_names, (X, W), "may be seen under another name")])
def test_refused(f, args, reason, never):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f)(in_chunks(args[0]), *args[1:])


def test_a_number_among_the_arguments(never):
    with pytest.raises(ad.AutodiffError, match="float of an array of Dask"):
        ad.grad(lambda x, rate: np.sum(x) * rate, wrt=1)(in_chunks(X), 2.0)
    with pytest.raises(ad.AutodiffError, match="the derivative of a Python number"):
        ad.grad(lambda x, rates: np.sum(x) * rates[0], wrt=1)(in_chunks(X), [2.0, 3.0])


def test_unknown_shapes(never):
    x = in_chunks(X)
    with pytest.raises(ad.ArgumentError, match="whose shape is not known"):
        ad.grad(lambda x: np.sum(x))(x[x[:, 0] > 0.0])


def rows_loss(w, rows):
    return np.sum((rows @ w) ** 2)


@pytest.mark.slow
def test_derived_functions_go_to_workers():
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install autodiff_src[dask]")
    scale = 2.0
    of_closure = ad.grad(lambda w, rows: scale * rows_loss(w, rows))
    parts = np.split(X, 3)
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as client:
        sums = [client.gather(client.map(functools.partial(gradient, W), parts))
                for gradient in (ad.grad(rows_loss), of_closure)]
    wanted = 2.0 * X.T @ (X @ W)
    assert_close(sum(sums[0]), wanted)
    assert_close(sum(sums[1]), scale * wanted)
