"""What a program rendered for complex numbers calls: comparisons, kinks and casts act on real parts and reject ties."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .dual import Dual

MARGIN = 1e-6
COMPARISONS = {"Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge, "Eq": operator.eq,
               "NotEq": operator.ne}


class Tie(BaseException):
    """Two compared numbers are so near that the derivative may not exist. No handler of a program catches it."""


def _apart(left: Any, right: Any) -> None:
    if np.any(np.abs(np.real(left) - np.real(right)) < MARGIN):
        raise Tie(f"{left} beside {right}")


def _is_exact(value: Any) -> bool:
    return isinstance(value, (bool, int, str, type(None), np.integer))


def compare(names: str, *values: Any) -> Any:
    """A comparison or a chain of them; operands of a chain must have no effects."""
    result: Any = True
    for name, left, right in zip(names.split(), values, values[1:], strict=False):
        if _is_exact(left) and _is_exact(right):
            holds = COMPARISONS[name](left, right)
        else:
            _apart(left, right)
            holds = COMPARISONS[name](np.real(left), np.real(right))
        result = holds if result is True else result and holds
    return result


def absolute(value: Any) -> Any:
    if _is_exact(value):
        return abs(value)
    _apart(value, 0.0)
    return value * np.where(np.real(value) < 0, -1.0, 1.0)


def greatest(*values: Any) -> Any:
    return _picked(max, values)


def least(*values: Any) -> Any:
    return _picked(min, values)


def _picked(choose: Any, values: tuple[Any, ...]) -> Any:
    items = list(values[0]) if len(values) == 1 else list(values)
    ordered = np.sort([np.real(item) for item in items])
    if not all(_is_exact(item) for item in items):
        _apart(ordered[1:], ordered[:-1])
    return choose(items, key=np.real)


def maximum(left: Any, right: Any) -> Any:
    _apart(left, right)
    return np.where(np.real(left) > np.real(right), left, right)


def minimum(left: Any, right: Any) -> Any:
    _apart(left, right)
    return np.where(np.real(left) < np.real(right), left, right)


def array_max(values: Any) -> Any:
    return greatest(np.ravel(values))


def array_min(values: Any) -> Any:
    return least(np.ravel(values))


def ordered(values: Any) -> list[Any]:
    """`sorted`, by real parts."""
    items = sorted(values, key=np.real)
    if not all(_is_exact(item) for item in items):
        _apart(*(np.array([np.real(item) for item in part]) for part in (items[1:], items[:-1])))
    return items


def sort(values: list[Any]) -> None:
    values[:] = ordered(values)


def integer(value: Any) -> int:
    """`int`, where the value is not near the next integer."""
    if not _is_exact(value):
        _apart(value, np.round(np.real(value)))
    return int(np.real(value))


def same(value: Any) -> Any:
    return value


def made(values: np.ndarray) -> np.ndarray:
    """A fresh array that can hold complex numbers; integers stay, and dual numbers."""
    return values if values.dtype.kind in "iubO" else values.astype(complex)


def slope(f: Callable[..., Any]) -> Callable[..., Any]:
    """The derivative of `f` in its first argument, by dual numbers over complex ones."""
    def derivative(first: Any, *rest: Any, **named: Any) -> Any:
        result = f(Dual(first, 1.0), *rest, **named)
        return result.slope if isinstance(result, Dual) else 0.0
    return derivative
