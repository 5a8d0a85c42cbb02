"""Array libraries beside NumPy: whose array a value is, and what their functions are called in NumPy's terms.

Nothing here imports a library: an array that is met has done so.
"""
from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.runtime.objects import module_of


@dataclass(frozen=True)
class Library:
    """One array library. `classes`: its arrays, with the packages that define them; `namespaces`: modules of its functions.

    `standard`: the namespace names functions as the array API standard does, elsewhere as NumPy does. `dispatches`: NumPy's
    own functions give its arrays. `changes`: operators such as `+=` change its arrays in place. `stores`: elements can be
    stored. `lazy`: values are not there until they are asked for. `size_is_method`: `x.size()` it is, not `x.size`.
    """
    name: str
    classes: tuple[tuple[str, str], ...]
    namespaces: tuple[str, ...]
    standard: bool = False
    dispatches: bool = False
    changes: bool = False
    stores: bool = True
    lazy: bool = False
    size_is_method: bool = False

    @property
    def namespace(self) -> ModuleType:
        """The module that generated text calls, where the user's code names no other. Raises ArgumentError without it."""
        try:
            return importlib.import_module(self.namespaces[0])
        except ImportError:
            package = self.namespaces[0].partition(".")[0].replace("_", "-")
            raise ArgumentError(f"arrays of {self.name} are differentiated with {package}, which is not installed",
                                fix=f"pip install {package}") from None

    @property
    def compat(self) -> ModuleType | None:
        """The namespace that array-api-compat has for the library, if any."""
        found = [n for n in self.namespaces if n.startswith("array_api_compat.")]
        return importlib.import_module(found[0]) if found else None


STRICT = Library("array_api_strict", (("array_api_strict", "Array"),), ("array_api_strict",), standard=True, changes=True)
TORCH = Library("PyTorch", (("torch", "Tensor"), ("torch", "Parameter")), ("array_api_compat.torch",), standard=True,
                changes=True, size_is_method=True)
JAX = Library("JAX", (("jax", "ArrayImpl"), ("jaxlib", "ArrayImpl"), ("jax", "DynamicJaxprTracer")), ("jax.numpy",),
              stores=False)
DASK = Library("Dask", (("dask", "Array"),), ("dask.array", "array_api_compat.dask.array"), dispatches=True, lazy=True)
CUPY = Library("CuPy", (("cupy", "ndarray"),), ("cupy", "array_api_compat.cupy"), dispatches=True, changes=True)
LIBRARIES = (STRICT, TORCH, JAX, DASK, CUPY)
_PLAIN_NAMESPACES = ("numpy", "array_api_compat.numpy")


@lru_cache(maxsize=256)
def _library_of_class(cls: type) -> Library | None:
    package = module_of(cls).partition(".")[0]
    return next((library for library in LIBRARIES if (package, cls.__name__) in library.classes), None)


def library_of(value: Any) -> Library | None:
    """The library whose array the value is; None for NumPy's and for anything else."""
    cls: Any = type(value)
    return _library_of_class(cls)


def dtype_of(value: Any) -> np.dtype:
    """NumPy's dtype for that of an array. Raises ArgumentError for one that NumPy does not have."""
    if isinstance(value.dtype, np.dtype):
        return value.dtype
    name = str(value.dtype).rpartition(".")[2]
    try:
        return np.dtype(name)
    except TypeError:
        raise ArgumentError(f"arrays of {name} are not differentiated", fix="convert them to float32 or float64") from None


def like(x: Any, value: Any) -> Any:
    """A new array like `x`, with the elements of `value`: an array or a number that broadcasts to its shape."""
    return (library_of(x) or library_of(value) or DASK).namespace.zeros_like(x) + value


def check_alike(given: Any, x: Any, title: str) -> None:
    """Raises ArgumentError unless `given` is an array of the library, the shape and the dtype of `x`."""
    library = library_of(x)
    if library_of(given) is not library or tuple(given.shape) != tuple(x.shape) or given.dtype != x.dtype:
        has = f"is an array of shape {tuple(given.shape)} and {given.dtype}" if hasattr(given, "dtype") else (
            f"is a {type(given).__name__}")
        raise ArgumentError(f"{title} {has}, not an array of {library.name} of shape {tuple(x.shape)} and {x.dtype}",  # type: ignore
                            fix="give it the library, the shape and the dtype of what it belongs to")


def check_there(x: Any) -> None:
    """Raises UnsupportedError for an array whose value would have to be asked for: as the derivative of a Python number."""
    library = None if type(x) is float else library_of(x)
    if library is not None and library.lazy:
        raise UnsupportedError(f"the derivative of a Python number is an array of {library.name}, which has no value yet",
                               fix="pass the number as an array of its own")


def own(x: Any) -> Any:
    """The array itself where it never changes, else a copy."""
    library = library_of(x)
    assert library is not None
    if not library.stores:
        return x
    return x.copy() if hasattr(x, "copy") else library.namespace.asarray(x, copy=True)


class _NumpyNames:
    """A namespace of the array API standard by NumPy's names."""
    _IN_STANDARD = {"concatenate": "concat", "transpose": "permute_dims", "cumprod": "cumulative_prod"}

    def __init__(self, namespace: ModuleType):
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        return getattr(self._namespace, self._IN_STANDARD.get(name, name))


def by_numpy_names(*values: Any) -> Any:
    """The namespace of the first array that is of another library, with NumPy's names; NumPy without one."""
    library = next((found for found in map(library_of, values) if found is not None), None)
    if library is None:
        return np
    return _NumpyNames(library.namespace) if library.standard else library.namespace


def as_array(x: Any) -> Any:
    """An array of another library as it is, and what else there is as NumPy's."""
    return np.asarray(x) if library_of(x) is None else x


def library_of_namespace(module: ModuleType) -> Library | None:
    return next((library for library in LIBRARIES if _within(module, library.namespaces)), None)


def numpy_module(module: ModuleType) -> ModuleType | None:
    """NumPy's module that has the functions of a library's namespace, or of a part of one; None for other modules."""
    for namespace in (*(n for library in LIBRARIES for n in library.namespaces), *_PLAIN_NAMESPACES):
        if module.__name__ == namespace:
            return np
        part = module.__name__.removeprefix(f"{namespace}.")
        if part in ("linalg", "fft"):
            return getattr(np, part)
    return None


def _within(module: ModuleType, namespaces: tuple[str, ...]) -> bool:
    return any(module.__name__ == n or module.__name__.startswith(f"{n}.") for n in namespaces)


def leaves(value: Any) -> Iterator[Any]:
    """The arrays of other libraries in a structure of lists, tuples and dicts."""
    if isinstance(value, (list, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    elif library_of(value) is not None:
        yield value


def refuse(title: str, *values: Any) -> None:
    """Raises ArgumentError where there is an array of another library in the values, which `title` does not take."""
    for array in leaves(values):
        raise ArgumentError(f"{title} of arrays of {library_of(array).name}",  # type: ignore[union-attr]
                            fix="use ad.grad, ad.vjp or ad.jvp, or convert the arrays to NumPy's")
