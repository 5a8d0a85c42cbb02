"""Shadows of values: zeros that share memory among themselves the way the values do."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError


def shadow_of(x: Any) -> Any:
    """Zeros for the arrays in a container that comes from outside; one array in two places has one shadow.

    Raises UnsupportedError for two arrays that share memory without being the same.
    """
    made: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def shadow(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            if id(value) not in made:
                if any(np.may_share_memory(value, other) for other, _ in made.values()):
                    raise UnsupportedError("two arrays in an argument share memory", fix="copy one of them")
                made[id(value)] = value, np.zeros_like(value)
            return made[id(value)][1]
        if isinstance(value, (list, tuple)):
            return [shadow(item) for item in value]
        if isinstance(value, (float, np.floating)):
            return type(value)(0.0)
        return {key: shadow(item) for key, item in value.items()} if isinstance(value, dict) else None

    return shadow(x)


def check_same_sharing(v: np.ndarray, w: np.ndarray, d_v: np.ndarray, d_w: np.ndarray, where: str) -> None:
    """Raises UnsupportedError where `v` is a copy of `w` but its shadow is a view, or the other way about."""
    if np.may_share_memory(v, w) != np.may_share_memory(d_v, d_w):
        raise UnsupportedError(f"{where}: the reshaped array is a copy, and its adjoint would not be",
                               fix="copy it: `y = x.copy()`")


def add_into(d_x: Any, e: Any) -> None:
    """Adds the adjoint structure `e` into the arrays of the shadow `d_x`."""
    if d_x is None or e is None:
        return
    if isinstance(d_x, np.ndarray):
        d_x += e
    elif isinstance(d_x, dict):
        for key, part in d_x.items():
            add_into(part, e[key])
    else:
        for i, item in enumerate(e):
            if isinstance(d_x[i], (float, np.floating)):
                d_x[i] += item
            else:
                add_into(d_x[i], item)


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


def clear(shadows: list[Any]) -> None:
    """Sets shadows to zero, so that a backward pass can run again."""
    for i, d_x in enumerate(shadows):
        if isinstance(d_x, Numbers):
            d_x.clear()
        elif isinstance(d_x, np.ndarray):
            d_x[...] = 0.0
        elif isinstance(d_x, (float, np.floating)):
            shadows[i] = 0.0
        elif d_x is not None:
            clear(list(d_x.values()) if isinstance(d_x, dict) else d_x)
