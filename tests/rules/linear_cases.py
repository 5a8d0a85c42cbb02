"""Cases for products and `np.linalg`."""
from __future__ import annotations

import operator

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import COLUMN, EMPTY, MATRIX, ROW

_rng = np.random.default_rng(9)
SQUARE = _rng.normal(size=(3, 3)) + 2.0 * np.eye(3)
BATCH = _rng.normal(size=(2, 3, 3)) + 2.0 * np.eye(3)
VECTOR = _rng.normal(size=3)
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, -1.0, 0.3]])

CASES: list[Case] = []

for primitive in (operator.matmul, np.matmul):
    for pair in ((MATRIX, MATRIX.T), (MATRIX, ROW), (VECTOR, MATRIX), (ROW, ROW), (CUBE, MATRIX.T), (CUBE, ROW),
                 (VECTOR, CUBE), (MATRIX.T, CUBE), (CUBE, np.swapaxes(CUBE, 1, 2)), (CUBE[:1], CUBE.swapaxes(1, 2)),
                 (EMPTY, MATRIX.T)):
        CASES += case(primitive, list(pair))
for pair in ((MATRIX, MATRIX.T), (MATRIX, ROW), (VECTOR, MATRIX), (ROW, ROW), (CUBE, MATRIX.T), (CUBE, ROW),
             (VECTOR, CUBE), (MATRIX.T, CUBE), (CUBE, np.swapaxes(CUBE, 1, 2)), (MATRIX, 1.5), (1.5, MATRIX),
             (0.3, 0.4)):
    CASES += case(np.dot, list(pair))
for pair in ((MATRIX, MATRIX), (MATRIX, ROW), (ROW, MATRIX), (ROW, ROW), (CUBE, MATRIX), (MATRIX, CUBE), (1.5, ROW)):
    CASES += case(np.inner, list(pair))
CASES += case(np.outer, [ROW, VECTOR]) + case(np.outer, [MATRIX, VECTOR]) + case(np.outer, [1.5, VECTOR])
CASES += case(np.vdot, [ROW, 2.0 * ROW]) + case(np.vdot, [MATRIX, MATRIX.T])
CASES += case(np.tensordot, [CUBE, CUBE], axes=[3, ([0, 1], [0, 1]), ([2, 0], [2, 0]), ([-1], [2])])
CASES += case(np.tensordot, [CUBE, MATRIX.T], axes=[1, ([1, 2], [1, 0]), (2, 0)])
CASES += case(np.tensordot, [ROW, ROW], axes=[0])
for subscripts, *operands in (("ij,jk->ik", MATRIX, MATRIX.T), ("ij,jk", MATRIX, MATRIX.T), ("ij->j", MATRIX),
                              ("ij->", MATRIX), ("i,i", ROW, ROW), ("i,j->ij", ROW, VECTOR), ("ij,j->i", MATRIX, ROW),
                              ("ijk,kl,l->ij", CUBE, MATRIX.T, VECTOR), ("...ij,jk->...ik", CUBE, MATRIX.T),
                              ("...j,...j->...", CUBE, ROW), ("ij,kl->ik", MATRIX, MATRIX), ("ij->ji", MATRIX),
                              ("ij,ij->ij", COLUMN, MATRIX), ("ij", MATRIX.T), ("ji", MATRIX),
                              ("ii", SQUARE), ("ii->i", SQUARE), ("ii,ij->j", SQUARE, SQUARE), ("i...->...i", CUBE),
                              ("ji...,...->...j", CUBE, ROW), ("...ii->...i", np.stack([SQUARE, 2.0 * SQUARE.T])),
                              ("a...,...b->b...a", COLUMN, MATRIX)):
    CASES += case(np.einsum, [subscripts, *operands])
CASES += case(np.einsum, ["ij,jk,kl->il", MATRIX, MATRIX.T, MATRIX], optimize=[True])
CASES += case(np.kron, [MATRIX, SQUARE]) + case(np.kron, [ROW, VECTOR])
CASES += case(np.cross, [VECTOR, SQUARE[0]]) + case(np.cross, [SQUARE, VECTOR]) + case(np.cross, [SQUARE, SQUARE.T])
CASES += case(np.trace, [MATRIX], offset=[0, 1, -1]) + case(np.trace, [CUBE])
CASES += case(np.diagonal, [MATRIX], offset=[0, 1, -2]) + case(np.diagonal, [CUBE], axis1=[0], axis2=[2])
CASES += case(np.diag, [ROW], k=[0, 1, -1]) + case(np.diag, [MATRIX], k=[0, 2, -1])
CASES += case(np.tril, [MATRIX], k=[0, 1]) + case(np.triu, [CUBE], k=[0, -1])

CASES += case(np.linalg.norm, [MATRIX], ord=[None, "fro"], keepdims=[False, True])
CASES += case(np.linalg.norm, [MATRIX], axis=[0, -1, (0, 1)], keepdims=[False, True])
CASES += case(np.linalg.norm, [ROW], ord=[2])
CASES += case(np.linalg.norm, [MATRIX], ord=[2], axis=[0, 1])
CASES += case(np.linalg.inv, [SQUARE]) + case(np.linalg.inv, [BATCH])
CASES += case(np.linalg.solve, [SQUARE, VECTOR]) + case(np.linalg.solve, [SQUARE, MATRIX])
CASES += case(np.linalg.solve, [BATCH, VECTOR]) + case(np.linalg.solve, [BATCH, MATRIX])
CASES += case(np.linalg.det, [SQUARE]) + case(np.linalg.det, [BATCH]) + case(np.linalg.det, [SINGULAR])
CASES += case(np.linalg.pinv, [SQUARE[:, :2]]) + case(np.linalg.pinv, [SQUARE[:2]]) + case(np.linalg.pinv, [BATCH[:, :2]])
CASES += case(np.linalg.eigh, [SQUARE + SQUARE.T], UPLO=["L", "U"]) + case(np.linalg.eigh, [BATCH], single=False)
CASES += case(np.linalg.eigvalsh, [SQUARE], UPLO=["L", "U"]) + case(np.linalg.eigvalsh, [BATCH])
CASES += case(np.linalg.slogdet, [SQUARE]) + case(np.linalg.slogdet, [BATCH])
CASES += case(np.linalg.cholesky, [SQUARE @ SQUARE.T]) + case(np.linalg.cholesky, [BATCH @ np.swapaxes(BATCH, 1, 2)])
