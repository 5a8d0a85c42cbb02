"""What the derivatives of the cosine and sine transforms of `scipy.fft` are made of; imported when that is."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft

_SWAPPED = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}


def inverse_type(type: int) -> int:
    """The type of the transform that undoes one of a type, but for a factor."""
    return {2: 3, 3: 2}.get(type, type)


def inverse_norm(norm: str | None) -> str:
    """What `norm` is to be for a transform that undoes one."""
    return _SWAPPED[norm]


def transposed(e: Any, sine: bool, type: int, axis: int, norm: str | None) -> Any:
    """The transposed matrix of `dct`, or of `dst`, times `e`: of an orthogonal one whose rows and columns are scaled."""
    turn = fft.idst if sine else fft.idct
    if norm == "ortho":
        return turn(e, type, axis=axis, norm=norm)
    n = np.shape(e)[axis]
    rows, columns = np.ones(n), np.ones(n)
    ends = -1 if sine else [0, -1] if type == 1 else 0
    if type == 2 or type == 1 and not sine:
        rows[ends] = np.sqrt(2.0)
    if type == 3 or type == 1 and not sine:
        columns[ends] = np.sqrt(0.5)
    size = 2 * (n + (type == 1) * (1 if sine else -1))
    scale = np.sqrt(size) if norm in (None, "backward") else 1.0 / np.sqrt(size)
    along = [-1 if i == axis % np.ndim(e) else 1 for i in range(np.ndim(e))]
    return scale * np.reshape(columns, along) * turn(np.reshape(rows, along) * e, type, axis=axis, norm="ortho")
