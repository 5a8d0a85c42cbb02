"""Cases for methods of ufuncs."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE, ZEROS_INSIDE
from checks import Case, case
from elementwise_cases import MATRIX, POSITIVE, ROW

HALVES = np.array([True, False, True, True])

CASES: list[Case] = []

for primitive in (np.add.reduce, np.multiply.reduce, np.maximum.reduce, np.minimum.reduce, np.logaddexp.reduce):
    CASES += case(primitive, [CUBE], axis=[0, -1, None], keepdims=[False, True])
    CASES += case(primitive, [CUBE]) + case(primitive, [ROW])
for primitive in (np.add.reduce, np.multiply.reduce, np.maximum.reduce, np.minimum.reduce):
    CASES += case(primitive, [CUBE], axis=[(0, 2), None])
CASES += case(np.add.reduce, [CUBE], axis=[0, 1], where=[HALVES], initial=[0.3])
CASES += case(np.multiply.reduce, [ROW], initial=[0.3])
CASES += case(np.multiply.reduce, [ZEROS_INSIDE], axis=[0, 1]) + case(np.add.reduce, [ROW, 0])
for primitive in (np.add.accumulate, np.multiply.accumulate, np.maximum.accumulate, np.minimum.accumulate):
    CASES += case(primitive, [CUBE], axis=[0, 1, -1]) + case(primitive, [ROW]) + case(primitive, [ROW[:0]])
CASES += case(np.add.reduceat, [ROW, [0, 2, 1]]) + case(np.add.reduceat, [MATRIX, [0, 1, 1, 3]], axis=[1])
for primitive in (np.add.outer, np.subtract.outer, np.multiply.outer, np.divide.outer, np.power.outer):
    for pair in ((POSITIVE, ROW), (ROW ** 2, 1.5 + POSITIVE[0, :3]), (1.5, ROW), (ROW ** 2, 0.4), (POSITIVE, CUBE)):
        CASES += case(primitive, list(pair))
for primitive in (np.maximum.outer, np.minimum.outer):
    CASES += case(primitive, [POSITIVE, ROW]) + case(primitive, [1.5, ROW]) + case(primitive, [ROW, 0.4])
    CASES += case(primitive, [POSITIVE, CUBE])
