"""Arithmetic on the lengths of axes. Wherever the answer is not certain it is None.

A `Length` as an axis' length is cut off at 0, as the value of an `Int` it is not; `as_int` and `as_axis` go between.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from autodiff_src.analyze.kinds import Axis, Int, Kind, Known, Length, join_axes

Shape = tuple[Axis, ...]


def same(a: Axis, b: Axis) -> bool:
    """Whether two axes certainly have the same length."""
    return join_axes(a, b) is not None


def shifted(length: Axis, by: int) -> Axis:
    """The length plus `by`: exact for the value of an int, and for an axis where `by` is not positive."""
    if isinstance(length, int):
        return length + by
    return length if length is None or by == 0 else Length(length.source, length.offset + by)


def is_natural(length: Axis) -> bool:
    """Whether the number behind the symbol is never negative, so that cutting it off at 0 changes nothing."""
    return isinstance(length, Length) and ".shape[" in length.source and length.offset >= 0


def as_int(axis: Axis) -> Int:
    """The kind of an axis' length as a Python int."""
    return Int(axis) if isinstance(axis, int) or is_natural(axis) else Int()


def as_axis(kind: Kind) -> Axis:
    """The length of an axis that is made as long as an int says, by a function that refuses negative lengths."""
    return kind.value if isinstance(kind, Int) else None


def broadcast_axes(a: Axis, b: Axis) -> Axis:
    """The length of two axes broadcast against each other; NumPy raises where they do not fit."""
    if a == 1 or b == 1:
        return b if a == 1 else a
    for axis in (a, b):
        if isinstance(axis, int):
            return axis
    if same(a, b):
        return join_axes(a, b)
    for axis in (a, b):
        if isinstance(axis, Length) and axis.many:
            return axis
    return None


def broadcast_shapes(shapes: Iterable[Shape]) -> Shape:
    result: Shape = ()
    for shape in shapes:
        longer, shorter = (shape, result) if len(shape) > len(result) else (result, shape)
        head = len(longer) - len(shorter)
        result = longer[:head] + tuple(map(broadcast_axes, longer[head:], shorter))
    return result


def product(axes: Sequence[Axis]) -> Axis:
    """The number of elements of an array with these axes."""
    symbols = [axis for axis in axes if not isinstance(axis, int)]
    literal = math.prod(axis for axis in axes if isinstance(axis, int))
    if not symbols or literal == 0:
        return literal
    return symbols[0] if len(symbols) == 1 and literal == 1 else None


def total(axes: Sequence[Axis]) -> Axis:
    """The length of arrays laid end to end."""
    result: Axis = 0
    for axis in axes:
        if result == 0:
            result = axis
        elif isinstance(axis, int) and (isinstance(result, int) or axis == 0 or is_natural(result)):
            result = shifted(result, axis)
        elif isinstance(result, int) and is_natural(axis):
            result = shifted(axis, result)
        else:
            return None
    return result


Bound = int | Length | Kind | None


def bound_of(kind: Kind | None) -> Bound:
    """A bound of a slice: a literal, the symbol of an int, None where it is left out, a kind where it is not known."""
    if kind is None or kind == Known(None):
        return None
    if isinstance(kind, Int) and kind.value is not None:
        return kind.value
    return kind


def sliced(axis: Axis, lower: Bound, upper: Bound, step: Bound) -> Axis:
    """The length of `[lower:upper:step]` of an axis."""
    if all(isinstance(bound, int) or bound is None for bound in (axis, lower, upper, step)) and axis is not None:
        return len(range(*slice(lower, upper, step).indices(axis)))  # type: ignore[arg-type]
    if lower is None and upper is None and step in (None, 1, -1):
        return axis
    lower = 0 if lower is None else lower
    if not isinstance(lower, int) or lower < 0 or step not in (None, 1):
        return None
    if isinstance(upper, int) and 0 <= upper <= lower:
        return 0
    if not isinstance(axis, Length):
        return None
    if upper is None:
        return shifted(axis, -lower)
    if isinstance(upper, int) and upper < 0:
        return shifted(axis, upper - lower)
    if isinstance(upper, Length) and (upper.source, axis.offset) == (axis.source, 0):
        return _sliced_up_to(axis, lower, upper.offset)
    return None


def _sliced_up_to(axis: Length, lower: int, offset: int) -> Axis:
    """`[lower:n + offset]` of an axis of length n. From -3 on, a short axis makes `n + offset` count from the end."""
    return shifted(axis, min(offset, 0) - lower) if offset >= -2 else None
