"""Functions that move elements about: shapes, axes, orders, copies."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, method, partials, tangent
from autodiff_src.runtime import adjoints, layouts, selection, windows


# Orders other than "C" and "F" follow how the array lies in memory, and the adjoint may lie otherwise.
@adjoint(np.reshape)
def reshape(y, a, shape, order="C"):
    d[a] += np.reshape(d[y], np.shape(a)) if order == "C" else np.reshape(d[y], np.shape(a), layouts.order_of(a, order))


@tangent(np.reshape)
def reshape_tangent(y, a, shape, order="C"):
    d[y] = np.reshape(d[a], np.shape(y)) if order == "C" else np.reshape(d[a], np.shape(y), layouts.order_of(a, order))


@adjoint(np.ndarray.reshape)
def reshape_method(y, a, *shape, order="C"):
    d[a] += np.reshape(d[y], np.shape(a)) if order == "C" else np.reshape(d[y], np.shape(a), layouts.order_of(a, order))


@tangent(np.ndarray.reshape)
def reshape_method_tangent(y, a, *shape, order="C"):
    d[y] = np.reshape(d[a], np.shape(y)) if order == "C" else np.reshape(d[a], np.shape(y), layouts.order_of(a, order))


@adjoint(np.ravel, np.ndarray.flatten, np.ndarray.ravel)
def ravel(y, a, order="C"):
    d[a] += np.reshape(d[y], np.shape(a)) if order == "C" else np.reshape(d[y], np.shape(a), layouts.order_of(a, order))


@tangent(np.ravel, np.ndarray.flatten, np.ndarray.ravel)
def ravel_tangent(y, a, order="C"):
    d[y] = np.ravel(d[a]) if order == "C" else np.ravel(d[a], layouts.order_of(a, order))


@linear(np.squeeze)
def squeeze(y, a, axis=None):
    d[a] += np.reshape(d[y], np.shape(a))


@linear(np.expand_dims)
def expand_dims(y, a, axis):
    d[a] += np.reshape(d[y], np.shape(a))


@adjoint(np.atleast_1d, np.atleast_2d, np.atleast_3d)
def atleast(y, array):
    d[array] += np.reshape(d[y], np.shape(array))


@tangent(np.atleast_1d, np.atleast_2d, np.atleast_3d)
def atleast_tangent(y, array):
    d[y] = np.reshape(d[array], np.shape(y))


@linear(np.transpose)
def transpose(y, a, axes=None):
    if axes is None:
        d[a] += np.transpose(d[y])
    else:
        d[a] += np.transpose(d[y], adjoints.inverse_order(axes))


@adjoint(np.ndarray.transpose)
def transpose_method(y, a, *axes):
    if len(axes) == 0 or axes[0] is None:
        d[a] += np.transpose(d[y])
    else:
        d[a] += np.transpose(d[y], adjoints.inverse_order(axes if isinstance(axes[0], int) else axes[0]))


@tangent(np.ndarray.transpose)
def transpose_method_tangent(y, a, *axes):
    d[y] = d[a].transpose(*axes)


@linear(np.swapaxes)
def swapaxes(y, a, axis1, axis2):
    d[a] += np.swapaxes(d[y], axis1, axis2)


@linear(np.moveaxis)
def moveaxis(y, a, source, destination):
    d[a] += np.moveaxis(d[y], destination, source)


@linear(np.broadcast_to)
def broadcast_to(y, array, shape):
    d[array] += d[y]


@linear(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(y, x, window_shape, axis=None):
    d[x] += windows.unwindowed(d[y], x, window_shape, axis)


@linear(np.roll)
def roll(y, a, shift, axis=None):
    d[a] += np.roll(d[y], np.negative(shift), axis)


@linear(np.flip)
def flip(y, m, axis=None):
    d[m] += np.flip(d[y], axis)


@linear(np.fliplr)
def fliplr(y, m):
    d[m] += np.fliplr(d[y])


@linear(np.flipud)
def flipud(y, m):
    d[m] += np.flipud(d[y])


@linear(np.rot90)
def rot90(y, m, k=1, axes=(0, 1)):
    d[m] += np.rot90(d[y], -k, axes)


@partials(np.copy, np.ndarray.copy)
def copy(y, a, order="C"):
    return 1.0


@adjoint(np.ndarray.astype)
def astype(y, a, dtype, order="K", casting="unsafe", *, copy=True):
    d[a] += d[y]


@tangent(np.ndarray.astype)
def astype_tangent(y, a, dtype, order="K", casting="unsafe", *, copy=True):
    d[y] = d[a]


if hasattr(np, "astype"):  # since NumPy 2.1
    @adjoint(np.astype)
    def astype_function(y, x, dtype, *, copy=True):
        d[x] += d[y]

    @tangent(np.astype)
    def astype_function_tangent(y, x, dtype, *, copy=True):
        d[y] = d[x]


@adjoint(np.ndarray.item)
def item(y, a, *place):
    d[a] += adjoints.placed(d[y], selection.item_index(a, place), a) if place else d[y]


@tangent(np.ndarray.item)
def item_tangent(y, a, *place):
    d[y] = d[a][selection.item_index(a, place)]


@adjoint(np.ndarray.tolist)
def tolist(y, a):
    d[a] += d[y]


@tangent(np.ndarray.tolist)
def tolist_tangent(y, a):
    d[y] = d[a].tolist()


@adjoint(np.matrix_transpose)
def matrix_transpose(y, x):
    d[x] += np.swapaxes(d[y], -1, -2)


@tangent(np.matrix_transpose)
def matrix_transpose_tangent(y, x):
    d[y] = np.swapaxes(d[x], -1, -2)


@linear(np.rollaxis)
def rollaxis(y, a, axis, start=0):
    d[a] += np.transpose(d[y], adjoints.inverse_order(adjoints.rolled_order(a, axis, start)))


@adjoint(np.broadcast_arrays)
def broadcast_arrays(y, *args):
    d[args] += list(d[y])


@tangent(np.broadcast_arrays)
def broadcast_arrays_tangent(y, *args):
    d[y] = np.broadcast_arrays(*d[args])


@linear(np.resize)
def resize(y, a, new_shape):
    places = np.reshape(np.arange(np.size(y)) % max(np.size(a), 1), np.shape(y))
    d[a] += np.reshape(adjoints.placed(d[y], places, np.ravel(a)), np.shape(a)) if np.size(a) else 0.0


@linear(np.diagflat)
def diagflat(y, v, k=0):
    d[v] += np.reshape(np.diagonal(d[y], k), np.shape(v))


method("reshape", np.ndarray.reshape)
method("ravel", np.ndarray.ravel)
method("flatten", np.ndarray.flatten)
method("squeeze", np.squeeze)
method("transpose", np.ndarray.transpose)
method("swapaxes", np.swapaxes)
method("copy", np.ndarray.copy)
method("astype", np.ndarray.astype)
method("item", np.ndarray.item)
method("tolist", np.ndarray.tolist)
