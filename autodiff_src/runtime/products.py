"""Derivatives of products along axes, right where factors are zero: nothing is divided."""
from __future__ import annotations

from typing import Any

import numpy as np


def of_others(a: Any, axis: int | tuple[int, ...] | None) -> np.ndarray:
    """For each element of `a` the product of the other elements along `axis`; the shape is that of `a`."""
    rows, restore = _rows(np.asarray(a), axis)
    before, after = _exclusive(rows), _exclusive(rows[::-1])[::-1]
    return restore(before * after)


def of_others_adjoint(e: Any, a: Any, axis: int | tuple[int, ...] | None) -> np.ndarray:
    """The adjoint of `a` in `of_others(a, axis)` for the adjoint `e` of the result.

    Also the tangent of the result for the tangent `e` of `a`: the second derivatives of a product are symmetric.
    """
    rows, restore = _rows(np.asarray(a), axis)
    weights, _ = _rows(np.broadcast_to(e, np.shape(a)), axis)
    before, d_before = _exclusive_with_sums(rows, weights)
    after, d_after = (part[::-1] for part in _exclusive_with_sums(rows[::-1], weights[::-1]))
    return restore(d_before * after + before * d_after)


def cumprod_adjoint(e: np.ndarray, a: np.ndarray, axis: int) -> np.ndarray:
    """The adjoint of `a` in `np.cumprod(a, axis)` for the adjoint `e` of the result."""
    rows, restore = _rows(a, axis)
    weights, _ = _rows(np.broadcast_to(e, np.shape(a)), axis)
    sums = [weights[-1:]]
    for i in range(len(rows) - 2, -1, -1):
        sums.append(weights[i:i + 1] + rows[i + 1] * sums[-1])
    return restore(np.concatenate(sums[::-1]) * _exclusive(rows))


def cumprod_tangent(a_dot: np.ndarray, a: np.ndarray, axis: int) -> np.ndarray:
    """The tangent of `np.cumprod(a, axis)` for the tangent `a_dot` of `a`."""
    rows, restore = _rows(a, axis)
    dots, _ = _rows(np.broadcast_to(a_dot, np.shape(a)), axis)
    dots = dots * _exclusive(rows)
    sums = [dots[:1]]
    for i in range(1, len(rows)):
        sums.append(dots[i:i + 1] + sums[-1] * rows[i])
    return restore(np.concatenate(sums))


def reduceat_adjoint(e: Any, indices: Any, a: Any, axis: int) -> np.ndarray:
    """The adjoint of `a` in `np.add.reduceat(a, indices, axis)` for the adjoint `e` of the result."""
    zeros = np.zeros(np.shape(a), np.asarray(e).dtype)
    rows, parts = np.moveaxis(zeros, axis, 0), np.moveaxis(e, axis, 0)
    ends = [*np.asarray(indices)[1:], len(rows)]
    for part, start, end in zip(parts, indices, ends, strict=True):
        rows[start:max(end, start + 1)] += part
    return zeros


def _rows(a: np.ndarray, axis: int | tuple[int, ...] | None) -> tuple[np.ndarray, Any]:
    """`a` with the elements of `axis` along the first axis, and the function that puts such an array back in shape."""
    axes = tuple(range(a.ndim)) if axis is None else tuple(i % a.ndim for i in np.atleast_1d(axis))
    order = axes + tuple(i for i in range(a.ndim) if i not in axes)
    moved = np.transpose(a, order)
    shape = moved.shape
    rows = np.reshape(moved, (int(np.prod(shape[:len(axes)])), *shape[len(axes):]))
    return rows, lambda result: np.transpose(np.reshape(result, shape), np.argsort(order))


def _exclusive(rows: np.ndarray) -> np.ndarray:
    """The products of the rows before each row."""
    return np.concatenate([np.ones_like(rows[:1]), np.cumprod(rows[:-1], axis=0)])


def _exclusive_with_sums(rows: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The products of the rows before each row, and the sums of these with one factor replaced by its weight."""
    products = _exclusive(rows)
    sums = np.zeros_like(products)
    for i in range(1, len(rows)):
        sums[i] = sums[i - 1] * rows[i - 1] + products[i - 1] * weights[i - 1]
    return products, sums


def cofactors(a: np.ndarray) -> np.ndarray:
    """The derivative of `np.linalg.det(a)`; right for singular matrices too."""
    u, s, v = np.linalg.svd(a)
    others = np.stack([np.prod(np.delete(s, i, -1), axis=-1) for i in range(s.shape[-1])], -1) if s.size else s
    sign = np.linalg.det(u) * np.linalg.det(v)
    return (u * np.expand_dims(others, -2)) @ v * np.expand_dims(sign, (-1, -2))


def blocks(e: Any, a: Any, b: Any) -> Any:
    """The matrix `e` of the form of `np.kron(a, b)` with axes for the rows of `a` and `b`, then for their columns."""
    return np.reshape(e, (np.shape(a)[0], np.shape(b)[0], np.shape(a)[1], np.shape(b)[1]))
