"""What NumPy's objects `np.r_` and `np.c_` do, as functions, and their adjoints."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError


def row_wise(parts: tuple[Any, ...]) -> np.ndarray:
    """`np.r_[parts]`: numbers and arrays, one behind the other along the first axis.

    Raises UnsupportedError for a text, which would tell NumPy to join in another way.
    """
    _check(parts)
    return np.r_[tuple(parts)]


def column_wise(parts: tuple[Any, ...]) -> np.ndarray:
    """`np.c_[parts]`: arrays of one axis as columns, others as they are, along the last axis; texts as in `row_wise`."""
    _check(parts)
    return np.c_[tuple(parts)]


def _check(parts: tuple[Any, ...]) -> None:
    for part in parts:
        if isinstance(part, str):
            raise UnsupportedError(f"{part!r} in np.r_ or np.c_ joins in another way than along one axis",
                                   fix="use np.concatenate or np.stack with an axis")


def first_pieces(e: Any, parts: tuple[Any, ...]) -> list[Any]:
    """`e` cut along its first axis into what `row_wise` joined, in the shapes of `parts`."""
    ends = np.cumsum([np.shape(part)[0] if np.ndim(part) else 1 for part in parts])
    return [np.reshape(piece, np.shape(part)) for piece, part in zip(np.split(e, ends[:-1], 0), parts)]


def last_pieces(e: Any, parts: tuple[Any, ...]) -> list[Any]:
    """`e` cut along its last axis into what `column_wise` joined, in the shapes of `parts`."""
    ends = np.cumsum([np.shape(part)[-1] if np.ndim(part) > 1 else 1 for part in parts])
    return [np.reshape(piece, np.shape(part)) for piece, part in zip(np.split(e, ends[:-1], -1), parts)]
