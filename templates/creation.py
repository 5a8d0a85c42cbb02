"""Functions that make arrays out of numbers."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, tangent


@adjoint(np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
def asarray(y, a, dtype=None, *, copy=None, ndmin=0):
    d[a] += d[y]


@tangent(np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
def asarray_tangent(y, a, dtype=None, *, copy=None, ndmin=0):
    d[y] = np.asarray(d[a])


@adjoint(np.full)
def full(y, shape, fill_value, dtype=None, order="C"):
    d[fill_value] += d[y]


@tangent(np.full)
def full_tangent(y, shape, fill_value, dtype=None, order="C"):
    d[y] = d[fill_value]


@adjoint(np.full_like)
def full_like(y, a, fill_value, dtype=None):
    d[fill_value] += d[y]


@tangent(np.full_like)
def full_like_tangent(y, a, fill_value, dtype=None):
    d[y] = d[fill_value]


@adjoint(np.linspace)
def linspace(y, start, stop, num=50, endpoint=True, *, dtype=None):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    d[start] += np.tensordot(1.0 - weights, d[y], 1)
    d[stop] += np.tensordot(weights, d[y], 1)


@tangent(np.linspace)
def linspace_tangent(y, start, stop, num=50, endpoint=True, *, dtype=None):
    d[y] = np.linspace(d[start], 0.0 * stop, num, endpoint) + np.linspace(0.0 * start, d[stop], num, endpoint)


@adjoint(np.logspace)
def logspace(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    e = d[y] * y * math.log(base)
    d[start] += np.tensordot(1.0 - weights, e, 1)
    d[stop] += np.tensordot(weights, e, 1)
    d[base] += np.tensordot(np.linspace(start, stop, num, endpoint), d[y] * y / base, 1)


@tangent(np.logspace)
def logspace_tangent(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None):
    d[y] = (y * math.log(base) * (np.linspace(d[start], 0.0 * stop, num, endpoint)
                                  + np.linspace(0.0 * start, d[stop], num, endpoint))
            + y * np.linspace(start, stop, num, endpoint) * (d[base] / base))


@adjoint(np.geomspace)
def geomspace(y, start, stop, num=50, endpoint=True, dtype=None):
    weights = np.linspace(0.0, 1.0, num, endpoint)
    d[start] += np.tensordot(1.0 - weights, d[y] * y, 1) / start
    d[stop] += np.tensordot(weights, d[y] * y, 1) / stop


@tangent(np.geomspace)
def geomspace_tangent(y, start, stop, num=50, endpoint=True, dtype=None):
    d[y] = y * (np.linspace(d[start] / start, 0.0 * stop, num, endpoint)
                + np.linspace(0.0 * start, d[stop] / stop, num, endpoint))


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
def meshgrid(y, *xi, indexing="xy"):
    d[xi] += [np.sum(e, axis=tuple(i for i in range(len(xi)) if i != (1 - k if indexing == "xy" and k < 2 else k)))
              for k, e in enumerate(d[y])] if len(xi) > 1 else list(d[y])


@tangent(np.meshgrid)
def meshgrid_tangent(y, *xi, indexing="xy"):
    d[y] = np.meshgrid(*d[xi], indexing=indexing)
