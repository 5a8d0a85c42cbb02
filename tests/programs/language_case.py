"""One program of the language table: a function, its arguments, and what is differentiated."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """`f(*args)` differentiated with respect to the positions `wrt`; `smooth` asks for a second derivative too."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: tuple[int, ...]
    smooth: bool = False

    @property
    def name(self) -> str:
        return self.f.__name__


def case(f: Callable[..., Any], *args: Any, wrt: tuple[int, ...] | None = None, smooth: bool = False) -> Case:
    """A case; without `wrt` every float and float array among `args` is differentiated."""
    positions = tuple(k for k, arg in enumerate(args) if _is_real(arg)) if wrt is None else wrt
    return Case(f, args, positions, smooth)


def _is_real(arg: Any) -> bool:
    return isinstance(arg, float) or (isinstance(arg, np.ndarray) and arg.dtype.kind == "f")


def vector(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


def some(*shape: int) -> np.ndarray:
    """Numbers of mixed sign, apart from each other and from zero, the same for the same shape."""
    count = int(np.prod(shape))
    return (1.3 * np.sin(1.0 + 1.7 * np.arange(count)) + 0.05 * np.arange(count)).reshape(shape)
