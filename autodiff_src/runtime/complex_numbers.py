"""What rules for complex operands are registered under, where they differ from those for real ones."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError


def absolute(x: Any) -> Any:
    """`np.absolute`, of complex numbers too."""
    return np.absolute(x)


def no_slope(x: Any) -> float:
    """Zero, the derivative of the sign of real numbers. Raises UnsupportedError for complex ones."""
    if np.iscomplexobj(x):
        raise UnsupportedError("sign of complex numbers is not differentiated", fix="write `z / abs(z)`")
    return 0.0


def vecdot(x1: Any, x2: Any, *, axis: int = -1) -> Any:
    """`np.vecdot`, of complex vectors too."""
    return np.vecdot(x1, x2, axis=axis)  # type: ignore[call-overload]


def vdot(a: Any, b: Any) -> Any:
    """`np.vdot`, of complex vectors too."""
    return np.vdot(a, b)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """`np.linalg.norm`, of complex numbers too: the root of a sum of squares only."""
    return np.linalg.norm(x, ord, axis, keepdims)
