"""A function of another module, which reads numbers that are globals there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 1.5
WEIGHTS = np.array([1.0, 2.0, 4.0])


def scaled_tail(a):
    a[0] *= RATE
    a[1:] *= WEIGHTS
    return a[1:]


def scaled_by(rate):
    def scaled(a: NDArray) -> NDArray:
        return a * rate
    return scaled
