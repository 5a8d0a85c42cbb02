"""Operations on adjoints that one line of plain NumPy cannot say.

An adjoint structure mirrors a value: floats and arrays for floats and arrays, lists for lists and tuples (so that
elements can be accumulated), dicts for dicts and for objects, None for leaves without a derivative. Results may be views of
the operands or read-only: nobody writes into them.
"""
from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError, UnsupportedError
from autodiff_src.runtime import integer_indices
from autodiff_src.runtime.libraries import library_of
from autodiff_src.runtime.objects import attributes, is_plain_class


def unbroadcast(e: Any, x: Any) -> Any:
    """`e` summed down or broadcast up to the shape of `x`, and cast to its dtype if that is floating.

    A Python float gives a Python float, a list or tuple a list of adjoints: `e` is then a sequence of them or an array
    that broadcasts to the shape of `x`; None, the adjoint of a whole number in a sequence, a zero. Raises ValueError for
    shapes that do not broadcast.
    """
    if e is None:
        return 0.0
    kind = type(e)
    if kind is type(x) and (kind is np.float64 or kind is np.ndarray and e.shape == x.shape and e.dtype is x.dtype):
        return e
    if type(x) is float and isinstance(e, float):
        return float(e)
    if isinstance(x, (list, tuple)):
        parts = e if isinstance(e, (list, tuple)) else np.broadcast_to(unbroadcast_to(e, np.shape(x)), np.shape(x))
        return [None if part is None else unbroadcast(part, item) for part, item in paired(parts, x)]
    if isinstance(x, dict):
        return {key: None if e[key] is None else unbroadcast(e[key], item) for key, item in x.items()}
    return _cast(unbroadcast_to(e, np.shape(x)), x)


def paired(d_x: Any, x: Any) -> Any:
    """The items of an adjoint with those that they are the adjoints of.

    Raises NoRuleError where their numbers differ: an operator joined or repeated sequences whose kinds were not known.
    """
    if len(d_x) != len(x):
        raise NoRuleError("arithmetic of lists is not differentiated", fix="use np.array, or append in a loop")
    return zip(d_x, x)


def unbroadcast_to(e: Any, shape: tuple[int, ...]) -> Any:
    """`e` summed down or broadcast up to `shape`, in the dtype it has."""
    have = np.shape(e)
    if have == shape:
        return e
    if len(have) > len(shape):
        e = np.sum(e, axis=tuple(range(len(have) - len(shape))))
        have = np.shape(e)
    lead = len(shape) - len(have)
    narrow = tuple(i for i, n in enumerate(have) if n != 1 and shape[lead + i] == 1)
    if narrow:
        e = np.sum(e, axis=narrow, keepdims=True)
    return e if np.shape(e) == shape else np.broadcast_to(e, shape)


def _cast(e: Any, x: Any) -> Any:
    if isinstance(x, (float, np.inexact)) and not isinstance(x, np.ndarray):
        e = e.item() if isinstance(e, np.ndarray) else e
        if isinstance(e, complex) and not isinstance(x, np.complexfloating):
            e = e.real
        return float(e) if type(x) is float else type(x)(e)
    dtype = getattr(x, "dtype", None)
    if dtype is None or dtype.kind not in "fc":
        return e
    e = np.asarray(e)
    if e.dtype.kind == "c" and dtype.kind == "f":
        e = e.real
    return e.astype(dtype, copy=False)


def zeros_like(x: Any) -> Any:
    """The adjoint structure of `x`, all zeros.

    Raises UnsupportedError for containers but tuples, lists and dicts that hold numbers, and for arrays of Python objects.
    """
    if isinstance(x, np.ndarray):
        check_dtype(x)
        return np.zeros_like(x) if x.dtype.kind in "fc" else None
    if isinstance(x, (np.inexact, float, complex)) or type(x) is int:  # `sum(items)` of no items is an int
        return 0.0 if type(x) is int else type(x)(0.0)
    if isinstance(x, (list, tuple)):
        return [zeros_like(item) for item in x]
    if isinstance(x, dict):
        return {key: zeros_like(item) for key, item in x.items()}
    if is_plain_class(type(x)):
        return {key: zeros_like(item) for key, item in attributes(x).items()}
    check_held(x)
    return None if (library := library_of(x)) is None else library.namespace.zeros_like(x)


def check_dtype(x: np.ndarray) -> None:
    if x.dtype.kind == "O":
        raise UnsupportedError("an array of Python objects is not differentiated", fix="make it one of numbers")


