"""Real and complex numbers, and which rules hold for complex ones.

The adjoint of z = u + iv is dL/du - i dL/dv, as in JAX: a function that is differentiable in the complex sense multiplies
adjoints by its derivative, without a conjugate, and a linear one by its transpose. So most rules hold as they are. A real
operand gets the real part of what is contributed to it.
"""
from __future__ import annotations

import builtins
import math
import operator

import numpy as np

from autodiff_src.rules import (
    adjoint,
    cut_of_reals,
    d,
    holds_for_complex,
    linear,
    method,
    non_differentiable,
    partials,
    stands_in_for_complex,
    tangent,
)
from autodiff_src.runtime import (
    adjoints,
    complex_numbers,
    contraction,
    fourier,
    index_joins,
    iteration,
    padding,
    products,
    results,
    values,
    windows,
)
from autodiff_src.runtime.objects import named
from autodiff_src.runtime.strong_zeros import strong_zero


@partials(np.float64, np.float32, np.float16, np.complex128, np.complex64)
def scalar_type(y, x):
    return 1.0


@partials(complex)
def to_complex(y, real, imag=0.0):
    return 1.0, 1j


@adjoint(np.conjugate, np.ndarray.conj)
def conjugate(y, x):
    d[x] += np.conjugate(d[y])


@tangent(np.conjugate)
def conjugate_tangent(y, x):
    d[y] = np.conjugate(d[x])


# Of a real array the method gives the array itself.
@tangent(np.ndarray.conj)
def conj_tangent(y, x):
    d[y] = d[x].conj()


@linear(np.real)
def real(y, val):
    d[val] += d[y]


@linear(np.imag)
def imag(y, val):
    d[val] += -1j * d[y]


@adjoint(np.angle)
def angle(y, z, deg=False):
    d[z] += -1j * d[y] / z * (180.0 / math.pi if deg else 1.0)


@tangent(np.angle)
def angle_tangent(y, z, deg=False):
    d[y] = np.imag(d[z] / z) * (180.0 / math.pi if deg else 1.0)


@adjoint(complex_numbers.absolute)
def absolute(y, x):
    d[x] += d[y] * np.conjugate(x) / np.where(y == 0.0, 1.0, y)


@tangent(complex_numbers.absolute)
def absolute_tangent(y, x):
    d[y] = np.real(np.conjugate(x) * d[x]) / np.where(y == 0.0, 1.0, y)


@adjoint(np.sign)
def sign(y, x):
    d[x] += complex_numbers.no_slope(x)


@tangent(np.sign)
def sign_tangent(y, x):
    d[y] = 0.0 * d[x] + complex_numbers.no_slope(x)


@adjoint(complex_numbers.vecdot)
def vecdot(y, x1, x2, *, axis=-1):
    e = np.expand_dims(d[y], axis) if axis < 0 else adjoints.refused("vecdot along an axis counted from the first")
    d[x1] += np.conjugate(e * x2)
    d[x2] += e * np.conjugate(x1)


@tangent(complex_numbers.vecdot)
def vecdot_tangent(y, x1, x2, *, axis=-1):
    d[y] = np.vecdot(d[x1], x2, axis=axis) + np.vecdot(x1, d[x2], axis=axis)


@adjoint(complex_numbers.vdot)
def vdot(y, a, b):
    d[a] += np.conjugate(d[y] * np.reshape(b, np.shape(a)))
    d[b] += d[y] * np.conjugate(np.reshape(a, np.shape(b)))


@tangent(complex_numbers.vdot)
def vdot_tangent(y, a, b):
    d[y] = np.vdot(d[a], b) + np.vdot(a, d[b])


@adjoint(complex_numbers.norm)
def norm(y, x, ord=None, axis=None, keepdims=False):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    size = y if axis is None or keepdims else np.expand_dims(y, axis)
    d[x] += np.conjugate(x) * (e / np.where(size == 0.0, 1.0, size)) if ord is None or ord == "fro" else adjoints.refused(
        "np.linalg.norm of complex numbers with an order")


