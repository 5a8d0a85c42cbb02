"""Cases for functions that join, cut, repeat and pick: those beyond the most used."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import COLUMN, MATRIX, POSITIVE, ROW, ZERO_D

CASES: list[Case] = []

CASES += case(np.matrix_transpose, [MATRIX]) + case(np.matrix_transpose, [CUBE])
for axis in (0, 1, 2, -1):
    for start in (0, 1, 3, -1):
        CASES += case(np.rollaxis, [CUBE, axis, start])
CASES += case(np.broadcast_arrays, [MATRIX, ROW]) + case(np.broadcast_arrays, [COLUMN, ROW, 0.3])
CASES += case(np.resize, [MATRIX, (2, 9)]) + case(np.resize, [MATRIX, (2, 3)]) + case(np.resize, [ROW, 6])
CASES += case(np.diagflat, [MATRIX], k=[0, 1, -2]) + case(np.diagflat, [ROW])
CASES += case(np.dstack, [[MATRIX, POSITIVE]]) + case(np.dstack, [[ROW, 2.0 * ROW]])
CASES += case(np.dstack, [[CUBE, CUBE[:, :, :1]]])
if hasattr(np, "row_stack") and np.row_stack is not np.vstack:
    CASES += case(np.row_stack, [[ROW, MATRIX]])  # deprecated
CASES += case(np.block, [[MATRIX, COLUMN]]) + case(np.block, [[[MATRIX, COLUMN], [ROW, 0.3]]]) + case(np.block, [MATRIX])
CASES += case(np.block, [[ROW, 0.3, ZERO_D]]) + case(np.block, [[[ROW], [2.0 * ROW]]]) + case(np.block, [[[CUBE, 2.0 * CUBE]]])
CASES += case(np.dsplit, [CUBE, 2]) + case(np.dsplit, [CUBE, [1, 2]])
if hasattr(np, "unstack"):
    CASES += case(np.unstack, [CUBE], axis=[0, 1, -1])
CASES += case(np.delete, [MATRIX, 1], axis=[None, 0, 1, -1]) + case(np.delete, [MATRIX, [0, 2, 0]], axis=[None, 0])
CASES += case(np.delete, [ROW, slice(1, 3)]) + case(np.delete, [ROW, np.array([True, False, True, False])])
CASES += case(np.insert, [ROW, 1, 0.3]) + case(np.insert, [ROW, [3, 0, 3], [0.3, 0.4, 0.5]])
CASES += case(np.insert, [ROW, [3, 0], 0.3])
CASES += case(np.insert, [MATRIX, 1, 0.3], axis=[None, 0, 1, -1]) + case(np.insert, [MATRIX, 1, ROW], axis=[0])
CASES += case(np.insert, [MATRIX, 1, ROW[:3]], axis=[1]) + case(np.insert, [MATRIX, [1], COLUMN], axis=[1])
CASES += case(np.insert, [MATRIX, [2, 0], POSITIVE[:2]], axis=[0]) + case(np.insert, [MATRIX, 2, POSITIVE[:2]], axis=[0])
CASES += case(np.insert, [ROW, -1, [0.3, 0.4]])
CASES += case(np.compress, [[True, False, True], MATRIX], axis=[0, 1, None]) + case(np.compress, [[0, 1], CUBE], axis=[-1])
CASES += case(np.extract, [MATRIX > 0, MATRIX]) + case(np.extract, [ROW > 0, ROW])
PICKS = np.array([[0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 0, 1]])
CASES += case(np.choose, [PICKS, [MATRIX, ROW]]) + case(np.choose, [PICKS, (0.3, COLUMN)]) + case(np.choose, [1, [0.3, ROW]])
CASES += case(np.ndarray.compress, [MATRIX, [True, False, True]], axis=[0, 1, None])
CASES += case(np.choose, [PICKS * 3 - 2, [MATRIX, ROW]], mode=["wrap", "clip"])
CASES += case(np.partition, [CUBE, 1], axis=[-1, 1, None]) + case(np.partition, [ROW, [0, 2]])
CASES += case(np.ediff1d, [MATRIX]) + case(np.ediff1d, [ROW, 0.3, [0.4, 0.5]]) + case(np.ediff1d, [ROW], to_end=[None, 1])
CASES += case(np.ediff1d, [ROW], to_begin=[[1.0, 2.0]])
for primitive in (getattr(np, name) for name in ("cumulative_sum", "cumulative_prod") if hasattr(np, name)):
    CASES += case(primitive, [CUBE], axis=[0, -1], include_initial=[False, True]) + case(primitive, [ROW])
CASES += case(np.bincount, [np.array([0, 2, 0, 5]), ROW], minlength=[0, 9])
CASES += case(np.unique, [MATRIX]) + case(np.unique, [[0.3, 0.1, 2.0]]) + case(np.unique, [ROW], return_index=[True])
CASES += case(np.unique, [MATRIX], return_inverse=[True], return_counts=[True])
CASES += case(np.histogram, [MATRIX], bins=[[-3, -1, 0, 2]], density=[None, True])
CASES += case(np.histogram, [ROW], range=[(-2.0, 2.0)])
if hasattr(np, "astype"):
    CASES += case(np.astype, [MATRIX, float])
