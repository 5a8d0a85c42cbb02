"""What NumPy itself says of a result's class and dtype: the function is called on ones of the operands' kinds.

Lengths are not read off a sample: whoever asks gives the shape.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Shape, broadcast_shapes, same
from autodiff_src.analyze.kinds import Array, Bool, Float, Int, Kind, Known, List, Number, Scalar, Tuple


class Undecided(Exception):
    """Raised inside the kind functions where nothing can be promised; the result is then Unknown."""


def literal(kind: Kind) -> Any:
    """The value of a kind that tells it; raises Undecided for others."""
    if isinstance(kind, Known):
        return kind.value
    if isinstance(kind, (Bool, Int, Float)) and isinstance(kind.value, (bool, int, float)):
        return kind.value
    if isinstance(kind, Tuple) and kind.items is not None:
        return tuple(map(literal, kind.items))
    raise Undecided


def is_none(kind: Kind) -> bool:
    return isinstance(kind, Known) and kind.value is None


def as_array(kind: Kind) -> Array:
    """The kind of `np.asarray` of a value; raises Undecided for what is not numeric. Ints are taken to fit int64."""
    if isinstance(kind, Array):
        return kind
    if isinstance(kind, Scalar):
        return Array(kind.dtype, ())
    for cls, dtype in ((Float, float), (Int, int), (Bool, bool)):
        if isinstance(kind, cls):
            return Array(np.dtype(dtype), ())
    if isinstance(kind, Tuple) and kind.items:
        items = list(map(as_array, kind.items))
        return _stacked(items, len(items))
    if isinstance(kind, List) and kind.length != 0:
        return _stacked([as_array(kind.item)], kind.length)
    raise Undecided


def _stacked(items: list[Array], length: int | None) -> Array:
    first = items[0].shape
    if first is None or any(item.shape is None or len(item.shape) != len(first) for item in items):
        return Array()
    if length is None and first:
        return Array()  # np.asarray([]) has one axis
    shape = tuple(a if all(same(a, (item.shape or ())[i]) for item in items) else None for i, a in enumerate(first))
    dtype = common_dtype(items)
    if length is None and dtype is not None and dtype != np.float64:
        dtype = None  # np.asarray([]) is of float64
    return Array(dtype, (length, *shape))


def common_dtype(arrays: Sequence[Array]) -> np.dtype | None:
    """The dtype to which arrays are promoted; None if one is not known."""
    dtypes = [array.dtype for array in arrays if array.dtype is not None]
    return np.result_type(*dtypes) if len(dtypes) == len(arrays) else None


def sample(kind: Kind) -> Any:
    """A value of this kind made of ones; axes have length 1."""
    if isinstance(kind, (Float, Int, Bool)):
        return {Float: 1.0, Int: 1, Bool: True}[type(kind)]
    if isinstance(kind, Scalar):
        return kind.dtype.type(1)
    if isinstance(kind, Known):
        return kind.value
    array = as_array(kind)
    return np.ones((1,) * len(array.shape or (1,) * (array.shape is None)), array.dtype or float)


@lru_cache(maxsize=4096)
def _called(function: Callable[..., Any], operands: tuple[Kind, ...], options: tuple[tuple[str, Any], ...]) -> Any:
    with np.errstate(all="ignore"):
        return function(*map(sample, operands), **dict(options))


def on_ones(function: Callable[..., Any], *operands: Kind, **options: Any) -> Any:
    """`function` called on samples of the operands and on options as they are; raises Undecided where that fails."""
    try:
        return _called(function, operands, tuple(options.items()))
    except (TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise Undecided from error


def like(example: Any, shape: Shape | None, dtype_known: bool = True) -> Kind:
    """The kind of a result of which `example` tells class and dtype; raises Undecided for other classes."""
    if isinstance(example, np.ndarray):
        return Array(example.dtype if dtype_known else None, shape)
    if isinstance(example, np.generic) and dtype_known:
        return Scalar(example.dtype)
    for cls, kind in ((float, Float()), (int, Int()), (bool, Bool()), (complex, Number(np.dtype(complex)))):
        if type(example) is cls:
            return kind
    raise Undecided


def dtypes_known(operands: tuple[Kind, ...]) -> bool:
    return all(isinstance(kind, Known) or as_array(kind).dtype is not None for kind in operands)


def shaped_result(
    function: Callable[..., Any], operands: tuple[Kind, ...], shape: Shape | None, **options: Any,
) -> Kind:
    """The kind of `function(*operands)`, given its shape; raises Undecided where class or rank is not known."""
    return like(on_ones(function, *operands, **options), shape, dtypes_known(operands))


def elementwise(function: Callable[..., Any], *operands: Kind) -> Kind:
    """The kind of an elementwise function's result; operands that are None stand for themselves."""
    shapes = [as_array(kind).shape for kind in operands if not is_none(kind)]
    if None not in shapes:
        return shaped_result(function, operands, broadcast_shapes(shapes))  # type: ignore[arg-type]
    if any(shapes):
        return shaped_result(function, operands, None)
    raise Undecided
