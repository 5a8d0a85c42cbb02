"""The products of stacks of vectors and matrices that are ufuncs of NumPy."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, tangent

if hasattr(np, "matvec"):  # since NumPy 2.2
    @adjoint(np.matvec)
    def matvec(y, x1, x2):
        d[x1] += np.expand_dims(d[y], -1) * np.expand_dims(x2, -2)
        d[x2] += np.sum(np.expand_dims(d[y], -1) * x1, axis=-2)

    @tangent(np.matvec)
    def matvec_tangent(y, x1, x2):
        d[y] = np.matvec(d[x1], x2) + np.matvec(x1, d[x2])

    @adjoint(np.vecmat)
    def vecmat(y, x1, x2):
        d[x1] += np.sum(np.expand_dims(d[y], -2) * x2, axis=-1)
        d[x2] += np.expand_dims(x1, -1) * np.expand_dims(d[y], -2)

    @tangent(np.vecmat)
    def vecmat_tangent(y, x1, x2):
        d[y] = np.vecmat(d[x1], x2) + np.vecmat(x1, d[x2])
