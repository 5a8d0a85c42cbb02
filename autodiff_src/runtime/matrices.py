"""What the derivatives of `scipy.linalg` are made of; imported when that is."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

_SYMMETRIC = ("sym", "symmetric", "her", "hermitian", "pos", "positive definite")


def taken(a: Any, structure: str | None, lower: Any = False) -> Any:
    """The matrix for which SciPy takes `a` that is said to have a structure: of a symmetric one it reads one triangle."""
    if structure in _SYMMETRIC:
        half = np.tril(a) if lower else np.triu(a)
        return half + np.swapaxes(half, -1, -2) - half * np.eye(np.shape(a)[-1])
    return _part(a, structure)


def read(e: Any, structure: str | None, lower: Any = False) -> Any:
    """The adjoint of what is read of a matrix, given that of what it is `taken` for."""
    if structure in _SYMMETRIC:
        both = e + np.swapaxes(e, -1, -2) - e * np.eye(np.shape(e)[-1])
        return np.tril(both) if lower else np.triu(both)
    return _part(e, structure)


def _part(a: Any, structure: str | None) -> Any:
    if structure == "upper triangular":
        return np.triu(a)
    if structure == "lower triangular":
        return np.tril(a)
    reach = {"diagonal": 0, "tridiagonal": 1}.get(structure or "")
    return a if reach is None else np.tril(np.triu(a, -reach), reach)


def exchanged(e: Any, pivots: Any, back: bool = False) -> Any:
    """`e` with its rows exchanged one after the other, as LAPACK's pivots tell; `back`: put back."""
    order = np.arange(len(pivots))
    for row, pivot in enumerate(pivots):
        order[[row, pivot]] = order[[pivot, row]]
    return e[np.argsort(order) if back else order]


def expm_slope(a: Any, e: Any) -> Any:
    """The derivative of the exponential of `a` in the direction `e`."""
    if np.ndim(a) == 2:
        return linalg.expm_frechet(a, e, compute_expm=False)
    return linalg.expm(beside(a, e))[..., :np.shape(a)[-1], np.shape(a)[-1]:]


def beside(a: Any, e: Any) -> np.ndarray:
    """The matrix [[a, e], [0, a]]: a function of it has the function's derivative in the direction `e` above its diagonal."""
    a, e = np.broadcast_arrays(a, e)
    above, below = np.concatenate([a, e], -1), np.concatenate([np.zeros_like(a), a], -1)
    return np.concatenate([above, below], -2)


def diagonal_blocks(e: Any, arrays: Any) -> tuple[Any, ...]:
    """The parts of `e` that belong to each of `arrays`, of which `block_diag` made a matrix, in the shape of it."""
    blocks, row, column = [], 0, 0
    for array in arrays:
        rows, columns = np.shape(np.atleast_2d(array))
        blocks.append(np.reshape(e[row:row + rows, column:column + columns], np.shape(array)))
        row, column = row + rows, column + columns
    return tuple(blocks)


# Matrices with few diagonals are held as LAPACK holds them: row u + i - j has the element of row i and column j.

def banded_transpose(l_and_u: Any, ab: Any) -> np.ndarray:
    """The transposed matrix, with as many diagonals above as `ab` has below."""
    below, above = l_and_u
    turned = np.zeros_like(ab)
    for k in range(-below, above + 1):
        first, last = max(0, k), np.shape(ab)[-1] + min(0, k)
        turned[below + k, first - k:last - k] = ab[above - k, first:last]
    return turned


def banded_outer(l_and_u: Any, e: Any, x: Any) -> np.ndarray:
    """The diagonals of the outer product of two vectors, or of the sum of those of the columns of two matrices."""
    below, above = l_and_u
    n, columns = np.shape(x)[0], (-1,) if np.ndim(x) > 1 else ()
    product = np.zeros((below + above + 1, n), np.result_type(e, x))
    for k in range(-below, above + 1):
        first, last = max(0, k), n + min(0, k)
        product[above - k, first:last] = np.sum(e[first - k:last - k] * x[first:last], axis=columns)
    return product


def banded_product(l_and_u: Any, ab: Any, x: Any) -> np.ndarray:
    """The product with a vector, or with the columns of a matrix."""
    below, above = l_and_u
    n, product = np.shape(x)[0], np.zeros(np.shape(x), np.result_type(ab, x))
    for k in range(-below, above + 1):
        first, last = max(0, k), n + min(0, k)
        diagonal = ab[above - k, first:last]
        product[first - k:last - k] += (diagonal if np.ndim(x) == 1 else diagonal[:, None]) * x[first:last]
    return product
