"""Decompositions of `np.linalg`: eigenvalues, singular values, orthogonal factors.

Vectors of equal eigenvalues, or of equal singular values, have no derivative: where one is asked for, it is infinite or
not a number, with a warning of NumPy's.
"""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, non_differentiable, tangent
from autodiff_src.runtime import adjoints, decompositions


# Of one triangle, which is all that NumPy reads.
@adjoint(np.linalg.eigh)
def eigh(y, a, UPLO="L"):
    eye = np.eye(np.shape(a)[-1])
    gaps = np.expand_dims(y[0], -2) - np.expand_dims(y[0], -1)
    transposed = np.swapaxes(y[1], -1, -2)
    turned = decompositions.turned(transposed @ d[y][1], gaps)
    whole = y[1] @ (np.expand_dims(d[y][0], -1) * eye + turned) @ transposed
    both = whole + np.swapaxes(whole, -1, -2) - whole * eye
    d[a] += np.tril(both) if UPLO == "L" or UPLO == "l" else np.triu(both)


@tangent(np.linalg.eigh)
def eigh_tangent(y, a, UPLO="L"):
    eye = np.eye(np.shape(a)[-1])
    gaps = np.expand_dims(y[0], -2) - np.expand_dims(y[0], -1)
    part = np.tril(d[a]) if UPLO == "L" or UPLO == "l" else np.triu(d[a])
    symmetric = part + np.swapaxes(part, -1, -2) - part * eye
    inner = np.swapaxes(y[1], -1, -2) @ symmetric @ y[1]
    d[y] = (np.sum(inner * eye, axis=-1), y[1] @ decompositions.turned(inner, gaps))


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


# Of numbers that are real or complex as they turn out; real vectors have length 1, complex ones a phase of their own, too.
@adjoint(np.linalg.eigvals)
def eigvals(y, a):
    vectors = decompositions.eigenvectors(a, y)
    transposed = np.swapaxes(vectors, -1, -2)
    d[a] += np.linalg.solve(transposed, np.expand_dims(d[y], -1) * transposed)


@tangent(np.linalg.eigvals)
def eigvals_tangent(y, a):
    vectors = decompositions.eigenvectors(a, y)
    d[y] = np.sum(np.linalg.inv(vectors) * np.swapaxes(d[a] @ vectors, -1, -2), axis=-1)


@adjoint(np.linalg.eig)
def eig(y, a):
    real = decompositions.are_real(a, y[0])
    values, vectors = (np.real(y[0]), np.real(y[1])) if real else (y[0], y[1])
    d_values, d_vectors = (np.real(d[y][0]), np.real(d[y][1])) if real else (d[y][0], d[y][1])
    transposed = np.swapaxes(vectors, -1, -2)
    e = (d_vectors + decompositions.unused(d_vectors, "what np.linalg.eig gives as complex vectors")
         if np.iscomplexobj(vectors) else d_vectors - vectors * np.sum(vectors * d_vectors, axis=-2, keepdims=True))
    gaps = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    inner = np.expand_dims(d_values, -1) * np.eye(np.shape(a)[-1]) + decompositions.turned(transposed @ e, gaps)
    d[a] += np.linalg.solve(transposed, inner @ transposed)


@tangent(np.linalg.eig)
def eig_tangent(y, a):
    real = decompositions.are_real(a, y[0])
    values, vectors = (np.real(y[0]), np.real(y[1])) if real else (y[0], y[1])
    inner = np.linalg.solve(vectors, d[a] @ vectors)
    e = vectors @ decompositions.turned(inner, np.expand_dims(values, -2) - np.expand_dims(values, -1))
    d[y] = (np.sum(inner * np.eye(np.shape(a)[-1]), axis=-1),
            e * np.nan if np.iscomplexobj(vectors) else e - vectors * np.sum(vectors * e, axis=-2, keepdims=True))


