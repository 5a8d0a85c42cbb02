"""Equations and decompositions of `scipy.linalg`. What writes over its arguments is refused (analyze/scipy_kinds.py)."""
from __future__ import annotations

import numpy as np
from scipy import linalg

from autodiff_src.rules import adjoint, d, linear, of_sequences, same_rule, tangent
from autodiff_src.runtime import adjoints, decompositions, matrices

same_rule(linalg.inv, np.linalg.inv, overwrite_a=False, check_finite=True)
same_rule(linalg.det, np.linalg.det, overwrite_a=False, check_finite=True)
same_rule(linalg.pinv, np.linalg.pinv, check_finite=True)
same_rule(linalg.svdvals, np.linalg.svdvals, overwrite_a=False, check_finite=True)
same_rule(linalg.svd, np.linalg.svd, overwrite_a=False, check_finite=True, lapack_driver="gesdd")
of_sequences(linalg.cho_solve, linalg.lu_solve)
same_rule(linalg.lstsq, np.linalg.lstsq, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None)


@adjoint(linalg.solve)
def solve(y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False):
    matrix = a if assume_a is None or assume_a == "gen" else matrices.taken(a, assume_a, lower)
    e = np.linalg.solve(matrix if transposed else np.swapaxes(matrix, -1, -2),
                        np.expand_dims(d[y], -1) if np.ndim(b) == 1 else d[y])
    x = np.expand_dims(y, -1) if np.ndim(b) == 1 else y
    whole = -x @ np.swapaxes(e, -1, -2) if transposed else -e @ np.swapaxes(x, -1, -2)
    d[a] += whole if assume_a is None or assume_a == "gen" else matrices.read(whole, assume_a, lower)
    d[b] += np.squeeze(e, -1) if np.ndim(b) == 1 else e


@tangent(linalg.solve)
def solve_tangent(y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None,
                  transposed=False):
    matrix = a if assume_a is None or assume_a == "gen" else matrices.taken(a, assume_a, lower)
    moved = d[a] if assume_a is None or assume_a == "gen" else matrices.taken(d[a], assume_a, lower)
    x = np.expand_dims(y, -1) if np.ndim(b) == 1 else y
    right = (np.expand_dims(d[b], -1) if np.ndim(b) == 1 else d[b]) - (np.swapaxes(moved, -1, -2) if transposed else moved) @ x
    found = np.linalg.solve(np.swapaxes(matrix, -1, -2) if transposed else matrix, right)
    d[y] = np.squeeze(found, -1) if np.ndim(b) == 1 else found


