"""Adjoints of `np.pad`: with constants, and in the modes that repeat elements of the array."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError

_REPEATING = ("edge", "reflect", "symmetric", "wrap")


def without_padding(e: Any, pad_width: Any) -> Any:
    """The part of `e` that `np.pad` did not add."""
    if isinstance(pad_width, dict):
        widths = {axis % np.ndim(e): width for axis, width in pad_width.items()}
        pairs = [np.broadcast_to(widths.get(i, 0), 2) for i in range(np.ndim(e))]
    else:
        pairs = list(np.broadcast_to(pad_width, (np.ndim(e), 2)))
    return e[tuple(slice(int(before), n - int(after)) for (before, after), n in zip(pairs, np.shape(e)))]


def unpadded(e: np.ndarray, x: Any, pad_width: Any, mode: str) -> np.ndarray:
    """In the shape of `x`: for each of its elements the sum of `e` over the places where `np.pad(x, pad_width, mode)` has it.

    Raises NoRuleError for modes that compute other values than those of the elements.
    """
    check_mode(mode)
    places = np.pad(np.arange(np.size(x)).reshape(np.shape(x)), pad_width, mode)  # type: ignore[call-overload]
    sums = np.zeros(np.size(x), e.dtype)
    np.add.at(sums, places.ravel(), e.ravel())
    return sums.reshape(np.shape(x))


def repeated(e: np.ndarray, pad_width: Any, mode: str) -> np.ndarray:
    """`np.pad(e, pad_width, mode)` in one of these modes."""
    check_mode(mode)
    return np.pad(e, pad_width, mode)  # type: ignore[call-overload]


def of_one(constant_values: Any) -> float:
    """0.0. Raises NoRuleError for several values, which go to axes and ends of their own."""
    if np.ndim(constant_values):
        raise NoRuleError("np.pad with respect to several `constant_values`", fix="pass one, or use np.concatenate")
    return 0.0


def check_mode(mode: Any) -> None:
    if mode not in _REPEATING:
        raise NoRuleError(f"np.pad with mode={mode!r} is not differentiated",
                          fix=f"use 'constant', {', '.join(map(repr, _REPEATING))}, or np.concatenate")
