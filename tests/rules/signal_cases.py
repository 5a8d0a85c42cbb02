"""Cases for sampled functions and polynomials."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import KNOTS, MATRIX, POSITIVE, ROW

CASES: list[Case] = []

CASES += case(np.trapezoid, [CUBE], axis=[0, 1, -1]) + case(np.trapezoid, [ROW, None, 0.3]) + case(np.trapezoid, [ROW, KNOTS])
CASES += case(np.trapezoid, [MATRIX, KNOTS]) + case(np.trapezoid, [CUBE, KNOTS[:3], 1.0], axis=[1])
CASES += case(np.trapezoid, [MATRIX, POSITIVE], axis=[0, -1]) + case(np.trapezoid, [ROW[:1], KNOTS[:1]])
CASES += case(np.trapezoid, [[0.3, 0.4, 2.0]], dx=[0.5])
for edge_order in (1, 2):
    options = {"edge_order": [edge_order]}
    CASES += case(np.gradient, [ROW], **options) + case(np.gradient, [ROW, 2], **options)
    CASES += case(np.gradient, [np.tile(CUBE, (2, 1, 1))], axis=[None, 0, -1, (1, 2), (2, 0)], **options)
    CASES += case(np.gradient, [ROW, KNOTS], **options) + case(np.gradient, [MATRIX, KNOTS], axis=[-1], **options)
    CASES += case(np.gradient, [MATRIX, 0.7], **options) + case(np.gradient, [MATRIX, 0.7, KNOTS], **options)
    CASES += case(np.gradient, [ROW[:3], KNOTS[:3]], **options)
STEPS = np.array([1, 2, 5])
CASES += case(np.gradient, [MATRIX, 2, 3]) + case(np.gradient, [MATRIX, STEPS, 3], axis=[(0, 1)], edge_order=[1, 2])
CASES += case(np.gradient, [MATRIX.T, STEPS], axis=[1], edge_order=[1, 2]) + case(np.gradient, [ROW[:2]])
for n, m in ((4, 3), (4, 2), (2, 4), (3, 4), (3, 3), (1, 4), (5, 2)):
    pair = [CUBE.ravel()[:n], POSITIVE.ravel()[:m]]
    for primitive in (np.convolve, np.correlate):
        CASES += case(primitive, pair, mode=["full", "same", "valid"]) + case(primitive, pair)
CASES += case(np.unwrap, [10.0 * CUBE], axis=[0, -1]) + case(np.unwrap, [10.0 * ROW, 4])

CASES += case(np.vander, [ROW], N=[None, 3, 1, 6], increasing=[False, True])
POLYNOMIAL = POSITIVE.ravel()[:3]
for p in (POLYNOMIAL, POLYNOMIAL[:1], [0.3, 2, 1.5]):
    CASES += case(np.polyval, [p, MATRIX]) + case(np.polyval, [p, 0.3])
    CASES += case(np.polyder, [p], m=[1, 2, 4]) + case(np.polyint, [p], m=[1, 2])
for primitive in (np.polyadd, np.polysub, np.polymul):
    CASES += case(primitive, [ROW, POLYNOMIAL]) + case(primitive, [POLYNOMIAL, ROW]) + case(primitive, [ROW, 2.0 * ROW])
CASES += case(np.poly, [ROW]) + case(np.poly, [ROW[:1]]) + case(np.poly, [MATRIX[:, 1:]]) + case(np.poly, [MATRIX[:1, :1]])
for u, v in ((ROW, POLYNOMIAL), (POLYNOMIAL, ROW[:3]), (ROW, 0.4), ([0.3, 2, 1.5, 4.0], POLYNOMIAL[:2])):
    CASES += case(np.polydiv, [u, v], single=False)
if not np.iscomplexobj(np.roots([1.0, 1.0])):  # from NumPy 2.5 on they are complex: tests/programs/language_linalg.py has them
    CASES += case(np.roots, [[1.0, -6.2, 11.6, -6.4]], single=False)
    CASES += case(np.roots, [np.array([2.0, 1.0, -3.0, 0.0])], single=False)
CASES += case(np.polyfit, [KNOTS, ROW ** 2, 1]) + case(np.polyfit, [KNOTS, ROW, 2], single=False)
CASES += case(np.polyfit, [KNOTS, MATRIX.T, 1], single=False)
CASES += case(np.vecdot, [MATRIX, POSITIVE]) + case(np.vecdot, [ROW, POSITIVE]) + case(np.vecdot, [CUBE, ROW])
if hasattr(np, "matvec"):
    CASES += case(np.matvec, [MATRIX, ROW]) + case(np.matvec, [CUBE, POSITIVE[:2]]) + case(np.matvec, [MATRIX, CUBE])
    CASES += case(np.vecmat, [KNOTS[:3], MATRIX]) + case(np.vecmat, [CUBE[:, :, 0], CUBE])
    CASES += case(np.vecmat, [CUBE.T[:, :, 0], MATRIX])