@adjoint(linalg.solve_triangular)
def solve_triangular(y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    e = linalg.solve_triangular(a, np.expand_dims(d[y], -1) if np.ndim(b) == 1 else d[y],
                                1 if trans == 0 or trans == "N" else 0, lower, unit_diagonal)
    x = np.expand_dims(y, -1) if np.ndim(b) == 1 else y
    whole = -e @ np.swapaxes(x, -1, -2) if trans == 0 or trans == "N" else -x @ np.swapaxes(e, -1, -2)
    d[a] += np.tril(whole, -1 if unit_diagonal else 0) if lower else np.triu(whole, 1 if unit_diagonal else 0)
    d[b] += np.squeeze(e, -1) if np.ndim(b) == 1 else e


@tangent(linalg.solve_triangular)
def solve_triangular_tangent(y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    moved = np.tril(d[a], -1 if unit_diagonal else 0) if lower else np.triu(d[a], 1 if unit_diagonal else 0)
    x = np.expand_dims(y, -1) if np.ndim(b) == 1 else y
    right = ((np.expand_dims(d[b], -1) if np.ndim(b) == 1 else d[b])
             - (moved if trans == 0 or trans == "N" else np.swapaxes(moved, -1, -2)) @ x)
    found = linalg.solve_triangular(a, right, trans, lower, unit_diagonal)
    d[y] = np.squeeze(found, -1) if np.ndim(b) == 1 else found


# Of the triangle that is read.
@adjoint(linalg.cholesky)
def cholesky(y, a, lower=False, overwrite_a=False, check_finite=True):
    upper = np.swapaxes(y, -1, -2) if lower else y
    e = d[y] if lower else np.swapaxes(d[y], -1, -2)
    inner = np.tril(upper @ e) - 0.5 * (upper @ e * np.eye(np.shape(a)[-1]))
    half = np.linalg.solve(upper, np.swapaxes(np.linalg.solve(upper, inner), -1, -2))
    both = half + np.swapaxes(half, -1, -2) - half * np.eye(np.shape(a)[-1])
    d[a] += np.tril(both) if lower else np.triu(both)


@tangent(linalg.cholesky)
def cholesky_tangent(y, a, lower=False, overwrite_a=False, check_finite=True):
    factor = y if lower else np.swapaxes(y, -1, -2)
    inner = np.linalg.solve(factor, np.swapaxes(np.linalg.solve(factor, matrices.taken(d[a], "sym", lower)), -1, -2))
    found = factor @ (np.tril(inner) - 0.5 * (inner * np.eye(np.shape(a)[-1])))
    d[y] = found if lower else np.swapaxes(found, -1, -2)


# The triangle beside the factor keeps what the matrix had there.
@adjoint(linalg.cho_factor)
def cho_factor(y, a, lower=False, overwrite_a=False, check_finite=True):
    upper = np.swapaxes(np.tril(y[0]), -1, -2) if lower else np.triu(y[0])
    e = np.tril(d[y][0]) if lower else np.swapaxes(np.triu(d[y][0]), -1, -2)
    inner = np.tril(upper @ e) - 0.5 * (upper @ e * np.eye(np.shape(a)[-1]))
    half = np.linalg.solve(upper, np.swapaxes(np.linalg.solve(upper, inner), -1, -2))
    both = half + np.swapaxes(half, -1, -2) - half * np.eye(np.shape(a)[-1])
    d[a] += np.tril(both) + np.triu(d[y][0], 1) if lower else np.triu(both) + np.tril(d[y][0], -1)


@tangent(linalg.cho_factor)
def cho_factor_tangent(y, a, lower=False, overwrite_a=False, check_finite=True):
    factor = np.tril(y[0]) if lower else np.swapaxes(np.triu(y[0]), -1, -2)
    inner = np.linalg.solve(factor, np.swapaxes(np.linalg.solve(factor, matrices.taken(d[a], "sym", lower)), -1, -2))
    found = factor @ (np.tril(inner) - 0.5 * (inner * np.eye(np.shape(a)[-1])))
    d[y] = (found + np.triu(d[a], 1) if lower else np.swapaxes(found, -1, -2) + np.tril(d[a], -1), None)


@adjoint(linalg.cho_solve)
def cho_solve(y, c_and_lower, b, overwrite_b=False, check_finite=True):
    e = linalg.cho_solve(c_and_lower, d[y])
    whole = -np.outer(e, y) if np.ndim(b) == 1 else -e @ np.swapaxes(y, -1, -2)
    both = whole + np.swapaxes(whole, -1, -2)
    d[c_and_lower] += [np.tril(both @ np.tril(c_and_lower[0])) if c_and_lower[1] else np.triu(np.triu(c_and_lower[0]) @ both),
                       None]
    d[b] += e


@tangent(linalg.cho_solve)
def cho_solve_tangent(y, c_and_lower, b, overwrite_b=False, check_finite=True):
    factor = np.tril(c_and_lower[0]) if c_and_lower[1] else np.swapaxes(np.triu(c_and_lower[0]), -1, -2)
    moved = np.tril(d[c_and_lower][0]) if c_and_lower[1] else np.swapaxes(np.triu(d[c_and_lower][0]), -1, -2)
    d[y] = linalg.cho_solve(c_and_lower, d[b] - (moved @ np.swapaxes(factor, -1, -2) + factor @ np.swapaxes(moved, -1, -2)) @ y)


# Both factors in one matrix; of the lower one the diagonal is 1.
@adjoint(linalg.lu_factor)
def lu_factor(y, a, overwrite_a=False, check_finite=True):
    square = np.ndim(a) == 2 and np.shape(a)[0] == np.shape(a)[1]
    packed = y[0] if square else adjoints.refused("linalg.lu_factor of other than one square matrix")
    lower, upper = np.tril(packed, -1) + np.eye(np.shape(packed)[0]), np.triu(packed)
    inner = np.tril(lower.T @ np.tril(d[y][0], -1), -1) + np.triu(np.triu(d[y][0]) @ upper.T)
    d[a] += matrices.exchanged(np.linalg.solve(lower.T, np.linalg.solve(upper, inner.T).T), y[1], True)


@tangent(linalg.lu_factor)
def lu_factor_tangent(y, a, overwrite_a=False, check_finite=True):
    square = np.ndim(a) == 2 and np.shape(a)[0] == np.shape(a)[1]
    packed = y[0] if square else adjoints.refused("linalg.lu_factor of other than one square matrix")
    lower, upper = np.tril(packed, -1) + np.eye(np.shape(packed)[0]), np.triu(packed)
    inner = np.linalg.solve(upper.T, np.linalg.solve(lower, matrices.exchanged(d[a], y[1])).T).T
    d[y] = (lower @ np.tril(inner, -1) + np.triu(inner) @ upper, None)


@adjoint(linalg.lu_solve)
def lu_solve(y, lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    packed = lu_and_piv[0]
    e = linalg.lu_solve(lu_and_piv, d[y], 0 if trans else 1)
    left, right = (y, e) if trans else (e, y)
    whole = -np.outer(left, right) if np.ndim(b) == 1 else -left @ right.T
    inner = matrices.exchanged(whole, lu_and_piv[1])
    lower = np.tril(packed, -1) + np.eye(np.shape(packed)[0])
    d[lu_and_piv] += [np.tril(inner @ np.triu(packed).T, -1) + np.triu(lower.T @ inner), None]
    d[b] += e


@tangent(linalg.lu_solve)
def lu_solve_tangent(y, lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    packed = lu_and_piv[0]
    lower = np.tril(packed, -1) + np.eye(np.shape(packed)[0])
    inner = np.tril(d[lu_and_piv][0], -1) @ np.triu(packed) + lower @ np.triu(d[lu_and_piv][0])
    moved = matrices.exchanged(inner, lu_and_piv[1], True)
    d[y] = linalg.lu_solve(lu_and_piv, d[b] - (moved.T if trans else moved) @ y, trans)


# Of one triangle of each, which is all that SciPy reads; vectors have length 1, as `b` measures it.
@adjoint(linalg.eigh)
def eigh(y, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True, driver=None):
    values, vectors = (y, linalg.eigh(a, b, lower=lower)[1]) if eigvals_only else y
    transposed, eye = np.swapaxes(vectors, -1, -2), np.eye(np.shape(a)[-1])
    columns = np.expand_dims(values, -2)
    inner = 0.0 * eye if eigvals_only else transposed @ d[y][1]
    core = (np.expand_dims(d[y] if eigvals_only else d[y][0], -1) * eye
            + decompositions.turned(inner, columns - np.expand_dims(values, -1)))
    d[a] += matrices.read(vectors @ core @ transposed, "sym", lower)
    d[b] += matrices.read(-vectors @ (core * columns + 0.5 * inner * eye) @ transposed, "sym", lower)


@tangent(linalg.eigh)
def eigh_tangent(y, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True,
                 driver=None):
    values, vectors = (y, linalg.eigh(a, b, lower=lower)[1]) if eigvals_only else y
    transposed, eye = np.swapaxes(vectors, -1, -2), np.eye(np.shape(a)[-1])
    columns = np.expand_dims(values, -2)
    of_b = 0.0 if b is None else transposed @ matrices.taken(d[b], "sym", lower) @ vectors
    inner = transposed @ matrices.taken(d[a], "sym", lower) @ vectors - of_b * columns
    found = vectors @ (decompositions.turned(inner, columns - np.expand_dims(values, -1)) - 0.5 * of_b * eye)
    d[y] = np.sum(inner * eye, axis=-1) if eigvals_only else (np.sum(inner * eye, axis=-1), found)


@adjoint(linalg.eigvalsh)
def eigvalsh(y, a, b=None, *, lower=True, overwrite_a=False, overwrite_b=False, check_finite=True, driver=None):
    vectors = linalg.eigh(a, b, lower=lower)[1]
    scaled, transposed = vectors * np.expand_dims(d[y], -2), np.swapaxes(vectors, -1, -2)
    d[a] += matrices.read(scaled @ transposed, "sym", lower)
    d[b] += matrices.read(-(scaled * np.expand_dims(y, -2)) @ transposed, "sym", lower)


@tangent(linalg.eigvalsh)
def eigvalsh_tangent(y, a, b=None, *, lower=True, overwrite_a=False, overwrite_b=False, check_finite=True, driver=None):
    vectors = linalg.eigh(a, b, lower=lower)[1]
    moved = matrices.taken(d[a], "sym", lower) @ vectors - (
        0.0 if b is None else matrices.taken(d[b], "sym", lower) @ vectors * np.expand_dims(y, -2))
    d[y] = np.sum(vectors * moved, axis=-2)


# `mode="r"` gives a tuple, which is refused with the modes that give no matrices (analyze/scipy_linalg_kinds.py).
same_rule(linalg.qr, np.linalg.qr, mode="full", overwrite_a=False, lwork=None, check_finite=True, pivoting=False)


@linear(matrices.taken)
def taken(y, a, structure, lower=False):
    d[a] += matrices.read(d[y], structure, lower)


@linear(matrices.read)
def read(y, e, structure, lower=False):
    d[e] += matrices.taken(d[y], structure, lower)


@linear(matrices.exchanged)
def exchanged(y, e, pivots, back=False):
    d[e] += matrices.exchanged(d[y], pivots, not back)
