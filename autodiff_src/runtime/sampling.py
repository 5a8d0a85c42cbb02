"""What the rules of integrals, gradients and convolutions of samples share out."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError


def widths(x: Any, axis: int) -> np.ndarray:
    """Half the distance between the neighbours along `axis`; an end is its own neighbour."""
    x = np.asarray(x)
    if np.ndim(x) == 0:
        return np.zeros(())
    n = np.shape(x)[axis]
    after, before = np.minimum(np.arange(n) + 1, n - 1), np.maximum(np.arange(n) - 1, 0)
    return 0.5 * (np.take(x, after, axis) - np.take(x, before, axis))


def widths_adjoint(e: Any, axis: int) -> np.ndarray:
    """The adjoint of `x` in `widths(x, axis)` for the adjoint `e` of the result."""
    first, last = np.take(e, [0], axis), np.take(e, [-1], axis)
    e = np.concatenate([-first, e, -last], axis)
    n = np.shape(e)[axis]
    return 0.5 * (np.take(e, range(n - 2), axis) - np.take(e, range(2, n), axis))


def gradient_adjoint(e: Any, f: Any, varargs: tuple, axis: Any, edge_order: int) -> np.ndarray:
    """The adjoint of `f` in `np.gradient(f, *varargs, axis=axis, edge_order=edge_order)`."""
    ndim = np.ndim(f)
    axes = range(ndim) if axis is None else [int(i) % ndim for i in np.atleast_1d(axis)]
    parts = e if isinstance(e, (list, tuple)) else [e]
    distances = varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes)
    total: Any = 0.0
    for i, part, distance in zip(axes, parts, distances, strict=True):
        rows = np.moveaxis(np.asarray(part), i, -1)
        total = total + np.moveaxis(_transposed(rows, distance, edge_order), -1, i)
    return total


def refused_distances(varargs: tuple) -> list[None]:
    """No adjoint for each of the distances of `np.gradient`; raises NoRuleError where they are no whole numbers."""
    if any(np.asarray(distance).dtype.kind == "f" for distance in varargs):
        raise NoRuleError("np.gradient with respect to the distances", fix="make them constants, or divide by them")
    return [None for _ in varargs]


def _transposed(rows: np.ndarray, distance: Any, edge_order: int) -> np.ndarray:
    """Along the last axis, the transpose of the differences that `np.gradient` takes."""
    n = rows.shape[-1]
    h = np.broadcast_to(np.diff(distance) if np.ndim(distance) else distance, n - 1).astype(float)
    result = np.zeros(rows.shape, np.result_type(rows, np.float16))
    inner, left, right = rows[..., 1:-1], h[:-1], h[1:]
    result[..., :-2] -= inner * (right / left / (left + right))
    result[..., 1:-1] += inner * ((right - left) / left / right)
    result[..., 2:] += inner * (left / right / (left + right))
    for end, inward in ((0, 1), (-1, -1)):
        near = h[end]
        if edge_order == 1:
            weights = [-1.0 / near, 1.0 / near]
        else:
            far = h[end + inward]
            weights = [-(2.0 * near + far) / near / (near + far), (near + far) / near / far, -near / far / (near + far)]
        for k, weight in enumerate(weights):
            result[..., end + k * inward] += rows[..., end] * (weight * inward)
    return result


def in_full(e: Any, n: int, m: int, mode: str, reversed_: bool) -> np.ndarray:
    """`e`, the part of a convolution of `n` and `m` samples that `mode` names, among zeros for all of it.

    `reversed_`: it is a correlation, the middle of which leans to the other side where the second operand is longer.
    """
    before, after = _outside(n, m, mode, reversed_)
    return np.pad(e, (before, after))


def of_full(e: Any, n: int, m: int, mode: str, reversed_: bool) -> Any:
    """The part of the full convolution `e` of `n` and `m` samples that `mode` names."""
    before, after = _outside(n, m, mode, reversed_)
    return e[before:n + m - 1 - after]


def _outside(n: int, m: int, mode: str, reversed_: bool) -> tuple[int, int]:
    less, more = min(n, m), max(n, m)
    lengths = {"full": n + m - 1, "same": more, "valid": more - less + 1}
    if mode not in lengths:
        raise NoRuleError(f"np.convolve and np.correlate with mode {mode!r}")
    rest = n + m - 1 - lengths[mode]
    before = rest // 2
    return (rest - before, before) if reversed_ and m > n else (before, rest - before)
