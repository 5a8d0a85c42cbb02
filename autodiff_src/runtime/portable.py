"""What texts for arrays of other libraries call: the functions of `adjoints` and `results` of the same names, made of
functions of the arrays' own namespace. Errors are the same."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError
from autodiff_src.runtime import (
    adjoints,
    contraction,
    decompositions,
    fourier,
    norms,
    portable_indexing,
    portable_products,
    products,
    results,
    strong_zeros,
    tangents,
    values,
)
from autodiff_src.runtime.libraries import library_of


def namespace_of(*values: Any) -> Any:
    """The namespace of the first array that is of another library; NumPy without one."""
    return next((library.namespace for library in map(library_of, values) if library is not None), np)


def shape_of(x: Any) -> tuple[int, ...]:
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def unbroadcast(e: Any, x: Any) -> Any:
    """`e` summed down or broadcast up to the shape of `x`, in its dtype; of a list, a tuple or a dict, item by item."""
    if e is None:
        return 0.0
    if isinstance(x, (list, tuple)):
        return [None if part is None else unbroadcast(part, item) for part, item in adjoints.paired(e, x)]
    if isinstance(x, dict):
        return {key: None if e[key] is None else unbroadcast(e[key], item) for key, item in x.items()}
    if library_of(e) is None and library_of(x) is None:
        return adjoints.unbroadcast(e, x)
    return _cast(_unbroadcast_to(e, shape_of(x), namespace_of(e, x), x), x)


def _unbroadcast_to(e: Any, shape: tuple[int, ...], xp: Any, x: Any) -> Any:
    have = shape_of(e)
    if have == shape:
        return e
    if not have:
        return xp.zeros_like(x) + e
    if len(have) > len(shape):
        e = xp.sum(e, axis=tuple(range(len(have) - len(shape))))
        have = shape_of(e)
    lead = len(shape) - len(have)
    narrow = tuple(i for i, n in enumerate(have) if n != 1 and shape[lead + i] == 1)
    if narrow:
        e = xp.sum(e, axis=narrow, keepdims=True)
    return e if shape_of(e) == shape else xp.broadcast_to(e, shape)


def _cast(e: Any, x: Any) -> Any:
    if not hasattr(x, "dtype") or not hasattr(e, "dtype") or e.dtype == x.dtype:
        return e
    if "complex" in str(e.dtype) and "complex" not in str(x.dtype):
        e = namespace_of(e).real(e)
    return e.astype(x.dtype) if hasattr(e, "astype") else namespace_of(e).astype(e, x.dtype)


def add(a: Any, b: Any) -> Any:
    """The sum of two adjoint structures, made anew."""
    return a + b if library_of(a) is not None or library_of(b) is not None else adjoints.add(a, b)


def accumulated(d_x: Any, e: Any, x: Any) -> Any:
    """The adjoint `d_x` of `x`, or None for none yet, with the contribution `e` added."""
    return unbroadcast(e, x) if d_x is None else add(d_x, unbroadcast(e, x))


def strong_zero(product: Any, factor: Any) -> Any:
    """`product`, of `factor` and a slope; 0 where `factor` is 0 and the product nan. No value is waited for."""
    xp = namespace_of(product, factor)
    return xp.where((factor == 0) & xp.isnan(product), xp.zeros_like(product), product)


def pieces(e: Any, arrays: Any, axis: int) -> list[Any]:
    """`e` cut along `axis` into pieces as long as `arrays` are."""
    found, start, axis = [], 0, axis % len(shape_of(e))
    for array in arrays:
        stop = start + shape_of(array)[axis]
        found.append(e[(slice(None),) * axis + (slice(start, stop), ...)])
        start = stop
    return found


def unstacked(e: Any, axis: int) -> list[Any]:
    """The parts of `e` along `axis`."""
    axis %= len(shape_of(e))
    return [e[(slice(None),) * axis + (i, ...)] for i in range(shape_of(e)[axis])]


def check_scalar(result: Any, function: str) -> None:
    """Raises ArgumentError unless `result` is a number or an array of size 1."""
    if math.prod(shape_of(result)) != 1:
        raise ArgumentError(f"{function} returns an array of shape {shape_of(result)}, not a number",
                            fix="sum it up, or use ad.vjp")


def ones_like(result: Any) -> Any:
    """The seed of a result of any kind of number."""
    return namespace_of(result).ones_like(result) if library_of(result) is not None else 1.0


def seed_with_aux(result: Any) -> list[Any]:
    """The seed of a pair (value, aux) of which only the value is differentiated."""
    return [ones_like(result[0]), adjoints.zeros_like(result[1])]


# By a function that takes NumPy's arrays: the one that takes any.
PORTABLE: dict[Any, Callable[..., Any]] = {
    adjoints.unbroadcast: unbroadcast, adjoints.accumulated: accumulated, adjoints.add: add, adjoints.pieces: pieces,
    adjoints.unstacked: unstacked, strong_zeros.strong_zero: strong_zero,
    results.check_scalar: check_scalar, results.ones_like: ones_like, results.seed_with_aux: seed_with_aux,
    **{getattr(adjoints, name): getattr(portable_indexing, name) for name in (
        "placed", "placed_along_axis", "along", "untiled", "unrepeated", "undiffed", "diagonal_adjoint")},
    **{getattr(products, name): getattr(portable_products, name) for name in (
        "of_others", "cumprod_adjoint", "cumprod_tangent", "cofactors")},
    decompositions.divided: portable_indexing.divided, decompositions.turned: portable_indexing.turned,
    fourier.fitted: portable_indexing.fitted,
    **{f: f for f in (
        adjoints.zeros_like, adjoints.inverse_order, results.gradient_like, values.kept, tangents.zero_tangent,
        contraction.tensordot_adjoint, norms.is_euclidean, norms.slope, norms.vector_slope, fourier.changed,
        fourier.last_axis)}}
OF_NUMPY = {portable: function for function, portable in PORTABLE.items()}
