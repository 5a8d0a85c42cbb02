"""Sums, products, extrema and moments along axes."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, method, passing_over, tangent
from autodiff_src.runtime import adjoints, products


@adjoint(np.sum)
def sum(y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    d[a] += e if where is True else np.where(where, e, 0.0)
    d[initial] += d[y]


@tangent(np.sum)
def sum_tangent(y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    d[y] = np.sum(d[a] if where is True else np.where(where, d[a], 0.0), axis=axis, keepdims=keepdims) + d[initial]


# The mean of nothing is nan and raises nothing, so that its adjoint must not divide by zero.
@adjoint(np.mean)
def mean(y, a, axis=None, dtype=None, *, keepdims=False, where=True):
    if where is not True:
        e = d[y] / np.maximum(np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=keepdims), 1)
        d[a] += np.where(where, e if axis is None or keepdims else np.expand_dims(e, axis), 0.0)
    elif axis is None:
        d[a] += d[y] / max(np.size(a), 1)
    elif keepdims:
        d[a] += d[y] * (np.size(y) / max(np.size(a), 1))
    else:
        d[a] += np.expand_dims(d[y] * (np.size(y) / max(np.size(a), 1)), axis)


@tangent(np.mean)
def mean_tangent(y, a, axis=None, dtype=None, *, keepdims=False, where=True):
    if where is True:
        d[y] = np.mean(d[a], axis=axis, keepdims=keepdims)
    else:
        d[y] = np.mean(d[a], axis=axis, keepdims=keepdims, where=where)


@adjoint(np.prod)
def prod(y, a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    if where is True:
        d[a] += e * initial * products.of_others(a, axis)
    else:
        d[a] += np.where(where, e * initial * products.of_others(np.where(where, a, 1.0), axis), 0.0)
    d[initial] += d[y] * np.prod(a if where is True else np.where(where, a, 1.0), axis=axis, keepdims=keepdims)


@tangent(np.prod)
def prod_tangent(y, a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    kept = a if where is True else np.where(where, a, 1.0)
    a_dot = d[a] if where is True else np.where(where, d[a], 0.0)
    d[y] = (initial * np.sum(a_dot * products.of_others(kept, axis), axis=axis, keepdims=keepdims)
            + d[initial] * np.prod(kept, axis=axis, keepdims=keepdims))


@adjoint(np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin)
def extremum(y, a, axis=None, *, keepdims=False, initial=None, where=True):
    equal = a == (y if axis is None or keepdims else np.expand_dims(y, axis))
    ties = equal if where is True else equal & where
    count = np.sum(ties, axis=axis, keepdims=keepdims)
    e = d[y] / (count if initial is None else count + (y == initial))
    d[a] += ties * (e if axis is None or keepdims else np.expand_dims(e, axis))
    d[initial] += e * (y == initial)


@tangent(np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin)
def extremum_tangent(y, a, axis=None, *, keepdims=False, initial=None, where=True):
    equal = a == (y if axis is None or keepdims else np.expand_dims(y, axis))
    ties = equal if where is True else equal & where
    own = np.sum(ties, axis=axis, keepdims=keepdims)
    count = own if initial is None else own + (y == initial)
    d[y] = np.sum(np.where(ties, d[a], 0.0), axis=axis, keepdims=keepdims) / count + d[initial] * (y == initial) / count


passing_over(np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin)


@adjoint(np.ptp)
def ptp(y, a, axis=None, *, keepdims=False):
    highest, lowest = a == np.max(a, axis=axis, keepdims=True), a == np.min(a, axis=axis, keepdims=True)
    shares = highest / np.sum(highest, axis=axis, keepdims=True) - lowest / np.sum(lowest, axis=axis, keepdims=True)
    d[a] += shares * (d[y] if axis is None or keepdims else np.expand_dims(d[y], axis))


@tangent(np.ptp)
def ptp_tangent(y, a, axis=None, *, keepdims=False):
    highest, lowest = a == np.max(a, axis=axis, keepdims=True), a == np.min(a, axis=axis, keepdims=True)
    shares = highest / np.sum(highest, axis=axis, keepdims=True) - lowest / np.sum(lowest, axis=axis, keepdims=True)
    d[y] = np.sum(shares * d[a], axis=axis, keepdims=keepdims)


@adjoint(np.var)
def var(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    less = ddof if correction is None else correction
    if where is not True or mean is not None:
        free = np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=True) - less
        centre = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
        inner = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
        part = np.where(where, 2.0 * inner * (a - centre) / np.where(free > 0, free, math.nan), 0.0)
        d[a] += part
        d[mean] += -part
    else:
        count = np.size(a) / max(np.size(y), 1) - less
        e = d[y] * (2.0 / count if count > 0 else math.nan)
        if axis is None or keepdims:
            d[a] += e * (a - np.mean(a, axis=axis, keepdims=True))
        else:
            d[a] += np.expand_dims(e, axis) * (a - np.mean(a, axis=axis, keepdims=True))


@tangent(np.var)
def var_tangent(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    less = ddof if correction is None else correction
    if where is not True or mean is not None:
        free = np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=True) - less
        centre = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
        slope = np.where(where, 2.0 * (a - centre) / np.where(free > 0, free, math.nan), 0.0)
        d[y] = np.sum(slope * d[a], axis=axis, keepdims=keepdims) - np.sum(slope * d[mean], axis=axis, keepdims=keepdims)
    else:
        count = np.size(a) / max(np.size(y), 1) - less
        centred = a - np.mean(a, axis=axis, keepdims=True)
        d[y] = np.sum(centred * d[a], axis=axis, keepdims=keepdims) * (2.0 / count if count > 0 else math.nan)


# Where the data are constant the numerators are zero, and so is the derivative chosen there.
@adjoint(np.std)
def std(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    less = ddof if correction is None else correction
    if where is not True or mean is not None:
        free = np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=True) - less
        centre = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
        half = d[y] / np.where(y == 0.0, 1.0, y)
        inner = half if axis is None or keepdims else np.expand_dims(half, axis)
        part = np.where(where, inner * (a - centre) / np.where(free > 0, free, math.nan), 0.0)
        d[a] += part
        d[mean] += -part
    else:
        count = np.size(a) / max(np.size(y), 1) - less
        e = d[y] * (1.0 / count if count > 0 else math.nan) / np.where(y == 0.0, 1.0, y)
        if axis is None or keepdims:
            d[a] += e * (a - np.mean(a, axis=axis, keepdims=True))
        else:
            d[a] += np.expand_dims(e, axis) * (a - np.mean(a, axis=axis, keepdims=True))


@tangent(np.std)
def std_tangent(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    less = ddof if correction is None else correction
    if where is not True or mean is not None:
        free = np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=True) - less
        centre = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
        slope = np.where(where, (a - centre) / np.where(free > 0, free, math.nan), 0.0)
        d[y] = (np.sum(slope * d[a], axis=axis, keepdims=keepdims)
                - np.sum(slope * d[mean], axis=axis, keepdims=keepdims)) / np.where(y == 0.0, 1.0, y)
    else:
        count = np.size(a) / max(np.size(y), 1) - less
        centred = a - np.mean(a, axis=axis, keepdims=True)
        scale = (1.0 / count if count > 0 else math.nan) / np.where(y == 0.0, 1.0, y)
        d[y] = np.sum(centred * d[a], axis=axis, keepdims=keepdims) * scale


@adjoint(np.cumsum)
def cumsum(y, a, axis=None, dtype=None):
    if axis is None:
        d[a] += np.reshape(np.flip(np.cumsum(np.flip(d[y]))), np.shape(a))
    else:
        d[a] += np.flip(np.cumsum(np.flip(d[y], axis), axis), axis)


@tangent(np.cumsum)
def cumsum_tangent(y, a, axis=None, dtype=None):
    d[y] = np.cumsum(d[a], axis)


@adjoint(np.cumprod)
def cumprod(y, a, axis=None, dtype=None):
    if axis is None:
        d[a] += np.reshape(products.cumprod_adjoint(d[y], np.ravel(a), 0), np.shape(a))
    else:
        d[a] += products.cumprod_adjoint(d[y], a, axis)


@tangent(np.cumprod)
def cumprod_tangent(y, a, axis=None, dtype=None):
    d[y] = (products.cumprod_tangent(np.ravel(d[a]), np.ravel(a), 0) if axis is None
            else products.cumprod_tangent(d[a], a, axis))


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    @adjoint(np.cumulative_sum)
    def cumulative_sum(y, x, *, axis=None, dtype=None, include_initial=False):
        along = 0 if axis is None else axis
        e = d[y][adjoints.along(slice(1, None), d[y], along)] if include_initial else d[y]
        d[x] += np.flip(np.cumsum(np.flip(e, along), along), along)

    @tangent(np.cumulative_sum)
    def cumulative_sum_tangent(y, x, *, axis=None, dtype=None, include_initial=False):
        d[y] = np.cumulative_sum(d[x], axis=axis, include_initial=include_initial)

    @adjoint(np.cumulative_prod)
    def cumulative_prod(y, x, *, axis=None, dtype=None, include_initial=False):
        along = 0 if axis is None else axis
        d[x] += products.cumprod_adjoint(np.delete(d[y], 0, along) if include_initial else d[y], x, along)

    @tangent(np.cumulative_prod)
    def cumulative_prod_tangent(y, x, *, axis=None, dtype=None, include_initial=False):
        along = 0 if axis is None else axis
        dots = products.cumprod_tangent(d[x], x, along)
        d[y] = np.insert(dots, 0, 0.0, along) if include_initial else dots


for name, primitive in {
    "sum": np.sum, "mean": np.mean, "prod": np.prod, "max": np.max, "min": np.min, "var": np.var, "std": np.std,
    "cumsum": np.cumsum, "cumprod": np.cumprod,
}.items():
    method(name, primitive)
