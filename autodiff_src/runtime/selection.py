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


def segments(x: Any, xp: Any, period: Any = None, end: int = 0) -> Any:
    """For each `x` the index of the lower, or with `end=1` of the upper one, of the neighbours among `xp` between which it
    lies: the first or the last two for those outside. With a `period`, where their remainders lie, in a circle."""
    if period is None:
        return np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0)) + end
    order = np.argsort(np.mod(xp, abs(period)), kind="stable")
    places = np.searchsorted(np.mod(xp, abs(period))[order], np.mod(x, abs(period)), side="right") - 1 + end
    return order[np.mod(places, len(order))]


def remainder(x: Any, period: Any, whole: bool = False) -> Any:
    """`x`, or what is left of it in a circle; if `whole`, nothing is all of it."""
    if period is None:
        return x
    left = np.mod(x, abs(period))
    return np.where(left == 0.0, abs(period), left) if whole else left


def beyond(x: Any, xp: Any, period: Any) -> Any:
    """-1, 0 or 1: does `x` lie below all of `xp`, among them, or above? In a circle it is among them."""
    if period is not None:
        return np.zeros(np.shape(x), int)
    return (np.asarray(x) > xp[-1]) * 1 - (np.asarray(x) < xp[0]) * 1


def firsts(a: Any, axis: int | None = None) -> Any:
    """Where in the flat array, or along `axis`, the elements are that `np.unique(a, axis=axis)` gives; of equal ones, the
    first."""
    return np.unique(a, return_index=True, axis=axis)[1]


def of_bins(e: Any, a: Any, edges: Any) -> Any:
    """For each element of `a` the number in `e` of the bin in which `np.histogram` counts it; 0 outside."""
    inside = (a >= edges[0]) & (a <= edges[-1])
    bins = np.clip(np.searchsorted(edges, a, side="right") - 1, 0, len(edges) - 2)
    return np.where(inside, np.take(e, bins), 0.0)


def leaders(y: Any, axis: int) -> Any:
    """For each element of a running maximum or minimum along `axis` the place of the element that it is."""
    rows = np.moveaxis(y, axis, 0)
    new = np.ones(np.shape(rows), bool)
    new[1:] = rows[1:] != rows[:-1]
    numbers = np.reshape(np.arange(len(rows)), (-1,) + (1,) * (np.ndim(rows) - 1))
    return np.moveaxis(np.maximum.accumulate(np.where(new, numbers, 0), axis=0), 0, axis)
