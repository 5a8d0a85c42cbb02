"""Functions that read elements of arrays, and order them."""
from __future__ import annotations

import operator

import numpy as np

from autodiff_src.rules import adjoint, d, linear, method, passing_over, tangent
from autodiff_src.runtime import adjoints, selection


@adjoint(operator.getitem)
def getitem(y, a, index):
    d[a] += adjoints.placed(d[y], index, a)


@tangent(operator.getitem)
def getitem_tangent(y, a, index):
    d[y] = d[a][index]


@linear(np.take)
def take(y, a, indices, axis=None, *, mode="raise"):
    picks = indices if mode == "raise" else selection.picks(indices, np.size(a) if axis is None else np.shape(a)[axis], mode)
    if axis is None:
        d[a] += np.reshape(adjoints.placed(d[y], picks, np.ravel(a)), np.shape(a))
    else:
        d[a] += adjoints.placed(d[y], adjoints.along(picks, a, axis), a)


@linear(np.take_along_axis)
def take_along_axis(y, arr, indices, axis=-1):
    d[arr] += adjoints.placed_along_axis(d[y], indices, arr, axis)


@adjoint(np.sort)
def sort(y, a, axis=-1, kind=None, *, stable=None):
    d[a] += adjoints.placed_along_axis(d[y], np.argsort(a, axis, "stable"), a, axis)


@tangent(np.sort)
def sort_tangent(y, a, axis=-1, kind=None, *, stable=None):
    d[y] = np.take_along_axis(d[a], np.argsort(a, axis, "stable"), axis)


@adjoint(np.diff)
def diff(y, a, n=1, axis=-1, prepend=None, append=None):
    if prepend is None and append is None:
        d[a] += adjoints.undiffed(d[y], n, axis)
    else:
        e = np.moveaxis(adjoints.undiffed(d[y], n, axis), axis, 0)
        first = 0 if prepend is None else np.shape(prepend)[axis] if np.ndim(prepend) else 1
        last = first + np.shape(a)[axis]
        d[a] += np.moveaxis(e[first:last], 0, axis)
        if prepend is not None:
            d[prepend] += np.moveaxis(e[:first], 0, axis)
        if append is not None:
            d[append] += np.moveaxis(e[last:], 0, axis)


@tangent(np.diff)
def diff_tangent(y, a, n=1, axis=-1, prepend=None, append=None):
    if prepend is None and append is None:
        d[y] = np.diff(d[a], n, axis)
    elif append is None:
        d[y] = (np.diff(d[a], n, axis, np.zeros(np.shape(prepend)))
                + np.diff(np.zeros(np.shape(a)), n, axis, d[prepend]))
    elif prepend is None:
        d[y] = (np.diff(d[a], n, axis, append=np.zeros(np.shape(append)))
                + np.diff(np.zeros(np.shape(a)), n, axis, append=d[append]))
    else:
        d[y] = (np.diff(d[a], n, axis, np.zeros(np.shape(prepend)), np.zeros(np.shape(append)))
                + np.diff(np.zeros(np.shape(a)), n, axis, d[prepend], np.zeros(np.shape(append)))
                + np.diff(np.zeros(np.shape(a)), n, axis, np.zeros(np.shape(prepend)), d[append]))


@linear(np.compress)
def compress(y, condition, a, axis=None):
    if axis is None:
        d[a] += np.reshape(adjoints.placed(d[y], np.flatnonzero(condition), np.ravel(a)), np.shape(a))
    else:
        d[a] += adjoints.placed(d[y], adjoints.along(np.flatnonzero(condition), a, axis), a)


@linear(np.ndarray.compress)
def compress_method(y, a, condition, axis=None):
    if axis is None:
        d[a] += np.reshape(adjoints.placed(d[y], np.flatnonzero(condition), np.ravel(a)), np.shape(a))
    else:
        d[a] += adjoints.placed(d[y], adjoints.along(np.flatnonzero(condition), a, axis), a)


@linear(np.extract)
def extract(y, condition, arr):
    d[arr] += np.reshape(adjoints.placed(d[y], np.flatnonzero(condition), np.ravel(arr)), np.shape(arr))


