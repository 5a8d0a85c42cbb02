"""Arithmetic: Python's operators and the ufuncs behind them."""
from __future__ import annotations

import math
import operator

import numpy as np

from autodiff_src.rules import non_differentiable, partials
from autodiff_src.runtime.values import real_power


@partials(operator.add, np.add)
def add(y, x1, x2):
    return 1.0, 1.0


@partials(operator.sub, np.subtract)
def subtract(y, x1, x2):
    return 1.0, -1.0


@partials(operator.mul, np.multiply)
def multiply(y, x1, x2):
    return x2, x1


@partials(operator.truediv, np.divide)
def divide(y, x1, x2):
    return 1.0 / x2, -y / x2


@partials(operator.mod, np.remainder)
def remainder(y, x1, x2):
    return 1.0, -(x1 // x2)


@partials(np.fmod)
def fmod(y, x1, x2):
    return 1.0, -np.trunc(x1 / x2)


@partials(operator.neg, np.negative)
def negative(y, x):
    return -1.0


@partials(operator.pos, np.positive)
def positive(y, x):
    return 1.0


@partials(operator.abs, abs, np.absolute, np.fabs)
def absolute(y, x):
    return (1.0 if x > 0 else -1.0 if x < 0 else x) if isinstance(x, float) else np.sign(x)


# With an exponent of at least 1 nothing can overflow that did not in `x ** y`; below it, a Python float as the base
# would raise at 0 and near it, where a division of `z` gives inf.
@partials(operator.pow, pow, np.power, np.float_power, real_power)
def power(z, x, y):
    return (
        (y * x ** (y - 1) if y >= 1
         else (y * z / x if x else math.inf * y if y else 0.0) if isinstance(x, (int, float))
         else y * x ** (y - 1) if y
         else 0.0) if isinstance(y, (int, float))
        else y * x ** np.where(y == 0, 1, y - 1),
        z * (math.log(x) if x > 0 else 0.0 if x == 0 else math.nan) if isinstance(x, (int, float))
        else z * np.log(np.where(x == 0, 1, x)),
    )


non_differentiable(
    operator.floordiv, np.floor_divide,
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.not_, operator.is_,
    operator.is_not, operator.and_, operator.or_, operator.xor, operator.invert, operator.lshift, operator.rshift,
    operator.contains, operator.truth, operator.index, operator.length_hint, operator.indexOf, operator.countOf,
)
