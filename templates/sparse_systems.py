"""Solutions of sparse systems, as functions of the right-hand side; this module is imported when something of
`scipy.sparse.linalg` is first met. The matrix is data: a derivative with respect to it is refused."""
from __future__ import annotations

from scipy.sparse import linalg

from autodiff_src.rules import adjoint, d, linear, tangent
from autodiff_src.runtime import sparse_systems


@adjoint(linalg.spsolve)
def spsolve(x, A, b, permc_spec=None, use_umfpack=True):
    d[b] += sparse_systems.solve_transposed(A, d[x])


@tangent(linalg.spsolve)
def spsolve_tangent(x, A, b, permc_spec=None, use_umfpack=True):
    d[x] = sparse_systems.solve(A, d[b])


@linear(sparse_systems.solve)
def solve(x, A, b):
    d[b] += sparse_systems.solve_transposed(A, d[x])


@linear(sparse_systems.solve_transposed)
def solve_transposed(x, A, b):
    d[b] += sparse_systems.solve(A, d[x])