# J. Townsend, Differentiating the singular value decomposition (2016).
@adjoint(np.linalg.svd)
def svd(y, a, full_matrices=True, compute_uv=True):
    if compute_uv:
        s, count = y[1], np.shape(y[1])[-1]
        u, vt = (y[0][..., :count], y[2][..., :count, :]) if full_matrices else (y[0], y[2])
        d_u = decompositions.leading(d[y][0], count, -1) if full_matrices else d[y][0]
        d_vt = decompositions.leading(d[y][2], count, -2) if full_matrices else d[y][2]
        eye, columns, rows = np.eye(count), np.expand_dims(s, -2), np.expand_dims(s, -1)
        inner_u, inner_v = np.swapaxes(u, -1, -2) @ d_u, vt @ np.swapaxes(d_vt, -1, -2)
        gaps = columns * columns - rows * rows
        turned_u = decompositions.turned(inner_u, gaps)
        turned_v = decompositions.turned(inner_v, gaps)
        core = (np.expand_dims(d[y][1], -2) * eye + (turned_u + np.swapaxes(turned_u, -1, -2)) * columns
                + rows * (turned_v + np.swapaxes(turned_v, -1, -2)))
        d[a] += (u @ core @ vt + decompositions.divided(d_u - u @ inner_u, columns) @ vt
                 + u @ decompositions.divided(d_vt - np.swapaxes(inner_v, -1, -2) @ vt, rows))
    else:
        left, values, right = np.linalg.svd(a, full_matrices=False)
        d[a] += left * np.expand_dims(d[y], -2) @ right


@tangent(np.linalg.svd)
def svd_tangent(y, a, full_matrices=True, compute_uv=True):
    if compute_uv:
        s, count = y[1], np.shape(y[1])[-1]
        u, vt = (y[0][..., :count], y[2][..., :count, :]) if full_matrices else (y[0], y[2])
        eye, columns, rows = np.eye(count), np.expand_dims(s, -2), np.expand_dims(s, -1)
        inner = np.swapaxes(u, -1, -2) @ d[a] @ np.swapaxes(vt, -1, -2)
        turned = np.swapaxes(inner, -1, -2)
        gaps = columns * columns - rows * rows
        turned_u = decompositions.turned(inner * columns + rows * turned, gaps)
        turned_v = decompositions.turned(rows * inner + turned * columns, gaps)
        u_dot = u @ turned_u + decompositions.divided(d[a] @ np.swapaxes(vt, -1, -2) - u @ inner, columns)
        vt_dot = np.swapaxes(turned_v, -1, -2) @ vt + decompositions.divided(
            np.swapaxes(u, -1, -2) @ d[a] - inner @ vt, rows)
        d[y] = (decompositions.filled_up(u_dot, y[0]) if full_matrices else u_dot, np.sum(inner * eye, axis=-1),
                decompositions.filled_up(vt_dot, y[2]) if full_matrices else vt_dot)
    else:
        left, values, right = np.linalg.svd(a, full_matrices=False)
        d[y] = np.sum(left * (d[a] @ np.swapaxes(right, -1, -2)), axis=-2)


@adjoint(np.linalg.svdvals)
def svdvals(y, x):
    left, values, right = np.linalg.svd(x, full_matrices=False)
    d[x] += left * np.expand_dims(d[y], -2) @ right


@tangent(np.linalg.svdvals)
def svdvals_tangent(y, x):
    left, values, right = np.linalg.svd(x, full_matrices=False)
    d[y] = np.sum(left * (d[x] @ np.swapaxes(right, -1, -2)), axis=-2)


