"""What the rules of `np.select` and `np.interp` share out, and where `x.item(...)` reads."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.runtime.adjoints import unbroadcast


def item_index(x: Any, place: tuple[Any, ...]) -> tuple[Any, ...]:
    """The index of the element that `x.item(*place)` gives: `place` is nothing, its number in C order, or an index."""
    if len(place) == 1 and isinstance(place[0], tuple):
        return place[0]
    if len(place) > 1 or np.ndim(x) == 0:
        return place
    number = place[0] if place else 0
    return tuple(map(int, np.unravel_index(number + np.size(x) * (number < 0), np.shape(x))))


def chosen(e: Any, conditions: Any, choices: Any) -> list[Any]:
    """The parts of `e` that belong to the choices of `np.select(conditions, choices)`, each of the shape of its choice."""
    pieces, left = [], np.asarray(True)
    for condition, choice in zip(conditions, choices, strict=True):
        pieces.append(unbroadcast(np.where(left & condition, e, 0.0), choice))
        left = left & ~np.asarray(condition)
    return pieces


def picks(a: Any, count: int, mode: str) -> Any:
    """Which of `count` choices `np.choose(a, ..., mode=mode)` takes, where it does not raise."""
    return np.clip(a, 0, count - 1) if mode == "clip" else np.mod(a, count)


def segments(x: Any, xp: Any) -> Any:
    """The index of the segment between neighbours of `xp` in which each `x` lies: the first or the last for those outside."""
    return np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0))


def firsts(a: Any) -> Any:
    """Where in the flat array the elements are that `np.unique(a)` gives; of equal ones, the first."""
    return np.unique(a, return_index=True)[1]


def leaders(y: Any, axis: int) -> Any:
    """For each element of a running maximum or minimum along `axis` the place of the element that it is."""
    rows = np.moveaxis(y, axis, 0)
    new = np.ones(np.shape(rows), bool)
    new[1:] = rows[1:] != rows[:-1]
    numbers = np.reshape(np.arange(len(rows)), (-1,) + (1,) * (np.ndim(rows) - 1))
    return np.moveaxis(np.maximum.accumulate(np.where(new, numbers, 0), axis=0), 0, axis)
