"""Shadows of values: zeros that share memory among themselves the way the values do."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.shared_memory import overlap


def shadow_of(x: Any) -> Any:
    """Zeros for the arrays and numbers in a container that comes from outside; what is in two places has one shadow.

    Raises UnsupportedError for two arrays that share memory without being the same.
    """
    arrays: list[np.ndarray] = []
    made: dict[int, Any] = {}

    def shadow(value: Any) -> Any:
        if isinstance(value, (float, np.floating)):
            return type(value)(0.0)
        if id(value) in made:
            return made[id(value)]
        if isinstance(value, np.ndarray):
            arrays.append(value)
            made[id(value)] = np.zeros_like(value)
        elif isinstance(value, (list, tuple)):
            made[id(value)] = []
            made[id(value)].extend(map(shadow, value))
        elif isinstance(value, dict):
            made[id(value)] = {}
            made[id(value)].update({key: shadow(item) for key, item in value.items()})
        return made.get(id(value))

    zeros = shadow(x)
    if overlap(arrays):
        raise UnsupportedError("two arrays in an argument share memory", fix="copy one of them")
    return zeros


def check_same_sharing(v: np.ndarray, w: np.ndarray, d_v: np.ndarray, d_w: np.ndarray, where: str) -> None:
    """Raises UnsupportedError where `v` is a copy of `w` but its shadow is a view, or the other way about."""
    if np.may_share_memory(v, w) != np.may_share_memory(d_v, d_w):
        raise UnsupportedError(f"{where}: the reshaped array is a copy, and its adjoint would not be",
                               fix="copy it: `y = x.copy()`")


def add_into(d_x: Any, e: Any) -> None:
    """Adds the adjoint structure `e` into the arrays and numbers of the shadow `d_x`."""
    if d_x is None or e is None:
        return
    if isinstance(d_x, np.ndarray):
        d_x += e
        return
    for key in d_x if isinstance(d_x, dict) else range(len(e)):
        if isinstance(d_x[key], (float, np.floating)):
            d_x[key] += e[key]
        else:
            add_into(d_x[key], e[key])


class Numbers:
    """The shadow of a list of numbers, which a backward pass makes as long as the list was when it was new."""

    def __init__(self, shadow: list[float]):
        self.shadow = shadow
        self.length: int | None = None

    def clear(self) -> None:
        """Zeros, as many as there were when the forward pass had ended."""
        if self.length is None:
            self.length = len(self.shadow)
        self.shadow[:] = [0.0] * self.length


def clear(shadows: Any) -> None:
    """Sets the shadows in a list or a dict to zero, so that a backward pass can run again."""
    for key, d_x in list(shadows.items() if isinstance(shadows, dict) else enumerate(shadows)):
        if isinstance(d_x, Numbers):
            d_x.clear()
        elif isinstance(d_x, np.ndarray):
            d_x[...] = 0.0
        elif isinstance(d_x, (float, np.floating)):
            shadows[key] = 0.0
        elif d_x is not None:
            clear(d_x)
