"""Functions that join arrays, cut them, pad and repeat them."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, method, of_sequences, tangent
from autodiff_src.runtime import adjoints, index_joins, padding

# Another function of the same effect, which NumPy is about to drop.
_ROW_STACK = (np.row_stack,) if hasattr(np, "row_stack") and np.row_stack is not np.vstack else ()

@adjoint(np.concatenate)
def concatenate(y, arrays, axis=0, *, dtype=None, casting="same_kind"):
    d[arrays] += adjoints.raveled_pieces(d[y], arrays) if axis is None else adjoints.pieces(d[y], arrays, axis)


@tangent(np.concatenate)
def concatenate_tangent(y, arrays, axis=0, *, dtype=None, casting="same_kind"):
    d[y] = np.concatenate(d[arrays], axis)


@adjoint(np.stack)
def stack(y, arrays, axis=0, *, dtype=None, casting="same_kind"):
    d[arrays] += adjoints.unstacked(d[y], axis)


@tangent(np.stack)
def stack_tangent(y, arrays, axis=0, *, dtype=None, casting="same_kind"):
    d[y] = np.stack(d[arrays], axis)


@adjoint(np.vstack, *_ROW_STACK)
def vstack(y, tup, *, dtype=None, casting="same_kind"):
    d[tup] += adjoints.stacked_pieces(d[y], tup, 2, 0)


@tangent(np.vstack, *_ROW_STACK)
def vstack_tangent(y, tup, *, dtype=None, casting="same_kind"):
    d[y] = np.vstack(d[tup])


@adjoint(np.hstack)
def hstack(y, tup, *, dtype=None, casting="same_kind"):
    d[tup] += adjoints.stacked_pieces(d[y], tup, 1, 1 if np.ndim(y) > 1 else 0)


@tangent(np.hstack)
def hstack_tangent(y, tup, *, dtype=None, casting="same_kind"):
    d[y] = np.hstack(d[tup])


@linear(index_joins.row_wise)
def row_wise(y, parts):
    d[parts] += index_joins.first_pieces(d[y], parts)


@linear(index_joins.column_wise)
def column_wise(y, parts):
    d[parts] += index_joins.last_pieces(d[y], parts)


@linear(index_joins.first_pieces)
def first_pieces(y, e, parts):
    d[e] += index_joins.row_wise(d[y])


@linear(index_joins.last_pieces)
def last_pieces(y, e, parts):
    d[e] += index_joins.column_wise(d[y])


@linear(np.column_stack)
def column_stack(y, tup):
    d[tup] += adjoints.column_pieces(d[y], tup)


@adjoint(np.append)
def append(y, arr, values, axis=None):
    if axis is None:
        d[arr] += np.reshape(d[y][:np.size(arr)], np.shape(arr))
        d[values] += np.reshape(d[y][np.size(arr):], np.shape(values))
    else:
        d[arr] += adjoints.pieces(d[y], [arr, values], axis)[0]
        d[values] += adjoints.pieces(d[y], [arr, values], axis)[1]


@tangent(np.append)
def append_tangent(y, arr, values, axis=None):
    d[y] = (np.append(d[arr], np.zeros(np.shape(values)), axis)
            + np.append(np.zeros(np.shape(arr)), d[values], axis))


@adjoint(np.split, np.array_split)
def split(y, ary, indices_or_sections, axis=0):
    d[ary] += np.concatenate(d[y], axis)


@tangent(np.split, np.array_split)
def split_tangent(y, ary, indices_or_sections, axis=0):
    d[y] = np.array_split(d[ary], indices_or_sections, axis)


@linear(np.hsplit)
def hsplit(y, ary, indices_or_sections):
    d[ary] += np.concatenate(d[y], 1 if np.ndim(ary) > 1 else 0)


@linear(np.vsplit)
def vsplit(y, ary, indices_or_sections):
    d[ary] += np.concatenate(d[y], 0)


@adjoint(np.pad)
def pad(y, array, pad_width, mode="constant", *, constant_values=0):
    d[constant_values] += np.sum(d[y]) - np.sum(padding.without_padding(d[y], pad_width)) + padding.of_one(constant_values)
    d[array] += (padding.without_padding(d[y], pad_width) if mode == "constant"
                 else padding.unpadded(d[y], array, pad_width, mode))


@tangent(np.pad)
def pad_tangent(y, array, pad_width, mode="constant", *, constant_values=0):
    d[y] = ((np.pad(d[array], pad_width) if mode == "constant" else padding.repeated(d[array], pad_width, mode))
            + (d[constant_values] + padding.of_one(constant_values)) * np.pad(np.zeros(np.shape(array)), pad_width,
                                                                              constant_values=1.0))


@linear(np.tile)
def tile(y, A, reps):
    d[A] += adjoints.untiled(d[y], A, reps)


@linear(np.repeat)
def repeat(y, a, repeats, axis=None):
    d[a] += adjoints.unrepeated(d[y], a, repeats, axis)


@linear(np.dstack)
def dstack(y, tup):
    d[tup] += adjoints.depth_pieces(d[y], tup)


@linear(np.block)
def block(y, arrays):
    d[arrays] += adjoints.unblocked(d[y], arrays)


@linear(np.dsplit)
def dsplit(y, ary, indices_or_sections):
    d[ary] += np.concatenate(d[y], 2)


if hasattr(np, "unstack"):  # since NumPy 2.1
    @adjoint(np.unstack)
    def unstack(y, x, *, axis=0):
        d[x] += np.stack(d[y], axis)

    @tangent(np.unstack)
    def unstack_tangent(y, x, *, axis=0):
        d[y] = np.unstack(d[x], axis=axis)


@linear(np.delete)
def delete(y, arr, obj, axis=None):
    if axis is None:
        kept = np.delete(np.arange(np.size(arr)), obj)
        d[arr] += np.reshape(adjoints.placed(d[y], kept, np.ravel(arr)), np.shape(arr))
    else:
        kept = np.delete(np.arange(np.shape(arr)[axis]), obj)
        d[arr] += adjoints.placed(d[y], adjoints.along(kept, arr, axis), arr)


@adjoint(np.insert)
def insert(y, arr, obj, values, axis=None):
    old, new = adjoints.inserted(y, arr, obj, axis)
    if axis is None:
        d[arr] += np.reshape(np.take(d[y], old), np.shape(arr))
        d[values] += np.take(d[y], new)
    else:
        d[arr] += np.take(d[y], old, axis)
        d[values] += np.moveaxis(np.take(d[y], new, axis), axis, 0) if np.ndim(obj) == 0 else np.take(d[y], new, axis)


@tangent(np.insert)
def insert_tangent(y, arr, obj, values, axis=None):
    d[y] = (np.insert(d[arr], obj, np.zeros(np.shape(values)), axis)
            + np.insert(np.zeros(np.shape(arr)), obj, d[values], axis))


method("repeat", np.repeat)
of_sequences(
    np.array, np.asarray, np.asanyarray, np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack, np.block,
    np.select, np.choose, np.linalg.multi_dot, *_ROW_STACK,
)