# S. Walter and L. Lehmann, Algorithmic differentiation of linear algebra functions (2010), for the first columns, which are
# independent; the other ones, of wide matrices, are multiplied by the orthogonal factor.
@adjoint(np.linalg.qr)
def qr(y, a, mode="reduced"):
    q = (np.linalg.qr(a)[0] if mode == "r"
         else y[0] if mode == "reduced" or mode == "economic"
         or (mode == "complete" or mode == "full") and np.shape(a)[-2] <= np.shape(a)[-1]
         else adjoints.refused("the QR decomposition of a tall matrix in this mode", "use 'reduced', in SciPy 'economic'"))
    r = y if mode == "r" else y[1]
    d_r = d[y] if mode == "r" else d[y][1]
    count = np.shape(q)[-1]
    d_q = a[..., count:] @ np.swapaxes(d_r[..., count:], -1, -2)
    d_q = d_q if mode == "r" else d_q + d[y][0]
    inner = r[..., :count] @ np.swapaxes(d_r[..., :count], -1, -2) - np.swapaxes(d_q, -1, -2) @ q
    symmetric = np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)
    first = np.swapaxes(np.linalg.solve(r[..., :count], np.swapaxes(d_q + q @ symmetric, -1, -2)), -1, -2)
    d[a] += np.concatenate([first, q @ d_r[..., count:]], -1)


@tangent(np.linalg.qr)
def qr_tangent(y, a, mode="reduced"):
    q = (np.linalg.qr(a)[0] if mode == "r"
         else y[0] if mode == "reduced" or mode == "economic"
         or (mode == "complete" or mode == "full") and np.shape(a)[-2] <= np.shape(a)[-1]
         else adjoints.refused("the QR decomposition of a tall matrix in this mode", "use 'reduced', in SciPy 'economic'"))
    r = y if mode == "r" else y[1]
    count = np.shape(q)[-1]
    ratio = np.swapaxes(np.linalg.solve(np.swapaxes(r[..., :count], -1, -2), np.swapaxes(d[a][..., :count], -1, -2)), -1, -2)
    inner = np.swapaxes(q, -1, -2) @ ratio
    upper = np.triu(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)
    q_dot = ratio - q @ upper
    other = np.swapaxes(q_dot, -1, -2) @ a[..., count:] + np.swapaxes(q, -1, -2) @ d[a][..., count:]
    r_dot = np.concatenate([upper @ r[..., :count], other], -1)
    d[y] = r_dot if mode == "r" else (q_dot, r_dot)


@adjoint(decompositions.eigenvectors)
def eigenvectors(y, a, values):
    gaps = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    transposed = np.swapaxes(y, -1, -2)
    e = (adjoints.refused("a second derivative of complex eigenvalues") if np.iscomplexobj(y)
         else d[y] - y * np.sum(y * d[y], axis=-2, keepdims=True))
    d[a] += np.linalg.solve(transposed, decompositions.turned(transposed @ e, gaps) @ transposed)


@tangent(decompositions.eigenvectors)
def eigenvectors_tangent(y, a, values):
    inner = np.linalg.solve(y, d[a] @ y)
    e = y @ decompositions.turned(inner, np.expand_dims(values, -2) - np.expand_dims(values, -1))
    d[y] = (adjoints.refused("a second derivative of complex eigenvalues") if np.iscomplexobj(y)
            else e - y * np.sum(y * e, axis=-2, keepdims=True))


@adjoint(decompositions.divided)
def divided(y, e, by):
    d[e] += decompositions.divided(d[y], by)
    d[by] += -decompositions.divided(d[y] * y, by)


@tangent(decompositions.divided)
def divided_tangent(y, e, by):
    d[y] = decompositions.divided(d[e] - y * d[by], by)


@adjoint(decompositions.turned)
def turned(y, e, gaps):
    d[e] += decompositions.turned(d[y], gaps)
    d[gaps] += -decompositions.turned(d[y] * y, gaps)


@tangent(decompositions.turned)
def turned_tangent(y, e, gaps):
    d[y] = decompositions.turned(d[e] - y * d[gaps], gaps)


@linear(decompositions.leading)
def leading(y, e, count, axis):
    first = slice(None, count)
    d[e] += adjoints.placed(d[y], (Ellipsis, first) if axis == -1 else (Ellipsis, first, slice(None)), e)


@linear(decompositions.filled_up)
def filled_up(y, e, x):
    d[e] += d[y][..., :np.shape(e)[-2], :np.shape(e)[-1]]


non_differentiable(np.linalg.matrix_rank, decompositions.unused)
