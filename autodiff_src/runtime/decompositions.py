"""What the derivatives of decompositions of matrices are made of."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError


def divided(e: Any, by: Any) -> Any:
    """`e / by` with 0 for 0 / 0: what is not asked of vectors that belong to equal values does no harm. Other divisions by
    0 are NumPy's, infinite and with its warning."""
    e, by = np.broadcast_arrays(e, by)
    neither = (e == 0.0) & (by == 0.0)
    return np.where(neither, 0.0, e / np.where(neither, 1.0, by)).astype(np.result_type(e, by), copy=False)


def turned(e: Any, gaps: Any) -> Any:
    """`divided` of square matrices, off the diagonal; on it are zeros."""
    diagonal = np.eye(np.shape(e)[-1], dtype=bool)
    return divided(np.where(diagonal, 0.0, e), np.where(diagonal, 1.0, gaps)).astype(np.result_type(e, gaps), copy=False)


def leading(e: Any, count: int, axis: int) -> Any:
    """The first `count` vectors of `e` along `axis`.

    Raises NoRuleError where the others are not zero: vectors that fill up a basis are anything.
    """
    e = np.moveaxis(e, axis, 0)
    if np.any(e[count:]):
        raise NoRuleError("the vectors that fill up a basis have no derivative", fix="pass full_matrices=False")
    return np.moveaxis(e[:count], 0, axis)


def filled_up(e: Any, x: Any) -> Any:
    """`e` with vectors that are not a number for those that `x` has more: they fill up a basis, and may be anything."""
    widths = [(0, whole - part) for whole, part in zip(np.shape(x), np.shape(e))]
    return np.pad(e, widths, constant_values=np.nan)


def eigenvectors(a: Any, values: Any) -> Any:
    """The eigenvectors of `a` in the order of its eigenvalues `values`, which may have been found in another way; real ones of
    a real matrix with real eigenvalues."""
    found, vectors = np.linalg.eig(a)
    if are_real(a, values):
        values, found, vectors = np.real(values), np.real(found), np.real(vectors)
    order = np.argmin(np.abs(np.expand_dims(values, -1) - np.expand_dims(found, -2)), axis=-1)
    if np.any(np.sort(order, axis=-1) != np.arange(np.shape(found)[-1])):
        order = np.broadcast_to(np.arange(np.shape(found)[-1]), np.shape(found))
        if not np.allclose(values, found):
            raise NoRuleError("the eigenvalues are too close to each other for their derivatives to be told apart")
    return np.take_along_axis(vectors, np.expand_dims(order, -2), -1)


def are_real(a: Any, values: Any) -> bool:
    """Has a real matrix `a` real eigenvalues `values`? NumPy gives these as complex numbers from version 2.5 on."""
    return bool(np.isrealobj(a) and not np.any(np.imag(values)))


def unused(e: Any, what: str) -> float:
    """Nothing. Raises NoRuleError where `e`, the adjoint of something without a derivative, is not zero."""
    if np.any(e):
        raise NoRuleError(f"{what} is not differentiated")
    return 0.0
