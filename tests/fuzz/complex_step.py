"""What a program rendered for complex numbers calls: comparisons, kinks and casts act on real parts and reject ties."""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

MARGIN = 1e-6
COMPARISONS = {"Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge, "Eq": operator.eq,
               "NotEq": operator.ne}


class Tie(Exception):
    """Two compared numbers are so near that the derivative may not exist."""


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
    ordered = np.sort(np.real(np.array(items)))
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


def integer(value: Any) -> int:
    """`int`, where the value is not near the next integer."""
    if not _is_exact(value):
        _apart(value, np.round(np.real(value)))
    return int(np.real(value))


def same(value: Any) -> Any:
    return value


def made(values: np.ndarray) -> np.ndarray:
    """A fresh array that can hold complex numbers; integers stay."""
    return values if values.dtype.kind in "iub" else values.astype(complex)
