"""The functions of `math`. They act on Python floats, so that a template raises nowhere where the function did not:
division by zero and overflow give inf or nan as in NumPy."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, linear, non_differentiable, partials, tangent
from autodiff_src.runtime import gamma_functions, products


@partials(math.sqrt)
def sqrt(y, x):
    return 0.5 / y if y else math.inf


@partials(math.exp)
def exp(y, x):
    return y


@partials(math.expm1)
def expm1(y, x):
    return y + 1.0


@partials(math.log)
def log(y, x, base=None):
    return (
        1.0 / x if base is None else 1.0 / x / math.log(base),
        0.0 if base is None else -y / base / math.log(base),
    )


@partials(math.log2)
def log2(y, x):
    return 1.0 / (x * math.log(2.0))


@partials(math.log10)
def log10(y, x):
    return 1.0 / (x * math.log(10.0))


@partials(math.log1p)
def log1p(y, x):
    return 1.0 / (x + 1.0)


@partials(math.pow)
def power(z, x, y):
    return (
        y * x ** (y - 1) if y >= 1 else y * z / x if x else math.inf * y if y else 0.0,
        z * (math.log(x) if x > 0 else 0.0 if x == 0 else math.nan),
    )


@partials(math.sin)
def sin(y, x):
    return math.cos(x)


@partials(math.cos)
def cos(y, x):
    return -math.sin(x)


@partials(math.tan)
def tan(y, x):
    return y * y + 1.0


@partials(math.asin)
def asin(y, x):
    return 1.0 / math.sqrt((1.0 - x) * (1.0 + x)) if abs(x) != 1.0 else math.inf


@partials(math.acos)
def acos(y, x):
    return -1.0 / math.sqrt((1.0 - x) * (1.0 + x)) if abs(x) != 1.0 else -math.inf


@partials(math.atan)
def atan(y, x):
    return 1.0 / (x * x + 1.0)


@partials(math.atan2)
def atan2(z, y, x):
    radius = math.hypot(x, y)
    return x / radius / radius if radius else math.nan, -y / radius / radius if radius else math.nan


@partials(math.sinh)
def sinh(y, x):
    return math.cosh(x)


@partials(math.cosh)
def cosh(y, x):
    return math.sinh(x)


@partials(math.tanh)
def tanh(y, x):
    return 1.0 - y * y


@partials(math.asinh)
def asinh(y, x):
    return 1.0 / math.hypot(1.0, x)


@partials(math.acosh)
def acosh(y, x):
    return 1.0 / (math.sqrt(x - 1.0) * math.sqrt(x + 1.0)) if x != 1.0 else math.inf


@partials(math.atanh)
def atanh(y, x):
    return 1.0 / ((1.0 - x) * (1.0 + x))


@partials(math.erf)
def erf(y, x):
    return 2.0 / math.sqrt(math.pi) * math.exp(-x * x)


@partials(math.erfc)
def erfc(y, x):
    return -2.0 / math.sqrt(math.pi) * math.exp(-x * x)


@partials(math.fabs)
def fabs(y, x):
    return 1.0 if x > 0 else -1.0 if x < 0 else x


@partials(math.copysign)
def copysign(z, x, y):
    return math.copysign(1.0, x) * math.copysign(1.0, y), None


@partials(math.fmod, math.remainder)
def fmod(z, x, y):
    return 1.0, (z - x) / y if y else math.nan


@partials(math.degrees)
def degrees(y, x):
    return 180.0 / math.pi


@partials(math.radians)
def radians(y, x):
    return math.pi / 180.0


@partials(math.ldexp)
def ldexp(y, x, i):
    return math.ldexp(1.0, i) if i < 1024 else math.inf, None


@adjoint(math.hypot)
def hypot(y, *coordinates):
    d[coordinates] += [d[y] * (x / y) if y else 0.0 for x in coordinates]


@tangent(math.hypot)
def hypot_tangent(y, *coordinates):
    d[y] = sum([x_dot * (x / y) if y else 0.0 for x, x_dot in zip(coordinates, d[coordinates])])


@adjoint(math.dist)
def dist(y, p, q):
    d[p] += [d[y] * ((a - b) / y) if y else 0.0 for a, b in zip(p, q)]
    d[q] += [d[y] * ((b - a) / y) if y else 0.0 for a, b in zip(p, q)]


@tangent(math.dist)
def dist_tangent(y, p, q):
    d[y] = (sum([dot * ((a - b) / y) if y else 0.0 for a, b, dot in zip(p, q, d[p])])
            + sum([dot * ((b - a) / y) if y else 0.0 for a, b, dot in zip(p, q, d[q])]))


@linear(math.fsum)
def fsum(y, seq):
    d[seq] += [d[y]] * len(seq)


@adjoint(math.prod)
def prod(y, iterable, *, start=1):
    d[iterable] += d[y] * start * products.of_others(iterable, None)


@tangent(math.prod)
def prod_tangent(y, iterable, *, start=1):
    d[y] = start * np.sum(np.asarray(d[iterable]) * products.of_others(iterable, None))


@adjoint(math.modf)
def modf(y, x):
    d[x] += d[y][0]


@tangent(math.modf)
def modf_tangent(y, x):
    d[y] = (d[x], 0.0)


@partials(math.lgamma)
def lgamma(y, x):
    return gamma_functions.polygamma(0, x)


@partials(math.gamma)
def gamma(y, x):
    return y * gamma_functions.polygamma(0, x)


@partials(gamma_functions.polygamma)
def polygamma(y, n, x):
    return None, gamma_functions.polygamma(n + 1, x)


@adjoint(math.frexp)
def frexp(y, x):
    d[x] += math.ldexp(d[y][0], -y[1])


@tangent(math.frexp)
def frexp_tangent(y, x):
    d[y] = (math.ldexp(d[x], -y[1]), 0)


@partials(math.nextafter)
def nextafter(z, x, y):
    return 1.0, None


if hasattr(math, "cbrt"):
    @partials(math.cbrt)
    def cbrt(y, x):
        return 1.0 / 3.0 / y / y if y else math.inf

    @partials(math.exp2)
    def exp2(y, x):
        return y * math.log(2.0)


non_differentiable(
    math.floor, math.ceil, math.trunc, math.isnan, math.isinf, math.isfinite, math.isclose, math.isqrt, math.gcd,
    math.lcm, math.factorial, math.comb, math.perm, math.ulp,
)
