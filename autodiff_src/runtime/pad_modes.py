"""`np.pad` in the modes that compute what they add: read where it is differentiated."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError

MODES = ("linear_ramp", "maximum", "mean", "median", "minimum", "empty")


def pad(array: Any, pad_width: Any, mode: str, *, end_values: Any = 0, stat_length: Any = None,
        reflect_type: str = "even") -> Any:
    """What `np.pad` returns; what mode "empty" leaves open is zero.

    Raises NoRuleError for odd reflections that are wider than the array, which NumPy's releases make differently.
    """
    if mode == "empty":
        return np.pad(array, pad_width)
    if mode in ("reflect", "symmetric") and reflect_type == "even":
        return np.pad(array, pad_width, mode)  # type: ignore[call-overload]
    padded = np.array(array)  # np.pad gives a copy
    widths, lengths = pairs(pad_width, padded.ndim), pairs(stat_length, padded.ndim)
    ends = np.broadcast_to(np.asarray(end_values), (padded.ndim, 2))
    for axis in range(padded.ndim):
        before, after = widths[axis]
        lines = np.moveaxis(padded, axis, 0)
        n, shape = lines.shape[0], lines.shape[1:]
        if mode == "linear_ramp":
            first = np.linspace(ends[axis, 0], lines[0], int(before), False, dtype=padded.dtype)
            last = np.linspace(ends[axis, 1], lines[n - 1], int(after), False, dtype=padded.dtype)[::-1]
        elif mode in MODES:
            left, right = counted(lengths[axis], n)
            first = np.broadcast_to(statistic(lines[:left], mode), (before, *shape))
            last = np.broadcast_to(statistic(lines[n - right:], mode), (after, *shape))
        else:
            edge = 1 if mode == "reflect" else 0
            check_width(max(before, after), n - edge)
            first = 2 * lines[0] - lines[edge:before + edge][::-1]
            last = 2 * lines[n - 1] - lines[n - edge - after:n - edge][::-1]
        padded = np.moveaxis(np.concatenate([first, lines, last]), 0, axis)
    return padded


def statistic(lines: Any, mode: str) -> Any:
    """Of the elements along the first axis."""
    if mode == "maximum":
        return np.max(lines, 0)
    if mode == "minimum":
        return np.min(lines, 0)
    return np.mean(lines, 0) if mode == "mean" else np.median(lines, 0)


def pairs(given: Any, ndim: int) -> list[Any]:
    """A pair for each axis, of what `np.pad` takes for all of them."""
    if isinstance(given, dict):
        by_axis = {axis % ndim: width for axis, width in given.items()}
        given = [np.broadcast_to(by_axis.get(axis, 0), 2) for axis in range(ndim)]
    return np.broadcast_to(np.asarray(given), (ndim, 2)).tolist()


def counted(lengths: Any, n: int) -> tuple[int, int]:
    """How many elements at both ends a statistic is of."""
    left, right = (n if length is None else min(length, n) for length in lengths)
    return left, right


def check_width(width: int, most: int) -> None:
    if width > most:
        raise NoRuleError("np.pad with reflect_type='odd' beyond the array's length", fix="pad in several steps")
