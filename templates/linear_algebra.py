"""`np.linalg`: equations, determinants, inverses, powers."""
from __future__ import annotations

import math

import numpy as np

from autodiff_src.rules import adjoint, d, tangent
from autodiff_src.runtime import adjoints, decompositions, products


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
    d[y] = (np.squeeze(np.linalg.solve(a, np.expand_dims(d[b], -1) - d[a] @ np.expand_dims(y, -1)), -1) if np.ndim(b) == 1
            else np.linalg.solve(a, d[b] - d[a] @ y))


@adjoint(np.linalg.det)
def det(y, a):
    d[a] += np.expand_dims(d[y], (-1, -2)) * products.cofactors(a)


@tangent(np.linalg.det)
def det_tangent(y, a):
    d[y] = np.sum(d[a] * products.cofactors(a), axis=(-1, -2))


@adjoint(np.linalg.slogdet)
def slogdet(y, a):
    d[a] += np.expand_dims(d[y][1], (-1, -2)) * np.swapaxes(np.linalg.inv(a), -1, -2)


@tangent(np.linalg.slogdet)
def slogdet_tangent(y, a):
    d[y] = (0.0 * y[0], np.sum(d[a] * np.swapaxes(np.linalg.inv(a), -1, -2), axis=(-1, -2)))


# The factor is a function of the lower triangle, which is all that NumPy reads.
@adjoint(np.linalg.cholesky)
def cholesky(y, a, *, upper=False):
    turned = y if upper else np.swapaxes(y, -1, -2)
    e = np.swapaxes(d[y], -1, -2) if upper else d[y]
    inner = np.tril(turned @ e) - 0.5 * (turned @ e * np.eye(np.shape(a)[-1]))
    half = np.linalg.solve(turned, np.swapaxes(np.linalg.solve(turned, inner), -1, -2))
    of_lower = np.tril(half + np.swapaxes(half, -1, -2)) - half * np.eye(np.shape(a)[-1])
    d[a] += np.swapaxes(of_lower, -1, -2) if upper else of_lower


@tangent(np.linalg.cholesky)
def cholesky_tangent(y, a, *, upper=False):
    factor, dot = (np.swapaxes(y, -1, -2), np.swapaxes(d[a], -1, -2)) if upper else (y, d[a])
    lower = np.tril(dot, -1)
    symmetric = np.tril(dot) + np.swapaxes(lower, -1, -2)
    inner = np.linalg.solve(factor, np.swapaxes(np.linalg.solve(factor, symmetric), -1, -2))
    moved = factor @ (np.tril(inner) - 0.5 * (inner * np.eye(np.shape(a)[-1])))
    d[y] = np.swapaxes(moved, -1, -2) if upper else moved


# G. H. Golub and V. Pereyra, The differentiation of pseudo-inverses (1973); where the rank stays what it is.
@adjoint(np.linalg.pinv)
def pinv(y, a, rcond=None, *, rtol=None):
    transposed, e = np.swapaxes(y, -1, -2), np.swapaxes(d[y], -1, -2)
    d[a] += (-transposed @ d[y] @ transposed + transposed @ y @ e - transposed @ y @ e @ y @ a
             + e @ y @ transposed - a @ y @ e @ y @ transposed)


@tangent(np.linalg.pinv)
def pinv_tangent(y, a, rcond=None, *, rtol=None):
    transposed, moved = np.swapaxes(y, -1, -2), np.swapaxes(d[a], -1, -2)
    d[y] = (-y @ d[a] @ y + moved @ transposed @ y - y @ a @ moved @ transposed @ y
            + y @ transposed @ moved - y @ transposed @ moved @ a @ y)


@adjoint(np.linalg.lstsq)
def lstsq(y, a, b, rcond=None):
    inverse = (np.linalg.pinv(a) if y[2] == min(np.shape(a))
               else adjoints.refused("np.linalg.lstsq of a matrix without full rank"))
    e = np.expand_dims(d[y][0], -1) if np.ndim(b) == 1 else d[y][0]
    x = np.expand_dims(y[0], -1) if np.ndim(b) == 1 else y[0]
    rest = (np.expand_dims(b, -1) if np.ndim(b) == 1 else b) - a @ x
    z = inverse.T @ e
    moved = (z + 2.0 * rest * d[y][1] if np.size(y[1]) else z) + decompositions.unused(
        d[y][3], "what np.linalg.lstsq gives as singular values")
    d[a] += rest @ (inverse @ z).T - moved @ x.T + inverse.T @ x @ (e - inverse @ (a @ e)).T
    d[b] += np.squeeze(moved, -1) if np.ndim(b) == 1 else moved


@tangent(np.linalg.lstsq)
def lstsq_tangent(y, a, b, rcond=None):
    inverse = (np.linalg.pinv(a) if y[2] == min(np.shape(a))
               else adjoints.refused("np.linalg.lstsq of a matrix without full rank"))
    moved = d[b] - d[a] @ y[0]
    rest = b - a @ y[0]
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    kernel = np.eye(np.shape(a)[1]) - inverse @ a
    d[y] = (inverse @ moved + kernel @ (d[a].T @ (inverse.T @ y[0])) + inverse @ (inverse.T @ (d[a].T @ rest)),
            np.sum(2.0 * rest * moved, axis=0, keepdims=np.ndim(b) == np.ndim(y[1])) if np.size(y[1]) else 0.0 * y[1],
            None, np.sum(u * (d[a] @ vt.T), axis=0))


@adjoint(np.linalg.matrix_power)
def matrix_power(y, a, n):
    turned = np.swapaxes(a if n >= 0 else np.linalg.inv(a), -1, -2)
    inner = sum([np.linalg.matrix_power(turned, i) @ d[y] @ np.linalg.matrix_power(turned, abs(n) - 1 - i)
                 for i in range(abs(n))])
    d[a] += inner if n >= 0 else -turned @ inner @ turned


@tangent(np.linalg.matrix_power)
def matrix_power_tangent(y, a, n):
    base = a if n >= 0 else np.linalg.inv(a)
    dot = d[a] if n >= 0 else -base @ d[a] @ base
    d[y] = sum([np.linalg.matrix_power(base, i) @ dot @ np.linalg.matrix_power(base, abs(n) - 1 - i)
                for i in range(abs(n))])


@adjoint(np.linalg.tensorsolve)
def tensorsolve(y, a, b):
    e = np.linalg.solve(np.reshape(a, (np.size(b), np.size(b))).T, np.ravel(d[y]))
    d[a] += np.reshape(-np.outer(e, y), np.shape(a))
    d[b] += np.reshape(e, np.shape(b))


@tangent(np.linalg.tensorsolve)
def tensorsolve_tangent(y, a, b):
    square = (np.size(b), np.size(b))
    d[y] = np.reshape(np.linalg.solve(np.reshape(a, square), np.ravel(d[b]) - np.reshape(d[a], square) @ np.ravel(y)),
                      np.shape(y))


@adjoint(np.linalg.tensorinv)
def tensorinv(y, a, ind=2):
    turned = np.reshape(y, (-1, math.prod(np.shape(a)[:ind]))).T
    d[a] += np.reshape(-turned @ np.reshape(d[y], np.shape(turned)) @ turned, np.shape(a))


@tangent(np.linalg.tensorinv)
def tensorinv_tangent(y, a, ind=2):
    inverse = np.reshape(y, (-1, math.prod(np.shape(a)[:ind])))
    d[y] = np.reshape(-inverse @ np.reshape(d[a], np.shape(inverse)) @ inverse, np.shape(y))
