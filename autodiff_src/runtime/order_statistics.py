"""Quantiles as weighted sums of two order statistics: what their derivatives are made of."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError

Axis = int | tuple[int, ...] | None


def weighted(u: Any, a: Any, q: Any, axis: Axis, method: str, keepdims: bool, missing: bool) -> Any:
    """The quantiles of `a`, were the elements of `u` in their places: `np.quantile(a, q, ...)` for `u` equal to `a`.

    `missing`: what is not a number is left out.
    """
    low, high, part = _neighbours(_rows(a, axis), q, method, missing)
    rows = _rows(u, axis)
    values = np.take_along_axis(rows, low, -1) * (1.0 - part) + np.take_along_axis(rows, high, -1) * part
    return np.reshape(np.moveaxis(values, -1, 0), np.shape(q) + _reduced(np.shape(a), axis, keepdims))[()]


def spread(e: Any, a: Any, q: Any, axis: Axis, method: str, keepdims: bool, missing: bool) -> np.ndarray:
    """Zeros like `a` with `e` shared out among the elements whose weighted sums the quantiles are."""
    rows = _rows(a, axis)
    low, high, part = _neighbours(rows, q, method, missing)
    e = np.moveaxis(np.reshape(e, (np.size(q), *rows.shape[:-1])), 0, -1)
    total = np.zeros(rows.shape, np.asarray(e).dtype)
    others = tuple(np.ix_(*(range(n) for n in low.shape))[:-1])
    np.add.at(total, (*others, low), e * (1.0 - part))
    np.add.at(total, (*others, high), e * part)
    axes = _axes(axis, np.ndim(a))
    moved = np.reshape(total, rows.shape[:-1] + tuple(np.shape(a)[i] for i in axes))
    return np.moveaxis(moved, range(np.ndim(a) - len(axes), np.ndim(a)), axes)


def _neighbours(rows: np.ndarray, q: Any, method: Any, missing: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each row and each q the positions of two neighbours in order, and the weight of the second.

    The weights are those of NumPy: the quantile of 0, 1, 2, ... is the place in the order.
    """
    if missing and np.ndim(q) > 1:
        raise NoRuleError("np.nanquantile and np.nanpercentile of a matrix `q`")  # NumPy mixes up the axes
    order = np.argsort(rows, -1, kind="stable")  # nan comes last
    numbers = np.arange(float(rows.shape[-1]))
    if missing:
        absent = np.isnan(np.take_along_axis(rows, order, -1))
        absent[..., :1] = False
        place = np.nanquantile(np.where(absent, np.nan, numbers), q, axis=-1, method=method)
    else:
        place = np.quantile(numbers, q, method=method)
    place = np.reshape(place, (np.size(q), -1) if missing else (np.size(q), 1))
    place = np.broadcast_to(place, (np.size(q), int(np.prod(rows.shape[:-1]))))
    place = np.moveaxis(np.reshape(place, (np.size(q), *rows.shape[:-1])), 0, -1)
    low = np.floor(place).astype(int)
    high = np.ceil(place).astype(int)
    return np.take_along_axis(order, low, -1), np.take_along_axis(order, high, -1), place - low


def _axes(axis: Axis, ndim: int) -> tuple[int, ...]:
    return tuple(range(ndim)) if axis is None else tuple(int(i) % ndim for i in np.atleast_1d(axis))


def _rows(a: Any, axis: Axis) -> np.ndarray:
    """`a` with the elements of `axis` along one last axis."""
    axes = _axes(axis, np.ndim(a))
    moved = np.moveaxis(np.asarray(a), axes, range(np.ndim(a) - len(axes), np.ndim(a)))
    rest = moved.shape[:np.ndim(a) - len(axes)]
    return np.reshape(moved, (*rest, int(np.prod(moved.shape[len(rest):]))))


def _reduced(shape: tuple[int, ...], axis: Axis, keepdims: bool) -> tuple[int, ...]:
    axes = _axes(axis, len(shape))
    return tuple(1 if i in axes else n for i, n in enumerate(shape) if keepdims or i not in axes)
