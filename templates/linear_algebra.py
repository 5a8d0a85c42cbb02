"""`np.linalg`."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, tangent
from autodiff_src.runtime import adjoints


@adjoint(np.linalg.norm)
def norm(y, x, ord=None, axis=None, keepdims=False):
    scaled = (d[y] / np.where(y == 0.0, 1.0, y) if adjoints.is_euclidean(x, ord, axis)
              else adjoints.refused("np.linalg.norm of an order other than 2 (for vectors) and 'fro'"))
    d[x] += x * (scaled if axis is None or keepdims else np.expand_dims(scaled, axis))


@tangent(np.linalg.norm)
def norm_tangent(y, x, ord=None, axis=None, keepdims=False):
    scale = (1.0 / np.where(y == 0.0, 1.0, y) if adjoints.is_euclidean(x, ord, axis)
             else adjoints.refused("np.linalg.norm of an order other than 2 (for vectors) and 'fro'"))
    d[y] = np.sum(x * d[x], axis=axis, keepdims=keepdims) * scale


@adjoint(np.linalg.inv)
def inv(y, a):
    transposed = np.swapaxes(y, -1, -2)
    d[a] += -transposed @ d[y] @ transposed


@tangent(np.linalg.inv)
def inv_tangent(y, a):
    d[y] = -y @ d[a] @ y


@adjoint(np.linalg.solve)
def solve(y, a, b):
    e = np.linalg.solve(np.swapaxes(a, -1, -2), np.expand_dims(d[y], -1) if np.ndim(b) == 1 else d[y])
    if np.ndim(b) == 1:
        d[a] += -e * np.expand_dims(y, -2)
        d[b] += np.squeeze(e, -1)
    else:
        d[a] += -e @ np.swapaxes(y, -1, -2)
        d[b] += e


@tangent(np.linalg.solve)
def solve_tangent(y, a, b):
    if np.ndim(b) == 1:
        d[y] = np.squeeze(np.linalg.solve(a, np.expand_dims(d[b], -1) - d[a] @ np.expand_dims(y, -1)), -1)
    else:
        d[y] = np.linalg.solve(a, d[b] - d[a] @ y)


@adjoint(np.linalg.det)
def det(y, a):
    d[a] += np.expand_dims(d[y], (-1, -2)) * adjoints.cofactors(a)


@tangent(np.linalg.det)
def det_tangent(y, a):
    d[y] = np.sum(d[a] * adjoints.cofactors(a), axis=(-1, -2))


@adjoint(np.linalg.slogdet)
def slogdet(y, a):
    d[a] += np.expand_dims(d[y][1], (-1, -2)) * np.swapaxes(np.linalg.inv(a), -1, -2)


@tangent(np.linalg.slogdet)
def slogdet_tangent(y, a):
    d[y] = (0.0 * y[0], np.sum(d[a] * np.swapaxes(np.linalg.inv(a), -1, -2), axis=(-1, -2)))


# The factor is a function of the lower triangle, which is all that NumPy reads.
@adjoint(np.linalg.cholesky)
def cholesky(y, a):
    upper = np.swapaxes(y, -1, -2)
    inner = np.tril(upper @ d[y]) - 0.5 * (upper @ d[y] * np.eye(np.shape(a)[-1]))
    half = np.linalg.solve(upper, np.swapaxes(np.linalg.solve(upper, inner), -1, -2))
    d[a] += np.tril(half + np.swapaxes(half, -1, -2)) - half * np.eye(np.shape(a)[-1])


@tangent(np.linalg.cholesky)
def cholesky_tangent(y, a):
    lower = np.tril(d[a], -1)
    symmetric = np.tril(d[a]) + np.swapaxes(lower, -1, -2)
    inner = np.linalg.solve(y, np.swapaxes(np.linalg.solve(y, symmetric), -1, -2))
    d[y] = y @ (np.tril(inner) - 0.5 * (inner * np.eye(np.shape(a)[-1])))


# G. H. Golub and V. Pereyra, The differentiation of pseudo-inverses (1973); where the rank stays what it is.
@adjoint(np.linalg.pinv)
def pinv(y, a):
    transposed, e = np.swapaxes(y, -1, -2), np.swapaxes(d[y], -1, -2)
    d[a] += (-transposed @ d[y] @ transposed + transposed @ y @ e - transposed @ y @ e @ y @ a
             + e @ y @ transposed - a @ y @ e @ y @ transposed)


@tangent(np.linalg.pinv)
def pinv_tangent(y, a):
    transposed, moved = np.swapaxes(y, -1, -2), np.swapaxes(d[a], -1, -2)
    d[y] = (-y @ d[a] @ y + moved @ transposed @ y - y @ a @ moved @ transposed @ y
            + y @ transposed @ moved - y @ transposed @ moved @ a @ y)


# Of one triangle, which is all that NumPy reads. Vectors of equal eigenvalues have no derivative: 0 is given.
@adjoint(np.linalg.eigh)
def eigh(y, a, UPLO="L"):
    gaps = np.expand_dims(y[0], -2) - np.expand_dims(y[0], -1)
    inverse = np.where(gaps == 0.0, 0.0, 1.0 / np.where(gaps == 0.0, 1.0, gaps))
    transposed = np.swapaxes(y[1], -1, -2)
    inner = np.expand_dims(d[y][0], -1) * np.eye(np.shape(a)[-1]) + inverse * (transposed @ d[y][1])
    whole = y[1] @ inner @ transposed
    both = whole + np.swapaxes(whole, -1, -2) - whole * np.eye(np.shape(a)[-1])
    d[a] += np.tril(both) if UPLO == "L" or UPLO == "l" else np.triu(both)


@tangent(np.linalg.eigh)
def eigh_tangent(y, a, UPLO="L"):
    gaps = np.expand_dims(y[0], -2) - np.expand_dims(y[0], -1)
    inverse = np.where(gaps == 0.0, 0.0, 1.0 / np.where(gaps == 0.0, 1.0, gaps))
    part = np.tril(d[a]) if UPLO == "L" or UPLO == "l" else np.triu(d[a])
    symmetric = part + np.swapaxes(part, -1, -2) - part * np.eye(np.shape(a)[-1])
    inner = np.swapaxes(y[1], -1, -2) @ symmetric @ y[1]
    d[y] = (np.sum(inner * np.eye(np.shape(a)[-1]), axis=-1), y[1] @ (inverse * inner))


@adjoint(np.linalg.eigvalsh)
def eigvalsh(y, a, UPLO="L"):
    vectors = np.linalg.eigh(a, UPLO)[1]
    whole = vectors * np.expand_dims(d[y], -2) @ np.swapaxes(vectors, -1, -2)
    both = whole + np.swapaxes(whole, -1, -2) - whole * np.eye(np.shape(a)[-1])
    d[a] += np.tril(both) if UPLO == "L" or UPLO == "l" else np.triu(both)


@tangent(np.linalg.eigvalsh)
def eigvalsh_tangent(y, a, UPLO="L"):
    vectors = np.linalg.eigh(a, UPLO)[1]
    part = np.tril(d[a]) if UPLO == "L" or UPLO == "l" else np.triu(d[a])
    symmetric = part + np.swapaxes(part, -1, -2) - part * np.eye(np.shape(a)[-1])
    d[y] = np.sum(np.swapaxes(vectors, -1, -2) @ symmetric * np.swapaxes(vectors, -1, -2), axis=-1)
