"""Methods of ufuncs: reduce, accumulate, outer, reduceat."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, passing_over, tangent
from autodiff_src.runtime import adjoints, products, selection


@adjoint(np.add.reduce)
def add_reduce(y, array, axis=0, dtype=None, *, keepdims=False, initial=0, where=True):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    d[array] += e if where is True else np.where(where, e, 0.0)
    d[initial] += d[y]


@tangent(np.add.reduce)
def add_reduce_tangent(y, array, axis=0, dtype=None, *, keepdims=False, initial=0, where=True):
    d[y] = np.sum(d[array] if where is True else np.where(where, d[array], 0.0), axis=axis, keepdims=keepdims) + d[initial]


@adjoint(np.multiply.reduce)
def multiply_reduce(y, array, axis=0, dtype=None, *, keepdims=False, initial=1):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    d[array] += e * initial * products.of_others(array, axis)
    d[initial] += d[y] * np.prod(array, axis=axis, keepdims=keepdims)


@tangent(np.multiply.reduce)
def multiply_reduce_tangent(y, array, axis=0, dtype=None, *, keepdims=False, initial=1):
    d[y] = (initial * np.sum(d[array] * products.of_others(array, axis), axis=axis, keepdims=keepdims)
            + d[initial] * np.prod(array, axis=axis, keepdims=keepdims))


@adjoint(np.maximum.reduce, np.minimum.reduce)
def extremum_reduce(y, array, axis=0, dtype=None, *, keepdims=False):
    ties = array == (y if axis is None or keepdims else np.expand_dims(y, axis))
    e = d[y] / np.sum(ties, axis=axis, keepdims=keepdims)
    d[array] += ties * (e if axis is None or keepdims else np.expand_dims(e, axis))


@tangent(np.maximum.reduce, np.minimum.reduce)
def extremum_reduce_tangent(y, array, axis=0, dtype=None, *, keepdims=False):
    ties = array == (y if axis is None or keepdims else np.expand_dims(y, axis))
    d[y] = np.sum(np.where(ties, d[array], 0.0), axis=axis, keepdims=keepdims) / np.sum(ties, axis=axis, keepdims=keepdims)


passing_over(np.maximum.reduce, np.minimum.reduce)


@adjoint(np.logaddexp.reduce)
def logaddexp_reduce(y, array, axis=0, dtype=None, *, keepdims=False):
    if axis is None or keepdims:
        d[array] += d[y] * np.exp(array - y)
    else:
        d[array] += np.expand_dims(d[y], axis) * np.exp(array - np.expand_dims(y, axis))


@tangent(np.logaddexp.reduce)
def logaddexp_reduce_tangent(y, array, axis=0, dtype=None, *, keepdims=False):
    weights = np.exp(array - (y if axis is None or keepdims else np.expand_dims(y, axis)))
    d[y] = np.sum(d[array] * weights, axis=axis, keepdims=keepdims)


@adjoint(np.add.accumulate)
def add_accumulate(y, array, axis=0, dtype=None):
    d[array] += np.flip(np.cumsum(np.flip(d[y], axis), axis), axis)


@tangent(np.add.accumulate)
def add_accumulate_tangent(y, array, axis=0, dtype=None):
    d[y] = np.cumsum(d[array], axis)


@adjoint(np.multiply.accumulate)
def multiply_accumulate(y, array, axis=0, dtype=None):
    d[array] += products.cumprod_adjoint(d[y], array, axis)


@tangent(np.multiply.accumulate)
def multiply_accumulate_tangent(y, array, axis=0, dtype=None):
    d[y] = products.cumprod_tangent(d[array], array, axis)


# Of elements that are equal the first one counts.
@adjoint(np.maximum.accumulate, np.minimum.accumulate)
def extremum_accumulate(y, array, axis=0, dtype=None):
    d[array] += adjoints.placed_along_axis(d[y], selection.leaders(y, axis), array, axis)


@tangent(np.maximum.accumulate, np.minimum.accumulate)
def extremum_accumulate_tangent(y, array, axis=0, dtype=None):
    d[y] = np.take_along_axis(d[array], selection.leaders(y, axis), axis)


@adjoint(np.add.reduceat)
def add_reduceat(y, array, indices, axis=0, dtype=None):
    d[array] += products.reduceat_adjoint(d[y], indices, array, axis)


@tangent(np.add.reduceat)
def add_reduceat_tangent(y, array, indices, axis=0, dtype=None):
    d[y] = np.add.reduceat(d[array], indices, axis)


@adjoint(np.add.outer)
def add_outer(y, A, B):  # noqa: N803
    d[A] += np.sum(d[y], axis=tuple(range(np.ndim(A), np.ndim(y))))
    d[B] += np.sum(d[y], axis=tuple(range(np.ndim(A))))


@tangent(np.add.outer)
def add_outer_tangent(y, A, B):  # noqa: N803
    d[y] = np.add.outer(d[A], np.zeros(np.shape(B))) + np.add.outer(np.zeros(np.shape(A)), d[B])


@adjoint(np.subtract.outer)
def subtract_outer(y, A, B):  # noqa: N803
    d[A] += np.sum(d[y], axis=tuple(range(np.ndim(A), np.ndim(y))))
    d[B] += -np.sum(d[y], axis=tuple(range(np.ndim(A))))


@tangent(np.subtract.outer)
def subtract_outer_tangent(y, A, B):  # noqa: N803
    d[y] = np.subtract.outer(d[A], np.zeros(np.shape(B))) + np.subtract.outer(np.zeros(np.shape(A)), d[B])


@adjoint(np.multiply.outer)
def multiply_outer(y, A, B):  # noqa: N803
    d[A] += np.tensordot(d[y], B, np.ndim(B))
    d[B] += np.tensordot(A, d[y], np.ndim(A))


@tangent(np.multiply.outer)
def multiply_outer_tangent(y, A, B):  # noqa: N803
    d[y] = np.multiply.outer(d[A], B) + np.multiply.outer(A, d[B])


@adjoint(np.divide.outer)
def divide_outer(y, A, B):  # noqa: N803
    d[A] += np.sum(d[y] / B, axis=tuple(range(np.ndim(A), np.ndim(y))))
    d[B] += -np.sum(d[y] * y / B, axis=tuple(range(np.ndim(A))))


@tangent(np.divide.outer)
def divide_outer_tangent(y, A, B):  # noqa: N803
    d[y] = np.divide.outer(d[A], B) - y * (d[B] / B)


# Where the two are equal, each has half of it.
@adjoint(np.maximum.outer, np.minimum.outer)
def extremum_outer(y, A, B):  # noqa: N803
    first, second = y == np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), y == B
    e = d[y] / np.add(first, second, dtype=int)
    d[A] += np.sum(first * e, axis=tuple(range(np.ndim(A), np.ndim(y))))
    d[B] += np.sum(second * e, axis=tuple(range(np.ndim(A))))


@tangent(np.maximum.outer, np.minimum.outer)
def extremum_outer_tangent(y, A, B):  # noqa: N803
    first, second = y == np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), y == B
    d[y] = ((first * np.multiply.outer(d[A], np.ones(np.shape(B))) + second * np.multiply.outer(np.ones(np.shape(A)), d[B]))
            / np.add(first, second, dtype=int))


@adjoint(np.power.outer)
def power_outer(z, A, B):  # noqa: N803
    x = np.reshape(A, np.shape(A) + (1,) * np.ndim(B))
    d[A] += np.sum(d[z] * B * x ** np.where(np.equal(B, 0), 1, np.subtract(B, 1)),
                   axis=tuple(range(np.ndim(A), np.ndim(z))))
    d[B] += np.sum(d[z] * z * np.log(np.where(x == 0, 1, x)), axis=tuple(range(np.ndim(A))))


@tangent(np.power.outer)
def power_outer_tangent(z, A, B):  # noqa: N803
    x = np.reshape(A, np.shape(A) + (1,) * np.ndim(B))
    d[z] = (np.multiply.outer(d[A], np.ones(np.shape(B))) * (B * x ** np.where(np.equal(B, 0), 1, np.subtract(B, 1)))
            + d[B] * (z * np.log(np.where(x == 0, 1, x))))
