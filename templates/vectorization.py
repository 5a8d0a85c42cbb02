"""What the loops that stand for `np.vectorize` rest on."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, non_differentiable, tangent
from autodiff_src.runtime import vectorization


@linear(vectorization.items)
def items(y, x, shape, order):
    d[x] += np.reshape(np.array(d[y])[np.argsort(order)], shape)


@adjoint(vectorization.arranged)
def arranged(y, values, order, shape, dtype):
    d[values] += vectorization.gathered(d[y], order, dtype)


@tangent(vectorization.arranged)
def arranged_tangent(y, values, order, shape, dtype):
    d[y] = vectorization.arranged_tangent(d[values], order, shape, dtype)


@linear(vectorization.gathered)
def gathered(y, e, order, dtype):
    d[e] += vectorization.arranged_tangent(d[y], order, np.shape(e), dtype)


@linear(vectorization.arranged_tangent)
def arranged_tangent_adjoint(y, values, order, shape, dtype):
    d[values] += vectorization.gathered(d[y], order, dtype)


non_differentiable(
    vectorization.check_some, vectorization.common_shape, vectorization.visited, vectorization.dtype_of,
    vectorization.conditions, vectorization.elements_at, vectorization.lines, vectorization.order_behind,
)
