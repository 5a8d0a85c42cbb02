"""Cases for operators, `math`, builtins and elementwise NumPy functions."""
from __future__ import annotations

import builtins
import math
import operator
from collections import OrderedDict, defaultdict

import numpy as np
from checks import Case, case

from autodiff_src.runtime import gamma_functions
from autodiff_src.runtime.values import real_power

_rng = np.random.default_rng(7)
MATRIX = _rng.normal(size=(3, 4))
ROW = _rng.normal(size=4)
COLUMN = _rng.normal(size=(3, 1))
POSITIVE = _rng.uniform(0.3, 2.0, (3, 4))
FRACTION = _rng.uniform(-0.9, 0.9, (3, 4))
EMPTY = np.zeros((0, 4))
ZERO_D = np.array(0.7)
OPERANDS = [(MATRIX, POSITIVE), (MATRIX, POSITIVE[0]), (POSITIVE[0], POSITIVE), (COLUMN, POSITIVE[0]), (MATRIX, 1.3),
            (1.3, POSITIVE), (ZERO_D, POSITIVE), (EMPTY, POSITIVE[0]), (0.4, 1.3), (np.float64(0.4), ZERO_D),
            (MATRIX, 2)]

CASES: list[Case] = []


def unary(*primitives, x=MATRIX):
    for primitive in primitives:
        for arg in (x, x[0], x[:1, :1], np.array(x[0, 0]), np.float64(x[0, 1]), x[:0]):
            CASES.extend(case(primitive, [arg]))


def binary(*primitives, operands=OPERANDS):
    for primitive in primitives:
        for pair in operands:
            CASES.extend(case(primitive, list(pair)))


unary(np.exp, np.exp2, np.expm1, np.square, np.sin, np.cos, np.tan, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh,
      np.degrees, np.rad2deg, np.radians, np.deg2rad, np.sinc, np.absolute, np.fabs, np.negative, np.positive,
      operator.neg, operator.pos, operator.abs, abs, np.nan_to_num, np.conjugate, np.real, np.copy)
unary(np.log, np.log2, np.log10, np.log1p, np.sqrt, np.cbrt, np.reciprocal, x=POSITIVE)
unary(np.arcsin, np.arccos, np.arctanh, x=FRACTION)
unary(np.arccosh, x=POSITIVE + 1.0)
for primitive in (np.float64, np.float32, np.float16):
    CASES += [] if primitive is not np.float64 else case(primitive, [1.5])
binary(operator.add, np.add, operator.sub, np.subtract, operator.mul, np.multiply, operator.truediv, np.divide,
       np.logaddexp, np.logaddexp2, np.arctan2, np.hypot, np.maximum, np.minimum, np.fmax, np.fmin, np.copysign)
binary(operator.mod, np.remainder, np.fmod, operands=[(MATRIX, POSITIVE * 0.3), (1.3, 0.4), (-1.3, POSITIVE)])
binary(operator.pow, pow, np.power, np.float_power,
       operands=[(POSITIVE, MATRIX), (POSITIVE, ROW), (POSITIVE, 0.5), (POSITIVE, -1.5), (1.7, MATRIX), (0.3, 0.4),
                 (0.3, -1.4), (0.3, 2.4), (MATRIX, 2), (MATRIX, 1), (MATRIX, 0), (MATRIX, 3.0), (-0.3, 2), (2, 1.5)])
for base, exponent in ((1.7, 0.5), (0.3, -1.4), (0.3, 2.4)):
    CASES += case(real_power, [base, exponent])
CASES += case(np.where, [MATRIX > 0, MATRIX, POSITIVE]) + case(np.where, [MATRIX > 0, ROW, 0.3])
CASES += case(np.select, [[MATRIX > 0.5, MATRIX > 0.0], [MATRIX, ROW], 0.3])
CASES += case(np.select, [[MATRIX > 0.5, ROW > 0.0], [2.0 * MATRIX, COLUMN]])
KNOTS = np.array([-1.5, -0.4, 0.3, 1.2])
CASES += case(np.interp, [MATRIX, KNOTS, POSITIVE.ravel()[:4]]) + case(np.interp, [0.1, KNOTS, KNOTS ** 2])
CASES += case(np.interp, [np.array([-2.0, 0.0, 2.0]), KNOTS, KNOTS ** 2])
CASES += case(np.where, [ROW > 0, 0.0, COLUMN])
for low, high in ((-0.5, 0.6), (None, 0.6), (-0.5, None), (COLUMN - 1.0, ROW + 2.0)):
    CASES += case(np.clip, [MATRIX, low, high]) + case(np.ndarray.clip, [MATRIX, low, high])

