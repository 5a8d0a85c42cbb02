"""What the loops that stand for `np.vectorize`, `np.piecewise` and `np.multiply.at` rest on."""
from __future__ import annotations

from typing import Any

import numpy as np


def check_some(*arrays: Any) -> None:
    """Raises the ValueError of `np.vectorize` where an array has no item to learn the dtype of the results from."""
    if any(np.size(a) == 0 for a in arrays):
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")


def common_shape(*arrays: Any) -> tuple[int, ...]:
    """The shape that the arrays broadcast to."""
    return np.broadcast_shapes(*map(np.shape, arrays))


def visited(*arrays: Any) -> list[int]:
    """The positions, counted in C order, of what the arrays broadcast to, in the order in which ufuncs go through them."""
    shape = common_shape(*arrays)
    if len(shape) < 2 or not np.prod(shape):
        return list(range(int(np.prod(shape))))
    copies = [np.empty_like(np.asanyarray(a), bool, "K") for a in arrays]
    steps = np.nditer(copies, ["multi_index"])
    return [int(np.ravel_multi_index(steps.multi_index, shape)) for _ in steps]


def items(x: Any, shape: tuple[int, ...], order: list[int]) -> list[Any]:
    """The items at the positions `order` of an array that is broadcast to `shape`, as the objects that NumPy makes of them."""
    return np.broadcast_to(np.asarray(x, object), shape).ravel()[np.asarray(order, int)].tolist()


def dtype_of(result: Any) -> np.dtype:
    """The dtype of the array that `np.vectorize` makes of such results; that of strings leaves their length open."""
    return np.dtype(np.asarray(result).dtype.char)


def arranged(values: list[Any], order: list[int], shape: tuple[int, ...], dtype: Any) -> Any:
    """The array of `values`, which stand at the positions `order` of it."""
    return np.array(values, dtype)[np.argsort(order)].reshape(shape)


def gathered(d_y: Any, order: list[int], dtype: np.dtype) -> list[Any]:
    """The adjoints of the values that `arranged` makes an array of: zeros where it casts them to whole numbers."""
    parts = np.ravel(d_y)[np.asarray(order, int)].tolist()
    return parts if dtype.kind in "fc" else [0.0] * len(parts)


def arranged_tangent(dots: list[Any], order: list[int], shape: tuple[int, ...], dtype: np.dtype) -> Any:
    """The tangent of what `arranged` makes."""
    return arranged(dots, order, shape, dtype) if dtype.kind in "fc" else np.zeros(shape)


def conditions(x: Any, given: Any, count: int) -> list[Any]:
    """Where each of the `count` functions given to `np.piecewise` holds. Raises its ValueError for other numbers of them."""
    if np.isscalar(given) or not isinstance(given[0], (list, np.ndarray)) and np.ndim(x) != 0:
        given = [given]
    masks = np.asarray(given, bool)
    n = len(masks)
    if n == count - 1:
        return [*masks, ~np.any(masks, axis=0)]
    if n != count:
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    return list(masks)


def lines(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The indices of the lines that `np.apply_along_axis` goes through. Raises its ValueError where there are none."""
    if 0 in shape:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    return list(np.ndindex(shape))


def elements_at(x: Any, index: Any) -> list[tuple[int, ...]]:
    """The indices of the elements that `x[index]` names, one by one."""
    chosen = np.arange(x.size).reshape(x.shape)[index]
    return [tuple(map(int, np.unravel_index(at, x.shape))) for at in np.ravel(chosen)]


def order_behind(axis: int, ndim: int, count: int) -> tuple[int, ...]:
    """The order of axes that puts the last `count` in the place of the `axis` of `ndim` that they were found along."""
    others, axis = list(range(ndim - 1)), axis % ndim
    return (*others[:axis], *range(ndim - 1, ndim - 1 + count), *others[axis:])
