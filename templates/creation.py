"""Functions that make arrays out of numbers."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, tangent


@adjoint(np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
def asarray(y, a, dtype=None, order=None, *, copy=None, ndmin=0):
    d[a] += d[y]


@tangent(np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
def asarray_tangent(y, a, dtype=None, order=None, *, copy=None, ndmin=0):
    d[y] = np.asarray(d[a])


@adjoint(np.full)
def full(y, shape, fill_value, dtype=None, order="C"):
    d[fill_value] += d[y]


@tangent(np.full)
def full_tangent(y, shape, fill_value, dtype=None, order="C"):
    d[y] = d[fill_value]


@adjoint(np.full_like)
def full_like(y, a, fill_value, dtype=None, order="K", *, shape=None):
    d[fill_value] += d[y]


@tangent(np.full_like)
def full_like_tangent(y, a, fill_value, dtype=None, order="K", *, shape=None):
    d[y] = d[fill_value]


@adjoint(np.linspace)
def linspace(y, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    e = np.moveaxis(d[y][0] if retstep else d[y], axis, 0) if axis != 0 else d[y][0] if retstep else d[y]
    step = d[y][1] / max(num - 1 if endpoint else num, 1) if retstep else 0.0
    d[start] += np.tensordot(1.0 - weights, e, 1) - step
    d[stop] += np.tensordot(weights, e, 1) + step


@tangent(np.linspace)
def linspace_tangent(y, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    if retstep:
        d[y] = (np.linspace(d[start], 0.0 * stop, num, endpoint, axis=axis)
                + np.linspace(0.0 * start, d[stop], num, endpoint, axis=axis),
                (d[stop] - d[start]) / max(num - 1 if endpoint else num, 1))
    elif axis != 0:
        d[y] = (np.linspace(d[start], 0.0 * stop, num, endpoint, axis=axis)
                + np.linspace(0.0 * start, d[stop], num, endpoint, axis=axis))
    else:
        d[y] = np.linspace(d[start], 0.0 * stop, num, endpoint) + np.linspace(0.0 * start, d[stop], num, endpoint)


@adjoint(np.logspace)
def logspace(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    products = np.moveaxis(d[y] * y, axis, 0) if axis != 0 else d[y] * y
    e = products * math.log(base)
    d[start] += np.tensordot(1.0 - weights, e, 1)
    d[stop] += np.tensordot(weights, e, 1)
    d[base] += np.sum(np.linspace(start, stop, num, endpoint) * products) / base


@tangent(np.logspace)
def logspace_tangent(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    d[y] = (y * math.log(base) * (np.linspace(d[start], 0.0 * stop, num, endpoint, axis=axis)
                                  + np.linspace(0.0 * start, d[stop], num, endpoint, axis=axis))
            + y * np.linspace(start, stop, num, endpoint, axis=axis) * (d[base] / base))


@adjoint(np.geomspace)
def geomspace(y, start, stop, num=50, endpoint=True, dtype=None, axis=0):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    products = np.moveaxis(d[y] * y, axis, 0) if axis != 0 else d[y] * y
    d[start] += np.tensordot(1.0 - weights, products, 1) / start
    d[stop] += np.tensordot(weights, products, 1) / stop


@tangent(np.geomspace)
def geomspace_tangent(y, start, stop, num=50, endpoint=True, dtype=None, axis=0):
    d[y] = y * (np.linspace(d[start] / start, 0.0 * stop, num, endpoint, axis=axis)
                + np.linspace(0.0 * start, d[stop] / stop, num, endpoint, axis=axis))


@adjoint(np.asfortranarray, np.asarray_chkfinite)
def asfortranarray(y, a, dtype=None):
    d[a] += d[y]


@tangent(np.asfortranarray, np.asarray_chkfinite)
def asfortranarray_tangent(y, a, dtype=None):
    d[y] = np.asarray(d[a])


@adjoint(np.require)
def require(y, a, dtype=None, requirements=None):
    d[a] += d[y]


@tangent(np.require)
def require_tangent(y, a, dtype=None, requirements=None):
    d[y] = np.asarray(d[a])


@adjoint(np.meshgrid)
def meshgrid(y, *xi, indexing="xy", sparse=False):
    d[xi] += [np.sum(e, axis=tuple(i for i in range(len(xi)) if i != (1 - k if indexing == "xy" and k < 2 else k)))
              for k, e in enumerate(d[y])] if len(xi) > 1 else list(d[y])


@tangent(np.meshgrid)
def meshgrid_tangent(y, *xi, indexing="xy", sparse=False):
    d[y] = np.meshgrid(*d[xi], indexing=indexing, sparse=sparse)
