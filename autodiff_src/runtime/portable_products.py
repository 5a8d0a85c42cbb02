"""Derivatives of products along axes and of determinants for arrays of other libraries: the functions of `products` of the same
names, which stay in NumPy's terms since derivatives of higher order step into them."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.runtime import adjoints
from autodiff_src.runtime.libraries import by_numpy_names


def of_others(a: Any, axis: int | tuple[int, ...] | None) -> Any:
    """For each element of `a` the product of the other elements along `axis`; the shape is that of `a`."""
    rows, restore = _rows(a, axis)
    return restore(_exclusive(rows) * _reversed(_exclusive(_reversed(rows))))


def cumprod_adjoint(e: Any, a: Any, axis: int) -> Any:
    """The adjoint of `a` in `cumulative_prod(a, axis)` for the adjoint `e` of the result."""
    (rows, restore), (weights, _) = _rows(a, axis), _rows(e, axis)
    sums = [weights[-1:, ...]]
    for i in range(rows.shape[0] - 2, -1, -1):
        sums.append(weights[i:i + 1, ...] + rows[i + 1:i + 2, ...] * sums[-1])
    return restore(by_numpy_names(a).concatenate(sums[::-1]) * _exclusive(rows))


def cumprod_tangent(a_dot: Any, a: Any, axis: int) -> Any:
    """The tangent of `cumulative_prod(a, axis)` for the tangent `a_dot` of `a`."""
    (rows, restore), (dots, _) = _rows(a, axis), _rows(a_dot, axis)
    dots = dots * _exclusive(rows)
    sums = [dots[:1, ...]]
    for i in range(1, rows.shape[0]):
        sums.append(dots[i:i + 1, ...] + sums[-1] * rows[i:i + 1, ...])
    return restore(by_numpy_names(a).concatenate(sums))


def cofactors(a: Any) -> Any:
    """The derivative of `linalg.det(a)`; right for singular matrices too."""
    xp = by_numpy_names(a)
    u, s, v = xp.linalg.svd(a)
    sign = xp.linalg.det(u) * xp.linalg.det(v)
    return (u * of_others(s, -1)[..., None, :]) @ v * sign[..., None, None]


def _rows(a: Any, axis: int | tuple[int, ...] | None) -> tuple[Any, Callable[[Any], Any]]:
    """`a` with the elements of `axis` along the first axis, and the function that puts such an array back in shape."""
    xp = by_numpy_names(a)
    axes = tuple(range(a.ndim)) if axis is None else tuple(int(i) % a.ndim for i in np.atleast_1d(axis))
    order = axes + tuple(i for i in range(a.ndim) if i not in axes)
    moved = xp.transpose(a, order)
    shape = tuple(moved.shape)
    rows = xp.reshape(moved, (math.prod(shape[:len(axes)]), *shape[len(axes):]))
    return rows, lambda result: xp.transpose(xp.reshape(result, shape), adjoints.inverse_order(order))


def _reversed(rows: Any) -> Any:
    return by_numpy_names(rows).flip(rows, axis=0)


def _exclusive(rows: Any) -> Any:
    """The products of the rows before each row."""
    xp = by_numpy_names(rows)
    return xp.concatenate([xp.ones_like(rows[:1, ...]), xp.cumprod(rows[:-1, ...], axis=0)])
