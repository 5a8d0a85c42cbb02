"""The functions of `cmath`: of real and of complex numbers, with complex results."""
from __future__ import annotations

import cmath
import math

from autodiff_src.rules import holds_for_complex, non_differentiable, partials

non_differentiable(cmath.isfinite, cmath.isinf, cmath.isnan, cmath.isclose)


@partials(cmath.sqrt)
def square_root(y, x):
    return 0.5 / y


@partials(cmath.exp)
def exponential(y, x):
    return y


@partials(cmath.log)
def logarithm(y, x):
    return 1.0 / x


@partials(cmath.log10)
def decimal_logarithm(y, x):
    return 1.0 / (math.log(10.0) * x)


@partials(cmath.sin)
def sine(y, x):
    return cmath.cos(x)


@partials(cmath.cos)
def cosine(y, x):
    return -cmath.sin(x)


@partials(cmath.tan)
def tangent_of(y, x):
    return 1.0 + y * y


@partials(cmath.asin)
def arc_sine(y, x):
    return 1.0 / cmath.sqrt((1.0 - x) * (1.0 + x))


@partials(cmath.acos)
def arc_cosine(y, x):
    return -1.0 / cmath.sqrt((1.0 - x) * (1.0 + x))


@partials(cmath.atan)
def arc_tangent(y, x):
    return 1.0 / (1.0 + x * x)


@partials(cmath.sinh)
def hyperbolic_sine(y, x):
    return cmath.cosh(x)


@partials(cmath.cosh)
def hyperbolic_cosine(y, x):
    return cmath.sinh(x)


@partials(cmath.tanh)
def hyperbolic_tangent(y, x):
    return 1.0 - y * y


@partials(cmath.asinh)
def area_sine(y, x):
    return 1.0 / cmath.sqrt(1.0 + x * x)


@partials(cmath.acosh)
def area_cosine(y, x):
    return 1.0 / (cmath.sqrt(x - 1.0) * cmath.sqrt(x + 1.0))


@partials(cmath.atanh)
def area_tangent(y, x):
    return 1.0 / ((1.0 - x) * (1.0 + x))


holds_for_complex(
    cmath.sqrt, cmath.exp, cmath.log, cmath.log10, cmath.sin, cmath.cos, cmath.tan, cmath.asin, cmath.acos, cmath.atan,
    cmath.sinh, cmath.cosh, cmath.tanh, cmath.asinh, cmath.acosh, cmath.atanh,
)
