"""Functions of matrices, matrices of a form, and banded equations of `scipy.linalg`."""
from __future__ import annotations

import numpy as np
from scipy import linalg

from autodiff_src.rules import adjoint, d, linear, non_differentiable, same_rule, tangent
from autodiff_src.runtime import adjoints, matrices

same_rule(linalg.norm, np.linalg.norm, check_finite=True)


@adjoint(linalg.expm)
def expm(y, A):
    d[A] += matrices.expm_slope(np.swapaxes(A, -1, -2), d[y])


@tangent(linalg.expm)
def expm_tangent(y, A):
    d[y] = matrices.expm_slope(A, d[A])


# The second derivative is symmetric in its directions: it is the slope of the slope.
@adjoint(matrices.expm_slope)
def expm_slope(y, a, e):
    n, turned = np.shape(a)[-1], np.swapaxes(a, -1, -2)
    d[a] += matrices.expm_slope(matrices.beside(turned, np.swapaxes(e, -1, -2)),
                                matrices.beside(d[y], 0.0 * d[y]))[..., :n, n:]
    d[e] += matrices.expm_slope(turned, d[y])


@tangent(matrices.expm_slope)
def expm_slope_tangent(y, a, e):
    n = np.shape(a)[-1]
    d[y] = (matrices.expm_slope(matrices.beside(a, d[a]), matrices.beside(e, 0.0 * e))[..., :n, n:]
            + matrices.expm_slope(a, d[e]))


@adjoint(matrices.beside)
def beside(y, a, e):
    n = np.shape(a)[-1]
    d[a] += d[y][..., :n, :n] + d[y][..., n:, n:]
    d[e] += d[y][..., :n, n:]


@tangent(matrices.beside)
def beside_tangent(y, a, e):
    d[y] = matrices.beside(d[a], np.zeros_like(e)) + matrices.beside(np.zeros_like(a), d[e])


# The logarithm of [[a, e], [0, a]] has the derivative in the direction e above its diagonal.
@adjoint(linalg.logm)
def logm(y, A):
    n = np.shape(A)[-1]
    e = adjoints.refused("linalg.logm with complex results") if np.iscomplexobj(y) else d[y]
    d[A] += linalg.logm(matrices.beside(np.swapaxes(A, -1, -2), e))[..., :n, n:]


@tangent(linalg.logm)
def logm_tangent(y, A):
    n = np.shape(A)[-1]
    moved = adjoints.refused("linalg.logm with complex results") if np.iscomplexobj(y) else d[A]
    d[y] = linalg.logm(matrices.beside(A, moved))[..., :n, n:]


# y @ y = A, so that y_dot @ y + y @ y_dot = A_dot.
@adjoint(linalg.sqrtm)
def sqrtm(y, A):
    root = adjoints.refused("linalg.sqrtm with complex results") if np.iscomplexobj(y) else np.swapaxes(y, -1, -2)
    d[A] += linalg.solve_sylvester(root, root, d[y])


@tangent(linalg.sqrtm)
def sqrtm_tangent(y, A):
    root = adjoints.refused("linalg.sqrtm with complex results") if np.iscomplexobj(y) else y
    d[y] = linalg.solve_sylvester(root, root, d[A])


@adjoint(linalg.solve_sylvester)
def solve_sylvester(y, a, b, q):
    e = linalg.solve_sylvester(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2), d[y])
    d[a] += -e @ np.swapaxes(y, -1, -2)
    d[b] += -np.swapaxes(y, -1, -2) @ e
    d[q] += e


@tangent(linalg.solve_sylvester)
def solve_sylvester_tangent(y, a, b, q):
    d[y] = linalg.solve_sylvester(a, b, d[q] - d[a] @ y - y @ d[b])