for primitive in (math.sqrt, math.log, math.log2, math.log10, math.log1p, math.exp, math.expm1, math.sin, math.cos,
                  math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh, math.tanh, math.asinh, math.atanh,
                  math.erf, math.erfc, math.fabs, math.degrees, math.radians, float, math.modf,
                  *(getattr(math, name) for name in ("cbrt", "exp2") if hasattr(math, name))):
    CASES += case(primitive, [0.6])
CASES += case(math.acosh, [1.6]) + case(math.log, [1.6, 3.2]) + case(math.pow, [1.6, 0.4]) + case(math.pow, [0.6, -2.4])
CASES += case(math.atan2, [0.6, -1.1]) + case(math.fmod, [2.3, -0.7]) + case(math.remainder, [2.3, 0.7])
CASES += case(math.copysign, [0.3, -1.2]) + case(math.ldexp, [0.3, 4]) + case(math.fsum, [[0.3, 0.4, 1.5]])
CASES += case(math.prod, [[0.3, 0.4, 1.5]], start=[1, 2]) + case(math.prod, [(0.0, 0.4, 2)])
CASES += case(math.hypot, [0.3, 0.4]) + case(math.hypot, [0.3, 0.4, 1.5, 2.0]) + case(math.hypot, [0.0, 0.0, 1.0])
CASES += case(math.dist, [[0.3, 0.4], [1.3, -0.4]])
for primitive in (builtins.max, builtins.min):
    CASES += case(primitive, [0.3, 0.7]) + case(primitive, [0.3, 2, 0.7]) + case(primitive, [[0.3, 0.1, 0.7]])
    CASES += case(primitive, [(0.3, 0.1)]) + case(primitive, [ROW])
CASES += case(builtins.sum, [[0.3, 0.4, 2]]) + case(builtins.sum, [ROW]) + case(builtins.sum, [MATRIX])
CASES += case(builtins.list, [[0.3, ROW]]) + case(builtins.list, [MATRIX]) + case(builtins.tuple, [(0.3, 2)])
CASES += case(operator.concat, [[0.3, 0.4], [ROW]]) + case(operator.concat, [(0.3,), (MATRIX, 1.5)])
CASES += case(builtins.sorted, [[0.3, -0.4, 2.0, 0.1]], reverse=[False, True]) + case(builtins.sorted, [ROW])
CASES += case(builtins.dict, [{"u": 0.3, "v": ROW, "w": 2}]) + case(OrderedDict, [{"u": 0.3, "v": ROW, "w": 2}])
CASES += case(defaultdict, [None, {"u": 0.3, "v": ROW, "w": 2}])
CASES += case(builtins.list.__mul__, [[0.3, ROW], 3]) + case(builtins.tuple.__mul__, [(0.3, 0.4), 0])
CASES += case(builtins.sum, [[MATRIX, ROW], 1.5]) + case(builtins.sum, [(0.3, 0.4, 0.1, 0.2), ROW])
unary(np.imag, np.modf, np.frexp)
for angle in (MATRIX, ROW, 0.3):
    CASES += case(np.angle, [angle], deg=[False, True])
CASES += case(np.ldexp, [MATRIX, 3]) + case(np.ldexp, [ROW, np.array([1, 0, -2, 3])])
CASES += case(np.nextafter, [MATRIX, ROW + 1.0], single=False) + case(math.nextafter, [0.3, 1.0])
for pair in ((MATRIX, POSITIVE), (MATRIX, 0.3), (2.0, ROW), (1.7, 0.4)):
    CASES += case(np.divmod, list(pair))
for x in (0.3, 1.5, 4.2, 30.5, -0.6, -3.3):
    CASES += case(math.gamma, [x], single=False) + case(math.lgamma, [x])
CASES += case(gamma_functions.polygamma, [0, 0.7]) + case(gamma_functions.polygamma, [2, -1.3])
CASES += case(math.frexp, [5.3])