@tangent(complex_numbers.norm)
def norm_tangent(y, x, ord=None, axis=None, keepdims=False):
    d[y] = np.sum(np.real(np.conjugate(x) * d[x]), axis=axis, keepdims=keepdims) / np.where(
        y == 0.0, 1.0, y) if ord is None or ord == "fro" else adjoints.refused(
        "np.linalg.norm of complex numbers with an order")


cut_of_reals(np.sign)
non_differentiable(complex_numbers.no_slope)
method("conj", np.ndarray.conj)
method("conjugate", np.ndarray.conj)
for primitive in (abs, operator.abs, np.absolute):
    stands_in_for_complex(primitive, complex_numbers.absolute)
stands_in_for_complex(np.ndarray.conj, np.conjugate)
stands_in_for_complex(np.vecdot, complex_numbers.vecdot)
stands_in_for_complex(np.linalg.vecdot, complex_numbers.vecdot)
stands_in_for_complex(np.vdot, complex_numbers.vdot)
stands_in_for_complex(np.linalg.norm, complex_numbers.norm)
holds_for_complex(
    operator.add, np.add, operator.sub, np.subtract, operator.mul, np.multiply, operator.truediv, np.divide, operator.neg,
    np.negative, operator.pos, np.positive, operator.pow, pow, np.power, np.float_power, np.square, np.reciprocal, np.sqrt,
    np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan,
    np.sinh, np.cosh, np.tanh, np.arccosh, np.arctanh, np.complex128, np.complex64, complex, np.conjugate, np.real, np.imag,
    np.angle, complex_numbers.absolute, complex_numbers.vecdot, complex_numbers.vdot, complex_numbers.norm,
)
holds_for_complex(
    operator.matmul, np.matmul, np.dot, np.inner, np.outer, np.tensordot, np.einsum, np.kron, np.cross, np.trace,
    np.diagonal, np.diag, np.tril, np.triu, np.sum, np.mean, np.cumsum, np.prod, builtins.sum,
    np.linalg.matmul, np.linalg.outer, np.linalg.tensordot, np.linalg.multi_dot, np.linalg.cross, np.linalg.trace,
    np.linalg.diagonal, np.linalg.matrix_transpose, np.linalg.inv, np.linalg.solve, np.linalg.matrix_power,
    np.linalg.tensorsolve, np.linalg.tensorinv,
)
holds_for_complex(
    operator.getitem, list, tuple, named, operator.concat, np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.full,
    np.full_like, np.copy, np.ndarray.copy, np.ndarray.astype, np.ndarray.item, np.ndarray.tolist, np.reshape,
    np.ndarray.reshape, np.ravel, np.ndarray.ravel, np.transpose, np.ndarray.transpose, np.swapaxes, np.ndarray.swapaxes,
    np.moveaxis, np.expand_dims, np.squeeze, np.ndarray.squeeze, np.broadcast_to,
    np.lib.stride_tricks.sliding_window_view, windows.unwindowed, np.flip, np.roll, np.rot90, np.concatenate,
    np.stack, np.vstack, np.hstack, np.column_stack, np.append, np.split, np.array_split, np.pad, np.tile, np.repeat, np.take,
    np.where, np.diff, np.vander, np.polyval, np.polyder, np.atleast_1d, np.atleast_2d, np.atleast_3d,
)
holds_for_complex(
    strong_zero, adjoints.unbroadcast, adjoints.add, adjoints.to_each, adjoints.of_real_part, adjoints.placed, adjoints.pieces,
    adjoints.raveled_pieces, adjoints.unstacked, adjoints.stacked_pieces, adjoints.column_pieces, padding.without_padding,
    padding.unpadded, padding.repeated,
    adjoints.untiled, adjoints.unrepeated, adjoints.undiffed, adjoints.diagonal_adjoint, products.blocks,
    results.gradient_like, values.kept, contraction.einsum_adjoint, contraction.einsum_tangent, contraction.tensordot_adjoint,
    products.of_others, fourier.fitted, index_joins.row_wise, index_joins.column_wise, index_joins.first_pieces,
    index_joins.last_pieces, iteration.sequence, iteration.of_sequence,
)