# a @ y + y @ a.T = q
@adjoint(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(y, a, q):
    e = linalg.solve_continuous_lyapunov(np.swapaxes(a, -1, -2), d[y])
    d[a] += -e @ np.swapaxes(y, -1, -2) - np.swapaxes(e, -1, -2) @ y
    d[q] += e


@tangent(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov_tangent(y, a, q):
    d[y] = linalg.solve_continuous_lyapunov(a, d[q] - d[a] @ y - y @ np.swapaxes(d[a], -1, -2))


# y = a @ y @ a.T + q
@adjoint(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov(y, a, q):
    e = linalg.solve_discrete_lyapunov(np.swapaxes(a, -1, -2), d[y])
    d[a] += e @ a @ np.swapaxes(y, -1, -2) + np.swapaxes(e, -1, -2) @ a @ y
    d[q] += e


@tangent(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov_tangent(y, a, q):
    d[y] = linalg.solve_discrete_lyapunov(
        a, d[q] + d[a] @ y @ np.swapaxes(a, -1, -2) + a @ y @ np.swapaxes(d[a], -1, -2))


@adjoint(linalg.block_diag)
def block_diag(y, *arrs):
    d[arrs] += matrices.diagonal_blocks(d[y], arrs)


@tangent(linalg.block_diag)
def block_diag_tangent(y, *arrs):
    d[y] = linalg.block_diag(*d[arrs])


@linear(matrices.diagonal_blocks)
def diagonal_blocks(y, e, arrays):
    d[e] += linalg.block_diag(*d[y])


@adjoint(linalg.toeplitz)
def toeplitz(y, c, r=None):
    e = d[y] if np.ndim(c) == 1 else adjoints.refused("linalg.toeplitz of other than vectors")
    below = np.expand_dims(np.arange(np.shape(y)[0]), -1) - np.arange(np.shape(y)[1])
    d[c] += adjoints.placed(e if r is None else np.tril(e), np.abs(below) if r is None else np.maximum(below, 0), c)
    d[r] += adjoints.placed(np.triu(e, 1), np.maximum(-below, 0), r)


@tangent(linalg.toeplitz)
def toeplitz_tangent(y, c, r=None):
    below = np.zeros_like(c) if np.ndim(c) == 1 else adjoints.refused("linalg.toeplitz of other than vectors")
    d[y] = linalg.toeplitz(d[c] + below, None if r is None else np.zeros_like(r)) + linalg.toeplitz(below, d[r])


@adjoint(linalg.circulant)
def circulant(y, c):
    e = d[y] if np.ndim(c) == 1 else adjoints.refused("linalg.circulant of other than a vector")
    places = np.arange(np.size(c))
    d[c] += adjoints.placed(e, (np.expand_dims(places, -1) - places) % np.size(c), c)


@tangent(linalg.circulant)
def circulant_tangent(y, c):
    d[y] = linalg.circulant(d[c] if np.ndim(c) == 1 else adjoints.refused("linalg.circulant of other than a vector"))


@adjoint(linalg.solve_banded)
def solve_banded(y, l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    one = d[y] if np.ndim(ab) == 2 else adjoints.refused("linalg.solve_banded of several matrices")
    e = linalg.solve_banded((l_and_u[1], l_and_u[0]), matrices.banded_transpose(l_and_u, ab), one)
    d[ab] += -matrices.banded_outer(l_and_u, e, y)
    d[b] += e


@tangent(linalg.solve_banded)
def solve_banded_tangent(y, l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    matrix = ab if np.ndim(ab) == 2 else adjoints.refused("linalg.solve_banded of several matrices")
    d[y] = linalg.solve_banded(l_and_u, matrix, d[b] - matrices.banded_product(l_and_u, d[ab], y))


@linear(matrices.banded_transpose)
def banded_transpose(y, l_and_u, ab):
    d[ab] += matrices.banded_transpose((l_and_u[1], l_and_u[0]), d[y])


@adjoint(matrices.banded_outer)
def banded_outer(y, l_and_u, e, x):
    d[e] += matrices.banded_product(l_and_u, d[y], x)
    d[x] += matrices.banded_product((l_and_u[1], l_and_u[0]), matrices.banded_transpose(l_and_u, d[y]), e)


@tangent(matrices.banded_outer)
def banded_outer_tangent(y, l_and_u, e, x):
    d[y] = matrices.banded_outer(l_and_u, d[e], x) + matrices.banded_outer(l_and_u, e, d[x])


@adjoint(matrices.banded_product)
def banded_product(y, l_and_u, ab, x):
    d[ab] += matrices.banded_outer(l_and_u, d[y], x)
    d[x] += matrices.banded_product((l_and_u[1], l_and_u[0]), matrices.banded_transpose(l_and_u, ab), d[y])


@tangent(matrices.banded_product)
def banded_product_tangent(y, l_and_u, ab, x):
    d[y] = matrices.banded_product(l_and_u, d[ab], x) + matrices.banded_product(l_and_u, ab, d[x])


non_differentiable(linalg.bandwidth, linalg.issymmetric, linalg.ishermitian)
