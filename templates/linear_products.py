"""Products of vectors, matrices and tensors, and what is read off a matrix."""
from __future__ import annotations

import operator

import numpy as np

from autodiff_src.rules import adjoint, d, linear, method, tangent
from autodiff_src.runtime import adjoints, contraction, products


@adjoint(operator.matmul, np.matmul, np.linalg.matmul)
def matmul(y, a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        d[a] += d[y] * b
        d[b] += d[y] * a
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        d[a] += d[y] @ b.T
        d[b] += a.T @ d[y]
    elif np.ndim(a) == 2 and np.ndim(b) == 1:
        d[a] += np.outer(d[y], b)
        d[b] += d[y] @ a
    elif np.ndim(a) == 1 and np.ndim(b) == 2:
        d[a] += b @ d[y]
        d[b] += np.outer(a, d[y])
    elif np.ndim(b) == 1:
        d[a] += np.expand_dims(d[y], -1) * b
        d[b] += np.expand_dims(d[y], -1) * a
    elif np.ndim(a) == 1:
        d[a] += np.squeeze(b @ np.expand_dims(d[y], -1), -1)
        d[b] += np.expand_dims(a, -1) * np.expand_dims(d[y], -2)
    else:
        d[a] += d[y] @ np.swapaxes(b, -1, -2)
        d[b] += np.swapaxes(a, -1, -2) @ d[y]


@tangent(operator.matmul, np.matmul, np.linalg.matmul)
def matmul_tangent(y, a, b):
    d[y] = d[a] @ b + a @ d[b]


@adjoint(np.dot)
def dot(y, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0 or np.ndim(a) == 1 and np.ndim(b) == 1:
        d[a] += d[y] * b
        d[b] += d[y] * a
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        d[a] += d[y] @ b.T
        d[b] += a.T @ d[y]
    elif np.ndim(b) == 1:
        d[a] += np.expand_dims(d[y], -1) * b
        d[b] += np.tensordot(d[y], a, np.ndim(y))
    elif np.ndim(a) == 1:
        d[a] += np.tensordot(np.moveaxis(b, -2, 0), d[y], np.ndim(y))
        d[b] += np.expand_dims(a, -1) * np.expand_dims(d[y], -2)
    else:
        d[a] += np.tensordot(d[y], np.swapaxes(b, -1, -2), np.ndim(b) - 1)
        d[b] += np.swapaxes(np.tensordot(d[y], a, [range(np.ndim(a) - 1), range(np.ndim(a) - 1)]), -1, -2)


@tangent(np.dot)
def dot_tangent(y, a, b):
    d[y] = np.dot(d[a], b) + np.dot(a, d[b])


@adjoint(np.inner)
def inner(y, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0 or np.ndim(a) == 1 and np.ndim(b) == 1:
        d[a] += d[y] * b
        d[b] += d[y] * a
    else:
        d[a] += np.tensordot(d[y], b, np.ndim(b) - 1)
        d[b] += np.tensordot(d[y], a, [range(np.ndim(a) - 1), range(np.ndim(a) - 1)])


@tangent(np.inner)
def inner_tangent(y, a, b):
    d[y] = np.inner(d[a], b) + np.inner(a, d[b])


@adjoint(np.outer, np.linalg.outer)
def outer(y, a, b):
    d[a] += np.reshape(d[y] @ np.ravel(b), np.shape(a))
    d[b] += np.reshape(np.ravel(a) @ d[y], np.shape(b))


@tangent(np.outer, np.linalg.outer)
def outer_tangent(y, a, b):
    d[y] = np.outer(d[a], b) + np.outer(a, d[b])


@adjoint(np.vdot)
def vdot(y, a, b):
    d[a] += d[y] * np.reshape(b, np.shape(a))
    d[b] += d[y] * np.reshape(a, np.shape(b))


@tangent(np.vdot)
def vdot_tangent(y, a, b):
    d[y] = np.vdot(d[a], b) + np.vdot(a, d[b])


@adjoint(np.tensordot, np.linalg.tensordot)
def tensordot(y, a, b, axes=2):
    d[a] += contraction.tensordot_adjoint(d[y], a, b, axes, 0)
    d[b] += contraction.tensordot_adjoint(d[y], a, b, axes, 1)


@tangent(np.tensordot, np.linalg.tensordot)
def tensordot_tangent(y, a, b, axes=2):
    d[y] = np.tensordot(d[a], b, axes) + np.tensordot(a, d[b], axes)


@adjoint(np.einsum)
def einsum(y, subscripts, *operands, optimize=False):
    d[operands] += contraction.einsum_adjoint(d[y], subscripts, operands)


@tangent(np.einsum)
def einsum_tangent(y, subscripts, *operands, optimize=False):
    d[y] = contraction.einsum_tangent(subscripts, operands, d[operands])


@adjoint(np.linalg.multi_dot)
def multi_dot(y, arrays):
    d[arrays] += contraction.einsum_adjoint(d[y], contraction.chain(arrays), arrays)


@tangent(np.linalg.multi_dot)
def multi_dot_tangent(y, arrays):
    d[y] = contraction.einsum_tangent(contraction.chain(arrays), arrays, d[arrays])


# Vectors of which all have as many axes, or along an axis that is counted from the end.
@adjoint(np.vecdot, np.linalg.vecdot)
def vecdot(y, x1, x2, *, axis=-1):
    e = (np.expand_dims(d[y], axis) if axis < 0 or np.ndim(x1) == np.ndim(x2)
         else adjoints.refused("vecdot of arrays with other numbers of axes, along an axis counted from the first"))
    d[x1] += e * x2
    d[x2] += e * x1


@tangent(np.vecdot, np.linalg.vecdot)
def vecdot_tangent(y, x1, x2, *, axis=-1):
    d[y] = np.vecdot(d[x1], x2, axis=axis) + np.vecdot(x1, d[x2], axis=axis)


@adjoint(np.kron)
def kron(y, a, b):
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        d[a] += np.einsum("ikjl,kl->ij", products.blocks(d[y], a, b), b)
        d[b] += np.einsum("ikjl,ij->kl", products.blocks(d[y], a, b), a)
    elif np.ndim(a) == 1 and np.ndim(b) == 1:
        d[a] += np.reshape(d[y], (np.size(a), np.size(b))) @ b
        d[b] += a @ np.reshape(d[y], (np.size(a), np.size(b)))
    else:
        d[a] += adjoints.refused("np.kron of anything but two vectors or two matrices")
        d[b] += adjoints.refused("np.kron of anything but two vectors or two matrices")


@tangent(np.kron)
def kron_tangent(y, a, b):
    d[y] = np.kron(d[a], b) + np.kron(a, d[b])


@adjoint(np.cross)
def cross(y, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    of_a, of_b, of_c = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    if np.shape(a)[of_a] == 3 and np.shape(b)[of_b] == 3:
        d[a] += np.cross(b, d[y], of_b, of_c, of_a)
        d[b] += np.cross(d[y], a, of_c, of_a, of_b)
    else:
        d[a] += adjoints.refused("np.cross of vectors of length 2")
        d[b] += adjoints.refused("np.cross of vectors of length 2")


@tangent(np.cross)
def cross_tangent(y, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    d[y] = np.cross(d[a], b, axisa, axisb, axisc, axis) + np.cross(a, d[b], axisa, axisb, axisc, axis)


@adjoint(np.linalg.cross)
def cross_along(y, x1, x2, *, axis=-1):
    d[x1] += np.linalg.cross(x2, d[y], axis=axis)
    d[x2] += np.linalg.cross(d[y], x1, axis=axis)


@tangent(np.linalg.cross)
def cross_along_tangent(y, x1, x2, *, axis=-1):
    d[y] = np.linalg.cross(d[x1], x2, axis=axis) + np.linalg.cross(x1, d[x2], axis=axis)


@linear(np.trace)
def trace(y, a, offset=0, axis1=0, axis2=1, dtype=None):
    if np.ndim(a) == 2 and axis1 == 0 and axis2 == 1:
        d[a] += d[y] * np.eye(np.shape(a)[0], np.shape(a)[1], offset)
    else:
        d[a] += adjoints.diagonal_adjoint(np.expand_dims(d[y], -1), a, offset, axis1, axis2)


@linear(np.diagonal)
def diagonal(y, a, offset=0, axis1=0, axis2=1):
    d[a] += adjoints.diagonal_adjoint(d[y], a, offset, axis1, axis2)


@linear(np.linalg.trace)
def trace_of_last(y, x, *, offset=0, dtype=None):
    d[x] += np.expand_dims(d[y], (-2, -1)) * np.eye(np.shape(x)[-2], np.shape(x)[-1], offset)


@linear(np.linalg.diagonal)
def diagonal_of_last(y, x, *, offset=0):
    d[x] += adjoints.diagonal_adjoint(d[y], x, offset, -2, -1)


@adjoint(np.linalg.matrix_transpose)
def matrix_transpose(y, x):
    d[x] += np.swapaxes(d[y], -1, -2)


@tangent(np.linalg.matrix_transpose)
def matrix_transpose_tangent(y, x):
    d[y] = np.swapaxes(d[x], -1, -2)


@linear(np.diag)
def diag(y, v, k=0):
    if np.ndim(v) == 1:
        d[v] += np.diagonal(d[y], k)
    else:
        d[v] += adjoints.diagonal_adjoint(d[y], v, k, 0, 1)


@linear(np.tril)
def tril(y, m, k=0):
    d[m] += np.tril(d[y], k)


@linear(np.triu)
def triu(y, m, k=0):
    d[m] += np.triu(d[y], k)


method("dot", np.dot)
method("trace", np.trace)
method("diagonal", np.diagonal)
