"""First and second derivatives of norms.

Where a norm has a corner, one of its slopes is given: 0 for `abs` at 0, the mean of those that lead to equal largest parts.
First derivatives are of NumPy's arrays and of those of other libraries.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.runtime.libraries import as_array, by_numpy_names


def is_euclidean(x: Any, ord: Any, axis: Any) -> bool:
    """Whether `np.linalg.norm(x, ord, axis)` is a root of a sum of squares."""
    return ord is None or (ord == 2 if _is_of_vectors(x, axis) else ord == "fro" or ord == "f")


def slope(x: Any, ord: Any, axis: Any) -> Any:
    """The derivative of `np.linalg.norm(x, ord, axis)`, in the shape of `x`."""
    x = as_array(x)
    if is_euclidean(x, ord, axis) or _is_of_vectors(x, axis):
        return vector_slope(x, ord if _is_of_vectors(x, axis) and ord is not None else 2, axis)
    if ord != "nuc" and abs(ord) in (1, np.inf):
        return by_numpy_names(x).sign(x) * _picked_sums(x, ord, axis)
    return _from_last(_slope_by_singular_values(_to_last(x, axis), ord), axis)


def curvature(e: Any, x: Any, ord: Any, axis: Any) -> Any:
    """The derivative of `slope(x, ord, axis)` along `e`; second derivatives being symmetric, also the adjoint of `x` there
    for the adjoint `e` of the result."""
    x, e = np.asarray(x), np.broadcast_to(e, np.shape(x))
    if is_euclidean(x, ord, axis) or _is_of_vectors(x, axis):
        return vector_curvature(e, x, ord if _is_of_vectors(x, axis) and ord is not None else 2, axis)
    if ord != "nuc" and abs(ord) in (1, np.inf):
        return np.zeros_like(x)
    return _from_last(_curvature_by_singular_values(_to_last(e, axis), _to_last(x, axis), ord), axis)


def vector_slope(x: Any, ord: Any, axis: Any) -> Any:
    """The derivative of `np.linalg.vector_norm(x, axis=axis, ord=ord)`, in the shape of `x`."""
    x, xp = as_array(x), by_numpy_names(x)
    if ord == 0:
        return xp.zeros_like(x)
    if ord == 1:
        return xp.sign(x)
    if abs(ord) == np.inf:
        return xp.sign(x) * _share(xp.abs(x), ord > 0, axis)
    size, ratio = _ratios(x, ord, axis)
    return xp.where(size == 0.0, xp.zeros_like(x), xp.sign(x) * ratio ** (ord - 1.0))


def vector_curvature(e: Any, x: Any, ord: Any, axis: Any) -> Any:
    """`curvature` for `vector_slope`. Infinite, or not a number, where an order between 1 and 2 has a spike."""
    x, e = np.asarray(x), np.broadcast_to(e, np.shape(x))
    if ord in (0, 1, np.inf, -np.inf):
        return np.zeros_like(x)
    size, ratio = _ratios(x, ord, axis)
    own = np.where(x == 0.0, 1.0 if ord == 2 else 0.0 if ord > 2 or ord < 1 else np.inf, ratio ** (ord - 2.0))
    g = np.where(size == 0.0, 0.0, np.sign(x) * ratio ** (ord - 1.0))
    bent = (ord - 1.0) * (own * e - g * np.sum(g * e, axis=axis, keepdims=True))
    return np.where(size == 0.0, 0.0, bent / np.where(size == 0.0, 1.0, size))


def _is_of_vectors(x: Any, axis: Any) -> bool:
    return np.ndim(x) == 1 if axis is None else np.ndim(axis) == 0 or len(axis) == 1


def _share(parts: Any, largest: bool, axis: Any) -> Any:
    """1 for the largest, or smallest, of the parts along `axis`, shared among equal ones."""
    xp = by_numpy_names(parts)
    extreme = xp.max(parts, axis=axis, keepdims=True) if largest else xp.min(parts, axis=axis, keepdims=True)
    equal = xp.where(parts == extreme, xp.ones_like(parts), xp.zeros_like(parts))
    return equal / xp.sum(equal, axis=axis, keepdims=True)


def _ratios(x: Any, ord: Any, axis: Any) -> tuple[Any, Any]:
    """The norm along `axis`, and the sizes of the elements divided by it, 1 for those that are 0."""
    xp = by_numpy_names(x)
    size = _size(x, ord, axis)
    safe = xp.where(size == 0.0, xp.ones_like(size), size)
    return size, xp.where(x == 0.0, safe, xp.abs(x)) / safe


def _size(x: Any, ord: Any, axis: Any) -> Any:
    xp = by_numpy_names(x)
    if hasattr(xp.linalg, "vector_norm"):
        return xp.linalg.vector_norm(x, ord=ord, axis=axis, keepdims=True)
    largest = xp.max(xp.abs(x), axis=axis, keepdims=True)
    safe = xp.where(largest == 0.0, xp.ones_like(largest), largest)
    return largest * xp.sum((xp.abs(x) / safe) ** ord, axis=axis, keepdims=True) ** (1.0 / ord)


def _picked_sums(x: Any, ord: Any, axis: Any) -> Any:
    """1 for the columns (`ord` 1) or rows (inf) with the largest sum, or the smallest, of sizes."""
    rows, columns = (0, 1) if axis is None else axis
    summed, along = (rows, columns) if abs(ord) == 1 else (columns, rows)
    xp = by_numpy_names(x)
    return _share(xp.sum(xp.abs(x), axis=summed, keepdims=True), ord > 0, along)


def _to_last(x: Any, axis: Any) -> Any:
    return x if axis is None else by_numpy_names(x).moveaxis(x, axis, (-2, -1))


def _from_last(x: Any, axis: Any) -> Any:
    return x if axis is None else by_numpy_names(x).moveaxis(x, (-2, -1), axis)


def _weights(s: Any, ord: Any) -> Any:
    """The derivative of the norm with respect to the singular values."""
    return by_numpy_names(s).ones_like(s) if ord == "nuc" else _share(s, ord > 0, -1)


def _slope_by_singular_values(x: Any, ord: Any) -> Any:
    u, s, vt = by_numpy_names(x).linalg.svd(x, full_matrices=False)
    return (u * _weights(s, ord)[..., None, :]) @ vt


def _curvature_by_singular_values(e: Any, x: Any, ord: Any) -> Any:
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    w = _weights(s, ord)
    ut, v = np.swapaxes(u, -1, -2), np.swapaxes(vt, -1, -2)
    inner = ut @ e @ v
    turned = np.swapaxes(inner, -1, -2)
    more = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    gaps = np.expand_dims(s, -2) - np.expand_dims(s, -1)
    both = np.expand_dims(w, -2) + np.expand_dims(w, -1)
    sums = np.expand_dims(s, -2) + np.expand_dims(s, -1)
    symmetric = 0.5 * (inner + turned) * (more / np.where(more == 0.0, 1.0, gaps))
    skew = 0.5 * (inner - turned) * (both / np.where(both == 0.0, 1.0, sums))
    scaled = np.expand_dims(w / np.where(w == 0.0, 1.0, s), -2)
    left = e @ v - u @ inner
    right = ut @ e - inner @ vt
    return u @ (symmetric + skew) @ vt + (left * scaled) @ vt + (u * scaled) @ right
