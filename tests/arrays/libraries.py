"""The array libraries that the tests run on: how NumPy's arrays become theirs and how theirs become NumPy's."""
import importlib
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np


@dataclass(frozen=True)
class Tested:
    """One library; `make` gives its array for one of NumPy's."""
    title: str
    module: str
    make: Callable[[np.ndarray], Any]

    @property
    def missing(self) -> str:
        """Why it is not tested here; empty where it is."""
        try:
            importlib.import_module(self.module)
        except ImportError as error:
            return f"{self.title} is not installed: {error}"
        return ""


def _strict(x):
    import array_api_strict
    return array_api_strict.asarray(x)


def _torch(x):
    import torch
    return torch.asarray(x.copy())


def _jax(x):
    import jax
    jax.config.update("jax_enable_x64", True)
    return jax.numpy.asarray(x)


def _dask(x):
    import dask.array
    return dask.array.from_array(x, chunks=2)


STRICT = Tested("array-api-strict", "array_api_strict", _strict)
TORCH = Tested("PyTorch", "torch", _torch)
JAX = Tested("JAX", "jax", _jax)
DASK = Tested("Dask", "dask.array", _dask)
LIBRARIES = (STRICT, TORCH, JAX, DASK)


def mapped(change, x):
    """`x` with each array, in lists, tuples and dicts, changed."""
    if isinstance(x, (list, tuple)):
        return type(x)(mapped(change, item) for item in x)
    if isinstance(x, dict):
        return {key: mapped(change, item) for key, item in x.items()}
    return change(x)


def made(library, x):
    return mapped(lambda a: library.make(a) if isinstance(a, np.ndarray) else a, x)


def to_numpy(x):
    """The values of arrays of a library; raises where there is one of NumPy's, or a number, in place of one."""
    def change(a):
        if isinstance(a, (np.ndarray, np.generic, float)):
            raise AssertionError(f"{type(a).__name__} where an array of the library belongs")
        return np.asarray(a)
    return mapped(change, x)


def assert_close(found, wanted, rtol=1e-10):
    if isinstance(wanted, (list, tuple)):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted):
            assert_close(one, other, rtol)
    elif isinstance(wanted, dict):
        assert found.keys() == wanted.keys()
        for key in wanted:
            assert_close(found[key], wanted[key], rtol)
    else:
        assert np.shape(found) == np.shape(wanted)
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-12)
