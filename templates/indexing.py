"""Functions that read elements of arrays, and order them."""
from __future__ import annotations

import operator

import numpy as np

from autodiff_src.rules import adjoint, d, method, tangent
from autodiff_src.runtime import adjoints


@adjoint(operator.getitem)
def getitem(y, a, index):
    d[a] += adjoints.placed(d[y], index, a)


@tangent(operator.getitem)
def getitem_tangent(y, a, index):
    d[y] = d[a][index]


@adjoint(np.take)
def take(y, a, indices, axis=None):
    if axis is None:
        d[a] += np.reshape(adjoints.placed(d[y], indices, np.ravel(a)), np.shape(a))
    else:
        d[a] += adjoints.placed(d[y], adjoints.along(indices, a, axis), a)


@tangent(np.take)
def take_tangent(y, a, indices, axis=None):
    d[y] = np.take(d[a], indices, axis)


@adjoint(np.take_along_axis)
def take_along_axis(y, arr, indices, axis):
    d[arr] += adjoints.placed_along_axis(d[y], indices, arr, axis)


@tangent(np.take_along_axis)
def take_along_axis_tangent(y, arr, indices, axis):
    d[y] = np.take_along_axis(d[arr], indices, axis)


@adjoint(np.sort)
def sort(y, a, axis=-1):
    d[a] += adjoints.placed_along_axis(d[y], np.argsort(a, axis, "stable"), a, axis)


@tangent(np.sort)
def sort_tangent(y, a, axis=-1):
    d[y] = np.take_along_axis(d[a], np.argsort(a, axis, "stable"), axis)


@adjoint(np.diff)
def diff(y, a, n=1, axis=-1):
    d[a] += adjoints.undiffed(d[y], n, axis)


@tangent(np.diff)
def diff_tangent(y, a, n=1, axis=-1):
    d[y] = np.diff(d[a], n, axis)


method("take", np.take)