def check_held(x: Any) -> None:
    if isinstance(x, (set, deque)) and any(isinstance(item, (float, np.inexact, np.ndarray, list, dict)) for item in x):
        raise UnsupportedError(f"what a {type(x).__name__} holds is not differentiated", fix="use a list")


def add(a: Any, b: Any) -> Any:
    """The sum of two adjoint structures, made anew; None and a number beside a structure count as zero. An array stays one."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, float) and isinstance(b, (list, tuple, dict)):
        return b
    if isinstance(a, (list, tuple)):
        return [add(left, right) for left, right in paired(a, b)]
    if isinstance(a, dict):
        return {key: add(a.get(key), b.get(key)) for key in {**a, **b}}
    return np.asarray(a + b) if isinstance(a, np.ndarray) else a + b


def accumulated(d_x: Any, e: Any, x: Any) -> Any:
    """The adjoint `d_x` of `x`, or None for none yet, with the contribution `e` added."""
    return unbroadcast(e, x) if d_x is None else add(d_x, unbroadcast(e, x))


def filled(x_dot: Any, x: Any) -> Any:
    """The tangent `x_dot` with zeros for each None in it that belongs to a number or an array."""
    if x_dot is None:
        return zeros_like(x) if isinstance(x, (list, tuple, dict)) else np.zeros(np.shape(x))
    if isinstance(x, (list, tuple)) and isinstance(x_dot, (list, tuple)):
        return [filled(part, item) for part, item in zip(x_dot, x)]
    return x_dot


def of_real(e: Any, *operands: Any) -> Any:
    """`e`, which a rule gives for these operands. Raises UnsupportedError for complex ones, for which it does not hold."""
    if _holds_complex((e, operands)):
        raise UnsupportedError("a function is called with complex numbers that is not differentiated for these",
                               fix="take real and imaginary parts, or the absolute value")
    return e


def _holds_complex(x: Any) -> bool:
    parts = x.values() if isinstance(x, dict) else x
    return any(map(_holds_complex, parts)) if isinstance(x, (list, tuple, dict)) else bool(np.iscomplexobj(x))


def refused(message: str, fix: str | None = None) -> Any:
    """Raises NoRuleError: the form of call that `message` names has no derivative here."""
    raise NoRuleError(message, fix=fix)


def fixed(x: Any, which: str) -> float:
    """The derivative with respect to a whole number that tells which function it is of: none. Raises NoRuleError for others."""
    if isinstance(x, (int, np.integer)) or isinstance(x, np.ndarray) and x.dtype.kind in "iu":
        return 0.0
    raise NoRuleError(f"the derivative with respect to {which} is not known")


def of_real_part(e: Any, x: Any) -> Any:
    """The adjoint of `x` for the adjoint `e` of `x.real`. Raises UnsupportedError where `x` is no number and no array."""
    if hasattr(x, "real") and not isinstance(x, (np.ndarray, np.generic, int, float, complex)):
        raise UnsupportedError(f"the attribute 'real' of a {type(x).__name__!r} is not differentiated",
                               fix="pass what you need of it as an argument")
    return e


def to_each(e: Any, items: Any) -> Any:
    """`e` once for each of `items`, each time adjusted to the item."""
    if isinstance(items, np.ndarray):
        return unbroadcast(e, items)
    return [unbroadcast(e, item) for item in items]


def placed(e: Any, index: Any, x: Any) -> Any:
    """Zeros like `x` with `e` added at `index`, once for each time that `index` names an element."""
    if isinstance(x, np.generic):  # as in x[..., None]
        return np.sum(e, dtype=x.dtype)
    zeros = zeros_like(x)
    if isinstance(x, np.ndarray) and not names_none_twice(index):
        np.add.at(zeros, index, integer_indices.in_full(e, zeros, index))
    else:
        zeros[index] = e
    return zeros


def last_written(d_x: Any, index: Any) -> Any:
    """`d_x[index]` for the adjoint of what was written at `index`: of an element that is named more than once, what was
    written last stays, and the rest gets zeros."""
    part = d_x[index]
    number = np.arange(np.size(part)).reshape(np.shape(part))
    last = np.zeros(np.shape(d_x), int)
    last[index] = number
    return np.where(last[index] == number, part, 0.0)


def names_none_twice(index: Any) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice, np.bool_))
               or isinstance(part, np.ndarray) and part.dtype == bool for part in parts)


def order(keys: Any, reverse: bool = False) -> list[int]:
    """The positions of the items in the order in which `sorted` puts them."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def picked(e: Any, positions: list[int]) -> list[Any]:
    """The items at the positions, which name each item once."""
    return [e[i] for i in positions]


def put_back(e: Any, positions: list[int]) -> list[Any]:
    """What gives `e` if the items at the positions are picked."""
    return [item for _, item in sorted(zip(positions, e), key=lambda pair: pair[0])]


