"""What the derivatives of Fourier transforms are made of."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def fitted(e: Any, shape: Sequence[int]) -> Any:
    """`e` cut off, or filled up with zeros, at the end of each axis."""
    e = np.asarray(e)[tuple(slice(n) for n in shape)]
    return np.pad(e, [(0, n - have) for n, have in zip(shape, e.shape)])


def changed(shape: Sequence[int], axis: int, length: int) -> tuple[int, ...]:
    """The shape with another length of one axis."""
    axis %= len(shape)
    return (*shape[:axis], length, *shape[axis + 1:])


def last_axis(axes: Sequence[int] | None) -> int:
    """The axis along which a transform of real numbers gives half of the numbers."""
    return -1 if axes is None else int(axes[-1])


def multiplicities(shape: Sequence[int], axis: int) -> np.ndarray:
    """How often each number along an axis that has half of them counts, in the whole of `shape`: twice, but for the first,
    and for the last if the whole is even."""
    length = shape[axis]
    counts = np.full(length // 2 + 1, 2.0)
    counts[0] = 1.0
    counts[-1] = 1.0 if length % 2 == 0 else counts[-1]
    return counts.reshape([-1 if i == axis % len(shape) else 1 for i in range(len(shape))])
