"""Sums at integer indices."""
from __future__ import annotations

from typing import Any

import numpy as np


def in_full(e: Any, x: np.ndarray, index: Any) -> Any:
    """`e` as `np.add.at(x, index, e)` takes it: NumPy reads beyond the end of a vector that it broadcasts to an index of
    several axes."""
    return np.broadcast_to(e, x[index].shape) if np.ndim(e) == 1 == x.ndim else e
