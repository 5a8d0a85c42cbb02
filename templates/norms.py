"""Norms of `np.linalg`, and the condition number."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, non_differentiable, tangent
from autodiff_src.runtime import norms


@adjoint(np.linalg.norm)
def norm(y, x, ord=None, axis=None, keepdims=False):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    size = y if axis is None or keepdims else np.expand_dims(y, axis)
    d[x] += (x * (e / np.where(size == 0.0, 1.0, size)) if norms.is_euclidean(x, ord, axis)
             else e * norms.slope(x, ord, axis))


@tangent(np.linalg.norm)
def norm_tangent(y, x, ord=None, axis=None, keepdims=False):
    d[y] = (np.sum(x * d[x], axis=axis, keepdims=keepdims) / np.where(y == 0.0, 1.0, y)
            if norms.is_euclidean(x, ord, axis)
            else np.sum(norms.slope(x, ord, axis) * d[x], axis=axis, keepdims=keepdims))


@adjoint(norms.slope)
def slope(y, x, ord, axis):
    d[x] += norms.curvature(d[y], x, ord, axis)


@tangent(norms.slope)
def slope_tangent(y, x, ord, axis):
    d[y] = norms.curvature(d[x], x, ord, axis)


@adjoint(norms.vector_slope)
def vector_slope(y, x, ord, axis):
    d[x] += norms.vector_curvature(d[y], x, ord, axis)


@tangent(norms.vector_slope)
def vector_slope_tangent(y, x, ord, axis):
    d[y] = norms.vector_curvature(d[x], x, ord, axis)


non_differentiable(norms.is_euclidean)


@adjoint(np.linalg.vector_norm)
def vector_norm(y, x, *, axis=None, keepdims=False, ord=2):
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    size = y if axis is None or keepdims else np.expand_dims(y, axis)
    d[x] += x * (e / np.where(size == 0.0, 1.0, size)) if ord == 2 else e * norms.vector_slope(x, ord, axis)


@tangent(np.linalg.vector_norm)
def vector_norm_tangent(y, x, *, axis=None, keepdims=False, ord=2):
    d[y] = (np.sum(x * d[x], axis=axis, keepdims=keepdims) / np.where(y == 0.0, 1.0, y) if ord == 2
            else np.sum(norms.vector_slope(x, ord, axis) * d[x], axis=axis, keepdims=keepdims))


@adjoint(np.linalg.matrix_norm)
def matrix_norm(y, x, *, keepdims=False, ord="fro"):
    d[x] += (d[y] if keepdims else np.expand_dims(d[y], (-2, -1))) * norms.slope(x, ord, (-2, -1))


@tangent(np.linalg.matrix_norm)
def matrix_norm_tangent(y, x, *, keepdims=False, ord="fro"):
    d[y] = np.sum(norms.slope(x, ord, (-2, -1)) * d[x], axis=(-2, -1), keepdims=keepdims)


# The largest singular value divided by the smallest, or the norm of the matrix times that of its inverse.
@adjoint(np.linalg.cond)
def cond(y, x, p=None):
    largest, smallest = norms.slope(x, 2, (-2, -1)), norms.slope(x, -2, (-2, -1))
    whole, part = np.linalg.norm(x, 2, (-2, -1), True), np.linalg.norm(x, -2, (-2, -1), True)
    inverse = x if p is None or p == 2 or p == -2 else np.linalg.inv(x)
    turned = np.swapaxes(inverse, -1, -2)
    slope = ((largest - whole / part * smallest) / part if p is None or p == 2
             else (smallest - part / whole * largest) / whole if p == -2
             else np.linalg.norm(inverse, p, (-2, -1), True) * norms.slope(x, p, (-2, -1))
             - turned @ (np.linalg.norm(x, p, (-2, -1), True) * norms.slope(inverse, p, (-2, -1))) @ turned)
    d[x] += np.expand_dims(d[y], (-2, -1)) * slope


@tangent(np.linalg.cond)
def cond_tangent(y, x, p=None):
    largest, smallest = norms.slope(x, 2, (-2, -1)), norms.slope(x, -2, (-2, -1))
    whole, part = np.linalg.norm(x, 2, (-2, -1), True), np.linalg.norm(x, -2, (-2, -1), True)
    inverse = x if p is None or p == 2 or p == -2 else np.linalg.inv(x)
    turned = np.swapaxes(inverse, -1, -2)
    slope = ((largest - whole / part * smallest) / part if p is None or p == 2
             else (smallest - part / whole * largest) / whole if p == -2
             else np.linalg.norm(inverse, p, (-2, -1), True) * norms.slope(x, p, (-2, -1))
             - turned @ (np.linalg.norm(x, p, (-2, -1), True) * norms.slope(inverse, p, (-2, -1))) @ turned)
    d[y] = np.sum(slope * d[x], axis=(-2, -1))
