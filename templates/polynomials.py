"""Polynomials by their coefficients, the highest power first."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, tangent
from autodiff_src.runtime import adjoints, polynomials


@adjoint(np.vander)
def vander(y, x, N=None, increasing=False):  # noqa: N803
    powers = np.arange(np.shape(y)[1]) if increasing else np.arange(np.shape(y)[1])[::-1]
    d[x] += np.sum(d[y] * powers * np.expand_dims(x, 1) ** np.maximum(powers - 1, 0), axis=1)


@tangent(np.vander)
def vander_tangent(y, x, N=None, increasing=False):  # noqa: N803
    powers = np.arange(np.shape(y)[1]) if increasing else np.arange(np.shape(y)[1])[::-1]
    d[y] = np.expand_dims(d[x], 1) * powers * np.expand_dims(x, 1) ** np.maximum(powers - 1, 0)


@adjoint(np.polyval)
def polyval(y, p, x):
    d[p] += np.ravel(d[y]) @ np.vander(np.ravel(x), len(p))
    d[x] += d[y] * np.polyval(np.polyder(p), x)


@tangent(np.polyval)
def polyval_tangent(y, p, x):
    d[y] = np.polyval(d[p], x) + d[x] * np.polyval(np.polyder(p), x)


@linear(np.polyder)
def polyder(y, p, m=1):
    factors = np.polyder(np.ones(len(p)), m)
    d[p] += np.concatenate([d[y] * factors, np.zeros(len(p) - len(factors))])


# The constants stand behind the integrals of the coefficients, divided by factorials.
@adjoint(np.polyint)
def polyint(y, p, m=1, k=None):
    d[p] += d[y][:len(p)] * np.polyint(np.ones(len(p)), m)[:len(p)]
    if k is not None:
        d[k] += d[y][len(p):] * np.polyint(np.zeros(len(p)), m, np.ones(m))[len(p):]


@tangent(np.polyint)
def polyint_tangent(y, p, m=1, k=None):
    d[y] = np.polyint(d[p], m) + np.polyint(np.zeros(len(p)), m, d[k])


@adjoint(np.polyadd)
def polyadd(y, a1, a2):
    d[a1] += d[y][np.size(y) - np.size(a1):]
    d[a2] += d[y][np.size(y) - np.size(a2):]


@tangent(np.polyadd)
def polyadd_tangent(y, a1, a2):
    d[y] = np.polyadd(d[a1], np.zeros(np.size(y))) + np.polyadd(np.zeros(np.size(y)), d[a2])


@adjoint(np.polysub)
def polysub(y, a1, a2):
    d[a1] += d[y][np.size(y) - np.size(a1):]
    d[a2] += -d[y][np.size(y) - np.size(a2):]


@tangent(np.polysub)
def polysub_tangent(y, a1, a2):
    d[y] = np.polysub(d[a1], np.zeros(np.size(y))) + np.polysub(np.zeros(np.size(y)), d[a2])


# NumPy drops leading zeros from the operands: how long the product is depends on values then.
@adjoint(np.polymul)
def polymul(y, a1, a2):
    e = d[y] if np.size(y) == np.size(a1) + np.size(a2) - 1 else adjoints.refused(
        "np.polymul of a polynomial whose first coefficient is zero")
    d[a1] += np.correlate(e, np.atleast_1d(a2), "valid")
    d[a2] += np.correlate(e, np.atleast_1d(a1), "valid")


@tangent(np.polymul)
def polymul_tangent(y, a1, a2):
    whole = 1.0 if np.size(y) == np.size(a1) + np.size(a2) - 1 else adjoints.refused(
        "np.polymul of a polynomial whose first coefficient is zero")
    d[y] = (whole * np.convolve(np.atleast_1d(d[a1]), np.atleast_1d(a2))
            + whole * np.convolve(np.atleast_1d(a1), np.atleast_1d(d[a2])))


# Of zeros; of a matrix by the Faddeev-LeVerrier recurrence.
@adjoint(np.poly)
def poly(y, seq_of_zeros):
    d[seq_of_zeros] += (polynomials.of_zeros_adjoint(d[y], seq_of_zeros) if np.ndim(seq_of_zeros) == 1
                        else polynomials.characteristic_adjoint(d[y], y, seq_of_zeros))


@tangent(np.poly)
def poly_tangent(y, seq_of_zeros):
    d[y] = (polynomials.of_zeros_tangent(d[seq_of_zeros], seq_of_zeros) if np.ndim(seq_of_zeros) == 1
            else polynomials.characteristic_tangent(d[seq_of_zeros], y, seq_of_zeros))


# With `P(root) = 0`, `P'(root) * d_root` is minus the change of `P` there: infinite at a multiple root.
@adjoint(np.roots)
def roots(y, p):
    whole = 1.0 if np.size(y) == np.size(p) - 1 else adjoints.refused(
        "np.roots of a polynomial whose first coefficient is zero")
    d[p] += -whole * np.transpose(np.vander(y, len(p))) @ (d[y] / np.polyval(np.polyder(p), y))


@tangent(np.roots)
def roots_tangent(y, p):
    whole = 1.0 if np.size(y) == np.size(p) - 1 else adjoints.refused(
        "np.roots of a polynomial whose first coefficient is zero")
    d[y] = -whole * np.polyval(d[p], y) / np.polyval(np.polyder(p), y)


# `u = q * v + r`: what `u - q * v` changes by is divided in the same way.
@adjoint(np.polydiv)
def polydiv(y, u, v):
    e = polynomials.divided_adjoint(d[y][0], d[y][1], np.atleast_1d(u), np.atleast_1d(v))
    d[u] += e
    d[v] += -np.correlate(e, y[0], "valid")


@tangent(np.polydiv)
def polydiv_tangent(y, u, v):
    rest = np.atleast_1d(d[u]) - np.convolve(y[0], np.atleast_1d(d[v]))
    d[y] = polynomials.divided(rest, np.atleast_1d(v), np.size(y[1]))


# The least squares solution `c` of `matrix @ c = w * y`, by its normal equations.
@adjoint(np.polyfit)
def polyfit(c, x, y, deg, rcond=None, *, w=None):
    powers = np.arange(deg, -1, -1)
    scale = 1.0 if w is None else np.expand_dims(w, 1)
    matrix = scale * np.vander(x, deg + 1)
    inverse = np.linalg.pinv(matrix)
    g = np.transpose(inverse) @ d[c]
    values = y if w is None else np.reshape(scale * np.reshape(y, (len(x), -1)), np.shape(y))
    rests = np.reshape(values - matrix @ c, (len(x), -1))
    e = (rests @ np.transpose(np.reshape(inverse @ g, (deg + 1, -1)))
         - np.reshape(g, (len(x), -1)) @ np.transpose(np.reshape(c, (deg + 1, -1))))
    d[y] += g if w is None else np.reshape(scale * np.reshape(g, (len(x), -1)), np.shape(y))
    d[x] += np.sum(scale * e * powers * np.expand_dims(x, 1) ** np.maximum(powers - 1, 0), axis=1)
    if w is not None:
        d[w] += (np.sum(e * np.vander(x, deg + 1), axis=1)
                 + np.sum(np.reshape(g, (len(x), -1)) * np.reshape(y, (len(x), -1)), axis=1))


@tangent(np.polyfit)
def polyfit_tangent(c, x, y, deg, rcond=None, *, w=None):
    powers = np.arange(deg, -1, -1)
    scale = 1.0 if w is None else np.expand_dims(w, 1)
    matrix = scale * np.vander(x, deg + 1)
    inverse = np.linalg.pinv(matrix)
    slopes = scale * powers * np.expand_dims(x, 1) ** np.maximum(powers - 1, 0)
    rows = np.reshape(y, (len(x), -1))
    columns, plain = np.reshape(c, (deg + 1, -1)), np.vander(x, deg + 1)
    rests = scale * rows - matrix @ columns
    d[c] = np.reshape(
        inverse @ (scale * np.reshape(d[y], (len(x), -1))) + inverse @ (np.expand_dims(d[w], 1) * rows)
        - inverse @ ((np.expand_dims(d[x], 1) * slopes) @ columns) - inverse @ ((np.expand_dims(d[w], 1) * plain) @ columns)
        + inverse @ (np.transpose(inverse) @ (np.transpose(np.expand_dims(d[x], 1) * slopes) @ rests))
        + inverse @ (np.transpose(inverse) @ (np.transpose(np.expand_dims(d[w], 1) * plain) @ rests)), np.shape(c))
