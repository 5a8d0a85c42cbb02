"""Averages, quantiles and covariances."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, tangent
from autodiff_src.runtime import adjoints, covariance, order_statistics


# `np.average(a, returned=True)` gives the average and the sum of the weights.
@adjoint(np.average)
def average(y, a, axis=None, weights=None, returned=False, *, keepdims=False):
    e = d[y][0] if returned else d[y]
    inner = e if axis is None or keepdims else np.expand_dims(e, axis)
    shares = np.ones(np.shape(a)) if weights is None else adjoints.aligned(weights, a, axis)
    total = np.sum(np.broadcast_to(shares, np.shape(a)), axis=axis, keepdims=True)
    mean = np.sum(a * shares, axis=axis, keepdims=True) / total
    count = 0.0 if not returned else d[y][1] if axis is None or keepdims else np.expand_dims(d[y][1], axis)
    d[a] += inner * (np.size(e) / max(np.size(a), 1)) if weights is None else inner * shares / total
    d[weights] += np.reshape(adjoints.unbroadcast(inner * (a - mean) / total + count, shares), np.shape(weights))


@tangent(np.average)
def average_tangent(y, a, axis=None, weights=None, returned=False, *, keepdims=False):
    shares = np.ones(np.shape(a)) if weights is None else adjoints.aligned(weights, a, axis)
    total = np.sum(np.broadcast_to(shares, np.shape(a)), axis=axis, keepdims=True)
    mean = np.sum(a * shares, axis=axis, keepdims=True) / total
    mean_dot = ((np.mean(d[a], axis=axis, keepdims=keepdims) if weights is None
                 else np.sum(d[a] * (shares / total), axis=axis, keepdims=keepdims))
                + np.sum(adjoints.aligned(d[weights], a, axis) * ((a - mean) / total), axis=axis, keepdims=keepdims))
    shares_dot = np.broadcast_to(adjoints.aligned(d[weights], a, axis), np.shape(a))
    total_dot = np.sum(shares_dot, axis=axis, keepdims=keepdims)
    if returned:
        d[y] = (mean_dot, total_dot)
    else:
        d[y] = mean_dot


@adjoint(np.median)
def median(y, a, axis=None, *, keepdims=False):
    d[a] += order_statistics.spread(d[y], a, 0.5, axis, "linear", keepdims, False)


@tangent(np.median)
def median_tangent(y, a, axis=None, *, keepdims=False):
    d[y] = order_statistics.weighted(d[a], a, 0.5, axis, "linear", keepdims, False)


@adjoint(np.nanmedian)
def nanmedian(y, a, axis=None, *, keepdims=False):
    d[a] += order_statistics.spread(d[y], a, 0.5, axis, "linear", keepdims, True)


@tangent(np.nanmedian)
def nanmedian_tangent(y, a, axis=None, *, keepdims=False):
    d[y] = order_statistics.weighted(d[a], a, 0.5, axis, "linear", keepdims, True)


@adjoint(np.quantile)
def quantile(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[a] += order_statistics.spread(d[y], a, q, axis, method, keepdims, False)
    d[q] += order_statistics.of_q(d[y] * order_statistics.weighted(a, a, q, axis, method, keepdims, False, 1), q)


@tangent(np.quantile)
def quantile_tangent(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[y] = (order_statistics.weighted(d[a], a, q, axis, method, keepdims, False)
            + order_statistics.for_each(d[q], y) * order_statistics.weighted(
                a, a, q, axis, method, keepdims, False, 1))


@adjoint(np.nanquantile)
def nanquantile(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[a] += order_statistics.spread(d[y], a, q, axis, method, keepdims, True)
    d[q] += order_statistics.of_q(d[y] * order_statistics.weighted(a, a, q, axis, method, keepdims, True, 1), q)


@tangent(np.nanquantile)
def nanquantile_tangent(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[y] = (order_statistics.weighted(d[a], a, q, axis, method, keepdims, True)
            + order_statistics.for_each(d[q], y) * order_statistics.weighted(
                a, a, q, axis, method, keepdims, True, 1))


@adjoint(np.percentile)
def percentile(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[a] += order_statistics.spread(d[y], a, np.true_divide(q, 100), axis, method, keepdims, False)
    d[q] += order_statistics.of_q(d[y] * order_statistics.weighted(
        a, a, np.true_divide(q, 100), axis, method, keepdims, False, 1), q) / 100


@tangent(np.percentile)
def percentile_tangent(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[y] = (order_statistics.weighted(d[a], a, np.true_divide(q, 100), axis, method, keepdims, False)
            + order_statistics.for_each(d[q], y) / 100 * order_statistics.weighted(
                a, a, np.true_divide(q, 100), axis, method, keepdims, False, 1))


@adjoint(np.nanpercentile)
def nanpercentile(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[a] += order_statistics.spread(d[y], a, np.true_divide(q, 100), axis, method, keepdims, True)
    d[q] += order_statistics.of_q(d[y] * order_statistics.weighted(
        a, a, np.true_divide(q, 100), axis, method, keepdims, True, 1), q) / 100


@tangent(np.nanpercentile)
def nanpercentile_tangent(y, a, q, axis=None, *, method="linear", keepdims=False):
    d[y] = (order_statistics.weighted(d[a], a, np.true_divide(q, 100), axis, method, keepdims, True)
            + order_statistics.for_each(d[q], y) / 100 * order_statistics.weighted(
                a, a, np.true_divide(q, 100), axis, method, keepdims, True, 1))


@adjoint(np.cov)
def cov(c, m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    own, others = covariance.count(m, rowvar), 0 if y is None else covariance.count(y, rowvar)
    rows = (covariance.rows(m, rowvar, 0, others) if y is None
            else covariance.rows(m, rowvar, 0, others) + covariance.rows(y, rowvar, own, 0))
    less = (0 if bias else 1) if ddof is None else ddof
    e = np.reshape(d[c], (own + others, own + others))
    if fweights is None and aweights is None:
        e_rows = (e + np.transpose(e)) @ (rows - np.mean(rows, axis=1, keepdims=True)) / (np.shape(rows)[1] - less)
    else:
        weights = covariance.weights(fweights, aweights)
        centred = rows - np.sum(rows * weights, axis=1, keepdims=True) / np.sum(weights)
        free = covariance.free(fweights, aweights, less)
        e_rows = (e + np.transpose(e)) @ (centred * weights) / free
    if aweights is not None:
        each = np.sum(centred * (e @ centred), axis=0) * covariance.counts(fweights)
        d[aweights] += (each - np.sum(e * c) * covariance.slopes_of_free(fweights, aweights, less)) / free
    d[m] += covariance.of_rows(e_rows, m, rowvar, 0, others)
    if y is not None:
        d[y] += covariance.of_rows(e_rows, y, rowvar, own, 0)


@tangent(np.cov)
def cov_tangent(c, m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    own, others = covariance.count(m, rowvar), 0 if y is None else covariance.count(y, rowvar)
    rows = (covariance.rows(m, rowvar, 0, others) if y is None
            else covariance.rows(m, rowvar, 0, others) + covariance.rows(y, rowvar, own, 0))
    less = (0 if bias else 1) if ddof is None else ddof
    rows_dot = covariance.rows(d[m], rowvar, 0, others) + covariance.rows(d[y], rowvar, own, 0)
    if fweights is None and aweights is None:
        half = rows_dot @ np.transpose(rows - np.mean(rows, axis=1, keepdims=True)) / (np.shape(rows)[1] - less)
    else:
        weights = covariance.weights(fweights, aweights)
        centred = rows - np.sum(rows * weights, axis=1, keepdims=True) / np.sum(weights)
        free = covariance.free(fweights, aweights, less)
        half = rows_dot @ np.transpose(centred * weights) / free
    whole = np.reshape(half + np.transpose(half), np.shape(c))
    if aweights is None:
        d[c] = whole
    else:
        each = (centred * (covariance.counts(fweights) * d[aweights])) @ np.transpose(centred)
        d[c] = whole + (np.reshape(each, np.shape(c)) - c * np.sum(
            covariance.slopes_of_free(fweights, aweights, less) * d[aweights])) / free


# A matrix of coefficients is the product of the rows, centred and of length 1, with their transposes.
@adjoint(np.corrcoef)
def corrcoef(c, x, y=None, rowvar=True, *, dtype=None):
    own, others = covariance.count(x, rowvar), 0 if y is None else covariance.count(y, rowvar)
    rows = (covariance.rows(x, rowvar, 0, others) if y is None
            else covariance.rows(x, rowvar, 0, others) + covariance.rows(y, rowvar, own, 0))
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    lengths = np.sqrt(np.sum(centred * centred, axis=1, keepdims=True))
    units = centred / lengths
    e = np.reshape(d[c], (own + others, own + others))
    e_units = (e + np.transpose(e)) @ units
    e_rows = (e_units - units * np.sum(e_units * units, axis=1, keepdims=True)) / lengths
    d[x] += covariance.of_rows(e_rows, x, rowvar, 0, others)
    if y is not None:
        d[y] += covariance.of_rows(e_rows, y, rowvar, own, 0)


@tangent(np.corrcoef)
def corrcoef_tangent(c, x, y=None, rowvar=True, *, dtype=None):
    own, others = covariance.count(x, rowvar), 0 if y is None else covariance.count(y, rowvar)
    rows = (covariance.rows(x, rowvar, 0, others) if y is None
            else covariance.rows(x, rowvar, 0, others) + covariance.rows(y, rowvar, own, 0))
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    lengths = np.sqrt(np.sum(centred * centred, axis=1, keepdims=True))
    units = centred / lengths
    rows_dot = covariance.rows(d[x], rowvar, 0, others) + covariance.rows(d[y], rowvar, own, 0)
    scaled = (rows_dot - np.mean(rows_dot, axis=1, keepdims=True)) / lengths
    half = (scaled - units * np.sum(scaled * units, axis=1, keepdims=True)) @ np.transpose(units)
    d[c] = np.reshape(half + np.transpose(half), np.shape(c))
