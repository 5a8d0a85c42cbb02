"""The adjoint of `np.lib.stride_tricks.sliding_window_view`."""
from __future__ import annotations

from typing import Any

import numpy as np


def unwindowed(e: Any, x: Any, window_shape: Any, axis: Any) -> np.ndarray:
    """In the shape of `x`: for each of its elements the sum of `e` over the windows that it is in."""
    total = np.zeros(np.shape(x), np.asarray(e).dtype)
    sizes = np.atleast_1d(window_shape).tolist()
    axes = [i % total.ndim for i in (range(total.ndim) if axis is None else np.atleast_1d(axis).tolist())]
    for offset in np.ndindex(*sizes):
        place = [slice(0, n) for n in np.shape(e)[:total.ndim]]
        for i, start in zip(axes, offset, strict=True):  # an axis may be there twice
            place[i] = slice(place[i].start + start, place[i].stop + start)
        total[tuple(place)] += e[(..., *offset)]
    return total
