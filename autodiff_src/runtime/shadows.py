"""Shadows of values: zeros that share memory among themselves the way the values do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.objects import attributes_with_defaults, is_plain_class
from autodiff_src.runtime.shared_memory import overlap


def shadow_of(x: Any, names: Collection[str] | None = None) -> Any:
    """Zeros for the arrays and numbers in what comes from outside; what is in two places has one shadow. Of an object a dict
    of those of its attributes in `names`, of all if it is None.

    Raises UnsupportedError for two arrays that share memory without being the same.
    """
    arrays: list[np.ndarray] = []
    made: dict[int, Any] = {}

    def shadow(value: Any) -> Any:
        if value is None or isinstance(value, (int, float, np.floating)):  # None may become a number
            return type(value)(0.0) if isinstance(value, np.floating) else 0.0
        if id(value) in made:
            return made[id(value)]
        if isinstance(value, np.ndarray):
            arrays.append(value)
            made[id(value)] = np.zeros_like(value)
        elif isinstance(value, (list, tuple)):
            made[id(value)] = []
            made[id(value)].extend(map(shadow, value))
        elif isinstance(value, dict) or is_plain_class(type(value)):
            made[id(value)] = {}
            held = value if isinstance(value, dict) else attributes_with_defaults(value, names)
            made[id(value)].update({key: shadow(item) for key, item in held.items()})
        return made.get(id(value))

    zeros = shadow(x)
    if overlap(arrays):
        raise UnsupportedError("two arrays in an argument share memory", fix="copy one of them")
    return zeros


def check_same_sharing(v: np.ndarray, w: np.ndarray, d_v: np.ndarray, d_w: np.ndarray, where: str) -> None:
    """Raises UnsupportedError where `v` is a copy of `w` but its shadow is a view, or the other way about."""
    if np.may_share_memory(v, w) != np.may_share_memory(d_v, d_w):
        raise UnsupportedError(f"{where}: the reshaped array is a copy, and its adjoint would not be",
                               fix="copy it: `y = x.copy()`")


def check_sharing(v: np.ndarray, w: np.ndarray, d_v: np.ndarray, d_w: np.ndarray, where: str) -> None:
    """Raises UnsupportedError where `v`, or its shadow, is a copy of `w`: what is added to that shadow would not come back."""
    if np.size(v) and not (np.may_share_memory(v, w) and np.may_share_memory(d_v, d_w)):
        raise UnsupportedError(f"{where}: the reshaped array is a copy, or its adjoint would be", fix="copy it: `y = x.copy()`")


def add_into(d_x: Any, e: Any) -> None:
    """Adds the adjoint structure `e` into the arrays and numbers of the shadow `d_x`."""
    if d_x is None or e is None:
        return
    if isinstance(d_x, np.ndarray):
        d_x += e
        return
    for key in d_x if isinstance(d_x, dict) else range(len(e)):
        if _is_number(d_x[key]):
            d_x[key] += 0.0 if e[key] is None else e[key]
        else:
            add_into(d_x[key], e[key])


def regrouped(shadow: Any, of_numbers: bool | None = False) -> Any:
    """The lists and dicts in a shadow made anew, with the same arrays, and the same lists and dicts of numbers, in them.
    `of_numbers`: are those which are empty such ones? Raises UnsupportedError for one in another if it is None."""
    made: dict[int, Any] = {}

    def regroup(part: Any) -> Any:
        if not isinstance(part, (list, tuple, dict)):
            return part
        if part is not shadow and _is_of_numbers(part.values() if isinstance(part, dict) else part, of_numbers):
            return part
        if id(part) not in made:
            made[id(part)] = type(part)()
            if isinstance(part, dict):
                made[id(part)].update({key: regroup(item) for key, item in part.items()})
            elif isinstance(part, list):
                made[id(part)].extend(map(regroup, part))
            else:
                made[id(part)] = tuple(map(regroup, part))
        return made[id(part)]

    return regroup(shadow)


def add_numbers(made: Any, shadow: Any) -> None:
    """Adds the numbers in what `regrouped` made, other containers in it aside, to those in what it was made of."""
    for key in made if isinstance(made, dict) else range(len(made)):
        if _is_number(made[key]):
            made[key] += shadow.get(key, 0.0) if isinstance(shadow, dict) else shadow[key]


def _is_of_numbers(items: Collection[Any], if_empty: bool | None) -> bool:
    if not items and if_empty is None:
        raise UnsupportedError("an empty list in a list or a dict whose items change may get numbers or arrays",
                               fix="append to a new list: `items = items + [value]`")
    return any(map(_is_number, items)) if items else bool(if_empty)


def parts(shadow: Any) -> list[Any]:
    """What is to be set to zero in a shadow: its arrays, and the lists and dicts that may hold numbers. They are found when
    the shadow is new: the forward pass may put others in their place."""
    found: dict[int, Any] = {}
    left = [shadow]
    while left:
        part = left.pop()
        if id(part) not in found and isinstance(part, (np.ndarray, list, tuple, dict)):
            found[id(part)] = part
            left += part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ()
    return [part for part in found.values() if not isinstance(part, tuple)]


class _Lengths(list):
    """Pairs of a list of numbers and its length when the forward pass had ended."""


def clear(shadows: list[Any]) -> None:
    """Sets arrays, and the numbers in lists and dicts, to zero, so that a backward pass can run again. Lists of numbers get as
    long again as the forward pass left them: their lengths are remembered at the end of the list that is given."""
    if not shadows or not isinstance(shadows[-1], _Lengths):
        shadows.append(_Lengths((s, len(s)) for s in shadows if isinstance(s, list) and all(map(_is_number, s))))
    for shadow in shadows[:-1]:
        if isinstance(shadow, np.ndarray):
            shadow[...] = 0.0
        else:
            for key, item in list(shadow.items() if isinstance(shadow, dict) else enumerate(shadow)):
                if _is_number(item):
                    shadow[key] = 0.0
    for numbers, length in shadows[-1]:
        numbers[:] = [0.0] * length


def _is_number(value: Any) -> bool:
    return isinstance(value, (float, np.floating))
