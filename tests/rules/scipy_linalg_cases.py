"""Cases for `scipy.linalg`, where it is installed."""
from __future__ import annotations

import importlib.util

import numpy as np
from checks import Case, case
from decomposition_cases import TALL, WIDE
from linear_cases import BATCH, SQUARE, VECTOR

CASES: list[Case] = []


def _cases() -> list[Case]:
    from scipy import linalg

    from autodiff_src.runtime import matrices

    rng = np.random.default_rng(5)
    stiff = np.diag([1.0, 2.5, -0.7]) + 0.1 * (SQUARE + SQUARE.T)
    positive, mass = SQUARE @ SQUARE.T, SQUARE.T @ SQUARE + np.eye(3)
    right, band, flags = rng.normal(size=(3, 2)), rng.normal(size=(4, 5)), [False, True]
    band[1] += 4.0
    found: list[Case] = []

    def each(primitive, *args, **options):
        found.extend(case(primitive, list(args), **options))

    for primitive in (linalg.inv, linalg.det, linalg.expm, linalg.svdvals):
        each(primitive, SQUARE)
        each(primitive, BATCH)
    each(linalg.inv, SQUARE, check_finite=flags, overwrite_a=[False])
    each(linalg.pinv, WIDE, check_finite=flags)
    each(linalg.pinv, WIDE.T)
    for matrix in (SQUARE, WIDE):
        each(linalg.svd, matrix, full_matrices=[False], check_finite=flags, single=False)
        each(linalg.svd, matrix, compute_uv=[False], lapack_driver=["gesvd"])
    for matrix in (SQUARE, WIDE, WIDE.T):
        each(linalg.qr, matrix, mode=["economic"], check_finite=flags, single=False)
    each(linalg.qr, SQUARE, single=False)
    each(linalg.qr, WIDE, single=False)
    each(linalg.norm, WIDE, ord=[None, "fro", 1, 2, np.inf], check_finite=flags)
    each(linalg.norm, VECTOR, ord=[None, 1, 3])
    each(linalg.norm, TALL, axis=[1, (0, 2)], keepdims=flags)
    for b in (VECTOR, right):
        each(linalg.solve, SQUARE, b, transposed=flags, check_finite=flags)
        each(linalg.solve, positive, b, lower=flags, transposed=flags,
             assume_a=["sym", "pos", "gen", "upper triangular", "lower triangular", "diagonal", "tridiagonal"], single=False)
        each(linalg.solve_triangular, SQUARE, b, lower=flags, trans=[0, 1, "N", "T"], unit_diagonal=flags)
        each(linalg.solve_triangular, SQUARE, b, 0, True)
        for lower in flags:
            each(linalg.cho_solve, (np.linalg.cholesky(positive), lower), b)
        each(linalg.lu_solve, linalg.lu_factor(SQUARE[[2, 0, 1]]), b, trans=[0, 1], single=False)
    each(linalg.solve_banded, (2, 1), band, VECTOR.repeat(2)[:5])
    each(linalg.solve_banded, (2, 1), band, rng.normal(size=(5, 2)))
    each(linalg.solve_banded, (1, 1), band[:3], rng.normal(size=5), check_finite=flags)
    each(linalg.cholesky, positive, lower=flags, check_finite=flags)
    each(linalg.cho_factor, positive, lower=flags)
    each(linalg.lu_factor, SQUARE, single=False)
    each(linalg.lu_factor, SQUARE[[2, 0, 1]], single=False)
    each(linalg.eigh, stiff, lower=flags, eigvals_only=flags, driver=["ev"], single=False)  # others flip signs
    each(linalg.eigh, stiff, mass, lower=flags, eigvals_only=flags, single=False)
    each(linalg.eigvalsh, SQUARE, lower=flags)
    each(linalg.eigvalsh, SQUARE, mass, lower=flags, single=False)
    for primitive in (linalg.logm, linalg.sqrtm):
        each(primitive, positive, single=False)
        each(primitive, mass, single=False)
    each(linalg.solve_sylvester, SQUARE, mass[:2, :2], right)
    each(linalg.solve_continuous_lyapunov, SQUARE, mass, single=False)
    each(linalg.solve_discrete_lyapunov, 0.2 * SQUARE, mass, single=False)
    each(linalg.block_diag, SQUARE, VECTOR, right)
    each(linalg.block_diag, SQUARE)
    each(linalg.toeplitz, VECTOR)
    each(linalg.toeplitz, VECTOR, rng.normal(size=4))
    each(linalg.toeplitz, rng.normal(size=4), VECTOR)
    each(linalg.circulant, VECTOR)
    for structure in ("sym", "upper triangular", "diagonal", "tridiagonal", "gen"):
        each(matrices.taken, SQUARE, structure, lower=flags)
        each(matrices.read, SQUARE, structure, lower=flags)
    each(matrices.exchanged, SQUARE, np.array([2, 2, 2]), back=flags)
    each(matrices.beside, SQUARE, SQUARE.T)
    each(matrices.expm_slope, SQUARE, SQUARE.T, single=False)
    each(matrices.expm_slope, BATCH, BATCH, single=False)
    each(matrices.diagonal_blocks, rng.normal(size=(4, 5)), (SQUARE[:2], SQUARE[:2, :2]))
    each(matrices.banded_transpose, (2, 1), band)
    for x in (band[0], band.T):
        each(matrices.banded_product, (2, 1), band, x)
        each(matrices.banded_outer, (2, 1), x + 1.0, x)
    return found


if importlib.util.find_spec("scipy") is not None:
    CASES += _cases()
