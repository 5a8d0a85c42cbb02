"""Distributions of `scipy.stats`, as functions of the point, of location and scale, and densities of their shapes, too.

The logarithm of a density is that of its standard form at z = (x - loc) / scale, less that of the scale. Outside of where it
is one, it is constant, and nothing is computed there that is not a number.
"""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, non_differentiable, partials, tangent
from autodiff_src.runtime import adjoints, densities, matrices


@partials(densities.logpdf_of)
def logpdf(y, dist, slopes, x, loc, scale, a=None, b=None):
    inside = y != -np.inf
    z = np.where(inside, (x - loc) / scale, 0.5)
    s = slopes(z, a, b)
    slope = np.where(inside, s[0] / scale, 0.0)
    return (None, None, slope, -slope, np.where(inside, -(1.0 + z * s[0]) / scale, 0.0),
            np.where(inside, s[1], 0.0), np.where(inside, s[2], 0.0))


@partials(densities.pdf_of)
def pdf(y, dist, slopes, x, loc, scale, a=None, b=None):
    inside = y != 0.0
    z = np.where(inside, (x - loc) / scale, 0.5)
    s = slopes(z, a, b)
    slope = y * s[0] / scale
    return None, None, slope, -slope, -y * (1.0 + z * s[0]) / scale, y * s[1], y * s[2]


@partials(densities.cdf_of)
def cdf(y, dist, slopes, x, loc, scale, a=None, b=None):
    density = densities.pdf_of(dist, slopes, x, loc, scale, a, b)
    return (None, None, density, -density, -density * (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


@partials(densities.sf_of)
def sf(y, dist, slopes, x, loc, scale, a=None, b=None):
    density = densities.pdf_of(dist, slopes, x, loc, scale, a, b)
    return (None, None, -density, density, density * (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


# Where the function is 0 its logarithm is constant.
@partials(densities.logcdf_of)
def logcdf(y, dist, slopes, x, loc, scale, a=None, b=None):
    ratio = np.exp(densities.logpdf_of(dist, slopes, x, loc, scale, a, b) - np.where(y == -np.inf, 0.0, y))
    return (None, None, ratio, -ratio, -ratio * (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


@partials(densities.logsf_of)
def logsf(y, dist, slopes, x, loc, scale, a=None, b=None):
    ratio = np.exp(densities.logpdf_of(dist, slopes, x, loc, scale, a, b) - np.where(y == -np.inf, 0.0, y))
    return (None, None, -ratio, ratio, ratio * (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


@partials(densities.ppf_of)
def ppf(x, dist, slopes, q, loc, scale, a=None, b=None):
    return (None, None, 1.0 / densities.pdf_of(dist, slopes, x, loc, scale, a, b), 1.0, (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


@partials(densities.isf_of)
def isf(x, dist, slopes, q, loc, scale, a=None, b=None):
    return (None, None, -1.0 / densities.pdf_of(dist, slopes, x, loc, scale, a, b), 1.0, (x - loc) / scale,
            adjoints.fixed(a, "a shape of a distribution function"), adjoints.fixed(b, "a shape of a distribution function"))


@partials(densities.logpmf_of)
def logpmf(y, dist, slopes, k, loc, a, b=None):
    inside = y != -np.inf
    s = slopes(np.where(inside, k - loc, 0.0), a, b)
    return (None, None, adjoints.fixed(k, "k of a discrete distribution"),
            adjoints.fixed(loc, "loc of a discrete distribution"), np.where(inside, s[0], 0.0), np.where(inside, s[1], 0.0))


@partials(densities.pmf_of)
def pmf(y, dist, slopes, k, loc, a, b=None):
    s = slopes(np.where(y != 0.0, k - loc, 0.0), a, b)
    return (None, None, adjoints.fixed(k, "k of a discrete distribution"),
            adjoints.fixed(loc, "loc of a discrete distribution"), y * s[0], y * s[1])


# Of the lower triangle of the covariance, which is all that SciPy reads.
@adjoint(densities.normal_logpdf_of)
def normal_logpdf(y, dist, x, mean, cov):
    inverse = np.linalg.inv(matrices.taken(cov, "sym", True) if np.ndim(cov) == 2
                            else adjoints.refused("multivariate_normal with a covariance that is no matrix"))
    e = np.expand_dims(d[y], -1)
    turned = (x - mean) @ inverse
    d[x] += -e * turned
    d[mean] += e * turned
    pulled = np.sum(np.expand_dims(e * turned, -1) * np.expand_dims(turned, -2), axis=tuple(range(np.ndim(turned) - 1)))
    d[cov] += 0.5 * matrices.read(pulled - np.sum(d[y]) * inverse, "sym", True)


@tangent(densities.normal_logpdf_of)
def normal_logpdf_tangent(y, dist, x, mean, cov):
    inverse = np.linalg.inv(matrices.taken(cov, "sym", True) if np.ndim(cov) == 2
                            else adjoints.refused("multivariate_normal with a covariance that is no matrix"))
    turned = (x - mean) @ inverse
    moved = matrices.taken(d[cov], "sym", True)
    d[y] = (0.5 * np.sum(turned @ moved * turned, axis=-1) - 0.5 * np.sum(inverse * moved)
            - np.sum(turned * d[x], axis=-1) + np.sum(turned * d[mean], axis=-1))


@adjoint(densities.normal_pdf_of)
def normal_pdf(y, dist, x, mean, cov):
    inverse = np.linalg.inv(matrices.taken(cov, "sym", True) if np.ndim(cov) == 2
                            else adjoints.refused("multivariate_normal with a covariance that is no matrix"))
    e = np.expand_dims(d[y] * y, -1)
    turned = (x - mean) @ inverse
    d[x] += -e * turned
    d[mean] += e * turned
    pulled = np.sum(np.expand_dims(e * turned, -1) * np.expand_dims(turned, -2), axis=tuple(range(np.ndim(turned) - 1)))
    d[cov] += 0.5 * matrices.read(pulled - np.sum(d[y] * y) * inverse, "sym", True)


@tangent(densities.normal_pdf_of)
def normal_pdf_tangent(y, dist, x, mean, cov):
    inverse = np.linalg.inv(matrices.taken(cov, "sym", True) if np.ndim(cov) == 2
                            else adjoints.refused("multivariate_normal with a covariance that is no matrix"))
    turned = (x - mean) @ inverse
    moved = matrices.taken(d[cov], "sym", True)
    d[y] = y * (0.5 * np.sum(turned @ moved * turned, axis=-1) - 0.5 * np.sum(inverse * moved)
                - np.sum(turned * d[x], axis=-1) + np.sum(turned * d[mean], axis=-1))


non_differentiable(densities.parameters)
