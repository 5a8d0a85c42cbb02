"""The functions that the rules of statistics and of samples call, linear in their first operands."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, non_differentiable, tangent
from autodiff_src.runtime import covariance, order_statistics, sampling


@adjoint(order_statistics.weighted)
def weighted(y, u, a, q, axis, method, keepdims, missing, times=0):
    d[u] += order_statistics.spread(d[y], a, q, axis, method, keepdims, missing, times)
    d[q] += order_statistics.of_q(d[y] * order_statistics.weighted(u, a, q, axis, method, keepdims, missing, times + 1), q)


@tangent(order_statistics.weighted)
def weighted_tangent(y, u, a, q, axis, method, keepdims, missing, times=0):
    d[y] = (order_statistics.weighted(d[u], a, q, axis, method, keepdims, missing, times)
            + order_statistics.for_each(d[q], y) * order_statistics.weighted(
                u, a, q, axis, method, keepdims, missing, times + 1))


@adjoint(order_statistics.spread)
def spread(y, e, a, q, axis, method, keepdims, missing, times=0):
    d[e] += order_statistics.weighted(d[y], a, q, axis, method, keepdims, missing, times)
    d[q] += order_statistics.of_q(e * order_statistics.weighted(d[y], a, q, axis, method, keepdims, missing, times + 1), q)


@tangent(order_statistics.spread)
def spread_tangent(y, e, a, q, axis, method, keepdims, missing, times=0):
    d[y] = (order_statistics.spread(d[e], a, q, axis, method, keepdims, missing, times)
            + order_statistics.spread(e * order_statistics.for_each(d[q], e), a, q, axis, method, keepdims, missing, times + 1))


@linear(order_statistics.of_q)
def of_q(y, e, q):
    d[e] += order_statistics.for_each(d[y], e)


@linear(order_statistics.for_each)
def for_each(y, q_dot, values):
    d[q_dot] += np.reshape(d[y], np.shape(q_dot))


@linear(covariance.rows)
def rows(y, m, rowvar, before, after):
    d[m] += covariance.of_rows(d[y], m, rowvar, before, after)


@linear(covariance.of_rows)
def of_rows(y, e, m, rowvar, before, after):
    d[e] += covariance.rows(d[y], rowvar, before, after)


@adjoint(covariance.weights)
def weights(y, fweights, aweights):
    d[aweights] += d[y] * covariance.counts(fweights)


@tangent(covariance.weights)
def weights_tangent(y, fweights, aweights):
    d[y] = covariance.counts(fweights) * d[aweights]


@adjoint(covariance.free)
def free(y, fweights, aweights, less):
    d[aweights] += d[y] * covariance.slopes_of_free(fweights, aweights, less)


@tangent(covariance.free)
def free_tangent(y, fweights, aweights, less):
    d[y] = np.sum(covariance.slopes_of_free(fweights, aweights, less) * d[aweights])


# The slopes are a gradient, so that what they change by is symmetric.
@adjoint(covariance.slopes_of_free)
def slopes_of_free(y, fweights, aweights, less):
    n = covariance.counts(fweights)
    total, e = np.sum(n * aweights), n * d[y]
    d[aweights] += 2.0 * less * n / total * ((np.sum(e * aweights) + aweights * np.sum(e)) / total - d[y]
                                             - np.sum(n * aweights * aweights) * np.sum(e) / total ** 2)


@tangent(covariance.slopes_of_free)
def slopes_of_free_tangent(y, fweights, aweights, less):
    n = covariance.counts(fweights)
    total, e = np.sum(n * aweights), n * d[aweights]
    d[y] = 2.0 * less * n / total * ((np.sum(e * aweights) + aweights * np.sum(e)) / total - d[aweights]
                                     - np.sum(n * aweights * aweights) * np.sum(e) / total ** 2)


@linear(sampling.widths)
def widths(y, x, axis):
    d[x] += sampling.widths_adjoint(d[y], axis)


@linear(sampling.widths_adjoint)
def widths_adjoint(y, e, axis):
    d[e] += sampling.widths(d[y], axis)


@adjoint(sampling.gradient_adjoint)
def gradient_adjoint(y, e, f, varargs, axis, edge_order):
    d[e] += np.gradient(d[y], *varargs, axis=axis, edge_order=edge_order)
    d[varargs] += sampling.distances_adjoint(e, d[y], varargs, axis, edge_order)


@tangent(sampling.gradient_adjoint)
def gradient_adjoint_tangent(y, e, f, varargs, axis, edge_order):
    d[y] = (sampling.gradient_adjoint(d[e], f, varargs, axis, edge_order)
            + sampling.adjoint_by_distances(d[varargs], e, f, varargs, axis, edge_order))


@linear(sampling.in_full)
def in_full(y, e, n, m, mode, reversed_):
    d[e] += sampling.of_full(d[y], n, m, mode, reversed_)


@linear(sampling.of_full)
def of_full(y, e, n, m, mode, reversed_):
    d[e] += sampling.in_full(d[y], n, m, mode, reversed_)


non_differentiable(covariance.count, covariance.counts)
