"""Reductions of NumPy that leave out what is not a number."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, passing_over, tangent
from autodiff_src.runtime import products


@adjoint(np.nansum)
def nansum(y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    d[a] += np.where(present, d[y] if axis is None or keepdims else np.expand_dims(d[y], axis), 0.0)
    d[initial] += d[y]


@tangent(np.nansum)
def nansum_tangent(y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    d[y] = np.sum(np.where(present, d[a], 0.0), axis=axis, keepdims=keepdims) + d[initial]


@adjoint(np.nanmean)
def nanmean(y, a, axis=None, dtype=None, *, keepdims=False, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    e = d[y] / np.maximum(np.sum(present, axis=axis, keepdims=keepdims), 1)
    d[a] += np.where(present, e if axis is None or keepdims else np.expand_dims(e, axis), 0.0)


@tangent(np.nanmean)
def nanmean_tangent(y, a, axis=None, dtype=None, *, keepdims=False, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    count = np.maximum(np.sum(present, axis=axis, keepdims=keepdims), 1)
    d[y] = np.sum(np.where(present, d[a], 0.0), axis=axis, keepdims=keepdims) / count


@adjoint(np.nanprod)
def nanprod(y, a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    factors = np.where(present, a, 1.0)
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    d[a] += np.where(present, e * initial * products.of_others(factors, axis), 0.0)
    d[initial] += d[y] * np.prod(factors, axis=axis, keepdims=keepdims)


@tangent(np.nanprod)
def nanprod_tangent(y, a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    factors = np.where(present, a, 1.0)
    others = products.of_others(factors, axis)
    d[y] = (initial * np.sum(np.where(present, d[a] * others, 0.0), axis=axis, keepdims=keepdims)
            + d[initial] * np.prod(factors, axis=axis, keepdims=keepdims))


@adjoint(np.nanvar)
def nanvar(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None,
        correction=None):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    count = np.sum(present, axis=axis, keepdims=True)
    free = count - (ddof if correction is None else correction)
    numbers = np.where(present, a, 0.0)
    centred = numbers - (np.sum(numbers, axis=axis, keepdims=True) / count if mean is None else mean)
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    part = np.where(present, 2.0 * e * centred / np.where(free > 0, free, math.nan), 0.0)
    d[a] += part
    d[mean] += -part


@tangent(np.nanvar)
def nanvar_tangent(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None,
        correction=None):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    count = np.sum(present, axis=axis, keepdims=True)
    free = count - (ddof if correction is None else correction)
    numbers = np.where(present, a, 0.0)
    centred = numbers - (np.sum(numbers, axis=axis, keepdims=True) / count if mean is None else mean)
    slope = np.where(present, 2.0 * centred / np.where(free > 0, free, math.nan), 0.0)
    d[y] = (np.sum(np.where(present, d[a], 0.0) * slope, axis=axis, keepdims=keepdims)
            - np.sum(slope * d[mean], axis=axis, keepdims=keepdims))


# Where the data are constant the numerators are zero, and so is the derivative chosen there.
@adjoint(np.nanstd)
def nanstd(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None,
        correction=None):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    count = np.sum(present, axis=axis, keepdims=True)
    free = count - (ddof if correction is None else correction)
    numbers = np.where(present, a, 0.0)
    centred = numbers - (np.sum(numbers, axis=axis, keepdims=True) / count if mean is None else mean)
    half = d[y] / np.where(y == 0.0, 1.0, y)
    e = half if axis is None or keepdims else np.expand_dims(half, axis)
    part = np.where(present, e * centred / np.where(free > 0, free, math.nan), 0.0)
    d[a] += part
    d[mean] += -part


@tangent(np.nanstd)
def nanstd_tangent(y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None,
        correction=None):
    present = ~np.isnan(a) if where is True else ~np.isnan(a) & where
    count = np.sum(present, axis=axis, keepdims=True)
    free = count - (ddof if correction is None else correction)
    numbers = np.where(present, a, 0.0)
    centred = numbers - (np.sum(numbers, axis=axis, keepdims=True) / count if mean is None else mean)
    slope = np.where(present, centred / np.where(free > 0, free, math.nan), 0.0)
    d[y] = (np.sum(np.where(present, d[a], 0.0) * slope, axis=axis, keepdims=keepdims)
            - np.sum(slope * d[mean], axis=axis, keepdims=keepdims)) / np.where(y == 0.0, 1.0, y)


@adjoint(np.nancumsum)
def nancumsum(y, a, axis=None, dtype=None):
    if axis is None:
        d[a] += np.where(np.isnan(a), 0.0, np.reshape(np.flip(np.cumsum(np.flip(d[y]))), np.shape(a)))
    else:
        d[a] += np.where(np.isnan(a), 0.0, np.flip(np.cumsum(np.flip(d[y], axis), axis), axis))


@tangent(np.nancumsum)
def nancumsum_tangent(y, a, axis=None, dtype=None):
    d[y] = np.cumsum(np.where(np.isnan(a), 0.0, d[a]), axis)


@adjoint(np.nancumprod)
def nancumprod(y, a, axis=None, dtype=None):
    factors = np.where(np.isnan(a), 1.0, a)
    e = (np.reshape(products.cumprod_adjoint(d[y], np.ravel(factors), 0), np.shape(a)) if axis is None
         else products.cumprod_adjoint(d[y], factors, axis))
    d[a] += np.where(np.isnan(a), 0.0, e)


@tangent(np.nancumprod)
def nancumprod_tangent(y, a, axis=None, dtype=None):
    factors = np.where(np.isnan(a), 1.0, a)
    dots = np.where(np.isnan(a), 0.0, d[a])
    d[y] = (products.cumprod_tangent(np.ravel(dots), np.ravel(factors), 0) if axis is None
            else products.cumprod_tangent(dots, factors, axis))


passing_over(np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nancumsum, np.nancumprod)
