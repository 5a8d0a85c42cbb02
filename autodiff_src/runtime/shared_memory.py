"""Do arrays share memory?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.objects import attributes, is_plain_class


def shares_memory(a: np.ndarray, b: np.ndarray) -> bool:
    """Have two arrays an element in common? True, too, where that is hard to tell."""
    if not np.may_share_memory(a, b):
        return False
    try:
        return bool(np.shares_memory(a, b, max_work=100_000))  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return True


def overlap(arrays: Iterable[np.ndarray]) -> bool:
    """Do two of the arrays that are not one object have an element in common? Looks at those that lie side by side only."""
    bounds = getattr(np, "byte_bounds", None) or np.lib.array_utils.byte_bounds
    different = {id(a): a for a in arrays if a.size}.values()
    ordered = sorted(((*bounds(a), a) for a in different), key=lambda found: found[0])
    near: list[tuple[int, int, np.ndarray]] = []
    for start, end, a in ordered:
        near = [other for other in near if other[1] > start]
        if any(shares_memory(a, other) for _, _, other in near):
            return True
        near.append((start, end, a))
    return False


def check_apart(x: Any, what: str = "what is copied deeply") -> None:
    """Raises UnsupportedError where an array, a container or an object is in two places of `x`."""
    found: set[int] = set()
    left = [x]
    while left:
        part = left.pop()
        plain = is_plain_class(type(part))
        if plain or isinstance(part, (np.ndarray, list, dict)):
            if id(part) in found:
                raise UnsupportedError(f"one {type(part).__name__} is in two places of {what}",
                                       fix="copy the items one by one")
            found.add(id(part))
        left += attributes(part).values() if plain else part.values() if isinstance(part, dict) else (
            part if isinstance(part, (list, tuple)) else ())


def unshared(x: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """`x`, an array that is written into. Raises UnsupportedError if it shares memory with one of the others."""
    if any(shares_memory(x, other) for other in others):
        raise UnsupportedError("an array that the called function writes into is passed twice", fix="pass a copy: x.copy()")
    return x
