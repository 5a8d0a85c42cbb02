"""Methods of ufuncs with two operands as the calls that they stand for: read where such a method has no rule."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def reduced(ufunc: np.ufunc, array: Any, axis: Any = 0, *, keepdims: bool = False) -> Any:
    """`ufunc.reduce`"""
    whole = np.asarray(array)
    place = one_axis(axis, whole.ndim)
    rows = np.moveaxis(whole, place, 0)
    y = rows[0].copy()
    for k in range(1, len(rows)):
        y = ufunc(y, rows[k])
    return np.expand_dims(y, place) if keepdims else y


def accumulated(ufunc: np.ufunc, array: Any, axis: int = 0) -> Any:
    """`ufunc.accumulate`"""
    rows = np.moveaxis(np.asarray(array), axis, 0)
    y = rows[:1].copy()
    parts = [y]
    for k in range(1, len(rows)):
        y = ufunc(y, rows[k:k + 1])
        parts.append(y)
    return np.moveaxis(np.concatenate(parts), 0, axis)


def reduced_in_parts(ufunc: np.ufunc, array: Any, indices: Any, axis: int = 0) -> Any:
    """`ufunc.reduceat`"""
    rows = np.moveaxis(np.asarray(array), axis, 0)
    parts = []
    for part in bounds(indices, rows.shape[0]):
        first = int(part[0])
        y = rows[first:first + 1].copy()
        for k in range(first + 1, int(part[1])):
            y = ufunc(y, rows[k:k + 1])
        parts.append(y)
    return np.moveaxis(np.concatenate(parts), 0, axis)


def combined(ufunc: np.ufunc, A: Any, B: Any) -> Any:  # noqa: N803
    """`ufunc.outer`"""
    return ufunc(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


METHODS: dict[str, Callable[..., Any]] = {
    "reduce": reduced, "accumulate": accumulated, "reduceat": reduced_in_parts, "outer": combined}


def one_axis(axis: Any, ndim: int) -> int:
    """The axis that a ufunc whose order counts reduces over."""
    if axis is None and ndim == 1:
        return 0
    (only,) = axis if isinstance(axis, tuple) else (axis,)
    return int(only)


def bounds(indices: Any, n: int) -> list[tuple[int, int]]:
    """The first row and the one behind the last of each part that `reduceat` reduces."""
    starts = [int(i) % n for i in np.asarray(indices)]
    return [(i, j if j > i else i + 1) for i, j in zip(starts, [*starts[1:], n], strict=True)]