@linear(np.choose)
def choose(y, a, choices, *, mode="raise"):
    picks = a if mode == "raise" else selection.picks(a, len(choices), mode)
    d[choices] += selection.chosen(d[y], [np.equal(picks, i) for i in range(len(choices))], choices)


passing_over(np.extract, np.choose)


# Which element went where: the order of `a`, at the place that the element has in the order of `y`.
@adjoint(np.partition)
def partition(y, a, kth, axis=-1, kind="introselect"):
    places = np.argsort(np.argsort(y, axis, "stable"), axis, "stable")
    d[a] += adjoints.placed_along_axis(
        d[y], np.take_along_axis(np.argsort(a, axis, "stable"), places, axis), a, axis)


@tangent(np.partition)
def partition_tangent(y, a, kth, axis=-1, kind="introselect"):
    places = np.argsort(np.argsort(y, axis, "stable"), axis, "stable")
    d[y] = np.take_along_axis(d[a], np.take_along_axis(np.argsort(a, axis, "stable"), places, axis), axis)


@adjoint(np.ediff1d)
def ediff1d(y, ary, to_end=None, to_begin=None):
    first = 0 if to_begin is None else np.size(to_begin)
    last = np.size(y) - (0 if to_end is None else np.size(to_end))
    d[ary] += np.reshape(adjoints.undiffed(d[y][first:last], 1, 0), np.shape(ary))
    if to_end is not None:
        d[to_end] += np.reshape(d[y][last:], np.shape(to_end))
    if to_begin is not None:
        d[to_begin] += np.reshape(d[y][:first], np.shape(to_begin))


@tangent(np.ediff1d)
def ediff1d_tangent(y, ary, to_end=None, to_begin=None):
    first, last = np.zeros(0 if to_begin is None else np.size(to_begin)), np.zeros(0 if to_end is None else np.size(to_end))
    d[y] = (np.ediff1d(d[ary], last, first) + np.ediff1d(np.zeros(np.shape(ary)), d[to_end], first)
            + np.ediff1d(np.zeros(np.shape(ary)), last, d[to_begin]))


@linear(np.bincount)
def bincount(y, x, weights=None, minlength=0):
    d[weights] += np.take(d[y], x)


# Of elements that are equal the first one is taken.
@adjoint(np.unique)
def unique(y, ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True):
    e = d[y][0] if return_index or return_inverse or return_counts else d[y]
    if axis is None:
        d[ar] += np.reshape(adjoints.placed(e, selection.firsts(ar), np.ravel(ar)), np.shape(ar))
    else:
        d[ar] += adjoints.placed(e, adjoints.along(selection.firsts(ar, axis), ar, axis), ar)


@tangent(np.unique)
def unique_tangent(y, ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True):
    if return_index or return_inverse or return_counts:
        d[y] = [np.take(d[ar], selection.firsts(ar, axis), axis), *[np.zeros(np.shape(part)) for part in y[1:]]]
    else:
        d[y] = np.take(d[ar], selection.firsts(ar, axis), axis)


# Given edges, the numbers of elements between them do not change with small changes of these.
@adjoint(np.histogram)
def histogram(y, a, bins=10, range=None, density=None, weights=None):
    fixed = range is not None or np.ndim(bins) == 1
    d[a] += (np.zeros(np.shape(a)) if fixed
             else adjoints.refused("np.histogram with edges that follow from the data", "give the edges, or `range`"))
    d[bins] += adjoints.refused("np.histogram with respect to the edges", "make them constants")
    if weights is not None:
        d[weights] += (selection.of_bins(d[y][0], a, y[1]) if not density
                       else adjoints.refused("np.histogram with `density` and weights"))


@tangent(np.histogram)
def histogram_tangent(y, a, bins=10, range=None, density=None, weights=None):
    fixed = range is not None or np.ndim(bins) == 1
    one = 1.0 if fixed else adjoints.refused("np.histogram with edges that follow from the data", "give the edges, or `range`")
    if weights is None:
        d[y] = [np.zeros(np.shape(part)) * one for part in y]
    else:
        whole = 1.0 if not density else adjoints.refused("np.histogram with `density` and weights")
        d[y] = (one * whole * np.histogram(a, bins, range, density, d[weights])[0], np.zeros(np.shape(y[1])))


method("take", np.take)
method("choose", np.choose)
method("compress", np.ndarray.compress)
