"""What generated code does with values of which little is known when it is written."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.objects import attributes, bare, is_plain_class


def kept(x: Any, names: Collection[str] | None = None, made: dict[int, Any] | None = None) -> Any:
    """`x` as it is now: arrays, lists and objects copied, to any depth, everything else as it is.

    Of an object the attributes in `names` are copied, or all, the others are the same; nothing of its class runs.
    """
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple):
        return type(x)(kept(item, names, made) for item in x)
    if type(x) is dict:
        return {key: kept(item, names, made) for key, item in x.items()}
    if not is_plain_class(type(x)):
        return x
    made = {} if made is None else made
    if id(x) not in made:
        made[id(x)] = new = bare(type(x))
        for n, held in attributes(x).items():
            object.__setattr__(new, n, kept(held, names, made) if names is None or n in names else held)
    return made[id(x)]


def real_power(x: float, y: float) -> float:
    """`x ** y` of Python numbers, of which the result is real.

    Raises UnsupportedError for a negative `x` and a fraction `y`, where Python gives a complex number.
    """
    power = x ** y
    if type(power) is complex:
        raise UnsupportedError(f"({x!r}) ** {y!r} is complex: complex is not differentiated yet",
                               fix="take the power of a positive number, as in `abs(x) ** y`")
    return power
