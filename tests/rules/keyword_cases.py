"""Cases for keyword arguments that fewer people use: each function with forms of calls of its own."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import COLUMN, KNOTS, MATRIX, POSITIVE, ROW
from linear_cases import BATCH, SQUARE

CASES: list[Case] = []

SOME = MATRIX > -0.5
SOME[:, 0] = True
MEANS = np.mean(CUBE, axis=1, keepdims=True)
for primitive in (np.var, np.std, np.nanvar, np.nanstd):
    CASES += case(primitive, [MATRIX], axis=[None, 0, 1], where=[SOME], keepdims=[False, True])
    CASES += case(primitive, [MATRIX], where=[SOME], ddof=[1])
    if "correction" in np.var.__doc__:
        CASES += case(primitive, [CUBE], axis=[1], correction=[1])
        CASES += case(primitive, [CUBE], axis=[1], mean=[MEANS, MEANS + 0.3])

FORTRAN = np.asfortranarray(MATRIX)
for a in (MATRIX, FORTRAN):
    CASES += case(np.reshape, [a, (2, 6)], order=["C", "F"]) + case(np.ravel, [a], order=["C", "F"])
    CASES += case(np.ndarray.reshape, [a, 2, 6], order=["F"]) + case(np.ndarray.flatten, [a, "F"])
    CASES += case(np.copy, [a, "F"]) + case(np.ndarray.copy, [a, "K"])
CASES += case(np.reshape, [MATRIX, (2, 6)], order=["A"]) + case(np.ndarray.ravel, [MATRIX, "K"])
CASES += case(np.array, [MATRIX], order=["F", "K"]) + case(np.asarray, [MATRIX], order=["C"])
CASES += case(np.ndarray.astype, [MATRIX, float], order=["F"], casting=["safe"], single=False)
CASES += case(np.full_like, [MATRIX, 0.3], shape=[(2,), None], order=["C"])

CASES += case(np.concatenate, [[ROW, 2.0 * ROW]], dtype=[float], casting=["same_kind"], single=False)
for primitive in (np.stack, np.vstack, np.hstack):
    CASES += case(primitive, [[ROW, 2.0 * ROW]], dtype=[float], single=False)
CASES += case(np.pad, [MATRIX, ((1, 2), (0, 3)), "constant"], constant_values=[1.5])
CASES += case(np.take, [ROW, [0, 7, -9]], mode=["wrap", "clip"])
CASES += case(np.take, [MATRIX, [5, 0, -1]], axis=[0, 1, -1], mode=["wrap", "clip", "raise"][:2])
CASES += case(np.sort, [CUBE], axis=[0, -1], kind=["stable", None])
CASES += case(np.partition, [ROW, 2], kind=["introselect"])
for n in (1, 2):
    CASES += case(np.diff, [ROW], n=[n], prepend=[0.3, ROW[:2]], append=[0.4, ROW[1:3]])
    CASES += case(np.diff, [ROW], n=[n], prepend=[0.3, ROW[:2]]) + case(np.diff, [ROW], n=[n], append=[0.4, ROW[:2]])
    CASES += case(np.diff, [MATRIX, n, 0, POSITIVE[:1], 0.5]) + case(np.diff, [MATRIX, n, 1], prepend=[COLUMN], append=[1])
CASES += case(np.diff, [MATRIX, 1, 1, 0.3, COLUMN])
CASES += case(np.unique, [MATRIX], axis=[0, 1], return_index=[False, True])
CASES += case(np.histogram, [POSITIVE.ravel()], bins=[[0, 1, 3]], weights=[2.0 * POSITIVE.ravel()])

CASES += case(np.linspace, [0.3, 1.5], num=[5], endpoint=[True, False], retstep=[True])
CASES += case(np.linspace, [ROW, 2.0 * ROW, 3], axis=[1, -1, 0]) + case(np.linspace, [ROW, 1.5, 3], retstep=[True], axis=[1])
CASES += case(np.geomspace, [POSITIVE[0], POSITIVE[1], 3], axis=[1, 0]) + case(np.logspace, [ROW, 1.5, 3], axis=[1], base=[2.0])
CASES += case(np.meshgrid, [ROW, ROW[:3]], indexing=["xy", "ij"], sparse=[True])
CASES += case(np.meshgrid, [ROW, ROW[:3], ROW[:2]], sparse=[True])
CASES += case(np.unwrap, [10.0 * ROW], period=[4.0]) + case(np.unwrap, [10.0 * CUBE], axis=[0], period=[2.5])

for axes in ((0, 1), (2, 0), (1, -1)):
    CASES += case(np.trace, [CUBE], axis1=[axes[0]], axis2=[axes[1]], offset=[0, 1])
CASES += case(np.trace, [MATRIX, 1, 1, 0]) + case(np.trace, [MATRIX], dtype=[float], single=False)
CASES += case(np.cross, [MATRIX[:3], POSITIVE[:3]], axis=[0])
CASES += case(np.cross, [MATRIX[:3], POSITIVE[:3].T], axisa=[0], axisb=[1])
CASES += case(np.cross, [MATRIX[:3], POSITIVE[:3]], axisa=[0], axisb=[0], axisc=[0, 1])
CASES += case(np.linalg.pinv, [SQUARE[:, :2]], rcond=[1e-10])
POSITIVE_DEFINITE = [SQUARE @ SQUARE.T, BATCH @ np.swapaxes(BATCH, 1, 2)]
if "upper" in (np.linalg.cholesky.__doc__ or ""):
    CASES += [c for a in POSITIVE_DEFINITE for c in case(np.linalg.cholesky, [a], upper=[True])]

CASES += case(np.clip, [MATRIX], min=[-0.5, None], max=[0.7, ROW]) + case(np.clip, [MATRIX], min=[ROW - 1.0])
CASES += case(np.interp, [3.0 * MATRIX, KNOTS, POSITIVE.ravel()[:4]], left=[0.3, None], right=[None, 0.4])
CASES += case(np.interp, [3.0 * MATRIX, KNOTS, POSITIVE.ravel()[:4]], period=[1.7, -2.3]) + case(
    np.interp, [3.0 * ROW, KNOTS[::-1], KNOTS ** 2], period=[3.0]) + case(np.interp, [0.1, KNOTS, KNOTS ** 2, 0.3, 0.4])
CASES += case(np.interp, [-9.0, KNOTS, KNOTS ** 2, 0.3, 0.4])

WEIGHTS = POSITIVE.ravel()[:4]
CASES += case(np.polyfit, [KNOTS, ROW ** 2, 1], w=[WEIGHTS], rcond=[None, 1e-12], single=False)
CASES += case(np.polyfit, [KNOTS, MATRIX.T, 1], w=[WEIGHTS], single=False)
CASES += case(np.polyint, [ROW, 2, [0.3, 0.4]]) + case(np.polyint, [ROW, 1, 0.3]) + case(np.polyint, [ROW], m=[3], k=[0.3])
CASES += case(np.cov, [MATRIX], fweights=[[1, 2, 3, 1], None], aweights=[None, WEIGHTS], ddof=[None, 0])
CASES += case(np.cov, [MATRIX, POSITIVE[:1]], aweights=[WEIGHTS], bias=[True])
CASES += case(np.cov, [MATRIX, None, True, False, 1, np.array([1, 2, 3, 1]), WEIGHTS])
CASES += case(np.cov, [ROW, 2.0 * POSITIVE[:1], True, False, None, None, WEIGHTS])
CASES += case(np.cov, [MATRIX], dtype=[float], single=False) + case(np.corrcoef, [MATRIX], dtype=[float], single=False)
CASES += case(np.i0, [MATRIX]) + case(np.i0, [ROW * 3.0]) + case(np.kaiser, [5, 2.5]) + case(np.kaiser, [1, 2.5])