def sum_of_copies(e: Any, a: Any, times: int) -> list[Any]:
    """The sum over the copies of the sequence `a` in `a * times`."""
    total = zeros_like(a)
    for copy in range(times):
        total = add(total, e[copy * len(a):(copy + 1) * len(a)])
    return total


def check_same_length(part: Any, values: Any) -> None:
    """Raises UnsupportedError where a list would get longer or shorter by the values written into a part of it."""
    if len(part) != len(values):
        raise UnsupportedError("a slice of a list is written with another number of items",
                               fix="build a new list: `items[:i] + new + items[j:]`")


def check_put(indices: Any, values: Any) -> None:
    """Raises UnsupportedError where `np.put` would repeat the values, or leave some out."""
    if np.ndim(values) and np.size(values) != np.size(indices):
        raise UnsupportedError("np.put with other than one value, or one for each index, is not differentiated",
                               fix="give a value for each index")


def check_some(values: Any) -> None:
    """Raises UnsupportedError where `np.place` or `np.putmask` are given no values."""
    if not np.size(values):
        raise UnsupportedError("np.place or np.putmask without values is not differentiated", fix="leave the call out")


def position(index: int, length: int) -> int:
    """Where in a list of `length` items `insert` puts an item, and from where `pop` takes one."""
    return max(index + length, 0) if index < 0 else min(index, length)


def largest(items: Any) -> int:
    """The position of the element that `max(items)` picks."""
    return max(range(len(items)), key=items.__getitem__)


def smallest(items: Any) -> int:
    """The position of the element that `min(items)` picks."""
    return min(range(len(items)), key=items.__getitem__)


def pieces(e: Any, arrays: Any, axis: int) -> Any:
    """`e` cut along `axis` into pieces as long as `arrays` are: what `np.concatenate` joined."""
    ends = np.cumsum([np.shape(array)[axis] for array in arrays])
    return np.split(e, ends[:-1], axis)


def raveled_pieces(e: Any, arrays: Any) -> list[Any]:
    """The flat `e` cut into pieces of the sizes and shapes of `arrays`."""
    ends = np.cumsum([np.size(array) for array in arrays])
    return [np.reshape(part, np.shape(array)) for part, array in zip(np.split(e, ends[:-1]), arrays)]


def unstacked(e: Any, axis: int) -> list[Any]:
    """The parts of `e` along `axis`: what `np.stack` joined."""
    return list(np.moveaxis(e, axis, 0))


def stacked_pieces(e: Any, arrays: Any, ndim: int, axis: int) -> list[Any]:
    """`pieces` for arrays that were given `ndim` axes first, with new ones in front; back in the shapes they had."""
    lengths = [(1,) * (ndim - np.ndim(array)) + np.shape(array) for array in arrays]
    ends = np.cumsum([shape[axis] for shape in lengths])
    return [np.reshape(part, np.shape(array)) for part, array in zip(np.split(e, ends[:-1], axis), arrays)]


def column_pieces(e: Any, arrays: Any) -> list[Any]:
    """The columns of `e` that belong to each of `arrays`, in the shape of it."""
    ends = np.cumsum([np.shape(array)[1] if np.ndim(array) > 1 else 1 for array in arrays])
    return [np.reshape(part, np.shape(array)) for part, array in zip(np.split(e, ends[:-1], 1), arrays)]


def depth_pieces(e: Any, arrays: Any) -> list[Any]:
    """`e` cut along its third axis into what `np.dstack` joined, in the shapes of `arrays`."""
    ends = np.cumsum([np.shape(array)[2] if np.ndim(array) > 2 else 1 for array in arrays])
    return [np.reshape(part, np.shape(array)) for part, array in zip(np.split(e, ends[:-1], 2), arrays)]


def unblocked(e: Any, arrays: Any) -> Any:
    """`e` cut into the nested list `arrays` that `np.block` joined."""
    if not isinstance(arrays, list):
        return unbroadcast_to(np.reshape(e, np.shape(e)[np.ndim(e) - np.ndim(arrays):]), np.shape(arrays))
    axis = -_depth(arrays)
    lengths = [(*(1,) * np.ndim(e), *np.shape(np.block(part)))[axis] for part in arrays]
    return [unblocked(part, array) for part, array in zip(np.split(e, np.cumsum(lengths)[:-1], axis), arrays)]


def _depth(arrays: Any) -> int:
    return 1 + _depth(arrays[0]) if isinstance(arrays, list) else 0


