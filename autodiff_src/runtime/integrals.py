"""What the rules of SciPy's integrals of samples share out."""
from __future__ import annotations

from typing import Any

import numpy as np


def cumulative_adjoint(e: Any, x: Any, dx: Any, axis: int, initial: Any) -> np.ndarray:
    """The adjoint of `y` in `cumulative_trapezoid(y, x, dx, axis, initial)` for the adjoint `e` of the result."""
    parts = np.moveaxis(np.asarray(e), axis, -1)
    parts = parts if initial is None else parts[..., 1:]
    widths = np.diff(x) if np.ndim(x) == 1 else dx if x is None else np.moveaxis(np.diff(x, axis=axis), axis, -1)
    halves = 0.5 * widths * np.cumsum(parts[..., ::-1], axis=-1)[..., ::-1]
    nothing = np.zeros((*np.shape(halves)[:-1], 1))
    whole = np.concatenate([halves, nothing], -1) + np.concatenate([nothing, halves], -1)
    return np.moveaxis(whole, -1, axis)
