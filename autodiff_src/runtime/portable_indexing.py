"""What texts for arrays of other libraries call for elements, parts and copies of arrays: functions of `adjoints` of the same
names."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.libraries import by_numpy_names, library_of


def placed(e: Any, index: Any, x: Any) -> Any:
    """Zeros like `x` with `e` added at `index`, once for each time that `index` names an element.

    Raises UnsupportedError for an index that is an array without a value yet.
    """
    library = library_of(x)
    if library is None:
        return adjoints.placed(e, index, x)
    parts = index if isinstance(index, tuple) else (index,)
    xp, kept = by_numpy_names(x), tuple(part for part in parts if part is not None)
    if len(kept) < len(parts) or not kept:
        index, e = (kept or ...), xp.reshape(e, tuple(x[kept or ...].shape))
    if not library.stores:
        return xp.zeros_like(x).at[index].add(e)
    if all(map(_is_basic, kept)):
        zeros = xp.zeros_like(x)
        zeros[index] = e
        return zeros
    return _scattered(e, index, x)


def _is_basic(part: Any) -> bool:
    return part is Ellipsis or isinstance(part, (int, np.integer, slice))


def _scattered(e: Any, index: Any, x: Any) -> Any:
    """Zeros like `x` with `e` added at `index`, which has arrays in it."""
    parts = index if isinstance(index, tuple) else (index,)
    parts = parts[:-1] if parts[-1] is Ellipsis else parts
    positions, axis = parts[-1], len(parts) - 1
    whole = all(isinstance(part, slice) and part == slice(None) for part in parts[:-1])
    if whole and getattr(positions, "ndim", 0) == 1 and "int" in str(positions.dtype):
        return _summed(e, positions, axis, by_numpy_names(x).zeros_like(x))
    return _summed_flat(e, _numbers(x)[index], x)


def placed_along_axis(e: Any, indices: Any, x: Any, axis: int) -> Any:
    """Zeros like `x` with `e` added where `take_along_axis(x, indices, axis)` reads."""
    xp = by_numpy_names(x)
    if not hasattr(xp, "take_along_axis"):
        raise UnsupportedError("elements are sorted, or taken along an axis, with a library that has no take_along_axis",
                               fix="use another function, or convert the arrays to NumPy's outside")
    return _summed_flat(e, xp.take_along_axis(_numbers(x), indices, axis=axis), x)


def _numbers(x: Any) -> Any:
    """The numbers of the elements of `x`, in its shape."""
    return by_numpy_names(x).reshape(_arange(math.prod(x.shape), x), tuple(x.shape))


def _arange(n: int, x: Any) -> Any:
    """The numbers up to `n`, where `x` is."""
    return by_numpy_names(x).arange(n, **_where(x))


def _where(x: Any) -> dict[str, Any]:
    """The device of an array, as functions take it that make others."""
    library = library_of(x)
    return {"device": x.device} if library is not None and library.standard else {}


def _summed_flat(e: Any, numbers: Any, x: Any) -> Any:
    """Zeros like `x` with each element of `e` added to the one with its number."""
    xp = by_numpy_names(x)
    flat = _summed(xp.reshape(e, (-1,)), xp.reshape(numbers, (-1,)), 0, xp.reshape(xp.zeros_like(x), (-1,)))
    return xp.reshape(flat, tuple(x.shape))


def _summed(e: Any, positions: Any, axis: int, zeros: Any) -> Any:
    """`zeros` with the slices of `e` along `axis` added at their `positions`."""
    if library_of(positions) is not None and library_of(positions).lazy:  # type: ignore[union-attr]
        raise UnsupportedError("elements are read at indices that have no value yet",
                               fix="read them with NumPy's array of indices: compute it before")
    xp, ints, n, k = by_numpy_names(e), by_numpy_names(positions), zeros.shape[axis], positions.shape[0]
    if not n or not k:
        return zeros
    positions = ints.where(positions < 0, positions + n, positions)
    if hasattr(zeros, "index_add"):  # of PyTorch
        return zeros.index_add(axis, positions, e)
    place, library = (slice(None),) * axis + (positions,), library_of(zeros)
    if library is not None and not library.stores:
        return zeros.at[place].add(e)
    if library is not None and library.changes and library.dispatches:
        xp.add.at(zeros, place, e)
        return zeros
    return _summed_in_turns(e, positions, axis, zeros)


def _summed_in_turns(e: Any, positions: Any, axis: int, zeros: Any) -> Any:
    """For libraries without a function for that: the first slice for each position is added, then the second, and so on."""
    xp, ints, n = by_numpy_names(e), by_numpy_names(positions), zeros.shape[axis]
    order, targets = ints.argsort(positions), _arange(n, positions)
    ordered = ints.take(positions, order, axis=0)
    first = ints.searchsorted(ordered, targets)
    count = ints.searchsorted(ordered, targets, side="right") - first
    shape = (n, *(1,) * (len(e.shape) - axis - 1))
    for turn in range(int(ints.max(count))):
        there = count > turn
        picks = ints.take(order, ints.where(there, first + turn, ints.zeros_like(first)), axis=0)
        zeros = zeros + xp.where(ints.reshape(there, shape), xp.take(e, picks, axis=axis), xp.zeros_like(zeros))
    return zeros


def along(indices: Any, a: Any, axis: int) -> tuple[Any, ...]:
    """The index that reads `indices` of `axis` and all of the other axes, as the standard wants it."""
    index = adjoints.along(indices, a, axis)
    return index if library_of(a) is None else (*index, ...)


def expanded(x: Any, axes: tuple[int, ...]) -> Any:
    """`x` with axes of length 1 at `axes` of the result."""
    ndim = len(x.shape) + len(axes)
    new = {axis % ndim for axis in axes}
    return x[tuple(None if axis in new else slice(None) for axis in range(ndim))]


def swapped(x: Any, one: int, other: int) -> Any:
    """`x` with two axes exchanged."""
    order = list(range(len(x.shape)))
    order[one], order[other] = order[other], order[one]
    return by_numpy_names(x).transpose(x, tuple(order))


def untiled(e: Any, a: Any, reps: Any) -> Any:
    """The sum over the copies of `a` that `tile(a, reps)` made."""
    xp, counts = by_numpy_names(a), tuple(np.atleast_1d(reps).tolist())
    shape = (1,) * (len(counts) - len(a.shape)) + tuple(a.shape)
    counts = (1,) * (len(shape) - len(counts)) + counts
    split = tuple(n for pair in zip(counts, shape) for n in pair)
    return xp.reshape(xp.sum(xp.reshape(e, split), axis=tuple(range(0, len(split), 2))), tuple(a.shape))


def unrepeated(e: Any, a: Any, repeats: Any, axis: int | None) -> Any:
    """The sum over the copies of each element that `repeat(a, repeats, axis)` made, each as often.

    Raises UnsupportedError for a number of copies for each element.
    """
    if not isinstance(repeats, int):
        raise UnsupportedError("elements are repeated, each its own number of times", fix="take them with an array of indices")
    xp, shape = by_numpy_names(a), tuple(a.shape)
    axis, flat = (0, (math.prod(shape),)) if axis is None else (axis % len(shape), shape)
    parts = xp.reshape(e, (*flat[:axis + 1], repeats, *flat[axis + 1:]))
    return xp.reshape(xp.sum(parts, axis=axis + 1), shape)


def undiffed(e: Any, n: int, axis: int) -> Any:
    """The adjoint of the operand of `diff(_, n, axis)`."""
    xp, axis = by_numpy_names(e), axis % len(e.shape)
    for _ in range(n):
        edge = xp.zeros_like(xp.sum(e, axis=axis, keepdims=True))
        e = xp.concatenate([edge, e], axis=axis) - xp.concatenate([e, edge], axis=axis)
    return e


def diagonal_adjoint(e: Any, a: Any, offset: int, axis1: int, axis2: int) -> Any:
    """Zeros like the matrices `a` with `e` on their diagonals."""
    xp, first, start = by_numpy_names(a), max(0, -offset), max(0, offset)
    zeros = xp.zeros_like(xp.moveaxis(a, (axis1, axis2), (-2, -1)))
    count = e.shape[-1]
    mine = _arange(zeros.shape[-2], a)[:, None] == _arange(count, a)[None, :] + first
    columns = xp.where(mine, e[..., None, :], xp.zeros_like(e[..., None, :]))
    whole = xp.concatenate([zeros[..., :start], columns, zeros[..., start + count:]], axis=-1)
    return xp.moveaxis(whole, (-2, -1), (axis1, axis2))


def divided(e: Any, by: Any) -> Any:
    """`e / by` with 0 for 0 / 0."""
    xp = by_numpy_names(e)
    neither = (e == 0.0) & (by == 0.0)
    return xp.where(neither, xp.zeros_like(e), e / xp.where(neither, xp.ones_like(by), by))


def turned(e: Any, gaps: Any) -> Any:
    """`divided` of square matrices, off the diagonal; on it are zeros."""
    xp = by_numpy_names(e)
    above = xp.triu(xp.ones_like(e), k=1)
    off = above + xp.matrix_transpose(above) if hasattr(xp, "matrix_transpose") else above + xp.swapaxes(above, -1, -2)
    return divided(e * off, gaps + (1.0 - off))


def fitted(e: Any, shape: tuple[int, ...]) -> Any:
    """`e` cut off, or filled up with zeros, at the end of each axis."""
    xp, e = by_numpy_names(e), e[tuple(slice(min(n, have)) for n, have in zip(shape, tuple(e.shape)))]
    for axis, (n, have) in enumerate(zip(shape, tuple(e.shape))):
        if n > have:
            row = xp.zeros_like(e[(slice(None),) * axis + (slice(0, 1), ...)])
            e = xp.concatenate([e, *[row] * (n - have)], axis=axis)
    return e
