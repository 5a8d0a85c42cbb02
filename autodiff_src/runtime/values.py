"""What generated code does with values of which little is known when it is written."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError


def kept(x: Any) -> Any:
    """`x` as it is now: arrays and lists copied, to any depth, everything else as it is."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple):
        return type(x)(kept(item) for item in x)
    if type(x) is dict:
        return {key: kept(item) for key, item in x.items()}
    return x


def real_power(x: float, y: float) -> float:
    """`x ** y` of Python numbers, of which the result is real.

    Raises UnsupportedError for a negative `x` and a fraction `y`, where Python gives a complex number.
    """
    power = x ** y
    if type(power) is complex:
        raise UnsupportedError(f"({x!r}) ** {y!r} is complex: complex is not differentiated yet",
                               fix="take the power of a positive number, as in `abs(x) ** y`")
    return power
