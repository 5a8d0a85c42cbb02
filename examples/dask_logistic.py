"""Logistic regression on an array that is larger than the memory of all workers, each a process with a limit of its own.

The gradient of plain NumPy code on Dask arrays is a lazy array of many chunks: no worker ever holds more than a few of them.
"""
import sys
import time

import numpy as np

import autodiff_src as ad

FEATURES, CHUNK = 100, 40_000  # a chunk of rows: 32 MB
MEMORY = 300 * 2 ** 20  # of one worker


def loss(w, x, y):
    z = x @ w
    return np.mean(np.logaddexp(0.0, z) - y * z) + 0.001 * np.sum(w * w)


value_and_gradient = ad.value_and_grad(loss)


def data(chunks):
    """Rows with labels that depend on the first two columns, made when they are asked for."""
    import dask.array as da

    x = da.random.default_rng(0).random((chunks * CHUNK, FEATURES), chunks=(CHUNK, FEATURES)) - 0.5
    return x, (x[:, 0] - x[:, 1] > 0.0).astype(float)


def in_numpy(w, x, y):
    """The value and the gradient from one chunk after the other, in this process."""
    import dask

    parts = []
    for k in range(x.numblocks[0]):
        rows, labels = dask.compute(x.blocks[k], y.blocks[k], scheduler="synchronous")
        parts.append(value_and_gradient(w, rows, labels))
    return np.mean([value for value, _ in parts]), np.mean([gradient for _, gradient in parts], axis=0)


def step(w, x, y, rate=20.0):
    """The weights after a step of gradient descent, and the loss before it."""
    import dask

    value, gradient = dask.compute(*value_and_gradient(w, x, y))
    return w - rate * gradient, value


def workers(count):
    """A client of worker processes on this machine, as a context."""
    from distributed import Client

    return Client(n_workers=count, threads_per_worker=1, memory_limit=MEMORY, processes=True, dashboard_address=None)


def main(chunks=25, steps=3):
    x, y = data(chunks)
    print(f"{x.nbytes / 2 ** 20:.0f} MiB in {chunks} chunks; {MEMORY / 2 ** 20:.0f} MiB for each worker")
    for count in (1, 2):
        w = np.zeros(FEATURES)
        with workers(count):
            step(w, x[:CHUNK], y[:CHUNK])  # workers import their modules
            start = time.perf_counter()
            for _ in range(steps):
                w, value = step(w, x, y)
            seconds = (time.perf_counter() - start) / steps
        print(f"{count} workers: {seconds:.2f} s a step, loss {value:.4f}")
    return w


def missing():
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        return f"dask.distributed is not installed: pip install autodiff_src[dask] ({error})"
    return ""


def test_an_array_larger_than_the_memory_of_two_workers():
    import pytest

    if missing():
        pytest.skip(missing())
    x, y = data(25)
    assert x.nbytes > 2 * MEMORY
    w = np.linspace(-1.0, 1.0, FEATURES)
    with workers(2) as client:
        value, gradient = client.compute(value_and_gradient(w, x, y), sync=True)
    expected = in_numpy(w, x, y)
    np.testing.assert_allclose(value, expected[0], rtol=1e-12)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-9, atol=1e-15)


if __name__ == "__main__":
    sys.exit(missing()) if missing() else main()