def inserted(y: Any, arr: Any, obj: Any, axis: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Where along `axis` the result `y` of `np.insert` has the elements of `arr`, and where the values, in their order."""
    length, total = (np.size(arr), np.size(y)) if axis is None else (np.shape(arr)[axis], np.shape(y)[axis])
    places = np.insert(np.arange(length), obj, -1 - np.arange(total - length))
    old = np.flatnonzero(places >= 0)
    return old, np.argsort(-places, kind="stable")[length:]


def rolled_order(a: Any, axis: int, start: int) -> tuple[int, ...]:
    """The order of axes that `np.rollaxis(a, axis, start)` gives."""
    return np.rollaxis(np.empty(range(np.ndim(a))), axis, start).shape


def inverse_order(axes: Any) -> tuple[int, ...]:
    """The order of axes that undoes a transposition by `axes`."""
    return tuple(int(i) for i in np.argsort([axis % len(axes) for axis in axes]))


def untiled(e: Any, a: Any, reps: Any) -> Any:
    """The sum over the copies of `a` that `np.tile(a, reps)` made."""
    counts = tuple(np.atleast_1d(reps))
    shape = (1,) * (len(counts) - np.ndim(a)) + np.shape(a)
    counts = (1,) * (len(shape) - len(counts)) + counts
    split = [n for pair in zip(counts, shape) for n in pair]
    return np.reshape(np.sum(np.reshape(e, split), axis=tuple(range(0, len(split), 2))), np.shape(a))


def unrepeated(e: Any, a: Any, repeats: Any, axis: int | None) -> Any:
    """The sum over the copies of each element that `np.repeat(a, repeats, axis)` made."""
    shape = np.shape(a)
    axis, flat = (0, (np.size(a),)) if axis is None else (axis % len(shape), shape)
    if np.size(repeats) == 1:
        count = int(np.reshape(repeats, ()))
        return np.reshape(np.sum(np.reshape(e, flat[:axis + 1] + (count,) + flat[axis + 1:]), axis=axis + 1), shape)
    zeros = np.zeros(flat, np.asarray(e).dtype)
    np.add.at(zeros, along(np.repeat(np.arange(flat[axis]), repeats), zeros, axis), e)
    return np.reshape(zeros, shape)


def aligned(weights: Any, a: Any, axis: Any) -> Any:
    """`weights` with the axes of length 1 with which they broadcast against `a`: they belong to `axis` or to all axes."""
    if np.ndim(weights) == 0 or np.shape(weights) == np.shape(a):
        return np.asarray(weights)
    axes = [int(i) % np.ndim(a) for i in np.atleast_1d(axis)]
    if axes != sorted(axes):
        raise NoRuleError("weights along axes in another order than those of the array")
    return np.reshape(weights, tuple(n if i in axes else 1 for i, n in enumerate(np.shape(a))))


def along(indices: Any, a: Any, axis: int) -> tuple[Any, ...]:
    """The index that reads `indices` of `axis` and all of the other axes."""
    return (slice(None),) * (axis % np.ndim(a)) + (indices,)


def placed_along_axis(e: Any, indices: Any, x: Any, axis: int | None) -> Any:
    """Zeros like `x` with `e` added where `np.take_along_axis(x, indices, axis)` reads."""
    if axis is None:
        return np.reshape(placed(e, indices, np.ravel(x)), np.shape(x))
    return placed(e, places_along(indices, x, axis), x)


def places_along(indices: Any, x: Any, axis: int) -> tuple[Any, ...]:
    """The index at which `np.take_along_axis(x, indices, axis)` reads."""
    where = list(np.ix_(*(range(n) for n in np.shape(x))))
    where[axis] = indices
    return tuple(where)


def undiffed(e: Any, n: int, axis: int) -> Any:
    """The adjoint of the operand of `np.diff(_, n, axis)`."""
    for _ in range(n):
        widths = [(0, 0)] * np.ndim(e)
        widths[axis] = (1, 1)
        e = -np.diff(np.pad(e, widths), 1, axis)
    return e


def diagonal_adjoint(e: Any, a: Any, offset: int, axis1: int, axis2: int) -> Any:
    """Zeros like `a` with `e`, broadcast, on its diagonal."""
    zeros = np.zeros(np.shape(a), np.asarray(e).dtype)
    rows, columns = np.shape(a)[axis1], np.shape(a)[axis2]
    first = np.arange(max(0, min(rows, columns - offset) - max(0, -offset))) + max(0, -offset)
    np.moveaxis(zeros, (axis1, axis2), (0, 1))[first, first + offset] = np.moveaxis(
        np.broadcast_to(e, (*np.shape(e)[:-1], len(first))), -1, 0)
    return zeros
