"""What the rules of integrals, gradients and convolutions of samples share out."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError
from autodiff_src.runtime import adjoints


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
    parts = e if isinstance(e, (list, tuple)) else [e]
    axes, distances = _directions(f, varargs, axis)
    total: Any = 0.0
    for part, i, distance in zip(parts, axes, distances, strict=True):
        rows = np.moveaxis(np.asarray(part), i, -1)
        total = total + np.moveaxis(_transposed(rows, distance, edge_order), -1, i)
    return total


def distances_adjoint(e: Any, f: Any, varargs: tuple, axis: Any, edge_order: int) -> list[Any]:
    """The adjoints of the distances in `np.gradient(f, *varargs, axis=axis, edge_order=edge_order)`."""
    parts = e if isinstance(e, (list, tuple)) else [e]
    axes, distances = _directions(f, varargs, axis)
    found = [_distance_adjoint(_rows(part, i), _rows(f, i), distance, edge_order)
             for part, i, distance in zip(parts, axes, distances, strict=True)]
    return [sum(found)] if len(varargs) == 1 else found[:len(varargs)]


def distances_tangent(y: Any, tangents: Any, f: Any, varargs: tuple, axis: Any, edge_order: int) -> Any:
    """The tangent of `y = np.gradient(f, *varargs, axis=axis, edge_order=edge_order)` along those of the distances; None for
    a tangent is 0."""
    axes, distances = _directions(f, varargs, axis)
    along = list(tangents) * len(axes) if len(varargs) == 1 else list(tangents)
    found = [np.zeros_like(f) if distance_dot is None else
             _placed(_distance_tangent(_rows(f, i), distance, distance_dot, edge_order), f, i)
             for i, distance, distance_dot in zip(axes, distances, along, strict=True)]
    return found[0] if isinstance(y, np.ndarray) else tuple(found) if isinstance(y, tuple) else found


def adjoint_by_distances(tangents: Any, e: Any, f: Any, varargs: tuple, axis: Any, edge_order: int) -> np.ndarray:
    """The tangent of `gradient_adjoint(e, f, ...)` along those of the distances; None for a tangent is 0."""
    parts = e if isinstance(e, (list, tuple)) else [e]
    axes, distances = _directions(f, varargs, axis)
    along = list(tangents) * len(axes) if len(varargs) == 1 else list(tangents)
    total = np.zeros(np.shape(f))
    for part, i, distance, distance_dot in zip(parts, axes, distances, along, strict=True):
        if distance_dot is not None:
            total = total + _placed(_adjoint_by_distance(_rows(part, i), distance, distance_dot, edge_order), f, i)
    return total


# Along the last axis of rows one below the other. A derivative is a sum of two slopes, from one place to the next, of the step
# next to a place and of a second one, times what the steps tell; so are its derivatives with respect to these two steps.


def _distance_adjoint(e: Any, rows: Any, distance: Any, edge_order: int) -> Any:
    near, far, h, (one, other, one_far, other_far) = _by_steps(distance, np.shape(rows)[1], edge_order)
    s = np.diff(rows) / h
    steps = (adjoints.placed(np.sum(e * (one * s[:, near] + other * s[:, far]), axis=0), near, h)
             + adjoints.placed(np.sum(e * (one_far * s[:, near] + other_far * s[:, far]), axis=0), far, h))
    return np.append(-steps, 0.0) + np.append(0.0, steps) if np.ndim(distance) else np.sum(steps)


def _distance_tangent(rows: Any, distance: Any, distance_dot: Any, edge_order: int) -> Any:
    near, far, h, (one, other, one_far, other_far) = _by_steps(distance, np.shape(rows)[1], edge_order)
    s, h_dot = np.diff(rows) / h, _steps(distance_dot, len(h))
    return (s[:, near] * (one * h_dot[near] + one_far * h_dot[far])
            + s[:, far] * (other * h_dot[near] + other_far * h_dot[far]))


def _adjoint_by_distance(e: Any, distance: Any, distance_dot: Any, edge_order: int) -> Any:
    near, far, h, (one, other, one_far, other_far) = _by_steps(distance, np.shape(e)[1], edge_order)
    h_dot = _steps(distance_dot, len(h))
    like, rows = np.zeros((len(h), len(e))), np.transpose(e)
    slopes = (adjoints.placed(rows * np.expand_dims(one * h_dot[near] + one_far * h_dot[far], 1), near, like)
              + adjoints.placed(rows * np.expand_dims(other * h_dot[near] + other_far * h_dot[far], 1), far, like))
    steps = np.transpose(slopes) / h
    return np.pad(steps, ((0, 0), (1, 0))) - np.pad(steps, ((0, 0), (0, 1)))


def _by_steps(distance: Any, n: int, edge_order: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]:
    """For each of `n` places the step next to it and a second one, by their numbers; all steps; and how the derivative changes
    with the first (times the slope along the first, along the second) and with the second."""
    near = np.maximum(np.arange(n) - 1, 0)
    far = np.where(np.arange(n) < n - 1, np.minimum(near + 1, n - 2), max(n - 3, 0))
    h = _steps(distance, n - 1)
    at_end = (np.arange(n) == 0) | (np.arange(n) == n - 1)
    one, two = h[near], h[far]
    both = one + two
    inner = [-two * (both + one) / one / both ** 2, two / both ** 2, one / both ** 2, -one * (both + two) / two / both ** 2]
    if edge_order == 1:
        return near, far, h, [np.where(at_end, -1.0 / one, inner[0]), *(np.where(at_end, 0.0, part) for part in inner[1:])]
    ends = [two / both ** 2 - 1.0 / both - 1.0 / one, -two / both ** 2, -one / both ** 2, one / two / both + one / both ** 2]
    return near, far, h, [np.where(at_end, end, part) for end, part in zip(ends, inner, strict=True)]


def _steps(distance: Any, count: int) -> Any:
    return 1.0 * np.diff(distance) if np.ndim(distance) else distance * np.ones(count)


def _rows(f: Any, axis: int) -> Any:
    return np.reshape(np.moveaxis(f, axis, -1), (-1, np.shape(f)[axis]))


def _placed(rows: Any, f: Any, axis: int) -> Any:
    """`rows` in the shape of `f`, of which they are along an axis."""
    return np.moveaxis(np.reshape(rows, np.shape(np.moveaxis(f, axis, -1))), -1, axis)


def _directions(f: Any, varargs: tuple, axis: Any) -> tuple[list[int], list[Any]]:
    """The axes along which `np.gradient` goes, and the distances along each."""
    ndim = np.ndim(f)
    axes = list(range(ndim)) if axis is None else [int(i) % ndim for i in np.atleast_1d(axis)]
    return axes, list(varargs) * len(axes) if len(varargs) == 1 else list(varargs or (1.0,) * len(axes))


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
