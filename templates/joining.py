"""Functions that join arrays, cut them, pad and repeat them."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, method, tangent
from autodiff_src.runtime import adjoints


@adjoint(np.concatenate)
def concatenate(y, arrays, axis=0):
    d[arrays] += adjoints.raveled_pieces(d[y], arrays) if axis is None else adjoints.pieces(d[y], arrays, axis)


@tangent(np.concatenate)
def concatenate_tangent(y, arrays, axis=0):
    d[y] = np.concatenate(d[arrays], axis)


@adjoint(np.stack)
def stack(y, arrays, axis=0):
    d[arrays] += adjoints.unstacked(d[y], axis)


@tangent(np.stack)
def stack_tangent(y, arrays, axis=0):
    d[y] = np.stack(d[arrays], axis)


@adjoint(np.vstack)
def vstack(y, tup):
    d[tup] += adjoints.stacked_pieces(d[y], tup, 2, 0)


@tangent(np.vstack)
def vstack_tangent(y, tup):
    d[y] = np.vstack(d[tup])


@adjoint(np.hstack)
def hstack(y, tup):
    d[tup] += adjoints.stacked_pieces(d[y], tup, 1, 1 if np.ndim(y) > 1 else 0)


@tangent(np.hstack)
def hstack_tangent(y, tup):
    d[y] = np.hstack(d[tup])


@adjoint(np.column_stack)
def column_stack(y, tup):
    d[tup] += adjoints.column_pieces(d[y], tup)


@tangent(np.column_stack)
def column_stack_tangent(y, tup):
    d[y] = np.column_stack(d[tup])


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


@adjoint(np.hsplit)
def hsplit(y, ary, indices_or_sections):
    d[ary] += np.concatenate(d[y], 1 if np.ndim(ary) > 1 else 0)


@tangent(np.hsplit)
def hsplit_tangent(y, ary, indices_or_sections):
    d[y] = np.hsplit(d[ary], indices_or_sections)


@adjoint(np.vsplit)
def vsplit(y, ary, indices_or_sections):
    d[ary] += np.concatenate(d[y], 0)


@tangent(np.vsplit)
def vsplit_tangent(y, ary, indices_or_sections):
    d[y] = np.vsplit(d[ary], indices_or_sections)


@adjoint(np.pad)
def pad(y, array, pad_width, mode="constant", *, constant_values=0):
    d[array] += (adjoints.without_padding(d[y], pad_width) if mode == "constant"
                 else adjoints.refused("np.pad with a mode other than 'constant'"))


@tangent(np.pad)
def pad_tangent(y, array, pad_width, mode="constant", *, constant_values=0):
    d[y] = (np.pad(d[array], pad_width) if mode == "constant"
            else adjoints.refused("np.pad with a mode other than 'constant'"))


@adjoint(np.tile)
def tile(y, A, reps):
    d[A] += adjoints.untiled(d[y], A, reps)


@tangent(np.tile)
def tile_tangent(y, A, reps):
    d[y] = np.tile(d[A], reps)


@adjoint(np.repeat)
def repeat(y, a, repeats, axis=None):
    d[a] += adjoints.unrepeated(d[y], a, repeats, axis)


@tangent(np.repeat)
def repeat_tangent(y, a, repeats, axis=None):
    d[y] = np.repeat(d[a], repeats, axis)


method("repeat", np.repeat)
