"""Quantiles as weighted sums of two order statistics: what their derivatives are made of.

Between two elements in order a quantile is linear in `q`, with the slopes of Hyndman and Fan, Sample quantiles in statistical
packages, 1996; at an element, the slope is that to the next one.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError

Axis = int | tuple[int, ...] | None


def weighted(u: Any, a: Any, q: Any, axis: Axis, method: str, keepdims: bool, missing: bool, times: int = 0) -> Any:
    """The quantiles of `a`, were the elements of `u` in their places: `np.quantile(a, q, ...)` for `u` equal to `a`.

    `missing`: what is not a number is left out. `times`: how often they are differentiated with respect to `q`.
    """
    low, high, first, second = _shares(_rows(a, axis), q, method, missing, times)
    rows = _rows(u, axis)
    values = np.take_along_axis(rows, low, -1) * first + np.take_along_axis(rows, high, -1) * second
    return np.reshape(np.moveaxis(values, -1, 0), np.shape(q) + _reduced(np.shape(a), axis, keepdims))[()]


def spread(e: Any, a: Any, q: Any, axis: Axis, method: str, keepdims: bool, missing: bool,
           times: int = 0) -> np.ndarray:
    """Zeros like `a` with `e` shared out among the elements whose weighted sums the quantiles are."""
    rows = _rows(a, axis)
    low, high, first, second = _shares(rows, q, method, missing, times)
    e = np.moveaxis(np.reshape(e, (np.size(q), *rows.shape[:-1])), 0, -1)
    total = np.zeros(rows.shape, np.asarray(e).dtype)
    others = tuple(np.ix_(*(range(n) for n in low.shape))[:-1])
    np.add.at(total, (*others, low), e * first)
    np.add.at(total, (*others, high), e * second)
    axes = _axes(axis, np.ndim(a))
    moved = np.reshape(total, rows.shape[:-1] + tuple(np.shape(a)[i] for i in axes))
    return np.moveaxis(moved, range(np.ndim(a) - len(axes), np.ndim(a)), axes)


def of_q(e: Any, q: Any) -> Any:
    """What `e`, in the shape of quantiles, gives each of `q`."""
    return np.sum(e, axis=tuple(range(np.ndim(q), np.ndim(e))))


def for_each(q_dot: Any, values: Any) -> Any:
    """`q_dot` with axes of length 1 for those that quantiles have besides."""
    return np.reshape(q_dot, np.shape(q_dot) + (1,) * (np.ndim(values) - np.ndim(q_dot)))


_ALPHA_AND_BETA = {"linear": (1.0, 1.0), "interpolated_inverted_cdf": (0.0, 1.0), "hazen": (0.5, 0.5), "weibull": (0.0, 0.0),
                   "median_unbiased": (1 / 3, 1 / 3), "normal_unbiased": (3 / 8, 3 / 8)}


def _shares(rows: np.ndarray, q: Any, method: Any, missing: bool, times: int) -> tuple[np.ndarray, ...]:
    """For each row and each q the positions of two neighbours in order, and what of them the quantile is made of."""
    order, place, count = _places(rows, q, method, missing)
    low = np.floor(place).astype(int)
    if times == 0:
        high, second = np.ceil(place).astype(int), place - low
        return np.take_along_axis(order, low, -1), np.take_along_axis(order, high, -1), 1.0 - second, second
    slope = np.zeros(place.shape)
    if times == 1 and method in _ALPHA_AND_BETA:  # with other methods, quantiles jump
        alpha, beta = _ALPHA_AND_BETA[method]
        virtual = count * np.ravel(q) + alpha + np.ravel(q) * (1.0 - alpha - beta) - 1.0
        slope += np.where((virtual >= 0.0) & (virtual <= count - 1.0), count + 1.0 - alpha - beta, 0.0)
    high = np.minimum(low + 1, np.maximum(count.astype(int) - 1, 0))
    return np.take_along_axis(order, low, -1), np.take_along_axis(order, high, -1), -slope, slope


def _places(rows: np.ndarray, q: Any, method: Any, missing: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The order of each row, the place in it of each quantile, and how many elements of the row count.

    The places are those of NumPy: the quantiles of 0, 1, 2, ...
    """
    if missing and np.ndim(q) > 1:
        raise NoRuleError("np.nanquantile and np.nanpercentile of a matrix `q`")  # NumPy mixes up the axes
    order = np.argsort(rows, -1, kind="stable")  # nan comes last
    numbers = np.arange(float(rows.shape[-1]))
    count = np.full((*rows.shape[:-1], 1), float(rows.shape[-1]))
    if missing:
        absent = np.isnan(np.take_along_axis(rows, order, -1))
        absent[..., :1] = False
        count -= np.sum(absent, -1, keepdims=True)
        place = np.nanquantile(np.where(absent, np.nan, numbers), q, axis=-1, method=method)
    else:
        place = np.quantile(numbers, q, method=method)
    place = np.reshape(place, (np.size(q), -1) if missing else (np.size(q), 1))
    place = np.broadcast_to(place, (np.size(q), int(np.prod(rows.shape[:-1]))))
    return order, np.moveaxis(np.reshape(place, (np.size(q), *rows.shape[:-1])), 0, -1), count


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
