"""Cases for norms and decompositions of `np.linalg`."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE
from checks import Case, case
from linear_cases import BATCH, SQUARE, VECTOR

from autodiff_src.runtime import decompositions, norms

_rng = np.random.default_rng(12)
WIDE = _rng.normal(size=(3, 4))
TALL = _rng.normal(size=(2, 4, 3))
LONG = _rng.normal(size=5)
linalg = np.linalg

CASES: list[Case] = []

for ord in (0, 1, -1, 2, -2, 3, 1.5, 0.5, -2.5, np.inf, -np.inf):
    CASES += case(linalg.norm, [LONG], ord=[ord]) + case(linalg.norm, [TALL], ord=[ord], axis=[0, -1], keepdims=[False, True])
    CASES += case(linalg.vector_norm, [TALL], ord=[ord], axis=[None, 0, (0, 2)], keepdims=[False, True])
    CASES += case(norms.slope, [TALL], ord=[ord], axis=[0]) + case(norms.vector_slope, [TALL], ord=[ord], axis=[(0, 2)])
for ord in (1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc"):
    CASES += case(linalg.norm, [WIDE], ord=[ord], keepdims=[False, True])
    CASES += case(linalg.norm, [TALL], ord=[ord], axis=[(0, 1), (2, 0)], keepdims=[False, True])
    CASES += case(linalg.matrix_norm, [TALL], ord=[ord], keepdims=[False, True]) + case(linalg.cond, [SQUARE], p=[ord])
    CASES += case(norms.slope, [WIDE], ord=[ord], axis=[None], single=False)
    CASES += case(norms.slope, [TALL], ord=[ord], axis=[(2, 0)], single=False)
CASES += case(linalg.cond, [WIDE], p=[None, 2, -2]) + case(linalg.cond, [BATCH], p=[None, 1, "nuc"])

for matrix in (WIDE, WIDE.T, SQUARE, TALL, TALL.swapaxes(1, 2)):
    CASES += case(linalg.svd, [matrix], full_matrices=[False], single=False) + case(linalg.svd, [matrix], compute_uv=[False])
    CASES += case(linalg.svdvals, [matrix]) + case(linalg.qr, [matrix], mode=["reduced", "r"], single=False)
CASES += case(linalg.svd, [SQUARE], single=False) + case(linalg.svd, [BATCH], single=False)
CASES += case(linalg.qr, [SQUARE], mode=["complete"], single=False) + case(linalg.qr, [WIDE], mode=["complete"], single=False)
for n in (0, 1, 2, 3, 5, -1, -2, -3):
    CASES += case(linalg.matrix_power, [SQUARE, n]) + case(linalg.matrix_power, [BATCH, n])
CASES += case(linalg.tensorsolve, [_rng.normal(size=(2, 3, 6)), _rng.normal(size=(2, 3))], single=False)
CASES += case(linalg.tensorsolve, [_rng.normal(size=(2, 3, 3, 2)), _rng.normal(size=(2, 3))], single=False)
CASES += case(linalg.tensorinv, [_rng.normal(size=(2, 3, 6))]) + case(linalg.tensorinv, [_rng.normal(size=(6, 3, 2))], ind=[1])

CASES += case(linalg.multi_dot, [[WIDE.T, SQUARE, WIDE]]) + case(linalg.multi_dot, [[VECTOR, SQUARE, WIDE, LONG[:4]]])
CASES += case(linalg.multi_dot, [[VECTOR, SQUARE]]) + case(linalg.multi_dot, [(WIDE.T, SQUARE, VECTOR)])
CASES += case(linalg.multi_dot, [[VECTOR, 2.0 * VECTOR]]) + case(linalg.multi_dot, [[WIDE, WIDE.T, SQUARE, 2.0 * WIDE]])
CASES += case(linalg.matmul, [TALL, SQUARE]) + case(linalg.outer, [VECTOR, LONG])
CASES += case(linalg.tensordot, [TALL, TALL], axes=[3, ([0, 1], [0, 1])])
for primitive in (np.vecdot, linalg.vecdot):
    CASES += case(primitive, [TALL, VECTOR]) + case(primitive, [TALL, TALL[:1]], axis=[-1, -2, 1])
CASES += case(linalg.cross, [SQUARE, SQUARE.T], axis=[0, -1, 1]) + case(linalg.cross, [TALL, VECTOR])
CASES += case(linalg.trace, [TALL], offset=[0, 1, -1]) + case(linalg.diagonal, [TALL], offset=[0, 1, -2])
CASES += case(linalg.matrix_transpose, [CUBE]) + case(linalg.solve, [BATCH, SQUARE]) + case(linalg.solve, [SQUARE, BATCH])

REAL = np.diag([1.0, 2.5, -0.7]) + 0.2 * SQUARE  # of real eigenvalues
if not np.iscomplexobj(linalg.eigvals(REAL)):  # from NumPy 2.5 on they are complex: tests/programs/language_linalg.py has them
    CASES += case(linalg.eig, [REAL], single=False) + case(linalg.eig, [np.stack([REAL, REAL.T])], single=False)
    CASES += case(linalg.eigvals, [REAL], single=False) + case(linalg.eigvals, [np.stack([REAL, REAL.T])], single=False)
CASES += case(decompositions.eigenvectors, [REAL], values=[np.real(np.linalg.eigvals(REAL))], single=False)

CASES += case(decompositions.divided, [SQUARE, SQUARE.T]) + case(decompositions.divided, [TALL, VECTOR])
CASES += case(decompositions.turned, [SQUARE, SQUARE.T]) + case(decompositions.turned, [BATCH, SQUARE.T])
CASES += case(decompositions.leading, [np.pad(WIDE, ((0, 0), (0, 2))), 6, -1]) + case(
    decompositions.leading, [WIDE, 3, -2])
CASES += case(decompositions.filled_up, [WIDE, WIDE])
