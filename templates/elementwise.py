"""Elementwise functions of NumPy: exponentials, trigonometry, choices between operands."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, partials, passing_over, tangent
from autodiff_src.runtime import bessel


@partials(np.exp)
def exp(y, x):
    return y


@partials(np.exp2)
def exp2(y, x):
    return y * math.log(2.0)


@partials(np.expm1)
def expm1(y, x):
    return y + 1.0


@partials(np.log)
def log(y, x):
    return 1.0 / x


@partials(np.log2)
def log2(y, x):
    return 1.0 / (x * math.log(2.0))


@partials(np.log10)
def log10(y, x):
    return 1.0 / (x * math.log(10.0))


@partials(np.log1p)
def log1p(y, x):
    return 1.0 / (x + 1.0)


@partials(np.logaddexp)
def logaddexp(y, x1, x2):
    return np.exp(x1 - y), np.exp(x2 - y)


@partials(np.logaddexp2)
def logaddexp2(y, x1, x2):
    return np.exp2(x1 - y), np.exp2(x2 - y)


@partials(np.sqrt)
def sqrt(y, x):
    return 0.5 / y


@partials(np.cbrt)
def cbrt(y, x):
    return 1.0 / (3.0 * y * y)


@partials(np.square)
def square(y, x):
    return 2.0 * x


@partials(np.reciprocal)
def reciprocal(y, x):
    return -y * y


@partials(np.sin)
def sin(y, x):
    return np.cos(x)


@partials(np.cos)
def cos(y, x):
    return -np.sin(x)


@partials(np.tan)
def tan(y, x):
    return y * y + 1.0


@partials(np.arcsin)
def arcsin(y, x):
    return 1.0 / np.sqrt((1.0 - x) * (1.0 + x))


@partials(np.arccos)
def arccos(y, x):
    return -1.0 / np.sqrt((1.0 - x) * (1.0 + x))


@partials(np.arctan)
def arctan(y, x):
    return 1.0 / (x * x + 1.0)


@partials(np.arctan2)
def arctan2(y, x1, x2):
    radius = np.hypot(x1, x2)
    return x2 / radius / radius, -x1 / radius / radius


@partials(np.hypot)
def hypot(y, x1, x2):
    return x1 / np.where(y == 0.0, 1.0, y), x2 / np.where(y == 0.0, 1.0, y)


@partials(np.sinh)
def sinh(y, x):
    return np.cosh(x)


@partials(np.cosh)
def cosh(y, x):
    return np.sinh(x)


@partials(np.tanh)
def tanh(y, x):
    return 1.0 - y * y


@partials(np.arcsinh)
def arcsinh(y, x):
    return 1.0 / np.hypot(1.0, x)


@partials(np.arccosh)
def arccosh(y, x):
    return 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0))


@partials(np.arctanh)
def arctanh(y, x):
    return 1.0 / ((1.0 - x) * (1.0 + x))


@partials(np.degrees, np.rad2deg)
def degrees(y, x):
    return 180.0 / np.pi


@partials(np.radians, np.deg2rad)
def radians(y, x):
    return np.pi / 180.0


@partials(np.sinc)
def sinc(y, x):
    return np.where(x == 0.0, 0.0, (np.cos(np.pi * x) - y) / np.where(x == 0.0, 1.0, x))


@partials(np.maximum)
def maximum(y, x1, x2):
    return np.where(x1 == x2, 0.5, x1 > x2), np.where(x1 == x2, 0.5, x2 > x1)


@tangent(np.maximum)
def maximum_tangent(y, x1, x2):
    d[y] = np.where(x1 == x2, 0.5 * (d[x1] + d[x2]), np.where(x1 > x2, d[x1], d[x2]))


@partials(np.minimum)
def minimum(y, x1, x2):
    return np.where(x1 == x2, 0.5, x1 < x2), np.where(x1 == x2, 0.5, x2 < x1)


@tangent(np.minimum)
def minimum_tangent(y, x1, x2):
    d[y] = np.where(x1 == x2, 0.5 * (d[x1] + d[x2]), np.where(x1 < x2, d[x1], d[x2]))


@partials(np.fmax, np.fmin)
def fmax(y, x1, x2):
    return np.where(x1 == x2, 0.5, y == x1), np.where(x1 == x2, 0.5, y == x2)


@tangent(np.fmax, np.fmin)
def fmax_tangent(y, x1, x2):
    d[y] = np.where(x1 == x2, 0.5 * (d[x1] + d[x2]), np.where(y == x1, d[x1], d[x2]))


passing_over(np.maximum, np.minimum, np.fmax, np.fmin)


@partials(np.copysign)
def copysign(y, x1, x2):
    return np.sign(x1) * np.copysign(1.0, x2), None


@partials(np.nextafter)
def nextafter(y, x1, x2):
    return 1.0, None


@partials(np.ldexp)
def ldexp(y, x1, x2):
    return np.ldexp(1.0, x2), None


@adjoint(np.frexp)
def frexp(y, x):
    d[x] += np.ldexp(d[y][0], -y[1])


@tangent(np.frexp)
def frexp_tangent(y, x):
    d[y] = (np.ldexp(d[x], -y[1]), np.zeros(np.shape(x)))


@adjoint(np.modf)
def modf(y, x):
    d[x] += d[y][0]


@tangent(np.modf)
def modf_tangent(y, x):
    d[y] = (d[x], np.zeros(np.shape(x)))


@adjoint(np.divmod)
def divmod_(y, x1, x2):
    d[x1] += d[y][1]
    d[x2] += -d[y][1] * y[0]


@tangent(np.divmod)
def divmod_tangent(y, x1, x2):
    rest_dot = d[x1] - y[0] * d[x2]
    d[y] = (np.zeros(np.shape(y[0])), np.broadcast_to(rest_dot, np.shape(y[1])))


@partials(np.i0)
def i0(y, x):
    return bessel.i1(x)


@partials(bessel.i1)
def i1(y, x):
    return np.i0(x) - np.where(x == 0.0, 0.5, y / np.where(x == 0.0, 1.0, x))


# i0(beta * r) / i0(beta) at the places where `r` is the height of a half circle.
@adjoint(np.kaiser)
def kaiser(y, M, beta):
    half = max((M - 1) / 2, 0.5)
    r = np.sqrt(1.0 - ((np.arange(M) - (M - 1) / 2) / half) ** 2)
    d[beta] += np.sum(d[y] * (r * bessel.i1(beta * r) - y * bessel.i1(beta)) / np.i0(beta))


@tangent(np.kaiser)
def kaiser_tangent(y, M, beta):
    half = max((M - 1) / 2, 0.5)
    r = np.sqrt(1.0 - ((np.arange(M) - (M - 1) / 2) / half) ** 2)
    d[y] = d[beta] * (r * bessel.i1(beta * r) - y * bessel.i1(beta)) / np.i0(beta)
