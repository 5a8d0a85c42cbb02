"""What loops iterate over: loops in core form count, and read elements by index."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.adjoints import zeros_like

_INDEXED = (list, tuple, np.ndarray, str, bytes, range, deque, Sequence)


class Unbound:
    """What a variable stands for after `del`."""


def indices(*shape: Any) -> list[tuple[int, ...]]:
    """The indices that `np.ndindex(*shape)` gives."""
    return list(np.ndindex(*shape))


def picks(function: Callable[[range, int], Iterable], n: int, count: int) -> list[list[int]]:
    """The positions among `n` items that `function`, one of `itertools`, picks `count` at a time."""
    return [list(picked) for picked in function(range(n), count)]


def sequence(x: Any) -> Any:
    """What gives by index what an iteration over `x` gives: `x` itself, or a list of a dict's keys or a set's items.

    Raises UnsupportedError for other iterables, which may only be read once or change meanwhile.
    """
    if isinstance(x, (Mapping, Set)):
        return list(x)
    check_sequence(x)
    return x


def of_sequence(e: Any, x: Any) -> Any:
    """The adjoint of `x`, given `e`, that of `sequence(x)`: keys and items of sets carry none."""
    return zeros_like(x) if isinstance(x, (Mapping, Set)) else e


def check_sequence(x: Any) -> None:
    """Raises UnsupportedError unless indexing `x` gives what iterating over it gives."""
    if not isinstance(x, _INDEXED) and (hasattr(type(x), "__iter__") or isinstance(x, Iterator)):
        raise UnsupportedError(f"an iteration over a {type(x).__name__} is not differentiated",
                               fix="iterate over a list: `for v in list(x)`")


def columns(rows: Any) -> int:
    """How many tuples `zip(*rows)` gives. Raises UnsupportedError unless each row is read by index as it is iterated over."""
    for row in rows:
        if sequence(row) is not row:
            raise UnsupportedError(f"`zip` of the items of a {type(row).__name__} is not differentiated",
                                   fix="zip lists of them: `list(x)`")
    return min(map(len, rows), default=0)


def check_zipped(first: int, *others: int) -> None:
    """Raises the ValueError of `zip(..., strict=True)` where the iterables are not of one length."""
    for i, n in enumerate(others, 2):
        if n != first:
            before = "argument 1" if i == 2 else f"arguments 1-{i - 1}"
            raise ValueError(f"zip() argument {i} is {'shorter' if n < first else 'longer'} than {before}")


def keys(x: Any) -> list[Any]:
    """The keys of a dict, in order. Raises UnsupportedError for anything else that may have a method of that name."""
    if not isinstance(x, Mapping):
        raise UnsupportedError(f"an iteration over the items of a {type(x).__name__} is not differentiated",
                               fix="iterate over a list of its items")
    return list(x)
