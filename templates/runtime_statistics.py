"""The functions that the rules of statistics and of samples call: each is linear in its first operand."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, non_differentiable, tangent
from autodiff_src.runtime import covariance, order_statistics, sampling


@adjoint(order_statistics.weighted)
def weighted(y, u, a, q, axis, method, keepdims, missing):
    d[u] += order_statistics.spread(d[y], a, q, axis, method, keepdims, missing)


@tangent(order_statistics.weighted)
def weighted_tangent(y, u, a, q, axis, method, keepdims, missing):
    d[y] = order_statistics.weighted(d[u], a, q, axis, method, keepdims, missing)


@adjoint(order_statistics.spread)
def spread(y, e, a, q, axis, method, keepdims, missing):
    d[e] += order_statistics.weighted(d[y], a, q, axis, method, keepdims, missing)


@tangent(order_statistics.spread)
def spread_tangent(y, e, a, q, axis, method, keepdims, missing):
    d[y] = order_statistics.spread(d[e], a, q, axis, method, keepdims, missing)


@adjoint(covariance.rows)
def rows(y, m, rowvar, before, after):
    d[m] += covariance.of_rows(d[y], m, rowvar, before, after)


@tangent(covariance.rows)
def rows_tangent(y, m, rowvar, before, after):
    d[y] = covariance.rows(d[m], rowvar, before, after)


@adjoint(covariance.of_rows)
def of_rows(y, e, m, rowvar, before, after):
    d[e] += covariance.rows(d[y], rowvar, before, after)


@tangent(covariance.of_rows)
def of_rows_tangent(y, e, m, rowvar, before, after):
    d[y] = covariance.of_rows(d[e], m, rowvar, before, after)


@adjoint(sampling.widths)
def widths(y, x, axis):
    d[x] += sampling.widths_adjoint(d[y], axis)


@tangent(sampling.widths)
def widths_tangent(y, x, axis):
    d[y] = sampling.widths(d[x], axis)


@adjoint(sampling.widths_adjoint)
def widths_adjoint(y, e, axis):
    d[e] += sampling.widths(d[y], axis)


@tangent(sampling.widths_adjoint)
def widths_adjoint_tangent(y, e, axis):
    d[y] = sampling.widths_adjoint(d[e], axis)


@adjoint(sampling.gradient_adjoint)
def gradient_adjoint(y, e, f, varargs, axis, edge_order):
    d[e] += np.gradient(d[y], *varargs, axis=axis, edge_order=edge_order)


@tangent(sampling.gradient_adjoint)
def gradient_adjoint_tangent(y, e, f, varargs, axis, edge_order):
    d[y] = sampling.gradient_adjoint(d[e], f, varargs, axis, edge_order)


@adjoint(sampling.in_full)
def in_full(y, e, n, m, mode, reversed_):
    d[e] += sampling.of_full(d[y], n, m, mode, reversed_)


@tangent(sampling.in_full)
def in_full_tangent(y, e, n, m, mode, reversed_):
    d[y] = sampling.in_full(d[e], n, m, mode, reversed_)


@adjoint(sampling.of_full)
def of_full(y, e, n, m, mode, reversed_):
    d[e] += sampling.in_full(d[y], n, m, mode, reversed_)


@tangent(sampling.of_full)
def of_full_tangent(y, e, n, m, mode, reversed_):
    d[y] = sampling.of_full(d[e], n, m, mode, reversed_)


non_differentiable(covariance.count, sampling.refused_distances)
