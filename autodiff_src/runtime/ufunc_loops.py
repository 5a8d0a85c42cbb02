"""Methods of ufuncs as the calls that they stand for: read where such a method is differentiated and has no rule."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np


@cache
def text_of(ufunc: np.ufunc, method: str) -> FunctionType | None:
    """The function that does what a method of a ufunc with two operands does; None for other methods."""
    make = _METHODS.get(method) if ufunc.nin == 2 and ufunc.nout == 1 else None
    return None if make is None else make(ufunc)


def _reducing(ufunc: np.ufunc) -> Any:
    def reduce(array: Any, axis: Any = 0, *, keepdims: bool = False) -> Any:
        whole = np.asarray(array)
        place = one_axis(axis, whole.ndim)
        rows = np.moveaxis(whole, place, 0)
        y = rows[0].copy()
        for k in range(1, len(rows)):
            y = ufunc(y, rows[k])
        return np.expand_dims(y, place) if keepdims else y

    return reduce


def _accumulating(ufunc: np.ufunc) -> Any:
    def accumulate(array: Any, axis: int = 0) -> Any:
        rows = np.moveaxis(np.asarray(array), axis, 0)
        y = rows[:1].copy()
        parts = [y]
        for k in range(1, len(rows)):
            y = ufunc(y, rows[k:k + 1])
            parts.append(y)
        return np.moveaxis(np.concatenate(parts), 0, axis)

    return accumulate


def _reducing_at(ufunc: np.ufunc) -> Any:
    def reduceat(array: Any, indices: Any, axis: int = 0) -> Any:
        rows = np.moveaxis(np.asarray(array), axis, 0)
        parts = []
        for part in bounds(indices, rows.shape[0]):
            first = int(part[0])
            y = rows[first:first + 1].copy()
            for k in range(first + 1, int(part[1])):
                y = ufunc(y, rows[k:k + 1])
            parts.append(y)
        return np.moveaxis(np.concatenate(parts), 0, axis)

    return reduceat


def _combining(ufunc: np.ufunc) -> Any:
    def outer(A: Any, B: Any) -> Any:  # noqa: N803
        return ufunc(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)

    return outer


_METHODS: dict[str, Callable[[np.ufunc], Any]] = {
    "reduce": _reducing, "accumulate": _accumulating, "reduceat": _reducing_at, "outer": _combining}


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
