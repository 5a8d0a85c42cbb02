"""Functions of `scipy.special` that elementary functions are made of or made for: powers, losses, sums of exponentials."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import adjoint, d, non_differentiable, partials, tangent


@partials(special.cbrt)
def cbrt(y, x):
    return 1.0 / (3.0 * y * y)


@partials(special.exp2)
def exp2(y, x):
    return y * np.log(2.0)


@partials(special.exp10)
def exp10(y, x):
    return y * np.log(10.0)


@partials(special.expm1)
def expm1(y, x):
    return np.exp(x)


@partials(special.log1p)
def log1p(y, x):
    return 1.0 / (1.0 + x)


@partials(special.cosm1)
def cosm1(y, x):
    return -np.sin(x)


# (exp(x) - y) / x, without what cancels.
@partials(special.exprel)
def exprel(y, x):
    return 0.5 * special.hyp1f1(2.0, 3.0, x)


@partials(special.powm1)
def powm1(z, x, y):
    return y * np.power(x, y - 1.0), np.power(x, y) * np.log(x)


@partials(special.sindg)
def sindg(y, x):
    return np.pi / 180.0 * special.cosdg(x)


@partials(special.cosdg)
def cosdg(y, x):
    return -np.pi / 180.0 * special.sindg(x)


@partials(special.tandg)
def tandg(y, x):
    return np.pi / 180.0 * (1.0 + y * y)


@partials(special.cotdg)
def cotdg(y, x):
    return -np.pi / 180.0 * (1.0 + y * y)


@partials(special.radian)
def radian(y, degrees, minutes, seconds):
    return np.pi / 180.0, np.pi / 10800.0, np.pi / 648000.0


# With respect to the exponent: log(x)**2 times (t exp(t) - exp(t) + 1) / t**2 at t = lmbda log(x), without what cancels.
@partials(special.boxcox)
def boxcox(y, x, lmbda):
    return np.power(x, lmbda - 1.0), 0.5 * np.log(x) ** 2 * special.hyp1f1(2.0, 3.0, lmbda * np.log(x))


@partials(special.boxcox1p)
def boxcox1p(y, x, lmbda):
    return (np.exp((lmbda - 1.0) * np.log1p(x)),
            0.5 * np.log1p(x) ** 2 * special.hyp1f1(2.0, 3.0, lmbda * np.log1p(x)))


@partials(special.inv_boxcox)
def inv_boxcox(x, y, lmbda):
    slope = np.power(x, 1.0 - lmbda)
    return slope, -0.5 * slope * np.log(x) ** 2 * special.hyp1f1(2.0, 3.0, lmbda * np.log(x))


@partials(special.inv_boxcox1p)
def inv_boxcox1p(x, y, lmbda):
    slope = np.exp((1.0 - lmbda) * np.log1p(x))
    return slope, -0.5 * slope * np.log1p(x) ** 2 * special.hyp1f1(2.0, 3.0, lmbda * np.log1p(x))


@partials(special.huber)
def huber(y, delta, r):
    return np.maximum(np.abs(r) - delta, 0.0), np.clip(r, -delta, delta)


@partials(special.pseudo_huber)
def pseudo_huber(y, delta, r):
    root = np.sqrt(1.0 + (r / delta) ** 2)
    return delta * (r / delta) ** 4 / (root * (1.0 + root) ** 2), r / root


# Where all are -inf, or one is inf, the result says nothing about the others. Weights may be a list.
@adjoint(special.logsumexp)
def logsumexp(y, a, axis=None, b=None, keepdims=False):
    whole = np.where(np.isfinite(y), y, 0.0)
    e = d[y] if axis is None or keepdims else np.expand_dims(d[y], axis)
    part = np.exp(a - (whole if axis is None or keepdims else np.expand_dims(whole, axis)))
    d[a] += e * part if b is None else np.multiply(e * part, b)
    d[b] += e * part


@tangent(special.logsumexp)
def logsumexp_tangent(y, a, axis=None, b=None, keepdims=False):
    whole = np.where(np.isfinite(y), y, 0.0)
    part = np.exp(a - (whole if axis is None or keepdims else np.expand_dims(whole, axis)))
    moved = d[a] * part
    d[y] = np.sum(moved if b is None else np.multiply(moved, b) + np.multiply(d[b], part), axis=axis, keepdims=keepdims)


@adjoint(special.softmax)
def softmax(y, x, axis=None):
    d[x] += y * (d[y] - np.sum(d[y] * y, axis=axis, keepdims=True))


@tangent(special.softmax)
def softmax_tangent(y, x, axis=None):
    d[y] = y * (d[x] - np.sum(d[x] * y, axis=axis, keepdims=True))


@adjoint(special.log_softmax)
def log_softmax(y, x, axis=None):
    d[x] += d[y] - np.exp(y) * np.sum(d[y], axis=axis, keepdims=True)


@tangent(special.log_softmax)
def log_softmax_tangent(y, x, axis=None):
    d[y] = d[x] - np.sum(np.exp(y) * d[x], axis=axis, keepdims=True)


if hasattr(special, "softplus"):  # since SciPy 1.17
    @partials(special.softplus)
    def softplus(y, x):
        return special.expit(x)

non_differentiable(special.round)
